"""What lint finds: for each defect a ruleset with exactly that defect, and the figures that show it."""

import datetime
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.lint import lint, regions
from cchc_index.checking.lint.stage import submission_of
from cchc_index.checking.structure import Finding, Severity
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Direction,
    Exemption,
    Grade,
    GradeScale,
    Observation,
    Policy,
    Ranking,
    Ruleset,
    Scope,
    SourceNote,
    Task,
    Tier,
)
from cchc_index.errors import BadRuleset
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
    change,
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
from cchc_index.sources import NOT_STATED, Citation, NoteKind, Quote, Reading
from cchc_index.testing.pool.rulesets import with_criteria
from cchc_index.testing.witnesses import reproduced

DATA = Path(__file__).parent / "data"
PLACE = Citation("VB", "dòng 1")
READ = Reading("đọc", "người lập")
ZERO, ONE, TWO = Fraction(0), Fraction(1), Fraction(2)
HALF, TENTH = Fraction(1, 2), Fraction(1, 10)

NAMES = {
    "a": Fact("a", "số a"),
    "b": Fact("b", "tổng b"),
    "c": Fact("c", "phần c", part_of="b"),
    "m": Fact("m", "lượng m", FactType.AMOUNT, unit="triệu đồng"),
    "n": Fact("n", "lượng n", FactType.AMOUNT, may_be_negative=True),
    "p": Fact("p", "tỷ lệ p", FactType.PERCENT),
    "d": Fact("d", "ngày d", FactType.DATE),
    "e": Fact("e", "ngày e", FactType.DATE),
    "h": Fact("h", "hạn h", FactType.DATE, given=DayOfYear(30, 11)),
    "u": Fact("u", "có u", FactType.YES_NO),
    "v": Fact("v", "có v", FactType.YES_NO),
    "k": Fact("k", "loại k", FactType.CHOICE, options=(("k1", "Một"), ("k2", "Hai"))),
    "g": Fact("g", "điểm g", FactType.POINTS),
    "s": Fact("s", "phiếu s", FactType.SURVEY, options=(("A", "Tốt"), ("B", "Kém"))),
    "r": Fact("r", "hồ sơ r", FactType.RECORDS, fields=(Fact("x", "cột x"), Fact("l", "mã", FactType.LABEL))),
}


def from_(low: Fraction | int) -> Interval:
    return Interval(low=Fraction(low), low_closed=True)


def above(low: Fraction | int) -> Interval:
    return Interval(low=Fraction(low))


def under(high: Fraction | int) -> Interval:
    return Interval(high=Fraction(high))


def to(high: Fraction | int) -> Interval:
    return Interval(high=Fraction(high), high_closed=True)


def exactly(value: Fraction | int) -> Interval:
    return Interval(Fraction(value), Fraction(value), low_closed=True, high_closed=True)


def bands(measure: Any, *pieces: tuple[Any, ...]) -> Piecewise:
    """Bands as (interval, points) or (interval, base, slope)."""
    made = [Piece(interval, Fraction(base), Fraction(*slope or (0,)), READ) for interval, base, *slope in pieces]
    return Piecewise(measure if isinstance(measure, Linear | Ratio) else figure(measure), tuple(made))


def cases(*found: tuple[Condition, Rule | int], choose: Choose = Choose.ONLY) -> Switch:
    made = [Case(w, constant(Fraction(r)) if isinstance(r, int) else r, READ) for w, r in found]
    return Switch(tuple(made), choose)


def yes(name: str) -> Chosen:
    return Chosen(name, ("co",))


def no(name: str) -> Chosen:
    return Chosen(name, ("khong",))


def note(kind: NoteKind, when: Condition | None = None) -> SourceNote:
    return SourceNote(kind, f"ghi {kind.value}", "người lập", when)


def leaf(rule: Any, whole: Any = ONE, code: str = "1", **more: Any) -> Criterion:
    return Criterion(code, f"tiêu chí {code}", whole, PLACE, rule=rule, **more)


def one(rule: Any, names: str = "", whole: Any = ONE, **more: Any) -> Ruleset:
    """A ruleset of one leaf, with the figures of these names."""
    return with_criteria(leaf(rule, whole, **more), facts=tuple(NAMES[name] for name in names))


def found_in(rules: Ruleset) -> list[Finding]:
    """The findings of a ruleset, each held against the engine."""
    findings = list(lint(rules))
    assert [f for f in findings if not reproduced(rules, f)] == []
    return findings


def told(rules: Ruleset) -> list[tuple[Any, ...]]:
    """The findings as code, gravity, place and figures."""
    return [(f.code, f.severity.value, f.locus, shown(f)) for f in found_in(rules)]


def shown(found: Finding) -> Mapping[str, Any] | None:
    return None if found.witness is None else submission_of(found.witness).figures


ERROR, NOTE = "loi", "luu_y"
SOUND = bands("a", (from_(3), 1), (under(3), 0))


def test_a_sound_rule_has_no_findings() -> None:
    assert told(one(SOUND, "a")) == []
    assert told(one(NOT_STATED, "")) == []


# -- left out ----------------------------------------------------------------------------------------------------------


def test_the_gap_at_exactly_100() -> None:
    rule = bands(ratio("c", "b"), (under(1), 0), (above(1), 1))
    found = told(one(evolve(rule, measure=Ratio(figure("c"), figure("b"), ZERO)), "cb"))
    assert found[0] == ("khoang-ho", ERROR, (), {"b": 1, "c": 1})


def test_a_gap_says_which_values_are_left_out_and_what_to_do() -> None:
    (found,) = found_in(one(bands("a", (above(3), 1), (under(3), 0)), "a"))
    assert found.message.vi == "có số liệu không thuộc bậc, mức nào: bằng 3"
    assert found.message.en == "some figures fall in no band or level: exactly 3"
    assert found.mend is not None
    assert "khoang_trong" in found.mend.vi


def test_a_gap_between_whole_numbers_is_none() -> None:
    assert told(one(bands("a", (from_(3), 1), (to(2), 0)), "a")) == []
    rule = bands("m", (from_(3), 1), (to(2), 0))
    assert told(one(rule, "m")) == [("khoang-ho", ERROR, (), {"m": Fraction("2.1")})]


def test_a_gap_above_100_percent_is_worth_a_note() -> None:
    whole = Interval(ZERO, ONE, low_closed=True, high_closed=True)
    (found,) = found_in(one(bands("p", (whole, 0, 1)), "p"))
    assert (found.code, found.severity, shown(found)) == ("khoang-ho", Severity.NOTE, {"p": "101%"})
    assert "vượt 100%" in found.message.vi
    low = bands("p", (Interval(HALF, ONE, low_closed=True, high_closed=True), 0, 1))
    assert [(c, s) for c, s, *_ in told(one(low, "p"))] == [("khoang-ho", ERROR), ("khoang-ho", NOTE)]


def test_a_gap_in_dates_is_shown_near_the_period() -> None:
    rule = bands(Linear((("d", 1), ("h", -1))), (under(0), 1), (above(0), 0))
    (found,) = found_in(one(rule, "dh"))
    assert shown(found) == {"d": datetime.date(2024, 11, 30)}
    assert found.witness is not None
    assert found.witness.period is not None


def test_a_number_left_as_the_bound_of_a_date() -> None:
    rules = one(bands("d", (under(0), 1), (Interval(ZERO, Fraction(5), low_closed=True), 0)), "d")
    said = {found.code: found.message.vi for found in found_in(rules)}
    assert "từ 05/01/1 trở đi" in said["khoang-ho"]
    assert "trước 0" in said["khong-bao-gio-dung"]


def test_a_leap_day_is_looked_at_in_a_leap_year() -> None:
    leap = Fact("h", "hạn", FactType.DATE, given=DayOfYear(29, 2))
    rule = bands(Linear((("d", 1), ("h", -1))), (under(0), 1), (above(0), 0))
    rules = with_criteria(leaf(rule), facts=(NAMES["d"], leap))
    rules = evolve(rules, application=evolve(rules.application, since=datetime.date(2025, 1, 1)))
    assert [shown(found) for found in found_in(rules)] == [{"d": datetime.date(2028, 2, 29)}]


def test_days_between_two_days_that_units_give() -> None:
    rule = bands(Linear((("d", 1), ("e", -1))), (under(5), 1), (above(5), 0))
    rules = one(rule, "de")
    rules = evolve(rules, application=evolve(rules.application, since=datetime.date(2025, 1, 1)))
    (found,) = found_in(rules)
    assert shown(found) == {"d": datetime.date(2025, 7, 1), "e": datetime.date(2025, 6, 26)}


def test_options_left_out() -> None:
    assert told(one(Table("k", (Option("k2", ONE, READ),)), "k")) == [("khoang-ho", ERROR, (), {"k": "k1"})]
    assert told(one(Table("u", (Option("khong", ONE, READ),)), "u")) == [("khoang-ho", ERROR, (), {"u": "co"})]


def test_levels_that_leave_a_case_out() -> None:
    rule = cases((AllOf((yes("u"), yes("v"))), 1), (no("u"), 0))
    assert told(one(rule, "uv")) == [("khoang-ho", ERROR, (), {"u": "co", "v": "khong"})]
    either = cases((AnyOf((yes("u"), yes("v"))), 1))
    assert told(one(either, "uv")) == [("khoang-ho", ERROR, (), {"u": "khong", "v": "khong"})]


def test_a_gap_inside_records_tiers_and_sums() -> None:
    hollow = bands("x", (under(2), 1), (above(2), 0))
    assert told(one(Average("r", hollow), "r")) == [
        ("khong-ban-ghi", NOTE, ("ban_ghi", "r"), {"r": []}),
        ("khoang-ho", ERROR, ("moi_ban_ghi",), {"r": [{"x": 2}]}),
    ]
    tiered = cases((Chosen("k", ("k1",)), SOUND), (Chosen("k", ("k2",)), bands("b", (under(2), 1), (above(2), 0))))
    assert told(one(tiered, "kab")) == [("khoang-ho", ERROR, ("muc", 1), {"a": 0, "b": 2, "k": "k2"})]
    divided = bands(evolve(ratio("c", "b"), at_zero=NOT_STATED), (Interval(), 0, 1))
    summed = Sum((Term(bands("a", (under(2), 1), (above(2), 0)), "", READ), Term(divided, "", READ)))
    assert told(one(summed, "abc", TWO)) == [
        ("khoang-ho", ERROR, ("muc", 0), {"b": 1, "a": 2, "c": 0}),
        ("mau-so-bang-0", NOTE, ("muc", 1), {"b": 0, "c": 0, "a": 0}),
    ]


def test_a_witness_that_the_other_lines_leave_no_room_for() -> None:
    """Where one line has no points, the other one has none either."""
    low, high = bands("a", (above(2), 1)), bands("a", (above(3), 1))
    rules = one(Sum((Term(low, "", READ), Term(high, "", READ))), "a", TWO)
    assert [found.locus for found in found_in(rules) if found.code == "khoang-ho"] == [("muc", 0), ("muc", 1)]


def test_a_figure_of_the_unit_inside_records() -> None:
    rule = Average("r", bands(Linear((("x", 1), ("a", -1))), (under(0), 1), (above(0), 0)))
    found = [f for f in told(one(rule, "ra")) if f[0] == "khoang-ho"]
    assert found == [("khoang-ho", ERROR, ("moi_ban_ghi",), {"r": [{"x": 0}], "a": 0})]


def test_parts_and_wholes_inside_records() -> None:
    fields = (Fact("t", "tổng"), Fact("x", "phần", part_of="t"), Fact("y", "phần nữa", part_of="a"))
    records = Fact("r", "hồ sơ", FactType.RECORDS, fields=fields)
    rule = Average("r", Sum(tuple(Term(bands(n, (under(1), HALF), (above(1), 0)), n, READ) for n in "xy")))
    found = found_in(with_criteria(leaf(rule), facts=(NAMES["a"], records)))
    assert [shown(f) for f in found if f.code == "khoang-ho"] == [
        {"a": 0, "r": [{"t": 1, "x": 1, "y": 0}]},
        {"a": 1, "r": [{"t": 0, "y": 1, "x": 0}]},
    ]


# -- recorded ----------------------------------------------------------------------------------------------------------

HOLLOW = bands("a", (above(3), 1), (under(3), 0))


def test_a_gap_that_is_recorded_is_true_of_the_source() -> None:
    timed = note(NoteKind.HOLE, Within(figure("a"), exactly(3)))
    for hole in (note(NoteKind.HOLE), timed):
        (found,) = [
            f for f in found_in(one(HOLLOW, "a", notes=(hole, note(NoteKind.READING)))) if f.code == "khoang-ho"
        ]
        assert found.severity is Severity.NOTE
        assert "đã ghi: «ghi khoang_trong»" in found.message.vi
        assert found.mend is None


def test_a_hole_records_only_the_figures_it_names() -> None:
    rule = bands("a", (above(5), 1), (Interval(Fraction(3), Fraction(5)), 1), (under(3), 0))
    hole = note(NoteKind.HOLE, Within(figure("a"), exactly(3)))
    gaps = [f for f in told(one(rule, "a", notes=(hole,))) if f[0] == "khoang-ho"]
    assert gaps == [("khoang-ho", NOTE, (), {"a": 3}), ("khoang-ho", ERROR, (), {"a": 5})]


def test_a_hole_that_is_none() -> None:
    hole = note(NoteKind.HOLE, Within(figure("a"), from_(3)))
    found = [f for f in told(one(HOLLOW, "a", notes=(hole,))) if f[0].startswith("khoang-trong")]
    assert found == [("khoang-trong-khong-that", ERROR, ("khoang_trong", 0), {"a": 4})]


def test_a_hole_for_figures_that_cannot_be() -> None:
    hole = note(NoteKind.HOLE, Within(figure("a"), under(0)))
    assert ("khoang-trong-khong-toi", ERROR, ("khoang_trong", 0), None) in told(one(SOUND, "a", notes=(hole,)))


def test_a_hole_over_choices() -> None:
    rule = Table("k", (Option("k1", ONE, READ),))
    hole = note(NoteKind.HOLE, Chosen("k", ("k1", "k2")))
    found = [f for f in told(one(rule, "k", notes=(hole,))) if f[0] == "khoang-trong-khong-that"]
    assert found == [("khoang-trong-khong-that", ERROR, ("khoang_trong", 0), {"k": "k1"})]


def test_a_hole_of_a_mean_is_taken_as_it_is() -> None:
    """No record at all has no points whatever the other figures are; what lies beside the mean is looked at."""
    hole = note(NoteKind.HOLE, yes("u"))
    rule = Average("r", bands("x", (under(2), 1), (above(2), 0)))
    for whole in (rule, Sum((Term(rule, "", READ),))):
        codes = {f.code for f in found_in(one(whole, "ru", notes=(hole,)))}
        assert "khoang-trong-khong-that" not in codes
    beside = cases((yes("v"), rule), (no("v"), SOUND))
    found = [f for f in told(one(beside, "ruva", notes=(hole,))) if f[0] == "khoang-trong-khong-that"]
    figures = {"r": [{"x": 0}], "a": 0, "u": "co", "v": "khong"}
    assert found == [("khoang-trong-khong-that", ERROR, ("khoang_trong", 0), figures)]


# -- twice -------------------------------------------------------------------------------------------------------------


def test_bands_and_levels_that_meet() -> None:
    rule = bands("a", (from_(3), 1), (to(3), 0))
    assert told(one(rule, "a")) == [("chong-muc", ERROR, ("bac", 1), {"a": 3})]
    second = bands("a", (from_(3), 1), (Interval(), 0, Fraction(1, 4)))
    assert told(one(second, "a")) == [("chong-muc", ERROR, ("bac", 1), {"a": 3})]
    rule_of_levels = cases((yes("u"), 1), (AnyOf((no("u"), yes("v"))), 0))
    assert told(one(rule_of_levels, "uv")) == [("chong-muc", ERROR, ("muc", 1), {"u": "co", "v": "co"})]
    assert told(one(evolve(rule_of_levels, choose=Choose.FIRST), "uv")) == []


def test_an_overlap_that_is_recorded_as_a_hole() -> None:
    rule = cases((yes("u"), 1), (AnyOf((no("u"), yes("v"))), 0))
    found = told(one(rule, "uv", notes=(note(NoteKind.HOLE), note(NoteKind.READING))))
    assert found == [("chong-muc", NOTE, ("muc", 1), {"u": "co", "v": "co"})]


def test_the_best_of_several_needs_a_reading() -> None:
    rule = cases((yes("u"), 1), (AnyOf((no("u"), yes("v"))), 0), choose=Choose.BEST)
    assert told(one(rule, "uv")) == [("chong-muc-lay-cao", NOTE, ("muc", 1), {"u": "co", "v": "co"})]
    assert told(one(rule, "uv", notes=(note(NoteKind.READING),))) == []
    there = note(NoteKind.READING, yes("v"))
    assert told(one(rule, "uv", notes=(there,))) == []
    elsewhere = note(NoteKind.READING, no("v"))
    assert [code for code, *_ in told(one(rule, "uv", notes=(elsewhere,)))] == ["chong-muc-lay-cao"]


def test_levels_of_the_same_points_may_overlap() -> None:
    rule = cases((yes("u"), 1), (yes("v"), 1), (AllOf((no("u"), no("v"))), 0), choose=Choose.BEST)
    assert told(one(rule, "uv")) == []


def test_an_option_twice() -> None:
    rule = Table("u", (Option("co", ONE, READ), Option("khong", ZERO, READ), Option("co", ZERO, READ)))
    assert told(one(rule, "u")) == [("chong-muc", ERROR, ("muc", "co"), {"u": "co"})]


# -- never -------------------------------------------------------------------------------------------------------------


def test_parts_that_no_figures_come_to() -> None:
    never = bands("a", (under(0), 0), (Interval(ZERO, Fraction(3), low_closed=True), 0), (from_(3), 1))
    assert told(one(never, "a")) == [("khong-bao-gio-dung", ERROR, ("bac", 0), None)]
    covered = bands("a", (from_(3), 1), (under(3), 0), (from_(5), 1))
    assert ("khong-bao-gio-dung", ERROR, ("bac", 2), None) in told(one(covered, "a"))
    later = cases((AllOf(()), 1), (yes("u"), 0), choose=Choose.FIRST)
    assert told(one(later, "u")) == [("khong-bao-gio-dung", ERROR, ("muc", 1), None)]
    beaten = cases((AllOf(()), 1), (yes("u"), 0), choose=Choose.BEST)
    assert ("khong-bao-gio-dung", ERROR, ("muc", 1), None) in told(one(beaten, "u"))


def test_what_is_inside_a_dead_part_is_not_told_again() -> None:
    dead = AllOf((yes("u"), no("u")))
    rule = cases((dead, bands("a", (under(2), 1), (above(2), 0))), (AllOf(()), 1), choose=Choose.FIRST)
    assert told(one(rule, "ua")) == [("khong-bao-gio-dung", ERROR, ("muc", 0), None)]


def test_what_a_level_that_never_wins_leaves_out_is_told() -> None:
    """The best of several levels is known only when each is: a hole in one that never wins leaves no points at all."""
    beaten = bands("a", (under(2), 0))
    rule = cases((AllOf(()), beaten), (AllOf(()), 1), choose=Choose.BEST)
    codes = [(code, locus, witness) for code, _, locus, witness in told(one(rule, "a"))]
    assert ("khong-bao-gio-dung", ("muc", 0), None) in codes
    assert ("khoang-ho", ("muc", 0), {"a": 2}) in codes


def test_a_dead_part_of_the_source_is_worth_a_note() -> None:
    never = bands("a", (under(0), 0), (Interval(ZERO, Fraction(3), low_closed=True), 0), (from_(3), 1))
    (found,) = found_in(one(never, "a", notes=(note(NoteKind.READING),)))
    assert (found.code, found.severity) == ("khong-bao-gio-dung", Severity.NOTE)


def test_an_exemption_keeps_figures_from_a_band() -> None:
    rule = bands("a", (exactly(0), 1), (from_(1), 0))
    exempt = Exemption(Policy.REMOVED, Within(figure("a"), exactly(0)), READ)
    codes = [code for code, *_ in told(one(rule, "a", exemptions=(exempt,)))]
    assert codes == ["khong-bao-gio-dung", "khong-dat-toi-da"]
    area = Criterion("0", "lĩnh vực", ONE, PLACE, children=(leaf(rule),), exemptions=(exempt,))
    inner = [f.code for f in lint(with_criteria(area, facts=(NAMES["a"],)))]
    assert inner == ["khong-bao-gio-dung", "khong-dat-toi-da"]


def test_an_exemption_that_always_holds() -> None:
    exempt = Exemption(Policy.REMOVED, Within(figure("a"), from_(0)), READ)
    assert told(one(SOUND, "a", exemptions=(exempt,))) == [("luon-mien-tru", ERROR, (), None)]
    forbidden = Exemption(Policy.FORBIDDEN, Within(figure("a"), from_(0)), READ)
    assert told(one(SOUND, "a", exemptions=(forbidden,))) == []


# -- denominators ------------------------------------------------------------------------------------------------------


def test_a_zero_denominator_that_nothing_is_said_of() -> None:
    rule = bands(ratio("c", "b"), (Interval(), 0, 1))
    assert told(one(rule, "cb")) == [("mau-so-bang-0", NOTE, (), {"b": 0, "c": 0})]
    stated = evolve(rule, measure=Ratio(figure("c"), figure("b"), ONE))
    assert told(one(stated, "cb")) == []
    exempt = Exemption(Policy.FULL, Within(figure("b"), exactly(0)), READ)
    assert told(one(rule, "cb", exemptions=(exempt,))) == []
    hole = note(NoteKind.HOLE, Within(figure("b"), exactly(0)))
    found = [f for f in found_in(one(rule, "cb", notes=(hole,))) if f.code == "mau-so-bang-0"]
    assert ["đã ghi" in f.message.vi for f in found] == [True]


def test_a_zero_denominator_in_levels() -> None:
    many, few = Within(ratio("c", "b"), from_(HALF)), Within(ratio("c", "b"), under(HALF))
    for choose in Choose:
        found = told(one(cases((many, 1), (few, 0), choose=choose), "cb"))
        assert found == [("mau-so-bang-0", NOTE, ("muc", 0), {"b": 0, "c": 0})], choose
    nothing = Within(figure("b"), exactly(0))
    assert told(one(cases((nothing, 0), (many, 1), (few, 0), choose=Choose.FIRST), "cb")) == []
    saved = cases((many, 0), (few, 0), (Within(figure("b"), exactly(0)), 1), choose=Choose.BEST)
    assert told(one(saved, "cb")) == []
    lost = cases((many, 1), (few, 1), (Within(figure("b"), exactly(0)), 0), choose=Choose.BEST)
    assert [code for code, *_ in told(one(lost, "cb"))] == ["mau-so-bang-0", "khong-bao-gio-dung"]


def test_a_denominator_below_zero() -> None:
    rule = bands(evolve(ratio("a", "n"), at_zero=ZERO), (from_(2), 1), (under(2), 0))
    assert told(one(rule, "an")) == [("mau-so-am", NOTE, (), {"a": 0, "n": -1})]
    tested = Within(evolve(ratio("a", "n"), at_zero=ZERO), from_(2))
    levels = cases((tested, 1), (AllOf(()), 0), choose=Choose.FIRST)
    assert told(one(levels, "an")) == [("mau-so-am", NOTE, ("muc", 0), {"a": 0, "n": -1})]
    settled = cases((Within(figure("n"), under(0)), 0), (tested, 1), (AllOf(()), 0), choose=Choose.FIRST)
    assert told(one(settled, "an")) == []


# -- points ------------------------------------------------------------------------------------------------------------


def test_points_above_the_maximum() -> None:
    assert told(one(bands("a", (from_(3), 2), (under(3), 0)), "a")) == [
        ("vuot-toi-da", ERROR, ("diem_toi_da",), {"a": 3})
    ]
    each = Sum((Term(bands("a", (Interval(), 0, Fraction(1, 4))), "", READ),))
    assert told(one(each, "a")) == [("vuot-toi-da", ERROR, ("diem_toi_da",), {"a": 5})]
    assert told(one(evolve(each, cap=ONE), "a")) == []
    shared = bands(evolve(ratio("a", "b"), at_zero=ONE), (Interval(), 0, 1))
    assert told(one(shared, "ab")) == [("vuot-toi-da", ERROR, ("diem_toi_da",), {"a": 2, "b": 1})]


def test_points_above_the_maximum_beyond_100_percent() -> None:
    (found,) = found_in(one(bands("p", (Interval(), 0, 1)), "p"))
    assert (found.code, found.severity, shown(found)) == ("vuot-toi-da", Severity.NOTE, {"p": "101%"})
    (found,) = found_in(one(bands("p", (Interval(), 0, 2)), "p"))
    assert (found.code, found.severity, shown(found)) == ("vuot-toi-da", Severity.ERROR, {"p": "51%"})


def test_points_above_the_maximum_after_rounding() -> None:
    rule = bands("a", (from_(3), Fraction(5, 4)), (under(3), 0))
    found = told(one(rule, "a", Fraction(5, 4), rounding=Rounding(HALF, basis=READ)))
    assert found == [("vuot-toi-da", ERROR, ("diem_toi_da",), {"a": 3})]


def test_a_contradiction_that_is_recorded_makes_it_the_sources_own() -> None:
    rule = bands("a", (from_(3), 2), (under(3), 0))
    notes = (note(NoteKind.CONTRADICTION), note(NoteKind.READING))
    (found,) = found_in(one(rule, "a", notes=notes))
    assert (found.code, found.severity) == ("vuot-toi-da", Severity.NOTE)


def test_bonus_and_penalty_are_cut_off() -> None:
    each = Sum((Term(bands("a", (Interval(), 0, Fraction(1, 4))), "", READ),))
    rules = with_criteria(leaf(bands("b", (from_(3), 1), (under(3), 0))), facts=(NAMES["a"], NAMES["b"]))
    bonus = Adjustment(AdjustmentKind.BONUS, leaf(each, ONE, "T"))
    assert told(evolve(rules, adjustments=(bonus,))) == []
    little = Adjustment(AdjustmentKind.BONUS, leaf(evolve(each, cap=HALF), ONE, "T"))
    assert told(evolve(rules, adjustments=(little,))) == [("khong-dat-toi-da", NOTE, ("diem_toi_da",), {"a": 2})]


def test_a_maximum_that_no_figures_reach() -> None:
    assert told(one(bands("a", (from_(3), 1), (under(3), 0)), "a", TWO)) == [
        ("khong-dat-toi-da", ERROR, ("diem_toi_da",), {"a": 3})
    ]
    near = bands("m", (Interval(ZERO, ONE, low_closed=True), 0, 1), (from_(1), 0))
    ((code, *_, figures),) = told(one(near, "m"))
    assert (code, figures) == ("khong-dat-toi-da", {"m": Fraction("0.999")})
    two = Sum(
        (Term(Table("u", (Option("co", ONE, READ), Option("khong", ZERO, READ))), "", READ), Term(near, "", READ))
    )
    assert [code for code, *_ in told(one(two, "um", TWO))] == ["khong-dat-toi-da"]


def test_terms_that_share_figures_are_run_together() -> None:
    """Each line can give one point, not both at once."""
    first, second = bands("a", (from_(3), 1), (under(3), 0)), bands("a", (from_(3), 0), (under(3), 1))
    rule = Sum((Term(first, "", READ), Term(second, "", READ)))
    assert told(one(rule, "a")) == []
    assert told(one(rule, "a", TWO)) == [("khong-dat-toi-da", ERROR, ("diem_toi_da",), {"a": 3})]


def test_parts_of_one_whole_are_run_together() -> None:
    """Deductions for a part and its whole, down to a floor."""
    terms = tuple(Term(bands(name, (Interval(), 0, Fraction(-1, 4))), name, READ) for name in ("b", "c"))
    assert told(one(Sum(terms, ONE, ZERO), "bc")) == []
    assert told(one(Sum(terms, ONE), "bc")) == [("khong-noi-san", NOTE, (), {"b": 3, "c": 2})]
    inner = Sum((Term(Sum(terms, floor=-ONE), "", READ),), ONE, ZERO)
    assert told(one(inner, "bc")) == []


def test_awarded_points() -> None:
    assert told(one(Awarded("g", ZERO, ONE, HALF, READ), "g")) == []
    assert told(one(Awarded("g", ZERO, ONE, Fraction(2, 3), READ), "g")) == [
        ("khong-dat-toi-da", ERROR, ("diem_toi_da",), {"g": Fraction(2, 3)})
    ]
    assert [code for code, *_ in told(one(Awarded("g", ZERO, None, NOT_STATED, READ), "g"))] == ["vuot-toi-da"]
    summed = Sum((Term(Awarded("g", None, ONE, NOT_STATED, READ), "", READ), Term(SOUND, "", READ)))
    assert [code for code, *_ in told(one(summed, "ga", TWO))] == ["khong-noi-san"]


def test_a_formula_that_falls_below_zero() -> None:
    rule = bands("a", (to(5), 1, Fraction(-1, 4)), (above(5), 0))
    assert told(one(rule, "a")) == [("duoi-san", ERROR, ("bac", 0), {"a": 5})]
    tiered = cases((yes("u"), rule), (no("u"), SOUND))
    assert [f[:3] for f in told(one(tiered, "ua"))] == [("duoi-san", ERROR, ("muc", 0, "bac", 0))]
    best = evolve(tiered, choose=Choose.BEST)
    assert [f[:3] for f in told(one(best, "ua"))] == [("duoi-san", ERROR, ("muc", 0, "bac", 0))]
    record = Average("r", bands("x", (to(5), 1, Fraction(-1, 4)), (above(5), 0)))
    assert ("duoi-san", ERROR, ("moi_ban_ghi", "bac", 0), {"r": [{"x": 5}]}) in told(one(record, "r"))


def test_a_negative_number_that_is_written_down_is_meant() -> None:
    assert told(one(bands("a", (from_(3), 1), (under(3), Fraction(-1, 4))), "a")) == []
    assert told(one(Table("u", (Option("co", ONE, READ), Option("khong", -ONE, READ))), "u")) == []


def test_ballots() -> None:
    top, bottom = Linear((("s.A", 1), ("s.B", 0))), Linear((("s.A", 1), ("s.B", 1)))
    rule = bands(Ratio(top, bottom, NOT_STATED), (Interval(), 0, 1))
    assert told(one(rule, "s")) == [("mau-so-bang-0", NOTE, (), {"s": {"A": 0, "B": 0}})]
    assert told(one(rule, "s", TWO)) == [
        ("mau-so-bang-0", NOTE, (), {"s": {"A": 0, "B": 0}}),
        ("khong-dat-toi-da", ERROR, ("diem_toi_da",), {"s": {"A": 1, "B": 0}}),
    ]


def test_means_and_their_rounding() -> None:
    inner = bands("x", (under(2), Fraction(5, 4)), (from_(2), 0))
    rule = Average("r", inner, Rounding(HALF, basis=READ))
    found = told(one(rule, "r", Fraction(5, 4)))
    assert [code for code, *_ in found] == ["khong-ban-ghi", "vuot-toi-da"]
    assert [code for code, *_ in told(one(rule, "r", Fraction(3, 2)))] == ["khong-ban-ghi"]
    assert [code for code, *_ in told(one(rule, "r", TWO))] == ["khong-ban-ghi", "khong-dat-toi-da"]


def test_two_means_over_the_same_records() -> None:
    rise, fall = bands("x", (under(2), 0), (from_(2), 1)), bands("x", (under(2), 1), (from_(2), 0))
    rule = Sum(tuple(Term(Average("r", inner, Rounding(HALF, basis=READ)), "", READ) for inner in (rise, fall)))
    assert {code for code, *_ in told(one(rule, "r"))} == {"khong-ban-ghi"}
    assert {code for code, *_ in told(one(rule, "r", TWO))} == {"khong-ban-ghi", "khong-dat-toi-da"}


def test_ratios_over_one_denominator_are_added_up() -> None:
    terms = tuple(Term(bands(ratio(name, "b"), (Interval(), 0, HALF)), name, READ) for name in ("c", "b"))
    rule = Sum((*terms, Term(bands("b", (Interval(), HALF)), "", READ)))
    codes = [code for code, *_ in told(one(rule, "cb", Fraction(3, 2)))]
    assert codes == ["mau-so-bang-0"]


# -- not proved --------------------------------------------------------------------------------------------------------


def test_what_is_not_linear_is_said_to_be_open() -> None:
    """Two ratios over different denominators that share a figure."""
    terms = tuple(
        Term(bands(evolve(ratio("a", w), at_zero=ZERO), (to(1), 0, 1), (above(1), 0)), "", READ) for w in "bm"
    )
    found = told(one(Sum(terms), "abm", TWO))
    assert found == [("chua-chung-minh", NOTE, ("diem_toi_da",), None), ("chua-chung-minh", NOTE, (), None)]
    mixed = Sum(
        (
            Term(bands(evolve(ratio("a", "b"), at_zero=ZERO), (to(1), 0, 1), (above(1), 0)), "", READ),
            Term(bands("a", (Interval(), 0, Fraction(-1, 4))), "", READ),
        )
    )
    codes = [(f.code, f.locus) for f in found_in(one(mixed, "ab"))]
    assert codes == [("chua-chung-minh", ("diem_toi_da",)), ("chua-chung-minh", ())]
    capped = evolve(mixed, cap=ONE, floor=ZERO)
    assert [f.code for f in found_in(one(Sum((Term(capped, "", READ), Term(SOUND, "", READ))), "ab", TWO))] == [
        "chua-chung-minh"
    ]


def test_a_best_level_that_cannot_be_compared_is_open() -> None:
    sloped = [bands(evolve(ratio("a", w), at_zero=ZERO), (to(1), 0, 1), (above(1), 0)) for w in "bm"]
    rule = cases((yes("u"), sloped[0]), (AllOf(()), sloped[1]), choose=Choose.BEST)
    assert {f.code for f in found_in(one(rule, "uabm"))} == {"chua-chung-minh"}


def test_a_rounded_slope_inside_a_sum_is_open() -> None:
    record = Average("r", bands("x", (to(1), 0, 1), (above(1), 1)), Rounding(HALF, basis=READ))
    both = Sum((Term(record, "", READ), Term(evolve(record, rounding=None), "", READ)))
    assert "chua-chung-minh" in {f.code for f in found_in(one(both, "r", TWO))}


def test_too_many_runs_and_regions_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc_index.checking.lint import peaks

    terms = tuple(Term(bands("a", (from_(n), 1), (under(n), 0)), "", READ) for n in range(1, 6))
    rules = one(Sum(terms), "a", Fraction(5))
    assert told(rules) == []
    monkeypatch.setattr(peaks, "MAX_RUNS", 3)
    assert told(rules) == [("chua-chung-minh", NOTE, ("diem_toi_da",), None)]
    monkeypatch.setattr(regions, "MAX_REGIONS", 0)
    assert {code for code, *_ in told(rules)} == {"chua-chung-minh"}


def test_a_question_the_solver_gives_up_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc_index.solving import elimination

    hole = note(NoteKind.HOLE, Within(ratio("c", "b"), exactly(HALF)))
    rules = one(
        evolve(SOUND, measure=Ratio(figure("c"), figure("b"), ZERO)), "cb", notes=(hole,), direction=Direction.MORE
    )
    monkeypatch.setattr(elimination, "MAX_ROWS", 1)
    assert {f.locus for f in lint(rules) if f.code == "chua-chung-minh"} >= {("khoang_trong", 0)}
    exempt = Exemption(Policy.REMOVED, Within(ratio("c", "b"), exactly(HALF)), READ)
    graded = GradeScale((Grade("Đạt", Interval(), READ),), Basing.POINTS)
    sunk = Sum((Term(bands(ratio("c", "b"), (Interval(), 0, -1)), "", READ),))
    rules = evolve(one(sunk, "cb", exemptions=(exempt,)), scales=(graded,), index_basis=READ)
    assert {f.code for f in lint(rules)} == {"chua-chung-minh"}
    assert {f.locus for f in lint(rules)} >= {("khong_danh_gia",), ("diem_toi_da",), ()}


# -- order -------------------------------------------------------------------------------------------------------------


def test_more_on_time_never_scores_less() -> None:
    rule = bands("a", (under(3), 1), (from_(3), 0))
    assert told(one(rule, "a", direction=Direction.LESS)) == [("buoc-nhay", NOTE, (), None)]
    found = found_in(one(rule, "a", direction=Direction.MORE))
    assert [(f.code, f.severity) for f in found] == [("khong-don-dieu", Severity.ERROR), ("buoc-nhay", Severity.NOTE)]
    witness = found[0].witness
    assert witness is not None
    assert submission_of(witness).figures == {"a": 3}
    assert submission_of(witness, against=True).figures == {"a": 0}
    assert found[1].message.vi == "điểm nhảy tại 3: 1 → 0"


def test_a_slope_that_runs_the_wrong_way() -> None:
    rule = bands("a", (to(4), 1, Fraction(-1, 4)), (above(4), 0))
    assert told(one(rule, "a", direction=Direction.LESS)) == []
    found = found_in(one(rule, "a", direction=Direction.MORE))
    assert [(f.code, f.locus) for f in found] == [("khong-don-dieu", ("bac", n)) for n in range(2)]
    alone = bands("a", (exactly(0), 1, -1), (above(0), 1))
    assert told(one(alone, "a", direction=Direction.MORE)) == []


@pytest.mark.parametrize("direction", Direction)
def test_slopes_without_ends(direction: Direction) -> None:
    slope = -1 if direction is Direction.MORE else 1
    for interval in (Interval(), under(0), above(0)):
        rest = () if interval == Interval() else ((to(0) if interval.low is not None else from_(0), 0),)
        rules = one(bands("n", (interval, 0, slope), *rest), "n", NOT_STATED, direction=direction)
        codes = [f.code for f in found_in(rules)]
        assert "khong-don-dieu" in codes, interval


def test_a_ratio_against_its_direction() -> None:
    rule = bands(evolve(ratio("c", "b"), at_zero=ZERO), (Interval(), 1, -1))
    (found,) = found_in(one(rule, "cb", direction=Direction.MORE))
    assert found.code == "khong-don-dieu"
    only = bands(evolve(ratio("b", "b"), at_zero=NOT_STATED), (Interval(), 1, -1))
    codes = [f.code for f in found_in(one(only, "b", NOT_STATED, direction=Direction.MORE))]
    assert codes == ["mau-so-bang-0"]


def test_jumps_are_listed_with_the_ends_that_meet() -> None:
    rule = bands(
        "p", (from_(Fraction(9, 10)), 1), (Interval(HALF, Fraction(9, 10), low_closed=True), 0, 1), (under(HALF), HALF)
    )
    (found,) = found_in(one(rule, "p", direction=Direction.MORE))
    assert (found.message.vi, found.message.en) == ("điểm nhảy tại 90%: 0,9 → 1", "points jump at 90%: 0.9 → 1")
    apart = bands("a", (from_(3), 1), (to(2), 0))
    assert told(one(apart, "a", direction=Direction.MORE)) == []


def test_a_direction_holds_inside_tiers_and_records() -> None:
    wrong = bands("x", (under(3), 1), (from_(3), 0))
    found = [f for f in found_in(one(Average("r", wrong), "r", direction=Direction.MORE)) if f.code == "khong-don-dieu"]
    assert [f.locus for f in found] == [("moi_ban_ghi", "bac", 1)]
    tiered = cases((yes("u"), SOUND), (no("u"), bands("b", (under(3), 1), (from_(3), 0))))
    found = [f for f in found_in(one(tiered, "uab", direction=Direction.MORE)) if f.code == "khong-don-dieu"]
    assert [f.locus for f in found] == [("muc", 1, "bac", 1)]


# -- sums and exemptions -----------------------------------------------------------------------------------------------


def test_the_nine_areas_of_2019_add_up_to_99_55() -> None:
    header = json.loads((DATA / "bang-tieu-de-2019.json").read_text("utf-8"))
    areas = tuple(leaf(NOT_STATED, Fraction(points), code) for code, _, points in header["linh_vuc"])
    (found,) = lint(with_criteria(*areas, facts=(), max_points=Fraction(header["declared_total"])))
    assert (found.code, found.severity, found.criterion) == ("tong-khong-khop", Severity.ERROR, "")
    assert found.message.vi == "các mục con cộng lại 99,55 điểm, điểm tối đa ghi 100"


def test_exemptions_that_clash_or_never_hold() -> None:
    when = Within(figure("a"), from_(3))
    clash = tuple(Exemption(policy, when, READ) for policy in (Policy.REMOVED, Policy.FULL))
    rule = bands("a", (exactly(0), 1), (from_(1), 0))
    assert told(one(rule, "a", exemptions=clash)) == [("mien-tru-chong-nhau", ERROR, ("khong_danh_gia", 1), {"a": 3})]
    same = tuple(Exemption(Policy.REMOVED, when, READ) for _ in range(2))
    assert told(one(rule, "a", exemptions=same)) == []
    never = Exemption(Policy.REMOVED, Within(figure("a"), under(0)), READ)
    assert told(one(rule, "a", exemptions=(never,))) == [("mien-tru-khong-toi", ERROR, ("khong_danh_gia", 0), None)]


@pytest.mark.parametrize(("scope", "severity"), [(Scope.WHOLE, ERROR), (Scope.FRAME, NOTE), (Scope.EXCERPT, NOTE)])
def test_an_exemption_from_a_maximum_that_is_not_stated(scope: Scope, severity: str) -> None:
    asked = (Exemption(Policy.REMOVED, None, READ), Exemption(Policy.UNCOUNTED, None, READ))
    parts = leaf(NOT_STATED, NOT_STATED, exemptions=asked), leaf(NOT_STATED, ONE, "2", exemptions=asked)
    rules = with_criteria(*parts, facts=(), max_points=Fraction(5), scope=scope)
    assert told(rules) == [("khong-biet-diem-toi-da", severity, ("khong_danh_gia", 0), None)]


def test_everything_exempt_at_once() -> None:
    asked = Exemption(Policy.REMOVED, None, READ)
    when = Exemption(Policy.RESCALED, Within(figure("a"), from_(3)), READ)
    area = Criterion("2", "lĩnh vực", ONE, PLACE, children=(leaf(NOT_STATED, ONE, "2.1", exemptions=(when,)),))
    rules = with_criteria(leaf(NOT_STATED, exemptions=(asked,)), area, facts=(NAMES["a"],), index_basis=READ)
    (found,) = found_in(rules)
    assert (found.code, found.severity, shown(found)) == ("diem-toi-da-con-0", Severity.NOTE, {"a": 3})
    assert found.witness is not None
    assert found.witness.exempted == ("1",)
    kept = evolve(rules, criteria=(*rules.criteria, leaf(NOT_STATED, ONE, "3")))
    assert told(kept) == []


def test_a_rounding_that_lifts_the_maximum() -> None:
    whole = Rounding(ONE, basis=READ)
    asked = Exemption(Policy.REMOVED, None, READ)
    halves = leaf(NOT_STATED, HALF, "1.1", exemptions=(asked,)), leaf(NOT_STATED, HALF, "1.2")
    area = Criterion("1", "lĩnh vực", ONE, PLACE, children=halves, rounding=whole)
    (found,) = found_in(with_criteria(area, facts=()))
    assert (found.code, found.severity, found.criterion) == ("lam-tron-vuot", Severity.ERROR, "1")
    assert found.message.vi == "điểm tối đa 1/2 làm tròn thành 1, quá điểm tối đa".replace("1/2", "0,5")
    assert found_in(with_criteria(evolve(area, children=(leaf(NOT_STATED, ONE, "1.1"),)), facts=())) == []
    unknown = evolve(area, children=(leaf(NOT_STATED, NOT_STATED, "1.1"),), max_points=NOT_STATED)
    assert found_in(with_criteria(unknown, facts=())) == []
    (top,) = found_in(with_criteria(evolve(area, rounding=None), facts=(), rounding=whole))
    assert (top.code, top.criterion) == ("lam-tron-vuot", "")


def test_a_rounding_over_areas_with_parts_not_stated() -> None:
    parts = leaf(NOT_STATED, NOT_STATED, "1.1"), leaf(NOT_STATED, ONE, "1.2")
    area = Criterion("1", "lĩnh vực", TWO, PLACE, children=parts)
    assert found_in(with_criteria(area, facts=(), rounding=Rounding(ONE, basis=READ))) == []


# -- figures -----------------------------------------------------------------------------------------------------------


def test_figures_declared_and_not_used() -> None:
    assert told(one(SOUND, "ak")) == [("so-lieu-thua", NOTE, ("so_lieu", "k"), None)]
    column = Fact("r", "hồ sơ r", FactType.RECORDS, fields=(Fact("x", "cột x"), Fact("y", "cột y")))
    rules = with_criteria(leaf(Average("r", bands("x", (from_(3), 1), (under(3), 0)))), facts=(column,))
    assert ("so-lieu-thua", NOTE, ("so_lieu", "r"), None) in told(rules)


def test_figures_are_used_in_many_places() -> None:
    rules = one(
        SOUND,
        "abcmnpuvk",
        observations=(Observation("tỷ lệ", ratio("c", "b")), Observation("hạng", tiers=(Tier("một", yes("u")),))),
        exemptions=(Exemption(Policy.UNCOUNTED, Within(figure("m"), from_(1000)), READ),),
        notes=(SourceNote(NoteKind.REMARK, "x", "", Within(figure("n"), from_(0))),),
    )
    scale = GradeScale((Grade("Đạt", Interval(), READ, when=yes("v")),), Basing.POINTS, Chosen("k", ("k1",)))
    ranking = Ranking(Basing.POINTS, Within(figure("p"), from_(0)))
    assert told(evolve(rules, scales=(scale,), ranking=ranking, notes=(SourceNote(NoteKind.REMARK, "y"),))) == []
    fields = (Fact("t", "tổng"), Fact("x", "phần", part_of="t"))
    records = Fact("r", "hồ sơ", FactType.RECORDS, fields=fields)
    rule = Average("r", bands("x", (from_(3), 1), (under(3), 0)))
    assert [code for code, *_ in told(with_criteria(leaf(rule), facts=(records,)))] == ["khong-ban-ghi"]


def test_figures_used_and_not_declared() -> None:
    (found,) = lint(one(SOUND, ""))
    assert (found.code, found.severity, found.criterion) == ("chua-khai-bao", Severity.ERROR, "1")
    rule = bands(Linear((("s.C", 1),)), (from_(3), 1), (under(3), 0))
    assert [f.code for f in lint(one(rule, "s"))] == ["chua-khai-bao"]
    assert [f.code for f in lint(one(Average("q", rule), "s"))] == ["chua-khai-bao"] * 2


def test_a_file_with_an_undeclared_figure_is_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "rulesets/dong-nai/cap-xa/2022/bo-tieu-chi.yaml").read_text("utf-8")
    file = tmp_path / "bo-tieu-chi.yaml"
    file.write_text(text.replace("ti_so: [da_xong, de_ra]\n    mau", "ti_so: [da_xong, de_raa]\n    mau"), "utf-8")
    with pytest.raises(BadRuleset, match="de_raa"):
        cchc.load(file)


def test_one_figure_with_two_meanings() -> None:
    twin = evolve(NAMES["b"], label="Số  A")
    rules = with_criteria(
        leaf(SOUND, facts=(NAMES["a"],)),
        leaf(bands("b", (from_(3), 1), (under(3), 0)), ONE, "2", facts=(twin,)),
        facts=(),
    )
    (found,) = found_in(rules)
    assert (found.code, found.severity, found.criterion) == ("hai-nghia", Severity.NOTE, "2")
    other = evolve(NAMES["a"], label="số khác")
    rules = with_criteria(leaf(SOUND, facts=(NAMES["a"],)), leaf(SOUND, ONE, "2", facts=(other,)), facts=())
    assert [(f.code, f.severity) for f in found_in(rules)] == [("hai-nghia", Severity.ERROR)]
    again = with_criteria(leaf(SOUND, facts=(NAMES["a"],)), leaf(SOUND, ONE, "2", facts=(NAMES["a"],)), facts=())
    assert found_in(again) == []


def test_a_column_with_the_name_of_a_figure() -> None:
    column = Fact("r", "hồ sơ", FactType.RECORDS, fields=(Fact("a", "cột a"),))
    both = Sum((Term(Average("r", SOUND), "", READ), Term(SOUND, "", READ)))
    codes = [f.code for f in lint(with_criteria(leaf(both, TWO), facts=(NAMES["a"], column)))]
    assert codes == ["khong-ban-ghi", "hai-nghia"]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((("a", 1), ("b", 1)), []),
        ((("p", 1), ("a", -1)), ["lan-don-vi"]),
        ((("g", 1), ("a", -1)), ["lan-don-vi"]),
        ((("p", 1), ("q", -1)), []),
        ((("d", 1), ("e", -1)), []),
        ((("d", 1), ("e", -1), ("a", -1)), []),
        ((("d", 1), ("e", 1)), ["lan-don-vi"]),
        ((("d", 1), ("a", 1)), []),
        ((("d", 1), ("e", -1), ("p", 1)), ["lan-don-vi"]),
        ((("d", 1), ("e", -1), ("m", 1)), ["lan-don-vi"]),
        ((("m", 1), ("w", 1)), ["lan-don-vi"]),
        ((("m", 1), ("a", 1)), []),
        ((("c", 1), ("b", 1)), ["dem-hai-lan"]),
        ((("b", 1), ("c", 1)), ["dem-hai-lan"]),
        ((("b", 1), ("c", -1)), []),
        ((("s.A", 1), ("s.B", 1)), []),
    ],
)
def test_sums_across_units(terms: tuple[tuple[str, int], ...], expected: list[str]) -> None:
    more = {"q": Fact("q", "tỷ lệ q", FactType.PERCENT), "w": Fact("w", "người w", unit="người")}
    known = {**NAMES, **more}
    names = dict.fromkeys(name.partition(".")[0] for name, _ in terms)
    wholes = {"b"} if "c" in names else set()
    rule = bands(Linear(terms), (from_(3), 1), (under(3), 0))
    rules = with_criteria(leaf(rule), facts=tuple(known[name] for name in sorted({*names, *wholes})))
    assert [f.code for f in lint(rules) if f.code in ("lan-don-vi", "dem-hai-lan")] == expected


def test_sums_in_conditions_are_looked_at_too_and_told_once() -> None:
    mixed = Within(Linear((("p", 1), ("a", -1))), from_(0))
    rule = cases((AllOf((mixed, yes("u"))), 1), (AnyOf((mixed, no("u"))), 0), choose=Choose.FIRST)
    exempt = Exemption(Policy.REMOVED, Within(change("m", "p"), from_(7)), READ)
    codes = [f.code for f in lint(one(rule, "paum", exemptions=(exempt,)))]
    assert codes.count("lan-don-vi") == 2


# -- around ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2025, 11, 30), []),
        (datetime.date(2025, 1, 1), []),
        (datetime.date(2025, 12, 31), []),
        (datetime.date(2024, 11, 30), ["han-ngoai-ky"]),
        (datetime.date(2026, 1, 10), ["han-ngoai-ky"]),
        (DayOfYear(30, 11), []),
        (None, []),
    ],
)
def test_deadlines_outside_the_period(day: Any, expected: list[str]) -> None:
    rules = one(SOUND, "a", tasks=(Task("Gửi báo cáo", due=day),))
    period = evolve(rules.application, since=datetime.date(2025, 1, 1), until=datetime.date(2025, 12, 31))
    assert [f.code for f in found_in(evolve(rules, application=period))] == expected
    assert found_in(rules) == []
    fixed = Fact("h", "hạn", FactType.DATE, given=day)
    measure = Linear((("d", 1), ("h", -1)))
    dated = bands(measure, (to(0), 1), (above(0), 0))
    for at_top in (True, False):
        own = () if at_top else (fixed,)
        made = with_criteria(leaf(dated, facts=own), facts=(NAMES["d"], *((fixed,) if at_top else ())))
        assert [f.code for f in found_in(evolve(made, application=period))] == expected


def test_a_deadline_that_is_meant() -> None:
    task = Task("Gửi hồ sơ", due=datetime.date(2026, 1, 10))
    rules = one(SOUND, "a", tasks=(task,), notes=(note(NoteKind.READING),))
    period = evolve(rules.application, since=datetime.date(2025, 1, 1), until=datetime.date(2025, 12, 31))
    assert [f.severity for f in found_in(evolve(rules, application=period))] == [Severity.NOTE]


def graded(*intervals: Interval, on: Basing = Basing.INDEX, **more: Any) -> Ruleset:
    grades = tuple(Grade(f"Nhóm {n}", interval, READ) for n, interval in enumerate(intervals))
    rules = one(bands("a", (from_(3), 10), (under(3), 0)), "a", Fraction(10))
    return evolve(rules, **{"scales": (GradeScale(grades, on),), "max_points": Fraction(10), **more})


def test_grades_over_what_is_possible() -> None:
    half = HALF
    assert told(graded(from_(half), under(half))) == []
    assert told(graded(from_(half), Interval(ZERO, half, low_closed=True))) == []
    assert told(graded(exactly(1), under(1))) == []
    assert told(graded(above(0), exactly(0))) == []
    (gap,) = found_in(graded(above(half), under(half)))
    assert (gap.code, gap.severity, gap.locus) == ("xep-loai-ho", Severity.ERROR, ("xep_loai", 0))
    assert gap.witness is not None
    assert gap.witness.points == half
    assert gap.message.vi == "không có xếp loại cho: bằng 50%"
    (meet,) = found_in(graded(from_(half), to(half)))
    assert (meet.code, meet.locus) == ("xep-loai-chong", ("xep_loai", 0, "bac", 1))
    (never,) = found_in(graded(above(1), to(1)))
    assert (never.code, never.locus) == ("xep-loai-khong-toi", ("xep_loai", 0, "bac", 0))


def test_grades_that_the_source_leaves_out() -> None:
    assert [f.severity for f in found_in(graded(from_(HALF), scope=Scope.FRAME))] == [Severity.NOTE]
    notes = (note(NoteKind.HOLE), note(NoteKind.READING))
    assert [f.severity for f in found_in(graded(from_(HALF), notes=notes))] == [Severity.NOTE]


def test_grades_by_points() -> None:
    assert told(graded(from_(5), under(5), on=Basing.POINTS)) == []
    assert [f.code for f in found_in(graded(from_(11), under(11), on=Basing.POINTS))] == ["xep-loai-khong-toi"]
    stepped = graded(from_(5), to(Fraction(9, 2)), on=Basing.POINTS, rounding=Rounding(HALF, basis=READ))
    assert told(stepped) == []
    assert [f.code for f in found_in(evolve(stepped, rounding=None))] == ["xep-loai-ho"]
    assert [f.code for f in found_in(evolve(stepped, rounding=Rounding(TENTH, basis=READ)))] == ["xep-loai-ho"]


def test_grades_below_zero_and_above_the_maximum() -> None:
    """A penalty takes the total below zero, a bonus above the maximum."""
    each = Sum((Term(bands("b", (Interval(), 0, HALF)), "", READ),))
    whole = graded(Interval(ZERO, TWO, low_closed=True, high_closed=True))
    rules = evolve(whole, facts=(NAMES["a"], NAMES["b"]))
    for kind, count in ((AdjustmentKind.BONUS, 1), (AdjustmentKind.PENALTY, 1)):
        adjusted = evolve(rules, adjustments=(Adjustment(kind, leaf(each, ONE, "X")),))
        assert [f.code for f in found_in(adjusted)] == ["xep-loai-ho"] * count
    by_points = evolve(rules, scales=(evolve(rules.scales[0], on=Basing.POINTS),))
    unknown = Adjustment(AdjustmentKind.PENALTY, leaf(each, NOT_STATED, "X"))
    assert {f.code for f in found_in(evolve(by_points, adjustments=(unknown,)))} == {"xep-loai-ho"}
    sinking = Sum((Term(bands("a", (Interval(), 0, Fraction(-1, 4))), "", READ),), Fraction(10))
    sunk = evolve(rules, criteria=(leaf(sinking, Fraction(10)),), facts=(NAMES["a"],))
    assert {f.code for f in found_in(sunk)} == {"khong-noi-san", "xep-loai-ho"}
    floored = evolve(rules, criteria=(leaf(evolve(sinking, floor=Fraction(-1)), Fraction(10)),), facts=(NAMES["a"],))
    assert {f.code for f in found_in(floored)} == {"xep-loai-ho"}
    empty = evolve(rules, criteria=(leaf(Table("k", ()), Fraction(10)),), facts=(NAMES["k"],))
    assert {f.code for f in found_in(empty)} == {"khoang-ho"}


def test_grades_of_a_total_that_is_not_stated() -> None:
    rules = evolve(graded(from_(5), under(5), on=Basing.POINTS), max_points=NOT_STATED)
    assert told(rules) == []
    unknown = evolve(rules, criteria=(leaf(rules.criteria[0].rule, NOT_STATED),))
    assert told(unknown) == []
    by_index = evolve(unknown, scales=graded(from_(HALF), under(HALF)).scales)
    assert told(by_index) == []


def test_notes_that_nobody_has_read() -> None:
    for kind in (NoteKind.CONTRADICTION, NoteKind.HOLE):
        assert told(one(SOUND, "a", notes=(note(kind),))) == [("chua-co-cach-hieu", NOTE, (kind.value, 0), None)]
        top = evolve(one(SOUND, "a"), notes=(note(kind),))
        assert told(top) == [("chua-co-cach-hieu", NOTE, (kind.value, 0), None)]
    assert told(one(SOUND, "a", notes=(note(NoteKind.REMARK),))) == []


def test_quotes_are_looked_for_where_the_texts_are_at_hand() -> None:
    quoted = Piecewise(figure("a"), (Piece(Interval(), ONE, basis=Quote("Bịa ra", PLACE)),))
    assert [f.code for f in lint(one(quoted, "a"), {"VB": "Có thật"})] == ["khong-thay-nguyen-van"]
    assert lint(one(quoted, "a"), {"VB": "… Bịa ra …"}) == ()
    assert lint(one(quoted, "a")) == ()


# -- the shipped sets --------------------------------------------------------------------------------------------------

TRUE_OF_THE_SOURCE = {
    "bo-noi-vu/cap-bo/2020": {"chua-co-cach-hieu"},
    "bo-noi-vu/cap-bo/2022": {"xep-loai-ho", "chua-co-cach-hieu"},
    "bo-noi-vu/cap-tinh/2020": set(),
    "bo-noi-vu/cap-tinh/2022": {"khoang-ho", "xep-loai-ho"},
    "dong-nai/cap-xa/2022": {"mau-so-bang-0", "chua-co-cach-hieu"},
    "ha-nam/so-nganh/2023": set(),
    "ha-noi/cap-phong/khung": set(),
    "ha-noi/cap-xa/khung": set(),
    "tiep-can-phap-luat/cap-xa/2021": {"chua-co-cach-hieu"},
    "vpcp/mot-cua/tt-01-2018": {"khong-ban-ghi", "khoang-ho", "chong-muc", "mau-so-bang-0", "chua-co-cach-hieu"},
    "vpcp/phuc-vu/766-2022": {"chua-co-cach-hieu"},
    "yen-bai/dtxhh/khung": set(),
}


@pytest.mark.parametrize("name", sorted(TRUE_OF_THE_SOURCE))
def test_the_real_sets_give_only_what_is_true_of_their_source(name: str) -> None:
    found = found_in(cchc.load(name))
    assert {f.code for f in found} == TRUE_OF_THE_SOURCE[name]
    assert all(f.severity is Severity.NOTE for f in found)


def test_what_the_circular_of_2018_leaves_open() -> None:
    """The holes its maker recorded by hand are those that are proved, and no others."""
    found = [f for f in found_in(cchc.load("vpcp/mot-cua/tt-01-2018")) if f.code in ("khoang-ho", "chong-muc")]
    assert [(f.criterion, f.code, shown(f)) for f in found] == [
        ("3", "khoang-ho", {"ho_so": [{"so_lan_lien_he": 2, "do_loi_nguoi_nop": "co"}]}),
        ("4", "khoang-ho", {"ho_so": [{"so_co_quan": 1, "so_co_quan_thuc_dia": 1, "gom_mot_cua": "khong"}]}),
        ("4", "chong-muc", {"ho_so": [{"so_co_quan": 2, "so_co_quan_thuc_dia": 1, "gom_mot_cua": "co"}]}),
        (
            "7",
            "khoang-ho",
            {"ho_so": [{"thoi_gian_giai_quyet": 1, "thoi_gian_quy_dinh": 0, "phan_anh_thai_do": 0, "phan_anh_sai": 0}]},
        ),
        (
            "9",
            "khoang-ho",
            {
                "tthc_du_yeu_cau": 6,
                "tthc_truc_tuyen": 1,
                "tong_ho_so": 1,
                "ho_so_truc_tuyen": 1,
                "ho_so_truc_tuyen_loi": 0,
                "doi_tuong": "to_chuc",
            },
        ),
    ]
    assert all("đã ghi" in f.message.vi for f in found)


def test_the_sample_has_no_error() -> None:
    found = found_in(cchc.load("mau/cap-xa/1"))
    assert {f.severity for f in found} == {Severity.NOTE}
    assert {f.code for f in found} == {"mau-so-bang-0", "khong-ban-ghi", "chong-muc-lay-cao", "chua-co-cach-hieu"}


# -- corners -----------------------------------------------------------------------------------------------------------


def test_lines_that_an_exemption_ties_together() -> None:
    """Both at once would be two points, but then nothing is assessed."""
    yes_no = (Option("co", ONE, READ), Option("khong", ZERO, READ))
    rule = Sum((Term(Table("u", yes_no), "", READ), Term(Table("v", yes_no), "", READ)))
    exempt = Exemption(Policy.FULL, AllOf((yes("u"), yes("v"))), READ)
    assert told(one(rule, "uv", exemptions=(exempt,))) == []
    summed = Exemption(Policy.FULL, Within(Linear((("a", 1), ("b", 1))), from_(8)), READ)
    both = Sum(tuple(Term(bands(name, (from_(3), 1), (under(3), 0)), "", READ) for name in "ab"))
    assert told(one(both, "ab", TWO, exemptions=(summed,))) == []
    tight = Exemption(Policy.FULL, Within(Linear((("a", 1), ("b", 1))), from_(5)), READ)
    assert [code for code, *_ in told(one(both, "ab", TWO, exemptions=(tight,)))] == ["khong-dat-toi-da"]


def test_sums_inside_sums_that_share_figures() -> None:
    """Each is clamped before it is added."""
    low = Sum((Term(bands("a", (Interval(), 0, HALF)), "", READ),), cap=ONE)
    high = Sum((Term(bands("a", (Interval(), 0, -HALF)), "", READ),), base=TWO, floor=ZERO)
    assert told(one(Sum((Term(low, "", READ), Term(high, "", READ))), "a", TWO)) == []
    both = evolve(high, cap=ONE)
    assert told(one(Sum((Term(low, "", READ), Term(both, "", READ))), "a", TWO)) == []
    free = Sum((Term(bands("n", (Interval(), 0, 1)), "", READ),), floor=-ONE, cap=ONE)
    twice = Sum((Term(free, "", READ), Term(free, "", READ)))
    assert told(one(twice, "n", TWO)) == [("khong-noi-san", NOTE, (), {"n": -2})]
    lifted = Sum((Term(bands("a", (from_(3), -1), (under(3), -2)), "", READ),), floor=ONE)
    assert told(one(lifted, "a")) == []


def test_a_floor_above_lines_that_come_near_to_their_end() -> None:
    near = bands("m", (under(1), 0, 1), (from_(1), 0))
    assert told(one(Sum((Term(near, "", READ),), floor=TWO), "m", TWO)) == []


def test_lines_that_come_near_to_their_ends_share_what_is_missing() -> None:
    more = Fact("m2", "lượng nữa", FactType.AMOUNT)
    near = [bands(name, (under(1), 0, 1), (from_(1), 0)) for name in ("m", "m2")]
    rules = with_criteria(leaf(Sum(tuple(Term(rule, "", READ) for rule in near)), TWO), facts=(NAMES["m"], more))
    (found,) = found_in(rules)
    assert (found.code, shown(found)) == ("khong-dat-toi-da", {"m": Fraction("0.9995"), "m2": Fraction("0.9995")})


def test_a_line_without_an_end_makes_up_for_the_others_only() -> None:
    lines = Term(bands("a", (Interval(), 0, 1)), "", READ), Term(bands("b", (from_(1), 5), (under(1), 0)), "", READ)
    found = told(one(Sum(lines), "ab", Fraction(10)))
    assert found == [("vuot-toi-da", ERROR, ("diem_toi_da",), {"a": 6, "b": 1})]


def test_a_line_without_any_points() -> None:
    rule = Sum((Term(Table("k", ()), "", READ), Term(SOUND, "", READ)))
    assert {code for code, *_ in told(one(rule, "ka"))} == {"khoang-ho"}


def test_a_mean_that_is_rounded_inside_a_sum_with_a_floor() -> None:
    record = Average("r", bands("x", (to(4), 1, Fraction(-1, 4)), (above(4), 0)), Rounding(HALF, basis=READ))
    rule = Sum((Term(record, "", READ), Term(SOUND, "", READ)), floor=Fraction(3, 2))
    found = told(one(rule, "ra", ONE))
    assert found[-1] == ("vuot-toi-da", ERROR, ("diem_toi_da",), {"r": [{"x": 0}], "a": 3})


def test_a_mean_that_can_sink_without_end() -> None:
    record = Average("r", bands("x", (Interval(), 0, -1)), Rounding(HALF, basis=READ))
    rule = Sum((Term(record, "", READ), Term(SOUND, "", READ)))
    codes = {code: figures for code, *_, figures in told(one(rule, "ra"))}
    assert codes["khong-noi-san"] == {"r": [{"x": 1}], "a": 0}


def test_a_band_that_nothing_comes_to_has_no_direction() -> None:
    rule = bands("a", (under(0), 5), (Interval(ZERO, Fraction(3), low_closed=True), 0), (from_(3), 1))
    codes = [f.code for f in found_in(one(rule, "a", direction=Direction.MORE))]
    assert codes == ["khong-bao-gio-dung", "buoc-nhay"]


def test_a_record_of_which_no_column_matters() -> None:
    labelled = Fact("r", "hồ sơ", FactType.RECORDS, fields=(Fact("l", "mã", FactType.LABEL),))
    rules = with_criteria(leaf(Average("r", constant(TWO))), facts=(labelled,))
    found = [f for f in told(rules) if f[0] == "vuot-toi-da"]
    assert found == [("vuot-toi-da", ERROR, ("diem_toi_da",), {"r": [{"l": "0"}]})]


def test_a_percent_in_decimals_is_read_as_it_is_written() -> None:
    """With three decimals a point would be read as a mark between thousands, were the comma not said to be the mark."""
    rule = bands("p", (under(Fraction("0.01234")), 0), (above(Fraction("0.01234")), 1))
    assert told(one(rule, "p")) == [("khoang-ho", ERROR, (), {"p": "1,234%"})]


def test_a_percent_beside_a_line_that_needs_figures_of_its_own() -> None:
    """The smallest figures are those for which the other line has points."""
    rule = Sum(
        (Term(bands("p", (under(HALF), 0), (above(HALF), 1)), "", READ), Term(bands("a", (from_(2), 1)), "", READ))
    )
    gaps = [f for f in told(one(rule, "pa", TWO)) if f[2] == ("muc", 0)]
    assert gaps == [("khoang-ho", ERROR, ("muc", 0), {"p": "50%", "a": 2})]
    hole = note(NoteKind.HOLE, Within(figure("p"), exactly(HALF)))
    gaps = [f for f in told(one(rule, "pa", TWO, notes=(hole,))) if f[2] == ("muc", 0)]
    assert gaps == [("khoang-ho", NOTE, ("muc", 0), {"p": "50%", "a": 2})]


def test_a_percent_that_no_decimal_writes() -> None:
    third = Fraction(1, 3)
    rule = bands("p", (under(third), 0), (above(third), 1))
    assert told(one(rule, "p")) == [("khoang-ho", ERROR, (), {"p": third})]


def test_what_the_parts_cannot_settle_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc_index.checking.lint import limits
    from cchc_index.checking.lint.direction import _pair
    from cchc_index.checking.lint.domains import domain_of
    from cchc_index.checking.lint.peaks import Peak
    from cchc_index.checking.lint.stage import stages_of
    from cchc_index.solving.rows import Unproven

    rules = one(SOUND, "a")
    (stage,) = stages_of(rules, domain_of(rules))
    with pytest.raises(Unproven):
        list(_pair(stage, (), [], []))
    for most in (ONE, TWO):
        monkeypatch.setattr(limits, "peak_of", lambda *_, most=most: Peak(most, lambda _: [], lambda: False))
        assert told(rules) == [("chua-chung-minh", NOTE, ("diem_toi_da",), None)]


def test_the_best_points_of_counts_may_stay_below_those_of_rationals() -> None:
    """(a - 1/2)/b below -1/4 leaves one count only, and no figures come near to the end of the band."""
    measure = Ratio(Linear((("a", 1),), Fraction(-1, 2)), figure("b"), ZERO)
    rule = bands(measure, (under(Fraction(-1, 4)), 1, 1), (from_(Fraction(-1, 4)), 0))
    found = [f for f in told(one(rule, "ab")) if f[0] == "khong-dat-toi-da"]
    assert found == [("khong-dat-toi-da", ERROR, ("diem_toi_da",), {"b": 1, "a": 0})]


def test_completions_look_into_every_region() -> None:
    """The overlap also lies where another line has no points; the witness is where it has."""
    either = AnyOf((Within(figure("a"), from_(3)), Within(figure("a"), exactly(0))))
    best = cases((either, 1), (AllOf(()), 0), choose=Choose.BEST)
    other = bands("a", (under(1), 1))
    rule = Sum((Term(best, "", READ), Term(other, "", READ)))
    found = [f for f in told(one(rule, "a", TWO)) if f[0] == "chong-muc-lay-cao"]
    assert found == [("chong-muc-lay-cao", NOTE, ("muc", 0, "muc", 1), {"a": 0})]
