"""Figures that show an end: those of the unit, completed, as a submission gives them."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from cchc_index.bounding.ends import NEAR, End, Ends, apart
from cchc_index.bounding.givens import Missing
from cchc_index.bounding.results import Extreme
from cchc_index.checking.lint.domains import COLUMN
from cchc_index.checking.lint.regions import point_in
from cchc_index.facts import Submission
from cchc_index.measures import FactType
from cchc_index.points import Exact
from cchc_index.solving.rows import Unproven

Given = Exact | str | datetime.date


@frozen(eq=False)
class Showing:
    """Completes the figures of one unit."""

    unit: Submission
    domain: Missing

    def extreme(self, found: Ends, sign: int, wanted: Sequence[str]) -> Extreme | None:
        """An end as it is given out; None where there are no points at all."""
        end = next(iter(found.values()), None)
        if end is None:
            return None
        added = self._added(end, sign, wanted) if end.is_exact else None
        return Extreme(
            end.value,
            is_reached=end.is_reached and end.is_exact,
            is_tight=end.is_exact and (added is not None or end.value is None),
            figures=None if added is None else self.completed(added),
            added=() if added is None else tuple(sorted(added.items())),
        )

    def _added(self, end: End, sign: int, wanted: Sequence[str]) -> dict[str, Given] | None:
        """The missing figures of a completion that comes to an end, or near to it."""
        if end.value is None:
            return None
        if not wanted:
            return {}
        try:
            regions = apart(end.reach(end.value if end.is_reached else end.value - sign * NEAR))
            point = point_in(regions[0], self.domain, self.spelled(wanted)) if regions else None
        except Unproven:
            return None
        if point is None:
            return None
        found = {**point.numbers, **point.options}
        return {key: self.written(key, value) for key, value in found.items() if self._is_own(key)}

    def _is_own(self, key: str) -> bool:
        """Whether a figure is the unit's to give."""
        name, _, option = key.partition(".")
        is_vote = option and self.domain.facts[name].type is FactType.SURVEY
        is_there = self.domain.facts[key].given is not None or not self.domain.is_missing(key)
        return not is_there and (not option or bool(is_vote))

    @staticmethod
    def is_near(value: Fraction, end: Extreme, sign: int) -> bool:
        """Whether points that were scored are those of an end, or as near as figures come that show it."""
        assert isinstance(end.value, Fraction)
        return value == end.value if end.is_reached else 0 < sign * (end.value - value) <= NEAR

    def spelled(self, wanted: Iterable[str]) -> list[str]:
        """Keys with the columns in the place of records that are missing."""
        found: dict[str, None] = {}
        for key in wanted:
            fact = self.domain.facts[key]
            columns = [column.name for column in fact.fields if column.type is not FactType.LABEL]
            found |= dict.fromkeys([f"{key}{COLUMN}{name}" for name in columns] or [key])
        return list(found)

    def every_key(self) -> list[str]:
        """Every missing figure that the unit may give."""
        return [
            key
            for key, fact in self.domain.facts.items()
            if self._is_own(key) and fact.type not in (FactType.SURVEY, FactType.LABEL) and key.count(COLUMN) != 1
        ]

    def written(self, key: str, value: Exact | str) -> Given:
        if isinstance(value, str):
            return value
        kind = self.domain.facts[key].type
        if kind is FactType.DATE:
            return datetime.date.fromordinal(int(value))
        return int(value) if value.denominator == 1 and kind is not FactType.PERCENT else Fraction(value)

    def completed(self, added: Mapping[str, Given]) -> Mapping[str, Any]:
        """The figures of the unit with those added."""
        if not added:
            return self.unit.figures
        found: dict[str, Any] = {name: _copied(value) for name, value in self.unit.figures.items()}
        for key, value in added.items():
            _put(found, key, value)
        return found


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return [dict(record) for record in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _put(figures: dict[str, Any], key: str, value: Given) -> None:
    records, *inside = key.split(COLUMN)
    if inside:
        number = int(inside[0]) if len(inside) > 1 else 0
        figures.setdefault(records, [{}])[number][inside[-1]] = value
        return
    name, _, option = key.partition(".")
    if option:
        figures.setdefault(name, {})[option] = value
    else:
        figures[name] = value
