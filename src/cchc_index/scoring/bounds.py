"""What a measure and a rule can come to, read off their structure and what their figures can be."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cchc_index.criteria import Criterion
from cchc_index.measures import Fact, FactType, Linear, Measure, names_of_measure
from cchc_index.points import Exact
from cchc_index.rules import ZERO, Average, Piece, Piecewise, Rule, Sum, Switch, Table
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.totals import added
from cchc_index.sources import NOT_STATED

Facts = Mapping[str, Fact]
_UNKNOWN: Facts = {}


def limit_of(criterion: Criterion, facts: Facts) -> Fraction | None:
    """The maximum of a criterion, to hold its points against; None where none is stated or none can pass it."""
    rule, whole = criterion.rule, criterion.max_points
    if whole is NOT_STATED:
        return None
    parts = [child.max_points for child in criterion.children]
    most = added(parts) if rule is NOT_STATED else most_of(rule, facts)
    if most is NOT_STATED or most is None:
        return whole
    return whole if rounded(most, criterion.rounding) > whole else None


def most_of(rule: Rule, facts: Facts = _UNKNOWN) -> Fraction | None:
    """A number of points that a rule never passes; None when none can be told.

    `facts` are those of the unit, for what figures can be; of those inside records nothing is assumed.
    """
    match rule:
        case Piecewise(measure, pieces):
            return _largest([_most_of_piece(piece, measure, facts) for piece in pieces])
        case Table(_, options):
            return _largest([option.points for option in options])
        case Sum(terms, base, floor, cap):
            parts = [most_of(term.rule, facts) for term in terms]
            known = [part for part in parts if part is not None]
            unclamped = base + sum(known) if len(known) == len(parts) else None
            most = cap if unclamped is None else unclamped if cap is None else min(cap, unclamped)
            return most if most is None or floor is None else max(most, floor)
        case Switch(cases):
            return _largest([most_of(case.rule, facts) for case in cases])
        case Average(_, inner, rounding):
            most = most_of(inner)
            return None if most is None else rounded(most, rounding)
    return rule.high


def fewest_of(rule: Rule, facts: Facts = _UNKNOWN) -> Fraction | None:
    """A number of points that a rule never falls below; None when none can be told. `facts` as for `most_of`.

    >>> fewest_of(Sum(base=Fraction(2), floor=Fraction(-1)))
    Fraction(2, 1)
    """
    match rule:
        case Piecewise(measure, pieces):
            return _smallest([_fewest_of_piece(piece, measure, facts) for piece in pieces])
        case Table(_, options):
            return _smallest([option.points for option in options])
        case Sum(terms, base, floor, cap):
            parts = [fewest_of(term.rule, facts) for term in terms]
            known = [part for part in parts if part is not None]
            least = base + sum(known, ZERO) if len(known) == len(parts) else None
            least = least if floor is None else floor if least is None else max(least, floor)
            return least if cap is None or least is None else min(least, cap)
        case Switch(cases):
            return _smallest([fewest_of(case.rule, facts) for case in cases])
        case Average(_, inner, rounding):
            least = fewest_of(inner)
            return None if least is None else rounded(least, rounding)
    return rule.low


def _fewest_of_piece(piece: Piece, measure: Measure, facts: Facts) -> Fraction | None:
    if not piece.slope:
        return piece.base
    ends = (
        (piece.interval.low, least_of(measure, facts))
        if piece.slope > 0
        else (piece.interval.high, greatest_of(measure, facts))
    )
    known = [piece.base + piece.slope * end for end in ends if end is not None]
    return max(known) if known else None


def _smallest(numbers: Sequence[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return min(known) if known and len(known) == len(numbers) else None


def _most_of_piece(piece: Piece, measure: Measure, facts: Facts) -> Fraction | None:
    if not piece.slope:
        return piece.base
    ends = (
        (piece.interval.high, greatest_of(measure, facts))
        if piece.slope > 0
        else (piece.interval.low, least_of(measure, facts))
    )
    known = [piece.base + piece.slope * end for end in ends if end is not None]
    return min(known) if known else None


def _largest(numbers: Sequence[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return max(known) if known and len(known) == len(numbers) else None


def least_of(measure: Measure, facts: Facts) -> Exact | None:
    """A value that a measure never falls below; None when none can be told.

    >>> least_of(Linear((("so_lan", 2),), 5), {"so_lan": Fact("so_lan", "số lần")})
    5
    """
    if isinstance(measure, Linear):
        grows = all(coefficient >= 0 and _is_never_negative(name, facts) for name, coefficient in measure.terms)
        return measure.constant if grows else None
    if not all(is_never_below_zero(part, facts) for part in (measure.top, measure.bottom)):
        return None
    return ZERO if measure.at_zero is NOT_STATED else min(ZERO, measure.at_zero)


def greatest_of(measure: Measure, facts: Facts) -> Exact | None:
    """A value that a measure never passes: told of ratios of parts to their wholes.

    >>> facts = {"xong": Fact("xong", "đã xong", part_of="de_ra"), "de_ra": Fact("de_ra", "đề ra")}
    >>> from cchc_index.measures import ratio
    >>> greatest_of(ratio("xong", "de_ra"), facts)
    Fraction(1, 1)
    """
    if isinstance(measure, Linear) or measure.top.constant > 0 or not is_never_below_zero(measure.bottom, facts):
        return None
    wholes, loads = dict(measure.bottom.terms), dict.fromkeys(names_of_measure(measure), ZERO)
    for name, coefficient in measure.top.terms:
        whole = name if name in wholes else facts[name].part_of if name in facts else None
        if coefficient > 0 and (whole is None or not wholes.get(whole)):
            return None
        if coefficient > 0 and whole is not None:
            loads[whole] += coefficient
        elif not _is_never_negative(name, facts):
            return None
    known = [load / wholes[whole] for whole, load in loads.items() if load]
    return max([*known, ZERO, *([] if measure.at_zero is NOT_STATED else [measure.at_zero])])


def is_never_below_zero(measure: Measure, facts: Facts) -> bool:
    """Whether a measure can be told never to be negative."""
    least = least_of(measure, facts)
    return least is not None and least >= 0


def _is_never_negative(name: str, facts: Facts) -> bool:
    fact = facts.get(name.partition(".")[0])
    return fact is not None and not fact.may_be_negative and fact.type in _NEVER_NEGATIVE


_NEVER_NEGATIVE = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.SURVEY)
