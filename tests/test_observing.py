"""What could be computed though no points are stated, and grades that ask for more than a range."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.checking.structure import check_structure
from cchc_index.criteria import (
    Counts,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Observation,
    Points,
    Policy,
    Ruleset,
    SourceNote,
    Task,
    Tier,
)
from cchc_index.facts import Submission
from cchc_index.measures import (
    AllOf,
    Chosen,
    Condition,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    change,
    figure,
    ratio,
)
from cchc_index.rules import Awarded, constant
from cchc_index.scoring.observe import observe
from cchc_index.scoring.say import say_observed, why
from cchc_index.scoring.totals import reaches
from cchc_index.scoring.trace import Line, Observed, Status
from cchc_index.sources import NOT_STATED, NoteKind, Quote
from cchc_index.testing.numbers import seeded
from cchc_index.testing.pool.measures import CITATION, PERIOD
from cchc_index.testing.pool.rulesets import make_observation, with_criteria
from cchc_index.testing.pool.units import given_by, make_submission
from cchc_index.testing.reference.needs import observed_naively
from cchc_index.testing.strategies import scored

ONE = Fraction(1)
HALF = Fraction(1, 2)
IS_U = Chosen("u", ("co",))
QUOTE = Quote("tính tỷ lệ", CITATION)
RATE = Observation("tỷ lệ", ratio("a", "b"), basis=QUOTE)


def row(code: str = "1", *observations: Observation, **more: Any) -> Criterion:
    """A row about whose points nothing is stated."""
    return evolve(Criterion(code, f"tiêu chí {code}", NOT_STATED, CITATION, observations=observations), **more)


def line_of(*observations: Observation, figures: dict[str, Any], **more: Any) -> Line:
    rules = with_criteria(row("1", *observations, **more))
    return cchc.score(rules, Submission("Xã A", figures, period=PERIOD))["1"]


def told(observed: Observed) -> tuple[str, Fraction | str | None, tuple[str, ...]]:
    return observed.name, observed.tier if observed.seen is None else observed.seen.value, observed.absent


# -- properties --------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(scored())
def test_what_is_observed_is_what_the_naive_reference_computes(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError:
        assume(False)  # noqa: FBT003
    figures = given_by(unit)
    for line in card.walk():
        asked = () if line.exempted else rules[line.code].observations
        assert [told(seen) for seen in line.observed] == [observed_naively(one, figures) for one in asked], line.code
        assert [seen.basis for seen in line.observed] == [one.basis for one in asked]
        event(f"observed: {len(asked)}")


@settings(max_examples=300)
@given(seeded())
def test_whatever_is_missing_or_left_out_an_observation_never_stops_a_score(r: Random) -> None:
    asked = tuple(make_observation(r, f"đại lượng {number}") for number in range(3))
    rules = with_criteria(row("1", *asked))
    unit = make_submission(r, rules)
    line = cchc.score(rules, unit)["1"]
    assert line.points is NOT_STATED
    assert [told(seen) for seen in line.observed] == [observed_naively(one, given_by(unit)) for one in asked]
    for seen in line.observed:
        event("absent" if seen.absent else "a value" if seen.seen else "a tier" if seen.tier else "left out")
        assert [bool(seen.seen), bool(seen.tier), bool(seen.absent)].count(True) <= 1


def without_observations(criterion: Criterion) -> Criterion:
    children = tuple(without_observations(child) for child in criterion.children)
    return evolve(criterion, observations=(), children=children)


def outcome(rules: Ruleset, unit: Submission) -> object:
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError as error:
        return str(error)
    return card.points, card.max_points, card.index, card.grade, [(line.code, line.points) for line in card.walk()]


@given(scored())
def test_observations_change_no_points_and_no_error(pair: tuple[Ruleset, Submission]) -> None:
    rules, unit = pair
    criteria = tuple(without_observations(criterion) for criterion in rules.criteria)
    outside = tuple(evolve(a, criterion=without_observations(a.criterion)) for a in rules.adjustments)
    bare = evolve(rules, criteria=criteria, adjustments=outside)
    assert outcome(bare, unit) == outcome(rules, unit)


@given(st.lists(st.integers(-2, 4), min_size=1, max_size=5), st.integers(0, 5))
def test_a_tier_is_the_first_whose_condition_holds(ends: list[int], value: int) -> None:
    tiers = tuple(Tier(f"mức {n}", Within(figure("a"), Interval(low=Fraction(end)))) for n, end in enumerate(ends))
    [seen] = line_of(Observation("mức", tiers=tiers), figures={"a": value}).observed
    held = [n for n, end in enumerate(ends) if value > end]
    assert seen.tier == (f"mức {held[0]}" if held else None)


# -- worked cases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "figures", "value"),
    [
        (figure("a"), {"a": 7}, Fraction(7)),
        (Linear((("a", 1), ("b", -2)), HALF), {"a": 7, "b": 3}, Fraction(3, 2)),
        (ratio("a", "b"), {"a": 2, "b": 3}, Fraction(2, 3)),
        (change("a", "b"), {"a": 4, "b": 5}, Fraction(-1, 5)),
        (Ratio(figure("a"), figure("b"), ONE), {"a": 0, "b": 0}, ONE),
        (ratio("a", "b"), {"a": 0, "b": 0}, None),
        (ratio("a", "n"), {"a": 1, "n": -1}, None),
    ],
)
def test_a_measure_is_observed_exactly(measure: Measure, figures: dict[str, Any], value: Fraction | None) -> None:
    line = line_of(Observation("đại lượng", measure), figures=figures)
    assert told(line.observed[0]) == ("đại lượng", value, ())
    assert (line.points, line.status) == (NOT_STATED, Status.NOT_STATED)


def test_what_a_survey_of_which_nothing_is_counted_comes_to_is_left_out() -> None:
    weights = Ratio(Linear((("s.A", 1), ("s.B", HALF))), Linear((("s.A", 1), ("s.B", 1))))
    asked = Observation("mức hài lòng", weights)
    assert told(line_of(asked, figures={"s": {"A": 3, "B": 2, "C": 9}}).observed[0])[1] == Fraction(4, 5)
    assert told(line_of(asked, figures={"s": {"A": 0, "B": 0, "C": 9}}).observed[0]) == ("mức hài lòng", None, ())
    assert told(line_of(asked, figures={"s": {"B": 2}}).observed[0]) == ("mức hài lòng", None, ("s.A",))


def test_a_tier_that_hangs_on_a_zero_denominator_does_not_hold() -> None:
    rate = Within(ratio("a", "b"), Interval(low=HALF))
    tiers = (Tier("cao", rate), Tier("không phát sinh", Within(figure("b"), Interval(high=ONE))))
    assert line_of(Observation("mức", tiers=tiers), figures={"a": 0, "b": 0}).observed[0].tier == "không phát sinh"
    assert line_of(Observation("mức", tiers=tiers[:1]), figures={"a": 0, "b": 0}).observed[0].tier is None
    below = (Tier("cao", Within(ratio("a", "n"), Interval(low=HALF))), *tiers[1:])
    assert line_of(Observation("mức", tiers=below), figures={"a": 0, "b": 0, "n": -1}).observed[0].tier is None


def test_absent_figures_are_named_once_in_the_order_they_are_looked_at() -> None:
    asked = Observation("đại lượng", Ratio(Linear((("b", 1), ("a", 1))), Linear((("a", 1), ("b", 1), ("m", 1)))))
    assert line_of(asked, figures={"m": 1}).observed[0].absent == ("b", "a")
    assert observe(()) == ()


def test_what_is_looked_at_stands_among_the_figures_and_the_quotes_of_the_line() -> None:
    line = line_of(RATE, figures={"a": 2, "b": 3})
    assert [(fact.name, value) for fact, value in line.inputs] == [("a", 2), ("b", 3)]
    assert (line.basis, line.bases) == (QUOTE, (QUOTE,))
    tiered = Observation("mức", tiers=(Tier("có", Within(ratio("a", "b"), Interval())), Tier("khác", IS_U)))
    assert list(tiered.names) == ["a", "b", "u"]


def test_a_row_with_a_rule_and_a_row_of_rows_say_what_could_be_computed_beside_the_points() -> None:
    points = Awarded("g", basis=QUOTE)
    inner = row("1.1", RATE, rule=points, max_points=Fraction(3))
    area = Criterion("1", "lĩnh vực", Fraction(3), CITATION, (inner,), observations=(RATE,))
    card = cchc.score(with_criteria(area), Submission("Xã A", {"a": 1, "b": 2, "g": 2}))
    assert (card["1.1"].points, card["1.1"].why) == (Fraction(2), "chấm trực tiếp 2 điểm; tỷ lệ: 50%")
    assert card["1"].why == "cộng các mục con; tỷ lệ: 50%"
    assert [fact.name for fact, _ in card["1.1"].inputs] == ["g", "a", "b"]
    rounded = cchc.score(with_criteria(row("1", RATE, rule=constant(HALF))), Submission("Xã A", {}))
    assert rounded["1"].why == "0,5 điểm; tỷ lệ: chưa có số liệu (a, b)"


def test_a_row_that_is_not_assessed_is_not_looked_at() -> None:
    line = line_of(RATE, figures={"u": True}, exemptions=(Exemption(Policy.REMOVED, IS_U),))
    assert (line.observed, line.status) == ((), Status.EXEMPT)


def test_a_row_that_is_not_assessed_leans_on_what_always_holds_only() -> None:
    notes = (SourceNote(NoteKind.READING, "luôn"), SourceNote(NoteKind.READING, "khi có", when=IS_U))
    line = line_of(figures={"u": True}, exemptions=(Exemption(Policy.FULL, IS_U),), notes=notes)
    assert [note.text for note in line.notes] == ["luôn"]
    assert [note.text for note in line_of(figures={"u": True}, notes=notes).notes] == ["luôn", "khi có"]


SAYINGS = [
    (figure("a"), {"a": 7}, "tên: 7", "tên: 7"),
    (figure("m"), {"m": "0,5"}, "tên: 0,5", "tên: 0.5"),
    (figure("p"), {"p": "86,5%"}, "tên: 86,5%", "tên: 86.5%"),
    (figure("d"), {"d": "30/11/2025"}, "tên: 30/11/2025", "tên: 30/11/2025"),
    (ratio("a", "b"), {"a": 2, "b": 3}, "tên: ≈66,67%", "tên: ≈66.67%"),
    (ratio("a", "b"), {"a": 0, "b": 0}, "tên: văn bản không nói", "tên: not stated"),
    (ratio("a", "b"), {"b": 1}, "tên: chưa có số liệu (a)", "tên: figures not given (a)"),
]


@pytest.mark.parametrize(("measure", "figures", "vi", "en"), SAYINGS)
def test_what_was_observed_in_words(measure: Measure, figures: dict[str, Any], vi: str, en: str) -> None:
    line = line_of(Observation("tên", measure), figures=figures)
    said = say_observed(line.observed[0], line)
    assert (said.vi, said.en) == (vi, en)
    assert why(line).vi == f"văn bản không quy định cách chấm; {vi}"
    assert why(line).en == f"how to score is not stated; {en}"


@pytest.mark.parametrize("bottom", [0, 1])
def test_a_share_that_was_observed_says_whether_it_is_the_one_stated_for_no_cases(bottom: int) -> None:
    line = line_of(Observation("tên", evolve(ratio("a", "b"), at_zero=ONE)), figures={"a": bottom, "b": bottom})
    seen = line.observed[0].seen
    assert seen is not None
    assert (seen.value, seen.is_at_zero) == (ONE, bottom == 0)


def test_a_tier_in_words() -> None:
    tiers = (Tier("trên 100", Within(figure("a"), Interval(low=Fraction(100)))),)
    for value, vi, en in ((101, "mức: trên 100", "mức: trên 100"), (100, "mức: văn bản không nói", "mức: not stated")):
        line = line_of(Observation("mức", tiers=tiers), figures={"a": value})
        said = say_observed(line.observed[0], line)
        assert (said.vi, said.en) == (vi, en)


# -- holes -------------------------------------------------------------------------------------------------------------


def hole(when: Condition | None, text: str = "văn bản để hở") -> SourceNote:
    return SourceNote(NoteKind.HOLE, text, when=when)


def test_a_hole_stops_a_row_without_a_rule_too() -> None:
    notes = (hole(Within(figure("a"), Interval(low=Fraction(100)))),)
    assert line_of(RATE, figures={"a": 100, "b": 200}, notes=notes).points is NOT_STATED
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        line_of(RATE, figures={"a": 101, "b": 200}, notes=notes)
    assert str(caught.value) == "Văn bản không quy định:\n- 1: tiêu chí 1: văn bản để hở; VB, dòng 1"


@pytest.mark.parametrize("first", [IS_U, Within(ratio("a", "n"), Interval())])
def test_a_hole_that_cannot_be_told_hides_no_hole_that_holds(first: Condition) -> None:
    """In whatever order the holes stand."""
    holes = [hole(first, "không biết"), hole(Within(figure("a"), Interval(low=ONE)), "chắc chắn")]
    for notes in (tuple(holes), tuple(holes[::-1])):
        with pytest.raises(cchc.UndefinedByDecision, match="chắc chắn"):
            line_of(figures={"a": 2, "n": -1}, notes=notes)
        assert line_of(figures={"a": 1, "n": -1}, notes=notes).points is NOT_STATED


def test_a_row_that_falls_into_two_holes_is_told_once() -> None:
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        line_of(figures={}, notes=(hole(AllOf(()), "một"), hole(AllOf(()), "hai")))
    assert [fault.message.vi for fault in caught.value.faults] == ["tiêu chí 1: một; VB, dòng 1; hai"]


def test_a_hole_without_a_condition_stops_nothing() -> None:
    assert line_of(figures={}, notes=(hole(None),)).points is NOT_STATED


def test_a_row_made_of_rows_does_not_stop_in_a_hole_of_its_own() -> None:
    area = Criterion("1", "lĩnh vực", NOT_STATED, CITATION, (row("1.1"),), notes=(hole(AllOf(())),))
    assert cchc.score(with_criteria(area), Submission("Xã A", {}))["1"].points is NOT_STATED


# -- grades that ask for more than a range -----------------------------------------------------------------------------


def graded(*rows: Criterion, grade: Grade | None = None, **figures: Any) -> object:
    asked = Grade("Đạt", Interval(low=Fraction(0), low_closed=True), each_from=HALF)
    scale = GradeScale((asked if grade is None else grade,))
    found = cchc.score(with_criteria(*rows, scales=(scale,)), Submission("Xã A", figures)).grade
    return found.name if isinstance(found, Grade) else found


def of(code: str, points: Fraction, whole: Points, **more: Any) -> Criterion:
    return row(code, rule=constant(points), max_points=whole, **more)


@pytest.mark.parametrize(
    ("points", "name"), [("199/100", NOT_STATED), ("2", "Đạt"), ("201/100", "Đạt"), ("0", NOT_STATED)]
)
def test_each_criterion_must_have_its_share(points: str, name: object) -> None:
    """The share is of its own maximum, 50% of 4, however good the others are."""
    others = of("1", Fraction(9), Fraction(9)), of("3", Fraction(6), Fraction(6))
    assert graded(*others, of("2", Fraction(points), Fraction(4))) == name


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=4), st.integers(0, 4))
def test_the_share_of_every_criterion_counts(parts: list[tuple[int, int]], quarters: int) -> None:
    rows = [of(str(n), Fraction(min(part)), Fraction(max(part))) for n, part in enumerate(parts)]
    asked = Grade("Đạt", Interval(), each_from=Fraction(quarters, 4))
    reached = all(max(part) and 4 * min(part) >= quarters * max(part) for part in parts)
    assert graded(*rows, grade=asked) == ("Đạt" if reached else NOT_STATED)


def test_a_share_of_what_is_not_known_is_not_reached() -> None:
    full = of("1", ONE, ONE)
    assert graded(full) == "Đạt"
    assert graded(full, of("2", ONE, NOT_STATED)) is NOT_STATED
    assert graded(full, row("2", max_points=ONE)) is NOT_STATED
    gone = of("2", ONE, ONE, exemptions=(Exemption(Policy.REMOVED, IS_U),))
    assert graded(full, gone, u=False) == "Đạt"
    assert graded(full, gone, u=True) is NOT_STATED


def test_a_condition_beside_the_range() -> None:
    asked = Grade("Đạt", Interval(low=ONE, low_closed=True), when=IS_U)
    for points, u, name in ((ONE, True, "Đạt"), (ONE, False, NOT_STATED), (Fraction(0), True, NOT_STATED)):
        assert graded(of("1", points, ONE), grade=asked, u=u) == name
    with pytest.raises(cchc.MissingFacts) as caught:
        graded(of("1", ONE, ONE), grade=asked)
    assert caught.value.missing == {"u": ("xep_loai",)}
    assert graded(of("1", Fraction(0), ONE), grade=asked) is NOT_STATED


def test_a_condition_that_hangs_on_a_zero_denominator_is_not_met() -> None:
    asked = Grade("Đạt", Interval(), when=Within(ratio("a", "b"), Interval(low=HALF)))
    assert graded(of("1", ONE, ONE), grade=asked, a=0, b=0) is NOT_STATED
    assert graded(of("1", ONE, ONE), grade=asked, a=2, b=3) == "Đạt"


@pytest.mark.parametrize(("index", "held"), [("49/100", False), ("1/2", True), ("1", True)])
def test_reaches(index: str, held: bool) -> None:
    assert reaches(Fraction(index), HALF) is held
    assert not reaches(NOT_STATED, Fraction(0))


# -- quotes beside the rules are looked for ----------------------------------------------------------------------------


def findings(criterion: Criterion) -> list[tuple[str, str]]:
    found = check_structure(with_criteria(criterion), {"VB": "văn bản: tính tỷ lệ"})
    return [(finding.code, finding.criterion) for finding in found]


@pytest.mark.parametrize(
    "beside",
    [
        {"observations": (RATE,)},
        {"tasks": (Task("việc", basis=QUOTE),)},
        {"counts": Counts(1, basis=QUOTE)},
        {"sentence": QUOTE},
    ],
    ids=lambda beside: next(iter(beside)),
)
def test_a_quote_beside_the_rule_must_stand_in_the_stored_text(beside: dict[str, Any]) -> None:
    assert findings(row("1", **beside)) == []
    [(key, value)] = beside.items()
    wrong = Quote("câu không có", CITATION)
    moved = wrong if key == "sentence" else evolve(value, basis=wrong) if key == "counts" else _moved(value, wrong)
    assert findings(row("1", **{key: moved})) == [("khong-thay-nguyen-van", "1")]


def _moved(values: tuple[Any, ...], basis: Quote) -> tuple[Any, ...]:
    return tuple(evolve(value, basis=basis) for value in values)


def test_what_stands_beside_the_rule_may_go_without_words() -> None:
    assert findings(row("1", evolve(RATE, basis=NOT_STATED), tasks=(Task("việc"),), counts=Counts(1))) == []
