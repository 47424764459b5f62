"""Sentences in Vietnamese and English: for a line of a card, and for the rows of a rule.

All wording of results stands in this one module, longer than the others, so that one thing is said one way.

>>> band = Interval(low=Fraction(9, 10), low_closed=True, high=Fraction(1))
>>> say_interval(band, Unit.PERCENT).vi
'từ 90% đến dưới 100%'
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from fractions import Fraction

from cchc_index.criteria import Policy
from cchc_index.errors import Lang, Text
from cchc_index.measures import (
    NO,
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    names_of_measure,
)
from cchc_index.points import Exact, in_points, is_tie, show, show_percent
from cchc_index.rules import (
    Average,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
)
from cchc_index.scoring.trace import (
    AverageTrace,
    Line,
    Observed,
    PieceTrace,
    Seen,
    Status,
    SumTrace,
    SwitchTrace,
    TableTrace,
    Trace,
)
from cchc_index.sources import NOT_STATED, Basis, Quote, Reading

Facts = Mapping[str, Fact]


class Unit(Enum):
    """How the numbers of a measure are written."""

    PLAIN = "số"
    PERCENT = "%"
    DATE = "ngày"


def unit_of(measure: Measure, facts: Facts) -> Unit:
    """The unit of a measure: a ratio and a sum of percents are percents; one date alone is a date."""
    if isinstance(measure, Ratio):
        return Unit.PERCENT
    types = {facts[name].type for name in names_of_measure(measure) if name in facts}
    if FactType.PERCENT in types:
        return Unit.PERCENT
    alone = len(measure.terms) == 1 and measure.terms[0][1] == 1 and measure.constant == 0
    return Unit.DATE if alone and types == {FactType.DATE} else Unit.PLAIN


def is_day(value: Exact) -> bool:
    """Whether a number is the ordinal of a day: the bound of a date may be a number forgotten there, such as 0."""
    return value.denominator == 1 and 1 <= value <= datetime.date.max.toordinal()


def say_value(value: Exact, unit: Unit, lang: Lang) -> str:
    if unit is Unit.PERCENT:
        return show_percent(value, lang)
    is_date = unit is Unit.DATE and is_day(value)
    return f"{datetime.date.fromordinal(int(value)):%d/%m/%Y}" if is_date else show(value, lang)


def _both(vi: str, en: str, values: Iterable[Exact], unit: Unit) -> Text:
    known = list(values)
    return Text(
        vi.format(*(say_value(value, unit, "vi") for value in known)),
        en.format(*(say_value(value, unit, "en") for value in known)),
    )


def joined(texts: Iterable[Text], vi: str, en: str | None = None) -> Text:
    known = list(texts)
    return Text(vi.join(t.vi for t in known), (vi if en is None else en).join(t.en for t in known))


_ENDS = {
    False: {
        "low": ("từ {} trở lên", "{} or more"),
        "above": ("trên {}", "above {}"),
        "high": ("đến {}", "{} or less"),
        "under": ("dưới {}", "under {}"),
    },
    True: {
        "low": ("từ {} trở đi", "{} or later"),
        "above": ("sau {}", "after {}"),
        "high": ("đến {}", "{} or earlier"),
        "under": ("trước {}", "before {}"),
    },
}


def say_interval(interval: Interval, unit: Unit) -> Text:
    """An interval as decisions write it."""
    low, high, ends = interval.low, interval.high, _ENDS[unit is Unit.DATE]
    if low is not None and low == high:
        return _both("bằng {}", "exactly {}", [low], unit)
    if low is None and high is None:
        return Text("mọi giá trị", "any value")
    if high is None and low is not None:
        return _both(*ends["low" if interval.low_closed else "above"], [low], unit)
    if low is None and high is not None:
        return _both(*ends["high" if interval.high_closed else "under"], [high], unit)
    start = ("từ {} ", "from {} ") if interval.low_closed else tuple(words + " " for words in ends["above"])
    end = ("đến {}", "to {}") if interval.high_closed else ("đến dưới {}", "to under {}")
    if unit is Unit.DATE and not interval.high_closed:
        end = ("đến trước {}", "to before {}")
    both = [number for number in (low, high) if number is not None]
    return _both(start[0] + end[0], start[1] + end[1], both, unit)


def say_linear(linear: Linear, facts: Facts) -> Text:
    """A sum of figures, by their labels."""

    def spelled(lang: Lang) -> str:
        parts = [_term(facts, name, coefficient, lang) for name, coefficient in linear.terms]
        if linear.constant or not parts:
            parts.append(_signed(linear.constant, show(_size(linear.constant), lang)))
        return " ".join(parts).removeprefix("+ ")

    return Text(spelled("vi"), spelled("en"))


def _term(facts: Facts, name: str, coefficient: Exact, lang: Lang) -> str:
    label = facts[name].label if name in facts else name
    times = "" if abs(coefficient) == 1 else show(_size(coefficient), lang) + " × "
    return _signed(coefficient, times + label)


def _size(number: Exact) -> Exact:
    return -number if number < 0 else number


def _signed(number: Exact, text: str) -> str:
    return f"{'-' if number < 0 else '+'} {text}"


def say_measure(measure: Measure, facts: Facts) -> Text:
    """A measure, by the labels of its figures."""
    if isinstance(measure, Linear):
        return say_linear(measure, facts)
    return joined((_bracketed(measure.top, facts), _bracketed(measure.bottom, facts)), " / ")


def _bracketed(linear: Linear, facts: Facts) -> Text:
    said = say_linear(linear, facts)
    alone = len(linear.terms) == 1 and not linear.constant
    return said if alone else Text(f"({said.vi})", f"({said.en})")


def say_condition(condition: Condition, facts: Facts) -> Text:
    """A condition in words."""
    match condition:
        case Within(measure, interval):
            words = say_measure(measure, facts), say_interval(interval, unit_of(measure, facts))
            return joined(words, " ")
        case Chosen(fact, options):
            known = facts.get(fact)
            names = dict(known.options) if known else {}
            chosen = [_option(name, names) for name in options]
            label = known.label if known else fact
            return joined((Text(label, label), joined(chosen, " hoặc ", " or ")), ": ")
        case AllOf(()):
            return Text("các trường hợp khác", "otherwise")
        case AnyOf(()):
            return Text("không trường hợp nào", "never")
        case AllOf(parts):
            return joined((say_condition(part, facts) for part in parts), " và ", " and ")
    inner = joined((say_condition(part, facts) for part in condition.parts), " hoặc ", " or ")
    return Text(f"({inner.vi})", f"({inner.en})")


_YES_NO = {"co": Text("có", "yes"), "khong": Text("không", "no")}


def _option(name: str, labels: Mapping[str, str]) -> Text:
    label = labels.get(name)
    return Text(label, label) if label else _YES_NO.get(name, Text(name, name))


def say_seen(seen: Seen, facts: Facts) -> Text:
    """What a measure came to: `19/20 = 95%`, `2/3 ≈ 66,67%`, or `label = 3`."""
    unit = unit_of(seen.measure, facts)

    def spelled(lang: Lang) -> str:
        value = say_value(seen.value, unit, lang)
        if seen.is_at_zero:
            return Text(f"mẫu số bằng 0, tính là {value}", f"the denominator is 0, taken as {value}").said(lang)
        left = say_measure(seen.measure, facts).said(lang)
        if isinstance(seen.measure, Ratio):
            left = _over(seen.top, seen.bottom, lang)
        return f"{left} ≈ {value[1:]}" if value.startswith("≈") else f"{left} = {value}"

    return Text(spelled("vi"), spelled("en"))


def _over(top: Exact, bottom: Exact, lang: Lang) -> str:
    return f"{show(top, lang)}/{show(bottom, lang)}"


def say_points(base: Fraction, slope: Fraction, measure: Measure) -> Text:
    """The points of a piece: a number, or what to multiply."""
    if not slope:
        return in_points(base)
    names = Text("tỉ số", "ratio") if isinstance(measure, Ratio) else Text("số liệu", "figure")

    def spelled(lang: Lang) -> str:
        times = f"{names.said(lang)} × {show(abs(slope), lang)}"
        if not base:
            return times if slope > 0 else "-" + times
        return f"{show(base, lang)} {'+' if slope > 0 else '-'} {times}"

    return Text(spelled("vi"), spelled("en"))


def say_trace(trace: Trace, facts: Facts) -> Text:
    """How a rule gave its points."""
    match trace:
        case PieceTrace(_, seen, piece):
            return _said_piece(seen, piece, facts)
        case TableTrace(_, fact, option):
            labels = dict(facts[fact].options) if fact in facts else {}
            chosen, points = _option(option.name, labels), in_points(option.points)
            return joined((chosen, points), " → ")
        case SumTrace():
            return _said_sum(trace, facts)
        case SwitchTrace(_, when, _, seen, inner):
            return _said_case(when, seen, inner, facts)
        case AverageTrace():
            return _said_average(trace)
    awarded = in_points(trace.points)
    return Text(f"chấm trực tiếp {awarded.vi}", f"awarded {awarded.en}")


def _said_piece(seen: Seen, piece: Piece, facts: Facts) -> Text:
    interval = say_interval(piece.interval, unit_of(seen.measure, facts))
    points = say_points(piece.base, piece.slope, seen.measure)
    everywhere = piece.interval == Interval()
    return joined((say_seen(seen, facts), points if everywhere else joined((interval, points), " → ")), ": ")


def _said_sum(trace: SumTrace, facts: Facts) -> Text:
    parts = [_said_part(part.label, part.trace, facts) for part in trace.parts]
    if trace.base or not parts:
        parts.insert(0, in_points(trace.base))
    told = joined(parts, "; ")
    if trace.points == trace.unclamped:
        return told
    vi, en = ("tối đa", "at most") if trace.points < trace.unclamped else ("tối thiểu", "at least")
    return Text(
        f"{told.vi}; cộng {show(trace.unclamped)}, {vi} {show(trace.points)}",
        f"{told.en}; adds to {show(trace.unclamped, 'en')}, {en} {show(trace.points, 'en')}",
    )


def _said_part(label: str, trace: Trace, facts: Facts) -> Text:
    """A part of a sum: its points, and what was looked at where it is not a plain yes or no."""
    inner = say_trace(trace, facts)
    name = f"{label}: " if label else ""
    if label and isinstance(trace, PieceTrace) and trace.piece.slope:
        return Text(f"{name}{inner.vi} = {show(trace.points)}", f"{name}{inner.en} = {show(trace.points, 'en')}")
    if label and isinstance(trace, TableTrace | SwitchTrace):
        return Text(f"{name}{show(trace.points)}", f"{name}{show(trace.points, 'en')}")
    return Text(f"{name}{inner.vi}", f"{name}{inner.en}")


def _said_case(when: Condition, seen: Iterable[Seen], inner: Trace, facts: Facts) -> Text:
    looked = list(dict.fromkeys(say_seen(found, facts) for found in seen))
    held = joined(looked, ", ") if looked else say_condition(when, facts)
    return joined((held, say_trace(inner, facts)), " → ")


def _said_average(trace: AverageTrace) -> Text:
    def spelled(lang: Lang) -> str:
        parts = " + ".join(f"{tally.count} × {show(tally.points, lang)}" for tally in trace.tallies)
        mean = trace.total / trace.count
        told = f"({parts}) / {trace.count} = {_over(trace.total, Fraction(trace.count), lang)}"
        return f"{told} = {show(mean, lang)}" + _said_rounding(mean, trace.rounding, lang)

    return Text(spelled("vi"), spelled("en"))


def _said_rounding(value: Fraction, rounding: Rounding | None, lang: Lang) -> str:
    if rounding is None or (value / rounding.step).denominator == 1:
        return ""
    from cchc_index.scoring.evaluate import rounded

    step, result = show(rounding.step, lang), show(rounded(value, rounding), lang)
    tie = is_tie(value, rounding.step)
    words = {"vi": ("làm tròn đến", ", đúng giữa: lấy lên"), "en": ("rounded to", ", a tie: up")}[lang]
    return f" → {words[0]} {step}{words[1] if tie else ''}: {result}"


_POLICIES = {
    Policy.REMOVED: Text("không đánh giá; bỏ khỏi điểm tối đa", "not assessed; taken out of the maximum"),
    Policy.RESCALED: Text("không đánh giá; phần còn lại quy đổi", "not assessed; the rest is rescaled"),
    Policy.FULL: Text("không đánh giá; được điểm tối đa", "not assessed; counts as full points"),
    Policy.UNCOUNTED: Text("không tính chỉ số này; điểm tối đa giữ nguyên", "not counted; the maximum stays"),
    Policy.FORBIDDEN: Text("không được bỏ đánh giá", "may not be left out"),
}


def say_policy(policy: Policy) -> Text:
    """What not applying a criterion does."""
    return _POLICIES[policy]


_NOT_SAID = Text("văn bản không quy định cách chấm", "how to score is not stated")


def say_observed(observed: Observed, line: Line) -> Text:
    """What could be computed, or why it could not."""
    name = observed.name
    if observed.absent:
        lacking = ", ".join(observed.absent)
        return Text(f"{name}: chưa có số liệu ({lacking})", f"{name}: figures not given ({lacking})")
    if observed.seen:
        facts = {fact.name: fact for fact, _ in line.inputs}
        unit, value = unit_of(observed.seen.measure, facts), observed.seen.value
        return Text(f"{name}: {say_value(value, unit, 'vi')}", f"{name}: {say_value(value, unit, 'en')}")
    if observed.tier:
        return Text(f"{name}: {observed.tier}", f"{name}: {observed.tier}")
    return Text(f"{name}: văn bản không nói", f"{name}: not stated")


def why(line: Line) -> Text:
    """The sentence that explains the points of one line of a card, then what could be computed beside them."""
    return joined([_why_points(line), *(say_observed(seen, line) for seen in line.observed)], "; ")


def _why_points(line: Line) -> Text:
    if line.exempted:
        told = say_policy(line.exempted.exemption.policy)
        reason = f": {line.exempted.reason}" if line.exempted.reason else ""
        return Text(told.vi + reason, told.en + reason)
    if line.trace:
        told = say_trace(line.trace, {fact.name: fact for fact, _ in line.inputs})
    elif line.children:
        told = Text("cộng các mục con", "sum of its parts")
    else:
        told = _NOT_SAID
    if line.unrounded is NOT_STATED or line.unrounded is None or line.points is NOT_STATED:
        return told
    if line.rounding is None and line.points < line.unrounded:
        return Text(f"{told.vi}; tối đa {show(line.points)}", f"{told.en}; at most {show(line.points, 'en')}")
    vi, en = (_said_rounding(line.unrounded, line.rounding, lang) for lang in ("vi", "en"))
    return Text(told.vi + vi, told.en + en)


_STATUSES = {
    Status.FULL: Text("đạt", "full"),
    Status.PARTIAL: Text("đạt một phần", "partial"),
    Status.NONE: Text("không đạt", "none"),
    Status.EXEMPT: Text("không đánh giá", "not assessed"),
    Status.NOT_STATED: Text("không quy định", "not stated"),
}


def say_status(status: Status) -> Text:
    return _STATUSES[status]


def say_basis(basis: Basis) -> Text:
    """The sentence a rule stands on, in its own words; a reading says that it is one."""
    match basis:
        case Quote(text, citation):
            return Text(f"«{text}» ({citation})", f"«{text}» ({citation})")
        case Reading(text, origin):
            return Text(f"Cách hiểu: {text} ({origin})", f"Reading: {text} ({origin})")
    return Text("", "")


def rows_of(rule: Rule, facts: Facts) -> Iterator[tuple[Text, Basis]]:
    """A rule as the rows of a table: what must hold and the points, with the sentence behind it."""
    match rule:
        case Piecewise(measure, pieces):
            head, unit = say_measure(measure, facts), unit_of(measure, facts)
            yield Text(f"{head.vi}:", f"{head.en}:"), NOT_STATED
            for piece in pieces:
                points = say_points(piece.base, piece.slope, measure)
                yield joined((say_interval(piece.interval, unit), points), " → "), piece.basis
        case Table():
            yield from _rows_of_table(rule, facts)
        case Sum():
            yield from _rows_of_sum(rule, facts)
        case Switch(cases):
            for case in cases:
                yield from _rows_under(say_condition(case.when, facts), case.rule, case.basis, facts)
        case Average(records, inner):
            label = facts[records].label if records in facts else records
            fields = {fact.name: fact for fact in facts[records].fields} if records in facts else {}
            yield Text(f"Trung bình theo {label}:", f"Mean over {label}:"), NOT_STATED
            yield from rows_of(inner, {**facts, **fields})
        case _:
            yield Text("Chấm trực tiếp", "Awarded directly"), rule.basis


def _rows_of_table(rule: Table, facts: Facts) -> Iterator[tuple[Text, Basis]]:
    """The options with their points; that "no" gives none goes without saying."""
    labels = dict(facts[rule.fact].options) if rule.fact in facts else {}
    for option in rule.options:
        if option.name != NO or option.points:
            points = in_points(option.points)
            yield joined((_option(option.name, labels), points), " → "), option.basis


def _rows_of_sum(rule: Sum, facts: Facts) -> Iterator[tuple[Text, Basis]]:
    if rule.base or not rule.terms:
        yield in_points(rule.base), NOT_STATED
    for term in rule.terms:
        rows = list(rows_of(term.rule, facts))
        if term.label:
            repeated = any(basis == term.basis for _, basis in rows)
            yield Text(f"{term.label}:", f"{term.label}:"), NOT_STATED if repeated else term.basis
        yield from rows
    for limit, vi, en in ((rule.floor, "Không thấp hơn", "At least"), (rule.cap, "Không quá", "At most")):
        if limit is not None and rule.terms:
            yield joined((Text(vi, en), in_points(limit)), " "), NOT_STATED


def _rows_under(head: Text, rule: Rule, basis: Basis, facts: Facts) -> Iterator[tuple[Text, Basis]]:
    inner = list(rows_of(rule, facts))
    if len(inner) == 1:
        yield joined((head, inner[0][0]), " → "), inner[0][1] if basis is NOT_STATED else basis
        return
    yield Text(f"{head.vi}:", f"{head.en}:"), basis
    yield from inner
