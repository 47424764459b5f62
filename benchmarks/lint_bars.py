"""How far the proofs of rulesets can be trusted, counted over many generated rulesets and over the shipped ones.

    python benchmarks/lint_bars.py                     # all four, as many as the bars ask for: hours
    python benchmarks/lint_bars.py sound --sound 500   # some of them, fewer

- sound: rulesets without a defect, in which lint must find nothing;
- spoiled: the same with one defect in one leaf, which lint must find there, with figures that show it;
- z3: rulesets of both kinds and arbitrary ones, about which lint and an SMT solver must say the same;
- mutants: small changes of shipped rulesets: each that changes a score must be caught by lint, by the clause reader or
  by a worked case.

Leaves with 1 when anything was missed; each miss is printed with the seed that makes it again.
"""

import argparse
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from random import Random

from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.lint import lint
from cchc_index.criteria import Ruleset
from cchc_index.files.catalogue import folder_of
from cchc_index.sources import NOT_STATED
from cchc_index.testing.defects import ALWAYS, DEFECTS, make_spoiled
from cchc_index.testing.mutants import by_cases, caught_by, changes_score, mutants_of, readers_of
from cchc_index.testing.numbers import POINTS
from cchc_index.testing.pool.rulesets import make_leaf, with_criteria
from cchc_index.testing.sound import make_sound
from cchc_index.testing.witnesses import reproduced

TESTS = Path(__file__).parents[1] / "tests"
Counts = Counter[str]
OK, MISSED = "as it must be", "MISSED"


def sound(seed: int) -> Counts:
    """A sound ruleset: nothing is found."""
    found = [f.code for f in lint(make_sound(Random(seed))) if f.code not in ALWAYS]
    return _told("sound", is_good=not found, words=f"sound, seed {seed}: {found}")


def spoiled(seed: int) -> Counts:
    """A ruleset with one defect: it is found, where it is and nowhere else, with figures that show it."""
    defect = DEFECTS[seed % len(DEFECTS)]
    rules, code = make_spoiled(Random(seed), defect)
    found = [f for f in lint(rules) if f.code not in ALWAYS]
    is_found = defect.code in {f.code for f in found if f.criterion == code}
    elsewhere = [f.code for f in found if f.criterion != code]
    unshown = [f.code for f in found if not reproduced(rules, f)]
    good = is_found and not elsewhere and not unshown
    words = f"{defect.name}, seed {seed}: {elsewhere or unshown or 'not found'}"
    return _told(f"spoiled: {defect.name}", is_good=good, words=words)


def agreeing(seed: int) -> Counts:
    """One ruleset, every third sound, every third spoiled, the others arbitrary: lint and z3 say the same."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    from lint_agreement import disagreements

    answered, open_, told = disagreements(_any(seed))
    counts = Counter({"z3: questions answered by both": answered, "z3: leaves that lint leaves open": open_})
    return counts + _told("z3: rulesets", is_good=not told, words=f"z3, seed {seed}: {told}")


def _any(seed: int) -> Ruleset:
    r = Random(seed)
    if seed % 3 == 0:
        return make_sound(r)
    if seed % 3 == 1:
        return make_spoiled(r, DEFECTS[seed // 3 % len(DEFECTS)])[0]
    leaves = [make_leaf(r, str(n)) for n in range(1, 4)]
    bare = [evolve(leaf, notes=(), rounding=None, max_points=r.choice(POINTS[4:])) for leaf in leaves]
    return with_criteria(*(leaf for leaf in bare if leaf.rule is not NOT_STATED))


def mutated(name: str) -> Counts:
    """Every mutant of one shipped ruleset: who catches it, or the proof that it changes no score."""
    rules, counts = cchc.load(name), Counter[str]()
    readers = readers_of(rules, folder_of(name))
    further = TESTS / "vi-du" / f"{name.replace('/', '-')}.yaml"
    if further.exists():
        readers["further cases of the tests"] = by_cases(further)
    for number, mutant in enumerate(mutants_of(rules)):
        caught = caught_by(mutant, readers)
        counts.update(["mutants", *(f"mutants caught by {reader}" for reader in caught)])
        if caught:
            counts["mutants caught"] += 1
        elif changes_score(rules, mutant):
            counts += _told(
                "mutants that change a score", is_good=False, words=f"{name}, {number}: {mutant.code}: {mutant.name}"
            )
        else:
            counts["mutants that provably change no score, not caught"] += 1
    return counts


def _told(name: str, *, is_good: bool, words: str) -> Counts:
    return Counter({f"{name}: {OK}": 1}) if is_good else Counter({f"{name}: {MISSED}": 1, f"! {words}": 1})


def main() -> None:
    """Run the parts asked for, and print what was counted."""
    asked = _arguments()
    parts: dict[str, tuple[Callable[..., Counts], Iterable[object]]] = {
        "sound": (sound, range(asked.seed, asked.seed + asked.sound)),
        "spoiled": (spoiled, range(asked.seed, asked.seed + asked.spoiled)),
        "z3": (agreeing, range(asked.seed, asked.seed + asked.z3)),
        "mutants": (mutated, asked.ruleset or cchc.rulesets()),
    }
    print(_machine())
    missed = 0
    for part in asked.part or parts:
        began = time.monotonic()
        counts = _counted(*parts[part], asked.jobs)
        missed += sum(count for name, count in counts.items() if MISSED in name)
        print("\n".join(_lines(counts)), f"{part}: {time.monotonic() - began:.0f} s", sep="\n", flush=True)
    sys.exit(missed > 0)


def _counted(look: Callable[..., Counts], things: Iterable[object], jobs: int) -> Counts:
    with ProcessPoolExecutor(jobs) as pool:
        return sum(pool.map(look, things, chunksize=1 if look is mutated else 50), Counter())


def _lines(counts: Counts) -> Iterator[str]:
    for name, count in sorted(counts.items()):
        yield name if name.startswith("!") else f"{name}: {count}"


def _machine() -> str:
    names = ("attrs", "z3-solver", "lark")
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in names
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", choices=[[], "sound", "spoiled", "z3", "mutants"])
    parser.add_argument("--sound", type=int, default=10_000, help="how many sound rulesets")
    parser.add_argument("--spoiled", type=int, default=10_000, help="how many spoiled ones, each kind in turn")
    parser.add_argument("--z3", type=int, default=1000, help="how many rulesets z3 is asked about")
    parser.add_argument("--ruleset", action="append", help="a shipped ruleset whose mutants are tried; all by default")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
