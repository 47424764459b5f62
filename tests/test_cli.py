"""The `cchc` command: what each command prints and writes, its exit codes, and what it says about bad input."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index import plain
from cchc_index.cli import main, terminal
from cchc_index.cli.app import app
from cchc_index.cli.common import known_ids
from cchc_index.criteria import Ruleset
from cchc_index.files.folders import shipped_folder
from cchc_index.files.json_schema import ruleset_schema, submission_schema

HERE = Path(__file__).parents[1]
EXAMPLES = HERE / "examples"
QUARTER = str(EXAMPLES / "mot-cua-xa" / "ban-khai.yaml")
MINISTRIES = str(EXAMPLES / "bo-2023" / "cac-bo.csv")
SAMPLES = [str(path) for path in sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))]
TT01, BO, DONG_NAI, MAU = "vpcp/mot-cua/tt-01-2018", "bo-noi-vu/cap-bo/2022", "dong-nai/cap-xa/2022", "mau/cap-xa/1"
GOOD = "don_vi: Xã A\nso_lieu: {da_xong: 19, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: có}\n"
BAD = "don_vi: Xã B\nso_lieu: {da_xong: 21, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: maybe, truyen_thong: có}\n"
ESCAPE = "\x1b["
UNWANTED = ("PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS")


class Outcome:
    """How a run of the command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


Run = Callable[..., Outcome]


def _ok(*words: str) -> str:
    """The output of a clean run inside this process, by typer's own runner."""
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.stderr == "" or words[0] == "check"
    return result.stdout


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour and no width asked for from outside."""
    for name in UNWANTED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the whole command as the console script does; an exception other than an exit fails the test."""

    def running(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cchc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert ESCAPE not in out + err
        return Outcome(int(ended.value.code or 0), out, err)

    return running


def _environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in UNWANTED} | more


def _process(*words: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run in a process of its own, through pipes, with warnings as errors."""
    start = ["-c", code] if code else ["-m", "cchc_index"]
    command = [sys.executable, "-W", "error", *start, *words]
    return subprocess.run(command, capture_output=True, check=False, env=_environment(**environment), timeout=60)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a good submission, a bad one, and broken files of every kind."""
    (tmp_path / "a.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "b.yaml").write_text(BAD, "utf-8")
    (tmp_path / "thieu.yaml").write_text("don_vi: Xã C\nso_lieu: {da_xong: 19}\n", "utf-8")
    (tmp_path / "khong.yaml").write_text(GOOD.replace("19", "0").replace("20", "0"), "utf-8")
    (tmp_path / "hong.yaml").write_text("don_vi: [x", "utf-8")
    (tmp_path / "hong.json").write_text('{"don_vi": }', "utf-8")
    (tmp_path / "hong.csv").write_text('don_vi,a\nA,"1\n', "utf-8")
    (tmp_path / "nhi-phan.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "nua-chu.json").write_bytes(b'{"don_vi": "\\ud800", "so_lieu": {"da_xong": 1}}')
    header = "don_vi,da_xong,de_ra,bang_dien_tu,mang_xa_hoi,truyen_thong\n"
    (tmp_path / "hai.csv").write_text(header + "Xã A,19,20,có,có,có\nXã B,21,20,có,có,có\n", "utf-8")
    return tmp_path


# ---- list, show, schema, help ----------------------------------------------------------------------------------------


def test_list() -> None:
    text = _ok("list")
    assert all(name in text for name in cchc.rulesets())
    assert "không phải văn bản" in text
    assert "Id" in _ok("list", "--lang", "en").splitlines()[0]


def test_list_as_json() -> None:
    listed = json.loads(_ok("list", "--json"))
    assert [row["id"] for row in listed] == list(cchc.rulesets())
    assert {row["id"]: row["scope"] for row in listed}[MAU] == "mau"
    assert all(set(row) == {"id", "title", "scope", "levels"} for row in listed)


@pytest.mark.parametrize("name", [DONG_NAI, "244/PNV", str(shipped_folder() / DONG_NAI)])
def test_show(name: str) -> None:
    text = _ok("show", name)
    assert re.search(r"^4\.1 +Mức độ thực hiện kế", text, re.MULTILINE)
    assert "(dong-nai/cap-xa/2022)" in text
    assert "Applies from" in _ok("show", name, "--lang=en")


@pytest.mark.parametrize("name", cchc.rulesets())
def test_show_as_json_is_the_ruleset(name: str) -> None:
    assert plain.load(json.loads(_ok("show", name, "--json")), Ruleset) == cchc.load(name)


def test_schema() -> None:
    assert json.loads(_ok("schema", "bo-tieu-chi")) == ruleset_schema()
    assert json.loads(_ok("schema", "ban-khai")) == submission_schema()


@pytest.mark.parametrize("command", ["list", "show", "score", "explain", "check", "schema"])
def test_help_of_a_command_gives_examples(command: str) -> None:
    text = _ok(command, "--help")
    assert f"Ví dụ: cchc {command}" in " ".join(text.split())
    assert ESCAPE not in text


def test_help_lists_the_commands_and_examples() -> None:
    text = " ".join(_ok("--help").split())
    assert "Ví dụ: cchc list" in text
    assert all(re.search(rf"│ {command} ", text) for command in ("list", "show", "score", "explain", "check", "schema"))


def test_no_word_at_all_is_help(run: Run) -> None:
    ended = run()
    assert ended.code in (0, 2)
    assert "Ví dụ" in ended.out


def test_version() -> None:
    assert _ok("--version") == f"cchc-index {cchc.__version__}\n"


@pytest.mark.parametrize("words", [("nothing",), ("list", "--lang", "fr"), ("show",), ("schema", "x"), ("list", "--x")])
def test_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage" in ended.err


# ---- score, explain --------------------------------------------------------------------------------------------------


def test_score_one_unit() -> None:
    text = _ok("score", TT01, QUARTER)
    assert "Tổng điểm: 14,6 / 18" in text
    assert "859/500 =" in text
    assert "«Điểm 2 khi" not in text
    assert "«Điểm 0 khi" not in text
    assert "«Điểm 1 khi" in _ok("score", TT01, QUARTER, "--quotes")
    assert "Total: 14.6 / 18" in _ok("score", TT01, QUARTER, "--lang", "en")


def test_score_as_json_is_the_card() -> None:
    card = cchc.score(cchc.load(TT01), cchc.read_submission(QUARTER))
    assert cchc.from_json(_ok("score", TT01, QUARTER, "--json")) == card


def test_score_many_units_in_the_order_of_their_rank() -> None:
    rules = cchc.load(BO)
    cards = [cchc.score(rules, unit) for unit in cchc.read_submissions(MINISTRIES)]
    text = _ok("score", BO, MINISTRIES)
    places = [text.index(rank.card.unit) for rank in cchc.rank(rules, cards)]
    assert places == sorted(places)
    assert "Rank" in _ok("score", BO, MINISTRIES, "--lang", "en")


def test_score_many_files() -> None:
    text = _ok("score", MAU, *SAMPLES)
    assert "KHÔNG PHẢI VĂN BẢN PHÁP LUẬT" in text
    rows = [line for line in text.splitlines() if "Xã Mẫu" in line]
    assert len(rows) == 20
    assert rows[-1].split()[0] == "–"


def test_score_many_as_json() -> None:
    listed = json.loads(_ok("score", BO, MINISTRIES, "--json"))
    units = [cchc.from_json(json.dumps(row)).unit for row in listed]
    assert units == [unit.unit for unit in cchc.read_submissions(MINISTRIES)]


def test_explain() -> None:
    text = _ok("explain", TT01, QUARTER, "8")
    assert text.startswith("8 Tiếp thu, giải trình")
    assert "19/20 = 95%" in text
    assert "Why" in _ok("explain", TT01, QUARTER, "8", "--lang", "en")


def test_explain_a_nested_line(files: Path) -> None:
    text = _ok("explain", DONG_NAI, str(files / "a.yaml"), "4.1", "--json")
    line = json.loads(text)
    assert (line["code"], line["points"]) == ("4.1", "19/20")
    assert line["tinh_ra"]["why"].startswith("19/20 = 95%")


def test_explain_a_bonus() -> None:
    assert json.loads(_ok("explain", MAU, SAMPLES[0], "T", "--json"))["code"] == "T"


def test_explain_one_of_many_units(run: Run) -> None:
    text = _ok("explain", BO, MINISTRIES, "TĐ", "--unit", "Bộ Y Tế")
    assert "55,81" in text
    ended = run("explain", BO, MINISTRIES, "TĐ")
    assert (ended.code, ended.out) == (2, "")
    assert "--unit" in ended.err
    ended = run("explain", BO, MINISTRIES, "TĐ", "--unit", "Bộ Y tế")
    assert "ý bạn là «Bộ Y Tế»" in ended.err


# ---- check -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", cchc.rulesets())
def test_check_of_a_shipped_ruleset(run: Run, name: str) -> None:
    ended = run("check", name)
    assert ended.code == 0
    assert ended.err == "Không có lỗi.\n"
    assert "LỖI" not in ended.out


def test_check_as_json(run: Run) -> None:
    ended = run("check", BO, "--json")
    found = json.loads(ended.out)
    assert ended.err == ""
    assert [(row["code"], row["severity"]) for row in found] == [("chi-co-ghi-chep", "luu_y")] * 2


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A ruleset with a wrong sum, a wrong quote and a wrong case."""
    folder = tmp_path / "bo"
    shutil.copytree(shipped_folder() / DONG_NAI, folder)
    rules = folder / "bo-tieu-chi.yaml"
    text = rules.read_text("utf-8").replace("  diem_toi_da: 2\n", "  diem_toi_da: 1.5\n")
    rules.write_text(text.replace("nguyen_van: Hoàn thành dưới 90%", "nguyen_van: Xong dưới 90%"), "utf-8")
    cases = folder / "vi-du.yaml"
    cases.write_text(cases.read_text("utf-8").replace("diem: 0.99}", "diem: 1}"), "utf-8")
    return folder


def test_check_with_findings(run: Run, broken: Path) -> None:
    ended = run("check", str(broken))
    assert ended.code == 1
    codes = re.findall(r"\[([a-z-]+)\]$", " ".join(ended.out.split()).replace("] ", "]\n"), re.MULTILINE)
    assert {"tong-khong-khop", "khong-thay-nguyen-van", "vi-du-khong-khop"} <= set(codes)
    assert "lỗi." in ended.err
    assert ended.out.splitlines()[0].startswith("LỖI")


def test_check_with_findings_as_json(run: Run, broken: Path) -> None:
    ended = run("check", str(broken / "bo-tieu-chi.yaml"), "--json")
    assert ended.code == 1
    assert {row["code"] for row in json.loads(ended.out)} >= {"tong-khong-khop", "khong-thay-nguyen-van"}
    english = run("check", str(broken), "--lang", "en")
    assert english.out.startswith("ERROR")
    assert "errors." in english.err


@pytest.fixture
def mistyped(tmp_path: Path) -> Path:
    """A ruleset with 80% typed for 90%, and one sentence that nobody compared with its rule."""
    folder = tmp_path / "bo"
    shutil.copytree(shipped_folder() / DONG_NAI, folder)
    rules = folder / "bo-tieu-chi.yaml"
    text = rules.read_text("utf-8").replace("{duoi: 90%, diem: 0,", "{duoi: 80%, diem: 0,")
    text = re.sub(r" +da_doi_chieu: .*0,25 cộng lại.*\n", "", text)
    rules.write_text(text.replace("- tu: 90%", "- tu: 80%"), "utf-8")
    (folder / "vi-du.yaml").unlink()
    return folder


def test_check_compares_rules_with_their_sentences(run: Run, mistyped: Path) -> None:
    ended = run("check", str(mistyped))
    said = " ".join(ended.out.split())
    assert ended.code == 1
    assert "câu nói «dưới 90%», quy tắc «dưới 80%», khác nhau ở 80% [cau-khac]" in said
    assert "4.2: mục 1, «Tuyên truyền thông qua các phương tiện trực tuyến, ứng dụng …»: câu không nêu" in said
    assert "[cau-chua-doc]" in said
    assert "lỗi." in ended.err


def test_check_may_leave_the_sentences_alone(run: Run, mistyped: Path) -> None:
    ended = run("check", str(mistyped), "--no-clauses", "--json")
    assert ended.code == 0
    assert [row["code"] for row in json.loads(ended.out)] == ["thieu-vi-du"]


def test_check_gives_the_verdict_on_each_quote_when_asked(run: Run) -> None:
    ended = run("check", "dong-nai/cap-xa/2022", "--each", "--json")
    assert ended.code == 0
    codes = [row["code"] for row in json.loads(ended.out)]
    assert (codes.count("cau-khop"), codes.count("cau-da-doi-chieu")) == (4, 3)


def test_check_says_that_sentences_were_not_read(run: Run, mistyped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lark", None)
    ended = run("check", str(mistyped))
    assert ended.code == 0
    assert 'pip install "cchc-index[check]" [chua-cai-lark]' in ended.out


def test_check_without_cases(run: Run, tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "bo")
    (tmp_path / "bo" / "vi-du.yaml").unlink()
    ended = run("check", str(tmp_path / "bo"))
    assert ended.code == 0
    assert "[thieu-vi-du]" in ended.out


def test_check_without_a_stored_text(run: Run, tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "bo")
    shutil.rmtree(tmp_path / "bo" / "nguon")
    ended = run("check", str(tmp_path / "bo"))
    assert (ended.code, ended.out) == (2, "")
    assert "HD244" in ended.err


# ---- bad input: one message, exit 2, never a traceback ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "dong-nai/cap-xa"), "nêu cả phiên bản: dong-nai/cap-xa/2022"),
        (("show", "dong-nai/cap-xa/2O22"), "ý bạn là «dong-nai/cap-xa/2022»"),
        (("show", "a" * 300), "không phải mã"),
        (("check", "{}"), "bo-tieu-chi.yaml"),
        (("score", DONG_NAI, "{}/thieu.yaml"), "de_ra"),
        (("score", DONG_NAI, "{}/khong.yaml"), "mẫu số bằng 0"),
        (("score", DONG_NAI, "{}/khong-co.yaml"), "không có tệp này"),
        (("score", DONG_NAI, "{}/hong.yaml"), "hong.yaml:1: sai cú pháp YAML"),
        (("score", DONG_NAI, "{}/hong.json"), "hong.json:1: sai cú pháp JSON"),
        (("score", DONG_NAI, "{}/hong.csv"), "dấu ngoặc kép"),
        (("score", DONG_NAI, "{}/nhi-phan.yaml"), "nhi-phan.yaml:"),
        (("score", DONG_NAI, "{}/nua-chu.json"), "nua-chu.json:1"),
        (("explain", DONG_NAI, "{}", "4.1"), "đây là thư mục"),
        (("score", DONG_NAI, QUARTER), "lập theo «vpcp/mot-cua»"),
        (("explain", DONG_NAI, "{}/a.yaml", "4.11"), "không có tiêu chí «4.11» (ý bạn là «4.1»?)"),
        (("explain", DONG_NAI, "{}/b.yaml", "4.1"), "da_xong"),
        (("explain", DONG_NAI, "{}/khong-co.yaml", "4.1"), "không có tệp này"),
        (("list", "-o", "{}/khong/co/x.txt"), "không ghi được tệp"),
        (("list", "-o", "{}/a.yaml/x.txt"), "không ghi được tệp"),
        (("list", "-o", "{}/" + "x" * 250), "không ghi được tệp"),
    ],
)
def test_bad_input_is_one_message(run: Run, files: Path, words: tuple[str, ...], said: str) -> None:
    ended = run(*(word.replace("{}", str(files)) for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize("option", [("--lang", "en"), ("--lang=en",)])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "dong-nai/cap-xa"), "No such ruleset"),
        (("score", DONG_NAI, "{}/b.yaml"), "The submission is not valid"),
        (("score", DONG_NAI, "{}/thieu.yaml"), "Figures are missing"),
        (("explain", DONG_NAI, "{}/a.yaml", "9"), "there is no criterion «9»"),
    ],
)
def test_bad_input_in_english(
    run: Run, files: Path, words: tuple[str, ...], said: str, option: tuple[str, ...]
) -> None:
    ended = run(*(word.replace("{}", str(files)) for word in words), *option)
    assert ended.code == 2
    assert said in ended.err


def test_all_faults_at_once(run: Run, files: Path) -> None:
    ended = run("score", DONG_NAI, str(files / "b.yaml"), str(files / "hong.yaml"), str(files / "khong-co.yaml"))
    assert ended.code == 2
    for words in ("da_xong", "mang_xa_hoi", "hong.yaml:1", "khong-co.yaml: không có tệp này"):
        assert words in ended.err


def test_units_that_cannot_be_scored_are_named(run: Run, files: Path) -> None:
    """The others are printed all the same."""
    ended = run("score", DONG_NAI, str(files / "hai.csv"))
    assert ended.code == 2
    assert "hai.csv:3: Xã B.so_lieu.da_xong" in ended.err
    assert "Xã A" in ended.out
    assert "Xã B" not in ended.out
    many = run("score", DONG_NAI, str(files / "a.yaml"), str(files / "thieu.yaml"), "--json")
    assert many.code == 2
    assert [row["unit"] for row in json.loads(many.out)] == ["Xã A"]
    assert "Xã C" in many.err


def test_units_without_points_cannot_be_ranked(run: Run, tmp_path: Path) -> None:
    base = (HERE / "tests" / "malformed" / "base.yaml").read_text("utf-8")
    rules = tmp_path / "bo.yaml"
    ranked = base.replace("xep_hang: khong_quy_dinh", "xep_hang: {theo: diem}")
    rules.write_text(ranked + '- {ma: "5", ten: X, diem_toi_da: 1, nguon: HD244, cham: khong_quy_dinh}\n', "utf-8")
    (tmp_path / "a.csv").write_text("don_vi,da_xong,de_ra,mang_xa_hoi\nA,1,2,có\nB,2,2,có\n", "utf-8")
    ended = run("score", str(rules), str(tmp_path / "a.csv"))
    assert (ended.code, ended.out) == (2, "")
    assert "không có điểm để xếp hạng" in ended.err


def test_units_under_a_decision_that_ranks_nobody_stay_in_order(files: Path) -> None:
    """No place is given where the decision gives none."""
    (files / "sau.yaml").write_text(GOOD.replace("Xã A", "Xã 0").replace("19", "20"), "utf-8")
    text = _ok("score", DONG_NAI, str(files / "a.yaml"), str(files / "sau.yaml"))
    assert "Hạng" not in text
    assert text.index("Xã A") < text.index("Xã 0")


# ---- --output --------------------------------------------------------------------------------------------------------


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "tmp" in path.name]


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("list", "--json"),
        ("show", DONG_NAI),
        ("show", TT01, "--json"),
        ("score", TT01, QUARTER),
        ("score", BO, MINISTRIES, "--lang", "en"),
        ("score", BO, MINISTRIES, "--json"),
        ("explain", TT01, QUARTER, "1"),
        ("check", BO, "--json"),
        ("schema", "ban-khai"),
    ],
)
def test_output_holds_what_would_be_printed(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "ra.txt"
    file.write_text("cũ", "utf-8")
    assert _ok(*words, "--output", str(file)) == ""
    assert file.read_bytes().decode("utf-8") == _ok(*words)
    assert [path.name for path in tmp_path.iterdir()] == ["ra.txt"]


def test_output_is_utf8_whatever_the_console(tmp_path: Path) -> None:
    file = tmp_path / "ra.txt"
    done = _process("list", "--json", "-o", str(file), PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert file.read_bytes().decode("utf-8") == _ok("list", "--json")


@pytest.mark.parametrize(
    "words",
    [
        ("score", DONG_NAI, "{}/b.yaml"),
        ("score", DONG_NAI, "{}/a.yaml", "{}/b.yaml"),
        ("score", DONG_NAI, "{}/hai.csv", "--json"),
        ("score", DONG_NAI, "{}/hong.yaml"),
        ("show", "không/có"),
        ("explain", DONG_NAI, "{}/b.yaml", "4.1"),
        ("check", "{}"),
    ],
)
def test_bad_input_leaves_the_old_file(run: Run, files: Path, words: tuple[str, ...]) -> None:
    file = files / "ra.out"
    file.write_text("cũ", "utf-8")
    ended = run(*(word.replace("{}", str(files)) for word in words), "-o", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert file.read_text("utf-8") == "cũ"
    assert _leftovers(files) == []


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException | type[BaseException]
) -> None:
    file = tmp_path / "ra.txt"
    file.write_text("cũ", "utf-8")

    def failing(self: Path, target: Path) -> Path:
        raise problem

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises((KeyboardInterrupt, cchc.CchcError)):
        terminal.write_whole(file, "mới")
    assert file.read_text("utf-8") == "cũ"
    assert [path.name for path in tmp_path.iterdir()] == ["ra.txt"]


def test_output_may_be_read_by_others(tmp_path: Path) -> None:
    """As any new file: what the umask leaves."""
    (tmp_path / "khac").write_text("x")
    _ok("list", "-o", str(tmp_path / "ra.txt"))
    assert (tmp_path / "ra.txt").stat().st_mode == (tmp_path / "khac").stat().st_mode


# ---- pipes and code pages --------------------------------------------------------------------------------------------

VIETNAMESE = "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"


def _bare(text: str) -> str:
    """Vietnamese without its accents."""
    return normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()


@pytest.mark.parametrize("code_page", ["ascii", "cp1252", "cp437", "cp1258", "latin-1"])
def test_every_letter_is_readable_in_any_code_page(code_page: str) -> None:
    terminal.use_any_code_page()
    for letter in VIETNAMESE + VIETNAMESE.upper():
        for text in (letter, f"x{letter}y", f"«{letter}»", letter * 3, f"{letter}ầ", f"→{letter}"):
            shown = text.encode(code_page, "khong_dau").decode(code_page)
            assert _bare(letter) in _bare(shown), (letter, shown)
    if code_page == "ascii":
        assert "Đủ → 2 × 3 ≈ «6» · ≥ 5…".encode(code_page, "khong_dau") == b'Du -> 2 * 3 ~ "6" - >= 5...'
    assert "12,5 (a)".encode(code_page, "khong_dau") == b"12,5 (a)"


@pytest.mark.parametrize(
    ("code_page", "words"),
    [
        ("ascii", ("score", TT01, QUARTER)),
        ("cp1252", ("show", DONG_NAI, "--lang", "en")),
    ],
)
def test_output_in_a_poor_code_page_is_readable(code_page: str, words: tuple[str, ...]) -> None:
    done = _process(*words, PYTHONIOENCODING=code_page)
    assert (done.returncode, done.stderr) == (0, b"")
    text = _bare(done.stdout.decode(code_page))
    full = _ok(*words)
    letters = re.findall(r"[a-z]+", _bare(full).lower())
    assert re.findall(r"[a-z]+", text.lower()) == letters
    assert re.findall(r"[0-9]+", text) == re.findall(r"[0-9]+", full)
    assert ESCAPE not in text


def test_errors_in_a_poor_code_page_are_readable(files: Path) -> None:
    done = _process("score", DONG_NAI, str(files / "thieu.yaml"), PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stdout) == (2, b"")
    text = _bare(done.stderr.decode("cp1252"))
    assert "Thieu so lieu" in text
    assert "so muc tieu de ra cua ke hoach" in text
    assert "Traceback" not in text


def test_pipe_is_utf8_whatever_the_locale() -> None:
    done = _process("show", DONG_NAI, LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode("utf-8")
    assert "Bộ chỉ số cải cách hành chính cấp xã" in text
    assert ESCAPE not in text
    assert max(map(len, text.splitlines())) <= terminal.PLAIN_WIDTH


def test_reader_that_stops_early() -> None:
    """`cchc show … | head -1` ends quietly."""
    command = [sys.executable, "-m", "cchc_index", "show", MAU, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said
    assert "Error" not in said


def test_module_runs_as_a_command() -> None:
    """JSON is for programs: it loses no accent by way of a locale nobody asked for."""
    done = _process("score", TT01, QUARTER, "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    card = cchc.from_json(done.stdout.decode("utf-8"))
    assert (card.points, card.unit) == (Fraction("14.6"), "Bộ phận Một cửa xã Ví Dụ (bịa)")


def test_bad_input_in_a_process_of_its_own(files: Path) -> None:
    done = _process("score", DONG_NAI, str(files / "b.yaml"))
    assert (done.returncode, done.stdout) == (2, b"")
    said = done.stderr.decode()
    assert "Bản khai không hợp lệ" in said
    assert "Traceback" not in said
    assert ESCAPE not in said


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_terminal_gets_its_own_width() -> None:
    """On a terminal tables fit the terminal, and headings are bold."""
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cchc_index", "list"]
    environment = _environment(TERM="xterm-256color", COLUMNS="80", LC_ALL="C.UTF-8")
    with subprocess.Popen(command, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        text = b"".join(_read(master)).decode()
        assert process.wait() == 0
    os.close(master)
    assert ESCAPE in text
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 80 for line in text.splitlines())


def _read(handle: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(handle, 65536)
        except OSError:
            return
        if not chunk:
            return
        yield chunk


# ---- what the command needs ------------------------------------------------------------------------------------------


def test_missing_extra_is_said_in_this_process_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cchc_index.cli.app")
    monkeypatch.setitem(sys.modules, "typer", None)
    ended = run("list")
    assert (ended.code, ended.out) == (2, "")
    assert 'pip install "cchc-index[cli]"' in ended.err


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Absent())
from cchc_index.cli import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "rich"])
def test_missing_extra_is_said(module: str) -> None:
    done = _process("list", code=WITHOUT.format(module))
    assert (done.returncode, done.stdout) == (2, b"")
    said = done.stderr.decode()
    assert 'pip install "cchc-index[cli]"' in said
    assert "Traceback" not in said


def test_other_missing_module_is_not_taken_for_the_extra() -> None:
    done = _process("list", code=WITHOUT.format("yaml"))
    assert done.returncode == 1
    assert "cchc-index[cli]" not in done.stderr.decode()


def test_library_does_not_need_the_extra() -> None:
    code = (
        "import sys; sys.modules['typer'] = sys.modules['rich'] = None\n"
        "import cchc_index as cchc\n"
        f"card = cchc.score(cchc.load({TT01!r}), cchc.read_submission({QUARTER!r}))\n"
        "print(card.points, cchc.from_json(cchc.to_json(card)) == card)"
    )
    assert _process(code=code).stdout.split() == [b"73/5", b"True"]


# ---- completion ------------------------------------------------------------------------------------------------------


def test_completion_gives_ids() -> None:
    assert known_ids("") == list(cchc.rulesets())
    assert known_ids("vpcp/m") == [TT01]
    assert known_ids("vp") == [name for name in cchc.rulesets() if name.startswith("vp")]
    assert known_ids("zz") == []


def test_shell_asks_for_completion() -> None:
    code = "import sys; sys.argv = ['cchc']; from cchc_index.cli import main; main()"
    asked: dict[str, Any] = {"_CCHC_COMPLETE": "complete_bash", "COMP_WORDS": "cchc show vpcp/m", "COMP_CWORD": "2"}
    done = _process(code=code, **asked)
    assert done.stdout.decode().split() == [TT01]
