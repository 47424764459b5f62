"""The digest of a ruleset: the same exactly for equal rulesets, and recomputed by a writer that shares no code."""

import json
import re
from fractions import Fraction
from hashlib import sha256
from random import Random
from typing import Any
from unicodedata import normalize

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.canonical import canonical, digest, digest_of_sources
from cchc_index.comparing.changes import Kind
from cchc_index.criteria import Ruleset
from cchc_index.files.catalogue import load
from cchc_index.files.reading import read_ruleset
from cchc_index.files.writing import dump as dump_yaml
from cchc_index.measures import Interval, Linear
from cchc_index.plain import dump
from cchc_index.rules import Piece, Piecewise
from cchc_index.testing.edits import EDITS, Edit, mutated, on_leaf
from cchc_index.testing.pool.rulesets import make_ruleset, with_rule
from cchc_index.testing.strategies import rulesets

IDS = cchc.rulesets()


def jcs(value: Any) -> str:
    """RFC 8785 by hand, for data without floats."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(escaped(character) for character in normalize("NFC", value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in sorted(value)) + "}"


def escaped(character: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if character in short:
        return short[character]
    return f"\\u{ord(character):04x}" if ord(character) < 32 else character


def by_hand(rules: Ruleset) -> str:
    text = jcs({"format": "cchc-index/ruleset/1", "ruleset": dump(rules, Ruleset)})
    return "sha256:" + sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("name", IDS)
def test_the_documented_steps_give_the_digest(name: str) -> None:
    assert digest(load(name)) == by_hand(load(name))
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest(load(name)))


@given(rulesets())
def test_the_steps_give_the_digest_of_any_ruleset(rules: Ruleset) -> None:
    assert digest(rules) == by_hand(rules)


@given(st.integers(0, 2**64), st.booleans())
def test_digests_are_equal_exactly_when_rulesets_are(seed: int, same: bool) -> None:
    one = make_ruleset(Random(seed))
    other = make_ruleset(Random(seed)) if same else mutated(Random(seed), one)
    assert (digest(one) == digest(other)) == (one == other)


@pytest.mark.parametrize(("kind", "edit"), EDITS)
@pytest.mark.parametrize("name", ["mau/cap-xa/1", "bo-noi-vu/cap-bo/2022"])
def test_every_edit_changes_the_digest(name: str, kind: Kind, edit: Edit) -> None:
    assert digest(edit(load(name))) != digest(load(name))


def test_a_whole_number_is_the_same_as_its_fraction_and_nfd_as_nfc() -> None:
    pieces = (Piece(Interval(), Fraction(1)),)
    one, other = (with_rule(Piecewise(Linear((("a", number),)), pieces)) for number in (2, Fraction(2)))
    assert one == other
    assert digest(one) == digest(other)
    rules = load("dong-nai/cap-xa/2022")
    assert digest(evolve(rules, title=normalize("NFD", rules.title))) == digest(rules)


def test_the_order_of_rows_counts() -> None:
    rules = load("mau/cap-xa/1")
    assert digest(evolve(rules, criteria=rules.criteria[::-1])) != digest(rules)
    assert digest(on_leaf(lambda leaf: evolve(leaf, evidence=leaf.evidence[::-1]))(rules)) != digest(rules)


@pytest.mark.parametrize("name", IDS)
def test_how_the_file_was_written_leaves_no_trace(name: str, tmp_path: Any) -> None:
    """The file dumped from the core has no comments, other shapes of the same numbers, and layers made whole."""
    (tmp_path / "bo-tieu-chi.yaml").write_text(dump_yaml(load(name)), "utf-8")
    assert digest(read_ruleset(tmp_path)) == digest(load(name))


def test_the_canonical_form_is_json_without_floats_or_spaces() -> None:
    text = canonical(load("mau/cap-xa/1"))
    assert json.loads(text, parse_float=pytest.fail)["format"] == "cchc-index/ruleset/1"
    assert text == normalize("NFC", text)
    assert '", "' not in text.replace('\\"', "")


def test_sources_are_told_apart_by_their_words_only() -> None:
    assert digest_of_sources({"A": "một\nhai\n"}) == digest_of_sources({"A": "một\r\nhai\r\n"})
    assert digest_of_sources({"A": "một"}) != digest_of_sources({"A": "một "})
    assert digest_of_sources({"A": "một"}) != digest_of_sources({"B": "một"})


@given(st.dictionaries(st.text("AB/1", min_size=1), st.text('một "hai"\t\n\\')))
def test_the_documented_steps_give_the_digest_of_sources(texts: dict[str, str]) -> None:
    written = jcs({"format": "cchc-index/sources/1", "texts": texts})
    assert digest_of_sources(texts) == "sha256:" + sha256(written.encode("utf-8")).hexdigest()
