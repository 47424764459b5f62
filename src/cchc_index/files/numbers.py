"""Numbers, expressions and dates inside ruleset files.

>>> parse_expression("ho_so - 2 x tre_han")
Linear(terms=(('ho_so', 1), ('tre_han', -2)), constant=0)
"""

import re
from fractions import Fraction

from cchc_index.errors import Text
from cchc_index.figures import read_date
from cchc_index.measures import Linear
from cchc_index.points import Exact, NumberError, parse_number, show

_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[A-Za-z0-9_]+)?", re.ASCII)
_NUMERIC = re.compile(r"[0-9.,%/]+", re.ASCII)
_FRACTION = re.compile(r"(-?[0-9]{1,200})/([1-9][0-9]{0,199})(%?)", re.ASCII)
_SIGNED_TERMS = re.compile(r"\s+([+-])\s+")
_TIMES = re.compile(r"\s+[x×*]\s+")


def parse_expression(text: str) -> Linear:
    """A linear sum: `a + b`, `ngay_nop - han_nop`, `2 x a - 1`, `1 - 0,25 x so_lan`; a date counts as its day number.

    Raises NumberError.
    """
    stripped = text.strip()
    pieces = _SIGNED_TERMS.split(stripped)
    terms: dict[str, Exact] = {}
    constant: Exact = 0
    for sign, piece in zip(["+", *pieces[1::2]], pieces[::2], strict=True):
        coefficient, name = _term(piece, stripped)
        signed = coefficient if sign == "+" else -coefficient
        if name:
            terms[name] = terms.get(name, 0) + signed
        else:
            constant += signed
    return Linear(tuple(terms.items()), constant)


def _term(piece: str, whole: str) -> tuple[Exact, str | None]:
    factors = _TIMES.split(piece.strip())
    names = [factor for factor in factors if _NAME.fullmatch(factor)]
    if len(factors) > 2 or len(names) > 1 or (len(factors) == 2 and not names):
        raise _not_linear(whole)
    numbers = [_number_or_day(factor, whole) for factor in factors if factor not in names]
    return (numbers[0] if numbers else 1), (names[0] if names else None)


def _number_or_day(text: str, whole: str) -> Exact:
    day = read_date(text)
    if day is not None:
        return day.toordinal()
    try:
        return plain(parse_exact(text))
    except NumberError:
        if _NUMERIC.fullmatch(text):
            raise
        raise _not_linear(whole) from None


def parse_exact(text: str) -> Fraction:
    """A number as people write it, or a fraction for one that no decimal says: `2/3`. Raises NumberError.

    >>> parse_exact("0,25"), parse_exact("2/3"), parse_exact("200/3%")
    (Fraction(1, 4), Fraction(2, 3), Fraction(2, 3))
    """
    match = _FRACTION.fullmatch(text.strip())
    if match is None:
        return parse_number(text)
    return Fraction(int(match[1]), int(match[2])) / (100 if match[3] else 1)


def write_number(value: Exact) -> str:
    """A number as `parse_exact` reads it again: a decimal where there is one, never one that reads two ways.

    >>> write_number(Fraction(1, 4)), write_number(Fraction(2, 3)), write_number(Fraction(1234, 1000))
    ('0.25', '2/3', '1.2340')
    """
    shown = show(value, "en")
    whole, _, decimals = shown.partition(".")
    return shown + "0" if len(decimals) == 3 and whole.lstrip("-") != "0" else shown


def plain(value: Fraction) -> Exact:
    """An int where the fraction is whole: the same number, faster to add."""
    return int(value) if value.denominator == 1 else value


def _not_linear(text: str) -> NumberError:
    return NumberError(
        Text(
            f"«{text}» không phải tổng các số liệu; viết như a + b, a - 2 x b, ngay_nop - han_nop",
            f"«{text}» is not a sum of figures; write a + b, a - 2 x b, ngay_nop - han_nop",
        )
    )
