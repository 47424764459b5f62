"""`score` against a naive reference, and the properties that any exact and honest score must have."""

import os
import subprocess
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from attrs import evolve
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Points,
    Policy,
    Ranking,
    Ruleset,
    SourceNote,
)
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    DayOfYear,
    Fact,
    FactType,
    Interval,
    Linear,
    Ratio,
    Within,
    figure,
)
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
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.trace import Card, Line, Seen, Status, SumTrace, bases_of_trace, share
from cchc_index.sources import NOT_STATED, NoteKind, Quote, Reading
from cchc_index.testing.numbers import points, roundings
from cchc_index.testing.pool.measures import CITATION, PERIOD
from cchc_index.testing.pool.rulesets import with_criteria, with_rule
from cchc_index.testing.pool.units import given_by
from cchc_index.testing.reference.cards import scored_naively
from cchc_index.testing.reference.needs import is_refusing, names_in, names_in_rule, needed
from cchc_index.testing.reference.rules import half_up, inside
from cchc_index.testing.strategies import scored

T = TypeVar("T")
ONE, TWO = Fraction(1), Fraction(2)
ALWAYS_ONE = constant(ONE)
IS_U = Chosen("u", ("co",))
IS_V = Chosen("v", ("co",))
EXAMPLES = Path(__file__).parents[1] / "examples"
READING = Reading("điểm / điểm tối đa", "người lập")


def outcome(rules: Ruleset, unit: Submission) -> tuple[Card | None, cchc.CchcError | None]:
    """A card or an error; anything else that is raised is a defect."""
    try:
        return cchc.score(rules, unit), None
    except cchc.CchcError as error:
        return None, error


def number(value: Points) -> Fraction:
    assert isinstance(value, Fraction)
    return value


def these(*values: object) -> tuple[object, ...]:
    """Values side by side, to be compared with others at once."""
    return values


def leaf(code: str, rule: Rule = ALWAYS_ONE, whole: Points = TWO, **more: Any) -> Criterion:
    return evolve(Criterion(code, f"tiêu chí {code}", whole, CITATION, rule=rule), **more)


def parent(code: str, *children: Criterion, whole: Points = NOT_STATED, **more: Any) -> Criterion:
    return evolve(Criterion(code, f"lĩnh vực {code}", whole, CITATION, children=children), **more)


def unit_with(**figures: Any) -> Submission:
    return Submission("Xã A", figures)


# -- against the reference --------------------------------------------------------------------------------------------


@settings(max_examples=500)
@given(scored())
def test_a_score_equals_the_naive_reference(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    expected = scored_naively(rules, unit, given_by(unit))
    assume(not expected.mixed)
    card, error = outcome(rules, unit)
    event(expected.kind or "card")
    if error is not None:
        assert type(error).__name__ == expected.kind, error
        return
    assert not expected.kind
    assert card is not None
    assert (card.points, card.max_points, card.index) == (expected.points[0], expected.whole[0], expected.index[0])
    for line in card.walk():
        row = expected.rows[line.code]
        assert (line.points, line.exempted is not None) == (row.points, row.exempt), line.code
        if line.code not in ("T", "P"):
            assert line.max_points == row.whole, line.code
    assert (card.grade if card.grade is not NOT_STATED else "none stated") == expected.grade[0]
    assert card.ranked == expected.ranked[0]


@settings(max_examples=150)
@given(scored())
def test_an_error_names_the_criteria_that_the_reference_finds(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    expected = scored_naively(rules, unit, given_by(unit))
    assume(not expected.mixed)
    _, error = outcome(rules, unit)
    if isinstance(error, cchc.UndefinedByDecision):
        assert {str(fault.path[0]) for fault in error.faults} == set(expected.holes)
    if isinstance(error, cchc.BadRuleset):
        named = {str(fault.path[0]) for fault in error.faults}
        assert {code for code in expected.broken if not rules[code].children} <= named <= set(expected.broken)
    if isinstance(error, cchc.MissingFacts):
        assert {code for codes in error.missing.values() for code in codes} == set(expected.absent)
    if isinstance(error, cchc.BadSubmission):
        assert {fault.path for fault in error.faults} == {("so_lieu", "g")}


# -- missing figures --------------------------------------------------------------------------------------------------


def absent_names(rules: Ruleset, code: str, figures: dict[str, Any]) -> set[str]:
    """Every absent figure that a criterion names anywhere."""
    criterion = rules[code]
    whens = [e.when for e in criterion.exemptions] + [note.when for note in criterion.notes]
    named = {name for when in whens if when for name in names_in(when)}
    if criterion.rule is not NOT_STATED:
        named |= set(names_in_rule(criterion.rule))
    columns = {f"r[{n}].{name}" for n, row in enumerate(figures.get("r", ()), 1) for name in "xyz" if name not in row}
    return {name for name in named if name not in figures} | columns


@settings(max_examples=300)
@given(scored(plain=True))
def test_missing_figures_are_named_all_at_once_and_no_other(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    figures = dict(given_by(unit))
    criteria = [criterion for criterion in rules.walk() if criterion.rule is not NOT_STATED]
    wanted = {c.code: needed(c.rule, figures) for c in criteria if c.rule is not NOT_STATED}
    _, error = outcome(rules, unit)
    if isinstance(error, cchc.BadSubmission):
        return
    event("missing" if any(wanted.values()) else "none missing")
    assert isinstance(error, cchc.MissingFacts) == any(wanted.values())
    if not isinstance(error, cchc.MissingFacts):
        return
    assert len(error.faults) == len(error.missing)
    for code, names in wanted.items():
        reported = {name for name, codes in error.missing.items() if code in codes}
        assert names <= reported <= absent_names(rules, code, figures), code


@settings(max_examples=200)
@given(st.data(), scored(plain=True, whole=True))
def test_one_figure_taken_away_is_the_one_that_is_missed(data: st.DataObject, pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    gone = data.draw(st.sampled_from(sorted(unit.figures)))
    fewer = evolve(unit, figures={name: value for name, value in unit.figures.items() if name != gone})
    _, error = outcome(rules, fewer)
    assert isinstance(error, cchc.MissingFacts) or told(rules, fewer) == told(rules, unit)
    if isinstance(error, cchc.MissingFacts):
        expected = scored_naively(rules, fewer, given_by(fewer))
        assert {name.partition(".")[0] for name in error.missing} == {gone}
        assert {code for codes in error.missing.values() for code in codes} == set(expected.absent)


def test_missing_figures_carry_their_label_and_the_criteria_that_need_them() -> None:
    rule = Sum(tuple(Term(Piecewise(figure(name), (Piece(Interval(), ONE),))) for name in ("a", "s.A")))
    rules = with_criteria(leaf("1", rule), leaf("2", Piecewise(figure("a"), (Piece(Interval(), ONE),))))
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(rules, evolve(unit_with(), places={("so_lieu",): "xa.yaml:3"}))
    assert caught.value.missing == {"a": ("1", "2"), "s.A": ("1",)}
    assert str(caught.value) == (
        "Thiếu số liệu:\n"
        "- xa.yaml:3: so_lieu.a: chưa khai (số a); cần cho 1, 2\n"
        "- xa.yaml:3: so_lieu.s.A: chưa khai (phiếu s); cần cho 1"
    )
    assert "so_lieu.a: not given (số a); needed for 1, 2" in caught.value.report("en")


def test_a_column_missing_from_one_record_is_named_by_the_number_of_the_record() -> None:
    rules = with_rule(Average("r", Piecewise(figure("x"), (Piece(Interval(), ONE),))))
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(rules, unit_with(r=[{"x": 1}, {"y": 1}]))
    assert caught.value.missing == {"r[2].x": ("1",)}
    assert "so_lieu.r[2].x: chưa khai (cột x); cần cho 1" in str(caught.value)


def test_a_figure_of_the_unit_that_records_lack_is_named_once_as_the_units() -> None:
    look = Piecewise(Linear((("x", 1), ("a", 1))), (Piece(Interval(), ONE),))
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(with_rule(Average("r", look)), unit_with(r=[{"x": 1}, {"x": 2}]))
    assert caught.value.missing == {"a": ("1",)}
    assert "so_lieu.a: chưa khai (số a); cần cho 1" in str(caught.value)


def test_the_first_level_that_holds_asks_for_its_own_figures_and_not_for_those_of_later_levels() -> None:
    cases = (
        Case(
            Within(figure("a"), Interval(Fraction(0), low_closed=True)),
            Piecewise(figure("b"), (Piece(Interval(), ONE),)),
        ),
        Case(IS_U, constant(Fraction(0))),
    )
    rules = with_rule(Switch(cases, Choose.FIRST))
    assert cchc.score(rules, unit_with(a=1, b=1)).points == 1
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(rules, unit_with(a=1))
    assert caught.value.missing == {"b": ("1",)}


def test_a_hole_in_one_term_does_not_hide_a_figure_missing_from_another() -> None:
    hole = Piecewise(figure("a"), (Piece(Interval(high=Fraction(0)), ONE),))
    rules = with_rule(Sum((Term(hole), Term(Table("u", (Option("co", ONE),))))))
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(rules, unit_with(a=1))
    assert caught.value.missing == {"u": ("1",)}


def test_a_missing_figure_of_a_condition_beside_the_rules_is_named() -> None:
    rules = with_criteria(
        leaf("1", exemptions=(Exemption(Policy.FULL, IS_U),), notes=(SourceNote(NoteKind.REMARK, "ghi", "", IS_V),)),
        scales=(GradeScale((), when=Chosen("k", ("k1",))),),
        ranking=Ranking(Basing.POINTS, Within(figure("a"), Interval())),
    )
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(rules, unit_with())
    assert caught.value.missing == {"u": ("1",), "v": ("1",), "k": ("xep_loai",), "a": ("xep_hang",)}


def test_a_yearly_day_without_a_period_asks_for_the_period() -> None:
    deadline = Fact("han", "hạn", FactType.DATE, given=DayOfYear(30, 11))
    rules = with_rule(Piecewise(figure("han"), (Piece(Interval(), ONE),)), facts=(deadline,))
    assert cchc.score(rules, evolve(unit_with(), period=PERIOD)).points == 1
    with pytest.raises(cchc.CchcError) as caught:
        cchc.score(rules, unit_with())
    assert {fault.path for fault in caught.value.faults} == {("ky",)}
    assert str(caught.value) == ("Thiếu số liệu:\n- ky: chưa khai kỳ đánh giá, để biết năm: chưa khai (hạn); cần cho 1")
    assert caught.value.report("en") == (
        "Figures are missing:\n- ky: the period is not given, and so the year: not given (hạn); needed for 1"
    )


# -- pure, exact, in any order ----------------------------------------------------------------------------------------


def told(rules: Ruleset, unit: Submission) -> object:
    """What comes out, with nothing about the order in which it was found."""
    card, error = outcome(rules, unit)
    if card is not None:
        lines = {line.code: (line.points, line.max_points, line.status, line.index) for line in card.walk()}
        return card.points, card.max_points, card.index, card.grade, card.ranked, frozenset(lines.items())
    missing = error.missing if isinstance(error, cchc.MissingFacts) else {}
    return type(error), {name: frozenset(codes) for name, codes in missing.items()}


@given(scored())
def test_a_score_is_a_pure_function(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    before = repr(unit)
    first, error = outcome(rules, unit)
    again, same_error = outcome(evolve(rules), evolve(unit))
    assert first == again
    assert repr(first) == repr(again)
    assert str(error) == str(same_error)
    assert repr(unit) == before


def shuffled_condition(condition: Condition, random: Random) -> Condition:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return evolve(condition, parts=shuffled([shuffled_condition(part, random) for part in parts], random))
    return condition


def shuffled_rule(rule: Rule, random: Random) -> Rule:
    match rule:
        case Piecewise(_, pieces):
            return evolve(rule, pieces=shuffled(pieces, random))
        case Table(_, options):
            return evolve(rule, options=shuffled(options, random))
        case Sum(terms):
            return evolve(rule, terms=shuffled([evolve(t, rule=shuffled_rule(t.rule, random)) for t in terms], random))
        case Switch(cases, choose):
            new = [
                evolve(c, when=shuffled_condition(c.when, random), rule=shuffled_rule(c.rule, random)) for c in cases
            ]
            return evolve(rule, cases=tuple(new) if choose is Choose.FIRST else shuffled(new, random))
        case Average(_, inner):
            return evolve(rule, rule=shuffled_rule(inner, random))
        case Awarded():
            return rule


def shuffled(items: Iterable[T], random: Random) -> tuple[T, ...]:
    return tuple(random.sample(known := list(items), len(known)))


def shuffled_criterion(criterion: Criterion, random: Random) -> Criterion:
    return evolve(
        criterion,
        children=shuffled([shuffled_criterion(child, random) for child in criterion.children], random),
        rule=NOT_STATED if criterion.rule is NOT_STATED else shuffled_rule(criterion.rule, random),
        notes=shuffled(criterion.notes, random),
        evidence=shuffled(criterion.evidence, random),
    )


@settings(max_examples=250)
@given(scored(), st.randoms(use_true_random=True))
def test_no_order_matters_but_that_of_levels_taken_in_order(pair: tuple[Ruleset, Submission], random: Random) -> None:
    """Criteria, figures, records, conditions, bands, options, terms, and the levels of `only` and `best`."""
    rules, unit = pair
    refusing = [c for c in rules.walk() if c.rule is not NOT_STATED and is_refusing(c.rule, given_by(unit))]
    assume(not refusing)
    other = evolve(
        rules,
        criteria=shuffled([shuffled_criterion(criterion, random) for criterion in rules.criteria], random),
        adjustments=shuffled(rules.adjustments, random),
        facts=shuffled(rules.facts, random),
    )
    figures = dict(shuffled(unit.figures.items(), random))
    assert told(other, evolve(unit, figures=figures)) == told(rules, unit)


@given(scored(whole=True), st.randoms(use_true_random=True))
def test_the_order_of_records_does_not_matter(pair: tuple[Ruleset, Submission], random: Random) -> None:
    rules, unit = pair
    records = list(shuffled(unit.figures["r"], random))
    assert told(rules, evolve(unit, figures={**unit.figures, "r": records})) == told(rules, unit)


@given(scored(whole=True))
def test_figures_written_as_text_score_as_the_numbers_they_say(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    written = {
        name: str(value) if isinstance(value, int) and name in "ab" else value for name, value in unit.figures.items()
    }
    assert told(rules, evolve(unit, figures=written, mark=",")) == told(rules, unit)


HASH_SCRIPT = """
import sys, cchc_index as cchc
from pathlib import Path
for name, file in (("mau/cap-xa/1", "mau-cap-xa/don-vi-07.yaml"), ("mau/cap-xa/1", "mau-cap-xa/don-vi-18.yaml")):
    card = cchc.score(cchc.load(name), cchc.read_submission(Path(sys.argv[1]) / file))
    print(card)
    print(*(line.why for line in card.walk()), sep="\\n")
try:
    cchc.score(cchc.load("mau/cap-xa/1"), cchc.Submission("Xã", {}))
except cchc.MissingFacts as error:
    print(error, error.missing)
"""


def test_a_score_does_not_depend_on_the_hash_seed() -> None:
    def run(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", HASH_SCRIPT, str(EXAMPLES)]
        return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

    first = run("1")
    assert first == run("424242")
    assert b"Card(" in first
    assert "Thiếu số liệu".encode() in first


# -- parts and wholes -------------------------------------------------------------------------------------------------


@given(scored(whole=True))
def test_parts_sum_to_the_whole_at_every_level(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    assert card is not None
    for line in card.walk():
        if not line.children or line.exempted:
            continue
        parts = [child.points for child in line.children]
        whole = line.points if line.rounding is None else line.unrounded
        if NOT_STATED in parts:
            assert whole is NOT_STATED
        else:
            assert whole == sum((number(part) for part in parts), Fraction(0))
    rescaled = any(line.exempted and line.exempted.exemption.policy is Policy.RESCALED for line in card.walk())
    if isinstance(card.unrounded, Fraction) and not rescaled:
        signs = [1 if a.kind is AdjustmentKind.BONUS else -1 for a in rules.adjustments]
        outside = [sign * number(line.points) for sign, line in zip(signs, card.adjustments, strict=True)]
        assert card.unrounded == sum((number(line.points) for line in card.lines), Fraction(0)) + sum(outside)


@given(scored(whole=True))
def test_a_rounded_line_is_the_rounding_of_its_exact_points(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    assert card is not None
    for line in card.lines:
        for inner in line.walk():
            assert (inner.unrounded is not None) == (inner.rounding is not None and inner.exempted is None)
            if inner.rounding and isinstance(inner.unrounded, Fraction):
                assert inner.points == half_up(inner.unrounded, inner.rounding.step)
    if rules.rounding and isinstance(card.unrounded, Fraction):
        assert card.points == half_up(card.unrounded, rules.rounding.step)
    if rules.rounding is None:
        assert card.points == card.unrounded


def least_and_most(rule: Rule) -> tuple[Fraction | None, Fraction | None]:
    """Bounds read off the structure of a rule by hand: None is no bound."""
    match rule:
        case Piecewise(_, pieces):
            found = [ends_of(piece) for piece in pieces]
            return widest(found)
        case Table(_, options):
            return widest([(option.points, option.points) for option in options])
        case Sum(terms, base, floor, cap):
            low: Fraction | None = base
            high: Fraction | None = base
            for term in terms:
                least, most = least_and_most(term.rule)
                low = None if low is None or least is None else low + least
                high = None if high is None or most is None else high + most
            if cap is not None:
                low, high = (low if low is None else min(low, cap)), (cap if high is None else min(high, cap))
            if floor is not None:
                low, high = (floor if low is None else max(low, floor)), (high if high is None else max(high, floor))
            return low, high
        case Switch(cases):
            return widest([least_and_most(case.rule) for case in cases])
        case Average(_, inner, rounding):
            least, most = least_and_most(inner)
            step = rounding.step if rounding else None
            return (
                least if least is None or step is None else half_up(least, step),
                most if most is None or step is None else half_up(most, step),
            )
        case Awarded(_, least, most):
            return least, most


def ends_of(piece: Piece) -> tuple[Fraction | None, Fraction | None]:
    ends = [piece.interval.low, piece.interval.high]
    at = [None if end is None else piece.base + piece.slope * end for end in ends]
    if not piece.slope:
        return piece.base, piece.base
    return (at[0], at[1]) if piece.slope > 0 else (at[1], at[0])


def widest(found: list[tuple[Fraction | None, Fraction | None]]) -> tuple[Fraction | None, Fraction | None]:
    lows, highs = [low for low, _ in found], [high for _, high in found]
    low = None if None in lows else min(low for low in lows if low is not None)
    return low, None if None in highs else max(high for high in highs if high is not None)


@settings(max_examples=250)
@given(scored(whole=True))
def test_points_of_a_leaf_lie_within_the_bounds_of_its_structure(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    assert card is not None
    for criterion in rules.walk():
        line = card[criterion.code]
        if criterion.rule is NOT_STATED or line.exempted or line.trace is None:
            continue
        low, high = least_and_most(criterion.rule)
        assert low is None or line.trace.points >= low
        assert high is None or line.trace.points <= high
        most = most_of(criterion.rule)
        assert most is None or line.trace.points <= most
        if isinstance(criterion.max_points, Fraction):
            assert number(line.points) <= criterion.max_points


@given(scored(whole=True))
def test_the_index_is_points_over_the_applicable_maximum(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    assert card is not None
    stated = isinstance(card.points, Fraction) and isinstance(card.max_points, Fraction) and card.max_points != 0
    if rules.index_basis is NOT_STATED or not stated:
        assert card.index is NOT_STATED
    else:
        assert number(card.index) * number(card.max_points) == card.points
    for line in card.walk():
        assert line.index == share(line.points, line.max_points)


# -- what is not assessed ---------------------------------------------------------------------------------------------

POLICIES = {
    Policy.REMOVED: (Fraction(1), Fraction(6), Fraction(0), Fraction(0)),
    Policy.RESCALED: (Fraction(10, 6), Fraction(10), Fraction(0), Fraction(0)),
    Policy.FULL: (Fraction(5), Fraction(10), Fraction(4), Fraction(4)),
    Policy.UNCOUNTED: (Fraction(1), Fraction(10), Fraction(0), Fraction(4)),
}


def exempting(policy: Policy, when: Condition | None) -> Ruleset:
    """1 of 6 points in criterion 1; criterion 2, worth 4, may be left out."""
    return with_criteria(
        leaf("1", whole=Fraction(6)),
        leaf("2", constant(Fraction(3)), Fraction(4), exemptions=(Exemption(policy, when),)),
        max_points=Fraction(10),
        index_basis=READING,
    )


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("policy", POLICIES)
def test_each_policy_has_its_own_arithmetic(policy: Policy, asked: bool) -> None:
    rules = exempting(policy, None if asked else IS_U)
    unit = evolve(unit_with(u=True), exemptions={"2": "lý do"} if asked else {})
    card = cchc.score(rules, unit)
    points_, whole, line_points, line_whole = POLICIES[policy]
    assert (card.points, card.max_points, card.index) == (points_, whole, points_ / whole)
    line = card["2"]
    assert (line.points, line.max_points, line.status) == (line_points, line_whole, Status.EXEMPT)
    assert line.exempted is not None
    assert line.exempted.reason == ("lý do" if asked else "")
    assert (line.trace, line.basis, line.matched, line.seen) == (None, NOT_STATED, None, None)


def test_a_condition_that_does_not_hold_exempts_nobody() -> None:
    card = cchc.score(exempting(Policy.REMOVED, IS_U), unit_with(u=False))
    assert these(card.points, card.max_points) == these(4, 10)


def test_what_may_not_be_left_out_is_refused() -> None:
    unit = evolve(unit_with(), exemptions={"2": "lý do"})
    for rules in (exempting(Policy.FORBIDDEN, None), exempting(Policy.REMOVED, IS_U)):
        with pytest.raises(cchc.BadSubmission) as caught:
            cchc.score(rules, evolve(unit, figures={"u": False}))
        assert str(caught.value).endswith("khong_danh_gia.2: VB, dòng 1 không quy định được bỏ đánh giá tiêu chí này")
        assert "VB, dòng 1 does not allow this criterion to be left out" in caught.value.report("en")


def test_a_criterion_that_no_unit_may_leave_out_is_assessed_whatever_else_is_allowed() -> None:
    """FORBIDDEN beside a criterion stands above what is allowed for every criterion."""
    allowed = (Exemption(Policy.FORBIDDEN), Exemption(Policy.UNCOUNTED))
    rules = with_criteria(leaf("1", exemptions=allowed))
    with pytest.raises(cchc.BadSubmission):
        cchc.score(rules, evolve(unit_with(), exemptions={"1": "lý do"}))


def test_forbidden_with_a_condition_never_takes_points_away() -> None:
    rules = with_criteria(leaf("1", exemptions=(Exemption(Policy.FORBIDDEN, IS_U),)))
    card = cchc.score(rules, unit_with(u=True))
    assert these(card.points, card["1"].exempted) == these(1, None)


@given(
    st.sampled_from(sorted(POLICIES, key=lambda policy: policy.value)),
    st.lists(st.tuples(points(), st.integers(2, 9), st.booleans()), min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
)
def test_policies_over_any_tree(
    policy: Policy, parts: list[tuple[Fraction, int, bool]], declared: bool, nested: bool
) -> None:
    """Points and maximum of any number of leaves, some of them left out, flat or under one parent."""
    exemption = Exemption(policy, IS_U)
    leaves = [
        leaf(f"1.{n}", constant(got), Fraction(whole), exemptions=(exemption,) if out else ())
        for n, (got, whole, out) in enumerate(parts)
    ]
    everything = Fraction(sum(whole for _, whole, _ in parts))
    tree = [parent("1", *leaves, whole=everything if declared else NOT_STATED)] if nested else leaves
    rules = with_criteria(*tree, max_points=everything if declared else NOT_STATED, index_basis=READING)
    card = cchc.score(rules, unit_with(u=True))
    kept = sum((got for got, _, out in parts if not out), Fraction(0))
    left = sum((Fraction(whole) for _, whole, out in parts if not out), Fraction(0))
    expected = {
        Policy.REMOVED: (kept, left),
        Policy.RESCALED: (kept * everything / left, everything) if left else (kept, left),
        Policy.FULL: (kept + everything - left, everything),
        Policy.UNCOUNTED: (kept, everything),
    }[policy]
    assert (card.points, card.max_points) == expected
    assert card.index == (expected[0] / expected[1] if expected[1] else NOT_STATED)


def test_leaving_out_a_parent_leaves_out_everything_under_it() -> None:
    inner = parent(
        "1", leaf("1.1", Table("v", (Option("co", ONE),))), leaf("1.2", whole=Fraction(3)), whole=Fraction(5)
    )
    for policy, (got, whole) in {
        Policy.FULL: ([5, 2, 3], [5, 2, 3]),
        Policy.UNCOUNTED: ([0, 0, 0], [5, 2, 3]),
        Policy.REMOVED: ([0, 0, 0], [0, 0, 0]),
    }.items():
        rules = with_criteria(evolve(inner, exemptions=(Exemption(policy, IS_U),)), leaf("2"), max_points=Fraction(7))
        card = cchc.score(rules, unit_with(u=True))
        lines = [card["1"], card["1.1"], card["1.2"]]
        assert these([line.points for line in lines], [line.max_points for line in lines]) == these(got, whole)
        assert {line.status for line in lines} == {Status.EXEMPT}


def test_an_unstated_maximum_above_stated_parts_does_not_hide_the_declared_maximum() -> None:
    area = parent("1", leaf("1.1"), leaf("1.2"))
    assert cchc.score(with_criteria(area), unit_with()).max_points == 4
    card = cchc.score(with_criteria(area, max_points=Fraction(4), index_basis=READING), unit_with())
    assert these(card.max_points, card.index) == these(4, Fraction(1, 2))


def test_rescaling_by_an_unstated_maximum_gives_no_number() -> None:
    gone = leaf("1", whole=NOT_STATED, exemptions=(Exemption(Policy.RESCALED, IS_U),))
    for whole in (Fraction(10), NOT_STATED):
        card = cchc.score(with_criteria(gone, leaf("2"), max_points=whole), unit_with(u=True))
        assert (card.points, card.max_points) == (NOT_STATED, NOT_STATED)


def test_full_points_of_an_unstated_maximum_are_not_stated() -> None:
    gone = leaf("1", whole=NOT_STATED, exemptions=(Exemption(Policy.FULL, IS_U),))
    card = cchc.score(with_criteria(gone, leaf("2")), unit_with(u=True))
    assert these(card.points, card["1"].points, card["2"].points) == these(NOT_STATED, NOT_STATED, 1)


def test_when_everything_is_removed_there_is_no_index() -> None:
    rules = with_criteria(leaf("1", exemptions=(Exemption(Policy.REMOVED, IS_U),)), max_points=TWO, index_basis=READING)
    card = cchc.score(rules, unit_with(u=True))
    assert these(card.points, card.max_points, card.index) == these(0, 0, NOT_STATED)


# -- bonus and penalty ------------------------------------------------------------------------------------------------


@given(points(), points(), points(), st.none() | roundings())
def test_bonus_and_penalty_are_cut_off_at_their_caps(
    base: Fraction, bonus: Fraction, penalty: Fraction, rounding: Rounding | None
) -> None:
    rules = with_criteria(
        leaf("1", constant(base)),
        rounding=rounding,
        adjustments=(
            Adjustment(AdjustmentKind.BONUS, leaf("T", constant(bonus), ONE)),
            Adjustment(AdjustmentKind.PENALTY, leaf("P", constant(penalty), Fraction(1, 2))),
        ),
    )
    card = cchc.score(rules, unit_with())
    exact = base + min(bonus, Fraction(1)) - min(penalty, Fraction(1, 2))
    assert card.unrounded == exact
    assert card.points == (exact if rounding is None else half_up(exact, rounding.step))
    assert (card["T"].points, card["P"].points) == (min(bonus, ONE), min(penalty, Fraction(1, 2)))
    assert card.max_points == 2
    assert [card[code].is_penalty for code in ("1", "T", "P")] == [False, False, True]


@pytest.mark.parametrize(
    ("deducted", "status"), [("0", Status.FULL), ("1/4", Status.PARTIAL), ("1/2", Status.NONE), ("1", Status.NONE)]
)
def test_a_penalty_is_full_when_nothing_is_deducted(deducted: str, status: Status) -> None:
    penalty = Adjustment(AdjustmentKind.PENALTY, leaf("P", constant(Fraction(deducted)), Fraction(1, 2)))
    card = cchc.score(with_criteria(leaf("1"), adjustments=(penalty,)), unit_with())
    assert card["P"].status is status


def test_bonus_without_a_stated_cap_is_not_cut() -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, leaf("T", constant(Fraction(9)), NOT_STATED))
    assert cchc.score(with_criteria(leaf("1"), adjustments=(bonus,)), unit_with()).points == 10


def test_bonus_whose_rule_is_not_stated_leaves_the_total_not_stated() -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, evolve(leaf("T"), rule=NOT_STATED))
    card = cchc.score(with_criteria(leaf("1"), adjustments=(bonus,)), unit_with())
    assert (card.points, card.unrounded, card["T"].points) == (NOT_STATED, NOT_STATED, NOT_STATED)


def test_bonus_made_of_parts_is_capped_as_a_whole() -> None:
    area = parent("T", leaf("T.1", constant(TWO)), leaf("T.2", constant(TWO)), whole=Fraction(3))
    card = cchc.score(with_criteria(leaf("1"), adjustments=(Adjustment(AdjustmentKind.BONUS, area),)), unit_with())
    assert these(card.points, card["T"].points, card["T"].max_points) == these(4, 3, 3)


@pytest.mark.parametrize(
    ("policy", "expected"), [(Policy.FULL, 3), (Policy.UNCOUNTED, 1), (Policy.REMOVED, 1), (Policy.RESCALED, 1)]
)
def test_bonus_that_is_not_assessed(policy: Policy, expected: int) -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, leaf("T", constant(ONE), TWO, exemptions=(Exemption(policy, IS_U),)))
    assert cchc.score(with_criteria(leaf("1"), adjustments=(bonus,)), unit_with(u=True)).points == expected


# -- holes, readings, refusals ----------------------------------------------------------------------------------------


def test_undefined_values_cite_the_hole() -> None:
    hole = SourceNote(NoteKind.HOLE, "văn bản để trống", when=IS_U)
    rules = with_criteria(
        leaf("1", Table("v", (Option("co", ONE),)), notes=(hole, SourceNote(NoteKind.HOLE, "lỗ khác")))
    )
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        cchc.score(rules, unit_with(u=True, v=True))
    assert str(caught.value) == "Văn bản không quy định:\n- 1: tiêu chí 1: văn bản để trống; VB, dòng 1; lỗ khác"
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        cchc.score(rules, unit_with(u=False, v=False))
    assert "phương án «khong» không có điểm; VB, dòng 1; văn bản để trống; lỗ khác" in str(caught.value)
    assert "the option «khong» has no points stated" in caught.value.report("en")
    assert cchc.score(rules, unit_with(u=False, v=True)).points == 1


def undefined(rule: Rule, **figures: Any) -> tuple[str, str]:
    """What is said of a rule that gives no points, in both languages."""
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        cchc.score(with_rule(rule), unit_with(**figures))
    vi, en = (caught.value.faults[0].message.said(lang) for lang in ("vi", "en"))
    before, after = "tiêu chí 1: ", "; VB, dòng 1"
    assert all(said.startswith(before) and said.endswith(after) for said in (vi, en))
    return vi.removeprefix(before).removesuffix(after), en.removeprefix(before).removesuffix(after)


def test_each_hole_says_what_it_is() -> None:
    share_of = Piecewise(Ratio(figure("a"), figure("b")), (Piece(Interval(high=ONE), ONE),))
    zero = ("mẫu số bằng 0 và văn bản không nói tính thế nào", "the denominator is 0 and nothing is said of it")
    full = Within(Ratio(figure("a"), figure("b")), Interval(ONE, low_closed=True))
    assert undefined(share_of, a=3, b=2) == ("giá trị 1,5 không nằm trong bậc nào", "the value 1.5 is in no band")
    assert undefined(share_of, a=0, b=0) == zero
    for choose in Choose:
        assert undefined(Switch((Case(full, constant(ONE)),), choose), a=0, b=0) == zero
        assert undefined(Switch((Case(full, constant(ONE)),), choose), a=0, b=1) == (
            "không mức nào phù hợp",
            "no level fits",
        )
    both = Switch((Case(AllOf(()), constant(ONE)), Case(AllOf(()), constant(ONE))), Choose.ONLY)
    assert undefined(both) == ("2 mức cùng phù hợp", "2 levels fit at the same time")
    negative = Piecewise(Ratio(figure("a"), Linear((("b", -1),))), (Piece(Interval(), ONE),))
    assert undefined(negative, a=1, b=2) == ("mẫu số -2 là số âm", "the denominator -2 is negative")
    assert undefined(evolve(negative, measure=Ratio(figure("a"), figure("n"))), a=1, n="-0,5") == (
        "mẫu số -0,5 là số âm",
        "the denominator -0.5 is negative",
    )
    assert undefined(Average("r", constant(ONE)), r=[]) == ("không có bản ghi nào", "there is no record")
    assert undefined(Average("r", Table("z", (Option("co", ONE),))), r=[{"z": True}, {"z": False}]) == (
        "bản ghi thứ 2: phương án «khong» không có điểm",
        "record 2: the option «khong» has no points stated",
    )


def test_a_negative_denominator_beside_the_rules_is_undefined_too() -> None:
    when = Within(Ratio(figure("a"), figure("n")), Interval())
    rules = with_criteria(leaf("1", exemptions=(Exemption(Policy.FULL, when),)))
    with pytest.raises(cchc.UndefinedByDecision, match="mẫu số -1 là số âm"):
        cchc.score(rules, unit_with(a=1, n=-1))


def test_awarded_points_out_of_bounds_are_refused_with_the_bound() -> None:
    rule = Awarded("g", Fraction(1, 2), TWO, Fraction(1, 4))
    for given_points, vi, en in (
        ("0,25", "0,25 thấp hơn mức thấp nhất 0,5", "0.25 is below the least 0.5"),
        ("2,25", "2,25 vượt điểm tối đa 2", "2.25 is above the maximum 2"),
        ("0,6", "0,6 không theo bước điểm 0,25", "0.6 is not in steps of 0.25"),
    ):
        unit = evolve(unit_with(g=given_points), places={("so_lieu", "g"): "xa.yaml:4"})
        with pytest.raises(cchc.BadSubmission) as caught:
            cchc.score(with_rule(rule), unit)
        assert str(caught.value) == f"Bản khai không hợp lệ:\n- xa.yaml:4: so_lieu.g: {vi}"
        assert en in caught.value.report("en")
    assert [cchc.score(with_rule(rule), unit_with(g=g)).points for g in ("0,5", 2, "1,75")] == [
        Fraction(1, 2),
        2,
        Fraction(7, 4),
    ]


def test_a_rule_that_gives_more_than_its_maximum_is_a_bad_ruleset() -> None:
    with pytest.raises(cchc.BadRuleset) as caught:
        cchc.score(with_rule(constant(Fraction(5, 2)), TWO), unit_with())
    assert str(caught.value) == "Bộ tiêu chí không hợp lệ:\n- 1: quy tắc cho 2,5 điểm, vượt điểm tối đa 2"
    assert "the rule gives 2.5 points, above the maximum 2" in caught.value.report("en")


def test_a_maximum_of_zero_is_held_too() -> None:
    """Zero is a maximum like any other, also where nothing else stands beside the rule."""
    rules = with_rule(constant(ONE), Fraction(0))
    with pytest.raises(cchc.BadRuleset, match="quy tắc cho 1 điểm, vượt điểm tối đa 0"):
        cchc.score(rules, unit_with())
    scorer = cchc.compile_rules(rules)
    with pytest.raises(cchc.BadRuleset):
        scorer.totals(scorer.prepare(unit_with()))


def test_figures_made_for_another_ruleset_are_refused() -> None:
    unit = Submission("Xã A", {}, ruleset="khac/bo", version="2", places={("phien_ban",): "xa.yaml:2"})
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.score(with_rule(constant(ONE)), unit)
    assert str(caught.value) == (
        "Bản khai không hợp lệ:\n"
        "- bo_tieu_chi: bản khai lập theo «khac/bo», còn đang chấm theo «thu/cap-xa»\n"
        "- xa.yaml:2: phien_ban: bản khai lập theo «2», còn đang chấm theo «1»"
    )
    assert "made for «2», scored under «1»" in caught.value.report("en")


def test_codes_that_do_not_exist_are_refused_with_the_likely_one() -> None:
    unit = Submission(
        "Xã A",
        {},
        exemptions={"10.1": ""},
        evidence={"zz": (Evidence("1/BC"),)},
        claims=(Claim("10.11", ONE),),
    )
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.score(with_criteria(leaf("10.10")), unit)
    assert str(caught.value) == (
        "Bản khai không hợp lệ:\n"
        "- khong_danh_gia.10.1: không có tiêu chí này (ý bạn là «10.10»?)\n"
        "- tai_lieu.zz: không có tiêu chí này\n"
        "- tu_cham.10.11: không có tiêu chí này (ý bạn là «10.10»?)"
    )


@given(scored(whole=True))
def test_claims_and_evidence_never_change_the_points(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    code = rules.criteria[0].code
    bare = evolve(unit, claims=(), evidence={})
    claimed = evolve(unit, claims=(Claim(code, Fraction(99)),), evidence={code: (Evidence("9/BC"),)})
    assert told(rules, bare) == told(rules, claimed)


# -- lines and cards --------------------------------------------------------------------------------------------------


def test_a_line_carries_what_stands_behind_it() -> None:
    quote = Quote("Từ 90%: 1 điểm", CITATION)
    rule = Piecewise(Ratio(figure("a"), figure("b")), (Piece(Interval(low=Fraction(1, 2)), ONE, basis=quote),))
    remark = SourceNote(NoteKind.REMARK, "luôn in", "người lập")
    rules = with_criteria(
        leaf("1", rule, evidence=("Báo cáo",), notes=(remark, SourceNote(NoteKind.READING, "khi u", "ai", IS_U))),
        notes=(remark,),
    )
    unit = evolve(unit_with(a=19, b=20, u=False), evidence={"1": (Evidence("1/BC"),)}, period=PERIOD)
    card = cchc.score(rules, unit)
    line = card["1"]
    assert line.seen == Seen(rule.measure, 19, 20)
    assert line.seen is not None
    assert line.seen.value == Fraction(19, 20)
    assert (line.matched, line.basis) == (rule.pieces[0], quote)
    assert [(fact.name, value) for fact, value in line.inputs] == [("a", 19), ("b", 20)]
    assert (line.evidence_required, line.evidence) == (("Báo cáo",), (Evidence("1/BC"),))
    assert [note.text for note in line.notes] == ["luôn in"]
    assert [note.text for note in card.notes] == ["luôn in"]
    assert [note.text for note in cchc.score(rules, evolve(unit, figures={**unit.figures, "u": True}))["1"].notes] == [
        "luôn in",
        "khi u",
    ]
    assert str(card.period) == "01/01/2025 – 31/12/2025"
    with pytest.raises(KeyError):
        card["9"]


def test_basis_and_matched_of_each_trace() -> None:
    quote, other = Quote("một", CITATION), Quote("hai", CITATION)
    option = Option("co", ONE, quote)
    table = Table("u", (option,))
    tabled = cchc.score(with_rule(table), unit_with(u=True))["1"]
    assert (tabled.matched, tabled.basis, tabled.seen) == (option, quote, None)
    own = Switch((Case(IS_U, table, other),))
    assert cchc.score(with_rule(own), unit_with(u=True))["1"].basis == other
    inner = cchc.score(with_rule(Switch((Case(IS_U, table),))), unit_with(u=True))["1"]
    assert (inner.basis, inner.matched) == (quote, IS_U)
    summed = cchc.score(with_rule(Sum((Term(table),))), unit_with(u=True))["1"]
    assert (summed.basis, summed.matched, summed.seen) == (quote, None, None)
    awarded = cchc.score(with_rule(Awarded("g", basis=other)), unit_with(g=1))["1"]
    assert (awarded.basis, awarded.matched, awarded.seen) == (other, None, None)


def test_every_quote_behind_a_line_in_the_order_of_the_table() -> None:
    quotes = [Quote(str(number), CITATION) for number in range(5)]
    table = Table("u", (Option("co", ONE, quotes[0]),))
    switch = Switch((Case(IS_V, table, quotes[1]),))
    total = Sum((Term(switch, "mục", quotes[2]), Term(Awarded("g", basis=quotes[3]))))
    trace = cchc.score(with_rule(total), unit_with(u=True, v=True, g=1))["1"].trace
    assert trace is not None
    stated = [basis for basis in bases_of_trace(trace) if basis is not NOT_STATED]
    assert stated == [quotes[n] for n in (2, 1, 0, 3)]
    each = Table("z", (Option("co", ONE, quotes[4]),))
    mean = cchc.score(with_rule(Average("r", each)), unit_with(r=[{"z": True}]))["1"].trace
    assert mean is not None
    assert list(bases_of_trace(mean)) == [quotes[4]]


def test_statuses() -> None:
    rules = with_criteria(
        leaf("full", constant(TWO)),
        leaf("partial", constant(ONE)),
        leaf("none", constant(Fraction(0))),
        leaf("below", constant(Fraction(-1))),
        leaf("unstated", constant(ONE), NOT_STATED),
        evolve(leaf("unsaid"), rule=NOT_STATED),
    )
    card = cchc.score(rules, unit_with())
    assert [line.status for line in card.lines] == [
        Status.FULL,
        Status.PARTIAL,
        Status.NONE,
        Status.NONE,
        Status.NOT_STATED,
        Status.NOT_STATED,
    ]


@given(scored(whole=True))
def test_a_card_mirrors_its_ruleset(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    card, _ = outcome(rules, unit)
    assume(card is not None)
    assert card is not None
    assert [line.code for line in card.walk()] == [criterion.code for criterion in rules.walk()]
    assert [line.code for line in card.walk()] == list(card.by_code)
    assert (card.ruleset, card.version, card.title) == (rules.id, rules.version, rules.title)
    assert isinstance(hash(rules), int)


def test_a_sum_is_clamped_to_its_cap_then_to_its_floor() -> None:
    def got(rule: Sum) -> tuple[Fraction, Fraction]:
        trace = cchc.score(with_rule(rule), unit_with(a=3))["1"].trace
        assert isinstance(trace, SumTrace)
        return trace.points, trace.unclamped

    each = Term(Piecewise(figure("a"), (Piece(Interval(), Fraction(0), ONE),)))
    minus = Term(Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(-1)),)))
    assert got(Sum((each,), ONE)) == these(4, 4)
    assert got(Sum((each,), ONE, cap=TWO)) == these(2, 4)
    assert got(Sum((minus,), ONE)) == these(-2, -2)
    assert got(Sum((minus,), ONE, floor=Fraction(-1, 2))) == these(Fraction(-1, 2), -2)


# -- grades -----------------------------------------------------------------------------------------------------------


@given(points(), st.sampled_from(Basing))
def test_a_grade_is_the_one_whose_range_holds_the_points(got: Fraction, on: Basing) -> None:
    grades = (
        Grade("A", Interval(Fraction(3, 4), low_closed=True)),
        Grade("B", Interval(Fraction(1, 4), Fraction(3, 4), low_closed=True)),
    )
    rules = with_criteria(
        leaf("1", constant(got)), max_points=TWO, index_basis=READING, scales=(GradeScale(grades, on),)
    )
    value = got / 2 if on is Basing.INDEX else got
    fit = [grade for grade in grades if inside(value, grade.interval)]
    assert cchc.score(rules, unit_with()).grade == (fit[0] if fit else NOT_STATED)


def test_grades_of_the_first_scale_that_applies() -> None:
    scales = (GradeScale((Grade("A", Interval()),), when=IS_U), GradeScale((Grade("B", Interval()),), when=IS_V))
    rules = with_criteria(leaf("1"), scales=scales)
    for u, v, name in ((True, True, "A"), (False, True, "B")):
        grade = cchc.score(rules, unit_with(u=u, v=v)).grade
        assert isinstance(grade, Grade)
        assert grade.name == name
    assert cchc.score(rules, unit_with(u=False, v=False)).grade is None
    indexed = with_criteria(leaf("1"), scales=(GradeScale((Grade("A", Interval()),), Basing.INDEX),))
    assert cchc.score(indexed, unit_with()).grade is NOT_STATED


# -- the real rulesets ------------------------------------------------------------------------------------------------

DONG_NAI = "dong-nai/cap-xa/2022"
TT01 = "vpcp/mot-cua/tt-01-2018"


@pytest.mark.parametrize(
    ("done", "planned", "expected"),
    [(20, 20, "1"), (19, 20, "19/20"), (18, 20, "9/10"), (89, 100, "0"), (4, 5, "0"), (99, 100, "99/100"), (0, 7, "0")],
)
def test_dong_nai_4_1(done: int, planned: int, expected: str) -> None:
    figures = {"da_xong": done, "de_ra": planned, "bang_dien_tu": "có", "mang_xa_hoi": "không", "truyen_thong": "có"}
    card = cchc.score(cchc.load(DONG_NAI), Submission("Xã A", figures))
    assert card["4.1"].points == Fraction(expected)
    assert card["4.2"].points == Fraction(3, 4)
    assert card.points == Fraction(expected) + Fraction(3, 4)
    contradicted = [note.text for note in card["4.1"].notes]
    assert bool(contradicted) == (10 * done < 9 * planned)
    assert these(card.max_points, card.index, card.grade) == these(2, NOT_STATED, None)
    assert card.ranked


def test_dong_nai_says_nothing_about_a_plan_without_goals() -> None:
    figures = {"da_xong": 0, "de_ra": 0, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    with pytest.raises(cchc.UndefinedByDecision, match="mẫu số bằng 0 và văn bản không nói tính thế nào"):
        cchc.score(cchc.load(DONG_NAI), Submission("Xã A", figures))


def tt01_leaf(code: str, figures: dict[str, Any]) -> Line:
    """One indicator of the circular, scored alone."""
    rules = cchc.load(TT01)
    alone = evolve(rules, criteria=(rules[code],), facts=tuple(rules.facts_by_name.values()), scales=(), notes=())
    return cchc.score(alone, Submission("Bộ phận Một cửa", {"doi_tuong": "to_chuc", **figures}))[code]


@pytest.mark.parametrize(
    ("code", "figures", "words"),
    [
        ("3", {"ho_so": [{"so_lan_lien_he": 2, "do_loi_nguoi_nop": True}]}, "lỗi của người nộp hồ sơ"),
        ("4", {"ho_so": [{"so_co_quan": 2, "gom_mot_cua": True, "so_co_quan_thuc_dia": 1}]}, "2 mức cùng phù hợp"),
        (
            "4",
            {"ho_so": [{"so_co_quan": 1, "gom_mot_cua": False, "so_co_quan_thuc_dia": 0}]},
            "không phải Bộ phận Một cửa",
        ),
        (
            "7",
            {"ho_so": [{"thoi_gian_giai_quyet": 6, "thoi_gian_quy_dinh": 5, "phan_anh_thai_do": 0, "phan_anh_sai": 0}]},
            "không mức nào phù hợp",
        ),
        (
            "5",
            {
                "cap_mot_cua": "xa",
                "tthc_giai_quyet_tai_cho": 9,
                "tthc_danh_muc": 9,
                "tthc_da_tiep_nhan": 8,
                "tthc_phai_tiep_nhan": 9,
            },
            "thỏa cả mức 0",
        ),
        (
            "9",
            {
                "tthc_truc_tuyen": 10,
                "tthc_du_yeu_cau": 100,
                "ho_so_truc_tuyen": 40,
                "tong_ho_so": 100,
                "ho_so_truc_tuyen_loi": 0,
            },
            "không thuộc mức nào",
        ),
    ],
)
def test_the_holes_of_circular_01_stay_holes(code: str, figures: dict[str, Any], words: str) -> None:
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        tt01_leaf(code, figures)
    assert words in str(caught.value)
    assert cchc.load(TT01)[code].citation.place in str(caught.value)


def test_circular_01_rounds_a_tie_up_and_takes_the_best_level() -> None:
    days = [(4, 5), (5, 5), (6, 5), (4, 5)]
    records = [{"thoi_gian_giai_quyet": used, "thoi_gian_quy_dinh": allowed} for used, allowed in days]
    line = tt01_leaf("1", {"ho_so": records})
    assert (line.unrounded, line.points) == (Fraction(5, 4), Fraction(13, 10))
    none = {"phan_anh": 0, "phan_anh_dung_han": 0, "phan_anh_keo_dai": 0}
    assert tt01_leaf("8", none).points == 2
    assert tt01_leaf("8", {"phan_anh": 10, "phan_anh_dung_han": 10, "phan_anh_keo_dai": 0}).points == 2
    assert tt01_leaf("8", {"phan_anh": 10, "phan_anh_dung_han": 9, "phan_anh_keo_dai": 0}).points == 1
    assert tt01_leaf("8", {"phan_anh": 10, "phan_anh_dung_han": 10, "phan_anh_keo_dai": 1}).points == 0


def test_circular_01_example_unit() -> None:
    card = cchc.score(cchc.load(TT01), cchc.read_submission(EXAMPLES / "mot-cua-xa" / "ban-khai.yaml"))
    got = {line.code: line.points for line in card.lines}
    expected = ("1.7", "1.6", "1.8", "1.8", "1", "2", "1.7", "1", "2")
    assert got == {str(code): Fraction(value) for code, value in enumerate(expected, 1)}
    assert these(card.points, card.max_points, card.index) == these(Fraction("14.6"), 18, NOT_STATED)


@pytest.mark.parametrize("file", sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sample_units_keep_every_sum(file: Path) -> None:
    rules = cchc.load("mau/cap-xa/1")
    card = cchc.score(rules, cchc.read_submission(file))
    for line in card.walk():
        if line.children and not line.exempted:
            assert line.points == sum((number(child.points) for child in line.children), Fraction(0))
            assert line.max_points == sum((number(child.max_points) for child in line.children), Fraction(0))
    assert number(card.points) == half_up(number(card.unrounded), Fraction(1, 100))
    assert number(card.index) == number(card.points) / number(card.max_points)
    assert rules.is_sample
    assert card.is_sample
