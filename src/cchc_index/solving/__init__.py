"""Linear inequalities over figures, decided exactly: intervals, rows, elimination and the search for a solution.

`checking.lint` and `comparing` ask it the same question, whether some figures satisfy a system. They differ in the
numbers they like to see (`Candidates` in `search`) and in nothing else.
"""
