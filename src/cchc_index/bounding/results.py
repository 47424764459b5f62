"""What `bounds` gives: ends with the figures that show them, by line, in total and as an index."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from cchc_index.criteria import Points
from cchc_index.errors import Text
from cchc_index.points import Exact


@frozen
class Extreme:
    """One end of what is still possible, with figures that show it.

    `value` is None where there is no end on this side, NOT_STATED where the decision states no points. `is_tight` says
    that it is proved: reached (`is_reached`) by the completion in `figures`, or come near to as wanted and never
    reached, and `figures` come within 1/1000 of it. Where it is not tight, it is only proved that nothing passes it.

    `figures` are those of the unit with what completes them; `added` names what was added.
    """

    value: Points | None
    is_reached: bool
    is_tight: bool
    figures: Mapping[str, Any] | None = None
    added: tuple[tuple[str, Exact | str | datetime.date], ...] = ()


@frozen
class Bound:
    """Between which ends a line, the total or the index lies; both None where no completion has points.

    `lacking` names the missing figures on which it hangs; `left_out` tells for which completions the decision gives no
    points.
    """

    code: str
    name: str
    max_points: Points
    least: Extreme | None
    most: Extreme | None
    lacking: tuple[str, ...] = ()
    left_out: tuple[Text, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether what is missing cannot change it."""
        return bool(self.least and self.most and self.least.value == self.most.value is not None)

    @property
    def values(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most as numbers; None on a side without end, or where nothing is stated."""
        least, most = (
            end.value if end and isinstance(end.value, Fraction) else None for end in (self.least, self.most)
        )
        return least, most

    @property
    def is_tight(self) -> bool:
        """Whether both ends are proved: reached, or come near to and never reached."""
        return all(end is None or end.is_tight for end in (self.least, self.most))


@frozen
class Bounds:
    """What a unit can still come to: by line, in total, as an index, and the grades that are not ruled out."""

    unit: str
    ruleset: str
    version: str
    lines: tuple[Bound, ...]
    total: Bound
    index: Bound
    grades: tuple[str, ...]
    on: datetime.date | None = None

    def __getitem__(self, code: str) -> Bound:
        """The line with this code. Raises KeyError."""
        return {line.code: line for line in self.lines}[code]

    @property
    def is_tight(self) -> bool:
        """Whether every end is tight."""
        return all(bound.is_tight for bound in (*self.lines, self.total, self.index))
