"""Hypothesis strategies."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from cchc_index.criteria import (
    Ruleset,
)
from cchc_index.facts import Submission
from cchc_index.measures import (
    Condition,
    Interval,
    Measure,
)
from cchc_index.rules import (
    Rule,
)
from cchc_index.testing.numbers import seeded, steered
from cchc_index.testing.pool.measures import make_bands, make_condition, make_interval, make_measure
from cchc_index.testing.pool.rules import make_rule
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from cchc_index.testing.pool.units import make_figures, make_submission


def intervals() -> st.SearchStrategy[Interval]:
    return steered().map(make_interval)


def bands() -> st.SearchStrategy[tuple[Interval, ...]]:
    return steered().map(make_bands)


def measures() -> st.SearchStrategy[Measure]:
    return steered().map(make_measure)


def conditions() -> st.SearchStrategy[Condition]:
    return steered().map(make_condition)


def rules() -> st.SearchStrategy[Rule]:
    return seeded().map(make_rule)


def figures() -> st.SearchStrategy[dict[str, Any]]:
    return seeded().map(make_figures)


def rulesets() -> st.SearchStrategy[Ruleset]:
    return seeded().map(make_ruleset)


def scored(*, plain: bool = False, whole: bool = False) -> st.SearchStrategy[tuple[Ruleset, Submission]]:
    """A ruleset and a unit that it can be asked to score. See `plainer` and `make_submission`."""

    def made(r: Random) -> tuple[Ruleset, Submission]:
        found = plainer(make_ruleset(r)) if plain else make_ruleset(r)
        return found, make_submission(r, found, whole=whole)

    return seeded().map(made)
