"""From lines to the whole: applicable maxima, bonus and penalty, rescaling, index."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from cchc_index.criteria import AdjustmentKind, Points, Ruleset
from cchc_index.points import total
from cchc_index.scoring.trace import Line, share
from cchc_index.sources import NOT_STATED


def added(values: Sequence[Points]) -> Points:
    """The sum, or NOT_STATED as soon as one part is."""
    stated = [value for value in values if value is not NOT_STATED]
    return total(stated) if len(stated) == len(values) else NOT_STATED


def applicable(whole: Points, lines: Iterable[Line], gone: Sequence[Points]) -> Points:
    """The declared maximum less what exemptions took away below; without one, the sum of the parts."""
    if whole is NOT_STATED:
        return added([line.max_points for line in lines])
    return _less(whole, added(gone)) if gone else whole


def _less(whole: Points, part: Points) -> Points:
    return NOT_STATED if whole is NOT_STATED or part is NOT_STATED else whole - part


def scaled_back(points: Points, whole: Points, gone: Points) -> tuple[Points, Points]:
    """Points and maximum with the parts that the decision has rescaled put back: the rest counts for the whole."""
    if gone == 0 or whole == 0:
        return points, whole
    if points is NOT_STATED or whole is NOT_STATED or gone is NOT_STATED:
        return NOT_STATED, NOT_STATED
    return points * (whole + gone) / whole, whole + gone


def with_adjustments(points: Points, rules: Ruleset, adjustments: Iterable[Line]) -> Points:
    """Points of the tree, plus bonus, less penalty."""
    parts = [points]
    for adjustment, line in zip(rules.adjustments, adjustments, strict=True):
        minus = adjustment.kind is AdjustmentKind.PENALTY
        parts.append(-line.points if minus and line.points is not NOT_STATED else line.points)
    return added(parts)


def reaches(index: Points, least: Fraction) -> bool:
    """Whether a line is known to have this share of its maximum."""
    return index is not NOT_STATED and index >= least


def index_of(rules: Ruleset, points: Points, whole: Points) -> Points:
    """The index, where the decision defines one."""
    return NOT_STATED if rules.index_basis is NOT_STATED else share(points, whole)
