"""Read the sheet that a unit handed in, in the layouts the field uses: headings anywhere, columns by any usual name.

STT | Tiêu chí | Điểm tối đa | Điểm tự chấm | Điểm thẩm định | Ghi chú, in any order, over one to three rows.
"""

import re
from fractions import Fraction
from pathlib import Path

from attrs import field, frozen

from cchc_index.auditing.sheet import Sheet, SheetRow, folded
from cchc_index.errors import BadSheet, Fault, Text, short
from cchc_index.files.grid import Grid, GridRow, first_fault, read_grids
from cchc_index.files.headings import Columns, Header, find_header, numbers_columns
from cchc_index.files.strict import Unreadable
from cchc_index.points import Mark, NumberError, parse_number

_ROLES = (
    ("note", re.compile(r"\b(ghi chu|giai trinh|ly do|note|notes|remark)\b")),
    ("other", re.compile(r"\b(kiem chung|minh chung|cach tinh|cach cham|huong dan|evidence)\b")),
    ("max", re.compile(r"\b(toi da|diem chuan|thang diem|max|max points|maximum)\b")),
    ("appraised", re.compile(r"\b(tham dinh|hoi dong|cham lai|phuc tra|appraised|awarded)\b")),
    ("claimed", re.compile(r"\b(tu cham|tu danh gia|don vi cham|don vi danh gia|claimed|self)\b")),
    ("code", re.compile(r"^(stt|tt|so tt|so thu tu|ma|ma so|ma tieu chi|so|code|no)$")),
    ("note", re.compile(r"\b(so lieu|dien giai|thuyet minh)\b")),
    ("name", re.compile(r"\b(tieu chi|noi dung|linh vuc|chi tieu|criterion|criteria|ten|name)\b")),
    ("plain", re.compile(r"^(diem|so diem|diem dat|diem dat duoc|ket qua|points)$")),
)
_TOTAL = re.compile(r"(tong( so)?( diem)?( cong)?|cong|total)( chung| toan bo)?(?P<rest>( .*)?)")
_NUMERALS = re.compile(r"( ([ivx]+|[0-9]+|[a-h]))*")
_NOT_ASSESSED = {"khong ap dung", "kad", "khong danh gia", "khong phat sinh", "n a", "not applicable"}
_BLANK = {"", "-", "–", "—", "…", "..."}
_UNIT = re.compile(r"\s*(điểm|đ)\.?$", re.IGNORECASE)
NUMBERED = re.compile(r"([IVX]{1,6}|\d{1,3}(?:\.\d{1,3})*|[a-zđ])(?:[.):]|\s*[-–])*\s+(\S.*)", re.DOTALL)


def read_sheet(path: str | Path, worksheet: str = "") -> Sheet:
    """A claimed sheet from CSV, JSON, YAML or Excel (the extra `excel`).

    Rows after the row of headings are criteria; a row of totals («Tổng điểm», «Tổng cộng») is kept apart, and rows with
    points that are neither are named in `passed_over`. An empty cell is no points, never 0. `worksheet` names the one
    to read where several hold such a table.

    Raises BadSheet with every fault, each with its file, worksheet and cell.
    """
    file = Path(path)
    try:
        grids = read_grids(file)
        grid, header = _table_in(grids, worksheet, file.name)
        return _sheet(grid, header)
    except Unreadable as problem:
        raise BadSheet(problem.faults) from None


def _table_in(grids: list[Grid], worksheet: str, file: str) -> tuple[Grid, Header]:
    """The table whose headings say most; two worksheets that both hold one must be told apart by name."""
    found = [(grid, header) for grid in grids if (header := header_of(grid)) and worksheet in ("", grid.name)]
    if not found:
        wanted = Text(
            "không thấy dòng tiêu đề có cột tiêu chí và cột điểm (như STT, Tiêu chí, Điểm tối đa, Điểm tự chấm)",
            "no row of headings with a column of criteria and one of points",
        )
        lacking = Fault(wanted, place=f"{file}, {worksheet}" if worksheet else file)
        raise Unreadable([first_fault(grids, lacking)])
    names = [grid.name for grid, _ in found if grid.name]
    if len(names) > 1:
        listed = ", ".join(f"«{name}»" for name in names)
        message = Text(
            f"nhiều trang tính có bảng điểm: {listed}; chọn một", f"several worksheets: {listed}; choose one"
        )
        raise Unreadable([Fault(message, place=file)])
    return max(found, key=lambda pair: len(pair[1].columns))


def header_of(grid: Grid) -> Header | None:
    """The headings of a claimed sheet; None where no row names both criteria and points."""
    return find_header(grid, _ROLES, _used)


def _used(named: Columns) -> Columns | None:
    columns = {role: found if role in ("note", "appraised") else found[:1] for role, found in named.items()}
    if "claimed" not in columns and "plain" in columns:
        columns["claimed"] = columns["plain"]
    used = {role: found for role, found in columns.items() if role not in ("plain", "other")}
    has_both = used.keys() & {"code", "name"} and used.keys() & {"claimed", "appraised", "max"}
    return used if has_both else None


def _sheet(grid: Grid, header: Header) -> Sheet:
    reader = _Reader(header)
    for row in grid.rows[header.end :]:
        if any(row.cells) and not numbers_columns(row.cells):
            reader.take(row)
    if reader.faults:
        raise Unreadable(reader.faults)
    total = reader.totals[-1] if reader.totals else None
    before = tuple(f"{row.place}: {row.name}" for row in reader.totals[:-1])
    return Sheet(tuple(reader.rows), total, passed_over=(*before, *reader.passed_over))


@frozen
class _Reader:
    """Takes the rows under the headings one by one."""

    header: Header
    rows: list[SheetRow] = field(factory=list)
    totals: list[SheetRow] = field(factory=list)
    passed_over: list[str] = field(factory=list)
    faults: list[Fault] = field(factory=list)

    def take(self, row: GridRow) -> None:
        code, name = self._text(row, "code"), self._text(row, "name")
        kind = kind_of_total(f"{code} {name}")
        if not code and (match := NUMBERED.fullmatch(name)):
            code, name = match[1], match[2]
        claimed = self._text(row, "claimed")
        left_out = claimed if folded(claimed) in _NOT_ASSESSED else ""
        known = SheetRow(
            code,
            name,
            self._points(row, "max"),
            None if left_out else self._points(row, "claimed"),
            self._points(row, "appraised"),
            "\n".join(row.cell(column) for column in self.header.columns.get("note", ()) if row.cell(column)),
            left_out,
            row.place,
        )
        self._place(known, kind)

    def _place(self, row: SheetRow, kind: str) -> None:
        if kind == "total":
            self.totals.append(row)
        elif kind == "part" and row.has_points:
            self.passed_over.append(f"{row.place}: {row.code or row.name}")
        elif row.code or (row.name and (row.has_points or row.not_assessed)):
            self.rows.append(row)
        elif row.has_points:
            message = Text("dòng có điểm mà không có mã và tên tiêu chí", "points without a code or a name")
            self.faults.append(Fault(message, place=row.place))

    def _text(self, row: GridRow, role: str) -> str:
        return next((row.cell(column) for column in self.header.columns.get(role, ()) if row.cell(column)), "")

    def _points(self, row: GridRow, role: str) -> Fraction | None:
        """The last number of the columns of a role: a second appraisal counts before a first."""
        found = None
        for column in self.header.columns.get(role, ()):
            try:
                points = points_in(row.cell(column))
            except NumberError as error:
                self.faults.append(Fault(error.text, place=f"{row.place}, {_letter(column)}"))
            else:
                found = found if points is None else points
        return found


def kind_of_total(text: str) -> str:
    """`total` for a row of totals, `part` for the sum of some of the rows, else nothing."""
    match = _TOTAL.fullmatch(folded(text))
    if match is None:
        return ""
    return "total" if _NUMERALS.fullmatch(match["rest"]) else "part"


def points_in(text: str) -> Fraction | None:
    """The points in a cell: decimal comma or point, with or without «điểm»; None for an empty one or a dash.

    A sheet has no thousands of points, so that 1.125 is one and an eighth. Raises NumberError.

    >>> points_in("1,25 điểm"), points_in("1.125"), points_in("–")
    (Fraction(5, 4), Fraction(9, 8), None)
    """
    bare = _UNIT.sub("", text.strip()).replace("−", "-")
    if bare in _BLANK:
        return None
    if "%" in bare:
        raise NumberError(Text(f"«{short(text)}»: cần số điểm, không phải tỷ lệ", f"«{short(text)}»: expected points"))
    mark: Mark = "," if "," in bare else "."
    return parse_number(bare, mark=mark)


def _letter(column: int) -> str:
    """The letter of a column, as spreadsheets count: A, B, … Z, AA."""
    high, low = divmod(column, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)
