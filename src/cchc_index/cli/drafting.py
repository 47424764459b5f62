"""The command that drafts a ruleset from a decision's annex."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cchc_index.cli.common import Json, Lang_, Language, app, json_text, lang_of, level_of
from cchc_index.cli.terminal import console, emit, write_whole
from cchc_index.criteria import Level as UnitLevel
from cchc_index.criteria import Scope
from cchc_index.errors import Lang, Text
from cchc_index.files.starting import id_and_version


@app.command(
    epilog="Ví dụ: `cchc draft phu-luc.docx --into bo-rieng --id ha-noi/cap-xa/2026` · "
    "`cchc draft phu-luc.xlsx --into bo-rieng --id ha-noi/cap-xa/2026 --json`"
)
def draft(
    annex: Annotated[
        Path, typer.Argument(metavar="ANNEX", help="Phụ lục Word, Excel, CSV, Markdown, HTML, PDF / the annex")
    ],
    into: Annotated[Path, typer.Option("--into", help="Thư mục chứa các bộ / folder of the rulesets")] = Path(),
    name: Annotated[
        str, typer.Option("--id", metavar="ID", help="Mã và phiên bản / id and version: ha-noi/cap-xa/2026")
    ] = "",
    level: Annotated[
        str, typer.Option("--level", help="Cấp được chấm: bộ, tỉnh, sở, huyện, phòng, xã / level of the units")
    ] = UnitLevel.COMMUNE.value,
    scope: Annotated[Scope, typer.Option("--scope", help="Phạm vi / how much of the decision")] = Scope.WHOLE,
    stored: Annotated[
        list[Path] | None,
        typer.Option("--van-ban", help="Bản lưu văn bản mà phụ lục dẫn, lặp lại được / stored texts of documents"),
    ] = None,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
) -> None:
    """Bộ tiêu chí từ phụ lục của quyết định, và việc còn lại. / A ruleset from the annex, and what is left."""
    from cchc_index.drafting import folder as drafting
    from cchc_index.drafting.composing import Heading
    from cchc_index.drafting.worklist import data, summary

    heading = Heading(*id_and_version(name), level_of(level).value, scope.value) if name else None
    target = drafting.folder_of(into, heading, annex)
    with _reading(lang_of(lang)) as seen:
        drafted = drafting.draft(annex, target, heading, stored=stored or (), seen=seen)
    for path, text in drafted.files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(target / path, text)
    if as_json:
        told = data(drafted.report, lang_of(lang))
        emit(json_text({"folder": target.as_posix(), "files": list(drafted.files), **told}), None)
    else:
        emit("\n".join([(target / path).as_posix() for path in drafted.files]), None)
        emit("\n".join(summary(drafted.report, lang_of(lang))), None)
    if not drafted.report.is_done:
        left = Text(
            f"Việc còn lại: {target / drafting.WORKLIST_FILE}", f"What is left: {target / drafting.WORKLIST_FILE}"
        )
        console(stderr=True).print(left.said(lang_of(lang)), markup=False, soft_wrap=True)
        raise typer.Exit(1)


@contextmanager
def _reading(lang: Lang) -> Iterator[Callable[[int], object]]:
    """Shows on a terminal how many scored rows were read; how many there are is known only at the end."""
    shown, told = console(stderr=True), Text("Đang đọc phụ lục, dòng", "Reading the annex, row").said(lang)
    columns = (SpinnerColumn(), TextColumn(told + " {task.completed:.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda rows: bar.advance(task, rows)
