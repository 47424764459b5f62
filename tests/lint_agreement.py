"""What lint and z3 say of one leaf, side by side."""

from typing import Any

from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Finding
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.rules import Awarded
from cchc_index.testing.pool.rules import rules_in
from lint_z3 import asked_of_z3

SILENT = {"khoang-ho", "mau-so-bang-0", "mau-so-am"}


def said_by_lint(found: list[Finding]) -> dict[str, Any]:
    codes = {finding.code for finding in found}
    return {
        "asked": "luon-mien-tru" not in codes,
        "silent": any(f.code in SILENT or (f.code == "chong-muc" and "bac" not in f.locus[-2:]) for f in found),
        "overlap": "chong-muc" in codes,
        "above": "vuot-toi-da" in codes,
        "reached": "khong-dat-toi-da" not in codes,
        "never": {finding.locus for finding in found if finding.code == "khong-bao-gio-dung"},
    }


def compared(rules: Ruleset, leaf: Criterion, found: list[Finding]) -> tuple[int, list[str]]:
    """How many questions both answered, and those that they answer differently."""
    open_ = {finding.locus for finding in found if finding.code == "chua-chung-minh"}
    other, own = asked_of_z3(rules, leaf), said_by_lint(found)
    if other["asked"] is False:
        return 1, [] if not own["asked"] else ["asked"]
    if open_:
        return 0, []
    scored = other.pop("scored", None)
    questions = [
        question for question, answer in other.items() if answer is not None and (scored or question != "reached")
    ]
    if other["silent"] is None or other["above"] is None:
        questions = [q for q in questions if q not in ("above", "reached")]
    return len(questions), [q for q in questions if other[q] != own[q]]


def disagreements(rules: Ruleset) -> tuple[int, int, list[str]]:
    """Over all leaves: questions answered by both, leaves lint left open, and every difference, told."""
    found = lint(rules)
    answered, open_, told = 0, 0, []
    for leaf in rules.walk():
        if leaf.children or not hasattr(leaf.rule, "__attrs_attrs__"):
            continue
        if _awards_twice(leaf):
            continue
        own = [finding for finding in found if finding.criterion == leaf.code]
        open_ += any(finding.code == "chua-chung-minh" for finding in own)
        count, differences = compared(rules, leaf, own)
        answered += count
        told += [f"{leaf.code}: {question}" for question in differences]
    return answered, open_, told


def _awards_twice(leaf: Criterion) -> bool:
    """Whether one figure is awarded in two places, between other bounds in each: z3 is asked for one."""
    names = [rule.fact for rule in rules_in(leaf.rule) if isinstance(rule, Awarded)]  # type: ignore[arg-type]
    return len(names) > len(set(names))
