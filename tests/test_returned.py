"""The filled workbook back to a submission: equal where it was filled in well, else refused cell by cell."""

import datetime
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl  # type: ignore[import-untyped]
import pytest
from attrs import evolve
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.auditing.findings import FindingKind
from cchc_index.cli.app import app
from cchc_index.criteria import Ruleset
from cchc_index.facts import (
    Appraisal,
    Claim,
    Evidence,
    Explanation,
    NewExemption,
    NewFigure,
    NewPoints,
    Period,
    Phase,
    Standing,
    Statement,
    Submission,
)
from cchc_index.files.submission_writing import submission_text
from cchc_index.office.formulas.scratch import column_name
from cchc_index.office.workbook.given import not_shown
from cchc_index.office.workbook.layout import MAIN, Column
from cchc_index.office.workbook.pages import MARKS, workbook
from cchc_index.office.workbook.returned import NotOurs, read_returned
from cchc_index.office.workbook.writing import scoring_workbook
from cchc_index.reviewing.phases import state

ROOT = Path(__file__).parents[1]
SAMPLE = cchc.load("mau/cap-xa/1")
SMALL = cchc.load("dong-nai/cap-xa/2022")
FIGURES = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
UNIT = Submission("Xã A", FIGURES, claims=(Claim("4.1", Fraction(1)),))
Change = Callable[[Any], None]


def units() -> list[Path]:
    """Every fourth of the sample units."""
    return sorted((ROOT / "examples" / "mau-cap-xa").glob("*.yaml"))[::4]


def filled(
    tmp_path: Path, change: Change = lambda _book: None, rules: Ruleset = SMALL, unit: Submission = UNIT
) -> Path:
    """A filled workbook, with something done to it."""
    book = openpyxl.load_workbook(BytesIO(scoring_workbook(rules, unit)))
    change(book)
    file = tmp_path / "xa-a.xlsx"
    book.save(file)
    return file


def cell_of(path: tuple[Any, ...], rules: Ruleset = SMALL) -> str:
    """Where something is filled in."""
    one = next(one for one in workbook(rules).inputs if one.path[: len(path)] == path)
    return f"{column_name(one.column)}{one.row + 1}"


def day(month: int, number: int) -> datetime.datetime:
    """A day as a spreadsheet holds it."""
    return datetime.datetime(2025, month, number)  # noqa: DTZ001


def typing(path: tuple[Any, ...], value: Any) -> Change:
    def change(book: Any) -> None:
        book[MAIN][cell_of(path)] = value

    return change


# -- there and back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", units(), ids=lambda file: file.stem)
def test_a_submission_comes_back_as_it_went(file: Path, tmp_path: Path) -> None:
    unit, target = cchc.read_submission(file), tmp_path / "a.xlsx"
    target.write_bytes(scoring_workbook(SAMPLE, unit, records=12))
    back = read_returned(target).unit
    for name in ("unit", "period", "exemptions", "evidence", "claims", "group"):
        assert getattr(back, name) == getattr(unit, name)
    assert answer(SAMPLE, back) == answer(SAMPLE, unit)
    text = tmp_path / "a.yaml"
    text.write_text(submission_text(SAMPLE, back), "utf-8")
    again = cchc.read_submission(text)
    assert answer(SAMPLE, again) == answer(SAMPLE, unit)
    assert (again.claims, again.evidence, again.period) == (unit.claims, unit.evidence, unit.period)


def answer(rules: Ruleset, unit: Submission) -> Any:
    """The card, or what stands in its way but for where it was found."""
    try:
        return cchc.score(rules, unit)
    except cchc.CchcError as problem:
        return [(fault.path, fault.message) for fault in problem.faults]


def test_everything_beside_the_figures_comes_back(tmp_path: Path) -> None:
    papers = tuple(Evidence(f"{n}/BC", datetime.date(2025, 1, n), "II", f"{n}") for n in range(1, 6))
    period = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    unit = evolve(UNIT, evidence={"4.1": papers}, period=period, group="Nhóm 1")
    back = read_returned(filled(tmp_path, unit=unit)).unit
    assert (back.evidence, back.period, back.group) == (unit.evidence, unit.period, "Nhóm 1")


def test_remarks_are_kept_and_audited(tmp_path: Path) -> None:
    returned = read_returned(filled(tmp_path, typing(("ghi_chu", "4.1"), "=không phải công thức".removeprefix("="))))
    assert returned.remarks == (("4.1", "không phải công thức"),)
    assert returned.sheet.rows[0].note == "không phải công thức"
    assert "ghi_chu: '4.1: không phải công thức'" in submission_text(SMALL, returned.unit, returned.remarks)


def test_blank_cells_are_missing_figures(tmp_path: Path) -> None:
    unit = read_returned(filled(tmp_path, typing(("so_lieu", "da_xong"), None))).unit
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(SMALL, unit)
    assert list(caught.value.missing) == ["da_xong"]


def test_a_typed_total_of_a_criterion_is_a_claim(tmp_path: Path) -> None:
    unit = read_returned(filled(tmp_path, typing(("tu_cham", "4"), 1.5))).unit
    assert unit.claims == (Claim("4", Fraction(3, 2)), Claim("4.1", Fraction(1)))


def test_faults_of_the_figures_name_the_cell(tmp_path: Path) -> None:
    unit = read_returned(filled(tmp_path, typing(("so_lieu", "da_xong"), 30))).unit
    with pytest.raises(cchc.BadSubmission, match=r"xa-a.xlsx, trang 'Tự chấm', ô D9: so_lieu.da_xong: 30 lớn hơn"):
        cchc.score(SMALL, unit)


def test_records_with_blank_rows_between_come_back_together(tmp_path: Path) -> None:
    records = [{"ma_ho_so": f"HS{n}", "ngay_hen": f"0{n}/03/2025", "ngay_tra": "05/03/2025"} for n in (1, 2, 3)]
    unit = cchc.read_submission(units()[0])
    unit = evolve(unit, figures={**unit.figures, "ho_so": records})

    def blank(book: Any) -> None:
        page = next(sheet for sheet in book.worksheets if sheet.title.startswith("Hồ sơ"))
        for column in "BCD":
            page[f"{column}5"] = None

    back = read_returned(filled(tmp_path, blank, SAMPLE, unit)).unit
    assert [record["ma_ho_so"] for record in back.figures["ho_so"]] == ["HS1", "HS3"]
    assert back.places["so_lieu", "ho_so", 1, "ma_ho_so"].endswith("ô B6")


def test_an_english_workbook_comes_back_as_a_vietnamese_one(tmp_path: Path) -> None:
    result = run("sheet", "dong-nai/cap-xa/2022", "-o", tmp_path / "blank.xlsx", "--lang", "en")
    assert result.exit_code == 0
    data = [scoring_workbook(SMALL, UNIT, lang=lang) for lang in ("vi", "en")]
    for number, raw in enumerate(data):
        (tmp_path / f"{number}.xlsx").write_bytes(raw)
    vi, en = (read_returned(tmp_path / f"{number}.xlsx").unit for number in range(2))
    assert vi == en
    book = openpyxl.load_workbook(BytesIO(data[1]))
    assert [cell.value for cell in book[MAIN][5]][:8] == [
        "No.", "Criterion", "Maximum", "Figure", "Check", "Computed", "Claimed", "Difference",
    ]  # fmt: skip
    book[MAIN]["F8"] = 2
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(cchc.BadSubmission) as caught:
        read_returned(tmp_path / "x.xlsx")
    assert "x.xlsx, sheet 'Tự chấm', cell F8: the formula was replaced by «2»" in caught.value.report("en")


# -- appraised ---------------------------------------------------------------------------------------------------------

FIRST = Appraisal(Phase.FIRST, (NewPoints("4.1", Fraction(1, 2), "một mục tiêu chưa nghiệm thu"),), by="Phòng Nội vụ")


def appraised(*typed: tuple[tuple[Any, ...], Any]) -> Change:
    def change(book: Any) -> None:
        for path, value in typed:
            book[MAIN][cell_of(("tham_dinh", *path))] = value

    return change


@pytest.mark.parametrize("phase", [Phase.FIRST, Phase.SECOND])
def test_an_appraisal_comes_back_as_it_went(phase: Phase, tmp_path: Path) -> None:
    one = evolve(FIRST, phase=phase, on=datetime.date(2026, 1, 15))
    unit = evolve(UNIT, appraisals=(one,))
    assert read_returned(filled(tmp_path, unit=unit)).unit.appraisals == (one,)
    text = tmp_path / "a.yaml"
    text.write_text(submission_text(SMALL, unit), "utf-8")
    assert cchc.read_submission(text).appraisals == (one,)


def test_what_is_typed_as_appraised_is_read_and_audited(tmp_path: Path) -> None:
    """With a reason the points are awarded; without one they must be those that follow, and the criterion is kept."""
    typed = appraised((("4.1", "diem"), 0.5), (("4.1", "ly_do"), "thiếu biên bản"), (("4.2", "diem"), 0.5))
    returned = read_returned(filled(tmp_path, typed))
    [one] = returned.unit.appraisals
    assert (one.phase, one.kept) == (Phase.FIRST, ("4.2",))
    assert one.changes == (NewPoints("4.1", Fraction(1, 2), "thiếu biên bản"),)
    audit = cchc.verify(SMALL, returned.unit, sheet=returned.sheet)
    assert [(row.code, row.awarded) for row in audit.rows if row.awarded] == [
        ("4.1", Fraction(1, 2)),
        ("4.2", Fraction(1, 2)),
    ]
    [found] = [one for one in audit.findings if one.kind is FindingKind.AWARDED_DIFFERS]
    assert (found.criterion, found.place) == ("4.1", "xa-a.xlsx, trang 'Tự chấm', ô I8")
    assert state(SMALL, returned.unit, Phase.FIRST).card().points == 1


def test_words_of_the_appraiser_without_points_are_a_remark(tmp_path: Path) -> None:
    returned = read_returned(filled(tmp_path, appraised((("4.1", "ly_do"), "xem lại"), (("nguoi",), "Bà B"))))
    assert returned.remarks == (("4.1", "thẩm định: xem lại"),)
    assert returned.unit.appraisals == (Appraisal(Phase.FIRST, by="Bà B"),)
    assert read_returned(filled(tmp_path)).unit.appraisals == ()


def test_points_awarded_where_nothing_follows_need_a_reason(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        appraised((("4.1", "diem"), 1))(book)
        typing(("so_lieu", "da_xong"), None)(book)

    with pytest.raises(cchc.BadSubmission, match="ô I8: điểm thẩm định khác điểm tính được"):
        read_returned(filled(tmp_path, change))


def test_every_part_of_an_appraisal_is_written(tmp_path: Path) -> None:
    paper = (Evidence("02/BB"),)
    first = Appraisal(
        Phase.FIRST, (NewFigure("da_xong", "18", "chưa có sản phẩm", paper), NewPoints("4.2", Fraction(1, 2), "x"))
    )
    second = Appraisal(Phase.SECOND, (NewExemption("4.1", granted=False, reason="không"),), ("4.2",))
    published = Appraisal(Phase.PUBLISHED, on=datetime.date(2026, 2, 1))
    unit = evolve(UNIT, appraisals=(first, second, published))
    text = tmp_path / "a.yaml"
    text.write_text(submission_text(SMALL, unit), "utf-8")
    assert cchc.read_submission(text).appraisals == unit.appraisals


def test_what_a_workbook_has_no_cells_for_is_told(tmp_path: Path) -> None:
    assert not_shown(evolve(UNIT, appraisals=(FIRST,))) is None
    changed = evolve(FIRST, changes=(*FIRST.changes, NewFigure("da_xong", 18, "x")), kept=("4.2",))
    unit = evolve(UNIT, appraisals=(changed, evolve(FIRST, phase=Phase.PUBLISHED)))
    unit = evolve(unit, explanations=(Explanation("4.1", "y"),), statements={"4.1": Statement(Standing.DONE)})
    file = tmp_path / "xa.yaml"
    file.write_text(submission_text(SMALL, unit) + "giai_trinh:\n- {tieu_chi: '4.1', noi_dung: gửi bù}\n", "utf-8")
    result = run("sheet", "dong-nai/cap-xa/2022", "--unit", file, "-o", tmp_path / "a.xlsx")
    told = "giải trình (1), lần thẩm định khác (1), thay đổi không phải điểm (1), tiêu chí giữ nguyên (1)"
    assert f"Bảng không có chỗ cho: {told}; các phần ấy vẫn ở {file}" in result.stderr
    assert str(not_shown(unit)).startswith("tình trạng (1), giải trình (1), ")


# -- refused, with the cell --------------------------------------------------------------------------------------------


def put(page: str, cell: str, value: Any) -> Change:
    def change(book: Any) -> None:
        book[page][cell] = value

    return change


def dropped(page: str) -> Change:
    def change(book: Any) -> None:
        del book[page]

    return change


def counting_from_1904(book: Any) -> None:
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH


TAMPERED: dict[str, tuple[Change, str]] = {
    "formula": (put(MAIN, "F8", "=1+1"), "xa-a.xlsx, trang 'Tự chấm', ô F8: công thức bị sửa, thấy «=1+1»"),
    "value": (put(MAIN, "F8", 2), "trang 'Tự chấm', ô F8: công thức bị thay bằng «2»"),
    "gone": (put(MAIN, "F4", None), "trang 'Tự chấm', ô F4: công thức bị thay bằng «»"),
    "label": (put(MAIN, "B8", "Tiêu chí khác"), "ô B8: ô khóa bị sửa: cần «Mức độ thực hiện"),
    "maximum": (put(MAIN, "C8", 5), "ô C8: ô khóa bị sửa: cần «1», thấy «5»"),
    "workings": (put("TINH", "B2", 0), "trang 'TINH', ô B2: công thức bị thay bằng «0»"),
    "lists": (put("DANHMUC", "B1", "x"), "trang 'DANHMUC', ô B1: ô khóa bị sửa"),
    "checks": (put("KIEMTRA", "A1", 0), "trang 'KIEMTRA', ô A1: công thức bị thay"),
    "stranger": (put(MAIN, "Z50", "=1+1"), "trang 'Tự chấm', ô Z50: công thức lạ"),
    "sheet": (dropped("TINH"), "trang 'TINH': trang bị xóa hoặc đổi tên"),
    "digest": (put(MARKS, "B4", "sha256:0"), "trang 'CCHC': bộ tiêu chí dong-nai/cap-xa/2022 đã khác"),
    "room": (put(MARKS, "B5", "10000000000"), "trang 'CCHC': trang ghi dấu bị sửa"),
    "language": (put(MARKS, "B6", "fr"), "trang 'CCHC': trang ghi dấu bị sửa"),
    "unknown": (put(MARKS, "B3", "1999"), "«dong-nai/cap-xa/1999» không phải mã"),
    "epoch": (counting_from_1904, "tệp đếm ngày từ năm 1904"),
    "text": (typing(("so_lieu", "da_xong"), "1,5"), "ô D9: «1,5»: là chữ, không phải số; gõ lại bằng số"),
    "half": (typing(("so_lieu", "da_xong"), 1.5), "ô D9: «1.5»: cần số từ 0 đến 9999999, tối đa 0 chữ số thập phân"),
    "date": (typing(("so_lieu", "da_xong"), day(5, 3)), "ô D9: «2025-05-03 00:00:00»: là ngày"),
    "true": (typing(("so_lieu", "da_xong"), value=True), "ô D9: «True»: là chữ"),
    "sum": (typing(("so_lieu", "da_xong"), "=9+10"), "ô D9: công thức chưa có kết quả"),
    "accents": (typing(("so_lieu", "bang_dien_tu"), normalize("NFD", "Có")), "ô D12: «Có»: chọn một trong: Có, Không"),
    "blank": (typing(("so_lieu", "bang_dien_tu"), "Có "), "ô D12: «Có »: chọn một trong"),
    "claim": (typing(("tu_cham", "4.1"), "1,0"), "ô G8: «1,0»: là chữ"),
    "unit": (typing(("don_vi",), None), "ô B3: thiếu tên đơn vị"),
    "paper": (typing(("tai_lieu", "4.1", 0, "ngay"), day(5, 3)), "ô M8: tài liệu thiếu số"),
    "day": (typing(("tai_lieu", "4.1", 0, "ngay"), "hôm qua"), "ô M8: «hôm qua»: cần một ngày"),
    "awarded": (typing(("tham_dinh", "4.1", "diem"), "1,0"), "ô I8: «1,0»: là chữ"),
    "no reason": (typing(("tham_dinh", "4.1", "diem"), 0.5), "ô I8: điểm thẩm định khác điểm tính được; ghi lý do"),
    "round": (typing(("tham_dinh", "lan"), 3), "ô N3: «3»: lần thẩm định là 1 hay 2"),
    "appraised on": (typing(("tham_dinh", "ngay"), "hôm qua"), "ô P3: «hôm qua»: cần một ngày"),
    "sum awarded": (put(MAIN, "I7", 1), "ô I7: công thức bị thay bằng «1»"),
    "end": (typing(("ky", "tu_ngay"), day(1, 1)), "ô D3: kỳ đánh giá thiếu một đầu"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_what_was_changed_or_is_wrong_is_named_cell_by_cell(kind: str, tmp_path: Path) -> None:
    change, said = TAMPERED[kind]
    with pytest.raises(cchc.CchcError) as caught:
        read_returned(filled(tmp_path, change))
    shown = normalize("NFC", str(caught.value))
    assert normalize("NFC", said) in shown
    assert len(caught.value.faults) == 1


def test_a_period_that_ends_before_it_starts(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book[MAIN]["D3"], book[MAIN]["F3"] = day(2, 1), day(1, 1)

    with pytest.raises(cchc.BadSubmission, match="ô F3: kỳ đánh giá kết thúc trước khi bắt đầu"):
        read_returned(filled(tmp_path, change))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for cell in ("F7", "F8", "F4"):
            book[MAIN][cell] = 2

    with pytest.raises(cchc.BadSubmission) as caught:
        read_returned(filled(tmp_path, change))
    assert len(caught.value.faults) == 3


def test_formulas_that_a_program_writes_in_its_own_way_are_the_same(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for one in row:
                    if isinstance(one.value, str) and one.value.startswith("="):
                        one.value = one.value.replace("TINH!", "'TINH'!").replace("IF(", "IF( ")

    assert read_returned(filled(tmp_path, change)).unit.figures["da_xong"] == 19


def test_a_word_in_the_farthest_cell_costs_nothing(tmp_path: Path) -> None:
    def far(book: Any) -> None:
        book[MAIN]["XFD1048576"] = "x"

    started = time.process_time()
    assert read_returned(filled(tmp_path, far)).unit.unit == "Xã A"
    assert time.process_time() - started < 20


def test_another_ruleset_than_the_one_asked_for(tmp_path: Path) -> None:
    with pytest.raises(
        cchc.BadSubmission, match="bảng lập theo «dong-nai/cap-xa/2022», còn đang đọc theo «mau/cap-xa/1»"
    ):
        read_returned(filled(tmp_path), SAMPLE)


def test_a_ruleset_that_is_not_shipped_is_handed_in(tmp_path: Path) -> None:
    rules = evolve(SMALL, id="tinh-minh/cap-xa")
    unit = evolve(UNIT, ruleset=None)
    assert read_returned(filled(tmp_path, rules=rules, unit=unit), rules).unit.ruleset == "tinh-minh/cap-xa"


def test_a_workbook_without_our_marks_is_not_ours(tmp_path: Path) -> None:
    for change in (dropped(MARKS), put(MARKS, "B1", "kiểu khác")):
        with pytest.raises(NotOurs):
            read_returned(filled(tmp_path, change))


def test_the_guard_looks_first(tmp_path: Path) -> None:
    file = filled(tmp_path)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(cchc.BadSubmission, match="macro"):
        read_returned(file)


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK hong")
    with pytest.raises(cchc.BadSubmission, match="hỏng"):
        read_returned(file)


# -- the commands ------------------------------------------------------------------------------------------------------


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_from_a_sheet_to_an_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "xa.yaml"
    source.write_text(submission_text(SMALL, UNIT), "utf-8")
    made = run("sheet", "dong-nai/cap-xa/2022", "--unit", source)
    assert (made.exit_code, Path("xa.xlsx").exists()) == (0, True)
    assert "cchc verify dong-nai/cap-xa/2022 xa.xlsx" in made.output
    read = run("read-sheet", "xa.xlsx", "-o", "lai.yaml")
    assert read.exit_code == 0
    assert cchc.read_submission("lai.yaml").figures["da_xong"] == "19"
    audit = run("verify", "dong-nai/cap-xa/2022", "xa.xlsx", "--json")
    assert audit.exit_code == 1
    found = json.loads(audit.output)
    assert "khong_khop_so_lieu" in audit.output
    assert found["unit"] == "Xã A"
    assert run("score", "dong-nai/cap-xa/2022", "xa.xlsx").exit_code == 0


def test_a_ruleset_of_ones_own_goes_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path("bo cua toi") / "cap-xa"
    shutil.copytree(ROOT / "rulesets" / "dong-nai" / "cap-xa" / "2022", own)
    source = (own / "bo-tieu-chi.yaml").read_text("utf-8")
    (own / "bo-tieu-chi.yaml").write_text(source.replace("dong-nai/cap-xa", "cua-toi/cap-xa"), "utf-8")
    Path("xa.yaml").write_text(submission_text(evolve(SMALL, id="cua-toi/cap-xa"), UNIT), "utf-8")
    made = run("sheet", own, "--unit", "xa.yaml")
    assert f'cchc verify "{own}" xa.xlsx' in made.output
    alone = run("read-sheet", "xa.xlsx")
    assert "xa.xlsx, trang 'CCHC': «cua-toi/cap-xa/2022»" in str(alone.exception)
    assert "bằng --rules" in str(alone.exception)
    assert run("read-sheet", "xa.xlsx", "--rules", own).exit_code == 0
    audit = run("verify", own, "xa.xlsx", "--json")
    assert (audit.exit_code, json.loads(audit.output)["unit"]) == (1, "Xã A")
    for command in (("score",), ("report",), ("bounds",), ("priorities",)):
        assert run(*command, own, "xa.xlsx").exit_code == 0, command
    assert run("explain", own, "xa.xlsx", "4.1").exit_code == 0


def test_a_blank_sheet_is_named_after_its_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("sheet", "dong-nai/cap-xa/2022", "--lang", "en").exit_code == 0
    assert Path("dong-nai-cap-xa-2022.xlsx").exists()


def test_a_workbook_is_held_to_its_own_remarks_whatever_lies_beside_it(tmp_path: Path) -> None:
    filled(tmp_path, typing(("ghi_chu", "4.1"), "đã xong 4/5 (90%)"))
    alone = CliRunner().invoke(app, ["verify", "dong-nai/cap-xa/2022", str(tmp_path), "--json"])
    assert "so_lieu_mau_thuan" in alone.stdout
    (tmp_path / "cong-van.docx").write_bytes(b"x")
    result = CliRunner().invoke(app, ["verify", "dong-nai/cap-xa/2022", str(tmp_path), "--json"])
    assert (result.exit_code, result.stdout) == (2, alone.stdout)


def test_read_sheet_prints_json_and_counts_the_remarks(tmp_path: Path) -> None:
    file = filled(tmp_path, typing(("ghi_chu", "4.1"), "xem lại"))
    result = run("read-sheet", file, "--json")
    assert json.loads(result.stdout)["ghi_chu"] == "4.1: xem lại"
    assert "1 ghi chú được giữ" in result.stderr


def test_an_older_layout_is_read_as_a_claimed_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["STT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Ghi chú", "Điểm thẩm định"])
    page.append(["4.1", "Mức độ thực hiện kế hoạch tuyên truyền", 1, 0.95, "theo báo cáo", 0.5])
    page.append(["4.9", "Tiêu chí lạ", 1, 1, "", ""])
    file = tmp_path / "cu.xlsx"
    book.save(file)
    refused = run("read-sheet", file)
    assert (refused.exit_code, "thêm --rules" in str(refused.exception)) == (1, True)
    data = json.loads(run("read-sheet", file, "--rules", "dong-nai/cap-xa/2022", "--json").stdout)
    assert data["tu_cham"] == {"4.1": "0,95"}
    assert "4.1: theo báo cáo" in data["ghi_chu"]
    assert "4.1: điểm thẩm định 0,5" in data["ghi_chu"]
    assert "Tiêu chí lạ" in data["ghi_chu"]
    problem = run("verify", "dong-nai/cap-xa/2022", file)
    assert "không phải bảng lập bằng cchc sheet" in problem.output + str(problem.exception)


def test_the_workbook_shows_the_same_difference_as_the_audit(tmp_path: Path) -> None:
    file = filled(tmp_path)
    book = openpyxl.load_workbook(BytesIO(scoring_workbook(SMALL, UNIT)), data_only=True)
    audit = cchc.verify(SMALL, read_returned(file).unit)
    row = next(row for row in book[MAIN].iter_rows(values_only=True) if row[0] == "4.1")
    found = next(one for one in audit.rows if one.code == "4.1")
    assert found.claimed == 1
    assert isinstance(found.computed, Fraction)
    assert row[Column.DIFFERENCE.value] == float(found.claimed - found.computed)
