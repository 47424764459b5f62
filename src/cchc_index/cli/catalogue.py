"""The commands that find, show and start rulesets."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cchc_index.cli.common import Json, Lang_, Language, Name, Output, app, day_of, json_text, lang_of, level_of
from cchc_index.cli.terminal import console, emit, write_whole
from cchc_index.criteria import Application, Instrument, Ruleset
from cchc_index.criteria import Level as UnitLevel
from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files import starting, writing
from cchc_index.files.catalogue import find, load, rulesets
from cchc_index.files.json_schema import ruleset_schema, submission_schema
from cchc_index.plain import dump
from cchc_index.reporting import annex as annexes
from cchc_index.reporting import catalogue_page


class Schema(StrEnum):
    ruleset = "bo-tieu-chi"
    submission = "ban-khai"


@app.command("list", epilog="Ví dụ: `cchc list` · `cchc list --json` · `cchc list --markdown -o danh-muc.md`")
def list_(
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="In trang danh mục / print the catalogue page")] = False,
    output: Output = None,
) -> None:
    """Các bộ tiêu chí có sẵn. / The rulesets at hand."""
    sets = [load(name) for name in rulesets()]
    if markdown:
        emit(catalogue_page.page(sets).rstrip("\n"), output)
    elif as_json:
        plain = [_listed(rules) for rules in sets]
        emit(json_text(plain), output)
    else:
        emit(annexes.catalogue(sets, lang_of(lang)), output)


def _listed(rules: Ruleset) -> dict[str, Any]:
    levels = [level.value for level in rules.application.levels]
    return {"id": rules.full_id, "title": rules.title, "scope": rules.scope.value, "levels": levels}


@app.command(
    "find",
    epilog='Ví dụ: `cchc find --place "Xuân Lộc, Đồng Nai" --level xã --on 2020-06-01 --instrument mot_cua`',
)
def find_one(
    place: Annotated[str, typer.Option("--place", help="Nơi, từ nhỏ đến lớn: «Xuân Lộc, Đồng Nai» / the place")],
    level: Annotated[str, typer.Option("--level", help="Cấp: bộ, tỉnh, sở, huyện, phòng, xã / the level")],
    on: Annotated[str, typer.Option("--on", help="Ngày: 2025-06-30 hay 30/06/2025 / the day")],
    instrument: Annotated[
        str, typer.Option("--instrument", help="Công cụ, như cchc, hai_long, mot_cua / what is measured")
    ] = Instrument.CCHC.value,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Bộ tiêu chí có hiệu lực ở một nơi, một cấp, một ngày. / The ruleset in force for a place, a level and a day."""
    rules = find(place=place, level=level_of(level), on=day_of(on), instrument=instrument)
    if as_json:
        emit(json_text(_listed(rules) | {"applies": dump(rules.application, Application)}), output)
    else:
        emit(annexes.heading(rules, lang_of(lang)), output)


@app.command(epilog="Ví dụ: `cchc show dong-nai/cap-xa/2022` · `cchc show dong-nai/cap-xa/2022 --docx phu-luc.docx`")
def show(
    name: Name,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="In tệp bo-tieu-chi.yaml trọn vẹn / print the whole file, layers made whole")
    ] = False,
    docx: Annotated[
        Path | None, typer.Option("--docx", help="Ghi phụ lục ra tệp Word / write the annex as Word", dir_okay=False)
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Ghi phụ lục ra tệp Excel / write the annex as Excel", dir_okay=False)
    ] = None,
    output: Output = None,
) -> None:
    """Bảng tiêu chí như văn bản in. / The table as the decision prints it."""
    rules = load(name)
    if docx or xlsx:
        _write_annex(rules, docx, xlsx)
        return
    if as_yaml:
        emit(writing.dump(rules).rstrip("\n"), output)
    else:
        emit(json_text(dump(rules, Ruleset)) if as_json else annexes.annex(rules, lang_of(lang)), output)


def _write_annex(rules: Ruleset, docx: Path | None, xlsx: Path | None) -> None:
    from cchc_index.office import annex_files

    if docx:
        write_whole(docx, annex_files.annex_docx(rules))
    if xlsx:
        write_whole(xlsx, annex_files.annex_xlsx(rules))


@app.command(epilog="Ví dụ: `cchc new ha-noi/cap-xa/2026 --level xã` · `cchc new thu/xa/2026 --sua-doi thu/xa/2025`")
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Mã và phiên bản / id and version: ha-noi/cap-xa/2026")],
    into: Annotated[Path, typer.Option("--into", help="Thư mục chứa các bộ / folder of the rulesets")] = Path(),
    level: Annotated[
        str, typer.Option("--level", help="Cấp được chấm: bộ, tỉnh, sở, huyện, phòng, xã / level of the units")
    ] = UnitLevel.COMMUNE.value,
    extends: Annotated[str, typer.Option("--ke-thua", help="Khung được bổ sung / the frame it extends")] = "",
    amends: Annotated[str, typer.Option("--sua-doi", help="Phiên bản được sửa đổi / the version it amends")] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
) -> None:
    """Viết một thư mục bộ tiêu chí mới, có chú giải, để điền. / Write a commented ruleset folder to fill in."""
    layers = [(key, below) for key, below in (("ke_thua", extends), ("sua_doi", amends)) if below]
    if len(layers) > 1:
        message = Text("chỉ dùng một trong --ke-thua, --sua-doi", "use one of --ke-thua, --sua-doi")
        raise BadRuleset([Fault(message)])
    for _, below in layers:
        load(below)
    written = starting.start(
        name.replace("\\", "/"), into, level=level_of(level).value, layer=layers[0] if layers else None
    )
    folder = written[0].parent.as_posix()
    data = {"folder": folder, "files": [file.relative_to(folder).as_posix() for file in written]}
    emit(json_text(data) if as_json else "\n".join(file.as_posix() for file in written), None)
    words = f'"{folder}"' if " " in folder else folder
    step = Text(
        f"Tiếp theo: dán văn bản vào nguon/VB.md, điền mọi chỗ {starting.BLANK}, rồi chạy: cchc check {words}",
        f"Next: paste the text into nguon/VB.md, fill in every {starting.BLANK}, then run: cchc check {words}",
    )
    console(stderr=True).print(step.said(lang_of(lang)), soft_wrap=True, markup=False)


@app.command(epilog="Ví dụ: `cchc schema bo-tieu-chi -o bo-tieu-chi.schema.json`")
def schema(which: Annotated[Schema, typer.Argument(help="Loại tệp / the kind of file")], output: Output = None) -> None:
    """JSON Schema để trình soạn thảo gợi ý và kiểm tra. / JSON Schema for editors."""
    emit(json_text(ruleset_schema() if which is Schema.ruleset else submission_schema()), output)
