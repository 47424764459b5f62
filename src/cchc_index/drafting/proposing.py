"""From what the sentences of a row say, in one reading, to the keys of a rule in the shapes of the files.

Every shape is recognised by what the clauses hold, never by the words of one decision. What fits no shape, or fits two,
raises NotBuilt; nothing is filled in that no sentence says, but for what each key's note (`doubts`) tells.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from attrs import evolve

from cchc_index.checking.clauses.read import read
from cchc_index.checking.clauses.values import Affine, Atom, Ballots, Clause, Council, Most, Statement, atoms_of
from cchc_index.criteria import Policy
from cchc_index.drafting.bands import are_bands, at_zero_of, bands
from cchc_index.drafting.conditions import yes_no
from cchc_index.drafting.figures import Figures, begun_small, figure_name
from cchc_index.drafting.intervals import bounds_in, intervals_of
from cchc_index.drafting.levels import statements
from cchc_index.drafting.saying import (
    BARE,
    NO_ZERO,
    WHOLE_IS_ZERO,
    NotBuilt,
    Room,
    Said,
    fixed_points,
    has_number,
    silent_zero,
    slope_of,
)
from cchc_index.drafting.subjects import counted, kind_of, number_label, stated
from cchc_index.drafting.sums import checklist, is_each, is_list, is_taken, sum_rule
from cchc_index.files.numbers import write_number
from cchc_index.files.raising import Written, interval
from cchc_index.measures import FactType
from cchc_index.scoring.say import Unit
from cchc_index.sources import NOT_STATED

_MEAN = re.compile(
    r"trung bình(?: cộng)?(?: điểm)?(?: số điểm)?(?: của)? (?:tất cả )?(?:các|mỗi|từng|những) (.+?)"
    r"(?:[,.;]| làm tròn|$)",
    re.IGNORECASE,
)
_PLACE_OR_KIND = re.compile(r"^\s*(?:đối với|với|riêng)\s+", re.IGNORECASE)


def build(saids: Sequence[Said], room: Room) -> Written:
    """The keys of a row that say its sentences. Raises NotBuilt."""
    steps = [said for said in saids if said.clause.step is not None]
    scored = [said for said in saids if _scores(said)]
    beside = [said for said in saids if said not in steps and said not in scored]
    if not scored:
        raise NotBuilt("không câu nào nêu điểm", "no sentence states points")
    _look_at_bare(scored, room)
    full = [said for said in scored if _is_full(said)] if len(scored) > 1 and has_number(scored) else []
    kept = [said for said in scored if said not in full]
    mean = next((match for said in steps if (match := _MEAN.search(said.quote))), None)
    rule = _averaged(kept, mean[1], room) if mean else _rule(kept, room, _hint(full))
    exempt = [_exemption(said, Policy.FULL, rule, room) for said in full]
    exempt += [_exemption(said, said.clause.policy, rule, room) for said in beside]
    rounded = {"lam_tron": {"den": write_number(_step(steps[0])), "nguyen_van": steps[0].quote}} if steps else {}
    return rounded | ({"khong_danh_gia": exempt} if exempt else {}) | rule


def _look_at_bare(saids: Iterable[Said], room: Room) -> None:
    """Numbers without «điểm» are told; one beyond the maximum of the row is not taken for points."""
    bare = [points for said in saids if isinstance(points := said.clause.points, Affine) and points.bare]
    if bare:
        room.doubt(BARE)
    beyond = [points.base for points in bare if points.base and room.most is not NOT_STATED and points.base > room.most]
    if beyond:
        number = write_number(beyond[0])
        raise NotBuilt(
            f"số {number} sau dấu hai chấm lớn hơn điểm tối đa", f"{number} after a colon is more than the maximum"
        )


def _scores(said: Said) -> bool:
    clause = said.clause
    if clause.policy is not None or clause.step is not None:
        return False
    return clause.points is not None or clause.condition is not None or clause.at_zero is not None


def _step(said: Said) -> Fraction:
    assert said.clause.step is not None
    return said.clause.step


def _is_full(said: Said) -> bool:
    """«Không có … thì được điểm tối đa»: full points where something denied is not there."""
    points, atoms = said.clause.points, atoms_of(said.clause.condition)
    if not isinstance(points, Affine) or not points.of_max or points.slope or points.base != 1:
        return False
    return any(atom.negated and atom.bound is None for atom in atoms)


def _hint(full: Iterable[Said]) -> str:
    """What a denied statement calls the things that a share is of."""
    for said in full:
        if isinstance(said.clause.condition, Atom) and said.clause.condition.bound is None:
            return counted(stated(said.clause.condition.words))
    return ""


def _exemption(said: Said, policy: Policy | None, rule: Written, room: Room) -> Written:
    if policy is None:
        raise NotBuilt(f"«{said.quote}» không nêu điểm", f"«{said.quote}» states no points")
    condition = said.clause.condition
    when: Written = {}
    if policy is not Policy.FORBIDDEN and condition is not None:
        when = {"khi": _zero_whole(condition, policy, rule, room) or yes_no(condition, room)}
    return {"xu_ly": policy.value} | when | {"nguyen_van": said.quote}


def exemption_of(sentence: str, room: Room) -> Written | None:
    """The exemption that one sentence states by itself, where it can be read in one way; else None."""
    found = read(sentence)
    clauses = [clause for sense in found.senses for clause in sense.clauses]
    if len(found.senses) != 1 or len(clauses) != 1 or found.senses[0].unread or clauses[0].policy is None:
        return None
    return _exemption(Said(sentence, clauses[0]), clauses[0].policy, {}, room)


def _zero_whole(condition: Statement, policy: Policy, rule: Written, room: Room) -> Written | None:
    """A denied thing that is the whole of the share: none of it, where its name says so."""
    whole = rule.get("ti_so", ["", ""])[1]
    if policy is not Policy.FULL or not isinstance(condition, Atom) or whole not in room.figures.known:
        return None
    if room.figures.known[whole].label != counted(stated(condition.words)):
        return None
    room.doubt(WHOLE_IS_ZERO)
    return {"do": whole, "bang": "0"}


def _rule(saids: Sequence[Said], room: Room, hint: str = "") -> Written:
    heads = [said for said in saids if said.clause.points is None and said.clause.condition is not None]
    if heads:
        return _tiers(saids, heads, room)
    alone = saids[0].clause.points if len(saids) == 1 else None
    if isinstance(alone, Council):
        return _council(alone, saids[0], room)
    if any(isinstance(said.clause.points, Ballots) for said in saids):
        return _survey(saids, room)
    zero, others = _apart(saids, _is_zero_level) if _has_share(saids) else ([], list(saids))
    if zero and len(zero) == 1 and others:
        return _with_zero_level(zero[0], others, room)
    if any(
        isinstance(said.clause.points, Most) or is_list(said) for said in saids if not bounds_in(said.clause.condition)
    ):
        return checklist(saids, room)
    if are_bands(saids):
        return bands(saids, room, hint)
    if any(is_each(said) or is_taken(said) for said in saids):
        return sum_rule(saids, room)
    return statements(saids, room)


def _apart(saids: Iterable[Said], test: Callable[[Said], bool]) -> tuple[list[Said], list[Said]]:
    known = list(saids)
    return [said for said in known if test(said)], [said for said in known if not test(said)]


def _council(points: Council, said: Said, room: Room) -> Written:
    name = room.figures.add(f"điểm được chấm: {begun_small(room.name)}", FactType.POINTS)
    low, high, step = (write_number(one) for one in (points.low, points.high, points.step))
    return {"nguyen_van": said.quote, "cham": "cham_truc_tiep", "diem": name, "tu": low, "den": high, "buoc": step}


def _survey(saids: Sequence[Said], room: Room) -> Written:
    [*others] = [said for said in saids if not isinstance(said.clause.points, Ballots)]
    [main] = (
        [said for said in saids if isinstance(said.clause.points, Ballots)] if len(saids) - len(others) == 1 else [None]
    )
    if main is None or len(others) > 1 or not all(_is_zero_level(said) for said in others):
        raise NotBuilt("nhiều công thức phiếu hỏi trong một dòng", "several survey formulas in one row")
    ballots = main.clause.points
    assert isinstance(ballots, Ballots)
    options = (*ballots.counted, *ballots.left_out)
    label = f"phiếu khảo sát: {begun_small(room.name)}"
    name = room.figures.add(label, FactType.SURVEY, options=tuple((option, option) for option in options))
    weights = {option: write_number(weight * 100) + "%" for option, weight in ballots.weights}
    weights |= dict.fromkeys(ballots.left_out, "khong_tinh")
    zero = _zero_points(others[0], room) if others else silent_zero(room)
    scored = {"phieu": name, "he_so": weights, "diem": write_number(ballots.points), "mau_so_bang_0": zero}
    return {"nguyen_van": main.quote, "cham": "khao_sat"} | scored


def _averaged(saids: Sequence[Said], things: str, room: Room) -> Written:
    """The mean over records of the rule for one of them; what the rule looks at are the columns of a record."""
    inside = evolve(room, figures=Figures(room.figures.taken))
    rule = _rule(saids, inside)
    if "nguyen_van" in rule or "lam_tron" in rule:
        raise NotBuilt("không rõ tính trung bình của gì", "unclear what the mean is of")
    label = begun_small(things.strip())
    name = room.figures.add(label, FactType.RECORDS, fields=tuple(inside.figures.known.values()))
    return {"cham": "trung_binh", "ban_ghi": name, "moi_ban_ghi": rule}


def _has_share(saids: Iterable[Said]) -> bool:
    return any(
        slope_of(said) and said.clause.points.percent for said in saids if isinstance(said.clause.points, Affine)
    )


def _is_zero_level(said: Said) -> bool:
    """«Không có …: 2 điểm» beside a formula: the points of a zero denominator."""
    points, condition = said.clause.points, said.clause.condition
    fixed = isinstance(points, Affine) and not points.slope and points.base is not None
    return fixed and isinstance(condition, Atom) and condition.negated and condition.bound is None


def _with_zero_level(zero: Said, others: Sequence[Said], room: Room) -> Written:
    rule = _rule(others, room, counted(stated(zero.words)))
    if rule.get("cham") != "bac_thang" or "ti_so" not in rule:
        raise NotBuilt("có câu «không có …» bên một cách tính không phải tỷ lệ", "a denial beside what is no share")
    if NO_ZERO in room.doubts:
        room.doubts.remove(NO_ZERO)
    return rule | {"mau_so_bang_0": _zero_points(zero, room)}


def _zero_points(said: Said, room: Room) -> Written:
    room.doubt(WHOLE_IS_ZERO)
    return {"diem": fixed_points(said, room), "nguyen_van": said.quote}


def _tiers(saids: Sequence[Said], heads: Sequence[Said], room: Room) -> Written:
    """Another rule for each kind of unit or volume: a heading, then the sentences under it."""
    groups: list[tuple[Said, list[Said]]] = []
    for said in saids:
        if said in heads:
            groups.append((said, []))
        elif groups:
            groups[-1][1].append(said)
        else:
            raise NotBuilt("có câu chấm điểm đứng trước câu phân loại", "a scoring sentence stands before the tiers")
    if len(groups) < 2 or not all(under for _, under in groups):
        raise NotBuilt("câu không nêu điểm", "a sentence without points")
    whens = _whens([head for head, _ in groups], room)
    rows = []
    for (head, under), when in zip(groups, whens, strict=True):
        zero = [Said(head.quote, Clause(at_zero=head.clause.at_zero))] if head.clause.at_zero is not None else []
        rule = _rule([*under, *zero] if not zero else under, room)
        if zero and "ti_so" in rule:
            rule = rule | {"mau_so_bang_0": at_zero_of(zero, room)}
        elif zero:
            raise NotBuilt("câu về mẫu số bằng 0 đứng cạnh cách tính không phải tỷ lệ", "a zero share beside no share")
        rows.append({"khi": when, "nguyen_van": head.quote, "quy_tac": rule})
    return {"cham": "theo", "theo": rows}


def _whens(heads: Sequence[Said], room: Room) -> list[Written]:
    conditions = [head.clause.condition for head in heads]
    numbers = [bounds_in(condition) for condition in conditions]
    if all(found and all(bound.percent is False for bound in found) for found in numbers):
        label = number_label(atoms_of(conditions[0])[0].words, room.name)
        name = room.figures.add(label, kind_of(label))
        spans = [intervals_of(condition, part_of=False) for condition in conditions]
        if any(span is None or len(span) != 1 for span in spans):
            raise NotBuilt("không rõ khoảng của câu phân loại", "the numbers of a tier are unclear")
        return [{"do": name} | interval(span[0], Unit.PLAIN) for span in spans if span]
    if not all(_PLACE_OR_KIND.match(head.quote) and not re.search(r"\d", head.quote) for head in heads):
        raise NotBuilt("câu không nêu điểm", "a sentence without points")
    labels = [_PLACE_OR_KIND.sub("", head.quote).strip(" :;,.") for head in heads]
    options = tuple((figure_name(label), label) for label in labels)
    name = room.figures.add("loại đơn vị được chấm", FactType.CHOICE, options=options)
    return [{"so_lieu": name, "la": key} for key, _ in options]
