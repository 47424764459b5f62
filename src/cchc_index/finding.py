"""Which ruleset is in force for a place, a level and a day: dates decide, nothing is taken for the latest.

>>> is_at("Ba Đình, Hà Nội", "Hà Nội"), is_at("Hà Nội", "Ba Đình, Hà Nội"), is_at("Huế", "cả nước")
(True, False, True)
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from attrs import frozen

from cchc_index.criteria import NATION, Day, Instrument, Level, Ruleset
from cchc_index.errors import Fault, Lang, Text, UnknownRuleset, did_you_mean
from cchc_index.sources import NOT_STATED, Quote

DAY = datetime.timedelta(days=1)
SECOND = datetime.date.min + DAY


@frozen
class Tenure:
    """Until when a level of government was there, and the words that say so."""

    until: datetime.date
    basis: Quote


@frozen
class Asked:
    """What is looked for."""

    place: str
    level: Level
    on: datetime.date
    instrument: Instrument = Instrument.CCHC

    def __str__(self) -> str:
        return f"{self.instrument.value}, {self.level.value}, {self.place}, {self.on:%d/%m/%Y}"


def in_force(rulesets: Iterable[Ruleset], asked: Asked, tenures: Mapping[Level, Tenure]) -> Ruleset:
    """The one ruleset of an instrument in force for a place and level on a day. `tenures` are levels that are no more.

    A version ends on its stated day, or on the day before one that says it replaces it starts; that one does so only at
    its own place and levels. Raises UnknownRuleset when none is in force, when two are, and when the level was no
    longer there.
    """
    tenure = tenures.get(asked.level)
    if tenure and asked.on > tenure.until:
        raise UnknownRuleset([Fault(_gone(asked.level, tenure))])
    every = list(rulesets)
    known = [rules for rules in every if _is_meant(rules, asked)]
    near = [rules for rules in known if rules.application.place is not NOT_STATED]
    spans = {rules.full_id: Span(rules.application.since, last_day(rules, known)) for rules in near}
    current = [rules for rules in near if asked.on in spans[rules.full_id]]
    if len(current) == 1:
        return current[0]
    raise UnknownRuleset([_several(asked, current) if current else _none(asked, spans, every)])


@frozen
class Span:
    """From which day to which a version is in force; `end` is None while nothing ends it."""

    start: Day
    end: datetime.date | None

    def __contains__(self, day: datetime.date) -> bool:
        return self.start is not NOT_STATED and self.start <= day and (self.end is None or day <= self.end)

    def said(self) -> Text:
        """
        >>> print(Span(datetime.date(2025, 1, 1), None).said())
        từ 01/01/2025
        """
        if self.start is NOT_STATED:
            return Text("văn bản không nói từ ngày nào", "its decision does not say from which day")
        vi, en = f"từ {self.start:%d/%m/%Y}", f"from {self.start:%d/%m/%Y}"
        return Text(f"{vi} đến {self.end:%d/%m/%Y}", f"{en} to {self.end:%d/%m/%Y}") if self.end else Text(vi, en)


def _gone(level: Level, tenure: Tenure) -> Text:
    said = f"«{tenure.basis.text}» [{tenure.basis.citation}]"
    return Text(
        f"cấp {level.value} chỉ có đến {tenure.until:%d/%m/%Y}: {said}",
        f"there has been no level «{level.value}» since {tenure.until:%d/%m/%Y}: {said}",
    )


def _is_meant(rules: Ruleset, asked: Asked) -> bool:
    """Whether a set is for what is asked, as far as it says for which place."""
    where = rules.application
    here = where.place is NOT_STATED or is_at(asked.place, where.place)
    return here and asked.level in where.levels and where.instrument is asked.instrument


def is_at(place: str, whole: str) -> bool:
    """Whether a place, written from small to large, is `whole` or lies inside it.

    Case, spaces, dashes and where a tone mark is typed do not matter; accents do, since they tell places apart.

    >>> is_at("hoà bình", "Hòa  Bình"), is_at("Hà Nam", "Hạ Nam")
    (True, False)
    """
    parts, outer = _parts(place), _parts(whole)
    return outer == _parts(NATION) or parts[-len(outer) :] == outer


def _parts(place: str) -> list[str]:
    parts = (_DASH.sub(" - ", part).casefold().split() for part in place.split(","))
    return [" ".join(map(_tone_last, part)) for part in parts if part]


_DASH = re.compile("[-\u2013]")


def _tone_last(syllable: str) -> str:
    """A syllable with its tone mark at the end: «hòa» and «hoà» are one word, typed by two habits."""
    letters = normalize("NFD", syllable)
    return "".join(sorted(letters, key=_TONES.__contains__))


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def last_day(rules: Ruleset, others: Iterable[Ruleset]) -> datetime.date | None:
    """The last day of a version: stated, or the day before one that replaces it starts; None while nothing ends it."""
    later = [other.application.since for other in others if rules.full_id in other.application.replaces]
    ends = [rules.application.until, *(day if day is NOT_STATED else max(day, SECOND) - DAY for day in later)]
    return min((day for day in ends if day is not NOT_STATED), default=None)


def _several(asked: Asked, current: Iterable[Ruleset]) -> Fault:
    listed = ", ".join(sorted(rules.full_id for rules in current))
    message = Text(f"{asked}: cùng có hiệu lực {listed}", f"{asked}: in force at the same time are {listed}")
    return Fault(
        message,
        hint=Text(
            "nêu mã; hoặc ghi ngày hết hiệu lực, hay «thay_the»", "give the id; or state when one ends, or «thay_the»"
        ),
    )


def _none(asked: Asked, spans: Mapping[str, Span], known: Iterable[Ruleset]) -> Fault:
    message = Text(f"{asked}: không có bộ tiêu chí nào có hiệu lực", f"{asked}: no ruleset is in force")
    if spans:
        near = [(name, span.said()) for name, span in sorted(spans.items())]
        vi, en = (", ".join(f"{name} ({said.said(lang)})" for name, said in near) for lang in _LANGS)
        return Fault(message, hint=Text(f"gần nhất: {vi}; muốn dùng thì nêu mã", f"near: {en}; give the id"))
    places = {rules.application.place for rules in known} - {NOT_STATED, NATION}
    return Fault(message, hint=did_you_mean(asked.place, [str(one) for one in places]))


_LANGS: tuple[Lang, Lang] = ("vi", "en")
