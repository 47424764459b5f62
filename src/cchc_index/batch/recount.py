"""Where a float is too near to a bound to tell the side of the exact number, the row is counted in whole numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from cchc_index.batch.certified import exact_sums

PART = 8_192
"""Rows at a time: what is in between stays in the nearest cache of a core."""


@frozen(eq=False)
class Sides:
    """Whether `times × number` passes a limit; `near` is how far the float may be off."""

    near: float
    times: int
    sign: str
    wholes: int
    shares: int

    def __call__(self, approximate: Any, limit: Any, *rest: Any, out: Any, count: int) -> None:
        past = np.inf if self.sign == "==" else 0
        close: list[Any] = []
        room = np.empty(PART)
        for start in range(0, count, PART):
            rows = slice(start, min(start + PART, count))
            apart = np.multiply(approximate[rows], self.times, out=room[: rows.stop - start])
            np.subtract(apart, _rows_of(limit, rows), out=apart)
            np.greater(apart, past, out=out[rows])
            close += _found(np.abs(apart, out=apart) <= self.near, start)
        near = _together(close)
        if len(near):
            tops, bottoms = _exactly(near, self.wholes, self.shares, rest)
            limits = _at(limit, near).tolist()
            pairs = zip(tops, bottoms, limits, strict=True)
            out[near] = [_PASSES[self.sign](top * self.times - at * bottom) for top, bottom, at in pairs]


@frozen(eq=False)
class Steps:
    """`number × times / bottom` to the nearest whole number, a tie away from zero."""

    near: float
    times: int
    wholes: int
    shares: int

    def __call__(self, approximate: Any, bottom: Any, *rest: Any, out: Any, count: int) -> None:
        close: list[Any] = []
        room, other = np.empty(PART), np.empty(PART)
        for start in range(0, count, PART):
            rows = slice(start, min(start + PART, count))
            moved, steps = room[: rows.stop - start], other[: rows.stop - start]
            self._scaled(approximate[rows], _rows_of(bottom, rows), moved)
            np.add(moved, 0.5, out=moved)
            np.floor(moved, out=steps)
            np.copyto(out[rows], steps, casting="unsafe")
            past = np.subtract(moved, steps, out=moved)
            close += _found((past <= self.near) | (past >= 1 - self.near), start)
        near = _together(close)
        if len(near):
            tops, bottoms = _exactly(near, self.wholes, self.shares, rest)
            unders = _at(bottom, near).tolist()
            pairs = zip(tops, bottoms, unders, strict=True)
            out[near] = [_half_up(top * self.times, over * under) for top, over, under in pairs]

    def _scaled(self, given: Any, bottom: Any, out: Any) -> None:
        """`given × times / bottom` in two steps of rounding, whichever way."""
        if np.ndim(bottom):
            np.divide(np.multiply(given, self.times, out=out), bottom, out=out)
        else:
            np.multiply(given, self.times / bottom, out=out)


def _rows_of(operand: Any, rows: slice) -> Any:
    return operand[rows] if np.ndim(operand) else operand


def _found(close: Any, start: int) -> list[Any]:
    """The numbers of the rows, where there are any: to ask first is quicker than to look for them."""
    return [start + np.flatnonzero(close)] if close.any() else []


def _together(parts: list[Any]) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _exactly(rows: Any, wholes: int, shares: int, operands: Sequence[Any]) -> tuple[list[int], list[int]]:
    """Numerators and denominators of some rows, as Python integers."""
    picked = [_at(operand, rows) for operand in operands]
    whole = sum(picked[:wholes], np.zeros(len(rows), np.int64))
    tops, bottoms = exact_sums(whole, picked[wholes : wholes + shares], picked[wholes + shares :])
    return tops.tolist(), bottoms.tolist()


def _at(operand: Any, rows: Any) -> Any:
    picked = operand[rows] if np.ndim(operand) else np.full(len(rows), operand)
    return picked.astype(np.int64)


def _half_up(top: int, bottom: int) -> int:
    steps = (2 * abs(top) + bottom) // (2 * bottom)
    return steps if top >= 0 else -steps


_PASSES: dict[str, Callable[[int], bool]] = {
    ">": lambda apart: apart > 0,
    ">=": lambda apart: apart >= 0,
    "==": lambda apart: apart == 0,
}
