"""Compiled totals are those of `score`: the same numbers, or the same error in the same words."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import event, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    GradeScale,
    Points,
    Policy,
    Ranking,
    Ruleset,
    SourceNote,
)
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import AllOf, AnyOf, Chosen, Interval, Linear, Ratio, Within, figure
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
    constant,
)
from cchc_index.scoring.compiled import Scorer, compile_rules
from cchc_index.sources import NOT_STATED, NoteKind, Reading
from cchc_index.testing.numbers import seeded
from cchc_index.testing.pool.measures import CITATION, PERIOD
from cchc_index.testing.pool.rules import make_rule
from cchc_index.testing.pool.rulesets import with_criteria, with_rule
from cchc_index.testing.pool.units import given_by, make_figures
from cchc_index.testing.reference.cards import scored_naively
from cchc_index.testing.strategies import scored

ONE = Fraction(1)
ALWAYS_ONE = constant(ONE)
IS_U, IS_V = Chosen("u", ("co",)), Chosen("v", ("co",))
READING = Reading("điểm / điểm tối đa", "người lập")
EXAMPLES = Path(__file__).parents[1] / "examples"
Told = tuple[object, ...]


def slow(rules: Ruleset, unit: Submission) -> Told:
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError as error:
        return type(error), str(error), error.report("en"), getattr(error, "missing", None)
    return card.points, card.max_points, card.index


def fast(scorer: Scorer, unit: Submission) -> Told:
    try:
        found = scorer.totals(scorer.prepare(unit))
    except cchc.CchcError as error:
        return type(error), str(error), error.report("en"), getattr(error, "missing", None)
    return found.points, found.max_points, found.index


def both(rules: Ruleset, unit: Submission) -> Told:
    """What comes out, which must be the same either way."""
    told = slow(rules, unit)
    assert fast(compile_rules(rules), unit) == told
    return told


def unit_with(**figures: Any) -> Submission:
    return Submission("Xã A", figures, period=PERIOD)


def leaf(code: str = "1", rule: Rule = ALWAYS_ONE, whole: Points = Fraction(60), **more: Any) -> Criterion:
    return evolve(Criterion(code, f"tiêu chí {code}", whole, CITATION, rule=rule), **more)


def is_fast(rules: Ruleset, unit: Submission) -> bool:
    """Whether the generated text itself answers, and not the exact engine behind it."""
    scorer = compile_rules(rules)
    plain = scorer.prepare(unit).plain
    try:
        return plain is not None and scorer.fast(plain) is not None
    except KeyError:
        return False


@settings(max_examples=500)
@given(scored())
def test_totals_are_those_of_score(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    told = both(rules, unit)
    event("error" if isinstance(told[0], type) else "card")


@settings(max_examples=300)
@given(scored(plain=True))
def test_totals_of_plain_rulesets_are_those_of_score(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    both(rules, unit)
    event("fast" if is_fast(rules, unit) else "exact")


@settings(max_examples=150)
@given(scored(plain=True, whole=True))
def test_totals_of_plain_rulesets_are_those_of_the_reference(pair: tuple[Ruleset, Submission]) -> None:
    """Against the naive reference too, so that engine and compiler cannot be wrong together."""
    rules, unit = pair
    expected = scored_naively(rules, unit, given_by(unit))
    told = fast(compile_rules(rules), unit)
    if not expected.kind:
        assert told == (expected.points[0], expected.whole[0], expected.index[0])


@settings(max_examples=300)
@given(seeded().map(lambda r: (make_rule(r), [make_figures(r) for _ in range(3)])), st.none() | st.just(ONE / 100))
def test_one_rule_compiled_once_for_several_units(
    made: tuple[Rule, list[dict[str, Any]]], step: Fraction | None
) -> None:
    rule, several = made
    rules = with_rule(rule, Fraction(400), rounding=None if step is None else Rounding(step))
    scorer = compile_rules(rules)
    for raw in several:
        assert fast(scorer, Submission("Xã A", raw)) == slow(rules, Submission("Xã A", raw))


# -- the fast path answers what it should -----------------------------------------------------------------------------

SHARE = Ratio(figure("a"), figure("b"))
BANDS = Piecewise(
    SHARE,
    (
        Piece(Interval(Fraction(9, 10), low_closed=True), Fraction(0), Fraction(2)),
        Piece(Interval(Fraction(1, 2), Fraction(9, 10), low_closed=True), ONE),
        Piece(Interval(high=Fraction(1, 2)), Fraction(1, 4), Fraction(1, 3)),
    ),
)
SOME_HANDLED = AllOf((Within(figure("b"), Interval(high=ONE)), Within(SHARE, Interval(ONE, low_closed=True))))
HANDLED = AnyOf(
    (Within(figure("b"), Interval(high=ONE)), Within(SHARE, Interval(ONE, ONE, low_closed=True, high_closed=True)))
)
LATE, ALWAYS = Within(SHARE, Interval(high=ONE)), AllOf(())
LEVELS = Switch((Case(IS_U, constant(ONE)), Case(AllOf((IS_V,)), constant(Fraction(2)))), Choose.BEST)


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        (BANDS, {"a": 19, "b": 20}),
        (BANDS, {"a": 18, "b": 20}),
        (BANDS, {"a": 17, "b": 20}),
        (BANDS, {"a": 10, "b": 20}),
        (BANDS, {"a": 3, "b": 20}),
        (
            Piecewise(Linear((("m", Fraction(1, 2)), ("a", 2)), Fraction(-1, 3)), (Piece(Interval(), ONE, ONE),)),
            {"m": "0,7", "a": 3},
        ),
        (Piecewise(Linear((), 3), (Piece(Interval(), ONE, ONE),)), {}),
        (Piecewise(Linear(()), (Piece(Interval(), ONE, ONE),)), {}),
        (
            Piecewise(Ratio(Linear((("a", Fraction(1, 2)),)), figure("m")), (Piece(Interval(), ONE, ONE),)),
            {"a": 1, "m": "0,3"},
        ),
        (
            Piecewise(
                figure("p"),
                (
                    Piece(Interval(Fraction(9, 10), low_closed=True), ONE),
                    Piece(Interval(high=Fraction(9, 10)), Fraction(0)),
                ),
            ),
            {"p": "90%"},
        ),
        (Table("k", (Option("k1", ONE), Option("k2", Fraction(1, 3)))), {"k": "k2"}),
        (Sum((Term(BANDS), Term(constant(ONE))), ONE, Fraction(0), Fraction(5, 2)), {"a": 19, "b": 20}),
        (Sum((Term(BANDS), Term(constant(ONE))), ONE, Fraction(0), Fraction(4)), {"a": 19, "b": 20}),
        (Sum((Term(BANDS),), Fraction(-9), Fraction(-1, 2)), {"a": 19, "b": 20}),
        (Sum((Term(LEVELS),), Fraction(-9), Fraction(-1, 2)), {"u": True, "v": True}),
        (Sum((Term(LEVELS),), cap=Fraction(3, 2)), {"u": True, "v": True}),
        (LEVELS, {"u": True, "v": False}),
        (
            Switch((Case(IS_U, BANDS), Case(AnyOf((Chosen("u", ("khong",)),)), constant(ONE)))),
            {"u": True, "a": 19, "b": 20},
        ),
        (
            Average("r", Piecewise(figure("x"), (Piece(Interval(), Fraction(0), ONE / 3),)), Rounding(Fraction(1, 10))),
            {"r": [{"x": 1}, {"x": 3}]},
        ),
        (
            Average("r", Piecewise(Ratio(figure("x"), figure("y")), (Piece(Interval(), Fraction(0), ONE),))),
            {"r": [{"x": 1, "y": 3}, {"x": 1, "y": "0,5"}]},
        ),
        (
            Average("r", Table("z", (Option("co", ONE), Option("khong", Fraction(0))))),
            {"r": [{"z": True}, {"z": False}]},
        ),
        (
            Average("r", Piecewise(Linear((("x", 1), ("a", 1))), (Piece(Interval(), ONE, ONE),))),
            {"r": [{"x": 1}, {"x": 2}], "a": 5},
        ),
        (Awarded("g", ONE, Fraction(3), Fraction(1, 4)), {"g": "1,75"}),
        (Awarded("g", None), {"g": "1/3".replace("/3", "")}),
        (Piecewise(Ratio(figure("a"), figure("b"), Fraction(1, 2)), (Piece(Interval(), ONE, ONE),)), {"a": 1, "b": 0}),
        (Piecewise(Ratio(figure("a"), figure("b"), Fraction(1, 2)), (Piece(Interval(), ONE, ONE),)), {"a": 1, "b": 3}),
        (Switch((Case(HANDLED, constant(ONE)), Case(LATE, constant(Fraction(0)))), Choose.BEST), {"a": 0, "b": 0}),
        (Switch((Case(HANDLED, constant(ONE)), Case(LATE, constant(Fraction(0)))), Choose.FIRST), {"a": 0, "b": 0}),
        (Switch((Case(HANDLED, constant(ONE)), Case(LATE, constant(Fraction(0))))), {"a": 1, "b": 2}),
        (
            Switch(
                (Case(Within(SHARE, Interval()), constant(ONE)), Case(AllOf(()), constant(Fraction(0)))), Choose.FIRST
            ),
            {"a": 1, "b": 2},
        ),
    ],
)
def test_what_is_ordinary_is_answered_fast_and_right(rule: Rule, figures: dict[str, Any]) -> None:
    rules = with_rule(rule)
    both(rules, unit_with(**figures))
    assert is_fast(rules, unit_with(**figures))


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        (BANDS, {"a": 0, "b": 0}),
        (BANDS, {"a": 1}),
        (Table("k", (Option("k1", ONE),)), {"k": "k2"}),
        (Piecewise(SHARE, (Piece(Interval(high=ONE), ONE),)), {"a": 3, "b": 2}),
        (Switch((Case(IS_U, constant(ONE)),)), {"u": False}),
        (Switch((Case(IS_U, constant(ONE)), Case(IS_V, constant(ONE)))), {"u": True, "v": True}),
        (Switch((Case(IS_U, BANDS), Case(IS_V, constant(ONE))), Choose.BEST), {"u": True, "v": True, "a": 1, "b": 2}),
        (Average("r", constant(ONE)), {"r": []}),
        (Awarded("g", ONE), {"g": 0}),
        (Awarded("g", high=ONE), {"g": 2}),
        (Awarded("g", step=Fraction(1, 4)), {"g": "0,3"}),
        (constant(Fraction(61)), {}),
        (Piecewise(figure("a"), (Piece(Interval(), Fraction(0), ONE),)), {"a": 61}),
        (Average("r", Average("r", constant(ONE))), {"r": [{"x": 1}]}),
        (Piecewise(Ratio(figure("a"), Linear((("b", -1),))), (Piece(Interval(), ONE),)), {"a": 1, "b": 1}),
        (
            Switch((Case(SOME_HANDLED, constant(ONE)), Case(LATE, constant(Fraction(0)))), Choose.FIRST),
            {"a": 0, "b": 0},
        ),
        (Switch((Case(LATE, constant(ONE)), Case(ALWAYS, constant(Fraction(0)))), Choose.BEST), {"a": 0, "b": 0}),
        (Switch((Case(LATE, constant(ONE)), Case(IS_U, constant(ONE)))), {"a": 0, "b": 0, "u": True}),
        (Switch((Case(IS_U, constant(ONE)), Case(LATE, constant(ONE)))), {"a": 0, "b": 0, "u": True}),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_exact_engine(rule: Rule, figures: dict[str, Any]) -> None:
    both(with_rule(rule), unit_with(**figures))
    assert not is_fast(with_rule(rule), unit_with(**figures))


# -- what stands around the rules -------------------------------------------------------------------------------------


def test_a_missing_figure_is_missed_even_where_a_condition_is_decided_without_it() -> None:
    """Every figure that a condition names is looked at: `and` and `or` must not stop early."""
    for rule in (
        Switch((Case(AnyOf((IS_U, IS_V)), constant(ONE)), Case(AllOf(()), constant(Fraction(0)))), Choose.FIRST),
        Switch((Case(AllOf((Chosen("u", ("khong",)), IS_V)), constant(ONE)), Case(IS_U, constant(ONE)))),
        Switch((Case(IS_U, constant(ONE)), Case(IS_V, constant(Fraction(0)))), Choose.BEST),
    ):
        told = both(with_rule(rule), unit_with(u=True))
        assert told[0] is cchc.MissingFacts


def test_figures_that_only_notes_grades_and_ranks_need_are_missed_too() -> None:
    noted = leaf(notes=(SourceNote(NoteKind.REMARK, "ghi", "", IS_U),))
    for rules in (
        with_criteria(noted),
        with_criteria(leaf(), scales=(GradeScale((), when=IS_U),)),
        with_criteria(leaf(), ranking=Ranking(Basing.POINTS, IS_U)),
        with_criteria(leaf(), notes=(SourceNote(NoteKind.READING, "ghi", "", IS_U),)),
        with_criteria(leaf(exemptions=(Exemption(Policy.FULL, IS_U),))),
    ):
        assert both(rules, unit_with())[0] is cchc.MissingFacts
        assert both(rules, unit_with(u=False))[0] == 1


def test_what_the_unit_says_beside_its_figures_is_checked() -> None:
    for unit in (
        Submission("Xã A", {}, ruleset="khac/bo"),
        Submission("Xã A", {}, version="9"),
        Submission("Xã A", {}, claims=(Claim("zz", ONE),)),
        Submission("Xã A", {}, evidence={"zz": (Evidence("1"),)}),
        Submission("Xã A", {}, exemptions={"1": "lý do"}),
        Submission("Xã A", {"zz": 1}),
    ):
        assert both(with_criteria(leaf()), unit)[0] is cchc.BadSubmission


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("whole", [Fraction(60), NOT_STATED])
def test_exemptions_by_condition_and_on_request(policy: Policy, whole: Points) -> None:
    for when, asked in ((IS_U, {}), (None, {"1": "lý do"}), (None, {})):
        first = leaf("1", whole=whole, exemptions=(Exemption(policy, when), Exemption(Policy.FULL, IS_V)))
        nested = evolve(leaf("3"), rule=NOT_STATED, children=(evolve(first, code="3.1"), leaf("3.2")), max_points=whole)
        rules = with_criteria(first, leaf("2"), nested, index_basis=READING)
        for u in (True, False):
            both(rules, evolve(unit_with(u=u, v=False), exemptions=asked))
            both(rules, evolve(unit_with(u=u, v=True), exemptions=asked))


def test_holes_that_a_condition_names() -> None:
    hole = SourceNote(NoteKind.HOLE, "để trống", when=IS_U)
    rules = with_criteria(leaf(notes=(hole,)))
    assert both(rules, unit_with(u=True))[0] is cchc.UndefinedByDecision
    assert both(rules, unit_with(u=False))[0] == 1
    assert is_fast(rules, unit_with(u=False))


def test_unstated_maxima() -> None:
    area = evolve(leaf("1"), rule=NOT_STATED, children=(leaf("1.1"), leaf("1.2")), max_points=NOT_STATED)
    assert both(with_criteria(area), unit_with())[1] == 120
    assert both(with_criteria(area, max_points=Fraction(100)), unit_with())[1] == 100
    assert both(with_criteria(leaf(whole=NOT_STATED)), unit_with())[1] is NOT_STATED
    assert both(with_criteria(evolve(leaf(), rule=NOT_STATED)), unit_with())[0] is NOT_STATED


def test_parents_that_round_or_may_pass_their_maximum() -> None:
    parts = (leaf("1.1", constant(Fraction("1.04"))), leaf("1.2"))
    area = evolve(leaf("1"), rule=NOT_STATED, children=parts)
    assert both(with_criteria(evolve(area, max_points=Fraction(2))), unit_with())[0] is cchc.BadRuleset
    rounded = evolve(area, max_points=Fraction(120), rounding=Rounding(Fraction(1, 10)))
    assert both(with_criteria(rounded), unit_with())[0] == 2


@pytest.mark.parametrize("kind", list(AdjustmentKind))
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"rounding": Rounding(Fraction(1, 10))},
        {"notes": (SourceNote(NoteKind.HOLE, "để trống", when=IS_U),)},
        {"notes": (SourceNote(NoteKind.REMARK, "ghi", when=IS_V),)},
        {"exemptions": (Exemption(Policy.UNCOUNTED, IS_U),)},
        {"exemptions": (Exemption(Policy.FULL, IS_U),)},
        {"rule": NOT_STATED, "children": (leaf("T.1"), leaf("T.2"))},
        {"max_points": NOT_STATED},
        {"max_points": Fraction(1, 4)},
    ],
)
def test_bonus_and_penalty_with_everything_around_them(kind: AdjustmentKind, more: dict[str, Any]) -> None:
    share = Piecewise(SHARE, (Piece(Interval(), Fraction(0), ONE),))
    for rule in (constant(ONE / 3), share):
        outside = Adjustment(kind, evolve(leaf("T", rule), **more))
        rules = with_criteria(leaf(), adjustments=(outside,), rounding=Rounding(Fraction(1, 100)))
        for u in (True, False):
            both(rules, unit_with(u=u, v=True, a=1, b=3))
        both(rules, unit_with(u=True, a=1, b=3))


def test_names_stand_in_the_generated_text_as_literals_only() -> None:
    """A name that is Python text scores like any other and is never run."""
    nasty = "a'] or exit() or f['"
    facts = (cchc_fact(nasty),)
    rules = with_rule(Piecewise(figure(nasty), (Piece(Interval(), Fraction(0), ONE),)), facts=facts)
    assert both(rules, unit_with(**{nasty: 3}))[0] == 3
    assert is_fast(rules, unit_with(**{nasty: 3}))


def cchc_fact(name: str) -> Any:
    from cchc_index.measures import Fact

    return Fact(name, "nhãn")


# -- the real rulesets ------------------------------------------------------------------------------------------------

REAL = {
    "mau/cap-xa/1": sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml")),
    "vpcp/mot-cua/tt-01-2018": [EXAMPLES / "mot-cua-xa" / "ban-khai.yaml"],
    "bo-noi-vu/cap-bo/2022": [EXAMPLES / "bo-2023" / "cac-bo.csv"],
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_real_units_under_real_rulesets(name: str) -> None:
    rules = cchc.load(name)
    scorer = compile_rules(rules)
    units = [unit for file in REAL[name] for unit in cchc.read_submissions(file)]
    for unit in units:
        assert fast(scorer, unit) == slow(rules, unit)
    assert sum(is_fast(rules, unit) for unit in units) * 2 > len(units)


@pytest.mark.parametrize("name", ["mau/cap-xa/1", "vpcp/mot-cua/tt-01-2018"])
def test_real_units_with_one_figure_missing(name: str) -> None:
    rules = cchc.load(name)
    scorer = compile_rules(rules)
    read = cchc.read_submission(REAL[name][0])
    unit = evolve(read, figures={**read.figures, "ho_so": read.figures["ho_so"][:5]})
    for gone in unit.figures:
        fewer = evolve(unit, figures={key: value for key, value in unit.figures.items() if key != gone})
        assert fast(scorer, fewer) == slow(rules, fewer), gone


def test_a_scorer_does_not_print_its_function() -> None:
    assert "fast" not in repr(compile_rules(with_criteria(leaf())))
