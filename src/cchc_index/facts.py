"""What one unit hands in for one period: figures, exemptions, evidence, and the points it claims for itself."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cchc_index.errors import Path
from cchc_index.points import Mark


@frozen
class Evidence:
    """One document that supports a criterion's figures (tài liệu kiểm chứng)."""

    number: str
    date: datetime.date | None = None
    section: str = ""
    page: str = ""


@frozen
class Claim:
    """Points the unit gives itself (tự chấm). Kept apart; the engine never looks at it."""

    code: str
    points: Fraction


@frozen
class Period:
    """The first and the last day that are assessed."""

    start: datetime.date
    end: datetime.date

    def __str__(self) -> str:
        return f"{self.start:%d/%m/%Y} – {self.end:%d/%m/%Y}"


@frozen
class Submission:
    """One unit's figures for one period.

    `figures` may hold text as people write it ("0,5", "86,5%", "có", "30/11/2023"), int, Fraction, Decimal, bool, date,
    a mapping of counts (survey) or a list of mappings (records); `mark` is the decimal mark its texts use, when stated.
    `exemptions` gives, for each code that is not to be assessed, the reason. `places` says where each part stood.
    """

    unit: str
    figures: Mapping[str, Any]
    ruleset: str | None = None
    version: str | None = None
    period: Period | None = None
    exemptions: Mapping[str, str] = field(factory=dict)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(factory=dict)
    claims: tuple[Claim, ...] = ()
    mark: Mark | None = None
    places: Mapping[Path, str] = field(factory=dict, eq=False, repr=False)
