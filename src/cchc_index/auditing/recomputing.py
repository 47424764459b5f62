"""Score what can be scored: a missing or unusable figure takes away the criteria that need it, and no others.

It asks the one engine, `score`, for the whole; where that cannot be, for each part of the tree on its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from cchc_index.criteria import Adjustment, Criterion, Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault
from cchc_index.facts import Submission
from cchc_index.figures import read_figures
from cchc_index.rules import Rule, own_names, parts_of
from cchc_index.scoring.plans import on_request
from cchc_index.scoring.score import score, score_part
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED, NotStated


@frozen
class Recomputed:
    """What follows from a unit's figures: the whole card where all of it does, and each line that does.

    `failed` says for each other criterion why it could not be scored.
    """

    card: Card | None
    lines: Mapping[str, Line]
    failed: Mapping[str, CchcError]


def recomputed(rules: Ruleset, unit: Submission) -> Recomputed:
    """The lines of a unit whose figures can be read. Claims are never looked at.

    >>> import cchc_index as cchc
    >>> found = recomputed(cchc.load("dong-nai/cap-xa/2022"), Submission("Xã A", {"da_xong": 19, "de_ra": 20}))
    >>> found.lines["4.1"].points, sorted(found.failed)
    (Fraction(19, 20), ['4.2'])
    """
    try:
        card = score(rules, unit)
    except CchcError:
        lines: dict[str, Line] = {}
        failed: dict[str, CchcError] = {}
        for criterion in rules.criteria:
            _take(rules, unit, criterion, lines, failed)
        for adjustment in rules.adjustments:
            _take_outside(rules, unit, adjustment, lines, failed)
        return Recomputed(None, lines, failed)
    return Recomputed(card, card.by_code, {})


def _take(
    rules: Ruleset, unit: Submission, criterion: Criterion, lines: dict[str, Line], failed: dict[str, CchcError]
) -> None:
    """Score a criterion with all under it; where that cannot be, each child on its own."""
    outcome = _scored(_only(rules, criterion), unit)
    if isinstance(outcome, Card):
        lines.update(outcome.by_code)
        return
    undecided = _scored(_only(rules, evolve(criterion, children=(), rule=NOT_STATED)), unit)
    if not criterion.children:
        failed[criterion.code] = outcome
    elif isinstance(undecided, CchcError):
        failed.update({below.code: undecided for below in criterion.walk()})
    else:
        for child in criterion.children:
            _take(rules, unit, child, lines, failed)


def _take_outside(
    rules: Ruleset, unit: Submission, adjustment: Adjustment, lines: dict[str, Line], failed: dict[str, CchcError]
) -> None:
    outcome = _scored(evolve(_only(rules), adjustments=(adjustment,)), unit)
    if isinstance(outcome, Card):
        lines.update(outcome.by_code)
    else:
        failed[adjustment.criterion.code] = outcome


def _only(rules: Ruleset, *criteria: Criterion) -> Ruleset:
    """The same ruleset with nothing but these criteria; every figure stays declared."""
    return evolve(
        rules,
        criteria=criteria,
        max_points=NOT_STATED,
        facts=tuple(rules.facts_by_name.values()),
        rounding=None,
        adjustments=(),
        scales=(),
        ranking=None,
        notes=(),
    )


def _scored(rules: Ruleset, unit: Submission) -> Card | CchcError:
    exemptions = {code: reason for code, reason in unit.exemptions.items() if code in rules.by_code}
    try:
        return score_part(rules, evolve(unit, exemptions=exemptions))
    except CchcError as error:
        return error


def usable(rules: Ruleset, unit: Submission) -> tuple[Submission, list[Fault]]:
    """The unit without what cannot be used, and the faults of what was left out.

    Left out are figures that are of no known name or type or that contradict another, exemptions that the decision does
    not allow, and everything that is not looked at when scoring.
    """
    faults: list[Fault] = []
    allowed = {code: reason for code, reason in unit.exemptions.items() if is_exemptable(rules, code)}
    bare = evolve(unit, ruleset=None, version=None, exemptions=allowed, evidence={}, claims=())
    while (problem := _unreadable(rules, bare)) is not None:
        faults += problem.faults
        bare = _without(bare, problem.faults)
    return bare, faults


def is_exemptable(rules: Ruleset, code: str) -> bool:
    """Whether a unit may ask not to be assessed on this criterion."""
    return code in rules.by_code and on_request(rules[code]) is not None


def _unreadable(rules: Ruleset, unit: Submission) -> BadSubmission | None:
    try:
        read_figures(rules.facts_by_name, unit)
    except BadSubmission as error:
        return error
    return None


def _without(unit: Submission, faults: Iterable[Fault]) -> Submission:
    """The unit without the figures that faults name; a fault of the period takes the period away."""
    named = {fault.path[1] for fault in faults if len(fault.path) > 1}
    figures: dict[str, Any] = {name: value for name, value in unit.figures.items() if name not in named}
    return evolve(unit, figures=figures, period=unit.period if named else None)


def names_in(rule: Rule | NotStated) -> Iterator[str]:
    """Every figure of the unit that a rule looks at; those inside records are not among them."""
    if isinstance(rule, NotStated):
        return
    yield from (name.partition(".")[0] for name in own_names(rule))
    for part in parts_of(rule):
        yield from names_in(part)


def users_of(rules: Ruleset, name: str) -> tuple[str, ...]:
    """The criteria whose rules look at a figure, in the order of the table.

    >>> import cchc_index as cchc
    >>> users_of(cchc.load("dong-nai/cap-xa/2022"), "de_ra")
    ('4.1',)
    """
    return tuple(criterion.code for criterion in rules.walk() if name in names_in(criterion.rule))
