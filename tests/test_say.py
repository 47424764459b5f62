"""Sentences in Vietnamese and English: the exact words for each trace, each rule, each condition."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Exemption, Policy
from cchc_index.errors import Text
from cchc_index.facts import Submission
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    figure,
    ratio,
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
from cchc_index.scoring.say import (
    Unit,
    rows_of,
    say_basis,
    say_condition,
    say_interval,
    say_measure,
    say_policy,
    say_seen,
    say_status,
    say_value,
    unit_of,
    why,
)
from cchc_index.scoring.trace import Line, Seen, Status
from cchc_index.sources import NOT_STATED, Basis, Citation, Quote, Reading
from cchc_index.testing.numbers import seeded
from cchc_index.testing.pool.measures import CITATION, FACTS, NEW_YEAR, RECORD_FIELDS
from cchc_index.testing.pool.rules import make_rule
from cchc_index.testing.pool.rulesets import with_criteria
from cchc_index.testing.pool.rulesets import with_rule as ruled
from cchc_index.testing.pool.units import make_figures
from cchc_index.testing.strategies import intervals

HALF, ONE, TWO, NINE = Fraction(1, 2), Fraction(1), Fraction(2), Fraction(9, 10)
BY_NAME = {fact.name: fact for fact in (*FACTS, *RECORD_FIELDS)}
SHARE = Ratio(figure("a"), figure("b"))
BANDS = Piecewise(
    SHARE, (Piece(Interval(NINE, low_closed=True), Fraction(0), TWO), Piece(Interval(high=NINE), Fraction(0)))
)
IS_U, IS_V = Chosen("u", ("co",)), Chosen("v", ("co",))


def both(text: Text) -> tuple[str, str]:
    return text.vi, text.en


def line_of(rule: Rule, **figures: Any) -> Line:
    return cchc.score(ruled(rule, NOT_STATED), Submission("Xã A", figures))["1"]


def everywhere(base: int | str | Fraction, slope: int | str | Fraction = 0) -> tuple[Piece, ...]:
    return (Piece(Interval(), Fraction(base), Fraction(slope)),)


def rows(rule: Rule, facts: dict[str, Fact] = BY_NAME) -> list[tuple[str, str]]:
    return [both(text) for text, _ in rows_of(rule, facts)]


# -- intervals, values, measures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "vi", "en"),
    [
        (Interval(), "mọi giá trị", "any value"),
        (Interval(NINE, low_closed=True), "từ 90% trở lên", "90% or more"),
        (Interval(NINE), "trên 90%", "above 90%"),
        (Interval(high=ONE), "dưới 100%", "under 100%"),
        (Interval(high=ONE, high_closed=True), "đến 100%", "100% or less"),
        (Interval(NINE, ONE, low_closed=True), "từ 90% đến dưới 100%", "from 90% to under 100%"),
        (Interval(NINE, ONE, high_closed=True), "trên 90% đến 100%", "above 90% to 100%"),
        (Interval(NINE, ONE, low_closed=True, high_closed=True), "từ 90% đến 100%", "from 90% to 100%"),
        (Interval(NINE, ONE), "trên 90% đến dưới 100%", "above 90% to under 100%"),
        (Interval(ONE, ONE, low_closed=True, high_closed=True), "bằng 100%", "exactly 100%"),
    ],
)
def test_intervals_as_decisions_write_them(interval: Interval, vi: str, en: str) -> None:
    assert both(say_interval(interval, Unit.PERCENT)) == (vi, en)


NEW, JUNE = (Fraction(datetime.date(2025, month, 1).toordinal()) for month in (1, 6))


@pytest.mark.parametrize(
    ("interval", "vi", "en"),
    [
        (Interval(NEW), "sau 01/01/2025", "after 01/01/2025"),
        (Interval(NEW, low_closed=True), "từ 01/01/2025 trở đi", "01/01/2025 or later"),
        (Interval(high=JUNE), "trước 01/06/2025", "before 01/06/2025"),
        (Interval(high=JUNE, high_closed=True), "đến 01/06/2025", "01/06/2025 or earlier"),
        (Interval(NEW, JUNE), "sau 01/01/2025 đến trước 01/06/2025", "after 01/01/2025 to before 01/06/2025"),
        (
            Interval(NEW, JUNE, low_closed=True, high_closed=True),
            "từ 01/01/2025 đến 01/06/2025",
            "from 01/01/2025 to 01/06/2025",
        ),
        (Interval(NEW, NEW, low_closed=True, high_closed=True), "bằng 01/01/2025", "exactly 01/01/2025"),
    ],
)
def test_spans_of_days(interval: Interval, vi: str, en: str) -> None:
    assert both(say_interval(interval, Unit.DATE)) == (vi, en)


@pytest.mark.parametrize(
    ("number", "vi"),
    [
        (0, "0"),
        (1, "01/01/1"),
        (datetime.date.max.toordinal(), "31/12/9999"),
        (datetime.date.max.toordinal() + 1, "3652060"),
        (Fraction(1, 2), "0,5"),
        (NEW + Fraction(1, 2), "739252,5"),
        (-1, "-1"),
    ],
)
def test_an_end_that_is_no_day_is_said_as_the_number_it_is(number: Fraction | int, vi: str) -> None:
    assert say_interval(Interval(high=Fraction(number)), Unit.DATE).vi == f"trước {vi}"


@given(intervals(), intervals())
def test_different_intervals_are_said_differently(one: Interval, other: Interval) -> None:
    assume(one != other)
    assert say_interval(one, Unit.PLAIN).vi != say_interval(other, Unit.PLAIN).vi
    assert say_interval(one, Unit.PLAIN).en != say_interval(other, Unit.PLAIN).en


def test_values_in_each_unit() -> None:
    day = datetime.date(2025, 9, 2).toordinal()
    assert [say_value(day, Unit.DATE, lang) for lang in ("vi", "en")] == ["02/09/2025", "02/09/2025"]
    assert [say_value(Fraction(5, 2), Unit.PLAIN, lang) for lang in ("vi", "en")] == ["2,5", "2.5"]
    assert [say_value(Fraction(173, 200), Unit.PERCENT, lang) for lang in ("vi", "en")] == ["86,5%", "86.5%"]


@pytest.mark.parametrize(
    ("measure", "vi", "en", "unit"),
    [
        (figure("a"), "số a", "số a", Unit.PLAIN),
        (SHARE, "số a / số b", "số a / số b", Unit.PERCENT),
        (Linear((("a", 2), ("b", -1)), -HALF), "2 × số a - số b - 0,5", "2 × số a - số b - 0.5", Unit.PLAIN),
        (Linear((("a", -HALF),), 3), "- 0,5 × số a + 3", "- 0.5 × số a + 3", Unit.PLAIN),
        (Linear(()), "0", "0", Unit.PLAIN),
        (Linear((), 3), "3", "3", Unit.PLAIN),
        (figure("lạ"), "lạ", "lạ", Unit.PLAIN),
        (figure("d"), "ngày d", "ngày d", Unit.DATE),
        (figure("p"), "tỷ lệ p", "tỷ lệ p", Unit.PERCENT),
        (Linear((("d", 1), ("h", -1))), "ngày d - hạn h", "ngày d - hạn h", Unit.PLAIN),
        (Linear((("d", 1),), 5), "ngày d + 5", "ngày d + 5", Unit.PLAIN),
    ],
)
def test_measures_by_their_labels(measure: Measure, vi: str, en: str, unit: Unit) -> None:
    assert both(say_measure(measure, BY_NAME)) == (vi, en)
    assert unit_of(measure, BY_NAME) is unit


def test_a_sum_in_a_ratio_stands_in_brackets() -> None:
    change = Ratio(Linear((("a", 1), ("b", -1))), figure("b"))
    assert say_measure(change, BY_NAME).vi == "(số a - số b) / số b"
    share = Ratio(figure("a"), Linear((("a", 1), ("b", 1))))
    assert say_measure(share, BY_NAME).vi == "số a / (số a + số b)"


# -- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "vi", "en"),
    [
        (Within(SHARE, Interval(NINE, low_closed=True)), "số a / số b từ 90% trở lên", "số a / số b 90% or more"),
        (IS_U, "có u: có", "có u: yes"),
        (Chosen("k", ("k1", "k2")), "loại k: Loại một hoặc Loại hai", "loại k: Loại một or Loại hai"),
        (Chosen("lạ", ("x", "khong")), "lạ: x hoặc không", "lạ: x or no"),
        (AllOf((IS_U, Chosen("v", ("khong",)))), "có u: có và có v: không", "có u: yes and có v: no"),
        (AnyOf((IS_U, IS_V)), "(có u: có hoặc có v: có)", "(có u: yes or có v: yes)"),
        (AllOf(()), "các trường hợp khác", "otherwise"),
        (AnyOf(()), "không trường hợp nào", "never"),
    ],
)
def test_conditions_in_words(condition: Condition, vi: str, en: str) -> None:
    assert both(say_condition(condition, BY_NAME)) == (vi, en)


def test_what_always_holds_is_said_too() -> None:
    """The last level of «otherwise» has no condition, and must not read as an empty sentence."""
    otherwise = Switch((Case(IS_U, constant(ONE)), Case(AllOf(()), constant(Fraction(0)))), Choose.FIRST)
    assert all(part.strip() for part in both(say_condition(AllOf(()), BY_NAME)))
    for text in (why(line_of(otherwise, u=False)), rows_of(otherwise, BY_NAME).__next__()[0]):
        assert not text.vi.startswith(" →")
    assert not rows(otherwise)[1][0].startswith(" →")


# -- why --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "figures", "vi", "en"),
    [
        (
            BANDS,
            {"a": 19, "b": 20},
            "19/20 = 95%: từ 90% trở lên → tỉ số × 2",
            "19/20 = 95%: 90% or more → ratio × 2",
        ),
        (BANDS, {"a": 1, "b": 20}, "1/20 = 5%: dưới 90% → 0 điểm", "1/20 = 5%: under 90% → 0 points"),
        (Piecewise(figure("a"), everywhere(0, "1/4")), {"a": 3}, "số a = 3: số liệu × 0,25", "số a = 3: figure × 0.25"),
        (
            Piecewise(figure("a"), everywhere("3/2", "-1/4")),
            {"a": 3},
            "số a = 3: 1,5 - số liệu × 0,25",
            "số a = 3: 1.5 - figure × 0.25",
        ),
        (Piecewise(SHARE, everywhere(0, -2)), {"a": 1, "b": 4}, "1/4 = 25%: -tỉ số × 2", "1/4 = 25%: -ratio × 2"),
        (Piecewise(SHARE, everywhere(1, 2)), {"a": 1, "b": 4}, "1/4 = 25%: 1 + tỉ số × 2", "1/4 = 25%: 1 + ratio × 2"),
        (
            Piecewise(Linear((("d", 1), ("h", -1))), (Piece(Interval(high=Fraction(0), high_closed=True), TWO),)),
            {"d": "31/12/2024"},
            "ngày d - hạn h = -1: đến 0 → 2 điểm",
            "ngày d - hạn h = -1: 0 or less → 2 points",
        ),
        (
            Piecewise(figure("p"), (Piece(Interval(NINE, low_closed=True), TWO),)),
            {"p": "95,5%"},
            "tỷ lệ p = 95,5%: từ 90% trở lên → 2 điểm",
            "tỷ lệ p = 95.5%: 90% or more → 2 points",
        ),
        (Table("k", (Option("k2", HALF),)), {"k": "k2"}, "Loại hai → 0,5 điểm", "Loại hai → 0.5 points"),
        (Table("u", (Option("co", HALF),)), {"u": True}, "có → 0,5 điểm", "yes → 0.5 points"),
        (Table("u", (Option("khong", Fraction(0)),)), {"u": False}, "không → 0 điểm", "no → 0 points"),
        (constant(HALF), {}, "0,5 điểm", "0.5 points"),
        (
            Sum(
                (
                    Term(Table("u", (Option("co", Fraction(1, 4)),)), "Máy in"),
                    Term(Switch((Case(IS_V, constant(HALF)),)), "Máy quét"),
                    Term(BANDS, "Tỷ lệ"),
                    Term(Table("k", (Option("k1", TWO),))),
                ),
                Fraction(3),
            ),
            {"u": True, "v": True, "a": 19, "b": 20, "k": "k1"},
            (
                "3 điểm; Máy in: 0,25; Máy quét: 0,5; "
                "Tỷ lệ: 19/20 = 95%: từ 90% trở lên → tỉ số × 2 = 1,9; Loại một → 2 điểm"
            ),
            (
                "3 points; Máy in: 0.25; Máy quét: 0.5; "
                "Tỷ lệ: 19/20 = 95%: 90% or more → ratio × 2 = 1.9; Loại một → 2 points"
            ),
        ),
        (
            Sum((Term(Piecewise(figure("a"), everywhere(0, 1))),), cap=TWO),
            {"a": 3},
            "số a = 3: số liệu × 1; cộng 3, tối đa 2",
            "số a = 3: figure × 1; adds to 3, at most 2",
        ),
        (
            Sum((Term(Piecewise(figure("a"), everywhere(0, -1)), "Trễ hạn"),), TWO, floor=Fraction(0)),
            {"a": 3},
            "2 điểm; Trễ hạn: số a = 3: -số liệu × 1 = -3; cộng -1, tối thiểu 0",
            "2 points; Trễ hạn: số a = 3: -figure × 1 = -3; adds to -1, at least 0",
        ),
        (
            Switch((Case(AllOf((Within(SHARE, Interval(NINE)), Within(figure("m"), Interval(ONE)))), constant(TWO)),)),
            {"a": 19, "b": 20, "m": "1,5"},
            "19/20 = 95%, lượng m = 1,5 → 2 điểm",
            "19/20 = 95%, lượng m = 1.5 → 2 points",
        ),
        (
            Switch((Case(AllOf((Within(SHARE, Interval(NINE)), Within(SHARE, Interval(high=ONE)))), constant(TWO)),)),
            {"a": 19, "b": 20},
            "19/20 = 95% → 2 điểm",
            "19/20 = 95% → 2 points",
        ),
        (
            Switch((Case(AnyOf((IS_U, IS_V)), BANDS),)),
            {"a": 19, "b": 20, "u": True, "v": False},
            "(có u: có hoặc có v: có) → 19/20 = 95%: từ 90% trở lên → tỉ số × 2",
            "(có u: yes or có v: yes) → 19/20 = 95%: 90% or more → ratio × 2",
        ),
        (
            Switch((Case(AnyOf((Within(figure("b"), Interval(high=ONE)), Within(SHARE, Interval()))), constant(TWO)),)),
            {"a": 0, "b": 0},
            "số b = 0 → 2 điểm",
            "số b = 0 → 2 points",
        ),
        (
            Average("r", Piecewise(figure("x"), everywhere(0, 1)), Rounding(Fraction(1, 10))),
            {"r": [{"x": 1}, {"x": 2}, {"x": 2}, {"x": 0}]},
            "(2 × 2 + 1 × 1 + 1 × 0) / 4 = 5/4 = 1,25 → làm tròn đến 0,1, đúng giữa: lấy lên: 1,3",
            "(2 × 2 + 1 × 1 + 1 × 0) / 4 = 5/4 = 1.25 → rounded to 0.1, a tie: up: 1.3",
        ),
        (
            Average("r", Piecewise(figure("x"), everywhere(0, 1)), Rounding(Fraction(1, 10))),
            {"r": [{"x": 1}] + [{"x": 2}] * 7},
            "(7 × 2 + 1 × 1) / 8 = 15/8 = 1,875 → làm tròn đến 0,1: 1,9",
            "(7 × 2 + 1 × 1) / 8 = 15/8 = 1.875 → rounded to 0.1: 1.9",
        ),
        (
            Average("r", Piecewise(figure("x"), everywhere(0, 1)), Rounding(Fraction(1, 10))),
            {"r": [{"x": 1}, {"x": 2}]},
            "(1 × 2 + 1 × 1) / 2 = 3/2 = 1,5",
            "(1 × 2 + 1 × 1) / 2 = 3/2 = 1.5",
        ),
        (Awarded("g"), {"g": "1,5"}, "chấm trực tiếp 1,5 điểm", "awarded 1.5 points"),
    ],
)
def test_why_for_each_trace(rule: Rule, figures: dict[str, Any], vi: str, en: str) -> None:
    line = line_of(rule, **figures)
    assert both(why(line)) == (vi, en)
    assert line.why == vi


@given(seeded().map(lambda r: (make_rule(r), make_figures(r))))
def test_every_line_that_is_scored_says_why(pair: tuple[Rule, dict[str, Any]]) -> None:
    rule, raw = pair
    try:
        line = line_of(rule, **raw)
    except cchc.CchcError:
        assume(False)  # noqa: FBT003
    for sentence in both(why(line)):
        assert sentence.strip()
        assert "None" not in sentence
        assert "Fraction" not in sentence
        assert "= ≈" not in sentence


def test_a_share_with_no_finite_percent_is_said_as_an_approximation_only() -> None:
    said = why(line_of(Piecewise(SHARE, everywhere(0, 2)), a=1, b=3)).vi
    assert "≈" in said
    assert "= ≈" not in said


def test_days_are_earlier_or_later_and_never_less() -> None:
    limit = Fraction(NEW_YEAR.toordinal())
    rule = Piecewise(figure("d"), (Piece(Interval(high=limit, high_closed=True), TWO),))
    said = why(line_of(rule, d="31/12/2024"))
    assert said.vi == "ngày d = 31/12/2024: đến 01/01/2025 → 2 điểm"
    assert "less" not in said.en


def test_a_zero_denominator_with_a_stated_share_shows_the_figures_that_were_given() -> None:
    said = why(line_of(Piecewise(Ratio(figure("a"), figure("b"), ONE), everywhere(0, 2)), a=0, b=0)).vi
    assert "1/1" not in said
    assert "100%" in said


def test_a_bonus_cut_off_at_its_cap_says_so() -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, Criterion("T", "thưởng", ONE, CITATION, rule=constant(Fraction(3))))
    rules = with_criteria(Criterion("1", "một", TWO, CITATION, rule=constant(ONE)), adjustments=(bonus,))
    line = cchc.score(rules, Submission("Xã A", {}))["T"]
    assert line.points == 1
    assert "tối đa 1" in why(line).vi


def test_why_for_what_stands_around_a_rule() -> None:
    leaf = Criterion(
        "1", "một", Fraction(3), CITATION, rule=constant(Fraction("1.25")), rounding=Rounding(Fraction(1, 10))
    )
    inner = evolve(leaf, code="3.1", rule=constant(HALF), rounding=None)
    parent = Criterion("3", "ba", Fraction(3), CITATION, children=(inner,), rounding=Rounding(Fraction(3, 10)))
    unsaid = Criterion("2", "hai", Fraction(3), CITATION, rounding=Rounding(ONE))
    flat = evolve(parent, code="4", children=(evolve(inner, code="4.1"),), rounding=None)
    card = cchc.score(with_criteria(leaf, unsaid, parent, flat), Submission("Xã A", {}))
    assert both(why(card["1"])) == (
        "1,25 điểm → làm tròn đến 0,1, đúng giữa: lấy lên: 1,3",
        "1.25 points → rounded to 0.1, a tie: up: 1.3",
    )
    assert both(why(card["2"])) == ("văn bản không quy định cách chấm", "how to score is not stated")
    assert both(why(card["3"])) == (
        "cộng các mục con → làm tròn đến 0,3: 0,6",
        "sum of its parts → rounded to 0.3: 0.6",
    )
    assert both(why(card["4"])) == ("cộng các mục con", "sum of its parts")


@pytest.mark.parametrize(
    ("policy", "vi", "en"),
    [
        (Policy.REMOVED, "không đánh giá; bỏ khỏi điểm tối đa", "not assessed; taken out of the maximum"),
        (Policy.RESCALED, "không đánh giá; phần còn lại quy đổi", "not assessed; the rest is rescaled"),
        (Policy.FULL, "không đánh giá; được điểm tối đa", "not assessed; counts as full points"),
        (Policy.UNCOUNTED, "không tính chỉ số này; điểm tối đa giữ nguyên", "not counted; the maximum stays"),
        (Policy.FORBIDDEN, "không được bỏ đánh giá", "may not be left out"),
    ],
)
def test_policies_in_words(policy: Policy, vi: str, en: str) -> None:
    assert both(say_policy(policy)) == (vi, en)
    if policy is Policy.FORBIDDEN:
        return
    leaf = Criterion("1", "một", TWO, CITATION, rule=constant(ONE), exemptions=(Exemption(policy),))
    for reason, told in (("chưa đủ thông tin", ": chưa đủ thông tin"), ("", "")):
        line = cchc.score(with_criteria(leaf), Submission("Xã A", {}, exemptions={"1": reason}))["1"]
        assert both(why(line)) == (vi + told, en + told)


def test_statuses_in_words() -> None:
    assert [both(say_status(status)) for status in Status] == [
        ("đạt", "full"),
        ("đạt một phần", "partial"),
        ("không đạt", "none"),
        ("không đánh giá", "not assessed"),
        ("không quy định", "not stated"),
    ]


def test_both_sides_of_a_ratio_are_written_with_the_mark_of_the_language() -> None:
    seen = Seen(ratio("a", "b"), Fraction(3, 2), Fraction(5, 2))
    assert both(say_seen(seen, {})) == ("1,5/2,5 = 60%", "1.5/2.5 = 60%")


def test_bases_in_words() -> None:
    assert both(say_basis(NOT_STATED)) == ("", "")
    assert repr(NOT_STATED) == "NOT_STATED"
    assert both(say_basis(Quote("Từ 90%", Citation("VB", "")))) == ("«Từ 90%» (VB)", "«Từ 90%» (VB)")
    assert both(say_basis(Quote("Từ 90%", CITATION))) == ("«Từ 90%» (VB, dòng 1)", "«Từ 90%» (VB, dòng 1)")
    assert both(say_basis(Reading("lấy cao", "tổ soạn"))) == (
        "Cách hiểu: lấy cao (tổ soạn)",
        "Reading: lấy cao (tổ soạn)",
    )


# -- rows -------------------------------------------------------------------------------------------------------------

BAND_ROWS = [
    ("số a / số b:", "số a / số b:"),
    ("từ 90% trở lên → tỉ số × 2", "90% or more → ratio × 2"),
    ("dưới 90% → 0 điểm", "under 90% → 0 points"),
]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (BANDS, BAND_ROWS),
        (
            Table("k", (Option("k1", TWO), Option("k2", HALF))),
            [("Loại một → 2 điểm", "Loại một → 2 points"), ("Loại hai → 0,5 điểm", "Loại hai → 0.5 points")],
        ),
        (Table("u", (Option("co", TWO), Option("khong", Fraction(0)))), [("có → 2 điểm", "yes → 2 points")]),
        (
            Table("u", (Option("co", Fraction(0)), Option("khong", TWO))),
            [("có → 0 điểm", "yes → 0 points"), ("không → 2 điểm", "no → 2 points")],
        ),
        (constant(HALF), [("0,5 điểm", "0.5 points")]),
        (Awarded("g"), [("Chấm trực tiếp", "Awarded directly")]),
        (
            Sum(
                (Term(Table("u", (Option("co", Fraction(1, 4)),)), "Máy in"), Term(BANDS)),
                TWO,
                Fraction(0),
                Fraction(3),
            ),
            [
                ("2 điểm", "2 points"),
                ("Máy in:", "Máy in:"),
                ("có → 0,25 điểm", "yes → 0.25 points"),
                *BAND_ROWS,
                ("Không thấp hơn 0 điểm", "At least 0 points"),
                ("Không quá 3 điểm", "At most 3 points"),
            ],
        ),
        (
            Sum((Term(constant(HALF)),), Fraction(1), Fraction(-1), Fraction(1)),
            [
                ("1 điểm", "1 point"),
                ("0,5 điểm", "0.5 points"),
                ("Không thấp hơn -1 điểm", "At least -1 points"),
                ("Không quá 1 điểm", "At most 1 point"),
            ],
        ),
        (Sum((Term(constant(HALF)),)), [("0,5 điểm", "0.5 points")]),
        (
            Switch((Case(IS_U, BANDS), Case(IS_V, constant(TWO)))),
            [("có u: có:", "có u: yes:"), *BAND_ROWS, ("có v: có → 2 điểm", "có v: yes → 2 points")],
        ),
        (
            Average("r", Table("z", (Option("co", TWO),))),
            [("Trung bình theo hồ sơ r:", "Mean over hồ sơ r:"), ("có → 2 điểm", "yes → 2 points")],
        ),
    ],
)
def test_rows_for_each_rule(rule: Rule, expected: list[tuple[str, str]]) -> None:
    assert rows(rule) == expected


def test_rows_without_labels_fall_back_on_names() -> None:
    assert rows(Average("r", Switch((Case(IS_U, Table("k", (Option("k1", TWO),))),))), {}) == [
        ("Trung bình theo r:", "Mean over r:"),
        ("u: có → k1 → 2 điểm", "u: yes → k1 → 2 points"),
    ]


def test_rows_carry_what_they_stand_on() -> None:
    quotes = [Quote(str(number), CITATION) for number in range(6)]

    def bases(rule: Rule) -> list[Basis]:
        return [basis for _, basis in rows_of(rule, BY_NAME)]

    table = Table("u", (Option("co", ONE, quotes[0]), Option("khong", ONE, quotes[1])))
    assert bases(table) == quotes[:2]
    assert bases(Sum((Term(table, "mục", quotes[2]),))) == [quotes[2], *quotes[:2]]
    assert bases(Sum((Term(table, "mục", quotes[1]),))) == [NOT_STATED, *quotes[:2]], (
        "what stands below is not said twice"
    )
    one = Table("u", (Option("co", ONE, quotes[0]),))
    assert bases(Switch((Case(IS_U, one, quotes[3]), Case(IS_V, one)))) == [quotes[3], quotes[0]]
    assert bases(Switch((Case(IS_U, table, quotes[3]),))) == [quotes[3], *quotes[:2]]
    assert bases(Piecewise(figure("a"), (Piece(Interval(), ONE, basis=quotes[4]),)))[-1] == quotes[4]
    assert bases(Awarded("g", basis=quotes[5])) == [quotes[5]]


@given(seeded().map(make_rule), st.booleans())
def test_every_rule_has_rows_in_both_languages(rule: Rule, labelled: bool) -> None:
    found = rows(rule, BY_NAME if labelled else {})
    assert found
    assert all(vi.strip() and en.strip() for vi, en in found)


# -- real lines -------------------------------------------------------------------------------------------------------


def test_the_sentence_of_the_readme() -> None:
    figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    card = cchc.score(cchc.load("dong-nai/cap-xa/2022"), Submission("Xã A", figures))
    assert card["4.1"].why == "19/20 = 95%: từ 90% đến dưới 100% → tỉ số × 1"
    assert card["4"].why == "cộng các mục con"
    assert card["4.2"].why.endswith("Tuyên truyền CCHC thông qua các hình thức truyền thống: 0")


def test_a_single_negative_date_can_be_said() -> None:
    facts = {"d": Fact("d", "ngày d", FactType.DATE)}
    assert unit_of(Linear((("d", -1),)), facts) is Unit.PLAIN
