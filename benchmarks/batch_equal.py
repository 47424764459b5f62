"""Every number of scoring by columns against the exact engine, row by row: how many differ, which must be none.

python benchmarks/batch_equal.py                              20,000 units of the plain set and of the sample
python benchmarks/batch_equal.py --rows 1000000 --on numpy polars duckdb spark     the same rows through each way
python benchmarks/batch_equal.py --generated 200 --units 10000    generated sets with planted thresholds and ties

Points, maxima and indexes are compared as they are printed and, where a way gives them, as exact fractions; so is every
criterion; grades, places, and the word and the reason of every row without a score as they are. Rows that a statement
leaves to the exact engine (`cham_rieng`, `qua_lon`, `thieu_so_lieu` for a figure that this unit can do without) or
refuses for another reason than the engine does are counted apart, as word/word of the engine, and never count as equal.
`scored` are the rows of which every number was compared.
"""

import argparse
import gc
import pickle
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, evolve, field, frozen
from batch_data import plain_set, units_for
from batch_ways import BLOCK, EXEMPT, PERIOD, UNIT, WAYS, Work, put_units
from rich.console import Console
from rich.progress import track

import cchc_index as cchc
from cchc_index.batch.blocks import RowStatus
from cchc_index.criteria import Basing, Grade, Ranking, Ruleset
from cchc_index.errors import BadRuleset, CchcError, MissingFacts, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.measures import Fact, FactType
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
SCREEN = Console(stderr=True)
SCORED = RowStatus.SCORED.value
APART = ("cham_rieng", "qua_lon")
KINDS = (
    (MissingFacts, RowStatus.MISSING),
    (UndefinedByDecision, RowStatus.UNDEFINED),
    (BadRuleset, RowStatus.BROKEN),
)
EACH, PART = 5, 25
"""After so many generated sets, or so many blocks of a set, the counts so far are printed."""
KINDS_OF_NUMBERS = {"diem": "total", "toi_da": "maximum", "chi_so": "index"}
Pair = tuple[int, int]
Told = dict[str, Counter[str]]


# -- what the exact engine says ----------------------------------------------------------------------------------------


@define
class Exact:
    """What the exact engine says of the rows of one block, in columns; None where it says nothing."""

    words: list[str] = field(factory=list)
    reasons: list[str | None] = field(factory=list)
    grades: list[str | None] = field(factory=list)
    ranked_by: list[Pair | None] = field(factory=list)
    numbers: dict[str, dict[int, Pair]] = field(factory=lambda: defaultdict(dict))
    """By `diem`, `toi_da`, `chi_so` and the codes of criteria: the numbers by row, as numerator and denominator."""

    def put(self, rules: Ruleset, found: Card | CchcError) -> None:
        row = len(self.words)
        is_card = isinstance(found, Card)
        self.words.append(SCORED if isinstance(found, Card) else word_of(found))
        self.reasons.append(None if is_card else "; ".join(fault.said() for fault in found.faults))
        self.grades.append(found.grade.name if is_card and isinstance(found.grade, Grade) else None)
        self.ranked_by.append(ranked_by(rules, found) if is_card else None)
        if is_card:
            given = {"diem": found.points, "toi_da": found.max_points, "chi_so": found.index}
            for name, value in (*given.items(), *((line.code, line.points) for line in found.walk())):
                if value is not NOT_STATED:
                    self.numbers[name][row] = (value.numerator, value.denominator)


def word_of(error: CchcError) -> str:
    kinds = (
        (MissingFacts, RowStatus.MISSING),
        (UndefinedByDecision, RowStatus.UNDEFINED),
        (BadRuleset, RowStatus.BROKEN),
    )
    return next((status for kind, status in kinds if isinstance(error, kind)), RowStatus.INVALID).value


def ranked_by(rules: Ruleset, card: Card) -> Pair | None:
    if rules.ranking is None or not card.ranked:
        return None
    value = card.index if rules.ranking.on is Basing.INDEX else card.points
    return None if value is NOT_STATED else (value.numerator, value.denominator)


def exactly(rules: Ruleset, rows: Iterable[Mapping[str, Any]]) -> Exact:
    """Score rows one after the other; no card is kept."""
    found = Exact()
    for row in rows:
        try:
            found.put(rules, cchc.score(rules, submission_of(rules, row)))
        except CchcError as error:
            found.put(rules, error)
    return found


def submission_of(rules: Ruleset, row: Mapping[str, Any]) -> Submission:
    """A row as a program would hand it to `score`, read here and not by the reader of frames."""
    figures: dict[str, Any] = {}
    for name, fact in rules.facts_by_name.items():
        if fact.type is FactType.SURVEY:
            value: Any = _stated({option: row[f"{name}.{option}"] for option, _ in fact.options}) or None
        else:
            value = plain_value(fact, row.get(name))
        if value is not None:
            figures[name] = value
    asked = [code.strip() for code in (row[EXEMPT] or "").split(";")]
    exemptions = {code: "" for code in asked if code}
    return Submission(row[UNIT], figures, period=PERIOD, exemptions=exemptions)


def plain_value(fact: Fact, value: Any) -> Any:
    if fact.type is FactType.RECORDS and value is not None:
        inner = {one.name: one for one in fact.fields}
        return [_stated({name: plain_value(inner[name], part) for name, part in one.items()}) for one in value]
    return Fraction(value) if fact.type is FactType.PERCENT and value is not None else value


def _stated(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


# -- one block of one way ----------------------------------------------------------------------------------------------


@frozen
class Column:
    """Whole numbers, 0 where there is none; Python's own where 64 bits are too few."""

    values: Any
    has: Any

    def differs(self, other: "Column") -> Any:
        return (self.has != other.has) | (self.has & np.asarray(self.values != other.values, bool))


def column_of(array: Any) -> Column:
    """Integers, or decimals as the whole numbers that stand for them."""
    has = array.is_valid().to_numpy(zero_copy_only=False)
    if not pa.types.is_decimal(array.type):
        return Column(array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), has)
    halves = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)[array.offset : array.offset + len(array)]
    halves = np.where(has[:, None], halves, 0)
    low, high = halves.T
    if (high == low >> 63).all():
        return Column(low, has)
    return Column((high.astype(object) << 64) | (low.astype(object) & (2**64 - 1)), has)


def whole(values: Sequence[int]) -> Any:
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return np.array(values, object)


@lru_cache(2**17)
def printed(top: int, bottom: int, times: int) -> int:
    return int(round_half_up(Fraction(top * times, bottom), Fraction(1)))


@frozen
class ExactColumns:
    """One number of every row as the exact engine gives it: as printed, and in lowest terms."""

    printed: Column
    top: Column
    bottom: Column


def exact_columns(number: str, values: Mapping[int, Pair], rows: int) -> ExactColumns:
    has = np.zeros(rows, bool)
    has[list(values)] = True
    pairs = [values.get(row, (0, 1)) for row in range(rows)]
    times = 10_000 if number == "chi_so" else 100
    shown = whole([printed(top, bottom, times) for top, bottom in pairs])
    return ExactColumns(Column(shown, has), *(Column(whole(part), has) for part in zip(*pairs, strict=True)))


@frozen
class Names:
    """How a way calls the columns of one number: as printed, its numerator, its denominator; "" for none."""

    printed: str
    top: str = ""
    bottom: str = ""


def frame_names(number: str) -> Names:
    others = {"diem": "diem", "toi_da": "diem_toi_da", "chi_so": "chi_so"}
    return Names(others[number]) if number in others else Names(f"diem:{number}", f"tu:{number}", f"mau:{number}")


def statement_names(number: str) -> Names:
    if number in KINDS_OF_NUMBERS:
        return Names(f"{number}_100", f"{number}_tu", f"{number}_mau")
    return Names(f"diem_100:{number}", f"tu:{number}", f"mau:{number}")


@frozen
class Compared:
    """One block of one way: the counts, which rows it scores, and the place it gives each, 0 for none."""

    told: Counter[str]
    scored: Any
    places: Any


@frozen
class Said:
    """What a way says of one block."""

    batch: Any
    is_statement: bool

    def words(self, name: str) -> Any:
        return np.array(self.batch.column(name).to_pylist() or [], object)

    def compare(self, rules: Ruleset, exact: Exact, numbers: Mapping[str, ExactColumns]) -> Compared:
        told: Counter[str] = Counter()
        words, wanted = self.words("tinh_trang"), np.array(exact.words, object)
        apart = self.apart(words, wanted, told)
        scored = words == SCORED
        both = scored & (wanted == SCORED)
        told["scored"] += int(both.sum())
        told["refused alike"] += int((~apart & (words == wanted) & ~scored).sum())
        told["≠ status"] += int((~apart & (words != wanted)).sum())
        if not self.is_statement:
            told["≠ reason"] += int((self.words("ly_do") != np.array(exact.reasons, object)).sum())
        if rules.scales:
            told["≠ grade"] += int((both & (self.words("xep_loai") != np.array(exact.grades, object))).sum())
        for number, columns in numbers.items():
            self.number(number, columns, both, told)
        return Compared(told, scored, self.places(scored))

    def apart(self, words: Any, wanted: Any, told: Counter[str]) -> Any:
        """Which rows a statement leaves to the exact engine, or refuses for another reason than the engine."""
        if not self.is_statement:
            return np.zeros(len(words), bool)
        left = np.array([word in APART for word in words], bool)
        apart = left | (
            (words != wanted) & (words != SCORED) & ((wanted != SCORED) | (words == RowStatus.MISSING.value))
        )
        for word, exact in zip(words[apart], wanted[apart], strict=True):
            told[f"apart: {word}/{exact}"] += 1
        return apart

    def number(self, number: str, exact: ExactColumns, both: Any, told: Counter[str]) -> None:
        names = (statement_names if self.is_statement else frame_names)(number)
        kind = KINDS_OF_NUMBERS.get(number, "criterion")
        present = set(self.batch.schema.names)
        if names.printed in present:
            printed_here = column_of(self.batch.column(names.printed))
            told[f"≠ {kind}, printed"] += int((both & exact.printed.differs(printed_here)).sum())
        if names.top in present:
            told[f"≠ {kind}"] += int((both & self.exactly_differs(names, exact)).sum())
        if not {names.printed, names.top} & present:
            told[f"≠ {kind}, no column"] += int((both & exact.top.has).sum())

    def exactly_differs(self, names: Names, exact: ExactColumns) -> Any:
        """Statements promise lowest terms, frames do not."""
        top, bottom = (column_of(self.batch.column(name)) for name in (names.top, names.bottom))
        common = 1 if self.is_statement else np.maximum(np.gcd(top.values, bottom.values), 1)
        found = [Column(one.values // common, one.has) for one in (top, bottom)]
        return found[0].differs(exact.top) | found[1].differs(exact.bottom)

    def places(self, scored: Any) -> Any:
        if "xep_hang" not in self.batch.schema.names:
            return np.zeros(len(scored), np.int64)
        return column_of(self.batch.column("xep_hang")).values


# -- all blocks --------------------------------------------------------------------------------------------------------


def start(work: Work, frame: Any) -> None:
    (work.folder / "rules.pickle").write_bytes(pickle.dumps(work.rules))
    put_units(work, frame)


@lru_cache(1)
def work_in(folder: Path) -> Work:
    return Work(pickle.loads((folder / "rules.pickle").read_bytes()), folder)


def exact_block(folder: Path, number: int) -> tuple[Exact, dict[str, ExactColumns]]:
    """What the exact engine says of one block; kept in the folder, so that ways can change and be compared again.

    Garbage is collected once a block: looking for it after every few rows takes as long as a fifth of scoring them.
    """
    work, kept = work_in(folder), folder / f"exact-{number}.pickle"
    if kept.exists():
        found: tuple[Exact, dict[str, ExactColumns]] = pickle.loads(kept.read_bytes())
        return found
    gc.disable()
    exact = exactly(work.rules, pq.ParquetFile(work.units).read_row_group(number).to_pylist())
    names = dict.fromkeys((*KINDS_OF_NUMBERS, *(one.code for one in work.rules.walk()), *exact.numbers))
    numbers = {name: exact_columns(name, exact.numbers[name], len(exact.words)) for name in names}
    exact.numbers.clear()
    gc.collect()
    unfinished = kept.with_suffix(".part")
    unfinished.write_bytes(pickle.dumps((exact, numbers)))
    unfinished.rename(kept)
    return exact, numbers


def block(folder: Path, number: int, ways: Sequence[str]) -> tuple[Exact, dict[str, Compared]]:
    """One block compared with what each way says of it."""
    work = work_in(folder)
    exact, numbers = exact_block(folder, number)
    found = {}
    for way in ways:
        with pa.memory_map(str(work.found(way))) as source:
            said = Said(pa.ipc.open_file(source).get_batch(number), way == "duckdb")
            found[way] = said.compare(work.rules, exact, numbers)
    exact.reasons.clear()
    return exact, found


def compare(work: Work, ways: Sequence[str], pool: ProcessPoolExecutor, name: str = "") -> Told:
    """The counts of each way, and those of the exact engine under `exact`."""
    blocks = pq.ParquetFile(work.units).num_row_groups
    several = pool.map(block, [work.folder] * blocks, range(blocks), [ways] * blocks)
    told: Told = {way: Counter() for way in ("exact", *ways)}
    kept: dict[str, list[Any]] = {way: [] for way in ways}
    values: list[Pair | None] = []
    for exact, found in track(several, name, blocks, console=SCREEN, disable=not (name and SCREEN.is_terminal)):
        told["exact"] += Counter(rows=len(exact.words), scored=exact.words.count(SCORED))
        told["exact"]["graded"] += sum(grade is not None for grade in exact.grades)
        values += exact.ranked_by
        for way, one in found.items():
            told[way] += one.told
            kept[way].append((one.scored, one.places))
        if name and len(values) % (PART * BLOCK) == 0:
            shown(f"{name}, so far and without places", told)
    if work.rules.ranking is not None:
        told["exact"] += of_places(values)
        for way, pieces in kept.items():
            scored, places = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
            told[way]["≠ place"] += int((places != wanted_places(values, scored)).sum())
    return told


def of_places(values: Iterable[Pair | None]) -> Counter[str]:
    """How many rows have a place, and how many of them share it."""
    counts = Counter(value for value in values if value is not None)
    return Counter(ranked=counts.total(), sharing=sum(count for count in counts.values() if count > 1))


def wanted_places(values: Sequence[Pair | None], scored: Any) -> Any:
    """The place of each row among those that a way scores, the greatest first.

    Sorted by the nearest float and then by the exact number: division of whole numbers is rounded correctly, so a
    greater number never has a lesser float.
    """
    counts = Counter(value for value, is_scored in zip(values, scored, strict=True) if is_scored and value is not None)
    order = sorted(counts, key=lambda pair: (pair[0] / pair[1], Fraction(*pair)), reverse=True)
    places, place = {}, 1
    for pair in order:
        places[pair] = place
        place += counts[pair]
    return np.array([places.get(value, 0) if ok else 0 for value, ok in zip(values, scored, strict=True)], np.int64)


def check(rules: Ruleset, frame: Any, ways: Sequence[str], pool: ProcessPoolExecutor) -> Told:
    """The rows of an Arrow table through each way, against the exact engine."""
    with tempfile.TemporaryDirectory() as folder:
        work = Work(rules, Path(folder))
        start(work, frame)
        for way in ways:
            WAYS[way](work)
        return compare(work, ways, pool)


def check_set(name: str, rules: Ruleset, given: argparse.Namespace, folder: Path, pool: ProcessPoolExecutor) -> Told:
    """The same for a set with made-up units, in a folder where some of it may have been done before.

    The exact engine is at work meanwhile. Every way has a process of its own, so that its memory is given back.
    """
    work = Work(rules, folder / name.replace("/", "-").replace(" ", "-"))
    work.folder.mkdir(parents=True, exist_ok=True)
    if not work.units.exists():
        start(work, units_for(rules, given.rows, given.seed).to_arrow())
    for number in range(pq.ParquetFile(work.units).num_row_groups):
        pool.submit(ahead, work.folder, number)
    for way in given.on:
        if not work.found(way).exists():
            begun = time.perf_counter()
            with ProcessPoolExecutor(1, get_context("spawn")) as own:
                own.submit(WAYS[way], work).result()
            print(f"{name}: {way} took {time.perf_counter() - begun:.0f} s", flush=True)
    return compare(work, given.on, pool, name)


def ahead(folder: Path, number: int) -> None:
    exact_block(folder, number)


def shown(name: str, told: Told) -> bool:
    """Print the counts; whether none differs."""
    exact = told["exact"]
    print(
        f"{name}: {exact['rows']:,} rows; by the exact engine {exact['scored']:,} have a score, {exact['graded']:,} a "
        f"grade, {exact['ranked']:,} a place, {exact['sharing']:,} of them a shared one"
    )
    for way, counts in told.items():
        if way != "exact":
            apart = ", ".join(f"{kind[7:]} {count:,}" for kind, count in sorted(counts.items()) if kind[0] == "a")
            print(
                f"  {way:7} {counts['scored']:10,} scored {counts['refused alike']:10,} refused alike; "
                f"apart: {apart or 0}; differences: {differing(counts) or 0}"
            )
    sys.stdout.flush()
    return not any(map(differing, told.values()))


def differing(counts: Counter[str]) -> dict[str, int]:
    return {kind[2:]: count for kind, count in counts.items() if kind[0] == "≠" and count}


# -- what is compared --------------------------------------------------------------------------------------------------


def generated(number: int, units: int, seed: int) -> tuple[Ruleset, Any]:
    """A set and its units: every other set as it is drawn, the others with rules, grades and ranks for every unit.

    Half of the sets have units that lack figures and ask for exemptions.
    """
    from cchc_index.testing.pool.rulesets import make_ruleset, make_scales, plainer
    from frames_of import arrow_of, make_units

    r = Random(seed + number)
    rules = make_ruleset(r)
    if number % 2:
        rules = evolve(plainer(rules), scales=rules.scales or make_scales(r), ranking=Ranking(r.choice(list(Basing))))
    return rules, arrow_of(make_units(r, rules, units, whole=number % 4 < 2))


def checked(given: argparse.Namespace, pool: ProcessPoolExecutor) -> Iterator[tuple[str, Told]]:
    """What was counted, by what was compared."""
    if not given.generated:
        with tempfile.TemporaryDirectory() as folder:
            for name, rules in (("plain set", plain_set()), ("mau/cap-xa/1", cchc.load("mau/cap-xa/1"))):
                if given.set in name:
                    yield name, check_set(name, rules, given, given.folder or Path(folder), pool)
        return
    told: Told = defaultdict(Counter)
    numbers = range(given.first, given.first + given.generated)
    for number in track(numbers, "generated sets", console=SCREEN, disable=not SCREEN.is_terminal):
        found = check(*generated(number, given.units, given.seed), given.on, pool)
        for way, counts in found.items():
            told[way] += counts
        if any(map(differing, found.values())):
            shown(f"set {number}", found)
        if (number + 1 - given.first) % EACH == 0 or number == numbers[-1]:
            yield f"generated sets {given.first} to {number}", told


def main() -> None:
    """Compare and print; the exit code is 1 where a number differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs="+", choices=list(WAYS), default=["numpy"])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--set", default="", help="only the set whose name has this in it")
    parser.add_argument("--folder", type=Path, help="keep the files here, and take those that are here already")
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first generated set")
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="of the exact engine")
    given = parser.parse_args()
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        good = [shown(name, told) for name, told in checked(given, pool)]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
