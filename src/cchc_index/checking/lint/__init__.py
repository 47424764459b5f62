"""Proof that a ruleset says one thing for every input, or the smallest figures for which it does not.

Every question is one of linear inequalities over the figures, decided exactly; nothing is sampled.
"""

from collections.abc import Iterator, Mapping

from cchc_index.checking.lint.around import deadline_findings, grade_findings, note_findings
from cchc_index.checking.lint.cover import cover_findings
from cchc_index.checking.lint.direction import direction_findings
from cchc_index.checking.lint.domains import domain_of
from cchc_index.checking.lint.exempt import exemption_findings, whole_findings
from cchc_index.checking.lint.limits import limit_findings
from cchc_index.checking.lint.names import name_findings, undeclared, unit_findings
from cchc_index.checking.lint.stage import Stage, stages_of
from cchc_index.checking.structure import Finding, quote_findings, sum_findings
from cchc_index.criteria import Ruleset


def lint(rules: Ruleset, texts: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Every finding about a ruleset, each with the smallest figures that show it where figures can.

    `texts` holds the stored text of each document, by document id; without it the quotes are not looked for.

    >>> import cchc_index as cchc
    >>> [found.code for found in lint(cchc.load("dong-nai/cap-xa/2022"))]
    ['mau-so-bang-0', 'chua-co-cach-hieu', 'chua-co-cach-hieu']
    """
    return tuple(_findings(rules, texts))


def _findings(rules: Ruleset, texts: Mapping[str, str] | None) -> Iterator[Finding]:
    yield from sum_findings(rules)
    if texts is not None:
        yield from quote_findings(rules, texts)
    unknown = list(undeclared(rules))
    yield from unknown or _proofs(rules)
    yield from deadline_findings(rules)
    yield from note_findings(rules)


def _proofs(rules: Ruleset) -> Iterator[Finding]:
    """What is proved of the rules, once every figure they use is declared."""
    domain = domain_of(rules)
    stages = list(stages_of(rules, domain))
    outside = {adjustment.criterion.code for adjustment in rules.adjustments}
    for stage in stages:
        yield from _of_stage(stage, is_capped=stage.criterion.code in outside)
    yield from whole_findings(rules, domain)
    yield from grade_findings(rules, stages)
    yield from name_findings(rules)


def _of_stage(stage: Stage, *, is_capped: bool) -> Iterator[Finding]:
    yield from unit_findings(stage.criterion, stage.rules.facts_by_name)
    yield from exemption_findings(stage)
    yield from cover_findings(stage)
    yield from limit_findings(stage, is_capped=is_capped)
    yield from direction_findings(stage)
