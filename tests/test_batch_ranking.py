"""Places are those of the exact numbers, however the floats that stand for them fall."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_index.batch import ranking
from cchc_index.batch.ranking import in_order, places, rising

NEAR = 1e-12
value = st.builds(Fraction, st.integers(-40, 40), st.sampled_from((1, 3, 7, 10)))
apart = st.sampled_from((Fraction(0), Fraction(1, 10**13), Fraction(-1, 10**13)))
row = st.tuples(st.builds(lambda one, more: one + more, value, apart), st.integers(-3, 3), st.integers(0, 2))


@pytest.fixture(autouse=True, scope="module", params=[2, ranking.AT_A_TIME])
def rows_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs of rows are put right in small pieces and all at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "AT_A_TIME", request.param)
        yield


def expected(values: Sequence[Fraction], groups: Sequence[int]) -> list[int]:
    """One more than the rows of the same group with a greater value."""
    pairs = list(zip(values, groups, strict=True))
    return [1 + sum(other > own and where == group for other, where in pairs) for own, group in pairs]


def exactly(values: Sequence[Fraction]) -> Any:
    def exact(rows: Any) -> tuple[Any, Any]:
        picked = [values[one] for one in rows]
        return np.array([one.numerator for one in picked], object), np.array(
            [one.denominator for one in picked], object
        )

    return exact


@settings(max_examples=300, deadline=None)
@given(st.lists(row, min_size=1, max_size=30))
def test_rows_whose_floats_are_off_are_counted_out(rows: list[tuple[Fraction, int, int]]) -> None:
    values, groups = [one for one, _, _ in rows], [group for _, _, group in rows]
    floats = np.array([float(one) + off * NEAR / 4 for one, off, _ in rows])
    assert places(floats, NEAR, exactly(values)).tolist() == expected(values, [0] * len(rows))
    assert places(floats, NEAR, exactly(values), np.array(groups)).tolist() == expected(values, groups)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(2**40), 2**40) | st.integers(0, 5), min_size=1, max_size=30))
def test_whole_numbers_need_no_counting_out(values: list[int]) -> None:
    def never(rows: Any) -> Any:
        raise AssertionError(rows)

    assert places(np.array(values), 0, never).tolist() == expected([Fraction(one) for one in values], [0] * len(values))


numbers = st.floats(allow_nan=False) | st.sampled_from((0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324))


@settings(max_examples=300, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=40))
def test_floats_as_whole_numbers_stand_in_the_order_of_the_floats(values: list[float]) -> None:
    found = rising(np.array(values)).tolist()
    for one, own in zip(values, found, strict=True):
        for other, another in zip(values, found, strict=True):
            assert (one < other, one == other) == (own < another, own == another)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**64 - 1) | st.integers(0, 3), st.integers(-2, 2)), max_size=40))
def test_rows_are_put_in_order_as_sorting_does_and_equal_ones_stay_as_they_stand(rows: list[tuple[int, int]]) -> None:
    given_numbers, groups = (np.array([row[part] for row in rows], kind) for part, kind in ((0, np.uint64), (1, int)))
    assert in_order(given_numbers).tolist() == sorted(range(len(rows)), key=lambda row: rows[row][0])
    assert in_order(given_numbers, groups).tolist() == sorted(range(len(rows)), key=lambda row: rows[row][::-1])
