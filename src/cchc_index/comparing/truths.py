"""Where conditions hold: the regions in which they do, in which they do not, and in which nobody can tell."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from cchc_index.comparing.regions import Region, Sign, Space, key_of
from cchc_index.measures import AllOf, Chosen, Condition, Interval, Measure, Ratio, Within, tests_of
from cchc_index.solving.intervals import sides
from cchc_index.sources import NOT_STATED

Truth = bool | Sign | None
"""Whether a condition holds; None where it hangs on a zero denominator, `NEGATIVE` where one is below zero."""
Held = tuple[Region, Truth]


@frozen
class Truths:
    """The regions that conditions tell apart, in one space."""

    space: Space

    def truth(self, condition: Condition, region: Region) -> Iterator[Held]:
        """Where a condition holds, where it does not, and where nobody can tell."""
        match condition:
            case Within(measure, interval):
                yield from self._within(measure, interval, region)
            case Chosen(fact, options):
                known = self.space.options_in(region, fact)
                for part, truth in ((known & set(options), True), (known - set(options), False)):
                    if part:
                        yield region.choosing(fact, frozenset(part)), truth
            case _:
                decisive = not isinstance(condition, AllOf)
                yield from self._several(condition.parts, region, not decisive, decisive=decisive)

    def _within(self, measure: Measure, interval: Interval, region: Region) -> Iterator[Held]:
        key = key_of(measure)
        for span in self.space.spans_in(region, key):
            if isinstance(span, Sign):
                stated = at_zero(measure, span)
                unknown = None if span is Sign.ZERO else span
                yield region.where(key, span), unknown if stated is None else stated in interval
                continue
            for inside in self.inside(key, [span], [interval]):
                yield region.where(key, inside), True
            for part in self.inside(key, [span], list(sides(interval))):
                yield region.where(key, part), False

    def _several(self, parts: Sequence[Condition], region: Region, sofar: Truth, *, decisive: bool) -> Iterator[Held]:
        """All of, or any of: one decisive part settles it, unless a denominator further on is below zero."""
        if not parts or (sofar is decisive and not self.is_fragile(parts)):
            yield region, sofar
            return
        for where, truth in self.truth(parts[0], region):
            if truth is Sign.NEGATIVE:
                yield where, truth
                continue
            told = decisive if decisive in (sofar, truth) else None if None in (sofar, truth) else not decisive
            yield from self._several(parts[1:], where, told, decisive=decisive)

    def truths(self, conditions: Sequence[Condition], region: Region) -> Iterator[tuple[Region, list[Truth]]]:
        """Where each of several conditions holds."""
        if not conditions:
            yield region, []
            return
        for where, first in self.truth(conditions[0], region):
            for inner, rest in self.truths(conditions[1:], where):
                yield inner, [first, *rest]

    def is_fragile(self, conditions: Iterable[Condition]) -> bool:
        """Whether a denominator in a condition may be below zero."""
        tests = (test for condition in conditions for test in tests_of(condition))
        keys = (key_of(test.measure) for test in tests if isinstance(test, Within))
        return any(Sign.NEGATIVE in self.space.spans_in(Region(), key) for key in keys)

    def inside(self, key: Measure, some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
        """The values of a measure that lie in one of the first intervals and in one of the others."""
        found = [self.space.narrowed(key, one, other) for one in some for other in others]
        return [part for part in found if part is not None]


def at_zero(measure: Measure, span: Sign) -> Fraction | None:
    """The value that the source gives for a zero denominator."""
    stated = measure.at_zero if isinstance(measure, Ratio) else NOT_STATED
    return None if stated is NOT_STATED or span is Sign.NEGATIVE else stated
