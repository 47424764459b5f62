"""The end of a union of runs: linear programs over each region, then whole numbers where they leave a gap.

A linear program bounds the points over all numbers. Where figures are whole, its end may not be reached; then it is
looked for the best that is, and only what is proved is called exact.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from attrs import evolve, field, frozen

from cchc_index.bounding.ends import MAX_SHOWN, NEAR, WHOLE, End, Ends, Key, Needs, is_better, joined
from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.peaks import range_of
from cchc_index.checking.lint.regions import Flat, Point, Region, Regions, both, is_met, point_in, rows_of
from cchc_index.checking.lint.runs import Formula, constant_of
from cchc_index.measures import Interval
from cchc_index.points import Exact, round_half_up
from cchc_index.solving.rows import Row, Unknown, Unproven, row_of
from cchc_index.solving.search import has_solution

MAX_RUNS = 1500
MAX_CELLS = 120
MAX_SEARCH = 48


@frozen(eq=False)
class Way:
    """One way in which points come about: in a region, by a formula, with what exemptions take out.

    `closed` are the ends of parts that hang on nothing else; they are in the formula as numbers. `beside` are formulas
    to be added that no one formula holds: shares of different wholes.
    """

    region: Region
    formula: Formula
    key: Key = WHOLE
    closed: tuple[End, ...] = ()
    beside: tuple[Formula, ...] = ()

    def plus(self, other: "Way", key: Key) -> "Way":
        """Both at once, in the region of the other one, which lies in this one's."""
        closed, beside = self.closed + other.closed, self.beside + other.beside
        try:
            return Way(other.region, self.formula.plus(other.formula), key, closed, beside)
        except Unproven:
            return Way(other.region, self.formula, key, closed, (*beside, other.formula))

    def scaled(self, times: Fraction, base: Fraction = Fraction(0)) -> "Way":
        """So many times the points, and a number more."""
        beside = tuple(scaled(formula, times) for formula in self.beside)
        return evolve(self, formula=scaled(self.formula, times, base), beside=beside)


def scaled(formula: Formula, times: Fraction, base: Fraction = Fraction(0)) -> Formula:
    """So many times a formula, and a number more."""
    ends = [None if end is None else base + times * end for end in (formula.least, formula.most)]
    least, most = ends if times > 0 else reversed(ends)
    total = Flat({}, base).plus(formula.total, times)
    return evolve(formula, total=total, slope=formula.slope * times, least=least, most=most)


def rounded_ways(way: Way, step: Fraction, domain: Domain) -> Iterator[Way]:
    """A way cut into the parts that are rounded to the same. Raises Unproven when they are too many."""
    formula = way.formula
    if way.beside:
        raise Unproven
    if not formula.slope and not formula.total.terms:
        yield evolve(way, formula=constant_of(round_half_up(Fraction(formula.total.constant), step)))
        return
    if not is_met(way.region, domain):
        return
    low, high = range_of(way.region, formula, domain)
    if low is None or high is None or high - low > MAX_CELLS * step:
        raise Unproven
    value, last = round_half_up(low, step), round_half_up(high, step)
    while value <= last:
        cell = Interval(value - step / 2, value + step / 2, low_closed=True)
        yield from (
            evolve(way, region=part, formula=constant_of(value)) for part in both([way.region], formula.within(cell))
        )
        value += step


def ends_of(ways: Iterable[Way], domain: Domain, sign: int) -> Ends:
    """The end of a union of ways, for each of what exemptions take out. Raises Unproven."""
    found: dict[Key, list[Way]] = {}
    for number, way in enumerate(ways):
        if number >= MAX_RUNS:
            raise Unproven
        found.setdefault(way.key, []).append(way)
    unions = {key: _Union(_ordered(known, sign), domain, sign) for key, known in found.items()}
    ends = {key: union.end() for key, union in unions.items()}
    return {key: end for key, end in ends.items() if end is not None}


def _ordered(ways: Iterable[Way], sign: int) -> list[Way]:
    return sorted(ways, key=lambda way: _promise(way, sign), reverse=True)


def _hope(way: Way, sign: int) -> Fraction | None:
    if way.beside:
        return None
    return way.formula.most if sign > 0 else way.formula.least


def _is_passed(hope: Fraction | None, best: End, sign: int) -> bool:
    """Whether what is hoped for is no better than what is reached already."""
    is_sure = best.is_exact and best.is_reached and best.value is not None and hope is not None
    return is_sure and sign * (hope or Fraction(0)) <= sign * (best.value or Fraction(0))


def _promise(way: Way, sign: int) -> tuple[bool, bool, Fraction]:
    hope = _hope(way, sign)
    return not way.beside, hope is None, sign * (hope or Fraction(0))


@frozen(eq=False)
class _Union:
    """Ways with the same key, those that promise most first."""

    ways: Sequence[Way]
    domain: Domain
    sign: int
    found: dict[Fraction | None, Regions] = field(factory=dict)

    def end(self) -> End | None:
        best: End | None = None
        for way in self.ways:
            hope = _hope(way, self.sign)
            if best and _is_passed(hope, best, self.sign):
                continue
            if is_met(way.region, self.domain):
                end = self._of_way(way)
                best = end if best is None or is_better(end, best, self.sign) else best
                if best.value is None:
                    break
        return best

    def _of_way(self, way: Way) -> End:
        if way.beside:
            return self._of_several(way)
        value, is_reached, is_exact = best_in(way.region, way.formula, self.domain, self.sign)
        return End(
            value,
            is_reached and all(end.is_reached for end in way.closed),
            is_exact and all(end.is_exact for end in way.closed),
            self.reach,
        )

    def _of_several(self, way: Way) -> End:
        """Formulas that cannot be one: each at its own end, exact where figures bring all of them there at once."""
        found = [best_in(way.region, formula, self.domain, self.sign)[0] for formula in (way.formula, *way.beside)]
        values = [value for value in found if value is not None]
        if len(values) < len(found):
            return End(None, is_reached=False, is_exact=False, reach=self.reach)
        value = sum(values, Fraction(0))
        is_exact = bool(self._in_way(way, value)) and all(end.is_exact and end.is_reached for end in way.closed)
        return End(value, is_reached=is_exact, is_exact=is_exact, reach=self.reach)

    def reach(self, goal: Fraction | None) -> Needs:
        if goal not in self.found:
            self.found[goal] = list(self._reached(goal))
        return [self.found[goal]]

    def _reached(self, goal: Fraction | None) -> Iterator[Region]:
        shown = 0
        for way in self.ways:
            hope = _hope(way, self.sign)
            if goal is not None and hope is not None and self.sign * hope < self.sign * goal:
                continue
            for region in self._in_way(way, goal):
                shown += 1
                yield region
                if shown == MAX_SHOWN:
                    return

    def _in_way(self, way: Way, goal: Fraction | None) -> Regions:
        try:
            parts = [way.region] if goal is None else self._parts(way, goal)
            met = [part for part in parts if is_met(part, self.domain)]
            shut = [regions for end in way.closed for regions in end.reach(_kept(end, goal, self.sign))]
            return joined([met, *shut], self.domain) if shut and met else met
        except Unproven:
            return []

    def _parts(self, way: Way, goal: Fraction) -> Regions:
        """Where a way reaches a goal; where formulas cannot be one, where each is at its own end."""
        if not way.beside:
            return both([way.region], way.formula.within(self._beyond(goal)))
        formulas = (way.formula, *way.beside)
        ends = [best_in(way.region, formula, self.domain, self.sign)[0] for formula in formulas]
        values = [end for end in ends if end is not None]
        if len(values) < len(ends) or self.sign * sum(values, Fraction(0)) < self.sign * goal:
            return []
        known = zip(formulas, values, strict=True)
        return both([way.region], *(formula.within(self._beyond(value)) for formula, value in known))

    def _beyond(self, goal: Fraction) -> Interval:
        return Interval(low=goal, low_closed=True) if self.sign > 0 else Interval(high=goal, high_closed=True)


def _kept(end: End, goal: Fraction | None, sign: int) -> Fraction | None:
    if goal is None or end.value is None:
        return None
    return end.value if end.is_reached else end.value - sign * NEAR / 100


Found = tuple[Fraction | None, bool, bool]
"""A value (None for no end), whether it is reached, and whether it is exact."""


def best_in(region: Region, formula: Formula, domain: Domain, sign: int) -> Found:
    """What a formula comes to at best in a region that is met. Raises Unproven where it is no linear question."""
    if not formula.slope and not formula.total.terms:
        return Fraction(formula.total.constant), True, True
    ends = range_of(region, formula, domain)
    value = ends[1] if sign > 0 else ends[0]
    if value is None:
        return None, False, True
    search = _Search(region, formula, domain, sign)
    if search.at(value) is not None:
        return value, True, True
    if search.is_near(value):
        return value, False, True
    return search.best_below(value)


@frozen(eq=False)
class _Search:
    """Figures of one region by what a formula comes to."""

    region: Region
    formula: Formula
    domain: Domain
    sign: int

    def at(self, goal: Fraction, *, is_strict: bool = False) -> Point | None:
        """Figures that reach a goal, or pass it."""
        closed = not is_strict
        beyond = Interval(low=goal, low_closed=closed) if self.sign > 0 else Interval(high=goal, high_closed=closed)
        parts = both([self.region], self.formula.within(beyond))
        return next((point for part in parts if (point := self.point(part)) is not None), None)

    def point(self, region: Region) -> Point | None:
        return point_in(region, self.domain, self._keys())

    def _keys(self) -> list[str]:
        return [*self.formula.total.terms, *self.formula.top.terms, *self.formula.bottom.terms]

    def is_near(self, end: Fraction) -> bool:
        """Whether an end over all numbers is proved to be come near to.

        It is where no figure is whole. Else a direction is looked for in which figures may grow without end, by whole
        steps, and along which the share tends to the end.
        """
        numbers = [key for key in self.region.keys if not self.domain.is_chosen(key)]
        keys = self.domain.with_wholes([*numbers, *self._keys()])
        if not any(self.domain.unknown(key).is_whole for key in keys):
            return True
        formula = self.formula
        if not formula.slope or formula.total.terms:
            return False
        rows = [*self.domain.rows(keys), *rows_of(self.region, self.domain)]
        growing = [Row(row.terms, Fraction(0)) for row in rows]
        top, bottom = (self._counted(flat) for flat in (formula.top, formula.bottom))
        tends = top.plus(bottom, (Fraction(formula.total.constant) - end) / formula.slope)
        sides = [row_of(dict(Flat({}).plus(tends, side).terms)) for side in (1, -1)]
        grows = row_of(dict(bottom.terms), is_strict=True)
        return has_solution([Unknown(key, is_whole=False) for key in keys], [*growing, *sides, grows])

    def _counted(self, flat: Flat) -> Flat:
        """A sum over the unknowns of the domain, without its constant."""
        return Flat({key: c * self.domain.scale(key) for key, c in flat.terms.items()})

    def best_below(self, end: Fraction) -> Found:
        """The best that whole figures reach, given that they do not reach `end`; `end` where that is not found."""
        start = self.point(self.region)
        assert start is not None, "the region is met"
        best, high = self.value(start), end
        for _ in range(MAX_SEARCH):
            further = self.at(best, is_strict=True)
            if further is None:
                return best, True, True
            best, middle = self.value(further), (self.value(further) + high) / 2
            point = self.at(middle)
            best, high = (best, middle) if point is None else (self.value(point), high)
        return end, False, False

    def value(self, point: Point) -> Fraction:
        """What the formula comes to at some figures."""

        def of(flat: Flat) -> Exact:
            return flat.constant + sum(c * point.numbers[key] for key, c in flat.terms.items())

        share = self.formula.slope * of(self.formula.top) / of(self.formula.bottom) if self.formula.slope else 0
        return Fraction(of(self.formula.total) + share)
