"""Tables of plain text: CSV, Markdown and HTML.

Markdown goes through markdown-it-py to HTML, HTML through lxml; both are kept libraries. Needs the extra `office`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cchc_index.errors import Fault, Text
from cchc_index.files.grid import read_grids, too_large
from cchc_index.files.strict import MAX_BYTES, Unreadable, read_utf8
from cchc_index.office.tables import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS, Cell, Paper, Row, Table, cleaned

_BLOCKS = ("p", "div", "li", "br", "tr", "ul", "ol")
_BOLD = ("b", "strong", "th")


def read_csv(path: Path) -> list[Paper]:
    """A CSV, once for each mark that may stand between its cells. Raises Unreadable."""
    papers = []
    for grid in read_grids(path):
        rows = tuple(_csv_row(row.cells, row.place.replace(":", ", dòng ")) for row in grid.rows)
        papers.append(Paper(path.name, (Table(path.name, rows),)))
    return papers


def _csv_row(texts: tuple[str, ...], place: str) -> Row:
    return Row(tuple(Cell(cleaned(text), f"{place}, cột {n}") for n, text in enumerate(texts, 1)), place)


def read_markdown(path: Path) -> Paper:
    """The tables of a Markdown file; `<br>` in a cell begins a new line. Raises Unreadable."""
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(_typed(path))
    return _paper(html, path.name)


def read_html(path: Path) -> Paper:
    """The tables of an HTML file. Raises Unreadable."""
    return _paper(_typed(path), path.name)


def _typed(path: Path) -> str:
    return normalize("NFC", read_utf8(path, MAX_BYTES))


def _paper(html: str, file: str) -> Paper:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as reader

    if not html.strip():
        return Paper(file, ())
    try:
        root = reader.document_fromstring(
            html, parser=reader.HTMLParser(huge_tree=False, recover=True, encoding="utf-8")
        )
    except (etree.LxmlError, ValueError):
        raise Unreadable([Fault(Text("tệp HTML hỏng, không đọc được", "the HTML is broken"), place=file)]) from None
    outer = [table for table in root.iter("table") if not any(above.tag == "table" for above in table.iterancestors())]
    tables = tuple(_table(table, number, file) for number, table in enumerate(outer, 1))
    return Paper(file, tables, tuple(_around(root, file)))


def _around(root: Any, file: str) -> Iterator[Cell]:
    """The paragraphs outside every table."""
    inside = {one for table in root.iter("table") for one in table.iter()}
    for number, one in enumerate(root.iter("p", "h1", "h2", "h3", "h4", "li"), 1):
        text = cleaned(_words(one))
        if one not in inside and text:
            yield Cell(text, f"{file}, đoạn {number}", bold=one.tag.startswith("h"))


def _table(table: Any, number: int, file: str) -> Table:
    name = f"{file}, bảng {number}"
    rows: list[Row] = []
    pending: dict[int, tuple[int, Cell]] = {}
    lines = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for line in lines:
        place = f"{name}, dòng {len(rows) + 1}"
        cells = tuple(_row(line, pending, place))
        if len(rows) >= MAX_TABLE_ROWS or len(cells) > MAX_TABLE_COLUMNS:
            raise Unreadable([too_large(name)])
        rows.append(Row(cells, place, repeats=line.getparent().tag == "thead"))
    return Table(name, tuple(rows))


def _row(line: Any, pending: dict[int, tuple[int, Cell]], place: str) -> Iterator[Cell]:
    """The cells of a row; `pending` holds what still reaches down from the rows above, by column."""
    column = 0
    for one in line:
        if one.tag not in ("td", "th"):
            continue
        while column in pending:
            yield _covered(column, pending, place)
            column += 1
        cell = Cell(cleaned(_words(one)), f"{place}, ô {column + 1}", bold=_is_bold(one))
        down, across = _span(one, "rowspan"), _span(one, "colspan")
        for more in range(across):
            if down > 1:
                pending[column] = (down - 1, cell)
            under = Cell(place=f"{place}, ô {column + 1}", bold=cell.bold, covered=True, under=cell.text)
            yield under if more else cell
            column += 1
    while column in pending:
        yield _covered(column, pending, place)
        column += 1


def _covered(column: int, pending: dict[int, tuple[int, Cell]], place: str) -> Cell:
    left, above = pending.pop(column)
    if left > 1:
        pending[column] = (left - 1, above)
    return Cell(place=f"{place}, ô {column + 1}", bold=above.bold, covered=True, under=above.text)


def _span(cell: Any, name: str) -> int:
    said = str(cell.get(name, "1")).strip()
    return min(max(int(said), 1), MAX_TABLE_COLUMNS + 1) if said.isdecimal() and len(said) < 6 else 1


def _words(element: Any) -> str:
    """The words of an element, a line for each block inside it; line ends of the source are spaces."""
    pieces = [_flat(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("script", "style"):
            begins = "\n" if child.tag in _BLOCKS else ""
            pieces += [begins, _words(child), begins if child.tag != "br" else ""]
        pieces.append(_flat(child.tail))
    return "".join(pieces)


def _flat(text: str | None) -> str:
    return " ".join((text or "").replace("\n", " ").split(" ")) if text else ""


def _is_bold(cell: Any) -> bool:
    if cell.tag == "th":
        return True
    strong = "".join("".join(one.itertext()) for one in cell.iter(*_BOLD))
    return bool(cleaned(strong)) and len("".join(strong.split())) >= len("".join("".join(cell.itertext()).split()))
