"""The six rules as formulas: one `match`, giving a state and points over D, in helper cells; all six in one place."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, prod

from attrs import define, frozen

from cchc_index.measures import Measure, cells_of
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import (
    FALSE,
    MOST,
    ZERO,
    Expr,
    TooLarge,
    added,
    every,
    largest,
    num,
    opposite,
    smallest,
    some,
    when,
)
from cchc_index.office.formulas.looks import TRUTH, UNKNOWN, Looked, View, cell_of
from cchc_index.office.formulas.values import Divider, Part, Value, kept_if, one_of, packed, total_of
from cchc_index.rules import ZERO as ZERO_POINTS
from cchc_index.rules import Average, Awarded, Choose, Piece, Piecewise, Rounding, Rule, Sum, Switch, Table
from cchc_index.scoring.bounds import greatest_of, least_of
from cchc_index.sources import NOT_STATED

WIDEST_RATIO = 1_000
"""A share beyond this is left to `cchc`, where nothing else bounds it."""


@frozen
class Scored:
    """What a rule comes to: its state, and points that count where the state is 0."""

    state: Expr
    value: Value


@frozen
class Rows:
    """The records of a list: one view for each row, whether the row is filled in, and the state of the row."""

    views: tuple[View, ...]
    used: tuple[Expr, ...]


@define
class Speaker:
    """Writes the formulas of rules for the figures of one view."""

    view: View
    divider: Divider
    records: Mapping[str, Rows]

    @property
    def common(self) -> int:
        return self.divider.common

    def cell(self, expr: Expr, label: str = "") -> Expr:
        return self.view.scratch.cell(expr, label)

    def scaled(self, points: Fraction) -> int:
        return int(points * self.common)

    def fixed(self, points: Fraction) -> Value:
        return Value(num(self.scaled(points)))

    def rule(self, rule: Rule) -> Scored:
        """State and points of a rule. Raises TooLarge."""
        match rule:
            case Piecewise():
                return self._piecewise(rule)
            case Table():
                return self._table(rule)
            case Sum():
                return self._sum(rule)
            case Switch():
                return self._switch(rule)
            case Average():
                return self._average(rule)
        return self._awarded(rule)

    # -- piecewise ---------------------------------------------------------------------------------------------------

    def _piecewise(self, rule: Piecewise) -> Scored:
        looked = self.view.look(rule.measure)
        pieces = list(rule.pieces)
        cells = cells_of((piece.interval, piece) for piece in pieces)
        place = cell_of(cells, pieces, looked.top, looked.bottom, self.view.scratch)
        values, beyond = [Value()], [FALSE]
        for number, piece in enumerate(pieces):
            low, high, guards = self._ends(piece, rule.measure, looked)
            is_it = every(looked.state.equals(0), place.equals(number + 1), opposite(some(*guards)))
            values.append(self._piece(piece, looked, is_it, (low, high)))
            beyond.append(every(place.equals(number + 1), some(*guards)))
        outside = when(some(*beyond), states.BEYOND, 0)
        state = when(looked.state.equals(0), when(place.equals(0), states.NO_BAND, outside), looked.state)
        state = self.cell(state)
        value = one_of(self.cell(when(state.equals(0), place, 0)), values, self.view.scratch)
        return Scored(state, value)

    def _ends(self, piece: Piece, measure: Measure, looked: Looked) -> tuple[Fraction, Fraction, tuple[Expr, ...]]:
        """Between what the measure lies on a piece, and tests for lying outside where only a bound of ours says so."""
        facts, widest = self.view.facts, (Fraction(-WIDEST_RATIO), Fraction(WIDEST_RATIO))
        if looked.bottom.is_fixed:
            widest = Fraction(looked.top.low, looked.bottom.number), Fraction(looked.top.high, looked.bottom.number)
        lows = [end for end in (piece.interval.low, least_of(measure, facts)) if end is not None]
        highs = [end for end in (piece.interval.high, greatest_of(measure, facts)) if end is not None]
        ends = Fraction(max([*lows, widest[0]])), Fraction(min([*highs, widest[1]]))
        if not piece.slope or looked.bottom.is_fixed or ends[0] > ends[1]:
            return ends[0], max(ends), ()
        share = looked.top.over(looked.bottom)
        guards = [] if lows else [share < -WIDEST_RATIO]
        guards += [] if highs else [share >= WIDEST_RATIO]
        return *ends, tuple(guards)

    def _piece(self, piece: Piece, looked: Looked, is_it: Expr, ends: tuple[Fraction, Fraction]) -> Value:
        """Base and slope on one piece; the fraction is written so that it is never below zero there."""
        base, slope = self.scaled(piece.base), self.scaled(piece.slope)
        least, most = sorted((slope * ends[0], slope * ends[1]))
        low, high = floor(least), ceil(most)
        if not slope:
            return Value(num(base))
        if looked.bottom.is_fixed and slope % looked.bottom.number == 0:
            return Value((looked.top * (slope // looked.bottom.number) + base).within(base + low, base + high))
        if abs(slope) * max(-looked.top.low, looked.top.high) > MOST:
            return Value(num(base)) + self._in_steps(slope, looked, is_it, ends)
        top = self.cell(looked.top * slope - looked.bottom * low)
        return Value(num(base + low), (Part(top, looked.bottom, 0, high - low),))

    def _in_steps(self, slope: int, looked: Looked, is_it: Expr, ends: tuple[Fraction, Fraction]) -> Value:
        """slope · top / bottom divided out factor by factor, where the product is too large for a cell."""
        bottom, low, high = looked.bottom, min(ends[0], ZERO_POINTS), max(ends[1], ZERO_POINTS)
        rest, whole, times = self.cell(when(is_it, looked.top, 0)), ZERO, 1
        for factor in (1, *packed(abs(slope), MOST // bottom.high)):
            times *= factor
            multiplied = rest * factor
            digit = self.cell(multiplied.over(bottom).within(floor(low) - 1, factor if whole is not ZERO else MOST))
            text = f"{multiplied}-{digit.factor}*{bottom.factor}"
            left = multiplied.number - digit.number * bottom.number
            rest = self.cell(Expr(text, left, 0, bottom.high - 1, is_atom=False))
            whole = self.cell((whole * factor + digit).within(floor(low * times), ceil(high * times)))
        value = Value(whole, (Part(rest, bottom, 0, 1),))
        return value if slope > 0 else -value

    # -- table, sum --------------------------------------------------------------------------------------------------

    def _table(self, rule: Table) -> Scored:
        figure, points = self.view.figure(rule.fact), {option.name: option.points for option in rule.options}
        known = [name in points for name in figure.names]
        lacking = when(
            some(*(figure.value.equals(n + 1) for n, has in enumerate(known) if not has)), states.NO_OPTION, 0
        )
        values = [Value(), *(self.fixed(points[name]) if name in points else Value() for name in figure.names)]
        state = self.cell(when(figure.state.equals(0), lacking, figure.state))
        return Scored(state, one_of(figure.value, values, self.view.scratch))

    def _sum(self, rule: Sum) -> Scored:
        terms = [self.rule(term.rule) for term in rule.terms]
        state = self.cell(largest(ZERO, *(term.state for term in terms)))
        value = self.fixed(rule.base) + total_of(term.value for term in terms)
        value = Value(self.cell(value.whole), value.parts)
        return Scored(state, self._clamped(value, rule.floor, rule.cap))

    def _clamped(self, value: Value, least: Fraction | None, cap: Fraction | None) -> Value:
        """Cut off at the cap, then lifted to the floor."""
        if cap is not None:
            value = self._cut(value, self.scaled(cap))
        if least is not None:
            value = -self._cut(-value, -self.scaled(least))
        return value

    def _cut(self, value: Value, cap: int) -> Value:
        """The whole first: what lies so far above the cap that no fraction brings it back is over it all the same."""
        if value.high <= cap:
            return value
        if not value.parts:
            return Value(self.cell(smallest(value.whole, num(cap))))
        below = sum(part.low for part in value.parts)
        value = Value(self.cell(smallest(value.whole, num(cap - below + 1))), value.parts)
        is_over = self.cell(when(self.divider.is_at_least(value, num(cap * self.divider.unit)), 1, 0))
        return kept_if(is_over.equals(0), value, num(cap), self.view.scratch)

    # -- switch ------------------------------------------------------------------------------------------------------

    def _switch(self, rule: Switch) -> Scored:
        tests = [self.view.test(case.when) for case in rule.cases]
        cases = [self.rule(case.rule) for case in rule.cases]
        if rule.choose is Choose.BEST:
            return self._best([test.state for test in tests], [test.truth for test in tests], cases)
        number = ZERO
        for place in reversed(range(len(cases))):
            number = self.cell(when(tests[place].truth.equals(TRUTH), place + 1, number))
        value = one_of(number, [Value(), *(case.value for case in cases)], self.view.scratch)
        if rule.choose is Choose.ONLY:
            return Scored(self._state_of_only([t.state for t in tests], [t.truth for t in tests], number, cases), value)
        state: Expr = num(states.NO_LEVEL)
        for test, case in reversed(list(zip(tests, cases, strict=True))):
            open_one = when(test.truth.equals(UNKNOWN), states.ZERO_BOTTOM, state)
            held = when(test.truth.equals(TRUTH), case.state, open_one)
            state = self.cell(when(test.state.equals(0), held, test.state))
        return Scored(state, value)

    def _state_of_only(
        self, conditions: Sequence[Expr], truths: Sequence[Expr], number: Expr, cases: Sequence[Scored]
    ) -> Expr:
        absent = self.cell(largest(ZERO, *conditions))
        unknown = some(*(truth.equals(UNKNOWN) for truth in truths))
        count = self.cell(added([when(truth.equals(TRUTH), 1, 0) for truth in truths]))
        own = one_of(number, [Value(num(states.NO_LEVEL)), *(Value(case.state) for case in cases)], self.view.scratch)
        several = when(count > 1, states.SEVERAL, own.whole)
        return self.cell(when(absent.equals(0), when(unknown, states.ZERO_BOTTOM, several), absent))

    def _best(self, conditions: Sequence[Expr], truths: Sequence[Expr], cases: Sequence[Scored]) -> Scored:
        """The best case that holds; one that hangs on a zero denominator counts against it only when it is better."""
        may_hold = [self.cell(when(truth > 0, case.state, 0)) for truth, case in zip(truths, cases, strict=True)]
        absent = self.cell(largest(ZERO, *conditions, *may_hold))
        best, truth, value = ZERO, ZERO, Value()
        for place, (one, case) in enumerate(zip(truths, cases, strict=True)):
            better = some(
                best.equals(0),
                opposite(self._reaches(value, case.value)),
                every(one.equals(TRUTH), self._reaches(case.value, value)),
            )
            taken = self.cell(when(every(one > 0, better), 1, 0))
            best = self.cell(when(taken.equals(1), place + 1, best))
            truth = self.cell(when(taken.equals(1), one, truth))
            value = one_of(taken, [value, case.value], self.view.scratch)
        found = when(best.equals(0), states.NO_LEVEL, when(truth.equals(UNKNOWN), states.ZERO_BOTTOM, 0))
        return Scored(self.cell(when(absent.equals(0), found, absent)), value)

    def _reaches(self, one: Value, other: Value) -> Expr:
        """Whether one value is at least the other."""
        if not (one.parts or other.parts):
            return one.whole >= other.whole
        return self.divider.is_at_least(one + -other, ZERO)

    # -- average, awarded --------------------------------------------------------------------------------------------

    def _average(self, rule: Average) -> Scored:
        """The mean over the filled rows of a list. Raises TooLarge where each row has a denominator of its own."""
        if rule.records not in self.records:
            raise TooLarge
        rows = self.records[rule.records]
        scored = [Speaker(view, self.divider, {}).rule(rule.rule) for view in rows.views]
        if any(not part.d.is_fixed for one in scored for part in one.value.parts):
            raise TooLarge
        bottoms = [part.d.number for part in scored[0].value.parts]
        scale = prod(bottoms)
        tops, worst = list[Expr](), list[Expr]()
        for view, used, one in zip(rows.views, rows.used, scored, strict=True):
            top = added([one.value.whole * scale, *(p.n * (scale // p.d.number) for p in one.value.parts)])
            tops.append(view.scratch.cell(when(every(used.equals(1), one.state.equals(0)), top, 0)))
            worst.append(view.scratch.cell(when(used.equals(1), one.state, 0)))
        count = self.cell(down(rows.used, "SUM"), rule.records)
        state = self.cell(when(count.equals(0), states.MISSING, down(worst, "MAX")))
        bottom = self.cell(when(count.equals(0), 1, count).within(1, len(rows.views)) * scale)
        low, high = min(0, *(one.value.low for one in scored)), max(0, *(one.value.high for one in scored))
        value = Value(ZERO, (Part(self.cell(down(tops, "SUM")), bottom, low, high),))
        return Scored(state, value if rule.rounding is None else self.rounded(value, rule.rounding))

    def rounded(self, value: Value, rounding: Rounding) -> Value:
        """Points rounded by the rounding a decision orders."""
        steps = self.divider.rounded(value, rounding.step)
        return Value(self.cell(steps * self.scaled(rounding.step)))

    def _awarded(self, rule: Awarded) -> Scored:
        figure = self.view.figure(rule.fact)
        given, scale = figure.value, figure.scale
        state = figure.state
        if rule.step is not NOT_STATED:
            p, q = rule.step.numerator * scale, rule.step.denominator
            off = given * q - (given * q).over(p) * p
            state = when(state.equals(0), when(off.equals(0), 0, states.OFF_STEP), state)
        for limit, code, sign in ((rule.high, states.ABOVE, 1), (rule.low, states.BELOW, -1)):
            if limit is not None:
                passes = given * (sign * limit.denominator) > sign * limit.numerator * scale
                state = when(figure.state.equals(0), when(passes, code, state), figure.state)
        state = self.cell(state)
        top = self.cell(when(state.equals(0), given, 0))
        low = Fraction(top.low, scale) if rule.low is None else rule.low
        high = Fraction(top.high, scale) if rule.high is None else rule.high
        least, most = min(0, floor(low * self.common)), max(0, ceil(high * self.common))
        part = Part(self.cell(top * self.common), num(scale), least, most)
        if rule.step is NOT_STATED:
            return Scored(state, Value(ZERO, (part,)))
        return Scored(state, Value(self.cell(part.n.over(part.d).within(least, most))))


def down(cells: Sequence[Expr], name: str) -> Expr:
    """SUM or MAX over the cells of one column, one for each row of a list; a constant is that many times itself."""
    first, last = cells[0], cells[-1]
    numbers = [cell.number for cell in cells]
    if first.is_fixed:
        return num(first.number * (len(cells) if name == "SUM" else 1))
    text = f"{name}({first}:{last.text.rpartition('!')[2]})"
    if name == "MAX":
        return Expr(text, max(numbers), first.low, first.high)
    low, high = added([num(0), *(num(cell.low) for cell in cells)]), added([num(cell.high) for cell in cells])
    return Expr(text, sum(numbers), low.low, high.high)
