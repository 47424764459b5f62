"""Every path through a criterion: the regions of figures that it tells apart, and the points in each, exactly.

One `match` over the six rules, like `scoring.evaluate`, but on regions in place of figures. The regions of one
criterion do not meet and leave nothing out, so two criteria that agree on every common region agree on all figures.
Longer than most modules, because that one `match` stands in one place.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import evolve, frozen

from cchc_index.comparing.bare import bare
from cchc_index.comparing.forms import (
    NO_POINTS,
    Form,
    Opaque,
    Outcome,
    affine,
    always,
    is_constant,
    pinned,
    plus,
    rounded,
)
from cchc_index.comparing.regions import EVERYTHING, Region, Sign, key_of
from cchc_index.comparing.truths import Truth, Truths, at_zero
from cchc_index.criteria import Criterion, Exemption, Policy, SourceNote
from cchc_index.measures import Interval, Measure, figure
from cchc_index.points import round_half_up
from cchc_index.rules import ZERO, Average, Awarded, Case, Choose, Piecewise, Rule, Sum, Switch, Table, Term
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.plans import by_condition
from cchc_index.scoring.totals import added
from cchc_index.solving.intervals import sides
from cchc_index.sources import NOT_STATED, NoteKind

Path = tuple[Region, Outcome]
T = TypeVar("T")


@frozen
class Paths(Truths):
    """The paths through rules whose figures lie in one space."""

    def criterion(self, criterion: Criterion, region: Region, *, is_capped: bool) -> Iterator[Path]:
        """The paths through a criterion scored alone: exemptions, holes, rule, rounding, maximum."""
        for where, exemption in self._exempted(by_condition(criterion), region):
            if exemption is Sign.NEGATIVE:
                yield where, NO_POINTS
            elif isinstance(exemption, Exemption):
                yield where, _exempt(exemption, criterion)
            else:
                yield from self._scored(criterion, where, is_capped=is_capped)

    def _exempted(
        self, exemptions: Sequence[Exemption], region: Region
    ) -> Iterator[tuple[Region, Exemption | Sign | None]]:
        if not exemptions:
            yield region, None
            return
        first = exemptions[0]
        assert first.when is not None
        for where, truth in self.truth(first.when, region):
            if truth is True:
                yield where, first
            elif truth is Sign.NEGATIVE:
                yield where, Sign.NEGATIVE
            else:
                yield from self._exempted(exemptions[1:], where)

    def _scored(self, criterion: Criterion, region: Region, *, is_capped: bool) -> Iterator[Path]:
        for where, is_hole in self._holes(criterion, criterion.notes, region):
            if is_hole or (criterion.rule is NOT_STATED and not criterion.children):
                yield where, NO_POINTS
                continue
            found = (
                self.rule(criterion.rule, where)
                if criterion.rule is not NOT_STATED
                else self._parts(criterion.children, where, always(ZERO))
            )
            for inner, outcome in found:
                yield from self._held(criterion, inner, outcome, is_capped=is_capped)

    def _holes(
        self, criterion: Criterion, notes: Sequence[SourceNote], region: Region
    ) -> Iterator[tuple[Region, bool]]:
        """Where a note says that the source gives no points, or cannot be asked."""
        if not notes:
            yield region, False
            return
        note, is_hole = notes[0], notes[0].kind is NoteKind.HOLE and not criterion.children
        if note.when is None or not (is_hole or self.is_fragile([note.when])):
            yield from self._holes(criterion, notes[1:], region)
            return
        for where, truth in self.truth(note.when, region):
            if truth is Sign.NEGATIVE or (is_hole and truth is True):
                yield where, True
            else:
                yield from self._holes(criterion, notes[1:], where)

    def _parts(self, children: Sequence[Criterion], region: Region, sofar: Outcome) -> Iterator[Path]:
        if not children:
            yield region, sofar
            return
        for where, outcome in self.criterion(children[0], region, is_capped=False):
            yield from self._added(children[1:], where, sofar, _settled(outcome), self._parts)

    def _held(self, criterion: Criterion, region: Region, outcome: Outcome, *, is_capped: bool) -> Iterator[Path]:
        """Points rounded as ordered and held against the maximum: cut off outside the tree, refused inside it."""
        step = criterion.rounding.step if criterion.rounding else None
        outcome, whole = rounded(outcome, step), criterion.max_points
        if outcome.form is None or whole is NOT_STATED or never_above(criterion, whole):
            yield region, outcome
            return
        outcome = _settled(outcome)
        if is_capped:
            yield from self._limited(region, outcome, whole, 1)
            return
        for where, is_above in self._split(region, outcome, whole) or [(region, None)]:
            beyond = evolve(outcome, steps=outcome.steps | {("", whole)})
            yield where, NO_POINTS if is_above else outcome if is_above is False else beyond

    def rule(self, rule: Rule, region: Region) -> Iterator[Path]:
        """The paths through a rule."""
        match rule:
            case Piecewise():
                yield from self._piecewise(rule, region)
            case Table():
                yield from self._table(rule, region)
            case Sum(terms, base, floor, cap):
                for where, outcome in self._terms(terms, region, always(base)):
                    for inner, held in self._limited(where, outcome, cap, 1):
                        yield from self._limited(inner, held, floor, -1)
            case Switch():
                yield from self._switch(rule, region)
            case Average():
                yield region, Outcome({"": ZERO, Opaque(bare(rule)): Fraction(1)})
            case _:
                yield from self._awarded(rule, region)

    def _piecewise(self, rule: Piecewise, region: Region) -> Iterator[Path]:
        key = key_of(rule.measure)
        for span in self.space.spans_in(region, key):
            where = region.where(key, span)
            if isinstance(span, Interval):
                yield from self._pieces(rule, where, key, span)
                continue
            stated = at_zero(rule.measure, span)
            held = [] if stated is None else [piece for piece in rule.pieces if stated in piece.interval]
            yield where, always(held[0].base + held[0].slope * (stated or 0)) if held else NO_POINTS

    def _pieces(self, rule: Piecewise, region: Region, key: Measure, span: Interval) -> Iterator[Path]:
        rest = [span]
        for piece in rule.pieces:
            for inside in self.inside(key, rest, [piece.interval]):
                where = region.where(key, inside)
                yield where, Outcome(pinned(affine(piece.base, piece.slope, key), where))
            rest = self.inside(key, rest, list(sides(piece.interval)))
        for part in rest:
            yield region.where(key, part), NO_POINTS

    def _table(self, rule: Table, region: Region) -> Iterator[Path]:
        points = {option.name: option.points for option in rule.options}
        for name in self.space.options_of(rule.fact):
            if name in self.space.options_in(region, rule.fact):
                found = always(points[name]) if name in points else NO_POINTS
                yield region.choosing(rule.fact, frozenset((name,))), found

    def _terms(self, terms: Sequence[Term], region: Region, sofar: Outcome) -> Iterator[Path]:
        if not terms:
            yield region, sofar
            return
        for where, outcome in self.rule(terms[0].rule, region):
            yield from self._added(terms[1:], where, sofar, outcome, self._terms)

    @staticmethod
    def _added(
        rest: Sequence[T],
        region: Region,
        sofar: Outcome,
        outcome: Outcome,
        further: Callable[[Sequence[T], Region, Outcome], Iterator[Path]],
    ) -> Iterator[Path]:
        """One more part added to those so far, and on to the rest; one without points leaves none at all."""
        if sofar.form is None or outcome.form is None:
            yield region, NO_POINTS
        else:
            yield from further(rest, region, Outcome(plus(sofar.form, outcome.form), sofar.steps | outcome.steps))

    def _limited(self, region: Region, outcome: Outcome, limit: Fraction | None, sign: int) -> Iterator[Path]:
        """Points cut off at a limit: above it (`sign` 1) or below it (`sign` -1)."""
        if limit is None or outcome.form is None:
            yield region, outcome
            return
        signed = evolve(outcome, form={atom: number * sign for atom, number in outcome.form.items()})
        parts = self._split(region, signed, limit * sign)
        if parts is None:
            yield region, evolve(outcome, form=_opaque(f"limit {sign}", limit, outcome.form))
            return
        for where, is_beyond in parts:
            yield where, evolve(outcome, form={"": limit}) if is_beyond else outcome

    def _split(self, region: Region, outcome: Outcome, limit: Fraction) -> list[tuple[Region, bool | None]] | None:
        """Where points pass a limit and where they do not; None when that is no matter of one measure."""
        form = pinned(outcome.form or {}, region)
        low, high = self._ends(region, form)
        if high is not None and high <= limit:
            return [(region, False)]
        if low is not None and low > limit:
            return [(region, True)]
        atoms = [(atom, number) for atom, number in form.items() if atom != ""]
        if len(atoms) != 1 or isinstance(atoms[0][0], Opaque):
            return None
        measure: Measure = atoms[0][0]
        end = (limit - form[""]) / atoms[0][1]
        beyond = Interval(low=end) if atoms[0][1] > 0 else Interval(high=end)
        (span,) = [span for span in self.space.spans_in(region, measure) if isinstance(span, Interval)]
        return [
            (region.where(measure, part), is_beyond)
            for is_beyond, limits in ((True, [beyond]), (False, list(sides(beyond))))
            for part in self.inside(measure, [span], limits)
        ]

    def _ends(self, region: Region, form: Form) -> tuple[Fraction | None, Fraction | None]:
        """A number that a form never falls below, and one that it never passes, in a region."""
        low: Fraction | None = form[""]
        high: Fraction | None = form[""]
        for atom, number in form.items():
            if atom == "":
                continue
            span = EVERYTHING if isinstance(atom, Opaque) else region.spans[atom]
            assert isinstance(span, Interval)
            first, last = (span.low, span.high) if number > 0 else (span.high, span.low)
            low = None if low is None or first is None else low + number * first
            high = None if high is None or last is None else high + number * last
        return low, high

    def _switch(self, rule: Switch, region: Region) -> Iterator[Path]:
        if rule.choose is Choose.FIRST:
            yield from self._first(rule.cases, region)
            return
        chosen = self._only if rule.choose is Choose.ONLY else self._best
        for where, truths in self.truths([case.when for case in rule.cases], region):
            yield from chosen(rule.cases, truths, where)

    def _first(self, cases: Sequence[Case], region: Region) -> Iterator[Path]:
        if not cases:
            yield region, NO_POINTS
            return
        for where, truth in self.truth(cases[0].when, region):
            if truth is True:
                yield from self.rule(cases[0].rule, where)
            elif truth is False:
                yield from self._first(cases[1:], where)
            else:
                yield where, NO_POINTS

    def _only(self, cases: Sequence[Case], truths: Sequence[Truth], region: Region) -> Iterator[Path]:
        if set(truths) <= {True, False} and list(truths).count(True) == 1:
            yield from self.rule(cases[list(truths).index(True)].rule, region)
        else:
            yield region, NO_POINTS

    def _best(self, cases: Sequence[Case], truths: Sequence[Truth], region: Region) -> Iterator[Path]:
        if Sign.NEGATIVE in truths:
            yield region, NO_POINTS
            return
        held = [(case, truth is True) for case, truth in zip(cases, truths, strict=True) if truth is not False]
        for where, found in self.several([case.rule for case, _ in held], region):
            yield where, _best_of([(outcome, sure) for outcome, (_, sure) in zip(found, held, strict=True)])

    def several(self, rules: Sequence[Rule], region: Region) -> Iterator[tuple[Region, list[Outcome]]]:
        """The paths through several rules at once."""
        if not rules:
            yield region, []
            return
        for where, first in self.rule(rules[0], region):
            for inner, rest in self.several(rules[1:], where):
                yield inner, [first, *rest]

    def _awarded(self, rule: Awarded, region: Region) -> Iterator[Path]:
        key = figure(rule.fact)
        allowed = Interval(rule.low, rule.high, rule.low is not None, rule.high is not None)
        steps = frozenset(() if rule.step is NOT_STATED else ((rule.fact, rule.step),))
        (span,) = [span for span in self.space.spans_in(region, key) if isinstance(span, Interval)]
        for inside in self.inside(key, [span], [allowed]):
            where = region.where(key, inside)
            yield where, Outcome(pinned({"": ZERO, key: Fraction(1)}, where), steps)
        for part in self.inside(key, [span], list(sides(allowed))):
            yield region.where(key, part), NO_POINTS


def _settled(outcome: Outcome) -> Outcome:
    """The outcome with a rounding that is still to be done taken as a value of its own."""
    if outcome.rounding is None or outcome.form is None:
        return outcome
    return evolve(outcome, form=_opaque("round", outcome.rounding, outcome.form), rounding=None)


def _opaque(kind: str, number: Fraction, form: Form) -> Form:
    return {"": ZERO, Opaque((kind, number, frozenset(form.items()))): Fraction(1)}


def _exempt(exemption: Exemption, criterion: Criterion) -> Outcome:
    if exemption.policy is not Policy.FULL:
        return evolve(always(ZERO), policy=exemption.policy)
    whole = criterion.max_points
    return Outcome(None if whole is NOT_STATED else {"": whole}, policy=Policy.FULL)


def never_above(criterion: Criterion, whole: Fraction) -> bool:
    """Whether the structure proves that points never pass the maximum."""
    rule = criterion.rule
    most = added([child.max_points for child in criterion.children]) if rule is NOT_STATED else most_of(rule)
    if most is None or most is NOT_STATED:
        return False
    return (round_half_up(most, criterion.rounding.step) if criterion.rounding else most) <= whole


def _best_of(found: Sequence[tuple[Outcome, bool]]) -> Outcome:
    """The best of several outcomes; one that is not sure to hold leaves no points where it is the better."""
    if not found or any(outcome.form is None for outcome, _ in found):
        return NO_POINTS
    if len(found) == 1:
        return found[0][0] if found[0][1] else NO_POINTS
    forms = [(outcome.form or {}, sure) for outcome, sure in found]
    steps = frozenset(step for outcome, _ in found for step in outcome.steps)
    if all(is_constant(form) for form, _ in forms):
        best, sure = max((form[""], sure) for form, sure in forms)
        return Outcome({"": best}, steps) if sure else NO_POINTS
    making = ("best", frozenset((frozenset(form.items()), sure) for form, sure in forms))
    return Outcome({"": ZERO, Opaque(making): Fraction(1)}, steps)
