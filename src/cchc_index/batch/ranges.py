"""Between which whole numbers every expression of a plan lies, given those of its columns: plain interval arithmetic.

It proves that nothing overflows. Sums and products of machine integers are exact modulo two to the number of bits, so a
result is right as soon as its own bounds fit, whatever the steps before it did; what is compared, divided or rounded is
such a result. (Moore, Kearfott, Cloud, Introduction to Interval Analysis, 2009, chapter 2, for the arithmetic.)
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cchc_index.batch.expressions import (
    AtLeastOne,
    Column,
    Compare,
    Every,
    Expression,
    HalfUp,
    Int,
    Not,
    Number,
    Product,
    Rounded,
    Share,
    Some,
    Test,
    Truth,
    Weighted,
)

Range = tuple[int, int]
BOTH: tuple[bool, ...] = (False, True)


@frozen
class Ranges:
    """The bounds of expressions, each worked out once.

    >>> from cchc_index.batch.making import Maker
    >>> make = Maker()
    >>> share = make.sum(make.scaled(10, make.column("a")), make.scaled(-9, make.column("b")))
    >>> Ranges({"a": (0, 200), "b": (1, 200)}).of(share)
    (-1800, 1991)
    """

    columns: Mapping[str, Range]
    known: dict[Any, Any] = field(factory=dict)

    def of(self, number: Int) -> Range:
        """The least and the greatest value of a whole number."""
        if number not in self.known:
            self.known[number] = self._of(number)
        found: Range = self.known[number]
        return found

    def _of(self, number: Int) -> Range:
        match number:
            case Column(name):
                return self.columns[name]
            case Weighted(terms, constant):
                return self._weighted(terms, constant)
            case Product(left, right):
                (a, b), (c, d) = self.of(left), self.of(right)
                ends = (a * c, a * d, b * c, b * d)
                return min(ends), max(ends)
            case Truth(test):
                truths = self.truths(test)
                return int(truths[0]), int(truths[-1])
            case AtLeastOne(inner):
                low, high = self.of(inner)
                return max(low, 1), max(high, 1)
            case HalfUp(top, bottom):
                return _rounded(self.of(top), self.of(bottom)[0])
            case Rounded(exact, times, bottom):
                return _rounded(self._exact(exact, times), self.of(bottom)[0])

    def _weighted(self, terms: tuple[tuple[int, Int], ...], constant: int) -> Range:
        low = high = constant
        for weight, term in terms:
            a, b = self.of(term)
            low += weight * (a if weight > 0 else b)
            high += weight * (b if weight > 0 else a)
        return low, high

    def _exact(self, number: Number, times: int) -> Range:
        most = int(self.magnitude(number) * times) + 1
        least = 0 if self._is_never_negative(number) else -most
        return least, most

    def _is_never_negative(self, number: Number) -> bool:
        tops = [share.top for share in number.flat()]
        return all(self.of(part)[0] >= 0 for part in tops) and self._wholes(number) >= 0

    def _wholes(self, number: Number) -> int:
        return self.of(number.whole)[0] + sum(self._wholes(part) for part in number.parts)

    def magnitude(self, number: Number) -> Fraction:
        """What the sizes of everything that is added up never come to more than, all together."""
        shares = (self._size(share) for share in number.shares)
        parts = (self.magnitude(part) for part in number.parts)
        return Fraction(size(self.of(number.whole))) + sum(shares, Fraction(0)) + sum(parts, Fraction(0))

    def _size(self, share: Share) -> Fraction:
        return Fraction(size(self.of(share.top)), max(self.of(share.bottom)[0], 1))

    def truths(self, test: Test) -> tuple[bool, ...]:
        """What a test can come to."""
        if test not in self.known:
            self.known[test] = self._truths(test)
        found: tuple[bool, ...] = self.known[test]
        return found

    def _truths(self, test: Test) -> tuple[bool, ...]:
        match test:
            case Compare(left, sign, right):
                return _compared(self.of(left), sign, self.of(right))
            case Not(part):
                return tuple(not truth for truth in reversed(self.truths(part)))
            case Every(parts):
                return self._joined(parts, decisive=False)
            case Some(parts):
                return self._joined(parts, decisive=True)
            case _:
                return BOTH

    def _joined(self, parts: tuple[Test, ...], *, decisive: bool) -> tuple[bool, ...]:
        found = [self.truths(part) for part in parts]
        if (decisive,) in found:
            return (decisive,)
        return BOTH if any(len(truths) == 2 for truths in found) else (not decisive,)

    def known_truth(self, test: Expression) -> bool | None:
        """The truth of a test that these bounds decide."""
        truths = self.truths(test)  # type: ignore[arg-type]
        return truths[0] if len(truths) == 1 else None


def size(bounds: Range) -> int:
    """The greatest distance from zero."""
    return max(abs(bounds[0]), abs(bounds[1]))


def _rounded(top: Range, least_bottom: int) -> Range:
    bottom = max(least_bottom, 1)
    return -((2 * -min(top[0], 0) + bottom) // (2 * bottom)), (2 * max(top[1], 0) + bottom) // (2 * bottom)


def _compared(left: Range, sign: str, right: Range) -> tuple[bool, ...]:
    low, high = left[0] - right[1], left[1] - right[0]
    if sign == "==":
        return (False,) if low > 0 or high < 0 else (True,) if low == high == 0 else BOTH
    surely, never = (low > 0, high <= 0) if sign == ">" else (low >= 0, high < 0)
    return (True,) if surely else (False,) if never else BOTH
