"""Whether the engine gives what a finding says of its witness: each code has one way to be held against a score."""

from fractions import Fraction

from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.alone import alone
from cchc_index.checking.lint import lint
from cchc_index.checking.lint.stage import submission_of
from cchc_index.checking.structure import Finding
from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import BadRuleset, CchcError, UndefinedByDecision
from cchc_index.rules import Average, Rule, Switch
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED, NoteKind

WITHOUT_POINTS = ("khoang-ho", "mau-so-bang-0", "mau-so-am", "khong-ban-ghi")
"""Findings whose figures the decision gives no points."""
NO_FIGURES = (
    *("khong-bao-gio-dung", "chua-chung-minh", "mien-tru-khong-toi", "luon-mien-tru", "khoang-trong-khong-toi"),
    *("buoc-nhay", "lan-don-vi", "dem-hai-lan", "so-lieu-thua", "hai-nghia", "chua-khai-bao", "han-ngoai-ky"),
    *("chua-co-cach-hieu", "tong-khong-khop", "khong-biet-diem-toi-da", "xep-loai-khong-toi"),
    *("thieu-nguyen-van", "khong-thay-nguyen-van", "chi-co-ghi-chep"),
)
"""Findings that no figures show: they say that there are none, or are not about figures."""


def card_of(rules: Ruleset, found: Finding, *, against: bool = False) -> Card | CchcError:
    assert found.witness is not None
    single = alone(rules, found.criterion)
    if found.code != "vuot-toi-da":
        single = evolve(single, criteria=(evolve(single.criteria[0], max_points=NOT_STATED),), max_points=NOT_STATED)
    if found.code == "duoi-san":
        rule = unrounded(single.criteria[0].rule)  # type: ignore[arg-type]
        single = evolve(single, criteria=(evolve(single.criteria[0], rule=rule, rounding=None),))
    try:
        return cchc.score(single, submission_of(found.witness, against=against))
    except CchcError as error:
        return error


def unrounded(rule: Rule) -> Rule:
    """A rule whose means are not rounded, so that what is below zero stays so."""
    match rule:
        case Average(_, inner):
            return evolve(rule, rule=unrounded(inner), rounding=None)
        case Switch(cases):
            return evolve(rule, cases=tuple(evolve(case, rule=unrounded(case.rule)) for case in cases))
    return rule


def reproduced(rules: Ruleset, found: Finding) -> bool:
    """Whether scoring the witness of a finding shows what the finding says."""
    if found.witness is None or found.code in NO_FIGURES:
        return found.witness is None and found.code in NO_FIGURES
    if not found.criterion or found.code == "lam-tron-vuot":
        return _of_the_whole(rules, found)
    card = card_of(rules, found)
    return _shown(rules, found, card[found.criterion]) if isinstance(card, Card) else _refused(rules, found, card)


def _refused(rules: Ruleset, found: Finding, error: CchcError) -> bool:
    """Whether the error that the witness gives is the one that the finding tells."""
    if found.code == "vuot-toi-da":
        return isinstance(error, BadRuleset)
    if not isinstance(error, UndefinedByDecision):
        return False
    if found.code == "khoang-trong-khong-that":
        return isinstance(card_of(without_holes(rules, found), found), Card)
    if found.code == "chong-muc-lay-cao":
        return any(f.code in WITHOUT_POINTS and f.criterion == found.criterion for f in lint(rules))
    return found.code in (*WITHOUT_POINTS, "chong-muc")


def _shown(rules: Ruleset, found: Finding, line: Line) -> bool:
    """Whether the line that the witness gives shows what the finding tells."""
    match found.code:
        case "khong-dat-toi-da":
            return _is_less(line.points, rules[found.criterion].max_points)
        case "duoi-san" | "khong-noi-san":
            return _has_negative(line.trace) or _is_less(line.points, Fraction(0))
        case "khong-don-dieu":
            other = card_of(rules, found, against=True)
            return isinstance(other, Card) and _is_less(line.points, other[found.criterion].points)
        case "mien-tru-chong-nhau":
            return line.exempted is not None
    return found.code in ("chong-muc", "chong-muc-lay-cao")


def _is_less(one: Points, other: Points) -> bool:
    return isinstance(one, Fraction) and isinstance(other, Fraction) and one < other


def _has_negative(trace: object) -> bool:
    inner = getattr(trace, "inner", None)
    return getattr(trace, "points", 0) < 0 or (inner is not None and _has_negative(inner))


def without_holes(rules: Ruleset, found: Finding) -> Ruleset:
    single = alone(rules, found.criterion)
    bare = [note for note in single.criteria[0].notes if note.kind is not NoteKind.HOLE]
    return evolve(single, criteria=(evolve(single.criteria[0], notes=tuple(bare)),))


def _of_the_whole(rules: Ruleset, found: Finding) -> bool:
    assert found.witness is not None
    points = found.witness.points
    if found.code == "diem-toi-da-con-0":
        return cchc.score(rules, submission_of(found.witness)).max_points == 0
    assert points is not None
    if found.code == "lam-tron-vuot":
        rounding = rules[found.criterion].rounding if found.criterion else rules.rounding
        return rounded(points, rounding) > points
    scale = rules.scales[int(found.locus[1])]
    held = [grade for grade in scale.grades if points in grade.interval]
    if found.code == "xep-loai-chong":
        return len(held) > 1
    return found.code == "xep-loai-ho" and not held
