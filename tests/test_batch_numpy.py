"""NumPy carries out a plan as Python integers and fractions do, whatever the bounds of the columns."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cchc_index.batch import running
from cchc_index.batch.expressions import Expression, Int, Number
from cchc_index.batch.making import Maker
from cchc_index.batch.plan import Plan, plan_of
from cchc_index.batch.running import Runner, names_of
from cchc_index.criteria import Ruleset
from cchc_index.figures import Figures, read_figures
from cchc_index.points import round_half_up
from cchc_index.testing.numbers import seeded
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from cchc_index.testing.pool.units import make_submission
from plan_rows import Row, row_of, scales_of, value_of

Made = tuple[Ruleset, list[Figures]]


def runner_of(wanted: Mapping[str, Expression], **options: Any) -> Runner:
    return Runner(wanted, **options)


def columns_of(rows: list[Row]) -> dict[str, Any]:
    return {name: np.array([row[name] for row in rows], bool if name.endswith("!") else np.int64) for name in rows[0]}


def as_flags(columns: dict[str, Any], wanted: Mapping[str, Expression]) -> dict[str, Any]:
    _, flags = names_of(wanted.values())
    return columns | {name: columns[name].astype(bool) for name in flags}


def check(wanted: Mapping[str, Expression], rows: list[Row], **options: Any) -> dict[str, Any]:
    """The results of NumPy, each of which is what the expression means."""
    given = runner_of(wanted, **options).run(as_flags(columns_of(rows), wanted), len(rows))
    found = {name: np.broadcast_to(values, len(rows)) for name, values in given.items()}
    for name, node in wanted.items():
        for number, row in enumerate(rows):
            if name != "odd" and not found["odd"][number]:
                expected, value = value_of(node, row), found[name][number]
                if isinstance(node, Number):
                    assert abs(Fraction(float(value)) - expected) <= Fraction(1, 10**6)
                else:
                    assert value == expected, (name, number)
    return found


def everything(plan: Plan) -> dict[str, Expression]:
    make, hundredth = plan.make, plan.make.constant(plan.common)
    wanted: dict[str, Expression] = {"odd": make.any(plan.odd, *(check.test for check in plan.checks))}
    wanted |= {"points": plan.points.value, "grade": plan.grade, "ranked": plan.ranked, "stated": plan.points.stated}
    wanted |= {"cents": make.rounded(plan.points.value, 100, hundredth), "whole": plan.whole.value.whole}
    wanted["index"] = make.rounded(plan.points.value, 10_000, make.positive(plan.whole.value.whole))
    for line in plan.lines:
        wanted[f"cents of {line.code}"] = make.rounded(line.points.value, 100, hundredth)
    return wanted


@st.composite
def made_units(draw: st.DrawFn, *, plain: bool) -> Made:
    r: Random = draw(seeded())
    rules = plainer(make_ruleset(r)) if plain else make_ruleset(r)
    units = [make_submission(r, rules, whole=True) for _ in range(12)]
    return rules, [read_figures(rules.facts_by_name, unit) for unit in units]


def agrees(made: Made) -> None:
    rules, several = made
    scales: dict[str, int] = {}
    for figures in several:
        for name, scale in scales_of(rules, figures).items():
            scales[name] = int(np.lcm(scale, scales.get(name, 1)))
    plan = plan_of(rules, scales)
    if not all(figures.has(name) for name in plan.needed for figures in several):
        return
    rows: list[Row] = [row_of(plan, figures, scales) for figures in several]
    found = check(everything(plan), rows)
    event(f"odd: {int(found['odd'].sum())} of 12")


@settings(max_examples=60, deadline=None)
@given(made_units(plain=False))
def test_numpy_says_what_the_plan_says(made: Made) -> None:
    agrees(made)


@settings(max_examples=40, deadline=None)
@given(made_units(plain=True))
def test_numpy_says_what_the_plan_of_a_plain_ruleset_says(made: Made) -> None:
    agrees(made)


MAKE = Maker()
A, B, C = (MAKE.column(name) for name in "abc")
NEVER: dict[str, Expression] = {"odd": MAKE.never}


def shares(count: int) -> Number:
    """Several shares of the same two columns and a whole one."""
    each = [MAKE.share(MAKE.scaled(k, A), MAKE.sum(B, MAKE.constant(k))) for k in range(1, count + 1)]
    return MAKE.number(C, [share for number in each for share in number.shares])


small = st.integers(-40, 40)
rows = st.lists(st.fixed_dictionaries({"a": small, "b": st.integers(0, 30), "c": small}), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(rows, st.integers(1, 7), st.integers(1, 9))
def test_sums_of_fractions_are_rounded_and_compared_exactly(rows: list[Row], times: int, bottom: int) -> None:
    number, over = shares(3), MAKE.constant(bottom)
    wanted = NEVER | {
        "rounded": MAKE.rounded(number, times, over),
        **{sign: MAKE.passes(number, sign, C, times) for sign in (">", ">=", "==", "<", "<=", "!=")},
    }
    check(wanted, rows)


@pytest.mark.parametrize("bottom", [2, 3, 4, 8, 200])
def test_every_tie_of_a_sum_of_two_shares_goes_away_from_zero(bottom: int) -> None:
    """Halves of all kinds, that a float sum may miss on either side."""
    number = MAKE.number(C, [*MAKE.share(A, B).shares, *MAKE.share(MAKE.scaled(3, A), B).shares])
    rows: list[Row] = [{"a": a, "b": b, "c": c} for a in range(-30, 31) for b in (1, 3, 7, 8, 24) for c in (-1, 0, 2)]
    found = check(NEVER | {"rounded": MAKE.rounded(number, 1, MAKE.constant(bottom))}, rows)
    ties = [row for row in rows if (value_of(number, row) * 2 / bottom).denominator == 1]
    assert len(ties) > 20 or bottom == 200
    assert len(found["rounded"]) == len(rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(1, 10**9)), min_size=1, max_size=30))
def test_whole_numbers_are_halved_up_exactly(pairs: list[tuple[int, int]]) -> None:
    rows: list[Row] = [{"a": top, "b": bottom} for top, bottom in pairs]
    wanted = NEVER | {"rounded": MAKE.half_up(A, MAKE.positive(B))}
    for row, value in zip(rows, check(wanted, rows, limit=2**51)["rounded"], strict=True):
        assert value == round_half_up(Fraction(row["a"], row["b"]), Fraction(1))


WIDE = st.one_of(
    st.integers(-200, 200), st.integers(-(2**63), 2**63 - 1), st.sampled_from((2**31, -(2**31), 2**31 + 1))
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys("abc", WIDE)), min_size=1, max_size=20))
def test_what_might_overflow_is_odd_and_the_rest_is_exact(rows: list[Row]) -> None:
    several: list[Int] = [MAKE.product(MAKE.product(A, B), C), MAKE.sum(MAKE.scaled(1000, A), MAKE.scaled(-999, B), C)]
    wanted = NEVER | {"product": several[0], "sum": several[1], "above": MAKE.compare(several[0], ">", several[1])}
    found = check(wanted, rows)
    for row, is_odd in zip(rows, found["odd"], strict=True):
        assert is_odd or max(map(abs, row.values())) <= 2**31
        if max(map(abs, row.values())) < 2**17:
            assert not is_odd


def test_chunks_of_growing_numbers_take_one_result_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1024)
    rows: list[Row] = [{"a": 2 ** (n // 1024 * 3) + n % 7, "b": n % 5 - 2, "c": n} for n in range(8 * 1024 + 3)]
    wanted = NEVER | {"sum": MAKE.sum(MAKE.product(A, B), C)}
    found = runner_of(wanted).run(columns_of(rows), len(rows))
    assert found["sum"].tolist() == [row["a"] * row["b"] + row["c"] for row in rows]
