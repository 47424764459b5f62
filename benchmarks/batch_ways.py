"""The same rows of a Parquet file through each way of scoring by columns; the results stand in the order of the rows.

Every way reads the same file and leaves a file of its own, in blocks: block n of one speaks of the same units as block
n of any other, so that they are compared without ever being in memory together.
"""

import datetime
import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen

from cchc_index.batch.frames import score_frame
from cchc_index.batch.sql import table_sql, to_sql
from cchc_index.criteria import Ruleset
from cchc_index.facts import Period

BLOCK = 4096
TABLE, UNIT, EXEMPT = "cac_don_vi", "don_vi", "khong_danh_gia"
PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
OPTIONS: dict[str, Any] = {"keep": "all", "period": PERIOD, "percents": "share", "bounds": False}


@frozen
class Work:
    """A ruleset and a folder: the units in `units.parquet`, what each way says of them beside it."""

    rules: Ruleset
    folder: Path

    @property
    def units(self) -> Path:
        return self.folder / "units.parquet"

    def found(self, way: str) -> Path:
        return self.folder / f"{way}.arrow"


def put_units(work: Work, frame: Any) -> int:
    """Write the units, an Arrow table, under names that stand in the order of the rows; how many there are."""
    names = [f"Đơn vị mẫu {row:08}" for row in range(frame.num_rows)]
    frame = frame.set_column(frame.schema.get_field_index(UNIT), UNIT, pa.array(names))
    if EXEMPT not in frame.column_names:
        frame = frame.append_column(EXEMPT, pa.nulls(frame.num_rows, pa.string()))
    pq.write_table(frame, work.units, row_group_size=BLOCK)
    return int(frame.num_rows)


def keep(path: Path, tables: Iterable[Any]) -> None:
    """Write tables that follow each other as blocks. The file has its name once it is whole."""
    rest, writer, unfinished = None, None, path.with_suffix(".part")
    for table in map(plain, tables):
        rest = table if rest is None else pa.concat_tables([rest, table])
        writer = writer or pa.ipc.new_file(unfinished, rest.schema)
        while rest.num_rows >= BLOCK:
            writer.write_table(rest.slice(0, BLOCK).combine_chunks())
            rest = rest.slice(BLOCK)
    if writer is not None:
        writer.write_table(rest.combine_chunks())
        writer.close()
        unfinished.rename(path)


def plain(table: Any) -> Any:
    """The same table with words in the place of categories."""
    kinds = [pa.string() if _is_words(one.type) else one.type for one in table.schema]
    return table.cast(pa.schema(zip(table.column_names, kinds, strict=True)))


def _is_words(kind: Any) -> bool:
    return any(test(kind) for test in (pa.types.is_dictionary, pa.types.is_null, pa.types.is_string_view))


def on_numpy(work: Work) -> None:
    """A pandas frame of NumPy columns: gaps in whole numbers make them floats, days are timestamps."""
    frame = pq.read_table(work.units).to_pandas(date_as_object=False)
    keep(work.found("numpy"), [score_frame(work.rules, frame, **OPTIONS).table])


def on_polars(work: Work) -> None:
    """A Polars frame, and the Polars frame that comes of it."""
    scores = score_frame(work.rules, pl.read_parquet(work.units), **OPTIONS)
    keep(work.found("polars"), [scores.frame.to_arrow()])


def on_duckdb(work: Work) -> None:
    """One statement over tables in a file."""
    (work.folder / "base.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(work.folder / "base.duckdb")) as base:
        base.execute("SET memory_limit = '6GB'; SET threads = 2; SET enable_progress_bar = false")
        base.execute(table_sql(work.rules, "duckdb", table=TABLE))
        base.execute(f"CREATE VIEW units AS SELECT * FROM read_parquet('{work.units}')")
        for (table,) in base.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            _fill(base, table)
        options = {name: OPTIONS[name] for name in ("keep", "period", "percents")}
        base.execute(f"CREATE TABLE found AS {to_sql(work.rules, 'duckdb', table=TABLE, **options)}")
        keep(work.found("duckdb"), _pieces(base.sql(f"SELECT * FROM found ORDER BY {UNIT}")))
    (work.folder / "base.duckdb").unlink()


def _fill(base: Any, table: str) -> None:
    names = [f'"{row[0]}"' for row in base.execute(f'DESCRIBE "{table}"').fetchall()]
    records = table.removeprefix(TABLE).removeprefix("_")
    each = f'(SELECT {UNIT}, unnest("{records}", recursive := true) FROM units)' if records else "units"
    base.execute(f'INSERT INTO "{table}" SELECT {", ".join(names)} FROM {each}')


def _pieces(found: Any) -> Iterable[Any]:
    for batch in found.to_arrow_reader(BLOCK):
        yield pa.Table.from_batches([batch])


def on_spark(work: Work) -> None:
    """A Spark frame in several parts."""
    from cchc_index.batch.spark import score_spark

    df = spark().read.parquet(str(work.units)).repartition(4)
    parts = work.folder / "spark"
    score_spark(work.rules, df, **OPTIONS).write.mode("overwrite").parquet(str(parts))
    with duckdb.connect() as base:
        base.execute("SET memory_limit = '6GB'; SET enable_progress_bar = false")
        sorted_rows = base.sql(f"SELECT * FROM read_parquet('{parts}/*.parquet') ORDER BY {UNIT}")
        keep(work.found("spark"), _pieces(sorted_rows))
    shutil.rmtree(parts)


@cache
def spark() -> Any:
    """A Spark in this process."""
    from pyspark.sql import SparkSession

    options = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "4g",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.showConsoleProgress": "false",
    }
    made = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


WAYS: Mapping[str, Callable[[Work], None]] = {
    "numpy": on_numpy,
    "polars": on_polars,
    "duckdb": on_duckdb,
    "spark": on_spark,
}
