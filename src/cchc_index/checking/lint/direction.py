"""Findings about order: where a criterion says which way is better, better never scores less; jumps are listed."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from attrs import evolve, frozen

from cchc_index.checking.lint.cover import unproven
from cchc_index.checking.lint.coverage import View
from cchc_index.checking.lint.peaks import Sought, peak_of, range_of
from cchc_index.checking.lint.regions import ABOVE_ZERO, ONLY_ZERO, Regions, both, flat, is_met, where, where_in
from cchc_index.checking.lint.runs import Formula, left_of
from cchc_index.checking.lint.stage import Stage
from cchc_index.checking.structure import Finding, Severity
from cchc_index.criteria import Direction
from cchc_index.errors import Path, Text
from cchc_index.measures import Interval, Linear, Measure
from cchc_index.points import show
from cchc_index.rules import Average, Piece, Piecewise, Rule, parts_of
from cchc_index.scoring.say import say_value, unit_of
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED


def direction_findings(stage: Stage) -> Iterator[Finding]:
    """What goes against the direction of a criterion, in each of its ladders of bands."""
    rule, direction = stage.criterion.rule, stage.criterion.direction
    if rule is NOT_STATED or direction is None:
        return
    for ladder, view in ladders_of(rule, View(stage.domain, stage.whole)):
        try:
            yield from _turns(stage, ladder, view, direction)
            yield from _jumps(stage, ladder, view)
        except Unproven:
            yield unproven(stage, view.locus)


def ladders_of(rule: Rule, view: View) -> Iterator[tuple[Piecewise, View]]:
    """Every ladder of bands in a rule, with where it stands."""
    if isinstance(rule, Piecewise):
        yield rule, view
        return
    inner = evolve(view, domain=view.domain.inside(rule.records)) if isinstance(rule, Average) else view
    for number, part in enumerate(parts_of(rule)):
        steps = ("moi_ban_ghi",) if isinstance(rule, Average) else ("muc", number)
        yield from ladders_of(part, inner.at(*steps))


@frozen
class _Rung:
    """A band as far as figures come to it, with its number in the file."""

    number: int
    piece: Piece
    regions: Regions


def _rungs(ladder: Piecewise, view: View) -> list[_Rung]:
    """The bands that figures come to, from the least measure to the most."""
    found: list[_Rung] = []
    for number, piece in enumerate(ladder.pieces):
        before = [earlier.interval for earlier in ladder.pieces[:number]]
        for interval in left_of(piece.interval, before):
            regions = _met(both(view.regions, where_in(ladder.measure, interval, view.domain)), view)
            if regions:
                found.append(_Rung(number, evolve(piece, interval=interval), regions))
    return sorted(found, key=lambda rung: _start(rung.piece.interval))


def _start(interval: Interval) -> tuple[bool, Fraction, bool]:
    low = interval.low
    return low is not None, low or Fraction(0), not interval.low_closed


def _met(regions: Regions, view: View) -> Regions:
    return [region for region in regions if is_met(region, view.domain)]


def _turns(stage: Stage, ladder: Piecewise, view: View, direction: Direction) -> Iterator[Finding]:
    """Two measures, the better of which scores less: within one band, or in two."""
    sign = 1 if direction is Direction.MORE else -1
    rungs = _rungs(ladder, view)
    for rung in rungs:
        if rung.piece.slope * sign < 0:
            yield from _wrong_slope(stage, ladder.measure, rung, view, direction)
    for lower, upper in combinations(rungs, 2):
        better, worse = (upper, lower) if sign > 0 else (lower, upper)
        yield from _wrong_order(stage, ladder, better, worse, view)


def _wrong_slope(stage: Stage, measure: Measure, rung: _Rung, view: View, direction: Direction) -> Iterator[Finding]:
    ends = list(_ends(measure, rung, view))
    lows, highs = [low for low, _ in ends if low is not None], [high for _, high in ends if high is not None]
    low = min(lows) if len(lows) == len(ends) else None
    high = max(highs) if len(highs) == len(ends) else None
    if low is not None and low == high:
        return
    middle = (
        (low + high) / 2
        if low is not None and high is not None
        else (high or Fraction(0)) - 1
        if low is None
        else low + 1
    )
    under = both(rung.regions, where_in(measure, Interval(high=middle), view.domain))
    over = both(rung.regions, where_in(measure, Interval(low=middle, low_closed=True), view.domain))
    better, worse = (over, under) if direction is Direction.MORE else (under, over)
    yield from _pair(stage, (*view.locus, "bac", rung.number), better, worse)


def _ends(measure: Measure, rung: _Rung, view: View) -> Iterator[tuple[Fraction | None, Fraction | None]]:
    """The least and the most of a measure in each region of a band, and what is said of a zero denominator."""
    if isinstance(measure, Linear):
        total = Formula(flat(measure, view.domain))
        yield from (range_of(region, total, view.domain) for region in rung.regions)
        return
    top, bottom = flat(measure.top, view.domain), flat(measure.bottom, view.domain)
    for region in _met(both(rung.regions, where(bottom, ABOVE_ZERO)), view):
        yield range_of(region, Formula(slope=Fraction(1), top=top, bottom=bottom), view.domain)
    if measure.at_zero is not NOT_STATED and _met(both(rung.regions, where(bottom, ONLY_ZERO)), view):
        yield measure.at_zero, measure.at_zero


def _wrong_order(stage: Stage, ladder: Piecewise, better: _Rung, worse: _Rung, view: View) -> Iterator[Finding]:
    """Whether somewhere in the better band the points are below somewhere in the worse one."""
    least = peak_of(evolve(ladder, pieces=(better.piece,)), Sought(view.domain, view.regions, -1))
    most = peak_of(evolve(ladder, pieces=(worse.piece,)), Sought(view.domain, view.regions, 1))
    assert least is not None
    assert most is not None
    if least.value is not None and most.value is not None and least.value >= most.value:
        return
    between = _between(least.value, most.value)
    yield from _pair(stage, (*view.locus, "bac", better.number), least.reach(between[0]), most.reach(between[1]))


def _between(least: Fraction | None, most: Fraction | None) -> tuple[Fraction, Fraction]:
    """Two goals that the least and the most come to, the first one lower."""
    if least is None or most is None:
        known = least if least is not None else most if most is not None else Fraction(0)
        return (known - 1, known - Fraction(1, 2)) if least is None else (known + Fraction(1, 2), known + 1)
    return least + (most - least) / 3, most - (most - least) / 3


def _pair(stage: Stage, locus: Path, better: Regions, worse: Regions) -> Iterator[Finding]:
    first, second = stage.found(better), stage.found(worse)
    if first is None or second is None:
        raise Unproven
    witness = evolve(stage.witness(first), against=tuple(stage.given(second)))
    said = Text("số liệu tốt hơn mà điểm ít hơn", "better figures score less")
    mend = Text("xem lại điểm và cận của bậc, hoặc «chieu»", "look again at the points and bounds, or at «chieu»")
    yield Finding("khong-don-dieu", Severity.ERROR, stage.criterion.code, said, locus, witness, mend)


def _jumps(stage: Stage, ladder: Piecewise, view: View) -> Iterator[Finding]:
    """One note that lists where points jump, and how far."""
    unit, told = unit_of(ladder.measure, view.names()), []
    for lower, upper in pairwise(_rungs(ladder, view)):
        at = lower.piece.interval.high
        if at is None or at != upper.piece.interval.low:
            continue
        before, after = (rung.piece.base + rung.piece.slope * at for rung in (lower, upper))
        if before != after:
            told.append((at, before, after))
    if told:
        vi = "; ".join(f"tại {say_value(at, unit, 'vi')}: {show(a)} → {show(b)}" for at, a, b in told)
        en = "; ".join(f"at {say_value(at, unit, 'en')}: {show(a, 'en')} → {show(b, 'en')}" for at, a, b in told)
        said = Text(f"điểm nhảy {vi}", f"points jump {en}")
        yield Finding("buoc-nhay", Severity.NOTE, stage.criterion.code, said, view.locus)
