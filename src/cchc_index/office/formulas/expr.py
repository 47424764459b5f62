"""Expressions of a spreadsheet, each with the value it has now and the range it never leaves.

Whole numbers only, and every range inside ±`MOST`. Doubles hold such numbers exactly, and their sums, differences and
products too where the range of the result says so. `INT(a/b)` is exact as well: with `0 ≤ a < 10¹⁴` a quotient that is
not whole lies at least `1/b` under the next whole number, relatively more than `10⁻¹⁴`, while a division rounds by
`2⁻⁵³`, and a spreadsheet that tidies numbers up before INT (LibreOffice does) keeps fifteen decimal digits.
"""

from collections.abc import Sequence
from operator import eq, ge, gt, le, lt, ne

from attrs import evolve, frozen

MOST = 10**14
LONGEST_FORMULA = 8_000
"""Excel refuses formulas over 8,192 characters."""
Held = int | str | bool | None
_SIGNS = {">=": ge, ">": gt, "<=": le, "<": lt, "=": eq, "<>": ne}


class TooLarge(Exception):
    """A number that a spreadsheet may not hold exactly. Never leaves the library."""


@frozen(order=False)
class Expr:
    """A formula without its `=`, what it comes to with the figures at hand, and its least and greatest value.

    `is_atom` says that it needs no brackets inside a product. Texts have a range of 0, which is never looked at.

    >>> count = Expr("D5", 19, 0, 100)
    >>> print(count * 10 >= num(9) * 20, (count * 10 >= num(9) * 20).value)
    10*D5>=180 True
    """

    text: str
    value: Held
    low: int = 0
    high: int = 0
    is_atom: bool = True

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> int:
        """The value, known to be a whole number."""
        assert isinstance(self.value, int)
        return self.value

    @property
    def is_fixed(self) -> bool:
        """Whether it is a constant."""
        return self.text.lstrip("-").isdecimal() or self.text in ("TRUE", "FALSE")

    @property
    def factor(self) -> str:
        return self.text if self.is_atom else f"({self.text})"

    def within(self, low: int, high: int) -> "Expr":
        """The same, known for another reason to stay in a narrower range."""
        return evolve(self, low=max(self.low, low), high=min(self.high, high))

    def __add__(self, other: "Expr | int") -> "Expr":
        added = as_expr(other)
        if added.is_fixed and added.number < 0 and not self.is_fixed:
            return self - num(-added.number)
        low, high = self.low + added.low, self.high + added.high
        if added.text == "0" or self.text == "0":
            return self if added.text == "0" else added
        return _number(f"{self}+{added}", self.number + added.number, low, high)

    def __sub__(self, other: "Expr | int") -> "Expr":
        taken = as_expr(other)
        if taken.text == "0":
            return self
        low, high = self.low - taken.high, self.high - taken.low
        return _number(f"{self}-{taken.factor}", self.number - taken.number, low, high)

    def __mul__(self, other: "Expr | int") -> "Expr":
        by = as_expr(other)
        if by.is_fixed and not self.is_fixed:
            return by * self
        if self.text in ("0", "1"):
            return by if self.text == "1" else ZERO
        ends = [a * b for a in (self.low, self.high) for b in (by.low, by.high)]
        return _number(f"{self.factor}*{by.factor}", self.number * by.number, min(ends), max(ends), is_atom=False)

    def __neg__(self) -> "Expr":
        return self * -1

    def over(self, other: "Expr | int") -> "Expr":
        """The whole part of a quotient, downwards; the divisor is above zero."""
        by = as_expr(other)
        assert by.low > 0, by
        if by.text == "1":
            return self
        ends = [a // b for a in (self.low, self.high) for b in (by.low, by.high)]
        return _number(f"INT({self.factor}/{by.factor})", self.number // by.number, min(ends), max(ends), is_atom=True)

    def __ge__(self, other: "Expr | int") -> "Expr":
        return _compared(self, ">=", as_expr(other))

    def __gt__(self, other: "Expr | int") -> "Expr":
        return _compared(self, ">", as_expr(other))

    def __lt__(self, other: "Expr | int") -> "Expr":
        return _compared(self, "<", as_expr(other))

    def __le__(self, other: "Expr | int") -> "Expr":
        return _compared(self, "<=", as_expr(other))

    def equals(self, other: "Expr | int") -> "Expr":
        return _compared(self, "=", as_expr(other))


def _within(low: int, high: int) -> None:
    if low < -MOST or high > MOST:
        raise TooLarge


def num(number: int) -> Expr:
    """A constant. Raises TooLarge."""
    _within(number, number)
    return Expr(str(number), number, number, number, is_atom=number >= 0)


ZERO, ONE = num(0), num(1)
TRUE, FALSE = Expr("TRUE", value=True), Expr("FALSE", value=False)


def as_expr(value: "Expr | int") -> Expr:
    return value if isinstance(value, Expr) else num(value)


def words(text: str) -> Expr:
    """A text constant; Excel takes at most 255 characters.

    >>> print(words('«"a"»'))
    "«""a""»"
    """
    assert len(text) <= 255, text
    quoted = text.replace('"', '""')
    return Expr(f'"{quoted}"', text)


def _number(text: str, value: int, low: int, high: int, *, is_atom: bool = False) -> Expr:
    _within(low, high)
    assert low <= value <= high, (text, low, value, high)
    return num(low) if low == high else Expr(text, value, low, high, is_atom)


def _compared(one: Expr, sign: str, other: Expr) -> Expr:
    """A comparison; a constant where the ranges decide it."""
    ends = {_SIGNS[sign](a, b) for a in (one.low, one.high) for b in (other.low, other.high)}
    crossing = sign in ("=", "<>") and one.low <= other.high and other.low <= one.high
    value = bool(_SIGNS[sign](one.number, other.number))
    if len(ends) == 1 and (not crossing or (one.is_fixed and other.is_fixed)):
        return TRUE if value else FALSE
    return Expr(f"{one}{sign}{other}", value, is_atom=False)


def when(test: Expr, then: "Expr | int", otherwise: "Expr | int") -> Expr:
    """IF."""
    yes, no = as_expr(then), as_expr(otherwise)
    if test.is_fixed or yes.text == no.text:
        return yes if test.value else no
    value = yes.value if test.value else no.value
    return Expr(f"IF({test},{yes},{no})", value, min(yes.low, no.low), max(yes.high, no.high))


def every(*tests: Expr) -> Expr:
    """AND."""
    open_ones = list(dict.fromkeys(test for test in tests if test is not TRUE))
    if FALSE in open_ones or len(open_ones) < 2:
        return FALSE if FALSE in open_ones else (open_ones or [TRUE])[0]
    return Expr(f"AND({_listed(open_ones)})", all(test.value for test in open_ones))


def some(*tests: Expr) -> Expr:
    """OR."""
    open_ones = list(dict.fromkeys(test for test in tests if test is not FALSE))
    if TRUE in open_ones or len(open_ones) < 2:
        return TRUE if TRUE in open_ones else (open_ones or [FALSE])[0]
    return Expr(f"OR({_listed(open_ones)})", any(test.value for test in open_ones))


def opposite(test: Expr) -> Expr:
    """NOT."""
    if test.is_fixed:
        return FALSE if test.value else TRUE
    return Expr(f"NOT({test})", not test.value)


def largest(*numbers: Expr) -> Expr:
    """MAX, without what can never be the greatest."""
    least = max(number.low for number in numbers)
    kept = [number for number in dict.fromkeys(numbers) if number.high > least]
    kept += [] if any(number.low == least for number in kept) else [next(n for n in numbers if n.low == least)]
    high = max(number.high for number in kept)
    return kept[0] if len(kept) == 1 else Expr(f"MAX({_listed(kept)})", max(n.number for n in kept), least, high)


def smallest(*numbers: Expr) -> Expr:
    """MIN, without what can never be the least."""
    most = min(number.high for number in numbers)
    kept = [number for number in dict.fromkeys(numbers) if number.low < most]
    kept += [] if any(number.high == most for number in kept) else [next(n for n in numbers if n.high == most)]
    low = min(number.low for number in kept)
    return kept[0] if len(kept) == 1 else Expr(f"MIN({_listed(kept)})", min(n.number for n in kept), low, most)


def chosen(number: Expr, options: Sequence["Expr | int"]) -> Expr:
    """CHOOSE, counted from 0."""
    listed = [as_expr(option) for option in options]
    if len({option.text for option in listed}) == 1:
        return listed[0]
    if number.is_fixed:
        return listed[number.number]
    low, high = min(option.low for option in listed), max(option.high for option in listed)
    return Expr(f"CHOOSE({number + 1},{_listed(listed)})", listed[number.number].value, low, high)


def added(numbers: Sequence[Expr]) -> Expr:
    """The sum of several."""
    whole = ZERO
    for number in numbers:
        whole = whole + number
    return whole


def _listed(parts: Sequence[Expr]) -> str:
    return ",".join(map(str, parts))
