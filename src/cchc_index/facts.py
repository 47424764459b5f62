"""What one unit hands in for one period: figures, exemptions, evidence, and the points it claims for itself."""

import datetime
from collections.abc import Mapping
from enum import Enum
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
    group: str = ""
    statements: Mapping[str, "Statement"] = field(factory=dict)
    reported: "Reported | None" = None
    appraisals: tuple["Appraisal", ...] = ()
    explanations: tuple["Explanation", ...] = ()


class Standing(Enum):
    """Where a criterion stands inside the year. The value is the word in the files."""

    DONE = "dat"
    FAILED = "khong_dat"
    ONGOING = "dang_thuc_hien"
    NOT_DUE = "chua_den_han"
    EXEMPT = "khong_danh_gia"
    UNKNOWN = "chua_ro"
    """Neither figures nor a deadline nor a statement tells."""


@frozen
class Statement:
    """What the unit itself says of one criterion: where it stands, and the points when they are not computed.

    >>> Statement(Standing.DONE, Fraction(3, 2)).standing.value
    'dat'
    """

    standing: Standing
    points: Fraction | None = None
    remark: str = ""


@frozen
class Reported:
    """What a report prints of the whole sheet, for criteria that it does not name: kept with its words, and checked.

    `counts` says how many criteria stand how; `measures` the printed shares, by the name of what is computed. `points`
    are an estimate where the report says so.
    """

    on: datetime.date
    source: str
    quote: str
    counts: tuple[tuple[Standing, int], ...] = ()
    points: Fraction | None = None
    is_estimate: bool = False
    measures: tuple[tuple[str, str], ...] = ()


class Phase(Enum):
    """The steps of a review, in their order. The value is the word in the files."""

    CLAIMED = "tu_cham"
    FIRST = "tham_dinh_1"
    EXPLAINED = "giai_trinh"
    SECOND = "tham_dinh_2"
    PUBLISHED = "cong_bo"

    @property
    def number(self) -> int:
        """The place in the order, from 0."""
        return list(Phase).index(self)


@frozen
class NewFigure:
    """An appraisal puts another value in the place of a declared figure."""

    name: str
    value: Any
    reason: str
    evidence: tuple[Evidence, ...] = ()


@frozen
class NewExemption:
    """An appraisal grants that a criterion is not assessed, or refuses what the unit asked for."""

    code: str
    granted: bool
    reason: str
    evidence: tuple[Evidence, ...] = ()


@frozen
class NewPoints:
    """An appraisal awards points to a criterion, in the place of those that follow from the figures."""

    code: str
    points: Fraction
    reason: str
    evidence: tuple[Evidence, ...] = ()


Change = NewFigure | NewExemption | NewPoints


@frozen
class Appraisal:
    """One round of appraisal (thẩm định): what it changes, and the criteria that it looked at and kept as they were.

    `phase` is one of FIRST, SECOND and PUBLISHED. An appraisal never overwrites: an earlier state is computed again
    without it.
    """

    phase: Phase
    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()
    by: str = ""
    on: datetime.date | None = None


@frozen
class Explanation:
    """What the unit answers to a finding of the first round (giải trình). It changes no points by itself."""

    code: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    on: datetime.date | None = None
