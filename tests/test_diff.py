"""`diff`: nothing between equals, every kind of change seen, every witness reproduces, every «no effect» is true."""

import datetime
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import docx
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.cli.terminal import rendered
from cchc_index.comparing import effects
from cchc_index.comparing.alone import Result, Side, alone, result_of
from cchc_index.comparing.bare import bare, read_as, scoring_of
from cchc_index.comparing.changes import Change, Kind
from cchc_index.comparing.diff import Diff, diff
from cchc_index.comparing.effects import Effect, Verdict, effect_of
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Observation,
    Policy,
    Ruleset,
    SourceNote,
    Tier,
)
from cchc_index.errors import CchcError, MissingFacts, Text
from cchc_index.facts import Submission
from cchc_index.files.catalogue import load
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    DayOfYear,
    Fact,
    FactType,
    Interval,
    Linear,
    Ratio,
    Within,
    figure,
    ratio,
)
from cchc_index.reporting import changes as reports
from cchc_index.reporting.as_word import word_file
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
from cchc_index.solving import elimination, search
from cchc_index.sources import NOT_STATED, NoteKind
from cchc_index.testing.edits import EDITS, LEAF, OTHER, Edit, at, mutated, mutated_rule
from cchc_index.testing.numbers import chance
from cchc_index.testing.pool.measures import CITATION, FACTS, PERIOD
from cchc_index.testing.pool.rules import make_rule
from cchc_index.testing.pool.rulesets import (
    make_exemptions,
    make_leaf,
    make_rounding,
    make_ruleset,
    with_criteria,
    with_rule,
)
from cchc_index.testing.pool.units import make_submission

IDS = cchc.rulesets()
SAMPLE = "mau/cap-xa/1"
SEEDS = st.integers(0, 2**64)
SIDES = tuple[Side, Side]


def F(text: str | int) -> Fraction:
    return Fraction(text)


def effect(old: Rule, new: Rule, *, facts: tuple[Fact, ...] = FACTS, **more: Any) -> Effect:
    """The effect of one rule becoming another, in the only criterion of a set."""
    sets = (with_rule(old, facts=facts, **more), with_rule(new, facts=facts, **more))
    one, other = (Side(rules, rules["1"]) for rules in sets)
    return effect_of(one, other)


def found(effect: Effect) -> tuple[Mapping[str, Any], Any, Any]:
    """The figures of a witness and both points."""
    assert effect.witness is not None
    return effect.witness.unit.figures, effect.witness.old.points, effect.witness.new.points


def bands(measure: Linear | Ratio, *pieces: tuple[str | None, str | None, str | int, str | int]) -> Piecewise:
    """Bands closed below and open above, each with its base and slope."""
    return Piecewise(
        measure,
        tuple(
            Piece(Interval(low and F(low), high and F(high), low is not None), F(base), F(slope))  # type: ignore[arg-type]
            for low, high, base, slope in pieces
        ),
    )


# -- nothing between equals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_a_shipped_set_does_not_differ_from_itself(name: str) -> None:
    seen = diff(load(name), load(name))
    assert seen.is_same
    assert seen.is_same_score
    assert (seen.changes, seen.effects, seen.grades) == ((), (), ())
    assert seen.old == seen.new
    assert seen.library == cchc.__version__


@given(SEEDS)
def test_no_ruleset_differs_from_itself(seed: int) -> None:
    rules = make_ruleset(Random(seed))
    assert diff(rules, make_ruleset(Random(seed))).is_same
    assert diff(rules, evolve(rules, version="2", id="khac/bo")).is_same


@given(SEEDS, st.integers(0, 3))
def test_what_differs_is_seen(seed: int, times: int) -> None:
    """A diff is empty exactly when the rulesets are equal, but for what they are called."""
    one = other = make_ruleset(Random(seed))
    r = Random(seed + 1)
    for _ in range(times):
        other = mutated(r, other) if chance(r, 2) else r.choice(EDITS)[1](other)
    assert diff(one, other).is_same == (one == other)


# -- every kind of change ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "edit"), EDITS)
@pytest.mark.parametrize("name", [SAMPLE, "dong-nai/cap-xa/2022", "bo-noi-vu/cap-bo/2022"])
def test_every_kind_of_change_is_seen_in_shipped_sets(name: str, kind: Kind, edit: Edit) -> None:
    rules = load(name)
    assert kind in {change.kind for change in diff(rules, edit(rules)).changes}


@settings(max_examples=30)
@given(SEEDS)
def test_every_kind_of_change_is_seen_in_any_set(seed: int) -> None:
    rules = make_ruleset(Random(seed))
    for kind, edit in EDITS:
        if edit(rules) != rules:
            assert kind in {change.kind for change in diff(rules, edit(rules)).changes}, kind


BANDS = bands(ratio("c", "b"), ("9/10", None, 0, 1), (None, "9/10", 0, 0))


@pytest.mark.parametrize(
    ("kind", "old", "new", "sentence"),
    [
        (
            Kind.BOUNDS,
            BANDS,
            bands(ratio("c", "b"), ("4/5", None, 0, 1), (None, "9/10", 0, 0)),
            "1: ngưỡng: từ «số c / số b, từ 90% trở lên → tỉ số × 1» thành «số c / số b, từ 80% trở lên → tỉ số × 1»",
        ),
        (
            Kind.POINTS,
            BANDS,
            bands(ratio("c", "b"), ("9/10", None, 0, 1), (None, "9/10", 2, 0)),
            "1: điểm của mức: từ «số c / số b, dưới 90% → 0 điểm» thành «số c / số b, dưới 90% → 2 điểm»",
        ),
        (
            Kind.BAND,
            BANDS,
            bands(ratio("c", "b"), ("9/10", None, 0, 1)),
            "1: bỏ mức «số c / số b, dưới 90% → 0 điểm»",
        ),
        (
            Kind.BAND,
            bands(ratio("c", "b"), ("9/10", None, 0, 1)),
            BANDS,
            "1: thêm mức «số c / số b, dưới 90% → 0 điểm»",
        ),
        (
            Kind.MEASURE,
            BANDS,
            bands(ratio("a", "b"), ("9/10", None, 0, 1), (None, "9/10", 0, 0)),
            "1: đại lượng: từ «số c / số b, dưới 90% → 0 điểm» thành «số a / số b, dưới 90% → 0 điểm»",
        ),
        (
            Kind.SHAPE,
            constant(F(1)),
            Awarded("g"),
            "1: cách chấm: từ «cộng dồn» thành «chấm trực tiếp»",
        ),
        (
            Kind.QUOTE,
            Sum((Term(constant(F(1)), "mục"),)),
            Sum((Term(constant(F(1)), "mục", OTHER),)),
            "1: thêm mức «mục «Câu khác: 2 điểm» (VB, dòng 2)»",
        ),
        (
            Kind.QUOTE,
            Table("k", (Option("k1", F(1)),)),
            Table("k", (Option("k1", F(1), OTHER),)),
            (
                "1: câu nguyên văn: từ «loại k, Loại một → 1 điểm» thành "
                "«loại k, Loại một → 1 điểm «Câu khác: 2 điểm» (VB, dòng 2)»"
            ),
        ),
        (
            Kind.POINTS,
            Sum((Term(Table("u", (Option("co", F(1)),))),), cap=F(1)),
            Sum((Term(Table("u", (Option("co", F(1)),))),), cap=F(2)),
            "1: điểm của mức: từ «không quá → 1 điểm» thành «không quá → 2 điểm»",
        ),
        (
            Kind.POINTS,
            Average("r", constant(F(1)), Rounding(F("1/10"))),
            Average("r", constant(F(1))),
            "1: điểm của mức: từ «hồ sơ r → đến 0,1» thành «hồ sơ r → không có»",
        ),
        (
            Kind.SHAPE,
            bands(figure("a"), ("0", "1", 1, 0), ("1", None, 2, 0)),
            bands(figure("a"), ("1", None, 2, 0), ("0", "1", 1, 0)),
            (
                "1: cách chấm: từ «số a: | từ 0 đến dưới 1 → 1 điểm | từ 1 trở lên → 2 điểm» thành "
                "«số a: | từ 1 trở lên → 2 điểm | từ 0 đến dưới 1 → 1 điểm»"
            ),
        ),
    ],
)
def test_a_change_of_a_rule_is_said(kind: Kind, old: Rule, new: Rule, sentence: str) -> None:
    changes = diff(with_rule(old), with_rule(new)).changes
    assert sentence in [change.sentence.vi for change in changes]
    assert kind in {change.kind for change in changes} or kind is Kind.QUOTE


def test_a_rule_that_was_not_stated_is_said() -> None:
    rules = with_rule(constant(F(1)))
    silent = at(rules, "1", lambda leaf: evolve(leaf, rule=NOT_STATED))
    (change, gone) = diff(rules, silent).changes
    assert change.sentence.en == "1: the way of scoring: from «a sum» to «not stated»"
    assert gone.sentence.en == "1: the level «1 point» was dropped"


def test_when_a_version_applies_is_said_by_name() -> None:
    rules = load(SAMPLE)
    edited = evolve(rules, application=evolve(rules.application, since=datetime.date(2031, 1, 1), place="nơi khác"))
    assert [change.sentence.vi for change in diff(rules, edited).changes] == [
        "cả bộ: áp dụng: từ «từ ngày: 01/01/2025» thành «từ ngày: 01/01/2031»",
        "cả bộ: áp dụng: từ «nơi: Mẫu (bịa)» thành «nơi: nơi khác»",
    ]


def test_sentences_in_both_languages() -> None:
    assert Change(Kind.ADDED, "1", None, Text("1 a", "1 b")).sentence.en == "1: the criterion «1 b» was added"
    assert (
        Change(Kind.TITLE, "", Text("a", "b"), Text("c", "d")).sentence.en
        == "the whole set: the title: from «b» to «d»"
    )
    assert Change(Kind.DROPPED, "1", Text("1 a", "1 b"), None).sentence.vi == "1: bỏ tiêu chí «1 a»"


def test_what_is_around_the_rules_is_said_in_words() -> None:
    rules = with_rule(YES)
    edited = at(
        rules,
        "1",
        lambda one: evolve(
            one,
            exemptions=(Exemption(Policy.REMOVED, Chosen("u", ("co",)), OTHER), Exemption(Policy.FULL)),
            observations=(Observation("mức", tiers=(Tier("lớn", Within(figure("a"), Interval(low=F(1)))),)),),
            notes=(SourceNote(NoteKind.READING, "đọc", "ai", Within(ratio("a", "b"), Interval(high=F(1)))),),
            rounding=Rounding(F("1/4"), basis=OTHER),
        ),
    )
    said = " / ".join(change.sentence.vi for change in diff(rules, edited).changes)
    assert "không đánh giá; bỏ khỏi điểm tối đa, có u: có «Câu khác: 2 điểm» (VB, dòng 2)" in said
    assert "không đánh giá; được điểm tối đa, khi đơn vị đề nghị" in said
    assert "mức, lớn, số a trên 1" in said
    assert "cach_hieu, đọc, ai, số a / số b dưới 100%" in said
    assert "từ «không có» thành «đến 0,25 «Câu khác: 2 điểm» (VB, dòng 2)»" in said


# -- matching ----------------------------------------------------------------------------------------------------------


def leaf(code: str, name: str, points: int = 1) -> Criterion:
    return Criterion(code, name, F(points), CITATION, rule=constant(F(points)))


def kinds(old: Ruleset, new: Ruleset) -> list[tuple[Kind, str]]:
    return [(change.kind, change.code) for change in diff(old, new).changes]


def test_criteria_are_matched_by_code_then_by_name_then_by_code_alone() -> None:
    old = with_criteria(leaf("1", "một"), leaf("2", "hai"), leaf("3", "ba"), leaf("5", "năm"))
    new = with_criteria(leaf("1", "một"), leaf("2", "BA "), leaf("4", "Hai"), leaf("5", "khác"), leaf("6", "sáu"))
    assert kinds(old, new) == [
        (Kind.ADDED, "6"),
        (Kind.ORDER, ""),
        (Kind.MOVED, "2"),
        (Kind.RENAMED, "2"),
        (Kind.MOVED, "4"),
        (Kind.RENAMED, "4"),
        (Kind.RENAMED, "5"),
    ]
    assert {e.code: e.old_code for e in diff(old, new).effects} == {"2": "3", "4": "2", "5": "5"}
    assert all(e.verdict is Verdict.SAME for e in diff(old, new).effects)


def test_a_name_that_stands_twice_moves_nothing() -> None:
    old = with_criteria(leaf("1", "x"), leaf("2", "x"))
    new = with_criteria(leaf("3", "x"), leaf("4", "x"))
    assert [kind for kind, _ in kinds(old, new)] == [Kind.DROPPED, Kind.DROPPED, Kind.ADDED, Kind.ADDED]


# -- witnesses and proofs ----------------------------------------------------------------------------------------------


def sides(r: Random) -> SIDES:
    """Two versions of a criterion: most often a small edit of its rule, sometimes of what stands around it."""
    old = make_leaf(r, "1")
    old = evolve(old, rule=make_rule(r) if old.rule is NOT_STATED else old.rule)
    assert old.rule is not NOT_STATED
    new = evolve(old, rule=mutated_rule(r, old.rule))
    kind = r.randrange(8)
    new = evolve(old, rounding=make_rounding(r)) if kind == 0 else new
    new = evolve(old, exemptions=make_exemptions(r)) if kind == 1 else new
    new = evolve(new, max_points=r.choice((F(1), F(400), NOT_STATED))) if kind == 2 else new
    new = evolve(new, rule=make_rule(r)) if kind == 3 else new
    outside = r.choice((None, None, AdjustmentKind.BONUS))
    return _side(old, outside), _side(new, outside)


def _side(criterion: Criterion, kind: AdjustmentKind | None) -> Side:
    rules = with_criteria(adjustments=(Adjustment(kind, criterion),)) if kind else with_criteria(criterion)
    return Side(rules, criterion, kind)


def results(both: SIDES, unit: Submission) -> tuple[Result, Result]:
    one, other = (result_of(alone(side), side.criterion.code, unit) for side in both)
    return one, other


@settings(max_examples=300)
@given(SEEDS)
def test_witnesses_reproduce_and_proofs_hold(seed: int) -> None:
    r = Random(seed)
    both = sides(r)
    effect = effect_of(*both)
    assert (effect.witness is not None) == (effect.verdict is Verdict.DIFFERS)
    if effect.witness:
        assert results(both, effect.witness.unit) == (effect.witness.old, effect.witness.new)
        assert effect.witness.old.key != effect.witness.new.key
    if effect.verdict is Verdict.SAME:
        for side in (*both, *both):
            unit = evolve(make_submission(r, side.rules, whole=True), ruleset=None, version=None, period=PERIOD)
            one, other = results(both, evolve(unit, evidence={}, claims=()))
            assert one.key == other.key


def test_few_changes_are_left_without_a_witness_or_a_proof() -> None:
    verdicts = Counter(effect_of(*sides(Random(seed))).verdict for seed in range(300))
    assert verdicts[Verdict.UNKNOWN] <= 9
    assert min(verdicts[Verdict.SAME], verdicts[Verdict.DIFFERS]) > 100


@settings(max_examples=60)
@given(SEEDS)
def test_a_diff_mirrors_its_reverse(seed: int) -> None:
    r = Random(seed)
    one = make_ruleset(r)
    other = mutated(r, one) if chance(r, 2) else r.choice(EDITS)[1](one)
    there, back = diff(one, other), diff(other, one)
    turned = {Kind.ADDED: Kind.DROPPED, Kind.DROPPED: Kind.ADDED}
    assert Counter((turned.get(c.kind, c.kind), c.new, c.old) for c in there.changes) == Counter(
        (c.kind, c.old, c.new) for c in back.changes
    )
    assert (there.old, there.new) == (back.new, back.old)
    assert there.is_same_score == back.is_same_score
    assert Counter((e.old_code, e.code, e.verdict) for e in there.effects) == Counter(
        (e.code, e.old_code, e.verdict) for e in back.effects
    )


@settings(max_examples=150)
@given(SEEDS)
def test_versions_said_to_score_alike_do(seed: int) -> None:
    r = Random(seed)
    one = make_ruleset(r)
    other = one
    for _ in range(r.randrange(3)):
        other = mutated(r, other) if chance(r, 3) else r.choice(EDITS)[1](other)
    if diff(one, other).is_same_score:
        for _ in range(5):
            unit = evolve(make_submission(r, one, whole=True), ruleset=None, version=None, evidence={}, claims=())
            assert _whole(one, unit) == _whole(other, unit)


def _whole(rules: Ruleset, unit: Submission) -> Any:
    try:
        card = cchc.score(rules, unit)
    except CchcError as error:
        return type(error)
    grade = card.grade.name if isinstance(card.grade, Grade) else card.grade
    return card.points, card.max_points, card.index, grade, card.ranked


@pytest.mark.parametrize(("kind", "edit"), EDITS)
def test_only_what_moves_no_score_is_said_to_score_alike(kind: Kind, edit: Edit) -> None:
    rules = load(SAMPLE)
    quiet = {Kind.RENAMED, Kind.CITATION, Kind.EVIDENCE, Kind.NOTES, Kind.OBSERVATIONS, Kind.TASKS, Kind.COUNTS}
    quiet |= {Kind.TITLE, Kind.SCOPE, Kind.APPLICATION, Kind.DOCUMENTS, Kind.REMOVED_BEFORE, Kind.INDEX}
    assert diff(rules, edit(rules)).is_same_score == (kind in quiet)


# -- the smallest witness ----------------------------------------------------------------------------------------------

PARTS = (Fact("x", "x", part_of="y"), Fact("y", "y"))


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from((0, 1)))
def test_no_smaller_figures_part_the_versions(low: int, high: int, slope: int) -> None:
    """Against every pair of figures up to the witness: none of a smaller whole, none with a smaller part, differs."""
    old, new = (
        bands(ratio("x", "y"), (str(F(end) / 40), None, 1, slope), (None, str(F(end) / 40), 0, 0))
        for end in (low, high)
    )
    effect_found = effect(old, new, facts=PARTS)
    if low == high:
        assert effect_found.verdict is Verdict.SAME
        return
    figures, _, _ = found(effect_found)
    rules = [with_rule(rule, facts=PARTS) for rule in (old, new)]
    parted = (
        (whole, part)
        for whole in range(1, 42)
        for part in range(whole + 1)
        if len({cchc.score(one, Submission("A", {"x": part, "y": whole}))["1"].points for one in rules}) == 2
    )
    assert (figures["y"], figures["x"]) == next(parted)


@pytest.mark.parametrize(
    ("old", "new", "figures", "points"),
    [
        (
            bands(ratio("c", "b"), ("17/20", None, 1, 0), (None, "17/20", 0, 0)),
            bands(ratio("c", "b"), ("19/20", None, 1, 0), (None, "19/20", 0, 0)),
            {"b": 7, "c": 6},
            (1, 0),
        ),
        (
            bands(figure("a"), ("3", None, 1, 0), (None, "3", 0, 0)),
            bands(figure("a"), ("4", None, 1, 0), (None, "4", 0, 0)),
            {"a": 3},
            (1, 0),
        ),
        (
            bands(figure("p"), ("17/20", None, 1, 0)),
            bands(figure("p"), ("9/10", None, 1, 0)),
            {"p": F("17/20")},
            (1, None),
        ),
        (bands(figure("n"), (None, None, 0, 1)), bands(figure("n"), (None, None, 0, 2)), {"n": 1}, (1, 2)),
        (bands(figure("m"), (None, "1/2", 1, 0)), bands(figure("m"), (None, "1/3", 1, 0)), {"m": F("2/5")}, (1, None)),
        (
            bands(Linear((("d", 1), ("h", -1))), (None, "3", 1, 0), ("3", None, 0, 0)),
            bands(Linear((("d", 1), ("h", -1))), (None, "5", 1, 0), ("5", None, 0, 0)),
            {"d": datetime.date(2025, 1, 4)},
            (0, 1),
        ),
        (
            Table("k", (Option("k1", F(1)), Option("k2", F(2)))),
            Table("k", (Option("k1", F(1)),)),
            {"k": "k2"},
            (2, None),
        ),
        (
            Piecewise(Ratio(figure("a"), figure("b"), NOT_STATED), (Piece(Interval(), F(1)),)),
            Piecewise(Ratio(figure("a"), figure("b"), F(0)), (Piece(Interval(), F(1)),)),
            {"a": 0, "b": 0},
            (None, 1),
        ),
        (
            Piecewise(Linear((("s.A", 1), ("s.B", 2))), (Piece(Interval(low=F(2)), F(1)),)),
            Piecewise(Linear((("s.A", 1), ("s.B", 2))), (Piece(Interval(low=F(3)), F(1)),)),
            {"s": {"A": 1, "B": 1}},
            (1, None),
        ),
        (Awarded("g", high=F(2)), Awarded("g", high=F(3)), {"g": 3}, (None, 3)),
        (Awarded("g", step=F("1/2")), Awarded("g", step=F("1/4")), {"g": F("1/4")}, (None, F("1/4"))),
        (Awarded("g", low=None), Awarded("g", low=F(0)), {"g": -1}, (-1, None)),
        (
            Average("r", Table("z", (Option("co", F(1)), Option("khong", F(0))))),
            Average("r", Table("z", (Option("co", F(1)), Option("khong", F("1/2"))))),
            {"r": [{"z": "khong"}]},
            (0, F("1/2")),
        ),
        (
            Average("r", Table("z", (Option("co", F(1)), Option("khong", F(0)))), Rounding(F("1/10"))),
            Average("r", Table("z", (Option("co", F(1)), Option("khong", F(0)))), Rounding(F("1/100"))),
            {"r": [{"z": "khong"}, {"z": "khong"}, {"z": "co"}]},
            (F("3/10"), F("33/100")),
        ),
    ],
)
def test_the_witness_of_a_change(old: Rule, new: Rule, figures: dict[str, Any], points: tuple[Any, Any]) -> None:
    assert found(effect(old, new)) == (figures, *points)


POINT_ZERO = Interval(F(0), F(0), low_closed=True, high_closed=True)
YES = Table("u", (Option("co", F(1)), Option("khong", F(0))))
NEGATIVE = Ratio(figure("a"), Linear((("b", -1),)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            bands(figure("a"), (None, "4", 0, 0), ("4", None, 1, 0)),
            Piecewise(
                figure("a"), (Piece(Interval(high=F(3), high_closed=True), F(0)), Piece(Interval(low=F(3)), F(1)))
            ),
        ),
        (bands(figure("a"), ("0", None, 0, 1)), bands(figure("a"), (None, "5", 0, 1), ("5", None, 0, 1))),
        (bands(ratio("c", "b"), (None, "1", 0, 1), ("1", None, 1, 0)), bands(ratio("c", "b"), (None, None, 0, 1))),
        (
            bands(figure("n"), ("1", "2", 1, 0)),
            Switch((Case(Within(figure("n"), Interval(F(1), F(2), low_closed=True)), constant(F(1))),)),
        ),
        (Sum((Term(YES),), cap=F(5)), Sum((Term(YES),), cap=F(1))),
        (
            Sum((Term(YES), Term(YES))),
            Sum((Term(YES, "x"), Term(YES, "y", OTHER))),
        ),
        (
            Sum((Term(bands(figure("m"), (None, None, 0, 1))),), cap=F(2)),
            bands(figure("m"), (None, "2", 0, 1), ("2", None, 2, 0)),
        ),
        (
            Sum((Term(bands(figure("n"), (None, None, 0, -1))),), floor=F(-2)),
            bands(figure("n"), (None, "2", 0, -1), ("2", None, -2, 0)),
        ),
        (
            bands(Ratio(Linear((("a", 1), ("b", -1))), figure("b")), (None, None, 0, 1)),
            bands(ratio("a", "b"), (None, None, -1, 1)),
        ),
        (
            bands(Ratio(Linear((("a", 2),)), Linear((("b", 2),))), (None, None, 0, 1)),
            bands(ratio("a", "b"), (None, None, 0, 1)),
        ),
        (
            Average("r", bands(figure("x"), ("0", None, 1, 0))),
            Average("r", bands(figure("x"), ("0", "3", 1, 0), ("3", None, 1, 0))),
        ),
        (
            Switch(
                (Case(AllOf((Chosen("u", ("co",)), Chosen("u", ("khong",)))), constant(F(3))), Case(AllOf(()), YES)),
                Choose.FIRST,
            ),
            YES,
        ),
        (Switch((Case(AnyOf(()), constant(F(3))), Case(AllOf(()), YES)), Choose.BEST), YES),
        (Switch((Case(AllOf(()), constant(F(3))), Case(AllOf(()), YES))), Piecewise(figure("a"), ())),
        (Switch((Case(AllOf(()), YES), Case(AllOf(()), constant(F(1)))), Choose.BEST), constant(F(1))),
        (
            Switch(
                (
                    Case(Within(NEGATIVE, Interval(low=F(0))), YES),
                    Case(Within(figure("b"), POINT_ZERO), YES),
                ),
                Choose.BEST,
            ),
            Switch((Case(Within(figure("b"), POINT_ZERO), YES),)),
        ),
    ],
)
def test_what_has_no_effect_is_proved(old: Rule, new: Rule) -> None:
    assert old != new
    assert effect(old, new).verdict is Verdict.SAME
    assert effect(new, old).verdict is Verdict.SAME


def test_a_checklist_of_many_items_is_compared_item_by_item() -> None:
    """Two to the power of forty paths, of which only those of the item that changed are walked."""
    facts = tuple(Fact(f"v{n}", f"mục {n}", FactType.YES_NO) for n in range(40))

    def listed(last: str, cap: int) -> Sum:
        points = [F(1)] * 39 + [F(last)]
        return Sum(
            tuple(
                Term(Table(f.name, (Option("co", p), Option("khong", F(0)))))
                for f, p in zip(facts, points, strict=True)
            ),
            cap=F(cap),
        )

    figures, old, new = found(effect(listed("1", 50), listed("2", 50), facts=facts))
    assert [name for name, value in figures.items() if value == "co"] == ["v39"]
    assert (old, new) == (1, 2)
    capped = found(effect(listed("1", 30), listed("1", 20), facts=facts))
    assert capped[1:] == (30, 20)
    assert effect(listed("1", 50), listed("1", 60), facts=facts).verdict is Verdict.SAME


def test_a_deadline_that_moved_has_a_witness_between_the_two() -> None:
    rule = bands(Linear((("d", 1), ("h", -1))), (None, "1", 1, 0), ("1", None, 0, 0))
    day = Fact("d", "ngày", FactType.DATE)
    sets = [
        with_rule(rule, facts=(day, Fact("h", "hạn", FactType.DATE, given=given)))
        for given in (DayOfYear(30, 11), DayOfYear(15, 12), datetime.date(2025, 11, 30))
    ]
    one, other, fixed = (Side(rules, rules["1"]) for rules in sets)
    figures, old, new = found(effect_of(one, other))
    assert (figures, old, new) == ({"d": datetime.date(2025, 12, 1)}, 0, 1)
    assert effect_of(one, fixed).verdict is Verdict.UNKNOWN


def test_a_leap_day_is_looked_at_in_a_leap_year() -> None:
    given = (Fact("d", "ngày", FactType.DATE), Fact("h", "hạn", FactType.DATE, given=DayOfYear(29, 2)))
    rules = [bands(Linear((("d", 1), ("h", -1))), (end, None, 1, 0)) for end in ("0", "1")]
    figures, _, _ = found(effect(rules[0], rules[1], facts=given))
    assert figures == {"d": datetime.date(2028, 2, 29)}


def test_a_figure_that_is_read_otherwise_is_never_said_to_have_no_effect() -> None:
    rule = bands(figure("a"), ("0", None, 1, 0))
    sets = [with_rule(rule, facts=(Fact("a", "a", may_be_negative=negative),)) for negative in (False, True)]
    seen = diff(*sets)
    assert [change.kind for change in seen.changes] == [Kind.FIGURES]
    assert [one.verdict for one in seen.effects] == [Verdict.UNKNOWN]
    assert not seen.is_same_score


def test_where_neither_is_found_that_is_said() -> None:
    """Rounded to whole points, both give the same on every whole number; rounding is not proved through."""
    old, new = (bands(figure("a"), ("0", None, base, "1/2")) for base in ("1/4", 0))
    assert effect(old, new, rounding=Rounding(F(1))).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ((), (Exemption(Policy.REMOVED),), ("VB, dòng 1 không quy định được bỏ đánh giá tiêu chí này", "bỏ khỏi")),
        ((Exemption(Policy.UNCOUNTED),), (Exemption(Policy.FULL),), ("điểm tối đa giữ nguyên", "được điểm tối đa")),
    ],
)
def test_asking_not_to_be_assessed_is_a_witness(old: Any, new: Any, words: tuple[str, str]) -> None:
    one, other = (with_rule(YES, exemptions=exemptions) for exemptions in (old, new))
    witness = effect_of(Side(one, one["1"]), Side(other, other["1"])).witness
    assert witness is not None
    assert witness.unit.exemptions == {"1": "…"}
    for result, part in zip((witness.old, witness.new), words, strict=True):
        assert result.reason is not None
        assert part in result.reason.vi


def test_an_exemption_that_follows_from_figures_has_a_witness() -> None:
    one = with_rule(constant(F(1)), exemptions=(Exemption(Policy.FULL, Chosen("u", ("co",))),))
    other = with_rule(constant(F(1)), exemptions=(Exemption(Policy.REMOVED, Chosen("u", ("co",))),))
    witness = effect_of(Side(one, one["1"]), Side(other, other["1"])).witness
    assert witness is not None
    assert witness.unit.figures == {"u": "co"}
    assert (witness.old.points, witness.new.points) == (Fraction(60), Fraction(0))


def test_a_maximum_that_cuts_bonus_off_has_a_witness() -> None:
    leaves = [evolve(LEAF, rule=bands(figure("a"), ("0", None, 0, 1)), max_points=whole) for whole in (F(2), F(3))]
    one, other = (_side(leaf, AdjustmentKind.BONUS) for leaf in leaves)
    figures, old, new = found(effect_of(one, other))
    assert (figures, old, new) == ({"a": 3}, 2, 3)
    inside = [_side(leaf, None) for leaf in leaves]
    assert found(effect_of(*inside)) == ({"a": 3}, None, 3)


def test_a_hole_that_the_source_leaves_has_a_witness() -> None:
    hole = SourceNote(
        NoteKind.HOLE, "không nói", when=Within(figure("a"), Interval(F(5), F(5), low_closed=True, high_closed=True))
    )
    one, other = with_rule(constant(F(1))), with_rule(constant(F(1)), notes=(hole,))
    assert found(effect_of(Side(one, one["1"]), Side(other, other["1"]))) == ({"a": 5}, 1, None)


def parent(rounding: str | None, **more: Any) -> Side:
    parts = (evolve(leaf("1.1", "a"), rule=bands(ratio("c", "b"), (None, None, 0, 1))), leaf("1.2", "b"))
    whole = Criterion("1", "lĩnh vực", F(2), CITATION, children=parts, rounding=rounding and Rounding(F(rounding)))  # type: ignore[arg-type]
    rules = with_criteria(evolve(whole, **more))
    return Side(rules, rules["1"])


def test_what_changes_above_the_leaves_has_a_witness() -> None:
    assert found(effect_of(parent(None), parent("1/2"))) == ({"b": 3, "c": 1}, F("4/3"), F("3/2"))
    assert found(effect_of(parent(None), parent(None, max_points=F(1)))) == ({"b": 1, "c": 1}, 2, None)
    assert effect_of(parent("1/2"), parent("1/2", name="khác")).verdict is Verdict.SAME
    assert effect_of(parent(None), parent(None, max_points=F(3))).verdict is Verdict.SAME
    exempt = (Exemption(Policy.REMOVED, Chosen("u", ("co",))),)
    assert found(effect_of(parent(None), parent(None, exemptions=exempt)))[0]["u"] == "co"


# -- grades ------------------------------------------------------------------------------------------------------------


def graded(*cuts: str, on: Basing = Basing.POINTS, **more: Any) -> Ruleset:
    ends = [None, *map(F, cuts), None]
    names = ("thấp", "vừa", "cao")
    found = [
        Grade(name, Interval(low, high, low is not None), **more)
        for name, low, high in zip(names, ends, ends[1:], strict=False)
    ]
    return with_criteria(leaf("1", "a"), scales=(GradeScale(tuple(found), on),))


def test_a_bound_of_a_grade_that_moved_has_the_smallest_number_between() -> None:
    (shift,) = diff(graded("50", "80"), graded("50", "85")).grades
    assert (int(shift.value), shift.old.vi, shift.new.vi) == (80, "cao", "vừa")
    (shift,) = diff(graded("1/2", "4/5", on=Basing.INDEX), graded("2/5", "4/5", on=Basing.INDEX)).grades
    assert (shift.value, shift.old.vi, shift.new.vi) == (F("2/5"), "thấp", "vừa")
    seen = diff(graded("50"), graded("60"))
    assert not seen.is_same_score
    assert [change.kind for change in seen.changes] == [Kind.GRADES, Kind.GRADES]


def test_the_number_nearest_to_zero_shows_a_grade_that_moved() -> None:
    (shift,) = diff(graded("-5", "5"), graded("-6", "6")).grades
    assert shift.value == 5


@pytest.mark.parametrize(("on", "value"), [(Basing.INDEX, "0.06"), (Basing.POINTS, "1/2")])
def test_a_number_between_two_bounds_is_written_with_few_digits(on: Basing, value: str) -> None:
    """As a percent for an index: above 5% and above 65% part at 6%; above 0.05 and above 0.65 points at a half."""
    grades = [(Grade("cao", Interval(low=F(end))),) for end in ("0.05", "0.65")]
    sets = [evolve(graded("1"), scales=(GradeScale(grade, on),)) for grade in grades]
    (shift,) = diff(*sets).grades
    assert (shift.value, shift.old.vi, shift.new.en) == (F(value), "cao", "not stated")


def test_grades_without_a_witness_of_one_number() -> None:
    """The same function, other words; a condition beside the number; a scale that only one version has."""
    assert diff(graded("50"), graded("50", basis=OTHER)).grades == ()
    assert diff(graded("50"), graded("60", each_from=F("1/2"))).grades == ()
    assert diff(graded("50"), graded("60", when=Chosen("u", ("co",)))).grades == ()
    assert diff(graded("50"), graded("50", on=Basing.INDEX)).grades == ()
    split = graded("50")
    (scale,) = split.scales
    twice = evolve(split, scales=(evolve(scale, grades=(*scale.grades, scale.grades[0])),))
    assert diff(split, twice).grades == ()
    said = [
        change.sentence.vi for change in diff(graded("50"), graded("60", each_from=F("1/2"), when=AllOf(()))).changes
    ]
    assert any("mỗi tiêu chí từ 50%, các trường hợp khác" in sentence for sentence in said)


# -- without words -----------------------------------------------------------------------------------------------------


@given(SEEDS)
def test_a_bare_rule_has_no_words_and_gives_the_same_points(seed: int) -> None:
    r = Random(seed)
    rule = make_rule(r)
    text = repr(bare(rule))
    assert set(re.findall(r"basis=([^,)]*)", text)) <= {"NOT_STATED"}
    assert set(re.findall(r"label=([^,)]*)", text)) <= {"''"}
    assert bare(bare(rule)) == bare(rule)
    assert bare(Average("r", rule, Rounding(F("1/2"), basis=OTHER))) == Average("r", bare(rule), Rounding(F("1/2")))
    criterion = with_rule(rule)["1"]
    assert scoring_of(criterion) == scoring_of(evolve(criterion, rule=bare(rule)))


def test_what_has_a_say_in_points_and_in_reading_a_figure() -> None:
    criterion = with_rule(BANDS)["1"]
    assert scoring_of(criterion) != scoring_of(evolve(criterion, children=(leaf("1.1", "a"),)))
    assert scoring_of(criterion) != scoring_of(evolve(criterion, rule=constant(F(1))))
    column = Fact("x", "cột x")
    records = Fact("r", "hồ sơ", FactType.RECORDS, fields=(column,))
    assert read_as(records) == read_as(evolve(records, label="y", fields=(evolve(column, label="z"),)))
    assert read_as(records) != read_as(evolve(records, fields=(evolve(column, type=FactType.AMOUNT),)))


# -- what people see ---------------------------------------------------------------------------------------------------


def told(seen: Diff, lang: Any = "vi") -> str:
    return rendered(reports.differences(seen, lang), 200)


def test_a_diff_is_told_with_its_effects() -> None:
    rules = load(SAMPLE)
    edited = at(
        rules,
        "1.1.3",
        lambda one: evolve(one, rule=bands(ratio("nhiem_vu_hoan_thanh", "nhiem_vu_ke_hoach"), ("9/10", None, 0, 2))),
    )
    edited = at(edited, "1.1.1", lambda one: evolve(one, name="Tên khác"))
    text = told(diff(rules, evolve(edited, version="2")))
    assert text.startswith("mau/cap-xa/1 → mau/cap-xa/2\n")
    assert "- 1.1.1: tên: từ «Thời điểm ban hành kế hoạch» thành «Tên khác»" in text
    assert "- 1.1.1: không đổi điểm (đã chứng minh với mọi số liệu)" in text
    assert (
        "- 1.1.3: với «số nhiệm vụ trong kế hoạch» = 1, «số nhiệm vụ đã hoàn thành» = 0: 0 điểm → "
        "Mức độ hoàn thành kế hoạch: giá trị 0 không nằm trong bậc nào" in text
    )
    assert "Nothing differs." in told(diff(rules, rules), "en")
    assert "Đã chứng minh: mọi đơn vị" in told(diff(rules, evolve(rules, title="Khác")))


def test_every_kind_of_witness_is_told() -> None:
    texts = []
    for old, new in (
        (Average("r", YES), Average("r", constant(F(2)))),
        (
            bands(Linear((("d", 1), ("h", -1))), (None, "3", 1, 0)),
            bands(Linear((("d", 1), ("h", -1))), (None, "5", 1, 0)),
        ),
        (bands(figure("s.A"), ("0", None, 1, 0)), bands(figure("s.A"), ("1", None, 1, 0))),
        (constant(F(1)), constant(F(2))),
    ):
        texts.append(told(diff(with_rule(old), with_rule(new))))
    assert "1: với «có u» = không, «hồ sơ r» = [{}]: 0 điểm → 2 điểm" in texts[0]
    assert "«ngày d» = 04/01/2025" in texts[1]
    assert "«phiếu s» = {Tốt: 0}" in texts[2]
    assert "với mọi số liệu: 1 điểm → 2 điểm" in texts[3]
    asked = [with_rule(YES, exemptions=e) for e in ((), (Exemption(Policy.FULL),))]
    assert "with «có u» = no, the unit asks not to be assessed:" in told(diff(*asked), "en")
    unknown = [with_rule(bands(figure("a"), ("0", None, base, "1/2")), rounding=Rounding(F(1))) for base in ("1/4", 0)]
    assert "không tìm thấy số liệu làm điểm khác" in told(diff(*unknown))
    assert "tổng điểm 80: cao → vừa" in told(diff(graded("50", "80"), graded("50", "85")))
    indexed = [graded("1/2", end, on=Basing.INDEX) for end in ("4/5", "9/10")]
    assert "an index of 80%: cao → vừa" in told(diff(*indexed), "en")


@pytest.mark.parametrize(
    ("old", "new", "vi", "en"),
    [
        (bands(figure("p"), ("1/2", None, 1, 0)), bands(figure("p"), ("3/4", None, 1, 0)), "«tỷ lệ p» = 50%", None),
        (
            bands(figure("m"), (None, "1/2", 0, 0), ("1/2", "3/4", 1, 0), ("3/4", None, 0, 0)),
            constant(F(0)),
            "«lượng m» = 0,5 ha",
            "«lượng m» = 0.5 ha",
        ),
        (Table("k", (Option("k1", F(1)), Option("k2", F(2)))), constant(F(2)), "«loại k» = Loại một", None),
        (Average("r", bands(figure("y"), ("0", None, 0, 1))), constant(F(0)), "«hồ sơ r» = [{«", None),
    ],
)
def test_figures_are_told_by_their_labels_with_their_units(old: Rule, new: Rule, vi: str, en: str | None) -> None:
    facts = tuple(evolve(fact, unit="ha") if fact.name == "m" else fact for fact in FACTS)
    found = diff(with_rule(old, facts=facts), with_rule(new, facts=facts))
    assert vi in told(found)
    assert (en or vi) in told(found, "en")
    document = docx.Document(io.BytesIO(word_file(reports.differences(found, "vi"))))
    assert vi in "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_a_diff_is_plain_json() -> None:
    old, new = Average("r", bands(figure("y"), ("0", None, 0, 1))), Average("r", bands(figure("y"), ("0", None, 0, 2)))
    data = reports.diff_data(diff(with_rule(old), with_rule(new)))
    assert json.loads(json.dumps(data)) == data
    assert data["format"] == "cchc-index/diff/1"
    assert data["old"]["digest"].startswith("sha256:")
    (told_effect,) = data["effects"]
    assert told_effect["verdict"] == "doi_diem"
    assert told_effect["witness"]["figures"] == {"r": [{"y": 1}]}
    assert told_effect["witness"]["period"] == ["2025-01-01", "2025-12-31"]
    assert told_effect["witness"]["new"]["points"] == "2"
    same = reports.diff_data(diff(with_rule(old), with_rule(old, name="khác")))
    assert same["effects"] == [{"code": "1", "old_code": "1", "verdict": "khong_doi_diem"}]
    fractions = reports.diff_data(diff(with_rule(Awarded("g", step=F(1))), with_rule(Awarded("g", step=F("1/2")))))
    assert fractions["effects"][0]["witness"]["figures"] == {"g": "1/2"}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    return result.exit_code, result.stdout


def test_the_command_ends_like_diff() -> None:
    assert run("diff", SAMPLE, SAMPLE) == (0, f"{SAMPLE} → {SAMPLE}\n\nKhông có gì khác.\n")
    code, text = run("diff", "bo-noi-vu/cap-bo/2020", "bo-noi-vu/cap-bo/2022", "--lang", "en")
    assert code == 1
    assert "the whole set: the title" in text
    code, text = run("diff", "bo-noi-vu/cap-bo/2020", "bo-noi-vu/cap-bo/2022", "--json")
    assert code == 1
    assert json.loads(text)["is_same"] is False
    assert json.loads(run("diff", SAMPLE, SAMPLE, "--json")[1])["changes"] == []


@pytest.mark.parametrize(("old", "new"), [*pairwise(IDS), (IDS[-1], IDS[0])])
def test_any_two_shipped_sets_can_be_compared(old: str, new: str) -> None:
    for pair in ((old, new), (new, old)):
        seen = diff(*map(load, pair))
        assert not seen.is_same
        json.dumps(reports.diff_data(seen))
        told(seen)


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "limit", "old", "new"),
    [
        (
            elimination,
            "MAX_ROWS",
            bands(ratio("c", "b"), ("9/10", None, 1, 0)),
            bands(ratio("c", "b"), ("4/5", None, 1, 0)),
        ),
        (
            search,
            "MAX_TRIES",
            bands(ratio("a", "b"), ("9/10", "1", 1, 0)),
            bands(ratio("a", "b"), ("4/5", "1", 1, 0)),
        ),
        (effects, "MOST_PATHS", Table("k", (Option("k1", F(1)),)), Table("k", (Option("k2", F(1)),))),
        (effects, "MOST_REGIONS", Table("k", (Option("k1", F(1)),)), Table("k", (Option("k2", F(1)),))),
        (
            search,
            "MAX_TRIES",
            Average("r", bands(figure("x"), ("1", None, 1, 0))),
            Average("r", bands(figure("x"), ("2", None, 1, 0))),
        ),
    ],
)
def test_a_search_that_was_cut_short_proves_nothing(
    module: Any, limit: str, old: Rule, new: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert effect(old, new).verdict is Verdict.DIFFERS
    monkeypatch.setattr(module, limit, 0)
    assert effect(old, new).verdict is Verdict.UNKNOWN


def test_a_missing_figure_is_never_taken_for_no_points() -> None:
    rules = with_rule(YES)
    with pytest.raises(MissingFacts):
        result_of(rules, "1", Submission("A", {}))


def test_another_order_of_a_list_is_a_change() -> None:
    one, other = (with_rule(YES, evidence=papers) for papers in (("a", "b"), ("b", "a")))
    (change,) = diff(one, other).changes
    assert change.sentence.vi == "1: tài liệu kiểm chứng: từ «a; b» thành «b; a»"
    same_twice = [with_rule(YES, evidence=papers) for papers in (("a",), ("a", "a"))]
    assert [c.sentence.vi for c in diff(*same_twice).changes] == ["1: thêm tài liệu kiểm chứng «a»"]
