"""The exact engine for one rule: one `match` over the six rules.

Each rule is taken apart once and gives a function from figures to its trace; `missing_from` reads the same rules for
the figures they still lack.

Longer than most modules: the whole engine for the six rules can be read here in one place.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from operator import itemgetter
from typing import TypeVar

from cchc_index.errors import Path, Text
from cchc_index.figures import Figures
from cchc_index.measures import Interval, Measure, Within, cells_of, names_of_condition, tests_of
from cchc_index.points import is_above, over_integers, quotient, round_half_up, show, total
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
    Term,
    own_names,
    parts_of,
)
from cchc_index.scoring.conditions import Pair, StatedPair, Test, Undefined, look_at, test_of
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
from cchc_index.sources import NOT_STATED, Basis

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
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
    measure = rule.measure
    find = _finder(measure, [(piece.interval, (piece, *_affine(piece))) for piece in rule.pieces])

    def run(figures: Figures) -> Trace:
        pair, (piece, base, slope, scale) = find(figures)
        top, bottom = pair
        seen = Seen(measure, top, bottom, type(pair) is StatedPair)
        if not slope:
            return PieceTrace(piece.base, seen, piece)
        n, d = over_integers(top, bottom)
        return PieceTrace(Fraction(base * d + slope * n, scale * d), seen, piece)

    return run


def _affine(piece: Piece) -> tuple[int, int, int]:
    """Base and slope of a piece as integers, and the denominator of both."""
    (base, base_d), (slope, slope_d) = piece.base.as_integer_ratio(), piece.slope.as_integer_ratio()
    scale = lcm(base_d, slope_d)
    return base * (scale // base_d), slope * (scale // slope_d), scale


def _finder(measure: Measure, ranges: list[tuple[Interval, T]]) -> Callable[[Figures], tuple[Pair, T]]:
    """The value of a measure, and what holds there."""
    look, at = look_at(measure), cells_of(ranges).at

    def find(figures: Figures) -> tuple[Pair, T]:
        pair = look(figures)
        if pair is None:
            raise _zero_denominator()
        top, bottom = pair
        found = at(top, bottom)
        if found is None:
            raise _no_band(pair)
        return pair, found

    return find


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
    return _chooser(rule.fact, _traces(rule))


def _traces(rule: Table) -> dict[str, TableTrace]:
    return {option.name: TableTrace(option.points, rule.fact, option) for option in rule.options}


def _chooser(fact: str, options: Mapping[str, T]) -> Callable[[Figures], T]:
    """What stands for the option that was chosen."""

    def choose(figures: Figures) -> T:
        chosen = figures[fact]
        try:
            return options[chosen]
        except KeyError:
            said = Text(f"phương án «{chosen}» không có điểm", f"the option «{chosen}» has no points stated")
            raise Undefined(said) from None

    return choose


def _sum(rule: Sum) -> Run:
    part_runs, base, clamped = [_part(term) for term in rule.terms], rule.base, _clamp(rule)
    if always := _constant(rule):
        return lambda _figures: always

    def run(figures: Figures) -> Trace:
        parts = [part(figures) for part in part_runs]
        unclamped = total([base, *[part.trace.points for part in parts]])
        return SumTrace(clamped(unclamped), base, tuple(parts), unclamped)

    return run


def _part(term: Term) -> Callable[[Figures], PartTrace]:
    """How one line of a sum comes out. The lines for options are always the same, and made once."""
    label, basis, rule = term.label, term.basis, term.rule
    if isinstance(rule, Table):
        return _chooser(rule.fact, {name: PartTrace(label, basis, trace) for name, trace in _traces(rule).items()})
    run = run_of(rule)
    return lambda figures: PartTrace(label, basis, run(figures))


def _constant(rule: Rule) -> SumTrace | None:
    """The trace of a rule that always gives the same."""
    if not isinstance(rule, Sum) or rule.terms:
        return None
    return SumTrace(_clamp(rule)(rule.base), rule.base, (), rule.base)


def _clamp(rule: Sum) -> Callable[[Fraction], Fraction]:
    """Cut off at the cap, then lifted to the floor."""
    cap, floor = rule.cap, rule.floor

    def clamped(points: Fraction) -> Fraction:
        if cap is not None and is_above(points, cap):
            points = cap
        return floor if floor is not None and is_above(floor, points) else points

    return clamped


class _Prepared:
    """The cases of a switch, taken apart."""

    def __init__(self, rule: Switch) -> None:
        self.tests: list[Test] = [test_of(case.when) for case in rule.cases]
        self.cases: list[Run] = [_case(case) for case in rule.cases]


def _case(case: Case) -> Run:
    run, when, basis, inner = run_of(case.rule), case.when, case.basis, _constant(case.rule)
    measures = [test.measure for test in tests_of(when) if isinstance(test, Within)]
    if inner and not measures:
        always = SwitchTrace(inner.points, when, basis, (), inner)
        return lambda _figures: always
    looks = [(measure, look_at(measure)) for measure in measures]

    def run_case(figures: Figures) -> Trace:
        inner, seen = run(figures), []
        for measure, look in looks:
            if pair := look(figures):
                top, bottom = pair
                seen.append(Seen(measure, top, bottom, type(pair) is StatedPair))
        return SwitchTrace(inner.points, when, basis, tuple(seen), inner)

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
    name, rounding, tallied = rule.records, rule.rounding, _tallies(rule.rule)

    def run(figures: Figures) -> Trace:
        records = figures[name]
        if not records:
            raise Undefined(Text("không có bản ghi nào", "there is no record"))
        tallies = tallied(records)
        whole = total([quotient(tally.points.numerator * tally.count, tally.points.denominator) for tally in tallies])
        points = rounded(quotient(whole.numerator, whole.denominator * len(records)), rounding)
        return AverageTrace(points, name, len(records), whole, tallies, rounding)

    return run


Outcome = tuple[Fraction, Basis]
"""Points and what they stand on: all that a mean keeps of one record."""
Tallied = Callable[[Iterable[Figures]], tuple[Tally, ...]]
"""Records to how many of them came out the same way, the best first."""


def _tallies(rule: Rule) -> Tallied:
    """How records are counted. Options and bands of constant points need no trace, and are put in order once."""
    if isinstance(rule, Table):
        known = _best_first([(option.points, option.basis) for option in rule.options])
        places = {option.name: known.index((option.points, option.basis)) for option in rule.options}
        return _counted(_chooser(rule.fact, places), _by_place(known))
    if isinstance(rule, Piecewise) and not any(piece.slope for piece in rule.pieces):
        known = _best_first([(piece.base, piece.basis) for piece in rule.pieces])
        bands = [(piece.interval, known.index((piece.base, piece.basis))) for piece in rule.pieces]
        find = _finder(rule.measure, bands)
        return _counted(lambda figures: find(figures)[1], _by_place(known))
    run = run_of(rule)

    def traced(figures: Figures) -> Outcome:
        trace = run(figures)
        return trace.points, basis_of(trace)

    return _counted(traced, lambda found: [(outcome, outcome) for outcome in _best_first(found)])


def _counted(key_of: Callable[[Figures], K], ordered: Callable[[Iterable[K]], list[tuple[K, Outcome]]]) -> Tallied:
    def tallied(records: Iterable[Figures]) -> tuple[Tally, ...]:
        counts = Counter(_each_record(key_of, records))
        return tuple([Tally(points, counts[key], basis) for key, (points, basis) in ordered(counts)])

    return tallied


def _each_record(key_of: Callable[[Figures], K], records: Iterable[Figures]) -> list[K]:
    outcomes: list[K] = []
    try:
        for record in records:
            outcomes.append(key_of(record))  # noqa: PERF401
    except Undefined as problem:
        vi, en, number = problem.text.vi, problem.text.en, len(outcomes) + 1
        raise Undefined(Text(f"bản ghi thứ {number}: {vi}", f"record {number}: {en}")) from None
    return outcomes


def _best_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Each outcome once, the most points first; of equal points in the order of what they stand on."""
    spelled = sorted(dict.fromkeys(outcomes), key=lambda outcome: str(outcome[1]))
    return sorted(spelled, key=itemgetter(0), reverse=True)


def _by_place(known: Sequence[Outcome]) -> Callable[[Iterable[int]], list[tuple[int, Outcome]]]:
    return lambda places: [(place, known[place]) for place in sorted(places)]


def rounded(points: Fraction, rounding: Rounding | None) -> Fraction:
    """Points rounded by the rounding a decision orders, if it orders one."""
    return points if rounding is None else round_half_up(points, rounding.step)


def _awarded(rule: Awarded) -> Run:
    fact, low, high, step, basis = rule.fact, rule.low, rule.high, rule.step, rule.basis

    def run(figures: Figures) -> Trace:
        points = Fraction(figures[fact])
        if low is not None and is_above(low, points):
            raise OutOfBounds(fact, _beyond(points, low, "thấp hơn mức thấp nhất", "is below the least"))
        if high is not None and is_above(points, high):
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
