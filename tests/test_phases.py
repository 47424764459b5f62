"""Phases: nothing overwrites, any earlier state is computed again, a total is of one phase."""

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Exemption, Policy, SourceNote
from cchc_index.facts import (
    Appraisal,
    Claim,
    Evidence,
    Explanation,
    NewExemption,
    NewFigure,
    NewPoints,
    Phase,
    Standing,
    Statement,
    Submission,
)
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.reviewing.phases import history, said_change, said_round, state
from cchc_index.rules import Awarded, Piece, Piecewise, Sum, Term
from cchc_index.sources import NOT_STATED, NoteKind, Reading
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria

EACH = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1)),))
OTHER = Piecewise(figure("b"), (Piece(Interval(), Fraction(0), Fraction(1)),))
RULES = with_criteria(
    Criterion(
        "1",
        "lĩnh vực",
        Fraction(20),
        CITATION,
        children=(
            Criterion("1.1", "một", Fraction(10), CITATION, rule=EACH, exemptions=(Exemption(Policy.REMOVED),)),
            Criterion("1.2", "hai", Fraction(10), CITATION, rule=OTHER),
        ),
    ),
    max_points=Fraction(20),
)
FIGURES = {"a": 5, "b": 6}


def unit(*appraisals: Appraisal, **more: Any) -> Submission:
    return Submission("Xã A", FIGURES, appraisals=appraisals, **more)


def first(*changes: Any, **more: Any) -> Appraisal:
    return Appraisal(Phase.FIRST, changes, **more)


def second(*changes: Any, **more: Any) -> Appraisal:
    return Appraisal(Phase.SECOND, changes, **more)


def points(sheet: Submission, phase: Phase, rules: cchc.Ruleset = RULES) -> tuple[Any, ...]:
    card = state(rules, sheet, phase).card()
    return card["1.1"].points, card["1.2"].points, card.points


changes = st.one_of(
    st.builds(NewFigure, st.sampled_from("ab"), st.integers(0, 10), st.just("lý do")),
    st.builds(NewPoints, st.sampled_from(("1.1", "1.2")), st.integers(0, 10).map(Fraction), st.just("lý do")),
)


def distinct(found: list[Any]) -> list[Any]:
    return list({(type(one), getattr(one, "name", getattr(one, "code", ""))): one for one in found}.values())


@given(st.lists(changes, max_size=4).map(distinct), st.lists(changes, max_size=4).map(distinct))
def test_a_later_round_changes_no_earlier_state(one: list[Any], two: list[Any]) -> None:
    both = unit(first(*one), second(*two))
    alone = unit(first(*one))
    assert points(both, Phase.CLAIMED) == (5, 6, 11)
    assert points(both, Phase.FIRST) == points(alone, Phase.FIRST) == points(alone, Phase.PUBLISHED)
    assert points(both, Phase.EXPLAINED) == points(both, Phase.FIRST)
    assert both.figures == FIGURES
    assert points(unit(second(*two), first(*one)), Phase.SECOND) == points(both, Phase.SECOND)


@given(st.lists(changes, max_size=4).map(distinct), st.lists(changes, max_size=4).map(distinct))
def test_awarded_points_stand_and_figures_count_elsewhere(one: list[Any], two: list[Any]) -> None:
    expected, awarded = dict(FIGURES), dict[str, Fraction]()
    for change in (*one, *two):
        if isinstance(change, NewPoints):
            awarded[change.code] = change.points
        else:
            expected[change.name] = change.value
    found = points(unit(first(*one), second(*two)), Phase.SECOND)
    assert found[:2] == (awarded.get("1.1", expected["a"]), awarded.get("1.2", expected["b"]))
    assert found[2] == sum(found[:2])


@given(st.lists(changes, max_size=4).map(distinct), st.sampled_from(list(Phase)))
def test_what_fell_back_is_what_the_phase_did_not_touch(found: list[Any], phase: Phase) -> None:
    sheet = state(RULES, unit(first(*found)), phase)
    touched = {c.code for c in found if isinstance(c, NewPoints)}
    taken: set[str] = set()
    for change in found:
        if isinstance(change, NewPoints):
            taken.add(change.code)
        elif {"a": "1.1", "b": "1.2"}[change.name] not in taken:
            touched.add({"a": "1.1", "b": "1.2"}[change.name])
    if phase is Phase.CLAIMED:
        assert dict(sheet.fell_back) == {}
    elif phase is Phase.FIRST:
        assert dict(sheet.fell_back) == dict.fromkeys({"1.1", "1.2"} - touched, Phase.CLAIMED)
    else:
        assert set(sheet.fell_back) == {"1.1", "1.2"}


def test_what_was_looked_at_and_kept_does_not_fall_back() -> None:
    assert dict(state(RULES, unit(first(kept=("1",))), Phase.FIRST).fell_back) == {}


def test_awarded_points_carry_the_reason_and_who_gave_it() -> None:
    round_ = first(NewPoints("1.1", Fraction("4.5"), "thiếu báo cáo"), by="Sở Nội vụ", on=datetime.date(2026, 1, 10))
    line = state(RULES, unit(round_), Phase.FIRST).card()["1.1"]
    assert line.bases == (Reading("thiếu báo cáo", "thẩm định lần 1, Sở Nội vụ, 10/01/2026"),)
    assert said_round(round_).en == "first appraisal, Sở Nội vụ, 10/01/2026"


def test_awarded_points_keep_the_bounds_of_the_rule() -> None:
    with pytest.raises(cchc.BadSubmission, match="vượt điểm tối đa 10"):
        state(RULES, unit(first(NewPoints("1.1", Fraction(11), "x"))), Phase.FIRST).card()
    with pytest.raises(cchc.BadSubmission):
        state(RULES, unit(first(NewPoints("1.1", Fraction(-1), "x"))), Phase.FIRST).card()
    council = with_criteria(Criterion("1.1", "một", Fraction(3), CITATION, rule=Awarded("g", high=Fraction(2))))
    with pytest.raises(cchc.BadSubmission, match="vượt điểm tối đa 2"):
        state(council, unit(first(NewPoints("1.1", Fraction(3), "x"))), Phase.FIRST).card()


def test_a_rule_that_deducts_or_is_not_stated_can_be_awarded() -> None:
    deducting = with_criteria(
        Criterion("1", "một", Fraction(2), CITATION, rule=Sum(floor=Fraction(-2), base=Fraction(-1))),
        Criterion("2", "hai", NOT_STATED, CITATION),
        Criterion("3", "ba", Fraction(1), CITATION, rule=Sum((Term(Awarded("g", None)),))),
        facts=with_criteria().facts,
    )
    awards = [NewPoints(code, Fraction(value), "x") for code, value in (("1", -1), ("2", 7), ("3", -9))]
    card = state(deducting, Submission("Xã A", {}, appraisals=(first(*awards),)), Phase.FIRST).card()
    assert [line.points for line in card.lines] == [-1, 7, -9]


def test_an_award_fills_what_figures_or_the_decision_leave_open() -> None:
    hole = SourceNote(NoteKind.HOLE, "đúng 5 không thuộc mức nào", when=Chosen("u", ("co",)))
    rules = with_criteria(Criterion("1.1", "một", Fraction(10), CITATION, rule=EACH, notes=(hole,)))
    sheet = Submission("Xã A", {}, appraisals=(first(NewPoints("1.1", Fraction(3), "x")),))
    assert state(rules, sheet, Phase.CLAIMED).partial().lacking == {"1.1": ("a", "u")}
    assert state(rules, sheet, Phase.FIRST).card().points == 3


def test_a_bonus_can_be_awarded() -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, Criterion("T", "thưởng", Fraction(2), CITATION, rule=EACH))
    sheet = unit(first(NewPoints("T", Fraction(1), "x")))
    assert points(sheet, Phase.FIRST, evolve(RULES, adjustments=(bonus,))) == (5, 6, 12)


def test_awarded_points_keep_the_notes_that_hold_whatever_the_figures() -> None:
    when = Chosen("u", ("co",))
    notes = (
        SourceNote(NoteKind.REMARK, "giữ"),
        SourceNote(NoteKind.REMARK, "khi có u", when=when),
        SourceNote(NoteKind.HOLE, "khoảng trống"),
        SourceNote(NoteKind.HOLE, "khoảng trống khi có u", when=when),
    )
    rules = with_criteria(Criterion("1", "một", Fraction(10), CITATION, rule=EACH, notes=notes))
    found = state(rules, unit(first(NewPoints("1", Fraction(1), "x"))), Phase.FIRST)
    assert found.rules["1"].notes == notes[:1]


def test_exemptions_are_granted_and_refused() -> None:
    granted = unit(first(NewExemption("1.1", granted=True, reason="không phát sinh")))
    assert points(granted, Phase.FIRST) == (0, 6, 6)
    refused = unit(first(NewExemption("1.1", granted=False, reason="có phát sinh")), exemptions={"1.1": "x"})
    assert points(refused, Phase.CLAIMED) == (0, 6, 6)
    assert points(refused, Phase.FIRST) == (5, 6, 11)
    with pytest.raises(cchc.BadSubmission, match="không quy định được bỏ đánh giá"):
        state(RULES, unit(first(NewExemption("1.2", granted=True, reason="x"))), Phase.FIRST).card()


def test_points_are_not_awarded_where_nothing_is_assessed() -> None:
    sheet = unit(first(NewPoints("1.1", Fraction(1), "x")), exemptions={"1.1": "x"})
    for look in ("card", "partial"):
        with pytest.raises(cchc.BadSubmission, match=r"1\.1: có điểm thẩm định mà không được đánh giá"):
            getattr(state(RULES, sheet, Phase.FIRST), look)()


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (unit(first(), first()), "mỗi lần thẩm định ghi một lần"),
        (unit(Appraisal(Phase.CLAIMED)), "mỗi lần thẩm định ghi một lần"),
        (
            unit(first(NewFigure("aa", 1, "x"))),
            "thay_doi[1]: bộ tiêu chí không có số liệu «aa» (ý bạn là «a»?)",
        ),
        (unit(first(NewPoints("1.3", Fraction(1), "x"))), "không có tiêu chí «1.3» (ý bạn là"),
        (unit(first(NewPoints("1", Fraction(1), "x"))), "«1» cộng từ các phần"),
        (
            unit(second(NewFigure("a", 1, "x"), NewFigure("a", 2, "y"))),
            "tham_dinh[1].thay_doi[2]: «a» được sửa hai lần",
        ),
        (unit(first(NewExemption("1.1", granted=False, reason="x"))), "đơn vị không xin bỏ đánh giá «1.1»"),
        (unit(Appraisal(Phase.PUBLISHED, kept=("9",))), "cong_bo.giu_nguyen[1]: không có tiêu chí «9»"),
        (unit(explanations=(Explanation("9", "x"),)), "giai_trinh[1].tieu_chi: không có tiêu chí «9»"),
        (unit(statements={"9": Statement(Standing.DONE)}), "tinh_trang.9: không có tiêu chí «9»"),
    ],
)
def test_what_cannot_be_changed_is_refused(sheet: Submission, words: str) -> None:
    with pytest.raises(cchc.BadSubmission) as caught:
        state(RULES, sheet, Phase.FIRST)
    assert words in str(caught.value)


def test_a_refusal_may_follow_a_grant_of_an_earlier_round() -> None:
    grant, refuse = (NewExemption("1.1", granted=yes, reason="x") for yes in (True, False))
    sheet = unit(first(grant), second(refuse))
    assert [points(sheet, phase)[0] for phase in (Phase.FIRST, Phase.SECOND)] == [0, 5]


def test_the_history_shows_every_phase_that_said_something() -> None:
    sheet = unit(
        first(NewFigure("a", 4, "một việc chưa xong"), NewPoints("1.2", Fraction(3), "thiếu tài liệu")),
        second(NewPoints("1.2", Fraction(5), "có tài liệu")),
        explanations=(Explanation("1.2", "gửi bổ sung", (Evidence("1/BC"),)),),
        claims=(Claim("1.2", Fraction(9)),),
    )
    found = history(RULES, sheet)
    assert found.phases == (Phase.CLAIMED, Phase.FIRST, Phase.SECOND)
    by_code = {entry.code: entry for entry in found.entries}
    assert by_code["1.1"].points == (5, 4, 4)  # type: ignore[comparison-overlap]
    assert (by_code["1.2"].claimed, by_code["1.2"].points) == (9, (6, 3, 5))  # type: ignore[comparison-overlap]
    assert by_code[""].points == (11, 7, 9)  # type: ignore[comparison-overlap]
    assert [entry.max_points for entry in found.entries] == [20, 10, 10, 20]
    assert [remark.vi for remark in by_code["1.2"].remarks] == [
        "thẩm định lần 1: chấm 3 điểm: thiếu tài liệu",
        "giải trình: gửi bổ sung",
        "thẩm định lần 2: chấm 5 điểm: có tài liệu",
    ]


def test_the_history_of_an_incomplete_sheet_leaves_gaps_and_no_zeros() -> None:
    sheet = Submission("Xã A", {"a": 5}, appraisals=(first(NewPoints("1.2", Fraction(3), "x")),))
    by_code = {entry.code: entry.points for entry in history(RULES, sheet).entries}
    assert by_code == {"1": (None, 8), "1.1": (5, 5), "1.2": (None, 3), "": (None, 8)}  # type: ignore[comparison-overlap]
    silent = with_criteria(Criterion("1", "một", Fraction(1), CITATION))
    assert history(silent, Submission("Xã A", {})).entries[0].points == (NOT_STATED,)


def test_changes_in_words() -> None:
    told = [NewExemption("1", granted=True, reason="x"), NewExemption("1", granted=False, reason="x")]
    assert [said_change(one).vi for one in told] == ["cho không đánh giá: x", "không cho bỏ đánh giá: x"]
    assert [said_change(one).en for one in told] == ["left out: x", "not left out: x"]


FILE = """\
don_vi: Xã A
nhom: miền núi
so_lieu: {da_xong: 19, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: có}
tinh_trang:
  "4.1": dat
  "4.2": {la: dang_thuc_hien, diem: "0,5", ghi_chu: chờ ảnh}
tham_dinh:
- lan: 1
  ngay: 2023-01-10
  nguoi: Phòng Nội vụ
  giu_nguyen: ["4.2"]
  thay_doi:
  - {so_lieu: da_xong, gia_tri: 18, ly_do: một mục tiêu chưa có sản phẩm, tai_lieu: [{so: 1/BB}]}
  - {khong_danh_gia: "4.1", chap_nhan: không, ly_do: có phát sinh}
- {lan: 2, thay_doi: [{tieu_chi: "4.2", diem: "0,75", ly_do: có ảnh}]}
giai_trinh:
- {tieu_chi: "4.2", noi_dung: gửi ảnh, ngay: 2023-01-12}
cong_bo: {ngay: 2023-02-01}
"""


def read(folder: Path, text: str) -> Submission:
    file = folder / "xa.yaml"
    file.write_text(text, "utf-8")
    return cchc.read_submission(file)


def test_the_file_says_every_phase(tmp_path: Path) -> None:
    found = read(tmp_path, FILE)
    assert found.group == "miền núi"
    assert found.statements["4.2"] == Statement(Standing.ONGOING, Fraction(1, 2), "chờ ảnh")
    assert [one.phase for one in found.appraisals] == [Phase.FIRST, Phase.SECOND, Phase.PUBLISHED]
    assert found.appraisals[0] == Appraisal(
        Phase.FIRST,
        (
            NewFigure("da_xong", "18", "một mục tiêu chưa có sản phẩm", (Evidence("1/BB"),)),
            NewExemption("4.1", granted=False, reason="có phát sinh"),
        ),
        ("4.2",),
        "Phòng Nội vụ",
        datetime.date(2023, 1, 10),
    )
    assert found.explanations == (Explanation("4.2", "gửi ảnh", (), datetime.date(2023, 1, 12)),)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("gia_tri: 18, ", "", "xa.yaml:13: tham_dinh[1].thay_doi[1]: cần đúng một trong"),
        ("lan: 1", "lan: 3", "xa.yaml:8: tham_dinh[1].lan: «3» không phải một trong"),
        ('diem: "0,75"', "diem: nhiều", "xa.yaml:15: tham_dinh[2].thay_doi[1].diem: «nhiều» không phải là số"),
        ('diem: "0,5"', "diem: nửa", "xa.yaml:6: tinh_trang.4.2.diem: «nửa» không phải là số"),
        ("dat\n", "xong\n", "xa.yaml:5: tinh_trang.4.1: «xong» không phải một trong"),
        (", ly_do: có ảnh", "", "thiếu khóa «ly_do»"),
        ("chap_nhan: không", "chap_nhan: sai", "chap_nhan: «sai» không phải một trong"),
        ("noi_dung: gửi ảnh", "noidung: gửi ảnh", "khóa lạ «noidung»"),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in FILE
    with pytest.raises(cchc.BadSubmission) as caught:
        read(tmp_path, FILE.replace(old, new))
    assert words in str(caught.value)


def test_a_wrong_value_of_an_appraisal_is_told_at_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, FILE.replace("gia_tri: 18", "gia_tri: 21").replace('"4.1", chap', '"4.2", chap'))
    rules = cchc.load("dong-nai/cap-xa/2022")
    with pytest.raises(cchc.BadSubmission, match=r"xa.yaml:14: .*không xin bỏ đánh giá"):
        state(rules, found, Phase.FIRST)
    found = read(tmp_path, FILE.replace("gia_tri: 18", "gia_tri: 21").replace("  - {khong", "#"))
    with pytest.raises(cchc.BadSubmission, match=r"xa.yaml:13: so_lieu.da_xong: 21 lớn hơn"):
        state(rules, found, Phase.FIRST).card()
    found = read(tmp_path, FILE.replace('diem: "0,75"', "diem: 2").replace("  - {khong", "#"))
    with pytest.raises(cchc.BadSubmission, match=r"xa.yaml:15: .*vượt điểm tối đa"):
        state(rules, found, Phase.SECOND).card()
