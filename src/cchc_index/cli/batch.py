"""The command that scores a whole table of units."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from cchc_index.cli.common import Json, Lang_, Language, Name, app, json_text, lang_of
from cchc_index.cli.terminal import console, emit
from cchc_index.errors import CchcError, Fault, Lang, Text
from cchc_index.facts import Period
from cchc_index.files.catalogue import load

if TYPE_CHECKING:
    from cchc_index.batch.streams import FileScores


class Percents(StrEnum):
    share = "share"
    percent = "percent"


class DecimalMark(StrEnum):
    comma = ","
    point = "."


@app.command(
    "batch",
    epilog="Ví dụ: `cchc batch dong-nai/cap-xa/2022 cac-xa.parquet -o diem.parquet --all`",
)
def score_table(
    name: Name,
    table: Annotated[Path, typer.Argument(metavar="FILE", help="Bảng .parquet hoặc .csv, mỗi đơn vị một dòng")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Tệp .parquet hoặc .csv / the file to write")],
    every: Annotated[bool, typer.Option("--all", help="Ghi điểm mọi tiêu chí / points of every criterion")] = False,
    year: Annotated[int | None, typer.Option(min=1, max=9999, help="Năm đánh giá / the year assessed")] = None,
    percents: Annotated[Percents | None, typer.Option(help="Cột số ghi 0,5 (share) hay 50 (percent)")] = None,
    mark: Annotated[DecimalMark | None, typer.Option(help="Dấu thập phân của chữ / decimal mark of texts")] = None,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
) -> None:
    """Chấm cả một bảng đơn vị, chính xác, theo cột. / Score a whole table of units, exactly, by columns."""
    rules = load(name)
    try:
        from cchc_index.batch.frames import compile_frame
        from cchc_index.batch.streams import score_file
    except ImportError:
        told = Text("lệnh này cần phần cài thêm", "this command needs an extra")
        hint = Text("pip install 'cchc-index[frame]'", "pip install 'cchc-index[frame]'")
        raise CchcError([Fault(told, hint=hint)]) from None
    period = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31)) if year else None
    options: dict[str, Any] = {"percents": percents and percents.value, "mark": mark and mark.value}
    options["lang"] = lang_of(lang)
    scorer = compile_frame(rules, keep="all" if every else "areas", period=period, **options)
    with _counted(lang_of(lang)) as done:
        found = score_file(scorer, table, output, done=done)
    counts = {status.value: count for status, count in found.counts}
    emit(json_text({"so_dong": found.rows, **counts}) if as_json else _said(found, lang_of(lang)), None)
    if found.rows > counts["da_cham"]:
        raise typer.Exit(1)


@contextmanager
def _counted(lang: Lang) -> Iterator[Callable[[int], None]]:
    """Counts rows on a terminal, and nowhere else."""
    shown = console(stderr=True)
    with Progress(console=shown, transient=True, disable=not shown.is_terminal) as progress:
        task = progress.add_task(Text("Đang chấm…", "Scoring…").said(lang), total=None)
        yield lambda rows: progress.advance(task, rows)


_WORDS = {
    "da_cham": Text("đã chấm", "scored"),
    "thieu_so_lieu": Text("thiếu số liệu", "figures missing"),
    "khong_quy_dinh": Text("văn bản không quy định", "the decision does not say"),
    "sai_ban_khai": Text("bản khai sai", "invalid figures"),
    "sai_bo_tieu_chi": Text("bộ tiêu chí sai", "the ruleset is at fault"),
}


def _said(found: "FileScores", lang: Lang) -> str:
    lines = [f"{_WORDS[status.value].said(lang)}: {count}" for status, count in found.counts if count]
    return "\n".join([Text(f"{found.rows} dòng", f"{found.rows} rows").said(lang), *lines])
