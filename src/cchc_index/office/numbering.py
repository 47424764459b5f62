"""The numbers that Word computes and does not store: those of its numbered lists, as they stand on paper."""

import re
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen
from docx.oxml.ns import qn

_PLACE = re.compile(r"%([1-9])")
_ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@frozen
class Level:
    """How one level of a list counts: its format, the pattern of its label, the number it starts with."""

    form: str = "decimal"
    label: str = ""
    start: int = 1


@frozen
class Numbering:
    """The lists of one document while its paragraphs are read from top to bottom."""

    levels: dict[str, dict[int, Level]]
    lists: dict[str, str]
    styles: dict[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(factory=dict)

    def label(self, paragraph: Any) -> str:
        """The label of a paragraph, and one more counted in its list; empty for one outside every list."""
        found = _own(paragraph) or self.styles.get(_style(paragraph))
        if found is None or found[0] not in self.lists:
            return ""
        number, depth = found
        abstract = self.lists[number]
        levels = self.levels.get(abstract, {})
        level = levels.get(depth, Level())
        if level.form == "bullet":
            return "-"
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [known for known in counts if known > depth]:
            del counts[deeper]
        return _PLACE.sub(lambda match: _shown(int(match[1]) - 1, levels, counts), level.label)


def _shown(depth: int, levels: dict[int, Level], counts: dict[int, int]) -> str:
    level = levels.get(depth, Level())
    return numeral(counts.get(depth, level.start), level.form)


def numeral(number: int, form: str) -> str:
    """A number in a format of Word.

    >>> numeral(4, "upperRoman"), numeral(3, "lowerLetter"), numeral(12, "decimalZero"), numeral(7, "decimal")
    ('IV', 'c', '12', '7')
    """
    if form in ("upperRoman", "lowerRoman"):
        roman = "".join(_roman(number))
        return roman.upper() if form == "upperRoman" else roman
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number).rjust(2, "0") if form == "decimalZero" else str(number)


def _roman(number: int) -> Iterator[str]:
    for value, letters in _ROMANS:
        while number >= value:
            yield letters
            number -= value


def numbering_of(document: Any) -> Numbering:
    """The lists that a document declares."""
    styles = {
        style.get(qn("w:styleId")): found
        for style in document.styles.element.iter(qn("w:style"))
        if (found := _own(style))
    }
    try:
        part = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return Numbering({}, {}, {})
    levels = {
        one.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"))): _level(level) for level in one.findall(qn("w:lvl"))
        }
        for one in part.findall(qn("w:abstractNum"))
    }
    lists = {one.get(qn("w:numId")): _value(one, "w:abstractNumId") for one in part.findall(qn("w:num"))}
    return Numbering(levels, lists, styles)


def _level(element: Any) -> Level:
    start = _value(element, "w:start")
    return Level(_value(element, "w:numFmt") or "decimal", _value(element, "w:lvlText"), int(start or 1))


def _value(element: Any, tag: str) -> str:
    found = element.find(qn(tag))
    return "" if found is None else str(found.get(qn("w:val")) or "")


def _own(element: Any) -> tuple[str, int] | None:
    """The list and level that a paragraph or a style names."""
    properties = element.find(qn("w:pPr"))
    numbered = None if properties is None else properties.find(qn("w:numPr"))
    if numbered is None:
        return None
    number = _value(numbered, "w:numId")
    return (number, int(_value(numbered, "w:ilvl") or 0)) if number not in ("", "0") else None


def _style(paragraph: Any) -> str:
    properties = paragraph.find(qn("w:pPr"))
    return "" if properties is None else _value(properties, "w:pStyle")
