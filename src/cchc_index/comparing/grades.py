"""The smallest points (or index) for which two versions give another grade."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from cchc_index.comparing.bare import scale_of
from cchc_index.comparing.wording import SILENT, same
from cchc_index.criteria import Basing, Grade, GradeScale, Ruleset
from cchc_index.errors import Text
from cchc_index.measures import Condition, Interval
from cchc_index.solving.intervals import decimals


@frozen
class GradeWitness:
    """A number of points, or an index, that has another grade in the new version; for the units `when` holds for."""

    on: Basing
    when: Condition | None
    value: Fraction
    old: Text
    new: Text


def grade_witnesses(old: Ruleset, new: Ruleset) -> Iterator[GradeWitness]:
    """A witness for each scale that both versions have and that grades some number differently.

    Scales whose grades hang on more than the number are left out: a number alone is no witness for them.
    """
    others = {(scale.on, scale.when): scale for scale in new.scales}
    for scale in old.scales:
        other = others.get((scale.on, scale.when))
        if other and scale_of(scale) != scale_of(other) and _is_plain(scale) and _is_plain(other):
            yield from _witness(scale, other)


def _is_plain(scale: GradeScale) -> bool:
    return all(grade.each_from is None and grade.when is None for grade in scale.grades)


def _witness(old: GradeScale, new: GradeScale) -> Iterator[GradeWitness]:
    for value in _values([*old.grades, *new.grades], 100 if old.on is Basing.INDEX else 1):
        one, other = _name(old, value), _name(new, value)
        if one != other:
            yield GradeWitness(old.on, old.when, value, one, other)
            return


def _values(grades: Sequence[Grade], scale: int) -> list[Fraction]:
    """One number for each part of the line that the bounds cut, the nearest to zero first."""
    ends = sorted({end for grade in grades for end in (grade.interval.low, grade.interval.high) if end is not None})
    cells = [Interval(low, high) for low, high in pairwise([None, *ends, None])]
    return sorted((*ends, *(next(decimals(cell, scale)) for cell in cells)), key=lambda number: (abs(number), number))


def _name(scale: GradeScale, value: Fraction) -> Text:
    found = next((grade for grade in scale.grades if value in grade.interval), None)
    return SILENT if found is None else same(found.name)
