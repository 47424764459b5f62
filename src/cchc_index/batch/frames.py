"""`score_frame(rules, frame)`: every unit of a data frame, as exact as the exact engine and as fast as columns are.

A pandas, Polars or PyArrow frame has one row for each unit and one column for each figure, named as the ruleset names
it (`phieu.A` for an option of a survey, a list of records as a list). What cannot be scored is listed with its reason;
nothing is dropped and nothing becomes 0.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import narwhals as nw
import numpy as np
from attrs import define, frozen

from cchc_index.batch.blocks import BlockScorer, Found, Problem, RowStatus, block_scorer
from cchc_index.batch.certified import as_float, bound, exact_sums
from cchc_index.batch.outcome import Keep
from cchc_index.batch.ranking import places
from cchc_index.batch.reading import Conventions, Percents
from cchc_index.batch.running import CHUNK, Joined
from cchc_index.criteria import Basing, Grade, Ruleset
from cchc_index.errors import Lang
from cchc_index.facts import Period
from cchc_index.points import Mark
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.sources import NotStated

Done = Callable[[int], None]
Batches = Iterable[Any]


@define
class FrameScores:
    """The scores of every row of a frame.

    `arrays` holds NumPy columns by name, or one value where all rows share it: `points` and `whole` in hundredths,
    `index` in hundredths of a percent, `grade` (a place in `grades`), `place` (0 where there is none). `hundredths`
    gives the points of a criterion by its code, `exact` its exact points in one row. `problems` lists every row
    without a score. `frame` is a frame of the caller's own kind.
    """

    rules: Ruleset
    scorer: BlockScorer
    batches: list[Any]
    arrays: dict[str, Any]
    status: Any
    problems: tuple[Problem, ...]
    backend: Any = None

    @property
    def grades(self) -> tuple[str | None, ...]:
        """The names of grades; None for no grade."""
        return tuple(_grade_name(grade) for grade in self.scorer.outcome.plan.grades)

    @cached_property
    def frame(self) -> Any:
        """The results as a frame of the kind that was given: see `table`."""
        made = nw.from_native(self.table, eager_only=True)
        return nw.from_arrow(made, backend=self.backend).to_native()

    @cached_property
    def table(self) -> Any:
        """The results as an Arrow table, in the order of the rows."""
        from cchc_index.batch.tables import table_of

        return table_of(self)

    def hundredths(self, code: str) -> Any:
        """The points of one criterion that was kept, in hundredths: a NumPy column. Raises KeyError."""
        if f"{code}/top" not in self.arrays:
            return np.broadcast_to(self.arrays[code], len(self.status))
        top, bottom = (np.asarray(self.arrays[f"{code}/{part}"], np.int64) for part in ("top", "bottom"))
        sized = (200 * np.abs(top) + bottom) // (2 * bottom)
        return np.broadcast_to(np.where(top < 0, -sized, sized), len(self.status))

    def exact(self, code: str, row: int) -> Fraction:
        """The exact points of one criterion in one row, where all criteria were kept. Raises KeyError."""
        top, bottom = (self.arrays[f"{code}/{part}"] for part in ("top", "bottom"))
        return Fraction(_at(top, row), _at(bottom, row))

    def explain(self, row: int) -> Card:
        """The exact card of one row, with its trace. Raises what `score` raises."""
        start = 0
        for batch in self.batches if row >= 0 else ():
            if row < start + batch.num_rows:
                return score(self.rules, self.scorer.reader.submission(batch, row - start, row))
            start += batch.num_rows
        raise IndexError(row)


def _at(column: Any, row: int) -> int:
    return int(column[row] if np.ndim(column) else column)


def _grade_name(grade: Grade | NotStated | None) -> str | None:
    return grade.name if isinstance(grade, Grade) else None


@frozen
class FrameScorer:
    """A ruleset made ready for frames: compiled once for every shape of frame that it meets."""

    rules: Ruleset
    keep: Keep
    conventions: Conventions
    threads: int = 2

    def score(self, frame: Any, *, done: Done = lambda _: None) -> FrameScores:
        """Score a frame; `done` is told how many more rows have been. Raises BadSubmission for one that cannot be read.

        Faults of single rows are no error: they are listed in the result.
        """
        native = nw.from_native(frame, eager_only=True)
        table = native.to_arrow()
        batches = table.to_batches(max_chunksize=CHUNK)
        scorer = _block_scorer(self, table.schema)
        found = gathered(scored_blocks(scorer, batches, self.threads, done), table.num_rows)
        if self.rules.ranking is not None:
            found.arrays["place"] = placed(scorer, found)
        problems = tuple(found.problems)
        return FrameScores(self.rules, scorer, batches, found.arrays, found.status, problems, native.implementation)

    def for_schema(self, schema: Any) -> BlockScorer:
        """What scores blocks of frames with this Arrow schema. Raises BadSubmission for one that cannot be read."""
        return _block_scorer(self, schema)


@lru_cache(maxsize=32)
def _block_scorer(scorer: FrameScorer, schema: Any) -> BlockScorer:
    return block_scorer(scorer.rules, schema, scorer.keep, scorer.conventions)


def compile_frame(  # noqa: PLR0913
    rules: Ruleset,
    *,
    keep: Keep = "areas",
    period: Period | None = None,
    mark: Mark | None = None,
    percents: Percents | None = None,
    unit: str = "don_vi",
    bounds: bool = True,
    threads: int = 2,
    lang: Lang = "vi",
) -> FrameScorer:
    """Make a ruleset ready for frames.

    `keep` says whose points are kept: those of the areas, or of `all` criteria with their exact numbers. `period` is
    that of every row, `mark` the decimal mark of texts; `percents` says how columns of numbers write a percent, as a
    `share` (0.5) or as a `percent` (50). `unit` names the column of unit names. `bounds` says whether rows that lack
    figures get the least and the most points they may still have, which takes far longer than to say what is lacking.
    `lang` is the language of the reasons in `ly_do`, `vi` or `en`.
    """
    return FrameScorer(rules, keep, Conventions(period, mark, percents, unit, bounds=bounds, lang=lang), threads)


def score_frame(rules: Ruleset, frame: Any, *, done: Done = lambda _: None, **options: Any) -> FrameScores:
    """Score every row of a pandas, Polars or PyArrow frame; `options` are those of `compile_frame`.

    Raises BadSubmission when the frame lacks a column that the ruleset needs, or has one that cannot be read at all.

    >>> import cchc_index as cchc, pyarrow as pa
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> yes = [True, True]
    >>> given = {"da_xong": [19, 8], "de_ra": [20, 10], "bang_dien_tu": yes, "mang_xa_hoi": yes, "truyen_thong": yes}
    >>> scores = score_frame(rules, pa.table(given))
    >>> scores.arrays["points"].tolist(), scores.explain(0)["4.1"].points
    ([195, 100], Fraction(19, 20))
    """
    return compile_frame(rules, **options).score(frame, done=done)


def explain_row(rules: Ruleset, frame: Any, row: int, **options: Any) -> Card:
    """The exact card of one row of a frame, with its trace; `options` are those of `compile_frame`.

    Raises what `score` raises, and IndexError for a row that is not there.
    """
    native = nw.from_native(frame, eager_only=True)
    scorer = _block_scorer(compile_frame(rules, **options), native.to_arrow().schema)
    picked = native[row : row + 1].to_arrow()
    if row < 0 or not picked.num_rows:
        raise IndexError(row)
    return score(rules, scorer.reader.submission(picked, 0, row))


def scored_blocks(scorer: BlockScorer, batches: Batches, threads: int, done: Done) -> Iterator[Found]:
    """The results of blocks in their order; no more than a few are in memory beyond those that were asked for."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Found]] = deque()
        start = 0
        for batch in batches:
            waiting.append(pool.submit(scorer.score, batch, start))
            start += batch.num_rows
            if len(waiting) > threads:
                yield _told(waiting.popleft().result(), done)
        while waiting:
            yield _told(waiting.popleft().result(), done)


def _told(found: Found, done: Done) -> Found:
    done(found.rows)
    return found


def gathered(blocks: Iterable[Found], rows: int) -> Found:
    """The results of blocks, which have this many rows together, as one: taken over as they come."""
    joined, whole = Joined(rows), Found(rows, {}, np.zeros(rows, np.int8))
    for block in blocks:
        whole.status[joined.done : joined.done + block.rows] = block.status
        whole.problems += block.problems
        whole.values |= block.values
        joined.add(block.arrays, block.rows)
        block.arrays.clear()
    whole.arrays = joined.arrays
    return whole


def placed(scorer: BlockScorer, found: Found) -> Any:
    """The place of every row that is scored and ranked, 0 for the others."""
    arrays, values, rows = found.arrays, found.values, found.rows
    on_index = scorer.rules.ranking is not None and scorer.rules.ranking.on is Basing.INDEX
    has_value = arrays.get("index?", False) if on_index else arrays["points?"]
    is_placed = (found.status == 0) & arrays["ranked"] & has_value
    keys, near = keyed(scorer, arrays, values, rows)
    if is_placed.all():
        return places(keys, near, lambda some: exactly(scorer, arrays, values, some))
    picked = np.flatnonzero(is_placed)
    place = np.zeros(rows, np.int32)
    place[picked] = places(keys[picked], near, lambda some: exactly(scorer, arrays, values, picked[some]))
    return place


def keyed(scorer: BlockScorer, arrays: dict[str, Any], values: dict[int, Fraction], rows: int) -> tuple[Any, float]:
    """What rows are put in order by, and how far it may be from their exact values.

    Whole numbers are exact. So are their quotients: equal ones give equal floats, and others lie at least 1/(W W')
    apart, which floats tell as long as every numerator times every denominator is below 2⁵².
    """
    outcome = scorer.outcome
    keys, over = np.broadcast_to(arrays["key"], rows), np.broadcast_to(arrays.get("over", 1), rows)
    if not outcome.shares and "over" not in arrays and all(value.denominator == 1 for value in values.values()):
        return _with(np.array(keys, np.int64), {row: int(value) for row, value in values.items()}), 0.0
    tops = [_largest(keys) if rows else 0, *(abs(value.numerator) for value in values.values())]
    bottoms = [_largest(over) if rows else 0, *(value.denominator for value in values.values())]
    is_exact = not outcome.shares and max(tops) * max(bottoms) < 2**52
    floats = {row: value.numerator / value.denominator for row, value in values.items()}
    keys = _with(np.array(keys, float) if "over" not in arrays else keys / over.astype(float), floats)
    return keys, 0.0 if is_exact else as_float(_near(scorer))


def _largest(numbers: Any) -> int:
    return int(max(abs(numbers.min()), abs(numbers.max())))


def _near(scorer: BlockScorer) -> Fraction:
    program = scorer.runner.program
    most = program.ranges.magnitude(scorer.outcome.plan.points.value) if program else Fraction(0)
    return bound(most, scorer.outcome.shares + 2 * len(scorer.outcome.plan.lines))


def _with(keys: Any, values: Mapping[int, Any]) -> Any:
    if values:
        keys[list(values)] = list(values.values())
    return keys


def exactly(scorer: BlockScorer, arrays: dict[str, Any], values: dict[int, Fraction], rows: Any) -> tuple[Any, Any]:
    """The exact values of some rows in lowest terms: those of the plan counted out, those of the engine as they are."""
    parts = {name: _wide(arrays[name], rows) for name in arrays if name.startswith("key ")}
    counted = range(scorer.outcome.shares)
    shares = [[parts[f"key {part} {number}"] for number in counted] for part in ("top", "bottom")]
    tops, bottoms = exact_sums(parts["key whole"] if counted else _wide(arrays["key"], rows), *shares)
    if "over" in arrays:
        tops, bottoms = _divided(tops, bottoms, _wide(arrays["over"], rows))
    own = [(place, values[row]) for place, row in enumerate(rows.tolist()) if row in values] if values else []
    if own:
        tops, bottoms = tops.astype(object), bottoms.astype(object)
        for place, value in own:
            tops[place], bottoms[place] = value.numerator, value.denominator
    return tops, bottoms


def _wide(column: Any, rows: Any) -> Any:
    return (column[rows] if np.ndim(column) else np.full(len(rows), column)).astype(np.int64)


def _divided(tops: Any, bottoms: Any, over: Any) -> tuple[Any, Any]:
    """Fractions over whole numbers, in lowest terms."""
    pairs = [Fraction(*pair) for pair in zip(tops.tolist(), (bottoms.astype(object) * over).tolist(), strict=True)]
    return np.array([one.numerator for one in pairs], object), np.array([one.denominator for one in pairs], object)


__all__ = ["FrameScorer", "FrameScores", "Problem", "RowStatus", "compile_frame", "explain_row", "score_frame"]
