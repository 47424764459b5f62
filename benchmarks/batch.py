"""One command that measures scoring by columns against floats on the same units, and counts the wrong results of each.

    python benchmarks/batch.py                       1,000,000 units of two sets, ours against floats
    python benchmarks/batch.py --rows 100000         fewer units

Timings are the best of several runs in turn, on the threads that each way uses by itself; they are printed, never
asserted: compare them within one run.
"""

import argparse
import datetime
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from batch_data import plain_set, units_for
from batch_floats import numpy_floats, polars_floats

import cchc_index as cchc
from cchc_index.batch.frames import FrameScores, compile_frame
from cchc_index.batch.plan import plan_of
from cchc_index.criteria import Ruleset
from cchc_index.facts import Period
from cchc_index.measures import FactType

PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
OPTIONS: dict[str, Any] = {"period": PERIOD, "percents": "share"}


def as_floats(rules: Ruleset, frame: pl.DataFrame, scores: FrameScores) -> pl.DataFrame:
    """The figures as floats and codes; sums of records and fixed days are given."""
    columns: dict[str, Any] = {}
    block = scores.scorer.columns(pl_batch(frame))
    scales = scores.scorer.reader.scales
    for name, values in block.columns.items():
        if values.dtype == bool and not name.endswith("!"):
            columns[name] = values
        elif "/" not in name:
            is_choice = rules.facts_by_name[name.partition(".")[0]].type is FactType.CHOICE
            columns[name] = values.astype(np.int8) if is_choice else values / scales.get(name, 1)
    for made in scores.scorer.records:
        columns[f"{made.plan.records}/+"] = block.columns[made.plan.name + "+"] / scores.scorer.outcome.plan.common
        columns[f"{made.plan.records}/#"] = block.columns[f"{made.plan.records}/#"].astype(float)
    return pl.DataFrame(columns)


def pl_batch(frame: pl.DataFrame) -> Any:
    (batch,) = frame.rechunk().to_arrow().combine_chunks().to_batches()
    return batch


Timed = tuple[float, float, Any]
"""Seconds on the clock, seconds of processor time, and the result."""


def timed(ways: dict[str, Callable[[], Any]], repeat: int) -> dict[str, Timed]:
    """The least of each way, run in turn. Processor time says most on a machine that others use too."""
    found: dict[str, Timed] = {}
    for _ in range(repeat):
        for name, way in ways.items():
            start, used = time.perf_counter(), time.process_time()
            result = way()
            seconds, busy = time.perf_counter() - start, time.process_time() - used
            before = found.get(name, (seconds, busy, result))
            found[name] = min(before[0], seconds), min(before[1], busy), result
    return found


def wrong(ours: FrameScores, other: Any, first_grade: int) -> dict[str, int]:
    """How many rows of another way differ from the exact ones."""
    arrays = ours.arrays
    return {
        "index": int((np.asarray(other["index"]) != arrays["index"]).sum()),
        "grade": int((np.asarray(other["grade"]) + first_grade != arrays["grade"]).sum()),
        "place": int((np.asarray(other["place"]) != arrays["place"]).sum()),
    }


def compare(name: str, rules: Ruleset, rows: int, repeat: int) -> None:
    frame = units_for(rules, rows)
    start = time.perf_counter()
    plan_of(rules)
    compiled = time.perf_counter() - start
    scorers = {keep: compile_frame(rules, keep=keep, **OPTIONS) for keep in ("areas", "all")}
    floats = as_floats(rules, frame, scorers["areas"].score(frame))
    columns = {column: floats[column].to_numpy() for column in floats.columns}
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: scorers["areas"].score(frame),
        "ours, every criterion": lambda: scorers["all"].score(frame),
        "Polars, floats": lambda: polars_floats(rules, floats),
        "NumPy, floats": lambda: numpy_floats(rules, columns),
    }
    found = timed(ways, repeat)
    ours, busy, scores = found["ours"]
    leaves = sum(1 for criterion in rules.walk() if not criterion.children)
    print(
        f"\n{name}: {leaves} leaves, {rows:,} units, compiled in {compiled * 1000:.0f} ms, {len(scores.problems)} odd"
    )
    print(f"{'':24}{'million/s':>10}{'ours is':>9}{'CPU s':>8}{'ours is':>9}   wrong index, grade, place")
    for way, (seconds, used, result) in found.items():
        told = wrong(scores, result, 2) if "floats" in way else {"index": 0, "grade": 0, "place": 0}
        rates = f"{rows / seconds / 1e6:10.2f}{seconds / ours:8.2f}x{used:8.2f}{used / busy:8.2f}x"
        print(f"{way:24}{rates}   {told['index']:,}, {told['grade']:,}, {told['place']:,}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, Polars {pl.__version__}")
    compare("plain set", plain_set(), given.rows, given.repeat)
    compare("mau/cap-xa/1", cchc.load("mau/cap-xa/1"), given.rows, given.repeat)


if __name__ == "__main__":
    main()
