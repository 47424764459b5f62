"""`cchc new`: a commented folder that reads as it stands, names its blanks, and passes `check` once it is filled."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.checking.structure import check_structure
from cchc_index.cli.app import app
from cchc_index.files.cases import run_cases
from cchc_index.files.folders import CASES_FILE, RULES_FILE
from cchc_index.files.reading import stored_texts
from cchc_index.files.starting import blanks, start

NEW = "thu/cap-xa/2026"
DATED = """\
    do: da_xong
    bac:
    - {duoi: 31/01, diem: 1, nguyen_van: "x"}
"""
"""A band up to a day of every year, on a figure that is made a date below."""


def _fill(folder: Path) -> None:
    """What a maintainer does: each blank gets its words, and the quotes stand in the stored text."""
    quotes = []
    for file in (folder / RULES_FILE, folder / CASES_FILE):
        text = file.read_text("utf-8")
        quotes += re.findall(r'nguyen_van: "ĐIỀN: ([^"]*)"', text)
        file.write_text(text.replace("ĐIỀN: ", ""), "utf-8")
    (folder / "nguon" / "VB.md").write_text("\n".join(quotes), "utf-8")


@pytest.mark.parametrize("level", ["xã", "tỉnh"])
def test_a_new_folder_reads_and_names_its_blanks(tmp_path: Path, level: str) -> None:
    files = start(NEW, tmp_path, level=level)
    rules = cchc.load(tmp_path / NEW)
    assert rules.full_id == NEW
    assert [one.value for one in rules.application.levels] == [level]
    assert [file.name for file in files] == [RULES_FILE, CASES_FILE, "VB.md"]
    asked = list(blanks(tmp_path / NEW))
    assert len(asked) == 16
    assert (f"{RULES_FILE}:5", "tên bộ tiêu chí như văn bản in") in asked


def test_filled_in_it_passes_every_check(tmp_path: Path) -> None:
    start(NEW, tmp_path, level="xã")
    folder = tmp_path / NEW
    _fill(folder)
    rules = cchc.load(folder)
    assert list(blanks(folder)) == []
    assert check_structure(rules, stored_texts(rules, folder)) == ()
    assert [outcome.differences for outcome in run_cases(rules, folder / CASES_FILE)] == [()] * 7


@pytest.mark.parametrize("key", ["ke_thua", "sua_doi"])
def test_a_new_layer_reads_on_the_set_below(tmp_path: Path, key: str) -> None:
    start(NEW, tmp_path, level="huyện")
    start("thu/cap-xa/2027", tmp_path, level="xã", layer=(key, NEW))
    rules = cchc.load(tmp_path / "thu/cap-xa/2027")
    assert rules.full_id == "thu/cap-xa/2027"
    assert [criterion.code for criterion in rules.walk()] == ["1", "1.1", "1.2"]
    assert rules.application.replaces == ((NEW,) if key == "sua_doi" else ())
    assert {document.stored for document in rules.documents} == {"nguon/VB.md", f"{NEW}:nguon/VB.md"}


def _new(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["new", *words])
    return result.exit_code, str(result.exception or result.output)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    assert _new(NEW, "--into", str(tmp_path))[0] == 0
    (tmp_path / NEW / RULES_FILE).write_text("của tôi", "utf-8")
    assert "không ghi đè" in _new(NEW, "--into", str(tmp_path))[1]
    assert (tmp_path / NEW / RULES_FILE).read_text("utf-8") == "của tôi"


@pytest.mark.parametrize("name", ["2026", "Hà Nội/2026", "ha-noi/cap-xa/", "../x/y/2026", "a/b/c d"])
def test_a_name_without_id_and_version_is_refused(name: str, tmp_path: Path) -> None:
    code, told = _new(name, "--into", str(tmp_path))
    assert code != 0
    assert "cần mã và phiên bản" in told
    assert list(tmp_path.iterdir()) == []


def test_one_layer_on_a_set_that_is_there(tmp_path: Path) -> None:
    assert "chỉ dùng một trong" in _new(NEW, "--ke-thua", "a/b/1", "--sua-doi", "a/b/1")[1]
    assert "không phải mã" in _new(NEW, "--into", str(tmp_path), "--sua-doi", "khong/co/1")[1]
    assert list(tmp_path.iterdir()) == []


def test_check_counts_a_blank_as_an_error(tmp_path: Path) -> None:
    start(NEW, tmp_path, level="xã")
    result = CliRunner().invoke(app, ["check", str(tmp_path / NEW)])
    assert result.exit_code == 1
    assert "bo-tieu-chi.yaml:15: còn chỗ phải điền: số hiệu, như 12/QĐ-UBND" in " ".join(result.output.split())


def run(*words: str, code: int = 0) -> str:
    """All that a command prints."""
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("new", "thu\\cap-xa\\2026", "--level", "xa", "--into", "bo moi")
    assert "bo moi/thu/cap-xa/2026/bo-tieu-chi.yaml" in told
    assert 'cchc check "bo moi/thu/cap-xa/2026"' in told
    assert cchc.load(tmp_path / "bo moi" / NEW).application.levels[0].value == "xã"
    assert "Next: paste the text" in run("new", "thu/cap-xa/2027", "--lang", "en")
    result = CliRunner().invoke(app, ["new", "thu/cap-xa/2029", "--json"], catch_exceptions=False)
    told = json.loads(result.stdout)
    assert told["folder"] == "thu/cap-xa/2029"
    assert all((tmp_path / told["folder"] / file).is_file() for file in told["files"])
    assert RULES_FILE in told["files"]
    with pytest.raises(cchc.UnknownRuleset, match="«làng» không phải một trong: «bộ»"):
        run("new", "thu/cap-xa/2028", "--level", "làng")


def test_a_blank_is_told_once(tmp_path: Path) -> None:
    start(NEW, tmp_path, level="xã")
    told = run("check", str(tmp_path / NEW), code=1)
    assert told.count("câu của văn bản cho bậc 100%") == 1
    assert "16 lỗi." in told


def test_words_of_a_decision_may_hold_the_word_for_a_blank(tmp_path: Path) -> None:
    start(NEW, tmp_path, level="xã")
    _fill(tmp_path / NEW)
    file = tmp_path / NEW / RULES_FILE
    file.write_text(file.read_text("utf-8").replace("câu của văn bản cho bậc 100%", "chép SAI"), "utf-8")
    assert "không tìm thấy «chép SAI»" in run("check", str(tmp_path / NEW), code=1)


def test_a_folder_above_a_set_names_the_set(tmp_path: Path) -> None:
    start(NEW, tmp_path, level="xã")
    for path in (tmp_path / "thu", tmp_path / "thu" / "cap-xa"):
        with pytest.raises(cchc.BadRuleset, match=f"bo-tieu-chi.yaml: không có tệp này .*ý bạn là .*{NEW}"):
            cchc.load(path)
    with pytest.raises(cchc.BadRuleset, match=r"không có tệp này trong thư mục «.*nguon»$"):
        cchc.load(tmp_path / NEW / "nguon")


def test_an_id_may_be_typed_with_the_marks_of_windows() -> None:
    assert (
        cchc.load("dong-nai\\cap-xa\\2022") == cchc.load("dong-nai/cap-xa/2022/") == cchc.load("dong-nai/cap-xa/2022")
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{tu: 100%,", "{truoc: 100%,", "khóa lạ «truoc» (trước: «duoi»; sau: «tren»)"),
        ("cham: bac_thang", "cham: ti_le", "«diem: ti_so x 3»"),
        ("co_ban_hanh: {ten: có ban hành kế hoạch, loai: co_khong}", "co_ban_hanh: có kế hoạch", "loai: co_khong}"),
        ("    ti_so: [da_xong, duoc_giao]\n    mau_so_bang_0: khong_quy_dinh\n    bac:\n", DATED, "co_dinh: 31/01}"),
    ],
)
def test_a_first_mistake_is_told_with_its_mending(tmp_path: Path, old: str, new: str, words: str) -> None:
    start(NEW, tmp_path, level="xã")
    file = tmp_path / NEW / RULES_FILE
    text = file.read_text("utf-8")
    assert old in text
    dated = {"da_xong: {ten: số nhiệm vụ đã hoàn thành, trong: duoc_giao}": "da_xong: {ten: ngày, loai: ngay}"}
    for one, other in ({old: new} | (dated if new == DATED else {})).items():
        text = text.replace(one, other)
    file.write_text(text, "utf-8")
    with pytest.raises(cchc.BadRuleset) as caught:
        cchc.load(file)
    assert words in str(caught.value)
