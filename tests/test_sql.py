"""One SQL statement says of every row what the exact engine says, or says why it does not."""

import os
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
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
from cchc_index.batch.plan import plan_of
from cchc_index.batch.requests import may_be_asked
from cchc_index.batch.sql import table_sql, to_sql
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale, Policy, Ranking, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import DayOfYear, Fact, Interval, Linear, Within, figure, ratio
from cchc_index.points import round_half_up
from cchc_index.rules import Piece, Piecewise, Rounding
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.measures import CITATION, PERIOD
from cchc_index.testing.pool.rulesets import make_ruleset, plainer, with_criteria, with_rule
from frames_of import make_units
from sql_tables import SERVER, Row, in_duckdb, in_postgres, only_needed, read_plainly


def units_for(r: Random, rules: Ruleset, count: int) -> list[Submission]:
    units = make_units(r, rules, count, whole=True)
    units = [asking(r, rules, evolve(unit, figures=only_needed(rules, unit), exemptions={})) for unit in units]
    return [enlarged(r, unit) if number % 4 == 3 else unit for number, unit in enumerate(units)]


def enlarged(r: Random, unit: Submission) -> Submission:
    """A unit with figures at the end of what a statement counts with, where any step might go over."""
    figures = dict(unit.figures)
    for name in set("abc").intersection(figures):
        figures[name] = r.choice((2**31, 2**31, 2**31 - 1, 2**31 + 1, figures[name]))
    for name in set("mn").intersection(figures):
        figures[name] = r.choice((10**14 - 1, figures[name]))
    return evolve(unit, figures=figures)


def asking(r: Random, rules: Ruleset, unit: Submission) -> Submission:
    """A unit that asks to be left out of what it may, now and then of what it may not, and lacks figures then."""
    allowed = may_be_asked(rules)
    asked = [code for code in allowed if r.random() < 0.4]
    asked += [r.choice((*rules.by_code, "9.9"))] if allowed and r.random() < 0.1 else []
    kept = {name: value for name, value in unit.figures.items() if not asked or r.random() < 0.9}
    return evolve(unit, figures=kept, exemptions=dict.fromkeys(asked, ""))


def scored(rules: Ruleset, units: list[Submission]) -> dict[str, Card | cchc.CchcError]:
    found: dict[str, Card | cchc.CchcError] = {}
    for unit in units:
        try:
            found[unit.unit] = cchc.score(rules, unit)
        except cchc.CchcError as error:
            found[unit.unit] = error
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
    found = scored(rules, units)
    assert set(rows) == set(found)
    cards = {name: card for name, card in found.items() if isinstance(card, Card)}
    ranked = places(rules, {name: card for name, card in cards.items() if rows[name]["tinh_trang"] == "da_cham"})
    whole = {unit.unit for unit in units if lacks_nothing(rules, unit)}
    for name, row in rows.items():
        status = row["tinh_trang"]
        assert status != "sai_ban_khai" or isinstance(found[name], cchc.BadSubmission)
        assert status != "thieu_so_lieu" or name not in whole
        if status != "da_cham":
            assert {value for key, value in row.items() if key not in ("don_vi", "tinh_trang", "ly_do")} == {None}
            continue
        wanted = {key: value for key, value in expected(rules, cards[name]).items() if key in row or ":" not in key}
        assert {key: row[key] for key in wanted} == wanted
        if rules.ranking is not None:
            assert row["xep_hang"] == ranked.get(name)
    return Counter(row["tinh_trang"] for row in rows.values())


def lacks_nothing(rules: Ruleset, unit: Submission) -> bool:
    """Whether every figure is there; tables cannot tell a list without records from one that is not there."""
    needed = {name.partition(".")[0] for name in plan_of(rules).needed}
    asked = [name for name in needed if rules.facts_by_name[name].given is None]
    return all(name in unit.figures and unit.figures[name] != [] for name in asked)


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
    assert kinds <= {"BIGINT", "INT128", "DECIMAL", "DECIMAL(20, 0)", "DATE", "BOOLEAN"}
    for made in sqlglot.parse(table_sql(rules, dialect), dialect=dialect):
        assert isinstance(made, exp.Create)


# -- sums of fractions -------------------------------------------------------------------------------------------------

HALF = Fraction(1, 2)


def pairs(parts: int) -> list[tuple[str, str]]:
    return [(f"a{number}", f"b{number}") for number in range(parts)]


def share_of(part: str, whole: str) -> Piecewise:
    return Piecewise(ratio(part, whole), (Piece(Interval(), Fraction(0), Fraction(1)),))


def shares(parts: int = 4) -> Ruleset:
    """A set of a few criteria, one point times a share each, with a grade from exactly half of the points up."""
    criteria = [Criterion(a, a, Fraction(1), CITATION, rule=share_of(a, b)) for a, b in pairs(parts)]
    facts = tuple(fact for a, b in pairs(parts) for fact in (Fact(a, a, part_of=b), Fact(b, b)))
    grades = (Grade("Đạt", Interval(HALF, None, low_closed=True)), Grade("Chưa đạt", Interval(None, HALF)))
    scales = (GradeScale(grades, Basing.INDEX),)
    return with_criteria(
        *criteria, facts=facts, max_points=Fraction(parts), scales=scales, ranking=Ranking(Basing.INDEX)
    )


def unit(name: str, *numbers: int, asked: tuple[str, ...] = ()) -> Submission:
    names = [one for pair in pairs(len(numbers) // 2) for one in pair]
    return Submission(name, dict(zip(names, numbers, strict=True)), exemptions=dict.fromkeys(asked, ""))


@pytest.mark.parametrize("greatest", [7, 300, 60_000])
def test_sums_of_fractions_are_exact_at_a_threshold_and_in_the_rank(greatest: int) -> None:
    r, rules, units = Random(greatest), shares(), list[Submission]()
    for number in range(60):
        wholes = [r.randint(1, greatest) for _ in pairs(4)]
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


def rounded_shares(pieces: Sequence[tuple[int, int]]) -> Ruleset:
    """A share each, times a slope and over a base, of which the total is rounded to hundredths."""
    criteria, facts = list[Criterion](), list[Fact]()
    for place, (base, slope) in enumerate(pieces):
        part, whole = f"a{place}", f"b{place}"
        rule = Piecewise(ratio(part, whole), (Piece(Interval(), Fraction(base), Fraction(slope, 3)),))
        criteria.append(Criterion(part, part, Fraction(9), CITATION, rule=rule))
        facts += [Fact(part, part, part_of=whole), Fact(whole, whole)]
    most, rounding = Fraction(9 * len(pieces)), Rounding(Fraction(1, 100))
    ranking = Ranking(Basing.POINTS)
    return with_criteria(*criteria, facts=tuple(facts), max_points=most, rounding=rounding, ranking=ranking)


def shared_by(name: str, *pairs: tuple[int, int]) -> Submission:
    figures = {f"a{place}": part for place, (part, _) in enumerate(pairs)}
    return Submission(name, figures | {f"b{place}": whole for place, (_, whole) in enumerate(pairs)})


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_rounded_sums_are_exact_or_left_whatever_their_denominators(seed: int) -> None:
    r = Random(seed)
    rules = rounded_shares([(r.randint(3, 5), r.choice((-9, -4, -1, 1, 2, 5))) for _ in range(8)])
    units = []
    for number in range(40):
        greatest = r.choice((6, 300, 2**31))
        wholes = [r.randint(1, greatest) for _ in range(8)]
        units.append(shared_by(f"Xã {number}", *((r.randint(0, whole), whole) for whole in wholes)))
    for status in check(rules, units, in_duckdb(rules, units, keep="all")):
        event(status)


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
        Submission("thiếu", {name: 1 for pair in pairs(4)[1:] for name in pair}),
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


# -- numbers too large for a common denominator ------------------------------------------------------------------------

LARGE = 2**31 - 1
ROUNDED = Rounding(Fraction(1, 100))


def large(r: Random, name: str, parts: int) -> Submission:
    """Shares whose common denominator has far more bits than a database has."""
    wholes = [r.randint(LARGE // 2, LARGE) for _ in range(parts)]
    return unit(name, *(number for whole in wholes for number in (r.randint(0, whole), whole)))


def halves(name: str, *primes: int) -> Submission:
    """Shares that come to a whole number in pairs: no digit of any of them tells that they do."""
    return unit(name, *(number for prime in primes for number in (1, prime, prime - 1, prime)))


def test_what_is_rounded_is_told_from_the_first_digits() -> None:
    r, rules = Random(8), evolve(shares(8), rounding=ROUNDED)
    units = [large(r, f"Xã {number}", 8) for number in range(40)]
    units += [unit("đều", *(1, 2) * 8), unit("không", *(0, LARGE) * 8), unit("đủ", *(LARGE, LARGE) * 8)]
    rows = in_duckdb(rules, units, keep="all")
    assert check(rules, units, rows) == {"da_cham": 43}
    if SERVER in os.environ:
        assert in_postgres(rules, units, keep="all") == rows


def test_what_the_first_digits_cannot_tell_is_said() -> None:
    rules = evolve(shares(8), rounding=ROUNDED)
    units = [halves("chẵn", 2147483647, 2147483629, 2147483587, 2147483579), halves("nhỏ", 2, 3, 5, 7)]
    rows = in_duckdb(rules, units)
    assert check(rules, units, rows) == {"qua_lon": 1, "da_cham": 1}
    assert (rows["chẵn"]["tinh_trang"], rows["nhỏ"]["diem_100"]) == ("qua_lon", 400)
    if SERVER in os.environ:
        assert check(rules, units, in_postgres(rules, units)) == {"da_cham": 2}


@pytest.mark.skipif(SERVER not in os.environ, reason=f"NOT RUN: no PostgreSQL server named in {SERVER}")
def test_no_denominator_is_too_large_for_postgresql() -> None:
    r, rules = Random(9), shares(8)
    units = [large(r, f"Xã {number}", 8) for number in range(40)]
    units += [evolve(units[0], unit="cùng hạng"), halves("chẵn", 2147483647, 2147483629, 2147483587, 2147483579)]
    assert check(rules, units, in_postgres(rules, units, keep="all")) == {"da_cham": 42}


# -- what units ask to be left out -------------------------------------------------------------------------------------


def requests() -> Ruleset:
    """An area of four criteria, each left out in a way of its own, and a criterion beside it."""
    policies = (Policy.REMOVED, Policy.RESCALED, Policy.UNCOUNTED, Policy.FORBIDDEN)
    many = Within(figure("a0"), Interval(Fraction(7), None, low_closed=True))
    first = (Exemption(Policy.FULL, many), Exemption(Policy.REMOVED))
    leaves = tuple(
        Criterion(f"1.{number}", a, Fraction(1), CITATION, rule=share_of(a, b), exemptions=exemptions)
        for number, ((a, b), exemptions) in enumerate(
            zip(pairs(4), [first, *((Exemption(policy),) for policy in policies[1:])], strict=True), 1
        )
    )
    area = Criterion("1", "lĩnh vực", Fraction(4), CITATION, children=leaves)
    rule, full = share_of("a4", "b4"), (Exemption(Policy.FULL),)
    other = Criterion("2", "khác", Fraction(1), CITATION, rule=rule, exemptions=full)
    return evolve(shares(5), criteria=(area, other), max_points=Fraction(5))


def without(name: str, *places: int, asked: tuple[str, ...]) -> Submission:
    """A unit with 1 of 2 in every share, but none of the figures of some."""
    kept = {
        one: 1 + (one == whole)
        for place, (part, whole) in enumerate(pairs(5))
        if place not in places
        for one in (part, whole)
    }
    return Submission(name, kept, exemptions=dict.fromkeys(asked, ""))


def test_what_units_ask_to_be_left_out_is_left_out_and_needs_no_figures() -> None:
    rules = requests()
    units = [
        without("không xin", asked=()),
        without("loại", asked=("1.1",)),
        without("quy đổi", 1, asked=("1.2",)),
        without("không tính", 2, asked=("1.3",)),
        without("tối đa", 4, asked=("2",)),
        without("nhiều", 1, 2, 4, asked=("2", "1.3", "1.2", "1.1")),
        evolve(without("điều kiện trước", asked=("1.1",)), figures={n: 8 for pair in pairs(5) for n in pair}),
        without("thiếu", 1, 2, asked=("1.2",)),
        without("thiếu điều kiện", 0, asked=("1.1",)),
        without("cấm", asked=("1.4",)),
        without("lạ", asked=("1.1", "9")),
        without("một phần của mã", asked=("1",)),
    ]
    rows = in_duckdb(rules, units, keep="all")
    assert check(rules, units, rows) == {"da_cham": 7, "thieu_so_lieu": 2, "sai_ban_khai": 3}
    assert {name: row["ly_do"] for name, row in rows.items() if row["ly_do"]} == {
        "thiếu": "a2 b2",
        "thiếu điều kiện": "a0",
        **dict.fromkeys(("cấm", "lạ", "một phần của mã"), "khong_danh_gia"),
    }
    assert {name: (row["toi_da_tu"], row["diem_tu"], row["diem_mau"]) for name, row in rows.items()}["quy đổi"] == (
        5,
        5,
        2,
    )
    if SERVER in os.environ:
        assert in_postgres(rules, units, keep="all") == rows


def test_the_sample_communes_are_scored_with_what_they_ask() -> None:
    rules = cchc.load("mau/cap-xa/1")
    files = sorted((Path(__file__).parents[1] / "examples" / "mau-cap-xa").glob("*.yaml"))
    units = [cchc.read_submission(path) for path in files]
    assert [unit.unit for unit in units if unit.exemptions] == ["Xã Mẫu 07", "Xã Mẫu 11", "Xã Mẫu 14"]
    plain = [evolve(one, figures=read_plainly(rules, one)) for one in units]
    rows = in_duckdb(rules, plain, period=units[0].period)
    assert check(rules, units, rows)["da_cham"] == 20
