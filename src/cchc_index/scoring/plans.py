"""A ruleset taken apart once: for each criterion, how it is scored and what stands around its rule."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from attrs import frozen

from cchc_index.criteria import AdjustmentKind, Criterion, Exemption, Policy, Ruleset, SourceNote
from cchc_index.measures import Condition, Fact
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.conditions import Test, test_of
from cchc_index.scoring.evaluate import Run, rounded, run_of
from cchc_index.scoring.totals import added
from cchc_index.scoring.trace import Note
from cchc_index.sources import NOT_STATED, NoteKind


@frozen
class Plan:
    """One criterion taken apart, once for a ruleset."""

    criterion: Criterion
    run: Run | None
    whole: tuple[int, int] | None
    """The maximum to hold the points against; None where the structure proves that they cannot pass it."""
    facts: tuple[tuple[Fact, str], ...]
    exemptions: tuple[tuple[Exemption, Condition, Test], ...]
    on_request: Exemption | None
    holes: tuple[tuple[SourceNote, Test], ...]
    notes: tuple["NotePlan", ...]
    children: tuple["Plan", ...]
    is_capped: bool
    """Bonus and penalty are cut off at their maximum; elsewhere more than the maximum is a fault of the rule."""
    is_penalty: bool


NotePlan = tuple[Note, Condition | None, Test | None]
"""A note, and the condition under which a result leans on it."""


@lru_cache(maxsize=64)
def plans_of(rules: Ruleset) -> tuple[tuple[Plan, ...], tuple[Plan, ...]]:
    """The plans of the tree and of bonus and penalty. A ruleset keeps its hash, so that finding them again is cheap."""
    tree = tuple(_plan(criterion, rules) for criterion in rules.criteria)
    return tree, tuple(_plan(adjustment.criterion, rules, adjustment.kind) for adjustment in rules.adjustments)


def _plan(criterion: Criterion, rules: Ruleset, outside: AdjustmentKind | None = None) -> Plan:
    rule, whole = criterion.rule, criterion.max_points
    return Plan(
        criterion=criterion,
        run=None if rule is NOT_STATED else run_of(rule),
        whole=None if whole is NOT_STATED or _never_above(criterion, whole) else whole.as_integer_ratio(),
        facts=tuple((fact, fact.name) for fact in rules.inputs[criterion.code]),
        exemptions=tuple((e, e.when, test_of(e.when)) for e in by_condition(criterion) if e.when),
        on_request=on_request(criterion),
        holes=tuple((note, test_of(note.when)) for note in criterion.notes if _is_hole(note) and note.when),
        notes=note_plans(criterion.notes),
        children=tuple(_plan(child, rules) for child in criterion.children),
        is_capped=outside is not None,
        is_penalty=outside is AdjustmentKind.PENALTY,
    )


def _never_above(criterion: Criterion, whole: Fraction) -> bool:
    rule = criterion.rule
    if rule is NOT_STATED:
        most = added([child.max_points for child in criterion.children])
        return most is not NOT_STATED and rounded(most, criterion.rounding) <= whole
    bound = most_of(rule)
    return bound is not None and rounded(bound, criterion.rounding) <= whole


def _is_hole(note: SourceNote) -> bool:
    return note.kind is NoteKind.HOLE


def note_plans(notes: Iterable[SourceNote]) -> tuple[NotePlan, ...]:
    return tuple(
        (Note(note.kind, note.text, note.origin), note.when, test_of(note.when) if note.when else None)
        for note in notes
        if not _is_hole(note)
    )


def by_condition(criterion: Criterion) -> list[Exemption]:
    """The exemptions that follow from the figures."""
    return [e for e in criterion.exemptions if e.when and e.policy is not Policy.FORBIDDEN]


def on_request(criterion: Criterion) -> Exemption | None:
    """The rule under which a unit may ask not to be assessed, if the decision has one: the first one said counts."""
    asked = next((exemption for exemption in criterion.exemptions if exemption.when is None), None)
    return asked if asked and asked.policy is not Policy.FORBIDDEN else None
