"""What lint says: place, sentences, mends and figures of every finding, as written down in lint-words.txt."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Finding, check_structure, said_figures
from cchc_index.criteria import Basing, Criterion, Direction, Exemption, Policy, Ruleset, Scope, SourceNote, Task
from cchc_index.errors import Text, spot
from cchc_index.measures import AllOf, Fact, FactType, Interval, Linear, Within, figure, ratio
from cchc_index.points import show
from cchc_index.rules import Average, Choose, Option, Piece, Piecewise, Rounding, Rule, Sum, Table, Term, constant
from cchc_index.sources import NOT_STATED, Document, DocumentKind, NoteKind, Quote
from cchc_index.testing.pool.rulesets import with_criteria
from test_lint import (
    HALF,
    HOLLOW,
    NAMES,
    ONE,
    PLACE,
    READ,
    SOUND,
    TWO,
    ZERO,
    above,
    bands,
    cases,
    exactly,
    from_,
    graded,
    leaf,
    no,
    note,
    one,
    to,
    under,
    yes,
)
from written import blocks_of

ROOT = Path(__file__).parents[1]
WHEN = Within(figure("a"), from_(3))
THIRD = Fraction(3, 2)


def term(rule: Rule) -> Term:
    return Term(rule, "", READ)


def asked(policy: Policy, when: Any = None) -> Exemption:
    return Exemption(policy, when, READ)


def in_2025(rules: Ruleset) -> Ruleset:
    first, last = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)
    return evolve(rules, application=evolve(rules.application, since=first, until=last))


def on_fixed_day(*, at_top: bool) -> Ruleset:
    fixed = Fact("h", "hạn h", FactType.DATE, given=datetime.date(2024, 11, 30))
    rule = bands(Linear((("d", 1), ("h", -1))), (to(0), 1), (above(0), 0))
    top, own = ((fixed,), ()) if at_top else ((), (fixed,))
    return in_2025(with_criteria(leaf(rule, facts=own), facts=(NAMES["d"], *top)))


def mixed(*names: str) -> Ruleset:
    more = {"w": Fact("w", "người w", unit="người")}
    rule = bands(Linear(tuple((name, 1) for name in names)), (from_(3), 1), (under(3), 0))
    return with_criteria(leaf(rule), facts=tuple({**NAMES, **more}[name] for name in names))


def lifted() -> Ruleset:
    halves = leaf(NOT_STATED, HALF, "1.1", exemptions=(asked(Policy.REMOVED),)), leaf(NOT_STATED, HALF, "1.2")
    whole = Rounding(ONE, basis=READ)
    return with_criteria(Criterion("1", "lĩnh vực", ONE, PLACE, children=halves, rounding=whole), facts=())


def everything_exempt() -> Ruleset:
    parts = (
        leaf(NOT_STATED, exemptions=(asked(Policy.REMOVED),)),
        leaf(NOT_STATED, ONE, "2", exemptions=(asked(Policy.RESCALED, WHEN),)),
    )
    return with_criteria(*parts, facts=(NAMES["a"],), index_basis=READ)


def maximum_not_stated(scope: Scope) -> Ruleset:
    parts = leaf(NOT_STATED, NOT_STATED, exemptions=(asked(Policy.REMOVED),)), leaf(NOT_STATED, ONE, "2")
    return with_criteria(*parts, facts=(), max_points=Fraction(5), scope=scope)


def labelled_alike() -> Ruleset:
    twin = evolve(NAMES["b"], label="Số  A")
    second = leaf(bands("b", (from_(3), 1), (under(3), 0)), ONE, "2", facts=(twin,))
    return with_criteria(leaf(SOUND, facts=(NAMES["a"],)), second, facts=())


def declared_twice() -> Ruleset:
    other = evolve(NAMES["a"], label="số khác")
    return with_criteria(leaf(SOUND, facts=(NAMES["a"],)), leaf(SOUND, ONE, "2", facts=(other,)), facts=())


def column_of_the_same_name() -> Ruleset:
    column = Fact("r", "hồ sơ", FactType.RECORDS, fields=(Fact("a", "cột a"), Fact("b", "cột b")))
    both = Sum((term(Average("r", SOUND)), term(SOUND)))
    return with_criteria(leaf(both, TWO), facts=(NAMES["a"], column))


def not_linear() -> Ruleset:
    measures = [evolve(ratio("a", whole), at_zero=ZERO) for whole in "bm"]
    return one(Sum(tuple(term(bands(measure, (to(1), 0, 1), (above(1), 0))) for measure in measures)), "abm", TWO)


NO_MORE = Interval(ZERO, ONE, low_closed=True, high_closed=True)
OPEN = bands(ratio("c", "b"), (Interval(), 0, 1))
HOLE, READING = note(NoteKind.HOLE), note(NoteKind.READING)
CONTRADICTION = note(NoteKind.CONTRADICTION)
RULESETS = {
    "a gap": one(bands("m", (above(THIRD), 1), (under(THIRD), 0)), "m"),
    "a gap above 100 percent": one(bands("p", (NO_MORE, 0, 1)), "p"),
    "a gap that is recorded": one(HOLLOW, "a", notes=(HOLE, HOLE, READING)),
    "a gap recorded for its figures": one(HOLLOW, "a", notes=(note(NoteKind.HOLE, Within(figure("a"), exactly(3))),)),
    "an overlap": one(bands("a", (from_(3), 1), (to(3), 0)), "a"),
    "an option twice": one(Table("u", (Option("co", ONE), Option("khong", ZERO), Option("co", ZERO))), "u"),
    "the best of several": one(cases((yes("u"), 1), (yes("v"), 0), (AllOf(()), 0), choose=Choose.BEST), "uv"),
    "a zero denominator": one(OPEN, "cb"),
    "a zero denominator of levels": one(
        cases((yes("u"), 1), (Within(ratio("c", "b"), from_(HALF)), 1), (AllOf(()), 0), choose=Choose.FIRST),
        "ucb",
    ),
    "a denominator below zero": one(bands(evolve(ratio("a", "n"), at_zero=ZERO), (from_(2), 1), (under(2), 0)), "an"),
    "no record": one(Average("r", bands("x", (from_(3), 1), (under(3), 0))), "r"),
    "a slope against the direction": one(bands("n", (Interval(), 0, -1)), "n", NOT_STATED, direction=Direction.MORE),
    "a slope with a start against it": one(
        bands("a", (from_(5), 0), (Interval(ZERO, Fraction(5), low_closed=True), 1, Fraction(-1, 4))),
        "a",
        direction=Direction.MORE,
    ),
    "a band never used": one(bands("a", (from_(3), 1), (under(3), 0), (Interval(THIRD, TWO), 1)), "a"),
    "a level never used": one(cases((yes("u"), 1), (AllOf(()), 0), (no("u"), 0), choose=Choose.FIRST), "u"),
    "always exempt": one(SOUND, "a", exemptions=(asked(Policy.FULL, Within(figure("a"), from_(0))),)),
    "a hole where there are points": one(HOLLOW, "a", notes=(note(NoteKind.HOLE, WHEN), READING)),
    "a hole that cannot be": one(SOUND, "a", notes=(note(NoteKind.HOLE, Within(figure("a"), under(0))), READING)),
    "above the maximum": one(bands("a", (from_(3), Fraction(5, 2)), (under(3), 0)), "a", THIRD),
    "above the maximum without limit": one(bands("a", (Interval(), 0, 1)), "a", THIRD),
    "above the maximum beyond 100 percent": one(bands("p", (Interval(), 0, 1)), "p"),
    "above the maximum, recorded": one(constant(TWO), "", notes=(CONTRADICTION, READING)),
    "the maximum not reached": one(bands("a", (from_(3), THIRD), (under(3), 0)), "a", Fraction(5, 2)),
    "below zero by a formula": one(bands("a", (to(5), 1, Fraction(-1, 4)), (above(5), 0)), "a"),
    "below zero by a sum": one(Sum((term(bands("a", (Interval(), 0, Fraction(-1, 4)))),), ONE), "a"),
    "below zero, as near as may be": one(Sum((term(bands("m", (under(1), 0, -1), (from_(1), 0))),), HALF), "m", HALF),
    "below zero by a large step": one(
        Sum((term(bands("a", (from_(3), -5), (Interval(ONE, Fraction(3), low_closed=True), 0), (under(1), -1))),), ONE),
        "a",
    ),
    "against the direction": one(bands("a", (under(3), 1), (from_(3), 0)), "a", direction=Direction.MORE),
    "jumps": one(
        bands("m", (from_(4), 1), (Interval(THIRD, Fraction(4), low_closed=True), HALF), (under(THIRD), 0)),
        "m",
        direction=Direction.MORE,
    ),
    "not proved": not_linear(),
    "exemptions that clash": one(
        SOUND,
        "au",
        exemptions=(asked(Policy.REMOVED, yes("u")), asked(Policy.FULL, yes("u"))),
    ),
    "an exemption that never applies": one(
        SOUND, "a", exemptions=(asked(Policy.REMOVED, Within(figure("a"), under(0))),)
    ),
    "a maximum not stated": maximum_not_stated(Scope.WHOLE),
    "a maximum not stated in a frame": maximum_not_stated(Scope.FRAME),
    "everything exempt": everything_exempt(),
    "a rounding that lifts": lifted(),
    "a figure not used": one(SOUND, "ak"),
    "a column not used": with_criteria(
        leaf(Average("r", bands("x", (from_(3), 1), (under(3), 0)))),
        facts=(Fact("r", "hồ sơ r", FactType.RECORDS, fields=(Fact("x", "cột x"), Fact("y", "cột y"))),),
    ),
    "a figure not declared": one(SOUND, ""),
    "a label on two figures": labelled_alike(),
    "a name for two figures": declared_twice(),
    "a column with the name of a figure": column_of_the_same_name(),
    "a percent and a count": mixed("p", "a"),
    "two days": mixed("d", "e"),
    "two units": mixed("m", "w"),
    "a part and its whole": mixed("c", "b"),
    "a task out of time": in_2025(one(SOUND, "a", tasks=(Task("Gửi báo cáo", due=datetime.date(2026, 1, 10)),))),
    "a task that is meant": in_2025(
        one(SOUND, "a", tasks=(Task("Gửi báo cáo", due=datetime.date(2026, 1, 10)),), notes=(READING,))
    ),
    "a day of the set out of time": on_fixed_day(at_top=True),
    "a day of a criterion out of time": on_fixed_day(at_top=False),
    "a gap between grades": graded(above(HALF), under(HALF)),
    "a gap between grades in points": graded(above(5), under(5), on=Basing.POINTS),
    "grades that meet": graded(from_(HALF), to(HALF)),
    "a grade for nobody": graded(above(1), to(1)),
    "notes that nobody has read": evolve(
        one(SOUND, "a", notes=(HOLE, CONTRADICTION)), notes=(CONTRADICTION, HOLE, HOLE)
    ),
    "sums": with_criteria(
        Criterion("1", "lĩnh vực", ONE, PLACE, children=(leaf(SOUND, HALF, "1.1"),)),
        facts=(NAMES["a"],),
        max_points=TWO,
    ),
}
WORDS = blocks_of("lint-words.txt")


def said(found: Finding) -> Iterator[str]:
    criterion = "toàn bộ" if found.criterion == "" else found.criterion
    yield f"[{found.severity.value}] {found.code} · {criterion} · {spot(found.locus)}".rstrip(" ·")
    yield from _both("  ", found.message)
    if found.mend:
        yield from _both("  → ", found.mend)
    if found.witness:
        shown = found.witness
        figures = [said_figures(each, "vi") for each in (shown.figures, shown.against) if each]
        points = [] if shown.points is None else [f"điểm {show(shown.points)}"]
        asked_for = [f"bỏ {code}" for code in shown.exempted]
        yield "  = " + (" | ".join([*figures, *points, *asked_for]) or "(mọi số liệu)")


def _both(start: str, text: Text) -> Iterator[str]:
    yield start + text.vi
    yield start + text.en


def told(findings: tuple[Finding, ...]) -> str:
    return "\n".join(line for found in findings for line in said(found))


def quoted() -> Ruleset:
    """A rule whose quote is not there, one without a sentence, words nobody has read, and a document by report only."""
    wrong = Piecewise(figure("a"), (Piece(Interval(), ONE, basis=Quote("Bịa ra", PLACE)),))
    silent = Piecewise(figure("a"), (Piece(Interval(), ONE),))
    unread = (SourceNote(NoteKind.UNREAD, "câu một", "máy đọc"), SourceNote(NoteKind.UNREAD, "câu hai", "máy đọc"))
    first, second = leaf(wrong, notes=unread), leaf(silent, code="2", notes=(SourceNote(NoteKind.UNREAD, "câu ba"),))
    reported = Document("BC", "1/BC", NOT_STATED, "cơ quan bịa", "báo cáo bịa", "bc.txt", "", DocumentKind.REPORTED)
    return evolve(with_criteria(first, second, facts=(NAMES["a"],)), documents=(reported,))


@pytest.mark.parametrize("name", RULESETS)
def test_every_finding_says_these_words(name: str) -> None:
    assert told(lint(RULESETS[name])) == WORDS[name]


def test_what_is_wrong_with_sources_says_these_words() -> None:
    assert told(check_structure(quoted(), {"VB": "Có thật"})) == WORDS["sources"]


def test_every_kind_of_finding_is_written_down() -> None:
    page = (ROOT / "docs" / "kiem-chung.md").read_text("utf-8")
    table = page.partition("## Các mã")[2].partition("\n## ")[0]
    named = {
        code for line in table.splitlines() if line.startswith("| `") for code in line.split("|")[1].split("`")[1::2]
    }
    written = {line.split()[1] for block in WORDS.values() for line in block.splitlines() if line.startswith("[")}
    assert named - written == set()
