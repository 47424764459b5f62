"""One criterion of a ruleset, alone: the figures it looks at, and its points for a unit that gives only those."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import evolve, fields, frozen, has

from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Policy, Ruleset
from cchc_index.errors import CchcError, MissingFacts, Text
from cchc_index.facts import Submission
from cchc_index.measures import Fact, FactType, Linear, names_of_condition
from cchc_index.rules import Rule, own_names, parts_of
from cchc_index.scoring.say import say_policy
from cchc_index.scoring.score import score_part
from cchc_index.sources import NOT_STATED


@frozen
class Side:
    """A criterion as it stands in one version; `kind` is that of bonus or penalty, None for one in the tree."""

    rules: Ruleset
    criterion: Criterion
    kind: AdjustmentKind | None = None

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The declared figures that the criterion looks at, by name."""
        known = self.rules.facts_by_name
        bases = {name.partition(".")[0] for name in names_in(self.criterion)}
        return {name: known[name] for name in sorted(bases & set(known))}


@frozen
class Result:
    """What a criterion gives: its points, or in words why there are none or what is done instead."""

    points: Fraction | None
    policy: Policy | None = None
    reason: Text | None = None

    @property
    def key(self) -> tuple[Fraction | None, Policy | None]:
        """What has a say in scores; two reasons for no points are the same."""
        return self.points, self.policy


def names_in(criterion: Criterion) -> Iterator[str]:
    """The figures that a criterion, its rule or its parts look at, those inside records too."""
    if criterion.rule is not NOT_STATED:
        yield from names_in_rule(criterion.rule)
    conditions = [exemption.when for exemption in criterion.exemptions] + [note.when for note in criterion.notes]
    for condition in conditions:
        yield from names_of_condition(condition) if condition else ()
    for child in criterion.children:
        yield from names_in(child)


def names_in_rule(rule: Rule) -> Iterator[str]:
    """The figures that a rule looks at, those inside records too."""
    yield from own_names(rule)
    for part in parts_of(rule):
        yield from names_in_rule(part)


def alone(side: Side) -> Ruleset:
    """The ruleset with this criterion only, for figures that it looks at."""
    criterion = _without_facts(side.criterion)
    return evolve(
        side.rules,
        criteria=() if side.kind else (criterion,),
        adjustments=(Adjustment(side.kind, criterion),) if side.kind else (),
        facts=tuple(side.facts.values()),
        max_points=NOT_STATED,
        documents=(),
        rounding=None,
        scales=(),
        ranking=None,
        notes=(),
        dropped=(),
    )


def _without_facts(criterion: Criterion) -> Criterion:
    """The criterion with its rule alone: what can only be looked at gives no points, and asks for other figures."""
    inner = tuple(_without_facts(child) for child in criterion.children)
    return evolve(criterion, facts=(), observations=(), children=inner)


def result_of(rules: Ruleset, code: str, unit: Submission) -> Result:
    """What the one criterion of a ruleset gives a unit. Raises MissingFacts."""
    known = rules.facts_by_name
    figures = {name: _fitted(known[name], value) for name, value in unit.figures.items() if name in known}
    try:
        line = score_part(rules, evolve(unit, figures=figures))[code]
    except MissingFacts:
        raise
    except CchcError as error:
        return Result(None, reason=error.faults[0].message)
    points = None if line.points is NOT_STATED else line.points
    if line.exempted:
        policy = line.exempted.exemption.policy
        return Result(points, policy, say_policy(policy))
    return Result(points, reason=None if points is not None else Text("không quy định", "not stated"))


def _fitted(fact: Fact, value: Any) -> Any:
    """A figure without the columns of records and the options of a survey that this version does not know."""
    if fact.type is FactType.RECORDS and isinstance(value, list):
        columns = {column.name for column in fact.fields}
        return [{name: one for name, one in record.items() if name in columns} for record in value]
    if fact.type is FactType.SURVEY and isinstance(value, dict):
        return {name: one for name, one in value.items() if name in dict(fact.options)}
    return value


def with_fixed(value: Any, numbers: dict[str, int]) -> Any:
    """A value of the algebra with figures that are fixed put in as numbers."""
    if isinstance(value, Linear):
        fixed = sum(coefficient * numbers[name] for name, coefficient in value.terms if name in numbers)
        return Linear(tuple(term for term in value.terms if term[0] not in numbers), value.constant + fixed)
    if isinstance(value, tuple):
        return tuple(with_fixed(item, numbers) for item in value)
    if has(type(value)):
        return evolve(value, **{f.name: with_fixed(getattr(value, f.name), numbers) for f in fields(type(value))})
    return value
