"""Exact numbers drawn from small grids, so that figures often stand on an end point; and how values are drawn."""

from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from cchc_index.rules import (
    Rounding,
)


def fractions(low: int = -3, high: int = 5) -> st.SearchStrategy[Fraction]:
    """Exact numbers with small denominators, the finite decimals and the others."""
    return st.builds(Fraction, st.integers(low * 60, high * 60), st.sampled_from((60, 20, 15, 12, 100, 7)))


def wide_fractions() -> st.SearchStrategy[Fraction]:
    """Exact numbers of any size."""
    return st.fractions(max_denominator=10**9) | st.fractions() | fractions()


def finite_decimals() -> st.SearchStrategy[Fraction]:
    """Numbers that a finite decimal of at most 12 places writes in full."""
    return st.builds(lambda n, places: Fraction(n, 10**places), st.integers(-(10**15), 10**15), st.integers(0, 12))


END_POINTS = (*(Fraction(n, 4) for n in range(-4, 13)), Fraction(9, 10), Fraction(1, 3))
POINTS = (*(Fraction(n, 4) for n in range(9)), Fraction(1, 3), Fraction(3, 10))
STEPS = (Fraction(1, 100), Fraction(1, 10), Fraction(1, 4), Fraction(1), Fraction(3, 10), Fraction(5))


def end_points() -> st.SearchStrategy[Fraction]:
    """End points on a coarse grid: figures stand on them often."""
    return st.sampled_from(END_POINTS)


def points() -> st.SearchStrategy[Fraction]:
    return st.sampled_from(POINTS)


def steps() -> st.SearchStrategy[Fraction]:
    return st.sampled_from(STEPS)


def roundings() -> st.SearchStrategy[Rounding]:
    return st.builds(Rounding, steps())


# Each maker below draws from a `Random`. Small values are made from one that Hypothesis steers and can shrink; whole
# rulesets from one that it only seeds, a hundred times faster. Set STEERED to shrink a failing ruleset too.

STEERED = False


def steered() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=False)


def seeded() -> st.SearchStrategy[Random]:
    return steered() if STEERED else st.integers(0, 2**64).map(Random)


def chance(r: Random, one_in: int) -> bool:
    return r.randrange(one_in) == 0
