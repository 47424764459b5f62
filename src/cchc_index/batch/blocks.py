"""One block of rows: read, run through the plan, and what the plan does not speak for scored by the exact engine."""

from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import define, field, frozen

from cchc_index.batch.outcome import Keep, Outcome, outcome_of, value_of, values_of
from cchc_index.batch.plan import plan_of
from cchc_index.batch.reading import Block, Conventions, Reader
from cchc_index.batch.records import RecordRunner, runner_of
from cchc_index.batch.running import Runner
from cchc_index.batch.values import nulls_of
from cchc_index.bounding.bounds import bounds
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadRuleset, CchcError, Fault, MissingFacts, Text, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.scoring.score import score
from cchc_index.sources import NOT_STATED


class RowStatus(Enum):
    """How a row came out. The value is the word in the result."""

    SCORED = "da_cham"
    MISSING = "thieu_so_lieu"
    UNDEFINED = "khong_quy_dinh"
    INVALID = "sai_ban_khai"
    BROKEN = "sai_bo_tieu_chi"

    @property
    def number(self) -> int:
        """The place in the order, from 0."""
        return list(RowStatus).index(self)


@frozen
class Problem:
    """Why one row has no score: the row (from 0), its unit, what kind of problem, and each fault in words.

    `least` and `most` bound the points of a row that lacks figures; None is an end that nothing bounds.
    """

    row: int
    unit: str
    status: RowStatus
    faults: tuple[Fault, ...]
    least: Fraction | None = None
    most: Fraction | None = None

    def said(self, lang: Any = "vi") -> str:
        return "; ".join(fault.said(lang) for fault in self.faults)


@define
class Found:
    """The results of one block: arrays by name, the problems, and the exact values of rows that were scored exactly."""

    rows: int
    arrays: dict[str, Any]
    status: Any
    problems: list[Problem] = field(factory=list)
    values: dict[int, Fraction] = field(factory=dict)
    """By row: what is ranked by, of rows that the exact engine scored."""


@frozen
class BlockScorer:
    """Scores blocks of one kind of frame. Several threads may use one."""

    rules: Ruleset
    reader: Reader
    outcome: Outcome
    runner: Runner
    records: tuple[RecordRunner, ...]

    def columns(self, batch: Any) -> Block:
        """The whole-number columns of a block, those made of records too."""
        block = self.reader.block(batch)
        odd = block.odd
        for one in self.records:
            array = batch.column(one.plan.records)
            one.add_to(block, self.reader, array)
            odd |= nulls_of(array)
        return block

    def score(self, batch: Any, start: int) -> Found:
        """The results of a block whose first row is row `start` of the frame."""
        block = self.columns(batch)
        arrays = self.runner.run(block.columns, block.rows)
        odd = np.flatnonzero(block.odd | arrays["odd"])
        found = Found(block.rows, arrays, np.zeros(block.rows, np.int8))
        if len(odd):
            self._score_exactly(batch, start, odd.tolist(), found)
        return found

    def _score_exactly(self, batch: Any, start: int, odd: list[int], found: Found) -> None:
        rows: list[int] = []
        values: list[Mapping[str, Any]] = []
        for row in odd:
            unit = self.reader.submission(batch, row, start + row)
            try:
                card = score(self.rules, unit)
            except CchcError as error:
                problem = self.problem(unit, start + row, error)
                found.problems.append(problem)
                found.status[row] = problem.status.number
            else:
                rows.append(row)
                values.append(values_of(self.outcome, card))
                ranked_by = value_of(self.outcome, card)
                if ranked_by is not NOT_STATED:
                    found.values[start + row] = ranked_by
        for name in found.arrays:
            found.arrays[name] = _put(found.arrays[name], found.rows, rows, [one.get(name) for one in values])

    def problem(self, unit: Submission, row: int, error: CchcError) -> Problem:
        """Why a row has no score; one that lacks figures gets the least and the most points it may still have."""
        least, most = None, None
        if isinstance(error, MissingFacts) and self.reader.conventions.bounds:
            with suppress(CchcError):
                least, most = bounds(self.rules, unit).total.values
        return Problem(row, unit.unit, _status_of(error), error.faults, least, most)


def block_scorer(rules: Ruleset, schema: Any, keep: Keep, conventions: Conventions) -> BlockScorer:
    """How blocks of frames with this Arrow schema are scored. Raises BadSubmission for a frame that cannot be read."""
    reader = Reader(rules, schema, plan_of(rules).needed, conventions)
    plan = plan_of(rules, reader.scales)
    names = {*reader.names(), *(fact.name for fact in rules.facts_by_name.values() if fact.given is not None)}
    outcome = outcome_of(plan, keep, names)
    records = tuple(runner_of(made) for made in plan.records)
    return BlockScorer(rules, reader, outcome, Runner(outcome.wanted), records)


def _status_of(error: CchcError) -> RowStatus:
    if isinstance(error, UndefinedByDecision | MissingFacts):
        return RowStatus.MISSING if isinstance(error, MissingFacts) else RowStatus.UNDEFINED
    return RowStatus.BROKEN if isinstance(error, BadRuleset) else RowStatus.INVALID


def _put(array: Any, count: int, rows: list[int], values: list[Any]) -> Any:
    """The array with some values put in their rows, widened where they need it; None leaves what is there."""
    kept = [(row, value) for row, value in zip(rows, values, strict=True) if value is not None]
    if not kept:
        return array
    given = np.array([value for _, value in kept])
    if given.dtype == object:
        message = Text("điểm quá lớn để ghi vào cột", "points too large for a column")
        raise BadRuleset([Fault(message)])
    wide = np.promote_types(np.asarray(array).dtype, given.dtype)
    array = np.array(np.broadcast_to(array, count), wide)
    array[[row for row, _ in kept]] = given
    return array
