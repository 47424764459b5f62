"""Measures, intervals and conditions of a file as those of the core."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from attrs import evolve

from cchc_index.errors import Text, did_you_mean
from cchc_index.figures import read_date
from cchc_index.files import schema
from cchc_index.files.lowering.scope import Scope, silent
from cchc_index.files.numbers import parse_exact
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
    change,
    figure,
)
from cchc_index.points import NumberError
from cchc_index.scoring.say import Unit, unit_of

_NO_NUMBERS = (FactType.CHOICE, FactType.YES_NO, FactType.RECORDS, FactType.SURVEY, FactType.LABEL)


def checked_sum(linear: Linear, scope: Scope) -> Linear:
    for name, _ in linear.terms:
        fact = scope.fact(name)
        if fact.type in _NO_NUMBERS:
            raise scope.slip(
                f"«{name}» thuộc loại «{fact.type.value}», không cộng trừ được",
                f"«{name}» is of type «{fact.type.value}» and cannot be added up",
            )
    if not linear.terms:
        raise scope.slip("biểu thức không có số liệu nào", "the expression names no figure")
    return linear


def measure_of(model: schema.Measured, at_zero: Any, scope: Scope) -> Measure:
    given = [key for key in ("do", "ti_so", "thay_doi") if getattr(model, key) is not None]
    if len(given) != 1:
        raise scope.slip("cần đúng một trong «do», «ti_so», «thay_doi»", "exactly one of «do», «ti_so», «thay_doi»")
    if model.do is not None:
        return checked_sum(model.do, scope.at("do"))
    if model.ti_so is not None:
        top, bottom = (checked_sum(part, scope.at("ti_so", n)) for n, part in enumerate(model.ti_so))
        return Ratio(top, bottom, at_zero)
    now, before = model.thay_doi or ("", "")
    for number, name in enumerate((now, before)):
        checked_sum(figure(name), scope.at("thay_doi", number))
    return evolve(change(now, before), at_zero=at_zero)


def interval_of(model: schema.Bounds, unit: Unit, scope: Scope) -> Interval:
    ends = {key: getattr(model, key) for key in ("tu", "tren", "den", "duoi", "bang")}
    given = {key: _end(text, unit, scope.at(key)) for key, text in ends.items() if text is not None}
    for one, other in (("tu", "tren"), ("den", "duoi")):
        if one in given and other in given:
            raise scope.slip(f"chỉ dùng một trong «{one}», «{other}»", f"use one of «{one}», «{other}»")
    if "bang" in given:
        if len(given) > 1:
            raise scope.slip("«bang» không đi với cận khác", "«bang» stands alone")
        return Interval(given["bang"], given["bang"], low_closed=True, high_closed=True)
    low, high = given.get("tu", given.get("tren")), given.get("den", given.get("duoi"))
    interval = Interval(low, high, "tu" in given, "den" in given)
    if low is not None and high is not None and (low > high or (low == high and not interval.meets(interval))):
        lower, upper = model.tu or model.tren, model.den or model.duoi
        raise scope.slip(
            f"khoảng rỗng: cận dưới {lower} không nhỏ hơn cận trên {upper}", f"empty range: {lower} to {upper}"
        )
    return interval


_YEARLY = Text(
    "ngày hằng năm: khai báo han: {ten: hạn, loai: ngay, co_dinh: 31/01}, rồi «do: ngay - han», «duoi: 0» là trước hạn",
    "a day of every year: declare han: {ten: hạn, loai: ngay, co_dinh: 31/01}, then «do: ngay - han», «duoi: 0»",
)


def _end(text: str, unit: Unit, scope: Scope) -> Fraction:
    if unit is Unit.DATE:
        day = read_date(text)
        if day is None:
            yearly = _YEARLY if text.count("/") == 1 else None
            raise scope.slip(f"«{text}» không phải ngày có thật", f"«{text}» is no real date", hint=yearly)
        return Fraction(day.toordinal())
    try:
        number = parse_exact(text)
    except NumberError as error:
        raise scope.slip(error.text.vi, error.text.en) from None
    if ("%" in text) != (unit is Unit.PERCENT):
        wanted = f"{text}%" if unit is Unit.PERCENT else text.replace("%", "").strip()
        raise scope.slip(
            f"«{text}»: đại lượng này {'tính bằng %' if unit is Unit.PERCENT else 'không tính bằng %'}",
            f"«{text}»: this measure is {'' if unit is Unit.PERCENT else 'not '}in percent",
            hint=Text(f"ý bạn là «{wanted}»?", f"did you mean «{wanted}»?"),
        )
    return number


def condition_of(model: schema.Condition, scope: Scope) -> Condition:
    kinds = [key for key in ("tat_ca", "mot_trong", "so_lieu", "co", "khong") if getattr(model, key) is not None]
    measured = any(getattr(model, key) is not None for key in ("do", "ti_so", "thay_doi"))
    if len(kinds) + measured != 1:
        raise scope.slip(
            "điều kiện cần đúng một trong «tat_ca», «mot_trong», «do», «ti_so», «thay_doi», «so_lieu», «co», «khong»",
            "exactly one is needed of «tat_ca», «mot_trong», «do», «ti_so», «thay_doi», «so_lieu», «co», «khong»",
        )
    _check_keys(model, scope)
    if model.tat_ca is not None:
        return AllOf(_conditions(model.tat_ca, scope.at("tat_ca")))
    if model.mot_trong is not None:
        return AnyOf(_conditions(model.mot_trong, scope.at("mot_trong")))
    if model.so_lieu is not None:
        return _chosen(model, scope)
    if model.co is not None:
        return Chosen(scope.typed(model.co, (FactType.YES_NO,), "co").name, (YES,))
    if model.khong is not None:
        return Chosen(scope.typed(model.khong, (FactType.YES_NO,), "khong").name, (NO,))
    measure = measure_of(model, silent(model.mau_so_bang_0), scope)
    interval = interval_of(model, unit_of(measure, scope.facts), scope)
    if interval == Interval():
        raise scope.slip("điều kiện thiếu cận: tu, tren, den, duoi hoặc bang", "the condition has no bound")
    return Within(measure, interval)


def _check_keys(model: schema.Condition, scope: Scope) -> None:
    """No key that the kind of condition does not use."""
    measured = any(getattr(model, key) is not None for key in ("do", "ti_so", "thay_doi"))
    unused = [] if measured else ["tu", "tren", "den", "duoi", "bang"]
    unused += [] if model.so_lieu is not None else ["la"]
    unused += [] if measured and model.do is None else ["mau_so_bang_0"]
    for key in unused:
        if key in model.model_fields_set:
            raise scope.slip(f"«{key}» không có nghĩa ở điều kiện này", f"«{key}» means nothing in this condition", key)


def _conditions(models: Iterable[schema.Condition], scope: Scope) -> tuple[Condition, ...]:
    return tuple(condition_of(model, scope.at(number)) for number, model in enumerate(models))


def _chosen(model: schema.Condition, scope: Scope) -> Condition:
    fact = scope.typed(model.so_lieu or "", (FactType.CHOICE,), "so_lieu")
    if not model.la:
        raise scope.slip("«so_lieu» trong điều kiện cần «la»", "«so_lieu» in a condition needs «la»")
    for option in model.la:
        check_option(option, fact, scope.at("la"))
    return Chosen(fact.name, tuple(model.la))


def check_option(option: str, fact: Fact, scope: Scope) -> None:
    names = dict(fact.options)
    if option not in names:
        raise scope.slip(
            f"«{fact.name}» không có lựa chọn «{option}»",
            f"«{fact.name}» has no option «{option}»",
            hint=did_you_mean(option, names),
        )


def check_apart(intervals: list[Interval], scope: Scope) -> None:
    for number, later in enumerate(intervals):
        for earlier in range(number):
            if later.meets(intervals[earlier]):
                raise scope.slip(
                    f"trùng với bậc thứ {earlier + 1}: có giá trị thuộc cả hai bậc",
                    f"overlaps band {earlier + 1}: a value is in both",
                    number,
                )
