"""Where a rule leaves figures out, counts them twice, divides by nothing, or has a part that nothing comes to.

`troubles_of` walks a rule once, with the regions in which each part of it is asked at all.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import combinations

from attrs import evolve, frozen

from cchc_index.checking.lint.domains import COLUMN, Domain
from cchc_index.checking.lint.regions import (
    BELOW_ZERO,
    EVERYWHERE,
    ONLY_ZERO,
    Flat,
    Regions,
    Truth,
    both,
    flat,
    may_be_below_zero,
    truth_of,
    where,
    where_in,
)
from cchc_index.checking.lint.runs import best_runs, left_of, runs_of, where_counts
from cchc_index.errors import Path, Text
from cchc_index.measures import Chosen, Fact, Interval, Measure, Ratio, Within, tests_of
from cchc_index.rules import Average, Choose, Piecewise, Rule, Sum, Switch, Table
from cchc_index.scoring.say import say_interval, unit_of
from cchc_index.solving.intervals import meet, outside
from cchc_index.sources import NOT_STATED

NOTHING = Text("", "")


class Kind(Enum):
    """What is wrong at a place of a rule."""

    GAP = "khoang-ho"
    OVERLAP = "chong-muc"
    BEST = "chong-muc-lay-cao"
    ZERO = "mau-so-bang-0"
    NEGATIVE = "mau-so-am"
    EMPTY = "khong-ban-ghi"
    NEVER = "khong-bao-gio-dung"


@frozen
class Trouble:
    """Something that is wrong if any figure lies in `regions`; for NEVER, if none does."""

    kind: Kind
    locus: Path
    regions: Regions
    view: "View"
    said: Callable[[], Text] = lambda: NOTHING
    """What is left out or not used, where there is more to say than the place; asked only once the trouble is met."""


@frozen
class View:
    """A part of a rule, seen from where it stands: when it is asked, and the rules that are asked with it."""

    domain: Domain
    regions: Regions
    locus: Path = ()
    beside: tuple[tuple[Rule, Domain], ...] = ()

    def names(self) -> Mapping[str, Fact]:
        """The figures by the names they have here."""
        if not self.domain.records:
            return self.domain.facts
        start = self.domain.records + COLUMN
        columns = {key.removeprefix(start): fact for key, fact in self.domain.facts.items() if key.startswith(start)}
        return {**self.domain.facts, **columns}

    def at(self, *steps: str | int) -> "View":
        return View(self.domain, self.regions, self.locus + steps, self.beside)

    def where(self, regions: Regions) -> "View":
        return View(self.domain, both(self.regions, regions), self.locus, self.beside)

    def trouble(
        self, kind: Kind, regions: Regions, *steps: str | int, said: Callable[[], Text] = lambda: NOTHING
    ) -> Trouble:
        return Trouble(kind, self.locus + steps, both(self.regions, regions), self, said)


def troubles_of(rule: Rule, view: View) -> Iterator[Trouble]:
    """Everything that may be wrong in a rule, to be decided by whether its regions are met. Raises Unproven."""
    match rule:
        case Piecewise():
            yield from _of_piecewise(rule, view)
        case Table():
            yield from _of_table(rule, view)
        case Sum():
            for number, term in enumerate(rule.terms):
                others = tuple((t.rule, view.domain) for n, t in enumerate(rule.terms) if n != number)
                yield from troubles_of(term.rule, evolve(view.at("muc", number), beside=view.beside + others))
        case Switch():
            yield from _of_switch(rule, view)
        case Average(records, inner):
            yield view.trouble(Kind.EMPTY, EVERYWHERE, "ban_ghi", records)
            yield from troubles_of(inner, evolve(view.at("moi_ban_ghi"), domain=view.domain.inside(records)))


def _of_measure(measure: Measure, view: View) -> Iterator[Trouble]:
    if isinstance(measure, Ratio):
        bottom = flat(measure.bottom, view.domain)
        if measure.at_zero is NOT_STATED:
            yield view.trouble(Kind.ZERO, where(bottom, ONLY_ZERO))
        yield from _negative(bottom, view)


def _negative(bottom: Flat, view: View) -> Iterator[Trouble]:
    if may_be_below_zero(bottom, view.domain):
        yield view.trouble(Kind.NEGATIVE, where(bottom, BELOW_ZERO))


def _of_piecewise(rule: Piecewise, view: View) -> Iterator[Trouble]:
    yield from _of_measure(rule.measure, view)
    intervals = [piece.interval for piece in rule.pieces]

    def told(interval: Interval) -> Callable[[], Text]:
        return lambda: say_interval(interval, unit_of(rule.measure, view.names()))

    for gap in outside(intervals):
        yield view.trouble(Kind.GAP, where_in(rule.measure, gap, view.domain), said=told(gap))
    for (_, one), (number, other) in combinations(enumerate(intervals), 2):
        common = meet(one, other)
        if common:
            yield view.trouble(Kind.OVERLAP, where_in(rule.measure, common, view.domain), "bac", number)
    for number, interval in enumerate(intervals):
        left = left_of(interval, intervals[:number])
        used = [region for part in left for region in where_in(rule.measure, part, view.domain)]
        yield view.trouble(Kind.NEVER, used, "bac", number, said=told(interval))


def _of_table(rule: Table, view: View) -> Iterator[Trouble]:
    names = [option.name for option in rule.options]
    left_out = tuple(option for option in view.domain.options(view.domain.key(rule.fact)) if option not in names)
    yield view.trouble(Kind.GAP, truth_of(Chosen(rule.fact, left_out), view.domain).true)
    for number, name in enumerate(names):
        held = truth_of(Chosen(rule.fact, (name,)), view.domain).true
        if name in names[:number]:
            yield view.trouble(Kind.OVERLAP, held, "muc", name)
        else:
            yield view.trouble(Kind.NEVER, held, "muc", name)


def _of_switch(rule: Switch, view: View) -> Iterator[Trouble]:
    truths = [truth_of(case.when, view.domain) for case in rule.cases]
    for number, case in enumerate(rule.cases):
        before = truths[:number] if rule.choose is Choose.FIRST else []
        looked_at = view.where(both(*(truth.false for truth in before))).at("muc", number)
        for test in tests_of(case.when):
            if isinstance(test, Within) and isinstance(test.measure, Ratio):
                yield from _negative(flat(test.measure.bottom, view.domain), looked_at)
    yield view.trouble(Kind.GAP, both(*(truth.false for truth in truths)))
    yield from _overlaps(rule, truths, view)
    for number, case in enumerate(rule.cases):
        yield view.trouble(Kind.ZERO, _open_in(rule, truths, number, view.domain), "muc", number)
        yield view.trouble(Kind.NEVER, used_in(rule, truths, number, view.domain), "muc", number)
        yield from troubles_of(case.rule, view.where(_asked_in(rule, truths, number)).at("muc", number))


def _overlaps(rule: Switch, truths: list[Truth], view: View) -> Iterator[Trouble]:
    if rule.choose is Choose.FIRST:
        return
    kind = Kind.OVERLAP if rule.choose is Choose.ONLY else Kind.BEST
    for one, other in combinations(range(len(truths)), 2):
        both_hold = both(truths[one].true, truths[other].true)
        if kind is Kind.OVERLAP:
            yield view.trouble(kind, both_hold, "muc", other)
        elif not _is_same(rule.cases[one].rule, rule.cases[other].rule):
            scored = [region for region, _ in runs_of(rule, view.domain, both(view.regions, both_hold))]
            yield view.trouble(kind, scored, "muc", other)


def _is_same(one: Rule, other: Rule) -> bool:
    """Whether two rules plainly give the same points."""
    return isinstance(one, Sum) and isinstance(other, Sum) and not (one.terms or other.terms) and one.base == other.base


def _open_in(rule: Switch, truths: list[Truth], number: int, domain: Domain) -> Regions:
    """Where this case hangs on a zero denominator and that leaves the rule without points."""
    open_ = truths[number].open
    if not open_ or rule.choose is Choose.ONLY:
        return open_
    if rule.choose is Choose.FIRST:
        return both(open_, *(truth.false for truth in truths[:number]))
    return [region for region, _ in best_runs(rule, truths, number, open_, domain)]


def used_in(rule: Switch, truths: list[Truth], number: int, domain: Domain) -> Regions:
    """Where this case is the one that counts."""
    if rule.choose is not Choose.BEST:
        return where_counts(rule.choose, truths, number)
    return [region for region, _ in best_runs(rule, truths, number, truths[number].true, domain)]


def _asked_in(rule: Switch, truths: list[Truth], number: int) -> Regions:
    """Where the rule of a case is asked: the best of several is known only when each is."""
    if rule.choose is Choose.BEST:
        return truths[number].true + truths[number].open
    return where_counts(rule.choose, truths, number)
