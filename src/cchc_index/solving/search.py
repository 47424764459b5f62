"""Solutions of a system, the smallest first: unknowns are chosen one by one, whole ones first.

Where elimination finds no contradiction, each rational unknown has room whatever was chosen before it; of whole ones
several are tried. A search that comes to its end without a solution proves that there is none; one that is cut short
proves nothing, and raises `Unproven`.

>>> from fractions import Fraction
>>> rows = [Row((("x", 2), ("y", -1)), Fraction(-1)), Row((("y", 1),), Fraction(0), is_strict=True)]
>>> sorted(solution([Unknown("x"), Unknown("y", is_whole=False)], rows).items())
[('x', 1), ('y', 1)]
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from cchc_index.measures import Interval
from cchc_index.points import Exact
from cchc_index.solving.elimination import Chain, chain
from cchc_index.solving.intervals import simplest, whole_numbers
from cchc_index.solving.rows import Row, Unknown, Unproven, Values, groups_of

MAX_TRIES = 6000

Candidates = Callable[[Unknown, Interval], Iterable[Exact]]
"""The numbers to try for an unknown that lies in an interval, the most wanted first.

For a whole unknown these are all whole numbers of the interval; for a rational one at least one number."""


def nearest(unknown: Unknown, interval: Interval) -> Iterable[Exact]:
    """Whole numbers from zero outwards; of rational ones the one with the fewest decimals."""
    return whole_numbers(interval) if unknown.is_whole else (simplest(interval),)


def solution(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> Values | None:
    """The solution nearest to zero, found from the first unknown to the last; None when there is provably none.

    Raises Unproven.
    """
    made = chains(unknowns, rows)
    if made is None:
        return None
    found: Values = {}
    for group in made:
        values = next(choices(group, nearest), None)
        if values is None:
            return None
        found |= values
    return found


def has_solution(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> bool:
    """Whether there is a solution. Raises Unproven."""
    made = chains(unknowns, rows)
    return made is not None and all(one.is_exact or next(choices(one, nearest), None) is not None for one in made)


def chains(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> list[Chain] | None:
    """A chain for each group of unknowns that rows join; None when one has a contradiction. Raises Unproven."""
    found: list[Chain] = []
    for group in groups_of(unknowns, rows):
        made = chain(*group)
        if made is None:
            return None
        found.append(made)
    return found


def choices(made: Chain, candidates: Candidates, branches: int | None = None) -> Iterator[Values]:
    """Solutions of one chain; after the first unknown at most so many `branches` of each that lead to one.

    Raises Unproven when the search is cut short before the first.
    """
    tries, is_empty = count(1), True
    for values in _chosen(made, [], candidates, branches, tries):
        is_empty = False
        yield {unknown.name: value for unknown, value in zip(made.order, values, strict=True)}
    if is_empty and next(tries) > MAX_TRIES:
        raise Unproven


def _chosen(
    made: Chain, sofar: list[Exact], candidates: Candidates, branches: int | None, tries: Iterator[int]
) -> Iterator[list[Exact]]:
    if len(sofar) == len(made.order):
        yield sofar
        return
    fruitful = 0
    for value in candidates(made.order[len(sofar)], made.interval(sofar)):
        if next(tries) > MAX_TRIES or (sofar and fruitful == branches):
            return
        is_fruitful = False
        for found in _chosen(made, [*sofar, value], candidates, branches, tries):
            is_fruitful = True
            yield found
        fruitful += is_fruitful
