"""Papers as tables of cells: what Word computes, what cells span, what a file hides, how lines make paragraphs."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from annexes import pdf_of
from cchc_index.auditing.sheet import number_of
from cchc_index.drafting.annex import annex_of
from cchc_index.drafting.rows import placed
from cchc_index.errors import BadAnnex
from cchc_index.office.numbering import numeral
from cchc_index.office.reading import read_papers
from cchc_index.office.tables import Paper, Table, cleaned


def written(folder: Path, document: Any) -> Path:
    file = folder / "a.docx"
    document.save(str(file))
    return file


def only(file: Path) -> Paper:
    [paper] = read_papers(file)
    return paper


def words(table: Table) -> list[tuple[str, ...]]:
    return [row.words for row in table.rows]


# -- Word --------------------------------------------------------------------------------------------------------------


def table_of(document: Any, rows: int, columns: int) -> Any:
    return document.add_table(rows, columns, style="Table Grid")


def test_merged_cells_of_word_stand_in_their_columns(tmp_path: Path) -> None:
    document = Document()
    table = table_of(document, 3, 4)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Gộp ngang"
    table.cell(0, 3).merge(table.cell(2, 3)).text = "Gộp dọc"
    table.cell(1, 0).text, table.cell(2, 2).text = "a", "b"
    [read] = only(written(tmp_path, document)).tables
    assert words(read) == [("Gộp ngang", "", "", "Gộp dọc"), ("a", "", "", ""), ("", "", "b", "")]
    assert [cell.under for cell in read.rows[0].cells] == ["", "Gộp ngang", "Gộp ngang", ""]
    assert [row.cells[3].under for row in read.rows] == ["", "Gộp dọc", "Gộp dọc"]
    assert read.rows[2].cells[2].place == "a.docx, bảng 1, dòng 3, ô 3"


def test_a_row_that_begins_further_right_keeps_its_columns(tmp_path: Path) -> None:
    document = Document()
    table = table_of(document, 1, 3)
    row = table.rows[0]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    table.rows[0].cells[-1].text = "c"
    [read] = only(written(tmp_path, document)).tables
    assert words(read) == [("", "", "c")]


def test_words_inserted_count_and_words_deleted_do_not(tmp_path: Path) -> None:
    document = Document()
    paragraph = table_of(document, 1, 1).cell(0, 0).paragraphs[0]
    paragraph.add_run("Từ 80%")
    inserted = '<w:ins %s w:id="1"><w:r><w:t xml:space="preserve"> trở lên</w:t></w:r></w:ins>'
    deleted = '<w:del %s w:id="2"><w:r><w:delText>bỏ</w:delText></w:r></w:del>'
    for xml in (inserted, deleted):
        paragraph._p.append(parse_xml(xml % nsdecls("w")))
    [read] = only(written(tmp_path, document)).tables
    assert words(read) == [("Từ 80% trở lên",)]


def test_footnotes_of_a_cell_are_remarks_of_its_row(tmp_path: Path) -> None:
    document = Document()
    table = table_of(document, 2, 3)
    for cell, text in zip(table.rows[0].cells, ("STT", "Tiêu chí", "Điểm tối đa"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("1", "Kế hoạch", "2"), strict=True):
        cell.text = text
    mark = parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="7"/></w:r>')
    table.cell(1, 1).paragraphs[0]._p.append(mark)
    file = with_footnotes(written(tmp_path, document), "Tính đến ngày 31/12")
    annex = annex_of(read_papers(file))
    assert [cell.text for cell in annex.lines[0].notes] == ["Tính đến ngày 31/12"]
    assert annex.lines[0].name == "Kế hoạch"


def with_footnotes(file: Path, words_: str) -> Path:
    """A Word file with one footnote, number 7."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="7"><w:p><w:r><w:t>{words_}</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    relation = f'<Relationship Id="rId77" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/footnotes.xml"] = notes.encode()
    key = "word/_rels/document.xml.rels"
    parts[key] = parts[key].replace(b"</Relationships>", relation.encode())
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.write_bytes(raw.getvalue())
    return file


def test_a_table_inside_a_cell_and_one_in_a_content_control_are_read(tmp_path: Path) -> None:
    document = Document()
    outer = table_of(document, 1, 1).cell(0, 0)
    outer.text = "ngoài"
    outer.add_table(1, 1).cell(0, 0).text = "trong"
    wrapped = table_of(document, 1, 1)
    wrapped.cell(0, 0).text = "bọc"
    control = OxmlElement("w:sdt")
    content = OxmlElement("w:sdtContent")
    control.append(content)
    wrapped._tbl.addprevious(control)
    content.append(wrapped._tbl)
    paper = only(written(tmp_path, document))
    assert [words(table) for table in paper.tables] == [[("ngoài\ntrong",)], [("bọc",)]]


def test_bold_is_that_of_every_word_or_of_the_style(tmp_path: Path) -> None:
    document = Document()
    table = table_of(document, 1, 3)
    table.cell(0, 0).paragraphs[0].add_run("cả").bold = True
    partly = table.cell(0, 1).paragraphs[0]
    partly.add_run("một ").bold = True
    partly.add_run("nửa")
    styled = table.cell(0, 2).paragraphs[0]
    styled.style = document.styles["Heading 1"]
    styled.add_run("kiểu")
    [read] = only(written(tmp_path, document)).tables
    assert [cell.bold for cell in read.rows[0].cells] == [True, False, True]


def test_a_table_that_spans_a_million_columns_is_refused(tmp_path: Path) -> None:
    document = Document()
    table_of(document, 1, 1).cell(0, 0)._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="1000000"/>')
    )
    with pytest.raises(BadAnnex, match="lớn hơn"):
        read_papers(written(tmp_path, document))


def test_deep_nesting_is_refused_or_read_but_never_a_crash(tmp_path: Path) -> None:
    document = Document()
    inner = document.element.body
    for _ in range(400):
        control = OxmlElement("w:sdt")
        inner.append(control)
        inner = control
    with pytest.raises(BadAnnex, match="hỏng"):
        read_papers(written(tmp_path, document))


@given(st.integers(1, 37))
def test_roman_numerals_of_word_are_read_back_by_the_numbers_of_rows(number: int) -> None:
    assert number_of(numeral(number, "upperRoman")) == str(number)
    assert numeral(number, "decimal") == str(number)


# -- Excel, text -------------------------------------------------------------------------------------------------------


def test_an_excel_cell_is_placed_by_its_name_and_hidden_rows_are_known(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.title = "Phụ lục"
    page.append(["STT", "Tiêu chí", "Điểm tối đa"])
    page.append([1, "Kế hoạch", 0.1 + 0.2])
    page.row_dimensions[2].hidden = True
    page.merge_cells("B2:B3")
    book.save(tmp_path / "a.xlsx")
    [table] = only(tmp_path / "a.xlsx").tables
    assert table.rows[1].cells[2].place == "a.xlsx, Trang 'Phụ lục', ô C2"
    assert (table.rows[1].words, table.rows[1].hidden) == (("1", "Kế hoạch", "0.3"), True)
    assert table.rows[2].cells[1].under == "Kế hoạch"


HTML = """
<p>Trên bảng</p>
<table><tr><td rowspan=2>a</td><td colspan="2">b<br>b2</td></tr><tr><td>c</td><td><ul><li>d</li>
<li>e</li></ul></td></tr>
<tr><td colspan=2><table><tr><td>trong</td></tr></table></td><td><b>đ</b></td></tr></table><script>x</script>
"""


def test_spans_and_blocks_of_html(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(HTML, "utf-8")
    paper = only(file)
    [table] = paper.tables
    assert words(table) == [("a", "b\nb2", ""), ("", "c", "d\n\ne"), ("trong", "", "đ")]
    assert [table.rows[1].cells[0].under, table.rows[0].cells[2].under] == ["a", "b\nb2"]
    assert table.rows[2].cells[2].bold
    assert [cell.text for cell in paper.around] == ["Trên bảng"]


@given(st.text(max_size=40))
def test_cleaned_words_stay_as_they_are(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "html of nothing": ("a.html", b"", "không thấy bảng"),
    "html that is none": ("a.html", b"\x01<<<<", "không thấy bảng"),
    "text that is no UTF-8": ("a.md", b"\xff\xfe\x00", "không ở dạng UTF-8"),
    "a cut PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj", "hỏng|không có lớp chữ"),
    "a long PDF": ("a.pdf", b"%PDF" + bytes(8 * 1024 * 1024), "lớn quá 8 MiB"),
    "a quote too many": ("a.csv", b'STT,"Ti\xc3\xaau', "không thấy bảng|ngoặc kép"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_paper_is_one_clear_error(name: str, tmp_path: Path) -> None:
    file_name, content, said = BROKEN[name]
    (tmp_path / file_name).write_bytes(content)
    with pytest.raises(BadAnnex, match=said):
        annex_of(read_papers(tmp_path / file_name))


# -- PDF ---------------------------------------------------------------------------------------------------------------


def test_lines_of_print_are_put_together_and_paragraphs_kept_apart(tmp_path: Path) -> None:
    document = Document()
    table = table_of(document, 1, 3)
    told = "Hoàn thành từ 80% kế hoạch trở lên: 2 điểm\nHoàn thành dưới 80%: 0 điểm\n- máy quét (0,25 điểm)\n- máy in"
    for cell, text in zip(table.rows[0].cells, ("1.1", "Kế hoạch cải cách hành chính năm của xã", told), strict=True):
        cell.text = ""
        for number, line in enumerate(text.split("\n")):
            (cell.paragraphs[0] if number == 0 else cell.add_paragraph()).add_run(line)
    raw = io.BytesIO()
    document.save(raw)
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(raw.getvalue()))
    [read] = only(file).tables
    assert read.rows[0].cells[1].text == "Kế hoạch cải cách hành chính năm của xã"
    assert read.rows[0].cells[2].lines == tuple(told.split("\n"))


# -- the tree ----------------------------------------------------------------------------------------------------------

TREES: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "full codes": ("1,A;1.1,B;1.1.1,C;1.2,D;2,E", [("1", 0), ("1.1", 1), ("1.1.1", 2), ("1.2", 1), ("2", 0)]),
    "roman, number, letter": ("I,A;1,B;a,C;b),D;2.,E;II,F;1,G", [
        ("1", 0), ("1.1", 1), ("1.1.1", 2), ("1.1.2", 2), ("1.2", 1), ("2", 0), ("2.1", 1),
    ]),
    "roman over full codes": ("I,A;1.1,B;1.2,C;II,D;2.1,E", [("1", 0), ("1.1", 1), ("1.2", 1), ("2", 0), ("2.1", 1)]),
    "names that go on": ("N,A;N1,B;N2,C;N2.1,D", [("N", 0), ("N1", 1), ("N2", 1), ("N2.1", 2)]),
    "numbers in the names": (",1. A;,1.1. B;,2. C", [("1", 0), ("1.1", 1), ("2", 0)]),
    "no numbers at all": (",A;,B", [("1", 0), ("2", 0)]),
    "the same number twice": ("1,A;1,B", [("1", 0), ("1-2", 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_rows_stand_under_what_their_numbers_say(name: str, tmp_path: Path) -> None:
    rows, tree = TREES[name]
    file = tmp_path / "a.csv"
    lines = [f"{code},{words_},1" for code, _, words_ in (row.partition(",") for row in rows.split(";"))]
    file.write_text("STT,Tiêu chí,Điểm tối đa\n" + "\n".join(lines) + "\n", "utf-8")
    found = placed(annex_of(read_papers(file)).lines)

    def depth(one: Any, level: int) -> list[tuple[str, int]]:
        return [(one.code, level), *(row for child in one.children for row in depth(child, level + 1))]

    assert [row for one in found for row in depth(one, 0)] == tree


def test_a_column_of_both_names_and_scoring_gives_both(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    told = "Có sổ theo dõi: 1 điểm; không có sổ theo dõi: 0 điểm"
    rows = (
        f'STT;Tiêu chí và cách chấm;Điểm tối đa\n1;"{told}";1\n2;"Sổ\nCó sổ: 1 điểm\nKhông có sổ: 0 điểm";1\n3;Tên;1\n'
    )
    file.write_text(rows, "utf-8")
    lines = annex_of(read_papers(file)).lines
    assert [(line.name, [cell.text for cell in line.how]) for line in lines] == [
        (told, [told]),
        ("Sổ", ["Có sổ: 1 điểm", "Không có sổ: 0 điểm"]),
        ("Tên", []),
    ]
