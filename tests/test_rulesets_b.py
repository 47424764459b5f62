"""The frames and excerpts of Hà Nội, Hà Nam, Yên Bái, the ministry's national sets, and two adjacent instruments.

What is known of each is found in what `show` prints; what the stored source says is compared with the rules.
"""

import csv
import json
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import cchc_index as cchc
from cchc_index.checking.structure import fold
from cchc_index.cli.terminal import rendered
from cchc_index.criteria import Counts, Instrument, Level, Policy, Scope
from cchc_index.files.folders import shipped_folder
from cchc_index.files.reading import stored_texts
from cchc_index.measures import Linear, Ratio
from cchc_index.reporting import annex as annexes
from cchc_index.rules import Awarded
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED, DocumentKind, NoteKind, Quote

EXAMPLES = Path(__file__).parents[1] / "examples"
ROOT = shipped_folder()
OFFICES, COMMUNES = "ha-noi/cap-phong/khung", "ha-noi/cap-xa/khung"
HA_NAM, YEN_BAI = "ha-nam/so-nganh/2023", "yen-bai/dtxhh/khung"
MINISTRIES_2020, MINISTRIES_2022 = "bo-noi-vu/cap-bo/2020", "bo-noi-vu/cap-bo/2022"
PROVINCES_2020, PROVINCES_2022 = "bo-noi-vu/cap-tinh/2020", "bo-noi-vu/cap-tinh/2022"
LEGAL, SERVICE = "tiep-can-phap-luat/cap-xa/2021", "vpcp/phuc-vu/766-2022"
SETS = (
    *(OFFICES, COMMUNES, HA_NAM, YEN_BAI, MINISTRIES_2020, MINISTRIES_2022),
    *(PROVINCES_2020, PROVINCES_2022, LEGAL, SERVICE),
)


def _stored(name: str, document: str) -> str:
    return stored_texts(cchc.load(name), ROOT / name)[document]


def _table(name: str, document: str) -> list[dict[str, str]]:
    lines = [line for line in _stored(name, document).splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def _scored(name: str, **figures: Any) -> Card:
    return cchc.score(cchc.load(name), cchc.Submission("Thử", figures))


# ---- what is known is shown ------------------------------------------------------------------------------------------

SHOWN = {
    OFFICES: [
        "7 lĩnh vực, 29 tiêu chí, 22 tiêu chí thành phần» (GC, mục 1)",
        "6/8, 4/0, 6/4, 2/0, 5/2, 4/0, 2/8; cộng lại đúng 29 và 22",
        "Thang điểm 100, trong đó điều tra xã hội học 30 điểm «nếu có»",
        "không đánh giá; phần còn lại quy đổi",
        "25847.htm",
    ],
    COMMUNES: [
        "Khung cấp xã có 7 nội dung» (GC, mục 1)",
        "«UBND cấp huyện có thể bổ sung tiêu chí thành phần vào các tiêu chí quy định trong khung»",
        "d180489.html",
    ],
    HA_NAM: [
        "1156/QĐ-UBND, 09/10/2023",
        "Áp dụng từ 01/01/2023 đến 31/12/2023",
        "3 Cải cách thủ tục hành chính 20",
        "7.3 Phát triển các ứng dụng, dịch vụ phục vụ người dân, tổ chức 7",
        "Bản lưu bị cắt",
    ],
    YEN_BAI: [
        "MAU_PHIEU_06",
        "Lãnh đạo UBND cấp xã -> UBND cấp huyện",
        "getFullYear()",
        '"B":60,"C":20,"D":0,"E":null',
    ],
    MINISTRIES_2020: [
        "1149/QĐ-BNV",
        "các bộ có 7 lĩnh vực, 40 tiêu chí, 99 tiêu chí thành phần» (GC1149, mục 2)",
        "không rõ có cả cho các bộ hay không",
    ],
    MINISTRIES_2022: [
        "các bộ có 7 lĩnh vực, 38 tiêu chí, 97 tiêu chí thành phần» (GC876, mục 2)",
        "Áp dụng từ 01/01/2022 đến 31/12/2030 · «giai đoạn 2022–2030» (GC876, mục 2)",
        "thay thế bo-noi-vu/cap-bo/2020",
    ],
    PROVINCES_2020: [
        "các tỉnh có 8 lĩnh vực, 43 tiêu chí, 102 tiêu chí thành phần» (GC1149, mục 2)",
        "«66,5 + khảo sát 33,5»",
        "«ministries 7/40/99, provinces 8/43/102, 66,5 + survey 33,5»",
    ],
    PROVINCES_2022: [
        "876/QĐ-BNV, 10/11/2022",
        "các tỉnh có 8 lĩnh vực, 37 tiêu chí, 88 tiêu chí thành phần» (GC876, mục 2)",
        "Điểm SIPAS bằng tỷ lệ phần trăm × 10/100",
        "«thẩm định 61,5»",
        "«khảo sát lãnh đạo 22»",
        "«kinh tế - xã hội 6,5»",
        "thay thế bo-noi-vu/cap-tinh/2020",
        "tổng in ra là 85.78: lệch 0,01",
    ],
    LEGAL: [
        "Áp dụng từ 01/01/2022",
        "có hiệu lực thi hành kể từ ngày 01/01/2022» (QD25, Điều 3)",
        "Tổng số điểm của từng tiêu chí đạt từ 50% số điểm tối đa trở lên",
        "không phải Chỉ số CCHC",
    ],
    SERVICE: [
        "18 + 20 + 22 + 22 + 18",
        "xử lý đúng hoặc trước hạn / Tổng số phản ánh, kiến nghị thuộc thẩm quyền",
        "quá hạn)/ Tổng số phản ánh, kiến nghị * 100%» (QD766, component 5.?)",
        "12 + 10 = 22",
        "không phải Chỉ số CCHC",
    ],
}


@pytest.mark.parametrize("name", SETS)
def test_what_is_known_is_shown(name: str) -> None:
    text = " ".join(rendered(annexes.annex(cchc.load(name), "vi"), 3000).split())
    assert [words for words in SHOWN[name] if words not in text] == []


@pytest.mark.parametrize("name", [COMMUNES, LEGAL])
def test_words_that_a_note_quotes_from_a_document_stand_in_it(name: str) -> None:
    """A note whose origin is a document by itself quotes that document."""
    rules = cchc.load(name)
    texts = {key: fold(text) for key, text in stored_texts(rules, ROOT / name).items()}
    notes = [*rules.notes, *(note for criterion in rules.walk() for note in criterion.notes)]
    quoted = [
        (words, origin.partition(",")[0])
        for note in notes
        for origin in [note.origin]
        if origin.partition(",")[0] in texts and note.kind is NoteKind.REMARK
        for words in re.findall("«([^«»]+)»", note.text)
    ]
    assert quoted
    assert [pair for pair in quoted if pair[0] not in texts[pair[1]]] == []


@pytest.mark.parametrize("name", SETS)
def test_none_of_these_sets_is_whole(name: str) -> None:
    assert cchc.load(name).scope is (Scope.EXCERPT if name == HA_NAM else Scope.FRAME)


@pytest.mark.parametrize(
    ("name", "levels", "instrument"),
    [
        (OFFICES, (Level.OFFICE,), Instrument.CCHC),
        (COMMUNES, (Level.COMMUNE,), Instrument.CCHC),
        (YEN_BAI, (Level.DEPARTMENT, Level.DISTRICT), Instrument.CCHC),
        (LEGAL, (Level.COMMUNE,), Instrument.LEGAL_ACCESS),
        (SERVICE, (Level.PROVINCE,), Instrument.SERVICE),
    ],
)
def test_adjacent_instruments_are_named(name: str, levels: tuple[Level, ...], instrument: Instrument) -> None:
    where = cchc.load(name).application
    assert (where.levels, where.instrument) == (levels, instrument)


# ---- Hà Nội ----------------------------------------------------------------------------------------------------------


def _counts(name: str) -> tuple[int | None, int | None, int | None]:
    counts = cchc.load(name).counts
    assert isinstance(counts, Counts)
    assert isinstance(counts.basis, Quote)
    return counts.areas, counts.criteria, counts.sub_criteria


def test_counts_of_the_areas_add_up_to_those_of_the_frame() -> None:
    per_area = re.findall(r"(\d+)/(\d+)", _stored(OFFICES, "GC").partition("Ghi chép gốc")[0])
    assert (len(per_area), *(sum(map(int, column)) for column in zip(*per_area, strict=True))) == _counts(OFFICES)
    assert _counts(OFFICES) == (7, 29, 22)


@pytest.mark.parametrize("points", [0, 1, 35, 63, 70])
def test_without_a_survey_the_appraised_points_are_rescaled(points: int) -> None:
    card = _scored(OFFICES, co_dtxhh=False, diem_tham_dinh=points)
    assert card.index == Fraction(points, 70)
    assert card.points == Fraction(points * 100, 70)
    assert card.max_points == 100


def test_with_a_survey_the_two_parts_add_up() -> None:
    card = _scored(OFFICES, co_dtxhh=True, diem_tham_dinh=63, diem_dtxhh=15)
    assert card.points == 78
    assert card.index == Fraction(78, 100)
    readings = [note.text for note in card.notes if note.kind is NoteKind.READING]
    assert [("100/70" in text, "tổng hai phần" in text) for text in readings] == [(False, False), (False, True)]


def test_words_that_allow_rescaling_are_those_of_the_page() -> None:
    (exemption,) = cchc.load(OFFICES)["XHH"].exemptions
    assert exemption.policy is Policy.RESCALED
    assert isinstance(exemption.basis, Quote)
    assert exemption.basis.text.startswith("Trong trường hợp UBND các quận, huyện, thị xã không tổ chức ĐT XHH")
    assert exemption.basis.citation.document == "KHUNG"


def test_seven_contents_of_the_commune_frame_have_no_points() -> None:
    rules = cchc.load(COMMUNES)
    assert [row.code for row in rules.criteria] == list("1234567")
    assert all(row.rule is row.max_points is NOT_STATED for row in rules.criteria)
    assert _counts(COMMUNES) == (7, None, None)


# ---- Hà Nam ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("procedures", "dossiers", "exempt"), [(0, 0, True), (9, 0, True), (1, 1, False)])
def test_departments_without_procedures_are_not_assessed(procedures: int, dossiers: int, exempt: bool) -> None:
    card = _scored(HA_NAM, tthc=procedures, ho_so=dossiers)
    assert [line.exempted is not None for line in card.lines] == [exempt, exempt]
    assert [line.max_points for line in card.lines] == ([0, 0] if exempt else [20, 7])
    assert any("không nói rõ" in note.text for note in card.notes) is exempt


# ---- Yên Bái ---------------------------------------------------------------------------------------------------------


def test_ballots_are_those_of_the_stored_file() -> None:
    stored = json.loads(_stored(YEN_BAI, "PHIEU"))
    assert [[row.code, row.name] for row in cchc.load(YEN_BAI).criteria] == stored["forms"]
    weights = {
        option: Fraction(share, 100) for option, share in stored["option_percent_default"].items() if share is not None
    }
    for number, row in enumerate(cchc.load(YEN_BAI).criteria, 1):
        (seen,) = row.observations
        assert isinstance(seen.measure, Ratio)
        assert dict(seen.measure.top.terms) == {f"phieu_{number}.{option}": share for option, share in weights.items()}
        assert seen.measure.bottom == Linear(tuple((f"phieu_{number}.{option}", 1) for option in weights))
        assert row.rule is NOT_STATED


@pytest.mark.parametrize(("unit", "asked"), [("huyen", ["01", "03", "06"]), ("so", ["02", "04", "05"])])
def test_each_ballot_is_about_one_kind_of_unit(unit: str, asked: list[str]) -> None:
    ballots = {"A": 1, "B": 0, "C": 0, "D": 0, "E": 0}
    card = _scored(YEN_BAI, doi_tuong=unit, **{f"phieu_{number}": ballots for number in range(1, 7)})
    assert [line.code[-2:] for line in card.lines if line.exempted is None] == asked


# ---- the national chain ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (MINISTRIES_2020, (7, 40, 99)),
        (MINISTRIES_2022, (7, 38, 97)),
        (PROVINCES_2020, (8, 43, 102)),
        (PROVINCES_2022, (8, 37, 88)),
    ],
)
def test_counts_of_the_national_sets(name: str, counts: tuple[int, int, int]) -> None:
    assert _counts(name) == counts


@pytest.mark.parametrize("chain", [(MINISTRIES_2020, MINISTRIES_2022), (PROVINCES_2020, PROVINCES_2022)])
def test_each_version_replaces_the_one_before(chain: tuple[str, ...]) -> None:
    for before, after in pairwise(chain):
        assert cchc.load(after).application.replaces == (before,)
    assert cchc.load(chain[0]).application.replaces == ()


def test_parts_of_the_provinces_are_those_of_the_printed_tables() -> None:
    rules = cchc.load(PROVINCES_2022)
    columns = {
        "TĐ": "appraised_max",
        "TĐG": "impact_max",
        "SIPAS": "sipas_max",
        "LĐ": "leader_survey_max",
        "KTXH": "socioeconomic_max",
    }
    for document in ("NT2022", "KT2023"):
        (row,) = _table(PROVINCES_2022, document)
        assert {code: rules[code].max_points for code in columns} == {
            code: Fraction(row[column]) for code, column in columns.items()
        }


PRINTED = {"Ninh Thuận": ("NT2022", "2022", Fraction("0.01")), "Kon Tum": ("KT2023", "2023", Fraction(0))}


@pytest.mark.parametrize("unit", PRINTED)
def test_printed_province(unit: str) -> None:
    document, year, off = PRINTED[unit]
    (row,) = _table(PROVINCES_2022, document)
    units = cchc.read_submissions(EXAMPLES / "tinh-2022-2023" / "cac-tinh.csv")
    (found,) = [one for one in units if one.unit == unit]
    card = cchc.score(cchc.load(PROVINCES_2022), found)
    columns = {"TĐ": "appraised", "TĐG": "impact", "SIPAS": "sipas", "LĐ": "leader_survey", "KTXH": "socioeconomic"}
    assert {code: card[code].points for code in columns} == {c: Fraction(row[column]) for c, column in columns.items()}
    assert card.points is not NOT_STATED
    assert card.points - Fraction(row["total"]) == off
    assert (row["province"], row["year"]) == (unit, year)
    assert found.period is not None
    assert found.period.end.year == int(year)


def test_parts_of_2020_are_read_as_those_of_the_provinces_and_it_is_said() -> None:
    rules = cchc.load(PROVINCES_2020)
    assert [row.max_points for row in rules.criteria] == [Fraction("66.5"), Fraction("33.5")]
    assert [note.kind for note in rules.notes if "survey 33,5" in note.text] == [NoteKind.READING]
    ministries = cchc.load(MINISTRIES_2020)
    assert ministries.max_points is NOT_STATED
    assert [note.kind for note in ministries.notes if "survey 33,5" in note.text] == [NoteKind.HOLE]


# ---- Quyết định 25/2021/QĐ-TTg ---------------------------------------------------------------------------------------


def test_criteria_and_targets_are_those_of_the_decision() -> None:
    text = fold(_stored(LEGAL, "QD25"))
    article = text[text.index("Tiêu chí 1: Ban hành") : text.index("6. Tổng số điểm tối đa")]
    rules = cchc.load(LEGAL)
    titles = re.findall(r"Tiêu chí (\d): (.+?)(?= a\))", article)
    assert titles == [(row.code, row.name) for row in rules.criteria]
    targets = re.findall(r"Chỉ tiêu \d: (.+?)(?=[;.] )", article + " ")
    assert targets == [leaf.name for row in rules.criteria for leaf in row.children]
    assert [len(row.children) for row in rules.criteria] == [2, 6, 3, 5, 4]


def test_points_of_the_targets_are_only_recorded() -> None:
    leaves = [leaf for row in cchc.load(LEGAL).criteria for leaf in row.children]
    assert all(isinstance(leaf.rule, Awarded) for leaf in leaves)
    assert {leaf.max_points for leaf in leaves} == {NOT_STATED}
    assert cchc.load(LEGAL).max_points == 100


def _commune(points: str, disciplined: bool) -> Card:
    names = [name for name in cchc.load(LEGAL).facts_by_name if name.startswith("diem_")]
    figures: dict[str, Any] = dict.fromkeys(names, "4") | {names[0]: points}
    return _scored(LEGAL, nguoi_dung_dau_bi_xu_ly=disciplined, **figures)


@pytest.mark.parametrize(("points", "disciplined"), [("3.99", False), ("4", True), ("24", True), ("3.99", True)])
def test_a_commune_that_lacks_one_condition_is_not_recognised(points: str, disciplined: bool) -> None:
    grade = _commune(points, disciplined).grade
    assert grade is not None
    assert grade is not NOT_STATED
    assert grade.name == "Chưa đạt chuẩn tiếp cận pháp luật"


def test_recognition_asks_for_three_conditions() -> None:
    _, scale = cchc.load(LEGAL).scales
    grade = scale.grades[0]
    assert grade.interval.low == 80
    assert grade.interval.low_closed
    assert grade.each_from == Fraction(1, 2)
    assert grade.when is not None


# ---- Quyết định 766/QĐ-TTg -------------------------------------------------------------------------------------------


def test_groups_are_those_of_the_stored_table() -> None:
    groups = [row for row in _table(SERVICE, "QD766") if row["level"] == "group"]
    rules = cchc.load(SERVICE)
    found = [(row.code, row.name, row.max_points) for row in rules.criteria]
    assert found == [(row["code"], row["title"], Fraction(row["max"])) for row in groups]
    assert sum(Fraction(row["max"]) for row in groups) == rules.max_points == 100


def test_quang_nam_is_the_sum_of_its_printed_lines() -> None:
    printed = _table(SERVICE, "QN")
    names = ("diem_cong_khai", "diem_tien_do", "diem_dvc", "diem_thanh_toan", "diem_hai_long", "diem_so_hoa")
    card = _scored(SERVICE, **{name: row["points"] for name, row in zip(names, printed, strict=True)})
    assert card.points == sum(Fraction(row["points"]) for row in printed) == Fraction("82.8")
    leaves = [line for line in card.walk() if not line.children]
    assert sorted((line.points, line.max_points) for line in leaves) == sorted(
        (Fraction(row["points"]), Fraction(row["max_points"])) for row in printed
    )


def test_summaries_are_not_passed_off_as_the_decision() -> None:
    assert {document.kind for document in cchc.load(SERVICE).documents} == {DocumentKind.REPORTED}
