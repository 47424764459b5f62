"""The guard before Word and Excel files: each hostile file is refused with one message, fast and in little memory."""

import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from cchc_index.files.packages import Package, read_package
from cchc_index.files.strict import Unreadable

MIB = 1024 * 1024
SHEET, DOCUMENT = "xl/worksheets/sheet1.xml", "word/document.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def excel() -> dict[str, bytes]:
    """The parts of a plain workbook."""
    book = Workbook()
    book.active.append(("STT", "Tiêu chí", "Điểm tối đa"))
    return saved(book)


def word() -> dict[str, bytes]:
    """The parts of a plain document."""
    document = Document()
    document.add_table(2, 3)
    return saved(document)


def saved(made: object) -> dict[str, bytes]:
    raw = io.BytesIO()
    made.save(raw)  # type: ignore[attr-defined]
    with zipfile.ZipFile(raw) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return raw.getvalue()


def put(parts: dict[str, bytes], name: str, old: bytes, new: bytes) -> bytes:
    """The file with some bytes of one part replaced."""
    assert old in parts[name], parts[name][:2000]
    return packed(parts | {name: parts[name].replace(old, new, 1)})


def typed(parts: dict[str, bytes], old: bytes, new: bytes) -> bytes:
    return put(parts, "[Content_Types].xml", old, new)


def related(parts: dict[str, bytes], name: str, kind: str, target: str, mode: str = "External") -> bytes:
    """The file with one more relation."""
    mode = f' TargetMode="{mode}"' if mode else ""
    line = f'<Relationship Id="rId999" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    return put(parts, name, b"</Relationships>", line.encode())


def cells(count: int) -> bytes:
    return b"<sheetData><row>" + b'<c t="n"><v>1</v></c>' * count + b"</row></sheetData>"


def nested() -> bytes:
    """A zip in a zip in a zip, each of which unpacks to more."""
    inner = packed({"0": bytes(10 * MIB)})
    return packed(excel() | {"xl/media/image1.png": packed({"1": inner})})


def lying() -> bytes:
    """A part that unpacks to far more than the list of parts says."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in excel().items():
            archive.writestr(name, content)
        archive.writestr("xl/media/a.bin", bytes(80 * MIB))
        archive.infolist()[-1].file_size = 10
    return raw.getvalue()


def overlapping() -> bytes:
    """Parts that share one body, as in the bombs of David Fifield."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in excel().items():
            archive.writestr(name, content)
        first = archive.infolist()[0]
        for number in range(5):
            archive.writestr(f"xl/media/{number}", b"")
            archive.infolist()[-1].header_offset = first.header_offset
    return raw.getvalue()


def twice() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content in excel().items():
            archive.writestr(name, content)
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    return raw.getvalue()


def locked() -> bytes:
    """The flag of an encrypted part is set in every entry of the list."""
    return packed(excel()).replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def doctype(entity: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE a [{entity}]><a>&b;</a>'.encode()


def quine() -> bytes:
    """A package that holds a package like itself."""
    return packed(excel() | {"xl/worksheets/sheet2.xml": packed(excel())})


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return doctype(f'<!ENTITY e0 "ha">{levels}')


def many(tag: str, count: int) -> bytes:
    return f"<{tag}/>".encode() * count


WORD_RELS = "word/_rels/document.xml.rels"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": (".xlsx", lambda: packed(excel() | {"xl/media/a.bin": bytes(70 * MIB)}), "bung ra quá lớn"),
    "a bomb that lies about its size": (".xlsx", lying, "hỏng|bung ra quá lớn"),
    "zips in zips": (".xlsx", nested, "tệp khác nhúng"),
    "a package in a package": (".xlsx", quine, "tệp khác nhúng"),
    "overlapping parts": (".xlsx", overlapping, "chồng lên nhau"),
    "a thousand parts": (".docx", lambda: packed(word() | {f"word/{n}": b"" for n in range(1001)}), "bung ra quá lớn"),
    "the same part twice": (".xlsx", twice, "hai phần cùng tên"),
    "a path out": (".docx", lambda: packed(word() | {"../../etc/passwd": b"x"}), "trỏ ra ngoài"),
    "a path of Windows": (".xlsx", lambda: packed(excel() | {"C:\\x.xml": b"x"}), "trỏ ra ngoài"),
    "macros": (".xlsx", lambda: packed(excel() | {"xl/vbaProject.bin": b"x"}), "có macro"),
    "macros by another name": (
        ".docx",
        lambda: related(word(), WORD_RELS, "vbaProject", "x.bin", ""),
        "có macro",
    ),
    "a workbook for macros": (
        ".xlsx",
        lambda: typed(
            excel(), b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        ),
        "có macro",
    ),
    "a sheet of old macros": (".xlsx", lambda: packed(excel() | {"xl/macrosheets/sheet1.xml": b"<a/>"}), "có macro"),
    "external links": (
        ".xlsx",
        lambda: packed(excel() | {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "nối tới tệp khác",
    ),
    "a connection": (".xlsx", lambda: packed(excel() | {"xl/connections.xml": b"<a/>"}), "nối tới tệp khác"),
    "a template far away": (
        ".docx",
        lambda: related(word(), WORD_RELS, "attachedTemplate", "http://example.com/a.dotm"),
        "nối tới tệp khác",
    ),
    "a picture far away": (
        ".docx",
        lambda: related(word(), WORD_RELS, "image", "file:///c:/a.png"),
        "nối tới tệp khác",
    ),
    "a field of DDE": (
        ".docx",
        lambda: put(
            word(), DOCUMENT, b"</w:tc>", b"<w:p><w:r><w:instrText> DDEAUTO c:\\a</w:instrText></w:r></w:p></w:tc>"
        ),
        "nối tới tệp khác",
    ),
    "an embedded object": (
        ".docx",
        lambda: packed(word() | {"word/embeddings/oleObject1.bin": b"x"}),
        "tệp khác nhúng",
    ),
    "an object by another name": (
        ".xlsx",
        lambda: packed(excel() | {"xl/media/a.png": b"\xd0\xcf\x11\xe0"}),
        "tệp khác nhúng",
    ),
    "a document inside": (".docx", lambda: related(word(), WORD_RELS, "aFChunk", "a.html", ""), "tệp khác nhúng"),
    "an entity from a file": (
        ".xlsx",
        lambda: packed(excel() | {"xl/x.xml": doctype('<!ENTITY b SYSTEM "file:///etc/passwd">')}),
        "bị cấm",
    ),
    "a billion laughs": (".docx", lambda: packed(word() | {"word/x.xml": laughs()}), "bị cấm"),
    "a DTD in UTF-16": (
        ".xlsx",
        lambda: packed(excel() | {"xl/x.xml": doctype('<!ENTITY b "c">').decode().encode("utf-16")}),
        "không ở dạng UTF-8",
    ),
    "another kind of file": (".docx", lambda: packed(excel()), "thật ra là tệp Excel"),
    "a list without the main part": (".xlsx", lambda: typed(excel(), b"sheet.main", b"chart"), "hỏng"),
    "no list of parts": (".docx", lambda: packed({"word/document.xml": b"<a/>"}), "hỏng"),
    "an old file or one with a password": (".docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(99), "đặt mật khẩu"),
    "parts with a password": (".xlsx", locked, "đặt mật khẩu"),
    "no zip": (".docx", lambda: b"%PDF-1.7", "hỏng"),
    "half a file": (".xlsx", lambda: packed(excel())[:1500], "hỏng"),
    "a very long file": (".docx", lambda: bytes(8 * MIB + 1), "lớn quá 8 MiB"),
    "a million merged cells": (
        ".xlsx",
        lambda: put(
            excel(),
            SHEET,
            b"</sheetData>",
            b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 10**6 + b"</mergeCells>",
        ),
        "gộp quá nhiều ô",
    ),
    "the whole sheet merged": (
        ".xlsx",
        lambda: put(
            excel(), SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
        "gộp quá nhiều ô",
    ),
    "half a million names": (
        ".xlsx",
        lambda: put(
            excel(),
            "xl/workbook.xml",
            b"</sheets>",
            b"</sheets><definedNames>" + b'<definedName name="a">1</definedName>' * 500_000 + b"</definedNames>",
        ),
        "đặt quá nhiều tên",
    ),
    "hundreds of thousands of cells": (
        ".xlsx",
        lambda: packed(excel() | {SHEET: b"<worksheet>" + cells(400_000) + b"</worksheet>"}),
        "quá nhiều ô",
    ),
    "a million paragraphs": (
        ".docx",
        lambda: put(word(), DOCUMENT, b"<w:body>", b"<w:body>" + many("w:p", 10**6)),
        "quá nhiều đoạn",
    ),
    "ten million tags": (
        ".docx",
        lambda: put(word(), DOCUMENT, b"<w:body>", b"<w:body>" + many("w:b", 10**7)),
        "bung ra quá lớn",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_one_message_in_two_seconds(name: str, tmp_path: Path) -> None:
    suffix, make, said = HOSTILE[name]
    file = tmp_path / f"tep{suffix}"
    file.write_bytes(make())
    started = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read_package(file, Package.EXCEL if suffix == ".xlsx" else Package.WORD)
    assert time.process_time() - started < 2
    [fault] = refused.value.faults
    assert fault.place == file.name
    assert re.search(said, fault.message.vi), fault.message.vi
    assert fault.message.en != fault.message.vi


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("external links", "xl/externalLinks/externalLink1.xml"),
        ("macros", "xl/vbaProject.bin"),
        ("an entity from a file", "xl/x.xml"),
        ("a field of DDE", DOCUMENT),
        ("a template far away", WORD_RELS),
    ],
)
def test_the_part_that_is_refused_is_named(name: str, part: str, tmp_path: Path) -> None:
    suffix, make, _ = HOSTILE[name]
    file = tmp_path / f"tep{suffix}"
    file.write_bytes(make())
    with pytest.raises(Unreadable) as refused:
        read_package(file, Package.EXCEL if suffix == ".xlsx" else Package.WORD)
    assert f"(ở phần {part})" in refused.value.faults[0].said()


@pytest.mark.parametrize(
    "name",
    [
        "zip bomb",
        "a bomb that lies about its size",
        "a million merged cells",
        "ten million tags",
        "hundreds of thousands of cells",
        "a billion laughs",
    ],
)
def test_refusing_takes_less_than_300_megabytes(name: str, tmp_path: Path) -> None:
    suffix, make, _ = HOSTILE[name]
    file = tmp_path / f"tep{suffix}"
    file.write_bytes(make())
    program = (
        "import sys; from pathlib import Path\n"
        "from cchc_index.files.packages import *\nfrom cchc_index.files.strict import Unreadable\n"
        "try: read_package(Path(sys.argv[1]), Package.EXCEL if sys.argv[1].endswith('xlsx') else Package.WORD)\n"
        "except Unreadable: print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 300 * 1024


@pytest.mark.parametrize(("kind", "parts"), [(Package.EXCEL, excel), (Package.WORD, word)])
def test_plain_files_pass_with_their_hyperlinks(
    kind: Package, parts: Callable[[], dict[str, bytes]], tmp_path: Path
) -> None:
    file = tmp_path / f"tep{kind.suffix}"
    name = "xl/_rels/workbook.xml.rels" if kind is Package.EXCEL else WORD_RELS
    file.write_bytes(related(parts(), name, "hyperlink", "https://vanban.chinhphu.vn"))
    assert read_package(file, kind) == file.read_bytes()


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_document_with_any_byte_altered_is_read_or_refused(place: int, byte: int) -> None:
    raw = bytearray(PLAIN)
    raw[place % len(raw)] = byte
    file = FOLDER / "hong.docx"
    file.write_bytes(raw)
    with suppress(Unreadable):
        read_package(file, Package.WORD)


FOLDER = Path()
PLAIN = b""


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    global FOLDER, PLAIN
    FOLDER, PLAIN = tmp_path_factory.mktemp("word"), packed(word())
