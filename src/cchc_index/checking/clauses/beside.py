"""What stands beside a rule (exemptions, roundings, grades) beside the sentence it quotes."""

from cchc_index.checking.clauses.aspects import BOUND, POLICY, ROUNDING, Aspect, different, same, unclear
from cchc_index.checking.clauses.conditions import compare_condition
from cchc_index.checking.clauses.intervals import compare_interval
from cchc_index.checking.clauses.points import Setting
from cchc_index.checking.clauses.values import Affine, Clause, atoms_of
from cchc_index.criteria import Basing, Exemption, Grade, Policy
from cchc_index.errors import Text
from cchc_index.measures import Condition, Fact, FactType, figure
from cchc_index.points import show
from cchc_index.rules import Rounding
from cchc_index.scoring.say import say_policy


def compare_exemption(exemption: Exemption, setting: Setting, clause: Clause) -> tuple[Aspect, ...]:
    policy = clause.policy or _full(clause, setting)
    when: Condition | None = exemption.when
    condition = () if when is None else (compare_condition(clause.condition, [(when,)], setting.facts),)
    if policy is None:
        return (unclear(POLICY, "câu không nói xử lý thế nào", "the sentence does not say what is done"), *condition)
    if policy is exemption.policy:
        return (same(POLICY), *condition)
    return (different(POLICY, say_policy(policy), say_policy(exemption.policy)), *condition)


def _full(clause: Clause, setting: Setting) -> Policy | None:
    """Full points, said as such or as the number of the maximum; in brackets that number is only beside a name."""
    if not isinstance(clause.points, Affine) or clause.points.slope or clause.points.bracketed:
        return None
    whole = clause.points.base == (1 if clause.points.of_max else setting.most)
    return Policy.FULL if whole else None


def compare_rounding(rounding: Rounding, clause: Clause) -> tuple[Aspect, ...]:
    if clause.step is None:
        return (unclear(ROUNDING, "câu không nói làm tròn", "the sentence does not say how to round"),)
    if clause.step == rounding.step:
        return (same(ROUNDING),)
    texts = [Text(show(step), show(step, "en")) for step in (clause.step, rounding.step)]
    return (different(ROUNDING, *texts),)


TOTAL = "_"
"""The name under which a total is looked at, as points or as an index."""


def compare_grade(grade: Grade, on: Basing, clause: Clause) -> tuple[Aspect, ...]:
    kind = FactType.PERCENT if on is Basing.INDEX else FactType.AMOUNT
    facts = {TOTAL: Fact(TOTAL, "tổng", kind, may_be_negative=True)}
    found = compare_interval(clause.condition, figure(TOTAL), grade.interval, facts)
    bare = any(atom.bound and atom.bound.percent is False for atom in atoms_of(clause.condition))
    if on is Basing.INDEX and bare:
        return (unclear(BOUND, "câu không ghi % cho chỉ số", "the sentence has no % sign for the index"),)
    return (found,)
