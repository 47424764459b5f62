"""Findings about exemptions: the sums they leave at every level, and conditions that clash or never hold.

Each maximum less what is taken away below it is the sum of what is left, for every combination of exemptions, exactly
when the declared maxima add up and none that can be taken away is unknown. So only these can break: a maximum that is
not stated, a whole that comes down to nothing, a rounding that lifts points above what is left.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations

from attrs import evolve

from cchc_index.checking.lint.cover import unproven
from cchc_index.checking.lint.domains import Domain
from cchc_index.checking.lint.regions import EVERYWHERE, NOWHERE, Regions, both, is_met, truth_of
from cchc_index.checking.lint.stage import Stage, applies
from cchc_index.checking.structure import Finding, Severity, Witness
from cchc_index.criteria import Criterion, Policy, Ruleset, Scope
from cchc_index.errors import Path, Text
from cchc_index.measures import Condition
from cchc_index.points import show
from cchc_index.rules import ZERO, Rounding
from cchc_index.scoring.evaluate import rounded
from cchc_index.scoring.plans import on_request
from cchc_index.solving.rows import Unproven
from cchc_index.sources import NOT_STATED

TAKEN = (Policy.REMOVED, Policy.RESCALED)
PARTIAL = (Scope.EXCERPT, Scope.FRAME)
MAX_SUMS = 4096
MEND = Text("sửa «khi» của quy định không đánh giá", "mend the «khi» of the exemption")


def exemption_findings(stage: Stage) -> Iterator[Finding]:
    """Exemptions of one criterion that clash, never hold, or act on a maximum that is not stated."""
    try:
        yield from _conditions(stage)
    except Unproven:
        yield unproven(stage, ("khong_danh_gia",))
    yield from _unknown(stage)
    rounding = stage.criterion.rounding
    if rounding and stage.criterion.children:
        yield from _lifted(stage.criterion.code, stage.criterion.children, rounding)


Held = tuple[int, Policy, Condition]


def _conditional(criterion: Criterion) -> list[Held]:
    return [(n, e.policy, e.when) for n, e in enumerate(criterion.exemptions) if e.when and applies(e)]


def _conditions(stage: Stage) -> Iterator[Finding]:
    known = [(n, policy, truth_of(when, stage.domain).true) for n, policy, when in _conditional(stage.criterion)]
    for number, _, true in known:
        if not any(is_met(region, stage.domain) for region in true):
            said = Text("quy định không đánh giá không bao giờ áp dụng", "an exemption that never applies")
            yield _finding(stage, "mien-tru-khong-toi", said, number)
    for (_, one, first), (number, other, second) in combinations(known, 2):
        point = stage.found(both(first, second)) if one is not other else None
        if point is not None:
            said = Text(
                "hai quy định không đánh giá cùng áp dụng mà xử lý khác nhau",
                "two exemptions apply at once and are treated differently",
            )
            yield _finding(stage, "mien-tru-chong-nhau", said, number, stage.witness(point))


def _finding(stage: Stage, code: str, said: Text, number: int, witness: Witness | None = None) -> Finding:
    locus: Path = ("khong_danh_gia", number)
    return Finding(code, Severity.ERROR, stage.criterion.code, said, locus, witness, MEND)


def _unknown(stage: Stage) -> Iterator[Finding]:
    """A part that may be taken out of a stated whole, or count in full, while its own maximum is not stated."""
    if stage.criterion.max_points is not NOT_STATED or stage.rules.max_points is NOT_STATED:
        return
    said = Text(
        "không đánh giá thì không biết điểm tối đa còn bao nhiêu: điểm tối đa của mục này không quy định",
        "without it the maximum left is not known: the maximum of this part is not stated",
    )
    severity = Severity.NOTE if stage.rules.scope in PARTIAL else Severity.ERROR
    for number, exemption in enumerate(stage.criterion.exemptions):
        if exemption.policy in (*TAKEN, Policy.FULL):
            mend = Text("tìm điểm tối đa của mục này", "look for the maximum of this part")
            locus: Path = ("khong_danh_gia", number)
            yield Finding("khong-biet-diem-toi-da", severity, stage.criterion.code, said, locus, mend=mend)


def whole_findings(rules: Ruleset, domain: Domain) -> Iterator[Finding]:
    """What exemptions and roundings do to the whole."""
    if rules.rounding:
        yield from _lifted("", rules.criteria, rules.rounding)
    if rules.index_basis is NOT_STATED:
        return
    top = Stage(rules, evolve(rules.criteria[0], rule=NOT_STATED, exemptions=(), notes=()), domain, EVERYWHERE)
    try:
        point = top.found(both(*(_gone(criterion, domain) for criterion in rules.criteria)))
    except Unproven:
        yield evolve(unproven(top, ()), criterion="")
        return
    if point is not None:
        said = Text(
            "có trường hợp mọi tiêu chí đều không đánh giá: điểm tối đa còn 0, không có chỉ số",
            "everything can be exempt at once: the maximum is then 0, and there is no index",
        )
        mend = Text("xem văn bản có cho phép bỏ hết không", "see whether the decision lets everything be left out")
        witness = evolve(top.witness(point), exempted=tuple(c for part in rules.criteria for c in _requested(part)))
        yield Finding("diem-toi-da-con-0", Severity.NOTE, "", said, witness=witness, mend=mend)


def _gone(criterion: Criterion, domain: Domain) -> Regions:
    """Where a criterion, or everything in it, can be taken out of the maximum."""
    if _is_taken_on_request(criterion):
        return EVERYWHERE
    own = [r for _, policy, when in _conditional(criterion) if policy in TAKEN for r in truth_of(when, domain).true]
    return own + (both(*(_gone(child, domain) for child in criterion.children)) if criterion.children else NOWHERE)


def _is_taken_on_request(criterion: Criterion) -> bool:
    asked = on_request(criterion)
    return asked is not None and asked.policy in TAKEN


def _requested(criterion: Criterion) -> list[str]:
    if _is_taken_on_request(criterion):
        return [criterion.code]
    return [code for child in criterion.children for code in _requested(child)]


def _lifted(code: str, parts: Iterable[Criterion], rounding: Rounding) -> Iterator[Finding]:
    """A rounding that lifts full points above the maximum, with some parts taken out or with none."""
    sums = {ZERO}
    for part in parts:
        maxima = _maxima(part)
        sums = {one + other for one in sums for other in maxima}
        if not sums or len(sums) > MAX_SUMS:
            return
    lifted = sorted(whole for whole in sums if rounded(whole, rounding) > whole)
    if lifted:
        least, after = lifted[0], rounded(lifted[0], rounding)
        said = Text(
            f"điểm tối đa {show(least)} làm tròn thành {show(after)}, quá điểm tối đa",
            f"a maximum of {show(least, 'en')} is rounded to {show(after, 'en')}, above itself",
        )
        mend = Text("xem lại bước làm tròn và điểm tối đa", "look again at the rounding step and the maxima")
        witness = Witness(points=least)
        yield Finding("lam-tron-vuot", Severity.ERROR, code, said, ("lam_tron",), witness, mend)


def _maxima(criterion: Criterion) -> set[Fraction]:
    """The maxima a part can have left, with what is taken out of it; none where one is not stated."""
    whole = criterion.max_points
    if whole is NOT_STATED:
        return set()
    if any(exemption.policy in TAKEN for exemption in criterion.exemptions):
        return {ZERO, whole}
    taken = {ZERO}
    for child in criterion.children:
        inner = child.max_points
        if inner is not NOT_STATED:
            taken = {one + inner - left for one in taken for left in _maxima(child)}
    return {whole - gone for gone in taken}
