"""The naive reference: what the docstrings of the core say, in plain `Fraction`s, sharing no code with it."""
