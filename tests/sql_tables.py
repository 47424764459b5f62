"""Units as tables of a database: DuckDB in the process, PostgreSQL where a server is named."""

import datetime
import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

from cchc_index.batch.plan import plan_of
from cchc_index.batch.requests import may_be_asked
from cchc_index.batch.sql import table_sql, to_sql
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import read_figures
from cchc_index.measures import YES, Fact, FactType

Row = dict[str, Any]
SERVER = "CCHC_POSTGRES"
"""The environment variable that names a PostgreSQL server to run statements on."""


def rows_of(rules: Ruleset, units: Sequence[Submission]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of every table, with texts, whole numbers, decimals, days and nothing else."""
    plan = plan_of(rules)
    yield (
        "cac_don_vi",
        [{"don_vi": unit.unit, **_row(rules, plan.needed, unit), **_asked(rules, unit)} for unit in units],
    )
    for records in dict.fromkeys(one.records for one in plan.records):
        fields = [fact.name for fact in rules.facts_by_name[records].fields if fact.type is not FactType.LABEL]
        given = [(unit.unit, record) for unit in units for record in unit.figures.get(records, ())]
        yield (
            f"cac_don_vi_{records}",
            [{"don_vi": name, **{f: record.get(f) for f in fields}} for name, record in given],
        )


def _row(rules: Ruleset, needed: Sequence[str], unit: Submission) -> Row:
    row: Row = {}
    for fact in rules.facts_by_name.values():
        for name in needed:
            if name.partition(".")[0] == fact.name and fact.type is not FactType.RECORDS and fact.given is None:
                value = unit.figures.get(fact.name)
                row[name] = value.get(name.partition(".")[2]) if fact.type is FactType.SURVEY and value else value
    return row


def _asked(rules: Ruleset, unit: Submission) -> Row:
    """What the unit asks to be left out, as people write a list."""
    return {"khong_danh_gia": " ; ".join(unit.exemptions) or None} if may_be_asked(rules) else {}


def only_needed(rules: Ruleset, unit: Submission) -> dict[str, Any]:
    """The figures that a statement looks at: the others may be anything."""
    known = {name.partition(".")[0] for name in plan_of(rules).needed}
    return {name: value for name, value in unit.figures.items() if name in known}


def read_plainly(rules: Ruleset, unit: Submission) -> dict[str, Any]:
    """The figures of a unit as a program has them: numbers, yes and no, days, texts."""
    figures, found = read_figures(rules.facts_by_name, unit), dict[str, Any]()
    for fact in rules.facts_by_name.values():
        if fact.type is FactType.SURVEY:
            counts = {option: figures.get(f"{fact.name}.{option}") for option, _ in fact.options}
            found |= {fact.name: counts} if any(count is not None for count in counts.values()) else {}
        elif fact.name in figures and fact.given is None:
            found[fact.name] = _plainly(fact, figures[fact.name])
    return found


def _plainly(fact: Fact, value: Any) -> Any:
    if fact.type is FactType.RECORDS:
        fields = {one.name: one for one in fact.fields}
        return [{name: _plainly(fields[name], inner) for name, inner in record.items()} for record in value]
    if fact.type is FactType.DATE:
        return datetime.date.fromordinal(value)
    return value == YES if fact.type is FactType.YES_NO else value


def inserts(rules: Ruleset, units: Sequence[Submission], dialect: str) -> str:
    """Statements that make the tables and put the units in."""
    made = [table_sql(rules, dialect)]
    for table, rows in rows_of(rules, units):
        if rows:
            names = [exp.to_identifier(name, quoted=True) for name in rows[0]]
            values = exp.values([tuple(_literal(value) for value in row.values()) for row in rows])
            into = exp.Schema(this=exp.to_table(f'"{table}"'), expressions=names)
            made.append(exp.Insert(this=into, expression=values).sql(dialect=dialect))
    return ";\n".join(made)


def _literal(value: Any) -> exp.Expression:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, int | Decimal | Fraction):
        top, bottom = value.as_integer_ratio()
        number = exp.Literal.number(f"{Decimal(abs(top)) / Decimal(bottom):f}")
        return exp.Neg(this=number) if value < 0 else number
    assert isinstance(value, datetime.date)
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE")


def in_duckdb(rules: Ruleset, units: Sequence[Submission], **options: Any) -> dict[str, Row]:
    """What a statement gives for each unit."""
    import duckdb

    with duckdb.connect() as base:
        base.execute(inserts(rules, units, "duckdb"))
        found = base.execute(to_sql(rules, "duckdb", **options))
        names = [column[0] for column in found.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def in_postgres(rules: Ruleset, units: Sequence[Submission], **options: Any) -> dict[str, Row]:
    """The same on the server that `CCHC_POSTGRES` names, in a schema that is thrown away."""
    import psycopg

    with psycopg.connect(os.environ[SERVER]) as base, base.cursor() as cursor:
        cursor.execute("CREATE SCHEMA thu; SET search_path TO thu")
        cursor.execute(inserts(rules, units, "postgres").encode())
        cursor.execute(to_sql(rules, "postgres", **options).encode())
        names = [column.name for column in cursor.description or ()]
        found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
        base.rollback()
        return found
