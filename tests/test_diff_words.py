"""What a diff says: each kind of change of the sample, with its effect, as written down in diff-words.txt."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.comparing.alone import Result
from cchc_index.comparing.diff import Diff, diff
from cchc_index.comparing.effects import Effect
from cchc_index.comparing.wording import said as said_of
from cchc_index.criteria import Basing, Exemption, Policy
from cchc_index.errors import Text
from cchc_index.measures import Chosen, Fact, FactType, Sample, figure, ratio
from cchc_index.points import show
from cchc_index.rules import Average, Awarded, Case, Choose, Option, Rounding, Rule, Sum, Switch, Table, Term, constant
from cchc_index.sources import NOT_STATED
from cchc_index.testing.edits import EDITS, OTHER, Edit
from cchc_index.testing.pool.measures import FACTS
from cchc_index.testing.pool.rulesets import with_rule
from test_diff import BANDS, bands, graded
from written import blocks_of

SAMPLE = cchc.load("mau/cap-xa/1")
HALF = Fraction(1, 2)
ITEMS = Sum((Term(BANDS, "một"), Term(Table("u", (Option("co", HALF), Option("khong", Fraction(0)))), "", OTHER)))
LEVELS = Switch((Case(Chosen("u", ("co",)), ITEMS), Case(Chosen("u", ("khong",)), BANDS, OTHER)), Choose.FIRST)


def edited(edit: Edit) -> Diff:
    return diff(SAMPLE, edit(SAMPLE))


def of_rules(old: Rule, new: Rule) -> Diff:
    return diff(with_rule(old), with_rule(new))


def of_figures() -> Diff:
    """A figure that may be negative, one read otherwise, ballots that need more to be valid."""
    old = Fact("x", "số x"), Fact("y", "số y"), Fact("s", "phiếu", FactType.SURVEY, sample=Sample(5))
    new = (
        evolve(old[0], may_be_negative=True),
        evolve(old[1], type=FactType.AMOUNT, unit="km"),
        evolve(old[2], sample=Sample(9, OTHER)),
    )
    one, other = (with_rule(constant(HALF), facts=(*FACTS, *facts)) for facts in (old, new))
    return diff(one, other)


def of_grades() -> Diff:
    """Bounds, a floor for each criterion and a condition of their own."""
    high = graded("50", "80", each_from=HALF)
    return diff(graded("1/2", on=Basing.INDEX), evolve(high, scales=(evolve(high.scales[0], when=BEING),)))


RULED = with_rule(BANDS)
UNRULED = evolve(RULED.criteria[0], rule=NOT_STATED)
BEING = Chosen("u", ("co",))
ROUNDED = partial(Average, "r", BANDS)
MADE: dict[str, Callable[[], Diff]] = {
    **{f"{number}: {kind.value}": partial(edited, edit) for number, (kind, edit) in enumerate(EDITS, 1)},
    "points no longer stated": lambda: of_rules(
        Table("u", (Option("co", HALF), Option("khong", Fraction(0)))), Table("u", (Option("co", HALF),))
    ),
    "a rule no longer stated": lambda: diff(RULED, evolve(RULED, criteria=(UNRULED,))),
    "an item": lambda: of_rules(ITEMS, evolve(ITEMS, terms=ITEMS.terms[:1], cap=HALF, floor=Fraction(0), base=HALF)),
    "a level": lambda: of_rules(LEVELS, evolve(LEVELS, choose=Choose.BEST, cases=LEVELS.cases[:1])),
    "a level inside": lambda: of_rules(
        LEVELS, evolve(LEVELS, cases=(LEVELS.cases[0], Case(BEING, constant(HALF), OTHER)))
    ),
    "a rounding": lambda: of_rules(ROUNDED(), ROUNDED(Rounding(HALF, basis=OTHER))),
    "another shape": lambda: of_rules(BANDS, Awarded("g", Fraction(0), Fraction(1), HALF, OTHER)),
    "another measure": lambda: of_rules(BANDS, evolve(BANDS, measure=figure("a"))),
    "another share": lambda: of_rules(BANDS, bands(ratio("a", "b"), ("4/5", None, 2, 1), (None, "4/5", 0, 0))),
    "figures": of_figures,
    "grades": of_grades,
    "a bound of a grade": lambda: diff(graded("50", "80"), graded("50", "85")),
    "an exemption": lambda: diff(
        with_rule(BANDS), with_rule(BANDS, exemptions=(Exemption(Policy.REMOVED, basis=OTHER),))
    ),
}
WORDS = blocks_of("diff-words.txt")


def said(seen: Diff) -> str:
    changes = [line for change in seen.changes for line in (f"[{change.kind.value}]", *_both(change.sentence))]
    effects = [line for effect in seen.effects for line in _effect(effect)]
    grades = [f"xếp loại {show(one.value)}: {one.old} → {one.new} / {one.old.en} → {one.new.en}" for one in seen.grades]
    same = ["điểm như nhau"] if seen.is_same_score else []
    return "\n".join([*changes, *effects, *grades, *same])


def _effect(effect: Effect) -> Iterator[str]:
    yield f"{effect.old_code} → {effect.code}: {effect.verdict.value}"
    if effect.witness:
        unit = effect.witness.unit
        yield f"  = {unit.figures} {list(unit.exemptions)}".replace("Fraction", "")
        yield from (_result(each) for each in (effect.witness.old, effect.witness.new))


def _result(result: Result) -> str:
    points = "–" if result.points is None else show(result.points)
    reason = f" ({result.reason.vi} / {result.reason.en})" if result.reason else ""
    return f"  {points} {result.policy.value if result.policy else ''}".rstrip() + reason


def _both(text: Text) -> Iterator[str]:
    yield "  " + text.vi
    yield "  " + text.en


@pytest.mark.parametrize("name", MADE)
def test_every_change_says_these_words(name: str) -> None:
    assert said(MADE[name]()) == WORDS[name]


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, ("có", "yes")), (False, ("không", "no")), ((), ("không có", "none")), (HALF, ("0,5", "0.5"))],
)
def test_a_value_in_words(value: object, words: tuple[str, str]) -> None:
    assert (said_of(value, {}).vi, said_of(value, {}).en) == words


def test_every_block_is_of_a_change() -> None:
    assert list(WORDS) == list(MADE)
