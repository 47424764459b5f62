"""The text of Python functions of the figures: statements, figures, measures and conditions, in integer arithmetic.

Every comparison is cross-multiplied, so that `a/b ≥ 90%` reads `10 * a >= 9 * b`. The names of figures and options
stand only as quoted literals. What is out of the ordinary returns None.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

from attrs import define, field

from cchc_index.criteria import Ruleset
from cchc_index.measures import (
    AllOf,
    Cells,
    Chosen,
    Condition,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.scoring.bounds import is_never_below_zero
from cchc_index.sources import NOT_STATED

T = TypeVar("T")
Body = Callable[[], None]
Test = tuple[str, str]
"""Whether something surely holds and whether it may: expressions in brackets, the same where nothing is unknown."""


@define
class Writer:
    """Writes a function, line by line."""

    rules: Ruleset
    lines: list[str] = field(factory=list)
    depth: int = 0
    count: int = 0
    known: dict[str, str] = field(factory=dict)
    """The expressions that stand in a variable here, so that each is worked out once."""
    record: frozenset[str] = frozenset()
    """The names of a record, inside the loop over records."""

    def write(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def block(self, head: str, body: Body) -> None:
        self.write(head)
        known, before = dict(self.known), len(self.lines)
        self.depth += 1
        body()
        if len(self.lines) == before:
            self.write("pass")
        self.depth -= 1
        self.known = known

    def chain(self, branches: Sequence[tuple[str, Body]]) -> None:
        """The first branch whose test holds; one without a test is all the rest."""
        for number, (test, body) in enumerate(branches):
            if test:
                self.block(f"{'elif' if number else 'if'} {test}:", body)
            elif number:
                self.block("else:", body)
            else:
                body()

    def stop(self) -> None:
        self.write("return None")

    def stop_if(self, test: str) -> None:
        self.block(f"if {test}:", self.stop)

    def fresh(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def named(self, expression: str) -> str:
        """The variable that holds an expression of figures."""
        if expression not in self.known:
            name = self.fresh("x")
            self.write(f"{name} = {expression}")
            self.known[expression] = name
        return self.known[expression]

    def figure(self, name: str) -> str:
        return self.named(f"{'r' if name in self.record else 'f'}[{name!r}]")

    def measure(self, measure: Measure) -> tuple[str, str]:
        """The measure as numerator and denominator, both integers, the denominator above zero."""
        if isinstance(measure, Linear):
            return self.linear(measure)
        n, below = self.ratio(measure)
        if measure.at_zero is NOT_STATED:
            return n, self.positive(below)
        zero_n, zero_d = measure.at_zero.as_integer_ratio()
        return self.named(f"{n} if {below} else {zero_n}"), self.named(f"{below} if {below} else {zero_d}")

    def ratio(self, ratio: Ratio) -> tuple[str, str]:
        """Numerator and denominator, which may be zero and not below."""
        (a, b), (c, d) = self.linear(ratio.top), self.linear(ratio.bottom)
        n, below = (a, c) if (b, d) == ("1", "1") else (self.named(f"{a} * {d}"), self.named(f"{b} * {c}"))
        if self.record or not is_never_below_zero(ratio.bottom, self.rules.facts_by_name):
            self.stop_if(f"{below} < 0")
        return n, below

    def positive(self, below: str) -> str:
        """A denominator, once it is known to be above zero."""
        if f"{below} > 0" not in self.known:
            self.stop_if(f"not {below}")
            self.known[f"{below} > 0"] = "True"
        return below

    def linear(self, linear: Linear) -> tuple[str, str]:
        scale = lcm(linear.constant.denominator, *(c.denominator for _, c in linear.terms))
        terms = [times(self.figure(name), int(coefficient * scale)) for name, coefficient in linear.terms]
        constant = [str(int(linear.constant * scale))] if linear.constant else []
        text = " + ".join([*filter(None, terms), *constant]) or "0"
        value = text if text.isidentifier() else self.named(text)
        if all(self.is_integer(name) for name, _ in linear.terms):
            return value, str(scale)
        below = self.named(f"{value}.denominator")
        return self.named(f"{value}.numerator"), below if scale == 1 else self.named(f"{below} * {scale}")

    def is_whole(self, measure: Measure) -> bool:
        """Whether the value is always an integer."""
        if isinstance(measure, Ratio):
            return False
        numbers = [measure.constant, *(coefficient for _, coefficient in measure.terms)]
        return all(n.denominator == 1 for n in numbers) and all(self.is_integer(name) for name, _ in measure.terms)

    def is_integer(self, name: str) -> bool:
        base = name.partition(".")[0]
        fields = {f.name: f for fact in self.rules.facts_by_name.values() for f in fact.fields}
        fact = fields[base] if base in self.record else self.rules.facts_by_name[base]
        return fact.type in (FactType.COUNT, FactType.DATE, FactType.SURVEY)

    def condition(self, condition: Condition) -> Test:
        """Whether a condition surely holds and whether it may, with every figure that it names looked at before."""
        match condition:
            case Within(measure, interval):
                return self.within(measure, interval)
            case Chosen(fact, options):
                chosen = self.figure(fact)
                test = f"({chosen} == {options[0]!r})" if len(options) == 1 else f"({chosen} in {options!r})"
                return test, test
            case AllOf(parts):
                return self.several(parts, " and ", "True")
        return self.several(condition.parts, " or ", "False")

    def within(self, measure: Measure, interval: Interval) -> Test:
        """Over a zero denominator of which the source says nothing, a test may hold and does not surely do so."""
        if isinstance(measure, Linear) or measure.at_zero is not NOT_STATED:
            test = f"({test_of_interval(interval, *self.measure(measure)) or True})"
            return test, test
        n, below = self.ratio(measure)
        test = test_of_interval(interval, n, below) or "True"
        return f"({below} > 0 and {test})", f"({below} == 0 or {test})"

    def several(self, parts: tuple[Condition, ...], word: str, empty: str) -> Test:
        """No condition says not: what holds surely does so by what surely holds."""
        tests = [self.condition(part) for part in parts]
        surely, perhaps = ([test[side] for test in tests] or [empty] for side in (0, 1))
        return f"({word.join(surely)})", f"({word.join(perhaps)})"


def tests_of_cells(cells: Cells[T], n: str, d: str) -> list[tuple[str, T | None]]:
    """Tests one after the other and what holds under each; neighbouring cells of one range take one test."""
    found: list[tuple[str, T | None]] = []
    for cut_n, cut_d, here, above in cells.cuts:
        for sign, held in ((">", above), (">=", here)):
            if found and found[-1][1] is held:
                found.pop()
            found.append((_compared(n, d, sign, Fraction(cut_n, cut_d)), held))
    if found and found[-1][1] is cells.beneath:
        found.pop()
    return [*found, ("", cells.beneath)]


def test_of_interval(interval: Interval, n: str, d: str) -> str:
    """Whether `n / d` lies in an interval, cross-multiplied; empty when everything does."""
    low, high = interval.low, interval.high
    if low is not None and low == high and interval.low_closed and interval.high_closed:
        return _compared(n, d, "==", low)
    tests = [] if low is None else [_compared(n, d, ">=" if interval.low_closed else ">", low)]
    tests += [] if high is None else [_compared(n, d, "<=" if interval.high_closed else "<", high)]
    return " and ".join(tests)


def _compared(n: str, d: str, sign: str, end: Fraction) -> str:
    """`n / d` against an end, cross-multiplied."""
    return f"{times(n, end.denominator)} {sign} {times(d, end.numerator) or '0'}"


def times(value: str, number: int) -> str:
    """A product as text; empty where it is zero."""
    if value == "1":
        return str(number) if number else ""
    return "" if number == 0 else value if number == 1 else f"{number} * {value}"
