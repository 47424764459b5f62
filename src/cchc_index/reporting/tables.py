"""Cards, rankings, rulesets and findings as tables for a terminal or a text file."""

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from cchc_index.checking.structure import Finding, Severity
from cchc_index.criteria import Criterion, Day, Points, Ruleset, Scope
from cchc_index.errors import Lang, Text
from cchc_index.measures import Fact, figure
from cchc_index.points import Exact, show, show_rounded
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.say import rows_of, say_basis, say_condition, say_policy, say_status, say_value, unit_of, why
from cchc_index.scoring.trace import Card, Line, Note
from cchc_index.sources import NOT_STATED, Basis, NoteKind, NotStated, Quote

_SILENT = Text("không quy định", "not stated")
_SAMPLE = Text("BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT", "A TEACHING SAMPLE, NOT LAW")
_NOT_WHOLE = Text("không phải cả văn bản", "not the whole decision")
_NOTES = {
    NoteKind.CONTRADICTION: Text("Mâu thuẫn trong nguồn", "The source contradicts itself"),
    NoteKind.READING: Text("Cách hiểu", "Reading"),
    NoteKind.REMARK: Text("Ghi chú", "Remark"),
    NoteKind.HOLE: Text("Khoảng trống", "Hole"),
}
_SCOPES = {
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
        return _SILENT.said(lang)
    if 10**MOST_PLACES % points.denominator == 0:
        return show(points, lang)
    return "≈" + show_rounded(points, MOST_PLACES, lang)


def said_index(index: Points, lang: Lang) -> str:
    """An index in percent, rounded half up to two places for printing."""
    return _SILENT.said(lang) if index is NOT_STATED else show_rounded(index * 100, 2, lang) + "%"


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, kind in columns:
        table.add_column(name, justify="right" if kind == "number" else "left", no_wrap=kind != "text", overflow="fold")
    return table


def sheet(card: Card, lang: Lang, *, quotes: bool = False) -> RenderableType:
    """One unit's card: every line with its reason, the total, the grade, and what the result leans on."""
    words = Text("Mã|Tiêu chí|Điểm|Tối đa|Vì sao", "Code|Criterion|Points|Max|Why").said(lang).split("|")
    table = _table(*zip(words, ("code", "text", "number", "number", "text"), strict=True))
    for line in card.walk():
        style = "bold" if line.children else ""
        reason = "" if line.children and not line.exempted else _reason(line, lang, quotes=quotes)
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
        heading.append(f"{_SAMPLE.said(lang)}\n", style="bold red")
    heading.append(Text("Đơn vị", "Unit").said(lang) + f": {card.unit}", style="not bold")
    if card.period:
        heading.append(" · " + Text("Kỳ", "Period").said(lang) + f": {card.period}", style="not bold")
    heading.append(f" · {card.ruleset}/{card.version}", style="not bold")
    if card.scope in (Scope.EXCERPT, Scope.FRAME):
        heading.append(f" ({_SCOPES[card.scope].said(lang)}: {_NOT_WHOLE.said(lang)})", style="not bold")
    return heading.append("\n")


def _summary(card: Card, lang: Lang) -> Iterator[Styled]:
    total = Text("Tổng điểm", "Total").said(lang)
    yield Styled(f"\n{total}: {said_points(card.points, lang)} / {said_points(card.max_points, lang)}", style="bold")
    yield Styled(Text("Chỉ số", "Index").said(lang) + f": {said_index(card.index, lang)}", style="bold")
    grade = card.grade
    if grade is not None:
        name = _SILENT.said(lang) if grade is NOT_STATED else f"{grade.name} — {say_basis(grade.basis).said(lang)}"
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
        yield Styled(f"- {_NOTES[note.kind].said(lang)}{where}: {note.text}{origin}")


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
        *((_NOTES[note.kind], f"{note.text}" + (f" [{note.origin}]" if note.origin else "")) for note in line.notes),
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
    table = _table(*columns)
    for number, card in enumerate(cards):
        numbers = said_points(card.points, lang), said_points(card.max_points, lang), said_index(card.index, lang)
        place = [places[number]] if places else []
        table.add_row(*place, escape(card.unit), *numbers, escape(grade_name(card, lang)))
    title = Styled(f"{cards[0].title}\n" if cards else "", style="bold")
    if cards and cards[0].is_sample:
        title.append(f"{_SAMPLE.said(lang)}\n", style="bold red")
    return Group(title, table, *_leaned_on(cards, lang))


def grade_name(card: Card, lang: Lang) -> str:
    """The name of a card's grade; empty where the ruleset has none."""
    if card.grade is None:
        return ""
    return _SILENT.said(lang) if card.grade is NOT_STATED else card.grade.name


def catalogue(rulesets: Iterable[Ruleset], lang: Lang) -> RenderableType:
    """The rulesets one by one: id, title, scope, level, how many criteria."""
    words = Text("Mã|Tên|Phạm vi|Cấp|Dòng|Tối đa", "Id|Title|Scope|Level|Lines|Max").said(lang).split("|")
    table = _table(*zip(words, ("code", "text", "text", "code", "number", "number"), strict=True))
    for rules in rulesets:
        cells = (f"{rules.id}/{rules.version}", rules.title, _SCOPES[rules.scope].said(lang), rules.level)
        lines = str(sum(1 for _ in rules.walk()))
        table.add_row(*(escape(cell) for cell in cells), lines, said_points(rules.max_points, lang))
    return table


def annex(rules: Ruleset, lang: Lang) -> RenderableType:
    """A ruleset as the table its decision prints, with the documents and notes around it."""
    words = (
        Text("Mã|Tiêu chí|Tối đa|Cách chấm|Kiểm chứng", "Code|Criterion|Max|How to score|Evidence")
        .said(lang)
        .split("|")
    )
    table = _table(*zip(words, ("code", "text", "number", "text", "text"), strict=True))
    for criterion in rules.walk():
        how = "\n".join(_how(criterion, rules, lang))
        cells = (
            criterion.code,
            criterion.name,
            said_points(criterion.max_points, lang),
            how,
            "\n".join(criterion.evidence),
        )
        table.add_row(*(escape(cell) for cell in cells), style="bold" if criterion.children else "")
    around = (*_grades(rules, lang), *_source_notes(rules, lang), *_figures(rules, lang))
    return Group(*_about(rules, lang), table, *around)


def _figures(rules: Ruleset, lang: Lang) -> Iterator[RenderableType]:
    """The names to use in a submission."""
    yield Styled("\n" + Text("Số liệu để khai (so_lieu):", "Figures to declare (so_lieu):").said(lang))
    words = Text("Tên|Nghĩa|Loại", "Name|Meaning|Type").said(lang).split("|")
    table = _table(*zip(words, ("code", "text", "text"), strict=True))
    for fact in rules.facts_by_name.values():
        if fact.given is None:
            for row in (fact, *fact.fields):
                name = row.name if row is fact else f"{fact.name}[].{row.name}"
                options = ": " + ", ".join(option for option, _ in row.options) if row.options else ""
                table.add_row(name, escape(row.label), row.type.value + escape(options))
    yield table


def _how(criterion: Criterion, rules: Ruleset, lang: Lang) -> Iterator[str]:
    """How a line is scored: the sentence of the decision where there is one, our own words otherwise."""
    facts = rules.facts_by_name
    if criterion.rule is NOT_STATED:
        if not criterion.children:
            yield _SILENT.said(lang)
    else:
        for words, basis in rows_of(criterion.rule, facts):
            told = _quoted(basis, criterion, lang)
            yield words.said(lang) + (f" — {told}" if told else "")
    for exemption in criterion.exemptions:
        when = f" ({say_condition(exemption.when, facts).said(lang)})" if exemption.when else ""
        yield f"{say_policy(exemption.policy).said(lang)}{when}"


def _quoted(basis: Basis, criterion: Criterion, lang: Lang) -> str:
    """The sentence behind a row; its place too, where that is not the place of the whole line."""
    if isinstance(basis, Quote) and basis.citation == criterion.citation:
        return f"«{basis.text}»"
    return say_basis(basis).said(lang)


def _about(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    yield Styled(f"{rules.title} ({rules.id}/{rules.version})", style="bold")
    if rules.is_sample:
        yield Styled(_SAMPLE.said(lang), style="bold red")
    dates = [_day(day, lang) for day in (rules.applies_from, rules.applies_to)]
    applies = Text("Áp dụng từ {} đến {}", "Applies from {} to {}").said(lang).format(*dates)
    yield Styled(f"{_SCOPES[rules.scope].said(lang)} · {rules.level} · {applies}")
    for document in rules.documents:
        said = f"{document.id}: {document.number}, {_day(document.date, lang)}, {document.issuer}: {document.subject}"
        yield Styled(f"- {said} <{document.address}>")


def _day(day: Day, lang: Lang) -> str:
    return _SILENT.said(lang) if isinstance(day, NotStated) else f"{day:%d/%m/%Y}"


def _grades(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    for scale in rules.scales:
        when = f" ({say_condition(scale.when, rules.facts_by_name).said(lang)})" if scale.when else ""
        yield Styled("\n" + Text("Xếp loại", "Grades").said(lang) + f"{when}:")
        for grade in scale.grades:
            yield Styled(f"- {grade.name}: {say_basis(grade.basis).said(lang)}")


def _source_notes(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    noted = [("", note) for note in rules.notes]
    noted += [(criterion.code, note) for criterion in rules.walk() for note in criterion.notes]
    if noted:
        yield Styled("\n" + Text("Ghi chú về nguồn:", "Notes on the source:").said(lang))
    for code, note in noted:
        yield Styled(f"- {_NOTES[note.kind].said(lang)}{f' ({code})' if code else ''}: {note.text}")


def findings(found: Iterable[Finding], lang: Lang) -> RenderableType:
    """What a check found, gravest first."""
    rows = sorted(found, key=lambda finding: (finding.severity is Severity.NOTE, finding.criterion, finding.code))
    return Group(*(Styled(_finding(finding, lang)) for finding in rows))


def _finding(finding: Finding, lang: Lang) -> str:
    grave = {Severity.ERROR: Text("LỖI", "ERROR"), Severity.NOTE: Text("lưu ý", "note")}[finding.severity].said(lang)
    where = f" {finding.criterion}:" if finding.criterion else ""
    return f"{grave}{where} {finding.message.said(lang)} [{finding.code}]"
