"""From an annex to a ruleset: annexes typeset in many ways, printed ones read back, changed ones, hostile ones."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import cchc_index as cchc
from annexes import AGENCY, TYPESET, typed, word_plain
from cchc_index.checking.clauses.agree import Verdict, check_clauses
from cchc_index.checking.clauses.read import parts_of_text, states_no_number
from cchc_index.checking.structure import check_structure
from cchc_index.cli.app import app
from cchc_index.criteria import AdjustmentKind, Criterion, Ruleset
from cchc_index.drafting.annex import Line, annex_of, unbulleted
from cchc_index.drafting.composing import Draft, Heading, compose
from cchc_index.drafting.folder import BASE_FILE, WORKLIST_FILE, Drafted, _verified, draft, ruleset_of, stored_text
from cchc_index.drafting.keeping import comments_in, lacking_texts, stored_texts
from cchc_index.drafting.merging import merged
from cchc_index.drafting.reading import Status, read_row
from cchc_index.drafting.rows import Sentence
from cchc_index.drafting.worklist import data, summary
from cchc_index.errors import BadAnnex, BadRuleset
from cchc_index.files.catalogue import folder_of, rulesets
from cchc_index.files.reading import read_ruleset
from cchc_index.files.source import read_node
from cchc_index.files.writing import as_yaml, dump, written
from cchc_index.measures import FactType, Linear, Ratio
from cchc_index.office.annex_files import annex_docx, annex_xlsx
from cchc_index.office.reading import read_papers
from cchc_index.office.tables import Cell, Paper, Row, Table
from cchc_index.rules import Average, Awarded, Piecewise, Rule, Sum, Switch
from cchc_index.rules import Table as Options
from cchc_index.sources import NOT_STATED, NoteKind, Quote

HEADING = Heading("thu/cap-xa", "2026", "xã")
SAMPLE = "mau/cap-xa/1"
SETS = (SAMPLE, "vpcp/mot-cua/tt-01-2018", "tiep-can-phap-luat/cap-xa/2021", "vpcp/phuc-vu/766-2022")
CASES = [
    *((SAMPLE, name) for name in TYPESET),
    *((rules, name) for rules in SETS[1:] for name in ("word_plain", "excel_lines", "html")),
    *((rules, "word_roman") for rules in SETS[1:3]),
    *((rules, "word_plain") for rules in rulesets() if rules not in SETS),
]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("phu-luc")

    @cache
    def drafted(rules: str, name: str) -> tuple[Path, Drafted]:
        suffix, typeset = TYPESET[name]
        file = folder / f"{rules.replace('/', '-')}-{name}{suffix}"
        file.write_bytes(typeset(cchc.load(rules)))
        return file, draft(file, folder / "chua-co", HEADING)

    return drafted


# -- twelve and more ways to typeset -----------------------------------------------------------------------------------


def tree(rules: Ruleset) -> list[tuple[Any, ...]]:
    """Every row with its code, name, points, depth and kind."""

    def under(one: Criterion, depth: int) -> Iterator[tuple[Any, ...]]:
        yield one.code, one.name, one.max_points, depth
        for child in one.children:
            yield from under(child, depth + 1)

    tops = [*rules.criteria, *(adjustment.criterion for adjustment in rules.adjustments)]
    return [*(row for top in tops for row in under(top, 0)), [a.kind for a in rules.adjustments]]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("rules", "left"), [(SAMPLE, {"3.1.3", "6.1.3", "8.2.3"}), ("vpcp/mot-cua/tt-01-2018", {*"2345789"})]
)
def test_the_rows_that_the_page_says_are_left_to_a_person(rules: str, left: set[str], made: Any) -> None:
    drafted = made(rules, "word_plain")[1]
    assert {row.code for row in drafted.report.leaves if row.status is not Status.READ} == left


@pytest.mark.parametrize(("rules", "name"), CASES)
def test_the_structure_of_every_annex_is_read_in_full(rules: str, name: str, made: Any) -> None:
    _, drafted = made(rules, name)
    assert tree(drafted.rules) == tree(cchc.load(rules))


@pytest.mark.parametrize("name", TYPESET)
def test_sentences_and_evidence_are_those_of_the_annex(name: str, made: Any) -> None:
    _, drafted = made(SAMPLE, name)
    rows = {row.code: row.sentences for row in drafted.report.rows}
    for row in typed(cchc.load(SAMPLE)):
        assert rows[row.code] == row.how, row.code
        if not name.startswith("pdf"):
            assert drafted.rules[row.code].evidence == row.evidence
        assert " ".join(drafted.rules[row.code].evidence) == " ".join(row.evidence)


@pytest.mark.parametrize("name", TYPESET)
def test_nineteen_of_twenty_rules_are_read_and_none_says_another_thing(name: str, made: Any) -> None:
    _, drafted = made(SAMPLE, name)
    shipped = cchc.load(SAMPLE)
    read = [row for row in drafted.report.leaves if row.status is Status.READ]
    assert 100 * len(read) >= 95 * len(drafted.report.leaves)
    for row in read:
        assert meaning(drafted.rules, row.code) == meaning(shipped, row.code), row.code


@pytest.mark.parametrize("name", rulesets())
def test_of_every_shipped_set_what_is_read_is_what_its_sentences_say(name: str, made: Any) -> None:
    _, drafted = made(name, "word_plain")
    shipped = cchc.load(name)
    for row in drafted.report.leaves:
        if row.status is Status.READ:
            of_the_row = {text: said for text, said in meaning(shipped, row.code).items() if text in row.sentences}
            assert meaning(drafted.rules, row.code) == of_the_row, row.code


def kinds(drafted: Drafted) -> tuple[int, ...]:
    """Rows that are scored: all, without a sentence, whose sentences state no number, read, left to a person."""
    leaves = drafted.report.leaves
    silent = [row for row in leaves if row.status is Status.SILENT]
    read_ = [row for row in leaves if row.status is Status.READ]
    rest = [row for row in leaves if row not in silent and row not in read_]
    plain = [row for row in rest if all(states_no_number(sentence) for sentence in row.sentences)]
    return len(leaves), len(silent), len(plain), len(read_), len(rest) - len(plain)


def test_the_page_counts_what_is_read_of_every_shipped_set(made: Any) -> None:
    page = Path(__file__).parents[1].joinpath("docs/tu-phu-luc.md").read_text("utf-8")
    told = re.findall(r"^\| `([\w/-]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    counted = {name: kinds(made(name, "word_plain")[1]) for name in rulesets()}
    assert {name: tuple(map(int, numbers)) for name, *numbers in told} == {
        name: numbers for name, numbers in counted.items() if numbers[0] != numbers[1]
    }
    silent = [numbers[0] for numbers in counted.values() if numbers[0] == numbers[1]]
    assert f"{len(silent)} bộ còn lại ({sum(silent)} dòng)" in page


def test_every_typesetting_comes_to_the_same_rules(made: Any) -> None:
    told = {name: made(SAMPLE, name)[1] for name in TYPESET}
    statuses = {tuple((row.code, row.status) for row in drafted.report.rows) for drafted in told.values()}
    assert len(statuses) == 1
    counted = Counter(status.value for _, status in statuses.pop() if status)
    assert counted == {"doc_duoc": 60, "can_nguoi_doc": 2, "nhieu_cach_doc": 1}


@pytest.mark.parametrize(("rules", "name"), CASES)
def test_a_drafted_rule_differs_from_none_of_its_sentences(rules: str, name: str, made: Any) -> None:
    _, drafted = made(rules, name)
    assert [check for check in check_clauses(drafted.rules) if check.verdict is Verdict.DIFFERS] == []


def meaning(rules: Ruleset, code: str) -> dict[str, Any]:
    """What each sentence of a row gives: points on a grid of numbers, points for what it states, what leaves it out."""
    one = rules[code]
    shares = {fact.name for fact in rules.facts_by_name.values() if fact.type is FactType.PERCENT}
    found: dict[str, Any] = {}
    if one.rule is not NOT_STATED:
        _said(one.rule, one.sentence, found, shares)
    for exemption in one.exemptions:
        assert isinstance(exemption.basis, Quote)
        found[exemption.basis.text] = exemption.policy
    if one.rounding and isinstance(one.rounding.basis, Quote):
        found[one.rounding.basis.text] = one.rounding.step
    return found


def _said(rule: Rule, basis: Any, found: dict[str, Any], shares: set[str]) -> None:
    def put(where: Any, value: Any) -> None:
        said = where if isinstance(where, Quote) else basis
        assert isinstance(said, Quote)
        found.setdefault(said.text, []).append(value)

    match rule:
        case Piecewise(measure, pieces):
            for piece in pieces:
                share = isinstance(measure, Ratio) or bool({name for name, _ in measure.terms} & shares)
                grid = [(x, piece.base + piece.slope * x) for x in _grid(measure, share) if x in piece.interval]
                put(piece.basis, (share, grid))
        case Options(_, options):
            for option in options:
                if option.points or isinstance(option.basis, Quote):
                    put(option.basis, option.points)
        case Sum(terms):
            for term in terms:
                _term(term.rule, term.basis if isinstance(term.basis, Quote) else basis, found)
        case Switch(cases):
            for case in cases:
                where = case.basis if isinstance(case.basis, Quote) else basis
                if isinstance(case.rule, Sum) and not case.rule.terms:
                    put(where, case.rule.base)
                else:
                    _said(case.rule, where, found, shares)
        case Average(_, inner):
            _said(inner, basis, found, shares)
        case Awarded():
            put(rule.basis, (rule.low, rule.high, rule.step))


def _term(rule: Rule, basis: Any, found: dict[str, Any]) -> None:
    """An item: so much for each, or for having something; the heading of a list has no points of its own."""
    match rule:
        case Piecewise(_, (piece,)):
            found.setdefault(basis.text, []).append(("each", abs(piece.slope), None))
        case Sum((inner,), cap=cap, floor=floor) if isinstance(inner.rule, Piecewise):
            limit = cap if cap is not None else None if floor is None else -floor
            found.setdefault(basis.text, []).append(("each", abs(inner.rule.pieces[0].slope), limit))
        case Sum(terms, cap=cap):
            found.setdefault(basis.text, []).append(("list", cap))
            for term in terms:
                _term(term.rule, term.basis, found)
        case Options(_, options):
            found.setdefault(basis.text, []).append(abs(options[0].points))
        case Switch((case, *_)):
            assert isinstance(case.rule, Sum)
            found.setdefault(basis.text, []).append(abs(case.rule.base))


def _grid(measure: Linear | Ratio, share: bool) -> list[Fraction]:
    """Numbers that stand for all: shares and changes by half percents, whole numbers."""
    if not share:
        return [Fraction(n) for n in (*range(61), 499, 500, 501)]
    falls = isinstance(measure, Ratio) and any(times < 0 for _, times in measure.top.terms)
    return [Fraction(n, 200) for n in range(-200 if falls else 0, 201)]


# -- nothing lost ------------------------------------------------------------------------------------------------------


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def lost(paper: Paper, made: Draft) -> list[Cell]:
    """The cells of a paper that stand neither in the ruleset nor in the list of what was left out."""
    known = " ".join(" ".join(strings(made.keys)).split())
    left = {cell.place for cell in made.left_out}
    lines = {line.place: line for line in annex_of([paper]).lines}
    points = {row.place for row in made.rows if row.points is not None}
    points |= {line.place for line in lines.values() if line.points is not None and not line.code}
    return [
        cell
        for table in paper.tables
        for row in table.rows
        if row.place in lines
        for cell in row.cells
        if cell.place not in left and not _kept(cell, lines[row.place], known, has_points=row.place in points)
    ]


def _kept(cell: Cell, line: Line, known: str, *, has_points: bool) -> bool:
    """Whether the words of a cell are in the ruleset: as they stand, as its own code, or as its number of points."""
    parts = [part for words in cell.lines for part in (parts_of_text(unbulleted(words)) or (words,))]
    if cell.text in (line.code, "–") or all(part.removesuffix(".") in known for part in parts):
        return True
    is_heading = line.is_heading and line.name in known and line.name in cell.text
    return is_heading or (has_points and bool(re.fullmatch(r"[0-9.,]+ ?(điểm|đ)?", cell.text)))


WORDS = st.sampled_from(
    [
        *("Từ 80% trở lên: 2 điểm", "Dưới 80%: 0 điểm", "Có quy chế: 1 điểm", "Không có quy chế: 0 điểm"),
        *("- Mỗi lần chậm trừ 0,25 điểm", "Theo thực tế", "(Tỷ lệ % x 2)/100%", "Hồ sơ trả đúng hạn: 1 điểm"),
        *("Điểm 2 khi đạt", "a; b; c", "Làm tròn đến một chữ số thập phân", "Tổng cộng", "Điểm thưởng", "x" * 90),
    ]
)
CODES = st.sampled_from(["", "I", "II", "1", "2", "1.1", "1.2", "1.1.1", "a", "b)", "A.", "N1", "TC-1"])
POINTS = st.sampled_from(["", "2", "0,5", "02 điểm", "0,5đ", "1.25", "–", "10 điểm"])
ROWS = st.lists(
    st.tuples(
        CODES, WORDS, POINTS, st.lists(WORDS, max_size=3), WORDS | st.just(""), WORDS | st.just(""), st.booleans()
    ),
    min_size=1,
    max_size=9,
)
HEADS = ("STT", "Tiêu chí", "Điểm tối đa", "Cách tính điểm", "Tài liệu kiểm chứng", "Cột lạ")


def paper_of(rows: list[tuple[Any, ...]]) -> Paper:
    """A paper with one table of these rows."""
    listed = [
        HEADS,
        *((code, name, points, "\n".join(how), papers, odd) for code, name, points, how, papers, odd, _ in rows),
    ]
    bolds = [True, *(row[-1] for row in rows)]
    made = tuple(
        Row(tuple(Cell(text, f"t, {r}, {c}", bold) for c, text in enumerate(cells)), f"t, {r}")
        for r, (cells, bold) in enumerate(zip(listed, bolds, strict=True))
    )
    return Paper("t", (Table("t", made),))


@settings(deadline=None, max_examples=80)
@given(ROWS)
def test_whatever_the_annex_holds_it_is_in_the_ruleset_or_told(rows: list[tuple[Any, ...]]) -> None:
    paper = paper_of(rows)
    annex = annex_of([paper])
    made = compose(annex, HEADING)
    if annex.lines:
        rules = ruleset_of(made.keys, "x")
        assert ruleset_of(written(rules), "y") == rules
        unread = {row.code for row in made.rows if row.status in (Status.UNREAD, Status.SEVERAL)}
        assert {one.code for one in rules.walk() if any(n.kind is NoteKind.UNREAD for n in one.notes)} == unread
    assert lost(paper, made) == []


# -- what a machine cannot read ----------------------------------------------------------------------------------------


def sentences(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, "") for text in texts)


def test_what_cannot_be_read_is_kept_word_for_word_and_refused_by_check(made: Any) -> None:
    _, drafted = made("tiep-can-phap-luat/cap-xa/2021", "word_plain")
    found = {finding.criterion for finding in check_structure(drafted.rules, {}) if finding.code == "can-nguoi-doc"}
    assert found == {row.code for row in drafted.report.leaves}
    assert ruleset_of(written(drafted.rules), "x") == drafted.rules


def test_several_readings_stand_side_by_side() -> None:
    told = "Không có phản ánh hoặc 100% phản ánh được xử lý và không có vụ việc kéo dài: 2 điểm"
    drafted = read_row(sentences(told, "Dưới 80% phản ánh được xử lý: 0 điểm"), "Phản ánh", Fraction(2))
    assert drafted.status is Status.SEVERAL
    assert drafted.keys["cham"] == "can_nguoi_doc"
    assert [one["noi_dung"] for one in drafted.keys["cach_doc"]] == ["cách đọc 1", "cách đọc 2"]
    assert drafted.keys["cau"][0] == told
    shapes = [one["quy_tac"]["muc"][0]["khi"] for one in drafted.keys["cach_doc"]]
    assert [set(shape) for shape in shapes] in ([{"tat_ca"}, {"mot_trong"}], [{"mot_trong"}, {"tat_ca"}])


def test_figures_are_named_from_the_sentence() -> None:
    told = "Từ 80%: tính điểm theo công thức số mục tiêu đã hoàn thành/số mục tiêu đề ra x 2"
    drafted = read_row(sentences(told, "Dưới 80%: 0 điểm"), "Mục tiêu", Fraction(2))
    assert [fact.name for fact in drafted.facts] == ["muc_tieu_de_ra", "muc_tieu_da_hoan_thanh"]
    assert drafted.keys["ti_so"] == ["muc_tieu_da_hoan_thanh", "muc_tieu_de_ra"]


UNREAD = {
    "neither sum nor best": (("Có A: 1 điểm", "Có B: 0,5 điểm"), 3, "khác điểm tối đa"),
    "percent beside numbers": (("Từ 80%: 2 điểm", "Dưới 3 lần: 0 điểm"), 2, "không tính bằng %"),
    "overlapping bands": (("Từ 80%: 2 điểm", "Từ 70%: 1 điểm"), 2, "chồng lên nhau"),
    "points alone": (("Đánh giá theo thực tế",), 2, "không nêu điểm"),
    "adds and takes": (("Mỗi mô hình cộng 0,5 điểm", "Mỗi lỗi trừ 0,5 điểm"), 2, "vừa cộng vừa trừ"),
    "a slip of print": (("Xử lý ngắn hơnso với quy định: 1 điểm",), 1, "hơnso"),
    "maximum unknown": (("Mỗi lỗi trừ 0,5 điểm",), None, "không rõ điểm tối đa"),
    "no day beside days": (
        ("Ban hành trước ngày 31/01: 1 điểm", "Ban hành sau ngày 31/01: 0,5 điểm", "Không ban hành: 0 điểm"), 1,
        "«Không ban hành: 0 điểm» không nêu hạn",
    ),
    "no rise is no zero": (("Tăng từ 5%: 1 điểm", "Không tăng: 0 điểm"), 1, "không nêu hạn hay mức tăng giảm"),
    "nothing beside a change": (("Tăng từ 5%: 1 điểm", "Không tăng thu: 0 điểm"), 1, "tăng giảm"),
    "two shares": (("Từ 20% thủ tục và từ 30% hồ sơ: 2 điểm", "Dưới 30% hồ sơ: 0 điểm"), 2, "hai thứ khác nhau"),
    "two acts": (("Nhận từ 90% hồ sơ: 2 điểm", "Trả dưới 90% hồ sơ: 0 điểm"), 2, "«Nhận», «Trả»"),
    "two numbers": (("Có từ 2 kế hoạch và từ 3 báo cáo cộng 2 điểm", "Mỗi sổ cộng 1 điểm"), 2, "«kế hoạch», «báo cáo»"),
    "two shares and more": (
        ("Từ 20% thủ tục và có sổ: 2 điểm", "Dưới 30% hồ sơ hoặc không có sổ: 0 điểm"), 2, "hai thứ khác nhau",
    ),
    "a number that is no points": (("Có quy chế: 3", "Không có quy chế: 0"), 2, "lớn hơn điểm tối đa"),
    "the maximum said again": (("Cung cấp dịch vụ (7 điểm)",), 7, "chỉ nêu tên và điểm tối đa"),
    "an example alone": (("Ví dụ: xã A đạt 9/10: 1 điểm",), 1, "chỉ có ví dụ"),
    "a slip that can be cut": (("Xử lý ngắn hơnso với quy định: 1 điểm",), 1, "có lẽ là «hơn so»"),
    "a list without items": (("Phân công rõ, tối đa 0,5 điểm, trong đó:", "Có A: 1 điểm"), 1, "không cộng đúng"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREAD)
def test_sentences_that_fit_no_shape_are_for_a_person(name: str) -> None:
    told, most, why = UNREAD[name]
    drafted = read_row(sentences(*told), "Tên", NOT_STATED if most is None else Fraction(most))
    assert drafted.status is Status.UNREAD
    assert drafted.keys["cau"] == list(told)
    assert why in drafted.why.vi
    assert drafted.why.en


def test_points_of_the_column_beside_a_sentence_count() -> None:
    told = (Sentence("Hoàn thành 100% kế hoạch", "", Fraction(1)), Sentence("Hoàn thành dưới 100%", "", Fraction(0)))
    drafted = read_row(told, "Kế hoạch", Fraction(1))
    assert [(band["diem"], band["nguyen_van"]) for band in drafted.keys["bac"]] == [
        ("1", "Hoàn thành 100% kế hoạch"),
        ("0", "Hoàn thành dưới 100%"),
    ]


def test_numbers_without_their_word_are_points_and_it_is_told() -> None:
    told = sentences("Hoàn thành 100% kế hoạch: 2", "Từ 70% - dưới 100%: 1", "Dưới 70% kế hoạch: 0")
    drafted = read_row(told, "Kế hoạch", Fraction(2))
    assert [band["diem"] for band in drafted.keys["bac"]] == ["2", "1", "0"]
    assert any("không ghi «điểm»" in doubt.vi for doubt in drafted.doubts)


def test_a_denial_of_one_thing_is_not_that_of_two() -> None:
    """Nothing says what a plan without a report gives, so the two sentences are a choice and not yes and no."""
    drafted = read_row(
        sentences("Có kế hoạch và báo cáo: 2 điểm", "Không có kế hoạch: 0 điểm"), "Kế hoạch", Fraction(2)
    )
    assert drafted.keys["cham"] == "chon_mot"
    single = read_row(sentences("Có kế hoạch năm: 2 điểm", "Không có kế hoạch: 0 điểm"), "Kế hoạch", Fraction(2))
    assert single.keys["cham"] == "muc"


def test_an_example_of_the_annex_is_kept_and_is_no_rule(tmp_path: Path) -> None:
    table = "STT;Tiêu chí;Điểm tối đa;Cách tính\n1;A;1;\n1.1;B;1;Có sổ: 1 điểm. Ví dụ: xã X có sổ. Được 1 điểm\n"
    drafted = draft(put(tmp_path, "a.csv", table), tmp_path / "bo", HEADING)
    assert [(row.status, [doubt.vi for doubt in row.doubts]) for row in drafted.report.leaves] == [
        (Status.READ, ["ví dụ của văn bản giữ ở ghi chú; tính thử xem có khớp quy tắc"])
    ]
    assert [note.text for note in drafted.rules["1.1"].notes] == ["Ví dụ: xã X có sổ. Được 1 điểm"]


def test_a_real_table_with_points_beside_its_sentences(tmp_path: Path) -> None:
    """The rows of 4.1 in Công văn 244/PNV without its column of guidance: its sentences and their points say it all."""
    stored = folder_of("dong-nai/cap-xa/2022") / "nguon/HD244.md"
    rows = [line.split("|") for line in stored.read_text("utf-8").split("\n") if line.startswith("|")]
    table = "\n".join("|".join(row[:4]) + "|" for row in rows[:7])
    drafted = draft(put(tmp_path, "a.md", table), tmp_path / "bo", HEADING)
    shipped = meaning(cchc.load("dong-nai/cap-xa/2022"), "4.1")
    assert [row.status for row in drafted.report.leaves] == [Status.READ]
    assert meaning(drafted.rules, "4.1") == shipped
    whole = draft(stored, tmp_path / "ca", HEADING)
    assert [row.status for row in whole.report.leaves] == [Status.UNREAD, Status.UNREAD]
    assert whole.rules.documents[0].issuer == "Phòng Nội vụ"


def test_an_extract_may_go_from_an_area_to_a_criterion_of_another(tmp_path: Path) -> None:
    table = "STT;Tiêu chí;Điểm tối đa\n3;A;20\n7.3;B;7\n8;C;2\n8.1;D;2\n"
    drafted = draft(put(tmp_path, "a.csv", table), tmp_path / "bo", HEADING)
    assert [one.code for one in drafted.rules.criteria] == ["3", "7.3", "8"]
    slipped = "STT;Tiêu chí;Điểm tối đa\n3;A;3\n3.1;B;1\n4.2;C;1\n3.3;D;1\n"
    drafted = draft(put(tmp_path, "b.csv", slipped), tmp_path / "bo", HEADING)
    assert [one.code for one in drafted.rules["3"].children] == ["3.1", "4.2", "3.3"]


# -- an annex printed by the library -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", rulesets())
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_printed_ruleset_is_drafted_equal(name: str, suffix: str, tmp_path: Path) -> None:
    rules = cchc.load(name)
    file = tmp_path / f"phu-luc{suffix}"
    file.write_bytes((annex_docx if suffix == ".docx" else annex_xlsx)(rules))
    drafted = draft(file, tmp_path / "bo")
    assert drafted.rules == rules
    folder = tmp_path / "bo"
    folder.mkdir()
    (folder / "bo-tieu-chi.yaml").write_text(drafted.files["bo-tieu-chi.yaml"], "utf-8")
    assert read_ruleset(folder) == rules
    assert drafted.report.left_out == ()


def test_printing_twice_gives_the_same_bytes() -> None:
    rules = cchc.load(SAMPLE)
    assert annex_docx(rules) == annex_docx(rules)
    assert annex_xlsx(rules) == annex_xlsx(rules)


def test_what_is_changed_in_the_visible_annex_is_what_is_read(tmp_path: Path) -> None:
    """The tables after the annex hold no copy of what it shows: its words and numbers are the ones that count."""
    file = tmp_path / "phu-luc.docx"
    file.write_bytes(annex_docx(cchc.load("dong-nai/cap-xa/2022")))
    document = Document(str(file))
    row = document.tables[0].rows[2]
    row.cells[1].paragraphs[0].runs[0].text = "Tên mới"
    row.cells[2].paragraphs[0].runs[0].text = "1,5"
    row.cells[3].paragraphs[0].runs[0].text = row.cells[3].text.replace(
        "Hoàn thành dưới 90%", "Hoàn thành chưa đến 90%"
    )
    document.save(str(file))
    changed = draft(file, tmp_path / "bo").rules["4.1"]
    assert (changed.name, changed.max_points) == ("Tên mới", Fraction(3, 2))
    assert isinstance(changed.rule, Piecewise)
    assert isinstance(changed.rule.pieces[2].basis, Quote)
    assert changed.rule.pieces[2].basis.text == "Hoàn thành chưa đến 90%"


def test_a_spoilt_table_after_the_annex_is_told_by_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "phu-luc.docx"
    file.write_bytes(annex_docx(cchc.load("dong-nai/cap-xa/2022")))
    document = Document(str(file))
    scoring = document.tables[3]
    spoilt = next(row for row in scoring.rows if row.cells[1].text == "bac 1")
    spoilt.cells[2].paragraphs[0].runs[0].text = "{tu: 100%, diem: 1, cau: 9"
    document.save(str(file))
    with pytest.raises(BadAnnex, match=r"phu-luc\.docx, bảng 4, dòng \d+, ô 3: .*không đọc được như giá trị"):
        draft(file, tmp_path / "bo")
    spoilt.cells[2].paragraphs[0].runs[0].text = "{tu: 100%, diem: 1, cau: 9}"
    document.save(str(file))
    with pytest.raises(BadAnnex, match="không có câu 9"):
        draft(file, tmp_path / "bo")


# -- again, after a person and after the annex changed -----------------------------------------------------------------


def wrote(drafted: Drafted, folder: Path) -> None:
    for path, text in drafted.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def annex_with(folder: Path, old: str = "", new: str = "") -> Path:
    """The plain annex of the sample, with one text replaced."""
    file = folder / "phu-luc.docx"
    file.write_bytes(word_plain(cchc.load(SAMPLE)))
    if old:
        document = Document(str(file))
        hits = [
            run
            for row in document.tables[0].rows
            for cell in row.cells
            for paragraph in cell.paragraphs
            for run in paragraph.runs
            if old in run.text
        ]
        assert len(hits) == 1, old
        hits[0].text = hits[0].text.replace(old, new)
        document.save(str(file))
    return file


def edited(folder: Path, old: str, new: str) -> None:
    file = folder / "bo-tieu-chi.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, text.count(old)
    file.write_text(text.replace(old, new), "utf-8")


def test_a_second_run_on_the_same_annex_leaves_the_persons_file_as_it_is(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    wrote(draft(file, folder, HEADING), folder)
    edited(folder, "ten: Kế hoạch cải cách hành chính năm\n", "ten: Kế hoạch CCHC   # tên tôi đặt\n")
    again = draft(file, folder, HEADING)
    assert "bo-tieu-chi.yaml" not in again.files
    assert "vi-du.yaml" not in again.files
    assert again.rules["1.1"].name == "Kế hoạch CCHC"
    assert again.report.changes == ()


def test_a_changed_annex_keeps_what_a_person_decided_and_tells_what_changed(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    wrote(draft(file, folder, HEADING), folder)
    edited(folder, "ten: số báo cáo gửi", "ten: số báo cáo định kỳ đã gửi")
    edited(folder, "ten: Chế độ báo cáo\n", "ten: Chế độ báo cáo của xã\n")
    annex_with(tmp_path, "Dưới 20% số thôn: 0 điểm", "Dưới 20% số thôn: 0,25 điểm")
    again = draft(file, folder, HEADING)
    assert again.rules.fact("bao_cao_gui").label == "số báo cáo định kỳ đã gửi"
    assert again.rules["1.2"].name == "Chế độ báo cáo của xã"
    assert [piece.base for piece in again.rules["1.3.1"].rule.pieces][-1] == Fraction(1, 4)  # type: ignore[union-attr]
    [change] = again.report.changes
    assert (change.code, change.is_conflict) == ("1.3.1", False)
    assert "Phụ lục đổi so với lần trước" in again.files[WORKLIST_FILE]


def test_comments_of_a_person_are_kept_and_told_when_the_file_is_written_again(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    wrote(draft(file, folder, HEADING), folder)
    edited(folder, "ten: Kế hoạch cải cách hành chính năm\n", "ten: 'Kế hoạch # CCHC'   # tên tôi đặt\n")
    assert draft(file, folder, HEADING).report.comments == ()
    for number, points in enumerate(("0,25", "0,5"), 1):
        mine = (folder / "bo-tieu-chi.yaml").read_text("utf-8")
        annex_with(tmp_path, "Dưới 20% số thôn: 0 điểm", f"Dưới 20% số thôn: {points} điểm")
        again = draft(file, folder, HEADING)
        kept = f"ban-thao/ban-truoc-{number}.yaml"
        assert again.files[kept] == mine
        [comment] = again.report.comments
        assert (comment.code, comment.words) == ("1.1", "# tên tôi đặt")
        assert mine.split("\n")[comment.line - 1].endswith("# tên tôi đặt")
        assert f"- dòng {comment.line}, 1.1: # tên tôi đặt" in again.files[WORKLIST_FILE]
        assert any(f"giữ ở {kept}" in line for line in summary(again.report))
        assert any(kept in line for line in summary(again.report, "en"))
        wrote(again, folder)
        edited(folder, "ten: 'Kế hoạch # CCHC'\n", "ten: 'Kế hoạch # CCHC'  # tên tôi đặt\n")
    assert "# tên tôi đặt" in (folder / "ban-thao/ban-truoc-1.yaml").read_text("utf-8")


LINES = st.sampled_from(
    ["ma: '1'", "ten: 'x # y'", 'ten: "#"', "ten: a#b", "muc: {a: '# b', c: d}", "ten: |\n    # chữ"]
)


@given(
    st.lists(st.tuples(LINES, st.sampled_from(["", "  # một", " # hai  "]), st.sampled_from(["", "# riêng dòng\n"])))
)
def test_every_comment_of_a_file_is_found_and_nothing_else(rows: list[tuple[str, str, str]]) -> None:
    rows = [(line, "" if "|" in line else beside, above) for line, beside, above in rows]
    text = "".join(f"{above}- {line}{beside}\n" for line, beside, above in rows)
    wanted = [words.strip() for _, beside, above in rows for words in (above, beside) if words]
    assert [comment.words for comment in comments_in(text)] == wanted


def test_where_both_changed_the_persons_stays_and_the_conflict_is_told(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    wrote(draft(file, folder, HEADING), folder)
    edited(folder, "ten: Chế độ báo cáo\n", "ten: Chế độ báo cáo của xã\n")
    annex_with(tmp_path, "Chế độ báo cáo", "Chế độ thông tin, báo cáo")
    again = draft(file, folder, HEADING)
    assert again.rules["1.2"].name == "Chế độ báo cáo của xã"
    [conflict] = again.report.conflicts
    assert conflict.code == "1.2"
    assert "Chế độ thông tin, báo cáo" in conflict.message.vi
    assert not again.report.is_done


def test_a_rule_that_a_person_wrote_is_no_longer_on_the_list(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    first = draft(file, folder, HEADING)
    wrote(first, folder)
    keys = read_node(folder / "bo-tieu-chi.yaml").plain()
    row = next(one for one in walk(keys["tieu_chi"]) if one["ma"] == "6.1.3")
    for key in ("cau", "vi_sao"):
        del row[key]
    row["cham"] = "khong_quy_dinh"
    (folder / "bo-tieu-chi.yaml").write_text(as_yaml(keys), "utf-8")
    again = draft(file, folder, HEADING)
    assert first.report.count(Status.UNREAD) - again.report.count(Status.UNREAD) == 1
    assert "6.1.3" not in [one["criterion"] for one in data(again.report)["todo"]]


def walk(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row
        yield from walk(row.get("gom", []))


def row(code: str, **keys: Any) -> dict[str, Any]:
    return {"ma": code, "ten": code, "diem_toi_da": "1", "cham": "khong_quy_dinh"} | keys


MERGES = {
    "a new row": ([row("1")], [row("1")], [row("1"), row("2")], ["1", "2"], [("2", "dòng mới", False)]),
    "a row gone": ([row("1"), row("2")], [row("1"), row("2")], [row("1")], ["1"], [("2", "đã bỏ", False)]),
    "a row gone that was edited": (
        [row("1"), row("2")], [row("1"), row("2", ten="X")], [row("1")], ["1", "2"], [("2", "giữ lại", True)],
    ),
    "a row that the person added": ([row("1")], [row("1"), row("9")], [row("1")], ["1", "9"], []),
    "a row that the person took out": ([row("1"), row("2")], [row("1")], [row("1"), row("2")], ["1"], []),
    "one taken out that changed": (
        [row("1"), row("2")], [row("1")], [row("1"), row("2", ten="X")], ["1"], [("2", "đã bị xóa", True)],
    ),
    "points that changed": (
        [row("1")], [row("1")], [row("1", diem_toi_da="2")], ["1"], [("1", "điểm tối đa: «1»", False)],
    ),
    "a place that moved": ([row("1", nguon="A")], [row("1", nguon="A")], [row("1", nguon="B")], ["1"], []),
}  # fmt: skip


@pytest.mark.parametrize("name", MERGES)
def test_rows_of_three_sides(name: str) -> None:
    base, mine, fresh, codes, told = MERGES[name]
    keys, changes = merged({"tieu_chi": base}, {"tieu_chi": mine}, {"tieu_chi": fresh})
    assert [one["ma"] for one in keys.get("tieu_chi", [])] == codes
    assert [(one.code, one.is_conflict) for one in changes] == [(code, clash) for code, _, clash in told]
    assert all(words in change.message.vi for change, (_, words, _) in zip(changes, told, strict=True))


KEYS = st.fixed_dictionaries({}, optional={"ten": st.sampled_from("AB"), "nguon": st.sampled_from("XY")})
SIDE = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "1.1"]), KEYS), unique_by=lambda one: one[0], max_size=4)


def side(rows: list[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    return {"tieu_chi": [row(code, **keys) for code, keys in rows]}


@given(SIDE, SIDE)
def test_where_only_one_side_changed_that_side_is_the_result(base: Any, other: Any) -> None:
    old, new = side(base), side(other)
    alike = {one["ma"]: one for one in new["tieu_chi"]}
    taken, _ = merged(old, old, new)
    assert {one["ma"]: one for one in taken.get("tieu_chi", [])} == alike
    kept, told = merged(old, new, old)
    assert {one["ma"]: one for one in kept.get("tieu_chi", [])} == alike
    assert told == ()


# -- the command -------------------------------------------------------------------------------------------------------

RUNNER = CliRunner()
SMALL_TABLE = "STT,Tiêu chí,Điểm tối đa,Cách tính\n1,Quy chế,1,Có quy chế: 1 điểm\n2,Sáng tạo,1,Xem xét\n"


def test_each_scored_row_is_told_as_it_is_read(tmp_path: Path) -> None:
    rows: list[int] = []
    drafted = draft(put(tmp_path, "a.csv", SMALL_TABLE), tmp_path / "bo", HEADING, seen=rows.append)
    assert rows == [1] * len(drafted.report.leaves) == [1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_a_terminal_sees_how_far_the_reading_is(tmp_path: Path) -> None:
    import pty

    put(tmp_path, "a.csv", SMALL_TABLE)
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cchc_index", "draft", "a.csv", "--into", "bo", "--id", "thu/x/1"]
    environment = {**os.environ, "TERM": "xterm-256color"}
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, env=environment, check=False)
    os.close(slave)
    said = os.read(master, 65536).decode()
    os.close(master)
    assert done.returncode == 1
    assert "Đang đọc" not in done.stdout.decode()
    assert "Đang đọc phụ lục, dòng 2" in said


def test_the_command_writes_the_folder_and_says_what_is_left(tmp_path: Path) -> None:
    file = annex_with(tmp_path)
    result = RUNNER.invoke(app, ["draft", str(file), "--into", str(tmp_path), "--id", "thu/cap-xa/2026", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["rows"], told["scored"], told["points_read"], told["points_total"]) == (94, 63, "99", "105")
    folder = tmp_path / "thu/cap-xa/2026"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        BASE_FILE, "bo-tieu-chi.yaml", "nguon/QD.md", "vi-du.yaml", WORKLIST_FILE,
    ]  # fmt: skip
    rules = read_ruleset(folder)
    assert rules.documents[0].number == "12/QĐ-UBND"
    assert str(rules.documents[0].date) == "2026-01-05"
    assert rules.documents[0].issuer == "Ủy ban nhân dân tỉnh Mẫu"
    text = (folder / "nguon/QD.md").read_text("utf-8")
    found = [finding.code for finding in check_structure(rules, {"QD": text})]
    assert "khong-thay-nguyen-van" not in found
    checked = RUNNER.invoke(app, ["check", str(folder), "--json"])
    assert checked.exit_code == 1
    codes = Counter(finding["code"] for finding in json.loads(checked.stdout))
    assert codes == {"con-cho-dien": 2, "can-nguoi-doc": 3, "cau-chua-doc": 1}


def test_the_whole_way_from_print_to_draft_by_commands(tmp_path: Path) -> None:
    docx, xlsx = tmp_path / "a.docx", tmp_path / "a.xlsx"
    assert RUNNER.invoke(app, ["show", SAMPLE, "--docx", str(docx), "--xlsx", str(xlsx)]).exit_code == 0
    result = RUNNER.invoke(app, ["draft", str(docx), "--into", str(tmp_path / "bo")])
    assert result.exit_code == 0, result.output
    assert read_ruleset(tmp_path / "bo" / SAMPLE) == cchc.load(SAMPLE)


def test_stored_texts_that_the_annex_names_are_taken_along_or_told(tmp_path: Path) -> None:
    docx, name = tmp_path / "a.docx", "dong-nai/cap-xa/2022"
    assert RUNNER.invoke(app, ["show", name, "--docx", str(docx)]).exit_code == 0
    command = ["draft", str(docx), "--into", str(tmp_path / "bo")]
    told = "chép bản lưu của HD244 (244/PNV) vào nguon/HD244.md, hay soạn lại với --van-ban"
    assert told in RUNNER.invoke(app, command).stdout
    kept = folder_of(name) / "nguon/HD244.md"
    again = RUNNER.invoke(app, [*command, "--van-ban", str(kept)])
    assert (again.exit_code, told in again.stdout) == (0, False)
    assert RUNNER.invoke(app, ["check", str(tmp_path / "bo" / name)]).exit_code == 0
    assert told not in RUNNER.invoke(app, command).stdout
    strange = RUNNER.invoke(app, [*command, "--van-ban", str(docx)])
    assert "a.docx: không văn bản nào lưu ở tệp tên này; cần: HD244.md" in str(strange.exception)
    (tmp_path / "HD244.md").write_bytes(b"\xff")
    broken = RUNNER.invoke(app, [*command, "--van-ban", str(tmp_path / "HD244.md")])
    assert isinstance(broken.exception, BadRuleset)


@pytest.mark.parametrize("stored", ["../x.md", "/x.md"])
def test_a_stored_text_is_never_put_outside_the_folder(stored: str, tmp_path: Path) -> None:
    rules = cchc.load("dong-nai/cap-xa/2022")
    outside = evolve(rules, documents=(evolve(rules.documents[0], stored=stored),))
    with pytest.raises(BadRuleset, match="không văn bản nào"):
        stored_texts(outside, [put(tmp_path, "x.md", "x")])
    assert [stored in text.vi for text in lacking_texts(outside, tmp_path / "bo", ())] == [True]
    elsewhere = evolve(rules, documents=(evolve(rules.documents[0], stored="a/b/1:nguon/x.md"),))
    assert list(lacking_texts(elsewhere, tmp_path, ())) == []


def test_english_says_the_same(tmp_path: Path) -> None:
    file = annex_with(tmp_path)
    result = RUNNER.invoke(app, ["draft", str(file), "--into", str(tmp_path), "--id", "thu/x/1", "--lang", "en"])
    assert "60 became rules, 99 of 105 points" in result.stdout


def test_english_says_what_is_left_and_where(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(TYPESET["excel_sheets"][1](cchc.load("ha-nam/so-nganh/2023")))
    result = RUNNER.invoke(
        app, ["draft", str(file), "--into", str(tmp_path), "--id", "thu/x/1", "--lang", "en", "--json"]
    )
    told = json.loads(result.stdout)
    assert {"text": "the hidden sheet «Nháp» was not read", "place": "a.xlsx, sheet 'Nháp'"} in told["left_out"]
    assert [one["place"] for one in told["todo"]] == ["a.xlsx, sheet 'Phần 1', row 2", "a.xlsx, sheet 'Phần 2', row 2"]
    assert all(word.isascii() for one in told["todo"] for word in one["what"][:1])
    wrong = put(tmp_path, "b.csv", "STT,Tiêu chí,Điểm\n1,A,hai\n")
    broken = RUNNER.invoke(app, ["draft", str(wrong), "--id", "thu/x/2"])
    assert isinstance(broken.exception, BadAnnex)
    assert "- b.csv, dòng 2, cột 3: «hai» không phải là số" in str(broken.exception)
    assert "- b.csv, row 2, column 3: «hai» is not a number" in broken.exception.report("en")


REFUSED: dict[str, tuple[Callable[[Path], Path], Heading | None, type[Exception], str]] = {
    "no id": (lambda f: put(f, "a.csv", "STT,Tiêu chí,Điểm tối đa\n1,A,2\n"), None, BadRuleset, "cần --id"),
    "no table": (lambda f: put(f, "a.md", "# Không có bảng\n"), HEADING, BadAnnex, "không thấy bảng nào"),
    "another format": (lambda f: put(f, "a.txt", "x"), HEADING, BadAnnex, r"không đọc phụ lục ở dạng «\.txt»"),
    "an old Word file": (lambda f: put(f, "a.doc", "x"), HEADING, BadAnnex, r"lưu thành \.docx"),
    "no such file": (lambda f: f / "a.csv", HEADING, BadAnnex, "không có tệp này"),
    "points that are none": (
        lambda f: put(f, "a.csv", "STT,Tiêu chí,Điểm tối đa\n1,A,hai\n2,B,1%\n"), HEADING, BadAnnex, "«hai».*\n.*«1%»",
    ),
    "a scan": (lambda f: put(f, "a.pdf", "%PDF-1.4\n"), HEADING, BadAnnex, "hỏng|không có lớp chữ"),
    "a hostile file": (lambda f: put(f, "a.docx", "PK"), HEADING, BadAnnex, "tệp Word hỏng"),
}  # fmt: skip


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_annex_is_one_clear_error(name: str, tmp_path: Path) -> None:
    make, heading, kind, said = REFUSED[name]
    with pytest.raises(kind, match=said):
        draft(make(tmp_path), tmp_path / "bo", heading)
    assert not (tmp_path / "bo").exists()


def test_a_folder_that_is_no_draft_is_left_alone(tmp_path: Path) -> None:
    file, folder = annex_with(tmp_path), tmp_path / "bo"
    folder.mkdir()
    (folder / "ghi-chu.txt").write_text("của tôi", "utf-8")
    with pytest.raises(BadRuleset, match="thư mục có sẵn tệp khác"):
        draft(file, folder, HEADING)
    (folder / "bo-tieu-chi.yaml").write_text(dump(cchc.load(SAMPLE)), "utf-8")
    with pytest.raises(BadRuleset, match="không phải bản thảo"):
        draft(file, folder, HEADING)


def test_agencies_totals_hidden_rows_and_foreign_columns_are_told(made: Any) -> None:
    _, ordered = made(SAMPLE, "word_order")
    assert [task.owners for task in ordered.rules["1.1.1"].tasks] == [(AGENCY,)]
    _, merged_ = made(SAMPLE, "excel_merged")
    assert any("ẩn" in blank.vi for blank in merged_.report.blanks)
    _, sheets = made(SAMPLE, "excel_sheets")
    assert any("trang ẩn «Nháp»" in cell.text for cell in sheets.report.left_out)
    assert AdjustmentKind.PENALTY in [one.kind for one in ordered.rules.adjustments]


def test_sums_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    table = "STT;Tiêu chí;Điểm tối đa;Cách tính\n1;A;3;\n1.1;B;1;Có: 1 điểm\n1.2;C;1;Có: 1 điểm\n;Tổng cộng;4;\n"
    drafted = draft(put(tmp_path, "a.csv", table), tmp_path / "bo", HEADING)
    assert [(finding.criterion, finding.code) for finding in drafted.report.sums] == [
        ("", "tong-khong-khop"),
        ("1", "tong-khong-khop"),
    ]
    assert "Tổng trong phụ lục không khớp" in drafted.files[WORKLIST_FILE]


def test_the_stored_text_holds_every_word_of_the_paper(made: Any) -> None:
    file, _ = made(SAMPLE, "word_plain")
    annex = annex_of(read_papers(file))
    text = stored_text(annex)
    assert all(
        line in text for table in annex.tables for row in table.rows for cell in row.cells for line in cell.lines
    )


def test_a_rule_that_differs_from_its_sentence_is_taken_back(tmp_path: Path) -> None:
    """The drafter is not trusted: what it wrote is compared with the sentence before anything is handed over."""
    table = "STT;Tiêu chí;Điểm tối đa;Cách tính\n1;A;2;\n1.1;B;2;Từ 80%: 2 điểm\n"
    made = compose(annex_of(read_papers(put(tmp_path, "a.csv", table))), HEADING)
    row = made.keys["tieu_chi"][0]["gom"][0]
    assert row["bac"][0]["tu"] == "80%"
    row["bac"][0]["tu"] = "85%"
    checked = _verified(made)
    wrong = checked.keys["tieu_chi"][0]["gom"][0]
    assert (wrong["cham"], wrong["cau"]) == ("can_nguoi_doc", ["Từ 80%: 2 điểm"])
    assert "khác nhau ở 80%" in wrong["vi_sao"]
    assert "so_lieu" not in wrong
    assert [one.status for one in checked.rows] == [None, Status.UNREAD]
    assert ruleset_of(checked.keys, "x")["1.1"].rule is NOT_STATED


@pytest.mark.parametrize(("most", "shape"), [(Fraction(3), "cong_don"), (Fraction(2), "chon_mot")])
def test_points_that_add_up_are_a_checklist_and_points_that_do_not_are_levels(most: Fraction, shape: str) -> None:
    drafted = read_row(sentences("Có trang tin: 2 điểm", "Có chuyên mục: 1 điểm"), "Trang tin", most)
    assert drafted.keys["cham"] == shape


def test_a_column_that_says_other_points_than_its_sentence_is_told() -> None:
    told = (Sentence("Từ 80%: 2 điểm", "", Fraction(1)), Sentence("Dưới 80%: 0 điểm", ""))
    drafted = read_row(told, "Tỷ lệ", Fraction(2))
    assert any("cột điểm ghi 1" in doubt.vi for doubt in drafted.doubts)


def test_points_beside_a_sentence_that_is_not_read_are_kept() -> None:
    drafted = read_row((Sentence("Theo thực tế", "", Fraction(1, 2)),), "Tên", Fraction(2))
    assert "«Theo thực tế» 0,5 điểm" in drafted.keys["vi_sao"]
