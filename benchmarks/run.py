"""One command that measures import, load, score and totals in one run, and prints them with ratios.

    python benchmarks/run.py

Timings are printed, never asserted: they belong to the machine that ran them.
"""

import platform
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

import cchc_index as cchc
from cchc_index.figures import read_figures
from cchc_index.scoring.score import score_figures

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "mau/cap-xa/1"


def micros(step: Callable[[], object], number: int) -> float:
    """Microseconds of one step: the best of several runs, which is the least disturbed."""
    return min(timeit.repeat(step, number=number, repeat=9)) / number * 1e6


def in_fresh_process(code: str) -> float:
    """Milliseconds that a piece of code takes in a new interpreter, without the interpreter's own start."""
    timed = f"import time; start = time.perf_counter()\n{code}\nprint((time.perf_counter() - start) * 1000)"
    runs = (subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True) for _ in range(5))
    return min(float(run.stdout.split()[-1]) for run in runs)


def main() -> None:
    """Measure and print."""
    rules = cchc.load(SAMPLE)
    unit = cchc.read_submission(ROOT / "examples" / "mau-cap-xa" / "don-vi-02.yaml")
    figures = read_figures(rules.facts_by_name, unit)
    scorer = cchc.compile_rules(rules)
    prepared = scorer.prepare(unit)
    leaves = sum(1 for criterion in rules.walk() if not criterion.children)
    load = f"import cchc_index as c; r = c.load({SAMPLE!r})"
    file = ROOT / "examples" / "mau-cap-xa" / "don-vi-02.yaml"
    traced = micros(lambda: score_figures(rules, unit, figures), 200)
    several = [cchc.read_submission(path) for path in sorted(file.parent.glob("don-vi-*.yaml"))]
    read = [(each, read_figures(rules.facts_by_name, each)) for each in several]
    mean = micros(lambda: [score_figures(rules, *pair) for pair in read], 10) / len(read)
    totals = micros(lambda: scorer.totals(prepared), 2000)
    rows = [
        ("import cchc_index", in_fresh_process("import cchc_index"), "ms"),
        (
            f"load and score {SAMPLE} in one process",
            in_fresh_process(f"{load}; c.score(r, c.read_submission({str(file)!r}))"),
            "ms",
        ),
        ("read the figures of one unit", micros(lambda: read_figures(rules.facts_by_name, unit), 100), "µs"),
        ("one exact score, full trace", traced, "µs"),
        ("the same, mean of the sample units", mean, "µs"),
        ("totals only, compiled", totals, "µs"),
        ("compile once", micros(lambda: cchc.compile_rules(rules), 3) / 1000, "ms"),
    ]
    print(f"{SAMPLE}: {leaves} leaves, {len(rules.facts_by_name)} figures; Python {platform.python_version()}")
    for name, value, unit_name in rows:
        print(f"{name:45} {value:10.2f} {unit_name}")
    print(f"{'trace : totals':45} {traced / totals:10.1f} times")


if __name__ == "__main__":
    main()
