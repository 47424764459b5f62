"""Canonical sentence to rule. The grammar is LALR(1), and so has exactly one reading for every text it accepts.

>>> read_rule("theo «ho_so»: [từ 4 trở lên: 1 điểm; dưới 4: 0 điểm]").pieces[0].base
Fraction(1, 1)
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any
from unicodedata import normalize

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken

from cchc_index.checking.clauses.say import CHOOSE_WORDS
from cchc_index.checking.clauses.values import CLOSED, OPEN
from cchc_index.errors import Text, short
from cchc_index.measures import AllOf, AnyOf, Chosen, Interval, Linear, Ratio, Within
from cchc_index.points import Exact
from cchc_index.rules import (
    ZERO,
    Average,
    Awarded,
    Case,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
)
from cchc_index.sources import NOT_STATED

GRAMMAR = r"""
?rule: "theo" measure ":" "[" pieces "]" -> piecewise
     | "chọn" NAME ":" "[" options "]" -> table
     | points -> fixed
     | "cộng" from_points floor cap ":" "[" terms "]" -> sum
     | FIRST ":" "[" cases "]" -> switch
     | ONLY ":" "[" cases "]" -> switch
     | BEST ":" "[" cases "]" -> switch
     | "trung bình" NAME rounding ":" "[" rule "]" -> average
     | "chấm trực tiếp" NAME from_points to_points step -> awarded
FIRST: "lấy mức đầu tiên"
ONLY: "chỉ một mức"
BEST: "lấy mức cao nhất"

pieces: (piece (";" piece)*)?
piece: interval ":" affine
affine: points
      | points ", mỗi đơn vị cộng" points -> rising
      | points ", mỗi đơn vị trừ" points -> falling
      | share
      | points "cộng" share -> points_and_share
share: "(" "Tỷ lệ %" "x" points ")" "/" "100%"
options: (option (";" option)*)?
option: NAME ":" points
terms: (term (";" term)*)?
term: NAME ":" rule
    | rule
cases: (case (";" case)*)?
case: "khi" condition ":" rule

?condition: "tất cả" "[" conditions "]" -> all_of
          | "một trong" "[" conditions "]" -> any_of
          | NAME "là" "[" names "]" -> chosen
          | measure interval -> within
conditions: (condition (";" condition)*)?
names: (NAME (";" NAME)*)?

?measure: linear
        | "tỷ lệ" "(" linear ")" "/" "(" linear ")" -> ratio
        | "tỷ lệ" "(" linear ")" "/" "(" linear ")" "(" "mẫu số bằng 0 thì tính là" end ")" -> ratio
linear: first (("+" | MINUS) summand)*
first: summand
     | MINUS summand
summand: NAME -> once
       | number "x" NAME -> times
       | number -> alone

interval: "mọi giá trị" -> everything
        | "bằng" end -> exactly
        | "từ" end "trở lên" -> at_least
        | "trên" end -> above
        | "đến" end -> at_most
        | "dưới" end -> under
        | "từ" end "đến" end -> closed
        | "từ" end "đến dưới" end -> half_open
        | "trên" end "đến" end -> above_to
        | "trên" end "đến dưới" end -> between
end: number
   | number "%" -> percent
points: number "điểm"
from_points: ("từ" points)?
to_points: ("đến" points)?
floor: (", không dưới" points)?
cap: (", không quá" points)?
step: (", mỗi bước" points)?
rounding: (", làm tròn đến" number)?
number: "âm" NUMBER -> negative
      | NUMBER -> positive
MINUS: "-"
NUMBER: /[0-9]+(,[0-9]+|\/0*[1-9][0-9]*)?/
NAME: /«(?:[^«»\\]|\\.)*»/s
%ignore /\s+/
"""


class NotCanonical(ValueError):
    """A text that is not the canonical sentence of a rule. `.text` says where reading stopped."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


@cache
def parser() -> Lark:
    """The parser of canonical sentences, built when first used."""
    return Lark(GRAMMAR, start="rule", parser="lalr", transformer=_Builder(), maybe_placeholders=False)


def read_rule(sentence: str) -> Rule:
    """The rule that a canonical sentence says; nothing in it stands on a source. Names are NFC.

    Raises NotCanonical.
    """
    text = normalize("NFC", sentence)
    try:
        return parser().parse(text)  # type: ignore[return-value]
    except UnexpectedInput as error:
        place = error.pos_in_stream if error.pos_in_stream is not None else len(text)
        at = "" if _at_end(error) else short(text[place:])
        raise NotCanonical(Text(f"không đọc được từ «{at}»", f"cannot be read from «{at}»")) from None


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _name(token: str) -> str:
    """A name without its quotes."""
    found, plain = "", iter(token[1:-1])
    for letter in plain:
        found += next(plain) if letter == "\\" else letter
    return found


def _interval(low_closed: bool | None, high_closed: bool | None) -> Callable[[Any, list[Fraction]], Interval]:
    def built(_: Any, ends: list[Fraction]) -> Interval:
        low = None if low_closed is None else ends[0]
        return Interval(low, None if high_closed is None else ends[-1], bool(low_closed), bool(high_closed))

    return built


def _all(_: Any, items: list[Any]) -> tuple[Any, ...]:
    return tuple(items)


def _maybe(_: Any, items: list[Any]) -> Any:
    return items[0] if items else None


def _only(_: Any, items: list[Any]) -> Any:
    return items[0]


class _Builder(Transformer[Token, Any]):
    pieces = options = terms = cases = conditions = _all
    from_points = to_points = floor = cap = step = _maybe
    points = end = _only

    everything = _interval(None, None)
    exactly = closed = _interval(CLOSED, CLOSED)
    at_least = _interval(CLOSED, None)
    above = _interval(OPEN, None)
    at_most = _interval(None, CLOSED)
    under = _interval(None, OPEN)
    half_open = _interval(CLOSED, OPEN)
    above_to = _interval(OPEN, CLOSED)
    between = _interval(OPEN, OPEN)

    def positive(self, items: list[str]) -> Fraction:
        return Fraction(items[0].replace(",", "."))

    def negative(self, items: list[str]) -> Fraction:
        return -self.positive(items)

    def percent(self, items: list[Fraction]) -> Fraction:
        return items[0] / 100

    def once(self, items: list[str]) -> tuple[str, Exact]:
        return _name(items[0]), 1

    def times(self, items: list[Any]) -> tuple[str, Exact]:
        return _name(items[1]), items[0]

    def alone(self, items: list[Fraction]) -> Fraction:
        return items[0]

    def first(self, items: list[Any]) -> Any:
        return _minus(items[1]) if len(items) > 1 else items[0]

    def linear(self, items: list[Any]) -> Linear:
        parts: list[Any] = []
        for place, item in enumerate(items):
            if not isinstance(item, Token):
                parts.append(_minus(item) if place and isinstance(items[place - 1], Token) else item)
        terms = tuple(part for part in parts if isinstance(part, tuple))
        constants = [part for part in parts if not isinstance(part, tuple)]
        return Linear(terms, sum(constants, ZERO))

    def ratio(self, items: list[Any]) -> Ratio:
        return Ratio(items[0], items[1], items[2] if len(items) > 2 else NOT_STATED)

    def within(self, items: list[Any]) -> Within:
        return Within(*items)

    def chosen(self, items: list[Any]) -> Chosen:
        return Chosen(_name(items[0]), items[1])

    def names(self, items: list[str]) -> tuple[str, ...]:
        return tuple(_name(item) for item in items)

    def all_of(self, items: list[Any]) -> AllOf:
        return AllOf(items[0])

    def any_of(self, items: list[Any]) -> AnyOf:
        return AnyOf(items[0])

    def affine(self, items: list[Any]) -> tuple[Fraction, Fraction]:
        return items[0] if isinstance(items[0], tuple) else (items[0], ZERO)

    def share(self, items: list[Fraction]) -> tuple[Fraction, Fraction]:
        return ZERO, items[0]

    def points_and_share(self, items: list[Any]) -> tuple[Fraction, Fraction]:
        return items[0], items[1][1]

    def rising(self, items: list[Fraction]) -> tuple[Fraction, Fraction]:
        return items[0], items[1]

    def falling(self, items: list[Fraction]) -> tuple[Fraction, Fraction]:
        return items[0], -items[1]

    def piece(self, items: list[Any]) -> Piece:
        return Piece(items[0], *items[1])

    def piecewise(self, items: list[Any]) -> Piecewise:
        return Piecewise(*items)

    def option(self, items: list[Any]) -> Option:
        return Option(_name(items[0]), items[1])

    def table(self, items: list[Any]) -> Table:
        return Table(_name(items[0]), items[1])

    def fixed(self, items: list[Fraction]) -> Sum:
        return Sum(base=items[0])

    def term(self, items: list[Any]) -> Term:
        return Term(items[1], _name(items[0])) if len(items) > 1 else Term(items[0])

    def sum(self, items: list[Any]) -> Sum:
        base, floor, cap, terms = items
        return Sum(terms, ZERO if base is None else base, floor, cap)

    def case(self, items: list[Any]) -> Case:
        return Case(*items)

    def switch(self, items: list[Any]) -> Switch:
        words = {said: choose for choose, said in CHOOSE_WORDS.items()}
        return Switch(items[1], words[str(items[0])])

    def rounding(self, items: list[Fraction]) -> Rounding | None:
        return Rounding(items[0]) if items else None

    def average(self, items: list[Any]) -> Average:
        return Average(_name(items[0]), items[2], items[1])

    def awarded(self, items: list[Any]) -> Awarded:
        name, low, high, step = items
        return Awarded(_name(name), low, high, NOT_STATED if step is None else step)


def _minus(part: Any) -> Any:
    return (part[0], -part[1]) if isinstance(part, tuple) else -part
