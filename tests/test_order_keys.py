"""Keys made of bytes stand in the order of the numbers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cchc_index.batch.order_keys import order_key

NUMBERS = st.one_of(
    st.fractions(min_value=-3, max_value=3, max_denominator=12),
    st.fractions(),
    st.builds(Fraction, st.integers(-(2**200), 2**200), st.integers(1, 2**200)),
)


@given(NUMBERS, NUMBERS)
def test_keys_compare_as_the_numbers_do(one: Fraction, other: Fraction) -> None:
    first, second = order_key(one), order_key(other)
    assert (first < second, first == second) == (one < other, one == other)


@given(NUMBERS, st.integers(1, 2**80))
def test_numbers_next_to_each_other_are_told_apart(one: Fraction, step: int) -> None:
    other = one + Fraction(1, step)
    assert order_key(one) < order_key(other)
