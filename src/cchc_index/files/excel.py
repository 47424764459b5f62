"""Excel workbooks as tables of cells: only values, from files that passed the guard of `packages`.

Needs the extra `office`.
"""

import datetime
import io
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cchc_index.files.grid import MAX_COLUMNS, MAX_ROWS, Grid, GridRow, too_large
from cchc_index.files.packages import BROKEN, Package, broken, lacking_extra, read_package
from cchc_index.files.strict import Unreadable

SPREAD_ROWS = 60


def read_workbook(path: Path) -> list[Grid]:
    """The visible worksheets of a workbook. Formulas count by the value that was saved with them. Raises Unreadable."""
    raw = read_package(path, Package.EXCEL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, written = _opened(raw, saved_values=True), _opened(raw, saved_values=False)
        pairs = zip(values.worksheets, written.worksheets, strict=True)
        return [_grid(sheet, formulas, path.name) for sheet, formulas in pairs if sheet.sheet_state == "visible"]
    except ModuleNotFoundError:
        raise lacking_extra(path.name, Package.EXCEL) from None
    except BROKEN:
        raise broken(path.name, Package.EXCEL) from None


def _opened(raw: bytes, *, saved_values: bool) -> Any:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    return load_workbook(io.BytesIO(raw), data_only=saved_values, keep_links=False)


def _grid(sheet: Any, formulas: Any, file: str) -> Grid:
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise Unreadable([too_large(f"{file}, {sheet.title}")])
    rows = []
    for cells, below in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        texts = tuple(_text(cell.value, under.value) for cell, under in zip(cells, below, strict=True))
        rows.append(GridRow(texts, f"{file}, {sheet.title}, {cells[0].row}"))
    return Grid(sheet.title, tuple(rows), _spread(sheet, rows))


def _text(value: Any, formula: Any) -> str:
    """A cell as text: numbers as Excel shows them, to fifteen digits; a formula never computed is left as it stands."""
    if value is None:
        return "" if formula is None else str(formula)
    if isinstance(value, float):
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return normalize("NFC", str(value)).replace("\u00a0", " ").strip()


def _spread(sheet: Any, rows: list[GridRow]) -> tuple[tuple[str, ...], ...]:
    """The upper rows, each merged range filled with what stands in its corner."""
    upper = [list(row.cells) for row in rows[:SPREAD_ROWS]]
    for merged in sheet.merged_cells.ranges:
        for row in range(merged.min_row - 1, min(merged.max_row, len(upper))):
            for column in range(merged.min_col - 1, merged.max_col):
                upper[row][column] = rows[merged.min_row - 1].cells[merged.min_col - 1]
    return tuple(tuple(row) for row in upper)
