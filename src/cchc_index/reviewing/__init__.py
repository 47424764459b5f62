"""The review year: phases of appraisal, progress inside the year, groups of units, movement, what to do first."""
