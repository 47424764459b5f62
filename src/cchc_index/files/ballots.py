"""Read raw ballots from CSV as survey forms and spreadsheets write them.

Two layouts. Long, one answer a row: `don_vi, phieu, nhom, cau, lua_chon`, or with `mau` (the figure) where `cau` is one
question of several in it. Wide, one ballot a row: `don_vi, phieu, nhom` and a column for each figure (`phieu_1`), or
for each question of one (`phieu_1:3`). Columns that are not declared are named as ignored, and never looked at.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

from attrs import evolve, frozen

from cchc_index.auditing.sheet import folded
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.files.csv_table import broken, delimiter
from cchc_index.files.strict import Unreadable, read_utf8
from cchc_index.measures import Fact
from cchc_index.reviewing.ballots import Answer, Poll, Refused, Wrong, count, even
from cchc_index.reviewing.surveys import survey_figures

MAX_BYTES = 512 * 1024 * 1024
MAX_NAMES = 300

UNIT, BALLOT, GROUP, FORM, QUESTION, OPTION = "don_vi", "phieu", "nhom", "mau", "cau", "lua_chon"
_HEADINGS = {
    UNIT: ("don vi", "ten don vi", "don vi duoc danh gia", "co quan"),
    BALLOT: ("phieu", "ma phieu", "so phieu", "stt phieu"),
    GROUP: ("nhom", "nhom doi tuong", "doi tuong", "nhom nguoi tra loi"),
    FORM: ("mau", "mau phieu"),
    QUESTION: ("cau", "cau hoi", "so cau", "ma cau"),
    OPTION: ("lua chon", "phuong an", "tra loi", "cau tra loi"),
}


@frozen
class _Columns:
    """Which column holds what. `asked` are those of a wide table: their place, the figure, and the question in it."""

    at: Mapping[str, int]
    asked: tuple[tuple[int, str, str], ...]
    ignored: tuple[str, ...]
    width: int


def read_ballots(
    rules: Ruleset, paths: Iterable[str | Path], *, unit: str = "", seen: Callable[[int], object] | None = None
) -> Poll:
    """The counted ballots of one or more CSV files. `unit` is whom they are about, in files without such a column.

    `seen` is told of the rows as they are read, some thousands at a time. Raises BadSubmission when a file cannot be
    read as ballots; single answers that cannot be counted are `refused` in the result instead.
    """
    facts = list(survey_figures(rules))
    if not facts:
        message = Text("bộ tiêu chí không có số liệu khảo sát nào", "the ruleset has no survey figure")
        raise BadSubmission([Fault(message, place=rules.full_id)])
    tables, faults = [], list[Fault]()
    for path in paths:
        try:
            tables.append(_Table.opened(Path(path), facts, unit, seen))
        except Unreadable as problem:
            faults += problem.faults
    if faults:
        raise BadSubmission(faults)
    ignored = dict.fromkeys(name for table in tables for name in table.columns.ignored)
    try:
        poll = count(facts, (answer for table in tables for answer in table.answers()))
        return _bounded(evolve(poll, ignored=tuple(ignored)))
    except Unreadable as problem:
        raise BadSubmission(problem.faults) from None


def _bounded(poll: Poll) -> Poll:
    """The poll, where its groups and questions are few enough to be such, and not people's names."""
    for column, names in (
        (GROUP, {tally.group for tally in poll.tallies}),
        (QUESTION, {(tally.figure, tally.question) for tally in poll.tallies}),
    ):
        if len(names) > MAX_NAMES:
            message = Text(
                f"cột «{column}» có hơn {MAX_NAMES} giá trị khác nhau",
                f"column «{column}» holds over {MAX_NAMES} values",
            )
            raise Unreadable([Fault(message, hint=Text("cột này chứa tên người?", "does it hold names of people?"))])
    return poll


@frozen
class _Table:
    """One CSV file of ballots, its header understood."""

    file: str
    rows: Iterator[list[str]]
    line: Callable[[], int]
    columns: _Columns
    unit: str
    seen: Callable[[int], object] | None

    @classmethod
    def opened(cls, path: Path, facts: Sequence[Fact], unit: str, seen: Callable[[int], object] | None) -> "_Table":
        text = normalize("NFC", read_utf8(path, MAX_BYTES))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
        try:
            header = [" ".join(cell.split()) for cell in next(reader, [])]
        except csv.Error as error:
            raise Unreadable([broken(error, f"{path.name}:1")]) from None
        columns = _columns(header, facts, path.name, has_unit=bool(unit))
        return cls(path.name, reader, lambda: reader.line_num, columns, unit, seen)

    def answers(self) -> Iterator[Answer | Refused]:
        """Every answer, row by row. Raises Unreadable where a quote is never closed."""
        words = _Tidy()
        try:
            for number, cells in enumerate(self.rows, 1):
                if self.seen and not number % _STEP:
                    self.seen(_STEP)
                if any(map(str.strip, cells)):
                    yield from self._row(cells, words, self.line())
        except csv.Error as error:
            raise Unreadable([broken(error, f"{self.file}:{self.line()}")]) from None

    def _row(self, cells: list[str], words: "_Tidy", line: int) -> Iterator[Answer | Refused]:
        if len(cells) != self.columns.width:
            yield Refused(Wrong.BROKEN, f"{self.file}:{line}")
            return
        at, asked = self.columns.at, self.columns.asked
        unit = words[cells[at[UNIT]]] if UNIT in at else self.unit
        group = words[cells[at[GROUP]]] if GROUP in at else ""
        ballot = words[cells[at[BALLOT]]] if BALLOT in at else None
        if not asked:
            figure, option = words[cells[at[FORM if FORM in at else QUESTION]]], words[cells[at[OPTION]]]
            question = words[cells[at[QUESTION]]] if FORM in at else ""
            yield Answer(unit, figure, option, question, group, ballot, self.file, line)
        elif any(words[cells[column]] for column, _, _ in asked):
            for column, figure, question in asked:
                yield Answer(unit, figure, words[cells[column]], question, group, ballot, self.file, line)
        else:
            yield Refused(Wrong.BLANK, f"{self.file}:{line}", unit)


_STEP = 5_000


class _Tidy(dict[str, str]):
    """Cells without stray spaces, remembered: the same few come up in every row."""

    def __missing__(self, cell: str) -> str:
        self[cell] = tidy = " ".join(cell.split())
        return tidy


def _columns(header: list[str], facts: Sequence[Fact], file: str, *, has_unit: bool) -> _Columns:
    """What each heading means. Raises Unreadable with everything that is wrong with the header."""
    headings = {word: name for name, words in _HEADINGS.items() for word in (folded(name), *words)}
    named = [headings.get(folded(heading), "") for heading in header]
    is_long = {QUESTION, OPTION} <= set(named)
    asked = [] if is_long else list(_asked(header, facts))
    taken = {column for column, _, _ in asked}
    at: dict[str, int] = {}
    for column, name in enumerate(named):
        if name and column not in taken and (is_long or name in (UNIT, BALLOT, GROUP)):
            at.setdefault(name, column)
    ignored = [heading for column, heading in enumerate(header) if column not in taken and column not in at.values()]
    faults = [] if is_long or len(taken) == len({one[1:] for one in asked}) else [Fault(_TWICE)]
    faults += [Fault(_repeated(name)) for name in _HEADINGS if named.count(name) > 1 and name in at]
    faults += _lacking(at, facts, is_wide=bool(asked), has_unit=has_unit)
    if faults:
        raise Unreadable([evolve(fault, place=f"{file}:1") for fault in faults])
    return _Columns(at, tuple(asked), tuple(ignored), len(header))


def _asked(header: Iterable[str], facts: Iterable[Fact]) -> Iterator[tuple[int, str, str]]:
    """The columns that are headed by a survey figure, or by one and a question in it."""
    figures = {even(word): fact.name for fact in facts for word in (fact.label, fact.name)}
    for column, heading in enumerate(header):
        figure, _, question = heading.rpartition(":")
        if even(heading) in figures:
            yield column, figures[even(heading)], ""
        elif even(figure) in figures:
            yield column, figures[even(figure)], question.strip()


_TWICE = Text("hai cột cùng một câu hỏi", "two columns for one question")


def _repeated(name: str) -> Text:
    return Text(f"hai cột «{name}»", f"two columns «{name}»")


def _lacking(at: Mapping[str, int], facts: Sequence[Fact], *, is_wide: bool, has_unit: bool) -> Iterator[Fault]:
    if UNIT not in at and not has_unit:
        message = Text(f"thiếu cột «{UNIT}»", f"column «{UNIT}» is missing")
        yield Fault(message, hint=Text("hoặc nêu đơn vị bằng --unit", "or name the unit by --unit"))
    if not is_wide and not {QUESTION, OPTION} <= at.keys():
        names = ", ".join(fact.name for fact in facts)
        message = Text(
            f"cần cột «{QUESTION}» và «{OPTION}», hoặc mỗi câu một cột: {names}",
            f"expected columns «{QUESTION}» and «{OPTION}», or a column a question: {names}",
        )
        yield Fault(message)
