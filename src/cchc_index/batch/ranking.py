"""Places over a column of values, exactly: floats put the rows in order, rows too near to each other are counted out.

Two rows whose floats lie further apart than twice the proved error stand as their exact numbers do. The others form
runs of neighbours; their exact numbers say who is equal and who goes first. Equal rows share a place, and the next one
is skipped: 1, 1, 3.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen

Exact = Callable[[Any], tuple[Any, Any]]
"""Rows to the numerators and denominators of their exact values, in lowest terms: arrays of integers of any size."""


def places(values: Any, near: float, exact: Exact, groups: Any = None) -> Any:
    """The place of each row, the greatest value first, each group for itself.

    `near` is how far a float may be from the exact value; 0 says that equal floats are equal values, and others not.

    >>> places(np.array([3, 5, 3, 1]), 0, lambda rows: (rows, rows)).tolist()
    [2, 1, 2, 4]
    """
    order = _in_order(values, groups)
    bounds = np.zeros(len(order), bool) if groups is None else _changes(groups[order])
    rows = _Ordered(order, _changes(values[order]) | bounds, bounds)
    if near:
        rows.count_out(values[order], 2 * near, exact)
    found = np.empty(len(order), np.int32)
    found[rows.order] = rows.places()
    return found


@frozen(eq=False)
class _Ordered:
    """Rows in order, where a new place starts, and where a new group does."""

    order: Any
    starts: Any
    bounds: Any

    def places(self) -> Any:
        """The number of the first row that shares a place, counted from the start of the group."""
        numbers = np.arange(len(self.starts))
        first = np.maximum.accumulate(np.where(self.starts, numbers, 0))
        group = np.maximum.accumulate(np.where(self.bounds, numbers, 0))
        return first - group + 1

    def count_out(self, ordered: Any, near: float, exact: Exact) -> None:
        """Put right the order and the starts of runs of rows that are too near to each other to tell apart."""
        close = np.zeros(len(ordered) + 1, bool)
        close[1:-1] = (ordered[:-1] - ordered[1:] <= near) & ~self.bounds[1:]
        picked = np.flatnonzero(close[1:] | close[:-1])
        if not len(picked):
            return
        tops, bottoms = exact(self.order[picked])
        begins = np.flatnonzero(~close[:-1][picked])
        same = _equal(tops) & _equal(bottoms)
        same[begins] = True
        self.starts[picked[same]] = False
        self.starts[picked[begins]] = True
        ends = np.append(begins[1:], len(picked))
        mixed = np.logical_and.reduceat(same, begins)
        for begin, end in zip(begins[~mixed].tolist(), ends[~mixed].tolist(), strict=True):
            self._sort(picked[begin:end], tops[begin:end].tolist(), bottoms[begin:end].tolist())

    def _sort(self, rows: Any, tops: Sequence[int], bottoms: Sequence[int]) -> None:
        """Put right a run of which not all are equal."""
        values = [Fraction(top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]
        run = sorted(range(len(rows)), key=values.__getitem__, reverse=True)
        self.order[rows] = self.order[rows[run]]
        self.starts[rows[1:]] = [values[one] != values[other] for one, other in pairwise(run)]


def _equal(values: Any) -> Any:
    """Whether each value is that of the row before it."""
    found = np.ones(len(values), bool)
    found[1:] = values[1:] == values[:-1]
    return found


def _in_order(values: Any, groups: Any) -> Any:
    falling = -values.astype(np.int64) if values.dtype.kind in "iu" else -values
    if groups is not None:
        return np.lexsort((falling, groups))
    if values.dtype.kind in "iu" and len(values):
        low, high = int(falling.min()), int(falling.max())
        if high - low < 2**16:
            return np.argsort((falling - low).astype(np.uint16), kind="stable")
    return np.argsort(falling)


def _changes(ordered: Any) -> Any:
    """Where a value differs from the one before it."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
