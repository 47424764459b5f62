"""What values figures may take, as linear constraints: read off each declared fact, as the engine reads submissions.

A count or a day is a whole number, an amount or a percent any rational; none is below zero unless the fact says so; a
part never exceeds its whole; a day that the ruleset fixes is that day. Points that people award come in steps.
"""

import datetime
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Self, TypeVar

from attrs import evolve, field, frozen

from cchc_index.criteria import Ruleset
from cchc_index.measures import NO, YES, DayOfYear, Fact, FactType
from cchc_index.points import Exact
from cchc_index.rules import Awarded, Rule, parts_of
from cchc_index.solving.rows import Row, Unknown, Values
from cchc_index.sources import NOT_STATED

T = TypeVar("T")
DAYS = Fraction(1), Fraction(datetime.date.max.toordinal())
PER_CENT = Fraction(1, 100)
COLUMN = "/"
"""Between the name of the records and that of a column: `ho_so/ngay_tra`."""


Span = tuple[Fraction | None, Fraction | None]
"""The ends between which a figure lies."""


@frozen
class Domain:
    """The figures of a ruleset by key. Inside `records` a name is a column of one record, where there is such a column.

    `day` is the day near which witnesses choose days; a day that comes back each year is taken in its year. Percents
    stay within 100% when `is_usual`.
    """

    facts: Mapping[str, Fact]
    day: datetime.date
    records: str = ""
    steps: Mapping[str, Fraction] = field(factory=dict)
    is_usual: bool = False
    memo: dict[Any, Any] = field(factory=dict, eq=False, repr=False)
    """What has been found out before, by question; shared by the views of one ruleset."""

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question, worked out the first time it is asked."""
        key = self.records, self.is_usual, question
        if key not in self.memo:
            self.memo[key] = answer()
        return self.memo[key]  # type: ignore[no-any-return]

    def key(self, name: str) -> str:
        """The key of a figure: its name, or the records and its column."""
        column = f"{self.records}{COLUMN}{name}"
        return column if self.records and column in self.facts else name

    def inside(self, records: str) -> Self:
        """The same figures, seen from one record."""
        return evolve(self, records=records)

    def fixed(self, key: str) -> Exact | None:
        """The day number of a figure that the ruleset fixes."""
        given = self.facts[key].given
        if isinstance(given, DayOfYear):
            given = datetime.date(self.day.year, given.month, given.day)
        return None if given is None else given.toordinal()

    def options(self, key: str) -> tuple[str, ...]:
        """The options of a choice, the smallest first: no before yes."""
        fact = self.facts[key]
        return (NO, YES) if fact.type is FactType.YES_NO else tuple(name for name, _ in fact.options)

    def is_never_below_zero(self, keys: Iterable[str]) -> bool:
        return all(low is not None and low >= 0 for low, _ in map(self.span, keys))

    def is_chosen(self, key: str) -> bool:
        return self.facts[key].type in (FactType.YES_NO, FactType.CHOICE)

    def origin(self, key: str) -> int:
        """The number a figure is counted from, so that the smallest witness is the one nearest to it."""
        return self.day.toordinal() if self.facts[key].type is FactType.DATE else 0

    def span(self, key: str) -> Span:
        """The ends between which a figure lies."""
        fact = self.facts[key]
        if fact.type is FactType.DATE:
            return DAYS
        low = None if fact.may_be_negative or fact.type is FactType.POINTS else Fraction(0)
        return low, Fraction(1) if self.is_usual and fact.type is FactType.PERCENT else None

    def whole_of(self, key: str) -> str | None:
        """The figure that this one is a part of."""
        part_of = self.facts[key].part_of
        if part_of is None:
            return None
        records, _, column = key.rpartition(COLUMN)
        return (
            f"{records}{COLUMN}{part_of}" if column != key and f"{records}{COLUMN}{part_of}" in self.facts else part_of
        )

    def with_wholes(self, keys: Iterable[str]) -> list[str]:
        """Keys with the figures they are parts of, wholes first, each once."""
        found: dict[str, None] = {}
        for key in keys:
            found |= self.once((Unknown, key), partial(self._up_to_whole, key))
        return list(found)

    def _up_to_whole(self, key: str) -> dict[str, None]:
        """A key below the figures it is a part of, the outermost first."""
        seen: list[str] = []
        step: str | None = key
        while step is not None and step not in seen:
            seen.append(step)
            step = self.whole_of(step)
        return dict.fromkeys(reversed(seen))

    def unknown(self, key: str) -> Unknown:
        return Unknown(key, key in self.steps or self.facts[key].type in (FactType.COUNT, FactType.DATE))

    def is_plain(self, key: str) -> bool:
        """Whether a figure is counted from zero in ones."""
        return key not in self.steps and self.facts[key].type not in (FactType.DATE, FactType.PERCENT)

    def scale(self, key: str) -> Fraction | int:
        """The step in which a figure is counted: that of points that people award, one percent."""
        if self.facts[key].type is FactType.PERCENT:
            return PER_CENT
        return self.steps.get(key, 1)

    def rows(self, keys: Iterable[str]) -> Iterator[Row]:
        """What the facts say of these figures, each counted from its origin in its steps."""
        for key in keys:
            yield from self.once((Row, key), partial(tuple, self._rows(key)))

    def _rows(self, key: str) -> Iterator[Row]:
        (low, high), origin, scale = self.span(key), self.origin(key), self.scale(key)
        if low is not None:
            yield Row(((key, 1),), (origin - low) / scale)
        if high is not None:
            yield Row(((key, -1),), (high - origin) / scale)
        yield from self.whole_rows(key)

    def whole_rows(self, key: str) -> Iterator[Row]:
        """That a figure never exceeds the one it is a part of."""
        whole = self.whole_of(key)
        if whole is not None and whole != key:
            yield Row(((whole, 1), (key, -1)), Fraction(0))

    def values(self, found: Values) -> dict[str, Exact]:
        """Figures from the unknowns they were counted by."""
        return {key: self.origin(key) + self.scale(key) * value for key, value in found.items()}


@frozen
class Named:
    """The figures of a ruleset by key: those of units, the options of surveys, the columns of records."""

    rules: Ruleset

    @cached_property
    def facts(self) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for fact in self.rules.facts_by_name.values():
            found[fact.name] = fact
            found |= {f"{fact.name}.{option}": Fact(f"{fact.name}.{option}", label) for option, label in fact.options}
            found |= {f"{fact.name}{COLUMN}{column.name}": column for column in fact.fields}
        return found


def domain_of(rules: Ruleset) -> Domain:
    """The domain of every figure a ruleset declares."""
    return Domain(Named(rules).facts, example_day(rules))


def stepped(domain: Domain, rule: Rule) -> Domain:
    """The domain of a rule: the points that people award in it come in its steps."""
    steps = {award.fact: award.step for award in _awards(rule) if award.step is not NOT_STATED}
    return evolve(domain, steps=steps, memo={}) if steps else domain


def _awards(rule: Rule) -> Iterator[Awarded]:
    if isinstance(rule, Awarded):
        yield rule
    for part in parts_of(rule):
        yield from _awards(part)


NO_YEAR = datetime.date(2024, 7, 1)
"""A day in a leap year, for rulesets that state no day from which they apply."""


def example_day(rules: Ruleset) -> datetime.date:
    """The day near which witnesses choose days: the middle of the first year in which the ruleset applies."""
    since = rules.application.since
    if since is NOT_STATED:
        return NO_YEAR
    leaps = any(_is_leap_day(fact.given) for fact in rules.facts_by_name.values())
    year = since.year + (-since.year % 4 if leaps else 0)
    return datetime.date(year, 7, 1)


def _is_leap_day(given: datetime.date | DayOfYear | None) -> bool:
    return isinstance(given, DayOfYear) and (given.day, given.month) == (29, 2)
