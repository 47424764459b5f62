"""Makes the expressions of a plan, each once, and works out what is constant.

>>> make = Maker()
>>> a, b = make.column("a"), make.column("b")
>>> make.compare(a, "<", make.scaled(9, b)) is make.negated(make.compare(a, ">=", make.sum(make.scaled(8, b), b)))
True
"""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from cchc_index.batch.expressions import (
    AtLeastOne,
    Column,
    Compare,
    Divides,
    Every,
    Flag,
    HalfUp,
    Int,
    Not,
    Number,
    Passes,
    Product,
    Rounded,
    Share,
    Sign,
    Some,
    Test,
    Truth,
    Weighted,
    constant_of,
    known_of,
)

_OPPOSITE: dict[str, Sign] = {"<": ">=", "<=": ">", "!=": "=="}


@frozen
class Maker:
    """Makes expressions, each once, and works out what is constant."""

    made: dict[tuple[Any, ...], Any] = field(factory=dict)

    def _once(self, kind: Any, *values: Any) -> Any:
        key = (kind, *values)
        if key not in self.made:
            self.made[key] = kind(*values)
        return self.made[key]

    # -- whole numbers ------------------------------------------------------------------------------------------

    def column(self, name: str) -> Int:
        found: Int = self._once(Column, name)
        return found

    def constant(self, value: int) -> Int:
        found: Int = self._once(Weighted, (), value)
        return found

    def weighted(self, terms: Iterable[tuple[int, Int]], constant: int = 0) -> Int:
        """`constant + Σ weight × term`; constants are added up, equal terms put together, sums of sums opened."""
        weights: dict[Int, int] = {}
        for weight, term in terms:
            inner = [(1, term)] if not isinstance(term, Weighted) else term.terms
            constant += weight * term.constant if isinstance(term, Weighted) else 0
            for inner_weight, part in inner:
                weights[part] = weights.get(part, 0) + weight * inner_weight
        kept = tuple((weight, term) for term, weight in weights.items() if weight)
        if len(kept) == 1 and kept[0][0] == 1 and not constant:
            return kept[0][1]
        found: Int = self._once(Weighted, kept, constant)
        return found

    def scaled(self, weight: int, term: Int) -> Int:
        return self.weighted([(weight, term)])

    def divided(self, number: Int, by: int) -> Int:
        """A number divided by one of which `divisor_of` is a multiple."""
        if not isinstance(number, Weighted):
            return number
        return self.weighted([(weight // by, term) for weight, term in number.terms], number.constant // by)

    def sum(self, *terms: Int) -> Int:
        return self.weighted((1, term) for term in terms)

    def grouped(self, terms: Iterable[Int]) -> Int:
        """A sum that leaves sums of their own closed: those that are results too are worked out once."""
        kept = [term for term in terms if constant_of(term) != 0]
        if len(kept) < 2:
            return kept[0] if kept else self.constant(0)
        found: Int = self._once(Weighted, tuple((1, term) for term in kept), 0)
        return found

    def product(self, left: Int, right: Int) -> Int:
        for one, other in ((left, right), (right, left)):
            if (value := constant_of(one)) is not None:
                return self.scaled(value, other)
        found: Int = self._once(Product, left, right)
        return found

    def truth(self, test: Test) -> Int:
        if (known := known_of(test)) is not None:
            return self.constant(int(known))
        if isinstance(test, Not):
            return self.weighted([(-1, self.truth(test.part))], 1)
        found: Int = self._once(Truth, test)
        return found

    def positive(self, number: Int) -> Int:
        """The number itself where it is above zero, otherwise 1."""
        if (value := constant_of(number)) is not None:
            return self.constant(max(value, 1))
        found: Int = self._once(AtLeastOne, number)
        return found

    def half_up(self, top: Int, bottom: Int) -> Int:
        found: Int = self._once(HalfUp, top, bottom)
        return found

    # -- tests --------------------------------------------------------------------------------------------------

    def flag(self, name: str) -> Test:
        found: Test = self._once(Flag, name)
        return found

    @property
    def always(self) -> Test:
        found: Test = self._once(Every, ())
        return found

    @property
    def never(self) -> Test:
        found: Test = self._once(Some, ())
        return found

    def compare(self, left: Int, sign: str, right: Int) -> Test:
        """Any of six comparisons, by the three that are kept."""
        if sign in _OPPOSITE:
            return self.negated(self.compare(left, _OPPOSITE[sign], right))
        one, other = constant_of(left), constant_of(right)
        if one is not None and other is not None:
            holds = {">": one > other, ">=": one >= other, "==": one == other}[sign]
            return self.always if holds else self.never
        found: Test = self._once(Compare, left, sign, right)
        return found

    def divides(self, number: Int, by: int) -> Test:
        if by == 1:
            return self.always
        found: Test = self._once(Divides, number, by)
        return found

    def all(self, *parts: Test) -> Test:
        return self._several(Every, Some, parts)

    def any(self, *parts: Test) -> Test:
        return self._several(Some, Every, parts)

    def _several(self, kind: Any, against: Any, parts: Sequence[Test]) -> Test:
        """All or any: opened, each part once; one part that decides leaves nothing else."""
        opened: dict[Test, None] = {}
        for part in parts:
            opened.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
        if any(isinstance(part, against) and not part.parts for part in opened):
            opened, kind = {}, against
        found: Test = next(iter(opened)) if len(opened) == 1 else self._once(kind, tuple(opened))
        return found

    def negated(self, part: Test) -> Test:
        if (known := known_of(part)) is not None:
            return self.never if known else self.always
        if isinstance(part, Not):
            return part.part
        found: Test = self._once(Not, part)
        return found

    # -- exact numbers ------------------------------------------------------------------------------------------

    def share(self, top: Int, bottom: Int) -> Number:
        """`top / bottom`; over 1 it is a whole number."""
        if constant_of(bottom) == 1:
            return self.number(top)
        nothing = self.constant(0)
        return self.number(nothing, () if top is nothing else (self._once(Share, top, bottom),))

    def number(self, whole: Int, shares: Iterable[Share] = (), parts: Iterable[Number] = ()) -> Number:
        found: Number = self._once(Number, whole, tuple(shares), tuple(parts))
        return found

    def added(self, numbers: Sequence[Number]) -> Number:
        """Their sum; each number that has shares stays a part, so that its own sum is worked out once."""
        broken = [number for number in numbers if any(number.flat())]
        whole = self.grouped(number.whole for number in numbers if number not in broken)
        return broken[0] if len(numbers) == 1 and broken else self.number(whole, (), broken)

    def flattened(self, number: Number) -> Number:
        """The same number without parts."""
        wholes = (self.flattened(part).whole for part in number.parts)
        return self.number(self.sum(number.whole, *wholes), number.flat())

    def opposite(self, number: Number) -> Number:
        flat = self.flattened(number)
        shares = (self._once(Share, self.scaled(-1, share.top), share.bottom) for share in flat.shares)
        return self.number(self.scaled(-1, flat.whole), shares)

    def passes(self, number: Number, sign: str, limit: Int, times: int = 1) -> Test:
        """Whether `times × number` stands on the named side of `limit`; one share at most is multiplied out."""
        if sign in _OPPOSITE:
            return self.negated(self.passes(number, _OPPOSITE[sign], limit, times))
        flat = self.flattened(number)
        if not flat.shares:
            return self.compare(self.scaled(times, flat.whole), sign, limit)
        if len(flat.shares) == 1:
            (share,) = flat.shares
            rest = self.weighted([(1, limit), (-times, flat.whole)])
            return self.compare(self.scaled(times, share.top), sign, self.product(rest, share.bottom))
        found: Test = self._once(Passes, number, times, sign, limit)
        return found

    def rounded(self, number: Number, times: int, bottom: Int) -> Int:
        """`number × times / bottom` half up; one share at most is multiplied out."""
        flat = self.flattened(number)
        if not flat.shares:
            return self.half_up(self.scaled(times, flat.whole), bottom)
        if len(flat.shares) == 1:
            (share,) = flat.shares
            top = self.sum(self.product(flat.whole, share.bottom), share.top)
            return self.half_up(self.scaled(times, top), self.product(bottom, share.bottom))
        found: Int = self._once(Rounded, number, times, bottom)
        return found

    def chosen(self, branches: Sequence[tuple[Test, Number]]) -> Number:
        """The number of the one branch whose test holds; 0 where none does. The tests must not hold together."""
        kept = [(self.truth(test), self.flattened(number)) for test, number in branches]
        if len(kept) == 1 and constant_of(kept[0][0]) == 1:
            return kept[0][1]
        whole = self.sum(*(self.product(truth, number.whole) for truth, number in kept))
        count = max((len(number.shares) for _, number in kept), default=0)
        return self.number(whole, (share for place in range(count) for share in self._merged(place, kept)))

    def _merged(self, place: int, branches: Sequence[tuple[Int, Number]]) -> tuple[Share, ...]:
        """The shares at one place of every branch as one share."""
        there = [(truth, number.shares[place]) for truth, number in branches if len(number.shares) > place]
        top = self.sum(*(self.product(truth, share.top) for truth, share in there))
        if len({share.bottom for _, share in there}) == 1:
            return self.share(top, there[0][1].bottom).shares
        over_one = (self.product(truth, self.weighted([(1, share.bottom)], -1)) for truth, share in there)
        return self.share(top, self.weighted([(1, part) for part in over_one], 1)).shares
