"""The values of one Arrow column as whole numbers, with those that are no value of their type."""

import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from cchc_index.batch.lowering import DAY_ZERO
from cchc_index.errors import Text
from cchc_index.measures import Fact, FactType

DIGITS = 18
"""Decimals of no more digits than this have nothing in their high half but the sign."""
EPOCH = datetime.date(1970, 1, 1).toordinal()


def is_text(kind: Any) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def wrong_kind(kind: Any, vi: str, en: str) -> Text:
    return Text(f"cột kiểu {kind}; cần {vi}", f"a column of {kind}; expected {en}")


def filled(array: Any, missing: Any = 0) -> Any:
    """The values as a NumPy array, with something in the place of those that are not there."""
    array = array.fill_null(missing) if array.null_count else array
    return _unpacked(array) if pa.types.is_boolean(array.type) else array.to_numpy(zero_copy_only=False)


def _unpacked(array: Any) -> Any:
    """Yes and no a byte each: Arrow packs eight into one, and takes eight times as long as NumPy to unpack them."""
    first, rest = divmod(array.offset, 8)
    bits = np.frombuffer(array.buffers()[1], np.uint8)[first:]
    return np.unpackbits(bits, count=rest + len(array), bitorder="little")[rest:].view(bool)


def looked_up(table: Any, codes: Any) -> Any:
    """`table[codes]`; a table that changes nothing is not looked at."""
    if table.dtype != bool and np.array_equal(table, np.arange(len(table))):
        return codes
    return table[codes.astype(np.intp)]


def nulls_of(array: Any) -> Any:
    """Which values are not there."""
    return array.is_null().to_numpy(zero_copy_only=False)


def all_wrong(fact: Fact, array: Any) -> tuple[Any, Any]:
    kind = bool if fact.type is FactType.YES_NO else np.int8
    return np.zeros(len(array), kind), ~nulls_of(array)


def whole_numbers(fact: Fact, array: Any) -> tuple[Any, Any]:
    if not pa.types.is_integer(array.type):
        return all_wrong(fact, array)
    values = filled(array)
    if values.dtype != np.uint64:
        return values, None
    wrong = values >= 2**62
    return np.where(wrong, 0, values).astype(np.int64), wrong if wrong.any() else None


def decimals(fact: Fact, array: Any) -> tuple[Any, Any]:
    """The digits of decimals: the low half of their sixteen bytes, where the high half only repeats its sign."""
    halves = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = np.ascontiguousarray(halves[0::2]), halves[1::2]
    if array.null_count:
        low[nulls_of(array)] = 0
    wrong = high != low >> 63 if array.type.precision > DIGITS else None
    if wrong is not None and array.null_count:
        wrong &= ~nulls_of(array)
    whole = 10 ** max(array.type.scale, 0) if fact.type is FactType.COUNT else 1
    if whole > 1:
        rest = low % whole != 0
        wrong, low = (rest if wrong is None else wrong | rest), low // whole
    values = low * 10**-array.type.scale if array.type.scale < 0 else low
    if wrong is None or not wrong.any():
        return values, None
    return np.where(wrong, 0, values), wrong


def whole_floats(array: Any) -> tuple[Any, Any]:
    """Floats that are whole numbers are those numbers: pandas writes a column of counts so when some are missing."""
    given = filled(array)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(given) < 2**53) | (given != np.floor(given))
        values = np.where(wrong, 0, given).astype(np.int64)
    return values, wrong if wrong.any() else None


def days_of(fact: Fact, array: Any) -> tuple[Any, Any]:
    if pa.types.is_timestamp(array.type):
        given = array.cast(pa.timestamp("us")).cast(pa.int64())
        moments = filled(given)
        wrong = moments % 86_400_000_000 != 0
        days = moments // 86_400_000_000
        return days + (EPOCH - DAY_ZERO), wrong if wrong.any() else None
    if not pa.types.is_date32(array.type):
        return all_wrong(fact, array)
    days = filled(array.cast(pa.int32()))
    return days + np.int32(EPOCH - DAY_ZERO), None
