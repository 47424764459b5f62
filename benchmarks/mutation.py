"""Mutation testing of the pure core: each small change of a module must make a test about that module fail.

    pip install "mutmut>=3.8"
    python benchmarks/mutation.py points rules      # without a name: every module of TESTS

mutmut (https://mutmut.readthedocs.io) makes the changes and runs the tests, in a copy of the checkout made for the run.
Each module is held against the few test files that are about it, so that a change costs about a second; a change that
only some other file would notice counts as survived. A test that starts another interpreter is left out: no mutant
reaches it. Properties are tried with a quarter of their examples. What survived is printed as a difference.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COPIED = ("src", "tests", "rulesets", "examples", "docs", "pyproject.toml", "README.md")
TESTS = {
    "errors": ("errors", "malformed"),
    "points": ("points",),
    "sources": ("scoring", "say"),
    "measures": ("measures", "rules"),
    "rules": ("rules", "scoring"),
    "criteria": ("scoring", "rules", "observing", "compiled"),
    "finding": ("finding", "catalogue"),
    "figures": ("figures", "submissions"),
    "plain": ("plain", "card_json"),
    "canonical": ("digest",),
    "scoring/conditions": ("measures", "rules", "scoring"),
    "scoring/evaluate": ("rules",),
    "scoring/observe": ("observing",),
    "scoring/plans": ("scoring", "compiled", "observing"),
    "scoring/totals": ("totals",),
    "scoring/score": ("scoring",),
    "scoring/bounds": ("rules", "compiled"),
    "scoring/rank": ("rank",),
    "scoring/card_json": ("card_json",),
}
"""The test files about each module."""
CONFIG = """\
[mutmut]
source_paths=src
only_mutate=src/cchc_index/{module}.py
also_copy=
{copied}
pytest_add_cli_args=
    -o
    addopts=
    -p
    no:xdist
    -p
    no:cov
    -p
    no:cacheprovider
    --deselect
    tests/test_scoring.py::test_a_score_does_not_depend_on_the_hash_seed
pytest_add_cli_args_test_selection=
{tests}
"""
KILLED = ("killed", "timeout", "segfault")


class Found(NamedTuple):
    """What became of the mutants of one module: how many were noticed, how many there are, what was not noticed."""

    killed: int
    total: int
    survivors: list[str]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        work = _copied(Path(folder))
        found = {module: _run(work, module, arguments.jobs) for module in arguments.module or TESTS}
    for module, one in found.items():
        print(f"{module}: {_share(one.killed, one.total)}")
        print("".join(one.survivors), end="")
    print("all:", _share(sum(one.killed for one in found.values()), sum(one.total for one in found.values())))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", nargs="*", choices=[[], *TESTS], help="modules of the core, as in TESTS")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many mutants are tried at once")
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    return folder


def _run(work: Path, module: str, jobs: int) -> Found:
    """Try every mutant of one module."""
    shutil.rmtree(work / "mutants", ignore_errors=True)
    tests = _lines(f"tests/test_{name}.py" for name in TESTS[module])
    (work / "setup.cfg").write_text(CONFIG.format(module=module, copied=_lines(COPIED[2:]), tests=tests), "utf-8")
    done = _mutmut(work, "run", "--max-children", str(jobs))
    _mutmut(work, "export-cicd-stats")
    stats = work / "mutants" / "mutmut-cicd-stats.json"
    if done.returncode or not stats.exists():
        sys.exit(f"{module}: mutmut stopped:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    counts = json.loads(stats.read_text("utf-8"))
    told = (line.strip().split(": ") for line in _mutmut(work, "results").stdout.splitlines() if ": " in line)
    names = [name for name, status in told if status not in KILLED]
    survivors = [_difference(_mutmut(work, "show", name).stdout, name) for name in names]
    return Found(sum(counts[key] for key in KILLED), counts["total"], survivors)


def _lines(names: Sequence[str] | Iterator[str]) -> str:
    return "\n".join(f"    {name}" for name in names)


def _mutmut(work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"CCHC_PROFILE": "few"}
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=work, env=environment, capture_output=True, encoding="utf-8", check=False)


def _difference(shown: str, name: str) -> str:
    """The lines that a mutant changes."""
    changed = (line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return f"  {name}\n" + "".join(f"    {line}\n" for line in changed)


def _share(killed: int, total: int) -> str:
    return f"{killed} of {total} mutants noticed ({100 * killed / max(total, 1):.1f}%)"


if __name__ == "__main__":
    main()
