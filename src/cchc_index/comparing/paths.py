"""Every path through a criterion: the regions of figures that it tells apart, and the points in each, exactly.

One `match` over the six rules, like `scoring.evaluate`, but on regions in place of figures. The regions of one criterion
do not meet and leave nothing out, so two criteria that agree on every common region agree on all figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

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
from cchc_index.comparing.regions import EVERYTHING, Region, Sign, Space, key_of, outside
from cchc_index.criteria import Criterion, Exemption, Policy, SourceNote
from cchc_index.measures import (
    AllOf,
    Chosen,
    Condition,
    Interval,
    Measure,
    Ratio,
    Within,
    figure,
    tests_of,
)
from cchc_index.points import round_half_up
from cchc_index.rules import ZERO, Average, Awarded, Case, Choose, Piecewise, Rule, Sum, Switch, Table, Term
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.plans import by_condition
from cchc_index.scoring.totals import added
from cchc_index.sources import NOT_STATED, NoteKind

Path = tuple[Region, Outcome]
Truth = bool | Sign | None
"""Whether a condition holds; None for what hangs on a zero denominator, `NEGATIVE` where a denominator is below zero."""
Held = tuple[Region, Truth]


@frozen
class Paths:
    """The paths through rules whose figures lie in one space."""

    space: Space

    def criterion(self, criterion: Criterion, region: Region, *, is_capped: bool) -> Iterator[Path]:
        """The paths through a criterion scored alone: exemptions, holes, rule, rounding, maximum."""
        for where, exemption in self._exempted(by_condition(criterion), region):
            if exemption is Sign.NEGATIVE:
                yield where, NO_POINTS
            elif isinstance(exemption, Exemption):
                yield where, _exempt(exemption, criterion)
            else:
                yield from self._scored(criterion, where, is_capped=is_capped)

    def _exempted(self, exemptions: Sequence[Exemption], region: Region) -> Iterator[tuple[Region, Exemption | Sign | None]]:
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
            found = self.rule(criterion.rule, where) if criterion.rule is not NOT_STATED else self._parts(criterion.children, where, {"": ZERO})
            for inner, outcome in found:
                yield from self._held(criterion, inner, outcome, is_capped=is_capped)

    def _holes(self, criterion: Criterion, notes: Sequence[SourceNote], region: Region) -> Iterator[tuple[Region, bool]]:
        """Where a note says that the source gives no points, or cannot be asked."""
        if not notes:
            yield region, False
            return
        note, is_hole = notes[0], notes[0].kind is NoteKind.HOLE and not criterion.children
        if note.when is None or not (is_hole or self._is_fragile([note.when])):
            yield from self._holes(criterion, notes[1:], region)
            return
        for where, truth in self.truth(note.when, region):
            if truth is Sign.NEGATIVE or (is_hole and truth is True):
                yield where, True
            else:
                yield from self._holes(criterion, notes[1:], where)

    def _parts(self, children: Sequence[Criterion], region: Region, sofar: Form) -> Iterator[Path]:
        if not children:
            yield region, Outcome(sofar)
            return
        for where, outcome in self.criterion(children[0], region, is_capped=False):
            if outcome.form is None:
                yield where, NO_POINTS
            else:
                form = outcome.form if outcome.rounding is None else _opaque("round", outcome.rounding, outcome.form)
                yield from self._parts(children[1:], where, plus(sofar, form))

    def _held(self, criterion: Criterion, region: Region, outcome: Outcome, *, is_capped: bool) -> Iterator[Path]:
        """Points rounded as ordered, and held against the maximum: cut off there outside the tree, refused inside it."""
        step = criterion.rounding.step if criterion.rounding else None
        outcome, whole = rounded(outcome, step), criterion.max_points
        if outcome.form is None or whole is NOT_STATED or never_above(criterion, whole):
            yield region, outcome
            return
        if outcome.rounding is not None:
            outcome = evolve(outcome, form=_opaque("round", outcome.rounding, outcome.form), rounding=None)
        if is_capped:
            yield from self._limited(region, outcome, whole, 1)
            return
        for where, is_above in self._split(region, outcome.form, whole) or [(region, None)]:
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
            case Switch(cases, Choose.FIRST):
                yield from self._first(cases, region)
            case Switch(cases, choose):
                for where, truths in self._truths([case.when for case in cases], region):
                    chosen = self._only if choose is Choose.ONLY else self._best
                    yield from chosen(cases, truths, where)
            case Average():
                yield region, Outcome({Opaque(bare(rule)): Fraction(1)})
            case Awarded():
                yield from self._awarded(rule, region)

    def _piecewise(self, rule: Piecewise, region: Region) -> Iterator[Path]:
        key = key_of(rule.measure)
        for span in self.space.spans_in(region, key):
            where = region.where(key, span)
            if isinstance(span, Interval):
                yield from self._pieces(rule, where, key, span)
                continue
            stated = _at_zero(rule.measure, span)
            held = (piece for piece in rule.pieces if stated is not None and stated in piece.interval)
            piece = next(held, None)
            known = piece is not None and stated is not None
            yield where, always(piece.base + piece.slope * stated) if known and piece and stated is not None else NO_POINTS

    def _pieces(self, rule: Piecewise, region: Region, key: Measure, span: Interval) -> Iterator[Path]:
        rest = [span]
        for piece in rule.pieces:
            for inside in self._inside(key, rest, [piece.interval]):
                where = region.where(key, inside)
                yield where, Outcome(pinned(affine(piece.base, piece.slope, key), where))
            rest = self._inside(key, rest, list(outside(piece.interval)))
        for part in rest:
            yield region.where(key, part), NO_POINTS

    def _inside(self, key: Measure, some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
        found = [self.space.narrowed(key, one, other) for one in some for other in others]
        return [part for part in found if part is not None]

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
        assert sofar.form is not None
        for where, outcome in self.rule(terms[0].rule, region):
            if outcome.form is None:
                yield where, NO_POINTS
            else:
                together = Outcome(plus(sofar.form, outcome.form), sofar.steps | outcome.steps)
                yield from self._terms(terms[1:], where, together)

    def _limited(self, region: Region, outcome: Outcome, limit: Fraction | None, sign: int) -> Iterator[Path]:
        """Points cut off at a limit: above it (`sign` 1) or below it (`sign` -1)."""
        if limit is None or outcome.form is None:
            yield region, outcome
            return
        signed = {atom: number * sign for atom, number in outcome.form.items()}
        parts = self._split(region, signed, limit * sign)
        if parts is None:
            yield region, evolve(outcome, form=_opaque(f"limit {sign}", limit, outcome.form))
            return
        for where, is_beyond in parts:
            yield where, evolve(outcome, form={"": limit}) if is_beyond else outcome

    def _split(self, region: Region, form: Form, limit: Fraction) -> list[tuple[Region, bool]] | None:
        """Where a form passes a limit and where it does not; None when that is no matter of one measure."""
        form = pinned(form, region)
        low, high = self._ends(region, form)
        if high is not None and high <= limit:
            return [(region, False)]
        if low is not None and low > limit:
            return [(region, True)]
        atoms = [(atom, number) for atom, number in form.items() if atom != ""]
        if len(atoms) != 1 or isinstance(atoms[0][0], Opaque):
            return None
        measure: Measure = atoms[0][0]  # type: ignore[assignment]
        end = (limit - form[""]) / atoms[0][1]
        beyond = Interval(low=end) if atoms[0][1] > 0 else Interval(high=end)
        (span,) = [span for span in self.space.spans_in(region, measure) if isinstance(span, Interval)]
        return [
            (region.where(measure, part), is_beyond)
            for is_beyond, limits in ((True, [beyond]), (False, list(outside(beyond))))
            for part in self._inside(measure, [span], limits)
        ]

    def _ends(self, region: Region, form: Form) -> tuple[Fraction | None, Fraction | None]:
        """A number that a form never falls below, and one that it never passes, in a region."""
        low: Fraction | None = form[""]
        high: Fraction | None = form[""]
        for atom, number in form.items():
            if atom == "":
                continue
            span = EVERYTHING if isinstance(atom, Opaque) else region.spans[atom]  # type: ignore[index]
            assert isinstance(span, Interval)
            first, last = (span.low, span.high) if number > 0 else (span.high, span.low)
            low = None if low is None or first is None else low + number * first
            high = None if high is None or last is None else high + number * last
        return low, high

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
        for inside in self._inside(key, [span], [allowed]):
            where = region.where(key, inside)
            yield where, Outcome(pinned({"": ZERO, key: Fraction(1)}, where), steps)
        for part in self._inside(key, [span], list(outside(allowed))):
            yield region.where(key, part), NO_POINTS

    def truth(self, condition: Condition, region: Region) -> Iterator[Held]:
        """Where a condition holds, where it does not, and where nobody can tell."""
        match condition:
            case Within(measure, interval):
                yield from self._within(measure, interval, region)
            case Chosen(fact, options):
                known = self.space.options_in(region, fact)
                for part, truth in ((known & set(options), True), (known - set(options), False)):
                    if part:
                        yield region.choosing(fact, frozenset(part)), truth
            case _:
                decisive = not isinstance(condition, AllOf)
                yield from self._several(condition.parts, region, not decisive, decisive=decisive)

    def _within(self, measure: Measure, interval: Interval, region: Region) -> Iterator[Held]:
        key = key_of(measure)
        for span in self.space.spans_in(region, key):
            if isinstance(span, Sign):
                stated = _at_zero(measure, span)
                unknown = None if span is Sign.ZERO else span
                yield region.where(key, span), unknown if stated is None else stated in interval
                continue
            for inside in self._inside(key, [span], [interval]):
                yield region.where(key, inside), True
            for part in self._inside(key, [span], list(outside(interval))):
                yield region.where(key, part), False

    def _several(self, parts: Sequence[Condition], region: Region, sofar: Truth, *, decisive: bool) -> Iterator[Held]:
        """All of, or any of: one decisive part settles it, unless a denominator further on is below zero."""
        if not parts or (sofar is decisive and not self._is_fragile(parts)):
            yield region, sofar
            return
        for where, truth in self.truth(parts[0], region):
            if truth is Sign.NEGATIVE:
                yield where, truth
                continue
            told = decisive if decisive in (sofar, truth) else None if None in (sofar, truth) else not decisive
            yield from self._several(parts[1:], where, told, decisive=decisive)

    def _truths(self, conditions: Sequence[Condition], region: Region) -> Iterator[tuple[Region, list[Truth]]]:
        if not conditions:
            yield region, []
            return
        for where, first in self.truth(conditions[0], region):
            for inner, rest in self._truths(conditions[1:], where):
                yield inner, [first, *rest]

    def _is_fragile(self, conditions: Iterable[Condition]) -> bool:
        """Whether a denominator in a condition may be below zero."""
        tests = (test for condition in conditions for test in tests_of(condition))
        keys = (key_of(test.measure) for test in tests if isinstance(test, Within))
        return any(Sign.NEGATIVE in self.space.spans_in(Region(), key) for key in keys)


def _at_zero(measure: Measure, span: Sign) -> Fraction | None:
    """The value that the source gives for a zero denominator."""
    stated = measure.at_zero if isinstance(measure, Ratio) else NOT_STATED
    return None if stated is NOT_STATED or span is Sign.NEGATIVE else stated


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
