"""A sentence's bounds beside the interval of a rule, value by value over what the measure can be."""

import datetime
from fractions import Fraction

from attrs import frozen

from cchc_index.checking.clauses.aspects import BOUND, Aspect, different, same, silent, unclear
from cchc_index.checking.clauses.domain import Facts, Holds, domain_of, ends_of, first_difference
from cchc_index.checking.clauses.values import EXACTLY_ZERO, Atom, Bound, Either, Every, Statement, Unread, atoms_of
from cchc_index.errors import Text
from cchc_index.measures import DayOfYear, Fact, Interval, Linear, Measure, names_of_measure
from cchc_index.rules import ZERO
from cchc_index.scoring.say import Unit, joined, say_interval, say_value, unit_of

_NEGATIONS = ("không", "chưa")


@frozen
class Numbers:
    """The numbers of a measure for which a statement holds, and where that can change."""

    holds: Holds
    ends: tuple[Fraction, ...]
    said: Text


def words_in(text: str) -> list[str]:
    """The words of a text in lower case, without signs.

    >>> words_in("Bố trí (kiêm nhiệm): 1")
    ['bố', 'trí', 'kiêm', 'nhiệm', '1']
    """
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()


def labels_of(measure: Measure, facts: Facts) -> str:
    """The labels of the figures a measure looks at, with the option where one of a survey is looked at."""
    return " ".join(_label(name, facts) for name in names_of_measure(measure))


def _label(name: str, facts: Facts) -> str:
    fact = facts.get(name.partition(".")[0])
    return fact.label if fact else name


def denies(text: str) -> bool:
    """Whether a text has «không» or «chưa» an odd number of times."""
    return sum(word in _NEGATIONS for word in words_in(text)) % 2 == 1


def compare_interval(statement: Statement | None, measure: Measure, interval: Interval, facts: Facts) -> Aspect:
    """What a sentence says about the numbers of `measure`, beside the interval of a rule."""
    ruled = Numbers(interval.__contains__, tuple(ends_of([interval])), say_interval(interval, unit_of(measure, facts)))
    return compare_numbers(statement, measure, ruled, facts)


def compare_numbers(statement: Statement | None, measure: Measure, ruled: Numbers, facts: Facts) -> Aspect:
    """What a sentence says about the numbers of `measure`, beside the numbers for which a rule holds."""
    if statement is None:
        return silent(BOUND)
    if isinstance(statement, Unread):
        return unclear(BOUND, f"không đọc được «{statement.words}»", f"cannot read «{statement.words}»")
    found: dict[Atom, Numbers] = {}
    for atom in atoms_of(statement):
        numbers = numbers_of(atom, measure, facts)
        if isinstance(numbers, Aspect):
            return numbers
        found[atom] = numbers
    ends = [*ruled.ends, *(end for numbers in found.values() for end in numbers.ends)]
    value = first_difference(_holding(statement, found), ruled.holds, ends, domain_of(measure, facts))
    if value is None:
        return same(BOUND, weak=all(atom.bound is None for atom in found))
    said = joined((numbers.said for numbers in found.values()), "; ")
    return different(BOUND, said, ruled.said, value_text(value, unit_of(measure, facts)))


def value_text(value: Fraction, unit: Unit) -> Text:
    return Text(say_value(value, unit, "vi"), say_value(value, unit, "en"))


def _holding(statement: Statement, numbers: dict[Atom, Numbers]) -> Holds:
    """Whether a whole statement holds for a value."""

    def holds(value: Fraction, inner: Statement = statement) -> bool:
        match inner:
            case Every(parts):
                return all(holds(value, part) for part in parts)
            case Either(parts):
                return any(holds(value, part) for part in parts)
        assert isinstance(inner, Atom)
        return numbers[inner].holds(value)

    return holds


def numbers_of(atom: Atom, measure: Measure, facts: Facts) -> Numbers | Aspect:
    """The numbers of a measure for which a statement holds; an aspect when that cannot be told or the units differ."""
    bound = atom.bound or _presence(atom, measure, facts)
    if isinstance(bound, Aspect):
        return bound
    if atom.bound and atom.negated and not denies(labels_of(measure, facts)):
        return unclear(BOUND, f"«{atom.words}» có «không» bên cận", f"«{atom.words}» denies something beside its bound")
    mismatch = _unit_mismatch(bound, measure, facts) or _day_mismatch(bound, measure, facts)
    if mismatch:
        return mismatch
    interval = seen_interval(bound, measure, facts)
    unit = Unit.PERCENT if bound.percent else Unit.PLAIN
    return Numbers(interval.__contains__, tuple(ends_of([interval])), say_interval(interval, unit))


def _presence(atom: Atom, measure: Measure, facts: Facts) -> Bound | Aspect:
    """«Có …» and «không có …» beside a number that counts: above zero, or zero."""
    low = domain_of(measure, facts).interval.low
    if not isinstance(measure, Linear) or low != 0:
        return unclear(BOUND, f"«{atom.words}» không nêu cận nào", f"«{atom.words}» states no bound")
    if denies(labels_of(measure, facts)) == atom.negated:
        return Bound(Interval(low=ZERO))
    return Bound(EXACTLY_ZERO)


def _unit_mismatch(bound: Bound, measure: Measure, facts: Facts) -> Aspect | None:
    unit = unit_of(measure, facts)
    if bound.percent is None or bound.percent == (unit is Unit.PERCENT):
        return None
    said = say_interval(bound.interval, Unit.PERCENT if bound.percent else Unit.PLAIN)
    return different(BOUND, said, Text(f"tính bằng {unit.value}", f"in {_UNITS[unit]}"))


_UNITS = {Unit.PLAIN: "plain numbers", Unit.PERCENT: "percent", Unit.DATE: "dates"}


def _day_mismatch(bound: Bound, measure: Measure, facts: Facts) -> Aspect | None:
    """What is wrong with a bound counted from a day, for a measure that counts days from its own deadline.

    The sentence names no year: a day that the rule fixes in one year is compared by its day and month.
    """
    if bound.day is None:
        return None
    deadline = _deadline(measure, facts)
    said = Text(f"ngày {_day(bound.day)}", f"day {_day(bound.day)}")
    if deadline is None or deadline.given is None:
        return unclear(
            BOUND, f"{said.vi}: quy tắc không đếm từ một ngày cố định", f"{said.en}: no fixed day in the rule"
        )
    if _day(deadline.given) == _day(bound.day):
        return None
    ruled = f"{deadline.label}: {_day(deadline.given)}"
    return different(BOUND, said, Text(ruled, ruled))


def _day(day: datetime.date | DayOfYear) -> str:
    return f"{day.day}/{day.month}"


def _deadline(measure: Measure, facts: Facts) -> Fact | None:
    """The fixed day that is subtracted from another."""
    taken = [name for name, times in measure.terms if times == -1] if isinstance(measure, Linear) else []
    known = [facts[name] for name in taken if name in facts and facts[name].given]
    return known[0] if len(known) == 1 else None


def seen_interval(bound: Bound, measure: Measure, facts: Facts) -> Interval:
    """The interval of a bound on the measure itself: a fall is below zero where the measure can be."""
    if bound.direction >= 0 or not can_fall(measure, facts):
        return bound.interval
    low, high = bound.interval.low, bound.interval.high
    return Interval(
        None if high is None else -high,
        None if low is None else -low,
        bound.interval.high_closed,
        bound.interval.low_closed,
    )


def can_fall(measure: Measure, facts: Facts) -> bool:
    """Whether a measure can be below zero, as a change can."""
    low = domain_of(measure, facts).interval.low
    return low is None or low < 0
