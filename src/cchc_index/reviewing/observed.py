"""What the decision has looked at without stating points for it, computed: counts, shares, the tier of a unit."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.criteria import Observation, Ruleset
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure, read_figures
from cchc_index.scoring.conditions import Undefined, look_at, test_of
from cchc_index.sources import NOT_STATED, Basis


@frozen
class Observed:
    """What one observation came to: `top / bottom` of a measure as it came from the figures, or the name of a tier.

    All are None where figures are missing, a denominator is 0, or no single tier holds.
    """

    code: str
    name: str
    top: Fraction | None = None
    bottom: Fraction | None = None
    tier: str | None = None
    basis: Basis = NOT_STATED

    @property
    def value(self) -> Fraction | None:
        return None if self.top is None or self.bottom is None else self.top / self.bottom


def observed(rules: Ruleset, unit: Submission) -> tuple[Observed, ...]:
    """Every observation of a ruleset for one unit, in the order of the table. Raises BadSubmission.

    >>> import cchc_index as cchc
    >>> figures = {"ton_ky_truoc": 1727, "tiep_nhan_moi": 13324, "da_giai_quyet": 12530, "dung_han": 10840}
    >>> found = observed(cchc.load("dak-nong/cap-huyen/2023"), cchc.Submission("Huyện", figures))
    >>> [(one.name, one.value) for one in found]
    [('số hồ sơ tiếp nhận', Fraction(15051, 1)), ('tỷ lệ đúng hạn', Fraction(1084, 1253))]
    """
    figures = read_figures(rules.facts_by_name, unit)
    return tuple(_observed(code, one, figures) for code, one in _observations(rules))


def _observations(rules: Ruleset) -> Iterator[tuple[str, Observation]]:
    for criterion in rules.walk():
        yield from ((criterion.code, one) for one in criterion.observations)


def _observed(code: str, observation: Observation, figures: Figures) -> Observed:
    silent = Observed(code, observation.name, basis=observation.basis)
    try:
        if observation.measure is None:
            held = [tier.name for tier in observation.tiers if test_of(tier.when)(figures)]
            return evolve(silent, tier=held[0]) if len(held) == 1 else silent
        pair = look_at(observation.measure)(figures)
    except (MissingFigure, Undefined):
        return silent
    return silent if pair is None else evolve(silent, top=Fraction(pair[0]), bottom=Fraction(pair[1]))
