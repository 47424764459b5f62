"""Private rulesets beside the shipped ones: where they lie, what is refused, and every command with them."""

import datetime
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import cchc_index as cchc
from cchc_index import plain
from cchc_index.cli import main
from cchc_index.criteria import Ruleset
from cchc_index.files import catalogue
from cchc_index.files.folders import RULES_FILE, VARIABLE, holds_rules, known_folders, shipped_folder
from test_docs import Command, agrees, blocks_of, commands_of, trimmed

EXAMPLES = Path(__file__).parents[1] / "examples" / "ke-thua-sua-doi"
OWN = ("mau/khung-xa/1", "mau/so-nganh/2024", "mau/so-nganh/2025", "mau/so-nganh/2026", "mau/xa-huyen-mau/2024")
SHIPPED = "dong-nai/cap-xa/2022"
HERE = "Huyện Mẫu (bịa), Tỉnh Mẫu (bịa)"


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples, named in the environment."""
    monkeypatch.setenv(VARIABLE, str(EXAMPLES))
    return EXAMPLES


def _refused(act: Callable[[], object]) -> str:
    with pytest.raises(cchc.UnknownRuleset) as caught:
        act()
    assert caught.value.report("en").startswith("No such ruleset:")
    return str(caught.value)


def _copied(name: str, root: Path, to: str = "") -> Path:
    """A shipped or an example set in another root, under the same name or another one."""
    source = next(folder / name for folder in (shipped_folder(), EXAMPLES) if (folder / name).exists())
    return Path(shutil.copytree(source, root / (to or name)))


# ---- which sets are there --------------------------------------------------------------------------------------------


def test_a_named_folder_adds_its_sets_in_order(own: Path) -> None:
    assert set(OWN) <= set(cchc.rulesets())
    assert list(cchc.rulesets()) == sorted(cchc.rulesets())


def test_without_a_named_folder_only_shipped_sets_are_there() -> None:
    assert not set(OWN) & set(cchc.rulesets())
    assert all((shipped_folder() / name).is_dir() for name in cchc.rulesets())


def test_several_folders_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _copied("mau/khung-xa/1", tmp_path / "a")
    _copied("mau/so-nganh/2024", tmp_path / "b")
    empty = ["", str(tmp_path / "b"), str(tmp_path / "b")]
    monkeypatch.setenv(VARIABLE, os.pathsep.join([str(tmp_path / "a"), *empty]))
    assert {"mau/khung-xa/1", "mau/so-nganh/2024"} <= set(cchc.rulesets())


def test_a_caller_adds_folders_of_its_own(own: Path, tmp_path: Path) -> None:
    _copied("mau/khung-xa/1", tmp_path, "mau/khac/1")
    rules = tmp_path / "mau" / "khac" / "1" / RULES_FILE
    rules.write_text(rules.read_text("utf-8").replace("mau/khung-xa", "mau/khac"), "utf-8")
    assert "mau/khac/1" not in cchc.rulesets()
    assert {*OWN, "mau/khac/1"} <= set(cchc.rulesets(folders=[tmp_path]))
    assert cchc.load("mau/khac/1", folders=[str(tmp_path)]).id == "mau/khac"
    with pytest.raises(cchc.UnknownRuleset):
        cchc.load("mau/khac/1")


def test_the_shipped_folder_may_be_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plainly = cchc.rulesets()
    monkeypatch.setenv(VARIABLE, str(shipped_folder()))
    assert cchc.rulesets() == plainly
    assert cchc.rulesets(folders=[shipped_folder() / ".." / shipped_folder().name]) == plainly


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [tmp_path / "mot", tmp_path / "hai"]
    monkeypatch.setenv(VARIABLE, os.pathsep.join(map(str, gone)))
    report = _refused(cchc.rulesets)
    assert [path for path in gone if f"không có thư mục bộ tiêu chí «{path}» (xem {VARIABLE})" not in report] == []
    assert str(tmp_path / "ba") in _refused(lambda: cchc.load(SHIPPED, folders=[tmp_path / "ba"]))


def test_a_file_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, __file__)
    assert "không có thư mục bộ tiêu chí" in _refused(cchc.rulesets)


def test_a_ruleset_is_no_folder_of_rulesets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(EXAMPLES / OWN[0]))
    report = _refused(cchc.rulesets)
    assert "là một bộ, không phải nơi chứa các bộ" in report
    assert "<mã>/<phiên bản>/" in report


@pytest.mark.parametrize("name", ["a" * 400, "\0", "x\0y"])
def test_no_name_is_an_error_of_the_system(name: str, tmp_path: Path) -> None:
    assert not holds_rules(tmp_path / name)


# ---- nothing is shadowed ---------------------------------------------------------------------------------------------


def test_an_id_that_is_shipped_is_refused_in_a_private_folder(tmp_path: Path) -> None:
    copy = _copied(SHIPPED, tmp_path)
    report = _refused(lambda: cchc.load(SHIPPED, folders=[tmp_path]))
    assert f"mã «{SHIPPED}» có ở hai nơi: {shipped_folder() / SHIPPED} và {copy}" in report
    assert SHIPPED in _refused(lambda: cchc.rulesets(folders=[tmp_path]))


def test_an_id_in_two_private_folders_is_refused(own: Path, tmp_path: Path) -> None:
    copy = _copied(OWN[0], tmp_path)
    report = _refused(lambda: cchc.rulesets(folders=[tmp_path]))
    assert f"mã «{OWN[0]}» có ở hai nơi: {EXAMPLES / OWN[0]} và {copy}" in report


def test_a_set_that_says_another_id_than_its_folder_is_refused(tmp_path: Path) -> None:
    """A private folder of another name could otherwise bring a shipped id in by its content."""
    _copied(SHIPPED, tmp_path, "rieng/cap-xa/1")
    with pytest.raises(cchc.BadRuleset) as caught:
        cchc.load("rieng/cap-xa/1", folders=[tmp_path])
    assert f"rieng/cap-xa/1/{RULES_FILE}:1: thư mục «rieng/cap-xa/1» chứa bộ «{SHIPPED}»" in str(caught.value)
    with pytest.raises(cchc.BadRuleset, match="rieng/cap-xa/1"):
        cchc.find(place=HERE, level="xã", on=_DAY, folders=[tmp_path])


def test_a_broken_private_set_is_named_by_its_id(tmp_path: Path) -> None:
    folder = _copied(OWN[0], tmp_path, "mau/hong/1")
    (folder / RULES_FILE).write_text("hỏng: [", "utf-8")
    with pytest.raises(cchc.BadRuleset) as loaded:
        cchc.load("mau/hong/1", folders=[tmp_path])
    with pytest.raises(cchc.BadRuleset) as found:
        _find(folders=(tmp_path,))
    assert loaded.value.faults == found.value.faults
    assert loaded.value.faults[0].place.startswith(f"mau/hong/1/{RULES_FILE}:")


# ---- loading ---------------------------------------------------------------------------------------------------------

_DAY = datetime.date(2025, 1, 1)


def _find(*, place: str = HERE, level: str = "xã", on: datetime.date = _DAY, folders: tuple[Path, ...] = ()) -> Ruleset:
    return cchc.find(place=place, level=level, on=on, folders=folders)


def test_layered_sets_load_by_id_and_by_path_to_the_same(own: Path) -> None:
    for name in OWN:
        assert cchc.load(name) == cchc.load(EXAMPLES / name) == cchc.load(EXAMPLES / name / RULES_FILE)


def test_a_private_set_is_read_anew_and_a_shipped_one_once(tmp_path: Path) -> None:
    folder = _copied(OWN[0], tmp_path)
    assert cchc.load(OWN[0], folders=[tmp_path]).max_points == 10
    rules = folder / RULES_FILE
    rules.write_text(rules.read_text("utf-8").replace("diem_toi_da: 10", "diem_toi_da: khong_quy_dinh"), "utf-8")
    assert cchc.load(OWN[0], folders=[tmp_path]).max_points is cchc.NOT_STATED
    assert cchc.load(SHIPPED, folders=[tmp_path]) is cchc.load(SHIPPED)


def test_a_private_set_may_stand_on_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "rieng" / "cap-xa" / "2026"
    (folder / "nguon").mkdir(parents=True)
    text = (EXAMPLES / OWN[-1] / RULES_FILE).read_text("utf-8").partition("so_lieu:")[0]
    for old, new in (
        ("bo_tieu_chi: mau/xa-huyen-mau", "bo_tieu_chi: rieng/cap-xa"),
        ('phien_ban: "2024"', 'phien_ban: "2026"'),
        ("ke_thua: mau/khung-xa/1", "ke_thua: mau/cap-xa/1"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / RULES_FILE).write_text(text, "utf-8")
    rules = cchc.load(folder)
    assert rules == cchc.load("rieng/cap-xa/2026", folders=[tmp_path])
    assert [row.code for row in rules.walk()] == [row.code for row in cchc.load("mau/cap-xa/1").walk()]
    stored = {document.id: document.stored for document in rules.documents}
    assert stored["MAU"] == "mau/cap-xa/1:nguon/MAU.md"


def test_a_private_set_is_loaded_by_the_number_of_its_decision(own: Path) -> None:
    assert cchc.load("MẪU-2026").full_id == "mau/so-nganh/2026"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"so_hieu: " + b"x" * 3_000_000])
def test_an_unreadable_private_set_does_not_keep_another_number_from_being_found(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "mau" / "hong" / "1").mkdir(parents=True)
    (tmp_path / "mau" / "hong" / "1" / RULES_FILE).write_bytes(content)
    assert cchc.load("01/2018/TT-VPCP", folders=[tmp_path]).id == "vpcp/mot-cua"
    assert catalogue._first_number(tmp_path / "mau" / "hong" / "1") is None


def test_folders_are_known_by_where_they_are(own: Path) -> None:
    known = known_folders()
    assert list(known) == sorted(known)
    assert known[OWN[0]] == EXAMPLES / OWN[0]
    assert known[SHIPPED] == shipped_folder() / SHIPPED


# ---- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "level", "on", "found"),
    [
        (HERE, "xã", "2024-06-30", "mau/khung-xa/1"),
        (HERE, "xã", "2024-07-01", "mau/xa-huyen-mau/2024"),
        (HERE, "xã", "2025-06-30", "mau/xa-huyen-mau/2024"),
        ("Huyện Khác (bịa), Tỉnh Mẫu (bịa)", "xã", "2025-06-30", "mau/khung-xa/1"),
        ("Tỉnh Mẫu (bịa)", "sở", "2024-12-31", "mau/so-nganh/2024"),
        ("Tỉnh Mẫu (bịa)", "sở", "2025-01-01", "mau/so-nganh/2025"),
        ("Tỉnh Mẫu (bịa)", "sở", "2026-12-31", "mau/so-nganh/2026"),
    ],
)
def test_the_day_and_the_place_decide(own: Path, place: str, level: str, on: str, found: str) -> None:
    assert _find(place=place, level=level, on=datetime.date.fromisoformat(on)).full_id == found


def test_after_a_set_has_ended_nothing_comes_back_by_itself(own: Path) -> None:
    """The frame was replaced in the district, and the district's own set ran out with the district."""
    report = _refused(lambda: _find(on=datetime.date(2025, 7, 1)))
    assert "mau/khung-xa/1 (từ 01/01/2024 đến 30/06/2024)" in report
    assert "mau/xa-huyen-mau/2024 (từ 01/07/2024 đến 30/06/2025)" in report


def test_a_caller_s_folders_are_searched() -> None:
    assert _find(folders=(EXAMPLES,)).full_id == "mau/xa-huyen-mau/2024"
    assert "không có bộ tiêu chí nào có hiệu lực" in _refused(_find)


# ---- the commands ----------------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def running(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cchc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Outcome(int(ended.value.code or 0), out, err)

    return running


Run = Callable[..., Outcome]
UNIT = """\
don_vi: Xã Mẫu (bịa)
so_lieu: {co_ke_hoach: có, cuoc_kiem_tra: 3, co_chuyen_muc: có, dung_han: 9, da_giai_quyet: 10, sang_kien: 1}
"""


@pytest.fixture
def unit(tmp_path: Path) -> str:
    (tmp_path / "xa.yaml").write_text(UNIT, "utf-8")
    return str(tmp_path / "xa.yaml")


def test_list_names_private_sets(run: Run, own: Path) -> None:
    assert all(name in run("list").out for name in OWN)
    assert set(OWN) <= {row["id"] for row in json.loads(run("list", "--json").out)}


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("where", ["", str(EXAMPLES)])
def test_show_and_check_by_id_and_by_path(run: Run, own: Path, name: str, where: str) -> None:
    named = os.path.join(where, name)  # noqa: PTH118
    assert run("check", named) == Outcome(0, "", "Không có lỗi.\n")
    assert plain.load(json.loads(run("show", named, "--json").out), Ruleset) == cchc.load(name)
    assert f"({name})" in run("show", named).out
    assert "NOT LAW" in run("show", named, "--lang", "en").out


def test_show_says_which_decision_each_line_stands_on(run: Run) -> None:
    text = run("show", str(EXAMPLES / "mau" / "so-nganh" / "2026")).out
    assert "[QD26, mục 1] thay cho [QD25, mục 1]" in text
    assert "[QD24, dòng 1.2]" in text
    assert "[QD26, mục 2]" in text
    assert "Bỏ 2.2 Niêm yết tại trụ sở [QD24, dòng 2.2]: «Bỏ tiêu chí 2.2 (Niêm yết tại trụ sở)» (QD25, mục 2)" in text
    assert "thay thế mau/so-nganh/2025" in " ".join(text.split())
    english = run("show", str(EXAMPLES / "mau" / "so-nganh" / "2026"), "--lang", "en").out
    assert "[QD26, mục 1] replaces [QD25, mục 1]" in english
    assert "Dropped 2.2" in english


def test_each_line_says_where_it_stands(run: Run) -> None:
    text = run("show", SHIPPED).out
    assert all(f"[HD244, bảng, dòng {code}]" in text for code in ("4", "4.1", "4.2"))


@pytest.mark.parametrize("name", ["mau/xa-huyen-mau/2024", str(EXAMPLES / "mau" / "xa-huyen-mau" / "2024")])
def test_score_with_a_layered_set(run: Run, own: Path, unit: str, name: str) -> None:
    assert "Tổng điểm: 9,5 / 10" in run("score", name, unit).out
    assert cchc.from_json(run("score", name, unit, "--json").out).ruleset == "mau/xa-huyen-mau"
    assert "mỗi cuộc kiểm tra có kết luận 0,5 điểm" in run("explain", name, unit, "1.2.1").out


def test_check_finds_a_wrong_quote_of_a_set_below(run: Run, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "goc")
    stored = tmp_path / "goc" / "mau" / "so-nganh" / "2024" / "nguon" / "QD24.md"
    stored.write_text(stored.read_text("utf-8").replace("Tỷ lệ hồ sơ đúng hạn x 3", "khác"), "utf-8")
    ended = run("check", str(tmp_path / "goc" / "mau" / "so-nganh" / "2026"))
    assert ended.code == 1
    assert "2.1: không tìm thấy «Tỷ lệ hồ sơ đúng hạn x 3» trong bản lưu của QD24" in " ".join(ended.out.split())


def test_check_of_a_conflict_ends_with_two(run: Run) -> None:
    broken = Path(__file__).parent / "malformed" / "layers" / "ma-da-co.yaml"
    ended = run("check", str(broken))
    assert (ended.code, ended.out) == (2, "")
    assert "mã «1.2» đã có ở ../below/bo/bo-tieu-chi.yaml:29" in ended.err
    assert "is already at" in run("check", str(broken), "--lang", "en").err


def test_find_prints_the_set_and_why(run: Run, own: Path) -> None:
    ended = run("find", "--place", HERE, "--level", "xã", "--on", "01/01/2025")
    assert (ended.code, ended.err) == (0, "")
    assert "(mau/xa-huyen-mau/2024)" in ended.out
    assert "Áp dụng từ 01/07/2024 đến 30/06/2025" in " ".join(ended.out.split())
    assert "Applies from" in run("find", "--place", HERE, "--level", "xã", "--on", "2025-01-01", "--lang", "en").out


def test_find_as_json(run: Run, tmp_path: Path) -> None:
    asked = ("find", "--place", "Huế", "--level", "xã", "--on", "2020-06-01", "--instrument", "mot_cua")
    found = json.loads(run(*asked, "--json").out)
    assert found["id"] == "vpcp/mot-cua/tt-01-2018"
    assert found["applies"]["since"] == "2019-01-06"
    assert found["applies"]["instrument"] == "mot_cua"
    assert run(*asked, "--json", "-o", str(tmp_path / "x.json")).out == ""
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--place", HERE, "--level", "huyện", "--on", "2025-07-01"), "kết thúc hoạt động đơn vị hành chính cấp huyện"),
        (("--place", "Huế", "--level", "xã", "--on", "2020-06-01"), "không có bộ tiêu chí nào có hiệu lực"),
        (("--place", "Huế", "--level", "làng", "--on", "2020-06-01"), "«làng» không phải một trong: «bộ»"),
        (("--place", "Huế", "--level", "huyenn", "--on", "2020-06-01"), "ý bạn là «huyện»?"),
        (("--place", "Huế", "--level", "xa", "--on", "2020-06-01"), "cchc, xã, Huế, 01/06/2020: không có"),
        (("--place", "Huế", "--level", "xã", "--on", "31/02/2020"), "«31/02/2020» không phải ngày có thật"),
        (("--place", "Huế", "--level", "xã", "--on", "nay"), "viết như 2025-06-30"),
        (
            ("--place", "Huế", "--level", "xã", "--on", "2020-06-01", "--instrument", "par"),
            "«par» không phải một trong",
        ),
        (("--place", "Huế", "--level", "xã"), "Missing option '--on'"),
    ],
)
def test_find_that_finds_nothing_ends_with_two(run: Run, words: tuple[str, ...], said: str) -> None:
    ended = run("find", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_help_of_find_gives_an_example(run: Run) -> None:
    text = " ".join(run("find", "--help").out.split())
    assert "Ví dụ: cchc find --place" in text
    assert any(line.startswith("│ find ") for line in run("--help").out.splitlines())


def test_a_command_with_a_folder_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "khong-co"))
    for words in (("list",), ("show", SHIPPED), ("check", str(shipped_folder() / SHIPPED))):
        ended = run(*words)
        assert (ended.code, ended.out) == (2, "")
        assert VARIABLE in ended.err


# ---- the page that explains private folders --------------------------------------------------------------------------

ROOT = EXAMPLES.parents[1]
PAGE = ROOT / "docs" / "ke-thua-sua-doi.md"
NAMED = [
    command
    for block in blocks_of(PAGE)
    if block.language == "console"
    for command in commands_of(block.text)
    if command.words.startswith(f"{VARIABLE}=")
]


@pytest.mark.parametrize("command", NAMED, ids=lambda command: command.words)
def test_a_command_with_a_named_folder_prints_what_the_page_shows(command: Command) -> None:
    named, program, *words = shlex.split(command.words)
    assert program == "cchc"
    environment = {**os.environ, "COLUMNS": "120", VARIABLE: named.partition("=")[2]}
    done = subprocess.run(
        [sys.executable, "-u", "-m", "cchc_index", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert agrees(command.shown, trimmed(done.stdout.split("\n"))), done.stdout


def test_the_page_shows_such_commands() -> None:
    assert len(NAMED) == 2
