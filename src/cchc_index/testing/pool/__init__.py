"""Arbitrary rules and rulesets over one pool of figures, so that any rule fits any submission of the pool."""
