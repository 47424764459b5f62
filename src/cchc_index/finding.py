"""Which ruleset is in force for a place, a level and a day: dates decide, nothing is taken for the latest.

>>> is_at("Ba Đình, Hà Nội", "Hà Nội"), is_at("Hà Nội", "Ba Đình, Hà Nội"), is_at("Huế", "cả nước")
(True, False, True)
"""

import datetime
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from attrs import frozen

from cchc_index.criteria import NATION, Instrument, Level, Ruleset
from cchc_index.errors import Fault, Text, UnknownRuleset, did_you_mean
from cchc_index.sources import NOT_STATED, Quote

DAY = datetime.timedelta(days=1)


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

    A version ends on its stated day, or on the day before one that says it replaces it starts. Raises UnknownRuleset
    when none is in force, when two are, and when the level was no longer there.
    """
    tenure = tenures.get(asked.level)
    if tenure and asked.on > tenure.until:
        raise UnknownRuleset([Fault(_gone(asked.level, tenure))])
    known = list(rulesets)
    near = [rules for rules in known if _is_meant(rules, asked)]
    current = [rules for rules in near if _is_current(rules, asked.on, known)]
    if len(current) == 1:
        return current[0]
    raise UnknownRuleset([_several(asked, current) if current else _none(asked, near, known)])


def _gone(level: Level, tenure: Tenure) -> Text:
    said = f"«{tenure.basis.text}» [{tenure.basis.citation}]"
    return Text(
        f"cấp {level.value} chỉ có đến {tenure.until:%d/%m/%Y}: {said}",
        f"there has been no level «{level.value}» since {tenure.until:%d/%m/%Y}: {said}",
    )


def _is_meant(rules: Ruleset, asked: Asked) -> bool:
    where = rules.application
    meant = asked.level in where.levels and where.instrument is asked.instrument
    return meant and where.place is not NOT_STATED and is_at(asked.place, where.place)


def is_at(place: str, whole: str) -> bool:
    """Whether a place, written from small to large, is `whole` or lies inside it."""
    parts, outer = _parts(place), _parts(whole)
    return whole == NATION or parts[-len(outer) :] == outer


def _parts(place: str) -> list[str]:
    return [" ".join(part.split()).casefold() for part in normalize("NFC", place).split(",")]


def _is_current(rules: Ruleset, on: datetime.date, known: Iterable[Ruleset]) -> bool:
    start, end = rules.application.since, last_day(rules, known)
    return start is not NOT_STATED and start <= on and (end is None or on <= end)


def last_day(rules: Ruleset, known: Iterable[Ruleset]) -> datetime.date | None:
    """The last day of a version: stated, or the day before the first one that replaces it; None while it has none."""
    if rules.application.until is not NOT_STATED:
        return rules.application.until
    later = [other.application.since for other in known if rules.full_id in other.application.replaces]
    return min((start - DAY for start in later if start is not NOT_STATED), default=None)


def _several(asked: Asked, current: Iterable[Ruleset]) -> Fault:
    listed = ", ".join(sorted(rules.full_id for rules in current))
    message = Text(f"{asked}: cùng có hiệu lực {listed}", f"{asked}: in force at the same time are {listed}")
    return Fault(message, hint=Text("nêu mã, hoặc ghi ngày hết hiệu lực", "give the id, or state when one ends"))


def _none(asked: Asked, near: list[Ruleset], known: list[Ruleset]) -> Fault:
    message = Text(f"{asked}: không có bộ tiêu chí nào có hiệu lực", f"{asked}: no ruleset is in force")
    if near:
        listed = ", ".join(sorted(f"{rules.full_id} ({_span(rules, known)})" for rules in near))
        return Fault(message, hint=Text(f"gần nhất: {listed}; muốn dùng thì nêu mã", f"near: {listed}; give the id"))
    places = {rules.application.place for rules in known} - {NOT_STATED, NATION}
    return Fault(message, hint=did_you_mean(asked.place, [str(one) for one in places]))


def _span(rules: Ruleset, known: Iterable[Ruleset]) -> str:
    start, end = rules.application.since, last_day(rules, known)
    begins = str(start) if start is NOT_STATED else f"{start:%d/%m/%Y}"
    return f"{begins}–" + ("" if end is None else f"{end:%d/%m/%Y}")
