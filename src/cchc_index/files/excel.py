"""Excel workbooks as tables of cells: only values, no macros, no links to other files, nothing larger than it says.

Needs the extra `excel`.
"""

import datetime
import io
import re
import warnings
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cchc_index.errors import Fault, Text
from cchc_index.files.grid import MAX_COLUMNS, MAX_ROWS, Grid, GridRow, too_large
from cchc_index.files.strict import Unreadable

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 1_000
MAX_MERGED = 20_000
SPREAD_ROWS = 60
_OLE = b"\xd0\xcf\x11\xe0"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_BROKEN = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, EOFError),
    *(NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile, zlib.error),
)
"""What openpyxl and zipfile raise on files that are not what they say; `SyntaxError` is XML's."""


def read_workbook(path: Path) -> list[Grid]:
    """The visible worksheets of a workbook. Formulas count by the value that was saved with them. Raises Unreadable."""
    raw = _read(path)
    try:
        _refuse(raw, path.name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, written = _opened(raw, saved_values=True), _opened(raw, saved_values=False)
        pairs = zip(values.worksheets, written.worksheets, strict=True)
        return [_grid(sheet, formulas, path.name) for sheet, formulas in pairs if sheet.sheet_state == "visible"]
    except ModuleNotFoundError:
        raise _unreadable(
            path.name, 'đọc Excel cần cài thêm: pip install "cchc-index[office]"', "Excel needs"
        ) from None
    except _BROKEN:
        raise _unreadable(path.name, "tệp Excel hỏng, không đọc được", "the Excel file is broken") from None


def _unreadable(file: str, vi: str, en: str) -> Unreadable:
    said = f'{en}: pip install "cchc-index[office]"' if en == "Excel needs" else en
    return Unreadable([Fault(Text(vi, said), place=file)])


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path.name, f"không mở được tệp: {error.strerror}", f"cannot open: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise _unreadable(path.name, "tệp Excel lớn quá 8 MiB", "the Excel file is larger than 8 MiB")
    if raw.startswith(_OLE):
        vi = "tệp .xls cũ hoặc đặt mật khẩu; lưu lại thành .xlsx không mật khẩu"
        raise _unreadable(path.name, vi, "an old .xls, or one with a password; save it as plain .xlsx")
    return raw


def _refuse(raw: bytes, file: str) -> None:
    """Raises Unreadable for a workbook that carries more than values, or unpacks to more than it should."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _unreadable(file, "tệp Excel bung ra quá lớn", "the Excel file unpacks to too much")
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise _unreadable(
                file, "tệp Excel có macro; lưu lại thành .xlsx", "the Excel file has macros; save as .xlsx"
            )
        if any("externallinks/" in part.filename.lower() for part in parts):
            vi = "tệp Excel nối tới tệp khác; dán giá trị rồi lưu lại"
            raise _unreadable(file, vi, "the Excel file links to other files; paste values and save again")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _refuse_xml(archive.read(part), file)


def _refuse_xml(xml: bytes, file: str) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise _unreadable(file, "tệp Excel có khai báo XML bị cấm", "the Excel file has a forbidden XML declaration")
    merged = 0
    for left, top, right, bottom in _MERGED.findall(xml):
        merged += (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)
    if merged > MAX_MERGED:
        raise _unreadable(file, "tệp Excel gộp quá nhiều ô", "the Excel file merges too many cells")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


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
