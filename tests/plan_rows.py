"""What a plan says of one row, in Python integers and fractions: what its expressions mean."""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from cchc_index.batch.expressions import (
    AtLeastOne,
    Column,
    Compare,
    Divides,
    Every,
    Expression,
    Flag,
    HalfUp,
    Not,
    Number,
    Passes,
    Product,
    Rounded,
    Share,
    Some,
    Truth,
    Weighted,
)
from cchc_index.batch.lowering import COUNT, DAY_ZERO, ODD, SUM
from cchc_index.batch.plan import Plan
from cchc_index.criteria import Ruleset
from cchc_index.figures import Figures
from cchc_index.measures import YES, Fact, FactType
from cchc_index.points import round_half_up

Row = Mapping[str, int]
ONE = Fraction(1)


def value_of(node: Expression, row: Row, known: dict[int, Any] | None = None) -> Any:
    """The value of an expression: an int, a bool, or a Fraction for an exact number."""
    known = {} if known is None else known
    if id(node) not in known:
        known[id(node)] = _value(node, row, known)
    return known[id(node)]


def _value(node: Expression, row: Row, known: dict[int, Any]) -> Any:
    def of(inner: Any) -> Any:
        return value_of(inner, row, known)

    match node:
        case Column(name):
            return row[name]
        case Flag(name):
            return bool(row[name])
        case Weighted(terms, constant):
            return sum(weight * of(term) for weight, term in terms) + constant
        case Product(left, right):
            return of(left) * of(right)
        case Truth(test):
            return int(of(test))
        case AtLeastOne(number):
            return max(of(number), 1)
        case HalfUp(top, bottom):
            return int(round_half_up(Fraction(of(top), of(bottom)), ONE))
        case Compare(left, sign, right):
            one, other = of(left), of(right)
            return {">": one > other, ">=": one >= other, "==": one == other}[sign]
        case Divides(number, by):
            return of(number) % by == 0
        case Every(parts):
            return all(of(part) for part in parts)
        case Some(parts):
            return any(of(part) for part in parts)
        case Not(part):
            return not of(part)
        case Share(top, bottom):
            return Fraction(of(top), of(bottom))
        case Number(whole, shares, parts):
            return sum((of(part) for part in (*shares, *parts)), Fraction(of(whole)))
        case Passes(number, times, sign, limit):
            one, other = of(number) * times, of(limit)
            return {">": one > other, ">=": one >= other, "==": one == other}[sign]
        case Rounded(number, times, bottom):
            return int(round_half_up(of(number) * times / of(bottom), ONE))


def scales_of(rules: Ruleset, figures: Figures) -> dict[str, int]:
    """The denominators over which every figure of one unit is a whole number."""
    scales: dict[str, int] = {}
    for name, value in figures.items():
        if isinstance(value, tuple):
            for record in value:
                for inner, given in record.items():
                    _widen(scales, f"{name}/{inner}", given)
        else:
            _widen(scales, name, value)
    return scales


def _widen(scales: dict[str, int], name: str, value: Any) -> None:
    if isinstance(value, Fraction):
        scales[name] = lcm(scales.get(name, 1), value.denominator)


def row_of(plan: Plan, figures: Figures, scales: Mapping[str, int]) -> dict[str, int]:
    """The columns of a plan for one unit, those of its records added up too."""
    row = _columns(plan.rules.facts_by_name, figures, scales, "")
    for name, value in figures.items():
        if isinstance(value, tuple):
            fields = {fact.name: fact for fact in plan.rules.facts_by_name[name].fields}
            several = [row | _columns(fields, record, scales, f"{name}/") for record in value]
            row[f"{name}/{COUNT}"] = len(value)
            for made in plan.records:
                if made.records == name:
                    row[made.name + SUM] = sum(value_of(made.points, one) for one in several)
                    row[made.name + ODD] = any(value_of(made.odd, one) for one in several)
    return row


def nothing_of(plan: Plan) -> dict[str, int]:
    """The columns of a unit that declares nothing."""
    row = dict.fromkeys(plan.needed, 0)
    for made in plan.records:
        row |= dict.fromkeys((f"{made.records}/{COUNT}", made.name + SUM, made.name + ODD), 0)
    return row


def _columns(facts: Mapping[str, Fact], figures: Figures, scales: Mapping[str, int], under: str) -> dict[str, int]:
    row: dict[str, int] = {}
    for name, value in figures.items():
        fact = facts[name.partition(".")[0]]
        if fact.type is FactType.YES_NO:
            row[under + name] = int(value == YES)
        elif fact.type is FactType.CHOICE:
            row[under + name] = [option for option, _ in fact.options].index(value)
        elif isinstance(value, int | Fraction):
            days = DAY_ZERO if fact.type is FactType.DATE else 0
            row[under + name] = int((value - days) * scales.get(under + name, 1))
    return row
