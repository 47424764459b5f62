"""The pool of figures, and intervals, measures and conditions over it."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from random import Random

from cchc_index.criteria import (
    Points,
)
from cchc_index.facts import Period
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.points import Exact
from cchc_index.sources import NOT_STATED, Citation
from cchc_index.testing.numbers import END_POINTS, chance

CITATION = Citation("VB", "dòng 1")
NEW_YEAR = datetime.date(2025, 1, 1)
PERIOD = Period(NEW_YEAR, datetime.date(2025, 12, 31))

RECORD_FIELDS = (
    Fact("x", "cột x"),
    Fact("y", "cột y", FactType.AMOUNT, may_be_negative=True),
    Fact("z", "cột z", FactType.YES_NO),
)
FACTS = (
    Fact("a", "số a"),
    Fact("b", "số b"),
    Fact("c", "số c", part_of="b"),
    Fact("m", "lượng m", FactType.AMOUNT),
    Fact("n", "lượng n", FactType.AMOUNT, may_be_negative=True),
    Fact("p", "tỷ lệ p", FactType.PERCENT),
    Fact("d", "ngày d", FactType.DATE),
    Fact("h", "hạn h", FactType.DATE, given=NEW_YEAR),
    Fact("u", "có u", FactType.YES_NO),
    Fact("v", "có v", FactType.YES_NO),
    Fact("k", "loại k", FactType.CHOICE, options=(("k1", "Loại một"), ("k2", "Loại hai"), ("k3", "Loại ba"))),
    Fact("g", "điểm g", FactType.POINTS),
    Fact("s", "phiếu s", FactType.SURVEY, options=(("A", "Tốt"), ("B", "Khá"), ("C", "Kém"))),
    Fact("r", "hồ sơ r", FactType.RECORDS, fields=RECORD_FIELDS),
)
UNIT_NUMBERS = ("a", "b", "c", "m", "n", "p", "s.A", "s.B", "s.C")
RECORD_NUMBERS = ("x", "y")
UNIT_CHOICES = {"u": ("co", "khong"), "v": ("co", "khong"), "k": ("k1", "k2", "k3")}
RECORD_CHOICES = {"z": ("co", "khong")}


def make_interval(r: Random) -> Interval:
    """Any interval, with ends in order."""
    low, high = sorted((r.choice(END_POINTS), r.choice(END_POINTS)))
    low_closed, high_closed = r.choice((False, True)), r.choice((False, True))
    if low == high:
        low_closed = high_closed = True
    ends = r.choice(("both", "both", "low", "high", "none"))
    return Interval(
        low if ends in ("both", "low") else None,
        high if ends in ("both", "high") else None,
        low_closed and ends in ("both", "low"),
        high_closed and ends in ("both", "high"),
    )


def make_bands(r: Random) -> tuple[Interval, ...]:
    """Intervals that do not meet, cut at a few points; most often they leave no gap."""
    cuts = sorted({r.choice(END_POINTS) for _ in range(r.randrange(4))})
    closed_left = [r.choice((False, True)) for _ in cuts]
    lows: list[Fraction | None] = [None, *cuts]
    highs: list[Fraction | None] = [*cuts, None]
    found = [
        Interval(low, high, bool(n and not closed_left[n - 1]), bool(n < len(cuts) and closed_left[n]))
        for n, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    if len(found) > 1 and chance(r, 8):
        del found[r.randrange(len(found))]
    return tuple(r.sample(found, len(found)))


COEFFICIENTS: tuple[Exact, ...] = (1, 1, 1, -1, 2, Fraction(1, 2), Fraction(-1, 3))
CONSTANTS: tuple[Exact, ...] = (0, 0, 1, Fraction(-1, 2))
AT_ZERO: tuple[Points, ...] = (NOT_STATED, Fraction(0), Fraction(1), Fraction(1, 2))


def make_linear(r: Random, names: Sequence[str] = UNIT_NUMBERS) -> Linear:
    """A linear sum of one to three figures, most often just one; sometimes days between two dates."""
    if names is UNIT_NUMBERS and chance(r, 10):
        return Linear((("d", 1), ("h", -1)))
    chosen = r.sample(names, r.choice((1, 1, 2, min(3, len(names)))))
    plain = r.choice((False, True))
    terms = tuple((name, 1 if plain else r.choice(COEFFICIENTS)) for name in chosen)
    return Linear(terms, 0 if plain else r.choice(CONSTANTS))


def make_ratio(r: Random, names: Sequence[str] = UNIT_NUMBERS) -> Ratio:
    """A ratio; its denominator may be zero, and rarely below zero."""
    bottom = make_linear(r, names) if chance(r, 5) else Linear(((r.choice(names), 1),))
    return Ratio(make_linear(r, names), bottom, r.choice(AT_ZERO))


def make_measure(r: Random, names: Sequence[str] = UNIT_NUMBERS) -> Measure:
    return make_linear(r, names) if chance(r, 2) else make_ratio(r, names)


def make_condition(r: Random, *, record: bool = False, depth: int = 2) -> Condition:
    """One test, or `all of` and `any of` nested."""
    if depth and chance(r, 3):
        parts = tuple(make_condition(r, record=record, depth=depth - 1) for _ in range(r.choice((1, 2, 2, 3))))
        return AllOf(parts) if chance(r, 2) else AnyOf(parts)
    choices = RECORD_CHOICES if record else UNIT_CHOICES
    if chance(r, 2):
        fact = r.choice(sorted(choices))
        options = r.sample(choices[fact], r.randint(1, len(choices[fact])))
        return Chosen(fact, tuple(sorted(options)))
    return Within(make_measure(r, RECORD_NUMBERS if record else UNIT_NUMBERS), make_interval(r))
