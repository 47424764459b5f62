"""Find the headings of a table wherever they stand, over one to three rows, each column by any usual name."""

import re
from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from cchc_index.auditing.sheet import folded
from cchc_index.files.grid import SPREAD_ROWS, Grid, GridRow

_DEPTHS = (1, 2, 3)

Roles = Sequence[tuple[str, re.Pattern[str]]]
"""What a heading says, by the first pattern that its words (without accents) meet."""

Columns = Mapping[str, tuple[int, ...]]


@frozen
class Header:
    """Where the headings stand (from `start` to before `end`), which columns hold what, the words above each column."""

    end: int
    columns: Columns
    texts: tuple[str, ...] = ()
    start: int = 0


def find_header(grid: Grid, roles: Roles, settle: Callable[[Columns], Columns | None]) -> Header | None:
    """The rows of headings that say most, the fewest of them.

    `settle` gives the columns that are used out of those that were named, or None where they are no such table.
    """
    starts = range(min(len(grid.rows), SPREAD_ROWS))
    tried = (_header_at(grid, start, depth, roles, settle) for depth in _DEPTHS for start in starts)
    return max((header for header in tried if header), key=lambda header: len(header.columns), default=None)


def _header_at(
    grid: Grid, start: int, depth: int, roles: Roles, settle: Callable[[Columns], Columns | None]
) -> Header | None:
    end = start + depth
    if end > len(grid.rows) or any(_has_number(row) for row in grid.rows[start:end]):
        return None
    rows = [grid.heading(number) for number in range(start, end)]
    texts = tuple(" ".join(dict.fromkeys(cells)).strip() for cells in zip(*_even(rows), strict=True))
    named: dict[str, tuple[int, ...]] = {}
    for number, text in enumerate(texts):
        role = next((role for role, pattern in roles if pattern.search(folded(text))), None)
        if role:
            named[role] = (*named.get(role, ()), number)
    used = settle(named)
    return None if used is None else Header(end, used, texts, start)


def _even(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    width = max(len(row) for row in rows)
    return [row + ("",) * (width - len(row)) for row in rows]


def _has_number(row: GridRow) -> bool:
    return any(re.fullmatch(r"\d+(?:[.,]\d+)?", cell) for cell in row.cells)


def numbers_columns(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3) …"""
    marks = [cell.strip("() ") for cell in cells if cell]
    return len(marks) > 2 and marks == [str(number) for number in range(1, len(marks) + 1)]
