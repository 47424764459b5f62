"""What comparing rules with their sentences comes to, as findings of a check."""

from collections.abc import Iterable, Iterator

from cchc_index.checking.clauses.agree import Check, Verdict
from cchc_index.checking.structure import Finding, Severity
from cchc_index.errors import Text, short

NO_READER = Finding(
    "chua-cai-lark",
    Severity.NOTE,
    "",
    Text(
        'câu nguyên văn không được đọc: pip install "cchc-index[check]"',
        'the quotes were not read: pip install "cchc-index[check]"',
    ),
)
"""Said once where lark is not installed."""

_CODES = {
    Verdict.DIFFERS: ("cau-khac", Severity.ERROR),
    Verdict.SEVERAL: ("cau-chua-doc", Severity.NOTE),
    Verdict.UNREADABLE: ("cau-chua-doc", Severity.NOTE),
}


_SETTLED = {
    Verdict.AGREES: "cau-khop",
    Verdict.NO_POINTS: "cau-khong-neu-diem",
    Verdict.ATTESTED: "cau-da-doi-chieu",
}

_SUPERFLUOUS = Text("máy đã so được, «da_doi_chieu» thừa", "the machine compared it, «da_doi_chieu» is superfluous")


def clause_findings(checks: Iterable[Check]) -> Iterator[Finding]:
    """Sentences that differ from their rule, those that nobody compared with it, attestations that nobody needs.

    A note on a sentence that several criteria share is given once, at the first.
    """
    told: set[tuple[str, Text]] = set()
    for check in checks:
        for finding in _found(check):
            if finding.severity is Severity.ERROR or (check.quote, check.message) not in told:
                yield finding
        told.add((check.quote, check.message))


def clause_verdicts(checks: Iterable[Check]) -> Iterator[Finding]:
    """One finding for every quote, also where nothing is wrong: it agrees, states no points, or is attested."""
    for check in checks:
        found = list(_found(check))
        yield from found or [_finding(_SETTLED[check.verdict], Severity.NOTE, check, check.message)]


def _found(check: Check) -> Iterator[Finding]:
    if check.verdict in _CODES:
        code, severity = _CODES[check.verdict]
        yield _finding(code, severity, check, check.message)
    elif check.verdict is Verdict.AGREES and check.attested:
        yield _finding("doi-chieu-thua", Severity.NOTE, check, _SUPERFLUOUS)


def _finding(code: str, severity: Severity, check: Check, message: Text) -> Finding:
    words = short(check.quote)
    said = Text(f"{check.part.vi}, «{words}»: {message.vi}", f"{check.part.en}, «{words}»: {message.en}")
    return Finding(code, severity, check.criterion, said)
