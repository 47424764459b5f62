"""Where helper cells stand: the hidden sheet of workings, and the hidden columns beside each row of a list.

A helper cell holds one step of the computation, so that no formula grows long and each step can be looked at.
"""

from attrs import define, evolve, field, frozen

from cchc_index.office.formulas.expr import LONGEST_FORMULA, Expr, Held, TooLarge

WORKINGS = "TINH"


def column_name(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    name, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(65 + letter) + name
    return name


def reference(page: str, row: int, column: int) -> str:
    """The address of a cell, row and column counted from 0.

    >>> reference("TINH", 4, 2), reference("Tự chấm", 0, 0)
    ('TINH!C5', "'Tự chấm'!A1")
    """
    sheet = page if page.isascii() and page.isalnum() else "'" + page.replace("'", "''") + "'"
    return f"{sheet}!{column_name(column)}{row + 1}"


@frozen
class Formula:
    """One formula cell: where it stands, and the value that is saved with it."""

    page: str
    row: int
    column: int
    text: str
    value: Held
    label: str = ""


@define
class Scratch:
    """Helper cells of one page. A label starts a new row; without one, the cell stands to the right of the last."""

    page: str
    row: int = 0
    column: int = 0
    first_column: int = 1
    one_row: bool = False
    cells: list[Formula] = field(factory=list)

    def cell(self, expr: Expr, label: str = "") -> Expr:
        """The expression in a cell of its own; constants and single references need none."""
        if expr.is_fixed or ("!" in expr.text and expr.is_atom and expr.text.rpartition("!")[2].isalnum()):
            return expr
        text = expr.text.replace(reference(self.page, 0, 0)[:-2], "")
        if len(text) > LONGEST_FORMULA:
            raise TooLarge
        if label and not self.one_row:
            self.row, self.column = self.row + 1, self.first_column
        self.cells.append(Formula(self.page, self.row, self.column, text, expr.value, label))
        found = evolve(expr, text=reference(self.page, self.row, self.column), is_atom=True)
        self.column += 1
        return found
