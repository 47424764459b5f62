"""Properties of lint over generated rulesets: silent on sound ones, never on a defect, and of one mind with z3."""

import importlib.util

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_index.checking.lint import lint
from cchc_index.criteria import Ruleset
from cchc_index.sources import NOT_STATED
from cchc_index.testing.defects import ALWAYS, DEFECTS, Defect, make_spoiled
from cchc_index.testing.numbers import POINTS, seeded
from cchc_index.testing.pool.rulesets import make_leaf, with_criteria
from cchc_index.testing.sound import make_sound
from cchc_index.testing.witnesses import reproduced

HAS_Z3 = importlib.util.find_spec("z3") is not None


@given(seeded().map(make_sound))
@settings(max_examples=150)
def test_a_sound_ruleset_has_no_findings(rules: Ruleset) -> None:
    assert [found for found in lint(rules) if found.code not in ALWAYS] == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
@given(data=st.data())
@settings(max_examples=12)
def test_a_defect_is_found_where_it_is_with_figures_that_show_it(defect: Defect, data: st.DataObject) -> None:
    rules, code = data.draw(seeded().map(lambda r: make_spoiled(r, defect)))
    found = lint(rules)
    assert defect.code in {f.code for f in found if f.criterion == code}
    assert {f.criterion for f in found if f.code not in ALWAYS} <= {code}
    assert [f for f in found if not reproduced(rules, f)] == []


def arbitrary(r: object) -> Ruleset:
    """Leaves with any rule at all, most of them full of holes."""
    leaves = [make_leaf(r, str(n)) for n in range(1, 4)]  # type: ignore[arg-type]
    made = [
        evolve(leaf, notes=(), rounding=None, max_points=r.choice(POINTS[4:]))  # type: ignore[attr-defined]
        for leaf in leaves
        if leaf.rule is not NOT_STATED
    ]
    return with_criteria(*made)


@given(seeded().map(arbitrary))
@settings(max_examples=100)
def test_every_witness_over_arbitrary_rules_is_reproduced(rules: Ruleset) -> None:
    assert [f for f in lint(rules) if not reproduced(rules, f)] == []


@pytest.mark.skipif(not HAS_Z3, reason="z3-solver is not installed here")
@given(st.one_of(seeded().map(arbitrary), seeded().map(make_sound)))
@settings(max_examples=25)
def test_lint_and_z3_agree(rules: Ruleset) -> None:
    from lint_agreement import disagreements

    answered, _, told = disagreements(rules)
    assert told == []
    assert answered or not rules.criteria


@pytest.mark.skipif(not HAS_Z3, reason="z3-solver is not installed here")
@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
@given(data=st.data())
@settings(max_examples=1)
def test_lint_and_z3_agree_on_defects(defect: Defect, data: st.DataObject) -> None:
    from lint_agreement import disagreements

    rules, _ = data.draw(seeded().map(lambda r: make_spoiled(r, defect)))
    assert disagreements(rules)[2] == []
