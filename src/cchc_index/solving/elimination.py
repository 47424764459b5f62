"""Systems of linear inequalities, decided exactly: Fourier–Motzkin elimination over integers.

Unknowns are eliminated from the last to the first, rational ones before whole ones, which loses nothing for them; each
row over whole unknowns is tightened to what whole numbers can reach. What is left without a solution then has none.

The method is that of Fourier and Motzkin (G. B. Dantzig, Linear Programming and Extensions, 1963, § 4-4), with the
tightening of W. Pugh, The Omega test, 1991, § 2.1.

>>> rows = [Row((("x", 2), ("y", -1)), Fraction(-1)), Row((("y", 1),), Fraction(0), is_strict=True)]
>>> made = chain([Unknown("x"), Unknown("y", is_whole=False)], rows)
>>> made.interval([]), made.interval([1]).high
(Interval(low=Fraction(1, 1), high=None, low_closed=True, high_closed=False), Fraction(1, 1))
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd

from attrs import frozen

from cchc_index.measures import Interval
from cchc_index.points import Exact
from cchc_index.solving.rows import Row, Unknown, Unproven

MAX_ROWS = 400

Inner = dict[tuple[int, ...], tuple[int, bool]]
"""Rows by their coefficients, one for each unknown in order, with the tightest constant, and whether it is strict."""


End = tuple[int, int, bool]
"""Numerator and denominator of an end, not reduced, and whether it is left out."""


def _tighter(known: End | None, end: End, sign: int) -> End:
    """Of two lower (`sign` 1) or upper (-1) ends the one that leaves less, compared cross-multiplied."""
    if known is None:
        return end
    over = (end[0] * known[1] - known[0] * end[1]) * sign
    return end if over > 0 or (over == 0 and end[2]) else known


def _end(end: End | None) -> Fraction | None:
    return None if end is None else Fraction(end[0], end[1])


@frozen
class Chain:
    """Unknowns in the order in which they are chosen, and for each the rows that bound it once those before it are."""

    order: tuple[Unknown, ...]
    steps: tuple[Inner, ...]

    @property
    def is_exact(self) -> bool:
        """Whether elimination alone proves a solution: each whole unknown has bounds without a factor on one side."""
        whole = [step for unknown, step in zip(self.order, self.steps, strict=True) if unknown.is_whole]
        ends = [[coefficients[-1] for coefficients in step] for step in whole]
        return all(max(one, default=1) <= 1 or min(one, default=-1) >= -1 for one in ends)

    def interval(self, values: Sequence[Exact]) -> Interval:
        """Where the next unknown may lie, given values for those before it. Empty where whole ones left no room."""
        low: End | None = None
        high: End | None = None
        for coefficients, (constant, is_strict) in self.steps[len(values)].items():
            n, d = (constant + sum([c * v for c, v in zip(coefficients, values, strict=False) if c])).as_integer_ratio()
            last = coefficients[-1]
            if last > 0:
                low = _tighter(low, (-n, d * last, is_strict), 1)
            else:
                high = _tighter(high, (n, -d * last, is_strict), -1)
        return Interval(_end(low), _end(high), low is not None and not low[2], high is not None and not high[2])


def chain(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> Chain | None:
    """Every unknown eliminated, whole ones last; None when that leaves a contradiction. Raises Unproven."""
    order = sorted(unknowns, key=lambda unknown: not unknown.is_whole)
    steps = _eliminated(order, rows, 0)
    return None if steps is None else Chain(tuple(order), tuple(reversed(steps[0])))


def span(unknowns: Sequence[Unknown], rows: Iterable[Row], sought: str) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that `sought` (rational) comes near to, in a system that has a solution; None for no end.

    Raises Unproven.
    """
    others = [unknown for unknown in reversed(unknowns) if unknown.name != sought]
    made = _eliminated([Unknown(sought, is_whole=False), *others], rows, 1)
    assert made is not None, "the system has a solution"
    ends = Chain((), (made[1],)).interval([])
    return ends.low, ends.high


def _eliminated(order: Sequence[Unknown], rows: Iterable[Row], kept: int) -> tuple[list[Inner], Inner] | None:
    """The unknowns after the first `kept` eliminated, the last first: the rows of each, and those left.

    None when a contradiction is met.
    """
    rational = [n for n, unknown in enumerate(order) if not unknown.is_whole]
    place = {unknown.name: n for n, unknown in enumerate(order)}
    left: Inner = {}
    for row in rows:
        if not _add(left, *_as_inner(row, place), rational):
            return None
    steps: list[Inner] = []
    for _ in range(len(order) - kept):
        step = {c: end for c, end in left.items() if c[-1]}
        left = {c[:-1]: end for c, end in left.items() if not c[-1]}
        steps.append(step)
        if not _combined(step, left, rational):
            return None
    return steps, left


def _as_inner(row: Row, place: Mapping[str, int]) -> tuple[list[int], int, bool]:
    scale = row.constant.denominator
    coefficients = [0] * len(place)
    for name, coefficient in row.terms:
        coefficients[place[name]] = coefficient * scale
    return coefficients, row.constant.numerator, row.is_strict


def _combined(step: Inner, left: Inner, rational: Sequence[int]) -> bool:
    """Add to `left` every pair of a lower and an upper bound on the last unknown; False when two contradict."""
    below = [(c, end) for c, end in step.items() if c[-1] < 0]
    for low, (low_constant, low_strict) in step.items():
        if low[-1] < 0:
            continue
        for high, (high_constant, high_strict) in below:
            up, down = -high[-1], low[-1]
            both = [up * a + down * b for a, b in zip(low[:-1], high, strict=False)]
            if not _add(left, both, up * low_constant + down * high_constant, low_strict or high_strict, rational):
                return False
    return True


def _add(rows: Inner, coefficients: list[int], constant: int, is_strict: bool, rational: Sequence[int]) -> bool:
    """Keep a row, in lowest terms and tightened; False when no unknown is left in it and it does not hold.

    `rational` are the places of the rational unknowns: a row without them is one over whole numbers.
    """
    divisor = gcd(*coefficients)
    if not divisor:
        return constant > 0 or (constant == 0 and not is_strict)
    if not rational or not any(coefficients[n] for n in rational if n < len(coefficients)):
        constant, is_strict = (constant - is_strict) // divisor, False
    else:
        divisor = gcd(divisor, constant)
        constant //= divisor
    key = tuple(coefficients) if divisor == 1 else tuple([c // divisor for c in coefficients])
    known = rows.get(key)
    if known is None or (constant, not is_strict) < (known[0], not known[1]):
        rows[key] = constant, is_strict
    if len(rows) > MAX_ROWS:
        raise Unproven
    return True
