"""What changed between two versions, and what that does to units: as reports, and as plain data for JSON."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from cchc_index.comparing.alone import Result
from cchc_index.comparing.changes import LABELS, Change, Kind
from cchc_index.comparing.diff import Diff, Reference
from cchc_index.comparing.effects import Effect, Verdict, Witness
from cchc_index.comparing.grades import GradeWitness
from cchc_index.comparing.impact import Impact, LineMove, UnitImpact
from cchc_index.criteria import Basing, Points
from cchc_index.errors import Lang, Text
from cchc_index.measures import Fact, figure
from cchc_index.plain import dump
from cchc_index.points import show, show_percent
from cchc_index.reporting import page
from cchc_index.reporting.page import Amount, Cell, Page, Para, Part, Role, Row, Section, Table, columns_of, items
from cchc_index.reporting.tables import grade_name, said_index, said_option, said_points
from cchc_index.scoring.say import say_value, unit_of
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

NOTHING = Text("Không có gì khác.", "Nothing differs.")
SAME_SCORE = Text(
    "Đã chứng minh: mọi đơn vị khai đủ số liệu được cùng điểm, chỉ số, xếp loại và hạng theo hai phiên bản.",
    "Proved: every unit that gives all its figures has the same points, index, grade and rank under both versions.",
)
SAME = Text("không đổi điểm (đã chứng minh với mọi số liệu)", "no effect on its points (proved for all figures)")
UNKNOWN = Text(
    "không tìm thấy số liệu làm điểm khác, cũng chưa chứng minh được là không đổi",
    "no figures were found on which points differ, nor a proof that there are none",
)


_ON_POINTS = Text("Ảnh hưởng đến điểm", "Effect on points")
_ELSEWHERE = Text("số liệu nêu ở chỗ khác", "figures declared elsewhere")
_WHOLE = Text("cả bộ", "the whole set")


def differences(found: Diff, lang: Lang) -> Page:
    """What changed: what was, what is now, what it does to points, with figures on which the versions part."""
    title = _title(found.old, found.new)
    changed = bool(found.changes or found.effects or found.grades)
    parts: list[Part] = [Para(title, Role.TITLE)]
    parts += [_compared(found, lang)] if changed else []
    parts += [Para(NOTHING.said(lang))] if found.is_same else []
    parts += [Para(SAME_SCORE.said(lang), Role.STRONG)] if found.changes and found.is_same_score else []
    name = Text("So sánh, thuyết minh", "Comparison").said(lang)
    return Page(f"{name}: {title}", (Section(name, tuple(parts)),), lang)


def _title(old: Reference, new: Reference) -> str:
    return f"{old.ruleset}/{old.version} → {new.ruleset}/{new.version}"


def _compared(found: Diff, lang: Lang) -> Table:
    """The table of a Tờ trình: old text, new text, effect; in words, the sentences and then the effects."""
    effects = {effect.code: _effect(effect, lang) for effect in found.effects}
    words = [*items([change.sentence.said(lang) for change in found.changes])]
    told = [f"{code}: {effect}" for code, effect in effects.items()]
    told += [_grade(witness, lang) for witness in found.grades]
    words += [Para(_ON_POINTS.said(lang) + ":", Role.HEADING), *items(told)] if told else []
    rows = [_changed(change, effects.pop(change.code, ""), lang) for change in found.changes]
    rows += [Row((code, _ELSEWHERE.said(lang), page.NOTHING, page.NOTHING, told)) for code, told in effects.items()]
    rows += [_regraded(witness, lang) for witness in found.grades]
    columns = columns_of(
        "Mã|Nội dung|Quy định cũ|Quy định mới|Ảnh hưởng đến điểm",
        "Code|What|Old text|New text|Effect on points",
        "ctttt",
        lang,
    )
    return Table(columns, tuple(rows), in_words=tuple(words))


def _changed(change: Change, effect: str, lang: Lang) -> Row:
    """One change as a row; what a change of several rows does to points stands in the first."""
    old, new = (page.NOTHING if text is None else text.said(lang) for text in (change.old, change.new))
    return Row((change.code or _WHOLE.said(lang), LABELS[change.kind].said(lang), old, new, effect))


def _regraded(witness: GradeWitness, lang: Lang) -> Row:
    label = LABELS[Kind.GRADES].said(lang)
    return Row((_WHOLE.said(lang), label, witness.old.said(lang), witness.new.said(lang), _grade(witness, lang)))


def _effect(effect: Effect, lang: Lang) -> str:
    if effect.witness is None:
        return (SAME if effect.verdict is Verdict.SAME else UNKNOWN).said(lang)
    old, new = (_result(result, lang) for result in (effect.witness.old, effect.witness.new))
    return Text("với", "with").said(lang) + f" {_given(effect.witness, lang)}: {old} → {new}"


def _given(witness: Witness, lang: Lang) -> str:
    shown = [_said(name, value, witness.facts, lang) for name, value in witness.unit.figures.items()]
    asked = [Text("đơn vị đề nghị không đánh giá", "the unit asks not to be assessed").said(lang)]
    listed = [*shown, *(asked if witness.unit.exemptions else [])]
    return ", ".join(listed) or Text("mọi số liệu", "any figures").said(lang)


def _said(name: str, value: Any, facts: Mapping[str, Fact], lang: Lang) -> str:
    """A figure by what the decision calls it; by its key where nothing declares it."""
    fact = facts.get(name, Fact(name, ""))
    return f"{f'«{fact.label}»' if fact.label else name} = {_figure(fact, value, lang)}"


def _figure(fact: Fact, value: Any, lang: Lang) -> str:
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Mapping):
        labels = dict(fact.options)
        return "{" + ", ".join(f"{labels.get(key, key)}: {show(count, lang)}" for key, count in value.items()) + "}"
    if isinstance(value, list):
        return "[" + "; ".join(_record(fact, record, lang) for record in value) + "]"
    if isinstance(value, str):
        return said_option(fact, value, lang)
    number = say_value(value, unit_of(figure(fact.name), {fact.name: fact}), lang)
    return f"{number} {fact.unit}" if fact.unit else number


def _record(fact: Fact, record: Mapping[str, Any], lang: Lang) -> str:
    fields = {one.name: one for one in fact.fields}
    return "{" + ", ".join(_said(name, value, fields, lang) for name, value in record.items()) + "}"


def _result(result: Result, lang: Lang) -> str:
    if result.reason is not None:
        return result.reason.said(lang)
    assert result.points is not None
    return said_points(result.points, lang) + Text(" điểm", " points").said(lang)


def _grade(witness: GradeWitness, lang: Lang) -> str:
    is_index = witness.on is Basing.INDEX
    value = show_percent(witness.value, lang) if is_index else show(witness.value, lang)
    name = Text("chỉ số", "an index of") if is_index else Text("tổng điểm", "a total of")
    return f"{name.said(lang)} {value}: {witness.old.said(lang)} → {witness.new.said(lang)}"


def impacts(found: Impact, lang: Lang) -> Page:
    """Units under both versions: points, index, grade and place, what moved them, and who could not be scored."""
    columns = columns_of(
        "Đơn vị|Điểm|Thêm bớt|Chỉ số|Xếp loại|Hạng", "Unit|Points|Change|Index|Grade|Rank", "ttnttt", lang
    )
    rows = [Row(tuple(_moved(one, one.old, one.new, lang))) for one in found.units if one.old and one.new]
    title = _title(found.old, found.new)
    below = [Para(line) for line in _below(found.units, lang)]
    name = Text("Ảnh hưởng đến các đơn vị", "Effect on units").said(lang)
    parts: tuple[Part, ...] = (Para(title, Role.TITLE), Table(columns, tuple(rows)), *below)
    return Page(f"{name}: {title}", (Section(name, parts),), lang)


def _moved(one: UnitImpact, old: Card, new: Card, lang: Lang) -> Iterator[Cell]:
    yield one.unit
    yield _arrow(said_points(old.points, lang), said_points(new.points, lang))
    yield _change(old.points, new.points)
    yield _arrow(said_index(old.index, lang), said_index(new.index, lang))
    yield _arrow(grade_name(old, lang), grade_name(new, lang))
    yield _arrow(*(page.NOTHING if place is None else str(place) for place in (one.old_place, one.new_place)))


def _arrow(old: str, new: str) -> str:
    return new if old == new else f"{old} → {new}"


def _change(old: Points, new: Points) -> Cell:
    return page.NOTHING if old is NOT_STATED or new is NOT_STATED else Amount(new - old, signed=True)


def _below(units: Iterable[UnitImpact], lang: Lang) -> Iterator[str]:
    known = list(units)
    for one in known:
        if one.lines:
            moves = (
                f"{line.code or line.old_code} {_points(line.old, lang)} → {_points(line.new, lang)}"
                for line in one.lines
            )
            yield f"{one.unit}: " + "; ".join(moves)
    for one in known:
        for version, faults in ((Text("bản cũ", "old"), one.old_faults), (Text("bản mới", "new"), one.new_faults)):
            head = Text(f"{one.unit}: {version.vi} không chấm được", f"{one.unit}: {version.en} cannot score it")
            yield from (f"{head.said(lang)}: {fault.said(lang)}" for fault in faults)
        if one.left_out:
            left = Text("không dùng đến ở một bản", "not used by one version").said(lang)
            yield f"{one.unit}: {left}: {', '.join(one.left_out)}"


def _points(points: Points | None, lang: Lang) -> str:
    return page.NOTHING if points is None else said_points(points, lang)


def diff_data(found: Diff) -> dict[str, Any]:
    """A diff as plain data, exact numbers as text."""
    return {
        "format": "cchc-index/diff/1",
        "old": dump(found.old, Reference),
        "new": dump(found.new, Reference),
        "library": found.library,
        "is_same": found.is_same,
        "is_same_score": found.is_same_score,
        "changes": [_change_data(change) for change in found.changes],
        "effects": [_effect_data(effect) for effect in found.effects],
        "grades": [dump(witness, GradeWitness) for witness in found.grades],
    }


def _change_data(change: Change) -> dict[str, Any]:
    plain: dict[str, Any] = dump(change, Change)
    return plain | {"sentence": dump(change.sentence, Text)}


def _effect_data(effect: Effect) -> dict[str, Any]:
    plain = {"code": effect.code, "old_code": effect.old_code, "verdict": effect.verdict.value}
    if effect.witness is None:
        return plain
    unit = effect.witness.unit
    given = {
        "figures": _plain(dict(unit.figures)),
        "exemptions": dict(unit.exemptions),
        "period": _plain(unit.period and [unit.period.start, unit.period.end]),
    }
    results = {key: dump(result, Result) for key, result in (("old", effect.witness.old), ("new", effect.witness.new))}
    return plain | {"witness": given | results}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


def impact_data(found: Impact) -> dict[str, Any]:
    """An impact as plain data: totals in full, the lines that moved, and every reason why a unit has none."""
    heads = {"old": dump(found.old, Reference), "new": dump(found.new, Reference), "library": found.library}
    return {"format": "cchc-index/impact/1"} | heads | {"units": [_unit_data(one) for one in found.units]}


def _unit_data(one: UnitImpact) -> dict[str, Any]:
    sides = (("old", one.old, one.old_place, one.old_faults), ("new", one.new, one.new_place, one.new_faults))
    plain: dict[str, Any] = {"unit": one.unit, "left_out": list(one.left_out)}
    for key, card, place, faults in sides:
        plain[key] = {"faults": [dump(fault, Text) for fault in faults]} | (
            {} if card is None else _card_data(card, place)
        )
    return plain | {"lines": [_line_data(line) for line in one.lines]}


def _line_data(line: LineMove) -> dict[str, Any]:
    points = {"old": _exact(line.old), "new": _exact(line.new)}
    return {"code": line.code, "old_code": line.old_code, "name": line.name, **points}


def _card_data(card: Card, place: int | None) -> dict[str, Any]:
    grade = card.grade.value if card.grade is NOT_STATED else card.grade and card.grade.name
    numbers: dict[str, Any] = {
        "points": _exact(card.points),
        "max_points": _exact(card.max_points),
        "index": _exact(card.index),
    }
    return numbers | {"grade": grade, "place": place}


def _exact(points: Points | None) -> str | None:
    return None if points is None else points.value if points is NOT_STATED else str(points)
