"""Measures and conditions as formulas: cross-multiplied whole numbers, and truth with three values.

Truth is 0 for false, 2 for true, and 1 for a test on a ratio over a zero denominator of which the source says nothing:
"all of" is then MIN and "any of" is MAX. A condition also has a state, since every figure it names is looked at.
"""

from collections.abc import Mapping
from math import gcd, lcm
from typing import TypeVar

from attrs import frozen

from cchc_index.measures import (
    AllOf,
    AnyOf,
    Cells,
    Chosen,
    Condition,
    Fact,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import (
    TRUE,
    ZERO,
    Expr,
    TooLarge,
    added,
    every,
    largest,
    num,
    smallest,
    some,
    when,
)
from cchc_index.office.formulas.inputs import Figure
from cchc_index.office.formulas.scratch import Scratch
from cchc_index.sources import NOT_STATED

T = TypeVar("T")
FALSEHOOD, UNKNOWN, TRUTH = 0, 1, 2


@frozen
class Looked:
    """A measure: its state, and numerator over denominator, the latter above zero whatever the state."""

    state: Expr
    top: Expr
    bottom: Expr


@frozen
class Tested:
    """A condition: its state, and its truth, which counts where the state is 0."""

    state: Expr
    truth: Expr

    @property
    def holds(self) -> Expr:
        return every(self.state.equals(0), self.truth.equals(TRUTH))


@frozen
class View:
    """The figures that formulas look at, and the helper cells they write: those of a unit, or of one record."""

    facts: Mapping[str, Fact]
    figures: Mapping[str, Figure]
    scratch: Scratch

    def figure(self, name: str) -> Figure:
        """The cells of a figure. Raises TooLarge for one that has none, such as an identifier."""
        if name not in self.figures:
            raise TooLarge
        return self.figures[name]

    def linear(self, linear: Linear) -> tuple[Expr, Expr, int]:
        """State, value and scale of a sum: the value counts in units of 1/scale."""
        known = [(self.figure(name), coefficient) for name, coefficient in linear.terms]
        scale = lcm(
            linear.constant.denominator, *(figure.scale * coefficient.denominator for figure, coefficient in known)
        )
        terms = [figure.value * int(coefficient * scale / figure.scale) for figure, coefficient in known]
        state = largest(ZERO, *(figure.state for figure, _ in known))
        return state, added([*terms, num(int(linear.constant * scale))]), scale

    def look(self, measure: Measure) -> Looked:
        """How a measure is come to."""
        if isinstance(measure, Linear):
            state, value, scale = self.linear(measure)
            return Looked(self.scratch.cell(state), self.scratch.cell(value), num(scale))
        return self._ratio(measure)

    def _ratio(self, ratio: Ratio) -> Looked:
        top_state, top, top_scale = self.linear(ratio.top)
        bottom_state, bottom, bottom_scale = self.linear(ratio.bottom)
        common = gcd(top_scale, bottom_scale)
        top = self.scratch.cell(top * (bottom_scale // common))
        below = self.scratch.cell(bottom * (top_scale // common))
        absent = largest(top_state, bottom_state)
        at_zero: Expr | int = states.ZERO_BOTTOM if ratio.at_zero is NOT_STATED else 0
        sign = when(below < 0, states.NEGATIVE, when(below.equals(0), at_zero, 0))
        state = self.scratch.cell(when(absent.equals(0), sign, absent))
        if ratio.at_zero is not NOT_STATED:
            n, d = ratio.at_zero.as_integer_ratio()
            top, below = when(below.equals(0), n, top), when(below.equals(0), d, below)
        bottom = when(every(state.equals(0), below > 0), below, 1).within(1, max(below.high, 1))
        return Looked(state, self.scratch.cell(top), self.scratch.cell(bottom))

    def test(self, condition: Condition) -> Tested:
        """Whether a condition holds."""
        match condition:
            case Within(measure, interval):
                return self._within(self.look(measure), interval)
            case Chosen(fact, options):
                figure = self.figure(fact)
                picked = some(*(figure.value.equals(n + 1) for n, name in enumerate(figure.names) if name in options))
                return Tested(figure.state, self.scratch.cell(when(picked, TRUTH, FALSEHOOD)))
            case AllOf(parts):
                tests = [self.test(part) for part in parts]
                truth = smallest(num(TRUTH), *(test.truth for test in tests))
            case AnyOf(parts):
                tests = [self.test(part) for part in parts]
                truth = largest(num(FALSEHOOD), *(test.truth for test in tests))
        state = largest(ZERO, *(test.state for test in tests))
        return Tested(self.scratch.cell(state), self.scratch.cell(truth))

    def _within(self, looked: Looked, interval: Interval) -> Tested:
        truth = when(lies_within(interval, looked.top, looked.bottom), TRUTH, FALSEHOOD)
        unknown = looked.state.equals(states.ZERO_BOTTOM)
        if looked.bottom.is_fixed:
            return Tested(looked.state, self.scratch.cell(truth))
        state = when(unknown, 0, looked.state)
        return Tested(self.scratch.cell(state), self.scratch.cell(when(unknown, UNKNOWN, truth)))


def lies_within(interval: Interval, n: Expr, d: Expr) -> Expr:
    """Whether `n / d` lies in an interval, cross-multiplied."""
    tests = [TRUE]
    if interval.low is not None:
        left, right = n * interval.low.denominator, d * interval.low.numerator
        tests.append(left >= right if interval.low_closed else left > right)
    if interval.high is not None:
        left, right = n * interval.high.denominator, d * interval.high.numerator
        tests.append(left <= right if interval.high_closed else left < right)
    return every(*tests)


def cell_of(cells: Cells[T], known: list[T], n: Expr, d: Expr, scratch: Scratch) -> Expr:
    """The number, from 1, of what holds at `n / d`; 0 in a gap. One comparison for each cut, the highest first."""
    numbers = {id(one): number + 1 for number, one in enumerate(known)}

    def number_of(one: T | None) -> Expr:
        return ZERO if one is None else num(numbers[id(one)])

    found = number_of(cells.beneath)
    for cut_n, cut_d, here, above in reversed(cells.cuts):
        left, right = n * cut_d, d * cut_n
        found = when(left >= right, number_of(here), found)
        found = scratch.cell(when(left > right, number_of(above), found)) if here is not above else found
    return scratch.cell(found)
