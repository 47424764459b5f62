"""From lines to the whole: applicable maxima, bonus and penalty, rescaling, index, grade."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
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


def added(values: Iterable[Points]) -> Points:
    """The sum, or NOT_STATED as soon as one part is."""
    known: list[Fraction] = []
    for value in values:
        if isinstance(value, NotStated):
            return NOT_STATED
        known.append(value)
    return total(known)


def applicable(whole: Points, criteria: Iterable[Criterion], lines: Iterable[Line]) -> Points:
    """The declared maximum less what exemptions took away below; without one, the sum of the parts."""
    pairs = list(zip(criteria, lines, strict=True))
    if isinstance(whole, NotStated):
        return added(line.max_points for _, line in pairs)
    removed = added(
        _less(criterion.max_points, line.max_points)
        for criterion, line in pairs
        if line.max_points != criterion.max_points
    )
    return _less(whole, removed)


def _less(whole: Points, part: Points) -> Points:
    return NOT_STATED if isinstance(whole, NotStated) or isinstance(part, NotStated) else whole - part


def scaled_back(points: Points, whole: Points, rules: Ruleset, lines: Iterable[Line]) -> tuple[Points, Points]:
    """Points and maximum with the parts that the decision has rescaled put back: the rest counts for the whole."""
    gone = added(_rescaled(rules.criteria, lines))
    if not gone or isinstance(points, NotStated) or isinstance(whole, NotStated) or not whole:
        return points, whole
    if isinstance(gone, NotStated):
        return NOT_STATED, NOT_STATED
    return points * (whole + gone) / whole, whole + gone


def _rescaled(criteria: Iterable[Criterion], lines: Iterable[Line]) -> Iterator[Points]:
    for criterion, line in zip(criteria, lines, strict=True):
        if line.exempted is None:
            yield from _rescaled(criterion.children, line.children)
        elif line.exempted.exemption.policy is Policy.RESCALED:
            yield criterion.max_points


def with_adjustments(points: Points, rules: Ruleset, adjustments: Iterable[Line]) -> Points:
    """Points of the tree, plus bonus, less penalty."""
    signs = {AdjustmentKind.BONUS: 1, AdjustmentKind.PENALTY: -1}
    parts = [points]
    for adjustment, line in zip(rules.adjustments, adjustments, strict=True):
        sign = signs[adjustment.kind]
        parts.append(NOT_STATED if isinstance(line.points, NotStated) else sign * line.points)
    return added(parts)


def index_of(rules: Ruleset, points: Points, whole: Points) -> Points:
    """The index, where the decision defines one."""
    return NOT_STATED if rules.index_basis is NOT_STATED else share(points, whole)


def grade_in(scale: GradeScale, points: Points, index: Points) -> Grade | Literal[NotStated.NOT_STATED]:
    """The grade of a scale; NOT_STATED where no grade is stated for these points."""
    value = index if scale.on is Basing.INDEX else points
    if isinstance(value, NotStated):
        return NOT_STATED
    return next((grade for grade in scale.grades if value in grade.interval), NOT_STATED)
