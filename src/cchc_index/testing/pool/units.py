"""Submissions for rulesets over the pool, near their end points."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

from cchc_index.criteria import (
    Criterion,
    Policy,
    Ruleset,
)
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import (
    Interval,
    Linear,
    Measure,
    Within,
    tests_of,
)
from cchc_index.points import Exact
from cchc_index.rules import (
    Piecewise,
    Switch,
)
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import END_POINTS, chance
from cchc_index.testing.pool.measures import NEW_YEAR, PERIOD, UNIT_CHOICES
from cchc_index.testing.pool.rules import rules_in


def make_count(r: Random) -> int:
    return r.randint(0, 4) if chance(r, 2) else r.randint(0, 200)


def make_amount(r: Random, low: int = 0) -> Exact:
    if chance(r, 3):
        return r.randint(0, 4)
    return max(
        Fraction(low), r.choice((*END_POINTS, Fraction(r.randint(-100, 300), 100), Fraction(r.randint(0, 9), 7)))
    )


def make_records(r: Random) -> list[dict[str, Any]]:
    count = 0 if chance(r, 15) else r.randint(1, 3)
    return [{"x": make_count(r), "y": make_amount(r, -2), "z": r.choice((False, True))} for _ in range(count)]


def make_figures(r: Random) -> dict[str, Any]:
    """A value for every figure that units declare."""
    whole = make_count(r)
    return {
        "a": make_count(r),
        "b": whole,
        "c": r.randint(0, whole),
        "m": make_amount(r),
        "n": make_amount(r, -2),
        "p": Fraction(r.choice((0, 25, 50, 75, 90, 100, 33)), 100),
        "d": NEW_YEAR + datetime.timedelta(r.randint(-3, 4)),
        "u": r.choice((False, True)),
        "v": r.choice((False, True)),
        "k": r.choice(UNIT_CHOICES["k"]),
        "g": r.choice((0, 1, 1, Fraction(1, 2), Fraction(3, 4), 2, 2, Fraction(1, 3), 3, 5)),
        "s": {"A": make_count(r), "B": make_count(r), "C": make_count(r)},
        "r": make_records(r),
    }


ZERO_ONE = (Fraction(0), Fraction(1))


def looked_at(rules: Ruleset) -> list[tuple[Measure, Fraction]]:
    """Every end point of a ruleset, with the measure it is compared to."""
    found: list[tuple[Measure, Interval]] = []
    for criterion in rules.walk():
        whens = [e.when for e in criterion.exemptions] + [note.when for note in criterion.notes]
        for rule in () if criterion.rule is NOT_STATED else rules_in(criterion.rule):
            if isinstance(rule, Piecewise):
                found += [(rule.measure, piece.interval) for piece in rule.pieces]
            if isinstance(rule, Switch):
                whens += [case.when for case in rule.cases]
        whens += [tier.when for observation in criterion.observations for tier in observation.tiers]
        found += [(o.measure, Interval(end, end)) for o in criterion.observations if o.measure for end in ZERO_ONE]
        tested = [test for when in whens if when for test in tests_of(when)]
        found += [(test.measure, test.interval) for test in tested if isinstance(test, Within)]
    return [(m, end) for m, interval in found for end in (interval.low, interval.high) if end is not None]


def make_near(r: Random, rules: Ruleset, given: dict[str, Any]) -> dict[str, Any]:
    """The same figures, but for one measure, which is brought onto one of its end points, just under or just over."""
    ends = looked_at(rules)
    if not ends:
        return given
    measure, end = r.choice(ends)
    nudge = r.choice((-1, 0, 0, 1))
    if isinstance(measure, Linear):
        return given | _placed(measure, end + Fraction(nudge, 100), end.numerator // end.denominator + nudge)
    whole = r.choice((1, 4, 12, 100))
    exact = whole * end
    count = exact.numerator // exact.denominator + nudge
    bottom = _placed(measure.bottom, Fraction(whole), whole)
    return given | bottom | _placed(measure.top, exact + Fraction(nudge, 100), count)


def _placed(linear: Linear, value: Fraction, count: int) -> dict[str, Any]:
    """Figures that give a one-figure sum this value, as near as its type allows."""
    if len(linear.terms) != 1 or linear.terms[0][1] != 1 or linear.constant:
        return {}
    name = linear.terms[0][0]
    if name in ("a", "b"):
        return {name: max(count, 0)} | ({"c": 0} if name == "b" else {})
    return {name: value if name == "n" else max(value, Fraction(0))} if name in ("m", "n", "p") else {}


def make_submission(r: Random, rules: Ruleset, *, whole: bool = False) -> Submission:
    """A unit valid for a ruleset of this pool: near its end points, with exemptions asked for, some figures missing.

    A `whole` one lacks no figure and asks for no exemption.
    """
    given = make_near(r, rules, make_figures(r))
    asked: dict[str, str] = {}
    if not whole:
        if chance(r, 3):
            given = make_holed(r, given)
        asked = {code: "lý do" for code, criterion in rules.by_code.items() if _asks(criterion) and chance(r, 6)}
    return Submission(
        "Xã thử",
        given,
        ruleset=r.choice((None, rules.id)),
        version=r.choice((None, rules.version)),
        period=r.choice((None, PERIOD)),
        exemptions=asked,
        evidence={"1": (Evidence("12/BC"),)} if chance(r, 2) else {},
        claims=(Claim("1", Fraction(1)),) if chance(r, 2) else (),
    )


def make_holed(r: Random, given: Mapping[str, Any]) -> dict[str, Any]:
    """Without some figures; sometimes without one option of the survey or one column of one record."""
    gone = r.sample(sorted(given), r.randrange(5))
    found = {name: value for name, value in given.items() if name not in gone}
    if "s" in found and chance(r, 2):
        option = r.choice("ABC")
        found["s"] = {name: n for name, n in found["s"].items() if name != option}
    if found.get("r") and chance(r, 2):
        number, column = r.randrange(len(found["r"])), r.choice("xyz")
        found["r"] = [
            {name: value for name, value in record.items() if n != number or name != column}
            for n, record in enumerate(found["r"])
        ]
    return found


def _asks(criterion: Criterion) -> bool:
    """Whether a unit may ask to leave a criterion out."""
    requests = [e.policy for e in criterion.exemptions if e.when is None]
    return bool(requests) and requests[0] is not Policy.FORBIDDEN


def given_by(unit: Submission) -> Mapping[str, Any]:
    """The figures of a unit of this pool, in the form in which measures look at them; dates as day numbers."""
    flat: dict[str, Any] = {"h": NEW_YEAR.toordinal()}
    for name, value in unit.figures.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{option}": n for option, n in value.items()}
        elif isinstance(value, list):
            flat[name] = [{key: _plain(item) for key, item in record.items()} for record in value]
        else:
            flat[name] = _plain(value)
    return flat


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "co" if value else "khong"
    return value.toordinal() if isinstance(value, datetime.date) else value
