"""Cards, rankings and findings as reports, and one line of a card in full.

Longer than most modules: a card is one table with many kinds of row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text as Styled

from cchc_index.checking.structure import Finding, Given, Severity, said_figures, said_value
from cchc_index.criteria import Grade, Points, Ruleset, Scope
from cchc_index.errors import Lang, Text, place_said, spot
from cchc_index.measures import Fact, figure
from cchc_index.plain import dump
from cchc_index.points import Exact, show, show_percent
from cchc_index.reporting import charts
from cchc_index.reporting.page import (
    NO_ONE,
    NOTHING,
    SILENT,
    Cell,
    Column,
    Open,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    Tone,
    columns_of,
    index_cell,
    items,
    points_cell,
    said,
)
from cchc_index.reviewing.grades import Given as NameOfGrade
from cchc_index.reviewing.grades import Grading, Quota
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.say import say_basis, say_status, say_value, unit_of, why
from cchc_index.scoring.trace import Card, Line, Note
from cchc_index.sources import NOT_STATED, NoteKind

SAMPLE = Text("BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT", "A TEACHING SAMPLE, NOT LAW")
_NOT_WHOLE = Text("không phải cả văn bản", "not the whole decision")
NOTES = {
    NoteKind.CONTRADICTION: Text("Mâu thuẫn trong nguồn", "The source contradicts itself"),
    NoteKind.READING: Text("Cách hiểu", "Reading"),
    NoteKind.REMARK: Text("Ghi chú", "Remark"),
    NoteKind.HOLE: Text("Khoảng trống", "Hole"),
    NoteKind.UNREAD: Text("Cần người đọc", "A person must read"),
}
SCOPES = {
    Scope.WHOLE: Text("đầy đủ", "whole"),
    Scope.EXCERPT: Text("trích", "excerpt"),
    Scope.FRAME: Text("khung", "frame"),
    Scope.SAMPLE: Text("mẫu, không phải văn bản pháp luật", "sample, not law"),
}
NOT_GRADED = Grading()
YES = {"co": Text("có", "yes"), "khong": Text("không", "no")}


def said_points(points: Points, lang: Lang) -> str:
    """Points as they are printed: in full up to four decimals, then rounded half up and marked `≈`.

    >>> from fractions import Fraction
    >>> said_points(Fraction(19, 20), "vi"), said_points(Fraction(2, 3), "vi")
    ('0,95', '≈0,6667')
    """
    return said(points_cell(points, lang), lang)


def said_index(index: Points, lang: Lang) -> str:
    """An index in percent, rounded half up to two places for printing."""
    return said(index_cell(index, lang), lang)


def title_block(title: str, lang: Lang, *lines: str, is_sample: bool = False) -> list[Part]:
    """What stands above a report: its title, that it is a sample where it is one, then the lines given."""
    warning = [Para(SAMPLE.said(lang), Role.WARNING)] if is_sample else []
    return [Para(title, Role.TITLE), *warning, *(Para(line, Role.LEAD) for line in lines if line)]


def title_of(rules: Ruleset, lang: Lang, unit: str = "") -> list[Part]:
    """The title block of a report under one ruleset, on one unit or on several."""
    named = Text("Đơn vị", "Unit").said(lang) + f": {unit}" if unit else ""
    return title_block(rules.title, lang, named, is_sample=rules.is_sample)


def organ_of(rules: Ruleset, unit: str) -> str:
    """Whose paper a report on one unit is; nobody's where the ruleset is a sample."""
    return "" if rules.is_sample else unit


SHEET = Text("Phiếu chấm điểm", "Sheet")


def sheet(
    card: Card,
    lang: Lang,
    *,
    quotes: bool = False,
    still_open: Mapping[str, Open] = NO_ONE,
    lowered: Sequence[Text] = (),
) -> Page:
    """One unit's card: every line with its reason, the total, the grade, and what the result leans on.

    `still_open` are the lines whose figures are missing, by code, and the total under "". `lowered` is what stands
    between the grade and the one that the total alone would give.
    """
    columns = columns_of("Mã|Tiêu chí|Tối đa|Điểm|Vì sao", "Code|Criterion|Max|Points|Why", "ctnnt", lang)
    tops = (*card.lines, *card.adjustments)
    rows = []
    for top in tops:
        for line in top.walk():
            tone = Tone.PLAIN if not line.children else Tone.AREA if line is top else Tone.STRONG
            told = still_open[line.code].said(lang) if line.code in still_open else points_cell(line.points, lang)
            why = _why(line, still_open.get(line.code), lang, quotes=quotes)
            rows.append(Row((line.code, line.name, points_cell(line.max_points, lang), told, why), tone))
    total = still_open[""].said(lang) if "" in still_open else points_cell(card.points, lang)
    words = Text("Tổng điểm", "Total").said(lang)
    foot = Row(("", words, points_cell(card.max_points, lang), total, ""), Tone.TOTAL)
    summary = [Para(f"{words}: {said(total, lang)} / {said_points(card.max_points, lang)}", Role.STRONG)]
    summary += _unfinished(lang) if "" in still_open else _outcome(card, lang)
    summary += items([reason.said(lang) for reason in lowered])
    parts: list[Part] = [*_heading(card, lang), Table(columns, tuple(rows), foot=foot), *summary]
    parts += [*_leaned_on([card], lang), *charts.points_by_area(card, lang, still_open)]
    section = Section(SHEET.said(lang), tuple(parts))
    return Page(f"{section.name}: {card.unit}", (section,), lang, "" if card.is_sample else card.unit)


def _why(line: Line, still: Open | None, lang: Lang, *, quotes: bool) -> str:
    if still:
        return still.why.said(lang) if still.why else ""
    silent = line.children and not (line.exempted or line.observed)
    return "" if silent else _reason(line, lang, quotes=quotes)


def _reason(line: Line, lang: Lang, *, quotes: bool) -> str:
    told = f"{why(line).said(lang)} [{line.citation}]"
    said = [say_basis(basis).said(lang) for basis in line.bases] if quotes else []
    return "\n".join([told, *said])


def _heading(card: Card, lang: Lang) -> list[Part]:
    told = [Text("Đơn vị", "Unit").said(lang) + f": {card.unit}"]
    told += [Text("Kỳ", "Period").said(lang) + f": {card.period}"] if card.period else []
    told.append(f"{card.ruleset}/{card.version}")
    if card.scope in (Scope.EXCERPT, Scope.FRAME):
        told[-1] += f" ({SCOPES[card.scope].said(lang)}: {_NOT_WHOLE.said(lang)})"
    return title_block(card.title, lang, " · ".join(told), is_sample=card.is_sample)


def _outcome(card: Card, lang: Lang) -> list[Para]:
    """Index and grade, and whether the unit is ranked at all."""
    told = [Text("Chỉ số", "Index").said(lang) + f": {said_index(card.index, lang)}"]
    grade = card.grade
    if grade is not None:
        name = SILENT.said(lang) if grade is NOT_STATED else f"{grade.name} — {say_basis(grade.basis).said(lang)}"
        told.append(Text("Xếp loại", "Grade").said(lang) + f": {name}")
    if not card.ranked:
        told.append(Text("Được chấm điểm, không xếp hạng", "Scored, not ranked").said(lang))
    return [Para(line, Role.STRONG) for line in told]


def _unfinished(lang: Lang) -> list[Para]:
    told = Text(
        "Bản khai chưa đủ: điểm nằm trong khoảng đã nêu, chưa có chỉ số và xếp loại.",
        "The sheet is not complete: the points lie within the range told; there is no index and no grade yet.",
    )
    return [Para(told.said(lang), Role.WARNING)]


def _leaned_on(cards: Iterable[Card], lang: Lang) -> Iterator[Para]:
    """What the results lean on, each once, with the lines that lean on it."""
    by_note: dict[Note, dict[str, None]] = {}
    for card in cards:
        by_note.update({note: {} for note in card.notes if note not in by_note})
        for line in card.walk():
            for note in line.notes:
                by_note.setdefault(note, {})[line.code] = None
    if by_note:
        yield Para(Text("Kết quả dựa vào:", "The result leans on:").said(lang), Role.HEADING)
    for note, codes in by_note.items():
        where = f" ({', '.join(codes)})" if codes else ""
        yield Para(f"{NOTES[note.kind].said(lang)}{where}: {note.text}{_from(note)}", Role.ITEM)


def _from(note: Note) -> str:
    return f" [{note.origin}]" if note.origin else ""


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
        *((NOTES[note.kind], note.text + _from(note)) for note in line.notes),
    ]
    table = RichTable(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(escape(name.said(lang)), escape(value))
    return Group(Styled(f"{line.code} {line.name}\n", style="bold"), table)


def _grounds(line: Line, lang: Lang) -> list[str]:
    return [say_basis(basis).said(lang) for basis in line.bases] or [str(line.citation)]


def said_option(fact: Fact, option: str, lang: Lang) -> str:
    """An option as the ruleset names it, yes and no as the language does."""
    return dict(fact.options).get(option, YES[option].said(lang) if option in YES else option)


def _given(fact: Fact, value: Exact | str, lang: Lang) -> str:
    if isinstance(value, str):
        return said_option(fact, value, lang)
    return say_value(value, unit_of(figure(fact.name), {fact.name: fact}), lang)


def _evidence(line: Line, number: int, lang: Lang) -> str:
    paper = line.evidence[number]
    parts = [paper.number]
    parts += [f"{paper.date:%d/%m/%Y}"] if paper.date else []
    parts += [Text(f"mục {paper.section}", f"section {paper.section}").said(lang)] if paper.section else []
    parts += [Text(f"trang {paper.page}", f"page {paper.page}").said(lang)] if paper.page else []
    return ", ".join(parts)


def ranking(ranks: Iterable[Rank], lang: Lang, *, grading: Grading = NOT_GRADED) -> Page:
    """Several units in order: place, points, maximum, index, grade; then what lowered a grade.

    `grading` gives the grades where they are not those of the cards, and their reasons.
    """
    known = list(ranks)
    places = [NOTHING if rank.place is None else str(rank.place) for rank in known]
    return _several([rank.card for rank in known], lang, places, NO_ONE, grading)


def several(
    cards: Iterable[Card],
    lang: Lang,
    *,
    still_open: Mapping[str, Open] = NO_ONE,
    grading: Grading = NOT_GRADED,
) -> Page:
    """Several units under a ruleset that states no ranking, in the order given; then what lowered a grade.

    `still_open` are the points of units whose sheets are not complete, by name. `grading` as for `ranking`.
    """
    return _several(list(cards), lang, None, still_open, grading)


def _several(
    cards: list[Card],
    lang: Lang,
    places: list[str] | None,
    still_open: Mapping[str, Open],
    grading: Grading,
) -> Page:
    place = Text("Hạng|", "Rank|") if places is not None else Text("", "")
    columns = columns_of(
        f"{place.vi}Đơn vị|Điểm|Tối đa|Chỉ số",
        f"{place.en}Unit|Points|Max|Index",
        "n" * (places is not None) + "tnnn",
        lang,
    )
    columns += grade_columns(grading, lang)
    rows = []
    for number, card in enumerate(cards):
        first = [places[number]] if places else []
        rows.append(Row((*first, *_result(card, still_open.get(card.unit), grading, lang))))
    title = title_block(cards[0].title, lang, is_sample=cards[0].is_sample) if cards else []
    table = Table(columns, tuple(rows))
    lowered = items(said_reasons(grading, [card.unit for card in cards], lang))
    drawn = charts.values(((card.unit, card.points) for card in cards), lang)
    name = Text("Kết quả", "Results").said(lang)
    parts = (*title, table, *lowered, *_leaned_on(cards, lang), *drawn)
    return Page(f"{name}: {cards[0].title}" if cards else name, (Section(name, parts),), lang)


def _result(card: Card, still: Open | None, grading: Grading, lang: Lang) -> Iterator[Cell]:
    yield card.unit
    yield points_cell(card.points, lang) if still is None else still.said(lang)
    yield points_cell(card.max_points, lang)
    yield index_cell(card.index, lang) if still is None else NOTHING
    yield from grade_cells(card, grading, lang, is_open=still is not None)


def grade_columns(grading: Grading, lang: Lang) -> tuple[Column, ...]:
    """The column of grades, and that of the heads where their grades are given."""
    heads = Text("|Người đứng đầu", "|Head") if grading.heads else Text("", "")
    return columns_of(f"Xếp loại{heads.vi}", f"Grade{heads.en}", "c" * (1 + bool(grading.heads)), lang)


def grade_cells(card: Card, grading: Grading, lang: Lang, *, is_open: bool = False) -> tuple[str, ...]:
    """The grade of a unit and, where those of heads are given, of its head; empty where there is none."""
    unit, head = grading.units.get(card.unit), grading.heads.get(card.unit)
    own = _said_grade(unit.grade, lang) if unit else grade_name(card, lang)
    heads = [_said_grade(head.grade if head else None, lang)] if grading.heads else []
    return "" if is_open else own, *heads


def grade_name(card: Card, lang: Lang) -> str:
    """The name of a card's grade; empty where the ruleset has none."""
    return _said_grade(card.grade.name if isinstance(card.grade, Grade) else card.grade, lang)


def _said_grade(name: NameOfGrade, lang: Lang) -> str:
    return SILENT.said(lang) if name is NOT_STATED else name or ""


def said_reasons(grading: Grading, units: Iterable[str], lang: Lang) -> list[str]:
    """What was asked of all grades, and what stands between each grade and the one that a total alone would give."""
    quota, named = grading.quota, list(units)
    told = [said_quota(quota).said(lang)] if quota else []
    head = Text(", người đứng đầu", ", head").said(lang)
    for found, who in ((grading.units, ""), (grading.heads, head)):
        told += [f"{unit}{who}: {text.said(lang)}" for unit in named if unit in found for text in found[unit].reasons]
    return told


def said_quota(quota: Quota) -> Text:
    """A quota in words, with the sentence it stands on."""
    of, words = ", ".join(f"«{name}»" for name in quota.of), say_basis(quota.basis)
    small = Text(f"; nhóm dưới {quota.small} đơn vị: tối đa 1", f"; a group under {quota.small}: at most 1")
    small = small if quota.small else Text("", "")
    share, share_en = show_percent(quota.share), show_percent(quota.share, "en")
    return Text(
        f"«{quota.grade}» không quá {share} số đơn vị {of}{small.vi} [{words.vi}]",
        f"«{quota.grade}»: at most {share_en} of the units {of}{small.en} [{words.en}]",
    )


def findings(found: Iterable[Finding], lang: Lang) -> RenderableType:
    """What a check found, gravest first."""
    rows = sorted(found, key=lambda finding: (finding.severity is Severity.NOTE, finding.criterion, finding.code))
    return Group(*(Styled(_finding(finding, lang)) for finding in rows))


def _finding(finding: Finding, lang: Lang) -> str:
    grave = {Severity.ERROR: Text("LỖI", "ERROR"), Severity.NOTE: Text("lưu ý", "note")}[finding.severity].said(lang)
    spots = [finding.criterion, f"({place_said(finding.place, lang)})" if finding.place else ""]
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
