"""How a rule gave its points: one frozen trace for each of the six rules, and the card made of them.

A card is plain data: it stands alone, without its ruleset, and says everything `say` needs to explain it.

The classes made once for each line keep a `__dict__` (`slots=False`): attrs fills it twice as fast as slots, and making
them is half of the cost of a score.

Longer than most modules: every value of a result stands here, each a few lines.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from attrs import field, frozen

from cchc_index.criteria import Exemption, Grade, Points, Scope
from cchc_index.facts import Evidence, Period
from cchc_index.measures import Condition, Fact, Measure
from cchc_index.points import Exact
from cchc_index.rules import Option, Piece, Rounding
from cchc_index.sources import NOT_STATED, Basis, Citation, Document, NoteKind, NotStated, Quote, Reading

CARD_FORMAT = "cchc-index/card/1"
Stated = str | Literal[NotStated.NOT_STATED]


@frozen(slots=False)
class Seen:
    """A measure and what it came to, as numerator and denominator, not reduced (the denominator of a sum is 1)."""

    measure: Measure
    top: Exact
    bottom: Exact = 1
    is_at_zero: bool = False
    """Whether the denominator was 0, and the value is the one that the source gives for that."""

    @property
    def value(self) -> Fraction:
        return Fraction(self.top, self.bottom)


@frozen(slots=False)
class PieceTrace:
    points: Fraction
    seen: Seen
    piece: Piece


@frozen(slots=False)
class TableTrace:
    points: Fraction
    fact: str
    option: Option


@frozen(slots=False)
class PartTrace:
    """One line of a sum."""

    label: str
    basis: Basis
    trace: "Trace"


@frozen(slots=False)
class SumTrace:
    """`unclamped` is the sum before floor and cap."""

    points: Fraction
    base: Fraction
    parts: tuple[PartTrace, ...]
    unclamped: Fraction


@frozen(slots=False)
class SwitchTrace:
    """The case that counted, and what the measures of its condition came to."""

    points: Fraction
    when: Condition
    basis: Basis
    seen: tuple[Seen, ...]
    inner: "Trace"


@frozen
class Tally:
    """How many records came out the same way."""

    points: Fraction
    count: int
    basis: Basis


@frozen
class AverageTrace:
    """`total` over `count` records, before and after the rounding."""

    points: Fraction
    records: str
    count: int
    total: Fraction
    tallies: tuple[Tally, ...]
    rounding: Rounding | None


@frozen
class AwardedTrace:
    points: Fraction
    fact: str
    basis: Basis = NOT_STATED


Trace = PieceTrace | TableTrace | SumTrace | SwitchTrace | AverageTrace | AwardedTrace


class Status(Enum):
    """Where a criterion stands. The value is the word in the files."""

    FULL = "dat"
    PARTIAL = "dat_mot_phan"
    NONE = "khong_dat"
    EXEMPT = "khong_danh_gia"
    NOT_STATED = "khong_quy_dinh"


@frozen
class Note:
    """A source note that a result leans on."""

    kind: NoteKind
    text: str
    origin: str = ""


@frozen
class Observed:
    """What could be computed for one unit though no points are stated: a value, or a tier.

    Neither is there when figures are `absent`, and when the source leaves the value out (a zero denominator, no tier).
    """

    name: str
    seen: Seen | None = None
    tier: str | None = None
    absent: tuple[str, ...] = ()
    basis: Basis = NOT_STATED


@frozen
class Exempted:
    """Why a criterion was not assessed: the rule that allows it, and the unit's reason if it asked."""

    exemption: Exemption
    reason: str = ""


@frozen(slots=False)
class Line:
    """One line of the card, mirroring one criterion. Points and maxima are exact, in points.

    `unrounded` is set where the ruleset orders rounding of this line.
    """

    code: str
    name: str
    points: Points
    max_points: Points
    citation: Citation
    trace: Trace | None = None
    inputs: tuple[tuple[Fact, Exact | str], ...] = ()
    exempted: Exempted | None = None
    rounding: Rounding | None = None
    unrounded: Points | None = None
    evidence_required: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[Note, ...] = ()
    children: tuple["Line", ...] = ()
    is_penalty: bool = False
    observed: tuple[Observed, ...] = ()

    @property
    def status(self) -> Status:
        """Where the points stand against the applicable maximum; a penalty is full when nothing is deducted."""
        if self.exempted:
            return Status.EXEMPT
        if self.points is NOT_STATED or self.max_points is NOT_STATED:
            return Status.NOT_STATED
        kept = self.max_points - self.points if self.is_penalty else self.points
        if kept >= self.max_points:
            return Status.FULL
        return Status.PARTIAL if kept > 0 else Status.NONE

    @property
    def index(self) -> Points:
        """Points over the applicable maximum, as a share (1 is 100%); NOT_STATED where either is, or the maximum 0."""
        return share(self.points, self.max_points)

    @property
    def matched(self) -> Piece | Option | Condition | None:
        """The piece, the option or the level's condition that gave the points."""
        match self.trace:
            case PieceTrace(piece=piece):
                return piece
            case TableTrace(option=option):
                return option
            case SwitchTrace(when=when):
                return when
        return None

    @property
    def seen(self) -> Seen | None:
        """The measure that was looked at and its value, where one measure decided."""
        return self.trace.seen if isinstance(self.trace, PieceTrace) else None

    @property
    def basis(self) -> Basis:
        """The first quote (or recorded reading) behind the points; NOT_STATED for a line that adds up others."""
        return next(iter(self.bases), NOT_STATED)

    @property
    def bases(self) -> tuple[Quote | Reading, ...]:
        """Every quote and reading behind the points, in the order of the rule, each once."""
        if self.exempted:
            found = [self.exempted.exemption.basis]
        else:
            found = [] if self.trace is None else list(bases_of_trace(self.trace))
            found += [observed.basis for observed in self.observed]
        return tuple(dict.fromkeys(basis for basis in found if basis is not NOT_STATED))

    @property
    def why(self) -> str:
        """The Vietnamese sentence that explains the points."""
        from cchc_index.scoring.say import why

        return why(self).vi

    def walk(self) -> Iterator["Line"]:
        yield self
        for child in self.children:
            yield from child.walk()


def line_like(line: Line) -> tuple[Line, dict[str, Any]]:
    """A copy of a line with its fields, in which its maker sets those that differ before anybody else sees it.

    What `evolve` does, for a third of the price: scoring makes a line for every criterion, most of whose fields are
    always the same.
    """
    copied, fields = _new(Line), line.__dict__.copy()
    _hold(copied, fields)
    return copied, fields


_new = object.__new__
_hold = Line.__dict__["__dict__"].__set__
"""Gives a new line its fields; a frozen line takes none the ordinary way."""


@frozen
class Card:
    """One unit's result: lines that mirror the ruleset, total, index and grade.

    `index` is the share of the applicable maximum, NOT_STATED where the decision defines no index. `digest` is that of
    the ruleset (NOT_STATED for one cut down to a part), `library` the version of this library that scored. Both are
    NOT_STATED in a card written before cards carried them. Two libraries that find the same result give equal cards.
    """

    unit: str
    ruleset: str
    version: str
    title: str
    scope: Scope
    period: Period | None
    lines: tuple[Line, ...]
    adjustments: tuple[Line, ...]
    points: Points
    max_points: Points
    unrounded: Points
    index: Points
    grade: Grade | None | Literal[NotStated.NOT_STATED]
    ranked: bool
    documents: tuple[Document, ...]
    notes: tuple[Note, ...] = ()
    format: str = CARD_FORMAT
    digest: Stated = NOT_STATED
    library: Stated = field(default=NOT_STATED, eq=False)

    @property
    def is_sample(self) -> bool:
        """Whether the ruleset was written for teaching and is not law."""
        return self.scope is Scope.SAMPLE

    def walk(self) -> Iterator[Line]:
        """Every line, in the order of the table; then bonus and penalty."""
        for line in (*self.lines, *self.adjustments):
            yield from line.walk()

    @cached_property
    def by_code(self) -> Mapping[str, Line]:
        return {line.code: line for line in self.walk()}

    def __getitem__(self, code: str) -> Line:
        """The line with this code. Raises KeyError."""
        return self.by_code[code]


def share(points: Points, whole: Points) -> Points:
    """Points over a maximum.

    >>> share(Fraction(45), Fraction(60)), share(Fraction(1), NOT_STATED)
    (Fraction(3, 4), NOT_STATED)
    """
    if points is NOT_STATED or whole is NOT_STATED or not whole:
        return NOT_STATED
    return points / whole


def basis_of(trace: Trace) -> Basis:
    """What the outermost decided part of a trace stands on."""
    match trace:
        case PieceTrace(piece=piece):
            return piece.basis
        case TableTrace(option=option):
            return option.basis
        case SwitchTrace(basis=basis, inner=inner):
            return basis_of(inner) if basis is NOT_STATED else basis
        case AwardedTrace(basis=basis):
            return basis
    return NOT_STATED


def bases_of_trace(trace: Trace) -> Iterator[Basis]:
    """What every decided part of a trace stands on."""
    match trace:
        case SumTrace(parts=parts):
            for part in parts:
                yield part.basis
                yield from bases_of_trace(part.trace)
        case AverageTrace(tallies=tallies):
            yield from (tally.basis for tally in tallies)
        case SwitchTrace(basis=basis, inner=inner):
            yield basis
            yield from bases_of_trace(inner)
        case _:
            yield basis_of(trace)
