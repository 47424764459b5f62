"""Expressions of a plan as SQL: whole numbers only, as wide as their bounds ask for, each shared one worked out once.

SQL reports an overflow instead of wrapping round, so every step on the way must fit, not only its result: a sum is as
wide as the sizes of all its terms together. Only numbers from zero up are divided, by numbers above zero, so that
rounding down and cutting off are the same thing in every dialect; half up takes the size of a number and gives it back
its sign. Sums of several fractions are one fraction over the least common multiple of their denominators; where that
would be too large for the dialect it is NULL, and the row says so.

Longer than most modules: one case for each kind of expression, in each width.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from attrs import define, field, frozen
from sqlglot import exp

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
    parts_of,
)
from cchc_index.batch.ranges import Ranges, size

Sql = exp.Expr
SMALL = 2**63 - 1
"""A BIGINT goes this far from zero."""


class TooWide(Exception):
    """With figures this large a step may need more digits than the dialect has."""


@frozen
class Dialect:
    """What the interpreter must know of a database: its name for sqlglot, its widest integers, how far they go."""

    name: str
    wide: str
    bits: int
    most_bottom: int
    """How many bits the common denominator of a sum of fractions may have."""
    materialized: bool
    """Whether steps that only one other looks at must be kept from being copied into it."""
    divides_wide: bool
    """Whether a quotient rounded down is always of the wide type."""


DUCKDB = Dialect("duckdb", "HUGEINT", 126, 62, materialized=False, divides_wide=False)
POSTGRES = Dialect("postgres", "NUMERIC", 8192, 2048, materialized=True, divides_wide=True)
DIALECTS = {one.name: one for one in (DUCKDB, POSTGRES)}


@frozen
class Term:
    """An expression, whether it is of the wide type, and the step after which it can be worked out."""

    sql: Sql
    is_wide: bool = False
    level: int = 0


@frozen
class Ratio:
    """A numerator and a denominator above zero, in lowest terms or not."""

    top: Term
    bottom: Term


def number(value: int) -> Sql:
    """A whole number as SQL writes it."""
    found = exp.Literal.number(abs(value))
    return exp.Neg(this=found) if value < 0 else found


def column(name: str) -> Sql:
    return exp.column(name, quoted=True)


def is_constant(sql: Sql) -> bool:
    return isinstance(sql, exp.Cast) and not sql.find(exp.Column)


def bracketed(made: Sql) -> Sql:
    return exp.paren(made, copy=False) if isinstance(made, exp.Binary | exp.Neg | exp.Not | exp.Connector) else made


def binary(kind: Any, one: Sql, other: Sql) -> Sql:
    made: Sql = kind(this=bracketed(one), expression=bracketed(other))
    return made


def added(terms: Sequence[Sql]) -> Sql:
    """A sum without brackets around every step."""
    total = terms[0]
    for term in terms[1:]:
        total = exp.Add(this=total, expression=bracketed(term))
    return total


def when(test: Sql, then: Sql, otherwise: Sql | None = None) -> Sql:
    made = exp.Case().when(test, then, copy=False)
    return made if otherwise is None else made.else_(otherwise, copy=False)


@define
class Terms:
    """Writes expressions; what is looked at more than once becomes a column of an earlier step, called `_1`, `_2`."""

    dialect: Dialect
    ranges: Ranges
    uses: Counter[int]
    most_bottom: int
    prefix: str = "_"
    steps: dict[int, list[tuple[str, Sql]]] = field(factory=dict)
    known: dict[Any, Any] = field(factory=dict)
    names: int = 0

    # -- steps --------------------------------------------------------------------------------------------------

    def kept(self, term: Term) -> Term:
        """The same, as a column of its own."""
        if isinstance(term.sql, exp.Column | exp.Literal) or is_constant(term.sql):
            return term
        self.names += 1
        name = f"{self.prefix}{self.names}"
        self.steps.setdefault(term.level, []).append((name, term.sql))
        return Term(column(name), term.is_wide, term.level + 1)

    def copied(self, term: Term) -> Sql:
        """Each expression has one place in a statement; a second place takes a copy."""
        return term.sql.copy()

    def wide(self, term: Term) -> Sql:
        sql = self.copied(term)
        return sql if term.is_wide else exp.cast(sql, self.dialect.wide, dialect=self.dialect.name)

    def narrow(self, term: Term) -> Term:
        """A wide number that is known to be small, as a BIGINT."""
        return Term(exp.cast(term.sql, "BIGINT"), level=term.level) if term.is_wide else term

    def is_wide(self, most: int) -> bool:
        """Whether a number that goes so far from zero needs the wide type. Raises TooWide."""
        if most.bit_length() > self.dialect.bits:
            raise TooWide
        return most > SMALL

    # -- whole numbers ------------------------------------------------------------------------------------------

    def whole(self, node: Int) -> Term:
        if id(node) not in self.known:
            made = self._whole(node)
            self.known[id(node)] = self.kept(made) if self.uses[id(node)] > 1 else made
        found: Term = self.known[id(node)]
        return found

    def _whole(self, node: Int) -> Term:
        match node:
            case Column(name):
                return Term(column(name), self.is_wide(size(self.ranges.of(node))))
            case Weighted(terms, constant):
                return self.weighted(node, terms, constant)
            case Product(left, right):
                return self.product(self.whole(left), self.whole(right), size(self.ranges.of(node)))
            case Truth(test):
                return self.choice(self.test(test), 1)
            case AtLeastOne(inner):
                found = self.whole(inner)
                if self.ranges.of(inner)[0] >= 1:
                    return found
                greatest = exp.Greatest(this=self.copied(found), expressions=[number(1)], ignore_nulls=True)
                return Term(greatest, found.is_wide, found.level)
            case HalfUp(top, bottom):
                least, most = self.ranges.of(top)
                largest = 2 * max(abs(least), abs(most)) + 2 * self.ranges.of(bottom)[1]
                return self.half_up(Ratio(self.whole(top), self.whole(bottom)), largest, may_be_negative=least < 0)
        assert isinstance(node, Rounded)
        return self.rounded(node)

    def constant(self, value: int) -> Term:
        wide = self.is_wide(abs(value))
        kind = self.dialect.wide if wide else "BIGINT"
        return Term(exp.cast(number(value), kind, dialect=self.dialect.name), wide)

    def choice(self, test: Term, worth: int) -> Term:
        """A number where the test holds, 0 where it does not."""
        given = self.constant(worth)
        return Term(when(self.copied(test), given.sql, number(0)), given.is_wide, test.level)

    def weighted(self, node: Int, terms: Sequence[tuple[int, Int]], constant: int) -> Term:
        most = abs(constant) + sum(abs(weight) * size(self.ranges.of(term)) for weight, term in terms)
        wide = self.is_wide(max(most, size(self.ranges.of(node))))
        parts = [self.times(weight, term, wide=wide) for weight, term in terms]
        if constant or not parts:
            fixed = self.constant(constant)
            parts.append(Term(self.wide(fixed) if wide else fixed.sql, wide))
        return Term(added([part.sql for part in parts]), wide, max(part.level for part in parts))

    def times(self, weight: int, term: Int, *, wide: bool) -> Term:
        if isinstance(term, Truth) and self.uses[id(term)] < 2:
            found = self.choice(self.test(term.test), weight)
            return Term(self.wide(found) if wide else found.sql, wide, found.level)
        found = self.whole(term)
        sql = self.wide(found) if wide else self.copied(found)
        return Term(sql if weight == 1 else binary(exp.Mul, number(weight), sql), wide, found.level)

    def product(self, one: Term, other: Term, most: int) -> Term:
        wide = self.is_wide(most)
        left, right = (self.wide(term) if wide else self.copied(term) for term in (one, other))
        return Term(binary(exp.Mul, left, right), wide, max(one.level, other.level))

    def quotient(self, top: Sql, bottom: Sql) -> Sql:
        """Rounded down; both are from zero up."""
        made = exp.IntDiv(this=bracketed(top), expression=bracketed(bottom))
        return exp.paren(made, copy=False)

    def half_up(self, ratio: Ratio, largest: int, *, may_be_negative: bool) -> Term:
        """`floor((2|n| + d) / 2d)` with the sign of n."""
        wide = self.is_wide(largest)
        top, bottom = self.kept(ratio.top), self.kept(ratio.bottom)
        over, under = (self.wide(term) if wide else self.copied(term) for term in (top, bottom))
        sized = exp.Abs(this=over) if may_be_negative else over
        doubled = added([binary(exp.Mul, number(2), sized), under.copy()])
        found = self.quotient(doubled, binary(exp.Mul, number(2), under.copy()))
        if may_be_negative:
            found = when(binary(exp.LT, self.copied(top), number(0)), exp.Neg(this=found.copy()), found)
        made = Term(found, wide or self.dialect.divides_wide, max(top.level, bottom.level))
        return made if largest > SMALL else self.narrow(made)

    # -- tests --------------------------------------------------------------------------------------------------

    def test(self, node: Test) -> Term:
        if id(node) not in self.known:
            made = self._test(node)
            is_worth_it = self.uses[id(node)] > 1 and not isinstance(node, Flag | Not)
            self.known[id(node)] = self.kept(made) if is_worth_it else made
        found: Term = self.known[id(node)]
        return found

    def _test(self, node: Test) -> Term:
        match node:
            case Flag(name):
                return Term(column(name))
            case Compare(left, sign, right):
                return self.compared(self.whole(left), sign, self.whole(right))
            case Divides(inner, by):
                found = self.whole(inner)
                rest = binary(exp.Mod, self.copied(found), number(by))
                return Term(binary(exp.EQ, rest, number(0)), level=found.level)
            case Every(parts):
                return self.joined(exp.And, parts, empty=True)
            case Some(parts):
                return self.joined(exp.Or, parts, empty=False)
            case Not(part):
                found = self.test(part)
                return Term(exp.Not(this=bracketed(self.copied(found))), level=found.level)
        assert isinstance(node, Passes)
        return self.passes(node)

    def compared(self, one: Term, sign: str, other: Term) -> Term:
        kind = {">": exp.GT, ">=": exp.GTE, "==": exp.EQ}[sign]
        return Term(binary(kind, self.copied(one), self.copied(other)), level=max(one.level, other.level))

    def joined(self, kind: Any, parts: Iterable[Test], *, empty: bool) -> Term:
        terms = [self.test(part) for part in parts]
        if not terms:
            return Term(exp.Boolean(this=empty))
        made = bracketed(self.copied(terms[0]))
        for term in terms[1:]:
            made = kind(this=made, expression=bracketed(self.copied(term)))
        return Term(made, level=max(term.level for term in terms))

    # -- sums of fractions --------------------------------------------------------------------------------------

    def magnitude(self, exact: Number) -> int:
        return ceil(self.ranges.magnitude(exact))

    def passes(self, node: Passes) -> Term:
        ratio = self.ratio(node.number)
        wide = Term(self.times_wide(ratio.top, node.times), is_wide=True, level=ratio.top.level)
        return self.compared(wide, node.sign, self.both_wide(self.whole(node.limit), ratio.bottom))

    def rounded(self, node: Rounded) -> Term:
        ratio = self.ratio(node.number)
        top = Term(self.times_wide(ratio.top, node.times), is_wide=True, level=ratio.top.level)
        made = self.half_up(
            Ratio(top, self.both_wide(self.whole(node.bottom), ratio.bottom)), SMALL + 1, may_be_negative=True
        )
        wide = self.is_wide(size(self.ranges.of(node)))
        return made if wide else self.narrow(made)

    def times_wide(self, term: Term, times: int) -> Sql:
        return binary(exp.Mul, number(times), self.wide(term))

    def both_wide(self, one: Term, other: Term) -> Term:
        return Term(binary(exp.Mul, self.wide(one), self.wide(other)), is_wide=True, level=max(one.level, other.level))

    def ratio(self, exact: Number) -> Ratio:
        """An exact number as one fraction; NULL where its denominator would grow too large."""
        if id(exact) not in self.known:
            self.known[id(exact)] = self._ratio(exact)
        found: Ratio = self.known[id(exact)]
        return found

    def _ratio(self, exact: Number) -> Ratio:
        whole = self.whole(exact.whole)
        parts = [self.ratio(part) for part in exact.parts] + [self.share(share) for share in exact.shares]
        broken = [part for part in parts if not isinstance(part.bottom.sql, exp.Literal)]
        wholes = [whole, *(part.top for part in parts if part not in broken)]
        if not broken:
            return Ratio(self.summed(wholes), Term(number(1)))
        total = broken[0]
        for part in broken[1:]:
            total = self.together(total, part)
        top = Term(
            added([self.wide(total.top), binary(exp.Mul, self.wide(self.summed(wholes)), self.wide(total.bottom))]),
            is_wide=True,
            level=max(total.top.level, total.bottom.level, *(term.level for term in wholes)),
        )
        return Ratio(self.kept(top), total.bottom)

    def summed(self, terms: Sequence[Term]) -> Term:
        if len(terms) == 1:
            return terms[0]
        return self.kept(
            Term(added([self.wide(term) for term in terms]), is_wide=True, level=max(term.level for term in terms))
        )

    def share(self, share: Share) -> Ratio:
        """One fraction in lowest terms."""
        if id(share) not in self.known:
            top, bottom = self.kept(self.whole(share.top)), self.kept(self.whole(share.bottom))
            common = self.common(top, bottom)
            self.known[id(share)] = Ratio(self.divided(top, common), self.divided(bottom, common))
        found: Ratio = self.known[id(share)]
        return found

    def common(self, one: Term, other: Term) -> Term:
        """The greatest common divisor."""
        wide = one.is_wide or other.is_wide
        left, right = (self.wide(term) if wide else self.copied(term) for term in (one, other))
        made = exp.func("GCD", left, right, dialect=self.dialect.name)
        return self.kept(Term(made, wide, max(one.level, other.level)))

    def divided(self, term: Term, by: Term) -> Term:
        """A number divided by one that divides it."""
        made = self.quotient(self.copied(term), self.copied(by))
        wide = term.is_wide or by.is_wide or self.dialect.divides_wide
        return self.kept(Term(made, wide, max(term.level, by.level)))

    def together(self, one: Ratio, other: Ratio) -> Ratio:
        """The sum of two fractions, over the least common multiple where that is not too large."""
        common = self.common(one.bottom, other.bottom)
        lift, widen = self.divided(one.bottom, common), self.divided(other.bottom, common)
        fits = binary(exp.LTE, self.wide(lift), self.quotient(number(self.most_bottom), self.wide(other.bottom)))
        grown = binary(exp.Mul, self.wide(lift), self.wide(other.bottom))
        bottom = self.kept(Term(when(fits, grown), is_wide=True, level=max(lift.level, other.bottom.level)))
        parts = [binary(exp.Mul, self.wide(top), self.wide(by)) for top, by in ((one.top, widen), (other.top, lift))]
        is_there = exp.Not(this=exp.Is(this=self.copied(bottom), expression=exp.Null()))
        levels = (one.top.level, other.top.level, widen.level, bottom.level)
        return Ratio(self.kept(Term(when(is_there, added(parts)), is_wide=True, level=max(levels))), bottom)


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


def greatest_factor(wanted: Iterable[Expression], ranges: Ranges) -> int:
    """By how much more than its denominator anything that is made of a sum of fractions may be."""
    most, seen, waiting = 1, set[int](), list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        waiting += parts_of(node)
        if isinstance(node, Passes | Rounded):
            other = node.limit if isinstance(node, Passes) else node.bottom
            most = max(most, 2 * node.times * (ceil(ranges.magnitude(node.number)) + 1) + 2 * size(ranges.of(other)))
    return most
