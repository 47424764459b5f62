"""Excel files as the field prints them: A4 landscape, Times New Roman, repeated headers, text that stays text.

Text goes into a cell as text whatever it starts with, marked so that opening it for editing makes no formula of it
either. A number goes in as the decimal that is printed, at most `MOST_DIGITS` digits of it, the most that a
spreadsheet holds exactly; a longer one is text. Its format carries no decimal mark: Excel shows the mark of the
reader's machine, LibreOffice that of the language the file is in. Needs the extra `office`.
"""

import re
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any
from unicodedata import normalize

import xlsxwriter
from attrs import frozen
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from cchc_index.errors import CchcError, Fault, Lang, Text
from cchc_index.office.texts import CREATED, FONT, TABLE_SIZE, printable
from cchc_index.points import Exact, round_half_up, show

MOST_DIGITS = 15
MOST_PLACES = 4
LONGEST_CELL = 32_767
LONGEST_AS_TEXT = 255
"""Older versions of Excel show #### for a longer text under the format of text."""
LONGEST_NAME = 31
A4 = 9
BORDERED = {"border": 1, "text_wrap": True, "valign": "vcenter"}
HEAD = {**BORDERED, "bold": True, "align": "center", "bg_color": "#E7EDF5"}
LINE = 15.75
"""Points that one line of the table font takes."""
LETTERS_A_UNIT = 1.08
"""A unit of width is a digit of Excel's own font, a little wider than a letter of the table font."""
TALLEST = 409.0
_LOCALES = {"vi": "[$-42A]", "en": "[$-809]"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_OPTIONS = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "dd/mm/yyyy",
}


@frozen
class CellNumber:
    """A number as a cell holds it: an exact decimal, and the format that prints all of it."""

    value: Decimal
    form: str


def cell_number(
    value: Exact, lang: Lang = "vi", *, places: int | None = None, percent: bool = False, signed: bool = False
) -> CellNumber | None:
    """How a number is written: in full up to four places, beyond that rounded half up and marked ≈.

    `places` fixes the number of decimals instead, without a mark; they count in percent for a percent. None where
    more than fifteen digits would be needed: a spreadsheet would change them, so such a number is written as text.

    >>> cell_number(Fraction("0.95"))
    CellNumber(value=Decimal('0.95'), form='[$-42A]0.00')
    >>> cell_number(Fraction(2, 3)).value, cell_number(Fraction("0.89955"), places=2, percent=True).value
    (Decimal('0.6667'), Decimal('0.8996'))
    """
    scaled = Fraction(value) * (100 if percent else 1)
    kept = _places_of(scaled) if places is None else places
    shown = round_half_up(scaled, Fraction(1, 10**kept))
    digits = int(shown * 10**kept)
    if len(str(abs(digits))) > MOST_DIGITS:
        return None
    mark = '"≈"' if places is None and shown != scaled else ""
    body = "0" + ("." + "0" * kept if kept else "") + ("%" if percent else "")
    forms = [f"{mark}{'+' if signed else ''}{body}", f"{mark}-{body}", mark + body] if signed or mark else [body]
    return CellNumber(Decimal(digits).scaleb(-kept - (2 if percent else 0)), _LOCALES[lang] + ";".join(forms))


def _places_of(value: Fraction) -> int:
    fitting = (places for places in range(MOST_PLACES) if 10**places % value.denominator == 0)
    return next(fitting, MOST_PLACES)


class Book:
    """One workbook while it is written; `done` gives its bytes, and nothing touches the disk before.

    >>> book = Book("Bảng điểm")
    >>> page = book.sheet("Bảng điểm")
    >>> book.write(page, 0, 0, "=1+1")
    >>> book.done()[:2]
    b'PK'
    """

    def __init__(self, title: str = "") -> None:
        self._stream = BytesIO()
        self.file = xlsxwriter.Workbook(self._stream, _OPTIONS)
        self.file.set_properties({"title": printable(title), "created": CREATED.replace(tzinfo=None)})
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names = {"history"}

    def look(self, **properties: Any) -> Format:
        """A cell format over the font of the field; asked twice for the same one, it is the same."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format({"font_name": FONT, "font_size": TABLE_SIZE, **properties})
        return self._looks[key]

    def sheet(self, name: str) -> Worksheet:
        """A new worksheet, set up to print on A4 landscape, one page wide, with page numbers."""
        page: Worksheet = self.file.add_worksheet(self._free_name(name))
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.set_footer(f'&C&"{FONT}"&10&P/&N')
        return page

    def _free_name(self, name: str) -> str:
        """Excel's own limits: 31 characters, none of []:*?/\\, no two names alike, and none called History."""
        plain = re.sub(r"[\[\]:*?/\\]", " ", normalize("NFC", printable(name))).strip(" '") or "1"
        free, number = plain[:LONGEST_NAME], 1
        while free.casefold() in self._names:
            number += 1
            free = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        self._names.add(free.casefold())
        return free

    def write(self, page: Worksheet, row: int, column: int, value: str | CellNumber, **look: Any) -> None:
        """One cell: text as text, a number under its format. Raises CchcError for text longer than a cell holds.

        A Decimal is what XlsxWriter writes digit by digit, though its annotations do not name it.
        """
        if isinstance(value, CellNumber):
            number: Any = value.value
            page.write_number(row, column, number, self.look(**look, num_format=value.form))
            return
        text = printable(value)
        if len(text) > LONGEST_CELL:
            raise _too_long(page, row, column)
        kept = {"num_format": "@"} if len(text) <= LONGEST_AS_TEXT else {}
        quoted = {"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else {}
        format_ = self.look(**look, **kept, **quoted)
        if text:
            page.write_string(row, column, text, format_)
        else:
            page.write_blank(row, column, None, format_)

    def write_exact(self, page: Worksheet, row: int, column: int, value: Exact, **look: Any) -> None:
        """A number in full up to four places, rounded and marked ≈ beyond; text where a cell cannot hold it."""
        self.write(page, row, column, cell_number(value) or show(value), **look)

    def merge(self, page: Worksheet, row: int, columns: tuple[int, int], text: str, **look: Any) -> None:
        """One text over several cells of a row; every cell keeps the border."""
        first, last = columns
        if first < last:
            page.merge_range(row, first, row, last, "", self.look(**look))
        self.write(page, row, first, text, **look)

    def fit_row(self, page: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
        """Make a row as high as its wrapped texts need: LibreOffice never does, Excel not for merged cells."""
        lines = max((lines_of(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
        page.set_row(row, min(lines * LINE + 2, TALLEST))

    def header(
        self, page: Worksheet, row: int, names: Sequence[str], widths: Sequence[float], *, repeats: bool = True
    ) -> None:
        """The header of a table; one that `repeats` is frozen above what scrolls and printed again on every page."""
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            self.write(page, row, column, name, **HEAD)
            page.set_column(column, column, width)
        self.fit_row(page, row, names, [width * 0.85 for width in widths])
        if repeats:
            page.freeze_panes(row + 1, 0)
            page.repeat_rows(row)

    def done(self) -> bytes:
        """The whole file."""
        self.file.close()
        return self._stream.getvalue()


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, guessed a little high.

    >>> lines_of("một hai ba", 7), lines_of("", 7)
    (2, 1)
    """
    size = max(int(width * LETTERS_A_UNIT), 1)
    return sum(len(textwrap.wrap(line, size)) or 1 for line in text.splitlines()) or 1


def _too_long(page: Worksheet, row: int, column: int) -> CchcError:
    cell = xl_rowcol_to_cell(row, column)
    message = Text(
        f"Trang '{page.name}', ô {cell}: chữ dài hơn {LONGEST_CELL} ký tự, một ô Excel không chứa được",
        f"Sheet '{page.name}', cell {cell}: text longer than the {LONGEST_CELL} characters a cell holds",
    )
    return CchcError([Fault(message)])
