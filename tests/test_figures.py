"""How figures are read: every type as people write it, every mistake refused with figure, value and expected form."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.errors import Fault, Path
from cchc_index.facts import Period, Submission
from cchc_index.figures import Figures, MissingFigure, read_date, read_figures
from cchc_index.measures import DayOfYear, Fact, FactType
from cchc_index.testing.pool.measures import FACTS, PERIOD
from cchc_index.testing.pool.units import given_by
from cchc_index.testing.strategies import figures

BY_NAME = {fact.name: fact for fact in FACTS}
COUNT = "cần số nguyên không âm, như 12"
AMOUNT = "cần một số, như 12,5"
PERCENT = "cần tỷ lệ phần trăm, như 86,5%"
DATE = "cần ngày có thật, như 30/11/2023"
YES_NO = "cần có hoặc không"


def read(**raw: Any) -> dict[str, Any]:
    return read_unit(Submission("Xã A", raw))


def read_unit(unit: Submission, *facts: Fact) -> dict[str, Any]:
    found = read_figures({fact.name: fact for fact in facts} or BY_NAME, unit)
    return {name: value for name, value in found.items() if name != "h"}


def refused(**raw: Any) -> str:
    """What is said of the one figure that is wrong."""
    with pytest.raises(cchc.BadSubmission) as caught:
        read(**raw)
    title, line = str(caught.value).split("\n")
    assert title == "Bản khai không hợp lệ:"
    assert "expected" in caught.value.report("en") or "khong" not in line
    return line.removeprefix("- so_lieu.")


# -- what is read -----------------------------------------------------------------------------------------------------


@given(figures())
def test_exact_figures_are_read_as_they_are(raw: dict[str, Any]) -> None:
    found = read_figures(BY_NAME, Submission("Xã A", raw))
    expected = dict(given_by(Submission("Xã A", raw)))
    records = [dict(record) for record in found["r"]]
    assert {**found, "r": records} == expected
    for record in found["r"]:
        assert record["a"] == raw["a"]
        assert record.has("a")
        assert not record.has("zz")
        with pytest.raises(MissingFigure):
            record["zz"]


@pytest.mark.parametrize(
    ("name", "given_", "expected"),
    [
        ("a", "12", 12),
        ("a", "012", 12),
        ("a", 12, 12),
        ("a", Fraction(12), 12),
        ("a", Decimal("12.0"), 12),
        ("a", "12,0", 12),
        ("m", "12,5", Fraction(25, 2)),
        ("m", Decimal("12.5"), Fraction(25, 2)),
        ("m", 3, 3),
        ("n", "-3", -3),
        ("n", -3, -3),
        ("p", "86,5%", Fraction(173, 200)),
        ("p", "86.5 %", Fraction(173, 200)),
        ("p", Fraction(1, 3), Fraction(1, 3)),
        ("p", "120%", Fraction(6, 5)),
        ("d", "30/11/2023", datetime.date(2023, 11, 30).toordinal()),
        ("d", "1/2/2024", datetime.date(2024, 2, 1).toordinal()),
        ("d", "2024-02-29", datetime.date(2024, 2, 29).toordinal()),
        ("d", datetime.date(2024, 2, 29), datetime.date(2024, 2, 29).toordinal()),
        ("u", True, "co"),
        ("u", False, "khong"),
        ("u", "Có", "co"),
        ("u", "co\u0301", "co"),
        ("u", " KHÔNG ", "khong"),
        ("u", "yes", "co"),
        ("u", "no", "khong"),
        ("k", "k2", "k2"),
        ("k", "loại HAI", "k2"),
        ("g", "1,5", Fraction(3, 2)),
        ("g", -1, -1),
    ],
)
def test_figures_as_people_write_them(name: str, given_: object, expected: object) -> None:
    found = read(**{name: given_})
    assert found == {name: expected}
    assert type(found[name]) is type(expected)


def test_the_mark_of_a_file_settles_its_numbers() -> None:
    unit = Submission("Xã A", {"m": "15.051", "p": "1.234,5%"}, mark=",")
    assert read_unit(unit) == {"m": 15051, "p": Fraction("12.345")}
    assert read_unit(evolve(unit, figures={"m": "15.051"}, mark=".")) == {"m": Fraction("15.051")}
    assert refused(m="15.051") == f"m: «15.051» có hai cách đọc: 15051 hoặc 15,051 ({AMOUNT})"


def test_surveys_and_records() -> None:
    found = read(s={"A": 3, "C": "2"}, r=[{"x": "1", "z": "có"}, {}])
    assert (found["s.A"], found["s.C"]) == (3, 2)
    assert "s.B" not in found
    assert [dict(record) for record in found["r"]] == [{"x": 1, "z": "co"}, {}]


def test_labels_are_text_as_they_stand() -> None:
    fact = Fact("ma", "mã hồ sơ", FactType.LABEL)
    assert read_unit(Submission("Xã A", {"ma": "01.10"}), fact) == {"ma": "01.10"}
    with pytest.raises(cchc.BadSubmission, match=r"so_lieu\.ma: «7»: cần một mã"):
        read_unit(Submission("Xã A", {"ma": 7}), fact)


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given_", "said"),
    [
        ("a", -1, f"-1 là số âm ({COUNT})"),
        ("a", "-1", f"-1 là số âm ({COUNT})"),
        ("m", "-0,5", f"-0,5 là số âm ({AMOUNT})"),
        ("p", "-5%", f"-5% là số âm ({PERCENT})"),
        ("p", Fraction(-1, 20), f"-5% là số âm ({PERCENT})"),
        ("a", "1,5", f"«1,5»: {COUNT}"),
        ("a", Fraction(1, 3), f"«1/3»: {COUNT}"),
        ("a", Decimal("1.5"), f"«1.5»: {COUNT}"),
        ("a", "5%", f"«5%»: {COUNT}"),
        ("m", "5%", f"«5%»: {AMOUNT}"),
        ("g", "5%", "«5%»: cần số điểm, như 1,5"),
        ("a", 1.0, f'1.0 là số thực nhị phân, không chính xác; viết "1.0" hoặc Decimal("1.0") ({COUNT})'),
        ("m", float("nan"), f'nan là số thực nhị phân, không chính xác; viết "nan" hoặc Decimal("nan") ({AMOUNT})'),
        ("m", float("inf"), f'inf là số thực nhị phân, không chính xác; viết "inf" hoặc Decimal("inf") ({AMOUNT})'),
        ("p", 0.5, f'0.5 là số thực nhị phân, không chính xác; viết "0.5" hoặc Decimal("0.5") ({PERCENT})'),
        ("a", True, f"«True» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({COUNT})"),
        ("p", True, f"«True» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({PERCENT})"),
        ("a", None, f"«None» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({COUNT})"),
        ("a", "NaN", f"«NaN» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({COUNT})"),
        ("m", "Infinity", f"«Infinity» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({AMOUNT})"),
        ("m", Decimal("NaN"), f"«NaN» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({AMOUNT})"),
        ("a", "", f"«» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({COUNT})"),
        ("a", "mười", f"«mười» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5% ({COUNT})"),
        ("p", "86,5", "«86,5» thiếu dấu % (ý bạn là «86,5%»?)"),
        ("p", 86, f'«86»: {PERCENT} (ý bạn là "86%"?)'),
        ("p", Decimal("86.5"), f'«86.5»: {PERCENT} (ý bạn là "86,5%"?)'),
        ("d", "31/11/2023", f"«31/11/2023»: {DATE}"),
        ("d", "2023-13-01", f"«2023-13-01»: {DATE}"),
        ("d", "hôm qua", f"«hôm qua»: {DATE}"),
        ("d", 20231130, f"«20231130»: {DATE}"),
        ("d", datetime.datetime(2023, 11, 30, tzinfo=datetime.UTC), f"«datetime»: {DATE}"),
        ("u", "đúng", f"«đúng»: {YES_NO}"),
        ("u", 1, f"«1»: {YES_NO}"),
        ("u", None, f"«NoneType»: {YES_NO}"),
        ("k", "k4", "«k4»: cần một trong: k1, k2, k3"),
        ("k", "kk1", "«kk1»: cần một trong: k1, k2, k3 (ý bạn là «k1»?)"),
        ("k", "xyz", "«xyz»: cần một trong: k1, k2, k3"),
        ("s", 5, "«5»: cần số phiếu của từng phương án: A, B, C"),
        ("r", 5, "«5»: cần danh sách bản ghi"),
        ("r", "x", "«x»: cần danh sách bản ghi"),
        ("h", "01/01/2025", "bộ tiêu chí đã ấn định, đơn vị không khai"),
        ("zz", 1, "bộ tiêu chí không có số liệu này"),
        ("aa", 1, "bộ tiêu chí không có số liệu này (ý bạn là «a»?)"),
        ("k", "x" * 100, "«" + "x" * 60 + "…»: cần một trong: k1, k2, k3"),
    ],
)
def test_what_cannot_be_a_figure_is_refused(name: str, given_: object, said: str) -> None:
    assert refused(**{name: given_}) == f"{name}: {said}"


def test_what_is_refused_inside_surveys_and_records() -> None:
    assert refused(s={"D": 1}) == "s.D: phiếu không có phương án này"
    assert refused(s={"AA": 1}) == "s.AA: phiếu không có phương án này (ý bạn là «A»?)"
    assert refused(s={5: 1}) == "s.5: phiếu không có phương án này"
    assert refused(s={"A": -1}) == f"s: -1 là số âm ({COUNT})"
    assert refused(r=[{"x": 1}, {"x": -1}]) == f"r[2].x: -1 là số âm ({COUNT})"
    assert refused(r=[{"x": 1}, 7]) == "r[2]: «7»: cần danh sách bản ghi"
    assert refused(r=[{"w": 1}]) == "r[1].w: bộ tiêu chí không có số liệu này"


def test_a_part_above_its_whole_is_refused() -> None:
    assert refused(c=6, b=5) == "c: 6 lớn hơn «b» = 5, mà số này là một phần của «b»"
    assert read(c=5, b=5) == {"c": 5, "b": 5}
    assert read(c=5) == {"c": 5}
    assert read(b=5) == {"b": 5}
    inner = (Fact("x", "x", FactType.AMOUNT, part_of="y"), Fact("y", "y", FactType.AMOUNT))
    records = Fact("r", "hồ sơ", FactType.RECORDS, fields=inner)
    with pytest.raises(cchc.BadSubmission) as caught:
        read_unit(Submission("Xã A", {"r": [{"x": "0,5", "y": "0,25"}]}), records)
    assert "so_lieu.r[1].x: 0,5 lớn hơn «y» = 0,25" in str(caught.value)
    assert "0.5 is above «y» = 0.25, of which it is a part" in caught.value.report("en")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"a": -1}, "so_lieu.a: -1 is negative (expected a whole number from 0, such as 12)"),
        ({"p": 5}, 'so_lieu.p: «5»: expected a percent, such as 86.5% (did you mean "5%"?)'),
        ({"p": "5"}, "so_lieu.p: «5» lacks a % sign (did you mean «5%»?)"),
        ({"k": "zzz"}, "so_lieu.k: «zzz»: expected one of: k1, k2, k3"),
        ({"zz": 1}, "so_lieu.zz: the ruleset has no such figure"),
        ({"h": 1}, "so_lieu.h: fixed by the ruleset; not declared by units"),
        ({"u": "?"}, "so_lieu.u: «?»: expected có (yes) or không (no)"),
        ({"d": "?"}, "so_lieu.d: «?»: expected a real date, such as 30/11/2023"),
        ({"r": 1}, "so_lieu.r: «1»: expected a list of records"),
        ({"s": 1}, "so_lieu.s: «1»: expected a count for each option: A, B, C"),
        ({"s": {"zzzz": 1}}, "so_lieu.s.zzzz: the survey has no such option"),
    ],
)
def test_refusals_in_english(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(cchc.BadSubmission) as caught:
        read(**raw)
    assert caught.value.report("en") == f"The submission is not valid:\n- {said}"


def test_every_fault_is_told_at_once_with_its_place() -> None:
    places: dict[Path, str] = {("so_lieu",): "xa.yaml:3", ("so_lieu", "m"): "xa.yaml:5"}
    unit = Submission("Xã A", {"a": -1, "m": "x", "b": 1, "c": 2, "zz": 0}, places=places)
    with pytest.raises(cchc.BadSubmission) as caught:
        read_unit(unit)
    assert [(fault.path, fault.place) for fault in caught.value.faults] == [
        (("so_lieu", "a"), "xa.yaml:3"),
        (("so_lieu", "m"), "xa.yaml:5"),
        (("so_lieu", "zz"), "xa.yaml:3"),
        (("so_lieu", "c"), "xa.yaml:3"),
    ]


@given(
    st.dictionaries(
        st.sampled_from(sorted(BY_NAME)), st.none() | st.floats() | st.text() | st.binary() | st.lists(st.none())
    )
)
def test_whatever_is_handed_in_is_read_or_refused(raw: dict[str, Any]) -> None:
    found: dict[str, Any] = {}
    wrong: list[Fault] = []
    try:
        found = read_figures(BY_NAME, Submission("Xã A", raw))
    except cchc.BadSubmission as error:
        wrong = list(error.faults)
    assert bool(found) != bool(wrong)
    assert {fault.path[0] for fault in wrong} <= {"so_lieu"}
    assert not any(isinstance(value, float) for value in found.values())


def test_names_that_are_no_text_are_refused_like_any_unknown_name() -> None:
    with pytest.raises(cchc.BadSubmission, match="bộ tiêu chí không có số liệu này"):
        read_figures(BY_NAME, Submission("Xã A", {1: 2}))  # type: ignore[dict-item]


def test_a_figure_too_long_to_print_is_refused_and_not_a_crash() -> None:
    for raw in ({"a": -(10**5000)}, {"c": 10**5000, "b": 1}):
        with pytest.raises(cchc.BadSubmission):
            read(**raw)


def test_a_thousand_unknown_figures_are_told_without_a_guess_for_each() -> None:
    with pytest.raises(cchc.BadSubmission) as caught:
        read(**{f"aa{number}": 1 for number in range(300)})
    assert len(caught.value.faults) == 300
    assert sum(fault.hint is not None for fault in caught.value.faults) <= 100
    assert str(caught.value).endswith("- và còn 200 lỗi nữa")


# -- dates ------------------------------------------------------------------------------------------------------------


@given(st.dates())
def test_dates_read_as_written(day: datetime.date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year:04}") == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "1/1/23", "2024/01/01", "00/01/2024", "29/02/2023", "٣/1/2024", "2024-1-1", "1-1-2024"]
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


def test_days_fixed_by_the_ruleset() -> None:
    fixed = Fact("h", "hạn", FactType.DATE, given=datetime.date(2025, 6, 1))
    yearly = Fact("y", "hạn", FactType.DATE, given=DayOfYear(30, 11))
    unit = Submission("Xã A", {}, period=PERIOD)
    found = read_figures({"h": fixed, "y": yearly}, unit)
    assert found == {
        "h": datetime.date(2025, 6, 1).toordinal(),
        "y": datetime.date(2025, 11, 30).toordinal(),
    }
    assert dict(read_figures({"h": fixed, "y": yearly}, evolve(unit, period=None))) == {"h": found["h"]}


def test_a_yearly_day_that_a_year_does_not_have() -> None:
    leap = Fact("y", "hạn nộp", FactType.DATE, given=DayOfYear(29, 2))
    ends = datetime.date(2024, 12, 31)
    assert read_figures({"y": leap}, Submission("Xã A", {}, period=Period(ends, ends))) == {
        "y": datetime.date(2024, 2, 29).toordinal()
    }
    unit = Submission("Xã A", {}, period=PERIOD, places={("ky",): "xa.yaml:2"})
    with pytest.raises(cchc.BadSubmission) as caught:
        read_figures({"y": leap}, unit)
    assert str(caught.value).endswith("- xa.yaml:2: ky: năm 2025 không có ngày 29/02 (hạn nộp)")
    assert "2025 has no 29/02 (hạn nộp)" in caught.value.report("en")


# -- figures as a value -----------------------------------------------------------------------------------------------


def test_a_record_falls_back_on_its_unit() -> None:
    unit = Figures({"a": 1})
    record = Figures({"x": 2}, unit)
    assert (record["x"], record["a"], record.has("a"), record.has("z")) == (2, 1, True, False)
    with pytest.raises(MissingFigure):
        unit["x"]


# -- words of messages, and limits -------------------------------------------------------------------------------------


def english(**raw: Any) -> str:
    with pytest.raises(cchc.BadSubmission) as caught:
        read(**raw)
    return caught.value.report("en")


def test_english_messages_write_numbers_the_english_way() -> None:
    assert "-0.5 is negative" in english(m="-0,5")
    assert "-12.5% is negative" in english(p="-12,5%")
    facts = (Fact("part", "phần", FactType.AMOUNT, part_of="whole"), Fact("whole", "tổng", FactType.AMOUNT))
    with pytest.raises(cchc.BadSubmission) as caught:
        read_unit(Submission("Xã A", {"part": "2,5", "whole": "1,5"}), *facts)
    assert "2.5 is above «whole» = 1.5" in caught.value.report("en")


def test_a_count_reads_with_the_decimal_mark_of_its_file() -> None:
    assert read_unit(Submission("Xã A", {"a": "15.051"}, mark=","))["a"] == 15051


def test_a_day_fixed_by_the_ruleset_keeps_its_year() -> None:
    fixed = Fact("han", "hạn", FactType.DATE, given=datetime.date(2024, 11, 30))
    found = read_figures({"han": fixed}, Submission("Xã A", {}, period=PERIOD))
    assert found == {"han": datetime.date(2024, 11, 30).toordinal()}


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(MissingFigure) as caught:
        _ = Figures({})["so_ho"]
    assert caught.value.args == ("so_ho",)


def test_after_a_hundred_faults_no_likely_slips_are_sought() -> None:
    """Looking for them is slow, and nobody reads them."""
    with pytest.raises(cchc.BadSubmission) as caught:
        read_unit(Submission("Xã A", {f"so_ho_{n}": 1 for n in range(150)}), Fact("so_ho", "số hộ"))
    assert [fault.hint is not None for fault in caught.value.faults] == [True] * 100 + [False] * 50
