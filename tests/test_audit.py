"""Audit: worked cases, one for each thing that can be wrong, computed by hand."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.auditing.amounts import agrees
from cchc_index.auditing.consistency import Relation, check_text
from cchc_index.auditing.findings import AuditFinding, Column, FindingKind
from cchc_index.auditing.sheet import Sheet, SheetRow, folded, match, number_of, sheet_of_claims
from cchc_index.auditing.verify import Audit, Beside, verify
from cchc_index.checking.structure import Severity
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Application,
    Criterion,
    Exemption,
    Level,
    Policy,
    Ruleset,
    Task,
)
from cchc_index.facts import Claim, Evidence, Period, Submission
from cchc_index.measures import Chosen, DayOfYear, Fact, FactType, Interval, Linear, figure, ratio
from cchc_index.rules import Awarded, Option, Piece, Piecewise, Rounding, Rule, Table
from cchc_index.sources import NOT_STATED, Quote
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria

QUOTE = Quote("được từng ấy điểm", CITATION)
FACTS = (Fact("a", "số a"), Fact("b", "số b"), Fact("c", "số c", part_of="b"), Fact("k", "có k", FactType.YES_NO))
YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))


def by_figure(name: str) -> Rule:
    """As many points as the figure counts."""
    return Piecewise(figure(name), (Piece(Interval(), Fraction(0), Fraction(1), QUOTE),))


def leaf(code: str, name: str = "a", most: int | None = 10, **more: Any) -> Criterion:
    whole = NOT_STATED if most is None else Fraction(most)
    return evolve(Criterion(code, f"tiêu chí {code}", whole, CITATION, rule=by_figure(name)), **more)


def area(code: str, *children: Criterion, **more: Any) -> Criterion:
    whole = sum((child.max_points for child in children if child.max_points is not NOT_STATED), Fraction(0))
    return evolve(Criterion(code, f"lĩnh vực {code}", whole, CITATION, children=children), **more)


def two(**more: Any) -> Ruleset:
    """One area of two rows: a points and b points."""
    return with_criteria(area("1", leaf("1.1"), leaf("1.2", "b")), facts=FACTS, max_points=Fraction(20), **more)


def rows(*points: Any, **more: Any) -> Sheet:
    """The sheet of `two()`: points of the area, of 1.1 and of 1.2; None for no points."""
    codes = ("1", "1.1", "1.2")
    listed = [
        SheetRow(code, claimed=None if p is None else Fraction(str(p))) for code, p in zip(codes, points, strict=True)
    ]
    return evolve(Sheet(tuple(listed)), **more)


def total(points: Any, whole: Any = None) -> SheetRow:
    return SheetRow("", "Tổng điểm", whole and Fraction(whole), Fraction(str(points)))


def unit(**more: Any) -> Submission:
    return evolve(Submission("Xã A", {"a": 3, "b": 4}), **more)


def said(audit: Audit) -> list[tuple[FindingKind, str]]:
    return [(finding.kind, finding.criterion) for finding in audit.findings]


def of(found: Any, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(found, name) for name in names)


def numbers(found: AuditFinding) -> tuple[Any, ...]:
    """What was given, what follows, the difference."""
    return of(found, "given", "follows", "difference")


def only(audit: Audit) -> AuditFinding:
    (finding,) = audit.findings
    return finding


# -- the three numbers -------------------------------------------------------------------------------------------------


def test_a_claim_that_does_not_follow_says_what_follows_and_by_which_sentence() -> None:
    found = only(verify(two(), unit(), sheet=rows(7.5, 3.5, 4)))
    assert (found.kind, found.criterion, found.column) == (FindingKind.NOT_REPRODUCIBLE, "1.1", Column.CLAIMED)
    assert numbers(found) == (Fraction("3.5"), Fraction(3), Fraction("0.5"))
    assert found.basis == QUOTE
    assert found.severity is Severity.ERROR
    assert found.message.vi == "ghi 3,5, số liệu cho 3: số a = 3: số liệu × 1"
    assert found.message.en.startswith("3.5, the figures give 3: ")
    assert "số liệu" in found.explain.vi
    assert found.source == str(CITATION)


def test_the_three_numbers_stand_side_by_side() -> None:
    sheet = rows(7, 3, 4, total=total(7))
    audit = verify(two(), unit(), sheet=sheet, appraisal={"1.1": Fraction(2)})
    assert [of(row, "code", "depth", "claimed", "computed", "awarded") for row in audit.rows] == [
        ("1", 0, 7, 7, None),
        ("1.1", 1, 3, 3, 2),
        ("1.2", 1, 4, 4, None),
    ]
    assert of(audit.total, "claimed", "computed", "max_points") == (7, 7, 20)
    found = only(audit)
    assert (found.kind, found.criterion, found.column) == (FindingKind.AWARDED_DIFFERS, "1.1", Column.AWARDED)
    assert numbers(found) == (2, 3, -1)


def test_the_sheets_own_column_of_awarded_points_is_looked_at_too() -> None:
    listed = tuple(evolve(row, appraised=row.claimed) for row in rows(7, 3, 4).rows)
    listed = (*listed[:2], evolve(listed[2], appraised=Fraction(1)))
    sheet = Sheet(listed, SheetRow("", "Tổng", claimed=Fraction(7), appraised=Fraction(9)))
    found = verify(two(), unit(), sheet=sheet).findings
    assert [(one.kind, one.criterion, one.column) for one in found] == [
        (FindingKind.TOTAL_NOT_SUM, "1", Column.AWARDED),
        (FindingKind.AWARDED_DIFFERS, "1.2", Column.AWARDED),
        (FindingKind.TOTAL_NOT_SUM, "", Column.AWARDED),
    ]


def test_awarded_points_of_an_unknown_criterion_are_extra() -> None:
    assert said(verify(two(), unit(), appraisal={"7": Fraction(1)})) == [(FindingKind.CRITERION_EXTRA, "7")]


@pytest.mark.parametrize(
    ("printed", "exact", "fits"),
    [
        ("3.99", "3.994", True),
        ("3.99", "3.995", True),
        ("3.99", "3.9951", False),
        ("3.9", "3.994", False),
        ("4", "3.995", True),
        ("3.994", "3.9944", True),
        ("3.994", "3.99451", False),
        ("1/3", "1/3", True),
        ("1/3", "0.3333", False),
    ],
)
def test_a_printed_number_stands_for_what_rounds_to_it_at_two_decimals_or_more(
    printed: str, exact: str, fits: bool
) -> None:
    assert agrees(Fraction(printed), Fraction(exact)) is fits


def test_a_claim_for_which_the_decision_gives_no_points_is_left_alone() -> None:
    rules = with_criteria(leaf("1", rule=NOT_STATED), leaf("2", "b"), facts=FACTS)
    sheet = Sheet((SheetRow("1", claimed=Fraction(9)), SheetRow("2", claimed=Fraction(4))))
    audit = verify(rules, unit(), sheet=sheet)
    assert audit.findings == ()
    assert audit.rows[0].computed is NOT_STATED


# -- maxima ------------------------------------------------------------------------------------------------------------


def test_a_claim_above_its_maximum_is_one_finding() -> None:
    found = only(verify(two(), unit(), sheet=rows(16, 12, 4)))
    assert (found.kind, found.criterion) == (FindingKind.ABOVE_MAXIMUM, "1.1")
    assert numbers(found) == (12, 10, 2)


def test_the_maximum_itself_is_not_above_the_maximum() -> None:
    assert verify(two(), unit(figures={"a": 10, "b": 4}), sheet=rows(14, 10, 4)).findings == ()


def test_a_maximum_altered_is_found_in_a_row_and_in_the_total() -> None:
    sheet = rows(7, 3, 4)
    listed = (*sheet.rows[:2], evolve(sheet.rows[2], max_points=Fraction(5)))
    audit = verify(two(), unit(), sheet=Sheet(listed, total(7, 15)))
    assert said(audit) == [(FindingKind.MAXIMUM_ALTERED, "1.2"), (FindingKind.MAXIMUM_ALTERED, "")]
    assert [numbers(one) for one in audit.findings] == [(5, 10, -5), (15, 20, -5)]


def test_a_maximum_that_the_decision_does_not_state_cannot_be_altered() -> None:
    rules = with_criteria(leaf("1", most=None), facts=FACTS)
    sheet = Sheet((SheetRow("1", max_points=Fraction(5), claimed=Fraction(3)),), total(3, 5))
    assert verify(rules, unit(), sheet=sheet).findings == ()


def test_a_sheet_may_print_the_maximum_that_exemptions_leave() -> None:
    left_out = Exemption(Policy.REMOVED, Chosen("k", ("co",)), QUOTE)
    rules = with_criteria(leaf("1", exemptions=(left_out,)), leaf("2", "b"), facts=FACTS, max_points=Fraction(20))
    held = unit(figures={"a": 3, "b": 4, "k": True})
    listed = (SheetRow("1", max_points=Fraction(0)), SheetRow("2", max_points=Fraction(10), claimed=Fraction(4)))
    assert verify(rules, held, sheet=Sheet(listed, total(4, 10))).findings == ()
    assert verify(rules, held, sheet=Sheet(listed, total(4, 20))).findings == ()
    assert said(verify(rules, held, sheet=Sheet(listed, total(4, 12)))) == [(FindingKind.MAXIMUM_ALTERED, "")]


# -- sums --------------------------------------------------------------------------------------------------------------


def test_a_total_that_is_not_the_sum_says_both_and_the_bound() -> None:
    found = only(verify(two(), unit(), sheet=rows(7, 3, 4, total=total("7.02"))))
    assert (found.kind, found.criterion) == (FindingKind.TOTAL_NOT_SUM, "")
    assert numbers(found) == (Fraction("7.02"), 7, Fraction("0.02"))
    assert found.message.vi == "ghi 7,02, các phần cộng lại 7; in làm tròn chỉ giải thích được đến 0,005"


def test_an_area_that_is_not_the_sum_of_its_rows() -> None:
    assert said(verify(two(), unit(), sheet=rows(8, 3, 4))) == [(FindingKind.TOTAL_NOT_SUM, "1")]


def test_a_false_claim_that_is_added_up_rightly_is_one_finding_only() -> None:
    assert said(verify(two(), unit(), sheet=rows(9, 5, 4, total=total(9)))) == [(FindingKind.NOT_REPRODUCIBLE, "1.1")]


def test_a_row_left_out_does_not_make_the_sums_wrong() -> None:
    sheet = Sheet(rows(7, 3, 4).rows[:2], total(7))
    assert said(verify(two(), unit(), sheet=sheet)) == [(FindingKind.CRITERION_MISSING, "1.2")]


def test_sums_are_of_unrounded_parts() -> None:
    """1/3 + 1/3 + 1/3 is printed 0,33 + 0,33 + 0,33 and 1; 0,99 is the sum of what is printed. Both stand."""
    third = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1, 9), QUOTE),))
    rules = with_criteria(area("1", *(leaf(f"1.{n}", rule=third) for n in (1, 2, 3))), facts=FACTS)
    parts = tuple(SheetRow(f"1.{n}", claimed=Fraction("0.33")) for n in (1, 2, 3))
    for points, clean in (("1", True), ("0.99", True), ("1.01", False), ("0.98", False)):
        sheet = Sheet((SheetRow("1", claimed=Fraction(points)), *parts))
        assert verify(rules, unit(), sheet=sheet).is_clean is clean, points


def test_an_area_that_is_alone_on_the_sheet_is_held_against_the_figures() -> None:
    sheet = Sheet((SheetRow("1", claimed=Fraction(8)),), is_whole=False)
    assert said(verify(two(), unit(), sheet=sheet)) == [(FindingKind.NOT_REPRODUCIBLE, "1")]


def test_a_total_alone_is_held_against_the_figures() -> None:
    assert said(verify(two(), unit(), sheet=Sheet((), total(8), is_whole=False))) == [(FindingKind.TOTAL_NOT_SUM, "")]
    assert verify(two(), unit(), sheet=Sheet((), total(7), is_whole=False)).findings == ()


def test_rounding_that_the_decision_orders_belongs_to_the_sum() -> None:
    half = Rounding(Fraction(1, 2))
    rules = evolve(
        two(rounding=Rounding(Fraction(1))), criteria=(area("1", leaf("1.1"), leaf("1.2", "b"), rounding=half),)
    )
    held = unit(figures={"a": 3, "b": 4})
    assert verify(rules, held, sheet=rows(7, 3, 4, total=total(7))).findings == ()
    held = unit(figures={"a": 3, "b": 4})
    assert said(verify(rules, held, sheet=rows("7.4", 3, 4, total=total(7)))) == [(FindingKind.TOTAL_NOT_SUM, "1")]


def test_what_is_not_known_exactly_may_be_rounded_a_whole_step_further() -> None:
    """3,25 may be 3,246: with 4 that is 7,246, which rounds to 7 and not to 7,5."""
    rules = with_criteria(area("1", leaf("1.1"), leaf("1.2", "b"), rounding=Rounding(Fraction(1, 2))), facts=FACTS)
    for points, wrong in (("7", False), ("7.5", False), ("6.9", True)):
        audit = verify(rules, unit(figures={"b": 4}), sheet=rows(points, "3.25", 4))
        assert ((FindingKind.TOTAL_NOT_SUM, "1") in said(audit)) is wrong


def adjusted(kind: AdjustmentKind, name: str = "b") -> Ruleset:
    return with_criteria(leaf("1"), facts=FACTS, adjustments=(Adjustment(kind, leaf("T", name, 5)),))


@pytest.mark.parametrize(("kind", "points"), [(AdjustmentKind.BONUS, 7), (AdjustmentKind.PENALTY, -1)])
def test_a_total_may_count_bonus_and_penalty_or_stand_before_them(kind: AdjustmentKind, points: int) -> None:
    listed = (SheetRow("1", claimed=Fraction(3)), SheetRow("T", claimed=Fraction(4)))
    for given, clean in ((points, True), (3, True), (4, False)):
        assert verify(adjusted(kind), unit(), sheet=Sheet(listed, total(given))).is_clean is clean


def test_a_penalty_may_be_printed_with_its_minus_sign() -> None:
    listed = (SheetRow("1", claimed=Fraction(3)), SheetRow("T", claimed=Fraction(-4)))
    assert verify(adjusted(AdjustmentKind.PENALTY), unit(), sheet=Sheet(listed, total(-1))).findings == ()
    bonus = verify(adjusted(AdjustmentKind.BONUS), unit(), sheet=Sheet(listed, total(7)))
    assert (FindingKind.NOT_REPRODUCIBLE, "T") in said(bonus)


def test_a_total_with_a_bonus_that_is_not_known_says_nothing() -> None:
    sheet = Sheet((SheetRow("1", claimed=Fraction(3)),), total(9))
    rules = adjusted(AdjustmentKind.BONUS)
    assert said(verify(rules, unit(figures={"a": 3}), sheet=sheet)) == [
        (FindingKind.CRITERION_MISSING, "T"),
        (FindingKind.NOT_COMPUTABLE, "T"),
    ]


def rescaling(when: bool) -> Ruleset:
    left_out = Exemption(Policy.RESCALED, Chosen("k", ("co",)) if when else None, QUOTE)
    return with_criteria(
        leaf("1", exemptions=(left_out,)), leaf("2", "b"), leaf("3"), facts=FACTS, max_points=Fraction(30)
    )


def test_a_total_that_is_scaled_back_is_the_engines() -> None:
    """(4 + 3) × 30/20 = 10,5."""
    held = unit(exemptions={"1": "không tổ chức"})
    listed = (SheetRow("1"), SheetRow("2", claimed=Fraction(4)), SheetRow("3", claimed=Fraction(3)))
    assert verify(rescaling(when=False), held, sheet=Sheet(listed, total("10.5"))).findings == ()
    found = only(verify(rescaling(when=False), held, sheet=Sheet(listed, total("10"))))
    assert (found.kind, found.follows) == (FindingKind.TOTAL_NOT_SUM, Fraction("10.5"))


def test_a_total_that_may_be_scaled_back_is_not_judged_while_figures_are_missing() -> None:
    listed = tuple(SheetRow(str(n), claimed=Fraction(3)) for n in (1, 2, 3))
    held = unit(figures={"a": 3})
    for rules, one in ((rescaling(when=True), held), (rescaling(when=False), evolve(held, exemptions={"1": "x"}))):
        found = said(verify(rules, one, sheet=Sheet(listed, total(99))))
        assert (FindingKind.TOTAL_NOT_SUM, "") not in found
        assert (FindingKind.NOT_COMPUTABLE, "2") in found


def test_nothing_scored_is_not_scaled() -> None:
    held = unit(figures={"a": 0, "b": 0}, exemptions={"1": "x"})
    listed = (SheetRow("1"), SheetRow("2", claimed=Fraction(0)), SheetRow("3", claimed=Fraction(0)))
    assert verify(rescaling(when=False), held, sheet=Sheet(listed, total(0))).findings == ()


def test_while_a_row_is_not_known_its_printed_points_count_with_their_rounding() -> None:
    held = unit(figures={"b": 4})
    for points, clean in (("7.01", True), ("7.03", False)):
        audit = verify(two(), held, sheet=rows(7, 3, 4, total=total(points)))
        wrong = (FindingKind.TOTAL_NOT_SUM, "") in said(audit)
        assert wrong is not clean


def test_an_area_without_points_in_its_rows_counts_as_printed() -> None:
    rules = with_criteria(area("1", leaf("1.1")), area("2", leaf("2.1", "b")), facts=FACTS)
    listed = (SheetRow("1", claimed=Fraction(3)), SheetRow("2", claimed=Fraction(4)))
    audit = verify(rules, unit(figures={"a": 3}), sheet=Sheet(listed, total(9), is_whole=False))
    assert (FindingKind.TOTAL_NOT_SUM, "") in said(audit)
    audit = verify(rules, unit(figures={"a": 3}), sheet=Sheet(listed[1:], total(9), is_whole=False))
    assert (FindingKind.TOTAL_NOT_SUM, "") in said(audit)
    audit = verify(rules, unit(figures={"a": 3}), sheet=Sheet(listed[:1], total(9), is_whole=False))
    assert (FindingKind.TOTAL_NOT_SUM, "") not in said(audit)


# -- rows --------------------------------------------------------------------------------------------------------------


def test_rows_missing_extra_and_repeated() -> None:
    sheet = rows(7, 3, 4)
    listed = (*sheet.rows[:2], evolve(sheet.rows[1], place="b.csv:9"), SheetRow("1.3", "tự thêm", claimed=Fraction(1)))
    audit = verify(two(), unit(), sheet=Sheet((evolve(listed[0], place="b.csv:2"), *listed[1:])))
    assert said(audit) == [
        (FindingKind.CRITERION_EXTRA, "1.3"),
        (FindingKind.CRITERION_REPEATED, "1.1"),
        (FindingKind.CRITERION_MISSING, "1.2"),
    ]
    assert audit.findings[0].message.vi == "«1.3 tự thêm» không có trong thu/cap-xa/1 (ý bạn là «1.2»?)"


def test_a_repeated_row_says_both_rows() -> None:
    listed = [evolve(row, place=f"b.csv:{n}") for n, row in enumerate(rows(7, 3, 4).rows, 2)]
    again = evolve(listed[1], claimed=None, place="b.csv:9")
    found = only(verify(two(), unit(), sheet=Sheet((*listed, again))))
    assert found.message.vi == "tiêu chí có hai dòng: 3 và – điểm (b.csv:3; b.csv:9)"


def test_an_area_that_is_missing_beside_others_is_a_note() -> None:
    rules = with_criteria(area("1", leaf("1.1")), area("2", leaf("2.1", "b")), facts=FACTS)
    listed = (
        SheetRow("1", claimed=Fraction(3)),
        SheetRow("1.1", claimed=Fraction(3)),
        SheetRow("2.1", claimed=Fraction(4)),
    )
    found = only(verify(rules, unit(), sheet=Sheet(listed)))
    assert (found.kind, found.criterion, found.severity) == (FindingKind.CRITERION_MISSING, "2", Severity.NOTE)
    assert verify(rules, unit(), sheet=Sheet(listed[1:])).findings == ()


def test_a_row_without_points_is_a_note_unless_others_award_them() -> None:
    given = Awarded("g", high=Fraction(2))
    rules = with_criteria(leaf("1"), leaf("2", rule=given, most=2), facts=(*FACTS, Fact("g", "điểm", FactType.POINTS)))
    held = unit(figures={"a": 3, "g": 1})
    found = only(verify(rules, held, sheet=Sheet((SheetRow("1"), SheetRow("2")))))
    assert (found.kind, found.criterion, found.severity) == (FindingKind.CLAIM_BLANK, "1", Severity.NOTE)


def test_claims_beside_the_figures_are_no_whole_sheet() -> None:
    held = unit(claims=(Claim("1.1", Fraction(3)), Claim("1.1", Fraction(2)), Claim("8", Fraction(1))))
    assert said(verify(two(), held)) == [(FindingKind.CRITERION_EXTRA, "8"), (FindingKind.CRITERION_REPEATED, "1.1")]


def test_a_sheet_takes_the_place_of_the_claims_beside_the_figures() -> None:
    held = unit(claims=(Claim("1.1", Fraction(2)),))
    assert verify(two(), held, sheet=rows(7, 3, 4)).findings == ()


def test_a_bonus_row_may_be_left_out_when_there_is_none() -> None:
    sheet = Sheet((SheetRow("1", claimed=Fraction(3)),))
    rules = adjusted(AdjustmentKind.BONUS)
    assert verify(rules, unit(figures={"a": 3, "b": 0}), sheet=sheet).findings == ()
    assert said(verify(rules, unit(), sheet=sheet)) == [(FindingKind.CRITERION_MISSING, "T")]


# -- which criterion a row is ------------------------------------------------------------------------------------------


def numbered(*pairs: tuple[str, str]) -> list[str | None]:
    """The criteria of rows with these numbers and names, under areas 1 and 2 of two rows each."""
    trees = [area(n, leaf(f"{n}.1", name="a"), leaf(f"{n}.2", "b")) for n in "12"]
    twins = [evolve(tree, children=(*tree.children[:1], evolve(tree.children[1], name="Báo cáo"))) for tree in trees]
    rules = with_criteria(*twins, facts=FACTS)
    sheet = Sheet(tuple(SheetRow(code, name, claimed=Fraction(1)) for code, name in pairs))
    found = match(rules, sheet)
    codes = {id(row): code for code, row in found.rows.items()} | {id(row): code for code, row in found.repeated}
    return [codes.get(id(row)) for row in sheet.rows]


def test_rows_are_known_by_their_code() -> None:
    assert numbered(("1", ""), ("1.1", "tên khác"), (" 1.2. ", ""), ("2", "")) == ["1", "1.1", "1.2", "2"]


def test_rows_are_known_by_the_numbering_above_them() -> None:
    pairs = [("I", "Phần một"), ("1", "x"), ("2", "Báo cáo"), ("II", "Phần hai"), ("1", "x"), ("2)", "BÁO CÁO:")]
    assert numbered(*pairs) == ["1", "1.1", "1.2", "2", "2.1", "2.2"]


def test_letters_count_under_a_dotted_number() -> None:
    assert numbered(("II.", ""), ("1.2", ""), ("c", ""), ("2.1", "")) == ["2", "1.2", None, "2.1"]
    trees = area("1", area("1.1", *(leaf(f"1.1.{n}") for n in range(1, 6))))
    sheet = Sheet(tuple(SheetRow(code, claimed=Fraction(1)) for code in ("1", "1.1", "a)", "d)", "đ)")))
    assert list(match(with_criteria(trees, facts=FACTS), sheet).rows) == ["1", "1.1", "1.1.1", "1.1.4", "1.1.5"]


def test_rows_are_known_by_their_name_where_numbers_lead_elsewhere() -> None:
    assert numbered(("", "TIÊU CHÍ 1.1"), ("1", "tiêu chí 2.1"), ("x", "Báo cáo"), ("y", "tiêu chí 1.1")) == [
        "1.1",
        "2.1",
        None,
        "1.1",
    ]


def test_a_heading_without_points_is_no_row() -> None:
    for row in (SheetRow("A", "PHẦN CHUNG"), SheetRow("x", "PHẦN RIÊNG"), SheetRow("", "Người lập biểu")):
        found = match(two(), Sheet((row,)))
        assert (found.extra, found.rows) == ((), {})


def test_letters_are_areas_where_no_roman_numerals_are() -> None:
    assert numbered(("A", "x"), ("1", "y"), ("B", "z"), ("2", "u")) == ["1", "1.1", "2", "2.2"]
    assert numbered(("A", "x"), ("II", "y"), ("1", "u"), ("B", "z")) == [None, "2", "2.1", None]


@pytest.mark.parametrize(
    ("code", "number"),
    [("IV.", "4"), ("IX", "9"), ("XII)", "12"), ("(1)", "1"), ("1.2 -", "1.2"), ("a)", "a"), ("", ""), ("MM", "MM")],
)
def test_numbers_are_read_without_their_marks(code: str, number: str) -> None:
    assert number_of(code) == number


def test_names_are_compared_without_accents_case_and_marks() -> None:
    assert folded("  Tổng  ĐIỂM (đạt): ") == "tong diem dat"


def test_the_claims_of_a_unit_know_their_places() -> None:
    held = unit(claims=(Claim("1.1", Fraction(3)),), places={("tu_cham", "1.1"): "xa.yaml:9"})
    assert sheet_of_claims(held).rows[0].place == "xa.yaml:9"


# -- evidence ----------------------------------------------------------------------------------------------------------


def with_papers(**more: Any) -> Ruleset:
    needed = leaf("1.1", evidence=("báo cáo", "kế hoạch"), **more)
    return with_criteria(area("1", needed, leaf("1.2", "b")), facts=FACTS)


def test_evidence_is_needed_where_points_are_claimed() -> None:
    found = only(verify(with_papers(), unit(), sheet=rows(7, 3, 4)))
    assert (found.kind, found.criterion) == (FindingKind.EVIDENCE_MISSING, "1.1")
    assert found.message.vi == "chưa có tài liệu kiểm chứng: báo cáo; kế hoạch"
    held = unit(figures={"a": 0, "b": 4})
    assert verify(with_papers(), held, sheet=rows(4, 0, 4)).findings == ()


def test_where_nothing_is_claimed_it_is_needed_where_there_are_points() -> None:
    assert said(verify(with_papers(), unit())) == [(FindingKind.EVIDENCE_MISSING, "1.1")]
    assert verify(with_papers(), unit(figures={"a": 0, "b": 4})).findings == ()


@pytest.mark.parametrize("code", ["1", "1.1"])
def test_evidence_of_an_area_counts_for_its_rows(code: str) -> None:
    held = unit(evidence={code: (Evidence("1/BC"),)})
    assert verify(with_papers(), held, sheet=rows(7, 3, 4)).findings == ()


def papers_on(day: datetime.date | None, **more: Any) -> Submission:
    return unit(evidence={"1.1": (Evidence("1/BC", day),)}, period=YEAR, **more)


@pytest.mark.parametrize(
    ("due", "day", "kind"),
    [
        (datetime.date(2025, 11, 30), datetime.date(2025, 11, 30), None),
        (datetime.date(2025, 11, 30), datetime.date(2025, 12, 1), FindingKind.EVIDENCE_LATE),
        (DayOfYear(30, 11), datetime.date(2025, 12, 1), FindingKind.EVIDENCE_LATE),
        (DayOfYear(29, 2), datetime.date(2025, 2, 28), None),
        (DayOfYear(29, 2), datetime.date(2025, 3, 1), FindingKind.EVIDENCE_LATE),
        (DayOfYear(31, 12), datetime.date(2025, 12, 31), None),
        (None, datetime.date(2025, 12, 31), None),
        (None, datetime.date(2026, 1, 1), FindingKind.EVIDENCE_OUTSIDE_PERIOD),
        (None, datetime.date(2025, 1, 1), None),
        (None, datetime.date(2024, 12, 31), FindingKind.EVIDENCE_OUTSIDE_PERIOD),
        (datetime.date(2026, 2, 1), datetime.date(2026, 1, 5), FindingKind.EVIDENCE_OUTSIDE_PERIOD),
        (None, None, None),
    ],
)
def test_evidence_is_dated_by_the_deadline_and_inside_the_period(
    due: datetime.date | DayOfYear | None, day: datetime.date | None, kind: FindingKind | None
) -> None:
    rules = with_papers(tasks=(Task("việc", due=due), Task("việc không hạn")))
    audit = verify(rules, papers_on(day), sheet=rows(7, 3, 4))
    assert said(audit) == ([(kind, "1.1")] if kind else [])


def test_a_deadline_given_to_the_audit_counts_where_the_row_has_none() -> None:
    beside = Beside(deadline=datetime.date(2025, 6, 1))
    day = datetime.date(2025, 7, 1)
    found = only(verify(with_papers(), papers_on(day), sheet=rows(7, 3, 4), beside=beside))
    assert found.message.vi == "1/BC ghi ngày 01/07/2025, sau hạn 01/06/2025"
    own = with_papers(tasks=(Task("việc", due=datetime.date(2025, 8, 1)),))
    assert verify(own, papers_on(day), sheet=rows(7, 3, 4), beside=beside).findings == ()


def test_a_day_of_the_year_without_a_period_is_no_deadline() -> None:
    rules = with_papers(tasks=(Task("việc", due=DayOfYear(1, 1)),))
    held = evolve(papers_on(datetime.date(2025, 5, 5)), period=None)
    assert verify(rules, held, sheet=rows(7, 3, 4)).findings == ()


def test_evidence_and_exemptions_of_unknown_criteria_are_extra() -> None:
    held = unit(evidence={"1.9": (Evidence("1/BC"),)}, exemptions={"7": "không có"})
    assert sorted(said(verify(two(), held)), key=str) == [
        (FindingKind.CRITERION_EXTRA, "1.9"),
        (FindingKind.CRITERION_EXTRA, "7"),
    ]


# -- exemptions --------------------------------------------------------------------------------------------------------


def test_an_exemption_that_the_decision_does_not_allow() -> None:
    held = unit(exemptions={"1.1": "không phát sinh"}, places={("khong_danh_gia", "1.1"): "xa.yaml:7"})
    found = only(verify(two(), held, sheet=rows(7, 3, 4)))
    assert (found.kind, found.criterion, found.place) == (FindingKind.EXEMPTION_NOT_ALLOWED, "1.1", "xa.yaml:7")
    assert "«không phát sinh»" in found.message.vi


def test_a_forbidden_exemption_quotes_the_words_that_forbid_it() -> None:
    rules = with_criteria(leaf("1", exemptions=(Exemption(Policy.FORBIDDEN, basis=QUOTE),)), facts=FACTS)
    found = only(verify(rules, unit(exemptions={"1": "x"}), sheet=Sheet((SheetRow("1", claimed=Fraction(3)),))))
    assert found.basis == QUOTE


def test_a_row_marked_as_not_assessed_must_be_exempt() -> None:
    left_out = Exemption(Policy.REMOVED, Chosen("k", ("co",)), QUOTE)
    rules = with_criteria(leaf("1", exemptions=(left_out,)), facts=FACTS)
    sheet = Sheet((SheetRow("1", not_assessed="Không áp dụng", place="a.csv:3"),))
    assert verify(rules, unit(figures={"a": 3, "k": True}), sheet=sheet).findings == ()
    found = only(verify(rules, unit(figures={"a": 3, "k": False}), sheet=sheet))
    assert (found.kind, found.place, found.basis) == (FindingKind.EXEMPTION_NOT_ALLOWED, "a.csv:3", QUOTE)
    assert said(verify(rules, unit(figures={"a": 3}), sheet=sheet)) == [(FindingKind.NOT_COMPUTABLE, "1")]
    plain = with_criteria(leaf("1"), facts=FACTS)
    assert (FindingKind.EXEMPTION_NOT_ALLOWED, "1") in said(verify(plain, unit(figures={}), sheet=sheet))


def test_an_exemption_that_is_asked_for_twice_is_one_finding() -> None:
    sheet = Sheet((SheetRow("1", not_assessed="KAD"),))
    rules = with_criteria(leaf("1"), facts=FACTS)
    assert said(verify(rules, unit(exemptions={"1": "x"}), sheet=sheet)) == [(FindingKind.EXEMPTION_NOT_ALLOWED, "1")]


def test_an_area_that_is_exempt_stands_for_itself() -> None:
    full = Exemption(Policy.FULL, None, QUOTE)
    rules = with_criteria(area("1", leaf("1.1"), leaf("1.2", "b"), exemptions=(full,)), facts=FACTS)
    held = unit(exemptions={"1": "x"})
    assert verify(rules, held, sheet=rows(20, 10, 10)).findings == ()
    assert said(verify(rules, held, sheet=rows(15, 10, 10))) == [(FindingKind.NOT_REPRODUCIBLE, "1")]


# -- figures -----------------------------------------------------------------------------------------------------------


def parts() -> Ruleset:
    share = Piecewise(ratio("c", "b"), (Piece(Interval(), Fraction(0), Fraction(10), QUOTE),))
    return with_criteria(leaf("1"), leaf("2", rule=share), leaf("3", "b"), facts=FACTS)


def test_a_part_above_its_whole_is_found_at_the_row_that_divides_them() -> None:
    held = unit(figures={"a": 3, "b": 4, "c": 5}, places={("so_lieu", "c"): "xa.yaml:6"})
    found = only(verify(parts(), held))
    assert (found.kind, found.criterion, found.place) == (FindingKind.FIGURES_INCONSISTENT, "2", "xa.yaml:6")
    assert "5 lớn hơn «b» = 4" in found.message.vi


def test_figures_that_cannot_be_used_are_findings_and_the_rest_is_computed() -> None:
    held = unit(figures={"a": "ba", "b": 4, "c": 2, "lạ": 1})
    audit = verify(parts(), held)
    assert said(audit) == [(FindingKind.FIGURE_UNUSABLE, "1"), (FindingKind.FIGURE_UNUSABLE, "")]
    assert [row.computed for row in audit.rows] == [None, 5, 4]


@pytest.mark.parametrize("value", ["1,5", "hai", -1, "3%"])
def test_a_part_that_cannot_be_read_is_unusable_not_inconsistent(value: Any) -> None:
    assert said(verify(parts(), unit(figures={"a": 3, "b": 4, "c": value}))) == [(FindingKind.FIGURE_UNUSABLE, "2")]


def test_a_relation_may_look_at_the_counts_of_a_survey() -> None:
    facts = (Fact("n", "số phiếu"), Fact("s", "phiếu", FactType.SURVEY, options=(("A", "tốt"), ("B", "kém"))))
    sums = (Relation("n", Linear((("s.A", 1), ("s.B", 1)))), Relation("s.A", figure("n")))
    rules = with_criteria(leaf("1", "n", None), facts=facts)
    held = Submission("Xã", {"n": 3, "s": {"A": 3, "B": 1}})
    assert numbers(only(verify(rules, held, beside=Beside(relations=sums)))) == (3, 4, -1)


def test_a_percentage_written_as_a_bare_part_is_unusable_not_inconsistent() -> None:
    facts = (Fact("p", "tỷ lệ p", FactType.PERCENT, part_of="q"), Fact("q", "tỷ lệ q", FactType.PERCENT))
    rules = with_criteria(leaf("1", "p"), facts=facts)
    assert said(verify(rules, Submission("Xã", {"p": "86,5", "q": "90%"}))) == [(FindingKind.FIGURE_UNUSABLE, "1")]


def test_a_figure_that_several_rows_use_is_named_at_the_first_with_the_others() -> None:
    rules = with_criteria(leaf("1"), leaf("2"), facts=FACTS)
    found = only(verify(rules, unit(figures={"a": -1})))
    assert (found.criterion, found.also) == ("1", ("2",))


def test_a_day_that_the_year_does_not_have_takes_the_period_away() -> None:
    rules = with_criteria(leaf("1"), facts=(*FACTS, Fact("h", "hạn", FactType.DATE, given=DayOfYear(29, 2))))
    found = only(verify(rules, unit(period=YEAR, figures={"a": 3})))
    assert (found.kind, found.criterion) == (FindingKind.FIGURE_UNUSABLE, "")


# -- figures that must agree -------------------------------------------------------------------------------------------

DOSSIERS = (
    *(Fact("tiep_nhan", "hồ sơ tiếp nhận"), Fact("ton", "tồn kỳ trước"), Fact("moi", "tiếp nhận mới")),
    *(Fact("xong", "đã giải quyết"), Fact("dung_han", "đúng hạn"), Fact("ty_le", "tỷ lệ đúng hạn", FactType.PERCENT)),
)
RELATIONS = (
    Relation("tiep_nhan", Linear((("ton", 1), ("moi", 1))), QUOTE),
    Relation("ty_le", ratio("dung_han", "xong")),
)


def dossiers(**changed: Any) -> Audit:
    """The figures of a notice: 15.051 = 1.727 + 13.324; 10.840 of 12.530 is 86,5%."""
    rules = with_criteria(leaf("1", "tiep_nhan", None), leaf("2", "ty_le", None), facts=DOSSIERS)
    figures = {"tiep_nhan": 15051, "ton": 1727, "moi": 13324, "xong": 12530, "dung_han": 10840, "ty_le": "86,5%"}
    return verify(rules, Submission("Huyện", figures | changed), beside=Beside(relations=RELATIONS))


def test_sums_and_shares_that_agree_within_print_are_no_finding() -> None:
    assert dossiers().findings == ()
    assert dossiers(ty_le="86,51%").findings == ()
    assert dossiers(ty_le=Fraction(10840, 12530)).findings == ()
    assert dossiers(xong=0, dung_han=0).findings == ()


def test_a_sum_that_is_not_its_parts() -> None:
    found = only(dossiers(moi=13342))
    assert (found.kind, found.criterion) == (FindingKind.FIGURES_INCONSISTENT, "1")
    assert numbers(found) == (15051, 15069, -18)
    assert found.basis == QUOTE
    assert found.message.vi == "hồ sơ tiếp nhận: 15051, nhưng tồn kỳ trước + tiếp nhận mới là 15069"


@pytest.mark.parametrize("share", ["86,6%", "86,52%", Fraction(173, 200)])
def test_a_printed_percentage_that_does_not_round_to_its_share(share: Any) -> None:
    found = only(dossiers(ty_le=share))
    assert (found.kind, found.criterion) == (FindingKind.FIGURES_INCONSISTENT, "2")
    assert found.follows == Fraction(10840, 12530)
    assert "đúng hạn/đã giải quyết" in found.message.vi.replace(" ", "").replace(
        "đúnghạn/đãgiảiquyết", "đúng hạn/đã giải quyết"
    )


def test_a_relation_that_lacks_a_figure_says_nothing() -> None:
    rules = with_criteria(leaf("1", "tiep_nhan", None), facts=DOSSIERS)
    held = Submission("Huyện", {"tiep_nhan": 1})
    assert verify(rules, held, beside=Beside(relations=RELATIONS)).findings == ()


# -- sentences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "tiếp nhận 15.051 = 1.727 + 13.324 hồ sơ",
        "đúng hạn 10.840/12.530 hồ sơ, đạt 86,5%",
        "10840/12530 (86,51%)",
        "Đã giải quyết 12.530 hồ sơ, trong đó đúng hạn 10.840 hồ sơ chiếm tỷ lệ 86,5%.",
        "Báo cáo tháng 11/2023 đạt 95%",
        "Văn bản 12/KH-UBND ngày 30/11/2023, đạt 95%",
        "5/0 hồ sơ, 100%",
        "đạt 27/42 tiêu chí; 86,5% hồ sơ",
        "1,5 = 1 + 0,5",
        "",
    ],
)
def test_sentences_that_agree_or_that_say_something_else(text: str) -> None:
    assert list(check_text(text)) == []


@pytest.mark.parametrize(
    ("text", "given", "follows"),
    [
        ("15.051 = 1.727 + 13.342", Fraction(15051), Fraction(15069)),
        ("đúng hạn 10.840/12.530 hồ sơ, đạt 86,6%", Fraction(866, 1000), Fraction(10840, 12530)),
        ("12.530 hồ sơ, trong đó đúng hạn 10.840 hồ sơ chiếm tỷ lệ 85,6%", Fraction(856, 1000), Fraction(10840, 12530)),
        ("4 = 1 + 1 + 1", Fraction(4), Fraction(3)),
    ],
)
def test_sentences_whose_numbers_contradict_each_other(text: str, given: Fraction, follows: Fraction) -> None:
    (statement,) = check_text(text)
    assert (statement.given, statement.follows) == (given, follows)


def test_notes_of_the_sheet_and_texts_beside_it_are_read_at_their_rows() -> None:
    sheet = rows(7, 3, 4)
    listed = (sheet.rows[0], evolve(sheet.rows[1], note="9 = 4 + 4", place="a.csv:4"), sheet.rows[2])
    texts = {"1.1": "8 = 4 + 3", "1.2": "7 = 4 + 4", "": "3 = 1 + 1", "lạ": "5 = 1 + 1"}
    found = verify(two(), unit(), sheet=Sheet(listed), beside=Beside(texts=texts)).findings
    assert [of(one, "criterion", "given", "place") for one in found] == [
        ("1.1", 9, "a.csv:4"),
        ("1.1", 8, "a.csv:4"),
        ("1.2", 7, ""),
        ("", 3, ""),
        ("", 5, ""),
    ]


# -- what cannot be computed -------------------------------------------------------------------------------------------


def test_missing_figures_are_named_and_everything_else_is_still_held() -> None:
    audit = verify(two(), unit(figures={"b": 4}), sheet=rows(9, 3, 6))
    assert said(audit) == [(FindingKind.NOT_REPRODUCIBLE, "1.2"), (FindingKind.NOT_COMPUTABLE, "1.1")]
    lacking = audit.findings[1]
    assert of(lacking, "given", "follows", "severity") == (3, None, Severity.ERROR)
    assert lacking.message.vi == "chưa tính được từ số liệu: so_lieu.a: chưa khai (số a); cần cho 1.1"
    assert [row.computed for row in audit.rows] == [None, None, 4]
    assert audit.total.computed is None


def test_a_value_that_the_decision_leaves_open_is_a_note() -> None:
    rule = Table("k", (Option("co", Fraction(1), QUOTE),))
    rules = with_criteria(leaf("1", rule=rule), facts=FACTS)
    found = only(verify(rules, unit(figures={"k": False}), sheet=Sheet((SheetRow("1", claimed=Fraction(1)),))))
    assert (found.kind, found.severity) == (FindingKind.NOT_COMPUTABLE, Severity.NOTE)
    assert verify(rules, unit(figures={"k": False})).is_clean


def test_an_area_whose_exemption_is_undecided_is_one_finding_with_its_rows() -> None:
    left_out = Exemption(Policy.REMOVED, Chosen("k", ("co",)), QUOTE)
    rules = with_criteria(area("1", leaf("1.1"), leaf("1.2", "b"), exemptions=(left_out,)), facts=FACTS)
    found = only(verify(rules, unit(), sheet=rows(9, 3, 4)))
    assert (found.kind, found.criterion, found.also) == (FindingKind.NOT_COMPUTABLE, "1", ("1.1", "1.2"))


def test_a_unit_with_nothing_at_all_gets_its_findings() -> None:
    audit = verify(two(), Submission("Xã trống", {}), sheet=rows(7, 3, 4, total=total(8)))
    assert said(audit) == [
        (FindingKind.TOTAL_NOT_SUM, ""),
        (FindingKind.NOT_COMPUTABLE, "1.1"),
        (FindingKind.NOT_COMPUTABLE, "1.2"),
    ]


# -- versions ----------------------------------------------------------------------------------------------------------


def dated(version: str, since: Any, until: Any = NOT_STATED, *replaces: str) -> Ruleset:
    where = Application((Level.COMMUNE,), since, until, replaces=replaces, basis=QUOTE)
    return evolve(two(), version=version, application=where)


def test_another_ruleset_or_version_than_the_one_named() -> None:
    held = unit(ruleset="thu/khac", version="2", places={("phien_ban",): "xa.yaml:3"})
    audit = verify(two(), held, sheet=rows(7, 3, 4))
    assert said(audit) == [(FindingKind.RULESET_OTHER, ""), (FindingKind.RULESET_OTHER, "")]
    assert audit.findings[1].place == "xa.yaml:3"
    assert verify(two(), unit(ruleset="thu/cap-xa", version="1"), sheet=rows(7, 3, 4)).findings == ()


def test_a_version_must_be_in_force_on_the_last_day_of_the_period() -> None:
    day = datetime.date
    held = unit(period=YEAR)
    cases = [
        (dated("1", NOT_STATED), True),
        (dated("1", day(2025, 12, 31)), True),
        (dated("1", day(2026, 1, 1)), False),
        (dated("1", day(2020, 1, 1), day(2025, 12, 31)), True),
        (dated("1", day(2020, 1, 1), day(2025, 12, 30)), False),
    ]
    for rules, clean in cases:
        found = said(verify(rules, held, sheet=rows(7, 3, 4)))
        assert found == ([] if clean else [(FindingKind.RULESET_NOT_IN_FORCE, "")])
    assert verify(cases[2][0], unit(), sheet=rows(7, 3, 4)).findings == ()


def test_a_version_that_another_replaced_is_not_in_force() -> None:
    old = dated("1", datetime.date(2024, 1, 1))
    new = dated("2", datetime.date(2025, 7, 1), NOT_STATED, "thu/cap-xa/1")
    found = only(verify(old, unit(period=YEAR), sheet=rows(7, 3, 4), beside=Beside(known=(old, new))))
    assert found.basis == QUOTE
    assert found.message.vi == "thu/cap-xa/1 hết hiệu lực ngày 30/06/2025, kỳ đánh giá đến 31/12/2025"


# -- order and shipped sets --------------------------------------------------------------------------------------------


def test_findings_stand_gravest_first() -> None:
    audit = verify(two(), unit(figures={"b": 4}), sheet=rows(9, None, 6))
    graves = [one.severity for one in audit.findings]
    assert graves == sorted(graves, key=lambda one: one is Severity.NOTE)
    assert Severity.NOTE in graves


def test_every_shipped_ruleset_takes_an_empty_unit() -> None:
    for name in cchc.rulesets():
        audit = verify(cchc.load(name), Submission("Đơn vị trống", {}))
        assert {one.kind for one in audit.findings} <= {FindingKind.NOT_COMPUTABLE}, name


def test_every_finding_speaks_both_languages() -> None:
    audit = verify(two(), unit(figures={"b": -4}, ruleset="x"), sheet=rows(99, 12, None, total=total(3, 3)))
    for finding in audit.findings:
        assert finding.message.vi != finding.message.en
        assert finding.explain.vi != finding.explain.en
