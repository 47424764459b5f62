"""From the trees of the parser to bounds and statements."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen
from lark import Discard, Token, Transformer, v_args

from cchc_index.checking.clauses.terminals import NUMERALS
from cchc_index.checking.clauses.values import CLOSED, EXACTLY_ZERO, OPEN, Atom, Bound, Either, Every, Statement
from cchc_index.measures import DayOfYear, Interval
from cchc_index.points import parse_number
from cchc_index.rules import ZERO

NEGATION = "không"


@frozen
class Amount:
    """A number of the sentence, and whether it has a percent sign."""

    value: Fraction
    percent: bool = False


def number_in(text: str) -> Fraction:
    """The number that a token holds: `Điểm 2 khi`, `0,25đ`, `30%`."""
    digits = "".join(letter for letter in text if letter.isdigit() or letter in ",.")
    return parse_number(digits.strip(".,"), mark="," if "," in digits else ".")


def percent_in(token: str) -> Fraction:
    return number_in(token) / 100


def only(kind: Any, items: list[Any]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


def tokens(items: list[Any], name: str) -> list[Token]:
    return [item for item in items if isinstance(item, Token) and item.type == name]


def _ends(items: list[Any]) -> tuple[list[Fraction], bool]:
    """The numbers of a bound, and whether they are percents; in «70 - 80%» both are."""
    amounts = only(Amount, items)
    percent = any(amount.percent for amount in amounts)
    return [amount.value / 100 if percent and not amount.percent else amount.value for amount in amounts], percent


def _bounding(low_closed: bool | None, high_closed: bool | None) -> Callable[[Any, list[Any]], Bound]:
    """The bound with these ends; None is no end."""

    def built(_: Any, items: list[Any]) -> Bound:
        numbers, percent = _ends(items)
        low = None if low_closed is None else numbers[0]
        high = None if high_closed is None else numbers[-1]
        return Bound(Interval(low, high, bool(low_closed), bool(high_closed)), percent)

    return built


def _exactly(value: Fraction, *, percent: bool) -> Bound:
    return Bound(Interval(value, value, CLOSED, CLOSED), percent)


def _against_zero(interval: Interval, direction: int = 0) -> Callable[..., Atom]:
    """A statement that compares with zero: before, on or after a deadline; a rise or a fall."""

    @v_args(meta=True)
    def built(self: "Statements", meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta), bound=Bound(interval, direction=direction))

    return built


def _moved(direction: int) -> Callable[..., Atom]:
    """A bound on how late, how much more or how much less: above zero, and within the bound."""

    @v_args(meta=True)
    def built(self: "Statements", meta: Any, items: list[Any]) -> Atom:
        [bound] = only(Bound, items)
        low = bound.interval.low
        interval = bound.interval if low is not None else evolve(bound.interval, low=ZERO, low_closed=False)
        return Atom(self.words(meta), NEGATION in items, evolve(bound, interval=interval, direction=direction))

    return built


def _by_day(interval: Interval) -> Callable[..., Atom]:
    """A bound counted in days from a day of the year."""

    @v_args(meta=True)
    def built(self: "Statements", meta: Any, items: list[Any]) -> Atom:
        [date] = tokens(items, "DATE")
        day, month = (int(part) for part in date.lower().replace("ngày", "").replace("tháng", "/").split("/"))
        return Atom(self.words(meta), bound=Bound(interval, OPEN, day=DayOfYear(day, month)))

    return built


def _joined(kind: type[Every] | type[Either]) -> Callable[..., Statement]:
    """One `Every` or `Either` of its parts, those of the same kind taken in."""

    def built(_: Any, items: list[Any]) -> Statement:
        parts: list[Statement] = []
        for item in only((Atom, Every, Either, tuple), items):
            within = item if isinstance(item, tuple) else item.parts if isinstance(item, kind) else (item,)
            parts += within
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    return built


def _dropped(_: Any, __: list[Any]) -> Any:
    """Free words; whoever holds them takes them from the sentence by their place."""
    return Discard


class Statements(Transformer[Token, Any]):
    """Builds bounds and statements; `text` is the sentence the tree was parsed from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def words(self, meta: Any) -> str:
        """The words of the sentence at the place of a tree."""
        return self.text[meta.start_pos : meta.end_pos].strip(" ,;:")

    v = w = w2 = u = x = j = g = any = tail = _dropped
    vs = ws = us = js = xs = gs = anys = tails = figure = _dropped

    def negation(self, _: list[Any]) -> str:
        return NEGATION

    def w2s(self, items: list[Any]) -> Any:
        return NEGATION if NEGATION in items else Discard

    def semis(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(items)

    def plain_number(self, items: list[Any]) -> Fraction:
        return number_in(items[0])

    decimal_number = plain_number

    def grouped_number(self, items: list[Any]) -> Fraction:
        return Fraction(items[0].replace(".", "").replace(",", ""))

    def percent_amount(self, items: list[Any]) -> Amount:
        return Amount(percent_in(items[0]), percent=True)

    def number_amount(self, items: list[Any]) -> Amount:
        return Amount(items[0])

    def points_amount(self, items: list[Any]) -> Amount:
        return Amount(number_in(items[0]))

    def written_amount(self, items: list[Any]) -> Amount:
        return Amount(Fraction(NUMERALS[items[0].lower()]))

    at_least = _bounding(CLOSED, None)
    above = _bounding(OPEN, None)
    under = _bounding(None, OPEN)
    at_most = _bounding(None, CLOSED)
    between = dash_with_end = exactly = _bounding(CLOSED, CLOSED)
    half_open = dash_without_end = _bounding(CLOSED, OPEN)
    above_to = _bounding(OPEN, CLOSED)
    above_to_under = _bounding(OPEN, OPEN)

    def exactly_number(self, items: list[Any]) -> Bound:
        return _exactly(items[-1], percent=False)

    def exactly_written(self, items: list[Any]) -> Bound:
        return _exactly(Fraction(NUMERALS[items[-1].lower()]), percent=False)

    def bare_exactly(self, items: list[Any]) -> Bound:
        return _exactly(percent_in(items[0]), percent=True)

    def bare_at_least(self, items: list[Any]) -> Bound:
        return Bound(Interval(percent_in(items[0]), low_closed=True), percent=True)

    @v_args(meta=True)
    def bounded(self, meta: Any, items: list[Any]) -> Atom:
        [bound] = only(Bound, items)
        return Atom(self.words(meta), NEGATION in items, bound)

    late_by = _moved(0)
    up_by = _moved(1)
    down_by = _moved(-1)
    early = _against_zero(Interval(high=ZERO))
    overdue = _against_zero(Interval(low=ZERO))
    on_the_day = on_time_on_the_day = _against_zero(EXACTLY_ZERO)
    by_the_day = on_time_by_the_day = _against_zero(Interval(high=ZERO, high_closed=True))
    up = _against_zero(Interval(low=ZERO), 1)
    down = _against_zero(Interval(low=ZERO), -1)
    by_date = _by_day(Interval(high=ZERO, high_closed=True))
    before_date = _by_day(Interval(high=ZERO))
    after_date = _by_day(Interval(low=ZERO))
    since_date = _by_day(Interval(low=ZERO, low_closed=True))

    @v_args(meta=True)
    def denied(self, meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta), negated=True)

    @v_args(meta=True)
    def stated(self, meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta))

    every = cond = list_cond = _joined(Every)
    either = _joined(Either)
