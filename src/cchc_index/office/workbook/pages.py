"""The pages of the scoring workbook: the sheet to fill in, lists of records, the sentences behind the rules, and the
hidden pages of workings, lists, checks and marks."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import define, field

from cchc_index.canonical import digest
from cchc_index.criteria import AdjustmentKind, Criterion, Ruleset, Scope
from cchc_index.errors import Path
from cchc_index.facts import Submission
from cchc_index.measures import DayOfYear, Fact, FactType
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import Expr
from cchc_index.office.formulas.inputs import LISTS, Place, options_of, range_of
from cchc_index.office.formulas.program import CHECKS, Flag, ListPlaces, Places, Program, Shown, compiled
from cchc_index.office.formulas.scratch import WORKINGS, column_name
from cchc_index.office.workbook.given import Given, given_by
from cchc_index.office.workbook.layout import (
    EVIDENCE,
    FIRST_ROW,
    HOW,
    LIST_FIRST_ROW,
    MAIN,
    Column,
    Kind,
    Row,
    Shape,
    path_of,
    rows_of,
    shape_for,
)
from cchc_index.office.workbook.model import Cell, Content, Input, Look, Page, Rule, Workbook
from cchc_index.points import Exact, show
from cchc_index.scoring.plans import on_request
from cchc_index.scoring.say import rows_of as spoken_rows
from cchc_index.scoring.say import say_basis
from cchc_index.sources import NOT_STATED

FORMAT = "cchc-index/sheet/1"
MARKS = "CCHC"
_HEADS = (
    *("STT", "Tiêu chí, tiêu chí thành phần", "Điểm tối đa", "Số liệu kê khai", "Kiểm tra", "Điểm tính"),
    *("Điểm tự chấm", "Chênh lệch", "Không đánh giá (lý do)", "Số, ký hiệu", "Ngày", "Mục", "Trang", "Ghi chú"),
)
_WIDTHS = (7, 46, 8, 13, 19, 10, 9, 9, 14, 14, 11, 7, 7, 18)
_INPUTS = {
    FactType.COUNT: Look.COUNT_INPUT,
    FactType.AMOUNT: Look.NUMBER_INPUT,
    FactType.PERCENT: Look.PERCENT_INPUT,
    FactType.DATE: Look.DATE_INPUT,
    FactType.POINTS: Look.POINTS_INPUT,
}
SCALE = 10_000


def workbook(rules: Ruleset, unit: Submission | None = None, shape: Shape | None = None) -> Workbook:
    """The scoring workbook of a ruleset, filled in with what a unit has handed in.

    Raises BadSubmission for figures that are wrong or that a cell cannot hold exactly.
    """
    given = given_by(rules, unit) if unit else {}
    return _Composer(rules, given, shape or shape_for(rules, unit)).workbook()


@define
class _Composer:
    rules: Ruleset
    given: Given
    shape: Shape
    main: Page = field(factory=lambda: Page(MAIN))
    lists: Page = field(factory=lambda: Page(LISTS, is_hidden=True))
    record_pages: dict[str, Page] = field(factory=dict)
    inputs: list[Input] = field(factory=list)
    names: dict[str, str] = field(factory=dict)
    list_rows: dict[str, int] = field(factory=dict)
    figures: dict[str, Place] = field(factory=dict)
    claims: dict[str, Place] = field(factory=dict)
    asked: dict[str, Place] = field(factory=dict)

    def workbook(self) -> Workbook:
        rows = rows_of(self.rules, self.shape)
        self._messages()
        for fact in self._choices():
            self._options(fact)
        period_end = self._heading()
        for row in rows:
            self._place(row)
        lists = {fact.name: self._list_places(fact) for fact in self._record_facts()}
        program = compiled(self.rules, Places(self.figures, lists, self.asked, period_end, self.claims))
        for number, text in enumerate(program.holes, start=len(states.SAID)):
            self.lists.put(number, 0, Cell(program.holes[text]))
            self.lists.text(number, 1, text)
        self._rows(rows, program)
        self._totals(rows, program)
        pages = (self.main, *self.record_pages.values(), self._how(), *self._hidden(program, rows))
        return Workbook(self.rules.title, pages, tuple(self.inputs), dict(self.names))

    # -- lists -------------------------------------------------------------------------------------------------------

    def _messages(self) -> None:
        for number, (state, said) in enumerate(states.SAID.items()):
            self.lists.put(number, 0, Cell(state))
            self.lists.text(number, 1, said.vi)

    def _choices(self) -> Iterator[Fact]:
        declared = [*self.rules.facts_by_name.values(), *(f for one in self._record_facts() for f in one.fields)]
        yield from (fact for fact in declared if fact.type in (FactType.YES_NO, FactType.CHOICE))

    def _record_facts(self) -> list[Fact]:
        return [fact for fact in self.rules.facts_by_name.values() if fact.type is FactType.RECORDS]

    def _options(self, fact: Fact) -> None:
        """The options of a list, below the messages and room for every hole; yes and no stand there once."""
        key = "co_khong" if fact.type is FactType.YES_NO else fact.name
        if key not in self.list_rows:
            used = [row for row, _ in self.lists.cells]
            first = max([*used, len(states.SAID) + self._hole_count()]) + 2
            options = options_of(fact)
            for number, (name, label) in enumerate(options):
                self.lists.text(first + number, 0, name)
                self.lists.text(first + number, 1, label)
            self.names[f"DS_{key}"] = f"{LISTS}!$B${first + 1}:$B${first + len(options)}"
            self.list_rows[key] = first
        self.list_rows[fact.name] = self.list_rows[key]

    def _hole_count(self) -> int:
        return sum(len(criterion.notes) for criterion in self.rules.walk())

    # -- where things stand ------------------------------------------------------------------------------------------

    def _heading(self) -> Place:
        rules, main = self.rules, self.main
        main.text(0, 0, f"BẢNG TỰ CHẤM: {rules.title}", Look.TITLE)
        sample = "BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT · " if rules.scope is Scope.SAMPLE else ""
        told = f"{sample}Bộ tiêu chí {rules.full_id}. Điền các ô nền vàng; ô khác đã khóa và tự tính."
        main.text(1, 0, told, Look.NOTICE)
        main.text(2, 0, "Đơn vị", Look.HEAD)
        self._input(("don_vi",), MAIN, 2, 1, Look.TEXT_INPUT)
        main.text(2, 2, "Kỳ: từ", Look.HEAD)
        self._input(("ky", "tu_ngay"), MAIN, 2, 3, Look.DATE_INPUT)
        main.text(2, 4, "đến ngày", Look.HEAD)
        end = self._input(("ky", "den_ngay"), MAIN, 2, 5, Look.DATE_INPUT)
        main.text(2, 8, "Nhóm", Look.HEAD)
        self._input(("nhom",), MAIN, 2, 9, Look.TEXT_INPUT)
        return end

    def _input(
        self, path: Path, page: str, row: int, column: int, look: Look, fact: Fact | None = None, default: str = ""
    ) -> Place:
        """A cell to fill in, with what the unit has given."""
        value = self.given.get(path)
        content: Content = value
        if default and value is None:
            content = self._sum_of_claims(self.rules[str(path[1])])
        list_row = 0
        if fact and fact.type in (FactType.YES_NO, FactType.CHOICE):
            list_row = self.list_rows[fact.name]
            content = None if value is None else dict(options_of(fact))[str(value)]
        where = self.main if page == MAIN else self.record_pages[page]
        where.put(row, column, Cell(content, default if value is None else "", look, is_input=True))
        self.inputs.append(Input(path, page, row, column, fact, default))
        return Place(page, row, column, value, list_row)

    def _place(self, row: Row) -> None:
        """The input cells of one row of the main sheet."""
        number, code = row.number, row.code
        if row.kind is Kind.FIGURE and row.fact:
            look = _INPUTS.get(row.fact.type, Look.TEXT_INPUT)
            place = self._input(path_of(row.fact), MAIN, number, Column.FIGURE.value, look, row.fact)
            if row.fact.type is not FactType.LABEL:
                self.figures[row.fact.name] = place
            self._accepts(row.fact, MAIN, number, Column.FIGURE.value, number)
        if row.kind is Kind.HEADING:
            return
        if row.criterion:
            self._documents(row)
        self._input(("ghi_chu", code or row.label, number), MAIN, number, Column.NOTE.value, Look.TEXT_INPUT)
        if row.kind is Kind.CRITERION and row.criterion:
            self._claim(row.criterion, number)
            if on_request(row.criterion):
                where = ("khong_danh_gia", code)
                self.asked[code] = self._input(where, MAIN, number, Column.EXEMPTION.value, Look.TEXT_INPUT)

    def _claim(self, criterion: Criterion, row: int) -> None:
        """A claim; that of a criterion with parts adds theirs up until somebody types over it."""
        default = ""
        if criterion.children:
            rows = {one.code: one.number for one in rows_of(self.rules, self.shape) if one.kind is Kind.CRITERION}
            cells = [f"{column_name(Column.CLAIM.value)}{rows[child.code] + 1}" for child in criterion.children]
            default = _sum_if_whole([(cell, 1) for cell in cells])
        place = self._input(
            ("tu_cham", criterion.code), MAIN, row, Column.CLAIM.value, Look.POINTS_INPUT, default=default
        )
        self.claims[criterion.code] = place
        limits = {"validate": "decimal", "criteria": "between", "minimum": -9_999, "maximum": 9_999}
        told = {"error_title": "Điểm tự chấm", "error_message": "Cần một số điểm, như 1,5."}
        self.main.rules.append(Rule(row, Column.CLAIM.value, row, limits | told))

    def _documents(self, row: Row) -> None:
        for key, column in EVIDENCE.items():
            look = Look.DATE_INPUT if key == "ngay" else Look.TEXT_INPUT
            self._input(("tai_lieu", row.code, row.document, key), MAIN, row.number, column.value, look)

    def _list_places(self, fact: Fact) -> ListPlaces:
        """A page of records: one row for each, one column for each field."""
        name = _page_name(fact, [MAIN, HOW, *self.record_pages])
        page = self.record_pages[name] = Page(name)
        page.text(0, 0, f"{fact.label}: mỗi dòng một bản ghi, tối đa {self.shape.records} dòng", Look.TITLE)
        page.text(LIST_FIRST_ROW - 1, 0, "STT", Look.HEAD)
        page.widths = {0: 6}
        rows = []
        for number in range(self.shape.records):
            row = LIST_FIRST_ROW + number
            page.put(row, 0, Cell(number + 1, look=Look.ITEM))
            places = {}
            for column, one in enumerate(fact.fields, start=1):
                look = _INPUTS.get(one.type, Look.TEXT_INPUT)
                places[one.name] = self._input(("so_lieu", fact.name, number, one.name), name, row, column, look, one)
            rows.append(places)
        for column, one in enumerate(fact.fields, start=1):
            page.text(LIST_FIRST_ROW - 1, column, one.label, Look.HEAD)
            page.widths[column] = max(16, min(30, len(one.label)))
            if one.type is not FactType.LABEL:
                self._accepts(one, name, LIST_FIRST_ROW, column, LIST_FIRST_ROW + self.shape.records - 1)
        page.text(LIST_FIRST_ROW - 1, len(fact.fields) + 1, "Kiểm tra", Look.HEAD)
        page.widths[len(fact.fields) + 1] = 28
        helpers = len(fact.fields) + 3
        page.hidden_columns = (helpers, helpers + 199)
        return ListPlaces(name, tuple(rows), helpers)

    # -- what cells accept -------------------------------------------------------------------------------------------

    def _accepts(self, fact: Fact, page: str, row: int, column: int, last_row: int) -> None:
        where = self.main if page == MAIN else self.record_pages[page]
        where.rules.append(Rule(row, column, last_row, self._validation(fact, page, row, column)))

    def _validation(self, fact: Fact, page: str, row: int, column: int) -> dict[str, object]:
        told: dict[str, object] = {"error_title": "Số liệu chưa đúng", "input_title": fact.label[:32]}
        if fact.type in (FactType.YES_NO, FactType.CHOICE):
            key = "co_khong" if fact.type is FactType.YES_NO else fact.name
            return told | {
                "validate": "list",
                "source": f"=DS_{key}",
                "input_message": "Chọn từ danh sách.",
                "error_message": "Chọn một mục của danh sách.",
            }
        limits, kind = range_of(fact), "integer" if range_of(fact).places == 0 else "decimal"
        kind = "date" if fact.type is FactType.DATE else kind
        wanted = _wanted(fact)
        told |= {"input_message": wanted, "error_message": wanted}
        parts = self._parts_of(fact, page, row, column)
        if parts:
            cell = f"{column_name(column)}{row + 1}"
            whole = f",{cell}=INT({cell})" if kind == "integer" else ""
            tests = f"ISNUMBER({cell}),{cell}>={limits.low},{cell}<={limits.high}{whole},{cell}>=MAX({','.join(parts)})"
            return told | {"validate": "custom", "value": f"=AND({tests})"}
        most: object = limits.high
        whole_cell = self._cell_of(fact.part_of, page, row) if fact.part_of else ""
        if whole_cell:
            most = f"={whole_cell}"
        return told | {"validate": kind, "criteria": "between", "minimum": limits.low, "maximum": most}

    def _parts_of(self, fact: Fact, page: str, row: int, column: int) -> list[str]:
        """The cells of the figures that are part of this one."""
        if page != MAIN:
            return []
        known = [one for one in self.rules.facts_by_name.values() if one.part_of == fact.name]
        return [cell for one in known if (cell := self._cell_of(one.name, page, row))]

    def _cell_of(self, name: str | None, page: str, _row: int) -> str:
        """The cell of a figure on the main sheet, whether it has been placed already or not."""
        if page != MAIN:
            return ""
        rows = {row.fact.name: row.number for row in rows_of(self.rules, self.shape) if row.fact}
        return f"{column_name(Column.FIGURE.value)}{rows[name] + 1}" if name in rows else ""

    # -- what the rows show ------------------------------------------------------------------------------------------

    def _rows(self, rows: Sequence[Row], program: Program) -> None:
        shown = {one.criterion.code: one for one in program.shown}
        for column, head in enumerate(_HEADS):
            self.main.text(FIRST_ROW - 1, column, head, Look.HEAD)
            self.main.text(FIRST_ROW - 2, column, "", Look.HEAD)
            self.main.widths[column] = _WIDTHS[column]
        self.main.text(FIRST_ROW - 2, Column.NUMBER.value, "Tài liệu kiểm chứng", Look.HEAD)
        self.main.merged.append((FIRST_ROW - 2, Column.NUMBER.value, Column.PAGE.value))
        for row in rows:
            self._labels(row)
            if row.kind is Kind.CRITERION:
                self._criterion(row, shown[row.code])
            if row.kind is Kind.FIGURE and row.fact and row.fact.name in program.figures:
                self._checked(row.number, program.figures[row.fact.name].state)
            if row.kind is Kind.LIST and row.fact:
                self._list(row, program)
            if row.kind is Kind.FIXED and row.fact:
                given = row.fact.given
                self.main.put(row.number, Column.FIGURE.value, Cell(_said_day(given), look=Look.FIXED))
        for name, states_of_rows in program.row_states.items():
            self._row_checks(name, states_of_rows)

    def _labels(self, row: Row) -> None:
        look = Look.HEADING if row.kind is Kind.HEADING else Look.ITEM
        if row.kind is Kind.CRITERION and row.criterion and row.criterion.children:
            look = Look.AREA
        for column in Column:
            if (row.number, column.value) not in self.main.cells:
                self.main.text(row.number, column.value, "", look)
        indent = "    " * row.depth if row.kind is not Kind.CRITERION else ""
        self.main.text(row.number, Column.CODE.value, row.code if row.kind is Kind.CRITERION else "", look)
        self.main.text(row.number, Column.NAME.value, indent + row.label, look)

    def _criterion(self, row: Row, shown: Shown) -> None:
        is_area = bool(row.criterion and row.criterion.children)
        look = Look.AREA_POINTS if is_area else Look.POINTS
        put, number = self.main.put, row.number
        put(number, Column.MAXIMUM.value, points_cell(shown.max_state, shown.maximum, look))
        put(number, Column.POINTS.value, points_cell(shown.state, shown.points, look))
        put(number, Column.CHECK.value, self._message(shown.state, shown.is_left_out))
        claim, points = (f"{column_name(one.value)}{number + 1}" for one in (Column.CLAIM, Column.POINTS))
        given = self.given.get(("tu_cham", row.code))
        text = f'IF(ISNUMBER({claim}),IF(ISNUMBER({points}),ROUND({claim}-{points},4),""),IF(ISBLANK({claim}),"",IF({claim}="","","là chữ")))'
        put(number, Column.DIFFERENCE.value, Cell(_difference(given, shown), text, look))

    def _message(self, state: Expr, left_out: Expr) -> Cell:
        told = states.SAID | dict.fromkeys(())
        text = f'IF({state}>0,{self._lookup(state)},IF({left_out}=1,"không đánh giá",""))'
        value = self._said(state.number) if state.number else ("không đánh giá" if left_out.number else "")
        del told
        return Cell(value, text, Look.CHECK)

    def _lookup(self, state: Expr) -> str:
        last = len(states.SAID) + self._hole_count()
        return f"INDEX({LISTS}!$B$1:$B${last},MATCH({state},{LISTS}!$A$1:$A${last},0))"

    def _said(self, state: int) -> str:
        row = next(row for (row, column), cell in self.lists.cells.items() if column == 0 and cell.value == state)
        return str(self.lists.cells[row, 1].value)

    def _checked(self, row: int, state: Expr, page: Page | None = None, column: int = Column.CHECK.value) -> None:
        missing = f'IF({state}={states.MISSING},"chưa điền",{self._lookup(state)})'
        value = "" if not state.number else "chưa điền" if state.number == states.MISSING else self._said(state.number)
        (page or self.main).put(row, column, Cell(value, f'IF({state}=0,"",{missing})', Look.CHECK))

    def _list(self, row: Row, program: Program) -> None:
        assert row.fact
        rows, places = program.records[row.fact.name], self._page_of(row.fact)
        used = [cell for cell in rows.used]
        count = sum(cell.number for cell in used)
        text = f"SUM({used[0]}:{used[-1].text.rpartition('!')[2]})"
        self.main.put(row.number, Column.FIGURE.value, Cell(count, text, Look.FIXED))
        self.main.text(row.number, Column.CHECK.value, f"bản ghi, ở trang «{places}»", Look.CHECK)

    def _page_of(self, fact: Fact) -> str:
        return next(one.page for one in self.inputs if one.path[:2] == ("so_lieu", fact.name) and len(one.path) == 4)

    def _row_checks(self, name: str, states_of_rows: Sequence[Expr]) -> None:
        fact = self.rules.facts_by_name[name]
        page = self.record_pages[self._page_of(fact)]
        for number, state in enumerate(states_of_rows):
            self._checked(LIST_FIRST_ROW + number, state, page, len(fact.fields) + 1)

    # -- totals ------------------------------------------------------------------------------------------------------

    def _totals(self, rows: Sequence[Row], program: Program) -> None:
        whole, main, row = program.whole, self.main, FIRST_ROW + len(rows)
        for label, look in (("TỔNG ĐIỂM", Look.AREA), ("CHỈ SỐ", Look.AREA), ("XẾP LOẠI", Look.AREA)):
            for column in Column:
                main.text(row, column.value, label if column is Column.NAME else "", look)
            row += 1
        row -= 3
        points = points_cell(whole.state, whole.points, Look.AREA_POINTS)
        main.put(row, Column.POINTS.value, points)
        main.put(row, Column.MAXIMUM.value, points_cell(whole.max_state, program.maximum, Look.AREA_POINTS))
        main.put(row, Column.CHECK.value, self._message(whole.state, Expr("0", 0)))
        claims = self._claimed_total(rows, program.bad)
        main.put(row, Column.CLAIM.value, claims)
        index = points_cell(whole.index_state, whole.index, Look.PERCENT)
        main.put(row + 1, Column.POINTS.value, index)
        main.put(row + 2, Column.POINTS.value, self._grade(program))
        self._summary(row, program)

    def _claimed_total(self, rows: Sequence[Row], bad: Expr) -> Cell:
        """The claims added up, where every one is there and no cell is wrong."""
        numbers = {row.code: row.number for row in rows if row.kind is Kind.CRITERION}
        column = column_name(Column.CLAIM.value)
        signs = [(one.code, 1) for one in self.rules.criteria]
        kinds = {one.criterion.code: one.kind for one in self.rules.adjustments}
        signs += [(code, -1 if kind is AdjustmentKind.PENALTY else 1) for code, kind in kinds.items()]
        text = _sum_if_whole([(f"{column}{numbers[code] + 1}", sign) for code, sign in signs])
        return Cell(self._claimed(signs), f'IF({bad}>0,"",{text})', Look.AREA_POINTS)

    def _claimed(self, signs: Sequence[tuple[str, int]]) -> Content:
        claimed = [self._claim_of(self.rules[code]) for code, _ in signs]
        if None in claimed:
            return ""
        return sum((Fraction(one or 0) * sign for one, (_, sign) in zip(claimed, signs, strict=True)), Fraction(0))

    def _sum_of_claims(self, criterion: Criterion) -> Content:
        total = self._claim_of(criterion)
        return "" if total is None else total

    def _claim_of(self, criterion: Criterion) -> Exact | None:
        """What stands in the cell of a claim: its own, else the sum of those of its parts."""
        own = self.given.get(("tu_cham", criterion.code))
        if own is not None and not isinstance(own, str):
            return own
        parts = [self._claim_of(child) for child in criterion.children]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if parts and len(known) == len(parts) else None

    def _grade(self, program: Program) -> Cell:
        whole, names = program.whole, [grade.name for scale in self.rules.scales for grade in scale.grades]
        state, grade = whole.state, whole.grade
        told = ",".join('"' + name.replace('"', '""')[:200] + '"' for name in ["không quy định", *names])
        known = f'IF({grade}<0,"–",IF({state}=0,CHOOSE({grade}+1,{told}),"không quy định"))'
        text = f'IF({state}>{states.SILENT},"",{known})'
        if state.number > states.SILENT:
            value = ""
        elif grade.number < 0:
            value = "–"
        else:
            value = ["không quy định", *names][0 if state.number else grade.number]
        return Cell(value, text, Look.RESULT)

    def _summary(self, row: int, program: Program) -> None:
        """The line above the table: what is wrong and where, else the total."""
        main, whole, bad = self.main, program.whole, program.bad
        first = f"INDEX({CHECKS}!$B$1:$B${len(program.flags)},MATCH(1,{CHECKS}!$A$1:$A${len(program.flags)},0))"
        open_one = (
            f'IF({whole.state}=0,"Số liệu đủ và đúng dạng.","Chưa có tổng điểm: "&{self._lookup(whole.state)}&".")'
        )
        text = f'IF({bad}>0,"Có "&{bad}&" ô cần sửa, ô đầu tiên: "&{first}&".",{open_one})'
        value = (
            "Số liệu đủ và đúng dạng."
            if not whole.state.number
            else f"Chưa có tổng điểm: {self._said(whole.state.number)}."
        )
        main.put(3, 0, Cell("Kiểm tra", look=Look.HEAD))
        main.put(3, 1, Cell(value, text, Look.RESULT))
        points, index, grade = (f"{column_name(Column.POINTS.value)}{row + n}" for n in (1, 2, 3))
        for column, label, cell in ((4, "Tổng điểm", points), (6, "Chỉ số", index), (8, "Xếp loại", grade)):
            main.text(3, column, label, Look.HEAD)
            below = main.cells[int(cell[1:]) - 1, Column.POINTS.value]
            main.put(3, column + 1, Cell(below.value, cell, Look.PERCENT if label == "Chỉ số" else Look.RESULT))

    # -- the other pages ---------------------------------------------------------------------------------------------

    def _how(self) -> Page:
        """The sentence behind each rule."""
        page = Page(HOW, widths={0: 8, 1: 34, 2: 9, 3: 66, 4: 30, 5: 22})
        for column, head in enumerate(("Mã", "Tiêu chí", "Tối đa", "Cách chấm theo văn bản", "Kiểm chứng", "Nguồn")):
            page.text(0, column, head, Look.HEAD)
        for row, criterion in enumerate(self.rules.walk(), start=1):
            whole = criterion.max_points
            texts = (
                criterion.code,
                criterion.name,
                "không quy định" if whole is NOT_STATED else show(whole),
                "\n".join(self._sentences(criterion)),
                "\n".join(criterion.evidence),
                str(criterion.citation),
            )
            for column, text in enumerate(texts):
                page.text(row, column, text, Look.AREA if criterion.children else Look.ITEM)
        return page

    def _sentences(self, criterion: Criterion) -> Iterator[str]:
        if criterion.sentence is not NOT_STATED:
            yield say_basis(criterion.sentence).vi
        if criterion.rule is not NOT_STATED:
            for words, basis in spoken_rows(criterion.rule, self.rules.facts_by_name):
                yield words.vi + ("" if basis is NOT_STATED else f" — {say_basis(basis).vi}")
        elif not criterion.children:
            yield "văn bản không quy định cách chấm"

    def _hidden(self, program: Program, rows: Sequence[Row]) -> Iterator[Page]:
        workings = Page(WORKINGS, is_hidden=True)
        for one in program.formulas:
            page = workings if one.page == WORKINGS else self.record_pages[one.page]
            page.put(one.row, one.column, Cell(one.value, one.text, Look.PLAIN))
            if one.label and one.page == WORKINGS:
                page.text(one.row, 0, one.label)
        yield workings
        yield self.lists
        yield self._flags(program.flags)
        marks = Page(MARKS, is_hidden=True)
        told = [("dang", FORMAT), ("bo_tieu_chi", self.rules.id), ("phien_ban", self.rules.version)]
        told += [("dau", digest(self.rules)), ("so_ban_ghi", str(self.shape.records))]
        told += [(f"tai_lieu:{code}", str(count)) for code, count in self.shape.documents.items()]
        for row, (key, text) in enumerate(told):
            marks.text(row, 0, key)
            marks.text(row, 1, text)
        yield marks

    def _flags(self, flags: Sequence[Flag]) -> Page:
        page = Page(CHECKS, is_hidden=True)
        for row, flag in enumerate(flags):
            page.put(row, 0, Cell(flag.is_bad.number, flag.is_bad.text, Look.PLAIN))
            page.text(row, 1, f"trang '{flag.place.page}', ô {column_name(flag.place.column)}{flag.place.row + 1}")
        return page


def points_cell(state: Expr, number: Expr, look: Look) -> Cell:
    """Points where there are some, that they are not stated, or nothing."""
    shown = f"{number.factor}/{SCALE}"
    if state.is_fixed and not state.number and number.is_fixed:
        return Cell(Fraction(number.number, SCALE), look=look)
    text = f'IF({state}=0,{shown},IF({state}={states.SILENT},"không quy định",""))'
    value: Content = Fraction(number.number, SCALE) if not state.number else ""
    return Cell("không quy định" if state.number == states.SILENT else value, text, look)


def _difference(given: Exact | str | None, shown: Shown) -> Content:
    if given is None or isinstance(given, str) or shown.state.number:
        return ""
    return Fraction(round((Fraction(given) - Fraction(shown.points.number, SCALE)) * SCALE), SCALE)


def _sum_if_whole(cells: Sequence[tuple[str, int]]) -> str:
    """The sum of some cells, where all of them hold numbers."""
    count = ",".join(cell for cell, _ in cells)
    total = "".join(("-" if sign < 0 else "+") + cell for cell, sign in cells).removeprefix("+")
    return f'IF(COUNT({count})={len(cells)},ROUND({total},4),"")'


def _said_day(given: object) -> str:
    if isinstance(given, DayOfYear):
        return f"{given.day:02d}/{given.month:02d} hằng năm"
    return f"{given:%d/%m/%Y}"


def _wanted(fact: Fact) -> str:
    limits = range_of(fact)
    match fact.type:
        case FactType.DATE:
            return "Một ngày, như 30/11/2025."
        case FactType.PERCENT:
            return "Một tỷ lệ, như 86,5%."
        case FactType.POINTS | FactType.AMOUNT:
            return f"Một số có tối đa {limits.places} chữ số thập phân."
    return "Một số nguyên không âm." if limits.low == 0 else "Một số nguyên."


def _page_name(fact: Fact, taken: Sequence[str]) -> str:
    """A page named after its list: at most 31 characters, none that Excel refuses."""
    plain = "".join(letter for letter in fact.label if letter not in "[]:*?/\\'!").strip()[:28] or fact.name
    name, number = plain[:1].upper() + plain[1:], 1
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{plain[:26]} {number}"
    return name
