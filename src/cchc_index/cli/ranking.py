"""The command that ranks units, and what it shares with the report on many: who is judged, and what is told of it."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import field, frozen

from cchc_index.bounding.bounds import bounds
from cchc_index.cli.common import Files, Name, app, fail_with, units_in
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.criteria import Basing, Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Text
from cchc_index.facts import Phase, Submission
from cchc_index.files.catalogue import load
from cchc_index.files.grading import read_conditions
from cchc_index.plain import dump
from cchc_index.reporting import reviews
from cchc_index.reviewing.grades import Given, Graded, Grading, graded, settled
from cchc_index.reviewing.phases import state
from cchc_index.scoring.rank import Order, Rank, Unfinished, rank
from cchc_index.scoring.trace import Card

Phased = Annotated[Phase, typer.Option("--phase", help="Điểm của bước nào / points of which phase")]
Conditioned = Annotated[
    Path | None,
    typer.Option(
        "--conditions", metavar="FILE", help="Giới hạn tỷ lệ hạng, hạng người đứng đầu / a quota, grades of heads"
    ),
]


@app.command("rank", epilog="Ví dụ: `cchc rank mau/cap-xa/1 examples/mau-cap-xa` · `cchc rank mau/cap-xa/1 xa/ --by 3`")
@reporting
def show_ranks(
    name: Name,
    files: Files,
    by: Annotated[str, typer.Option("--by", help="Xếp theo lĩnh vực hay tiêu chí / by an area or criterion")] = "",
    ties: Annotated[
        str, typer.Option("--ties", help="Bằng điểm thì so các tiêu chí này / criteria that break ties: 3,5")
    ] = "",
    phase: Phased = Phase.PUBLISHED,
    conditions: Conditioned = None,
    *,
    wanted: Wanted,
) -> None:
    """Xếp hạng các đơn vị, từng nhóm riêng; bản khai chưa đủ thì nêu hạng còn có thể. / Rank units."""
    rules = load(name)
    problems: list[CchcError] = []
    units = units_in(files, problems, rules)
    found = judged(rules, units, phase, problems)
    grading = found.grading(rules, conditions, problems)
    order = Order(by, tuple(code for code in ties.replace(" ", "").split(",") if code))
    ranks = found.ranks(rules, order)
    if ranks and wanted.is_given(problems):
        page = reviews.ranking(rules, ranks, wanted.lang, by=by, grading=grading)
        wanted.give(page, lambda: [rank_data(one, grading) for one in ranks])
    fail_with(problems, wanted.lang)


@frozen
class Judged:
    """The units that can be scored in a phase with their grades by name, and those whose sheets are not complete."""

    groups: dict[str, str]
    cards: list[Card] = field(factory=list)
    waiting: list[Unfinished] = field(factory=list)
    grades: dict[str, Graded] = field(factory=dict)

    def ranks(self, rules: Ruleset, order: Order) -> tuple[Rank, ...]:
        return rank(rules, self.cards, order=order, groups=self.groups, unfinished=self.waiting)

    def grading(self, rules: Ruleset, file: Path | None, problems: Sequence[CchcError]) -> Grading:
        """The grades with the conditions of a file kept; the units named there are looked up when all could be read."""
        if file is None:
            return Grading(self.grades)
        asked = read_conditions(file, rules, None if problems else self.groups)
        unfinished = self.groups.keys() - self.grades.keys()
        return settled(rules, self.grades, asked, groups=self.groups, unfinished=unfinished)


def judged(rules: Ruleset, units: Sequence[Submission], phase: Phase, problems: list[CchcError]) -> Judged:
    """Score the units in a phase; what is wrong adds to problems."""
    known = Judged({one.unit: one.group for one in units})
    for unit in _apart(units, problems):
        try:
            standing = state(rules, unit, phase)
            found = standing.partial()
        except CchcError as error:
            error.faults = tuple(fault.under(unit.unit) for fault in error.faults)
            problems.append(error)
            continue
        if found.is_complete:
            known.cards.append(found.card)
            known.grades[unit.unit] = graded(standing.rules, standing.unit, found.card)
        else:
            known.waiting.append(Unfinished(found.card, *_ends(standing.rules, standing.unit)))
    return known


def _apart(units: Sequence[Submission], problems: list[CchcError]) -> list[Submission]:
    """The units that have one submission: of two under one name, nobody knows which one is meant."""
    names = Counter(unit.unit for unit in units)
    message = Text(
        "có hơn một bản khai; giữ một bản, hoặc ghi thêm nơi vào tên nếu là hai đơn vị trùng tên",
        "has more than one submission; keep one, or add the place to the names if these are two units",
    )
    problems += [BadSubmission([Fault(message, (name,))]) for name in sorted(names) if names[name] > 1]
    return [unit for unit in units if names[unit.unit] == 1]


def _ends(rules: Ruleset, unit: Submission) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that a unit can still be ranked by."""
    found = bounds(rules, unit)
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    least, most = (found.index if on_index else found.total).values
    return least, most


def rank_data(one: Rank, grading: Grading) -> dict[str, Any]:
    """A place as plain data."""
    values = {key: getattr(one, key) for key in ("value", "low", "high")}
    return {
        "unit": one.card.unit,
        "group": one.group,
        "place": one.place,
        "possible": one.possible,
        **{key: None if value is None else str(value) for key, value in values.items()},
        "tied": one.tied,
        "same_in_print": one.same_in_print,
        "settled_by_rounding": one.settled_by_rounding,
        "notes": [dump(note, Text) for note in reviews.rank_notes(one)],
        **grade_data(grading, one.card.unit),
    }


def grade_data(grading: Grading, unit: str) -> dict[str, Any]:
    """The grade of a unit and what lowered it, as plain data; with its head's where that is given."""
    own, head = grading.units.get(unit), grading.heads.get(unit)
    told: dict[str, Any] = {
        "grade": _named(own.grade) if own else None,
        "grade_by_total": _named(own.by_total) if own else None,
        "lowered": [dump(reason, Text) for reason in own.reasons] if own else [],
    }
    if head:
        told["head"] = {"grade": _named(head.grade), "lowered": [dump(reason, Text) for reason in head.reasons]}
    return told


def _named(grade: Given) -> str | None:
    return grade if isinstance(grade, str) else None
