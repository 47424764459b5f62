"""A page as a Word file. Needs the extra `office`."""

from docx.document import Document

from cchc_index.errors import Lang
from cchc_index.office.word import (
    SHADE,
    Align,
    Look,
    add_head_block,
    add_paragraph,
    add_row,
    add_table,
    new_document,
    saved,
)
from cchc_index.reporting.page import MOTTO, Column, Page, Para, Role, Section, Table, Tone, said

ALARM = "A3001B"
WIDTH = 122.0
"""How many letters fit across A4 landscape in the font of the tables."""
_LOOKS = {
    Tone.PLAIN: Look(),
    Tone.STRONG: Look(bold=True),
    Tone.AREA: Look(bold=True, shade=SHADE),
    Tone.TOTAL: Look(bold=True, shade=SHADE),
    Tone.ALERT: Look(bold=True, color=ALARM),
}
_STYLES = {Role.HEADING: "Heading 2", Role.ITEM: "List Bullet"}
_CENTERED = (Role.TITLE, Role.WARNING, Role.LEAD)
_BOLD = (Role.TITLE, Role.WARNING, Role.STRONG)


def word_file(page: Page) -> bytes:
    """The bytes of a .docx file that shows everything on a page but its charts; the same each time."""
    document = new_document(page.title, lang=page.lang)
    if page.organ and page.lang == "vi":
        add_head_block(document, page.organ, MOTTO)
    for number, section in enumerate(page.sections):
        _add_section(document, section, page.lang, is_first=not number)
    return saved(document)


def _add_section(document: Document, section: Section, lang: Lang, *, is_first: bool) -> None:
    if is_first:
        add_paragraph(document, section.name.upper(), style="Title", align="center")
    elif not section.has_heading:
        add_paragraph(document, section.name, style="Heading 1")
    for part in section.parts:
        if isinstance(part, Para):
            _add_para(document, part)
        elif isinstance(part, Table):
            _add_table(document, part, lang)


def _add_para(document: Document, part: Para) -> None:
    look = Look(bold=part.role in _BOLD, color=ALARM if part.role is Role.WARNING else "")
    align: Align = "center" if part.role in _CENTERED else "left"
    add_paragraph(document, part.text, look, style=_STYLES.get(part.role), align=align)


def _add_table(document: Document, part: Table, lang: Lang) -> None:
    aligned = [_align(column) for column in part.columns]
    table = add_table(document, [column.on_paper for column in part.columns], part.widths(lang, WIDTH))
    for row in part.printed:
        texts = [said(cell, lang) for cell in row.cells]
        look = _LOOKS[row.tone]
        if part.is_merged(row):
            last = len(part.columns) - 1
            add_row(table, [*texts, *[""] * last], ["left"] * (last + 1), look, merged=[(0, last)])
        else:
            add_row(table, texts, aligned, look)
    add_paragraph(document, "")


def _align(column: Column) -> Align:
    return "right" if column.is_number else "center" if column.kind == "code" else "left"
