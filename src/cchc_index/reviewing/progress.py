"""Progress inside the year: where each criterion stands on a day, and which points are secured, open and lost.

How a criterion stands is told, in this order: it is not assessed; its figures already give the whole maximum; the unit
states it; the day is past its last deadline (the end of the period, where it has none of its own); some of its figures
are given; a deadline of its own is ahead. Otherwise nothing tells. A deadline is open on its own day.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from cchc_index.criteria import Criterion, Points, Ruleset
from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.facts import Period, Reported, Standing, Statement, Submission
from cchc_index.measures import DayOfYear
from cchc_index.points import Mark, in_points, show
from cchc_index.reviewing.observed import Observed, observed
from cchc_index.reviewing.partial import Partial, partial
from cchc_index.reviewing.reports import Tally, check_counts, check_measures, printed_tally
from cchc_index.rules import ZERO
from cchc_index.scoring.totals import added
from cchc_index.scoring.trace import Line
from cchc_index.sources import NOT_STATED

_OPEN = (Standing.ONGOING, Standing.NOT_DUE, Standing.UNKNOWN)


@frozen
class Item:
    """One criterion on one day. `points` are None where they cannot be computed and are not stated.

    `secured` + `still_open` + `lost` is the maximum. `due` is the last of its deadlines; where it has none, the end of
    the period. `remarks` say where figures, deadline and statement do not go together.
    """

    code: str
    name: str
    area: str
    standing: Standing
    owners: tuple[str, ...]
    due: datetime.date | None
    points: Points | None
    max_points: Points
    secured: Points
    still_open: Points
    lost: Points
    is_stated: bool = False
    remarks: tuple[Text, ...] = ()


@frozen
class Duty:
    """A task that the decision assigns, and how many days are left on the day looked at (below 0: overdue)."""

    code: str
    name: str
    owners: tuple[str, ...]
    due: datetime.date | None
    days_left: int | None


@frozen
class Progress:
    """The progress of one unit on one day.

    `reported` is what a report printed of the whole sheet, when the submission carries it; `whole` then counts what the
    report counts, and otherwise the criteria themselves.
    """

    unit: str
    ruleset: str
    on: datetime.date
    items: tuple[Item, ...]
    whole: Tally
    duties: tuple[Duty, ...]
    observed: tuple[Observed, ...]
    mark: Mark | None = None
    reported: Reported | None = None
    remarks: tuple[Text, ...] = ()

    @property
    def by_area(self) -> Mapping[str, Tally]:
        """By area: the criterion at the top of the tree."""
        return _grouped((item.area, item) for item in self.items)

    @property
    def by_owner(self) -> Mapping[str, Tally]:
        """By the owner of a task of the criterion; one with several owners counts for each, one without for ""."""
        return _grouped((owner, item) for item in self.items for owner in item.owners or ("",))

    @property
    def by_deadline(self) -> Mapping[datetime.date | None, Tally]:
        """By the last deadline, earliest first."""
        dated = sorted(self.items, key=lambda item: (item.due is None, item.due or datetime.date.min))
        return _grouped((item.due, item) for item in dated)


def progress(rules: Ruleset, unit: Submission, *, on: datetime.date) -> Progress:
    """Where every criterion of `unit` stands on a day. Raises BadSubmission and BadRuleset.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> year = cchc.Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    >>> unit = cchc.Submission("Xã A", {"da_xong": 20, "de_ra": 20}, period=year)
    >>> found = progress(rules, unit, on=datetime.date(2022, 6, 30))
    >>> [(item.code, item.standing.value, str(item.still_open)) for item in found.items]
    [('4.1', 'dat', '0'), ('4.2', 'chua_ro', '1')]
    """
    found = partial(rules, unit)
    duties = tuple(_duties(rules, unit.period, on))
    items = tuple(_item(rules, unit, found, criterion, on) for criterion in _scored(rules))
    whole, measured = _tally(items, found.card.max_points), observed(rules, unit)
    if unit.reported is None:
        return Progress(unit.unit, rules.full_id, on, items, whole, duties, measured, unit.mark)
    standings = [item.standing for item in items if item.is_stated]
    counted = check_counts(rules, unit.reported, standings, whole)
    remarks = (*counted, *check_measures(unit.reported, measured, unit.mark))
    whole = printed_tally(whole, unit.reported)
    return Progress(unit.unit, rules.full_id, on, items, whole, duties, measured, unit.mark, unit.reported, remarks)


def _scored(rules: Ruleset) -> list[Criterion]:
    """The criteria of the tree that are scored themselves."""
    return [c for top in rules.criteria for c in top.walk() if not c.children]


def _item(rules: Ruleset, unit: Submission, found: Partial, criterion: Criterion, on: datetime.date) -> Item:
    line, stated = found.card[criterion.code], unit.statements.get(criterion.code)
    computed = None if line.points is NOT_STATED else line.points
    points = computed if computed is not None or stated is None else stated.points
    due = last_due(criterion, unit.period)
    late = due is not None and on > due
    begun = _has_begun(rules, unit, criterion)
    standing = _told(line, stated, points) or _by_day(
        points, late=late, begun=begun, has_task=any(task.due for task in criterion.tasks)
    )
    secured, still_open, lost = _split(standing, points, line.max_points)
    return Item(
        code=criterion.code,
        name=criterion.name,
        area=_area(rules, criterion),
        standing=standing,
        owners=tuple(dict.fromkeys(owner for task in criterion.tasks for owner in task.owners)),
        due=due,
        points=points if points is not None or criterion.rule is not NOT_STATED else NOT_STATED,
        max_points=line.max_points,
        secured=secured,
        still_open=still_open,
        lost=lost,
        is_stated=stated is not None,
        remarks=tuple(_remarks(stated, standing, computed, line.max_points, late=late)),
    )


def _told(line: Line, stated: Statement | None, points: Fraction | None) -> Standing | None:
    """How a criterion stands whatever the day."""
    if line.exempted:
        return Standing.EXEMPT
    whole = line.max_points
    if points is not None and whole is not NOT_STATED and points >= whole:
        return Standing.DONE
    return stated.standing if stated else None


def _by_day(points: Fraction | None, *, late: bool, begun: bool, has_task: bool) -> Standing:
    if late:
        return Standing.UNKNOWN if points is None else Standing.DONE if points > 0 else Standing.FAILED
    if begun:
        return Standing.ONGOING
    return Standing.NOT_DUE if has_task else Standing.UNKNOWN


def _split(standing: Standing, points: Fraction | None, whole: Points) -> tuple[Points, Points, Points]:
    """Secured, open and lost points: nothing is lost while a criterion is open, and nothing open afterwards."""
    if standing is Standing.EXEMPT:
        return ZERO, ZERO, ZERO
    if standing in _OPEN:
        secured = points or ZERO
        return secured, NOT_STATED if whole is NOT_STATED else whole - secured, ZERO
    if points is None:
        return (ZERO, ZERO, whole) if standing is Standing.FAILED else (NOT_STATED, ZERO, NOT_STATED)
    return points, ZERO, NOT_STATED if whole is NOT_STATED else whole - points


def _remarks(
    stated: Statement | None, standing: Standing, computed: Fraction | None, whole: Points, *, late: bool
) -> Iterator[Text]:
    if stated and stated.remark:
        yield Text(stated.remark, stated.remark)
    if stated and stated.standing is not standing:
        yield Text(f"đơn vị nêu «{stated.standing.value}», số liệu cho thấy khác", "the figures say otherwise")
    if stated and stated.standing is Standing.DONE and computed == 0 and whole != 0:
        yield Text("đơn vị nêu «dat», số liệu cho 0 điểm", "stated as done; the figures give 0 points")
    if stated and late and standing in _OPEN:
        yield Text("đã quá hạn mà còn nêu là chưa xong", "past its deadline, and stated as not yet done")
    if stated and stated.points is not None and computed is not None and stated.points != computed:
        told = in_points(stated.points)
        yield Text(
            f"đơn vị nêu {told.vi}, số liệu cho {show(computed)}",
            f"stated {told.en}, the figures give {show(computed, 'en')}",
        )


def _has_begun(rules: Ruleset, unit: Submission, criterion: Criterion) -> bool:
    """Whether some figure that only this criterion looks at, or that is declared beside it, has been given."""
    own = {fact.name.partition(".")[0] for fact in (*rules.inputs[criterion.code], *criterion.facts)}
    elsewhere = {f.name.partition(".")[0] for c in _scored(rules) if c is not criterion for f in rules.inputs[c.code]}
    return any(name in unit.figures for name in own - elsewhere)


def _area(rules: Ruleset, criterion: Criterion) -> str:
    return next(top.code for top in rules.criteria if any(one is criterion for one in top.walk()))


def due_day(due: datetime.date | DayOfYear | None, period: Period | None) -> datetime.date | None:
    """The day of a deadline; one that comes back each year is in the year in which the period ends.

    >>> due_day(DayOfYear(30, 11), Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)))
    datetime.date(2023, 11, 30)
    """
    if isinstance(due, DayOfYear):
        return _day_in(period.end.year, due) if period else None
    return due


def _day_in(year: int, due: DayOfYear) -> datetime.date:
    try:
        return datetime.date(year, due.month, due.day)
    except ValueError:
        named = f"{due.day:02}/{due.month:02}"
        message = Text(f"năm {year} không có ngày {named}", f"{year} has no {named}")
        raise BadSubmission([Fault(message, ("ky",))]) from None


def last_due(criterion: Criterion, period: Period | None) -> datetime.date | None:
    days = [due_day(task.due, period) for task in criterion.tasks]
    return max((day for day in days if day), default=period.end if period else None)


def _duties(rules: Ruleset, period: Period | None, on: datetime.date) -> list[Duty]:
    """Every task of the ruleset, earliest deadline first; those without one come last."""
    found = []
    for criterion in rules.walk():
        for task in criterion.tasks:
            due = due_day(task.due, period)
            left = None if due is None else (due - on).days
            found.append(Duty(criterion.code, task.name, task.owners, due, left))
    return sorted(found, key=lambda duty: (duty.due is None, duty.due or datetime.date.min))


# -- several criteria together -----------------------------------------------------------------------------------------


def _tally(items: Iterable[Item], whole: Points | None = None) -> Tally:
    known = list(items)
    numbers = [(standing, sum(item.standing is standing for item in known)) for standing in Standing]
    return Tally(
        tuple((standing, number) for standing, number in numbers if number),
        added([item.secured for item in known]),
        added([item.still_open for item in known]),
        added([item.lost for item in known]),
        added([item.max_points for item in known]) if whole is None else whole,
    )


K = TypeVar("K")


def _grouped(pairs: Iterable[tuple[K, Item]]) -> dict[K, Tally]:
    groups: dict[K, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return {key: _tally(items) for key, items in groups.items()}
