"""The whole `cchc` command: every module of commands adds its own to the app."""

import sys
from itertools import pairwise
from typing import Annotated

import typer

from cchc_index import __version__
from cchc_index.cli import audit, catalogue, checking, review, scoring, versions
from cchc_index.cli.common import app
from cchc_index.cli.terminal import console, use_any_code_page
from cchc_index.errors import CchcError, Lang

__all__ = ["app", "audit", "catalogue", "checking", "review", "run", "scoring", "versions"]


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
