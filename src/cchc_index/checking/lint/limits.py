"""Findings about points: above the maximum, below zero, or a maximum that no figures reach."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.checking.lint.cover import noted, unproven
from cchc_index.checking.lint.coverage import View, used_in
from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.peaks import Peak, Sought, is_never_below_zero, peak_of, rounded_peak
from cchc_index.checking.lint.regions import Regions, both, is_met, truth_of
from cchc_index.checking.lint.runs import runs_of
from cchc_index.checking.lint.stage import Stage
from cchc_index.checking.lint.told import BEYOND
from cchc_index.checking.structure import Finding, Severity
from cchc_index.errors import Path, Text
from cchc_index.measures import FactType, Interval
from cchc_index.points import in_points, show
from cchc_index.rules import ZERO, Average, Piecewise, Rule, Sum, Switch
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED, NoteKind

NEAR = Fraction(1, 1000)
BELOW = Interval(high=ZERO)


def limit_findings(stage: Stage, *, is_capped: bool = False) -> Iterator[Finding]:
    """Points of a criterion's rule outside what it may give. Bonus and penalty are cut off at their maximum."""
    rule, whole = stage.criterion.rule, stage.criterion.max_points
    if rule is NOT_STATED:
        return
    try:
        if not any(is_met(region, stage.domain) for region in stage.whole):
            return
        if whole is not NOT_STATED:
            yield from _most(stage, rule, whole, is_capped=is_capped)
    except Unproven:
        yield unproven(stage, ("diem_toi_da",))
    try:
        yield from _below_zero(stage, rule, View(stage.domain, stage.whole))
    except Unproven:
        yield unproven(stage, ())


def _most(stage: Stage, rule: Rule, whole: Fraction, *, is_capped: bool) -> Iterator[Finding]:
    peak = _peak(stage, rule, stage.domain)
    if peak is None:
        return
    if peak.value is None or peak.value > whole:
        if not is_capped:
            yield _above(stage, rule, whole, peak)
    elif peak.value < whole or peak.is_open():
        yield _unreached(stage, whole, peak, is_capped=is_capped)
    elif not stage.is_found(peak.reach(whole)):
        raise Unproven


def _peak(stage: Stage, rule: Rule, domain: Domain) -> Peak | None:
    peak, rounding = peak_of(rule, Sought(domain, stage.whole)), stage.criterion.rounding
    return peak if peak is None or rounding is None else rounded_peak(peak, rounding, 1)


def _above(stage: Stage, rule: Rule, whole: Fraction, peak: Peak) -> Finding:
    usual = peak
    if any(stage.domain.facts[key].type is FactType.PERCENT for key in stage.wanted):
        usual = _peak(stage, rule, evolve(stage.domain, is_usual=True)) or peak
    within = usual.value is not None and usual.value <= whole
    goal = whole + (NEAR if peak.value is None else min(NEAR, peak.value - whole))
    point = stage.found((peak if within else usual).reach(goal), is_usual=not within)
    if point is None:
        raise Unproven
    most = Text("không giới hạn", "without limit") if peak.value is None else _both(peak.value)
    finding = Finding(
        "vuot-toi-da",
        Severity.ERROR,
        stage.criterion.code,
        Text(
            f"quy tắc có thể cho quá {in_points(whole).vi} (cao nhất {most.vi})",
            f"the rule can give over {in_points(whole).en} (at most {most.en})",
        ),
        ("diem_toi_da",),
        stage.witness(point),
        Text(
            "thêm cận trên hoặc «toi_da»; số liệu là một phần của số khác thì khai «trong»",
            "add an upper bound or «toi_da»; declare «trong» for a figure that is part of another",
        ),
    )
    if within:
        return noted(finding, BEYOND)
    return _excused(stage, finding)


def _unreached(stage: Stage, whole: Fraction, peak: Peak, *, is_capped: bool) -> Finding:
    assert peak.value is not None
    goals = (peak.value, peak.value - NEAR, None)
    point = next((point for goal in goals if (point := stage.found(peak.reach(goal))) is not None), None)
    finding = Finding(
        "khong-dat-toi-da",
        Severity.NOTE if is_capped else Severity.ERROR,
        stage.criterion.code,
        Text(
            f"không số liệu nào được {in_points(whole).vi}; không quá {show(peak.value)}",
            f"no figures give {in_points(whole).en}; never over {show(peak.value, 'en')}",
        ),
        ("diem_toi_da",),
        None if point is None else stage.witness(point),
        Text(
            "xem lại điểm tối đa và điểm của bậc, mức cao nhất", "look again at the maximum and the best band or level"
        ),
    )
    return _excused(stage, finding)


def _excused(stage: Stage, finding: Finding) -> Finding:
    """A contradiction that is recorded beside the criterion makes it the source's own."""
    notes = stage.noted(NoteKind.CONTRADICTION)
    return noted(finding, Text(f"đã ghi: «{notes[0].text}»", f"recorded: «{notes[0].text}»")) if notes else finding


def _both(value: Fraction) -> Text:
    return Text(show(value), show(value, "en"))


def _below_zero(stage: Stage, rule: Rule, view: View) -> Iterator[Finding]:
    for told, locus, regions in _lows(rule, view):
        point = stage.found(regions)
        if point is not None:
            witness = stage.witness(point)
            yield Finding(told.code, told.severity, stage.criterion.code, told.said, locus, witness, told.mend)


@frozen
class _Told:
    code: str
    severity: Severity
    said: Text
    mend: Text


SLOPING = _Told(
    "duoi-san",
    Severity.ERROR,
    Text("công thức của bậc cho điểm dưới 0", "the formula of the band gives points below 0"),
    Text("dừng bậc ở chỗ điểm về 0, rồi thêm bậc 0 điểm", "end the band where it comes to 0, and add one of 0 points"),
)
NO_FLOOR = _Told(
    "khong-noi-san",
    Severity.NOTE,
    Text("điểm có thể xuống dưới 0 mà văn bản không nói dừng ở đâu", "points can go below 0 and no floor is stated"),
    Text("tìm câu của văn bản về mức thấp nhất («san», «toi_thieu»)", "look for the sentence on the least («san»)"),
)

Lows = Iterator[tuple[_Told, Path, Regions]]


def _lows(rule: Rule, view: View) -> Lows:
    """Where points go below zero though no words say so: a negative number that is written down is meant."""
    if is_never_below_zero(rule):
        return
    match rule:
        case Piecewise():
            for number, piece in enumerate(rule.pieces):
                if piece.slope:
                    runs = runs_of(evolve(rule, pieces=(piece,)), view.domain, view.regions)
                    below = [part for region, formula in runs for part in both([region], formula.within(BELOW))]
                    yield SLOPING, (*view.locus, "bac", number), below
        case Sum(floor=None):
            peak = peak_of(rule, Sought(view.domain, view.regions, -1))
            if peak is not None and (peak.value is None or peak.value < 0):
                yield NO_FLOOR, view.locus, peak.reach(-NEAR if peak.value is None else max(-NEAR, peak.value))
        case Switch():
            yield from _lows_of_cases(rule, view)
        case Average(records, inner):
            yield from _lows(inner, evolve(view.at("moi_ban_ghi"), domain=view.domain.inside(records)))


def _lows_of_cases(rule: Switch, view: View) -> Lows:
    truths = [truth_of(case.when, view.domain) for case in rule.cases]
    for number, case in enumerate(rule.cases):
        used = used_in(rule, truths, number, view.domain)
        yield from _lows(case.rule, view.where(used).at("muc", number))
