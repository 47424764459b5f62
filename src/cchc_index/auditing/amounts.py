"""The points of a sheet held against those that follow from the figures: each row, each sum, each maximum.

A number on a sheet is printed: it agrees with an exact one when it is no further from it than half a unit of its last
place, of at least two decimals (Thus 3,99 agrees with 1997/2000 × 4 = 3,994, and 3,9 does not).

>>> agrees(Fraction("3.99"), Fraction("3.994")), agrees(Fraction("3.9"), Fraction("3.994"))
(True, False)
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.auditing.findings import AuditFinding, Column, FindingKind, finding_at, weighed
from cchc_index.auditing.printed import decimals_of, half_unit
from cchc_index.auditing.recomputing import Recomputed
from cchc_index.criteria import AdjustmentKind, Criterion, Points, Policy, Ruleset
from cchc_index.errors import Text
from cchc_index.points import show, show_rounded, total
from cchc_index.rules import Rounding
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.say import why
from cchc_index.scoring.trace import Line
from cchc_index.sources import NOT_STATED

PLACES = 2
_SIGNS = {AdjustmentKind.BONUS: 1, AdjustmentKind.PENALTY: -1}
ZERO = Fraction(0)


def agrees(printed: Fraction, exact: Fraction, slack: Fraction = ZERO) -> bool:
    """Whether a printed number may stand for an exact one that is known to within `slack`."""
    return abs(printed - exact) <= _reach(printed) + slack


def _reach(printed: Fraction) -> Fraction:
    """How far printing may have moved a number: half of its last place, of at least `PLACES`."""
    places = decimals_of(printed)
    return ZERO if places is None else half_unit(max(places, PLACES))


@frozen
class Amount:
    """Points as near as they are known: a number, and how far printing may have moved it."""

    points: Fraction
    slack: Fraction = ZERO


@frozen
class Totals:
    """One column of points of a sheet, being held against what follows from the figures."""

    rules: Ruleset
    found: Recomputed
    given: Mapping[str, Fraction]
    places: Mapping[str, str]
    column: Column
    total: Fraction | None = None
    total_place: str = ""

    def findings(self) -> Iterator[AuditFinding]:
        """Rows above their maximum or not following from the figures, and sums that are not the sum of their parts."""
        for criterion in self.rules.walk():
            value = self.given.get(criterion.code)
            if value is not None:
                yield from self._row(criterion, value)
        if self.total is not None:
            yield from self._whole(self.total)

    def _row(self, criterion: Criterion, value: Fraction) -> Iterator[AuditFinding]:
        line = self.found.lines.get(criterion.code)
        whole = criterion.max_points
        if whole is not NOT_STATED and value > whole:
            yield weighed(self._at(FindingKind.ABOVE_MAXIMUM, criterion, _above(value, whole)), value, whole)
        elif _is_sum(criterion, line) and any(below.code in self.given for below in _below(criterion)):
            yield from self._sum(criterion, value)
        elif line and line.points is not NOT_STATED and not agrees(value, line.points):
            finding = weighed(self._at(self._kind(), criterion, _differs(value, line.points, line)), value, line.points)
            yield evolve(finding, basis=finding.basis if line.basis is NOT_STATED else line.basis)

    def _kind(self) -> FindingKind:
        awarded = self.column is Column.AWARDED
        return FindingKind.AWARDED_DIFFERS if awarded else FindingKind.NOT_REPRODUCIBLE

    def _sum(self, criterion: Criterion, value: Fraction) -> Iterator[AuditFinding]:
        printed = self._printed(criterion.children)
        sums = [self._under(criterion), printed and _ordered(printed, criterion.rounding)]
        yield from self._against([one for one in sums if one is not None], value, criterion)

    def _whole(self, value: Fraction) -> Iterator[AuditFinding]:
        """The total of the sheet: of the tree, or of the tree with bonus and penalty."""
        outside, roots = self._outside(), self.rules.criteria
        if outside is None or self._may_be_rescaled():
            return
        leaves = [below for root in roots for below in _below(root) if not below.children]
        sums = [self._added([self._amount(root) for root in roots]), self._printed(roots), self._printed(leaves)]
        known = [one for one in sums if one is not None]
        scaled = [_scaled(one, self._scale()) for one in known]
        more = [Amount(one.points + outside.points, one.slack + outside.slack) for one in scaled]
        expected = [_ordered(one, self.rules.rounding) for one in (*more, *scaled)]
        yield from self._against(expected, value, None)

    def _against(
        self, expected: Sequence[Amount], value: Fraction, criterion: Criterion | None
    ) -> Iterator[AuditFinding]:
        """A finding when a sum is none of those that its parts can make."""
        if expected and not any(agrees(value, one.points, one.slack) for one in expected):
            follows, bound = expected[0].points, _reach(value) + expected[0].slack
            finding = self._at(FindingKind.TOTAL_NOT_SUM, criterion, _not_sum(value, follows, bound))
            yield weighed(finding, value, follows)

    def _amount(self, criterion: Criterion) -> Amount | None:
        """The points that a row stands for: exact where the figures give them, else as printed."""
        line, value = self.found.lines.get(criterion.code), self.given.get(criterion.code)
        exact = line.points if line and line.points is not NOT_STATED else None
        if _is_sum(criterion, line):
            return self._under(criterion) or (None if value is None else _as_printed(value))
        if exact is not None and (value is None or agrees(value, exact)):
            return Amount(exact)
        return None if value is None else _as_printed(value)

    def _under(self, criterion: Criterion) -> Amount | None:
        together = self._added([self._amount(child) for child in criterion.children])
        return None if together is None else _ordered(together, criterion.rounding)

    def _added(self, amounts: Sequence[Amount | None]) -> Amount | None:
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return None
        return Amount(total([one.points for one in known]), total([one.slack for one in known]))

    def _printed(self, criteria: Sequence[Criterion]) -> Amount | None:
        """The sum of the printed numbers themselves; None unless each is there."""
        values = [self.given.get(criterion.code) for criterion in criteria]
        known = [value for value in values if value is not None]
        return Amount(total(known)) if known and len(known) == len(values) else None

    def _outside(self) -> Amount | None:
        """Bonus less penalty; None while one of them is not known."""
        parts = [(_SIGNS[one.kind], self._amount(one.criterion)) for one in self.rules.adjustments]
        return self._added([part and Amount(sign * part.points, part.slack) for sign, part in parts])

    def _may_be_rescaled(self) -> bool:
        """Whether the total may be more than a sum: criteria that are taken out may have the rest count for more."""
        if self.found.card is not None:
            return False
        lines = self.found.lines
        asked = any(_is_rescaled(line) for line in lines.values())
        return asked or any(_rescales(one) for one in self.rules.walk() if one.code not in lines)

    def _scale(self) -> Fraction:
        """By what the engine scaled the sum of the areas, where the rest counts for the whole; else 1."""
        card = self.found.card
        if card is None or card.unrounded is NOT_STATED:
            return Fraction(1)
        before = total([line.points for line in card.lines if line.points is not NOT_STATED])
        kinds = {one.criterion.code: one.kind for one in self.rules.adjustments}
        outside = total(
            [_SIGNS[kinds[line.code]] * line.points for line in card.adjustments if line.points is not NOT_STATED]
        )
        return (card.unrounded - outside) / before if before else Fraction(1)

    def _at(self, kind: FindingKind, criterion: Criterion | None, message: Text) -> AuditFinding:
        place = self.places.get(criterion.code, "") if criterion else self.total_place
        return evolve(finding_at(kind, criterion, message, place), column=self.column)


def _is_sum(criterion: Criterion, line: Line | None) -> bool:
    """Whether the points of a row are those of the rows under it: not where it is, or may be, left out as a whole."""
    left_out = line.exempted is not None if line else bool(criterion.exemptions)
    return bool(criterion.children) and not left_out


def _below(criterion: Criterion) -> Iterator[Criterion]:
    """Everything under a criterion; the criterion itself where there is nothing under it."""
    return (one for one in criterion.walk() if one is not criterion or not criterion.children)


def _as_printed(value: Fraction) -> Amount:
    """A number of the sheet whose exact value is not known."""
    return Amount(value, _reach(value))


def _ordered(amount: Amount, rounding: Rounding | None) -> Amount:
    """The amount as a decision orders it rounded; what is not known exactly may fall a whole step further."""
    step = rounding.step if rounding and amount.slack else ZERO
    return Amount(rounded(amount.points, rounding), amount.slack + step)


def _scaled(amount: Amount, by: Fraction) -> Amount:
    return Amount(amount.points * by, amount.slack * by)


def _rescales(criterion: Criterion) -> bool:
    return any(one.policy is Policy.RESCALED for one in criterion.exemptions)


def _is_rescaled(line: Line) -> bool:
    return line.exempted is not None and line.exempted.exemption.policy is Policy.RESCALED


def _above(value: Fraction, whole: Fraction) -> Text:
    return Text(
        f"ghi {show(value)}, điểm tối đa chỉ là {show(whole)}",
        f"{show(value, 'en')}, the maximum is {show(whole, 'en')}",
    )


def _differs(value: Fraction, exact: Fraction, line: Line) -> Text:
    reason = why(line)
    return Text(
        f"ghi {show(value)}, số liệu cho {show_points(exact).vi}: {reason.vi}",
        f"{show(value, 'en')}, the figures give {show_points(exact).en}: {reason.en}",
    )


def _not_sum(value: Fraction, follows: Fraction, bound: Fraction) -> Text:
    total, bounded = show_points(follows), show_points(bound)
    return Text(
        f"ghi {show(value)}, các phần cộng lại {total.vi}; in làm tròn chỉ giải thích được đến {bounded.vi}",
        f"{show(value, 'en')}, the parts add up to {total.en}; print rounding explains at most {bounded.en}",
    )


def show_points(points: Fraction) -> Text:
    """Points in full where four decimals will do, else rounded and marked."""
    if 10**4 % points.denominator == 0:
        return Text(show(points), show(points, "en"))
    return Text("≈" + show_rounded(points, 4), "≈" + show_rounded(points, 4, "en"))


def maximum_findings(
    rules: Ruleset, found: Recomputed, given: Mapping[str, Fraction], places: Mapping[str, str]
) -> Iterator[AuditFinding]:
    """Printed maxima that are neither those of the decision nor what exemptions leave of them. `""` is the whole."""
    for code, value in given.items():
        criterion = rules.by_code.get(code)
        stated: Points = criterion.max_points if criterion else rules.max_points
        line = found.lines.get(code)
        left: Points = line.max_points if line else found.card.max_points if found.card and not code else NOT_STATED
        if stated is not NOT_STATED and value not in (stated, left):
            message = Text(
                f"in điểm tối đa {show(value)}, quyết định ghi {show(stated)}",
                f"the printed maximum is {show(value, 'en')}, the decision says {show(stated, 'en')}",
            )
            finding = finding_at(FindingKind.MAXIMUM_ALTERED, criterion, message, places.get(code, ""))
            yield weighed(finding, value, stated)
