"""Unknown figures, and the linear inequalities that bound them."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from attrs import frozen

from cchc_index.points import Exact

Values = dict[str, Exact]
"""Figures by name."""


class Unproven(Exception):
    """A question that was neither proved nor refuted within the bounds. Never leaves the library."""


@frozen
class Unknown:
    """A figure that is sought: whole (a count, a day), or any rational."""

    name: str
    is_whole: bool = True


@frozen
class Row:
    """`Σ coefficient × unknown + constant ≥ 0`, or `> 0` when strict. Coefficients are whole and none is zero."""

    terms: tuple[tuple[str, int], ...]
    constant: Fraction
    is_strict: bool = False


def row_of(sums: Mapping[str, Exact], constant: Exact = 0, *, is_strict: bool = False) -> Row:
    """The row that a sum above zero is, with whole coefficients.

    >>> row_of({"a": Fraction(1, 2), "b": 0}, Fraction(1, 4))
    Row(terms=(('a', 1),), constant=Fraction(1, 2), is_strict=False)
    """
    scale = lcm(*(number.denominator for number in sums.values()))
    whole = [(name, c.numerator * (scale // c.denominator)) for name, c in sorted(sums.items()) if c]
    return Row(tuple(whole), Fraction(constant * scale), is_strict)


def in_lowest_terms(terms: Mapping[str, Exact]) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """Terms scaled to whole numbers without a common divisor, the first one positive, and the scale that does it.

    >>> in_lowest_terms({"a": Fraction(-1, 2), "b": 1})
    ((('a', 1), ('b', -2)), Fraction(-2, 1))
    """
    if len(terms) == 1:
        ((name, only),) = terms.items()
        return ((name, 1),), Fraction(only.denominator, only.numerator)
    common = lcm(*[coefficient.denominator for coefficient in terms.values()])
    whole = {name: c.numerator * (common // c.denominator) for name, c in sorted(terms.items())}
    divisor = gcd(*whole.values())
    sign = -1 if next(iter(whole.values())) < 0 else 1
    return tuple([(name, c // divisor * sign) for name, c in whole.items()]), Fraction(common * sign, divisor)


def tightened(row: Row, whole: Container[str]) -> Row:
    """The row as far as whole numbers reach, when all its unknowns are whole.

    >>> tightened(Row((("x", 2),), Fraction(-1)), {"x"})
    Row(terms=(('x', 1),), constant=Fraction(-1, 1), is_strict=False)
    """
    if not all(name in whole for name, _ in row.terms):
        return row
    scale = row.constant.denominator
    divisor = gcd(*[c * scale for _, c in row.terms])
    constant = (row.constant.numerator - row.is_strict) // divisor
    return Row(tuple([(name, c * scale // divisor) for name, c in row.terms]), Fraction(constant))


Group = tuple[list[Unknown], list[Row]]


def groups_of(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> Iterator[Group]:
    """The unknowns in groups that no row joins, each in the order given; rows without unknowns are the first group."""
    loose: list[Row] = []
    heads = {unknown.name: unknown.name for unknown in unknowns}
    tied: list[Row] = []
    for row in rows:
        (tied if row.terms else loose).append(row)
        ends = [_head(heads, name) for name, _ in row.terms]
        heads.update(dict.fromkeys(ends, ends[0]) if ends else {})
    if loose:
        yield [], loose
    groups: dict[str, Group] = {}
    for unknown in unknowns:
        groups.setdefault(_head(heads, unknown.name), ([], []))[0].append(unknown)
    for row in tied:
        groups[_head(heads, row.terms[0][0])][1].append(row)
    yield from groups.values()


def _head(heads: Mapping[str, str], name: str) -> str:
    while heads[name] != name:
        name = heads[name]
    return name
