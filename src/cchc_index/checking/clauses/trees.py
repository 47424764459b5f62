"""From the trees of the parser to the values a sentence says. The one module of the reader that imports lark."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from attrs import evolve, frozen
from lark import Discard, Lark, Token, Transformer, Tree, v_args
from lark.tree import Meta

from cchc_index.checking.clauses.grammar import GRADE, GRAMMAR, LOOSE, SENTENCE
from cchc_index.checking.clauses.terminals import NUMERALS
from cchc_index.checking.clauses.values import (
    EXACTLY_ZERO,
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
    Statement,
    Unread,
)
from cchc_index.criteria import Policy
from cchc_index.measures import DayOfYear, Interval
from cchc_index.points import parse_number
from cchc_index.rules import ZERO

_FREE = ("WORD", "SET_WORD", "REFERENCE", "COMMA")


class _Runs:
    """Free words that follow each other as one token, so that the parser has little to do."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        held: list[Token] = []
        for token in stream:
            if token.type in _FREE and (held or token.type != "COMMA"):
                held.append(token)
            else:
                yield from _merged(held)
                held = []
                yield token
        yield from _merged(held)


def _merged(tokens: list[Token]) -> Iterator[Token]:
    """One token for a run of free words; a comma at its end stays a comma."""
    commas = []
    while tokens and tokens[-1].type == "COMMA":
        commas.append(tokens.pop())
    if tokens:
        first, last = tokens[0], tokens[-1]
        words = " ".join(tokens)
        yield Token("WORD", words, first.start_pos, first.line, first.column, last.end_line, last.end_column, last.end_pos)
    yield from reversed(commas)


@cache
def parser() -> Lark:
    """The parser of sentences, built when first used."""
    return Lark(
        GRAMMAR,
        start=[SENTENCE, GRADE, LOOSE],
        parser="earley",
        lexer="basic",
        ambiguity="explicit",
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=_Runs(),
    )


def unfolded(tree: Any) -> Iterator[Any]:
    """Every tree without ambiguity that an ambiguous tree holds."""
    if not isinstance(tree, Tree):
        yield tree
    elif tree.data == "_ambig":
        for child in tree.children:
            yield from unfolded(child)
    else:
        for children in product(*(list(unfolded(child)) for child in tree.children)):
            yield Tree(tree.data, list(children), _spanned(tree.meta, children))


def _spanned(meta: Any, children: Iterable[Any]) -> Any:
    """The place of a tree: its own, widened by that of a child whose reading is chosen only now."""
    metas = [child.meta for child in children if isinstance(child, Tree)]
    starts = [one.start_pos for one in (meta, *metas) if not one.empty]
    ends = [one.end_pos for one in (meta, *metas) if not one.empty]
    spanned = Meta()
    if starts:
        spanned.empty, spanned.start_pos, spanned.end_pos = False, min(starts), max(ends)
    return spanned


@frozen
class _Amount:
    value: Fraction
    percent: bool


@frozen
class _Words:
    text: str
    falls: bool = False


_NEGATION = "không"


def _number(text: str) -> Fraction:
    """The number a token begins or ends with."""
    digits = "".join(letter for letter in text if letter.isdigit() or letter in ",.")
    return parse_number(digits.strip(".,"), mark="," if "," in digits else ".")


def _percent(token: str) -> Fraction:
    return _number(token) / 100


def _only(kind: Any, items: list[Any]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


def _tokens(items: list[Any], name: str) -> list[Token]:
    return [item for item in items if isinstance(item, Token) and item.type == name]


def _ends(items: list[Any]) -> tuple[list[Fraction], bool]:
    """The numbers of a bound, and whether they are percents; in «70 - 80%» both are."""
    amounts = _only(_Amount, items)
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


def _against_zero(interval: Interval, direction: int = 0) -> Callable[..., Atom]:
    """A statement that compares with zero: before, on or after a deadline; a rise or a fall."""

    @v_args(meta=True)
    def built(self: "Builder", meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta), False, Bound(interval, direction=direction))

    return built


def _moved(direction: int) -> Callable[..., Atom]:
    """A bound on how late, how much more or how much less: above zero, and within the bound."""

    @v_args(meta=True)
    def built(self: "Builder", meta: Any, items: list[Any]) -> Atom:
        [bound] = _only(Bound, items)
        low = bound.interval.low
        interval = bound.interval if low is not None else evolve(bound.interval, low=ZERO, low_closed=False)
        return Atom(self.words(meta), _NEGATION in items, evolve(bound, interval=interval, direction=direction))

    return built


def _by_day(interval: Interval) -> Callable[..., Atom]:
    @v_args(meta=True)
    def built(self: "Builder", meta: Any, items: list[Any]) -> Atom:
        [date] = _tokens(items, "DATE")
        day, month = (int(part) for part in date.lower().replace("ngày", "").replace("tháng", "/").split("/"))
        return Atom(self.words(meta), False, Bound(interval, False, day=DayOfYear(day, month)))

    return built


def _joined(kind: type[Every] | type[Either]) -> Callable[..., Statement]:
    """One `Every` or `Either` of its parts, those of the same kind taken in."""

    def built(_: Any, items: list[Any]) -> Statement:
        parts: list[Statement] = []
        for item in _only((Atom, Every, Either), items):
            parts += item.parts if isinstance(item, kind) else [item]
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    return built


def _policy(policy: Policy) -> Callable[[Any, list[Any]], Clause]:
    def built(_: Any, items: list[Any]) -> Clause:
        conditions = _only((Atom, Every, Either), items)
        return Clause(conditions[0] if conditions else None, policy=policy)

    return built


def _given(_: Any, items: list[Any]) -> Affine:
    return Affine(_number(items[-1]))


def _taken(_: Any, items: list[Any]) -> Affine:
    return Affine(-_number(items[-1]))


def _each(sign: int) -> Callable[[Any, list[Any]], Affine]:
    def built(_: Any, items: list[Any]) -> Affine:
        [points] = _tokens(items, "POINTS")
        caps = _only(Fraction, items)
        return Affine(None, sign * _number(points), percent=False, cap=caps[0] if caps else None)

    return built


def _times(percent: bool, *, counted: bool = False) -> Callable[[Any, list[Any]], Affine]:
    """Points in proportion: `factor × share` or `factor × figure`, over the number after the last stroke.

    With `counted`, that number counts percents, as «Tỷ lệ %» does.
    """

    def built(_: Any, items: list[Any]) -> Affine:
        [factor] = _only(Affine, items)
        below = [*_tokens(items, "PERCENT"), *_tokens(items, "NUMBER")]
        whole = Fraction(1)
        if below:
            whole = _percent(below[0]) if below[0].type == "PERCENT" or counted else _number(below[0])
        falls = any(words.falls for words in _only(_Words, items))
        slope = (factor.base or ZERO) / whole
        return Affine(ZERO, slope, factor.of_max, percent, -1 if falls else 0)

    return built


def _council(_: Any, items: list[Any]) -> Clause:
    [low] = _tokens(items, "NUMBER")
    high, step = _tokens(items, "POINTS")
    return Clause(points=Council(_number(low), _number(high), _number(step)))


def _dropped(_: Any, __: list[Any]) -> Any:
    """Free words; whoever holds them takes them from the sentence by their place."""
    return Discard


class Builder(Transformer[Token, Any]):
    """Builds the values of one tree; `text` is the sentence the tree was parsed from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def words(self, meta: Any) -> str:
        return self.text[meta.start_pos : meta.end_pos].strip(" ,;:")

    v = w = w2 = u = x = g = any = tail = _dropped
    vs = ws = us = xs = gs = anys = tails = _dropped

    def negation(self, _: list[Any]) -> str:
        return _NEGATION

    def w2s(self, items: list[Any]) -> Any:
        return _NEGATION if _NEGATION in items else Discard

    def semis(self, items: list[Any]) -> Statement:
        return Every(tuple(items))

    def nps(self, items: list[Any]) -> Any:
        return items[0] if items else Discard

    @v_args(meta=True)
    def np(self, meta: Any, items: list[Any]) -> _Words:
        words = self.words(meta)
        return _Words(words, "giảm" in words.lower().split())

    def plain_number(self, items: list[Any]) -> Fraction:
        return _number(items[0])

    decimal_number = plain_number

    def grouped_number(self, items: list[Any]) -> Fraction:
        return Fraction(items[0].replace(".", "").replace(",", ""))

    def percent_amount(self, items: list[Any]) -> _Amount:
        return _Amount(_percent(items[0]), True)

    def number_amount(self, items: list[Any]) -> _Amount:
        return _Amount(items[0], False)

    def points_amount(self, items: list[Any]) -> _Amount:
        return _Amount(_number(items[0]), False)

    def written_amount(self, items: list[Any]) -> _Amount:
        return _Amount(Fraction(NUMERALS[items[0].lower()]), False)

    at_least = _bounding(True, None)
    above = _bounding(False, None)
    under = _bounding(None, False)
    at_most = _bounding(None, True)
    between = dash_with_end = exactly = _bounding(True, True)
    half_open = dash_without_end = _bounding(True, False)
    above_to = _bounding(False, True)
    above_to_under = _bounding(False, False)

    def exactly_number(self, items: list[Any]) -> Bound:
        return Bound(Interval(items[-1], items[-1], low_closed=True, high_closed=True), False)

    def exactly_written(self, items: list[Any]) -> Bound:
        return self.exactly_number([Fraction(NUMERALS[items[-1].lower()])])

    def bare_exactly(self, items: list[Any]) -> Bound:
        share = _percent(items[0])
        return Bound(Interval(share, share, low_closed=True, high_closed=True), True)

    def bare_at_least(self, items: list[Any]) -> Bound:
        return Bound(Interval(_percent(items[0]), low_closed=True), True)

    @v_args(meta=True)
    def bounded(self, meta: Any, items: list[Any]) -> Atom:
        [bound] = _only(Bound, items)
        return Atom(self.words(meta), _NEGATION in items, bound)

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

    @v_args(meta=True)
    def denied(self, meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta), negated=True)

    @v_args(meta=True)
    def stated(self, meta: Any, _: list[Any]) -> Atom:
        return Atom(self.words(meta))

    every = cond = list_cond = _joined(Every)
    either = _joined(Either)

    given = _given
    taken = none_and_taken = _taken
    each_given = _each(1)
    each_taken = _each(-1)

    def cap(self, items: list[Any]) -> Any:
        return _number(items[-1]) if items else Discard

    def each(self, items: list[Any]) -> Affine:
        return items[0]  # type: ignore[no-any-return]

    def from_each(self, items: list[Any]) -> Affine:
        return evolve(items[-1], base=_number(items[0]))

    def whole(self, _: list[Any]) -> Affine:
        return Affine(Fraction(1), of_max=True)

    def most(self, items: list[Any]) -> Most:
        return Most(_number(items[-1]))

    def line(self, items: list[Any]) -> Line:
        low, high = _tokens(items, "POINTS")
        return Line(_number(low), _number(high))

    def plain_factor(self, items: list[Any]) -> Affine:
        return Affine(_number(items[0]))

    points_factor = plain_factor

    def whole_factor(self, _: list[Any]) -> Affine:
        return Affine(Fraction(1), of_max=True)

    rate_over_percent = _times(True)
    rate_over_number = _times(True, counted=True)
    rate_times = ratio_times = _times(True)
    figure_over = _times(False)

    def points(self, items: list[Any]) -> Any:
        return items[-1]

    def weight(self, items: list[Any]) -> tuple[str, Fraction]:
        return str(items[0]), _percent(items[-1])

    @v_args(meta=True)
    def left_out(self, meta: Any, items: list[Any]) -> Any:
        if not items:
            return Discard
        before, _, _ = self.words(meta).lower().partition("không")
        return _Words(self.words(meta)[: len(before)].split()[-1])

    def ballots(self, items: list[Any]) -> Ballots:
        weights = tuple(_only(tuple, items))
        counted = tuple(str(word) for word in _tokens(items, "WORD"))
        [points] = _tokens(items, "NUMBER")
        return Ballots(_number(points), weights, counted, tuple(words.text for words in _only(_Words, items)))

    def zero(self, items: list[Any]) -> Clause:
        return Clause(items[0], at_zero=_percent(_tokens(items, "PERCENT")[0]))

    def note(self, items: list[Any]) -> Any:
        return items[0] if items else Discard

    def _assembled(self, items: list[Any]) -> Clause:
        """A clause out of its condition, its points, and a remark on a zero denominator."""
        conditions = _only((Atom, Every, Either, Unread), items)
        points = _only((Affine, Line, Most, Ballots), items)
        zeros = _only(Clause, items)
        return Clause(
            conditions[0] if conditions else None,
            points[0] if points else None,
            zeros[0].at_zero if zeros else None,
        )

    when_points = points_alone = when_alone = ballots_alone = _assembled

    def points_when(self, items: list[Any]) -> Clause:
        return Clause(items[-1], Affine(_number(items[0])))

    def zero_alone(self, items: list[Any]) -> Clause:
        return items[0]  # type: ignore[no-any-return]

    removed = _policy(Policy.REMOVED)
    rescaled = _policy(Policy.RESCALED)
    uncounted = _policy(Policy.UNCOUNTED)
    forbidden = _policy(Policy.FORBIDDEN)

    def rounded_places(self, items: list[Any]) -> Clause:
        [places] = _tokens(items, "NUMERAL")
        return Clause(step=Fraction(1, 10 ** NUMERALS[places.lower()]))

    def rounded_to(self, items: list[Any]) -> Clause:
        [step] = _tokens(items, "NUMBER")
        return Clause(step=_number(step))

    council = _council

    def sentence(self, items: list[Any]) -> Clause:
        return items[0]  # type: ignore[no-any-return]

    grade_bound = None

    @v_args(meta=True)
    def grade(self, meta: Any, items: list[Any]) -> Clause:
        return Clause(Atom(self.words(meta), bound=_only(Bound, items)[0]))

    @v_args(meta=True)
    def loose_head(self, meta: Any, items: list[Any]) -> Clause:
        [head] = _tokens(items, "HEAD")
        return Clause(Unread(self.text[head.end_pos : meta.end_pos].strip()), Affine(_number(head)))

    @v_args(meta=True)
    def loose_tail(self, meta: Any, items: list[Any]) -> Clause:
        [points] = _tokens(items, "POINTS")
        return Clause(Unread(self.text[meta.start_pos : points.start_pos].strip(" :")), Affine(_number(points)))
