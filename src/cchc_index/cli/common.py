"""What every command of `cchc` shares: the app, its options, and how units are read and problems told."""

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import typer

from cchc_index.auditing.sheet import folded
from cchc_index.cli.terminal import console
from cchc_index.criteria import Level, Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Lang, Text, UnknownRuleset, did_you_mean
from cchc_index.facts import Submission
from cchc_index.figures import read_date
from cchc_index.files.catalogue import rulesets
from cchc_index.files.submissions import SUFFIXES, read_submissions, submissions_in

app = typer.Typer(
    name="cchc",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Chấm điểm cải cách hành chính theo văn bản, chính xác và có lý do. / Score administrative reform, exactly.",
    epilog="Ví dụ: `cchc list` · `cchc show 01/2018/TT-VPCP` · `cchc score vpcp/mot-cua/tt-01-2018 ban-khai.yaml`",
)


class Language(StrEnum):
    vi = "vi"
    en = "en"


def known_ids(incomplete: str) -> list[str]:
    return [name for name in rulesets() if name.startswith(incomplete)]


Name = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="Mã, số hiệu văn bản hoặc đường dẫn bộ tiêu chí / id, number or path",
        autocompletion=known_ids,
    ),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="Bản khai của đơn vị / the unit's submission")]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Bản khai YAML, JSON, CSV, bảng tự chấm, hoặc thư mục / submissions"),
]
Unit = Annotated[str, typer.Option("--unit", help="Tên đơn vị, khi tệp có nhiều / the unit, in a file of many")]
Lang_ = Annotated[Language, typer.Option("--lang", help="Ngôn ngữ / language")]
Json = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Ghi vào tệp / write to a file", dir_okay=False)]


def listed(files: Iterable[Path], problems: list[CchcError]) -> Iterator[Path]:
    """Every file; of a folder, what may hold submissions by name. What else lies there adds to problems."""
    for file in files:
        if not file.is_dir():
            yield file
            continue
        found, others = submissions_in(file)
        yield from found
        if others or not found:
            problems.append(BadSubmission([_not_read(file, others)]))


def _not_read(folder: Path, others: Sequence[Path]) -> Fault:
    kinds, names = ", ".join(SUFFIXES), ", ".join(other.name for other in others)
    lacking = Text(f"không có tệp {kinds} nào trong thư mục", f"no file {kinds} in the folder")
    unread = Text(f"không đọc được như bản khai: {names}", f"not read as submissions: {names}")
    hint = Text(
        f"bản khai là {kinds}; tệp khác để ở thư mục khác", f"submissions are {kinds}; keep other files elsewhere"
    )
    return Fault(unread if names else lacking, place=folder.name, hint=hint if names else None)


def all_units(files: Iterable[Path], rules: Ruleset, lang: Lang) -> list[Submission]:
    """The units of files and folders; leaves with 2 where one cannot be read."""
    problems: list[CchcError] = []
    units = units_in(files, problems, rules)
    fail_with(problems, lang)
    return units


def units_in(files: Iterable[Path], problems: list[CchcError], rules: Ruleset) -> list[Submission]:
    """The units of files and folders; what cannot be read adds to problems."""
    units: list[Submission] = []
    for file in listed(files, problems):
        try:
            units += units_of(file, rules)
        except CchcError as error:
            problems.append(error)
    return units


def units_of(file: Path, rules: Ruleset) -> Sequence[Submission]:
    """The units of a file: a submission, many units as CSV, or a scoring workbook of the ruleset, filled in."""
    if file.suffix.lower() != ".xlsx":
        return read_submissions(file)
    return (returned(file, rules).unit,)


@lru_cache(maxsize=8)
def returned(file: Path, rules: Ruleset) -> Any:
    """A scoring workbook of the ruleset that was filled in. Raises BadSubmission for another kind of sheet."""
    from cchc_index.office.workbook.returned import NotOurs, read_returned

    try:
        return read_returned(file, rules)
    except NotOurs:
        message = Text("không phải bảng lập bằng cchc sheet", "not a workbook made by cchc sheet")
        hint = Text("phiếu tự chấm kiểu khác thì đưa bằng --sheet", "give another kind of claimed sheet with --sheet")
        raise BadSubmission([Fault(message, place=file.name, hint=hint)]) from None


def one_unit(file: Path, name: str, rules: Ruleset) -> Submission:
    units = {unit.unit: unit for unit in units_of(file, rules)}
    if len(units) == 1 and not name:
        return next(iter(units.values()))
    if name not in units:
        several = Text("tệp có nhiều đơn vị; chọn một bằng --unit", "the file holds several units; choose by --unit")
        unknown = Text(f"tệp không có đơn vị «{name}»", f"the file has no unit «{name}»")
        message = unknown if name else several
        raise BadSubmission([Fault(message, place=file.name, hint=did_you_mean(name, units))])
    return units[name]


def day_of(word: str) -> datetime.date:
    day = read_date(word)
    if day is None:
        message = Text(f"«{word}» không phải ngày có thật", f"«{word}» is no real date")
        raise CchcError([Fault(message, hint=Text("viết như 2025-06-30", "write 2025-06-30"))])
    return day


def level_of(word: str) -> Level:
    """The level that a word names, typed with or without its accents. Raises UnknownRuleset."""
    levels = {folded(level.value): level for level in Level}
    if folded(word) not in levels:
        listed = ", ".join(f"«{level.value}»" for level in Level)
        message = Text(f"«{word}» không phải một trong: {listed}", f"«{word}» is not one of: {listed}")
        raise UnknownRuleset([Fault(message, hint=did_you_mean(word, [level.value for level in Level]))])
    return levels[folded(word)]


def lang_of(language: Language) -> Lang:
    return "en" if language is Language.en else "vi"


def json_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def fail_with(problems: list[CchcError], lang: Lang) -> None:
    """Print every problem and leave with 2, when there is one."""
    for problem in problems:
        console(stderr=True).print(problem.report(lang), style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(2)
