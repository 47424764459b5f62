"""Submissions near the thresholds of a ruleset: exactly on each, just under, and just over it.

Where a mistake in a scoring table shows, it shows there. The figures are found by the solver of lint, so that they are
the smallest ones, whole where they are counts, and parts never exceed their wholes.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> first = next(thresholds_of(rules))
>>> for side in Side:
...     print(side.value, near(rules, first, side))
on {'de_ra': 1, 'da_xong': 1}
under {'de_ra': 100, 'da_xong': 99}
over None
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from cchc_index.checking.lint.domains import Domain, domain_of, stepped
from cchc_index.checking.lint.regions import EVERYWHERE, Regions, flat, where, where_ratio
from cchc_index.checking.lint.stage import Stage, submission_of
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Condition, Fact, FactType, Interval, Linear, Measure, Within, names_of_measure, tests_of
from cchc_index.points import parse_number
from cchc_index.rules import Average, Piecewise, Rule, Switch, parts_of
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED
from cchc_index.testing.units import make_figures, make_values, unit_with, within_wholes


class Side(Enum):
    """Where the measure stands to its threshold."""

    ON = "on"
    UNDER = "under"
    OVER = "over"


@frozen
class Threshold:
    """An end point of a criterion, with the measure it is compared to; in each record where `records` names some."""

    code: str
    measure: Measure
    end: Fraction
    records: str = ""


def thresholds_of(rules: Ruleset) -> Iterator[Threshold]:
    """Every threshold of a ruleset, in the order of the table, each once."""
    yield from dict.fromkeys(found for criterion in rules.walk() for found in _of_criterion(criterion))


def _of_criterion(criterion: Criterion) -> Iterator[Threshold]:
    if criterion.rule is not NOT_STATED:
        yield from _of_rule(criterion.rule, criterion.code, "")
    whens = [exemption.when for exemption in criterion.exemptions] + [note.when for note in criterion.notes]
    whens += [tier.when for observation in criterion.observations for tier in observation.tiers]
    for when in whens:
        yield from () if when is None else _of_condition(when, criterion.code, "")


def _of_rule(rule: Rule, code: str, records: str) -> Iterator[Threshold]:
    match rule:
        case Piecewise(measure, pieces):
            for piece in pieces:
                yield from _ends(measure, piece.interval, code, records)
        case Switch(cases):
            for case in cases:
                yield from _of_condition(case.when, code, records)
    inside = rule.records if isinstance(rule, Average) else records
    for part in parts_of(rule):
        yield from _of_rule(part, code, inside)


def _of_condition(when: Condition, code: str, records: str) -> Iterator[Threshold]:
    for test in tests_of(when):
        if isinstance(test, Within):
            yield from _ends(test.measure, test.interval, code, records)


def _ends(measure: Measure, interval: Interval, code: str, records: str) -> Iterator[Threshold]:
    ends = (interval.low, interval.high)
    yield from (Threshold(code, measure, end, records) for end in ends if end is not None)


WIDTHS = tuple(Fraction(width) for width in ("1/100", "1/10", "1", "10", "1000"))
"""How far from a threshold just under and just over it may be: the nearest that figures come to is taken."""


def near(rules: Ruleset, threshold: Threshold, side: Side) -> dict[str, Any] | None:
    """The smallest figures that bring the measure to this side of its threshold; None where none are found."""
    criterion = rules[threshold.code]
    domain = domain_of(rules) if criterion.rule is NOT_STATED else stepped(domain_of(rules), criterion.rule)
    stage = Stage(rules, criterion, domain, EVERYWHERE)
    for interval in _intervals(threshold.end, side):
        try:
            point = stage.found(_where(threshold, interval, domain))
        except Unproven:
            continue
        if point is not None:
            found = _exact(rules.facts_by_name, submission_of(stage.witness(point)).figures)
            return _without_awards(rules, threshold, found)
    return None


def _without_awards(rules: Ruleset, threshold: Threshold, figures: dict[str, Any]) -> dict[str, Any] | None:
    """The figures without points that people award, which keep to bounds of their own; None where they are sought."""
    facts = rules.facts_by_name
    kept = {name: value for name, value in figures.items() if facts[name].type is not FactType.POINTS}
    return None if set(names_of_measure(threshold.measure)) & (set(figures) - set(kept)) else kept


def _exact(facts: Mapping[str, Fact], figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures with each percent as a number."""
    found = dict(figures)
    for name, value in figures.items():
        fact = facts[name]
        if isinstance(value, list):
            found[name] = [_exact({field.name: field for field in fact.fields}, record) for record in value]
        elif fact.type is FactType.PERCENT and isinstance(value, str):
            found[name] = parse_number(value, mark=",")
    return found


def _intervals(end: Fraction, side: Side) -> Iterator[Interval]:
    if side is Side.ON:
        yield Interval(end, end, low_closed=True, high_closed=True)
    for width in () if side is Side.ON else WIDTHS:
        under = side is Side.UNDER
        yield Interval(end - width, end, low_closed=True) if under else Interval(end, end + width, high_closed=True)


def _where(threshold: Threshold, interval: Interval, domain: Domain) -> Regions:
    seen, measure = domain.inside(threshold.records), threshold.measure
    if isinstance(measure, Linear):
        return where(flat(measure, seen), interval)
    return where_ratio(flat(measure.top, seen), flat(measure.bottom, seen), interval)


def sides_of(rules: Ruleset) -> Iterator[tuple[Threshold, Side]]:
    """Each side of each threshold, in the order of the table."""
    yield from product(thresholds_of(rules), Side)


def near_units(r: Random, rules: Ruleset) -> Iterator[Submission]:
    """A valid submission for each side of each threshold that figures come to; its other figures are drawn from `r`."""
    for threshold, side in sides_of(rules):
        found = near(rules, threshold, side)
        if found is not None:
            yield near_unit(r, rules, found)


def near_unit(r: Random, rules: Ruleset, found: Mapping[str, Any]) -> Submission:
    """A valid submission with these figures, the others drawn from `r`."""
    figures = make_figures(r, rules)
    for name, value in found.items():
        fields = rules.facts_by_name[name].fields
        figures[name] = [_completed(r, rules, fields, record) for record in value] if fields else value
    return unit_with(rules, within_wholes(rules.facts_by_name, figures))


def _completed(r: Random, rules: Ruleset, fields: tuple[Fact, ...], record: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name: field for field in fields}
    return within_wholes(known, {**make_values(r, rules, fields), **record})
