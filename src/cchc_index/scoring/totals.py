"""From lines to the whole: applicable maxima, bonus and penalty, rescaling, index, grade."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from cchc_index.criteria import (
    AdjustmentKind,
    Basing,
    Criterion,
    Grade,
    GradeScale,
    Points,
    Policy,
    Ruleset,
)
from cchc_index.points import total
from cchc_index.scoring.trace import Line, share
from cchc_index.sources import NOT_STATED, NotStated


def added(values: Sequence[Points]) -> Points:
    """The sum, or NOT_STATED as soon as one part is."""
    known = [value for value in values if value is not NOT_STATED]
    return NOT_STATED if len(known) < len(values) else total(known)


def applicable(whole: Points, criteria: Sequence[Criterion], lines: Sequence[Line]) -> Points:
    """The declared maximum less what exemptions took away below; without one, the sum of the parts."""
    if whole is NOT_STATED:
        return added([line.max_points for line in lines])
    return _less(whole, added(list(_taken_away(criteria, lines, (Policy.REMOVED, Policy.RESCALED)))))


def _less(whole: Points, part: Points) -> Points:
    return NOT_STATED if whole is NOT_STATED or part is NOT_STATED else whole - part


def scaled_back(points: Points, whole: Points, rules: Ruleset, lines: Sequence[Line]) -> tuple[Points, Points]:
    """Points and maximum with the parts that the decision has rescaled put back: the rest counts for the whole."""
    gone = added(list(_taken_away(rules.criteria, lines, (Policy.RESCALED,))))
    if gone == 0 or whole == 0:
        return points, whole
    if points is NOT_STATED or whole is NOT_STATED or gone is NOT_STATED:
        return NOT_STATED, NOT_STATED
    return points * (whole + gone) / whole, whole + gone


def _taken_away(criteria: Sequence[Criterion], lines: Sequence[Line], policies: tuple[Policy, ...]) -> Iterator[Points]:
    """The declared maxima that exemptions of these policies took out of the tree."""
    for criterion, line in zip(criteria, lines, strict=True):
        if line.exempted is None:
            yield from _taken_away(criterion.children, line.children, policies)
        elif line.exempted.exemption.policy in policies:
            yield criterion.max_points


def with_adjustments(points: Points, rules: Ruleset, adjustments: Iterable[Line]) -> Points:
    """Points of the tree, plus bonus, less penalty."""
    signs = {AdjustmentKind.BONUS: 1, AdjustmentKind.PENALTY: -1}
    parts: list[Points] = [points]
    for adjustment, line in zip(rules.adjustments, adjustments, strict=True):
        sign = signs[adjustment.kind]
        parts.append(NOT_STATED if line.points is NOT_STATED else sign * line.points)
    return added(parts)


def index_of(rules: Ruleset, points: Points, whole: Points) -> Points:
    """The index, where the decision defines one."""
    return NOT_STATED if rules.index_basis is NOT_STATED else share(points, whole)


def grade_in(scale: GradeScale, points: Points, index: Points) -> Grade | Literal[NotStated.NOT_STATED]:
    """The grade of a scale; NOT_STATED where no grade is stated for these points."""
    value = index if scale.on is Basing.INDEX else points
    if value is NOT_STATED:
        return NOT_STATED
    return next((grade for grade in scale.grades if value in grade.interval), NOT_STATED)
