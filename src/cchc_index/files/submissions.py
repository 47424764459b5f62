"""Read what units hand in: one unit as YAML or JSON, its records as CSV, many units as CSV."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from cchc_index.errors import BadSubmission, Fault, Text, did_you_mean, short
from cchc_index.errors import Path as Keys
from cchc_index.facts import Claim, Period, Submission
from cchc_index.figures import read_date
from cchc_index.files.csv_table import Row, read_table
from cchc_index.files.reviews import evidence_of, read_points, review_of
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable
from cchc_index.files.submission_schema import SubmissionFile
from cchc_index.files.validation import validated
from cchc_index.points import Mark


def read_submission(path: str | Path) -> Submission:
    """One unit's submission from a YAML or JSON file. Figures stay as written; `score` types them.

    Records may stand in a CSV file beside it (`ho_so: {tep: ho-so.csv}`). Raises BadSubmission with every fault, each
    with its file and line.
    """
    file = Path(path)
    try:
        node = read_node(file)
        model = validated(SubmissionFile, node, file.name)
        return submission_of(model, dict(node.places(file.name)), file.parent)
    except Unreadable as problem:
        raise BadSubmission(problem.faults) from None


def read_submissions(path: str | Path) -> tuple[Submission, ...]:
    """Every unit of a file: one from YAML or JSON, one for each row from CSV.

    A CSV has a column `don_vi`, a column for each figure, and may have `nhom`, `tu_ngay`, `den_ngay`, `dau_thap_phan`,
    `tu_cham:<mã>` and `khong_danh_gia:<mã>`. An empty cell is a figure not given. Raises BadSubmission.
    """
    file = Path(path)
    if not _is_table(file):
        return (read_submission(file),)
    try:
        rows = read_table(file, needed="don_vi")
    except Unreadable as problem:
        raise BadSubmission(problem.faults) from None
    faults = _header_faults(rows[0].cells, file.name) if rows else [_no_rows(file.name)]
    units: list[Submission] = []
    for row in rows if not faults else ():
        try:
            units.append(_unit_of_row(row))
        except Unreadable as problem:
            faults += problem.faults
    faults += _repeated_names(units)
    if faults:
        raise BadSubmission(faults)
    return tuple(units)


SUFFIXES = (".csv", ".json", ".xlsx", ".yaml", ".yml")
"""How the files that may hold submissions are called; a scoring workbook is read by the extra `office`."""

BY_WINDOWS = ("desktop.ini", "thumbs.db")


def submissions_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a folder that may hold submissions, and the others, each by name.

    Left out are folders, hidden files, those that Excel puts beside an open one and Windows into a folder, and the
    records that a submission there names.
    """
    known = sorted((file for file in folder.iterdir() if file.is_file()), key=lambda file: file.name)
    seen = [file for file in known if not file.name.startswith((".", "~$")) and file.name.lower() not in BY_WINDOWS]
    mine = [file for file in seen if file.suffix.lower() in SUFFIXES]
    records = {name for file in mine for name in _records_of(file)} if any(map(_is_table, mine)) else set()
    return [file for file in mine if file.name not in records], [file for file in seen if file not in mine]


def _is_table(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


def _records_of(file: Path) -> Iterator[str]:
    """The files of records that a submission names; none where it cannot be read, which is told when it is."""
    try:
        plain = {} if file.suffix.lower() in (".csv", ".xlsx") else read_node(file).plain()
    except Unreadable:
        return
    figures = plain.get("so_lieu") if isinstance(plain, dict) else None
    for value in figures.values() if isinstance(figures, dict) else ():
        if isinstance(value, dict) and isinstance(value.get("tep"), str):
            yield value["tep"]


def _no_rows(file: str) -> Fault:
    return Fault(Text("bảng không có dòng đơn vị nào", "the table has no unit"), place=f"{file}:1")


def _header_faults(cells: Iterable[str], file: str) -> list[Fault]:
    """Columns whose prefix means nothing, and figures that stand both whole and by option."""
    names = list(cells)
    faults = []
    for name in names:
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in _PREFIXES:
            message = Text(f"cột lạ «{short(name)}»", f"unknown column «{short(name)}»")
            faults.append(Fault(message, place=f"{file}:1", hint=did_you_mean(prefix, _PREFIXES)))
        whole, dot, _ = name.partition(".")
        if dot and not colon and whole in names:
            message = Text(
                f"cột «{whole}» vừa đứng riêng vừa chia theo phương án", f"column «{whole}» also stands by option"
            )
            faults.append(Fault(message, place=f"{file}:1"))
    return faults


def _repeated_names(units: Iterable[Submission]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for unit in units:
        if unit.unit in seen:
            message = Text(f"đơn vị «{unit.unit}» có hai dòng", f"unit «{unit.unit}» has two rows")
            faults.append(Fault(message, place=unit.places[()]))
        seen.add(unit.unit)
    return faults


def submission_of(model: SubmissionFile, places: dict[Keys, str], folder: Path) -> Submission:
    """The submission a file says. Raises Unreadable."""
    faults: list[Fault] = []
    claims = _claims(model.tu_cham, model.dau_thap_phan, faults)
    figures = {
        name: _figure(name, value, folder, places, faults) for name, value in model.so_lieu.items() if value != ""
    }
    period = _period(model.ky.tu_ngay, model.ky.den_ngay, faults) if model.ky else None
    review = review_of(model, faults)
    if faults:
        raise Unreadable([fault.located(places) for fault in faults])
    return Submission(
        unit=model.don_vi,
        figures=figures,
        ruleset=model.bo_tieu_chi,
        version=model.phien_ban,
        period=period,
        exemptions={code: reason.ly_do for code, reason in model.khong_danh_gia.items()},
        evidence={code: evidence_of(rows) for code, rows in model.tai_lieu.items()},
        claims=claims,
        mark=model.dau_thap_phan,
        places=places,
        group=model.nhom,
        statements=review.statements,
        reported=review.reported,
        appraisals=review.appraisals,
        explanations=review.explanations,
    )


def _period(start: datetime.date, end: datetime.date, faults: list[Fault]) -> Period:
    if start > end:
        message = Text("kỳ đánh giá kết thúc trước khi bắt đầu", "the period ends before it starts")
        faults.append(Fault(message, ("ky", "den_ngay")))
    return Period(start, end)


def _claims(given: dict[str, Any], mark: Mark | None, faults: list[Fault]) -> tuple[Claim, ...]:
    claims = []
    for code, value in given.items():
        points = read_points(value, mark, ("tu_cham", code), faults)
        claims += [] if points is None else [Claim(code, points)]
    return tuple(claims)


def _figure(name: str, value: Any, folder: Path, places: dict[Keys, str], faults: list[Fault]) -> Any:
    """A figure as written; records kept in a CSV file are read in."""
    if not isinstance(value, dict) or set(value) != {"tep"}:
        return value
    file = PurePosixPath(str(value["tep"]).replace("\\", "/"))
    path = ("so_lieu", name, "tep")
    if file.is_absolute() or ".." in file.parts or ":" in str(file):
        message = Text(f"«{file}»: cần tệp cùng thư mục với bản khai", f"«{file}»: expected a file beside this one")
        faults.append(Fault(message, path))
        return ()
    try:
        rows = read_table(folder / file)
    except Unreadable as problem:
        missing = not (folder / file).exists()
        faults.extend(Fault(f.message, path, hint=Text(str(file), str(file))) if missing else f for f in problem.faults)
        return ()
    places.update({("so_lieu", name, number): row.place for number, row in enumerate(rows)})
    return tuple({key: cell for key, cell in row.cells.items() if cell != ""} for row in rows)


_PREFIXES = ("tu_cham", "khong_danh_gia")
_HEADINGS = ("don_vi", "nhom", "tu_ngay", "den_ngay", "dau_thap_phan", "bo_tieu_chi", "phien_ban")


def _unit_of_row(row: Row) -> Submission:
    cells = {key: cell for key, cell in row.cells.items() if cell != ""}
    faults: list[Fault] = []
    mark = _mark(cells.get("dau_thap_phan"), faults)
    claimed = {key.partition(":")[2]: cell for key, cell in cells.items() if key.startswith("tu_cham:")}
    claims = _claims(claimed, mark, faults)
    period = _row_period(cells, faults)
    if "don_vi" not in cells:
        faults.append(Fault(Text("thiếu tên đơn vị", "the unit's name is missing"), ("don_vi",)))
    if faults:
        raise Unreadable([fault.located({(): row.place}) for fault in faults])
    return Submission(
        unit=cells["don_vi"],
        figures=_row_figures({k: c for k, c in cells.items() if k not in _HEADINGS and ":" not in k}),
        ruleset=cells.get("bo_tieu_chi"),
        version=cells.get("phien_ban"),
        period=period,
        exemptions={k.partition(":")[2]: c for k, c in cells.items() if k.startswith("khong_danh_gia:")},
        claims=claims,
        mark=mark,
        places={(): row.place},
        group=cells.get("nhom", ""),
    )


def _mark(text: str | None, faults: list[Fault]) -> Mark | None:
    if text == ",":
        return ","
    if text == ".":
        return "."
    if text is not None:
        message = Text(f"«{text}»: cần «,» hoặc «.»", f"«{text}»: expected «,» or «.»")
        faults.append(Fault(message, ("dau_thap_phan",)))
    return None


def _row_period(cells: dict[str, str], faults: list[Fault]) -> Period | None:
    days = [read_date(cells.get(key, "")) for key in ("tu_ngay", "den_ngay")]
    for key, day in zip(("tu_ngay", "den_ngay"), days, strict=True):
        if key in cells and day is None:
            message = Text(f"«{cells[key]}» không phải ngày có thật", f"«{cells[key]}» is no real date")
            faults.append(Fault(message, (key,)))
    start, end = days
    if ("tu_ngay" in cells) != ("den_ngay" in cells):
        lacking = "den_ngay" if start else "tu_ngay"
        faults.append(Fault(Text("kỳ đánh giá thiếu một đầu", "the period lacks one end"), (lacking,)))
    return _period(start, end, faults) if start and end else None


def _row_figures(cells: dict[str, str]) -> dict[str, Any]:
    """Columns `phieu.A`, `phieu.B` are the counts of one survey."""
    figures: dict[str, Any] = {}
    for key, cell in cells.items():
        name, _, option = key.partition(".")
        if option:
            figures.setdefault(name, {})[option] = cell
        else:
            figures[key] = cell
    return figures
