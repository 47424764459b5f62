"""Which figures a rule names, and which it cannot do without, the slow and obvious way."""

from collections.abc import Iterator
from fractions import Fraction

from cchc_index.criteria import (
    Observation,
)
from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, Linear, Measure, Within
from cchc_index.rules import (
    Average,
    Awarded,
    Choose,
    Piecewise,
    Rule,
    Sum,
    Switch,
    Table,
)
from cchc_index.testing.reference.rules import Given, HoleError, RefusedError, awarded, truth, value_of


def names_in(condition: Condition) -> Iterator[str]:
    """The figures a condition names."""
    match condition:
        case Within():
            yield from names_in_measure(condition.measure)
        case Chosen():
            yield condition.fact
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from names_in(part)


def names_in_measure(measure: Measure) -> Iterator[str]:
    sums = (measure,) if isinstance(measure, Linear) else (measure.top, measure.bottom)
    for one in sums:
        yield from (name for name, _ in one.terms)


def names_in_rule(rule: Rule) -> Iterator[str]:
    """Every figure a rule names, at any depth."""
    match rule:
        case Piecewise():
            yield from names_in_measure(rule.measure)
        case Table() | Awarded():
            yield rule.fact
        case Sum():
            for term in rule.terms:
                yield from names_in_rule(term.rule)
        case Switch():
            for case in rule.cases:
                yield from names_in(case.when)
                yield from names_in_rule(case.rule)
        case Average():
            yield rule.records
            yield from names_in_rule(rule.rule)


def needed(rule: Rule, given: Given) -> set[str]:
    """The absent figures without which the rule cannot give points, whatever the others turn out to be."""
    match rule:
        case Piecewise():
            return {name for name in names_in_measure(rule.measure) if name not in given}
        case Table() | Awarded():
            return {rule.fact} - set(given)
        case Sum():
            return {name for term in rule.terms for name in needed(term.rule, given)}
        case Switch():
            return needed_by_switch(rule, given)
        case Average():
            if rule.records not in given:
                return {rule.records}
            return {
                name if name not in COLUMNS else f"{rule.records}[{number}].{name}"
                for number, record in enumerate(given[rule.records], 1)
                for name in needed(rule.rule, {**given, **record})
            }


def is_refusing(rule: Rule, given: Given) -> bool:
    """Whether awarded points that no one may award stand anywhere in a rule."""
    match rule:
        case Awarded():
            try:
                awarded(rule, Fraction(given.get(rule.fact, rule.low or 0)))
            except RefusedError:
                return True
            return False
        case Sum():
            return any(is_refusing(term.rule, given) for term in rule.terms)
        case Switch():
            return any(is_refusing(case.rule, given) for case in rule.cases)
        case Average():
            return is_refusing(rule.rule, given)
    return False


COLUMNS = ("x", "y", "z")

Told = tuple[str, Fraction | str | None, tuple[str, ...]]


def observed_naively(observation: Observation, given: Given) -> Told:
    """The name, the value or the tier (None where the source leaves it out), and the figures that are absent."""
    measured = [] if observation.measure is None else [*names_in_measure(observation.measure)]
    named = measured + [name for tier in observation.tiers for name in names_in(tier.when)]
    absent = tuple(dict.fromkeys(name for name in named if name not in given))
    if absent:
        return observation.name, None, absent
    try:
        if observation.measure is not None:
            return observation.name, value_of(observation.measure, given), ()
        for tier in observation.tiers:
            if truth(tier.when, given) is True:
                return observation.name, tier.name, ()
    except HoleError:
        pass
    return observation.name, None, ()


def needed_by_switch(rule: Switch, given: Given) -> set[str]:
    """The figures of the conditions; those of a case only once that case can count."""
    if rule.choose is Choose.FIRST:
        for case in rule.cases:
            absent = {name for name in names_in(case.when) if name not in given}
            held = None if absent else may_hold(case.when, given)
            if absent or held is None:
                return absent
            if held:
                return needed(case.rule, given)
        return set()
    absent = {name for case in rule.cases for name in names_in(case.when) if name not in given}
    counted = [] if absent else [case for case in rule.cases if may_hold(case.when, given) is not False]
    return absent or {name for case in counted for name in needed(case.rule, given)}


def may_hold(condition: Condition, given: Given) -> bool | None:
    try:
        return truth(condition, given)
    except HoleError:
        return None
