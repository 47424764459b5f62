"""Any value of a ruleset in words, Vietnamese and English, for the sentences that say what changed.

>>> said(Fraction(1, 4), {}).vi, said(NOT_STATED, {}).en
('0,25', 'not stated')
"""

import datetime
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from attrs import fields

from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale
from cchc_index.errors import Text, many
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    DayOfYear,
    Fact,
    Linear,
    Ratio,
    Sample,
    Within,
)
from cchc_index.points import show, show_percent
from cchc_index.rules import Rounding
from cchc_index.scoring.say import (
    Unit,
    joined,
    say_basis,
    say_condition,
    say_interval,
    say_measure,
    say_policy,
)
from cchc_index.sources import NOT_STATED, Citation, Quote, Reading

Facts = Mapping[str, Fact]
SILENT = Text("không quy định", "not stated")
NONE = Text("không có", "none")


def same(words: object) -> Text:
    """Words that are the same in both languages."""
    return Text(str(words), str(words))


def said(value: Any, facts: Facts) -> Text:
    """A value in words; its parts without their defaults where it has no wording of its own."""
    if isinstance(value, tuple) and value:
        return joined((said(item, facts) for item in value), "; ")
    return _said_simple(value) or _said_structure(value, facts) or _said_parts(value, facts)


def _said_simple(value: Any) -> Text | None:
    match value:
        case None | ():
            return NONE
        case Text():
            return value
        case bool():
            return Text("có", "yes") if value else Text("không", "no")
        case int() | Fraction():
            return Text(show(value), show(value, "en"))
        case datetime.date():
            return same(f"{value:%d/%m/%Y}")
        case Enum():
            return SILENT if value is NOT_STATED else same(value.value)
        case Quote() | Reading():
            return say_basis(value)
        case str() | Citation():
            return same(value)
    return None


def _said_structure(value: Any, facts: Facts) -> Text | None:
    match value:
        case DayOfYear(day, month):
            return same(f"{day:02}/{month:02}")
        case Within() | Chosen() | AllOf() | AnyOf():
            return say_condition(value, facts)
        case Linear() | Ratio():
            return say_measure(value, facts)
        case Rounding(step, _, basis):
            return _with_basis(Text(f"đến {show(step)}", f"to {show(step, 'en')}"), basis, facts)
        case Sample(least, basis):
            return _with_basis(Text(f"ít nhất {least} phiếu", f"at least {many(least, 'ballot')}"), basis, facts)
        case Exemption(policy, when, basis):
            asked = Text("khi đơn vị đề nghị", "when the unit asks") if when is None else said(when, facts)
            return _with_basis(joined((say_policy(policy), asked), ", "), basis, facts)
        case Criterion():
            return same(f"{value.code} {value.name}")
        case GradeScale(grades, on, when):
            heads = (said(when, facts),) if when else ()
            return joined((*heads, *(said_grade(grade, on, facts) for grade in grades)), "; ")
    return None


def _said_parts(value: Any, facts: Facts) -> Text:
    """What a value says, part by part, without what is at its default."""
    given = [getattr(value, f.name) for f in fields(type(value)) if getattr(value, f.name) != f.default]
    return joined((said(item, facts) for item in given), ", ")


def said_grade(grade: Grade, on: Basing, facts: Facts) -> Text:
    """A grade with its bounds, in points or in percent."""
    unit = Unit.PERCENT if on is Basing.INDEX else Unit.PLAIN
    told = joined((same(grade.name), say_interval(grade.interval, unit)), ": ")
    if grade.each_from is not None:
        each = show_percent(grade.each_from), show_percent(grade.each_from, "en")
        told = joined((told, Text(f"mỗi tiêu chí từ {each[0]}", f"each criterion from {each[1]}")), ", ")
    told = joined((told, said(grade.when, facts)), ", ") if grade.when else told
    return _with_basis(told, grade.basis, facts)


def _with_basis(told: Text, basis: Any, facts: Facts) -> Text:
    return told if basis is NOT_STATED else joined((told, said(basis, facts)), " ")
