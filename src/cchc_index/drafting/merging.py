"""A changed annex over a draft that a person has worked on: three ways, row by row, nothing decided is lost.

`base` is what the annex gave last time, `mine` what the person made of it, `fresh` what the annex gives now. What only
one side changed is taken from it; what both changed stays as the person left it, and is told.

>>> row = {"ma": "1", "ten": "A", "diem_toi_da": "2", "cham": "khong_quy_dinh"}
>>> mine, fresh = row | {"ten": "B"}, row | {"diem_toi_da": "3"}
>>> keys, told = merged({"tieu_chi": [row]}, {"tieu_chi": [mine]}, {"tieu_chi": [fresh]})
>>> keys["tieu_chi"][0]["ten"], keys["tieu_chi"][0]["diem_toi_da"], [one.message.vi for one in told]
('B', '3', ['điểm tối đa: «2» thành «3»'])
"""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from cchc_index.errors import Text, short
from cchc_index.files.raising import Written
from cchc_index.office.annex_parts import KINDS

_SINGLE = ("ten", "diem_toi_da", "nguon", "kiem_chung", "phan_cong", "ghi_chu")
_WORDS = {
    "ten": Text("tên", "name"),
    "diem_toi_da": Text("điểm tối đa", "maximum"),
    "nguon": Text("vị trí", "place"),
    "kiem_chung": Text("tài liệu kiểm chứng", "evidence"),
    "phan_cong": Text("cơ quan", "agency"),
    "ghi_chu": Text("ghi chú", "remarks"),
}
_RULE = Text("cách chấm", "rule")
_QUIET = ("nguon",)


@frozen
class Change:
    """One thing that the annex changed: at which row, what; `is_conflict` where the person had changed it too."""

    code: str
    message: Text
    is_conflict: bool = False


@frozen
class _Row:
    keys: Written
    parent: str


def merged(base: Written, mine: Written, fresh: Written) -> tuple[Written, tuple[Change, ...]]:
    """The person's ruleset with what the annex changed, and every change told."""
    told: list[Change] = []
    before, held, now = _rows(base), _rows(mine), _rows(fresh)
    kept = {code: _row(code, before, held, now, told) for code in dict.fromkeys([*now, *held])}
    rows = {code: row for code, row in kept.items() if row is not None}
    whole = _whole(base, mine, fresh, told)
    return whole | _tree(rows, [*now, *(code for code in held if code not in now)]), tuple(told)


def _rows(keys: Written) -> dict[str, _Row]:
    return {row["ma"]: _Row(row, parent) for kind in KINDS for row, parent in _walk(keys.get(kind, []), kind)}


def _walk(rows: list[Written], parent: str) -> Iterator[tuple[Written, str]]:
    for row in rows:
        yield row, parent
        yield from _walk(row.get("gom", []), row["ma"])


def _row(
    code: str, before: dict[str, _Row], held: dict[str, _Row], now: dict[str, _Row], told: list[Change]
) -> _Row | None:
    old, own, new = before.get(code), held.get(code), now.get(code)
    if new is None:
        return _gone(code, old, own, told)
    if own is None:
        return _came(code, old, new, told)
    keys = _units(code, old.keys if old else {}, own.keys, new.keys, told)
    return _Row(keys, own.parent if old and own.parent != old.parent else new.parent)


def _gone(code: str, old: _Row | None, own: _Row | None, told: list[Change]) -> _Row | None:
    """A row that the annex has no more: dropped where nobody worked on it."""
    assert own is not None
    if old is None:
        return own
    if _own_keys(old.keys) == _own_keys(own.keys):
        told.append(Change(code, Text("phụ lục không còn dòng này, đã bỏ", "no longer in the annex: dropped")))
        return None
    words = Text(
        "phụ lục không còn dòng này, dòng đã sửa nên giữ lại", "no longer in the annex; it was edited, so kept"
    )
    told.append(Change(code, words, is_conflict=True))
    return own


def _came(code: str, old: _Row | None, new: _Row, told: list[Change]) -> _Row | None:
    """A row that is new, or that the person had taken out."""
    if old is None:
        told.append(Change(code, Text("dòng mới", "a new row")))
        return new
    if _own_keys(old.keys) != _own_keys(new.keys):
        words = Text("dòng đã bị xóa khỏi bộ, phụ lục đổi nó", "taken out of the set; the annex changed it")
        told.append(Change(code, words, is_conflict=True))
    return None


def _own_keys(row: Written) -> Written:
    return {key: value for key, value in row.items() if key != "gom"}


def _units(code: str, old: Written, own: Written, new: Written, told: list[Change]) -> Written:
    """A row put together unit by unit: each heading by itself, the rule with its figures as one."""
    row: Written = {"ma": code}
    for key in _SINGLE:
        value = _chosen(code, _WORDS[key], (old.get(key), own.get(key), new.get(key)), told, quiet=key in _QUIET)
        row |= {} if value is None else {key: value}
    rules = (_rule(old), _rule(own), _rule(new))
    rule: Written = _chosen(code, _RULE, rules, told)
    return row | rule


def _rule(row: Written) -> Written:
    return {key: value for key, value in row.items() if key not in (*_SINGLE, "ma", "gom")}


def _chosen(code: str, what: Text, sides: tuple[Any, Any, Any], told: list[Change], *, quiet: bool = False) -> Any:
    """The side that counts; a change of the annex is told, and one that meets the person's own is a conflict."""
    old, own, new = sides
    if new in (old, own):
        return own
    clash = own != old
    if not quiet:
        after = Text(" (giữ bản đã sửa)", " (the edited one is kept)") if clash else Text("", "")
        vi = f"{what.vi}: «{_shown(old)}» thành «{_shown(new)}»{after.vi}"
        en = f"{what.en}: «{_shown(old)}» became «{_shown(new)}»{after.en}"
        told.append(Change(code, Text(vi, en), is_conflict=clash))
    return own if clash else new


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        words = list(_sentences(value)) or [str(value.get("cham", ""))]
        return short("; ".join(words))
    return short("; ".join(map(str, value)) if isinstance(value, list) else str(value or ""))


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("nguyen_van"), str):
            yield value["nguyen_van"]
        if isinstance(value.get("cau"), list):
            yield from map(str, value["cau"])
        for inner in value.values():
            yield from _sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner)


def _whole(base: Written, mine: Written, fresh: Written, told: list[Change]) -> Written:
    """What is said of the whole set, key by key; the keys of the person's file come first."""
    keys = [key for key in dict.fromkeys([*mine, *fresh]) if key not in KINDS]
    whole: Written = {}
    for key in keys:
        value = _chosen("", Text(key, key), (base.get(key), mine.get(key), fresh.get(key)), told)
        whole |= {} if value is None else {key: value}
    return whole


def _tree(rows: dict[str, _Row], order: list[str]) -> Written:
    """Rows under what they stand in, in order; one whose place is gone stands at the top."""
    inside: dict[str, list[str]] = {}
    for code in order:
        if code in rows:
            parent = rows[code].parent
            inside.setdefault(parent if parent in (*rows, *KINDS) else "tieu_chi", []).append(code)
    return {kind: [_grown(code, rows, inside) for code in inside[kind]] for kind in KINDS if kind in inside}


def _grown(code: str, rows: dict[str, _Row], inside: dict[str, list[str]]) -> Written:
    keys = _own_keys(rows[code].keys)
    if code not in inside:
        return keys
    kept = {key: value for key, value in keys.items() if key != "cham" or value != "khong_quy_dinh"}
    return kept | {"gom": [_grown(child, rows, inside) for child in inside[code]]}
