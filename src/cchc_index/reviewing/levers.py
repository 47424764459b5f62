"""What a unit can still change in a criterion, and what each change gains: the smallest ones first.

A figure can be changed here when only this criterion looks at it, no condition beside the rules does, and it is no
whole (a denominator, or what another figure is a part of). What is counted only grows, as work is added and nothing is
undone: `falling` names the figures that may go down instead. A day that has been given is past; ballots, records and
points that people award are not the unit's to change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import ceil, floor, prod

from attrs import evolve, frozen

from cchc_index.criteria import Criterion, Ruleset, SourceNote
from cchc_index.errors import CchcError
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure, read_figures
from cchc_index.measures import (
    NO,
    YES,
    Fact,
    FactType,
    Linear,
    Measure,
    Ratio,
    Within,
    names_of_condition,
    tests_of,
)
from cchc_index.points import Exact
from cchc_index.rules import Average, Piecewise, Rule, Switch, parts_of
from cchc_index.scoring.score import score_part
from cchc_index.sources import NOT_STATED, NoteKind

NEAR = 8
"""How many single steps of a count are tried, for items that are paid one by one."""
MOST = 1024
"""How many combinations of figures of one criterion are tried at most; beyond, one figure at a time."""
_NUMBERS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT)


@frozen
class NewValue:
    """One figure brought from `old` to `new`: numbers, or the names of options."""

    fact: Fact
    old: Exact | str
    new: Exact | str

    @property
    def amount(self) -> Fraction:
        """By how much, in the figure's own unit; 1 for another option."""
        if isinstance(self.old, str) or isinstance(self.new, str):
            return Fraction(1)
        return abs(Fraction(self.new) - self.old)


@frozen
class Step:
    """Changes to one criterion, and the points it then has."""

    changes: tuple[NewValue, ...]
    points: Fraction
    gain: Fraction

    @property
    def cost(self) -> tuple[int, Fraction]:
        """How many figures are changed, then by how much in all."""
        return len(self.changes), sum((change.amount for change in self.changes), Fraction(0))


def alone(rules: Ruleset, code: str) -> Ruleset:
    """The ruleset with one criterion that is scored, and nothing beside it."""
    bonus = tuple(one for one in rules.adjustments if one.criterion.code == code)
    kept = evolve(rules[code], facts=(), notes=tuple(note for note in rules[code].notes if is_hole(note)))
    return evolve(
        rules,
        criteria=() if bonus else (kept,),
        facts=tuple(rules.facts_by_name.values()),
        max_points=NOT_STATED,
        rounding=None,
        adjustments=bonus,
        scales=(),
        ranking=None,
        notes=(),
    )


def is_hole(note: SourceNote) -> bool:
    """Whether a note names figures for which the decision gives no points."""
    return note.kind is NoteKind.HOLE


def steps_of(rules: Ruleset, unit: Submission, code: str, falling: Collection[str] = ()) -> tuple[Step, ...]:
    """The steps that gain points in one criterion, the cheapest first, each gaining more than the one before.

    Raises what `score` raises for that criterion as it stands.

    >>> import cchc_index as cchc
    >>> unit = cchc.Submission("Xã A", {"da_xong": 17, "de_ra": 20})
    >>> steps = steps_of(cchc.load("dong-nai/cap-xa/2022"), unit, "4.1")
    >>> [(step.changes[0].new, str(step.gain)) for step in steps]
    [(18, '9/10'), (19, '19/20'), (20, '1')]
    """
    small, bare = alone(rules, code), _bare(unit)
    now, figures = _points(small, bare, code), read_figures(rules.facts_by_name, bare)
    if now is None:
        return ()
    facts = [fact for fact in _levers(rules, rules[code]) if figures.has(fact.name)]
    choices = {fact: list(_values(rules[code], figures, fact, falling)) for fact in facts}
    tried = [_tried(small, bare, code, now, changes) for changes in _combined(choices, figures)]
    return tuple(_best([step for step in tried if step and step.gain > 0]))


def _bare(unit: Submission) -> Submission:
    return evolve(unit, exemptions={}, evidence={}, claims=(), places={})


def _points(small: Ruleset, unit: Submission, code: str) -> Fraction | None:
    line = score_part(small, unit)[code]
    return None if line.exempted or line.points is NOT_STATED else line.points


def _tried(small: Ruleset, unit: Submission, code: str, now: Fraction, changes: tuple[NewValue, ...]) -> Step | None:
    """The step of these changes; None where the figures do not go together or the decision gives no points."""
    given = {change.fact.name: as_given(change.fact, change.new) for change in changes}
    try:
        points = _points(small, evolve(unit, figures={**unit.figures, **given}), code)
    except CchcError:
        return None
    return None if points is None else Step(changes, points, points - now)


def as_given(fact: Fact, value: Exact | str) -> Exact | str:
    """A typed value as a program hands it in: a percent as the share it is."""
    return Fraction(value) if fact.type is FactType.PERCENT else value


def _best(steps: Iterable[Step]) -> list[Step]:
    """Those that no cheaper step equals, cheapest first."""
    found: list[Step] = []
    for step in sorted(steps, key=lambda step: (step.cost, -step.gain)):
        if not found or step.gain > found[-1].gain:
            found.append(step)
    return found


def _combined(choices: Mapping[Fact, list[Exact | str]], figures: Figures) -> Iterator[tuple[NewValue, ...]]:
    changes = [[NewValue(fact, figures[fact.name], value) for value in values] for fact, values in choices.items()]
    if prod(len(values) + 1 for values in changes) > MOST:
        yield from ((change,) for values in changes for change in values)
        return
    for chosen in product(*([None, *values] for values in changes)):
        kept = tuple(change for change in chosen if change is not None)
        if kept:
            yield kept


# -- which figures, and to which values --------------------------------------------------------------------------------


def _levers(rules: Ruleset, criterion: Criterion) -> list[Fact]:
    own = [rules.facts_by_name[name] for name in sorted({_base(fact.name) for fact in rules.inputs[criterion.code]})]
    taken = set(_looked_at_elsewhere(rules, criterion)) | set(_wholes(rules, criterion))
    types = (*_NUMBERS, FactType.YES_NO, FactType.CHOICE)
    return [fact for fact in own if fact.type in types and fact.given is None and fact.name not in taken]


def _base(name: str) -> str:
    return name.partition(".")[0]


def _looked_at_elsewhere(rules: Ruleset, criterion: Criterion) -> Iterator[str]:
    """The figures that other criteria or conditions beside the rules look at."""
    for other in rules.walk():
        if other is not criterion:
            yield from (_base(fact.name) for fact in rules.inputs[other.code])
        whens = [exemption.when for exemption in other.exemptions if exemption.when]
        whens += [note.when for note in other.notes if note.when and other is not criterion and is_hole(note)]
        yield from (name for when in whens for name in names_of_condition(when))
    whens = [scale.when for scale in rules.scales if scale.when]
    whens += [grade.when for scale in rules.scales for grade in scale.grades if grade.when]
    whens += [rules.ranking.unranked_when] if rules.ranking and rules.ranking.unranked_when else []
    yield from (name for when in whens for name in names_of_condition(when))


def _wholes(rules: Ruleset, criterion: Criterion) -> Iterator[str]:
    """What other figures are a part of, and what stands only in a denominator."""
    yield from (fact.part_of for fact in rules.facts_by_name.values() if fact.part_of)
    for measure, _ in _looked_at(criterion):
        if isinstance(measure, Ratio):
            yield from {name for name, _ in measure.bottom.terms} - {name for name, _ in measure.top.terms}


def _looked_at(criterion: Criterion) -> list[tuple[Measure, list[Fraction]]]:
    """The measures that decide on points, each with the ends that matter. Records are left out."""
    return [] if criterion.rule is NOT_STATED else list(_measures(criterion.rule))


def _measures(rule: Rule) -> Iterator[tuple[Measure, list[Fraction]]]:
    if isinstance(rule, Average):
        return
    if isinstance(rule, Piecewise):
        ends = [end for piece in rule.pieces for end in (piece.interval.low, piece.interval.high)]
        yield rule.measure, [end for end in ends if end is not None]
    if isinstance(rule, Switch):
        for test in (test for case in rule.cases for test in tests_of(case.when)):
            if isinstance(test, Within):
                ends = [test.interval.low, test.interval.high]
                yield test.measure, [end for end in ends if end is not None]
    for part in parts_of(rule):
        yield from _measures(part)


def _values(criterion: Criterion, figures: Figures, fact: Fact, falling: Collection[str]) -> Iterator[Exact | str]:
    """The values worth trying for one figure."""
    now = figures[fact.name]
    if fact.type is FactType.YES_NO:
        yield from [YES] if now == NO else []
        return
    if fact.type is FactType.CHOICE:
        yield from (name for name, _ in fact.options if name != now)
        return
    most = figures[fact.part_of] if fact.part_of and figures.has(fact.part_of) else None
    down = fact.name in falling
    for value in sorted(_numbers(criterion, figures, fact, most, -1 if down else 1)):
        fits = value < now if down else value > now
        if fits and (most is None or value <= most) and (value >= 0 or fact.may_be_negative):
            yield value


def _numbers(criterion: Criterion, figures: Figures, fact: Fact, most: Exact | None, way: int) -> set[Exact]:
    found: set[Exact] = set() if most is None else {most}
    now = figures[fact.name]
    least = Fraction(1) if fact.type is FactType.COUNT else Fraction(1, 10**4 if fact.type is FactType.PERCENT else 100)
    for measure, ends in _looked_at(criterion):
        for crossing in (_crossing(measure, end, fact.name, figures) for end in ends):
            if crossing is not None and fact.type is FactType.COUNT:
                found |= {ceil(crossing), floor(crossing), floor(crossing) + 1, ceil(crossing) - 1}
            elif crossing is not None:
                found |= {crossing, crossing + way * least}
    if fact.type is FactType.COUNT:
        found |= {now + way * number for number in range(1, NEAR + 1)}
    return found


def _crossing(measure: Measure, end: Fraction, name: str, figures: Figures) -> Fraction | None:
    """The value of one figure at which a measure comes to an end point, the other figures as they are."""
    top, bottom = (measure.top, measure.bottom) if isinstance(measure, Ratio) else (measure, Linear((), 1))
    try:
        (a, b), (c, d) = _line(top, name, figures), _line(bottom, name, figures)
    except MissingFigure:
        return None
    return None if a == end * c else (end * d - b) / (a - end * c)


def _line(linear: Linear, name: str, figures: Figures) -> tuple[Fraction, Fraction]:
    """A linear sum as `a × figure + b`."""
    slope = sum((Fraction(coefficient) for one, coefficient in linear.terms if one == name), Fraction(0))
    rest = (Fraction(coefficient) * figures[one] for one, coefficient in linear.terms if one != name)
    return slope, sum(rest, Fraction(linear.constant))
