"""Sums of many fractions: a binary float says where they stand, a proved bound says when it may be wrong.

The exact number is x = w + Σ tᵢ/bᵢ with whole w, tᵢ and bᵢ > 0, all below 2⁵³, so that each is a float exactly. In the
standard model of floating point arithmetic, fl(a op b) = (a op b)(1 + δ) with |δ| ≤ u = 2⁻⁵³ for each of + - × / when
nothing overflows or underflows (IEEE 754, rounding to nearest; Higham, Accuracy and Stability of Numerical Algorithms,
2nd ed., 2002, (2.4)). Each tᵢ/bᵢ takes one such step and then, with w, at most n additions, in whatever order they are
grouped; so with Higham's Lemma 3.1 and γₖ = ku/(1 - ku)

    |x̂ - x| ≤ γₙ₊₁ (|w| + Σ |tᵢ/bᵢ|) ≤ γₙ₊₁ M,     M from the bounds of the columns (`ranges`).

Multiplying by a whole number, dividing by one (or multiplying by their quotient, which is one step too) and adding ½
are three more steps. What is looked at is
x·times/bottom (or x·times), compared with a whole number L or with the half-way points of rounding; the float is
wrong by at most γₙ₊₄ (M·times/bottom + 1), and a last subtraction by u of what it gives. `bound` is twice that,
rounded up. Where the float is further than that from L, it stands on the side on which the exact number stands;
elsewhere the row is recounted in whole numbers. Nothing underflows: every quotient is 0 or at least 2⁻⁵³ in size.
tests/test_batch_certified.py looks for a counterexample.

Whole numbers need no bound: for 0 ≤ n < 2⁵³ and whole d > 0, floor(fl(n/d)) = floor(n/d). If n/d is not whole, the next
whole number k above it has k - n/d ≥ 1/d; rounding reaches k only if 1/d ≤ k·u, so kd ≥ 2⁵³; but kd < n + d, and kd ≤
n + d - 1 is below 2⁵³ when n + d ≤ 2⁵³.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

EXACT = 2**53
"""Whole numbers up to here are floats exactly."""
UNIT = Fraction(1, EXACT)
Ints = npt.NDArray[np.int64]
AnyInts = npt.NDArray[Any]
"""Machine integers, or Python's where one of them needs more."""
Flags = npt.NDArray[np.bool_]
_ROOM = 2.0**62


def bound(size: Fraction, terms: int, unit: Fraction = UNIT) -> Fraction:
    """How far from a whole number a float must stand for its side to be the right one.

    `size` bounds the sizes of everything that is added, after multiplying and dividing; `terms` is how many there are;
    `unit` is u.

    >>> float(bound(Fraction(10_000), 30)) < 1e-10
    True
    """
    steps = terms + 6
    gamma = steps * unit / (1 - steps * unit)
    return 2 * gamma * (size + 1)


def as_float(limit: Fraction) -> float:
    """The least float that is not below an exact number above zero."""
    found = limit.numerator / limit.denominator
    return found if Fraction(found) >= limit else float(np.nextafter(found, np.inf))


def exact_sums(whole: Ints, tops: Sequence[Ints], bottoms: Sequence[Ints]) -> tuple[AnyInts, AnyInts]:
    """`whole + Σ top / bottom` for each row in lowest terms: numerators and denominators, whatever their size.

    >>> one, three, six = (np.array([number]) for number in (1, 3, 6))
    >>> [part.tolist() for part in exact_sums(one, [one, one], [three, six])]
    [[3], [2]]
    """
    total, over, fits = _reduced_sums(whole, tops, bottoms)
    if fits.all():
        return total, over
    found_total, found_over = total.astype(object), over.astype(object)
    for row in np.flatnonzero(~fits).tolist():
        pairs = zip(tops, bottoms, strict=True)
        value = int(whole[row]) + sum(Fraction(int(top[row]), int(bottom[row])) for top, bottom in pairs)
        found_total[row], found_over[row] = value.numerator, value.denominator
    return found_total, found_over


def _reduced_sums(whole: Ints, tops: Sequence[Ints], bottoms: Sequence[Ints]) -> tuple[Ints, Ints, Flags]:
    """The same in machine integers, and the rows for which they do."""
    total, over = whole.copy(), np.ones_like(whole)
    fits = np.ones(len(whole), bool)
    for top, bottom in zip(tops, bottoms, strict=True):
        common = np.gcd(top, bottom)
        top, bottom = top // common, bottom // common  # noqa: PLW2901
        shared = np.gcd(over, bottom)
        widen, lift = bottom // shared, over // shared
        size = np.abs(total) * widen.astype(float) + np.abs(top) * lift.astype(float)
        fits &= (size < _ROOM) & (over * widen.astype(float) < _ROOM)
        total = np.where(fits, total * widen + top * lift, 0)
        over = np.where(fits, over * widen, 1)
    common = np.gcd(total, over)
    return total // common, over // common, fits
