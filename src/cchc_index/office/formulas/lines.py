"""Criteria, totals, index and grade as formulas: what `scoring.score` does around the rules, in helper cells.

Longer than other modules, so that it can be read beside `scoring.score`, step by step in the same order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from attrs import define, evolve, field, frozen

from cchc_index.criteria import AdjustmentKind, Basing, Criterion, Grade, GradeScale, Points, Policy, Ruleset
from cchc_index.measures import Condition, cells_of
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import (
    FALSE,
    MOST,
    TRUE,
    ZERO,
    Expr,
    TooLarge,
    added,
    every,
    largest,
    num,
    opposite,
    some,
    when,
)
from cchc_index.office.formulas.looks import Tested
from cchc_index.office.formulas.rules import Scored, Speaker
from cchc_index.office.formulas.values import Floor, Value, kept_if, total_of
from cchc_index.rules import Average, Rounding, Rule, parts_of
from cchc_index.scoring.bounds import limit_of
from cchc_index.scoring.plans import by_condition, on_request
from cchc_index.sources import NOT_STATED, NoteKind

PRINTED = Fraction(1, 10_000)
"""Points are printed to four places, an index in percent to two."""
TAKEN = (Policy.REMOVED, Policy.RESCALED)


def unit_of(rules: Ruleset) -> int:
    """U: every bound and half step that a value is held against is a multiple of 1/(D·U)."""
    steps = [2 * rounding.step.denominator for rounding in _roundings(rules)]
    ends = [end.denominator for scale in rules.scales for grade in scale.grades for end in _ends(grade)]
    return lcm(2 * PRINTED.denominator, *steps, *ends)


def _roundings(rules: Ruleset) -> Iterator[Rounding]:
    ordered = [rules.rounding, *(criterion.rounding for criterion in rules.walk())]
    yield from (rounding for rounding in ordered if rounding)
    for criterion in rules.walk():
        yield from () if criterion.rule is NOT_STATED else _roundings_in(criterion.rule)


def _roundings_in(rule: Rule) -> Iterator[Rounding]:
    if isinstance(rule, Average) and rule.rounding:
        yield rule.rounding
    for part in parts_of(rule):
        yield from _roundings_in(part)


def _ends(grade: Grade) -> list[Fraction]:
    ends = (grade.interval.low, grade.interval.high, grade.each_from)
    return [end for end in ends if end is not None]


@frozen
class Gone:
    """What exemptions take out of the maximum, and the part of it for which the rest counts more; each with a state."""

    state: Expr = ZERO
    points: Expr = ZERO
    rescaled_state: Expr = ZERO
    rescaled: Expr = ZERO

    @staticmethod
    def of(parts: Sequence["Gone"]) -> "Gone":
        """Everything that is gone."""
        return Gone(
            largest(ZERO, *(part.state for part in parts)),
            added([part.points for part in parts]),
            largest(ZERO, *(part.rescaled_state for part in parts)),
            added([part.rescaled for part in parts]),
        )


@frozen
class Line:
    """One criterion: what it comes to, its applicable maximum, and under which policy (from 1) it is not assessed."""

    criterion: Criterion
    state: Expr
    value: Value
    max_state: Expr
    maximum: Expr
    exempt: Expr
    gone: Gone
    children: tuple["Line", ...] = ()


@frozen
class Whole:
    """The total in ten-thousandths, the index in hundredths of a percent, the grade by number; each with a state."""

    lines: tuple[Line, ...]
    adjustments: tuple[Line, ...]
    state: Expr
    points: Expr
    max_state: Expr
    maximum: Expr
    index_state: Expr
    index: Expr
    grade_state: Expr
    grade: Expr


@frozen
class _Total:
    """The total on its way: its state, the applicable maximum, and the points floored."""

    state: Expr
    max_state: Expr
    maximum: Expr
    floor: Floor


POLICIES = tuple(Policy)


@define
class Lines:
    """Writes the formulas of criteria. `asked` are the cells that ask not to be assessed, `bad` counts wrong cells."""

    speaker: Speaker
    rules: Ruleset
    asked: Mapping[str, Expr]
    holes: dict[str, int] = field(factory=dict)
    """The state of each hole of the ruleset, by its words."""

    def cell(self, expr: Expr, label: str = "") -> Expr:
        return self.speaker.cell(expr, label)

    def line(self, criterion: Criterion, *, is_outside: bool = False) -> Line:
        """One criterion with everything under it."""
        exempt, exempt_state = self._exempted(criterion)
        children = tuple(self.line(child) for child in criterion.children)
        whole_state, whole = self._stated(criterion.max_points)
        scored = self._scored(criterion, children, is_outside=is_outside)
        is_assessed, is_full = exempt.equals(0), exempt.equals(number_of(Policy.FULL))
        is_taken, is_rescaled = _any_of(exempt, TAKEN), exempt.equals(number_of(Policy.RESCALED))
        below = Gone.of([child.gone for child in children])
        max_state, maximum = self._applicable(criterion.max_points, children, below)
        state = largest(exempt_state, when(is_assessed, scored.state, when(is_full, whole_state, 0)))
        return Line(
            criterion,
            self.cell(state, f"{criterion.code}: trạng thái"),
            kept_if(is_assessed, scored.value, when(is_full, whole, 0), self.speaker.view.scratch),
            self.cell(when(is_assessed, max_state, when(is_taken, 0, whole_state))),
            self.cell(when(is_assessed, maximum, when(is_taken, 0, whole))),
            exempt,
            Gone(
                self.cell(when(is_taken, whole_state, when(is_assessed, below.state, 0))),
                self.cell(when(is_taken, whole, when(is_assessed, below.points, 0))),
                self.cell(when(is_rescaled, whole_state, when(is_assessed, below.rescaled_state, 0))),
                self.cell(when(is_rescaled, whole, when(is_assessed, below.rescaled, 0))),
            ),
            children,
        )

    def _stated(self, whole: Points) -> tuple[Expr, Expr]:
        if whole is NOT_STATED:
            return num(states.SILENT), ZERO
        return ZERO, num(self.speaker.scaled(whole))

    def _applicable(self, whole: Points, lines: Sequence[Line], gone: "Gone") -> tuple[Expr, Expr]:
        """The declared maximum less what exemptions took away below; without one, the sum of the parts."""
        if whole is not NOT_STATED:
            return self.cell(gone.state), self.cell(num(self.speaker.scaled(whole)) - gone.points)
        state = largest(ZERO, *(line.max_state for line in lines)) if lines else num(states.SILENT)
        return self.cell(state), self.cell(added([line.maximum for line in lines]))

    def _exempted(self, criterion: Criterion) -> tuple[Expr, Expr]:
        """The policy under which a criterion is left out, and the state of the conditions looked at on the way."""
        asked, found = on_request(criterion), ZERO
        if asked and criterion.code in self.asked:
            found = when(self.asked[criterion.code].equals(1), number_of(asked.policy), 0)
        state = ZERO
        for exemption in reversed(by_condition(criterion)):
            assert exemption.when is not None
            test = self._test(exemption.when)
            found = self.cell(when(test.holds, number_of(exemption.policy), found))
            state = self.cell(when(test.holds, 0, largest(test.state, state)))
        return self.cell(found, f"{criterion.code}: không đánh giá"), state

    def _scored(self, criterion: Criterion, children: Sequence[Line], *, is_outside: bool) -> Scored:
        """Points and state of a criterion that is assessed."""
        try:
            scored = self._bare(criterion, children)
            value = scored.value
            if criterion.rounding:
                value = self.speaker.rounded(value, criterion.rounding)
            state = largest(scored.state, *(test.state for test in self._notes(criterion)))
            limit = limit_of(criterion, self.rules.facts_by_name)
            if limit is None:
                return Scored(self.cell(state), value)
            most = num(self.speaker.scaled(limit))
            passes = self.cell(when(self.speaker.divider.is_above(value, most * self.speaker.divider.unit), 1, 0))
            if is_outside:
                return Scored(self.cell(state), kept_if(passes.equals(0), value, most, self.speaker.view.scratch))
            broken = when(every(state.equals(0), passes.equals(1)), states.BROKEN, state)
            return Scored(self.cell(broken), value)
        except TooLarge:
            return Scored(num(states.BEYOND), Value())

    def _bare(self, criterion: Criterion, children: Sequence[Line]) -> Scored:
        holes = ZERO if children else self._holes(criterion)
        if criterion.rule is not NOT_STATED:
            scored = self.speaker.rule(criterion.rule)
        elif children:
            scored = Scored(
                largest(ZERO, *(line.state for line in children)), total_of(line.value for line in children)
            )
        else:
            return Scored(self.cell(largest(num(states.SILENT), holes)), Value())
        return Scored(self.cell(largest(scored.state, holes)), scored.value)

    def _holes(self, criterion: Criterion) -> Expr:
        """The state of a hole that the figures are known to fall into; what it lacks matters only before a rule."""
        found = ZERO
        for note in criterion.notes:
            if note.kind is NoteKind.HOLE and note.when:
                code = self.holes.setdefault(note.text, states.HOLES + len(self.holes))
                test = self._test(note.when)
                unknown = ZERO if criterion.rule is NOT_STATED else test.state
                found = self.cell(largest(found, when(test.holds, code, unknown)))
        return found

    def _notes(self, criterion: Criterion) -> list[Tested]:
        return self._tests([n.when for n in criterion.notes if n.when and n.kind is not NoteKind.HOLE])

    def _tests(self, conditions: Iterable[Condition]) -> list[Tested]:
        return [self._test(condition) for condition in conditions]

    def _test(self, condition: Condition) -> Tested:
        try:
            return self.speaker.view.test(condition)
        except TooLarge:
            return Tested(num(states.BEYOND), ZERO)

    # -- the whole ---------------------------------------------------------------------------------------------------

    def whole(self, bad: Expr) -> Whole:
        """Everything, down to the grade. `bad` is above 0 where some input cell is not what it should be."""
        rules = self.rules
        lines = tuple(self.line(criterion) for criterion in rules.criteria)
        outside = tuple(self.line(one.criterion, is_outside=True) for one in rules.adjustments)
        gone = Gone.of([line.gone for line in lines])
        max_state, maximum = self._applicable(rules.max_points, lines, gone)
        tree = Scored(largest(ZERO, *(line.state for line in lines)), total_of(line.value for line in lines))
        minus = [one.kind is AdjustmentKind.PENALTY for one in rules.adjustments]
        more = total_of(-line.value if less else line.value for line, less in zip(outside, minus, strict=True))
        beside = [n.when for n in rules.notes if n.when and n.kind is not NoteKind.HOLE]
        beside += [rules.ranking.unranked_when] if rules.ranking and rules.ranking.unranked_when else []
        tests = self._tests(beside)
        wrong = when(bad > 0, states.WORST, 0)
        state = self.cell(
            largest(tree.state, wrong, *(line.state for line in outside), *(test.state for test in tests)), "tổng"
        )
        whole = _Total(state, max_state, maximum, Floor(ZERO))
        try:
            whole = self._totalled(whole, tree, more, gone)
            points = self.speaker.divider.rounded_floor(whole.floor, PRINTED)
            grade_state, grade = self._graded(whole, lines)
            index_state, index = self._index(whole)
        except TooLarge:
            beyond = num(states.BEYOND)
            return Whole(lines, outside, beyond, ZERO, max_state, maximum, beyond, ZERO, beyond, ZERO)
        state = self.cell(largest(whole.state, grade_state))
        return Whole(
            lines, outside, state, points, whole.max_state, whole.maximum, index_state, index, grade_state, grade
        )

    def _totalled(self, whole: "_Total", tree: Scored, more: Value, gone: Gone) -> "_Total":
        """The total of the tree, the rest scaled back where the decision says so, with bonus and penalty, rounded."""
        divider, rounding = self.speaker.divider, self.rules.rounding
        floor = divider.floor(tree.value + more)
        if (gone.rescaled, gone.rescaled_state) != (ZERO, ZERO):
            whole, floor = self._scaled_back(whole, tree, more, gone, floor)
        if rounding:
            steps = divider.rounded_floor(floor, rounding.step)
            floor = Floor(self.cell(steps * (self.speaker.scaled(rounding.step) * divider.unit)))
        return evolve(whole, floor=floor)

    def _scaled_back(
        self, whole: "_Total", tree: Scored, more: Value, gone: Gone, plain: Floor
    ) -> tuple["_Total", Floor]:
        """Points and maximum with what was rescaled put back; beside a bonus that is a fraction, left to `cchc`."""
        divider, rescaled = self.speaker.divider, self.cell(gone.rescaled, "quy đổi")
        lacking = self.cell(gone.rescaled_state)
        is_on = self.cell(when(every(rescaled > 0, whole.maximum > 0), 1, 0))
        maxima = [one.max_points for one in self.rules.walk()] + [self.rules.max_points]
        shrink = gcd(*(self.speaker.scaled(one) for one in maxima if one is not NOT_STATED)) or 1
        bottom = self.cell(when(is_on.equals(1), whole.maximum.over(shrink), 1).within(1, MOST))
        top = self.cell(when(is_on.equals(1), (whole.maximum + rescaled).over(shrink), 1).within(1, MOST))
        scaled = divider.scaled(tree.value, top, bottom) if not more.parts else Floor(ZERO)
        beyond = when(every(is_on.equals(1), TRUE if more.parts else FALSE), states.BEYOND, 0)
        floor = self.cell(when(is_on.equals(1), scaled.floor + more.whole * divider.unit, plain.floor))
        left = self.cell(when(is_on.equals(1), *(when(one.is_exact, 0, 1) for one in (scaled, plain))))
        is_nothing = every(whole.max_state.equals(0), whole.maximum.equals(0))
        lacking = self.cell(when(is_nothing, 0, lacking))
        silent = when(rescaled > 0, whole.max_state, 0)
        unknown = when(every(is_on.equals(1), tree.state.equals(states.SILENT)), states.SILENT, 0)
        whole = evolve(
            whole,
            state=self.cell(largest(whole.state, beyond, silent, lacking)),
            max_state=self.cell(largest(whole.max_state, lacking, unknown)),
            maximum=self.cell(when(is_on.equals(1), whole.maximum + rescaled, whole.maximum)),
        )
        return whole, Floor(floor, (left,))

    def _index(self, whole: "_Total") -> tuple[Expr, Expr]:
        """The index in hundredths of a percent: floor((floor(20000·x) + w) / 2w) for points x, maximum w, over D."""
        silent = num(states.SILENT)
        if self.rules.index_basis is NOT_STATED:
            return silent, ZERO
        divider, half = self.speaker.divider, PRINTED.denominator * 2
        state = self.cell(largest(whole.state, whole.max_state, when(whole.maximum.equals(0), silent, 0)), "chỉ số")
        bottom = self.cell(when(whole.maximum > 0, whole.maximum, 1).within(1, MOST))
        down = self.cell(whole.floor.floor.over(divider.unit // half))
        up = (down + bottom).over(bottom * 2)
        if down.low >= 0:
            return state, self.cell(up)
        is_whole = every(whole.floor.is_exact, whole.floor.floor.equals(down * (divider.unit // half)))
        size = self.cell(-down - when(is_whole, 0, 1))
        return state, self.cell(when(down >= 0, up, -((size + bottom).over(bottom * 2))))

    # -- the grade ---------------------------------------------------------------------------------------------------

    def _graded(self, whole: "_Total", lines: Sequence[Line]) -> tuple[Expr, Expr]:
        """A state, and the number of the grade among all scales, from 1; 0 where none is stated, −1 for no scale."""
        state, grade, first = ZERO, num(-1), sum(len(scale.grades) for scale in self.rules.scales)
        for scale in reversed(self.rules.scales):
            first -= len(scale.grades)
            earned_state, earned = self._earned(scale, whole, lines, first)
            if scale.when is None:
                state, grade = earned_state, earned
                continue
            test = self._test(scale.when)
            state = self.cell(when(test.holds, earned_state, largest(test.state, state)))
            grade = self.cell(when(test.holds, earned, grade))
        return self.cell(state), self.cell(grade)

    def _earned(self, scale: GradeScale, whole: "_Total", lines: Sequence[Line], first: int) -> tuple[Expr, Expr]:
        """The grade whose range holds the points or the index, if what it asks for beyond that is there."""
        divider, known = self.speaker.divider, list(scale.grades)
        by_index = scale.on is Basing.INDEX
        has_index = self.rules.index_basis is not NOT_STATED
        if by_index and not has_index:
            return ZERO, ZERO
        unit = whole.maximum if by_index else num(self.speaker.common)
        found, numbers = ZERO, {id(grade): first + n + 1 for n, grade in enumerate(known)}
        cells = cells_of((grade.interval, grade) for grade in known)
        found = num(numbers[id(cells.beneath)]) if cells.beneath else ZERO
        for cut_n, cut_d, here, above in reversed(cells.cuts):
            bound = self.cell(unit * (cut_n * (divider.unit // cut_d)), "xếp loại")
            at, over = (num(numbers[id(one)]) if one else ZERO for one in (here, above))
            found = when(whole.floor.floor >= bound, at, found)
            found = self.cell(when(whole.floor.is_above(bound), over, found) if here is not above else found)
        is_there = every(whole.max_state.equals(0), whole.maximum > 0) if by_index else TRUE
        found = self.cell(when(every(is_there, whole.state.equals(0)), found, 0))
        state, earned = ZERO, found
        for number, grade in enumerate(known):
            own = first + number + 1
            state, holds = self._asked(grade, lines, state, found.equals(own))
            earned = self.cell(when(every(found.equals(own), opposite(holds)), 0, earned))
        return self.cell(state), earned

    def _asked(self, grade: Grade, lines: Sequence[Line], state: Expr, is_found: Expr) -> tuple[Expr, Expr]:
        """What a grade asks for beyond its range, looked at only where the range holds."""
        tests = self._tests([grade.when] if grade.when else [])
        state = largest(state, *(when(is_found, test.state, 0) for test in tests))
        holds = [test.holds for test in tests]
        if grade.each_from is not None:
            holds += [self._reaches(line, grade.each_from) for line in lines]
        return state, every(*holds)

    def _reaches(self, line: Line, least: Fraction) -> Expr:
        """Whether a criterion is known to have this share of its maximum."""
        divider = self.speaker.divider
        bound = line.maximum * (least.numerator * (divider.unit // least.denominator))
        enough = divider.is_at_least(line.value, self.cell(bound))
        return every(line.state.equals(0), line.max_state.equals(0), line.maximum > 0, enough)


def number_of(policy: Policy) -> int:
    return POLICIES.index(policy) + 1


def _any_of(exempt: Expr, policies: Iterable[Policy]) -> Expr:
    return some(*(exempt.equals(number_of(policy)) for policy in policies))
