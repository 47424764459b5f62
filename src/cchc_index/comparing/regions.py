"""Regions of figures: between which ends each measure lies, and which options are chosen.

A region is what one path through a rule assumes. Measures are narrowed one at a time, exactly, by interval arithmetic
over what figures can be at all (a count is whole and not negative, a part does not exceed its whole); whether figures
exist that satisfy a whole region is for `witnesses`.
"""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property, reduce
from math import ceil, floor, gcd

from attrs import field, frozen

from cchc_index.measures import NO, YES, Fact, FactType, Interval, Linear, Measure, Ratio
from cchc_index.points import Exact
from cchc_index.solving.intervals import meet


class Sign(Enum):
    """The denominators that are no denominators."""

    ZERO = 0
    NEGATIVE = -1


Span = Interval | Sign
Sums = dict[str, Exact]
"""Coefficients by figure; the constant stands under the empty name."""

EVERYTHING = Interval()


@frozen
class Region:
    """What is assumed so far: where each measure that was looked at lies, and what may still be chosen."""

    spans: Mapping[Measure, Span] = field(factory=dict)
    options: Mapping[str, frozenset[str]] = field(factory=dict)

    def where(self, measure: Measure, span: Span) -> "Region":
        return Region({**self.spans, measure: span}, self.options)

    def choosing(self, fact: str, options: frozenset[str]) -> "Region":
        return Region(self.spans, {**self.options, fact: options})


def key_of(measure: Measure) -> Measure:
    """The measure without what the source gives for a zero denominator, which is no part of where it lies."""
    return measure if isinstance(measure, Linear) else Ratio(measure.top, measure.bottom)


@frozen
class Space:
    """What the figures can be. Figures that the ruleset fixes are put in as numbers beforehand."""

    facts: Mapping[str, Fact]

    def type_of(self, name: str) -> FactType:
        """The type of a figure; one option of a survey is a count."""
        fact = self.facts[name.partition(".")[0]]
        return FactType.COUNT if fact.type is FactType.SURVEY else fact.type

    def is_whole(self, name: str) -> bool:
        return self.type_of(name) in (FactType.COUNT, FactType.DATE)

    def is_free(self, name: str) -> bool:
        """Whether a figure may be below zero."""
        kind = self.type_of(name)
        known = kind in (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT)
        return not known or self.facts[name.partition(".")[0]].may_be_negative

    def whole_of(self, name: str) -> str | None:
        """The figure that this one is a part of."""
        fact = self.facts.get(name)
        return fact.part_of if fact and fact.part_of in self.facts else None

    def options_of(self, fact: str) -> tuple[str, ...]:
        """What can be chosen, the least telling first."""
        known = self.facts[fact]
        return (NO, YES) if known.type is FactType.YES_NO else tuple(name for name, _ in known.options)

    @staticmethod
    def sums(linear: Linear) -> Sums:
        """A linear sum by its figures, each once."""
        found: Sums = {"": linear.constant}
        for name, coefficient in linear.terms:
            found[name] = found.get(name, 0) + coefficient
        return {name: number for name, number in found.items() if number or not name}

    def options_in(self, region: Region, fact: str) -> frozenset[str]:
        return region.options.get(fact, frozenset(self.options_of(fact)))

    def spans_in(self, region: Region, measure: Measure) -> list[Span]:
        """Where a measure may lie in a region: an interval, and for a ratio a denominator of zero or below."""
        found = region.spans.get(measure)
        return [found] if found is not None else self._reach[measure]

    @cached_property
    def _reach(self) -> "_Reach":
        return _Reach(self)

    def narrowed(self, measure: Measure, one: Interval, other: Interval) -> Interval | None:
        """The values of a measure that lie in both intervals; None when there are none."""
        found = meet(one, other)
        if found is None or isinstance(measure, Ratio):
            return found
        step = self._step[measure]
        return found if step is None else _on_steps(found, measure.constant, step)

    @cached_property
    def _step(self) -> "_Step":
        return _Step(self)

    def step_of(self, linear: Linear) -> Fraction | None:
        """The step on which the values of a sum of whole figures lie; None when they lie anywhere."""
        sums = [(name, number) for name, number in self.sums(linear).items() if name]
        if not sums or not all(self.is_whole(name) for name, _ in sums):
            return None
        return reduce(_common, (number for _, number in sums), Fraction(0))

    def reach(self, measure: Measure) -> list[Span]:
        """Every span that a measure can have at all."""
        if isinstance(measure, Linear):
            ends = self._ends(self.sums(measure), {"": 1})
            step = self._step[measure]
            return [_on_steps(ends, measure.constant, step) or ends if step else ends]
        top, bottom = self.sums(measure.top), self.sums(measure.bottom)
        below = self._ends(bottom, {"": 1})
        found: list[Span] = [self._ends(top, bottom)] if below.high is None or below.high > 0 else []
        found += [Sign.ZERO] if Fraction(0) in below else []
        return found + ([Sign.NEGATIVE] if below.low is None or below.low < 0 else [])

    def _ends(self, top: Sums, bottom: Sums) -> Interval:
        """The least and the most of `top / bottom` over all figures, as far as each figure alone tells."""
        names = {*top, *bottom}
        freed = {whole: name for name in sorted(names - {""}) if (whole := self.whole_of(name)) and whole in names}
        freed = {whole: name for whole, name in freed.items() if self.whole_of(whole) not in names}
        pairs = [(self._slack(top, name, freed), self._slack(bottom, name, freed), name) for name in names]
        free = [(t, b) for t, b, name in pairs if name and self.is_free(name)]
        if any(t or b for t, b in free) or any(b < 0 for _, b, _ in pairs):
            return EVERYTHING
        shares = [Fraction(t) / b for t, b, _ in pairs if b]
        low = None if any(t < 0 and not b for t, b, _ in pairs) else min(shares, default=None)
        high = None if any(t > 0 and not b for t, b, _ in pairs) else max(shares, default=None)
        return Interval(low, high, low is not None, high is not None)

    def _slack(self, sums: Sums, name: str, freed: Mapping[str, str]) -> Exact:
        """The coefficient of a figure once its whole is written as the figure and what is left over."""
        own = sums.get(name, 0)
        whole = self.whole_of(name) if name else None
        return own + sums.get(whole, 0) if whole and freed.get(whole) == name else own


class _Reach(dict[Measure, list[Span]]):
    """What each measure can be, worked out once."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        self.space = space

    def __missing__(self, measure: Measure) -> list[Span]:
        found = self[measure] = self.space.reach(measure)
        return found


class _Step(dict[Linear, Fraction | None]):
    """The step of each sum, worked out once."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        self.space = space

    def __missing__(self, linear: Linear) -> Fraction | None:
        found = self[linear] = self.space.step_of(linear)
        return found


def _common(one: Exact, other: Exact) -> Fraction:
    """The greatest number of which both are multiples."""
    top = gcd(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(top, one.denominator * other.denominator)


def _on_steps(interval: Interval, offset: Exact, step: Fraction) -> Interval | None:
    """From the first to the last number `offset + n × step` inside an interval; None when there is none."""
    low, high = interval.low, interval.high
    if low is not None and not (interval.low_closed and _is_on_step(low, offset, step)):
        low = offset + step * (floor((low - offset) / step) + 1)
    if high is not None and not (interval.high_closed and _is_on_step(high, offset, step)):
        high = offset + step * (ceil((high - offset) / step) - 1)
    if low is not None and high is not None and low > high:
        return None
    return Interval(low, high, low is not None, high is not None)


def _is_on_step(number: Fraction, offset: Exact, step: Fraction) -> bool:
    moved = number - offset if offset else number
    return (moved.numerator * step.denominator) % (moved.denominator * step.numerator) == 0


def is_point(span: Span) -> bool:
    """Whether an interval is one number."""
    return isinstance(span, Interval) and span.low is not None and span.low == span.high
