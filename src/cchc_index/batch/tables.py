"""The scores of a frame as an Arrow table: decimals for points and percents, words for grades, nothing for no score."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from cchc_index.batch.blocks import BlockScorer, Problem, RowStatus

DECIMAL = pa.decimal128(12, 2)


class Scored(Protocol):
    """What a table is made of."""

    scorer: BlockScorer
    batches: list[Any]
    arrays: dict[str, Any]
    status: Any
    problems: tuple[Problem, ...]

    def hundredths(self, code: str) -> Any: ...

    @property
    def grades(self) -> tuple[str | None, ...]: ...


def table_of(scores: Scored) -> Any:
    """The results in columns, named as in the files.

    The unit, `tinh_trang`, `diem`, `diem_toi_da`, `chi_so` (in percent), `xep_loai`, `xep_hang`, `it_nhat` and
    `nhieu_nhat` (the least and the most points of a row that lacks figures), `ly_do` (why a row has no score), then
    `diem:` with the code of each criterion that was kept.
    Where all criteria were kept, `tu:` and `mau:` with the code are the exact points as numerator and denominator.
    """
    return pa.table(dict(_columns(scores)))


def _columns(scores: Scored) -> Iterator[tuple[str, Any]]:
    arrays, rows = scores.arrays, len(scores.status)
    scored = scores.status == RowStatus.SCORED.number
    unit = scores.scorer.reader.conventions.unit
    if unit in scores.scorer.reader.schema.names:
        yield unit, pa.chunked_array([batch.column(unit) for batch in scores.batches])
    yield "tinh_trang", _words([status.value for status in RowStatus], scores.status)
    yield "diem", hundredths(arrays["points"], scored & arrays["points?"])
    yield "diem_toi_da", hundredths(arrays["whole"], scored & arrays["whole?"])
    if "index" in arrays:
        yield "chi_so", hundredths(arrays["index"], scored & arrays["index?"])
    if scores.scorer.rules.scales:
        yield "xep_loai", _words(scores.grades, np.broadcast_to(arrays["grade"], rows), scored)
    if "place" in arrays:
        yield "xep_hang", pa.array(arrays["place"], mask=arrays["place"] == 0)
    yield from _bounds(scores, rows)
    yield "ly_do", _reasons(scores, rows)
    for code in scores.scorer.outcome.codes:
        yield f"diem:{code}", hundredths(scores.hundredths(code), scored & arrays[f"{code}?"])
        for name, part in (("tu", "top"), ("mau", "bottom")):
            if f"{code}/{part}" in arrays:
                values = np.broadcast_to(arrays[f"{code}/{part}"], rows).astype(np.int64)
                yield f"{name}:{code}", pa.array(values, mask=~(scored & arrays[f"{code}?"]))


def _reasons(scores: Scored, rows: int) -> Any:
    if not scores.problems:
        return pa.nulls(rows, pa.string())
    said: list[str | None] = [None] * rows
    lang = scores.scorer.reader.conventions.lang
    for problem in scores.problems:
        said[problem.row] = problem.said(lang)
    return pa.array(said, pa.string())


def _bounds(scores: Scored, rows: int) -> Iterator[tuple[str, Any]]:
    """Between which points each row lies: outwards to the hundredth for rows that lack figures."""
    points = np.array(np.broadcast_to(scores.arrays["points"], rows), np.int64)
    known = (scores.status == RowStatus.SCORED.number) & scores.arrays["points?"]
    for name, part in (("it_nhat", "least"), ("nhieu_nhat", "most")):
        ends, has = points.copy(), known.copy()
        for problem in scores.problems:
            end: Fraction | None = getattr(problem, part)
            if end is not None:
                ends[problem.row], has[problem.row] = _outwards(end * 100, up=part == "most"), True
        yield name, hundredths(ends, has)


def _outwards(value: Fraction, *, up: bool) -> int:
    return -(-value.numerator // value.denominator) if up else value.numerator // value.denominator


def hundredths(values: Any, has: Any) -> Any:
    """Whole numbers of hundredths as decimals, without going through text or floats.

    >>> hundredths(np.array([195, -5]), np.array([True, True])).to_pylist()
    [Decimal('1.95'), Decimal('-0.05')]
    """
    halves = np.empty((len(has), 2), np.int64)
    halves[:, 0] = values
    halves[:, 1] = halves[:, 0] >> 63
    valid = pa.py_buffer(np.packbits(has, bitorder="little").tobytes())
    return pa.Array.from_buffers(DECIMAL, len(has), [valid, pa.py_buffer(halves)])


def _words(words: Sequence[str | None], codes: Any, has: Any = None) -> Any:
    """Codes as words, a category for each."""
    kept = [word for word in words if word is not None]
    numbers = np.array([kept.index(word) if word is not None else -1 for word in words], np.int8)[codes]
    mask = numbers < 0 if has is None else (numbers < 0) | ~has
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=mask), pa.array(kept, pa.string()))
