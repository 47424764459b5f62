"""Files in, files out: the numbers of `score_frame`, block by block, and one message for each fault."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.batch import streams
from cchc_index.batch.frames import compile_frame, score_frame
from cchc_index.batch.streams import score_file
from cchc_index.cli.app import app
from cchc_index.criteria import Basing, Ranking
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from frames_of import arrow_of, make_units

DONG_NAI = "dong-nai/cap-xa/2022"
GOOD: dict[str, list[Any]] = {
    "don_vi": ["Xã A", "Xã B"],
    "da_xong": [19, 8],
    "de_ra": [20, 10],
    "bang_dien_tu": [True, True],
    "mang_xa_hoi": [True, False],
    "truyen_thong": [True, True],
}


def run(*words: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, ["batch", *map(str, words)])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        if isinstance(outcome.exception, cchc.CchcError):
            return 2, outcome.exception.report()
        raise outcome.exception
    return outcome.exit_code, outcome.output


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "xa.parquet"
    pq.write_table(pa.table(GOOD), path)
    return path


@pytest.mark.parametrize("seed", range(4))
def test_a_file_in_blocks_comes_out_as_one_frame(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BLOCK", 7)
    rules = evolve(plainer(make_ruleset(Random(seed))), ranking=Ranking(Basing.INDEX))
    frame = arrow_of(make_units(Random(seed + 50), rules, 40))
    pq.write_table(frame, tmp_path / "in.parquet")
    options: dict[str, Any] = {"keep": "all", "period": PERIOD, "percents": "share", "bounds": False}
    found = score_file(compile_frame(rules, **options), tmp_path / "in.parquet", tmp_path / "out.parquet")
    expected = score_frame(rules, frame, **options).table
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.to_pylist() == expected.to_pylist()
    assert written.schema.names == expected.schema.names
    assert found.rows == 40
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["in.parquet", "out.parquet"]


def test_csv_is_read_as_people_write_it(tmp_path: Path, table: Path) -> None:
    (tmp_path / "xa.csv").write_text(
        "don_vi,da_xong,de_ra,bang_dien_tu,mang_xa_hoi,truyen_thong\nXã A,19,20,có,có,có\nXã B,8,10,có,không,có\n",
        "utf-8",
    )
    assert run(DONG_NAI, tmp_path / "xa.csv", "-o", tmp_path / "a.csv")[0] == 0
    assert run(DONG_NAI, table, "-o", tmp_path / "b.csv")[0] == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert csv.read_csv(tmp_path / "a.csv")["diem"].to_pylist() == [1.95, 0.75]


def test_rows_without_a_score_are_findings(tmp_path: Path) -> None:
    pq.write_table(pa.table(GOOD | {"da_xong": [19, None]}), tmp_path / "xa.parquet")
    code, said = run(DONG_NAI, tmp_path / "xa.parquet", "-o", tmp_path / "out.parquet", "--json")
    assert code == 1
    assert json.loads(said)["thieu_so_lieu"] == 1
    code, said = run(DONG_NAI, tmp_path / "xa.parquet", "-o", tmp_path / "out.parquet", "--lang", "en")
    assert "figures missing: 1" in said


def test_every_criterion_is_written_when_asked(tmp_path: Path, table: Path) -> None:
    assert run(DONG_NAI, table, "-o", tmp_path / "out.parquet", "--all", "--year", "2025")[0] == 0
    written = pq.read_table(tmp_path / "out.parquet")
    assert (written["tu:4.1"].to_pylist(), written["mau:4.1"].to_pylist()) == ([76, 0], [80, 40])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("xa.parquet", "không phải Parquet", "không đọc được bảng"),
        ("xa.csv", "", "không đọc được bảng"),
        ("xa.csv", "don_vi\nXã A\n", "bảng không có cột này"),
        ("xa.csv", "don_vi,da_xong,de_ra,bang_dien_tu,mang_xa_hoi,truyen_thong\n", "tệp không có dòng nào"),
        ("khong-co.txt", None, "không có tệp này"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, name: str, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    code, said = run(DONG_NAI, tmp_path / name, "-o", tmp_path / "out.parquet")
    assert code == 2
    assert words in said
    assert not (tmp_path / "out.parquet").exists()


def test_a_place_that_cannot_be_written_is_one_error(tmp_path: Path, table: Path) -> None:
    code, said = run(DONG_NAI, table, "-o", tmp_path / "nowhere" / "out.parquet")
    assert (code, "không ghi được tệp" in said) == (2, True)
