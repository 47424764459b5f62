"""Word and Excel files: what is written is what is read back, text stays text, and the bytes are the same each time."""

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_index.errors import CchcError
from cchc_index.office import word
from cchc_index.office.excel import LONGEST_CELL, LONGEST_NAME, Book, CellNumber, cell_number, lines_of
from cchc_index.office.texts import printable
from cchc_index.points import round_half_up, show_rounded
from cchc_index.reporting.page import Amount

HOSTILE = ["=1+1", "+84 912", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.invalid")', "'=1", "1/2", "0,5", "TRUE"]
VALUES = st.fractions(min_value=-10_000, max_value=10_000, max_denominator=12_000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def written(value: str | CellNumber, **look: Any) -> Any:
    """One cell, written and read back."""
    book = Book()
    book.write(book.sheet("A"), 0, 0, value, **look)
    return openpyxl.load_workbook(io.BytesIO(book.done())).worksheets[0]["A1"]


def parts_of(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


# -- numbers in Excel --------------------------------------------------------------------------------------------------


AMOUNTS = st.builds(Amount, VALUES, st.sampled_from([None, 0, 1, 2]), st.booleans(), st.booleans())


@given(AMOUNTS)
@example(Amount(Fraction("0.00005")))
@example(Amount(Fraction("0.125"), places=2, percent=True))
@example(Amount(Fraction(-1, 3), signed=True))
@example(Amount(Fraction(-1, 3)))
def test_a_cell_holds_exactly_the_number_that_is_printed(shown: Amount) -> None:
    value, places = shown.value, shown.places
    held = cell_number(value, "en", places=places, percent=shown.percent, signed=shown.signed)
    assert held is not None
    assert as_shown(held) == shown.said("en")
    if places is None and not shown.percent and 10**4 % value.denominator == 0:
        assert Fraction(held.value) == value


def as_shown(held: CellNumber) -> str:
    """What a spreadsheet makes of a number under its format, for the few formats that are written here."""
    above, *others = held.form.removeprefix("[$-809]").split(";")
    form = above if not others or held.value > 0 else others[0] if held.value < 0 else others[1]
    match = re.fullmatch(r'("≈")?([+-]?)0(?:\.(0+))?(%?)', form)
    assert match
    scaled = Fraction(held.value) * (100 if match[4] else 1)
    digits = show_rounded(abs(scaled), len(match[3] or ""), "en")
    sign = match[2] if others else "-" if scaled < 0 else ""
    return f"{'≈' if match[1] else ''}{sign}{digits}{match[4]}"


@given(VALUES)
def test_a_number_reads_back_as_it_was_printed(value: Fraction) -> None:
    held = cell_number(value)
    assert held is not None
    cell = written(held)
    assert cell.data_type == "n"
    assert Fraction(Decimal(repr(cell.value))) == round_half_up(value, Fraction(1, 10**4))


def test_a_number_of_more_digits_than_a_spreadsheet_holds_is_text() -> None:
    assert cell_number(Fraction("123456789012345")) is not None
    assert cell_number(Fraction("1234567890123456")) is None
    book = Book()
    book.write_exact(book.sheet("A"), 0, 0, Fraction("123456789012.3456"))
    cell = openpyxl.load_workbook(io.BytesIO(book.done())).worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == ("123456789012,3456", "s")


def test_decimals_are_written_digit_by_digit() -> None:
    book = Book()
    held = cell_number(Fraction("12345678901.2345"))
    assert held is not None
    book.write(book.sheet("A"), 0, 0, held)
    (sheet,) = [text for name, text in parts_of(book.done()).items() if name.endswith("sheet1.xml")]
    assert "<v>12345678901.2345</v>" in sheet


# -- text in Excel -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    book = Book()
    book.write(book.sheet("A"), 0, 0, text)
    raw = book.done()
    cell = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.hyperlink is None
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
    assert cell.number_format == "@"
    assert "<f>" not in "".join(parts_of(raw).values())


@given(TEXTS)
@example("_x0041_")
@example("a\x00b\x1f\ufffe")
@example("a\r\nb")
def test_any_text_reads_back(text: str) -> None:
    assert (written(text).value or "") == printable(text)


def test_text_longer_than_a_cell_is_refused_and_the_cell_named() -> None:
    assert written("a" * LONGEST_CELL).value == "a" * LONGEST_CELL
    book = Book()
    page = book.sheet("Tự chấm")
    with pytest.raises(CchcError) as caught:
        book.write(page, 11, 5, "a" * (LONGEST_CELL + 1))
    (fault,) = caught.value.faults
    assert "Trang 'Tự chấm', ô F12" in fault.said("vi")
    assert "Sheet 'Tự chấm', cell F12" in fault.said("en")


def test_long_text_is_not_under_the_text_format() -> None:
    assert [written("a" * size).number_format for size in (255, 256)] == ["@", "General"]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
@example(["Xã A", "XÃ A", "xã a"])
@example(["[a]:*?/\\", "'", "", "History"])
def test_worksheets_have_names_that_excel_takes(names: list[str]) -> None:
    book = Book()
    for name in names:
        book.sheet(name)
    held = openpyxl.load_workbook(io.BytesIO(book.done())).sheetnames
    assert len({name.casefold() for name in held}) == len(names)
    for name in held:
        assert 0 < len(name) <= LONGEST_NAME
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_a_worksheet_prints_on_a4_landscape_with_its_header_on_every_page() -> None:
    book = Book()
    page = book.sheet("A")
    book.header(page, 2, ["STT", "Tiêu chí"], [6, 40])
    sheet = openpyxl.load_workbook(io.BytesIO(book.done())).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    assert sheet["B3"].font.name == "Times New Roman"


@given(st.text("ab \n", max_size=60), st.integers(1, 20))
def test_a_row_has_room_for_its_text(text: str, width: int) -> None:
    assert lines_of(text, width) >= max(1, len(text.splitlines()))
    assert lines_of(text, width) >= lines_of(text, width + 5)


# -- Word --------------------------------------------------------------------------------------------------------------


def letters(document: Any) -> Iterator[str]:
    for part in (document.styles.element, document.element):
        yield from (fonts.get(qn("w:ascii")) or "" for fonts in part.iter(qn("w:rFonts")))


def paper() -> Any:
    document = word.new_document("Phiếu")
    word.add_paragraph(document, "PHIẾU", style="Title", align="center")
    table = word.add_table(document, ["STT", "Tiêu chí", "Điểm"], [1, 6, 1])
    word.add_row(table, ["Nhóm miền núi", "", ""], ["left"] * 3, word.HEAD, merged=[(0, 2)])
    word.add_row(table, ["1.1", "=1+1\x00", "0,5"], ["center", "left", "right"])
    return document


def test_a_word_file_is_a4_landscape_in_the_fonts_of_the_field() -> None:
    document = docx.Document(io.BytesIO(word.saved(paper())))
    section = document.sections[0]
    assert section.page_width
    assert section.page_height
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (29.7, 21.0)
    normal = document.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 13)
    assert document.styles["Title"].element.rPr.rFonts.get(qn("w:asciiTheme")) is None
    languages = {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"vi-VN"}
    assert document.core_properties.language == "vi-VN"


def test_a_word_table_repeats_its_header_and_keeps_rows_whole() -> None:
    (table,) = docx.Document(io.BytesIO(word.saved(paper()))).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [["STT", "Tiêu chí", "Điểm"], ["Nhóm miền núi"] * 3, ["1.1", "=1+1\N{REPLACEMENT CHARACTER}", "0,5"]]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    widths = [column.width for column in table.columns]
    assert widths[1] > 5 * widths[0]


@given(TEXTS)
@example("a\x00\ud7ff\ufffe")
def test_any_text_stands_in_a_word_file(text: str) -> None:
    document = word.new_document()
    word.add_paragraph(document, text)
    held = docx.Document(io.BytesIO(word.saved(document))).paragraphs[0].text
    assert held == printable(text)


# -- the same bytes ----------------------------------------------------------------------------------------------------


def workbook() -> bytes:
    book = Book("Phiếu")
    book.header(book.sheet("A"), 0, ["STT", "Điểm"], [6, 9])
    return book.done()


@pytest.mark.parametrize("build", [workbook, lambda: word.saved(paper())])
def test_a_file_built_twice_has_the_same_bytes_and_tells_no_time(build: Any) -> None:
    raw = build()
    assert raw == build()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    dates = re.findall(r"20\d\d-\d\d-\d\dT", parts_of(raw)["docProps/core.xml"])
    assert set(dates) == {"2000-01-01T"}
