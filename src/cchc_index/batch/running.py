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
from cchc_index.batch.expressions import Column, Expression, Flag, every
from cchc_index.batch.machine import Machine, bounds_of
from cchc_index.batch.ranges import Range

CHUNK = 131_072
"""Rows at a time: few enough for the buffers to stay in the cache of a core, many enough for Python not to count, and
for two threads not to wait for each other to let go of the interpreter."""
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
        results = Joined(rows)
        for start in range(0, rows, CHUNK):
            results.add(self._chunk(columns, start, min(rows, start + CHUNK)), min(CHUNK, rows - start))
        return results.arrays

    def _chunk(self, columns: Columns, start: int, stop: int) -> dict[str, Any]:
        program = self.program
        if program is not None:
            machine = self._machine(program, stop - start)
            if _holds(program.columns, machine.load(columns, start, stop)):
                return machine.run(columns, start, stop)
        return self._fitted(columns, start, stop)

    def _fitted(self, columns: Columns, start: int, stop: int) -> dict[str, Any]:
        """The results of a chunk that the program at hand is not known to fit."""
        observed = {name: bounds_of(columns[name][start:stop]) for name in self.names}
        machine = self._machine(self.fitting(observed), stop - start)
        wild = self._wild(columns, start, stop, observed)
        if wild is None:
            machine.load(columns, start, stop)
            return machine.run(columns, start, stop)
        tamed = {name: _tamed(columns[name][start:stop], wild) for name in (*self.names, *self.flags)}
        machine.load(tamed, 0, stop - start)
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
class Joined:
    """Results put one after the other as they come: each piece may have needed integers of another width.

    A result that is the same in every row of every piece stays one value.
    """

    rows: int
    """How many rows there will be."""
    arrays: dict[str, Any] = field(factory=dict)
    done: int = 0

    def add(self, found: Mapping[str, Any], rows: int) -> None:
        """Copy the results of the next rows."""
        place = slice(self.done, self.done + rows)
        for name, piece in found.items():
            self.arrays[name] = self._joined(self.arrays.get(name), piece, place)
        self.done = place.stop

    def _joined(self, before: Any, piece: Any, place: slice) -> Any:
        if np.ndim(piece) == 0 and (before is None or (np.ndim(before) == 0 and before == piece)):
            return piece
        whole = self._room(before, np.asarray(piece).dtype)
        whole[place] = piece
        return whole

    def _room(self, before: Any, kind: Any) -> Any:
        """An array for all rows that holds what came before, wide enough for the next piece too."""
        if before is None:
            return np.empty(self.rows, kind)
        wide = np.promote_types(np.asarray(before).dtype, kind)
        if np.ndim(before) and before.dtype == wide:
            return before
        return np.array(np.broadcast_to(before, self.rows), wide)


def names_of(wanted: Iterable[Expression]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of numbers and of yes and no that expressions look at."""
    nodes = every(wanted)
    numbers = sorted(node.name for node in nodes if isinstance(node, Column))
    return tuple(numbers), tuple(sorted(node.name for node in nodes if isinstance(node, Flag)))
