"""A Spark frame comes out as the exact engine scores its rows. Starts a local Spark, so only where `CCHC_SPARK` is set.

CCHC_SPARK=1 python -m pytest -n 0 --no-cov tests/test_spark.py
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

import cchc_index as cchc
from cchc_index.batch.frames import score_frame
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from frames_of import arrow_of, make_units

WANTED = "CCHC_SPARK"


def _why_not() -> str:
    if WANTED not in os.environ:
        return f"set {WANTED}=1"
    if shutil.which("java") is None:
        return "there is no Java; Spark 4 needs 17 or later"
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "there is no pyspark: pip install 'cchc-index[spark]'"
    return ""


pytestmark = pytest.mark.skipif(bool(_why_not()), reason=f"NOT RUN ON SPARK: {_why_not()}")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "3")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
            .getOrCreate()
        )
        made.sparkContext.setLogLevel("ERROR")
        yield made
        made.stop()


def on_spark(spark: Any, rules: Ruleset, table: Any, **options: Any) -> dict[str, dict[str, Any]]:
    from cchc_index.batch.spark import score_spark

    df = spark.createDataFrame(table).repartition(3)
    return {row["don_vi"]: row.asDict() for row in score_spark(rules, df, **options).collect()}


def in_memory(rules: Ruleset, table: Any, **options: Any) -> dict[str, dict[str, Any]]:
    rows = score_frame(rules, table, **options).table.to_pylist()
    return {row["don_vi"]: row for row in rows}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_spark_says_what_the_engine_says(spark: Any, seed: int) -> None:
    """`score_frame` is held to the exact engine by its own tests; here every column and every place must be its."""
    r = Random(seed)
    rules = plainer(make_ruleset(r)) if seed % 2 else make_ruleset(r)
    units = make_units(r, rules, 40)
    table = _plain(arrow_of(units))
    options = {"keep": "all", "period": PERIOD, "percents": "share"}
    found, wanted = on_spark(spark, rules, table, **options), in_memory(rules, table, **options)
    assert found == wanted
    _same_as_cards(rules, units, found)


def _plain(table: Any) -> Any:
    """Spark has no categories."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    return table


def _same_as_cards(rules: Ruleset, units: list[Submission], found: dict[str, dict[str, Any]]) -> None:
    for unit in units:
        try:
            card = cchc.score(rules, unit)
        except cchc.CchcError:
            assert found[unit.unit]["tinh_trang"] != "da_cham"
            continue
        for line in card.walk():
            if f"tu:{line.code}" in found[unit.unit] and line.points is not cchc.NOT_STATED:
                row = found[unit.unit]
                assert (row[f"tu:{line.code}"], row[f"mau:{line.code}"]) != (None, None)
                assert row[f"tu:{line.code}"] == line.points * row[f"mau:{line.code}"]
