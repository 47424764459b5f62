"""A frame of units comes out as the exact engine scores them one by one, to the last place, or with the same error."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.batch import ranking, running
from cchc_index.batch.blocks import RowStatus
from cchc_index.batch.frames import FrameScores, explain_row, score_frame
from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import seeded
from cchc_index.testing.pool.measures import PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer
from frames_of import arrow_of, make_units, pandas_of, polars_of, texts_of

FRAMES: dict[str, Callable[..., Any]] = {
    "arrow": arrow_of,
    "polars": polars_of,
    "pandas": pandas_of,
    "texts": texts_of,
}
KINDS = {
    cchc.MissingFacts: RowStatus.MISSING,
    cchc.UndefinedByDecision: RowStatus.UNDEFINED,
    cchc.BadSubmission: RowStatus.INVALID,
    cchc.BadRuleset: RowStatus.BROKEN,
}


@pytest.fixture(autouse=True, scope="module")
def few_rows_at_a_time() -> Iterator[None]:
    """Rows too near to each other are counted out in pieces that are smaller than the frames here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "AT_A_TIME", 3)
        yield


def one_by_one(rules: Ruleset, units: list[Submission]) -> list[Card | cchc.CchcError]:
    found: list[Card | cchc.CchcError] = []
    for unit in units:
        try:
            found.append(cchc.score(rules, unit))
        except cchc.CchcError as error:
            found.append(error)
    return found


def at(scores: FrameScores, name: str, row: int) -> Any:
    return np.broadcast_to(scores.arrays[name], len(scores.status))[row]


def printed(value: Any, times: int) -> int:
    return int(round_half_up(value * times, Fraction(1)))


def check_row(scores: FrameScores, row: int, card: Card) -> None:
    lines = {line.code: line.points for line in card.walk()} | {"points": card.points, "whole": card.max_points}
    for name, points in lines.items():
        assert at(scores, f"{name}?", row) == (points is not NOT_STATED), (name, row)
        if points is not NOT_STATED:
            cents = at(scores, name, row) if name in ("points", "whole") else scores.hundredths(name)[row]
            assert cents == printed(points, 100), (name, row)
            if f"{name}/top" in scores.arrays:
                assert scores.exact(name, row) == points
    if "index" in scores.arrays:
        assert at(scores, "index?", row) == (card.index is not NOT_STATED)
        assert card.index is NOT_STATED or at(scores, "index", row) == printed(card.index, 10_000)
    assert scores.scorer.outcome.plan.grades[at(scores, "grade", row)] == card.grade
    assert at(scores, "ranked", row) == card.ranked


def check_places(rules: Ruleset, scores: FrameScores, found: list[Card | cchc.CchcError]) -> None:
    if rules.ranking is None:
        assert "place" not in scores.arrays
        return
    cards = [card for card in found if isinstance(card, Card)]
    value = "index" if rules.ranking.on.name == "INDEX" else "points"
    known = [card for card in cards if getattr(card, value) is not NOT_STATED]
    expected = {rank.card.unit: rank.place for rank in cchc.rank(rules, known)}
    for row, card in enumerate(found):
        place = expected.get(card.unit) if isinstance(card, Card) else None
        assert scores.arrays["place"][row] == (place or 0), row


def check_frame(rules: Ruleset, units: list[Submission], kind: str) -> FrameScores:
    scores = score_frame(
        rules, FRAMES[kind](units), keep="all", period=PERIOD, percents="share", mark=",", bounds=False
    )
    found = one_by_one(rules, units)
    problems = {problem.row: problem for problem in scores.problems}
    for row, card in enumerate(found):
        if isinstance(card, Card):
            assert scores.status[row] == 0
            check_row(scores, row, card)
        else:
            assert problems[row].faults == card.faults
            assert problems[row].status is KINDS[type(card)]
            assert scores.status[row] == problems[row].status.number
            assert problems[row].unit == units[row].unit
    assert len(problems) == sum(not isinstance(card, Card) for card in found)
    check_places(rules, scores, found)
    assert scores.table.num_rows == len(units)
    return scores


@st.composite
def made(draw: st.DrawFn, *, plain: bool, whole: bool) -> tuple[Ruleset, list[Submission]]:
    r: Random = draw(seeded())
    rules = plainer(make_ruleset(r)) if plain else make_ruleset(r)
    return rules, make_units(r, rules, 12, whole=whole)


@pytest.mark.parametrize("kind", sorted(FRAMES))
@settings(max_examples=20, deadline=None)
@given(made(plain=False, whole=False))
def test_a_frame_comes_out_as_its_units_do(kind: str, pair: tuple[Ruleset, list[Submission]]) -> None:
    scores = check_frame(*pair, kind)
    event(f"scored: {int((scores.status == 0).sum())}")


@pytest.mark.parametrize("kind", sorted(FRAMES))
@settings(max_examples=12, deadline=None)
@given(made(plain=True, whole=True))
def test_a_frame_of_a_plain_ruleset_does_too(kind: str, pair: tuple[Ruleset, list[Submission]]) -> None:
    check_frame(*pair, kind)


def test_a_row_is_explained_exactly() -> None:
    rules = plainer(make_ruleset(Random(7)))
    units = make_units(Random(8), rules, 5, whole=True)
    for kind in ("arrow", "polars"):
        card = explain_row(rules, FRAMES[kind](units), 3, period=PERIOD, percents="share")
        assert card == cchc.score(rules, units[3])
        with pytest.raises(IndexError):
            explain_row(rules, FRAMES[kind](units), 5, period=PERIOD, percents="share")
    assert running.CHUNK > 5
