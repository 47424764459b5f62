"""The exact engine for one rule: measures, conditions, and one `match` over the six rules.

Truth has three values: a test on a ratio with a zero denominator, about which the source says nothing, is neither
true nor false. "No complaint, or 100% of complaints handled in time" is true without complaints all the same.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from cchc_index.errors import Path, Text
from cchc_index.figures import Figures
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Linear,
    Measure,
    Within,
    tests_of,
)
from cchc_index.points import Exact, round_half_up, show, total
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    own_names,
    parts_of,
)
from cchc_index.scoring.trace import (
    AverageTrace,
    AwardedTrace,
    PartTrace,
    PieceTrace,
    Seen,
    SumTrace,
    SwitchTrace,
    TableTrace,
    Tally,
    Trace,
    basis_of,
)
from cchc_index.sources import NOT_STATED


class Undefined(Exception):
    """The source gives no points for these figures. Never leaves the library."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class OutOfBounds(Exception):
    """Awarded points that no one may award. Never leaves the library."""

    def __init__(self, fact: str, text: Text) -> None:
        super().__init__(text.vi)
        self.fact = fact
        self.text = text


def linear_value(linear: Linear, figures: Figures) -> Exact:
    value = linear.constant
    for name, coefficient in linear.terms:
        term = figures[name]
        value += term if coefficient == 1 else coefficient * term
    return value


def look(measure: Measure, figures: Figures) -> Seen | None:
    """What a measure comes to; None for a zero denominator about which the source says nothing."""
    if isinstance(measure, Linear):
        return Seen(measure, linear_value(measure, figures))
    top, bottom = linear_value(measure.top, figures), linear_value(measure.bottom, figures)
    if bottom > 0:
        return Seen(measure, top, bottom)
    if bottom < 0:
        raise Undefined(Text(f"mẫu số {show(bottom)} là số âm", f"the denominator {show(bottom, 'en')} is negative"))
    if measure.at_zero is NOT_STATED:
        return None
    return Seen(measure, measure.at_zero)


def truth(condition: Condition, figures: Figures) -> bool | None:
    """Whether a condition holds; None when it hangs on a zero denominator."""
    match condition:
        case Within(measure, interval):
            seen = look(measure, figures)
            return None if seen is None else seen.within(interval)
        case Chosen(fact, options):
            return figures[fact] in options
        case AllOf(parts):
            return _all_of(truth(part, figures) for part in parts)
        case AnyOf(parts):
            return _any_of(truth(part, figures) for part in parts)


def _all_of(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return False if False in found else None if None in found else True


def _any_of(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return True if True in found else None if None in found else False


def apply(rule: Rule, figures: Figures) -> Trace:
    """The points a rule gives for these figures, with how it came to them.

    Raises Undefined, OutOfBounds, and MissingFigure for the first figure that is not there.
    """
    match rule:
        case Piecewise():
            return _piecewise(rule, figures)
        case Table():
            return _table(rule, figures)
        case Sum():
            return _sum(rule, figures)
        case Switch():
            return _SWITCHES[rule.choose](rule, figures)
        case Average():
            return _average(rule, figures)
        case Awarded():
            return _awarded(rule, figures)


def _piecewise(rule: Piecewise, figures: Figures) -> Trace:
    seen = look(rule.measure, figures)
    if seen is None:
        raise _zero_denominator()
    for piece in rule.pieces:
        if seen.within(piece.interval):
            return PieceTrace(seen.affine(piece.base, piece.slope), seen, piece)
    raise Undefined(
        Text(f"giá trị {show(seen.value)} không nằm trong bậc nào", f"the value {show(seen.value, 'en')} is in no band")
    )


def _zero_denominator() -> Undefined:
    return Undefined(
        Text("mẫu số bằng 0 và văn bản không nói tính thế nào", "the denominator is 0 and nothing is said of it")
    )


def _table(rule: Table, figures: Figures) -> Trace:
    chosen = figures[rule.fact]
    for option in rule.options:
        if option.name == chosen:
            return TableTrace(option.points, rule.fact, option)
    raise Undefined(Text(f"phương án «{chosen}» không có điểm", f"the option «{chosen}» has no points stated"))


def _sum(rule: Sum, figures: Figures) -> Trace:
    parts = tuple(PartTrace(t.label, t.basis, apply(t.rule, figures)) for t in rule.terms)
    unclamped = total([rule.base, *[part.trace.points for part in parts]])
    return SumTrace(clamp(unclamped, rule), rule.base, parts, unclamped)


def clamp(points: Fraction, rule: Sum) -> Fraction:
    """Points kept between the floor and the cap of a sum."""
    if rule.cap is not None and points > rule.cap:
        return rule.cap
    return rule.floor if rule.floor is not None and points < rule.floor else points


def _first(rule: Switch, figures: Figures) -> Trace:
    for case in rule.cases:
        holds = truth(case.when, figures)
        if holds is None:
            raise _zero_denominator()
        if holds:
            return _case(case, figures)
    raise _no_level()


def _only(rule: Switch, figures: Figures) -> Trace:
    truths = [truth(case.when, figures) for case in rule.cases]
    if None in truths:
        raise _zero_denominator()
    held = [case for case, holds in zip(rule.cases, truths, strict=True) if holds]
    if len(held) > 1:
        raise Undefined(Text(f"{len(held)} mức cùng phù hợp", f"{len(held)} levels fit at the same time"))
    if not held:
        raise _no_level()
    return _case(held[0], figures)


def _best(rule: Switch, figures: Figures) -> Trace:
    truths = [truth(case.when, figures) for case in rule.cases]
    traces = [
        (holds, _case(case, figures)) for case, holds in zip(rule.cases, truths, strict=True) if holds is not False
    ]
    if not traces:
        raise _no_level()
    holds, best = max(traces, key=lambda found: (found[1].points, found[0] is True))
    if holds is None:
        raise _zero_denominator()
    return best


_SWITCHES: dict[Choose, Callable[[Switch, Figures], Trace]] = {
    Choose.FIRST: _first,
    Choose.ONLY: _only,
    Choose.BEST: _best,
}


def _no_level() -> Undefined:
    return Undefined(Text("không mức nào phù hợp", "no level fits"))


def _case(case: Case, figures: Figures) -> SwitchTrace:
    inner = apply(case.rule, figures)
    looked = (look(test.measure, figures) for test in tests_of(case.when) if isinstance(test, Within))
    seen = tuple(found for found in looked if found is not None)
    return SwitchTrace(inner.points, case.when, case.basis, seen, inner)


def _average(rule: Average, figures: Figures) -> Trace:
    records = figures[rule.records]
    if not records:
        raise Undefined(Text("không có bản ghi nào", "there is no record"))
    traces = [_record(rule, record, number, figures) for number, record in enumerate(records, 1)]
    whole = total([trace.points for trace in traces])
    points = rounded(whole / len(traces), rule.rounding)
    return AverageTrace(points, rule.records, len(traces), whole, _tallied(traces), rule.rounding)


def _record(rule: Average, record: Figures, number: int, figures: Figures) -> Trace:
    try:
        return apply(rule.rule, Figures(record, figures))
    except Undefined as problem:
        vi, en = problem.text.vi, problem.text.en
        raise Undefined(Text(f"bản ghi thứ {number}: {vi}", f"record {number}: {en}")) from None


def _tallied(traces: Iterable[Trace]) -> tuple[Tally, ...]:
    counts: dict[tuple[Fraction, object], Tally] = {}
    for trace in traces:
        basis = basis_of(trace)
        before = counts.get((trace.points, basis))
        counts[trace.points, basis] = Tally(trace.points, before.count + 1 if before else 1, basis)
    return tuple(sorted(counts.values(), key=lambda tally: (-tally.points, str(tally.basis))))


def rounded(points: Fraction, rounding: Rounding | None) -> Fraction:
    """Points rounded by the rounding a decision orders, if it orders one."""
    return points if rounding is None else round_half_up(points, rounding.step)


def _awarded(rule: Awarded, figures: Figures) -> Trace:
    points = Fraction(figures[rule.fact])
    if rule.low is not None and points < rule.low:
        raise OutOfBounds(rule.fact, _beyond(points, rule.low, "thấp hơn mức thấp nhất", "is below the least"))
    if rule.high is not None and points > rule.high:
        raise OutOfBounds(rule.fact, _beyond(points, rule.high, "vượt điểm tối đa", "is above the maximum"))
    if isinstance(rule.step, Fraction) and (points / rule.step).denominator != 1:
        raise OutOfBounds(rule.fact, _beyond(points, rule.step, "không theo bước điểm", "is not in steps of"))
    return AwardedTrace(points, rule.fact)


def _beyond(points: Fraction, limit: Fraction, vi: str, en: str) -> Text:
    return Text(f"{show(points)} {vi} {show(limit)}", f"{show(points, 'en')} {en} {show(limit, 'en')}")


def missing_from(rule: Rule, figures: Figures) -> list[Path]:
    """Every figure that a rule still needs, given those that are there: another reading of the same six rules.

    A switch needs the figures of its conditions; the figures of a case only once that case can count.
    """
    absent: list[Path] = [(name,) for name in own_names(rule) if not figures.has(name)]
    if absent:
        return absent
    if isinstance(rule, Average):
        return _missing_from_records(rule, figures)
    if isinstance(rule, Switch):
        held = [case for case in rule.cases if truth(case.when, figures) is not False]
        return [path for case in held for path in missing_from(case.rule, figures)]
    return [path for part in parts_of(rule) for path in missing_from(part, figures)]


def _missing_from_records(rule: Average, figures: Figures) -> list[Path]:
    records: tuple[Figures, ...] = figures[rule.records]
    return [
        (rule.records, number, *path)
        for number, record in enumerate(records)
        for path in missing_from(rule.rule, Figures(record, figures))
    ]
