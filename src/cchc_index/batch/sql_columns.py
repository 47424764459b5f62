"""Columns of database tables as the whole numbers of a plan: read, looked through for faults, and kept within limits.

A table has one row for each unit and one column for each figure, named as in the ruleset (`phieu.A` for an option of a
survey); the records of a list stand in a table of their own, one row each, with the name of their unit.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from attrs import frozen
from sqlglot import exp

from cchc_index.batch.lowering import DAY_ZERO, columns_of
from cchc_index.batch.plan import Plan
from cchc_index.batch.requests import flag_of
from cchc_index.batch.sql_terms import Dialect, Sql, binary, column, number, when
from cchc_index.criteria import Ruleset
from cchc_index.measures import Fact, FactType

Percents = Literal["share", "percent"]
DECIMALS = (FactType.AMOUNT, FactType.PERCENT, FactType.POINTS)
REQUESTS, ASKED = "khong_danh_gia", "_xin"
"""The column of codes that a unit asks to be left out, and the same codes with marks around each."""
ABSENT = "?"
"""The last sign of the column that says whether a figure is not there."""
_MARK = exp.Literal.string(";")
MISSING, WRONG, LARGE = "_thieu", "_sai", "_lon"
"""Which figures of a row are not there, are none of their type, or are beyond the limit: their names, as text."""
SCALE = "DECIMAL(20, 0)"
"""What decimals are multiplied as, so that the product has room: as wide as both together, and no less exact."""
COUNTS, AMOUNTS = 2**31, 10**18
"""How far from zero whole numbers go before the row is left to the exact engine, and amounts, in their last digit."""


@frozen
class SqlColumn:
    """A column of a table: its name there, its name in the plan, and what it declares."""

    name: str
    key: str
    fact: Fact
    scale: int
    is_optional: bool = False
    """Whether some rows do not need it: those need no value there."""

    @property
    def limit(self) -> int:
        return AMOUNTS if self.fact.type is FactType.AMOUNT else COUNTS

    @property
    def is_flag(self) -> bool:
        return self.fact.type is FactType.YES_NO

    def value(self) -> Sql:
        """What stands in the column as a whole number; options by their place, days from a fixed one."""
        raw = column(self.name)
        match self.fact.type:
            case FactType.CHOICE:
                found = exp.Case(this=raw)
                for place, (option, _) in enumerate(self.fact.options):
                    found = found.when(exp.Literal.string(option), number(place), copy=False)
                return found
            case FactType.DATE:
                zero = exp.cast(exp.Literal.string(datetime.date.fromordinal(DAY_ZERO).isoformat()), "DATE")
                return exp.Sub(this=exp.cast(raw, "DATE"), expression=zero)
        return raw if self.scale == 1 else binary(exp.Mul, raw, exp.cast(number(self.scale), SCALE))

    def type_of(self, dialect: Dialect, digits: int) -> exp.DataType:
        """The type that the column is declared with in a table made for it."""
        kinds = {FactType.YES_NO: "BOOLEAN", FactType.DATE: "DATE", FactType.CHOICE: "TEXT"}
        decimal = f"DECIMAL(18, {digits})"
        kind = decimal if self.fact.type in DECIMALS else kinds.get(self.fact.type, "BIGINT")
        return exp.DataType.build(kind, dialect=dialect.name)


@frozen
class Tables:
    """The tables that a statement reads."""

    rules: Ruleset
    """With what units may ask to be left out as figures."""
    dialect: Dialect
    codes: tuple[str, ...]
    """What units may ask to be left out."""
    table: str
    unit: str
    digits: int
    percents: Percents

    def scale(self, fact: Fact) -> int:
        if fact.type not in DECIMALS:
            return 1
        hundred = 100 if fact.type is FactType.PERCENT and self.percents == "percent" else 1
        return int(10**self.digits) * hundred

    def scales(self) -> dict[str, int]:
        """The denominators of the columns, as a plan takes them."""
        found = {}
        for fact in self.rules.facts_by_name.values():
            found[fact.name] = self.scale(fact)
            found |= {f"{fact.name}/{inner.name}": self.scale(inner) for inner in fact.fields}
        return {name: scale for name, scale in found.items() if scale != 1}

    def columns(self, plan: Plan) -> list[SqlColumn]:
        """The columns of the figures of units that a plan looks at."""
        flags = {flag_of(code) for code in self.codes}
        return [
            SqlColumn(name, name, fact, self.scale(fact), plan.looks[name] is not plan.make.always)
            for fact in self.rules.facts_by_name.values()
            for name in columns_of(fact)
            if name in plan.needed and fact.type is not FactType.RECORDS and fact.given is None and name not in flags
        ]

    def fields(self, records: str) -> list[SqlColumn]:
        """The columns of one list of records."""
        fields = self.rules.facts_by_name[records].fields
        known = [one for one in fields if one.type is not FactType.LABEL]
        return [SqlColumn(one.name, f"{records}/{one.name}", one, self.scale(one)) for one in known]

    def records_table(self, records: str) -> str:
        return f"{self.table}_{records}"


def asking(table: str) -> exp.Select:
    """The rows of a table, with what each asks to be left out written `;;8.1;;9;;`."""
    codes = exp.Coalesce(this=column(REQUESTS), expressions=[exp.Literal.string("")])
    marks = exp.DPipe(this=exp.DPipe(this=_MARK.copy(), expression=codes), expression=_MARK.copy())
    spaced = exp.Literal.string(r"\s*;\s*")
    made = exp.RegexpReplace(this=marks, expression=spaced, replacement=exp.Literal.string(";;"))
    return exp.select("*", exp.alias_(made, ASKED)).from_(table_called(table))


def table_called(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def reading(table: str, unit: str, columns: Sequence[SqlColumn], codes: Sequence[str] = ()) -> exp.Select:
    """The values of a table, each under its name in the plan, with the names of those that are not there or wrong."""
    absent = {one.key: exp.Is(this=column(one.name), expression=exp.Null()) for one in columns}
    values = [exp.alias_(one.value(), one.key, quoted=True) for one in columns]
    values += [exp.alias_(absent[one.key], one.key + ABSENT, quoted=True) for one in columns if one.is_optional]
    values += [exp.alias_(_is_asked(code), flag_of(code), quoted=True) for code in codes]
    missing = named((one.key, absent[one.key]) for one in columns if not one.is_optional)
    tests = [(one.key, test) for one in columns if (test := _wrong(one)) is not None]
    wrong = named([*tests, *([(REQUESTS, _is_other_asked(codes))] if codes else [])])
    given = [column(unit), *values, exp.alias_(missing, MISSING), exp.alias_(wrong, WRONG)]
    return exp.select(*given).from_(table_called(table))


def _is_asked(code: str) -> Sql:
    return binary(exp.GT, exp.StrPosition(this=column(ASKED), substr=exp.Literal.string(f";{code};")), number(0))


def _is_other_asked(codes: Sequence[str]) -> Sql:
    """Whether something is left once the codes that may be asked for are taken out: no code, or one that may not."""
    left: Sql = column(ASKED)
    for word in (*(f";{code};" for code in codes), ";"):
        left = exp.Replace(this=left, expression=exp.Literal.string(word), replacement=exp.Literal.string(""))
    return binary(exp.NEQ, left, exp.Literal.string(""))


def _wrong(one: SqlColumn) -> Sql | None:
    """When a value is there and is none of its type: no known option, more decimals than the columns are read to."""
    if one.fact.type is FactType.CHOICE:
        options = [exp.Literal.string(option) for option, _ in one.fact.options]
        return exp.Not(this=exp.In(this=column(one.name), expressions=options))
    if one.is_flag or one.fact.type is FactType.DATE:
        return None
    return binary(exp.NEQ, one.value(), exp.Floor(this=one.value()))


def named(tests: Iterable[tuple[str, Sql]]) -> Sql:
    """The names of the tests that hold, one after the other."""
    blank = exp.Literal.string("")
    words = [when(test, exp.Literal.string(f"{name} "), blank.copy()) for name, test in tests]
    total: Sql = words[0] if words else blank
    for word in words[1:]:
        total = exp.DPipe(this=total, expression=word)
    return total


def within(source: str, unit: Sequence[str], columns: Sequence[SqlColumn], limits: Mapping[str, int]) -> exp.Select:
    """The values within their limits as BIGINT, nothing in the place of others, and the names of those."""
    kept = [exp.alias_(_kept(one, limits), one.key, quoted=True) for one in columns]
    large = named(
        (one.key, exp.Not(this=exp.paren(between(column(one.key), limits[one.key]))))
        for one in columns
        if not one.is_flag
    )
    absent = [one.key + ABSENT for one in columns if one.is_optional]
    carried = [column(name) for name in (*unit, *absent, MISSING, WRONG)]
    return exp.select(*carried, *kept, exp.alias_(large, LARGE)).from_(source)


def _kept(one: SqlColumn, limits: Mapping[str, int]) -> Sql:
    """A value that not every row needs is 0 or no where it is not there."""
    found, nothing = column(one.key), number(0)
    if one.is_flag:
        nothing = exp.Boolean(this=False)
    else:
        found = when(between(column(one.key), limits[one.key]), exp.cast(column(one.key), "BIGINT"))
    return exp.Coalesce(this=found, expressions=[nothing]) if one.is_optional else found


def between(given: Sql, limit: int) -> Sql:
    """Whether a number is no further from zero than a limit."""
    return exp.Between(this=given, low=number(-limit), high=number(limit))
