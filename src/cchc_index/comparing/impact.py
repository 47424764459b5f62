"""`impact(old, new, units)`: the same units scored under both versions, and how far each moves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from cchc_index.comparing.diff import Reference, reference
from cchc_index.comparing.matching import Matched, matched
from cchc_index.criteria import Basing, Points, Ruleset
from cchc_index.errors import CchcError, Text
from cchc_index.facts import Submission
from cchc_index.scoring.rank import rank
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.version import VERSION


@frozen
class LineMove:
    """A criterion whose points moved. Points are None where the version does not have the criterion."""

    code: str
    old_code: str
    name: str
    old: Points | None
    new: Points | None


@frozen
class UnitImpact:
    """One unit under both versions: its cards, its places, and the criteria that moved it.

    Where a version gives no card, `faults` says why. `left_out` names what the unit gave that only the other version
    asks for: it was not used.
    """

    unit: str
    old: Card | None
    new: Card | None
    old_faults: tuple[Text, ...] = ()
    new_faults: tuple[Text, ...] = ()
    old_place: int | None = None
    new_place: int | None = None
    lines: tuple[LineMove, ...] = ()
    left_out: tuple[str, ...] = ()


@frozen
class Impact:
    """What a change of version does to units, in the order given. Points, indexes and places are exact.

    Places are among the units that have a number to be ranked by under both versions, so that none moves because
    another one fell out; None where a version states no ranking, or does not rank the unit.
    """

    old: Reference
    new: Reference
    units: tuple[UnitImpact, ...]
    library: str = VERSION


def impact(old: Ruleset, new: Ruleset, units: Iterable[Submission]) -> Impact:
    """Score units under two versions and compare: points, index, grade, place, and the criteria that moved them.

    Figures, exemptions and evidence that only the other version knows are left out of a scoring and named. A unit that
    cannot be scored under a version stays in the list with every reason; nothing is raised for it.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> found = cchc.impact(rules, rules, [cchc.Submission("Xã A", figures)])
    >>> found.units[0].new.points - found.units[0].old.points, found.units[0].lines
    (Fraction(0, 1), ())
    """
    found = matched(old, new)
    moved = [_moved(old, new, unit, found) for unit in units]
    places = _places(old, new, moved)
    placed = (evolve(one, old_place=places.get(id(one.old)), new_place=places.get(id(one.new))) for one in moved)
    return Impact(reference(old), reference(new), tuple(placed))


def _moved(old: Ruleset, new: Ruleset, unit: Submission, found: Matched) -> UnitImpact:
    back = {other.code: one.code for one, other in found.pairs}
    before, left_before = _fitted(unit, old, new, {code: back.get(code, code) for code in new.by_code})
    after, left_after = _fitted(unit, new, old, found.new_codes)
    one, one_faults = _scored(old, before)
    other, other_faults = _scored(new, after)
    lines = tuple(_lines(one, other, found)) if one and other else ()
    left_out = tuple(sorted({*left_before, *left_after}))
    return UnitImpact(unit.unit, one, other, one_faults, other_faults, lines=lines, left_out=left_out)


def _fitted(unit: Submission, rules: Ruleset, other: Ruleset, codes: Mapping[str, str]) -> tuple[Submission, list[str]]:
    """The unit as one version reads it: without what only the other version knows; and what that was.

    What neither knows stays in, to be refused.
    """
    known, elsewhere = rules.facts_by_name, other.facts_by_name
    gone = [name for name in unit.figures if name not in known and name in elsewhere]
    figures = {name: value for name, value in unit.figures.items() if name not in gone}
    exemptions, gone_codes = _recoded(unit.exemptions, rules, other, codes)
    evidence, gone_papers = _recoded(unit.evidence, rules, other, codes)
    fitted = evolve(
        unit, figures=figures, ruleset=None, version=None, exemptions=exemptions, evidence=evidence, claims=()
    )
    return fitted, [*gone, *gone_codes, *gone_papers]


def _recoded(
    given: Mapping[str, Any], rules: Ruleset, other: Ruleset, codes: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """What stands under codes, under those of this version; a unit may use the codes of either."""
    named = {code: code if code in rules.by_code else codes.get(code, code) for code in given}
    gone = [code for code, own in named.items() if own not in rules.by_code and code in other.by_code]
    return {named[code]: value for code, value in given.items() if code not in gone}, gone


def _scored(rules: Ruleset, unit: Submission) -> tuple[Card | None, tuple[Text, ...]]:
    try:
        return score(rules, unit), ()
    except CchcError as error:
        return None, tuple(fault.text for fault in error.faults)


def _lines(old: Card, new: Card, found: Matched) -> Iterator[LineMove]:
    """The leaves whose points are others, in the order of the new table; then those that the new version dropped."""
    for one, other in found.pairs:
        line, now = old[one.code], new[other.code]
        is_leaf = not (line.children or now.children)
        if is_leaf and line.points != now.points:
            yield LineMove(other.code, one.code, now.name, line.points, now.points)
    for spot in found.added:
        if not new[spot.code].children:
            yield LineMove(spot.code, "", new[spot.code].name, None, new[spot.code].points)
    for spot in found.dropped:
        if not old[spot.code].children:
            yield LineMove("", spot.code, old[spot.code].name, old[spot.code].points, None)


def _places(old: Ruleset, new: Ruleset, moved: Iterable[UnitImpact]) -> dict[int, int | None]:
    """The place of each card, by its identity: two units may have the same name."""
    both = [(one.old, one.new) for one in moved if one.old and one.new]
    able = [(a, b) for a, b in both if _has_number(old, a) and _has_number(new, b)]
    return {**_placed(old, [a for a, _ in able]), **_placed(new, [b for _, b in able])}


def _has_number(rules: Ruleset, card: Card) -> bool:
    """Whether a card has the number that a version ranks by."""
    by_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    return rules.ranking is None or (card.index if by_index else card.points) is not NOT_STATED


def _placed(rules: Ruleset, cards: list[Card]) -> dict[int, int | None]:
    return {id(ranked.card): ranked.place for ranked in rank(rules, cards)} if rules.ranking else {}
