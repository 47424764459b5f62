"""The charts of the reports: bars over one scale, each with its numbers in words beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from cchc_index.criteria import Points
from cchc_index.errors import Lang, Text
from cchc_index.reporting.page import NO_ONE, Amount, Bar, Chart, Open, Series, Span, index_cell, points_cell, said
from cchc_index.reviewing.movement import Moved, Movement
from cchc_index.reviewing.reports import Tally
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED

MOST_BARS = 60
ZERO = Fraction(0)
_POINTS = Text("Điểm của các đơn vị", "Points of the units")
_INDEX = Text("Chỉ số của các đơn vị", "Index of the units")
_BY_AREA = Text("Điểm theo lĩnh vực", "Points by area")
_REACHED = (Text("đạt được", "reached"), "full")
_OPEN = (Text("còn có thể đạt", "still open"), "open")
_LOST = (Text("không đạt", "lost"), "lost")
_UP, _DOWN = (Text("tăng", "up"), "full"), (Text("giảm", "down"), "lost")
_STILL = (Text("không đổi", "unchanged"), "still")


def points_by_area(card: Card, lang: Lang, still_open: Mapping[str, Open] = NO_ONE) -> Iterator[Chart]:
    """For each line at the top of a card, the points reached of its maximum, and those still open."""
    bars = [bar for line in card.lines for bar in _area(line, still_open.get(line.code), lang)]
    yield from _chart(_BY_AREA, (_REACHED, _OPEN, _LOST), bars, lang)


def _area(line: Line, still: Open | None, lang: Lang) -> Iterator[Bar]:
    low, high = (line.points, line.points) if still is None else (still.low, still.high)
    most = line.max_points
    if low is None or high is None or low is NOT_STATED or high is NOT_STATED or most is NOT_STATED:
        return
    points = said(points_cell(low, lang), lang) if still is None else still.said(lang)
    told = f"{points} / {said(points_cell(most, lang), lang)}"
    yield Bar(f"{line.code} {line.name}", _stacked(low, high - low, most - high), told)


def _stacked(*sizes: Points) -> tuple[Span, ...]:
    """Stretches one after the other from 0; what is not above 0, and what is not stated, takes no room."""
    spans, end = [], ZERO
    for series, size in enumerate(sizes):
        if size is not NOT_STATED and size > 0:
            spans.append(Span(end, end + size, series))
            end += size
    return tuple(spans)


def _chart(
    title: Text, series: Sequence[tuple[Text, Any]], bars: Sequence[Bar], lang: Lang, **looks: bool
) -> Iterator[Chart]:
    """A chart of at most sixty bars, which says when there are more; none where there is nothing to draw."""
    if not any(bar.spans for bar in bars):
        return
    told = title.said(lang)
    if len(bars) > MOST_BARS:
        told += Text(f" ({MOST_BARS} dòng đầu)", f" (the first {MOST_BARS})").said(lang)
    yield Chart(told, tuple(Series(name.said(lang), ink) for name, ink in series), tuple(bars[:MOST_BARS]), **looks)


def values(units: Iterable[tuple[str, Points]], lang: Lang) -> Iterator[Chart]:
    """The points of several units."""
    bars = [Bar(unit, _stacked(points), said(points_cell(points, lang), lang)) for unit, points in units]
    yield from _chart(_POINTS, (_REACHED,), bars, lang)


def ranges(ranks: Iterable[Rank], lang: Lang, *, on_index: bool) -> Iterator[Chart]:
    """What several units are ranked by; of one that is still open, the stretch in which it lies."""
    cell = index_cell if on_index else points_cell
    bars, is_open = [], False
    for one in ranks:
        low, high = (one.low, one.high) if one.value is None else (one.value, one.value)
        if low is None or high is None:
            continue
        is_open |= low != high
        ends = dict.fromkeys(said(cell(end, lang), lang) for end in (low, high))
        bars.append(Bar(one.card.unit, _stacked(low, high - low), " – ".join(ends)))
    title, series = _INDEX if on_index else _POINTS, (_REACHED, _OPEN) if is_open else (_REACHED,)
    yield from _chart(title, series, bars, lang, percent=on_index)


def tallies(groups: Iterable[tuple[str, Tally]], lang: Lang) -> Iterator[Chart]:
    """Points secured, open and lost, by area."""
    bars = []
    for name, tally in groups:
        parts = [tally.secured, tally.still_open, tally.lost]
        told = " + ".join(said(points_cell(part, lang), lang) for part in parts)
        bars.append(Bar(name, _stacked(*parts), told))
    yield from _chart(_BY_AREA, (_REACHED, _OPEN, _LOST), bars, lang)


def movements(found: Movement, lang: Lang) -> Iterator[Chart]:
    """From the value of the earlier year to that of the later one."""
    bars = [bar for row in found.rows for bar in _moved(row, lang, on_index=found.on_index)]
    title = Text(f"Từ {found.before} đến {found.after}", f"From {found.before} to {found.after}")
    yield from _chart(title, (_UP, _DOWN, _STILL), bars, lang, is_close=True, percent=found.on_index)


def _moved(row: Moved, lang: Lang, *, on_index: bool) -> Iterator[Bar]:
    old, new = (card.index if on_index else card.points for card in (row.before, row.after))
    if old is NOT_STATED or new is NOT_STATED:
        return
    change = Amount(new - old, places=2 if on_index else None, percent=on_index, signed=True)
    cell = index_cell if on_index else points_cell
    told = f"{said(cell(old, lang), lang)} → {said(cell(new, lang), lang)} ({change.said(lang)})"
    series = 0 if new > old else 1 if new < old else 2
    yield Bar(row.unit, (Span(min(old, new), max(old, new), series),), told)
