"""What is still possible, as a table and as plain data."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text as Styled

from cchc_index.bounding.results import Bound, Bounds, Extreme
from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.plain import dump
from cchc_index.reporting.tables import SAMPLE, said_index, said_points, table_of
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


def bounds_report(rules: Ruleset, found: Bounds, lang: Lang) -> RenderableType:
    """Every line with its least and most, the total and the index, the grades left, and what the marks mean."""
    words = Text("Mã|Tiêu chí|Ít nhất|Nhiều nhất|Tối đa|Còn thiếu", "Code|Criterion|Least|Most|Max|Missing").said(lang)
    table = table_of(*zip(words.split("|"), ("code", "text", "number", "number", "number", "text"), strict=True))
    for line in found.lines:
        whole, lacking = said_points(line.max_points, lang), ", ".join(line.lacking)
        cells = (line.code, line.name, *_ends(line, lang), whole, "" if rules[line.code].children else lacking)
        table.add_row(*map(escape, cells), style="bold" if rules[line.code].children else "")
    title = Styled(f"{rules.title}\n", style="bold")
    title.append(f"{SAMPLE.said(lang)}\n" if rules.is_sample else "", style="bold red")
    title.append(f"{found.unit} · {found.ruleset}/{found.version}\n", style="not bold")
    return Group(title, table, *_summary(found, lang), *_remarks(found, lang))


def _ends(bound: Bound, lang: Lang, *, is_index: bool = False) -> tuple[str, str]:
    return _said(bound.least, "least", lang, is_index), _said(bound.most, "most", lang, is_index)


def _said(end: Extreme | None, side: str, lang: Lang, is_index: bool) -> str:
    if end is None:
        return NOWHERE.said(lang)
    if end.value is None:
        return ENDLESS.said(lang)
    number = said_index(end.value, lang) if is_index else said_points(end.value, lang)
    mark = "" if end.is_reached and end.is_tight else SIGNS[side][not end.is_tight] + " "
    return mark + number


def _summary(found: Bounds, lang: Lang) -> Iterator[Styled]:
    to = Text("đến", "to").said(lang)
    for name, bound, is_index in ((TOTAL, found.total, False), (INDEX, found.index, True)):
        least, most = _ends(bound, lang, is_index=is_index)
        told = least if least == most else f"{least} {to} {most}"
        yield Styled(f"{name.said(lang)}: {told}", style="bold")
    if found.grades:
        yield Styled(Text("Xếp loại còn có thể", "Grades not ruled out").said(lang) + f": {', '.join(found.grades)}")


def _remarks(found: Bounds, lang: Lang) -> Iterator[Styled]:
    for line in found.lines:
        if line.left_out and line.lacking:
            told = Text("không tính những cách điền mà", "completions left out where").said(lang)
            yield Styled(f"- {line.code}: {told} {'; '.join(text.said(lang) for text in line.left_out)}")
    ends = [end for bound in (*found.lines, found.total, found.index) for end in (bound.least, bound.most) if end]
    if any(end.is_tight and not end.is_reached and end.value is not None for end in ends):
        yield Styled(f"- {LEGEND['<'].said(lang)}")
    if any(not end.is_tight and end.value is not None for end in ends):
        yield Styled(f"- {LEGEND['≤'].said(lang)}")


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
