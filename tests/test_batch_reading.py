"""What frames hold and how it is read: each kind of column, and one broken frame or value for each mistake."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.batch.blocks import RowStatus
from cchc_index.batch.frames import FrameScores, score_frame
from cchc_index.batch.values import decimals, filled, looked_up
from cchc_index.measures import DayOfYear, Fact, FactType, Interval, Linear, figure
from cchc_index.rules import Average, Awarded, Option, Piece, Piecewise, Sum, Table, Term
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.pool.rulesets import with_rule

DONG_NAI = cchc.load("dong-nai/cap-xa/2022")
GOOD: dict[str, list[Any]] = {
    "don_vi": ["Xã A", "Xã B"],
    "da_xong": [19, 8],
    "de_ra": [20, 10],
    "bang_dien_tu": [True, True],
    "mang_xa_hoi": [True, False],
    "truyen_thong": [True, True],
}


def scored(**changed: Any) -> FrameScores:
    return score_frame(DONG_NAI, pa.table(GOOD | changed))


def points(scores: FrameScores) -> list[int]:
    return [int(value) for value in np.broadcast_to(scores.arrays["points"], len(scores.status))]


def summed(*names: str, kind: FactType, **more: Any) -> Any:
    """A ruleset that adds up some figures of one type."""
    facts = tuple(Fact(name, name, kind, **more) for name in names)
    line = (Piece(Interval(), Fraction(0), Fraction(1)),)
    terms = tuple(Term(Piecewise(figure(name), line)) for name in names)
    return with_rule(Sum(terms), Fraction(10**6), facts=facts)


@pytest.mark.parametrize(
    "numbers",
    [
        pa.array([19, 8], pa.int8()),
        pa.array([19, 8], pa.uint64()),
        pa.array([19.0, 8.0]),
        pa.array([Decimal("19.00"), Decimal("8.00")]),
        pa.array([Decimal(19), Decimal(8)], pa.decimal256(50, 2)),
        pa.array(["19", "8"]),
        pa.array(["19", "8"]).dictionary_encode(),
        pa.chunked_array([[19], [8]]),
    ],
)
def test_counts_are_read_from_every_kind_of_column(numbers: Any) -> None:
    assert points(scored(da_xong=numbers)) == [195, 75]


@pytest.mark.parametrize("words", [["có", "Không"], ["co", "khong"], ["YES", "no"]])
def test_yes_and_no_are_read_as_people_write_them(words: list[str]) -> None:
    assert points(scored(mang_xa_hoi=words)) == points(scored())


@pytest.mark.parametrize(
    "days",
    [
        pa.array([datetime.date(2025, 1, 5), datetime.date(2025, 2, 1)]),
        pa.array([datetime.date(2025, 1, 5), datetime.date(2025, 2, 1)]).cast(pa.timestamp("ns")),
        pa.array(["05/01/2025", "2025-02-01"]),
    ],
)
def test_days_are_read_from_dates_timestamps_and_text(days: Any) -> None:
    since = Linear((("d", 1),), -datetime.date(2025, 1, 1).toordinal())
    line = Piecewise(since, (Piece(Interval(), Fraction(0), Fraction(1)),))
    rules = with_rule(line, Fraction(10**6), facts=(Fact("d", "ngày", FactType.DATE),))
    assert points(score_frame(rules, pa.table({"d": days}))) == [400, 3100]


def test_amounts_are_exact_whatever_their_scale() -> None:
    rules = summed("m", "n", kind=FactType.AMOUNT)
    frame = {"m": [Decimal("0.1"), Decimal("0.005")], "n": ["0,2", "1/3"]}
    found = score_frame(rules, pa.table(frame), keep="all", mark=",")
    assert found.exact("1", 0) == Fraction(3, 10)
    assert [problem.status for problem in found.problems] == [RowStatus.INVALID]


def test_text_finer_than_four_decimals_is_scored_exactly_all_the_same() -> None:
    found = score_frame(summed("m", kind=FactType.AMOUNT), pa.table({"m": ["0,123456", "0,5"]}), keep="all")
    assert [found.exact("1", row) for row in (0, 1)] == [Fraction("0.123456"), Fraction(1, 2)]


@pytest.mark.parametrize(("percents", "given"), [("share", Decimal("0.5")), ("percent", Decimal(50)), ("percent", 50)])
def test_percents_are_read_as_the_caller_says(percents: Any, given: Any) -> None:
    rules = summed("p", kind=FactType.PERCENT)
    assert points(score_frame(rules, pa.table({"p": [given]}), percents=percents)) == [50]
    assert points(score_frame(rules, pa.table({"p": ["50%"]}))) == [50]


def test_awarded_points_out_of_bounds_are_told_by_the_exact_engine() -> None:
    rules = with_rule(Awarded("g", high=Fraction(2), step=Fraction(1, 4)), facts=(Fact("g", "g", FactType.POINTS),))
    frame = pa.table({"g": [Decimal("1.25"), Decimal("2.50"), Decimal("1.30")]})
    found = score_frame(rules, frame)
    assert found.arrays["points"][0] == 125
    assert [problem.said() for problem in found.problems] == [
        "so_lieu.g: 2,5 vượt điểm tối đa 2",
        "so_lieu.g: 1,3 không theo bước điểm 0,25",
    ]


# -- what is wrong with a row -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"da_xong": [19, None]}, RowStatus.MISSING, "da_xong: chưa khai"),
        ({"da_xong": [19.0, float("nan")]}, RowStatus.INVALID, "da_xong"),
        ({"da_xong": [19, -1]}, RowStatus.INVALID, "-1 là số âm"),
        ({"da_xong": [19, 11]}, RowStatus.INVALID, "11 lớn hơn «de_ra» = 10"),
        ({"da_xong": [19.0, 7.5]}, RowStatus.INVALID, "7.5"),
        ({"da_xong": ["19", "tám"]}, RowStatus.INVALID, "tám"),
        ({"mang_xa_hoi": ["có", "có lẽ"]}, RowStatus.INVALID, "có lẽ"),
        ({"mang_xa_hoi": [1, 0]}, RowStatus.INVALID, "mang_xa_hoi"),
        ({"de_ra": [20, 0], "da_xong": [19, 0]}, RowStatus.UNDEFINED, "mẫu số bằng 0"),
        ({"da_xong": [True, False]}, RowStatus.INVALID, "da_xong"),
        ({"da_xong": pa.array([2**63, 1], pa.uint64())}, RowStatus.INVALID, "9223372036854775808"),
        ({"khong_danh_gia": [None, "4.1"]}, RowStatus.INVALID, "4.1"),
    ],
)
def test_a_row_that_cannot_be_scored_is_listed_with_its_reason(changed: Any, status: RowStatus, words: str) -> None:
    found = scored(**changed)
    problem = found.problems[-1]
    assert problem.status is status
    assert words in problem.said()
    assert found.table["tinh_trang"].to_pylist()[problem.row] == status.value
    assert found.table["diem"].to_pylist()[problem.row] is None
    assert words in found.table["ly_do"].to_pylist()[problem.row]


def test_a_row_that_lacks_figures_has_the_least_and_the_most_it_may_get() -> None:
    missing = pa.table(GOOD | {"da_xong": [19, None]})
    assert score_frame(DONG_NAI, missing, bounds=False).table["it_nhat"].to_pylist() == [Decimal("1.95"), None]
    table = score_frame(DONG_NAI, missing).table
    assert table["it_nhat"].to_pylist() == [Decimal("1.95"), Decimal("0.75")]
    assert table["nhieu_nhat"].to_pylist() == [Decimal("1.95"), Decimal("1.75")]


def test_a_day_fixed_by_the_ruleset_needs_the_period() -> None:
    due = Fact("h", "hạn", FactType.DATE, given=DayOfYear(30, 11))
    late = Linear((("d", 1), ("h", -1)))
    line = Piecewise(late, (Piece(Interval(), Fraction(5), Fraction(-1)),))
    rules = with_rule(line, Fraction(10**6), facts=(due, Fact("d", "ngày", FactType.DATE)))
    frame = pa.table({"d": [datetime.date(2025, 12, 2)]})
    assert points(score_frame(rules, frame, period=PERIOD)) == [300]
    assert "chưa khai kỳ đánh giá" in score_frame(rules, frame).problems[0].said()


# -- what is wrong with a frame ---------------------------------------------------------------------------------------


def test_a_frame_without_a_column_is_refused_with_the_likely_slip() -> None:
    frame = {("da_song" if name == "da_xong" else name): values for name, values in GOOD.items() if name != "de_ra"}
    with pytest.raises(cchc.BadSubmission) as caught:
        score_frame(DONG_NAI, pa.table(frame))
    report = caught.value.report()
    assert "da_xong: bảng không có cột này (số mục tiêu đã hoàn thành) (ý bạn là «da_song»?)" in report
    assert "de_ra: bảng không có cột này" in report
    assert "the frame has no such column" in caught.value.report("en")


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (FactType.AMOUNT, [0.1], "số thực nhị phân"),
        (FactType.PERCENT, [50], 'percents="share"'),
        (FactType.PERCENT, [Decimal("0.5")], 'percents="percent"'),
    ],
)
def test_a_column_that_cannot_be_read_is_refused(kind: FactType, values: list[Any], words: str) -> None:
    with pytest.raises(cchc.BadSubmission, match=words):
        score_frame(summed("x", kind=kind), pa.table({"x": values}))


def test_records_that_are_no_list_are_refused() -> None:
    rules = cchc.load("mau/cap-xa/1")
    frame = pa.table({"ho_so": [1]})
    with pytest.raises(cchc.BadSubmission) as caught:
        score_frame(rules, frame)
    assert any("cần danh sách bản ghi" in fault.said() for fault in caught.value.faults)


def test_the_result_is_a_frame_of_the_kind_that_was_given() -> None:
    for made in (pl.DataFrame(GOOD), pd.DataFrame(GOOD), pa.table(GOOD)):
        found = score_frame(DONG_NAI, made).frame
        assert type(found) is type(made)
        assert (
            list(found["don_vi"] if not isinstance(found, pa.Table) else found["don_vi"].to_pylist()) == GOOD["don_vi"]
        )


def test_progress_is_told_row_by_row_of_blocks() -> None:
    told: list[int] = []
    score_frame(DONG_NAI, pa.table(GOOD), done=told.append)
    assert sum(told) == 2


def test_a_record_without_a_figure_is_missing_it_even_where_its_points_would_be_the_same() -> None:
    inner = Table("z", (Option("co", Fraction(1)), Option("khong", Fraction(1))))
    fields = (Fact("z", "cột z", FactType.YES_NO),)
    rules = with_rule(Average("r", inner), facts=(Fact("r", "hồ sơ", FactType.RECORDS, fields=fields),))
    found = score_frame(rules, pa.table({"r": [[{"z": True}], [{"z": None}], [], None]}))
    assert [problem.status for problem in found.problems] == [
        RowStatus.MISSING,
        RowStatus.UNDEFINED,
        RowStatus.MISSING,
    ]
    assert found.arrays["points"][0] == 100


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | st.booleans(), max_size=40), st.data())
def test_yes_and_no_are_unpacked_from_any_part_of_a_column(values: list[bool | None], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    part = pa.array(values, pa.bool_()).slice(start, data.draw(st.integers(0, len(values))))
    assert filled(part, missing=False).tolist() == [bool(value) for value in part.to_pylist()]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.none() | st.integers(-(10**17), 10**17) | st.integers(-(10**30), 10**30), max_size=12),
    st.sampled_from((FactType.COUNT, FactType.AMOUNT)),
    st.integers(0, 12),
)
def test_decimals_of_any_size_are_read_or_told(digits: list[int | None], kind: FactType, start: int) -> None:
    """What is not a whole number, for a count, or needs more than 64 bits is for the exact engine."""
    precision = 38 if any(abs(one or 0) >= 10**18 for one in digits) else 18
    column = [None if one is None else Decimal(one).scaleb(-2) for one in digits]
    array = pa.array(column, pa.decimal128(precision, 2)).slice(start)
    values, wrong = decimals(Fact("a", "a", kind), array)
    scale = 100 if kind is FactType.COUNT else 1
    for number, one in enumerate(digits[start:]):
        is_wrong = one is not None and (one % scale != 0 or not -(2**63) <= one < 2**63)
        assert (wrong is not None and wrong[number]) == is_wrong
        assert values[number] == (0 if is_wrong or one is None else one // scale)


def test_a_table_of_categories_is_looked_up() -> None:
    codes = np.array([2, 0, 1], np.uint8)
    assert looked_up(np.array([0, 1, 2]), codes) is codes
    assert looked_up(np.array([5, 0, 7]), codes).tolist() == [7, 5, 0]
    assert looked_up(np.array([False, True, True]), codes).tolist() == [True, False, True]
