"""What is kept of every row: the expressions of the plan that give it, and the same values read off an exact card."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from cchc_index.batch.expressions import Expression, Number, constant_of
from cchc_index.batch.plan import Held, Plan
from cchc_index.criteria import Basing, Points, Ruleset
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

CENTS = 100
"""Points are printed to two decimals."""
BASIS_POINTS = 10_000
"""An index is printed to two decimals of a percent."""
Keep = Literal["areas", "all"]


@frozen
class Outcome:
    """The expressions of one plan that are worked out for every row, by the names of the results."""

    plan: Plan
    codes: tuple[str, ...]
    """The criteria whose points are kept."""
    wanted: Mapping[str, Expression]
    shares: int
    """Of how many fractions the value to rank by is a sum: it is kept in parts, and as a float to put rows in order."""


def codes_kept(rules: Ruleset, keep: Keep) -> list[str]:
    """The criteria whose points are kept: the areas, bonus and penalty, or all."""
    if keep == "all":
        return [criterion.code for criterion in rules.walk()]
    outside = [adjustment.criterion.code for adjustment in rules.adjustments]
    return [criterion.code for criterion in rules.criteria] + outside


def outcome_of(plan: Plan, keep: Keep, present: set[str]) -> Outcome:
    """What to work out of a plan for columns with these names."""
    checks = [check.test for check in plan.checks if set(check.names) <= present]
    wanted: dict[str, Expression] = {
        "odd": plan.make.any(plan.odd, *checks),
        "grade": plan.grade,
        "ranked": plan.ranked,
    }
    wanted |= _points(plan, "points", plan.points) | _points(plan, "whole", plan.whole)
    if plan.rules.index_basis is not NOT_STATED:
        make, whole = plan.make, plan.whole.value.whole
        wanted["index"] = make.rounded(plan.points.value, BASIS_POINTS, make.positive(whole))
        stated = make.all(plan.points.stated, plan.whole.stated, make.compare(whole, ">", make.constant(0)))
        wanted["index?"] = stated
    codes = codes_kept(plan.rules, keep)
    for code in codes:
        held = plan.line(code).points
        exact = dict(_exactly(plan, code, held.value)) if keep == "all" else {}
        wanted |= exact | {f"{code}?": held.stated} if exact else _points(plan, code, held)
    ranked_by, shares = _ranked_by(plan) if plan.rules.ranking else ({}, 0)
    return Outcome(plan, tuple(codes), wanted | ranked_by, shares)


def _points(plan: Plan, name: str, held: Held) -> dict[str, Expression]:
    """Points in hundredths, and whether they are stated."""
    cents = plan.make.rounded(held.value, CENTS, plan.make.constant(plan.common))
    return {name: cents, f"{name}?": held.stated}


def _exactly(plan: Plan, code: str, number: Number) -> Iterator[tuple[str, Expression]]:
    """Numerator and denominator of points that are one fraction at most."""
    make, flat = plan.make, plan.make.flattened(number)
    if len(flat.shares) > 1:
        return
    bottom = flat.shares[0].bottom if flat.shares else make.constant(1)
    tops = [make.product(flat.whole, bottom), *(share.top for share in flat.shares)]
    yield f"{code}/top", make.sum(*tops)
    yield f"{code}/bottom", make.scaled(plan.common, bottom)


def _ranked_by(plan: Plan) -> tuple[dict[str, Expression], int]:
    """The value that is ranked by: whole numbers, or a float and the fractions that it stands for; over `over`."""
    flat = plan.make.flattened(plan.points.value)
    parts: dict[str, Expression] = {"key": plan.points.value if flat.shares else flat.whole}
    if flat.shares:
        parts["key whole"] = flat.whole
    for number, share in enumerate(flat.shares):
        parts |= {f"key top {number}": share.top, f"key bottom {number}": share.bottom}
    on_index = plan.rules.ranking is not None and plan.rules.ranking.on is Basing.INDEX
    if on_index and constant_of(plan.whole.value.whole) is None:
        parts["over"] = plan.make.positive(plan.whole.value.whole)
    return parts, len(flat.shares)


def values_of(outcome: Outcome, card: Card) -> dict[str, Any]:
    """The values of one row, as its exact card gives them; the value to rank by is a Fraction."""
    lines = card.by_code
    found: dict[str, Any] = {"odd": True, "grade": _place(outcome.plan.grades, card), "ranked": card.ranked}
    stated: dict[str, Points] = {"points": card.points, "whole": card.max_points}
    stated |= {code: lines[code].points for code in lines if f"{code}?" in outcome.wanted}
    for name, points in stated.items():
        found |= {name: _printed(points, CENTS), f"{name}?": points is not NOT_STATED}
        if f"{name}/top" in outcome.wanted and points is not NOT_STATED:
            found |= {f"{name}/top": points.numerator, f"{name}/bottom": points.denominator}
    if "index" in outcome.wanted:
        found |= {"index": _printed(card.index, BASIS_POINTS), "index?": card.index is not NOT_STATED}
    return found


def _place(grades: Sequence[object], card: Card) -> int:
    return next(number for number, grade in enumerate(grades) if grade is card.grade or grade == card.grade)


def _printed(points: Points, times: int) -> int:
    return 0 if points is NOT_STATED else int(round_half_up(points * times, Fraction(1)))


def value_of(outcome: Outcome, card: Card) -> Points:
    """What is ranked by, in the terms of the plan: points over D, or the index where the maximum differs by row."""
    rules, plan = outcome.plan.rules, outcome.plan
    if rules.ranking is None or rules.ranking.on is not Basing.INDEX:
        return card.points if card.points is NOT_STATED else card.points * plan.common
    whole = constant_of(plan.whole.value.whole)
    return card.index if whole is None or card.index is NOT_STATED else card.index * whole
