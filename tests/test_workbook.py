"""The scoring workbook: recalculated by two spreadsheet programs, looked through as a file, filled in wrongly."""

import re
import zipfile
from fractions import Fraction
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

import openpyxl  # type: ignore[import-untyped]
import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.criteria import AdjustmentKind, Ruleset
from cchc_index.facts import Appraisal, Evidence, NewPoints, Phase, Submission
from cchc_index.figures import read_figures
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import LISTS
from cchc_index.office.formulas.program import CHECKS
from cchc_index.office.formulas.scratch import WORKINGS, column_name
from cchc_index.office.workbook.layout import FIRST_ROW, HOW, MAIN, Column, Shape
from cchc_index.office.workbook.model import Look
from cchc_index.office.workbook.pages import MARKS, workbook
from cchc_index.office.workbook.writing import scoring_workbook, written
from cchc_index.rules import Rounding
from cchc_index.testing.sound import SHAPES, make_sound
from cchc_index.testing.thresholds import near_units
from cchc_index.testing.units import make_unit
from recalculation import SILENT, Bench, IronCalc, LibreOffice, check, evened, fitting, printed, tie_figures

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "mau-cap-xa"
SAMPLE = cchc.load("mau/cap-xa/1")
UNIT = cchc.read_submission(EXAMPLES / "don-vi-01.yaml")
SMALL = cchc.load("dong-nai/cap-xa/2022")
FIGURES = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}


def shaped(shape: str) -> Ruleset:
    rules = make_sound(Random(shape), SHAPES[shape])
    return evolve(rules, rounding=Rounding(Fraction(1, 100)) if len(shape) % 2 else None)


def units_of(rules: Ruleset, count: int) -> list[Submission]:
    """Units on, under and over the thresholds, then any."""
    r = Random(rules.id)
    drawn = (make_unit(r, rules) for _ in range(count))
    fit = (unit for source in (near_units(r, rules), drawn) for unit in source if fitting(rules, unit))
    return list(islice(fit, count))


# -- recalculated ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_spreadsheet_engine_gives_the_engines_points_for_every_shape(shape: str) -> None:
    rules = shaped(shape)
    count, wrong = check(IronCalc(), Bench(rules), units_of(rules, 60))
    assert wrong == []
    assert count > 300


def test_a_spreadsheet_engine_gives_the_engines_points_for_the_whole_sample() -> None:
    units = [cchc.read_submission(file) for file in sorted(EXAMPLES.glob("*.yaml"))]
    units += units_of(SAMPLE, 40)
    count, wrong = check(IronCalc(), Bench(SAMPLE, records=12), units)
    assert wrong == []
    assert count == len(units) * 192


def test_a_tie_of_the_total_is_rounded_half_up() -> None:
    """Each rule in proportion on half a hundredth, all others without long fractions: so the total ties too."""
    in_time = {"ho_so_tre_han": 0, "thu_xin_loi": 0, "thu_nam_nay": 7800}
    typed = given_figures()
    units = [evolve(UNIT, figures=evened(SAMPLE, {**typed, **in_time}, tie)) for tie in tie_figures(SAMPLE)]
    units = [unit for unit in units if fitting(SAMPLE, unit)]
    assert sum(map(_is_half_cent, units)) > 20
    assert check(IronCalc(), Bench(SAMPLE, records=12), units)[1] == []


def given_figures() -> dict[str, Any]:
    """The figures of the sample unit as numbers and options."""
    figures = read_figures(SAMPLE.facts_by_name, UNIT)
    plain = {name: value for name, value in figures.items() if name in UNIT.figures}
    surveys = {n: UNIT.figures[n] for n, fact in SAMPLE.facts_by_name.items() if fact.type is FactType.SURVEY}
    dated = {n: UNIT.figures[n] for n, fact in SAMPLE.facts_by_name.items() if _stays(fact) and n in UNIT.figures}
    return plain | surveys | dated


def _stays(fact: Fact) -> bool:
    return fact.type in (FactType.DATE, FactType.RECORDS)


def _is_half_cent(unit: Submission) -> bool:
    try:
        unrounded = cchc.score(SAMPLE, unit).unrounded
    except cchc.CchcError:
        return False
    return isinstance(unrounded, Fraction) and (unrounded * 100 - Fraction(1, 2)).denominator == 1


def test_libreoffice_gives_the_engines_points() -> None:
    """A second program, which shares no code with the first: each shape and the whole sample in one process."""
    if LibreOffice.interpreter() is None:
        pytest.skip("LibreOffice with its Python bridge (libreoffice-calc, python3-uno) is not installed")
    with LibreOffice() as program:
        for rules, count in [*((shaped(shape), 4) for shape in sorted(SHAPES)), (SAMPLE, 8)]:
            assert check(program, Bench(rules, records=12), units_of(rules, count))[1] == []


@pytest.mark.parametrize("unit", ["don-vi-01", "don-vi-07", "don-vi-20"])
def test_what_is_saved_with_every_formula_is_what_it_comes_to(unit: str) -> None:
    given = cchc.read_submission(EXAMPLES / f"{unit}.yaml")
    made = workbook(SAMPLE, given, Shape(12))
    program = IronCalc()
    program.load(written(made))
    program.put({})
    wrong, count = [], 0
    for page in made.pages:
        for (row, column), cell in page.cells.items():
            if cell.formula:
                found, count = program.value(page.name, row, column), count + 1
                if found != (float(cell.value) if isinstance(cell.value, int | Fraction) else cell.value):
                    wrong.append(f"{page.name}!{column_name(column)}{row + 1}: {found!r}, not {cell.value!r}")
    assert wrong == []
    assert count > 3_000


@pytest.mark.parametrize("name", cchc.rulesets())
def test_every_shipped_ruleset_makes_a_workbook_that_recalculates_to_what_it_was_saved_with(name: str) -> None:
    rules = cchc.load(name)
    units = units_of(rules, 6)
    assert check(IronCalc(), Bench(rules), units)[1] == []


# -- filled in wrongly -------------------------------------------------------------------------------------------------


@pytest.fixture
def filled() -> tuple[IronCalc, dict[str, tuple[str, int, int]]]:
    """A workbook that is filled in, recalculated, and where its cells are."""
    unit = Submission("Xã A", FIGURES)
    program = IronCalc()
    made = workbook(SMALL, unit)
    program.load(written(made))
    program.put({})
    return program, {str(one.path[-1]): (one.page, one.row, one.column) for one in made.inputs if one.fact}


def result(program: IronCalc) -> tuple[Any, str]:
    """The total, and the line above the table."""
    return program.value(MAIN, 3, 5), program.value(MAIN, 3, 1)


def test_a_filled_workbook_shows_the_total(filled: tuple[IronCalc, dict[str, tuple[str, int, int]]]) -> None:
    assert result(filled[0]) == (1.45, "Số liệu đủ và đúng dạng.")


@pytest.mark.parametrize(
    ("figure", "typed", "said"),
    [
        ("da_xong", "1,5", "là chữ, không phải số"),
        ("da_xong", "19", "là chữ, không phải số"),
        ("da_xong", " ", "là chữ, không phải số"),
        ("da_xong", 1.5, "cần số nguyên"),
        ("da_xong", -1, "nhỏ hơn mức nhận được"),
        ("da_xong", 21, "lớn hơn số mà nó là một phần"),
        ("de_ra", 1e9, "lớn quá, cần tính bằng cchc"),
        ("bang_dien_tu", normalize("NFD", "Có"), "không có trong danh sách"),
        ("bang_dien_tu", "Có ", "không có trong danh sách"),
        ("bang_dien_tu", "*", "không có trong danh sách"),
        ("bang_dien_tu", 1, "không có trong danh sách"),
    ],
)
def test_a_wrong_cell_blanks_the_total_and_is_named(
    filled: tuple[IronCalc, dict[str, tuple[str, int, int]]], figure: str, typed: str | float, said: str
) -> None:
    program, cells = filled
    page, row, column = cells[figure]
    program.put({(page, row, column): typed})
    total, line = result(program)
    assert total == ""
    assert line == f"Có 1 ô cần sửa, ô đầu tiên: trang '{MAIN}', ô {column_name(column)}{row + 1}."
    assert said in program.value(page, row, Column.CHECK.value)


def test_blank_is_missing_and_not_zero(filled: tuple[IronCalc, dict[str, tuple[str, int, int]]]) -> None:
    program, cells = filled
    page, row, column = cells["da_xong"]
    program.put({(page, row, column): None})
    assert result(program) == ("", "Chưa có tổng điểm: thiếu số liệu.")
    assert program.value(page, row, Column.CHECK.value) == "chưa điền"
    program.put({(page, row, column): 0})
    assert result(program)[0] == 0.5


def test_a_zero_denominator_follows_the_ruleset(filled: tuple[IronCalc, dict[str, tuple[str, int, int]]]) -> None:
    program, cells = filled
    program.put({cells["de_ra"]: 0, cells["da_xong"]: 0})
    assert result(program) == ("", "Chưa có tổng điểm: mẫu số bằng 0, văn bản không nói tính thế nào.")


def test_a_claim_that_is_text_blanks_the_totals_and_a_difference_is_shown() -> None:
    program, made = IronCalc(), workbook(SMALL, Submission("Xã A", FIGURES))
    program.load(written(made))
    claims = {str(one.path[1]): (one.page, one.row, one.column) for one in made.inputs if one.path[0] == "tu_cham"}
    page, row, column = claims["4.1"]
    program.put({claims["4.1"]: 1.0, claims["4.2"]: 1.0})
    assert program.value(page, row, Column.DIFFERENCE.value) == 0.05
    assert program.value(*claims["4"]) == 2
    program.put({claims["4.1"]: "1,0"})
    assert program.value(page, row, Column.DIFFERENCE.value) == "là chữ"
    assert result(program) == ("", f"Có 1 ô cần sửa, ô đầu tiên: trang '{MAIN}', ô {column_name(column)}{row + 1}.")
    assert program.value(*claims["4"]) == ""


def test_points_awarded_add_up_where_every_part_has_some() -> None:
    program, made = IronCalc(), workbook(SMALL, Submission("Xã A", FIGURES))
    program.load(written(made))
    cells = {one.path[1:]: (one.page, one.row, one.column) for one in made.inputs if one.path[0] == "tham_dinh"}
    area = (MAIN, cells["4.1", "diem"][1] - 1, Column.APPRAISED.value)
    whole = next(row for (row, column), cell in made.pages[0].cells.items() if cell.value == "TỔNG ĐIỂM")
    total = (MAIN, whole, Column.APPRAISED.value)
    program.put({cells["4.1", "diem"]: 0.25})
    assert (program.value(*area), program.value(*total)) == ("", "")
    program.put({cells["4.2", "diem"]: 0.5})
    assert (program.value(*area), program.value(*total)) == (0.75, 0.75)
    program.put({cells["4.2", "diem"]: "0,5"})
    assert (program.value(*area), program.value(*total)) == ("", "")
    assert result(program)[0] == 1.45


def test_points_awarded_of_a_penalty_are_taken_off() -> None:
    codes = [one.code for one in SAMPLE.walk() if not one.children]
    one = Appraisal(Phase.FIRST, tuple(NewPoints(code, Fraction(1), "thử") for code in codes))
    made = workbook(SAMPLE, evolve(UNIT, appraisals=(one,)), Shape(12))
    [whole] = [row for (row, _), cell in made.pages[0].cells.items() if cell.value == "TỔNG ĐIỂM"]
    outside = sum(1 if one.kind is AdjustmentKind.BONUS else -1 for one in SAMPLE.adjustments)
    inside = len(codes) - len(SAMPLE.adjustments)
    assert made.pages[0].cells[whole, Column.APPRAISED.value].value == inside + outside
    program = IronCalc()
    program.load(written(made))
    program.put({})
    assert program.value(MAIN, whole, Column.APPRAISED.value) == inside + outside


ENGLISH = Shape(12, lang="en")


def test_an_english_workbook_computes_the_same_and_says_it_in_english() -> None:
    vi, en = (workbook(SAMPLE, UNIT, shape) for shape in (Shape(12), ENGLISH))
    assert [page.name for page in vi.pages] == [page.name for page in en.pages]
    assert [one.path for one in vi.inputs] != []
    assert [(one.page, one.row, one.column, one.default) for one in vi.inputs] == [
        (one.page, one.row, one.column, one.default) for one in en.inputs
    ]
    numbers = [
        (page.name, place, cell.value, in_english.cells[place].value)
        for page, in_english in zip(vi.pages, en.pages, strict=True)
        for place, cell in page.cells.items()
        if not isinstance(cell.value, str)
    ]
    assert all(one == other for _, _, one, other in numbers)
    program = IronCalc()
    program.load(written(en))
    program.put({})
    wrong = [
        (page.name, place)
        for page in en.pages
        for place, cell in page.cells.items()
        if cell.formula
        and program.value(page.name, *place)
        != (float(cell.value) if isinstance(cell.value, int | Fraction) else cell.value)
    ]
    assert wrong == []


def test_what_is_wrong_is_said_in_english() -> None:
    program, made = IronCalc(), workbook(SMALL, Submission("Xã A", FIGURES), ENGLISH)
    program.load(written(made))
    cells = {one.path: (one.page, one.row, one.column) for one in made.inputs}
    program.put({cells["so_lieu", "da_xong"]: "1,5"})
    assert result(program) == ("", "There are 1 cells to put right, the first: sheet 'Tự chấm', cell D9.")
    program.put({cells["so_lieu", "da_xong"]: None})
    assert result(program) == ("", "No total yet: figures are missing.")
    assert program.value(MAIN, 8, Column.CHECK.value) == "not filled in"
    program.put({cells["so_lieu", "da_xong"]: 19, cells["tu_cham", "4.1"]: "x"})
    assert program.value(MAIN, 7, Column.DIFFERENCE.value) == "is text"


def test_headings_and_help_of_an_english_workbook_are_english() -> None:
    """Only what the ruleset itself says, names of sheets, options, and the hidden workings are Vietnamese there."""
    facts = list(SAMPLE.facts_by_name.values())
    known = {SAMPLE.title, MAIN, HOW, *(one.name for one in SAMPLE.walk())}
    known |= {label for fact in facts for one in (fact, *fact.fields) for label in (one.label, one.unit)}
    known |= {label for fact in facts for one in (fact, *fact.fields) for _, label in one.options} | {"Có", "Không"}
    known |= {grade.name for scale in SAMPLE.scales for grade in scale.grades}
    known |= {note.text for one in SAMPLE.walk() for note in one.notes}
    made = workbook(SAMPLE, None, ENGLISH)
    known |= {page.name for page in made.pages}
    heads = {(page.name, place) for page in made.pages for place, cell in page.cells.items() if cell.look is Look.HEAD}
    assert len(heads) > 30
    for page in made.pages:
        for place, cell in page.cells.items():
            if isinstance(cell.value, str) and page.name != HOW and not (page.is_hidden and page.name == WORKINGS):
                left = cell.value
                for words in sorted(known, key=len, reverse=True):
                    left = left.replace(words, "") if words else left
                assert not VIETNAMESE.search(left), (page.name, place, cell.value)
    help_ = [str(rule.options.get(key, "")) for page in made.pages for rule in page.rules for key in HELP]
    assert not [text for text in help_ if VIETNAMESE.search(text)]


HELP = ("error_title", "error_message", "input_message")
VIETNAMESE = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


# -- as a file ---------------------------------------------------------------------------------------------------------


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data))


def test_two_builds_are_the_same_bytes() -> None:
    assert scoring_workbook(SAMPLE, UNIT) == scoring_workbook(SAMPLE, UNIT)


def test_viewers_that_do_not_compute_show_the_engines_points() -> None:
    book = openpyxl.load_workbook(BytesIO(scoring_workbook(SAMPLE, UNIT)), data_only=True)
    card = cchc.score(SAMPLE, UNIT)
    rows = {row[0].value: row for row in book[MAIN].iter_rows(min_row=FIRST_ROW) if row[0].value}
    assert isinstance(card.points, Fraction)
    assert book[MAIN]["F4"].value == float(card.points)
    assert all(rows[line.code][Column.POINTS.value].value == printed(line.points) for line in card.walk())


def test_what_is_hidden_locked_frozen_and_printed() -> None:
    book = opened(scoring_workbook(SAMPLE))
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    assert hidden == [WORKINGS, LISTS, CHECKS, MARKS]
    main = book[MAIN]
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert main.freeze_panes == f"C{FIRST_ROW + 1}"
    assert (main.page_setup.orientation, str(main.page_setup.paperSize)) == ("landscape", "9")
    assert main.print_title_rows == f"${FIRST_ROW - 1}:${FIRST_ROW}"
    made = workbook(SAMPLE)
    inputs = {(one.page, one.row, one.column) for one in made.inputs}
    for page in made.pages:
        for row, column in page.cells:
            is_open = not book[page.name].cell(row + 1, column + 1).protection.locked
            assert is_open is ((page.name, row, column) in inputs)


def test_cells_accept_what_their_figures_are() -> None:
    book = opened(scoring_workbook(SAMPLE))
    rules = {str(one.sqref): one for one in book[MAIN].data_validations.dataValidation}
    made = workbook(SAMPLE)
    places = {str(one.path[-1]): f"D{one.row + 1}" for one in made.inputs if one.fact and one.page == MAIN}
    assert rules[places["loai_don_vi"]].formula1 == "DS_loai_don_vi"
    assert rules[places["moi_thanh_lap"]].formula1 == "DS_co_khong"
    part, whole = places["von_giai_ngan"], places["von_duoc_giao"]
    assert (rules[part].type, rules[part].formula2) == ("decimal", whole)
    assert f"{whole}>=MAX({part})" in rules[whole].formula1
    assert rules[places["ngay_gui"]].type == "date"
    assert rules[places["bao_cao_dinh_ky"]].type == "whole"
    assert {"DS_loai_don_vi", "DS_co_khong"} <= set(book.defined_names)


def test_the_sentences_behind_the_rules_stand_on_a_page() -> None:
    rows = opened(scoring_workbook(SMALL))[HOW].iter_rows(values_only=True)
    texts = "\n".join(str(cell) for row in rows for cell in row)
    assert "Hoàn thành 100% kế hoạch" in texts
    assert "HD244" in texts


def test_text_is_never_a_formula() -> None:
    title = '=HYPERLINK("http://x","y")'
    rules = evolve(SMALL, title=title, criteria=tuple(evolve(one, name="=1+1") for one in SMALL.criteria))
    unit = Submission("=2+2", FIGURES, evidence={"4.1": (Evidence("@SUM(A1)"),)})
    made = workbook(rules, unit)
    written_formulas = sum(bool(cell.formula) for page in made.pages for cell in page.cells.values())
    with zipfile.ZipFile(BytesIO(written(made))) as archive:
        xml = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sum(one.count("<f>") for one in xml) == written_formulas
    assert opened(written(made))[MAIN]["B3"].data_type == "s"


def test_a_list_of_records_has_a_page_with_room() -> None:
    records = [{"ma_ho_so": f"HS{n}", "ngay_hen": "01/03/2025", "ngay_tra": "01/03/2025"} for n in range(130)]
    unit = evolve(UNIT, figures={**UNIT.figures, "ho_so": records})
    book = opened(scoring_workbook(SAMPLE, unit))
    page = next(sheet for sheet in book.worksheets if sheet.title.startswith("Hồ sơ"))
    assert page["B133"].value == "HS129"


def test_figures_that_a_cell_cannot_hold_are_refused() -> None:
    unit = Submission("Xã A", {**FIGURES, "de_ra": 10**9}, claims=(cchc.Claim("4.1", Fraction(1, 3)),))
    with pytest.raises(cchc.BadSubmission) as caught:
        scoring_workbook(SMALL, unit)
    assert [fault.path for fault in caught.value.faults] == [("so_lieu", "de_ra"), ("tu_cham", "4.1")]


def test_two_lists_of_the_same_label_have_pages_of_their_own() -> None:
    lists = tuple(Fact(name, "Hồ sơ: [a]", FactType.RECORDS, fields=(Fact(f"x_{name}", "x"),)) for name in ("a", "b"))
    rules = evolve(SMALL, facts=lists)
    assert [page.name for page in workbook(rules).pages][1:3] == ["Hồ sơ a", "Hồ sơ a 2"]


def test_a_total_that_is_not_stated_is_shown_as_such() -> None:
    rules = cchc.load("ha-noi/cap-xa/khung")
    program = IronCalc()
    program.load(scoring_workbook(rules, Submission("Xã A", {})))
    program.put({})
    assert result(program)[0] == SILENT
