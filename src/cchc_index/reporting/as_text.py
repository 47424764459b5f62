"""A page as Rich prints it, on a terminal or into a text file: everything but the charts."""

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text as Styled

from cchc_index.errors import Lang
from cchc_index.reporting.page import Chart, Column, Page, Para, Part, Role, Section, Table, Tone, said

_HEADS = (Role.TITLE, Role.WARNING, Role.LEAD)
_STYLES = {Role.TITLE: "bold", Role.WARNING: "bold red", Role.HEADING: "bold", Role.STRONG: "bold"}
_TONES = {Tone.PLAIN: "", Tone.STRONG: "bold", Tone.AREA: "bold", Tone.TOTAL: "bold", Tone.ALERT: "bold red"}


def rendered(page: Page) -> Iterator[RenderableType]:
    """The parts of a page, with an empty line around tables and sections, before headings, below the title block."""
    before: Part | None = None
    for section in page.sections:
        for number, part in enumerate(_shown(section)):
            if before is not None and (not number or _parted(before, part)):
                yield Styled("")
            if isinstance(part, Para):
                yield Styled(("- " if part.role is Role.ITEM else "") + part.text, style=_STYLES.get(part.role, ""))
            elif isinstance(part, Table):
                yield grid(part, page.lang)
            before = part


def _shown(section: Section) -> Iterator[Part]:
    for part in section.parts:
        if isinstance(part, Table) and part.in_words:
            yield from part.in_words
        elif not isinstance(part, Chart):
            yield part


def _parted(before: Part, part: Part) -> bool:
    if isinstance(before, Para) and isinstance(part, Para):
        is_below_title = before.role in _HEADS and part.role not in _HEADS
        return is_below_title or part.role in (Role.HEADING, Role.TITLE)
    return not (isinstance(before, Para) and before.role is Role.HEADING)


def grid(table: Table, lang: Lang) -> RichTable:
    """A table with its columns side by side."""
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        drawn.add_column(
            escape(column.name),
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind in ("code", "number"),
            overflow="fold",
            max_width=12 if column.kind == "narrow" else None,
        )
    for row in table.rows:
        texts = [said(cell, lang) for cell in row.cells]
        cells = _spread(texts[0], table.columns) if table.is_merged(row) else texts
        drawn.add_row(*(escape(cell) for cell in cells), style=_TONES[row.tone])
    return drawn


def _spread(text: str, columns: tuple[Column, ...]) -> list[str]:
    """A merged cell stands in the first column that is wide."""
    wide = next((number for number, column in enumerate(columns) if column.kind == "text"), 0)
    return ["" if number != wide else text for number in range(len(columns))]
