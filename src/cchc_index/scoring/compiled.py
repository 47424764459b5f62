"""Totals only, fast: the six rules compiled once to integer arithmetic.

What is out of the ordinary (a missing figure, a zero denominator that leaves the points open, a hole, an exemption
asked for, awarded points out of bounds) leaves the fast path, and the exact engine answers: same points or same error.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from attrs import field, frozen

from cchc_index.criteria import Points, Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.points import quotient
from cchc_index.scoring.generate import common_denominator, declared, generated, names_beside
from cchc_index.scoring.score import check_match, code_faults, score_figures
from cchc_index.scoring.totals import added
from cchc_index.sources import NOT_STATED

Found = tuple[int, int, int]
"""Numerator and denominator of the points, and the maximum that exemptions took away, over D."""
Fast = Callable[[dict[str, Any]], Found | None]


@frozen
class Totals:
    """Points, applicable maximum and index of one unit: what `score` gives, without the lines."""

    points: Points
    max_points: Points
    index: Points


@frozen
class Prepared:
    """A unit whose figures have been read once, ready to be scored many times."""

    unit: Submission
    figures: Figures
    plain: dict[str, Any] | None
    """The figures in built-in types, which look up twice as fast; None for a unit that only the exact engine scores."""


@frozen
class Scorer:
    """A ruleset compiled once. `totals` gives what `score` gives, only faster."""

    rules: Ruleset
    fast: Fast = field(repr=False)
    whole: int | None
    """The maximum over D; None when none is stated."""
    common: int
    needed: frozenset[str]

    def prepare(self, unit: Submission) -> Prepared:
        """Read the figures of a unit. Raises BadSubmission."""
        check_match(self.rules, unit)
        figures = read_figures(self.rules.facts_by_name, unit)
        ordinary = _is_ordinary(self.rules, unit) and all(figures.has(name) for name in self.needed)
        return Prepared(unit, figures, _plain(figures) if ordinary else None)

    def totals(self, prepared: Prepared) -> Totals:
        """Points, maximum and index, exactly those of `score`. Raises what `score` raises."""
        try:
            found = None if prepared.plain is None else self.fast(prepared.plain)
        except KeyError:
            found = None
        if found is None:
            card = score_figures(self.rules, prepared.unit, prepared.figures)
            return Totals(card.points, card.max_points, card.index)
        top, bottom, gone = found
        points = Fraction(top, bottom)
        if self.whole is None:
            return Totals(points, NOT_STATED, NOT_STATED)
        whole = self.whole - gone
        has_index = whole and self.rules.index_basis is not NOT_STATED
        index = Fraction(top * self.common, bottom * whole) if has_index else NOT_STATED
        return Totals(points, quotient(whole, self.common), index)


def _is_ordinary(rules: Ruleset, unit: Submission) -> bool:
    """Whether nothing beside the figures has a say in the score, or is at fault."""
    return not unit.exemptions and not any(code_faults(rules, unit))


def _plain(figures: Figures) -> dict[str, Any]:
    return {
        name: [dict(record) for record in value] if isinstance(value, tuple) else value
        for name, value in figures.items()
    }


def compile_rules(rules: Ruleset) -> Scorer:
    """Compile a ruleset for scoring totals many times.

    >>> import cchc_index as cchc
    >>> scorer = cchc.compile_rules(cchc.load("dong-nai/cap-xa/2022"))
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> scorer.totals(scorer.prepare(cchc.Submission("Xã A", figures))).points
    Fraction(39, 20)
    """
    whole = rules.max_points
    if whole is NOT_STATED:
        whole = added([declared(criterion) for criterion in rules.criteria])
    scope: dict[str, Any] = {}
    exec(compile(generated(rules), f"<{rules.id}/{rules.version}>", "exec"), scope)  # noqa: S102
    common = common_denominator(rules)
    scaled = None if whole is NOT_STATED else int(whole * common)
    return Scorer(rules, cast("Fast", scope["fast"]), scaled, common, frozenset(names_beside(rules)))
