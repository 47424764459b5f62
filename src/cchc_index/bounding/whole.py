"""The total, the index and the grades of a sheet with missing figures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.bounding.ends import WHOLE, End, Ends, furthest_by_key, moved
from cchc_index.bounding.givens import Missing
from cchc_index.bounding.parts import TAKEN, Builder, Part, declared
from cchc_index.bounding.results import Bound, Extreme
from cchc_index.bounding.showing import Showing
from cchc_index.bounding.solve import Ending
from cchc_index.checking.lint.regions import EVERYWHERE, NOWHERE, Regions, is_met
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale, Points, Policy, Ruleset
from cchc_index.errors import CchcError
from cchc_index.facts import Submission
from cchc_index.measures import Condition, Interval
from cchc_index.rules import ZERO
from cchc_index.scoring.plans import by_condition, on_request
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED

SILENT = Extreme(NOT_STATED, is_reached=True, is_tight=True)
UNKNOWN = Extreme(None, is_reached=False, is_tight=False)


def set_to(bare: Bound, end: Extreme) -> Bound:
    """A bound of which both ends are the same."""
    return evolve(bare, least=end, most=end)


@frozen(eq=False)
class Whole:
    """One unit's sheet as a whole. `card` is there when nothing is missing."""

    rules: Ruleset
    unit: Submission
    domain: Missing
    builder: Builder
    showing: Showing
    ending: Ending
    card: Card | None

    def total_and_index(self) -> tuple[Bound, Bound]:
        """The bounds of the total and of the index."""
        part = self.builder.total()
        total = Bound("", self.rules.title, self.rules.max_points, None, None, tuple(sorted(part.keys)))
        index = evolve(total, max_points=Fraction(1))
        if self.card is not None:
            return self._known(total, self.card.points), self._known(index, self.card.index)
        tops = (*self.rules.criteria, *(one.criterion for one in self.rules.adjustments))
        if any(self.is_silent(top) for top in tops):
            return set_to(total, SILENT), set_to(index, SILENT)
        wanted = self.showing.every_key()
        return self._total(total, part, wanted), self._index(index, part, wanted)

    def _known(self, bare: Bound, value: Points) -> Bound:
        return set_to(bare, Extreme(value, is_reached=True, is_tight=True, figures=self.unit.figures))

    def within(self, bare: Bound, ends: Sequence[Ends], wanted: Sequence[str], criteria: Iterable[Criterion]) -> Bound:
        """A bound with the ends of both sides, whatever exemptions take out."""
        if not any(ends) and any(criterion.code in self.builder.silent for criterion in criteria):
            return set_to(bare, SILENT)
        least, most = (
            self.showing.extreme(furthest_by_key(({WHOLE: end} for end in side.values()), sign), sign, wanted)
            for side, sign in zip(ends, (-1, 1), strict=True)
        )
        return evolve(bare, least=least, most=most)

    def is_silent(self, criterion: Criterion) -> bool:
        """Whether the decision states no rule for a criterion that is assessed, or for a part of it."""
        if not self.builder.exempted(criterion, criterion)[0]:
            return False
        if criterion.children:
            return any(self.is_silent(child) for child in criterion.children)
        return criterion.rule is NOT_STATED

    # -- total and index -----------------------------------------------------------------------------------------------

    def _total(self, bare: Bound, part: Part, wanted: Sequence[str]) -> Bound:
        rescaled = [one for one in self._possible() if one[1].policy is Policy.RESCALED]
        if any(criterion.max_points is NOT_STATED for criterion, _ in rescaled):
            return set_to(bare, UNKNOWN)
        ending = Ending(self.domain) if rescaled else self.ending
        try:
            ends = [ending.ends(part, sign) for sign in (-1, 1)]
        except Unproven:
            return set_to(bare, UNKNOWN)
        found = self.within(bare, ends, wanted, self.rules.walk())
        return self._agreed(found, lambda card: card.points)

    def _index(self, bare: Bound, part: Part, wanted: Sequence[str]) -> Bound:
        whole = declared([self.rules.max_points], self.rules.criteria)
        taken = [c for c, one in self._possible() if one.policy in TAKEN and c.code not in self.builder.outside]
        if self.rules.index_basis is not NOT_STATED and any(c.max_points is NOT_STATED for c in taken):
            return set_to(bare, UNKNOWN)
        if self.rules.index_basis is NOT_STATED or whole is None:
            return set_to(bare, SILENT)
        ending = Ending(self.domain) if taken else self.ending
        try:
            ends = [ending.ends(part, sign) for sign in (-1, 1)]
        except Unproven:
            return set_to(bare, UNKNOWN)
        lefts = [whole - key[0] + key[1] for side in ends for key in side]
        if any(left <= 0 for left in lefts):
            return set_to(bare, UNKNOWN if any(left > 0 for left in lefts) else SILENT)
        shares = [{key: _over(end, whole - key[0] + key[1]) for key, end in side.items()} for side in ends]
        return self._agreed(self.within(bare, shares, wanted, self.rules.walk()), lambda card: card.index)

    def _agreed(self, bound: Bound, of: Callable[[Card], Points]) -> Bound:
        """The same bound, tight only where the engine gives the same for the figures that show it."""
        return evolve(bound, least=self._checked(bound.least, -1, of), most=self._checked(bound.most, 1, of))

    def _checked(self, end: Extreme | None, sign: int, of: Callable[[Card], Points]) -> Extreme | None:
        if end is None or not end.is_tight or not isinstance(end.value, Fraction):
            return end
        try:
            value = of(score(self.rules, evolve(self.unit, figures=end.figures or self.unit.figures)))
        except CchcError:
            return evolve(end, is_tight=False)
        is_right = isinstance(value, Fraction) and self.showing.is_near(value, end, sign)
        return end if is_right else evolve(end, is_tight=False)

    def _possible(self) -> list[tuple[Criterion, Exemption]]:
        """Every exemption that may hold, or that the unit asks for, with its criterion."""
        asked = [(one, on_request(one)) for one in self.rules.walk() if one.code in self.unit.exemptions]
        told = [(one, exemption) for one in self.rules.walk() for exemption in by_condition(one)]
        may_hold = [(one, exemption) for one, exemption in told if exemption.when and self.may_hold(exemption.when)]
        return may_hold + [(one, exemption) for one, exemption in asked if exemption]

    # -- grades --------------------------------------------------------------------------------------------------------

    def grades(self, total: Bound, index: Bound) -> tuple[str, ...]:
        """The grades that are not ruled out, in the order of the decision."""
        if self.card is not None:
            return (self.card.grade.name,) if isinstance(self.card.grade, Grade) else ()
        return tuple(dict.fromkeys(self._grades(total, index)))

    def _grades(self, total: Bound, index: Bound) -> Iterator[str]:
        for scale in self._scales():
            span = _span(index if scale.on is Basing.INDEX else total)
            known = [grade for grade in scale.grades if span and grade.interval.meets(span)]
            yield from (grade.name for grade in known if grade.when is None or self.may_hold(grade.when))

    def may_hold(self, condition: Condition) -> bool:
        """Whether a condition holds for some completion."""
        return self.is_met(self.builder.split(condition)[0])

    def is_met(self, regions: Regions) -> bool:
        """Whether some completion lies in one of the regions. Raises Unproven."""
        return any(is_met(region, self.domain) for region in regions)

    def _scales(self) -> Iterator[GradeScale]:
        for scale in self.rules.scales:
            true, rest = (EVERYWHERE, NOWHERE) if scale.when is None else self.builder.split(scale.when)
            if self.is_met(true):
                yield scale
            if not self.is_met(rest):
                return


def _over(end: End, whole: Fraction) -> End:
    """An end as a share of what is left of the maximum."""
    return moved(end, 1 / whole, ZERO)


def _span(bound: Bound) -> Interval | None:
    """The numbers from the least to the most; None where there are none."""
    least, most = bound.least, bound.most
    if least is None or most is None or NOT_STATED in (least.value, most.value):
        return None
    low, high = bound.values
    low_closed, high_closed = (end.is_reached or not end.is_tight for end in (least, most))
    return Interval(low, high, low is not None and low_closed, high is not None and high_closed)
