"""Several instruments over the same units, side by side: their points never add."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text as Styled

from cchc_index.criteria import Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.reporting.tables import SCOPES, said_index, said_points, table_of
from cchc_index.scoring.say import say_basis, say_observed
from cchc_index.scoring.trace import Card

Side = tuple[Ruleset, Mapping[str, Card]]
"""An instrument, and the card of each unit that it was put to."""


def beside_report(sides: Sequence[Side], lang: Lang) -> RenderableType:
    """Each instrument with the words it rests on, the points of each unit, and what was computed without points."""
    parts: list[RenderableType] = []
    for rules, _ in sides:
        basis = say_basis(rules.application.basis).said(lang)
        parts.append(Styled(f"{rules.title} ({SCOPES[rules.scope].said(lang)})", style="bold"))
        parts += [Styled(f"  {basis}")] if basis else []
        parts += [Styled(f"  - {task.name}: {'; '.join(task.owners)}") for c in rules.walk() for task in c.tasks]
    parts += [Styled(""), _table(sides, lang)]
    return Group(*parts, *(Styled(line) for line in _computed(sides, lang)))


def _table(sides: Sequence[Side], lang: Lang) -> RenderableType:
    names = Text("Điểm|Chỉ số", "Points|Index").said(lang).split("|")
    numbers = [(f"({side}) {name}", "number") for side in range(1, len(sides) + 1) for name in names]
    table = table_of((Text("Đơn vị", "Unit").said(lang), "text"), *numbers)
    for unit in _units(sides):
        cards = [side.get(unit) for _, side in sides]
        shown = [(said_points(c.points, lang), said_index(c.index, lang)) if c else ("–", "–") for c in cards]
        table.add_row(escape(unit), *(escape(cell) for pair in shown for cell in pair))
    return table


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
