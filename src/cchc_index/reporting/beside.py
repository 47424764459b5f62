"""Several instruments over the same units, side by side: their points never add."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cchc_index.criteria import Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.reporting.page import (
    NOTHING,
    Cell,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    columns_of,
    index_cell,
    items,
    points_cell,
)
from cchc_index.reporting.tables import SCOPES
from cchc_index.scoring.say import say_basis, say_observed
from cchc_index.scoring.trace import Card

Side = tuple[Ruleset, Mapping[str, Card]]
"""An instrument, and the card of each unit that it was put to."""


def beside_report(sides: Sequence[Side], lang: Lang) -> Page:
    """Each instrument with the words it rests on, the points of each unit, and what was computed without points."""
    parts: list[Part] = []
    for rules, _ in sides:
        basis = say_basis(rules.application.basis).said(lang)
        parts.append(Para(f"{rules.title} ({SCOPES[rules.scope].said(lang)})", Role.STRONG))
        parts += [Para(basis)] if basis else []
        parts += items([f"{task.name}: {'; '.join(task.owners)}" for c in rules.walk() for task in c.tasks])
    parts += [_table(sides, lang), *(Para(line) for line in _computed(sides, lang))]
    name = Text("Đặt cạnh nhau", "Side by side").said(lang)
    return Page(name, (Section(name, tuple(parts)),), lang)


def _table(sides: Sequence[Side], lang: Lang) -> Table:
    columns = [*columns_of("Đơn vị", "Unit", "t", lang)]
    for side in range(1, len(sides) + 1):
        columns += columns_of(f"({side}) Điểm|({side}) Chỉ số", f"({side}) Points|({side}) Index", "nn", lang)
    rows = [Row((unit, *_results(sides, unit, lang))) for unit in _units(sides)]
    return Table(tuple(columns), tuple(rows))


def _results(sides: Sequence[Side], unit: str, lang: Lang) -> Iterator[Cell]:
    for _, cards in sides:
        card = cards.get(unit)
        yield points_cell(card.points, lang) if card else NOTHING
        yield index_cell(card.index, lang) if card else NOTHING


def _units(sides: Sequence[Side]) -> list[str]:
    return sorted({unit for _, cards in sides for unit in cards})


def _computed(sides: Sequence[Side], lang: Lang) -> Iterator[str]:
    """What carries no points and could be computed, such as the mean of a survey."""
    for unit in _units(sides):
        for number, (_, cards) in enumerate(sides, 1):
            for line in cards[unit].walk() if unit in cards else ():
                for seen in line.observed:
                    if not seen.absent:
                        yield f"{unit} ({number}): {line.code}: {say_observed(seen, line).said(lang)}"


def beside_data(sides: Sequence[Side]) -> dict[str, Any]:
    """The same as JSON data: exact numbers as text; null for a unit that an instrument was not put to."""
    return {
        "instruments": [{"ruleset": rules.full_id, "title": rules.title} for rules, _ in sides],
        "units": [
            {"unit": unit, "results": [_card_data(cards[unit]) if unit in cards else None for _, cards in sides]}
            for unit in _units(sides)
        ],
    }


def _card_data(card: Card) -> dict[str, Any]:
    computed = {
        line.code: {seen.name: str(seen.seen.value) if seen.seen else seen.tier for seen in line.observed}
        for line in card.walk()
        if line.observed
    }
    return {"points": str(card.points), "index": str(card.index), "computed": computed}
