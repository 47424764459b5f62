"""Intervals: what two have in common, what lies outside, and the numbers inside, the plainest first.

>>> few, many = Interval(high=Fraction(3)), Interval(low=Fraction(3), low_closed=True)
>>> meet(few, many) is None, outside([few])
(True, [Interval(low=Fraction(3, 1), high=None, low_closed=True, high_closed=False)])
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import count, islice
from math import ceil, floor

from cchc_index.measures import Interval

PARTS = (1, 2, 4, 10, 100, 1000, 10000)
"""Into how many parts the unit is cut, one after the other, to find a number people would write."""


def meet(one: Interval, other: Interval) -> Interval | None:
    """The numbers in both intervals; None when there is none."""
    low, low_closed = one.low, one.low_closed
    if low is None or (other.low is not None and _comes_after(other.low, low, is_tie=not other.low_closed)):
        low, low_closed = other.low, other.low_closed
    high, high_closed = one.high, one.high_closed
    if high is None or (other.high is not None and _comes_after(high, other.high, is_tie=not other.high_closed)):
        high, high_closed = other.high, other.high_closed
    if low is not None and high is not None and _comes_after(low, high, is_tie=not (low_closed and high_closed)):
        return None
    return Interval(low, high, low_closed, high_closed)


def _comes_after(one: Fraction, other: Fraction, *, is_tie: bool) -> bool:
    """Whether an end is above another, or the same in a tie; compared as `is_above` does, most often with itself."""
    if one is other:
        return is_tie
    n, d = one.as_integer_ratio()
    other_n, other_d = other.as_integer_ratio()
    over = n * other_d - other_n * d
    return over > 0 or (is_tie and over == 0)


def outside(intervals: Iterable[Interval]) -> list[Interval]:
    """The numbers in none of these intervals, as intervals in order."""
    left = [Interval()]
    for interval in intervals:
        left = [part for one in left for other in sides(interval) if (part := meet(one, other)) is not None]
    return left


def sides(interval: Interval) -> Iterator[Interval]:
    """What lies below an interval, and what lies above it.

    >>> [str(part.low) for part in sides(Interval(low=Fraction(1), high=Fraction(2)))]
    ['None', '2']
    """
    if interval.low is not None:
        yield Interval(high=interval.low, high_closed=not interval.low_closed)
    if interval.high is not None:
        yield Interval(low=interval.high, low_closed=not interval.high_closed)


def stretched(interval: Interval, times: Fraction | int) -> Interval:
    """The interval of every number of this one, so many times (above zero)."""
    low, high = interval.low, interval.high
    ends = (None if low is None else low * times, None if high is None else high * times)
    return Interval(*ends, interval.low_closed, interval.high_closed)


def whole_numbers(interval: Interval, base: int = 0) -> Iterator[int]:
    """The whole numbers of an interval, from `base` outwards.

    >>> list(whole_numbers(Interval(Fraction(-1), Fraction(5, 2))))
    [0, 1, 2]
    """
    low, high = interval.low, interval.high
    least = None if low is None else ceil(low) if interval.low_closed else floor(low) + 1
    most = None if high is None else floor(high) if interval.high_closed else ceil(high) - 1
    if least is not None and most is not None and least > most:
        return
    start = base if least is None else max(base, least)
    start = start if most is None else min(start, most)
    yield start
    away = 1
    while (is_up := most is None or start + away <= most) | (is_down := least is None or start - away >= least):
        if is_up:
            yield start + away
        if is_down:
            yield start - away
        away += 1


def simplest(interval: Interval) -> Fraction | int:
    """The number of an interval (not empty) with the fewest decimals, nearest to zero; its only number, if it has one.

    >>> simplest(Interval(low=Fraction(9, 10), high=Fraction(1)))
    Fraction(91, 100)
    """
    if interval.low is not None and interval.low == interval.high:
        return interval.low
    by_places = (next(whole_numbers(stretched(interval, 10**n)), None) for n in count())
    places, found = next((n, number) for n, number in enumerate(by_places) if number is not None)
    return Fraction(found, 10**places) if places else found


def simplest_in(interval: Interval, step: Fraction | None) -> Fraction | None:
    """The number of an interval with the fewest decimals; with a step, the multiple nearest to zero, if there is one.

    >>> simplest_in(Interval(low=Fraction(2)), Fraction(1, 4))
    Fraction(9, 4)
    """
    if step is None:
        return Fraction(simplest(interval))
    found = next(whole_numbers(stretched(interval, 1 / step)), None)
    return None if found is None else found * step


def decimals(interval: Interval, scale: int = 1) -> Iterator[Fraction]:
    """A few numbers of an interval, those with the fewest decimals (of a percent, when `scale` is 100) first.

    >>> list(decimals(Interval(Fraction("0.85"), Fraction("0.95")), 100))[:2]
    [Fraction(43, 50), Fraction(87, 100)]
    """
    seen: dict[Fraction, None] = {}
    for parts in PARTS:
        times = scale * parts
        for number in islice(whole_numbers(stretched(interval, times)), 3):
            if Fraction(number, times) not in seen:
                seen[Fraction(number, times)] = None
                yield Fraction(number, times)
    if not seen and interval.low is not None and interval.high is not None:
        yield (interval.low + interval.high) / 2
