"""Mutants of rulesets: each is one change, and whoever guards the shipped sets catches those that change a score."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

import cchc_index as cchc
from cchc_index.files.cases import run_cases
from cchc_index.files.catalogue import folder_of
from cchc_index.measures import Interval, figure
from cchc_index.rules import Awarded, Piece, Piecewise, Rule, parts_of
from cchc_index.testing.mutants import by_cases, caught_by, changes_score, mutants_of, of_rule, readers_of, with_part
from cchc_index.testing.pool.rulesets import with_rule
from cchc_index.testing.strategies import rules as any_rules

MORE = sorted((Path(__file__).parent / "vi-du").glob("*.yaml"))
IDS = {name.replace("/", "-"): name for name in cchc.rulesets()}


@given(any_rules())
def test_every_mutant_differs_from_its_rule(rule: Rule) -> None:
    mutants = list(of_rule(rule))
    assert all(changed != rule for _, changed in mutants)
    assert len(mutants) >= len(parts_of(rule))


@given(any_rules())
def test_a_part_is_put_where_it_was_taken_from(rule: Rule) -> None:
    other = Awarded("g", Fraction(17))
    for number, part in enumerate(parts_of(rule)):
        assert with_part(rule, number, part) == rule
        assert parts_of(with_part(rule, number, other))[number] == other


def test_the_mutants_of_two_bands() -> None:
    low, high = Interval(high=Fraction(3)), Interval(low=Fraction(3), low_closed=True)
    rule = Piecewise(figure("a"), (Piece(low, Fraction(0)), Piece(high, Fraction(1), Fraction(1, 2))))
    assert sorted(name for name, _ in of_rule(rule)) == [
        *(["band dropped"] * 2),
        *(["bound moved"] * 2),
        *(["comparison turned"] * 2),
        "points exchanged",
        *(["points moved"] * 2),
        "slope moved",
        *(["threshold moved"] * 2),
    ]


@pytest.mark.parametrize("file", MORE, ids=lambda file: file.stem)
def test_the_further_cases_of_a_shipped_set_hold(file: Path) -> None:
    outcomes = run_cases(cchc.load(IDS[file.stem]), file)
    assert [difference.vi for outcome in outcomes for difference in outcome.differences] == []


@pytest.mark.parametrize("name", ["dong-nai/cap-xa/2022", "bo-noi-vu/cap-tinh/2022"])
def test_every_mutant_of_a_shipped_set_that_changes_a_score_is_caught(name: str) -> None:
    """The whole catalogue is counted by benchmarks/lint_bars.py; these are the small ones."""
    rules = cchc.load(name)
    readers = readers_of(rules, folder_of(name))
    mutants = list(mutants_of(rules))
    assert mutants
    missed = [mutant for mutant in mutants if not caught_by(mutant, readers)]
    assert [(mutant.name, mutant.code) for mutant in missed if changes_score(rules, mutant)] == []


@pytest.mark.parametrize(
    ("name", "code", "change"),
    [("mau/cap-xa/1", "6.1.3", "bound moved"), ("mau/cap-xa/1", "8.2.3", "bound moved")],
)
def test_what_only_a_further_case_sees(name: str, code: str, change: str) -> None:
    """A zero denominator taken for «one or none»: nothing is wrong with that but what the source says."""
    rules = cchc.load(name)
    further = by_cases(Path(__file__).parent / "vi-du" / f"{name.replace('/', '-')}.yaml")
    assert any(further(mutant) for mutant in mutants_of(rules) if (mutant.code, mutant.name) == (code, change))


def test_a_mutant_that_changes_nothing_is_told_apart() -> None:
    """A count is never below zero, so a band from zero may as well start lower; its other end may not move."""
    bands = (Interval(Fraction(0), Fraction(3), low_closed=True), Interval(low=Fraction(3), low_closed=True))
    rule = Piecewise(figure("a"), tuple(Piece(band, Fraction(n)) for n, band in enumerate(bands)))
    rules = with_rule(rule)
    moved = [changes_score(rules, mutant) for mutant in mutants_of(rules) if mutant.name == "bound moved"]
    assert moved == [False, True, False]
