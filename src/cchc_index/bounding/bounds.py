"""`bounds(rules, unit)`: the least and the most points that a unit can still get, given what it has not declared yet.

An end is the best or the worst over all completions: every way to give the missing figures that a submission may take
and for which the decision gives points. A line is looked at by itself; the total over completions for which every line
has points.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import suppress

from attrs import evolve

from cchc_index.bounding.givens import missing_in
from cchc_index.bounding.parts import Builder, Part, shared_records
from cchc_index.bounding.results import Bound, Bounds
from cchc_index.bounding.showing import Showing
from cchc_index.bounding.solve import Ending
from cchc_index.bounding.whole import SILENT, Whole, set_to
from cchc_index.checking.lint.coverage import Kind, View, troubles_of
from cchc_index.checking.lint.told import TOLD
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import MissingFacts, Text, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.figures import read_figures
from cchc_index.measures import names_of_condition
from cchc_index.scoring.plans import by_condition
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NoteKind

UNDEFINED = (Kind.GAP, Kind.OVERLAP, Kind.ZERO, Kind.NEGATIVE, Kind.EMPTY)


def bounds(rules: Ruleset, unit: Submission, *, on: datetime.date | None = None) -> Bounds:
    """The least and the most points still possible, for each line and in total.

    With `on`, a day that is not declared has not come yet: it is `on` or later. So a deadline that is past is missed,
    and one ahead can still be met. Records that are missing altogether are not held to it.

    Raises BadSubmission and BadRuleset as `score` does.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> found = bounds(rules, cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20}))
    >>> str(found.total.least.value), str(found.total.most.value), found["4.1"].is_fixed
    ('19/20', '39/20', True)
    """
    card: Card | None = None
    with suppress(MissingFacts, UndefinedByDecision):
        card = score(rules, unit)
    figures = read_figures(rules.facts_by_name, unit)
    domain = missing_in(rules, unit, figures, on)
    builder = Builder(rules, unit, figures, domain, shared_records(rules, figures))
    ending = Ending(domain, keeps_keys=False)
    whole = Whole(rules, unit, domain, builder, Showing(unit, domain), ending, card)
    lines = tuple(_line(whole, path) for path in _paths(rules))
    total, index = whole.total_and_index()
    return Bounds(unit.unit, rules.id, rules.version, lines, total, index, whole.grades(total, index), on)


def _paths(rules: Ruleset) -> Iterator[tuple[Criterion, ...]]:
    """Every criterion in the order of the table, after those it is a part of."""
    tops = [*rules.criteria, *(one.criterion for one in rules.adjustments)]
    waiting: list[tuple[Criterion, ...]] = [(top,) for top in reversed(tops)]
    while waiting:
        path = waiting.pop()
        yield path
        waiting += [(*path, child) for child in reversed(path[-1].children)]


def _line(whole: Whole, path: Sequence[Criterion]) -> Bound:
    own, part = path[-1], whole.builder.line(path)
    wanted = sorted(part.keys | whole.domain.free(_names_beside(path)))
    bare = Bound(own.code, own.name, own.max_points, None, None, tuple(wanted))
    if part.asked and whole.is_silent(own):
        return set_to(bare, SILENT)
    found = evolve(bare, left_out=tuple(dict.fromkeys(_left_out(whole, own, part))))
    return whole.within(found, [whole.ending.ends(part, sign) for sign in (-1, 1)], wanted, own.walk())


def _names_beside(path: Sequence[Criterion]) -> Iterator[str]:
    """The figures of every condition beside the last of some criteria and what is in it, or around it."""
    for one in (*path[:-1], *path[-1].walk()):
        conditions = [exemption.when for exemption in by_condition(one)]
        conditions += [note.when for note in one.notes] if one not in path[:-1] else []
        for when in conditions:
            yield from names_of_condition(when) if when else ()


def _left_out(whole: Whole, criterion: Criterion, part: Part) -> Iterator[Text]:
    """For which completions the decision gives no points."""
    with suppress(Unproven):
        for one in criterion.walk():
            for note in one.notes if not one.children else ():
                if note.kind is NoteKind.HOLE and note.when and whole.may_hold(note.when):
                    yield Text(note.text, note.text)
    yield from _troubles(whole, part)


def _troubles(whole: Whole, part: Part) -> Iterator[Text]:
    for inner in part.parts:
        yield from _troubles(whole, inner)
    if part.domain.records in part.keys and part.rule is not None:
        yield TOLD[Kind.EMPTY].said
    if part.rule is None or part.is_hard:
        return
    with suppress(Unproven):
        for trouble in troubles_of(part.rule, View(part.domain, part.asked)):
            if trouble.kind in UNDEFINED and whole.is_met(trouble.regions):
                yield TOLD[trouble.kind].said
