"""A ruleset compiled once to a plan: what every criterion, the whole, the grade and the rank come to, over columns.

The plan says in whole-number expressions what `score` does for one unit after the other. It is no second set of rules:
the same six values, the same order of exemptions, roundings and maxima, read once more (see `scoring.score`, whose
steps the functions below follow). Rows for which the plan does not speak are `odd`, and the exact engine scores them.
Longer than most modules: it follows all of `scoring.score` in its order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Literal

from attrs import define, field, frozen

from cchc_index.batch.expressions import Int, Number, Test, divisor_of
from cchc_index.batch.lowering import Check, Lowering, RecordPlan, names_in
from cchc_index.batch.making import Maker
from cchc_index.criteria import (
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Points,
    Policy,
    Ruleset,
)
from cchc_index.measures import Linear, cells_of, names_of_condition
from cchc_index.rules import Average, Awarded, Piecewise, Rule, parts_of
from cchc_index.scoring.bounds import limit_of
from cchc_index.scoring.generate import common_denominator, conditions_above, conditions_beside
from cchc_index.scoring.plans import by_condition
from cchc_index.sources import NOT_STATED, NoteKind, NotStated

Scales = Mapping[str, int]
GradeFound = Grade | Literal[NotStated.NOT_STATED] | None


@frozen
class Held:
    """A value over D and whether it is stated."""

    value: Number
    stated: Test


@frozen
class LinePlan:
    """One criterion: its points, and its applicable maximum."""

    code: str
    points: Held
    whole: Held


@frozen
class Plan:
    """A ruleset over columns. Every number is over `common` (D)."""

    rules: Ruleset
    make: Maker
    common: int
    lines: tuple[LinePlan, ...]
    """Every criterion in the order of the table, then bonus and penalty."""
    points: Held
    whole: Held
    grade: Int
    """The place in `grades`."""
    grades: tuple[GradeFound, ...]
    ranked: Test
    odd: Test
    """Where it holds only the exact engine answers."""
    records: tuple[RecordPlan, ...]
    needed: tuple[str, ...]
    """The figures that a row must have, as the rules name them: `phieu.A` is an option of a survey."""
    looks: Mapping[str, Test]
    """Where each of them is looked at: not in a criterion that is not assessed, nor in a case that is not chosen."""
    checks: tuple[Check, ...]
    """What no unit may hand in; a row for which one holds is odd too, where the figures are there at all."""

    def line(self, code: str) -> LinePlan:
        """The plan of one criterion. Raises KeyError."""
        return {line.code: line for line in self.lines}[code]


def plan_of(rules: Ruleset, scales: Scales | None = None) -> Plan:
    """The plan of a ruleset for columns that are written as whole numbers over `scales`, 1 where none is given.

    >>> import cchc_index as cchc
    >>> plan = plan_of(cchc.load("dong-nai/cap-xa/2022"))
    >>> plan.common, plan.needed[:2], [line.code for line in plan.lines][:3]
    (4, ('da_xong', 'de_ra'), ['4', '4.1', '4.2'])
    """
    return _plan_of(rules, tuple(sorted((scales or {}).items())))


@lru_cache(maxsize=64)
def _plan_of(rules: Ruleset, scales: tuple[tuple[str, int], ...]) -> Plan:
    over = dict(scales)
    lower = Lowering(rules=rules, common=denominator_of(rules, over), scales=over)
    return _Compiler(lower=lower, rules=rules, make=lower.make).plan()


def denominator_of(rules: Ruleset, scales: Scales) -> int:
    """D: that of the ruleset, made so large that figures written over their scales give whole numbers too."""
    found = [common_denominator(rules)]
    for criterion in rules.walk():
        if criterion.rule is not NOT_STATED:
            found += _finer(criterion.rule, scales, "")
    return lcm(*found)


def _finer(rule: Rule, scales: Scales, record: str) -> Iterator[int]:
    """The denominators that slopes on figures and awarded points need."""
    match rule:
        case Piecewise(Linear(terms, constant), pieces):
            names = [scales.get(f"{record}/{name}", scales.get(name, 1)) for name, _ in terms]
            over = [(Fraction(c) / scale).denominator for (_, c), scale in zip(terms, names, strict=True)]
            scale = lcm(constant.denominator, *over)
            yield from ((piece.slope / scale).denominator for piece in pieces)
        case Awarded(fact):
            yield scales.get(fact, 1)
    for part in parts_of(rule):
        yield from _finer(part, scales, rule.records if isinstance(rule, Average) else record)


@frozen(kw_only=True)
class _Row:
    """What one criterion comes to, with the maxima that exemptions in and under it took away.

    `rescaled` are those of them for which the rest is scaled back to the whole.
    """

    points: Held
    whole: Held
    gone: Held
    rescaled: Held


@define(kw_only=True)
class _Compiler:
    """Follows `scoring.score` from the leaves to the grade."""

    lower: Lowering
    rules: Ruleset
    make: Maker
    found: dict[str, LinePlan] = field(factory=dict)

    def plan(self) -> Plan:
        make, rules = self.make, self.rules
        self.stop_beside()
        rows = [self.row(criterion, ()) for criterion in rules.criteria]
        gone = self.gathered([row.gone for row in rows])
        left = self.applicable(rules.max_points, rows, gone)
        self.lower.stop(make.all(left.stated, make.compare(left.value.whole, "<", make.constant(0))))
        tree, whole = self.scaled_back(self.gathered([row.points for row in rows]), left, rows)
        outside = [self.outside(adjustment.criterion) for adjustment in rules.adjustments]
        signed = [
            Held(make.opposite(row.points.value), row.points.stated) if kind is AdjustmentKind.PENALTY else row.points
            for kind, row in zip((a.kind for a in rules.adjustments), outside, strict=True)
        ]
        unrounded = self.gathered([tree, *signed])
        points = Held(self.lower.rounded(unrounded.value, rules.rounding), unrounded.stated)
        grades, grade = self.grade(points, whole, rows)
        return Plan(
            rules=rules,
            make=make,
            common=self.lower.common,
            lines=tuple(self.found[criterion.code] for criterion in rules.walk()),
            points=points,
            whole=whole,
            grade=grade,
            grades=grades,
            ranked=self.ranked(),
            odd=make.any(*self.lower.odd),
            records=tuple(self.lower.records),
            needed=(needed := tuple(self.needed())),
            looks={name: make.any(*self.lower.looks.get(name, [make.always])) for name in needed},
            checks=tuple(self.lower.checks(self.rules.facts_by_name.values())),
        )

    # -- what stands beside the rules ---------------------------------------------------------------------------

    def stop_beside(self) -> None:
        """A condition of a note, a grade or the rank stops the engine where a denominator is below zero."""
        for condition in conditions_above(self.rules):
            self.lower.condition(condition)

    def ranked(self) -> Test:
        when = self.rules.ranking.unranked_when if self.rules.ranking else None
        return self.make.negated(self.lower.condition(when)[0]) if when else self.make.always

    def needed(self) -> Iterator[str]:
        """Every figure of the unit that some rule or condition looks at, in the order of the ruleset."""
        asked: dict[str, None] = {}
        for criterion in self.rules.walk():
            asked.update(dict.fromkeys(names_in(criterion.rule) if criterion.rule is not NOT_STATED else ()))
            for exemption in criterion.exemptions:
                asked.update(dict.fromkeys(names_of_condition(exemption.when) if exemption.when else ()))
        for condition in conditions_beside(self.rules):
            asked.update(dict.fromkeys(names_of_condition(condition)))
        fields = {field.name for fact in self.rules.facts_by_name.values() for field in fact.fields}
        known = self.rules.facts_by_name
        return (name for name in asked if name.partition(".")[0] in known or name not in fields)

    # -- the tree -----------------------------------------------------------------------------------------------

    def constant(self, points: Points) -> Held:
        """Points of the ruleset over D, stated or not."""
        if points is NOT_STATED:
            return Held(self.make.number(self.make.constant(0)), self.make.never)
        return Held(self.make.number(self.make.constant(self.lower.over_d(points))), self.make.always)

    def gathered(self, held: Sequence[Held]) -> Held:
        """The sum, which is stated where every part is."""
        return Held(self.make.added([one.value for one in held]), self.make.all(*(one.stated for one in held)))

    def chosen(self, branches: Sequence[tuple[Test, Held]]) -> Held:
        """The one whose test holds."""
        make = self.make
        value = (
            make.chosen([(test, held.value) for test, held in branches]) if len(branches) > 1 else branches[0][1].value
        )
        stated = [make.any(make.negated(test), held.stated) for test, held in branches]
        return Held(value, make.all(*stated))

    def row(self, criterion: Criterion, above: tuple[tuple[Test, Policy], ...], *, is_outside: bool = False) -> _Row:
        make, lower = self.make, self.lower
        exempt = list(self.exempt(by_condition(criterion)))
        assessed = self.rest(exempt)
        with lower.under(assessed):
            for note in criterion.notes:
                holds = lower.condition(note.when)[0] if note.when else make.never
                if note.kind is NoteKind.HOLE:
                    lower.stop(holds)
            here = ((make.all(self.rest(above), test), policy) for test, policy in exempt)
            row = self.assessed(criterion, (*above, *here), is_outside=is_outside)
        nothing, own = self.constant(Fraction(0)), self.constant(criterion.max_points)
        takes = [(test, own if policy in _REMOVED else nothing) for test, policy in exempt]
        gives = [(test, own if policy is Policy.FULL else nothing) for test, policy in exempt]
        keeps = [(test, nothing if policy in _REMOVED else own) for test, policy in exempt]
        scaled = [(test, own if policy is Policy.RESCALED else nothing) for test, policy in exempt]
        found = _Row(
            points=self.chosen([*gives, (assessed, row.points)]),
            whole=self.chosen([*keeps, (assessed, row.whole)]),
            gone=self.chosen([*takes, (assessed, row.gone)]),
            rescaled=self.chosen([*scaled, (assessed, row.rescaled)]),
        )
        self.found[criterion.code] = self.shown(criterion, above, found)
        return found

    def rest(self, exempt: Iterable[tuple[Test, Policy]]) -> Test:
        """Where none of these exemptions counts."""
        return self.make.negated(self.make.any(*(test for test, _ in exempt)))

    def exempt(self, exemptions: Iterable[Exemption]) -> Iterator[tuple[Test, Policy]]:
        """When each exemption is the one that counts: the first that holds."""
        earlier = self.make.never
        for exemption in exemptions:
            if exemption.when:
                holds = self.lower.condition(exemption.when)[0]
                yield self.make.all(holds, self.make.negated(earlier)), exemption.policy
                earlier = self.make.any(earlier, holds)

    def shown(self, criterion: Criterion, above: Sequence[tuple[Test, Policy]], row: _Row) -> LinePlan:
        """The line as the card shows it: under a criterion that is not assessed, it shares its fate."""
        nothing, own = self.constant(Fraction(0)), self.constant(criterion.max_points)
        rest = self.rest(above)
        gives = [(test, own if policy is Policy.FULL else nothing) for test, policy in above]
        keeps = [(test, nothing if policy in _REMOVED else own) for test, policy in above]
        return LinePlan(
            criterion.code, self.chosen([*gives, (rest, row.points)]), self.chosen([*keeps, (rest, row.whole)])
        )

    def assessed(self, criterion: Criterion, above: tuple[tuple[Test, Policy], ...], *, is_outside: bool) -> _Row:
        nothing = rescaled = self.constant(Fraction(0))
        if criterion.children:
            rows = [self.row(child, above) for child in criterion.children]
            gone, rescaled = (self.gathered([getattr(row, name) for row in rows]) for name in ("gone", "rescaled"))
            points, whole = (
                self.gathered([row.points for row in rows]),
                self.applicable(criterion.max_points, rows, gone),
            )
        else:
            gone, whole, points = nothing, self.constant(criterion.max_points), self.constant(NOT_STATED)
            if criterion.rule is not NOT_STATED:
                points = Held(self.lower.rule(criterion.rule), self.make.always)
        value = self.lower.rounded(points.value, criterion.rounding)
        limit = limit_of(criterion, self.rules.facts_by_name)
        if limit is not None and is_outside:
            value = self.lower.clamped(value, None, limit)
        elif limit is not None:
            bound = self.make.constant(self.lower.over_d(limit))
            self.lower.stop(self.make.all(points.stated, self.make.passes(value, ">", bound)))
        return _Row(points=Held(value, points.stated), whole=whole, gone=gone, rescaled=rescaled)

    def outside(self, criterion: Criterion) -> _Row:
        return self.row(criterion, (), is_outside=True)

    def applicable(self, whole: Points, rows: Sequence[_Row], gone: Held) -> Held:
        """The declared maximum less what exemptions took away below; without one, the sum of the parts."""
        if whole is NOT_STATED:
            return self.gathered([row.whole for row in rows])
        left = self.make.weighted([(-1, gone.value.whole)], self.lower.over_d(whole))
        return Held(self.make.number(left), gone.stated)

    def scaled_back(self, points: Held, whole: Held, rows: Sequence[_Row]) -> tuple[Held, Held]:
        """What was rescaled put back: the points times `(whole + gone) / whole`, and the whole."""
        make, gone = self.make, self.gathered([row.rescaled for row in rows])
        left, back, zero = whole.value.whole, gone.value.whole, make.constant(0)
        is_back = make.any(make.negated(gone.stated), make.compare(back, ">", zero))
        is_left = make.any(make.negated(whole.stated), make.compare(left, "!=", zero))
        moves = make.all(is_back, is_left)
        if moves is make.never:
            return points, whole
        stays, stated = make.negated(moves), make.all(points.stated, whole.stated, gone.stated)
        scaled = self.lower.multiplied(points.value, *self.factor(moves, make.sum(left, back), left))
        put_back = make.sum(left, make.product(make.truth(moves), back))
        return (
            Held(scaled, make.all(points.stated, make.any(stays, stated))),
            Held(make.number(put_back), make.all(whole.stated, make.any(stays, stated))),
        )

    def factor(self, moves: Test, top: Int, bottom: Int) -> tuple[Int, Int]:
        """`top / bottom` without a common divisor that is known where the test holds, 1 where it does not."""
        make = self.make
        common = gcd(divisor_of(top), divisor_of(bottom)) or 1
        one = make.truth(make.negated(moves))
        parts = (make.product(make.truth(moves), make.divided(part, common)) for part in (top, bottom))
        over, under = (make.sum(one, part) for part in parts)
        return over, under

    # -- the grade ----------------------------------------------------------------------------------------------

    def grade(self, points: Held, whole: Held, rows: Sequence[_Row]) -> tuple[tuple[GradeFound, ...], Int]:
        """The grade of the first scale that applies, as its place among all that may be found."""
        make = self.make
        grades: list[GradeFound] = [None, NOT_STATED]
        earlier, branches = make.never, list[tuple[Test, Number]]()
        for scale in self.rules.scales:
            holds = self.lower.condition(scale.when)[0] if scale.when else make.always
            found = self.in_scale(scale, points, whole, rows, grades)
            branches.append((make.all(holds, make.negated(earlier)), make.number(found)))
            earlier = make.any(earlier, holds)
        return tuple(grades), make.chosen(branches).whole if branches else make.constant(0)

    def in_scale(
        self, scale: GradeScale, points: Held, whole: Held, rows: Sequence[_Row], grades: list[GradeFound]
    ) -> Int:
        """The place of the grade in one scale: a step for each bound, as points by bands."""
        make, lower = self.make, self.lower
        stated = points.stated
        if scale.on is Basing.INDEX:
            stated = make.all(stated, self.has_index(whole))
        places = {id(grade): len(grades) + number for number, grade in enumerate(scale.grades)}
        grades += scale.grades

        def against(sign: str, end: Fraction) -> Test:
            if scale.on is Basing.INDEX:
                return make.passes(points.value, sign, make.scaled(end.numerator, whole.value.whole), end.denominator)
            limit = end * lower.common
            return make.passes(points.value, sign, make.constant(limit.numerator), limit.denominator)

        cells = cells_of((grade.interval, grade) for grade in scale.grades)
        passed = lower.passed(cells, against)
        earned = {place: self.earned(grades[place], rows) for place in places.values()}
        ends = [test for test, _ in passed[1:]] + [make.never]
        terms: list[tuple[int, Int]] = []
        for (test, grade), end in zip(passed, ends, strict=True):
            if grade is not None:
                place = places[id(grade)]
                terms.append((place - 1, make.truth(make.all(stated, test, make.negated(end), earned[place]))))
        return make.weighted(terms, 1)

    def has_index(self, whole: Held) -> Test:
        """Whether there is an index: a stated maximum that is not zero, where the decision defines one."""
        if self.rules.index_basis is NOT_STATED:
            return self.make.never
        return self.make.all(whole.stated, self.make.compare(whole.value.whole, ">", self.make.constant(0)))

    def earned(self, grade: GradeFound, rows: Sequence[_Row]) -> Test:
        """Whether what the grade asks for beyond its range is known to be there."""
        assert isinstance(grade, Grade)
        make = self.make
        tests = [self.lower.condition(grade.when)[0]] if grade.when else []
        for row in rows if grade.each_from is not None else ():
            assert grade.each_from is not None
            share, whole = grade.each_from, row.whole.value.whole
            enough = make.passes(row.points.value, ">=", make.scaled(share.numerator, whole), share.denominator)
            tests += [row.points.stated, row.whole.stated, make.compare(whole, ">", make.constant(0)), enough]
        return make.all(*tests)


_REMOVED = (Policy.REMOVED, Policy.RESCALED)
