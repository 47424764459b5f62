"""Movement between two years or two versions of a ruleset, split into what the unit did and what the rules did.

Both years are scored under both versions. With f(rules, figures) the value of a sheet, the change f(new, new) - f(old,
old) is split by the mean over the two orders in which rules and figures can be exchanged (the Shapley value of two
players): what the unit did is ½[f(old, new) - f(old, old)] + ½[f(new, new) - f(new, old)], and the rest is what the
change of rules did. The two parts add up exactly.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.criteria import Grade, Points, Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Text
from cchc_index.facts import Submission
from cchc_index.scoring.rank import Rank, rank
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED


@frozen
class Year:
    """The sheets of one year and the ruleset they were made for. `name` is how sentences call it."""

    name: str
    rules: Ruleset
    units: tuple[Submission, ...]


@frozen
class Moved:
    """How one unit moved. `places` is above 0 for a rise, None where it was not ranked in both years.

    `change` is by how much its value changed, in points, or as a share where both versions define an index. `by_unit`
    and `by_rules` add up to it; they are None where one year cannot be scored under the other's rules (`why_not`).
    `lines` are the changes of points by code, for codes that both versions have.
    """

    unit: str
    before: Card
    after: Card
    places: int | None
    change: Points
    by_unit: Fraction | None
    by_rules: Fraction | None
    why_not: Fault | None = None
    lines: tuple[tuple[str, Fraction], ...] = ()


@frozen
class Movement:
    """How every unit of two years moved, in the order of the later one. `lone` are the units of one year only."""

    before: str
    after: str
    rows: tuple[Moved, ...]
    lone: tuple[str, ...]
    on_index: bool

    @property
    def fell(self) -> tuple[Moved, ...]:
        """Those that fell, by places."""
        return tuple(row for row in self.rows if row.places is not None and row.places < 0)

    @property
    def rose(self) -> tuple[Moved, ...]:
        return tuple(row for row in self.rows if row.places is not None and row.places > 0)

    @property
    def stayed(self) -> tuple[Moved, ...]:
        return tuple(row for row in self.rows if row.places == 0)


def movement(before: Year, after: Year, *, groups: Mapping[str, str] | None = None) -> Movement:
    """How the units of two years moved. Places are told where both rulesets state a ranking.

    Raises what `score` and `rank` raise, and BadSubmission when a year has a unit twice.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> rest = {"de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> years = [Year(str(y), rules, (cchc.Submission("Xã A", {"da_xong": n} | rest),)) for y, n in ((1, 18), (2, 20))]
    >>> row = movement(*years).rows[0]
    >>> row.change, row.by_unit, row.by_rules
    (Fraction(1, 10), Fraction(1, 10), Fraction(0, 1))
    """
    first, second = _cards(before), _cards(after)
    places = [_places(year.rules, cards.values(), groups) for year, cards in ((before, first), (after, second))]
    on_index = all(year.rules.index_basis is not NOT_STATED for year in (before, after))
    both = [unit for unit in _in_order(second, places[1]) if unit in first]
    given = [{unit.unit: unit for unit in year.units} for year in (before, after)]
    rows = []
    for name in both:
        row = _moved(before.rules, after.rules, (first[name], second[name]), (given[0][name], given[1][name]), on_index)
        old, new = places[0].get(name), places[1].get(name)
        rows.append(evolve(row, places=None if old is None or new is None else old - new))
    lone = tuple(sorted(set(first) ^ set(second)))
    return Movement(before.name, after.name, tuple(rows), lone, on_index)


def _cards(year: Year) -> dict[str, Card]:
    names = [unit.unit for unit in year.units]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = Text(f"đơn vị có hai bản khai của {year.name}", f"two submissions for {year.name}")
        raise BadSubmission([Fault(message, (name,)) for name in twice])
    return {unit.unit: score(year.rules, unit) for unit in year.units}


def _places(rules: Ruleset, cards: Iterable[Card], groups: Mapping[str, str] | None) -> dict[str, int]:
    ranks: tuple[Rank, ...] = rank(rules, cards, groups=groups) if rules.ranking else ()
    return {one.card.unit: one.place for one in ranks if one.place is not None}


def _in_order(cards: Mapping[str, Card], places: Mapping[str, int]) -> list[str]:
    return sorted(cards, key=lambda unit: (unit not in places, places.get(unit, 0), unit))


def _moved(
    old: Ruleset, new: Ruleset, cards: tuple[Card, Card], units: tuple[Submission, Submission], on_index: bool
) -> Moved:
    before, after = cards
    values = _value(before, on_index), _value(after, on_index)
    change = NOT_STATED if values[0] is NOT_STATED or values[1] is NOT_STATED else values[1] - values[0]
    row = Moved(after.unit, before, after, None, change, None, None, lines=_line_changes(before, after))
    if change is NOT_STATED:
        return row
    if old == new:
        return evolve(row, by_unit=change, by_rules=Fraction(0))
    try:
        crossed = (
            _value(score(new, fitted(new, units[0])), on_index),
            _value(score(old, fitted(old, units[1])), on_index),
        )
    except CchcError as error:
        return evolve(row, why_not=error.faults[0])
    new_old, old_new = crossed
    if new_old is NOT_STATED or old_new is NOT_STATED or values[0] is NOT_STATED or values[1] is NOT_STATED:
        return row
    by_unit = (old_new - values[0] + values[1] - new_old) / 2
    return evolve(row, by_unit=by_unit, by_rules=change - by_unit)


def _value(card: Card, on_index: bool) -> Points:
    return card.index if on_index else card.points


def _line_changes(before: Card, after: Card) -> tuple[tuple[str, Fraction], ...]:
    found = []
    for line in after.walk():
        old = before.by_code.get(line.code)
        if old and line.points is not NOT_STATED and old.points is not NOT_STATED and line.points != old.points:
            found.append((line.code, line.points - old.points))
    return tuple(found)


def fitted(rules: Ruleset, unit: Submission) -> Submission:
    """The same sheet for another version: what that version does not know is left out, names mean the same in both."""
    known = rules.facts_by_name
    return evolve(
        unit,
        ruleset=None,
        version=None,
        figures={name: value for name, value in unit.figures.items() if name in known and known[name].given is None},
        exemptions={code: reason for code, reason in unit.exemptions.items() if code in rules.by_code},
        evidence={},
        claims=(),
    )


def grade_counts(cards: Iterable[Card]) -> tuple[tuple[str, int], ...]:
    """How many units have which grade, in the order in which the grades come up; units without one are left out."""
    counts: dict[str, int] = {}
    for card in cards:
        if isinstance(card.grade, Grade):
            counts[card.grade.name] = counts.get(card.grade.name, 0) + 1
    return tuple(counts.items())
