"""Read back what `cchc show --docx/--xlsx` prints after the annex: documents, figures, how each row is scored.

What the annex itself shows (codes, names, points, sentences, evidence) is read from the annex, so that a change made
there counts; these tables only say what it does not show.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen

from cchc_index.auditing.sheet import folded
from cchc_index.errors import BadAnnex, Fault, Text
from cchc_index.files.raising import Written
from cchc_index.files.strict_yaml import parse_yaml
from cchc_index.office.annex_parts import FIGURES, PARENT, SCORING, SENTENCE, WHOLE
from cchc_index.office.tables import Cell, Row, Table

_NUMBERED = re.compile(r"(?P<key>[a-z_0-9]+) (?P<number>[1-9][0-9]{0,3})")
_DOCUMENT = re.compile(r"van_ban (?P<name>\S.*)")
_WRITTEN = ("{", "[", '"')
_MORE = ("ten", "loai", "don_vi", "trong")


@frozen
class Printed:
    """What the tables after the annex say: of the whole set, of each row, of each row's figures."""

    whole: Written
    rows: dict[str, Written] = field(factory=dict)
    figures: dict[str, dict[str, Written]] = field(factory=dict)
    parents: dict[str, str] = field(factory=dict)
    places: dict[str, str] = field(factory=dict)


def is_appendix(table: Table) -> bool:
    """Whether a table is one of those that are printed after the annex."""
    return any(_says(row, names) for row in table.rows[:2] for names in (WHOLE, FIGURES, SCORING))


def _says(row: Row, names: tuple[str, ...]) -> bool:
    return [folded(word) for word in row.words] == [folded(name) for name in names]


def printed_of(tables: Iterable[Table]) -> Printed | None:
    """What the tables after an annex say; None without them. Raises BadAnnex with every cell that is no value."""
    found = {names: list(_under(tables, names)) for names in (WHOLE, FIGURES, SCORING)}
    if not found[WHOLE] and not found[SCORING]:
        return None
    faults: list[Fault] = []
    whole: Written = {}
    for row in found[WHOLE]:
        _put(whole, row.cell(0).text, _value(row.cell(1), faults))
    printed = Printed(whole)
    for row in found[FIGURES]:
        _take_figure(printed, row, faults)
    for row in found[SCORING]:
        _take_key(printed, row, faults)
    if faults:
        raise BadAnnex(faults)
    return printed


def _under(tables: Iterable[Table], names: tuple[str, ...]) -> Iterator[Row]:
    """The rows under the headings `names`, in every table that has them."""
    for table in tables:
        start = next((number for number, row in enumerate(table.rows[:2]) if _says(row, names)), None)
        if start is not None:
            yield from (row for row in table.rows[start + 1 :] if any(row.words) and not _says(row, names))


def _take_figure(printed: Printed, row: Row, faults: list[Fault]) -> None:
    code, name, *known = (row.cell(column).text for column in range(6))
    figure: Written = {key: text for key, text in zip(_MORE, known, strict=True) if text}
    more = _value(row.cell(6), faults) if row.cell(6).text else {}
    figure |= more if isinstance(more, dict) else {}
    printed.figures.setdefault(code, {})[name] = figure


def _take_key(printed: Printed, row: Row, faults: list[Fault]) -> None:
    code, key = row.cell(0).text, row.cell(1).text
    if key == PARENT:
        printed.parents[code] = row.cell(2).text
        return
    printed.places.setdefault(code, row.place)
    _put(printed.rows.setdefault(code, {}), key, _value(row.cell(2), faults))


def _put(keys: Written, key: str, value: Any) -> None:
    """A key and its value; «bac 2» is the next item of a list, «van_ban QD» one document."""
    if match := _DOCUMENT.fullmatch(key):
        keys.setdefault("van_ban", {})[match["name"]] = value
    elif match := _NUMBERED.fullmatch(key):
        keys.setdefault(match["key"], []).append(value)
    else:
        keys[key] = value


def _value(cell: Cell, faults: list[Fault]) -> Any:
    """What a cell says: words as they stand, or the notation of the files."""
    text = " ".join(cell.text.split("\n"))
    if not text.startswith(_WRITTEN):
        return text
    node, found = parse_yaml(text, cell.place)
    if node is None or found:
        message = Text(f"«{text[:40]}» không đọc được như giá trị của tệp", f"«{text[:40]}» is no value of a file")
        faults.append(Fault(message, place=cell.place))
        return text
    return node.plain()


def with_sentences(value: Any, sentences: tuple[str, ...], place: str) -> Any:
    """Keys with the sentence in place of its number in the annex. Raises BadAnnex for a number beyond them."""
    if isinstance(value, list):
        return [with_sentences(inner, sentences, place) for inner in value]
    if not isinstance(value, dict):
        return value
    kept = {key: with_sentences(inner, sentences, place) for key, inner in value.items()}
    number = kept.get(SENTENCE)
    if not isinstance(number, str):
        return kept
    if not number.isdecimal() or not 0 < int(number) <= len(sentences):
        message = Text(f"không có câu {number} ở cột cách tính điểm của dòng", f"the row has no sentence {number}")
        raise BadAnnex([Fault(message, place=place)])
    said = {"nguyen_van": sentences[int(number) - 1]}
    return {key: inner for key, inner in kept.items() if key != SENTENCE} | said
