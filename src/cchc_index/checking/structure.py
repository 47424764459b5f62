"""Check a ruleset against itself and against its stored sources: sums, quotes, rules without a source."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from unicodedata import normalize

from attrs import frozen

from cchc_index.criteria import Criterion, Points, Ruleset, Scope
from cchc_index.errors import Lang, Path, Text, spot
from cchc_index.facts import Period
from cchc_index.points import Exact, in_points, show
from cchc_index.rules import Awarded, bases_of
from cchc_index.scoring.totals import added
from cchc_index.sources import NOT_STATED, Basis, DocumentKind, NoteKind, Quote


class Severity(Enum):
    """ERROR makes a check fail; NOTE is worth knowing."""

    ERROR = "loi"
    NOTE = "luu_y"


@frozen
class Given:
    """One figure of a witness: the path to it in a submission, as `phieu.A` or `ho_so[1].ngay_tra`, and its value.

    An empty tuple stands for no record at all.
    """

    path: Path
    value: Exact | str | datetime.date | tuple[()]


def said_figures(figures: Iterable[Given], lang: Lang) -> str:
    """Figures as a reader sees them.

    >>> said_figures([Given(("ho_so", 0, "x"), Fraction(1, 2)), Given(("u",), "co")], "vi")
    'ho_so[1].x = 0,5, u = co'
    """
    return ", ".join(f"{spot(given.path)} = {said_value(given.value, lang)}" for given in figures)


def said_value(value: object, lang: Lang) -> str:
    """One figure as a reader sees it: a day by day, month and year, a number with the mark of the language."""
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple):
        return "[]"
    return show(value, lang) if isinstance(value, Exact) else str(value)


@frozen
class Witness:
    """The smallest figures that show a finding: scored, they give what it says.

    `against` are figures to score beside them, where a finding compares two; `points` is a total or an index,
    `exempted` the criteria that the unit asks to leave out.
    """

    figures: tuple[Given, ...] = ()
    period: Period | None = None
    against: tuple[Given, ...] = ()
    points: Fraction | None = None
    exempted: tuple[str, ...] = ()


@frozen
class Finding:
    """What a check found: a code, how grave it is, the criterion (empty for the whole set), and a sentence.

    `locus` leads to the part of the criterion, in the words of the files: `("bac", 1)` is the second band. `place` is
    the file and the line, once the file is known.
    """

    code: str
    severity: Severity
    criterion: str
    message: Text
    locus: Path = ()
    witness: Witness | None = None
    mend: Text | None = None
    place: str = ""


def check_structure(rules: Ruleset, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Every finding about sums and sources. `texts` holds the stored text of each document, by document id.

    A sum that falls short is a fault in a whole set or a sample, and only worth a note where the set is an excerpt or a
    frame; a sum above its whole is a fault everywhere.
    """
    return (*sum_findings(rules), *unread_findings(rules), *quote_findings(rules, texts))


def unread_findings(rules: Ruleset) -> Iterator[Finding]:
    """Words that say how to score and that nobody has made a rule of: such a set is not complete."""
    for criterion in rules.walk():
        unread = [note for note in criterion.notes if note.kind is NoteKind.UNREAD]
        if unread:
            why = f" ({unread[0].origin})" if unread[0].origin else ""
            words = "; ".join(f"«{note.text}»" for note in unread)
            message = Text(f"chưa thành quy tắc, cần người đọc{why}: {words}", f"a person must make a rule of {words}")
            yield Finding("can-nguoi-doc", Severity.ERROR, criterion.code, message)


def sum_findings(rules: Ruleset) -> Iterator[Finding]:
    yield from _sum_finding("", rules.max_points, rules.criteria, rules.scope)
    for criterion in rules.walk():
        if criterion.children:
            yield from _sum_finding(criterion.code, criterion.max_points, criterion.children, rules.scope)


def _sum_finding(code: str, whole: Points, parts: Iterable[Criterion], scope: Scope) -> Iterator[Finding]:
    together = added([part.max_points for part in parts])
    if whole is NOT_STATED or together is NOT_STATED or together == whole:
        return
    partial = scope in (Scope.EXCERPT, Scope.FRAME) and together < whole
    message = Text(
        f"các mục con cộng lại {show(together)} điểm, điểm tối đa ghi {show(whole)}",
        f"the parts add up to {in_points(together).en}, the maximum says {show(whole, 'en')}",
    )
    yield Finding("tong-khong-khop", Severity.NOTE if partial else Severity.ERROR, code, message)


def quote_findings(rules: Ruleset, texts: Mapping[str, str]) -> Iterator[Finding]:
    folded = {key: fold(text) for key, text in texts.items()}
    for code, basis in _bases(rules):
        if isinstance(basis, Quote):
            yield from _quote_finding(code, basis, folded)
        elif basis is NOT_STATED:
            message = Text("quy tắc không có câu nguyên văn hay cách hiểu", "a rule has neither quote nor reading")
            yield Finding("thieu-nguyen-van", Severity.ERROR, code, message)
    for document in rules.documents:
        if document.kind is DocumentKind.REPORTED:
            message = Text(
                f"{document.id}: chỉ có ghi chép, không có nguyên văn",
                f"{document.id}: a report only, not its own words",
            )
            yield Finding("chi-co-ghi-chep", Severity.NOTE, "", message)


def _quote_finding(code: str, quote: Quote, folded: Mapping[str, str]) -> Iterator[Finding]:
    if fold(quote.text) not in folded.get(quote.citation.document, ""):
        message = Text(
            f"không tìm thấy «{quote.text}» trong bản lưu của {quote.citation.document}",
            f"«{quote.text}» is not in the stored text of {quote.citation.document}",
        )
        yield Finding("khong-thay-nguyen-van", Severity.ERROR, code, message)


def _bases(rules: Ruleset) -> Iterator[tuple[str, Basis]]:
    """What every rule, exemption, rounding and grade stands on, with the code of its criterion."""
    for criterion in rules.walk():
        if criterion.rule is not NOT_STATED:
            yield from ((criterion.code, basis) for basis in stated_bases(criterion))
        yield from ((criterion.code, exemption.basis) for exemption in criterion.exemptions)
        if criterion.rounding:
            yield criterion.code, criterion.rounding.basis
        yield from ((criterion.code, basis) for basis in _bases_beside(criterion) if basis is not NOT_STATED)
    yield from (("", basis) for basis in _whole_bases(rules))


def _bases_beside(criterion: Criterion) -> Iterator[Basis]:
    """What stands beside the rule; it may go without words of its own."""
    yield criterion.sentence
    yield from (observation.basis for observation in criterion.observations)
    yield from (task.basis for task in criterion.tasks)
    yield from (fact.sample.basis for fact in criterion.facts if fact.sample)
    if criterion.counts:
        yield criterion.counts.basis


def stated_bases(criterion: Criterion) -> list[Basis]:
    """The bases of a criterion's rule; NOT_STATED when no part of it says anything.

    Points that people award need no sentence beyond the place in the document.
    """
    if criterion.rule is NOT_STATED:
        return []
    said: list[Basis] = [basis for basis in bases_of(criterion.rule) if basis is not NOT_STATED]
    silent: list[Basis] = [] if isinstance(criterion.rule, Awarded) else [NOT_STATED]
    return list(dict.fromkeys(said)) or silent


def _whole_bases(rules: Ruleset) -> Iterator[Basis]:
    for scale in rules.scales:
        yield from (grade.basis for grade in scale.grades)
    if rules.rounding:
        yield rules.rounding.basis
    if rules.ranking:
        yield rules.ranking.basis
    yield from (gone.basis for gone in rules.dropped)
    yield from (fact.sample.basis for fact in rules.facts if fact.sample and fact.sample.basis is not NOT_STATED)
    beside = [rules.index_basis, rules.application.basis, rules.counts.basis if rules.counts else NOT_STATED]
    yield from (basis for basis in beside if basis is not NOT_STATED)


def fold(text: str) -> str:
    """Text with its white space evened out, for finding quotes.

    >>> fold(" Điểm 2\\n khi ")
    'Điểm 2 khi'
    """
    return " ".join(normalize("NFC", text).split())
