"""A ruleset: the decision's table of areas, criteria and sub-criteria, with everything that stands around it.

Longer than most modules: every value of a ruleset stands here, each a few lines.
"""

import datetime
from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import frozen

from cchc_index.measures import Condition, DayOfYear, Fact, Interval, Measure, names_of_condition, names_of_measure
from cchc_index.rules import Average, Rounding, Rule, own_names, parts_of
from cchc_index.sources import NOT_STATED, Basis, Citation, Document, NoteKind, NotStated

Points = Fraction | Literal[NotStated.NOT_STATED]
Day = datetime.date | Literal[NotStated.NOT_STATED]


class Scope(Enum):
    """How much of the decision a ruleset holds. The value is the word in the files."""

    WHOLE = "day_du"
    EXCERPT = "trich"
    FRAME = "khung"
    SAMPLE = "mau"


class Level(Enum):
    """The kinds of unit that are scored. The value is the word in the files."""

    MINISTRY = "bộ"
    PROVINCE = "tỉnh"
    DEPARTMENT = "sở"
    DISTRICT = "huyện"
    OFFICE = "phòng"
    COMMUNE = "xã"


class Instrument(Enum):
    """What a set measures: administrative reform itself, or one of the adjacent instruments.

    Instruments stand side by side; only versions of one instrument take each other's place.
    """

    CCHC = "cchc"
    SATISFACTION = "hai_long"
    ONE_STOP = "mot_cua"
    SERVICE = "phuc_vu"
    LEGAL_ACCESS = "tiep_can_phap_luat"


NATION = "cả nước"


@frozen
class Application:
    """For whom, where and when a set applies.

    `place` is written from small to large, "Xuân Lộc, Đồng Nai"; the whole country is `NATION`. A version ends on
    `until`, and at the latest on the day before one that `replaces` it, at its own place and levels, starts.
    """

    levels: tuple[Level, ...]
    since: Day = NOT_STATED
    until: Day = NOT_STATED
    place: str | Literal[NotStated.NOT_STATED] = NOT_STATED
    instrument: Instrument = Instrument.CCHC
    replaces: tuple[str, ...] = ()
    basis: Basis = NOT_STATED


@frozen
class Counts:
    """How many areas, criteria and sub-criteria the decision says there are; None where it does not say."""

    areas: int | None = None
    criteria: int | None = None
    sub_criteria: int | None = None
    basis: Basis = NOT_STATED


class Policy(Enum):
    """What not applying a criterion does to points and maximum: always said, never assumed."""

    REMOVED = "loai_khoi_diem_toi_da"
    """Gone from the points and from the maximum; the index is over what is left."""
    RESCALED = "quy_doi"
    """Gone from both, and the rest is scaled back to the whole maximum."""
    FULL = "cho_diem_toi_da"
    """Counts as full points."""
    UNCOUNTED = "khong_tinh"
    """No points, and the maximum stays: nothing is rescaled."""
    FORBIDDEN = "khong_cho_phep"
    """No unit may leave it out."""


@frozen
class Exemption:
    """When a criterion is not assessed. With `when` it follows from the figures; without, the unit asks for it."""

    policy: Policy
    when: Condition | None = None
    basis: Basis = NOT_STATED


@frozen
class SourceNote:
    """What a result leans on beyond a plain quote. With `when`, only results for which that holds lean on it.

    A hole (`NoteKind.HOLE`) with `when` names figures for which the source gives no points.
    """

    kind: NoteKind
    text: str
    origin: str = ""
    when: Condition | None = None


@frozen
class Task:
    """Work that the decision (or a notice under it) assigns: what, to whom, until when."""

    name: str
    owners: tuple[str, ...] = ()
    due: datetime.date | DayOfYear | None = None
    basis: Basis = NOT_STATED


@frozen
class Tier:
    """A named class of units, and when a unit is in it."""

    name: str
    when: Condition


@frozen
class Observation:
    """What the decision has looked at without stating points for it: a measure, or which tier a unit is in."""

    name: str
    measure: Measure | None = None
    tiers: tuple[Tier, ...] = ()
    basis: Basis = NOT_STATED

    @property
    def names(self) -> Iterator[str]:
        """The figures it looks at, in order."""
        if self.measure:
            yield from names_of_measure(self.measure)
        for tier in self.tiers:
            yield from names_of_condition(tier.when)


class Direction(Enum):
    """Which way a measure gets better. The value is the word in the files."""

    MORE = "cang_nhieu_cang_tot"
    LESS = "cang_it_cang_tot"


@frozen
class Criterion:
    """An area, a criterion or a sub-criterion: either it has children, or a rule, or its rule is not stated.

    `sentence` is what the decision says of the whole row; `supersedes` is the place that this row replaced; `direction`
    is what the bands are held to.
    """

    code: str
    name: str
    max_points: Points
    citation: Citation
    children: tuple["Criterion", ...] = ()
    rule: Rule | Literal[NotStated.NOT_STATED] = NOT_STATED
    facts: tuple[Fact, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    rounding: Rounding | None = None
    evidence: tuple[str, ...] = ()
    notes: tuple[SourceNote, ...] = ()
    observations: tuple[Observation, ...] = ()
    tasks: tuple[Task, ...] = ()
    counts: Counts | None = None
    supersedes: Citation | None = None
    sentence: Basis = NOT_STATED
    direction: Direction | None = None

    def walk(self) -> Iterator["Criterion"]:
        """This criterion and everything under it, in the order of the table."""
        yield self
        for child in self.children:
            yield from child.walk()


class AdjustmentKind(Enum):
    BONUS = "thuong"
    PENALTY = "phat"


@frozen
class Adjustment:
    """Bonus or penalty outside the tree. The criterion's maximum is its cap; what goes over is cut off."""

    kind: AdjustmentKind
    criterion: Criterion


class Basing(Enum):
    """What a grade or a rank looks at."""

    POINTS = "diem"
    INDEX = "chi_so"


@frozen
class Grade:
    """A named range of points or of index.

    Beyond it a decision may ask each criterion for a share of its maximum (`each_from`), and set a condition (`when`).
    """

    name: str
    interval: Interval
    basis: Basis = NOT_STATED
    each_from: Fraction | None = None
    when: Condition | None = None


@frozen
class GradeScale:
    """The grades for the units for which `when` holds (all of them when it is None)."""

    grades: tuple[Grade, ...]
    on: Basing = Basing.POINTS
    when: Condition | None = None


@frozen
class Ranking:
    """What units are ranked by, and which are scored and not ranked."""

    on: Basing
    unranked_when: Condition | None = None
    basis: Basis = NOT_STATED


@frozen
class Dropped:
    """A criterion of an earlier version that a later decision took out: where it stood, and what took it out."""

    code: str
    name: str
    citation: Citation
    basis: Basis


@frozen(cache_hash=True)
class Ruleset:
    """One version of one decision's scoring table."""

    id: str
    version: str
    title: str
    scope: Scope
    application: Application
    documents: tuple[Document, ...]
    criteria: tuple[Criterion, ...]
    max_points: Points
    facts: tuple[Fact, ...] = ()
    index_basis: Basis = NOT_STATED
    rounding: Rounding | None = None
    adjustments: tuple[Adjustment, ...] = ()
    scales: tuple[GradeScale, ...] = ()
    ranking: Ranking | None = None
    notes: tuple[SourceNote, ...] = ()
    counts: Counts | None = None
    dropped: tuple[Dropped, ...] = ()

    @property
    def full_id(self) -> str:
        """The id with its version, as it is loaded by."""
        return f"{self.id}/{self.version}"

    def walk(self) -> Iterator[Criterion]:
        """Every criterion of the tree, in the order of the table; then bonus and penalty."""
        for criterion in self.criteria:
            yield from criterion.walk()
        for adjustment in self.adjustments:
            yield from adjustment.criterion.walk()

    @cached_property
    def by_code(self) -> Mapping[str, Criterion]:
        return {criterion.code: criterion for criterion in self.walk()}

    @cached_property
    def facts_by_name(self) -> Mapping[str, Fact]:
        """Every figure the ruleset declares, at the top or beside a criterion."""
        declared = [*self.facts, *(fact for criterion in self.walk() for fact in criterion.facts)]
        return {fact.name: fact for fact in declared}

    @cached_property
    def inputs(self) -> Mapping[str, tuple[Fact, ...]]:
        """For each criterion, the figures its own rule looks at; those inside records are left out."""
        return {
            criterion.code: tuple(self.fact(name) for name in dict.fromkeys(_unit_names(criterion.rule)))
            for criterion in self.walk()
        }

    def fact(self, name: str) -> Fact:
        """The figure with this name; `phieu.A` is an option of a survey. Raises KeyError."""
        base, _, option = name.partition(".")
        fact = self.facts_by_name[base]
        return Fact(name, f"{fact.label}: {dict(fact.options)[option]}") if option else fact

    def __getitem__(self, code: str) -> Criterion:
        """The criterion with this code. Raises KeyError."""
        return self.by_code[code]

    @property
    def is_sample(self) -> bool:
        """Whether this set was written for teaching and is not law."""
        return self.scope is Scope.SAMPLE


def _unit_names(rule: Rule | Literal[NotStated.NOT_STATED]) -> Iterator[str]:
    if isinstance(rule, NotStated | Average):
        return
    yield from own_names(rule)
    for part in parts_of(rule):
        yield from _unit_names(part)
