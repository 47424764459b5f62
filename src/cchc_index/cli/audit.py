"""The commands of `cchc` that audit: sheets, printed tables, sealed results. Importing it adds them to the app."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cchc_index import __version__
from cchc_index.auditing.printed import PrintedTotal, Verdict, recompute_mean
from cchc_index.auditing.seal import Sealed, check_seal, seal, sealed
from cchc_index.auditing.sheet import Sheet
from cchc_index.auditing.verify import AUDIT_FORMAT, Audit, Beside, verify
from cchc_index.cli.common import (
    Files,
    Json,
    Lang_,
    Language,
    Name,
    Output,
    Unit,
    app,
    day_of,
    fail_with,
    json_text,
    lang_of,
    listed,
    one_unit,
    returned,
    units_in,
)
from cchc_index.cli.terminal import console, emit, write_whole
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSheet, CchcError, Fault, Lang, Text
from cchc_index.facts import Submission
from cchc_index.files.catalogue import load, rulesets
from cchc_index.files.printed_tables import read_printed
from cchc_index.files.sheets import read_sheet
from cchc_index.files.strict import Unreadable, read_text
from cchc_index.plain import dump
from cchc_index.points import NumberError, show
from cchc_index.reporting import audits
from cchc_index.reporting.page import Page
from cchc_index.reviewing.phases import check_rounds


@app.command(
    "verify",
    epilog="Ví dụ: `cchc verify dong-nai/cap-xa/2022 xa.yaml` · `cchc verify mau/cap-xa/1 bang.xlsx`",
)
@reporting
def verify_units(
    name: Name,
    files: Files,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Phiếu tự chấm: CSV, Excel, JSON, YAML / the claimed sheet")
    ] = None,
    worksheet: Annotated[str, typer.Option("--worksheet", help="Trang tính / worksheet")] = "",
    unit: Unit = "",
    deadline: Annotated[str, typer.Option("--deadline", help="Hạn nộp tài liệu, như 15/12/2025 / last day")] = "",
    every_row: Annotated[bool, typer.Option("--all", help="In mọi dòng / print every row")] = False,
    seal_in: Annotated[
        Path | None, typer.Option("--seal", help="Ghi kết quả niêm phong vào tệp / write a sealed result")
    ] = None,
    *,
    wanted: Wanted,
) -> None:
    """Soát xét: điểm tự chấm, điểm tính được, điểm thẩm định. / Hold claims against figures."""
    rules, problems = load(name), list[CchcError]()
    files = list(listed(files, problems))
    chosen = _chosen(rules, files, unit, problems, alone=sheet is not None or seal_in is not None)
    units = [one for one in chosen if _has_sound_rounds(rules, one, problems)]
    claimed = read_sheet(sheet, worksheet) if sheet else None
    known = [load(one) for one in rulesets()] if any(one.period for one in units) else []
    beside = Beside(known=tuple(known), deadline=day_of(deadline) if deadline else None)
    filled = dict(_filled(rules, files))
    held = [verify(rules, one, sheet=claimed or filled.get(one.unit), beside=beside) for one in units]
    if seal_in and held:
        write_whole(seal_in, seal(rules, units[0], held[0]))
    if held and wanted.is_given(problems):
        wanted.give(_shown(held, wanted.lang, every_row=every_row), lambda: _audit_data(held))
    fail_with(problems, wanted.lang)
    if not all(one.is_clean for one in held):
        raise typer.Exit(1)


def _has_sound_rounds(rules: Ruleset, unit: Submission, problems: list[CchcError]) -> bool:
    """Whether the changes of its appraisals are of what the ruleset has; what is wrong adds to problems."""
    try:
        check_rounds(rules, unit)
    except CchcError as error:
        problems.append(error)
        return False
    return True


def _filled(rules: Ruleset, files: list[Path]) -> Iterator[tuple[str, Sheet]]:
    """The sheets of the scoring workbooks, which hold claims and remarks; one that cannot be read was told already."""
    for file in files:
        with suppress(CchcError):
            if file.suffix.lower() == ".xlsx":
                workbook = returned(file, rules)
                yield workbook.unit.unit, workbook.sheet


def _shown(held: list[Audit], lang: Lang, *, every_row: bool) -> Page:
    if len(held) == 1:
        return audits.audit(held[0], lang, every_row=every_row)
    return audits.audits(held, lang, every_row=every_row)


def _chosen(
    rules: Ruleset, files: list[Path], name: str, problems: list[CchcError], *, alone: bool
) -> list[Submission]:
    if not (alone or name) or not files:
        return units_in(files, problems, rules)
    if len(files) > 1:
        message = Text("phiếu hay niêm phong là của một đơn vị: đưa một bản khai", "one sheet, one seal: one unit")
        raise CchcError([Fault(message)])
    return [one_unit(files[0], name, rules)]


def _audit_data(held: list[Audit]) -> Any:
    plain = [{"format": AUDIT_FORMAT} | dump(one, Audit) for one in held]
    return plain[0] if len(plain) == 1 else plain


@app.command(epilog='Ví dụ: `cchc recompute bang.csv` · `cchc recompute bang.csv --sum "tong = a + b" --mean 84.38`')
def recompute(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bảng đã công bố / a printed table")],
    sums: Annotated[
        list[str] | None, typer.Option("--sum", help='Cột nào cộng lại, như "tổng = a + b" / which columns add up')
    ] = None,
    mean: Annotated[str, typer.Option("--mean", help="Trung bình đã in của các tổng / the printed mean")] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Cộng lại bảng đã in: sai, hay chỉ do làm tròn khi in. / Recompute printed totals."""
    rows = read_printed(file, sums or ())
    average = _mean_of(rows, mean, file.name) if mean else None
    checked = [*rows, *([average] if average else ())]
    if as_json:
        emit(json_text([_plain(row) for row in checked]), output)
    else:
        emit(audits.recomputed(rows, lang_of(lang), average), output)
    if any(row.verdict is Verdict.WRONG for row in checked):
        raise typer.Exit(1)


def _mean_of(rows: Sequence[PrintedTotal], mean: str, file: str) -> PrintedTotal:
    try:
        return recompute_mean("", [row.printed for row in rows], mean)
    except NumberError as error:
        raise BadSheet([Fault(error.text, ("--mean",), file)]) from None


def _plain(row: PrintedTotal) -> dict[str, str]:
    numbers = {"expected": row.expected, "difference": row.difference, "bound": row.bound}
    shown = {key: show(number, "en") for key, number in numbers.items()}
    return {"name": row.name, "printed": row.printed, **shown, "verdict": row.verdict.value, "place": row.place}


@app.command("verify-seal", epilog="Ví dụ: `cchc verify-seal xa-a.niem-phong.json`")
def verify_seal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Kết quả đã niêm phong / a sealed result")],
    rules: Annotated[
        str, typer.Option("--rules", help="Bộ tiêu chí, khi không có sẵn / where the ruleset is not shipped")
    ] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
) -> None:
    """Kiểm tra niêm phong: có bị sửa không, chấm lại có ra như cũ không. / Check a seal offline."""
    text = _sealed_text(file)
    faults = check_seal(text)
    if not faults:
        faults = check_seal(text, _rules_of(text, rules))
    if as_json:
        emit(json_text(_seal_data(file, text, faults)), None)
    for fault in faults if not as_json else ():
        told = f"{file.name}: {fault.said(lang_of(lang))}"
        console(stderr=True).print(told, style="red", markup=False, soft_wrap=True)
    if faults:
        raise typer.Exit(1)
    if not as_json:
        emit(_whole(sealed(text)).said(lang_of(lang)), None)


def _whole(held: Sealed) -> Text:
    return Text(
        f"Nguyên vẹn: {held.unit}, {held.ruleset} ({held.digest}), thư viện {held.library}.\n"
        f"Chấm lại bằng thư viện {__version__} ra đúng kết quả ấy.",
        f"Whole: {held.unit}, {held.ruleset} ({held.digest}), library {held.library}.\n"
        f"Scoring again with library {__version__} gives the same result.",
    )


def _seal_data(file: Path, text: str, faults: Sequence[Fault]) -> dict[str, Any]:
    """What a check of a seal found, as plain data; whose it is only where it is whole."""
    held = {} if faults else {**dump(sealed(text), Sealed), "scored_again_with": __version__}
    return {"file": file.name, "whole": not faults, "faults": [dump(fault.text, Text) for fault in faults], **held}


def _sealed_text(file: Path) -> str:
    try:
        return read_text(file)
    except Unreadable as problem:
        raise CchcError(problem.faults) from None


def _rules_of(text: str, given: str) -> Ruleset:
    return load(given or sealed(text).ruleset)
