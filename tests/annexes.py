"""Annexes typeset as offices typeset them, from the same rulesets: what a drafter has to cope with."""

import io
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from cchc_index.checking.clauses.sites import sites_of
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.points import show
from cchc_index.sources import NOT_STATED

AGENCY = "Sở Nội vụ (bịa)"


@frozen
class Typed:
    """One row of an annex to be typeset: the words a typist has before them."""

    code: str
    name: str
    points: Fraction | None
    how: tuple[str, ...]
    evidence: tuple[str, ...]
    depth: int
    is_parent: bool

    def points_text(self, unit: str = "") -> str:
        return "" if self.points is None else show(self.points) + unit


def typed(rules: Ruleset) -> list[Typed]:
    """The rows of a ruleset in the order of its table, each with the sentences that it quotes from its own place."""
    quoted: dict[str, list[str]] = {}
    for site in sites_of(rules):
        if site.criterion and site.quote.citation == rules[site.criterion].citation:
            quoted.setdefault(site.criterion, []).append(site.quote.text)
    return [
        Typed(
            one.code,
            one.name,
            None if one.max_points is NOT_STATED else one.max_points,
            tuple(dict.fromkeys(quoted.get(one.code, ()))),
            one.evidence,
            depth,
            bool(one.children),
        )
        for one, depth in _deep(rules)
    ]


def _deep(rules: Ruleset) -> Iterator[tuple[Criterion, int]]:
    def under(one: Criterion, depth: int) -> Iterator[tuple[Criterion, int]]:
        yield one, depth
        for child in one.children:
            yield from under(child, depth + 1)

    for top in (*rules.criteria, *(adjustment.criterion for adjustment in rules.adjustments)):
        yield from under(top, 0)


def roman(rows: Sequence[Typed]) -> list[Typed]:
    """The same rows numbered I, 1, a as older annexes number them."""
    counts: list[int] = []
    out = []
    for row in rows:
        counts = [*counts[: row.depth], (counts[row.depth] if row.depth < len(counts) else 0) + 1]
        number = counts[row.depth]
        label = (_roman(number), str(number), "abcdeghiklmnopq"[number - 1])[min(row.depth, 2)]
        out.append(evolve(row, code=label if row.code.replace(".", "").isdecimal() else row.code))
    return out


def _roman(number: int) -> str:
    found = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            found, number = found + letters, number - value
    return found


HEADINGS = {
    "code": "STT",
    "name": "Tiêu chí, tiêu chí thành phần",
    "max": "Điểm tối đa",
    "how": "Hướng dẫn cách tính điểm",
    "evidence": "Tài liệu kiểm chứng",
    "agency": "Cơ quan thẩm định",
}
PLAIN = ("code", "name", "max", "how", "evidence")


def cells(row: Typed, columns: Sequence[str], *, unit: str = "", dash: str = "") -> list[str]:
    """The texts of a row, in the order of the columns."""
    known = {
        "code": row.code,
        "name": row.name,
        "max": row.points_text(unit),
        "how": "\n".join(dash + sentence for sentence in row.how),
        "evidence": "\n".join(row.evidence),
        "agency": "" if row.is_parent else AGENCY,
    }
    return [known[column] for column in columns]


# -- Word --------------------------------------------------------------------------------------------------------------


def _document() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph("PHỤ LỤC. BỘ TIÊU CHÍ ĐÁNH GIÁ (bịa để thử)")
    document.add_paragraph("(Kèm theo Quyết định số 12/QĐ-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh Mẫu)")
    return document


def _bytes(document: Any) -> bytes:
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def _fill(cells_of_row: Any, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(cells_of_row, texts, strict=True):
        lines = text.split("\n")
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            run = paragraph.add_run(line)
            run.bold = bold or None


def _table(document: Any, columns: Sequence[str], *, repeats: bool = True) -> Any:
    table = document.add_table(1, len(columns), style="Table Grid")
    _fill(table.rows[0].cells, [HEADINGS[column] for column in columns], bold=True)
    if repeats:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _rows(table: Any, rows: Sequence[Typed], columns: Sequence[str], **more: str) -> None:
    for row in rows:
        _fill(table.add_row().cells, cells(row, columns, **more), bold=row.is_parent)


def word_plain(rules: Ruleset) -> bytes:
    """One table, codes in full, areas in bold."""
    document = _document()
    _rows(_table(document, PLAIN), typed(rules), PLAIN)
    return _bytes(document)


def word_roman(rules: Ruleset) -> bytes:
    """Numbered I, 1, a; areas merged over the row with their points in the heading; «điểm» beside every number."""
    document = _document()
    table = _table(document, PLAIN)
    for row in roman(typed(rules)):
        line = table.add_row()
        if row.depth == 0 and row.is_parent:
            points = f" ({row.points_text(' điểm')})" if row.points is not None else ""
            merged = line.cells[0].merge(line.cells[-1])
            merged.paragraphs[0].add_run(f"{row.code}. {row.name}{points}").bold = True
        else:
            _fill(line.cells, cells(row, PLAIN, unit=" điểm", dash="- "), bold=row.is_parent)
    return _bytes(document)


def word_split(rules: Ruleset) -> bytes:
    """A new table on each page with the headings typed again; the row at the foot of a page goes on at the next."""
    document = _document()
    table, held = _table(document, PLAIN, repeats=False), 0
    for row in typed(rules):
        if held >= 7 and len(row.how) > 2:
            _fill(table.add_row().cells, cells(evolve(row, how=row.how[:2]), PLAIN))
            document.add_page_break()
            table, held = _table(document, PLAIN, repeats=False), 0
            _fill(table.add_row().cells, ["", "", "", "\n".join(row.how[2:]), ""])
        else:
            _fill(table.add_row().cells, cells(row, PLAIN), bold=row.is_parent)
        held += 1
    return _bytes(document)


def word_lists(rules: Ruleset) -> bytes:
    """The numbers of the rows and the dashes of the sentences are Word's own lists: no file holds them as text."""
    document = _document()
    _number_levels(document)
    table = _table(document, PLAIN)
    for row in typed(rules):
        line = table.add_row()
        counted = row.code.replace(".", "").isdecimal()
        _fill(line.cells, cells(evolve(row, code="" if counted else row.code), PLAIN), bold=row.is_parent)
        if counted:
            _numbered(line.cells[0].paragraphs[0], 900, row.code.count("."))
        for paragraph in line.cells[3].paragraphs if row.how else ():
            _numbered(paragraph, 901, 0)
    return _bytes(document)


def _number_levels(document: Any) -> None:
    numbering = document.part.numbering_part.element
    for number, levels in (
        (900, [("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3")]),
        (901, [("bullet", "-")]),
    ):
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), str(number))
        for depth, (form, label) in enumerate(levels):
            level = OxmlElement("w:lvl")
            level.set(qn("w:ilvl"), str(depth))
            for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", label)):
                child = OxmlElement(tag)
                child.set(qn("w:val"), value)
                level.append(child)
            abstract.append(level)
        numbering.insert(0, abstract)
        listed = OxmlElement("w:num")
        listed.set(qn("w:numId"), str(number))
        of = OxmlElement("w:abstractNumId")
        of.set(qn("w:val"), str(number))
        listed.append(of)
        numbering.append(listed)


def _numbered(paragraph: Any, number: int, depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    numbered = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", depth), ("w:numId", number)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), str(value))
        numbered.append(child)
    properties.append(numbered)


def word_areas(rules: Ruleset) -> bytes:
    """A table for each area, each under its own headings, with another table that holds no criteria before them."""
    document = _document()
    other = document.add_table(1, 2, style="Table Grid")
    _fill(other.rows[0].cells, ["Nơi nhận", "Số bản"])
    table = None
    for row in typed(rules):
        if row.depth == 0 or table is None:
            document.add_paragraph("")
            table = _table(document, PLAIN)
        _fill(table.add_row().cells, cells(row, PLAIN), bold=row.is_parent)
    return _bytes(document)


def word_order(rules: Ruleset) -> bytes:
    """Columns in another order, with the agency that appraises; «02» and «0,5đ» for points."""
    columns = ("name", "max", "agency", "evidence", "how", "code")
    document = _document()
    table = _table(document, columns)
    for row in typed(rules):
        texts = cells(row, columns, unit="đ")
        points = row.points
        if points is not None and points.denominator == 1 and points < 10:
            texts[1] = f"0{points} điểm"
        _fill(table.add_row().cells, texts, bold=row.is_parent)
    return _bytes(document)


def word_one_column(rules: Ruleset) -> bytes:
    """The name of a criterion and its sentences in one cell, a dash before each sentence."""
    document = _document()
    columns = ("code", "name", "max", "evidence")
    table = _table(document, columns)
    for row in typed(rules):
        name = "\n".join([row.name, *(f"+ {sentence}" for sentence in row.how)])
        _fill(table.add_row().cells, cells(evolve(row, name=name), columns), bold=row.is_parent and not row.how)
    return _bytes(document)


# -- Excel -------------------------------------------------------------------------------------------------------------


def _book(name: str = "Phụ lục") -> tuple[Any, Any]:
    book = Workbook()
    page = book.active
    page.title = name
    page.append(["PHỤ LỤC. BỘ TIÊU CHÍ ĐÁNH GIÁ (bịa để thử)"])
    page.append([])
    return book, page


def excel_merged(rules: Ruleset) -> bytes:
    """Headings over two rows, areas merged over the row, a row that is hidden, points with «đ»."""
    book, page = _book()
    page.append(["TT", "Nội dung tiêu chí", "Điểm", None, "Cách đánh giá", "Tài liệu minh chứng"])
    page.append([None, None, "Điểm chuẩn", "Ghi chú", None, None])
    for area in ("A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "A1:F1"):
        page.merge_cells(area)
    page.append([f"({number})" for number in range(1, 7)])
    for row in typed(rules):
        code, name, points, how, evidence = cells(row, PLAIN, unit="đ")
        page.append([code, name, points, None, how, evidence])
        for cell in page[page.max_row]:
            cell.font = Font(bold=row.is_parent)
    page.row_dimensions[8].hidden = True
    return _saved(book)


def _saved(book: Any) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def excel_lines(rules: Ruleset) -> bytes:
    """No column for how points are counted: each sentence has a row of its own, without a number."""
    book, page = _book("Bộ tiêu chí")
    page.append(["STT", "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Minh chứng"])
    for row in typed(rules):
        number: Any = row.code if "." in row.code or not row.code.isdecimal() else int(row.code)
        points = None if row.points is None else float(row.points)
        page.append([number, row.name, points, "\n".join(row.evidence)])
        for cell in page[page.max_row]:
            cell.font = Font(bold=row.is_parent)
        for sentence in row.how:
            page.append([None, f"- {sentence}", None, None])
    return _saved(book)


def excel_sheets(rules: Ruleset) -> bytes:
    """A worksheet for each area, numbers as Excel numbers, and a hidden worksheet."""
    book = Workbook()
    book.remove(book.active)
    page = None
    for row in typed(rules):
        if row.depth == 0 or page is None:
            page = book.create_sheet(f"Phần {len(book.sheetnames) + 1}")
            page.append([HEADINGS[column] for column in PLAIN])
        code, name, _, how, evidence = cells(row, PLAIN)
        page.append([code, name, None if row.points is None else float(row.points), how, evidence])
        for cell in page[page.max_row]:
            cell.font = Font(bold=row.is_parent)
    hidden = book.create_sheet("Nháp")
    hidden.append(["bản nháp"])
    hidden.sheet_state = "hidden"
    return _saved(book)


# -- text and PDF ------------------------------------------------------------------------------------------------------


def markdown(rules: Ruleset) -> bytes:
    """A table of Markdown, `<br>` between sentences."""
    lines = ["# Bộ tiêu chí đánh giá (bịa để thử)", "", "| " + " | ".join(HEADINGS[column] for column in PLAIN) + " |"]
    lines.append("|" + "---|" * len(PLAIN))
    for row in typed(rules):
        texts = [text.replace("|", "\\|").replace("\n", "<br>").replace("*", "\\*") for text in cells(row, PLAIN)]
        texts[1] = f"**{texts[1]}**" if row.is_parent else texts[1]
        lines.append("| " + " | ".join(texts) + " |")
    return ("\n".join(lines) + "\n").encode()


def html(rules: Ruleset) -> bytes:
    """A page of the web: spans over rows and columns, no-break spaces, decomposed accents."""
    from html import escape
    from unicodedata import normalize

    heads = [f"<td rowspan=2>{HEADINGS[column]}</td>" for column in PLAIN if column not in ("how", "evidence")]
    lines = [f"<h1>Bộ tiêu chí đánh giá (bịa để thử)</h1><table><tr>{''.join(heads)}<td colspan='2'>Đánh giá</td></tr>"]
    lines.append(f"<tr><td>{HEADINGS['how']}</td><td>{HEADINGS['evidence']}</td></tr>")
    for row in typed(rules):
        texts = [escape(text).replace(" ", "&nbsp;", 1).replace("\n", "</p><p>") for text in cells(row, PLAIN)]
        mark = "b" if row.is_parent else "span"
        lines.append("<tr>" + "".join(f"<td><{mark}><p>{text}</p></{mark}></td>" for text in texts) + "</tr>")
    return normalize("NFD", "\n".join([*lines, "</table>"])).encode()


def csv_table(rules: Ruleset) -> bytes:
    """A CSV as Vietnamese Excel writes it: semicolons, decimal commas."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([HEADINGS[column] for column in PLAIN])
    for row in typed(rules):
        writer.writerow(cells(row, PLAIN))
    return stream.getvalue().encode()


def pdf_of(made: bytes) -> bytes:
    """A Word file as LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "phu-luc.docx"
        source.write_bytes(made)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180, env=os.environ | {"HOME": folder})
        return (Path(folder) / "phu-luc.pdf").read_bytes()


def pdf_plain(rules: Ruleset) -> bytes:
    """Headings on every page, rows broken by the pages."""
    return pdf_of(word_plain(rules))


def pdf_roman(rules: Ruleset) -> bytes:
    """The same with I, 1, a and merged areas."""
    return pdf_of(word_roman(rules))


TYPESET: dict[str, tuple[str, Callable[[Ruleset], bytes]]] = {
    "word_plain": (".docx", word_plain),
    "word_roman": (".docx", word_roman),
    "word_split": (".docx", word_split),
    "word_lists": (".docx", word_lists),
    "word_areas": (".docx", word_areas),
    "word_order": (".docx", word_order),
    "word_one_column": (".docx", word_one_column),
    "excel_merged": (".xlsx", excel_merged),
    "excel_lines": (".xlsx", excel_lines),
    "excel_sheets": (".xlsx", excel_sheets),
    "markdown": (".md", markdown),
    "html": (".html", html),
    "csv": (".csv", csv_table),
    "pdf_plain": (".pdf", pdf_plain),
    "pdf_roman": (".pdf", pdf_roman),
}
