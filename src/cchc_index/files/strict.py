"""Strict reading, whatever the format: every scalar stays text, every value knows its line, all faults in one report.

Refused: repeated keys, text that is not NFC, hidden characters, and files over the limits of size, depth and length.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

from attrs import evolve, field, frozen

from cchc_index.errors import Fault, Text, short
from cchc_index.errors import Path as Keys

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 20_000
MAX_SCALAR = 20_000

Scalar = str | int | Decimal
Plain = Any


@frozen
class Node:
    """A value and its line: that of its key, where it has one. `file` is set where it came from another file."""

    value: "Scalar | list[Node] | dict[str, Node]"
    line: int
    file: str = ""

    def plain(self) -> Plain:
        """The value without its lines."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def places(self, file: str, path: Keys = ()) -> Iterator[tuple[Keys, str]]:
        """The file and line of this value and of each value inside it."""
        yield path, f"{self.file or file}:{self.line}"
        if isinstance(self.value, list):
            for number, item in enumerate(self.value):
                yield from item.places(file, (*path, number))
        elif isinstance(self.value, dict):
            for key, item in self.value.items():
                yield from item.places(file, (*path, key))


class Unreadable(Exception):
    """The faults of a file that could not be read. Its callers raise them as BadRuleset or BadSubmission."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """The text of a file: UTF-8 (a byte order mark is dropped), within `limit` bytes, NFC, no control characters.

    Raises Unreadable.
    """
    text = read_utf8(path, limit)
    faults = list(_bad_characters(text, path.name))
    if faults:
        raise Unreadable(faults)
    return text


def read_utf8(path: Path, limit: int) -> str:
    """The text of a file as it stands: UTF-8 (a byte order mark is dropped), within `limit` bytes.

    Raises Unreadable.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise Unreadable([Fault(_unopened(error), place=path.name)]) from None
    if len(raw) > limit:
        size = Text(f"tệp lớn hơn {limit // 1024} KiB", f"the file is larger than {limit // 1024} KiB")
        raise Unreadable([Fault(size, place=path.name)])
    kind = next((kind for start, kind in _NOT_TEXT if raw.startswith(start)), None)
    if kind:
        raise Unreadable([Fault(kind, place=path.name, hint=_SAVE_AS_TEXT)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable([Fault(_NOT_UTF8, place=f"{path.name}:{line}", hint=_SAVE_AS_UTF8)]) from None


def _unopened(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("không có tệp này", "no such file")
    if isinstance(error, IsADirectoryError):
        return Text("đây là thư mục, cần một tệp", "this is a folder; a file is expected")
    return Text(f"không mở được tệp: {error.strerror}", f"cannot open the file: {error.strerror}")


_NOT_TEXT = (
    (b"PK\x03\x04", Text("đây là tệp Excel hay Word (.xlsx, .docx)", "this is an Excel or Word file (.xlsx, .docx)")),
    (b"\xd0\xcf\x11\xe0", Text("đây là tệp Excel hay Word kiểu cũ (.xls, .doc)", "this is an old Excel or Word file")),
    (b"%PDF-", Text("đây là tệp PDF", "this is a PDF file")),
)
"""How files of other kinds begin, whatever their names say."""
_SAVE_AS_TEXT = Text(
    "đặt lại đuôi tệp cho đúng, hoặc mở bằng Excel rồi lưu loại «CSV UTF-8»",
    "name it by what it is, or open it in Excel and save it as «CSV UTF-8»",
)
_NOT_UTF8 = Text("tệp không ở dạng UTF-8", "the file is not UTF-8")
_SAVE_AS_UTF8 = Text(
    "lưu lại với mã hóa UTF-8; trong Excel chọn loại «CSV UTF-8»", "save it again as UTF-8; in Excel, as «CSV UTF-8»"
)
_NOT_NFC = Text("chữ có dấu tách rời (chưa phải NFC)", "text has decomposed accents (it is not NFC)")
_TO_NFC = Text("chuyển sang Unicode dựng sẵn rồi lưu lại", "convert it to composed Unicode and save again")


def _bad_characters(text: str, file: str) -> Iterator[Fault]:
    if normalize("NFC", text) == text and text.replace("\n", "").replace("\r", "").isprintable():
        return
    for number, line in enumerate(text.split("\n"), 1):
        place = f"{file}:{number}"
        if normalize("NFC", line) != line:
            yield Fault(_NOT_NFC, place=place, hint=_TO_NFC)
        for character in line:
            if category(character) in ("Cc", "Cf", "Cs", "Co") and character not in "\t\r":
                name = f"U+{ord(character):04X}"
                yield Fault(Text(f"ký tự ẩn {name} trong tệp", f"hidden character {name} in the file"), place=place)
                break


@frozen
class Builder:
    """Builds nodes from a flat stream, on a stack of its own, and collects faults."""

    file: str
    faults: list[Fault] = field(factory=list)
    stack: list[tuple[Node, list[tuple[str, int]]]] = field(factory=list)
    roots: list[Node] = field(factory=list)
    count: list[int] = field(factory=lambda: [0])
    in_flow: list[None] = field(factory=list)
    """As long as the depth of { } and [ ] around the place."""

    def fault(self, line: int, vi: str, en: str, hint: Text | None = None) -> None:
        self.faults.append(Fault(Text(vi, en), place=f"{self.file}:{line}", hint=hint))

    def stop(self, line: int, vi: str, en: str, hint: Text | None = None) -> None:
        self.fault(line, vi, en, hint)
        raise Unreadable(self.faults)

    def open(self, value: "list[Node] | dict[str, Node]", line: int) -> None:
        node = Node(value, line)
        self.add(node)
        self.stack.append((node, []))
        if len(self.stack) > MAX_DEPTH:
            self.stop(line, f"lồng nhau quá {MAX_DEPTH} tầng", f"nested deeper than {MAX_DEPTH} levels")

    def close(self) -> None:
        self.stack.pop()

    def scalar(self, value: Scalar, line: int) -> None:
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            self.hidden(value, line)
        if isinstance(value, str) and len(value) > MAX_SCALAR:
            self.stop(line, f"giá trị dài quá {MAX_SCALAR} ký tự", f"a value longer than {MAX_SCALAR} characters")
        self.add(Node(value, line))

    def hidden(self, value: str, line: int) -> None:
        """Faults of characters that an escape (`\\u200b`) put into a value, where the file's own text is clean."""
        place = f"{self.file}:{line}"
        self.faults.extend(evolve(fault, place=place) for fault in _bad_characters(value, self.file))

    def add(self, node: Node) -> None:
        self.count[0] += 1
        if self.count[0] > MAX_NODES:
            self.stop(node.line, f"tệp có quá {MAX_NODES} giá trị", f"the file has over {MAX_NODES} values")
        if not self.stack:
            self.roots.append(node)
            return
        parent, pending = self.stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            self._entry(parent.value, pending, node)

    def _entry(self, entries: dict[str, Node], pending: list[tuple[str, int]], node: Node) -> None:
        if not pending:
            pending.append((self._key(entries, node), node.line))
            return
        key, line = pending.pop()
        if node.value == "" and key.isdigit() and self.in_flow:
            self._split_number(key, line)
        entries.setdefault(key, Node(node.value, line))

    def _key(self, entries: dict[str, Node], node: Node) -> str:
        if not isinstance(node.value, str):
            self.stop(node.line, "tên khóa phải là chữ", "a key must be text")
        key = str(node.value)
        before = entries.get(key)
        if before and not (key.isdigit() and before.value == ""):
            self.fault(
                node.line,
                f"khóa «{short(key)}» lặp lại (lần đầu ở dòng {before.line})",
                f"key «{short(key)}» is repeated (first on line {before.line})",
            )
        return key

    def _split_number(self, decimals: str, line: int) -> None:
        self.fault(
            line,
            f"trong {{ }} dấu phẩy ngăn các khóa: «…,{decimals}» bị cắt đôi",
            f"inside {{ }} a comma separates keys: «…,{decimals}» is cut in two",
            Text(
                f'viết "0,{decimals}" trong ngoặc kép, hoặc 0.{decimals}',
                f'write "0,{decimals}" quoted, or 0.{decimals}',
            ),
        )
