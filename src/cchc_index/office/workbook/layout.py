"""Where each row and each input cell of the scoring workbook stands: a function of the ruleset and of a few counts."""

from collections.abc import Iterator, Mapping
from enum import Enum

from attrs import field, frozen

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import Lang, Path, Text
from cchc_index.facts import Submission
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.program import options_as_counts
from cchc_index.office.formulas.scratch import column_name

MAIN, HOW = "Tự chấm", "Cách chấm"
FIRST_ROW = 6
RECORDS = 100
"""Rows of a list of records, where nothing else is asked for."""
MOST_RECORDS = 2_000
LIST_FIRST_ROW = 3


class Column(Enum):
    """The columns of the main sheet, from 0."""

    CODE, NAME, MAXIMUM, FIGURE, CHECK = range(5)
    POINTS, CLAIM, DIFFERENCE, APPRAISED, REASON = range(5, 10)
    EXEMPTION, NUMBER, DAY, SECTION, PAGE, NOTE = range(10, 16)

    @property
    def letter(self) -> str:
        """Its letters in the spreadsheet."""
        return column_name(self.value)


EVIDENCE = {"so": Column.NUMBER, "ngay": Column.DAY, "muc": Column.SECTION, "trang": Column.PAGE}


class Kind(Enum):
    """What a row of the main sheet is for."""

    HEADING = "heading"
    CRITERION = "criterion"
    FIGURE = "figure"
    FIXED = "fixed"
    LIST = "list"
    DOCUMENT = "document"


@frozen
class Row:
    """One row: of a criterion, of a figure below it, or a further document of it."""

    number: int
    kind: Kind
    label: str = ""
    criterion: Criterion | None = None
    fact: Fact | None = None
    depth: int = 0
    document: int = 0

    @property
    def code(self) -> str:
        return self.criterion.code if self.criterion else ""


@frozen
class Shape:
    """What a workbook was made with beside its ruleset: rows for records, for further documents by code, its language.

    The language is that of headings and help; what the ruleset says stays in its own.
    """

    records: int = RECORDS
    documents: Mapping[str, int] = field(factory=dict)
    lang: Lang = "vi"


def shape_for(rules: Ruleset, unit: Submission | None, records: int = RECORDS, lang: Lang = "vi") -> Shape:
    """Room for everything that a unit has handed in."""
    if unit is None:
        return Shape(records, lang=lang)
    listed = [value for value in unit.figures.values() if isinstance(value, list | tuple)]
    rows = max([records, *(len(value) for value in listed)])
    own = {code: sum(1 for row in rows_of(rules, Shape()) if row.code == code) for code in unit.evidence}
    more = {code: len(unit.evidence[code]) - own[code] for code in sorted(own) if len(unit.evidence[code]) > own[code]}
    return Shape(rows, {code: count for code, count in more.items() if own[code]}, lang)


def rows_of(rules: Ruleset, shape: Shape) -> list[Row]:
    """The rows of the main sheet below its header."""
    drafts = [*_common(rules, shape.lang), *(row for one in rules.criteria for row in _block(one, shape, 0))]
    if rules.adjustments:
        drafts.append(Row(0, Kind.HEADING, _OUTSIDE.said(shape.lang)))
    drafts += [row for one in rules.adjustments for row in _block(one.criterion, shape, 0)]
    return [
        Row(FIRST_ROW + n, row.kind, row.label, row.criterion, row.fact, row.depth, row.document)
        for n, row in enumerate(drafts)
    ]


_OUTSIDE = Text("Điểm thưởng, điểm phạt", "Bonus and penalty")
_COMMON = Text("Số liệu chung của đơn vị", "Figures of the unit as a whole")
_ANOTHER = Text("tài liệu khác", "another document")


def _common(rules: Ruleset, lang: Lang) -> Iterator[Row]:
    if rules.facts:
        yield Row(0, Kind.HEADING, _COMMON.said(lang))
    for fact in rules.facts:
        yield from _of_fact(fact, None, 1, 0)


def _block(criterion: Criterion, shape: Shape, depth: int) -> Iterator[Row]:
    """A criterion, its own figures, room for its documents, and the criteria in it."""
    yield Row(0, Kind.CRITERION, criterion.name, criterion, depth=depth)
    document = 1
    for fact in criterion.facts:
        for row in _of_fact(fact, criterion, depth + 1, document):
            yield row
            document += 1
    for number in range(shape.documents.get(criterion.code, 0)):
        yield Row(0, Kind.DOCUMENT, _ANOTHER.said(shape.lang), criterion, None, depth + 1, document + number)
    for child in criterion.children:
        yield from _block(child, shape, depth + 1)


def _of_fact(fact: Fact, criterion: Criterion | None, depth: int, document: int) -> Iterator[Row]:
    kind = Kind.FIXED if fact.given else Kind.LIST if fact.type is FactType.RECORDS else Kind.FIGURE
    for number, one in enumerate(options_as_counts(fact)):
        label = one.label + (f" ({one.unit})" if one.unit else "")
        yield Row(0, kind, label, criterion, one, depth, document + number)


def path_of(fact: Fact) -> Path:
    """Where a figure stands in a submission."""
    return ("so_lieu", *fact.name.split("."))
