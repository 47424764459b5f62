"""Scoring workbooks recalculated by spreadsheet programs, and what the exact engine says must stand in their cells."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Protocol, Self

import ironcalc
from attrs import evolve

import cchc_index as cchc
from cchc_index.criteria import Points, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import FactType, Interval
from cchc_index.office.formulas.inputs import options_of
from cchc_index.office.workbook.given import given_by
from cchc_index.office.workbook.layout import FIRST_ROW, MAIN, Column, Kind, Shape, rows_of
from cchc_index.office.workbook.model import Input
from cchc_index.office.workbook.pages import workbook
from cchc_index.office.workbook.writing import written
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.testing.units import within_wholes

Place = tuple[str, int, int]
Held = float | str | None
SILENT = "không quy định"
_PYTHONS = ("/usr/bin/python3", "python3")


class Program(Protocol):
    """A spreadsheet program with one workbook open."""

    def load(self, workbook: bytes) -> None: ...

    def column(self, cells: Mapping[Place, Held], columns: Sequence[int], last_row: int) -> list[list[Held]]:
        """Put these cells, recalculate, and give columns of the main page from the first row of the table down."""
        ...


class IronCalc:
    """A spreadsheet engine from PyPI, in this process."""

    def load(self, workbook: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "a.xlsx")
            file.write_bytes(workbook)
            self.model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
        names = [sheet["name"] for sheet in self.model.get_worksheets_properties()]
        self.pages = {name: number for number, name in enumerate(names)}

    def put(self, cells: Mapping[Place, Held]) -> None:
        for (page, row, column), value in cells.items():
            where = (self.pages[page], row + 1, column + 1)
            if value is None:
                self.model.clear_cell_contents(*where)
            elif isinstance(value, str):
                self.model.update_cell_with_text(*where, value)
            else:
                self.model.update_cell_with_number(*where, value)
        self.model.evaluate()

    def value(self, page: str, row: int, column: int) -> Any:
        return self.model.get_cell_value(self.pages[page], row + 1, column + 1)

    def column(self, cells: Mapping[Place, Held], columns: Sequence[int], last_row: int) -> list[list[Held]]:
        self.put(cells)
        rows = range(FIRST_ROW, last_row + 1)
        return [[self.value(MAIN, row, column) for column in columns] for row in rows]


class LibreOffice:
    """One headless LibreOffice for every workbook, with a profile of its own."""

    @staticmethod
    def interpreter() -> str | None:
        """A Python that can speak to LibreOffice, if both are installed."""
        if shutil.which("soffice") is None:
            return None
        for python in _PYTHONS:
            found = shutil.which(python)
            if found and subprocess.run([found, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
                return found
        return None

    def __enter__(self) -> Self:
        python = self.interpreter()
        assert python is not None, "LibreOffice with its Python bridge is not installed"
        server = [python, str(Path(__file__).with_name("libreoffice_server.py"))]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(server, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.folder.cleanup()

    def _asked(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def load(self, workbook: bytes) -> None:
        file = Path(self.folder.name, "a.xlsx")
        file.write_bytes(workbook)
        self._asked({"load": str(file)})

    def column(self, cells: Mapping[Place, Held], columns: Sequence[int], last_row: int) -> list[list[Held]]:
        put = [[*place, value] for place, value in cells.items()]
        get = [[MAIN, FIRST_ROW, column, last_row, column] for column in columns]
        found = self._asked({"put": put, "get": get})["values"]
        return [[one[row][0] for one in found] for row in range(last_row - FIRST_ROW + 1)]


class Bench:
    """One blank workbook of a ruleset, into which unit after unit is typed."""

    COLUMNS = (Column.POINTS.value, Column.MAXIMUM.value)

    def __init__(self, rules: Ruleset, records: int = 4) -> None:
        self.rules, self.shape = rules, Shape(records)
        made = workbook(rules, None, self.shape)
        self.blank, self.inputs = written(made), [one for one in made.inputs if not one.default]
        self.rows = rows_of(rules, self.shape)
        self.last_row = FIRST_ROW + len(self.rows) + 2
        self.typed: dict[Place, Held] = {}

    def cells(self, unit: Submission) -> dict[Place, Held]:
        """What has to be typed after the unit before: text as text, numbers and days as a spreadsheet holds them."""
        given = given_by(self.rules, unit)
        held = {(one.page, one.row, one.column): _held(one, given.get(one.path)) for one in self.inputs}
        changed = {place: value for place, value in held.items() if self.typed.get(place) != value}
        self.typed = held
        return changed

    def wrong(self, unit: Submission, found: Sequence[Sequence[Held]]) -> list[str]:
        """Every cell of points, maxima, index and grade that is not what the engine gives."""
        try:
            card = cchc.score(self.rules, unit)
        except cchc.CchcError:
            total = found[len(self.rows)][0]
            return [] if total in ("", None) else [f"refused by the engine, yet the total is {total!r}"]
        return [
            f"{where}: {got!r}, not {wanted!r}"
            for where, row, column, wanted in self._wanted(card)
            if not _same(got := found[row][column], wanted)
        ]

    def _wanted(self, card: Card) -> Iterator[tuple[str, int, int, Held]]:
        for place, row in enumerate(self.rows):
            if row.kind is Kind.CRITERION:
                line = card[row.code]
                yield f"{row.code} points", place, 0, printed(line.points)
                yield f"{row.code} maximum", place, 1, printed(line.max_points)
        total = len(self.rows)
        yield "total", total, 0, printed(card.points)
        yield "maximum", total, 1, printed(card.max_points)
        yield "index", total + 1, 0, printed(card.index)
        grade = "–" if card.grade is None else SILENT if card.grade is NOT_STATED else card.grade.name
        yield "grade", total + 2, 0, grade


def printed(points: Points) -> Held:
    """Points and index as they are printed: to four places, half up."""
    return SILENT if points is NOT_STATED else float(round_half_up(points, Fraction(1, 10_000)))


def _same(got: Held, wanted: Held) -> bool:
    return got == wanted


def _held(one: Input, value: Any) -> Held:
    """A figure as it is typed: the label of an option, a number as a spreadsheet's own."""
    if value is None:
        return None
    if one.fact and one.fact.type in (FactType.YES_NO, FactType.CHOICE):
        return dict(options_of(one.fact))[value]
    return value if isinstance(value, str) else float(value)


def fitting(rules: Ruleset, unit: Submission) -> bool:
    """Whether every figure of a unit can stand in a cell as it is."""
    try:
        given_by(rules, unit)
    except cchc.CchcError:
        return False
    return True


def check(program: Program, bench: Bench, units: Sequence[Submission]) -> tuple[int, list[str]]:
    """How many cells were compared, and what was wrong in any of them."""
    program.load(bench.blank)
    bench.typed = {}
    count, wrong = 0, list[str]()
    for unit in units:
        found = program.column(bench.cells(unit), bench.COLUMNS, bench.last_row)
        wrong += [f"{unit.unit}: {one}" for one in bench.wrong(unit, found)]
        count += 2 * sum(row.kind is Kind.CRITERION for row in bench.rows) + 4
    return count, wrong


def evened(rules: Ruleset, figures: Mapping[str, Any], planted: Mapping[str, Any]) -> dict[str, Any]:
    """Planted figures among others that leave no long fractions: every part is its whole, every ballot the same."""
    found = {**figures, **planted}
    for name, fact in rules.facts_by_name.items():
        if name in planted or name not in found:
            continue
        if fact.part_of in found:
            found[name] = found[fact.part_of]
        if fact.type is FactType.SURVEY:
            found[name] = {option: 0 if number else 100 for number, (option, _) in enumerate(fact.options)}
    return within_wholes(rules.facts_by_name, found)


def on_grades(rules: Ruleset, base: Submission, r: Random) -> Iterator[Submission]:
    """Units whose total stands exactly on the end of a grade, and half a hundredth under it: `base` made worse."""
    worse = list(_losses(rules, base))
    ends = sorted({end for scale in rules.scales for grade in scale.grades for end in _ends(grade.interval)})
    for end in ends:
        for under in (Fraction(0), Fraction(1, 200)):
            for _ in range(200):
                unit = _worsened(rules, base, worse, r, end * 100 - under)
                if unit is not None:
                    yield unit
                    break


def _ends(interval: Interval) -> list[Fraction]:
    return [end for end in (interval.low, interval.high) if end is not None]


def _losses(rules: Ruleset, base: Submission) -> Iterator[tuple[Fraction, dict[str, Any]]]:
    """Changes of one figure and the points that each of them costs."""
    full = cchc.score(rules, base).unrounded
    changes: list[dict[str, Any]] = [{name: False} for name, value in base.figures.items() if value == "co"]
    changes += [{name: value // 2} for name, value in base.figures.items() if isinstance(value, int) and value > 1]
    ties = list(tie_figures(rules))
    changes += [*ties, *({name: 200 if n == 0 else 199 for n, name in enumerate(tie)} for tie in ties)]
    for change in changes:
        figures = within_wholes(rules.facts_by_name, {**base.figures, **change})
        try:
            card = cchc.score(rules, evolve(base, figures=figures))
        except cchc.CchcError:
            continue
        assert isinstance(card.unrounded, Fraction)
        assert isinstance(full, Fraction)
        loss = full - card.unrounded
        if loss > 0 and (200 * loss).denominator == 1:
            yield loss, change


def _worsened(
    rules: Ruleset, base: Submission, losses: list[tuple[Fraction, dict[str, Any]]], r: Random, goal: Fraction
) -> Submission | None:
    """The unit after some changes, when its total comes to the goal exactly."""
    figures = dict(base.figures)
    for loss, change in [*r.sample(losses, len(losses)), (Fraction(0), {})]:
        now = evolve(base, figures=within_wholes(rules.facts_by_name, figures))
        try:
            points = cchc.score(rules, now).unrounded
        except cchc.CchcError:
            return None
        if points == goal:
            return now
        if isinstance(points, Fraction) and points - loss >= goal:
            figures.update(change)
    return None


def tie_figures(rules: Ruleset) -> Iterator[dict[str, Any]]:
    """Figures for which a rule in proportion gives exactly half a hundredth, or half a ten-thousandth."""
    for criterion in rules.walk():
        yield from () if criterion.rule is NOT_STATED else _ties(criterion.rule, rules)


def _ties(rule: Any, rules: Ruleset) -> Iterator[dict[str, Any]]:
    from cchc_index.measures import Ratio
    from cchc_index.rules import Piecewise, parts_of

    for part in parts_of(rule):
        yield from _ties(part, rules)
    if not isinstance(rule, Piecewise) or not isinstance(rule.measure, Ratio):
        return
    tops, bottoms = rule.measure.top.terms, rule.measure.bottom.terms
    if len(tops) != 1 or len(bottoms) != 1 or tops[0][1] != 1 or "." in tops[0][0]:
        return
    for hundredths in (Fraction(1, 100), Fraction(1, 10_000)):
        wholes = (8, 16, 40, 80, 200, 400, 800, 1_000, 1_600, 2_000, 4_000, 8_000)
        found = (
            {bottoms[0][0]: whole, tops[0][0]: top}
            for whole in wholes
            for top in range(whole)
            for piece in rule.pieces
            if piece.slope
            and Fraction(top, whole) in piece.interval
            and ((piece.base + piece.slope * Fraction(top, whole)) / hundredths - Fraction(1, 2)).denominator == 1
        )
        for _, one in zip(range(3), found, strict=False):
            yield one
