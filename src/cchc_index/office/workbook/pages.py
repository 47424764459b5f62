"""The pages of the scoring workbook, put together: the sheet to fill in, the sentences behind it, the hidden pages."""

from collections.abc import Iterator, Mapping

from cchc_index.canonical import digest
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.facts import Submission
from cchc_index.office.formulas.program import CHECKS, Program, compiled
from cchc_index.office.formulas.scratch import WORKINGS, column_name
from cchc_index.office.workbook.filling import Filling
from cchc_index.office.workbook.given import given_by
from cchc_index.office.workbook.layout import HOW, Shape, shape_for
from cchc_index.office.workbook.lists import Lists
from cchc_index.office.workbook.model import Cell, Look, Page, Workbook
from cchc_index.office.workbook.showing import SILENT, Showing
from cchc_index.points import show
from cchc_index.scoring.say import rows_of as spoken_rows
from cchc_index.scoring.say import say_basis
from cchc_index.sources import NOT_STATED

FORMAT = "cchc-index/sheet/1"
MARKS = "CCHC"


def workbook(rules: Ruleset, unit: Submission | None = None, shape: Shape | None = None) -> Workbook:
    """The scoring workbook of a ruleset, filled in with what a unit has handed in.

    Raises BadSubmission for figures that are wrong or that a cell cannot hold exactly.
    """
    shape = shape or shape_for(rules, unit)
    filling = Filling(rules, given_by(rules, unit) if unit else {}, shape, Lists.of(rules, shape.lang))
    program = compiled(rules, filling.places())
    filling.lists.holes(program.holes)
    Showing(filling, program).show()
    records = {page.name: page for page in filling.record_pages.values()}
    hidden = (_workings(program, records), filling.lists.page, _checks(program, shape.lang), _marks(rules, shape))
    pages = (filling.main, *records.values(), _how(rules, shape.lang), *hidden)
    return Workbook(rules.title, pages, tuple(filling.inputs), dict(filling.lists.names))


def _workings(program: Program, records: Mapping[str, Page]) -> Page:
    """The helper cells: those of the unit on a page of their own, those of a record beside its row."""
    workings = Page(WORKINGS, is_hidden=True)
    for one in program.formulas:
        page = records.get(one.page, workings)
        page.put(one.row, one.column, Cell(one.value, one.text))
        if one.label and page is workings:
            page.text(one.row, 0, one.label)
    return workings


def _checks(program: Program, lang: Lang) -> Page:
    page = Page(CHECKS, is_hidden=True)
    for row, flag in enumerate(program.flags):
        place = flag.place
        page.put(row, 0, Cell(flag.is_bad.number, "" if flag.is_bad.is_fixed else flag.is_bad.text))
        cell = f"{column_name(place.column)}{place.row + 1}"
        told = Text(f"trang '{place.page}', ô {cell}", f"sheet '{place.page}', cell {cell}")
        page.text(row, 1, told.said(lang))
    return page


def _marks(rules: Ruleset, shape: Shape) -> Page:
    """Which ruleset, in which state, and with how much room."""
    page = Page(MARKS, is_hidden=True)
    told = {"dang": FORMAT, "bo_tieu_chi": rules.id, "phien_ban": rules.version, "dau": digest(rules)}
    told |= {"so_ban_ghi": str(shape.records), "ngon_ngu": shape.lang}
    told |= {f"tai_lieu:{code}": str(count) for code, count in shape.documents.items()}
    for row, (key, text) in enumerate(told.items()):
        page.text(row, 0, key)
        page.text(row, 1, text)
    return page


def _how(rules: Ruleset, lang: Lang) -> Page:
    """The sentence behind each rule."""
    page = Page(HOW, widths={0: 8, 1: 34, 2: 9, 3: 66, 4: 30, 5: 22})
    for column, head in enumerate(_HOW_HEADS):
        page.text(0, column, head.said(lang), Look.HEAD)
    for row, criterion in enumerate(rules.walk(), start=1):
        whole = SILENT.said(lang) if criterion.max_points is NOT_STATED else show(criterion.max_points, lang)
        said, wanted = "\n".join(_sentences(criterion, rules, lang)), "\n".join(criterion.evidence)
        texts = (criterion.code, criterion.name, whole, said, wanted, str(criterion.citation))
        for column, text in enumerate(texts):
            page.text(row, column, text, Look.AREA if criterion.children else Look.ITEM)
    return page


_HOW_HEADS = (
    Text("Mã", "Code"),
    Text("Tiêu chí", "Criterion"),
    Text("Tối đa", "Maximum"),
    Text("Cách chấm theo văn bản", "How it is scored, by the decision"),
    Text("Kiểm chứng", "Evidence"),
    Text("Nguồn", "Source"),
)
_SAYS_NOTHING = Text("văn bản không quy định cách chấm", "the decision does not say how it is scored")


def _sentences(criterion: Criterion, rules: Ruleset, lang: Lang) -> Iterator[str]:
    if criterion.sentence is not NOT_STATED:
        yield say_basis(criterion.sentence).said(lang)
    if criterion.rule is not NOT_STATED:
        for words, basis in spoken_rows(criterion.rule, rules.facts_by_name):
            yield words.said(lang) + ("" if basis is NOT_STATED else f" — {say_basis(basis).said(lang)}")
    elif not criterion.children:
        yield _SAYS_NOTHING.said(lang)
