"""Core values as plain data and back: the identity on everything shipped, and a path to whatever is wrong."""

import datetime
import json
from fractions import Fraction
from typing import Any, Literal

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Observation, Ruleset, Tier
from cchc_index.measures import AllOf, AnyOf, Chosen, Condition, DayOfYear, Fact, FactType, Interval, Linear, Ratio
from cchc_index.plain import NotPlain, dump, load
from cchc_index.points import Exact
from cchc_index.rules import Piece, Piecewise, Rule, Sum
from cchc_index.sources import NOT_STATED, Basis, Citation, NotStated, Quote, Reading
from cchc_index.testing.strategies import rulesets

IDS = cchc.rulesets()
FRACTIONS = st.fractions()
CITATION = Citation("TT01", "Điều 13")


def _through_json(value: Any, hint: Any) -> Any:
    return load(json.loads(json.dumps(dump(value, hint), ensure_ascii=False)), hint)


# ---- identity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_shipped_ruleset_comes_back_equal(name: str) -> None:
    rules = cchc.load(name)
    again = _through_json(rules, Ruleset)
    assert again == rules
    assert hash(again) == hash(rules)


def test_a_measure_or_tiers_come_back_equal() -> None:
    tiers = (Tier("lớn", Chosen("u", ("co",))), Tier("nhỏ", AllOf(())))
    for seen in (Observation("mức", tiers=tiers), Observation("số", Linear((("a", 1),)))):
        assert _through_json(seen, Observation) == seen


@pytest.mark.parametrize("name", IDS)
def test_what_comes_back_scores_the_same(name: str) -> None:
    again = _through_json(cchc.load(name), Ruleset)
    assert again.facts_by_name == cchc.load(name).facts_by_name
    assert again.inputs == cchc.load(name).inputs


@given(FRACTIONS)
def test_fraction_is_text(value: Fraction) -> None:
    plain = dump(value, Fraction)
    assert type(plain) is str
    assert Fraction(plain) == value == _through_json(value, Fraction)


@given(st.integers())
def test_count_is_a_number(value: int) -> None:
    assert dump(value, int) == value
    assert _through_json(value, int) == value


@given(st.one_of(st.integers(), FRACTIONS, st.text()))
def test_number_or_text_is_told_apart(value: Exact | str) -> None:
    """Text that looks like a number is not one."""
    again = _through_json(value, Exact | str)
    assert again == value
    assert isinstance(again, str) is isinstance(value, str)


@given(st.one_of(FRACTIONS, st.just(NOT_STATED)))
def test_points_or_silence(value: Fraction | NotStated) -> None:
    hint = Fraction | Literal[NotStated.NOT_STATED]
    again = _through_json(value, hint)
    assert again == value
    assert type(again) is type(value)


@given(st.dates())
def test_day_is_iso_text(day: datetime.date) -> None:
    assert dump(day, datetime.date) == f"{day:%Y-%m-%d}".rjust(10, "0")
    assert _through_json(day, datetime.date) == day


INTERVALS = st.builds(Interval, st.none() | FRACTIONS, st.none() | FRACTIONS, st.booleans(), st.booleans())
BASES = st.one_of(
    st.just(NOT_STATED),
    st.builds(Quote, st.text(), st.just(CITATION)),
    st.builds(Reading, st.text(), st.text()),
)
SUMS = st.builds(
    Linear, st.lists(st.tuples(st.text(), st.integers() | FRACTIONS), max_size=3).map(tuple), st.integers() | FRACTIONS
)
MEASURES = st.one_of(SUMS, st.builds(Ratio, SUMS, SUMS, st.one_of(FRACTIONS, st.just(NOT_STATED))))
PIECES = st.builds(Piece, INTERVALS, FRACTIONS, FRACTIONS, BASES)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Piecewise, MEASURES, st.lists(PIECES, max_size=3).map(tuple)),
    st.builds(Sum, st.just(()), FRACTIONS, st.none() | FRACTIONS, st.none() | FRACTIONS),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Chosen, st.text(), st.lists(st.text(), max_size=2).map(tuple)),
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
DAYS = st.one_of(st.none(), st.dates(), st.builds(DayOfYear, st.integers(1, 28), st.integers(1, 12)))


@given(RULES)
def test_any_rule_comes_back(rule: Rule) -> None:
    assert _through_json(rule, Rule) == rule


@given(CONDITIONS)
def test_any_condition_comes_back(condition: Condition) -> None:
    assert _through_json(condition, Condition) == condition


@given(rulesets())
def test_any_ruleset_comes_back(rules: Ruleset) -> None:
    assert _through_json(rules, Ruleset) == rules


@given(BASES)
def test_any_basis_comes_back(basis: Basis) -> None:
    assert _through_json(basis, Basis) == basis


@given(st.builds(Fact, st.text(), st.text(), st.sampled_from(FactType), given=DAYS))
def test_any_figure_comes_back(fact: Fact) -> None:
    assert _through_json(fact, Fact) == fact


# ---- the shape of the data -------------------------------------------------------------------------------------------


def test_defaults_are_left_out() -> None:
    assert dump(Interval(low=Fraction(1, 2)), Interval) == {"low": "1/2"}
    assert dump(Fact("a", "số a"), Fact) == {"name": "a", "label": "số a"}


def test_one_of_several_classes_says_which() -> None:
    assert dump(Chosen("a", ("co",)), Condition) == {"loai": "Chosen", "fact": "a", "options": ["co"]}
    assert dump(NOT_STATED, Basis) == "khong_quy_dinh"


def test_no_number_of_a_ruleset_is_a_binary_float() -> None:
    for name in IDS:
        text = json.dumps(dump(cchc.load(name), Ruleset))
        json.loads(text, parse_float=_refuse)


def _refuse(text: str) -> float:
    raise AssertionError(text)


# ---- what is not plain -----------------------------------------------------------------------------------------------


@frozen
class _Inner:
    count: int
    share: Fraction = Fraction(0)
    day: datetime.date | None = None


@frozen
class _Outer:
    name: str
    parts: tuple[_Inner, ...] = ()
    pair: tuple[int, str] = (0, "")
    flag: bool = False


GOOD: dict[str, Any] = {"name": "a", "parts": [{"count": 1}, {"count": 2, "share": "1/2", "day": "2023-11-30"}]}


def test_good_data_loads() -> None:
    parts = (_Inner(1), _Inner(2, Fraction(1, 2), datetime.date(2023, 11, 30)))
    assert load(GOOD, _Outer) == _Outer("a", parts)


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ([], (), "expected _Outer"),
        ({}, (), "lacks 'name'"),
        ({"name": 1}, ("name",), "expected str"),
        ({"name": None}, ("name",), "expected str"),
        ({"name": "a", "nme": 1}, (), "has no 'nme'"),
        ({"name": "a", "parts": {}}, ("parts",), "expected a list"),
        ({"name": "a", "parts": "ab"}, ("parts",), "expected a list"),
        ({"name": "a", "parts": [{}]}, ("parts", 0), "lacks 'count'"),
        ({"name": "a", "parts": [{"count": 1}, {"count": "2"}]}, ("parts", 1, "count"), "expected int"),
        ({"name": "a", "parts": [{"count": 1.0}]}, ("parts", 0, "count"), "expected int"),
        ({"name": "a", "parts": [{"count": True}]}, ("parts", 0, "count"), "expected int"),
        ({"name": "a", "parts": [{"count": 1, "share": 1}]}, ("parts", 0, "share"), "expected str"),
        ({"name": "a", "parts": [{"count": 1, "share": 0.5}]}, ("parts", 0, "share"), "expected str"),
        ({"name": "a", "parts": [{"count": 1, "share": "x"}]}, ("parts", 0, "share"), "'x'"),
        ({"name": "a", "parts": [{"count": 1, "share": "1/0"}]}, ("parts", 0, "share"), "'1/0'"),
        ({"name": "a", "parts": [{"count": 1, "day": "30/11/2023"}]}, ("parts", 0, "day"), "30/11/2023"),
        ({"name": "a", "parts": [{"count": 1, "day": "2023-02-30"}]}, ("parts", 0, "day"), "2023-02-30"),
        ({"name": "a", "parts": [{"count": 1, "day": {}}]}, ("parts", 0, "day"), "none of"),
        ({"name": "a", "pair": [1]}, ("pair",), "expected 2 items"),
        ({"name": "a", "pair": [1, 2]}, ("pair", 1), "expected str"),
        ({"name": "a", "flag": 1}, ("flag",), "expected bool"),
        ({"name": "a", "flag": "true"}, ("flag",), "expected bool"),
    ],
)
def test_wrong_data_says_where(data: Any, path: tuple[str | int, ...], words: str) -> None:
    with pytest.raises(NotPlain) as caught:
        load(data, _Outer)
    assert caught.value.path == path
    assert words in caught.value.message


@pytest.mark.parametrize("data", [None, 1, "x", [1, {"a": 2}]])
def test_what_may_be_anything_is_taken_as_it_is(data: Any) -> None:
    assert load(data, Any) == data


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ({"loai": "Nothing"}, Condition),
        ({}, Condition),
        ("khong_quy_dinh", Condition),
        ({"loai": []}, Condition),
        ({"chu": 1}, Exact | str),
        ("abc", Exact | str),
        ("khong_noi", Fraction | Literal[NotStated.NOT_STATED]),
        ([], Fraction | Literal[NotStated.NOT_STATED]),
        ("", Literal[NotStated.NOT_STATED]),
        ("dem_dem", FactType),
    ],
)
def test_no_member_of_a_union_fits(data: Any, hint: Any) -> None:
    with pytest.raises(NotPlain):
        load(data, hint)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from([_Outer, Ruleset, Condition, Rule, Basis, Exact | str, Fact]))
def test_any_data_is_a_value_or_not_plain(data: Any, hint: Any) -> None:
    try:
        value = load(data, hint)
    except NotPlain:
        return
    assert load(dump(value, hint), hint) == value
