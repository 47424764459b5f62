"""What is printed for people: sheets, explanations, rankings, annexes, lists and findings, in both languages."""

import datetime
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.structure import Finding, Severity
from cchc_index.cli.terminal import rendered
from cchc_index.criteria import Points
from cchc_index.errors import Lang, Text
from cchc_index.reporting import annex as annexes
from cchc_index.reporting import tables
from cchc_index.reporting.tables import SCOPES
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

EXAMPLES = Path(__file__).parents[1] / "examples"
DONG_NAI, MINISTRIES, TT01 = "dong-nai/cap-xa/2022", "bo-noi-vu/cap-bo/2022", "vpcp/mot-cua/tt-01-2018"
FIGURES = {"da_xong": 4, "de_ra": 5, "bang_dien_tu": True, "mang_xa_hoi": False, "truyen_thong": True}
LANGS: list[Lang] = ["vi", "en"]


@cache
def _card() -> Card:
    period = cchc.Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    evidence = {"4.1": (cchc.Evidence("12/BC", datetime.date(2022, 12, 1), "2", "4"), cchc.Evidence("13/BC"))}
    return cchc.score(cchc.load(DONG_NAI), cchc.Submission("Xã A", FIGURES, period=period, evidence=evidence))


@cache
def _quarter() -> Card:
    return cchc.score(cchc.load(TT01), cchc.read_submission(EXAMPLES / "mot-cua-xa" / "ban-khai.yaml"))


def _print(printed: Any, width: int = 250) -> str:
    return rendered(printed, width)


def _line(text: str, start: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(start)]
    return line


# ---- points and indexes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "vi", "en"),
    [
        (Fraction(2), "2", "2"),
        (Fraction("0.95"), "0,95", "0.95"),
        (Fraction("-0.5"), "-0,5", "-0.5"),
        (Fraction("1.2345"), "1,2345", "1.2345"),
        (Fraction("1.23455"), "≈1,2346", "≈1.2346"),
        (Fraction(2, 3), "≈0,6667", "≈0.6667"),
        (Fraction(0), "0", "0"),
        (NOT_STATED, "không quy định", "not stated"),
    ],
)
def test_points_are_said(points: Points, vi: str, en: str) -> None:
    assert (tables.said_points(points, "vi"), tables.said_points(points, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("index", "vi", "en"),
    [
        (Fraction("0.8995"), "89,95%", "89.95%"),
        (Fraction("0.89955"), "89,96%", "89.96%"),
        (Fraction(1), "100,00%", "100.00%"),
        (Fraction(2, 3), "66,67%", "66.67%"),
        (NOT_STATED, "không quy định", "not stated"),
    ],
)
def test_index_is_said(index: Points, vi: str, en: str) -> None:
    assert (tables.said_index(index, "vi"), tables.said_index(index, "en")) == (vi, en)


# ---- the sheet of a unit ---------------------------------------------------------------------------------------------


def test_sheet_in_vietnamese() -> None:
    text = _print(tables.sheet(_card(), "vi"))
    assert "Đơn vị: Xã A · Kỳ: 01/01/2022 – 31/12/2022 · dong-nai/cap-xa/2022" in text
    assert "(trích: không phải cả văn bản)" in text
    assert _line(text, "4.1").split()[-1] == "4.1]"
    assert "4/5 = 80%" in _line(text, "4.1")
    assert "[HD244, bảng, dòng 4.1]" in _line(text, "4.1")
    assert "0,75" in _line(text, "4.2")
    assert "Tổng điểm: 0,75 / 2" in text
    assert "Chỉ số: không quy định" in text
    assert "Xếp loại" not in text
    assert "- Mâu thuẫn trong nguồn (4.1): Ví dụ trong văn bản («4/5*1= 0,8 điểm»)" in text
    assert "[HD244, bảng, dòng 4.1]" in text


def test_sheet_in_english() -> None:
    text = _print(tables.sheet(_card(), "en"))
    assert "Unit: Xã A · Period: 01/01/2022 – 31/12/2022" in text
    assert "Total: 0.75 / 2" in text
    assert "Index: not stated" in text
    assert "The source contradicts itself (4.1)" in text


@pytest.mark.parametrize("lang", LANGS)
def test_sheet_names_every_line_once(lang: Lang) -> None:
    for card in (_card(), _quarter()):
        text = _print(tables.sheet(card, lang), 1000)
        for line in card.walk():
            assert line.name in _line(text, f"{line.code} ")


def test_quotes_are_printed_on_request() -> None:
    quote = "«Hoàn thành dưới 90%» (HD244, bảng, dòng 4.1)"
    assert quote not in _print(tables.sheet(_card(), "vi"))
    assert quote in _print(tables.sheet(_card(), "vi", quotes=True))


def test_grade_is_printed_with_its_sentence() -> None:
    text = _print(tables.sheet(_quarter(), "vi"))
    assert "Xếp loại: tốt — «từ 12 đến dưới 15 điểm xếp loại tốt»" in text
    assert "Tổng điểm: 14,6 / 18" in text


def test_grade_that_is_not_stated() -> None:
    figures = {"diem_tham_dinh": 50, "diem_dieu_tra": 0, "co_quan_dac_thu": True}
    card = cchc.score(cchc.load(MINISTRIES), cchc.Submission("A", figures))
    text = _print(tables.sheet(card, "vi"))
    assert "Xếp loại: không quy định" in text
    assert "Được chấm điểm, không xếp hạng" in text
    assert "Scored, not ranked" in _print(tables.sheet(card, "en"))
    assert tables.grade_name(card, "vi") == "không quy định"
    assert tables.grade_name(_card(), "vi") == ""


def test_a_line_that_is_not_assessed_says_why() -> None:
    unit = cchc.read_submission(EXAMPLES / "mot-cua-xa" / "ban-khai.yaml")
    asked = cchc.Submission("X", unit.figures, period=unit.period, exemptions={"9": "chưa đủ thông tin"}, mark=",")
    text = _print(tables.sheet(cchc.score(cchc.load(TT01), asked), "vi"))
    assert "chưa đủ thông tin" in _line(text, "9 ")


def test_a_note_of_two_lines_is_printed_once() -> None:
    card = _card()
    note = card["4.1"].notes[0]
    (group,) = card.lines
    children = tuple(evolve(child, notes=(note,)) for child in group.children)
    text = _print(tables.sheet(evolve(card, lines=(evolve(group, children=children),)), "vi"))
    assert text.count(note.text) == 1
    assert "(4.1, 4.2)" in text


def test_square_brackets_are_no_markup() -> None:
    card = evolve(_card(), unit="Xã [bold]A[/bold] [/]", title="[red]T[/red]")
    text = _print(tables.sheet(card, "vi"))
    assert "Xã [bold]A[/bold] [/]" in text
    assert "[red]T[/red]" in text
    lines = (evolve(card.lines[0], name="[i]tên[/i] [/x]"),)
    assert "[i]tên[/i] [/x]" in _print(tables.sheet(evolve(card, lines=lines), "vi"))
    assert "[i]tên[/i] [/x]" in _print(tables.explanation(lines[0], "vi"))


# ---- one line in full ------------------------------------------------------------------------------------------------


def test_explanation() -> None:
    text = _print(tables.explanation(_card()["4.1"], "vi"))
    assert text.startswith("4.1 Mức độ thực hiện kế hoạch tuyên truyền\n")
    assert _line(text, "Điểm").split(maxsplit=1)[1] == "0 / 1"
    assert "không đạt" in _line(text, "Trạng thái")
    assert _line(text, "Số liệu: số mục tiêu đã hoàn thành").endswith(" 4")
    assert "«Hoàn thành dưới 90%» (HD244, bảng, dòng 4.1)" in _line(text, "Căn cứ")
    assert "Có kế hoạch, báo cáo kèm theo" in _line(text, "Cần tài liệu")
    given = [line.split(maxsplit=4)[-1] for line in text.splitlines() if line.startswith("Đã có tài liệu")]
    assert given == ["12/BC, 01/12/2022, mục 2, trang 4", "13/BC"]
    assert "4/5*1= 0,8 điểm" in _line(text, "Mâu thuẫn trong nguồn")


def test_explanation_in_english() -> None:
    text = _print(tables.explanation(_card()["4.1"], "en"))
    for start in ("Points", "Status", "Figure: ", "Why", "Basis", "Evidence required", "The source contradicts itself"):
        assert any(line.startswith(start) for line in text.splitlines()), start
    assert "section 2, page 4" in text


def test_figures_are_said_by_their_type() -> None:
    text = _print(tables.explanation(_card()["4.2"], "vi"))
    assert _line(text, "Số liệu: bảng thông tin").endswith(" có")
    assert _line(text, "Số liệu: ứng dụng CNTT").endswith(" không")
    unit = cchc.read_submission(EXAMPLES / "mau-cap-xa" / "don-vi-03.yaml")
    card = cchc.score(cchc.load("mau/cap-xa/1"), unit)
    assert "15/01/2025" in _print(tables.explanation(card["1.1.1"], "vi"))
    assert "28,6%" in _print(tables.explanation(card["3.4.2"], "vi"))
    assert "28.6%" in _print(tables.explanation(card["3.4.2"], "en"))
    assert "Xã miền núi" in _print(tables.explanation(card["3.4.1"], "vi"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_line_of_every_example_is_explained(lang: Lang) -> None:
    rules = cchc.load("mau/cap-xa/1")
    for path in sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))[::10]:
        card = cchc.score(rules, cchc.read_submission(path))
        for line in card.walk():
            assert line.name in _print(tables.explanation(line, lang))


# ---- several units ---------------------------------------------------------------------------------------------------


@cache
def _ranks() -> tuple[cchc.Rank, ...]:
    rules = cchc.load(MINISTRIES)
    units = cchc.read_submissions(EXAMPLES / "bo-2023" / "cac-bo.csv")
    special = cchc.Submission("Đặc thù", {"diem_tham_dinh": 60, "diem_dieu_tra": 30, "co_quan_dac_thu": True})
    return cchc.rank(rules, [cchc.score(rules, unit) for unit in (special, *units)])


def test_ranking() -> None:
    text = _print(tables.ranking(_ranks(), "vi"))
    rows = [line for line in text.splitlines() if line.endswith(("Nhóm A", "Nhóm B", "Nhóm C"))]
    assert len(rows) == 18
    assert rows[0].split() == ["1", "Bộ", "Tư", "pháp", "89,96", "100", "89,96%", "Nhóm", "B"]
    assert rows[-1].split() == ["–", "Đặc", "thù", "90", "100", "90,00%", "Nhóm", "A"]
    assert "Rank" in _print(tables.ranking(_ranks(), "en"))


def test_several_units_without_a_ranking() -> None:
    text = _print(tables.several([_card(), _quarter()], "vi"))
    assert "Hạng" not in text
    assert text.index("Xã A") < text.index("Bộ phận Một cửa xã Ví Dụ")
    assert "- Mâu thuẫn trong nguồn (4.1)" in text


def test_ranking_of_nobody() -> None:
    assert "Hạng" in _print(tables.ranking((), "vi"))


# ---- rulesets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", cchc.rulesets())
def test_annex_holds_every_line(name: str, lang: Lang) -> None:
    rules = cchc.load(name)
    text = " ".join(_print(annexes.annex(rules, lang), 2000).split())
    for criterion in rules.walk():
        assert f"{criterion.code} {' '.join(criterion.name.split())}" in text
        assert all(" ".join(wanted.split()) in text for wanted in criterion.evidence)
        assert all(" ".join(note.text.split()) in text for note in criterion.notes)
    for document in rules.documents:
        assert document.number in text
        assert document.address in text


def test_annex_of_the_circular() -> None:
    text = _print(annexes.annex(cchc.load(TT01), "vi"), 2000)
    assert "Áp dụng từ 06/01/2019 đến không quy định" in text
    assert "Xếp loại (đối tượng được đánh giá" in text
    assert "- xuất sắc: «Đạt từ 15 điểm trở lên xếp loại xuất sắc» (TT01, Điều 15 khoản 3 điểm b)" in text
    assert "- Khoảng trống (7): Hồ sơ trả kết quả muộn" in text
    assert "«Điểm 2 khi tổng thời gian ngắn hơn so với quy định»" in text


@pytest.mark.parametrize(("lang", "word"), [("vi", "đã đối chiếu"), ("en", "compared")])
def test_annex_says_who_compared_a_sentence_with_its_rule(lang: Lang, word: str) -> None:
    text = _print(annexes.annex(cchc.load(DONG_NAI), lang), 2000)
    assert f"(hội nghị, tờ xếp, ….)» [{word}: câu chỉ nêu việc; 0,5 điểm ở cột Điểm" in text
    assert f"«Hoàn thành 100% kế hoạch» [{word}" not in text
    grades = _print(annexes.annex(cchc.load(MINISTRIES), lang), 2000)
    assert f"- Nhóm A: «Nhóm A từ 90 trở lên» (GC876) [{word}: câu viết 90 không kèm dấu %" in grades


def test_annex_of_a_line_without_a_rule() -> None:
    rules = cchc.load(DONG_NAI)
    (group,) = rules.criteria
    silent = evolve(group, children=(evolve(group.children[0], rule=NOT_STATED), group.children[1]))
    text = _print(annexes.annex(evolve(rules, criteria=(silent,)), "vi"))
    assert "không quy định" in _line(text, "4.1")
    assert "không quy định" not in _line(text, "4.2")


@pytest.mark.parametrize("name", cchc.rulesets())
def test_annex_names_every_figure_to_declare(name: str) -> None:
    rules = cchc.load(name)
    text = _print(annexes.annex(rules, "vi"), 500)
    for fact in rules.facts_by_name.values():
        rows = [line for line in text.splitlines() if re.match(rf"{fact.name} ", line)]
        assert len(rows) == (fact.given is None)
        for inner in fact.fields:
            assert inner.label in _line(text, f"{fact.name}[].{inner.name} ")


def test_catalogue_lists_every_set() -> None:
    sets = [cchc.load(name) for name in cchc.rulesets()]
    for lang in LANGS:
        text = _print(annexes.catalogue(sets, lang))
        for rules in sets:
            lines = text[text.index(f"{rules.full_id} ") :].splitlines()
            assert SCOPES[rules.scope].said(lang).partition(",")[0] in lines[0]
            assert lines[1].startswith(rules.title)
            assert all(level.value in " ".join(lines[:3]) for level in rules.application.levels)


# ---- findings --------------------------------------------------------------------------------------------------------


def test_findings_gravest_first() -> None:
    found = [
        Finding("b", Severity.NOTE, "1", Text("lưu", "noted")),
        Finding("d", Severity.ERROR, "2", Text("hai", "two")),
        Finding("c", Severity.ERROR, "1", Text("một [x]", "one")),
        Finding("a", Severity.NOTE, "", Text("chung", "whole")),
    ]
    assert _print(tables.findings(found, "vi")).splitlines() == [
        "LỖI 1: một [x] [c]",
        "LỖI 2: hai [d]",
        "lưu ý chung [a]",
        "lưu ý 1: lưu [b]",
    ]
    assert _print(tables.findings(found, "en")).splitlines()[0] == "ERROR 1: one [c]"
    assert _print(tables.findings([], "vi")).strip() == ""
