"""From a decision's annex to a ruleset: its table found, its rows placed, its sentences read, the rest told."""
