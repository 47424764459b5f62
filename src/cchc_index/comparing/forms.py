"""Points on one path, as an affine form: a constant plus coefficients of measures, and of values not taken apart.

>>> from cchc_index.measures import figure
>>> settled(Outcome({"": Fraction(1), figure("a"): Fraction(2)}), Region(), Space({}))
({'': Fraction(1, 1), 'a': Fraction(2, 1)}, None)
"""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from cchc_index.comparing.regions import Region, Space, is_point
from cchc_index.criteria import Policy
from cchc_index.measures import Interval, Linear, Measure, Ratio
from cchc_index.points import round_half_up
from cchc_index.rules import ZERO


@frozen
class Opaque:
    """A value that is no affine form, such as a mean over records. Two of the same making are the same number."""

    making: Hashable


Form = Mapping[Any, Fraction]
"""Coefficients by measure (or `Opaque`); the constant stands under the empty text."""


@frozen
class Outcome:
    """What a path gives: points by `form`, or none at all; with the rounding and the steps they are held to."""

    form: Form | None
    steps: frozenset[tuple[str, Fraction]] = frozenset()
    rounding: Fraction | None = None
    policy: Policy | None = None


NO_POINTS = Outcome(None)


def always(points: Fraction) -> Outcome:
    return Outcome({"": points})


def plus(one: Form, other: Form) -> Form:
    """The sum of two forms.

    >>> plus({"": Fraction(1)}, {"": Fraction(2)})
    {'': Fraction(3, 1)}
    """
    found = {atom: one.get(atom, ZERO) + other.get(atom, ZERO) for atom in {**one, **other}}
    return {atom: number for atom, number in found.items() if number or atom == ""}


def affine(base: Fraction, slope: Fraction, measure: Measure) -> Form:
    return {"": base, measure: slope} if slope else {"": base}


def pinned(form: Form, region: Region) -> Form:
    """The form with the measures that are one number in a region put in."""
    found: Form = {"": form.get("", ZERO)}
    for atom, number in form.items():
        span = region.spans.get(atom) if isinstance(atom, Linear | Ratio) else None
        if isinstance(span, Interval) and is_point(span) and span.low is not None:
            found = plus(found, {"": number * span.low})
        elif atom != "":
            found = plus(found, {atom: number})
    return found


def is_constant(form: Form) -> bool:
    return set(form) <= {""}


def settled(outcome: Outcome, region: Region, space: Space) -> tuple[Form, Fraction | None]:
    """The form in terms of figures, so that equal functions are written equally; and the rounding still to be done."""
    assert outcome.form is not None
    found: Form = {"": ZERO}
    for atom, number in pinned(outcome.form, region).items():
        part = _spelled(atom, space) if isinstance(atom, Linear | Ratio) else {atom: Fraction(1)}
        found = plus(found, {name: number * share for name, share in part.items()})
    if outcome.rounding is not None and is_constant(found):
        return {"": round_half_up(found[""], outcome.rounding)}, None
    return found, outcome.rounding


def _spelled(measure: Measure, space: Space) -> Form:
    """A measure by its figures; a ratio by figures over one denominator, what divides out taken out."""
    if isinstance(measure, Linear):
        return {name: Fraction(number) for name, number in space.sums(measure).items()}
    sums = space.sums(measure.bottom)
    lead = min((name for name in sums if name), default="")
    scale = Fraction(sums[lead])
    bottom = {name: number / scale for name, number in sums.items()}
    top = {name: number / scale for name, number in space.sums(measure.top).items()}
    whole = top.get(lead, ZERO)
    rest = _less(top, bottom, whole)
    under = frozenset(bottom.items())
    return {"": whole} | {(under, name): number for name, number in rest.items() if number}


def _less(top: Mapping[str, Fraction], bottom: Mapping[str, Fraction], times: Fraction) -> dict[str, Fraction]:
    return {name: top.get(name, ZERO) - times * bottom.get(name, ZERO) for name in {**top, **bottom}}


def is_same(one: Outcome, other: Outcome, region: Region, space: Space) -> bool:
    """Whether two outcomes are proved to be the same number (or none) everywhere in a region."""
    if one.policy != other.policy or one.form is None or other.form is None:
        return one.policy == other.policy and one.form is other.form
    return one.steps == other.steps and settled(one, region, space) == settled(other, region, space)


def rounded(outcome: Outcome, step: Fraction | None) -> Outcome:
    """The outcome with its points held to a rounding."""
    if step is None or outcome.form is None:
        return outcome
    if is_constant(outcome.form):
        return evolve(outcome, form={"": round_half_up(outcome.form.get("", ZERO), step)})
    return evolve(outcome, rounding=step)
