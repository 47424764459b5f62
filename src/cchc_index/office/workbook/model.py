"""A workbook as plain values: every cell with its content, before any library writes it and after one has read it."""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from attrs import define, field, frozen

from cchc_index.errors import Path
from cchc_index.measures import Fact

Content = str | int | Fraction | None


class Look(Enum):
    """How a cell looks. Cells to fill in are the only ones that are not locked."""

    TITLE = "title"
    NOTICE = "notice"
    NOTICE_BOX = "notice box"
    PLAIN = "plain"
    HEAD = "head"
    AREA = "area"
    HEADING = "heading"
    ITEM = "item"
    POINTS = "points"
    AREA_POINTS = "area points"
    PERCENT = "percent"
    CHECK = "check"
    DATE = "date"
    FIXED = "fixed"
    RESULT = "result"
    TEXT_INPUT = "text input"
    COUNT_INPUT = "count input"
    NUMBER_INPUT = "number input"
    PERCENT_INPUT = "percent input"
    DATE_INPUT = "date input"
    POINTS_INPUT = "points input"
    APPRAISED_INPUT = "appraised input"
    APPRAISED_DATE = "appraised date"
    REASON_INPUT = "reason input"
    """For whoever appraises, in another colour."""


@frozen
class Cell:
    """One cell: content or formula, and for a formula the value that is saved with it."""

    value: Content = None
    formula: str = ""
    look: Look = Look.PLAIN
    is_input: bool = False
    indent: int = 0


@frozen
class Rule:
    """What a cell to fill in accepts, as XlsxWriter takes it; `last_row` extends it downwards."""

    row: int
    column: int
    last_row: int
    options: Mapping[str, Any]


@define
class Page:
    """One worksheet."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(factory=dict)
    rules: list[Rule] = field(factory=list)
    is_hidden: bool = False
    widths: dict[int, float] = field(factory=dict)
    hidden_columns: tuple[int, int] | None = None
    merged: list[tuple[int, int, int, int]] = field(factory=list)
    """Blocks of cells that show as one: first row and column, last row and column."""

    def put(self, row: int, column: int, cell: Cell) -> None:
        self.cells[row, column] = cell

    def text(self, row: int, column: int, text: str, look: Look = Look.PLAIN) -> None:
        self.put(row, column, Cell(text, look=look))


@frozen
class Input:
    """A cell to fill in: what it is in the submission, where it stands, and the figure that types it."""

    path: Path
    page: str
    row: int
    column: int
    fact: Fact | None = None
    default: str = ""
    """The formula that stands in it until somebody types over it."""


@frozen
class Workbook:
    """The whole workbook, its cells to fill in, and the names of its lists."""

    title: str
    pages: tuple[Page, ...]
    inputs: tuple[Input, ...]
    names: Mapping[str, str]
