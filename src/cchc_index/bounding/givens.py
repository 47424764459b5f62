"""What the missing figures of a unit may still be: the domain of lint, with every figure that is given put in.

A figure that is missing takes every value that a submission may give it. On a day `on`, a day that is not given has not
come yet: it is that day or a later one. Records that are missing altogether may be any, one or more of them.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm

from attrs import evolve, field, frozen

from cchc_index.checking.lint.domains import COLUMN, Domain, Named, Span, example_day
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures
from cchc_index.measures import Fact, FactType
from cchc_index.points import Exact
from cchc_index.rules import Awarded, Rule, parts_of
from cchc_index.solving.rows import Row
from cchc_index.sources import NOT_STATED


@frozen
class Missing(Domain):
    """The figures of one unit: those given are numbers and options, the others may be anything their facts allow."""

    known: Mapping[str, Exact] = field(factory=dict)
    chosen: Mapping[str, str] = field(factory=dict)
    filled: Mapping[str, Exact] = field(factory=dict)
    """By whole: the greatest of its parts that is given."""
    listed: frozenset[str] = frozenset()
    """The records that are given."""
    since: int | None = None

    def fixed(self, key: str) -> Exact | None:
        return self.known.get(key)

    def options(self, key: str) -> tuple[str, ...]:
        given = self.chosen.get(key)
        found: tuple[str, ...] = super().options(key) if given is None else (given,)
        return found

    def span(self, key: str) -> Span:
        low, high = super().span(key)
        is_day = self.facts[key].type is FactType.DATE and key.count(COLUMN) != 1
        lows = [low, self.since if is_day else None, self.filled.get(key)]
        return max((Fraction(end) for end in lows if end is not None), default=None), high

    def with_wholes(self, keys: Iterable[str]) -> list[str]:
        return [key for key in super().with_wholes(keys) if key not in self.known]

    def whole_rows(self, key: str) -> Iterator[Row]:
        whole, origin, scale = self.whole_of(key), self.origin(key), self.scale(key)
        if whole in self.known and whole is not None:
            yield Row(((key, -1),), Fraction(self.known[whole] - origin) / scale)
        else:
            yield from super().whole_rows(key)

    def is_missing(self, key: str) -> bool:
        return key not in self.known and key not in self.chosen and key not in self.listed

    def free(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys that are missing, with the missing figures they are parts of."""
        found = [key for key in keys if self.is_missing(key)]
        return frozenset((*found, *self.with_wholes(key for key in found if not self.is_chosen(key))))


def missing_in(rules: Ruleset, unit: Submission, figures: Figures, on: datetime.date | None) -> Missing:
    """The domain of what a unit has not given yet."""
    facts = dict(Named(rules).facts) | dict(_columns(rules, figures))
    given = dict(_given(rules, figures))
    numbers = {key: value for key, value in given.items() if not isinstance(value, str)}
    day = on or (unit.period.start if unit.period else example_day(rules))
    found = Missing(
        facts,
        day,
        known=numbers,
        chosen={key: value for key, value in given.items() if isinstance(value, str)},
        listed=frozenset(fact.name for fact in rules.facts_by_name.values() if _is_table(fact, figures)),
        since=on.toordinal() if on else None,
        steps=dict(_steps(rules)),
    )
    return evolve(found, filled=_filled(found))


def _filled(domain: Missing) -> dict[str, Exact]:
    found: dict[str, Exact] = {}
    for key, value in domain.known.items():
        whole = domain.whole_of(key)
        if whole is not None and domain.is_missing(whole):
            found[whole] = max(value, found.get(whole, value))
    return found


def _columns(rules: Ruleset, figures: Figures) -> Iterator[tuple[str, Fact]]:
    """The columns of each record that is given, by key: `ho_so/0/ngay_tra`."""
    for fact in rules.facts_by_name.values():
        for number in range(len(figures[fact.name]) if _is_table(fact, figures) else 0):
            yield from ((f"{fact.name}{COLUMN}{number}{COLUMN}{column.name}", column) for column in fact.fields)


def _is_table(fact: Fact, figures: Figures) -> bool:
    return fact.type is FactType.RECORDS and figures.has(fact.name)


def _given(rules: Ruleset, figures: Figures) -> Iterator[tuple[str, Exact | str]]:
    for fact in rules.facts_by_name.values():
        if _is_table(fact, figures):
            for number, record in enumerate(figures[fact.name]):
                columns = [column.name for column in fact.fields if record.has(column.name)]
                yield from ((f"{fact.name}{COLUMN}{number}{COLUMN}{name}", record[name]) for name in columns)
        else:
            names = [f"{fact.name}.{option}" for option, _ in fact.options] if fact.options else []
            yield from ((name, figures[name]) for name in (fact.name, *names) if figures.has(name))


def _steps(rules: Ruleset) -> Iterator[tuple[str, Fraction]]:
    """The step of each figure that people award, in the coarsest terms that every rule accepts."""
    found: dict[str, Fraction] = {}
    for award in _awards(rules.walk()):
        if award.step is not NOT_STATED:
            found[award.fact] = _common(found.get(award.fact, award.step), award.step)
    yield from found.items()


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The least number that is a multiple of both."""
    scale = lcm(one.denominator, other.denominator)
    return Fraction(lcm(int(one * scale), int(other * scale)), scale)


def _awards(criteria: Iterable[Criterion]) -> Iterator[Awarded]:
    for criterion in criteria:
        if criterion.rule is not NOT_STATED:
            yield from _awards_in(criterion.rule)


def _awards_in(rule: Rule) -> Iterator[Awarded]:
    if isinstance(rule, Awarded):
        yield rule
    for part in parts_of(rule):
        yield from _awards_in(part)
