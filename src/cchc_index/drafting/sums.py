"""Points that add up or are taken off: so much for each, items of a checklist, lists with a limit."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from cchc_index.checking.clauses.values import Affine, Atom, Most
from cchc_index.drafting.conditions import condition_of
from cchc_index.drafting.figures import begun_small
from cchc_index.drafting.saying import FROM_MOST, NO_FLOOR, NotBuilt, Room, Said, fixed_points, maximum
from cchc_index.drafting.subjects import counted, kind_of, stated
from cchc_index.files.numbers import write_number
from cchc_index.files.raising import Written
from cchc_index.files.schema import SILENCE
from cchc_index.measures import FactType
from cchc_index.rules import ZERO


def is_each(said: Said) -> bool:
    points = said.clause.points
    return isinstance(points, Affine) and points.base is None and said.clause.condition is None


def is_taken(said: Said) -> bool:
    points = said.clause.points
    return isinstance(points, Affine) and points.base is not None and points.base < 0


def is_list(said: Said) -> bool:
    """«Trang thiết bị: mỗi loại 0,25 điểm nhưng không quá 1 điểm, gồm:»."""
    points = said.clause.points
    return isinstance(points, Affine) and points.base is None and said.clause.condition is not None


def sum_rule(saids: Sequence[Said], room: Room) -> Written:
    signs = {_sign(said) * room.sign for said in saids} - {0}
    if signs == {-1}:
        room.doubt(FROM_MOST)
        room.doubt(NO_FLOOR)
        taken = [item(said, evolve(room, sign=-room.sign)) for said in saids]
        return {"cham": "tru_dan", "diem_goc": write_number(maximum(room)), "tru": taken, "san": SILENCE}
    if len(signs) > 1:
        raise NotBuilt("dòng vừa cộng vừa trừ", "the row both adds and takes off")
    return {"cham": "cong_don", "muc": [item(said, room) for said in saids]}


def _sign(said: Said) -> int:
    points = said.clause.points
    value = 0 if not isinstance(points, Affine) else points.slope or points.base or 0
    return (value > 0) - (value < 0)


def item(said: Said, room: Room) -> Written:
    """One line of a checklist: so much for each, under a bound, or for having something."""
    points, condition = said.clause.points, said.clause.condition
    if not isinstance(points, Affine):
        raise NotBuilt(f"«{said.quote}» không phải một mục", f"«{said.quote}» is no item")
    if points.base is None and condition is None:
        label = _counted_things(said.quote)
        cap = {} if points.cap is None else {"toi_da": write_number(points.cap)}
        each = {"moi": room.figures.add(label, kind_of(label)), "diem": write_number(points.slope * room.sign)}
        return {"ten": label} | each | cap | {"nguyen_van": said.quote}
    if condition is None:
        raise NotBuilt(f"«{said.quote}» không nói của việc gì", f"«{said.quote}» does not say of what")
    fixed = {"diem": fixed_points(said, room), "nguyen_van": said.quote}
    if isinstance(condition, Atom) and condition.bound is None:
        # a denial that earns or costs points is a thing of its own: «không trung thực trừ 2 điểm»
        label = begun_small(condition.words.strip(" ,;:."))
        label = stated(condition.words) if not condition.negated else label
        return {"ten": label, "co": room.figures.add(label, FactType.YES_NO)} | fixed
    return {"ten": begun_small(said.words), "khi": condition_of(condition, room)} | fixed


def _counted_things(quote: str) -> str:
    """«Mỗi nhiệm vụ trễ hạn trừ 0,25 điểm»: what is counted."""
    match = re.search(r"mỗi\s+(.+?)\s*(?::|,?\s*(?:được|bị)?\s*(?:cộng|trừ|tính|đạt)?\s*\d)", quote, re.IGNORECASE)
    return counted(re.sub(r"\s+(?:được|bị|thì|cộng|trừ)+$", "", match[1] if match else quote))


def checklist(saids: Sequence[Said], room: Room) -> Written:
    """Items, some of them under a heading with a limit of its own; those after it belong to it until they fill it."""
    rows: list[Written] = []
    waiting = list(saids)
    while waiting:
        said = waiting.pop(0)
        points = said.clause.points
        if not (isinstance(points, Most) or is_list(said)):
            rows.append(item(said, room))
            continue
        inside = _inside(points, waiting)
        waiting = waiting[len(inside) :]
        cap = {"toi_da": write_number(points.cap)} if isinstance(points, Affine) and points.cap is not None else {}
        nested = [item(one, room) for one in inside]
        rows.append({"ten": begun_small(said.words)} | cap | {"nguyen_van": said.quote, "muc": nested})
    return {"cham": "cong_don", "muc": rows}


def _inside(points: Any, waiting: Sequence[Said]) -> list[Said]:
    """The sentences that belong to a heading: those in brackets, or as many as add up to what it allows."""
    bracketed = []
    for said in waiting:
        if not (isinstance(said.clause.points, Affine) and said.clause.points.bracketed):
            break
        bracketed.append(said)
    if bracketed or not isinstance(points, Most):
        if not bracketed:
            raise NotBuilt("không rõ những mục nào thuộc danh sách", "unclear which items belong to the list")
        return bracketed
    total, held = ZERO, list[Said]()
    for said in waiting:
        if total >= points.points:
            break
        total += _base(said)
        held.append(said)
    if total != points.points:
        raise NotBuilt("các mục con không cộng đúng điểm của mục", "the items do not add up to their heading")
    return held


def _base(said: Said) -> Fraction:
    points = said.clause.points
    return points.base if isinstance(points, Affine) and points.base is not None and not points.slope else ZERO
