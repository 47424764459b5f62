"""Units as an Arrow table: the columns that `score_frame` takes, made of figures that have been read."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from cchc_index.batch.drawing import decimal_scale
from cchc_index.batch.lowering import columns_of
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.facts import Submission
from cchc_index.figures import Figures
from cchc_index.measures import YES, Fact, FactType

DECIMALS = (FactType.AMOUNT, FactType.PERCENT, FactType.POINTS)
WIDE = 38
_EXACT = Context(prec=60)


def table_of_units(
    rules: Ruleset, units: Sequence[Submission], figures: Sequence[Figures], finer: Mapping[str, Fraction]
) -> tuple[Any, dict[str, int]]:
    """The units as rows, and over which power of ten each decimal column is written; `finer` are steps that must fit.

    Percents are shares. Raises BadSubmission for a number that is no finite decimal.
    """
    columns: dict[str, Any] = {"don_vi": pa.array([unit.unit for unit in units], pa.string())}
    asked = ["; ".join(unit.exemptions) or None for unit in units]
    columns["khong_danh_gia"] = pa.array(asked, pa.string())
    scales: dict[str, int] = {}
    faults: list[Fault] = []
    for fact in rules.facts_by_name.values():
        for name in columns_of(fact) if fact.given is None else ():
            values = [one.get(name) for one in figures]
            try:
                columns[name], scales[name] = _column(fact, values, finer.get(name, Fraction(0)))
            except ValueError as error:
                told = Text(f"{error} không phải số thập phân hữu hạn", f"{error} is no finite decimal")
                faults.append(Fault(told, (name,)))
    if faults:
        raise BadSubmission(faults)
    return pa.table(columns), scales


def _column(fact: Fact, values: Sequence[Any], finer: Fraction) -> tuple[Any, int]:
    if fact.type in DECIMALS:
        scale = decimal_scale([finer, *(Fraction(value) for value in values if value is not None)])
        kind = pa.decimal128(WIDE, len(str(scale)) - 1)
        return pa.array([None if value is None else _decimal(value) for value in values], kind), scale
    if fact.type is FactType.RECORDS:
        fields = {one.name: one for one in fact.fields}
        kind = pa.list_(pa.struct([(one.name, _kind(one)) for one in fact.fields]))
        return pa.array([None if value is None else _records(fields, value) for value in values], kind), 1
    return pa.array([None if value is None else _plain(fact, value) for value in values], _kind(fact)), 1


def _kind(fact: Fact) -> Any:
    kinds = {FactType.YES_NO: pa.bool_(), FactType.DATE: pa.date32()}
    if fact.type in DECIMALS:
        return pa.decimal128(WIDE, 9)
    return pa.string() if fact.type in (FactType.CHOICE, FactType.LABEL) else kinds.get(fact.type, pa.int64())


def _plain(fact: Fact, value: Any) -> Any:
    if fact.type in DECIMALS:
        return _decimal(value)
    if fact.type is FactType.DATE:
        return datetime.date.fromordinal(value)
    return value == YES if fact.type is FactType.YES_NO else value


def _records(fields: Mapping[str, Fact], records: Any) -> list[dict[str, Any]]:
    return [{name: _plain(fields[name], value) for name, value in record.items()} for record in records]


def _decimal(value: Fraction | int) -> Decimal:
    decimal_scale([Fraction(value)])
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
