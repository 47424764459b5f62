"""The commands of `cchc` around the scoring workbook. Importing it adds them to the app."""

from pathlib import Path
from typing import Annotated

import typer

from cchc_index.auditing.sheet import match
from cchc_index.cli.common import Json, Lang_, Language, Name, Output, app, json_text, lang_of, one_unit
from cchc_index.cli.terminal import console, emit, write_whole
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Text
from cchc_index.facts import Claim, Submission
from cchc_index.files.catalogue import load
from cchc_index.files.sheets import read_sheet
from cchc_index.files.submission_writing import submission_data, submission_text
from cchc_index.points import show


@app.command(
    "sheet",
    epilog="Ví dụ: `cchc sheet mau/cap-xa/1 -o bang.xlsx` · `cchc sheet mau/cap-xa/1 --unit xa.yaml --records 300`",
)
def write_workbook(
    name: Name,
    output: Output = None,
    unit: Annotated[
        Path | None, typer.Option("--unit", help="Điền sẵn từ bản khai này / filled in from this submission")
    ] = None,
    unit_name: Annotated[str, typer.Option("--unit-name", help="Tên đơn vị, khi tệp có nhiều / the unit")] = "",
    records: Annotated[
        int, typer.Option("--records", min=1, max=2000, help="Số dòng của một danh sách bản ghi / rows of a list")
    ] = 100,
    lang: Lang_ = Language.vi,
) -> None:
    """Lập bảng tự chấm Excel có công thức sống. / Write the scoring workbook, with live formulas."""
    with _office():
        from cchc_index.office.workbook.given import not_shown
        from cchc_index.office.workbook.writing import scoring_workbook
    rules = load(name)
    given = one_unit(unit, unit_name, rules) if unit else None
    target = output or Path(f"{unit.stem if unit else rules.full_id.replace('/', '-')}.xlsx")
    write_whole(target, scoring_workbook(rules, given, records=records, lang=lang_of(lang)))
    verify = f"cchc verify {_typed(name)} {_typed(target)}"
    said = Text(
        f"Đã ghi {target}. Điền các ô nền vàng, rồi: {verify}",
        f"Wrote {target}. Fill in the yellow cells, then: {verify}",
    )
    _tell(said, lang)
    left = not_shown(given) if given else None
    if left:
        kept = f"Bảng không có chỗ cho: {left.vi}; các phần ấy vẫn ở {unit}."
        _tell(Text(kept, f"The workbook has no cells for: {left.en}; these stay in {unit}."), lang)


def _tell(said: Text, lang: Language) -> None:
    console(stderr=True).print(said.said(lang_of(lang)), markup=False, soft_wrap=True, highlight=False)


def _typed(word: str | Path) -> str:
    """A word as it is typed in a command of any shell."""
    return f'"{word}"' if " " in str(word) else str(word)


@app.command(
    "read-sheet",
    epilog="Ví dụ: `cchc read-sheet bang.xlsx -o xa.yaml` · `cchc read-sheet cu.xlsx --rules mau/cap-xa/1`",
)
def read_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bảng tự chấm đã điền / a filled workbook")],
    rules: Annotated[
        str, typer.Option("--rules", help="Bộ tiêu chí, khi tệp không ghi hay không có sẵn / the ruleset")
    ] = "",
    worksheet: Annotated[str, typer.Option("--worksheet", help="Trang tính của mẫu cũ / worksheet")] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Đọc bảng tự chấm đã điền thành bản khai; bảng bị sửa công thức thì từ chối. / Read a filled workbook back."""
    with _office():
        from cchc_index.office.workbook.returned import NotOurs, read_returned
    given = load(rules) if rules else None
    try:
        returned = read_returned(file, given)
        known, unit, remarks = returned.rules, returned.unit, returned.remarks
    except NotOurs:
        known, unit, remarks = _older(file, given, worksheet)
    data = submission_data(known, unit, remarks)
    emit(json_text(data) if as_json else submission_text(known, unit, remarks).rstrip("\n"), output)
    if remarks:
        said = Text(f"{len(remarks)} ghi chú được giữ ở «ghi_chu».", f"{len(remarks)} remarks kept under «ghi_chu».")
        _tell(said, lang)


def _older(
    file: Path, rules: Ruleset | None, worksheet: str
) -> tuple[Ruleset, Submission, tuple[tuple[str, str], ...]]:
    """The claims of a sheet in one of the field's own layouts: it holds no figures."""
    if rules is None:
        message = Text(
            "bảng không có dấu của cchc sheet; thêm --rules để đọc như phiếu tự chấm kiểu khác",
            "no marks of cchc sheet; add --rules to read it as another kind of claimed sheet",
        )
        raise BadSubmission([Fault(message, place=file.name)])
    sheet = read_sheet(file, worksheet)
    rows = match(rules, sheet).rows
    unit = Submission(
        file.stem,
        {},
        rules.id,
        rules.version,
        exemptions={code: row.not_assessed for code, row in rows.items() if row.not_assessed},
        claims=tuple(Claim(code, row.claimed) for code, row in rows.items() if row.claimed is not None),
    )
    remarks = [(code, row.note) for code, row in rows.items() if row.note]
    awarded = {code: row.appraised for code, row in rows.items() if row.appraised is not None}
    remarks += [(code, f"điểm thẩm định {show(points)}") for code, points in awarded.items()]
    remarks += [("dòng không khớp tiêu chí nào", where) for where in sheet.passed_over]
    remarks += [("dòng không khớp tiêu chí nào", f"{row.place}: {row.name}") for row in match(rules, sheet).extra]
    return rules, unit, tuple(remarks)


class _office:  # noqa: N801
    """Says what to install where the libraries of the extra `office` are not there."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is ModuleNotFoundError:
            wanted = 'pip install "cchc-index[office]"'
            raise CchcError([Fault(Text(f"bảng Excel cần cài thêm: {wanted}", f"Excel needs: {wanted}"))]) from None
