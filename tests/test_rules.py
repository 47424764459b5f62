"""Each of the six rules against the naive reference, one at a time; what can be read off their structure."""

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.facts import Submission
from cchc_index.measures import (
    AllOf,
    Chosen,
    Condition,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    change,
    figure,
    ratio,
)
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
    bases_of,
    constant,
    own_names,
    parts_of,
)
from cchc_index.scoring.bounds import greatest_of, least_of, most_of
from cchc_index.scoring.trace import AverageTrace, SumTrace, SwitchTrace, Tally, Trace
from cchc_index.sources import NOT_STATED, Citation, Quote
from cchc_index.testing.numbers import fractions, points, roundings, seeded
from cchc_index.testing.pool.measures import FACTS
from cchc_index.testing.pool.rules import make_rule, rules_in
from cchc_index.testing.pool.rulesets import with_rule
from cchc_index.testing.pool.units import given_by, make_figures
from cchc_index.testing.reference.rules import (
    AbsentError,
    HoleError,
    RefusedError,
    half_up,
    inside,
    points_of,
    value_of,
)
from cchc_index.testing.strategies import bands, figures, measures, rules

ONE = Fraction(1)
KNOWN = {fact.name: fact for fact in FACTS}
KINDS = {HoleError: cchc.UndefinedByDecision, AbsentError: cchc.MissingFacts, RefusedError: cchc.BadSubmission}


def trace_of(rule: Rule, **figures: Any) -> Trace:
    trace = cchc.score(with_rule(rule, NOT_STATED), Submission("Xã A", figures))["1"].trace
    assert trace is not None
    return trace


@pytest.mark.parametrize("kind", [Piecewise, Table, Sum, Switch, Average, Awarded])
@settings(max_examples=120)
@given(data=st.data())
def test_each_rule_gives_the_points_of_the_reference(kind: type[Rule], data: st.DataObject) -> None:
    def made(wanted: Any) -> tuple[Rule, dict[str, Any]]:
        rule = make_rule(wanted)
        while not isinstance(rule, kind):
            rule = make_rule(wanted)
        return rule, make_figures(wanted)

    rule, raw = data.draw(seeded().map(made))
    unit = Submission("Xã A", raw)
    try:
        expected = points_of(rule, given_by(unit))
    except (HoleError, AbsentError, RefusedError) as problem:
        with pytest.raises(KINDS[type(problem)]):
            cchc.score(with_rule(rule, NOT_STATED), unit)
        return
    line = cchc.score(with_rule(rule, NOT_STATED), unit)["1"]
    assert line.points == expected
    assert line.trace is not None
    assert line.trace.points == expected


@given(bands(), fractions(), st.lists(points(), min_size=4, max_size=4), st.sampled_from((0, 1, Fraction(-1, 2))))
def test_the_band_that_holds_the_value_gives_the_points(
    found: tuple[Interval, ...], value: Fraction, bases: list[Fraction], slope: int | Fraction
) -> None:
    pieces = tuple(Piece(i, base, Fraction(slope)) for i, base in zip(found, bases, strict=False))
    held = [piece for piece in pieces if inside(value, piece.interval)]
    rule = Piecewise(figure("n"), pieces)
    if not held:
        with pytest.raises(cchc.UndefinedByDecision, match="không nằm trong bậc nào"):
            trace_of(rule, n=value)
        return
    assert trace_of(rule, n=value).points == held[0].base + slope * value


@given(st.lists(points(), max_size=4), points(), st.none() | points(), st.none() | points())
def test_a_sum_adds_then_clamps(
    terms: list[Fraction], base: Fraction, floor: Fraction | None, cap: Fraction | None
) -> None:
    trace = trace_of(Sum(tuple(Term(constant(term)) for term in terms), base, floor, cap))
    assert isinstance(trace, SumTrace)
    assert trace.unclamped == base + sum(terms, Fraction(0))
    under = trace.unclamped if cap is None else min(trace.unclamped, cap)
    assert trace.points == (under if floor is None else max(under, floor))


@given(st.lists(st.tuples(st.sampled_from((True, False, None)), points()), min_size=1, max_size=3))
def test_best_and_only_do_not_look_at_the_order_of_cases(found: list[tuple[bool | None, Fraction]]) -> None:
    whens: dict[bool | None, Condition] = {
        True: AllOf(()),
        False: Chosen("u", ("khong",)),
        None: Within(Ratio(figure("a"), figure("b")), Interval()),
    }
    cases = [Case(whens[held], constant(got)) for held, got in found]
    for choose in (Choose.BEST, Choose.ONLY):
        seen: set[object] = set()
        for order in permutations(cases):
            try:
                seen.add(trace_of(Switch(order, choose), u=True, a=0, b=0).points)
            except cchc.UndefinedByDecision as error:
                seen.add(str(error))
        assert len(seen) == 1


def level(held: bool, got: int) -> Case:
    return Case(AllOf(()) if held else Chosen("u", ("khong",)), constant(Fraction(got)))


def test_first_only_and_best() -> None:
    def got(choose: Choose, *cases: Case) -> Fraction:
        return trace_of(Switch(cases, choose), u=True).points

    assert got(Choose.FIRST, level(held=False, got=3), level(held=True, got=1), level(held=True, got=2)) == 1
    assert got(Choose.BEST, level(held=False, got=3), level(held=True, got=1), level(held=True, got=2)) == 2
    assert got(Choose.ONLY, level(held=False, got=3), level(held=True, got=1)) == 1


def test_an_undecided_level_counts_against_the_best_only_when_it_is_better() -> None:
    unknown = Within(Ratio(figure("a"), figure("b")), Interval())
    sure = level(held=True, got=1)
    for more, fails in ((Fraction(1), False), (Fraction(1, 2), False), (Fraction(2), True)):
        rule = Switch((Case(unknown, constant(more)), sure), Choose.BEST)
        if fails:
            with pytest.raises(cchc.UndefinedByDecision, match="mẫu số bằng 0"):
                trace_of(rule, a=0, b=0)
        else:
            assert trace_of(rule, a=0, b=0).points == 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.none() | roundings())
def test_an_average_is_the_mean_over_records_then_rounded(values: list[int], rounding: Rounding | None) -> None:
    each = Piecewise(figure("x"), (Piece(Interval(), Fraction(0), Fraction(1, 3)),))
    trace = trace_of(Average("r", each, rounding), r=[{"x": value} for value in values])
    mean = Fraction(sum(values), 3 * len(values))
    assert trace.points == (mean if rounding is None else half_up(mean, rounding.step))
    assert isinstance(trace, AverageTrace)
    assert (trace.count, trace.total) == (len(values), Fraction(sum(values), 3))
    assert {tally.points: tally.count for tally in trace.tallies} == {
        Fraction(value, 3): values.count(value) for value in values
    }


def test_an_average_counts_records_by_points_and_by_what_they_stand_on() -> None:
    yes, no = Quote("có", Citation("VB", "1")), Quote("không", Citation("VB", "2"))
    each = Table("z", (Option("co", ONE, yes), Option("khong", ONE, no)))
    trace = trace_of(Average("r", each), r=[{"z": True}, {"z": False}, {"z": True}])
    assert isinstance(trace, AverageTrace)
    assert trace.tallies == (Tally(ONE, 2, yes), Tally(ONE, 1, no))


def test_records_look_at_the_figures_of_their_unit() -> None:
    each = Piecewise(Linear((("x", 1), ("a", 10))), (Piece(Interval(), Fraction(0), ONE),))
    assert trace_of(Average("r", each), r=[{"x": 1}, {"x": 2}], a=3).points == Fraction(63, 2)


@given(rules())
def test_what_can_be_read_off_a_rule(rule: Rule) -> None:
    inside_ = rules_in(rule)
    assert len(list(bases_of(rule))) == sum(
        len(one.pieces)
        if isinstance(one, Piecewise)
        else len(one.options)
        if isinstance(one, Table)
        else len(one.terms)
        if isinstance(one, Sum)
        else len(one.cases)
        if isinstance(one, Switch)
        else int(isinstance(one, Awarded) or (isinstance(one, Average) and one.rounding is not None))
        for one in inside_
    )
    names = {name for one in inside_ for name in own_names(one)}
    assert all(isinstance(name, str) for name in names)
    assert all(part in inside_ for part in parts_of(rule))


def test_bases_names_and_parts_of_each_rule() -> None:
    quotes = [Quote(str(n), Citation("VB", "")) for n in range(8)]
    table = Table("u", (Option("co", ONE, quotes[0]),))
    total = Sum((Term(table, "mục", quotes[1]),))
    switch = Switch((Case(Chosen("v", ("co",)), total, quotes[2]),))
    average = Average("r", switch, Rounding(ONE, basis=quotes[3]))
    assert list(bases_of(average)) == [quotes[n] for n in (3, 2, 1, 0)]
    assert list(bases_of(Average("r", Awarded("g", basis=quotes[5])))) == [quotes[5]]
    piece = Piece(Interval(), ONE, basis=quotes[4])
    assert list(bases_of(Piecewise(figure("a"), (piece,)))) == [quotes[4]]
    assert [list(own_names(rule)) for rule in (average, switch, total, table, Awarded("g"))] == [
        ["r"],
        ["v"],
        [],
        ["u"],
        ["g"],
    ]
    assert list(own_names(Piecewise(Ratio(figure("a"), figure("b")), (piece,)))) == ["a", "b"]
    assert (parts_of(average), parts_of(switch), parts_of(total), parts_of(table)) == (
        (switch,),
        (total,),
        (table,),
        (),
    )
    assert str(quotes[0].citation) == "VB"
    assert str(Citation("VB", "dòng 1")) == "VB, dòng 1"
    assert repr(NOT_STATED) == "NOT_STATED"


# -- bounds -----------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(seeded().map(lambda r: (make_rule(r), make_figures(r))))
def test_no_rule_gives_more_than_its_structure_allows(pair: tuple[Rule, dict[str, Any]]) -> None:
    rule, raw = pair
    try:
        got = points_of(rule, given_by(Submission("Xã", raw)))
    except (HoleError, AbsentError, RefusedError):
        return
    for facts in ({}, KNOWN):
        most = most_of(rule, facts)
        assert most is None or got <= most


@settings(max_examples=500)
@given(measures(), figures())
def test_no_measure_leaves_the_bounds_of_what_its_figures_can_be(measure: Measure, raw: dict[str, Any]) -> None:
    try:
        got = value_of(measure, given_by(Submission("Xã", raw)))
    except HoleError:
        return
    least, greatest = least_of(measure, KNOWN), greatest_of(measure, KNOWN)
    assert got is None or least is None or got >= least
    assert got is None or greatest is None or got <= greatest


def test_the_bounds_of_measures() -> None:
    assert least_of(Linear((("a", 2), ("m", 1)), Fraction(-1)), KNOWN) == -1
    assert [least_of(figure(name), KNOWN) for name in ("n", "d", "g", "zz")] == [None] * 4
    assert least_of(Linear((("a", -1),)), KNOWN) is None
    assert least_of(ratio("a", "b"), KNOWN) == 0
    assert least_of(Ratio(figure("a"), figure("b"), Fraction(-1)), KNOWN) == -1
    assert least_of(ratio("a", "n"), KNOWN) is None
    assert least_of(change("a", "b"), KNOWN) is None
    assert greatest_of(ratio("c", "b"), KNOWN) == 1
    assert greatest_of(Ratio(figure("c"), figure("b"), Fraction(2)), KNOWN) == 2
    assert greatest_of(Ratio(Linear((("s.A", 10), ("s.B", 5))), Linear((("s.A", 10), ("s.B", 10)))), KNOWN) == 1
    assert greatest_of(Ratio(Linear((("c", 1), ("b", 1))), Linear((("b", 1),))), KNOWN) == 2
    assert greatest_of(Ratio(Linear((("c", 1), ("a", -1))), figure("b")), KNOWN) == 1
    assert greatest_of(Ratio(Linear((("c", 1), ("n", -1))), figure("b")), KNOWN) is None
    assert greatest_of(Ratio(Linear((("c", 1),), 1), figure("b")), KNOWN) is None
    assert [greatest_of(ratio("a", name), KNOWN) for name in ("b", "n")] == [None, None]
    assert greatest_of(figure("c"), KNOWN) is None
    assert greatest_of(Ratio(figure("c"), Linear((("b", 0),))), KNOWN) is None


def test_the_most_of_each_rule() -> None:
    low, high = Interval(high=Fraction(1, 2)), Interval(Fraction(1, 2), Fraction(1), low_closed=True)
    rising = Piece(high, Fraction(0), Fraction(2))
    falling = Piece(high, Fraction(2), Fraction(-1))
    assert most_of(Piecewise(figure("m"), (Piece(low, Fraction(0)), rising))) == 2
    assert most_of(Piecewise(figure("m"), (falling,))) == Fraction(3, 2)
    endless = Piecewise(figure("m"), (Piece(Interval(), Fraction(0), ONE),))
    assert most_of(endless) is None
    assert most_of(Sum((Term(endless),))) is None
    assert most_of(Sum((Term(endless),), cap=Fraction(3))) == 3
    assert most_of(Sum((Term(constant(ONE)),), ONE, cap=Fraction(3))) == 2
    assert most_of(Sum((Term(constant(ONE)),), Fraction(-5), floor=Fraction(-1))) == -1
    assert most_of(Table("u", (Option("co", ONE), Option("khong", Fraction(0))))) == 1
    assert most_of(Switch((Case(AllOf(()), constant(ONE)), Case(AllOf(()), endless)))) is None
    assert most_of(Switch((Case(AllOf(()), constant(ONE)), Case(AllOf(()), constant(Fraction(2)))))) == 2
    assert most_of(Average("r", constant(Fraction(5, 4)), Rounding(Fraction(1, 10)))) == Fraction(13, 10)
    assert most_of(Average("r", endless)) is None
    assert most_of(Awarded("g", high=Fraction(2))) == 2
    assert most_of(Awarded("g")) is None


def test_the_bases_of_a_line_are_those_of_what_counted() -> None:
    """Of every term of a sum; of the level that was taken, then of the rule inside; each once, in the order read."""
    q = [Quote(str(n), Citation("VB", "")) for n in range(9)]
    piece = Piecewise(figure("a"), (Piece(Interval(low=ONE), ONE, basis=q[1]), Piece(Interval(), ONE, basis=q[2])))
    answers = Table("u", (Option("co", ONE, q[4]), Option("khong", ONE, q[5])))
    level = Switch((Case(Chosen("u", ("khong",)), constant(ONE), q[0]), Case(Chosen("u", ("co",)), answers, q[6])))
    total = Sum((Term(piece, "mục", q[3]), Term(level, "mục", q[6]), Term(Awarded("g", basis=q[7]), "mục")))
    line = cchc.score(with_rule(total, NOT_STATED), Submission("Xã A", {"a": 0, "u": True, "g": 0}))["1"]
    assert [fact.name for fact, _ in line.inputs] == ["a", "u", "g"]
    assert line.bases == (q[3], q[2], q[6], q[4], q[7])
    assert line.basis == q[3]


@pytest.mark.parametrize("told", [True, False])
def test_the_tallies_of_an_average_stand_on_what_counted_for_each_record(told: bool) -> None:
    """On the quote of the level where it has one, otherwise on that of the rule inside it."""
    q = [Quote(str(n), Citation("VB", "")) for n in range(4)]
    answers = Table("z", (Option("co", ONE, q[0]), Option("khong", Fraction(0), q[1])))
    inner = Piecewise(figure("x"), (Piece(Interval(), Fraction(2), basis=q[2]),))
    few = Case(Within(figure("x"), Interval(high=Fraction(3))), answers, q[3] if told else NOT_STATED)
    each = Switch((few, Case(AllOf(()), inner)), Choose.FIRST)
    rows = [{"x": x, "y": 0, "z": z} for x, z in ((1, True), (1, False), (5, True), (5, False))]
    line = cchc.score(with_rule(Average("r", each), NOT_STATED), Submission("Xã A", {"r": rows}))["1"]
    assert isinstance(line.trace, AverageTrace)
    found = {tally.points: tally.basis for tally in line.trace.tallies}
    assert found == {Fraction(2): q[2], ONE: q[3] if told else q[0], Fraction(0): q[3] if told else q[1]}
    assert set(line.bases) == set(found.values())


@pytest.mark.parametrize("count", [0, 1])
def test_a_level_tells_whether_a_share_is_the_one_stated_for_no_cases(count: int) -> None:
    level = Case(Within(evolve(ratio("a", "b"), at_zero=ONE), Interval()), Awarded("g"))
    trace = trace_of(Switch((level,)), a=count, b=count, g=2)
    assert isinstance(trace, SwitchTrace)
    assert [(seen.value, seen.is_at_zero) for seen in trace.seen] == [(ONE, count == 0)]


def test_what_a_line_asks_for_is_named_down_to_the_answer_of_a_survey() -> None:
    asked = cchc.load("mau/cap-xa/1").inputs["8.1.1"]
    assert [fact.name for fact in asked] == [f"phieu_nguoi_dan.{answer}" for answer in "ABCD"]
    assert asked[0].label == "phiếu khảo sát người dân: Rất hài lòng"
    assert cchc.load("mau/cap-xa/1").fact("phieu_nguoi_dan").label == "phiếu khảo sát người dân"
