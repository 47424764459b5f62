"""Ends: the most (`sign` 1) or the least (`sign` -1) that something comes to, and in which regions it comes how near.

Adding up, cutting off, rounding half up and scaling by a number above zero never turn the order of points around. So
the end of a whole is made of the ends of its parts, as long as these can be had together.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count, islice

from attrs import evolve, frozen

from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.regions import Region, Regions, Terms, both, is_met
from cchc_index.measures import Interval
from cchc_index.points import round_half_up

MAX_SHOWN = 12
MAX_JOINED = 4000
MAX_DEPTH = 400
NEAR = Fraction(1, 1000)
"""How near to an end that is not reached the figures come that show it."""


@frozen(eq=False)
class End:
    """One end. `value` is None where there is none on this side.

    `is_exact` says that the value is proved to be reached (`is_reached`) or to be come near to as wanted; otherwise it
    only is not passed. `reach(goal)` tells where at least a `goal` is reached (at most, for the least); for None, where
    there are points at all. It need not tell every such place.
    """

    value: Fraction | None
    is_reached: bool
    is_exact: bool
    reach: Callable[[Fraction | None], list[Regions]]


Needs = list[Regions]
"""Several unions over different figures, of regions that have figures; one region of each is needed."""
NOT_AT_ALL: Needs = [[]]
Reach = Callable[[Fraction | None], Needs]
Key = tuple[Fraction, Fraction]
"""What exemptions take out of the maximum, and how much of that the rest is scaled back for."""
Ends = dict[Key, End]
WHOLE: Key = (Fraction(0), Fraction(0))


def constant_end(points: Fraction, regions: Regions, sign: int) -> End:
    """The end of what is always the same, in regions that are met."""
    return reached(points, lambda goal: [regions] if goal is None or sign * goal <= sign * points else NOT_AT_ALL)


def reached(value: Fraction, reach: "Reach") -> End:
    """An end that is proved to be reached."""
    return End(value, is_reached=True, is_exact=True, reach=reach)


def is_better(one: End, other: End, sign: int) -> bool:
    """Whether one end is further out, or as far and surer to be reached."""
    if one.value is None or other.value is None:
        return one.value is None and other.value is not None
    if one.value != other.value:
        return sign * one.value > sign * other.value
    return one.is_exact and one.is_reached and not (other.is_exact and other.is_reached)


def furthest(ends: Sequence[End], sign: int) -> End:
    """The furthest of several ends of the same thing in different regions."""
    best = ends[0]
    for end in ends[1:]:
        best = end if is_better(end, best, sign) else best

    def reach(goal: Fraction | None) -> Needs:
        needs = [found for end in ends if all(found := end.reach(goal))]
        return needs[0] if len(needs) == 1 else [[region for one in needs for region in apart(one)]]

    return evolve(best, reach=reach) if ends[1:] else best


def furthest_by_key(several: Iterable[Ends], sign: int) -> Ends:
    found: dict[Key, list[End]] = {}
    for ends in several:
        for key, end in ends.items():
            found.setdefault(key, []).append(end)
    return {key: furthest(ends, sign) for key, ends in found.items()}


def summed(ends: Sequence[End], sign: int) -> End:
    """The end of a sum of parts of which none hangs on another."""
    values = [end.value for end in ends if end.value is not None]
    value = sum(values, Fraction(0)) if len(values) == len(ends) else None

    def reach(goal: Fraction | None) -> Needs:
        if goal is not None and value is not None and sign * goal > sign * value:
            return NOT_AT_ALL
        given = zip(ends, shares(ends, goal, sign), strict=True)
        return [regions for end, share in given for regions in end.reach(share)]

    return End(value, all(end.is_reached for end in ends), all(end.is_exact for end in ends), reach)


def apart(needs: Needs) -> Regions:
    """Some regions in which all needs are met."""
    return both(*(regions[:1] if n else regions[:MAX_SHOWN] for n, regions in enumerate(needs)))


def shares(ends: Sequence[End], goal: Fraction | None, sign: int) -> list[Fraction | None]:
    """What each end has to reach for a sum to reach a goal; an end that is not reached keeps a little away."""
    if goal is None:
        return [None] * len(ends)
    open_ends = [end for end in ends if end.value is None]
    near = [end for end in ends if end.value is not None and not end.is_reached]
    known = sum((end.value for end in ends if end.value is not None), Fraction(0))
    slack = Fraction(len(near)) if open_ends else sign * (known - goal)
    rest = (goal - known + sign * slack) / len(open_ends) if open_ends else Fraction(0)
    found: list[Fraction | None] = []
    for end in ends:
        kept = Fraction(0) if end.is_reached or end.value is None else slack / len(near)
        found.append(rest if end.value is None else end.value - sign * kept)
    return found


def moved(end: End, times: Fraction, base: Fraction) -> End:
    """So many times an end, and a number more. With `times` below zero the most becomes the least."""
    value = None if end.value is None else base + times * end.value
    return evolve(end, value=value, reach=lambda goal: end.reach(None if goal is None else (goal - base) / times))


def clamped_end(end: End, floor: Fraction | None, cap: Fraction | None, sign: int) -> End:
    """An end cut off at a cap and lifted to a floor."""
    far, lift = (cap, floor) if sign > 0 else (floor, cap)
    value = end.value

    def reach(goal: Fraction | None) -> Needs:
        is_lifted = goal is None or (lift is not None and sign * goal <= sign * lift)
        is_beyond = far is not None and goal is not None and sign * goal > sign * far
        return NOT_AT_ALL if is_beyond and not is_lifted else end.reach(None if is_lifted else goal)

    if far is not None and (value is None or sign * value > sign * far):
        end, value = evolve(end, is_reached=True), far
    if lift is not None and value is not None and sign * value <= sign * lift:
        return reached(lift, reach)
    return proved(End(value, end.is_reached, end.is_exact, reach))


def rounded_end(end: End, step: Fraction, sign: int) -> End:
    """An end rounded half up to steps."""
    if end.value is None:
        return end
    value = round_half_up(end.value, step)
    if sign > 0 and not end.is_reached and end.value == value - step / 2:
        value -= step

    def reach(goal: Fraction | None) -> Needs:
        if goal is None:
            return end.reach(None)
        if sign > 0:
            return end.reach(-(-goal // step) * step - step / 2)
        edge = (goal // step) * step + step / 2
        return end.reach((end.value + edge) / 2) if end.value is not None and end.value < edge else NOT_AT_ALL

    return proved(End(value, is_reached=True, is_exact=end.is_exact, reach=reach))


def proved(end: End) -> End:
    """An end that nothing passes is exact as soon as figures reach it."""
    if end.is_exact or end.value is None or not all(end.reach(end.value)):
        return end
    return evolve(end, is_reached=True, is_exact=True)


def together(ends: Sequence[End], sign: int, domain: Domain) -> End | None:
    """The sum of ends that hang together, where figures reach all of them at once; None where none were found."""
    if not all(end.is_reached and end.is_exact and end.value is not None for end in ends):
        return None
    known = joined([regions for end in ends for regions in end.reach(end.value)], domain)
    return constant_end(sum((end.value or Fraction(0) for end in ends), Fraction(0)), known, sign) if known else None


def joined(needs: Needs, domain: Domain) -> Regions:
    """Some regions that meet all of several needs at once, which may be over the same figures, and have figures.

    The needs that leave least choice come first; each region is held only against those that it hangs together with.
    """
    ordered, tries = sorted(needs, key=len), count()

    def extended(region: Region, number: int) -> Iterator[Region]:
        if number == len(ordered):
            yield region
        for other in ordered[number] if number < len(ordered) else ():
            if next(tries) > MAX_JOINED:
                return
            merged = region.and_(other)
            if merged is not None and is_met(around(merged, other, domain), domain):
                yield from extended(merged, number + 1)

    return list(islice(extended(Region(), 0), MAX_SHOWN)) if len(ordered) <= MAX_DEPTH else []


def around(region: Region, part: Region, domain: Domain) -> Region:
    """What a region says of the figures that hang together with those of a part of it."""
    keys, left = set(domain.with_wholes(part.keys)), dict(region.bounds)
    found: dict[Terms, Interval] = {}
    while True:
        near = [terms for terms in left if not keys.isdisjoint(_tied(terms, domain))]
        if not near:
            return Region(found, {key: region.chosen[key] for key in part.chosen})
        for terms in near:
            found[terms] = left.pop(terms)
            keys.update(_tied(terms, domain))


def _tied(terms: Terms, domain: Domain) -> list[str]:
    return domain.once(("tied", terms), lambda: domain.with_wholes(key for key, _ in terms))
