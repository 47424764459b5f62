"""Figures that a unit lacks and does not need: any value in their place lets columns score it.

The exact engine scores a unit that lacks figures when none of them is looked at. That a figure is not looked at hangs
on the other figures of the same criterion, of the exemptions above it and of the conditions beside the criteria. Where
none of those is drawn, it is not looked at in any draw either; its value is free, and the score with a value in its
place, which is compared, is the score without.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import CchcError
from cchc_index.facts import Submission
from cchc_index.figures import Figures
from cchc_index.measures import Fact, FactType, names_of_condition
from cchc_index.rules import Rule, own_names, parts_of
from cchc_index.scoring.generate import conditions_beside
from cchc_index.scoring.score import score_figures
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED


def filled(rules: Ruleset, unit: Submission, figures: Figures, needed: Iterable[str], drawn: set[str]) -> Figures:
    """The figures with values in the place of those that are free; as they are where that cannot be said."""
    missing = [name for name in needed if not figures.has(name)]
    if not missing or any(together & drawn and together & set(missing) for together in neighbours(rules)):
        return figures
    full = Figures({**figures, **dict(_values(rules, missing))})
    same = _told(rules, unit, full)
    return full if same is not None and same == _told(rules, unit, figures) else figures


def neighbours(rules: Ruleset) -> Iterator[set[str]]:
    """The figures on which it hangs together which of them are looked at."""
    yield {name for condition in conditions_beside(rules) for name in names_of_condition(condition)}
    for criterion in (*rules.criteria, *(one.criterion for one in rules.adjustments)):
        yield from _under(criterion, set())


def _under(criterion: Criterion, above: set[str]) -> Iterator[set[str]]:
    asked = [names_of_condition(one.when) for one in criterion.exemptions if one.when]
    asked += [names_of_condition(note.when) for note in criterion.notes if note.when]
    names = above.union(*asked)
    yield names | (set(_names(criterion.rule)) if criterion.rule is not NOT_STATED else set())
    for child in criterion.children:
        yield from _under(child, names)


def _names(rule: Rule) -> Iterator[str]:
    yield from own_names(rule)
    for part in parts_of(rule):
        yield from _names(part)


def _values(rules: Ruleset, missing: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for name in missing:
        fact = rules.facts_by_name[name.partition(".")[0]]
        yield name, _value(fact)


def _value(fact: Fact) -> Any:
    match fact.type:
        case FactType.YES_NO:
            return "khong"
        case FactType.CHOICE:
            return fact.options[0][0]
        case FactType.DATE:
            return DAY
        case FactType.RECORDS:
            return ()
        case FactType.COUNT | FactType.SURVEY:
            return 0
    return Fraction(0)


DAY = 738_000
"""A day of the year 2021: any other would do."""


def _told(rules: Ruleset, unit: Submission, figures: Figures) -> tuple[Any, ...] | None:
    try:
        card: Card = score_figures(rules, unit, figures)
    except CchcError:
        return None
    lines = tuple((line.points, line.max_points) for line in card.walk())
    return card.points, card.max_points, card.index, card.grade, card.ranked, lines
