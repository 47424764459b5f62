"""Claimed sheets as the field writes them: many layouts, one sheet; and files that are none."""

import datetime
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

import cchc_index as cchc
from audit_samples import commune_sample
from cchc_index.auditing.sheet import Sheet, SheetRow
from cchc_index.auditing.verify import verify
from cchc_index.files.sheets import points_in, read_sheet
from cchc_index.points import show

ROWS = (
    SheetRow("4", "Thực hiện tuyên truyền", Fraction(2), Fraction("1.8"), Fraction("0.75")),
    SheetRow("4.1", "Mức độ thực hiện kế hoạch", Fraction(1), Fraction("0.8"), Fraction(0), "4/5 mục tiêu"),
    SheetRow("4.2", "Mức độ đa dạng", Fraction(1), Fraction(1), Fraction("0.75")),
)
TOTAL = SheetRow("", "Tổng cộng", Fraction(2), Fraction("1.8"), Fraction("0.75"))

PLAIN = """\
STT,Tiêu chí,Điểm tối đa,Điểm tự chấm,Điểm thẩm định,Ghi chú
4,Thực hiện tuyên truyền,2,"1,8","0,75",
4.1,Mức độ thực hiện kế hoạch,1,"0,8",0,4/5 mục tiêu
4.2,Mức độ đa dạng,1,1,"0,75",
,Tổng cộng,2,"1,8","0,75",
"""
SEMICOLONS = """\
ỦY BAN NHÂN DÂN XÃ A;;;;;
PHIẾU TỰ CHẤM ĐIỂM, NĂM 2022;;;;;
;;;;;
TT;Lĩnh vực, tiêu chí, tiêu chí thành phần;Điểm chuẩn;Đơn vị tự đánh giá;Hội đồng thẩm định;Giải trình
(1);(2);(3);(4);(5);(6)
4;Thực hiện tuyên truyền;2 điểm;1,8 điểm;0,75đ;
4.1;Mức độ thực hiện kế hoạch;1 điểm;0,8;0;4/5 mục tiêu
4.2;Mức độ đa dạng;1;1;0,75;
Tổng cộng;;2;1,8;0,75;
;NGƯỜI LẬP BIỂU;;;;CHỦ TỊCH
"""
TABS = """\
Điểm tự chấm\tĐiểm thẩm định lần 1\tĐiểm thẩm định lần 2\tTiêu chí\tMã\tTối đa\tLý do điều chỉnh điểm thẩm định\tGhi chú
1.8\t1.8\t0.75\tThực hiện tuyên truyền\t4\t2\t\t
0.8\t0\t\tMức độ thực hiện kế hoạch\t4.1\t1\t4/5 mục tiêu\t
1.0\t\t0.75\tMức độ đa dạng\t4.2\t1.00\t\t
1.8\t0.75\t\tTổng cộng\t\t2\t\t
"""
TWO_TIERS = """\
STT,Nội dung,Điểm,,,Ghi chú
,,Tối đa,Tự chấm,Thẩm định,
4,Thực hiện tuyên truyền,2,1.8,0.75,
4.1,Mức độ thực hiện kế hoạch,1,0.8,0,4/5 mục tiêu
4.2,Mức độ đa dạng,1,1,0.75,
,TỔNG ĐIỂM,2,1.8,0.75,
"""
NUMBERED_NAMES = """\
Tiêu chí,Điểm tối đa,Điểm tự đánh giá,Kết quả thẩm định,Ghi chú
4. Thực hiện tuyên truyền,2,"1,80","0,750",
4.1. Mức độ thực hiện kế hoạch,1,"0,80",–,4/5 mục tiêu
4.2) Mức độ đa dạng,1,"1,00","0,75",
Tổng số điểm (I+II),2,"1,80","0,75",
"""
PHU_THO = """\
STT,"Tiêu chí, tiêu chí thành phần",Điểm tối đa,Số liệu kê khai,Cách tính,Tài liệu kiểm chứng,Điểm tự đánh giá
4,Thực hiện tuyên truyền,2,,,,"1,8"
4.1,Mức độ thực hiện kế hoạch,1,4/5 mục tiêu,tỷ lệ,báo cáo,"0,8"
4.2,Mức độ đa dạng,1,,,ảnh,1
,Tổng cộng,2,,,,"1,8"
"""
JSON = {
    "dong": [
        {"ma": "4", "ten": "Thực hiện tuyên truyền", "diem_toi_da": 2, "tu_cham": 1.8, "tham_dinh": 0.75},
        {"ma": "4.1", "ten": "Mức độ thực hiện kế hoạch", "diem_toi_da": 1, "tu_cham": "0,8", "tham_dinh": 0,
         "ghi_chu": "4/5 mục tiêu"},
        {"ma": "4.2", "ten": "Mức độ đa dạng", "diem_toi_da": 1, "tu_cham": 1, "tham_dinh": "0.75", "ghi_chu": None},
    ],
    "tong": {"diem_toi_da": 2, "tu_cham": 1.8, "tham_dinh": 0.75},
}  # fmt: skip
YAML = """\
- {code: 4, name: Thực hiện tuyên truyền, max_points: 2, claimed: 1.8, awarded: 0.75}
- {code: 4.1, name: Mức độ thực hiện kế hoạch, max_points: 1, claimed: 0.8, awarded: 0, note: 4/5 mục tiêu}
- {code: 4.2, name: Mức độ đa dạng, max_points: 1, claimed: 1, awarded: 0.75}
- {name: Total, max_points: 2, claimed: 1.8, awarded: 0.75}
"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def bare(sheet: Sheet) -> Sheet:
    """A sheet without its places, names of totals and closing empty cells."""
    total = evolve(sheet.total, name="Tổng cộng", code="", place="") if sheet.total else None
    return Sheet(tuple(evolve(row, place="") for row in sheet.rows), total)


LAYOUTS = {
    "plain.csv": PLAIN,
    "semicolons.csv": SEMICOLONS,
    "tabs.csv": TABS,
    "two_tiers.csv": TWO_TIERS,
    "json.json": json.dumps(JSON, ensure_ascii=False),
    "yaml.yaml": YAML,
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_the_same_sheet(name: str, tmp_path: Path) -> None:
    assert bare(read_sheet(written(tmp_path, name, LAYOUTS[name]))) == Sheet(ROWS, TOTAL)


def test_numbers_may_stand_in_the_names(tmp_path: Path) -> None:
    sheet = bare(read_sheet(written(tmp_path, "phieu.csv", NUMBERED_NAMES)))
    assert sheet == Sheet((ROWS[0], evolve(ROWS[1], appraised=None), ROWS[2]), TOTAL)


def test_figures_declared_in_the_sheet_are_notes_and_requirements_are_not(tmp_path: Path) -> None:
    sheet = bare(read_sheet(written(tmp_path, "phieu.csv", PHU_THO)))
    assert [(row.code, row.claimed, row.note) for row in sheet.rows] == [
        (row.code, row.claimed, row.note) for row in ROWS
    ]


def test_places_name_the_file_and_the_row(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, "phieu.csv", SEMICOLONS))
    assert [row.place for row in sheet.rows] == ["phieu.csv:6", "phieu.csv:7", "phieu.csv:8"]


def test_areas_in_roman_numerals_and_letters(tmp_path: Path) -> None:
    text = "STT,Tiêu chí,Điểm tự chấm\nIV,Thực hiện tuyên truyền,1\n1,x,0.5\n2,y,0.5\n"
    sheet = read_sheet(written(tmp_path, "phieu.csv", text))
    figures = {"da_xong": 1, "de_ra": 2, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    audit = verify(cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", figures), sheet=sheet)
    assert [(row.code, row.claimed) for row in audit.rows] == [
        ("4", 1),
        ("4.1", Fraction(1, 2)),
        ("4.2", Fraction(1, 2)),
    ]


def test_words_for_not_assessed_empty_cells_and_subtotals(tmp_path: Path) -> None:
    text = (
        "STT,Tiêu chí,Điểm tự chấm\n,A. PHẦN CHUNG,\n1.1,a,Không áp dụng\n1.2,b,-\n1.3,c,N/A\n"
        ",Cộng lĩnh vực 1,3\n,Tổng điểm,3\n,Tổng cộng,4\n"
    )
    sheet = read_sheet(written(tmp_path, "phieu.csv", text))
    assert [(row.code, row.claimed, row.not_assessed) for row in sheet.rows] == [
        ("1.1", None, "Không áp dụng"),
        ("1.2", None, ""),
        ("1.3", None, "N/A"),
    ]
    assert sheet.total is not None
    assert sheet.total.claimed == 4
    assert sheet.passed_over == ("phieu.csv:7: Tổng điểm", "phieu.csv:6: Cộng lĩnh vực 1")


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("0,25", "1/4"),
        ("0.25", "1/4"),
        (" 1,125 ", "9/8"),
        ("1.125", "9/8"),
        ("−0,5", "-1/2"),
        ("2 điểm", "2"),
        ("2đ", "2"),
        ("2 Điểm.", "2"),
        ("1/2", None),
        ("hai", None),
        ("50%", None),
        ("=SUM(A1)", None),
        ("1,2,3", None),
    ],
)
def test_points_as_people_write_them(text: str, points: str | None) -> None:
    if points is None:
        with pytest.raises(ValueError, match="«"):
            points_in(text)
    else:
        assert points_in(text) == Fraction(points)


@pytest.mark.parametrize("text", ["", "-", "–", "—", "…", "..."])
def test_an_empty_cell_is_no_points(text: str) -> None:
    assert points_in(text) is None


# -- Excel -------------------------------------------------------------------------------------------------------------


def workbook(folder: Path, *rows: tuple[Any, ...], change: Callable[[Any], None] | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "Phiếu"
    for row in rows:
        sheet.append(row)
    if change:
        change(book)
    file = folder / "phieu.xlsx"
    book.save(file)
    return file


HEAD = ("STT", "Tiêu chí", "Điểm", None, None, "Ghi chú")
TIER = (None, None, "Tối đa", "Tự chấm", "Thẩm định", None)
BODY = (
    (4, "Thực hiện tuyên truyền", 2, 1.8, 0.75, None),
    ("4.1", "Mức độ thực hiện kế hoạch", "1", "0,8", 0, "4/5 mục tiêu"),
    (4.2, "Mức độ đa dạng", 1, 1.0, "0.75", None),
    ("Tổng cộng", None, 2, 1.8, 0.75, None),
)


def merge_heads(book: Any) -> None:
    for cells in ("A1:F1", "A2:A3", "B2:B3", "C2:E2", "F2:F3", "A8:B8"):
        book.active.merge_cells(cells)


def test_a_workbook_with_merged_headings(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("PHIẾU TỰ CHẤM ĐIỂM",), HEAD, TIER, *BODY, change=merge_heads)
    sheet = read_sheet(file)
    assert bare(sheet) == Sheet(ROWS, TOTAL)
    assert sheet.rows[0].place == "phieu.xlsx, Phiếu, 4"


def test_numbers_are_as_excel_shows_them(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("STT", "Tiêu chí", "Điểm tự chấm"), (1, "a", 0.1 + 0.2), (2, "b", 0.28999999999999998))
    assert [row.claimed for row in read_sheet(file).rows] == [Fraction("0.3"), Fraction("0.29")]


def test_a_code_that_excel_made_a_date_or_a_shorter_number_is_known_by_its_name(tmp_path: Path) -> None:
    rows = (("STT", "Tiêu chí", "Điểm tự chấm"), (datetime.date(2026, 2, 1), "Kế hoạch cải cách hành chính năm", 4))
    sheet = read_sheet(workbook(tmp_path, *rows))
    sample = commune_sample(Random(0))
    audit = verify(sample.rules, sample.unit, sheet=evolve(sheet, is_whole=False))
    assert [row.code for row in audit.rows if row.claimed is not None] == ["1.1"]


def test_the_worksheet_that_holds_the_table_is_found(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        book.create_sheet("Hướng dẫn", 0).append(("Đọc kỹ trước khi chấm",))
        hidden = book.create_sheet("Ẩn")
        hidden.append(("STT", "Tiêu chí", "Điểm tự chấm"))
        hidden.sheet_state = "hidden"

    assert len(read_sheet(workbook(tmp_path, HEAD, TIER, *BODY, change=more)).rows) == 3


def test_two_worksheets_with_a_table_must_be_told_apart(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        other = book.create_sheet("Nháp")
        other.append(("STT", "Tiêu chí", "Điểm tự chấm"))
        other.append((1, "a", 1))

    file = workbook(tmp_path, HEAD, TIER, *BODY, change=more)
    with pytest.raises(cchc.BadSubmission, match="«Phiếu», «Nháp»"):
        read_sheet(file)
    assert len(read_sheet(file, "Nháp").rows) == 1
    with pytest.raises(cchc.BadSubmission, match="Khác: không thấy dòng tiêu đề"):
        read_sheet(file, "Khác")


def test_a_formula_counts_by_its_saved_value_and_is_a_fault_without_one(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("STT", "Tiêu chí", "Điểm tự chấm"), (1, "a", "=1+1"))
    with pytest.raises(cchc.BadSubmission, match=r"phieu\.xlsx, Phiếu, 2, C: «=1\+1»"):
        read_sheet(file)
    saved = changed_part(file, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v>", b"<f>1+1</f><v>2")
    assert read_sheet(saved).rows[0].claimed == 2


def changed_part(file: Path, part: str, old: bytes, new: bytes) -> Path:
    """A workbook with some bytes of one part replaced."""
    raw = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            assert name != part or old in content, content
            after.writestr(name, content.replace(old, new) if name == part else content)
    file.write_bytes(raw.getvalue())
    return file


def added_part(file: Path, part: str, content: bytes) -> Path:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return file


def simple(folder: Path) -> Path:
    return workbook(folder, ("STT", "Tiêu chí", "Điểm tự chấm"), (1, "a", 1))


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "macros": (lambda f: added_part(simple(f), "xl/vbaProject.bin", b"x"), "có macro"),
    "links": (lambda f: added_part(simple(f), "xl/externalLinks/externalLink1.xml", b"<a/>"), "nối tới tệp khác"),
    "entities": (lambda f: added_part(simple(f), "xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "bị cấm"),
    "bomb": (lambda f: added_part(simple(f), "xl/media/a.bin", bytes(70 * 1024 * 1024)), "bung ra quá lớn"),
    "parts": (lambda f: many_parts(simple(f)), "bung ra quá lớn"),
    "merged": (
        lambda f: changed_part(
            simple(f), "xl/worksheets/sheet1.xml", b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>',
        ),
        "gộp quá nhiều ô",
    ),
    "tall": (lambda f: workbook(f, ("STT", "Tiêu chí", "Điểm tự chấm"), change=far_down), "lớn hơn 5000 dòng"),
    "old": (lambda f: raw_file(f, b"\xd0\xcf\x11\xe0" + bytes(99)), "đặt mật khẩu"),
    "text": (lambda f: raw_file(f, b"STT,Ten"), "tệp Excel hỏng"),
    "empty": (lambda f: raw_file(f, b""), "tệp Excel hỏng"),
    "large": (lambda f: raw_file(f, b"x" * (8 * 1024 * 1024 + 1)), "lớn quá 8 MiB"),
    "cut": (lambda f: raw_file(f, simple(f).read_bytes()[:2000]), "tệp Excel hỏng"),
    "no book": (lambda f: zipped(f, {"a.txt": b"x"}), "tệp Excel hỏng"),
    "broken xml": (
        lambda f: changed_part(simple(f), "xl/worksheets/sheet1.xml", b"</sheetData>", b"<"), "tệp Excel hỏng"
    ),
    "missing": (lambda f: f / "khong-co.xlsx", "không mở được tệp"),
    "no table": (lambda f: workbook(f, ("a", "b"), (1, 2)), "không thấy dòng tiêu đề"),
    "error value": (lambda f: workbook(f, ("STT", "Tiêu chí", "Điểm tự chấm"), (1, "a", "#REF!")), "«#REF!»"),
}  # fmt: skip


def many_parts(file: Path) -> Path:
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(1001):
            archive.writestr(f"xl/media/{number}", b"")
    return file


def far_down(book: Any) -> None:
    book.active["A6000"] = 1


def raw_file(folder: Path, content: bytes) -> Path:
    file = folder / "phieu.xlsx"
    file.write_bytes(content)
    return file


def zipped(folder: Path, parts: dict[str, bytes]) -> Path:
    file = folder / "phieu.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_workbook_is_one_clear_error(name: str, tmp_path: Path) -> None:
    make, said = HOSTILE[name]
    with pytest.raises(cchc.BadSubmission, match=said):
        read_sheet(make(tmp_path))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_workbook_with_any_byte_altered_is_read_or_refused(place: int, byte: int) -> None:
    raw = bytearray(WORKBOOK)
    raw[place % len(raw)] = byte
    file = FOLDER / "hong.xlsx"
    file.write_bytes(raw)
    with suppress(cchc.BadSubmission):
        read_sheet(file)


@pytest.fixture(scope="module", autouse=True)
def _workbook(tmp_path_factory: pytest.TempPathFactory) -> None:
    global FOLDER, WORKBOOK  # noqa: PLW0603
    FOLDER = tmp_path_factory.mktemp("excel")
    WORKBOOK = simple(FOLDER).read_bytes()


FOLDER = Path()
WORKBOOK = b""


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    file = simple(tmp_path)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(cchc.BadSubmission, match=r"cchc-index\[office\]"):
        read_sheet(file)


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "không thấy dòng tiêu đề"),
        ("a.csv", "STT,Tiêu chí\n1,a\n", "không thấy dòng tiêu đề"),
        ("a.csv", "STT,Tiêu chí,Điểm tự chấm\n1,a,hai\n", r"a\.csv:2, C: «hai» không phải là số"),
        ("a.csv", "STT,Tiêu chí,Điểm tự chấm\n,,3\n", r"a\.csv:2: dòng có điểm mà không có mã và tên"),
        ("a.csv", 'STT,"Tiêu chí\n1,a\n', "dấu ngoặc kép"),
        ("a.csv", "STT,Tiêu chí,Điểm tự chấm\n" + "1,a,1\n" * 5001, "lớn hơn 5000 dòng"),
        ("a.csv", "STT,Tiêu chí,Điểm tự chấm" + "," * 120 + "\n", "lớn hơn 5000 dòng hoặc 100 cột"),
        ("a.csv", "STT,Tiêu chí,Điểm tự chấm\n1,a\u200b,1\n", "ký tự ẩn"),
        ("a.json", "{}", "cần danh sách các dòng"),
        ("a.json", '{"dong": 1}', "cần danh sách các dòng"),
        ("a.json", "[1]", "mỗi dòng cần các khóa"),
        ("a.json", '[{"ma": [1]}]', "cần một giá trị"),
        ("a.json", "[]", "không thấy dòng tiêu đề"),
        ("a.json", "[", "sai cú pháp JSON"),
        ("a.yaml", "&a [1]", "neo"),
        ("thieu.csv", None, "không có tệp này"),
    ],
)
def test_bad_input_is_one_clear_error(name: str, text: str | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(cchc.BadSubmission, match=said):
        read_sheet(file)


def test_every_fault_of_a_sheet_is_in_one_report(tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", "STT,Tiêu chí,Điểm tối đa,Điểm tự chấm\n1,a,x,y\n2,b,1,z\n")
    with pytest.raises(cchc.BadSubmission) as caught:
        read_sheet(file)
    assert [fault.place for fault in caught.value.faults] == ["a.csv:2, C", "a.csv:2, D", "a.csv:3, D"]


LIKELY = ("STT", "Tiêu chí", "Điểm tự chấm", "1", "1.1", "a", "Tổng", "", "2,5")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.lists(st.sampled_from(["STT", "Tiêu chí", "Điểm tự chấm", "1", "1.1", "a", "Tổng", "", "2,5"]), max_size=5)
    )
)
def test_any_table_of_likely_cells_is_a_sheet_or_bad_input(cells: list[list[str]]) -> None:
    file = FOLDER / "bat-ky.csv"
    file.write_text("\n".join(";".join(row) for row in cells), "utf-8")
    with suppress(cchc.BadSubmission):
        assert all(row.code or row.name for row in read_sheet(file).rows)


# -- a whole commune there and back ------------------------------------------------------------------------------------


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    assert sheet.total
    head = ("STT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Điểm thẩm định", "Ghi chú")
    return [head, *(row_cells(row) for row in (*sheet.rows, sheet.total))]


def row_cells(row: SheetRow) -> tuple[str, ...]:
    points = [None if row.not_assessed else row.claimed, row.appraised]
    told = [
        row.not_assessed if n == 0 and row.not_assessed else "" if p is None else show(p) for n, p in enumerate(points)
    ]
    return (row.code, row.name, "" if row.max_points is None else show(row.max_points), *told, row.note)


@pytest.mark.parametrize("seed", range(5))
def test_a_whole_sheet_written_and_read_has_no_finding(seed: int, tmp_path: Path) -> None:
    sample = commune_sample(Random(seed))
    table = cells(sample.sheet)
    quoted = "\n".join(";".join(row) for row in table)
    files = [written(tmp_path, "phieu.csv", quoted), workbook(tmp_path, *table)]
    for file in files:
        read = read_sheet(file)
        assert bare(read).rows == bare(sample.sheet).rows
        assert evolve(sample, sheet=read).audit().findings == ()
