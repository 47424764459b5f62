"""From the trees of the parser to points and whole clauses."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen
from lark import Discard, v_args

from cchc_index.checking.clauses.statements import Statements, number_in, only, percent_in, tokens
from cchc_index.checking.clauses.terminals import NUMERALS
from cchc_index.checking.clauses.values import (
    Affine,
    Atom,
    Ballots,
    Bound,
    Clause,
    Council,
    Either,
    Every,
    Line,
    Most,
    Unread,
)
from cchc_index.criteria import Policy
from cchc_index.rules import ZERO


@frozen
class _Words:
    """What is counted, and whether it is a fall."""

    text: str
    falls: bool = False


def _policy(policy: Policy) -> Callable[[Any, list[Any]], Clause]:
    def built(_: Any, items: list[Any]) -> Clause:
        conditions = only((Atom, Every, Either), items)
        return Clause(conditions[0] if conditions else None, policy=policy)

    return built


def _each(sign: int) -> Callable[[Any, list[Any]], Affine]:
    def built(_: Any, items: list[Any]) -> Affine:
        [points] = tokens(items, "POINTS")
        caps = only(Fraction, items)
        return Affine(None, sign * number_in(points), percent=False, cap=caps[0] if caps else None)

    return built


def _times(*, percent: bool, counted: bool = False) -> Callable[[Any, list[Any]], Affine]:
    """Points in proportion: `factor × share` or `factor × figure`, over the number after the last stroke.

    With `counted`, that number counts percents, as «Tỷ lệ %» does.
    """

    def built(_: Any, items: list[Any]) -> Affine:
        [factor] = only(Affine, items)
        below = [*tokens(items, "PERCENT"), *tokens(items, "NUMBER")]
        whole = Fraction(1)
        if below:
            whole = percent_in(below[0]) if below[0].type == "PERCENT" or counted else number_in(below[0])
        falls = any(words.falls for words in only(_Words, items))
        slope = (factor.base or ZERO) / whole
        return Affine(ZERO, slope, factor.of_max, percent, -1 if falls else 0)

    return built


def _first(_: Any, items: list[Any]) -> Any:
    """What an inner rule has built; nothing where it was left out."""
    return items[0] if items else Discard


class Builder(Statements):
    """Builds the clause of one tree."""

    @v_args(meta=True)
    def np(self, meta: Any, _: list[Any]) -> _Words:
        words = self.words(meta)
        return _Words(words, "giảm" in words.lower().split())

    nps = note = each = zero_alone = sentence = _first

    def given(self, items: list[Any]) -> Affine:
        return Affine(number_in(items[-1]))

    def bracketed(self, items: list[Any]) -> Affine:
        return Affine(number_in(items[-1]), bracketed=True)

    def taken(self, items: list[Any]) -> Affine:
        return Affine(-number_in(items[-1]))

    none_and_taken = taken
    plain_factor = points_factor = given

    def whole(self, _: list[Any]) -> Affine:
        return Affine(Fraction(1), of_max=True)

    whole_factor = whole

    each_given = _each(1)
    each_taken = _each(-1)

    def cap(self, items: list[Any]) -> Any:
        return number_in(items[-1]) if items else Discard

    def from_each(self, items: list[Any]) -> Affine:
        [each] = only(Affine, items)
        return Affine(number_in(items[0]), each.slope, percent=False, cap=each.cap)

    def most(self, items: list[Any]) -> Most:
        return Most(number_in(items[-1]))

    def line(self, items: list[Any]) -> Line:
        low, high = tokens(items, "POINTS")
        return Line(number_in(low), number_in(high))

    rate_over_percent = rate_times = ratio_times = _times(percent=True)
    rate_over_number = _times(percent=True, counted=True)
    figure_over = _times(percent=False)

    def points(self, items: list[Any]) -> Any:
        return items[-1]

    def weight(self, items: list[Any]) -> tuple[str, Fraction]:
        return str(items[0]), percent_in(items[-1])

    @v_args(meta=True)
    def left_out(self, meta: Any, items: list[Any]) -> Any:
        if not items:
            return Discard
        before = self.text[meta.start_pos : items[-1].start_pos]
        return _Words(before.split()[-1])

    def ballots(self, items: list[Any]) -> Ballots:
        [points] = tokens(items, "NUMBER")
        counted = tuple(str(word) for word in tokens(items, "WORD"))
        left_out = tuple(words.text for words in only(_Words, items))
        return Ballots(number_in(points), tuple(only(tuple, items)), counted, left_out)

    def zero(self, items: list[Any]) -> Clause:
        [share] = tokens(items, "PERCENT")
        return Clause(items[0], at_zero=percent_in(share))

    def assembled(self, items: list[Any]) -> Clause:
        """A clause out of its condition, its points, and a remark on a zero denominator."""
        conditions = only((Atom, Every, Either), items)
        points = only((Affine, Line, Most, Ballots), items)
        zeros = only(Clause, items)
        return Clause(
            conditions[0] if conditions else None,
            points[0] if points else None,
            zeros[0].at_zero if zeros else None,
        )

    when_points = points_alone = when_alone = ballots_alone = assembled

    def when_number(self, items: list[Any]) -> Clause:
        [number] = tokens(items, "NUMBER")
        return evolve(self.assembled(items), points=Affine(number_in(number), bare=True))

    def points_when(self, items: list[Any]) -> Clause:
        return Clause(items[-1], Affine(number_in(items[0])))

    removed = _policy(Policy.REMOVED)
    rescaled = _policy(Policy.RESCALED)
    uncounted = _policy(Policy.UNCOUNTED)
    forbidden = _policy(Policy.FORBIDDEN)

    def rounded_places(self, items: list[Any]) -> Clause:
        [places] = tokens(items, "NUMERAL")
        return Clause(step=Fraction(1, 10 ** NUMERALS[places.lower()]))

    def rounded_to(self, items: list[Any]) -> Clause:
        [step] = tokens(items, "NUMBER")
        return Clause(step=number_in(step))

    def council(self, items: list[Any]) -> Clause:
        [low] = tokens(items, "NUMBER")
        high, step = tokens(items, "POINTS")
        return Clause(points=Council(number_in(low), number_in(high), number_in(step)))

    @v_args(meta=True)
    def grade(self, meta: Any, items: list[Any]) -> Clause:
        return Clause(Atom(self.words(meta), bound=only(Bound, items)[0]))

    @v_args(meta=True)
    def loose_head(self, meta: Any, items: list[Any]) -> Clause:
        [head] = tokens(items, "HEAD")
        return Clause(Unread(self.text[head.end_pos : meta.end_pos].strip()), Affine(number_in(head)))

    @v_args(meta=True)
    def loose_tail(self, meta: Any, items: list[Any]) -> Clause:
        [points] = tokens(items, "POINTS")
        return Clause(Unread(self.text[meta.start_pos : points.start_pos].strip(" :")), Affine(number_in(points)))
