"""Audits, recomputed printed tables and checked seals as reports."""

from collections.abc import Sequence
from fractions import Fraction

from cchc_index.auditing.findings import AuditFinding, Column, FindingKind
from cchc_index.auditing.printed import PrintedTotal, Verdict, counted
from cchc_index.auditing.verify import Audit, AuditRow, Known
from cchc_index.checking.structure import Severity
from cchc_index.criteria import Scope
from cchc_index.errors import Lang, Text, many, place_said
from cchc_index.reporting.page import (
    Amount,
    Cell,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    Tone,
    columns_of,
    items,
    points_cell,
)
from cchc_index.reporting.tables import title_block
from cchc_index.scoring.say import say_basis
from cchc_index.sources import NOT_STATED

KINDS = {
    FindingKind.NOT_REPRODUCIBLE: Text(
        "Điểm tự chấm không theo số liệu", "Points claimed do not follow from the figures"
    ),
    FindingKind.ABOVE_MAXIMUM: Text("Vượt điểm tối đa", "Above the maximum"),
    FindingKind.TOTAL_NOT_SUM: Text("Tổng không bằng các phần cộng lại", "A total is not the sum of its parts"),
    FindingKind.MAXIMUM_ALTERED: Text("Điểm tối đa khác quyết định", "A maximum is not that of the decision"),
    FindingKind.CRITERION_MISSING: Text("Thiếu tiêu chí", "A criterion is missing"),
    FindingKind.CRITERION_EXTRA: Text("Dòng không có trong quyết định", "A row that the decision does not have"),
    FindingKind.CRITERION_REPEATED: Text("Tiêu chí có hai dòng", "A criterion has two rows"),
    FindingKind.CLAIM_BLANK: Text("Chưa tự chấm", "Nothing claimed"),
    FindingKind.EVIDENCE_MISSING: Text("Thiếu tài liệu kiểm chứng", "Evidence is missing"),
    FindingKind.EVIDENCE_LATE: Text("Tài liệu sau hạn", "Evidence dated after the deadline"),
    FindingKind.EVIDENCE_OUTSIDE_PERIOD: Text("Tài liệu ngoài kỳ đánh giá", "Evidence from outside the period"),
    FindingKind.EXEMPTION_NOT_ALLOWED: Text("Không được bỏ đánh giá", "May not be left out"),
    FindingKind.FIGURES_INCONSISTENT: Text("Số liệu mâu thuẫn nhau", "Figures contradict each other"),
    FindingKind.FIGURE_UNUSABLE: Text("Số liệu không dùng được", "Figures that cannot be used"),
    FindingKind.NOT_COMPUTABLE: Text("Chưa tính được điểm", "Points cannot be computed"),
    FindingKind.AWARDED_DIFFERS: Text(
        "Điểm thẩm định không theo số liệu", "Points awarded do not follow from the figures"
    ),
    FindingKind.RULESET_OTHER: Text("Lập theo bộ tiêu chí khác", "Made for another ruleset"),
    FindingKind.RULESET_NOT_IN_FORCE: Text("Bộ tiêu chí không có hiệu lực", "The ruleset is not in force"),
}
VERDICTS = {
    Verdict.EXACT: Text("đúng", "exact"),
    Verdict.WITHIN_ROUNDING: Text("trong giới hạn làm tròn", "within print rounding"),
    Verdict.WRONG: Text("SAI", "WRONG"),
}


_AUDIT = Text("Soát xét", "Audit")


def audit(held: Audit, lang: Lang, *, every_row: bool = False) -> Page:
    """One unit's audit: the three numbers of each criterion with a finding (or of all), and what is to be explained."""
    title = f"{_AUDIT.said(lang)}: {held.unit}"
    organ = "" if held.scope is Scope.SAMPLE else held.unit
    return Page(title, _sections(held, lang, _AUDIT.said(lang), every_row=every_row), lang, organ)


def audits(several: Sequence[Audit], lang: Lang, *, every_row: bool = False) -> Page:
    """The audits of several units, one after the other."""
    sections = [section for held in several for section in _sections(held, lang, held.unit, every_row=every_row)]
    return Page(f"{_AUDIT.said(lang)}: {', '.join(held.unit for held in several)}", tuple(sections), lang)


def _sections(held: Audit, lang: Lang, name: str, *, every_row: bool) -> tuple[Section, ...]:
    touched = {finding.criterion for finding in held.findings}
    rows = [row for row in held.rows if every_row or row.code in touched]
    first = Section(name, (*_heading(held, lang), _numbers(rows, held, lang), _summary(held, lang)))
    explain = Text("Nội dung giải trình", "To be explained").said(lang)
    found = Section(explain, (_findings(held, lang),)) if held.findings else None
    over = Section(Text("Dòng không dùng đến", "Rows passed over").said(lang), _passed_over(held, lang))
    return (first, *([found] if found else []), *([over] if over.parts else []))


def _heading(held: Audit, lang: Lang) -> list[Part]:
    told = [Text("Đơn vị", "Unit").said(lang) + f": {held.unit}"]
    told += [Text("Kỳ", "Period").said(lang) + f": {held.period}"] if held.period else []
    told.append(f"{held.ruleset}/{held.version}")
    return title_block(held.title, lang, " · ".join(told), is_sample=held.scope is Scope.SAMPLE)


def _numbers(rows: Sequence[AuditRow], held: Audit, lang: Lang) -> Table:
    has_awarded = any(row.awarded is not None for row in (*held.rows, held.total))
    awarded = Text("|Thẩm định", "|Awarded") if has_awarded else Text("", "")
    columns = columns_of(
        f"Mã|Tiêu chí|Tối đa|Tự chấm|Tính được{awarded.vi}|Lệch",
        f"Code|Criterion|Max|Claimed|Computed{awarded.en}|Difference",
        "ctnnn" + "n" * has_awarded + "n",
        lang,
    )
    return Table(columns, tuple(_three(row, lang, has_awarded=has_awarded) for row in (*rows, held.total)))


def _three(row: AuditRow, lang: Lang, *, has_awarded: bool) -> Row:
    """The numbers of one criterion side by side."""
    name = row.name or Text("Tổng điểm", "Total").said(lang)
    points = (row.max_points, row.claimed, row.computed, *((row.awarded,) if has_awarded else ()))
    tone = Tone.TOTAL if not row.code else Tone.PLAIN if row.depth else Tone.AREA
    return Row((row.code, name, *(points_cell(one, lang) for one in points), _gap(row.claimed, row.computed)), tone)


def _gap(claimed: Known, computed: Known) -> Cell:
    """The points claimed less those computed; empty where either is not known."""
    if claimed is None or computed is None or claimed is NOT_STATED or computed is NOT_STATED:
        return ""
    return Amount(claimed - computed, signed=True)


def _signed(value: Fraction, lang: Lang) -> str:
    return Amount(value, signed=True).said(lang)


def _summary(held: Audit, lang: Lang) -> Para:
    errors = sum(finding.severity is Severity.ERROR for finding in held.findings)
    notes = len(held.findings) - errors
    told = Text(f"{errors} điều phải giải trình, {notes} lưu ý.", f"{errors} to be explained, {many(notes, 'note')}.")
    clean = Text("Không có gì phải giải trình.", "Nothing to be explained.")
    return Para((told if held.findings else clean).said(lang), Role.STRONG)


def _findings(held: Audit, lang: Lang) -> Table:
    """The findings kind by kind, each kind with what it asks to be explained, and room for the unit's answer."""
    names = {row.code: row.name for row in held.rows}
    rows, words = list[Row](), list[Para]()
    for kind in dict.fromkeys(finding.kind for finding in held.findings):
        found = [finding for finding in held.findings if finding.kind is kind]
        asks = Text("Cần giải trình", "To be explained").said(lang)
        head = f"{KINDS[kind].said(lang)} ({len(found)}). {asks}: {found[0].explain.said(lang)}."
        told = [_finding(finding, names, lang) for finding in found]
        rows += [Row((head,), Tone.AREA), *(Row((*pair, "")) for pair in told)]
        words += [Para(head, Role.HEADING), *items([": ".join(filter(None, pair)) for pair in told])]
    columns = columns_of(
        "Tiêu chí|Điều phải giải trình|Giải trình của đơn vị", "Criterion|Finding|The unit's explanation", "ttt", lang
    )
    return Table(columns, tuple(rows), in_words=tuple(words))


def _finding(finding: AuditFinding, names: dict[str, str], lang: Lang) -> tuple[str, str]:
    code = finding.criterion
    awarded = Text("thẩm định ", "awarded: ").said(lang) if finding.column is Column.AWARDED else ""
    gap = ""
    if finding.difference is not None and finding.kind is not FindingKind.FIGURES_INCONSISTENT:
        gap = Text("; lệch ", "; difference ").said(lang) + _signed(finding.difference, lang)
    also = Text("; cũng dùng ở ", "; also used in ").said(lang) + ", ".join(finding.also) if finding.also else ""
    quote = "" if finding.basis is NOT_STATED else " " + say_basis(finding.basis).said(lang)
    source = f" [{finding.source}]" if finding.source and not quote else ""
    place = f" ({place_said(finding.place, lang)})" if finding.place else ""
    told = f"{awarded}{finding.message.said(lang)}{gap}{also}.{quote}{source}{place}"
    return f"{code} {names[code]}" if code in names else "", told


def _passed_over(held: Audit, lang: Lang) -> tuple[Para, ...]:
    if not held.passed_over:
        return ()
    return (Para(Text("Dòng không dùng đến:", "Rows passed over:").said(lang), Role.HEADING), *items(held.passed_over))


def recomputed(rows: Sequence[PrintedTotal], lang: Lang, mean: PrintedTotal | None = None) -> Page:
    """A printed table added up again: what is printed, what the parts come to, and the bound of print rounding."""
    columns = columns_of(
        "Tên|In|Cộng lại|Lệch|Giới hạn|Kết luận", "Name|Printed|Recomputed|Difference|Bound|Verdict", "tnnnnt", lang
    )
    table = Table(columns, tuple(_added_up(row, lang) for row in (*rows, *([mean] if mean else ()))))
    counts = counted(rows)
    told = ", ".join(f"{counts[verdict]} {VERDICTS[verdict].said(lang)}" for verdict in Verdict)
    name = Text("Cộng lại bảng đã in", "A printed table recomputed").said(lang)
    return Page(name, (Section(name, (table, Para(f"{told}.", Role.STRONG))),), lang)


def _added_up(row: PrintedTotal, lang: Lang) -> Row:
    name = row.name or Text("Trung bình", "Mean").said(lang)
    numbers = Amount(row.expected), Amount(row.difference, signed=True), Amount(row.bound)
    tone = Tone.ALERT if row.verdict is Verdict.WRONG else Tone.PLAIN
    return Row((name, _as_printed(row.printed, lang), *numbers, VERDICTS[row.verdict].said(lang)), tone)


def _as_printed(text: str, lang: Lang) -> str:
    """A printed number with all its decimals, under the mark of the language."""
    return text.replace(".", ",") if lang == "vi" else text.replace(",", ".")
