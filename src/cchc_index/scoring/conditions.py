"""How measures and conditions are looked at: each is taken apart once, and gives a function of the figures.

Truth has three values: a test on a ratio with a zero denominator, about which the source says nothing, is neither
true nor false. "No complaint, or 100% of complaints handled in time" is true without complaints all the same.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import lcm
from operator import itemgetter

from cchc_index.errors import Text
from cchc_index.figures import Figures
from cchc_index.measures import AllOf, Chosen, Condition, Interval, Linear, Measure, Within, cells_of
from cchc_index.points import Exact, show
from cchc_index.sources import NOT_STATED

Pair = tuple[Exact, Exact]
"""A numerator and a denominator above zero, as they came from the figures: not reduced."""


class StatedPair(tuple[Exact, Exact]):
    """The value that the source gives for a zero denominator."""

    __slots__ = ()


Look = Callable[[Figures], Pair | None]
Test = Callable[[Figures], bool | None]


class Undefined(Exception):
    """The source gives no points for these figures. Never leaves the library."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


def sum_of(linear: Linear) -> Callable[[Figures], Exact]:
    """How a linear sum is added up."""
    if len(linear.terms) == 1 and linear.terms[0][1] == 1 and not linear.constant:
        return itemgetter(linear.terms[0][0])
    scale = lcm(linear.constant.denominator, *(coefficient.denominator for _, coefficient in linear.terms))
    constant = int(linear.constant * scale)
    terms = [(name, int(coefficient * scale)) for name, coefficient in linear.terms]

    def added(figures: Figures) -> Exact:
        value: Exact = constant
        for name, coefficient in terms:
            value += coefficient * figures[name]
        return value

    return added if scale == 1 else lambda figures: Fraction(added(figures), scale)


def look_at(measure: Measure) -> Look:
    """How a measure is come to; it gives None for a zero denominator about which the source says nothing."""
    if isinstance(measure, Linear):
        whole = sum_of(measure)
        return lambda figures: (whole(figures), 1)
    top_of, bottom_of = sum_of(measure.top), sum_of(measure.bottom)
    stated = None if measure.at_zero is NOT_STATED else StatedPair(measure.at_zero.as_integer_ratio())

    def divided(figures: Figures) -> Pair | None:
        top, bottom = top_of(figures), bottom_of(figures)
        if bottom > 0:
            return top, bottom
        if bottom < 0:
            raise Undefined(_negative(bottom))
        return stated

    return divided


def _negative(bottom: Exact) -> Text:
    return Text(f"mẫu số {show(bottom)} là số âm", f"the denominator {show(bottom, 'en')} is negative")


def test_of(condition: Condition) -> Test:
    """Whether a condition holds; None when it hangs on a zero denominator. Every figure it names is looked at."""
    match condition:
        case Within(Linear() as measure, interval):
            return _sum_within(sum_of(measure), interval)
        case Within(measure, interval):
            return _within(look_at(measure), interval)
        case Chosen(fact, options):
            return lambda figures: figures[fact] in options
        case AllOf(parts):
            return _several(parts, decisive=False)
    return _several(condition.parts, decisive=True)


def _sum_within(whole: Callable[[Figures], Exact], interval: Interval) -> Test:
    at = cells_of([(interval, True)]).at
    return lambda figures: at(whole(figures), 1) is True


def _within(look: Look, interval: Interval) -> Test:
    at = cells_of([(interval, True)]).at

    def test(figures: Figures) -> bool | None:
        pair = look(figures)
        if pair is None:
            return None
        return at(*pair) is True

    return test


def _several(parts: Iterable[Condition], *, decisive: bool) -> Test:
    """All of (one false decides) or any of (one true decides); what is unknown matters only when nothing decides."""
    tests = [test_of(part) for part in parts]

    def test(figures: Figures) -> bool | None:
        found = [part(figures) for part in tests]
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    return test
