"""Checking a ruleset: structure, sums, quotes."""
