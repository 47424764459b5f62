"""A sheet as parts that are added up, cut off and rounded: what hangs on missing figures left open, the rest a number.

A part never lowers the whole by rising, so each may be looked at apart from those with which it shares no figure.
Longer than most modules: it follows `scoring.score` from the criteria to the whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import evolve, field, frozen

from cchc_index.bounding.ends import WHOLE, Key
from cchc_index.bounding.givens import Missing
from cchc_index.checking.lint.domains import COLUMN
from cchc_index.checking.lint.peaks import keys_of
from cchc_index.checking.lint.regions import EVERYWHERE, NOWHERE, Regions, both, truth_of
from cchc_index.checking.lint.stage import not_held
from cchc_index.criteria import Adjustment, AdjustmentKind, Criterion, Policy, Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure
from cchc_index.measures import Condition
from cchc_index.rules import ZERO, Average, Case, Choose, Rounding, Rule, Sum, Switch, parts_of
from cchc_index.scoring.conditions import Undefined, test_of
from cchc_index.scoring.evaluate import OutOfBounds, run_of
from cchc_index.scoring.plans import Plan, by_condition, on_request, plans_of
from cchc_index.sources import NOT_STATED, NoteKind

TAKEN = (Policy.REMOVED, Policy.RESCALED)


@frozen(eq=False)
class Way:
    """An exemption: where it holds, the points it gives, and what it takes out of the maximum."""

    regions: Regions
    points: Fraction
    key: Key = WHOLE


@frozen(eq=False)
class Part:
    """`base + times × Σ parts`, or a rule; then cut off, rounded, and void above `whole`. Asked only in some regions.

    `ways` are the exemptions. `is_hard` marks a rule that cannot be run on all figures at once. `is_loose` marks one of
    several means over the same missing records: the best of all of them together may need more than one record.
    """

    domain: Missing
    parts: tuple["Part", ...] = ()
    rule: Rule | None = None
    base: Fraction = ZERO
    times: Fraction = Fraction(1)
    floor: Fraction | None = None
    cap: Fraction | None = None
    step: Fraction | None = None
    whole: Fraction | None = None
    asked: Regions = EVERYWHERE
    ways: tuple[Way, ...] = ()
    is_hard: bool = False
    is_loose: bool = False
    rescaled: Fraction | None = None
    """For the tree: the declared maximum, from which exemptions take."""
    keys: frozenset[str] = frozenset()
    """The missing figures on which it hangs."""


def group(domain: Missing, parts: Sequence[Part], *, asked: Regions = EVERYWHERE, ways: tuple[Way, ...] = ()) -> Part:
    """A part with its keys: those of its parts and of the regions."""
    regions = [*asked, *(region for way in ways for region in way.regions)]
    tied = domain.free(key for region in regions for key in region.keys)
    return Part(domain, tuple(parts), asked=asked, ways=ways, keys=tied.union(*(part.keys for part in parts)))


@frozen(eq=False)
class Builder:
    """Takes a ruleset apart for one unit."""

    rules: Ruleset
    unit: Submission
    figures: Figures
    domain: Missing
    shared: frozenset[str] = frozenset()
    """The missing records over which several means are taken."""
    made: dict[str, Part] = field(factory=dict)
    """The parts of criteria, by code."""
    silent: set[str] = field(factory=set)
    """The criteria that may be given a maximum that is not stated."""

    # -- conditions ----------------------------------------------------------------------------------------------------

    def split(self, condition: Condition) -> tuple[Regions, Regions]:
        """Where a condition holds, and where it does not or hangs on a zero denominator."""
        try:
            return (EVERYWHERE, NOWHERE) if test_of(condition)(self.figures) is True else (NOWHERE, EVERYWHERE)
        except Undefined:
            return NOWHERE, NOWHERE
        except MissingFigure:
            truth = truth_of(condition, self.domain)
            return truth.true, not_held(truth)

    @cached_property
    def outside(self) -> frozenset[str]:
        """The criteria of bonus and penalty, which are no part of the maximum."""
        return frozenset(one.code for adjustment in self.rules.adjustments for one in adjustment.criterion.walk())

    # -- criteria ------------------------------------------------------------------------------------------------------

    def tree(self) -> Part:
        """All criteria, with the maximum that is scaled back to."""
        inner = group(self.domain, [self.criterion(criterion) for criterion in self.rules.criteria])
        whole = declared([self.rules.max_points], self.rules.criteria)
        return evolve(inner, rescaled=whole)

    def total(self) -> Part:
        """Tree, bonus and penalty, rounded as ordered."""
        outside = [self.adjustment(one) for one in self.rules.adjustments]
        return evolve(group(self.domain, [self.tree(), *outside]), step=_step(self.rules.rounding))

    def adjustment(self, adjustment: Adjustment) -> Part:
        inner = self.criterion(adjustment.criterion)
        times = Fraction(-1 if adjustment.kind is AdjustmentKind.PENALTY else 1)
        return evolve(group(self.domain, [inner]), times=times)

    def criterion(self, criterion: Criterion) -> Part:
        """A criterion with its exemptions, rounding and maximum."""
        if criterion.code not in self.made:
            self.made[criterion.code] = self._criterion(criterion)
        return self.made[criterion.code]

    def _criterion(self, criterion: Criterion) -> Part:
        rest, ways = self.exempted(criterion, criterion)
        asked = both(rest, *self._sound(criterion))
        inner = [self._own(criterion)] if rest else []
        plan_whole = _whole_of(self.rules, criterion)
        is_capped = criterion.code in {one.criterion.code for one in self.rules.adjustments}
        made = evolve(
            group(self.domain, inner),
            step=_step(criterion.rounding),
            whole=None if is_capped else plan_whole,
        )
        held = evolve(group(self.domain, [made]), cap=plan_whole) if is_capped else made
        return group(self.domain, [held], asked=asked, ways=ways) if ways or asked is not EVERYWHERE else held

    def exempted(self, criterion: Criterion, shown: Criterion) -> tuple[Regions, tuple[Way, ...]]:
        """Where a criterion is not exempt, and the ways in which it is, with the points that `shown` in it gets."""
        rest, ways = EVERYWHERE, list[Way]()
        for exemption in by_condition(criterion):
            assert exemption.when is not None
            true, free = self.split(exemption.when)
            ways += self._way(both(rest, true), exemption.policy, shown)
            rest = both(rest, free)
        asked = on_request(criterion)
        if asked and criterion.code in self.unit.exemptions:
            ways += self._way(rest, asked.policy, shown)
            rest = NOWHERE
        return rest, tuple(ways)

    def _way(self, regions: Regions, policy: Policy, shown: Criterion) -> Iterator[Way]:
        """What an exemption gives; nothing where that is a maximum that is not stated."""
        whole = shown.max_points
        if regions and policy is Policy.FULL and whole is NOT_STATED:
            self.silent.add(shown.code)
        elif regions:
            stated = ZERO if whole is NOT_STATED else whole
            gone = stated if policy in TAKEN and shown.code not in self.outside else ZERO
            key = (gone, gone if policy is Policy.RESCALED else ZERO)
            yield Way(regions, stated if policy is Policy.FULL else ZERO, key)

    def _sound(self, criterion: Criterion) -> Iterator[Regions]:
        """Where no hole is recorded, and no condition of a note has a denominator below zero."""
        for note in criterion.notes:
            if note.when and not (note.kind is NoteKind.HOLE and criterion.children):
                true, free = self.split(note.when)
                yield free if note.kind is NoteKind.HOLE else EVERYWHERE if EVERYWHERE in (true, free) else true + free

    def _own(self, criterion: Criterion) -> Part:
        if criterion.children:
            return group(self.domain, [self.criterion(child) for child in criterion.children])
        return (
            nowhere(self.domain)
            if criterion.rule is NOT_STATED
            else self.rule(criterion.rule, self.domain, self.figures)
        )

    def line(self, path: Sequence[Criterion]) -> Part:
        """The last of some criteria, each inside the one before, with the exemptions of those around it."""
        *around, own = path
        part = self.criterion(own)
        for outer in reversed(around):
            rest, ways = self.exempted(outer, own)
            if ways or rest is not EVERYWHERE:
                part = group(self.domain, [part], asked=rest, ways=ways)
        return part

    # -- rules ---------------------------------------------------------------------------------------------------------

    def rule(self, rule: Rule, domain: Missing, figures: Figures) -> Part:
        """A rule as parts. What can be worked out already is a number."""
        try:
            return Part(domain, base=run_of(rule)(figures).points)
        except (Undefined, OutOfBounds):
            return nowhere(domain)
        except MissingFigure:
            pass
        match rule:
            case Sum(terms, base, floor, cap):
                inner = group(domain, [self.rule(term.rule, domain, figures) for term in terms])
                return evolve(inner, base=base, floor=floor, cap=cap)
            case Average():
                return self._average(rule, domain, figures)
            case Switch(cases):
                return self._switch(
                    evolve(rule, cases=tuple(_settled_case(case, figures) for case in cases)), domain, figures
                )
        return _atom(rule, domain)

    def _average(self, rule: Average, domain: Missing, figures: Figures) -> Part:
        if figures.has(rule.records):
            records = figures[rule.records]
            views = [domain.inside(f"{rule.records}{COLUMN}{number}") for number in range(len(records))]
            inner = [self.rule(rule.rule, view, record) for view, record in zip(views, records, strict=True)]
            mean = evolve(group(domain, inner), times=Fraction(1, len(records)))
            return evolve(mean, step=_step(rule.rounding))
        inside = domain.inside(rule.records)
        one = _atom(rule.rule, inside)
        one = evolve(one, keys=one.keys | {rule.records}, is_loose=rule.records in self.shared)
        return evolve(group(domain, [one]), step=_step(rule.rounding))

    def _switch(self, rule: Switch, domain: Missing, figures: Figures) -> Part:
        """A switch; one with means over records that are given in part cannot be run on all figures."""
        if not any(figures.has(mean.records) or mean.records in self.shared for mean in _means_in(rule)):
            return _atom(rule, domain)
        return Part(domain, rule=rule, is_hard=True, keys=frozenset(self._keys_in(rule, domain)))

    @staticmethod
    def _keys_in(rule: Rule, domain: Missing) -> Iterator[str]:
        """The missing figures of a rule, and all columns of the records that it looks at."""
        yield from domain.free(key for key in keys_of(rule, domain))
        for mean in _means_in(rule):
            yield from domain.free(key for key in domain.facts if key.startswith(f"{mean.records}{COLUMN}"))


def nowhere(domain: Missing) -> Part:
    """The part for which there are no points at all."""
    return Part(domain, asked=NOWHERE)


def _atom(rule: Rule, domain: Missing) -> Part:
    return Part(domain, rule=rule, keys=domain.free(keys_of(rule, domain)))


def _whole_of(rules: Ruleset, criterion: Criterion) -> Fraction | None:
    plans = plans_of(rules)
    return next(plan.whole for plan in _walked([*plans.tree, *plans.outside]) if plan.code == criterion.code)


def _walked(plans: Iterable[Plan]) -> Iterator[Plan]:
    for plan in plans:
        yield plan
        yield from _walked(plan.children)


def _step(rounding: Rounding | None) -> Fraction | None:
    return rounding.step if rounding else None


def declared(stated: Iterable[object], criteria: Iterable[Criterion]) -> Fraction | None:
    """A stated maximum, or else the sum of the maxima of the parts; None where one of them is not stated."""
    for whole in stated:
        if isinstance(whole, Fraction):
            return whole
    parts = [_declared_of(one) for one in criteria]
    known = [part for part in parts if part is not None]
    return sum(known, ZERO) if len(known) == len(parts) else None


def _declared_of(criterion: Criterion) -> Fraction | None:
    whole = criterion.max_points
    return declared([whole], criterion.children) if criterion.children or whole is not NOT_STATED else None


NOTHING = Switch((), Choose.ONLY)
"""The rule that never gives points."""


def _settled(rule: Rule, figures: Figures) -> Rule:
    """A rule with all that can be worked out already as numbers."""
    try:
        return Sum(base=run_of(rule)(figures).points)
    except (Undefined, OutOfBounds):
        return NOTHING
    except MissingFigure:
        pass
    match rule:
        case Sum(terms):
            return evolve(rule, terms=tuple(evolve(term, rule=_settled(term.rule, figures)) for term in terms))
        case Switch(cases):
            return evolve(rule, cases=tuple(_settled_case(case, figures) for case in cases))
    return rule


def _settled_case(case: Case, figures: Figures) -> Case:
    return evolve(case, rule=_settled(case.rule, figures))


def _means_in(rule: Rule) -> Iterator[Average]:
    if isinstance(rule, Average):
        yield rule
    for part in parts_of(rule):
        yield from _means_in(part)


def shared_records(rules: Ruleset, figures: Figures) -> frozenset[str]:
    """The missing records over which several means are taken."""
    found = [mean.records for one in rules.walk() if one.rule is not NOT_STATED for mean in _means_in(one.rule)]
    return frozenset(name for name in found if found.count(name) > 1 and not figures.has(name))
