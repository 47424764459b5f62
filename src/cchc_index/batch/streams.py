"""Files of any length: Parquet or CSV in, Parquet or CSV out, a block of rows in memory at a time.

What ranks hang on is kept for every row (a few bytes each); everything else is written as it comes and read once more
to put the places in.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve, frozen
from pyarrow import csv

from cchc_index.batch.blocks import BlockScorer, Found, RowStatus
from cchc_index.batch.frames import Done, FrameScorer, FrameScores, gathered, placed, scored_blocks
from cchc_index.errors import BadSubmission, CchcError, Fault, Text
from cchc_index.files.csv_table import delimiter

BLOCK = 8_192
"""Rows in memory at a time, for each thread: fewer than is quickest, so that a million rows take less than 200 MiB."""
KEPT = ("key", "over", "ranked", "index?", "points?")
PLACE = "xep_hang"


@frozen
class FileScores:
    """How the rows of a file came out: how many there are, and how many of each status."""

    rows: int
    counts: tuple[tuple[RowStatus, int], ...]


def score_file(scorer: FrameScorer, source: Path, target: Path, *, done: Done = lambda _: None) -> FileScores:
    """Score the rows of a `.parquet` or `.csv` file into another; the target is written whole or not at all.

    Raises BadSubmission for a file that cannot be read, CchcError when the target cannot be written or is none of
    these.
    """
    _check_names(source, target)
    schema, batches = opened(source)
    blocks = scorer.for_schema(schema)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        found = _written(scorer, blocks, batches, draft, done)
        _finished(blocks, found, draft, target)
    except OSError as error:
        told = Text(f"không ghi được tệp: {error.strerror}", f"cannot write the file: {error.strerror}")
        raise CchcError([Fault(told, place=str(target))]) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    counts = sum((np.bincount(one.status, minlength=len(RowStatus)) for one in found), np.zeros(1, np.int64))
    return FileScores(sum(one.rows for one in found), tuple(zip(RowStatus, counts.tolist(), strict=True)))


def _check_names(source: Path, target: Path) -> None:
    wanted = Text("bảng phải là tệp .parquet hoặc .csv", "a table must be a .parquet or a .csv file")
    faults = [
        Fault(wanted, place=str(path)) for path in (source, target) if path.suffix.lower() not in (".parquet", ".csv")
    ]
    if not source.exists():
        faults.append(Fault(Text("không có tệp này", "there is no such file"), place=str(source)))
    elif target.exists() and target.samefile(source):
        told = Text("kết quả sẽ đè lên chính bảng đưa vào", "the result would replace the table that is read")
        faults.append(Fault(told, place=str(target)))
    if faults:
        raise BadSubmission(faults)


def opened(source: Path) -> tuple[Any, Iterator[Any]]:
    """The columns of a file and its rows in blocks. Texts of a CSV file are read as people write them."""
    with _readable(source):
        if source.suffix.lower() == ".csv":
            schema, batches = _opened_csv(source)
        else:
            file = pq.ParquetFile(source, pre_buffer=False)
            schema, batches = file.schema_arrow, file.iter_batches(batch_size=BLOCK)
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        told = Text("bảng có hai cột cùng tên này", "the table has two columns of this name")
        raise BadSubmission([Fault(told, (name,), place=source.name) for name in twice])
    return schema, _read(source, batches)


def _read(source: Path, batches: Iterator[Any]) -> Iterator[Any]:
    """The blocks; what Arrow has freed goes back to the system after each, which otherwise waits for more to come."""
    with _readable(source):
        for batch in batches:
            yield batch
            pa.default_memory_pool().release_unused()


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    """What goes wrong in reading is a fault of the file."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        told = Text(f"không đọc được bảng: {error}", f"cannot read the table: {error}")
        raise BadSubmission([Fault(told, place=source.name)]) from None


def _opened_csv(source: Path) -> tuple[Any, Iterator[Any]]:
    with source.open(encoding="utf-8", errors="replace") as file:
        parse = csv.ParseOptions(delimiter=delimiter(file.readline()))
    with csv.open_csv(source, parse_options=parse) as peek:
        names = peek.schema.names
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    reader = csv.open_csv(source, parse_options=parse, convert_options=texts)
    return reader.schema, iter(reader)


def _written(scorer: FrameScorer, blocks: BlockScorer, batches: Iterator[Any], draft: Path, done: Done) -> list[Found]:
    """Write every block without places, and keep what they hang on."""
    kept: list[Found] = []
    waiting: list[Any] = []

    def seen() -> Iterator[Any]:
        for batch in batches:
            waiting.append(batch)
            yield batch

    writer: Any = None
    start = 0
    for found in scored_blocks(blocks, seen(), scorer.threads, done):
        problems = tuple(evolve(problem, row=problem.row - start) for problem in found.problems)
        block = FrameScores(scorer.rules, blocks, [waiting.pop(0)], found.arrays, found.status, problems)
        table = block.table
        writer = writer or pq.ParquetWriter(draft, table.schema)
        writer.write_table(table)
        arrays = {name: values for name, values in found.arrays.items() if name in KEPT or name.startswith("key ")}
        kept.append(Found(found.rows, arrays, found.status, values=found.values))
        start += found.rows
    if writer is None:
        raise BadSubmission([Fault(Text("tệp không có dòng nào", "the file has no rows"))])
    writer.close()
    return kept


def _finished(blocks: BlockScorer, found: list[Found], draft: Path, target: Path) -> None:
    """Put the places in, and the file in its place."""
    places: Any = None
    if blocks.rules.ranking is not None:
        places = placed(blocks, gathered(found, sum(one.rows for one in found)))
    last = target.with_name(f".{target.name}.{os.getpid()}.last.tmp")
    try:
        with pq.ParquetFile(draft, pre_buffer=False) as file:
            schema = file.schema_arrow if places is None else _with_places(file.schema_arrow.empty_table(), []).schema
            with _writer(last, target.suffix.lower(), schema) as writer:
                start = 0
                for batch in file.iter_batches(batch_size=BLOCK):
                    table = pa.Table.from_batches([batch])
                    if places is not None:
                        table = _with_places(table, places[start : start + batch.num_rows])
                    writer.write_table(_plain(table) if target.suffix.lower() == ".csv" else table)
                    start += batch.num_rows
        last.replace(target)
    finally:
        with suppress(OSError):
            last.unlink(missing_ok=True)


def _with_places(table: Any, places: Any) -> Any:
    given = np.asarray(places, np.int32)
    at = table.schema.get_field_index("it_nhat")
    return table.add_column(at, PLACE, pa.array(given, mask=given == 0))


def _writer(path: Path, suffix: str, schema: Any) -> Any:
    if suffix != ".csv":
        return pq.ParquetWriter(path, schema)
    return csv.CSVWriter(path, _plain(schema.empty_table()).schema)


def _plain(table: Any) -> Any:
    """Categories and decimals as text, for CSV."""
    texts = [pa.types.is_dictionary(one.type) or pa.types.is_decimal(one.type) for one in table.schema]
    fields = [pa.field(one.name, pa.string()) if text else one for one, text in zip(table.schema, texts, strict=True)]
    return table.cast(pa.schema(fields))
