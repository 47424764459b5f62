"""Regions of figures: where a condition holds, fails or hangs on a zero denominator, as unions of linear systems.

A region bounds linear sums of figures by intervals and choices by their options. The end points of a ruleset cut the
space of figures into finitely many such regions, so that a question about every input is a question about each of them.
Longer than most modules: a condition and its opposite are cut out of the same space, and are read together.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import reduce

from attrs import field, frozen

from cchc_index.checking.lint.domains import Domain
from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, Interval, Linear, Measure, Ratio, Within, tests_of
from cchc_index.points import Exact
from cchc_index.rules import ZERO
from cchc_index.solving.intervals import meet, outside, whole_numbers
from cchc_index.solving.rows import Row, Unproven, Values, in_lowest_terms
from cchc_index.solving.search import has_solution, solution
from cchc_index.sources import NOT_STATED

Terms = tuple[tuple[str, int], ...]
ABOVE_ZERO = Interval(low=ZERO)
BELOW_ZERO = Interval(high=ZERO)
FROM_ZERO = Interval(low=ZERO, low_closed=True)
ONLY_ZERO = Interval(ZERO, ZERO, low_closed=True, high_closed=True)


@frozen
class Flat:
    """A linear sum by the keys of its figures; fixed days are part of the constant."""

    terms: Mapping[str, Exact]
    constant: Exact = 0

    def plus(self, other: "Flat", times: Exact = 1) -> "Flat":
        """This sum and so many times another."""
        terms = dict(self.terms)
        for name, coefficient in other.terms.items():
            terms[name] = terms.get(name, 0) + times * coefficient
        return Flat({name: c for name, c in terms.items() if c}, self.constant + times * other.constant)


def flat(linear: Linear, domain: Domain) -> Flat:
    """A linear sum of the core, by keys."""
    terms: dict[str, Exact] = {}
    constant: Exact = linear.constant
    for name, coefficient in linear.terms:
        key = domain.key(name)
        day = domain.fixed(key)
        if day is None:
            terms[key] = terms.get(key, 0) + coefficient
        else:
            constant += day * coefficient
    return Flat({key: c for key, c in terms.items() if c}, constant)


@frozen(eq=False)
class Region:
    """Figures whose sums lie within bounds and whose choices are among options."""

    bounds: Mapping[Terms, Interval] = field(factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(factory=dict)

    def and_(self, other: "Region") -> "Region | None":
        """What lies in both; None when that is plainly nothing."""
        bounds, chosen = dict(self.bounds), dict(self.chosen)
        for terms, interval in other.bounds.items():
            known = bounds.get(terms, interval)
            both = interval if known is interval else meet(known, interval)
            if both is None:
                return None
            bounds[terms] = both
        for key, options in other.chosen.items():
            left = tuple([option for option in chosen.get(key, options) if option in options])
            if not left:
                return None
            chosen[key] = left
        return Region(bounds, chosen)

    @property
    def keys(self) -> Iterator[str]:
        for terms in self.bounds:
            yield from (key for key, _ in terms)
        yield from self.chosen


Regions = list[Region]
MAX_REGIONS = 20_000
EVERYWHERE: Regions = [Region()]
NOWHERE: Regions = []


def both(*unions: Regions) -> Regions:
    """What lies in every one of these unions."""
    return reduce(_both, unions, EVERYWHERE)


def _both(one: Regions, other: Regions) -> Regions:
    if one is EVERYWHERE or other is EVERYWHERE:
        return other if one is EVERYWHERE else one
    if len(one) * len(other) > MAX_REGIONS:
        raise Unproven
    found = (a.and_(b) for a in one for b in other)
    return [region for region in found if region is not None]


def beyond(regions: Regions, domain: Domain) -> Regions:
    """What lies in none of these regions."""
    return both(*(list(_beyond(region, domain)) for region in regions))


def _beyond(region: Region, domain: Domain) -> Iterator[Region]:
    for terms, interval in region.bounds.items():
        yield from (Region({terms: part}) for part in outside([interval]))
    for key, options in region.chosen.items():
        yield from _chosen(key, tuple(option for option in domain.options(key) if option not in options))


def where(total: Flat, interval: Interval) -> Regions:
    """Where a sum of figures lies in an interval."""
    if not total.terms:
        return EVERYWHERE if total.constant in interval else NOWHERE
    terms, scale = in_lowest_terms(total.terms)
    ends = (interval.low, interval.high)
    low, high = [None if end is None else _moved(end, total.constant, scale) for end in ends]
    moved = (low, high, interval.low_closed, interval.high_closed)
    if scale < 0:
        moved = (high, low, interval.high_closed, interval.low_closed)
    return [Region({terms: Interval(*moved)})]


def _moved(end: Fraction, constant: Exact, scale: Exact) -> Fraction:
    """`(end - constant) * scale`; most often there is nothing to do."""
    moved = end - constant if constant else end
    return moved if scale == 1 else moved * scale


def where_ratio(top: Flat, bottom: Flat, interval: Interval) -> Regions:
    """Where the denominator is above zero and the ratio lies in an interval: cross-multiplied."""
    found = where(bottom, ABOVE_ZERO)
    if interval.low is not None:
        over = _over(top, bottom, interval.low)
        found = both(found, where(over, Interval(low=ZERO, low_closed=interval.low_closed)))
    if interval.high is not None:
        over = _over(top, bottom, interval.high)
        found = both(found, where(over, Interval(high=ZERO, high_closed=interval.high_closed)))
    return found


def _over(top: Flat, bottom: Flat, end: Fraction) -> Flat:
    """What a ratio is above an end, multiplied by both denominators, so that whole coefficients stay whole."""
    n, d = end.as_integer_ratio()
    return (top if d == 1 else Flat({}).plus(top, d)).plus(bottom, -n)


def where_in(measure: Measure, interval: Interval, domain: Domain) -> Regions:
    """Where a measure lies in an interval; a stated value for a zero denominator counts."""
    return domain.once((measure, interval), lambda: _where_in(measure, [interval], domain))


def _where_in(measure: Measure, intervals: Iterable[Interval], domain: Domain) -> Regions:
    if isinstance(measure, Linear):
        total = flat(measure, domain)
        return [region for interval in intervals for region in where(total, interval)]
    top, bottom, known = flat(measure.top, domain), flat(measure.bottom, domain), list(intervals)
    found = [region for interval in known for region in where_ratio(top, bottom, interval)]
    is_stated = measure.at_zero is not NOT_STATED and any(measure.at_zero in interval for interval in known)
    return found + where(bottom, ONLY_ZERO) if is_stated else found


@frozen
class Truth:
    """Where a condition is true, where it is false, and where it hangs on a zero denominator."""

    true: Regions
    false: Regions
    open: Regions


def truth_of(condition: Condition, domain: Domain) -> Truth:
    """Where a condition is true, false and open, for denominators that are not negative."""
    return domain.once(condition, lambda: _truth(condition, domain))


def _truth(condition: Condition, domain: Domain) -> Truth:
    match condition:
        case Within(measure, interval):
            is_open = isinstance(measure, Ratio) and measure.at_zero is NOT_STATED
            nothing = where(flat(measure.bottom, domain), ONLY_ZERO) if isinstance(measure, Ratio) else NOWHERE
            false = _where_in(measure, outside([interval]), domain)
            return Truth(where_in(measure, interval, domain), false, nothing if is_open else NOWHERE)
        case Chosen(fact, options):
            key = domain.key(fact)
            others = tuple(option for option in domain.options(key) if option not in options)
            known = tuple(option for option in domain.options(key) if option in options)
            return Truth(_chosen(key, known), _chosen(key, others), NOWHERE)
        case AllOf(parts):
            return _where_sound(condition, _all([truth_of(part, domain) for part in parts]), domain)
    assert isinstance(condition, AnyOf)
    several = _all([_opposite(truth_of(part, domain)) for part in condition.parts])
    return _where_sound(condition, _opposite(several), domain)


def _where_sound(condition: Condition, truth: Truth, domain: Domain) -> Truth:
    """Every test of a condition is looked at, and none may have a denominator below zero."""
    measures = (test.measure for test in tests_of(condition) if isinstance(test, Within))
    bottoms = (flat(measure.bottom, domain) for measure in measures if isinstance(measure, Ratio))
    sound = both(*(where(bottom, FROM_ZERO) for bottom in bottoms if may_be_below_zero(bottom, domain)))
    return Truth(both(sound, truth.true), both(sound, truth.false), both(sound, truth.open))


def may_be_below_zero(total: Flat, domain: Domain) -> bool:
    """Whether the facts alone leave it open that a sum is below zero."""
    is_sum = total.constant >= 0 and all(coefficient > 0 for coefficient in total.terms.values())
    return not (is_sum and domain.is_never_below_zero(total.terms))


def _chosen(key: str, options: tuple[str, ...]) -> Regions:
    return [Region(chosen={key: options})] if options else NOWHERE


def _opposite(truth: Truth) -> Truth:
    return Truth(truth.false, truth.true, truth.open)


def _all(parts: list[Truth]) -> Truth:
    true, false, open_ = EVERYWHERE, NOWHERE, NOWHERE
    for part in parts:
        open_ = both(open_, part.true + part.open) + both(true, part.open)
        true, false = both(true, part.true), false + part.false
    return Truth(true, false, open_)


@frozen
class Point:
    """Figures by key: numbers and options."""

    numbers: Mapping[str, Exact]
    options: Mapping[str, str]


def point_in(region: Region, domain: Domain, wanted: Iterable[str] = ()) -> Point | None:
    """The smallest figures in a region, with a value for every figure `wanted`; None when provably none is in it.

    Raises Unproven.
    """
    keys = list(dict.fromkeys((*region.keys, *wanted)))
    numbers = [key for key in keys if not domain.is_chosen(key)]
    unknowns = domain.with_wholes(numbers)
    rows = [*domain.rows(unknowns), *rows_of(region, domain)]
    found: Values | None = solution([domain.unknown(key) for key in unknowns], rows)
    if found is None:
        return None
    values = domain.values(found)
    options = {key: region.chosen.get(key, domain.options(key)) for key in keys if domain.is_chosen(key)}
    smallest = {key: min(allowed, key=domain.options(key).index) for key, allowed in options.items()}
    return Point({key: values[key] for key in unknowns}, smallest)


def rows_of(region: Region, domain: Domain) -> Iterator[Row]:
    """A region as rows over the unknowns of a domain."""
    for terms, interval in region.bounds.items():
        counted, start, scale = _counted(terms, domain)
        if interval.low is not None:
            yield Row(counted, -_moved(interval.low, start, scale), not interval.low_closed)
        if interval.high is not None:
            back = tuple([(key, -c) for key, c in counted])
            yield Row(back, _moved(interval.high, start, scale), not interval.high_closed)


def _counted(terms: Terms, domain: Domain) -> tuple[Terms, int, Exact]:
    """A sum over the unknowns of a domain: its terms, where it starts, and by what it was multiplied."""
    if all(domain.is_plain(key) for key, _ in terms):
        return terms, 0, 1
    start = sum(c * domain.origin(key) for key, c in terms)
    counted, scale = in_lowest_terms({key: c * domain.scale(key) for key, c in terms})
    return counted, start, scale


def is_met(region: Region, domain: Domain) -> bool:
    """Whether some figures lie in a region. Raises Unproven."""
    if not region.bounds:
        return True
    (terms, interval), *others = region.bounds.items()
    if not others and len(terms) == 1 and terms[0][1] == 1 and _is_alone(terms[0][0], domain):
        return _has_number(terms[0][0], interval, domain)
    question = frozenset(region.bounds.items()), frozenset(region.chosen.items())
    return domain.once(question, lambda: _has_figures(region, domain))


def _has_figures(region: Region, domain: Domain) -> bool:
    unknowns = domain.with_wholes([key for terms in region.bounds for key, _ in terms])
    rows = [*domain.rows(unknowns), *rows_of(region, domain)]
    return has_solution([domain.unknown(key) for key in unknowns], rows)


def _is_alone(key: str, domain: Domain) -> bool:
    """Whether a figure is a plain number of its own, so that one interval says all about it."""
    return domain.is_plain(key) and domain.whole_of(key) is None


def _has_number(key: str, interval: Interval, domain: Domain) -> bool:
    low, high = domain.span(key)
    common = meet(interval, Interval(low, high, low_closed=True, high_closed=True))
    if common is None or not domain.unknown(key).is_whole:
        return common is not None
    return next(iter(whole_numbers(common)), None) is not None
