"""Totals: silence spreads, exemptions take away, the rest is scaled back, bonus and penalty count outside."""

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Points
from cchc_index.facts import Submission
from cchc_index.rules import constant
from cchc_index.scoring.totals import added, applicable, index_of, reaches, scaled_back, with_adjustments
from cchc_index.scoring.trace import Line
from cchc_index.sources import NOT_STATED, Reading
from cchc_index.testing.numbers import fractions
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria

ONE, TWO = Fraction(1), Fraction(2)
KNOWN = fractions(0, 20)
MAYBE: st.SearchStrategy[Points] = st.one_of(KNOWN, st.just(NOT_STATED))


def line(points: Points = ONE, whole: Points = TWO) -> Line:
    """A line with these points and this maximum."""
    leaf = Criterion("1", "một", TWO, CITATION, rule=constant(ONE))
    return evolve(cchc.score(with_criteria(leaf), Submission("Xã A", {})).lines[0], points=points, max_points=whole)


@given(st.lists(MAYBE, max_size=5))
def test_a_sum_with_silence_in_it_is_silent(parts: list[Points]) -> None:
    known = [part for part in parts if isinstance(part, Fraction)]
    assert added(parts) == (sum(known, Fraction(0)) if len(known) == len(parts) else NOT_STATED)


@given(MAYBE, st.lists(MAYBE, max_size=3), st.lists(MAYBE, max_size=3))
def test_what_is_applicable_is_the_maximum_less_what_is_gone(
    whole: Points, parts: list[Points], gone: list[Points]
) -> None:
    lines = [line(whole=part) for part in parts]
    if whole is NOT_STATED:
        assert applicable(whole, lines, gone) == added(parts)
    else:
        lost = added(gone)
        assert applicable(whole, lines, gone) == (NOT_STATED if lost is NOT_STATED else whole - lost)


def test_points_are_scaled_back_to_the_whole() -> None:
    """Six of eight, with two of ten left out: 7,5 of ten."""
    assert scaled_back(Fraction(6), Fraction(8), TWO) == (Fraction(15, 2), Fraction(10))


@pytest.mark.parametrize(
    ("points", "whole", "gone", "scaled"),
    [
        (ONE, TWO, Fraction(0), (ONE, TWO)),
        (ONE, Fraction(0), TWO, (ONE, 0)),
        (NOT_STATED, Fraction(0), TWO, (NOT_STATED, 0)),
        (NOT_STATED, TWO, ONE, (NOT_STATED, NOT_STATED)),
        (ONE, NOT_STATED, ONE, (NOT_STATED, NOT_STATED)),
        (ONE, TWO, NOT_STATED, (NOT_STATED, NOT_STATED)),
        (ONE, NOT_STATED, Fraction(0), (ONE, NOT_STATED)),
    ],
)
def test_what_is_not_known_is_not_scaled(points: Points, whole: Points, gone: Points, scaled: object) -> None:
    assert scaled_back(points, whole, gone) == scaled


def test_bonus_is_added_and_penalty_taken_off() -> None:
    leaf = Criterion("T", "thưởng", TWO, CITATION)
    kinds = (AdjustmentKind.BONUS, AdjustmentKind.PENALTY)
    rules = with_criteria(leaf, adjustments=tuple(Adjustment(kind, leaf) for kind in kinds))
    assert with_adjustments(Fraction(10), rules, [line(TWO), line(ONE)]) == 11
    assert with_adjustments(NOT_STATED, rules, [line(TWO), line(ONE)]) is NOT_STATED
    assert with_adjustments(Fraction(10), rules, [line(TWO), line(NOT_STATED)]) is NOT_STATED
    assert with_adjustments(Fraction(10), rules, [line(NOT_STATED), line(ONE)]) is NOT_STATED
    with pytest.raises(ValueError, match="shorter"):
        with_adjustments(Fraction(10), rules, [line(TWO)])


def test_a_share_is_reached_from_its_bound_on() -> None:
    half = Fraction(1, 2)
    assert [reaches(index, half) for index in (half, half - Fraction(1, 9), ONE, NOT_STATED)] == [
        True,
        False,
        True,
        False,
    ]


def test_an_index_is_only_where_the_decision_defines_one() -> None:
    rules = with_criteria(Criterion("1", "một", TWO, CITATION))
    assert index_of(rules, ONE, TWO) is NOT_STATED
    assert index_of(evolve(rules, index_basis=Reading("điểm / điểm tối đa", "ai")), ONE, TWO) == Fraction(1, 2)
