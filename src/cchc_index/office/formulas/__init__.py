"""The rule algebra as spreadsheet formulas, exact to the last digit shown in Excel 2016 and in LibreOffice.

A spreadsheet counts in binary floats, so nothing here is ever a fraction in a cell: every cell holds a whole number
below `expr.MOST`, whatever is pasted into the sheet, and on such numbers +, −, × and INT(a/b) are exact (`expr`).
Points are a whole number over one common denominator and a list of fractions (`values`), compared and rounded by long
division. Where that cannot be proved the formula does not guess: the cell says that `cchc` has to compute the points.
"""
