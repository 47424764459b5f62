"""The commands of the review year: progress, movement, phases, priorities."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from cchc_index.cli.common import File, Name, Unit, all_units, app, day_of, one_unit
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Lang, Text
from cchc_index.facts import Submission
from cchc_index.files.catalogue import load
from cchc_index.plain import dump
from cchc_index.points import NumberError, parse_number, show
from cchc_index.reporting import reviews
from cchc_index.reporting.beside import beside_data, beside_report
from cchc_index.reviewing.movement import Movement, Year, movement
from cchc_index.reviewing.phases import History, history
from cchc_index.reviewing.priorities import (
    Opportunity,
    Plan,
    plan,
    points_for_grade,
    points_for_place,
    priorities,
)
from cchc_index.reviewing.progress import Progress, progress
from cchc_index.reviewing.sentences import say_movement, say_observed, say_progress
from cchc_index.scoring.score import score


@app.command("progress", epilog="Ví dụ: `cchc progress qd-3507/cap-huyen/2023 huyen.yaml --on 27/11/2023`")
@reporting
def show_progress(
    name: Name,
    file: File,
    on: Annotated[str, typer.Option("--on", help="Ngày xem, như 27/11/2023 / the day looked at")] = "",
    unit: Unit = "",
    *,
    wanted: Wanted,
) -> None:
    """Tiến độ trong năm: đạt, không đạt, đang làm, chưa đến hạn. / Progress inside the year."""
    rules = load(name)
    one = one_unit(file, unit, rules)
    if not on and one.reported is None:
        raise CchcError([Fault(Text("cần ngày xem: --on 27/11/2023", "give the day: --on 27/11/2023"))])
    day = day_of(on) if on else one.reported.on if one.reported else datetime.date.min
    found = progress(rules, one, on=day)
    observed = [dump(say_observed(seen, found.mark), Text) for seen in found.observed]
    said = {"cau": dump(say_progress(found), Text), "tinh_duoc": observed}
    wanted.give(reviews.progress_report(rules, found, wanted.lang), lambda: said | dump(found, Progress))


@app.command("history", epilog="Ví dụ: `cchc history dong-nai/cap-xa/2022 xa.yaml`")
@reporting
def show_history(
    name: Name,
    file: File,
    unit: Unit = "",
    *,
    wanted: Wanted,
) -> None:
    """Điểm của từng tiêu chí qua các bước: tự chấm, thẩm định, công bố. / Points through the phases."""
    rules = load(name)
    one = one_unit(file, unit, rules)
    found = history(rules, one)
    wanted.give(reviews.history_report(rules, found, wanted.lang, unit=one.unit), lambda: dump(found, History))


@app.command("compare", epilog="Ví dụ: `cchc compare mau/cap-xa/1 nam-2019/ nam-2020/ --names 2019,2020`")
@reporting
def compare_years(
    name: Name,
    before: Annotated[Path, typer.Argument(metavar="TRƯỚC", help="Bản khai của năm trước / the earlier year")],
    after: Annotated[Path, typer.Argument(metavar="SAU", help="Bản khai của năm sau / the later year")],
    old_rules: Annotated[str, typer.Option("--old", help="Bộ tiêu chí của năm trước, khi khác / if different")] = "",
    names: Annotated[str, typer.Option("--names", help="Tên hai năm, như 2019,2020 / the names of the years")] = "",
    *,
    wanted: Wanted,
) -> None:
    """So hai năm: tăng giảm bậc, điểm, phần do đơn vị và phần do bộ tiêu chí. / Movement between two years."""
    rules, old = load(name), load(old_rules or name)
    first, _, second = names.partition(",")
    years = (
        Year(_called(first, before, wanted.lang), old, tuple(all_units([before], old, wanted.lang))),
        Year(_called(second, after, wanted.lang), rules, tuple(all_units([after], rules, wanted.lang))),
    )
    groups = {unit.unit: unit.group for year in years for unit in year.units}
    found = movement(*years, groups=groups)
    wanted.give(reviews.movement_report(found, wanted.lang), lambda: _movement_data(found))


def _called(name: str, file: Path, lang: Lang) -> str:
    given = name.strip()
    return Text(f"năm {given}", given).said(lang) if given else file.stem


def _movement_data(found: Movement) -> dict[str, Any]:
    def said(value: object) -> str | None:
        return str(value) if isinstance(value, Fraction) else None

    rows = [
        {
            "unit": row.unit,
            "places": row.places,
            "before": str(row.before.points),
            "after": str(row.after.points),
            "change": said(row.change),
            "by_unit": said(row.by_unit),
            "by_rules": said(row.by_rules),
            "lines": {code: show(points, "en") for code, points in row.lines},
        }
        for row in found.rows
    ]
    return {"cau": dump(say_movement(found), Text), "rows": rows, "lone": found.lone}


@app.command("priorities", epilog="Ví dụ: `cchc priorities mau/cap-xa/1 xa.yaml --grade Tốt`")
@reporting
def show_priorities(
    name: Name,
    file: File,
    target: Annotated[str, typer.Option("--points", help="Số điểm cần đạt / points to reach")] = "",
    grade: Annotated[str, typer.Option("--grade", help="Hạng cần đạt / a grade to reach")] = "",
    place: Annotated[int, typer.Option("--place", help="Thứ hạng cần đạt, cùng --others / a place to reach")] = 0,
    others: Annotated[list[Path] | None, typer.Option("--others", help="Bản khai của các đơn vị khác")] = None,
    falling: Annotated[str, typer.Option("--falling", help="Số liệu có thể giảm / figures that may go down")] = "",
    unit: Unit = "",
    *,
    wanted: Wanted,
) -> None:
    """Điểm còn ở đâu, và ít việc nhất để đạt một mục tiêu. / Where the points are, and the least work to a target."""
    rules = load(name)
    one = one_unit(file, unit, rules)
    down = tuple(word for word in falling.replace(" ", "").split(",") if word)
    need = _target(rules, one, target, grade, place, lambda: all_units(others or [], rules, wanted.lang))
    found = priorities(rules, one, falling=down)
    least = None if need is None else plan(rules, one, need, falling=down)
    left = [dump(item, Opportunity) for item in found]
    page = reviews.priorities_report(rules, found, wanted.lang, unit=one.unit, wanted=least)
    wanted.give(page, lambda: {"co_hoi": left, "ke_hoach": least and dump(least, Plan)})
    if least and not least.is_possible:
        raise typer.Exit(1)


def _target(
    rules: Ruleset, unit: Submission, points: str, grade: str, place: int, others: Callable[[], list[Submission]]
) -> Fraction | None:
    if sum(map(bool, (points, grade, place))) > 1:
        message = Text("chỉ nêu một mục tiêu", "give one target only")
        raise CchcError([Fault(message)])
    if points:
        try:
            return parse_number(points)
        except NumberError as error:
            raise CchcError([Fault(error.text, ("--points",))]) from None
    if grade:
        return points_for_grade(rules, score(rules, unit), grade)
    if place:
        rest = [score(rules, one) for one in others() if one.unit != unit.unit]
        return points_for_place(rules, score(rules, unit), rest, place)
    return None


@app.command("beside", epilog="Ví dụ: `cchc beside huyen-2022/cchc/2022 a.yaml huyen-2022/hai-long/2022 b.yaml`")
@reporting
def show_beside(
    name: Name,
    file: File,
    other: Annotated[str, typer.Argument(metavar="ID2", help="Bộ thứ hai / the second ruleset")],
    other_file: Annotated[Path, typer.Argument(metavar="FILE2", help="Bản khai theo bộ thứ hai")],
    *,
    wanted: Wanted,
) -> None:
    """Hai công cụ trên cùng các đơn vị, đặt cạnh nhau, không cộng. / Two instruments side by side."""
    sides = []
    for one, path in ((name, file), (other, other_file)):
        rules = load(one)
        sides.append((rules, {unit.unit: score(rules, unit) for unit in all_units([path], rules, wanted.lang)}))
    wanted.give(beside_report(sides, wanted.lang), lambda: beside_data(sides))
