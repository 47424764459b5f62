"""Reports: one page for each, and the same in a terminal, in Word, in Excel and in HTML, in both languages."""

import ast
import datetime
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pdfplumber
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.bounding.bounds import bounds
from cchc_index.cli.terminal import rendered
from cchc_index.errors import CchcError, Lang, place_said
from cchc_index.facts import Appraisal, NewFigure, Phase
from cchc_index.office.texts import printable
from cchc_index.points import parse_number
from cchc_index.reporting import annex, audits, changes, charts, reviews, tables
from cchc_index.reporting.as_excel import excel_file
from cchc_index.reporting.as_html import drawn, fragment, html_file
from cchc_index.reporting.as_word import word_file
from cchc_index.reporting.beside import beside_report
from cchc_index.reporting.bounding import bounds_report
from cchc_index.reporting.notebook import show_tables
from cchc_index.reporting.page import (
    LEAST,
    Amount,
    Bar,
    Cell,
    Chart,
    Open,
    Page,
    Para,
    Role,
    Row,
    Section,
    Series,
    Span,
    Table,
    Tone,
    columns_of,
    said,
)
from cchc_index.reporting.results import page_of
from cchc_index.reporting.surveys import survey_report
from cchc_index.reviewing.movement import Year, movement
from cchc_index.reviewing.partial import partial
from cchc_index.reviewing.phases import history
from cchc_index.reviewing.priorities import plan, priorities
from cchc_index.reviewing.progress import progress
from cchc_index.scoring.rank import Unfinished

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
MAU, DONG_NAI, TT01 = "mau/cap-xa/1", "dong-nai/cap-xa/2022", "vpcp/mot-cua/tt-01-2018"
LANGS: list[Lang] = ["vi", "en"]
FIGURES = {"da_xong": 4, "de_ra": 5, "bang_dien_tu": True, "mang_xa_hoi": False, "truyen_thong": True}
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> & \"'\x00 @Xã"


def in_class(name: str = "Xã B (bịa)", **more: Any) -> cchc.Submission:
    return cchc.Submission(name, FIGURES, claims=(cchc.Claim("4.1", Fraction("0.8")),), **more)


@cache
def samples() -> tuple[cchc.Submission, ...]:
    return tuple(cchc.read_submission(path) for path in sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml")))


def sheet(lang: Lang) -> Page:
    return tables.sheet(cchc.score(cchc.load(MAU), samples()[2]), lang, quotes=True)


def unfinished(lang: Lang) -> Page:
    rules = cchc.load(DONG_NAI)
    unit = cchc.Submission("Xã A (bịa)", {"da_xong": 19, "de_ra": 20})
    return reviews.unfinished(rules, partial(rules, unit), bounds(rules, unit), lang)


def possible(lang: Lang) -> Page:
    rules = cchc.load(DONG_NAI)
    return bounds_report(rules, bounds(rules, cchc.Submission("Xã A (bịa)", {"da_xong": 19, "de_ra": 20})), lang)


def results(lang: Lang) -> Page:
    rules = cchc.load(DONG_NAI)
    return tables.several([cchc.score(rules, in_class(name)) for name in ("Xã B (bịa)", "Xã A (bịa)")], lang)


def ranking(lang: Lang) -> Page:
    rules = cchc.load(MAU)
    open_one = evolve(
        samples()[0],
        figures={key: value for key, value in samples()[0].figures.items() if key != "nhiem_vu_hoan_thanh"},
    )
    found = partial(rules, open_one)
    waiting = [Unfinished(found.card, *bounds(rules, open_one).index.values)]
    cards = [cchc.score(rules, unit) for unit in samples()[1:]]
    groups = {unit.unit: "Miền núi" if number % 2 else "Đồng bằng" for number, unit in enumerate(samples())}
    return reviews.ranking(rules, cchc.rank(rules, cards, groups=groups, unfinished=waiting), lang)


def progress_of(lang: Lang) -> Page:
    rules = cchc.load("qd-3507/cap-huyen/2023")
    unit = cchc.read_submission(EXAMPLES / "thong-bao-001" / "huyen.yaml")
    return reviews.progress_report(rules, progress(rules, unit, on=datetime.date(2023, 11, 27)), lang)


def sample_progress(lang: Lang) -> Page:
    rules = cchc.load(MAU)
    return reviews.progress_report(rules, progress(rules, samples()[2], on=datetime.date(2025, 6, 30)), lang)


def moved(lang: Lang) -> Page:
    rules = cchc.load(EXAMPLES / "thong-bao-002" / "bo-mau")
    folder = EXAMPLES / "thong-bao-002"
    years = [Year(name, rules, tuple(cchc.read_submissions(folder / f"{name}.csv"))) for name in ("2019", "2020")]
    return reviews.movement_report(movement(*years), lang)


def phases(lang: Lang) -> Page:
    rules = cchc.load(DONG_NAI)
    first = Appraisal(Phase.FIRST, (NewFigure("da_xong", 5, "bổ sung sản phẩm"),))
    return reviews.history_report(rules, history(rules, in_class(appraisals=(first,))), lang, unit="Xã B (bịa)")


def open_points(lang: Lang) -> Page:
    rules, unit = cchc.load(MAU), samples()[10]
    wanted = plan(rules, unit, Fraction(60))
    return reviews.priorities_report(rules, priorities(rules, unit), lang, unit=unit.unit, wanted=wanted)


def audit(lang: Lang) -> Page:
    return audits.audit(cchc.verify(cchc.load(DONG_NAI), in_class()), lang, every_row=True)


def several_audits(lang: Lang) -> Page:
    rules = cchc.load(DONG_NAI)
    return audits.audits([cchc.verify(rules, in_class(name)) for name in ("Xã B (bịa)", "Xã C (bịa)")], lang)


def recomputed(lang: Lang) -> Page:
    return audits.recomputed(cchc.read_printed(EXAMPLES / "bang-cong-bo" / "parindex-2023-ministries.csv"), lang)


@cache
def versions() -> tuple[cchc.Ruleset, cchc.Ruleset]:
    return cchc.load("bo-noi-vu/cap-bo/2020"), cchc.load("bo-noi-vu/cap-bo/2022")


def compared(lang: Lang) -> Page:
    return changes.differences(cchc.diff(*versions()), lang)


def impacts(lang: Lang) -> Page:
    rules = cchc.load(MAU)
    return changes.impacts(cchc.impact(rules, evolve(rules, version="2"), samples()[:3]), lang)


def decision(lang: Lang) -> Page:
    return annex.annex(cchc.load(TT01), lang)


def surveyed(lang: Lang) -> Page:
    rules = cchc.load("yen-bai/dtxhh/khung")
    poll = cchc.read_ballots(rules, [EXAMPLES / "khao-sat-mau" / "phieu-loi.csv"])
    return survey_report(rules, cchc.survey(rules, poll), lang)


def beside(lang: Lang) -> Page:
    sides = []
    for name, file in (("huyen-2022/cchc/2022", "cchc.yaml"), ("huyen-2022/hai-long/2022", "hai-long.yaml")):
        rules, unit = cchc.load(name), cchc.read_submission(EXAMPLES / "thong-bao-004" / file)
        sides.append((rules, {unit.unit: cchc.score(rules, unit)}))
    return beside_report(sides, lang)


MAKERS: tuple[Callable[[Lang], Page], ...] = (
    *(sheet, unfinished, results, ranking, progress_of, sample_progress, moved, phases, open_points),
    *(audit, several_audits, recomputed, compared, impacts, decision, surveyed, beside, possible),
)
every_report = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
both_languages = pytest.mark.parametrize("lang", LANGS)


@cache
def made(make: Callable[[Lang], Page], lang: Lang) -> Page:
    return make(lang)


def tables_in(page: Page) -> list[Table]:
    return [part for part in page.parts() if isinstance(part, Table)]


def texts(table: Table, lang: Lang) -> list[list[str]]:
    """The cells as text, a merged one alone."""
    return [[printable(said(cell, lang)) for cell in row.cells] for row in table.printed]


# -- the four forms say the same ---------------------------------------------------------------------------------------


@every_report
@both_languages
def test_word_says_what_the_page_says(make: Callable[[Lang], Page], lang: Lang) -> None:
    page = made(make, lang)
    raw = word_file(page)
    assert raw == word_file(page)
    document = docx.Document(io.BytesIO(raw))
    held = [table for table in document.tables if table.style and table.style.name == "Table Grid"]
    assert len(held) == len(tables_in(page))
    for found, table in zip(held, tables_in(page), strict=True):
        head, *rows = [[cell.text for cell in row.cells] for row in found.rows]
        assert head == [column.on_paper for column in table.columns]
        assert [row[:1] if len(set(row)) == 1 and len(row) > 1 and row[0] else row for row in rows] == [
            row[:1] if len(set(row)) == 1 and row[0] else row for row in texts(table, lang)
        ]
    written = [paragraph.text for paragraph in document.paragraphs]
    assert all(printable(part.text) in written for part in page.parts() if isinstance(part, Para))


@every_report
@both_languages
def test_excel_holds_every_number_as_it_is_printed(make: Callable[[Lang], Page], lang: Lang) -> None:
    page = made(make, lang)
    raw = excel_file(page)
    assert raw == excel_file(page)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert len(book.worksheets) == len(page.sections)
    for sheet, section in zip(book.worksheets, page.sections, strict=True):
        rows = iter(sheet.iter_rows())
        for table in (part for part in section.parts if isinstance(part, Table)):
            heads = [column.on_paper for column in table.columns]
            assert next(row for row in rows if [cell.value for cell in row] == heads)
            for expected in table.printed:
                check_row(next(rows), expected.cells, lang)
        said_there = {cell.value for row in sheet.iter_rows() for cell in row}
        for part in section.parts:
            if isinstance(part, Para):
                assert printable(part.text if part.role is not Role.ITEM else f"- {part.text}") in said_there


def check_row(row: Any, cells: tuple[Cell, ...], lang: Lang) -> None:
    for found, cell in zip(row, cells, strict=False):
        if isinstance(cell, str):
            assert (found.value or "") == printable(cell)
            assert found.data_type == ("s" if cell else "n")
        else:
            assert found.data_type == "n"
            printed = parse_number(cell.said("en").removeprefix("≈"), mark=".")
            assert Fraction(Decimal(repr(found.value))) == printed


class Cells(HTMLParser):
    """The tables of a page, its text, and every address that it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.fetched: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.fetched += [f"{key}={value}" for key, value in attrs if key in ("src", "href", "srcset", "data", "action")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        self.is_open = self.is_open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.tables[-1][-1][-1] += data


def read_html(text: str) -> Cells:
    found = Cells()
    found.feed(text)
    return found


@every_report
@both_languages
def test_html_says_what_the_page_says_and_fetches_nothing(make: Callable[[Lang], Page], lang: Lang) -> None:
    page = made(make, lang)
    text = html_file(page)
    assert text == html_file(page)
    found = read_html(text)
    for held, table in zip(found.tables, tables_in(page), strict=True):
        assert held[0] == [column.on_paper for column in table.columns]
        assert held[1:] == texts(table, lang)
    assert found.fetched == []
    assert "url(" not in text
    assert "@import" not in text
    assert {attributes.get("lang") for tag, attributes in found.tags if tag in ("html", "main")} == {lang}
    assert not [tag for tag, _ in found.tags if tag in ("script", "img", "link", "iframe", "object", "embed")]


@every_report
@both_languages
def test_the_terminal_says_what_the_page_says(make: Callable[[Lang], Page], lang: Lang) -> None:
    page = made(make, lang)
    text = re.sub(r"\s+", " ", rendered(page, 4000))
    for part in page.parts():
        if isinstance(part, Para):
            assert re.sub(r"\s+", " ", part.text) in text
        elif isinstance(part, Table) and not part.in_words:
            for row in part.rows:
                for cell in row.cells:
                    assert all(re.sub(r"\s+", " ", line).strip() in text for line in said(cell, lang).splitlines())
        elif isinstance(part, Table):
            assert all(re.sub(r"\s+", " ", para.text) in text for para in part.in_words)


# -- both languages ----------------------------------------------------------------------------------------------------


@every_report
def test_both_languages_have_the_same_parts_and_numbers(make: Callable[[Lang], Page]) -> None:
    vi, en = made(make, "vi"), made(make, "en")
    assert [len(section.parts) for section in vi.sections] == [len(section.parts) for section in en.sections]
    for one, other in zip(vi.parts(), en.parts(), strict=True):
        assert type(one) is type(other)
        if isinstance(one, Table) and isinstance(other, Table):
            assert [column.is_number for column in one.columns] == [column.is_number for column in other.columns]
            assert not {column.name for column in one.columns if column.name.isascii()} & {"Mã", "Tiêu chí", "Điểm"}
            numbers = [[cell for row in table.printed for cell in row.cells] for table in (one, other)]
            for left, right in zip(*numbers, strict=True):
                assert isinstance(left, Amount) == isinstance(right, Amount)
                assert not isinstance(left, Amount) or left == right
    names = [[section.name for section in page.sections] for page in (vi, en)]
    assert all(one != other or one.startswith("Xã") for one, other in zip(*names, strict=True))


VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
SPOKEN = ("Text", "columns_of", "_Wrong", "self._say")
"""What takes a sentence in both languages, Vietnamese first."""
DATA = {"_PAPER", "MOTTO", "MAIN", "HOW", "_OF_APPRAISAL"}
DATA |= {"APPENDIX", "HEADING", "SHEET", "_TABLES", "ANNEX", "WHOLE", "FIGURES", "SCORING"}
"""Words that only Vietnamese papers have: what a printed annex shows, and what the drafter finds again in it."""
PATTERNS = {"_HEAD", "_ENDS", "_LISTED"}
"""Words that are looked for in Vietnamese papers."""


def unspoken(source: str) -> Iterator[str]:
    """Vietnamese words in a module that stand outside a pair of both languages."""
    tree = ast.parse(source)
    paired = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SPOKEN
        for inner in ast.walk(node)
    }
    paired |= {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(_names(t) & (DATA | PATTERNS) for t in node.targets)
        for inner in ast.walk(node)
    }
    paired |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in paired and VIETNAMESE.search(place_said(node.value, "en")):  # type: ignore[attr-defined]
            yield f"{node.lineno}: {node.value}"  # type: ignore[attr-defined]


def _names(target: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


REPORTING = sorted((ROOT / "src" / "cchc_index").glob("reporting/*.py")) + sorted(
    (ROOT / "src" / "cchc_index").glob("office/*.py")
)
REPORTING += sorted((ROOT / "src" / "cchc_index").glob("office/workbook/*.py"))


@pytest.mark.parametrize("path", REPORTING, ids=lambda path: path.name)
def test_every_sentence_exists_in_both_languages(path: Path) -> None:
    if path.name == "catalogue_page.py":
        pytest.skip("the catalogue page is a page of the Vietnamese documentation")
    assert list(unspoken(path.read_text("utf-8"))) == []


def halves(source: str) -> Iterator[tuple[str, str]]:
    """The fixed words of every pair of both languages in a module."""
    for node in ast.walk(ast.parse(source)):
        sides = node.args[:2] if isinstance(node, ast.Call) and ast.unparse(node.func) in SPOKEN else []
        if len(sides) == 2 and all(isinstance(side, ast.Constant | ast.JoinedStr) for side in sides):
            vi, en = (
                "".join(one.value for one in ast.walk(side) if isinstance(one, ast.Constant) and type(one.value) is str)
                for side in sides
            )
            yield vi, en


SAYING = [path for part in ("auditing", "reviewing") for path in sorted((ROOT / "src/cchc_index" / part).glob("*.py"))]


@pytest.mark.parametrize("path", [*REPORTING, *SAYING], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_english_half_is_english(path: Path) -> None:
    for vi, en in halves(path.read_text("utf-8")):
        assert bool(vi) == bool(en), (vi, en)
        assert not VIETNAMESE.search(en), en


def test_the_check_finds_a_sentence_in_one_language() -> None:
    assert len(list(unspoken('x = "Tổng điểm"'))) == 1
    assert len(list(unspoken('x = f"Tổng {y} điểm"'))) == 2
    assert list(unspoken('x = f"{file}, bảng {n}, dòng {m}"')) == []
    assert len(list(unspoken('x = f"{file}, hàng {n}"'))) == 1
    assert list(unspoken('"""Tổng điểm."""\nx = Text("Tổng điểm", "Total")\ny = f"{a}: {b}"')) == []


# -- hostile data ------------------------------------------------------------------------------------------------------


def hostile(lang: Lang = "vi") -> Page:
    card = cchc.score(cchc.load(DONG_NAI), cchc.Submission(HOSTILE, FIGURES))
    (group,) = card.lines
    return tables.sheet(evolve(card, title=HOSTILE, lines=(evolve(group, name=HOSTILE),)), lang)


def test_hostile_names_are_text_everywhere() -> None:
    page, shown = hostile(), printable(HOSTILE)
    book = openpyxl.load_workbook(io.BytesIO(excel_file(page)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    named = [cell for cell in cells if cell.value == shown]
    assert len(named) == 2
    assert all(cell.quotePrefix for cell in named)
    text = html_file(page)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert shown in [cell for table in read_html(text).tables for row in table for cell in row]
    document = docx.Document(io.BytesIO(word_file(page)))
    assert shown in [paragraph.text for paragraph in document.paragraphs]


@settings(max_examples=25)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.sampled_from(Tone))
def test_any_text_can_be_shown_in_every_form(words: list[str], tone: Tone) -> None:
    names = "|".join(["Tên", *["Chữ"] * (len(words) - 1)])
    rows = (Row(tuple(words), tone), Row((words[0],), tone))
    table = Table(columns_of(names, names, "t" * len(words), "vi"), rows)
    page = Page(words[0], (Section(words[-1], (table, *(Para(words[0], role) for role in Role))),), "vi", words[0])
    assert word_file(page)
    assert excel_file(page)
    assert read_html(html_file(page)).tables[0][1] == [printable(word) for word in words]
    assert rendered(page, 200)


# -- HTML for everybody ------------------------------------------------------------------------------------------------


@every_report
def test_tables_and_charts_can_be_heard(make: Callable[[Lang], Page]) -> None:
    page = made(make, "vi")
    tags = read_html(html_file(page)).tags
    heads = [attributes for tag, attributes in tags if tag == "th"]
    assert all(attributes.get("scope") in ("col", "rowgroup") for attributes in heads)
    drawings = [attributes for tag, attributes in tags if tag == "svg" and attributes.get("role") == "img"]
    assert len(drawings) == sum(isinstance(part, Chart) for part in page.parts())
    assert all(attributes.get("aria-label") for attributes in drawings)
    names = [tag for tag, _ in tags]
    assert names.count("desc") == len(drawings)
    assert names.count("title") == len(drawings) + 1
    assert names.count("h1") == 1


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_told_from_what_they_stand_on() -> None:
    css = fragment(sheet("vi"))
    named = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", css))
    for ink in ("ink", "soft", "alarm"):
        assert min(contrast(named[ink], ground) for ground in ("#ffffff", named["shade"])) >= 4.5
    inks = re.findall(r"\.(?:full|lost|still)\{fill:(#[0-9a-f]{6})", css)
    edges = re.findall(r"\.open\{[^}]*stroke:(#[0-9a-f]{6})", css)
    assert len(inks) == 3
    assert len(edges) == 1
    assert all(contrast(color, "#ffffff") >= 3 for color in (*inks, *edges))


# -- charts ------------------------------------------------------------------------------------------------------------

NUMBERS = st.fractions(min_value=-50, max_value=150, max_denominator=60)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8), st.booleans())
def test_a_bar_stands_where_its_numbers_say(pairs: list[tuple[Fraction, Fraction]], is_close: bool) -> None:
    spans = [Span(min(pair), max(pair), 0) for pair in pairs]
    bars = tuple(Bar(f"{number}", (span,), "") for number, span in enumerate(spans))
    chart = Chart("Điểm", (Series("điểm", "full"), Series("khác", "lost")), bars, is_close=is_close)
    made = drawn(chart, "en")
    low, high = (parse_number(end.removeprefix("≈"), mark=".") for end in (made.low, made.high))
    assert [one.name for one in made.series] == ["điểm"]
    for span, bar in zip(spans, made.bars, strict=True):
        x, width = Fraction(bar.spans[0].x), bar.spans[0].width
        assert 0 <= x <= 100
        if width.endswith("%"):
            assert x + Fraction(width.removesuffix("%")) <= Fraction("100.02")
            near = low + (high - low) * x / 100
            assert abs(near - span.start) <= Fraction(2, 100)
        else:
            assert span.start == span.end
    tops = [bar.y for bar in made.bars]
    assert tops == sorted(set(tops))
    assert made.height > tops[-1]


def test_a_chart_of_many_says_that_it_shows_the_first() -> None:
    units = [(f"Xã {number}", Fraction(number)) for number in range(1, 100)]
    (chart,) = charts.values(units, "vi")
    assert (len(chart.bars), chart.title) == (60, "Điểm của các đơn vị (60 dòng đầu)")
    assert list(charts.values([("Xã A", cchc.NOT_STATED)], "vi")) == []


def test_an_open_unit_is_drawn_as_a_range() -> None:
    (chart,) = [part for part in ranking("vi").parts() if isinstance(part, Chart)]
    spans = [len(bar.spans) for bar in chart.bars]
    assert set(spans) == {1, 2}
    assert [series.ink for series in chart.series] == ["full", "open"]
    (area,) = [part for part in unfinished("vi").parts() if isinstance(part, Chart)]
    assert area.bars[0].told == "0,95 – 1,95 / 2"
    assert [span.series for span in area.bars[0].spans] == [0, 1, 2]


# -- what single reports say -------------------------------------------------------------------------------------------


def test_a_sheet_that_is_not_complete_tells_ranges_and_what_is_missing() -> None:
    text = rendered(unfinished("vi"), 200)
    assert "Tổng điểm: 0,95 – 1,95 / 2" in text
    assert "chưa khai: bang_dien_tu, mang_xa_hoi, truyen_thong" in text
    assert "chưa có chỉ số và xếp loại" in text
    assert "Chỉ số:" not in text
    assert "0.95 – 1.95" in rendered(unfinished("en"), 200)


def test_a_line_without_a_rule_is_not_stated_on_a_sheet_that_is_not_complete() -> None:
    rules = cchc.load(DONG_NAI)
    (group,) = rules.criteria
    silent = evolve(group, children=(evolve(group.children[0], rule=cchc.NOT_STATED), group.children[1]))
    edited = evolve(rules, criteria=(silent,))
    unit = cchc.Submission("Xã A (bịa)", {})
    page = reviews.unfinished(edited, partial(edited, unit), bounds(edited, unit), "vi")
    rows = {row.cells[0]: [said(cell, "vi") for cell in row.cells] for row in tables_in(page)[0].printed}
    assert rows["4.1"][3] == "không quy định"
    assert rows["4.2"][3] == "0 – 1"
    assert rows["4"][3] == "không quy định"


def test_a_total_that_the_decision_leaves_open_is_not_told_as_question_marks() -> None:
    rules = cchc.load("ha-nam/so-nganh/2023")
    unit = cchc.Submission("Sở A (bịa)", {})
    page = reviews.unfinished(rules, partial(rules, unit), bounds(rules, unit), "vi")
    assert "Tổng điểm: không quy định / 27" in rendered(page, 200)
    assert "?" not in rendered(page, 200)


def test_a_range_without_an_end_is_told_by_the_other_end() -> None:
    least, most = Open(Fraction(1, 2), None), Open(None, Fraction(2))
    assert [least.said("vi"), least.said("en")] == ["từ 0,5 trở lên", "0.5 or more"]
    assert [most.said("vi"), most.said("en")] == ["nhiều nhất 2", "at most 2"]
    assert [Open(None, None).said("vi"), Open(None, None).said("en")] == ["không quy định", "not stated"]


def test_movement_on_a_sample_says_that_it_is_one() -> None:
    told = rendered(moved("vi"), 200).splitlines()
    assert told[0] == "Bộ MẪU 5 lĩnh vực để thử xếp hạng, không phải văn bản pháp luật"
    assert told[1] == "BỘ MẪU để học và thử, KHÔNG PHẢI VĂN BẢN PHÁP LUẬT"
    assert "→" not in "".join(told)


def test_movement_between_rulesets_names_both() -> None:
    old = cchc.load(DONG_NAI)
    new = evolve(old, version="2023")
    years = [Year(name, rules, (in_class(),)) for name, rules in (("2022", old), ("2023", new))]
    told = rendered(reviews.movement_report(movement(*years), "en"), 200)
    assert "dong-nai/cap-xa/2022 → dong-nai/cap-xa/2023" in told
    assert "SAMPLE" not in told


def test_movement_without_a_unit_in_both_years_still_prints() -> None:
    rules = cchc.load(DONG_NAI)
    years = [Year("2022", rules, (in_class(),)), Year("2023", rules, (evolve(in_class(), unit="Xã khác (bịa)"),))]
    assert "only: Xã khác (bịa)" in rendered(reviews.movement_report(movement(*years), "en"), 200)


def test_areas_stand_out_among_what_is_still_possible() -> None:
    (table, *_) = tables_in(possible("vi"))
    tones = {row.cells[0]: row.tone for row in table.rows}
    assert tones["4"] is Tone.AREA
    assert tones["4.1"] is Tone.PLAIN


def test_a_grade_that_the_decision_does_not_state_in_print_is_told_in_the_language_asked_for() -> None:
    rules = cchc.load(MAU)
    card = cchc.score(rules, samples()[0])
    (placed,) = cchc.rank(rules, [card])
    (note,) = reviews.rank_notes(evolve(placed, grade_in_print=cchc.NOT_STATED))
    assert note.said("vi").endswith("«không quy định»")
    assert note.said("en").endswith("«not stated»")


def test_a_paper_of_one_unit_begins_as_papers_of_the_state_do() -> None:
    document = docx.Document(io.BytesIO(word_file(audit("vi"))))
    head = [cell.text for cell in document.tables[0].rows[0].cells]
    assert head == ["XÃ B (BỊA)", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"]
    page = openpyxl.load_workbook(io.BytesIO(excel_file(audit("vi")))).worksheets[0]
    top = {cell.value for row in page.iter_rows(max_row=2) for cell in row} - {None, ""}
    assert top == {"XÃ B (BỊA)", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}


def test_a_sample_an_english_paper_and_a_ranking_have_no_such_head() -> None:
    for page in (sheet("vi"), audit("en"), ranking("vi")):
        text = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word_file(page))).paragraphs)
        assert "CỘNG HÒA" not in text
        assert all(
            "CỘNG HÒA" not in cell.text
            for table in docx.Document(io.BytesIO(word_file(page))).tables
            for row in table.rows
            for cell in row.cells
        )


def test_the_table_of_a_diff_has_old_text_new_text_and_effect() -> None:
    rules = cchc.load(DONG_NAI)
    (group,) = rules.criteria
    first = group.children[0]
    other = evolve(first, name="Tên mới", max_points=Fraction(2))
    edited = evolve(rules, version="2", criteria=(evolve(group, children=(other, group.children[1])),))
    (table,) = tables_in(changes.differences(cchc.diff(rules, edited), "vi"))
    rows = [[said(cell, "vi") for cell in row.cells] for row in table.rows]
    named = [row for row in rows if row[0] == "4.1"]
    assert named[0][1:4] == ["tên", first.name, "Tên mới"]
    assert ["4.1", "điểm tối đa", "1", "2"] in [row[:4] for row in named]
    assert [bool(row[4]) for row in named] == [True] + [False] * (len(named) - 1)


def test_a_ranking_has_merged_rows_for_its_groups() -> None:
    (table,) = tables_in(ranking("vi"))
    assert [row.cells[0] for row in table.rows if table.is_merged(row)] == ["Miền núi", "Đồng bằng"]
    by_line = reviews.ranking(cchc.load(MAU), (), "vi", by="3")
    assert "Xếp theo: 3 Cải cách thủ tục hành chính" in rendered(by_line, 200)


def test_widths_fill_the_page_and_never_break_a_number() -> None:
    for make in MAKERS:
        for table in tables_in(made(make, "vi")):
            widths = table.widths("vi", 122)
            assert sum(widths) == pytest.approx(122)
            assert min(widths) >= 5


def test_a_column_of_short_words_gives_nothing_away() -> None:
    long = "một câu dài của văn bản " * 6
    columns = columns_of("Mã|Nội dung|Cũ|Mới|Ảnh hưởng", "Code|What|Old|New|Effect", "ctttt", "vi")
    widths = Table(columns, (Row(("1.2.1", "ngưỡng", long, long, long)),)).widths("vi", 122)
    assert widths[1] == LEAST
    assert sum(widths) == pytest.approx(122)


# -- a notebook --------------------------------------------------------------------------------------------------------


class Formatter:
    """As much of IPython's HTML formatter as is used."""

    def __init__(self) -> None:
        self.known: dict[type, Any] = {}

    def for_type(self, typ: type, func: Any) -> None:
        self.known[typ] = func


def test_a_notebook_shows_results_as_tables() -> None:
    rules = cchc.load(DONG_NAI)
    card = cchc.score(rules, in_class())
    formatter = Formatter()
    show_tables("en", formatter)
    shown = formatter.known[cchc.Card](card)
    assert "<table" in shown
    assert ">Criterion<" in shown
    ranked = cchc.load(MAU)
    ranks = cchc.rank(ranked, [cchc.score(ranked, unit) for unit in samples()])
    assert "Rank" in formatter.known[tuple](ranks)
    assert formatter.known[tuple](("a", "b")) is None
    assert formatter.known[tuple](()) is None
    assert sheet("vi")._repr_html_() == fragment(sheet("vi"))


def test_every_result_has_its_report() -> None:
    rules = cchc.load(DONG_NAI)
    card, held = cchc.score(rules, in_class()), cchc.verify(rules, in_class())
    ranked = cchc.load(MAU)
    ranks = cchc.rank(ranked, [cchc.score(ranked, unit) for unit in samples()[:3]])
    for result in (card, held, cchc.diff(*versions()), rules, [card, card], (held, held), ranks, sheet("vi")):
        assert page_of(result, "en").sections
    assert page_of(ranks, rules=ranked) == reviews.ranking(ranked, ranks, "vi")
    found = bounds(rules, cchc.Submission("Xã A (bịa)", {}))
    under = (found, history(rules, in_class()), progress(rules, in_class(), on=datetime.date(2022, 6, 30)))
    for other in (*under, priorities(rules, in_class())):
        assert page_of(other, rules=rules).sections
        with pytest.raises(CchcError, match="đưa thêm bộ tiêu chí"):
            page_of(other)
    for nothing in (3, (), [card, held]):
        with pytest.raises(CchcError, match="không có báo cáo"):
            page_of(nothing)


def test_outside_a_notebook_the_call_says_so() -> None:
    with pytest.raises(CchcError, match="chỉ dùng trong sổ tay"):
        show_tables()


# -- other programs open it --------------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: nothing opened the files but us")
def test_libreoffice_opens_the_files_and_prints_the_numbers(tmp_path: Path) -> None:
    page = audit("vi")
    (tmp_path / "word.docx").write_bytes(word_file(page))
    (tmp_path / "excel.xlsx").write_bytes(excel_file(page))
    assert SOFFICE is not None
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    run = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "word.docx"), str(tmp_path / "excel.xlsx")],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env=os.environ | {"SAL_USE_VCLPLUGIN": "svp"},
    )
    assert run.returncode == 0, run.stderr
    for name in ("word.pdf", "excel.pdf"):
        with pdfplumber.open(tmp_path / name) as printed:
            pages = [sheet.extract_text() for sheet in printed.pages]
            assert all(sheet.width > sheet.height for sheet in printed.pages)
        text = " ".join(pages)
        assert "4.1 Mức độ thực hiện kế hoạch tuyên truyền 1 0,8 0 +0,8" in text
        assert "Tổng điểm 2 – 0,75" in text
