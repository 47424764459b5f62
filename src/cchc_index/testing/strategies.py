"""Hypothesis strategies for whatever a ruleset is made of, and for units that fit a given one.

What `rules`, `rulesets` and their like draw is arbitrary, over the figures of `pool.measures`: full of holes and
overlaps, as the engine must bear. What `sound_rulesets` and `criteria_of_shape` draw is as a good decision is.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Submission
from cchc_index.files.raising import Place, Unwritable, raised
from cchc_index.measures import Condition, Interval, Measure
from cchc_index.rules import Average, Awarded, Piecewise, Rule, Sum, Switch, Table
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import seeded, steered
from cchc_index.testing.pool.measures import make_bands, make_condition, make_interval, make_measure
from cchc_index.testing.pool.rules import (
    make_average,
    make_awarded,
    make_piecewise,
    make_rule,
    make_sum,
    make_switch,
    make_table,
)
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from cchc_index.testing.pool.units import make_figures, make_submission
from cchc_index.testing.sound import SHAPES, criterion_of, make_sound
from cchc_index.testing.thresholds import Side, Threshold, near, near_unit, sides_of
from cchc_index.testing.units import make_unit


def intervals() -> st.SearchStrategy[Interval]:
    """Any interval, with its ends in order."""
    return steered().map(make_interval)


def bands() -> st.SearchStrategy[tuple[Interval, ...]]:
    """Intervals that do not meet; most often they leave no gap."""
    return steered().map(make_bands)


def measures() -> st.SearchStrategy[Measure]:
    """Linear sums of figures of the pool, and ratios of two of them."""
    return steered().map(make_measure)


def conditions() -> st.SearchStrategy[Condition]:
    """Tests of figures of the pool, `all of` and `any of` them."""
    return steered().map(make_condition)


def rules() -> st.SearchStrategy[Rule]:
    """Any of the six rules, at any depth."""
    return seeded().map(make_rule)


def piecewises() -> st.SearchStrategy[Piecewise]:
    return seeded().map(make_piecewise)


def tables() -> st.SearchStrategy[Table]:
    return seeded().map(make_table)


def sums() -> st.SearchStrategy[Sum]:
    return seeded().map(lambda r: make_sum(r, record=False, depth=1))


def switches() -> st.SearchStrategy[Switch]:
    return seeded().map(lambda r: make_switch(r, record=False, depth=1))


def averages() -> st.SearchStrategy[Average]:
    return seeded().map(lambda r: make_average(r, depth=1))


def awards() -> st.SearchStrategy[Awarded]:
    return seeded().map(make_awarded)


def figures() -> st.SearchStrategy[dict[str, Any]]:
    """A value for every figure of the pool."""
    return seeded().map(make_figures)


def rulesets() -> st.SearchStrategy[Ruleset]:
    """Arbitrary rulesets over the pool, with exemptions, notes, bonus and penalty, grades and ranking."""
    return seeded().map(make_ruleset)


def sound_rulesets() -> st.SearchStrategy[Ruleset]:
    """Rulesets in which lint finds no error: every shape of the files, each rule with figures of its own."""
    return seeded().map(make_sound)


def criteria_of_shape(cham: str) -> st.SearchStrategy[Criterion]:
    """Sound criteria of one shape of the files, by its word for `cham`. Raises KeyError.

    >>> sorted(SHAPES)
    ['bac_thang', 'cham_truc_tiep', 'chon_mot', 'cong_don', 'khao_sat', 'muc', 'theo', 'tru_dan', 'trung_binh']
    """
    makers = SHAPES[cham]
    return seeded().map(lambda r: criterion_of(r.choice(makers)(r, "1"), "1")).filter(_is_said_in_files)


def _is_said_in_files(criterion: Criterion) -> bool:
    """Whether the files have words for a rule: they have none for «in all other cases»."""
    facts = {fact.name: fact for fact in criterion.facts}
    try:
        return criterion.rule is not NOT_STATED and bool(raised(criterion.rule, Place(facts, criterion.citation)))
    except Unwritable:
        return False


def submissions(ruleset: Ruleset) -> st.SearchStrategy[Submission]:
    """Submissions that are valid for a ruleset: every figure is there and of its type. Half stand near a threshold."""
    plain = seeded().map(lambda r: make_unit(r, ruleset))
    return plain | near_thresholds(ruleset) if _found(ruleset) else plain


def near_thresholds(ruleset: Ruleset) -> st.SearchStrategy[Submission]:
    """Submissions in which some measure stands exactly on one of its thresholds, just under it, or just over it.

    Nothing is drawn for a ruleset without thresholds.
    """
    found = _found(ruleset)
    if not found:
        return st.nothing()
    return st.builds(lambda one, r: near_unit(r, ruleset, one[2]), st.sampled_from(found), seeded())


def _found(ruleset: Ruleset) -> list[tuple[Threshold, Side, Mapping[str, Any]]]:
    """The thresholds that figures come to, and the smallest figures that do."""
    sides = [(threshold, side, near(ruleset, threshold, side)) for threshold, side in sides_of(ruleset)]
    return [(threshold, side, figures) for threshold, side, figures in sides if figures is not None]


def scored(*, plain: bool = False, whole: bool = False) -> st.SearchStrategy[tuple[Ruleset, Submission]]:
    """A ruleset over the pool and a unit that it can be asked to score. See `plainer` and `make_submission`."""

    def made(r: Random) -> tuple[Ruleset, Submission]:
        found = plainer(make_ruleset(r)) if plain else make_ruleset(r)
        return found, make_submission(r, found, whole=whole)

    return seeded().map(made)
