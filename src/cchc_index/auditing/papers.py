"""What stands around the points: evidence and its dates, exemptions asked for, the version that was used."""

import datetime
from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from cchc_index.auditing.findings import AuditFinding, FindingKind, finding_at
from cchc_index.auditing.recomputing import is_exemptable
from cchc_index.auditing.sheet import SheetRow
from cchc_index.criteria import Criterion, Exemption, Policy, Ruleset
from cchc_index.errors import Text, did_you_mean
from cchc_index.facts import Evidence, Submission
from cchc_index.finding import last_day
from cchc_index.measures import DayOfYear
from cchc_index.scoring.trace import Line
from cchc_index.sources import NOT_STATED

_NOT_IN_FORCE = FindingKind.RULESET_NOT_IN_FORCE

# -- evidence ----------------------------------------------------------------------------------------------------------


def evidence_findings(
    rules: Ruleset, unit: Submission, claiming: Iterable[str], deadline: datetime.date | None
) -> Iterator[AuditFinding]:
    """Evidence that is missing where points are claimed, or is dated after a deadline or outside the period.

    A deadline is that of the criterion's own tasks, else `deadline`. Evidence of an area or criterion counts for what
    stands under it.
    """
    claimed = set(claiming)
    for criterion, above in _with_ancestors(rules):
        held = [paper for one in (*above, criterion) for paper in unit.evidence.get(one.code, ())]
        if criterion.evidence and not held and criterion.code in claimed:
            yield _missing(criterion, unit)
        due = _due(criterion, unit) or deadline
        for paper in unit.evidence.get(criterion.code, ()):
            yield from _dated(criterion, paper, due, unit)


def _with_ancestors(rules: Ruleset) -> Iterator[tuple[Criterion, tuple[Criterion, ...]]]:
    for criterion in (*rules.criteria, *(adjustment.criterion for adjustment in rules.adjustments)):
        yield from _under(criterion, ())


def _under(criterion: Criterion, above: tuple[Criterion, ...]) -> Iterator[tuple[Criterion, tuple[Criterion, ...]]]:
    yield criterion, above
    for child in criterion.children:
        yield from _under(child, (*above, criterion))


def _due(criterion: Criterion, unit: Submission) -> datetime.date | None:
    """The last of the days by which the criterion's tasks are due; a day of the year is one of the period's year."""
    days = [_in_period(task.due, unit) for task in criterion.tasks]
    return max((day for day in days if day is not None), default=None)


def _in_period(due: datetime.date | DayOfYear | None, unit: Submission) -> datetime.date | None:
    if not isinstance(due, DayOfYear):
        return due
    if unit.period is None:
        return None
    month = datetime.date(unit.period.end.year, due.month, 1)
    return min(month + datetime.timedelta(due.day - 1), _end_of(month))


def _end_of(month: datetime.date) -> datetime.date:
    """29/02 in a year without it is the last day of February."""
    return (month + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)


def _missing(criterion: Criterion, unit: Submission) -> AuditFinding:
    wanted = "; ".join(criterion.evidence)
    message = Text(f"chưa có tài liệu kiểm chứng: {wanted}", f"no evidence: {wanted}")
    return finding_at(
        FindingKind.EVIDENCE_MISSING, criterion, message, unit.places.get(("tu_cham", criterion.code), "")
    )


def _dated(
    criterion: Criterion, paper: Evidence, due: datetime.date | None, unit: Submission
) -> Iterator[AuditFinding]:
    place = unit.places.get(("tai_lieu", criterion.code), "")
    if paper.date is None:
        return
    if due and paper.date > due:
        message = Text(
            f"{paper.number} ghi ngày {paper.date:%d/%m/%Y}, sau hạn {due:%d/%m/%Y}",
            f"{paper.number} is dated {paper.date:%d/%m/%Y}, after the deadline {due:%d/%m/%Y}",
        )
        yield finding_at(FindingKind.EVIDENCE_LATE, criterion, message, place)
    elif unit.period and not unit.period.start <= paper.date <= unit.period.end:
        message = Text(
            f"{paper.number} ghi ngày {paper.date:%d/%m/%Y}, ngoài kỳ {unit.period}",
            f"{paper.number} is dated {paper.date:%d/%m/%Y}, outside the period {unit.period}",
        )
        yield finding_at(FindingKind.EVIDENCE_OUTSIDE_PERIOD, criterion, message, place)


# -- exemptions --------------------------------------------------------------------------------------------------------


def exemption_findings(
    rules: Ruleset, unit: Submission, rows: Mapping[str, SheetRow], lines: Mapping[str, Line]
) -> Iterator[AuditFinding]:
    """Criteria left out that the decision does not allow to be left out, in the submission or in the sheet."""
    for code, reason in unit.exemptions.items():
        if code in rules.by_code and not is_exemptable(rules, code):
            yield _not_allowed(rules[code], reason, unit.places.get(("khong_danh_gia", code), ""))
    for criterion, above in _with_ancestors(rules):
        row, line = rows.get(criterion.code), lines.get(criterion.code)
        if row is None or not row.not_assessed or criterion.code in unit.exemptions:
            continue
        may_be = line.exempted is not None if line else any(one.exemptions for one in (*above, criterion))
        if not may_be:
            yield _not_allowed(criterion, row.not_assessed, row.place)


def _not_allowed(criterion: Criterion, reason: str, place: str) -> AuditFinding:
    message = Text(
        f"bỏ đánh giá («{reason}») mà {criterion.citation} không cho phép trong trường hợp này",
        f"left out («{reason}»), which {criterion.citation} does not allow here",
    )
    rule = next((one for one in criterion.exemptions if _says_no(one)), None)
    finding = finding_at(FindingKind.EXEMPTION_NOT_ALLOWED, criterion, message, place)
    return evolve(finding, basis=rule.basis) if rule else finding


def _says_no(rule: Exemption) -> bool:
    return rule.policy is Policy.FORBIDDEN or rule.when is not None


# -- codes and versions ------------------------------------------------------------------------------------------------


def unknown_code_findings(rules: Ruleset, unit: Submission) -> Iterator[AuditFinding]:
    """Codes of exemptions and of evidence that are no criterion."""
    for section, codes in (("khong_danh_gia", unit.exemptions), ("tai_lieu", unit.evidence)):
        for code in codes:
            if code not in rules.by_code:
                yield extra(rules, code, "", unit.places.get((section, code), ""))


def extra(rules: Ruleset, code: str, name: str, place: str) -> AuditFinding:
    """The finding of a row or a code that is no criterion."""
    shown, hint = f"«{code} {name}»".replace(" »", "»").replace("« ", "«"), did_you_mean(code, rules.by_code)
    message = Text(
        f"{shown} không có trong {rules.full_id}" + (f" ({hint.vi})" if hint else ""),
        f"{shown} is not in {rules.full_id}" + (f" ({hint.en})" if hint else ""),
    )
    return evolve(finding_at(FindingKind.CRITERION_EXTRA, None, message, place), criterion=code)


def version_findings(rules: Ruleset, unit: Submission, known: Iterable[Ruleset]) -> Iterator[AuditFinding]:
    """The ruleset is not the one the unit names, or was not in force on the last day of the period.

    A set that ends is known by its own date, or by one among `known` that replaces it.
    """
    for key, given, used in (("bo_tieu_chi", unit.ruleset, rules.id), ("phien_ban", unit.version, rules.version)):
        if given is not None and given != used:
            message = Text(
                f"bản khai lập theo «{given}», đối chiếu theo «{used}»",
                f"made for «{given}», held against «{used}»",
            )
            yield finding_at(FindingKind.RULESET_OTHER, None, message, unit.places.get((key,), ""))
    if unit.period is not None:
        start, end, on = rules.application.since, last_day(rules, known), unit.period.end
        if start is not NOT_STATED and on < start:
            message = Text(
                f"{rules.full_id} áp dụng từ {start:%d/%m/%Y}, kỳ đánh giá đã hết ngày {on:%d/%m/%Y}",
                f"{rules.full_id} applies from {start:%d/%m/%Y}, the period ended on {on:%d/%m/%Y}",
            )
            yield evolve(finding_at(_NOT_IN_FORCE, None, message), basis=rules.application.basis)
        elif end is not None and on > end:
            message = Text(
                f"{rules.full_id} hết hiệu lực ngày {end:%d/%m/%Y}, kỳ đánh giá đến {on:%d/%m/%Y}",
                f"{rules.full_id} ended on {end:%d/%m/%Y}, the period runs to {on:%d/%m/%Y}",
            )
            yield evolve(finding_at(_NOT_IN_FORCE, None, message), basis=rules.application.basis)
