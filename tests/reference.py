"""The naive reference: what the docstrings of the core say, in plain `Fraction`s, sharing no code with it.

It reads the values of the algebra (their fields only) and never calls what the library computes with them.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cchc_index.criteria import (
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    Observation,
    Points,
    Policy,
    Ruleset,
)
from cchc_index.facts import Submission
from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, Interval, Linear, Measure, Within
from cchc_index.rules import (
    Average,
    Awarded,
    Choose,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
)
from cchc_index.sources import NOT_STATED, NoteKind

Given = Mapping[str, Any]


class HoleError(Exception):
    """The source gives no points."""


class AbsentError(Exception):
    """A figure is not there."""


class RefusedError(Exception):
    """Awarded points that no one may award."""


def inside(value: Fraction, interval: Interval) -> bool:
    """Whether a number lies between the ends."""
    if interval.low is not None and (value < interval.low or (value == interval.low and not interval.low_closed)):
        return False
    return interval.high is None or value < interval.high or (value == interval.high and interval.high_closed)


def looked(given: Given, name: str) -> Any:
    if name not in given:
        raise AbsentError(name)
    return given[name]


def linear(measure: Linear, given: Given) -> Fraction:
    found = Fraction(measure.constant)
    for name, coefficient in measure.terms:
        found += Fraction(coefficient) * Fraction(looked(given, name))
    return found


def value_of(measure: Measure, given: Given) -> Fraction | None:
    """The value; None for a zero denominator about which the source says nothing."""
    if isinstance(measure, Linear):
        return linear(measure, given)
    top, bottom = linear(measure.top, given), linear(measure.bottom, given)
    if bottom < 0:
        raise HoleError
    if bottom == 0:
        return None if measure.at_zero is NOT_STATED else measure.at_zero
    return top / bottom


def truth(condition: Condition, given: Given) -> bool | None:
    """Three values: True, False, and None for what nobody can tell. Every figure that is named is looked at."""
    match condition:
        case Within():
            value = value_of(condition.measure, given)
            return None if value is None else inside(value, condition.interval)
        case Chosen():
            return any(looked(given, condition.fact) == option for option in condition.options)
        case AllOf():
            return kleene_all([truth(part, given) for part in condition.parts])
        case AnyOf():
            flipped = kleene_all([negated(truth(part, given)) for part in condition.parts])
            return negated(flipped)


def kleene_all(found: list[bool | None]) -> bool | None:
    """The least of the truths, where False < None < True."""
    order: list[bool | None] = [False, None, True]
    return order[min([2, *(order.index(one) for one in found)])]


def negated(found: bool | None) -> bool | None:
    return None if found is None else not found


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple, found by looking at both neighbours; a tie goes away from zero."""
    size = abs(value)
    below = step * (size // step)
    above = below + step
    nearest = below if size - below < above - size else above
    return nearest if value >= 0 else -nearest


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    return value if rounding is None else half_up(value, rounding.step)


def points_of(rule: Rule, given: Given) -> Fraction:
    """The points of a rule. Raises HoleError, AbsentError, RefusedError."""
    match rule:
        case Piecewise():
            value = value_of(rule.measure, given)
            held = [] if value is None else [piece for piece in rule.pieces if inside(value, piece.interval)]
            if value is None or not held:
                raise HoleError
            return held[0].base + held[0].slope * value
        case Table():
            chosen = looked(given, rule.fact)
            named = [option.points for option in rule.options if option.name == chosen]
            if not named:
                raise HoleError
            return named[0]
        case Sum():
            found = rule.base
            for term in rule.terms:
                found += points_of(term.rule, given)
            found = found if rule.cap is None else min(found, rule.cap)
            return found if rule.floor is None else max(found, rule.floor)
        case Switch():
            return points_of_switch(rule, given)
        case Average():
            records = looked(given, rule.records)
            if not records:
                raise HoleError
            scores = [points_of(rule.rule, {**given, **record}) for record in records]
            return rounded(sum(scores, Fraction(0)) / len(scores), rule.rounding)
        case Awarded():
            return awarded(rule, Fraction(looked(given, rule.fact)))


def awarded(rule: Awarded, points: Fraction) -> Fraction:
    below = rule.low is not None and points < rule.low
    above = rule.high is not None and points > rule.high
    off_step = rule.step is not NOT_STATED and points % rule.step != 0
    if below or above or off_step:
        raise RefusedError
    return points


def points_of_switch(rule: Switch, given: Given) -> Fraction:
    if rule.choose is Choose.FIRST:
        for case in rule.cases:
            held = truth(case.when, given)
            if held is None:
                raise HoleError
            if held:
                return points_of(case.rule, given)
        raise HoleError
    truths = [truth(case.when, given) for case in rule.cases]
    if rule.choose is Choose.ONLY:
        if None in truths or truths.count(True) != 1:
            raise HoleError
        return points_of(rule.cases[truths.index(True)].rule, given)
    sure = [points_of(c.rule, given) for c, held in zip(rule.cases, truths, strict=True) if held is True]
    unsure = [points_of(c.rule, given) for c, held in zip(rule.cases, truths, strict=True) if held is None]
    if not sure or (unsure and max(unsure) > max(sure)):
        raise HoleError
    return max(sure)


@frozen
class Row:
    """Points and applicable maximum of one criterion; `gone` is what was rescaled away below."""

    points: Points
    whole: Points
    gone: tuple[Points, ...] = ()
    removed: tuple[Points, ...] = ()
    exempt: bool = False


def added(values: list[Points]) -> Points:
    found = Fraction(0)
    for value in values:
        if value is NOT_STATED:
            return NOT_STATED
        found += value
    return found


def less(whole: Points, part: Points) -> Points:
    return NOT_STATED if whole is NOT_STATED or part is NOT_STATED else whole - part


@frozen
class Result:
    """What the reference finds for one unit: every row, the whole, and the kinds of problem met at each criterion."""

    rows: dict[str, Row] = field(factory=dict)
    absent: list[str] = field(factory=list)
    holes: list[str] = field(factory=list)
    refused: list[str] = field(factory=list)
    broken: list[str] = field(factory=list)
    mixed: list[str] = field(factory=list)
    """Criteria that both lack a figure and hold points that no one may award: either may be told first."""
    points: list[Points] = field(factory=list)
    whole: list[Points] = field(factory=list)
    index: list[Points] = field(factory=list)
    grade: list[Grade | None | str] = field(factory=list)
    ranked: list[bool] = field(factory=list)

    @property
    def kind(self) -> str:
        """The name of the error the library must raise, the gravest first; empty where it must give a card."""
        kinds = (
            ("BadSubmission", self.refused),
            ("MissingFacts", self.absent),
            ("UndefinedByDecision", self.holes),
            ("BadRuleset", self.broken),
        )
        return next((name for name, found in kinds if found), "")


def share_of(row: Row) -> Fraction | None:
    """Points over the applicable maximum, where both are known and there is one."""
    if isinstance(row.points, Fraction) and isinstance(row.whole, Fraction) and row.whole:
        return row.points / row.whole
    return None


def asked_for(criterion: Criterion, unit: Submission) -> Exemption | None:
    on_request = [e for e in criterion.exemptions if e.when is None]
    may = bool(on_request) and on_request[0].policy is not Policy.FORBIDDEN
    return on_request[0] if may and criterion.code in unit.exemptions else None


@frozen
class Reference:
    """One unit scored the slow and obvious way."""

    rules: Ruleset
    unit: Submission
    given: Given
    found: Result = field(factory=Result)

    def holds(self, condition: Condition, code: str) -> bool:
        try:
            return truth(condition, self.given) is True
        except AbsentError:
            self.found.absent.append(code)
        except HoleError:
            self.found.holes.append(code)
        return False

    def exemption(self, criterion: Criterion) -> Exemption | None:
        for exemption in criterion.exemptions:
            if exemption.when and self.holds(exemption.when, criterion.code):
                return exemption
        return asked_for(criterion, self.unit)

    def row(self, criterion: Criterion, *, cap: bool = False) -> Row:
        exemption = self.exemption(criterion)
        row = self.exempt(criterion, exemption.policy) if exemption else self.assessed(criterion, cap=cap)
        self.found.rows[criterion.code] = row
        return row

    def exempt(self, criterion: Criterion, policy: Policy) -> Row:
        """REMOVED, RESCALED: gone from both; FULL: full points; UNCOUNTED: no points, the maximum stays."""
        for child in criterion.children:
            self.found.rows[child.code] = self.exempt(child, policy)
        whole = criterion.max_points
        if policy in (Policy.REMOVED, Policy.RESCALED):
            gone = (whole,) if policy is Policy.RESCALED else ()
            return Row(Fraction(0), Fraction(0), gone, (whole,), exempt=True)
        return Row(whole if policy is Policy.FULL else Fraction(0), whole, exempt=True)

    def assessed(self, criterion: Criterion, *, cap: bool = False) -> Row:
        below = [self.row(child) for child in criterion.children]
        points = added([row.points for row in below]) if below else self.leaf(criterion)
        if points is not NOT_STATED:
            points = rounded(points, criterion.rounding)
        for note in criterion.notes:
            if note.when and note.kind is not NoteKind.HOLE:
                self.holds(note.when, criterion.code)
        whole = criterion.max_points
        if cap:
            limited = points if whole is NOT_STATED or points is NOT_STATED else min(points, whole)
            return Row(limited, whole)
        if whole is not NOT_STATED and points is not NOT_STATED and points > whole:
            self.found.broken.append(criterion.code)
        gone = tuple(part for row in below for part in row.gone)
        removed = tuple(part for row in below for part in row.removed)
        if whole is NOT_STATED and below:
            return Row(points, added([row.whole for row in below]), gone, removed)
        return Row(points, less(whole, added(list(removed))), gone, removed)

    def silent(self, criterion: Criterion) -> None:
        """No rule asks for figures; a hole that the figures at hand fall into is a problem all the same."""
        for note in criterion.notes:
            if note.when and note.kind is NoteKind.HOLE:
                try:
                    held = truth(note.when, self.given) is True
                except (AbsentError, HoleError):
                    continue
                if held:
                    self.found.holes.append(criterion.code)
                    return

    def leaf(self, criterion: Criterion) -> Points:
        if criterion.rule is NOT_STATED:
            self.silent(criterion)
            return NOT_STATED
        problems = {HoleError: self.found.holes, AbsentError: self.found.absent, RefusedError: self.found.refused}
        lacking = needed(criterion.rule, self.given)
        if lacking and is_refusing(criterion.rule, self.given):
            self.found.mixed.append(criterion.code)
        try:
            if lacking:
                raise AbsentError
            for note in criterion.notes:
                if note.kind is NoteKind.HOLE and note.when and truth(note.when, self.given):
                    raise HoleError
            return points_of(criterion.rule, self.given)
        except (HoleError, AbsentError, RefusedError) as problem:
            problems[type(problem)].append(criterion.code)
        return NOT_STATED

    def whole(self) -> Result:
        rules, found = self.rules, self.found
        rows = [self.row(criterion) for criterion in rules.criteria]
        points = added([row.points for row in rows])
        whole = rules.max_points
        if whole is NOT_STATED:
            whole = added([row.whole for row in rows])
        else:
            whole = less(whole, added([part for row in rows for part in row.removed]))
        gone = added([part for row in rows for part in row.gone])
        if gone != 0 and whole != 0:
            if points is NOT_STATED or whole is NOT_STATED or gone is NOT_STATED:
                points, whole = NOT_STATED, NOT_STATED
            else:
                points, whole = points * (whole + gone) / whole, whole + gone
        for adjustment in rules.adjustments:
            part = self.row(adjustment.criterion, cap=True).points
            sign = 1 if adjustment.kind is AdjustmentKind.BONUS else -1
            points = added([points, part if part is NOT_STATED else sign * part])
        if points is not NOT_STATED:
            points = rounded(points, rules.rounding)
        index: Points = NOT_STATED
        if (
            rules.index_basis is not NOT_STATED
            and isinstance(points, Fraction)
            and isinstance(whole, Fraction)
            and whole
        ):
            index = points / whole
        self.around(points, index, rows)
        found.points.append(points)
        found.whole.append(whole)
        found.index.append(index)
        return found

    def around(self, points: Points, index: Points, rows: list[Row]) -> None:
        """Grade, rank, notes of the whole."""
        self.found.grade.append(self.graded(points, index, rows))
        ranking = self.rules.ranking
        unranked = ranking.unranked_when if ranking else None
        self.found.ranked.append(unranked is None or not self.holds(unranked, "xep_hang"))
        for note in self.rules.notes:
            if note.when and note.kind is not NoteKind.HOLE:
                self.holds(note.when, "")

    def graded(self, points: Points, index: Points, rows: list[Row]) -> Grade | None | str:
        for scale in self.rules.scales:
            if scale.when is None or self.holds(scale.when, "xep_loai"):
                value = index if scale.on is Basing.INDEX else points
                fit = [] if value is NOT_STATED else [g for g in scale.grades if inside(value, g.interval)]
                return fit[0] if fit and self.earned(fit[0], rows) else "none stated"
        return None

    def earned(self, grade: Grade, rows: list[Row]) -> bool:
        """The condition beside the range, and the share asked of each row at the top: surely there, or not there."""
        if grade.when is not None and not self.holds(grade.when, "xep_loai"):
            return False
        shares = [share_of(row) for row in rows]
        return grade.each_from is None or all(share is not None and share >= grade.each_from for share in shares)


def scored_naively(rules: Ruleset, unit: Submission, given: Given) -> Result:
    return Reference(rules, unit, given).whole()


def names_in(condition: Condition) -> Iterator[str]:
    """The figures a condition names."""
    match condition:
        case Within():
            yield from names_in_measure(condition.measure)
        case Chosen():
            yield condition.fact
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from names_in(part)


def names_in_measure(measure: Measure) -> Iterator[str]:
    sums = (measure,) if isinstance(measure, Linear) else (measure.top, measure.bottom)
    for one in sums:
        yield from (name for name, _ in one.terms)


def names_in_rule(rule: Rule) -> Iterator[str]:
    """Every figure a rule names, at any depth."""
    match rule:
        case Piecewise():
            yield from names_in_measure(rule.measure)
        case Table() | Awarded():
            yield rule.fact
        case Sum():
            for term in rule.terms:
                yield from names_in_rule(term.rule)
        case Switch():
            for case in rule.cases:
                yield from names_in(case.when)
                yield from names_in_rule(case.rule)
        case Average():
            yield rule.records
            yield from names_in_rule(rule.rule)


def needed(rule: Rule, given: Given) -> set[str]:
    """The absent figures without which the rule cannot give points, whatever the others turn out to be."""
    match rule:
        case Piecewise():
            return {name for name in names_in_measure(rule.measure) if name not in given}
        case Table() | Awarded():
            return {rule.fact} - set(given)
        case Sum():
            return {name for term in rule.terms for name in needed(term.rule, given)}
        case Switch():
            return needed_by_switch(rule, given)
        case Average():
            if rule.records not in given:
                return {rule.records}
            return {
                name if name not in COLUMNS else f"{rule.records}[{number}].{name}"
                for number, record in enumerate(given[rule.records], 1)
                for name in needed(rule.rule, {**given, **record})
            }


def is_refusing(rule: Rule, given: Given) -> bool:
    """Whether awarded points that no one may award stand anywhere in a rule."""
    match rule:
        case Awarded():
            try:
                awarded(rule, Fraction(given.get(rule.fact, rule.low or 0)))
            except RefusedError:
                return True
            return False
        case Sum():
            return any(is_refusing(term.rule, given) for term in rule.terms)
        case Switch():
            return any(is_refusing(case.rule, given) for case in rule.cases)
        case Average():
            return is_refusing(rule.rule, given)
    return False


COLUMNS = ("x", "y", "z")

Told = tuple[str, Fraction | str | None, tuple[str, ...]]


def observed_naively(observation: Observation, given: Given) -> Told:
    """The name, the value or the tier (None where the source leaves it out), and the figures that are absent."""
    measured = [] if observation.measure is None else [*names_in_measure(observation.measure)]
    named = measured + [name for tier in observation.tiers for name in names_in(tier.when)]
    absent = tuple(dict.fromkeys(name for name in named if name not in given))
    if absent:
        return observation.name, None, absent
    try:
        if observation.measure is not None:
            return observation.name, value_of(observation.measure, given), ()
        for tier in observation.tiers:
            if truth(tier.when, given) is True:
                return observation.name, tier.name, ()
    except HoleError:
        pass
    return observation.name, None, ()


def needed_by_switch(rule: Switch, given: Given) -> set[str]:
    """The figures of the conditions; those of a case only once that case can count."""
    if rule.choose is Choose.FIRST:
        for case in rule.cases:
            absent = {name for name in names_in(case.when) if name not in given}
            held = None if absent else may_hold(case.when, given)
            if absent or held is None:
                return absent
            if held:
                return needed(case.rule, given)
        return set()
    absent = {name for case in rule.cases for name in names_in(case.when) if name not in given}
    counted = [] if absent else [case for case in rule.cases if may_hold(case.when, given) is not False]
    return absent or {name for case in counted for name in needed(case.rule, given)}


def may_hold(condition: Condition, given: Given) -> bool | None:
    try:
        return truth(condition, given)
    except HoleError:
        return None
