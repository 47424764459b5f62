"""Cards as JSON text: the identity on every example unit, and BadCard with a path for anything else."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Ruleset
from cchc_index.points import show
from cchc_index.scoring.card_json import line_data
from cchc_index.scoring.say import say_basis, why
from cchc_index.scoring.score import score_part
from cchc_index.scoring.trace import CARD_FORMAT, Card, Line
from cchc_index.sources import NOT_STATED
from cchc_index.testing.strategies import scored
from cchc_index.version import VERSION

EXAMPLES = Path(__file__).parents[1] / "examples"
SAMPLES = sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))
SOURCES = [
    *(("mau/cap-xa/1", path) for path in SAMPLES),
    ("vpcp/mot-cua/tt-01-2018", EXAMPLES / "mot-cua-xa" / "ban-khai.yaml"),
    ("bo-noi-vu/cap-bo/2022", EXAMPLES / "bo-2023" / "cac-bo.csv"),
]


@cache
def _cards(name: str, path: Path) -> tuple[Card, ...]:
    rules = cchc.load(name)
    return tuple(cchc.score(rules, unit) for unit in cchc.read_submissions(path))


@cache
def _card() -> Card:
    return cchc.score(cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", _card_figures()))


def _card_figures() -> dict[str, Any]:
    return {"da_xong": 4, "de_ra": 5, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}


def _plain(card: Card) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(cchc.to_json(card))
    return data


def _bad(data: Any) -> cchc.BadCard:
    with pytest.raises(cchc.BadCard) as caught:
        cchc.from_json(data if isinstance(data, str) else json.dumps(data))
    assert len(caught.value.faults) == 1
    return caught.value


# ---- identity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "path"), SOURCES, ids=lambda value: value.stem if isinstance(value, Path) else value)
def test_card_comes_back_equal(name: str, path: Path) -> None:
    for card in _cards(name, path):
        again = cchc.from_json(cchc.to_json(card))
        assert again == card


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_indent_changes_nothing_but_the_space_between(indent: int | None) -> None:
    text = cchc.to_json(_card(), indent=indent)
    assert cchc.from_json(text) == _card()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=indent)


def test_card_of_an_exempted_unit_comes_back() -> None:
    unit = cchc.read_submission(EXAMPLES / "mot-cua-xa" / "ban-khai.yaml")
    asked = cchc.Submission("X", unit.figures, period=unit.period, exemptions={"9": "chưa đủ thông tin"}, mark=",")
    card = cchc.score(cchc.load("vpcp/mot-cua/tt-01-2018"), asked)
    assert card["9"].exempted is not None
    assert cchc.from_json(cchc.to_json(card)) == card


def test_tampered_points_are_another_card() -> None:
    data = _plain(_card())
    data["lines"][0]["points"] = "0"
    assert cchc.from_json(json.dumps(data)) != _card()


@given(scored())
def test_any_card_comes_back(pair: tuple[Ruleset, cchc.Submission]) -> None:
    """With what was observed, grades that ask for more than a range, and everything else that a card may hold."""
    try:
        card = cchc.score(*pair)
    except cchc.CchcError:
        assume(False)  # noqa: FBT003
    assert cchc.from_json(cchc.to_json(card)) == card
    assert [line_data(line) for line in card.lines] == _plain(card)["lines"]


# ---- which rules, which library --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "path"), SOURCES[::7], ids=["mau", "mau", "mau", "bo"])
def test_result_says_which_rules_and_which_library_gave_it(name: str, path: Path) -> None:
    rules = cchc.load(name)
    for card in _cards(name, path):
        data, again = _plain(card), cchc.from_json(cchc.to_json(card))
        assert (data["ruleset"], data["version"]) == (rules.id, rules.version)
        assert data["digest"] == card.digest == again.digest == cchc.digest(rules)
        assert data["library"] == card.library == again.library == VERSION


def test_edited_version_gives_another_card() -> None:
    """Also where the edit leaves no trace in the lines."""
    rules, unit = cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", _card_figures())
    edited = evolve(rules, application=evolve(rules.application, place="bịa"))
    card, other = cchc.score(rules, unit), cchc.score(edited, unit)
    assert card.digest != other.digest == cchc.digest(edited)
    assert card != other
    assert card == evolve(other, digest=card.digest)


def test_another_library_with_the_same_result_gives_an_equal_card() -> None:
    """A result can be reproduced in later years; the card keeps saying which library made it."""
    data = _plain(_card()) | {"library": "0.0.9"}
    later = cchc.from_json(json.dumps(data))
    assert later == _card()
    assert (later.library, hash(later)) == ("0.0.9", hash(_card()))


def test_card_from_before_they_said_so_is_read() -> None:
    data = _plain(_card())
    del data["digest"], data["library"]
    old = cchc.from_json(json.dumps(data))
    assert (old.digest, old.library) == (NOT_STATED, NOT_STATED)
    assert old == evolve(_card(), digest=NOT_STATED)
    assert not {"digest", "library"} & _plain(old).keys()


def test_part_of_a_ruleset_has_no_digest() -> None:
    rules, unit = cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", _card_figures())
    assert score_part(rules, unit) == evolve(cchc.score(rules, unit), digest=NOT_STATED)


# ---- what the text holds ---------------------------------------------------------------------------------------------


def test_vietnamese_is_written_as_it_is() -> None:
    assert _card().unit in cchc.to_json(_card())
    assert "\\u" not in cchc.to_json(_card())


def test_points_are_exact_text() -> None:
    for name, path in SOURCES[::4]:
        for card in _cards(name, path):
            data = json.loads(cchc.to_json(card), parse_float=_refuse)
            assert data["format"] == CARD_FORMAT
            assert data["points"] == str(card.points)
            assert all(type(line["points"]) is str for line in _lines(data))


def _refuse(text: str) -> float:
    raise AssertionError(text)


def _lines(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    lines = [*data["lines"], *data.get("adjustments", ())]
    while lines:
        line = lines.pop(0)
        yield line
        lines = [*line.get("children", ()), *lines]


def test_derived_part_says_what_follows() -> None:
    for name, path in SOURCES[::4]:
        for card in _cards(name, path):
            for line, plain in zip(card.walk(), _lines(_plain(card)), strict=True):
                _check_derived(line, plain["tinh_ra"])


def _check_derived(line: Line, derived: dict[str, Any]) -> None:
    assert derived["status"] == line.status.value
    assert (derived["why"], derived["why_en"]) == (why(line).vi, why(line).en)
    assert derived["bases"] == [say_basis(basis).vi for basis in line.bases]
    assert derived["index"] == ("khong_quy_dinh" if line.index is NOT_STATED else show(line.index, "en"))


def test_derived_part_is_not_read() -> None:
    """What only follows from the rest may be missing, or wrong: the card is the same."""
    without, other = _plain(_card()), _plain(_card())
    for line in _lines(without):
        del line["tinh_ra"]
    for line in _lines(other):
        line["tinh_ra"] = {"why": "bịa", "x": 1}
    assert cchc.from_json(json.dumps(without)) == cchc.from_json(json.dumps(other)) == _card()


# ---- what is no card -------------------------------------------------------------------------------------------------


def _removed(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.pop(key)


def _changed(key: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.update({key: value})


def _leaf_changed(key: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["lines"][0]["children"][0].update({key: value})


LEAF = ("lines", 0, "children", 0)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_removed("format"), ("format",)),
        (_changed("format", "cchc-index/card/2"), ("format",)),
        (_changed("format", 1), ("format",)),
        (_removed("unit"), ()),
        (_removed("lines"), ()),
        (_changed("diem", "1"), ()),
        (_changed("unit", 1), ("unit",)),
        (_changed("unit", None), ("unit",)),
        (_changed("points", 98.45), ("points",)),
        (_changed("points", 98), ("points",)),
        (_changed("points", "khong_biet"), ("points",)),
        (_changed("points", "1/0"), ("points",)),
        (_changed("points", ["1"]), ("points",)),
        (_changed("is_sample", 0), ()),
        (_changed("scope", "bịa"), ("scope",)),
        (_changed("scope", 1), ("scope",)),
        (_changed("scope", None), ("scope",)),
        (_changed("ranked", "true"), ("ranked",)),
        (_changed("ranked", 1), ("ranked",)),
        (_changed("ranked", None), ("ranked",)),
        (_changed("digest", 1), ("digest",)),
        (_changed("library", None), ("library",)),
        (_changed("lines", {}), ("lines",)),
        (_changed("lines", "x"), ("lines",)),
        (_changed("lines", [1]), ("lines", 0)),
        (_changed("lines", [None]), ("lines", 0)),
        (_changed("period", {"start": "2025-01-01", "end": "2025-12-31"}), ("period",)),
        (_changed("period", {"loai": "Period", "start": "2025-01-01"}), ("period",)),
        (_changed("period", {"loai": "Period", "start": "2025-01-01", "end": "2025-02-30"}), ("period", "end")),
        (_changed("grade", {"loai": "Diem"}), ("grade",)),
        (_leaf_changed("code", 1), (*LEAF, "code")),
        (_leaf_changed("points", None), (*LEAF, "points")),
        (_leaf_changed("diem", "1"), LEAF),
        (_leaf_changed("trace", {"loai": "Trace"}), (*LEAF, "trace")),
        (_leaf_changed("trace", []), (*LEAF, "trace")),
        (_leaf_changed("citation", {"document": "MAU"}), (*LEAF, "citation")),
        (_leaf_changed("inputs", [["a"]]), (*LEAF, "inputs", 0)),
        (_leaf_changed("children", 1), (*LEAF, "children")),
    ],
)
def test_wrong_card_says_where(change: Callable[[dict[str, Any]], object], path: tuple[str | int, ...]) -> None:
    data = _plain(_card())
    change(data)
    error = _bad(data)
    assert error.faults[0].path == path
    assert error.report("vi").startswith("Phiếu kết quả không hợp lệ")
    assert error.report("en").startswith("The card is not valid")


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", '"card"', "1", "NaN", "[" * 100_000, '{"format": 1e400}', '{"a": "\\ud800"}']
)
def test_text_that_is_no_card(text: str) -> None:
    _bad(text)


def test_number_too_long_for_python_is_no_card() -> None:
    """Python reads no integer over 4300 digits, and says so by a plain ValueError."""
    _bad("1" * 5000)


def test_count_is_no_truth_value() -> None:
    """`true` is no count of records, though Python takes it for 1."""
    card = _cards(*SOURCES[-2])[0]
    data = _plain(card)
    assert data["lines"][0]["trace"]["count"] == 500
    data["lines"][0]["trace"]["count"] = True
    assert _bad(data).faults[0].path == ("lines", 0, "trace", "count")


@pytest.mark.parametrize("points", ["1e3", "1_0", "١"])
def test_number_is_written_in_digits(points: str) -> None:
    """What Python's Fraction reads beyond digits, sign, point and slash: exponents (also of a thousand millions),
    underscores, the digits of other scripts."""
    data = _plain(_card())
    data["points"] = points
    assert _bad(data).faults[0].path == ("points",)


@given(st.text())
def test_any_text_is_a_bad_card(text: str) -> None:
    _bad(text)


@given(st.data())
def test_card_with_one_value_replaced(data: st.DataObject) -> None:
    """Whatever stands at one place of the JSON, the answer is a card or BadCard."""
    plain = _plain(_card())
    node: Any = plain
    while True:
        keys = list(range(len(node))) if isinstance(node, list) else sorted(node)
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(st.sampled_from([None, True, 0, -1, 0.5, "", "x", "1/2", [], {}, [1], {"loai": "Line"}]))
    try:
        card = cchc.from_json(json.dumps(plain))
    except cchc.BadCard:
        return
    assert isinstance(card, Card)
