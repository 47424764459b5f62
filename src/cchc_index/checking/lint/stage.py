"""One criterion set up for proving: when it is assessed at all, what its notes record, and how a witness is written."""

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from cchc_index.checking.lint.domains import COLUMN, Domain, stepped
from cchc_index.checking.lint.peaks import keys_of
from cchc_index.checking.lint.regions import Point, Region, Regions, Truth, both, is_met, point_in, truth_of
from cchc_index.checking.lint.runs import runs_of
from cchc_index.checking.structure import Given, Witness
from cchc_index.criteria import Criterion, Exemption, Policy, Ruleset, SourceNote
from cchc_index.facts import Period, Submission
from cchc_index.measures import DayOfYear, FactType, names_of_condition
from cchc_index.points import Exact, show_percent
from cchc_index.rules import Average, Rule, parts_of
from cchc_index.sources import NOT_STATED, NoteKind

Beside = tuple[tuple[Rule, Domain], ...]
MAX_COMPLETIONS = 200


@frozen
class Stage:
    """A criterion, the figures it looks at, and the regions in which it is assessed."""

    rules: Ruleset
    criterion: Criterion
    domain: Domain
    asked: Regions

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The keys of every figure that scoring the criterion alone asks for."""
        rule = self.criterion.rule
        keys = [] if rule is NOT_STATED else list(keys_of(rule, self.domain))
        keys += [] if rule is NOT_STATED else first_columns(rule, self.domain, keys)
        conditions = [e.when for e in self.criterion.exemptions] + [note.when for note in self.criterion.notes]
        named = (name for condition in conditions if condition for name in names_of_condition(condition))
        free = (key for key in (*keys, *named) if self.domain.fixed(key) is None)
        return tuple(dict.fromkeys(free))

    def noted(self, *kinds: NoteKind) -> list[SourceNote]:
        """The notes of these kinds beside the criterion that are not limited to some figures."""
        return [note for note in self.criterion.notes if note.kind in kinds and note.when is None]

    @cached_property
    def holes(self) -> list[tuple[SourceNote, Regions]]:
        """The holes that are recorded for some figures, and where."""
        holes = [(note, note.when) for note in self.criterion.notes if note.kind is NoteKind.HOLE]
        return [(note, truth_of(when, self.domain).true) for note, when in holes if when]

    @cached_property
    def whole(self) -> Regions:
        """Where the criterion is assessed and no hole is recorded."""
        holes = (note.when for note in self.criterion.notes if note.kind is NoteKind.HOLE)
        return both(self.asked, *(not_held(truth_of(when, self.domain)) for when in holes if when))

    def found(self, regions: Iterable[Region], beside: Beside = (), *, is_usual: bool = False) -> Point | None:
        """The smallest figures in some regions, with points for the rules beside; None when provably none is in them.

        Raises Unproven.
        """
        domain, known = evolve(self.domain, is_usual=True) if is_usual else self.domain, list(regions)
        met = next((region for region in known if is_met(region, domain)), None)
        if met is None or not beside:
            return None if met is None else point_in(met, domain, self.wanted)
        tried = (point_in(region, domain, self.wanted) for region in islice(_completed(known, beside), MAX_COMPLETIONS))
        completed = next((point for point in tried if point is not None), None)
        return completed or point_in(met, domain, self.wanted)

    def is_found(self, regions: Iterable[Region]) -> bool:
        """Whether some figures in some regions are found, with a value for every figure that is wanted."""
        met = next((region for region in regions if is_met(region, self.domain)), None)
        if met is None or set(self.wanted) <= set(met.keys):
            return met is not None
        return point_in(met, self.domain, self.wanted) is not None

    def witness(self, point: Point, *, empty: str = "") -> Witness:
        """Figures as a submission gives them, without any record where `empty` names the records."""
        return Witness(tuple(self.given(point, empty)), self.period)

    def given(self, point: Point, empty: str = "") -> Iterator[Given]:
        for key, value in {**point.numbers, **point.options}.items():
            if not empty or not key.startswith(empty + COLUMN):
                yield Given(_path(key), self.written(key, value))
        if empty:
            yield Given((empty,), ())

    def written(self, key: str, value: Exact | str) -> Exact | str | datetime.date:
        kind = self.domain.facts[key].type
        if isinstance(value, str):
            return value
        if kind is FactType.DATE:
            return datetime.date.fromordinal(int(value))
        if kind is FactType.PERCENT:
            text = show_percent(value)
            return Fraction(value) if text.startswith("≈") else text
        if kind is FactType.LABEL:
            return str(value)
        return int(value) if value.denominator == 1 else value

    @property
    def period(self) -> Period | None:
        """The year of a ruleset whose days come back each year."""
        if not any(isinstance(fact.given, DayOfYear) for fact in self.domain.facts.values()):
            return None
        year = self.domain.day.year
        return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def first_columns(rule: Rule, domain: Domain, keys: list[str]) -> list[str]:
    """A column for each kind of record of which no column matters, so that a witness has a record all the same."""
    if isinstance(rule, Average):
        start = rule.records + COLUMN
        return [] if any(key.startswith(start) for key in keys) else [start + domain.facts[rule.records].fields[0].name]
    return [key for part in parts_of(rule) for key in first_columns(part, domain, keys)]


def _path(key: str) -> tuple[str | int, ...]:
    records, mark, column = key.partition(COLUMN)
    if mark:
        return (records, 0, column)
    return tuple(key.split(".", 1))


def _completed(regions: Regions, beside: Beside) -> Iterator[Region]:
    """The parts of regions in which the rules beside give points."""
    rule, domain = beside[0]
    for region, _ in runs_of(rule, domain, regions):
        yield from _completed([region], beside[1:]) if beside[1:] else [region]


def stages_of(rules: Ruleset, domain: Domain) -> Iterator[Stage]:
    """Every criterion of a ruleset, with the regions in which neither it nor what it is a part of is exempt."""
    for criterion in (*rules.criteria, *(adjustment.criterion for adjustment in rules.adjustments)):
        yield from _stages(rules, criterion, domain, [Region()])


def _stages(rules: Ruleset, criterion: Criterion, domain: Domain, above: Regions) -> Iterator[Stage]:
    asked = both(above, *(not_held(truth_of(e.when, domain)) for e in criterion.exemptions if applies(e) and e.when))
    own = domain if criterion.rule is NOT_STATED else stepped(domain, criterion.rule)
    yield Stage(rules, criterion, own, asked)
    for child in criterion.children:
        yield from _stages(rules, child, domain, asked)


def not_held(truth: Truth) -> Regions:
    """Where a condition is false or open: it then changes nothing."""
    return truth.false + truth.open


def applies(exemption: Exemption) -> bool:
    return exemption.policy is not Policy.FORBIDDEN


def submission_of(witness: Witness, *, against: bool = False) -> Submission:
    """The submission that a witness is: scored for the criterion alone, it shows the finding.

    >>> submission_of(Witness((Given(("phieu", "A"), 1), Given(("ho_so", 0, "x"), 2)))).figures
    {'phieu': {'A': 1}, 'ho_so': [{'x': 2}]}
    """
    figures: dict[str, Any] = {}
    for given in witness.against if against else witness.figures:
        _put(figures, given)
    asked = dict.fromkeys(witness.exempted, "đề nghị")
    return Submission("nhân chứng", figures, period=witness.period, exemptions=asked, mark=",")


def _put(figures: dict[str, Any], given: Given) -> None:
    name, *inside = given.path
    if not inside:
        figures[str(name)] = [] if given.value == () else given.value
    elif len(inside) == 1:
        figures.setdefault(str(name), {})[inside[0]] = given.value
    else:
        figures.setdefault(str(name), [{}])[0][inside[1]] = given.value
