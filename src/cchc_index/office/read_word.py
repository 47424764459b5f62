"""Tables of a Word file: merged cells, headings that pages repeat, numbered lists, footnotes, tables inside cells.

Needs the extra `office`.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from attrs import evolve, frozen
from docx.oxml.ns import qn

from cchc_index.files.grid import too_large
from cchc_index.files.packages import BROKEN, Package, broken, read_package
from cchc_index.files.strict import Unreadable
from cchc_index.office.numbering import Numbering, numbering_of
from cchc_index.office.tables import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS, Cell, Paper, Row, Table, cleaned, with_notes

_TABLE, _ROW, _CELL, _PARAGRAPH, _RUN = (qn(f"w:{name}") for name in ("tbl", "tr", "tc", "p", "r"))
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
_WRAPPERS = tuple(qn(f"w:{name}") for name in ("ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple"))
_OFF = ("0", "false", "off", "none")


@frozen
class _Reader:
    file: str
    numbering: Numbering
    footnotes: dict[str, str]
    bold_styles: frozenset[str]


def read_word(path: Path) -> Paper:
    """The tables of a .docx and the paragraphs around them. Raises Unreadable."""
    raw = read_package(path, Package.WORD)
    try:
        document = docx.Document(io.BytesIO(raw))
        reader = _Reader(path.name, numbering_of(document), _footnotes(document), _bold_styles(document))
        return _paper(document.element.body, reader)
    except BROKEN:
        raise broken(path.name, Package.WORD) from None


def _footnotes(document: Any) -> dict[str, str]:
    """The words of each footnote by its id."""
    from docx.oxml import parse_xml

    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            for note in parse_xml(relation.target_part.blob).iter(qn("w:footnote")):
                found[note.get(qn("w:id"))] = cleaned(" ".join(_words(one) for one in note.iter(_PARAGRAPH)))
    return {key: words for key, words in found.items() if words}


def _bold_styles(document: Any) -> frozenset[str]:
    styles = document.styles.element.iter(qn("w:style"))
    return frozenset(str(style.get(qn("w:styleId"))) for style in styles if _says_bold(style) is True)


def _paper(body: Any, reader: _Reader) -> Paper:
    tables: list[Table] = []
    around: list[Cell] = []
    for element in _blocks(body):
        if element.tag == _TABLE:
            tables.append(_table(element, len(tables) + 1, reader))
        else:
            label, words = reader.numbering.label(element), _words(element)
            place = f"{reader.file}, đoạn {len(around) + 1}"
            around += [Cell(cleaned(f"{label} {words}"), place, _is_bold(element, reader))] if words.strip() else []
    return Paper(reader.file, tuple(tables), tuple(around))


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those that a content control wraps."""
    for child in element:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _rows(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == _ROW:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == _CELL:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _cells(child)


def _table(element: Any, number: int, reader: _Reader) -> Table:
    name = f"{reader.file}, bảng {number}"
    rows: list[Row] = []
    above: tuple[Cell, ...] = ()
    for one in _rows(element):
        place = f"{name}, dòng {len(rows) + 1}"
        above = tuple(_row(one, above, place, reader))
        if len(rows) >= MAX_TABLE_ROWS or len(above) > MAX_TABLE_COLUMNS:
            raise Unreadable([too_large(name)])
        rows.append(Row(above, place, repeats=one.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None))
    return Table(name, tuple(rows))


def _row(element: Any, above: tuple[Cell, ...], place: str, reader: _Reader) -> Iterator[Cell]:
    """The cells of a row, one for each column that they span, the rest of a span covered."""
    column = 0
    for _ in range(min(_before(element), MAX_TABLE_COLUMNS)):
        yield Cell(place=f"{place}, ô {column + 1}")
        column += 1
    for one in _cells(element):
        properties = one.find(qn("w:tcPr"))
        cell = _cell(one, f"{place}, ô {column + 1}", reader)
        if _goes_on(properties) and column < len(above):
            origin = above[column]
            under = origin.under if origin.covered else origin.text
            cell = evolve(cell, text="", covered=True, under=under) if not cell.text else cell
        yield cell
        span = min(_span(properties), MAX_TABLE_COLUMNS + 1)
        for more in range(1, span):
            shown = cell.under if cell.covered else cell.text
            yield Cell(place=f"{place}, ô {column + more + 1}", bold=cell.bold, covered=True, under=shown)
        column += span


def _before(row: Any) -> int:
    skipped = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return 0 if skipped is None else int(skipped.get(qn("w:val")))


def _goes_on(properties: Any) -> bool:
    merged = None if properties is None else properties.find(qn("w:vMerge"))
    return merged is not None and merged.get(qn("w:val"), "continue") == "continue"


def _span(properties: Any) -> int:
    span = None if properties is None else properties.find(qn("w:gridSpan"))
    return 1 if span is None else max(int(span.get(qn("w:val"))), 1)


def _cell(element: Any, place: str, reader: _Reader) -> Cell:
    paragraphs = list(element.iter(_PARAGRAPH))
    lines, notes = [], []
    for one in paragraphs:
        label, words = reader.numbering.label(one), _words(one)
        lines.append(f"{label} {words}".strip() if label else words)
        notes += [reader.footnotes.get(mark.get(qn("w:id")), "") for mark in one.iter(qn("w:footnoteReference"))]
    text, kept = with_notes("\n".join(line for line in lines if line.strip()), notes)
    written = [one for one in paragraphs if _words(one).strip()]
    bold = bool(written) and all(_is_bold(one, reader) for one in written)
    return Cell(text, place, bold, notes=kept)


def _words(paragraph: Any) -> str:
    """The words of a paragraph as it stands now: what was inserted, without what was deleted."""
    return "".join(_text(run) for run in _runs(paragraph))


def _runs(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == _RUN:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _runs(child)


def _text(run: Any) -> str:
    texts = (_BREAKS.get(child.tag, (child.text or "") if child.tag == qn("w:t") else "") for child in run)
    return "".join(texts)


def _is_bold(paragraph: Any, reader: _Reader) -> bool:
    runs = [run for run in _runs(paragraph) if _text(run).strip()]
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    by_style = style is not None and str(style.get(qn("w:val"))) in reader.bold_styles
    return bool(runs) and all(by_style if (said := _says_bold(run)) is None else said for run in runs)


def _says_bold(element: Any) -> bool | None:
    """Whether a run or a style says that it is bold; None where it does not say."""
    found = element.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return None if found is None else found.get(qn("w:val"), "1") not in _OFF
