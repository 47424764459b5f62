"""Whole rulesets over the pool."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve

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
from cchc_index.measures import (
    DayOfYear,
    Fact,
    Interval,
)
from cchc_index.rules import (
    Rounding,
    Rule,
    constant,
)
from cchc_index.sources import NOT_STATED, Citation, NoteKind, Reading
from cchc_index.testing.numbers import STEPS, chance
from cchc_index.testing.pool.measures import CITATION, FACTS, NEW_YEAR, make_bands, make_condition, make_measure
from cchc_index.testing.pool.rules import BASES, make_rule


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
