"""Where the points are: the smallest changes that gain some, and the least set that reaches a target."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Policy,
    Ranking,
    Ruleset,
    SourceNote,
    Task,
)
from cchc_index.facts import Submission
from cchc_index.measures import Chosen, Fact, FactType, Interval, Linear, Within, figure, ratio
from cchc_index.reviewing.levers import Step, steps_of
from cchc_index.reviewing.priorities import (
    LARGEST,
    changed,
    plan,
    points_for_grade,
    points_for_place,
    priorities,
    whole_numbers,
)
from cchc_index.rules import (
    Average,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Sum,
    Switch,
    Table,
    Term,
    constant,
)
from cchc_index.sources import NOT_STATED, NoteKind, Reading
from cchc_index.testing.pool.measures import CITATION, FACTS
from cchc_index.testing.pool.rulesets import with_criteria

YES = Table("u", (Option("co", Fraction(2)), Option("khong", Fraction(0))))


def bands(name: str, whole: str, *steps: tuple[str, str]) -> Piecewise:
    lows = [Fraction(low) for low, _ in steps]
    pieces = [Piece(Interval(high=lows[0]), Fraction(0))]
    for (low, points), high in zip(steps, [*lows[1:], None], strict=True):
        pieces.append(Piece(Interval(Fraction(low), high, low_closed=True), Fraction(points)))
    return Piecewise(ratio(name, whole), tuple(pieces))


def cut(name: str, at: str | Fraction, *, before: int = 0, after: int = 1, closed: bool = True) -> Piecewise:
    """Points that change at one end, which belongs to what comes after it when `closed`."""
    end = Fraction(at)
    below = Interval(high=end, high_closed=not closed)
    above = Interval(low=end, low_closed=closed)
    return Piecewise(figure(name), (Piece(below, Fraction(before)), Piece(above, Fraction(after))))


def options_of(fact: str, **points: int) -> Table:
    return Table(fact, tuple(Option(name, Fraction(n)) for name, n in points.items()))


def leaf(code: str, rule: Any, **more: Any) -> Criterion:
    return evolve(Criterion(code, code, Fraction(10), CITATION, rule=rule), **more)


def said(steps: tuple[Step, ...]) -> list[tuple[dict[str, Any], str]]:
    return [({c.fact.name: c.new for c in step.changes}, str(step.gain)) for step in steps]


def steps(rule: Any, figures: dict[str, Any], *, falling: tuple[str, ...] = (), **more: Any) -> list[Any]:
    return said(steps_of(with_criteria(leaf("1", rule, **more)), Submission("Xã A", figures), "1", falling))


def test_three_more_files_on_time_gain_a_quarter() -> None:
    rule = bands("c", "b", ("1/2", "0.25"), ("7/10", "0.5"))
    assert steps(rule, {"c": 47, "b": 100}) == [({"c": 50}, "1/4"), ({"c": 70}, "1/2")]
    assert steps(rule, {"c": 70, "b": 100}) == []


@given(st.integers(0, 30), st.integers(1, 30), st.data())
def test_no_smaller_change_of_a_count_gains_as_much(part: int, whole: int, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.sampled_from(["1/3", "1/2", "0.7", "0.9", "1"]), min_size=1)), key=Fraction)
    rule = bands("c", "b", *((cut, str(n + 1)) for n, cut in enumerate(cuts)))
    rules, part = with_criteria(leaf("1", rule)), min(part, whole)
    unit = Submission("Xã A", {"c": part, "b": whole})
    now = cchc.score(rules, unit)["1"].points
    assert isinstance(now, Fraction)
    best: list[tuple[dict[str, Any], str]] = []
    for value in range(part + 1, whole + 1):
        points = cchc.score(rules, Submission("Xã A", {"c": value, "b": whole}))["1"].points
        assert isinstance(points, Fraction)
        if points - now > (Fraction(best[-1][1]) if best else 0):
            best.append(({"c": value}, str(points - now)))
    assert said(steps_of(rules, unit, "1")) == best


def test_a_percent_and_an_amount_move_onto_a_closed_end_and_just_past_an_open_one() -> None:
    assert steps(cut("p", "1/2"), {"p": "40%"}) == [({"p": Fraction(1, 2)}, "1")]
    assert steps(cut("m", "5", closed=False), {"m": 3}) == [({"m": Fraction("5.01")}, "1")]


def test_what_falls_only_falls_when_it_is_said_to() -> None:
    rule = cut("n", "2", before=1, after=0, closed=False)
    assert steps(rule, {"n": 5}) == []
    assert steps(rule, {"n": 5}, falling=("n",)) == [({"n": 2}, "1")]
    counted = cut("a", "0", before=1, after=0, closed=False)
    assert steps(counted, {"a": 3}, falling=("a",)) == [({"a": 0}, "1")]


def test_a_count_goes_just_past_an_end_that_is_far_away() -> None:
    assert steps(cut("a", "20", closed=False), {"a": 0}) == [({"a": 21}, "1")]
    assert steps(cut("a", "61/3"), {"a": 0}) == [({"a": 21}, "1")]
    assert steps(cut("a", "20", before=1, after=0), {"a": 40}, falling=("a",)) == [({"a": 19}, "1")]
    assert steps(cut("a", "20", before=1, after=0, closed=False), {"a": 40}, falling=("a",)) == [({"a": 20}, "1")]


def test_options_and_items_combine() -> None:
    assert steps(options_of("k", k1=0, k2=2, k3=1), {"k": "k1"}) == [({"k": "k2"}, "2")]
    halves = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1, 2)),))
    both = Sum((Term(YES), Term(evolve(YES, fact="v")), Term(halves)), cap=Fraction(5))
    alone = [({"v": "co"}, "2"), ({"a": 5}, "5/2"), ({"a": 6}, "3"), ({"a": 7}, "7/2"), ({"a": 8}, "4")]
    together = [({"a": 5, "v": "co"}, "9/2"), ({"a": 6, "v": "co"}, "5")]
    assert steps(both, {"u": False, "v": False, "a": 0}) == alone + together
    assert steps(both, {"u": True, "v": True, "a": 2}) == []


def test_too_many_combinations_are_tried_one_figure_at_a_time() -> None:
    names = [f"f{n}" for n in range(12)]
    facts = tuple(Fact(name, name, FactType.YES_NO) for name in names)
    rule = Sum(tuple(Term(options_of(name, co=n, khong=0)) for n, name in enumerate(names)))
    rules = with_criteria(leaf("1", rule, max_points=Fraction(66)), facts=facts)
    unit = Submission("Xã A", dict.fromkeys(names, False))
    assert said(steps_of(rules, unit, "1")) == [({"f11": "co"}, "11")]


def test_levels_records_and_figures_that_are_not_there() -> None:
    otherwise = Case(Chosen("u", ("co", "khong")), constant(Fraction(0)))
    level = Switch(
        (Case(Within(figure("a"), Interval(Fraction(3), low_closed=True)), constant(Fraction(1))), otherwise)
    )
    assert steps(evolve(level, choose=Choose.FIRST), {"a": 1, "u": False}) == [({"a": 3}, "1")]
    records = Average("r", options_of("z", co=1, khong=0))
    assert steps(records, {"r": [{"x": 1, "y": 1, "z": False}]}) == []
    hidden = Switch((Case(Chosen("u", ("co",)), evolve(YES, fact="v")), otherwise), Choose.FIRST)
    assert steps(hidden, {"u": False}) == []
    away = evolve(cut("a", "9"), measure=Linear((("a", 1), ("s.A", 1), ("d", 0))))
    assert steps(away, {"a": 3, "s": {"A": 1}, "d": "01/01/2025"}) == [({"a": 8}, "1")]
    levels = (("a", 1), ("b", 2))
    cases = [Case(Within(figure(name), Interval(Fraction(1))), constant(Fraction(got))) for name, got in levels]
    several = Switch((*cases, otherwise), Choose.BEST)
    facts = tuple(evolve(fact, part_of=None) for fact in FACTS)
    rules = with_criteria(leaf("1", several), facts=facts)
    found = steps_of(rules, Submission("Xã A", {"a": 0, "b": 0, "u": False}), "1")
    assert said(found) == [({"b": 2}, "2")]
    lacking = with_criteria(leaf("1", evolve(several, cases=several.cases[::-1], choose=Choose.FIRST)), facts=facts)
    assert steps_of(lacking, Submission("Xã A", {"u": False}), "1") == ()
    early = Switch(
        (otherwise, Case(Within(ratio("a", "m"), Interval(Fraction(1))), constant(Fraction(2)))), Choose.FIRST
    )
    assert steps(early, {"u": False, "a": 0}) == []


def test_figures_that_others_or_conditions_look_at_are_left_alone() -> None:
    each = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1)),))
    one, is_u = leaf("1", YES), Chosen("u", ("co",))
    sheet = Submission("Xã A", {"u": False, "a": 1})
    assert said(steps_of(with_criteria(one), sheet, "1")) == [({"u": "co"}, "2")]
    taken = [
        with_criteria(one, leaf("2", evolve(YES, fact="u"))),
        with_criteria(one, leaf("2", each, exemptions=(Exemption(Policy.REMOVED, is_u),))),
        with_criteria(leaf("1", YES, exemptions=(Exemption(Policy.REMOVED, is_u),))),
        with_criteria(one, leaf("2", each, notes=(SourceNote(NoteKind.HOLE, "x", when=is_u),))),
        with_criteria(one, scales=(GradeScale((), when=is_u),)),
        with_criteria(one, scales=(GradeScale((Grade("Tốt", Interval(), when=is_u),)),)),
        with_criteria(one, ranking=Ranking(Basing.POINTS, is_u)),
    ]
    for rules in taken:
        assert steps_of(rules, sheet, "1") == (), rules.criteria
    free = with_criteria(leaf("1", YES, notes=(SourceNote(NoteKind.REMARK, "x", when=is_u),)))
    assert said(steps_of(free, sheet, "1")) == [({"u": "co"}, "2")]
    hole = leaf("1", YES, notes=(SourceNote(NoteKind.HOLE, "x", when=is_u),))
    assert steps_of(with_criteria(hole), sheet, "1") == ()


def test_what_is_not_assessed_or_not_stated_has_no_steps() -> None:
    silent = with_criteria(Criterion("1", "1", Fraction(1), CITATION))
    assert steps_of(silent, Submission("Xã A", {}), "1") == ()


def four(**more: Any) -> Ruleset:
    """Four criteria that can gain: 2 by a yes, 1/4 and 1/2 by files, 1 by another yes, 1/3 for each of a."""
    rising = Piece(Interval(high=Fraction(9), high_closed=True), Fraction(0), Fraction(1, 3))
    slopes = (rising, Piece(Interval(Fraction(9)), Fraction(3)))
    return with_criteria(
        leaf("1", YES),
        leaf("2", bands("c", "b", ("1/2", "0.25"), ("7/10", "0.5")), tasks=(Task("làm", ("Phòng A",)),)),
        leaf("3", options_of("v", co=1, khong=0)),
        leaf("4", Piecewise(figure("a"), slopes)),
        **({"max_points": Fraction(40)} | more),
    )


SHEET = Submission("Xã A", {"u": False, "v": False, "c": 4, "b": 10, "a": 1})


def choices(rules: Ruleset, unit: Submission) -> Iterator[tuple[tuple[str, Step], ...]]:
    options = [[None, *((one.code, step) for step in one.steps)] for one in priorities(rules, unit)]
    for chosen in product(*options):
        yield tuple(pair for pair in chosen if pair)


def cost(chosen: tuple[tuple[str, Step], ...]) -> tuple[int, int, Fraction]:
    return len(chosen), sum(s.cost[0] for _, s in chosen), sum((s.cost[1] for _, s in chosen), Fraction(0))


roundings = st.sampled_from((None, Rounding(Fraction(1, 10)), Rounding(Fraction(1, 2))))


@given(st.fractions(0, 8, max_denominator=12), roundings)
def test_the_plan_is_the_least_one_of_all(target: Fraction, rounding: Rounding | None) -> None:
    rules = four(rounding=rounding)
    found = plan(rules, SHEET, target)
    every = [(cost(one), cchc.score(rules, changed(SHEET, one)).points) for one in choices(rules, SHEET)]
    reaching = [price for price, points in every if isinstance(points, Fraction) and points >= target]
    assert found.is_possible is bool(reaching)
    assert found.most == max(points for _, points in every if isinstance(points, Fraction))
    if reaching:
        assert cost(found.steps) == min(reaching)
        assert cchc.score(rules, changed(SHEET, found.steps)).points == found.after >= target
    else:
        assert found.most < target
        assert (found.after, found.steps) == (found.before, ())


def test_priorities_say_what_is_open_who_owns_it_and_what_is_missing() -> None:
    bonus = Adjustment(AdjustmentKind.BONUS, leaf("T", options_of("k", k1=0, k2=1), max_points=Fraction(1)))
    penalty = Adjustment(AdjustmentKind.PENALTY, leaf("P", constant(Fraction(0)), max_points=Fraction(1)))
    rules = four(adjustments=(bonus, penalty))
    found = priorities(rules, evolve(SHEET, figures={**SHEET.figures, "k": "k1", "u": True}))
    assert [(one.code, str(one.still_open)) for one in found] == [
        ("2", "10"),
        ("3", "10"),
        ("4", "29/3"),
        ("1", "8"),
        ("T", "1"),
    ]
    assert (found[0].owners, found[0].due, found[0].points) == (("Phòng A",), None, Fraction(0))
    lacking = {one.code: one for one in priorities(rules, evolve(SHEET, figures={"u": True, "v": True, "k": "k2"}))}
    assert "T" not in lacking
    assert (lacking["2"].points, lacking["2"].lacking, lacking["2"].steps) == (None, ("b", "c"), ())
    nested = evolve(bonus, criterion=Criterion("T", "T", Fraction(1), CITATION, children=(leaf("T1", YES),)))
    assert priorities(with_criteria(adjustments=(nested,)), Submission("Xã A", {"u": True})) == ()


def test_priorities_of_what_is_left_out_and_of_what_is_not_stated() -> None:
    exempt = leaf("1", YES, exemptions=(Exemption(Policy.REMOVED),))
    rules = with_criteria(exempt, Criterion("2", "2", NOT_STATED, CITATION))
    (found,) = priorities(rules, Submission("Xã A", {}, exemptions={"1": "x"}))
    assert (found.code, found.still_open, found.points) == ("2", NOT_STATED, NOT_STATED)


def test_a_rounding_on_the_way_is_not_taken_for_points() -> None:
    area = Criterion("9", "9", Fraction(20), CITATION, children=four().criteria[2:], rounding=Rounding(Fraction(1)))
    rules = with_criteria(area)
    found = plan(rules, Submission("Xã A", {"v": False, "a": 4}), Fraction(2))
    assert found.is_possible
    assert found.after >= 2
    assert cchc.score(rules, changed(Submission("Xã A", {"v": False, "a": 4}), found.steps)).points == found.after


def test_numbers_too_large_for_the_solver_are_rounded_the_safe_way() -> None:
    small = [Fraction(1, 3), Fraction(1, 7)]
    assert whole_numbers(small) == [7, 3]
    large = [Fraction(1, 10**9 + 7), Fraction(1, 10**9 + 9), Fraction(2, 3)]
    need, *gains = whole_numbers(large)
    assert Fraction(need, 10**12) <= large[0] < Fraction(need + 1, 10**12)
    assert all(Fraction(gain, 10**12) >= value for gain, value in zip(gains, large[1:], strict=True))
    assert all(abs(number) < LARGEST for number in (need, *gains))


def test_a_target_with_denominators_of_any_size() -> None:
    primes = {"a": 1_000_003, "b": 1_000_033, "m": 1_000_037}
    tops = {name: Fraction(prime - 1, prime) for name, prime in primes.items()}
    criteria = [leaf(name, evolve(cut(name, "1"), pieces=())) for name in primes]
    for place, (name, top) in enumerate(tops.items()):
        below, above = cut(name, "1").pieces
        rule = Piecewise(figure(name), (below, evolve(above, base=top)))
        criteria[place] = evolve(criteria[place], rule=rule)
    rules = with_criteria(*criteria, facts=tuple(evolve(fact, part_of=None) for fact in FACTS))
    unit, target = Submission("Xã A", dict.fromkeys(primes, 0)), sum(tops.values(), Fraction(0))
    assert len(plan(rules, unit, target).steps) == 3
    assert len(plan(rules, unit, target - tops["a"]).steps) == 2
    assert not plan(rules, unit, target + Fraction(1, 10**30)).is_possible


def test_a_total_that_is_not_stated_has_no_target() -> None:
    with pytest.raises(cchc.BadSubmission, match="tổng điểm là không quy định"):
        plan(with_criteria(Criterion("1", "1", Fraction(1), CITATION)), Submission("Xã A", {}), Fraction(1))


def test_without_the_solver_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(cchc.CchcError, match=r"pip install \"cchc-index\[solve\]\""):
        plan(four(), SHEET, Fraction(1))


GRADES = (
    Grade("Tốt", Interval(low=Fraction(80), low_closed=True)),
    Grade("Khá", Interval(Fraction(50), Fraction(80))),
    Grade("Yếu", Interval(high=Fraction(50))),
)


def test_the_points_that_a_grade_asks_for() -> None:
    rules = four(scales=(GradeScale(GRADES),))
    card = cchc.score(rules, SHEET)
    assert points_for_grade(rules, card, "Tốt") == 80
    assert points_for_grade(rules, card, "Khá") == Fraction("50.01")
    on_index = evolve(
        rules, scales=(GradeScale((Grade("Tốt", Interval(Fraction(4, 5), low_closed=True)),), Basing.INDEX),)
    )
    assert points_for_grade(on_index, card, "Tốt") == 32
    with pytest.raises(cchc.BadSubmission, match="điểm tối đa là không quy định"):
        points_for_grade(on_index, evolve(card, max_points=NOT_STATED), "Tốt")
    for name in ("Yếu", "Tot"):
        with pytest.raises(cchc.BadSubmission, match="không có hạng"):
            points_for_grade(rules, card, name)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(1, 6), st.sampled_from(Basing))
def test_the_points_that_a_place_asks_for(others: list[int], place: int, basing: Basing) -> None:
    each, basis = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1)),)), Reading("x", "y")
    rules = with_criteria(leaf("1", each), max_points=Fraction(10), index_basis=basis, ranking=Ranking(basing))
    cards = [cchc.score(rules, Submission(f"Xã {n}", {"a": got})) for n, got in enumerate(others)]

    def placed(got: int) -> int:
        own = cchc.score(rules, Submission("Mình", {"a": got}))
        places = {one.card.unit: one.place for one in cchc.rank(rules, [*cards, own])}
        return places["Mình"] or 0

    need = points_for_place(rules, cards[0], cards, place)
    assert placed(int(need)) <= place
    assert need == 0 or placed(int(need) - 1) > place


def test_what_given_figures_rule_out_is_no_opportunity_any_more() -> None:
    """Three are left over: that band has four points of ten, whatever the share that is missing."""
    share = Piecewise(
        Linear((("b", 1), ("a", -1))),
        (
            Piece(Interval(high=Fraction(3)), Fraction(10)),
            Piece(Interval(low=Fraction(3), low_closed=True), Fraction(4)),
        ),
    )
    gated = Switch((Case(Within(figure("p"), Interval(low=Fraction(0), low_closed=True)), share),))
    rules = with_criteria(leaf("1", gated))
    (one,) = priorities(rules, Submission("Xã A", {"a": 0, "b": 3}))
    assert (one.lacking, one.points, one.still_open) == (("p",), None, Fraction(4))
