"""Hypothesis strategies: numbers, intervals, measures, conditions, the six rules, whole rulesets, submissions.

Every ruleset uses one pool of figures (`FACTS`), so that any rule fits any submission. End points and figures are drawn
from the same small grids, so that a figure often stands exactly on an end point, just under it or just over it.
"""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Application,
    Basing,
    Counts,
    Criterion,
    Day,
    Dropped,
    Exemption,
    Grade,
    GradeScale,
    Instrument,
    Level,
    Observation,
    Points,
    Policy,
    Ranking,
    Ruleset,
    Scope,
    SourceNote,
    Task,
    Tier,
)
from cchc_index.facts import Claim, Evidence, Period, Submission
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    DayOfYear,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    tests_of,
)
from cchc_index.points import Exact
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
    parts_of,
)
from cchc_index.sources import NOT_STATED, Basis, Citation, NoteKind, Quote, Reading

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

# -- numbers ----------------------------------------------------------------------------------------------------------


def fractions(low: int = -3, high: int = 5) -> st.SearchStrategy[Fraction]:
    """Exact numbers with small denominators, the finite decimals and the others."""
    return st.builds(Fraction, st.integers(low * 60, high * 60), st.sampled_from((60, 20, 15, 12, 100, 7)))


def wide_fractions() -> st.SearchStrategy[Fraction]:
    """Exact numbers of any size."""
    return st.fractions(max_denominator=10**9) | st.fractions() | fractions()


def finite_decimals() -> st.SearchStrategy[Fraction]:
    """Numbers that a finite decimal of at most 12 places writes in full."""
    return st.builds(lambda n, places: Fraction(n, 10**places), st.integers(-(10**15), 10**15), st.integers(0, 12))


END_POINTS = (*(Fraction(n, 4) for n in range(-4, 13)), Fraction(9, 10), Fraction(1, 3))
POINTS = (*(Fraction(n, 4) for n in range(9)), Fraction(1, 3), Fraction(3, 10))
STEPS = (Fraction(1, 100), Fraction(1, 10), Fraction(1, 4), Fraction(1), Fraction(3, 10), Fraction(5))


def end_points() -> st.SearchStrategy[Fraction]:
    """End points on a coarse grid: figures stand on them often."""
    return st.sampled_from(END_POINTS)


def points() -> st.SearchStrategy[Fraction]:
    return st.sampled_from(POINTS)


def steps() -> st.SearchStrategy[Fraction]:
    return st.sampled_from(STEPS)


def roundings() -> st.SearchStrategy[Rounding]:
    return st.builds(Rounding, steps())


# -- how values are made ----------------------------------------------------------------------------------------------
# Each maker below draws from a `Random`. Small values are made from one that Hypothesis steers and can shrink; whole
# rulesets from one that it only seeds, a hundred times faster. Set STEERED to shrink a failing ruleset too.

STEERED = False


def steered() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=False)


def seeded() -> st.SearchStrategy[Random]:
    return steered() if STEERED else st.integers(0, 2**64).map(Random)


def chance(r: Random, one_in: int) -> bool:
    return r.randrange(one_in) == 0


# -- intervals and measures -------------------------------------------------------------------------------------------


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


# -- conditions -------------------------------------------------------------------------------------------------------


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


# -- rules ------------------------------------------------------------------------------------------------------------

BASES: tuple[Basis, ...] = (
    NOT_STATED,
    Quote("Từ 90%: 1 điểm", CITATION),
    Quote("Dưới 90%: 0 điểm", CITATION, "đọc bằng mắt; người lập"),
    Reading("đọc", "người lập"),
)
SLOPES = (Fraction(0), Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(2, 3))


def make_piecewise(r: Random, *, record: bool = False) -> Piecewise:
    measure = make_measure(r, RECORD_NUMBERS if record else UNIT_NUMBERS)
    pieces = [Piece(interval, r.choice(POINTS), r.choice(SLOPES), r.choice(BASES)) for interval in make_bands(r)]
    return Piecewise(measure, tuple(pieces))


def make_table(r: Random, *, record: bool = False) -> Table:
    choices = RECORD_CHOICES if record else UNIT_CHOICES
    fact = r.choice(sorted(choices))
    names = r.sample(choices[fact], len(choices[fact]) - chance(r, 10))
    return Table(fact, tuple(Option(name, r.choice(POINTS), r.choice(BASES)) for name in names))


def make_awarded(r: Random) -> Awarded:
    by: Points = Fraction(1, 4) if chance(r, 3) else NOT_STATED
    return Awarded(
        "g", r.choice((Fraction(0), Fraction(0), None)), r.choice((Fraction(2), Fraction(3), None)), by, r.choice(BASES)
    )


def make_sum(r: Random, *, record: bool, depth: int) -> Sum:
    rules = [make_rule(r, record=record, depth=depth) for _ in range(r.randrange(4))]
    terms = [Term(rule, r.choice(("", "mục")), r.choice(BASES)) for rule in rules]
    floor = r.choice((None, None, Fraction(0), Fraction(-1, 2)))
    return Sum(tuple(terms), r.choice((Fraction(0), *POINTS)), floor, r.choice((None, None, Fraction(1), Fraction(2))))


def make_switch(r: Random, *, record: bool, depth: int) -> Switch:
    """First, only or best; most often with a case that holds whatever the figures."""
    choose, plain = r.choice(list(Choose)), chance(r, 2)

    def case(when: Condition) -> Case:
        rule = constant(r.choice(POINTS)) if plain else make_rule(r, record=record, depth=depth)
        return Case(when, rule, r.choice(BASES))

    if choose is Choose.ONLY and not chance(r, 4):
        fact, names = ("z", RECORD_CHOICES["z"]) if record else ("u", UNIT_CHOICES["u"])
        return Switch(tuple(case(Chosen(fact, (name,))) for name in names), choose)
    whens = [make_condition(r, record=record) for _ in range(r.randint(1, 3))]
    if choose is not Choose.ONLY and not chance(r, 4):
        whens.append(AllOf(()))
    return Switch(tuple(case(when) for when in whens), choose)


def make_rule(r: Random, *, record: bool = False, depth: int = 2) -> Rule:
    """Any rule; inside records, one that looks at one record."""
    kind = r.randrange(10 if depth else 5)
    if kind < 3:
        return make_piecewise(r, record=record)
    if kind == 3 or (record and kind == 4):
        return make_table(r, record=record)
    if kind == 4:
        return make_awarded(r)
    if kind < 7:
        return make_sum(r, record=record, depth=depth - 1)
    if kind < 9 or record:
        return make_switch(r, record=record, depth=depth - 1)
    rounding = Rounding(r.choice(STEPS)) if chance(r, 2) else None
    return Average("r", make_rule(r, record=True, depth=depth - 1), rounding)


# -- rulesets ---------------------------------------------------------------------------------------------------------


def make_exemptions(r: Random) -> tuple[Exemption, ...]:
    """None most often; else by condition, on request, or forbidden."""
    found: list[Exemption] = []
    for _ in range(r.choice((0, 0, 0, 1, 2))):
        policy = r.choice(list(Policy))
        when = None if policy is Policy.FORBIDDEN or chance(r, 2) else make_condition(r)
        found.append(Exemption(policy, when, r.choice(BASES)))
    return tuple(found)


def make_notes(r: Random) -> tuple[SourceNote, ...]:
    found: list[SourceNote] = []
    for number in range(r.choice((0, 0, 0, 1, 2))):
        when = make_condition(r) if chance(r, 2) else None
        found.append(SourceNote(r.choice(list(NoteKind)), f"ghi chú {number}", "người lập", when))
    return tuple(found)


def make_observations(r: Random) -> tuple[Observation, ...]:
    """None most often; else measures and tiers."""
    return tuple(make_observation(r, f"đại lượng {number}") for number in range(r.choice((0, 0, 0, 1, 3))))


def make_observation(r: Random, name: str = "đại lượng") -> Observation:
    if chance(r, 2):
        return Observation(name, make_measure(r), basis=r.choice(BASES))
    tiers = tuple(Tier(f"mức {number}", make_condition(r)) for number in range(r.randint(1, 3)))
    return Observation(name, tiers=tiers, basis=r.choice(BASES))


def make_tasks(r: Random) -> tuple[Task, ...]:
    dues = (None, NEW_YEAR, DayOfYear(30, 11))
    owners = ((), ("Văn phòng",), ("Phòng Nội vụ", "Phòng Tư pháp"))
    count = r.choice((0, 0, 0, 1, 2))
    return tuple(Task(f"việc {n}", r.choice(owners), r.choice(dues), r.choice(BASES)) for n in range(count))


def make_counts(r: Random) -> Counts | None:
    areas, criteria, parts = (r.choice((None, 0, 5, 42)) for _ in range(3))
    return Counts(areas, criteria, parts, r.choice(BASES)) if chance(r, 4) else None


def make_application(r: Random) -> Application:
    days: tuple[Day, ...] = (NOT_STATED, NEW_YEAR)
    return Application(
        tuple(r.sample(list(Level), r.randint(1, 2))),
        r.choice(days),
        r.choice((NOT_STATED, datetime.date(2025, 12, 31))),
        r.choice((NOT_STATED, "cả nước", "Huyện Thử, Tỉnh Thử")),
        r.choice(list(Instrument)),
        r.choice(((), ("thu/cap-xa/0",), ("thu/cap-xa/0", "thu/khac/1"))),
        r.choice(BASES),
    )


def make_dropped(r: Random) -> tuple[Dropped, ...]:
    count = r.choice((0, 0, 1, 2))
    return tuple(Dropped(f"cũ {n}", f"tiêu chí cũ {n}", CITATION, r.choice(BASES)) for n in range(count))


def around(r: Random) -> dict[str, Any]:
    """What stands beside the rule of any row."""
    return {
        "observations": make_observations(r),
        "tasks": make_tasks(r),
        "counts": make_counts(r),
        "supersedes": Citation("VB", "dòng cũ") if chance(r, 6) else None,
    }


MAXIMA: tuple[Points, ...] = (*[Fraction(400)] * 8, Fraction(41, 2), NOT_STATED, Fraction(1))
CAPS: tuple[Points, ...] = (Fraction(1), Fraction(2), Fraction(1, 3), NOT_STATED)


def make_rounding(r: Random) -> Rounding | None:
    return Rounding(r.choice(STEPS)) if chance(r, 4) else None


def make_leaf(r: Random, code: str) -> Criterion:
    return Criterion(
        code,
        f"tiêu chí {code}",
        r.choice(MAXIMA),
        CITATION,
        rule=NOT_STATED if chance(r, 20) else make_rule(r),
        exemptions=make_exemptions(r),
        rounding=make_rounding(r),
        evidence=r.choice(((), ("Báo cáo",))),
        notes=make_notes(r),
        **around(r),
    )


def make_tree(r: Random, code: str, depth: int = 2) -> Criterion:
    """A leaf, or a criterion with one or two parts."""
    if not depth or chance(r, 2):
        return make_leaf(r, code)
    children = tuple(make_tree(r, f"{code}.{n}", depth - 1) for n in range(1, r.randint(1, 2) + 1))
    whole = total_of(children)
    return Criterion(
        code,
        f"lĩnh vực {code}",
        r.choice((whole, whole, whole, NOT_STATED, Fraction(500))),
        CITATION,
        children=children,
        exemptions=make_exemptions(r),
        rounding=make_rounding(r),
        notes=make_notes(r) if chance(r, 3) else (),
        **around(r),
    )


def total_of(criteria: Sequence[Criterion]) -> Points:
    stated = [criterion.max_points for criterion in criteria if isinstance(criterion.max_points, Fraction)]
    return sum(stated, Fraction(0)) if len(stated) == len(criteria) else NOT_STATED


def make_scales(r: Random) -> tuple[GradeScale, ...]:
    found: list[GradeScale] = []
    for _ in range(r.choice((0, 0, 1, 2))):
        grades = tuple(make_grade(r, f"Nhóm {n}", interval) for n, interval in enumerate(make_bands(r)))
        found.append(GradeScale(grades, r.choice(list(Basing)), make_condition(r) if chance(r, 2) else None))
    return tuple(found)


def make_grade(r: Random, name: str, interval: Interval) -> Grade:
    """Most often just a range; sometimes a share asked of each criterion, sometimes a condition."""
    shares = (None, None, None, Fraction(1, 400), Fraction(1, 2), Fraction(0))
    return Grade(name, interval, r.choice(BASES), r.choice(shares), make_condition(r) if chance(r, 6) else None)


def make_adjustments(r: Random) -> tuple[Adjustment, ...]:
    codes = r.choice(((), (), ("T",), ("P",), ("T", "P")))
    kinds = {"T": AdjustmentKind.BONUS, "P": AdjustmentKind.PENALTY}
    return tuple(Adjustment(kinds[code], evolve(make_leaf(r, code), max_points=r.choice(CAPS))) for code in codes)


def make_ruleset(r: Random) -> Ruleset:
    criteria = tuple(make_tree(r, str(n)) for n in range(1, r.randint(1, 2) + 1))
    whole = total_of(criteria)
    ranking = Ranking(r.choice(list(Basing)), make_condition(r) if chance(r, 2) else None)
    return Ruleset(
        id="thu/cap-xa",
        version="1",
        title="Bộ thử",
        scope=Scope.WHOLE,
        application=make_application(r),
        documents=(),
        criteria=criteria,
        max_points=r.choice((whole, whole, NOT_STATED, Fraction(1000))),
        facts=FACTS,
        index_basis=r.choice((NOT_STATED, Reading("điểm / điểm tối đa", "người lập"))),
        rounding=make_rounding(r),
        adjustments=make_adjustments(r),
        scales=make_scales(r),
        ranking=ranking if chance(r, 2) else None,
        notes=make_notes(r) if chance(r, 3) else (),
        counts=make_counts(r),
        dropped=make_dropped(r),
    )


def plainer(rules: Ruleset) -> Ruleset:
    """The same ruleset without exemptions, notes, roundings; every leaf has a rule and a generous maximum."""

    def bare(criterion: Criterion) -> Criterion:
        children = tuple(bare(child) for child in criterion.children)
        rule = constant(Fraction(1)) if not children and criterion.rule is NOT_STATED else criterion.rule
        whole = total_of(children) if children else Fraction(400)
        return evolve(criterion, children=children, rule=rule, max_points=whole, exemptions=(), notes=(), rounding=None)

    criteria = tuple(bare(criterion) for criterion in rules.criteria)
    outside = tuple(
        evolve(a, criterion=evolve(bare(a.criterion), max_points=a.criterion.max_points)) for a in rules.adjustments
    )
    return evolve(
        rules,
        criteria=criteria,
        adjustments=outside,
        max_points=total_of(criteria),
        rounding=None,
        scales=(),
        ranking=None,
        notes=(),
        index_basis=Reading("điểm / điểm tối đa", "người lập"),
    )


def with_rule(rule: Rule, whole: Points = Fraction(60), facts: tuple[Fact, ...] = FACTS, **more: Any) -> Ruleset:
    """A ruleset of one leaf, code "1"."""
    leaf = Criterion("1", "tiêu chí 1", whole, CITATION, rule=rule)
    return with_criteria(evolve(leaf, **more), facts=facts)


def with_criteria(*criteria: Criterion, facts: tuple[Fact, ...] = FACTS, **more: Any) -> Ruleset:
    """A ruleset with these criteria; its maximum is not stated, unless `more` says so."""
    where = Application((Level.COMMUNE,))
    bare = Ruleset("thu/cap-xa", "1", "Bộ thử", Scope.WHOLE, where, (), criteria, NOT_STATED, facts=facts)
    return evolve(bare, **more)


# -- submissions ------------------------------------------------------------------------------------------------------


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


def rules_in(rule: Rule) -> list[Rule]:
    """A rule and every rule inside it."""
    return [rule, *(inner for part in parts_of(rule) for inner in rules_in(part))]


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


# -- strategies -------------------------------------------------------------------------------------------------------


def intervals() -> st.SearchStrategy[Interval]:
    return steered().map(make_interval)


def bands() -> st.SearchStrategy[tuple[Interval, ...]]:
    return steered().map(make_bands)


def measures() -> st.SearchStrategy[Measure]:
    return steered().map(make_measure)


def conditions() -> st.SearchStrategy[Condition]:
    return steered().map(make_condition)


def rules() -> st.SearchStrategy[Rule]:
    return seeded().map(make_rule)


def figures() -> st.SearchStrategy[dict[str, Any]]:
    return seeded().map(make_figures)


def rulesets() -> st.SearchStrategy[Ruleset]:
    return seeded().map(make_ruleset)


def scored(*, plain: bool = False, whole: bool = False) -> st.SearchStrategy[tuple[Ruleset, Submission]]:
    """A ruleset and a unit that it can be asked to score. See `plainer` and `make_submission`."""

    def made(r: Random) -> tuple[Ruleset, Submission]:
        found = plainer(make_ruleset(r)) if plain else make_ruleset(r)
        return found, make_submission(r, found, whole=whole)

    return seeded().map(made)
