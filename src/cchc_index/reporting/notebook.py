"""Results as tables in a notebook, by one call. Needs the extra `report`; Jupyter brings IPython itself."""

import sys
from functools import partial
from typing import Any, Protocol

from cchc_index.errors import CchcError, Fault, Lang, Text
from cchc_index.reporting.as_html import fragment
from cchc_index.reporting.results import ALONE, found_page


class Formatter(Protocol):
    """What of IPython's HTML formatter is used: for each kind of value, a function that shows it."""

    def for_type(self, typ: type, func: Any) -> Any: ...


def show_tables(lang: Lang = "vi", formatter: Formatter | None = None) -> None:
    """From now on this notebook shows cards, rankings, audits and the like as tables with charts.

    `formatter` is IPython's own for HTML where none is given. Raises CchcError outside of IPython.
    """
    found = _running() if formatter is None else formatter
    for kind in (*ALONE, tuple, list):
        found.for_type(kind, partial(_shown, lang=lang))


def _shown(result: object, lang: Lang) -> str | None:
    """What IPython shows of a value: its report; None leaves the value as it is shown otherwise."""
    page = found_page(result, lang)
    return None if page is None else fragment(page)


def _running() -> Formatter:
    """The HTML formatter of the IPython that runs this program."""
    running = sys.modules.get("IPython")
    shell = running.get_ipython() if running else None
    if shell is None:
        message = Text("chỉ dùng trong sổ tay (Jupyter, IPython)", "works only in a notebook (Jupyter, IPython)")
        raise CchcError([Fault(message)])
    formatter: Formatter = shell.display_formatter.formatters["text/html"]
    return formatter
