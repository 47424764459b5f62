"""One command that recalculates scoring workbooks in two spreadsheet programs and holds every cell to the exact engine.

    python benchmarks/workbook.py --units 1000
    python benchmarks/workbook.py --units 1000 --program libreoffice --only mau

For each shape of the files and for the whole of mau/cap-xa/1: generated units that stand on every threshold, just under
and just over it, and on half-cent ties. Each program runs once for all of them. Leaves with 1 where a cell differs.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from random import Random

from attrs import evolve

import cchc_index as cchc
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.office.workbook.returned import read_returned
from cchc_index.office.workbook.writing import scoring_workbook
from cchc_index.rules import Rounding
from cchc_index.testing.sound import SHAPES, make_sound
from cchc_index.testing.thresholds import near, near_unit, sides_of
from cchc_index.testing.units import make_unit, unit_with, within_wholes

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from recalculation import Bench, IronCalc, LibreOffice, Program, check, evened, fitting, on_grades, tie_figures  # noqa: E402

SAMPLE = "mau/cap-xa/1"
RULESETS = 8
"""How many rulesets of each shape share the units."""


def shaped(shape: str, number: int) -> Ruleset:
    """A sound ruleset whose criteria are all of one shape; every other one orders its total to be rounded."""
    rules = make_sound(Random(f"{shape} {number}"), SHAPES[shape])
    return evolve(rules, rounding=Rounding(Fraction(1, 100)) if number % 2 else None)


def typed(rules: Ruleset, file: Path) -> Submission:
    """A submission whose figures have the types that their facts declare: once into a workbook and back."""
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder, "a.xlsx")
        filled.write_bytes(scoring_workbook(rules, cchc.read_submission(file), records=12))
        return read_returned(filled).unit


def units_near(r: Random, rules: Ruleset, base: Submission | None) -> Iterator[Submission]:
    """Units on, under and over every threshold, and on every tie; the other figures are drawn, or those of `base`.

    With a base, first those whose total stands on the end of a grade, or half a hundredth under it.
    """
    planted = [found for threshold, side in sides_of(rules) if (found := near(rules, threshold, side)) is not None]
    planted += list(tie_figures(rules))
    if base is not None:
        yield from on_grades(rules, evolve(base, figures=evened(rules, base.figures, {})), r)
    for number, found in enumerate(cycle(planted) if planted else cycle([{}])):
        if base is not None and number % 3:
            plain = {**base.figures, **found} if number % 3 == 1 else evened(rules, base.figures, found)
            unit = unit_with(rules, within_wholes(rules.facts_by_name, plain))
        else:
            unit = near_unit(r, rules, found) if found else make_unit(r, rules)
        yield evolve(unit, unit=f"Đơn vị {number + 1}")


def run(name: str, sets: list[tuple[Ruleset, Submission | None]], units: int, programs: dict[str, Program]) -> int:
    """Compare, print one line for each program, and give the number of wrong cells."""
    failed, share = 0, -(-units // len(sets))
    benches = []
    for number, (rules, base) in enumerate(sets):
        r = Random(f"{name} {number}")
        fit = (unit for unit in islice(units_near(r, rules, base), 20 * share) if fitting(rules, unit))
        benches.append((Bench(rules, records=12), list(islice(fit, share))))
    scored = sum(_is_scored(bench.rules, unit) for bench, known in benches for unit in known)
    for label, program in programs.items():
        start, cells, wrong = time.perf_counter(), 0, list[str]()
        for bench, known in benches:
            count, found = check(program, bench, known)
            cells, wrong = cells + count, wrong + found
        took, made = time.perf_counter() - start, sum(len(known) for _, known in benches)
        print(
            f"{name:18} {label:12} {made:6} units ({scored} scored) {cells:8} cells {len(wrong):4} wrong {took:7.1f} s"
        )
        for line in wrong[:5]:
            print("   ", line)
        failed += len(wrong)
        sys.stdout.flush()
    return failed


def _is_scored(rules: Ruleset, unit: Submission) -> bool:
    try:
        cchc.score(rules, unit)
    except cchc.CchcError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--program", choices=("ironcalc", "libreoffice"), action="append")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    wanted = options.program or ["ironcalc", "libreoffice"]
    sets: dict[str, list[tuple[Ruleset, Submission | None]]] = {
        shape: [(shaped(shape, n), None) for n in range(RULESETS)] for shape in SHAPES
    }
    sample = cchc.load(SAMPLE)
    best = typed(sample, ROOT / "examples" / "mau-cap-xa" / "don-vi-01.yaml")
    in_time = {**best.figures, "ho_so_tre_han": 0, "thu_xin_loi": 0}
    sets["mau/cap-xa/1"] = [(sample, evolve(best, figures=in_time))]
    with ExitStack() as stack:
        programs: dict[str, Program] = {}
        if "ironcalc" in wanted:
            programs["ironcalc"] = IronCalc()
        if "libreoffice" in wanted:
            programs["libreoffice"] = stack.enter_context(LibreOffice())
        chosen = {name: known for name, known in sets.items() if options.only in name}
        return 1 if sum(run(name, known, options.units, programs) for name, known in chosen.items()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
