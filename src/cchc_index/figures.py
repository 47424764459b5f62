"""How the figures of a submission are read: each of the type its fact declares, every fault at once.

Longer than most modules: one reader for each type of figure, with the messages of its own slips.

>>> unit = Submission("Xã A", {"da_xong": "19", "ty_le": "86,5%"})
>>> facts = [Fact("da_xong", "đã xong"), Fact("ty_le", "tỷ lệ", FactType.PERCENT)]
>>> read_figures({fact.name: fact for fact in facts}, unit)
{'da_xong': 19, 'ty_le': Fraction(173, 200)}
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from attrs import frozen

from cchc_index.errors import MAX_FAULTS, BadSubmission, Fault, Path, Text, did_you_mean, short
from cchc_index.facts import Submission
from cchc_index.measures import NO, YES, DayOfYear, Fact, FactType
from cchc_index.points import Exact, Mark, NumberError, exact, parse_number, show, show_percent

Value = Exact | str | tuple["Figures", ...]


class MissingFigure(KeyError):
    """A figure was looked at and is not there. Never leaves the library."""


class Figures(dict[str, Any]):
    """Figures by name, each of its declared type (a `Value`). Those of a record fall back on those of the unit."""

    __slots__ = ("parent",)

    def __init__(self, values: Mapping[str, Value], parent: "Figures | None" = None) -> None:
        super().__init__(values)
        self.parent = parent

    def __missing__(self, name: str) -> Any:
        if self.parent is None:
            raise MissingFigure(name)
        return self.parent[name]

    def has(self, name: str) -> bool:
        return name in self or (self.parent is not None and self.parent.has(name))


def read_figures(known: Mapping[str, Fact], unit: Submission) -> Figures:
    """The figures of `unit` by the facts it may declare, each typed: whole numbers, fractions, day numbers, options.

    A figure that is declared and not given is simply not there. Raises BadSubmission naming every unknown figure,
    wrong type, negative count and part above its whole.
    """
    faults: list[Fault] = []
    values = _Reader(unit, faults).read(known, unit.figures, ())
    if faults:
        raise BadSubmission(fault.under("so_lieu").located(unit.places) for fault in faults)
    figures = Figures(values | _fixed_by_ruleset(known.values(), unit))
    for value in values.values():
        if isinstance(value, tuple):
            for record in value:
                record.parent = figures
    return figures


def _fixed_by_ruleset(facts: Iterable[Fact], unit: Submission) -> dict[str, Value]:
    return {
        fact.name: _day_number(fact, fact.given, unit)
        for fact in facts
        if isinstance(fact.given, datetime.date) or (fact.given and unit.period)
    }


def _day_number(fact: Fact, given: datetime.date | DayOfYear | None, unit: Submission) -> int:
    if isinstance(given, DayOfYear) and unit.period:
        year = unit.period.end.year
        try:
            given = datetime.date(year, given.month, given.day)
        except ValueError:
            named = f"{given.day:02}/{given.month:02}"
            message = Text(f"năm {year} không có ngày {named} ({fact.label})", f"{year} has no {named} ({fact.label})")
            raise BadSubmission([Fault(message, ("ky",)).located(unit.places)]) from None
    assert isinstance(given, datetime.date)
    return given.toordinal()


class _ValueFault(Exception):
    def __init__(self, message: Text, path: Path = (), hint: Text | None = None) -> None:
        self.fault = Fault(message, path, hint=hint)


@frozen
class _Reader:
    """Reads raw values by their facts, and collects what is wrong with them."""

    unit: Submission
    faults: list[Fault]

    def read(self, known: Mapping[str, Fact], raw: Mapping[str, Any], path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, given in raw.items():
            fact = known.get(name)
            if fact is not None and _is_plain_count(fact, given):
                values[name] = given
                continue
            try:
                values.update(self._figure(known, name, given, path))
            except _ValueFault as problem:
                self.faults.append(problem.fault.under(*path, name))
        self.faults.extend(fault.under(*path) for fault in _parts_above_wholes(known, values))
        return values

    def _figure(self, known: Mapping[str, Fact], name: str, given: Any, path: Path) -> dict[str, Value]:
        fact = known.get(name)
        if fact is None:
            hint = did_you_mean(str(name), known) if len(self.faults) < MAX_FAULTS else None
            raise _ValueFault(Text("bộ tiêu chí không có số liệu này", "the ruleset has no such figure"), hint=hint)
        if fact.given is not None:
            raise _ValueFault(
                Text("bộ tiêu chí đã ấn định, đơn vị không khai", "fixed by the ruleset; not declared by units")
            )
        if fact.type is FactType.SURVEY:
            return self._survey(fact, given)
        if fact.type is FactType.RECORDS:
            return {name: tuple(self._records(fact, given, path))}
        return {name: self._simple(fact, given)}

    def _simple(self, fact: Fact, given: Any) -> Exact | str:
        if isinstance(given, dict | list):
            message = Text(
                "cần một giá trị, không phải danh sách hay khóa con", "expected one value, not a list or keys below it"
            )
            raise _ValueFault(message, hint=_expected(fact))
        try:
            value = _READERS[fact.type](fact, given, self.unit.mark)
        except NumberError as error:
            raise _ValueFault(error.text, hint=_expected(fact)) from None
        if isinstance(value, Exact) and value < 0 and _never_negative(fact):
            said = show_percent if fact.type is FactType.PERCENT else show
            raise _ValueFault(Text(f"{said(value)} là số âm", f"{said(value, 'en')} is negative"), hint=_expected(fact))
        return value

    def _survey(self, fact: Fact, given: Any) -> dict[str, Value]:
        if not isinstance(given, Mapping):
            raise _unexpected(fact, given)
        counts = Fact(fact.name, fact.label)
        names = dict(fact.options)
        for option in given:
            if option not in names:
                message = Text("phiếu không có phương án này", "the survey has no such option")
                raise _ValueFault(message, (str(option),), did_you_mean(str(option), names))
        return {f"{fact.name}.{option}": self._simple(counts, n) for option, n in given.items()}

    def _records(self, fact: Fact, given: Any, path: Path) -> Iterator[Figures]:
        if not isinstance(given, Sequence) or isinstance(given, str):
            raise _unexpected(fact, given)
        known = {inner.name: inner for inner in fact.fields}
        for number, record in enumerate(given):
            if isinstance(record, Mapping):
                yield Figures(self.read(known, record, (*path, fact.name, number)))
            else:
                self.faults.append(_unexpected(fact, record).fault.under(*path, fact.name, number))


def _is_plain_count(fact: Fact, given: Any) -> bool:
    """Whether there is nothing to read: the common case for programs, told apart because it is a tenth of the cost."""
    return type(given) is int and given >= 0 and fact.type is FactType.COUNT and fact.given is None


def _parts_above_wholes(known: Mapping[str, Fact], values: Mapping[str, Value]) -> Iterator[Fault]:
    for name, fact in known.items():
        if fact.part_of is not None:
            value, limit = values.get(name), values.get(fact.part_of)
            if isinstance(value, Exact) and isinstance(limit, Exact) and value > limit:
                whole = fact.part_of
                yield Fault(
                    Text(
                        f"{show(value)} lớn hơn «{whole}» = {show(limit)}, mà số này là một phần của «{whole}»",
                        f"{show(value, 'en')} is above «{whole}» = {show(limit, 'en')}, of which it is a part",
                    ),
                    (name,),
                )


def _never_negative(fact: Fact) -> bool:
    return fact.type in (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT) and not fact.may_be_negative


def _read_number(fact: Fact, given: Any, mark: Mark | None) -> Exact:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    value = parse_number(given, mark=mark) if isinstance(given, str) else exact(given)
    if isinstance(given, str) and "%" in given:
        raise _unexpected(fact, given)
    return int(value) if value.denominator == 1 else value


def _read_count(fact: Fact, given: Any, mark: Mark | None) -> Exact:
    value = _read_number(fact, given, mark)
    if value.denominator != 1:
        raise _unexpected(fact, given)
    return value


def _read_percent(fact: Fact, given: Any, mark: Mark | None) -> Exact:
    """Text with its % sign, or a Fraction that is the share itself: 86.5 alone could be either."""
    if isinstance(given, Fraction):
        return given
    if not isinstance(given, str):
        exact(given)
        written = f'"{show(Fraction(given))}%"'
        raise _unexpected(fact, given, Text(f"ý bạn là {written}?", f"did you mean {written}?"))
    value = parse_number(given, mark=mark)
    if "%" not in given:
        raise _ValueFault(
            Text(f"«{given}» thiếu dấu %", f"«{given}» lacks a % sign"),
            hint=Text(f"ý bạn là «{given.strip()}%»?", f"did you mean «{given.strip()}%»?"),
        )
    return value


_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def read_date(text: str) -> datetime.date | None:
    """A date as people write it, `30/11/2023` or `2023-11-30`; None when it is neither or no such day exists.

    >>> read_date("30/11/2023"), read_date("31/11/2023")
    (datetime.date(2023, 11, 30), None)
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    day, month, year = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read_day(fact: Fact, given: Any, _: Mark | None) -> Exact:
    day = read_date(given) if isinstance(given, str) else given
    if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime):
        raise _unexpected(fact, given)
    return day.toordinal()


_YES_NO = {"co": YES, "có": YES, "yes": YES, "true": YES, "khong": NO, "không": NO, "no": NO, "false": NO}


def _read_yes_no(fact: Fact, given: Any, _: Mark | None) -> str:
    word = (YES if given else NO) if isinstance(given, bool) else _folded(given)
    if word not in _YES_NO:
        raise _unexpected(fact, given)
    return _YES_NO[word]


def _read_choice(fact: Fact, given: Any, _: Mark | None) -> str:
    word = _folded(given)
    for name, label in fact.options:
        if word in (name.casefold(), label.casefold()):
            return name
    raise _unexpected(fact, given, did_you_mean(str(given), dict(fact.options)))


def _read_label(fact: Fact, given: Any, _: Mark | None) -> str:
    if not isinstance(given, str):
        raise _unexpected(fact, given)
    return given


def _folded(given: Any) -> str:
    return normalize("NFC", str(given)).strip().casefold()


_READERS = {
    FactType.COUNT: _read_count,
    FactType.AMOUNT: _read_number,
    FactType.POINTS: _read_number,
    FactType.PERCENT: _read_percent,
    FactType.DATE: _read_day,
    FactType.YES_NO: _read_yes_no,
    FactType.CHOICE: _read_choice,
    FactType.LABEL: _read_label,
}

_FORMS = {
    FactType.COUNT: Text("cần số nguyên không âm, như 12", "expected a whole number from 0, such as 12"),
    FactType.AMOUNT: Text("cần một số, như 12,5", "expected a number, such as 12.5"),
    FactType.POINTS: Text("cần số điểm, như 1,5", "expected points, such as 1.5"),
    FactType.PERCENT: Text("cần tỷ lệ phần trăm, như 86,5%", "expected a percent, such as 86.5%"),
    FactType.DATE: Text("cần ngày có thật, như 30/11/2023", "expected a real date, such as 30/11/2023"),
    FactType.YES_NO: Text("cần có hoặc không", "expected có (yes) or không (no)"),
    FactType.CHOICE: Text("cần một trong: {}", "expected one of: {}"),
    FactType.SURVEY: Text("cần số phiếu của từng phương án: {}", "expected a count for each option: {}"),
    FactType.RECORDS: Text("cần danh sách bản ghi", "expected a list of records"),
    FactType.LABEL: Text("cần một mã", "expected an identifier"),
}


def _expected(fact: Fact) -> Text:
    form = _FORMS[fact.type]
    options = ", ".join(name for name, _ in fact.options)
    return Text(form.vi.format(options), form.en.format(options))


def _unexpected(fact: Fact, given: Any, hint: Text | None = None) -> _ValueFault:
    shown = str(given) if isinstance(given, str | int | Fraction | Decimal) else type(given).__name__
    expected, found = _expected(fact), short(shown)
    message = Text(f"«{found}»: {expected.vi}", f"«{found}»: {expected.en}")
    return _ValueFault(message, hint=hint)
