"""Formulas as exact arithmetic: what every cell comes to, held against the engine on arbitrary rules and figures."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import read_figures
from cchc_index.measures import Fact, FactType, Interval
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import (
    FALSE,
    MOST,
    TRUE,
    ZERO,
    Expr,
    TooLarge,
    chosen,
    every,
    largest,
    num,
    opposite,
    smallest,
    some,
    when,
    words,
)
from cchc_index.office.formulas.inputs import EPOCH, Place, as_given, options_of, range_of
from cchc_index.office.formulas.lines import Line, Whole
from cchc_index.office.formulas.looks import lies_within
from cchc_index.office.formulas.program import ListPlaces, Places, Program, compiled, options_as_counts
from cchc_index.office.formulas.scratch import WORKINGS, Scratch
from cchc_index.office.formulas.values import Divider, Part, Value, packed
from cchc_index.points import round_half_up
from cchc_index.scoring.plans import on_request
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.rulesets import make_ruleset
from cchc_index.testing.strategies import intervals, scored

PAGE = "Tự chấm"
PLACES = Fraction(1, 10_000)

# -- expressions -------------------------------------------------------------------------------------------------------


def cell(value: int, low: int = -100, high: int = 100) -> Expr:
    return Expr(f"A{abs(value)}", value, low, high)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 50))
def test_an_expression_stays_in_its_range_and_comes_to_what_python_says(a: int, b: int, c: int) -> None:
    x, y, z = cell(a), cell(b), cell(c, 1)
    made = {
        x + y: a + b,
        x - y: a - b,
        x * y: a * b,
        x.over(z): a // c,
        largest(x, y, num(3)): max(a, b, 3),
        smallest(x, y, num(-3)): min(a, b, -3),
        when(x >= y, x, y * 2): a if a >= b else b * 2,
        chosen(cell(c % 3, 0, 2), [x, y, num(7)]): (a, b, 7)[c % 3],
    }
    for expr, value in made.items():
        assert expr.value == value
        assert expr.low <= value <= expr.high


def test_what_the_ranges_decide_needs_no_formula() -> None:
    x = cell(5, 0, 10)
    assert (x >= 0) is TRUE
    assert (x > 10) is FALSE
    assert x.equals(11) is FALSE
    assert every(x >= 0, x > 20) is FALSE
    assert some(x > 10, x.equals(12)) is FALSE
    assert opposite(x > 10) is TRUE
    assert when(x >= 0, x, 1) is x
    assert str(largest(x, num(0))) == "A5"
    assert str(largest(x, num(3))) == "MAX(A5,3)"
    assert (x * 0, x * 1, x + 0, x - 0, x.over(1)) == (ZERO, x, x, x, x)
    assert x.equals(5).text == "A5=5"


def test_a_number_that_cells_may_not_hold_exactly_is_refused() -> None:
    large = cell(1, 0, MOST)
    with pytest.raises(TooLarge):
        _ = large * 2
    with pytest.raises(TooLarge):
        _ = large + 1
    with pytest.raises(TooLarge):
        num(MOST + 1)


@given(intervals(), st.integers(-30, 30), st.integers(1, 12))
def test_an_interval_holds_what_it_holds_in_the_engine(interval: Interval, n: int, d: int) -> None:
    assert bool(lies_within(interval, cell(n), cell(d, 1)).value) is interval.holds(n, d)
    for end in (interval.low, interval.high):
        if end is not None:
            top, bottom = Expr("T", end.numerator, -1000, 1000), Expr("B", end.denominator, 1, 1000)
            assert bool(lies_within(interval, top, bottom).value) is (end in interval)


def test_texts_are_quoted() -> None:
    assert words('Xã "A"').text == '"Xã ""A"""'


def test_long_formulas_are_refused() -> None:
    scratch = Scratch(WORKINGS)
    with pytest.raises(TooLarge):
        scratch.cell(Expr("A1+" * 4_000 + "A1", 0))


# -- sums of fractions -------------------------------------------------------------------------------------------------


@st.composite
def fractions(draw: st.DrawFn) -> tuple[Value, Fraction]:
    """A whole and some fractions over different denominators; often they add up to a whole number or a half."""
    bottoms = draw(st.lists(st.integers(1, 60), min_size=0, max_size=5))
    tops = [draw(st.integers(-3 * bottom, 3 * bottom)) for bottom in bottoms]
    if len(bottoms) > 1 and draw(st.booleans()):
        exact = sum((Fraction(top, bottom) for top, bottom in zip(tops[:-1], bottoms[:-1], strict=True)), Fraction(0))
        goal = Fraction(draw(st.integers(-4, 4)), draw(st.sampled_from((1, 2, 200)))) - exact
        tops[-1], bottoms[-1] = goal.numerator, goal.denominator
    whole, widest = draw(st.integers(-5, 5)), draw(st.sampled_from((60, 10**9)))
    parts = [
        Part(
            Expr(f"N{n}", top, -(10**7), 10**7),
            Expr(f"D{n}", bottom, 1, max(bottom, widest)),
            floor(Fraction(top, bottom)) - 1,
            50,
        )
        for n, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))
    ]
    value = Value(Expr("W", whole, -5, 5), tuple(parts))
    return value, whole + sum((Fraction(t, b) for t, b in zip(tops, bottoms, strict=True)), Fraction(0))


@settings(max_examples=400)
@given(fractions(), st.sampled_from((1, 2, 200, 20_000)), st.sampled_from((1_000, 100_000)))
def test_long_division_settles_a_sum_of_fractions(made: tuple[Value, Fraction], unit: int, base: int) -> None:
    value, exact = made
    divider = Divider(1, unit, Scratch(WORKINGS), base)
    found = divider.floor(value)
    assert found.floor.value == floor(exact * unit)
    assert found.is_exact.value is ((exact * unit).denominator == 1)
    bound = num(floor(exact * unit))
    assert divider.is_above(value, bound).value is (exact * unit > floor(exact * unit))
    assert divider.is_at_least(value, bound).value is True


@settings(max_examples=400)
@given(fractions(), st.sampled_from(("1", "0.1", "0.01", "0.25", "0.3", "5")), st.sampled_from((1, 3, 20)))
def test_rounding_is_half_up_a_tie_away_from_zero(made: tuple[Value, Fraction], step: str, common: int) -> None:
    value, exact = made
    divider = Divider(common, 20_000, Scratch(WORKINGS), 1_000)
    steps = divider.rounded(value, Fraction(step))
    assert steps.value == round_half_up(exact / common, Fraction(step)) / Fraction(step)


@settings(max_examples=400)
@given(fractions(), st.integers(1, 12), st.integers(0, 12))
def test_points_scaled_back_are_floored_exactly(made: tuple[Value, Fraction], bottom: int, more: int) -> None:
    value, exact = made
    divider = Divider(1, 200, Scratch(WORKINGS), 1_000)
    found = divider.scaled(value, Expr("T", bottom + more, 1, 24), Expr("B", bottom, 1, 24))
    wanted = exact * 200 * (bottom + more) / bottom
    assert found.floor.value == floor(wanted)
    assert found.is_exact.value is (wanted.denominator == 1)


def test_what_no_number_of_digits_settles_is_refused() -> None:
    parts = [Part(Expr(f"N{n}", 1, 0, 9), Expr(f"D{n}", 7, 1, 10**9), 0, 9) for n in range(80)]
    with pytest.raises(TooLarge):
        Divider(1, 200, Scratch(WORKINGS), 1_000).floor(Value(ZERO, tuple(parts)))


def test_factors_are_packed() -> None:
    assert packed(1, 10) == (1,)
    assert packed(2 * 3 * 101, 10) == (6, 101)


# -- whole rulesets ----------------------------------------------------------------------------------------------------


def place(column: int, row: int, value: Any = None) -> Place:
    return Place(PAGE, row, column, value, row)


def places_of(rules: Ruleset, unit: Submission) -> Places:
    """Cells somewhere, holding what the unit gives."""
    figures, found, lists = read_figures(rules.facts_by_name, unit), dict[str, Place](), dict[str, ListPlaces]()
    declared = [one for fact in rules.facts_by_name.values() if fact.given is None for one in options_as_counts(fact)]
    for row, fact in enumerate(declared):
        if fact.type is FactType.RECORDS:
            records = figures[fact.name] if figures.has(fact.name) else ()
            rows = tuple(
                {
                    one.name: Place(
                        "DS",
                        n,
                        k,
                        as_given(one, records[n]) if n < len(records) and one.name in records[n] else None,
                        40,
                    )
                    for k, one in enumerate(fact.fields)
                }
                for n in range(4)
            )
            lists[fact.name] = ListPlaces("DS", rows, 10)
        elif fact.type is not FactType.LABEL:
            found[fact.name] = place(3, row, as_given(fact, figures))
    asked = {
        criterion.code: place(8, row, unit.exemptions.get(criterion.code))
        for row, criterion in enumerate(rules.walk())
        if on_request(criterion)
    }
    end = unit.period.end.toordinal() - EPOCH if unit.period else None
    return Places(found, lists, asked, place(5, 100, end), {})


def typed(facts: Mapping[str, Fact], figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures as cells can hold them: decimals that are not too long, in the range that a cell takes."""

    def cut(fact: Fact, value: Any) -> Any:
        if fact.type is FactType.RECORDS:
            return [typed({one.name: one for one in fact.fields}, record) for record in value]
        if fact.type not in (FactType.AMOUNT, FactType.POINTS, FactType.PERCENT):
            return value
        limits = range_of(fact)
        rounded = round_half_up(Fraction(value), Fraction(1, 10**limits.places))
        return max(min(rounded, Fraction(limits.high)), Fraction(limits.low))

    return {name: cut(facts[name], value) for name, value in figures.items()}


def assessed(lines: tuple[Line, ...]) -> list[Line]:
    """Lines and what is in them, down to what is not assessed."""
    return [one for line in lines for one in (line, *(() if line.exempt.number else assessed(line.children)))]


def is_beyond(whole: Whole) -> bool:
    """Whether some points are left to `cchc`."""
    lines = assessed((*whole.lines, *whole.adjustments))
    return states.BEYOND in (whole.state.number, *(line.state.number for line in lines))


def exactly(value: Value) -> Fraction:
    return sum((Fraction(p.n.number, p.d.number) for p in value.parts), Fraction(value.whole.number))


def hold(rules: Ruleset, unit: Submission, program: Program) -> None:
    """Raises AssertionError where a formula comes to something else than the engine gives."""
    whole, common = program.whole, program.divider.common
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError:
        assert whole.state.number > states.SILENT
        return
    if is_beyond(whole):
        return
    for line in assessed((*whole.lines, *whole.adjustments)):
        known = card[line.criterion.code]
        if known.points is NOT_STATED:
            assert line.state.number == states.SILENT
        else:
            assert (line.state.number, exactly(line.value)) == (0, known.points * common)
        if known.max_points is NOT_STATED:
            assert line.max_state.number == states.SILENT
        else:
            assert not line.max_state.number
            assert line.maximum.number == known.max_points * common
    for one in program.shown:
        known = card[one.criterion.code]
        if known.points is not NOT_STATED:
            assert not one.state.number
            assert one.points.number == round_half_up(known.points, PLACES) / PLACES
        assert bool(one.is_left_out.number) is bool(known.exempted)
    hold_whole(rules, card, whole)


def hold_whole(rules: Ruleset, card: cchc.Card, whole: Whole) -> None:
    if card.points is NOT_STATED:
        assert whole.state.number == states.SILENT
    else:
        assert not whole.state.number
        assert whole.points.number == round_half_up(card.points, PLACES) / PLACES
    assert (whole.max_state.number > 0) is (card.max_points is NOT_STATED)
    if card.index is NOT_STATED:
        assert whole.index_state.number == states.SILENT
    else:
        assert not whole.index_state.number
        assert whole.index.number == round_half_up(card.index, PLACES) / PLACES
    if whole.state.number == 0:
        names = [None, *(grade for scale in rules.scales for grade in scale.grades)]
        wanted = card.grade if card.grade is not NOT_STATED else "not stated"
        number = whole.grade.number
        found: Any = None if number < 0 else "not stated" if number == 0 else names[number]
        assert getattr(found, "name", found) == getattr(wanted, "name", wanted)


@settings(max_examples=300)
@given(scored())
def test_formulas_come_to_what_the_engine_gives(made: tuple[Ruleset, Submission]) -> None:
    rules, unit = made
    unit = evolve(unit, figures=typed(rules.facts_by_name, unit.figures))
    hold(rules, unit, compiled(rules, places_of(rules, unit)))


@settings(max_examples=200)
@given(scored(plain=True, whole=True))
def test_formulas_of_plainer_rulesets_come_to_what_the_engine_gives(made: tuple[Ruleset, Submission]) -> None:
    rules, unit = made
    unit = evolve(unit, figures=typed(rules.facts_by_name, unit.figures))
    hold(rules, unit, compiled(rules, places_of(rules, unit)))


def test_most_arbitrary_rulesets_are_held_not_left_out() -> None:
    """The properties above would hold of a workbook that leaves everything to `cchc`."""
    drawn = [make_ruleset(Random(seed)) for seed in range(120)]
    left = [rules for rules in drawn if is_beyond(compiled(rules, places_of(rules, Submission("Xã A", {}))).whole)]
    assert len(left) < 60


@pytest.mark.parametrize("name", cchc.rulesets())
def test_nothing_of_a_shipped_ruleset_is_left_to_cchc(name: str) -> None:
    rules = cchc.load(name)
    program = compiled(rules, places_of(rules, Submission("Xã A", {})))
    assert states.BEYOND not in [one.state.number for one in program.shown]
    assert not any(one.text == str(states.BEYOND) for one in (program.whole.state, program.whole.index_state))


def test_options_that_read_alike_are_told_apart_by_name() -> None:
    fact = Fact("k", "k", FactType.CHOICE, options=(("k1", "Loại A"), ("k2", "LOẠI A")))
    assert options_of(fact) == (("k1", "k1"), ("k2", "k2"))
    assert options_of(evolve(fact, options=(("k1", "Loại A "), ("k2", "B")))) == (("k1", "Loại A"), ("k2", "B"))
