"""Findings about what stands around the rules: deadlines, grades, and source notes that nobody has read."""

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations

from attrs import frozen

from cchc_index.checking.lint.peaks import Sought, is_never_below_zero, peak_of
from cchc_index.checking.lint.stage import Stage
from cchc_index.checking.structure import Finding, Severity, Witness
from cchc_index.criteria import (
    AdjustmentKind,
    Basing,
    GradeScale,
    Points,
    Ruleset,
    Scope,
    SourceNote,
)
from cchc_index.errors import Path, Text
from cchc_index.measures import Interval
from cchc_index.rules import ZERO
from cchc_index.scoring.say import Unit, say_interval
from cchc_index.scoring.totals import added
from cchc_index.solving.intervals import meet, outside, simplest_in
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED, NoteKind

# -- deadlines ---------------------------------------------------------------------------------------------------------


@frozen
class _Deadline:
    """A day that a ruleset fixes: of what, where it stands, and the notes beside it."""

    name: str
    day: object
    code: str
    locus: Path
    notes: tuple[SourceNote, ...]


def deadline_findings(rules: Ruleset) -> Iterator[Finding]:
    """Days fixed by the ruleset, and the days of its tasks, that lie outside the time in which it applies.

    A reading beside the criterion says that it is meant so.
    """
    since, until = rules.application.since, rules.application.until
    for deadline in _deadlines(rules):
        day = deadline.day
        if isinstance(day, datetime.date):
            is_early, is_late = since is not NOT_STATED and day < since, until is not NOT_STATED and day > until
            if is_early or is_late:
                yield _out_of_time(deadline, day)


def _deadlines(rules: Ruleset) -> Iterator[_Deadline]:
    for fact in rules.facts:
        yield _Deadline(fact.label, fact.given, "", ("so_lieu", fact.name), rules.notes)
    for criterion in rules.walk():
        code, notes = criterion.code, criterion.notes
        for fact in criterion.facts:
            yield _Deadline(fact.label, fact.given, code, ("so_lieu", fact.name), notes)
        for number, task in enumerate(criterion.tasks):
            yield _Deadline(task.name, task.due, code, ("phan_cong", number), notes)


def _out_of_time(deadline: _Deadline, day: datetime.date) -> Finding:
    is_read = any(note.kind is NoteKind.READING for note in deadline.notes)
    severity = Severity.NOTE if is_read else Severity.ERROR
    said = Text(
        f"{deadline.name}: ngày {day:%d/%m/%Y} nằm ngoài thời gian áp dụng",
        f"{deadline.name}: {day:%d/%m/%Y} is outside the time of application",
    )
    mend = Text("sửa năm, hoặc ghi «cach_hieu» vì sao đúng là ngày ấy", "mend the year, or record «cach_hieu»")
    return Finding("han-ngoai-ky", severity, deadline.code, said, deadline.locus, mend=mend)


# -- grades ------------------------------------------------------------------------------------------------------------


def grade_findings(rules: Ruleset, stages: Iterable[Stage]) -> Iterator[Finding]:
    """Grades that leave totals out, meet, or that no total comes to, over the totals that are possible."""
    if not rules.scales:
        return
    ends = _ends(rules, list(stages))
    for number, scale in enumerate(rules.scales):
        possible = _possible(rules, scale, ends)
        yield from _gaps(rules, scale, possible, ("xep_loai", number))
        yield from _meeting(scale, possible, ("xep_loai", number))
        yield from _unused(rules, scale, possible, ("xep_loai", number))


Ends = tuple[Fraction | None, Fraction | None]


def _ends(rules: Ruleset, stages: list[Stage]) -> Ends:
    """The least and the most of the total; None where there is no telling."""
    caps = {
        kind: added([a.criterion.max_points for a in rules.adjustments if a.kind is kind]) for kind in AdjustmentKind
    }
    most = added([_whole(rules), caps[AdjustmentKind.BONUS]])
    outer = {adjustment.criterion.code for adjustment in rules.adjustments}
    inner = [_least(stage) for stage in stages if stage.criterion.code not in outer and not stage.criterion.children]
    penalty = caps[AdjustmentKind.PENALTY]
    known = [least for least in inner if least is not None]
    total = None if len(known) < len(inner) or penalty is NOT_STATED else sum(known, ZERO) - penalty
    return total, None if most is NOT_STATED else most


def _whole(rules: Ruleset) -> Points:
    stated = rules.max_points
    return added([criterion.max_points for criterion in rules.criteria]) if stated is NOT_STATED else stated


def _least(stage: Stage) -> Fraction | None:
    """The least points of a criterion, which one that is exempt brings up to no less than zero."""
    if stage.criterion.rule is NOT_STATED or is_never_below_zero(stage.criterion.rule):
        return ZERO
    try:
        peak = peak_of(stage.criterion.rule, Sought(stage.domain, stage.whole, -1))
    except Unproven:
        return None
    return ZERO if peak is None else None if peak.value is None else min(peak.value, ZERO)


def _possible(rules: Ruleset, scale: GradeScale, ends: Ends) -> Interval:
    """The numbers that a scale can be asked for."""
    low, high = ends
    if scale.on is Basing.INDEX:
        whole, has_bonus = _whole(rules), any(a.kind is AdjustmentKind.BONUS for a in rules.adjustments)
        high = None if has_bonus else Fraction(1)
        low = low / whole if low and whole is not NOT_STATED and whole else low
    return Interval(low, high, low is not None, high is not None)


def _within(interval: Interval, possible: Interval, rules: Ruleset, scale: GradeScale) -> Fraction | None:
    """The simplest possible number in an interval; a total that is rounded is a multiple of the step."""
    common = meet(interval, possible)
    if common is None:
        return None
    step = rules.rounding.step if rules.rounding and scale.on is Basing.POINTS else None
    return simplest_in(common, step)


def _gaps(rules: Ruleset, scale: GradeScale, possible: Interval, locus: Path) -> Iterator[Finding]:
    unit = Unit.PERCENT if scale.on is Basing.INDEX else Unit.PLAIN
    is_known = rules.scope in (Scope.EXCERPT, Scope.FRAME) or any(n.kind is NoteKind.HOLE for n in rules.notes)
    for gap in outside([grade.interval for grade in scale.grades]):
        found = _within(gap, possible, rules, scale)
        if found is not None:
            said = say_interval(gap, unit)
            message = Text(f"không có xếp loại cho: {said.vi}", f"there is no grade for: {said.en}")
            mend = Text("thêm bậc xếp loại, hoặc ghi «khoang_trong»", "add a grade, or record «khoang_trong»")
            severity = Severity.NOTE if is_known else Severity.ERROR
            yield Finding("xep-loai-ho", severity, "", message, locus, Witness(points=found), mend)


def _meeting(scale: GradeScale, possible: Interval, locus: Path) -> Iterator[Finding]:
    for (_, one), (number, other) in combinations(enumerate(scale.grades), 2):
        common = meet(one.interval, other.interval)
        found = common and meet(common, possible)
        if found:
            said = Text(f"«{one.name}» và «{other.name}» chồng nhau", f"«{one.name}» and «{other.name}» overlap")
            mend = Text("sửa cận cho rời nhau", "set the bounds apart")
            witness = Witness(points=simplest_in(found, None))
            yield Finding("xep-loai-chong", Severity.ERROR, "", said, (*locus, "bac", number), witness, mend)


def _unused(rules: Ruleset, scale: GradeScale, possible: Interval, locus: Path) -> Iterator[Finding]:
    for number, grade in enumerate(scale.grades):
        if _within(grade.interval, possible, rules, scale) is None:
            said = Text(f"không đơn vị nào được «{grade.name}»", f"no unit can be graded «{grade.name}»")
            mend = Text("sửa cận, hoặc điểm tối đa", "mend the bounds, or the maximum")
            yield Finding("xep-loai-khong-toi", Severity.ERROR, "", said, (*locus, "bac", number), mend=mend)


# -- notes on the source -----------------------------------------------------------------------------------------------


def note_findings(rules: Ruleset) -> Iterator[Finding]:
    """Contradictions and holes of the source beside which no reading is recorded."""
    yield from _unread("", rules.notes)
    for criterion in rules.walk():
        yield from _unread(criterion.code, criterion.notes)


def _unread(code: str, notes: Iterable[SourceNote]) -> Iterator[Finding]:
    known = list(notes)
    if any(note.kind is NoteKind.READING for note in known):
        return
    for kind in (NoteKind.CONTRADICTION, NoteKind.HOLE):
        for number, note in enumerate(note for note in known if note.kind is kind):
            said = Text(f"chưa có cách hiểu cho: «{note.text}»", f"no reading is recorded for: «{note.text}»")
            mend = Text("ghi «cach_hieu» khi có người quyết định", "record «cach_hieu» once somebody has decided")
            yield Finding("chua-co-cach-hieu", Severity.NOTE, code, said, (kind.value, number), mend=mend)
