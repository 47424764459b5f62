"""Units as data frames of three kinds, with figures that a column can hold: finite decimals, no exact thirds."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
from attrs import evolve

from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.pool.units import make_submission

CENT = Decimal("0.01")
OPTIONS = ("A", "B", "C")
DECIMAL = pa.decimal128(12, 2)
RECORDS = pa.list_(pa.struct([("x", pa.int64()), ("y", DECIMAL), ("z", pa.bool_())]))
TYPES: dict[str, Any] = {
    **dict.fromkeys(("a", "b", "c", *(f"s.{option}" for option in OPTIONS)), pa.int64()),
    **dict.fromkeys(("m", "n", "p", "g"), DECIMAL),
    **dict.fromkeys(("u", "v"), pa.bool_()),
    "d": pa.date32(),
    "k": pa.dictionary(pa.int8(), pa.string()),
    "r": RECORDS,
    "don_vi": pa.string(),
    "khong_danh_gia": pa.string(),
}


def finite(value: Any) -> Any:
    """Fractions as decimals of two places; lists of records too."""
    if isinstance(value, list):
        return [{name: finite(inner) for name, inner in record.items()} for record in value]
    if isinstance(value, Fraction):
        return Decimal(round(value * 100)) * CENT
    return value


def make_units(r: Random, rules: Ruleset, count: int, *, whole: bool = False) -> list[Submission]:
    """Units for a frame: one period, names of their own, no thirds, shares of percent as such."""
    found = []
    for number in range(count):
        unit = make_submission(r, rules, whole=whole)
        given = {name: finite(value) for name, value in unit.figures.items()}
        if "p" in given:
            given["p"] = Fraction(given["p"])
        found.append(evolve(unit, unit=f"Xã {number}", figures=given, period=PERIOD, evidence={}, claims=()))
    return found


def arrow_of(units: Sequence[Submission]) -> Any:
    """An Arrow table of units."""
    columns: dict[str, list[Any]] = {name: [] for name in TYPES}
    for unit in units:
        row = {name: _in_column(name, value) for name, value in unit.figures.items() if name != "s"}
        row |= {f"s.{option}": count for option, count in unit.figures.get("s", {}).items()}
        row |= {"don_vi": unit.unit, "khong_danh_gia": "; ".join(unit.exemptions) or None}
        for name, column in columns.items():
            column.append(row.get(name))
    return pa.table({name: pa.array(column, TYPES[name]) for name, column in columns.items()})


def _in_column(name: str, value: Any) -> Any:
    if name in ("m", "n", "p", "g"):
        return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
    if name == "r":
        return [record | {"y": Decimal(record["y"])} if "y" in record else record for record in value]
    return value


def polars_of(units: Sequence[Submission]) -> Any:
    return pl.from_arrow(arrow_of(units))


def pandas_of(units: Sequence[Submission]) -> Any:
    """As programs make them: whole numbers with gaps are floats, days are timestamps."""
    frame = arrow_of(units).to_pandas(date_as_object=False)
    assert isinstance(frame, pd.DataFrame)
    return frame


def texts_of(units: Sequence[Submission]) -> Any:
    """Every simple figure as people write it."""
    table = arrow_of(units)
    for name in ("m", "n", "g", "p", "d", "u", "v"):
        place = table.schema.get_field_index(name)
        written = [None if value is None else _written(name, value) for value in table.column(name).to_pylist()]
        table = table.set_column(place, name, pa.array(written, pa.string()))
    return table


def _written(name: str, value: Any) -> str:
    if name == "p":
        return f"{value * 100}%".replace(".", ",")
    if isinstance(value, bool):
        return "có" if value else "Không"
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else str(value).replace(".", ",")
