"""Published versions never change: each shipped set holds against the lock, and the examples score as they did."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.errors import BadRuleset, CchcError
from cchc_index.files.folders import RULES_FILE, shipped_folder
from cchc_index.files.golden import golden_digest, golden_scores
from cchc_index.files.lock import LOCK_FILE, current_digests, lock_state, read_lock, written

HERE = Path(__file__).parents[1]
LOCKED = read_lock(shipped_folder() / LOCK_FILE)
CURRENT = dict(current_digests(shipped_folder()))
GOLDEN = Path(__file__).parent / "golden-examples.txt"
EXAMPLES = {
    "bo-2023": "bo-noi-vu/cap-bo/2022",
    "mau-cap-xa": "mau/cap-xa/1",
    "mot-cua-xa": "vpcp/mot-cua/tt-01-2018",
    "tinh-2022-2023": "bo-noi-vu/cap-tinh/2022",
}
ELSEWHERE = {"bang-cong-bo", "ke-thua-sua-doi", "khao-sat-mau", *(f"thong-bao-00{number}" for number in range(5))}
"""Examples that are no units of a shipped set alone: printed tables, layers, ballots, notices; each has its tests."""
DONG_NAI = "dong-nai/cap-xa/2022"


def test_what_ships_is_published() -> None:
    assert sorted(LOCKED) == sorted(CURRENT) == sorted(cchc.rulesets())


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_published_version_has_not_changed(name: str) -> None:
    assert CURRENT[name].rules == LOCKED[name].rules, "its rules changed: a correction is a new version"
    assert CURRENT[name].sources == LOCKED[name].sources, "its stored sources changed"
    assert CURRENT[name].golden == LOCKED[name].golden, "its worked cases give other scores"


def test_the_lock_is_the_one_that_is_written() -> None:
    assert (shipped_folder() / LOCK_FILE).read_text("utf-8") == written(LOCKED)


def example_lines() -> Iterator[str]:
    """Every example, line by line: the set, the unit, the code, the exact points."""
    for folder, name in EXAMPLES.items():
        rules = cchc.load(name)
        files = [file for file in sorted((HERE / "examples" / folder).iterdir()) if file.name != "ho-so.csv"]
        for unit in (unit for file in files for unit in cchc.read_submissions(file)):
            try:
                card = cchc.score(rules, unit)
            except CchcError as error:
                yield f"{name} | {unit.unit} | {type(error).__name__}"
                continue
            yield f"{name} | {unit.unit} | | {card.points} | {card.index}"
            yield from (f"{name} | {unit.unit} | {line.code} | {line.points}" for line in card.walk())


def test_the_examples_score_as_they_did() -> None:
    assert EXAMPLES.keys() | ELSEWHERE == {folder.name for folder in (HERE / "examples").iterdir()}
    assert list(example_lines()) == GOLDEN.read_text("utf-8").splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of two shipped sets, locked."""
    for name in (DONG_NAI, "vpcp/mot-cua/tt-01-2018"):
        shutil.copytree(shipped_folder() / name, tmp_path / name)
    (tmp_path / LOCK_FILE).write_text(lock_state(tmp_path).text, "utf-8")
    return tmp_path


def said(folder: Path, *options: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["lock", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_folder_as_it_was_locked_holds(folder: Path) -> None:
    state = lock_state(folder)
    assert (state.faults, state.added) == ((), {})
    assert state.locked == {name: LOCKED[name] for name in state.locked}
    assert said(folder, "--check") == "2 phiên bản đã công bố\n"


def test_how_a_file_is_written_does_not_matter(folder: Path) -> None:
    replaced(folder / DONG_NAI / RULES_FILE, "diem: 0,5", "diem: 0.50  # nửa điểm")
    assert lock_state(folder).faults == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        (RULES_FILE, "- tu: 90%", "- tu: 91%", "quy tắc, điểm của ví dụ"),
        (RULES_FILE, "ten: Mức độ đa dạng", "ten: Mức đa dạng", "quy tắc"),
        ("nguon/HD244.md", "Hoàn thành", "Hoàn  thành", "bản lưu nguồn"),
        ("vi-du.yaml", "{da_xong: 19, de_ra: 20}, diem: 0.95", "{da_xong: 20, de_ra: 20}, diem: 1", "điểm của ví dụ"),
    ],
)
def test_a_change_of_a_published_version_is_refused_and_named(
    folder: Path, file: str, old: str, new: str, parts: str
) -> None:
    replaced(folder / DONG_NAI / file, old, new)
    before = (folder / LOCK_FILE).read_text("utf-8")
    told = said(folder, code=1)
    assert f"{DONG_NAI}: đã công bố mà đổi: {parts} (sửa là thêm một phiên bản mới)" in told
    assert said(folder, "--check", code=1) == told
    assert (folder / LOCK_FILE).read_text("utf-8") == before
    assert "published, and changed" in said(folder, "--lang", "en", code=1)


def test_a_lock_is_told_as_data(folder: Path) -> None:
    shutil.rmtree(folder / DONG_NAI)
    shutil.copytree(shipped_folder() / "mau/cap-xa/1", folder / "mau/cap-xa/1")
    found = json.loads(said(folder, "--json", code=1))
    assert (found["written"], list(found["locked"]), list(found["added"])) == (
        False,
        [DONG_NAI, "vpcp/mot-cua/tt-01-2018"],
        ["mau/cap-xa/1"],
    )
    assert [fault["vi"] for fault in found["faults"]] == [f"{DONG_NAI}: phiên bản đã công bố không còn"]
    assert found["locked"][DONG_NAI]["rules"] == LOCKED[DONG_NAI].rules
    shutil.copytree(shipped_folder() / DONG_NAI, folder / DONG_NAI)
    assert json.loads(said(folder, "--json", "--check", code=1))["written"] is False
    found = json.loads(said(folder, "--json"))
    assert (found["written"], list(found["added"]), found["faults"]) == (True, ["mau/cap-xa/1"], [])


def test_a_new_version_is_added_and_nothing_else(folder: Path) -> None:
    newer = folder / "dong-nai/cap-xa/2023"
    shutil.copytree(folder / DONG_NAI, newer)
    for file in (RULES_FILE, "vi-du.yaml"):
        replaced(newer / file, 'phien_ban: "2022"', 'phien_ban: "2023"')
    before = (folder / LOCK_FILE).read_text("utf-8").splitlines()
    assert said(folder, "--check", code=1) == "dong-nai/cap-xa/2023: chưa khóa\n2 phiên bản đã công bố\n"
    assert (folder / LOCK_FILE).read_text("utf-8").splitlines() == before
    assert said(folder) == "dong-nai/cap-xa/2023: khóa\n3 phiên bản đã công bố\n"
    after = (folder / LOCK_FILE).read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == [line for line in after if "/2023 " in line]
    assert [line for line in after if line in before] == before
    assert said(folder, "--check") == "3 phiên bản đã công bố\n"


def test_a_published_version_that_is_gone_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / DONG_NAI)
    assert f"{DONG_NAI}: phiên bản đã công bố không còn" in said(folder, "--check", code=1)


@pytest.mark.parametrize(
    "line",
    [
        "a/b/1 sha256:1 sha256:2",
        "a/b/1 sha256:1 sha256:2 md5:3",
        "a/b/1 sha256:1 sha256:2 sha256:3 sha256:4",
        f"{DONG_NAI} sha256:1 sha256:2 sha256:3",
    ],
)
def test_a_lock_that_cannot_be_read_is_one_fault_with_its_line(folder: Path, line: str) -> None:
    with (folder / LOCK_FILE).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(BadRuleset, match=r"rulesets\.lock:7"):
        read_lock(folder / LOCK_FILE)


def test_a_lock_that_is_no_text_is_a_fault(folder: Path) -> None:
    (folder / LOCK_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(BadRuleset):
        lock_state(folder)


def test_golden_scores_hold_points_and_kinds_of_error(tmp_path: Path) -> None:
    rules, folder = cchc.load(DONG_NAI), shipped_folder() / DONG_NAI
    scores = list(golden_scores(rules, folder))
    assert {"criterion": "4.1", "points": "19/20"} in scores
    assert {"criterion": "4.1", "points": "MissingFacts"} in scores
    assert scores[-1]["lines"] == {"4": "39/20", "4.1": "19/20", "4.2": "1"}
    assert list(golden_scores(rules, tmp_path)) == []
    assert golden_digest(rules, folder) == LOCKED[DONG_NAI].golden


def test_golden_scores_of_a_broken_file_and_of_a_unit_in_error(tmp_path: Path) -> None:
    rules = cchc.load(DONG_NAI)
    head = 'bo_tieu_chi: dong-nai/cap-xa\nphien_ban: "2022"\n'
    cases = tmp_path / "vi-du.yaml"
    cases.write_text(head + "ban_khai: [{don_vi: A, nguon_goc: thử, so_lieu: {}}]\n", "utf-8")
    assert list(golden_scores(rules, tmp_path)) == [{"unit": "A", "points": "MissingFacts"}]
    cases.write_text(head + "tieu_chi: [{ma: '9', nguon_goc: thử, truong_hop: [{so_lieu: {}}]}]\n", "utf-8")
    assert list(golden_scores(rules, tmp_path)) == [{"criterion": "9", "points": "MissingFacts"}]
    cases.write_text(head + "la: 1\n", "utf-8")
    with pytest.raises(BadRuleset):
        list(golden_scores(rules, tmp_path))


def test_the_shipped_folder_is_the_one_that_is_locked_without_a_folder() -> None:
    result = CliRunner().invoke(app, ["lock", "--check"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
