"""The questions of lint asked of an SMT solver (z3), by an encoding of its own: straight from what the rules mean.

Nothing here is shared with `checking/lint`: conditions and rules become formulas over integers and reals, and z3
decides whether some figures satisfy them. A question that is not linear, or not decided in time, is left out (None).
"""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

import z3  # type: ignore[import-untyped]

from cchc_index.criteria import Criterion, Policy, Ruleset
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    DayOfYear,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.rules import Average, Awarded, Choose, Piecewise, Rule, Sum, Switch, Table, parts_of
from cchc_index.sources import NOT_STATED, NoteKind

TIMEOUT = 4000
"""Milliseconds for one question."""
Locus = tuple[str | int, ...]
Truth = tuple[Any, Any, Any]


class NotLinear(Exception):
    """A question that would multiply figures with each other."""


def number(value: Fraction | int) -> Any:
    value = Fraction(value)
    return z3.RealVal(value.numerator) / z3.RealVal(value.denominator)


class Encoding:
    """The figures of a ruleset as unknowns of z3, and the meaning of its rules as formulas over them."""

    def __init__(self, rules: Ruleset, criterion: Criterion) -> None:
        self.facts: dict[str, Fact] = {}
        self.unknowns: dict[str, Any] = {}
        self.limits: list[Any] = []
        for fact in rules.facts_by_name.values():
            self.declare(fact.name, fact)
            for option, label in fact.options if fact.type is FactType.SURVEY else ():
                self.declare(f"{fact.name}.{option}", Fact("", label))
            for column in fact.fields:
                self.declare(f"{fact.name}/{column.name}", column)
        for name, fact in self.facts.items():
            if fact.part_of:
                records = name.rpartition("/")[0]
                whole = f"{records}/{fact.part_of}" if f"{records}/{fact.part_of}" in self.facts else fact.part_of
                self.limits.append(self.unknowns[name] <= self.unknowns[whole])
        assert criterion.rule is not NOT_STATED
        self.limits += self.awards(criterion.rule)

    def declare(self, name: str, fact: Fact) -> None:
        self.facts[name] = fact
        if fact.type in (FactType.YES_NO, FactType.CHOICE):
            self.unknowns[name] = z3.Int(name)
            self.limits += [self.unknowns[name] >= 0, self.unknowns[name] < len(self.options(name))]
            return
        whole = fact.type in (FactType.COUNT, FactType.DATE)
        self.unknowns[name] = z3.ToReal(z3.Int(name)) if whole else z3.Real(name)
        if fact.given is not None:
            day = fact.given
            day = datetime.date(2025, day.month, day.day) if isinstance(day, DayOfYear) else day
            self.limits.append(self.unknowns[name] == day.toordinal())
        elif fact.type is FactType.DATE:
            self.limits += [self.unknowns[name] >= 1, self.unknowns[name] <= 3652059]
        elif fact.type is not FactType.POINTS and not fact.may_be_negative:
            self.limits.append(self.unknowns[name] >= 0)

    def awards(self, rule: Rule) -> Iterator[Any]:
        if isinstance(rule, Awarded):
            points = self.unknowns[rule.fact]
            if rule.low is not None:
                yield points >= number(rule.low)
            if rule.high is not None:
                yield points <= number(rule.high)
            if rule.step is not NOT_STATED:
                yield points == number(rule.step) * z3.ToReal(z3.Int(f"{rule.fact}#"))
        for part in parts_of(rule):
            yield from self.awards(part)

    def options(self, name: str) -> list[str]:
        fact = self.facts[name]
        return ["khong", "co"] if fact.type is FactType.YES_NO else [option for option, _ in fact.options]

    def name(self, name: str, scope: str) -> str:
        return f"{scope}/{name}" if f"{scope}/{name}" in self.facts else name

    # -- measures and conditions

    def sum(self, linear: Linear, scope: str) -> Any:
        terms = [number(Fraction(c)) * self.unknowns[self.name(n, scope)] for n, c in linear.terms]
        return z3.Sum([*terms, number(Fraction(linear.constant))])

    def chosen(self, fact: str, options: tuple[str, ...], scope: str) -> Any:
        name = self.name(fact, scope)
        known = self.options(name)
        return z3.Or(*(self.unknowns[name] == known.index(option) for option in options if option in known))

    def inside(self, measure: Measure, interval: Interval, scope: str) -> Any:
        """The measure is known and lies in the interval."""
        if isinstance(measure, Linear):
            return between(self.sum(measure, scope), number(1), interval)
        top, bottom = self.sum(measure.top, scope), self.sum(measure.bottom, scope)
        stated = measure.at_zero is not NOT_STATED and measure.at_zero in interval
        return z3.Or(z3.And(bottom > 0, between(top, bottom, interval)), z3.And(bottom == 0, stated))

    def known(self, measure: Measure, scope: str) -> Any:
        if isinstance(measure, Linear):
            return z3.BoolVal(val=True)
        bottom = self.sum(measure.bottom, scope)
        return bottom > 0 if measure.at_zero is NOT_STATED else bottom >= 0

    def truth(self, condition: Condition, scope: str) -> Truth:
        """True, false, or open; none of them where any denominator in it is negative."""
        sound = z3.Not(self.negative(condition, scope))
        true, false, open_ = self.truth_of_sound(condition, scope)
        return z3.And(sound, true), z3.And(sound, false), z3.And(sound, open_)

    def truth_of_sound(self, condition: Condition, scope: str) -> Truth:
        match condition:
            case Chosen(fact, options):
                held = self.chosen(fact, options, scope)
                return held, z3.Not(held), z3.BoolVal(val=False)
            case Within(measure, interval):
                held = self.inside(measure, interval, scope)
                open_ = z3.BoolVal(val=False)
                if isinstance(measure, Ratio) and measure.at_zero is NOT_STATED:
                    open_ = self.sum(measure.bottom, scope) == 0
                return held, z3.And(self.known(measure, scope), z3.Not(held)), open_
            case AllOf(parts):
                known = [self.truth(part, scope) for part in parts]
                none_false = z3.And(*(z3.Or(t, u) for t, _, u in known))
                true = z3.And(*(t for t, _, _ in known))
                return true, z3.Or(*(f for _, f, _ in known)), z3.And(none_false, z3.Not(true))
            case AnyOf(parts):
                known = [self.truth(part, scope) for part in parts]
                none_true = z3.And(*(z3.Or(f, u) for _, f, u in known))
                false = z3.And(*(f for _, f, _ in known))
                return z3.Or(*(t for t, _, _ in known)), false, z3.And(none_true, z3.Not(false))

    def negative(self, condition: Condition, scope: str) -> Any:
        """Some denominator of the condition is below zero."""
        match condition:
            case Within(Ratio() as ratio):
                return self.sum(ratio.bottom, scope) < 0
            case AllOf(parts) | AnyOf(parts):
                return z3.Or(*(self.negative(part, scope) for part in parts))
        return z3.BoolVal(val=False)

    # -- rules

    def silent(self, rule: Rule, scope: str) -> Any:
        """The rule gives no points."""
        match rule:
            case Piecewise(measure, pieces):
                return z3.Not(z3.Or(*(self.inside(measure, piece.interval, scope) for piece in pieces)))
            case Table(fact, options):
                return z3.Not(self.chosen(fact, tuple(option.name for option in options), scope))
            case Sum(terms):
                return z3.Or(*(self.silent(term.rule, scope) for term in terms))
            case Average(records, inner):
                return self.silent(inner, records)
            case Switch():
                return self.silent_switch(rule, scope)
        return z3.BoolVal(val=False)

    def silent_switch(self, rule: Switch, scope: str) -> Any:
        truths = [self.truth(case.when, scope) for case in rule.cases]
        bad = [self.negative(case.when, scope) for case in rule.cases]
        used = [self.counts(rule, n, scope) for n in range(len(truths))]
        if rule.choose is Choose.FIRST:
            first = [z3.And(*(f for _, f, _ in truths[:n])) for n in range(len(truths))]
            bad = [z3.And(one, before) for one, before in zip(bad, first, strict=True)]
        held = [z3.And(one, z3.Not(self.silent(c.rule, scope))) for one, c in zip(used, rule.cases, strict=True)]
        inner = []
        if rule.choose is Choose.BEST:
            inner = [
                z3.And(z3.Or(t, u), self.silent(c.rule, scope)) for (t, _, u), c in zip(truths, rule.cases, strict=True)
            ]
        return z3.Or(*bad, z3.Not(z3.Or(*held)), *inner)

    def counts(self, rule: Switch, n: int, scope: str) -> Any:
        """The case of this number is the one that gives the points."""
        truths = [self.truth(case.when, scope) for case in rule.cases]
        true = truths[n][0]
        if rule.choose is Choose.FIRST:
            return z3.And(true, *(f for _, f, _ in truths[:n]))
        if rule.choose is Choose.ONLY:
            return z3.And(true, *(f for m, (_, f, _) in enumerate(truths) if m != n))
        own, rest = rule.cases[n].rule, [m for m in range(len(truths)) if m != n]
        points = self.points(own, scope)
        lesser = [
            z3.Or(
                truths[m][1],
                z3.And(
                    z3.Or(truths[m][0], truths[m][2]),
                    z3.Not(self.silent(rule.cases[m].rule, scope)),
                    self.points(rule.cases[m].rule, scope) <= points,
                ),
            )
            for m in rest
        ]
        return z3.And(true, z3.Not(self.silent(own, scope)), *lesser)

    def points(self, rule: Rule, scope: str) -> Any:
        """The points, where there are some. Raises NotLinear."""
        match rule:
            case Piecewise(measure, pieces):
                return self.choice(
                    [(self.inside(measure, p.interval, scope), self.piece(measure, p, scope)) for p in pieces]
                )
            case Table(fact, options):
                return self.choice([(self.chosen(fact, (o.name,), scope), number(o.points)) for o in options])
            case Sum(terms, base, floor, cap):
                total = z3.Sum([number(base), *(self.points(term.rule, scope) for term in terms)])
                total = total if cap is None else z3.If(total > number(cap), number(cap), total)
                return total if floor is None else z3.If(total < number(floor), number(floor), total)
            case Switch(cases):
                return self.choice(
                    [(self.counts(rule, n, scope), self.points(c.rule, scope)) for n, c in enumerate(cases)]
                )
            case Average(records, inner, rounding):
                points = self.points(inner, records)
                if rounding is None:
                    return points
                steps = z3.ToInt(points / number(rounding.step) + number(Fraction(1, 2)))
                return z3.ToReal(steps) * number(rounding.step)
        return self.unknowns[self.name(rule.fact, scope)]

    def choice(self, cases: list[tuple[Any, Any]]) -> Any:
        points = number(0)
        for held, value in reversed(cases):
            points = z3.If(held, value, points)
        return points

    def piece(self, measure: Measure, piece: Any, scope: str) -> Any:
        if not piece.slope:
            return number(piece.base)
        if isinstance(measure, Ratio):
            raise NotLinear
        return number(piece.base) + number(piece.slope) * self.sum(measure, scope)

    def compared(self, rule: Rule, scope: str, whole: Fraction, *, above: bool) -> Any:
        """The points are above (at least) a number; a lone ratio is cross-multiplied. Raises NotLinear."""
        if isinstance(rule, Piecewise) and isinstance(rule.measure, Ratio):
            top, bottom = self.sum(rule.measure.top, scope), self.sum(rule.measure.bottom, scope)
            found = []
            for piece in rule.pieces:
                over = number(piece.base - whole) * bottom + number(piece.slope) * top
                above_zero = z3.And(bottom > 0, between(top, bottom, piece.interval), over > 0 if above else over >= 0)
                at_zero = rule.measure.at_zero
                stated = False
                if at_zero is not NOT_STATED and at_zero in piece.interval:
                    points = piece.base + piece.slope * at_zero
                    stated = points > whole if above else points >= whole
                found.append(z3.Or(above_zero, z3.And(bottom == 0, stated)))
            return z3.Or(*found)
        points = self.points(rule, scope)
        return points > number(whole) if above else points >= number(whole)

    # -- parts

    def parts(self, rule: Rule, scope: str, asked: Any, locus: Locus = ()) -> Iterator[tuple[Locus, Any]]:
        """Every part of a rule with the figures for which it is the one that gives the points."""
        match rule:
            case Piecewise(measure, pieces):
                for n, piece in enumerate(pieces):
                    yield (*locus, "bac", n), z3.And(asked, self.inside(measure, piece.interval, scope))
            case Table(fact, options):
                for option in options:
                    yield (*locus, "muc", option.name), z3.And(asked, self.chosen(fact, (option.name,), scope))
            case Sum(terms):
                for n, term in enumerate(terms):
                    yield from self.parts(term.rule, scope, asked, (*locus, "muc", n))
            case Average(records, inner):
                yield from self.parts(inner, records, asked, (*locus, "moi_ban_ghi"))
            case Switch(cases):
                truths = [self.truth(case.when, scope) for case in cases]
                for n, case in enumerate(cases):
                    held = self.counts(rule, n, scope)
                    yield (*locus, "muc", n), z3.And(asked, held)
                    wanted = z3.Or(truths[n][0], truths[n][2]) if rule.choose is Choose.BEST else held
                    yield from self.parts(case.rule, scope, z3.And(asked, wanted), (*locus, "muc", n))

    def doubles(self, rule: Rule, scope: str, asked: Any) -> Iterator[Any]:
        """Figures in two bands of a ladder, or in two levels of which one alone may hold."""
        held: list[Any] = []
        match rule:
            case Piecewise(measure, pieces):
                held = [self.inside(measure, piece.interval, scope) for piece in pieces]
            case Switch(cases, choose):
                truths = [self.truth(case.when, scope) for case in cases]
                held = [t for t, _, _ in truths] if choose is Choose.ONLY else []
                for n, case in enumerate(cases):
                    wanted = z3.Or(truths[n][0], truths[n][2])
                    wanted = wanted if choose is Choose.BEST else self.counts(rule, n, scope)
                    yield from self.doubles(case.rule, scope, z3.And(asked, wanted))
            case Sum(terms):
                for term in terms:
                    yield from self.doubles(term.rule, scope, asked)
            case Average(records, inner):
                yield from self.doubles(inner, records, asked)
        yield from (z3.And(asked, *pair) for pair in combinations(held, 2))

    def asked(self, criterion: Criterion) -> Any:
        """No exemption that follows from the figures holds."""
        whens = [e.when for e in criterion.exemptions if e.when and e.policy is not Policy.FORBIDDEN]
        return z3.And(*(z3.Or(f, u) for _, f, u in (self.truth(when, "") for when in whens)))

    def recorded(self, criterion: Criterion) -> Any:
        """A hole is recorded for the figures: the engine then gives no points."""
        holes = (note.when for note in criterion.notes if note.kind is NoteKind.HOLE)
        return z3.Or(*(self.truth(when, "")[0] for when in holes if when))

    def is_possible(self, *formulas: Any) -> bool | None:
        """Whether some figures satisfy the formulas; None when z3 does not say in time."""
        solver = z3.Solver()
        solver.set("timeout", TIMEOUT)
        solver.add(*self.limits, *formulas)
        answer = solver.check()
        return None if answer == z3.unknown else answer == z3.sat


def between(top: Any, bottom: Any, interval: Interval) -> Any:
    ends = []
    if interval.low is not None:
        low = number(interval.low) * bottom
        ends.append(top >= low if interval.low_closed else top > low)
    if interval.high is not None:
        high = number(interval.high) * bottom
        ends.append(top <= high if interval.high_closed else top < high)
    return z3.And(*ends)


def asked_of_z3(rules: Ruleset, criterion: Criterion) -> dict[str, Any]:
    """What z3 says of one leaf: are there figures without points, above the maximum, at it; which parts none reach."""
    encoding = Encoding(rules, criterion)
    rule, whole = criterion.rule, criterion.max_points
    assert rule is not NOT_STATED
    asked = encoding.asked(criterion)
    found: dict[str, Any] = {"asked": encoding.is_possible(asked)}
    scored = z3.And(asked, z3.Not(encoding.recorded(criterion)))
    for question, formulas in _questions(encoding, rule, whole, asked, scored).items():
        found[question] = None if formulas is None else encoding.is_possible(*formulas)
    try:
        used = {locus: encoding.is_possible(formula) for locus, formula in encoding.parts(rule, "", asked)}
        never = {locus for locus, met in used.items() if met is False}
        found["never"] = None if None in used.values() else {n for n in never if not _is_inside(n, never)}
    except NotLinear:
        found["never"] = None
    return found


def _is_inside(locus: Locus, others: set[Locus]) -> bool:
    return any(locus != other and locus[: len(other)] == other for other in others)


def _questions(
    encoding: Encoding, rule: Rule, whole: Any, asked: Any, scored: Any
) -> dict[str, tuple[Any, ...] | None]:
    found: dict[str, tuple[Any, ...] | None] = {"silent": None, "above": None, "reached": None}
    found["overlap"] = (z3.Or(*encoding.doubles(rule, "", asked)),)
    try:
        silent = encoding.silent(rule, "")
        found["silent"] = (asked, silent)
        found["scored"] = (scored, z3.Not(silent))
        for question, above in (("above", True), ("reached", False)) if whole is not NOT_STATED else ():
            found[question] = (scored, z3.Not(silent), encoding.compared(rule, "", whole, above=above))
    except NotLinear:
        pass
    return found
