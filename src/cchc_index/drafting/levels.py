"""Points for what a sentence states: levels of which one holds, or items of a checklist where they add up."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from cchc_index.checking.clauses.conditions import joints_in
from cchc_index.checking.clauses.intervals import words_in
from cchc_index.checking.clauses.values import Affine, Atom, Bound, Either, Every, Statement, atoms_of
from cchc_index.drafting.conditions import condition_of, one_thing
from cchc_index.drafting.figures import begun_small, figure_name
from cchc_index.drafting.intervals import bounds_in, intervals_of
from cchc_index.drafting.saying import ONE_OF, NotBuilt, Room, Said, fixed_points, label_of
from cchc_index.drafting.subjects import kind_of, share_labels, stated
from cchc_index.drafting.sums import item
from cchc_index.files.raising import Written, interval
from cchc_index.measures import FactType
from cchc_index.rules import ZERO
from cchc_index.scoring.say import Unit
from cchc_index.sources import NOT_STATED


def statements(saids: Sequence[Said], room: Room) -> Written:
    """Fixed points for what is stated: a checklist where they add up to the maximum, else levels."""
    if not all(isinstance(said.clause.points, Affine) and said.clause.condition is not None for said in saids):
        raise NotBuilt("các câu không cùng một cách cho điểm", "the sentences give points in different ways")
    if len(saids) == 1 and isinstance(saids[0].clause.points, Affine) and saids[0].clause.points.bracketed:
        raise NotBuilt("câu chỉ nêu tên và điểm tối đa", "the sentence only names the maximum")
    given = [Fraction(fixed_points(said, room)) for said in saids]
    total, top = sum(given, ZERO), max(given)
    most = room.most
    if most is NOT_STATED or most not in (total, top):
        raise NotBuilt(
            "điểm các câu cộng lại và câu cao nhất đều khác điểm tối đa", "neither sum nor best is the maximum"
        )
    if total == most and ZERO not in given:
        return {"cham": "cong_don", "muc": [item(said, room) for said in saids]}
    if top != most:
        raise NotBuilt("câu cao nhất không bằng điểm tối đa", "the best sentence is not the maximum")
    return _levels(saids, room)


def _levels(saids: Sequence[Said], room: Room) -> Written:
    bounded = any(bounds_in(said.clause.condition) for said in saids)
    groups = None if bounded else _subjects([atom for said in saids for atom in atoms_of(said.clause.condition)])
    if groups is not None and _are_apart(saids, groups):
        rows = [
            {
                "diem": fixed_points(said, room),
                "khi": _grouped(said.clause.condition, groups, room),
                "nguyen_van": said.quote,
            }
            for said in saids
        ]
        return {"cham": "muc", "chon": "chi_mot_muc", "muc": rows}
    if bounded:
        return _mixed_levels(saids, room)
    return _options(saids, room)


def _mixed_levels(saids: Sequence[Said], room: Room) -> Written:
    """Levels whose sentences state numbers and other things at once."""
    atoms = [atom for said in saids for atom in atoms_of(said.clause.condition) if atom.bound]
    if any(atom.negated or (atom.bound and _is_no_share(atom.bound)) for atom in atoms):
        raise NotBuilt(
            "mức vừa có hạn hay tăng giảm vừa có điều khác",
            "levels with both a deadline or a change and other statements",
        )
    shares = [atom.words for atom in atoms if atom.bound and atom.bound.percent]
    one_thing(shares)
    look: Written = {}
    if shares:
        part, whole = share_labels([said.quote for said in saids], shares, room.name, "")
        look = {"ti_so": list(room.figures.part(part, whole, kind_of(f"{part} {whole}")))}
    room.doubt(ONE_OF)
    rows = [
        {"diem": fixed_points(said, room), "khi": _mixed(said.clause.condition, look, room), "nguyen_van": said.quote}
        for said in saids
    ]
    return {"cham": "muc", "chon": "chi_mot_muc", "muc": rows}


def _is_no_share(bound: Bound) -> bool:
    return bound.percent is None or bound.day is not None or bool(bound.direction)


def _mixed(condition: Statement | None, look: Written, room: Room) -> Written:
    match condition:
        case Every(parts):
            return {"tat_ca": [_mixed(part, look, room) for part in parts]}
        case Either(parts):
            return {"mot_trong": [_mixed(part, look, room) for part in parts]}
        case Atom(bound=Bound(percent=True) as bound):
            [within] = intervals_of(condition, part_of=True) or [bound.interval]
            return look | interval(within, Unit.PERCENT)
        case Atom():
            return condition_of(condition, room)
    raise NotBuilt("không đọc được điều kiện", "the condition is not readable")


def _options(saids: Sequence[Said], room: Room) -> Written:
    room.doubt(ONE_OF)
    labels = [label_of(said) for said in saids]
    keys = [figure_name(label) for label in labels]
    if len(set(keys)) < len(keys):
        raise NotBuilt("hai câu nêu cùng một điều", "two sentences state the same")
    options = tuple(zip(keys, labels, strict=True))
    name = room.figures.add(f"mức đạt được: {begun_small(room.name)}", FactType.CHOICE, options=options)
    rows = {
        key: {"diem": fixed_points(said, room), "nguyen_van": said.quote} for key, said in zip(keys, saids, strict=True)
    }
    return {"cham": "chon_mot", "chon": name, "muc": rows}


def _subjects(atoms: Sequence[Atom]) -> dict[str, str] | None:
    """Which statements are about the same thing: one denies what another states. None where one is denied alone."""
    held = {stated(atom.words): frozenset(words_in(stated(atom.words))) for atom in atoms if not atom.negated}
    found = {words: words for words in held}
    for atom in atoms:
        words = stated(atom.words)
        if words in found:
            continue
        mine = frozenset(words_in(words))
        near = [other for other, theirs in held.items() if mine <= theirs and not joints_in(other)]
        if len(near) != 1:
            return None
        found[words] = near[0]
    return found


def _grouped(condition: Statement | None, groups: dict[str, str], room: Room) -> Written:
    match condition:
        case Atom():
            name = room.figures.add(groups[stated(condition.words)], FactType.YES_NO)
            return {"khong" if condition.negated else "co": name}
        case Every(parts):
            return {"tat_ca": [_grouped(part, groups, room) for part in parts]}
        case Either(parts):
            return {"mot_trong": [_grouped(part, groups, room) for part in parts]}
    raise NotBuilt("không đọc được điều kiện", "the condition is not readable")


def _are_apart(saids: Sequence[Said], groups: dict[str, str]) -> bool:
    """Whether no two levels can hold together, whatever is there and is not."""
    names = sorted(set(groups.values()))
    if len(names) > 6:
        return False
    for values in product((True, False), repeat=len(names)):
        given = dict(zip(names, values, strict=True))
        if sum(_holds(said.clause.condition, groups, given) for said in saids) > 1:
            return False
    return True


def _holds(condition: Statement | None, groups: dict[str, str], given: dict[str, bool]) -> bool:
    match condition:
        case Atom():
            return given[groups[stated(condition.words)]] != condition.negated
        case Every(parts):
            return all(_holds(part, groups, given) for part in parts)
        case Either(parts):
            return any(_holds(part, groups, given) for part in parts)
    return False
