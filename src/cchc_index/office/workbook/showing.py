"""What the main page shows beside the cells to fill in: labels, points, differences, checks, totals."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from cchc_index.criteria import AdjustmentKind, Criterion, Scope
from cchc_index.measures import DayOfYear, Fact
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import ZERO, Expr
from cchc_index.office.formulas.program import CHECKS, Program, Shown
from cchc_index.office.workbook.filling import Filling
from cchc_index.office.workbook.layout import FIRST_ROW, LIST_FIRST_ROW, Column, Kind, Row
from cchc_index.office.workbook.model import Cell, Content, Look
from cchc_index.points import Exact, round_half_up

SCALE = 10_000
SILENT, LEFT_OUT, NO_SCALE = "không quy định", "không đánh giá", "–"
_SAMPLE = "BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT · "
_HEADS = {
    Column.CODE: ("STT", 7),
    Column.NAME: ("Tiêu chí, tiêu chí thành phần", 46),
    Column.MAXIMUM: ("Điểm tối đa", 8),
    Column.FIGURE: ("Số liệu kê khai", 13),
    Column.CHECK: ("Kiểm tra", 19),
    Column.POINTS: ("Điểm tính", 11),
    Column.CLAIM: ("Điểm tự chấm", 9),
    Column.DIFFERENCE: ("Chênh lệch", 9),
    Column.APPRAISED: ("Điểm thẩm định", 9),
    Column.REASON: ("Lý do thẩm định", 18),
    Column.EXEMPTION: ("Không đánh giá (lý do)", 14),
    Column.NUMBER: ("Số, ký hiệu", 15),
    Column.DAY: ("Ngày", 11),
    Column.SECTION: ("Mục", 7),
    Column.PAGE: ("Trang", 7),
    Column.NOTE: ("Ghi chú", 20),
}


@frozen
class Showing:
    """Writes the locked cells of the main page and the checks on the pages of records."""

    filling: Filling
    program: Program

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
        main.text(0, 0, f"BẢNG TỰ CHẤM: {rules.title}", Look.TITLE)
        sample = _SAMPLE if rules.scope is Scope.SAMPLE else ""
        who = "Đơn vị điền các ô nền vàng, người thẩm định các ô nền xanh; ô khác đã khóa và tự tính."
        told = f"{sample}Bộ tiêu chí {rules.full_id}. {who}"
        main.text(1, 0, told, Look.NOTICE)
        upper, lower = FIRST_ROW - 2, FIRST_ROW - 1
        for column, (head, width) in _HEADS.items():
            is_below = Column.NUMBER.value <= column.value <= Column.PAGE.value
            main.text(lower, column.value, head if is_below else "", Look.HEAD)
            main.text(upper, column.value, "" if is_below else head, Look.HEAD)
            main.widths[column.value] = width
            main.merged += [] if is_below else [(upper, column.value, lower, column.value)]
        main.text(upper, Column.NUMBER.value, "Tài liệu kiểm chứng", Look.HEAD)
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
        put(number, Column.MAXIMUM.value, points_cell(shown.max_state, shown.maximum, look))
        put(number, Column.POINTS.value, points_cell(shown.state, shown.points, look))
        put(number, Column.CHECK.value, self._message(shown.state, shown.is_left_out))
        claim, points = f"{Column.CLAIM.letter}{number + 1}", f"{Column.POINTS.letter}{number + 1}"
        differs = f'IF(ISNUMBER({points}),ROUND({claim}-{points},4),"")'
        absent = f'IF(ISBLANK({claim}),"",IF({claim}="","","là chữ"))'
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
        text = f'IF({state}>0,{lists.lookup(state)},IF({left_out}=1,"{LEFT_OUT}",""))'
        value = lists.said.get(state.number, LEFT_OUT if left_out.number else "")
        return Cell(value, text, Look.CHECK)

    def _figure(self, row: Row, fact: Fact) -> None:
        main, name = self.filling.main, fact.name
        where = (row.number, Column.FIGURE.value)
        if row.kind is Kind.FIXED:
            main.put(*where, Cell(_said_day(fact.given), look=Look.FIXED))
        elif row.kind is Kind.LIST:
            used = self.program.records[name].used
            text = f"SUM({used[0]}:{used[-1].text.rpartition('!')[2]})"
            main.put(*where, Cell(sum(cell.number for cell in used), text, Look.FIXED))
            told = f"bản ghi, ở trang «{self.filling.record_pages[name].name}»"
            main.text(row.number, Column.CHECK.value, told, Look.CHECK)
        elif name in self.program.figures:
            main.put(row.number, Column.CHECK.value, self._checked(self.program.figures[name].state))

    def _checked(self, state: Expr) -> Cell:
        value, text = self.filling.lists.checked(state)
        return Cell(value, text, Look.CHECK)

    # -- totals ------------------------------------------------------------------------------------------------------

    def _totals(self, first: int) -> None:
        main, whole = self.filling.main, self.program.whole
        for row, label in enumerate(("TỔNG ĐIỂM", "CHỈ SỐ", "XẾP LOẠI"), start=first):
            for column in Column:
                main.text(row, column.value, label if column is Column.NAME else "", Look.AREA)
        main.put(first, Column.POINTS.value, points_cell(whole.state, whole.points, Look.AREA_POINTS))
        maximum = points_cell(whole.max_state, self.program.maximum, Look.AREA_POINTS)
        main.put(first, Column.MAXIMUM.value, maximum)
        main.put(first, Column.CHECK.value, self._message(whole.state, ZERO))
        main.put(first, Column.CLAIM.value, self._claimed())
        main.put(first, Column.APPRAISED.value, self._appraised())
        index = points_cell(whole.index_state, whole.index, Look.PERCENT)
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

    def _signed(self) -> list[tuple[Criterion, int]]:
        """What the total adds, and takes off."""
        rules = self.filling.rules
        outside = ((one.criterion, -1 if one.kind is AdjustmentKind.PENALTY else 1) for one in rules.adjustments)
        return [*((one, 1) for one in rules.criteria), *outside]

    def _grade(self) -> Cell:
        whole = self.program.whole
        names = [SILENT, *(grade.name for scale in self.filling.rules.scales for grade in scale.grades)]
        listed = ",".join('"' + name[:200].replace('"', '""') + '"' for name in names)
        known = f'IF({whole.state}=0,CHOOSE({whole.grade}+1,{listed}),"{SILENT}")'
        text = f'IF({whole.state}>{states.SILENT},"",IF({whole.grade}<0,"{NO_SCALE}",{known}))'
        if whole.state.number > states.SILENT:
            return Cell("", text, Look.RESULT)
        number = 0 if whole.state.number else whole.grade.number
        return Cell(NO_SCALE if whole.grade.number < 0 else names[number], text, Look.RESULT)

    def _summary(self, first: int) -> None:
        """The line above the table: what is wrong and where, else the results."""
        main, whole, bad, lists = self.filling.main, self.program.whole, self.program.bad, self.filling.lists
        count, right = len(self.program.flags), "Số liệu đủ và đúng dạng."
        worst = f"INDEX({CHECKS}!$B$1:$B${count},MATCH(1,{CHECKS}!$A$1:$A${count},0))"
        open_one = f'IF({whole.state}=0,"{right}","Chưa có tổng điểm: "&{lists.lookup(whole.state)}&".")'
        text = f'IF({bad}>0,"Có "&{bad}&" ô cần sửa, ô đầu tiên: "&{worst}&".",{open_one})'
        said = lists.said.get(whole.state.number, "")
        main.put(3, 0, Cell("Kiểm tra", look=Look.HEAD))
        main.put(3, 1, Cell(f"Chưa có tổng điểm: {said}." if said else right, text, Look.NOTICE_BOX))
        for column in (2, 3):
            main.text(3, column, "", Look.NOTICE_BOX)
        main.merged.append((3, 1, 3, 3))
        for row, (column, label) in enumerate(((4, "Tổng điểm"), (6, "Chỉ số"), (8, "Xếp loại")), start=first):
            main.text(3, column, label, Look.HEAD)
            value = main.cells[row, Column.POINTS.value].value
            look = Look.PERCENT if label == "Chỉ số" else Look.RESULT
            main.put(3, column + 1, Cell(value, f"{Column.POINTS.letter}{row + 1}", look))


def _whole(signed: Sequence[tuple[Exact | None, int]]) -> Content:
    """Points added up, where each is known; else nothing."""
    known = [points * sign for points, sign in signed if points is not None]
    return sum(known, Fraction(0)) if len(known) == len(signed) else ""


def points_cell(state: Expr, number: Expr, look: Look) -> Cell:
    """Points where there are some, that they are not stated, or nothing."""
    if state.is_fixed and number.is_fixed and not state.number:
        return Cell(Fraction(number.number, SCALE), look=look)
    text = f'IF({state}=0,{number.factor}/{SCALE},IF({state}={states.SILENT},"{SILENT}",""))'
    if state.number:
        return Cell(SILENT if state.number == states.SILENT else "", text, look)
    return Cell(Fraction(number.number, SCALE), text, look)


def _difference(claimed: Exact | None, shown: Shown) -> Content:
    if claimed is None or shown.state.number:
        return ""
    return round_half_up(claimed - Fraction(shown.points.number, SCALE), Fraction(1, SCALE))


def _said_day(given: object) -> str:
    if isinstance(given, DayOfYear):
        return f"{given.day:02d}/{given.month:02d} hằng năm"
    return f"{given:%d/%m/%Y}"
