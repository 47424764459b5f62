"""Lists of records (dossiers, hamlets) inside a frame: the points of every record are added up for its row.

A mean needs only how many records there are and what their points come to. The points of all records of a block are
worked out as one long column, by a plan of their own, and summed between the ends of each row's list.
"""

from typing import Any

import numpy as np
from attrs import frozen

from cchc_index.batch.lowering import COUNT, ODD, SUM, RecordPlan
from cchc_index.batch.reading import Block, Reader
from cchc_index.batch.running import Runner


@frozen
class RecordRunner:
    """One rule that is read for every record of a list."""

    plan: RecordPlan
    runner: Runner

    def add_to(self, block: Block, reader: Reader, array: Any) -> None:
        """Put the sums of one list of records into the columns of its rows."""
        inner, ends = reader.records(self.plan.records, array, self.plan.needed)
        counts = np.diff(ends)
        others = {name: np.repeat(block.columns[name], counts) for name in self._of_the_unit() if name in block.columns}
        found = self.runner.run(inner.columns | others, inner.rows) if inner.rows else {"points": 0, ODD_: False}
        points = np.broadcast_to(found["points"], inner.rows)
        odd = inner.odd | found[ODD_]
        block.columns[f"{self.plan.records}/{COUNT}"] = counts
        block.columns[self.plan.name + SUM] = between(points, ends)
        block.columns[self.plan.name + ODD] = between(odd, ends) > 0 if odd.any() else np.zeros(len(counts), bool)

    def _of_the_unit(self) -> list[str]:
        return [name for name in (*self.runner.names, *self.runner.flags) if "/" not in name]


ODD_ = "odd"


def runner_of(plan: RecordPlan) -> RecordRunner:
    """How the points of one list of records are worked out."""
    return RecordRunner(plan, Runner({"points": plan.points, ODD_: plan.odd}))


def between(values: Any, ends: Any) -> Any:
    """The sums of the values between one end and the next.

    >>> between(np.array([1, 2, 3]), np.array([0, 2, 2, 3])).tolist()
    [3, 0, 3]
    """
    running = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=running[1:])
    return np.diff(running[ends])
