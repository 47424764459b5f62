"""The most and the least points a rule can give, exactly: linear programs over each run, terms apart where they may be.

Terms of a sum that share no figure are best each for itself; those that share one are run together.
Longer than most modules: sums, runs and ratios give peaks that are clamped and rounded in the same way.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from attrs import frozen

from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.regions import Flat, Region, Regions, both, is_met, rows_of
from cchc_index.checking.lint.runs import Formula, Run, constant_of, runs_of, sums_of
from cchc_index.measures import Interval
from cchc_index.points import is_above
from cchc_index.rules import ZERO, Average, Awarded, Piece, Piecewise, Rounding, Rule, Sum, Table, own_names, parts_of
from cchc_index.scoring.evaluate import rounded
from cchc_index.solving.elimination import span
from cchc_index.solving.rows import Row, Unknown, Unproven, in_lowest_terms, tightened

MAX_RUNS = 3000
POINTS = "="
"""The unknown that stands for the points; no figure has this name."""


@frozen
class Peak:
    """The end that points come near to, None when there is none, and where they come how near.

    `reach(goal)` are regions in which the points are at least a `goal` that is not beyond `value` (at most, for the
    least points), or in which there are points at all, for None. `is_open()` tells whether it is proved that no figures
    come to the end itself.
    """

    value: Fraction | None
    reach: Callable[[Fraction | None], Regions]
    is_open: Callable[[], bool]


@frozen
class Sought:
    """The most points (`sign` 1) or the least (`sign` -1), in a domain and some regions."""

    domain: Domain
    regions: Regions
    sign: int = 1

    def above(self, goal: Fraction) -> Interval:
        return Interval(low=goal, low_closed=True) if self.sign > 0 else Interval(high=goal, high_closed=True)

    def passes(self, one: Fraction, other: Fraction) -> bool:
        """Whether points are better than others, as what is sought goes."""
        return is_above(one, other) if self.sign > 0 else is_above(other, one)


def peak_of(rule: Rule, sought: Sought) -> Peak | None:
    """The most or the least points of a rule; None when it gives none anywhere. Raises Unproven."""
    match rule:
        case Sum():
            return _of_sum(rule, sought)
        case Average(records, inner, rounding):
            found = peak_of(inner, Sought(sought.domain.inside(records), sought.regions, sought.sign))
            return found if found is None or rounding is None else rounded_peak(found, rounding, sought.sign)
    return _of_runs(runs_of(rule, sought.domain, sought.regions), sought)


def is_never_below_zero(rule: Rule) -> bool:
    """Whether the structure of a rule alone shows that its points are never below zero."""
    match rule:
        case Sum(floor=None):
            return rule.base >= 0 and all(is_never_below_zero(term.rule) for term in rule.terms)
        case Sum():
            return rule.floor is not None and rule.floor >= 0
        case Piecewise(_, pieces):
            return all(_is_piece_never_below_zero(piece) for piece in pieces)
        case Table(_, options):
            return all(option.points >= 0 for option in options)
        case Awarded(low=low):
            return low is not None and low >= 0
    return all(is_never_below_zero(part) for part in parts_of(rule))


def _is_piece_never_below_zero(piece: Piece) -> bool:
    end = piece.interval.low if piece.slope > 0 else piece.interval.high
    return piece.base >= 0 if not piece.slope else end is not None and piece.base + piece.slope * end >= 0


def rounded_peak(peak: Peak, rounding: Rounding, sign: int) -> Peak:
    """The peak after rounding half up, which never turns the order of points around."""
    step = rounding.step

    def reach(goal: Fraction | None) -> Regions:
        if goal is None:
            return peak.reach(None)
        steps = goal / step
        whole = -(-steps // 1) if sign > 0 else steps // 1
        edge = whole * step - sign * step / 2
        return peak.reach(edge if sign > 0 else edge - step / 1000)

    value = None if peak.value is None else rounded(peak.value, rounding)
    return Peak(value, reach, lambda: value is not None and peak.is_open() and not reach(value))


def _of_sum(rule: Sum, sought: Sought) -> Peak | None:
    groups = list(apart([term.rule for term in rule.terms], sought))
    found = [_of_group(group, sought) for group in groups]
    peaks = [peak for peak in found if peak is not None]
    if len(peaks) < len(groups):
        return None
    value = None if any(peak.value is None for peak in peaks) else rule.base + sum(peak.value or 0 for peak in peaks)
    whole = Peak(
        value,
        lambda goal: _shared_out(peaks, None if goal is None else goal - rule.base, sought),
        lambda: any(peak.is_open() for peak in peaks),
    )
    return _clamped(whole, rule, sought)


def _of_group(group: list[Rule], sought: Sought) -> Peak | None:
    if len(group) == 1:
        return peak_of(group[0], sought)
    return _of_runs(sums_of(group, sought.domain, sought.regions, constant_of(Fraction(0))), sought)


def _shared_out(peaks: list[Peak], goal: Fraction | None, sought: Sought) -> Regions:
    """Regions in which several peaks together reach a goal: each stays as near to its own end as the others need."""
    if not peaks or goal is None:
        return both(sought.regions, *(peak.reach(None) for peak in peaks))
    exact = both(sought.regions, *(peak.reach(peak.value) for peak in peaks if peak.value is not None))
    is_exact = all(peak.value is not None for peak in peaks) and any(is_met(region, sought.domain) for region in exact)
    return exact if is_exact else both(sought.regions, *_shares(peaks, goal, sought.sign))


def _shares(peaks: list[Peak], goal: Fraction, sign: int) -> Iterator[Regions]:
    """What each peak reaches for the sum to reach a goal; those without an end make up for what is not come to."""
    endless = sum(peak.value is None for peak in peaks)
    known = sum((peak.value for peak in peaks if peak.value is not None), Fraction(0))
    open_ = sum(peak.value is not None and peak.is_open() for peak in peaks)
    slack = Fraction(sign) if endless else (known - goal) / max(open_, 1)
    rest = (goal - known + slack * open_) / max(endless, 1)
    for peak in peaks:
        is_open = peak.value is not None and peak.is_open()
        yield peak.reach(rest if peak.value is None else peak.value - slack if is_open else peak.value)


def _clamped(peak: Peak, rule: Sum, sought: Sought) -> Peak:
    near, far = (rule.cap, rule.floor) if sought.sign > 0 else (rule.floor, rule.cap)
    value, sign = peak.value, sought.sign
    if near is not None and (value is None or sign * value > sign * near):
        value = near
    is_lifted = far is not None and value is not None and sign * value < sign * far
    value = far if is_lifted else value

    def reach(goal: Fraction | None) -> Regions:
        is_lifted = goal is None or (far is not None and sign * goal <= sign * far)
        return peak.reach(None if is_lifted else goal)

    return Peak(value, reach, lambda: value == peak.value and peak.is_open())


def apart(rules: list[Rule], sought: Sought) -> Iterator[list[Rule]]:
    """The rules in groups that share no figure, nor parts of one whole, nor figures that the regions tie together."""
    groups: list[tuple[set[str], list[Rule]]] = [(keys, []) for keys in _tied(sought.regions)]
    for rule in rules:
        keys = set(sought.domain.with_wholes(keys_of(rule, sought.domain)))
        near = [group for group in groups if group[0] & keys]
        groups = [group for group in groups if not group[0] & keys]
        groups.append((keys.union(*(group[0] for group in near)), [*(r for group in near for r in group[1]), rule]))
    return (group for _, group in groups if group)


def _tied(regions: Regions) -> list[set[str]]:
    """The figures that a region bounds together; with several regions, all that they name hang together."""
    if len(regions) != 1:
        return [{key for region in regions for key in region.keys}]
    return [{key for key, _ in terms} for terms in regions[0].bounds]


def keys_of(rule: Rule, domain: Domain) -> Iterator[str]:
    """The keys of every figure a rule looks at, with the columns of its records."""
    if isinstance(rule, Average):
        yield from keys_of(rule.rule, domain.inside(rule.records))
        return
    yield from (domain.key(name) for name in own_names(rule))
    for part in parts_of(rule):
        yield from keys_of(part, domain)


def _of_runs(runs: Iterable[Run], sought: Sought) -> Peak | None:
    """The peak over several runs, those that promise most first; the others are then not looked into."""
    found: list[Run] = []
    for run in runs:
        found.append(run)
        if len(found) > MAX_RUNS:
            raise Unproven
    ordered = sorted(found, key=lambda run: _promise(run[1], sought.sign), reverse=True)
    known: dict[Fraction | None, Regions] = {}

    def reach(goal: Fraction | None) -> Regions:
        if goal not in known:
            known[goal] = _reached(ordered, goal, sought)
        return known[goal]

    best: Fraction | None = None
    for region, formula in ordered:
        hope = _hope(formula, sought.sign)
        if best is not None and hope is not None and not sought.passes(hope, best):
            break
        if not is_met(region, sought.domain):
            continue
        value = _end(region, formula, sought)
        if value is None:
            return Peak(None, reach, lambda: False)
        best = value if best is None or sought.passes(value, best) else best
    if best is None:
        return None
    end = best
    return Peak(end, reach, lambda: not reach(end))


def _hope(formula: Formula, sign: int) -> Fraction | None:
    return formula.most if sign > 0 else formula.least


def _promise(formula: Formula, sign: int) -> tuple[bool, Fraction]:
    hope = _hope(formula, sign)
    known = hope or ZERO
    return hope is None, known if sign > 0 else -known


def _reached(runs: list[Run], goal: Fraction | None, sought: Sought) -> Regions:
    """The first of the runs in which the points reach the goal, as the one region that is met."""
    for region, formula in runs:
        hope = _hope(formula, sought.sign)
        if goal is None or hope is None or not sought.passes(goal, hope):
            parts = [region] if goal is None else both([region], formula.within(sought.above(goal)))
            met = next((part for part in parts if is_met(part, sought.domain)), None)
            if met is not None:
                return [met]
    return []


def _end(region: Region, formula: Formula, sought: Sought) -> Fraction | None:
    """What the points of a run come nearest to; None when they have no end on that side.

    Where figures come to the bound that is known beforehand, that is the end, and no linear program is needed.
    """
    if not formula.slope and not formula.total.terms:
        return Fraction(formula.total.constant)
    hope = _hope(formula, sought.sign)
    if hope is not None and _reached([(region, formula)], hope, sought):
        return hope
    ends = range_of(region, formula, sought.domain)
    return ends[1] if sought.sign > 0 else ends[0]


def range_of(region: Region, formula: Formula, domain: Domain) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that a formula comes near to in a region that is met. Raises Unproven.

    A ratio is made linear by dividing every figure by its denominator (A. Charnes and W. W. Cooper, Programming with
    linear fractional functionals, 1962).
    """
    if formula.slope and formula.total.terms:
        raise Unproven
    keys = domain.with_wholes([*(k for k in region.keys if not domain.is_chosen(k)), *_keys(formula)])
    rows = [*domain.rows(keys), *rows_of(region, domain)]
    if formula.slope:
        return _range_of_ratio(keys, rows, formula, domain)
    sought = _counted(formula.total, domain)
    return span([*map(domain.unknown, keys), _points()], [*rows, *_equals(sought)], POINTS)


def _keys(formula: Formula) -> list[str]:
    return [*formula.total.terms, *formula.top.terms, *formula.bottom.terms]


def _points() -> Unknown:
    return Unknown(POINTS, is_whole=False)


def _counted(total: Flat, domain: Domain) -> Flat:
    """A sum over the unknowns of a domain, which count figures from their origin in steps."""
    moved = sum((c * domain.origin(key) for key, c in total.terms.items()), Fraction(total.constant))
    return Flat({key: c * domain.scale(key) for key, c in total.terms.items()}, moved)


def _equals(total: Flat) -> Iterator[Row]:
    """The points equal this sum."""
    yield from _zero(total.plus(Flat({POINTS: -1})))


def _zero(total: Flat) -> Iterator[Row]:
    terms, scale = in_lowest_terms(total.terms)
    for side in (1, -1):
        yield Row(tuple((key, side * c) for key, c in terms), side * total.constant * scale)


SHARE = "1/"
"""The unknown that stands for one over the denominator."""


def _range_of_ratio(
    keys: list[str], rows: list[Row], formula: Formula, domain: Domain
) -> tuple[Fraction | None, Fraction | None]:
    unknowns = [Unknown(name, is_whole=False) for name in (*keys, SHARE, POINTS)]
    whole = frozenset(key for key in keys if domain.unknown(key).is_whole)
    shared = [_shared(tightened(row, whole)) for row in rows]
    top, bottom = (_divided(_counted(part, domain)) for part in (formula.top, formula.bottom))
    points = Flat({}, formula.total.constant).plus(top, formula.slope)
    made = [
        *shared,
        Row(((SHARE, 1),), Fraction(0), is_strict=True),
        *_zero(bottom.plus(Flat({}, -1))),
        *_equals(points),
    ]
    return span(unknowns, made, POINTS)


def _divided(total: Flat) -> Flat:
    return Flat(dict(total.terms) | ({SHARE: total.constant} if total.constant else {}))


def _shared(row: Row) -> Row:
    """A row over figures as one over figures divided by the denominator."""
    terms, scale = in_lowest_terms(dict(row.terms) | ({SHARE: row.constant} if row.constant else {}))
    sign = 1 if scale > 0 else -1
    return Row(tuple((key, sign * c) for key, c in terms), Fraction(0), row.is_strict)
