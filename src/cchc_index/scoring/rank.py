"""Order the cards of several units under one ruleset.

Everything is compared exactly. What only the printed, rounded numbers would decide is flagged; what the decision does
not say (who goes first among equals) is left shared and said. A unit whose sheet is not complete is never taken for 0:
it has a range, and so have the places of everybody it may still pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from cchc_index.criteria import Basing, Grade, GradeScale, Points, Ruleset
from cchc_index.errors import BadSubmission, Fault, Text, UndefinedByDecision, did_you_mean
from cchc_index.points import round_half_up
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED, Basis, NotStated

PRINTED = 2
"""Decimals of printed points and of a printed index in percent."""


@frozen
class Order:
    """What a ranking goes by: the whole or (`by`) one area or criterion, then the points of the criteria in `ties`.

    Units that these leave equal share the place, and the next place is skipped: 1, 1, 3. `basis` is what says who goes
    first among equals; without it the decision is silent, and equal units share.
    """

    by: str = ""
    ties: tuple[str, ...] = ()
    basis: Basis = NOT_STATED


@frozen
class Unfinished:
    """A unit whose sheet is not complete: what can be scored of it, and between which values it still lies.

    None is an end that nothing bounds. The value is what is ranked by: points, or the index as a share.
    """

    card: Card
    low: Fraction | None
    high: Fraction | None


@frozen
class Rank:
    """The place of one unit; None for one that is scored and not ranked, and for one whose place is still open.

    `possible` are the best and the worst place still possible, None for a unit that is not ranked. `value` is what it
    is ranked by, None while open; `low` and `high` then bound it. `tied` are the units that share its place,
    `same_in_print` those whose printed value is the same and whose exact one is not. `settled_by_rounding` says that
    the rounding which the decision orders made it equal to another; `grade_in_print` is the grade that the printed
    value would give, where that is another one.
    """

    place: int | None
    card: Card
    possible: tuple[int, int] | None = None
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    group: str = ""
    tied: tuple[str, ...] = ()
    same_in_print: tuple[str, ...] = ()
    settled_by_rounding: tuple[str, ...] = ()
    grade_in_print: Grade | None | Literal[NotStated.NOT_STATED] = None


def rank(
    rules: Ruleset,
    cards: Iterable[Card],
    *,
    order: Order = Order(),
    groups: Mapping[str, str] | None = None,
    unfinished: Iterable[Unfinished] = (),
) -> tuple[Rank, ...]:
    """The cards in order, best first, each group for itself. Units that the decision does not rank come last.

    `groups` gives the group of a unit by its name. Without `order` the whole is ranked, and equal units share.

    Raises UndefinedByDecision when the ruleset states no ranking, BadSubmission when a card has no number to rank by
    and when a criterion of `order` is unknown.
    """
    if rules.ranking is None:
        silent = Text("văn bản không quy định xếp hạng", "the decision states no ranking")
        raise UndefinedByDecision([Fault(silent, (f"{rules.id}/{rules.version}",))])
    _check_codes(rules, (order.by, *order.ties))
    known, waiting = sorted(cards, key=lambda card: card.unit), sorted(unfinished, key=lambda one: one.card.unit)
    faults = [_unrankable(card) for card in known if card.ranked and NOT_STATED in _values(rules, order, card)]
    if faults:
        raise BadSubmission(faults)
    every = groups or {}
    found: list[Rank] = []
    for group in sorted({every.get(card.unit, "") for card in (*known, *(one.card for one in waiting))}):
        mine = [card for card in known if every.get(card.unit, "") == group]
        placed = _placed(
            rules,
            order,
            [card for card in mine if card.ranked],
            [one for one in waiting if every.get(one.card.unit, "") == group],
        )
        found += [evolve(one, group=group) for one in placed]
        found += [Rank(None, card, group=group) for card in mine if not card.ranked]
    return tuple(found)


def _check_codes(rules: Ruleset, codes: Iterable[str]) -> None:
    faults = [
        Fault(
            Text(f"không có tiêu chí «{code}» để xếp hạng", f"there is no criterion «{code}» to rank by"),
            hint=did_you_mean(code, rules.by_code),
        )
        for code in codes
        if code and code not in rules.by_code
    ]
    if faults:
        raise BadSubmission(faults)


Key = tuple[Fraction, ...]
"""What is compared, best when largest: the value, then what goes first among equals."""


def _placed(rules: Ruleset, order: Order, ranked: Sequence[Card], waiting: Sequence[Unfinished]) -> list[Rank]:
    """Complete units in order, then the others by the most they can reach."""
    keyed = [
        (tuple(value for value in _values(rules, order, card) if value is not NOT_STATED), card) for card in ranked
    ]
    keyed.sort(key=lambda pair: pair[0], reverse=True)
    found = [_complete(rules, order, pair, keyed, waiting) for pair in keyed]
    by_reach = sorted(waiting, key=lambda one: (one.high is not None, -(one.high or 0)))
    return found + [_open(order, one, [key[0] for key, _ in keyed], waiting) for one in by_reach]


def _complete(
    rules: Ruleset,
    order: Order,
    own: tuple[Key, Card],
    keyed: Sequence[tuple[Key, Card]],
    waiting: Iterable[Unfinished],
) -> Rank:
    key, card = own
    first = 1 + sum(other > key for other, _ in keyed)
    surely = sum(one.low is not None and one.low > key[0] for one in waiting)
    maybe = sum(one.high is None or one.high > key[0] or bool(order.ties and one.high == key[0]) for one in waiting)
    equal = [one for other, one in keyed if other == key and one is not card]
    near = [one for other, one in keyed if other[0] != key[0] and printed(rules, other[0]) == printed(rules, key[0])]
    return Rank(
        None if maybe else first,
        card,
        (first + surely, first + maybe),
        key[0],
        tied=_names(equal),
        same_in_print=_names(near),
        settled_by_rounding=_names(one for one in equal if not order.by and one.unrounded != card.unrounded),
        grade_in_print=grade_by_print(rules, card),
    )


def _names(cards: Iterable[Card]) -> tuple[str, ...]:
    return tuple(sorted(card.unit for card in cards))


def _open(order: Order, own: Unfinished, values: Iterable[Fraction], waiting: Iterable[Unfinished]) -> Rank:
    """A unit whose value is open: everybody surely above it, and everybody who may be."""
    ranges = [(value, value) for value in values] + [(one.low, one.high) for one in waiting if one is not own]
    surely = sum(own.high is not None and low is not None and low > own.high for low, _ in ranges)
    maybe = sum(
        own.low is None or high is None or high > own.low or bool(order.ties and high == own.low) for _, high in ranges
    )
    return Rank(None, own.card, (surely + 1, maybe + 1), low=own.low, high=own.high)


def _values(rules: Ruleset, order: Order, card: Card) -> tuple[Points, ...]:
    return (_value(rules, card, order.by), *(_value(rules, card, code) for code in order.ties))


def _value(rules: Ruleset, card: Card, code: str) -> Points:
    """The number that is ranked by: of the whole, or of one line."""
    judged = card[code] if code else card
    return judged.index if rules.ranking and rules.ranking.on is Basing.INDEX else judged.points


def _unrankable(card: Card) -> Fault:
    return Fault(Text("không có điểm để xếp hạng", "has no points to rank by"), (card.unit,))


def printed(rules: Ruleset, value: Fraction) -> Fraction:
    """What is ranked by, as it is printed: points to two decimals, an index to two decimals of a percent."""
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    return round_half_up(value, Fraction(1, 10 ** (PRINTED + 2 * on_index)))


def grade_by_print(rules: Ruleset, card: Card) -> Grade | None | Literal[NotStated.NOT_STATED]:
    """The grade that the printed value would give, where it is another one than the card's; None where it is the same.

    Looks at the bounds only, in the scale in which the card's grade stands.
    """
    scale = next((one for one in rules.scales if card.grade in one.grades), None)
    if scale is None:
        return None
    value = card.index if scale.on is Basing.INDEX else card.points
    if value is NOT_STATED:
        return None
    step = Fraction(1, 10 ** (PRINTED + 2 * (scale.on is Basing.INDEX)))
    exact, rounded = _within(scale, value), _within(scale, round_half_up(value, step))
    return None if exact == rounded else rounded


def _within(scale: GradeScale, value: Fraction) -> Grade | Literal[NotStated.NOT_STATED]:
    return next((grade for grade in scale.grades if value in grade.interval), NOT_STATED)
