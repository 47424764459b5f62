"""Points read off one number: bands of a share, of a count, of days against a deadline, of a change."""

import re
from collections.abc import Sequence
from fractions import Fraction

from cchc_index.auditing.sheet import folded
from cchc_index.checking.clauses.intervals import words_in
from cchc_index.checking.clauses.values import Affine, Bound, Line, atoms_of
from cchc_index.drafting.conditions import one_thing
from cchc_index.drafting.figures import begun_small
from cchc_index.drafting.intervals import bounds_in, intervals_of, overlap
from cchc_index.drafting.saying import FROM_MOST, NotBuilt, Room, Said, has_number, maximum, silent_zero, slope_of
from cchc_index.drafting.subjects import counted, kind_of, number_label, share_labels, stated, subject, unit_in
from cchc_index.files.numbers import write_number
from cchc_index.files.raising import Written, interval
from cchc_index.measures import DayOfYear, FactType, Interval
from cchc_index.scoring.say import Unit

_AGAINST = re.compile(
    r"^(.+?)\s+(?:không\s+)?"
    r"(?:vượt(?: quá)?|bằng|ngắn hơn|dài hơn|ít hơn|nhiều hơn|cao hơn|thấp hơn)(?:\s+so với)?\s+(.+)$",
    re.IGNORECASE,
)
_BEYOND = re.compile(r"100\s*%.*trở lên|(?:trên|vượt|quá|hơn)\s+100\s*%", re.IGNORECASE)
_DAYS = re.compile(r"\b(ngay|han|thang)\b")


def are_bands(saids: Sequence[Said]) -> bool:
    """Whether all give points on one number: each bounds it, says that there is none, or is a formula alone."""
    bounded = [atom.words for said in saids for atom in atoms_of(said.clause.condition) if atom.bound]
    things = [set(words_in(words)) for words in bounded]
    return has_number(saids) and all(_is_band(said, things) for said in saids)


def _is_band(said: Said, things: Sequence[set[str]]) -> bool:
    points, atoms = said.clause.points, atoms_of(said.clause.condition)
    if not isinstance(points, Affine | Line) or (isinstance(points, Affine) and points.bracketed) or _takes(points):
        return False
    if not atoms:
        return isinstance(points, Affine) and points.base is not None and bool(points.slope)
    unbound = [set(words_in(stated(atom.words))) for atom in atoms if atom.bound is None]
    return all(any(words <= thing for thing in things) for words in unbound)


def _takes(points: Affine | Line) -> bool:
    return isinstance(points, Affine) and points.base is not None and points.base < 0


def bands(saids: Sequence[Said], room: Room, hint: str) -> Written:
    bounds = [bound for said in saids for bound in bounds_in(said.clause.condition)]
    one_thing([atom.words for said in saids for atom in atoms_of(said.clause.condition) if _counts(atom.bound)])
    percents: set[bool | None] = {bound.percent for bound in bounds if bound.percent is not None}
    percents |= {
        said.clause.points.percent for said in saids if slope_of(said) and isinstance(said.clause.points, Affine)
    }
    if len(percents) > 1 and not any(bound.day for bound in bounds):
        raise NotBuilt("câu tính bằng % đứng cạnh câu không tính bằng %", "percents stand beside plain numbers")
    if True in percents or any(bound.direction for bound in bounds):
        moves = any(bound.direction for bound in bounds)
        if moves:
            _all_bounded(saids)
        look, unit, part_of = _change(room) if moves else _share(saids, room, hint)
        zero = {"mau_so_bang_0": at_zero_of(saids, room)}
        return {"cham": "bac_thang"} | look | zero | {"bac": _pieces(saids, room, unit, part_of=part_of, turned=moves)}
    look = _number(saids, bounds, room)
    return {"cham": "bac_thang"} | look | {"bac": _pieces(saids, room, Unit.PLAIN)}


def _counts(bound: Bound | None) -> bool:
    """Whether a bound is on how many or how much, and not on days or on a rise."""
    return bound is not None and bound.percent is not None and not bound.direction and bound.day is None


def _share(saids: Sequence[Said], room: Room, hint: str) -> tuple[Written, Unit, bool]:
    atoms = [atom.words for said in saids for atom in atoms_of(said.clause.condition)]
    part, whole = share_labels([said.quote for said in saids], atoms, room.name, hint or _zero_hint(saids))
    kind = kind_of(f"{part} {whole}")
    part_of = not any(_BEYOND.search(said.quote) for said in saids)
    if part_of:
        names = room.figures.part(part, whole, kind)
    else:
        names = (room.figures.add(part, kind), room.figures.add(whole, kind))
    return {"ti_so": list(names)}, Unit.PERCENT, part_of


def _zero_hint(saids: Sequence[Said]) -> str:
    for said in saids:
        match = re.search(r"không có ([^;:()]+?) thì tỷ lệ được tính", said.quote, re.IGNORECASE)
        if match:
            return f"số {begun_small(match[1])}"
    return ""


def at_zero_of(saids: Sequence[Said], room: Room) -> str:
    shares = {said.clause.at_zero for said in saids if said.clause.at_zero is not None}
    if len(shares) > 1:
        raise NotBuilt("hai câu nói khác nhau về mẫu số bằng 0", "two sentences differ about a zero denominator")
    return write_number(shares.pop() * 100) + "%" if shares else silent_zero(room)


def _change(room: Room) -> tuple[Written, Unit, bool]:
    about = begun_small(room.name)
    now = room.figures.add(f"{about}: năm nay", FactType.AMOUNT)
    before = room.figures.add(f"{about}: năm trước", FactType.AMOUNT)
    return {"thay_doi": [now, before]}, Unit.PERCENT, False


def _number(saids: Sequence[Said], bounds: Sequence[Bound], room: Room) -> Written:
    """What is counted; days against a deadline are one day less another."""
    atoms = [atom.words for said in saids for atom in atoms_of(said.clause.condition)]
    if any(bound.percent is None or bound.day for bound in bounds):
        _all_bounded(saids)
        return {"do": _difference(atoms, bounds, room)}
    words = next((one for one in atoms if len(subject(one).after.split()) > 2), atoms[0])
    shown = next((one for one in atoms if subject(one).after), words)
    chosen = words if len(subject(words).after.split()) > 2 else shown
    unit = unit_in(subject(chosen).after)
    kind = FactType.AMOUNT if unit else kind_of(chosen)
    return {"do": room.figures.add(number_label(chosen, room.name), kind, unit=unit)}


def _all_bounded(saids: Sequence[Said]) -> None:
    """Raises NotBuilt for «không ban hành» among deadlines, «không tăng» among rises: neither is exactly zero."""
    for said in saids:
        if any(atom.bound is None for atom in atoms_of(said.clause.condition)):
            raise NotBuilt(
                f"«{said.quote}» không nêu hạn hay mức tăng giảm như các câu cạnh nó",
                f"«{said.quote}» names no deadline or change, as those beside it do",
            )


def _difference(atoms: Sequence[str], bounds: Sequence[Bound], room: Room) -> str:
    days = {bound.day for bound in bounds if bound.day}
    if len(days) > 1:
        raise NotBuilt("các câu tính từ nhiều ngày khác nhau", "the sentences count from different days")
    about = begun_small(room.name)
    against = [match for words in atoms if (match := _AGAINST.match(words))]
    if against and not days and not any(_DAYS.search(folded(words)) for words in atoms):
        one, other = counted(against[0][1]), counted(against[0][2])
        return f"{room.figures.add(one, kind_of(one))} - {room.figures.add(other, kind_of(other))}"
    given: DayOfYear | None = next(iter(days), None)
    done = room.figures.add(f"ngày thực hiện: {about}", FactType.DATE)
    due = room.figures.add(f"hạn thực hiện: {about}", FactType.DATE, given=given)
    return f"{done} - {due}"


def _pieces(
    saids: Sequence[Said], room: Room, unit: Unit, *, part_of: bool = False, turned: bool = False
) -> list[Written]:
    rows: list[tuple[Interval, Written]] = []
    name = "ti_so" if unit is Unit.PERCENT else "do"
    for said in saids:
        if said.clause.at_zero is not None and said.clause.points is None:
            continue
        found = intervals_of(said.clause.condition, part_of=part_of and not isinstance(said.clause.points, Line))
        if found is None:
            raise NotBuilt(f"không rõ khoảng của «{said.quote}»", f"the numbers of «{said.quote}» are unclear")
        said_in = {"nguyen_van": said.quote}
        rows += [(one, interval(one, unit) | _points(said, one, room, name, turned=turned) | said_in) for one in found]
    if overlap(one for one, _ in rows):
        raise NotBuilt("hai bậc chồng lên nhau", "two bands overlap", clash=True)
    return [row for _, row in rows]


def _points(said: Said, within: Interval, room: Room, name: str, *, turned: bool) -> Written:
    points = said.clause.points
    if isinstance(points, Line):
        if within.low is None or within.high is None:
            raise NotBuilt("nội suy cần hai cận", "a straight line needs two bounds")
        return {"noi_suy": [write_number(points.low), write_number(points.high)]}
    assert isinstance(points, Affine)
    base = points.base
    if base is None:
        room.doubt(FROM_MOST)
        base = maximum(room)
    times = maximum(room) if points.of_max else Fraction(1)
    slope = -points.slope if turned and points.direction < 0 else points.slope
    return {"diem": _expression(base * times * room.sign, slope * times * room.sign, name)}


def _expression(base: Fraction, slope: Fraction, name: str) -> str:
    if not slope:
        return write_number(base)
    term = f"{write_number(abs(slope))} x {name}"
    if not base:
        return term if slope > 0 else f"-{write_number(-slope)} x {name}"
    return f"{write_number(base)} {'-' if slope < 0 else '+'} {term}"
