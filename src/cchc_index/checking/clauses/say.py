"""Rule to canonical sentence: one way to say each rule, whose rows are sentences that decisions use.

>>> from cchc_index.measures import Interval, ratio
>>> from cchc_index.rules import Piece, Piecewise
>>> band = Piece(Interval(low=Fraction(9, 10), low_closed=True), Fraction(1))
>>> rest = Piece(Interval(high=Fraction(9, 10)), Fraction(0), Fraction(1))
>>> print(say_rule(Piecewise(ratio("xong", "ca"), (band, rest))))
theo tỷ lệ («xong»)/(«ca»): [từ 90% trở lên: 1 điểm; dưới 90%: (Tỷ lệ % x 1 điểm)/100%]
"""

from collections.abc import Iterable
from fractions import Fraction

from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, Interval, Linear, Measure, Ratio
from cchc_index.points import Exact
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
)
from cchc_index.sources import NOT_STATED, NotStated

CHOOSE_WORDS = {
    Choose.FIRST: "lấy mức đầu tiên",
    Choose.ONLY: "chỉ một mức",
    Choose.BEST: "lấy mức cao nhất",
}


def say_rule(rule: Rule) -> str:
    """The canonical sentence of a rule: everything it says but the sentences it stands on, in figures by name.

    `read_rule` gives the rule back. Raises ValueError for an interval that no sentence says (no numbers at all).
    """
    match rule:
        case Piecewise(measure, pieces):
            return f"theo {_measure(measure)}: {_listed(say_piece(piece, measure) for piece in pieces)}"
        case Table(fact, options):
            return f"chọn {_named(fact)}: {_listed(_option(option) for option in options)}"
        case Sum():
            return _sum(rule)
        case Switch(cases, choose):
            return f"{CHOOSE_WORDS[choose]}: {_listed(_case(case) for case in cases)}"
        case Average(records, inner, rounding):
            rounded = f", làm tròn đến {number(rounding.step)}" if rounding else ""
            return f"trung bình {_named(records)}{rounded}: {_listed([say_rule(inner)])}"
    return _awarded(rule)


def say_piece(piece: Piece, measure: Measure) -> str:
    """One row, as a sentence that `read` reads: `từ 90% trở lên: 1 điểm`."""
    percent = isinstance(measure, Ratio)
    return f"{say_numbers(piece.interval, percent=percent)}: {say_affine(piece.base, piece.slope, percent=percent)}"


def say_affine(base: Fraction, slope: Fraction, *, percent: bool) -> str:
    """Points in proportion: to a share by the decisions' own formula, to a figure as so much for each one."""
    start = f"{number(base)} điểm"
    if not slope:
        return start
    if percent:
        formula = f"(Tỷ lệ % x {number(slope)} điểm)/100%"
        return f"{start} cộng {formula}" if base else formula
    verb = "cộng" if slope > 0 else "trừ"
    return f"{start}, mỗi đơn vị {verb} {number(abs(slope))} điểm"


def say_numbers(interval: Interval, *, percent: bool) -> str:
    """The numbers of an interval, as decisions bound them."""
    low, high = (None if end is None else _end(end, percent=percent) for end in (interval.low, interval.high))
    if interval.low is not None and interval.low == interval.high and interval.low_closed and interval.high_closed:
        return f"bằng {low}"
    if low is None:
        return "mọi giá trị" if high is None else f"{'đến' if interval.high_closed else 'dưới'} {high}"
    if high is None:
        return f"từ {low} trở lên" if interval.low_closed else f"trên {low}"
    start, end = "từ" if interval.low_closed else "trên", "đến" if interval.high_closed else "đến dưới"
    return f"{start} {low} {end} {high}"


def _end(end: Fraction, *, percent: bool) -> str:
    return f"{number(end * 100)}%" if percent else number(end)


def number(value: Exact) -> str:
    """An exact number: `0,5`, `âm 1/3`; in full, whatever its size.

    >>> number(Fraction(1, 8)), number(Fraction(-1, 3))
    ('0,125', 'âm 1/3')
    """
    sign = "âm " if value < 0 else ""
    top, bottom = abs(value.numerator), value.denominator
    places = next((places for places in range(13) if 10**places % bottom == 0), None)
    if places is None:
        return f"{sign}{top}/{bottom}"
    digits = str(top * 10**places // bottom).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]},{digits[-places:]}" if places else digits)


def _listed(items: Iterable[str]) -> str:
    return "[" + "; ".join(items) + "]"


def _named(name: str) -> str:
    """A name between quotes; `\\` stands before a quote inside it."""
    escaped = name.replace("\\", "\\\\").replace("«", "\\«").replace("»", "\\»")
    return f"«{escaped}»"


def _measure(measure: Measure) -> str:
    if isinstance(measure, Linear):
        return _linear(measure)
    share = f"tỷ lệ ({_linear(measure.top)})/({_linear(measure.bottom)})"
    if isinstance(measure.at_zero, NotStated):
        return share
    return f"{share} (mẫu số bằng 0 thì tính là {_end(measure.at_zero, percent=True)})"


def _linear(linear: Linear) -> str:
    parts = [_signed(times, _named(name)) for name, times in linear.terms]
    if linear.constant or not parts:
        parts.append(_signed(linear.constant, ""))
    return " ".join(parts).removeprefix("+ ")


def _signed(times: Exact, name: str) -> str:
    size: Exact = -times if times < 0 else times
    told = f"{number(size)} x {name}" if name and size != 1 else name or number(size)
    return f"{'-' if times < 0 else '+'} {told}"


def _option(option: Option) -> str:
    return f"{_named(option.name)}: {number(option.points)} điểm"


def _sum(rule: Sum) -> str:
    if not rule.terms and rule.floor is None and rule.cap is None:
        return f"{number(rule.base)} điểm"
    base = f" từ {number(rule.base)} điểm" if rule.base else ""
    floor = "" if rule.floor is None else f", không dưới {number(rule.floor)} điểm"
    cap = "" if rule.cap is None else f", không quá {number(rule.cap)} điểm"
    return f"cộng{base}{floor}{cap}: {_listed(_term(term) for term in rule.terms)}"


def _term(term: Term) -> str:
    return f"{_named(term.label)}: {say_rule(term.rule)}" if term.label else say_rule(term.rule)


def _case(case: Case) -> str:
    return f"khi {say_when(case.when)}: {say_rule(case.rule)}"


def say_when(condition: Condition) -> str:
    """The canonical words of a condition."""
    match condition:
        case AllOf(parts):
            return f"tất cả {_listed(say_when(part) for part in parts)}"
        case AnyOf(parts):
            return f"một trong {_listed(say_when(part) for part in parts)}"
        case Chosen(fact, options):
            return f"{_named(fact)} là {_listed(_named(option) for option in options)}"
    percent = isinstance(condition.measure, Ratio)
    return f"{_measure(condition.measure)} {say_numbers(condition.interval, percent=percent)}"


def _awarded(rule: Awarded) -> str:
    low = "" if rule.low is None else f" từ {number(rule.low)} điểm"
    high = "" if rule.high is None else f" đến {number(rule.high)} điểm"
    step = "" if rule.step is NOT_STATED else f", mỗi bước {number(rule.step)} điểm"
    return f"chấm trực tiếp {_named(rule.fact)}{low}{high}{step}"
