"""The README's test command is the one that CI runs."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().splitlines()
    assert f"$ {script[-1]}" in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert script[-1].endswith("python -m pytest")
