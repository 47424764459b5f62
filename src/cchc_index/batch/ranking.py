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

DIGIT = 16
AT_A_TIME = 65_536
"""Rows that are counted out at a time: what that needs is many times as large as what it finds."""
SIGN = np.uint64(2**63)
Exact = Callable[[Any], tuple[Any, Any]]
"""Rows to the numerators and denominators of their exact values, in lowest terms: arrays of integers of any size."""


def places(values: Any, near: float, exact: Exact, groups: Any = None) -> Any:
    """The place of each row, the greatest value first, each group for itself.

    `near` is how far a float may be from the exact value; 0 says that equal floats are equal values, and others not.

    >>> places(np.array([3, 5, 3, 1]), 0, lambda rows: (rows, rows)).tolist()
    [2, 1, 2, 4]
    """
    numbers = rising(values)
    order = in_order(np.invert(numbers, out=numbers), groups)
    ordered = values[order]
    bounds = np.zeros(len(order), bool) if groups is None else _changes(groups[order])
    rows = _Ordered(order, _changes(ordered) | bounds, bounds)
    if near:
        rows.count_out(ordered, 2 * near, exact)
    found = np.empty(len(order), np.int32)
    found[rows.order] = rows.places()
    return found


def rising(values: Any) -> Any:
    """Whole numbers from 0 on that stand in the order of the values, equal ones for equal values.

    A float that is not below zero is ordered as its bits are, one below zero against them (IEEE 754, 5.10).

    >>> rising(np.array([-1.5, 0.0, 2.0, -0.0])).argsort(kind="stable").tolist()
    [0, 1, 3, 2]
    """
    if values.dtype.kind != "f":
        return values.astype(np.int64).view(np.uint64) ^ SIGN
    bits = (values + 0.0).view(np.int64)
    turned = (bits >> 63).view(np.uint64)
    turned |= SIGN
    turned ^= bits.view(np.uint64)
    return turned


def in_order(numbers: Any, groups: Any = None) -> Any:
    """The rows by rising number, equal ones as they stand, within each group if there are any.

    Sixteen bits at a time from the lowest on: NumPy counts those out, which takes half as long as comparing does. What
    all rows share in front is left out.

    >>> in_order(np.array([7, 70_000, 7, 1])).tolist()
    [3, 0, 2, 1]
    """
    order = np.arange(len(numbers), dtype=np.int32)
    for keys in [numbers] if groups is None else [numbers, groups]:
        sized = (keys - keys.min()).astype("<u8") if len(keys) else keys.astype("<u8")
        parts = sized.view("<u2").reshape(-1, 4)
        for part in range(-(-int(sized.max(initial=0)).bit_length() // DIGIT)):
            order = order[np.argsort(parts[order, part], kind="stable")]
    return order


@frozen(eq=False)
class _Ordered:
    """Rows in order, where a new place starts, and where a new group does."""

    order: Any
    starts: Any
    bounds: Any

    def places(self) -> Any:
        """The number of the first row that shares a place, counted from the start of the group."""
        return _firsts(self.starts) - _firsts(self.bounds) + 1

    def count_out(self, ordered: Any, near: float, exact: Exact) -> None:
        """Put right the order and the starts of runs of rows that are too near to each other to tell apart."""
        close = np.zeros(len(ordered) + 1, bool)
        close[1:-1] = (ordered[:-1] - ordered[1:] <= near) & ~self.bounds[1:]
        picked = np.flatnonzero(close[1:] | close[:-1])
        if not len(picked):
            return
        begins = np.flatnonzero(~close[:-1][picked])
        cuts = np.append(begins[np.searchsorted(begins, np.arange(0, begins[-1] + 1, AT_A_TIME))], len(picked))
        for start, end in pairwise(np.unique(cuts).tolist()):
            first, last = np.searchsorted(begins, (start, end))
            self._count_out(picked[start:end], begins[first:last] - start, exact)

    def _count_out(self, picked: Any, begins: Any, exact: Exact) -> None:
        """Put some whole runs right; `begins` says where in `picked` each begins."""
        tops, bottoms = exact(self.order[picked])
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


def _firsts(starts: Any) -> Any:
    """For each row, the last one up to it that starts something; the first row does."""
    begins = np.flatnonzero(starts).astype(np.int32)
    begins = begins if len(begins) and begins[0] == 0 else np.append(np.int32(0), begins)
    return np.repeat(begins, np.diff(begins, append=len(starts)))


def _changes(ordered: Any) -> Any:
    """Where a value differs from the one before it."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
