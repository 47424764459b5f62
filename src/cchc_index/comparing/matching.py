"""Which criterion of the new version is which of the old one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import evolve, frozen

from cchc_index.comparing.alone import Side
from cchc_index.criteria import AdjustmentKind, Criterion, Ruleset


@frozen
class Spot:
    """A criterion with the code of the one above it, empty at the top, and its number in the order of the table."""

    side: Side
    parent: str
    number: int = 0

    @property
    def code(self) -> str:
        return self.side.criterion.code

    @property
    def name(self) -> str:
        """The name, for finding it again: case and white space do not count."""
        return " ".join(self.side.criterion.name.split()).casefold()


@frozen
class Matched:
    """What belongs together: pairs in the order of the new table, and what has no partner."""

    pairs: tuple[tuple[Spot, Spot], ...]
    dropped: tuple[Spot, ...]
    added: tuple[Spot, ...]

    @cached_property
    def new_codes(self) -> Mapping[str, str]:
        """The new code of each old one that has a partner; the top is its own."""
        return {"": "", **{one.code: other.code for one, other in self.pairs}}


def spots_of(rules: Ruleset) -> Iterator[Spot]:
    """Every criterion with its place, in the order of the table; then bonus and penalty."""
    tops: list[tuple[Criterion, AdjustmentKind | None]] = [(criterion, None) for criterion in rules.criteria]
    tops += [(adjustment.criterion, adjustment.kind) for adjustment in rules.adjustments]
    found = (spot for criterion, kind in tops for spot in _spots(rules, criterion, "", kind))
    yield from (evolve(spot, number=number) for number, spot in enumerate(found))


def _spots(rules: Ruleset, criterion: Criterion, parent: str, kind: AdjustmentKind | None) -> Iterator[Spot]:
    yield Spot(Side(rules, criterion, kind), parent)
    for child in criterion.children:
        yield from _spots(rules, child, criterion.code, kind)


def matched(old: Ruleset, new: Ruleset) -> Matched:
    """Partners by code and name; then by a name that stands once on each side (moved); then by code (renamed)."""
    ones, others = list(spots_of(old)), list(spots_of(new))
    partners = {spot.code: spot for spot in others}
    found = {one.code: one.code for one in ones if one.code in partners and partners[one.code].name == one.name}
    names = _once(one for one in ones if one.code not in found), _once(o for o in others if o.code not in found)
    found |= {code: names[1][name] for name, code in names[0].items() if name in names[1]}
    taken = set(found.values())
    found |= {one.code: one.code for one in ones if one.code not in found and one.code in set(partners) - taken}
    back = {new_code: old_code for old_code, new_code in found.items()}
    by_code = {one.code: one for one in ones}
    return Matched(
        tuple((by_code[back[other.code]], other) for other in others if other.code in back),
        tuple(one for one in ones if one.code not in found),
        tuple(other for other in others if other.code not in back),
    )


def _once(spots: Iterator[Spot]) -> dict[str, str]:
    """The codes by the names that come only once."""
    known = list(spots)
    counts = Counter(spot.name for spot in known)
    return {spot.name: spot.code for spot in known if counts[spot.name] == 1}


def siblings(spots: Sequence[Spot]) -> dict[str, list[str]]:
    """The codes below each code, in order."""
    found: dict[str, list[str]] = {}
    for spot in spots:
        found.setdefault(spot.parent, []).append(spot.code)
    return found
