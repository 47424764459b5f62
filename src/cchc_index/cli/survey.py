"""The command that counts ballots."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cchc_index.cli.common import Name, app
from cchc_index.cli.terminal import console, write_whole
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.files.ballots import read_ballots
from cchc_index.files.catalogue import load
from cchc_index.files.counted import submission_text
from cchc_index.reporting.surveys import survey_data, survey_report
from cchc_index.reviewing.ballots import Poll
from cchc_index.reviewing.surveys import survey


@app.command(
    "survey",
    epilog="Ví dụ: `cchc survey yen-bai/dtxhh/khung phieu.csv` · `cchc survey ID phieu.csv --submission ban-khai.csv`",
)
@reporting
def count_ballots(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="BALLOTS.csv...", help="Phiếu thô, CSV / raw ballots")],
    unit: Annotated[str, typer.Option("--unit", help="Đơn vị, khi tệp không có cột don_vi / the unit")] = "",
    submission: Annotated[
        Path | None,
        typer.Option("--submission", help="Ghi số phiếu vào bản khai .yaml, .csv / write a submission", dir_okay=False),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option("--base", help="Bản khai có sẵn, giữ số liệu khác / a submission to add the counts to"),
    ] = None,
    *,
    wanted: Wanted,
) -> None:
    """Đếm phiếu khảo sát: số phiếu, tỷ lệ, điểm; phiếu trống, trùng, sai đều kể ra. / Count raw ballots."""
    rules = load(name)
    poll = _read(lambda seen: read_ballots(rules, files, unit=unit, seen=seen))
    found = survey(rules, poll)
    text = submission_text(rules, poll, submission, base) if submission else ""
    wanted.give(survey_report(rules, found, wanted.lang), lambda: survey_data(found))
    if submission:
        write_whole(submission, text)
    if not found.is_clean:
        raise typer.Exit(1)


def _read(read: Callable[[Callable[[int], object]], Poll]) -> Poll:
    """Read with the number of rows shown on a terminal."""
    shown = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("Đang đếm phiếu… {task.completed:.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task("", total=None)
        return read(lambda rows: bar.advance(task, rows))
