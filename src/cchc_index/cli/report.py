"""The command for what is handed in and handed out: the sheet of one unit, or the ranking of many."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cchc_index.bounding.bounds import bounds
from cchc_index.cli.common import Files, Name, Unit, app, fail_with, units_in
from cchc_index.cli.ranking import Conditioned, Phased, grade_data, judged, rank_data
from cchc_index.cli.scoring import Quotes
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Lang, Text, did_you_mean
from cchc_index.facts import Phase, Submission
from cchc_index.files.catalogue import load
from cchc_index.plain import dump
from cchc_index.reporting import reviews, tables
from cchc_index.reporting.page import Open, Page
from cchc_index.reviewing.grades import graded
from cchc_index.reviewing.phases import state
from cchc_index.scoring.card_json import to_json
from cchc_index.scoring.rank import Order
from cchc_index.scoring.trace import Card

Made = tuple[Page, Any]
"""A report, and the same as plain data."""


@app.command(epilog="Ví dụ: `cchc report mau/cap-xa/1 xa.yaml --docx phieu.docx` · `cchc report mau/cap-xa/1 xa/`")
@reporting
def report(
    name: Name,
    files: Files,
    unit: Unit = "",
    phase: Phased = Phase.PUBLISHED,
    quotes: Quotes = False,
    conditions: Conditioned = None,
    *,
    wanted: Wanted,
) -> None:
    """Phiếu của một đơn vị, kể cả khi chưa đủ số liệu, hay kết quả của nhiều đơn vị. / A sheet, or many results."""
    rules, problems = load(name), list[CchcError]()
    units = _chosen(units_in(files, problems, rules), unit)
    if len(units) == 1 and not problems and conditions is None:
        made = _sheet(rules, units[0], phase, wanted.lang, quotes=quotes)
    else:
        made = _results(rules, units, phase, conditions, problems, wanted.lang)
    if units and wanted.is_given(problems):
        page, data = made
        wanted.give(page, lambda: data)
    fail_with(problems, wanted.lang)


def _chosen(units: Sequence[Submission], name: str) -> Sequence[Submission]:
    if not name:
        return units
    found = [one for one in units if one.unit == name]
    if not found:
        message = Text(f"không có đơn vị «{name}»", f"there is no unit «{name}»")
        raise CchcError([Fault(message, hint=did_you_mean(name, [one.unit for one in units]))])
    return found


def _sheet(rules: Ruleset, unit: Submission, phase: Phase, lang: Lang, *, quotes: bool) -> Made:
    """The sheet of one unit; points that cannot be told yet as the range in which they lie."""
    standing = state(rules, unit, phase)
    found = standing.partial()
    if found.is_complete:
        lowered = graded(standing.rules, standing.unit, found.card).reasons
        return tables.sheet(found.card, lang, quotes=quotes, lowered=lowered), _plain(found.card)
    still = bounds(standing.rules, standing.unit)
    low, high = still.total.values
    data = {
        "card": _plain(found.card),
        "lacking": {code: list(names) for code, names in found.lacking.items()},
        "undefined": {code: dump(text, Text) for code, text in found.undefined.items()},
        "low": None if low is None else str(low),
        "high": None if high is None else str(high),
    }
    return reviews.unfinished(standing.rules, found, still, lang, quotes=quotes), data


def _results(
    rules: Ruleset,
    units: Sequence[Submission],
    phase: Phase,
    conditions: Path | None,
    problems: list[CchcError],
    lang: Lang,
) -> Made:
    """Many units: ranked where the decision ranks them, otherwise in the order given."""
    found = judged(rules, units, phase, problems)
    grading = found.grading(rules, conditions, problems)
    if rules.ranking:
        ranks = found.ranks(rules, Order())
        page = reviews.ranking(rules, ranks, lang, grading=grading)
        return page, [rank_data(one, grading) for one in ranks]
    names = [one.unit for one in units]
    cards = sorted((*found.cards, *(one.card for one in found.waiting)), key=lambda card: names.index(card.unit))
    still = {one.card.unit: Open(one.low, one.high) for one in found.waiting}
    data = [_plain(card) | {"graded": grade_data(grading, card.unit)} for card in cards]
    return tables.several(cards, lang, still_open=still, grading=grading), data


def _plain(card: Card) -> Any:
    return json.loads(to_json(card))
