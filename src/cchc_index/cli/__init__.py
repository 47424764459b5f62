"""The `cchc` command. What it needs beyond the core is an extra, imported only here."""

import sys
from importlib import import_module

_MISSING = 'Lệnh cchc cần cài thêm / The cchc command needs: pip install "cchc-index[cli]"'


def _unusable() -> int:
    sys.stderr.write(_MISSING + "\n")
    return 2


def main() -> None:
    """Run the `cchc` command; exit 0 when clean, 1 with findings, 2 on bad input.

    The commands outside `cli.app` add themselves to it when they are imported.
    """
    try:
        from cchc_index.cli.app import run

        for commands in ("audit", "review"):
            import_module(f"cchc_index.cli.{commands}")
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        sys.exit(_unusable())
    run()
