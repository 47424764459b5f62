"""`cchc batch`, `cchc sql` and `cchc simulate`: what they print and write, and what they say to each mistake."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cchc_index as cchc
from cchc_index.batch.lowering import columns_of
from cchc_index.cli import main

DONG_NAI, MAU = "dong-nai/cap-xa/2022", "mau/cap-xa/1"
SAMPLES = [str(path) for path in sorted((Path(__file__).parents[1] / "examples" / "mau-cap-xa").glob("*.yaml"))]
HEAD = "don_vi,da_xong,de_ra,bang_dien_tu,mang_xa_hoi,truyen_thong"
GOOD = f"{HEAD}\nXã A,19,20,có,có,có\nXã B,8,10,có,không,có\n"
LACKING = f"{HEAD}\nXã A,19,20,có,có,có\nXã B,8,,có,không,có\n"


class Outcome:
    """How a run of the command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the whole command in an empty folder; an exception other than an exit fails the test."""
    monkeypatch.chdir(tmp_path)

    def running(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cchc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Outcome(int(ended.value.code or 0), out, err)

    return running


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- batch -------------------------------------------------------------------------------------------------------------


def batch(run: Run, folder: Path, text: str, *words: str) -> Outcome:
    (folder / "xa.csv").write_text(text, "utf-8")
    return run("batch", DONG_NAI, "xa.csv", "-o", "diem.csv", *words)


def test_batch_says_how_many_rows_were_scored(run: Run, tmp_path: Path) -> None:
    found = batch(run, tmp_path, GOOD)
    assert (found.code, found.out, found.err) == (0, "2 dòng\nđã chấm: 2\n", "")
    assert batch(run, tmp_path, GOOD, "--lang", "en").out == "2 rows\nscored: 2\n"
    assert json.loads(batch(run, tmp_path, GOOD, "--json").out)["da_cham"] == 2
    assert (tmp_path / "diem.csv").read_text("utf-8").splitlines()[1].startswith('"Xã A","da_cham","1.95"')
    assert files_in(tmp_path) == ["diem.csv", "xa.csv"]


@pytest.mark.parametrize("text", [GOOD.replace(",", ";"), GOOD.replace(",", "\t"), "\ufeff" + GOOD])
def test_batch_reads_csv_as_spreadsheets_write_it(run: Run, tmp_path: Path, text: str) -> None:
    batch(run, tmp_path, GOOD)
    first = (tmp_path / "diem.csv").read_bytes()
    assert batch(run, tmp_path, text).code == 0
    assert (tmp_path / "diem.csv").read_bytes() == first


def test_batch_writes_the_same_bytes_twice(run: Run, tmp_path: Path) -> None:
    batch(run, tmp_path, LACKING)
    first = (tmp_path / "diem.csv").read_bytes()
    batch(run, tmp_path, LACKING)
    assert (tmp_path / "diem.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("lang", "said", "why"),
    [
        ("vi", "thiếu số liệu: 1", "so_lieu.de_ra: chưa khai (số mục tiêu đề ra của kế hoạch); cần cho 4.1"),
        ("en", "figures missing: 1", "so_lieu.de_ra: not given (số mục tiêu đề ra của kế hoạch); needed for 4.1"),
    ],
)
def test_batch_tells_reasons_in_the_language_asked(run: Run, tmp_path: Path, lang: str, said: str, why: str) -> None:
    found = batch(run, tmp_path, LACKING, "--lang", lang)
    assert found.code == 1
    assert said in found.out
    assert f'"{why}"' in (tmp_path / "diem.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "words", "vi", "en"),
    [
        ("don_vi\nXã A\n", (), "da_xong: bảng không có cột này", "da_xong: the frame has no such column"),
        (f"{HEAD}\n", (), "tệp không có dòng nào", "the file has no rows"),
        (f"{HEAD}\nXã A,19,20,có,có\n", (), "không đọc được bảng", "cannot read the table"),
        (f"{HEAD},de_ra\nXã A,19,20,có,có,có,20\n", (), "hai cột cùng tên", "two columns of this name"),
        (GOOD, ("-o", "diem.xlsx"), ".parquet hoặc .csv", ".parquet or a .csv"),
        (GOOD, ("-o", "xa.csv"), "đè lên chính bảng", "replace the table"),
        (GOOD, ("-o", "khong-co/diem.csv"), "không ghi được tệp", "cannot write the file"),
    ],
)
def test_batch_says_what_is_wrong_and_writes_nothing(
    run: Run, tmp_path: Path, text: str, words: tuple[str, ...], vi: str, en: str
) -> None:
    found = batch(run, tmp_path, text, *words)
    assert (found.code, found.out) == (2, "")
    assert vi in found.err
    assert en in batch(run, tmp_path, text, *words, "--lang", "en").err
    assert files_in(tmp_path) == ["xa.csv"]
    assert (tmp_path / "xa.csv").read_text("utf-8") == text


def test_batch_says_that_a_file_is_not_there_or_no_table(run: Run, tmp_path: Path) -> None:
    found = run("batch", DONG_NAI, "khong-co.csv", "-o", "diem.txt")
    assert found.code == 2
    assert "khong-co.csv: không có tệp này" in found.err
    assert "diem.txt: bảng phải là tệp" in found.err
    (tmp_path / "xa.csv").write_bytes(GOOD.encode("utf-16"))
    (tmp_path / "xa.parquet").write_bytes(b"PAR1")
    for name in ("xa.csv", "xa.parquet"):
        assert "không đọc được bảng" in run("batch", DONG_NAI, name, "-o", "diem.csv").err


def test_batch_keeps_the_old_file_when_the_new_one_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "diem.csv").write_text("cũ", "utf-8")
    assert batch(run, tmp_path, "don_vi\nXã A\n").code == 2
    assert (tmp_path / "diem.csv").read_text("utf-8") == "cũ"


def test_batch_refuses_binary_floats_and_an_unknown_way_to_write_percents(run: Run, tmp_path: Path) -> None:
    rules = cchc.load(MAU)
    names = [name for fact in rules.facts_by_name.values() for name in columns_of(fact)]
    pq.write_table(pa.table({name: [0.5] for name in ("don_vi", *names)}), tmp_path / "xa.parquet")
    found = run("batch", MAU, "xa.parquet", "-o", "diem.parquet", "--year", "2025")
    assert found.code == 2
    assert "von_giai_ngan: cột số thực nhị phân" in found.err
    assert run("batch", DONG_NAI, "xa.parquet", "-o", "diem.parquet", "--percents", "half").code == 2
    assert run("batch", DONG_NAI, "xa.parquet", "-o", "diem.parquet", "--year", "0").code == 2
    assert files_in(tmp_path) == ["xa.parquet"]


# -- sql ---------------------------------------------------------------------------------------------------------------


ODD_NAMES = ("--table", 'xã "mẫu"', "--unit-column", "tên")
QUOTED = '"xã ""mẫu"""'


def test_sql_prints_tables_and_a_statement_that_run(run: Run, tmp_path: Path) -> None:
    made = run("sql", DONG_NAI, "--create", *ODD_NAMES)
    asked = run("sql", DONG_NAI, *ODD_NAMES, "--all", "-o", "cham.sql")
    assert (made.code, asked.code, asked.out) == (0, 0, "")
    with duckdb.connect() as base:
        base.execute(made.out)
        base.execute(f"INSERT INTO {QUOTED} VALUES ('Xã A', 19, 20, true, true, true)")
        ((name, status, *_),) = base.execute((tmp_path / "cham.sql").read_text("utf-8")).fetchall()
    assert (name, status) == ("Xã A", "da_cham")
    assert run("sql", DONG_NAI, *ODD_NAMES, "--all").out == (tmp_path / "cham.sql").read_text("utf-8")


def test_sql_writes_for_postgresql(run: Run) -> None:
    found = run("sql", DONG_NAI, "--dialect", "postgres")
    assert found.code == 0
    assert "DIV(" in found.out
    assert "HUGEINT" not in found.out


@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        ((MAU,), "han_bao_cao: cần kỳ đánh giá (period)", "han_bao_cao: needs the period"),
        (("khong/co",), "khong/co", "khong/co"),
        ((DONG_NAI, "--table", ""), "table: bảng hay cột này chưa có tên", "table: this table or column has no name"),
        ((DONG_NAI, "-o", "khong-co/a.sql"), "không ghi được tệp", "cannot write the file"),
    ],
)
def test_sql_says_what_is_wrong(run: Run, tmp_path: Path, words: tuple[str, ...], vi: str, en: str) -> None:
    found = run("sql", *words)
    assert (found.code, found.out) == (2, "")
    assert vi in found.err
    assert en in run("sql", *words, "--lang", "en").err
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("word", ["--dialect=oracle", "--digits=12", "--year=0", "--percents=half"])
def test_sql_refuses_words_it_does_not_know(run: Run, word: str) -> None:
    found = run("sql", DONG_NAI, word)
    assert (found.code, found.out) == (2, "")
    assert word.partition("=")[0] in found.err


# -- simulate ----------------------------------------------------------------------------------------------------------

PERIOD = "ky: {tu_ngay: 2025-01-01, den_ngay: 2025-12-31}\n"
ASKED = ("--sample", "phieu_nguoi_dan", "--print", "ty_le_thanh_toan=0,1%", "--add", "tthc_cong_khai=-2")


def simulate(run: Run, *words: str) -> Outcome:
    return run("simulate", MAU, *SAMPLES[5:7], "--seed", "1", "--n", "20", *words)


def test_simulate_prints_a_table_and_the_same_again(run: Run, tmp_path: Path) -> None:
    found = simulate(run, *ASKED)
    assert (found.code, found.err) == (0, "")
    assert "20 lần, hạt giống 1" in found.out
    assert "Xã Mẫu 06" in found.out
    assert simulate(run, *ASKED).out == found.out
    assert "20 draws, seed 1" in simulate(run, *ASKED, "--lang", "en").out
    assert simulate(run, *ASKED, "-o", "a.txt").out == ""
    assert (tmp_path / "a.txt").read_text("utf-8") == found.out


def test_simulate_gives_every_count_as_json(run: Run) -> None:
    data = json.loads(simulate(run, *ASKED, "--json").out)
    assert (data["bo_tieu_chi"], data["so_lan"], data["hat_giong"]) == ("mau/cap-xa", 20, 1)
    assert [sum(one["so_lan_theo_hang"].values()) for one in data["don_vi"]] == [20, 20]
    assert {one["don_vi"]: one["diem"] for one in data["don_vi"]}.keys() == {"Xã Mẫu 06", "Xã Mẫu 07"}


@pytest.mark.parametrize(("lang", "why"), [("vi", "chưa khai"), ("en", "not given")])
def test_simulate_names_units_without_a_score(run: Run, tmp_path: Path, lang: str, why: str) -> None:
    (tmp_path / "trong.yaml").write_text('don_vi: "Xã [b]trống"\nso_lieu: {}\n' + PERIOD, "utf-8")
    found = simulate(run, "trong.yaml", "--lang", lang, "--json")
    assert found.code == 1
    (problem,) = json.loads(found.out)["khong_cham_duoc"]
    assert problem["don_vi"] == "Xã [b]trống"
    assert why in problem["ly_do"]
    assert "Xã [b]trống" in simulate(run, "trong.yaml", "--lang", lang).out


@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        (("--sample", "phieu_nguoi_dann"), "ý bạn là «phieu_nguoi_dan»?", "did you mean «phieu_nguoi_dan»?"),
        (("--sample", "von_giai_ngan"), "không phải phiếu khảo sát", "is no survey"),
        (("--print", "ty_le_thanh_toan"), "không có dạng số_liệu=số", "not of the form figure=number"),
        (("--print", "ty_le_thanh_toan=một"), "«một» không phải là số", "«một» is not a number"),
        (("--add", "tthc_cong_khai=1.000"), "có hai cách đọc", "reads two ways"),
        (("--print", "ty_le_thanh_toan=0"), "không thể thay đổi", "cannot change"),
        (("--n", "0"), "cần từ 1 đến 50000000", "expected from 1 to 50000000"),
        (("--n", "9999999999"), "cần từ 1 đến", "expected from 1 to"),
        (("--seed", "-1"), "hạt giống là -1", "the seed is -1"),
        (("khong-co.yaml",), "khong-co.yaml", "khong-co.yaml"),
        ((SAMPLES[5],), "hai đơn vị trùng tên", "two units of the same name"),
        (("-o", "khong-co/a.txt"), "không ghi được tệp", "cannot write the file"),
    ],
)
def test_simulate_says_what_is_wrong(run: Run, tmp_path: Path, words: tuple[str, ...], vi: str, en: str) -> None:
    found = simulate(run, *words)
    assert (found.code, found.out) == (2, "")
    assert vi in found.err
    assert en in simulate(run, *words, "--lang", "en").err
    assert files_in(tmp_path) == []


def test_simulate_refuses_units_made_for_another_ruleset(run: Run, tmp_path: Path) -> None:
    (tmp_path / "xa.yaml").write_text(
        "don_vi: Xã A\nbo_tieu_chi: mau/cap-xa\nso_lieu: {da_xong: 1, de_ra: 2, bang_dien_tu: có, "
        "mang_xa_hoi: có, truyen_thong: có}\n",
        "utf-8",
    )
    found = run("simulate", DONG_NAI, "xa.yaml", "--seed", "1", "--n", "5")
    assert found.code == 2
    assert "bản khai lập theo «mau/cap-xa»" in found.err


def test_simulate_asks_for_a_seed(run: Run) -> None:
    found = run("simulate", MAU, SAMPLES[5])
    assert found.code == 2
    assert "--seed" in found.err
