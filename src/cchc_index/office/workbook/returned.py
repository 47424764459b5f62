"""The scoring workbook as it comes back: first held cell by cell to the one that was handed out, then read.

What is compared is every formula, every word of the lists and every locked label; a cell that differs is named. Input
cells are read as strictly as the workbook itself looks at them, so that nothing counts here that counts as
wrong there. Long, because the whole way of one file stands here in order.
"""

import datetime
import io
import warnings
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize

from attrs import define, evolve, field, frozen

from cchc_index.auditing.amounts import agrees
from cchc_index.auditing.recomputing import recomputed, usable
from cchc_index.auditing.sheet import Sheet, SheetRow
from cchc_index.canonical import digest
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Lang, Text, UnknownRuleset, short
from cchc_index.errors import Path as Keys
from cchc_index.facts import Appraisal, Claim, Evidence, NewPoints, Period, Phase, Submission
from cchc_index.files.catalogue import load
from cchc_index.files.packages import BROKEN, Package, broken, lacking_extra, read_package
from cchc_index.files.reviews import ROUNDS
from cchc_index.files.strict import Unreadable
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import EPOCH, options_of, range_of
from cchc_index.office.formulas.scratch import column_name
from cchc_index.office.workbook.layout import HOW, MOST_RECORDS, RECORDS, Shape
from cchc_index.office.workbook.model import Cell, Input, Look, Page, Workbook
from cchc_index.office.workbook.pages import FORMAT, MARKS, workbook
from cchc_index.sources import NOT_STATED

_OF_APPRAISAL = "thẩm định"
_LANGS: Mapping[str, Lang] = {"vi": "vi", "en": "en"}
_DATES = ("ngay", "tu_ngay", "den_ngay")


class NotOurs(Exception):
    """A workbook without the marks of `cchc sheet`: an older layout, to be read as any claimed sheet."""


@frozen
class Returned:
    """A workbook that came back: the submission, the claims with every remark as a sheet, and the remarks by place."""

    unit: Submission
    rules: Ruleset
    sheet: Sheet
    remarks: tuple[tuple[str, str], ...]


def read_returned(path: str | Path, rules: Ruleset | None = None) -> Returned:
    """The submission in a filled scoring workbook. `rules` are given where the ruleset is not one that is shipped.

    Raises NotOurs for a workbook without our marks, and BadSubmission for one that is not safe to open, that was made
    for another ruleset or another state of it, whose formulas were changed, or whose cells hold what they must not:
    every fault with its sheet and cell.

    >>> import cchc_index as cchc, tempfile
    >>> from cchc_index.office.workbook.writing import scoring_workbook
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "xa-a.xlsx")
    ...     _ = file.write_bytes(scoring_workbook(rules, cchc.Submission("Xã A", figures)))
    ...     unit = read_returned(file).unit
    >>> unit.unit, unit.figures["da_xong"], unit.figures["truyen_thong"]
    ('Xã A', 19, 'khong')
    """
    file = Path(path)
    try:
        written, saved = _opened(file)
        marks = _marks(written)
        rules = _rules(marks, rules, file.name)
        shape = _shape(marks, rules, file.name)
        model = workbook(rules, None, shape)
        faults = list(_changed(model, written, file.name))
        if faults:
            raise BadSubmission(faults)
        return _Reader(model, written, saved, file.name).returned(rules)
    except Unreadable as problem:
        raise BadSubmission(problem.faults) from None


def _opened(file: Path) -> tuple[Any, Any]:
    """The workbook with its formulas, and with the values that were saved with them."""
    raw = read_package(file, Package.EXCEL)
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            written, saved = (load_workbook(io.BytesIO(raw), data_only=one, keep_links=False) for one in (False, True))
    except ModuleNotFoundError:
        raise lacking_extra(file.name, Package.EXCEL) from None
    except BROKEN:
        raise broken(file.name, Package.EXCEL) from None
    if written.epoch.year != 1899:
        message = Text("tệp đếm ngày từ năm 1904; chọn lại hệ ngày 1900", "the file counts its days from 1904")
        raise Unreadable([Fault(message, place=file.name)])
    return written, saved


# -- what it was made from --------------------------------------------------------------------------------------------


def _marks(written: Any) -> dict[str, str]:
    if MARKS not in written.sheetnames:
        raise NotOurs
    rows = written[MARKS].iter_rows(max_row=500, max_col=2, values_only=True)
    marks = {str(key): "" if value is None else str(value) for key, value in rows if key is not None}
    if marks.get("dang") != FORMAT:
        raise NotOurs
    return marks


def _rules(marks: Mapping[str, str], given: Ruleset | None, file: str) -> Ruleset:
    name, version = marks.get("bo_tieu_chi", ""), marks.get("phien_ban", "")
    rules = given or _shipped(f"{name}/{version}", file)
    if (rules.id, rules.version) != (name, version):
        message = Text(
            f"bảng lập theo «{short(name)}/{short(version)}», còn đang đọc theo «{rules.full_id}»",
            f"made for «{short(name)}/{short(version)}», read under «{rules.full_id}»",
        )
        raise Unreadable([Fault(message, place=file)])
    if marks.get("dau") != digest(rules):
        message = Text(
            f"bộ tiêu chí {rules.full_id} đã khác với lúc lập bảng (dấu không khớp); lập lại bảng bằng cchc sheet",
            f"the ruleset {rules.full_id} is not the one the workbook was made from; make it again with cchc sheet",
        )
        raise Unreadable([Fault(message, place=f"{file}, trang '{MARKS}'")])
    return rules


def _shipped(name: str, file: str) -> Ruleset:
    try:
        return load(name)
    except UnknownRuleset as unknown:
        hint = Text(
            "bộ không đi kèm thì chỉ thư mục của bộ bằng --rules", "not a shipped ruleset: give its folder by --rules"
        )
        place = f"{file}, trang '{MARKS}'"
        raise Unreadable([evolve(fault, place=place, hint=hint) for fault in unknown.faults]) from None


def _shape(marks: Mapping[str, str], rules: Ruleset, file: str) -> Shape:
    prefix = "tai_lieu:"
    counts = {key.removeprefix(prefix): text for key, text in marks.items() if key.startswith(prefix)}
    numbers = [marks.get("so_ban_ghi", str(RECORDS)), *counts.values()]
    is_sound = all(text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= MOST_RECORDS for text in numbers)
    lang = marks.get("ngon_ngu", "")
    if lang not in _LANGS or not is_sound or not counts.keys() <= rules.by_code.keys():
        message = Text("trang ghi dấu bị sửa", "the page of marks was changed")
        raise Unreadable([Fault(message, place=f"{file}, trang '{MARKS}'")])
    return Shape(int(numbers[0]), {code: int(text) for code, text in counts.items()}, _LANGS[lang])


# -- what was changed --------------------------------------------------------------------------------------------------


def _changed(model: Workbook, written: Any, file: str) -> Iterator[Fault]:
    for page in model.pages:
        if page.name not in written.sheetnames:
            message = Text("trang bị xóa hoặc đổi tên", "the sheet was deleted or renamed")
            yield Fault(message, place=f"{file}, trang '{page.name}'")
            continue
        yield from _changed_in(page, written[page.name], file)


def _changed_in(page: Page, sheet: Any, file: str) -> Iterator[Fault]:
    # Only the cells that the file holds: iter_rows makes every blank one too, up to the farthest corner of the sheet.
    there = {(row - 1, column - 1): one.value for (row, column), one in sorted(sheet._cells.items())}  # noqa: SLF001
    for (row, column), cell in sorted(page.cells.items()):
        found = there.get((row, column))
        if cell.formula and not cell.is_input:
            if _plain(found) != _plain(f"={cell.formula}"):
                yield Fault(_said_formula(found), place=place_of(file, page.name, row, column))
        elif not cell.is_input and _is_held(page, cell) and not _is_same(cell, found):
            message = Text(
                f"ô khóa bị sửa: cần «{short(str(cell.value))}», thấy «{short(_shown(found))}»",
                f"a locked cell was changed: expected «{short(str(cell.value))}», found «{short(_shown(found))}»",
            )
            yield Fault(message, place=place_of(file, page.name, row, column))
    for place, found in there.items():
        if place not in page.cells and isinstance(found, str) and found.startswith("="):
            message = Text("công thức lạ, không có trong bảng", "a formula that does not belong here")
            yield Fault(message, place=place_of(file, page.name, *place))


def _said_formula(found: Any) -> Text:
    shown = short(_shown(found))
    if isinstance(found, str) and found.startswith("="):
        return Text(f"công thức bị sửa, thấy «{shown}»", f"the formula was changed, found «{shown}»")
    return Text(f"công thức bị thay bằng «{shown}»", f"the formula was replaced by «{shown}»")


def _is_held(page: Page, cell: Cell) -> bool:
    """Whether a locked cell without a formula must be as it was: not what only explains."""
    return page.name != HOW and cell.look not in (Look.TITLE, Look.NOTICE)


def _is_same(cell: Cell, found: Any) -> bool:
    if isinstance(cell.value, str):
        return normalize("NFC", _shown(found)).split() == normalize("NFC", cell.value).split()
    return cell.value is None or (isinstance(found, int | float) and _exact(found) == cell.value)


def _plain(formula: Any) -> str:
    """A formula without what programs write differently: spaces and quotes around the names of sheets."""
    parts = str(getattr(formula, "text", formula)).split('"')
    return '"'.join(part if n % 2 else part.replace("'", "").replace(" ", "") for n, part in enumerate(parts))


def _shown(found: Any) -> str:
    return "" if found is None else str(found)


def place_of(file: str, page: str, row: int, column: int) -> str:
    """A cell as messages name it.

    >>> place_of("xa.xlsx", "Tự chấm", 11, 5)
    "xa.xlsx, trang 'Tự chấm', ô F12"
    """
    return f"{file}, trang '{page}', ô {column_name(column)}{row + 1}"


def _exact(number: Any) -> Fraction:
    """The decimal that a spreadsheet shows for a number: fifteen digits of it."""
    return Fraction(number) if isinstance(number, int) else Fraction(Decimal(format(number, ".15g")))


# -- what was filled in ------------------------------------------------------------------------------------------------


class _Wrong(Exception):
    def __init__(self, vi: str, en: str) -> None:
        self.text = Text(vi, en)


@define
class _Reader:
    """Reads the cells to fill in, and collects what is wrong with them."""

    model: Workbook
    written: Any
    saved: Any
    file: str
    values: dict[Keys, Any] = field(factory=dict)
    places: dict[Keys, str] = field(factory=dict)
    faults: list[Fault] = field(factory=list)

    def returned(self, rules: Ruleset) -> Returned:
        for one in self.model.inputs:
            self._take(one)
        period, evidence = self._period(), self._evidence()
        figures = self._figures(rules)
        if ("don_vi",) not in self.values:
            where = next(one for one in self.model.inputs if one.path == ("don_vi",))
            place = place_of(self.file, where.page, where.row, where.column)
            self.faults.append(Fault(Text("thiếu tên đơn vị", "the unit's name is missing"), place=place))
        if self.faults:
            raise BadSubmission(self.faults)
        unit = Submission(
            unit=self.values["don_vi",],
            figures=figures,
            ruleset=rules.id,
            version=rules.version,
            period=period,
            exemptions=self._by_code("khong_danh_gia"),
            evidence=evidence,
            claims=tuple(Claim(code, points) for code, points in self._by_code("tu_cham").items()),
            places=self.places,
            group=self.values.get(("nhom",), ""),
        )
        appraisal = self._appraisal(rules, unit)
        if self.faults:
            raise BadSubmission(self.faults)
        unit = evolve(unit, appraisals=(appraisal,) if appraisal else ())
        return Returned(unit, rules, self._sheet(rules, unit), tuple(self._remarks()))

    def _take(self, one: Input) -> None:
        """The content of one cell, typed by what it is for. A cell as it was handed out says nothing."""
        found = self.saved[one.page].cell(one.row + 1, one.column + 1).value
        formula = self.written[one.page].cell(one.row + 1, one.column + 1).value
        if one.default and _plain(formula) == _plain(f"={one.default}"):
            return
        is_formula = isinstance(formula, str) and formula.startswith("=")
        if found is None and not is_formula:
            return
        place = place_of(self.file, one.page, one.row, one.column)
        try:
            if found is None:
                raise _Wrong("công thức chưa có kết quả; mở bằng Excel rồi lưu lại", "a formula without a saved result")
            self.values[one.path] = self._read(one, found)
            self.places[one.path] = place
        except _Wrong as problem:
            self.faults.append(Fault(problem.text, place=place))

    def _read(self, one: Input, found: Any) -> Any:
        if one.fact and one.fact.type is not FactType.LABEL:
            return _figure(one.fact, found)
        if one.path[0] == "tu_cham" or one.path[-1] == "diem":
            return _number(found)
        if one.path == ("tham_dinh", "lan"):
            return _round(found)
        if one.path[-1] in _DATES and one.path[0] in ("ky", "tai_lieu", "tham_dinh"):
            return _day(found)
        if isinstance(found, datetime.datetime | datetime.date):
            return f"{found:%d/%m/%Y}"
        text = str(_exact(found)) if isinstance(found, int | float) and not isinstance(found, bool) else str(found)
        return normalize("NFC", text).strip()

    def _by_code(self, section: str) -> dict[str, Any]:
        return {str(path[1]): value for path, value in self.values.items() if path[0] == section and value != ""}

    def _period(self) -> Period | None:
        start, end = (self.values.get(("ky", key)) for key in ("tu_ngay", "den_ngay"))
        if start is None and end is None:
            return None
        if start is not None and end is not None:
            if start <= end:
                return Period(start, end)
            self._say(("ky", "den_ngay"), "kỳ đánh giá kết thúc trước khi bắt đầu", "the period ends before it starts")
            return None
        known = ("ky", "den_ngay") if start is None else ("ky", "tu_ngay")
        self._say(known, "kỳ đánh giá thiếu một đầu", "the period lacks one end")
        return None

    def _say(self, path: Keys, vi: str, en: str) -> None:
        self.faults.append(Fault(Text(vi, en), place=self.places[path]))

    def _evidence(self) -> dict[str, tuple[Evidence, ...]]:
        rows: dict[tuple[str, int], dict[str, Any]] = {}
        for path, value in self.values.items():
            if path[0] == "tai_lieu" and value != "":
                rows.setdefault((str(path[1]), int(path[2])), {})[str(path[3])] = value
        found: dict[str, tuple[Evidence, ...]] = {}
        for (code, number), row in sorted(rows.items(), key=lambda pair: pair[0][1]):
            if "so" not in row:
                self._say(("tai_lieu", code, number, next(iter(row))), "tài liệu thiếu số, ký hiệu", "no number")
                continue
            one = Evidence(row["so"], row.get("ngay"), row.get("muc", ""), row.get("trang", ""))
            found[code] = (*found.get(code, ()), one)
        return {code: found[code] for code in sorted(found)}

    def _figures(self, rules: Ruleset) -> dict[str, Any]:
        """Figures as a submission nests them: options under their survey, records as a list of the filled rows."""
        figures: dict[str, Any] = {}
        for path, value in list(self.values.items()):
            if path[0] != "so_lieu" or value == "":
                continue
            name, fact = str(path[1]), rules.facts_by_name[str(path[1])]
            if fact.type is FactType.SURVEY:
                figures.setdefault(name, {})[str(path[2])] = value
            elif fact.type is FactType.RECORDS:
                figures.setdefault(name, {}).setdefault(int(path[2]), {})[str(path[3])] = value
            else:
                figures[name] = value
        for name in [name for name in figures if rules.facts_by_name[name].type is FactType.RECORDS]:
            rows = sorted(figures[name].items())
            for number, (row, cells) in enumerate(rows):
                for key in cells:
                    self.places["so_lieu", name, number, key] = self.places["so_lieu", name, row, key]
            figures[name] = tuple(cells for _, cells in rows)
        return figures

    def _remarks(self) -> Iterator[tuple[str, str]]:
        for path, text in self.values.items():
            if path[0] == "ghi_chu" and text:
                yield str(path[1]), text
            elif path[0] == "tham_dinh" and path[-1] == "ly_do" and self._is_only_a_remark(path):
                yield str(path[1]), f"{_OF_APPRAISAL}: {text}"

    def _is_only_a_remark(self, path: Keys) -> bool:
        """Whether words of whoever appraises stand beside no points."""
        return self.values[path] != "" and (*path[:-1], "diem") not in self.values

    def _appraisal(self, rules: Ruleset, unit: Submission) -> Appraisal | None:
        """The round of appraisal: points with their reason, and the criteria kept as the figures have them."""
        if not any(path[0] == "tham_dinh" and value != "" for path, value in self.values.items()):
            return None
        changes, kept = list[NewPoints](), list[str]()
        lines = recomputed(rules, usable(rules, unit)[0]).lines
        for code, points in self._awarded().items():
            reason = self.values.get(("tham_dinh", code, "ly_do"), "")
            known = lines[code].points if code in lines else NOT_STATED
            if reason:
                changes.append(NewPoints(code, points, reason))
            elif known is not NOT_STATED and agrees(points, known):
                kept.append(code)
            else:
                self._say(
                    ("tham_dinh", code, "diem"),
                    "điểm thẩm định khác điểm tính được; ghi lý do ở ô bên cạnh",
                    "the points awarded are not those that follow; write the reason in the next cell",
                )
        about = {
            str(path[1]): value for path, value in self.values.items() if path[0] == "tham_dinh" and len(path) == 2
        }
        phase = about.get("lan", Phase.FIRST)
        return Appraisal(phase, tuple(changes), tuple(kept), about.get("nguoi", ""), about.get("ngay"))

    def _awarded(self) -> dict[str, Fraction]:
        return {
            str(path[1]): value for path, value in self.values.items() if path[0] == "tham_dinh" and path[-1] == "diem"
        }

    def _sheet(self, rules: Ruleset, unit: Submission) -> Sheet:
        """The claims and the remarks, by criterion, for the audit."""
        notes: dict[str, list[str]] = {}
        for code, text in self._remarks():
            notes.setdefault(code, []).append(text)
        claimed, awarded = {claim.code: claim.points for claim in unit.claims}, self._awarded()
        rows = [
            SheetRow(
                code,
                claimed=claimed.get(code),
                note="\n".join(notes.get(code, ())),
                not_assessed=unit.exemptions.get(code, ""),
                place=self.places.get(("tu_cham", code), ""),
                appraised=awarded.get(code),
                appraised_place=self.places.get(("tham_dinh", code, "diem"), ""),
            )
            for code in rules.by_code
            if code in claimed or code in awarded or code in notes or code in unit.exemptions
        ]
        return Sheet(tuple(rows), is_whole=False)


def _round(found: Any) -> Phase:
    if str(found).strip() not in ROUNDS:
        shown = short(str(found))
        raise _Wrong(f"«{shown}»: lần thẩm định là 1 hay 2", f"«{shown}»: the round of appraisal is 1 or 2")
    return ROUNDS[str(found).strip()]


def _figure(fact: Fact, found: Any) -> Any:
    """A figure as its type wants it."""
    if fact.type in (FactType.YES_NO, FactType.CHOICE):
        labels = {label: name for name, label in options_of(fact)}
        folded = {label.casefold(): name for label, name in labels.items()}
        if not isinstance(found, str) or found.casefold() not in folded:
            listed = ", ".join(labels)
            raise _Wrong(f"«{short(str(found))}»: chọn một trong: {listed}", f"«{short(str(found))}»: not in the list")
        return folded[found.casefold()]
    if fact.type is FactType.DATE:
        return _day(found)
    value, limits = _number(found), range_of(fact)
    if not limits.holds(value):
        raise _Wrong(
            f"«{found}»: cần số từ {limits.low} đến {limits.high}, tối đa {limits.places} chữ số thập phân",
            f"«{found}»: expected {limits.low} to {limits.high} with at most {limits.places} decimals",
        )
    return int(value) if value.denominator == 1 and fact.type is not FactType.PERCENT else value


def _number(found: Any) -> Fraction:
    if isinstance(found, datetime.date | datetime.time):
        raise _Wrong(f"«{found}»: là ngày, cần một số; gõ lại bằng số", f"«{found}»: a date, expected a number")
    if isinstance(found, bool) or not isinstance(found, int | float):
        shown = short(str(found))
        raise _Wrong(f"«{shown}»: là chữ, không phải số; gõ lại bằng số", f"«{shown}»: text, not a number")
    return _exact(found)


def _day(found: Any) -> datetime.date:
    if isinstance(found, datetime.datetime) and found.time() == datetime.time():
        return found.date()
    if isinstance(found, int) and not isinstance(found, bool) and range_of(Fact("", "", FactType.DATE)).holds(found):
        return datetime.date.fromordinal(found + EPOCH)
    shown = short(str(found))
    raise _Wrong(f"«{shown}»: cần một ngày, như 30/11/2025", f"«{shown}»: expected a date, such as 30/11/2025")
