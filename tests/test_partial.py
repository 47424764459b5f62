"""What can be scored of an incomplete sheet: never 0 for what is missing, and a range that holds every completion."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Adjustment, AdjustmentKind, Basing, Criterion, Exemption, Policy, Ranking, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.reviewing.partial import (
    Partial,
    Range,
    fewest_of,
    partial,
    range_of,
    total_range,
    value_range,
)
from cchc_index.rules import Awarded, Option, Piece, Piecewise, Rounding, Rule, Sum, Switch, Table, Term, constant
from cchc_index.scoring.trace import Card, PieceTrace
from cchc_index.sources import NOT_STATED, Reading
from strategies import CITATION, scored, with_criteria, with_rule
from strategies import rules as any_rules

U = Table("u", (Option("co", Fraction(2)), Option("khong", Fraction(0))))
IS_U = Chosen("u", ("co",))
INDEX = Reading("điểm / điểm tối đa", "người lập")


def inside(value: Fraction, ends: Range) -> bool:
    low, high = ends
    return (low is None or low <= value) and (high is None or value <= high)


def card_of(rules: Ruleset, unit: Submission) -> Card | None:
    try:
        return cchc.score(rules, unit)
    except cchc.CchcError:
        return None


def tried(rules: Ruleset, unit: Submission) -> Partial | None:
    try:
        return partial(rules, unit)
    except (cchc.BadRuleset, cchc.BadSubmission):
        return None


def less(unit: Submission, seed: int) -> Submission:
    gone = Random(seed).sample(sorted(unit.figures), min(3, len(unit.figures)))
    return evolve(unit, figures={name: value for name, value in unit.figures.items() if name not in gone})


@given(scored(whole=True))
def test_a_complete_sheet_is_scored_as_ever(pair: tuple[Ruleset, Submission]) -> None:
    card = card_of(*pair)
    if card:
        assert partial(*pair) == Partial(card, {}, {})


@given(scored())
def test_what_cannot_be_scored_has_no_points_and_a_reason(pair: tuple[Ruleset, Submission]) -> None:
    found = tried(*pair)
    if found is None:
        return
    for code in (*found.lacking, *found.undefined):
        if code in pair[0].by_code and not pair[0][code].children and not found.card[code].exempted:
            assert found.card[code].points is NOT_STATED
    if found.is_complete:
        assert found.card == cchc.score(*pair)


@given(scored(whole=True), st.integers(0, 10**6))
def test_every_completion_lies_in_the_range(pair: tuple[Ruleset, Submission], seed: int) -> None:
    rules, unit = pair
    whole, found = card_of(rules, unit), tried(rules, less(unit, seed))
    if whole is None or found is None:
        return
    if isinstance(whole.points, Fraction):
        assert inside(whole.points, total_range(rules, found))
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    value = whole.index if on_index else whole.points
    if isinstance(value, Fraction):
        assert inside(value, value_range(rules, found))
    for criterion in rules.walk():
        points = whole[criterion.code].points
        if isinstance(points, Fraction) and not whole[criterion.code].exempted:
            assert inside(points, range_of(rules, criterion, found))


@given(any_rules(), scored(whole=True))
def test_no_rule_gives_less_than_its_fewest(rule: Rule, pair: tuple[Ruleset, Submission]) -> None:
    card = card_of(with_rule(rule, NOT_STATED), evolve(pair[1], ruleset=None, version=None, exemptions={}))
    fewest = fewest_of(rule)
    if card and fewest is not None:
        assert isinstance(card["1"].points, Fraction)
        assert card["1"].points >= fewest


def test_the_fewest_points_of_each_rule() -> None:
    rising, falling = Piece(Interval(low=Fraction(2)), Fraction(0), Fraction(1)), Fraction(-1)
    assert fewest_of(Piecewise(figure("m"), (rising,))) == 2
    assert fewest_of(Piecewise(figure("m"), (evolve(rising, slope=falling),))) is None
    assert fewest_of(Piecewise(figure("m"), (evolve(rising, slope=Fraction(0)),))) == 0
    unbounded = Awarded("g", None)
    assert fewest_of(Sum((Term(unbounded),), floor=Fraction(-1))) == -1
    assert fewest_of(Sum((Term(unbounded),))) is None
    assert fewest_of(Sum((Term(unbounded),), cap=Fraction(-1))) is None
    assert fewest_of(Sum(base=Fraction(3), cap=Fraction(2), floor=Fraction(0))) == 2
    assert fewest_of(Switch(())) is None


def ruleset(*exemptions: Exemption, **more: Any) -> Ruleset:
    open_one = Criterion("1", "một", Fraction(2), CITATION, rule=U, exemptions=exemptions)
    fixed = Criterion("2", "hai", Fraction(3), CITATION, rule=constant(Fraction(3)))
    stated = with_criteria(open_one, fixed, max_points=Fraction(5), index_basis=INDEX, ranking=Ranking(Basing.INDEX))
    return evolve(stated, **more)


NOBODY = Submission("Xã A", {})


def test_the_index_has_a_range_while_its_maximum_is_known() -> None:
    rules = ruleset()
    found = partial(rules, NOBODY)
    assert total_range(rules, found) == (3, 5)  # type: ignore[comparison-overlap]
    assert value_range(rules, found) == (Fraction(3, 5), 1)  # type: ignore[comparison-overlap]
    assert value_range(evolve(rules, ranking=None), found) == (3, 5)  # type: ignore[comparison-overlap]
    assert value_range(evolve(rules, index_basis=NOT_STATED), found) == (None, None)


@pytest.mark.parametrize(
    ("policy", "total", "value"),
    [
        (Policy.REMOVED, (3, 5), (None, None)),
        (Policy.RESCALED, (None, None), (None, None)),
        (Policy.FULL, (3, 5), (Fraction(3, 5), 1)),
        (Policy.FORBIDDEN, (3, 5), (Fraction(3, 5), 1)),
    ],
)
def test_an_exemption_that_may_still_hold_widens_the_range(policy: Policy, total: Range, value: Range) -> None:
    rules = ruleset(Exemption(policy, IS_U))
    found = partial(rules, NOBODY)
    assert total_range(rules, found) == total
    assert value_range(rules, found) == value


def test_points_that_were_rescaled_have_no_simple_range() -> None:
    rules = ruleset()
    asked = evolve(rules.criteria[1], exemptions=(Exemption(Policy.RESCALED),))
    rules = evolve(rules, criteria=(rules.criteria[0], asked))
    found = partial(rules, Submission("Xã A", {}, exemptions={"2": "lý do"}))
    assert total_range(rules, found) == (None, None)


def test_bonus_and_penalty_have_ranges_too() -> None:
    outside = [Criterion(code, code, Fraction(1), CITATION, rule=U) for code in ("T", "P")]
    kinds = (AdjustmentKind.BONUS, AdjustmentKind.PENALTY)
    rules = ruleset(adjustments=tuple(map(Adjustment, kinds, outside)), rounding=Rounding(Fraction(1)))
    assert total_range(rules, partial(rules, NOBODY)) == (2, 6)  # type: ignore[comparison-overlap]
    unbounded = evolve(outside[1], rule=Awarded("g", None), max_points=NOT_STATED)
    rules = evolve(rules, adjustments=(Adjustment(AdjustmentKind.PENALTY, unbounded),))
    found = partial(rules, NOBODY)
    assert (total_range(rules, found), value_range(rules, found)) == ((None, None), (None, None))


def test_a_rule_that_is_not_stated_lies_between_nothing_and_its_maximum() -> None:
    silent = Criterion("1", "một", Fraction(2), CITATION)
    rules = with_criteria(silent, evolve(silent, code="2", max_points=NOT_STATED))
    found = partial(rules, NOBODY)
    assert found.is_complete
    assert [range_of(rules, c, found) for c in rules.criteria] == [(0, 2), (0, None)]  # type: ignore[comparison-overlap]


def test_figures_missing_for_grade_rank_and_notes_do_not_stop_a_score() -> None:
    rules = cchc.load("mau/cap-xa/1")
    found = partial(rules, Submission("Xã A", {}))
    assert {"xep_hang"} <= set(found.lacking)
    assert found.card.points is NOT_STATED
    low, high = total_range(rules, found)
    assert low is not None
    assert high is not None
    assert low <= high


def test_a_hole_is_told_apart_from_a_missing_figure() -> None:
    rules = with_rule(Piecewise(figure("m"), (Piece(Interval(low=Fraction(5)), Fraction(1)),)))
    found = partial(rules, Submission("Xã A", {"m": 1}))
    assert list(found.undefined) == ["1"]
    assert not found.lacking
    assert not isinstance(found.card["1"].trace, PieceTrace)
