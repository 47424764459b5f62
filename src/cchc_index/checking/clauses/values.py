"""What a sentence says, as small frozen values: bounds, statements, points, and what it leaves unread.

A percent is kept as its hundredth. `words` are the sentence's own, so that whoever compares can show them.
"""

from fractions import Fraction

from attrs import frozen

from cchc_index.criteria import Policy
from cchc_index.errors import Text
from cchc_index.measures import DayOfYear, Interval
from cchc_index.rules import ZERO

CLOSED, OPEN = True, False
EXACTLY_ZERO = Interval(ZERO, ZERO, CLOSED, CLOSED)


@frozen
class Bound:
    """The numbers a sentence allows: `từ 70% đến dưới 80%`, `không quá 3 ngày`, `trước hạn`.

    `percent` is None where the sentence names no unit (before, on, after a deadline). `direction` is -1 where the
    numbers measure a fall, 1 a rise. `day` is the day from which the numbers count days.
    """

    interval: Interval
    percent: bool | None = None
    direction: int = 0
    day: DayOfYear | None = None


@frozen
class Atom:
    """One thing that must hold: its words, whether they deny something, and its bound where it has one."""

    words: str
    negated: bool = False
    bound: Bound | None = None


@frozen
class Every:
    """All of these hold: `và`, `nhưng`."""

    parts: tuple["Statement", ...]


@frozen
class Either:
    """One of these holds: `hoặc`."""

    parts: tuple["Statement", ...]


@frozen
class Unread:
    """Words that stand where a condition does and that the grammar does not know."""

    words: str


Statement = Atom | Every | Either | Unread


@frozen
class Affine:
    """`base + slope × what is looked at`; in maxima where `of_max`.

    `base` is None where the sentence does not say it (`mỗi ngày chậm trừ 0,25 điểm`). `percent` tells whether the
    slope is for a share (True) or for each single thing (False). `cap` is the most that may be added or taken off.
    Points in brackets at the end of a line are `bracketed`: those given, or just the maximum beside a name. A number
    after a colon without the word «điểm» is `bare`.
    """

    base: Fraction | None = ZERO
    slope: Fraction = ZERO
    of_max: bool = False
    percent: bool | None = None
    direction: int = 0
    cap: Fraction | None = None
    bracketed: bool = False
    bare: bool = False


@frozen
class Line:
    """On a straight line from `low` points at the lower bound to `high` points at the upper one."""

    low: Fraction
    high: Fraction


@frozen
class Most:
    """No more than so many points, whatever the parts: `tối đa 0,5 điểm, trong đó:`."""

    points: Fraction


@frozen
class Council:
    """Points given by people, between two numbers and by a step."""

    low: Fraction
    high: Fraction
    step: Fraction


@frozen
class Ballots:
    """`points` times the mean weight of the ballots counted; `left_out` names the options not counted."""

    points: Fraction
    weights: tuple[tuple[str, Fraction], ...]
    counted: tuple[str, ...]
    left_out: tuple[str, ...] = ()


PointsSaid = Affine | Line | Most | Council | Ballots


@frozen
class Clause:
    """One sentence, one way to read it. What it does not say is None."""

    condition: Statement | None = None
    points: PointsSaid | None = None
    at_zero: Fraction | None = None
    policy: Policy | None = None
    step: Fraction | None = None


@frozen
class Sense:
    """One way to read a whole text: its clauses, and the parts that no rule of the grammar fits."""

    clauses: tuple[Clause, ...]
    unread: tuple[str, ...] = ()


@frozen
class Read:
    """All the ways to read one text. None of them: `trouble` says where reading stopped."""

    text: str
    senses: tuple[Sense, ...]
    trouble: Text | None = None


def atoms_of(statement: Statement | None) -> tuple[Atom, ...]:
    """The single statements inside one, in order."""
    if isinstance(statement, Every | Either):
        return tuple(atom for part in statement.parts for atom in atoms_of(part))
    return (statement,) if isinstance(statement, Atom) else ()
