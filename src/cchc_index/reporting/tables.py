"""Cards, rankings, rulesets and findings as tables for a terminal or a text file."""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve
from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from cchc_index.checking.structure import Finding, Given, Severity, said_figures, said_value
from cchc_index.criteria import Points, Scope
from cchc_index.errors import Lang, Text, spot
from cchc_index.measures import Fact, figure
from cchc_index.plain import dump
from cchc_index.points import Exact, show, show_rounded
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.say import say_basis, say_status, say_value, unit_of, why
from cchc_index.scoring.trace import Card, Line, Note
from cchc_index.sources import NOT_STATED, NoteKind

SILENT = Text("không quy định", "not stated")
SAMPLE = Text("BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT", "A TEACHING SAMPLE, NOT LAW")
_NOT_WHOLE = Text("không phải cả văn bản", "not the whole decision")
NOTES = {
    NoteKind.CONTRADICTION: Text("Mâu thuẫn trong nguồn", "The source contradicts itself"),
    NoteKind.READING: Text("Cách hiểu", "Reading"),
    NoteKind.REMARK: Text("Ghi chú", "Remark"),
    NoteKind.HOLE: Text("Khoảng trống", "Hole"),
}
SCOPES = {
    Scope.WHOLE: Text("đầy đủ", "whole"),
    Scope.EXCERPT: Text("trích", "excerpt"),
    Scope.FRAME: Text("khung", "frame"),
    Scope.SAMPLE: Text("mẫu, không phải văn bản pháp luật", "sample, not law"),
}
MOST_PLACES = 4


def said_points(points: Points, lang: Lang) -> str:
    """Points as they are printed: in full up to four decimals, then rounded half up and marked `≈`.

    >>> from fractions import Fraction
    >>> said_points(Fraction(19, 20), "vi"), said_points(Fraction(2, 3), "vi")
    ('0,95', '≈0,6667')
    """
    if points is NOT_STATED:
        return SILENT.said(lang)
    if 10**MOST_PLACES % points.denominator == 0:
        return show(points, lang)
    return "≈" + show_rounded(points, MOST_PLACES, lang)


def said_index(index: Points, lang: Lang) -> str:
    """An index in percent, rounded half up to two places for printing."""
    return SILENT.said(lang) if index is NOT_STATED else show_rounded(index * 100, 2, lang) + "%"


def table_of(*columns: tuple[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, kind in columns:
        table.add_column(
            name,
            justify="right" if kind == "number" else "left",
            no_wrap=kind not in ("text", "narrow"),
            overflow="fold",
            max_width=12 if kind == "narrow" else None,
        )
    return table


def sheet(card: Card, lang: Lang, *, quotes: bool = False) -> RenderableType:
    """One unit's card: every line with its reason, the total, the grade, and what the result leans on."""
    words = Text("Mã|Tiêu chí|Điểm|Tối đa|Vì sao", "Code|Criterion|Points|Max|Why").said(lang).split("|")
    table = table_of(*zip(words, ("code", "text", "number", "number", "text"), strict=True))
    for line in card.walk():
        style = "bold" if line.children else ""
        silent = line.children and not (line.exempted or line.observed)
        reason = "" if silent else _reason(line, lang, quotes=quotes)
        cells = (line.code, line.name, said_points(line.points, lang), said_points(line.max_points, lang), reason)
        table.add_row(*(escape(cell) for cell in cells), style=style)
    return Group(_heading(card, lang), table, *_summary(card, lang), *_leaned_on([card], lang))


def _reason(line: Line, lang: Lang, *, quotes: bool) -> str:
    told = f"{why(line).said(lang)} [{line.citation}]"
    said = [say_basis(basis).said(lang) for basis in line.bases] if quotes else []
    return "\n".join([told, *said])


def _heading(card: Card, lang: Lang) -> Styled:
    heading = Styled(f"{card.title}\n", style="bold")
    if card.is_sample:
        heading.append(f"{SAMPLE.said(lang)}\n", style="bold red")
    heading.append(Text("Đơn vị", "Unit").said(lang) + f": {card.unit}", style="not bold")
    if card.period:
        heading.append(" · " + Text("Kỳ", "Period").said(lang) + f": {card.period}", style="not bold")
    heading.append(f" · {card.ruleset}/{card.version}", style="not bold")
    if card.scope in (Scope.EXCERPT, Scope.FRAME):
        heading.append(f" ({SCOPES[card.scope].said(lang)}: {_NOT_WHOLE.said(lang)})", style="not bold")
    return heading.append("\n")


def _summary(card: Card, lang: Lang) -> Iterator[Styled]:
    total = Text("Tổng điểm", "Total").said(lang)
    yield Styled(f"\n{total}: {said_points(card.points, lang)} / {said_points(card.max_points, lang)}", style="bold")
    yield Styled(Text("Chỉ số", "Index").said(lang) + f": {said_index(card.index, lang)}", style="bold")
    grade = card.grade
    if grade is not None:
        name = SILENT.said(lang) if grade is NOT_STATED else f"{grade.name} — {say_basis(grade.basis).said(lang)}"
        yield Styled(Text("Xếp loại", "Grade").said(lang) + f": {name}", style="bold")
    if not card.ranked:
        yield Styled(Text("Được chấm điểm, không xếp hạng", "Scored, not ranked").said(lang))


def _leaned_on(cards: Iterable[Card], lang: Lang) -> Iterator[Styled]:
    """What the results lean on, each once, with the lines that lean on it."""
    by_note: dict[Note, dict[str, None]] = {}
    for card in cards:
        by_note.update({note: {} for note in card.notes if note not in by_note})
        for line in card.walk():
            for note in line.notes:
                by_note.setdefault(note, {})[line.code] = None
    if by_note:
        yield Styled("\n" + Text("Kết quả dựa vào:", "The result leans on:").said(lang))
    for note, codes in by_note.items():
        where = f" ({', '.join(codes)})" if codes else ""
        origin = f" [{note.origin}]" if note.origin else ""
        yield Styled(f"- {NOTES[note.kind].said(lang)}{where}: {note.text}{origin}")


def explanation(line: Line, lang: Lang) -> RenderableType:
    """One line of a card in full: figures, measure, points, sentence of the decision, evidence, notes."""
    rows = [
        (Text("Điểm", "Points"), f"{said_points(line.points, lang)} / {said_points(line.max_points, lang)}"),
        (Text("Trạng thái", "Status"), say_status(line.status).said(lang)),
        *(
            (Text(f"Số liệu: {fact.label}", f"Figure: {fact.label}"), _given(fact, value, lang))
            for fact, value in line.inputs
        ),
        (Text("Vì sao", "Why"), why(line).said(lang)),
        *((Text("Căn cứ", "Basis"), words) for words in _grounds(line, lang)),
        *((Text("Cần tài liệu", "Evidence required"), wanted) for wanted in line.evidence_required),
        *((Text("Đã có tài liệu", "Evidence given"), _evidence(line, n, lang)) for n in range(len(line.evidence))),
        *((NOTES[note.kind], f"{note.text}" + (f" [{note.origin}]" if note.origin else "")) for note in line.notes),
    ]
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(escape(name.said(lang)), escape(value))
    return Group(Styled(f"{line.code} {line.name}\n", style="bold"), table)


def _grounds(line: Line, lang: Lang) -> list[str]:
    return [say_basis(basis).said(lang) for basis in line.bases] or [str(line.citation)]


def _given(fact: Fact, value: Exact | str, lang: Lang) -> str:
    if isinstance(value, str):
        return dict(fact.options).get(value, {"co": "có", "khong": "không"}.get(value, value))
    return say_value(value, unit_of(figure(fact.name), {fact.name: fact}), lang)


def _evidence(line: Line, number: int, lang: Lang) -> str:
    paper = line.evidence[number]
    parts = [paper.number]
    parts += [f"{paper.date:%d/%m/%Y}"] if paper.date else []
    parts += [Text(f"mục {paper.section}", f"section {paper.section}").said(lang)] if paper.section else []
    parts += [Text(f"trang {paper.page}", f"page {paper.page}").said(lang)] if paper.page else []
    return ", ".join(parts)


def ranking(ranks: Iterable[Rank], lang: Lang) -> RenderableType:
    """Several units in order: place, points, maximum, index, grade."""
    known = list(ranks)
    places = ["–" if rank.place is None else str(rank.place) for rank in known]
    return _several([rank.card for rank in known], lang, places)


def several(cards: Iterable[Card], lang: Lang) -> RenderableType:
    """Several units under a ruleset that states no ranking, in the order given."""
    return _several(list(cards), lang, None)


def _several(cards: list[Card], lang: Lang, places: list[str] | None) -> RenderableType:
    words = Text("Đơn vị|Điểm|Tối đa|Chỉ số|Xếp loại", "Unit|Points|Max|Index|Grade").said(lang).split("|")
    columns = list(zip(words, ("text", "number", "number", "number", "code"), strict=True))
    if places is not None:
        columns.insert(0, (Text("Hạng", "Rank").said(lang), "number"))
    table = table_of(*columns)
    for number, card in enumerate(cards):
        numbers = said_points(card.points, lang), said_points(card.max_points, lang), said_index(card.index, lang)
        place = [places[number]] if places else []
        table.add_row(*place, escape(card.unit), *numbers, escape(grade_name(card, lang)))
    title = Styled(f"{cards[0].title}\n" if cards else "", style="bold")
    if cards and cards[0].is_sample:
        title.append(f"{SAMPLE.said(lang)}\n", style="bold red")
    return Group(title, table, *_leaned_on(cards, lang))


def grade_name(card: Card, lang: Lang) -> str:
    """The name of a card's grade; empty where the ruleset has none."""
    if card.grade is None:
        return ""
    return SILENT.said(lang) if card.grade is NOT_STATED else card.grade.name


def findings(found: Iterable[Finding], lang: Lang) -> RenderableType:
    """What a check found, gravest first."""
    rows = sorted(found, key=lambda finding: (finding.severity is Severity.NOTE, finding.criterion, finding.code))
    return Group(*(Styled(_finding(finding, lang)) for finding in rows))


def _finding(finding: Finding, lang: Lang) -> str:
    grave = {Severity.ERROR: Text("LỖI", "ERROR"), Severity.NOTE: Text("lưu ý", "note")}[finding.severity].said(lang)
    spots = [finding.criterion, f"({finding.place})" if finding.place else ""]
    where = " ".join(part for part in spots if part)
    told = f"{grave} {where}: " if where else f"{grave} "
    return "\n".join([f"{told}{finding.message.said(lang)} [{finding.code}]", *_shown(finding, lang)])


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain data: its figures as a submission writes them."""
    data: dict[str, Any] = dump(evolve(finding, witness=None, mend=None), Finding)
    if finding.mend:
        data["mend"] = dump(finding.mend, Text)
    witness = finding.witness
    if witness:
        points = {} if witness.points is None else {"points": show(witness.points, "en")}
        given = (("figures", witness.figures), ("against", witness.against))
        data["witness"] = {key: _plainly(figures) for key, figures in given if figures} | points
    return data


def _plainly(figures: Iterable[Given]) -> dict[str, str]:
    return {spot(given.path): said_value(given.value, "vi") for given in figures}


def _shown(finding: Finding, lang: Lang) -> Iterator[str]:
    """The figures that show a finding, and its likely mend."""
    witness = finding.witness
    if witness:
        figures = " · ".join(said_figures(given, lang) for given in (witness.figures, witness.against) if given)
        points = "" if witness.points is None else Text("điểm, chỉ số", "points, index").said(lang)
        value = "" if witness.points is None else f"{points} = {show(witness.points, lang)}"
        yield "    " + Text("số liệu", "figures").said(lang) + ": " + (figures or value)
    if finding.mend:
        yield "    " + Text("nên", "mend").said(lang) + ": " + finding.mend.said(lang)
