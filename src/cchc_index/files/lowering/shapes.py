"""The shapes of the files (`cham`) as the six rules of the algebra: one function for each shape."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, Literal

from attrs import evolve

from cchc_index import rules
from cchc_index.files import schema
from cchc_index.files.lowering.conditions import (
    check_apart,
    check_option,
    checked_sum,
    condition_of,
    interval_of,
    measure_of,
)
from cchc_index.files.lowering.scope import Scope, basis_of, each, rounding_of, silent
from cchc_index.files.numbers import plain
from cchc_index.measures import (
    NO,
    YES,
    AllOf,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
)
from cchc_index.rules import ZERO, Case, Choose, Option, Piece, Piecewise, Rule, Sum, Switch, Table, Term
from cchc_index.scoring.say import unit_of
from cchc_index.sources import NOT_STATED, Basis


def lower_rule(model: Any, scope: Scope) -> Any:
    """The rule (or NOT_STATED) that a shape of the files says."""
    match model:
        case schema.Bands():
            return _bands(model, scope)
        case schema.Levels():
            return _levels(model, scope)
        case schema.Checklist():
            return Sum(_terms(model.muc, scope.at("muc")), model.diem_goc or ZERO, model.toi_thieu, model.toi_da)
        case schema.Deductions():
            return _deductions(model, scope)
        case schema.Options():
            return _options(model, scope)
        case schema.SurveyRule():
            return _survey(model, scope)
        case schema.Mean():
            return _mean(model, scope)
        case schema.AwardedRule():
            return _awarded(model, scope)
        case schema.Tiers():
            return _tiers(model, scope)
    return NOT_STATED


def _nested(model: Any, basis: Basis, scope: Scope) -> Rule:
    rule = lower_rule(model, evolve(scope, sentence=basis))
    if rule is NOT_STATED:
        word = model.cham
        raise scope.slip(f"«{word}» chỉ dùng cho cả tiêu chí", f"«{word}» is for a whole criterion only")
    assert isinstance(rule, Rule)
    return rule


def _bands(model: schema.Bands, scope: Scope) -> Rule:
    zero = model.mau_so_bang_0
    only_sum = model.do is not None and model.ti_so is None and model.thay_doi is None
    if only_sum and zero is not None:
        raise scope.slip(
            "«mau_so_bang_0» không dùng cùng «do»", "«mau_so_bang_0» does not go with «do»", "mau_so_bang_0"
        )
    if model.do is None and zero is None:
        raise scope.slip(
            "thiếu «mau_so_bang_0»: nói rõ khi mẫu số bằng 0, hoặc khong_quy_dinh",
            "«mau_so_bang_0» is missing: say what a zero denominator means, or khong_quy_dinh",
        )
    measure = measure_of(model, NOT_STATED if isinstance(zero, schema.ZeroPoints | None) else silent(zero), scope)
    pieces = each(scope, (partial(_piece, band, measure, scope.at("bac", n)) for n, band in enumerate(model.bac)))
    check_apart([piece.interval for piece in pieces], scope.at("bac"))
    return _with_zero_points(Piecewise(measure, tuple(pieces)), zero, scope)


def _with_zero_points(rule: Piecewise, zero: Any, scope: Scope) -> Rule:
    """A rule whose zero denominator is given points of its own."""
    if not isinstance(zero, schema.ZeroPoints) or not isinstance(rule.measure, Ratio):
        return rule
    bottom = rule.measure.bottom
    nothing = Within(bottom, Interval(ZERO, ZERO, low_closed=True, high_closed=True))
    basis = basis_of(zero, scope.at("mau_so_bang_0"))
    something = Within(bottom, Interval(low=ZERO))
    return Switch((Case(nothing, rules.constant(zero.diem), basis), Case(something, rule)), Choose.FIRST)


def _piece(band: schema.Band, measure: Measure, scope: Scope) -> Piece:
    interval = interval_of(band, unit_of(measure, scope.facts), scope)
    if (band.diem is None) == (band.noi_suy is None):
        raise scope.slip("bậc cần đúng một trong «diem», «noi_suy»", "a band needs one of «diem», «noi_suy»")
    if band.diem is not None:
        base, slope = _affine(band.diem, measure, scope.at("diem"))
    else:
        base, slope = _interpolated(band.noi_suy or [], interval, scope)
    return Piece(interval, base, slope, basis_of(band, scope))


def _affine(linear: Linear, measure: Measure, scope: Scope) -> tuple[Fraction, Fraction]:
    name = "ti_so" if isinstance(measure, Ratio) else "do"
    terms = dict(linear.terms)
    slope = terms.pop(name, 0)
    if terms:
        other = next(iter(terms))
        raise scope.slip(
            f"điểm chỉ tính theo «{name}», gặp «{other}»", f"points may use «{name}» only, found «{other}»"
        )
    return Fraction(linear.constant), Fraction(slope)


def _interpolated(ends: list[Fraction], interval: Interval, scope: Scope) -> tuple[Fraction, Fraction]:
    if interval.low is None or interval.high is None or interval.low == interval.high:
        raise scope.slip("«noi_suy» cần cận dưới và cận trên", "«noi_suy» needs a lower and an upper bound")
    slope = (ends[1] - ends[0]) / (interval.high - interval.low)
    return ends[0] - slope * interval.low, slope


def _levels(model: schema.Levels, scope: Scope) -> Switch:
    steps = (partial(_level, level, scope.at("muc", number)) for number, level in enumerate(model.muc))
    return Switch(tuple(each(scope, steps)), model.chon)


def _level(level: schema.Level, scope: Scope) -> Case:
    when = condition_of(level.khi, scope.at("khi"))
    return Case(when, rules.constant(level.diem), basis_of(level, scope))


def _terms(items: Iterable[schema.Item], scope: Scope, sign: int = 1) -> tuple[Term, ...]:
    return tuple(each(scope, (partial(_term, item, scope.at(number), sign) for number, item in enumerate(items))))


def _term(item: schema.Item, scope: Scope, sign: int) -> Term:
    kinds = [key for key in ("co", "khi", "moi", "muc", "quy_tac") if getattr(item, key) is not None]
    if len(kinds) != 1:
        raise scope.slip(
            "mục cần đúng một trong «co», «khi», «moi», «muc», «quy_tac»",
            "an item needs exactly one of «co», «khi», «moi», «muc», «quy_tac»",
        )
    _check_keys(item, kinds[0], scope)
    basis = basis_of(item, scope)
    if item.quy_tac is not None:
        if sign < 0:
            raise scope.slip("«quy_tac» không dùng trong «tru»", "«quy_tac» cannot stand in «tru»", "quy_tac")
        return Term(_nested(item.quy_tac, basis, scope.at("quy_tac")), item.ten, basis)
    if item.muc is not None:
        return Term(_capped(Sum(_terms(item.muc, scope.at("muc"), sign)), item, sign), item.ten, basis)
    if item.diem is None:
        raise scope.slip("mục thiếu «diem»", "the item has no «diem»")
    return Term(_item_rule(item, sign * item.diem, basis, scope, sign), item.ten, basis)


_ITEM_KEYS = {"co": ("diem",), "khi": ("diem",), "moi": ("diem", "toi_da"), "muc": ("toi_da",), "quy_tac": ()}


def _check_keys(item: schema.Item, kind: str, scope: Scope) -> None:
    for key in ("diem", "toi_da"):
        if getattr(item, key) is not None and key not in _ITEM_KEYS[kind]:
            raise scope.slip(f"«{key}» không dùng cùng «{kind}»", f"«{key}» does not go with «{kind}»", key)


def _item_rule(item: schema.Item, points: Fraction, basis: Basis, scope: Scope, sign: int) -> Rule:
    if item.co is not None:
        fact = scope.typed(item.co, (FactType.YES_NO,), "co")
        return Table(fact.name, (Option(YES, points, basis), Option(NO, ZERO, basis)))
    if item.khi is not None:
        return _if_held(condition_of(item.khi, scope.at("khi")), points, basis)
    assert item.moi is not None
    each = Piecewise(checked_sum(item.moi, scope.at("moi")), (Piece(Interval(), ZERO, points, basis),))
    return each if item.toi_da is None else _capped(Sum((Term(each),)), item, sign)


def _if_held(when: Condition, points: Fraction, basis: Basis) -> Rule:
    """Points under a condition, none otherwise."""
    held = Case(when, rules.constant(points), basis)
    otherwise = Case(AllOf(()), rules.constant(ZERO), basis)
    return Switch((held, otherwise), Choose.FIRST)


def _capped(rule: Sum, item: schema.Item, sign: int) -> Sum:
    if item.toi_da is None:
        return rule
    return evolve(rule, cap=item.toi_da) if sign > 0 else evolve(rule, floor=-item.toi_da)


def _deductions(model: schema.Deductions, scope: Scope) -> Sum:
    floor = None if model.san == schema.SILENCE else model.san
    assert not isinstance(floor, str)
    return Sum(_terms(model.tru, scope.at("tru"), sign=-1), model.diem_goc, floor)


def _options(model: schema.Options, scope: Scope) -> Table:
    fact = scope.typed(model.chon, (FactType.CHOICE,), "chon")
    steps = (partial(_option, name, option, fact, scope.at("muc", name)) for name, option in model.muc.items())
    return Table(fact.name, tuple(each(scope, steps)))


def _option(name: str, option: schema.ChosenOption, fact: Fact, scope: Scope) -> Option:
    check_option(name, fact, scope)
    return Option(name, option.diem, basis_of(option, scope))


def _survey(model: schema.SurveyRule, scope: Scope) -> Rule:
    zero = model.mau_so_bang_0
    at_zero = NOT_STATED if isinstance(zero, schema.ZeroPoints) else silent(zero)
    measure = mean_weight(model.phieu, model.he_so, at_zero, scope)
    piece = Piece(Interval(), ZERO, model.diem, scope.sentence)
    return _with_zero_points(Piecewise(measure, (piece,)), zero, scope)


def mean_weight(
    ballots: str, weights: Mapping[str, Fraction | Literal["khong_tinh"]], at_zero: Any, scope: Scope
) -> Ratio:
    """The mean weight of the counted ballots: their weights added up, over how many they are."""
    fact = scope.typed(ballots, (FactType.SURVEY,), "phieu")
    for option in weights:
        check_option(option, fact, scope.at("he_so", option))
    for option, _ in fact.options:
        if option not in weights:
            raise scope.slip(f"thiếu hệ số của «{option}»", f"no weight for «{option}»", "he_so")
    counted = {f"{fact.name}.{o}": w for o, w in weights.items() if not isinstance(w, str)}
    top = Linear(tuple((name, plain(weight)) for name, weight in counted.items()))
    return Ratio(top, Linear(tuple((name, 1) for name in counted)), at_zero)


def _mean(model: schema.Mean, scope: Scope) -> rules.Average:
    fact = scope.typed(model.ban_ghi, (FactType.RECORDS,), "ban_ghi")
    fields: dict[str, Fact] = {inner.name: inner for inner in fact.fields}
    inside = evolve(scope.at("moi_ban_ghi"), facts={**scope.facts, **fields})
    rounding = rounding_of(model.lam_tron, scope.at("lam_tron")) if model.lam_tron else None
    return rules.Average(fact.name, _nested(model.moi_ban_ghi, scope.sentence, inside), rounding)


def _awarded(model: schema.AwardedRule, scope: Scope) -> rules.Awarded:
    fact = scope.typed(model.diem, (FactType.POINTS,), "diem")
    high, step = silent(model.den), silent(model.buoc)
    if step is not NOT_STATED and step <= 0:
        raise scope.slip("bước điểm phải lớn hơn 0", "the step must be above 0", "buoc")
    low = ZERO if model.tu is None else silent(model.tu)
    if NOT_STATED not in (low, high) and high < low:
        raise scope.slip("khoảng rỗng: «den» nhỏ hơn «tu»", "empty range: «den» is below «tu»", "den")
    least, most = (None if end is NOT_STATED else end for end in (low, high))
    return rules.Awarded(fact.name, least, most, step, scope.sentence)


def _tiers(model: schema.Tiers, scope: Scope) -> Switch:
    steps = (partial(_tier, tier, scope.at("theo", number)) for number, tier in enumerate(model.theo))
    return Switch(tuple(each(scope, steps)), model.chon)


def _tier(tier: schema.Tier, scope: Scope) -> Case:
    basis = basis_of(tier, scope)
    when = condition_of(tier.khi, scope.at("khi"))
    if (tier.diem is None) == (tier.quy_tac is None):
        raise scope.slip("cần đúng một trong «diem», «quy_tac»", "exactly one of «diem», «quy_tac» is needed")
    if tier.diem is not None:
        return Case(when, rules.constant(tier.diem), basis)
    return Case(when, _nested(tier.quy_tac, basis, scope.at("quy_tac")), basis)
