"""What is checked of a ruleset folder: each check gives what is wrong, in both languages, with its place and figures.

The pytest plugin runs them; `CHECKS` is their list. Units are drawn from fixed seeds: the same on every run.
Longer than most modules, because all that the plugin promises of a ruleset can be read here in one place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from attrs import evolve, frozen

from cchc_index.bounding.bounds import bounds
from cchc_index.checking.alone import alone
from cchc_index.checking.clauses.agree import check_clauses
from cchc_index.checking.clauses.findings import clause_findings
from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Finding, Given, Severity, Witness, quote_findings
from cchc_index.criteria import Criterion, Points, Ruleset
from cchc_index.errors import CchcError, Text, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.figures import read_figures
from cchc_index.files.catalogue import load
from cchc_index.files.placing import placed
from cchc_index.files.reading import stored_texts
from cchc_index.files.starting import blanks
from cchc_index.files.writing import dump
from cchc_index.measures import NO, YES
from cchc_index.points import show
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.compiled import compile_rules
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED
from cchc_index.testing.numbers import chance
from cchc_index.testing.reference.cards import scored_naively
from cchc_index.testing.reference.rules import half_up
from cchc_index.testing.thresholds import near, near_unit, sides_of
from cchc_index.testing.units import make_unit
from cchc_index.testing.witnesses import reproduced

Scored = Card | CchcError


@frozen(slots=False)
class Known:
    """A ruleset that was read from a folder, and the units that it is tried with."""

    folder: Path
    rules: Ruleset
    examples: int

    @cached_property
    def units(self) -> list[Submission]:
        """Valid submissions, drawn from the seeds 0, 1, 2 and so on."""
        return [make_unit(Random(seed), self.rules) for seed in range(self.examples)]

    @cached_property
    def cards(self) -> list[tuple[Submission, Scored]]:
        """Each unit with its card, or with the error that scoring it gives."""
        return [(unit, scored(self.rules, unit)) for unit in self.units]

    @cached_property
    def proved(self) -> list[Finding]:
        """The findings of lint, each with its place in the file."""
        return placed(lint(self.rules), self.folder)


def known(folder: Path, examples: int = 50) -> Known:
    """Read the ruleset of a folder. Raises BadRuleset, UnknownRuleset."""
    return Known(folder, load(folder), examples)


def scored(rules: Ruleset, unit: Submission) -> Scored:
    try:
        return score(rules, unit)
    except CchcError as error:
        return error


def blank_findings(given: Known) -> Iterator[Finding]:
    """What is still to be filled in."""
    for place, asked in blanks(given.folder):
        message = Text(f"còn chỗ phải điền: {asked}", f"still to be filled in: {asked}")
        yield Finding("con-cho-dien", Severity.ERROR, "", message, place=place)


def proof_findings(given: Known) -> Iterator[Finding]:
    """The errors of lint; its notes are not failures."""
    yield from (found for found in given.proved if found.severity is Severity.ERROR)


def witness_findings(given: Known) -> Iterator[Finding]:
    """Findings of lint whose figures, scored, do not show what they say: a mistake of the library, or of this check."""
    for found in given.proved:
        if found.witness is not None and not reproduced(given.rules, found):
            message = Text(f"phản ví dụ không cho thấy «{found.code}»", f"the witness does not show «{found.code}»")
            yield evolve(found, code="phan-chung", message=message, mend=None)


def source_findings(given: Known) -> Iterator[Finding]:
    """Quotes that are missing, or not in the stored text word for word."""
    found = quote_findings(given.rules, stored_texts(given.rules, given.folder))
    yield from placed((one for one in found if one.severity is Severity.ERROR), given.folder)


ATTEST = Text(
    "sửa quy tắc hay câu; máy không đọc được thì người đối chiếu ghi «da_doi_chieu» kèm lý do",
    "mend the rule or the quote; where the machine cannot read it, a person attests it with «da_doi_chieu» and why",
)


def sentence_findings(given: Known) -> Iterator[Finding]:
    """Rules whose sentence neither agrees by machine nor was attested by a person."""
    found = clause_findings(check_clauses(given.rules))
    open_ = (evolve(one, mend=ATTEST) for one in found if one.code in ("cau-khac", "cau-chua-doc"))
    yield from placed(open_, given.folder)


def limit_findings(given: Known) -> Iterator[Finding]:
    """Points above what the structure of a rule allows."""
    for unit, line, criterion in _lines(given):
        most = None if criterion.rule is NOT_STATED else most_of(criterion.rule, given.rules.facts_by_name)
        if most is not None and _is_above(line.points, rounded(most, criterion.rounding)):
            yield _broken(given, "qua-can", line.code, f"{_said(line.points)} > {show(most)}", unit)


def bound_findings(given: Known) -> Iterator[Finding]:
    """Units whose points lie outside the bounds told for them, with every figure and with a part of the figures."""
    for number, (unit, card) in enumerate(given.cards[:MOST_BOUNDED]):
        if isinstance(card, CchcError):
            continue
        for partial in (unit, _holed(Random(number), unit)):
            low, high = bounds(given.rules, partial).total.values
            if (low is not None and _is_below(card.points, low)) or (high is not None and _is_above(card.points, high)):
                yield _broken(given, "ngoai-can", "", _said(card.points), partial)


def _holed(r: Random, unit: Submission) -> Submission:
    """The same unit without some of its figures."""
    kept = {name: value for name, value in unit.figures.items() if chance(r, 2)}
    return evolve(unit, figures=kept)


def sum_findings(given: Known) -> Iterator[Finding]:
    """Points of a criterion, or of the whole, that are not the sum of their parts."""
    for unit, line, criterion in _lines(given):
        parts = [child.points for child in line.children if isinstance(child.points, Fraction)]
        if parts and len(parts) == len(line.children):
            together = sum(parts, Fraction(0))
            whole = half_up(together, criterion.rounding.step) if criterion.rounding else together
            if line.points != whole:
                yield _broken(given, "khong-bang-tong", line.code, f"{_said(line.points)} ≠ {show(whole)}", unit)


def reference_findings(given: Known) -> Iterator[Finding]:
    """Units to which the engine and the naive reference, which shares no code with it, give different results."""
    for unit, card in given.cards:
        naive = scored_naively(given.rules, unit, given_by(given.rules, unit))
        one = "" if isinstance(card, Card) else type(card).__name__
        told = [(card.points, naive.points[-1])] if isinstance(card, Card) and not naive.kind else []
        lines = card.walk() if isinstance(card, Card) and not naive.kind else ()
        told += [(line.points, naive.rows[line.code].points) for line in lines]
        if one != naive.kind or any(ours != theirs for ours, theirs in told):
            yield _broken(given, "hai-may-cham", "", f"{one or 'Card'} ≠ {naive.kind or 'Card'}", unit)


def given_by(rules: Ruleset, unit: Submission) -> dict[str, Any]:
    """The figures of a unit as the reference looks at them: records as plain mappings."""
    return {
        name: [dict(record) for record in value] if isinstance(value, tuple) else value
        for name, value in read_figures(rules.facts_by_name, unit).items()
    }


def order_findings(given: Known) -> Iterator[Finding]:
    """Units whose points change when figures, records or criteria stand in another order."""
    turned = evolve(given.rules, criteria=given.rules.criteria[::-1])
    for unit, card in given.cards:
        other = scored(turned, evolve(unit, figures=_turned(unit.figures)))
        if _points(card) != _points(other):
            yield _broken(given, "theo-thu-tu", "", "", unit)


def _turned(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same figures the other way round."""
    pairs = reversed(list(figures.items()))
    return {name: value[::-1] if isinstance(value, list) else value for name, value in pairs}


def _points(card: Scored) -> object:
    if isinstance(card, CchcError):
        return type(card)
    return card.points, card.index, sorted((line.code, str(line.points)) for line in card.walk())


def compiled_findings(given: Known) -> Iterator[Finding]:
    """Units whose compiled totals are not those of the card."""
    scorer = compile_rules(given.rules)
    for unit, card in given.cards:
        try:
            totals = scorer.totals(scorer.prepare(unit))
            found: object = (totals.points, totals.max_points, totals.index)
        except CchcError as error:
            found = type(error)
        wanted = (card.points, card.max_points, card.index) if isinstance(card, Card) else type(card)
        if found != wanted:
            yield _broken(given, "bien-dich-khac", "", "", unit)


def written_findings(given: Known) -> Iterator[Finding]:
    """A ruleset that is another one once it is written as a file and read again."""
    written = dump(given.rules)
    again = load_text(written)
    if again != given.rules:
        yield Finding("viet-lai-khac", Severity.ERROR, "", BROKEN["viet-lai-khac"])


def load_text(text: str) -> Ruleset:
    """The ruleset of a text. Raises BadRuleset."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "bo-tieu-chi.yaml"
        file.write_text(text, "utf-8")
        return load(file)


def threshold_findings(given: Known) -> Iterator[Finding]:
    """Figures on, just under or just over a threshold that neither score nor are told to be undefined."""
    for number, (threshold, side) in enumerate(sides_of(given.rules)):
        found = near(given.rules, threshold, side)
        if found is None:
            continue
        unit = near_unit(Random(number), given.rules, found)
        for rules in (alone(given.rules, threshold.code), given.rules):
            told = _crash(rules, unit)
            if told:
                yield _broken(given, "nguong", threshold.code, told, evolve(unit, figures=found))
                break


def unit_findings(given: Known) -> Iterator[Finding]:
    """Valid submissions that neither score nor are told to be undefined."""
    for unit in given.units:
        told = _crash(given.rules, unit)
        if told:
            yield _broken(given, "cham", "", told, unit)


def _crash(rules: Ruleset, unit: Submission) -> str:
    """What scoring a valid submission gives, if neither points nor the word that the decision gives none."""
    try:
        score(rules, unit)
    except UndefinedByDecision:
        return ""
    except Exception as error:  # noqa: BLE001 - whatever else happens is what is looked for
        return f"{type(error).__name__}: {error}"
    return ""


BROKEN = {
    "qua-can": Text("điểm vượt cận mà cấu trúc quy tắc cho phép", "points above what the rule's structure allows"),
    "ngoai-can": Text("điểm nằm ngoài khoảng còn có thể", "points outside the bounds still possible"),
    "khong-bang-tong": Text("điểm không bằng tổng các mục con", "points that are not the sum of their parts"),
    "hai-may-cham": Text("máy chấm và bản tham chiếu cho kết quả khác nhau", "the engine and the reference differ"),
    "theo-thu-tu": Text("điểm đổi khi đổi thứ tự", "points depend on the order"),
    "bien-dich-khac": Text("tổng biên dịch khác phiếu", "compiled totals differ from the card"),
    "viet-lai-khac": Text("ghi ra tệp rồi đọc lại thì khác", "written and read again, it is another ruleset"),
    "nguong": Text("số liệu hợp lệ sát ngưỡng không chấm được", "valid figures near a threshold do not score"),
    "cham": Text("bản khai hợp lệ không chấm được", "a valid submission does not score"),
}
"""What each property says when it does not hold."""


def _broken(given: Known, code: str, criterion: str, more: str, unit: Submission) -> Finding:
    said = BROKEN[code]
    message = Text(f"{said.vi}: {more}", f"{said.en}: {more}") if more else said
    found = Finding(code, Severity.ERROR, criterion, message, witness=Witness(tuple(_given(unit.figures))))
    return placed([found], given.folder)[0]


def _given(figures: Mapping[str, Any]) -> Iterator[Given]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from (Given((name, option), number) for option, number in value.items())
        elif isinstance(value, list):
            for number, record in enumerate(value):
                yield from (Given((name, number, column), one) for column, one in record.items())
        else:
            yield Given((name,), {True: YES, False: NO}[value] if isinstance(value, bool) else value)


def _lines(given: Known) -> Iterator[tuple[Submission, Line, Criterion]]:
    """Every line of every card that is not exempt, with its unit and its criterion."""
    for unit, card in given.cards:
        for line in card.walk() if isinstance(card, Card) else ():
            if line.exempted is None:
                yield unit, line, given.rules[line.code]


def _said(points: Points) -> str:
    return points.value if points is NOT_STATED else show(points)


def _is_above(points: Points, most: Fraction) -> bool:
    return isinstance(points, Fraction) and points > most


def _is_below(points: Points, least: Fraction) -> bool:
    return isinstance(points, Fraction) and points < least


CHECKS: Mapping[str, Callable[[Known], Iterable[Finding]]] = {
    "cho-dien": blank_findings,
    "lint": proof_findings,
    "nguyen-van": source_findings,
    "cau": sentence_findings,
    "cham": unit_findings,
    "nguong": threshold_findings,
    "can": limit_findings,
    "khoang": bound_findings,
    "tong": sum_findings,
    "tham-chieu": reference_findings,
    "thu-tu": order_findings,
    "bien-dich": compiled_findings,
    "viet-lai": written_findings,
    "phan-chung": witness_findings,
}
"""The checks of a ruleset by name, in the order in which they are run; its worked cases come after them."""
MOST_BOUNDED = 5
"""How many units are held against their bounds, which take longer than a score."""
MOST_TOLD = 10
"""How many findings of one check are told; the rest are counted."""
