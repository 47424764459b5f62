"""Runs a program over chunks of columns: one set of buffers a thread, reused from chunk to chunk.

Columns of numbers are copied into narrow buffers first of all, and their bounds are looked at in the same breath, while
they are in the cache: whoever runs the machine then says whether the program fits them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, field

from cchc_index.batch.assemble import Operand, Program, Slot, Step
from cchc_index.batch.ranges import Range
from cchc_index.batch.recount import Sides, Steps


@define
class Machine:
    """A program bound to buffers of `rows` rows. One thread uses one machine."""

    program: Program
    rows: int
    loads: dict[str, Any] = field(factory=dict)
    """The buffer of each column of numbers that the program looks at."""
    bound: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = field(factory=list)
    places: list[Any] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.places = placed(self.program, self.rows)
        self.loads = {step.column: self.view(step.out) for step in self.program.loads}
        self.bound = [self._bind(step) for step in self.program.steps]

    def load(self, columns: Mapping[str, Any], start: int, stop: int) -> dict[str, Range]:
        """Copy the rows from `start` to `stop` of every column of numbers, and give the bounds of each."""
        found = {}
        for name in self.program.columns:
            given = columns[name][start:stop]
            found[name] = bounds_of(given)
            if name in self.loads:
                np.copyto(self.loads[name][: stop - start], given, casting="unsafe")
        return found

    def view(self, operand: Operand) -> Any:
        return self.places[operand.number].view(operand.kind) if isinstance(operand, Slot) else operand

    def _bind(self, step: Step) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        inputs = tuple(self.view(operand) for operand in step.inputs)
        out = self.view(step.out)
        if step.run is None:
            return None, (out, step.column), {}
        if isinstance(step.run, Sides | Steps):
            return step.run, inputs, {"out": out, "count": self.rows}
        return step.run, (*inputs, out), {}

    def run(self, columns: Mapping[str, Any], start: int, stop: int) -> dict[str, Any]:
        """The results for the rows from `start` to `stop`, which were loaded before, as views of buffers."""
        count = stop - start
        with np.errstate(all="ignore"):
            for run, args, options in self.bound:
                if run is None:
                    np.copyto(args[0][:count], columns[args[1]][start:stop], casting="unsafe")
                elif options:
                    run(*args, out=options["out"], count=count)
                else:
                    run(*args)
        return {name: self._result(found, count) for name, found in self.program.results.items()}

    def _result(self, found: Operand, count: int) -> Any:
        return self.view(found)[:count] if isinstance(found, Slot) else found


def bounds_of(given: Any) -> Range:
    """The least and the greatest value of a column that is not empty."""
    return int(np.minimum.reduce(given)), int(np.maximum.reduce(given))


def placed(program: Program, rows: int) -> list[Any]:
    """A buffer for every slot; slots that are never needed at the same time share one."""
    last = last_uses(program)
    free: dict[int, list[Any]] = {}
    places: list[Any] = [None] * len(program.kinds)
    ends: dict[int, list[int]] = {}
    for slot, end in enumerate(last):
        ends.setdefault(end, []).append(slot)
    for number, step in enumerate((*program.loads, *program.steps)):
        if places[step.out.number] is None:
            kind = program.kinds[step.out.number]
            waiting = free.setdefault(kind.itemsize, [])
            places[step.out.number] = waiting.pop() if waiting else np.empty(rows * kind.itemsize, np.uint8)
        for slot in ends.get(number, ()):
            free.setdefault(program.kinds[slot].itemsize, []).append(places[slot])
    return [None if place is None else place.view(kind) for place, kind in zip(places, program.kinds, strict=True)]


def last_uses(program: Program) -> list[int]:
    """The last step that looks at each slot; results are looked at after all of them."""
    last = [-1] * len(program.kinds)
    steps = (*program.loads, *program.steps)
    for number, step in enumerate(steps):
        for operand in _slots([*step.inputs, step.out]):
            last[operand.number] = number
    for operand in _slots(program.results.values()):
        last[operand.number] = len(steps)
    return last


def _slots(operands: Any) -> Sequence[Slot]:
    return [operand for operand in operands if isinstance(operand, Slot)]
