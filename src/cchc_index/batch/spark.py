"""`score_spark(rules, df)`: the plan over the partitions of a Spark frame, NumPy inside, places by one exact window.

Each partition is scored as `score_frame` scores a frame: same columns in, same columns out. What a row is ranked by
leaves the partition as bytes that sort as the exact numbers do (`order_keys`), so that no float decides a place.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from cchc_index.batch.blocks import BlockScorer, Found
from cchc_index.batch.frames import FrameScorer, FrameScores, compile_frame, exactly, placed
from cchc_index.batch.order_keys import order_key
from cchc_index.criteria import Ruleset

KEY, PLACE = "_khoa", "xep_hang"


def score_spark(rules: Ruleset, df: Any, **options: Any) -> Any:
    """The scores of every row of a Spark frame as a Spark frame; `options` are those of `compile_frame`.

    The rows come in no order of their own: name the column of unit names (`unit`), which is kept. Places need all rows
    at one place, a few bytes each. Raises BadSubmission for a frame that lacks a column the ruleset needs.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    scorer = compile_frame(rules, **options)
    columns = to_arrow_schema(df.schema)
    blank = pa.RecordBatch.from_arrays([pa.nulls(1, one.type) for one in columns], schema=columns)
    schema = from_arrow_schema(_scored(scorer, blank).schema)
    numbered = df.toDF(*(f"c{place}" for place, _ in enumerate(columns)))
    scored = numbered.mapInArrow(_scoring(scorer, columns), schema)
    return _with_places(scored) if rules.ranking is not None else scored.drop(KEY)


def _scoring(scorer: FrameScorer, columns: Any) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What runs in every partition. Spark takes a dot in a name for a step into it, so columns travel by number."""

    def scored(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            if batch.num_rows:
                named = pa.RecordBatch.from_arrays(batch.columns, names=columns.names)
                yield from _scored(scorer, named).to_batches()

    return scored


def _scored(scorer: FrameScorer, batch: Any) -> Any:
    """The results of one batch in plain types, with what a row is ranked by as a key."""
    blocks = scorer.for_schema(batch.schema)
    found = blocks.score(batch, 0)
    scores = FrameScores(scorer.rules, blocks, [batch], found.arrays, found.status, tuple(found.problems))
    table = scores.table
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    return table.append_column(KEY, pa.array(_keys(blocks, found), pa.binary()))


def _keys(blocks: BlockScorer, found: Found) -> list[bytes | None]:
    """The key of each row that has a place among the rows at hand, and so among all."""
    keys: list[bytes | None] = [None] * found.rows
    if blocks.rules.ranking is not None and found.rows:
        rows = np.flatnonzero(placed(blocks, found))
        tops, bottoms = exactly(blocks, found.arrays, found.values, rows)
        for row, top, bottom in zip(rows.tolist(), tops.tolist(), bottoms.tolist(), strict=True):
            keys[row] = order_key(Fraction(top, bottom))
    return keys


def _with_places(scored: Any) -> Any:
    from pyspark.sql import Window, functions

    key = functions.col(KEY)
    order = Window.partitionBy(key.isNotNull()).orderBy(key.desc())
    place = functions.when(key.isNotNull(), functions.rank().over(order))
    return scored.withColumn(PLACE, place).drop(KEY)
