"""Grades beyond a total, cohort rules, movement between two years and its split."""

from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale, Policy, Ranking, Ruleset
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.reviewing.cohorts import against_leader, means, quartiles
from cchc_index.reviewing.grades import (
    Conditions,
    Graded,
    Quota,
    best_first,
    graded,
    head_not_above,
    settled,
    with_quota,
)
from cchc_index.reviewing.movement import Movement, Year, fitted, grade_counts, movement
from cchc_index.reviewing.sentences import say_movement
from cchc_index.rules import Piece, Piecewise
from cchc_index.scoring.say import say_basis
from cchc_index.sources import NOT_STATED, Citation, Quote, Reading
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria

DISCIPLINED = Chosen("u", ("co",))
CLEAN = Chosen("u", ("khong",))
# Quyết định 25/2021/QĐ-TTg, Điều 4: từ 80 điểm; từng tiêu chí từ 50%; không có người đứng đầu bị xử lý.
QD25 = Quote("Tổng số điểm của từng tiêu chí đạt từ 50% số điểm tối đa trở lên", Citation("QD25", "Điều 4"))


def each(name: str, by: Fraction = Fraction(1)) -> Piecewise:
    return Piecewise(figure(name), (Piece(Interval(), Fraction(0), by),))


def leaf(code: str, name: str, whole: int = 50) -> Criterion:
    return Criterion(code, code, Fraction(whole), CITATION, rule=each(name))


APART = GradeScale((Grade("Chưa đạt", Interval(), QD25),), when=DISCIPLINED)
USUAL = GradeScale(
    (
        Grade("Đạt", Interval(low=Fraction(80), low_closed=True), QD25, each_from=Fraction(1, 2), when=CLEAN),
        Grade("Chưa đạt", Interval(high=Fraction(80)), QD25),
    )
)
RULES = with_criteria(leaf("1", "a"), leaf("2", "b"), max_points=Fraction(100), scales=(APART, USUAL))


def grade(rules: Ruleset = RULES, **figures: Any) -> Graded:
    unit = Submission("Xã A", figures)
    return graded(rules, unit, cchc.score(evolve(rules, scales=()), unit))


def test_a_grade_with_every_condition_met_needs_no_reason() -> None:
    assert grade(a=40, b=40, u=False) == Graded("Xã A", "Đạt", "Đạt", (), Fraction(80))
    assert grade(a=40, b=39, u=False).grade == "Chưa đạt"


def test_a_floor_for_each_criterion_lowers_a_grade_and_says_which() -> None:
    found = grade(a=50, b=24, u=False)
    assert (found.grade, found.by_total) == ("Chưa đạt", "Chưa đạt")
    low = grade(evolve(RULES, criteria=(leaf("1", "a", 80), leaf("2", "b", 20))), a=75, b=9, u=False)
    assert (low.grade, low.by_total) == (NOT_STATED, "Đạt")
    words = "«Tổng số điểm của từng tiêu chí đạt từ 50% số điểm tối đa trở lên» (QD25, Điều 4)"
    assert [reason.vi for reason in low.reasons] == [f"không đạt «Đạt»: tiêu chí 2 được 45%, cần 50% [{words}]"]
    unknown = evolve(RULES, criteria=(leaf("1", "a"), evolve(leaf("2", "b"), max_points=NOT_STATED)))
    assert "không xét được «Đạt»: tiêu chí 2" in grade(unknown, a=40, b=40, u=False).reasons[0].vi


def test_a_knock_out_says_so() -> None:
    found = grade(a=50, b=50, u=True)
    assert (found.grade, found.by_total) == ("Chưa đạt", "Đạt")
    assert found.reasons[0].vi.startswith("thuộc trường hợp xếp loại riêng: «Tổng số điểm")


def test_a_condition_that_nobody_can_tell_is_not_met() -> None:
    found = grade(evolve(RULES, scales=(USUAL,)), a=40, b=40)
    assert (found.grade, found.by_total) == (NOT_STATED, "Đạt")
    assert "thiếu điều kiện kèm theo" in found.reasons[0].vi
    both = evolve(USUAL, grades=(USUAL.grades[0], evolve(USUAL.grades[0], name="Khá", each_from=None)))
    found = grade(evolve(RULES, scales=(both,)), a=50, b=30)
    assert [reason.en.partition(":")[0] for reason in found.reasons] == ["not «Đạt»", "not «Khá»"]


def test_grades_that_are_not_there() -> None:
    assert grade(evolve(RULES, scales=()), a=1, b=1) == Graded("Xã A", None, None)
    on_index = evolve(RULES, scales=(evolve(USUAL, on=Basing.INDEX),))
    assert grade(on_index, a=1, b=1) == Graded("Xã A", NOT_STATED, NOT_STATED)
    by_kind = evolve(RULES, scales=(evolve(APART, when=CLEAN),))
    assert grade(by_kind, a=1, b=1, u=False) == Graded("Xã A", "Chưa đạt", "Chưa đạt", (), Fraction(2))
    gap = evolve(RULES, scales=(GradeScale((Grade("Đạt", Interval(low=Fraction(80))),)),))
    assert grade(gap, a=1, b=1) == Graded("Xã A", NOT_STATED, NOT_STATED, (), Fraction(2))


# Nghị định 233/2026/NĐ-CP, Điều 7 khoản 7: không quá 20% số đơn vị hoàn thành tốt; dưới 05 đơn vị thì tối đa 01.
BEST, GOOD = "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ"
ND233 = Quota(BEST, Fraction(1, 5), (GOOD,), GOOD, small=5)


def group(best: list[int], good: int) -> list[Graded]:
    top = [Graded(f"Đơn vị {n:02}", BEST, BEST, (), Fraction(value)) for n, value in enumerate(best)]
    return top + [Graded(f"Tốt {n:02}", GOOD, GOOD, (), Fraction(1)) for n in range(good)]


@given(st.lists(st.integers(90, 100), max_size=8, unique=True), st.integers(0, 20), st.fractions(0, 1))
def test_the_quota_lets_the_most_through_that_keep_it(best: list[int], good: int, share: Fraction) -> None:
    quota = evolve(ND233, share=share, small=0)
    found = with_quota(quota, group(best, good))
    kept = sum(one.grade == BEST for one in found)

    def keeps(number: int) -> bool:
        return number <= share * (good + len(best) - number)

    assert kept == max(number for number in range(len(best) + 1) if keeps(number) or number == 0)
    assert [one.grade == BEST for one in found] == sorted((one.grade == BEST for one in found), reverse=True)
    lowered = [one for one in found if one.by_total == BEST and one.grade != BEST]
    assert all(one.grade == GOOD and len(one.reasons) == 1 for one in lowered)
    assert len(found) == len(best) + good


def test_a_small_group_may_have_one() -> None:
    assert [one.grade for one in with_quota(ND233, group([95, 94], 2))] == [BEST, GOOD, GOOD, GOOD]
    assert [one.grade for one in with_quota(ND233, group([95], 0))] == [BEST]


def test_equal_units_where_the_quota_cuts_are_left_to_those_who_decide() -> None:
    cut = with_quota(evolve(ND233, share=Fraction(1, 4)), group([95, 94, 94, 93], 6))
    assert [one.grade for one in cut[:4]] == [BEST, NOT_STATED, NOT_STATED, GOOD]
    assert "văn bản không nói ai trước" in cut[1].reasons[0].vi
    nobody = with_quota(evolve(ND233, share=Fraction(0), to=NOT_STATED), group([95, 95], 6))
    assert [one.grade for one in nobody[:2]] == [NOT_STATED] * 2
    assert "ngoài giới hạn 0 đơn vị" in nobody[0].reasons[0].vi


def test_the_best_may_count_in_the_base() -> None:
    quota = evolve(ND233, share=Fraction(1, 2), of=(BEST, GOOD), small=0)
    assert [one.grade for one in with_quota(quota, group([95, 94, 93], 1))] == [BEST, BEST, GOOD, GOOD]


@pytest.mark.parametrize(
    ("head", "unit", "expected"),
    [(BEST, GOOD, GOOD), (GOOD, BEST, GOOD), (GOOD, GOOD, GOOD), ("khác", GOOD, "khác"), (BEST, NOT_STATED, BEST)],
)
def test_the_head_is_not_above_the_unit(head: str, unit: Any, expected: str) -> None:
    found = head_not_above(Graded("Ông A", head, head), Graded("B", unit, unit), (BEST, GOOD))
    assert found.grade == expected
    told = [(reason.vi, reason.en) for reason in found.reasons]
    words = say_basis(NOT_STATED)
    vi, en = f"không cao hơn mức của đơn vị «{unit}» [{words.vi}]", f"not above the unit's grade «{unit}» [{words.en}]"
    assert told == ([(vi, en)] if expected != head else [])


SCALED = evolve(
    RULES,
    scales=(
        GradeScale((Grade("Chưa xếp", Interval()), Grade(GOOD, Interval())), when=DISCIPLINED),
        GradeScale((Grade(GOOD, Interval(high=Fraction(90))), Grade(BEST, Interval(low=Fraction(90))))),
    ),
)


def test_grades_stand_in_the_order_of_where_they_begin() -> None:
    assert best_first(SCALED) == (BEST, GOOD, "Chưa xếp")
    assert best_first(evolve(SCALED, scales=SCALED.scales[:1])) == ("Chưa xếp", GOOD)


def test_a_quota_holds_in_each_group_and_waits_where_a_sheet_is_open() -> None:
    units = {one.unit: one for one in group([95, 94, 93, 92], 6)}
    groups = {"Đơn vị 02": "núi", "Đơn vị 03": "núi", "Xã C": "núi"}
    found = settled(SCALED, units, Conditions(ND233), groups=groups, unfinished=["Xã C"])
    assert (found.quota, found.heads) == (ND233, {})
    assert [found.units[f"Đơn vị {n:02}"].grade for n in range(4)] == [BEST, GOOD, BEST, BEST]
    assert [reason.vi for reason in found.units["Đơn vị 02"].reasons] == [
        f"chưa xét giới hạn «{BEST}»: trong nhóm còn đơn vị chưa khai đủ"
    ]
    closed = settled(SCALED, units, Conditions(ND233), groups=groups).units
    assert [closed[f"Đơn vị {n:02}"].grade for n in (2, 3)] == [BEST, GOOD]
    assert settled(SCALED, units, Conditions(), groups=groups, unfinished=["Xã C"]).units == units


def test_a_head_is_held_to_the_grade_its_unit_has_in_the_end() -> None:
    units = {one.unit: one for one in group([95, 94], 6)}
    heads = {"Đơn vị 00": BEST, "Đơn vị 01": BEST, "Tốt 00": GOOD, "Xã C": BEST}
    found = settled(SCALED, units, Conditions(ND233, heads, QD25), groups={}).heads
    assert {unit: one.grade for unit, one in found.items()} == {"Đơn vị 00": BEST, "Đơn vị 01": GOOD, "Tốt 00": GOOD}
    assert "không cao hơn mức của đơn vị" in found["Đơn vị 01"].reasons[0].vi
    assert "(QD25, Điều 4)" in found["Đơn vị 01"].reasons[0].vi


# -- cohorts -----------------------------------------------------------------------------------------------------------

values = st.dictionaries(st.sampled_from("ABCDEFGH"), st.fractions(0, 100, max_denominator=7), min_size=1)


@given(values)
def test_the_leader_has_the_most_and_the_others_their_share(found: dict[str, Fraction]) -> None:
    if max(found.values()) == 0:
        with pytest.raises(cchc.BadSubmission, match="không có đơn vị dẫn đầu"):
            against_leader(found, Fraction(2))
        return
    points = against_leader(found, Fraction(2))
    assert max(points.values()) == 2
    assert all(points[a] * found[b] == points[b] * found[a] for a in found for b in found)


def test_nobody_leads_an_empty_group() -> None:
    with pytest.raises(cchc.BadSubmission) as caught:
        against_leader({}, Fraction(1))
    (fault,) = caught.value.faults
    assert fault.said("vi") == "không có đơn vị dẫn đầu: mọi giá trị đều không lớn hơn 0"
    assert fault.said("en") == "nobody leads: no value is above 0"


def test_quarters_of_eight_units_two_of_which_are_equal() -> None:
    values = {name: Fraction(n) for name, n in zip("ABCDEFGH", (8, 7, 6, 6, 4, 3, 2, 1), strict=True)}
    assert quartiles(values) == {"A": 1, "B": 1, "C": 2, "D": 2, "E": 3, "F": 3, "G": 4, "H": 4}


@given(values)
def test_quarters_follow_the_order(found: dict[str, Fraction]) -> None:
    quarters = quartiles(found)
    assert all(1 <= quarter <= 4 for quarter in quarters.values())
    assert all((quarters[a] <= quarters[b]) for a in found for b in found if found[a] >= found[b])
    assert 1 in quarters.values()


@given(values)
def test_the_mean_is_exact(found: dict[str, Fraction]) -> None:
    assert means(found, dict.fromkeys(found, "H")) == {"H": sum(found.values(), Fraction(0)) / len(found)}
    with pytest.raises(cchc.BadSubmission) as caught:
        means(found, {})
    assert [fault.said("vi") for fault in caught.value.faults] == [
        f"{unit}: không biết thuộc đơn vị nào" for unit in sorted(found)
    ]
    assert {fault.message.en for fault in caught.value.faults} == {"belongs to no known unit"}


def test_means_are_of_the_units_of_each_parent() -> None:
    values = {"Xã A": Fraction(80), "Xã B": Fraction(75), "Xã C": Fraction(1)}
    assert means(values, {"Xã A": "H", "Xã B": "H", "Xã C": "K"}) == {"H": Fraction(155, 2), "K": Fraction(1)}


# -- movement ----------------------------------------------------------------------------------------------------------

OLD = with_criteria(leaf("1", "a"), max_points=Fraction(50), ranking=Ranking(Basing.POINTS))
NEW = evolve(OLD, version="2", criteria=(evolve(OLD.criteria[0], rule=each("a", Fraction(1, 2))), leaf("2", "b")))


def year(name: str, rules: Ruleset, **figures: dict[str, int]) -> Year:
    return Year(name, rules, tuple(Submission(unit, given) for unit, given in figures.items()))


@given(st.tuples(*[st.integers(0, 20)] * 4))
def test_the_two_parts_add_up_to_the_change(numbers: tuple[int, ...]) -> None:
    a, b, c, d = numbers
    row = movement(year("1", OLD, A={"a": a, "b": b}), year("2", NEW, A={"a": c, "b": d})).rows[0]
    assert row.by_unit is not None
    assert row.by_rules is not None
    assert row.change == row.by_unit + row.by_rules == Fraction(c, 2) + d - a
    assert row.by_unit == (Fraction(c - a) + Fraction(c - a, 2) + d - b) / 2
    if (a, b) == (c, d):
        assert row.by_unit == 0
    same = movement(year("1", OLD, A={"a": a}), year("2", OLD, A={"a": c})).rows[0]
    assert (same.by_unit, same.by_rules) == (c - a, 0)  # type: ignore[comparison-overlap]


def test_units_move_up_and_down_and_some_are_in_one_year_only() -> None:
    before = year("2019", OLD, A={"a": 3}, B={"a": 2}, C={"a": 1}, D={"a": 0}, X={"a": 9})
    after = year("2020", OLD, A={"a": 1}, B={"a": 2}, C={"a": 3}, D={"a": 0}, Y={"a": 5})
    found = movement(before, after)
    assert [(row.unit, row.places) for row in found.rows] == [("C", 2), ("B", 0), ("A", -2), ("D", 0)]
    assert ([row.unit for row in found.rose], [row.unit for row in found.fell]) == (["C"], ["A"])
    assert found.lone == ("X", "Y")
    assert found.rows[0].lines == (("1", Fraction(2)),)
    assert str(say_movement(found)) == (
        "1 đơn vị giảm 2 bậc, 1 đơn vị tăng 2 bậc so với 2019; có 2 đơn vị giữ nguyên bậc"
    )
    assert say_movement(found).en == "1 fell by 2 places, 1 rose by 2 places compared with 2019; 2 unchanged"


def test_a_unit_that_is_ranked_in_one_year_only_has_not_moved() -> None:
    new = evolve(OLD, ranking=Ranking(Basing.POINTS, Chosen("u", ("co",))))
    before = year("2019", OLD, A={"a": 3, "u": False}, B={"a": 2, "u": False})
    after = year("2020", new, A={"a": 1, "u": False}, B={"a": 2, "u": True})
    for years in ((before, after), (after, before)):
        places = {row.unit: row.places for row in movement(*years).rows}
        assert places == {"A": 0, "B": None}


def test_without_a_ranking_there_are_no_places() -> None:
    bare = evolve(OLD, ranking=None)
    found = movement(year("1", bare, B={"a": 1}, A={"a": 1}), year("2", bare, B={"a": 2}, A={"a": 2}))
    assert [(row.unit, row.places) for row in found.rows] == [("A", None), ("B", None)]
    assert str(say_movement(found)) == ""
    assert (found.fell, found.rose, found.stayed) == ((), (), ())


def test_what_cannot_be_split_says_why() -> None:
    row = movement(year("1", OLD, A={"a": 1}), year("2", NEW, A={"a": 1, "b": 1})).rows[0]
    assert (row.by_unit, row.by_rules) == (None, None)
    assert row.why_not is not None
    assert "b: chưa khai" in row.why_not.said()
    silent = evolve(OLD, criteria=(evolve(OLD.criteria[0], rule=NOT_STATED),), ranking=None)
    row = movement(year("1", silent, A={}), year("2", evolve(NEW, ranking=None), A={"a": 1, "b": 1})).rows[0]
    assert (row.change, row.by_unit, row.lines) == (NOT_STATED, None, ())
    partly = evolve(NEW, criteria=(*OLD.criteria, Criterion("9", "9", NOT_STATED, CITATION, exemptions=())))
    asked = evolve(partly.criteria[1], exemptions=(Exemption(Policy.REMOVED),))
    left_out = evolve(partly, criteria=(partly.criteria[0], asked), ranking=None)
    one = Year("1", evolve(OLD, ranking=None), (Submission("A", {"a": 1}),))
    two = Year("2", left_out, (Submission("A", {"a": 1}, exemptions={"9": "x"}),))
    row = movement(one, two).rows[0]
    assert (row.change, row.by_unit) == (0, None)  # type: ignore[comparison-overlap]


def test_shares_are_compared_where_both_years_define_an_index() -> None:
    basis = Reading("điểm / điểm tối đa", "người lập")
    first, second = (evolve(rules, index_basis=basis, ranking=None) for rules in (OLD, OLD))
    found = movement(year("1", first, A={"a": 10}), year("2", second, A={"a": 20}))
    assert (found.on_index, found.rows[0].change) == (True, Fraction(1, 5))


def test_a_unit_stands_once_in_a_year() -> None:
    twice = Year("2019", OLD, (Submission("A", {"a": 1}), Submission("A", {"a": 2})))
    with pytest.raises(cchc.BadSubmission, match="A: đơn vị có hai bản khai của 2019"):
        movement(twice, twice)


def test_a_sheet_is_fitted_to_another_version() -> None:
    unit = Submission(
        "A",
        {"a": 1, "lạ": 2, "h": 3},
        "khac/bo",
        "9",
        exemptions={"1": "x", "9": "y"},
        evidence={"1": (Evidence("1"),)},
        claims=(Claim("9", Fraction(1)),),
    )
    assert fitted(OLD, unit) == Submission("A", {"a": 1}, exemptions={"1": "x"})


def test_grades_are_counted_in_their_order() -> None:
    scale = GradeScale((Grade("Tốt", Interval(low=Fraction(1))),))
    rules = evolve(OLD, scales=(scale,))
    found = movement(*[year(str(n), rules, A={"a": 9}, B={"a": 5}, C={"a": 0}) for n in (1, 2)])
    assert isinstance(found, Movement)
    assert grade_counts([row.after for row in found.rows]) == (("Tốt", 2),)
    assert str(say_movement(found)).startswith("2 đơn vị đạt tốt; có 3 đơn vị giữ nguyên")
