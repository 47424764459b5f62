"""The six rules as Python text in integer arithmetic: what `compiled` runs.

Every constant of the ruleset is an integer over one common denominator D. What is out of the ordinary returns None.

Longer than most modules: the six rules, one after the other, as the same text.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from math import lcm
from typing import TypeVar

from attrs import define, frozen

from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Points, Policy, Ruleset
from cchc_index.measures import (
    Condition,
    Interval,
    Ratio,
    Within,
    are_apart,
    cells_of,
    names_of_condition,
    tests_of,
)
from cchc_index.rules import (
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
from cchc_index.scoring.bounds import is_never_below_zero, limit_of
from cchc_index.scoring.plans import by_condition
from cchc_index.scoring.totals import added
from cchc_index.scoring.writer import Body, Test, Writer, test_of_interval, tests_of_cells, times
from cchc_index.sources import NOT_STATED, NoteKind

T = TypeVar("T")


class OutOfFastPath(Exception):
    """A ruleset for which only the exact engine answers."""


def generated(rules: Ruleset) -> str:
    """The text of a function of the figures.

    It gives numerator and denominator of the points, and the maximum that exemptions took away, over D; or None.
    """
    emitter = _Emitter(rules=rules, common=common_denominator(rules))
    try:
        emitter.ruleset()
    except OutOfFastPath:
        return "def fast(f):\n    return None\n"
    return "def fast(f):\n" + "".join(f"    {line}\n" for line in emitter.lines)


def conditions_beside(rules: Ruleset) -> list[Condition]:
    """The conditions of notes, grades and ranks."""
    noted = [note.when for criterion in rules.walk() for note in criterion.notes]
    return conditions_above(rules) + [condition for condition in noted if condition]


def conditions_above(rules: Ruleset) -> list[Condition]:
    """Those of them that stand beside no single criterion."""
    conditions = [scale.when for scale in rules.scales]
    conditions += [grade.when for scale in rules.scales for grade in scale.grades]
    conditions += [rules.ranking.unranked_when] if rules.ranking else []
    conditions += [note.when for note in rules.notes]
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
    """D: the least number of which every number of the ruleset, and so every sum of them, is a fraction."""
    numbers: list[Fraction] = [rules.rounding.step] if rules.rounding else []
    numbers += [] if rules.max_points is NOT_STATED else [rules.max_points]
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
        case Awarded(step=step) if step is not NOT_STATED:
            yield step
    for part in parts_of(rule):
        yield from _numbers(part)


@frozen
class _Total:
    """Points being added up in the generated text: `whole + top / bottom`, over D.

    `top` is empty where the points are a multiple of 1/D whatever the figures.
    """

    whole: str
    top: str = ""
    bottom: str = "1"


@define(kw_only=True)
class _Emitter(Writer):
    """Writes the function of the points. What writes a rule adds its points to a total."""

    common: int
    """D."""

    def scaled(self, points: Fraction) -> int:
        return int(points * self.common)

    # -- totals -------------------------------------------------------------------------------------------------

    def opened(self, *, is_static: bool) -> _Total:
        """A total of its own, for what is clamped, rounded or held against a maximum."""
        total = _Total(self.fresh("w")) if is_static else _Total(self.fresh("w"), self.fresh("t"), self.fresh("b"))
        self.write(f"{total.whole} = 0" + ("" if is_static else f"; {total.top} = 0; {total.bottom} = 1"))
        return total

    def add(self, into: _Total, number: object) -> None:
        if number != 0:
            self.write(f"{into.whole} += {number}")

    def add_fraction(self, into: _Total, top: str, bottom: str) -> None:
        """Add `top / bottom`: most often it is whole, and then the numbers stay small."""
        part = self.fresh("p")
        self.write(f"{part} = {top}")
        self.write(f"if {part} % {bottom}:")
        self.write(f"    {into.top} = {into.top} * {bottom} + {part} * {into.bottom}; {into.bottom} *= {bottom}")
        self.write("else:")
        self.write(f"    {into.whole} += {part} // {bottom}")

    def add_total(self, into: _Total, total: _Total, sign: str = "") -> None:
        self.write(f"{into.whole} {sign or '+'}= {total.whole}")
        if total.top:
            self.block(f"if {total.top}:", partial(self.add_fraction, into, f"{sign}{total.top}", total.bottom))

    def clamp(self, total: _Total, floor: Fraction | None, cap: Fraction | None) -> None:
        """Cut off at the cap, then lifted to the floor."""
        for limit, sign in ((cap, ">"), (floor, "<")):
            if limit is not None:
                reset = f"; {total.top} = 0; {total.bottom} = 1" if total.top else ""
                body = partial(self.write, f"{total.whole} = {self.scaled(limit)}{reset}")
                self.block(f"if {self.passes(total, sign, limit)}:", body)

    def passes(self, total: _Total, sign: str, limit: Fraction) -> str:
        if not total.top:
            return f"{total.whole} {sign} {self.scaled(limit)}"
        return f"{total.top} {sign} ({self.scaled(limit)} - {total.whole}) * {total.bottom}"

    def rounded(self, total: _Total, rounding: Rounding | None, count: str = "1") -> _Total:
        """A total over `count`, half up, a tie away from zero, as `round_half_up`."""
        if rounding is None:
            return total
        step, top, bottom, result = rounding.step, self.fresh("n"), self.fresh("d"), self.fresh("r")
        self.write(f"{top} = ({_over_bottom(total)}) * {step.denominator}")
        self.write(f"{bottom} = {times(count, self.common * step.numerator)} * {total.bottom}")
        self.write(f"{result} = (2 * abs({top}) + {bottom}) // (2 * {bottom}) * {self.scaled(step)}")
        self.block(f"if {top} < 0:", partial(self.write, f"{result} = -{result}"))
        return _Total(result)

    # -- the whole ----------------------------------------------------------------------------------------------

    def ruleset(self) -> None:
        """The whole function. What stands beside the rules must not be able to fail, since it is not looked at here."""
        if any(self.may_fail(condition) for condition in conditions_beside(self.rules)):
            raise OutOfFastPath
        self.write("gone = 0")
        total = self.opened(is_static=False)
        for criterion in self.rules.criteria:
            self.criterion(criterion, total)
        for adjustment in self.rules.adjustments:
            self.adjustment(adjustment, total)
        total = self.rounded(total, self.rules.rounding)
        self.write(f"return {_over_bottom(total)}, {total.bottom} * {self.common}, gone")

    def may_fail(self, condition: Condition) -> bool:
        """Whether a condition has a ratio whose denominator could be below zero."""
        measures = [test.measure for test in tests_of(condition) if isinstance(test, Within)]
        bottoms = [measure.bottom for measure in measures if isinstance(measure, Ratio)]
        return not all(is_never_below_zero(bottom, self.rules.facts_by_name) for bottom in bottoms)

    def adjustment(self, adjustment: Adjustment, into: _Total) -> None:
        """Bonus or penalty, cut off at its cap."""
        criterion, rule = adjustment.criterion, adjustment.criterion.rule
        if any(exemption.when for exemption in criterion.exemptions) or rule is NOT_STATED:
            raise OutOfFastPath
        self.stop_in_holes(criterion)
        total = self.alone(rule, criterion.rounding)
        self.clamp(total, None, None if criterion.max_points is NOT_STATED else criterion.max_points)
        self.add_total(into, total, "-" if adjustment.kind is AdjustmentKind.PENALTY else "")

    def criterion(self, criterion: Criterion, into: _Total) -> None:
        exemptions = by_condition(criterion)
        branches: list[tuple[str, Body]] = [
            (self.condition(exemption.when)[0], partial(self.exempted, criterion, exemption.policy, into))
            for exemption in exemptions
            if exemption.when
        ]
        self.chain([*branches, ("", partial(self.assessed, criterion, into))])

    def exempted(self, criterion: Criterion, policy: Policy, into: _Total) -> None:
        whole = criterion.max_points
        if whole is NOT_STATED or policy is Policy.RESCALED:
            self.stop()
        elif policy is Policy.FULL:
            self.add(into, self.scaled(whole))
        elif policy is Policy.REMOVED:
            self.write(f"gone += {self.scaled(whole)}")

    def assessed(self, criterion: Criterion, into: _Total) -> None:
        self.stop_in_holes(criterion)
        limit, rule = limit_of(criterion, self.rules.facts_by_name), criterion.rule
        if rule is NOT_STATED:
            self.parent(criterion, limit, into)
        elif limit is None and criterion.rounding is None:
            self.rule(rule, into)
        else:
            total = self.alone(rule, criterion.rounding)
            if limit is not None:
                self.stop_if(self.passes(total, ">", limit))
            self.add_total(into, total)

    def parent(self, criterion: Criterion, limit: Fraction | None, into: _Total) -> None:
        if criterion.rounding or limit is not None or not criterion.children:
            raise OutOfFastPath
        for child in criterion.children:
            self.criterion(child, into)

    def alone(self, rule: Rule, rounding: Rounding | None) -> _Total:
        """The points of one rule in a total of their own."""
        total = self.opened(is_static=self.is_static(rule))
        self.rule(rule, total)
        return self.rounded(total, rounding)

    def stop_in_holes(self, criterion: Criterion) -> None:
        for note in criterion.notes:
            if note.when and note.kind is NoteKind.HOLE:
                self.stop_if(self.condition(note.when)[0])

    # -- the six rules ------------------------------------------------------------------------------------------

    def rule(self, rule: Rule, into: _Total) -> None:
        match rule:
            case Piecewise():
                self.piecewise(rule, into)
            case Table():
                self.table(rule, into)
            case Sum():
                self.sum(rule, into)
            case Switch():
                self.switch(rule, into)
            case Average():
                self.average(rule, into)
            case _:
                self.awarded(rule, into)

    def is_static(self, rule: Rule) -> bool:
        """Whether the points are always a multiple of 1/D."""
        match rule:
            case Piecewise(measure, pieces):
                return not any(piece.slope for piece in pieces) or self.is_whole(measure)
            case Average(_, _, rounding):
                return rounding is not None
            case Awarded(step=step):
                return step is not NOT_STATED
        return all(self.is_static(part) for part in parts_of(rule))

    def piecewise(self, rule: Piecewise, into: _Total) -> None:
        n, d = self.measure(rule.measure)
        cells = cells_of((piece.interval, piece) for piece in rule.pieces)
        branches = [
            (test, self.stop if piece is None else partial(self.piece, piece, n, d, into))
            for test, piece in tests_of_cells(cells, n, d)
        ]
        self.chain(branches)

    def piece(self, piece: Piece, n: str, d: str, into: _Total) -> None:
        base, slope = self.scaled(piece.base), self.scaled(piece.slope)
        if slope and d == "1":
            self.add(into, f"{base} + {slope} * {n}" if base else f"{slope} * {n}")
            return
        self.add(into, base)
        if slope:
            self.add_fraction(into, f"{slope} * {n}", d)

    def table(self, rule: Table, into: _Total) -> None:
        points, chosen = {option.name: option.points for option in rule.options}, self.figure(rule.fact)
        branches: list[tuple[str, Body]] = [
            (f"{chosen} == {name!r}", partial(self.add, into, self.scaled(worth))) for name, worth in points.items()
        ]
        self.chain([*branches, ("", self.stop)])

    def sum(self, rule: Sum, into: _Total) -> None:
        is_clamped = rule.floor is not None or rule.cap is not None
        total = self.opened(is_static=self.is_static(rule)) if is_clamped else into
        self.add(total, self.scaled(rule.base))
        for term in rule.terms:
            self.rule(term.rule, total)
        if is_clamped:
            self.clamp(total, rule.floor, rule.cap)
            self.add_total(into, total)

    def switch(self, rule: Switch, into: _Total) -> None:
        """A case that may hold and does not surely do so stops the search for the one that counts."""
        cases = in_order(rule)
        tests = [self.condition(case.when) for case in cases]
        if rule.choose is Choose.ONLY:
            self.only_one(cases, tests)
        branches: list[tuple[str, Body]] = []
        for case, (surely, perhaps) in zip(cases, tests, strict=True):
            branches.append((surely, partial(self.rule, case.rule, into)))
            branches += [] if surely == perhaps else [(perhaps, self.stop)]
        self.chain([*branches, ("", self.stop)])

    def only_one(self, cases: Sequence[Case], tests: Sequence[Test]) -> None:
        for surely, perhaps in tests:
            if surely != perhaps:
                self.stop_if(f"{perhaps} and not {surely}")
        if not all(are_apart(one.when, other.when) for one, other in combinations(cases, 2)):
            self.stop_if(f"{' + '.join(surely for surely, _ in tests)} != 1")

    def average(self, rule: Average, into: _Total) -> None:
        if self.record:
            raise OutOfFastPath
        records = self.figure(rule.records)
        count = self.positive(self.named(f"len({records})"))
        fields = self.rules.facts_by_name[rule.records].fields
        self.record = frozenset(fact.name for fact in fields)
        total = self.opened(is_static=self.is_static(rule.rule))
        self.block(f"for r in {records}:", partial(self.rule, rule.rule, total))
        self.record = frozenset()
        if rule.rounding:
            self.add_total(into, self.rounded(total, rule.rounding, count))
        else:
            self.add_fraction(
                into, _over_bottom(total), count if total.bottom == "1" else f"({total.bottom} * {count})"
            )

    def awarded(self, rule: Awarded, into: _Total) -> None:
        given = self.figure(rule.fact)
        n, d = self.named(f"{given}.numerator"), self.named(f"{given}.denominator")
        bounds = test_of_interval(Interval(rule.low, rule.high, low_closed=True, high_closed=True), n, d)
        if bounds:
            self.stop_if(f"not ({bounds})")
        if rule.step is NOT_STATED:
            self.add_fraction(into, f"{self.common} * {n}", d)
            return
        self.stop_if(f"{n} * {rule.step.denominator} % ({d} * {rule.step.numerator})")
        self.add(into, f"{self.common} * {n} // {d}")


def _over_bottom(total: _Total) -> str:
    return f"{total.whole} * {total.bottom} + {total.top}" if total.top else total.whole


def in_order(rule: Switch) -> list[Case]:
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
