"""The `cchc` command. What it needs beyond the core is an extra, imported only here."""

import sys

_MISSING = 'Lệnh cchc cần cài thêm / The cchc command needs: pip install "cchc-index[cli]"'


def _unusable() -> int:
    sys.stderr.write(_MISSING + "\n")
    return 2


def main() -> None:
    """Run the `cchc` command; exit 0 when clean, 1 with findings, 2 on bad input."""
    try:
        from cchc_index.cli.app import run
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        sys.exit(_unusable())
    run()
