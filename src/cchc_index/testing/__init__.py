"""Testing rulesets, one's own or others': Hypothesis strategies, mutants, and a pytest plugin.

Each name is imported when first used, so that the plugin loads nothing where it is not asked for.

>>> from random import Random
>>> import cchc_index as cchc
>>> from cchc_index.testing import make_unit, near_units
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> [str(cchc.score(rules, unit)["4.1"].points) for unit in near_units(Random(0), rules)]
['1', '99/100', '9/10', '0', '10/11']
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_index.testing.mutants import Mutant, caught_by, changes_score, mutants_of, readers_of
    from cchc_index.testing.strategies import (
        averages,
        awards,
        bands,
        conditions,
        criteria_of_shape,
        intervals,
        measures,
        near_thresholds,
        piecewises,
        rules,
        rulesets,
        sound_rulesets,
        submissions,
        sums,
        switches,
        tables,
    )
    from cchc_index.testing.thresholds import near_units, thresholds_of
    from cchc_index.testing.units import make_unit

_HOMES = {
    "mutants": ("Mutant", "caught_by", "changes_score", "mutants_of", "readers_of"),
    "strategies": (
        *("averages", "awards", "bands", "conditions", "criteria_of_shape", "intervals", "measures"),
        *("near_thresholds", "piecewises", "rules", "rulesets", "sound_rulesets", "submissions", "sums", "switches"),
        "tables",
    ),
    "thresholds": ("near_units", "thresholds_of"),
    "units": ("make_unit",),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"cchc_index.testing.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Mutant",
    "averages",
    "awards",
    "bands",
    "caught_by",
    "changes_score",
    "conditions",
    "criteria_of_shape",
    "intervals",
    "make_unit",
    "measures",
    "mutants_of",
    "near_thresholds",
    "near_units",
    "piecewises",
    "readers_of",
    "rules",
    "rulesets",
    "sound_rulesets",
    "submissions",
    "sums",
    "switches",
    "tables",
    "thresholds_of",
]
