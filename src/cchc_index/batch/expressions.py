"""A small language of whole-number expressions over columns: what a plan is written in.

Ten frozen values. An `Int` is a whole number in every row, a `Test` is true or false in every row; there is no division
but `HalfUp`, no fraction and no float. Every interpreter (ranges, NumPy, SQL) is one `match` over them. Values made by
one `Maker` (`making`) are shared and compared by identity: an interpreter works each out once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from math import gcd
from typing import Literal

from attrs import frozen

Sign = Literal[">", ">=", "=="]


@frozen(eq=False)
class Column:
    """A column of whole numbers."""

    name: str


@frozen(eq=False)
class Flag:
    """A column of yes and no."""

    name: str


@frozen(eq=False)
class Weighted:
    """`constant + Σ weight × term`. Without terms it is a constant."""

    terms: tuple[tuple[int, "Int"], ...]
    constant: int = 0


@frozen(eq=False)
class Product:
    left: "Int"
    right: "Int"


@frozen(eq=False)
class Truth:
    """1 where the test holds, 0 where it does not."""

    test: "Test"


@frozen(eq=False)
class AtLeastOne:
    """The number, or 1 where it is below: a denominator that nothing divides by where it would be zero."""

    number: "Int"


@frozen(eq=False)
class HalfUp:
    """`top / bottom` to the nearest whole number, a tie away from zero; `bottom` is above zero."""

    top: "Int"
    bottom: "Int"


@frozen(eq=False)
class Compare:
    left: "Int"
    sign: Sign
    right: "Int"


@frozen(eq=False)
class Divides:
    """Whether a constant above zero divides the number."""

    number: "Int"
    by: int


@frozen(eq=False)
class Every:
    """Whether every part holds; without parts, always."""

    parts: tuple["Test", ...]


@frozen(eq=False)
class Some:
    """Whether some part holds; without parts, never."""

    parts: tuple["Test", ...]


@frozen(eq=False)
class Not:
    part: "Test"


@frozen(eq=False)
class Share:
    """`top / bottom`, with `bottom` above zero."""

    top: "Int"
    bottom: "Int"


@frozen(eq=False)
class Number:
    """An exact number over columns: `whole + Σ shares + Σ parts`. Where there are no shares it is a whole number."""

    whole: "Int"
    shares: tuple[Share, ...] = ()
    parts: tuple["Number", ...] = ()

    def flat(self) -> Iterator[Share]:
        """Its shares and those of its parts."""
        yield from self.shares
        for part in self.parts:
            yield from part.flat()


@frozen(eq=False)
class Passes:
    """Whether `times × number` stands on the named side of `limit`; `times` is above zero."""

    number: Number
    times: int
    sign: Sign
    limit: "Int"


@frozen(eq=False)
class Rounded:
    """`number × times / bottom` to the nearest whole number, a tie away from zero; `bottom` is above zero."""

    number: Number
    times: int
    bottom: "Int"


Int = Column | Weighted | Product | Truth | AtLeastOne | HalfUp | Rounded
Test = Flag | Compare | Divides | Every | Some | Not | Passes
Expression = Int | Test | Share | Number


def constant_of(number: Int) -> int | None:
    """The value of a constant expression."""
    return number.constant if isinstance(number, Weighted) and not number.terms else None


def divisor_of(number: Int) -> int:
    """A divisor of every value that the number can have; 0 for the constant 0."""
    return gcd(number.constant, *(weight for weight, _ in number.terms)) if isinstance(number, Weighted) else 1


def known_of(test: Test) -> bool | None:
    """Whether a test always holds or never does; None where it depends on the row."""
    if isinstance(test, Every | Some) and not test.parts:
        return isinstance(test, Every)
    return None


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside an expression."""
    match node:
        case Weighted(terms):
            return tuple(term for _, term in terms)
        case Product(one, other) | HalfUp(one, other) | Share(one, other) | Compare(one, _, other):
            return (one, other)
        case Truth(inner) | AtLeastOne(inner) | Divides(inner) | Not(inner):
            return (inner,)
        case Every(parts) | Some(parts):
            return parts
        case Number(whole, shares, parts):
            return (whole, *shares, *parts)
        case Passes(number, _, _, limit) | Rounded(number, _, limit):
            return (number, limit)
        case _:
            return ()


def every(wanted: Iterable[Expression]) -> list[Expression]:
    """Every expression that some others are made of, and those."""
    seen: dict[int, Expression] = {}
    waiting = list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += parts_of(node)
    return list(seen.values())


def uses_of(wanted: Iterable[Expression]) -> Counter[int]:
    """How often each expression is looked at."""
    uses: Counter[int] = Counter()
    waiting = list(wanted)
    while waiting:
        node = waiting.pop()
        uses[id(node)] += 1
        if uses[id(node)] == 1:
            waiting += parts_of(node)
    return uses
