"""A ruleset taken apart once: for each criterion, how it is scored and what stands around its rule."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache

from attrs import frozen

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
    SourceNote,
)
from cchc_index.errors import Text
from cchc_index.figures import Figures
from cchc_index.measures import Cells, Condition, Fact, cells_of
from cchc_index.scoring.bounds import limit_of
from cchc_index.scoring.conditions import Test, Undefined, test_of
from cchc_index.scoring.evaluate import Run, run_of
from cchc_index.scoring.observe import Observe, observe
from cchc_index.scoring.trace import Line, Note, Trace
from cchc_index.sources import NOT_STATED, NoteKind


@frozen
class Plan:
    """One criterion taken apart, once for a ruleset."""

    criterion: Criterion
    code: str
    bare: Line
    """The line without points: what every line of this criterion has in common."""
    run: Run | None
    is_plain: bool
    """Whether the points of a line are those of its rule or its parts, with nothing to do or to say beside them."""
    max_points: Points
    whole: Fraction | None
    """The maximum to hold the points against; None where they cannot pass it."""
    facts: tuple[tuple[Fact, str], ...]
    exemptions: tuple[tuple[Exemption, Condition, Test], ...]
    on_request: Exemption | None
    is_exemptable: bool
    notes: tuple["NotePlan", ...]
    children: tuple["Plan", ...]
    observations: tuple[Observe, ...]
    holes: tuple[tuple[str, Test], ...]
    """Where there is no rule to stand before: the holes in what can be looked at all the same."""
    is_capped: bool
    """Bonus and penalty are cut off at their maximum; elsewhere more than the maximum is a fault of the rule."""


Held = tuple[Condition, Test]
"""A condition beside the rules, and how it is tested."""
NotePlan = tuple[Note, Held | None]
"""A note, and the condition under which a result leans on it."""
ScalePlan = tuple[Basing, Held | None, Cells[tuple[Grade, Held | None]]]
"""What grades look at, the units they are for, and the grades, each with its condition beyond the range."""


@frozen
class Plans:
    """A whole ruleset taken apart: the tree, bonus and penalty, and what stands beside them."""

    tree: tuple[Plan, ...]
    outside: tuple[Plan, ...]
    notes: tuple[NotePlan, ...]
    scales: tuple[ScalePlan, ...]
    unranked: Held | None


@lru_cache(maxsize=64)
def plans_of(rules: Ruleset) -> Plans:
    """The plans of a ruleset. A ruleset keeps its hash, so that finding them again is cheap."""
    unranked = rules.ranking.unranked_when if rules.ranking else None
    return Plans(
        tree=tuple(_plan(criterion, rules) for criterion in rules.criteria),
        outside=tuple(_plan(adjustment.criterion, rules, adjustment.kind) for adjustment in rules.adjustments),
        notes=note_plans(rules.notes),
        scales=tuple(_scale_plan(scale) for scale in rules.scales),
        unranked=_held(unranked),
    )


def _held(condition: Condition | None) -> Held | None:
    return (condition, test_of(condition)) if condition else None


def _scale_plan(scale: GradeScale) -> ScalePlan:
    grades = ((grade.interval, (grade, _held(grade.when))) for grade in scale.grades)
    return scale.on, _held(scale.when), cells_of(grades)


def _plan(criterion: Criterion, rules: Ruleset, outside: AdjustmentKind | None = None) -> Plan:
    rule, notes = criterion.rule, note_plans(criterion.notes)
    whole = limit_of(criterion, rules.facts_by_name)
    holes = _holes(criterion) if rule is NOT_STATED and not criterion.children else ()
    return Plan(
        criterion=criterion,
        code=criterion.code,
        bare=_bare_line(criterion, outside),
        run=None if rule is NOT_STATED else _past_holes(_holes(criterion), run_of(rule)),
        is_plain=not (whole is not None or notes or criterion.rounding or outside or criterion.observations or holes),
        max_points=criterion.max_points,
        whole=whole,
        facts=tuple((fact, fact.name) for fact in _facts(criterion, rules)),
        exemptions=tuple((e, e.when, test_of(e.when)) for e in by_condition(criterion) if e.when),
        on_request=on_request(criterion),
        is_exemptable=bool(by_condition(criterion) or on_request(criterion)),
        notes=notes,
        children=tuple(_plan(child, rules) for child in criterion.children),
        observations=observe(criterion.observations),
        holes=holes,
        is_capped=outside is not None,
    )


def _facts(criterion: Criterion, rules: Ruleset) -> Iterator[Fact]:
    """The figures to show beside a line: those of its rule, then those it is only looked at by."""
    yield from rules.inputs[criterion.code]
    asked = {fact.name for fact in rules.inputs[criterion.code]}
    observed = dict.fromkeys(name for observation in criterion.observations for name in observation.names)
    declared = (name for name in observed if name.partition(".")[0] in rules.facts_by_name)
    yield from (rules.fact(name) for name in declared if name not in asked)


def _bare_line(criterion: Criterion, outside: AdjustmentKind | None) -> Line:
    return Line(
        code=criterion.code,
        name=criterion.name,
        points=NOT_STATED,
        max_points=criterion.max_points,
        citation=criterion.citation,
        rounding=criterion.rounding,
        evidence_required=criterion.evidence,
        is_penalty=outside is AdjustmentKind.PENALTY,
    )


def _holes(criterion: Criterion) -> tuple[tuple[str, Test], ...]:
    return tuple((note.text, test_of(note.when)) for note in criterion.notes if _is_hole(note) and note.when)


def _past_holes(holes: tuple[tuple[str, Test], ...], run: Run) -> Run:
    """The rule, applied where no hole is known to be."""

    def run_past(figures: Figures) -> Trace:
        for text, test in holes:
            if test(figures):
                raise Undefined(Text(text, text))
        return run(figures)

    return run_past if holes else run


def _is_hole(note: SourceNote) -> bool:
    return note.kind is NoteKind.HOLE


def note_plans(notes: Iterable[SourceNote]) -> tuple[NotePlan, ...]:
    return tuple((Note(note.kind, note.text, note.origin), _held(note.when)) for note in notes if not _is_hole(note))


def by_condition(criterion: Criterion) -> list[Exemption]:
    """The exemptions that follow from the figures."""
    return [e for e in criterion.exemptions if e.when and e.policy is not Policy.FORBIDDEN]


def on_request(criterion: Criterion) -> Exemption | None:
    """The rule under which a unit may ask not to be assessed, if the decision has one: the first one said counts."""
    asked = next((exemption for exemption in criterion.exemptions if exemption.when is None), None)
    return asked if asked and asked.policy is not Policy.FORBIDDEN else None
