"""Strict reading of YAML and JSON: every scalar stays text, every value knows its line, and one report holds all faults.

YAML is read from events, so nothing is resolved, no alias is followed and nothing recurses: `1.10` stays "1.10", `no`
stays "no". Refused: repeated keys, anchors, aliases, tags, a second document, text that is not NFC, control characters,
and files over the limits of size, depth and length.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

import yaml
from attrs import field, frozen

from cchc_index.errors import Fault, Text
from cchc_index.errors import Path as Keys

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_SCALAR = 20_000

Scalar = str | int | Decimal
Plain = Any

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@frozen
class Node:
    """A value and the line it starts on."""

    value: "Scalar | list[Node] | dict[str, Node]"
    line: int

    def plain(self) -> Plain:
        """The value without its lines."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def places(self, file: str, path: Keys = ()) -> Iterator[tuple[Keys, str]]:
        """The file and line of this value and of each value inside it."""
        yield path, f"{file}:{self.line}"
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


def read_node(path: Path) -> Node:
    """Read a `.json` file as JSON and any other as YAML.

    Raises Unreadable.
    """
    text = read_text(path)
    node, faults = (parse_json if path.suffix.lower() == ".json" else parse_yaml)(text, path.name)
    if faults or node is None:
        raise Unreadable(faults)
    return node


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """The text of a file: UTF-8 (a byte order mark is dropped), within `limit` bytes, NFC, no control characters.

    Raises Unreadable.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise Unreadable([Fault(_unopened(error), place=str(path))]) from None
    if len(raw) > limit:
        size = Text(f"tệp lớn hơn {limit // 1024} KiB", f"the file is larger than {limit // 1024} KiB")
        raise Unreadable([Fault(size, place=path.name)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable([Fault(_NOT_UTF8, place=f"{path.name}:{line}", hint=_SAVE_AS_UTF8)]) from None
    faults = list(_bad_characters(text, path.name))
    if faults:
        raise Unreadable(faults)
    return text


def _unopened(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("không có tệp này", "no such file")
    if isinstance(error, IsADirectoryError):
        return Text("đây là thư mục, cần một tệp", "this is a folder; a file is expected")
    return Text(f"không mở được tệp: {error.strerror}", f"cannot open the file: {error.strerror}")


_NOT_UTF8 = Text("tệp không ở dạng UTF-8", "the file is not UTF-8")
_SAVE_AS_UTF8 = Text("lưu lại với mã hóa UTF-8", "save it again as UTF-8")
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
class _Builder:
    """Builds nodes from a flat stream, on a stack of its own, and collects faults."""

    file: str
    faults: list[Fault] = field(factory=list)
    stack: list[tuple[Node, list[str]]] = field(factory=list)
    roots: list[Node] = field(factory=list)
    count: list[int] = field(factory=lambda: [0])

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
        if isinstance(value, str) and len(value) > MAX_SCALAR:
            self.stop(line, f"giá trị dài quá {MAX_SCALAR} ký tự", f"a value longer than {MAX_SCALAR} characters")
        self.add(Node(value, line))

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

    def _entry(self, entries: dict[str, Node], pending: list[str], node: Node) -> None:
        if pending:
            key = pending.pop()
            if node.value == "" and key.isdigit():
                self._split_number(key, node.line)
            entries.setdefault(key, node)
        elif not isinstance(node.value, str):
            self.stop(node.line, "tên khóa phải là chữ", "a key must be text")
        else:
            if node.value in entries and entries[node.value].value != "":
                first = entries[node.value].line
                self.fault(
                    node.line,
                    f"khóa «{node.value}» lặp lại (lần đầu ở dòng {first})",
                    f"key «{node.value}» is repeated (first on line {first})",
                )
            pending.append(node.value)

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


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """The one document of a YAML text, and every fault met on the way."""
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            _take(event, builder)
    except Unreadable:
        return None, builder.faults
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        vi, en, hint = _explained(error, text)
        builder.fault(mark.line + 1 if mark else 1, vi, en, hint)
        return None, builder.faults
    if not builder.roots:
        builder.fault(1, "tệp trống", "the file is empty")
        return None, builder.faults
    return builder.roots[0], builder.faults


def _take(event: Any, builder: _Builder) -> None:
    line = event.start_mark.line + 1
    if getattr(event, "anchor", None) is not None:
        builder.stop(line, "không dùng neo (&) và bí danh (*)", "anchors (&) and aliases (*) are not allowed")
    if getattr(event, "tag", None) is not None:
        builder.stop(line, f"không dùng thẻ kiểu «{event.tag}»", f"tags are not allowed: «{event.tag}»")
    match event:
        case yaml.DocumentStartEvent() if builder.roots:
            builder.stop(line, "tệp có hơn một tài liệu YAML (---)", "the file has a second YAML document (---)")
        case yaml.MappingStartEvent():
            builder.open({}, line)
        case yaml.SequenceStartEvent():
            builder.open([], line)
        case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
            builder.close()
        case yaml.ScalarEvent():
            builder.scalar(event.value, line)


def _explained(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str, Text | None]:
    problem = f"{error.context or ''} {error.problem or ''}".strip()
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    hint = None
    if "\t" in line:
        hint = Text("thụt lề bằng dấu cách, không dùng tab", "indent with spaces, not tabs")
    elif re.search(r":\S", line) or line.count(": ") > 1:
        hint = Text(
            "đặt giá trị có dấu «:» trong ngoặc kép; sau khóa cần «: »",
            "quote a value that holds «:»; a key ends in «: »",
        )
    elif line.count('"') % 2:
        hint = Text("thiếu dấu ngoặc kép đóng", "a closing quote is missing")
    return f"sai cú pháp YAML: {problem}", f"YAML syntax: {problem}", hint


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_WORDS = {"true": "có", "false": "không", "null": ""}


def parse_json(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """The value of a JSON text, and every fault met on the way. Numbers are read exactly; true and false are có and không."""
    builder = _Builder(file)
    try:
        _json_tokens(text, builder)
    except Unreadable:
        return None, builder.faults
    return builder.roots[0], builder.faults


def _json_tokens(text: str, builder: _Builder) -> None:
    """Feed a JSON text to the builder, token by token, without recursion."""
    closers: list[str] = []
    expect = "value"
    position = _skip(text, 0)
    breaks = [match.start() for match in re.finditer("\n", text)]
    while position < len(text) or expect == "value":
        line = bisect_left(breaks, position) + 1
        token = text[position : position + 1]
        if closers and token == closers[-1] and expect in ("first", "comma"):
            closers.pop()
            builder.close()
            position, expect = position + 1, "comma"
        elif expect == "comma" and closers and token == ",":
            position, expect = position + 1, "key" if closers[-1] == "}" else "value"
        elif expect in ("first", "key") and closers and closers[-1] == "}":
            position = _json_key(text, position, line, builder)
            expect = "value"
        elif expect in ("first", "value"):
            position, expect = _json_value(text, position, line, builder, closers)
        else:
            _json_fault(builder, line, token)
        position = _skip(text, position)
    if closers:
        _json_fault(builder, len(breaks) + 1, "")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _json_key(text: str, position: int, line: int, builder: _Builder) -> int:
    if text[position : position + 1] != '"':
        _json_fault(builder, line, text[position : position + 1])
    key, end = _json_string(text, position, line, builder)
    builder.scalar(key, line)
    end = _skip(text, end)
    if text[end : end + 1] != ":":
        _json_fault(builder, line, text[end : end + 1])
    return end + 1


def _json_string(text: str, position: int, line: int, builder: _Builder) -> tuple[str, int]:
    try:
        value, end = _DECODER.raw_decode(text, position)
        return str(value), end
    except json.JSONDecodeError:
        builder.stop(
            line, "chuỗi JSON không đóng hoặc có ký tự cấm", "a JSON string is not closed or holds a bad character"
        )
        raise


def _json_value(text: str, position: int, line: int, builder: _Builder, closers: list[str]) -> tuple[int, str]:
    token = text[position : position + 1]
    if token in ("{", "["):
        builder.open({} if token == "{" else [], line)
        closers.append("}" if token == "{" else "]")
        return position + 1, "first"
    if token == '"':
        value, end = _json_string(text, position, line, builder)
        builder.scalar(value, line)
        return end, "comma"
    for word, said in _WORDS.items():
        if text.startswith(word, position):
            builder.scalar(said, line)
            return position + len(word), "comma"
    match = _NUMBER.match(text, position)
    if match is None:
        _json_fault(builder, line, token)
        raise AssertionError
    builder.scalar(Decimal(match[0]), line)
    return match.end(), "comma"


def _json_fault(builder: _Builder, line: int, token: str) -> None:
    found = f"gặp «{token}»" if token else "tệp bị cụt"
    said = f"found «{token}»" if token else "the file is cut short"
    hint = Text("thừa dấu phẩy cuối?", "a trailing comma?") if token and token in "}]" else None
    builder.stop(line, f"sai cú pháp JSON: {found}", f"JSON syntax: {said}", hint)
