"""Every number of scoring by columns against the exact engine, row by row: how many differ, which must be none.

python benchmarks/batch_equal.py                              20,000 units of the plain set and of the sample
python benchmarks/batch_equal.py --rows 1000000               as many as you have time for
python benchmarks/batch_equal.py --generated 200 --units 10000    generated sets with planted thresholds and ties
"""

import argparse
import datetime
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from batch_data import plain_set, units_for
from rich.console import Console
from rich.progress import track

import cchc_index as cchc
from cchc_index.batch.frames import FrameScores, score_frame
from cchc_index.criteria import Basing, Ruleset
from cchc_index.facts import Period, Submission
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
SCREEN = Console(stderr=True)
PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
OPTIONS: dict[str, Any] = {"keep": "all", "period": PERIOD, "percents": "share", "bounds": False}


def units_of(scores: FrameScores) -> Iterator[Submission]:
    """The rows of a frame as submissions."""
    number = 0
    for batch in scores.batches:
        for row in range(batch.num_rows):
            yield scores.scorer.reader.submission(batch, row, number)
            number += 1


def outcome(rules: Ruleset, unit: Submission) -> Card | cchc.CchcError:
    try:
        return cchc.score(rules, unit)
    except cchc.CchcError as error:
        return error


def differences(rules: Ruleset, scores: FrameScores, found: Sequence[Card | cchc.CchcError]) -> Counter[str]:
    """How many numbers of each kind differ."""
    told: Counter[str] = Counter(rows=len(found))
    problems = {problem.row: problem for problem in scores.problems}
    for row, card in enumerate(found):
        if isinstance(card, Card):
            told += differing(scores, row, card)
        else:
            told["reason"] += row not in problems or problems[row].faults != card.faults
    told["scored by rows"] = sum(isinstance(card, Card) for card in found)
    if rules.ranking is not None:
        told["place"] += sum(
            one != other for one, other in zip(scores.arrays["place"], places(rules, found), strict=True)
        )
    return told


def differing(scores: FrameScores, row: int, card: Card) -> Counter[str]:
    told: Counter[str] = Counter()
    arrays = {name: np.broadcast_to(scores.arrays[name], len(scores.status)) for name in ("points", "whole", "grade")}
    told["status"] += bool(scores.status[row])
    for name, value in (("points", card.points), ("whole", card.max_points)):
        told[name] += value is not NOT_STATED and arrays[name][row] != round_half_up(value * 100, Fraction(1))
    told["grade"] += scores.scorer.outcome.plan.grades[arrays["grade"][row]] != card.grade
    if "index" in scores.arrays and card.index is not NOT_STATED:
        index = np.broadcast_to(scores.arrays["index"], len(scores.status))[row]
        told["index"] += index != round_half_up(card.index * 10_000, Fraction(1))
    for line in card.walk():
        if line.points is NOT_STATED:
            continue
        if f"{line.code}/top" in scores.arrays:
            told["criterion"] += scores.exact(line.code, row) != line.points
        else:
            told["area"] += scores.arrays[line.code][row] != round_half_up(line.points * 100, Fraction(1))
    return told


def places(rules: Ruleset, found: Iterable[Card | cchc.CchcError]) -> list[int]:
    """The place of each card, the greatest first, counted from the sorted exact values."""
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    values = [
        (one.index if on_index else one.points) if isinstance(one, Card) and one.ranked else NOT_STATED for one in found
    ]
    falling = sorted(-value for value in values if value is not NOT_STATED)
    return [0 if value is NOT_STATED else bisect_left(falling, -value) + 1 for value in values]


def check(name: str, rules: Ruleset, frame: Any, units: Sequence[Submission] | None = None) -> Counter[str]:
    scores = score_frame(rules, frame, **OPTIONS)
    several = units_of(scores) if units is None else units
    counted = track(several, name, len(scores.status), console=SCREEN, disable=not (name and SCREEN.is_terminal))
    found = [outcome(rules, unit) for unit in counted]
    return differences(rules, scores, found)


def shown(name: str, told: Counter[str]) -> None:
    wrong = {kind: count for kind, count in told.items() if kind not in ("rows", "scored by rows") and count}
    print(
        f"{name}: {told['rows']:,} rows, {told['scored by rows']:,} with a score; differences: {wrong or 0}", flush=True
    )


def generated(count: int, units: int, seed: int) -> None:
    from cchc_index.testing.pool.rulesets import make_ruleset, plainer
    from frames_of import arrow_of, make_units

    told: Counter[str] = Counter()
    for number in track(range(count), "generated sets", console=SCREEN, disable=not SCREEN.is_terminal):
        r = Random(seed + number)
        rules = make_ruleset(r) if number % 2 else plainer(make_ruleset(r))
        several = make_units(r, rules, units, whole=number % 4 < 2)
        told += check("", rules, arrow_of(several), several)
    shown(f"{count} generated sets", told)


def main() -> None:
    """Compare and print; the exit code is 1 where a number differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.generated:
        generated(given.generated, given.units, given.seed)
        return
    for name, rules in (("plain set", plain_set()), ("mau/cap-xa/1", cchc.load("mau/cap-xa/1"))):
        shown(name, check(name, rules, units_for(rules, given.rows, given.seed)))


if __name__ == "__main__":
    main()
