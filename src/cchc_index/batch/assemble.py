"""A plan for NumPy: one list of array operations on the narrowest integers that the bounds of the columns allow.

The bounds decide the type of every expression (8, 16, 32 or 64 bits) and fold tests that they settle. Points of bands
are added up as bytes where their common divisor lets them. Sums of several fractions are floats with a proved bound
(`certified`); rows too close to call are recounted in whole numbers where they stand.
Longer than most modules, because every expression and every way to write it down share one list of what is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import gcd
from typing import Any

import numpy as np
from attrs import define, field, frozen

from cchc_index.batch.certified import EXACT, as_float, bound
from cchc_index.batch.expressions import (
    AtLeastOne,
    Column,
    Compare,
    Divides,
    Every,
    Expression,
    Flag,
    HalfUp,
    Int,
    Not,
    Number,
    Passes,
    Product,
    Rounded,
    Share,
    Some,
    Test,
    Truth,
    Weighted,
    constant_of,
    uses_of,
)
from cchc_index.batch.ranges import Range, Ranges, size
from cchc_index.batch.recount import Sides, Steps

Kind = np.dtype[Any]
BOOL, FLOAT = np.dtype(np.bool_), np.dtype(np.float64)
INTS = tuple(np.dtype(f"i{width}") for width in (1, 2, 4, 8))
BYTE = INTS[0]


class TooWide(Exception):
    """With these columns a whole number may need more than 64 bits."""


@frozen
class Slot:
    """A place for one array, seen as one type; a byte of yes and no is seen as a number too."""

    number: int
    kind: Kind


Operand = Slot | np.generic


@frozen(eq=False)
class Step:
    """`run(*inputs, out)`; what copies a column has no inputs and no function."""

    run: Callable[..., Any] | None
    inputs: tuple[Operand, ...]
    out: Slot
    column: str = ""


@frozen
class Program:
    """What is run over every chunk whose columns lie in `columns`, and where the results stand then."""

    columns: Mapping[str, Range]
    ranges: Ranges
    loads: tuple[Step, ...]
    """The copies of columns of numbers, before all other steps."""
    steps: tuple[Step, ...]
    kinds: tuple[Kind, ...]
    results: Mapping[str, Operand]


def narrowest(bounds: Range) -> Kind:
    """The narrowest integers that hold all numbers between two. Raises TooWide."""
    for kind in INTS:
        limits = np.iinfo(kind)
        if limits.min <= bounds[0] and bounds[1] <= limits.max:
            return kind
    raise TooWide


def assemble(wanted: Mapping[str, Expression], columns: Mapping[str, Range]) -> Program:
    """The program that works out some expressions of a plan. Raises TooWide.

    >>> from cchc_index.batch.making import Maker
    >>> make = Maker()
    >>> program = assemble({"sum": make.sum(make.column("a"), make.column("b"))}, {"a": (0, 60), "b": (0, 60)})
    >>> [kind.name for kind in program.kinds]
    ['int8', 'int8', 'int8']
    """
    # What is wanted is looked at once more than by what is made of it.
    made = _Assembler(Ranges(columns), uses=uses_of([*wanted.values(), *wanted.values()]))
    results = {name: made.any(node) for name, node in wanted.items()}
    return Program(columns, made.ranges, tuple(made.loads), tuple(made.steps), tuple(made.kinds), results)


@define
class _Assembler:
    ranges: Ranges
    uses: Counter[int]
    loads: list[Step] = field(factory=list)
    steps: list[Step] = field(factory=list)
    kinds: list[Kind] = field(factory=list)
    known: dict[Any, Operand] = field(factory=dict)

    # -- steps --------------------------------------------------------------------------------------------------

    def slot(self, kind: Kind) -> Slot:
        self.kinds.append(kind)
        return Slot(len(self.kinds) - 1, kind)

    def put(self, run: Callable[..., Any], *inputs: Operand, kind: Kind, into: Slot | None = None) -> Slot:
        out = into or self.slot(kind)
        self.steps.append(Step(run, inputs, out))
        return out

    def load(self, name: str, kind: Kind) -> Slot:
        key = ("column", name)
        if key not in self.known:
            out = self.slot(kind)
            (self.steps if kind is BOOL else self.loads).append(Step(None, (), out, name))
            self.known[key] = out
        found = self.known[key]
        assert isinstance(found, Slot)
        return found

    def any(self, node: Expression) -> Operand:
        if isinstance(node, Number):
            return self.approximate(node)
        if isinstance(node, Int):
            return self.number(node)
        assert not isinstance(node, Share)
        return self.test(node)

    # -- whole numbers ------------------------------------------------------------------------------------------

    def natural(self, number: Int) -> Kind:
        return narrowest(self.ranges.of(number))

    def number(self, number: Int, kind: Kind | None = None) -> Operand:
        """A whole number as its own narrowest type, or as another: then modulo the size of that."""
        low, high = self.ranges.of(number)
        own = narrowest((low, high))
        if low == high:
            return FLOAT.type(low) if kind is FLOAT else _wrap(low, kind or own)
        if kind is not None and kind is not own:
            return self.cast(self.number(number), kind)
        if number not in self.known:
            self.known[number] = self._number(number, own)
        return self.known[number]

    def _number(self, number: Int, kind: Kind) -> Operand:
        match number:
            case Column(name):
                return self.load(name, kind)
            case Weighted():
                return self.weighted(number, kind)
            case Product(left, right):
                return self.put(np.multiply, self.number(left, kind), self.number(right, kind), kind=kind)
            case Truth(test):
                found = self.test(test)
                assert isinstance(found, Slot)
                return Slot(found.number, BYTE)
            case AtLeastOne(inner):
                if self.ranges.of(inner)[0] >= 1:
                    return self.number(inner, kind)
                wide = self.natural(inner)
                return self.cast(self.put(_at_least_one, self.number(inner), kind=wide), kind)
            case HalfUp(top, bottom):
                return self.half_up(top, bottom, kind)
        return self.rounded(number, kind)

    def cast(self, found: Operand, kind: Kind) -> Operand:
        if not isinstance(found, Slot):
            moved: np.generic = np.asarray(found).astype(kind).flat[0]
            return moved
        if found.kind == kind:
            return found
        key = ("cast", found, kind)
        if key not in self.known:
            self.known[key] = self.put(_copy, found, kind=kind)
        return self.known[key]

    def weighted(self, number: Weighted, kind: Kind) -> Operand:
        constant, terms = self.opened(number)
        weights = [(weight, term) for weight, term in terms if self.ranges.of(term) != (0, 0)]
        narrow = [pair for pair in weights if kind is not BYTE and self.natural(pair[1]) is BYTE]
        wide = [pair for pair in weights if kind is BYTE or self.natural(pair[1]) is not BYTE]
        rest = [(weight, self.number(term, kind)) for weight, term in wide]
        return self.combined(rest + [self.bytes(g, group, kind) for g, group in self.grouped(narrow)], constant, kind)

    def opened(self, number: Weighted) -> tuple[int, list[tuple[int, Int]]]:
        """Constant and terms, with the sums inside that nothing else looks at."""
        constant, terms = number.constant, list[tuple[int, Int]]()
        for weight, term in number.terms:
            if isinstance(term, Weighted) and self.uses[id(term)] == 1:
                inner, more = self.opened(term)
                constant += weight * inner
                terms += [(weight * w, t) for w, t in more]
            else:
                terms.append((weight, term))
        return constant, terms

    def grouped(self, terms: Sequence[tuple[int, Int]]) -> Iterator[tuple[int, list[tuple[int, Int]]]]:
        """Terms that can be added up as bytes once their common divisor is taken out."""
        group, common = list[tuple[int, Int]](), 0
        for weight, term in sorted(terms, key=lambda pair: -abs(pair[0])):
            wider = gcd(common, weight)
            if group and not self._is_byte([*group, (weight, term)], wider):
                yield common, group
                group, wider = [], abs(weight)
            group, common = [*group, (weight, term)], wider
        if group:
            yield common, group

    def _is_byte(self, terms: Sequence[tuple[int, Int]], common: int) -> bool:
        return sum(abs(weight) // common * size(self.ranges.of(term)) for weight, term in terms) <= 127

    def bytes(self, common: int, terms: Sequence[tuple[int, Int]], kind: Kind) -> tuple[int, Operand]:
        small = [(weight // common, self.number(term, BYTE)) for weight, term in terms]
        return common, self.cast(self.combined(small, 0, BYTE), kind)

    def combined(self, terms: Sequence[tuple[int, Operand]], constant: int, kind: Kind) -> Operand:
        """`constant + Σ weight × operand` in one type: what has the same weight is added up before it is multiplied."""
        alike: dict[int, list[tuple[int, Operand]]] = {}
        for weight, operand in terms:
            if isinstance(operand, Slot):
                alike.setdefault(abs(weight), []).append((weight // abs(weight), operand))
            else:
                constant += weight * int(operand)
        parts = [self._alike(times, several, kind) for times, several in sorted(alike.items())]
        if not parts:
            return _wrap(constant, kind)
        (first, is_own), *rest = sorted(parts, key=lambda part: part[0][0] < 0)
        total = first if first[0] > 0 else (1, self.put(np.negative, first[1], kind=kind))
        found, _ = self._added([total, *(part for part, _ in rest)], kind, own=is_own)
        if constant:
            own = is_own or len(rest) > 0
            found = self.put(np.add, found, _wrap(constant, kind), kind=kind, into=self._own(found, own=own))
        return found

    def _alike(self, times: int, several: list[tuple[int, Operand]], kind: Kind) -> tuple[tuple[int, Operand], bool]:
        """The sign and the size of the sum of some terms times one number, and whether it may be written over."""
        sign = max(sign for sign, _ in several)
        inside = sorted(((own * sign, operand) for own, operand in several), key=lambda pair: -pair[0])
        found, is_own = self._added(inside, kind)
        if times == 1:
            return (sign, found), is_own
        times_kind = _wrap(times, kind)
        return (sign, self.put(np.multiply, found, times_kind, kind=kind, into=self._own(found, own=is_own))), True

    def _added(self, terms: Sequence[tuple[int, Operand]], kind: Kind, *, own: bool = False) -> tuple[Operand, bool]:
        """Terms added to the first of them, or taken from it; what is added up here is written over in place."""
        (_, total), *rest = terms
        for sign, operand in rest:
            run = np.add if sign > 0 else np.subtract
            total, own = self.put(run, total, operand, kind=kind, into=self._own(total, own=own)), True
        return total, own

    def _own(self, total: Operand, *, own: bool) -> Slot | None:
        return total if own and isinstance(total, Slot) else None

    def half_up(self, top: Int, bottom: Int, kind: Kind) -> Operand:
        """Half up is floor(½ + n/d), a tie away from zero: on the size of `top`, which takes back its sign."""
        low, high = self.ranges.of(top)
        least, most = self.ranges.of(bottom)
        if least < 1:
            raise TooWide
        wide = narrowest((0, 2 * size((low, high)) + 2 * most))
        given = self.number(top, wide)
        sized = self.put(np.abs, given, kind=wide) if low < 0 else given
        under = self.number(bottom, wide)
        doubled = self.put(np.add, sized, sized, kind=wide)
        self.put(np.add, doubled, under, kind=wide, into=doubled)
        found = self.floor(doubled, self._doubled(under, wide), kind, 2 * size((low, high)) + 3 * most)
        return (
            self.put(np.multiply, found, self.cast(self.put(np.sign, given, kind=wide), kind), kind=kind)
            if low < 0
            else found
        )

    def _doubled(self, under: Operand, wide: Kind) -> Operand:
        if isinstance(under, Slot):
            return self.put(np.add, under, under, kind=wide)
        return _wrap(2 * int(under), wide)

    def floor(self, top: Slot, bottom: Operand, kind: Kind, most: int) -> Slot:
        """The quotient of two whole numbers from zero on, rounded down; a float gives it exactly below 2⁵³."""
        if not isinstance(bottom, Slot) or most >= EXACT:
            found = self.put(np.floor_divide, top, bottom, kind=top.kind)
            whole = self.cast(found, kind)
            assert isinstance(whole, Slot)
            return whole
        quotient = self.put(np.divide, self.cast(top, FLOAT), self.cast(bottom, FLOAT), kind=FLOAT)
        return self.put(_copy, quotient, kind=kind)

    # -- tests --------------------------------------------------------------------------------------------------

    def test(self, test: Test, *, holds: bool = True) -> Operand:
        """Whether a test holds, or (`holds` is False) does not."""
        truth = self.ranges.known_truth(test)
        if truth is not None:
            return np.bool_(truth is holds)
        if (test, holds) not in self.known:
            self.known[test, holds] = self._test(test, holds=holds)
        return self.known[test, holds]

    def _test(self, test: Test, *, holds: bool) -> Operand:
        match test:
            case Not(part):
                return self.test(part, holds=not holds)
            case Compare(left, sign, right):
                return self.compare(left, sign, right, holds=holds)
            case Flag(name) if holds:
                return self.load(name, BOOL)
        if not holds:
            return self.put(np.logical_not, self.test(test), kind=BOOL)
        match test:
            case Divides(number, by):
                return self.divides(number, by)
            case Every(parts):
                return self.joined(parts, np.logical_and)
            case Some(parts):
                return self.joined(parts, np.logical_or)
        assert isinstance(test, Passes)
        return self.passes(test)

    def compare(self, left: Int, sign: str, right: Int, *, holds: bool) -> Operand:
        kind = max(self.natural(left), self.natural(right), key=lambda one: one.itemsize)
        return self.put(_COMPARE[sign, holds], self.number(left, kind), self.number(right, kind), kind=BOOL)

    def divides(self, number: Int, by: int) -> Operand:
        kind = max(self.natural(number), narrowest((0, by)), key=lambda one: one.itemsize)
        rest = self.put(np.remainder, self.number(number, kind), kind.type(by), kind=kind)
        return self.put(np.equal, rest, kind.type(0), kind=BOOL)

    def joined(self, parts: Iterable[Test], run: Callable[..., Any]) -> Operand:
        """Parts that the bounds settle do not count: one that decided would have settled the whole."""
        found = [part for part in (self.test(part) for part in parts) if isinstance(part, Slot)]
        total, is_own = found[0], False
        for part in found[1:]:
            total, is_own = self.put(run, total, part, kind=BOOL, into=total if is_own else None), True
        return total

    # -- sums of fractions --------------------------------------------------------------------------------------

    def approximate(self, number: Number) -> Operand:
        """The float nearest to the sum, but for a proved error."""
        if number not in self.known:
            self.known[number] = self._approximate(number)
        return self.known[number]

    def _approximate(self, number: Number) -> Operand:
        parts = [self.quotient(share) for share in number.shares] + [self.approximate(part) for part in number.parts]
        low, high = self.ranges.of(number.whole)
        if (low, high) != (0, 0):
            parts.append(self.number(number.whole, FLOAT) if low != high else FLOAT.type(low))
        total, is_own = parts[0] if parts else FLOAT.type(0), False
        for part in parts[1:]:
            total, is_own = self.put(np.add, total, part, kind=FLOAT, into=self._own(total, own=is_own)), True
        return total

    def quotient(self, share: Share) -> Operand:
        if share not in self.known:
            top, bottom = self.number(share.top, FLOAT), self.number(share.bottom, FLOAT)
            self.known[share] = self.put(np.divide, top, bottom, kind=FLOAT)
        return self.known[share]

    def exactly(self, number: Number) -> tuple[list[Operand], list[Operand], list[Operand]]:
        """Wholes, numerators and denominators, as they are needed to count again."""
        shares = list(number.flat())
        wholes = [self.number(whole) for whole in _wholes(number)]
        return wholes, [self.number(share.top) for share in shares], [self.number(share.bottom) for share in shares]

    def passes(self, test: Passes) -> Operand:
        low, high = self.ranges.of(test.limit)
        most = self.ranges.magnitude(test.number) * test.times + size((low, high))
        self.hold_exactly(test.number, size((low, high)) + test.times)
        wholes, tops, bottoms = self.exactly(test.number)
        near = as_float(bound(most, len(tops) + len(wholes)))
        run = Sides(near, test.times, test.sign, len(wholes), len(tops))
        limit = self.number(test.limit, FLOAT)
        return self.put(run, self.approximate(test.number), limit, *wholes, *tops, *bottoms, kind=BOOL)

    def rounded(self, number: Rounded, kind: Kind) -> Operand:
        least, high = self.ranges.of(number.bottom)
        if least < 1:
            raise TooWide
        most = self.ranges.magnitude(number.number) * number.times / least
        self.hold_exactly(number.number, int(most) + high + number.times)
        wholes, tops, bottoms = self.exactly(number.number)
        near = as_float(bound(most, len(tops) + len(wholes)))
        run = Steps(near, number.times, len(wholes), len(tops))
        under = self.number(number.bottom, FLOAT)
        return self.put(run, self.approximate(number.number), under, *wholes, *tops, *bottoms, kind=kind)

    def hold_exactly(self, number: Number, other: int) -> None:
        """Everything that becomes a float must be one exactly."""
        sizes = [size(self.ranges.of(part)) for share in number.flat() for part in (share.top, share.bottom)]
        sizes += [size(self.ranges.of(whole)) for whole in _wholes(number)]
        if max([other, *sizes]) >= EXACT:
            raise TooWide


def _wholes(number: Number) -> Iterator[Int]:
    if constant_of(number.whole) != 0:
        yield number.whole
    for part in number.parts:
        yield from _wholes(part)


def _copy(given: Any, out: Any) -> None:
    np.copyto(out, given, casting="unsafe")


def _at_least_one(given: Any, out: Any) -> None:
    np.maximum(given, _ones(out.shape, out.dtype), out=out)


@lru_cache(maxsize=16)
def _ones(shape: tuple[int, ...], kind: Kind) -> Any:
    """NumPy compares two columns four times as fast as a column and one number."""
    return np.ones(shape, kind)


def _wrap(value: int, kind: Kind) -> np.generic:
    """A constant modulo the size of a type."""
    sized = np.array(value % 2 ** (8 * kind.itemsize), dtype=f"u{kind.itemsize}")
    found: np.generic = sized.reshape(1).view(kind)[0]
    return found


_COMPARE: Mapping[tuple[str, bool], Callable[..., Any]] = {
    (">", True): np.greater,
    (">", False): np.less_equal,
    (">=", True): np.greater_equal,
    (">=", False): np.less,
    ("==", True): np.equal,
    ("==", False): np.not_equal,
}

__all__ = ["BOOL", "FLOAT", "Operand", "Program", "Slot", "Step", "TooWide", "assemble", "narrowest"]
