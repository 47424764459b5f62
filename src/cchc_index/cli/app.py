"""The commands of `cchc`: each reads its input, calls the library, and prints what comes out."""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.progress import track

from cchc_index import __version__
from cchc_index.checking.clauses.agree import check_site
from cchc_index.checking.clauses.findings import NO_READER, clause_findings
from cchc_index.checking.clauses.sites import sites_of
from cchc_index.checking.lint import lint as proofs_of
from cchc_index.checking.structure import Finding, Severity, check_structure
from cchc_index.cli.terminal import console, emit, use_any_code_page, write_whole
from cchc_index.comparing.diff import diff
from cchc_index.comparing.impact import impact
from cchc_index.criteria import Application, Instrument, Ruleset
from cchc_index.criteria import Level as UnitLevel
from cchc_index.errors import BadRuleset, BadSubmission, CchcError, Fault, Lang, Text, UnknownRuleset, did_you_mean
from cchc_index.facts import Submission
from cchc_index.figures import read_date
from cchc_index.files import starting, writing
from cchc_index.files.cases import run_cases
from cchc_index.files.catalogue import find, folder_of, load, rulesets
from cchc_index.files.folders import CASES_FILE, shipped_folder
from cchc_index.files.json_schema import ruleset_schema, submission_schema
from cchc_index.files.lock import LOCK_FILE, lock_state
from cchc_index.files.placing import placed
from cchc_index.files.reading import stored_texts
from cchc_index.files.submissions import read_submissions
from cchc_index.plain import dump
from cchc_index.reporting import annex as annexes
from cchc_index.reporting import catalogue_page, tables
from cchc_index.reporting import changes as changed
from cchc_index.scoring.card_json import line_data, to_json
from cchc_index.scoring.rank import rank
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card

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


class Schema(StrEnum):
    ruleset = "bo-tieu-chi"
    submission = "ban-khai"


def _known(incomplete: str) -> list[str]:
    return [name for name in rulesets() if name.startswith(incomplete)]


Name = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Mã, số hiệu văn bản hoặc đường dẫn bộ tiêu chí / id, number or path", autocompletion=_known
    ),
]
Lang_ = Annotated[Language, typer.Option("--lang", help="Ngôn ngữ / language")]
Json = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Ghi vào tệp / write to a file", dir_okay=False)]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cchc-index {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="In phiên bản / print the version")
    ] = False,
) -> None: ...


@app.command("list", epilog="Ví dụ: `cchc list` · `cchc list --json` · `cchc list --markdown -o danh-muc.md`")
def list_(
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="In trang danh mục / print the catalogue page")] = False,
    output: Output = None,
) -> None:
    """Các bộ tiêu chí có sẵn. / The rulesets at hand."""
    sets = [load(name) for name in rulesets()]
    if markdown:
        emit(catalogue_page.page(sets).rstrip("\n"), output)
    elif as_json:
        plain = [_listed(rules) for rules in sets]
        emit(_as_json(plain), output)
    else:
        emit(annexes.catalogue(sets, _lang(lang)), output)


def _listed(rules: Ruleset) -> dict[str, Any]:
    levels = [level.value for level in rules.application.levels]
    return {"id": rules.full_id, "title": rules.title, "scope": rules.scope.value, "levels": levels}


@app.command(
    "find",
    epilog='Ví dụ: `cchc find --place "Xuân Lộc, Đồng Nai" --level xã --on 2020-06-01 --instrument mot_cua`',
)
def find_one(
    place: Annotated[str, typer.Option("--place", help="Nơi, từ nhỏ đến lớn: «Xuân Lộc, Đồng Nai» / the place")],
    level: Annotated[str, typer.Option("--level", help="Cấp: bộ, tỉnh, sở, huyện, phòng, xã / the level")],
    on: Annotated[str, typer.Option("--on", help="Ngày: 2025-06-30 hay 30/06/2025 / the day")],
    instrument: Annotated[
        str, typer.Option("--instrument", help="Công cụ, như cchc, hai_long, mot_cua / what is measured")
    ] = Instrument.CCHC.value,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Bộ tiêu chí có hiệu lực ở một nơi, một cấp, một ngày. / The ruleset in force for a place, a level and a day."""
    rules = find(place=place, level=level, on=_day(on), instrument=instrument)
    if as_json:
        emit(_as_json(_listed(rules) | {"applies": dump(rules.application, Application)}), output)
    else:
        emit(Group(*annexes.about(rules, _lang(lang))), output)


def _day(word: str) -> datetime.date:
    day = read_date(word)
    if day is None:
        message = Text(f"«{word}» không phải ngày có thật", f"«{word}» is no real date")
        raise UnknownRuleset([Fault(message, hint=Text("viết như 2025-06-30", "write 2025-06-30"))])
    return day


@app.command(epilog="Ví dụ: `cchc show dong-nai/cap-xa/2022` · `cchc show 01/2018/TT-VPCP --lang en`")
def show(
    name: Name,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="In tệp bo-tieu-chi.yaml trọn vẹn / print the whole file, layers made whole")
    ] = False,
    output: Output = None,
) -> None:
    """Bảng tiêu chí như văn bản in. / The table as the decision prints it."""
    rules = load(name)
    if as_yaml:
        emit(writing.dump(rules).rstrip("\n"), output)
    else:
        emit(_as_json(dump(rules, Ruleset)) if as_json else annexes.annex(rules, _lang(lang)), output)


@app.command(epilog="Ví dụ: `cchc new ha-noi/cap-xa/2026 --level xã` · `cchc new thu/xa/2026 --sua-doi thu/xa/2025`")
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Mã và phiên bản / id and version: ha-noi/cap-xa/2026")],
    into: Annotated[Path, typer.Option("--into", help="Thư mục chứa các bộ / folder of the rulesets")] = Path(),
    level: Annotated[UnitLevel, typer.Option("--level", help="Cấp được chấm / level of the units")] = UnitLevel.COMMUNE,
    extends: Annotated[str, typer.Option("--ke-thua", help="Khung được bổ sung / the frame it extends")] = "",
    amends: Annotated[str, typer.Option("--sua-doi", help="Phiên bản được sửa đổi / the version it amends")] = "",
) -> None:
    """Viết một thư mục bộ tiêu chí mới, có chú giải, để điền. / Write a commented ruleset folder to fill in."""
    layers = [(key, below) for key, below in (("ke_thua", extends), ("sua_doi", amends)) if below]
    if len(layers) > 1:
        message = Text("chỉ dùng một trong --ke-thua, --sua-doi", "use one of --ke-thua, --sua-doi")
        raise BadRuleset([Fault(message)])
    for _, below in layers:
        load(below)
    written = starting.start(name, into, level=level.value, layer=layers[0] if layers else None)
    emit("\n".join(file.as_posix() for file in written), None)


@app.command(
    "score",
    epilog="Ví dụ: `cchc score vpcp/mot-cua/tt-01-2018 xa.yaml` · `cchc score bo-noi-vu/cap-bo/2022 cac-bo.csv --json`",
)
def score_units(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bản khai YAML, JSON hoặc CSV nhiều đơn vị")],
    quotes: Annotated[bool, typer.Option("--quotes", help="In cả câu nguyên văn / print the quotes too")] = False,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Chấm điểm: một đơn vị in phiếu có lý do, nhiều đơn vị in bảng. / Score one unit or many."""
    rules = load(name)
    problems: list[CchcError] = []
    units = _units(files, problems)
    cards = list(_scored(rules, units, problems))
    if cards and not (problems and output):
        alone = len(units) == 1 and not problems
        if as_json:
            emit(_cards_as_json(cards, alone=alone), output)
        else:
            emit(
                tables.sheet(cards[0], _lang(lang), quotes=quotes) if alone else _table_of(rules, cards, _lang(lang)),
                output,
            )
    _fail_with(problems, _lang(lang))


def _units(files: Iterable[Path], problems: list[CchcError]) -> list[Submission]:
    units: list[Submission] = []
    for file in files:
        try:
            units += read_submissions(file)
        except CchcError as error:
            problems.append(error)
    return units


def _scored(rules: Ruleset, units: list[Submission], problems: list[CchcError]) -> Iterator[Card]:
    shown = console(stderr=True)
    many = len(units) > 1
    hidden = not (many and shown.is_terminal)
    for unit in track(units, description="Đang chấm…", console=shown, transient=True, disable=hidden):
        try:
            yield score(rules, unit)
        except CchcError as error:
            problems.append(_named(error, unit) if many else error)


def _named(error: CchcError, unit: Submission) -> CchcError:
    """The same error with the unit's name before each fault."""
    error.faults = tuple(fault.under(unit.unit) for fault in error.faults)
    return error


def _cards_as_json(cards: list[Card], *, alone: bool) -> str:
    """One card, or a list when the files held several units, however many of them could be scored."""
    texts = [to_json(card, indent=2) for card in cards]
    return texts[0] if alone else "[\n" + ",\n".join(texts) + "\n]"


def _table_of(rules: Ruleset, cards: list[Card], lang: Lang) -> RenderableType:
    return tables.ranking(rank(rules, cards), lang) if rules.ranking else tables.several(cards, lang)


@app.command(epilog="Ví dụ: `cchc explain dong-nai/cap-xa/2022 ban-khai.yaml 4.1`")
def explain(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bản khai của đơn vị / the unit's submission")],
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã tiêu chí, như 4.1 / the code of a criterion")],
    unit: Annotated[
        str, typer.Option("--unit", help="Tên đơn vị, khi tệp có nhiều / the unit, in a file of many")
    ] = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Vì sao một tiêu chí được từng ấy điểm. / Why a criterion got its points."""
    card = score(load(name), _one(file, unit))
    if code not in card.by_code:
        message = Text(f"không có tiêu chí «{code}»", f"there is no criterion «{code}»")
        raise BadSubmission([Fault(message, hint=did_you_mean(code, card.by_code))])
    if as_json:
        emit(_as_json(line_data(card[code])), output)
    else:
        emit(tables.explanation(card[code], _lang(lang)), output)


def _one(file: Path, name: str) -> Submission:
    units = {unit.unit: unit for unit in read_submissions(file)}
    if len(units) == 1 and not name:
        return next(iter(units.values()))
    if name not in units:
        several = Text("tệp có nhiều đơn vị; chọn một bằng --unit", "the file holds several units; choose by --unit")
        unknown = Text(f"tệp không có đơn vị «{name}»", f"the file has no unit «{name}»")
        message = unknown if name else several
        raise BadSubmission([Fault(message, place=file.name, hint=did_you_mean(name, units))])
    return units[name]


@app.command(epilog="Ví dụ: `cchc check rulesets/dong-nai/cap-xa/2022` · `cchc check bo-tieu-chi-moi/ --json`")
def check(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Thư mục hoặc mã bộ tiêu chí / folder or id")],
    no_clauses: Annotated[
        bool, typer.Option("--no-clauses", help="Không so quy tắc với câu / do not compare rules with their quotes")
    ] = False,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Kiểm tra bộ tiêu chí: tổng điểm, câu nguyên văn, quy tắc so với câu, ví dụ. / Sums, quotes, rules, cases."""
    rules, folder = load(path), folder_of(path)
    folder = folder if folder.is_dir() else folder.parent
    found = [*_blank_findings(folder), *check_structure(rules, stored_texts(rules, folder))]
    found += [] if no_clauses else _clause_findings(rules)
    proved = [finding for finding in proofs_of(rules) if finding.severity is Severity.ERROR and finding not in found]
    found += placed(proved, folder_of(path))
    found += _case_findings(rules, folder)
    _report(found, _lang(lang), output, as_json=as_json)


def _report(found: list[Finding], lang: Lang, output: Path | None, *, as_json: bool) -> None:
    """Print findings, and leave with 1 when there is an error among them."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if as_json:
        emit(_as_json([tables.finding_data(finding) for finding in found]), output)
    else:
        emit(tables.findings(found, lang), output)
        clean = (
            Text("Không có lỗi.", "No errors.") if not errors else Text(f"{len(errors)} lỗi.", f"{len(errors)} errors.")
        )
        console(stderr=True).print(clean.said(lang))
    if errors:
        raise typer.Exit(1)


@app.command(epilog="Ví dụ: `cchc lint rulesets/dong-nai/cap-xa/2022` · `cchc lint bo-tieu-chi-moi/ --json`")
def lint(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Thư mục hoặc mã bộ tiêu chí / folder or id")],
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Chứng minh quy tắc không hở, không chồng, đúng điểm; hay nêu phản ví dụ nhỏ nhất. / Prove, or show why not."""
    rules, folder = load(path), folder_of(path)
    texts = stored_texts(rules, folder if folder.is_dir() else folder.parent)
    _report(placed(proofs_of(rules, texts), folder), _lang(lang), output, as_json=as_json)


def _blank_findings(folder: Path) -> Iterator[Finding]:
    for place, asked in starting.blanks(folder):
        message = Text(f"{place}: còn chỗ phải điền: {asked}", f"{place}: still to be filled in: {asked}")
        yield Finding("con-cho-dien", Severity.ERROR, "", message)


def _clause_findings(rules: Ruleset) -> Iterable[Finding]:
    try:
        import_module("lark")
    except ModuleNotFoundError:
        return [NO_READER]
    shown, sites = console(stderr=True), list(sites_of(rules))
    hidden = not shown.is_terminal
    seen = track(sites, description="Đang đọc câu…", console=shown, transient=True, disable=hidden)
    return clause_findings(check_site(site) for site in seen)


def _case_findings(rules: Ruleset, folder: Path) -> Iterator[Finding]:
    file = folder / CASES_FILE
    if not file.exists():
        message = Text(f"thiếu {CASES_FILE}: ví dụ có nguồn gốc", f"{CASES_FILE} is missing: worked cases with origin")
        yield Finding("thieu-vi-du", Severity.NOTE, "", message)
        return
    for outcome in run_cases(rules, file):
        for difference in outcome.differences:
            message = Text(f"{outcome.name}: {difference.vi}", f"{outcome.name}: {difference.en}")
            yield Finding("vi-du-khong-khop", Severity.ERROR, "", message)


@app.command("diff", epilog="Ví dụ: `cchc diff mau/cap-xa/1 mau/cap-xa/2` · `cchc diff cu/ moi/ --json`")
def diff_versions(
    old: Name, new: Name, lang: Lang_ = Language.vi, as_json: Json = False, output: Output = None
) -> None:
    """Hai phiên bản khác gì, điểm đổi thế nào; có khác thì mã thoát 1. / What differs between two versions."""
    found = diff(load(old), load(new))
    emit(_as_json(changed.diff_data(found)) if as_json else changed.differences(found, _lang(lang)), output)
    if not found.is_same:
        raise typer.Exit(1)


@app.command("impact", epilog="Ví dụ: `cchc impact mau/cap-xa/1 mau/cap-xa/2 xa-a.yaml xa-b.yaml`")
def impact_on_units(
    old: Name,
    new: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bản khai YAML, JSON hoặc CSV nhiều đơn vị")],
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Đổi phiên bản thì điểm và hạng của các đơn vị đổi thế nào. / How far units move from one version to another."""
    found = impact(load(old), load(new), [unit for file in files for unit in read_submissions(file)])
    emit(_as_json(changed.impact_data(found)) if as_json else changed.impacts(found, _lang(lang)), output)


@app.command(epilog="Ví dụ: `cchc lock` · `cchc lock --check` · `cchc lock bo-rieng/`")
def lock(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Thư mục chứa các bộ / folder of rulesets", file_okay=False, exists=True),
    ] = None,
    only_check: Annotated[bool, typer.Option("--check", help="Chỉ kiểm tra, không ghi / check only")] = False,
    lang: Lang_ = Language.vi,
) -> None:
    """Khóa phiên bản mới; bản đã khóa mà đổi thì từ chối, mã thoát 1. / Lock new versions, refuse changed ones."""
    root = shipped_folder() if folder is None else folder
    state = lock_state(root)
    refused = [fault.said(_lang(lang)) for fault in state.faults]
    is_written = not (refused or only_check)
    if is_written:
        write_whole(root / LOCK_FILE, state.text)
    words = Text("khóa", "locked") if is_written else Text("chưa khóa", "not locked")
    new = [f"{name}: {words.said(_lang(lang))}" for name in state.added]
    count = len(state.locked) + (len(new) if is_written else 0)
    held = Text(f"{count} phiên bản đã công bố", f"{count} published versions").said(_lang(lang))
    emit("\n".join([*refused, *new, held]), None)
    if refused or (only_check and new):
        raise typer.Exit(1)


@app.command(epilog="Ví dụ: `cchc schema bo-tieu-chi -o bo-tieu-chi.schema.json`")
def schema(which: Annotated[Schema, typer.Argument(help="Loại tệp / the kind of file")], output: Output = None) -> None:
    """JSON Schema để trình soạn thảo gợi ý và kiểm tra. / JSON Schema for editors."""
    emit(_as_json(ruleset_schema() if which is Schema.ruleset else submission_schema()), output)


def _lang(language: Language) -> Lang:
    return "en" if language is Language.en else "vi"


def _as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _fail_with(problems: list[CchcError], lang: Lang) -> None:
    """Print every problem and leave with 2, when there is one."""
    for problem in problems:
        console(stderr=True).print(problem.report(lang), style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(2)


def run() -> None:
    """The command line: bad input ends in one message and exit code 2, never in a traceback."""
    use_any_code_page()
    try:
        app(standalone_mode=True)
    except CchcError as problem:
        lang: Lang = "en" if _asked_for_english() else "vi"
        console(stderr=True).print(problem.report(lang), style="red", markup=False, soft_wrap=True)
        raise SystemExit(2) from None


def _asked_for_english() -> bool:
    words = sys.argv
    return "--lang=en" in words or any(pair == ("--lang", "en") for pair in pairwise(words))
