"""One unit scored the slow and obvious way: exemptions, rescaling, bonus and penalty, index, grade."""

from fractions import Fraction

from attrs import field, frozen

from cchc_index.criteria import (
    AdjustmentKind,
    Basing,
    Criterion,
    Exemption,
    Grade,
    Points,
    Policy,
    Ruleset,
)
from cchc_index.facts import Submission
from cchc_index.measures import Condition
from cchc_index.sources import NOT_STATED, NoteKind
from cchc_index.testing.reference.needs import is_refusing, needed
from cchc_index.testing.reference.rules import (
    AbsentError,
    Given,
    HoleError,
    RefusedError,
    inside,
    points_of,
    rounded,
    truth,
)


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
