"""What can be scored of an incomplete sheet: never 0 for what is missing."""

from fractions import Fraction

from attrs import evolve
from hypothesis import given

import cchc_index as cchc
from cchc_index.criteria import Ruleset, SourceNote
from cchc_index.facts import Submission
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.reviewing.partial import Partial, partial
from cchc_index.rules import Awarded, Piece, Piecewise, Rule, Sum, Switch, Term
from cchc_index.scoring.bounds import fewest_of
from cchc_index.scoring.trace import Card, PieceTrace
from cchc_index.sources import NOT_STATED, NoteKind
from cchc_index.testing.pool.rulesets import with_rule
from cchc_index.testing.strategies import rules as any_rules
from cchc_index.testing.strategies import scored


def card_of(rules: Ruleset, unit: Submission) -> Card | None:
    try:
        return cchc.score(rules, unit)
    except cchc.CchcError:
        return None


def tried(rules: Ruleset, unit: Submission) -> Partial | None:
    try:
        return partial(rules, unit)
    except (cchc.BadRuleset, cchc.BadSubmission):
        return None


@given(scored(whole=True))
def test_a_complete_sheet_is_scored_as_ever(pair: tuple[Ruleset, Submission]) -> None:
    card = card_of(*pair)
    if card:
        assert partial(*pair) == Partial(card, {}, {})


@given(scored())
def test_what_cannot_be_scored_has_no_points_and_a_reason(pair: tuple[Ruleset, Submission]) -> None:
    found = tried(*pair)
    if found is None:
        return
    for code in (*found.lacking, *found.undefined):
        if code in pair[0].by_code and not pair[0][code].children and not found.card[code].exempted:
            assert found.card[code].points is NOT_STATED
    if found.is_complete:
        assert found.card == cchc.score(*pair)


@given(any_rules(), scored(whole=True))
def test_no_rule_gives_less_than_its_fewest(rule: Rule, pair: tuple[Ruleset, Submission]) -> None:
    card = card_of(with_rule(rule, NOT_STATED), evolve(pair[1], ruleset=None, version=None, exemptions={}))
    fewest = fewest_of(rule)
    if card and fewest is not None:
        assert isinstance(card["1"].points, Fraction)
        assert card["1"].points >= fewest


def test_the_fewest_points_of_each_rule() -> None:
    rising, falling = Piece(Interval(low=Fraction(2)), Fraction(0), Fraction(1)), Fraction(-1)
    assert fewest_of(Piecewise(figure("m"), (rising,))) == 2
    assert fewest_of(Piecewise(figure("m"), (evolve(rising, slope=falling),))) is None
    assert fewest_of(Piecewise(figure("m"), (evolve(rising, slope=Fraction(0)),))) == 0
    unbounded = Awarded("g", None)
    assert fewest_of(Sum((Term(unbounded),), floor=Fraction(-1))) == -1
    assert fewest_of(Sum((Term(unbounded),))) is None
    assert fewest_of(Sum((Term(unbounded),), cap=Fraction(-1))) is None
    assert fewest_of(Sum(base=Fraction(3), cap=Fraction(2), floor=Fraction(0))) == 2
    assert fewest_of(Switch(())) is None


def test_figures_missing_for_grade_rank_and_notes_do_not_stop_a_score() -> None:
    rules = cchc.load("mau/cap-xa/1")
    found = partial(rules, Submission("Xã A", {}))
    assert {"xep_hang"} <= set(found.lacking)
    assert found.card.points is NOT_STATED


def test_a_note_on_figures_that_lack_is_not_asked_again() -> None:
    notes = SourceNote(NoteKind.REMARK, "khi có u", when=Chosen("u", ("co",))), SourceNote(NoteKind.REMARK, "luôn luôn")
    rules = with_rule(Piecewise(figure("m"), (Piece(Interval(), Fraction(1)),)), notes=notes)
    found = partial(rules, Submission("Xã A", {}))
    assert found.lacking == {"1": ("m", "u")}
    assert [note.text for note in found.card["1"].notes] == ["luôn luôn"]


def test_a_hole_is_told_apart_from_a_missing_figure() -> None:
    rules = with_rule(Piecewise(figure("m"), (Piece(Interval(low=Fraction(5)), Fraction(1)),)))
    found = partial(rules, Submission("Xã A", {"m": 1}))
    assert list(found.undefined) == ["1"]
    assert not found.lacking
    assert not isinstance(found.card["1"].trace, PieceTrace)
