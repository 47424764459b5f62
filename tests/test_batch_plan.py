"""A plan says of every row that is not odd what the exact engine says, and makes odd every row that it refuses."""

from fractions import Fraction
from random import Random

from attrs import evolve
from hypothesis import event, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.batch.plan import Held, Plan, plan_of
from cchc_index.batch.requests import as_figures, may_be_asked
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.strategies import scored
from plan_rows import Row, nothing_of, row_of, scales_of, value_of

HALF = 0.5


def lacks(plan: Plan, figures: Figures, row: Row) -> bool:
    """Whether a figure is not there that this row looks at."""
    return any(value_of(plan.looks[name], row) for name in plan.needed if not figures.has(name))


def has_holes(plan: Plan, figures: Figures) -> bool:
    """Whether a record lacks something; a column beside the plan says so of the whole list."""
    lists = (
        (plan.rules.facts_by_name[name].fields, value) for name, value in figures.items() if isinstance(value, tuple)
    )
    return any(field.name not in record for fields, value in lists for record in value for field in fields)


def is_odd(plan: Plan, figures: Figures, row: Row) -> bool:
    checks = (check.test for check in plan.checks if all(figures.has(name) for name in check.names))
    return any(value_of(test, row) for test in (plan.odd, *checks))


def said(plan: Plan, held: Held, row: Row) -> object:
    return Fraction(value_of(held.value, row), plan.common) if value_of(held.stated, row) else NOT_STATED


def every_line(card: Card) -> list[Line]:
    def under(line: Line) -> list[Line]:
        return [line, *(inner for child in line.children for inner in under(child))]

    return [one for line in (*card.lines, *card.adjustments) for one in under(line)]


def told_by_plan(plan: Plan, row: Row) -> object:
    lines = {line.code: (said(plan, line.points, row), said(plan, line.whole, row)) for line in plan.lines}
    grade = plan.grades[value_of(plan.grade, row)]
    return lines, said(plan, plan.points, row), said(plan, plan.whole, row), grade, value_of(plan.ranked, row)


def told_by_engine(card: Card) -> object:
    lines = {line.code: (line.points, line.max_points) for line in every_line(card)}
    return lines, card.points, card.max_points, card.grade, card.ranked


def asked_for(rules: Ruleset, unit: Submission) -> tuple[Plan, Figures, Row]:
    """The plan and the row of a unit, with what it asks to be left out as figures."""
    asking, (asked,) = as_figures(rules, [unit])
    figures = read_figures(asking.facts_by_name, asked)
    scales = scales_of(asking, figures)
    plan = plan_of(asking, scales)
    return plan, figures, nothing_of(plan) | row_of(plan, figures, scales)


def agree(rules: Ruleset, unit: Submission) -> str:
    plan, figures, row = asked_for(rules, unit)
    if lacks(plan, figures, row):
        return "not for the plan"
    if is_odd(plan, figures, row):
        return "odd"
    assert told_by_plan(plan, row) == told_by_engine(cchc.score(rules, unit))
    return "by the plan"


def only_looked_at(rules: Ruleset, unit: Submission) -> Submission:
    """The unit without the figures that its row does not look at."""
    plan, _, row = asked_for(rules, unit)
    looked = {name.partition(".")[0] for name in plan.needed if value_of(plan.looks[name], row)}
    return evolve(unit, figures={name: value for name, value in unit.figures.items() if name in looked})


@settings(max_examples=500, deadline=None)
@given(scored(whole=True))
def test_a_plan_says_what_the_engine_says(pair: tuple[Ruleset, Submission]) -> None:
    event(agree(*pair))


@settings(max_examples=300, deadline=None)
@given(scored(whole=True), st.randoms(use_true_random=False))
def test_a_unit_needs_only_the_figures_that_its_row_looks_at(pair: tuple[Ruleset, Submission], r: Random) -> None:
    rules, unit = pair
    codes = [code for code in may_be_asked(rules) if r.random() < HALF]
    asking = evolve(unit, exemptions=dict.fromkeys(codes, ""), period=PERIOD)
    less = only_looked_at(rules, asking)
    event("without some figures" if len(less.figures) < len(unit.figures) else "whole")
    assert agree(rules, less) == agree(rules, asking)


@settings(max_examples=300, deadline=None)
@given(scored(plain=True, whole=True))
def test_a_plan_of_a_plain_ruleset_says_what_the_engine_says(pair: tuple[Ruleset, Submission]) -> None:
    event(agree(*pair))


def test_the_shipped_sets_are_compiled() -> None:
    for name in cchc.rulesets():
        plan_of(cchc.load(name))
