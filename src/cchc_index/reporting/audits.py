"""Audits, recomputed printed tables and checked seals as tables and lists for a terminal or a text file."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text as Styled

from cchc_index.auditing.findings import AuditFinding, Column, FindingKind
from cchc_index.auditing.printed import PrintedTotal, Verdict, counted
from cchc_index.auditing.verify import Audit, AuditRow, Known
from cchc_index.checking.structure import Severity
from cchc_index.criteria import Scope
from cchc_index.errors import Lang, Text
from cchc_index.reporting.tables import SAMPLE, said_points, table_of
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


def audit(held: Audit, lang: Lang, *, every_row: bool = False) -> RenderableType:
    """One unit's audit: the three numbers of each criterion with a finding (or of all), and what is to be explained."""
    touched = {finding.criterion for finding in held.findings}
    rows = [row for row in held.rows if every_row or row.code in touched]
    parts = [_heading(held, lang), _numbers(rows, held, lang), _summary(held, lang), *_findings(held, lang)]
    return Group(*parts, *_passed_over(held, lang))


def _heading(held: Audit, lang: Lang) -> Styled:
    heading = Styled(f"{held.title}\n", style="bold")
    if held.scope is Scope.SAMPLE:
        heading.append(f"{SAMPLE.said(lang)}\n", style="bold red")
    heading.append(Text("Đơn vị", "Unit").said(lang) + f": {held.unit}", style="not bold")
    if held.period:
        heading.append(" · " + Text("Kỳ", "Period").said(lang) + f": {held.period}", style="not bold")
    return heading.append(f" · {held.ruleset}/{held.version}\n", style="not bold")


def _numbers(rows: Sequence[AuditRow], held: Audit, lang: Lang) -> RenderableType:
    has_awarded = any(row.awarded is not None for row in (*held.rows, held.total))
    words = Text(
        "Mã|Tiêu chí|Tối đa|Tự chấm|Tính được|Thẩm định|Lệch", "Code|Criterion|Max|Claimed|Computed|Awarded|Difference"
    )
    kinds = ("code", "text", "number", "number", "number", "number", "number")
    columns = list(zip(words.said(lang).split("|"), kinds, strict=True))
    table = table_of(*(column for number, column in enumerate(columns) if has_awarded or number != 5))
    total = Text("Tổng điểm", "Total").said(lang)
    for row in (*rows, held.total):
        cells = [row.code, row.name or total, said_points(row.max_points, lang)]
        cells += [_said(row.claimed, lang), _said(row.computed, lang)]
        cells += [_said(row.awarded, lang)] if has_awarded else []
        table.add_row(*(escape(cell) for cell in cells), _gap(row, lang), style="bold" if not row.depth else "")
    return table


def _said(points: Known, lang: Lang) -> str:
    return "–" if points is None else said_points(points, lang)


def _gap(row: AuditRow, lang: Lang) -> str:
    """The points claimed less those computed; empty where either is not known."""
    claimed, computed = row.claimed, row.computed
    if claimed is None or computed is None or claimed is NOT_STATED or computed is NOT_STATED:
        return ""
    return _signed(claimed - computed, lang)


def _signed(value: Fraction, lang: Lang) -> str:
    told = said_points(abs(value), lang)
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return "≈" + sign + told.removeprefix("≈") if told.startswith("≈") else sign + told


def _summary(held: Audit, lang: Lang) -> Styled:
    errors = sum(finding.severity is Severity.ERROR for finding in held.findings)
    notes = len(held.findings) - errors
    told = Text(f"{errors} điều phải giải trình, {notes} lưu ý.", f"{errors} to be explained, {notes} notes.")
    clean = Text("Không có gì phải giải trình.", "Nothing to be explained.")
    return Styled("\n" + (told if held.findings else clean).said(lang), style="bold")


def _findings(held: Audit, lang: Lang) -> Iterator[Styled]:
    """The findings kind by kind, each kind with what it asks to be explained."""
    names = {row.code: row.name for row in held.rows}
    for kind in dict.fromkeys(finding.kind for finding in held.findings):
        found = [finding for finding in held.findings if finding.kind is kind]
        asks = Text("Cần giải trình", "To be explained").said(lang)
        yield Styled(f"\n{KINDS[kind].said(lang)} ({len(found)}). {asks}: {found[0].explain.said(lang)}.", style="bold")
        for finding in found:
            yield Styled("- " + _finding(finding, names, lang))


def _finding(finding: AuditFinding, names: dict[str, str], lang: Lang) -> str:
    code = finding.criterion
    named = f"{code} {names[code]}: " if code in names else ""
    awarded = Text("thẩm định ", "awarded: ").said(lang) if finding.column is Column.AWARDED else ""
    gap = ""
    if finding.difference is not None and finding.kind is not FindingKind.FIGURES_INCONSISTENT:
        gap = Text("; lệch ", "; difference ").said(lang) + _signed(finding.difference, lang)
    also = Text("; cũng dùng ở ", "; also used in ").said(lang) + ", ".join(finding.also) if finding.also else ""
    quote = "" if finding.basis is NOT_STATED else " " + say_basis(finding.basis).said(lang)
    source = f" [{finding.source}]" if finding.source and not quote else ""
    place = f" ({finding.place})" if finding.place else ""
    return f"{named}{awarded}{finding.message.said(lang)}{gap}{also}.{quote}{source}{place}"


def _passed_over(held: Audit, lang: Lang) -> Iterator[Styled]:
    if held.passed_over:
        yield Styled("\n" + Text("Dòng không dùng đến:", "Rows passed over:").said(lang))
        yield from (Styled(f"- {place}") for place in held.passed_over)


def audits(several: Iterable[Audit], lang: Lang) -> RenderableType:
    """The audits of several units, one after the other."""
    parts: list[RenderableType] = []
    for held in several:
        parts += [Styled(""), audit(held, lang)] if parts else [audit(held, lang)]
    return Group(*parts)


def recomputed(rows: Sequence[PrintedTotal], lang: Lang, mean: PrintedTotal | None = None) -> RenderableType:
    """A printed table added up again: what is printed, what the parts come to, and the bound of print rounding."""
    words = Text("Tên|In|Cộng lại|Lệch|Giới hạn|Kết luận", "Name|Printed|Recomputed|Difference|Bound|Verdict")
    kinds = ("text", "number", "number", "number", "number", "text")
    table = table_of(*zip(words.said(lang).split("|"), kinds, strict=True))
    for row in (*rows, *([mean] if mean else ())):
        name = row.name or Text("Trung bình", "Mean").said(lang)
        numbers = [said_points(row.expected, lang), _signed(row.difference, lang), said_points(row.bound, lang)]
        cells = (name, _as_printed(row.printed, lang), *numbers, VERDICTS[row.verdict].said(lang))
        style = "bold red" if row.verdict is Verdict.WRONG else ""
        table.add_row(*(escape(cell) for cell in cells), style=style)
    counts = counted(rows)
    told = ", ".join(f"{counts[verdict]} {VERDICTS[verdict].said(lang)}" for verdict in Verdict)
    return Group(table, Styled(f"\n{told}.", style="bold"))


def _as_printed(text: str, lang: Lang) -> str:
    """A printed number with all its decimals, under the mark of the language."""
    return text.replace(".", ",") if lang == "vi" else text.replace(",", ".")
