"""A plan says of every row that is not odd what the exact engine says, and makes odd every row that it refuses."""

from fractions import Fraction

from hypothesis import event, given, settings

import cchc_index as cchc
from cchc_index.batch.plan import Held, Plan, plan_of
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.scoring.score import score_figures
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED
from cchc_index.testing.strategies import scored
from plan_rows import Row, row_of, scales_of, value_of


def lacks(plan: Plan, figures: Figures) -> bool:
    return not all(figures.has(name) for name in plan.needed)


def is_odd(plan: Plan, row: Row) -> bool:
    checks = (check.test for check in plan.checks if set(check.names) <= set(row))
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


def agree(rules: Ruleset, unit: Submission) -> str:
    figures = read_figures(rules.facts_by_name, unit)
    scales = scales_of(rules, figures)
    plan = plan_of(rules, scales)
    if unit.exemptions or lacks(plan, figures):
        return "not for the plan"
    row = row_of(plan, figures, scales)
    if is_odd(plan, row):
        return "odd"
    assert told_by_plan(plan, row) == told_by_engine(score_figures(rules, unit, figures))
    return "by the plan"


@settings(max_examples=500, deadline=None)
@given(scored(whole=True))
def test_a_plan_says_what_the_engine_says(pair: tuple[Ruleset, Submission]) -> None:
    event(agree(*pair))


@settings(max_examples=300, deadline=None)
@given(scored(plain=True, whole=True))
def test_a_plan_of_a_plain_ruleset_says_what_the_engine_says(pair: tuple[Ruleset, Submission]) -> None:
    event(agree(*pair))


def test_the_shipped_sets_are_compiled() -> None:
    for name in cchc.rulesets():
        plan_of(cchc.load(name))
