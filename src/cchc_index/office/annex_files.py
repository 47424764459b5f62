"""A ruleset printed as the decision's annex, in Word and in Excel. Needs the extra `office`."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from docx.document import Document

from cchc_index.criteria import Ruleset
from cchc_index.office import excel, word
from cchc_index.office.annex_parts import ANNEX, FIGURES, SCORING, WHOLE, Parts, Printed, parts_of
from cchc_index.points import show

APPENDIX = (
    "Các bảng sau phụ lục: điều phụ lục không in (văn bản, số liệu, cách chấm), viết bằng khóa của tệp bộ tiêu chí"
)
HEADING, SHEET = "PHỤ LỤC", "Phụ lục"
_TABLES = (
    ("Chung", "Bảng 1. Chung cho cả bộ", WHOLE, (1, 4)),
    ("Số liệu", "Bảng 2. Số liệu kê khai", FIGURES, (1, 3, 4, 1.5, 1.5, 2.5, 4)),
    ("Cách chấm", "Bảng 3. Cách chấm và ghi chú, theo dòng", SCORING, (1, 2, 10)),
)
_SHARES = (0.8, 3.2, 0.9, 5, 2.6, 1.5)
_WIDTHS = (8, 36, 9, 60, 30, 18)


def annex_docx(rules: Ruleset) -> bytes:
    """The whole .docx: the annex, then the tables of what it does not show; the same bytes each time."""
    parts = parts_of(rules)
    document = word.new_document(parts.title)
    word.add_paragraph(document, HEADING, word.Look(bold=True), align="center")
    word.add_paragraph(document, parts.title, word.Look(bold=True), align="center")
    word.add_paragraph(document, f"({rules.full_id})", word.Look(italic=True), align="center")
    table = word.add_table(document, ANNEX, _SHARES)
    aligned: Sequence[word.Align] = ("center", "left", "center", "left", "left", "left")
    for row in parts.rows:
        word.add_row(table, _texts(row), aligned, word.Look(bold=row.has_children))
    word.add_paragraph(document, APPENDIX, word.Look(italic=True))
    for _, title, names, shares in _TABLES:
        _word_table(document, title, names, shares, _lines(parts, names))
    return word.saved(document)


def _word_table(
    document: Document, title: str, names: Sequence[str], shares: Sequence[float], lines: Iterable[Sequence[str]]
) -> None:
    word.add_paragraph(document, title, word.Look(bold=True))
    table = word.add_table(document, names, shares)
    for line in lines:
        word.add_row(table, line, ["left"] * len(names))


def _lines(parts: Parts, names: Sequence[str]) -> Iterable[Sequence[str]]:
    return {WHOLE: parts.whole, FIGURES: parts.figures, SCORING: parts.scoring}[tuple(names)]


def _texts(row: Printed) -> tuple[str, ...]:
    points = "" if row.points is None else show(row.points)
    return (row.code, row.name, points, "\n".join(row.how), "\n".join(row.evidence), row.source)


def annex_xlsx(rules: Ruleset) -> bytes:
    """The whole .xlsx: a sheet for the annex, and one for each table of what it does not show."""
    parts = parts_of(rules)
    book = excel.Book(parts.title)
    page = book.sheet(SHEET)
    book.merge(page, 0, (0, len(ANNEX) - 1), parts.title, bold=True, align="center", text_wrap=True)
    book.header(page, 1, ANNEX, _WIDTHS)
    for number, row in enumerate(parts.rows, 2):
        look = excel.BORDERED | ({"bold": True} if row.has_children else {})
        for column, text in enumerate(_texts(row)):
            if column == 2 and row.points is not None and _fits(row.points):
                book.write_exact(page, number, column, row.points, **look, align="center")
            else:
                book.write(page, number, column, text, **look)
        book.fit_row(page, number, _texts(row), _WIDTHS)
    for name, _, names, shares in _TABLES:
        _sheet(book, name, names, shares, _lines(parts, names))
    return book.done()


def _fits(points: Fraction) -> bool:
    """Whether a spreadsheet cell holds the number as it is."""
    number = excel.cell_number(points)
    return number is not None and Fraction(number.value) == points


def _sheet(
    book: excel.Book, name: str, names: Sequence[str], shares: Sequence[float], lines: Iterable[Sequence[str]]
) -> None:
    page = book.sheet(name)
    whole = sum(shares)
    widths = [max(150 * share / whole, 8) for share in shares]
    book.header(page, 0, names, widths)
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line):
            book.write(page, number, column, text, **excel.BORDERED)
        book.fit_row(page, number, line, widths)
