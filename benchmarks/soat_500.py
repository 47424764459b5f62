"""Five hundred claimed sheets that are right, and more than five hundred with one fault each: what the audit finds.

    python benchmarks/soat_500.py

Prints how many right sheets have a finding (none may), how many planted faults are not found at their criterion (none
may), and how long an audit takes. Exits with 1 when either is not none.
"""

import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from audit_samples import PLANTS, commune_sample, planted

CLEAN, SEEDS = 500, 27


def main() -> int:
    right = [commune_sample(Random(seed)) for seed in range(CLEAN)]
    start = time.perf_counter()
    alarmed = sum(bool(sample.audit().findings) for sample in right)
    each = (time.perf_counter() - start) / CLEAN
    cases = [case for seed in range(SEEDS) for case in planted(seed)]
    lost = [
        case
        for case in cases
        if not any(one.kind is case.kind and one.criterion == case.code for one in case.sample.audit().findings)
    ]
    print(f"right sheets: {CLEAN}, with a finding: {alarmed}; {each * 1000:.1f} ms each")
    print(f"planted faults: {len(cases)} of {len(PLANTS)} kinds, not found: {len(lost)}")
    return 1 if alarmed or lost else 0


if __name__ == "__main__":
    sys.exit(main())
