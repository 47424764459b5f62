"""The commands of the review year: what they print, in both languages and as JSON, and their exit codes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.errors import CchcError

EXAMPLES = Path(__file__).parents[1] / "examples"
MAU, DONG_NAI = "mau/cap-xa/1", "dong-nai/cap-xa/2022"
FIFTH = str(EXAMPLES / "mau-cap-xa" / "don-vi-05.yaml")
SHEET = """\
don_vi: {name}
{more}
so_lieu: {{da_xong: {done}, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: {told}}}
"""
ROUNDS = """\
tu_cham: {"4.1": 1}
tham_dinh: [{lan: 1, thay_doi: [{so_lieu: da_xong, gia_tri: 18, ly_do: thiếu sản phẩm}]}]
"""


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "400"})
    assert result.exit_code == code, result.output
    return result


def lines(*words: str, code: int = 0) -> str:
    return " ".join(run(*words, code=code).stdout.split())


def data(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def fails(*words: str) -> str:
    with pytest.raises(CchcError) as caught:
        CliRunner().invoke(app, list(words), catch_exceptions=False)
    return str(caught.value)


def sheet(folder: Path, name: str = "Xã A", *, done: int = 19, told: str = "có", more: str = "") -> str:
    file = folder / f"{name}.yaml"
    file.write_text(SHEET.format(name=name, done=done, told=told, more=more), "utf-8")
    return str(file)


def test_progress_in_both_languages_and_as_data(tmp_path: Path) -> None:
    file = sheet(tmp_path, done=20, more='tinh_trang: {"4.2": {la: dat, ghi_chu: chờ ảnh}}')
    words = ("progress", DONG_NAI, file, "--on", "2022-06-30")
    assert "đã thực hiện 2/2 tiêu chí (đạt 2/2 điểm)" in lines(*words)
    assert "2 of 2 criteria done" in lines(*words, "--lang", "en")
    found = data(*words)
    sentence = "đã thực hiện 2/2 tiêu chí (đạt 2/2 điểm)"
    assert found["cau"] == {"vi": sentence, "en": "2 of 2 criteria done (reaching 2/2 points)"}
    assert [item["standing"] for item in found["items"]] == ["dat", "dat"]


def test_progress_needs_a_day(tmp_path: Path) -> None:
    file = sheet(tmp_path)
    assert "cần ngày xem" in fails("progress", DONG_NAI, file)
    assert "«31/11/2022» không phải ngày có thật" in fails("progress", DONG_NAI, file, "--on", "31/11/2022")


def test_history_shows_the_phases(tmp_path: Path) -> None:
    file = sheet(tmp_path, more=ROUNDS)
    told = lines("history", DONG_NAI, file)
    assert "«da_xong» thành 18: thiếu sản phẩm" in told
    assert "Tổng 2 – 1,95 1,9" in told
    assert data("history", DONG_NAI, file)["phases"] == ["tu_cham", "tham_dinh_1"]


def test_ranks_are_of_one_phase_and_in_groups(tmp_path: Path) -> None:
    rules = str(EXAMPLES / "thong-bao-002" / "bo-mau")
    table = tmp_path / "xa.csv"
    heads = "don_vi,nhom,diem_1,diem_2,diem_3,diem_4,diem_5\n"
    rows = ["Xã A,núi,20,20,20,20,\n", "Xã B,núi,20,20,20,10,9\n", "Xã C,núi,20,20,20,10,9\n", "Xã D,biển,1,1,1,1,1\n"]
    table.write_text(heads + "".join(rows), "utf-8")
    told = lines("rank", rules, str(table))
    assert "biển" in told
    assert "Xã A: bản khai chưa đủ, không tính là 0; đằng nào cũng xếp thứ 1" in told
    assert "Xã B, Xã C: bằng nhau, đồng hạng 2; văn bản không quy định đơn vị nào đứng trước" in told
    found = {one["unit"]: one for one in data("rank", rules, str(table))}
    assert (found["Xã A"]["low"], found["Xã A"]["high"], found["Xã A"]["possible"]) == ("80", "100", [1, 1])
    assert (found["Xã D"]["place"], found["Xã D"]["group"]) == (1, "biển")
    assert "by one" not in lines("rank", rules, str(table), "--by", "1", "--ties", "2, 3")


def test_what_print_hides_is_said(tmp_path: Path) -> None:
    rules = str(EXAMPLES / "thong-bao-002" / "bo-mau")
    table = tmp_path / "xa.csv"
    heads = "don_vi,diem_1,diem_2,diem_3,diem_4,diem_5\n"
    table.write_text(heads + "Xã A,20,20,20,19.9961,0\nXã B,20,20,20,19.9962,0\n", "utf-8")
    told = lines("rank", rules, str(table))
    assert "Xã A, Xã B: bằng nhau khi in, khác nhau khi tính chính xác" in told
    assert "Xã A: theo số in ra thì là «Tốt»" in told
    english = lines("rank", rules, str(table), "--lang", "en")
    assert "the same in print, different exactly" in english


def with_a_floor(folder: Path, *, ranked: bool = True) -> str:
    """The invented set of five areas, in which «Tốt» asks every area for half of its maximum."""
    rules = folder / "bo"
    shutil.copytree(EXAMPLES / "thong-bao-002" / "bo-mau", rules)
    file = rules / "bo-tieu-chi.yaml"
    text = file.read_text("utf-8").replace("ten: Tốt, tu: 80,", "ten: Tốt, tu: 80, moi_tieu_chi_tu: 50%,")
    if not ranked:
        text = "".join(
            "xep_hang: khong_quy_dinh\n" if line.startswith("xep_hang:") else f"{line}\n" for line in text.splitlines()
        )
    file.write_text(text, "utf-8")
    return str(rules)


FIVE = "don_vi,diem_1,diem_2,diem_3,diem_4,diem_5\n"
LOWERED = "Xã A: không đạt «Tốt»: tiêu chí 5 được 45%, cần 50% [«Tốt: từ 80 điểm» (MAU, mục 2)]"


@pytest.mark.parametrize("command", ["rank", "report", "score"])
@pytest.mark.parametrize("ranked", [True, False])
def test_what_lowered_a_grade_is_said_under_every_table(tmp_path: Path, command: str, *, ranked: bool) -> None:
    rules, table = with_a_floor(tmp_path, ranked=ranked), tmp_path / "xa.csv"
    table.write_text(FIVE + "Xã A,20,20,20,20,9\nXã B,20,20,20,20,10\n", "utf-8")
    if command == "rank" and not ranked:
        assert "văn bản không quy định xếp hạng" in fails(command, rules, str(table))
        return
    told = lines(command, rules, str(table))
    assert LOWERED in told
    assert "Xã B: không đạt" not in told
    english = lines(command, rules, str(table), "--lang", "en")
    assert "Xã A: not «Tốt»: criterion 5 has 45% of 50%" in english


def test_the_data_of_a_ranking_is_in_both_languages(tmp_path: Path) -> None:
    rules, table = with_a_floor(tmp_path), tmp_path / "xa.csv"
    table.write_text(FIVE + "Xã A,20,20,20,20,9\nXã B,20,20,20,20,9\nXã C,1,1,1,1,\n", "utf-8")
    found = {one["unit"]: one for one in data("rank", rules, str(table))}
    (note,), (reason,) = found["Xã A"]["notes"], found["Xã A"]["lowered"]
    assert (note["vi"].startswith("Xã A, Xã B: bằng nhau"), note["en"].startswith("Xã A, Xã B: equal")) == (True, True)
    assert (f"Xã A: {reason['vi']}", reason["en"].startswith("not «Tốt»")) == (LOWERED, True)
    assert (found["Xã C"]["lowered"], len(found["Xã C"]["notes"])) == ([], 1)


def test_ranks_of_units_with_problems_end_with_two(tmp_path: Path) -> None:
    bad = sheet(tmp_path, "Xã B", done=21)
    result = run("rank", "mau/cap-xa/1", str(EXAMPLES / "mau-cap-xa"), bad, code=2)
    assert "Xã B" in result.stderr
    assert "Xã Mẫu 20" in result.stdout


@pytest.mark.parametrize("command", ["rank", "report"])
def test_a_unit_handed_in_twice_is_named_and_takes_no_place(tmp_path: Path, command: str) -> None:
    other, twice = str(EXAMPLES / "mau-cap-xa" / "don-vi-02.yaml"), EXAMPLES / "mau-cap-xa" / "don-vi-01.yaml"
    again = tmp_path / "nop-lai.yaml"
    again.write_text(twice.read_text("utf-8"), "utf-8")
    result = run(command, "mau/cap-xa/1", other, str(twice), str(again), code=2)
    assert "Xã Mẫu 01: có hơn một bản khai" in " ".join(result.stderr.split())
    assert "Xã Mẫu 02" in result.stdout
    assert "Xã Mẫu 01" not in result.stdout


def test_units_that_are_scored_and_not_ranked_keep_their_grade() -> None:
    told = run("rank", MAU, str(EXAMPLES / "mau-cap-xa")).stdout.splitlines()
    assert next(line.split() for line in told if "Xã Mẫu 19" in line)[0] == "–"
    assert any(line.split()[0] == "1" for line in told if "Xã Mẫu 20" in line)


def test_years_are_compared(tmp_path: Path) -> None:
    old, new = tmp_path / "cu", tmp_path / "moi"
    old.mkdir()
    new.mkdir()
    sheet(old, done=18)
    sheet(new, done=20)
    sheet(new, "Xã B")
    told = lines("compare", DONG_NAI, str(old), str(new))
    assert "Xã A 1,9 2 – 0,1 0,1 0" in told
    assert "chỉ có ở một năm: Xã B" in told
    found = data("compare", DONG_NAI, str(old), str(new), "--old", DONG_NAI)
    assert found["rows"][0] | {"unit": "Xã A"} == found["rows"][0]
    assert (found["rows"][0]["by_unit"], found["rows"][0]["lines"]) == ("1/10", {"4": "0.1", "4.1": "0.1"})
    five = EXAMPLES / "thong-bao-002"
    told = data("compare", str(five / "bo-mau"), str(five / "2019.csv"), str(five / "2020.csv"))["cau"]
    assert "7 đơn vị đạt tốt" in told["vi"]
    assert "7 units graded Tốt" in told["en"]


def folder_of_every_kind(folder: Path) -> Path:
    """Five units as YAML, JSON, CSV and a filled workbook; beside them hidden files and a folder."""
    rules = cchc.load(EXAMPLES / "thong-bao-002" / "bo-mau")
    units = folder / "xa"
    (units / "cu").mkdir(parents=True)
    five = dict.fromkeys((f"diem_{n}" for n in range(1, 6)), 20)
    (units / "b.yml").write_text(f"don_vi: Xã B\nso_lieu: {json.dumps(five)}\n", "utf-8")
    (units / "a.json").write_text(json.dumps({"don_vi": "Xã A", "so_lieu": five}), "utf-8")
    (units / "c.CSV").write_text(FIVE + "Xã C,20,20,20,20,9\nXã D,20,20,20,20,10\n", "utf-8")
    workbook = cchc.scoring_workbook(rules, cchc.Submission("Xã E", five | {"diem_1": 1}))
    (units / "e.xlsx").write_bytes(workbook)
    for name in ("~$e.xlsx", "desktop.ini", "Thumbs.db"):
        (units / name).write_bytes(b"x")
    (units / ".an.yaml").write_text("x", "utf-8")
    (units / "cu" / "f.yaml").write_text("x", "utf-8")
    return units


def test_a_folder_is_read_whatever_its_files_are(tmp_path: Path) -> None:
    rules, units = str(EXAMPLES / "thong-bao-002" / "bo-mau"), folder_of_every_kind(tmp_path)
    found = {one["unit"]: one["value"] for one in data("rank", rules, str(units))}
    assert found == {"Xã A": "100", "Xã B": "100", "Xã C": "89", "Xã D": "90", "Xã E": "81"}
    assert {one["unit"] for one in data("report", rules, str(units))} == set(found)
    assert {one["unit"] for one in data("compare", rules, str(units), str(units))["rows"]} == set(found)
    assert [one["unit"] for one in data("verify", rules, str(units))] == ["Xã A", "Xã B", "Xã C", "Xã D", "Xã E"]
    assert len(data("score", rules, str(units))) == len(found)
    assert {one["unit"] for one in data("impact", rules, rules, str(units))["units"]} == set(found)


def test_records_that_a_submission_names_are_no_submission(tmp_path: Path) -> None:
    units = tmp_path / "xa"
    units.mkdir()
    sheet(units)
    (units / "khong.csv").write_text("ngay,so\n", "utf-8")
    (units / "hong.json").write_text("{", "utf-8")
    told = run("rank", MAU, str(units), code=2).stderr
    assert "khong.csv:1: thiếu cột «don_vi»" in told
    assert "hong.json:1" in told
    (units / "hong.json").unlink()
    (units / "b.yaml").write_text("don_vi: B\nso_lieu: {ho_so: {tep: khong.csv}, le: [1], la: {tep: [1]}}\n", "utf-8")
    (units / "c.yaml").write_text("- 1\n", "utf-8")
    (units / "d.yaml").write_text("so_lieu: 1\n", "utf-8")
    assert "khong.csv:1" not in run("report", DONG_NAI, str(units), code=2).stderr


def test_what_a_folder_holds_beside_submissions_is_told_once(tmp_path: Path) -> None:
    units = tmp_path / "xa"
    units.mkdir()
    told = run("rank", MAU, str(units), code=2).stderr
    assert "- xa: không có tệp .csv, .json, .xlsx, .yaml, .yml nào trong thư mục" in told
    sheet(units)
    (units / "cong-van.docx").write_bytes(b"x")
    (units / "bang.xls").write_bytes(b"x")
    result = run("report", DONG_NAI, str(units), code=2)
    assert "- xa: không đọc được như bản khai: bang.xls, cong-van.docx (bản khai là .csv, .json" in result.stderr
    assert "Xã A" in result.stdout
    english = run("compare", DONG_NAI, str(units), str(units), "--lang", "en", code=2)
    assert "xa: not read as submissions: bang.xls, cong-van.docx" in english.stderr
    assert english.stdout == ""


def test_years_are_named_in_the_language_asked_for() -> None:
    folder = EXAMPLES / "thong-bao-002"
    words = ("compare", str(folder / "bo-mau"), str(folder / "2019.csv"), str(folder / "2020.csv"))
    named = (*words, "--names", "2019,2020")
    assert "so với năm 2019" in lines(*named)
    told = lines(*named, "--lang", "en")
    assert "compared with 2019" in told
    assert "năm" not in told.removeprefix(cchc.load(str(folder / "bo-mau")).title)


def test_years_under_two_rulesets_say_why_they_cannot_be_split(tmp_path: Path) -> None:
    words = ("compare", MAU, sheet(tmp_path), FIFTH.replace("05", "01"), "--old", DONG_NAI)
    assert "chỉ có ở một năm" in lines(*words)


def test_priorities_and_targets(tmp_path: Path) -> None:
    file = sheet(tmp_path, done=17, told="không")
    told = lines("priorities", DONG_NAI, file)
    assert "số mục tiêu đã hoàn thành: 17 → 18 (thêm 0,9)" in told
    assert "hình thức truyền thống" in told
    told = lines("priorities", DONG_NAI, file, "--points", "1,4")
    assert "Để đạt 1,4 điểm (đang có 0,5) cần ít nhất 1 tiêu chí thay đổi, được 1,4:" in told
    told = lines("priorities", DONG_NAI, file, "--points", "2,1", code=1)
    assert "Không thể đạt 2,1 điểm: đang có 0,5, làm hết mọi việc cũng chỉ được 2." in told
    found = data("priorities", DONG_NAI, file, "--points", "1,4")
    assert found["ke_hoach"]["after"] == "7/5"
    assert data("priorities", DONG_NAI, file)["ke_hoach"] is None
    (tmp_path / "thieu.yaml").write_text("don_vi: Xã C\nso_lieu: {da_xong: 20, de_ra: 20}\n", "utf-8")
    told = lines("priorities", DONG_NAI, str(tmp_path / "thieu.yaml"), "--lang", "en")
    assert "declare: bang_dien_tu, mang_xa_hoi, truyen_thong" in told


def test_a_grade_and_a_place_as_targets() -> None:
    told = lines("priorities", MAU, FIFTH, "--grade", "Xuất sắc")
    assert "Để đạt 90 điểm (đang có 85,13) cần ít nhất 4 tiêu chí thay đổi" in told
    others = str(EXAMPLES / "mau-cap-xa" / "don-vi-04.yaml")
    told = lines("priorities", MAU, FIFTH, "--place", "1", "--others", others)
    assert "đang có 85,13" in told


def test_bad_targets_are_refused(tmp_path: Path) -> None:
    file = sheet(tmp_path)
    assert "chỉ nêu một mục tiêu" in fails("priorities", DONG_NAI, file, "--points", "1", "--grade", "Tốt")
    assert "«nhiều» không phải là số" in fails("priorities", DONG_NAI, file, "--points", "nhiều")
    assert "không có hạng «Tốt» để phấn đấu" in fails("priorities", DONG_NAI, file, "--grade", "Tốt")


def test_the_program_has_every_command() -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {"progress", "history", "rank", "compare", "priorities", "beside", "report", "score"} <= names
