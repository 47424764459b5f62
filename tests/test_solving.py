"""The solver against enumeration, and what it says when it cannot tell."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cchc_index.measures import Interval
from cchc_index.points import Exact
from cchc_index.solving import elimination, search
from cchc_index.solving.elimination import chain, span
from cchc_index.solving.intervals import decimals, meet, outside, sides, simplest_in, stretched, whole_numbers
from cchc_index.solving.rows import Row, Unknown, Unproven, in_lowest_terms
from cchc_index.solving.search import chains, choices, has_solution, nearest, solution

NAMES = ("x", "y", "z")
SIDE = 6


def at_least(low: int = 0, high: int = SIDE) -> list[Row]:
    """A box, in which enumeration sees everything."""
    ends = [(Row(((name, 1),), Fraction(-low)), Row(((name, -1),), Fraction(high))) for name in NAMES]
    return [row for pair in ends for row in pair]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    terms = tuple((name, draw(st.integers(-3, 3).filter(bool))) for name in names)
    return Row(terms, Fraction(draw(st.integers(-12, 12)), draw(st.sampled_from((1, 2, 3)))), draw(st.booleans()))


def holds(row: Row, values: Mapping[str, Exact]) -> bool:
    total = sum(c * values[name] for name, c in row.terms) + row.constant
    return total > 0 or (total == 0 and not row.is_strict)


@given(st.lists(rows(), max_size=5))
def test_whole_numbers_agree_with_enumeration(given_rows: list[Row]) -> None:
    system = [*given_rows, *at_least()]
    found = solution([Unknown(name) for name in NAMES], system)
    points = [dict(zip(NAMES, point, strict=True)) for point in product(range(SIDE + 1), repeat=3)]
    solutions = [point for point in points if all(holds(row, point) for row in system)]
    assert (found is None) == (not solutions)
    assert has_solution([Unknown(name) for name in NAMES], system) == bool(solutions)
    if found is not None:
        assert found == solutions[0], "the first unknown is the smallest, then the next one"


@given(st.lists(rows(), max_size=5))
def test_rationals_satisfy_every_row(given_rows: list[Row]) -> None:
    """Where some whole numbers do, some rationals do; what is found satisfies all rows."""
    system = [*given_rows, *at_least()]
    wholes = [Unknown(name) for name in NAMES]
    mixed = [Unknown("x"), Unknown("y", is_whole=False), Unknown("z", is_whole=False)]
    found = solution(mixed, system)
    if found is None:
        assert not has_solution(wholes, system)
    else:
        assert all(holds(row, found) for row in system)
        assert isinstance(found["x"], int)


@given(st.lists(rows(), max_size=4))
def test_the_span_holds_every_solution_and_is_come_near_to(given_rows: list[Row]) -> None:
    system = [*given_rows, *at_least()]
    free = [Unknown(name, is_whole=False) for name in NAMES]
    assume(has_solution(free, system))
    low, high = span(free, system, "z")
    assert low is not None
    assert high is not None
    for end, sign in ((low, 1), (high, -1)):
        near = Row((("z", -sign),), sign * (end + sign * Fraction(1, 1000)))
        beyond = Row((("z", -sign),), sign * end, is_strict=True)
        assert has_solution(free, [*system, near])
        assert not has_solution(free, [*system, beyond])


def test_a_span_without_ends() -> None:
    assert span([Unknown("x", is_whole=False)], [], "x") == (None, None)


def test_a_contradiction_without_unknowns() -> None:
    assert solution([], [Row((), Fraction(-1))]) is None
    assert solution([], [Row((), Fraction(0), is_strict=True)]) is None
    assert solution([], [Row((), Fraction(0))]) == {}


def test_an_equation_that_no_whole_numbers_solve_is_proved_so() -> None:
    odd = [Row((("x", 2), ("y", -2)), Fraction(-1)), Row((("x", -2), ("y", 2)), Fraction(1))]
    assert solution([Unknown("x"), Unknown("y")], odd) is None


def test_a_search_that_comes_to_its_end_proves_that_there_is_nothing() -> None:
    """Elimination finds no contradiction in x + 1 ≤ 3y, 5x + 4y ≤ 3; no whole numbers solve them all the same."""
    rows = [Row((("x", -1), ("y", 3)), Fraction(-1)), Row((("x", -5), ("y", -4)), Fraction(3)), *at_least()[:4]]
    unknowns = [Unknown("x"), Unknown("y")]
    assert chains(unknowns, rows)
    assert solution(unknowns, rows) is None


def test_a_search_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """3x + 6y - 3z between 1 and 2, with coefficients that no common divisor betrays row by row."""
    monkeypatch.setattr(search, "MAX_TRIES", 50)
    far = [Row((("x", 1),), Fraction(-10_000)), Row((("x", -1), ("y", 3)), Fraction(0)), *_multiple(97)]
    with pytest.raises(Unproven):
        solution([Unknown("y"), Unknown("x")], far)


def _multiple(number: int) -> list[Row]:
    """`number` × x = y × (number + 1) - 1."""
    terms = (("x", number), ("y", -number - 1))
    back = tuple((name, -c) for name, c in terms)
    return [Row(terms, Fraction(1)), Row(back, Fraction(-1))]


def test_too_many_rows_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "MAX_ROWS", 3)
    with pytest.raises(Unproven):
        solution([Unknown(name) for name in NAMES], [*at_least(), Row((("x", 1), ("y", 1), ("z", 1)), Fraction(0))])


@pytest.mark.parametrize(
    ("interval", "step", "expected"),
    [
        (Interval(Fraction(9, 10), Fraction(1)), None, Fraction(91, 100)),
        (Interval(Fraction(9, 10), Fraction(1), low_closed=True), None, Fraction(9, 10)),
        (Interval(), None, Fraction(0)),
        (Interval(high=Fraction(-2)), None, Fraction(-3)),
        (Interval(high=Fraction(-2), high_closed=True), None, Fraction(-2)),
        (Interval(low=Fraction(2)), Fraction(1, 4), Fraction(9, 4)),
        (Interval(Fraction(2), Fraction(9, 4)), Fraction(1, 4), None),
        (Interval(Fraction(1, 3), Fraction(1, 3), low_closed=True, high_closed=True), None, Fraction(1, 3)),
    ],
)
def test_the_simplest_number(interval: Interval, step: Fraction | None, expected: Fraction | None) -> None:
    assert simplest_in(interval, step) == expected


@given(st.dictionaries(st.sampled_from(NAMES), st.fractions(max_denominator=20).filter(bool), min_size=1))
def test_lowest_terms_keep_the_sum_and_its_direction(terms: dict[str, Fraction]) -> None:
    whole, scale = in_lowest_terms(terms)
    assert {name: c / scale for name, c in whole} == terms
    assert whole[0][1] > 0


# -- intervals ---------------------------------------------------------------------------------------------------------

HALVES = st.integers(-8, 8).map(lambda number: Fraction(number, 2))
PROBES = [Fraction(number, 4) for number in range(-20, 21)]
"""A number of every interval between halves, of every end, and of what lies beyond."""


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(HALVES), draw(HALVES)))
    closed = [low == high or draw(st.booleans()) for _ in range(2)]
    kept = [draw(st.sampled_from((True, True, True, False))) for _ in range(2)]
    return Interval(low if kept[0] else None, high if kept[1] else None, closed[0] and kept[0], closed[1] and kept[1])


@given(intervals(), intervals())
def test_what_two_intervals_have_in_common(one: Interval, other: Interval) -> None:
    common, expected = meet(one, other), [number for number in PROBES if number in one and number in other]
    assert [number for number in PROBES if common is not None and number in common] == expected
    assert (common is None) == (not expected)
    assert meet(one, one) == meet(one, Interval()) == one


@given(st.lists(intervals(), max_size=3))
def test_what_lies_outside_intervals_lies_in_one_part_in_order(given_intervals: list[Interval]) -> None:
    parts = outside(given_intervals)
    left = [number for number in PROBES if not any(number in interval for interval in given_intervals)]
    assert [number for part in parts for number in PROBES if number in part] == left


@given(intervals())
def test_the_sides_of_an_interval_are_all_but_it(interval: Interval) -> None:
    for number in PROBES:
        assert sum(number in side for side in sides(interval)) == (number not in interval)


@given(intervals(), st.integers(-6, 6))
def test_whole_numbers_come_from_the_base_outwards(interval: Interval, base: int) -> None:
    inside = [number for number in range(-30, 31) if number in interval]
    start = min(inside, key=lambda number: abs(number - base), default=0)
    expected = sorted(inside, key=lambda number: (abs(number - start), number < start))
    found = list(islice(whole_numbers(interval, base), len(expected) + 1))
    assert found[:15] == expected[:15]
    assert interval.low is None or interval.high is None or found == expected


@given(intervals(), st.sampled_from((Fraction(1, 2), 3)))
def test_a_stretched_interval_holds_every_multiple(interval: Interval, times: Fraction | int) -> None:
    assert all((number * times in stretched(interval, times)) == (number in interval) for number in PROBES)


@pytest.mark.parametrize(
    ("interval", "scale", "expected"),
    [
        (Interval(Fraction(0), Fraction(1)), 1, "1/2 1/4 3/4 1/10 1/5 3/10 1/100 1/50 3/100 1/1000 1/500 3/1000"),
        (Interval(Fraction(9, 10), Fraction(1), low_closed=True), 100, "9/10 91/100 23/25 181/200 361/400 901/1000"),
        (Interval(low=Fraction(1), low_closed=True), 1, "1 2 3 3/2 5/4 11/10 6/5 101/100 51/50 1001/1000 501/500"),
        (Interval(Fraction(1, 3), Fraction(1, 3), low_closed=True, high_closed=True), 1, "1/3"),
        (Interval(Fraction(1, 3), Fraction(100001, 300000)), 1, "200001/600000"),
    ],
)
def test_the_plainest_numbers_of_an_interval(interval: Interval, scale: int, expected: str) -> None:
    """Three at most of each kind; the middle of an interval too narrow for any of them."""
    numbers = [Fraction(number) for number in expected.split()]
    assert list(islice(decimals(interval, scale), len(numbers))) == numbers


@given(intervals(), st.sampled_from((1, 100)))
def test_plain_numbers_lie_inside_and_come_once(interval: Interval, scale: int) -> None:
    found = list(decimals(interval, scale))
    assert found
    assert all(number in interval for number in found)
    assert len(set(found)) == len(found) <= 3 * 7


# -- several solutions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("branches", "count"), [(1, 3), (2, 12), (None, 27)])
def test_so_many_branches_of_each_unknown_after_the_first(branches: int | None, count: int) -> None:
    made = chain([Unknown(name) for name in NAMES], at_least(0, 2))
    assert made is not None
    found = list(choices(made, nearest, branches))
    assert len(found) == len({tuple(values.items()) for values in found}) == count
    assert {values["x"] for values in found} == {0, 1, 2}
