"""Small edits of rules, criteria and rulesets, the kind that a new version makes, each named by what it changes."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve

from cchc_index.comparing.changes import Kind
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Application,
    Basing,
    Counts,
    Criterion,
    Dropped,
    Exemption,
    Grade,
    GradeScale,
    Level,
    Observation,
    Policy,
    Ranking,
    Ruleset,
    Scope,
    SourceNote,
    Task,
)
from cchc_index.measures import AllOf, Chosen, DayOfYear, Fact, FactType, Interval, Ratio, figure
from cchc_index.rules import (
    Average,
    Awarded,
    Choose,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    constant,
    parts_of,
)
from cchc_index.sources import NOT_STATED, Citation, Document, NoteKind, Quote, Reading
from cchc_index.testing.mutants import with_part

OTHER = Quote("Câu khác: 2 điểm", Citation("VB", "dòng 2"))
FEW = (Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(-1, 4))


def mutated_rule(r: Random, rule: Rule) -> Rule:
    """The rule with one thing in it changed, somewhere."""
    parts = parts_of(rule)
    if parts and r.randrange(3):
        number = r.randrange(len(parts))
        return with_part(rule, number, mutated_rule(r, parts[number]))
    edited: Rule = r.choice(_EDITS[type(rule)])(r, rule)
    return edited


def _one(r: Random, items: tuple[Any, ...], edit: Callable[[Any], Any]) -> tuple[Any, ...]:
    if not items:
        return items
    number = r.randrange(len(items))
    return tuple(edit(item) if n == number else item for n, item in enumerate(items))


def _dropped(r: Random, items: tuple[Any, ...]) -> tuple[Any, ...]:
    gone = r.randrange(len(items)) if items else 0
    return tuple(item for number, item in enumerate(items) if number != gone)


def _shifted(r: Random, interval: Interval) -> Interval:
    """One end moved, opened or closed."""
    by = r.choice(FEW)
    if r.randrange(2):
        return evolve(interval, low_closed=not interval.low_closed and interval.low is not None)
    if interval.low is not None and (interval.high is None or interval.low + by < interval.high):
        return evolve(interval, low=interval.low + by)
    return interval if interval.high is None else evolve(interval, high=interval.high + abs(by))


def _split_pieces(r: Random, rule: Piecewise) -> Piecewise:
    """A band cut in two that give the same."""
    found: list[Piece] = []
    cut = r.choice(FEW)
    for piece in rule.pieces:
        if cut in piece.interval and piece.interval.low != piece.interval.high:
            found.append(evolve(piece, interval=evolve(piece.interval, high=cut, high_closed=False)))
            found.append(evolve(piece, interval=evolve(piece.interval, low=cut, low_closed=True)))
        else:
            found.append(piece)
    return evolve(rule, pieces=tuple(piece for piece in found if not _is_empty(piece.interval)))


def _is_empty(interval: Interval) -> bool:
    closed = interval.low_closed and interval.high_closed
    return interval.low is not None and interval.low == interval.high and not closed


_EDITS: dict[type, list[Callable[[Random, Any], Any]]] = {
    Piecewise: [
        lambda r, rule: evolve(
            rule, pieces=_one(r, rule.pieces, lambda p: evolve(p, interval=_shifted(r, p.interval)))
        ),
        lambda r, rule: evolve(rule, pieces=_one(r, rule.pieces, lambda p: evolve(p, base=p.base + r.choice(FEW)))),
        lambda r, rule: evolve(rule, pieces=_one(r, rule.pieces, lambda p: evolve(p, slope=p.slope + r.choice(FEW)))),
        lambda r, rule: evolve(rule, pieces=_one(r, rule.pieces, lambda p: evolve(p, basis=OTHER))),
        lambda r, rule: evolve(rule, pieces=_dropped(r, rule.pieces)),
        lambda r, rule: evolve(rule, pieces=rule.pieces[::-1]),
        _split_pieces,
        lambda r, rule: evolve(
            rule,
            measure=evolve(rule.measure, at_zero=r.choice((NOT_STATED, Fraction(1))))
            if isinstance(rule.measure, Ratio)
            else evolve(rule.measure, constant=rule.measure.constant + 1),
        ),
    ],
    Table: [
        lambda r, rule: evolve(rule, options=_one(r, rule.options, lambda o: evolve(o, points=o.points + 1))),
        lambda r, rule: evolve(rule, options=_dropped(r, rule.options)),
        lambda r, rule: evolve(rule, options=rule.options[::-1]),
        lambda r, rule: evolve(rule, options=_one(r, rule.options, lambda o: evolve(o, basis=OTHER))),
    ],
    Sum: [
        lambda r, rule: evolve(rule, base=rule.base + r.choice(FEW)),
        lambda r, rule: evolve(rule, cap=r.choice((None, Fraction(1), Fraction(3)))),
        lambda r, rule: evolve(rule, floor=r.choice((None, Fraction(0), Fraction(1, 2)))),
        lambda r, rule: evolve(rule, terms=_dropped(r, rule.terms)),
        lambda r, rule: evolve(rule, terms=rule.terms[::-1]),
        lambda r, rule: evolve(rule, terms=_one(r, rule.terms, lambda t: evolve(t, label="mục khác", basis=OTHER))),
    ],
    Switch: [
        lambda r, rule: evolve(rule, cases=_dropped(r, rule.cases)),
        lambda r, rule: evolve(rule, cases=rule.cases[::-1]),
        lambda r, rule: evolve(rule, choose=r.choice(list(Choose))),
        lambda r, rule: evolve(rule, cases=_one(r, rule.cases, lambda c: evolve(c, basis=OTHER))),
    ],
    Average: [
        lambda r, rule: evolve(rule, rounding=r.choice((None, Rounding(Fraction(1, 10)), Rounding(Fraction(1))))),
    ],
    Awarded: [
        lambda r, rule: evolve(rule, high=r.choice((None, Fraction(1), Fraction(2)))),
        lambda r, rule: evolve(rule, low=r.choice((None, Fraction(0), Fraction(1)))),
        lambda r, rule: evolve(rule, step=r.choice((NOT_STATED, Fraction(1, 4), Fraction(1, 2)))),
        lambda r, rule: evolve(rule, basis=OTHER),
    ],
}


def mutated(r: Random, rules: Ruleset) -> Ruleset:
    """The ruleset with one leaf's rule changed in one place."""
    leaves = [criterion.code for criterion in rules.walk() if criterion.rule is not NOT_STATED]
    if not leaves:
        return rules
    code = r.choice(leaves)
    return at(rules, code, lambda leaf: evolve(leaf, rule=mutated_rule(r, leaf.rule)))  # type: ignore[arg-type]


def at(rules: Ruleset, code: str, edit: Callable[[Criterion], Criterion]) -> Ruleset:
    """The ruleset with one criterion edited."""

    def walked(criterion: Criterion) -> Criterion:
        if criterion.code == code:
            return edit(criterion)
        return evolve(criterion, children=tuple(walked(child) for child in criterion.children))

    criteria = tuple(walked(criterion) for criterion in rules.criteria)
    outside = tuple(evolve(a, criterion=walked(a.criterion)) for a in rules.adjustments)
    return evolve(rules, criteria=criteria, adjustments=outside)


def first_leaf(rules: Ruleset) -> Criterion:
    return next(criterion for criterion in rules.walk() if not criterion.children)


def on_leaf(edit: Callable[[Criterion], Criterion]) -> Callable[[Ruleset], Ruleset]:
    """An edit of the first leaf of a ruleset."""
    return lambda rules: at(rules, first_leaf(rules).code, edit)


def _told(rules: Ruleset) -> Application:
    return evolve(rules.application, since=datetime.date(2031, 1, 1))


CITED = Citation("VB9", "dòng 9")
AWARDED = Fact("diem_moi", "điểm mới", FactType.POINTS)
NEW_FACT = Fact("them_moi", "số liệu thêm mới")
NOTE = SourceNote(NoteKind.READING, "cách hiểu mới", "người lập")
LEAF = Criterion("moi", "tiêu chí mới", Fraction(1), CITED, rule=constant(Fraction(1)))
GRADE = Grade("Hạng mới", Interval(low=Fraction(1000)))
DOCUMENT = Document("VB9", "9/QĐ", datetime.date(2030, 1, 1), "cơ quan", "về việc", "nguon/VB9.md", "bịa")


def _reshaped(leaf: Criterion) -> Criterion:
    """The leaf scored in another way: awarded, or one that was awarded given outright."""
    rule: Rule = (
        constant(Fraction(3, 7)) if isinstance(leaf.rule, Awarded) else Awarded("diem_moi", high=Fraction(3, 7))
    )
    return evolve(leaf, rule=rule, facts=(*leaf.facts, AWARDED))


Edit = Callable[[Ruleset], Ruleset]
EDITS: tuple[tuple[Kind, Edit], ...] = (
    (Kind.ADDED, lambda rules: evolve(rules, criteria=(*rules.criteria, LEAF))),
    (Kind.DROPPED, lambda rules: evolve(rules, criteria=rules.criteria[1:])),
    (Kind.MOVED, on_leaf(lambda leaf: evolve(leaf, code="99.9"))),
    (Kind.MOVED, lambda rules: evolve(rules, criteria=(evolve(LEAF, children=rules.criteria, rule=NOT_STATED),))),
    (
        Kind.MOVED,
        lambda rules: evolve(
            rules,
            criteria=rules.criteria[1:],
            adjustments=(*rules.adjustments, Adjustment(AdjustmentKind.BONUS, rules.criteria[0])),
        ),
    ),
    (Kind.RENAMED, on_leaf(lambda leaf: evolve(leaf, name="tên khác hẳn"))),
    (Kind.MAXIMUM, on_leaf(lambda leaf: evolve(leaf, max_points=Fraction(777)))),
    (Kind.MAXIMUM, lambda rules: evolve(rules, max_points=Fraction(777))),
    (Kind.SHAPE, on_leaf(_reshaped)),
    (Kind.CITATION, on_leaf(lambda leaf: evolve(leaf, citation=CITED))),
    (Kind.CITATION, on_leaf(lambda leaf: evolve(leaf, supersedes=CITED))),
    (Kind.FIGURES, lambda rules: evolve(rules, facts=(*rules.facts, NEW_FACT))),
    (Kind.FIGURES, on_leaf(lambda leaf: evolve(leaf, facts=(*leaf.facts, NEW_FACT)))),
    (Kind.EXEMPTION, on_leaf(lambda leaf: evolve(leaf, exemptions=(*leaf.exemptions, Exemption(Policy.FULL))))),
    (Kind.ROUNDING, on_leaf(lambda leaf: evolve(leaf, rounding=Rounding(Fraction(3))))),
    (Kind.ROUNDING, lambda rules: evolve(rules, rounding=Rounding(Fraction(1, 8), basis=OTHER))),
    (Kind.EVIDENCE, on_leaf(lambda leaf: evolve(leaf, evidence=(*leaf.evidence, "Tài liệu mới")))),
    (Kind.NOTES, on_leaf(lambda leaf: evolve(leaf, notes=(*leaf.notes, NOTE)))),
    (Kind.NOTES, lambda rules: evolve(rules, notes=(*rules.notes, NOTE))),
    (
        Kind.OBSERVATIONS,
        on_leaf(lambda leaf: evolve(leaf, observations=(*leaf.observations, Observation("tỷ lệ", figure("x"))))),
    ),
    (Kind.TASKS, on_leaf(lambda leaf: evolve(leaf, tasks=(*leaf.tasks, Task("việc", ("sở",), DayOfYear(30, 11)))))),
    (Kind.COUNTS, on_leaf(lambda leaf: evolve(leaf, counts=Counts(7)))),
    (Kind.COUNTS, lambda rules: evolve(rules, counts=Counts(7, 8, 9, OTHER))),
    (Kind.TITLE, lambda rules: evolve(rules, title="Tên khác")),
    (Kind.SCOPE, lambda rules: evolve(rules, scope=Scope.FRAME if rules.scope is not Scope.FRAME else Scope.WHOLE)),
    (Kind.APPLICATION, lambda rules: evolve(rules, application=_told(rules))),
    (Kind.APPLICATION, lambda rules: evolve(rules, application=evolve(rules.application, levels=(Level.OFFICE,) * 2))),
    (Kind.DOCUMENTS, lambda rules: evolve(rules, documents=(*rules.documents, DOCUMENT))),
    (Kind.INDEX, lambda rules: evolve(rules, index_basis=Reading("điểm trên tối đa", "ai"))),
    (Kind.GRADES, lambda rules: evolve(rules, scales=(*rules.scales, GradeScale((GRADE,), when=AllOf(()))))),
    (Kind.GRADES, lambda rules: evolve(rules, scales=(*rules.scales, GradeScale((), when=AllOf(()))))),
    (Kind.RANKING, lambda rules: evolve(rules, ranking=Ranking(Basing.POINTS, Chosen("u", ("co",)), OTHER))),
    (Kind.REMOVED_BEFORE, lambda rules: evolve(rules, dropped=(*rules.dropped, Dropped("9", "mục", CITED, OTHER)))),
)
"""One edit, or more, for each kind of change that can be made to any ruleset; those inside rules are `mutated_rule`."""
