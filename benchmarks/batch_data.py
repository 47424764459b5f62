"""A plain set of 60 criteria and units for any set, made up for measuring: the same seed gives the same units."""

import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from attrs import define, field

from cchc_index.batch.tables import hundredths
from cchc_index.criteria import (
    Application,
    Basing,
    Criterion,
    Grade,
    GradeScale,
    Level,
    Ranking,
    Ruleset,
    Scope,
)
from cchc_index.facts import Period
from cchc_index.measures import Fact, FactType, Interval, figure, ratio
from cchc_index.rules import Option, Piece, Piecewise, Rule, Sum, Table, Term
from cchc_index.sources import Citation, Reading

PLACE = Citation("MAU", "bịa để đo tốc độ")
QUARTER = Fraction(1, 4)
PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
START = datetime.date(2025, 1, 1)


def from_to(low: Fraction | None, high: Fraction | None) -> Interval:
    return Interval(low, high, low_closed=low is not None)


def bands(part: str, whole: str, points: Fraction) -> Rule:
    ends = (None, *(Fraction(n, 100) for n in (70, 80, 90, 95, 100)), None)
    pieces = (Piece(from_to(*ends), points * n / 5) for n, ends in enumerate(pairwise(ends)))
    return Piecewise(ratio(part, whole), tuple(pieces))


def proportional(part: str, whole: str, points: Fraction) -> Rule:
    least = Fraction(4, 5)
    pieces = (Piece(from_to(least, None), Fraction(0), points), Piece(from_to(None, least), Fraction(0)))
    return Piecewise(ratio(part, whole), pieces)


def checklist(names: list[str]) -> Rule:
    tables = (Table(name, (Option("co", QUARTER), Option("khong", Fraction(0)))) for name in names)
    return Sum(tuple(Term(table) for table in tables))


def deducted(name: str, points: Fraction) -> Rule:
    each = Piecewise(figure(name), (Piece(Interval(), Fraction(0), -QUARTER),))
    return Sum((Term(each),), base=points, floor=Fraction(0))


def plain_set(leaves: int = 60) -> Ruleset:
    """Bands, proportional points, checklists, deductions and choices in eight areas; nothing is rounded."""
    facts: list[Fact] = []
    criteria: list[Criterion] = []
    for number in range(leaves):
        code, kind = f"{number % 8 + 1}.{number // 8 + 1}", number % 15
        part, whole, points = f"a{number}", f"b{number}", Fraction(2 if number % 3 else 1)
        if kind < 7 or kind == 14:
            facts += [Fact(part, f"phần {number}", part_of=whole), Fact(whole, f"toàn thể {number}")]
            rule = proportional(part, whole, points) if kind == 14 else bands(part, whole, points)
        elif kind < 10:
            names = [f"c{number}_{n}" for n in range(4)]
            facts += [Fact(name, f"có {name}", FactType.YES_NO) for name in names]
            rule, points = checklist(names), Fraction(1)
        elif kind < 12:
            facts.append(Fact(part, f"số vụ {number}"))
            rule = deducted(part, points)
        else:
            options = (("tot", "Tốt"), ("kha", "Khá"), ("kem", "Kém"))
            facts.append(Fact(part, f"mức {number}", FactType.CHOICE, options=options))
            given = (points, points / 2, Fraction(0))
            rule = Table(part, tuple(Option(name, worth) for (name, _), worth in zip(options, given, strict=True)))
        criteria.append(Criterion(code, f"tiêu chí {code}", points, PLACE, rule=rule))
    return _gathered(criteria, facts)


def _gathered(criteria: list[Criterion], facts: list[Fact]) -> Ruleset:
    areas = []
    for area in sorted({one.code.split(".")[0] for one in criteria}):
        inside = tuple(one for one in criteria if one.code.split(".")[0] == area)
        most = sum((one.max_points for one in inside), Fraction(0))
        areas.append(Criterion(area, f"lĩnh vực {area}", most, PLACE, children=inside))
    names = (("Tốt", 90, None), ("Khá", 70, 90), ("Trung bình", 50, 70), ("Yếu", None, 50))
    grades = tuple(
        Grade(name, from_to(*(None if end is None else Fraction(end, 100) for end in ends))) for name, *ends in names
    )
    return Ruleset(
        id="mau/do-toc-do",
        version="1",
        title="Bộ MẪU bịa để đo tốc độ",
        scope=Scope.SAMPLE,
        application=Application((Level.COMMUNE,)),
        documents=(),
        criteria=tuple(areas),
        max_points=sum((area.max_points for area in areas), Fraction(0)),
        facts=tuple(facts),
        index_basis=Reading("điểm / điểm tối đa", "bịa"),
        scales=(GradeScale(grades, Basing.INDEX),),
        ranking=Ranking(Basing.INDEX),
    )


def units_for(rules: Ruleset, count: int, seed: int = 0, greatest: int = 300) -> pl.DataFrame:
    """A Polars frame of units that `rules` can score, with shares that often stand on a threshold."""
    made = _Units(rules, np.random.default_rng(seed), count, greatest)
    for fact in rules.facts_by_name.values():
        made.put(fact)
    names = pl.Series("don_vi", np.arange(count)).cast(pl.String)
    return pl.DataFrame({"don_vi": "Đơn vị mẫu " + names, **made.columns})


@define
class _Units:
    rules: Ruleset
    r: Any
    count: int
    greatest: int
    columns: dict[str, Any] = field(factory=dict)

    def put(self, fact: Fact) -> None:
        if fact.name in self.columns or fact.given is not None:
            return
        if fact.part_of:
            self.put(self.rules.facts_by_name[fact.part_of])
        if fact.type is FactType.SURVEY:
            names = [f"{fact.name}.{option}" for option, _ in fact.options]
            self.columns |= {name: self.r.integers(0, 60, self.count) for name in names}
        elif fact.type is FactType.RECORDS:
            self.columns[fact.name] = self.records(fact)
        elif fact.part_of:
            self.columns[fact.name] = self.part(self.columns[fact.part_of], fact)
        else:
            self.columns[fact.name] = self.simple(fact, self.count)

    def part(self, whole: Any, fact: Fact) -> Any:
        """Most often a round share of the whole, or near to it."""
        if fact.type is FactType.AMOUNT:
            return _decimal(whole.cast(pl.Float64).to_numpy() * 100 * self.r.beta(6, 1, self.count))
        shares = self.r.choice([0.5, 0.7, 0.8, 0.9, 0.95, 1.0], self.count)
        near = np.rint(whole * shares) + self.r.integers(-1, 2, self.count)
        drawn = np.where(self.r.random(self.count) < 0.5, near, whole * self.r.beta(6, 1, self.count))
        return np.clip(drawn, 0, whole).astype(np.int64)

    def simple(self, fact: Fact, count: int) -> Any:
        match fact.type:
            case FactType.COUNT:
                return self.number(fact, count)
            case FactType.YES_NO:
                return self.r.random(count) < 0.8
            case FactType.CHOICE:
                names = [name for name, _ in fact.options]
                return pl.Series(np.array(names)[self.r.integers(0, len(names), count)], dtype=pl.Enum(names))
            case FactType.DATE:
                first = START.toordinal() - datetime.date(1970, 1, 1).toordinal()
                return pl.Series(first + self.r.integers(0, 40, count).astype(np.int32)).cast(pl.Date)
            case FactType.LABEL:
                return pl.Series(np.arange(count)).cast(pl.String)
            case FactType.POINTS:
                return _decimal(50 * self.r.integers(0, 3, count))
            case FactType.PERCENT:
                return _decimal(self.r.integers(0, 101, count))
        return _decimal(self.r.integers(100, 500_000, count))

    def number(self, fact: Fact, count: int) -> Any:
        if any(other.part_of == fact.name for other in self.rules.facts_by_name.values()):
            return self.r.integers(1, self.greatest + 1, count)
        return self.r.integers(0, 6, count) * self.r.choice([1, 1, 40])

    def records(self, fact: Fact) -> pl.Series:
        """One to five records a unit."""
        counts = self.r.integers(1, 6, self.count)
        fields = {one.name: self.simple(one, int(counts.sum())) for one in fact.fields}
        flat = pl.DataFrame(fields).with_columns(unit=np.repeat(np.arange(self.count), counts))
        grouped = flat.group_by("unit", maintain_order=True).agg(pl.struct(list(fields)).alias("list"))
        return grouped["list"]


def _decimal(given: Any) -> pl.Series:
    """Whole numbers of hundredths as decimals."""
    found = pl.from_arrow(hundredths(np.asarray(given, np.int64), np.ones(len(given), bool)))
    assert isinstance(found, pl.Series)
    return found
