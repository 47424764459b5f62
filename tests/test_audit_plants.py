"""Sheets that are right have no finding; as many with one fault each have it found, at the right place.

Here it is a hundred of each; `python benchmarks/soat_500.py` runs five hundred.
"""

from random import Random

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from audit_samples import PLANTS, Planted, Sample, commune_rules, commune_sample, planted, sheet_of, with_evidence
from cchc_index.auditing.findings import FindingKind
from cchc_index.auditing.verify import verify
from cchc_index.facts import Evidence
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.rulesets import make_ruleset
from cchc_index.testing.pool.units import make_holed, make_submission

CHUNK, SEEDS = 25, 6


@pytest.mark.parametrize("start", range(0, 100, CHUNK))
def test_a_sheet_that_is_right_has_no_finding(start: int) -> None:
    for seed in range(start, start + CHUNK):
        assert commune_sample(Random(seed)).audit().findings == (), seed


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_planted_fault_is_found_at_its_criterion(seed: int) -> None:
    for name, case in zip(PLANTS, planted(seed), strict=True):
        found = case.sample.audit().findings
        assert any(one.kind is case.kind and one.criterion == case.code for one in found), (name, seed)
        strays = [one for one in found if not is_near(case, one.criterion)]
        assert strays == [], (name, seed)


def is_near(case: Planted, code: str) -> bool:
    """Whether a finding stands at the fault, above it, or (a figure taken away) at another row that needs it."""
    return case.code == code or case.code.startswith(code + ".") or not code or case.kind is FindingKind.NOT_COMPUTABLE


def test_there_is_a_fault_of_every_kind() -> None:
    assert {case.kind for case in planted(0)} == set(FindingKind)
    assert SEEDS * len(PLANTS) > 100


# -- any ruleset -------------------------------------------------------------------------------------------------------


def any_sample(seed: int) -> Sample:
    """A sheet that is right, under a ruleset of no set shape: exemptions, roundings, bonus and penalty."""
    r = Random(seed)
    rules = make_ruleset(r)
    unit = evolve(make_submission(r, rules, whole=seed % 2 == 0), claims=(), evidence={})
    unit = with_evidence(rules, unit, lambda: Evidence("1/BC"))
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError:
        assume(False)  # noqa: FBT003
    assume(all(line.points is NOT_STATED or line.points >= 0 for line in card.adjustments))
    return Sample(rules, unit, sheet_of(rules, card))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9))
def test_under_any_ruleset_a_right_sheet_has_no_finding(seed: int) -> None:
    sample = any_sample(seed)
    assert verify(sample.rules, sample.unit, sheet=sample.sheet).findings == ()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9))
def test_missing_figures_raise_no_other_alarm_and_change_no_number(seed: int) -> None:
    sample = any_sample(seed)
    holed = evolve(sample.unit, figures=make_holed(Random(seed), sample.unit.figures))
    audit = verify(sample.rules, holed, sheet=sample.sheet)
    assert {one.kind for one in audit.findings} <= {FindingKind.NOT_COMPUTABLE}
    for row in audit.rows:
        assert row.computed in (None, NOT_STATED, sample.card[row.code].points)


def test_a_figure_taken_away_is_never_read_as_zero() -> None:
    sample = commune_sample(Random(1))
    figures = {name: value for name, value in sample.unit.figures.items() if name != "tin_bai"}
    audit = verify(commune_rules(), evolve(sample.unit, figures=figures), sheet=sample.sheet)
    rows = {row.code: row for row in audit.rows}
    assert rows["7.1.3"].computed is None
    assert rows["7.1"].computed is None
    assert audit.total.computed is None
    assert rows["7.1.2"].computed == sample.card["7.1.2"].points
