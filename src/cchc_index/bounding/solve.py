"""The ends of a part: of each of its parts alone where they share no missing figure, else of all their runs together.

Parts that share figures are first asked whether each can be at its own end at once, which is most often so. Only where
they cannot are they run together, and then only what really hangs together; the rest goes in as a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from attrs import evolve, field, frozen

from cchc_index.bounding.ends import (
    NOT_AT_ALL,
    WHOLE,
    End,
    Ends,
    Key,
    clamped_end,
    constant_end,
    furthest_by_key,
    is_better,
    moved,
    rounded_end,
    summed,
    together,
)
from cchc_index.bounding.parts import Part
from cchc_index.bounding.runs import Way, ends_of, rounded_ways
from cchc_index.checking.lint.domains import COLUMN, Domain
from cchc_index.checking.lint.regions import Region, both, is_met
from cchc_index.checking.lint.runs import clamped, constant_of, runs_of
from cchc_index.measures import Interval
from cchc_index.rules import Sum
from cchc_index.scoring.bounds import fewest_of, most_of
from cchc_index.solving.rows import Unproven

MAX_TABLE = 400


@frozen(eq=False)
class Ending:
    """Finds the ends of parts. `memo` keeps what was found, by part, region and side."""

    domain: Domain
    keeps_keys: bool = True
    """Whether what exemptions take out of the maximum is told apart."""
    memo: dict[tuple[object, ...], Ends] = field(factory=dict)

    def ends(self, part: Part, sign: int, region: Region | None = None) -> Ends:
        """The most (`sign` 1) or the least (`sign` -1) of a part, for each of what exemptions take out.

        Empty where it has no points whatever the figures.
        """
        where = region or Region()
        key = (part, sign, frozenset(where.bounds.items()), frozenset(where.chosen.items()))
        if key not in self.memo:
            self.memo[key] = self._ends(part, sign, where)
        return self.memo[key]

    def _ends(self, part: Part, sign: int, region: Region) -> Ends:
        found: list[Ends] = []
        for way in part.ways:
            met = [one for one in both([region], way.regions) if is_met(one, self.domain)]
            key = way.key if self.keeps_keys else WHOLE
            found += [{key: constant_end(way.points, met, sign)}] if met else []
        for asked in both([region], part.asked):
            found += [self._asked(part, sign, asked)] if is_met(asked, self.domain) else []
        return furthest_by_key(found, sign)

    def _asked(self, part: Part, sign: int, region: Region) -> Ends:
        if part.rule is not None:
            try:
                return self._ends_of(self._rule_ways(part, region), sign)
            except Unproven:
                return {WHOLE: _outer(part, sign)}
        found = self._apart(part, sign, region)
        if part.whole is None or all(_is_within(end, part.whole, sign) for end in found.values()):
            return found
        try:
            ends = self._ends_of(self._limited_ways(part, sign, region, part.keys), sign)
            return {key: _stepped(part, end, sign) for key, end in ends.items()}
        except Unproven:
            within = {key: end for key, end in found.items() if sign > 0 or _is_within(end, part.whole, sign)}
            return {key: _cut(end, part.whole, sign) for key, end in within.items()}

    def _ends_of(self, ways: Iterable[Way], sign: int) -> Ends:
        return ends_of(ways if self.keeps_keys else (evolve(way, key=WHOLE) for way in ways), self.domain, sign)

    def _apart(self, part: Part, sign: int, region: Region) -> Ends:
        """The ends of the parts of a part, put together."""
        inner = sign if part.times > 0 else -sign
        tables = [self._cluster(cluster, inner, region) for cluster in clusters(part.parts, [region])]
        found: Ends = {}
        for key, ends in crossed(tables, inner):
            end = moved(summed(ends, inner), part.times, part.base) if ends else constant_end(part.base, [region], sign)
            found[key] = self._finished(part, end, key, sign)
        return found

    def _finished(self, part: Part, end: End, key: Key, sign: int) -> End:
        if part.rescaled is not None:
            end = moved(end, factor(part.rescaled, key), Fraction(0))
        if part.floor is not None or part.cap is not None:
            end = clamped_end(end, part.floor, part.cap, sign)
        return _stepped(part, end, sign)

    def _cluster(self, cluster: Sequence[Part], sign: int, region: Region) -> Ends:
        """The ends of the sum of parts that share figures."""
        tables = [self.ends(part, sign, region) for part in cluster]
        if len(cluster) == 1:
            return tables[0]
        if not all(tables):
            return {}
        whole = crossed(tables, sign)
        found = {key: together(ends, sign, self.domain) for key, ends in whole}
        sure = {key: end for key, end in found.items() if end is not None}
        if len(sure) == len(found):
            return sure
        try:
            return self._ends_of(self._jointly(cluster, sign, region, frozenset()), sign)
        except Unproven:
            return {key: sure.get(key) or _unshown(summed(ends, sign)) for key, ends in whole}

    # -- several parts at once -----------------------------------------------------------------------------------------

    def ways(self, part: Part, sign: int, region: Region, tied: frozenset[str]) -> Iterator[Way]:
        """Every way in which a part comes to points in a region; parts without tied figures at their end."""
        for way in part.ways:
            yield from (Way(one, constant_of(way.points), way.key) for one in both([region], way.regions))
        for asked in both([region], part.asked):
            yield from self._asked_ways(part, sign, asked, tied)

    def _asked_ways(self, part: Part, sign: int, region: Region, tied: frozenset[str]) -> Iterator[Way]:
        if part.is_loose:
            raise Unproven
        if part.rule is not None:
            yield from self._rule_ways(part, region)
            return
        for way in self._limited_ways(part, sign, region, tied):
            found = [way] if part.step is None else list(rounded_ways(way, part.step, self.domain))
            if part.step is not None and any(not end.is_reached for end in way.closed):
                raise Unproven
            yield from found

    @staticmethod
    def _rule_ways(part: Part, region: Region) -> Iterator[Way]:
        if part.is_hard or part.rule is None:
            raise Unproven
        yield from (Way(one, formula) for one, formula in runs_of(part.rule, part.domain, [region]))

    def _limited_ways(self, part: Part, sign: int, region: Region, tied: frozenset[str]) -> Iterator[Way]:
        """The ways of a part with its cap, floor and maximum, before it is rounded."""
        inner = sign if part.times > 0 else -sign
        for way in self._jointly(part.parts, inner, region, tied):
            yield from self._cut_ways(part, way.scaled(part.times, part.base))

    def _jointly(self, parts: Sequence[Part], sign: int, region: Region, tied: frozenset[str]) -> Iterator[Way]:
        """Every way of the sum of some parts, those apart from the others put in as numbers."""
        bound = tied.union(region.keys)
        groups = clusters(parts, [region])
        opened = [one for one in groups if len(one) > 1 or any(part.keys & bound for part in one)]
        shut = [self.ends(part, sign, region) for one in groups if one not in opened for part in one]
        parts = [part for one in opened for part in one]
        shared = bound | {key for n, part in enumerate(parts) for other in parts[:n] for key in part.keys & other.keys}
        for key, ends in crossed(shut, sign):
            if any(end.value is None for end in ends):
                raise Unproven
            start = constant_of(sum((end.value or Fraction(0) for end in ends), Fraction(0)))
            yield from self._product(parts, sign, Way(region, start, key, tuple(ends)), shared)

    def _product(self, parts: Sequence[Part], sign: int, sofar: Way, tied: frozenset[str]) -> Iterator[Way]:
        if not parts:
            yield sofar
            return
        for way in self.ways(parts[0], sign, sofar.region, tied):
            if is_met(way.region, self.domain):
                one = sofar.plus(way, _added([sofar.key, way.key]))
                yield from self._product(parts[1:], sign, one, tied)

    def _cut_ways(self, part: Part, way: Way) -> Iterator[Way]:
        """A way cut off, rounded and held against the maximum as its part says."""
        if part.rescaled is not None:
            way = way.scaled(factor(part.rescaled, way.key))
        cut = [way]
        if way.beside and (part.floor is not None or part.cap is not None or part.whole is not None):
            raise Unproven
        if part.floor is not None or part.cap is not None:
            limits = Sum(floor=part.floor, cap=part.cap)
            cut = [evolve(way, region=r, formula=f) for r, f in clamped((way.region, way.formula), limits)]
        if len(cut) > 1 and any(not end.is_reached for end in way.closed):
            raise Unproven
        for one in cut:
            yield from [one] if part.whole is None else _within(one, part)


def _within(way: Way, part: Part) -> Iterator[Way]:
    """A way as far as it does not pass the maximum once it is rounded; beyond it nothing is scored."""
    assert part.whole is not None
    step, whole = part.step, part.whole
    limit = Interval(high=whole, high_closed=True) if step is None else Interval(high=whole // step * step + step / 2)
    if way.formula.most is not None and way.formula.most in limit:
        yield way
        return
    if any(key.count(COLUMN) == 1 for key in part.keys):
        raise Unproven
    yield from (evolve(way, region=one) for one in both([way.region], way.formula.within(limit)))


def _stepped(part: Part, end: End, sign: int) -> End:
    return end if part.step is None else rounded_end(end, part.step, sign)


def clusters(parts: Sequence[Part], regions: Sequence[Region]) -> list[list[Part]]:
    """Parts in groups that share no missing figure, and none that a region ties together; in the order given."""
    ties = [frozenset(key for key, _ in terms) for region in regions for terms in region.bounds]
    groups: list[tuple[frozenset[str], list[Part]]] = [(tie, []) for tie in ties if len(tie) > 1]
    for part in parts:
        met = [group for group in groups if group[0] & part.keys]
        groups = [group for group in groups if not group[0] & part.keys]
        groups.append((part.keys.union(*(keys for keys, _ in met)), [*(p for _, inner in met for p in inner), part]))
    return [group for _, group in groups if group]


def crossed(tables: Sequence[Ends], sign: int) -> list[tuple[Key, list[End]]]:
    """For each sum of what exemptions take out, the best choice of one entry of each table. Raises Unproven."""
    found: dict[Key, list[End]] = {WHOLE: []}
    for table in tables:
        grown: dict[Key, list[End]] = {}
        for (key, ends), (other, end) in product(found.items(), table.items()):
            both_keys, chosen = _added([key, other]), [*ends, end]
            known = grown.get(both_keys)
            if known is None or is_better(summed(chosen, sign), summed(known, sign), sign):
                grown[both_keys] = chosen
        found = grown
        if len(found) > MAX_TABLE:
            raise Unproven
    return list(found.items())


def _added(keys: Sequence[Key]) -> Key:
    return sum((key[0] for key in keys), Fraction(0)), sum((key[1] for key in keys), Fraction(0))


def factor(whole: Fraction, key: Key) -> Fraction:
    """By how much points are scaled back. Raises Unproven where nothing is left to scale."""
    left = whole - key[0]
    if not key[1] or not left:
        return Fraction(1)
    if left < 0:
        raise Unproven
    return (left + key[1]) / left


def _is_within(end: End, whole: Fraction, sign: int) -> bool:
    return sign < 0 if end.value is None else end.value <= whole


def _cut(end: End, whole: Fraction, sign: int) -> End:
    """An end that is not passed all the same, above the maximum that nothing passes."""
    return end if _is_within(end, whole, sign) else _outer_end(whole)


def _unshown(end: End) -> End:
    """An end that is not passed; whether it is come to is not known."""
    return evolve(end, is_exact=False, reach=lambda _: NOT_AT_ALL)


def _outer(part: Part, sign: int) -> End:
    """What the structure of a rule alone says."""
    assert part.rule is not None
    facts = {} if part.domain.records else part.domain.facts
    value = most_of(part.rule, facts) if sign > 0 else fewest_of(part.rule, facts)
    return _outer_end(value)


def _outer_end(value: Fraction | None) -> End:
    return End(value, is_reached=False, is_exact=False, reach=lambda _: NOT_AT_ALL)
