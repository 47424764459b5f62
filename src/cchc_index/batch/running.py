"""Runs a plan over whole-number columns, a chunk at a time; several threads may run one at the same time.

The bounds of each chunk are looked at before it is run. As long as they lie in those that the program was made for, it
is run as it is; otherwise a program for wider bounds takes its place. Values so large that something might overflow
make their row odd. NumPy lets other threads run while it works, so two threads use two cores.
"""

from collections.abc import Iterable, Mapping
from threading import Lock, local
from typing import Any

import numpy as np
from attrs import define, field

from cchc_index.batch.assemble import Program, TooWide, assemble
from cchc_index.batch.expressions import Column, Expression, Flag, parts_of
from cchc_index.batch.machine import Machine
from cchc_index.batch.ranges import Range

CHUNK = 65_536
"""Rows at a time: few enough for the buffers to stay in the cache of a core, many enough for Python not to count."""
WIDEST = 2**31
ODD = "odd"
Columns = Mapping[str, Any]


@define
class Runner:
    """Some expressions of a plan, run over any columns. The result called `odd` grows by rows that are too large."""

    wanted: Mapping[str, Expression]
    names: tuple[str, ...] = field(init=False)
    flags: tuple[str, ...] = field(init=False)
    """The columns of numbers, and those of yes and no, which need no bounds."""
    limit: int = WIDEST
    program: Program | None = None
    lock: Any = field(factory=Lock)
    mine: Any = field(factory=local)

    def __attrs_post_init__(self) -> None:
        self.names, self.flags = names_of(self.wanted.values())

    def run(self, columns: Columns, rows: int) -> dict[str, Any]:
        """Every result as an array of `rows` values, or as one value that all rows share."""
        results = Results()
        for start in range(0, rows, CHUNK):
            results.keep(self._chunk(columns, start, min(rows, start + CHUNK)), min(CHUNK, rows - start))
        return results.together()

    def _chunk(self, columns: Columns, start: int, stop: int) -> dict[str, Any]:
        observed = {name: bounds_of(columns[name][start:stop]) for name in self.names}
        program = self.fitting(observed)
        machine = self._machine(program, stop - start)
        wild = self._wild(columns, start, stop, observed)
        if wild is None:
            return machine.run(columns, start, stop)
        tamed = {name: _tamed(columns[name][start:stop], wild) for name in (*self.names, *self.flags)}
        found = machine.run(tamed, 0, stop - start)
        found[ODD] = np.logical_or(found[ODD], wild)
        return found

    def _machine(self, program: Program, rows: int) -> Machine:
        """This thread's machine for a program, with buffers for a whole chunk or for a shorter last one."""
        rows = CHUNK if rows > CHUNK // 2 else -(-rows // 1024) * 1024
        kept: dict[int, Machine] = self.mine.__dict__.setdefault("machines", {})
        machine = kept.get(rows)
        if machine is None or machine.program is not program:
            machine = kept[rows] = Machine(program, rows)
        return machine

    def fitting(self, observed: Mapping[str, Range]) -> Program:
        """A program for these bounds: the one at hand where it will do."""
        with self.lock:
            tame = {name: _clipped(bounds, self.limit) for name, bounds in observed.items()}
            if self.program is None or not _holds(self.program.columns, tame):
                self.program = self._assembled(tame)
            return self.program

    def _assembled(self, observed: Mapping[str, Range]) -> Program:
        before = self.program.columns if self.program else observed
        bounds = {name: _wider(observed[name], before[name]) for name in observed}
        while True:
            try:
                return assemble(self.wanted, {name: _clipped(one, self.limit) for name, one in bounds.items()})
            except TooWide:
                if self.limit == 0:
                    raise
                self.limit >>= 2

    def _wild(self, columns: Columns, start: int, stop: int, observed: Mapping[str, Range]) -> Any:
        """The rows with a value beyond the limit; None where there are none."""
        wild: Any = None
        for name, bounds in observed.items():
            if _clipped(bounds, self.limit) != bounds:
                given = columns[name][start:stop]
                beyond = (given < -self.limit) | (given > self.limit)
                wild = beyond if wild is None else wild | beyond
        return wild


def _tamed(given: Any, wild: Any) -> Any:
    return np.where(wild, given.dtype.type(0), given)


def bounds_of(given: Any) -> Range:
    """The least and the greatest value of a column that is not empty."""
    return int(np.minimum.reduce(given)), int(np.maximum.reduce(given))


def _clipped(bounds: Range, limit: int) -> Range:
    low, high = (min(max(end, -limit), limit) for end in bounds)
    return low, high


def _holds(columns: Mapping[str, Range], observed: Mapping[str, Range]) -> bool:
    return all(columns[name][0] <= low and high <= columns[name][1] for name, (low, high) in observed.items())


def _wider(one: Range, other: Range) -> Range:
    """Bounds that hold both, a little wider than they must be, so that the next chunk fits them too."""
    low, high = min(0, one[0], other[0]), max(1, one[1], other[1])
    return -_rounded_up(-low), _rounded_up(high)


def _rounded_up(value: int) -> int:
    """The next number of which only the first four binary digits are not all ones."""
    step = 1 << max(value.bit_length() - 4, 0)
    return value if value < 1 else (value // step + 1) * step - 1


@define
class Results:
    """The results of the chunks, put together once all are there: each may have needed integers of another width.

    A result that is the same in every row of every chunk stays one value.
    """

    parts: list[tuple[dict[str, Any], int]] = field(factory=list)

    def keep(self, found: Mapping[str, Any], rows: int) -> None:
        kept = {name: values.copy() if np.ndim(values) else values for name, values in found.items()}
        self.parts.append((kept, rows))

    def together(self) -> dict[str, Any]:
        """Each result, without keeping its parts beside it."""
        return {name: self._joined(name) for name in (list(self.parts[0][0]) if self.parts else ())}

    def _joined(self, name: str) -> Any:
        pieces = [(part.pop(name), rows) for part, rows in self.parts]
        first = pieces[0][0]
        if len(pieces) == 1 or all(np.ndim(piece) == 0 and piece == first for piece, _ in pieces):
            return first
        return np.concatenate([piece if np.ndim(piece) else np.full(rows, piece) for piece, rows in pieces])


def names_of(wanted: Iterable[Expression]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of numbers and of yes and no that expressions look at."""
    seen: dict[int, Expression] = {}
    waiting = list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += parts_of(node)
    numbers = sorted(node.name for node in seen.values() if isinstance(node, Column))
    return tuple(numbers), tuple(sorted(node.name for node in seen.values() if isinstance(node, Flag)))
