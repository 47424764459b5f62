"""Points in cells: whole + Σ n/d, over one common denominator D, compared and rounded exactly.

The sum of fractions with several denominators fits no cell: four of them may need 82 bits. So it is never added up.
Each n/d is divided out like long division on paper, digit by digit in base B: `t = INT(r·B/d)`, `r = r·B − t·d`, every
number below 10¹⁴. Let S be the sum of m fractional parts, C a bound on the product of their different denominators
(known from what the input cells take), and t the sum of the m expansions, each cut off after L digits, in units of
ε = B⁻ᴸ. Then tε ≤ S < (t+m)ε.

Choose L with Bᴸ ≥ m·C, so that mε ≤ 1/C. S is a multiple of 1/C' for the product C' ≤ C, so that it is either whole or
at least 1/C away from every whole number. Hence:

- floor(S) = floor((t+m−1)ε). It is not less: else a whole number would lie strictly between t+m−1 and t+m, in units of
  ε. It is not more: else S < k ≤ (t+m−1)ε for a whole k, so that k − S < mε ≤ 1/C, and k − S is above 0.
- S is whole exactly where (t+m−1) mod Bᴸ ≤ m−1: some k then has |S − k| < mε ≤ 1/C.

So a floor in units of 1/(D·U) settles every comparison and every rounding whose bounds are multiples of that unit. The
first digits are taken with the factors of U in the place of B. Proof and steps stand together, hence the length.

Longer than most modules, because the proof stands beside the formulas it is about.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import count as count_from
from math import gcd, prod

from attrs import define, field, frozen

from cchc_index.office.formulas.expr import (
    MOST,
    ONE,
    ZERO,
    Expr,
    TooLarge,
    added,
    chosen,
    every,
    num,
    opposite,
    some,
    when,
)
from cchc_index.office.formulas.scratch import Scratch

MOST_DIGITS = 200
"""More digits than that, and the points are left to `cchc`."""


@frozen
class Part:
    """A fraction n/d, d above zero, and whole numbers that it never passes."""

    n: Expr
    d: Expr
    low: int
    high: int


@frozen
class Value:
    """Points times D."""

    whole: Expr = ZERO
    parts: tuple[Part, ...] = ()

    @property
    def low(self) -> int:
        return self.whole.low + sum(part.low for part in self.parts)

    @property
    def high(self) -> int:
        return self.whole.high + sum(part.high for part in self.parts)

    def __add__(self, other: "Value") -> "Value":
        return Value(self.whole + other.whole, self.parts + other.parts)

    def __neg__(self) -> "Value":
        return Value(-self.whole, tuple(Part(-part.n, part.d, -part.high, -part.low) for part in self.parts))


NOTHING = Value()


def total_of(values: Iterable[Value]) -> Value:
    whole = NOTHING
    for value in values:
        whole = whole + value
    return whole


def one_of(number: Expr, values: Sequence[Value], scratch: Scratch) -> Value:
    """The value with this number, from 0."""
    whole = scratch.cell(chosen(number, [value.whole for value in values]))
    longest = max(len(value.parts) for value in values)
    padded = [[*value.parts, *[_NO_PART] * (longest - len(value.parts))] for value in values]
    return Value(whole, tuple(_part_of(number, parts, scratch) for parts in zip(*padded, strict=True)))


def _part_of(number: Expr, parts: Sequence[Part], scratch: Scratch) -> Part:
    n, d = chosen(number, [part.n for part in parts]), chosen(number, [part.d for part in parts])
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    return Part(scratch.cell(n), scratch.cell(d), low, high)


_NO_PART = Part(ZERO, ONE, 0, 0)


def kept_if(test: Expr, value: Value, otherwise: Expr, scratch: Scratch) -> Value:
    """The value where a test holds, and a whole number elsewhere."""
    whole = scratch.cell(when(test, value.whole, otherwise))
    return Value(
        whole, tuple(Part(scratch.cell(when(test, p.n, 0)), p.d, min(p.low, 0), max(p.high, 0)) for p in value.parts)
    )


@define
class _Expansion:
    """The digits of one fraction so far, the whole part first, and what is left of it."""

    digits: list[Expr]
    rest: Expr


@frozen
class Floor:
    """A value floored in units of 1/(D·U).

    `left` holds what was cut off: nothing of it is above zero exactly where the value is such a multiple.
    """

    floor: Expr
    left: tuple[Expr, ...] = ()

    @property
    def is_exact(self) -> Expr:
        return every(*(rest.equals(0) for rest in self.left))

    def is_above(self, bound: Expr) -> Expr:
        """Whether the value passes a whole number over D·U."""
        return some(self.floor > bound, every(self.floor.equals(bound), opposite(self.is_exact)))


@define
class Divider:
    """Divides fractions out, each once. `common` is D; `unit` is U; `widest` is the largest denominator met."""

    common: int
    unit: int
    scratch: Scratch
    base: int = 10
    widest: int = 1
    known: dict[tuple[str, str], _Expansion] = field(factory=dict)
    floors: dict[Value, Floor] = field(factory=dict)

    @property
    def steps(self) -> tuple[int, ...]:
        """The factors of U, each small enough to multiply a remainder by."""
        return packed(self.unit, self.base)

    def floor(self, value: Value) -> Floor:
        """The value in units of 1/(D·U). Raises TooLarge."""
        if value not in self.floors:
            self.floors[value] = self._floor(value)
        return self.floors[value]

    def _floor(self, value: Value) -> Floor:
        parts = [part for part in value.parts if part.n != ZERO]
        self.widest = max([self.widest, *(part.d.high for part in parts)])
        steps, digits = self.steps, self._digits_for(parts)
        expansions = [self._expanded(part, 1 + len(steps) + digits) for part in parts]
        carry, left = self._carried([one.digits[1 + len(steps) :][:digits] for one in expansions])
        whole, low, high = value.whole + added([one.digits[0] for one in expansions]), value.low, value.high
        for number, step in enumerate(steps):
            whole = self.scratch.cell(whole.within(low, high), "" if number else "tổng")
            digit = added([one.digits[number + 1] for one in expansions])
            low, high = low * step, high * step + len(parts)
            whole = whole * step + digit
        whole = self.scratch.cell((whole + carry).within(low, high))
        return Floor(whole, left if digits else tuple(one.rest for one in expansions))

    def _digits_for(self, parts: Sequence[Part], factor: int = 0) -> int:
        """L: how many digits settle the sum; one fraction alone is settled by its remainder."""
        if len(parts) < 2 and not factor:
            return 0
        bound = max(factor, 1) * len(parts) * prod({part.d.text: part.d.high for part in parts}.values())
        count = next(count for count in count_from(1) if self.base**count > bound)
        if count > MOST_DIGITS or len(parts) > self.base:
            raise TooLarge
        return count

    def _expanded(self, part: Part, count: int) -> _Expansion:
        """At least this many digits of a fraction. A remainder never reaches its denominator."""
        key = (part.n.text, part.d.text)
        one = self.known.get(key) or self.known.setdefault(key, self._begun(part))
        multipliers = (1, *self.steps)
        while len(one.digits) < count:
            place = len(one.digits)
            by = multipliers[place] if place < len(multipliers) else self.base
            digit, one.rest = self._divided(one.rest * by, part, (0, by - 1))
            one.digits.append(digit)
        return one

    def _begun(self, part: Part) -> _Expansion:
        if part.d.high * self.base > MOST:
            raise TooLarge
        n = self.scratch.cell(part.n, "phân số")
        whole, rest = self._divided(n, part, (part.low, part.high))
        return _Expansion([whole], rest)

    def _divided(self, n: Expr, part: Part, ends: tuple[int, int]) -> tuple[Expr, Expr]:
        digit = self.scratch.cell(n.over(part.d).within(*ends))
        rest = n.number - digit.number * part.d.number
        text = f"{n}-{digit.factor}*{part.d.factor}"
        return digit, self.scratch.cell(Expr(text, rest, 0, part.d.high - 1, is_atom=False))

    def _carried(self, rows: Sequence[Sequence[Expr]]) -> tuple[Expr, tuple[Expr, ...]]:
        """What the last digits carry over, m−1 added to the very last; and what is left of each, for exactness."""
        carry, left = num(max(len(rows) - 1, 0)), list[Expr]()
        for column in reversed(list(zip(*rows, strict=True))):
            added_up = self.scratch.cell(added(column) + carry)
            carry = self.scratch.cell(added_up.over(self.base))
            kept = added_up - carry * self.base
            left.append((kept if left else when(kept >= len(rows), kept, 0)).within(0, self.base))
        return carry if rows and rows[0] else ZERO, tuple(left)

    def scaled(self, value: Value, top: Expr, bottom: Expr) -> Floor:
        """The value times top/bottom, both whole and above zero, floored.

        With X = S·top/bottom and Bᴸ > m·C·top, X lies in [t, t+m)·ε·top/bottom, a range narrower than the distance of
        two values that X can have, whole numbers among them. So the end of that range has the same floor as X, and X
        is whole exactly where that floor is not before the start.
        """
        parts = [part for part in value.parts if part.n != ZERO]
        if not parts:
            multiplied = self.scratch.cell(self.floor(value).floor * top, "quy đổi")
            floor = self.scratch.cell(multiplied.over(bottom))
            return Floor(floor, (self.scratch.cell((multiplied - floor * bottom).within(0, bottom.high)),))
        digits = max(self._digits_for(parts, top.high), 2)
        count, spread = 1 + len(self.steps), top * len(parts)
        if spread.high >= self.base**2:
            raise TooLarge
        rows = [self._expanded(part, count + digits).digits[count:][:digits] for part in parts]
        carry, kept = ZERO, list[Expr]()
        for column in reversed(list(zip(*rows, strict=True))):
            plus = 0 if kept else len(parts)
            multiplied = self.scratch.cell((added(column) + plus) * top + carry, "" if kept else "quy đổi")
            carry = self.scratch.cell(multiplied.over(self.base))
            kept.append(self.scratch.cell((multiplied - carry * self.base).within(0, self.base - 1)))
        whole = self.scratch.cell(self._cut_off(value, parts) * top + carry)
        quotient = self.scratch.cell(whole.over(bottom))
        remainder = self.scratch.cell((whole - quotient * bottom).within(0, bottom.high - 1))
        ending = self.scratch.cell(kept[1] * self.base + kept[0])
        left = self.scratch.cell(when(ending <= spread, 0, 1))
        return Floor(quotient, (remainder, *kept[2:], left))

    def _cut_off(self, value: Value, parts: Sequence[Part]) -> Expr:
        """The sum of the whole parts and of the first digits, those of the steps: nothing carried over."""
        rows = [self._expanded(part, 1 + len(self.steps)).digits for part in parts]
        whole = value.whole + added([row[0] for row in rows])
        for number, step in enumerate(self.steps):
            whole = self.scratch.cell(whole * step + added([row[number + 1] for row in rows]))
        return whole

    # -- what is asked of values ------------------------------------------------------------------------------------

    def is_at_least(self, value: Value, bound: Expr) -> Expr:
        """Whether a value reaches a whole number over D·U."""
        return self.floor(value).floor >= bound

    def is_above(self, value: Value, bound: Expr) -> Expr:
        """Whether a value passes a whole number over D·U."""
        return self.floor(value).is_above(bound)

    def rounded(self, value: Value, step: Fraction) -> Expr:
        """The nearest number of steps, a tie away from zero, as `round_half_up`."""
        if value.parts:
            return self.rounded_floor(self.floor(value), step)
        return self._rounded_whole(value.whole, self.common * step.numerator, step.denominator)

    def rounded_floor(self, floor: Floor, step: Fraction) -> Expr:
        """The same of a floored value; a half step is a multiple of 1/U.

        With M = D·p for a step p/q, v/step = v·D·q/M; for v ≥ 0, floor(v·D·q/M + 1/2) = floor((floor(2q·v·D) + M)/2M).
        """
        p, q = step.as_integer_ratio()
        finer = self.unit // (2 * q)
        down = self.scratch.cell(floor.floor.over(finer), "làm tròn")
        up = (down + self.common * p).over(2 * self.common * p)
        if down.low >= 0:
            return self.scratch.cell(up)
        is_whole = every(floor.is_exact, floor.floor.equals(down * finer))
        size = self.scratch.cell(-down - when(is_whole, 0, 1))
        return self.scratch.cell(when(down >= 0, up, -((size + self.common * p).over(2 * self.common * p))))

    def _rounded_whole(self, whole: Expr, m: int, q: int) -> Expr:
        """whole · q / m rounded; the multiples of m first, so that numbers stay small."""
        shrunk = gcd(m, q)
        m, q = m // shrunk, q // shrunk
        if m == 1:
            return self.scratch.cell(whole * q)
        whole = self.scratch.cell(whole, "làm tròn")
        size = self.scratch.cell(when(whole < 0, -whole, whole).within(0, max(abs(whole.low), abs(whole.high))))
        many = self.scratch.cell(size.over(m))
        rest = self.scratch.cell((size - many * m).within(0, m - 1))
        steps = self.scratch.cell(many * q + (rest * (2 * q) + m).over(2 * m))
        return self.scratch.cell(when(whole < 0, -steps, steps))


def packed(number: int, most: int) -> tuple[int, ...]:
    """The prime factors of a number, multiplied together as far as they stay within `most`.

    >>> packed(20_000, 1_000), packed(7, 10)
    ((800, 25), (7,))
    """
    found, factor = [1], 2
    while number > 1:
        if number % factor:
            factor += 1
            continue
        number //= factor
        if found[-1] * factor <= most:
            found[-1] *= factor
        else:
            found.append(factor)
    return tuple(found)
