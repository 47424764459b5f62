"""Every way a rule can come to points: regions of figures, and in each the points as one formula.

A sixth interpreter of the algebra, beside `score` and `say`: it runs a rule on all figures at once. A mean over records
is run on one record, whose best and worst points are those of the mean.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, field, frozen

from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.regions import (
    ONLY_ZERO,
    Flat,
    Region,
    Regions,
    Truth,
    both,
    flat,
    truth_of,
    where,
    where_in,
    where_ratio,
)
from cchc_index.measures import Chosen, Interval, Linear, Measure, figure
from cchc_index.points import Exact
from cchc_index.rules import ZERO, Average, Choose, Piece, Piecewise, Rule, Sum, Switch, Table
from cchc_index.scoring.bounds import greatest_of, least_of
from cchc_index.scoring.evaluate import rounded
from cchc_index.solving.intervals import meet, outside
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED


@frozen
class Formula:
    """`total + slope × top / bottom`, the denominator being above zero; `least` and `most` are known bounds of it."""

    total: Flat = field(factory=lambda: Flat({}))
    slope: Fraction = ZERO
    top: Flat = field(factory=lambda: Flat({}))
    bottom: Flat = field(factory=lambda: Flat({}, 1))
    least: Fraction | None = None
    most: Fraction | None = None

    def plus(self, other: "Formula", times: int = 1) -> "Formula":
        """The sum of two formulas. Raises Unproven for ratios that share no denominator."""
        ratio = self if self.slope else other
        slope, top = ratio.slope if ratio is self else times * ratio.slope, ratio.top
        if self.slope and other.slope:
            if self.bottom != other.bottom:
                raise Unproven
            slope, top = Fraction(1), _times(self.top, self.slope).plus(other.top, times * other.slope)
        ends = (other.least, other.most) if times > 0 else (_minus(other.most), _minus(other.least))
        return Formula(
            self.total.plus(other.total, times),
            slope,
            top,
            ratio.bottom,
            _added(self.least, ends[0]),
            _added(self.most, ends[1]),
        )

    def within(self, interval: Interval) -> Regions:
        """Where the points lie in an interval. Raises Unproven when that is no linear question."""
        if not self.slope:
            return where(self.total, interval)
        if self.total.terms:
            raise Unproven
        top = _times(self.top, self.slope).plus(self.bottom, self.total.constant)
        return where_ratio(top, self.bottom, interval)


def constant_of(points: Fraction) -> Formula:
    return Formula(Flat({}, points), least=points, most=points)


def _times(one: Flat, times: Fraction) -> Flat:
    return Flat({}).plus(one, times)


def _added(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _minus(one: Fraction | None) -> Fraction | None:
    return None if one is None else -one


Run = tuple[Region, Formula]


def runs_of(rule: Rule, domain: Domain, regions: Regions) -> Iterator[Run]:
    """Every run of a rule inside some regions. What is left out has no points. Raises Unproven."""
    match rule:
        case Piecewise():
            yield from _of_piecewise(rule, domain, regions)
        case Table(fact, options):
            for option in options:
                held = truth_of(Chosen(fact, (option.name,)), domain).true
                yield from ((region, constant_of(option.points)) for region in both(regions, held))
        case Sum():
            yield from _of_sum(rule, domain, regions)
        case Switch():
            yield from _of_switch(rule, domain, regions)
        case Average():
            for region, formula in runs_of(rule.rule, domain.inside(rule.records), regions):
                yield region, _rounded(formula, rule)
        case _:
            total = flat(figure(rule.fact), domain)
            held = where(total, Interval(rule.low, rule.high, low_closed=True, high_closed=True))
            yield from ((region, Formula(total, least=rule.low, most=rule.high)) for region in both(regions, held))


def _rounded(formula: Formula, rule: Average) -> Formula:
    if rule.rounding is None:
        return formula
    if formula.slope or formula.total.terms:
        raise Unproven
    return constant_of(rounded(Fraction(formula.total.constant), rule.rounding))


def _of_piecewise(rule: Piecewise, domain: Domain, regions: Regions) -> Iterator[Run]:
    before: list[Interval] = []
    for piece in rule.pieces:
        for interval in left_of(piece.interval, before):
            yield from _of_piece(rule.measure, evolve(piece, interval=interval), domain, regions)
        before.append(piece.interval)


def left_of(interval: Interval, before: Iterable[Interval]) -> list[Interval]:
    """What earlier intervals leave of one."""
    found = (meet(interval, part) for part in outside(before))
    return [part for part in found if part is not None]


def _of_piece(measure: Measure, piece: Piece, domain: Domain, regions: Regions) -> Iterator[Run]:
    if not piece.slope:
        held = where_in(measure, piece.interval, domain)
        yield from ((region, constant_of(piece.base)) for region in both(regions, held))
        return
    low, high = (
        None if end is None else piece.base + piece.slope * end for end in _ends(measure, piece.interval, domain)
    )
    least, most = (low, high) if piece.slope > 0 else (high, low)
    if isinstance(measure, Linear):
        total = Flat({}, piece.base).plus(flat(measure, domain), piece.slope)
        held = where_in(measure, piece.interval, domain)
        yield from ((region, Formula(total, least=least, most=most)) for region in both(regions, held))
        return
    top, bottom = flat(measure.top, domain), flat(measure.bottom, domain)
    formula = Formula(Flat({}, piece.base), piece.slope, top, bottom, least, most)
    yield from ((region, formula) for region in both(regions, where_ratio(top, bottom, piece.interval)))
    if measure.at_zero is not NOT_STATED and measure.at_zero in piece.interval:
        stated = constant_of(piece.base + piece.slope * measure.at_zero)
        yield from ((region, stated) for region in both(regions, where(bottom, ONLY_ZERO)))


def _ends(measure: Measure, interval: Interval, domain: Domain) -> tuple[Exact | None, Exact | None]:
    """The ends of a measure in an interval; where that has none, those that the figures tell by themselves."""
    facts = {} if domain.records else domain.facts
    low = least_of(measure, facts) if interval.low is None else interval.low
    return low, greatest_of(measure, facts) if interval.high is None else interval.high


def _of_sum(rule: Sum, domain: Domain, regions: Regions) -> Iterator[Run]:
    for run in sums_of([term.rule for term in rule.terms], domain, regions, constant_of(rule.base)):
        yield from clamped(run, rule)


def sums_of(rules: list[Rule], domain: Domain, regions: Regions, start: Formula) -> Iterator[Run]:
    """Every run of several rules together, their points added up."""
    if not rules:
        yield from ((region, start) for region in regions)
        return
    for region, formula in runs_of(rules[0], domain, regions):
        yield from sums_of(rules[1:], domain, [region], start.plus(formula))


def clamped(run: Run, rule: Sum) -> Iterator[Run]:
    """A run cut at the cap and the floor of a sum."""
    region, formula = run
    floor, cap = rule.floor, rule.cap
    if cap is not None and not _is_at_most(formula, cap):
        yield from ((part, constant_of(cap)) for part in both([region], formula.within(Interval(low=cap))))
    if floor is not None and not _is_at_least(formula, floor):
        yield from ((part, constant_of(floor)) for part in both([region], formula.within(Interval(high=floor))))
    if (cap is None or _is_at_most(formula, cap)) and (floor is None or _is_at_least(formula, floor)):
        yield region, formula
        return
    between = Interval(floor, cap, floor is not None, cap is not None)
    inner = evolve(formula, least=_larger(formula.least, floor), most=_smaller(formula.most, cap))
    yield from ((part, inner) for part in both([region], formula.within(between)))


def _is_at_most(formula: Formula, cap: Fraction) -> bool:
    return formula.most is not None and formula.most <= cap


def _is_at_least(formula: Formula, floor: Fraction) -> bool:
    return formula.least is not None and formula.least >= floor


def _larger(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return max((end for end in (one, other) if end is not None), default=None)


def _smaller(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return min((end for end in (one, other) if end is not None), default=None)


def _of_switch(rule: Switch, domain: Domain, regions: Regions) -> Iterator[Run]:
    truths = [truth_of(case.when, domain) for case in rule.cases]
    for number, case in enumerate(rule.cases):
        if rule.choose is Choose.BEST:
            for region, formula in best_runs(rule, truths, number, truths[number].true, domain):
                yield from ((part, formula) for part in both(regions, [region]))
        else:
            yield from runs_of(case.rule, domain, both(regions, where_counts(rule.choose, truths, number)))


def where_counts(choose: Choose, truths: list[Truth], number: int) -> Regions:
    """Where the case of this number is the one that counts: the first, or the only one."""
    others = truths[:number] if choose is Choose.FIRST else truths[:number] + truths[number + 1 :]
    return both(truths[number].true, *(other.false for other in others))


def best_runs(rule: Switch, truths: list[Truth], number: int, held: Regions, domain: Domain) -> Iterator[Run]:
    """Where a case that holds in `held` is the best: no other one that holds, or may hold, gives more points.

    For a case that is open in `held`: where no other one that holds gives as many, so that there are no points at all.
    """
    is_open = held == truths[number].open
    others = [n for n in range(len(truths)) if n != number]
    for region, formula in runs_of(rule.cases[number].rule, domain, held):
        parts: Regions = [region]
        for other in others:
            truth = truths[other]
            free = truth.false + truth.open if is_open else truth.false
            rivals = truth.true if is_open else truth.true + truth.open
            fewer = _fewer(rule.cases[other].rule, formula, domain, both(parts, rivals), is_open=is_open)
            parts = [*both(parts, free), *fewer]
        yield from ((part, formula) for part in parts)


def _fewer(rule: Rule, formula: Formula, domain: Domain, regions: Regions, *, is_open: bool) -> Iterator[Region]:
    """Where a rule gives no more points than a formula; fewer, where that one is open."""
    for region, points in runs_of(rule, domain, regions):
        interval = Interval(high=ZERO, high_closed=not is_open)
        yield from both([region], points.plus(formula, -1).within(interval))
