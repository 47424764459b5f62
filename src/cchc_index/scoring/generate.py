"""The six rules as Python text in integer arithmetic: what `compiled` runs.

Every constant of the ruleset is an integer over one common denominator D, and every comparison is cross-multiplied, so
that `90% ≤ a/b` reads `9*b <= 10*a`. What is out of the ordinary returns None. The names of figures and options stand
only as quoted literals. One long module on purpose: one class, a method for each thing that can be written.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

from attrs import field, frozen

from cchc_index.criteria import AdjustmentKind, Criterion, Points, Policy, Ruleset
from cchc_index.measures import (
    AllOf,
    Chosen,
    Condition,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    names_of_condition,
    tests_of,
)
from cchc_index.rules import (
    ZERO,
    Average,
    Awarded,
    Case,
    Choose,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    constant,
    parts_of,
)
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.plans import by_condition
from cchc_index.scoring.totals import added
from cchc_index.sources import NOT_STATED, NoteKind


class OutOfFastPath(Exception):
    """A ruleset for which only the exact engine answers."""


def generated(rules: Ruleset) -> tuple[str, list[Any]]:
    emitter = _Emitter(rules, common_denominator(rules))
    try:
        emitter.ruleset()
    except OutOfFastPath:
        return "def fast(f):\n    return None\n", []
    return "def fast(f):\n" + "".join(f"    {line}\n" for line in emitter.lines), emitter.constants


def conditions_beside(rules: Ruleset) -> list[Condition]:
    """The conditions of notes, grades and ranks."""
    conditions = [scale.when for scale in rules.scales]
    conditions += [rules.ranking.unranked_when] if rules.ranking else []
    conditions += [note.when for note in rules.notes]
    conditions += [note.when for criterion in rules.walk() for note in criterion.notes]
    return [condition for condition in conditions if condition]


def names_beside(rules: Ruleset) -> Iterator[str]:
    """The figures that only notes, grades and ranks look at: the exact engine misses them too."""
    for condition in conditions_beside(rules):
        yield from names_of_condition(condition)


def declared(criterion: Criterion) -> Points:
    """The maximum of a criterion as the card shows it: the sum of its parts where it is not stated."""
    if criterion.max_points is not NOT_STATED or not criterion.children:
        return criterion.max_points
    return added([declared(child) for child in criterion.children])


def common_denominator(rules: Ruleset) -> int:
    numbers: list[Fraction] = [rules.rounding.step] if rules.rounding else []
    for criterion in rules.walk():
        numbers += [criterion.rounding.step] if criterion.rounding else []
        numbers += [] if criterion.max_points is NOT_STATED else [criterion.max_points]
        numbers += [] if criterion.rule is NOT_STATED else _numbers(criterion.rule)
    return lcm(*(number.denominator for number in numbers))


def _numbers(rule: Rule) -> Iterator[Fraction]:
    match rule:
        case Piecewise(_, pieces):
            for piece in pieces:
                yield from (piece.base, piece.slope)
        case Table(_, options):
            yield from (option.points for option in options)
        case Sum(_, base, floor, cap):
            yield from (number for number in (base, floor, cap) if number is not None)
        case Average(_, _, rounding) if rounding:
            yield rounding.step
    for part in parts_of(rule):
        yield from _numbers(part)


@frozen
class _Value:
    """Points in the generated text: `top / (bottom × D)`, each an expression; `bottom` is "1" where it always is."""

    top: str
    bottom: str = "1"

    @property
    def static(self) -> bool:
        return self.bottom == "1"


_STOP = "return None"


@frozen
class _Emitter:
    """Writes the function, line by line. Every method that writes returns where its value stands."""

    rules: Ruleset
    common: int
    lines: list[str] = field(factory=list)
    constants: list[Any] = field(factory=list)
    depth: list[int] = field(factory=lambda: [0])
    count: list[int] = field(factory=lambda: [0])
    record: list[str] = field(factory=list)

    def write(self, line: str) -> None:
        self.lines.append("    " * self.depth[0] + line)

    def block(self, head: str, body: Callable[[], None]) -> None:
        self.write(head)
        self.depth[0] += 1
        body()
        self.depth[0] -= 1

    def fresh(self, letter: str) -> str:
        self.count[0] += 1
        return f"{letter}{self.count[0]}"

    def constant(self, value: object) -> str:
        self.constants.append(value)
        return f"C[{len(self.constants) - 1}]"

    def scaled(self, points: Fraction) -> int:
        return int(points * self.common)

    # -- the whole ----------------------------------------------------------------------------------------------

    def ruleset(self) -> None:
        """The whole function. What stands beside the rules must not be able to fail, since it is not looked at here."""
        if any(self.may_fail(condition) for condition in conditions_beside(self.rules)):
            raise OutOfFastPath
        self.write("gone = 0")
        parts = [value for criterion in self.rules.criteria for value in self.criterion(criterion)]
        for adjustment in self.rules.adjustments:
            value = self.adjusted(adjustment.criterion)
            minus = adjustment.kind is AdjustmentKind.PENALTY
            parts.append(_Value(f"-({value.top})", value.bottom) if minus else value)
        value = self.rounded(self.added(parts), self.rules.rounding)
        self.write(f"return {value.top}, {value.bottom} * {self.common}, gone")

    def may_fail(self, condition: Condition) -> bool:
        """Whether a condition has a ratio whose denominator could be below zero."""
        measures = [test.measure for test in tests_of(condition) if isinstance(test, Within)]
        return any(self.may_be_negative(measure.bottom) for measure in measures if isinstance(measure, Ratio))

    def may_be_negative(self, linear: Linear) -> bool:
        facts = (self.rules.facts_by_name[name.partition(".")[0]] for name, _ in linear.terms)
        signed = any(fact.may_be_negative or fact.type is FactType.POINTS for fact in facts)
        return signed or linear.constant < 0 or any(coefficient < 0 for _, coefficient in linear.terms)

    def adjusted(self, criterion: Criterion) -> _Value:
        """Bonus or penalty, cut off at its cap."""
        if any(exemption.when for exemption in criterion.exemptions):
            raise OutOfFastPath
        self.stop_in_holes(criterion)
        value = self.rounded(self.leaf(criterion), criterion.rounding)
        return self.capped(self.added([value]), None, _cap(criterion))

    def criterion(self, criterion: Criterion) -> list[_Value]:
        """The values that add up to a criterion: those of all its leaves, so that they are added once."""
        rules = by_condition(criterion)
        if not rules:
            return self.assessed(criterion)
        tests = [self.condition(exemption.when) for exemption in rules if exemption.when]
        top, bottom = self.fresh("e"), self.fresh("f")
        for number, (exemption, test) in enumerate(zip(rules, tests, strict=True)):
            head = f"{'elif' if number else 'if'} {test}:"
            self.block(head, partial(self.exempted, criterion, exemption.policy, top, bottom))
        self.block("else:", partial(self.assign_assessed, criterion, top, bottom))
        return [_Value(top, bottom)]

    def exempted(self, criterion: Criterion, policy: Policy, top: str, bottom: str) -> None:
        whole = criterion.max_points
        if whole is NOT_STATED or policy is Policy.RESCALED:
            self.write(_STOP)
            return
        points = whole if policy is Policy.FULL else ZERO
        removed = f"; gone += {self.scaled(whole)}" if policy is Policy.REMOVED else ""
        self.write(f"{top} = {self.scaled(points)}; {bottom} = 1{removed}")

    def assign_assessed(self, criterion: Criterion, top: str, bottom: str) -> None:
        value = self.added(self.assessed(criterion))
        self.write(f"{top} = {value.top}; {bottom} = {value.bottom}")

    def assessed(self, criterion: Criterion) -> list[_Value]:
        self.stop_in_holes(criterion)
        if criterion.children:
            return self.parent(criterion)
        value = self.rounded(self.leaf(criterion), criterion.rounding)
        self.stop_above(value, criterion)
        return [value]

    def stop_in_holes(self, criterion: Criterion) -> None:
        for note in criterion.notes:
            if note.when and note.kind is NoteKind.HOLE:
                self.block(f"if {self.condition(note.when)}:", partial(self.write, _STOP))

    def parent(self, criterion: Criterion) -> list[_Value]:
        """The sum of the parts: it cannot pass the maximum when their maxima do not."""
        maxima = added([child.max_points for child in criterion.children])
        whole = criterion.max_points
        provable = whole is NOT_STATED or (maxima is not NOT_STATED and maxima <= whole)
        if criterion.rounding or not provable:
            raise OutOfFastPath
        return [value for child in criterion.children for value in self.criterion(child)]

    def stop_above(self, value: _Value, criterion: Criterion) -> None:
        whole, rule = criterion.max_points, criterion.rule
        if whole is NOT_STATED or rule is NOT_STATED:
            return
        most = most_of(rule)
        if most is not None and rounded(most, criterion.rounding) <= whole:
            return
        limit = self.scaled(whole)
        self.block(f"if {value.top} > {_product(limit, value.bottom)}:", partial(self.write, _STOP))

    def leaf(self, criterion: Criterion) -> _Value:
        if criterion.rule is NOT_STATED or criterion.children:
            raise OutOfFastPath
        return self.rule(criterion.rule)

    # -- the six rules ------------------------------------------------------------------------------------------

    def rule(self, rule: Rule) -> _Value:
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

    def piecewise(self, rule: Piecewise) -> _Value:
        n, d = self.measure(rule.measure)
        static = not any(piece.slope for piece in rule.pieces)
        top, bottom = self.fresh("p"), "1" if static else self.fresh("q")
        for number, piece in enumerate(rule.pieces):
            test = _test(piece.interval, n, d) or "True"
            head = f"{'elif' if number else 'if'} {test}:"
            self.block(head, partial(self.piece, piece, n, d, top, "" if static else bottom))
        self.block("else:", partial(self.write, _STOP))
        return _Value(top, bottom)

    def piece(self, piece: Piece, n: str, d: str, top: str, bottom: str) -> None:
        base, slope = self.scaled(piece.base), self.scaled(piece.slope)
        if slope:
            start = f"{_product(base, d)} + " if base else ""
            self.write(f"{top} = {start}{slope} * {n}; {bottom} = {d}")
        elif bottom:
            self.write(f"{top} = {base}; {bottom} = 1")
        else:
            self.write(f"{top} = {base}")

    def table(self, rule: Table) -> _Value:
        points = self.constant({option.name: self.scaled(option.points) for option in rule.options})
        top = self.fresh("t")
        self.write(f"{top} = {points}.get({self.name(rule.fact)})")
        self.block(f"if {top} is None:", partial(self.write, _STOP))
        return _Value(top)

    def sum(self, rule: Sum) -> _Value:
        parts = [self.rule(term.rule) for term in rule.terms]
        base = [_Value(str(self.scaled(rule.base)))] if rule.base or not parts else []
        return self.capped(self.added([*base, *parts]), rule.floor, rule.cap)

    def added(self, parts: list[_Value]) -> _Value:
        static = [part.top for part in parts if part.static]
        top = self.fresh("s")
        self.write(f"{top} = {' + '.join(static) or '0'}")
        moving = [part for part in parts if not part.static]
        if not moving:
            return _Value(top)
        below = self.fresh("b")
        self.write(f"{below} = 1")
        for part in moving:
            self.add_moving(top, below, part)
        return _Value(top, below)

    def add_moving(self, top: str, below: str, part: _Value) -> None:
        """Add a part that may have a denominator of its own; most often it has none, and the numbers stay small."""
        self.block(f"if {part.bottom} == 1:", partial(self.write, f"{top} += ({part.top}) * {below}"))
        together = f"{top} = {top} * {part.bottom} + ({part.top}) * {below}; {below} *= {part.bottom}"
        self.block("else:", partial(self.write, together))

    def capped(self, value: _Value, floor: Fraction | None, cap: Fraction | None) -> _Value:
        for limit, sign in ((floor, "<"), (cap, ">")):
            if limit is not None:
                self.clamp(value, self.scaled(limit), sign)
        return value

    def clamp(self, value: _Value, limit: int, sign: str) -> None:
        if value.static:
            self.block(f"if {value.top} {sign} {limit}:", partial(self.write, f"{value.top} = {limit}"))
        else:
            self.block(
                f"if {value.top} {sign} {limit} * {value.bottom}:",
                partial(self.write, f"{value.top} = {limit}; {value.bottom} = 1"),
            )

    def switch(self, rule: Switch) -> _Value:
        cases = _in_order(rule)
        tests = [self.condition(case.when) for case in cases]
        if rule.choose is Choose.ONLY:
            self.block(f"if {' + '.join(f'({test})' for test in tests)} != 1:", partial(self.write, _STOP))
        static = all(_is_static(case.rule) for case in cases)
        top, bottom = self.fresh("w"), "1" if static else self.fresh("v")
        for number, (case, test) in enumerate(zip(cases, tests, strict=True)):
            head = f"{'elif' if number else 'if'} {test}:"
            self.block(head, partial(self.assign, case.rule, top, "" if static else bottom))
        self.block("else:", partial(self.write, _STOP))
        return _Value(top, bottom)

    def assign(self, rule: Rule, top: str, bottom: str) -> None:
        value = self.rule(rule)
        self.write(f"{top} = {value.top}" + (f"; {bottom} = {value.bottom}" if bottom else ""))

    def average(self, rule: Average) -> _Value:
        if self.record:
            raise OutOfFastPath
        top, bottom, count = self.fresh("a"), self.fresh("m"), self.fresh("k")
        self.write(f"{count} = len(f[{rule.records!r}]); {top} = 0; {bottom} = 1")
        self.block(f"if not {count}:", partial(self.write, _STOP))
        self.record.extend(fact.name for fact in self.rules.facts_by_name[rule.records].fields)
        self.block(f"for r in f[{rule.records!r}]:", partial(self.one_record, rule.rule, top, bottom))
        self.record.clear()
        self.write(f"{bottom} *= {count}")
        return self.rounded(_Value(top, bottom), rule.rounding)

    def one_record(self, rule: Rule, top: str, bottom: str) -> None:
        value = self.rule(rule)
        if value.static:
            self.write(f"{top} += {_product(value.top, bottom)}")
        else:
            self.add_moving(top, bottom, value)

    def awarded(self, rule: Awarded) -> _Value:
        given = self.fresh("g")
        self.write(f"{given} = {self.name(rule.fact)}")
        for limit, sign in ((rule.low, "<"), (rule.high, ">")):
            if limit is not None:
                test = f"{given}.numerator * {limit.denominator} {sign} {limit.numerator} * {given}.denominator"
                self.block(f"if {test}:", partial(self.write, _STOP))
        if isinstance(rule.step, Fraction):
            test = f"{given}.numerator * {rule.step.denominator} % ({given}.denominator * {rule.step.numerator})"
            self.block(f"if {test}:", partial(self.write, _STOP))
        return _Value(f"{given}.numerator * {self.common}", f"{given}.denominator")

    # -- roundings, measures, conditions ------------------------------------------------------------------------

    def rounded(self, value: _Value, rounding: Rounding | None) -> _Value:
        """Half up, a tie away from zero, as `round_half_up`."""
        if rounding is None:
            return value
        step, top, bottom, result = rounding.step, self.fresh("n"), self.fresh("d"), self.fresh("r")
        units = self.common * step.numerator
        self.write(f"{top} = ({value.top}) * {step.denominator}; {bottom} = {value.bottom} * {units}")
        self.write(f"{result} = (2 * abs({top}) + {bottom}) // (2 * {bottom}) * {self.scaled(step)}")
        self.write(f"{result} = {result} if {top} >= 0 else -{result}")
        return _Value(result)

    def name(self, name: str) -> str:
        return f"{'r' if name in self.record else 'f'}[{name!r}]"

    def measure(self, measure: Measure) -> tuple[str, str]:
        """The measure as numerator and denominator, both integers, the denominator above zero."""
        if isinstance(measure, Linear):
            return self.linear(measure)
        (a, b), (c, d) = self.linear(measure.top), self.linear(measure.bottom)
        if (b, d) == ("1", "1"):
            n, below = a, c
        else:
            n, below = self.fresh("n"), self.fresh("d")
            self.write(f"{n} = {a} * {d}; {below} = {b} * {c}")
        self.block(f"if {below} <= 0:", partial(self.write, _STOP))
        return n, below

    def linear(self, linear: Linear) -> tuple[str, str]:
        scale = lcm(linear.constant.denominator, *(c.denominator for _, c in linear.terms))
        terms = [self.term(name, int(coefficient * scale)) for name, coefficient in linear.terms]
        if linear.constant or not terms:
            terms.append(str(int(linear.constant * scale)))
        value = self.fresh("x")
        self.write(f"{value} = {' + '.join(terms)}")
        if all(self.is_integer(name) for name, _ in linear.terms):
            return value, str(scale)
        return f"{value}.numerator", f"({value}.denominator * {scale})" if scale != 1 else f"{value}.denominator"

    def term(self, name: str, coefficient: int) -> str:
        return self.name(name) if coefficient == 1 else f"{coefficient} * {self.name(name)}"

    def is_integer(self, name: str) -> bool:
        base = name.partition(".")[0]
        fields = {f.name: f for fact in self.rules.facts_by_name.values() for f in fact.fields}
        fact = fields[base] if base in self.record else self.rules.facts_by_name[base]
        return fact.type in (FactType.COUNT, FactType.DATE, FactType.SURVEY)

    def condition(self, condition: Condition) -> str:
        match condition:
            case Within(measure, interval):
                return _test(interval, *self.measure(measure)) or "True"
            case Chosen(fact, options):
                holds = self.fresh("c")
                self.write(f"{holds} = {self.name(fact)} in {options!r}")
                return holds
            case AllOf(parts):
                return self.several(parts, " and ", "True")
        return self.several(condition.parts, " or ", "False")

    def several(self, parts: tuple[Condition, ...], word: str, empty: str) -> str:
        tests = [self.condition(part) for part in parts]
        return "(" + (word.join(tests) or empty) + ")"


def _test(interval: Interval, n: str, d: str) -> str:
    """Whether `n / d` lies in an interval, cross-multiplied; empty when everything does."""
    tests = []
    if interval.low is not None:
        tests.append(
            f"{_product(interval.low.numerator, d)} {'<=' if interval.low_closed else '<'} {_times(n, interval.low)}"
        )
    if interval.high is not None:
        tests.append(
            f"{_times(n, interval.high)} {'<=' if interval.high_closed else '<'} {_product(interval.high.numerator, d)}"
        )
    return " and ".join(tests)


def _product(number: object, factor: str) -> str:
    return str(number) if factor == "1" else f"{number} * {factor}"


def _times(n: str, end: Fraction) -> str:
    return n if end.denominator == 1 else f"{n} * {end.denominator}"


def _in_order(rule: Switch) -> list[Case]:
    """The cases so that the first that holds is the one that counts."""
    if rule.choose is not Choose.BEST:
        return list(rule.cases)
    points = [_constant_of(case.rule) for case in rule.cases]
    known = [(point, case) for point, case in zip(points, rule.cases, strict=True) if point is not None]
    if len(known) < len(rule.cases):
        raise OutOfFastPath
    return [case for _, case in sorted(known, key=lambda pair: pair[0], reverse=True)]


def _constant_of(rule: Rule) -> Fraction | None:
    """The points of a rule that always gives the same."""
    return rule.base if isinstance(rule, Sum) and rule == constant(rule.base) else None


def _is_static(rule: Rule) -> bool:
    """Whether the points are always a multiple of 1/D."""
    match rule:
        case Piecewise(_, pieces):
            return not any(piece.slope for piece in pieces)
        case Average(_, _, rounding):
            return rounding is not None
        case Awarded():
            return False
    return all(_is_static(part) for part in parts_of(rule))


def _cap(criterion: Criterion) -> Fraction | None:
    return None if criterion.max_points is NOT_STATED else criterion.max_points
