"""Printed tables, of which only totals and parts are known: what is wrong, and what printing alone explains.

A part printed with d decimals may stand for anything up to half a unit of its last place away (0,005 for two decimals),
and so may the total. A total of n parts is therefore off by at most n halves and its own: n × 0,005 + 0,005.

>>> row = recompute_row("Bộ Tư pháp", ["61.86", "28.10"], "89.95")
>>> row.verdict.value, row.difference, row.bound
('trong_lam_tron', Fraction(-1, 100), Fraction(3, 200))
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from fractions import Fraction

from attrs import frozen

from cchc_index.points import Mark, parse_number


class Verdict(Enum):
    """How a printed total stands to its printed parts. The value is the word in the results."""

    EXACT = "dung"
    WITHIN_ROUNDING = "trong_lam_tron"
    WRONG = "sai"


@frozen
class PrintedTotal:
    """A printed total beside the sum of its printed parts.

    `difference` is the total less the sum, `bound` the most that printing can make of it, `printed` the total as text.
    """

    name: str
    parts: tuple[Fraction, ...]
    total: Fraction
    expected: Fraction
    bound: Fraction
    printed: str = ""
    place: str = ""

    @property
    def difference(self) -> Fraction:
        return self.total - self.expected

    @property
    def verdict(self) -> Verdict:
        if not self.difference:
            return Verdict.EXACT
        return Verdict.WITHIN_ROUNDING if abs(self.difference) <= self.bound else Verdict.WRONG


def places_of(text: str) -> int:
    """How many decimals a number is printed with.

    >>> places_of("86,5%"), places_of("28.10"), places_of("100")
    (1, 2, 0)
    """
    digits = text.strip().rstrip("%").rstrip()
    mark = max(digits.rfind(","), digits.rfind("."))
    return len(digits) - mark - 1 if mark >= 0 else 0


def decimals_of(value: Fraction) -> int | None:
    """How many decimals a number needs to be printed in full; None where no finite number will do.

    >>> decimals_of(Fraction("0.25")), decimals_of(Fraction(1, 3))
    (2, None)
    """
    return next((places for places in range(13) if 10**places % value.denominator == 0), None)


def half_unit(places: int) -> Fraction:
    """Half a unit of the last of so many decimals: the most that rounding moves a number.

    >>> half_unit(2)
    Fraction(1, 200)
    """
    return Fraction(1, 2 * 10**places)


def recompute_row(
    name: str, parts: Sequence[str], total: str, *, places: Sequence[int] = (), mark: Mark | None = None
) -> PrintedTotal:
    """Add up one row. `parts` and `total` are texts as printed: their decimals say how far each may be rounded.

    `places` gives the decimals of each part and then of the total, where a file has dropped closing zeros (54.2 in a
    column of 54.95); `mark` is the decimal mark, where it is known. Raises NumberError.
    """
    printed = places or tuple(places_of(text) for text in (*parts, total))
    values = tuple(parse_number(text, mark=mark) for text in parts)
    bound = sum((half_unit(count) for count in printed), Fraction(0))
    return PrintedTotal(name, values, parse_number(total, mark=mark), sum(values, Fraction(0)), bound, total)


def recompute_mean(name: str, values: Sequence[str], mean: str) -> PrintedTotal:
    """Hold a printed mean against the printed numbers it is the mean of: a mean is off by at most one half and its own.

    Raises NumberError, and ValueError when there is nothing to take the mean of.

    >>> recompute_mean("trung bình", ["89.95", "89.89"], "89.92").verdict
    <Verdict.EXACT: 'dung'>
    """
    if not values:
        raise ValueError("no values")
    numbers = tuple(parse_number(text) for text in values)
    parts = sum((half_unit(places_of(text)) for text in values), Fraction(0)) / len(values)
    expected = sum(numbers, Fraction(0)) / len(numbers)
    return PrintedTotal(name, numbers, parse_number(mean), expected, parts + half_unit(places_of(mean)), mean)


def counted(rows: Iterable[PrintedTotal]) -> dict[Verdict, int]:
    """How many totals are exact, within print rounding, and wrong.

    >>> counted([recompute_row("", ["1,5", "2"], "3,5")])[Verdict.EXACT]
    1
    """
    known = [row.verdict for row in rows]
    return {verdict: known.count(verdict) for verdict in Verdict}
