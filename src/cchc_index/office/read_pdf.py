"""Tables of a PDF with a text layer: what its ruled lines enclose, page after page.

A line of print ends a paragraph where the first word of the next line would still have fitted on it; where it would
not, the words run on. Needs the extra `office` (pdfplumber).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from cchc_index.errors import Fault, Text
from cchc_index.files.grid import too_large
from cchc_index.files.packages import MAX_BYTES
from cchc_index.files.strict import Unreadable
from cchc_index.office.tables import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS, Cell, Paper, Row, Table, cleaned

MAX_PAGES = 200
_PADDING = 9
_HEAD = re.compile(r"Điểm \d+(?:[.,]\d+)? (?:khi|nếu)\b")
_DASHES, _MARKS = ("-", "–"), ("+ ", "• ", "* ")
_ENDS = (".", ";", ":", "điểm", "đ", "%", ")")
_LISTED = ("điểm)", "đ)")


@frozen
class _Line:
    """One line of print: its words, and where it begins and ends."""

    text: str
    left: float
    right: float
    first: float
    bold: bool


def read_pdf(path: Path) -> Paper:
    """The tables of a .pdf; one table on several pages is one for each page here. Raises Unreadable."""
    _check(path)
    import logging

    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(path) as pdf:
            return _paper(pdf, path.name)
    except (
        PDFException,
        PdfminerException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
    ):
        message = Text("tệp PDF hỏng hoặc đặt mật khẩu", "the PDF is broken or has a password")
        raise Unreadable([Fault(message, place=path.name)]) from None


def _check(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = Text(f"không mở được tệp: {error.strerror}", f"cannot open: {error.strerror}")
        raise Unreadable([Fault(message, place=path.name)]) from None
    if len(raw) > MAX_BYTES:
        message = Text("tệp PDF lớn quá 8 MiB", "the PDF is larger than 8 MiB")
        raise Unreadable([Fault(message, place=path.name)])


def _paper(pdf: Any, file: str) -> Paper:
    if len(pdf.pages) > MAX_PAGES:
        message = Text(f"tệp PDF dài quá {MAX_PAGES} trang", f"the PDF is longer than {MAX_PAGES} pages")
        raise Unreadable([Fault(message, place=file)])
    tables: list[Table] = []
    around: list[Cell] = []
    for page in pdf.pages:
        words = page.extract_words(extra_attrs=["fontname"], keep_blank_chars=False)
        found = page.find_tables()
        place = f"{file}, trang {page.page_number}"
        for number, table in enumerate(found, 1):
            tables.append(_table(table, words, f"{place}, bảng {number}"))
        outside = [word for word in words if not any(_lies(word, table.bbox) for table in found)]
        around += [Cell(line.text, place, line.bold) for line in _lines(outside)]
        page.close()
    if not tables and not around:
        message = Text("tệp PDF không có lớp chữ (bản quét); cần bản gốc Word, Excel", "the PDF has no text layer")
        raise Unreadable([Fault(message, place=file)])
    return Paper(file, tuple(tables), tuple(around))


def _table(table: Any, words: list[Any], name: str) -> Table:
    rows: list[Row] = []
    for one in table.rows:
        place = f"{name}, dòng {len(rows) + 1}"
        if len(rows) >= MAX_TABLE_ROWS or len(one.cells) > MAX_TABLE_COLUMNS:
            raise Unreadable([too_large(name)])
        rows.append(Row(tuple(_row(one.cells, words, place)), place))
    return Table(name, _filled(tuple(rows), table))


def _row(boxes: list[Any], words: list[Any], place: str) -> Iterator[Cell]:
    for number, box in enumerate(boxes, 1):
        where = f"{place}, ô {number}"
        if box is None:
            yield Cell(place=where, covered=True)
        else:
            lines = list(_lines([word for word in words if _lies(word, box)]))
            text = "\n".join(_paragraphs(lines, box))
            yield Cell(cleaned(text), where, bool(lines) and all(line.bold for line in lines))


def _filled(rows: tuple[Row, ...], table: Any) -> tuple[Row, ...]:
    """Covered cells told what stands over them: the cell to the left that reaches over them, else the one above."""
    filled: list[Row] = []
    for row, boxes in zip(rows, table.rows, strict=True):
        cells: list[Cell] = []
        for number, cell in enumerate(row.cells):
            left = cells[number - 1] if number and _reaches(boxes.cells, number) else None
            above = filled[-1].cells[number] if filled and number < len(filled[-1].cells) else None
            cells.append(_covered(cell, left or above or Cell()) if cell.covered else cell)
        filled.append(Row(tuple(cells), row.place))
    return tuple(filled)


def _covered(cell: Cell, origin: Cell) -> Cell:
    return Cell("", cell.place, origin.bold, covered=True, under=origin.under or origin.text)


def _reaches(boxes: list[Any], number: int) -> bool:
    """Whether the nearest cell to the left ends where the next one to the right begins."""
    left = next((box for box in reversed(boxes[:number]) if box), None)
    right = next((box for box in boxes[number:] if box), None)
    return left is not None and (right is None or left[2] >= right[0] - 1)


def _lies(word: Any, box: Any) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _lines(words: list[Any]) -> Iterator[_Line]:
    """Words gathered into lines of print, from top to bottom."""
    held: list[Any] = []
    for word in sorted(words, key=lambda word: (round(word["bottom"]), word["x0"])):
        if held and word["top"] > (held[0]["top"] + held[0]["bottom"]) / 2:
            yield _line(held)
            held = []
        held.append(word)
    if held:
        yield _line(held)


def _line(words: list[Any]) -> _Line:
    ordered = sorted(words, key=lambda word: float(word["x0"]))
    text = " ".join(word["text"] for word in ordered)
    bold = all("bold" in word["fontname"].lower() for word in ordered)
    return _Line(text, ordered[0]["x0"], ordered[-1]["x1"], ordered[0]["x1"] - ordered[0]["x0"], bold)


def _paragraphs(lines: list[_Line], box: Any) -> Iterator[str]:
    held = ""
    for number, line in enumerate(lines):
        held = f"{held} {line.text}" if held else line.text
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is None or _ends(line, following, box):
            yield held
            held = ""


def _is_item(text: str, before: str) -> bool:
    """Whether a line begins an item: with a mark, or with a dash that is none of «kinh tế - xã hội» broken in two."""
    dashed = text.startswith(_DASHES) and (text[1:].lstrip()[:1].isupper() or before.endswith(_ENDS))
    return text.startswith(_MARKS) or dashed


def _ends(line: _Line, following: _Line, box: Any) -> bool:
    """Whether a paragraph ends with a line: the next word would have fitted, or a new sentence plainly begins."""
    if _HEAD.match(following.text) or _is_item(following.text, line.text):
        return True
    if line.text.endswith(":") and following.text[:1].isdigit():
        return False
    space = (line.right - line.left) / max(len(line.text), 1)
    if line.right + space + following.first < box[2] - _PADDING:
        return True
    listed = line.text.endswith(_LISTED) and following.text[:1].isalpha()
    return listed or (line.text.endswith(_ENDS) and following.text[:1].isupper())
