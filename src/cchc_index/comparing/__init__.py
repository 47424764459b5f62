"""Comparing two versions of a ruleset: what changed, on which figures they part, and what that does to units."""
