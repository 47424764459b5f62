"""The README's test command is the one that CI runs, and both its tables lead to every command and to none beside."""

import re
from pathlib import Path

import pytest

from cchc_index.cli.app import PANELS

ROOT = Path(__file__).resolve().parents[1]


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().splitlines()
    assert f"$ {script[-1]}" in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert script[-1].endswith("python -m pytest")


@pytest.mark.parametrize("language", ["Bạn có", "You have"])
def test_the_table_leads_to_every_command(language: str) -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition(f"| {language} |")[2].partition("\n\n")[0]
    cells = [row.split(" | ")[1] for row in table.splitlines()[2:]]
    named = {name for cell in cells for name in re.findall(r"`(?:cchc )?([a-z][a-z-]+)(?: --\w+)?`", cell)}
    assert named == {name for names in PANELS.values() for name in names}
