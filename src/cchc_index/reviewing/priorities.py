"""Where the points are, and the least set of changes that reaches a target.

Least is, in this order: the fewest criteria changed; the fewest figures changed; the smallest sum of the amounts, each
in its figure's own unit (an option counts 1). The steps of each criterion are those of `levers`, and of each criterion
one is taken. What a solver gives is checked against the exact score; a set that rounding on the way breaks is ruled out
and the next one asked for, so that the answer is the least one that really reaches the target.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from attrs import evolve, frozen

from cchc_index.bounding.bounds import bounds
from cchc_index.bounding.results import Bounds
from cchc_index.criteria import AdjustmentKind, Basing, Points, Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Text, did_you_mean
from cchc_index.facts import Submission
from cchc_index.reviewing.levers import Step, as_given, steps_of
from cchc_index.reviewing.partial import Partial, partial
from cchc_index.reviewing.progress import last_due
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED


@frozen
class Opportunity:
    """One criterion that has points left: how many, what gains some of them, who owns it and until when.

    `points` are None where figures are missing (`lacking`): declaring them comes first. `steps` are cheapest first.
    """

    code: str
    name: str
    points: Points | None
    max_points: Points
    still_open: Points
    steps: tuple[Step, ...]
    owners: tuple[str, ...] = ()
    due: datetime.date | None = None
    lacking: tuple[str, ...] = ()


def priorities(rules: Ruleset, unit: Submission, *, falling: Collection[str] = ()) -> tuple[Opportunity, ...]:
    """The criteria with points left, most first; those whose open points are not stated come last.

    `falling` names figures that may go down. Raises BadSubmission and BadRuleset.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 17, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    >>> [(one.code, str(one.still_open)) for one in priorities(rules, cchc.Submission("Xã A", figures))]
    [('4.1', '1'), ('4.2', '1/2')]
    """
    found = partial(rules, unit)
    ahead = bounds(rules, unit) if found.lacking else None
    every = [_opportunity(rules, unit, found, code, falling) for code in _gainful(rules)]
    left = [one for one in (_possible(one, ahead) for one in every if one) if one.still_open != 0]
    known = [one for one in left if one.still_open is not NOT_STATED]
    unknown = [one for one in left if one.still_open is NOT_STATED]
    return (*sorted(known, key=_most_open, reverse=True), *unknown)


def _most_open(one: Opportunity) -> Fraction:
    assert isinstance(one.still_open, Fraction)
    return one.still_open


def _gainful(rules: Ruleset) -> list[str]:
    """What is scored itself, in the tree and as a bonus."""
    tree = [c.code for top in rules.criteria for c in top.walk() if not c.children]
    bonus = [one.criterion.code for one in rules.adjustments if one.kind is AdjustmentKind.BONUS]
    return tree + [code for code in bonus if not rules[code].children]


def _opportunity(
    rules: Ruleset, unit: Submission, found: Partial, code: str, falling: Collection[str]
) -> Opportunity | None:
    criterion, line = rules[code], found.card[code]
    if line.exempted:
        return None
    lacking = found.lacking.get(code, ())
    is_known = line.points is not NOT_STATED
    got = line.points if line.points is not NOT_STATED else Fraction(0)
    return Opportunity(
        code=code,
        name=criterion.name,
        points=None if lacking or code in found.undefined else line.points,
        max_points=line.max_points,
        still_open=NOT_STATED if line.max_points is NOT_STATED else line.max_points - got,
        steps=steps_of(rules, unit, code, falling) if is_known else (),
        owners=tuple(dict.fromkeys(owner for task in criterion.tasks for owner in task.owners)),
        due=last_due(criterion, unit.period),
        lacking=lacking,
    )


def _possible(one: Opportunity, ahead: Bounds | None) -> Opportunity:
    """The opportunity with what can still be had, where the figures given already rule some of its maximum out."""
    most = ahead[one.code].values[1] if ahead and one.lacking else None
    return one if most is None or one.max_points is NOT_STATED else evolve(one, still_open=max(most, Fraction(0)))


Chosen = tuple[tuple[str, Step], ...]
"""Steps by the code of their criterion."""


# -- a target ----------------------------------------------------------------------------------------------------------


@frozen
class Plan:
    """The least set of changes that reaches `target` points, or that it cannot be reached.

    `most` are the points when every criterion takes its best step: the bound that an impossible target passes.
    """

    target: Fraction
    before: Fraction
    after: Fraction
    most: Fraction
    is_possible: bool
    steps: Chosen = ()


def plan(rules: Ruleset, unit: Submission, target: Fraction, *, falling: Collection[str] = ()) -> Plan:
    """The least set of changes with which the total is at least `target`. The sheet must be complete.

    Raises what `score` raises, and CchcError when the solver (`pip install "cchc-index[solve]"`) is not there.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 17, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    >>> found = plan(rules, cchc.Submission("Xã A", figures), Fraction("1.4"))
    >>> [(code, step.changes[0].new, str(step.gain)) for code, step in found.steps], str(found.after)
    ([('4.1', 18, '9/10')], '7/5')
    """
    before = _total(score(rules, unit))
    options = [(one.code, one.steps) for one in priorities(rules, unit, falling=falling) if one.steps]
    best = tuple((code, steps[-1]) for code, steps in options)
    most = _total(score(rules, changed(unit, best)))
    found = Plan(target, before, before, most, before >= target)
    if before >= target or most < target:
        return found
    need, ruled_out = target - before - _slack(rules), list[Chosen]()
    while True:
        chosen = _cheapest(options, need, ruled_out)
        after = _total(score(rules, changed(unit, chosen)))
        if after >= target:
            return evolve(found, after=after, is_possible=True, steps=chosen)
        ruled_out.append(chosen)


def _total(card: Card) -> Fraction:
    if card.points is NOT_STATED:
        message = Text("tổng điểm là không quy định", "the total is not stated")
        raise BadSubmission([Fault(message, (card.unit,))])
    return card.points


def changed(unit: Submission, steps: Iterable[tuple[str, Step]]) -> Submission:
    """The sheet after these steps."""
    new = {change.fact.name: as_given(change.fact, change.new) for _, step in steps for change in step.changes}
    return evolve(unit, figures={**unit.figures, **new})


def _slack(rules: Ruleset) -> Fraction:
    """By how much roundings of sums can help: each moves a difference by at most one step."""
    sums = [c.rounding.step for c in rules.walk() if c.children and c.rounding]
    return sum(sums, rules.rounding.step if rules.rounding else Fraction(0))


def _cheapest(options: Sequence[tuple[str, tuple[Step, ...]]], need: Fraction, ruled_out: Sequence[Chosen]) -> Chosen:
    """The least choice of steps that gains `need`, or nearly: gains are rounded up where they are no whole numbers.

    What is rounded up can only let too much through, never leave a choice out; the caller checks exactly. There is a
    choice: the best steps together reach the target.
    """
    taken = [(code, step) for code, steps in options for step in steps]
    gains = whole_numbers([need, *(step.gain for _, step in taken)])
    amounts = whole_numbers([Fraction(0), *(step.cost[1] for _, step in taken)])[1:]
    model = _Model(_solver(), len(taken))
    for code, _ in options:
        model.at_most_one([n for n, (one, _) in enumerate(taken) if one == code])
    model.at_least(gains[1:], gains[0])
    for chosen in ruled_out:
        model.forbid([pair in chosen for pair in taken])
    for costs in ([1] * len(taken), [step.cost[0] for _, step in taken], amounts):
        model.minimize(costs)
    return tuple(pair for pair, flag in zip(taken, model.chosen, strict=True) if flag)


LARGEST = 2**50
"""Larger whole numbers could run over in sums of 64 bits."""


def whole_numbers(values: Sequence[Fraction]) -> list[int]:
    """The values over one common denominator, or where that is too large rounded up to 12 digits: the first one down.

    >>> whole_numbers([Fraction(1, 2), Fraction(1, 3)])
    [3, 2]
    """
    scale = lcm(*(value.denominator for value in values))
    if all(abs(value) * scale < LARGEST for value in values):
        return [int(value * scale) for value in values]
    most = max(abs(value) for value in values)
    scale = 10**12 // ceil(most)
    return [floor(values[0] * scale), *(ceil(value * scale) for value in values[1:])]


class _Model:
    """Zero-one choices over whole numbers, by OR-Tools CP-SAT: every cost that was minimised stays at its least."""

    def __init__(self, cp_model: Any, size: int) -> None:
        self.cp_model = cp_model
        self.model = cp_model.CpModel()
        self.flags = [self.model.new_bool_var(f"x{n}") for n in range(size)]
        self.chosen: list[bool] = []

    def at_most_one(self, places: Iterable[int]) -> None:
        self.model.add_at_most_one([self.flags[place] for place in places])

    def at_least(self, weights: Iterable[int], need: int) -> None:
        self.model.add(self._sum(weights) >= need)

    def forbid(self, chosen: Iterable[bool]) -> None:
        pairs = zip(self.flags, chosen, strict=True)
        self.model.add_bool_or([flag.negated() if was else flag for flag, was in pairs])

    def minimize(self, costs: Sequence[int]) -> None:
        """Put the cheapest choice, proved so, into `chosen`."""
        self.model.minimize(self._sum(costs))
        solver = self.cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.model) == self.cp_model.OPTIMAL
        self.chosen = [bool(solver.value(flag)) for flag in self.flags]
        self.model.add(self._sum(costs) <= sum(cost for cost, flag in zip(costs, self.chosen, strict=True) if flag))

    def _sum(self, weights: Iterable[int]) -> Any:
        return sum(weight * flag for weight, flag in zip(weights, self.flags, strict=True))


def _solver() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ModuleNotFoundError:
        told = 'cần cài thêm: pip install "cchc-index[solve]"'
        message = Text(told, 'needs: pip install "cchc-index[solve]"')
        raise CchcError([Fault(message)]) from None
    return cp_model


def points_for_grade(rules: Ruleset, card: Card, name: str) -> Fraction:
    """The fewest points with which a card like this one is inside the range of a grade.

    Only the range is looked at: conditions beside it are those of `grades`. A range that starts above its end, not at
    it, asks for one hundredth of a point more. Raises BadSubmission when no scale has the grade or it has no lower end.
    """
    known = {grade.name: (grade, scale) for scale in rules.scales for grade in scale.grades}
    grade, scale = known.get(name, (None, None))
    if grade is None or scale is None or grade.interval.low is None:
        message = Text(f"không có hạng «{name}» để phấn đấu", f"there is no grade «{name}» to reach")
        raise BadSubmission([Fault(message, hint=did_you_mean(name, known))])
    low = grade.interval.low if grade.interval.low_closed else grade.interval.low + Fraction(1, 100)
    return _in_points(card, low) if scale.on is Basing.INDEX else low


def points_for_place(rules: Ruleset, card: Card, others: Iterable[Card], place: int) -> Fraction:
    """The fewest points with which a card like this one has at least this place, the others as they are.

    Equal units share a place, so that the value of the unit now there is enough; 0 where fewer units are ahead.
    """
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    values = [other.index if on_index else other.points for other in others if other.ranked]
    known = sorted((value for value in values if value is not NOT_STATED), reverse=True)
    if place > len(known):
        return Fraction(0)
    return _in_points(card, known[place - 1]) if on_index else known[place - 1]


def _in_points(card: Card, index: Fraction) -> Fraction:
    if card.max_points is NOT_STATED:
        message = Text("điểm tối đa là không quy định", "the maximum is not stated")
        raise BadSubmission([Fault(message, (card.unit,))])
    return index * card.max_points
