"""One command that measures import, load, score and totals in one run, and prints them with ratios.

    python benchmarks/run.py

Timings are printed, never asserted: they belong to the machine that ran them.
"""

import os
import platform
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import cchc_index as cchc
from cchc_index.canonical import canonical
from cchc_index.figures import read_figures
from cchc_index.scoring.score import score_figures

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "mau/cap-xa/1"


def micros(step: Callable[[], object], number: int) -> float:
    """Microseconds of one step: the best of several runs, which is the least disturbed."""
    return min(timeit.repeat(step, number=number, repeat=9)) / number * 1e6


def together(*steps: Callable[[], object]) -> list[float]:
    """Microseconds of several steps, run in turn so that a busy machine is equally busy for each: the best of each."""
    best = [float("inf")] * len(steps)
    for _ in range(300):
        for number, step in enumerate(steps):
            start = time.perf_counter()
            step()
            best[number] = min(best[number], time.perf_counter() - start)
    return [seconds * 1e6 for seconds in best]


def in_fresh_process(code: str) -> float:
    """Milliseconds that a piece of code takes in a new interpreter, without the interpreter's own start.

    The modules are compiled beforehand, as an installed package is.
    """
    timed = f"import time; start = time.perf_counter()\n{code}\nprint((time.perf_counter() - start) * 1000)"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as compiled:
        place = kept | {"PYTHONPYCACHEPREFIX": compiled}
        command = [sys.executable, "-c", timed]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True, env=place) for _ in range(9)]
    return min(float(run.stdout.split()[-1]) for run in runs[1:])


BANDS = [
    (Fraction(9, 10), Fraction(1), Fraction(0)),
    (Fraction(7, 10), Fraction(0), Fraction(1)),
    (Fraction(1, 2), Fraction(-1, 4), Fraction(3, 4)),
    (Fraction(0), Fraction(0), Fraction(0)),
]
"""From which value on a band counts, and its points: base and slope."""


def plainly(figures: list[tuple[int, int]]) -> tuple[Fraction, tuple[tuple[int, int, Fraction, Fraction], ...]]:
    """What any program in plain Fractions does: a ratio for each leaf, its band, a tuple that says so, and the sum."""
    total, trace = Fraction(0), []
    for top, bottom in figures:
        value = Fraction(top, bottom)
        base, slope = next((base, slope) for least, base, slope in BANDS if value >= least)
        points = base + slope * value
        trace.append((top, bottom, value, points))
        total += points
    return total, tuple(trace)


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
    several = [cchc.read_submission(path) for path in sorted(file.parent.glob("don-vi-*.yaml"))]
    read = [(each, read_figures(rules.facts_by_name, each)) for each in several]
    given = [(7 * leaf % 19, 19) for leaf in range(leaves)]
    plain, many_totals, reading, traced, *each = together(
        lambda: plainly(given),
        lambda: [scorer.totals(prepared) for _ in range(20)],
        lambda: read_figures(rules.facts_by_name, unit),
        lambda: score_figures(rules, unit, figures),
        *(partial(score_figures, rules, *pair) for pair in read),
    )
    mean, totals = sum(each) / len(each), many_totals / 20
    rows = [
        ("import cchc_index", in_fresh_process("import cchc_index"), "ms"),
        (
            f"load and score {SAMPLE} in one process",
            in_fresh_process(f"{load}; c.score(r, c.read_submission({str(file)!r}))"),
            "ms",
        ),
        ("read the figures of one unit", reading, "µs"),
        ("one exact score, full trace", traced, "µs"),
        ("the same, mean of the sample units", mean, "µs"),
        ("totals only, compiled", totals, "µs"),
        ("plain Fraction, leaf by leaf, tuple trace", plain, "µs"),
        ("compile once", micros(lambda: cchc.compile_rules(rules), 3) / 1000, "ms"),
        ("digest of the rules, once", micros(lambda: canonical(rules), 3) / 1000, "ms"),
    ]
    print(f"{SAMPLE}: {leaves} leaves, {len(rules.facts_by_name)} figures; Python {platform.python_version()}")
    for name, value, unit_name in rows:
        print(f"{name:45} {value:10.2f} {unit_name}")
    for name, ratio in (("trace : totals", traced / totals), ("mean trace : plain Fraction", mean / plain)):
        print(f"{name:45} {ratio:10.2f} times")


if __name__ == "__main__":
    main()
