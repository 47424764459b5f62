"""One command that measures the diff of two versions of the 60-leaf sample, and its ratio to one exact score.

    python benchmarks/diff.py

Timings are printed, never asserted: they belong to the machine that ran them.
"""

import platform
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from attrs import evolve

import cchc_index as cchc
from cchc_index.canonical import canonical
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.rules import Piecewise

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "mau/cap-xa/1"


def millis(step: Callable[[], object]) -> float:
    """Milliseconds of processor time for one step: the best of several runs, which is the least disturbed."""
    runs = []
    for _ in range(9):
        start = time.process_time()
        step()
        runs.append(time.process_time() - start)
    return min(runs) * 1000


def halved(rules: Ruleset, most: int) -> Ruleset:
    """The next version: the first so many leaves scored by bands give half their points."""
    left = [most]

    def edited(criterion: Criterion) -> Criterion:
        if isinstance(criterion.rule, Piecewise) and left[0]:
            left[0] -= 1
            pieces = tuple(evolve(p, base=p.base / 2, slope=p.slope / 2) for p in criterion.rule.pieces)
            half = None if not isinstance(criterion.max_points, Fraction) else criterion.max_points / 2
            rule = evolve(criterion.rule, pieces=pieces)
            return evolve(criterion, rule=rule, max_points=half or criterion.max_points)
        return evolve(criterion, children=tuple(edited(child) for child in criterion.children))

    return evolve(rules, version="2", criteria=tuple(edited(criterion) for criterion in rules.criteria))


def main() -> None:
    """Measure and print."""
    rules = cchc.load(SAMPLE)
    unit = cchc.read_submission(ROOT / "examples" / "mau-cap-xa" / "don-vi-02.yaml")
    leaves = sum(1 for criterion in rules.walk() if not criterion.children)
    one_score = millis(lambda: cchc.score(rules, unit))
    print(f"{SAMPLE}: {leaves} leaves; Python {platform.python_version()}")
    print(f"{'one exact score':45} {one_score:8.2f} ms")
    print(f"{'canonical form of one version':45} {millis(lambda: canonical(rules)):8.2f} ms")
    for most in (0, 1, 6, 12, leaves):
        new = halved(rules, most)
        count = len(cchc.diff(rules, new).effects)
        taken = millis(lambda new=new: cchc.diff(rules, new))  # type: ignore[misc]
        print(f"{f'diff, {count} leaves changed':45} {taken:8.2f} ms {taken / one_score:8.1f} scores")


if __name__ == "__main__":
    main()
