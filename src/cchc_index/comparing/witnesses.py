"""Figures that satisfy a region, the smallest first; or the proof that there are none.

A region is a system of linear inequalities over the figures (a ratio between two ends, its denominator above zero, is
two of them). `solving` decides it. Unlike a witness of lint, which is one and the smallest, these are several, one
beside the other, until one of them tells two versions apart; and they are numbers people would write: halves and
quarters before tenths, percents in whole percents, days from the start of the period.

>>> from fractions import Fraction
>>> from cchc_index.measures import Fact, Interval, ratio
>>> from fractions import Fraction
>>> space = Space({"a": Fact("a", "a", part_of="b"), "b": Fact("b", "b")})
>>> region = Region({ratio("a", "b"): Interval(Fraction("0.85"), Fraction("0.9"))})
>>> next(Solver(space).solutions(region, ["a", "b"]))
{'b': 7, 'a': 6}
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from attrs import frozen

from cchc_index.comparing.regions import Region, Sign, Space, Span, Sums
from cchc_index.measures import FactType, Interval, Linear, Measure, Ratio
from cchc_index.points import Exact
from cchc_index.solving.intervals import decimals, whole_numbers
from cchc_index.solving.rows import Row, Unknown, Values, row_of
from cchc_index.solving.search import chains, choices

MOST_EACH = 24
MOST_BRANCHES = 3


def rows_of(measure: Measure, span: Span, space: Space) -> Iterator[Row]:
    """What a measure's lying in a span says of its figures."""
    bottom: Sums = {"": 1} if isinstance(measure, Linear) else space.sums(measure.bottom)
    top = space.sums(measure if isinstance(measure, Linear) else measure.top)
    if isinstance(span, Sign):
        if span is Sign.ZERO:
            yield _row(bottom)
        yield _row(_combined(bottom, -1), is_strict=span is Sign.NEGATIVE)
        return
    if isinstance(measure, Ratio):
        yield _row(bottom, is_strict=True)
    if span.low is not None:
        n, d = span.low.as_integer_ratio()
        yield _row(_combined(top, d, bottom, -n), is_strict=not span.low_closed)
    if span.high is not None:
        n, d = span.high.as_integer_ratio()
        yield _row(_combined(bottom, n, top, -d), is_strict=not span.high_closed)


def _row(sums: Sums, *, is_strict: bool = False) -> Row:
    return row_of({name: number for name, number in sums.items() if name}, sums.get("", 0), is_strict=is_strict)


_NOTHING: Mapping[str, Exact] = {}


def _combined(one: Mapping[str, Exact], times: int, other: Mapping[str, Exact] = _NOTHING, more: int = 0) -> Sums:
    return {name: one.get(name, 0) * times + other.get(name, 0) * more for name in {**one, **other}}


@frozen
class Solver:
    """Finds figures of a space. Dates are looked for from the day `base` outwards, other figures from zero."""

    space: Space
    base: int = 0

    def solutions(self, region: Region, names: Sequence[str]) -> Iterator[Values]:
        """Figures of a region, the smallest first, then others beside them. `names` are those wanted.

        Nothing comes only when there are none. Raises Unproven when the search is given up.
        """
        rows = [row for measure, span in region.spans.items() for row in rows_of(measure, span, self.space)]
        wanted = sorted({name for row in rows for name, _ in row.terms} | set(names))
        rows += [row for name in wanted for row in self._of_figure(name, wanted)]
        leads = set(_leads(region)) | {self.space.whole_of(name) or "" for name in wanted}
        order = sorted(wanted, key=lambda name: (name not in leads, name))
        made = chains([Unknown(name, self.space.is_whole(name)) for name in order], rows)
        groups = [choices(one, self._candidates, MOST_BRANCHES) for one in made or ()]
        heads = [next(group, None) for group in groups]
        found = [head for head in heads if head is not None]
        if made is None or len(found) < len(heads):
            return
        first = {name: value for head in found for name, value in head.items()}
        yield first
        for group in groups:
            yield from ({**first, **other} for other in islice(group, MOST_EACH))

    def _of_figure(self, name: str, wanted: Sequence[str]) -> Iterator[Row]:
        if not self.space.is_free(name):
            yield row_of({name: 1})
        if self.space.type_of(name) is FactType.DATE:
            yield row_of({name: 1}, -datetime.date.min.toordinal())
            yield row_of({name: -1}, datetime.date.max.toordinal())
        whole = self.space.whole_of(name)
        if whole in wanted and whole is not None:
            yield row_of({whole: 1, name: -1})

    def _candidates(self, unknown: Unknown, interval: Interval) -> Iterable[Exact]:
        kind = self.space.type_of(unknown.name)
        if unknown.is_whole:
            return whole_numbers(interval, self.base if kind is FactType.DATE else 0)
        return decimals(interval, 100 if kind is FactType.PERCENT else 1)


def _leads(region: Region) -> Iterator[str]:
    """The figures of denominators: chosen first, so that they come out smallest."""
    for measure in region.spans:
        if isinstance(measure, Ratio):
            yield from (name for name, _ in measure.bottom.terms)
