"""Mutants of a ruleset: a bound moved, a band dropped, points exchanged, a comparison turned; and who catches them.

What guards a ruleset is as good as the share of such changes it notices. `readers_of` are the guards of a folder: the
proofs of lint, the sentences read by machine, the worked cases. A mutant that changes no score is told apart by proof.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> mutant = next(mutants_of(rules))
>>> mutant.name, mutant.code, by_lint(rules)(mutant)
('band dropped', '4.1', True)
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

from attrs import evolve

from cchc_index.checking.alone import alone
from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Severity
from cchc_index.comparing.diff import diff
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.files.cases import read_cases
from cchc_index.files.folders import CASES_FILE
from cchc_index.measures import AllOf, AnyOf, Condition, Interval, Linear, Measure, Within
from cchc_index.rules import Average, Awarded, Piece, Piecewise, Rule, Sum, Switch, Table, parts_of
from cchc_index.sources import NOT_STATED

T = TypeVar("T")
TENTH = Fraction(1, 10)


class Mutant(NamedTuple):
    """A changed ruleset: what was done, and to which criterion."""

    name: str
    code: str
    rules: Ruleset


Reader = Callable[[Mutant], bool]
"""Says whether a mutant is caught."""


def mutants_of(rules: Ruleset) -> Iterator[Mutant]:
    """Every mutant of a ruleset, one change each."""
    for criterion in rules.walk():
        if criterion.rule is not NOT_STATED:
            for name, rule in of_rule(criterion.rule):
                yield Mutant(name, criterion.code, replaced(rules, evolve(criterion, rule=rule)))


def replaced(rules: Ruleset, changed: Criterion) -> Ruleset:
    """The ruleset with one criterion changed."""

    def put(criterion: Criterion) -> Criterion:
        if criterion.code == changed.code:
            return changed
        return evolve(criterion, children=tuple(put(child) for child in criterion.children))

    outside = tuple(evolve(a, criterion=put(a.criterion)) for a in rules.adjustments)
    return evolve(rules, criteria=tuple(put(c) for c in rules.criteria), adjustments=outside)


Changed = Iterator[tuple[str, Rule]]


def of_rule(rule: Rule) -> Changed:
    """Every rule that differs from this one by one change, at any depth."""
    match rule:
        case Piecewise():
            yield from of_bands(rule)
        case Table():
            yield from of_table(rule)
        case Sum():
            yield from of_sum(rule)
        case Switch():
            yield from of_switch(rule)
        case Awarded(high=Fraction() as high):
            yield "points moved", evolve(rule, high=high + 1)
    for n, part in enumerate(parts_of(rule)):
        for name, inner in of_rule(part):
            yield name, with_part(rule, n, inner)


def with_part(rule: Rule, number: int, part: Rule) -> Rule:
    """The rule with another one in the place of one of its parts, counted as `parts_of` gives them."""
    match rule:
        case Sum(terms):
            return evolve(rule, terms=_put(terms, number, evolve(terms[number], rule=part)))
        case Switch(cases):
            return evolve(rule, cases=_put(cases, number, evolve(cases[number], rule=part)))
        case Average():
            return evolve(rule, rule=part)
    return rule


def _put(items: tuple[T, ...], number: int, *changed: T) -> tuple[T, ...]:
    return (*items[:number], *changed, *items[number + 1 :])


def of_table(rule: Table) -> Changed:
    for n, option in enumerate(rule.options):
        yield "option dropped", evolve(rule, options=_put(rule.options, n))
        raised = evolve(option, points=option.points + TENTH)
        yield "points moved", evolve(rule, options=_put(rule.options, n, raised))


def of_bands(rule: Piecewise) -> Changed:
    pieces = rule.pieces

    def put(n: int, *changed: Piece) -> Piecewise:
        return evolve(rule, pieces=(*pieces[:n], *changed, *pieces[n + 1 :]))

    for n, piece in enumerate(pieces):
        yield "band dropped", put(n)
        yield "points moved", put(n, evolve(piece, base=piece.base + TENTH))
        if piece.slope:
            yield "slope moved", put(n, evolve(piece, slope=piece.slope + TENTH))
        for name, interval in of_interval(piece.interval, rule.measure):
            yield name, put(n, evolve(piece, interval=interval))
    yield from of_thresholds(rule)
    for n, (one, other) in enumerate(pairwise(pieces)):
        if (one.base, one.slope) != (other.base, other.slope):
            first, second = (
                evolve(one, base=other.base, slope=other.slope),
                evolve(other, base=one.base, slope=one.slope),
            )
            yield "points exchanged", evolve(rule, pieces=(*pieces[:n], first, second, *pieces[n + 2 :]))


def of_thresholds(rule: Piecewise) -> Changed:
    """Each threshold moved on both of its sides, as when 95 is typed for 85: no gap and no overlap gives it away."""
    ends = dict.fromkeys(end for piece in rule.pieces for end in (piece.interval.low, piece.interval.high))
    for end in ends:
        for step in (-_step(rule.measure), _step(rule.measure)):
            if end is not None and _is_shared(end, rule):
                yield "threshold moved", evolve(rule, pieces=tuple(_moved(piece, end, step) for piece in rule.pieces))


def _is_shared(end: Fraction, rule: Piecewise) -> bool:
    intervals = [piece.interval for piece in rule.pieces]
    return end in [interval.low for interval in intervals] and end in [interval.high for interval in intervals]


def _moved(piece: Piece, end: Fraction, step: Fraction) -> Piece:
    interval = piece.interval
    low = end + step if interval.low == end else interval.low
    high = end + step if interval.high == end else interval.high
    return evolve(piece, interval=evolve(interval, low=low, high=high))


def _step(measure: Measure) -> Fraction:
    """How far ends are moved: by one (a count, a day), or by five hundredths (a ratio)."""
    return Fraction(1) if isinstance(measure, Linear) else Fraction(1, 20)


def of_interval(interval: Interval, measure: Measure) -> Iterator[tuple[str, Interval]]:
    """Each end moved outwards, and each comparison turned."""
    step = _step(measure)
    if interval.low is not None:
        yield "bound moved", evolve(interval, low=interval.low - step)
        yield "comparison turned", evolve(interval, low_closed=not interval.low_closed)
    if interval.high is not None:
        yield "bound moved", evolve(interval, high=interval.high + step)
        yield "comparison turned", evolve(interval, high_closed=not interval.high_closed)


def of_sum(rule: Sum) -> Changed:
    yield "points moved", evolve(rule, base=rule.base + TENTH)
    for n in range(len(rule.terms)):
        yield "line dropped", evolve(rule, terms=(*rule.terms[:n], *rule.terms[n + 1 :]))
    if rule.cap is not None:
        yield "cap dropped", evolve(rule, cap=None)
    if rule.floor is not None:
        yield "floor dropped", evolve(rule, floor=None)


def of_switch(rule: Switch) -> Changed:
    cases = rule.cases
    for n, case in enumerate(cases):
        yield "level dropped", evolve(rule, cases=(*cases[:n], *cases[n + 1 :]))
        for name, when in of_condition(case.when):
            yield name, evolve(rule, cases=(*cases[:n], evolve(case, when=when), *cases[n + 1 :]))
    for n in range(len(cases) - 1):
        one, other = cases[n], cases[n + 1]
        if one.rule != other.rule:
            pair = evolve(one, rule=other.rule), evolve(other, rule=one.rule)
            yield "points exchanged", evolve(rule, cases=(*cases[:n], *pair, *cases[n + 2 :]))


def of_condition(condition: Condition) -> Iterator[tuple[str, Condition]]:
    match condition:
        case Within(measure, interval):
            for name, changed in of_interval(interval, measure):
                yield name, Within(measure, changed)
        case AllOf(parts) | AnyOf(parts):
            for n, part in enumerate(parts):
                if len(parts) > 1:
                    yield "condition dropped", evolve(condition, parts=(*parts[:n], *parts[n + 1 :]))
                for name, inner in of_condition(part):
                    yield name, evolve(condition, parts=(*parts[:n], inner, *parts[n + 1 :]))


def by_lint(rules: Ruleset, *, errors: bool = False) -> Reader:
    """Caught when lint says of the criterion what it does not say of the set's own; of `errors` only, or notes too."""

    @cache
    def before(code: str) -> Counter[object]:
        return told(rules, code)

    def told(known: Ruleset, code: str) -> Counter[object]:
        found = [f for f in lint(alone(known, code)) if not errors or f.severity is Severity.ERROR]
        return Counter((f.code, f.severity, f.criterion, f.locus) for f in found)

    return lambda mutant: bool(told(mutant.rules, mutant.code) - before(mutant.code))


def by_cases(file: Path) -> Reader:
    """Caught when a worked case no longer holds."""
    cases = read_cases(file)
    return lambda mutant: any(case.run().differences for case in cases.of(mutant.rules, mutant.code))


def by_clauses(rules: Ruleset) -> Reader:
    """Caught when a sentence says something else than the rule that quotes it, and did not before. Needs lark."""
    from cchc_index.checking.clauses.agree import Verdict, check_clauses

    @cache
    def before(code: str) -> Counter[object]:
        return differing(rules, code)

    def differing(known: Ruleset, code: str) -> Counter[object]:
        checks = check_clauses(alone(known, code))
        return Counter(check.quote for check in checks if check.verdict is Verdict.DIFFERS)

    return lambda mutant: bool(differing(mutant.rules, mutant.code) - before(mutant.code))


def changes_score(rules: Ruleset, mutant: Mutant) -> bool:
    """Whether a mutant gives some figures other points (or none); False only where it is proved that it does not."""
    return not diff(alone(rules, mutant.code), alone(mutant.rules, mutant.code)).is_same_score


def readers_of(rules: Ruleset, folder: Path) -> dict[str, Reader]:
    """Who guards a ruleset that lies in a folder: lint, the clause reader, and its worked cases, where it has any."""
    found = {"lint": by_lint(rules), "clauses": by_clauses(rules)}
    cases = folder / CASES_FILE
    return found | ({"cases": by_cases(cases)} if cases.exists() else {})


def caught_by(mutant: Mutant, readers: Mapping[str, Reader]) -> set[str]:
    """The names of those that catch a mutant."""
    return {name for name, reader in readers.items() if reader(mutant)}
