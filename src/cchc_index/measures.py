"""What is looked at: figures, linear sums of figures, ratios of two sums, and conditions on them.

A change against last year is a ratio of two sums, days before or after a deadline is a sum of two dates (a date
counts as its day number), so two measures say everything the decisions at hand say.

>>> change("nay", "truoc")
Ratio(top=Linear(terms=(('nay', 1), ('truoc', -1)), constant=0), bottom=Linear(terms=(('truoc', 1),), ...
"""

import datetime
from collections.abc import Iterable, Iterator
from enum import Enum
from fractions import Fraction
from typing import Generic, Literal, TypeVar

from attrs import frozen

from cchc_index.points import Exact, over_integers
from cchc_index.sources import NOT_STATED, Basis, NotStated


class FactType(Enum):
    """The kinds of figure. The value is the word in the files."""

    COUNT = "dem"
    AMOUNT = "so_luong"
    PERCENT = "phan_tram"
    DATE = "ngay"
    YES_NO = "co_khong"
    CHOICE = "lua_chon"
    SURVEY = "khao_sat"
    RECORDS = "ban_ghi"
    POINTS = "diem"
    LABEL = "ma"


YES, NO = "co", "khong"


@frozen
class DayOfYear:
    """A day that comes back each year, such as 30/11; its year is that of the period scored."""

    day: int
    month: int


@frozen
class Sample:
    """The least number of valid ballots that a decision asks for, and its words."""

    least: int
    basis: Basis = NOT_STATED


@frozen
class Fact:
    """One figure that a unit declares (or that the ruleset fixes, when `given` is set).

    `part_of` names the figure this one is a part of, and so can never exceed. `fields` are the figures of one record.
    `sample` is what a survey needs at least, where the decision says so; points do not hang on it.
    """

    name: str
    label: str
    type: FactType = FactType.COUNT
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    part_of: str | None = None
    may_be_negative: bool = False
    fields: tuple["Fact", ...] = ()
    given: datetime.date | DayOfYear | None = None
    sample: Sample | None = None


@frozen
class Linear:
    """`constant + Σ coefficient × figure`, exactly."""

    terms: tuple[tuple[str, Exact], ...]
    constant: Exact = 0


@frozen
class Ratio:
    """One linear sum over another. `at_zero` is the value the source gives when the denominator is zero."""

    top: Linear
    bottom: Linear
    at_zero: Fraction | Literal[NotStated.NOT_STATED] = NOT_STATED


Measure = Linear | Ratio


def figure(name: str) -> Linear:
    """The measure that looks at one figure.

    >>> figure("ho_so")
    Linear(terms=(('ho_so', 1),), constant=0)
    """
    return Linear(((name, 1),))


def ratio(part: str, whole: str) -> Ratio:
    """The measure `part / whole` of two figures."""
    return Ratio(figure(part), figure(whole))


def change(now: str, before: str) -> Ratio:
    """The change against an earlier figure, as a share of the earlier one."""
    return Ratio(Linear(((now, 1), (before, -1))), figure(before))


@frozen
class Interval:
    """A set of numbers between two ends, each open, closed or absent.

    >>> Fraction(9, 10) in Interval(low=Fraction(9, 10), low_closed=True, high=Fraction(1))
    True
    """

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = False
    high_closed: bool = False

    def __contains__(self, value: Exact) -> bool:
        return self.holds(value.numerator, value.denominator)

    def holds(self, top: Exact, bottom: Exact) -> bool:
        """Whether `top / bottom` lies inside, for a denominator above zero; compared cross-multiplied.

        >>> Interval(low=Fraction(9, 10)).holds(9, 10)
        False
        """
        above = 1 if self.low is None else top * self.low.denominator - self.low.numerator * bottom
        below = 1 if self.high is None else self.high.numerator * bottom - top * self.high.denominator
        return (above > 0 or (self.low_closed and above == 0)) and (below > 0 or (self.high_closed and below == 0))

    def meets(self, other: "Interval") -> bool:
        """Whether some number lies in both.

        >>> Interval(high=Fraction(1)).meets(Interval(low=Fraction(1), low_closed=True))
        False
        """
        return _reaches(self, other) and _reaches(other, self)


def _reaches(lower: Interval, upper: Interval) -> bool:
    """Whether `lower` ends no earlier than `upper` begins."""
    if lower.high is None or upper.low is None or lower.high > upper.low:
        return True
    return lower.high == upper.low and lower.high_closed and upper.low_closed


T = TypeVar("T")


@frozen
class Cells(Generic[T]):
    """The line cut at every end of some ranges: what holds a value is found with one comparison for each cut.

    A cut is an end (numerator and denominator) with what holds at it and what holds just above it, the highest first,
    where most values lie; `beneath` holds below the last cut. None is a gap.
    """

    cuts: tuple[tuple[int, int, T | None, T | None], ...]
    beneath: T | None

    def at(self, top: Exact, bottom: Exact) -> T | None:
        """What holds at `top / bottom`, for a denominator above zero."""
        if type(top) is not int or type(bottom) is not int:
            top, bottom = over_integers(top, bottom)
        for n, d, here, above in self.cuts:
            over = top * d - n * bottom
            if over >= 0:
                return above if over else here
        return self.beneath


def cells_of(ranges: Iterable[tuple[Interval, T]]) -> Cells[T]:
    """The cells of ranges, each an interval and what holds on it; where ranges meet, the first one holds.

    >>> cells = cells_of([(Interval(high=Fraction(1)), "under 1"), (Interval(low=Fraction(1)), "above 1")])
    >>> [cells.at(n, 2) for n in (1, 2, 3)]
    ['under 1', None, 'above 1']
    """
    known = list(ranges)
    ends = sorted({end for interval, _ in known for end in (interval.low, interval.high) if end is not None})
    places = {end: 2 * number + 1 for number, end in enumerate(ends)}
    line: list[T | None] = [None] * (2 * len(ends) + 1)  # the ends at odd places, what lies between at even ones
    for interval, held in known:
        first = 0 if interval.low is None else places[interval.low] + (not interval.low_closed)
        last = len(line) - 1 if interval.high is None else places[interval.high] - (not interval.high_closed)
        for place in range(first, last + 1):
            line[place] = held if line[place] is None else line[place]
    cuts = tuple((*end.as_integer_ratio(), line[places[end]], line[places[end] + 1]) for end in reversed(ends))
    return Cells(cuts, line[0])


@frozen
class Within:
    """The measure lies in the interval."""

    measure: Measure
    interval: Interval


@frozen
class Chosen:
    """The figure (a choice, or yes/no) is one of these options."""

    fact: str
    options: tuple[str, ...]


@frozen
class AllOf:
    parts: tuple["Condition", ...]


@frozen
class AnyOf:
    parts: tuple["Condition", ...]


Condition = Within | Chosen | AllOf | AnyOf


def names_of_measure(measure: Measure) -> Iterator[str]:
    """The figures a measure looks at, in order."""
    sums = (measure.top, measure.bottom) if isinstance(measure, Ratio) else (measure,)
    return (name for linear in sums for name, _ in linear.terms)


def tests_of(condition: Condition) -> Iterator[Within | Chosen]:
    """The single tests of a condition, in order."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_of(part)
        case _:
            yield condition


def names_of_condition(condition: Condition) -> Iterator[str]:
    """The figures a condition looks at, in order."""
    for test in tests_of(condition):
        if isinstance(test, Within):
            yield from names_of_measure(test.measure)
        else:
            yield test.fact


def are_apart(one: Condition, other: Condition) -> bool:
    """Whether two single tests tell that no figures fulfil both conditions.

    >>> are_apart(Chosen("loai", ("xa",)), Chosen("loai", ("phuong", "thi_tran")))
    True
    """
    match one, other:
        case (AnyOf(parts), against) | (against, AnyOf(parts)):
            return all(are_apart(part, against) for part in parts)
        case (AllOf(parts), against) | (against, AllOf(parts)):
            return any(are_apart(part, against) for part in parts)
        case Within(measure, interval), Within(compared, against):
            return measure == compared and not interval.meets(against)
        case Chosen(fact, options), Chosen(compared, against):
            return fact == compared and not set(options) & set(against)
    return False
