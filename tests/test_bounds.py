"""What is still possible: never less than the best completion, never more than the worst, and shown by figures."""

import datetime
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index import Bound, Bounds, Extreme, Period, Ruleset, Submission, bounds
from cchc_index.bounding import ends as ends_module
from cchc_index.bounding import runs as runs_module
from cchc_index.bounding import showing as showing_module
from cchc_index.bounding import solve as solve_module
from cchc_index.bounding import whole as whole_module
from cchc_index.bounding.ends import NEAR, End, constant_end, proved
from cchc_index.bounding.runs import Way, rounded_ways
from cchc_index.bounding.solve import crossed, factor
from cchc_index.checking.lint.domains import domain_of
from cchc_index.checking.lint.regions import EVERYWHERE, NOWHERE, Flat, Region
from cchc_index.checking.lint.runs import Formula
from cchc_index.cli.app import app
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Policy,
    SourceNote,
)
from cchc_index.measures import AllOf, Chosen, DayOfYear, Interval, Linear, Ratio, Within, figure, ratio
from cchc_index.reviewing.partial import Partial, partial
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
    constant,
)
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED, NoteKind, Reading
from cchc_index.testing.pool.measures import CITATION, FACTS, PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer, with_criteria, with_rule
from cchc_index.testing.pool.units import make_amount, make_figures, make_submission

F = Fraction
YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
SAMPLE = "mau/cap-xa/1"
SHEET = Path(__file__).parents[1] / "examples" / "mau-cap-xa" / "don-vi-02.yaml"
INDEX = Reading("điểm / điểm tối đa", "người lập")


# -- every completion, and what is shown -------------------------------------------------------------------------------


def tried(rules: Ruleset, unit: Submission) -> Bounds | None:
    try:
        return bounds(rules, unit)
    except (cchc.BadRuleset, cchc.BadSubmission):
        return None


def scored(rules: Ruleset, unit: Submission) -> Partial | None:
    try:
        return partial(rules, unit)
    except (cchc.BadRuleset, cchc.BadSubmission):
        return None


def lies_in(value: Fraction, bound: Bound) -> bool:
    """Whether a value lies between the ends; not on one that is said never to be reached."""
    if bound.least is None or bound.most is None:
        return False
    low, high = bound.values
    is_low = low is None or value > low or (value == low and not _is_open(bound.least))
    return is_low and (high is None or value < high or (value == high and not _is_open(bound.most)))


def _is_open(end: Extreme) -> bool:
    return end.is_tight and not end.is_reached


def is_shown(value: object, end: Extreme, sign: int) -> bool:
    """Whether scored points are those of an end, or come as near as promised."""
    assert isinstance(end.value, Fraction)
    if not isinstance(value, Fraction):
        return False
    return value == end.value if end.is_reached else 0 < sign * (end.value - value) <= NEAR


def sides(bound: Bound) -> Iterator[tuple[Extreme, int]]:
    """The ends that are numbers and said to be tight."""
    for end, sign in ((bound.least, -1), (bound.most, 1)):
        if end and end.is_tight and isinstance(end.value, Fraction):
            yield end, sign


def filled(unit: Submission, end: Extreme) -> Submission:
    assert end.figures is not None
    return evolve(unit, figures=end.figures)


def check_shown(rules: Ruleset, unit: Submission, found: Bounds) -> None:
    """The figures of every tight end, scored, give that end."""
    for bound, of in ((found.total, "points"), (found.index, "index")):
        for end, sign in sides(bound):
            assert is_shown(getattr(cchc.score(rules, filled(unit, end)), of), end, sign)
    for line in found.lines:
        for end, sign in sides(line):
            card = scored(rules, filled(unit, end))
            assert card is None or is_shown(card.card[line.code].points, end, sign)


def check_inside(rules: Ruleset, found: Bounds, card: Partial) -> None:
    """Whatever a completion gives lies between the ends."""
    silent = {*card.lacking, *card.undefined}
    for line in found.lines:
        points = card.card[line.code].points
        around = {one.code for one in rules.walk() if line.code in {inner.code for inner in one.walk()}}
        if isinstance(points, Fraction) and not silent & (around | {one.code for one in rules[line.code].walk()}):
            assert lies_in(points, line)
    if card.is_complete and isinstance(card.card.points, Fraction):
        assert lies_in(card.card.points, found.total)
        if isinstance(card.card.index, Fraction):
            assert lies_in(card.card.index, found.index)
        if isinstance(card.card.grade, Grade):
            assert card.card.grade.name in found.grades


def made(r: Random) -> tuple[Ruleset, Submission]:
    """A ruleset and a unit of which some figures are missing."""
    rules = plainer(make_ruleset(r)) if r.randrange(2) else make_ruleset(r)
    unit = evolve(make_submission(r, rules), period=PERIOD)
    gone = r.sample(sorted(unit.figures), min(r.randint(0, 5), len(unit.figures)))
    return rules, less(unit, *gone)


def less(unit: Submission, *gone: str) -> Submission:
    return evolve(unit, figures={name: value for name, value in unit.figures.items() if name not in gone})


def completed(r: Random, given: Mapping[str, Any]) -> dict[str, Any]:
    """Figures with values for all that are missing."""
    full = make_figures(r)
    if "b" in given:
        full["c"] = r.randint(0, given["b"])
    elif "c" in given:
        full["b"] = given["c"] + r.randint(0, 3)
    votes, table = full["s"] | given.get("s", {}), given.get("r", full["r"])
    rows = [{"x": r.randint(0, 4), "y": make_amount(r, -2), "z": r.choice((False, True)), **row} for row in table]
    return {**full, **given, "s": votes, "r": rows}


@given(st.integers(0, 2**64).map(Random))
def test_every_completion_lies_between_the_ends_and_figures_show_them(r: Random) -> None:
    rules, unit = made(r)
    found = tried(rules, unit)
    if found is None:
        return
    check_shown(rules, unit, found)
    for _ in range(8):
        card = scored(rules, evolve(unit, figures=completed(r, unit.figures)))
        if card is not None:
            check_inside(rules, found, card)


# -- against enumeration -----------------------------------------------------------------------------------------------

FINITE: dict[str, tuple[Any, ...]] = {"c": (), "u": (True, False), "v": (True, False), "k": ("k1", "k2", "k3")}
"""Figures of which all values can be tried: `c` is a part of `b`, which is given."""


def finite(r: Random) -> tuple[Ruleset, Submission, list[Submission]]:
    """A ruleset, a unit that lacks only such figures, and every completion."""
    rules = plainer(make_ruleset(r)) if r.randrange(2) else make_ruleset(r)
    figures = make_figures(r) | {"b": r.randint(0, 4)}
    gone = r.sample(sorted(FINITE), r.randint(1, 4))
    given = {name: value for name, value in figures.items() if name not in gone}
    given |= {} if "c" in gone else {"c": r.randint(0, figures["b"])}
    values = [range(figures["b"] + 1) if name == "c" else FINITE[name] for name in gone]
    unit = Submission("Xã thử", given, period=PERIOD)
    completions = [dict(zip(gone, chosen, strict=True)) for chosen in product(*values)]
    return rules, unit, [evolve(unit, figures=given | more) for more in completions]


def is_range(bound: Bound, values: list[Fraction]) -> None:
    """The ends are those of the values; where they are not tight, no further in."""
    if not values:
        assert bound.least is None or bound.least.value is NOT_STATED or not bound.is_tight
        return
    for end, best, sign in ((bound.least, min(values), -1), (bound.most, max(values), 1)):
        assert end is not None
        if end.is_tight:
            assert (end.value, end.is_reached) == (best, True)
        else:
            assert end.value is None or sign * end.value >= sign * best  # type: ignore[operator]


@given(st.integers(0, 2**64).map(Random))
def test_the_ends_are_those_of_enumeration(r: Random) -> None:
    rules, unit, completions = finite(r)
    found = tried(rules, unit)
    cards = [scored(rules, one) for one in completions]
    if found is None:
        return
    whole = [card.card for card in cards if card and card.is_complete]
    is_range(found.total, [card.points for card in whole if isinstance(card.points, Fraction)])
    if found.index.least and found.index.least.value is not NOT_STATED:
        is_range(found.index, [card.index for card in whole if isinstance(card.index, Fraction)])
    if any(card is None for card in cards):
        return
    known = [card for card in cards if card]
    for line in found.lines:
        inside = {one.code for one in rules[line.code].walk()}
        around = {one.code for one in rules.walk() if line.code in {inner.code for inner in one.walk()}}
        if not any({*card.undefined} & (around - {line.code}) for card in known):
            alone = [card.card[line.code].points for card in known if not {*card.undefined, *card.lacking} & inside]
            is_range(line, [points for points in alone if isinstance(points, Fraction)])


def test_nearly_all_ends_are_tight() -> None:
    """Over 150 rulesets of every shape: what cannot be proved is rare, and said."""
    found = [bound for seed in range(150) if (bound := tried(*made(Random(seed)))) is not None]
    lines = [line.is_tight for one in found for line in one.lines]
    assert sum(lines) > 0.97 * len(lines)
    assert sum(one.total.is_tight for one in found) > 0.9 * len(found)


# -- laws --------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**64).map(Random))
def test_a_complete_sheet_has_its_score_on_both_sides(r: Random) -> None:
    rules = make_ruleset(r)
    unit = evolve(make_submission(r, rules, whole=True), period=PERIOD)
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError:
        return
    found = bounds(rules, unit)
    for bound, value in ((found.total, card.points), (found.index, card.index)):
        assert bound.least == bound.most
        assert bound.least is not None
        assert bound.least.value == value
    for line in found.lines:
        assert line.least is not None
        assert line.most is not None
        assert line.least.value == line.most.value == card[line.code].points
    grade = card.grade
    assert found.grades == ((grade.name,) if isinstance(grade, Grade) else ())


@given(st.integers(0, 2**64).map(Random))
def test_one_more_figure_never_widens(r: Random) -> None:
    rules, unit = made(r)
    full = completed(r, unit.figures)
    missing = sorted(set(full) - set(unit.figures))
    wide = tried(rules, unit)
    if not missing or wide is None:
        return
    name = r.choice(missing)
    narrow = tried(rules, evolve(unit, figures={**unit.figures, name: full[name]}))
    if narrow is None:
        return
    for one, other in zip((*wide.lines, wide.total), (*narrow.lines, narrow.total), strict=True):
        if one.is_tight and other.is_tight and other.least and NOT_STATED not in (one.least, other.least.value):
            (low, high), (inner_low, inner_high) = one.values, other.values
            assert low is None or (inner_low is not None and inner_low >= low)
            assert high is None or (inner_high is not None and inner_high <= high)


@given(st.integers(0, 2**64).map(Random))
def test_the_order_of_lines_does_not_matter(r: Random) -> None:
    rules, unit = made(r)
    turned = evolve(rules, criteria=rules.criteria[::-1], adjustments=rules.adjustments[::-1])
    one, other = tried(rules, unit), tried(turned, unit)
    if one is None or other is None:
        return
    if one.total.is_tight and other.total.is_tight:
        assert one.total.values == other.total.values
    for line in one.lines:
        if line.is_tight and other[line.code].is_tight:
            assert line.values == other[line.code].values


# -- the sample and the shipped sets -----------------------------------------------------------------------------------


def test_the_sample_with_each_single_figure_missing() -> None:
    rules, unit = cchc.load(SAMPLE), cchc.read_submission(SHEET)
    card = cchc.score(rules, unit)
    assert isinstance(card.points, Fraction)
    for name in unit.figures:
        found = bounds(rules, less(unit, name))
        assert found.is_tight, name
        assert lies_in(card.points, found.total), name
        for end, sign in sides(found.total):
            assert is_shown(cchc.score(rules, filled(unit, end)).points, end, sign), name
        fixed = [line.code for line in found.lines if line.is_fixed]
        assert {code for code in card.by_code if code not in fixed} <= {c.code for c in rules.walk()}
        assert all(found[code].least and found[code].least.value == card[code].points for code in fixed), name  # type: ignore[union-attr]


@pytest.mark.parametrize("name", cchc.rulesets())
def test_an_empty_sheet_of_every_shipped_set_is_bounded_tightly(name: str) -> None:
    rules, unit = cchc.load(name), Submission("Xã A", {}, period=YEAR)
    found = bounds(rules, unit)
    assert found.is_tight
    check_shown(rules, unit, found)


# -- worked cases ------------------------------------------------------------------------------------------------------


def bands(measure: Any, *pieces: tuple[str, str | None, int, int]) -> Piecewise:
    """Pieces from a low end (closed) to a high one (open), with base and slope."""
    return Piecewise(
        measure,
        tuple(
            Piece(Interval(F(low), None if high is None else F(high), low_closed=True), F(base), F(slope))
            for low, high, base, slope in pieces
        ),
    )


WHOLE = F(60)


def ends(found: Bound) -> tuple[Any, Any]:
    return found.values


def line(rule: Rule, figures: dict[str, Any] | None = None, whole: Any = WHOLE, **more: Any) -> Bound:
    """The bound of one rule alone."""
    return bounds(with_rule(rule, whole, **more), Submission("Xã A", figures or {}, period=YEAR))["1"]


U = Table("u", (Option("co", F(2)), Option("khong", F(0))))
IS_U, NO_U = Chosen("u", ("co",)), Chosen("u", ("khong",))
SHARE = bands(ratio("c", "b"), ("0", "9/10", 0, 2), ("9/10", None, 2, 0))


def test_a_missing_part_of_a_known_whole_is_whole_itself() -> None:
    """17 of 20 is the best below 90%: 18 reaches the next band."""
    below = bands(ratio("c", "b"), ("0", "9/10", 0, 2))
    found = line(below, {"b": 20})
    assert ends(found) == (F(0), F(17, 10))
    assert found.most is not None
    assert found.most.added == (("c", 17),)
    assert ends(line(SHARE, {"b": 20})) == (F(0), F(2))
    assert ends(line(SHARE, {"c": 20})) == (F(0), F(2))


def test_an_end_that_is_not_reached_is_told_apart() -> None:
    """Any share below 90% can be had, 90% itself cannot."""
    below = bands(ratio("c", "b"), ("0", "9/10", 0, 2))
    found = line(below)
    assert ends(found) == (F(0), F(9, 5))
    assert found.most is not None
    assert (found.most.is_reached, found.most.is_tight) == (False, True)
    amount = line(bands(figure("m"), ("0", "1", 0, 1)))
    assert amount.most is not None
    assert (amount.most.value, amount.most.is_reached, amount.most.is_tight) == (F(1), False, True)
    assert dict(amount.most.added)["m"] > F(99, 100)  # type: ignore[operator]


def test_the_best_share_of_a_small_whole_is_found_among_whole_numbers() -> None:
    """Below 90%, with a whole of at most seven, 6/7 is the best share; no number of parts of any whole beats it."""
    small = Case(
        Within(figure("b"), Interval(high=F(7), high_closed=True)), bands(ratio("c", "b"), ("0", "9/10", 0, 2))
    )
    found = line(Switch((small,)))
    assert ends(found) == (F(0), F(12, 7))
    assert found.is_tight
    assert found.most is not None
    assert found.most.added == (("b", 7), ("c", 6))


def test_an_end_that_is_not_reached_is_rounded_to_what_is() -> None:
    rising = bands(figure("m"), ("0", "3/2", 0, 1))
    assert ends(line(rising, rounding=Rounding(F(1)))) == (F(0), F(1))
    falling = Piecewise(figure("m"), (Piece(Interval(F(1, 2), F(2)), F(0), F(1)),))
    found = line(falling, rounding=Rounding(F(1)))
    assert ends(found) == (F(1), F(2))
    assert found.is_tight


def test_points_without_end() -> None:
    found = line(bands(figure("a"), ("0", None, 0, 1)), whole=NOT_STATED)
    assert ends(found) == (F(0), None)
    assert found.is_tight
    assert found.most is not None
    assert found.most.value is None
    assert ends(line(bands(figure("a"), ("0", None, 0, -1)), whole=NOT_STATED)) == (None, F(0))


def test_points_above_the_maximum_are_no_completion() -> None:
    found = line(bands(figure("a"), ("0", None, 0, 7)), whole=F(20))
    assert ends(found) == (F(0), F(14))
    assert ends(line(constant(F(2)), whole=F(3))) == (F(2), F(2))
    rounded = line(bands(figure("m"), ("0", None, 0, 1)), whole=F(20), rounding=Rounding(F(1)))
    assert ends(rounded) == (F(0), F(20))


def two(*rules: Rule, **more: Any) -> Ruleset:
    """A criterion for each rule, with a maximum of ten."""
    return with_criteria(
        *(Criterion(str(n), f"tiêu chí {n}", F(10), CITATION, rule=rule) for n, rule in enumerate(rules, 1)), **more
    )


def test_one_figure_in_two_criteria_is_not_high_and_low_at_once() -> None:
    """With more points for few and more for many, no count of cases has both."""
    few = bands(figure("a"), ("0", "3", 5, 0), ("3", None, 0, 0))
    many = bands(figure("a"), ("0", "5", 0, 0), ("5", None, 4, 0))
    found = bounds(two(few, many), Submission("Xã A", {}))
    assert (ends(found["1"]), ends(found["2"])) == ((0, 5), (0, 4))
    assert ends(found.total) == (F(0), F(5))
    assert found.total.is_tight
    other = bounds(two(few, Table("u", (Option("co", F(4)), Option("khong", F(0))))), Submission("Xã A", {}))
    assert ends(other.total) == (F(0), F(9))


def test_a_whole_ties_its_parts() -> None:
    part = bands(figure("c"), ("0", "10", 0, 0), ("10", None, 3, 0))
    small = bands(figure("b"), ("0", "10", 3, 0), ("10", None, 0, 0))
    found = bounds(two(part, small), Submission("Xã A", {}))
    assert ends(found.total) == (F(0), F(3))
    given = bounds(two(small, U), Submission("Xã A", {"c": 12}))
    assert ends(given["1"]) == (F(0), F(0))


def test_rounded_areas_that_share_a_figure_are_run_together() -> None:
    """Half a point each way: rounding up twice needs a share of one half, which no other share does better."""
    up, down = bands(figure("p"), ("0", None, 0, 1)), bands(figure("p"), ("0", None, 1, -1))
    areas = tuple(
        Criterion(
            str(n),
            f"lĩnh vực {n}",
            F(10),
            CITATION,
            children=(
                Criterion(f"{n}.1", "a", F(10), CITATION, rule=Sum((Term(rule),), cap=F(1), floor=F(0))),
                Criterion(
                    f"{n}.2", "b", F(10), CITATION, rule=Table("k", tuple(Option(k, F(2)) for k in ("k1", "k2", "k3")))
                ),
            ),
            rounding=Rounding(F(1)),
        )
        for n, rule in ((1, up), (2, down))
    )
    found = bounds(with_criteria(*areas), Submission("Xã A", {}))
    assert ends(found.total) == (F(5), F(6))
    assert found.total.is_tight
    assert found.total.most is not None
    assert dict(found.total.most.added)["p"] == F(1, 2)


@pytest.mark.parametrize(
    ("policy", "total", "index"),
    [
        (Policy.REMOVED, (3, 3), (F(3, 5), 1)),
        (Policy.RESCALED, (3, 5), (F(3, 5), 1)),
        (Policy.FULL, (3, 5), (F(3, 5), 1)),
        (Policy.UNCOUNTED, (3, 3), (F(3, 5), F(3, 5))),
        (Policy.FORBIDDEN, (3, 5), (F(3, 5), 1)),
    ],
)
def test_an_exemption_that_hangs_on_a_missing_figure(policy: Policy, total: Any, index: Any) -> None:
    """Two points for yes, in which case the criterion is exempt: points and maximum are then as the policy says."""
    rules = two(U, constant(F(3)), max_points=F(5), index_basis=INDEX)
    first = evolve(rules.criteria[0], max_points=F(2), exemptions=(Exemption(policy, IS_U),))
    rules = evolve(rules, criteria=(first, evolve(rules.criteria[1], max_points=F(3))))
    found = bounds(rules, Submission("Xã A", {}))
    assert (ends(found.total), ends(found.index)) == (total, index)
    assert found.is_tight
    check_shown(rules, Submission("Xã A", {}), found)


def test_what_is_asked_for_and_what_stands_around_a_line() -> None:
    area = Criterion("1", "lĩnh vực", F(10), CITATION, children=two(U, constant(F(1))).criteria)
    area = evolve(area, children=tuple(evolve(one, code=f"1.{one.code}") for one in area.children))
    full = evolve(area, exemptions=(Exemption(Policy.FULL, Chosen("v", ("co",))),))
    found = bounds(with_criteria(full), Submission("Xã A", {}))
    assert (ends(found["1"]), ends(found["1.1"])) == ((1, 10), (0, 10))
    assert found["1.1"].lacking == ("u", "v")
    asked = evolve(area, exemptions=(Exemption(Policy.UNCOUNTED),))
    found = bounds(with_criteria(asked), Submission("Xã A", {}, exemptions={"1": "lý do"}))
    assert (ends(found["1"]), found["1"].is_fixed) == ((0, 0), True)


def test_a_line_hangs_on_the_figures_of_its_own_notes_too() -> None:
    """Those of the area around it are told with the area."""
    note = SourceNote(NoteKind.READING, "cách hiểu", when=Chosen("v", ("co",)))
    part = Criterion("1.1", "phần", F(2), CITATION, rule=U)
    area = Criterion("1", "lĩnh vực", F(10), CITATION, children=(part,), notes=(note,))
    found = bounds(with_criteria(area), Submission("Xã A", {}))
    assert (found["1"].lacking, found["1.1"].lacking) == (("u", "v"), ("u",))
    assert line(U, notes=(note,)).lacking == ("u", "v")


def test_bonus_and_penalty_are_cut_off_and_share_figures_with_the_tree() -> None:
    outside = [Criterion(code, code, F(1), CITATION, rule=U) for code in ("T", "P")]
    kinds = (AdjustmentKind.BONUS, AdjustmentKind.PENALTY)
    rules = two(constant(F(3)), adjustments=tuple(map(Adjustment, kinds, outside)), rounding=Rounding(F(1)))
    assert ends(bounds(rules, Submission("Xã A", {})).total) == (F(3), F(3))
    apart = evolve(outside[1], rule=evolve(U, fact="v"))
    rules = evolve(rules, adjustments=(Adjustment(kinds[0], outside[0]), Adjustment(kinds[1], apart)))
    found = bounds(rules, Submission("Xã A", {}))
    assert (ends(found.total), ends(found["P"])) == ((2, 4), (0, 1))


def test_a_maximum_scaled_back_from_what_is_left_of_it() -> None:
    assert factor(Fraction(10), (Fraction(0), Fraction(0))) == 1
    assert factor(Fraction(10), (Fraction(2), Fraction(2))) == Fraction(10, 8)
    assert factor(Fraction(10), (Fraction(10), Fraction(2))) == 1
    with pytest.raises(Unproven):
        factor(Fraction(10), (Fraction(11), Fraction(2)))


def test_dates_that_have_not_come_yet() -> None:
    """Two points by the deadline, one up to ten days later."""
    late = Linear((("d", 1), ("h", -1)))
    pieces = (Piece(Interval(high=F(0), high_closed=True), F(2)), Piece(Interval(F(0), F(10), high_closed=True), F(1)))
    rules = with_rule(Piecewise(late, (*pieces, Piece(Interval(low=F(10)), F(0)))))
    unit = Submission("Xã A", {})

    def on(*day: int) -> tuple[Any, Any]:
        return ends(bounds(rules, unit, on=datetime.date(*day))["1"])

    assert ends(bounds(rules, unit)["1"]) == (0, 2)
    assert on(2025, 1, 1) == (0, 2)
    assert on(2025, 1, 2) == (0, 1)
    assert on(2025, 1, 12) == (0, 0)
    given = bounds(rules, Submission("Xã A", {"d": datetime.date(2025, 1, 1)}), on=datetime.date(2026, 1, 1))
    assert ends(given["1"]) == (2, 2)


def test_a_deadline_whose_year_is_not_known_is_never_called_tight() -> None:
    each_year = evolve(next(one for one in FACTS if one.name == "h"), given=DayOfYear(30, 11))
    facts = (*(one for one in FACTS if one.name != "h"), each_year)
    late = Linear((("d", 1), ("h", -1)))
    rule = Piecewise(late, (Piece(Interval(high=F(0), high_closed=True), F(2)), Piece(Interval(low=F(0)), F(0))))
    rules = with_rule(rule, facts=facts)
    day = {"d": datetime.date(2025, 11, 30)}
    found = bounds(rules, Submission("Xã A", day))
    assert ends(found.total) == (0, 2)
    assert not found.total.is_tight
    known = bounds(rules, Submission("Xã A", day, period=YEAR))
    assert (ends(known.total), known.total.is_tight) == ((2, 2), True)


def test_what_completes_a_record_stands_in_that_record() -> None:
    mean = Average("r", Table("z", (Option("co", F(2)), Option("khong", F(0)))))
    given = [{"x": 0, "y": 0}, {"x": 0, "y": 0, "z": True}, {"x": 0, "y": 0}]
    found = line(mean, {"r": given})
    for end, answer in ((found.least, "khong"), (found.most, "co")):
        assert end is not None
        assert end.figures is not None
        assert [row["z"] for row in end.figures["r"]] == [answer, True, answer]


def test_records_that_are_missing_may_be_any() -> None:
    mean = Average("r", Table("z", (Option("co", F(2)), Option("khong", F(0)))), Rounding(F(1, 10)))
    assert ends(line(mean)) == (0, 2)
    assert "không có bản ghi" in line(mean).left_out[0].vi
    some: dict[str, Any] = {"r": [{"x": 0, "y": 0, "z": True}, {"x": 0, "y": 0}, {"x": 0, "y": 0}]}
    found = line(mean, some)
    assert ends(found) == (F(7, 10), F(2))
    assert found.lacking == ("r/1/z", "r/2/z")
    assert ends(line(mean, {"r": []})) == (None, None)
    assert line(mean, {"r": []}).least is None


def test_several_means_over_the_same_missing_records() -> None:
    """One record cannot be both; half of each rounds up twice. What is not proved is not called tight."""
    yes = Average("r", Table("z", (Option("co", F(1)), Option("khong", F(0)))), Rounding(F(1)))
    no = Average("r", Table("z", (Option("co", F(0)), Option("khong", F(1)))), Rounding(F(1)))
    found = bounds(two(yes, no), Submission("Xã A", {}))
    assert ends(found.total) == (0, 2)
    assert not found.total.is_tight
    both = bounds(two(yes, yes), Submission("Xã A", {}))
    assert (ends(both.total), both.total.is_tight) == ((0, 2), True)


def test_awarded_points_come_in_their_steps() -> None:
    rule = Awarded("g", F(0), F(7, 3), F(1, 2))
    assert ends(line(rule)) == (0, 2)
    assert ends(line(rule, {"g": 1})) == (1, 1)
    twice = two(rule, Awarded("g", F(1, 10), F(5), F(1, 3)))
    assert ends(bounds(twice, Submission("Xã A", {})).total) == (2, 4)


def test_survey_counts_are_whole() -> None:
    good = Ratio(Linear((("s.A", 1),)), Linear((("s.A", 1), ("s.B", 1))))
    found = line(bands(good, ("0", "1", 0, 3), ("1", None, 0, 0)), {"s": {"B": 2, "C": 0}})
    assert found.most is not None
    assert (found.most.value, found.most.is_reached) == (F(3), False)
    assert ends(line(bands(good, ("0", "1", 0, 3), ("1", None, 0, 0)), {"s": {"A": 1}})) == (0, F(3, 2))


def test_completions_without_points_are_left_out_and_said() -> None:
    gap = bands(figure("a"), ("0", "3", 1, 0), ("5", None, 2, 0))
    found = line(gap)
    assert ends(found) == (1, 2)
    assert [text.en for text in found.left_out] == ["some figures fall in no band or level"]
    assert ends(line(gap, {"a": 4})) == (None, None)
    hole = SourceNote(NoteKind.HOLE, "văn bản bỏ ngỏ", when=Within(figure("a"), Interval(F(0), F(0), True, True)))  # noqa: FBT003
    noted = line(bands(figure("a"), ("0", None, 0, 1)), notes=(hole,))
    assert ends(noted)[0] == 1
    assert [text.vi for text in noted.left_out] == ["văn bản bỏ ngỏ"]


def test_a_note_whose_denominator_is_below_zero_leaves_no_points() -> None:
    rest = Linear((("a", F(1)),), F(-5))
    note = SourceNote(NoteKind.READING, "cách hiểu", when=Within(Ratio(figure("a"), rest), Interval(low=F(0))))
    rising = bands(figure("a"), ("0", None, 0, 1))
    assert ends(line(rising, notes=(note,))) == (5, 60)
    assert ends(line(rising)) == (0, 60)
    with pytest.raises(cchc.UndefinedByDecision):
        cchc.score(with_rule(rising, WHOLE, notes=(note,)), Submission("Xã A", {"a": 4}))


def test_what_the_decision_does_not_state_stays_so() -> None:
    silent = Criterion("1", "một", F(2), CITATION)
    found = bounds(with_criteria(silent, evolve(silent, code="2", rule=U)), Submission("Xã A", {}))
    assert found["1"].least == found["1"].most
    assert found.total.least is not None
    assert found.total.least.value is NOT_STATED
    assert (ends(found["2"]), ends(found.total)) == ((0, 2), (None, None))
    full = evolve(silent, max_points=NOT_STATED, exemptions=(Exemption(Policy.FULL, AllOf(())),))
    told = bounds(with_criteria(evolve(full, rule=U)), Submission("Xã A", {}))
    assert told["1"].least is not None
    assert told["1"].least.value is NOT_STATED


def test_a_maximum_that_may_be_taken_out_and_is_not_stated_leaves_no_index() -> None:
    rules = two(U, constant(F(3)), max_points=F(5), index_basis=INDEX)
    first = evolve(rules.criteria[0], max_points=NOT_STATED, exemptions=(Exemption(Policy.REMOVED, NO_U),))
    found = bounds(evolve(rules, criteria=(first, rules.criteria[1])), Submission("Xã A", {}))
    assert (ends(found.total), ends(found.index), found.index.is_tight) == ((3, 5), (None, None), False)
    rescaled = evolve(first, exemptions=(Exemption(Policy.RESCALED, NO_U),))
    found = bounds(evolve(rules, criteria=(rescaled, rules.criteria[1])), Submission("Xã A", {}))
    assert (ends(found.total), found.total.is_tight) == ((None, None), False)


def test_a_maximum_that_is_not_stated_is_the_sum_of_the_parts() -> None:
    rules, unit = two(U, constant(F(3)), index_basis=INDEX), Submission("Xã A", {})
    assert rules.max_points is NOT_STATED
    found = bounds(rules, unit)
    assert (ends(found.index), found.is_tight) == ((F(3, 20), F(1, 4)), True)
    check_shown(rules, unit, found)


def test_a_maximum_of_which_most_is_scaled_back_is_whole_again() -> None:
    rules, unit = two(U, constant(F(2)), max_points=F(5), index_basis=INDEX), Submission("Xã A", {})
    first = evolve(rules.criteria[0], max_points=F(3), exemptions=(Exemption(Policy.RESCALED, IS_U),))
    rules = evolve(rules, criteria=(first, evolve(rules.criteria[1], max_points=F(2))))
    found = bounds(rules, unit)
    assert (ends(found.total), ends(found.index), found.is_tight) == ((2, 5), (F(2, 5), 1), True)
    check_shown(rules, unit, found)


def test_an_end_that_the_engine_does_not_give_is_not_called_tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one for whose figures it gives nothing. The engine has the last word."""
    rules, unit = two(U), Submission("Xã A", {})
    assert bounds(rules, unit).total.is_tight
    monkeypatch.setattr(whole_module, "score", lambda *_: evolve(cchc.score(rules, unit_of("co")), points=F(7)))
    assert [end.is_tight for end in both_ends(bounds(rules, unit).total)] == [False, False]
    monkeypatch.setattr(whole_module, "score", lambda *_: cchc.score(rules, unit))
    assert [end.is_tight for end in both_ends(bounds(rules, unit).total)] == [False, False]
    monkeypatch.setattr(whole_module, "score", lambda *_: cchc.score(rules, unit_of("co")))
    assert [end.is_tight for end in both_ends(bounds(rules, unit).total)] == [False, True]


def unit_of(answer: str) -> Submission:
    return Submission("Xã A", {"u": answer})


def both_ends(bound: Bound) -> tuple[Extreme, Extreme]:
    assert bound.least is not None
    assert bound.most is not None
    return bound.least, bound.most


def test_nothing_left_of_the_maximum_is_no_index() -> None:
    rules = two(U, max_points=F(2), index_basis=INDEX)
    taken = evolve(rules.criteria[0], max_points=F(2), exemptions=(Exemption(Policy.REMOVED, IS_U),))
    found = bounds(evolve(rules, criteria=(taken,)), Submission("Xã A", {}))
    assert (ends(found.index), found.index.is_tight) == ((None, None), False)


def test_grades_that_are_not_ruled_out() -> None:
    grades = (
        Grade("Giỏi", Interval(F(4), None, low_closed=True)),
        Grade("Khá", Interval(F(2), F(4), low_closed=True), when=Chosen("v", ("co",))),
        Grade("Yếu", Interval(None, F(2))),
    )
    rules = two(U, constant(F(1)), scales=(GradeScale(grades, Basing.POINTS),))
    assert bounds(rules, Submission("Xã A", {})).grades == ("Khá", "Yếu")
    assert bounds(rules, Submission("Xã A", {"v": False})).grades == ("Yếu",)
    assert bounds(rules, Submission("Xã A", {"u": True, "v": True})).grades == ("Khá",)
    never = evolve(rules, scales=(GradeScale(grades, Basing.POINTS, NO_U), GradeScale(grades[:1], Basing.INDEX)))
    assert bounds(never, Submission("Xã A", {"u": True})).grades == ()


def test_levels_with_means_inside() -> None:
    mean = Average("r", Table("z", (Option("co", F(2)), Option("khong", F(0)))))
    rule = Switch((Case(IS_U, mean), Case(NO_U, constant(F(1)))), Choose.ONLY)
    known = [{"x": 0, "y": 0, "z": True}]
    assert ends(line(rule)) == (0, 2)
    assert ends(line(rule, {"r": known})) == (1, 2)
    partly = line(rule, {"r": [*known, {"x": 0, "y": 0}]})
    assert (ends(partly), partly.is_tight) == ((0, 2), False)


def test_the_best_of_several_levels() -> None:
    cases = (Case(IS_U, bands(ratio("c", "b"), ("0", None, 0, 2))), Case(AllOf(()), constant(F(1))))
    assert ends(line(Switch(cases, Choose.BEST))) == (1, 2)


def test_bad_sheets_are_refused_as_ever() -> None:
    rules = with_rule(U)
    with pytest.raises(cchc.BadSubmission):
        bounds(rules, Submission("Xã A", {"không": 1}))
    with pytest.raises(cchc.BadSubmission):
        bounds(rules, Submission("Xã A", {}, exemptions={"9": "lý do"}))
    with pytest.raises(KeyError):
        _ = bounds(rules, Submission("Xã A", {}))["9"]


# -- limits ------------------------------------------------------------------------------------------------------------


def test_what_is_too_hard_is_an_outer_bound_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    few = bands(figure("a"), ("0", "3", 5, 0), ("3", None, 0, 0))
    many = bands(figure("a"), ("0", "5", 0, 0), ("5", None, 4, 0))
    rules, unit = two(few, many), Submission("Xã A", {})
    monkeypatch.setattr(runs_module, "MAX_RUNS", 0)
    found = bounds(rules, unit)
    assert (ends(found.total), found.total.is_tight) == ((0, 9), False)
    assert (ends(found["1"]), found["1"].is_tight) == ((0, 5), False)


def test_a_search_for_ends_together_that_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, unit = two(SHARE, SHARE), Submission("Xã A", {"b": 5})
    assert bounds(rules, unit).is_tight
    monkeypatch.setattr(ends_module, "MAX_JOINED", 0)
    assert ends(bounds(rules, unit).total) == (0, 4)
    monkeypatch.setattr(ends_module, "MAX_DEPTH", 0)
    assert ends(bounds(rules, unit).total) == (0, 4)


FEW = bands(figure("a"), ("0", "3", 5, 0), ("3", None, 0, 0))
MANY = bands(figure("a"), ("0", "5", 0, 0), ("5", None, 4, 0))
OPEN = bands(figure("m"), ("0", "1", 0, 1))
"""Comes as near to one point as wanted, and never there."""


def test_an_open_end_that_is_rounded_beside_a_shared_figure_is_an_outer_bound() -> None:
    """Few and many are not had at once: 6 is the most; the sum of both ends is what can be told without."""
    parts = [Criterion(f"1.{n}", "phần", F(10), CITATION, rule=rule) for n, rule in enumerate((FEW, OPEN), 1)]
    area = Criterion("1", "lĩnh vực", F(20), CITATION, children=tuple(parts), rounding=Rounding(F(1, 10)))
    rules = with_criteria(area, Criterion("2", "tiêu chí 2", F(10), CITATION, rule=MANY))
    found = bounds(rules, Submission("Xã A", {}))
    assert (ends(found.total), found.total.is_tight) == ((0, 10), False)
    assert ends(found["1"]) == (0, 6)


def test_an_open_end_that_is_cut_off_beside_a_shared_figure_is_an_outer_bound() -> None:
    rising = bands(figure("a"), ("0", "5", 0, 1), ("5", None, 0, 0))
    capped = Sum((Term(rising), Term(OPEN)), cap=F(7, 2))
    found = bounds(two(capped, MANY), Submission("Xã A", {}))
    assert ends(found["1"]) == (0, F(7, 2))
    assert (ends(found.total), found.total.is_tight) == ((0, F(15, 2)), False)


@pytest.mark.parametrize(("cap", "rounding"), [(F(3), None), (None, Rounding(F(1, 10)))])
def test_shares_of_different_wholes_cut_off_or_rounded_together_are_an_outer_bound(
    cap: Fraction | None, rounding: Rounding | None
) -> None:
    other = bands(Ratio(figure("a"), figure("n")), ("0", "9/10", 0, 2), ("9/10", None, 2, 0))
    both = Linear((("a", 1), ("c", 1)))
    rules = two(Sum((Term(SHARE), Term(other)), cap=cap), bands(both, ("0", "1", 4, 0), ("1", None, 0, 0)))
    first, second = rules.criteria
    rules = evolve(rules, criteria=(evolve(first, rounding=rounding), second))
    most = cap or F(4)
    found = bounds(rules, Submission("Xã A", {}))
    assert ends(found["1"])[1] == most
    assert (ends(found.total), found.total.is_tight) == ((0, most + 4), False)


def test_more_taken_out_than_the_whole_says_nothing_of_total_and_index() -> None:
    first, second = two(U, constant(F(1))).criteria
    freed = evolve(first, exemptions=(Exemption(Policy.RESCALED, Chosen("v", ("co",))),))
    rules = with_criteria(freed, second, max_points=F(5), index_basis=INDEX)
    found = bounds(rules, Submission("Xã A", {"u": "co"}))
    assert not found.total.is_tight
    assert found.index is None or not found.index.is_tight


def test_a_table_of_exemptions_that_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    end = constant_end(F(1), [Region()], 1)
    table = {(F(0), F(0)): end, (F(2), F(0)): end}
    assert len(crossed([table, table], 1)) == 3
    monkeypatch.setattr(solve_module, "MAX_TABLE", 2)
    with pytest.raises(Unproven):
        crossed([table, table], 1)


def test_figures_of_an_end_that_are_too_hard_to_find_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise Unproven

    monkeypatch.setattr(showing_module, "point_in", give_up)
    found = line(SHARE, {"b": 20})
    assert found.most is not None
    assert (found.most.value, found.most.is_tight, found.most.figures) == (F(2), False, None)


def test_an_outer_bound_is_an_end_as_soon_as_figures_reach_it() -> None:
    outer = End(F(2), is_reached=False, is_exact=False, reach=lambda _: [EVERYWHERE])
    assert (proved(outer).value, proved(outer).is_reached, proved(outer).is_exact) == (F(2), True, True)
    beyond = evolve(outer, reach=lambda _: [EVERYWHERE, NOWHERE])
    assert proved(beyond) is beyond


def test_a_way_without_figures_has_no_rounded_parts() -> None:
    domain = domain_of(two(MANY))
    way = Way(Region({(("a", 1),): Interval(high=F(-1))}), Formula(Flat({"a": F(1)})))
    assert list(rounded_ways(way, F(1), domain)) == []


# -- the command -------------------------------------------------------------------------------------------------------

FILE = """
don_vi: Xã A
so_lieu: {da_xong: 19, de_ra: 20}
"""


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words))
    return found.exit_code, found.output


def test_the_command_prints_the_ends(tmp_path: Path) -> None:
    file = tmp_path / "xa.yaml"
    file.write_text(FILE, "utf-8")
    code, text = run("bounds", "dong-nai/cap-xa/2022", str(file))
    assert code == 0
    assert "Tổng điểm: 0,95 đến 1,95" in text
    assert all(name in text for name in ("bang_dien_tu", "mang_xa_hoi", "truyen_thong"))
    code, text = run("bounds", "dong-nai/cap-xa/2022", str(file), "--lang", "en", "--on", "30/6/2022")
    assert code == 0
    assert "Total: 0.95 to 1.95" in text
    code, text = run("bounds", "dong-nai/cap-xa/2022", str(file), "--json")
    data = json.loads(text)
    assert (data["format"], data["total"]["least"]["value"], data["total"]["most"]["value"]) == (
        "cchc-index/bounds/1",
        "19/20",
        "39/20",
    )
    assert data["lines"][2]["most"]["shown_by"] == {"bang_dien_tu": "co", "mang_xa_hoi": "co", "truyen_thong": "co"}
    assert run("bounds", "dong-nai/cap-xa/2022", str(file), "--on", "hôm qua")[0] != 0


def test_the_command_tells_the_grades_of_an_empty_sheet(tmp_path: Path) -> None:
    file = tmp_path / "xa.yaml"
    file.write_text("don_vi: Xã A\nky: {tu_ngay: 2025-01-01, den_ngay: 2025-12-31}\nso_lieu: {}\n", "utf-8")
    code, text = run("bounds", SAMPLE, str(file))
    assert code == 0
    assert "Tổng điểm: -3,5 đến 102" in text
    assert "Xếp loại còn có thể: Xuất sắc, Tốt, Khá, Trung bình, Yếu" in text
    assert "không tính những cách điền mà" in text


def test_the_report_marks_what_is_not_reached_and_what_is_not_proved() -> None:
    from rich.console import Console

    from cchc_index.reporting.bounding import bounds_data, bounds_report

    below = bands(ratio("c", "b"), ("0", "9/10", 0, 2))
    mean = Average("r", Table("z", (Option("co", F(2)), Option("khong", F(0)))))
    hard = Switch((Case(IS_U, mean), Case(NO_U, constant(F(1)))), Choose.ONLY)
    rules = two(below, hard, bands(figure("a"), ("0", None, 0, 1)), bands(figure("m"), ("0", "1", 1, 0)))
    third = evolve(rules.criteria[2], max_points=NOT_STATED)
    rules = evolve(rules, criteria=(*rules.criteria[:2], third, rules.criteria[3]))
    unit = Submission("Xã A", {"r": [{"x": 0, "y": 0}], "m": 7})
    found = bounds(rules, unit)
    screen = Console(width=160)
    with screen.capture() as capture:
        screen.print(bounds_report(rules, found, "vi"))
    text = capture.get()
    for words in ("< 1,8", "≤ 2", "không cận", "không có điểm", "gần tới", "không vượt quá"):
        assert words in text, words
    json.dumps(bounds_data(found))
