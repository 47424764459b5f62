"""What the five public notices say about their sets, found again in what is shown and computed from the files."""

import datetime
import re
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.cli.terminal import rendered
from cchc_index.criteria import Instrument, Observation, Scope, Task
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.points import round_half_up
from cchc_index.reporting import annex as annexes
from cchc_index.reporting import tables
from cchc_index.scoring import conditions
from cchc_index.sources import NOT_STATED, NoteKind

OFFICES, DISTRICT, COMMUNES, DAK_SONG, REFORM, SATISFACTION = SETS = (
    "quang-dien/phong/2024",
    "qd-3507/cap-huyen/2023",
    "thai-nguyen/cap-xa/2020",
    "dak-nong/cap-huyen/2023",
    "huyen-2022/cchc/2022",
    "huyen-2022/hai-long/2022",
)
ROOT = Path(__file__).parents[1] / "rulesets"
ONE_LINE = 4000
"""Wide enough that no cell of a table is broken into lines."""


@cache
def _shown(name: str) -> str:
    return rendered(annexes.annex(cchc.load(name), "vi"), ONE_LINE)


@cache
def _stored(name: str, file: str) -> str:
    return (ROOT / name / "nguon" / file).read_text("utf-8")


def _tasks(name: str) -> list[Task]:
    return [task for criterion in cchc.load(name).walk() for task in criterion.tasks]


def _observed(name: str, code: str, called: str) -> Observation:
    (found,) = [one for one in cchc.load(name)[code].observations if one.name == called]
    return found


def _figures(name: str, **given: int) -> Figures:
    return read_figures(cchc.load(name).facts_by_name, Submission("Thử", given))


# ---- what the sources say is shown -----------------------------------------------------------------------------------

SAID = [
    (OFFICES, "dự thảo"),
    (OFFICES, "nơi áp dụng: Quảng Điền"),
    (OFFICES, "«Chỉ tính điểm đối với các YKCĐ hoàn thành đúng hạn, không tính điểm đối với các YKCĐ đã hoàn thành"),
    (OFFICES, "(trên 100 YKCĐ và dưới 100 YKCĐ)"),
    (OFFICES, "đúng 100 YKCĐ không thuộc mức nào"),
    (OFFICES, "tính được tỷ lệ tham dự"),
    (OFFICES, "Kế hoạch số 104/KH-UBND ngày 27/3/2024"),
    (OFFICES, "ngay sau khi nhận kết quả giải quyết hồ sơ"),
    (DISTRICT, "3507/QĐ-UBND, 21/09/2023"),
    (DISTRICT, "văn bản nói có 42 tiêu chí («đã thực hiện 27/42 tiêu chí (đạt 39.67/60 điểm)»"),
    (DISTRICT, "15 = 01 chưa tới thời gian thực hiện + 02 không đạt + 12 đang trong quá trình thực hiện"),
    (DISTRICT, "báo cáo về UBND huyện vào thứ 6 hàng tuần"),
    (DISTRICT, "ngưng hiệu lực"),
    (DISTRICT, "chưa đạt 100%»"),
    (DISTRICT, "mạng LAN ở các xã, thị trấn"),
    (DISTRICT, "đến ngày 31/12/2023 đạt 95%"),
    (DISTRICT, "đảm bảo 100% văn bản được trao đổi dưới dạng điện tử"),
    (DISTRICT, "nơi áp dụng: không quy định"),
    (COMMUNES, "văn bản nói có 5 lĩnh vực, 30 tiêu chí, 92 tiêu chí thành phần"),
    (COMMUNES, "7 đơn vị đạt tốt, 6 đơn vị đạt khá, 02 đơn vị đạt trung bình"),
    (COMMUNES, "6 xã giảm từ 5 đến 7 bậc, 7 xã, thị trấn tăng từ 2 đến 10 bậc"),
    (COMMUNES, "trên 44 điểm, xếp thứ 6/9 huyện thị, giảm 02 bậc so với năm 2019"),
    (DAK_SONG, "ước đạt 61/90 điểm"),
    (DAK_SONG, "tiếp nhận 15.051, trong đó tồn kỳ trước từ năm 2022 chuyển qua là 1.727 hồ sơ, tiếp nhận mới 13.324"),
    (DAK_SONG, "Đã giải quyết 12.530 hồ sơ, trong đó đúng hạn 10.840 hồ sơ chiếm tỷ lệ 86,5%"),
    (REFORM, "119/KH-UBND"),
    (REFORM, "huyen-2022/hai-long/2022"),
    (REFORM, "rà soát lại từng tiêu chí, đánh giá điểm mạnh, điểm yếu"),
    (SATISFACTION, "117/KH-UBND"),
    (SATISFACTION, "huyen-2022/cchc/2022"),
    (SATISFACTION, "rà soát lại từng tiêu chí, đánh giá điểm mạnh, điểm yếu"),
]


@pytest.mark.parametrize(("name", "words"), SAID)
def test_fact_of_the_sources_is_shown(name: str, words: str) -> None:
    assert words in _shown(name)


@pytest.mark.parametrize("name", SETS)
def test_every_note_has_an_origin(name: str) -> None:
    rules = cchc.load(name)
    notes = [*rules.notes, *(note for criterion in rules.walk() for note in criterion.notes)]
    assert [note.text for note in notes if not note.origin] == []


@pytest.mark.parametrize("name", SETS)
def test_what_a_note_quotes_stands_in_a_stored_text(name: str) -> None:
    rules = cchc.load(name)
    notes = [*rules.notes, *(note for criterion in rules.walk() for note in criterion.notes)]
    quoted = [words for note in notes for words in re.findall("«([^»]+)»", note.text) if "…" not in words]
    stored = " ".join((ROOT / name / one.stored).read_text("utf-8") for one in rules.documents).casefold()
    assert [words for words in quoted if words.casefold() not in stored] == []


@pytest.mark.parametrize("name", SETS)
def test_no_points_are_invented(name: str) -> None:
    rules = cchc.load(name)
    assert rules.scope in (Scope.EXCERPT, Scope.FRAME)
    assert [criterion.code for criterion in rules.walk() if criterion.rule is not NOT_STATED] == []
    stated = [criterion.max_points for criterion in rules.walk() if criterion.max_points is not NOT_STATED]
    assert stated == {DISTRICT: [60], DAK_SONG: [90]}.get(name, [])
    assert (rules.scales, rules.ranking, rules.rounding) == ((), None, None)


# ---- tasks with owners and deadlines ---------------------------------------------------------------------------------


def _printed_deadlines(text: str) -> Counter[datetime.date]:
    days = re.findall(r"(?:trước|chậm nhất) ngày (\d+)/(\d+)/(\d{4})", text)
    return Counter(datetime.date(int(year), int(month), int(day)) for day, month, year in days)


@pytest.mark.parametrize(("name", "file"), [(OFFICES, "TB2024.txt"), (DISTRICT, "TB2023.txt")])
def test_every_printed_deadline_is_a_task(name: str, file: str) -> None:
    expected = _printed_deadlines(_stored(name, file))
    if name == DISTRICT:
        expected[datetime.date(2023, 12, 31)] += _stored(name, file).count("Hoàn thành trong tháng 12/2023")
    assert expected.total() > 1
    assert Counter(task.due for task in _tasks(name) if task.due) == expected


@pytest.mark.parametrize("name", SETS)
def test_every_task_has_an_owner(name: str) -> None:
    assert [task.name for task in _tasks(name) if not task.owners] == []


def test_criteria_of_the_district_are_named_as_the_notice_names_them() -> None:
    notice = _stored(DISTRICT, "TB2023.txt").casefold()
    named = [criterion.name for criterion in cchc.load(DISTRICT)["N"].children]
    assert len(named) == 9
    assert [name for name in named if name.casefold() not in notice] == []


# ---- what can be computed --------------------------------------------------------------------------------------------


@given(st.integers(0, 300))
def test_only_exactly_a_hundred_instructions_are_in_no_tier(count: int) -> None:
    figures = _figures(OFFICES, ykcd=count, ykcd_dung_han=0)
    tiers = _observed(OFFICES, "N1", "mức khối lượng").tiers
    held = [tier.name for tier in tiers if conditions.test_of(tier.when)(figures)]
    assert held == ([] if count == 100 else ["trên 100 YKCĐ" if count > 100 else "dưới 100 YKCĐ"])
    holes = [note.when for note in cchc.load(OFFICES)["N1"].notes if note.kind is NoteKind.HOLE and note.when]
    assert [conditions.test_of(when)(figures) for when in holes] == [count == 100]


def test_sheet_of_an_office_says_that_no_points_are_stated() -> None:
    rules = cchc.load(OFFICES)
    given = {"ykcd": 120, "ykcd_dung_han": 90, "hoi_nghi_du": 9, "hoi_nghi_moi": 12}
    card = cchc.score(rules, cchc.Submission("Phòng A", given))
    assert card.points is NOT_STATED
    assert "Thông báo không nêu điểm của tiêu chí nào" in rendered(tables.sheet(card, "vi"), ONE_LINE)


def test_dossiers_of_dak_song_are_those_printed() -> None:
    given = {"ton_ky_truoc": 1727, "tiep_nhan_moi": 13324, "da_giai_quyet": 12530, "dung_han": 10840}
    figures = _figures(DAK_SONG, **given)
    received, share = (_observed(DAK_SONG, "N", one).measure for one in ("số hồ sơ tiếp nhận", "tỷ lệ đúng hạn"))
    assert received
    assert share
    assert Fraction(*(conditions.look_at(received)(figures) or ())) == 15051
    exact = Fraction(*(conditions.look_at(share)(figures) or ()))
    assert exact == Fraction(1084, 1253)
    assert round_half_up(100 * exact, Fraction(1, 10)) == Fraction("86.5")


# ---- two instruments side by side ------------------------------------------------------------------------------------


def test_two_instruments_of_one_district_stand_side_by_side() -> None:
    reform, satisfaction = (cchc.load(name).application for name in (REFORM, SATISFACTION))
    assert (reform.instrument, satisfaction.instrument) == (Instrument.CCHC, Instrument.SATISFACTION)
    assert (reform.levels, reform.since, reform.until) == (
        satisfaction.levels,
        satisfaction.since,
        satisfaction.until,
    )
    assert _stored(REFORM, "BAI2022.txt") == _stored(SATISFACTION, "BAI2022.txt")


@pytest.mark.parametrize("name", [DISTRICT, REFORM, SATISFACTION])
def test_no_place_is_written_where_the_source_names_none(name: str) -> None:
    assert cchc.load(name).application.place is NOT_STATED
