"""Values without their words: what is left when quotes, readings and labels, which move no points, are taken away.

>>> from cchc_index.rules import constant
>>> bare(constant(Fraction(1))) == constant(Fraction(1))
True
"""

from fractions import Fraction
from typing import Any

from attrs import evolve

from cchc_index.criteria import Criterion, GradeScale, Ruleset
from cchc_index.measures import Fact
from cchc_index.rules import Average, Piecewise, Rounding, Rule, Sum, Switch, Table
from cchc_index.sources import NOT_STATED


def bare(rule: Rule) -> Rule:
    """A rule without its quotes and labels."""
    match rule:
        case Piecewise(_, pieces):
            return evolve(rule, pieces=tuple(evolve(piece, basis=NOT_STATED) for piece in pieces))
        case Table(_, options):
            return evolve(rule, options=tuple(evolve(option, basis=NOT_STATED) for option in options))
        case Sum(terms):
            return evolve(rule, terms=tuple(evolve(t, rule=bare(t.rule), label="", basis=NOT_STATED) for t in terms))
        case Switch(cases):
            return evolve(rule, cases=tuple(evolve(c, rule=bare(c.rule), basis=NOT_STATED) for c in cases))
        case Average(_, inner, rounding):
            return evolve(rule, rule=bare(inner), rounding=rounding and evolve(rounding, basis=NOT_STATED))
    return evolve(rule, basis=NOT_STATED)


def step_of(rounding: Rounding | None) -> Fraction | None:
    return rounding.step if rounding else None


def scoring_of(criterion: Criterion) -> tuple[Any, ...]:
    """What of a criterion has a say in its own points; its parts are left out."""
    rule = criterion.rule
    return (
        rule if rule is NOT_STATED else bare(rule),
        tuple((exemption.policy, exemption.when) for exemption in criterion.exemptions),
        step_of(criterion.rounding),
        tuple((note.kind, note.when) for note in criterion.notes if note.when),
        bool(criterion.children),
    )


def read_as(fact: Fact) -> tuple[Any, ...]:
    """What of a figure has a say in how it is read."""
    options = tuple(name for name, _ in fact.options)
    fields = tuple((inner.name, read_as(inner)) for inner in fact.fields)
    return fact.type, options, fact.part_of, fact.may_be_negative, fields, fact.given


def skeleton_of(rules: Ruleset) -> tuple[Any, ...]:
    """What stands around the criteria and has a say in totals, index, grade and rank."""
    return (
        tuple(_branch(criterion) for criterion in rules.criteria),
        tuple((adjustment.kind, _branch(adjustment.criterion)) for adjustment in rules.adjustments),
        rules.max_points,
        step_of(rules.rounding),
        rules.index_basis is NOT_STATED,
        tuple(scale_of(scale) for scale in rules.scales),
        rules.ranking and (rules.ranking.on, rules.ranking.unranked_when),
        {name: read_as(fact) for name, fact in rules.facts_by_name.items()},
        tuple(note.when for note in rules.notes if note.when),
    )


def scale_of(scale: GradeScale) -> tuple[Any, ...]:
    """A scale of grades without its quotes."""
    return scale.on, scale.when, tuple(evolve(grade, basis=NOT_STATED) for grade in scale.grades)


def _branch(criterion: Criterion) -> tuple[Any, ...]:
    return criterion.code, criterion.max_points, tuple(_branch(child) for child in criterion.children)
