"""Simulations: the same seed gives the same draws, no uncertainty gives the exact ranking, order does not matter."""

from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.batch.drawing import Printed, Sampled, Shifted
from cchc_index.batch.simulation import Simulation, simulate
from cchc_index.facts import Submission
from cchc_index.points import round_half_up

SAMPLES = Path(__file__).parents[1] / "examples" / "mau-cap-xa"
RULES = cchc.load("mau/cap-xa/1")
CHANGES = (
    Sampled("phieu_nguoi_dan"),
    Printed("ty_le_thanh_toan", Fraction(1, 1000)),
    Printed("von_giai_ngan", Fraction(10)),
)


def units() -> list[Submission]:
    return [cchc.read_submission(path) for path in sorted(SAMPLES.glob("*.yaml"))[2:8]]


def run(given: list[Submission], *changes: Any, n: int = 20, seed: int = 1) -> Simulation:
    return simulate(RULES, given, changes, n, seed=seed)


def test_no_uncertainty_gives_the_exact_ranking_in_every_draw() -> None:
    given = units()
    found = run(given)
    ranks = cchc.rank(RULES, [cchc.score(RULES, unit) for unit in given])
    for one in ranks:
        seen = found[one.card.unit]
        assert isinstance(one.card.points, Fraction)
        assert seen.place == one.place
        assert seen.places == (((one.place, 20),) if one.place else ())
        assert seen.points == round_half_up(one.card.points * 100, Fraction(1))
        assert seen.points_seen == ((seen.points, 20),)
        assert [name for name, _ in seen.grades] == [seen.grade]


@settings(max_examples=4)
@given(st.integers(0, 2**64), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_whatever_the_order(seed: int, r: Random) -> None:
    given = units()[:4]
    first = run(given, *CHANGES, seed=seed)
    r.shuffle(given)
    assert run(given, *CHANGES, seed=seed) == first
    assert sum(count for _, count in first.units[0].points_seen) == 20


def test_other_seeds_and_more_draws_give_other_counts() -> None:
    given = units()[1:3]
    assert run(given, CHANGES[0], n=200).units != run(given, CHANGES[0], n=200, seed=2).units


def test_draws_of_one_figure_do_not_hang_on_the_others() -> None:
    given = units()[1:2]
    alone = run(given, Printed("von_giai_ngan", Fraction(10)), n=50)
    beside = run(given, Printed("von_giai_ngan", Fraction(10)), Shifted("tthc_cong_khai", Fraction(0)), n=50)
    assert alone.units == beside.units


def test_every_draw_is_scored_as_the_exact_engine_scores_it() -> None:
    """A printed percent takes one of a thousand values, each of which the exact engine scores too."""
    unit = units()[1]
    share = Fraction(278, 1000)
    found = run([unit], Printed("ty_le_thanh_toan", Fraction(1, 100)), n=30)
    possible = set()
    for piece in range(1000):
        value = share + Fraction(2 * piece - 999, 2000) / 100
        card = cchc.score(RULES, evolve(unit, figures=dict(unit.figures) | {"ty_le_thanh_toan": value}))
        assert isinstance(card.points, Fraction)
        possible.add(int(round_half_up(card.points * 100, Fraction(1))))
    assert {points for points, _ in found.units[0].points_seen} <= possible


def test_what_if_moves_the_figure_and_stops_at_the_whole() -> None:
    unit = units()[1]
    whole = int(unit.figures["tthc_thuc_hien"])
    full = evolve(unit, figures=dict(unit.figures) | {"tthc_cong_khai": whole})
    moved = run([unit], Shifted("tthc_cong_khai", Fraction(10_000)), n=1)
    assert moved.units == run([full], n=1).units
    other = run([unit], Shifted("tthc_cong_khai", Fraction(-10_000), units=(unit.unit,)), n=1)
    assert other.units[0].points < moved.units[0].points


def test_ballots_are_drawn_again_as_many_as_there_were() -> None:
    from cchc_index.batch.drawing import resampled, stream
    from cchc_index.figures import Figures

    fact = RULES.facts_by_name["phieu_nguoi_dan"]
    figures = Figures(
        {f"phieu_nguoi_dan.{option}": count for option, count in zip("ABCDE", (70, 32, 11, 7, 0), strict=True)}
    )
    drawn = dict(resampled(fact, Sampled(fact.name), figures, stream(1, "Xã", fact.name), 400))
    assert {int(one) for one in sum(drawn.values())} == {120}
    assert drawn["phieu_nguoi_dan.E"].max() == 0
    assert abs(float(drawn["phieu_nguoi_dan.A"].mean()) - 70) < 1
    assert 4 < float(drawn["phieu_nguoi_dan.A"].std()) < 7


@pytest.mark.parametrize(
    ("changes", "n", "seed", "said"),
    [
        ((Sampled("phieu_nguoi_dann"),), 5, 1, "phieu_nguoi_dan"),
        ((Sampled("von_giai_ngan"),), 5, 1, "khảo sát"),
        ((Printed("phieu_nguoi_dan", Fraction(1)),), 5, 1, "không phải một số"),
        ((Printed("tthc_cong_khai", Fraction(1, 2)),), 5, 1, "không thể thay đổi"),
        ((Shifted("tthc_cong_khai", Fraction(1), units=("Xã lạ",)),), 5, 1, "không có đơn vị"),
        ((), 0, 1, "số lần"),
        ((), 5, -1, "hạt giống"),
    ],
)
def test_what_cannot_be_simulated_is_said(changes: Any, n: int, seed: int, said: str) -> None:
    with pytest.raises(cchc.BadSubmission, match=said):
        simulate(RULES, units()[:2], changes, n, seed=seed)


def test_units_of_one_name_and_units_without_a_score_are_said() -> None:
    with pytest.raises(cchc.BadSubmission, match="trùng tên"):
        run([units()[0], units()[0]])
    empty = evolve(units()[0], unit="Xã trống", figures={})
    ((name, why),) = run([units()[0], empty], n=2).problems
    assert name == "Xã trống"
    assert "chưa khai" in why.vi
    assert "not given" in why.en
