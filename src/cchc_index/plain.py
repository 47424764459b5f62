"""Core values to plain JSON data and back, exactly: fractions as text, days as ISO text, silence as `khong_quy_dinh`.

Driven by the types of the attrs classes, so that a new field needs nothing here. Fields at their default are left out.

>>> dump(Fraction(19, 20), Fraction), load("19/20", Fraction)
('19/20', Fraction(19, 20))
"""

import datetime
import re
import types
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, Factory, fields, has

from cchc_index.sources import NOT_STATED, NotStated

_FACTORY: Any = Factory
KIND = "loai"
WORD = "chu"


class NotPlain(ValueError):
    """Data that does not say a value of the wanted type; `path` leads to it."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def dump(value: Any, hint: Any) -> Any:
    """The value as plain data, by the type it is declared with."""
    if isinstance(value, str):
        return {WORD: value} if _takes_fraction(hint) else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return [dump(item, inner) for item, inner in zip(value, _items(_tuple_in(hint), len(value)), strict=True)]
    if has(type(value)):
        return _dump_attrs(value, hint)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if _takes_fraction(hint) else value


def _dump_attrs(value: Any, hint: Any) -> dict[str, Any]:
    found = {KIND: type(value).__name__} if _is_union(hint) else {}
    cls: Any = type(value)
    for name, default, inner in _shape(cls):
        item = getattr(value, name)
        if item is not default and item != default:
            found[name] = dump(item, inner)
    return found


def load(data: Any, hint: Any) -> Any:
    """The value of the declared type that plain data says. Raises NotPlain."""
    if _is_union(hint):
        return _load_union(data, hint)
    if hint is Any:
        return data
    if get_origin(hint) is tuple:
        return _load_tuple(data, hint)
    if has(hint):
        return _load_attrs(data, hint)
    return _load_scalar(data, hint)


_NUMBER = re.compile(r"-?[0-9]{1,4000}(/[0-9]{1,4000})?", re.ASCII)


def _load_scalar(data: Any, hint: Any) -> Any:
    wanted: Any = bool if hint is bool else int if hint is int else str
    if not isinstance(data, wanted) or (wanted is int and isinstance(data, bool)):
        raise NotPlain(f"{data!r}: expected {wanted.__name__}")
    if hint is Fraction and not _NUMBER.fullmatch(data):
        raise NotPlain(f"{data[:60]!r} is not a number such as 19/20")
    try:
        if hint is datetime.date:
            return datetime.date.fromisoformat(data)
        if hint is Fraction:
            return Fraction(data)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(data)
    except (ValueError, ZeroDivisionError) as error:
        raise NotPlain(f"{data!r}: {error}") from None
    return data


def _load_tuple(data: Any, hint: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise NotPlain(f"{type(data).__name__}: expected a list")
    return tuple(
        _at(number, item, inner) for number, (item, inner) in enumerate(zip(data, _items(hint, len(data)), strict=True))
    )


def _load_attrs(data: Any, cls: Any) -> Any:
    if not isinstance(data, Mapping):
        raise NotPlain(f"{type(data).__name__}: expected {cls.__name__}")
    hints = _hints(cls)
    unknown = sorted(set(data) - set(hints) - {KIND})
    if unknown:
        raise NotPlain(f"{cls.__name__} has no {unknown[0]!r}")
    values = {name: _at(name, data[name], hint) for name, hint in hints.items() if name in data}
    lacking = [f.name for f in fields(cls) if f.default is NOTHING and f.name not in values]
    if lacking:
        raise NotPlain(f"{cls.__name__} lacks {lacking[0]!r}")
    return cls(**values)


def _at(step: str | int, data: Any, hint: Any) -> Any:
    try:
        return load(data, hint)
    except NotPlain as error:
        raise NotPlain(error.message, (step, *error.path)) from None


def _load_union(data: Any, hint: Any) -> Any:
    members = _members(hint)
    if data is None and type(None) in members:
        return None
    if isinstance(data, Mapping):
        return _load_tagged(data, members)
    if isinstance(data, list):
        return _load_tuple(data, _tuple_in(hint))
    if data == NOT_STATED.value and NotStated in members:
        return NOT_STATED
    simple = [member for member in (Fraction, datetime.date, bool, int, str) if member in members]
    enums = [member for member in members if isinstance(member, type) and issubclass(member, Enum)]
    choices = simple or enums
    if not choices:
        raise NotPlain(f"{data!r} is none of the allowed kinds")
    value = load(data, choices[0])
    return int(value) if int in members and isinstance(value, Fraction) and value.denominator == 1 else value


def _load_tagged(data: Mapping[str, Any], members: tuple[Any, ...]) -> Any:
    if set(data) == {WORD} and str in members:
        return load(data[WORD], str)
    for member in members:
        if has(member) and member.__name__ == data.get(KIND):
            return load(data, member)
    alone = [member for member in members if has(member)]
    raise NotPlain(f"{data.get(KIND)!r} is none of {sorted(member.__name__ for member in alone)}")


@cache
def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType) or get_origin(hint) is Literal


@cache
def _members(hint: Any) -> tuple[Any, ...]:
    """The plain classes of a union, nested ones taken apart; a literal stands for the class of its value."""
    if get_origin(hint) is Literal:
        return tuple(type(value) for value in get_args(hint))
    if not _is_union(hint):
        return (hint,)
    return tuple(member for part in get_args(hint) for member in _members(part))


@cache
def _takes_fraction(hint: Any) -> bool:
    return Fraction in _members(hint)


@cache
def _tuple_in(hint: Any) -> Any:
    """The tuple that a type is, or that one member of a union is. Raises NotPlain."""
    found = [member for member in _members(hint) if get_origin(member) is tuple]
    if not found:
        raise NotPlain("a list is none of the allowed kinds")
    return found[0]


def _items(hint: Any, length: int) -> tuple[Any, ...]:
    inner = get_args(hint)
    if len(inner) == 2 and inner[1] is Ellipsis:
        return (inner[0],) * length
    if len(inner) != length:
        raise NotPlain(f"expected {len(inner)} items, found {length}")
    return inner


@cache
def _hints(cls: Any) -> dict[str, Any]:
    resolved = get_type_hints(cls)
    return {field.name: resolved[field.name] for field in fields(cls)}


@cache
def _shape(cls: Any) -> tuple[tuple[str, Any, Any], ...]:
    """The name, the default and the type of each field."""
    hints = _hints(cls)
    return tuple((field.name, _default(field), hints[field.name]) for field in fields(cls))


def _default(field: "Attribute[Any]") -> Any:
    default: Any = field.default
    return default.factory() if isinstance(default, _FACTORY) else default
