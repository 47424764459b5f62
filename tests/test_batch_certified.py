"""The error bound of the float filter: a search for sums that it lets pass on the wrong side, in small and real floats.

The proof stands in `certified`. Here every sum of two fractions is tried in floats of six bits, where errors are large
and the numbers few enough to try them all; then NumPy's own floats are driven towards the bound.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from cchc_index.batch.certified import EXACT, as_float, bound, exact_sums

BITS = 6
UNIT = Fraction(1, 2**BITS)


def rounded(value: Fraction) -> Fraction:
    """The nearest float of `BITS` bits, ties to even: IEEE rounding with no limit on the exponent."""
    if value == 0:
        return value
    scale = Fraction(2) ** (BITS - 1 - _exponent(abs(value)))
    moved = value * scale
    low = floor(moved)
    rest = moved - low
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1)
    return Fraction(low + up) / scale


def _exponent(value: Fraction) -> int:
    found = value.numerator.bit_length() - value.denominator.bit_length()
    return found if Fraction(2) ** found <= value else found - 1


Case = tuple[int, tuple[int, int], tuple[int, int], int, int]


def cases() -> Iterator[Case]:
    """A whole number, two fractions, what the sum is multiplied by and divided by."""
    pairs = list(product((-2, 1, 3, 4), range(1, 6)))
    yield from product((-1, 0, 3), pairs, pairs, (1, 5), (1, 3))


def wrong_sides(share_of_bound: Fraction) -> int:
    """How many sums are rounded wrongly and yet not seen to be too close to call."""
    found = 0
    for whole, one, other, times, bottom in cases():
        exact = (whole + Fraction(*one) + Fraction(*other)) * times / bottom
        size = (abs(whole) + abs(Fraction(*one)) + abs(Fraction(*other))) * times / bottom
        near = bound(size, 3, UNIT) * share_of_bound
        total = rounded(rounded(rounded(Fraction(*one)) + rounded(Fraction(*other))) + whole)
        moved = rounded(rounded(rounded(total * times) / bottom) + Fraction(1, 2))
        past = moved - floor(moved)
        is_sure = near < past < 1 - near
        found += is_sure and floor(moved) != floor(exact + Fraction(1, 2))
    return found


def test_no_small_sum_is_rounded_wrongly_beyond_the_bound() -> None:
    assert wrong_sides(Fraction(1)) == 0


def test_without_the_bound_small_sums_are_rounded_wrongly() -> None:
    """The search is strong enough to tell: with no margin, or a twentieth of it, it finds many."""
    assert wrong_sides(Fraction(0)) > 20
    assert wrong_sides(Fraction(1, 20)) > 10


def test_every_quotient_of_small_whole_numbers_is_rounded_down_exactly() -> None:
    """For n + d up to 2 to the number of bits, and not always beyond."""
    for d in range(1, 2**BITS, 3):
        for n in range(2**BITS - d + 1):
            assert floor(rounded(Fraction(n, d))) == n // d
    beyond = [(n, d) for d in range(1, 40) for n in range(2**BITS, 2**BITS * 20, 7)]
    assert any(floor(rounded(Fraction(n, d))) != n // d for n, d in beyond)


share = st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 10**4))


@settings(max_examples=400, deadline=None)
@given(
    st.integers(-(10**6), 10**6), st.lists(share, min_size=1, max_size=30), st.integers(1, 10**4), st.integers(1, 10**5)
)
def test_floats_stay_within_the_bound(whole: int, shares: list[tuple[int, int]], times: int, bottom: int) -> None:
    tops, bottoms = (np.array(part, float) for part in zip(*shares, strict=True))
    total = 0.0
    for top, under in zip(tops, bottoms, strict=True):
        total += top / under
    moved = (total + whole) * times / bottom + 0.5
    exact = (sum((Fraction(*one) for one in shares), Fraction(whole))) * times / bottom + Fraction(1, 2)
    size = sum((abs(Fraction(*one)) for one in shares), Fraction(abs(whole))) * times / bottom
    allowed = bound(size, len(shares) + 1)
    error: Fraction = abs(Fraction(float(moved)) - exact)
    target(float(error / allowed))
    assert error <= allowed / 2


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(1, 10), Fraction(1), Fraction(1, 2**80)])
def test_a_bound_as_a_float_is_not_below_it(value: Fraction) -> None:
    assert Fraction(as_float(value)) >= value


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.lists(share, min_size=3, max_size=3)), min_size=1, max_size=8))
def test_exact_sums_are_exact_and_in_lowest_terms(rows: list[tuple[int, list[tuple[int, int]]]]) -> None:
    whole = np.array([one for one, _ in rows])
    tops, bottoms = ([np.array([row[n][part] for _, row in rows]) for n in range(3)] for part in (0, 1))
    found = zip(*(part.tolist() for part in exact_sums(whole, tops, bottoms)), strict=True)
    for (one, shares), pair in zip(rows, found, strict=True):
        expected = one + sum((Fraction(*share) for share in shares), Fraction(0))
        assert pair == (expected.numerator, expected.denominator)


def test_sums_that_need_more_than_machine_integers_are_exact_too() -> None:
    primes = [2**31 - 1, 2**31 - 19, 2**31 - 61]
    tops, bottoms = [np.array([1, 6])] * 3, [np.array([prime, 3]) for prime in primes]
    top, bottom = exact_sums(np.array([1, 1]), tops, bottoms)
    expected = 1 + sum(Fraction(1, prime) for prime in primes)
    assert Fraction(int(top[0]), int(bottom[0])) == expected
    assert (top[1], bottom[1]) == (7, 1)
    assert EXACT == 2**53
