"""Systems of linear inequalities, decided exactly: Fourier–Motzkin elimination over integers, with a smallest solution.

Rational unknowns are eliminated first, which loses nothing; whole ones after them, each row tightened to what whole
numbers can reach. What is left without a solution then has none. Where elimination alone cannot tell, a bounded search
over whole numbers looks for a solution, and `Unproven` is raised when it finds none.

The method is that of Fourier and Motzkin (G. B. Dantzig, Linear Programming and Extensions, 1963, § 4-4), with the
tightening of W. Pugh, The Omega test, 1991, § 2.1.

>>> half = Unknown("x"), Unknown("y", is_whole=False)
>>> rows = [Row((("x", 2), ("y", -1)), Fraction(-1)), Row((("y", 1),), Fraction(0), is_strict=True)]
>>> sorted(solution(half, rows).items())
[('x', 1), ('y', 1)]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, count, zip_longest
from math import ceil, floor, gcd, lcm

from attrs import frozen

from cchc_index.measures import Interval
from cchc_index.points import Exact

MAX_ROWS = 400
MAX_TRIES = 6000

Values = dict[str, Exact]


class Unproven(Exception):
    """A question that was neither proved nor refuted within the bounds. Never leaves the library."""


@frozen
class Unknown:
    """A figure that is sought: whole (a count, a day), or any rational."""

    name: str
    is_whole: bool = True


@frozen
class Row:
    """`Σ coefficient × unknown + constant ≥ 0`, or `> 0` when strict. Coefficients are whole and none is zero."""

    terms: tuple[tuple[str, int], ...]
    constant: Fraction
    is_strict: bool = False


Inner = dict[tuple[int, ...], tuple[int, bool]]
"""Rows by their coefficients, each with the tightest constant, and whether it is strict."""

Step = tuple[int, Inner]
"""An unknown that was eliminated, and the rows that named it."""


def solution(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> Values | None:
    """The solution nearest to zero, found from the first unknown to the last; None when there is provably none.

    Raises Unproven.
    """
    steps = _eliminated(unknowns, rows)
    if steps is None:
        return None
    order, path = steps
    values: list[Exact] = [0] * len(order)
    if not _assigned(order, path, len(path) - 1, values, count()):
        raise Unproven
    return {unknown.name: value for unknown, value in zip(order, values, strict=True)}


def has_solution(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> bool:
    """Whether there is a solution. Raises Unproven."""
    return solution(unknowns, rows) is not None


def span(unknowns: Sequence[Unknown], rows: Iterable[Row], sought: str) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that `sought` (rational) comes near to, in a system that has a solution; None for no end.

    Raises Unproven.
    """
    order = [unknown for unknown in unknowns if unknown.name != sought] + [Unknown(sought, is_whole=False)]
    made = _elimination(order, rows, len(order) - 1)
    assert made is not None, "the system has a solution"
    least: Fraction | None = None
    most: Fraction | None = None
    for coefficients, (constant, _) in made[1].items():
        end = Fraction(-constant, coefficients[-1])
        if coefficients[-1] > 0:
            least = end if least is None else max(least, end)
        else:
            most = end if most is None else min(most, end)
    return least, most


def _eliminated(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> tuple[list[Unknown], list[Step]] | None:
    """Every unknown eliminated, the rational ones first; None when a contradiction is left."""
    order = [u for u in reversed(unknowns) if not u.is_whole] + [u for u in reversed(unknowns) if u.is_whole]
    made = _elimination(order, rows, len(order))
    return None if made is None else (order, made[0])


def _elimination(order: Sequence[Unknown], rows: Iterable[Row], number: int) -> tuple[list[Step], Inner] | None:
    """The first `number` unknowns eliminated: the rows of each, and those left; None when a contradiction is met."""
    whole = tuple(unknown.is_whole for unknown in order)
    place = {unknown.name: n for n, unknown in enumerate(order)}
    left: Inner = {}
    for row in rows:
        if not _add(left, *_as_inner(row, place), whole):
            return None
    steps: list[Step] = []
    for n in range(number):
        step = {c: end for c, end in left.items() if c[n]}
        left = {c: end for c, end in left.items() if not c[n]}
        steps.append((n, step))
        if not _combined(step, n, left, whole):
            return None
    return steps, left


def _as_inner(row: Row, place: Mapping[str, int]) -> tuple[list[int], int, bool]:
    scale = row.constant.denominator
    coefficients = [0] * len(place)
    for name, coefficient in row.terms:
        coefficients[place[name]] = coefficient * scale
    return coefficients, row.constant.numerator, row.is_strict


def _combined(step: Inner, n: int, left: Inner, whole: tuple[bool, ...]) -> bool:
    """Add to `left` every pair of a lower and an upper bound on unknown `n`; False when two contradict each other."""
    above = [(c, end) for c, end in step.items() if c[n] > 0]
    below = [(c, end) for c, end in step.items() if c[n] < 0]
    for low, (low_constant, low_strict) in above:
        for high, (high_constant, high_strict) in below:
            up, down = -high[n], low[n]
            both = [up * a + down * b for a, b in zip(low, high, strict=True)]
            if not _add(left, both, up * low_constant + down * high_constant, low_strict or high_strict, whole):
                return False
    return True


def _add(rows: Inner, coefficients: list[int], constant: int, is_strict: bool, whole: tuple[bool, ...]) -> bool:
    """Keep a row, in lowest terms and tightened; False when no unknown is left in it and it does not hold."""
    divisor = gcd(*coefficients) if coefficients else 0
    if not divisor:
        return constant > 0 or (constant == 0 and not is_strict)
    if all(w for c, w in zip(coefficients, whole, strict=True) if c):
        constant, is_strict = (constant - is_strict) // divisor, False
    else:
        divisor = gcd(divisor, constant)
        constant //= divisor
    key = tuple([c // divisor for c in coefficients])
    known = rows.get(key)
    if known is None or (constant, not is_strict) < (known[0], not known[1]):
        rows[key] = constant, is_strict
    if len(rows) > MAX_ROWS:
        raise Unproven
    return True


def _assigned(order: list[Unknown], steps: list[Step], level: int, values: list[Exact], tries: Iterator[int]) -> bool:
    """Whether the unknowns from `level` down can be given values, those above being given."""
    if level < 0:
        return True
    n, rows = steps[level]
    ends = _ends(rows, n, values)
    for value in _whole_numbers(*ends) if order[n].is_whole else _simplest(*ends):
        if next(tries) > MAX_TRIES:
            return False
        values[n] = value
        if _assigned(order, steps, level - 1, values, tries):
            return True
    values[n] = 0
    return False


End = tuple[Fraction, bool]
"""A bound and whether it is left out."""


def _ends(rows: Inner, n: int, values: list[Exact]) -> tuple[End | None, End | None]:
    """The bounds that the rows put on unknown `n`, given the values of those assigned before it."""
    low: End | None = None
    high: End | None = None
    for coefficients, (constant, is_strict) in rows.items():
        rest = (
            constant + sum(c * v for c, v in zip(coefficients, values, strict=True) if c) - coefficients[n] * values[n]
        )
        end = Fraction(-rest) / coefficients[n], is_strict
        if coefficients[n] > 0:
            low = end if low is None or end > low else low
        elif high is None or (end[0], not end[1]) < (high[0], not high[1]):
            high = end
    return low, high


def _whole_numbers(low: End | None, high: End | None) -> Iterator[int]:
    """The whole numbers between two bounds, those nearest to zero first."""
    least = None if low is None else floor(low[0]) + 1 if low[1] else ceil(low[0])
    most = None if high is None else ceil(high[0]) - 1 if high[1] else floor(high[0])
    if least is not None and most is not None and least > most:
        return
    start = max(least or 0, 0) if most is None else min(max(least, 0) if least is not None else 0, most)
    up = count(start + 1) if most is None else range(start + 1, most + 1)
    down = count(start - 1, -1) if least is None else range(start - 1, least - 1, -1)
    further = chain.from_iterable(zip_longest(up, down))
    yield from chain([start], (value for value in further if value is not None))


def _simplest(low: End | None, high: End | None) -> Iterator[Exact]:
    """One rational between two bounds that no row contradicts: the one with the fewest decimals, nearest to zero."""
    if low is not None and high is not None and low[0] == high[0]:
        yield low[0]
    else:
        by_places = (next(_whole_numbers(_times(low, 10**n), _times(high, 10**n)), None) for n in count())
        places, found = next((n, number) for n, number in enumerate(by_places) if number is not None)
        yield Fraction(found, 10**places) if places else found


def _times(end: End | None, scale: int) -> End | None:
    return None if end is None else (end[0] * scale, end[1])


def simplest_in(interval: Interval, step: Fraction | None) -> Fraction | None:
    """The number of an interval with the fewest decimals, nearest to zero; with a step, the multiple nearest to zero.

    >>> simplest_in(Interval(low=Fraction(9, 10), high=Fraction(1)), None)
    Fraction(91, 100)
    """
    scale = step or Fraction(1)
    low = None if interval.low is None else (interval.low / scale, not interval.low_closed)
    high = None if interval.high is None else (interval.high / scale, not interval.high_closed)
    found = next(iter(_whole_numbers(low, high) if step else _simplest(low, high)), None)
    return None if found is None else found * scale


def in_lowest_terms(terms: Mapping[str, Exact]) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """Terms scaled to whole numbers without a common divisor, the first one positive, and the scale that does it.

    >>> in_lowest_terms({"a": Fraction(-1, 2), "b": 1})
    ((('a', 1), ('b', -2)), Fraction(-2, 1))
    """
    common = lcm(*[coefficient.denominator for coefficient in terms.values()])
    whole = {name: c.numerator * (common // c.denominator) for name, c in sorted(terms.items())}
    divisor = gcd(*whole.values())
    sign = -1 if next(iter(whole.values())) < 0 else 1
    return tuple([(name, c // divisor * sign) for name, c in whole.items()]), Fraction(common * sign, divisor)
