"""The scoring workbook as the bytes of an .xlsx file."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlsxwriter.worksheet import Worksheet

from cchc_index.criteria import Ruleset
from cchc_index.errors import Lang
from cchc_index.facts import Submission
from cchc_index.office.excel import BORDERED, HEAD, Book
from cchc_index.office.workbook.layout import FIRST_ROW, HOW, LIST_FIRST_ROW, MAIN, RECORDS, Column, shape_for
from cchc_index.office.workbook.lists import MISSING_SAID
from cchc_index.office.workbook.model import Cell, Look, Page, Workbook
from cchc_index.office.workbook.pages import workbook
from cchc_index.office.workbook.showing import LEFT_OUT, RECORDS_AT

_FILL, _APPRAISAL, _AREA, _HEADING = "#FFF9DB", "#DDF3E4", "#E9EEF6", "#F3F3F3"
_INPUT: dict[str, Any] = {**BORDERED, "locked": False, "bg_color": _FILL}
_APPRAISED: dict[str, Any] = {**_INPUT, "bg_color": _APPRAISAL}
_LOCALE = "[$-42A]"
"""Vietnamese: LibreOffice then shows the decimal comma; Excel shows the mark of the reader's machine."""
_POINTS = {"num_format": f"{_LOCALE}0.00##", "align": "right"}
_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {"bold": True, "font_size": 14},
    Look.NOTICE: {"italic": True, "font_color": "#B00000"},
    Look.NOTICE_BOX: {**BORDERED, "bold": True, "align": "left", "bg_color": _AREA},
    Look.PLAIN: {"num_format": "0"},
    Look.HEAD: HEAD,
    Look.AREA: {**BORDERED, "bold": True, "bg_color": _AREA},
    Look.HEADING: {**BORDERED, "bold": True, "italic": True, "bg_color": _HEADING},
    Look.ITEM: BORDERED,
    Look.POINTS: {**BORDERED, **_POINTS},
    Look.AREA_POINTS: {**BORDERED, **_POINTS, "bold": True, "bg_color": _AREA},
    Look.PERCENT: {**BORDERED, "num_format": f"{_LOCALE}0.00%", "bold": True, "bg_color": _AREA, "align": "right"},
    Look.CHECK: {**BORDERED, "font_size": 10, "font_color": "#666666"},
    Look.DATE: {**BORDERED, "num_format": "dd/mm/yyyy"},
    Look.FIXED: {**BORDERED, "align": "right", "bg_color": _HEADING},
    Look.RESULT: {**BORDERED, **_POINTS, "bold": True, "bg_color": _AREA},
    Look.TEXT_INPUT: _INPUT,
    Look.COUNT_INPUT: {**_INPUT, "num_format": f"{_LOCALE}#,##0"},
    Look.NUMBER_INPUT: _INPUT,
    Look.PERCENT_INPUT: {**_INPUT, "num_format": f"{_LOCALE}0.00##%"},
    Look.DATE_INPUT: {**_INPUT, "num_format": "dd/mm/yyyy"},
    Look.POINTS_INPUT: {**_INPUT, **_POINTS},
    Look.APPRAISED_INPUT: {**_APPRAISED, **_POINTS},
    Look.APPRAISED_DATE: {**_APPRAISED, "num_format": "dd/mm/yyyy"},
    Look.REASON_INPUT: _APPRAISED,
}


def scoring_workbook(
    rules: Ruleset, unit: Submission | None = None, *, records: int = RECORDS, lang: Lang = "vi"
) -> bytes:
    """The scoring workbook of a ruleset, filled in with what a unit has handed in; the same bytes each time.

    `records` is how many rows a list of records has, `lang` the language of headings and help. Raises BadSubmission for
    figures that are wrong or that a cell cannot hold exactly.

    >>> import cchc_index as cchc
    >>> scoring_workbook(cchc.load("dong-nai/cap-xa/2022"))[:2]
    b'PK'
    """
    return written(workbook(rules, unit, shape_for(rules, unit, records, lang)))


def written(made: Workbook) -> bytes:
    """The bytes of a workbook."""
    book = Book(made.title)
    for page in made.pages:
        sheet = book.sheet(page.name)
        _page(book, sheet, page)
    for name, cells in made.names.items():
        book.file.define_name(name, f"={cells}")
    return book.done()


def _page(book: Book, sheet: Worksheet, page: Page) -> None:
    for block in page.merged:
        sheet.merge_range(*block, "", book.look(**_LOOKS[page.cells[block[:2]].look]))
    for (row, column), cell in sorted(page.cells.items()):
        if not any(_is_covered((row, column), block) for block in page.merged):
            _cell(book, sheet, (row, column), cell)
    for column, width in page.widths.items():
        sheet.set_column(column, column, width)
    for rule in page.rules:
        sheet.data_validation(rule.row, rule.column, rule.last_row, rule.column, dict(rule.options))
    if page.hidden_columns:
        sheet.set_column(*page.hidden_columns, None, None, {"hidden": True})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    if page.is_hidden:
        sheet.hide()
    elif page.name == MAIN:
        _main(book, sheet, page)
    else:
        first = 1 if page.name == HOW else LIST_FIRST_ROW
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(first - 1)
        _heights(book, sheet, page)


def _is_covered(place: tuple[int, int], block: tuple[int, int, int, int]) -> bool:
    """Whether a cell lies behind the first one of a block that shows as one."""
    top, left, bottom, right = block
    return place != (top, left) and top <= place[0] <= bottom and left <= place[1] <= right


def _main(book: Book, sheet: Worksheet, page: Page) -> None:
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.repeat_rows(FIRST_ROW - 2, FIRST_ROW - 1)
    last = max(row for row, _ in page.cells)
    sheet.print_area(0, 0, last, len(Column) - 1)
    _mark(book, sheet, Column.DIFFERENCE, last, "AND(ISNUMBER({0}),{0}<>0)")
    points = f"${Column.POINTS.letter}{FIRST_ROW + 1}"
    _mark(book, sheet, Column.APPRAISED, last, f"AND(ISNUMBER({{0}}),ISNUMBER({points}),ROUND({{0}}-{points},4)<>0)")
    plain = ["", *(said for text in (MISSING_SAID, LEFT_OUT) for said in (text.vi, text.en))]
    quiet = [f'{{0}}<>"{said}"' for said in plain]
    quiet += [f'LEFT({{0}},{len(said)})<>"{said}"' for said in (RECORDS_AT.vi, RECORDS_AT.en)]
    _mark(book, sheet, Column.CHECK, last, f"AND({','.join(quiet)})")
    _heights(book, sheet, page)


def _mark(book: Book, sheet: Worksheet, column: Column, last: int, test: str) -> None:
    """Colour the cells of a column for which a test holds."""
    red = book.file.add_format({"font_color": "#B00000", "bold": True, "bg_color": "#FDE3E3"})
    criteria = "=" + test.format(f"${column.letter}{FIRST_ROW + 1}")
    options = {"type": "formula", "criteria": criteria, "format": red}
    sheet.conditional_format(FIRST_ROW, column.value, last, column.value, options)


def _heights(book: Book, sheet: Worksheet, page: Page) -> None:
    """Rows as high as their texts. A title stands beside empty cells and a merged text has room: they need none."""
    merged = {block[:2] for block in page.merged}
    rows: dict[int, list[tuple[str, float]]] = {}
    for (row, column), cell in page.cells.items():
        if isinstance(cell.value, str) and cell.look not in (Look.TITLE, Look.NOTICE) and (row, column) not in merged:
            room = page.widths.get(column, 9) * 1.15 - 2 * cell.indent
            rows.setdefault(row, []).append((cell.value, room))
    for row, known in rows.items():
        book.fit_row(sheet, row, [text for text, _ in known], [width for _, width in known])


def _cell(book: Book, sheet: Worksheet, place: tuple[int, int], cell: Cell) -> None:
    look = _LOOKS[cell.look] | ({"indent": cell.indent} if cell.indent else {})
    if cell.formula:
        sheet.write_formula(*place, f"={cell.formula}", book.look(**look), _saved(cell.value))
    elif cell.value is None:
        sheet.write_blank(*place, None, book.look(**look))
    elif isinstance(cell.value, str):
        look.pop("num_format", None)
        book.write(sheet, *place, cell.value, **look)
    else:
        number: Any = _decimal(Fraction(cell.value))
        sheet.write_number(*place, number, book.look(**look))


def _saved(value: Any) -> Any:
    return _decimal(value) if isinstance(value, Fraction) else int(value) if isinstance(value, bool) else value


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
