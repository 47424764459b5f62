"""The command that tells what is still possible while figures are missing."""

from typing import Annotated

import typer

from cchc_index.bounding.bounds import bounds
from cchc_index.cli.common import File, Name, Unit, app, day_of, one_unit
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.files.catalogue import load
from cchc_index.reporting.bounding import bounds_data, bounds_report


@app.command("bounds", epilog="Ví dụ: `cchc bounds mau/cap-xa/1 xa.yaml` · `… --on 30/6/2025` · `… --json`")
@reporting
def show_bounds(
    name: Name,
    file: File,
    unit: Unit = "",
    on: Annotated[
        str, typer.Option("--on", help="Ngày chưa khai thì chưa tới trước ngày này / days not given are not before it")
    ] = "",
    *,
    wanted: Wanted,
) -> None:
    """Bản khai chưa đủ: còn có thể được ít nhất, nhiều nhất bao nhiêu. / The least and the most still possible."""
    rules = load(name)
    found = bounds(rules, one_unit(file, unit, rules), on=day_of(on) if on else None)
    wanted.give(bounds_report(rules, found, wanted.lang), lambda: bounds_data(found))
