"""The whole `cchc` command: every module of commands adds its own to the app."""

import sys
from itertools import pairwise
from typing import Annotated

import typer
from typer.models import CommandInfo

from cchc_index import __version__
from cchc_index.cli import (
    audit,
    batch,
    bounding,
    catalogue,
    checking,
    databases,
    drafting,
    ranking,
    report,
    review,
    scoring,
    simulating,
    survey,
    versions,
    workbook,
)
from cchc_index.cli.common import app
from cchc_index.cli.terminal import console, use_any_code_page
from cchc_index.errors import CchcError, Lang

__all__ = [
    "app",
    "audit",
    "batch",
    "bounding",
    "catalogue",
    "checking",
    "databases",
    "drafting",
    "ranking",
    "report",
    "review",
    "run",
    "scoring",
    "simulating",
    "survey",
    "versions",
    "workbook",
]


PANELS = {
    "Tìm và đọc / Find and read": ("list", "find", "show"),
    "Chấm / Score": ("score", "explain", "bounds", "survey", "report"),
    "Bảng tính / Workbook": ("sheet", "read-sheet"),
    "Cả nước / Whole tables": ("batch", "sql", "simulate"),
    "Năm đánh giá / The review year": ("progress", "history", "rank", "compare", "priorities", "beside"),
    "Soát xét / Audit": ("verify", "recompute", "verify-seal"),
    "Viết bộ tiêu chí / Write rulesets": ("draft", "new", "check", "lint", "schema"),
    "Phiên bản / Versions": ("diff", "impact", "lock"),
}
"""The commands by the path of the work: what `cchc --help` prints, in this order."""


def arrange() -> None:
    """Put every command in its panel and its place; one that has none comes last."""
    order = [(panel, name) for panel, names in PANELS.items() for name in names]
    panels = {name: panel for panel, name in order}
    places = {name: number for number, (_, name) in enumerate(order)}
    for command in app.registered_commands:
        command.rich_help_panel = panels.get(name_of(command))
    app.registered_commands.sort(key=lambda command: places.get(name_of(command), len(places)))


def name_of(command: CommandInfo) -> str:
    """What a command is called by: its own name, else that of its function."""
    return str(command.name or getattr(command.callback, "__name__", ""))


arrange()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cchc-index {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="In phiên bản / print the version")
    ] = False,
) -> None: ...


def run() -> None:
    """The command line: bad input ends in one message and exit code 2, never in a traceback."""
    use_any_code_page()
    try:
        app(standalone_mode=True)
    except CchcError as problem:
        lang: Lang = "en" if _asked_for_english() else "vi"
        console(stderr=True).print(problem.report(lang), style="red", markup=False, soft_wrap=True)
        raise SystemExit(2) from None


def _asked_for_english() -> bool:
    words = sys.argv
    return "--lang=en" in words or any(pair == ("--lang", "en") for pair in pairwise(words))
