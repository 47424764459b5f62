"""One criterion taken out of a ruleset, so that it can be scored with its own figures only."""

from attrs import evolve

from cchc_index.criteria import Ruleset


def alone(rules: Ruleset, code: str) -> Ruleset:
    """The ruleset with one criterion only: its other parts ask for no figures. Raises KeyError.

    >>> import cchc_index as cchc
    >>> [criterion.code for criterion in alone(cchc.load("dong-nai/cap-xa/2022"), "4.1").walk()]
    ['4.1']
    """
    criterion = evolve(rules[code], facts=())
    return evolve(
        rules,
        criteria=(criterion,),
        facts=tuple(rules.facts_by_name.values()),
        max_points=criterion.max_points,
        adjustments=(),
        scales=(),
        ranking=None,
        notes=(),
    )
