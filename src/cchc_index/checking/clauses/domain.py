"""Which values a measure can have, and the smallest one on which two sets of numbers part."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from attrs import frozen

from cchc_index.measures import Fact, FactType, Interval, Linear, Measure
from cchc_index.points import Exact
from cchc_index.rules import ZERO

Facts = Mapping[str, Fact]

_WHOLE_TYPES = (FactType.COUNT, FactType.DATE, FactType.SURVEY)
_NUMBERS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.SURVEY)


@frozen
class Domain:
    """The values a measure can have: an interval, of whole numbers only where `whole`."""

    interval: Interval
    whole: bool = False


def domain_of(measure: Measure, facts: Facts) -> Domain:
    """What is known of the values of a measure from the kinds of its figures.

    Counts and amounts are not below zero, a part is not above its whole, a count and a number of days are whole.

    >>> from cchc_index.measures import Fact, ratio
    >>> facts = {"xong": Fact("xong", "đã xong", part_of="ca"), "ca": Fact("ca", "cả thảy")}
    >>> domain_of(ratio("xong", "ca"), facts).interval.high
    Fraction(1, 1)
    """
    if isinstance(measure, Linear):
        low = _least(measure, facts)
        return Domain(Interval(low, low_closed=low is not None), _is_whole(measure, facts))
    rises = _least(_sum(measure.top, measure.bottom, 1), facts)
    least = _least(measure.top, facts)
    low = ZERO if least is not None and least >= 0 else Fraction(-1) if rises is not None and rises >= 0 else None
    left = _least(_sum(measure.bottom, measure.top, -1), facts)
    high = Fraction(1) if left is not None and left >= 0 else None
    return Domain(Interval(low, high, low is not None, high is not None))


def _fact(name: str, facts: Facts) -> Fact | None:
    return facts.get(name.partition(".")[0])


def _sum(one: Linear, other: Linear, times: int) -> Linear:
    """`one + times × other`, each figure once."""
    terms: dict[str, Exact] = {}
    for linear, factor in ((one, 1), (other, times)):
        for name, coefficient in linear.terms:
            terms[name] = terms.get(name, 0) + factor * coefficient
    return Linear(tuple(terms.items()), one.constant + times * other.constant)


def _least(linear: Linear, facts: Facts) -> Fraction | None:
    """The least value of a sum of figures not below zero and not above their wholes; None when none is known."""
    left = dict(_sum(linear, Linear(()), 1).terms)
    for name in list(left):
        fact = _fact(name, facts)
        if fact is None or fact.type not in _NUMBERS or fact.may_be_negative:
            return None
        if left[name] < 0 and fact.part_of in left:
            left[fact.part_of] += left.pop(name)
    return Fraction(linear.constant) if all(coefficient >= 0 for coefficient in left.values()) else None


def _is_whole(linear: Linear, facts: Facts) -> bool:
    known = [_fact(name, facts) for name, _ in linear.terms]
    numbers = [coefficient for _, coefficient in linear.terms] + [linear.constant]
    kinds = all(fact is not None and fact.type in _WHOLE_TYPES for fact in known)
    return kinds and all(number.denominator == 1 for number in numbers)


Holds = Callable[[Fraction], bool]


def first_difference(one: Holds, other: Holds, ends: Iterable[Fraction], domain: Domain) -> Fraction | None:
    """The smallest of the values that stand for all, for which one holds and the other does not; None when they agree.

    Both must be constant between neighbouring `ends`: then the ends, one value between each two, and one beyond the
    first and the last stand for every value.
    """
    return next((value for value in stand_ins(ends, domain) if one(value) != other(value)), None)


def stand_ins(ends: Iterable[Fraction], domain: Domain) -> list[Fraction]:
    """Values of the domain that stand for every value of it, in order.

    >>> stand_ins([Fraction(3)], Domain(Interval(low=ZERO, low_closed=True), whole=True))
    [Fraction(0, 1), Fraction(1, 1), Fraction(2, 1), Fraction(3, 1), Fraction(4, 1)]
    """
    edges = (domain.interval.low, domain.interval.high)
    cuts = sorted({*ends, *(edge for edge in edges if edge is not None)}) or [ZERO]
    found = {number for cut in cuts for number in (floor(cut) - 1, floor(cut), floor(cut) + 1, ceil(cut) + 1)}
    values = {Fraction(number) for number in found}
    if not domain.whole:
        between = {_between(low, high) for low, high in pairwise(cuts)}
        values = {*cuts, *between, cuts[0] - 1, cuts[-1] + 1}
    return sorted(value for value in values if value in domain.interval)


def _between(low: Fraction, high: Fraction) -> Fraction:
    """A value between two others: one hundredth above the lower one where that is still below the upper."""
    near = low + Fraction(1, 100)
    return near if near < high else (low + high) / 2


def ends_of(intervals: Iterable[Interval]) -> list[Fraction]:
    """The end points of intervals."""
    return [end for interval in intervals for end in (interval.low, interval.high) if end is not None]
