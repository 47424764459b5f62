"""What an audit says: every finding in full, with its sentence and place, as written down in audit-words.txt."""

import datetime
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from attrs import evolve

from cchc_index.auditing.findings import AuditFinding
from cchc_index.auditing.sheet import Sheet, SheetRow
from cchc_index.auditing.verify import Audit, Beside, verify
from cchc_index.criteria import AdjustmentKind, Exemption, Policy, Task
from cchc_index.errors import Path, Text
from cchc_index.facts import Claim, Evidence, Submission
from cchc_index.measures import Chosen, Fact, FactType, Interval, figure, ratio
from cchc_index.points import show
from cchc_index.rules import Option, Piece, Piecewise, Table
from cchc_index.sources import Quote
from cchc_index.testing.pool.rulesets import with_criteria
from test_audit import (
    DOSSIERS,
    FACTS,
    QUOTE,
    RELATIONS,
    YEAR,
    adjusted,
    area,
    dated,
    leaf,
    parts,
    rows,
    total,
    two,
    unit,
    with_papers,
)
from written import blocks_of

PLACES: dict[Path, str] = {
    **{("so_lieu", name): f"xa.yaml:{line}" for line, name in enumerate("abcnp", 3)},
    **{("tu_cham", code): f"xa.yaml:{line}" for line, code in enumerate(("1", "1.1"), 10)},
    **{("tai_lieu", code): f"xa.yaml:{line}" for line, code in enumerate(("1.1", "1.9"), 20)},
    **{("khong_danh_gia", code): f"xa.yaml:{line}" for line, code in enumerate(("1.1", "7"), 30)},
    ("bo_tieu_chi",): "xa.yaml:1",
    ("phien_ban",): "xa.yaml:2",
    ("so_lieu", "ty_le"): "xa.yaml:9",
}


def placed(sheet: Sheet) -> Sheet:
    """The sheet with a place for each row and its total."""
    listed = tuple(evolve(row, place=f"bang.csv:{line}") for line, row in enumerate(sheet.rows, 2))
    return evolve(sheet, rows=listed, total=sheet.total and evolve(sheet.total, place="bang.csv:9"))


def held(**more: object) -> Submission:
    return unit(**{"places": PLACES, **more})


def of_rows() -> Audit:
    """One row twice, one left out, one that is no criterion, and points awarded for no criterion."""
    area_, first, _ = rows(3, 3, 4).rows
    listed = (area_, first, evolve(first, claimed=Fraction(1, 2)), SheetRow("9.1", "Lạ", claimed=Fraction(1)))
    return verify(two(), held(), sheet=placed(Sheet(listed)), appraisal={"7": Fraction(1)})


def of_thirds() -> Audit:
    """Points that no decimals write, claimed, awarded and added up wrongly."""
    third = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1, 9), QUOTE),))
    rules = with_criteria(area("1", leaf("1.1", rule=third), leaf("1.2", rule=third)), facts=FACTS)
    first, second, last = rows("1.5", "0.5", "0.33").rows
    listed = (first, second, evolve(last, appraised=Fraction("0.25")))
    return verify(rules, held(), sheet=placed(Sheet(listed, total("2.5"))))


def of_maxima() -> Audit:
    first, second, last = rows(16, 12, 4).rows
    altered = (first, second, evolve(last, max_points=Fraction("5.5")))
    said_so = area("1", leaf("1.1", sentence=QUOTE), leaf("1.2", "b", sentence=QUOTE))
    rules = with_criteria(said_so, facts=FACTS, max_points=Fraction(20))
    return verify(rules, held(), sheet=placed(Sheet(altered, total(16, "15.5"))))


def of_blanks() -> Audit:
    return verify(two(), held(), sheet=placed(rows(7, 3, None, total=total(7))))


def of_claims() -> Audit:
    claims = (Claim("1", Fraction(9)), Claim("1.1", Fraction(2)), Claim("1.2", Fraction(1)))
    return verify(with_papers(), held(claims=claims))


def of_papers() -> Audit:
    papers = {"1.1": (Evidence("1/BC", datetime.date(2025, 12, 1)), Evidence("2/BC", datetime.date(2026, 1, 1)))}
    late = held(evidence={**papers, "1.9": (Evidence("3/BC"),)}, period=YEAR)
    return verify(with_papers(tasks=(Task("việc", due=datetime.date(2025, 11, 30)),)), late, sheet=rows(7, 3, 4))


def of_papers_out_of_time() -> Audit:
    papers = {"1.1": (Evidence("1/BC", datetime.date(2024, 12, 31)),)}
    return verify(with_papers(), held(evidence=papers, period=YEAR), sheet=rows(7, 3, 4))


def of_exemptions() -> Audit:
    asked = held(exemptions={"1.1": "không phát sinh", "7": "không có"})
    first, second, last = rows(7, 3, 4).rows
    return verify(two(), asked, sheet=placed(Sheet((first, second, evolve(last, not_assessed="không tổ chức")))))


def of_forbidden() -> Audit:
    rules = with_criteria(leaf("1.1", exemptions=(Exemption(Policy.FORBIDDEN, basis=QUOTE),)), facts=FACTS)
    return verify(rules, held(exemptions={"1.1": "không phát sinh"}))


def of_figures() -> Audit:
    return verify(parts(), held(figures={"a": "ba", "b": 4, "c": 5, "la": 1}))


def of_relations() -> Audit:
    rules = with_criteria(leaf("1", "tiep_nhan", None), leaf("2", "ty_le", None), facts=DOSSIERS)
    figures = {"tiep_nhan": 15051, "ton": 1727, "moi": 13342, "xong": 12530, "dung_han": 10840, "ty_le": "86,6%"}
    return verify(rules, held(figures=figures), beside=Beside(relations=RELATIONS))


def of_survey() -> Audit:
    """A row that looks at one option of a survey whose counts cannot be used."""
    survey = Fact("n", "phiếu", FactType.SURVEY, options=(("A", "tốt"), ("B", "kém")))
    rules = with_criteria(leaf("1", "n.A", None), facts=(survey,))
    return verify(rules, held(figures={"n": {"A": -1, "B": 1}}))


def of_missing() -> Audit:
    return verify(two(), held(figures={"b": 4}), sheet=placed(rows(9, 3, 6)))


def of_open_value() -> Audit:
    rule = Table("k", (Option("co", Fraction(1), QUOTE),))
    rules = with_criteria(leaf("1", rule=rule), facts=FACTS)
    sheet = Sheet((SheetRow("1", claimed=Fraction(1)),))
    return verify(rules, held(figures={"k": False}), sheet=placed(sheet))


def of_undecided() -> Audit:
    left_out = Exemption(Policy.REMOVED, Chosen("k", ("co",)), QUOTE)
    rules = with_criteria(area("1", leaf("1.1"), leaf("1.2", "b"), exemptions=(left_out,)), facts=FACTS)
    return verify(rules, held(), sheet=placed(rows(9, 3, 4)))


def of_texts() -> Audit:
    first, second, last = rows(7, 3, 4).rows
    sheet = Sheet((first, evolve(second, note="9 = 4 + 4"), last))
    texts = {"1.1": "đúng hạn 10.840/12.530 hồ sơ, đạt 86,6%", "1.2": "7 = 4 + 4", "": "3 = 1 + 1"}
    return verify(two(), held(), sheet=placed(sheet), beside=Beside(texts=texts))


def of_other_version() -> Audit:
    return verify(two(), held(ruleset="thu/khac", version="2"), sheet=rows(7, 3, 4))


def of_version_to_come() -> Audit:
    return verify(dated("1", datetime.date(2026, 1, 1)), held(period=YEAR), sheet=rows(7, 3, 4))


def of_version_that_ended() -> Audit:
    ended = dated("1", datetime.date(2020, 1, 1), datetime.date(2025, 12, 30))
    return verify(ended, held(period=YEAR), sheet=rows(7, 3, 4))


def of_penalty_below_one() -> Audit:
    """Half a point taken off, printed with its minus sign, is what the figures give."""
    half = Piecewise(ratio("c", "b"), (Piece(Interval(), Fraction(0), Fraction(1), QUOTE),))
    rules = adjusted(AdjustmentKind.PENALTY)
    penalty = evolve(rules.adjustments[0], criterion=leaf("T", rule=half, most=5))
    listed = (SheetRow("1", claimed=Fraction(3)), SheetRow("T", claimed=Fraction(-1, 2)))
    return verify(evolve(rules, adjustments=(penalty,)), held(figures={"a": 3, "b": 4, "c": 2}), sheet=Sheet(listed))


MADE: dict[str, Callable[[], Audit]] = {
    name.removeprefix("of_").replace("_", " "): made for name, made in list(globals().items()) if name[:3] == "of_"
}
WORDS = blocks_of("audit-words.txt")


def said(audit: Audit) -> str:
    whole = audit.total
    assert (whole.code, whole.name, whole.depth) == ("", "", 0)
    three = " · ".join(map(_shown, (whole.claimed, whole.computed, whole.awarded)))
    lines = [line for finding in audit.findings for line in _lines(finding)]
    return "\n".join([f"= {three} / {_shown(whole.max_points)}", *lines])


def _shown(points: object) -> str:
    return show(points) if isinstance(points, Fraction) else "–" if points is None else str(points)


def _lines(found: AuditFinding) -> Iterator[str]:
    at = "toàn bộ" if found.criterion == "" else found.criterion
    three = " · ".join(map(_shown, (found.given, found.follows, found.difference)))
    also = "".join(f" + {code}" for code in found.also)
    yield f"[{found.severity.value}] {found.kind.value} · {at}{also} · {found.column.value} · {three}"
    yield from _both("  ", found.message)
    yield from _both("  ? ", found.explain)
    words = f"«{found.basis.text}»" if isinstance(found.basis, Quote) else repr(found.basis)
    place = "(không rõ)" if found.place == "" else found.place
    yield f"  {words} {found.source} @ {place}"


def _both(start: str, text: Text) -> Iterator[str]:
    yield start + text.vi
    yield start + text.en


@pytest.mark.parametrize("name", MADE)
def test_every_finding_of_an_audit_says_these_words(name: str) -> None:
    assert said(MADE[name]()) == WORDS[name]


def test_every_block_is_of_an_audit() -> None:
    assert list(WORDS) == list(MADE)
