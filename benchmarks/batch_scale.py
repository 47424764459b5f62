"""How scoring by columns grows with rows and with leaves: seconds, rows a second and memory over the inputs.

    python benchmarks/batch_scale.py                 10³ to 10⁶ rows from Parquet to Parquet, 15 to 240 leaves
    python benchmarks/batch_scale.py --most 7        up to 10⁷ rows
    python benchmarks/batch_scale.py --most 7 --csv docs/_static/quy-mo.csv     and what hinh_quy_mo.py draws

Each measure is a process of its own; memory is the most that it held beyond what it held before the first row.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from batch_data import plain_set, units_for
from held import held

from cchc_index.batch.frames import compile_frame
from cchc_index.batch.streams import score_file

PIECE = 250_000
"""Rows that are made at a time."""


def write(path: Path, leaves: int, rows: int) -> None:
    """A Parquet file of units."""
    rules, writer = plain_set(leaves), None
    for number, start in enumerate(range(0, rows, PIECE)):
        table = units_for(rules, min(PIECE, rows - start), seed=number).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=65_536)
    if writer:
        writer.close()


def measure(source: Path, leaves: int) -> None:
    """Score one file in this process and print seconds, processor seconds and MiB."""
    scorer = compile_frame(plain_set(leaves))
    small = source.with_name("small.parquet")
    score_file(scorer, small, source.with_name("warm.parquet"))
    before, start, used = held("VmRSS"), time.perf_counter(), time.process_time()
    score_file(scorer, source, source.with_name("out.parquet"))
    print(time.perf_counter() - start, time.process_time() - used, held() - before)


def in_a_process(source: Path, leaves: int) -> tuple[float, float, float]:
    words: list[Any] = [sys.executable, __file__, "--measure", source, "--leaves", leaves]
    run = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True)
    seconds, used, memory = (float(word) for word in run.stdout.split())
    return seconds, used, memory


def show(leaves: int, rows: int, folder: Path) -> dict[str, Any]:
    source = folder / "in.parquet"
    write(source, leaves, rows)
    write(folder / "small.parquet", leaves, 1000)
    seconds, used, memory = in_a_process(source, leaves)
    rates = f"{rows / seconds:12,.0f}{used / rows / leaves * 1e9:16.1f}{memory:12.0f}"
    print(f"{leaves:7}{rows:12,}{seconds:10.3f}{used:10.3f}{rates}", flush=True)
    return {
        "leaves": leaves,
        "rows": rows,
        "seconds": f"{seconds:.3f}",
        "cpu_seconds": f"{used:.3f}",
        "mib": f"{memory:.0f}",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=6)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--measure", type=Path)
    parser.add_argument("--leaves", type=int, default=60)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure, given.leaves)
        return
    print(f"pyarrow {pa.__version__}; Parquet to Parquet")
    print(f"{'leaves':>7}{'rows':>12}{'seconds':>10}{'CPU s':>10}{'rows/s':>12}{'CPU ns/row/leaf':>16}{'MiB':>12}")
    sizes = [(60, 10**power) for power in range(3, given.most + 1)]
    sizes += [(leaves, 10**5) for leaves in (15, 30, 120, 240)]
    with tempfile.TemporaryDirectory() as folder:
        found = [show(leaves, rows, Path(folder)) for leaves, rows in sizes]
    if given.csv:
        with given.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)


if __name__ == "__main__":
    main()
