"""Which ruleset is in force for a place, a level and a day: dates decide, one answer or an error that helps."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import NATION, Application, Instrument, Level, Ruleset, Scope
from cchc_index.finding import Asked, Tenure, in_force, is_at, last_day
from cchc_index.sources import NOT_STATED, Citation, Quote

D = datetime.date
START, END = D(2024, 1, 1), D(2024, 12, 31)
TENURES = {Level.DISTRICT: Tenure(D(2025, 6, 30), Quote("hết cấp huyện", Citation("NQ", "Điều 1")))}


def _set(name: str, *, place: Any = "Đồng Nai", levels: Sequence[Level] = (Level.COMMUNE,), **where: Any) -> Ruleset:
    application = Application(tuple(levels), place=place, **where)
    identifier, _, version = name.rpartition("/")
    return Ruleset(identifier, version, name, Scope.SAMPLE, application, (), (), NOT_STATED)


def _found(sets: Iterable[Ruleset], on: D, place: str = "Xuân Lộc, Đồng Nai", level: Level = Level.COMMUNE) -> str:
    return in_force(sets, Asked(place, level, on), TENURES).full_id


def _report(sets: Iterable[Ruleset], on: D, lang: Any = "vi", **asked: Any) -> str:
    with pytest.raises(cchc.UnknownRuleset) as caught:
        _found(sets, on, **asked)
    (fault,) = caught.value.faults
    return fault.said(lang)


# ---- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "there"),
    [(D(2023, 12, 31), False), (START, True), (D(2024, 7, 1), True), (END, True), (D(2025, 1, 1), False)],
)
def test_both_ends_are_inside(on: D, there: bool) -> None:
    sets = [_set("a/1", since=START, until=END)]
    if there:
        assert _found(sets, on) == "a/1"
    else:
        assert "gần nhất: a/1 (từ 01/01/2024 đến 31/12/2024)" in _report(sets, on)
        assert "near: a/1 (from 01/01/2024 to 31/12/2024); give the id" in _report(sets, on, "en")


def test_without_an_end_a_version_goes_on() -> None:
    sets = [_set("a/1", since=START)]
    assert _found(sets, D(2999, 12, 31)) == "a/1"
    assert "gần nhất: a/1 (từ 01/01/2024)" in _report(sets, D(2023, 1, 1))


def test_a_set_whose_dates_are_not_stated_is_listed_and_never_found() -> None:
    sets = [_set("a/1"), _set("a/2", until=END)]
    report = _report(sets, D(2024, 6, 1))
    assert "a/1 (văn bản không nói từ ngày nào), a/2 (văn bản không nói từ ngày nào)" in report
    assert "its decision does not say from which day" in _report(sets, START, "en")


def test_a_version_ends_the_day_before_one_that_replaces_it() -> None:
    sets = [_set("a/1", since=START), _set("a/2", since=D(2025, 7, 1), replaces=("a/1",))]
    assert _found(sets, D(2025, 6, 30)) == "a/1"
    assert _found(sets, D(2025, 7, 1)) == "a/2"


def test_a_stated_end_after_the_replacement_does_not_hold() -> None:
    """What was replaced is so, though the earlier decision meant to go on: its published version is not edited."""
    sets = [_set("a/1", since=START, until=D(2030, 1, 1)), _set("a/2", since=D(2025, 7, 1), replaces=("a/1",))]
    assert _found(sets, D(2025, 7, 1)) == "a/2"


def test_a_stated_end_before_the_replacement_leaves_a_gap() -> None:
    sets = [_set("a/1", since=START, until=END), _set("a/2", since=D(2025, 7, 1), replaces=("a/1",))]
    report = _report(sets, D(2025, 3, 1))
    assert "a/1 (từ 01/01/2024 đến 31/12/2024), a/2 (từ 01/07/2025)" in report


def test_the_first_of_several_replacements_counts() -> None:
    later = [_set(f"a/{year}", since=D(year, 1, 1), replaces=("a/1",)) for year in (2026, 2025)]
    sets = [_set("a/1", since=START), *later]
    assert last_day(sets[0], sets) == D(2024, 12, 31)
    assert "a/2025, a/2026" in _report(sets, D(2026, 1, 1))


def test_a_replacement_without_a_date_ends_nothing() -> None:
    sets = [_set("a/1", since=START), _set("a/2", replaces=("a/1",))]
    assert _found(sets, D(2030, 1, 1)) == "a/1"


def test_a_replacement_from_the_first_day_of_all() -> None:
    sets = [_set("a/1", since=START), _set("a/2", since=D.min, replaces=("a/1",))]
    assert last_day(sets[0], sets) == D.min
    assert _found(sets, START) == "a/2"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"place": "Xuân Lộc, Đồng Nai"}, "a/2"),
        ({"place": "Long Thành, Đồng Nai"}, "a/1"),
        ({"levels": (Level.OFFICE,)}, "a/1"),
        ({"instrument": Instrument.SATISFACTION}, "a/1"),
    ],
)
def test_a_version_is_replaced_only_where_and_for_whom_the_other_applies(where: dict[str, Any], found: str) -> None:
    sets = [_set("a/1", since=START), _set("a/2", since=D(2025, 1, 1), replaces=("a/1",), **where)]
    assert _found(sets, D(2025, 1, 1)) == found


def test_a_replacement_whose_place_is_not_stated_ends_what_it_replaces() -> None:
    """Then neither is found: that the earlier one still holds here would be a guess."""
    sets = [_set("a/1", since=START), _set("a/2", place=NOT_STATED, since=D(2025, 1, 1), replaces=("a/1",))]
    assert "gần nhất: a/1 (từ 01/01/2024 đến 31/12/2024)" in _report(sets, D(2025, 1, 1))


# ---- one answer ------------------------------------------------------------------------------------------------------


def test_two_in_force_are_an_error_that_names_both() -> None:
    sets = [_set("b/1", since=START, place=NATION), _set("a/1", since=START)]
    report = _report(sets, START)
    assert "cchc, xã, Xuân Lộc, Đồng Nai, 01/01/2024: cùng có hiệu lực a/1, b/1" in report
    assert "nêu mã; hoặc ghi ngày hết hiệu lực, hay «thay_the»" in report
    english = _report(sets, START, "en")
    assert "in force at the same time are a/1, b/1" in english
    assert "give the id; or state when one ends, or «thay_the»" in english


def test_instruments_stand_side_by_side() -> None:
    sets = [_set("a/1", since=START), _set("s/1", since=START, instrument=Instrument.SATISFACTION)]
    assert _found(sets, START) == "a/1"
    asked = Asked("Đồng Nai", Level.COMMUNE, START, Instrument.SATISFACTION)
    assert in_force(sets, asked, {}).full_id == "s/1"


def test_none_at_all_says_the_likely_place() -> None:
    sets = [
        _set("a/1", since=START),
        _set("n/1", place=NATION, levels=(Level.PROVINCE,)),
        _set("k/1", place=NOT_STATED),
    ]
    report = _report(sets, START, place="Đông Nai")
    assert report == ("cchc, xã, Đông Nai, 01/01/2024: không có bộ tiêu chí nào có hiệu lực (ý bạn là «Đồng Nai»?)")
    assert _report([], START, "en").endswith("no ruleset is in force")


# ---- levels ----------------------------------------------------------------------------------------------------------


def test_a_level_that_is_no_more_is_told_with_the_words_that_ended_it() -> None:
    sets = [_set("a/1", since=START, levels=(Level.DISTRICT,))]
    assert _found(sets, D(2025, 6, 30), level=Level.DISTRICT) == "a/1"
    report = _report(sets, D(2025, 7, 1), level=Level.DISTRICT)
    assert report == "cấp huyện chỉ có đến 30/06/2025: «hết cấp huyện» [NQ, Điều 1]"
    english = _report(sets, D(2025, 7, 1), "en", level=Level.DISTRICT)
    assert english.startswith("there has been no level «huyện» since 30/06/2025: «hết cấp huyện»")


def test_the_levels_that_are_no_more_are_data_with_a_quote() -> None:
    with pytest.raises(cchc.UnknownRuleset) as caught:
        cchc.find(place="Xuân Lộc, Đồng Nai", level="huyện", on=D(2025, 7, 1))
    assert "«Trung ương đồng ý kết thúc hoạt động đơn vị hành chính cấp huyện từ ngày 1/7/2025.»" in str(caught.value)
    assert "nhansu.vn" in str(caught.value)
    rules = cchc.find(place="Xuân Lộc, Đồng Nai", level="huyện", on=D(2025, 6, 30), instrument="mot_cua")
    assert rules.full_id == "vpcp/mot-cua/tt-01-2018"


# ---- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "whole", "inside"),
    [
        ("Đồng Nai", "Đồng Nai", True),
        ("Xã A, Xuân Lộc, Đồng Nai", "Xuân Lộc, Đồng Nai", True),
        ("Đồng Nai", "Xuân Lộc, Đồng Nai", False),
        ("Xuân Lộc, Đồng Nai", "Xuân Lộc", False),
        ("Xuân Lộc", "Lộc", False),
        ("đồng  nai ", "Đồng Nai", True),
        ("ĐỒNG NAI,", "đồng nai", True),
        (normalize("NFD", "Đồng Nai"), "Đồng Nai", True),
        ("Hoà Bình", "Hòa Bình", True),
        ("Thuỷ Nguyên", "Thủy Nguyên", True),
        ("Bà Rịa-Vũng Tàu", "Bà Rịa \u2013 Vũng Tàu", True),
        ("Dong Nai", "Đồng Nai", False),
        ("Hà Nam", "Hạ Nam", False),
        ("Hà Nam", "Hà Man", False),
        ("tỉnh Đồng Nai", "Đồng Nai", False),
        ("Huế", NATION, True),
        ("", "Cả Nước", True),
        ("", "Huế", False),
        (NATION, "Huế", False),
    ],
)
def test_a_place_is_inside_another(place: str, whole: str, inside: bool) -> None:
    assert is_at(place, whole) is inside


# ---- what a caller writes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["xã", "Xã", " XÃ ", normalize("NFD", "xã"), Level.COMMUNE])
@pytest.mark.parametrize("instrument", ["mot_cua", "MOT_CUA", Instrument.ONE_STOP])
def test_words_of_the_files_and_values_are_taken(level: str | Level, instrument: str | Instrument) -> None:
    rules = cchc.find(place="Huế", level=level, on=D(2020, 1, 1), instrument=instrument)
    assert rules is cchc.load("vpcp/mot-cua/tt-01-2018")


def test_a_moment_is_taken_as_its_day() -> None:
    on = datetime.datetime(2019, 1, 6, 23, 59)  # noqa: DTZ001
    assert cchc.find(place="Huế", level="xã", on=on, instrument="mot_cua").id == "vpcp/mot-cua"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"level": "huyen"}, ["«huyen» không phải một trong: «bộ», «tỉnh»", "ý bạn là «huyện»"]),
        ({"level": "thôn"}, ["«thôn» không phải một trong"]),
        ({"instrument": "mot-cua"}, ["«mot-cua» không phải một trong: «cchc»", "ý bạn là «mot_cua»"]),
    ],
)
def test_an_unknown_word_names_the_known_ones(asked: Any, words: list[str]) -> None:
    with pytest.raises(cchc.UnknownRuleset) as caught:
        cchc.find(**({"place": "Huế", "level": "xã", "on": START} | asked))
    assert [word for word in words if word not in str(caught.value)] == []
    assert "is not one of" in caught.value.report("en")


def test_there_is_no_default_day() -> None:
    with pytest.raises(TypeError, match="on"):
        cchc.find(place="Huế", level="xã")  # type: ignore[call-arg]


# ---- properties ------------------------------------------------------------------------------------------------------

DAYS = st.dates(D(2023, 12, 28), D(2024, 1, 4))
PLACES = st.sampled_from((NATION, "Đồng Nai", "Xuân Lộc, Đồng Nai", "Huế", NOT_STATED))
LEVELS = st.sampled_from(((Level.COMMUNE,), (Level.COMMUNE, Level.OFFICE), (Level.DISTRICT,)))


@st.composite
def _sets(draw: st.DrawFn) -> list[Ruleset]:
    names = [f"a/{number}" for number in range(draw(st.integers(0, 4)))]
    return [
        _set(
            name,
            place=draw(PLACES),
            levels=draw(LEVELS),
            since=draw(DAYS | st.just(NOT_STATED)),
            until=draw(DAYS | st.just(NOT_STATED)),
            replaces=tuple(draw(st.lists(st.sampled_from(names), max_size=1))),
            instrument=draw(st.sampled_from((Instrument.CCHC, Instrument.SATISFACTION))),
        )
        for name in names
    ]


ASKED = st.builds(
    Asked,
    st.sampled_from(("Xuân Lộc, Đồng Nai", "Đồng Nai", "Huế")),
    st.sampled_from((Level.COMMUNE, Level.OFFICE, Level.DISTRICT)),
    DAYS,
    st.sampled_from((Instrument.CCHC, Instrument.SATISFACTION)),
)


def _answer(sets: Iterable[Ruleset], asked: Asked) -> Ruleset | str:
    try:
        return in_force(sets, asked, TENURES)
    except cchc.UnknownRuleset as error:
        return error.report() + error.report("en")


@given(_sets(), ASKED)
def test_an_answer_is_within_its_dates_place_level_and_instrument(sets: list[Ruleset], asked: Asked) -> None:
    answer = _answer(sets, asked)
    assume(isinstance(answer, Ruleset))
    assert isinstance(answer, Ruleset)
    where = answer.application
    assert isinstance(where.since, D)
    assert where.since <= asked.on
    assert where.until is NOT_STATED or asked.on <= where.until
    assert isinstance(where.place, str)
    assert is_at(asked.place, where.place)
    assert asked.level in where.levels
    assert where.instrument is asked.instrument


@given(_sets(), ASKED)
def test_the_answer_does_not_hang_on_the_order_of_the_sets(sets: list[Ruleset], asked: Asked) -> None:
    assert _answer(sets, asked) == _answer(sets[::-1], asked)


@given(_sets(), ASKED)
def test_one_more_set_is_an_error_or_nothing_or_takes_the_place_it_says(sets: list[Ruleset], asked: Asked) -> None:
    """What is found without a set is found with it too, unless that set holds as well or replaces what was found."""
    assume(sets)
    fewer, more = _answer(sets[1:], asked), _answer(sets, asked)
    if isinstance(fewer, Ruleset) and more != fewer:
        assert isinstance(more, str) or more == sets[0]
        assert isinstance(more, Ruleset) or sets[0].full_id in more or fewer.full_id in sets[0].application.replaces


@given(st.sampled_from(("Hòa Bình", "Thừa Thiên - Huế", "Xuân Lộc, Đồng Nai", "Thủy Nguyên, Hải Phòng")), st.data())
def test_ways_of_typing_a_place_are_one_place(place: str, data: st.DataObject) -> None:
    ways = [str.upper, str.lower, lambda text: normalize("NFD", text), lambda text: text.replace(" ", "  ")]
    typed = data.draw(st.sampled_from(ways))(place)
    assert is_at(typed, place)
    assert is_at(place, typed)
