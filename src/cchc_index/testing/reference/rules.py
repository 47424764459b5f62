"""What the docstrings of the core say of rules, in plain `Fraction`s, sharing no code with it.

It reads the values of the algebra (their fields only) and never calls what the library computes with them.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, Interval, Linear, Measure, Within
from cchc_index.rules import (
    Average,
    Awarded,
    Choose,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
)
from cchc_index.sources import NOT_STATED

Given = Mapping[str, Any]


class HoleError(Exception):
    """The source gives no points."""


class AbsentError(Exception):
    """A figure is not there."""


class RefusedError(Exception):
    """Awarded points that no one may award."""


def inside(value: Fraction, interval: Interval) -> bool:
    """Whether a number lies between the ends."""
    if interval.low is not None and (value < interval.low or (value == interval.low and not interval.low_closed)):
        return False
    return interval.high is None or value < interval.high or (value == interval.high and interval.high_closed)


def looked(given: Given, name: str) -> Any:
    if name not in given:
        raise AbsentError(name)
    return given[name]


def linear(measure: Linear, given: Given) -> Fraction:
    found = Fraction(measure.constant)
    for name, coefficient in measure.terms:
        found += Fraction(coefficient) * Fraction(looked(given, name))
    return found


def value_of(measure: Measure, given: Given) -> Fraction | None:
    """The value; None for a zero denominator about which the source says nothing."""
    if isinstance(measure, Linear):
        return linear(measure, given)
    top, bottom = linear(measure.top, given), linear(measure.bottom, given)
    if bottom < 0:
        raise HoleError
    if bottom == 0:
        return None if measure.at_zero is NOT_STATED else measure.at_zero
    return top / bottom


def truth(condition: Condition, given: Given) -> bool | None:
    """Three values: True, False, and None for what nobody can tell. Every figure that is named is looked at."""
    match condition:
        case Within():
            value = value_of(condition.measure, given)
            return None if value is None else inside(value, condition.interval)
        case Chosen():
            return any(looked(given, condition.fact) == option for option in condition.options)
        case AllOf():
            return kleene_all([truth(part, given) for part in condition.parts])
        case AnyOf():
            flipped = kleene_all([negated(truth(part, given)) for part in condition.parts])
            return negated(flipped)


def kleene_all(found: list[bool | None]) -> bool | None:
    """The least of the truths, where False < None < True."""
    order: list[bool | None] = [False, None, True]
    return order[min([2, *(order.index(one) for one in found)])]


def negated(found: bool | None) -> bool | None:
    return None if found is None else not found


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple, found by looking at both neighbours; a tie goes away from zero."""
    size = abs(value)
    below = step * (size // step)
    above = below + step
    nearest = below if size - below < above - size else above
    return nearest if value >= 0 else -nearest


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    return value if rounding is None else half_up(value, rounding.step)


def points_of(rule: Rule, given: Given) -> Fraction:
    """The points of a rule. Raises HoleError, AbsentError, RefusedError."""
    match rule:
        case Piecewise():
            value = value_of(rule.measure, given)
            held = [] if value is None else [piece for piece in rule.pieces if inside(value, piece.interval)]
            if value is None or not held:
                raise HoleError
            return held[0].base + held[0].slope * value
        case Table():
            chosen = looked(given, rule.fact)
            named = [option.points for option in rule.options if option.name == chosen]
            if not named:
                raise HoleError
            return named[0]
        case Sum():
            found = rule.base
            for term in rule.terms:
                found += points_of(term.rule, given)
            found = found if rule.cap is None else min(found, rule.cap)
            return found if rule.floor is None else max(found, rule.floor)
        case Switch():
            return points_of_switch(rule, given)
        case Average():
            return points_of_average(rule, given)
        case Awarded():
            return awarded(rule, Fraction(looked(given, rule.fact)))


def points_of_average(rule: Average, given: Given) -> Fraction:
    records = looked(given, rule.records)
    if not records:
        raise HoleError
    scores = [points_of(rule.rule, {**given, **record}) for record in records]
    return rounded(sum(scores, Fraction(0)) / len(scores), rule.rounding)


def awarded(rule: Awarded, points: Fraction) -> Fraction:
    below = rule.low is not None and points < rule.low
    above = rule.high is not None and points > rule.high
    off_step = rule.step is not NOT_STATED and points % rule.step != 0
    if below or above or off_step:
        raise RefusedError
    return points


def points_of_switch(rule: Switch, given: Given) -> Fraction:
    if rule.choose is Choose.FIRST:
        for case in rule.cases:
            held = truth(case.when, given)
            if held is None:
                raise HoleError
            if held:
                return points_of(case.rule, given)
        raise HoleError
    truths = [truth(case.when, given) for case in rule.cases]
    if rule.choose is Choose.ONLY:
        if None in truths or truths.count(True) != 1:
            raise HoleError
        return points_of(rule.cases[truths.index(True)].rule, given)
    sure = [points_of(c.rule, given) for c, held in zip(rule.cases, truths, strict=True) if held is True]
    unsure = [points_of(c.rule, given) for c, held in zip(rule.cases, truths, strict=True) if held is None]
    if not sure or (unsure and max(unsure) > max(sure)):
        raise HoleError
    return max(sure)
