"""Whether figures agree with each other: parts and wholes, sums, printed percentages, sentences of a report.

>>> [finding.said.vi for finding in check_text("tiếp nhận 15.051 = 1.727 + 13.342 hồ sơ")]
['«15.051 = 1.727 + 13.342»: vế phải là 15069']
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from cchc_index.auditing.findings import AuditFinding, FindingKind, finding_at, weighed
from cchc_index.auditing.printed import half_unit, places_of
from cchc_index.auditing.recomputing import users_of
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.facts import Submission
from cchc_index.figures import Figures, read_figures
from cchc_index.measures import Linear, Measure, Ratio, names_of_measure
from cchc_index.points import Exact, parse_number, show, show_percent
from cchc_index.scoring.say import Unit, say_measure, say_value, unit_of
from cchc_index.sources import NOT_STATED, Basis


@frozen
class Relation:
    """Two figures that must say the same: a declared one, and a sum or a ratio of others.

    A declared percentage may be rounded as far as it is printed: "86,5%" agrees with 10.840/12.530.

    >>> from cchc_index.measures import ratio
    >>> Relation("ty_le", ratio("dung_han", "giai_quyet")).figure
    'ty_le'
    """

    figure: str
    equals: Measure
    basis: Basis = NOT_STATED


def figure_findings(rules: Ruleset, unit: Submission, faults: Iterable[Fault]) -> Iterator[AuditFinding]:
    """A finding for each fault of a unit's figures, at the first criterion that looks at the figure."""
    for fault in faults:
        name = str(fault.path[1]) if len(fault.path) > 1 else ""
        kind = FindingKind.FIGURES_INCONSISTENT if _reads_alone(rules, unit, name) else FindingKind.FIGURE_UNUSABLE
        said = fault.located(unit.places)
        yield _at_users(rules, (name,), finding_at(kind, None, _told(said), said.place))


def _reads_alone(rules: Ruleset, unit: Submission, name: str) -> bool:
    """Whether nothing is wrong with a figure but what stands beside it."""
    alone = {key: value for key, value in unit.figures.items() if key == name}
    try:
        return bool(read_figures(rules.facts_by_name, evolve(unit, figures=alone, period=None)).keys() & {name})
    except BadSubmission:
        return False


def _told(fault: Fault) -> Text:
    return Fault(fault.message, fault.path, hint=fault.hint).text


def relation_findings(
    rules: Ruleset, unit: Submission, usable: Submission, relations: Iterable[Relation]
) -> Iterator[AuditFinding]:
    """A finding for each relation that the figures at hand break; one that lacks a figure says nothing."""
    figures = read_figures(rules.facts_by_name, usable)
    for relation in relations:
        names = (relation.figure, *names_of_measure(relation.equals))
        follows = _value(relation.equals, figures) if all(figures.has(name) for name in names) else None
        if follows is None:
            continue
        given = Fraction(figures[relation.figure])
        if abs(given - follows) > _tolerance(usable.figures.get(relation.figure)):
            message = _differs(rules, relation, given, follows)
            place = unit.places.get(("so_lieu", relation.figure), "")
            finding = finding_at(FindingKind.FIGURES_INCONSISTENT, None, message, place)
            yield _at_users(rules, names, evolve(weighed(finding, given, follows), basis=relation.basis))


def _value(measure: Measure, figures: Figures) -> Fraction | None:
    """What a measure comes to; None for a ratio over zero."""
    if isinstance(measure, Ratio):
        bottom = _sum(measure.bottom, figures)
        return _sum(measure.top, figures) / bottom if bottom else None
    return _sum(measure, figures)


def _sum(linear: Linear, figures: Figures) -> Fraction:
    return sum((Fraction(figures[name]) * by for name, by in linear.terms), Fraction(linear.constant))


def _tolerance(written: Any) -> Fraction:
    """Half a unit of the last place that a percentage is printed with; nothing for what is not text in percent."""
    if not isinstance(written, str) or "%" not in written:
        return Fraction(0)
    return half_unit(places_of(written)) / 100


def _differs(rules: Ruleset, relation: Relation, given: Exact, follows: Exact) -> Text:
    facts = rules.facts_by_name
    unit = Unit.PERCENT if isinstance(relation.equals, Ratio) else unit_of(relation.equals, facts)
    measure = say_measure(relation.equals, facts)
    label = facts[relation.figure].label
    return Text(
        f"{label}: {say_value(given, unit, 'vi')}, nhưng {measure.vi} là {say_value(follows, unit, 'vi')}",
        f"{label}: {say_value(given, unit, 'en')}, but {measure.en} is {say_value(follows, unit, 'en')}",
    )


def _at_users(rules: Ruleset, names: Iterable[str], finding: AuditFinding) -> AuditFinding:
    """The finding at the first criterion that looks at one of the figures; the others are named beside it."""
    codes = list(dict.fromkeys(code for name in names for code in users_of(rules, name)))
    if not codes:
        return finding
    source = str(rules[codes[0]].citation)
    return evolve(finding, criterion=codes[0], also=tuple(codes[1:]), source=source)


# -- sentences ---------------------------------------------------------------------------------------------------------


@frozen
class Statement:
    """A sentence whose numbers do not agree: what it says, what it gives, what follows."""

    said: Text
    given: Fraction
    follows: Fraction


_NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)"
_BETWEEN = r"[^\d;%.\n]{0,80}?"
_SUM = re.compile(rf"(?<![\d.,]){_NUMBER}\s*=\s*({_NUMBER}(?:\s*\+\s*{_NUMBER})+)(?![\d.,]*\d)")
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
"""Of 11/2023 the second number is a year."""
_SHARE = re.compile(rf"(?<![\d.,/]){_NUMBER}\s*/\s*{_NO_YEAR}{_NUMBER}(?![\d/]){_BETWEEN}(\d+(?:,\d+)?)\s*%")
_OF_WHICH = re.compile(rf"(?<![\d.,/]){_NUMBER}{_BETWEEN}trong đó{_BETWEEN}{_NUMBER}{_BETWEEN}(\d+(?:,\d+)?)\s*%")


def check_text(text: str) -> Iterator[Statement]:
    """The statements of a text whose own numbers contradict each other, decimal comma and grouping points as printed.

    Read are `15.051 = 1.727 + 13.324`, `10.840/12.530 … 86,5%` and `12.530 …, trong đó … 10.840 … 86,5%`; anything
    else is left alone. A percentage may be rounded as far as it is printed.

    >>> list(check_text("đã giải quyết 12.530 hồ sơ, trong đó đúng hạn 10.840 hồ sơ chiếm tỷ lệ 86,5%"))
    []
    """
    for match in _SUM.finditer(text):
        yield from _sum_statement(match)
    for match in _SHARE.finditer(text):
        yield from _share_statement(match[0], match[1], match[2], match[3])
    for match in _OF_WHICH.finditer(text):
        yield from _share_statement(match[0], match[2], match[1], match[3])


def _sum_statement(match: re.Match[str]) -> Iterator[Statement]:
    given, follows = _read(match[1]), sum((_read(part) for part in match[2].split("+")), Fraction(0))
    if given != follows:
        said = Text(
            f"«{match[0]}»: vế phải là {show(follows)}", f"«{match[0]}»: the right side is {show(follows, 'en')}"
        )
        yield Statement(said, given, follows)


def _share_statement(words: str, part: str, whole: str, percent: str) -> Iterator[Statement]:
    top, bottom, given = _read(part), _read(whole), _read(percent) / 100
    if bottom and abs(given - top / bottom) > half_unit(places_of(percent)) / 100:
        share = top / bottom
        said = Text(
            f"«{words}»: {part}/{whole} là {show_percent(share)}",
            f"«{words}»: {part}/{whole} is {show_percent(share, 'en')}",
        )
        yield Statement(said, given, share)


def _read(text: str) -> Fraction:
    return parse_number(text, mark=",")


def text_findings(rules: Ruleset, texts: Mapping[str, str], places: Mapping[str, str]) -> Iterator[AuditFinding]:
    """A finding for each statement that contradicts itself, at the criterion whose text it stands in."""
    for code, text in texts.items():
        for statement in check_text(text):
            place, criterion = places.get(code, ""), rules.by_code.get(code)
            finding = finding_at(FindingKind.FIGURES_INCONSISTENT, criterion, statement.said, place)
            yield weighed(finding, statement.given, statement.follows)
