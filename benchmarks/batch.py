"""One command that measures scoring by columns against floats on the same units, and counts the wrong results of each.

    python benchmarks/batch.py                       1,000,000 units of two sets, ours against floats
    python benchmarks/batch.py --rows 100000         fewer units

Polars and NumPy are given their figures as columns of floats, made beforehand; the last way makes them out of the frame
that scoring by columns reads, as that does. Timings are the best of several runs in turn, on the threads that each way
uses by itself; they are printed, never asserted: compare them within one run.
"""

import argparse
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from batch_data import PERIOD, plain_set, units_for
from batch_floats import float_columns, numpy_floats, polars_floats

import cchc_index as cchc
from cchc_index.batch.frames import FrameScores, compile_frame
from cchc_index.batch.plan import plan_of
from cchc_index.criteria import Ruleset

OPTIONS: dict[str, Any] = {"period": PERIOD, "percents": "share"}


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


def _as_long(columns: dict[str, Any], rows: int) -> dict[str, Any]:
    return {name: np.full(rows, values) if np.ndim(values) == 0 else values for name, values in columns.items()}


def compare(name: str, rules: Ruleset, rows: int, repeat: int) -> None:
    frame = units_for(rules, rows)
    start = time.perf_counter()
    plan_of(rules)
    compiled = time.perf_counter() - start
    scorers = {keep: compile_frame(rules, keep=keep, **OPTIONS) for keep in ("areas", "all")}
    for scorer in scorers.values():
        scorer.score(frame[:1000])
    columns = float_columns(rules, frame, PERIOD)
    floats = pl.DataFrame(_as_long(columns, rows))
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: scorers["areas"].score(frame),
        "ours, every criterion": lambda: scorers["all"].score(frame),
        "Polars, floats": lambda: polars_floats(rules, floats),
        "NumPy, floats": lambda: numpy_floats(rules, columns),
        "NumPy, floats, same frame": lambda: numpy_floats(rules, float_columns(rules, frame, PERIOD)),
    }
    found = timed(ways, repeat)
    ours, busy, scores = found["ours"]
    leaves = sum(1 for criterion in rules.walk() if not criterion.children)
    print(
        f"\n{name}: {leaves} leaves, {rows:,} units, compiled in {compiled * 1000:.0f} ms, {len(scores.problems)} odd"
    )
    print(f"{'':28}{'million/s':>10}{'ours is':>9}{'CPU s':>8}{'ours is':>9}   wrong index, grade, place")
    for way, (seconds, used, result) in found.items():
        told = wrong(scores, result, 2) if "floats" in way else {"index": 0, "grade": 0, "place": 0}
        rates = f"{rows / seconds / 1e6:10.2f}{seconds / ours:8.2f}x{used:8.2f}{used / busy:8.2f}x"
        print(f"{way:28}{rates}   {told['index']:,}, {told['grade']:,}, {told['place']:,}")


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
