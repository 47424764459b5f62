"""Exact numbers: read as people write them, print as the field prints them, round half up.

No binary float is accepted: `0.1` is not one tenth. Text is read by a small grammar of its own: an optional
sign, ASCII digits, at most one separator (comma or point), an optional percent sign.

>>> parse_number("0,25"), parse_number("86,5%")
(Fraction(1, 4), Fraction(173, 200))
>>> show(Fraction(19, 20)), show(Fraction(2, 3)), show_percent(Fraction(173, 200))
('0,95', '2/3', '86,5%')
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal

from cchc_index.errors import Lang, Text, many

Exact = int | Fraction
Mark = Literal[",", "."]

_PLAIN = re.compile(r"([+-]?)([0-9]+)(?:([.,])([0-9]+))?(\s*%)?", re.ASCII)
_GROUPED = {
    ",": re.compile(r"([+-]?)([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:(,)([0-9]+))?(\s*%)?", re.ASCII),
    ".": re.compile(r"([+-]?)([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:(\.)([0-9]+))?(\s*%)?", re.ASCII),
}
_LONGEST = 60
_LONGEST_SHOWN = 4000
"""Bits; Python refuses to write longer integers out, and nobody reads them."""


class NumberError(ValueError):
    """Text that is not a number, or that is two numbers at once. `.text` says it in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class RoundingRule(Enum):
    """How a decision orders rounding. The value is the word in the files."""

    HALF_UP = "nua_len"


def parse_number(text: str, *, mark: Mark | None = None) -> Fraction:
    """Read one number as people write it; a percent sign divides by 100.

    `mark` is the decimal mark the file says it uses; the other one then groups thousands. Without it, one
    separator followed by exactly three digits can be read two ways, and is refused.

    Raises NumberError.

    >>> parse_number("15.051", mark=",")
    Fraction(15051, 1)
    >>> parse_number("15.051")
    Traceback (most recent call last):
    cchc_index.points.NumberError: «15.051» có hai cách đọc: 15051 hoặc 15,051
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        raise _not_a_number(stripped[:_LONGEST] + "…")
    if mark is not None:
        return _parse_marked(stripped, mark)
    match = _PLAIN.fullmatch(stripped)
    if match is None:
        raise _not_a_number(stripped)
    sign, whole, separator, decimals, percent = match.groups()
    if separator and _is_ambiguous(whole, decimals):
        raise _ambiguous(stripped, sign, whole, decimals)
    return _assembled(sign, whole, decimals, percent)


def _parse_marked(text: str, mark: Mark) -> Fraction:
    group = "." if mark == "," else ","
    match = _PLAIN.fullmatch(text)
    if match is None or match[3] == group:
        match = _GROUPED[mark].fullmatch(text)
    if match is None:
        raise _not_a_number(text)
    sign, whole, _, decimals, percent = match.groups()
    return _assembled(sign, whole.replace(group, ""), decimals, percent)


def _assembled(sign: str, whole: str, decimals: str | None, percent: str | None) -> Fraction:
    digits = decimals or ""
    value = Fraction(int(sign + whole + digits), 10 ** len(digits))
    return value / 100 if percent else value


def _is_ambiguous(whole: str, decimals: str) -> bool:
    return len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0")


def _ambiguous(text: str, sign: str, whole: str, decimals: str) -> NumberError:
    grouped, decimal = f"{sign}{whole}{decimals}", f"{sign}{whole}{{}}{decimals}"
    return NumberError(
        Text(
            f"«{text}» có hai cách đọc: {grouped} hoặc {decimal.format(',')}",
            f"«{text}» reads two ways: {grouped} or {decimal.format('.')}",
        )
    )


def _not_a_number(text: str) -> NumberError:
    return NumberError(
        Text(
            f"«{text}» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5%",
            f"«{text}» is not a number; write 12 or 0.5 or 86.5%",
        )
    )


def exact(value: object) -> Fraction:
    """A number handed in by a program, exactly: int, Fraction, Decimal or text; never a binary float.

    Raises NumberError for a float (give `"0.1"` or `Decimal("0.1")` instead), a bool, NaN or an infinity.

    >>> exact(Decimal("0.1"))
    Fraction(1, 10)
    >>> exact(0.1)
    Traceback (most recent call last):
    cchc_index.points.NumberError: 0.1 là số thực nhị phân, không chính xác; viết "0.1" hoặc Decimal("0.1")
    """
    if isinstance(value, float):
        raise _binary_float(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal | str):
        raise _not_a_number(str(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise _not_a_number(str(value))
    return parse_number(value) if isinstance(value, str) else Fraction(value)


def _binary_float(value: float) -> NumberError:
    return NumberError(
        Text(
            f'{value!r} là số thực nhị phân, không chính xác; viết "{value!r}" hoặc Decimal("{value!r}")',
            f'{value!r} is a binary float, not exact; write "{value!r}" or Decimal("{value!r}")',
        )
    )


def round_half_up(value: Exact, step: Fraction) -> Fraction:
    """The nearest multiple of `step`; a tie goes away from zero, as a spreadsheet's ROUND does.

    >>> round_half_up(Fraction("0.125"), Fraction("0.01")), round_half_up(Fraction("-0.125"), Fraction("0.01"))
    (Fraction(13, 100), Fraction(-13, 100))
    """
    n, d = value.as_integer_ratio()
    step_n, step_d = step.as_integer_ratio()
    top, bottom = abs(n) * step_d, d * step_n
    steps = (2 * top + bottom) // (2 * bottom)
    return quotient((steps if n >= 0 else -steps) * step_n, step_d)


def is_tie(value: Exact, step: Fraction) -> bool:
    """Whether `value` stands exactly half way between two multiples of `step`.

    >>> is_tie(Fraction("1.25"), Fraction("0.1")), is_tie(Fraction("1.26"), Fraction("0.1"))
    (True, False)
    """
    return (value / step - Fraction(1, 2)).denominator == 1


def show(value: Exact, lang: Lang = "vi") -> str:
    """The value in full: a finite decimal where there is one, otherwise a fraction.

    >>> show(Fraction(-9, 4)), show(Fraction(-9, 4), "en"), show(Fraction(1, 3))
    ('-2,25', '-2.25', '1/3')
    """
    if value.numerator.bit_length() > _LONGEST_SHOWN or value.denominator.bit_length() > _LONGEST_SHOWN:
        return f"≈2^{value.numerator.bit_length() - value.denominator.bit_length()}"
    places = _decimal_places(value.denominator)
    return str(value) if places is None else _fixed(value, places, lang)


def in_points(value: Exact) -> Text:
    """A number of points in words.

    >>> in_points(Fraction(1)).en, in_points(Fraction(-1)).en, in_points(Fraction(1, 2)).vi
    ('1 point', '-1 points', '0,5 điểm')
    """
    return Text(f"{show(value)} điểm", many(show(value, "en"), "point"))


def show_percent(value: Exact, lang: Lang = "vi") -> str:
    """A share as a percent in full; a percent with no finite decimal is shown to two places after `≈`.

    >>> show_percent(Fraction(2, 3))
    '≈66,67%'
    """
    hundredfold = value * 100
    if _decimal_places(hundredfold.denominator) is None:
        return f"≈{show_rounded(hundredfold, 2, lang)}%"
    return show(hundredfold, lang) + "%"


def show_rounded(value: Exact, places: int, lang: Lang = "vi") -> str:
    """The value rounded half up to a fixed number of places: for printing only.

    >>> show_rounded(Fraction("7.125"), 2)
    '7,13'
    """
    return _fixed(round_half_up(value, Fraction(1, 10**places)), places, lang)


def _decimal_places(denominator: int) -> int | None:
    for places in range(13):
        if 10**places % denominator == 0:
            return places
    return None


def _fixed(value: Exact, places: int, lang: Lang) -> str:
    scaled = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    if not places:
        return sign + scaled
    return f"{sign}{scaled[:-places]}{',' if lang == 'vi' else '.'}{scaled[-places:]}"


@lru_cache(maxsize=8192)
def quotient(top: int, bottom: int) -> Fraction:
    """`Fraction(top, bottom)`, remembered: the same few points come up on every card."""
    return Fraction(top, bottom)


def over_integers(top: Exact, bottom: Exact) -> tuple[int, int]:
    """The same quotient as numerator and denominator, not reduced: integers compare and multiply ten times as fast.

    >>> over_integers(Fraction(1, 2), Fraction(3, 4))
    (4, 6)
    """
    if type(top) is int and type(bottom) is int:
        return top, bottom
    n, d = top.as_integer_ratio()
    bottom_n, bottom_d = bottom.as_integer_ratio()
    return n * bottom_d, d * bottom_n


def is_above(value: Fraction, limit: Fraction) -> bool:
    """Whether a value passes a limit: `>` for twice the price, since a Fraction first asks what it is compared with.

    >>> is_above(Fraction(2, 3), Fraction(1, 2))
    True
    """
    n, d = value.as_integer_ratio()
    limit_n, limit_d = limit.as_integer_ratio()
    return n * limit_d > limit_n * d


def total(values: Sequence[Fraction]) -> Fraction:
    """The exact sum, over one common denominator.

    >>> total([Fraction(1, 2), Fraction(1, 3)])
    Fraction(5, 6)
    """
    top, bottom = 0, 1
    for value in values:
        n, d = value.as_integer_ratio()
        if bottom % d:
            common = lcm(bottom, d)
            top, bottom = top * (common // bottom), common
        top += n * (bottom // d)
    return quotient(top, bottom)
