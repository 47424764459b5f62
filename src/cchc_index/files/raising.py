"""The six rules of the algebra as the shapes of the files: the way back from `lowering`.

Each rule is written in the one shape that lowers to it again, so that load after dump is the identity.

Longer than most modules: one shape after the other, in the order of `lowering`.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from cchc_index.files.numbers import write_number
from cchc_index.files.schema import SILENCE
from cchc_index.measures import (
    NO,
    YES,
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.points import Exact
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
    constant,
)
from cchc_index.scoring.say import Unit, is_day, unit_of
from cchc_index.sources import NOT_STATED, Basis, Citation, Reading

Written = dict[str, Any]


class Unwritable(ValueError):
    """A value of the algebra that no file says: a rule that depends on nothing, or a bound of days that is no day."""


@frozen
class Place:
    """What is known where a rule is written: the figures, and the citation of its row, which need not be said again."""

    facts: Mapping[str, Fact]
    citation: Citation


def based(basis: Basis, place: Place) -> Written:
    """What a part of a rule stands on."""
    if basis is NOT_STATED:
        return {}
    if isinstance(basis, Reading):
        return {"cach_hieu": {"noi_dung": basis.text, "nguon_goc": basis.origin}}
    nearby = basis.citation == place.citation
    attested = {"da_doi_chieu": basis.attested} if basis.attested else {}
    return ({} if nearby else {"nguon": str(basis.citation)}) | {"nguyen_van": basis.text} | attested


def raised(rule: Rule, place: Place) -> Written:
    """The shape (`cham` and its keys) that lowers to this rule."""
    match rule:
        case Piecewise():
            return _bands(rule, place)
        case Table(fact) if place.facts[fact].type is FactType.YES_NO:
            return raised(_as_levels(rule), place)
        case Table(fact, options):
            rows = {
                option.name: {"diem": write_number(option.points)} | based(option.basis, place) for option in options
            }
            return {"cham": "chon_mot", "chon": fact, "muc": rows}
        case Sum():
            return _sum(rule, place)
        case Switch():
            return _switch(rule, place)
        case Average(records, inner, rounding):
            kept = {"lam_tron": rounded(rounding, place)} if rounding else {}
            columns = {column.name: column for column in place.facts[records].fields}
            inside = evolve(place, facts={**place.facts, **columns})
            return {"cham": "trung_binh", "ban_ghi": records} | kept | {"moi_ban_ghi": raised(inner, inside)}
    return _awarded(rule)


def _as_levels(rule: Table) -> Switch:
    """A table over yes and no, which files say by conditions."""
    return Switch(tuple(Case(Chosen(rule.fact, (o.name,)), constant(o.points), o.basis) for o in rule.options))


def _option(option: Option, place: Place) -> Written:
    return {"diem": write_number(option.points)} | based(option.basis, place)


def rounded(rounding: Rounding, place: Place) -> Written:
    """A rounding that the decision orders."""
    return {"den": write_number(rounding.step), "cach": rounding.rule.value} | based(rounding.basis, place)


def _awarded(rule: Awarded) -> Written:
    low = {} if rule.low == ZERO else {"tu": SILENCE if rule.low is None else write_number(rule.low)}
    high = SILENCE if rule.high is None else write_number(rule.high)
    step = SILENCE if rule.step is NOT_STATED else write_number(rule.step)
    return {"cham": "cham_truc_tiep", "diem": rule.fact} | low | {"den": high, "buoc": step}


def _bands(rule: Piecewise, place: Place) -> Written:
    zero = {"mau_so_bang_0": at_zero(rule.measure)} if isinstance(rule.measure, Ratio) else {}
    return {"cham": "bac_thang"} | measured(rule.measure) | zero | {"bac": _pieces(rule, place)}


def _pieces(rule: Piecewise, place: Place) -> list[Written]:
    if not rule.pieces:
        raise Unwritable(rule)
    unit, name = unit_of(rule.measure, place.facts), "ti_so" if isinstance(rule.measure, Ratio) else "do"
    return [_piece(piece, unit, name) | based(piece.basis, place) for piece in rule.pieces]


def _piece(piece: Piece, unit: Unit, name: str) -> Written:
    points = Linear(((name, piece.slope),) if piece.slope else (), piece.base)
    return interval(piece.interval, unit) | {"diem": expression(points)}


def at_zero(ratio: Ratio) -> str:
    """The value of a ratio whose denominator is zero."""
    return SILENCE if ratio.at_zero is NOT_STATED else write_number(ratio.at_zero * 100) + "%"


def measured(measure: Measure) -> Written:
    """A measure: `do` or `ti_so`."""
    if isinstance(measure, Linear):
        return {"do": expression(measure)}
    return {"ti_so": [expression(measure.top), expression(measure.bottom)]}


def expression(linear: Linear) -> str:
    """A linear sum as it is written.

    >>> expression(Linear((("a", 1), ("b", Fraction(-1, 4))), 2))
    'a - 0.25 x b + 2'
    """
    parts: list[tuple[Exact, str]] = [(coefficient, name) for name, coefficient in linear.terms]
    parts += [(linear.constant, "")] if linear.constant or not parts else []
    first, *others = parts
    return _term(*first) + "".join(f" {'-' if c < 0 else '+'} {_term(max(c, -c), name)}" for c, name in others)


def _term(coefficient: Exact, name: str) -> str:
    if not name:
        return write_number(coefficient)
    return name if coefficient == 1 else f"{write_number(coefficient)} x {name}"


def interval(within: Interval, unit: Unit) -> Written:
    """The ends of an interval."""
    low, high = within.low, within.high
    if low is not None and low == high:
        return {"bang": _end(low, unit)}
    lower = {} if low is None else {"tu" if within.low_closed else "tren": _end(low, unit)}
    upper = {} if high is None else {"den" if within.high_closed else "duoi": _end(high, unit)}
    return lower | upper


def _end(value: Fraction, unit: Unit) -> str:
    if unit is Unit.DATE:
        if not is_day(value):
            raise Unwritable(value)
        return datetime.date.fromordinal(int(value)).isoformat()
    return write_number(value * 100) + "%" if unit is Unit.PERCENT else write_number(value)


def condition(when: Condition, place: Place) -> Written:
    """A condition as it is written."""
    match when:
        case AllOf(()) | AnyOf(()) | Within(interval=Interval(None, None)):
            raise Unwritable(when)
        case Within(measure, inside):
            stated = isinstance(measure, Ratio) and measure.at_zero is not NOT_STATED
            zero = {"mau_so_bang_0": at_zero(measure)} if stated and isinstance(measure, Ratio) else {}
            return measured(measure) | zero | interval(inside, unit_of(measure, place.facts))
        case Chosen(fact, options):
            if place.facts[fact].type is FactType.YES_NO:
                words = [{"co" if option == YES else "khong": fact} for option in options]
                return words[0] if len(words) == 1 else {"mot_trong": words}
            return {"so_lieu": fact, "la": list(options)}
        case AllOf(parts):
            return {"tat_ca": [condition(part, place) for part in parts]}
    return {"mot_trong": [condition(part, place) for part in when.parts]}


def _switch(rule: Switch, place: Place) -> Written:
    zero = _zero_points(rule)
    if zero:
        case, inner = zero
        points = {"diem": write_number(_points(case.rule))} | based(case.basis, place)
        return _bands(inner, place) | {"mau_so_bang_0": points, "bac": _pieces(inner, place)}
    if all(_is_constant(case.rule) for case in rule.cases):
        levels = [{"diem": write_number(_points(case.rule))} | _held(case, place) for case in rule.cases]
        return {"cham": "muc", "chon": rule.choose.value, "muc": levels}
    return {"cham": "theo", "chon": rule.choose.value, "theo": [_tier(case, place) for case in rule.cases]}


def _tier(case: Case, place: Place) -> Written:
    if _is_constant(case.rule):
        return {"diem": write_number(_points(case.rule))} | _held(case, place)
    return _held(case, place) | {"quy_tac": raised(case.rule, place)}


def _held(case: Case, place: Place) -> Written:
    return {"khi": condition(case.when, place)} | based(case.basis, place)


def _zero_points(rule: Switch) -> tuple[Case, Piecewise] | None:
    """The case of a zero denominator and the bands for the others, where a switch says just that."""
    match rule:
        case Switch((Case(Within(Linear() as bottom, only), Sum()) as zero, Case(Within(), inner)), Choose.FIRST):
            is_ratio = isinstance(inner, Piecewise) and isinstance(inner.measure, Ratio)
            if is_ratio and only == Interval(ZERO, ZERO, low_closed=True, high_closed=True) and _is_constant(zero.rule):
                assert isinstance(inner, Piecewise)
                assert isinstance(inner.measure, Ratio)
                return (zero, inner) if inner.measure.bottom == bottom else None
    return None


def _is_constant(rule: Rule) -> bool:
    return isinstance(rule, Sum) and rule == constant(rule.base)


def _points(rule: Rule) -> Fraction:
    assert isinstance(rule, Sum)
    return rule.base


def _sum(rule: Sum, place: Place) -> Written:
    if not rule.terms:
        raise Unwritable(rule)
    deducted = [_item(term, place, sign=-1) for term in rule.terms]
    if rule.base and rule.cap is None and not _needs_rule(deducted):
        floor = SILENCE if rule.floor is None else write_number(rule.floor)
        return {"cham": "tru_dan", "diem_goc": write_number(rule.base), "tru": deducted, "san": floor}
    ends = {"diem_goc": rule.base or None, "toi_da": rule.cap, "toi_thieu": rule.floor}
    clamped = {key: write_number(value) for key, value in ends.items() if value is not None}
    return {"cham": "cong_don"} | clamped | {"muc": [_item(term, place, sign=1) for term in rule.terms]}


def _needs_rule(items: list[Written]) -> bool:
    """Whether a line can only be said by a rule of its own, which `tru` does not take."""
    return any("quy_tac" in item or _needs_rule(item.get("muc", [])) for item in items)


def _item(term: Term, place: Place, *, sign: int) -> Written:
    named = {"ten": term.label} if term.label else {}
    return named | _counted(term.rule, place, sign) | based(term.basis, place)


NOTHING = constant(ZERO)


def _counted(rule: Rule, place: Place, sign: int) -> Written:
    """What one line of a checklist counts: a yes/no figure, a condition, so much for each, a list, or any rule."""
    match rule:
        case Table(fact, (Option(name, points), Option(other, none))) if (name, other, none) == (YES, NO, ZERO):
            return {"co": fact, "diem": write_number(sign * points)}
        case Switch((Case(when, held), Case(AllOf(()), left)), Choose.FIRST) if _is_constant(held) and left == NOTHING:
            return {"khi": condition(when, place), "diem": write_number(sign * _points(held))}
        case Piecewise(Linear() as each, (Piece(Interval(None, None), base, slope),)) if base == 0:
            return {"moi": expression(each), "diem": write_number(sign * slope)}
        case Sum((Term(Piecewise() as each, "", basis),)) if basis is NOT_STATED and _adds(rule, sign):
            written = _counted(each, place, sign)
            return written | _capped(rule, sign) if "moi" in written else {"muc": [written]} | _capped(rule, sign)
        case Sum() if _adds(rule, sign):
            return {"muc": [_item(term, place, sign=sign) for term in rule.terms]} | _capped(rule, sign)
    return {"quy_tac": raised(rule, place)}


def _adds(rule: Sum, sign: int) -> bool:
    """Whether a sum is a list and its limit, as one line of a checklist says it."""
    return bool(rule.terms) and rule.base == 0 and (rule.floor is None if sign > 0 else rule.cap is None)


def _capped(rule: Sum, sign: int) -> Written:
    end = rule.cap if sign > 0 else rule.floor
    return {} if end is None else {"toi_da": write_number(sign * end)}


def figures(facts: Iterable[Fact], place: Place) -> Written:
    """The figures that are declared at a place."""
    return {fact.name: dict(_figure(fact, place)) for fact in facts}


def _figure(fact: Fact, place: Place) -> Iterator[tuple[str, Any]]:
    yield "ten", fact.label
    if fact.type is not FactType.COUNT:
        yield "loai", fact.type.value
    if fact.unit:
        yield "don_vi", fact.unit
    if fact.part_of:
        yield "trong", fact.part_of
    if fact.options:
        yield "lua_chon", dict(fact.options)
    if fact.may_be_negative:
        yield "co_the_am", YES
    if fact.fields:
        yield "truong", figures(fact.fields, place)
    if fact.given is not None:
        yield "co_dinh", day(fact.given)
    if fact.sample:
        yield "mau_toi_thieu", {"so_phieu": str(fact.sample.least)} | based(fact.sample.basis, place)


def day(given: datetime.date | Any) -> str:
    """A day, or a day that comes back each year."""
    return given.isoformat() if isinstance(given, datetime.date) else f"{given.day:02d}/{given.month:02d}"
