"""A report as one value, made once and shown in every form: terminal, Word, Excel, HTML.

A page is sections of paragraphs, tables and charts, in one language. Numbers stay exact in it until a form prints them.

Longer than most modules: the parts of a page and how each is said stand together, so that no form says them its own
way.

>>> row = Row(("1", "Công tác chỉ đạo", Amount(Fraction(2, 3))))
>>> table = Table(columns_of("Mã|Tiêu chí|Điểm", "Code|Criterion|Points", "ctn", "vi"), (row,))
>>> [said(cell, "vi") for cell in row.cells], table.columns[1].on_paper
(['1', 'Công tác chỉ đạo', '≈0,6667'], 'Tiêu chí, tiêu chí thành phần')
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from cchc_index.criteria import Points
from cchc_index.errors import Lang, Text
from cchc_index.points import round_half_up, show, show_rounded
from cchc_index.sources import NOT_STATED

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

MOST_PLACES = 4
SILENT = Text("không quy định", "not stated")
NOTHING = "–"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
"""Quốc hiệu and tiêu ngữ, as papers of the state carry them (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""


@frozen
class Amount:
    """An exact number as it will be printed: in full up to four decimals, then rounded half up and marked `≈`.

    `places` fixes the decimals instead, without a mark; for a percent they count in percent. `signed` puts + before
    what is above zero.
    """

    value: Fraction
    places: int | None = None
    percent: bool = False
    signed: bool = False

    def said(self, lang: Lang) -> str:
        """The number in the form of the field.

        >>> Amount(Fraction("0.125"), places=2).said("vi"), Amount(Fraction(2, 3), signed=True).said("en")
        ('0,13', '≈+0.6667')
        """
        scaled = self.value * 100 if self.percent else self.value
        is_full = self.places is None and 10**MOST_PLACES % scaled.denominator == 0
        places = MOST_PLACES if self.places is None else self.places
        shown = show(scaled, lang) if is_full else show_rounded(scaled, places, lang)
        sign = "+" if self.signed and round_half_up(scaled, Fraction(1, 10**places)) > 0 else ""
        mark = "" if is_full or self.places is not None else "≈"
        return f"{mark}{sign}{shown}{'%' if self.percent else ''}"


Cell = str | Amount


def said(cell: Cell, lang: Lang) -> str:
    """A cell as text."""
    return cell if isinstance(cell, str) else cell.said(lang)


def points_cell(points: Points | None, lang: Lang) -> Cell:
    """Points as a cell; a dash for what is not there."""
    if points is None:
        return NOTHING
    return SILENT.said(lang) if points is NOT_STATED else Amount(Fraction(points))


def index_cell(index: Points | None, lang: Lang) -> Cell:
    """An index as a cell: percent, rounded half up to two places for printing."""
    if index is None:
        return NOTHING
    return SILENT.said(lang) if index is NOT_STATED else Amount(index, places=2, percent=True)


@frozen
class Open:
    """Points that are not known yet: between which they lie (None: nothing bounds them), and what is missing."""

    low: Fraction | None
    high: Fraction | None
    why: Text | None = None

    def said(self, lang: Lang) -> str:
        low, high = (None if end is None else Amount(end).said(lang) for end in (self.low, self.high))
        return span(low, high, lang)


def span(low: str | None, high: str | None, lang: Lang) -> str:
    """Two ends as a range; what nothing bounds on one side is told by the other, on both sides by no number.

    >>> span("0", "2", "vi"), span("0", None, "vi"), span(None, "2", "en"), span(None, None, "vi")
    ('0 – 2', 'từ 0 trở lên', 'at most 2', 'không quy định')
    """
    if low is not None and high is not None:
        return f"{low} – {high}"
    if low is not None:
        return Text(f"từ {low} trở lên", f"{low} or more").said(lang)
    return SILENT.said(lang) if high is None else Text(f"nhiều nhất {high}", f"at most {high}").said(lang)


NO_ONE: Mapping[str, Open] = {}


class Tone(Enum):
    """How a row stands out."""

    PLAIN = "plain"
    STRONG = "strong"
    AREA = "area"
    """An area, or a merged row that heads those below it."""
    TOTAL = "total"
    ALERT = "alert"


@frozen
class Row:
    """The cells of a row; a single one in a wider table is merged over all columns."""

    cells: tuple[Cell, ...]
    tone: Tone = Tone.PLAIN


Kind = Literal["text", "number", "code", "narrow"]
_KINDS: dict[str, Kind] = {"t": "text", "n": "number", "c": "code", "w": "narrow"}
_PAPER = {
    "Mã": "STT",
    "Tiêu chí": "Tiêu chí, tiêu chí thành phần",
    "Tối đa": "Điểm tối đa",
    "Tự chấm": "Điểm tự chấm",
    "Tính được": "Điểm tính từ số liệu",
    "Thẩm định": "Điểm thẩm định",
}
"""The headings that decisions print, where a terminal has no room for them."""


@frozen
class Column:
    """A heading and what stands below it. A narrow column is one of numbers under a long heading."""

    name: str
    kind: Kind

    @property
    def on_paper(self) -> str:
        """The heading where there is room: as the field writes it."""
        return _PAPER.get(self.name, self.name)

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "narrow")


def columns_of(vi: str, en: str, kinds: str, lang: Lang) -> tuple[Column, ...]:
    """Columns from names split at |, with a letter for the kind of each: t text, n number, c code, w narrow."""
    names = Text(vi, en).said(lang).split("|")
    return tuple(Column(name, _KINDS[kind]) for name, kind in zip(names, kinds, strict=True))


class Role(Enum):
    """What a paragraph is."""

    TITLE = "title"
    WARNING = "warning"
    LEAD = "lead"
    """A line of the title block: unit, period, ruleset."""
    HEADING = "heading"
    STRONG = "strong"
    PLAIN = "plain"
    ITEM = "item"


@frozen
class Para:
    text: str
    role: Role = Role.PLAIN


def items(texts: Sequence[str]) -> tuple[Para, ...]:
    """Sentences as the items of a list."""
    return tuple(Para(text, Role.ITEM) for text in texts)


@frozen
class Table:
    """Rows under headings.

    `foot` is the total that paper prints below the rows, where the text of a terminal says it in a sentence.
    `in_words` is the same as a list of sentences, for a terminal, which has no room for columns of long text.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: Row | None = None
    in_words: tuple[Para, ...] = ()

    @property
    def printed(self) -> tuple[Row, ...]:
        """The rows on paper."""
        return self.rows if self.foot is None else (*self.rows, self.foot)

    def is_merged(self, row: Row) -> bool:
        return len(row.cells) < len(self.columns)

    def widths(self, lang: Lang, whole: float) -> list[float]:
        """The width of each column in letters, over a page of `whole`: numbers and codes stay whole, texts give way."""
        rows = [row.cells for row in self.printed if not self.is_merged(row)]
        cells = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        pairs = zip(self.columns, cells, strict=True)
        wanted = [_width(column, below, lang) for column, below in pairs]
        stays = [column.kind != "text" or width <= LEAST for column, width in zip(self.columns, wanted, strict=True)]
        kept = sum(width for width, is_kept in zip(wanted, stays, strict=True) if is_kept)
        if sum(wanted) <= whole or kept > whole * MOST_KEPT or kept == sum(wanted):
            return [width * whole / sum(wanted) for width in wanted]
        room = (whole - kept) / (sum(wanted) - kept)
        return [width if is_kept else width * room for width, is_kept in zip(wanted, stays, strict=True)]


LEAST = 12.0
"""The width of a column of short words, in letters: it holds them unbroken, so it gives nothing away."""
MOST_KEPT = 0.7
"""How much of a page its numbers and codes may keep before every column gives way."""
BLANK = 30.0
"""The width of a column that is to be filled in by hand."""


def _width(column: Column, cells: Sequence[Cell], lang: Lang) -> float:
    texts = [said(cell, lang) for cell in cells if said(cell, lang)]
    word = _longest(column.on_paper.split()) + 3
    if column.is_number:
        return min(max(_longest(_kept_whole(texts)) + 2, word, 7), 24)
    longest = _longest([line for text in texts for line in text.splitlines()])
    if column.kind == "code":
        return min(max(longest + 2, word, 7), 24)
    if cells and not texts:
        return BLANK
    mean = sum(map(len, texts)) / len(texts) if texts else 0
    return min(max(mean * 1.1, min(longest + 2, 24), word, LEAST), 70)


def _kept_whole(texts: Sequence[str]) -> Iterator[str]:
    """What may not be broken in a column of numbers: numbers and ranges; words may stand on two lines."""
    for text in texts:
        yield text if any(letter.isdigit() for letter in text) else text[: len(text) // 2 + 2]


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


@frozen
class Span:
    """A stretch of a bar, from one value to another; `series` counts in the chart's list."""

    start: Fraction
    end: Fraction
    series: int


@frozen
class Bar:
    """One line of a chart: its name, its stretches, and the numbers in words."""

    label: str
    spans: tuple[Span, ...]
    told: str


@frozen
class Series:
    """What a kind of stretch means, and how it is drawn."""

    name: str
    ink: Literal["full", "open", "lost", "still"]


@frozen
class Chart:
    """Bars over one scale, from 0 unless `is_close`. Only HTML draws it; every number in it stands in a table too."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    is_close: bool = False
    percent: bool = False

    @property
    def places(self) -> int | None:
        """How the ends of the scale are rounded."""
        return 2 if self.percent else None


Part = Para | Table | Chart


@frozen
class Section:
    """A part of a page with a name of its own: a worksheet in Excel, a heading in Word and HTML.

    The name of the first section is the name of the whole paper.
    """

    name: str
    parts: tuple[Part, ...]

    @property
    def has_heading(self) -> bool:
        """Whether it begins with a heading of its own."""
        first = self.parts[0] if self.parts else None
        return isinstance(first, Para) and first.role in (Role.TITLE, Role.HEADING)


@frozen
class Page:
    """A report in one language. `organ` is the unit whose paper it is, as its data call it; empty for several."""

    title: str
    sections: tuple[Section, ...]
    lang: Lang
    organ: str = ""

    def parts(self) -> Iterator[Part]:
        return (part for section in self.sections for part in section.parts)

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """What Rich prints of a page: all but its charts."""
        from cchc_index.reporting.as_text import rendered

        yield from rendered(self)

    def _repr_html_(self) -> str:
        """What a notebook shows of a page. Needs the extra `report`."""
        from cchc_index.reporting.as_html import fragment

        return fragment(self)
