"""The numbers that a statement of a sentence allows, as intervals of one measure."""

from collections.abc import Iterable

from cchc_index.checking.clauses.values import CLOSED, EXACTLY_ZERO, Atom, Bound, Either, Every, Statement, atoms_of
from cchc_index.measures import Interval
from cchc_index.rules import ZERO

EVERYTHING = Interval()


def intervals_of(statement: Statement | None, *, part_of: bool) -> tuple[Interval, ...] | None:
    """The intervals of a statement, in order; None where they cannot be told.

    A fall is below zero. With `part_of`, nothing goes over the whole, so that exactly 100% is 100% or more.
    """
    match statement:
        case None:
            return (EVERYTHING,)
        case Atom():
            interval = _of_atom(statement)
            return None if interval is None else (_capped(interval) if part_of else interval,)
        case Every(parts):
            found = [intervals_of(part, part_of=part_of) for part in parts]
            return None if None in found else _common([one for one in found if one])
        case Either(parts):
            united = [intervals_of(part, part_of=part_of) for part in parts]
            return None if None in united else _united([one for many in united if many for one in many])
    return None


def _of_atom(atom: Atom) -> Interval | None:
    """The interval of one statement; «không có» is none at all, «có» is one or more."""
    if atom.bound is None:
        return EXACTLY_ZERO if atom.negated else Interval(low=ZERO)
    return None if atom.negated else _seen(atom.bound)


def _seen(bound: Bound) -> Interval:
    one = bound.interval
    if bound.direction >= 0:
        return one
    low = None if one.high is None else -one.high
    return Interval(low, None if one.low is None else -one.low, one.high_closed, one.low_closed)


def _capped(interval: Interval) -> Interval:
    if interval.high == 1 and interval.high_closed:
        return Interval(interval.low, None, interval.low_closed)
    return interval


def _common(parts: list[tuple[Interval, ...]]) -> tuple[Interval, ...] | None:
    """What all parts allow, where each is one interval."""
    if any(len(part) != 1 for part in parts):
        return None
    held = EVERYTHING
    for (one,) in parts:
        held = _meet(held, one)
    return (held,)


def _meet(one: Interval, other: Interval) -> Interval:
    lows = [(i.low, not i.low_closed) for i in (one, other) if i.low is not None]
    highs = [(i.high, i.high_closed) for i in (one, other) if i.high is not None]
    low = max(lows, default=None)
    high = min(highs, default=None)
    return Interval(
        low[0] if low else None, high[0] if high else None, bool(low and not low[1]), bool(high and high[1])
    )


def _united(parts: list[Interval]) -> tuple[Interval, ...]:
    """Intervals put together where they touch or meet, in order."""
    ordered = sorted(parts, key=lambda one: (one.low is not None, one.low or ZERO, not one.low_closed))
    held: list[Interval] = []
    for one in ordered:
        if held and _touches(held[-1], one):
            held[-1] = _spanned(held[-1], one)
        else:
            held.append(one)
    return tuple(held)


def _touches(one: Interval, after: Interval) -> bool:
    if one.high is None or after.low is None or after.low < one.high:
        return True
    return after.low == one.high and (one.high_closed or after.low_closed)


def _spanned(one: Interval, after: Interval) -> Interval:
    if one.high is None or after.high is None:
        return Interval(one.low, None, one.low_closed)
    high = max((one.high, one.high_closed), (after.high, after.high_closed))
    return Interval(one.low, high[0], one.low_closed, high[1])


def overlap(intervals: Iterable[Interval]) -> bool:
    """Whether two of them share a value."""
    known = list(intervals)
    return any(one.meets(other) for place, one in enumerate(known) for other in known[:place])


def bounds_in(statement: Statement | None) -> list[Bound]:
    return [atom.bound for atom in atoms_of(statement) if atom.bound is not None]


__all__ = ["CLOSED", "EVERYTHING", "bounds_in", "intervals_of", "overlap"]
