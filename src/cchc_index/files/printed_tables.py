"""Read printed result tables, of which only totals and parts are known, from CSV, Excel, JSON or YAML."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from cchc_index.auditing.printed import PrintedTotal, places_of, recompute_row
from cchc_index.auditing.sheet import folded
from cchc_index.errors import BadSheet, Fault, Text, did_you_mean
from cchc_index.files.grid import Grid, GridRow, first_fault, read_grids
from cchc_index.files.strict import Unreadable
from cchc_index.points import Mark, NumberError, parse_number

_TOTALS = {"total", "tong", "tong diem", "tong cong", "tong so diem", "cong"}
_NO_PARTS = {"rank", "hang", "xep hang", "thu hang", "stt", "tt", "nam", "year"}
_TOP_ROWS = 60
_MARKS: tuple[Mark, ...] = (",", ".")


@frozen
class _Columns:
    """Where the headings stand, the column of totals, and those of the parts."""

    header: int
    total: int
    parts: tuple[int, ...]


def read_printed(path: str | Path, sums: Sequence[str] = ()) -> tuple[PrintedTotal, ...]:
    """Every total of a printed table beside the sum of its parts.

    `sums` says which columns add up ("total = appraised + survey"); without it the column called total is the sum of
    the columns of numbers before it, ranks and years left out. Each column counts as printed with the most decimals it
    has.
    Lines that begin with # are remarks. Raises BadSheet.
    """
    file = Path(path)
    try:
        return tuple(_rows(read_grids(file), sums, file.name))
    except Unreadable as problem:
        raise BadSheet(problem.faults) from None


def _rows(grids: Iterable[Grid], sums: Sequence[str], file: str) -> list[PrintedTotal]:
    tried: Unreadable | None = None
    known = sorted(grids, key=lambda grid: -max((len(row.cells) for row in grid.rows), default=0))
    for grid in known:
        try:
            named = [_by_equation(grid, equation, file) for equation in sums] or [_by_heading(grid, file)]
            return [row for columns in named for row in _recomputed(grid, columns)]
        except Unreadable as problem:
            tried = tried or problem
    raise Unreadable([first_fault(known, tried.faults[0] if tried else _no_total(file))])


def _no_total(file: str) -> Fault:
    message = Text("không thấy cột tổng điểm và các cột thành phần", "no column of totals and columns of parts")
    hint = Text('chỉ rõ bằng --sum "tổng = phần + phần"', 'say so by --sum "total = part + part"')
    return Fault(message, place=file, hint=hint)


def _by_heading(grid: Grid, file: str) -> _Columns:
    for number, row in enumerate(grid.rows[:_TOP_ROWS]):
        headings = [folded(cell) for cell in row.cells]
        total = next((column for column, heading in enumerate(headings) if heading in _TOTALS), None)
        if total is None:
            continue
        body = [below for below in _body(grid, number) if below.cell(total)]
        numeric = [c for c in range(total) if headings[c] not in _NO_PARTS and any(_is_number(r.cell(c)) for r in body)]
        if numeric:
            return _Columns(number, total, tuple(numeric))
    raise Unreadable([_no_total(file)])


def _by_equation(grid: Grid, equation: str, file: str) -> _Columns:
    whole, _, parts = equation.partition("=")
    names = [folded(name) for name in (whole, *parts.split("+"))]
    for number, row in enumerate(grid.rows[:_TOP_ROWS]):
        headings = [folded(cell) for cell in row.cells]
        if names[0] in headings:
            lacking = [name for name in names if name not in headings]
            if not lacking:
                total, *columns = (headings.index(name) for name in names)
                return _Columns(number, total, tuple(columns))
            message = Text(f"không có cột «{lacking[0]}»", f"there is no column «{lacking[0]}»")
            hint = did_you_mean(lacking[0], [heading for heading in headings if heading])
            raise Unreadable([Fault(message, place=row.place, hint=hint)])
    message = Text(f"không có cột «{names[0]}»", f"there is no column «{names[0]}»")
    raise Unreadable([Fault(message, place=file)])


def _body(grid: Grid, header: int) -> list[GridRow]:
    return [row for row in grid.rows[header + 1 :] if any(row.cells) and not row.cell(0).startswith("#")]


def _is_number(text: str) -> bool:
    return any(_reads(text, mark) for mark in _MARKS)


def _reads(text: str, mark: Mark) -> bool:
    try:
        parse_number(text, mark=mark)
    except NumberError:
        return False
    return True


def _recomputed(grid: Grid, columns: _Columns) -> Iterator[PrintedTotal]:
    body = [row for row in _body(grid, columns.header) if row.cell(columns.total)]
    order = (*columns.parts, columns.total)
    places = tuple(max((places_of(row.cell(column)) for row in body), default=0) for column in order)
    mark = _mark_of(row.cell(column) for row in body for column in order)
    for row in body:
        name = next((cell for cell in row.cells if cell and not _is_number(cell)), row.place)
        try:
            parts = [row.cell(column) for column in columns.parts]
            known = recompute_row(name, parts, row.cell(columns.total), places=places, mark=mark)
            yield evolve(known, place=row.place)
        except NumberError as error:
            raise Unreadable([Fault(error.text, place=row.place)]) from None


def _mark_of(numbers: Iterable[str]) -> Mark | None:
    """The decimal mark of a table: the one before other than three digits; None where that tells nothing."""
    decimals = [number for number in numbers if places_of(number) not in (0, 3)]
    marks = {"," if "," in number else "." for number in decimals}
    if len(marks) != 1:
        return None
    return "," if "," in marks else "."
