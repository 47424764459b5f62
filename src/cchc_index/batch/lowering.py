"""Measures, conditions and the six rules as whole-number expressions over columns: one more interpreter of the algebra.

A rule becomes a `Number` over D. What the exact engine alone can answer (no band, no level, a zero denominator of which
the source says nothing, points that no one may award) becomes a test: where it holds, the row is `odd`, and the exact
engine scores it. A guard keeps tests of branches that a row does not take from making it odd.

Points by bands are sums of steps: a value that has passed a cut has passed every lower one, so that
`points = points beneath + Σ [value ≥ cut] × (points there - points just below)` needs no choice between branches.
Longer than most modules: one interpreter of measures, conditions and rules that share their guards.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import combinations, pairwise
from math import gcd, lcm
from typing import TypeVar

from attrs import define, field, frozen

from cchc_index.batch.expressions import Int, Number, Test, constant_of
from cchc_index.batch.making import Maker
from cchc_index.criteria import Ruleset
from cchc_index.measures import (
    YES,
    AllOf,
    Cells,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    are_apart,
    cells_of,
    figure,
    names_of_condition,
)
from cchc_index.points import Exact
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    own_names,
    parts_of,
)
from cchc_index.scoring.bounds import is_never_below_zero
from cchc_index.scoring.generate import OutOfFastPath, in_order
from cchc_index.sources import NOT_STATED

T = TypeVar("T")
Pair = tuple[Int, Int]
"""A numerator and a denominator."""
Both = tuple[Test, Test]
"""Whether a condition surely holds, and whether it may: it may where it hangs on a zero denominator."""
_COUNTED = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.SURVEY)
_NUMBERS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.DATE, FactType.POINTS)
DAY_ZERO = datetime.date(2010, 1, 1).toordinal()
"""Columns of dates count days from here, so that they are narrow; the figures themselves count from the year 1."""
COUNT, SUM, ODD = "#", "+", "!"
"""The last sign of a column made from records: how many, the points of one rule added up, whether one is odd."""


def columns_of(fact: Fact) -> list[str]:
    """The columns of one figure: each option of a survey has its own."""
    return [f"{fact.name}.{option}" for option, _ in fact.options] if fact.type is FactType.SURVEY else [fact.name]


def names_in(rule: Rule) -> Iterator[str]:
    """Every figure that a rule and the rules inside it look at."""
    yield from own_names(rule)
    for part in parts_of(rule):
        yield from names_in(part)


@frozen
class RecordPlan:
    """What is worked out for each record of one list: its points over D, which are added up, and whether it is odd."""

    records: str
    name: str
    points: Int
    odd: Test
    needed: tuple[str, ...]
    """The columns of a record that the rule looks at."""


@frozen
class Check:
    """A test of the figures themselves, with the figures that it looks at."""

    names: tuple[str, ...]
    test: Test


@define(kw_only=True)
class Lowering:
    """Makes the expressions of one ruleset; `scales` are the denominators in which columns are written."""

    rules: Ruleset
    common: int
    """D."""
    scales: Mapping[str, int]
    make: Maker = field(factory=Maker)
    guards: tuple[Test, ...] = ()
    odd: list[Test] = field(factory=list)
    records: list[RecordPlan] = field(factory=list)
    looks: dict[str, list[Test]] = field(factory=dict)
    """Under which guards each figure of the unit is looked at."""
    fields: Mapping[str, Fact] = field(factory=dict)
    """The figures of one record, where the rule inside an average is read."""
    record: str = ""

    def over_d(self, points: Exact) -> int:
        return int(points * self.common)

    def stop(self, test: Test) -> None:
        """Where the test holds, on the branches that lead here, only the exact engine answers."""
        self.odd.append(self.make.all(*self.guards, test))

    def look(self, names: Iterable[str]) -> None:
        """These figures are looked at on the branches that lead here."""
        for name in names:
            if name not in self.fields:
                self.looks.setdefault(name, []).append(self.make.all(*self.guards))

    @contextmanager
    def under(self, test: Test) -> Iterator[None]:
        before, self.guards = self.guards, (*self.guards, test)
        yield
        self.guards = before

    # -- figures and measures -----------------------------------------------------------------------------------

    def fact(self, name: str) -> Fact:
        return self.fields[name] if name in self.fields else self.rules.facts_by_name[name.partition(".")[0]]

    def column_name(self, name: str) -> str:
        return f"{self.record}/{name}" if name in self.fields else name

    def scale(self, name: str) -> int:
        return self.scales.get(self.column_name(name), 1)

    def linear(self, linear: Linear) -> tuple[Int, int]:
        """A sum of figures as a whole number over a constant denominator."""
        over = [(name, Fraction(coefficient) / self.scale(name)) for name, coefficient in linear.terms]
        scale = lcm(linear.constant.denominator, *(coefficient.denominator for _, coefficient in over))
        terms = [(int(c * scale), self.make.column(self.column_name(name))) for name, c in over]
        days = sum(c for name, c in over if self.fact(name).type is FactType.DATE) * DAY_ZERO
        return self.make.weighted(terms, int((linear.constant + days) * scale)), scale

    def ratio(self, ratio: Ratio) -> Pair:
        """Numerator and denominator; where that is below zero, the row is odd."""
        (top, top_scale), (bottom, bottom_scale) = self.linear(ratio.top), self.linear(ratio.bottom)
        common = gcd(top_scale, bottom_scale)
        top, bottom = self.make.scaled(bottom_scale // common, top), self.make.scaled(top_scale // common, bottom)
        if self.record or not is_never_below_zero(ratio.bottom, self.rules.facts_by_name):
            self.stop(self.make.compare(bottom, "<", self.make.constant(0)))
        return top, bottom

    def measure(self, measure: Measure) -> Pair:
        """Numerator and denominator, above zero wherever the row is not odd."""
        if isinstance(measure, Linear):
            top, scale = self.linear(measure)
            return top, self.make.constant(scale)
        make, (top, bottom) = self.make, self.ratio(measure)
        is_zero = make.compare(bottom, "==", make.constant(0))
        if measure.at_zero is NOT_STATED:
            self.stop(is_zero)
            return top, bottom
        zero, stated = make.truth(is_zero), measure.at_zero
        kept = make.product(make.weighted([(-1, zero)], 1), top)
        return make.weighted([(1, kept), (stated.numerator, zero)]), make.weighted(
            [(1, bottom), (stated.denominator, zero)]
        )

    def checks(self, facts: Iterable[Fact]) -> Iterator[Check]:
        """What no unit may hand in, of every figure that it may declare: a negative count, a part above its whole."""
        make, known = self.make, list(facts)
        for fact in known:
            if fact.type in _COUNTED and not fact.may_be_negative:
                for name in columns_of(fact):
                    yield Check((name,), make.compare(make.column(self.column_name(name)), "<", make.constant(0)))
            is_part = any(fact.part_of == other.name and other.type in _NUMBERS for other in known)
            if is_part and fact.part_of and fact.type in _NUMBERS and fact.given is None:
                (part, over), (whole, under) = (self.linear(figure(one)) for one in (fact.name, fact.part_of))
                above = make.compare(make.scaled(under, part), ">", make.scaled(over, whole))
                yield Check((fact.name, fact.part_of), above)

    # -- conditions ---------------------------------------------------------------------------------------------

    def condition(self, condition: Condition) -> Both:
        self.look(names_of_condition(condition))
        match condition:
            case Within(measure, interval):
                return self.within(measure, interval)
            case Chosen(fact, options):
                test = self.make.any(*(self.is_option(fact, option) for option in dict.fromkeys(options)))
                return test, test
            case AllOf(parts):
                return self.several(parts, self.make.all)
        return self.several(condition.parts, self.make.any)

    def several(self, parts: Sequence[Condition], joined: Callable[..., Test]) -> Both:
        tests = [self.condition(part) for part in parts]
        return joined(*(surely for surely, _ in tests)), joined(*(perhaps for _, perhaps in tests))

    def within(self, measure: Measure, interval: Interval) -> Both:
        if isinstance(measure, Linear) or measure.at_zero is not NOT_STATED:
            test = self.in_interval(interval, *self.measure(measure))
            return test, test
        make, (top, bottom) = self.make, self.ratio(measure)
        test, zero = self.in_interval(interval, top, bottom), make.constant(0)
        surely = make.all(make.compare(bottom, ">", zero), test)
        return surely, make.any(surely, make.compare(bottom, "==", zero))

    def in_interval(self, interval: Interval, top: Int, bottom: Int) -> Test:
        tests: list[Test] = []
        if interval.low is not None:
            tests.append(self.against(top, bottom, ">=" if interval.low_closed else ">", interval.low))
        if interval.high is not None:
            tests.append(self.against(top, bottom, "<=" if interval.high_closed else "<", interval.high))
        if interval.low is not None and interval.low == interval.high and interval.low_closed and interval.high_closed:
            return self.against(top, bottom, "==", interval.low)
        return self.make.all(*tests)

    def against(self, top: Int, bottom: Int, sign: str, end: Fraction) -> Test:
        """`top / bottom` against an end, cross-multiplied."""
        return self.make.compare(self.make.scaled(end.denominator, top), sign, self.make.scaled(end.numerator, bottom))

    def is_option(self, name: str, option: str) -> Test:
        """Whether this option was chosen; options are numbered in the order in which the ruleset declares them."""
        make, fact = self.make, self.fact(name)
        if fact.type is FactType.YES_NO:
            said = make.flag(self.column_name(name))
            return said if option == YES else make.negated(said)
        names = [known for known, _ in fact.options]
        if option not in names:
            return make.never
        return make.compare(make.column(self.column_name(name)), "==", make.constant(names.index(option)))

    # -- the six rules ------------------------------------------------------------------------------------------

    def rule(self, rule: Rule) -> Number:
        self.look(own_names(rule))
        match rule:
            case Piecewise():
                return self.piecewise(rule)
            case Table():
                return self.table(rule)
            case Sum():
                return self.sum(rule)
            case Switch():
                return self.switch(rule)
            case Average():
                return self.average(rule)
        return self.awarded(rule)

    def piecewise(self, rule: Piecewise) -> Number:
        top, bottom = self.measure(rule.measure)
        cells = cells_of((piece.interval, piece) for piece in rule.pieces)
        passed = self.passed(cells, lambda sign, end: self.against(top, bottom, sign, end))
        self.stop_in_gaps(passed)
        bases = [(test, self.over_d(piece.base) if piece else 0) for test, piece in passed]
        if not any(piece.slope for piece in rule.pieces):
            return self.make.number(self.steps(bases))
        over = constant_of(bottom) or 1
        slope = self.steps([(test, self.over_d(piece.slope / over) if piece else 0) for test, piece in passed])
        sloped = self.share(self.make.product(slope, top), self.make.constant(1) if constant_of(bottom) else bottom)
        return self.make.number(self.make.sum(self.steps(bases), sloped.whole), sloped.shares)

    def share(self, top: Int, bottom: Int) -> Number:
        """`top / bottom`, over D; the row is odd where `bottom` is not above zero."""
        return self.make.share(top, self.make.positive(bottom))

    def passed(self, cells: Cells[T], against: Callable[[str, Fraction], Test]) -> list[tuple[Test, T | None]]:
        """What holds once each test has been passed, the lowest first; a value that passes one passes those before."""
        found: list[tuple[Test, T | None]] = [(self.make.always, cells.beneath)]
        for n, d, here, above in reversed(cells.cuts):
            end = Fraction(n, d)
            for sign, held in ((">=", here), (">", above)):
                if held is not found[-1][1]:
                    found.append((against(sign, end), held))
        return found

    def steps(self, values: Sequence[tuple[Test, int]]) -> Int:
        """The value after the last test passed, as a sum of steps."""
        rises = [(now - before, self.make.truth(test)) for (_, before), (test, now) in pairwise(values)]
        return self.make.weighted(rises, values[0][1])

    def stop_in_gaps(self, passed: Sequence[tuple[Test, object]]) -> None:
        ends = [test for test, _ in passed[1:]] + [self.make.never]
        for (test, held), end in zip(passed, ends, strict=True):
            if held is None:
                self.stop(self.make.all(test, self.make.negated(end)))

    def table(self, rule: Table) -> Number:
        points, fact = {option.name: option.points for option in rule.options}, self.fact(rule.fact)
        names = ["co", "khong"] if fact.type is FactType.YES_NO else [name for name, _ in fact.options]
        for name in names:
            if name not in points:
                self.stop(self.is_option(rule.fact, name))
        worth = [(self.over_d(points.get(name, Fraction(0))), self.is_option(rule.fact, name)) for name in names]
        least = min((value for value, _ in worth), default=0)
        rises = [(value - least, self.make.truth(test)) for value, test in worth]
        return self.make.number(self.make.weighted(rises, least))

    def sum(self, rule: Sum) -> Number:
        make = self.make
        parts = [make.flattened(self.rule(term.rule)) for term in rule.terms]
        whole = make.sum(make.constant(self.over_d(rule.base)), *(part.whole for part in parts))
        added = make.number(whole, (share for part in parts for share in part.shares))
        return self.clamped(added, rule.floor, rule.cap)

    def clamped(self, number: Number, floor: Fraction | None, cap: Fraction | None) -> Number:
        """Cut off at the cap, then lifted to the floor."""
        for limit, sign in ((cap, ">"), (floor, "<")):
            if limit is not None:
                bound = self.make.constant(self.over_d(limit))
                test = self.make.passes(number, sign, bound)
                number = self.make.chosen([(test, self.make.number(bound)), (self.make.negated(test), number)])
        return number

    def switch(self, rule: Switch) -> Number:
        """A case that may hold and does not surely do so stops the search for the one that counts."""
        make = self.make
        try:
            cases = in_order(rule)
        except OutOfFastPath:
            self.stop(make.always)
            self.look(names_in(rule))
            return make.number(make.constant(0))
        tests = [self.condition(case.when) for case in cases]
        selected = self.only(cases, tests) if rule.choose is Choose.ONLY else self.first(tests)
        branches: list[tuple[Test, Number]] = []
        for case, test in zip(cases, selected, strict=True):
            with self.under(test):
                branches.append((test, self.rule(case.rule)))
        return make.chosen(branches)

    def only(self, cases: Sequence[Case], tests: Sequence[Both]) -> list[Test]:
        make, surely = self.make, [test for test, _ in tests]
        for sure, perhaps in tests:
            if perhaps is not sure:
                self.stop(make.all(perhaps, make.negated(sure)))
        if all(are_apart(one.when, other.when) for one, other in combinations(cases, 2)):
            self.stop(make.negated(make.any(*surely)))
        else:
            count = make.sum(*(make.truth(test) for test in surely))
            self.stop(make.compare(count, "!=", make.constant(1)))
        return surely

    def first(self, tests: Sequence[Both]) -> list[Test]:
        make, earlier, found = self.make, self.make.never, []
        for sure, perhaps in tests:
            before = make.negated(earlier)
            if perhaps is not sure:
                self.stop(make.all(before, perhaps, make.negated(sure)))
            found.append(make.all(sure, before))
            earlier = make.any(earlier, sure)
        self.stop(make.negated(earlier))
        return found

    def average(self, rule: Average) -> Number:
        """The points of every record are added up beside the plan; the mean is taken of columns that hold the sums."""
        make, name = self.make, f"{rule.records}/{len(self.records)}"
        fields = {fact.name: fact for fact in self.rules.facts_by_name[rule.records].fields}
        inner = Lowering(
            rules=self.rules, common=self.common, scales=self.scales, make=make, fields=fields, record=rule.records
        )
        points = make.flattened(inner.rule(rule.rule))
        if points.shares or inner.records:
            inner.stop(make.always)
        self.look(inner.looks)
        inner.odd += [check.test for check in inner.checks(fields.values())]
        needed = tuple(inner.column_name(one) for one in names_in(rule.rule) if one in fields)
        self.records.append(RecordPlan(rule.records, name, points.whole, make.any(*inner.odd), needed))
        count, total = make.column(f"{rule.records}/{COUNT}"), make.column(name + SUM)
        self.stop(make.any(make.compare(count, "==", make.constant(0)), make.flag(name + ODD)))
        return self.rounded(self.share(total, count), rule.rounding)

    def rounded(self, number: Number, rounding: Rounding | None) -> Number:
        if rounding is None:
            return number
        step = rounding.step
        bottom = self.make.constant(self.common * step.numerator)
        steps = self.make.rounded(number, step.denominator, bottom)
        return self.make.number(self.make.scaled(self.over_d(step), steps))

    def multiplied(self, number: Number, top: Int, bottom: Int) -> Number:
        """`number × top / bottom`, where `bottom` is above zero wherever the row is not odd."""
        make, flat = self.make, self.make.flattened(number)
        shares = [self.share(make.product(flat.whole, top), bottom)]
        shares += [self.share(make.product(one.top, top), make.product(one.bottom, bottom)) for one in flat.shares]
        return make.number(make.sum(*(one.whole for one in shares)), (part for one in shares for part in one.shares))

    def awarded(self, rule: Awarded) -> Number:
        make, scale = self.make, self.scale(rule.fact)
        given = make.column(self.column_name(rule.fact))
        bounds = Interval(rule.low, rule.high, low_closed=True, high_closed=True)
        self.stop(make.negated(self.in_interval(bounds, given, make.constant(scale))))
        if rule.step is not NOT_STATED:
            on_step = make.divides(make.scaled(rule.step.denominator, given), scale * rule.step.numerator)
            self.stop(make.negated(on_step))
        return make.number(make.scaled(self.common // scale, given))
