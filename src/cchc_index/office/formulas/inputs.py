"""Input cells as exact whole numbers: each looked at once, and refused where it is not what its figure is.

A figure is held in units of its last decimal place. What is blank is missing, never zero; a number typed as text, a
number out of range and an option spelled otherwise (a decomposed accent, a stray space) give a state above `MISSING`.
"""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from cchc_index.figures import Figures
from cchc_index.measures import NO, YES, DayOfYear, Fact, FactType
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import ZERO, Expr, every, num, when
from cchc_index.office.formulas.scratch import Scratch, reference
from cchc_index.points import Exact

EPOCH = datetime.date(1899, 12, 30).toordinal()
"""What a spreadsheet's day number and a Python ordinal differ by, from March 1900 on."""
DAYS = (datetime.date(1950, 1, 1), datetime.date(2099, 12, 31))
LISTS = "DANHMUC"


@frozen
class Range:
    """What an input cell takes: from `low` to `high` with at most `places` decimals."""

    low: int
    high: int
    places: int = 0

    def holds(self, value: Exact) -> bool:
        return self.low <= value <= self.high and (value * 10**self.places).denominator == 1


_WIDEST = {
    FactType.COUNT: Range(0, 9_999_999),
    FactType.SURVEY: Range(0, 9_999_999),
    FactType.AMOUNT: Range(0, 99_999_999, 3),
    FactType.PERCENT: Range(0, 10, 5),
    FactType.POINTS: Range(-9_999, 9_999, 4),
    FactType.DATE: Range(DAYS[0].toordinal() - EPOCH, DAYS[1].toordinal() - EPOCH),
}


def range_of(fact: Fact) -> Range:
    """What the cell of a number or a date takes; the core says by its type whether it may be negative."""
    widest = _WIDEST[fact.type]
    return Range(-widest.high, widest.high, widest.places) if fact.may_be_negative else widest


def options_of(fact: Fact) -> tuple[tuple[str, str], ...]:
    """The options of a list, each with the label that stands in the cell; names where two labels read alike."""
    options = ((YES, "Có"), (NO, "Không")) if fact.type is FactType.YES_NO else fact.options
    labels = [label.strip() for _, label in options]
    alike = len({label.casefold() for label in labels if label}) < len(labels) or any(len(one) > 200 for one in labels)
    return tuple((name, name if alike else label.strip()) for name, label in options)


@frozen
class Figure:
    """A figure as a formula sees it: its state, and its value in units of 1/`scale` (an option by its number from 1).

    The value is 0 where there is a state.
    """

    state: Expr
    value: Expr
    scale: int = 1
    names: tuple[str, ...] = ()


@frozen
class Place:
    """Where an input cell stands, what it holds now, and for a list where its options stand."""

    page: str
    row: int
    column: int
    given: Exact | str | None = None
    list_row: int = 0

    @property
    def address(self) -> str:
        return reference(self.page, self.row, self.column)


def number_figure(fact: Fact, place: Place, scratch: Scratch) -> Figure:
    """A count, an amount, a percent, points or a date."""
    limits, cell = range_of(fact), place.address
    scale, offset = 10**limits.places, EPOCH if fact.type is FactType.DATE else 0
    whole = f"IF(ROUND({cell},{limits.places})={cell},0,{states.PLACES})"
    ranged = f"IF({cell}<{limits.low},{states.LOW},IF({cell}>{limits.high},{states.HIGH},{whole}))"
    text = f"IF(ISBLANK({cell}),{states.MISSING},IF(ISNUMBER({cell}),{ranged},{states.TEXT}))"
    state = scratch.cell(_state(text, place), fact.name)
    read = f"ROUND({cell}*{scale},0)" if scale > 1 else f"ROUND({cell},0)"
    low, high = limits.low * scale + offset, limits.high * scale + offset
    given = 0 if place.given is None else int(Fraction(place.given) * scale) + offset
    value = when(state.equals(0), Expr(read + (f"+{offset}" if offset else ""), given, low, high), 0)
    return Figure(state, scratch.cell(value), scale)


def _state(text: str, place: Place) -> Expr:
    return Expr(text, states.MISSING if place.given is None else 0, 0, states.WORST)


def choice_figure(fact: Fact, place: Place, scratch: Scratch) -> Figure:
    """Yes or no, or one of a list: the cell has to read exactly as the list does, letter case aside."""
    options, cell = options_of(fact), place.address
    names = tuple(name for name, _ in options)
    tests = (f"({cell}={reference(LISTS, place.list_row + n, 1)})*{n + 1}" for n in range(len(options)))
    number = 0 if place.given is None else names.index(str(place.given)) + 1
    value = scratch.cell(Expr("+".join(tests), number, 0, len(options), is_atom=False), fact.name)
    text = f"IF(ISBLANK({cell}),{states.MISSING},IF({value}=0,{states.OPTION},0))"
    state = scratch.cell(_state(text, place))
    return Figure(state, scratch.cell(when(state.equals(0), value, 0)), 1, names)


def fixed_figure(fact: Fact, period_end: Place, scratch: Scratch) -> Figure:
    """A day that the ruleset fixes, in the year of the period where it comes back each year."""
    if isinstance(fact.given, DayOfYear):
        return _day_of_year(fact, fact.given, period_end, scratch)
    assert fact.given is not None
    return Figure(ZERO, num(fact.given.toordinal()))


def _day_of_year(fact: Fact, day: DayOfYear, period_end: Place, scratch: Scratch) -> Figure:
    cell, ended = period_end.address, period_end.given is not None
    written = f"DATE(YEAR({cell}),{day.month},{day.day})"
    limits = _WIDEST[FactType.DATE]
    ranged = f"IF({cell}<{limits.low},{states.LOW},IF({cell}>{limits.high},{states.HIGH},0))"
    text = f"IF(ISBLANK({cell}),{states.MISSING},IF(ISNUMBER({cell}),{ranged},{states.TEXT}))"
    state = scratch.cell(_state(text, period_end), fact.name)
    there = Expr(f"IF(DAY({written})={day.day},0,{states.NO_DAY})", 0, 0, states.WORST)
    state = scratch.cell(when(state.equals(0), there, state))
    ordinal = datetime.date(_year(period_end), day.month, day.day).toordinal() if ended else 0
    value = Expr(f"{written}+{EPOCH}", ordinal, limits.low + EPOCH, limits.high + EPOCH + 366)
    return Figure(state, scratch.cell(when(state.equals(0), value, 0)))


def _year(period_end: Place) -> int:
    assert isinstance(period_end.given, int)
    return datetime.date.fromordinal(period_end.given + EPOCH).year


def held_to_whole(part: Figure, whole: Figure, scratch: Scratch) -> Figure:
    """A figure that is part of another, refused where it is larger."""
    over = part.value * whole.scale > whole.value * part.scale
    both = every(part.state.equals(0), whole.state.equals(0))
    state = scratch.cell(when(every(both, over), states.PART, part.state))
    return Figure(state, scratch.cell(when(state.equals(0), part.value, 0)), part.scale, part.names)


def read(facts: Sequence[Fact], places: Mapping[str, Place], scratch: Scratch) -> dict[str, Figure]:
    """The figures of one unit or of one record that stand in cells, each held to the figure that it is a part of."""
    found: dict[str, Figure] = {}
    for fact in facts:
        if fact.name in places and fact.type in (FactType.YES_NO, FactType.CHOICE):
            found[fact.name] = choice_figure(fact, places[fact.name], scratch)
        elif fact.name in places and fact.type in _WIDEST:
            found[fact.name] = number_figure(fact, places[fact.name], scratch)
    parts = [fact for fact in facts if fact.part_of in found and fact.name in found]
    return found | {fact.name: held_to_whole(found[fact.name], found[str(fact.part_of)], scratch) for fact in parts}


def as_given(fact: Fact, figures: Figures) -> Exact | str | None:
    """What stands in the cell of a figure: a date as the day number of the spreadsheet."""
    if not figures.has(fact.name):
        return None
    value: Exact | str = figures[fact.name]
    return int(value) - EPOCH if fact.type is FactType.DATE else value
