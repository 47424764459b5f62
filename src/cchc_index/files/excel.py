"""Excel workbooks as tables of cells: only values, from files that passed the guard of `packages`.

Needs the extra `office`.
"""

import datetime
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cchc_index.files.grid import MAX_COLUMNS, MAX_ROWS, SPREAD_ROWS, Grid, GridRow, too_large
from cchc_index.files.packages import BROKEN, Package, broken, lacking_extra, read_package
from cchc_index.files.strict import Unreadable


def read_workbook(path: Path) -> list[Grid]:
    """The visible worksheets of a workbook. Formulas count by the value that was saved with them. Raises Unreadable."""
    with opened(path) as sheets:
        return [_grid(sheet, under, path.name) for sheet, under in sheets if sheet.sheet_state == "visible"]


@contextmanager
def opened(path: Path) -> Iterator[list[tuple[Any, Any]]]:
    """The worksheets of a workbook that passed the guard, each with saved values and with what was typed.

    Raises Unreadable, also for what goes wrong while they are read.
    """
    raw = read_package(path, Package.EXCEL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, written = _opened(raw, saved_values=True), _opened(raw, saved_values=False)
        yield list(zip(values.worksheets, written.worksheets, strict=True))
    except ModuleNotFoundError:
        raise lacking_extra(path.name, Package.EXCEL) from None
    except BROKEN:
        raise broken(path.name, Package.EXCEL) from None


def _opened(raw: bytes, *, saved_values: bool) -> Any:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    return load_workbook(io.BytesIO(raw), data_only=saved_values, keep_links=False)


def check_size(sheet: Any, file: str) -> None:
    """Raises Unreadable for a worksheet with too many rows or columns."""
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise Unreadable([too_large(f"{file}, {sheet.title}")])


def _grid(sheet: Any, formulas: Any, file: str) -> Grid:
    check_size(sheet, file)
    rows = []
    for cells, below in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        texts = tuple(cell_text(cell.value, under.value) for cell, under in zip(cells, below, strict=True))
        rows.append(GridRow(texts, f"{file}, {sheet.title}, {cells[0].row}"))
    return Grid(sheet.title, tuple(rows), _spread(sheet, rows))


def cell_text(value: Any, formula: Any) -> str:
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
