"""What comparing rules with their sentences comes to, as findings of a check."""

from collections.abc import Iterator

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


def clause_findings(check: Check) -> Iterator[Finding]:
    """A sentence that differs from its rule, one that nobody compared with it, and an attestation nobody needs."""
    if check.verdict in _CODES:
        code, severity = _CODES[check.verdict]
        yield _finding(code, severity, check, check.message)
    elif check.verdict is Verdict.AGREES and check.attested:
        message = Text("máy đã so được, «da_doi_chieu» thừa", "the machine compared it, «da_doi_chieu» is superfluous")
        yield _finding("doi-chieu-thua", Severity.NOTE, check, message)


def _finding(code: str, severity: Severity, check: Check, message: Text) -> Finding:
    words = short(check.quote)
    said = Text(f"{check.part.vi}, «{words}»: {message.vi}", f"{check.part.en}, «{words}»: {message.en}")
    return Finding(code, severity, check.criterion, said)
