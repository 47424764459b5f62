"""`score(rules, unit)`: one unit under one ruleset, exactly, with the reason for every point.

Pure and total: the same input gives the same card on every Python; what cannot be scored is one error that names
everything that is missing, undefined or wrong.

Longer than most modules: what stands around the rules is done here, in the order in which a sheet is read.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from cchc_index.canonical import digest
from cchc_index.criteria import (
    Basing,
    Criterion,
    Grade,
    Points,
    Policy,
    Ruleset,
)
from cchc_index.errors import (
    BadRuleset,
    BadSubmission,
    Fault,
    MissingFacts,
    Path,
    Text,
    UndefinedByDecision,
    did_you_mean,
    spot,
)
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure, read_figures
from cchc_index.measures import Condition, names_of_condition
from cchc_index.points import in_points, is_above, show
from cchc_index.rules import ZERO, Rounding
from cchc_index.scoring.conditions import Test, Undefined
from cchc_index.scoring.evaluate import OutOfBounds, missing_from, rounded
from cchc_index.scoring.plans import Held, NotePlan, Plan, ScalePlan, on_request, plans_of
from cchc_index.scoring.totals import (
    added,
    applicable,
    index_of,
    reaches,
    scaled_back,
    with_adjustments,
)
from cchc_index.scoring.trace import Card, Exempted, Line, Note, Stated, line_like
from cchc_index.sources import NOT_STATED, NoteKind, NotStated
from cchc_index.version import VERSION


def score(rules: Ruleset, unit: Submission) -> Card:
    """Score one unit: points per line, total, index and grade, each with its reason.

    Points are `Fraction`, in the points of the decision; nothing is rounded unless the ruleset carries a rounding.
    Claimed points are never looked at.

    Raises BadSubmission (unknown figures, wrong types, exemptions that the decision does not allow), MissingFacts (all
    missing figures at once), UndefinedByDecision (values for which the decision gives no points), BadRuleset (a rule
    that gives more than its maximum).

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> card = cchc.score(rules, cchc.Submission("Xã A", figures))
    >>> card["4.1"].points, card.points
    (Fraction(19, 20), Fraction(39, 20))
    """
    check_match(rules, unit)
    return score_figures(rules, unit, read_figures(rules.facts_by_name, unit), digest(rules))


def score_part(part: Ruleset, unit: Submission) -> Card:
    """Score under a ruleset cut down to some of its criteria: no version has its digest, and the card carries none.

    Raises what `score` raises.

    >>> import cchc_index as cchc
    >>> from cchc_index.checking.alone import alone
    >>> part = alone(cchc.load("dong-nai/cap-xa/2022"), "4.1")
    >>> card = score_part(part, cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20}))
    >>> card.points, card.digest
    (Fraction(19, 20), NOT_STATED)
    """
    check_match(part, unit)
    return score_figures(part, unit, read_figures(part.facts_by_name, unit))


def score_figures(rules: Ruleset, unit: Submission, figures: Figures, known_as: Stated = NOT_STATED) -> Card:
    """Score a unit whose figures have already been read, under rules that have this digest.

    Raises what `score` raises, but for figures.
    """
    sheet = _Sheet(rules, unit, figures)
    sheet.refused.extend(code_faults(rules, unit))
    card = sheet.card(known_as)
    sheet.raise_problems()
    return card


def check_match(rules: Ruleset, unit: Submission) -> None:
    """Raises BadSubmission when the unit's figures were made for another ruleset or version."""
    pairs = (("bo_tieu_chi", unit.ruleset, rules.id), ("phien_ban", unit.version, rules.version))
    faults = [
        Fault(
            Text(
                f"bản khai lập theo «{given}», còn đang chấm theo «{used}»",
                f"made for «{given}», scored under «{used}»",
            ),
            (key,),
        ).located(unit.places)
        for key, given, used in pairs
        if given is not None and given != used
    ]
    if faults:
        raise BadSubmission(faults)


def code_faults(rules: Ruleset, unit: Submission) -> Iterator[Fault]:
    """Codes the unit names that are no criterion, or that it may not leave out."""
    claimed = [claim.code for claim in unit.claims]
    for section, codes in (("khong_danh_gia", unit.exemptions), ("tai_lieu", unit.evidence), ("tu_cham", claimed)):
        for code in codes:
            if code not in rules.by_code:
                message = Text("không có tiêu chí này", "there is no such criterion")
                yield Fault(message, (section, code), hint=did_you_mean(code, rules.by_code))
    for code in unit.exemptions:
        criterion = rules.by_code.get(code)
        if criterion and not on_request(criterion):
            yield Fault(_not_exemptable(criterion), ("khong_danh_gia", code))


@frozen
class _Sheet:
    """One unit's figures being scored, with the problems met on the way."""

    rules: Ruleset
    unit: Submission
    figures: Figures
    missing: dict[Path, list[str]] = field(factory=dict)
    undefined: list[Fault] = field(factory=list)
    refused: list[Fault] = field(factory=list)
    broken: list[Fault] = field(factory=list)
    gone: list[Points] = field(factory=list)
    """The declared maxima that exemptions have taken out so far, in order."""
    rescaled: list[Points] = field(factory=list)
    """Those of them for which the rest is scaled back to the whole."""

    def card(self, known_as: Stated) -> Card:
        rules, unit, plans = self.rules, self.unit, plans_of(self.rules)
        lines = tuple([self.line(plan) for plan in plans.tree])
        whole = applicable(rules.max_points, lines, self.gone)
        points = added([line.points for line in lines])
        if self.rescaled:
            points, whole = scaled_back(points, whole, added(self.rescaled))
        adjustments = tuple([self.line(plan) for plan in plans.outside])
        unrounded = with_adjustments(points, rules, adjustments)
        points = _rounded(unrounded, rules.rounding)
        index = index_of(rules, points, whole)
        return Card(
            unit=unit.unit,
            ruleset=rules.id,
            version=rules.version,
            title=rules.title,
            scope=rules.scope,
            period=unit.period,
            lines=lines,
            adjustments=adjustments,
            points=points,
            max_points=whole,
            unrounded=unrounded,
            index=index,
            grade=self.grade(plans.scales, points, index, lines),
            ranked=plans.unranked is None or not self.holds("xep_hang", *plans.unranked),
            documents=rules.documents,
            notes=self.leaned_on(plans.notes, ""),
            digest=known_as,
            library=VERSION,
        )

    def line(self, plan: Plan) -> Line:
        if plan.is_exemptable and (exempted := self.exempted(plan)):
            self.take_out(plan.criterion.max_points, exempted.exemption.policy)
            return _exempt_line(plan, exempted)
        line, fields = line_like(plan.bare)
        points = self.add_up(plan, fields) if plan.children else self.apply(plan, fields)
        fields["points"] = points
        if not plan.is_plain:
            self.adjust(plan, fields, points)
        if plan.code in self.unit.evidence:
            fields["evidence"] = self.unit.evidence[plan.code]
        return line

    def take_out(self, whole: Points, policy: Policy) -> None:
        if policy in (Policy.REMOVED, Policy.RESCALED):
            self.gone.append(whole)
        if policy is Policy.RESCALED:
            self.rescaled.append(whole)

    def add_up(self, plan: Plan, fields: dict[str, Any]) -> Points:
        """The points of the lines below; those lines and what is left of the maximum, put into the line."""
        gone_before = len(self.gone)
        fields["children"] = children = tuple([self.line(child) for child in plan.children])
        if plan.max_points is NOT_STATED or len(self.gone) > gone_before:
            fields["max_points"] = applicable(plan.max_points, children, self.gone[gone_before:])
        return added([line.points for line in children])

    def apply(self, plan: Plan, fields: dict[str, Any]) -> Points:
        """The points of the rule; its figures and how it gave them, put into the line."""
        figures = self.figures
        try:
            fields["inputs"] = tuple([(fact, figures[name]) for fact, name in plan.facts])
        except MissingFigure:
            fields["inputs"] = tuple([(fact, figures[name]) for fact, name in plan.facts if name in figures])
        if not plan.run:
            return NOT_STATED
        try:
            fields["trace"] = trace = plan.run(figures)
        except (MissingFigure, Undefined, OutOfBounds) as problem:
            self.note(plan.criterion, problem)
            return NOT_STATED
        return trace.points

    def adjust(self, plan: Plan, fields: dict[str, Any], unrounded: Points) -> None:
        """Round, cut off, hold against the maximum; and the notes that the result leans on."""
        criterion = plan.criterion
        if plan.observations:
            fields["observed"] = tuple([look(self.figures) for look in plan.observations])
        if plan.holes:
            self.stop_in_holes(plan)
        fields["points"] = points = _rounded(unrounded, criterion.rounding)
        fields["notes"] = self.leaned_on(plan.notes, criterion.code)
        if plan.is_capped or criterion.rounding:
            fields["unrounded"] = unrounded
        if plan.whole is None or points is NOT_STATED or not is_above(points, plan.whole):
            return
        if plan.is_capped:
            fields["points"] = plan.whole
        else:
            self.broken.append(_above(criterion, points))

    def exempted(self, plan: Plan) -> Exempted | None:
        for exemption, condition, test in plan.exemptions:
            if self.holds(plan.criterion.code, condition, test):
                return Exempted(exemption)
        reason = self.unit.exemptions.get(plan.criterion.code)
        return Exempted(plan.on_request, reason) if plan.on_request and reason is not None else None

    def note(self, criterion: Criterion, problem: MissingFigure | Undefined | OutOfBounds) -> None:
        """Why the rule gave no points."""
        if isinstance(problem, OutOfBounds):
            self.refused.append(Fault(problem.text, ("so_lieu", problem.fact)))
            return
        if isinstance(problem, Undefined):
            self.note_undefined(criterion, problem.text)
        self.note_missing(criterion)

    def stop_in_holes(self, plan: Plan) -> None:
        """A criterion without a rule: the holes that the source leaves in what can be looked at are problems still."""
        for text, test in plan.holes:
            with suppress(MissingFigure, Undefined):
                if test(self.figures):
                    self.note_undefined(plan.criterion, Text(text, text))
                    return

    def holds(self, code: str, condition: Condition, test: Test) -> bool:
        """Whether a condition beside the rules holds; what it lacks is noted against `code`."""
        try:
            return test(self.figures) is True
        except MissingFigure:
            self.note_absent(((name,) for name in names_of_condition(condition)), code)
        except Undefined as problem:
            self.undefined.append(Fault(problem.text, (code,)))
        return False

    def leaned_on(self, notes: Iterable[NotePlan], code: str) -> tuple[Note, ...]:
        return tuple([note for note, held in notes if held is None or self.holds(code, *held)])

    def grade(
        self, scales: Iterable[ScalePlan], points: Points, index: Points, lines: Iterable[Line]
    ) -> Grade | None | Literal[NotStated.NOT_STATED]:
        """The grade of the first scale that applies; NOT_STATED where it states none for these points."""
        for basing, held, cells in scales:
            if held is None or self.holds("xep_loai", *held):
                value = index if basing is Basing.INDEX else points
                found = None if value is NOT_STATED else cells.at(*value.as_integer_ratio())
                return found[0] if found and self.earns(*found, lines) else NOT_STATED
        return None

    def earns(self, grade: Grade, held: Held | None, lines: Iterable[Line]) -> bool:
        """Whether what the grade asks for beyond its range is known to be there."""
        if held and not self.holds("xep_loai", *held):
            return False
        return grade.each_from is None or all(reaches(line.index, grade.each_from) for line in lines)

    def note_absent(self, paths: Iterable[Path], code: str) -> None:
        for path in dict.fromkeys(paths):
            if len(path) > 1 or not self.figures.has(str(path[0])):
                codes = self.missing.setdefault(path, [])
                codes.extend([code] if code not in codes else [])

    def note_missing(self, criterion: Criterion) -> None:
        assert criterion.rule is not NOT_STATED
        conditions = (note.when for note in criterion.notes if note.when)
        named: list[Path] = [(name,) for condition in conditions for name in names_of_condition(condition)]
        lacking = [self.declared_path(path) for path in missing_from(criterion.rule, self.figures)]
        self.note_absent([*named, *lacking], criterion.code)

    def declared_path(self, path: Path) -> Path:
        """A figure that records lack may be one of the unit's, and is then named once."""
        columns = {column.name for column in self.rules.facts_by_name[_base(path)].fields}
        return path if len(path) == 1 or path[-1] in columns else (path[-1],)

    def note_undefined(self, criterion: Criterion, reason: Text) -> None:
        holes = [note.text for note in criterion.notes if note.kind is NoteKind.HOLE and note.text != reason.vi]
        told = [reason, Text(str(criterion.citation), str(criterion.citation)), *(Text(h, h) for h in holes)]
        vi, en = "; ".join(text.vi for text in told), "; ".join(text.en for text in told)
        message = Text(f"{criterion.name}: {vi}", f"{criterion.name}: {en}")
        self.undefined.append(Fault(message, (criterion.code,)).located(self.unit.places))

    def raise_problems(self) -> None:
        """One error, the gravest kind first, naming every fault of that kind."""
        if self.refused:
            raise BadSubmission(fault.located(self.unit.places) for fault in self.refused)
        if self.missing:
            raise MissingFacts(
                self._missing_faults(), {spot(path): tuple(codes) for path, codes in self.missing.items()}
            )
        if self.undefined:
            raise UndefinedByDecision(self.undefined)
        if self.broken:
            raise BadRuleset(self.broken)

    def _missing_paths(self) -> list[Path]:
        """What is missing, in the order in which the ruleset declares it."""
        order = {name: place for place, name in enumerate(self.rules.facts_by_name)}
        return sorted(self.missing, key=lambda path: (order[_base(path)], [str(step).zfill(9) for step in path]))

    def _missing_faults(self) -> Iterator[Fault]:
        for path in self._missing_paths():
            label, needed = self._label(path), ", ".join(code for code in self.missing[path] if code) or self.rules.id
            message = Text(f"chưa khai ({label}); cần cho {needed}", f"not given ({label}); needed for {needed}")
            if self.rules.facts_by_name[_base(path)].given:
                period = Text("chưa khai kỳ đánh giá, để biết năm", "the period is not given, and so the year")
                message = Text(f"{period.vi}: {message.vi}", f"{period.en}: {message.en}")
                yield Fault(message, ("ky",)).located(self.unit.places)
                continue
            name, _, option = str(path[0]).partition(".")
            steps = (name, option) if option else path
            yield Fault(message, ("so_lieu", *steps)).located(self.unit.places)

    def _label(self, path: Path) -> str:
        """The label of a missing figure: that of the column, for one inside a record."""
        fact = self.rules.facts_by_name[_base(path)]
        inner = {column.name: column.label for column in fact.fields}
        return inner.get(str(path[-1]), fact.label)


def _base(path: Path) -> str:
    """The declared figure behind `phieu.A` or a column of a record."""
    return str(path[0]).partition(".")[0]


def _not_exemptable(criterion: Criterion) -> Text:
    return Text(
        f"{criterion.citation} không quy định được bỏ đánh giá tiêu chí này",
        f"{criterion.citation} does not allow this criterion to be left out",
    )


def _rounded(points: Points, rounding: Rounding | None) -> Points:
    return points if points is NOT_STATED else rounded(points, rounding)


def _above(criterion: Criterion, points: Fraction) -> Fault:
    whole = criterion.max_points
    assert whole is not NOT_STATED
    given = in_points(points)
    message = Text(
        f"quy tắc cho {given.vi}, vượt điểm tối đa {show(whole)}",
        f"the rule gives {given.en}, above the maximum {show(whole, 'en')}",
    )
    return Fault(message, (criterion.code,))


def _exempt_line(plan: Plan, exempted: Exempted) -> Line:
    """The line of a criterion that is not assessed, with everything under it."""
    criterion, policy = plan.criterion, exempted.exemption.policy
    whole = criterion.max_points
    return Line(
        code=criterion.code,
        name=criterion.name,
        points=whole if policy is Policy.FULL else ZERO,
        max_points=ZERO if policy in (Policy.REMOVED, Policy.RESCALED) else whole,
        citation=criterion.citation,
        exempted=exempted,
        notes=tuple([note for note, held in plan.notes if held is None]),
        children=tuple(_exempt_line(child, exempted) for child in plan.children),
    )
