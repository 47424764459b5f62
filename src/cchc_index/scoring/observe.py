"""What a decision has looked at without stating points for it: measures and tiers, for one unit's figures.

It never stops a score: what is missing or left out by the source is said in its place.
"""

from collections.abc import Callable, Iterable

from cchc_index.criteria import Observation
from cchc_index.figures import Figures
from cchc_index.scoring.conditions import StatedPair, Undefined, look_at, test_of
from cchc_index.scoring.trace import Observed, Seen

Observe = Callable[[Figures], Observed]


def observe(observations: Iterable[Observation]) -> tuple[Observe, ...]:
    """How each is looked at."""
    return tuple(_observe(observation) for observation in observations)


def _observe(observation: Observation) -> Observe:
    names, found = tuple(dict.fromkeys(observation.names)), _found(observation)

    def run(figures: Figures) -> Observed:
        absent = tuple([name for name in names if not figures.has(name)])
        if absent:
            return Observed(observation.name, absent=absent, basis=observation.basis)
        try:
            return found(figures)
        except Undefined:
            return Observed(observation.name, basis=observation.basis)

    return run


def _found(observation: Observation) -> Observe:
    name, basis, measure = observation.name, observation.basis, observation.measure
    if measure is None:
        tests = [(tier.name, test_of(tier.when)) for tier in observation.tiers]

        def tier_of(figures: Figures) -> Observed:
            held = (tier for tier, test in tests if test(figures))
            return Observed(name, tier=next(held, None), basis=basis)

        return tier_of
    look = look_at(measure)

    def value_of(figures: Figures) -> Observed:
        pair = look(figures)
        seen = pair and Seen(measure, *pair, isinstance(pair, StatedPair))
        return Observed(name, seen, basis=basis)

    return value_of
