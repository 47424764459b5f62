"""Rules said as canonical sentences, and read back."""

import logging
from fractions import Fraction
from typing import Any
from unicodedata import normalize

import lark
import pytest
from attrs import evolve, fields, has
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_index.checking.clauses.agree import Verdict, compare
from cchc_index.checking.clauses.canon import GRAMMAR, NotCanonical, read_rule
from cchc_index.checking.clauses.read import read
from cchc_index.checking.clauses.say import number, say_piece, say_rule
from cchc_index.files.catalogue import load, rulesets
from cchc_index.measures import Fact, FactType, Interval, figure, ratio
from cchc_index.points import show
from cchc_index.rules import Option, Piece, Piecewise, Rule, Sum, Table, Term, constant
from cchc_index.sources import NOT_STATED, NotStated
from cchc_index.testing.numbers import finite_decimals, wide_fractions
from cchc_index.testing.strategies import rules


def bare(value: Any) -> Any:
    """A rule without the sentences it stands on."""
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if not has(type(value)):
        return value
    changed = {field.name: bare(getattr(value, field.name)) for field in fields(type(value))}
    return evolve(value, **(changed | ({"basis": NOT_STATED} if "basis" in changed else {})))


@given(rules())
def test_a_rule_said_and_read_back_is_the_same_rule(rule: Rule) -> None:
    assert read_rule(say_rule(rule)) == bare(rule)


@given(rules(), rules())
def test_two_rules_that_differ_are_said_differently(one: Rule, other: Rule) -> None:
    assert (say_rule(one) == say_rule(other)) == (bare(one) == bare(other))


SAID = {name: [row.rule for row in load(name).walk() if not isinstance(row.rule, NotStated)] for name in rulesets()}
"""The rules of each shipped set; a frame may state none."""


def test_the_shipped_sets_state_rules() -> None:
    assert sum(map(len, SAID.values())) > 80


@pytest.mark.parametrize("name", [name for name, rules in SAID.items() if rules])
def test_every_shipped_rule_is_said_and_read_back(name: str) -> None:
    said = SAID[name]
    assert [read_rule(say_rule(rule)) for rule in said] == [bare(rule) for rule in said]


@given(wide_fractions())
def test_any_number_is_said_exactly(value: Fraction) -> None:
    assert read_rule(say_rule(constant(value))) == constant(value)


@given(st.text().map(lambda text: normalize("NFC", text)), st.text().map(lambda text: normalize("NFC", text)))
@example("a»", "«\\")
@example("a – b", "a\u00a0b")
def test_any_name_is_kept(name: str, label: str) -> None:
    rule = Table(name, (Option(label, Fraction(1)),))
    assert read_rule(say_rule(rule)) == rule


@given(st.text(min_size=1).map(lambda text: normalize("NFC", text)))
def test_any_label_is_kept(label: str) -> None:
    rule = Sum((Term(constant(Fraction(1)), label), Term(constant(Fraction(2)))))
    assert read_rule(say_rule(rule)) == rule


def test_the_canonical_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    """LALR(1) without conflicts: no text has two readings."""
    confused = GRAMMAR.replace('floor: (", không dưới" points)?', 'floor: (", không quá" points)?')
    with caplog.at_level(logging.DEBUG, lark.logger.name):
        lark.Lark(GRAMMAR, start="rule", parser="lalr", debug=True)
        assert "conflict" not in caplog.text
        lark.Lark(confused, start="rule", parser="lalr", debug=True)
    assert "conflict" in caplog.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "«»"),
        ("Từ 90%: 1 điểm", "«Từ 90%: 1 điểm»"),
        ("theo «a»: [từ 90% trở lên: 1 điểm", "«»"),
        ("1 điểm 2 điểm", "«2 điểm»"),
        ("1/0 điểm", "«/0 điểm»"),
    ],
)
def test_what_is_not_canonical_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(NotCanonical, match=r"không đọc được từ") as caught:
        read_rule(text)
    assert caught.value.text.vi.endswith(words)


# -- the rows are sentences that decisions use -------------------------------------------------------------------------

FACTS = {
    "a": Fact("a", "số lượt"),
    "m": Fact("m", "lượng", FactType.AMOUNT),
    "p": Fact("p", "tỷ lệ", FactType.PERCENT),
    "c": Fact("c", "đã xong", part_of="b"),
    "b": Fact("b", "cả thảy"),
}
ENDS = st.integers(0, 40).map(lambda n: Fraction(n, 20))


@st.composite
def rows(draw: st.DrawFn) -> tuple[Any, Piece]:
    """A piece whose numbers a decision would print: finite decimals, not below zero."""
    low, high = sorted((draw(ENDS), draw(ENDS)))
    closed = draw(st.tuples(st.booleans(), st.booleans())) if low < high else (True, True)
    kept = draw(st.sampled_from(("both", "low", "high")))
    interval = Interval(
        low if kept != "high" else None,
        high if kept != "low" else None,
        closed[0] and kept != "high",
        closed[1] and kept != "low",
    )
    measure = draw(st.sampled_from((figure("a"), figure("m"), ratio("c", "b"))))
    base, slope = draw(ENDS), draw(ENDS)
    if measure == ratio("c", "b") and draw(st.booleans()):
        base = Fraction(0)
    elif measure == ratio("c", "b"):
        slope = Fraction(0)
    return measure, Piece(interval, base, slope)


@given(rows())
def test_a_canonical_row_is_a_sentence_that_agrees_with_its_rule(row: tuple[Any, Piece]) -> None:
    measure, piece = row
    sentence = say_piece(piece, measure)
    assert len(read(sentence).senses) == 1
    assert compare(Piecewise(measure, (piece,)), sentence, FACTS).verdict is Verdict.AGREES


@given(finite_decimals())
def test_a_finite_decimal_is_said_as_decisions_print_it(value: Fraction) -> None:
    assert number(value).replace("âm ", "-") == show(value)
