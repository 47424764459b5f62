"""Tables of cells, from whatever file: CSV, Excel, or rows of JSON and YAML, each row with its place."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from cchc_index.errors import Fault, Text
from cchc_index.files.csv_table import MAX_BYTES
from cchc_index.files.source import read_node
from cchc_index.files.strict import Node, Unreadable, read_text

MAX_ROWS = 5_000
MAX_COLUMNS = 100
SPREAD_ROWS = 60
"""Merged cells are filled in so many upper rows, where headings stand."""


@frozen
class GridRow:
    """The cells of one row as text, and where the row stands."""

    cells: tuple[str, ...]
    place: str

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


@frozen
class Grid:
    """One table of a file. `spread` holds the upper rows with merged cells filled, for reading headings.

    `fault` says why a file cannot be read in this way; another way may still do.
    """

    name: str
    rows: tuple[GridRow, ...]
    spread: tuple[tuple[str, ...], ...] = ()
    fault: Fault | None = None

    def heading(self, row: int) -> tuple[str, ...]:
        return self.spread[row] if row < len(self.spread) else self.rows[row].cells


def read_grids(path: Path) -> list[Grid]:
    """Every way to read a file as tables: one for each worksheet, and for a CSV one for each mark between cells.

    Raises Unreadable.
    """
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm", ".xls"):
        from cchc_index.files.excel import read_workbook

        return read_workbook(path)
    if suffix in (".json", ".yaml", ".yml"):
        return [_grid_of_node(read_node(path), path.name)]
    text = read_text(path, MAX_BYTES)
    return [_grid_of_csv(text, mark, path.name) for mark in ",;\t"]


def _grid_of_csv(text: str, mark: str, file: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows = []
    try:
        for cells in reader:
            rows.append(GridRow(tuple(cell.strip() for cell in cells), f"{file}:{reader.line_num}"))
            if len(rows) > MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise Unreadable([too_large(file)])
    except csv.Error:
        message = Text("dấu ngoặc kép đặt sai chỗ", "a double quote stands in the wrong place")
        return Grid("", (), fault=Fault(message, place=f"{file}:{reader.line_num}"))
    return Grid("", tuple(rows))


def first_fault(grids: Iterable[Grid], otherwise: Fault) -> Fault:
    """Why no table was found: what was wrong with one way of reading the file, else that there is none."""
    return next((grid.fault for grid in grids if grid.fault), otherwise)


def too_large(file: str) -> Fault:
    message = Text(
        f"bảng lớn hơn {MAX_ROWS} dòng hoặc {MAX_COLUMNS} cột",
        f"the table is larger than {MAX_ROWS} rows or {MAX_COLUMNS} columns",
    )
    return Fault(message, place=file)


def _grid_of_node(node: Node, file: str) -> Grid:
    """Rows that are mappings (`dong`, or the whole file), their keys as headings; `tong` is the row of totals."""
    top = node.value if isinstance(node.value, dict) else {"dong": node}
    listed = top.get("dong")
    if listed is None or not isinstance(listed.value, list):
        message = Text("cần danh sách các dòng, ở khóa «dong»", "expected a list of rows, under «dong»")
        raise Unreadable([Fault(message, place=f"{file}:{node.line}")])
    nodes = [*listed.value, *_total_rows(top.get("tong"))]
    keys = list(dict.fromkeys(key for row in nodes for key in _entries(row, file)))
    rows = [GridRow(tuple(keys), f"{file}:{node.line}")]
    for row in nodes:
        entries = _entries(row, file)
        rows.append(GridRow(tuple(entries.get(key, "") for key in keys), f"{file}:{row.line}"))
    return Grid("", tuple(rows))


def _total_rows(node: Node | None) -> Iterator[Node]:
    if node is not None:
        entries = dict(node.value) if isinstance(node.value, dict) else {}
        yield Node(entries | {"ten": Node("Tổng điểm", node.line)}, node.line)


def _entries(row: Node, file: str) -> dict[str, str]:
    if not isinstance(row.value, dict):
        message = Text("mỗi dòng cần các khóa như ma, ten, tu_cham", "each row needs keys such as ma, ten, tu_cham")
        raise Unreadable([Fault(message, place=f"{file}:{row.line}")])
    return {key: _scalar(item, file) for key, item in row.value.items()}


def _scalar(node: Node, file: str) -> str:
    value: Any = node.value
    if isinstance(value, list | dict):
        message = Text("cần một giá trị, không phải danh sách", "expected one value, not a list")
        raise Unreadable([Fault(message, place=f"{file}:{node.line}")])
    return str(value).strip()
