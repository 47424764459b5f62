"""What a report prints of a whole sheet, held against what is known: counts, points, shares."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import Text
from cchc_index.facts import Reported, Standing
from cchc_index.points import Mark, NumberError, in_points, parse_number, round_half_up, show, show_percent
from cchc_index.reviewing.observed import Observed
from cchc_index.sources import NOT_STATED


@frozen
class Tally:
    """Several criteria together: how many stand how, and their points."""

    counts: tuple[tuple[Standing, int], ...]
    secured: Points
    still_open: Points
    lost: Points
    max_points: Points

    @property
    def size(self) -> int:
        """How many criteria are assessed."""
        return sum(number for standing, number in self.counts if standing is not Standing.EXEMPT)

    def count(self, standing: Standing) -> int:
        return dict(self.counts).get(standing, 0)


def printed_tally(own: Tally, reported: Reported) -> Tally:
    """The whole as the report prints it; it does not say how the points not reached are shared among open and lost."""
    points = own.secured if reported.points is None else reported.points
    open_and_lost = (own.still_open, own.lost) if reported.points is None else (NOT_STATED, NOT_STATED)
    counts = reported.counts or own.counts
    return evolve(own, counts=counts, secured=points, still_open=open_and_lost[0], lost=open_and_lost[1])


def check_counts(rules: Ruleset, reported: Reported, named: Iterable[Standing], own: Tally) -> Iterator[Text]:
    """What does not go together in a printed report: its counts, those of the decision, the criteria it names."""
    printed, declared = dict(reported.counts), rules.counts and rules.counts.criteria
    number = sum(printed.values())
    if printed and declared is not None and number != declared:
        yield Text(
            f"báo cáo đếm {number} tiêu chí, bộ có {declared}", f"the report counts {number}, the set has {declared}"
        )
    for standing, count in sorted(Counter(named).items(), key=lambda pair: pair[0].value):
        if printed and count > printed.get(standing, 0):
            word, most = standing.value, printed.get(standing, 0)
            yield Text(
                f"nêu tên {count} tiêu chí «{word}», báo cáo đếm {most}",
                f"{count} criteria are named «{word}», the report counts {most}",
            )
    whole = own.max_points
    if reported.points is not None and whole is not NOT_STATED and reported.points > whole:
        points = in_points(reported.points)
        yield Text(f"báo cáo in {points.vi}, tối đa {show(whole)}", f"{points.en} printed, of {show(whole, 'en')}")


def check_measures(reported: Reported, measured: Iterable[Observed], mark: Mark | None) -> Iterator[Text]:
    """Each printed share against the exact one: whether it is that one, rounded half up to the places printed."""
    values = {one.name: one.value for one in measured}
    for name, printed in reported.measures:
        value = values.get(name)
        if value is None:
            yield Text(f"{name}: báo cáo in {printed}, không tính được", f"{name}: {printed} printed, not computed")
            continue
        read = _read(printed, mark)
        exact, exact_en = (
            (show_percent(value), show_percent(value, "en")) if "%" in printed else (show(value), show(value, "en"))
        )
        if read == value:
            yield Text(f"{name}: đúng như báo cáo in, {printed}", f"{name}: as printed, {printed}")
        elif read == round_half_up(value, last_place(printed)):
            yield Text(
                f"{name}: {exact}, báo cáo in {printed}: khớp khi làm tròn",
                f"{name}: {exact_en}, {printed} printed: agrees when rounded",
            )
        else:
            yield Text(
                f"{name}: {exact}, báo cáo in {printed}: KHÔNG KHỚP", f"{name}: {exact_en}, {printed} printed: DIFFERS"
            )


def _read(printed: str, mark: Mark | None) -> Fraction | None:
    try:
        return parse_number(printed, mark=mark)
    except NumberError:
        return None


def last_place(printed: str) -> Fraction:
    """The worth of the last digit of a number as it is printed.

    >>> last_place("86,5%"), last_place("39.67"), last_place("61")
    (Fraction(1, 1000), Fraction(1, 100), Fraction(1, 1))
    """
    digits = printed.strip().rstrip("%").strip().replace(",", ".")
    step = Fraction(1, 10 ** len(digits.partition(".")[2]))
    return step / 100 if "%" in printed else step
