"""A page as one self-contained HTML file: nothing is fetched, it reads on a phone, and prints on A4 landscape.

Bars are drawn in SVG without a view box: places across are percentages and letters keep their size, so that a chart is
as readable at 390 pixels as at 1280. Needs the extra `report`.
"""

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import groupby

from attrs import frozen
from jinja2 import Environment, PackageLoader, StrictUndefined

from cchc_index.errors import Lang
from cchc_index.office.texts import printable
from cchc_index.points import show_rounded
from cchc_index.reporting.page import Amount, Chart, Page, Para, Part, Role, Section, Series, Table, said

_TAGS = {Role.HEADING: "h3"}
LETTERS = 34
"""How much of a label fits beside its number on a phone."""
LINE, BAR, GAP, FOOT = 18, 12, 12, 20


def html_file(page: Page) -> str:
    """The whole file."""
    return _written("page.html", page)


def fragment(page: Page) -> str:
    """What stands in the body of the file: for a notebook, or another page."""
    return _written("fragment.html", page)


def _written(template: str, page: Page) -> str:
    known = {
        "page": page,
        "blocks": _blocks,
        "tag": lambda part: _TAGS.get(part.role, "p"),
        "said": lambda cell: said(cell, page.lang),
        "draw": lambda chart: drawn(chart, page.lang),
    }
    return printable(_templates().get_template(template).render(known)) + "\n"


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("cchc_index.reporting"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    found.tests |= {"table": lambda part: isinstance(part, Table), "chart": lambda part: isinstance(part, Chart)}
    return found


def _blocks(section: Section) -> Iterator[Part | list[Para]]:
    """The parts of a section, items that follow each other as one list."""
    for is_item, parts in groupby(section.parts, lambda part: isinstance(part, Para) and part.role is Role.ITEM):
        if is_item:
            yield [part for part in parts if isinstance(part, Para)]
        else:
            yield from parts


@frozen
class DrawnLine:
    text: str
    y: int


@frozen
class DrawnSpan:
    """Where a stretch begins, in percent of the width, and how wide it is, with its unit."""

    x: str
    width: str
    ink: str


@frozen
class DrawnBar:
    """A bar with its label above it, broken into lines that fit on a phone."""

    label: str
    told: str
    lines: tuple[DrawnLine, ...]
    told_y: int
    y: int
    spans: tuple[DrawnSpan, ...]


@frozen
class Drawn:
    """A chart with every place worked out; `low` and `high` are the ends of its scale."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[DrawnBar, ...]
    height: int
    low: str
    high: str


def drawn(chart: Chart, lang: Lang) -> Drawn:
    """Work out where everything of a chart stands.

    >>> from cchc_index.reporting.page import Bar, Span
    >>> bar = Bar("Xã A", (Span(Fraction(0), Fraction(3), 0),), "3")
    >>> drawn(Chart("Điểm", (Series("điểm", "full"),), (bar,)), "vi").bars[0].spans[0].width
    '100.00%'
    """
    low, high = _scale(chart)
    bars, top = [], 0
    for bar in chart.bars:
        lines = textwrap.wrap(bar.label, LETTERS)[:2] or [""]
        y = top + LINE * len(lines)
        spans = tuple(_span(span.start, span.end, chart.series[span.series].ink, (low, high)) for span in bar.spans)
        told = tuple(DrawnLine(line, top + LINE * number - 5) for number, line in enumerate(lines, 1))
        bars.append(DrawnBar(bar.label, bar.told, told, y - 5, y, spans))
        top = y + BAR + GAP
    ends = (Amount(end, places=chart.places, percent=chart.percent).said(lang) for end in (low, high))
    used = {span.series for bar in chart.bars for span in bar.spans}
    series = tuple(one for number, one in enumerate(chart.series) if number in used)
    return Drawn(chart.title, series, tuple(bars), top + FOOT, *ends)


def _scale(chart: Chart) -> tuple[Fraction, Fraction]:
    """From 0, or from the least value where only differences matter; never of no width."""
    places = [end for bar in chart.bars for span in bar.spans for end in (span.start, span.end)]
    low = min(places) if chart.is_close else min(Fraction(0), *places)
    high = max(places)
    return (low, high) if low < high else (low, low + 1)


def _span(start: Fraction, end: Fraction, ink: str, scale: tuple[Fraction, Fraction]) -> DrawnSpan:
    whole = scale[1] - scale[0]
    x, width = ((value / whole) * 100 for value in (start - scale[0], end - start))
    shown = show_rounded(width, 2, "en") + "%" if width else "3"
    return DrawnSpan(show_rounded(x, 2, "en"), shown, ink)
