"""A LibreOffice that recalculates workbooks on request: run by a Python that has `uno`, spoken to in lines of JSON.

    {"load": "/tmp/a.xlsx"}                                                       → {}
    {"put": [["Tự chấm", 11, 3, 20], …], "get": [["Tự chấm", 6, 5, 90, 5], …]}    → {"values": [[[…]], …]}

Rows and columns count from 0; a range is page, top row, left column, bottom row, right column. Everything is computed
again each time: what the file was saved with counts for nothing.
"""

import json
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

CONTENT = 1 | 2 | 4 | 16
"""Numbers, dates, texts and formulas: what `clearContents` takes away."""


def desktop(pipe: str) -> Any:
    """The desktop of the office that listens on a pipe, once it does."""
    context = import_module("uno").getComponentContext()
    refused = import_module("uno").getClass("com.sun.star.connection.NoConnectException")
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(240):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except refused:
            time.sleep(0.25)
    raise SystemExit("soffice does not answer")


def answered(document: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Type, recalculate everything, read."""
    sheets = {name: document.Sheets.getByName(name) for name in document.Sheets.ElementNames}
    for page, row, column, value in request["put"]:
        cell = sheets[page].getCellByPosition(column, row)
        if value is None:
            cell.clearContents(CONTENT)
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)
    document.calculateAll()
    ranges = [
        sheets[page].getCellRangeByPosition(left, top, right, bottom)
        for page, top, left, bottom, right in request["get"]
    ]
    return {"values": [[list(row) for row in one.getDataArray()] for one in ranges]}


def opened(there: Any, file: str, before: Any) -> Any:
    """A workbook, open to change, in the place of the one before."""
    if before is not None:
        before.close(*[True])
    hidden = import_module("uno").getClass("com.sun.star.beans.PropertyValue")(Name="Hidden", Value=True)
    document = there.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (hidden,))
    for sheet in document.Sheets:
        sheet.unprotect("")
    document.enableAutomaticCalculation(*[False])
    return document


def serve(there: Any) -> None:
    """Answer line by line until there are no more."""
    document = None
    for line in sys.stdin:
        request = json.loads(line)
        if "load" in request:
            document = opened(there, request["load"], document)
            print("{}", flush=True)
        else:
            print(json.dumps(answered(document, request)), flush=True)
    if document is not None:
        document.close(*[True])
    there.terminate()


def main() -> None:
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"cchc{Path(profile).name}"
        options = ["--headless", "--norestore", "--nolockcheck", f"--accept=pipe,name={pipe};urp;"]
        office = subprocess.Popen(["soffice", f"-env:UserInstallation=file://{profile}", *options])
        try:
            serve(desktop(pipe))
        finally:
            office.terminate()
            office.wait(30)


if __name__ == "__main__":
    main()
