"""Tables of an Excel file: every visible worksheet, its merged cells, its hidden rows told.

Needs the extra `office`.
"""

from pathlib import Path
from typing import Any

from cchc_index.errors import Text
from cchc_index.files.excel import cell_text, check_size, opened
from cchc_index.office.tables import Cell, Paper, PassedOver, Row, Table, cleaned


def read_excel(path: Path) -> Paper:
    """The worksheets of a .xlsx as tables. Raises Unreadable."""
    with opened(path) as sheets:
        shown = [(sheet, under) for sheet, under in sheets if sheet.sheet_state == "visible"]
        tables = tuple(_table(sheet, under, path.name) for sheet, under in shown)
        names = [sheet.title for sheet, _ in sheets if sheet.sheet_state != "visible"]
    return Paper(path.name, tables, unread=tuple(_hidden(name, path.name) for name in names))


def _hidden(name: str, file: str) -> PassedOver:
    what = Text(f"trang ẩn «{name}» không được đọc", f"the hidden sheet «{name}» was not read")
    return PassedOver(what, f"{file}, Trang '{name}'")


def _table(sheet: Any, formulas: Any, file: str) -> Table:
    check_size(sheet, file)
    name = f"{file}, Trang '{sheet.title}'"
    corners = _corners(sheet)
    rows = []
    for cells, below in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        number = cells[0].row
        read = tuple(_cell(cell, under, corners, sheet, name) for cell, under in zip(cells, below, strict=True))
        rows.append(Row(read, f"{name}, dòng {number}", hidden=bool(sheet.row_dimensions[number].hidden)))
    return Table(name, tuple(rows))


def _corners(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """The corner of the merged range that covers a cell."""
    return {
        (row, column): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, min(merged.max_row, sheet.max_row) + 1)
        for column in range(merged.min_col, min(merged.max_col, sheet.max_column) + 1)
    }


def _cell(cell: Any, formula: Any, corners: dict[tuple[int, int], tuple[int, int]], sheet: Any, name: str) -> Cell:
    place = f"{name}, ô {cell.coordinate}"
    corner = corners.get((cell.row, cell.column))
    if corner and corner != (cell.row, cell.column):
        above = sheet.cell(*corner)
        return Cell("", place, covered=True, under=cleaned(cell_text(above.value, None)), bold=bool(above.font.b))
    return Cell(cleaned(cell_text(cell.value, formula.value)), place, bold=bool(cell.font and cell.font.b))
