"""A page as an Excel workbook: a worksheet for each section. Needs the extra `office`."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from cchc_index.errors import Lang
from cchc_index.office.excel import BORDERED, HEAD, Book, CellNumber, cell_number
from cchc_index.reporting.page import MOTTO, Cell, Column, Page, Para, Role, Row, Section, Table, Tone, said

WIDTH = 128.0
"""How many letters fit across A4 landscape in the font of the tables."""
_LOOKS: dict[Tone, dict[str, Any]] = {
    Tone.PLAIN: {},
    Tone.STRONG: {"bold": True},
    Tone.AREA: {"bold": True, "bg_color": HEAD["bg_color"]},
    Tone.TOTAL: {"bold": True, "bg_color": HEAD["bg_color"]},
    Tone.ALERT: {"bold": True, "font_color": "#A3001B"},
}
_ROLES: dict[Role, dict[str, Any]] = {
    Role.TITLE: {"bold": True, "font_size": 13, "align": "center"},
    Role.WARNING: {"bold": True, "font_color": "#A3001B", "align": "center"},
    Role.LEAD: {"align": "center"},
    Role.HEADING: {"bold": True},
    Role.STRONG: {"bold": True},
    Role.PLAIN: {},
    Role.ITEM: {"indent": 1},
}


def excel_file(page: Page) -> bytes:
    """The bytes of an .xlsx file that shows everything on a page but its charts; the same each time."""
    book = Book(page.title)
    for number, section in enumerate(page.sections):
        sheet = book.sheet(section.name)
        widths = _widths(section, page.lang)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        writer = _Writer(book, sheet, widths, page.lang)
        row = _head_block(book, sheet, page.organ, widths) if page.organ and page.lang == "vi" and not number else 0
        writer.write(section, row if number else writer.name(section.name, row))
    return book.done()


def _widths(section: Section, lang: Lang) -> list[float]:
    """The widths of the first table over the whole page; of a section without one, two equal columns."""
    table = next((part for part in section.parts if isinstance(part, Table)), None)
    return table.widths(lang, WIDTH) if table else [WIDTH / 2, WIDTH / 2]


def _head_block(book: Book, sheet: Worksheet, organ: str, widths: Sequence[float]) -> int:
    """The unit on the left, the national motto on the right, as papers of the state begin; the next free row."""
    last, middle = max(len(widths) - 1, 1), _middle(widths)
    for row, (left, right) in enumerate(zip((organ.upper(), ""), MOTTO, strict=True)):
        for columns, text in (((0, middle - 1), left), ((middle, last), right)):
            book.merge(sheet, row, columns, text, bold=True, align="center", text_wrap=True, valign="vcenter")
    book.fit_row(sheet, 0, [organ], [sum(widths[:middle]) * 0.8])
    return len(MOTTO) + 1


def _middle(widths: Sequence[float]) -> int:
    """The column at which the right half begins."""
    if len(widths) == 1:
        return 1
    halves = [abs(sum(widths[:column]) - sum(widths[column:])) for column in range(1, len(widths))]
    return halves.index(min(halves)) + 1


class _Writer:
    """Writes the parts of a section one below the other."""

    def __init__(self, book: Book, sheet: Worksheet, widths: Sequence[float], lang: Lang) -> None:
        self.book, self.sheet, self.widths, self.lang = book, sheet, widths, lang
        self.is_frozen = False

    def name(self, name: str, row: int) -> int:
        """What the whole paper is, above everything."""
        look = {"bold": True, "font_size": 14, "align": "center"}
        self.book.merge(self.sheet, row, (0, len(self.widths) - 1), name.upper(), **look)
        self.sheet.set_row(row, 22)
        return row + 1

    def write(self, section: Section, row: int) -> None:
        for part in section.parts:
            if isinstance(part, Para):
                row = self._para(part, row)
            elif isinstance(part, Table):
                row = self._table(part, row) + 1

    def _para(self, part: Para, row: int) -> int:
        text = f"- {part.text}" if part.role is Role.ITEM else part.text
        look = {"text_wrap": True, "valign": "vcenter", **_ROLES[part.role]}
        self.book.merge(self.sheet, row, (0, len(self.widths) - 1), text, **look)
        self.book.fit_row(self.sheet, row, [text], [sum(self.widths)])
        return row + 1

    def _table(self, table: Table, row: int) -> int:
        names = [column.on_paper for column in table.columns]
        self.book.header(self.sheet, row, names, self.widths, repeats=not self.is_frozen)
        self.is_frozen = True
        for number, one in enumerate(table.printed, row + 1):
            if table.is_merged(one):
                self._merged(one, number)
            else:
                self._row(one, number, table.columns)
        return row + 1 + len(table.printed)

    def _merged(self, row: Row, number: int) -> None:
        text, look = said(row.cells[0], self.lang), {**BORDERED, **_LOOKS[row.tone]}
        self.book.merge(self.sheet, number, (0, len(self.widths) - 1), text, **look)
        self.book.fit_row(self.sheet, number, [text], [sum(self.widths) * 0.9])

    def _row(self, row: Row, number: int, columns: Sequence[Column]) -> None:
        for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
            look = {**BORDERED, **_LOOKS[row.tone], "align": _align(column)}
            self.book.write(self.sheet, number, place, _value(cell, self.lang), **look)
        texts = [said(cell, self.lang) for cell in row.cells]
        room = 0.88 if _LOOKS[row.tone] else 1.0
        self.book.fit_row(self.sheet, number, texts, [width * room for width in self.widths])


def _value(cell: Cell, lang: Lang) -> str | CellNumber:
    """A number as a number where a spreadsheet can hold what is printed, else as that text."""
    if isinstance(cell, str):
        return cell
    number = cell_number(cell.value, lang, places=cell.places, percent=cell.percent, signed=cell.signed)
    return number or cell.said(lang)


def _align(column: Column) -> str:
    return "right" if column.is_number else "center" if column.kind == "code" else "left"
