"""The scoring workbook: written for a ruleset, filled in by a unit, read back to its submission."""
