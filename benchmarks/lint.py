"""One command that measures lint over the 60-leaf sample and every shipped set, beside one exact score.

    python benchmarks/lint.py

Timings are printed, never asserted: they belong to the machine that ran them; the ratio to one score travels better.
"""

import platform
import time
import timeit
from collections.abc import Callable
from pathlib import Path

import cchc_index as cchc
from cchc_index.checking.lint import lint

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "mau/cap-xa/1"


def millis(step: Callable[[], object], number: int = 1) -> float:
    """Milliseconds of the processor for one step: the best of several runs, which is the least disturbed."""
    return min(timeit.repeat(step, number=number, repeat=15, timer=time.process_time)) / number * 1e3


def main() -> None:
    """Measure and print."""
    rules = cchc.load(SAMPLE)
    unit = cchc.read_submission(ROOT / "examples" / "mau-cap-xa" / "don-vi-02.yaml")
    leaves = sum(1 for criterion in rules.walk() if not criterion.children)
    score = millis(lambda: cchc.score(rules, unit), 20)
    print(f"{SAMPLE}: {leaves} leaves, {len(rules.facts_by_name)} figures; Python {platform.python_version()}")
    print(f"{'one exact score':<36}{score:10.3f} ms      1×")
    for name in (SAMPLE, *(name for name in cchc.rulesets() if name != SAMPLE)):
        known = cchc.load(name)
        spent = millis(lambda known=known: lint(known))
        print(f"{'lint ' + name:<36}{spent:10.3f} ms {spent / score:6.0f}×")


if __name__ == "__main__":
    main()
