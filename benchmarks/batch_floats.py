"""The same rules in binary floating point, as they are usually written: what exact columns are measured against.

One reading of the six rules for anything that has + - * / and comparisons: NumPy arrays and Polars expressions.
`float_columns` makes the columns of floats that both need out of the frame that scoring by columns reads; a mean over
records reads the sums that are made there.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from attrs import frozen

from cchc_index.criteria import AdjustmentKind, Criterion, Policy, Ruleset
from cchc_index.facts import Period, Submission
from cchc_index.figures import read_figures
from cchc_index.measures import YES, AllOf, Chosen, Condition, Fact, FactType, Interval, Linear, Measure, Within
from cchc_index.rules import Average, Choose, Piecewise, Rule, Sum, Switch, Table, parts_of
from cchc_index.scoring.generate import in_order
from cchc_index.scoring.plans import by_condition
from cchc_index.sources import NOT_STATED

EPOCH = datetime.date(1970, 1, 1).toordinal()


@frozen
class Floats:
    """How a float backend looks at a figure and chooses between two values."""

    rules: Ruleset
    facts: Mapping[str, Fact]
    figure: Callable[[str], Any]
    choose: Callable[[Any, Any, Any], Any]
    floor: Callable[[Any], Any]
    always: Any

    def total(self) -> tuple[Any, Any, dict[str, Any]]:
        """Points, maximum and the points of each area."""
        areas, gone = {}, 0.0
        for criterion in self.rules.criteria:
            areas[criterion.code], more = self.criterion(criterion)
            gone = gone + more
        points = reduce(lambda one, other: one + other, areas.values())
        for adjustment in self.rules.adjustments:
            value = self.rule(adjustment.criterion.rule)
            if adjustment.criterion.max_points is not NOT_STATED:
                value = self.least(value, float(adjustment.criterion.max_points))
            points = points - value if adjustment.kind is AdjustmentKind.PENALTY else points + value
        if self.rules.rounding:
            points = self.rounded(points, float(self.rules.rounding.step))
        return points, float(self.rules.max_points) - gone, areas

    def ranked(self) -> Any:
        """Which units are ranked."""
        when = self.rules.ranking.unranked_when if self.rules.ranking else None
        return self.always if when is None else ~self.condition(when)

    def rounded(self, value: Any, step: float) -> Any:
        return self.floor(value / step + 0.5) * step

    def least(self, one: Any, other: Any) -> Any:
        return self.choose(one > other, other, one)

    def criterion(self, criterion: Criterion) -> tuple[Any, Any]:
        points, gone = 0.0, 0.0
        if criterion.children:
            for child in criterion.children:
                value, more = self.criterion(child)
                points, gone = points + value, gone + more
        else:
            points = self.rule(criterion.rule)
        points = self.rounded(points, float(criterion.rounding.step)) if criterion.rounding else points
        whole = 0.0 if criterion.max_points is NOT_STATED else float(criterion.max_points)
        for exemption in reversed(by_condition(criterion)):
            holds = self.condition(exemption.when)
            points = self.choose(holds, whole if exemption.policy is Policy.FULL else 0.0, points)
            gone = self.choose(holds, whole if exemption.policy is Policy.REMOVED else 0.0, gone)
        return points, gone

    def linear(self, linear: Linear) -> Any:
        terms = [self.figure(name) if c == 1 else float(c) * self.figure(name) for name, c in linear.terms]
        total = reduce(lambda one, other: one + other, terms)
        return total + float(linear.constant) if linear.constant else total

    def measure(self, measure: Measure) -> Any:
        if isinstance(measure, Linear):
            return self.linear(measure)
        top, bottom = self.linear(measure.top), self.linear(measure.bottom)
        if measure.at_zero is NOT_STATED:
            return top / bottom
        return self.choose(bottom == 0, float(measure.at_zero), top / bottom)

    def within(self, value: Any, interval: Interval) -> Any:
        tests = []
        if interval.low is not None:
            low = float(interval.low)
            tests.append(value >= low if interval.low_closed else value > low)
        if interval.high is not None:
            high = float(interval.high)
            tests.append(value <= high if interval.high_closed else value < high)
        return reduce(lambda one, other: one & other, tests) if tests else value == value  # noqa: PLR0124

    def condition(self, condition: Condition) -> Any:
        match condition:
            case Within(measure, interval):
                return self.within(self.measure(measure), interval)
            case Chosen(fact, options):
                return reduce(lambda one, other: one | other, [self.is_option(fact, name) for name in options])
            case AllOf(()):
                return self.always
            case AllOf(parts):
                return reduce(lambda one, other: one & other, [self.condition(part) for part in parts])
        return reduce(lambda one, other: one | other, [self.condition(part) for part in condition.parts])

    def is_option(self, name: str, option: str) -> Any:
        fact = self.facts[name]
        if fact.type is FactType.YES_NO:
            return self.figure(name) if option == YES else ~self.figure(name)
        return self.figure(name) == [known for known, _ in fact.options].index(option)

    def rule(self, rule: Any) -> Any:
        match rule:
            case Piecewise(measure, pieces):
                value, found = self.measure(measure), 0.0
                for piece in pieces:
                    points = float(piece.base) + float(piece.slope) * value if piece.slope else float(piece.base)
                    found = self.choose(self.within(value, piece.interval), points, found)
                return found
            case Table(fact, options):
                return self.first([(self.is_option(fact, one.name), float(one.points)) for one in options])
            case Sum():
                return self.sum(rule)
            case Switch():
                cases = in_order(rule) if rule.choose is Choose.BEST else rule.cases
                return self.first([(self.condition(case.when), self.rule(case.rule)) for case in cases])
            case Average():
                return self.average(rule)
        return self.figure(rule.fact)

    def first(self, cases: list[tuple[Any, Any]]) -> Any:
        found: Any = 0.0
        for holds, value in reversed(cases):
            found = self.choose(holds, value, found)
        return found

    def sum(self, rule: Sum) -> Any:
        total: Any = float(rule.base)
        for term in rule.terms:
            total = total + self.rule(term.rule)
        if isinstance(total, float):
            return total
        total = total if rule.cap is None else self.least(total, float(rule.cap))
        return total if rule.floor is None else self.choose(total < float(rule.floor), float(rule.floor), total)

    def average(self, rule: Average) -> Any:
        value = self.figure(f"{rule.records}/+") / self.figure(f"{rule.records}/#")
        return self.rounded(value, float(rule.rounding.step)) if rule.rounding else value


def float_columns(rules: Ruleset, frame: pl.DataFrame, period: Period) -> dict[str, Any]:
    """The figures of a frame as floats, codes and truths, with the sums of records, by NumPy."""
    facts = rules.facts_by_name
    columns = {name: _floats(frame[name]) for name in frame.columns if _is_plain(facts.get(name.partition(".")[0]))}
    given = {name: fact for name, fact in facts.items() if fact.given is not None}
    fixed = read_figures(given, Submission("", {}, period=period))
    columns |= {name: np.float64(fixed[name] - EPOCH) for name in given}
    for criterion in rules.walk():
        if criterion.rule is not NOT_STATED:
            for rule in _means(criterion.rule):
                columns |= _sums(rules, rule, frame[rule.records], columns)
    return columns


def _means(rule: Rule) -> Iterator[Average]:
    if isinstance(rule, Average):
        yield rule
    for part in parts_of(rule):
        yield from _means(part)


def _is_plain(fact: Fact | None) -> bool:
    return fact is not None and fact.type not in (FactType.RECORDS, FactType.LABEL)


def _floats(series: pl.Series) -> Any:
    if series.dtype == pl.Boolean:
        return series.to_numpy()
    if series.dtype == pl.Enum:
        return series.to_physical().to_numpy()
    return series.cast(pl.Int32 if series.dtype == pl.Date else series.dtype).cast(pl.Float64).to_numpy()


def _sums(rules: Ruleset, rule: Average, lists: pl.Series, columns: dict[str, Any]) -> dict[str, Any]:
    """How many records each row has, and what their points come to."""
    fields = {one.name: one for one in rules.facts_by_name[rule.records].fields}
    flat = lists.explode().struct.unnest()
    inner = columns | {name: _floats(flat[name]) for name, fact in fields.items() if _is_plain(fact)}
    points = numpy_backend(rules, {**rules.facts_by_name, **fields}, inner).rule(rule.rule)
    counts = lists.list.len().to_numpy().astype(np.int64)
    sums = np.add.reduceat(points, np.cumsum(counts) - counts)
    return {f"{rule.records}/+": sums, f"{rule.records}/#": counts.astype(float)}


def numpy_backend(rules: Ruleset, facts: Mapping[str, Fact], columns: dict[str, Any]) -> Floats:
    return Floats(rules, facts, columns.__getitem__, np.where, np.floor, always=True)


def numpy_floats(rules: Ruleset, columns: dict[str, Any]) -> dict[str, Any]:
    """Points, areas, index, grade and place by whole columns of floats; what is divided by 0 is not looked at later."""
    with np.errstate(all="ignore"):
        return _numpy_floats(rules, columns)


def _numpy_floats(rules: Ruleset, columns: dict[str, Any]) -> dict[str, Any]:
    backend = numpy_backend(rules, rules.facts_by_name, columns)
    points, whole, areas = backend.total()
    index, grades = points / whole, rules.scales[0].grades
    grade = np.select([backend.within(index, one.interval) for one in grades], np.arange(len(grades)), -1)
    picked = np.flatnonzero(np.broadcast_to(backend.ranked(), len(index)))
    order = picked[np.argsort(-index[picked])]
    ordered = index[order]
    starts = np.ones(len(order), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    place = np.zeros(len(index), np.int32)
    place[order] = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0)) + 1
    found = {code: np.floor(value * 100 + 0.5) for code, value in areas.items()}
    found |= {"points": np.floor(points * 100 + 0.5), "index": np.floor(index * 10_000 + 0.5)}
    return found | {"grade": grade, "place": place}


def _choose(test: Any, one: Any, other: Any) -> Any:
    return pl.when(test).then(one).otherwise(other)


def polars_floats(rules: Ruleset, frame: pl.DataFrame) -> pl.DataFrame:
    """The same as one Polars query over both cores."""
    backend = Floats(
        rules, rules.facts_by_name, pl.col, _choose, lambda value: value.floor(), always=pl.lit(value=True)
    )
    points, whole, areas = backend.total()
    named = [value.alias(f"area {code}") for code, value in areas.items()]
    ranked = pl.when(backend.ranked()).then(points / whole).alias("ranked")
    lazy = frame.lazy().select([*named, points.alias("points"), (points / whole).alias("share"), ranked])
    share, grades = pl.col("share"), rules.scales[0].grades
    grade = backend.first([(backend.within(share, one.interval), pl.lit(number)) for number, one in enumerate(grades)])
    found = [((pl.col(f"area {code}") * 100 + 0.5).floor()).alias(code) for code in areas]
    found += [(pl.col("points") * 100 + 0.5).floor().alias("points"), (share * 10_000 + 0.5).floor().alias("index")]
    return lazy.select(
        [*found, grade.alias("grade"), pl.col("ranked").rank("min", descending=True).fill_null(0).alias("place")]
    ).collect()
