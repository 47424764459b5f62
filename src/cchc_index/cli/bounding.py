"""The command that tells what is still possible while figures are missing."""

from pathlib import Path
from typing import Annotated

import typer

from cchc_index.bounding.bounds import bounds
from cchc_index.cli.common import (
    Docx,
    Html,
    Json,
    Lang_,
    Language,
    Name,
    Output,
    Xlsx,
    app,
    day_of,
    json_text,
    lang_of,
    one_unit,
)
from cchc_index.cli.papers import Papers, deliver
from cchc_index.files.catalogue import load
from cchc_index.reporting.bounding import bounds_data, bounds_report


@app.command("bounds", epilog="Ví dụ: `cchc bounds mau/cap-xa/1 xa.yaml` · `… --on 30/6/2025` · `… --json`")
def show_bounds(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bản khai của đơn vị / the unit's submission")],
    unit: Annotated[
        str, typer.Option("--unit", help="Tên đơn vị, khi tệp có nhiều / the unit, in a file of many")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", help="Ngày chưa khai thì chưa tới trước ngày này / days not given are not before it")
    ] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
    xlsx: Xlsx = None,
    docx: Docx = None,
    html: Html = None,
) -> None:
    """Bản khai chưa đủ: còn có thể được ít nhất, nhiều nhất bao nhiêu. / The least and the most still possible."""
    rules = load(name)
    found = bounds(rules, one_unit(file, unit, rules), on=day_of(on) if on else None)
    data = json_text(bounds_data(found)) if as_json else None
    deliver(bounds_report(rules, found, lang_of(lang)), data, output, Papers(xlsx, docx, html))
