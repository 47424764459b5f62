"""A ruleset: the decision's table of areas, criteria and sub-criteria, with everything that stands around it."""

import datetime
from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import frozen

from cchc_index.measures import Condition, Fact, Interval
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
class Criterion:
    """An area, a criterion or a sub-criterion: either it has children, or a rule, or its rule is not stated."""

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
    """A named range of points or of index."""

    name: str
    interval: Interval
    basis: Basis = NOT_STATED


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


@frozen(cache_hash=True)
class Ruleset:
    """One version of one decision's scoring table."""

    id: str
    version: str
    title: str
    scope: Scope
    level: str
    applies_from: Day
    applies_to: Day
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
            criterion.code: tuple(self._fact(name) for name in dict.fromkeys(_unit_names(criterion.rule)))
            for criterion in self.walk()
        }

    def _fact(self, name: str) -> Fact:
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
