"""Writing a ruleset as a file: reading it again is the identity, whatever a file can say."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import assume, given

import cchc_index as cchc
from cchc_index.criteria import Ruleset
from cchc_index.files.numbers import parse_exact, parse_expression, write_number
from cchc_index.files.raising import Place, Unwritable, expression, raised
from cchc_index.files.reading import read_ruleset
from cchc_index.files.writing import dump
from cchc_index.measures import AllOf, Interval, Linear, Within, figure
from cchc_index.points import Exact
from cchc_index.rules import Average, Case, Choose, Piece, Piecewise, Rounding, Sum, Switch, Term, constant
from cchc_index.sources import NOT_STATED, Document
from cchc_index.testing.numbers import seeded, wide_fractions
from cchc_index.testing.pool.measures import CITATION, FACTS
from cchc_index.testing.pool.rules import make_piecewise
from cchc_index.testing.pool.rulesets import make_ruleset, with_rule
from cchc_index.testing.pool.units import make_submission

FIGURES = {fact.name: fact for fact in FACTS}
EACH = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(2)),))
BANDS = Piecewise(figure("a"), (Piece(Interval(low=Fraction(4)), Fraction(1)),))
BANDED = {"cham": "bac_thang", "do": "a", "bac": [{"tren": "4", "diem": "1"}]}
DOCUMENT = Document(CITATION.document, "1", NOT_STATED, "x", "y", "nguon/VB.md", "z")


def _again(rules: Ruleset, folder: Path) -> Ruleset:
    file = folder / "bo-tieu-chi.yaml"
    file.write_text(dump(rules), "utf-8")
    return read_ruleset(file)


@pytest.mark.parametrize("name", cchc.rulesets())
def test_a_shipped_set_written_and_read_again_is_the_same(name: str, tmp_path: Path) -> None:
    rules = cchc.load(name)
    again = _again(rules, tmp_path)
    assert again == rules
    assert dump(again) == dump(rules)


@given(seeded())
def test_whatever_a_file_says_is_read_again_as_it_was(tmp_path_factory: pytest.TempPathFactory, r: Random) -> None:
    """What comes out of a file is a fixed point; and it scores as the value that was written."""
    folder = tmp_path_factory.mktemp("bo")
    rules = evolve(make_ruleset(r), documents=(DOCUMENT,))
    try:
        once = _again(rules, folder)
    except Unwritable:
        assume(False)  # noqa: FBT003
    assert around(once) == around(rules)
    assert _again(once, folder) == once
    assert dump(_again(once, folder)) == dump(once)
    unit = make_submission(r, rules)
    assert _scored(once, unit) == _scored(rules, unit)


def around(rules: Ruleset) -> object:
    """What stands beside the rules, as it was said; a part without words of its own takes those of its row."""
    rows = [
        (
            row.code,
            row.supersedes,
            row.counts and evolve(row.counts, basis=NOT_STATED),
            [evolve(task, basis=NOT_STATED) for task in row.tasks],
            [(seen.name, seen.measure, [tier.name for tier in seen.tiers]) for seen in row.observations],
        )
        for row in rules.walk()
    ]
    grades = [
        (grade.name, grade.interval, grade.basis, grade.each_from, grade.when is None)
        for scale in rules.scales
        for grade in scale.grades
    ]
    return rules.application, rules.counts, rules.dropped, rows, grades


def _scored(rules: Ruleset, unit: cchc.Submission) -> object:
    try:
        card = cchc.score(rules, unit)
    except cchc.CchcError as error:
        return type(error)
    return card.points, card.index, [(line.code, line.points, line.max_points) for line in card.walk()]


@given(wide_fractions())
def test_a_number_is_written_so_that_it_reads_one_way(value: Fraction) -> None:
    assert parse_exact(write_number(value)) == value
    assert parse_exact(write_number(value * 100) + "%") == value


@pytest.mark.parametrize(
    ("linear", "written"),
    [
        (figure("a"), "a"),
        (Linear((("a", -1), ("b", 1)), Fraction(-1, 2)), "-1 x a + b - 0.5"),
        (Linear((("a", Fraction(1, 3)),), 2), "1/3 x a + 2"),
        (Linear((), 0), "0"),
    ],
)
def test_an_expression_is_written_as_people_write_it(linear: Linear, written: str) -> None:
    assert expression(linear) == written
    assert parse_expression(written) == linear


@pytest.mark.parametrize("value", [Fraction(1234, 1000), Fraction(-1234, 1000), 15, Fraction(1, 8)])
def test_no_written_number_has_two_readings(value: Exact) -> None:
    assert parse_exact(write_number(value)) == value


@pytest.mark.parametrize(
    "rule", [constant(Fraction(1)), Piecewise(figure("a"), ()), Sum(cap=Fraction(1)), Sum((Term(Sum()),))]
)
def test_points_that_depend_on_nothing_are_not_written(rule: Sum | Piecewise) -> None:
    with pytest.raises(Unwritable):
        raised(rule, Place({}, CITATION))


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (Sum((Term(EACH),), cap=Fraction(1)), {"moi": "a", "diem": "2", "toi_da": "1"}),
        (Sum((Term(BANDS),), cap=Fraction(1)), {"muc": [{"quy_tac": BANDED}], "toi_da": "1"}),
        (Sum((Term(EACH),), Fraction(3)), {"quy_tac": {"cham": "tru_dan", "diem_goc": "3", "san": "khong_quy_dinh"}}),
        (Sum((Term(EACH),), floor=Fraction(1)), {"quy_tac": {"cham": "cong_don", "toi_thieu": "1"}}),
    ],
)
def test_a_sum_inside_a_sum_keeps_its_limits(rule: Sum, written: dict[str, object]) -> None:
    """Of one line of a checklist: a limit, and nothing else, may stand beside what is counted."""
    [item] = raised(Sum((Term(rule),)), Place(FIGURES, CITATION))["muc"]
    told = dict(item)
    if "quy_tac" in written:
        told["quy_tac"] = {key: told["quy_tac"].get(key) for key in written["quy_tac"]}  # type: ignore[attr-defined]
    assert told == written


@pytest.mark.parametrize(
    ("held", "left"),
    [(Sum((Term(EACH),)), constant(Fraction(0))), (constant(Fraction(2)), constant(Fraction(1)))],
)
def test_a_line_that_counts_by_a_condition_gives_points_or_none(held: Sum, left: Sum) -> None:
    """`khi` and `diem` say just that; a line that gives more is not written as if it did not."""
    rule = Switch((Case(Within(figure("a"), Interval(low=Fraction(1))), held), Case(AllOf(()), left)), Choose.FIRST)
    with pytest.raises(Unwritable):
        raised(Sum((Term(rule),)), Place(FIGURES, CITATION))


def test_two_roundings_of_one_row_are_not_written() -> None:
    tenth = Rounding(Fraction(1, 10))
    bands = make_piecewise(Random(1), record=True)
    inner = evolve(bands, pieces=(evolve(bands.pieces[0], interval=Interval()),))
    with pytest.raises(Unwritable):
        dump(with_rule(Average("r", inner, tenth), rounding=tenth))


@pytest.mark.parametrize("end", [Fraction(0), Fraction(3652060), Fraction(1478501, 2)])
def test_a_bound_of_days_that_is_no_day_is_not_written(end: Fraction) -> None:
    with pytest.raises(Unwritable):
        raised(Piecewise(figure("d"), (Piece(Interval(high=end), Fraction(1)),)), Place(FIGURES, CITATION))
