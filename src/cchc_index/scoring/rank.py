"""Order the cards of several units under one ruleset."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from cchc_index.criteria import Basing, Points, Ruleset
from cchc_index.errors import BadSubmission, Fault, Text, UndefinedByDecision
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED


@frozen
class Rank:
    """The place of one unit; None for a unit that is scored and not ranked."""

    place: int | None
    card: Card


def rank(rules: Ruleset, cards: Iterable[Card]) -> tuple[Rank, ...]:
    """The cards in order, best first, compared exactly. Equal units share the place: no decision at hand breaks ties.

    Units that the decision scores and does not rank come last, without a place.

    Raises UndefinedByDecision when the ruleset states no ranking, BadSubmission when a card has no number to rank by.
    """
    if rules.ranking is None:
        silent = Text("văn bản không quy định xếp hạng", "the decision states no ranking")
        raise UndefinedByDecision([Fault(silent, (f"{rules.id}/{rules.version}",))])
    known = sorted(cards, key=lambda card: card.unit)
    faults = [_unrankable(card) for card in known if _value(rules, card) is NOT_STATED]
    if faults:
        raise BadSubmission(faults)
    ranked = sorted((card for card in known if card.ranked), key=lambda card: _number(rules, card), reverse=True)
    numbers = [_number(rules, card) for card in ranked]
    placed = [Rank(numbers.index(number) + 1, card) for number, card in zip(numbers, ranked, strict=True)]
    return (*placed, *(Rank(None, card) for card in known if not card.ranked))


def _value(rules: Ruleset, card: Card) -> Points:
    by_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    return card.index if by_index else card.points


def _number(rules: Ruleset, card: Card) -> Fraction:
    value = _value(rules, card)
    assert isinstance(value, Fraction)
    return value


def _unrankable(card: Card) -> Fault:
    return Fault(Text("không có điểm để xếp hạng", "has no points to rank by"), (card.unit,))
