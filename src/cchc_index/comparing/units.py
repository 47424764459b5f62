"""Units made of the figures of a region: typed as their facts declare, with records where records are looked at."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, islice, product
from typing import Any

from attrs import frozen

from cchc_index.comparing.alone import Side, names_in_rule, with_fixed
from cchc_index.comparing.paths import Paths
from cchc_index.comparing.regions import Region, Space
from cchc_index.comparing.witnesses import Solver
from cchc_index.criteria import Criterion
from cchc_index.facts import Period, Submission
from cchc_index.measures import DayOfYear, Fact, FactType
from cchc_index.points import Exact
from cchc_index.rules import Average, Rule, parts_of
from cchc_index.solving.rows import Unproven, Values
from cchc_index.sources import NOT_STATED

NAME = "…"
MOST_LISTS = 80
MOST_RECORDS = 12
LONGEST = 3
Records = list[dict[str, Any]]


def period_of(sides: Sequence[Side]) -> Period:
    """A year in which both versions can be scored: that in which the first side's set starts, where it says so."""
    days = [side.rules.application.since for side in sides]
    days += [document.date for side in sides for document in side.rules.documents]
    years = [day.year for day in days if isinstance(day, datetime.date)] or [2025]
    fixed = [fact.given for side in sides for fact in side.facts.values() if isinstance(fact.given, DayOfYear)]
    year = next(year for year in range(years[0], years[0] + 9) if all(_exists(day, year) for day in fixed))
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _exists(day: DayOfYear, year: int) -> bool:
    try:
        datetime.date(year, day.month, day.day)
    except ValueError:
        return False
    return True


def fixed_in(side: Side, period: Period) -> Criterion:
    """The criterion with the days that its ruleset fixes put in as numbers."""
    numbers = {name: _ordinal(fact.given, period) for name, fact in side.facts.items() if fact.given}
    found: Criterion = with_fixed(side.criterion, numbers) if numbers else side.criterion
    return found


def _ordinal(given: datetime.date | DayOfYear | None, period: Period) -> int:
    if isinstance(given, DayOfYear):
        return datetime.date(period.end.year, given.month, given.day).toordinal()
    assert given is not None
    return given.toordinal()


def space_of(sides: Sequence[Side]) -> Space:
    """What the figures of both versions can be: where they read a figure differently, all that either takes."""
    old, new = (side.facts for side in sides)
    return Space({name: fact for name, fact in _joined(old, new).items() if fact.given is None})


def _joined(old: Mapping[str, Fact], new: Mapping[str, Fact]) -> dict[str, Fact]:
    both = {name: _either(old[name], new[name]) for name in old if name in new}
    return {**old, **new, **both}


def _either(one: Fact, other: Fact) -> Fact:
    options = {**dict(one.options), **dict(other.options)}
    columns = _joined({fact.name: fact for fact in one.fields}, {fact.name: fact for fact in other.fields})
    return Fact(
        other.name,
        other.label,
        other.type,
        options=tuple(options.items()),
        part_of=other.part_of if one.part_of == other.part_of else None,
        may_be_negative=one.may_be_negative or other.may_be_negative,
        fields=tuple(columns.values()),
        given=one.given and other.given,
    )


def is_number(space: Space, name: str) -> bool:
    return space.type_of(name) not in (FactType.YES_NO, FactType.CHOICE, FactType.RECORDS, FactType.LABEL)


def is_choice(space: Space, name: str) -> bool:
    return space.type_of(name) in (FactType.YES_NO, FactType.CHOICE)


@frozen
class Maker:
    """Makes units for two versions of a criterion out of regions, and says how small they are."""

    space: Space
    names: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    period: Period

    @property
    def numbers(self) -> list[str]:
        return [name for name in self.names if is_number(self.space, name)]

    @property
    def choices(self) -> list[str]:
        return [name for name in self.names if is_choice(self.space, name)]

    @property
    def base(self) -> int:
        """The day from which dates are counted."""
        return self.period.start.toordinal()

    def solver(self) -> Solver:
        return Solver(self.space, self.base)

    def size(self, given: Values, region: Region) -> int:
        """How small figures are: small are low numbers, plain fractions, days near the start, and «no»."""
        dates = {name for name in given if self.space.type_of(name) is FactType.DATE}
        numbers = (Fraction(value - self.base if name in dates else value) for name, value in given.items())
        telling = (name for name in self.choices if self._option(region, name) != self.space.options_of(name)[0])
        return sum(abs(number.numerator) + number.denominator - 1 for number in numbers) + len(list(telling))

    def units(self, region: Region, given: Values) -> Iterator[Submission]:
        """Units with these figures, one for each list of records that may tell the versions apart."""
        chosen = {name: self._option(region, name) for name in self.choices}
        tables = [name for name in self.names if self.space.type_of(name) is FactType.RECORDS]
        for lists in islice(product(*(self._lists(name) for name in tables)), MOST_LISTS):
            flat = {**given, **{name: value for rest, _ in lists for name, value in rest.items()}}
            records = {name: table for name, (_, table) in zip(tables, lists, strict=True)}
            yield Submission(NAME, {**_typed(self.space, flat), **chosen, **records}, period=self.period)

    def _option(self, region: Region, name: str) -> str:
        allowed = self.space.options_in(region, name)
        return next(option for option in self.space.options_of(name) if option in allowed)

    def _lists(self, name: str) -> list[tuple[Values, Records]]:
        """Lists of one to three records of the kinds that the rules inside tell apart, the shortest first."""
        kinds = list(self._kinds(name))
        lists = (chosen for length in range(1, LONGEST + 1) for chosen in combinations_with_replacement(kinds, length))
        found = [
            ({n: v for rest, _ in chosen for n, v in rest.items()}, [dict(r) for _, r in chosen]) for chosen in lists
        ]
        return found[:MOST_LISTS] or [({}, [])]

    def _kinds(self, name: str) -> Iterator[tuple[Values, dict[str, Any]]]:
        """One or two records for each way through the rules inside, with the figures of the unit that they lean on."""
        columns = {column.name for column in self.space.facts[name].fields}
        rules = [rule for criterion in self.criteria for rule in _inner_rules(criterion, name)]
        inside = with_columns(self.space, name)
        looked = tuple(
            sorted(
                {figure for rule in rules for figure in names_in_rule(rule) if figure.partition(".")[0] in inside.facts}
            )
        )
        inner = Maker(inside, looked, (), self.period)
        for region, _ in islice(Paths(inside).several(rules, Region()), MOST_RECORDS):
            for given in _some(inner.solver(), region, inner.numbers):
                own = {figure: value for figure, value in given.items() if figure in columns}
                chosen = {figure: inner._option(region, figure) for figure in inner.choices if figure in columns}
                yield {n: v for n, v in given.items() if n not in columns}, {**_typed(inside, own), **chosen}


def _some(solver: Solver, region: Region, names: Sequence[str]) -> list[Values]:
    try:
        return list(islice(solver.solutions(region, names), 2))
    except Unproven:
        return []


def rules_in(rule: Rule) -> Iterator[Rule]:
    """A rule and every rule inside it."""
    yield rule
    for part in parts_of(rule):
        yield from rules_in(part)


def _inner_rules(criterion: Criterion, records: str) -> Iterator[Rule]:
    for one in criterion.walk():
        for rule in () if one.rule is NOT_STATED else rules_in(one.rule):
            if isinstance(rule, Average) and rule.records == records:
                yield rule.rule


def with_columns(space: Space, records: str) -> Space:
    """The figures that a rule inside records can look at: the columns, then the unit's own."""
    return Space({**space.facts, **{column.name: column for column in space.facts[records].fields}})


def _typed(space: Space, given: Mapping[str, Exact]) -> dict[str, Any]:
    """Figures as a submission gives them: whole numbers, fractions, days, a survey with its options."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        base, _, option = name.partition(".")
        if option:
            found.setdefault(base, {})[option] = int(value)
        elif space.type_of(name) is FactType.DATE:
            found[name] = datetime.date.fromordinal(int(value))
        else:
            plain = value.denominator == 1 and space.type_of(name) is not FactType.PERCENT
            found[name] = int(value) if plain else Fraction(value)
    return found
