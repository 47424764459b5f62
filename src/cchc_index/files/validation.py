"""From pydantic's errors to faults: the path in the file, what was found, what was expected, the likely slip."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cchc_index.errors import Fault, Text, did_you_mean, short
from cchc_index.files.strict import Node, Unreadable
from cchc_index.points import NumberError

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], node: Node, file: str) -> M:
    """The node as a model. Raises Unreadable with every fault, each at its line."""
    data = node.plain()
    if not isinstance(data, dict):
        message = Text("cần các khóa dạng «ten: giá trị»", "expected keys such as «ten: value»")
        raise Unreadable([Fault(message, place=f"{file}:{node.line}")])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places, details = dict(node.places(file)), error.errors(include_url=False)
        faults = dict.fromkeys(_fault(detail, data, model).located(places) for detail in details)
        raise Unreadable(sorted(faults, key=_line)) from None


def _line(fault: Fault) -> int:
    return int(fault.place.rpartition(":")[2] or 0)


def _fault(detail: ErrorDetails, data: Any, model: type[BaseModel]) -> Fault:
    path = tuple(_real_path(detail["loc"], data))
    found = detail["input"]
    if detail["type"] == "union_tag_invalid" and isinstance(found, Mapping):
        path += tuple(_near_cham(found))
    message, hint = _said(detail, model)
    return Fault(message, path, hint=hint)


def _near_cham(found: Mapping[str, Any]) -> list[str]:
    """The key that says how to score, or what was meant to be it."""
    return ["cham"] if "cham" in found else get_close_matches("cham", [str(key) for key in found], n=1, cutoff=0.7)


def _real_path(loc: Iterable[str | int], data: Any) -> Iterator[str | int]:
    """The steps of pydantic's location that exist in the file: its names of union branches are left out."""
    for step in loc:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, Mapping) and step in data):
            data = data[step]
            yield step


def _said(detail: ErrorDetails, model: type[BaseModel]) -> tuple[Text, Text | None]:
    kind, key, found = detail["type"], str(detail["loc"][-1]) if detail["loc"] else "", detail["input"]
    context = detail.get("ctx", {})
    error = context.get("error")
    if isinstance(error, NumberError):
        return error.text, None
    if kind == "missing":
        return Text(f"thiếu khóa «{key}»", f"key «{key}» is missing"), None
    if kind == "extra_forbidden":
        hint = _CUT_TEXT if found == "" else _MEANT.get(key) or did_you_mean(key, _all_keys(model))
        return Text(f"khóa lạ «{short(key)}»", f"unknown key «{short(key)}»"), hint
    if kind == "union_tag_invalid":
        return _bad_tag(str(context["tag"]), str(context["expected_tags"]), found)
    if kind in ("literal_error", "enum"):
        return _one_of(found, str(context["expected"]))
    return _plain_message(kind, found), _CUT_TEXT if kind == "too_long" else None


_CUT_TEXT = Text(
    "dấu phẩy trong { } hay [ ] ngăn các phần tử; đặt chữ và số có dấu phẩy trong ngoặc kép",
    "inside { } or [ ] a comma separates; quote text and numbers that hold one",
)


def _bad_tag(tag: str, expected: str, found: object) -> tuple[Text, Text | None]:
    tags = expected.replace("'", "").split(", ")
    if not tag:
        message = Text("thiếu khóa «cham» (cách chấm) hoặc «gom»", "key «cham» (how to score) or «gom» is missing")
        near = _near_cham(found) if isinstance(found, Mapping) else []
        return message, did_you_mean(near[0], ["cham"]) if near else None
    return _not_among(tag, tags)


def _one_of(found: object, expected: str) -> tuple[Text, Text | None]:
    options = re.findall(r"'([^']*)'", expected)
    return _not_among(str(found), options)


def _not_among(word: str, options: list[str]) -> tuple[Text, Text | None]:
    listed = ", ".join(f"«{option}»" for option in options)
    message = Text(f"«{short(word)}» không phải một trong: {listed}", f"«{short(word)}» is not one of: {listed}")
    return message, _MEANT.get(word) or did_you_mean(word, options)


_SHARE = Text(
    "điểm theo tỷ lệ: «cham: bac_thang», «ti_so: [a, b]», một bậc có «diem: ti_so x 3»",
    "points by a share: «cham: bac_thang», «ti_so: [a, b]», one band with «diem: ti_so x 3»",
)
_MEANT = {
    "truoc": Text("trước: «duoi»; sau: «tren»", "before: «duoi»; after: «tren»"),
    "sau": Text("trước: «duoi»; sau: «tren»", "before: «duoi»; after: «tren»"),
    "ti_le": _SHARE,
    "ty_le": _SHARE,
    "tỷ lệ": _SHARE,
    "tỉ lệ": _SHARE,
}
"""Words that people write for keys and shapes, and that are spelled like none of them."""


_EXPECTED = {
    "string_type": Text("cần một giá trị chữ", "expected a text value"),
    "list_type": Text("cần một danh sách (các dòng bắt đầu bằng «- »)", "expected a list (lines that start with «- »)"),
    "dict_type": Text("cần các khóa con", "expected keys below it"),
    "model_type": Text("cần các khóa con", "expected keys below it"),
    "model_attributes_type": Text("cần các khóa con", "expected keys below it"),
    "string_too_short": Text("giá trị để trống", "the value is empty"),
    "string_too_long": Text("giá trị quá dài", "the value is too long"),
    "string_pattern_mismatch": Text(
        "tên chỉ gồm chữ thường không dấu, số và _ (mã bộ tiêu chí: chữ, số, - và /)",
        "a name has unaccented lower-case letters, digits and _ (a ruleset id: letters, digits, - and /)",
    ),
    "too_short": Text("danh sách thiếu phần tử", "the list is too short"),
    "too_long": Text("danh sách thừa phần tử", "the list is too long"),
    "union_tag_not_found": Text("thiếu khóa «cham»", "key «cham» is missing"),
}


def _plain_message(kind: str, found: object) -> Text:
    expected = _EXPECTED.get(kind, Text(f"giá trị không hợp lệ ({kind})", f"not valid ({kind})"))
    if not isinstance(found, str) or not found:
        return expected
    return Text(f"«{short(found)}»: {expected.vi}", f"«{short(found)}»: {expected.en}")


@cache
def _all_keys(model: type[BaseModel]) -> frozenset[str]:
    """Every key that any mapping of the file may have."""
    properties: set[str] = set()
    for definition in [model, *_nested_models(model)]:
        properties.update(definition.model_fields)
    return frozenset(properties)


def _nested_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    import sys

    module = vars(sys.modules[model.__module__])
    return [item for item in module.values() if isinstance(item, type) and issubclass(item, BaseModel)]
