"""`cchc new`: a commented folder that reads as it stands, names its blanks, and passes `check` once it is filled."""

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
