"""`simulate(rules, units, changes, n, seed)`: how sure a ranking is, when its figures are known to a digit or a sample.

Every draw is scored exactly, by columns, and ranked exactly; what comes out are counts over the draws, not estimates
with an error of their own. A draw that the decision does not score is counted as such. What a unit's own figures say
without any draw is kept beside them.

Longer than most modules: the values that come out stand beside how they are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import define, field, frozen

from cchc_index.batch.blocks import BlockScorer, Found
from cchc_index.batch.drawing import (
    NUMBERS,
    Change,
    Printed,
    Sampled,
    Shifted,
    is_counted_part,
    printed,
    resampled,
    shifted,
    stream,
)
from cchc_index.batch.filling import filled
from cchc_index.batch.frames import compile_frame, exactly, keyed
from cchc_index.batch.lowering import columns_of
from cchc_index.batch.ranking import places
from cchc_index.batch.requests import as_figures
from cchc_index.batch.running import CHUNK
from cchc_index.batch.tables import hundredths
from cchc_index.batch.unit_tables import table_of_units
from cchc_index.criteria import Basing, Grade, Ruleset
from cchc_index.errors import BadSubmission, Fault, Text, did_you_mean
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.measures import FactType
from cchc_index.scoring.score import check_match

Counts = tuple[tuple[Any, int], ...]
Done = Callable[[int], None]
MIDDLE = Fraction(95, 100)
MOST = 100_000_000
"""How many draws of units there may be, all together: they are held in memory, figure by figure."""


@frozen
class UnitSimulation:
    """What the draws say of one unit.

    `place`, `points` (hundredths) and `grade` are those of its own figures, after what-if changes and before any draw.
    `places`, `grades` and `points_seen` count the draws by what came out; `unscored` are the draws without points.
    """

    unit: str
    place: int | None
    points: int
    grade: str | None
    places: Counts
    grades: Counts
    points_seen: Counts = field(repr=False)
    unscored: int = 0

    def place_interval(self, share: Fraction = MIDDLE) -> tuple[int, int] | None:
        """The best and the worst place, leaving out at most half of the rest at each end. None where it has none."""
        return _middle(self.places, share)

    def points_interval(self, share: Fraction = MIDDLE) -> tuple[int, int] | None:
        """The same for points, in hundredths."""
        return _middle(self.points_seen, share)


@frozen
class Simulation:
    """The outcome of `simulate`: `n` draws from `seed`, the units in order of their own place, then by name.

    `problems` are units that have no score to begin with, and why; they take no part.
    """

    ruleset: str
    version: str
    n: int
    seed: int
    changes: tuple[Change, ...]
    units: tuple[UnitSimulation, ...]
    problems: tuple[tuple[str, Text], ...]

    def __getitem__(self, unit: str) -> UnitSimulation:
        """The simulation of one unit. Raises KeyError."""
        return {one.unit: one for one in self.units}[unit]


def simulate(  # noqa: PLR0913
    rules: Ruleset,
    units: Iterable[Submission],
    changes: Iterable[Change] = (),
    n: int = 10_000,
    *,
    seed: int,
    done: Done = lambda _: None,
) -> Simulation:
    """Score and rank `n` draws of the figures of some units; `done` is told how many more draws have been scored.

    Raises BadSubmission for figures that cannot be read, a change of a figure that is not there or not of its kind,
    two units of one name, periods that differ, units made for another ruleset, and n or seed out of range.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> yes = dict.fromkeys(("bang_dien_tu", "mang_xa_hoi", "truyen_thong"), True)
    >>> unit = cchc.Submission("Xã mẫu", {"da_xong": 900, "de_ra": 1000, **yes})
    >>> found = simulate(rules, [unit], [Printed("da_xong", Fraction(10))], 1000, seed=1)["Xã mẫu"]
    >>> found.points, sum(count for points, count in found.points_seen if points < 190)
    (190, 461)
    """
    known = sorted(units, key=lambda unit: unit.unit)
    wanted = tuple(changes)
    _check(rules, known, wanted, n, seed)
    rules, known = as_figures(rules, known)
    figures = {unit.unit: read_figures(rules.facts_by_name, unit) for unit in known}
    for change in (one for one in wanted if isinstance(one, Shifted)):
        _shift(rules, change, figures)
    base = _base(rules, known, figures, wanted)
    drawn = _Drawn(rules, base, n, seed, tuple(one for one in wanted if not isinstance(one, Shifted)))
    found = drawn.tallied(done)
    found.sort(key=lambda one: (one.place is None, one.place, one.unit))
    return Simulation(rules.id, rules.version, n, seed, wanted, tuple(found), base.problems)


# -- what is asked -----------------------------------------------------------------------------------------------------


def _check(rules: Ruleset, units: Sequence[Submission], changes: Sequence[Change], n: int, seed: int) -> None:
    faults = [
        *_faults_of_call(units, n, seed),
        *(fault for unit in units for fault in _faults_of_match(rules, unit)),
        *(one for change in changes for one in _faults_of(rules, units, change)),
    ]
    if faults:
        raise BadSubmission(faults)


def _faults_of_call(units: Sequence[Submission], n: int, seed: int) -> Iterator[Fault]:
    if n < 1 or n * len(units) > MOST:
        most = MOST // max(len(units), 1)
        told = Text(f"số lần mô phỏng là {n}; cần từ 1 đến {most}", f"{n} draws; expected from 1 to {most}")
        yield Fault(told)
    if seed < 0:
        yield Fault(Text(f"hạt giống là {seed}; cần từ 0", f"the seed is {seed}; expected at least 0"))
    for name, count in Counter(unit.unit for unit in units).items():
        if count > 1:
            yield Fault(Text("hai đơn vị trùng tên", "two units of the same name"), (name,))
    if len({unit.period for unit in units}) > 1:
        yield Fault(Text("các đơn vị khác kỳ đánh giá", "the units have different periods"))


def _faults_of_match(rules: Ruleset, unit: Submission) -> Iterator[Fault]:
    try:
        check_match(rules, unit)
    except BadSubmission as error:
        yield from (fault.under(unit.unit) for fault in error.faults)


def _faults_of(rules: Ruleset, units: Sequence[Submission], change: Change) -> Iterator[Fault]:
    fact, known = rules.facts_by_name.get(change.name), {unit.unit for unit in units}
    if fact is None or fact.given is not None:
        message = Text("bộ tiêu chí không có số liệu này", "the ruleset has no such figure")
        yield Fault(message, (change.name,), hint=did_you_mean(change.name, rules.facts_by_name))
        return
    if isinstance(change, Sampled) and fact.type is not FactType.SURVEY and not is_counted_part(rules, fact, change):
        told = Text("không phải phiếu khảo sát hay phần đếm của một toàn thể", "is no survey and no part of a count")
        yield Fault(told, (change.name,))
    if isinstance(change, Printed | Shifted) and fact.type not in NUMBERS:
        yield Fault(Text("không phải một số", "is not a number"), (change.name,))
    if change.of and change.of not in rules.facts_by_name:
        message = Text("bộ tiêu chí không có số liệu này", "the ruleset has no such figure")
        yield Fault(message, (change.of,), hint=did_you_mean(change.of, rules.facts_by_name))
    step = change.step if isinstance(change, Printed) else change.by if isinstance(change, Shifted) else Fraction(1)
    is_whole = fact.type is FactType.COUNT
    if (isinstance(change, Printed) and step <= 0) or (is_whole and Fraction(step).denominator != 1):
        yield Fault(Text(f"không thể thay đổi {step}", f"cannot change by {step}"), (change.name,))
    for name in change.units if isinstance(change, Shifted) else ():
        if name not in known:
            yield Fault(Text("không có đơn vị này", "there is no such unit"), (name,), hint=did_you_mean(name, known))


def _shift(rules: Ruleset, change: Shifted, figures: Mapping[str, Figures]) -> None:
    fact = rules.facts_by_name[change.name]
    for unit, given in figures.items():
        if fact.name in given and unit in (change.units or (unit,)):
            given[fact.name] = shifted(fact, change, given)


# -- the units as they are ---------------------------------------------------------------------------------------------


@frozen
class _Base:
    """The units that have a score, their figures, and how columns of them are scored."""

    names: tuple[str, ...]
    figures: tuple[Figures, ...]
    table: Any
    scales: Mapping[str, int]
    blocks: BlockScorer
    problems: tuple[tuple[str, Text], ...]


def _base(
    rules: Ruleset, units: Sequence[Submission], figures: Mapping[str, Figures], changes: Sequence[Change]
) -> _Base:
    finer = {one.name: one.step / 2000 for one in changes if isinstance(one, Printed)}
    table, scales = table_of_units(rules, units, [figures[unit.unit] for unit in units], finer)
    period = units[0].period if units else None
    scorer = compile_frame(rules, period=period, percents="share", threads=1)
    blocks = scorer.for_schema(table.schema)
    if not units:
        return _Base((), (), table, scales, blocks, ())
    batch = _batch(table)
    found = blocks.score(batch, 0)
    kept = [row for row in range(len(units)) if found.status[row] == 0]
    problems = tuple((units[one.row].unit, Text(one.said("vi"), one.said("en"))) for one in found.problems)
    known = [units[row] for row in kept]
    needed, names = blocks.outcome.plan.needed, [unit.unit for unit in known]
    full = [
        filled(rules, unit, figures[unit.unit], needed, _drawn_names(rules, changes, figures[unit.unit]))
        for unit in known
    ]
    table, scales = table_of_units(rules, known, full, finer)
    return _Base(tuple(names), tuple(full), table, scales, scorer.for_schema(table.schema), problems)


def _drawn_names(rules: Ruleset, changes: Iterable[Change], figures: Figures) -> set[str]:
    """The figures of one unit that may differ from draw to draw, with the parts of those. Nothing is drawn from 0."""
    names: set[str] = set()
    for change in changes:
        columns = columns_of(rules.facts_by_name[change.name])
        if any(figures.get(name, 0) for name in columns):
            names.update(columns)
    parts = {fact.name for fact in rules.facts_by_name.values() if fact.part_of in names}
    return names | parts


def _batch(table: Any) -> Any:
    (batch,) = table.combine_chunks().to_batches()
    return batch


# -- the draws ---------------------------------------------------------------------------------------------------------


@define
class _Drawn:
    """Draws of the figures of all units, and what they come to."""

    rules: Ruleset
    base: _Base
    n: int
    seed: int
    changes: tuple[Change, ...]
    columns: dict[str, Any] = field(factory=dict)
    """By figure: whole numbers over its scale, a row for each draw, a column for each unit."""

    def tallied(self, done: Done) -> list[UnitSimulation]:
        if not self.base.names:
            return []
        own = _Tally(self.rules, self.base, 1)
        own.add(self.block(0, 1, drawn=False))
        for change in self.changes:
            self.draw(change)
        self.cut()
        tally, size = _Tally(self.rules, self.base, self.n), max(CHUNK // len(self.base.names), 1)
        for start in range(0, self.n, size):
            stop = min(self.n, start + size)
            tally.add(self.block(start, stop, drawn=True))
            done(stop - start)
        return [self.unit(name, tally.unit(place), own.unit(place)) for place, name in enumerate(self.base.names)]

    def unit(self, name: str, found: "_Seen", own: "_Seen") -> UnitSimulation:
        ((points, _),) = own.points
        place = next((place for place, _ in own.places), None)
        ((grade, _),) = own.grades
        return UnitSimulation(name, place, points, grade, found.places, found.grades, found.points, found.unscored)

    def draw(self, change: Change) -> None:
        fact = self.rules.facts_by_name[change.name]
        for place, (unit, figures) in enumerate(zip(self.base.names, self.base.figures, strict=True)):
            rng = stream(self.seed, unit, change.name)
            if isinstance(change, Printed) and fact.name in figures:
                values, scale = printed(fact, change, figures[fact.name], rng, self.n)
                self.column(fact.name)[:, place] = values * (self.base.scales.get(fact.name, 1) // scale)
            elif isinstance(change, Sampled):
                for name, counts in resampled(fact, change, figures, rng, self.n):
                    self.column(name)[:, place] = counts

    def column(self, name: str) -> Any:
        """The draws of one figure, which start as the figures themselves."""
        if name not in self.columns:
            self.columns[name] = np.tile(self.own(name), (self.n, 1))
        return self.columns[name]

    def own(self, name: str) -> Any:
        scale = self.base.scales.get(name, 1)
        return np.array([int(figures.get(name, 0) * scale) for figures in self.base.figures], np.int64)

    def cut(self) -> None:
        """No draw is below zero, and no part is above its whole, drawn or not."""
        for name in list(self.columns):
            fact = self.rules.facts_by_name[name.partition(".")[0]]
            if not fact.may_be_negative:
                np.maximum(self.columns[name], 0, out=self.columns[name])
        wholes = {fact.name: fact.part_of for fact in self.rules.facts_by_name.values() if fact.part_of}
        wholes = {one.name: one.of for one in self.changes if one.of} | wholes
        for part, whole in sorted(wholes.items()):
            if {part, whole} & set(self.columns):
                self.cut_part(part, whole)

    def cut_part(self, name: str, of: str) -> None:
        has = np.array([name in figures and of in figures for figures in self.base.figures])
        if not has.any():
            return
        part, whole = self.column(name), self.columns.get(of, self.own(of))
        over, under = self.base.scales.get(name, 1), self.base.scales.get(of, 1)
        most = whole * over // under
        np.copyto(part, np.minimum(part, most), where=has)

    def block(self, start: int, stop: int, *, drawn: bool) -> Found:
        """The results of some draws: all units of the first, then all of the next. Equal rows are scored once."""
        columns = {name: values[start:stop].reshape(-1) for name, values in self.columns.items() if drawn}
        units = np.tile(np.arange(len(self.base.names)), stop - start)
        rows, back = np.unique(np.column_stack([units, *columns.values()]), axis=0, return_inverse=True)
        table = self.base.table.take(rows[:, 0])
        for number, name in enumerate(columns, 1):
            place = table.schema.get_field_index(name)
            column = self.array(table, name, np.ascontiguousarray(rows[:, number]))
            table = table.set_column(place, table.schema.field(place), column)
        return _spread(self.base.blocks.score(_batch(table), 0), back.reshape(-1))

    def array(self, table: Any, name: str, values: Any) -> Any:
        kind, valid = table.schema.field(name).type, table.column(name).is_valid()
        if pa.types.is_decimal(kind):
            made = hundredths(values, valid.to_numpy(zero_copy_only=False))
            return pa.Array.from_buffers(kind, len(values), made.buffers())
        return pa.array(values, mask=~valid.to_numpy(zero_copy_only=False))


def _spread(found: Found, back: Any) -> Found:
    """The results of rows that were put together, for each of them."""
    arrays = {name: values[back] if np.ndim(values) else values for name, values in found.arrays.items()}
    values = {row: found.values[one] for row, one in enumerate(back.tolist()) if one in found.values}
    return Found(len(back), arrays, found.status[back], [], values if found.values else {})


@frozen
class _Seen:
    places: Counts
    grades: Counts
    points: Counts
    unscored: int


@define
class _Tally:
    """Places, grades and points of every draw, a column for each unit."""

    rules: Ruleset
    base: _Base
    n: int
    places: list[Any] = field(factory=list)
    grades: list[Any] = field(factory=list)
    points: list[Any] = field(factory=list)
    has: list[Any] = field(factory=list)

    def add(self, found: Found) -> None:
        count = len(self.base.names)
        shape = (-1, count)
        has = (found.status == 0) & found.arrays["points?"]
        self.has.append(np.broadcast_to(has, found.rows).reshape(shape))
        self.grades.append(np.broadcast_to(found.arrays["grade"], found.rows).reshape(shape))
        self.points.append(np.broadcast_to(found.arrays["points"], found.rows).reshape(shape))
        self.places.append(self.placed(found, count).reshape(shape))

    def placed(self, found: Found, count: int) -> Any:
        """The place of every row among the units of its draw; 0 where there is none."""
        made = np.zeros(found.rows, np.int32)
        if self.rules.ranking is None:
            return made
        arrays, on_index = found.arrays, self.rules.ranking.on is Basing.INDEX
        has_value = arrays.get("index?", False) if on_index else arrays["points?"]
        picked = np.flatnonzero((found.status == 0) & arrays["ranked"] & has_value)
        keys, near = keyed(self.base.blocks, arrays, found.values, found.rows)
        groups = picked // count

        def exact(some: Any) -> Any:
            return exactly(self.base.blocks, arrays, found.values, picked[some])

        made[picked] = places(keys[picked], near, exact, groups)
        return made

    def unit(self, place: int) -> _Seen:
        has = np.concatenate([one[:, place] for one in self.has])
        ranks, codes, points = (
            np.concatenate([one[:, place] for one in several])[has]
            for several in (self.places, self.grades, self.points)
        )
        names = self.base.blocks.outcome.plan.grades
        words = Counter[str | None]()
        for code, count in _counts(codes):
            grade = names[code]
            words[grade.name if isinstance(grade, Grade) else None] += count
        order = [grade.name for scale in self.rules.scales for grade in scale.grades]
        kept = tuple((name, words[name]) for name in dict.fromkeys([*order, None]) if words[name])
        return _Seen(_counts(ranks[ranks > 0]), kept, _counts(points), int((~has).sum()))


def _counts(values: Any) -> tuple[tuple[int, int], ...]:
    found, counts = np.unique(values, return_counts=True)
    return tuple(zip(found.tolist(), counts.tolist(), strict=True))


def _middle(counts: Counts, share: Fraction) -> tuple[int, int] | None:
    """From where to where the middle of the draws lies: at most half of the rest is left out at each end."""
    total = sum(count for _, count in counts)
    if not total:
        return None
    out = (1 - share) * total / 2
    return _end(counts, out), _end(counts[::-1], out)


def _end(counts: Counts, out: Fraction) -> int:
    seen = 0
    for value, count in counts:
        seen += count
        if seen > out:
            return int(value)
    return int(counts[-1][0])
