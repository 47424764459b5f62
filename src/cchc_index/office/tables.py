"""A paper as tables of cells, whatever file it came from: each cell with its words, its place, and how it stands.

>>> from cchc_index.office.tables import Cell, Row, Table
>>> Table("Bảng 1", (Row((Cell("STT"), Cell("Tiêu chí")), "phu-luc.docx, bảng 1, dòng 1"),)).width
2
"""

from collections.abc import Iterable
from unicodedata import normalize

from attrs import frozen

from cchc_index.errors import Text
from cchc_index.files.grid import SPREAD_ROWS, Grid, GridRow

MAX_TABLE_ROWS = 5_000
MAX_TABLE_COLUMNS = 60


@frozen
class Cell:
    """The words of a cell, a line for each paragraph, and its place in the file.

    A cell under one that is merged over it has no words of its own; `under` holds those above it. `notes` are the
    footnotes that it points at.
    """

    text: str = ""
    place: str = ""
    bold: bool = False
    covered: bool = False
    under: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Its paragraphs, the empty ones left out."""
        return tuple(line.strip() for line in self.text.split("\n") if line.strip())


@frozen
class Row:
    """One row: its cells, its place, whether the file hides it, and whether it is a heading that each page repeats."""

    cells: tuple[Cell, ...]
    place: str
    hidden: bool = False
    repeats: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else Cell(place=self.place)


@frozen
class Table:
    """One table of a paper."""

    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)

    def grid(self) -> Grid:
        """The same table for the finder of headings, merged cells filled in its upper rows."""
        rows = tuple(GridRow(row.words, row.place) for row in self.rows)
        upper = self.rows[:SPREAD_ROWS]
        spread = tuple(tuple(cell.under if cell.covered else cell.text for cell in row.cells) for row in upper)
        return Grid(self.name, rows, spread)


@frozen
class PassedOver:
    """A part of a file that was not read: which and why, and its place."""

    what: Text
    place: str

    @property
    def text(self) -> str:
        return self.what.vi


@frozen
class Paper:
    """Everything a file holds: its tables, the paragraphs around them, and what was passed over."""

    file: str
    tables: tuple[Table, ...]
    around: tuple[Cell, ...] = ()
    unread: tuple[PassedOver, ...] = ()


def cleaned(text: str) -> str:
    r"""Words as they are compared: NFC, plain spaces, one space between words; line ends stay.

    >>> cleaned(" a\u00a0 b \r\n c ")
    'a b\nc'
    """
    even = normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    lines = (" ".join(line.replace("\u00ad", "").split()) for line in even.split("\n"))
    return "\n".join(lines).strip("\n")


def with_notes(text: str, notes: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Words and footnotes, cleaned."""
    return cleaned(text), tuple(note for note in map(cleaned, notes) if note)
