"""The annex of a decision: which tables hold the criteria, what each column says, and every cell that fits nowhere.

Longer than most modules: one small step for each way in which a column or a cell can be told.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve, field, frozen

from cchc_index.auditing.sheet import folded
from cchc_index.drafting.printed import is_appendix
from cchc_index.errors import BadAnnex, Fault, Text
from cchc_index.files.headings import Columns, Header, find_header, numbers_columns
from cchc_index.files.sheets import NUMBERED, kind_of_total, points_in
from cchc_index.office.tables import Cell, Paper, PassedOver, Row, Table
from cchc_index.points import NumberError

ROLES = (
    ("both", re.compile(r"\b(tieu chi|noi dung|chi tieu)\b.*\b(cach (tinh|cham|danh gia|xac dinh)|huong dan)\b")),
    ("figures", re.compile(r"\b(so lieu|ke khai)\b")),
    ("evidence", re.compile(r"\b(kiem chung|minh chung|tai lieu)\b")),
    ("agency", re.compile(r"\b(co quan|don vi|phong|so) (\w+ ){0,3}(tham dinh|chu tri|theo doi|phu trach|phoi hop)\b")),
    ("agency", re.compile(r"\btham dinh\b")),
    ("source", re.compile(r"^(nguon|vi tri|noi trich)$")),
    (
        "how",
        re.compile(r"\b(cach (tinh|cham|danh gia|xac dinh|thuc hien)|huong dan|phuong phap|thang diem chi tiet)\b"),
    ),
    ("max", re.compile(r"\b(toi da|diem chuan|thang diem|diem so)\b")),
    ("note", re.compile(r"\b(ghi chu|chu thich|giai thich|dien giai)\b")),
    ("code", re.compile(r"^(stt|tt|so tt|so thu tu|ma|ma so|ma tieu chi|so|muc)$")),
    ("name", re.compile(r"\b(tieu chi|noi dung|linh vuc|chi tieu|chi so)\b")),
    ("max", re.compile(r"^(diem|so diem)$")),
)
"""What the headings of an annex say, by the first pattern that their words (without accents) meet."""
_SINGLE = ("code", "name", "max")
_BULLET = re.compile(r"^\s*[-+*•–]\s+")
_STATES_POINTS = re.compile(r"\d\s*(?:điểm|đ)\b|%|\d\s*[x×*]|[x×*]\s*\d", re.IGNORECASE)
_POINTS_AT_END = re.compile(
    r"\s*\(?\s*(?:tối đa\s*)?([0-9]+(?:[.,][0-9]+)?)\s*(?:điểm|đ)\s*\)?\s*[:.]?$", re.IGNORECASE
)


@frozen
class Line:
    """One row of the table of criteria, column by column; every paragraph with its place.

    `points` is the number in the column of points, `row` the row itself; `is_heading` where one cell spans them all.
    """

    code: str
    name: str
    points: Fraction | None
    row: Row
    how: tuple[Cell, ...] = ()
    evidence: tuple[Cell, ...] = ()
    agency: tuple[Cell, ...] = ()
    notes: tuple[Cell, ...] = ()
    source: str = ""
    bold: bool = False
    is_heading: bool = False

    @property
    def place(self) -> str:
        return self.row.place


@frozen
class Annex:
    """The rows of the table of criteria in order, the sum that it prints, its other tables, and what is left out."""

    file: str
    lines: tuple[Line, ...]
    total: Fraction | None = None
    agency_heading: str = ""
    others: tuple[Table, ...] = ()
    around: tuple[Cell, ...] = ()
    left_out: tuple[Cell | PassedOver, ...] = ()
    tables: tuple[Table, ...] = ()


def annex_of(papers: Iterable[Paper]) -> Annex:
    """The annex in a paper; of several ways to read a file, the one whose headings say most.

    Raises BadAnnex where no table has a column of criteria and one of points, or points are not numbers.
    """
    tried = [(paper, _headed(paper)) for paper in papers]
    best, headed = max(tried, key=lambda pair: max((len(h.columns) for _, h in pair[1] if h), default=0))
    if not any(header for _, header in headed):
        raise BadAnnex([_no_table(best)])
    return _Reader(best.file).read(best, headed)


def _no_table(paper: Paper) -> Fault:
    message = Text(
        "không thấy bảng nào có dòng tiêu đề với cột tiêu chí và cột điểm (như STT, Tiêu chí, Điểm tối đa)",
        "no table has a row of headings with a column of criteria and one of points",
    )
    return Fault(message, place=paper.file)


def _headed(paper: Paper) -> list[tuple[Table, Header | None]]:
    """Each table with its headings; one that goes on from the table before it, page after page, has the same."""
    found: list[tuple[Table, Header | None]] = []
    for table in paper.tables:
        if is_appendix(table):
            found.append((table, None))
            continue
        header = find_header(table.grid(), ROLES, _used)
        before = next((known for _, known in reversed(found[-1:]) if known), None)
        if header is None and before and table.width == len(before.texts):
            header = evolve(before, start=0, end=0)
        found.append((table, header))
    return found


def _used(named: Columns) -> Columns | None:
    columns = {role: found[:1] if role in _SINGLE else found for role, found in named.items()}
    if "both" in columns and "name" not in columns:
        columns["name"] = columns["both"][:1]
    return columns if "name" in columns and columns.keys() & {"max", "how"} else None


@frozen
class _Reader:
    """Takes the tables of a paper one by one."""

    file: str
    lines: list[Line] = field(factory=list)
    totals: list[Fraction] = field(factory=list)
    above: list[Cell] = field(factory=list)
    left_out: list[Cell] = field(factory=list)
    faults: list[Fault] = field(factory=list)

    def read(self, paper: Paper, headed: list[tuple[Table, Header | None]]) -> Annex:
        first = next(header for _, header in headed if header)
        for table, header in headed:
            if header and (header.columns.keys() & {"max"} or header.texts == first.texts):
                self._table(table, header)
        if self.faults:
            raise BadAnnex(self.faults)
        others = tuple(table for table, header in headed if header is None)
        agency = " / ".join(first.texts[column] for column in first.columns.get("agency", ()))
        total = self.totals[-1] if self.totals else None
        known = paper.tables
        left: tuple[Cell | PassedOver, ...] = (*self.left_out, *paper.unread)
        return Annex(self.file, tuple(self.lines), total, agency, others, (*paper.around, *self.above), left, known)

    def _table(self, table: Table, header: Header) -> None:
        before = table.rows[: header.start]
        self.above.extend(cell for row in before for cell in row.cells if cell.text)
        begins = True
        for row in table.rows[header.end :]:
            if not any(row.words) or numbers_columns(row.words) or _repeats(row, header):
                begins = True
            else:
                self._row(row, header, begins=begins)
                begins = False

    def _row(self, row: Row, header: Header, *, begins: bool) -> None:
        line = self._line(row, header)
        kind = kind_of_total(f"{line.code} {line.name}")
        if kind and line.points is not None and not line.how:
            self._total(line, kind)
        elif begins and self.lines and _goes_on(line):
            self.lines[-1] = _joined(self.lines[-1], line)
        else:
            self.lines.append(line)

    def _total(self, line: Line, kind: str) -> None:
        if kind == "total" and line.points is not None:
            self.totals.append(line.points)
        else:
            self.left_out.extend(cell for cell in line.row.cells if cell.text)

    def _line(self, row: Row, header: Header) -> Line:
        code, name = (_one(row, header, role) for role in ("code", "name"))
        spans = _spans(row)
        if spans:
            words = spans.text
            match = NUMBERED.fullmatch(words)
            number, words = (match[1], match[2]) if match else ("", words)
            points, words = _points_at_end(words)
            notes = tuple(Cell(note, spans.place) for note in spans.notes)
            return Line(number, words, points, row, notes=notes, bold=spans.bold, is_heading=True)
        title, told = _name_and_how(name, header)
        number, words = code.text, " ".join(title)
        if not number and (match := NUMBERED.fullmatch(words)) and not _BULLET.match(words):
            number, words = match[1], match[2]
        self._left(row, header)
        lists = {role: _paragraphs(row, header, role) for role in ("how", "evidence", "agency", "note")}
        source = _one(row, header, "source").text
        points = self._points(row, header)
        if points is None and name.bold and _one(row, header, "max").covered:
            points, words = _points_at_end(words)
        footnotes = tuple(Cell(note, cell.place) for cell in row.cells for note in cell.notes)
        return Line(
            number.strip(),
            words,
            points,
            row,
            (*told, *lists["how"]),
            lists["evidence"],
            lists["agency"],
            (*lists["note"], *footnotes),
            " ".join(source.split()),
            bold=name.bold,
        )

    def _left(self, row: Row, header: Header) -> None:
        """Cells of columns whose heading says nothing that is known here."""
        used = {column for columns in header.columns.values() for column in columns}
        figures = header.columns.get("figures", ())
        for column, cell in enumerate(row.cells):
            if cell.text and (column not in used or column in figures):
                heading = header.texts[column] if column < len(header.texts) else ""
                self.left_out.append(evolve(cell, text=f"{heading}: {cell.text}" if heading else cell.text))

    def _points(self, row: Row, header: Header) -> Fraction | None:
        cell = _one(row, header, "max")
        try:
            return points_in(cell.text)
        except NumberError as error:
            self.faults.append(Fault(error.text, place=cell.place or row.place))
            return None


def _name_and_how(cell: Cell, header: Header) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """The lines of a name, and those after it in the same cell that say how it is scored.

    Such lines begin with a dash, or stand under a heading that names both; a single line of both is the name too.
    """
    lines, both = cell.lines, "both" in header.columns
    if both and len(lines) == 1:
        return lines, (evolve(cell, notes=()),) if _STATES_POINTS.search(lines[0]) else ()
    alone = "how" not in header.columns
    begins = (both or (_BULLET.match(line) and (alone or _STATES_POINTS.search(line))) for line in lines)
    first = next((place for place, told in enumerate(begins) if place and told), len(lines))
    return lines[:first], tuple(evolve(cell, text=line, notes=()) for line in lines[first:])


def _one(row: Row, header: Header, role: str) -> Cell:
    columns = header.columns.get(role, ())
    return row.cell(columns[0]) if columns else Cell(place=row.place)


def _paragraphs(row: Row, header: Header, role: str) -> tuple[Cell, ...]:
    cells = (row.cell(column) for column in header.columns.get(role, ()))
    return tuple(evolve(cell, text=line, notes=()) for cell in cells for line in cell.lines)


def _spans(row: Row) -> Cell | None:
    """The one cell of a row that is merged over all the others."""
    written = [cell for cell in row.cells if cell.text]
    covered = sum(1 for cell in row.cells if cell.covered)
    return written[0] if len(written) == 1 and covered >= max(len(row.cells) - 2, 1) else None


def _points_at_end(words: str) -> tuple[Fraction | None, str]:
    """«Cải cách thể chế (8 điểm)»: the points that a heading carries, and the words before them."""
    match = _POINTS_AT_END.search(words)
    return (points_in(match[1]), words[: match.start()].strip()) if match and match.start() else (None, words)


def _repeats(row: Row, header: Header) -> bool:
    """Whether a row only says the headings again, as the top of each page does."""
    shown = [folded(cell.under if cell.covered else cell.text) for cell in row.cells]
    said = [folded(text) for text in header.texts]
    alike = [
        one
        for one, other in zip(shown, said, strict=False)
        if one and (one == other or other.startswith(one) or other.endswith(one))
    ]
    return row.repeats or len(alike) == len([one for one in shown if one]) >= 2


def _goes_on(line: Line) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before."""
    if line.code or line.points is not None or line.is_heading:
        return False
    return not line.name or line.name[:1].islower()


def _joined(before: Line, after: Line) -> Line:
    """A row and its rest."""
    name = f"{before.name} {after.name}".strip()
    return evolve(
        before,
        name=name,
        how=_runs_on(before.how, after.how),
        evidence=_runs_on(before.evidence, after.evidence),
        agency=_runs_on(before.agency, after.agency),
        notes=_runs_on(before.notes, after.notes),
    )


def _runs_on(before: tuple[Cell, ...], after: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Paragraphs and those after them; one that a page broke in two is one again."""
    if before and after and (after[0].text[:1].islower() or after[0].text[:1].isdigit()) and not _ends(before[-1].text):
        whole = evolve(before[-1], text=f"{before[-1].text} {after[0].text}")
        return (*before[:-1], whole, *after[1:])
    return (*before, *after)


def _ends(text: str) -> bool:
    return text.rstrip().endswith((".", ";", "điểm", "đ"))


def unbulleted(text: str) -> str:
    """A paragraph without the dash before it.

    >>> unbulleted("- Từ 80% trở lên: 2 điểm")
    'Từ 80% trở lên: 2 điểm'
    """
    return _BULLET.sub("", text)
