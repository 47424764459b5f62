"""The exact engine for one rule: one `match` over the six rules.

Each rule is taken apart once and gives a function from figures to its trace; `missing_from` reads the same rules for
the figures they still lack.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction

from cchc_index.errors import Path, Text
from cchc_index.figures import Figures
from cchc_index.measures import Within, names_of_condition, tests_of
from cchc_index.points import round_half_up, show, total
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    own_names,
    parts_of,
)
from cchc_index.scoring.conditions import Look, Pair, StatedPair, Test, Undefined, look_at, test_of
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

Run = Callable[[Figures], Trace]
"""Figures to a trace. Raises Undefined, OutOfBounds, and MissingFigure for the first figure that is not there."""


class OutOfBounds(Exception):
    """Awarded points that no one may award. Never leaves the library."""

    def __init__(self, fact: str, text: Text) -> None:
        super().__init__(text.vi)
        self.fact = fact
        self.text = text


def run_of(rule: Rule) -> Run:
    """How a rule gives its points."""
    match rule:
        case Piecewise():
            return _piecewise(rule)
        case Table():
            return _table(rule)
        case Sum():
            return _sum(rule)
        case Switch():
            return _SWITCHES[rule.choose](_Prepared(rule))
        case Average():
            return _average(rule)
    return _awarded(rule)


def _piecewise(rule: Piecewise) -> Run:
    measure, look = rule.measure, look_at(rule.measure)
    pieces = [(*piece.interval.ends, piece, _affine(piece)) for piece in rule.pieces]

    def run(figures: Figures) -> Trace:
        pair = look(figures)
        if pair is None:
            raise _zero_denominator()
        top, bottom = pair
        for low_n, low_d, low_closed, high_n, high_d, high_closed, piece, points in pieces:
            above, below = top * low_d - low_n * bottom, high_n * bottom - top * high_d
            if (above > 0 or (low_closed and above == 0)) and (below > 0 or (high_closed and below == 0)):
                seen = Seen(measure, top, bottom, isinstance(pair, StatedPair))
                return PieceTrace(points(top, bottom), seen, piece)
        raise _no_band(pair)

    return run


def _affine(piece: Piece) -> Callable[..., Fraction]:
    """Points of a piece from the numerator and the denominator of its measure."""
    base, slope = piece.base, piece.slope
    if not slope:
        return lambda _top, _bottom: base
    n, d = slope.numerator, slope.denominator
    if not base:
        return lambda top, bottom: Fraction(n * top, d * bottom)
    return lambda top, bottom: base + Fraction(n * top, d * bottom)


def _no_band(pair: Pair) -> Undefined:
    value = Fraction(*pair)
    return Undefined(
        Text(f"giá trị {show(value)} không nằm trong bậc nào", f"the value {show(value, 'en')} is in no band")
    )


def _zero_denominator() -> Undefined:
    return Undefined(
        Text("mẫu số bằng 0 và văn bản không nói tính thế nào", "the denominator is 0 and nothing is said of it")
    )


def _table(rule: Table) -> Run:
    fact, by_name = rule.fact, {option.name: option for option in rule.options}

    def run(figures: Figures) -> Trace:
        chosen = figures[fact]
        option = by_name.get(chosen)
        if option is None:
            said = Text(f"phương án «{chosen}» không có điểm", f"the option «{chosen}» has no points stated")
            raise Undefined(said)
        return TableTrace(option.points, fact, option)

    return run


def _sum(rule: Sum) -> Run:
    terms = [(term.label, term.basis, run_of(term.rule)) for term in rule.terms]
    base = rule.base
    if not terms:
        always = SumTrace(_clamped(base, rule), base, (), base)
        return lambda _figures: always

    def run(figures: Figures) -> Trace:
        parts = tuple([PartTrace(label, basis, run(figures)) for label, basis, run in terms])
        unclamped = total([base, *[part.trace.points for part in parts]])
        return SumTrace(_clamped(unclamped, rule), base, parts, unclamped)

    return run


def _clamped(points: Fraction, rule: Sum) -> Fraction:
    if rule.cap is not None and points > rule.cap:
        points = rule.cap
    return rule.floor if rule.floor is not None and points < rule.floor else points


class _Prepared:
    """The cases of a switch, taken apart."""

    def __init__(self, rule: Switch) -> None:
        self.tests: list[Test] = [test_of(case.when) for case in rule.cases]
        self.cases: list[Run] = [_case(case) for case in rule.cases]


def _case(case: Case) -> Run:
    run, when, basis = run_of(case.rule), case.when, case.basis
    looks: list[tuple[Within, Look]] = [(t, look_at(t.measure)) for t in tests_of(when) if isinstance(t, Within)]

    def run_case(figures: Figures) -> Trace:
        inner = run(figures)
        pairs = [(test.measure, look(figures)) for test, look in looks]
        seen = tuple(
            [Seen(measure, *pair, isinstance(pair, StatedPair)) for measure, pair in pairs if pair is not None]
        )
        return SwitchTrace(inner.points, when, basis, seen, inner)

    return run_case


def _first(switch: _Prepared) -> Run:
    def run(figures: Figures) -> Trace:
        for test, case in zip(switch.tests, switch.cases, strict=True):
            holds = test(figures)
            if holds is None:
                raise _zero_denominator()
            if holds:
                return case(figures)
        raise _no_level()

    return run


def _only(switch: _Prepared) -> Run:
    def run(figures: Figures) -> Trace:
        truths = [test(figures) for test in switch.tests]
        if None in truths:
            raise _zero_denominator()
        if truths.count(True) > 1:
            count = truths.count(True)
            raise Undefined(Text(f"{count} mức cùng phù hợp", f"{count} levels fit at the same time"))
        if True not in truths:
            raise _no_level()
        return switch.cases[truths.index(True)](figures)

    return run


def _best(switch: _Prepared) -> Run:
    """The best level that holds; one that hangs on a zero denominator counts against it only when it is better."""

    def run(figures: Figures) -> Trace:
        truths = [test(figures) for test in switch.tests]
        found = [(holds, case(figures)) for holds, case in zip(truths, switch.cases, strict=True) if holds is not False]
        if not found:
            raise _no_level()
        holds, best = max(found, key=lambda pair: (pair[1].points, pair[0] is True))
        if holds is None:
            raise _zero_denominator()
        return best

    return run


_SWITCHES = {Choose.FIRST: _first, Choose.ONLY: _only, Choose.BEST: _best}


def _no_level() -> Undefined:
    return Undefined(Text("không mức nào phù hợp", "no level fits"))


def _average(rule: Average) -> Run:
    name, run_one, rounding = rule.records, run_of(rule.rule), rule.rounding

    def run(figures: Figures) -> Trace:
        records = figures[name]
        if not records:
            raise Undefined(Text("không có bản ghi nào", "there is no record"))
        traces = [_one_record(run_one, record, number) for number, record in enumerate(records, 1)]
        whole = total([trace.points for trace in traces])
        points = rounded(whole / len(traces), rounding)
        return AverageTrace(points, name, len(traces), whole, _tallied(traces), rounding)

    return run


def _one_record(run: Run, figures: Figures, number: int) -> Trace:
    try:
        return run(figures)
    except Undefined as problem:
        vi, en = problem.text.vi, problem.text.en
        raise Undefined(Text(f"bản ghi thứ {number}: {vi}", f"record {number}: {en}")) from None


def _tallied(traces: Iterable[Trace]) -> tuple[Tally, ...]:
    counts = Counter([(*trace.points.as_integer_ratio(), basis_of(trace)) for trace in traces])
    tallies = [Tally(Fraction(top, bottom), count, basis) for (top, bottom, basis), count in counts.items()]
    return tuple(sorted(tallies, key=lambda tally: (-tally.points, str(tally.basis))))


def rounded(points: Fraction, rounding: Rounding | None) -> Fraction:
    """Points rounded by the rounding a decision orders, if it orders one."""
    return points if rounding is None else round_half_up(points, rounding.step)


def _awarded(rule: Awarded) -> Run:
    fact, low, high, step, basis = rule.fact, rule.low, rule.high, rule.step, rule.basis

    def run(figures: Figures) -> Trace:
        points = Fraction(figures[fact])
        if low is not None and points < low:
            raise OutOfBounds(fact, _beyond(points, low, "thấp hơn mức thấp nhất", "is below the least"))
        if high is not None and points > high:
            raise OutOfBounds(fact, _beyond(points, high, "vượt điểm tối đa", "is above the maximum"))
        if step is not NOT_STATED and (points / step).denominator != 1:
            raise OutOfBounds(fact, _beyond(points, step, "không theo bước điểm", "is not in steps of"))
        return AwardedTrace(points, fact, basis)

    return run


def _beyond(points: Fraction, limit: Fraction, vi: str, en: str) -> Text:
    return Text(f"{show(points)} {vi} {show(limit)}", f"{show(points, 'en')} {en} {show(limit, 'en')}")


def missing_from(rule: Rule, figures: Figures) -> list[Path]:
    """Every figure that a rule still needs, given those that are there: another reading of the same six rules.

    A switch needs the figures of its conditions (of the levels up to the one that holds, where the first counts); the
    figures of a case only once that case can count.
    """
    if isinstance(rule, Switch) and rule.choose is Choose.FIRST:
        return _missing_from_first(rule, figures)
    absent: list[Path] = [(name,) for name in own_names(rule) if not figures.has(name)]
    if absent:
        return absent
    if isinstance(rule, Average):
        return _missing_from_records(rule, figures)
    if isinstance(rule, Switch):
        held = [case for case in rule.cases if _may_hold(case, figures) is not False]
        return [path for case in held for path in missing_from(case.rule, figures)]
    return [path for part in parts_of(rule) for path in missing_from(part, figures)]


def _missing_from_first(rule: Switch, figures: Figures) -> list[Path]:
    for case in rule.cases:
        absent: list[Path] = [(name,) for name in names_of_condition(case.when) if not figures.has(name)]
        if absent:
            return absent
        holds = _may_hold(case, figures)
        if holds is not False:
            return missing_from(case.rule, figures) if holds else []
    return []


def _may_hold(case: Case, figures: Figures) -> bool | None:
    try:
        return test_of(case.when)(figures)
    except Undefined:
        return None


def _missing_from_records(rule: Average, figures: Figures) -> list[Path]:
    records: tuple[Figures, ...] = figures[rule.records]
    return [
        (rule.records, number, *path)
        for number, record in enumerate(records)
        for path in missing_from(rule.rule, record)
    ]
