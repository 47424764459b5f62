"""Figures proposed from the words of a sentence: what they are called, and the names that submissions use.

>>> figure_name("số mục tiêu đã hoàn thành")
'muc_tieu_da_hoan_thanh'
"""

import re
from typing import Any

from attrs import evolve, field, frozen

from cchc_index.auditing.sheet import folded
from cchc_index.measures import Fact, FactType

LONGEST = 56
_COUNTED = re.compile(r"^(tổng )?số (?!liệu|hóa|hoá)")
_SHARE = re.compile(r"^\s*(?:tỷ|tỉ)\s+lệ\s+(?:%|phần trăm)?\s*", re.IGNORECASE)


def figure_name(label: str) -> str:
    """The name of a figure: its words without accents and without «số» before them.

    >>> figure_name("tổng số thôn"), figure_name("sổ theo dõi")
    ('tong_thon', 'so_theo_doi')
    """
    words = label.strip().lower()
    bare = folded(_COUNTED.sub(lambda match: match[1] or "", words)) or folded(words)
    name = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:LONGEST].rstrip("_") or "so_lieu"
    return name if name[0].isalpha() else f"so_{name}"


def without_share(words: str) -> str:
    """The words of a share without «tỷ lệ».

    >>> without_share("Tỷ lệ thôn được kiểm tra trong năm")
    'thôn được kiểm tra trong năm'
    """
    return _SHARE.sub("", words)


def begun_small(words: str) -> str:
    """Words as they stand inside a sentence: a first capital is small, an abbreviation stays.

    >>> begun_small("Hoàn thành kế hoạch"), begun_small("TTHC đúng hạn")
    ('hoàn thành kế hoạch', 'TTHC đúng hạn')
    """
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


@frozen
class Figures:
    """The figures of one criterion, each named apart from all others of the ruleset (`taken`)."""

    taken: set[str]
    known: dict[str, Fact] = field(factory=dict)

    def add(self, label: str, kind: FactType = FactType.COUNT, **more: Any) -> str:
        """The name of the figure with this label, declared once."""
        known = next((fact for fact in self.known.values() if fact.label == label and fact.type is kind), None)
        if known:
            return known.name
        base, number = figure_name(label), 1
        name = base
        while name in self.taken or name in self.known:
            number += 1
            name = f"{base}_{number}"
        self.known[name] = evolve(Fact(name, label, kind), **more)
        return name

    def part(self, part: str, whole: str, kind: FactType = FactType.COUNT) -> tuple[str, str]:
        """A figure and the one that it is a part of."""
        below = self.add(whole, kind)
        return self.add(part, kind, part_of=below), below
