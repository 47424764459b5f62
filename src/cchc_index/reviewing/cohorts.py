"""Points that depend on the others: relative to the leader, by quartile, the mean of the communes of a district.

No decision at hand states one of these for a criterion; they are here for those that do, and each says its method.
"""

from collections.abc import Mapping
from fractions import Fraction

from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.points import total

Values = Mapping[str, Fraction]
"""A value for each unit, by name."""


def against_leader(values: Values, most: Fraction) -> dict[str, Fraction]:
    """The leader gets `most`, every other unit its share of the leader's value. Nobody leads where no value is above 0.

    Raises BadSubmission when no value is above 0.

    >>> against_leader({"A": Fraction(80), "B": Fraction(60)}, Fraction(2))
    {'A': Fraction(2, 1), 'B': Fraction(3, 2)}
    """
    best = max(values.values(), default=Fraction(0))
    if best <= 0:
        message = Text("không có đơn vị dẫn đầu: mọi giá trị đều không lớn hơn 0", "nobody leads: no value is above 0")
        raise BadSubmission([Fault(message)])
    return {unit: most * value / best for unit, value in sorted(values.items())}


def quartiles(values: Values) -> dict[str, int]:
    """The quarter of each unit by its place, 1 for the best. Equal units share the better quarter.

    A unit with k units strictly above it out of n is in quarter ⌊4k / n⌋ + 1.

    >>> quartiles({name: Fraction(n) for n, name in enumerate("ABCDEFGH")})
    {'A': 4, 'B': 4, 'C': 3, 'D': 3, 'E': 2, 'F': 2, 'G': 1, 'H': 1}
    """
    above = {unit: sum(other > value for other in values.values()) for unit, value in values.items()}
    return {unit: 4 * number // len(values) + 1 for unit, number in sorted(above.items())}


def means(values: Values, parents: Mapping[str, str]) -> dict[str, Fraction]:
    """The mean over the units of each parent: of the communes of a district, by `parents[commune]`. Not rounded.

    Raises BadSubmission when a unit has no parent.

    >>> means({"Xã A": Fraction(80), "Xã B": Fraction(75)}, {"Xã A": "Huyện C", "Xã B": "Huyện C"})
    {'Huyện C': Fraction(155, 2)}
    """
    lost = sorted(unit for unit in values if unit not in parents)
    if lost:
        message = Text("không biết thuộc đơn vị nào", "belongs to no known unit")
        raise BadSubmission([Fault(message, (unit,)) for unit in lost])
    groups: dict[str, list[Fraction]] = {}
    for unit, value in sorted(values.items()):
        groups.setdefault(parents[unit], []).append(value)
    return {parent: total(inner) / len(inner) for parent, inner in sorted(groups.items())}
