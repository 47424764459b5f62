"""The same rules over columns: a ruleset becomes a plan of integer operations, which NumPy, SQL and Spark carry out."""
