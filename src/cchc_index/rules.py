"""The rule algebra: six frozen values that say everything a decision says about points.

Each interpreter (`score`, `needs`, `say`, `compile`) is one `match` over these six. None knows the shapes of the
files, which lower to them. Points are exact; a rule never rounds unless it carries a `Rounding`.
"""

from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from typing import Literal

from attrs import frozen

from cchc_index.measures import (
    Condition,
    Interval,
    Measure,
    names_of_condition,
    names_of_measure,
)
from cchc_index.points import RoundingRule
from cchc_index.sources import NOT_STATED, Basis, NotStated

ZERO = Fraction(0)


@frozen
class Rounding:
    """Round to a multiple of `step`, by a named rule, on the basis of a sentence."""

    step: Fraction
    rule: RoundingRule = RoundingRule.HALF_UP
    basis: Basis = NOT_STATED


@frozen
class Piece:
    """On `interval` the points are `base + slope × measure`."""

    interval: Interval
    base: Fraction
    slope: Fraction = ZERO
    basis: Basis = NOT_STATED


@frozen
class Piecewise:
    """Points read off a measure, by intervals that do not meet."""

    measure: Measure
    pieces: tuple[Piece, ...]


@frozen
class Option:
    """One option of a closed list and its points."""

    name: str
    points: Fraction
    basis: Basis = NOT_STATED


@frozen
class Table:
    """Points of the option that was chosen."""

    fact: str
    options: tuple[Option, ...]


@frozen
class Term:
    """One line of a sum, with the name it has in the table."""

    rule: "Rule"
    label: str = ""
    basis: Basis = NOT_STATED


@frozen
class Sum:
    """`base` plus every term, then clamped. A floor may be negative where the decision deducts below zero."""

    terms: tuple[Term, ...] = ()
    base: Fraction = ZERO
    floor: Fraction | None = None
    cap: Fraction | None = None


class Choose(Enum):
    """Which case of a switch counts. The value is the word in the files."""

    FIRST = "lay_muc_dau_tien"
    ONLY = "chi_mot_muc"
    BEST = "lay_muc_cao_nhat"


@frozen
class Case:
    """A rule that holds under a condition."""

    when: Condition
    rule: "Rule"
    basis: Basis = NOT_STATED


@frozen
class Switch:
    """The first, the only or the best case whose condition holds: levels, tiers by volume, kinds of unit."""

    cases: tuple[Case, ...]
    choose: Choose = Choose.ONLY


@frozen
class Average:
    """Score each record (a dossier, a commune), then the mean, rounded where the text orders it."""

    records: str
    rule: "Rule"
    rounding: Rounding | None = None


@frozen
class Awarded:
    """Points given by people (a council, a survey body): only bounded, stepped and recorded."""

    fact: str
    low: Fraction | None = ZERO
    high: Fraction | None = None
    step: Fraction | Literal[NotStated.NOT_STATED] = NOT_STATED
    basis: Basis = NOT_STATED


Rule = Piecewise | Table | Sum | Switch | Average | Awarded


def constant(points: Fraction) -> Sum:
    """The rule that always gives `points`."""
    return Sum(base=points)


def parts_of(rule: Rule) -> tuple[Rule, ...]:
    """The rules directly inside a rule."""
    match rule:
        case Sum(terms):
            return tuple(term.rule for term in terms)
        case Switch(cases):
            return tuple(case.rule for case in cases)
        case Average(_, inner):
            return (inner,)
        case _:
            return ()


def own_names(rule: Rule) -> Iterator[str]:
    """The figures the rule itself looks at, not those of the rules inside it."""
    match rule:
        case Piecewise(measure):
            yield from names_of_measure(measure)
        case Table(fact) | Awarded(fact) | Average(fact):
            yield fact
        case Switch(cases):
            for case in cases:
                yield from names_of_condition(case.when)


def bases_of(rule: Rule) -> Iterator[Basis]:
    """Every basis inside a rule, in the order of the table."""
    match rule:
        case Piecewise(_, pieces):
            yield from (piece.basis for piece in pieces)
        case Table(_, options):
            yield from (option.basis for option in options)
        case Sum(terms):
            yield from (term.basis for term in terms)
        case Switch(cases):
            yield from (case.basis for case in cases)
        case Average(_, _, rounding) if rounding:
            yield rounding.basis
        case Awarded(basis=basis):
            yield basis
    for part in parts_of(rule):
        yield from bases_of(part)
