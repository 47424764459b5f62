"""YAML from events: nothing is resolved, no alias is followed, nothing recurses: `1.10` stays "1.10", `no` stays "no".

Anchors, aliases, tags and a second document are refused.
"""

import re
from typing import Any

import yaml

from cchc_index.errors import Fault, Text
from cchc_index.files.strict import Builder, Node, Unreadable

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """The one document of a YAML text, and every fault met on the way."""
    builder = Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            _take(event, builder)
    except Unreadable:
        return None, builder.faults
    except yaml.MarkedYAMLError as error:
        _note_syntax(error, text, builder)
        return None, builder.faults
    if not builder.roots:
        builder.fault(1, "tệp trống", "the file is empty")
        return None, builder.faults
    return builder.roots[0], builder.faults


def _take(event: Any, builder: Builder) -> None:
    line = event.start_mark.line + 1
    if getattr(event, "anchor", None) is not None:
        builder.stop(line, "không dùng neo (&) và bí danh (*)", "anchors (&) and aliases (*) are not allowed")
    if getattr(event, "tag", None) is not None:
        builder.stop(line, f"không dùng thẻ kiểu «{event.tag}»", f"tags are not allowed: «{event.tag}»")
    match event:
        case yaml.ScalarEvent():
            builder.scalar(event.value, line)
        case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
            builder.open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            builder.in_flow.extend([None] if event.flow_style else [])
        case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
            builder.close()
            del builder.in_flow[-1:]
        case yaml.DocumentStartEvent() if builder.roots:
            builder.stop(line, "tệp có hơn một tài liệu YAML (---)", "the file has a second YAML document (---)")


_PROBLEMS = (
    ("mapping values are not allowed", "dấu «: » đặt sai chỗ", "a «: » stands in the wrong place"),
    ("could not find expected ':'", "dòng này thiếu «: » sau tên khóa", "this line lacks «: » after the key"),
    (
        "expected ',' or",
        "ngoặc { hoặc [ mở ở đây không đóng, hoặc thiếu dấu phẩy",
        "{ or [ is not closed, or a comma is missing",
    ),
    ("unexpected end of stream", "dấu ngoặc kép hoặc nháy mở ở đây không đóng", "a quote opened here is not closed"),
    ("cannot start any token", "ký tự này không đứng đầu giá trị được", "this character cannot start a value"),
    ("tab character", "thụt lề bằng tab", "indented with a tab"),
    ("expected key", "dòng này thụt lề lệch hoặc không có khóa", "this line is indented wrongly or has no key"),
    ("expected <block end>", "dòng này thụt lề lệch", "this line is indented wrongly"),
    ("expected '-' indicator", "dòng này thụt lề lệch so với danh sách", "this line is indented unlike its list"),
    ("undefined alias", "không dùng bí danh (*)", "aliases (*) are not allowed"),
)
_OPENED_EARLIER = ("quoted scalar", "flow mapping", "flow sequence", "simple key")
_CLOSINGS = (('"', '"', "ngoặc kép"), ("'", "'", "ngoặc đơn"), ("{", "}", "ngoặc nhọn"), ("[", "]", "ngoặc vuông"))


def _note_syntax(error: yaml.MarkedYAMLError, text: str, builder: Builder) -> None:
    """The fault of a YAML syntax error, at the line where the mistake was made rather than noticed."""
    told = f"{error.context or ''} {error.problem or ''}"
    earlier = any(words in told for words in _OPENED_EARLIER) and error.context_mark
    mark = error.context_mark if earlier else error.problem_mark or error.context_mark
    lines = text.split("\n")
    number = mark.line if mark else 0
    opened = [at for at, before in enumerate(lines[:number]) if before.count('"') % 2]
    if len(opened) % 2:
        number, told = opened[-1], "unexpected end of stream"
    line = lines[number] if number < len(lines) else ""
    vi, en = next(((vi, en) for words, vi, en in _PROBLEMS if words in told), ("không đọc được dòng này", "unreadable"))
    builder.fault(number + 1, f"sai cú pháp YAML: {vi}", f"YAML syntax: {en}", _syntax_hint(line))


def _syntax_hint(line: str) -> Text | None:
    if "\t" in line:
        return Text("thụt lề bằng dấu cách, không dùng tab", "indent with spaces, not tabs")
    if "\u00a0" in line:
        return Text("dòng có dấu cách không ngắt U+00A0; gõ lại dấu cách", "the line has a no-break space U+00A0")
    for opening, closing, name in _CLOSINGS:
        if line.count(opening) % 2 if opening == closing else line.count(opening) > line.count(closing):
            return Text(f"thiếu dấu {name} đóng {closing}?", f"is a closing {closing} missing?")
    if re.search(r":\S", line) or line.count(": ") > 1:
        return Text(
            "đặt giá trị có dấu «:» trong ngoặc kép; sau khóa cần «: »",
            "quote a value that holds «:»; a key ends in «: »",
        )
    return None
