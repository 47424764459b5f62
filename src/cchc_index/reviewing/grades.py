"""Grades beyond a total: knock-outs, a floor for each criterion, a quota on the best grade, the head and the unit.

Each condition that lowers a grade says so, with the words of the decision.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from cchc_index.criteria import Basing, Grade, GradeScale, Ruleset
from cchc_index.errors import Text, many
from cchc_index.facts import Submission
from cchc_index.figures import Figures, MissingFigure, read_figures
from cchc_index.measures import Condition
from cchc_index.points import show_percent
from cchc_index.scoring.conditions import Undefined, test_of
from cchc_index.scoring.say import say_basis
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED, Basis, NotStated

Given = str | None | Literal[NotStated.NOT_STATED]
"""The name of a grade; None where the ruleset has no grades, NOT_STATED where the decision gives none."""


@frozen
class Graded:
    """The grade of one unit, the one that its total alone would give, and what stands between the two."""

    unit: str
    grade: Given
    by_total: Given
    reasons: tuple[Text, ...] = ()
    value: Fraction | None = None


def graded(rules: Ruleset, unit: Submission, card: Card) -> Graded:
    """The grade with every condition of the scale looked at. Raises BadSubmission.

    A grade holds when its range holds the value, each criterion at the top of the table has the share of its maximum
    that it asks for, and its condition is true. Where no grade holds, or a condition cannot be told, none is given.
    """
    figures = read_figures(rules.facts_by_name, unit)
    scale = _scale_for(rules, figures)
    if scale is None:
        return Graded(card.unit, None, None)
    value = card.index if scale.on is Basing.INDEX else card.points
    if value is NOT_STATED:
        return Graded(card.unit, NOT_STATED, NOT_STATED)
    usual = _usual(rules) or scale
    by_total = next((grade.name for grade in usual.grades if value in grade.interval), NOT_STATED)
    reasons = [_set_apart(scale)] if scale is not usual else []
    for grade in scale.grades:
        if value in grade.interval:
            lacking = list(_lacking(grade, card, figures))
            if not lacking:
                return Graded(card.unit, grade.name, by_total, tuple(reasons), value)
            reasons += lacking
    return Graded(card.unit, NOT_STATED, by_total, tuple(reasons), value)


def _usual(rules: Ruleset) -> GradeScale | None:
    """The scale of the units that no other one is for."""
    return next((one for one in rules.scales if one.when is None), None)


def best_first(rules: Ruleset) -> tuple[str, ...]:
    """The names of the grades in their order: those of the usual scale by where they begin, then any others.

    >>> import cchc_index as cchc
    >>> best_first(cchc.load("mau/cap-xa/1"))
    ('Xuất sắc', 'Tốt', 'Khá', 'Trung bình', 'Yếu')
    """
    usual = _usual(rules)
    known = sorted(usual.grades if usual else (), key=lambda one: (one.interval.low is None, -(one.interval.low or 0)))
    others = [grade for scale in rules.scales for grade in scale.grades]
    return tuple(dict.fromkeys(grade.name for grade in (*known, *others)))


def _scale_for(rules: Ruleset, figures: Figures) -> GradeScale | None:
    return next((one for one in rules.scales if one.when is None or _holds(one.when, figures)), None)


def _holds(condition: Condition, figures: Figures) -> bool | None:
    """Whether a condition holds; None where figures are missing or the decision does not say."""
    try:
        return test_of(condition)(figures)
    except (MissingFigure, Undefined):
        return None


def _set_apart(scale: GradeScale) -> Text:
    words = [say_basis(grade.basis) for grade in scale.grades if grade.basis is not NOT_STATED]
    vi, en = "; ".join(text.vi for text in words), "; ".join(text.en for text in words)
    return Text(f"thuộc trường hợp xếp loại riêng: {vi}", f"graded apart: {en}")


def _lacking(grade: Grade, card: Card, figures: Figures) -> Iterator[Text]:
    """The conditions of a grade that do not hold."""
    words = say_basis(grade.basis)
    if grade.each_from is not None:
        share, share_en = show_percent(grade.each_from), show_percent(grade.each_from, "en")
        silent = ", ".join(line.code for line in card.lines if line.index is NOT_STATED)
        if silent:
            yield Text(
                f"không xét được «{grade.name}»: tiêu chí {silent} không có điểm hoặc điểm tối đa [{words.vi}]",
                f"«{grade.name}» cannot be told: no points or maximum of criterion {silent} [{words.en}]",
            )
        for line in card.lines:
            if line.index is not NOT_STATED and line.index < grade.each_from:
                has, has_en = show_percent(line.index), show_percent(line.index, "en")
                yield Text(
                    f"không đạt «{grade.name}»: tiêu chí {line.code} được {has}, cần {share} [{words.vi}]",
                    f"not «{grade.name}»: criterion {line.code} has {has_en} of {share_en} [{words.en}]",
                )
    if grade.when is not None and _holds(grade.when, figures) is not True:
        yield Text(
            f"không đạt «{grade.name}»: thiếu điều kiện kèm theo [{words.vi}]",
            f"not «{grade.name}»: its condition does not hold [{words.en}]",
        )


# -- a quota -----------------------------------------------------------------------------------------------------------


@frozen
class Quota:
    """At most a share of the units graded one of `of` may have the best grade; those over it get `to`.

    In a group of fewer than `small` units one may have it. `to` is NOT_STATED where the decision does not say what
    those over the quota get. The share is held against the grades as they are in the end.
    """

    grade: str
    share: Fraction
    of: tuple[str, ...]
    to: str | Literal[NotStated.NOT_STATED] = NOT_STATED
    small: int = 0
    basis: Basis = NOT_STATED


def with_quota(quota: Quota, group: Iterable[Graded]) -> tuple[Graded, ...]:
    """The grades of one group with the quota kept, best value first.

    Units that are equal where the quota cuts get no grade: the decision does not say who goes first.

    >>> best, good = "Xuất sắc", "Tốt"
    >>> group = [Graded(f"Đơn vị {n}", best if n < 3 else good, best, (), Fraction(100 - n)) for n in range(8)]
    >>> [one.grade for one in with_quota(Quota(best, Fraction(1, 5), (good,), good), group)][:3]
    ['Xuất sắc', 'Tốt', 'Tốt']
    """
    known = sorted(group, key=lambda one: (-(one.value or 0), one.unit))
    best = [one for one in known if one.grade == quota.grade]
    most = _most(quota, known, len(best))
    if most >= len(best):
        return tuple(known)
    edge = best[most].value
    is_tied = most > 0 and best[most - 1].value == edge
    over = [one for place, one in enumerate(best) if place >= most or (is_tied and one.value == edge)]
    changed = {one.unit: _over(quota, one, most, tied=is_tied and one.value == edge) for one in over}
    return tuple(changed.get(one.unit, one) for one in known)


def _most(quota: Quota, group: Sequence[Graded], best: int) -> int:
    """The largest number that keeps the quota, those over it counted where they end."""
    if len(group) < quota.small:
        return 1
    others = sum(one.grade in quota.of for one in group if one.grade != quota.grade)
    for number in range(best, 0, -1):
        whole = others + (best - number) * (quota.to in quota.of) + number * (quota.grade in quota.of)
        if number <= quota.share * whole:
            return number
    return 0


def _over(quota: Quota, one: Graded, most: int, *, tied: bool) -> Graded:
    words = say_basis(quota.basis)
    if tied:
        text = Text(
            f"bằng điểm ở mức giới hạn {most} đơn vị «{quota.grade}»; văn bản không nói ai trước [{words.vi}]",
            f"equal where only {most} may be «{quota.grade}»; the decision does not say who goes first [{words.en}]",
        )
        return evolve(one, grade=NOT_STATED, reasons=(*one.reasons, text))
    text = Text(
        f"ngoài giới hạn {most} đơn vị «{quota.grade}» [{words.vi}]",
        f"beyond the {many(most, 'unit')} that may be «{quota.grade}» [{words.en}]",
    )
    return evolve(one, grade=quota.to, reasons=(*one.reasons, text))


def head_not_above(head: Graded, unit: Graded, best_first: Sequence[str], basis: Basis = NOT_STATED) -> Graded:
    """The grade of the head of a unit, not above that of the unit. `best_first` are the names in their order.

    Stays as it is where one of the two has no grade of the list.

    >>> order = ("Xuất sắc", "Tốt", "Hoàn thành")
    >>> head_not_above(Graded("Ông A", "Xuất sắc", "Xuất sắc"), Graded("Trường B", "Tốt", "Tốt"), order).grade
    'Tốt'
    """
    if head.grade not in best_first or unit.grade not in best_first:
        return head
    if best_first.index(str(head.grade)) >= best_first.index(str(unit.grade)):
        return head
    words = say_basis(basis)
    text = Text(
        f"không cao hơn mức của đơn vị «{unit.grade}» [{words.vi}]",
        f"not above the unit's grade «{unit.grade}» [{words.en}]",
    )
    return evolve(head, grade=unit.grade, reasons=(*head.reasons, text))


# -- several units -----------------------------------------------------------------------------------------------------


@frozen
class Conditions:
    """What is asked of the grades of several units: a quota, and that no head of a unit is graded above it.

    `heads` are the grades that the heads would have by themselves, by the name of the unit.
    """

    quota: Quota | None = None
    heads: Mapping[str, str] = field(factory=dict)
    heads_basis: Basis = NOT_STATED


@frozen
class Grading:
    """The grades of several units as they are in the end, and of their heads, by the name of the unit."""

    units: Mapping[str, Graded] = field(factory=dict)
    heads: Mapping[str, Graded] = field(factory=dict)
    quota: Quota | None = None


def settled(
    rules: Ruleset,
    units: Mapping[str, Graded],
    conditions: Conditions,
    *,
    groups: Mapping[str, str],
    unfinished: Collection[str] = (),
) -> Grading:
    """The grades with every condition kept: the quota in each group for itself, then the heads.

    In a group in which a unit of `unfinished` stands, nobody can tell yet whom the quota cuts: the grades stay, and say
    so. A head whose unit is not among `units` is left out.
    """
    kept = dict(units)
    if conditions.quota:
        waiting = {groups.get(unit, "") for unit in unfinished}
        by_group: dict[str, list[Graded]] = {}
        for unit, one in units.items():
            by_group.setdefault(groups.get(unit, ""), []).append(one)
        for group, mine in by_group.items():
            kept |= {one.unit: one for one in _kept(conditions.quota, mine, is_open=group in waiting)}
    order, basis = best_first(rules), conditions.heads_basis
    heads = {
        unit: head_not_above(Graded(unit, grade, grade), kept[unit], order, basis)
        for unit, grade in conditions.heads.items()
        if unit in kept
    }
    return Grading(kept, heads, conditions.quota)


def _kept(quota: Quota, group: Sequence[Graded], *, is_open: bool) -> Sequence[Graded]:
    if not is_open:
        return with_quota(quota, group)
    text = Text(
        f"chưa xét giới hạn «{quota.grade}»: trong nhóm còn đơn vị chưa khai đủ",
        f"the quota on «{quota.grade}» is left open: a sheet of the group is not complete",
    )
    return [evolve(one, reasons=(*one.reasons, text)) if one.grade == quota.grade else one for one in group]
