"""The one guard before any Word or Excel file is opened: what it unpacks to, what it carries, what it points at.

A file passes when it is what its name says, unpacks to no more than the limits, and holds nothing but its own words,
numbers and pictures: no macros, no other file inside, no link that would be followed, no XML declaration of entities.

Needs the extra `office` (defusedxml).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from pathlib import Path
from posixpath import normpath

from attrs import evolve

from cchc_index.errors import Fault, Text, short
from cchc_index.files.strict import Unreadable

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 1_000
MAX_TAGS = 2_000_000
MAX_CELLS = 150_000
MAX_MERGED = 20_000
MAX_NAMES = 2_000
MAX_STYLES = 50_000
MAX_TEXTS = 200_000
MAX_PARAGRAPHS = 100_000
_CHUNK = 1024 * 1024


class Package(Enum):
    """The two kinds of file; the value is the content type of the main part."""

    EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

    @property
    def label(self) -> str:
        return "Excel" if self is Package.EXCEL else "Word"

    @property
    def suffix(self) -> str:
        return ".xlsx" if self is Package.EXCEL else ".docx"


BROKEN = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, EOFError),
    *(NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile, zlib.error),
)
"""What zipfile and the readers raise on files that are not what they say; `SyntaxError` is XML's."""
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TYPES = "[Content_Types].xml"
_XML = (".xml", ".rels", ".vml")

_MACROS = re.compile(r"vbaproject|vbadata|macrosheets|macroenabled|intlmacrosheet|attachedtoolbars")
_EMBEDDED = re.compile(r"embeddings/|oleobject|activex|afchunk|altchunk|relationships/package\"")
_OUTSIDE = re.compile(r"externallink|connections\.xml|querytables?/|attachedtemplate|webextension|mailmergesource")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FIELDS = re.compile(
    rb"<w:instrText[^>]*>[^<]*\b(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)\b", re.IGNORECASE
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_COUNTED = (
    (re.compile(rb"<(?:\w+:)?c[ />]"), MAX_CELLS, Text("có quá nhiều ô", "has too many cells")),
    (re.compile(rb"<(?:\w+:)?definedName[ />]"), MAX_NAMES, Text("đặt quá nhiều tên", "has too many defined names")),
    (re.compile(rb"<(?:\w+:)?xf[ />]"), MAX_STYLES, Text("có quá nhiều kiểu ô", "has too many cell styles")),
    (re.compile(rb"<(?:\w+:)?si[ />]"), MAX_TEXTS, Text("có quá nhiều chữ", "has too many texts")),
    (re.compile(rb"<w:(?:p|tc|r)[ />]"), MAX_PARAGRAPHS, Text("có quá nhiều đoạn", "has too many paragraphs")),
)


def read_package(path: Path, kind: Package) -> bytes:
    """The bytes of a Word or Excel file, once it has been looked through; open these, not the file again.

    Raises Unreadable with one fault that says what was found and what to do.
    """
    raw = _read(path, kind)
    try:
        _look_through(raw, kind, path.name)
    except ModuleNotFoundError:
        raise lacking_extra(path.name, kind) from None
    except BROKEN:
        raise broken(path.name, kind) from None
    return raw


def refused(file: str, vi: str, en: str) -> Unreadable:
    """One fault about a whole file."""
    return Unreadable([Fault(Text(vi, en), place=file)])


def broken(file: str, kind: Package) -> Unreadable:
    """A file that is not what its name says."""
    return refused(file, f"tệp {kind.label} hỏng, không đọc được", f"the {kind.label} file is broken")


def lacking_extra(file: str, kind: Package) -> Unreadable:
    """The libraries that read Word and Excel are not there."""
    wanted = 'pip install "cchc-index[office]"'
    return refused(file, f"đọc {kind.label} cần cài thêm: {wanted}", f"{kind.label} needs: {wanted}")


def _read(path: Path, kind: Package) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise refused(path.name, f"không mở được tệp: {error.strerror}", f"cannot open: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        size = f"{MAX_BYTES // 1024 // 1024} MiB"
        raise refused(path.name, f"tệp {kind.label} lớn quá {size}", f"the {kind.label} file is larger than {size}")
    if raw.startswith(_OLE):
        vi = f"tệp {kind.suffix[:-1]} cũ hoặc đặt mật khẩu; lưu lại thành {kind.suffix} không mật khẩu"
        raise refused(
            path.name, vi, f"an old {kind.suffix[:-1]}, or one with a password; save it as plain {kind.suffix}"
        )
    return raw


def _look_through(raw: bytes, kind: Package, file: str) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        _check_list(parts, len(raw), kind, file)
        left = MAX_UNPACKED
        for part in parts:
            content = _unpacked(archive, part, left, kind, file)
            left -= len(content)
            with _naming(part.filename):
                _check_part(part.filename, content, kind, file)
        types = archive.read(_TYPES)
    _check_types(types, kind, file)


def _check_list(parts: list[zipfile.ZipInfo], size: int, kind: Package, file: str) -> None:
    """What the list of parts says before anything is unpacked."""
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_much(kind, file)
    if any(_leads_away(name) for name in names):
        raise refused(file, f"tệp {kind.label} có tên phần trỏ ra ngoài tệp", "a part's name leads out of the file")
    if len({name.lower() for name in names}) < len(names):
        raise refused(file, f"tệp {kind.label} có hai phần cùng tên", "two parts of the file have the same name")
    overlapping = sum(part.compress_size for part in parts) > size
    if overlapping or len({part.header_offset for part in parts}) < len(parts):
        raise refused(file, f"tệp {kind.label} có các phần chồng lên nhau", "parts of the file overlap")
    if any(part.flag_bits & 1 for part in parts):
        raise refused(file, f"tệp {kind.label} đặt mật khẩu; lưu lại không mật khẩu", "the file has a password")
    if any(part.compress_type not in _STORED for part in parts):
        raise broken(file, kind)
    if _TYPES not in names:
        raise broken(file, kind)
    for name in names:
        with _naming(name):
            _check_carried(name.lower(), kind, file)


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Says in which part of the file a fault was found."""
    try:
        yield
    except Unreadable as problem:
        hint = Text(f"ở phần {short(part)}", f"in the part {short(part)}")
        raise Unreadable([evolve(fault, hint=hint) for fault in problem.faults]) from None


def _leads_away(name: str) -> bool:
    """Whether the name of a part is a path out of the package, or no name of a part at all."""
    odd = "\\" in name or ":" in name or "\x00" in name or not name.isprintable()
    return odd or name.startswith("/") or normpath(name).startswith("..")


def _too_much(kind: Package, file: str) -> Unreadable:
    return refused(file, f"tệp {kind.label} bung ra quá lớn", f"the {kind.label} file unpacks to too much")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, kind: Package, file: str) -> bytes:
    """The content of a part, read no further than the limit, whatever the list says of its size."""
    pieces: list[bytes] = []
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise _too_much(kind, file)
            pieces.append(piece)
    return b"".join(pieces)


def _check_part(name: str, content: bytes, kind: Package, file: str) -> None:
    if content.startswith((_ZIP, _OLE)):
        raise _embedded(kind, file)
    if name.lower().endswith(_XML) or content.lstrip()[:1] == b"<":
        _check_xml(content, kind, file)
    if name.lower().endswith(".rels"):
        for relation in _relations(content):
            _check_relation(relation, kind, file)


def _embedded(kind: Package, file: str) -> Unreadable:
    vi = f"tệp {kind.label} có tệp khác nhúng bên trong; bỏ tệp nhúng rồi lưu lại"
    return refused(file, vi, "the file has another file inside; take it out and save again")


def _check_carried(words: str, kind: Package, file: str) -> None:
    """What the name or the content type of a part says it carries."""
    if _MACROS.search(words):
        raise refused(
            file,
            f"tệp {kind.label} có macro; lưu lại thành {kind.suffix}",
            f"the file has macros; save as {kind.suffix}",
        )
    if _EMBEDDED.search(words):
        raise _embedded(kind, file)
    if _OUTSIDE.search(words):
        raise _links(kind, file)


def _links(kind: Package, file: str) -> Unreadable:
    vi = f"tệp {kind.label} nối tới tệp khác; dán giá trị rồi lưu lại"
    return refused(file, vi, "the file links to other files; paste values and save again")


def _relations(content: bytes) -> Iterator[str]:
    return (found[0].decode("utf-8", "replace").lower() for found in _RELATION.finditer(content))


def _check_relation(relation: str, kind: Package, file: str) -> None:
    """A relation may lead outside only as an address that a reader clicks on."""
    outside = re.search(r"targetmode\s*=\s*[\"']external", relation)
    if outside and "relationships/hyperlink" not in relation:
        raise _links(kind, file)
    if not outside:
        _check_carried(relation, kind, file)


def _check_xml(xml: bytes, kind: Package, file: str) -> None:
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

    if b"\x00" in xml[:64]:
        raise refused(file, f"tệp {kind.label} không ở dạng UTF-8", "a part of the file is not UTF-8")
    try:
        next(iterparse(io.BytesIO(xml), events=("start",), forbid_dtd=True))
    except DefusedXmlException:
        vi = f"tệp {kind.label} có khai báo XML bị cấm"
        raise refused(file, vi, f"the {kind.label} file has a forbidden XML declaration") from None
    except StopIteration:
        raise broken(file, kind) from None
    _check_amounts(xml, kind, file)


def _check_amounts(xml: bytes, kind: Package, file: str) -> None:
    if xml.count(b"<") > MAX_TAGS:
        raise _too_much(kind, file)
    if _FIELDS.search(xml):
        raise _links(kind, file)
    if _merges_too_much(xml):
        raise refused(file, "tệp Excel gộp quá nhiều ô", "the Excel file merges too many cells")
    for pattern, most, what in _COUNTED:
        if next(islice(pattern.finditer(xml), most, None), None):
            raise refused(file, f"tệp {kind.label} {what.vi}", f"the {kind.label} file {what.en}")


def _merges_too_much(xml: bytes) -> bool:
    merged = 0
    for found in _MERGED.finditer(xml):
        left, top, right, bottom = found.groups()
        merged += max((_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1), 1)
        if merged > MAX_MERGED:
            return True
    return False


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_types(types: bytes, kind: Package, file: str) -> None:
    """The list of content types names the main part, and nothing that must not be there."""
    told = types.decode("utf-8", "replace")
    _check_carried(told.lower(), kind, file)
    other = next(one for one in Package if one is not kind)
    if kind.value not in told and other.value in told:
        vi = f"tệp {kind.suffix} này thật ra là tệp {other.label}; đổi đuôi thành {other.suffix}"
        raise refused(file, vi, f"this {kind.suffix} is in truth a {other.label} file; rename it to {other.suffix}")
    if kind.value not in told:
        raise broken(file, kind)
