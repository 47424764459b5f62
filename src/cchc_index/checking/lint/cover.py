"""Findings about gaps, overlaps, zero denominators and parts that nothing comes to, held against the recorded notes."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from cchc_index.checking.lint.coverage import NOTHING, Kind, Trouble, View, troubles_of
from cchc_index.checking.lint.regions import Point, Regions, beyond, both, is_met, truth_of
from cchc_index.checking.lint.stage import Stage, not_held
from cchc_index.checking.lint.told import BEYOND, TOLD, UNPROVEN
from cchc_index.checking.structure import Finding, Severity
from cchc_index.criteria import SourceNote
from cchc_index.errors import Path, Text
from cchc_index.measures import FactType
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED, NoteKind

SILENT = (Kind.GAP, Kind.OVERLAP, Kind.ZERO, Kind.NEGATIVE, Kind.EMPTY)
"""The kinds that leave figures without points, and that a hole may record."""
EXCUSES = {
    Kind.GAP: (NoteKind.HOLE,),
    Kind.OVERLAP: (NoteKind.HOLE,),
    Kind.NEVER: (NoteKind.CONTRADICTION, NoteKind.READING),
}


def cover_findings(stage: Stage) -> Iterator[Finding]:
    """What a criterion's rule leaves out, counts twice or never uses; and holes that are none."""
    rule = stage.criterion.rule
    if rule is NOT_STATED:
        return
    try:
        if not any(is_met(region, stage.domain) for region in stage.asked):
            yield never_asked(stage)
            return
        troubles = list(troubles_of(rule, View(stage.domain, stage.asked)))
    except Unproven:
        yield unproven(stage, ())
        return
    yield from _distinct(_decided(stage, troubles))
    yield from _holes(stage, troubles)


def unproven(stage: Stage, locus: Path) -> Finding:
    return Finding("chua-chung-minh", Severity.NOTE, stage.criterion.code, UNPROVEN, locus)


def never_asked(stage: Stage) -> Finding:
    message = Text("luôn thuộc diện không đánh giá, với mọi số liệu", "always exempt, whatever the figures")
    mend = Text("sửa «khi» của quy định không đánh giá", "mend the «khi» of the exemption")
    return Finding("luon-mien-tru", Severity.ERROR, stage.criterion.code, message, mend=mend)


def _distinct(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: one denominator in several conditions is one question to the source."""
    seen: set[object] = set()
    for finding in found:
        key = (finding.code, finding.witness or finding.locus)
        if key not in seen:
            seen.add(key)
            yield finding


def _decided(stage: Stage, troubles: Iterable[Trouble]) -> Iterator[Finding]:
    dead: list[Path] = []
    for trouble in troubles:
        if trouble.kind is Kind.NEVER and any(trouble.locus[: len(locus)] == locus for locus in dead):
            continue  # what stands inside a level that never counts; figures it leaves out still count against the best
        try:
            if trouble.kind is not Kind.NEVER:
                yield from _met(stage, trouble)
            elif not any(is_met(region, stage.domain) for region in trouble.regions):
                dead.append(trouble.locus)
                yield _finding(stage, trouble)
        except Unproven:
            yield unproven(stage, trouble.locus)


def _met(stage: Stage, trouble: Trouble) -> Iterator[Finding]:
    """A finding where nothing is recorded, and one for each hole that records it."""
    point, is_usual = _smallest(stage, both(trouble.regions, _unread(stage, trouble.kind)), trouble)
    if point is not None:
        yield _finding(stage, trouble, point, is_usual=is_usual)
    for note, regions in stage.holes if trouble.kind in SILENT else ():
        recorded = stage.found(both(trouble.regions, regions), trouble.view.beside)
        if recorded is not None:
            yield _recorded(_finding(stage, trouble, recorded), [note])


def _unread(stage: Stage, kind: Kind) -> Regions:
    """Where no hole is recorded, nor (for the best of several levels) a reading."""
    if kind is not Kind.BEST:
        return stage.whole
    readings = (note.when for note in stage.criterion.notes if note.kind is NoteKind.READING)
    read = [[] if when is None else not_held(truth_of(when, stage.domain)) for when in readings]
    return both(stage.whole, *read)


def _smallest(stage: Stage, regions: Regions, trouble: Trouble) -> tuple[Point | None, bool]:
    """The smallest figures in some regions, and whether no percent had to pass 100%."""
    keys = {key for region in regions for key in region.keys}
    percents = any(stage.domain.facts[key].type is FactType.PERCENT for key in keys)
    if percents:
        point = stage.found(regions, trouble.view.beside, is_usual=True)
        if point is not None:
            return point, True
    point = stage.found(regions, trouble.view.beside)
    return point, not percents


def _finding(stage: Stage, trouble: Trouble, point: Point | None = None, *, is_usual: bool = True) -> Finding:
    told, said = TOLD[trouble.kind], trouble.said()
    message = told.said if said == NOTHING else Text(f"{told.said.vi}: {said.vi}", f"{told.said.en}: {said.en}")
    empty = str(trouble.locus[-1]) if trouble.kind is Kind.EMPTY else ""
    finding = Finding(
        trouble.kind.value,
        told.severity,
        stage.criterion.code,
        message,
        trouble.locus,
        None if point is None else stage.witness(point, empty=empty),
        told.mend,
    )
    if not is_usual:
        return noted(finding, BEYOND)
    if finding.severity is Severity.NOTE:
        return finding
    notes = stage.noted(*EXCUSES.get(trouble.kind, ()))
    return _recorded(finding, notes) if notes else finding


def noted(finding: Finding, why: Text) -> Finding:
    """The same finding as something worth knowing, with the reason."""
    message = Text(f"{finding.message.vi} ({why.vi})", f"{finding.message.en} ({why.en})")
    return evolve(finding, severity=Severity.NOTE, message=message)


def _recorded(finding: Finding, notes: Iterable[SourceNote]) -> Finding:
    told = ", ".join(f"«{note.text}»" for note in notes)
    return evolve(noted(finding, Text(f"đã ghi: {told}", f"recorded: {told}")), mend=None)


def _holes(stage: Stage, troubles: list[Trouble]) -> Iterator[Finding]:
    """Holes recorded for figures that never come up, or for which the rule gives points all the same."""
    silent = [r for t in troubles if t.kind in (*SILENT, Kind.BEST) for r in t.regions]
    for number, (_, regions) in enumerate(stage.holes):
        locus: Path = ("khoang_trong", number)
        try:
            yield from _hole(stage, both(stage.asked, regions), silent, locus)
        except Unproven:
            yield unproven(stage, locus)


def _hole(stage: Stage, regions: Regions, silent: Regions, locus: Path) -> Iterator[Finding]:
    code = stage.criterion.code
    mend = Text("sửa «khi» của khoảng trống, hoặc bỏ nó", "mend the «khi» of the hole, or drop it")
    if not any(is_met(region, stage.domain) for region in regions):
        message = Text("khoảng trống ghi cho số liệu không thể có", "a hole is recorded for figures that cannot be")
        yield Finding("khoang-trong-khong-toi", Severity.ERROR, code, message, locus, mend=mend)
        return
    within = [region for region in both(regions, silent) if is_met(region, stage.domain)]
    point = stage.found(both(regions, beyond(within, stage.domain)))
    if point is not None:
        message = Text("khoảng trống ghi ở chỗ quy tắc có điểm", "a hole is recorded where the rule gives points")
        yield Finding("khoang-trong-khong-that", Severity.ERROR, code, message, locus, stage.witness(point), mend)
