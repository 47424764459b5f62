"""One SQL statement says of every row what the exact engine says, or says why it does not."""

import os
from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

import duckdb
import pytest
import sqlglot
from attrs import evolve
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlglot import exp

import cchc_index as cchc
from cchc_index.batch.sql import table_sql, to_sql
from cchc_index.criteria import Basing, Criterion, Grade, GradeScale, Ranking, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import DayOfYear, Fact, Interval, Linear, figure, ratio
from cchc_index.points import round_half_up
from cchc_index.rules import Piece, Piecewise
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.measures import CITATION, PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer, with_criteria, with_rule
from frames_of import make_units
from sql_tables import SERVER, Row, in_duckdb, in_postgres, only_needed


def units_for(r: Random, rules: Ruleset, count: int) -> list[Submission]:
    units = make_units(r, rules, count, whole=True)
    return [evolve(unit, figures=only_needed(rules, unit), exemptions={}) for unit in units]


def scored(rules: Ruleset, units: list[Submission]) -> dict[str, Card]:
    found = {}
    for unit in units:
        try:
            found[unit.unit] = cchc.score(rules, unit)
        except cchc.CchcError:
            continue
    return found


def printed(value: Any, times: int) -> Any:
    return None if value is NOT_STATED else int(round_half_up(value * times, Fraction(1)))


def pair(value: Any) -> tuple[Any, Any]:
    return (None, None) if value is NOT_STATED else (value.numerator, value.denominator)


def expected(rules: Ruleset, card: Card) -> Row:
    top, bottom = pair(card.points)
    whole, under = pair(card.max_points)
    found = {"diem_tu": top, "diem_mau": bottom, "diem_100": printed(card.points, 100)}
    found |= {"toi_da_tu": whole, "toi_da_mau": under}
    if rules.index_basis is not NOT_STATED:
        top, bottom = pair(card.index)
        found |= {"chi_so_tu": top, "chi_so_mau": bottom, "chi_so_100": printed(card.index, 10_000)}
    if rules.scales:
        found["xep_loai"] = card.grade.name if isinstance(card.grade, Grade) else None
    for line in card.walk():
        top, bottom = pair(line.points)
        found |= {
            f"tu:{line.code}": top,
            f"mau:{line.code}": bottom,
            f"diem_100:{line.code}": printed(line.points, 100),
        }
    return found


def places(rules: Ruleset, cards: dict[str, Card]) -> dict[str, int]:
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    values = {name: card.index if on_index else card.points for name, card in cards.items() if card.ranked}
    stated = {name: value for name, value in values.items() if value is not NOT_STATED}
    return {name: 1 + sum(other > value for other in stated.values()) for name, value in stated.items()}


def check(rules: Ruleset, units: list[Submission], rows: dict[str, Row]) -> Counter[str]:
    cards = scored(rules, units)
    assert set(rows) == {unit.unit for unit in units}
    by_sql = {name: card for name, card in cards.items() if rows[name]["tinh_trang"] == "da_cham"}
    ranked = places(rules, by_sql)
    for name, row in rows.items():
        if row["tinh_trang"] != "da_cham":
            assert {value for key, value in row.items() if key not in ("don_vi", "tinh_trang", "ly_do")} == {None}
            continue
        wanted = expected(rules, cards[name])
        assert {key: row[key] for key in wanted} == wanted
        if rules.ranking is not None:
            assert row["xep_hang"] == ranked.get(name)
    return Counter(row["tinh_trang"] for row in rows.values())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_a_statement_says_what_the_engine_says(seed: int, plain: bool) -> None:
    r = Random(seed)
    rules = plainer(make_ruleset(r)) if plain else make_ruleset(r)
    units = units_for(r, rules, 12)
    for status in check(rules, units, in_duckdb(rules, units, keep="all", period=PERIOD)):
        event(status)


@pytest.mark.skipif(SERVER not in os.environ, reason=f"NOT RUN: no PostgreSQL server named in {SERVER}")
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_postgresql_says_what_the_engine_says(seed: int, plain: bool) -> None:
    r = Random(seed)
    rules = plainer(make_ruleset(r)) if plain else make_ruleset(r)
    units = units_for(r, rules, 12)
    check(rules, units, in_postgres(rules, units, keep="all", period=PERIOD))


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize("name", cchc.rulesets())
def test_statements_of_shipped_sets_are_read_back_and_hold_whole_numbers_only(name: str, dialect: str) -> None:
    rules = cchc.load(name)
    text = to_sql(rules, dialect, period=PERIOD)
    (read,) = sqlglot.parse(text, dialect=dialect)
    assert isinstance(read, exp.Select)
    assert read.sql(dialect=dialect, pretty=True) == text
    assert not list(read.find_all(exp.Div)), "a division that is not one of whole numbers"
    numbers = [literal.this for literal in read.find_all(exp.Literal) if not literal.is_string]
    assert all(number.isdigit() for number in numbers)
    kinds = {cast.to.sql(dialect) for cast in read.find_all(exp.Cast)}
    assert kinds <= {"BIGINT", "INT128", "DECIMAL", "DATE", "BOOLEAN"}
    for made in sqlglot.parse(table_sql(rules, dialect), dialect=dialect):
        assert isinstance(made, exp.Create)


# -- sums of fractions -------------------------------------------------------------------------------------------------

PAIRS = [(f"a{number}", f"b{number}") for number in range(4)]
HALF = Fraction(1, 2)


def shares(parts: int = 4) -> Ruleset:
    """A set of a few criteria, one point times a share each, with a grade from exactly two of four points up."""
    criteria = [
        Criterion(
            a, a, Fraction(1), CITATION, rule=Piecewise(ratio(a, b), (Piece(Interval(), Fraction(0), Fraction(1)),))
        )
        for a, b in PAIRS[:parts]
    ]
    facts = tuple(fact for a, b in PAIRS for fact in (Fact(a, a, part_of=b), Fact(b, b)))
    grades = (Grade("Đạt", Interval(HALF, None, low_closed=True)), Grade("Chưa đạt", Interval(None, HALF)))
    scales = (GradeScale(grades, Basing.INDEX),)
    return with_criteria(
        *criteria, facts=facts, max_points=Fraction(parts), scales=scales, ranking=Ranking(Basing.INDEX)
    )


def unit(name: str, *numbers: int) -> Submission:
    names = [one for pair in PAIRS for one in pair]
    return Submission(name, dict(zip(names, numbers, strict=True)))


@pytest.mark.parametrize("greatest", [7, 300, 60_000])
def test_sums_of_fractions_are_exact_at_a_threshold_and_in_the_rank(greatest: int) -> None:
    r, rules, units = Random(greatest), shares(), list[Submission]()
    for number in range(60):
        wholes = [r.randint(1, greatest) for _ in PAIRS]
        parts = [r.randint(0, whole) for whole in wholes]
        parts[2:], wholes[2:] = (
            [w - p + r.choice((0, 0, 0, 1, -1)) for p, w in zip(parts, wholes, strict=True)][:2],
            wholes[:2],
        )
        kept = [min(max(part, 0), whole) for part, whole in zip(parts, wholes, strict=True)]
        units.append(unit(f"Xã {number}", *(one for pair in zip(kept, wholes, strict=True) for one in pair)))
    rows = in_duckdb(rules, units, keep="all")
    assert check(rules, units, rows) == {"da_cham": 60}
    assert len({row["xep_hang"] for row in rows.values()}) < 60
    if SERVER in os.environ:
        assert in_postgres(rules, units, keep="all") == rows


# -- rows that are not scored ------------------------------------------------------------------------------------------


def test_every_row_comes_out_with_its_reason() -> None:
    primes = (2147483647, 2147483629, 2147483587, 2147483579)
    units = [
        unit("đủ", 1, 2, 1, 2, 1, 2, 1, 2),
        unit("âm", -1, 2, 1, 2, 1, 2, 1, 2),
        unit("vượt", 3, 2, 1, 2, 1, 2, 1, 2),
        unit("không mẫu", 0, 0, 1, 2, 1, 2, 1, 2),
        unit("lớn", 2**31 + 1, 2**31 + 1, 1, 2, 1, 2, 1, 2),
        unit("mẫu lớn", *(number for prime in primes for number in (1, prime))),
        Submission("thiếu", {name: 1 for pair in PAIRS[1:] for name in pair}),
    ]
    rows = in_duckdb(shares(), units)
    assert {name: (row["tinh_trang"], row["ly_do"]) for name, row in rows.items()} == {
        "đủ": ("da_cham", ""),
        "âm": ("sai_ban_khai", "a0"),
        "vượt": ("sai_ban_khai", "a0, b0"),
        "không mẫu": ("cham_rieng", ""),
        "lớn": ("qua_lon", "a0 b0"),
        "mẫu lớn": ("qua_lon", ""),
        "thiếu": ("thieu_so_lieu", "a0 b0"),
    }
    assert all(row["diem_100"] is None and row["xep_hang"] is None for name, row in rows.items() if name != "đủ")


def test_more_decimals_than_a_column_is_read_to_are_said() -> None:
    rules = with_rule(Piecewise(figure("m"), (Piece(Interval(), Fraction(0), Fraction(1)),)))
    with duckdb.connect() as base:
        base.execute(table_sql(rules, digits=6))
        base.execute("INSERT INTO cac_don_vi VALUES ('Xã A', 1.00001), ('Xã B', 1.0001)")
        found = base.execute(to_sql(rules)).fetchall()
    assert [row[1:6] for row in found] == [
        ("sai_ban_khai", "m", None, None, None),
        ("da_cham", "", 10001, 10000, 100),
    ]


def test_an_unknown_dialect_and_a_missing_period_are_said() -> None:
    rules = cchc.load("mau/cap-xa/1")
    with pytest.raises(cchc.CchcError, match="duckdb"):
        to_sql(rules, "duckdbb")
    dated = with_rule(Piecewise(Linear((("d", Fraction(1)), ("h", Fraction(-1)))), (Piece(Interval(), Fraction(1)),)))
    yearly = evolve(dated, facts=tuple(evolve(f, given=DayOfYear(1, 3)) if f.name == "h" else f for f in dated.facts))
    with pytest.raises(cchc.CchcError, match="period"):
        to_sql(yearly)
