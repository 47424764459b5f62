"""What is said of a rule beside its sentence: every verdict as written down in clauses-words.txt, in both languages."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import pytest
from attrs import evolve

from cchc_index.checking.clauses.agree import Check, check_clauses, compare
from cchc_index.checking.clauses.aspects import Aspect
from cchc_index.checking.clauses.findings import clause_verdicts
from cchc_index.checking.structure import Finding
from cchc_index.criteria import Basing, Exemption, Grade, GradeScale, Policy
from cchc_index.measures import YES, AllOf, Condition, Interval, figure
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Switch,
    Table,
    constant,
)
from cchc_index.testing.pool.rulesets import with_rule
from test_clauses_agree import (
    BALLOTS,
    BOTH,
    CASES,
    CONDITIONS,
    DONE,
    FACTS,
    HILLS,
    NOTHING,
    PLAN,
    REPORT,
    WHO,
    band,
    between,
    checked,
    f,
    quoted,
)
from written import blocks_of

Checks = tuple[Check, ...]


def of_condition(when: Condition, sentence: str) -> Checks:
    return checked(Switch((Case(when, constant(f("1")), quoted(sentence)),)))


def of_exemption(policy: Policy, when: Condition | None, sentence: str) -> Checks:
    return checked(constant(f("1")), f("3"), exemptions=(Exemption(policy, when, quoted(sentence)),))


def of_rounding(sentence: str) -> Checks:
    rounding = Rounding(f("0.1"), basis=quoted(sentence))
    ruleset = with_rule(Average("r", constant(f("1")), rounding), f("3"), rounding=rounding)
    return check_clauses(evolve(ruleset, rounding=rounding))


def of_grade(on: Basing, interval: Interval, sentence: str) -> Checks:
    scale = GradeScale((Grade("Tốt", interval, quoted(sentence)),), on)
    return check_clauses(evolve(with_rule(constant(f("1"))), scales=(scale,)))


def of_band(interval: Interval, *sentences: str, attested: str = "") -> Checks:
    bases = [evolve(quoted(sentence), attested=attested) for sentence in sentences]
    return checked(Piecewise(DONE, tuple(Piece(interval, f("1"), basis=basis) for basis in bases)))


def of_rest() -> Checks:
    """A second case whose sentence says the opposite of what the first leaves to it."""
    first = Case(AllOf((PLAN, REPORT)), constant(f("1")), quoted("Có kế hoạch và có báo cáo: 1 điểm"))
    wrong = Case(PLAN, constant(f("0.5")), quoted("Không có kế hoạch nhưng có báo cáo: 0,5 điểm"))
    return checked(Switch((first, wrong), Choose.FIRST))


def of_tiers() -> Checks:
    bands = (Piece(between("0.5"), f("1"), basis=quoted("Từ 60% trở lên: 1 điểm")),)
    hills = Case(HILLS, Piecewise(DONE, bands), quoted("Xã miền núi (không có việc thì tỷ lệ được tính là 100%):"))
    return checked(Switch((hills,)))


def of_awarded(low: Fraction) -> Checks:
    return checked(Awarded("hd", low, basis=quoted("Công khai, minh bạch")))


def of_rule(rule: Rule, sentence: str) -> Checks:
    return (compare(rule, sentence, FACTS),)


SHARE = between("0.8", "0.9")
LOW, EXACT = f("1"), "Từ 90% trở lên: 1 điểm"
MADE: dict[str, Callable[[], Checks]] = {
    **{f"rule: {name}": partial(of_rule, rule, sentence) for name, rule, sentence, _ in CASES},
    **{f"condition: {name}": partial(of_condition, when, sentence) for name, when, sentence, _ in CONDITIONS},
    "a survey": lambda: of_rule(band(BALLOTS, Interval(), "0", "4"), "Điểm = 3 x (A x 100% + B x 60%)/(A + B + C)"),
    "a survey in another order": lambda: of_rule(
        band(BALLOTS, Interval(), "0", "4"), "Điểm = 4 x (B x 50% + A x 100%)/(B + A)"
    ),
    "an option": lambda: checked(Table("ke_hoach", (Option(YES, f("1"), quoted("Có kế hoạch: 2 điểm")),))),
    "a survey for a figure": lambda: of_rule(band(figure("su_co"), Interval(), "0", "4"), "Điểm = 4 x (A x 100%)/(A)"),
    "an exemption": lambda: of_exemption(Policy.FULL, NOTHING, "Không có việc thì được điểm tối đa"),
    "an exemption, opposite": lambda: of_exemption(Policy.FULL, NOTHING, "Có việc thì được điểm tối đa"),
    "an exemption, other policy": lambda: of_exemption(Policy.REMOVED, NOTHING, "Không có việc thì được điểm tối đa"),
    "an exemption, no policy": lambda: of_exemption(Policy.FULL, NOTHING, "Không có việc thì được 2 điểm"),
    "an exemption, asked for": lambda: of_exemption(Policy.UNCOUNTED, None, "Xã đề nghị thì không tính tiêu chí này"),
    "a rounding": lambda: of_rounding("làm tròn đến một chữ số thập phân"),
    "a rounding, other step": lambda: of_rounding("làm tròn đến hai chữ số thập phân"),
    "a rounding, none said": lambda: of_rounding("Điểm trung bình của các hồ sơ"),
    "a grade": lambda: of_grade(Basing.POINTS, between("12", "15"), "từ 12 đến dưới 15 điểm xếp loại Tốt"),
    "a grade, other end": lambda: of_grade(Basing.POINTS, between("12", "15"), "từ 12 đến 15 điểm xếp loại tốt"),
    "a grade below zero": lambda: of_grade(Basing.POINTS, between(high="12"), "từ 0 đến dưới 12 điểm: tốt"),
    "a grade without %": lambda: of_grade(Basing.INDEX, SHARE, "tốt: từ 80 đến dưới 90"),
    "a grade without a bound": lambda: of_grade(Basing.INDEX, SHARE, "khá: chỉ số cao"),
    "the rest of a first case": of_rest,
    "a head of bands": of_tiers,
    "awarded": lambda: of_awarded(f("0")),
    "awarded from 1 point": lambda: of_awarded(low=LOW),
    "attested and read": lambda: of_band(between("0.9"), EXACT, attested=WHO),
    "attested and different": lambda: of_band(between("0.8"), EXACT, attested=WHO),
    "attested, several readings": lambda: of_band(BOTH, "90% -100%: 1 điểm", attested=WHO),
    "attested and not read": lambda: of_band(between("0.9"), "Gần hết việc", attested=WHO),
    "twice the same sentence": lambda: of_band(between("0.9"), "Gần hết việc", "Gần hết việc"),
}
WORDS = blocks_of("clauses-words.txt")


def said(checks: Checks) -> str:
    return "\n".join(line for part in zip(checks, clause_verdicts(checks), strict=True) for line in _lines(*part))


def _lines(check: Check, finding: Finding) -> Iterator[str]:
    yield f"{check.quote}"
    yield f"  [{finding.severity.value}] {finding.code} · {check.part.vi} · {check.part.en}"
    yield f"  {finding.message.vi}"
    yield f"  {finding.message.en}"
    for reading in check.readings:
        told = ", ".join(_aspect(aspect) for aspect in reading.aspects)
        yield f"  {reading.verdict.value}: {told}".rstrip(": ")


def _aspect(aspect: Aspect) -> str:
    return f"{aspect.name.vi}/{aspect.name.en} {aspect.outcome.value}{' (yếu)' if aspect.weak else ''}"


@pytest.mark.parametrize("name", MADE)
def test_every_comparison_says_these_words(name: str) -> None:
    assert said(MADE[name]()) == WORDS[name]


def test_every_block_is_of_a_case() -> None:
    assert list(WORDS) == list(MADE)
