"""How a report is wanted: the options that every command which makes one has, written once."""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import frozen

from cchc_index.cli.common import Json, Lang_, Language, Output, json_text, lang_of
from cchc_index.cli.papers import Papers, deliver
from cchc_index.errors import CchcError, Lang
from cchc_index.reporting.page import Page

Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Ghi thêm tệp Excel / write Excel too", dir_okay=False)]
Docx = Annotated[Path | None, typer.Option("--docx", help="Ghi thêm tệp Word / write Word too", dir_okay=False)]
Html = Annotated[Path | None, typer.Option("--html", help="Ghi thêm trang HTML / write HTML too", dir_okay=False)]


@frozen
class Wanted:
    """The language of a report, whether it is printed as JSON, and where it goes."""

    lang: Lang
    as_json: bool
    output: Path | None
    papers: Papers

    def give(self, page: Page, data: Callable[[], Any]) -> None:
        """Print a report, or its data where JSON is asked for, and write the files asked for."""
        plain = data() if self.as_json else None
        deliver(page, plain if plain is None or isinstance(plain, str) else json_text(plain), self.output, self.papers)

    def is_given(self, problems: Sequence[CchcError]) -> bool:
        """Whether a report is given though some units cannot be read: to a screen, and not to a file."""
        return not (problems and self.output)


def _wanted(
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
    xlsx: Xlsx = None,
    docx: Docx = None,
    html: Html = None,
) -> Wanted:
    return Wanted(lang_of(lang), as_json, output, Papers(xlsx, docx, html))


def reporting(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of every report in the place of its parameter `wanted`."""
    shared = list(signature(_wanted).parameters.values())

    @wraps(command)
    def asked(**given: Any) -> None:
        options = {one.name: given.pop(one.name) for one in shared}
        command(**given, wanted=_wanted(**options))

    own = signature(command)
    mine = [one for one in own.parameters.values() if one.name != "wanted"]
    known: list[Parameter] = [*mine, *shared]
    asked.__signature__ = own.replace(parameters=known)  # type: ignore[attr-defined]
    asked.__annotations__ = {one.name: one.annotation for one in known}
    return asked
