"""What figures may have been in truth: draws of printed numbers and of survey ballots, from seeds that are given.

Each unit and figure has a stream of its own: NumPy's PCG64, seeded by the seed and the SHA-256 of both names. So the
order of the units does not matter, one more uncertain figure leaves the draws of the others as they are, and a plan
compared with another meets the same luck. The bits of PCG64 are the same on every machine and version; how NumPy makes
whole numbers and multinomial counts of them may change with a version of NumPy, which results name.
"""

from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np
from attrs import frozen

from cchc_index.criteria import Ruleset
from cchc_index.figures import Figures
from cchc_index.measures import Fact, FactType
from cchc_index.points import show

PIECES = 1000
"""Into how many equal pieces the values that print alike are cut; a draw is the middle of one."""
WHOLES = (FactType.COUNT,)
NUMBERS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.POINTS)


@frozen
class Printed:
    """A figure known to its last printed digit: all values that print alike are equally likely.

    `step` is one unit of that digit: `Fraction(1, 1000)` for 86,5 %, 1000 for a count given in thousands. A printed v
    stands for the values from v - step/2 up to v + step/2, but a printed 0 for none at all; none is below zero or, for
    a part, above its whole.
    """

    name: str
    step: Fraction
    of: str = ""


@frozen
class Sampled:
    """A survey, or a part of a counted whole, that is a sample: as many ballots are drawn again, with replacement.

    This is the parametric bootstrap of a simple random sample (Efron and Tibshirani, An Introduction to the Bootstrap,
    1993, chapter 6): the counts of the options are multinomial with the observed shares.
    """

    name: str
    of: str = ""


@frozen
class Shifted:
    """What if: a figure is larger or smaller by a fixed amount, never below zero or, for a part, above its whole.

    `units` are those that it holds for; all when empty.
    """

    name: str
    by: Fraction
    units: tuple[str, ...] = ()
    of: str = ""


Change = Printed | Sampled | Shifted
"""`of` names the figure that the changed one is a part of, where the ruleset does not say so."""


def stream(seed: int, unit: str, name: str) -> np.random.Generator:
    """The stream of one figure of one unit.

    >>> int(stream(1, "Xã A", "phieu").integers(1000)), int(stream(1, "Xã A", "phieu").integers(1000))
    (403, 403)
    """
    words = np.frombuffer(sha256(f"{unit}\0{name}".encode()).digest(), "<u4")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()])))


def whole_of(fact: Fact, change: Change) -> str:
    """The figure that another is a part of, by the ruleset or, where that is silent, by the change."""
    return fact.part_of or change.of


def shifted(fact: Fact, change: Shifted, figures: Figures) -> Fraction | int:
    """The figure after a what-if, within its bounds. A whole number stays one."""
    moved = figures[fact.name] + change.by
    found = moved if fact.may_be_negative else max(moved, 0)
    high = figures.get(whole_of(fact, change))
    found = found if high is None else min(found, high)
    return int(found) if fact.type in WHOLES else Fraction(found)


def printed(fact: Fact, change: Printed, value: Fraction | int, rng: np.random.Generator, n: int) -> tuple[Any, int]:
    """Draws of a printed figure, as whole numbers over a scale."""
    if not value:
        return np.zeros(n, np.int64), 1
    if fact.type in WHOLES:
        half = int(change.step) // 2
        return int(value) - half + rng.integers(0, max(int(change.step), 1), n), 1
    piece = change.step / (2 * PIECES)
    scale = decimal_scale([Fraction(value), piece])
    places = 2 * rng.integers(0, PIECES, n) + 1 - PIECES
    return int(value * scale) + places * int(piece * scale), scale


def is_counted_part(rules: Ruleset, fact: Fact, change: Sampled) -> bool:
    """Whether a figure counts a part of another count: satisfied ballots out of all."""
    whole = rules.facts_by_name.get(whole_of(fact, change))
    return fact.type is FactType.COUNT and whole is not None and whole.type is FactType.COUNT


def resampled(
    fact: Fact, change: Sampled, figures: Figures, rng: np.random.Generator, n: int
) -> Iterator[tuple[str, Any]]:
    """Draws of the counts of every option of a survey, or of a part of a counted whole."""
    if fact.type is FactType.SURVEY:
        names = [f"{fact.name}.{option}" for option, _ in fact.options]
        given = [name for name in names if name in figures]
        yield from zip(given, _multinomial([figures[name] for name in given], rng, n).T, strict=True)
    elif fact.name in figures and whole_of(fact, change) in figures:
        part, whole = figures[fact.name], figures[whole_of(fact, change)]
        yield fact.name, _multinomial([part, max(whole - part, 0)], rng, n)[:, 0]


def _multinomial(counts: list[int], rng: np.random.Generator, n: int) -> Any:
    """As many ballots as there are, drawn again: a row of counts for each of `n` draws."""
    ballots = sum(counts)
    if not ballots:
        return np.zeros((n, len(counts)), np.int64)
    return rng.multinomial(ballots, np.array(counts) / ballots, n)


def decimal_scale(values: list[Fraction]) -> int:
    """The least power of ten over which all values are whole. Raises ValueError naming one that has no decimals."""
    scale = 1
    for value in values:
        for _ in range(31):
            if (value * scale).denominator == 1:
                break
            scale *= 10
        else:
            raise ValueError(show(value))
    return scale
