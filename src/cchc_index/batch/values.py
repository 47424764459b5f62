"""The values of one Arrow column as whole numbers, with those that are no value of their type."""

import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from cchc_index.batch.lowering import DAY_ZERO
from cchc_index.errors import Text
from cchc_index.measures import Fact, FactType

EPOCH = datetime.date(1970, 1, 1).toordinal()


def is_text(kind: Any) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def wrong_kind(kind: Any, vi: str, en: str) -> Text:
    return Text(f"cột kiểu {kind}; cần {vi}", f"a column of {kind}; expected {en}")


def filled(array: Any, missing: Any = 0) -> Any:
    """The values as a NumPy array, with something in the place of those that are not there."""
    return (array.fill_null(missing) if array.null_count else array).to_numpy(zero_copy_only=False)


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
    whole = 10 ** max(array.type.scale, 0) if fact.type is FactType.COUNT else 1
    halves = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = halves[0::2], halves[1::2]
    wrong = (high != low >> 63) | (low % whole != 0)
    if array.null_count:
        wrong &= ~nulls_of(array)
        low = np.where(nulls_of(array), 0, low)
    values = low // whole * 10 ** max(-array.type.scale, 0)
    return (np.where(wrong, 0, values), wrong) if wrong.any() else (values, None)


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
