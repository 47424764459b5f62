"""The commands that check and prove a ruleset."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from cchc_index.checking.clauses.agree import check_site
from cchc_index.checking.clauses.findings import NO_READER, clause_findings, clause_verdicts
from cchc_index.checking.clauses.sites import sites_of
from cchc_index.checking.lint import lint as proofs_of
from cchc_index.checking.structure import Finding, Severity, check_structure
from cchc_index.cli.common import Json, Lang_, Language, Output, app, json_text, lang_of
from cchc_index.cli.terminal import console, emit
from cchc_index.criteria import Ruleset
from cchc_index.errors import Lang, Text, many
from cchc_index.files import starting
from cchc_index.files.cases import run_cases
from cchc_index.files.catalogue import folder_of, load
from cchc_index.files.folders import CASES_FILE
from cchc_index.files.placing import placed
from cchc_index.files.reading import stored_texts
from cchc_index.reporting import tables


@app.command(epilog="Ví dụ: `cchc check rulesets/dong-nai/cap-xa/2022` · `cchc check bo-tieu-chi-moi/ --json`")
def check(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Thư mục hoặc mã bộ tiêu chí / folder or id")],
    no_clauses: Annotated[
        bool, typer.Option("--no-clauses", help="Không so quy tắc với câu / do not compare rules with their quotes")
    ] = False,
    each: Annotated[
        bool, typer.Option("--each", help="In kết luận về từng câu, cả câu khớp / print the verdict on every quote")
    ] = False,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Kiểm tra bộ tiêu chí: tổng điểm, câu nguyên văn, quy tắc so với câu, ví dụ. / Sums, quotes, rules, cases."""
    rules, folder = load(path), folder_of(path)
    folder = folder if folder.is_dir() else folder.parent
    about_rules = [*check_structure(rules, stored_texts(rules, folder))]
    about_rules += [] if no_clauses else _clause_findings(rules, each=each)
    found = [*_blank_findings(folder)]
    found += [one for one in about_rules if not (found and starting.BLANK in one.message.vi)]
    proved = [one for one in proofs_of(rules) if one.severity is Severity.ERROR and one not in about_rules]
    found += placed(proved, folder_of(path))
    found += _case_findings(rules, folder)
    _report(found, lang_of(lang), output, as_json=as_json)


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
    _report(placed(proofs_of(rules, texts), folder), lang_of(lang), output, as_json=as_json)


def _report(found: list[Finding], lang: Lang, output: Path | None, *, as_json: bool) -> None:
    """Print findings, and leave with 1 when there is an error among them."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if as_json:
        emit(json_text([tables.finding_data(finding) for finding in found]), output)
    else:
        emit(tables.findings(found, lang), output)
        count = len(errors)
        clean = Text(f"{count} lỗi.", f"{many(count, 'error')}.") if errors else Text("Không có lỗi.", "No errors.")
        console(stderr=True).print(clean.said(lang))
    if errors:
        raise typer.Exit(1)


def _blank_findings(folder: Path) -> Iterator[Finding]:
    for place, asked in starting.blanks(folder):
        message = Text(f"{place}: còn chỗ phải điền: {asked}", f"{place}: still to be filled in: {asked}")
        yield Finding("con-cho-dien", Severity.ERROR, "", message)


def _clause_findings(rules: Ruleset, *, each: bool) -> Iterable[Finding]:
    try:
        import_module("lark")
    except ModuleNotFoundError:
        return [NO_READER]
    shown, sites = console(stderr=True), list(sites_of(rules))
    hidden = not shown.is_terminal
    seen = track(sites, description="Đang đọc câu…", console=shown, transient=True, disable=hidden)
    told = clause_verdicts if each else clause_findings
    return told(check_site(site) for site in seen)


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
