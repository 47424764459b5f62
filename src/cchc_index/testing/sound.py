"""Rulesets that are sound by construction: every shape of the files, each rule with figures of its own.

Nothing is left out, nothing counted twice, nothing is out of reach; the maximum is reached and never passed, every zero
denominator said, every figure used. `MAKERS` makes one leaf each; `SHAPES` says which of them a word of `cham` names.
Longer than most modules: one maker for each shape of the files, side by side.
"""

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import NamedTuple

from attrs import evolve

from cchc_index.criteria import (
    Application,
    Basing,
    Criterion,
    Direction,
    Exemption,
    Grade,
    GradeScale,
    Level,
    Policy,
    Ruleset,
    Scope,
    SourceNote,
)
from cchc_index.measures import (
    AllOf,
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
    change,
    figure,
)
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
    constant,
)
from cchc_index.sources import NOT_STATED, Citation, NoteKind, Reading

CITATION = Citation("VB", "dòng 1")
READ = Reading("đọc", "người lập")
ZERO, ONE = Fraction(0), Fraction(1)
SINCE, UNTIL = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)
YES_NO = FactType.YES_NO
KINDS = (("k1", "Loại một"), ("k2", "Loại hai"), ("k3", "Loại ba"))


class Leaf(NamedTuple):
    """A rule with its figures, its maximum, and what stands beside it."""

    rule: Rule
    facts: tuple[Fact, ...]
    whole: Fraction
    exemptions: tuple[Exemption, ...] = ()
    direction: Direction | None = None
    notes: tuple[SourceNote, ...] = ()


def only(value: int | Fraction) -> Interval:
    return Interval(Fraction(value), Fraction(value), low_closed=True, high_closed=True)


def ladder(cuts: list[Fraction], closed_left: list[bool]) -> list[Interval]:
    """Intervals that leave nothing out and do not meet."""
    lows: list[Fraction | None] = [None, *cuts]
    highs: list[Fraction | None] = [*cuts, None]
    return [
        Interval(low, high, bool(n and closed_left[n - 1]), bool(n < len(cuts) and not closed_left[n]))
        for n, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]


def rising(r: Random, number: int) -> list[Fraction]:
    """So many different points, from none upwards."""
    return [ZERO, *sorted(r.sample([Fraction(n, 4) for n in range(1, 13)], number - 1))]


def stepped(measure: Measure, intervals: list[Interval], points: list[Fraction]) -> Piecewise:
    return Piecewise(measure, tuple(Piece(i, p, basis=READ) for i, p in zip(intervals, points, strict=True)))


def turned(r: Random, points: list[Fraction]) -> tuple[list[Fraction], Direction]:
    """Points that rise or fall with the measure."""
    return (points, Direction.MORE) if r.random() < 0.7 else (points[::-1], Direction.LESS)


def on_count(r: Random, at: str) -> Leaf:
    """Bands over a count, or over the difference of two dates."""
    dated = r.random() < 0.5
    cuts = [Fraction(n) for n in sorted(r.sample(range(0 if dated else 1, 12), r.randint(1, 3)))]
    closed = [dated or cut > 0 for cut in cuts]
    points, direction = turned(r, rising(r, len(cuts) + 1))
    facts: tuple[Fact, ...] = (Fact(f"so_{at}", f"số {at}"),)
    measure = figure(f"so_{at}")
    if dated:
        given = r.choice((None, DayOfYear(30, 11), datetime.date(2025, 6, 30)))
        facts = (
            Fact(f"ngay_{at}", f"ngày {at}", FactType.DATE),
            Fact(f"han_{at}", f"hạn {at}", FactType.DATE, given=given),
        )
        measure = Linear(((f"ngay_{at}", 1), (f"han_{at}", -1)))
    rule = stepped(measure, ladder(cuts, closed), points)
    return Leaf(rule, facts, max(points), direction=direction)


def on_ratio(r: Random, at: str) -> Leaf:
    """Bands over a part of a whole, the best perhaps in proportion; a zero denominator is said in one of three ways."""
    part, whole = f"phan_{at}", f"tong_{at}"
    kind = r.choice((FactType.COUNT, FactType.COUNT, FactType.AMOUNT))
    facts = (Fact(whole, f"tổng {at}", kind), Fact(part, f"phần {at}", kind, part_of=whole))
    cuts = [Fraction(n, 20) for n in sorted(r.sample(range(2, 20), r.randint(1, 4)))]
    points, most = rising(r, len(cuts) + 1), Fraction(r.randint(4, 8), 2)
    intervals = ladder(cuts, [r.random() < 0.8 for _ in cuts])
    at_zero = r.choice((NOT_STATED, ONE, ZERO))
    measure = Ratio(figure(part), figure(whole), at_zero)
    rule = stepped(measure, intervals, points)
    if r.random() < 0.5:
        low = cuts[-1]
        most = max(most, points[-2] + Fraction(1, 2))
        base = points[-2] if r.random() < 0.5 else ZERO
        top = Piece(intervals[-1], base, most - base, READ)
        rule = evolve(rule, pieces=(*rule.pieces[:-1], top))
        points = [*points[:-1], most]
        if top.base + top.slope * low < points[-2]:
            rule = evolve(rule, pieces=(*(evolve(p, base=ZERO) for p in rule.pieces[:-1]), top))
    if at_zero is not NOT_STATED:
        return Leaf(rule, facts, points[-1], direction=Direction.MORE)
    nothing = Within(figure(whole), only(0))
    if r.random() < 0.5:
        policy = r.choice((Policy.REMOVED, Policy.FULL, Policy.UNCOUNTED))
        return Leaf(rule, facts, points[-1], (Exemption(policy, nothing, READ),), Direction.MORE)
    something = Within(figure(whole), Interval(low=ZERO))
    said = Switch((Case(nothing, constant(points[-1]), READ), Case(something, rule)), Choose.FIRST)
    return Leaf(said, facts, points[-1], direction=Direction.MORE)


def on_percent(r: Random, at: str) -> Leaf:
    """Bands over a percent, with one in between that rises in a straight line."""
    low, high = (Fraction(n, 100) for n in sorted(r.sample(range(10, 100, 5), 2)))
    points = rising(r, 3)
    slope = (points[2] - points[1]) / (high - low)
    pieces = (
        Piece(Interval(high=low), ZERO, basis=READ),
        Piece(Interval(low, high, low_closed=True), points[1] - slope * low, slope, READ),
        Piece(Interval(low=high, low_closed=True), points[2], basis=READ),
    )
    rule = Piecewise(figure(f"ty_le_{at}"), pieces)
    return Leaf(rule, (Fact(f"ty_le_{at}", f"tỷ lệ {at}", FactType.PERCENT),), points[2], direction=Direction.MORE)


def on_change(r: Random, at: str) -> Leaf:
    """Bands over the change against last year."""
    now, before = f"nay_{at}", f"truoc_{at}"
    facts = tuple(Fact(name, f"thu {name}", FactType.AMOUNT, unit="triệu đồng") for name in (now, before))
    cuts = [Fraction(n, 20) for n in sorted(r.sample(range(-10, 11), 2))]
    points = rising(r, 3)
    measure = evolve(change(now, before), at_zero=r.choice((ZERO, ONE)))
    return Leaf(stepped(measure, ladder(cuts, [True, False]), points), facts, points[-1], direction=Direction.MORE)


def on_choice(r: Random, at: str) -> Leaf:
    """One option of a list."""
    points = r.sample(rising(r, 3), 3)
    rule = Table(f"loai_{at}", tuple(Option(name, p, READ) for (name, _), p in zip(KINDS, points, strict=True)))
    return Leaf(rule, (Fact(f"loai_{at}", f"loại {at}", FactType.CHOICE, options=KINDS),), max(points))


def _if_yes(name: str, points: Fraction) -> Table:
    return Table(name, (Option("co", points, READ), Option("khong", ZERO, READ)))


def checklist(r: Random, at: str) -> Leaf:
    """Lines that add up: yes or no, so much for each with a cap, a group with a cap."""
    names = [f"co_{n}_{at}" for n in range(r.randint(2, 5))]
    terms = [Term(_if_yes(name, Fraction(r.randint(1, 4), 4)), name, READ) for name in names]
    facts = [Fact(name, f"có {name}", YES_NO) for name in names]
    total = sum((t.rule.options[0].points for t in terms if isinstance(t.rule, Table)), ZERO)
    if r.random() < 0.6:
        each = Piecewise(figure(f"lan_{at}"), (Piece(Interval(), ZERO, Fraction(1, 4), READ),))
        terms.append(Term(Sum((Term(each),), cap=Fraction(3, 4)), "lần", READ))
        facts.append(Fact(f"lan_{at}", f"số lần {at}"))
        total += Fraction(3, 4)
    cap = total - Fraction(1, 4) if r.random() < 0.4 else None
    return Leaf(Sum(tuple(terms), cap=cap), tuple(facts), cap or total)


def deductions(r: Random, at: str) -> Leaf:
    """Points to start from, less so much for each case, down to a floor; the cases may be parts of one whole."""
    base = Fraction(r.randint(2, 6), 2)
    one, other = f"loi_nhe_{at}", f"loi_{at}"
    facts = (Fact(other, f"số lỗi {at}"), Fact(one, f"số lỗi nhẹ {at}", part_of=other if r.random() < 0.5 else None))
    terms = tuple(
        Term(Piecewise(figure(name), (Piece(Interval(), ZERO, -Fraction(n, 4), READ),)), name, READ)
        for n, name in enumerate((one, other), 1)
    )
    return Leaf(Sum(terms, base, floor=r.choice((ZERO, Fraction(-1, 2)))), facts, base)


def levels(r: Random, at: str) -> Leaf:
    """Levels that share out every case: by a choice, then by a measure."""
    said, part, whole = f"co_{at}", f"xong_{at}", f"viec_{at}"
    facts = (Fact(said, f"có {at}", YES_NO), Fact(whole, f"việc {at}"), Fact(part, f"xong {at}", part_of=whole))
    cut, points = Fraction(r.randint(1, 19), 20), rising(r, 3)
    measure = Ratio(figure(part), figure(whole), r.choice((ONE, ZERO)))
    yes, no = Chosen(said, ("co",)), Chosen(said, ("khong",))
    many, few = Interval(low=cut, low_closed=True), Interval(high=cut)
    whens: list[Condition] = [AllOf((yes, Within(measure, many))), AllOf((yes, Within(measure, few))), no]
    choose = r.choice((Choose.ONLY, Choose.FIRST, Choose.BEST))
    if choose is Choose.FIRST and r.random() < 0.5:
        whens[1:] = [yes, AllOf(())]
    notes: tuple[SourceNote, ...] = ()
    if choose is Choose.BEST:
        whens[1] = yes
        notes = (SourceNote(NoteKind.READING, "lấy mức cao hơn", "người lập"),)
    cases = [Case(when, constant(p), READ) for when, p in zip(whens, points[::-1], strict=True)]
    return Leaf(Switch(tuple(cases), choose), facts, points[-1], notes=notes)


def tiers(r: Random, at: str) -> Leaf:
    """Another ladder for each kind of unit."""
    kind = f"vung_{at}"
    leaves = [on_count(r, f"{at}_{n}") for n in range(2)]
    whole = max(leaf.whole for leaf in leaves)
    cases = tuple(
        Case(Chosen(kind, options), leaf.rule, READ)
        for options, leaf in zip((("k1",), ("k2", "k3")), leaves, strict=True)
    )
    facts = (Fact(kind, f"vùng {at}", FactType.CHOICE, options=KINDS), *(f for leaf in leaves for f in leaf.facts))
    return Leaf(Switch(cases), facts, whole)


def mean(r: Random, at: str) -> Leaf:
    """The mean over records of bands over a column."""
    column = f"cham_{at}"
    cuts = [Fraction(n) for n in sorted(r.sample(range(1, 9), 2))]
    points = rising(r, 3)[::-1]
    rule = stepped(figure(column), ladder(cuts, [True, False]), points)
    facts = (Fact(f"ho_so_{at}", f"hồ sơ {at}", FactType.RECORDS, fields=(Fact(column, f"số ngày chậm {at}"),)),)
    return Leaf(Average(f"ho_so_{at}", rule), facts, points[0], direction=Direction.LESS)


def awarded(r: Random, at: str) -> Leaf:
    """Points that people give, in steps that meet the maximum."""
    step = Fraction(1, r.choice((2, 4, 5)))
    whole = step * r.randint(2, 10)
    return Leaf(Awarded(f"diem_{at}", ZERO, whole, step), (Fact(f"diem_{at}", f"điểm {at}", FactType.POINTS),), whole)


def survey(r: Random, at: str) -> Leaf:
    """The mean weight of ballots."""
    name, whole = f"phieu_{at}", Fraction(r.randint(1, 4))
    weights = (("A", 1), ("B", Fraction(3, 5)), ("C", 0))
    top = Linear(tuple((f"{name}.{option}", weight) for option, weight in weights))
    bottom = Linear(tuple((f"{name}.{option}", 1) for option, _ in weights))
    rule = Piecewise(Ratio(top, bottom, ZERO), (Piece(Interval(), ZERO, whole, READ),))
    options = tuple((option, f"Phương án {option}") for option, _ in weights)
    return Leaf(rule, (Fact(name, f"phiếu {at}", FactType.SURVEY, options=options),), whole)


MAKERS: tuple[Callable[[Random, str], Leaf], ...] = (
    *(on_count, on_ratio, on_ratio, on_percent, on_change, on_choice, checklist),
    *(deductions, levels, tiers, mean, awarded, survey),
)


SHAPES: Mapping[str, tuple[Callable[[Random, str], Leaf], ...]] = {
    "bac_thang": (on_count, on_ratio, on_percent, on_change),
    "muc": (levels,),
    "cong_don": (checklist,),
    "tru_dan": (deductions,),
    "chon_mot": (on_choice,),
    "khao_sat": (survey,),
    "trung_binh": (mean,),
    "cham_truc_tiep": (awarded,),
    "theo": (tiers,),
}
"""The makers of each shape of the files."""


def criterion_of(leaf: Leaf, code: str) -> Criterion:
    return Criterion(
        code,
        f"tiêu chí {code}",
        leaf.whole,
        CITATION,
        rule=leaf.rule,
        facts=leaf.facts,
        exemptions=leaf.exemptions,
        direction=leaf.direction,
        notes=leaf.notes,
    )


def make_sound(r: Random, makers: tuple[Callable[[Random, str], Leaf], ...] = MAKERS) -> Ruleset:
    """A sound ruleset of two areas with a few leaves each, and a ladder of grades."""
    areas = []
    for n in range(1, 3):
        codes = [f"{n}.{m}" for m in range(1, r.randint(1, 3) + 1)]
        children = tuple(criterion_of(r.choice(makers)(r, code.replace(".", "_")), code) for code in codes)
        areas.append(Criterion(str(n), f"lĩnh vực {n}", whole_of(children), CITATION, children=children))
    cuts = [Fraction(n, 20) for n in sorted(r.sample(range(1, 20), 3))]
    grades = tuple(Grade(f"Nhóm {n}", interval, READ) for n, interval in enumerate(ladder(cuts, [True] * 3)))
    return Ruleset(
        "thu/cap-xa",
        "1",
        "Bộ thử",
        Scope.WHOLE,
        Application((Level.COMMUNE,), SINCE, UNTIL),
        (),
        tuple(areas),
        whole_of(areas),
        index_basis=READ,
        scales=(GradeScale(grades, Basing.INDEX),),
    )


def whole_of(parts: tuple[Criterion, ...] | list[Criterion]) -> Fraction:
    return sum((part.max_points for part in parts if isinstance(part.max_points, Fraction)), ZERO)
