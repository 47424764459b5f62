"""Printed tables: wrong, or within what printing alone explains."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.auditing.printed import (
    Verdict,
    counted,
    decimals_of,
    half_unit,
    places_of,
    recompute_mean,
    recompute_row,
)
from cchc_index.files.printed_tables import read_printed
from cchc_index.points import round_half_up, show_rounded

EXAMPLES = Path(__file__).parents[1] / "examples"
MINISTRIES = EXAMPLES / "bang-cong-bo" / "parindex-2023-ministries.csv"
PROVINCES = EXAMPLES / "bang-cong-bo" / "parindex-province-splits.csv"


def test_the_ministries_of_2023() -> None:
    rows = read_printed(MINISTRIES)
    assert counted(rows) == {Verdict.EXACT: 8, Verdict.WITHIN_ROUNDING: 9, Verdict.WRONG: 0}
    assert {row.bound for row in rows} == {Fraction(15, 1000)}
    assert {abs(row.difference) for row in rows} == {0, Fraction(1, 100)}
    mean = recompute_mean("trung bình", [row.printed for row in rows], "84.38")
    assert (mean.name, mean.verdict) == ("trung bình", Verdict.WITHIN_ROUNDING)
    assert recompute_mean("", [row.printed for row in rows], "84.40").verdict is Verdict.WRONG


@pytest.mark.parametrize("by", ["0.02", "-0.02"])
def test_one_total_altered_by_two_hundredths_is_wrong(by: str, tmp_path: Path) -> None:
    """On a row that adds up; one that is already 0,01 off may become exact."""
    file = tmp_path / "bang.csv"
    altered = show_rounded(Fraction("89.18") + Fraction(by), 2, "en")
    file.write_text(MINISTRIES.read_text("utf-8").replace("27.66,89.18,", f"27.66,{altered},"), "utf-8")
    rows = read_printed(file)
    assert counted(rows)[Verdict.WRONG] == 1
    (wrong,) = [row for row in rows if row.verdict is Verdict.WRONG]
    assert (wrong.name, wrong.difference, wrong.place) == ("Bộ Tài chính", Fraction(by), "bang.csv:5")


def test_the_splits_of_two_provinces() -> None:
    rows = read_printed(PROVINCES, ["total = appraised + impact"])
    assert [(row.name, row.difference, row.verdict) for row in rows] == [
        ("Ninh Thuận", Fraction(-1, 100), Verdict.WITHIN_ROUNDING),
        ("Kon Tum", Fraction(0), Verdict.EXACT),
    ]
    below = read_printed(PROVINCES, ["impact = sipas + leader_survey + socioeconomic"])
    assert [row.verdict for row in below] == [Verdict.EXACT] * 2
    assert {row.bound for row in below} == {Fraction(2, 100)}


@given(st.lists(st.fractions(0, 20, max_denominator=997), min_size=1, max_size=12), st.integers(0, 4))
def test_a_sum_of_unrounded_parts_is_never_called_wrong(parts: list[Fraction], places: int) -> None:
    """n parts and a total, all printed to the same decimals, differ by at most n + 1 halves."""
    step = Fraction(1, 10**places)
    shown = [show_rounded(part, places, "en") for part in parts]
    total = round_half_up(sum(parts, Fraction(0)), step)
    row = recompute_row("x", shown, show_rounded(total, places, "en"), places=(places,) * (len(parts) + 1), mark=".")
    assert row.verdict is not Verdict.WRONG
    assert row.bound == (len(parts) + 1) * half_unit(places)


@given(st.integers(1, 12), st.integers(0, 4))
def test_the_bound_is_reached_and_one_step_more_is_wrong(count: int, places: int) -> None:
    bound = (count + 1) * half_unit(places)
    step = Fraction(1, 10**places)
    most = bound // step * step
    zeros = ["0." + "0" * places if places else "0"] * count
    for gap, verdict in ((most, Verdict.WITHIN_ROUNDING), (most + step, Verdict.WRONG)):
        total = show_rounded(gap, places, "en")
        assert recompute_row("x", zeros, total, mark=".").verdict is (verdict if gap else Verdict.EXACT)


def test_decimals_as_printed_and_as_needed() -> None:
    assert [places_of(text) for text in ("1", "1.50", "1,5 %", " 2,125 ", "-0.1")] == [0, 2, 1, 3, 1]
    assert [decimals_of(Fraction(text)) for text in ("1", "1.50", "1/3", "-0.125")] == [0, 1, None, 3]


def test_a_mean_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        recompute_mean("", [], "1")


TABLE = "# ghi chú\nBẢNG\nHạng;Đơn vị;Phần A;Phần B;Tổng điểm\n1;Xã A;1,50;2,25;3,75\n2;Xã B;1,5;2;3,6\n# hết\n;;;;\n"


def test_headings_anywhere_decimal_commas_and_remarks(tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    file.write_text(TABLE, "utf-8")
    rows = read_printed(file)
    assert [(row.name, row.verdict) for row in rows] == [("Xã A", Verdict.EXACT), ("Xã B", Verdict.WRONG)]


def test_three_decimals_are_read_by_the_mark_of_the_table(tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    file.write_text("x;a;b;total\nXã A;1.125;2.50;3.625\n", "utf-8")
    assert [row.verdict for row in read_printed(file)] == [Verdict.EXACT]
    file.write_text("x;a;total\nXã A;1.125;1.125\n", "utf-8")
    with pytest.raises(cchc.BadSubmission, match="hai cách đọc"):
        read_printed(file, ["total = a"])


@pytest.mark.parametrize(
    ("text", "sums", "said"),
    [
        ("a,b\n1,2\n", (), "không thấy cột tổng điểm"),
        ("total\n1\n", (), "không thấy cột tổng điểm"),
        ("x,total\nmột,1\n", (), "không thấy cột tổng điểm"),
        ("a,total\n1,1\n", ("total = a + c",), "không có cột «c»"),
        ("a,total\n1,1\n", ("tong = a",), "không có cột «tong»"),
        ("a,total\n1,x\n", ("total = a",), "«x» không phải là số"),
        ("a,total\n,1\n", ("total = a",), "không phải là số"),
        ("", (), "không thấy cột tổng điểm"),
        ('a,total\n"1,1\n', (), "dấu ngoặc kép"),
        ("x,a,b,total\nA,1,1,2\nB,1,,2\n", (), "«» không phải là số"),
    ],
)
def test_tables_that_cannot_be_added_up_are_bad_input(
    text: str, sums: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "bang.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(cchc.BadSubmission, match=said):
        read_printed(file, sums)
