"""`impact`: the same units under two versions; nobody is dropped, and what moved them adds up."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.cli.terminal import rendered
from cchc_index.comparing.impact import impact
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale, Policy, Ranking, Ruleset
from cchc_index.errors import CchcError
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import Fact, Interval, figure
from cchc_index.reporting import changes as reports
from cchc_index.rules import Piece, Piecewise, constant
from cchc_index.sources import NOT_STATED
from cchc_index.testing.edits import EDITS, OTHER, at, mutated
from cchc_index.testing.pool.measures import CITATION, FACTS
from cchc_index.testing.pool.rulesets import make_ruleset, with_criteria, with_rule
from cchc_index.testing.pool.units import make_submission

HERE = Path(__file__).parents[1]
SAMPLE = "mau/cap-xa/1"
UNITS = [
    cchc.read_submission(file)  # every example of the teaching sample
    for file in sorted((HERE / "examples" / "mau-cap-xa").glob("*.yaml"))
]
SEEDS = st.integers(0, 2**64)


def times(name: str, slope: int) -> Piecewise:
    return Piecewise(figure(name), (Piece(Interval(), Fraction(0), Fraction(slope)),))


def ranked(*criteria: Criterion, **more: Any) -> Ruleset:
    return with_criteria(*criteria, **{"ranking": Ranking(Basing.POINTS), **more})


def leaf(code: str, name: str, rule: Piecewise, **more: Any) -> Criterion:
    return evolve(Criterion(code, name, Fraction(100), CITATION, rule=rule), **more)


OLD = ranked(leaf("1", "một", times("a", 1)), leaf("2", "hai", times("b", 1)), version="cu")
NEW = ranked(leaf("1", "một", times("a", 2)), leaf("3", "hai", times("b", 1)), version="moi")
TWO = [Submission("A", {"a": 1, "b": 5}), Submission("B", {"a": 4, "b": 1})]


def test_units_move_by_points_and_place() -> None:
    found = impact(OLD, NEW, TWO)
    assert [(one.unit, one.old_place, one.new_place) for one in found.units] == [("A", 1, 2), ("B", 2, 1)]
    points: Any = [(one.old and one.old.points, one.new and one.new.points) for one in found.units]
    assert points == [(6, 7), (5, 9)]
    moves: Any = [[(line.code, line.old, line.new) for line in one.lines] for one in found.units]
    assert moves == [[("1", 1, 2)], [("1", 4, 8)]]
    assert (found.old.version, found.new.version, found.library) == ("cu", "moi", cchc.__version__)
    assert found.old.digest == cchc.digest(OLD)


def test_units_of_one_name_keep_their_own_places() -> None:
    same = [evolve(unit, unit="A") for unit in TWO]
    assert [(one.old_place, one.new_place) for one in impact(OLD, NEW, same).units] == [(1, 2), (2, 1)]


def test_a_unit_that_cannot_be_scored_stays_with_every_reason() -> None:
    units = [*TWO, Submission("C", {"a": 9}), Submission("D", {"a": 9, "b": 9, "la": 1})]
    found = impact(OLD, NEW, units)
    assert [one.unit for one in found.units] == ["A", "B", "C", "D"]
    lacking, unknown = found.units[2:]
    assert (lacking.old, lacking.new) == (None, None)
    assert lacking.new_faults[0].vi == "so_lieu.b: chưa khai (số b); cần cho 3"
    assert "bộ tiêu chí không có số liệu này" in unknown.old_faults[0].vi
    assert [one.old_place for one in found.units] == [1, 2, None, None]


def test_what_only_one_version_asks_for_is_left_out_and_named() -> None:
    facts = tuple(fact for fact in FACTS if fact.name != "b")
    exempt = (Exemption(Policy.REMOVED),)
    old = ranked(leaf("1", "một", times("a", 1), exemptions=exempt), leaf("2", "hai", times("b", 1)))
    new = ranked(leaf("1.1", "một", times("a", 1), exemptions=exempt), facts=facts)
    unit = Submission(
        "A",
        {"a": 1, "b": 2},
        ruleset=old.id,
        version=old.version,
        exemptions={"1": "lý do"},
        evidence={"2": (Evidence("1/BC"),)},
        claims=(Claim("2", Fraction(1)),),
    )
    (one,) = impact(old, evolve(new, version="2"), [unit]).units
    assert (one.old_faults, one.new_faults, one.left_out) == ((), (), ("2", "b"))
    assert one.new is not None
    assert one.new["1.1"].exempted is not None
    gone: Any = [(line.code, line.old_code, line.old, line.new) for line in one.lines]
    assert gone == [("", "2", 2, None)]
    (back,) = impact(new, evolve(old, version="2"), [unit]).units
    came: Any = [(line.code, line.old, line.new) for line in back.lines]
    assert (back.left_out, came) == (("2", "b"), [("2", None, 2)])
    unknown = Submission("A", {"a": 1, "b": 2}, exemptions={"9": "lý do"})
    assert "không có tiêu chí này" in impact(old, old, [unknown]).units[0].old_faults[0].vi


def test_a_new_figure_is_missing_and_said_so() -> None:
    more = (*FACTS, Fact("moi", "số mới"))
    (one, _) = impact(OLD, ranked(leaf("1", "một", times("moi", 1)), facts=more), TWO).units
    assert one.old is not None
    assert one.new is None
    assert "chưa khai (số mới)" in one.new_faults[0].vi


def test_without_a_ranking_or_a_number_there_is_no_place() -> None:
    silent = evolve(NEW, ranking=None)
    assert [(one.old_place, one.new_place) for one in impact(OLD, silent, TWO).units] == [(1, None), (2, None)]
    by_index = evolve(NEW, ranking=Ranking(Basing.INDEX))
    assert [(one.old_place, one.new_place) for one in impact(OLD, by_index, TWO).units] == [(None, None)] * 2
    unstated = ranked(evolve(leaf("1", "một", times("a", 1)), rule=NOT_STATED))
    (one, _) = impact(OLD, unstated, TWO).units
    assert (one.old_place, one.new and one.new.points) == (None, NOT_STATED)


def test_of_an_area_that_came_or_went_only_the_leaves_are_listed() -> None:
    area = Criterion("2", "lĩnh vực", NOT_STATED, CITATION, children=(leaf("2.1", "hai", times("b", 1)),))
    old, new = ranked(leaf("1", "một", times("a", 1))), ranked(leaf("1", "một", times("a", 1)), area)
    came, went = (impact(*pair, TWO[:1]).units[0].lines for pair in ((old, new), (new, old)))
    assert ([line.code for line in came], [line.old_code for line in went]) == (["2.1"], ["2.1"])


@settings(max_examples=40)
@given(SEEDS)
def test_each_side_is_what_score_gives(seed: int) -> None:
    r = Random(seed)
    old = make_ruleset(r)
    new = mutated(r, old) if r.randrange(2) else r.choice(EDITS)[1](old)
    units = [evolve(make_submission(r, old), ruleset=None, version=None, claims=()) for _ in range(3)]
    found = impact(old, new, units)
    assert [one.unit for one in found.units] == [unit.unit for unit in units]
    for unit, one in zip(units, found.units, strict=True):
        assert (one.old is None) == bool(one.old_faults)
        assert (one.new is None) == bool(one.new_faults)
        try:
            assert one.old == cchc.score(old, unit)
        except CchcError:
            assert one.old is None


def test_the_moves_of_lines_add_up_to_the_move_of_the_total() -> None:
    rules = load_unrounded()
    new = at(rules, "1.2.1", lambda one: evolve(one, rule=constant(Fraction(1, 4))))
    for one in impact(rules, new, UNITS).units:
        assert one.old
        assert one.new
        moved = sum(
            line.new - line.old
            for line in one.lines
            if isinstance(line.new, Fraction) and isinstance(line.old, Fraction)
        )
        if not any(line.exempted for line in one.old.walk()):
            assert moved == one.new.points - one.old.points  # type: ignore[operator]


def load_unrounded() -> Ruleset:
    return evolve(cchc.load(SAMPLE), rounding=None)


def test_nothing_moves_under_the_same_version() -> None:
    rules = cchc.load(SAMPLE)
    for one in impact(rules, evolve(rules, version="2"), UNITS).units:
        assert one.old
        assert one.new
        assert evolve(one.new, version="1", digest=cchc.digest(rules)) == one.old
        assert (one.lines, one.left_out, one.old_place) == ((), (), one.new_place)


# -- what people see ---------------------------------------------------------------------------------------------------


def test_the_table_shows_moves_and_reasons() -> None:
    names = tuple(
        Grade(name, interval)
        for name, interval in (("thấp", Interval(high=Fraction(8))), ("cao", Interval(low=Fraction(8))))
    )
    graded = [evolve(rules, scales=(GradeScale(names),), facts=FACTS) for rules in (OLD, NEW)]
    extra = Submission("D", {"a": 1, "b": 1, "phu": 1})
    with_extra = evolve(graded[1], facts=(*FACTS, Fact("phu", "số phụ")))
    text = rendered(reports.impacts(impact(graded[0], with_extra, [*TWO, Submission("C", {"a": 9}), extra]), "vi"), 160)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "B 5 → 9 +4 không quy định thấp → cao 2 → 1" in lines
    assert "B: 1 4 → 8" in lines
    assert "C: bản cũ không chấm được: so_lieu.b: chưa khai (số b); cần cho 2" in lines
    assert "D: không dùng đến ở một bản: phu" in lines
    english = rendered(reports.impacts(impact(OLD, evolve(NEW, ranking=None), TWO), "en"), 160)
    assert "2 → –" in " ".join(english.split())
    silent = with_criteria(leaf("9", "khác", times("a", 1)), evolve(leaf("8", "x", times("a", 1)), rule=NOT_STATED))
    shown = rendered(reports.impacts(impact(OLD, silent, TWO[:1]), "vi"), 160)
    assert "A: 9 – → 1; 8 – → không quy định; 1 1 → –; 2 5 → –" in shown
    assert "6 → không quy định –" in " ".join(shown.split())


def test_an_impact_is_plain_json() -> None:
    found = impact(OLD, evolve(NEW, ranking=None), [*TWO, Submission("C", {"a": 9})])
    data = reports.impact_data(found)
    assert json.loads(json.dumps(data)) == data
    first, _, last = data["units"]
    assert first["old"] == {
        "faults": [],
        "points": "6",
        "max_points": "200",
        "index": "khong_quy_dinh",
        "grade": None,
        "place": 1,
    }
    assert first["lines"] == [{"code": "1", "old_code": "1", "name": "một", "old": "1", "new": "2"}]
    assert last["new"]["faults"][0]["en"].startswith("so_lieu.b: not given")
    graded = with_rule(constant(Fraction(1)))
    graded = evolve(graded, scales=(GradeScale((Grade("cao", Interval(), OTHER),)),))
    assert reports.impact_data(impact(graded, graded, TWO))["units"][0]["old"]["grade"] == "cao"
    none = evolve(graded, scales=(GradeScale((Grade("cao", Interval(low=Fraction(9))),)),))
    assert reports.impact_data(impact(none, none, TWO))["units"][0]["old"]["grade"] == "khong_quy_dinh"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    return result.exit_code, result.stdout


@pytest.mark.parametrize("options", [[], ["--json"], ["--lang", "en"]])
def test_the_command_scores_every_file(options: list[str]) -> None:
    files = [str(file) for file in sorted((HERE / "examples" / "mau-cap-xa").glob("*.yaml"))]
    code, text = run("impact", SAMPLE, SAMPLE, *files, *options)
    assert code == 0
    assert all(unit.unit in text for unit in UNITS)
