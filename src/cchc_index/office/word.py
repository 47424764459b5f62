"""Word files as the field prints them: A4 landscape, Times New Roman, tables whose header repeats on every page.

Needs the extra `office`.
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape

import docx
from attrs import frozen
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cchc_index.office.texts import BODY_SIZE, CREATED, FONT, TABLE_SIZE, printable

Align = Literal["left", "center", "right"]
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
HEADING_STYLES = ("Title", "Heading 1", "Heading 2")
SHADE = "E7EDF5"
_ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@frozen
class Look:
    """How a row or a paragraph looks beside the others; `shade` and `color` are colours such as "E7EDF5"."""

    bold: bool = False
    italic: bool = False
    shade: str = ""
    color: str = ""


PLAIN = Look()
HEAD = Look(bold=True, shade=SHADE)


def new_document(title: str = "", *, lang: str = "vi") -> Document:
    """An empty document on A4 landscape in the fonts of the field, its language told to the spelling checker.

    >>> paper = new_document("Phiếu chấm điểm")
    >>> paper.sections[0].page_width.cm > paper.sections[0].page_height.cm
    True
    """
    document = docx.Document()
    _set_page(document)
    _set_font(document.styles["Normal"], BODY_SIZE)
    for name in HEADING_STYLES:
        _set_font(document.styles[name], BODY_SIZE, bold=True)
    _set_language(document, LANGUAGES[lang])
    _set_properties(document, printable(title), LANGUAGES[lang])
    _number_pages(document)
    return document


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin, section.right_margin = Cm(2), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.5)


def _set_font(style: Any, size: int, *, bold: bool = False) -> None:
    """Word takes the font of a style from four scripts; a theme font left in one of them would win."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    properties = style.element.get_or_add_rPr()
    for color in properties.findall(qn("w:color")):
        properties.remove(color)
    fonts = properties.get_or_add_rFonts()
    for key in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(3), Pt(3), 1.0
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)


def _set_language(document: Document, language: str) -> None:
    for tag in document.styles.element.iter(qn("w:lang")):
        for script in ("val", "eastAsia", "bidi"):
            tag.set(qn(f"w:{script}"), language)


def _set_properties(document: Document, title: str, language: str) -> None:
    core = document.core_properties
    core.title, core.language, core.author, core.last_modified_by, core.comments = title, language, "", "", ""
    core.created = core.modified = CREATED.replace(tzinfo=None)
    core.revision = 1


def _number_pages(document: Document) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field in ("PAGE", "NUMPAGES"):
        if paragraph.runs:
            paragraph.add_run("/").font.size = Pt(10)
        _add_field(paragraph, field)


def _add_field(paragraph: Paragraph, name: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(10)
    for kind in ("begin", "instr", "end"):
        element = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            element.text = name
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - python-docx has no public way to a field


def text_width(document: Document) -> Length:
    """The width between the margins."""
    section = document.sections[0]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    assert width is not None
    assert left is not None
    assert right is not None
    return Emu(width - left - right)


def add_paragraph(
    document: Document, text: str, look: Look = PLAIN, *, style: str | None = None, align: Align = "left"
) -> Paragraph:
    """A paragraph of one look; a line break in the text is a line break on paper."""
    paragraph = document.add_paragraph(style=style)
    paragraph.alignment = _ALIGNED[align]
    _add_run(paragraph, text, look)
    return paragraph


def _add_run(paragraph: Paragraph, text: str, look: Look) -> Run:
    run = paragraph.add_run(printable(text))
    run.bold, run.italic = look.bold or None, look.italic or None
    if look.color:
        run.font.color.rgb = RGBColor.from_string(look.color)
    return run


def add_head_block(document: Document, left: str, right: Sequence[str]) -> None:
    """What papers of the state begin with (Nghị định 30/2020/NĐ-CP, Phụ lục I): whose paper it is, and the motto."""
    table: Table = document.add_table(rows=0, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    add_row(table, (left.upper(), "\n".join(right)), ("center", "center"), Look(bold=True))
    add_paragraph(document, "")


def add_table(document: Document, names: Sequence[str], shares: Sequence[float]) -> Table:
    """A bordered table over the whole width: one header row that repeats, columns by their share of the width."""
    table: Table = document.add_table(rows=0, cols=len(names), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(shares)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(int(text_width(document) * share / whole))
    _append(table, names, ["center"] * len(names), HEAD, merged=(), is_header=True)
    return table


def add_row(
    table: Table,
    texts: Sequence[str],
    aligned: Sequence[Align],
    look: Look = PLAIN,
    *,
    merged: Iterable[tuple[int, int]] = (),
) -> _Row:
    """One more row; each pair of `merged` makes one cell of a run of columns, the first of which holds its text."""
    return _append(table, texts, aligned, look, merged=merged, is_header=False)


def _append(  # noqa: PLR0913 - everything that a row is
    table: Table,
    texts: Sequence[str],
    aligned: Sequence[Align],
    look: Look,
    *,
    merged: Iterable[tuple[int, int]],
    is_header: bool,
) -> _Row:
    """A row as one piece of XML, which stays on one page: cell by cell, python-docx takes seconds for a long table."""
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]  # noqa: SLF001 - as python-docx keeps them
    last = dict(merged)
    cells, column = [], 0
    while column < len(widths):
        end = last.get(column, column)
        width = sum(widths[column : end + 1])
        cells.append(_cell(texts[column], width, end - column + 1, aligned[column], look))
        column = end + 1
    header = "<w:tblHeader/>" if is_header else ""
    row = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>")
    table._tbl.append(row)  # noqa: SLF001 - python-docx appends only rows of its own
    return _Row(row, table)


def _cell(text: str, width: int, columns: int, align: Align, look: Look) -> str:
    """A cell, its properties in the order of the schema (ISO/IEC 29500-1, CT_TcPr and CT_RPr)."""
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.shade}"/>' if look.shade else ""
    color = f'<w:color w:val="{look.color}"/>' if look.color else ""
    weight = ("<w:b/>" if look.bold else "") + ("<w:i/>" if look.italic else "")
    letters = f'{weight}{color}<w:sz w:val="{2 * TABLE_SIZE}"/>'
    run = f"<w:r><w:rPr>{letters}</w:rPr>{_letters(text)}</w:r>" if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p></w:tc>'
    )


def _letters(text: str) -> str:
    """Text inside a run: a line break and a tab are elements of their own."""
    told = escape(printable(text)).replace("\n", "\0<w:br/>\0").replace("\t", "\0<w:tab/>\0")
    pieces = (piece for piece in told.split("\0") if piece)
    return "".join(
        piece if piece in ("<w:br/>", "<w:tab/>") else f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces
    )


def saved(document: Document) -> bytes:
    """The whole file: the same bytes each time, since the dates inside the archive are fixed.

    >>> saved(new_document()) == saved(new_document())
    True
    """
    stream = BytesIO()
    document.save(stream)
    return _with_fixed_dates(stream.getvalue())


def _with_fixed_dates(raw: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return stream.getvalue()
