"""Expressions of a plan as SQL: whole numbers only, as wide as their bounds ask for, each shared one worked out once.

SQL reports an overflow instead of wrapping round, so every step on the way must fit, not only its result: a sum is as
wide as the sizes of all its terms together. Only numbers from zero up are divided, by numbers above zero, so that
rounding down and cutting off are the same thing in every dialect; half up takes the size of a number and gives it back
its sign.

A sum of several fractions is a whole number and one fraction over the least common multiple of their denominators.
Where that would be too large for the dialect it is NULL; what is compared or rounded is then told from the first digits
of each fraction, where those can tell it, and otherwise the row says that its numbers are too large. With integers of
any size nothing is.

Longer than most modules: one case for each kind of expression, in each width.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import define, evolve, field, frozen
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
    every,
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
    room: int | None
    """How many bits the common denominator of a sum of fractions may have; None where it may have any number."""
    materialized: bool
    """Whether steps that only one other looks at must be kept from being copied into it."""
    divides_wide: bool
    """Whether a quotient rounded down is always of the wide type."""


DUCKDB = Dialect("duckdb", "HUGEINT", 126, 94, materialized=False, divides_wide=False)
POSTGRES = Dialect("postgres", "NUMERIC", 400_000, None, materialized=True, divides_wide=True)
DIALECTS = {one.name: one for one in (DUCKDB, POSTGRES)}


@frozen
class Term:
    """An expression, whether it is of the wide type, and the step after which it can be worked out."""

    sql: Sql
    is_wide: bool = False
    level: int = 0


@frozen
class Ratio:
    """`whole + top / bottom`, where `top / bottom` is the sum of some fractions from 0 up, each below 1.

    `size` is how far `whole` may be from zero, `most` what `bottom` is never above.
    """

    whole: Term
    size: int
    top: Term = field(factory=lambda: Term(number(0)))
    bottom: Term = field(factory=lambda: Term(number(1)))
    most: int = 1
    fractions: tuple[tuple[Term, Term], ...] = ()
    may_fail: bool = False
    """Whether `top` and `bottom` are NULL where `bottom` would be too large."""

    @property
    def count(self) -> int:
        return len(self.fractions)


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
    room: int | None
    digits: int
    """How many binary digits of a fraction are looked at where the common denominator is too large."""
    prefix: str = "_"
    doubts: list[Sql] = field(factory=list)
    """Columns that are NULL where a number of the row is too large."""
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
                return self.half_up(self.whole(top), self.whole(bottom), largest, may_be_negative=least < 0)
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

    def scaled(self, weight: int, term: Term, most: int) -> Term:
        wide = self.is_wide(most)
        sql = self.wide(term) if wide else self.copied(term)
        return Term(sql if weight == 1 else binary(exp.Mul, number(weight), sql), wide or term.is_wide, term.level)

    def product(self, one: Term, other: Term, most: int) -> Term:
        wide = self.is_wide(most)
        left, right = (self.wide(term) if wide else self.copied(term) for term in (one, other))
        return Term(binary(exp.Mul, left, right), wide, max(one.level, other.level))

    def quotient(self, top: Sql, bottom: Sql) -> Sql:
        """Rounded down; both are from zero up."""
        made = exp.IntDiv(this=bracketed(top), expression=bracketed(bottom))
        return exp.paren(made, copy=False)

    def half_up(self, top: Term, bottom: Term, largest: int, *, may_be_negative: bool) -> Term:
        """`floor((2|n| + d) / 2d)` with the sign of n."""
        wide = self.is_wide(largest)
        top, bottom = self.kept(top), self.kept(bottom)
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

    def passes(self, node: Passes) -> Term:
        ratio = self.ratio(node.number)
        floor, is_broken = self.floor(ratio, node.times)
        limit = self.whole(node.limit)
        is_there = self.compared(floor, "==", limit)
        if node.sign == ">=":
            return self.compared(floor, ">=", limit)
        if node.sign == "==":
            is_whole = Term(exp.Not(this=bracketed(self.copied(is_broken))), level=is_broken.level)
            return self.both(exp.And, is_there, is_whole)
        return self.both(exp.Or, self.compared(floor, ">", limit), self.both(exp.And, is_there, is_broken))

    def both(self, kind: Any, one: Term, other: Term) -> Term:
        made: Sql = kind(this=bracketed(self.copied(one)), expression=bracketed(self.copied(other)))
        return Term(made, level=max(one.level, other.level))

    def rounded(self, node: Rounded) -> Term:
        return self.nearest(self.ratio(node.number), node.times, node.bottom)

    def nearest(self, ratio: Ratio, times: int, over: Int) -> Term:
        """`ratio × times / over` half up: with x = 2 × ratio × times, `floor((x + over) / 2 over)` needs no more of x
        than its floor, and for x below zero its ceiling."""
        bottom, most_over = self.kept(self.whole(over)), self.ranges.of(over)[1]
        if not ratio.count:
            top = self.scaled(times, ratio.whole, most := times * ratio.size)
            return self.half_up(top, bottom, 2 * (most + most_over), may_be_negative=True)
        floor, is_broken = self.floor(ratio, 2 * times)
        most = 2 * times * (ratio.size + ratio.count)
        wide = self.is_wide(most + 2 * most_over)
        low, under = (self.wide(term) if wide else self.copied(term) for term in (floor, bottom))
        high = added([low, self.choice(is_broken, 1).sql])
        above = self.quotient(added([low.copy(), under]), binary(exp.Mul, number(2), under.copy()))
        rest = exp.Sub(this=under.copy(), expression=bracketed(high))
        below = exp.Neg(this=self.quotient(rest, binary(exp.Mul, number(2), under.copy())))
        made = when(binary(exp.LT, self.copied(floor), number(0)), below, above)
        found = Term(made, wide or self.dialect.divides_wide, max(floor.level, is_broken.level, bottom.level))
        return found if most > SMALL else self.narrow(found)

    def floor(self, ratio: Ratio, times: int) -> tuple[Term, Term]:
        """`floor(ratio × times)`, and whether anything was cut off. The floor is NULL where that cannot be told."""
        if not ratio.count:
            return self.kept(self.scaled(times, ratio.whole, times * ratio.size)), Term(exp.Boolean(this=False))
        key = ("floor", id(ratio), times)
        if key not in self.known:
            self.known[key] = self._floor(ratio, times)
        found: tuple[Term, Term] = self.known[key]
        return found

    def _floor(self, ratio: Ratio, times: int) -> tuple[Term, Term]:
        cut, is_broken = self.divided_out(self.times_wide(ratio.top, times), ratio.bottom)
        if ratio.may_fail:
            cut, is_broken = self.told(ratio, times, cut, is_broken)
        wide = self.is_wide(most := times * (ratio.size + ratio.count))
        whole = self.scaled(times, ratio.whole, most)
        part = self.copied(cut) if wide else exp.cast(self.copied(cut), "BIGINT")
        found = self.kept(Term(added([whole.sql, part]), wide or whole.is_wide, max(whole.level, cut.level)))
        if ratio.may_fail:
            self.doubts.append(found.sql)
        return found, is_broken

    def divided_out(self, top: Term, bottom: Term) -> tuple[Term, Term]:
        """A quotient rounded down, and whether there is a rest."""
        cut, rest = self.split(top, bottom)
        return cut, self.kept(self.compared(rest, ">", Term(number(0))))

    def split(self, top: Term, bottom: Term) -> tuple[Term, Term]:
        """A quotient rounded down and the rest; both numbers are from zero up, and wide."""
        top = self.kept(top)
        made = self.quotient(self.wide(top), self.wide(bottom))
        cut = self.kept(Term(made, is_wide=True, level=max(top.level, bottom.level)))
        back = binary(exp.Mul, self.copied(cut), self.wide(bottom))
        left = exp.Sub(this=self.wide(top), expression=bracketed(back))
        return cut, self.kept(Term(left, is_wide=True, level=cut.level))

    def floored(self, top: Term, bottom: Term, *, wide: bool, may_be_negative: bool) -> tuple[Term, Term]:
        """A quotient rounded down and the rest, for numbers below zero too."""
        over, under = (self.wide(term) if wide else self.copied(term) for term in (top, bottom))
        made = self.quotient(over, under)
        if may_be_negative:
            lifted = exp.Sub(this=exp.Sub(this=under.copy(), expression=number(1)), expression=bracketed(over.copy()))
            below = exp.Neg(this=self.quotient(lifted, under.copy()))
            made = when(binary(exp.LT, self.copied(top), number(0)), below, made)
        cut = self.kept(Term(made, wide or self.dialect.divides_wide, max(top.level, bottom.level)))
        left = exp.Sub(this=over.copy(), expression=bracketed(binary(exp.Mul, self.copied(cut), under.copy())))
        return cut, self.kept(Term(left, wide or cut.is_wide, cut.level))

    def told(self, ratio: Ratio, times: int, cut: Term, is_broken: Term) -> tuple[Term, Term]:
        """The exact floor or, where the common denominator is too large, that of both ends between which the sum lies.

        A fraction cut off after some digits is too small by less than one of the last. So the sum lies from `near` up
        to `near + count`: where the floors of both are one, and something is left above it, it is that of the sum.
        """
        one, near = self.one_near, self.near(ratio)
        low, is_above = self.divided_out(self.times_wide(near, times), one)
        ends = Term(added([self.copied(near), number(ratio.count)]), is_wide=True, level=near.level)
        high, _ = self.divided_out(self.times_wide(ends, times), one)
        sure = when(self.both(exp.And, self.compared(low, "==", high), is_above).sql, self.copied(low))
        found = exp.Coalesce(this=self.copied(cut), expressions=[sure])
        level = max(cut.level, low.level, high.level, is_above.level)
        rest = exp.Coalesce(this=self.copied(is_broken), expressions=[exp.Boolean(this=True)])
        return (
            self.kept(Term(found, is_wide=True, level=level)),
            self.kept(Term(rest, level=is_broken.level)),
        )

    def near(self, ratio: Ratio) -> Term:
        """The first digits of each fraction, added up."""
        key = ("near", id(ratio.fractions))
        if key not in self.known:
            terms = [self.digits_of(*one) for one in ratio.fractions]
            made = added([self.copied(term) for term in terms])
            self.known[key] = self.kept(Term(made, is_wide=True, level=max(term.level for term in terms)))
        found: Term = self.known[key]
        return found

    def digits_of(self, top: Term, bottom: Term) -> Term:
        key = ("digits", id(top))
        if key not in self.known:
            lifted = self.times_wide(top, 2**self.digits)
            made = self.quotient(lifted.sql, self.wide(bottom))
            self.known[key] = self.kept(Term(made, is_wide=True, level=max(top.level, bottom.level)))
        found: Term = self.known[key]
        return found

    @property
    def one_near(self) -> Term:
        """One, in those digits."""
        return Term(exp.cast(number(2**self.digits), self.dialect.wide, dialect=self.dialect.name), is_wide=True)

    def times_wide(self, term: Term, times: int) -> Term:
        return Term(binary(exp.Mul, number(times), self.wide(term)), is_wide=True, level=term.level)

    def both_wide(self, one: Term, other: Term) -> Term:
        return Term(binary(exp.Mul, self.wide(one), self.wide(other)), is_wide=True, level=max(one.level, other.level))

    def ratio(self, exact: Number) -> Ratio:
        """An exact number as a whole number and one fraction, which is NULL where its denominator grows too large."""
        if id(exact) not in self.known:
            self.known[id(exact)] = self._ratio(exact)
        found: Ratio = self.known[id(exact)]
        return found

    def _ratio(self, exact: Number) -> Ratio:
        parts = [self.ratio(part) for part in exact.parts] + [self.share(share) for share in exact.shares]
        own = Ratio(self.whole(exact.whole), size(self.ranges.of(exact.whole)))
        most = own.size + sum(part.size for part in parts)
        whole = self.summed([own.whole, *(part.whole for part in parts)], most)
        broken = [part for part in parts if part.count]
        if not broken:
            return Ratio(whole, most)
        return evolve(self.all_together(broken), whole=whole, size=most)

    def all_together(self, parts: Sequence[Ratio]) -> Ratio:
        """The sum of several fractions, two by two, so that few steps stand on each other."""
        if len(parts) == 1:
            return parts[0]
        half = len(parts) // 2
        return self.together(self.all_together(parts[:half]), self.all_together(parts[half:]))

    def summed(self, terms: Sequence[Term], most: int) -> Term:
        if len(terms) == 1:
            return terms[0]
        wide = self.is_wide(most)
        parts = [self.wide(term) if wide else self.copied(term) for term in terms]
        return self.kept(Term(added(parts), wide, max(term.level for term in terms)))

    def share(self, share: Share) -> Ratio:
        """A whole number, and a fraction below one in lowest terms."""
        if id(share) not in self.known:
            self.known[id(share)] = self._share(share)
        found: Ratio = self.known[id(share)]
        return found

    def _share(self, share: Share) -> Ratio:
        top, bottom = self.kept(self.whole(share.top)), self.kept(self.whole(share.bottom))
        (least, most), (fewest, most_bottom) = self.ranges.of(share.top), self.ranges.of(share.bottom)
        wide = self.is_wide(max(-least, most) + 2 * most_bottom)
        cut, rest = self.floored(top, bottom, wide=wide, may_be_negative=least < 0)
        common = self.common(rest, bottom)
        top, bottom = self.divided(rest, common), self.divided(bottom, common)
        return Ratio(cut, max(-least, most) // max(fewest, 1) + 1, top, bottom, most_bottom, ((top, bottom),))

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
        most, may_fail = one.most * other.most, one.may_fail or other.may_fail
        bottom = self.both_wide(lift, other.bottom)
        if self.room is not None and most >= 2**self.room:
            fits = binary(exp.LTE, self.wide(lift), self.quotient(number(2**self.room), self.wide(other.bottom)))
            bottom, most, may_fail = Term(when(fits, bottom.sql), is_wide=True, level=bottom.level), 2**self.room, True
        bottom = self.kept(bottom)
        parts = [binary(exp.Mul, self.wide(top), self.wide(by)) for top, by in ((one.top, widen), (other.top, lift))]
        is_there = exp.Not(this=exp.Is(this=self.copied(bottom), expression=exp.Null()))
        total = when(is_there, added(parts)) if may_fail else added(parts)
        levels = (one.top.level, other.top.level, widen.level, bottom.level)
        top = self.kept(Term(total, is_wide=True, level=max(levels)))
        return Ratio(one.whole, one.size, top, bottom, most, one.fractions + other.fractions, may_fail)


def fractions_in(exact: Number) -> int:
    """Of how many fractions a number is a sum."""
    return sum(1 for _ in exact.flat())


def greatest_factor(wanted: Iterable[Expression]) -> int:
    """By how much more than its denominator a fraction that is compared or rounded may be."""
    compared = (node for node in every(wanted) if isinstance(node, Passes | Rounded))
    return max((2 * node.times * (fractions_in(node.number) + 1) for node in compared), default=1)
