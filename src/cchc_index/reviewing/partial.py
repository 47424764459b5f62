"""What can be scored of a sheet that is not complete, and between which points the rest still lies.

A criterion whose figures are missing, or for which the decision gives no points, has no points: never 0.
"""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.criteria import AdjustmentKind, Basing, Criterion, Policy, Ruleset
from cchc_index.errors import MissingFacts, Text, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.measures import Fact, FactType, Linear, Measure, Ratio
from cchc_index.points import round_half_up
from cchc_index.rules import ZERO, Average, Piece, Piecewise, Rounding, Rule, Sum, Switch, Table
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.score import score, score_part
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED, NotStated

Range = tuple[Fraction | None, Fraction | None]
"""The least and the most points; None where neither structure nor maximum gives a bound."""


@frozen
class Partial:
    """The card of what can be scored, and for each other criterion why it cannot.

    `lacking` names the missing figures by code, `undefined` what the decision leaves open. A line without points and
    without an entry in either is one for which the decision states no rule.
    """

    card: Card
    lacking: Mapping[str, tuple[str, ...]]
    undefined: Mapping[str, Text]

    @property
    def is_complete(self) -> bool:
        return not self.lacking and not self.undefined


def partial(rules: Ruleset, unit: Submission) -> Partial:
    """Score what can be scored. Raises BadSubmission and BadRuleset as `score` does.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> found = partial(rules, cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20}))
    >>> found.card["4.1"].points, found.lacking
    (Fraction(19, 20), {'4.2': ('bang_dien_tu', 'mang_xa_hoi', 'truyen_thong')})
    """
    lacking: dict[str, list[str]] = {}
    undefined: dict[str, Text] = {}
    while True:
        silent = {*lacking, *undefined}
        try:
            card = score_part(_without(rules, silent), unit) if silent else score(rules, unit)
        except MissingFacts as error:
            for figure, codes in error.missing.items():
                for code in codes:
                    lacking.setdefault(code, []).append(figure)
        except UndefinedByDecision as error:
            undefined.update({str(fault.path[0]): fault.message for fault in error.faults})
        else:
            return Partial(card, {code: tuple(sorted(names)) for code, names in lacking.items()}, undefined)


def _without(rules: Ruleset, silent: set[str]) -> Ruleset:
    """The ruleset in which nothing that stands against these codes is asked any more."""
    ranking = rules.ranking
    return evolve(
        rules,
        criteria=tuple(_silenced(criterion, silent) for criterion in rules.criteria),
        adjustments=tuple(evolve(a, criterion=_silenced(a.criterion, silent)) for a in rules.adjustments),
        notes=tuple(note for note in rules.notes if note.when is None or "" not in silent),
        scales=() if "xep_loai" in silent else rules.scales,
        ranking=evolve(ranking, unranked_when=None) if ranking and "xep_hang" in silent else ranking,
    )


def _silenced(criterion: Criterion, silent: set[str]) -> Criterion:
    children = tuple(_silenced(child, silent) for child in criterion.children)
    if criterion.code not in silent:
        return evolve(criterion, children=children)
    return evolve(
        criterion,
        children=children,
        rule=NOT_STATED,
        exemptions=tuple(one for one in criterion.exemptions if one.when is None),
        notes=tuple(note for note in criterion.notes if note.when is None),
    )


Facts = Mapping[str, Fact]
_UNKNOWN: Facts = {}


def fewest_of(rule: Rule, facts: Facts = _UNKNOWN) -> Fraction | None:
    """A number of points that a rule never falls below, read off its structure; None when none can be told.

    `facts` are those of the unit, for what figures can be; of those inside records nothing is assumed.

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
            return _rounded(fewest_of(inner), rounding)
    return rule.low


def _fewest_of_piece(piece: Piece, measure: Measure, facts: Facts) -> Fraction | None:
    if not piece.slope:
        return piece.base
    end = piece.interval.low if piece.slope > 0 else piece.interval.high
    if end is None and piece.slope > 0:
        end = _never_below(measure, facts)
    return None if end is None else piece.base + piece.slope * end


def _never_below(measure: Measure, facts: Facts) -> Fraction | None:
    """A value that a measure of figures that are never negative does not fall below."""
    sums = (measure.top, measure.bottom) if isinstance(measure, Ratio) else (measure,)
    for linear in sums:
        if any(
            coefficient < 0 or not _never_negative(facts.get(name.partition(".")[0]))
            for name, coefficient in linear.terms
        ):
            return None
    if isinstance(measure, Linear):
        return Fraction(measure.constant)
    return None if measure.top.constant < 0 or (measure.at_zero is not NOT_STATED and measure.at_zero < 0) else ZERO


def _never_negative(fact: Fact | None) -> bool:
    types = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.SURVEY)
    return fact is not None and fact.type in types and not fact.may_be_negative


def _smallest(numbers: list[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return min(known) if known and len(known) == len(numbers) else None


def _rounded(value: Fraction | None, rounding: Rounding | None) -> Fraction | None:
    return value if value is None or rounding is None else round_half_up(value, rounding.step)


def range_of(rules: Ruleset, criterion: Criterion, found: Partial) -> Range:
    """Between which points a criterion of the set still lies; both ends are the points where they are known."""
    return _range(criterion, found.card[criterion.code], found, rules.facts_by_name)


def _range(criterion: Criterion, line: Line, found: Partial, facts: Facts) -> Range:
    if line.points is not NOT_STATED and (line.exempted or not any(c.code in found.lacking for c in criterion.walk())):
        return line.points, line.points
    if criterion.children:
        pairs = zip(criterion.children, line.children, strict=True)
        low, high = _added([_range(child, inner, found, facts) for child, inner in pairs])
    else:
        low, high = _open_range(criterion.rule, facts)
    low, high = _rounded(low, criterion.rounding), _rounded(high, criterion.rounding)
    whole = criterion.max_points
    if whole is not NOT_STATED:
        high = whole if high is None else min(high, whole)
        low = low if low is None else min(low, whole)
    return _with_exemptions(criterion, (low, high)) if criterion.code in found.lacking else (low, high)


def _open_range(rule: Rule | NotStated, facts: Facts) -> Range:
    """A rule that the decision does not state gives no less than 0 all the same."""
    return (ZERO, None) if isinstance(rule, NotStated) else (fewest_of(rule, facts), most_of(rule))


def _with_exemptions(criterion: Criterion, inner: Range) -> Range:
    """The same range, with the points of exemptions of which nobody knows yet whether they hold."""
    low, high = inner
    for exemption in criterion.exemptions:
        if exemption.when is not None and exemption.policy is not Policy.FORBIDDEN:
            low = low if low is None else min(low, ZERO)
            full = criterion.max_points if exemption.policy is Policy.FULL else ZERO
            high = None if high is None or full is NOT_STATED else max(high, full)
    return low, high


def _added(ranges: list[Range]) -> Range:
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return _sum(lows), _sum(highs)


def _sum(values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if len(known) == len(values) else None


def total_range(rules: Ruleset, found: Partial) -> Range:
    """Between which points the total still lies: sound, not tight. Both ends are the total when it is known."""
    card, facts = found.card, rules.facts_by_name
    if card.points is not NOT_STATED and found.is_complete:
        return card.points, card.points
    rescaled = any(line.exempted and line.exempted.exemption.policy is Policy.RESCALED for line in card.walk())
    if rescaled or _may_be(rules, found, (Policy.RESCALED,)):
        return None, None
    ranges = [_range(criterion, line, found, facts) for criterion, line in zip(rules.criteria, card.lines, strict=True)]
    for adjustment, line in zip(rules.adjustments, card.adjustments, strict=True):
        low, high = _range(adjustment.criterion, line, found, facts)
        penalty = adjustment.kind is AdjustmentKind.PENALTY
        ranges.append((_minus(high), _minus(low)) if penalty else (low, high))
    low, high = _added(ranges)
    return _rounded(low, rules.rounding), _rounded(high, rules.rounding)


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def value_range(rules: Ruleset, found: Partial) -> Range:
    """The range of what the ruleset ranks by: points, or the index where the maximum cannot change any more."""
    low, high = total_range(rules, found)
    if rules.ranking is None or rules.ranking.on is Basing.POINTS:
        return low, high
    whole = found.card.max_points
    if whole is NOT_STATED or not whole or rules.index_basis is NOT_STATED or _may_be(rules, found, (Policy.REMOVED,)):
        return None, None
    return _over(low, whole), _over(high, whole)


def _over(value: Fraction | None, whole: Fraction) -> Fraction | None:
    return None if value is None else value / whole


def _may_be(rules: Ruleset, found: Partial, policies: tuple[Policy, ...]) -> bool:
    """Whether some exemption of these policies hangs on figures that are missing."""
    exemptions = [e for code in found.lacking if code in rules.by_code for e in rules[code].exemptions]
    return any(e.when is not None and e.policy in policies for e in exemptions)
