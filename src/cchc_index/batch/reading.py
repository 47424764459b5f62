"""Columns of a data frame as the whole numbers that a plan looks at, with the rows that only the exact engine can read.

Arrow is the form in which pandas, Polars and PyArrow hand over their columns. Whole numbers, yes and no and days are
looked at where they stand; decimals become whole numbers over a power of ten; each different text or category is read
once, by the reader of submissions. A row without a needed figure, or with a value that is none of its type, is odd: the
exact engine says what is wrong with it.
"""

import datetime
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from cchc_index.batch.lowering import DAY_ZERO
from cchc_index.batch.values import (
    all_wrong,
    days_of,
    decimals,
    filled,
    is_text,
    looked_up,
    nulls_of,
    whole_floats,
    whole_numbers,
    wrong_kind,
)
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, CchcError, Fault, Lang, Text, did_you_mean
from cchc_index.facts import Period, Submission
from cchc_index.figures import read_figures
from cchc_index.measures import YES, Fact, FactType
from cchc_index.points import Mark

TEXT_SCALE = 10_000
"""Text is read to four decimals; rows with finer numbers go to the exact engine."""
NUMBERS = (FactType.AMOUNT, FactType.PERCENT, FactType.POINTS)
Percents = Literal["share", "percent"]
Columns = dict[str, Any]


@frozen
class Conventions:
    """What a frame does not say by itself: the period, how its texts write decimals and its numbers percents.

    `bounds` says whether rows that lack figures get the least and the most points they may still have, `lang` in which
    language reasons are told.
    """

    period: Period | None = None
    mark: Mark | None = None
    percents: Percents | None = None
    unit: str = "don_vi"
    exempt: str = "khong_danh_gia"
    bounds: bool = True
    lang: Lang = "vi"


@frozen
class Block:
    """Some rows of a frame: the columns of the plan, and the rows that only the exact engine can read."""

    rows: int
    columns: Columns
    odd: Any


@frozen
class Reader:
    """How the columns of one kind of frame are read. Raises BadSubmission when it is made for one that cannot be."""

    rules: Ruleset
    schema: Any
    needed: tuple[str, ...]
    conventions: Conventions = Conventions()
    scales: Mapping[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadSubmission(faults)
        object.__setattr__(self, "scales", dict(self._scales()))

    # -- what the frame has -------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The figures that have a column: options of a survey each have their own."""
        return [name for name, _ in self.types()]

    def types(self) -> Iterator[tuple[str, Any]]:
        for fact in self.rules.facts_by_name.values():
            names = (
                [f"{fact.name}.{option}" for option, _ in fact.options] if fact.type is FactType.SURVEY else [fact.name]
            )
            for name in names:
                place = self.schema.get_field_index(name)
                if place >= 0 and fact.given is None:
                    yield name, self.schema.field(place).type

    def _scales(self) -> Iterator[tuple[str, int]]:
        for name, kind in self.types():
            fact = self.rules.facts_by_name[name.partition(".")[0]]
            if fact.type is FactType.RECORDS and pa.types.is_nested(kind):
                inner = {one.name: one for one in fact.fields}
                for part in kind.value_type:
                    if part.name in inner and inner[part.name].type in NUMBERS:
                        yield f"{name}/{part.name}", self._scale(inner[part.name], part.type)
            elif fact.type in NUMBERS:
                yield name, self._scale(fact, kind)

    def _scale(self, fact: Fact, kind: Any) -> int:
        if is_text(kind):
            return TEXT_SCALE
        hundred = 100 if fact.type is FactType.PERCENT and self.conventions.percents == "percent" else 1
        return hundred * (10 ** max(kind.scale, 0) if pa.types.is_decimal(kind) else 1)

    def _faults(self) -> Iterator[Fault]:
        present = {name for name, _ in self.types()}
        others = [name for name in self.schema.names if name not in present]
        for name in self.needed:
            fact = self.rules.facts_by_name[name.partition(".")[0]]
            if name not in present and fact.given is None:
                message = Text(f"bảng không có cột này ({fact.label})", f"the frame has no such column ({fact.label})")
                yield Fault(message, (name,), hint=did_you_mean(name, others))
        for name, kind in self.types():
            fact = self.rules.facts_by_name[name.partition(".")[0]]
            refused = self._refused(fact, kind)
            if refused:
                yield Fault(refused, (name,))

    def _refused(self, fact: Fact, kind: Any) -> Text | None:
        """Why a whole column cannot be read, whatever its values."""
        if fact.type is FactType.RECORDS:
            is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
            good = is_list and pa.types.is_struct(kind.value_type)
            return (
                None if good or pa.types.is_null(kind) else wrong_kind(kind, "danh sách bản ghi", "a list of records")
            )
        if pa.types.is_floating(kind) and fact.type in NUMBERS:
            return Text(
                "cột số thực nhị phân, không chính xác; đổi sang số thập phân (decimal) hoặc chữ",
                "a column of binary floats, which are not exact; make it decimal or text",
            )
        is_number = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        if fact.type is FactType.PERCENT and is_number and self.conventions.percents is None:
            return Text(
                'không rõ 0,5 hay 50 là năm mươi phần trăm; thêm percents="share" hoặc percents="percent"',
                'either 0.5 or 50 may be fifty percent; pass percents="share" or percents="percent"',
            )
        return None

    # -- columns ------------------------------------------------------------------------------------------------

    def block(self, batch: Any) -> Block:
        """The columns of some rows."""
        columns: Columns = {}
        odd = np.zeros(batch.num_rows, bool)
        for fact in self.rules.facts_by_name.values():
            if fact.given is not None:
                self._given(fact, batch.num_rows, columns, odd)
        for name in self.names():
            fact = self.rules.facts_by_name[name.partition(".")[0]]
            if fact.type is not FactType.RECORDS:
                self._figure(name, self._counted(fact), batch.column(name), columns, odd)
        if self.conventions.exempt in batch.schema.names:
            odd |= np.array([bool(codes) for codes in batch.column(self.conventions.exempt).to_pylist()], bool)
        return Block(batch.num_rows, columns, odd)

    def _counted(self, fact: Fact) -> Fact:
        return Fact(fact.name, fact.label) if fact.type is FactType.SURVEY else fact

    def _given(self, fact: Fact, rows: int, columns: Columns, odd: Any) -> None:
        figures = read_figures({fact.name: fact}, Submission("", {}, period=self.conventions.period))
        if fact.name in figures:
            columns[fact.name] = np.full(rows, figures[fact.name] - DAY_ZERO, np.int16 if rows else np.int64)
        elif fact.name in self.needed:
            columns[fact.name] = np.zeros(rows, np.int8)
            odd |= True

    def _figure(self, name: str, fact: Fact, array: Any, columns: Columns, odd: Any) -> None:
        values, wrong = self.read(fact, array, self.scales.get(name, 1))
        columns[name] = values
        if wrong is not None:
            odd |= wrong
        if array.null_count and name in self.needed:
            odd |= nulls_of(array)

    def read(self, fact: Fact, array: Any, scale: int) -> tuple[Any, Any]:
        """The values as whole numbers (yes and no as such), 0 where there is none, and which are no values at all."""
        kind = array.type
        if pa.types.is_null(kind):
            return np.zeros(len(array), bool if fact.type is FactType.YES_NO else np.int8), None
        if fact.type is FactType.LABEL:
            return (np.zeros(len(array), np.int8), None) if is_text(kind) else all_wrong(fact, array)
        if is_text(kind):
            return self._texts(fact, array, scale)
        if pa.types.is_boolean(kind):
            values = filled(array, missing=False)
            return (values, None) if fact.type is FactType.YES_NO else all_wrong(fact, array)
        if fact.type is FactType.DATE:
            return days_of(fact, array)
        if fact.type not in (FactType.COUNT, *NUMBERS):
            return all_wrong(fact, array)
        if pa.types.is_decimal(kind):
            return decimals(fact, array if pa.types.is_decimal128(kind) else array.cast(pa.decimal128(38, kind.scale)))
        if pa.types.is_floating(kind):
            return whole_floats(array)
        return whole_numbers(fact, array)

    def _texts(self, fact: Fact, array: Any, scale: int) -> tuple[Any, Any]:
        """Each different text is read once."""
        coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        words = coded.dictionary.to_pylist()
        read = [self._word(fact, word, scale) for word in words]
        kind = np.dtype(bool) if fact.type is FactType.YES_NO else np.dtype(np.int64)
        table = np.array([0 if value is None else value for value in read] or [0], kind)
        codes = filled(coded.indices)
        bad = np.array([value is None for value in read] or [False], bool)
        wrong = bad[codes] & ~nulls_of(coded) if bad.any() else None
        return looked_up(table, codes), wrong

    def _word(self, fact: Fact, word: str | None, scale: int) -> int | None:
        """One value as a whole number; None when only the exact engine can say what it is."""
        if word is None:
            return None
        try:
            value = read_figures({fact.name: fact}, Submission("", {fact.name: word}, mark=self.conventions.mark))[
                fact.name
            ]
        except CchcError:
            return None
        if isinstance(value, str):
            return (
                int(value == YES) if fact.type is FactType.YES_NO else [name for name, _ in fact.options].index(value)
            )
        value = (value - (DAY_ZERO if fact.type is FactType.DATE else 0)) * scale
        return int(value) if value.denominator == 1 and abs(value) < 2**62 else None

    def records(self, name: str, array: Any, wanted: Container[str]) -> tuple[Block, Any]:
        """The records of one list below each other, and where those of each row start and end."""
        ends = array.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
        inner = array.values.slice(int(ends[0]), int(ends[-1] - ends[0]))
        columns: Columns = {}
        odd = nulls_of(inner)
        for fact in self.rules.facts_by_name[name].fields:
            key, place = f"{name}/{fact.name}", inner.type.get_field_index(fact.name)
            part = inner.field(place) if place >= 0 else pa.nulls(len(inner))
            columns[key], wrong = self.read(fact, part, self.scales.get(key, 1))
            odd |= False if wrong is None else wrong
            odd |= nulls_of(part) if key in wanted else False
        return Block(len(inner), columns, odd), ends - ends[0]

    # -- one row, for the exact engine --------------------------------------------------------------------------

    def submission(self, batch: Any, row: int, number: int) -> Submission:
        """One row as the submission that `score` takes."""
        given = {name: column[0] for name, column in batch.slice(row, 1).to_pydict().items()}
        figures: dict[str, Any] = {}
        for fact in self.rules.facts_by_name.values():
            if fact.type is FactType.SURVEY:
                counts = {option: given.get(f"{fact.name}.{option}") for option, _ in fact.options}
                found = {option: self._plain(Fact(fact.name, ""), n) for option, n in counts.items() if n is not None}
                figures |= {fact.name: found} if found else {}
            elif given.get(fact.name) is not None and fact.given is None:
                figures[fact.name] = self._plain(fact, given[fact.name])
        unit = given.get(self.conventions.unit)
        exempt = str(given.get(self.conventions.exempt) or "")
        return Submission(
            str(unit) if unit is not None else f"[{number + 1}]",
            figures,
            period=self.conventions.period,
            exemptions={code.strip(): "" for code in exempt.split(";") if code.strip()},
            mark=self.conventions.mark,
        )

    def _plain(self, fact: Fact, value: Any) -> Any:
        """A value as a program would give it to `score`."""
        if fact.type is FactType.RECORDS and isinstance(value, list):
            inner = {one.name: one for one in fact.fields}
            return [self._record(inner, record) for record in value]
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date()
        if fact.type is FactType.PERCENT and isinstance(value, int | Decimal) and self.conventions.percents:
            return Fraction(value) / (100 if self.conventions.percents == "percent" else 1)
        return value

    def _record(self, inner: Mapping[str, Fact], record: Any) -> Any:
        if not isinstance(record, Mapping):
            return record
        return {
            name: self._plain(inner[name], value) if name in inner else value
            for name, value in record.items()
            if value is not None
        }
