"""What is still possible, as a table and as plain data."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cchc_index.bounding.results import Bound, Bounds, Extreme
from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.plain import dump
from cchc_index.reporting.page import (
    Cell,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    Tone,
    columns_of,
    index_cell,
    points_cell,
    said,
)
from cchc_index.reporting.tables import organ_of, title_block
from cchc_index.sources import NOT_STATED

ENDLESS = Text("không cận", "no end")
NOWHERE = Text("không có điểm", "no points")
TOTAL, INDEX = Text("Tổng điểm", "Total"), Text("Chỉ số", "Index")
LEGEND = {
    "<": Text("«<», «>»: gần tới bao nhiêu cũng được, không tới hẳn", "«<», «>»: come near to, never reached"),
    "≤": Text(
        "«≤», «≥»: không vượt quá; có tới hay không thì chưa chứng minh", "«≤», «≥»: not passed; perhaps not reached"
    ),
}
SIGNS = {"least": (">", "≥"), "most": ("<", "≤")}


def bounds_report(rules: Ruleset, found: Bounds, lang: Lang) -> Page:
    """Every line with its least and most, the total and the index, the grades left, and what the marks mean."""
    columns = columns_of(
        "Mã|Tiêu chí|Ít nhất|Nhiều nhất|Tối đa|Còn thiếu", "Code|Criterion|Least|Most|Max|Missing", "ctnnnt", lang
    )
    rows, tops = [], {top.code for top in rules.criteria}
    for line in found.lines:
        is_sum = bool(rules[line.code].children)
        lacking = "" if is_sum else ", ".join(line.lacking)
        cells = (line.code, line.name, *_ends(line, lang), points_cell(line.max_points, lang), lacking)
        rows.append(Row(cells, Tone.PLAIN if not is_sum else Tone.AREA if line.code in tops else Tone.STRONG))
    lead = f"{found.unit} · {found.ruleset}/{found.version}"
    parts: list[Part] = [*title_block(rules.title, lang, lead, is_sample=rules.is_sample)]
    parts += [Table(columns, tuple(rows)), *_summary(found, lang), *_remarks(found, lang)]
    name = Text("Điểm còn có thể đạt", "What is still possible").said(lang)
    return Page(f"{name}: {found.unit}", (Section(name, tuple(parts)),), lang, organ_of(rules, found.unit))


def _ends(bound: Bound, lang: Lang, *, is_index: bool = False) -> tuple[Cell, Cell]:
    return _said(bound.least, "least", lang, is_index), _said(bound.most, "most", lang, is_index)


def _said(end: Extreme | None, side: str, lang: Lang, is_index: bool) -> Cell:
    if end is None:
        return NOWHERE.said(lang)
    if end.value is None:
        return ENDLESS.said(lang)
    number = index_cell(end.value, lang) if is_index else points_cell(end.value, lang)
    if end.is_reached and end.is_tight:
        return number
    return f"{SIGNS[side][not end.is_tight]} {said(number, lang)}"


def _summary(found: Bounds, lang: Lang) -> Iterator[Para]:
    to = Text("đến", "to").said(lang)
    for name, bound, is_index in ((TOTAL, found.total, False), (INDEX, found.index, True)):
        least, most = (said(end, lang) for end in _ends(bound, lang, is_index=is_index))
        told = least if least == most else f"{least} {to} {most}"
        yield Para(f"{name.said(lang)}: {told}", Role.STRONG)
    if found.grades:
        yield Para(Text("Xếp loại còn có thể", "Grades not ruled out").said(lang) + f": {', '.join(found.grades)}")


def _remarks(found: Bounds, lang: Lang) -> Iterator[Para]:
    for line in found.lines:
        if line.left_out and line.lacking:
            told = Text("không tính những cách điền mà", "completions left out where").said(lang)
            yield Para(f"{line.code}: {told} {'; '.join(text.said(lang) for text in line.left_out)}", Role.ITEM)
    ends = [end for bound in (*found.lines, found.total, found.index) for end in (bound.least, bound.most) if end]
    if any(end.is_tight and not end.is_reached and end.value is not None for end in ends):
        yield Para(f"{LEGEND['<'].said(lang)}", Role.ITEM)
    if any(not end.is_tight and end.value is not None for end in ends):
        yield Para(f"{LEGEND['≤'].said(lang)}", Role.ITEM)


def bounds_data(found: Bounds) -> dict[str, Any]:
    """Bounds as plain data: points as exact text, with the figures added that show each end."""
    return {
        "format": "cchc-index/bounds/1",
        "unit": found.unit,
        "ruleset": f"{found.ruleset}/{found.version}",
        "on": found.on and found.on.isoformat(),
        "total": _bound_data(found.total),
        "index": _bound_data(found.index),
        "grades": list(found.grades),
        "lines": [{"code": line.code, "name": line.name} | _bound_data(line) for line in found.lines],
    }


def _bound_data(bound: Bound) -> dict[str, Any]:
    return {
        "least": _end_data(bound.least),
        "most": _end_data(bound.most),
        "max_points": _exact(bound.max_points),
        "missing": list(bound.lacking),
        "left_out": [dump(text, Text) for text in bound.left_out],
    }


def _end_data(end: Extreme | None) -> dict[str, Any] | None:
    if end is None:
        return None
    told = {"value": _exact(end.value), "is_reached": end.is_reached, "is_tight": end.is_tight}
    return told | {"shown_by": {key: _plain(value) for key, value in end.added}}


def _exact(points: Points | None) -> str | None:
    return None if points is None else points.value if points is NOT_STATED else str(points)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value
