"""What a unit has handed in, by the path of each input cell, as a cell holds it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Path, Text
from cchc_index.facts import Appraisal, NewPoints, Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.files.reviews import ROUNDS
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import EPOCH, as_given, range_of
from cchc_index.office.formulas.program import options_as_counts
from cchc_index.office.workbook.layout import path_of
from cchc_index.points import Exact, show
from cchc_index.scoring.say import joined
from cchc_index.scoring.score import check_match, code_faults

Given = Mapping[Path, Exact | str]
_NUMBERS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.POINTS, FactType.DATE)


def given_by(rules: Ruleset, unit: Submission) -> Given:
    """The content of every input cell.

    Raises BadSubmission for figures that are wrong, and for those that a cell cannot hold exactly.
    """
    check_match(rules, unit)
    figures, given = read_figures(rules.facts_by_name, unit), dict(_about(unit))
    faults = list(code_faults(rules, unit))
    for fact in rules.facts_by_name.values():
        if fact.type is FactType.RECORDS:
            records = figures[fact.name] if figures.has(fact.name) else ()
            for number, record in enumerate(records):
                given |= _figures(fact.fields, record, ("so_lieu", fact.name, number), faults)
        elif fact.given is None:
            given |= _figures(options_as_counts(fact), figures, (), faults)
    points = {path: value for path, value in given.items() if path[0] == "tu_cham" or path[-1] == "diem"}
    faults += [_too_fine(path, value) for path, value in points.items() if not _fits(value)]
    if faults:
        raise BadSubmission(fault.located(unit.places) for fault in faults)
    return given


def _figures(facts: tuple[Fact, ...], figures: Figures, above: Path, faults: list[Fault]) -> dict[Path, Exact | str]:
    found: dict[Path, Exact | str] = {}
    for fact in facts:
        value = as_given(fact, figures) if fact.name in figures else None
        path = (*above, fact.name) if above else path_of(fact)
        if value is None:
            continue
        if fact.type in _NUMBERS and not isinstance(value, str) and not range_of(fact).holds(value):
            faults.append(_too_fine(path, value))
        found[path] = value
    return found


def _fits(points: Exact | str) -> bool:
    if isinstance(points, str):
        return False
    exact = Fraction(points)
    return (exact * 10**10).denominator == 1 and -10_000 < exact < 10_000


def _too_fine(path: Path, value: Any) -> Fault:
    shown = show(value)
    return Fault(
        Text(
            f"{shown}: một ô bảng tính không ghi đúng được số này; chấm bằng cchc",
            f"{shown}: a spreadsheet cell cannot hold this exactly; score it with cchc",
        ),
        path,
    )


def _about(unit: Submission) -> Iterator[tuple[Path, Exact | str]]:
    """What is no figure: name and period, what is not assessed, claims and documents."""
    yield ("don_vi",), unit.unit
    if unit.group:
        yield ("nhom",), unit.group
    if unit.period:
        yield ("ky", "tu_ngay"), unit.period.start.toordinal() - EPOCH
        yield ("ky", "den_ngay"), unit.period.end.toordinal() - EPOCH
    for code, reason in unit.exemptions.items():
        yield ("khong_danh_gia", code), reason
    for claim in unit.claims:
        yield ("tu_cham", claim.code), claim.points
    for code, documents in unit.evidence.items():
        for number, one in enumerate(documents):
            parts = {"so": one.number, "muc": one.section, "trang": one.page}
            yield from ((("tai_lieu", code, number, key), text) for key, text in parts.items() if text)
            if one.date:
                yield ("tai_lieu", code, number, "ngay"), one.date.toordinal() - EPOCH
    yield from _appraised(last_round(unit))


def last_round(unit: Submission) -> Appraisal | None:
    """The latest round of appraisal, which is the one that a workbook shows."""
    rounds = [one for one in unit.appraisals if one.phase in ROUNDS.values()]
    return max(rounds, key=lambda one: one.phase.number, default=None)


def not_shown(unit: Submission) -> Text | None:
    """What a submission says that a workbook has no cells for; None where it has cells for all of it."""
    shown = last_round(unit)
    beside = [change for change in shown.changes if not isinstance(change, NewPoints)] if shown else []
    parts = (
        (Text("tình trạng", "statements"), len(unit.statements)),
        (Text("tiến độ", "progress"), 1 if unit.reported else 0),
        (Text("giải trình", "explanations"), len(unit.explanations)),
        (Text("lần thẩm định khác", "other rounds of appraisal"), sum(one is not shown for one in unit.appraisals)),
        (Text("thay đổi không phải điểm", "changes that are no points"), len(beside)),
        (Text("tiêu chí giữ nguyên", "criteria kept"), len(shown.kept) if shown else 0),
    )
    found = [Text(f"{text.vi} ({count})", f"{text.en} ({count})") for text, count in parts if count]
    return joined(found, ", ") if found else None


def _appraised(one: Appraisal | None) -> Iterator[tuple[Path, Exact | str]]:
    """The points of a round, and whose it is."""
    if one is None:
        return
    yield ("tham_dinh", "lan"), next(word for word, phase in ROUNDS.items() if phase is one.phase)
    if one.by:
        yield ("tham_dinh", "nguoi"), one.by
    if one.on:
        yield ("tham_dinh", "ngay"), one.on.toordinal() - EPOCH
    for change in one.changes:
        if isinstance(change, NewPoints):
            yield ("tham_dinh", change.code, "diem"), change.points
            yield ("tham_dinh", change.code, "ly_do"), change.reason
