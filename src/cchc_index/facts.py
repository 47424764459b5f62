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
    """One document that supports a criterion's figures (tài liệu kiểm chứng). Recorded, never read.

    >>> Evidence("12/BC-UBND", section="II", page="3").page
    '3'
    """

    number: str
    date: datetime.date | None = None
    section: str = ""
    page: str = ""


@frozen
class Claim:
    """Points the unit gives itself (tự chấm) for the criterion with this code. The engine never looks at them.

    >>> Claim("4.1", Fraction(4, 5))
    Claim(code='4.1', points=Fraction(4, 5))
    """

    code: str
    points: Fraction


@frozen
class Period:
    """The first and the last day that are assessed.

    >>> print(Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)))
    01/01/2023 – 31/12/2023
    """

    start: datetime.date
    end: datetime.date

    def __str__(self) -> str:
        return f"{self.start:%d/%m/%Y} – {self.end:%d/%m/%Y}"


@frozen
class Submission:
    """One unit's figures for one period. Only `unit` and `figures` must be given; the rest is empty otherwise.

    `figures` may hold text as people write it ("0,5", "86,5%", "có", "30/11/2023"), int, Fraction, Decimal, bool, date,
    a mapping of counts (survey) or a list of mappings (records); `mark` is the decimal mark its texts use, when stated.
    `ruleset` and `version`, when given, must be those it is scored by. `exemptions` gives, for each code that is not to
    be assessed, the reason. `places` says where each part stood in its file.

    >>> unit = Submission("Xã A", {"da_xong": 19, "de_ra": "20"}, claims=(Claim("4.1", Fraction(1)),))
    >>> unit.figures["de_ra"], unit.period
    ('20', None)
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
