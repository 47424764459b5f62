"""Conditions that sentences state, in the keys of the files and in proposed figures."""

from collections.abc import Sequence

from cchc_index.checking.clauses.values import Atom, Either, Every, Statement, atoms_of
from cchc_index.drafting.intervals import bounds_in, intervals_of
from cchc_index.drafting.saying import NotBuilt, Room
from cchc_index.drafting.subjects import kind_of, number_label, stated, subject, two_things, unit_in
from cchc_index.files.raising import Written, interval
from cchc_index.measures import FactType
from cchc_index.scoring.say import Unit


def yes_no(condition: Statement, room: Room) -> Written:
    """A condition in figures of yes and no."""
    match condition:
        case Atom(bound=None):
            name = room.figures.add(stated(condition.words), FactType.YES_NO)
            return {"khong" if condition.negated else "co": name}
        case Every(parts):
            return {"tat_ca": [yes_no(part, room) for part in parts]}
        case Either(parts):
            return {"mot_trong": [yes_no(part, room) for part in parts]}
    return condition_of(condition, room)


def one_thing(statements: Sequence[str]) -> None:
    """Raises NotBuilt where the numbers of statements are of different things."""
    apart = two_things(statements)
    if apart:
        one, other = apart
        raise NotBuilt(f"số của hai thứ khác nhau: «{one}», «{other}»", f"numbers of two things: «{one}», «{other}»")


def condition_of(condition: Statement, room: Room) -> Written:
    """A condition on one number, or of yes and no."""
    bounds = bounds_in(condition)
    if not bounds:
        return yes_no(condition, room)
    if (
        len(bounds) < len(atoms_of(condition))
        or {bound.percent for bound in bounds} != {False}
        or any(b.day for b in bounds)
    ):
        raise NotBuilt("điều kiện có nhiều phần", "a condition of several parts")
    found = intervals_of(condition, part_of=False)
    if found is None or len(found) != 1:
        raise NotBuilt("không rõ khoảng của điều kiện", "the numbers of the condition are unclear")
    one_thing([atom.words for atom in atoms_of(condition)])
    words = atoms_of(condition)[0].words
    unit = unit_in(subject(words).after)
    kind = FactType.AMOUNT if unit else kind_of(words)
    return {"do": room.figures.add(number_label(words, room.name), kind, unit=unit)} | interval(found[0], Unit.PLAIN)
