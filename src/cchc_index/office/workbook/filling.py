"""The cells to fill in: where each stands, what it is in the submission, and what the unit has given already."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import define, field

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import Path, Text
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import Place, options_of
from cchc_index.office.formulas.program import ListPlaces, Places
from cchc_index.office.formulas.scratch import column_name
from cchc_index.office.workbook.accepting import APPRAISED, CLAIMED, accepted, points, round_of_appraisal
from cchc_index.office.workbook.given import Given
from cchc_index.office.workbook.layout import (
    EVIDENCE,
    HOW,
    LIST_FIRST_ROW,
    MAIN,
    Column,
    Kind,
    Row,
    Shape,
    path_of,
    rows_of,
)
from cchc_index.office.workbook.lists import Lists, list_name
from cchc_index.office.workbook.model import Cell, Content, Input, Look, Page, Rule
from cchc_index.points import Exact, total
from cchc_index.scoring.plans import on_request

_INPUTS = {
    FactType.COUNT: Look.COUNT_INPUT,
    FactType.AMOUNT: Look.NUMBER_INPUT,
    FactType.PERCENT: Look.PERCENT_INPUT,
    FactType.DATE: Look.DATE_INPUT,
    FactType.POINTS: Look.POINTS_INPUT,
}
NUMBER, CHECK = Text("STT", "No."), Text("Kiểm tra", "Check")
_ABOUT = {
    0: Text("Đơn vị", "Unit"),
    2: Text("Kỳ: từ", "Period: from"),
    4: Text("đến ngày", "to"),
    8: Text("Nhóm", "Group"),
    10: Text("Người thẩm định", "Appraised by"),
    12: Text("Lần", "Round"),
    14: Text("Ngày", "Day"),
}
_CHOSEN = (FactType.YES_NO, FactType.CHOICE)


@define
class Filling:
    """Places every cell to fill in, on the main page and on one page for each list of records."""

    rules: Ruleset
    given: Given
    shape: Shape
    lists: Lists
    main: Page = field(factory=lambda: Page(MAIN))
    record_pages: dict[str, Page] = field(factory=dict)
    inputs: list[Input] = field(factory=list)
    rows: list[Row] = field(init=False)
    figures: dict[str, Place] = field(factory=dict)
    claims: dict[str, Place] = field(factory=dict)
    asked: dict[str, Place] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.rows = rows_of(self.rules, self.shape)

    def places(self) -> Places:
        """Puts down every cell to fill in, and tells where they stand."""
        period_end = self._heading()
        for row in self.rows:
            self._place(row)
        for row in self.rows:
            self._accept(row)
        known = [fact for fact in self.rules.facts_by_name.values() if fact.type is FactType.RECORDS]
        lists = {fact.name: self._records(fact) for fact in known}
        return Places(self.figures, lists, self.asked, period_end, self.claims)

    def _heading(self) -> Place:
        main = self.main
        for column, label in _ABOUT.items():
            main.text(2, column, label.said(self.shape.lang), Look.HEAD)
        self._input(("don_vi",), (2, 1), Look.TEXT_INPUT)
        self._input(("ky", "tu_ngay"), (2, 3), Look.DATE_INPUT)
        self._input(("nhom",), (2, 9), Look.TEXT_INPUT)
        self._input(("tham_dinh", "nguoi"), (2, 11), Look.REASON_INPUT)
        self._input(("tham_dinh", "lan"), (2, 13), Look.REASON_INPUT)
        main.rules.append(Rule(2, 13, 2, round_of_appraisal(self.shape.lang)))
        self._input(("tham_dinh", "ngay"), (2, 15), Look.APPRAISED_DATE)
        return self._input(("ky", "den_ngay"), (2, 5), Look.DATE_INPUT)

    def _input(self, path: Path, where: tuple[int, int], look: Look, **more: Any) -> Place:
        """A cell to fill in, with what the unit has given: on the main page, unless `page` names another."""
        page, fact, default = more.get("page", self.main), more.get("fact"), more.get("default", "")
        value = self.given.get(path)
        content: Content = value
        list_row = 0
        if fact and fact.type in _CHOSEN:
            list_row = self.lists.starts[list_name(fact)]
            content = None if value is None else dict(options_of(fact))[str(value)]
        if default and value is None:
            claimed = self.claimed(self.rules[str(path[1])])
            content = "" if claimed is None else claimed
        page.put(*where, Cell(content, default if value is None else "", look, is_input=True))
        self.inputs.append(Input(path, page.name, *where, fact, default))
        return Place(page.name, *where, value, list_row)

    def _place(self, row: Row) -> None:
        """The cells to fill in of one row of the main page."""
        number, code = row.number, row.code
        if row.kind is Kind.HEADING:
            return
        if row.kind is Kind.FIGURE and row.fact:
            look = _INPUTS.get(row.fact.type, Look.TEXT_INPUT)
            place = self._input(path_of(row.fact), (number, Column.FIGURE.value), look, fact=row.fact)
            self.figures |= {row.fact.name: place} if row.fact.type is not FactType.LABEL else {}
        for key, column in EVIDENCE.items() if row.criterion else ():
            look = Look.DATE_INPUT if key == "ngay" else Look.TEXT_INPUT
            self._input(("tai_lieu", code, row.document, key), (number, column.value), look)
        self._input(("ghi_chu", code or row.label, number), (number, Column.NOTE.value), Look.TEXT_INPUT)
        if row.kind is Kind.CRITERION and row.criterion:
            self._claim(row.criterion, number)
            self._appraised(row.criterion, number)
            if on_request(row.criterion):
                where = (number, Column.EXEMPTION.value)
                self.asked[code] = self._input(("khong_danh_gia", code), where, Look.TEXT_INPUT)

    def _accept(self, row: Row) -> None:
        """What the cell of a figure accepts; those that it is held to have been placed by now."""
        if row.fact and row.fact.name in self.figures:
            cells = {name: f"{Column.FIGURE.letter}{place.row + 1}" for name, place in self.figures.items()}
            options = accepted(row.fact, cells[row.fact.name], cells, self.rules.facts_by_name, self.shape.lang)
            self.main.rules.append(Rule(row.number, Column.FIGURE.value, row.number, options))

    # -- claims ------------------------------------------------------------------------------------------------------

    def _claim(self, criterion: Criterion, row: int) -> None:
        """A claim; that of a criterion with parts adds theirs up until somebody types over it."""
        parts = [(child, 1) for child in criterion.children]
        default = self.sum_in(Column.CLAIM, parts) if parts else ""
        where = (row, Column.CLAIM.value)
        self.claims[criterion.code] = self._input(
            ("tu_cham", criterion.code), where, Look.POINTS_INPUT, default=default
        )
        self.main.rules.append(Rule(row, Column.CLAIM.value, row, points(CLAIMED, self.shape.lang)))

    def _appraised(self, criterion: Criterion, row: int) -> None:
        """What whoever appraises awards, and why; points are awarded where they are scored, not to their sums."""
        if criterion.children:
            return
        path = ("tham_dinh", criterion.code)
        self._input((*path, "diem"), (row, Column.APPRAISED.value), Look.APPRAISED_INPUT)
        self._input((*path, "ly_do"), (row, Column.REASON.value), Look.REASON_INPUT)
        self.main.rules.append(Rule(row, Column.APPRAISED.value, row, points(APPRAISED, self.shape.lang)))

    def sum_in(self, column: Column, signed: Sequence[tuple[Criterion, int]]) -> str:
        """The formula of the sum of some cells of a column of points, where all of them hold numbers."""
        rows = {row.code: row.number for row in self.rows if row.kind is Kind.CRITERION}
        cells = [(f"{column.letter}{rows[one.code] + 1}", sign) for one, sign in signed]
        total_of = "".join(("-" if sign < 0 else "+") + cell for cell, sign in cells).removeprefix("+")
        counted = "+".join(f"COUNT({','.join(some)})" for some in _in_parts([cell for cell, _ in cells]))
        return f'IF({counted}={len(cells)},ROUND({total_of},4),"")'

    def claimed(self, criterion: Criterion) -> Exact | None:
        """What stands in the cell of a claim: its own, else the sum of those of its parts."""
        own = self.given.get(("tu_cham", criterion.code))
        if own is not None and not isinstance(own, str):
            return own
        return _summed([self.claimed(child) for child in criterion.children])

    def appraised(self, criterion: Criterion) -> Exact | None:
        """The points awarded to a criterion, or those of its parts added up."""
        own = self.given.get(("tham_dinh", criterion.code, "diem"))
        if own is not None and not isinstance(own, str):
            return own
        return _summed([self.appraised(child) for child in criterion.children])

    # -- records -----------------------------------------------------------------------------------------------------

    def _records(self, fact: Fact) -> ListPlaces:
        """A page of records: one row for each, one column for each field."""
        page = Page(_page_name(fact, [MAIN, HOW, *(one.name for one in self.record_pages.values())]))
        self.record_pages[fact.name] = page
        room = self.shape.records
        told = Text(f"mỗi dòng một bản ghi, tối đa {room} dòng", f"a record on each row, at most {room} rows")
        page.text(0, 0, f"{fact.label}: {told.said(self.shape.lang)}", Look.TITLE)
        number, check = (text.said(self.shape.lang) for text in (NUMBER, CHECK))
        heads = [number, *(one.label for one in fact.fields), check]
        for column, head in enumerate(heads):
            page.text(LIST_FIRST_ROW - 1, column, head, Look.HEAD)
            page.widths[column] = 28 if column == len(heads) - 1 else max(16, min(30, len(head))) if column else 6
        rows = [dict(self._record(fact, page, number)) for number in range(self.shape.records)]
        for column, one in enumerate(fact.fields, start=1):
            if one.type is not FactType.LABEL:
                self._accept_field(fact, one, page, column)
        helpers = len(heads) + 1
        page.hidden_columns = (helpers, helpers + 199)
        return ListPlaces(page.name, tuple(rows), helpers)

    def _record(self, fact: Fact, page: Page, number: int) -> Iterator[tuple[str, Place]]:
        row = LIST_FIRST_ROW + number
        page.put(row, 0, Cell(number + 1, look=Look.ITEM))
        for column, one in enumerate(fact.fields, start=1):
            look, path = _INPUTS.get(one.type, Look.TEXT_INPUT), ("so_lieu", fact.name, number, one.name)
            yield one.name, self._input(path, (row, column), look, page=page, fact=one)

    def _accept_field(self, fact: Fact, one: Fact, page: Page, column: int) -> None:
        """What a column of records accepts; its formulas are those of the first row, and move with the row."""
        cells = {field.name: f"{column_name(n)}{LIST_FIRST_ROW + 1}" for n, field in enumerate(fact.fields, start=1)}
        fields = {field.name: field for field in fact.fields}
        last = LIST_FIRST_ROW + self.shape.records - 1
        page.rules.append(
            Rule(LIST_FIRST_ROW, column, last, accepted(one, cells[one.name], cells, fields, self.shape.lang))
        )


def _summed(parts: Sequence[Exact | None]) -> Exact | None:
    """The sum of parts of which each is known."""
    known = [1 * part for part in parts if part is not None]
    return total(known) if parts and len(known) == len(parts) else None  # type: ignore[arg-type]


def _in_parts(cells: Sequence[str], most: int = 200) -> Iterator[Sequence[str]]:
    """Excel takes at most 255 arguments."""
    for start in range(0, len(cells), most):
        yield cells[start : start + most]


def _page_name(fact: Fact, taken: Sequence[str]) -> str:
    """A page named after its list: at most 31 characters, none that Excel refuses."""
    plain = "".join(letter for letter in fact.label if letter not in "[]:*?/\\'!").strip()[:26].strip() or fact.name
    first = name = plain[:1].upper() + plain[1:]
    number = 1
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{first} {number}"
    return name
