"""Intervals, conditions and measures against their naive definitions."""

from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cchc_index import measures as core
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    are_apart,
    cells_of,
    change,
    figure,
    names_of_condition,
    names_of_measure,
    ratio,
)
from cchc_index.scoring import conditions as engine
from cchc_index.scoring.conditions import Undefined, look_at
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import end_points, fractions
from cchc_index.testing.pool.units import given_by, make_holed
from cchc_index.testing.reference.needs import names_in
from cchc_index.testing.reference.rules import AbsentError, HoleError, inside, truth, value_of
from cchc_index.testing.strategies import bands, conditions, figures, intervals, measures

EVERY = Fraction(1, 100)


def looked_up(raw: dict[str, object]) -> Figures:
    """Figures as the engine holds them, made without the engine."""
    values = dict(given_by(Submission("Xã", raw)))
    return Figures({name: value for name, value in values.items() if name != "r"})


# -- intervals --------------------------------------------------------------------------------------------------------


@given(intervals(), end_points() | fractions())
def test_an_interval_holds_what_lies_between_its_ends(interval: Interval, value: Fraction) -> None:
    near = [value, *(end + by for end in (interval.low, interval.high) if end is not None for by in (-EVERY, 0, EVERY))]
    for number in near:
        assert (number in interval) == inside(Fraction(number), interval)


@given(intervals(), fractions(), st.integers(1, 50), st.integers(1, 50))
def test_holds_is_the_same_for_any_way_to_write_a_ratio(
    interval: Interval, value: Fraction, by: int, over: int
) -> None:
    top, bottom = value.numerator * by, value.denominator * by
    assert interval.holds(top, bottom) == inside(value, interval)
    assert interval.holds(Fraction(top, over), Fraction(bottom, over)) == inside(value, interval)


@given(intervals(), intervals())
def test_intervals_meet_when_some_number_lies_in_both(one: Interval, other: Interval) -> None:
    """On a line cut by four ends, the ends, the points between two of them and beyond them are all there is to try."""
    ends = sorted({end for end in (one.low, one.high, other.low, other.high) if end is not None} | {Fraction(0)})
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    tried = [ends[0] - 1, *ends, *between, ends[-1] + 1]
    assert one.meets(other) == any(inside(x, one) and inside(x, other) for x in tried)
    assert one.meets(other) == other.meets(one)


@given(bands(), end_points())
def test_bands_do_not_meet(found: tuple[Interval, ...], value: Fraction) -> None:
    assert sum(value in interval for interval in found) <= 1
    assert not any(a.meets(b) for n, a in enumerate(found) for b in found[n + 1 :])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Interval(high=Fraction(1)), Interval(low=Fraction(1), low_closed=True), False),
        (Interval(high=Fraction(1), high_closed=True), Interval(low=Fraction(1)), False),
        (Interval(high=Fraction(1), high_closed=True), Interval(low=Fraction(1), low_closed=True), True),
        (Interval(), Interval(), True),
    ],
)
def test_touching_intervals(one: Interval, other: Interval, expected: bool) -> None:
    assert one.meets(other) is expected


@given(st.lists(intervals(), max_size=4), end_points(), st.integers(1, 7))
def test_cells_hold_what_the_first_range_holds(found: list[Interval], value: Fraction, scale: int) -> None:
    cells = cells_of((interval, str(number)) for number, interval in enumerate(found))
    expected = next((str(number) for number, interval in enumerate(found) if inside(value, interval)), None)
    assert cells.at(value.numerator * scale, value.denominator * scale) == expected
    assert len(cells.cuts) <= 2 * len(found)


def test_ninety_percent_stands_where_the_decision_puts_it() -> None:
    band = Interval(Fraction(9, 10), Fraction(1), low_closed=True)
    assert [band.holds(top, 20) for top in (17, 18, 19, 20)] == [False, True, True, False]
    assert Interval(Fraction(58, 100), low_closed=True).holds(29, 50)


# -- three truths -----------------------------------------------------------------------------------------------------

ON, OFF = Chosen("u", ("co",)), Chosen("u", ("khong",))
UNKNOWN = Within(Ratio(figure("a"), figure("b")), Interval())
TRUTHS: dict[bool | None, Condition] = {True: ON, False: OFF, None: UNKNOWN}
NOTHING = Figures({"u": "co", "a": 0, "b": 0})

ALL = {
    (True, True): True,
    (True, None): None,
    (True, False): False,
    (None, None): None,
    (None, False): False,
    (False, False): False,
}
ANY = {
    (True, True): True,
    (True, None): True,
    (True, False): True,
    (None, None): None,
    (None, False): None,
    (False, False): False,
}


@pytest.mark.parametrize(("one", "other"), list(product((True, None, False), repeat=2)))
def test_the_tables_of_kleene(one: bool | None, other: bool | None) -> None:
    order = (True, None, False)
    key = (one, other) if order.index(one) <= order.index(other) else (other, one)
    parts = (TRUTHS[one], TRUTHS[other])
    assert engine.test_of(AllOf(parts))(NOTHING) is ALL[key]
    assert engine.test_of(AnyOf(parts))(NOTHING) is ANY[key]


def test_all_of_nothing_holds_and_any_of_nothing_does_not() -> None:
    assert engine.test_of(AllOf(()))(NOTHING) is True
    assert engine.test_of(AnyOf(()))(NOTHING) is False
    assert [engine.test_of(TRUTHS[truth_])(NOTHING) for truth_ in (True, False, None)] == [True, False, None]


@settings(max_examples=200)
@given(conditions(), figures())
def test_a_condition_is_its_naive_truth(condition: Condition, raw: dict[str, object]) -> None:
    given_ = given_by(Submission("Xã", raw))
    try:
        expected = truth(condition, given_)
    except HoleError:
        with pytest.raises(Undefined):
            engine.test_of(condition)(looked_up(raw))
        return
    assert engine.test_of(condition)(looked_up(raw)) is expected


@given(conditions(), figures(), st.randoms(use_true_random=True))
def test_the_order_of_conditions_does_not_matter(condition: Condition, raw: dict[str, object], random: Random) -> None:
    def flipped(one: Condition) -> Condition:
        match one:
            case AllOf(parts):
                return AllOf(tuple(random.sample([flipped(part) for part in parts], len(parts))))
            case AnyOf(parts):
                return AnyOf(tuple(random.sample([flipped(part) for part in parts], len(parts))))
        return one

    def found(one: Condition) -> object:
        try:
            return engine.test_of(one)(looked_up(raw))
        except Undefined as problem:
            return type(problem)

    assert found(flipped(condition)) == found(condition)


@given(conditions(), figures(), st.randoms(use_true_random=True))
def test_every_figure_a_condition_names_is_looked_at(
    condition: Condition, raw: dict[str, object], random: Random
) -> None:
    """One that is missing is never passed over, even where the others already decide."""
    fewer = looked_up(make_holed(random, raw))
    absent = [name for name in names_in(condition) if name not in fewer]
    assume(absent)
    with pytest.raises((MissingFigure, Undefined)) as caught:
        engine.test_of(condition)(fewer)
    if isinstance(caught.value, MissingFigure):
        assert caught.value.args[0] in absent


@settings(max_examples=300)
@given(conditions(), conditions(), figures())
def test_conditions_that_are_apart_never_hold_together(
    one: Condition, other: Condition, raw: dict[str, object]
) -> None:
    assert are_apart(one, other) == are_apart(other, one)
    if not are_apart(one, other):
        return
    try:
        truths = [truth(condition, given_by(Submission("Xã", raw))) for condition in (one, other)]
    except HoleError:
        return
    assert truths != [True, True]


def test_when_conditions_are_apart() -> None:
    share, under, over = ratio("a", "b"), Interval(high=Fraction(1)), Interval(low=Fraction(1), low_closed=True)
    low, high = Within(share, under), Within(share, over)
    assert are_apart(low, high)
    assert not are_apart(low, low)
    assert not are_apart(low, Within(figure("a"), over))
    assert not are_apart(low, ON)
    assert are_apart(ON, OFF)
    assert not are_apart(ON, Chosen("v", ("khong",)))
    assert are_apart(AllOf((low, ON)), AllOf((low, OFF)))
    assert not are_apart(AllOf((low, ON)), AllOf(()))
    assert are_apart(AnyOf((low, AllOf((high, ON)))), AllOf((high, OFF)))
    assert not are_apart(AnyOf((low, high)), high)


# -- measures ---------------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(measures(), figures())
def test_a_measure_is_its_naive_value(measure: Measure, raw: dict[str, object]) -> None:
    given_ = given_by(Submission("Xã", raw))
    try:
        expected = value_of(measure, given_)
    except HoleError:
        with pytest.raises(Undefined):
            look_at(measure)(looked_up(raw))
        return
    pair = look_at(measure)(looked_up(raw))
    assert (None if pair is None else Fraction(*pair)) == expected
    assert pair is None or pair[1] > 0


@given(conditions(), measures())
def test_the_names_of_measures_and_conditions(condition: Condition, measure: Measure) -> None:
    assert list(names_of_condition(condition)) == list(names_in(condition))
    sums = (measure,) if isinstance(measure, Linear) else (measure.top, measure.bottom)
    assert list(names_of_measure(measure)) == [name for one in sums for name, _ in one.terms]
    assert all(isinstance(test, Within | Chosen) for test in core.tests_of(condition))


def test_a_figure_that_is_not_there_is_missing_and_not_zero() -> None:
    with pytest.raises(MissingFigure):
        look_at(figure("a"))(Figures({}))
    with pytest.raises(AbsentError):
        value_of(figure("a"), {})


def test_measures_by_name() -> None:
    assert figure("a") == Linear((("a", 1),))
    assert ratio("a", "b") == Ratio(Linear((("a", 1),)), Linear((("b", 1),)), NOT_STATED)
    grown = look_at(change("nay", "truoc"))(Figures({"nay": 105, "truoc": 100}))
    assert grown is not None
    assert Fraction(*grown) == Fraction(5, 100)


def test_a_zero_denominator_is_what_the_source_says() -> None:
    for at_zero in (Fraction(0), Fraction(1), Fraction(1, 2)):
        pair = look_at(Ratio(figure("a"), figure("b"), at_zero))(Figures({"a": 5, "b": 0}))
        assert pair is not None
        assert Fraction(*pair) == at_zero
    assert look_at(ratio("a", "b"))(Figures({"a": 5, "b": 0})) is None
