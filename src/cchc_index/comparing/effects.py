"""What a change does to the points of one criterion: nothing, proved; a smallest witness; or that neither was found.

The paths of both versions are laid over each other. Where both give the same form on every common region that has
figures, no figures tell the versions apart. Where they differ, the smallest figures of those regions are scored under
both versions, and only a pair of results that differ is shown.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain, islice
from typing import Any

from attrs import evolve, field, frozen

from cchc_index.comparing.alone import Result, Side, alone, names_in, result_of
from cchc_index.comparing.bare import bare, read_as, scoring_of, step_of
from cchc_index.comparing.forms import is_same
from cchc_index.comparing.paths import Paths, never_above
from cchc_index.comparing.regions import Region, Space
from cchc_index.comparing.units import Maker, fixed_in, period_of, rules_in, space_of, with_columns
from cchc_index.criteria import Criterion, Policy, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Fact
from cchc_index.rules import Average, Rule, Sum, Switch, Term
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.plans import on_request
from cchc_index.solving.rows import Unproven, Values
from cchc_index.sources import NOT_STATED

MOST_REGIONS = 64
MOST_PATHS = 5000
MOST_SCORED = 400
MANY_CHOICES = 8
ASKED = "…"


class Verdict(Enum):
    """What is known of a change's effect on points."""

    SAME = "khong_doi_diem"
    """Proved: the same points, or none, for all figures."""
    DIFFERS = "doi_diem"
    """There is a witness."""
    UNKNOWN = "chua_ro"
    """Neither a witness nor a proof was found."""


@frozen
class Witness:
    """Figures on which two versions part, ready to be scored, and what each version gives the criterion.

    `facts` declare the figures, those of the new version first.
    """

    unit: Submission
    old: Result
    new: Result
    facts: Mapping[str, Fact] = field(factory=dict, eq=False, repr=False)


@frozen
class Effect:
    """What the changes of one criterion do to its own points. `code` is that of the new version."""

    code: str
    old_code: str
    verdict: Verdict
    witness: Witness | None = None


def effect_of(old: Side, new: Side) -> Effect:
    """The effect of what changed between two versions of one criterion."""
    verdict, witness = (Verdict.SAME, None) if is_plainly_same(old, new) else _search(old, new).run()
    return Effect(new.criterion.code, old.criterion.code, verdict, witness)


def is_plainly_same(old: Side, new: Side) -> bool:
    """Whether nothing that has a say in the criterion's own points is different."""
    same = scoring_of(old.criterion) == scoring_of(new.criterion) and _is_held_alike(old, new)
    return same and not _read_differently(old, new)


def _is_held_alike(old: Side, new: Side) -> bool:
    """Whether the maximum has the same say in both versions."""
    one, other = old.criterion, new.criterion
    if one.max_points == other.max_points:
        return old.kind == new.kind or not (_hangs_on_maximum(one) or _hangs_on_maximum(other))
    return not (_hangs_on_maximum(one) or _hangs_on_maximum(other))


def _hangs_on_maximum(criterion: Criterion) -> bool:
    is_held = criterion.max_points is not NOT_STATED and not never_above(criterion, criterion.max_points)
    return is_held or any(exemption.policy is Policy.FULL for exemption in criterion.exemptions)


def _read_differently(old: Side, new: Side) -> bool:
    """Whether some figure that both versions look at is read differently."""
    one, other = old.facts, new.facts
    return any(name in other and read_as(one[name]) != read_as(other[name]) for name in one)


def _search(old: Side, new: Side) -> "_Search":
    period = period_of((new, old))
    space = space_of((old, new))
    criteria = _aligned(fixed_in(old, period), fixed_in(new, period), space)
    names = {name for criterion in criteria for name in names_in(criterion)}
    known = tuple(sorted(name for name in names if name.partition(".")[0] in space.facts))
    return _Search((old, new), criteria, Maker(space, known, criteria, period), (alone(old), alone(new)))


def _aligned(old: Criterion, new: Criterion, space: Space) -> tuple[Criterion, Criterion]:
    """Both criteria; a mean of the new one that is proved to be one of the old one's stands as that one."""
    if old.rule is NOT_STATED or new.rule is NOT_STATED:
        return old, new
    means = [rule for rule in rules_in(old.rule) if isinstance(rule, Average)]
    return old, evolve(new, rule=_with_means(new.rule, means, space)) if means else new


def _with_means(rule: Rule, means: Sequence[Average], space: Space) -> Rule:
    match rule:
        case Average():
            return next((mean for mean in means if _is_same_mean(mean, rule, space)), rule)
        case Sum(terms):
            return evolve(rule, terms=tuple(evolve(t, rule=_with_means(t.rule, means, space)) for t in terms))
        case Switch(cases):
            return evolve(rule, cases=tuple(evolve(c, rule=_with_means(c.rule, means, space)) for c in cases))
    return rule


def _is_same_mean(one: Average, other: Average, space: Space) -> bool:
    """Whether two means are proved to be the same: over the same records, rounded alike, with rules that agree."""
    if one.records != other.records or step_of(one.rounding) != step_of(other.rounding):
        return False
    paths = Paths(with_columns(space, one.records))
    pairs = ((inner, a, b) for where, a in paths.rule(one.rule, Region()) for inner, b in paths.rule(other.rule, where))
    agreed = [is_same(a, b, inner, paths.space) for inner, a, b in islice(pairs, MOST_PATHS)]
    return len(agreed) < MOST_PATHS and all(agreed)


@frozen
class _Search:
    """The search for a witness, or for the proof that there is none, between two versions of one criterion."""

    sides: tuple[Side, Side]
    criteria: tuple[Criterion, Criterion]
    maker: Maker
    alone: tuple[Ruleset, Ruleset]
    scored: list[Submission] = field(factory=list)
    doubts: list[str] = field(factory=list)
    """What stands between finding no witness and a proof that there is none."""

    def run(self) -> tuple[Verdict, Witness | None]:
        """The verdict, with the smallest witness that was found."""
        best = self._asked()
        least: int | None = None
        found = [] if best else sorted(self._solved(), key=lambda solved: solved[0])
        for size, region, solutions in found:
            if least is not None and size >= least:
                break
            for given in solutions:
                witness = self._verified(region, given)
                if witness and (least is None or self.maker.size(given, region) < least):
                    best, least = witness, self.maker.size(given, region)
                if witness or len(self.scored) > MOST_SCORED:
                    break
        if best:
            return Verdict.DIFFERS, best
        is_proved = not self.doubts and not found and not _read_differently(*self.sides)
        return (Verdict.SAME if is_proved else Verdict.UNKNOWN), None

    def _asked(self) -> Witness | None:
        """A witness that asks not to be assessed, where the versions treat that differently."""
        one, other = (on_request(side.criterion) for side in self.sides)
        if (one and one.policy) == (other and other.policy):
            return None
        self.doubts.append("asked")
        given = next(self._tried(Region()), None)
        return None if given is None else self._verified(Region(), given, is_asked=True)

    def _solved(self) -> list[tuple[int, Region, Iterator[Values]]]:
        """The regions on which the versions differ and which have figures, with the size of the smallest."""
        solved: list[tuple[int, Region, Iterator[Values]]] = []
        for number, region in enumerate(self._differing()):
            if number == MOST_REGIONS:
                self.doubts.append("regions")
                break
            solutions = self._tried(region)
            first = next(solutions, None)
            if first is not None:
                solved.append((self.maker.size(first, region), region, chain([first], solutions)))
        return solved

    def _tried(self, region: Region) -> Iterator[Values]:
        try:
            yield from self.maker.solver().solutions(region, self.maker.numbers)
        except Unproven:
            self.doubts.append("figures")

    def _differing(self) -> Iterator[Region]:
        """The common regions of both versions on which they do not give the same."""
        paths, count, is_seen = Paths(self.maker.space), 0, False
        one, other = (side.kind is not None for side in self.sides)
        for start in self._starts(paths):
            if is_seen and start == Region():
                self.doubts.append("corners")
                return
            for where, first in paths.criterion(self.criteria[0], start, is_capped=one):
                for inner, second in paths.criterion(self.criteria[1], where, is_capped=other):
                    count += 1
                    if count > MOST_PATHS:
                        self.doubts.append("paths")
                        return
                    if not is_same(first, second, inner, self.maker.space):
                        is_seen = True
                        yield inner

    def _starts(self, paths: Paths) -> Iterator[Region]:
        """Where to look: where two sums differ once the terms they share are taken out of both; else everywhere.

        Where many choices multiply the paths, their two corners come first, and are enough when they tell.
        """
        rest = _rest_of(*self.criteria) if _is_held_alike(*self.sides) else None
        if rest:
            for where, first in paths.rule(rest[0], Region()):
                for inner, second in paths.rule(rest[1], where):
                    if not is_same(first, second, inner, paths.space):
                        yield inner
            return
        chosen = self.maker.choices
        for corner in (0, -1) if len(chosen) > MANY_CHOICES else ():
            yield Region({}, {name: frozenset((paths.space.options_of(name)[corner],)) for name in chosen})
        yield Region()

    def _verified(self, region: Region, given: Values, *, is_asked: bool = False) -> Witness | None:
        """A witness that both versions were scored on, if their results differ."""
        for unit in self.maker.units(region, given):
            self.scored.append(unit)
            units = [evolve(unit, exemptions={s.criterion.code: ASKED} if is_asked else {}) for s in self.sides]
            old, new = (
                result_of(rules, side.criterion.code, one)
                for rules, side, one in zip(self.alone, self.sides, units, strict=True)
            )
            if old.key != new.key:
                return Witness(units[1], old, new, self.sides[0].facts | self.sides[1].facts)
        return None


def _rest_of(one: Criterion, other: Criterion) -> tuple[Sum, Sum] | None:
    """Two sums without the terms that they share, where nothing else of the criteria is different."""
    if not isinstance(one.rule, Sum) or not isinstance(other.rule, Sum) or _around(one) != _around(other):
        return None
    terms = Counter(bare(term.rule) for term in one.rule.terms), Counter(bare(term.rule) for term in other.rule.terms)
    shared = terms[0] & terms[1]
    if not shared:
        return None
    rests = [tuple(Term(rule) for rule in (count - shared).elements()) for count in terms]
    return Sum(rests[0], one.rule.base), Sum(rests[1], other.rule.base)


def _around(criterion: Criterion) -> tuple[Any, ...]:
    """What bears on a criterion's points apart from the terms of its sum. A cap that is never reached does not."""
    rule = criterion.rule
    assert isinstance(rule, Sum)
    most = most_of(evolve(rule, cap=None))
    cap = None if rule.cap is None or (most is not None and most <= rule.cap) else rule.cap
    return rule.floor, cap, *scoring_of(criterion)[1:]
