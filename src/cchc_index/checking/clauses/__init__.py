"""The clause reader: what a decision's own sentence says, compared with the rule that quotes it.

A formal grammar in both directions. `read.read` gives every way to read one sentence of a decision; `say.say_rule` and
`canon.read_rule` are a canonical sentence for any rule and its way back; `agree.check_clauses` compares each rule of
a ruleset with the sentence it quotes: agrees, differs (with the smallest witness), several readings (side by side), or
not readable by machine. What is not understood is kept word for word and named; nothing is guessed.
"""
