"""JSON token by token, without recursion: exact numbers, `true` and `false` as có and không, lines kept."""

import json
import re
from bisect import bisect_left
from decimal import Decimal

from cchc_index.errors import Fault, Text, short
from cchc_index.files.strict import Builder, Node, Unreadable

_DECODER = json.JSONDecoder()
MAX_NUMBER = 60
_WORD = re.compile(r"[A-Za-z0-9_.+-]+")
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_WORDS = {"true": "có", "false": "không", "null": ""}


def parse_json(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """The value of a JSON text, and every fault met on the way. Numbers are exact; true is có, false is không."""
    builder = Builder(file)
    try:
        _json_tokens(text, builder)
    except Unreadable:
        return None, builder.faults
    return builder.roots[0], builder.faults


def _json_tokens(text: str, builder: Builder) -> None:
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
            _json_fault(builder, line, _found(text, position))
        position = _skip(text, position)
    if closers:
        _json_fault(builder, len(breaks) + 1, "")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _json_key(text: str, position: int, line: int, builder: Builder) -> int:
    if text[position : position + 1] != '"':
        _json_fault(builder, line, text[position : position + 1])
    key, end = _json_string(text, position, line, builder)
    builder.scalar(key, line)
    end = _skip(text, end)
    if text[end : end + 1] != ":":
        _json_fault(builder, line, text[end : end + 1])
    return end + 1


def _json_string(text: str, position: int, line: int, builder: Builder) -> tuple[str, int]:
    try:
        value, end = _DECODER.raw_decode(text, position)
        return str(value), end
    except json.JSONDecodeError:
        builder.stop(
            line, "chuỗi JSON không đóng hoặc có ký tự cấm", "a JSON string is not closed or holds a bad character"
        )
        raise


def _json_value(text: str, position: int, line: int, builder: Builder, closers: list[str]) -> tuple[int, str]:
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
    if match is None or _WORD.match(text, match.end()):
        _json_fault(builder, line, _found(text, position))
        raise AssertionError
    if match.end() - position > MAX_NUMBER:
        builder.stop(line, f"số dài quá {MAX_NUMBER} chữ số", f"a number longer than {MAX_NUMBER} digits")
    builder.scalar(Decimal(match[0]), line)
    return match.end(), "comma"


def _found(text: str, position: int) -> str:
    """The word at a position, or its one character."""
    match = _WORD.match(text, position)
    return match[0] if match else text[position : position + 1]


_LIKELY = {
    "}": Text("thừa dấu phẩy cuối, hoặc thiếu giá trị?", "a trailing comma, or a value missing?"),
    "]": Text("thừa dấu phẩy cuối, hoặc thiếu giá trị?", "a trailing comma, or a value missing?"),
    "'": Text("chữ trong JSON đặt giữa hai dấu ngoặc kép", "text in JSON stands between double quotes"),
    '"': Text("thiếu dấu phẩy trước đó?", "is a comma missing before it?"),
}


def _json_fault(builder: Builder, line: int, token: str) -> None:
    found = f"gặp «{short(token)}»" if token else "tệp bị cụt"
    said = f"found «{short(token)}»" if token else "the file is cut short"
    builder.stop(line, f"sai cú pháp JSON: {found}", f"JSON syntax: {said}", _LIKELY.get(token))
