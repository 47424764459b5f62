"""Mutation testing of the pure core: each small change of a module must make a test about that module fail.

    pip install "mutmut>=3.8"
    python benchmarks/mutation.py points rules                    # every mutant of two modules
    python benchmarks/mutation.py --sample 30 --seed 4            # at most 30 mutants of every module of the core
    python benchmarks/mutation.py cchc_index.points.x_total__mutmut_3        # these mutants alone

mutmut (https://mutmut.readthedocs.io) makes the changes; `mutation_trial.py` runs the tests, in a copy of the checkout.
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
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import unified_diff
from itertools import groupby
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

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
    "criteria": ("observing", "rules"),
    "finding": ("finding", "catalogue"),
    "facts": ("scoring", "submissions"),
    "figures": ("figures", "submissions"),
    "plain": ("plain", "card_json"),
    "canonical": ("digest",),
    "solving": ("solving",),
    "solving/rows": ("solving", "bounds"),
    "scoring/__init__": (),
    "scoring/bounds": ("partial", "rules"),
    "scoring/card_json": ("card_json",),
    "scoring/compiled": ("compiled",),
    "scoring/conditions": ("measures", "rules"),
    "scoring/evaluate": ("rules", "scoring"),
    "scoring/generate": ("compiled",),
    "scoring/observe": ("observing",),
    "scoring/plans": ("observing", "scoring"),
    "scoring/rank": ("rank",),
    "scoring/say": ("say", "observing"),
    "scoring/score": ("scoring", "card_json"),
    "scoring/totals": ("totals",),
    "scoring/trace": ("rules", "card_json", "observing"),
    "scoring/writer": ("compiled",),
    "checking": ("checking", "lint_words"),
    "checking/clauses": ("clauses_read", "clauses_say", "clauses_agree", "clauses_words"),
    "checking/lint": ("lint", "lint_places", "lint_regions", "lint_words", "checking"),
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
    "reviewing/reports": ("reports", "progress"),
    "reviewing/sentences": ("groups", "progress"),
    "reviewing/surveys": ("ballots",),
    "comparing": ("diff", "diff_words"),
    "comparing/impact": ("impact",),
    "auditing": ("audit", "audit_sheets", "audit_words", "audit_plants"),
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
WORDS = ("-q", "-o", "addopts=", "-p", "no:xdist", "-p", "no:cov", "-p", "no:cacheprovider", "-p", "mutation_trial")
MISSED = ("survived", "no tests")


class Chosen(NamedTuple):
    """The mutants of one module, and those to be tried."""

    module: str
    existing: Sequence[str]
    mutants: Sequence[str]


class Found(NamedTuple):
    """What became of the mutants of one module that were tried, and how many mutants it has.

    `slow` of the noticed ones ran beyond their time or ended the interpreter; `missed` are the others as differences.
    """

    noticed: int
    slow: int
    tried: int
    existing: int
    missed: Sequence[str]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(_copied(Path(folder))):
        found = []
        for tests, group in groupby(_chosen(arguments), _tests):
            found += _tried(tests, list(group))
    print(_summary(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("of", nargs="*", help="modules or folders of the core, or names of mutants; all if none")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of each module")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    shutil.copy2(ROOT / "benchmarks" / "mutation_trial.py", folder)
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    return folder


def _chosen(arguments: argparse.Namespace) -> list[Chosen]:
    """The mutants asked for by name, or a sample of each module asked for."""
    mutants = sorted(word for word in arguments.of if "__mutmut_" in word)
    asked = [word for word in arguments.of if word not in mutants]
    wanted = [module for module in modules() if not arguments.of or any(_within(module, one) for one in asked)]
    if unknown := [one for one in asked if not any(_within(module, one) for module in wanted)]:
        sys.exit(f"not in the core: {', '.join(unknown)}")
    samples = [_sample(module, arguments.sample, arguments.seed) for module in wanted]
    named = [Chosen(module, _mutants_of(module), list(names)) for module, names in groupby(mutants, _module_of)]
    if unknown := [name for one in named for name in one.mutants if name not in one.existing]:
        sys.exit(f"no such mutant: {', '.join(unknown)}")
    return sorted((one for one in (*samples, *named) if one.mutants), key=lambda one: (_tests(one), one.module))


def _tests(one: Chosen) -> Sequence[str]:
    return TESTS[_home(one.module)]


def _sample(module: str, size: int | None, seed: int) -> Chosen:
    existing = _mutants_of(module)
    size = len(existing) if size is None else min(size, len(existing))
    return Chosen(module, existing, sorted(random.Random(f"{seed}:{module}").sample(existing, size)))


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


def _tried(tests: Sequence[str], group: Sequence[Chosen]) -> list[Found]:
    """Try the chosen mutants of modules that have the same tests, all of them changed together in the copy."""
    sources = [PACKAGE / f"{one.module}.py" for one in group]
    made = [_mutated(source) for source in sources]
    for source, changed in zip(sources, made, strict=True):
        source.write_text(changed.code, "utf-8")
    told = _run(tests, [name for one in group for name in one.mutants])
    for source in sources:
        shutil.copy2(ROOT / source, source)
    found = [_found(one, changed, told) for one, changed in zip(group, made, strict=True)]
    for one, row in zip(group, found, strict=True):
        print(_row(one.module, row), *row.missed, sep="\n", flush=True)
    return found


def _found(one: Chosen, changed: Any, told: Mapping[str, str]) -> Found:
    count = Counter(told[name] for name in one.mutants)
    missed = [_difference(name, told[name], changed) for name in one.mutants if told[name] in MISSED]
    noticed = len(one.mutants) - len(missed)
    return Found(noticed, noticed - count["noticed"], len(one.mutants), len(one.existing), missed)


def _mutated(source: Path) -> Any:
    """mutmut's `MutatedFile`: every mutant of every function beside its original, and the lines of each."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    return mutate_file_contents(str(source), (ROOT / source).read_text("utf-8"))


def _mutants_of(module: str) -> list[str]:
    """The names of all mutants of a module, sorted."""
    from mutmut.utils.format_utils import get_mutant_name

    source = PACKAGE / f"{module}.py"
    return sorted(get_mutant_name(source, name) for name in _mutated(source).mutant_names)


def _run(tests: Sequence[str], mutants: Sequence[str]) -> dict[str, str]:
    """What became of each mutant, in one pytest session with `mutation_trial.py`."""
    file = Path("mutants.json").absolute()
    file.write_text(json.dumps(mutants), "utf-8")
    path = os.pathsep.join((str(Path("src").absolute()), str(ROOT / "benchmarks")))
    words = [
        *WORDS,
        *(f"--deselect={name}" for name in (*SEPARATE, *SLOW)),
        *(f"tests/test_{name}.py" for name in tests),
    ]
    environment = os.environ | {"PYTHONPATH": path, "CCHC_PROFILE": "few", "CCHC_MUTANTS": str(file)}
    command = [sys.executable, "-m", "pytest", *words]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    told = json.loads(file.read_text("utf-8"))
    if done.returncode or not isinstance(told, dict):
        sys.exit(f"{tests}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return told


def _difference(name: str, status: str, changed: Any) -> str:
    """The lines that a mutant changes."""
    short = name.rpartition(".")[2]
    original = short.partition("__mutmut_")[0] + "__mutmut_orig"
    lines, spans = changed.code.splitlines(), changed.line_span_by_function_name
    old, new = (lines[spans[one].start - 1 : spans[one].end] for one in (original, short))
    renamed = [line.replace(original, short) for line in old]
    shown = [line for line in unified_diff(renamed, new, n=0, lineterm="") if line[:2] not in ("++", "--", "@@")]
    return "\n".join([f"  {name} ({status})", *(f"    {line}" for line in shown)])


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
