"""Figures that satisfy a region, the smallest first; or the proof that there are none.

A region is a system of linear inequalities over the figures (a ratio between two ends, its denominator above zero, is
two of them). Figures are eliminated one by one (Fourier and Motzkin), so that each, given those before it, has exactly
one interval to be chosen from; whole figures are then tried from zero outwards.

>>> from cchc_index.measures import Fact, Interval, ratio
>>> space = Space({"a": Fact("a", "a", part_of="b"), "b": Fact("b", "b")})
>>> region = Region({ratio("a", "b"): Interval(Fraction("0.85"), Fraction("0.9"))})
>>> next(Solver(space).solutions(region, ["a", "b"]))
{'b': 7, 'a': 6}
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from math import ceil, floor, gcd, lcm

from attrs import frozen

from cchc_index.comparing.regions import Region, Sign, Space, Span
from cchc_index.measures import FactType, Interval, Linear, Measure, Ratio
from cchc_index.points import Exact

MOST_ROWS = 300
MOST_TRIES = 2000
MOST_EACH = 24
MOST_BRANCHES = 3
PARTS = (1, 2, 4, 10, 100, 1000, 10000)
"""Into how many parts the unit is cut, one after the other, to find a number people would write."""


@frozen
class Row:
    """`Σ coefficient × figure` is above zero, or at least zero. The constant stands under the empty name."""

    sums: Mapping[str, int]
    is_strict: bool


class Unsolved(Exception):
    """The search was given up: nothing is known."""


def row_of(sums: Mapping[str, Fraction], *, is_strict: bool) -> Row:
    """A row in the smallest whole coefficients."""
    scale = lcm(*(number.denominator for number in sums.values()), 1)
    return _reduced({name: int(number * scale) for name, number in sums.items()}, is_strict=is_strict)


def _reduced(sums: Mapping[str, int], *, is_strict: bool) -> Row:
    common = gcd(*sums.values()) or 1
    return Row({name: number // common for name, number in sorted(sums.items()) if number}, is_strict)


def rows_of(measure: Measure, span: Span, space: Space) -> Iterator[Row]:
    """What a measure's lying in a span says of its figures."""
    if isinstance(measure, Linear):
        top, bottom = space.sums(measure), {"": Fraction(1)}
    else:
        top, bottom = space.sums(measure.top), space.sums(measure.bottom)
    negative = {name: -number for name, number in bottom.items()}
    if isinstance(span, Sign):
        signs = [(negative, True)] if span is Sign.NEGATIVE else [(bottom, False), (negative, False)]
        yield from (row_of(sums, is_strict=strict) for sums, strict in signs)
        return
    if isinstance(measure, Ratio):
        yield row_of(bottom, is_strict=True)
    if span.low is not None:
        yield row_of(_combined(top, 1, bottom, -span.low), is_strict=not span.low_closed)
    if span.high is not None:
        yield row_of(_combined(bottom, span.high, top, -1), is_strict=not span.high_closed)


def _combined(
    one: Mapping[str, Fraction], times: Exact, other: Mapping[str, Fraction], more: Exact
) -> dict[str, Fraction]:
    zero = Fraction(0)
    return {name: one.get(name, zero) * times + other.get(name, zero) * more for name in {**one, **other}}


Given = dict[str, Exact]


@frozen
class Solver:
    """Finds figures of a space. Dates are looked for from the day `base` outwards, other figures from zero."""

    space: Space
    base: int = 0

    def solutions(self, region: Region, names: Sequence[str]) -> Iterator[Given]:
        """Figures of a region, the smallest first, then others beside them. `names` are those wanted.

        Nothing comes only when there are none. Raises Unsolved when the search is given up.
        """
        rows = [row for measure, span in region.spans.items() for row in rows_of(measure, span, self.space)]
        wanted = sorted({name for row in rows for name in row.sums if name} | set(names))
        rows += [row for name in wanted for row in self._of_figure(name, wanted)]
        leads = set(_leads(region)) | {self.space.whole_of(name) or "" for name in wanted}
        groups = [
            self._group(sorted(group, key=lambda n: (not self.space.is_whole(n), n not in leads, n)), rows)
            for group in _groups(wanted, rows)
        ]
        heads = [next(group, None) for group in groups]
        found = [head for head in heads if head is not None]
        if len(found) < len(heads):
            return
        first = {name: value for head in found for name, value in head.items()}
        yield first
        for group in groups:
            yield from ({**first, **other} for other in islice(group, MOST_EACH))

    def _of_figure(self, name: str, wanted: Sequence[str]) -> Iterator[Row]:
        if not self.space.is_free(name):
            yield Row({name: 1}, is_strict=False)
        if self.space.type_of(name) is FactType.DATE:
            yield Row({"": -datetime.date.min.toordinal(), name: 1}, is_strict=False)
            yield Row({"": datetime.date.max.toordinal(), name: -1}, is_strict=False)
        whole = self.space.whole_of(name)
        if whole in wanted and whole is not None:
            yield Row({name: -1, whole: 1}, is_strict=False)

    def _group(self, order: Sequence[str], rows: Sequence[Row]) -> Iterator[Given]:
        """Solutions for figures that hang together, chosen in this order. Raises Unsolved."""
        systems = [[row for row in rows if any(name in row.sums for name in order)]]
        for name in reversed(order[1:]):
            systems.insert(0, _eliminated(name, systems[0]))
        if any(_is_broken(row) for row in _eliminated(order[0], systems[0])):
            return
        tries, is_empty = [0], True
        for found in self._assigned(order, systems, {}, tries):
            is_empty = False
            yield found
        if is_empty and (tries[0] > MOST_TRIES or not all(map(self.space.is_whole, order))):
            raise Unsolved

    def _assigned(
        self, order: Sequence[str], systems: Sequence[Sequence[Row]], sofar: Given, tries: list[int]
    ) -> Iterator[Given]:
        if len(sofar) == len(order):
            yield sofar
            return
        name = order[len(sofar)]
        interval, fruitful = _interval(name, systems[len(sofar)], sofar), 0
        for value in self._values(name, interval):
            tries[0] += 1
            if tries[0] > MOST_TRIES or (sofar and fruitful == MOST_BRANCHES):
                return
            is_fruitful = False
            for found in self._assigned(order, systems, {**sofar, name: value}, tries):
                is_fruitful = True
                yield found
            fruitful += is_fruitful

    def _values(self, name: str, interval: Interval) -> Iterator[Exact]:
        if self.space.is_whole(name):
            return whole_numbers(interval, self.base if self.space.type_of(name) is FactType.DATE else 0)
        return decimals(interval, 100 if self.space.type_of(name) is FactType.PERCENT else 1)


def _leads(region: Region) -> Iterator[str]:
    """The figures of denominators: chosen first, so that they come out smallest."""
    for measure in region.spans:
        if isinstance(measure, Ratio):
            yield from (name for name, _ in measure.bottom.terms)


def _groups(names: Sequence[str], rows: Sequence[Row]) -> list[list[str]]:
    """The figures in groups that no row joins."""
    groups = [{name} for name in names]
    for row in rows:
        met = [group for group in groups if group & set(row.sums)]
        groups = [group for group in groups if group not in met] + ([set().union(*met)] if met else [])
    return sorted(sorted(group) for group in groups)


def _is_broken(row: Row) -> bool:
    """Whether a row without figures says what is not so."""
    number = row.sums.get("", 0)
    return not set(row.sums) - {""} and (number <= 0 if row.is_strict else number < 0)


def _eliminated(name: str, rows: Sequence[Row]) -> list[Row]:
    """What rows say of the other figures, once some value of `name` satisfies them. Raises Unsolved."""
    lower = [row for row in rows if row.sums.get(name, 0) > 0]
    upper = [row for row in rows if row.sums.get(name, 0) < 0]
    kept = {(tuple(row.sums.items()), row.is_strict): row for row in rows if name not in row.sums}
    for one in lower:
        for other in upper:
            row = _joined(name, one, other)
            kept[tuple(row.sums.items()), row.is_strict] = row
    if len(kept) > MOST_ROWS:
        raise Unsolved
    return list(kept.values())


def _joined(name: str, lower: Row, upper: Row) -> Row:
    up, down = lower.sums[name], -upper.sums[name]
    names = {**lower.sums, **upper.sums}
    sums = {other: lower.sums.get(other, 0) * down + upper.sums.get(other, 0) * up for other in names}
    return _reduced(sums, is_strict=lower.is_strict or upper.is_strict)


def _interval(name: str, rows: Sequence[Row], given: Given) -> Interval:
    """Where a figure may lie, given those before it: somewhere, since the others were eliminated exactly."""
    low: Fraction | None = None
    high: Fraction | None = None
    low_closed = high_closed = True
    for row in rows:
        times = row.sums.get(name)
        if times:
            end, closed = _end(name, row, times, given), not row.is_strict
            if times > 0 and (low is None or end >= low):
                low, low_closed = end, closed and (low_closed or end != low)
            elif times < 0 and (high is None or end <= high):
                high, high_closed = end, closed and (high_closed or end != high)
    return Interval(low, high, low_closed and low is not None, high_closed and high is not None)


def _end(name: str, row: Row, times: int, given: Given) -> Fraction:
    """The end that a row sets to one figure."""
    rest: Exact = 0
    for other, number in row.sums.items():
        if other != name:
            rest += number * given[other] if other else number
    return Fraction(-rest, times)


def whole_numbers(interval: Interval, base: int = 0) -> Iterator[int]:
    """The whole numbers of an interval, from `base` outwards.

    >>> list(whole_numbers(Interval(Fraction(-1), Fraction(5, 2))))
    [0, 1, 2]
    """
    low = None if interval.low is None else floor(interval.low) + 1
    low = ceil(interval.low) if interval.low is not None and interval.low_closed else low
    high = None if interval.high is None else ceil(interval.high) - 1
    high = floor(interval.high) if interval.high is not None and interval.high_closed else high
    start = base if low is None else max(base, low)
    start = start if high is None else min(start, high)
    away = 0
    while True:
        up, down = start + away, start - away
        is_up, is_down = high is None or up <= high, low is None or down >= low
        if not (is_up or is_down) or (low is not None and start < low):
            return
        yield from ([up] if is_up else []) + ([down] if is_down and away else [])
        away += 1


def decimals(interval: Interval, scale: int = 1) -> Iterator[Fraction]:
    """A few numbers of an interval, those with the fewest decimals (of a percent, when `scale` is 100) first.

    >>> list(decimals(Interval(Fraction("0.85"), Fraction("0.95")), 100))[:2]
    [Fraction(43, 50), Fraction(87, 100)]
    """
    seen: dict[Fraction, None] = {}
    for parts in PARTS:
        times = scale * parts
        stretched = _stretched(interval, times)
        for number in islice(whole_numbers(stretched), 3):
            if Fraction(number, times) not in seen:
                seen[Fraction(number, times)] = None
                yield Fraction(number, times)
    if not seen and interval.low is not None and interval.high is not None:
        yield (interval.low + interval.high) / 2


def _stretched(interval: Interval, times: int) -> Interval:
    low, high = interval.low, interval.high
    ends = (None if low is None else low * times, None if high is None else high * times)
    return Interval(*ends, interval.low_closed, interval.high_closed)
