"""Where a float is too near to a bound to tell the side of the exact number, the row is counted in whole numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from cchc_index.batch.certified import exact_sums


@frozen(eq=False)
class Sides:
    """Whether `times × number` passes a limit; `near` is how far the float may be off."""

    near: float
    times: int
    sign: str
    wholes: int
    shares: int

    def __call__(self, approximate: Any, limit: Any, *rest: Any, out: Any, count: int) -> None:
        apart = approximate * self.times - limit
        np.greater(apart, np.inf if self.sign == "==" else 0, out=out)
        near = np.flatnonzero(np.abs(apart[:count]) <= self.near)
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
        moved = approximate * self.times / bottom + 0.5
        steps = np.floor(moved)
        np.copyto(out, steps, casting="unsafe")
        past = (moved - steps)[:count]
        near = np.flatnonzero((past <= self.near) | (past >= 1 - self.near))
        if len(near):
            tops, bottoms = _exactly(near, self.wholes, self.shares, rest)
            unders = _at(bottom, near).tolist()
            pairs = zip(tops, bottoms, unders, strict=True)
            out[near] = [_half_up(top * self.times, over * under) for top, over, under in pairs]


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
