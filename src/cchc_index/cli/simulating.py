"""The command that says how sure a ranking is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from cchc_index.cli.common import Json, Lang_, Language, Name, Output, app, fail_with, json_text, lang_of, units_in
from cchc_index.cli.terminal import console, emit
from cchc_index.errors import BadSubmission, CchcError, Fault, Lang, Text
from cchc_index.files.catalogue import load
from cchc_index.points import NumberError, parse_number, show_percent, show_rounded

if TYPE_CHECKING:
    from cchc_index.batch.drawing import Change
    from cchc_index.batch.simulation import Simulation, UnitSimulation

Several = list[str]


@app.command(
    epilog="Ví dụ: `cchc simulate mau/cap-xa/1 xa-*.yaml --sample phieu_nguoi_dan --print ty_le_thanh_toan=0,1% "
    "--add tthc_cong_khai=3 --seed 1`"
)
def simulate(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bản khai YAML, JSON hoặc CSV")],
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng hạt giống, cùng kết quả / the seed")],
    n: Annotated[int, typer.Option("--n", help="Số lần mô phỏng / how many draws")] = 10_000,
    sample: Annotated[
        Several | None, typer.Option(metavar="PHIẾU", help="Phiếu khảo sát có sai số chọn mẫu / a survey")
    ] = None,
    shown: Annotated[
        Several | None,
        typer.Option("--print", metavar="SỐ=BƯỚC", help="Số in đến chữ số cuối: ty_le=0,1% / a printed figure"),
    ] = None,
    add: Annotated[
        Several | None, typer.Option(metavar="SỐ=THÊM", help="Giả định: dung_han=3 hay dung_han=-2 / what if")
    ] = None,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Xếp hạng chắc đến đâu khi số liệu có sai số. / How sure a ranking is, when figures have errors."""
    rules = load(name)
    try:
        from cchc_index.batch.drawing import Printed, Sampled, Shifted
        from cchc_index.batch.simulation import simulate as run
    except ImportError:
        told = Text("lệnh này cần phần cài thêm", "this command needs an extra")
        hint = Text("pip install 'cchc-index[frame]'", "pip install 'cchc-index[frame]'")
        raise CchcError([Fault(told, hint=hint)]) from None
    changes: list[Change] = [Shifted(*_pair(word)) for word in add or ()]
    changes += [Printed(*_pair(word)) for word in shown or ()]
    changes += [Sampled(word) for word in sample or ()]
    problems: list[CchcError] = []
    units = units_in(files, problems, rules)
    fail_with(problems, lang_of(lang))
    with _counted(n, lang_of(lang)) as done:
        found = run(rules, units, changes, n, seed=seed, done=done)
    emit(json_text(_data(found, lang_of(lang))) if as_json else _table(found, lang_of(lang)), output)
    if found.problems:
        raise typer.Exit(1)


def _pair(word: str) -> tuple[str, Fraction]:
    """`ty_le=0,1%` as a name and a number."""
    name, sign, number = word.partition("=")
    if not sign:
        told = Text(f"«{word}» không có dạng số_liệu=số", f"«{word}» is not of the form figure=number")
        raise BadSubmission([Fault(told, hint=Text("viết như ty_le=0,1%", "write like ty_le=0.1%"))])
    try:
        return name, parse_number(number)
    except NumberError as error:
        raise BadSubmission([Fault(error.text, (name,))]) from None


@contextmanager
def _counted(n: int, lang: Lang) -> Iterator[Callable[[int], None]]:
    """Counts draws on a terminal, and nowhere else."""
    shown = console(stderr=True)
    with Progress(console=shown, transient=True, disable=not shown.is_terminal) as progress:
        task = progress.add_task(Text("Đang mô phỏng…", "Simulating…").said(lang), total=n)
        yield lambda draws: progress.advance(task, draws)


def _table(found: "Simulation", lang: Lang) -> Group:
    """The table, and below it the units that have no score, each with the reason."""
    title = Text(
        f"{found.n} lần, hạt giống {found.seed}; khoảng giữa 95%", f"{found.n} draws, seed {found.seed}; middle 95%"
    )
    made = Table(title=title.said(lang))
    heads = (("Hạng", "Rank"), ("Đơn vị", "Unit"), ("Điểm", "Points"), ("Khoảng điểm", "Points between"))
    for vi, en in (*heads, ("Khoảng hạng", "Rank between"), ("Giữ hạng", "Keeps rank"), ("Xếp loại", "Grades")):
        made.add_column(Text(vi, en).said(lang))
    for one in found.units:
        made.add_row(*map(escape, _row(one, found.n, lang)))
    return Group(made, *(escape(f"{unit}: {why.said(lang)}") for unit, why in found.problems))


def _row(one: "UnitSimulation", n: int, lang: Lang) -> tuple[str, ...]:
    kept = dict(one.places).get(one.place, 0)
    grades = ", ".join(f"{name or '-'} {_share(count, n, lang)}" for name, count in one.grades)
    return (
        str(one.place or ""),
        one.unit,
        _points(one.points, lang),
        _between(one.points_interval(), lambda value: _points(value, lang)),
        _between(one.place_interval(), str),
        _share(kept, n, lang) if one.place else "",
        grades,
    )


def _points(value: int, lang: Lang) -> str:
    return show_rounded(Fraction(value, 100), 2, lang)


def _share(count: int, n: int, lang: Lang) -> str:
    return show_percent(Fraction(round(Fraction(count * 1000, n)), 1000), lang)


def _between(ends: tuple[int, int] | None, said: Callable[[int], str]) -> str:
    return "" if ends is None else said(ends[0]) if ends[0] == ends[1] else f"{said(ends[0])} - {said(ends[1])}"


def _data(found: "Simulation", lang: Lang) -> dict[str, Any]:
    units = [
        {
            "don_vi": one.unit,
            "xep_hang": one.place,
            "diem": str(Fraction(one.points, 100)),
            "xep_loai": one.grade,
            "so_lan_theo_hang": {str(place): count for place, count in one.places},
            "so_lan_theo_loai": {name or "": count for name, count in one.grades},
            "khong_co_diem": one.unscored,
            "khoang_hang_95": one.place_interval(),
            "khoang_diem_95": [str(Fraction(end, 100)) for end in one.points_interval() or ()],
        }
        for one in found.units
    ]
    problems = [{"don_vi": unit, "ly_do": why.said(lang)} for unit, why in found.problems]
    asked = {"bo_tieu_chi": found.ruleset, "phien_ban": found.version, "so_lan": found.n, "hat_giong": found.seed}
    return asked | {"don_vi": units, "khong_cham_duoc": problems}
