"""Hold what was claimed against what follows from the figures: sheets, printed tables, sealed results."""
