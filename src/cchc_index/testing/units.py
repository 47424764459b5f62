"""Submissions that are valid for a given ruleset: a value of its type for every figure that units declare.

Parts never exceed their wholes, awarded points keep to their bounds and steps, and figures are small, so that they
often stand on an end point. Scoring a valid submission gives points, or tells that the decision gives none.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

from cchc_index.checking.lint.domains import example_day
from cchc_index.criteria import Ruleset
from cchc_index.facts import Period, Submission
from cchc_index.measures import Fact, FactType
from cchc_index.rules import Awarded, Rule, parts_of
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import chance

UNIT = "Đơn vị thử"


def make_unit(r: Random, rules: Ruleset) -> Submission:
    """A submission with every figure of a ruleset.

    >>> import cchc_index as cchc
    >>> unit = make_unit(Random(0), cchc.load("dong-nai/cap-xa/2022"))
    >>> sorted(unit.figures)
    ['bang_dien_tu', 'da_xong', 'de_ra', 'mang_xa_hoi', 'truyen_thong']
    """
    return unit_with(rules, make_figures(r, rules))


def unit_with(rules: Ruleset, figures: Mapping[str, Any]) -> Submission:
    """The submission of these figures, for the year in which the ruleset applies."""
    year = example_day(rules).year
    period = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    return Submission(UNIT, figures, rules.id, rules.version, period, mark=",")


def make_figures(r: Random, rules: Ruleset) -> dict[str, Any]:
    """A value for every figure that units declare."""
    return make_values(r, rules, rules.facts_by_name.values())


def make_values(r: Random, rules: Ruleset, facts: Iterable[Fact]) -> dict[str, Any]:
    """A value for each of these figures of a ruleset, or of one of its records."""
    known = {fact.name: fact for fact in facts if fact.given is None}
    return within_wholes(known, {name: _value(r, rules, fact) for name, fact in known.items()})


def _value(r: Random, rules: Ruleset, fact: Fact) -> Any:
    match fact.type:
        case FactType.YES_NO:
            return chance(r, 2)
        case FactType.CHOICE:
            return r.choice(fact.options)[0]
        case FactType.DATE:
            return example_day(rules) + datetime.timedelta(r.choice((r.randint(-3, 3), r.randint(-200, 200))))
        case FactType.SURVEY:
            return {option: count(r) for option, _ in fact.options}
        case FactType.RECORDS:
            return [make_values(r, rules, fact.fields) for _ in range(r.randint(1, 3))]
        case FactType.POINTS:
            return r.choice(awards_of(rules).get(fact.name, [Fraction(0), Fraction(1)]))
        case FactType.LABEL:
            return r.choice("abc")
        case FactType.PERCENT:
            return Fraction(r.choice((r.randint(0, 100), r.randint(0, 20) * 5)), 100)
        case FactType.AMOUNT:
            sign = -1 if fact.may_be_negative and chance(r, 3) else 1
            return sign * Fraction(count(r), r.choice((1, 1, 2, 10)))
    return count(r)


def count(r: Random) -> int:
    """A count, most often a small one."""
    return r.choice((r.randint(0, 5), r.randint(0, 20), r.randint(0, 100), r.randint(0, 1000)))


def within_wholes(facts: Mapping[str, Fact], figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same figures, each part cut down to its whole."""
    found = dict(figures)
    for name in sorted(figures, key=lambda name: _depth(facts, name)):
        whole = facts[name].part_of
        if whole in found:
            found[name] = min(found[name], found[whole])
    return found


def _depth(facts: Mapping[str, Fact], name: str, seen: frozenset[str] = frozenset()) -> int:
    """How many wholes stand above a part."""
    whole = facts[name].part_of if name in facts else None
    return 0 if whole is None or name in seen else 1 + _depth(facts, whole, seen | {name})


MOST_STEPS = 40


def awards_of(rules: Ruleset) -> dict[str, list[Fraction]]:
    """For each figure that people award, points that every rule which looks at it allows; of any, where none are."""
    asked: dict[str, list[Awarded]] = {}
    for criterion in rules.walk():
        for award in () if criterion.rule is NOT_STATED else _awards(criterion.rule):
            asked.setdefault(award.fact, []).append(award)
    return {name: _allowed(awards) for name, awards in asked.items()}


def _allowed(awards: list[Awarded]) -> list[Fraction]:
    every = sorted({points for award in awards for points in _steps(award)})
    return [points for points in every if all(_may_be(points, award) for award in awards)] or every


def _may_be(points: Fraction, award: Awarded) -> bool:
    is_step = award.step is NOT_STATED or points % award.step == 0
    return is_step and (award.low is None or points >= award.low) and (award.high is None or points <= award.high)


def _awards(rule: Rule) -> Iterator[Awarded]:
    if isinstance(rule, Awarded):
        yield rule
    for part in parts_of(rule):
        yield from _awards(part)


def _steps(rule: Awarded) -> Iterator[Fraction]:
    step = Fraction(1, 4) if rule.step is NOT_STATED else rule.step
    low = Fraction(0) if rule.low is None else rule.low
    high = low + 4 if rule.high is None else rule.high
    first = -(-low // step)
    last = min(high // step, first + MOST_STEPS)
    yield from (step * number for number in range(int(first), int(last) + 1))
