"""Where a ruleset quotes its decision: each place with what the rule says there, ready to be compared."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from itertools import chain

from attrs import evolve, frozen

from cchc_index.checking.clauses.aspects import (
    AT_ZERO,
    POINTS,
    ROUNDING,
    Aspect,
    different,
    same,
    silent,
    unclear,
)
from cchc_index.checking.clauses.beside import compare_exemption, compare_grade, compare_rounding
from cchc_index.checking.clauses.conditions import Asked, Negation, compare_condition
from cchc_index.checking.clauses.intervals import compare_interval
from cchc_index.checking.clauses.points import (
    Setting,
    compare_affine,
    compare_constant,
    compare_council,
    compare_each,
    points_text,
)
from cchc_index.checking.clauses.values import Clause
from cchc_index.criteria import AdjustmentKind, Basing, Criterion, Grade, Ruleset
from cchc_index.errors import Text
from cchc_index.measures import AllOf, Chosen, Fact, Ratio
from cchc_index.points import show_percent
from cchc_index.rules import (
    ZERO,
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
)
from cchc_index.sources import NOT_STATED, Basis, Citation, Quote

Compare = Callable[[Clause], tuple[Aspect, ...]]


@frozen
class Site:
    """A place that quotes: the criterion's code, the part of its rule, the quote, how to compare a clause with it.

    `name` is a name that may stand in the sentence and says nothing about numbers (that of a grade). `has_numbers`
    tells whether the rule says a number there that the sentence must say too.
    """

    criterion: str
    part: Text
    quote: Quote
    compare: Compare
    name: str | None = None
    has_numbers: bool = True


def sites_of(rules: Ruleset) -> Iterator[Site]:
    """Every place of a ruleset that quotes its decision, in the order of the table, each sentence of a place once."""
    signs = {a.criterion.code: -1 for a in rules.adjustments if a.kind is AdjustmentKind.PENALTY}
    for criterion in rules.walk():
        setting = Setting(_facts(rules), criterion.max_points, signs.get(criterion.code, 1))
        yield from _of_criterion(criterion, setting)
    if rules.rounding:
        yield from _of_rounding("", rules.rounding)
    for scale in rules.scales:
        for grade in scale.grades:
            yield from _of_grade(grade, scale.on)


def _facts(rules: Ruleset) -> dict[str, Fact]:
    """Every figure by its name, those of records too."""
    declared = dict(rules.facts_by_name)
    fields = {field.name: field for fact in declared.values() for field in fact.fields}
    return fields | declared


def _of_criterion(criterion: Criterion, setting: Setting) -> Iterator[Site]:
    if criterion.rule is not NOT_STATED:
        for site in _of_rule(criterion.rule, setting, NOT_STATED):
            yield evolve(site, criterion=criterion.code)
    for number, exemption in enumerate(criterion.exemptions, 1):
        part = Text(f"không đánh giá {number}", f"exemption {number}")
        yield from _site(exemption.basis, part, partial(compare_exemption, exemption, setting), criterion.code)
    if criterion.rounding:
        yield from _of_rounding(criterion.code, criterion.rounding)


def _site(basis: Basis, part: Text, compare: Compare, code: str = "", name: str | None = None) -> Iterator[Site]:
    if isinstance(basis, Quote):
        yield Site(code, part, basis, compare, name)


def _of_rounding(code: str, rounding: Rounding) -> Iterator[Site]:
    return _site(rounding.basis, ROUNDING, partial(compare_rounding, rounding), code)


def _of_grade(grade: Grade, on: Basing) -> Iterator[Site]:
    part = Text(f"xếp loại {grade.name}", f"grade {grade.name}")
    return _site(grade.basis, part, partial(compare_grade, grade, on), name=grade.name)


# -- the rule ----------------------------------------------------------------------------------------------------------


def _of_rule(rule: Rule, setting: Setting, outer: Basis) -> Iterator[Site]:
    """The places inside a rule. `outer` is the sentence around it, which is not compared again for its parts."""
    match rule:
        case Piecewise():
            return _of_pieces(rule, setting, outer)
        case Table():
            return _of_options(rule, setting)
        case Sum(terms):
            return chain.from_iterable(_of_term(n, term, setting, outer) for n, term in enumerate(terms, 1))
        case Switch(cases):
            return chain.from_iterable(_of_case(n, rule, setting, outer) for n in range(len(cases)))
        case Average(_, inner, rounding):
            rounded = _of_rounding("", rounding) if rounding else ()
            return chain(rounded, _of_rule(inner, setting, outer))
    return _of_awarded(rule, setting)


def _of_awarded(rule: Awarded, setting: Setting) -> Iterator[Site]:
    """Points that people give. Where they go from nothing to the criterion's maximum, the rule has no number itself."""
    free = rule.low in (None, ZERO) and rule.high in (None, setting.most) and rule.step is NOT_STATED
    for site in _site(rule.basis, Text("chấm trực tiếp", "awarded"), partial(_compare_awarded, rule)):
        yield evolve(site, has_numbers=not free)


def _compare_awarded(rule: Awarded, clause: Clause) -> tuple[Aspect, ...]:
    return (compare_council(clause.points, rule),)


def _of_pieces(rule: Piecewise, setting: Setting, outer: Basis) -> Iterator[Site]:
    for number, piece in enumerate(rule.pieces, 1):
        if piece.basis != outer:
            part = Text(f"bậc {number}", f"band {number}")
            yield from _site(piece.basis, part, partial(_compare_piece, rule, piece, setting))


def _of_options(rule: Table, setting: Setting) -> Iterator[Site]:
    for option in rule.options:
        part = Text(f"lựa chọn {option.name}", f"option {option.name}")
        yield from _site(option.basis, part, partial(_compare_option, rule.fact, option, setting))


def _of_term(number: int, term: Term, setting: Setting, outer: Basis) -> Iterator[Site]:
    if term.basis != outer:
        part = Text(f"mục {number}", f"item {number}")
        yield from _site(term.basis, part, partial(_compare_term, term.rule, setting))
    inner = _of_rule(term.rule, setting, term.basis)
    yield from (site for site in inner if site.quote != term.basis)


def _of_case(number: int, switch: Switch, setting: Setting, outer: Basis) -> Iterator[Site]:
    case = switch.cases[number]
    if case.basis != outer:
        part = Text(f"mức {number + 1}", f"case {number + 1}")
        yield from _site(case.basis, part, partial(_compare_case, case, ways_of(switch, number), setting))
    yield from _of_rule(case.rule, setting, case.basis)


def ways_of(switch: Switch, number: int) -> list[tuple[Asked, ...]]:
    """The ways to put the condition of a case: alone, or with what the cases before it leave where the first counts."""
    case = switch.cases[number]
    before = [Negation(earlier.when) for earlier in switch.cases[:number]]
    return [(case.when,), (case.when, *before)] if switch.choose is Choose.FIRST and before else [(case.when,)]


def _compare_piece(rule: Piecewise, piece: Piece, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    return (
        compare_interval(clause.condition, rule.measure, piece.interval, setting.facts),
        compare_affine(clause.points, rule.measure, piece, setting),
        *_compare_at_zero(clause, rule),
    )


def _compare_option(fact: str, option: Option, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    return (
        compare_condition(clause.condition, [(Chosen(fact, (option.name,)),)], setting.facts),
        compare_constant(clause.points, option.points, setting),
    )


def _compare_case(case: Case, ways: list[tuple[Asked, ...]], setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    condition = compare_condition(clause.condition, ways, setting.facts)
    if isinstance(case.rule, Sum) and not case.rule.terms:
        return (condition, compare_constant(clause.points, case.rule.base, setting))
    return (condition, *_nested(case.rule, setting, clause))


def _nested(rule: Rule, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    """A sentence over a whole rule: its points where the rule has one piece, and its word on a zero denominator."""
    if isinstance(rule, Piecewise):
        alone = len(rule.pieces) == 1
        points = compare_affine(clause.points, rule.measure, rule.pieces[0], setting) if alone else _beyond(clause)
        return (points, *_compare_at_zero(clause, rule))
    return (_beyond(clause),)


def _beyond(clause: Clause) -> Aspect:
    if clause.points is None:
        return silent(POINTS)
    return unclear(POINTS, "quy tắc có nhiều phần", "the rule has several parts")


def _compare_term(rule: Rule, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    """A sentence beside an item of a list."""
    match rule:
        case Table(fact, (option, *others)):
            beside = [other.points for other in others]
            return (*_compare_option(fact, option, setting, clause), *_nothing_more(beside))
        case Switch((case, Case(AllOf(()), Sum((), otherwise)))):
            return (*_compare_case(case, [(case.when,)], setting, clause), *_nothing_more([otherwise]))
        case Sum() | Piecewise(_, (_,)):
            return compare_each(clause.points, rule, setting)
    return _nested(rule, setting, clause)


def _nothing_more(points: Iterable[Fraction]) -> tuple[Aspect, ...]:
    """An item that one sentence speaks of gives nothing where that sentence does not hold."""
    return tuple(different(POINTS, points_text(ZERO), points_text(number)) for number in points if number)


def _compare_at_zero(clause: Clause, rule: Piecewise) -> tuple[Aspect, ...]:
    ruled = rule.measure.at_zero if isinstance(rule.measure, Ratio) else NOT_STATED
    if clause.at_zero is None:
        return ()
    if clause.at_zero == ruled:
        return (same(AT_ZERO),)
    unsaid = Text("khong_quy_dinh", "khong_quy_dinh")
    return (different(AT_ZERO, _percent(clause.at_zero), unsaid if ruled is NOT_STATED else _percent(ruled)),)


def _percent(value: Fraction) -> Text:
    return Text(show_percent(value), show_percent(value, "en"))


def rule_site(rule: Rule, sentence: str, setting: Setting) -> Site:
    """A place where a sentence speaks of a whole rule."""
    return Site("", Text("quy tắc", "rule"), Quote(sentence, Citation("", "")), partial(_compare_rule, rule, setting))


def _compare_rule(rule: Rule, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    match rule:
        case Piecewise(_, (piece,)):
            return _compare_piece(rule, piece, setting, clause)
        case Awarded():
            return _compare_awarded(rule, clause)
    return _compare_term(rule, setting, clause)
