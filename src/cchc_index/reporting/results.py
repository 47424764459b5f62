"""From any result to its report: what a program hands to Word, Excel, HTML or a notebook.

>>> import cchc_index as cchc
>>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
>>> card = cchc.score(cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", figures))
>>> page_of(card).title
'Phiếu chấm điểm: Xã A'
"""

from collections.abc import Callable, Sequence
from typing import Any

from cchc_index.auditing.verify import Audit
from cchc_index.bounding.results import Bounds
from cchc_index.comparing.diff import Diff
from cchc_index.comparing.impact import Impact
from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Lang, Text
from cchc_index.reporting import annex, audits, bounding, changes, reviews, tables
from cchc_index.reporting.page import Page
from cchc_index.reviewing.movement import Movement
from cchc_index.reviewing.phases import History
from cchc_index.reviewing.priorities import Opportunity
from cchc_index.reviewing.progress import Progress
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.trace import Card

ALONE: dict[type, Callable[..., Page]] = {
    Card: tables.sheet,
    Audit: audits.audit,
    Movement: reviews.movement_report,
    Diff: changes.differences,
    Impact: changes.impacts,
    Ruleset: annex.annex,
}
"""Results that say everything themselves."""
_UNDER: dict[type, Callable[..., Page]] = {
    Bounds: bounding.bounds_report,
    Progress: reviews.progress_report,
    History: reviews.history_report,
}
"""Results whose report names things of their ruleset."""
_LISTS: dict[type, Callable[..., Page]] = {Card: tables.several, Rank: tables.ranking, Audit: audits.audits}
_LISTS_UNDER: dict[type, Callable[..., Page]] = {Rank: reviews.ranking, Opportunity: reviews.priorities_report}


def page_of(result: object, lang: Lang = "vi", *, rules: Ruleset | None = None) -> Page:
    """The report on a result, or on a list of cards, ranks, audits or opportunities.

    `rules` are the ruleset of the result: progress, history, bounds and opportunities need them, a ranking says
    more with them. Raises CchcError for what has no report.
    """
    page = found_page(result, lang, rules)
    if page is None:
        kind = type(result).__name__
        message = Text(f"không có báo cáo cho {kind}", f"there is no report on {kind}")
        hint = Text("đưa thêm bộ tiêu chí: rules=…", "give its ruleset too: rules=…")
        raise CchcError([Fault(message, hint=None if rules else hint)])
    return page


def found_page(result: object, lang: Lang, rules: Ruleset | None = None) -> Page | None:
    """The report on a result; None for what has none."""
    if isinstance(result, Page):
        return result
    many = isinstance(result, tuple | list)
    kind = _kind_of(result) if isinstance(result, tuple | list) else type(result)
    if rules is not None and (under := (_LISTS_UNDER if many else _UNDER).get(kind)):
        return under(rules, result, lang)
    made = (_LISTS if many else ALONE).get(kind)
    return None if made is None else made(result, lang)


def _kind_of(results: Sequence[Any]) -> type:
    """What all of a list are; NoneType for an empty or a mixed one."""
    kinds = {type(one) for one in results}
    return kinds.pop() if len(kinds) == 1 else type(None)
