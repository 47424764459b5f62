"""What the main page shows beside the cells to fill in: labels, points, differences, checks, totals."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from cchc_index.criteria import AdjustmentKind, Criterion, Scope
from cchc_index.errors import Text
from cchc_index.measures import DayOfYear, Fact
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import ZERO, Expr
from cchc_index.office.formulas.program import CHECKS, Program, Shown
from cchc_index.office.workbook.filling import CHECK, NUMBER, Filling
from cchc_index.office.workbook.layout import FIRST_ROW, LIST_FIRST_ROW, Column, Kind, Row
from cchc_index.office.workbook.model import Cell, Content, Look
from cchc_index.points import Exact, round_half_up

SCALE = 10_000
SILENT, LEFT_OUT = Text("không quy định", "not stated"), Text("không đánh giá", "not assessed")
NO_SCALE = "–"
RECORDS_AT = Text("bản ghi, ở trang", "records, on sheet")
_TITLE = Text("BẢNG TỰ CHẤM", "SCORING WORKBOOK")
_SAMPLE = Text("BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT · ", "SAMPLE for learning, NOT LAW · ")
_RULESET = Text("Bộ tiêu chí", "Ruleset")
_WHO = Text(
    "Đơn vị điền các ô nền vàng, người thẩm định các ô nền xanh; ô khác đã khóa và tự tính.",
    "The unit fills in the yellow cells, whoever appraises the green ones; all others are locked and computed.",
)
_EVIDENCE = Text("Tài liệu kiểm chứng", "Evidence")
_IS_TEXT = Text("là chữ", "is text")
_TOTALS = (Text("TỔNG ĐIỂM", "TOTAL"), Text("CHỈ SỐ", "INDEX"), Text("XẾP LOẠI", "GRADE"))
_RESULTS = {4: Text("Tổng điểm", "Total"), 6: Text("Chỉ số", "Index"), 8: Text("Xếp loại", "Grade")}
_RIGHT = Text("Số liệu đủ và đúng dạng.", "All figures are there and well formed.")
_NO_TOTAL = Text("Chưa có tổng điểm: ", "No total yet: ")
_WRONG = (Text("Có ", "There are "), Text(" ô cần sửa, ô đầu tiên: ", " cells to put right, the first: "))
_HEADS = {
    Column.CODE: (NUMBER, 7),
    Column.NAME: (Text("Tiêu chí, tiêu chí thành phần", "Criterion"), 46),
    Column.MAXIMUM: (Text("Điểm tối đa", "Maximum"), 8),
    Column.FIGURE: (Text("Số liệu kê khai", "Figure"), 13),
    Column.CHECK: (CHECK, 19),
    Column.POINTS: (Text("Điểm tính", "Computed"), 11),
    Column.CLAIM: (Text("Điểm tự chấm", "Claimed"), 9),
    Column.DIFFERENCE: (Text("Chênh lệch", "Difference"), 9),
    Column.APPRAISED: (Text("Điểm thẩm định", "Awarded"), 9),
    Column.REASON: (Text("Lý do thẩm định", "Reason of the appraisal"), 18),
    Column.EXEMPTION: (Text("Không đánh giá (lý do)", "Not assessed (reason)"), 14),
    Column.NUMBER: (Text("Số, ký hiệu", "Number"), 15),
    Column.DAY: (Text("Ngày", "Day"), 11),
    Column.SECTION: (Text("Mục", "Section"), 7),
    Column.PAGE: (Text("Trang", "Page"), 7),
    Column.NOTE: (Text("Ghi chú", "Remark"), 20),
}


@frozen
class Showing:
    """Writes the locked cells of the main page and the checks on the pages of records."""

    filling: Filling
    program: Program

    def said(self, text: Text) -> str:
        return text.said(self.filling.shape.lang)

    def show(self) -> None:
        """Every locked cell."""
        self._heads()
        shown = {one.criterion.code: one for one in self.program.shown}
        for row in self.filling.rows:
            self._labels(row)
            if row.kind is Kind.CRITERION:
                self._criterion(row, shown[row.code])
            elif row.fact:
                self._figure(row, row.fact)
        for name, found in self.program.row_states.items():
            page = self.filling.record_pages[name]
            last = len(self.filling.rules.facts_by_name[name].fields) + 1
            for number, state in enumerate(found):
                page.put(LIST_FIRST_ROW + number, last, self._checked(state))
        first = FIRST_ROW + len(self.filling.rows)
        self._totals(first)
        self._summary(first)

    def _heads(self) -> None:
        main, rules = self.filling.main, self.filling.rules
        main.text(0, 0, f"{self.said(_TITLE)}: {rules.title}", Look.TITLE)
        sample = self.said(_SAMPLE) if rules.scope is Scope.SAMPLE else ""
        told = f"{sample}{self.said(_RULESET)} {rules.full_id}. {self.said(_WHO)}"
        main.text(1, 0, told, Look.NOTICE)
        upper, lower = FIRST_ROW - 2, FIRST_ROW - 1
        for column, (text, width) in _HEADS.items():
            head = self.said(text)
            is_below = Column.NUMBER.value <= column.value <= Column.PAGE.value
            main.text(lower, column.value, head if is_below else "", Look.HEAD)
            main.text(upper, column.value, "" if is_below else head, Look.HEAD)
            main.widths[column.value] = width
            main.merged += [] if is_below else [(upper, column.value, lower, column.value)]
        main.text(upper, Column.NUMBER.value, self.said(_EVIDENCE), Look.HEAD)
        main.merged.append((upper, Column.NUMBER.value, upper, Column.PAGE.value))

    # -- rows --------------------------------------------------------------------------------------------------------

    def _labels(self, row: Row) -> None:
        look = Look.HEADING if row.kind is Kind.HEADING else Look.ITEM
        if row.kind is Kind.CRITERION and row.criterion and row.criterion.children:
            look = Look.AREA
        is_criterion, put = row.kind is Kind.CRITERION, self.filling.main.put
        for column in Column:
            if (row.number, column.value) not in self.filling.main.cells:
                put(row.number, column.value, Cell("", look=look))
        put(row.number, Column.CODE.value, Cell(row.code if is_criterion else "", look=look))
        indent = 0 if is_criterion or row.kind is Kind.HEADING else 2
        put(row.number, Column.NAME.value, Cell(row.label, look=look, indent=indent))

    def _criterion(self, row: Row, shown: Shown) -> None:
        look = Look.AREA_POINTS if shown.criterion.children else Look.POINTS
        put, number = self.filling.main.put, row.number
        put(number, Column.MAXIMUM.value, self._points(shown.max_state, shown.maximum, look))
        put(number, Column.POINTS.value, self._points(shown.state, shown.points, look))
        put(number, Column.CHECK.value, self._message(shown.state, shown.is_left_out))
        claim, points = f"{Column.CLAIM.letter}{number + 1}", f"{Column.POINTS.letter}{number + 1}"
        differs = f'IF(ISNUMBER({points}),ROUND({claim}-{points},4),"")'
        absent = f'IF(ISBLANK({claim}),"",IF({claim}="","","{self.said(_IS_TEXT)}"))'
        claimed = self.filling.claimed(shown.criterion)
        cell = Cell(_difference(claimed, shown), f"IF(ISNUMBER({claim}),{differs},{absent})", look)
        put(number, Column.DIFFERENCE.value, cell)
        if shown.criterion.children:
            parts = [(child, 1) for child in shown.criterion.children]
            value = self.filling.appraised(shown.criterion)
            text = self.filling.sum_in(Column.APPRAISED, parts)
            put(number, Column.APPRAISED.value, Cell("" if value is None else value, text, look))

    def _message(self, state: Expr, left_out: Expr) -> Cell:
        """Why there are no points, or that the criterion is not assessed."""
        lists = self.filling.lists
        told = self.said(LEFT_OUT)
        text = f'IF({state}>0,{lists.lookup(state)},IF({left_out}=1,"{told}",""))'
        value = lists.said.get(state.number, told if left_out.number else "")
        return Cell(value, text, Look.CHECK)

    def _figure(self, row: Row, fact: Fact) -> None:
        main, name = self.filling.main, fact.name
        where = (row.number, Column.FIGURE.value)
        if row.kind is Kind.FIXED:
            main.put(*where, Cell(self.said(_said_day(fact.given)), look=Look.FIXED))
        elif row.kind is Kind.LIST:
            used = self.program.records[name].used
            text = f"SUM({used[0]}:{used[-1].text.rpartition('!')[2]})"
            main.put(*where, Cell(sum(cell.number for cell in used), text, Look.FIXED))
            told = f"{self.said(RECORDS_AT)} «{self.filling.record_pages[name].name}»"
            main.text(row.number, Column.CHECK.value, told, Look.CHECK)
        elif name in self.program.figures:
            main.put(row.number, Column.CHECK.value, self._checked(self.program.figures[name].state))

    def _checked(self, state: Expr) -> Cell:
        value, text = self.filling.lists.checked(state)
        return Cell(value, text, Look.CHECK)

    # -- totals ------------------------------------------------------------------------------------------------------

    def _totals(self, first: int) -> None:
        main, whole = self.filling.main, self.program.whole
        for row, label in enumerate(_TOTALS, start=first):
            for column in Column:
                main.text(row, column.value, self.said(label) if column is Column.NAME else "", Look.AREA)
        main.put(first, Column.POINTS.value, self._points(whole.state, whole.points, Look.AREA_POINTS))
        maximum = self._points(whole.max_state, self.program.maximum, Look.AREA_POINTS)
        main.put(first, Column.MAXIMUM.value, maximum)
        main.put(first, Column.CHECK.value, self._message(whole.state, ZERO))
        main.put(first, Column.CLAIM.value, self._claimed())
        main.put(first, Column.APPRAISED.value, self._appraised())
        index = self._points(whole.index_state, whole.index, Look.PERCENT)
        main.put(first + 1, Column.POINTS.value, index)
        main.put(first + 2, Column.POINTS.value, self._grade())

    def _claimed(self) -> Cell:
        """The claims added up, where every one is there and no cell is wrong."""
        signed = self._signed()
        value = _whole([(self.filling.claimed(one), sign) for one, sign in signed])
        text = f'IF({self.program.bad}>0,"",{self.filling.sum_in(Column.CLAIM, signed)})'
        return Cell(value, text, Look.AREA_POINTS)

    def _appraised(self) -> Cell:
        """The points awarded added up, where every one is there."""
        signed = self._signed()
        value = _whole([(self.filling.appraised(one), sign) for one, sign in signed])
        return Cell(value, self.filling.sum_in(Column.APPRAISED, signed), Look.AREA_POINTS)

    def _points(self, state: Expr, number: Expr, look: Look) -> Cell:
        """Points where there are some, that they are not stated, or nothing."""
        if state.is_fixed and number.is_fixed and not state.number:
            return Cell(Fraction(number.number, SCALE), look=look)
        silent = self.said(SILENT)
        text = f'IF({state}=0,{number.factor}/{SCALE},IF({state}={states.SILENT},"{silent}",""))'
        if state.number:
            return Cell(silent if state.number == states.SILENT else "", text, look)
        return Cell(Fraction(number.number, SCALE), text, look)

    def _signed(self) -> list[tuple[Criterion, int]]:
        """What the total adds, and takes off."""
        rules = self.filling.rules
        outside = ((one.criterion, -1 if one.kind is AdjustmentKind.PENALTY else 1) for one in rules.adjustments)
        return [*((one, 1) for one in rules.criteria), *outside]

    def _grade(self) -> Cell:
        whole = self.program.whole
        silent = self.said(SILENT)
        names = [silent, *(grade.name for scale in self.filling.rules.scales for grade in scale.grades)]
        listed = ",".join('"' + name[:200].replace('"', '""') + '"' for name in names)
        known = f'IF({whole.state}=0,CHOOSE({whole.grade}+1,{listed}),"{silent}")'
        text = f'IF({whole.state}>{states.SILENT},"",IF({whole.grade}<0,"{NO_SCALE}",{known}))'
        if whole.state.number > states.SILENT:
            return Cell("", text, Look.RESULT)
        number = 0 if whole.state.number else whole.grade.number
        return Cell(NO_SCALE if whole.grade.number < 0 else names[number], text, Look.RESULT)

    def _summary(self, first: int) -> None:
        """The line above the table: what is wrong and where, else the results."""
        main, whole, bad, lists = self.filling.main, self.program.whole, self.program.bad, self.filling.lists
        count, right, no_total = len(self.program.flags), self.said(_RIGHT), self.said(_NO_TOTAL)
        before, between = (self.said(text) for text in _WRONG)
        worst = f"INDEX({CHECKS}!$B$1:$B${count},MATCH(1,{CHECKS}!$A$1:$A${count},0))"
        open_one = f'IF({whole.state}=0,"{right}","{no_total}"&{lists.lookup(whole.state)}&".")'
        text = f'IF({bad}>0,"{before}"&{bad}&"{between}"&{worst}&".",{open_one})'
        said = lists.said.get(whole.state.number, "")
        main.put(3, 0, Cell(self.said(CHECK), look=Look.HEAD))
        main.put(3, 1, Cell(f"{no_total}{said}." if said else right, text, Look.NOTICE_BOX))
        for column in (2, 3):
            main.text(3, column, "", Look.NOTICE_BOX)
        main.merged.append((3, 1, 3, 3))
        for row, (column, label) in enumerate(_RESULTS.items(), start=first):
            main.text(3, column, self.said(label), Look.HEAD)
            value = main.cells[row, Column.POINTS.value].value
            look = Look.PERCENT if row == first + 1 else Look.RESULT
            main.put(3, column + 1, Cell(value, f"{Column.POINTS.letter}{row + 1}", look))


def _whole(signed: Sequence[tuple[Exact | None, int]]) -> Content:
    """Points added up, where each is known; else nothing."""
    known = [points * sign for points, sign in signed if points is not None]
    return sum(known, Fraction(0)) if len(known) == len(signed) else ""


def _difference(claimed: Exact | None, shown: Shown) -> Content:
    if claimed is None or shown.state.number:
        return ""
    return round_half_up(claimed - Fraction(shown.points.number, SCALE), Fraction(1, SCALE))


def _said_day(given: object) -> Text:
    if isinstance(given, DayOfYear):
        day = f"{given.day:02d}/{given.month:02d}"
        return Text(f"{day} hằng năm", f"{day} each year")
    return Text(f"{given:%d/%m/%Y}", f"{given:%d/%m/%Y}")
