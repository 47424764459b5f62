"""`cchc report`, and the files that every reporting command writes: all of them, whole, or one clear message."""

import json
import sys
from pathlib import Path
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner, Result

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.errors import CchcError

EXAMPLES = Path(__file__).parents[1] / "examples"
MAU, DONG_NAI = "mau/cap-xa/1", "dong-nai/cap-xa/2022"
THIRD, FOURTH = (str(EXAMPLES / "mau-cap-xa" / f"don-vi-{number}.yaml") for number in ("03", "04"))
YEARS = EXAMPLES / "thong-bao-002"
BESIDE = tuple(
    word
    for name in ("cchc", "hai-long")
    for word in (f"huyen-2022/{name}/2022", str(EXAMPLES / "thong-bao-004" / f"{name}.yaml"))
)
FORMS = ("xlsx", "docx", "html")


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return result


def data(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def fails(*words: str) -> CchcError:
    with pytest.raises(CchcError) as caught:
        CliRunner().invoke(app, list(words), catch_exceptions=False)
    return caught.value


def unit(folder: Path, name: str, figures: str, more: str = "") -> str:
    file = folder / f"{name}.yaml"
    file.write_text(f"don_vi: {name}\n{more}so_lieu: {{{figures}}}\n", "utf-8")
    return str(file)


WHOLE = "da_xong: 19, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: có"
COMMANDS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("score", MAU, THIRD), 0),
    (("score", MAU, THIRD, FOURTH), 0),
    (("verify", MAU, THIRD), 1),
    (("verify", MAU, THIRD, FOURTH), 1),
    (("progress", MAU, THIRD, "--on", "30/06/2025"), 0),
    (("history", MAU, THIRD), 0),
    (("rank", MAU, THIRD, FOURTH), 0),
    (("compare", str(YEARS / "bo-mau"), str(YEARS / "2019.csv"), str(YEARS / "2020.csv")), 0),
    (("priorities", MAU, THIRD), 0),
    (("diff", "bo-noi-vu/cap-bo/2020", "bo-noi-vu/cap-bo/2022"), 1),
    (("impact", MAU, MAU, THIRD), 0),
    (("survey", "yen-bai/dtxhh/khung", str(EXAMPLES / "khao-sat-mau" / "phieu.csv")), 0),
    (("beside", *BESIDE), 0),
    (("report", MAU, THIRD), 0),
    (("report", MAU, str(EXAMPLES / "mau-cap-xa")), 0),
)


@pytest.mark.parametrize(("words", "code"), COMMANDS, ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_every_report_is_written_in_every_form(words: tuple[str, ...], code: int, tmp_path: Path) -> None:
    files = {form: tmp_path / f"ket-qua.{form}" for form in FORMS}
    options = [option for form, file in files.items() for option in (f"--{form}", str(file))]
    plain = run(*words, code=code).stdout
    assert run(*words, *options, code=code).stdout == plain
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ket-qua.docx", "ket-qua.html", "ket-qua.xlsx"]
    book = openpyxl.load_workbook(files["xlsx"])
    assert book.worksheets[0].max_row > 2
    assert docx.Document(str(files["docx"])).tables
    assert files["html"].read_text("utf-8").startswith("<!doctype html>")
    before = {form: file.read_bytes() for form, file in files.items()}
    as_data = run(*words, *options, "--json", code=code).stdout
    json.loads(as_data)
    assert {form: file.read_bytes() for form, file in files.items()} == before


def test_the_report_of_one_unit_is_its_sheet() -> None:
    assert run("report", MAU, THIRD).stdout == run("score", MAU, THIRD).stdout
    assert run("report", MAU, THIRD, "--quotes").stdout == run("score", MAU, THIRD, "--quotes").stdout
    assert json.loads(run("report", MAU, THIRD, "--json").stdout) == json.loads(
        run("score", MAU, THIRD, "--json").stdout
    )


def test_the_report_of_many_units_is_their_ranking() -> None:
    folder = str(EXAMPLES / "mau-cap-xa")
    assert run("report", MAU, folder).stdout == run("rank", MAU, folder).stdout
    assert json.loads(run("report", MAU, folder, "--json").stdout) == json.loads(
        run("rank", MAU, folder, "--json").stdout
    )
    one = run("report", MAU, folder, "--unit", "Xã Mẫu 03").stdout
    assert one == run("score", MAU, THIRD).stdout
    error = fails("report", MAU, folder, "--unit", "Xã Mẫu 3")
    assert "không có đơn vị «Xã Mẫu 3» (ý bạn là «Xã Mẫu" in str(error)


def test_a_sheet_that_is_not_complete_is_reported_with_its_range(tmp_path: Path) -> None:
    file = unit(tmp_path, "Xã A", "da_xong: 19, de_ra: 20")
    text = run("report", DONG_NAI, file).stdout
    assert "Tổng điểm: 0,95 – 1,95 / 2" in text
    data = json.loads(run("report", DONG_NAI, file, "--json").stdout)
    assert (data["low"], data["high"]) == ("19/20", "39/20")
    assert data["lacking"] == {"4.2": ["bang_dien_tu", "mang_xa_hoi", "truyen_thong"]}
    assert "0.95 – 1.95" in run("report", DONG_NAI, file, "--lang", "en").stdout


def test_units_that_the_decision_does_not_rank_stand_in_the_order_given(tmp_path: Path) -> None:
    files = [unit(tmp_path, "Xã B", WHOLE), unit(tmp_path, "Xã A", "da_xong: 19, de_ra: 20")]
    text = run("report", DONG_NAI, *files).stdout
    rows = [line.split() for line in text.splitlines() if line.startswith("Xã")]
    assert rows == [["Xã", "B", "1,95", "2", "không", "quy", "định"], ["Xã", "A", "0,95", "–", "1,95", "2", "–"]]
    assert [card["unit"] for card in json.loads(run("report", DONG_NAI, *files, "--json").stdout)] == ["Xã B", "Xã A"]


def test_a_report_is_of_one_phase(tmp_path: Path) -> None:
    rounds = "tham_dinh: [{lan: 1, thay_doi: [{so_lieu: da_xong, gia_tri: 18, ly_do: thiếu sản phẩm}]}]\n"
    file = unit(tmp_path, "Xã A", WHOLE, rounds)
    assert "Tổng điểm: 1,9 / 2" in run("report", DONG_NAI, file).stdout
    assert "Tổng điểm: 1,95 / 2" in run("report", DONG_NAI, file, "--phase", "tu_cham").stdout


def test_a_unit_that_cannot_be_read_is_told_and_the_others_are_reported(tmp_path: Path) -> None:
    broken = tmp_path / "b.yaml"
    broken.write_text("don_vi: Xã B\nso_lieu: 3\n", "utf-8")
    good = unit(tmp_path, "Xã A", WHOLE)
    result = run("report", DONG_NAI, good, str(broken), code=2)
    assert "Xã A" in result.stdout
    target = tmp_path / "x.txt"
    run("report", DONG_NAI, good, str(broken), "--output", str(target), code=2)
    assert not target.exists()


@pytest.mark.parametrize(
    ("form", "library", "module", "extra"),
    [
        ("xlsx", "xlsxwriter", "as_excel", "office"),
        ("docx", "docx", "as_word", "office"),
        ("html", "jinja2", "as_html", "report"),
    ],
)
def test_what_is_not_installed_is_named(
    form: str, library: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    for name in (f"cchc_index.reporting.{module}", "cchc_index.office.excel", "cchc_index.office.word"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    target = tmp_path / f"a.{form}"
    error = fails("score", MAU, THIRD, f"--{form}", str(target))
    assert f'cần cài thêm: pip install "cchc-index[{extra}]"' in error.report("vi")
    assert f'needs: pip install "cchc-index[{extra}]"' in error.report("en")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_half_there(tmp_path: Path) -> None:
    target = tmp_path / "khong-co" / "a.docx"
    error = fails("score", MAU, THIRD, "--docx", str(target))
    assert "không ghi được tệp" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_made_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bytes:
        raise CchcError([])

    monkeypatch.setattr("cchc_index.reporting.as_word.word_file", broken)
    fails("score", MAU, THIRD, "--xlsx", str(tmp_path / "a.xlsx"), "--docx", str(tmp_path / "a.docx"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["report", "score"])
def test_what_keeps_a_unit_from_a_grade_is_told_below_it(tmp_path: Path, command: str) -> None:
    rules = cchc.load("tiep-can-phap-luat/cap-xa/2021")
    councils = [name for name in rules.facts_by_name if name.startswith("diem_")]
    figures = "".join(f"  {name}: 6\n" for name in councils)
    file = tmp_path / "xa.yaml"
    file.write_text(f"don_vi: Xã A (bịa)\nso_lieu:\n  nguoi_dung_dau_bi_xu_ly: không\n{figures}", "utf-8")
    for lang, grade, reason in (
        ("vi", "Xếp loại: không quy định", "- không xét được «Đạt chuẩn tiếp cận pháp luật»: tiêu chí 1, 2, 3, 4, 5"),
        (
            "en",
            "Grade: not stated",
            "- «Đạt chuẩn tiếp cận pháp luật» cannot be told: no points or maximum of criterion 1, 2, 3, 4, 5",
        ),
    ):
        done = CliRunner().invoke(app, [command, rules.full_id, str(file), "--lang", lang], catch_exceptions=False)
        told = " ".join(done.output.split())
        assert told.index(grade) < told.index(reason)
