"""The commands that score and explain."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from rich.progress import track

from cchc_index.cli.common import (
    File,
    Files,
    Json,
    Lang_,
    Language,
    Name,
    Output,
    Unit,
    app,
    fail_with,
    json_text,
    lang_of,
    one_unit,
    units_in,
)
from cchc_index.cli.terminal import console, emit
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Lang, Text, did_you_mean
from cchc_index.facts import Submission
from cchc_index.files.catalogue import load
from cchc_index.reporting import tables
from cchc_index.reporting.page import Page
from cchc_index.reviewing.grades import Graded, Grading, graded
from cchc_index.scoring.card_json import line_data, to_json
from cchc_index.scoring.rank import rank
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card

Quotes = Annotated[bool, typer.Option("--quotes", help="In cả câu nguyên văn / print the quotes too")]


@app.command(
    "score",
    epilog="Ví dụ: `cchc score vpcp/mot-cua/tt-01-2018 xa.yaml` · `cchc score bo-noi-vu/cap-bo/2022 cac-bo.csv --json`",
)
@reporting
def score_units(
    name: Name,
    files: Files,
    quotes: Quotes = False,
    *,
    wanted: Wanted,
) -> None:
    """Chấm điểm: một đơn vị in phiếu có lý do, nhiều đơn vị in bảng. / Score one unit or many."""
    rules = load(name)
    problems: list[CchcError] = []
    units = units_in(files, problems, rules)
    scored = list(_scored(rules, units, problems))
    cards = [card for _, card in scored]
    if cards and wanted.is_given(problems):
        alone = len(units) == 1 and not problems
        said, grades = wanted.lang, {card.unit: graded(rules, unit, card) for unit, card in scored}
        page = _sheet_of(cards[0], grades, said, quotes=quotes) if alone else _table_of(rules, cards, grades, said)
        wanted.give(page, lambda: cards_as_json(cards, alone=alone))
    fail_with(problems, wanted.lang)


Grades = Mapping[str, Graded]


def _sheet_of(card: Card, grades: Grades, lang: Lang, *, quotes: bool) -> Page:
    return tables.sheet(card, lang, quotes=quotes, lowered=grades[card.unit].reasons)


def _scored(rules: Ruleset, units: list[Submission], problems: list[CchcError]) -> Iterator[tuple[Submission, Card]]:
    shown = console(stderr=True)
    many = len(units) > 1
    hidden = not (many and shown.is_terminal)
    for unit in track(units, description="Đang chấm…", console=shown, transient=True, disable=hidden):
        try:
            yield unit, score(rules, unit)
        except CchcError as error:
            problems.append(_named(error, unit) if many else error)


def _named(error: CchcError, unit: Submission) -> CchcError:
    """The same error with the unit's name before each fault."""
    error.faults = tuple(fault.under(unit.unit) for fault in error.faults)
    return error


def cards_as_json(cards: list[Card], *, alone: bool) -> str:
    """One card, or a list when the files held several units, however many of them could be scored."""
    texts = [to_json(card, indent=2) for card in cards]
    return texts[0] if alone else "[\n" + ",\n".join(texts) + "\n]"


def _table_of(rules: Ruleset, cards: list[Card], grades: Grades, lang: Lang) -> Page:
    if rules.ranking:
        return tables.ranking(rank(rules, cards), lang, grading=Grading(grades))
    return tables.several(cards, lang, grading=Grading(grades))


@app.command(epilog="Ví dụ: `cchc explain dong-nai/cap-xa/2022 ban-khai.yaml 4.1`")
def explain(
    name: Name,
    file: File,
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã tiêu chí, như 4.1 / the code of a criterion")],
    unit: Unit = "",
    lang: Lang_ = Language.vi,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Vì sao một tiêu chí được từng ấy điểm. / Why a criterion got its points."""
    rules = load(name)
    card = score(rules, one_unit(file, unit, rules))
    if code not in card.by_code:
        message = Text(f"không có tiêu chí «{code}»", f"there is no criterion «{code}»")
        raise CchcError([Fault(message, hint=did_you_mean(code, card.by_code))])
    if as_json:
        emit(json_text(line_data(card[code])), output)
    else:
        emit(tables.explanation(card[code], lang_of(lang)), output)
