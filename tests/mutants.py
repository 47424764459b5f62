"""Mutants of rulesets: a bound moved, a band dropped, points exchanged, a comparison turned; and who catches them.

    python tests/mutants.py

Each mutant of each shipped set is held against what guards a ruleset: the proofs of lint (an error that the set itself
does not have), its worked cases, and every reader given to `caught_by`, which takes the mutant and says whether it is
caught. A mutant whose points differ from those of the set on no tried figures is told apart: it changes no score.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.alone import alone
from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Severity
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Period, Submission
from cchc_index.files.cases import run_cases
from cchc_index.files.catalogue import folder_of
from cchc_index.files.folders import CASES_FILE
from cchc_index.measures import AllOf, AnyOf, Condition, Fact, FactType, Interval, Linear, Within
from cchc_index.rules import Average, Awarded, Piece, Piecewise, Rule, Sum, Switch, Table
from cchc_index.sources import NOT_STATED

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
    match rule:
        case Piecewise():
            yield from of_bands(rule)
        case Table(_, options):
            for n, option in enumerate(options):
                rest = (*options[:n], *options[n + 1 :])
                yield "option dropped", evolve(rule, options=rest)
                raised = evolve(option, points=option.points + TENTH)
                yield "points moved", evolve(rule, options=(*options[:n], raised, *options[n + 1 :]))
        case Sum(terms):
            yield from of_sum(rule)
            for n, term in enumerate(terms):
                for name, inner in of_rule(term.rule):
                    yield name, evolve(rule, terms=(*terms[:n], evolve(term, rule=inner), *terms[n + 1 :]))
        case Switch(cases):
            yield from of_switch(rule)
            for n, case in enumerate(cases):
                for name, inner in of_rule(case.rule):
                    yield name, evolve(rule, cases=(*cases[:n], evolve(case, rule=inner), *cases[n + 1 :]))
        case Average(_, inner):
            for name, one in of_rule(inner):
                yield name, evolve(rule, rule=one)
        case Awarded(high=high):
            if high is not None:
                yield "points moved", evolve(rule, high=high + 1)


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
    for n, (one, other) in enumerate(pairwise(pieces)):
        if (one.base, one.slope) != (other.base, other.slope):
            first, second = (
                evolve(one, base=other.base, slope=other.slope),
                evolve(other, base=one.base, slope=one.slope),
            )
            yield "points exchanged", evolve(rule, pieces=(*pieces[:n], first, second, *pieces[n + 2 :]))


def of_interval(interval: Interval, measure: object) -> Iterator[tuple[str, Interval]]:
    """Each end moved by one (a count) or by five hundredths, and each comparison turned."""
    step = Fraction(1) if isinstance(measure, Linear) else Fraction(1, 20)
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


# -- who catches them --------------------------------------------------------------------------------------------------


def by_lint(rules: Ruleset, *, errors: bool = False) -> Reader:
    """Caught when lint says of the criterion what it does not say of the set's own; of `errors` only, or notes too."""

    def told(known: Ruleset, code: str) -> Counter[object]:
        found = [f for f in lint(alone(known, code)) if not errors or f.severity is Severity.ERROR]
        return Counter((f.code, f.severity, f.criterion, f.locus) for f in found)

    return lambda mutant: bool(told(mutant.rules, mutant.code) - told(rules, mutant.code))


def by_cases(file: Path) -> Reader:
    """Caught when a worked case no longer holds."""
    return lambda mutant: any(outcome.differences for outcome in run_cases(mutant.rules, file))


def differs(rules: Ruleset, mutant: Mutant, tries: int = 3000) -> bool:
    """Whether a mutant gives other points (or another error) on some of many small figures."""
    one, other, r = alone(rules, mutant.code), alone(mutant.rules, mutant.code), Random(0)
    wanted = dict.fromkeys([*rules.inputs[mutant.code], *(f for f in one.facts if f.type is FactType.CHOICE)])
    units = (Submission("x", _small(r, wanted), period=PERIOD) for _ in range(tries))
    return any(_outcome(one, mutant.code, unit) != _outcome(other, mutant.code, unit) for unit in units)


PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))


def _small(r: Random, facts: Iterable[Fact]) -> dict[str, Any]:
    """Small figures, parts first no larger than their wholes, and records of one or two."""
    given: dict[str, Any] = {}
    for fact in facts:
        name, _, option = fact.name.partition(".")
        value = _one(r, fact)
        if option:
            given.setdefault(name, {})[option] = value
        elif fact.given is None:
            given[name] = value
    for fact in facts:
        if fact.part_of in given and fact.name in given:
            given[fact.name] = min(given[fact.name], given[fact.part_of])
    return given


def _one(r: Random, fact: Fact) -> Any:
    match fact.type:
        case FactType.YES_NO:
            return r.choice((True, False))
        case FactType.CHOICE:
            return r.choice([name for name, _ in fact.options])
        case FactType.DATE:
            return datetime.date(2025, 11, 30) + datetime.timedelta(r.randint(-8, 25))
        case FactType.PERCENT:
            return Fraction(r.randint(0, 110), 100)
        case FactType.RECORDS:
            return [_small(r, fact.fields) for _ in range(r.randint(1, 2))]
        case FactType.LABEL:
            return "x"
    return r.choice((0, 1, 2, 3, 4, 5, r.randint(0, 20), r.randint(0, 100), r.randint(0, 1000)))


def _outcome(rules: Ruleset, code: str, unit: Submission) -> object:
    try:
        return cchc.score(rules, unit)[code].points
    except cchc.CchcError as error:
        return type(error)


def caught_by(mutant: Mutant, readers: Mapping[str, Reader]) -> set[str]:
    return {name for name, reader in readers.items() if reader(mutant)}


def readers_of(name: str, more: Mapping[str, Callable[[Ruleset], Reader]]) -> dict[str, Reader]:
    """The readers of a shipped set: proofs, worked cases, and `more`, each made from the set."""
    rules, folder = cchc.load(name), folder_of(name)
    readers = {"lint": by_lint(rules), "lint, errors only": by_lint(rules, errors=True)}
    if (folder / CASES_FILE).exists():
        readers["worked cases"] = by_cases(folder / CASES_FILE)
    return readers | {key: make(rules) for key, make in more.items()}


def report(more: Mapping[str, Callable[[Ruleset], Reader]]) -> Iterator[str]:
    """One line for each shipped set that has mutants, one for each that nobody caught, and the whole."""
    total, caught = Counter[str](), Counter[str]()
    for name in cchc.rulesets():
        readers, own = readers_of(name, more), Counter[str]()
        for mutant in mutants_of(cchc.load(name)):
            found = caught_by(mutant, readers)
            total["mutants"] += 1
            own.update(["mutants", *found, *(["caught"] if found else [])])
            caught.update([*found, *(["caught"] if found else [])])
            if not found and differs(cchc.load(name), mutant):
                own["missed"] += 1
                caught["missed, though it changes points"] += 1
                yield f"  not caught: {name} {mutant.code}: {mutant.name}"
        if own["mutants"]:
            yield f"{name}: " + ", ".join(f"{key} {count}" for key, count in sorted(own.items()))
    yield f"all: {total['mutants']} mutants; " + ", ".join(f"{key} {count}" for key, count in sorted(caught.items()))


if __name__ == "__main__":
    for line in report({}):
        print(line)
