"""Mutation testing of the pure core: each small change of a module must make a test about that module fail.

    pip install "mutmut>=3.8"
    python benchmarks/mutation.py points rules                    # every mutant of two modules
    python benchmarks/mutation.py --sample 30 --seed 4            # at most 30 mutants of every module of the core
    python benchmarks/mutation.py cchc_index.points.x_total__mutmut_3        # these mutants alone

mutmut (https://mutmut.readthedocs.io) makes the changes and runs the tests, in a copy of the checkout made for the run.
Each module is held against the few test files that are about it, so that a change costs about a second; a change that
only some other file would notice counts as survived. Properties are tried with a quarter of their examples. What
survived is printed as a difference. The tests must pass on the unchanged copy, or the run stops.

Never reached, so never tried or never noticed: mutmut changes no decorated function (properties, cached functions,
`singledispatch`) and nothing outside functions; a function that is called only while modules are imported ("no tests");
and what only a test which starts another interpreter would notice, for the other interpreter imports the installed
library (SEPARATE is left out for that reason).

A sample is drawn without replacement in each module, the same for the same seed whatever other modules are tried. The
share of the whole weighs each module by its mutants. Its interval is the normal one of a stratified sample, with the
share of each module drawn towards one half by two imagined mutants (Agresti and Coull, 1998), for a module of which
every sampled mutant was noticed is not a module without doubt.
"""

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import sqrt
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = Path("src/cchc_index")
COPIED = ("src", "tests", "rulesets", "examples", "docs", "pyproject.toml", "README.md")
TESTS = {
    "version": (),
    "errors": ("errors", "malformed"),
    "points": ("points",),
    "sources": ("say",),
    "measures": ("measures", "rules"),
    "rules": ("rules",),
    "criteria": ("observing", "say"),
    "finding": ("finding", "catalogue"),
    "facts": ("scoring", "submissions"),
    "figures": ("figures", "submissions"),
    "plain": ("plain", "card_json"),
    "canonical": ("digest",),
    "solving": ("solving",),
    "solving/rows": ("solving", "bounds"),
    "scoring/__init__": (),
    "scoring/bounds": ("rules", "partial"),
    "scoring/card_json": ("card_json",),
    "scoring/compiled": ("compiled",),
    "scoring/conditions": ("measures", "rules"),
    "scoring/evaluate": ("rules",),
    "scoring/generate": ("compiled",),
    "scoring/observe": ("observing",),
    "scoring/plans": ("observing", "scoring"),
    "scoring/rank": ("rank",),
    "scoring/say": ("say",),
    "scoring/score": ("scoring",),
    "scoring/totals": ("totals",),
    "scoring/trace": ("say", "card_json", "observing"),
    "scoring/writer": ("compiled",),
    "checking": ("checking",),
    "checking/clauses": ("clauses_read", "clauses_say", "clauses_agree"),
    "checking/lint": ("lint", "lint_places", "lint_regions"),
    "bounding": ("bounds",),
    "reviewing/__init__": (),
    "reviewing/ballots": ("ballots",),
    "reviewing/cohorts": ("groups",),
    "reviewing/grades": ("groups",),
    "reviewing/levers": ("priorities",),
    "reviewing/movement": ("groups", "reports"),
    "reviewing/observed": ("progress",),
    "reviewing/partial": ("partial",),
    "reviewing/phases": ("phases",),
    "reviewing/priorities": ("priorities",),
    "reviewing/progress": ("progress",),
    "reviewing/reports": ("reports",),
    "reviewing/sentences": ("groups", "progress"),
    "reviewing/surveys": ("ballots",),
    "comparing": ("diff",),
    "comparing/impact": ("impact",),
    "auditing": ("audit", "audit_sheets"),
    "auditing/printed": ("audit_printed",),
    "auditing/seal": ("audit_seal",),
}
"""The test files about each module, or about every module of a folder that is not named itself."""
SEPARATE = (
    "tests/test_scoring.py::test_a_score_does_not_depend_on_the_hash_seed",
    "tests/test_clauses_agree.py::test_lark_is_loaded_only_by_who_reads_sentences",
)
"""Tests that start another interpreter."""
SLOW = ("tests/test_bounds.py::test_the_sample_with_each_single_figure_missing",)
"""Tests that would cost more than all others of their file."""
CONFIG = """\
[mutmut]
source_paths=src
only_mutate={source}
process_isolation=forkserver
timeout_constant=3
timeout_multiplier=3
also_copy=
{copied}
pytest_add_cli_args=
{words}
pytest_add_cli_args_test_selection=
{tests}
"""
WORDS = ("-o", "addopts=", "-p", "no:xdist", "-p", "no:cov", "-p", "no:cacheprovider")
BY_TIME = ("timeout", "segfault")
NOTICED = ("killed", *BY_TIME)
MISSED = ("survived", "no tests")


class Found(NamedTuple):
    """What became of the mutants of one module that were tried: how many were noticed (`slow` of them by running
    beyond their time), and the others as differences; `existing` is how many mutants there are."""

    noticed: int
    slow: int
    tried: int
    existing: int
    missed: Sequence[str]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(_copied(Path(folder))):
        found = []
        for module, names in _chosen(arguments.of):
            found.append(_tried(module, names, arguments))
            print(_row(module, found[-1]), *found[-1].missed, sep="\n", flush=True)
    print(_summary(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("of", nargs="*", help="modules or folders of the core, or names of mutants; all if none")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of each module")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many mutants are tried at once")
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    return folder


def _chosen(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The modules asked for, and of each the mutants asked for by name, if any."""
    mutants = sorted(word for word in words if "__mutmut_" in word)
    named = {module: list(names) for module, names in groupby(mutants, _module_of)}
    asked = [word for word in words if word not in mutants]
    wanted = [module for module in modules() if not words or any(_within(module, one) for one in asked)]
    if unknown := [one for one in asked if not any(_within(module, one) for module in wanted)]:
        sys.exit(f"not in the core: {', '.join(unknown)}")
    return [*((module, []) for module in wanted), *named.items()]


def _within(module: str, one: str) -> bool:
    return module == one or module.startswith(f"{one}/")


def _module_of(mutant: str) -> str:
    steps = mutant.rpartition(".")[0].split(".")[1:]
    plain = PACKAGE.joinpath(*steps)
    return "/".join([*steps, "__init__"] if plain.is_dir() else steps)


def modules() -> list[str]:
    """Every module that has test files in TESTS, as `scoring/score`."""
    files = (path.relative_to(ROOT / PACKAGE).with_suffix("").as_posix() for path in (ROOT / PACKAGE).rglob("*.py"))
    return sorted(name for name in files if _home(name) in TESTS)


def _home(module: str) -> str:
    """The nearest of the module and the folders above it that has its own test files."""
    above = (module, *(folder.as_posix() for folder in Path(module).parents))
    return next((name for name in above if name in TESTS), "")


def _tried(module: str, names: Sequence[str], arguments: argparse.Namespace) -> Found:
    """Try the named mutants of one module, or a sample, or all."""
    source = PACKAGE / f"{module}.py"
    existing = mutants_of(source)
    chosen = list(names) or _sample(existing, arguments.sample, f"{arguments.seed}:{module}")
    if unknown := set(chosen) - set(existing):
        sys.exit(f"{module}: no such mutant: {', '.join(sorted(unknown))}")
    told = _run(module, chosen, arguments.jobs) if chosen else {}
    count = Counter(told.values())
    missed = [_difference(name, told[name]) for name in chosen if told[name] in MISSED]
    slow = sum(count[status] for status in BY_TIME)
    return Found(count["killed"] + slow, slow, len(chosen), len(existing), missed)


def mutants_of(source: Path) -> list[str]:
    """The names of all mutants of a file, sorted."""
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.format_utils import get_mutant_name

    made = mutate_file_contents(str(source), source.read_text("utf-8")).mutant_names
    return sorted(get_mutant_name(source, name) for name in made)


def _sample(names: Sequence[str], size: int | None, seed: str) -> list[str]:
    return sorted(random.Random(seed).sample(names, min(len(names) if size is None else size, len(names))))


def _run(module: str, chosen: Sequence[str], jobs: int) -> dict[str, str]:
    """What mutmut says of each chosen mutant. mutmut itself stops where a test fails on the unchanged copy."""
    shutil.rmtree("mutants", ignore_errors=True)
    words = [*WORDS, *(word for name in (*SEPARATE, *SLOW) for word in ("--deselect", name))]
    tests = [f"tests/test_{name}.py" for name in TESTS[_home(module)]]
    config = CONFIG.format(
        source=PACKAGE / f"{module}.py", copied=_lines(COPIED[2:]), words=_lines(words), tests=_lines(tests)
    )
    Path("setup.cfg").write_text(config, "utf-8")
    done = _mutmut("run", "--max-children", str(jobs), *chosen)
    lines = (line.strip().split(": ") for line in _mutmut("results", "--all", "1").stdout.splitlines() if ": " in line)
    told = {name: status for name, status in lines if name in chosen}
    strange = {name: told.get(name) for name in chosen if told.get(name) not in (*NOTICED, *MISSED)}
    if done.returncode or strange:
        said = (line for line in done.stdout.splitlines() if not "\u2800" <= line[:1] <= "\u28ff")
        sys.exit("\n".join([f"{module}: mutmut stopped: {strange}", *said, done.stderr]))
    return told


def _lines(names: Iterable[str]) -> str:
    return "\n".join(f"    {name}" for name in names)


def _mutmut(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"CCHC_PROFILE": "few"}
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


def _difference(name: str, status: str) -> str:
    """The lines that a mutant changes."""
    shown = _mutmut("show", name).stdout.splitlines()
    changed = (line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return "\n".join([f"  {name} ({status})", *(f"    {line}" for line in changed)])


def _row(module: str, one: Found) -> str:
    slow = f" ({one.slow} by time)" if one.slow else ""
    return f"{module}: noticed {one.noticed}{slow} of {one.tried} tried, {one.existing} existing"


def _summary(found: Sequence[Found]) -> str:
    """The numbers of all modules, and the share of all existing mutants with its interval."""
    total = Found(*(sum(column) for column in list(zip(*found, strict=True))[:4]), ())
    share, spread = estimate([(one.noticed, one.tried, one.existing) for one in found])
    low, high = max(0, share - spread), min(1, share + spread)
    return f"{_row('all', total)}; estimate {share:.1%}, 95% interval {low:.1%} to {high:.1%}"


def estimate(rows: Iterable[tuple[int, int, int]]) -> tuple[float, float]:
    """The share noticed of all mutants and half its 95 % interval, from (noticed, tried, existing) of each module."""
    kept = [row for row in rows if row[1]]
    whole = sum(existing for _, _, existing in kept)
    share = sum(noticed / tried * existing for noticed, tried, existing in kept) / whole
    return share, 1.96 * sqrt(sum(_variance(*row) for row in kept)) / whole


def _variance(noticed: int, tried: int, existing: int) -> float:
    """Of the estimated number of noticed mutants of one module; none where all were tried."""
    share = (noticed + 2) / (tried + 4)
    return existing**2 * (1 - tried / existing) * share * (1 - share) / tried


if __name__ == "__main__":
    main()
