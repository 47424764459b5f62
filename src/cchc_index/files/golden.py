"""Golden scores: what every worked case of a ruleset gives, in a canonical form with a digest.

The form is the JSON (RFC 8785) of `{"format": "cchc-index/golden/1", "cases": […]}`: for each case of vi-du.yaml, in
the order of the file, the criterion or the unit, and either the points ("19/20", exact) or the kind of error.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cchc_index.canonical import canonical_json, digest_of
from cchc_index.checking.alone import alone
from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import BadRuleset, CchcError
from cchc_index.facts import Period, Submission
from cchc_index.files.cases import CasesFile, CriterionCases, WholeCase
from cchc_index.files.folders import CASES_FILE
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable
from cchc_index.files.submissions import submission_of
from cchc_index.files.validation import validated
from cchc_index.plain import dump
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

GOLDEN_FORMAT = "cchc-index/golden/1"


def golden_digest(rules: Ruleset, folder: Path) -> str:
    """The digest of the golden scores of the worked cases in a ruleset's folder. Raises BadRuleset."""
    return digest_of(canonical_json({"format": GOLDEN_FORMAT, "cases": list(golden_scores(rules, folder))}))


def golden_scores(rules: Ruleset, folder: Path) -> Iterator[dict[str, Any]]:
    """What each worked case gives; nothing where there are none. Raises BadRuleset when they cannot be read."""
    file = folder / CASES_FILE
    if not file.exists():
        return
    try:
        model = validated(CasesFile, read_node(file), file.name)
        for group in model.tieu_chi:
            yield from _criterion_scores(rules, group)
        for case in model.ban_khai:
            yield _whole_scores(rules, case, folder)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None


def _criterion_scores(rules: Ruleset, group: CriterionCases) -> Iterator[dict[str, Any]]:
    known = alone(rules, group.ma) if group.ma in rules.by_code else rules
    period = Period(group.ky.tu_ngay, group.ky.den_ngay) if group.ky else None
    for case in group.truong_hop:
        found = _scored(known, Submission(group.ma, case.so_lieu, period=period))
        points = found if isinstance(found, str) else _plain(found[group.ma].points)
        yield {"criterion": group.ma, "points": points}


def _whole_scores(rules: Ruleset, case: WholeCase, folder: Path) -> dict[str, Any]:
    found = _scored(rules, submission_of(case, {}, folder))
    if isinstance(found, str):
        return {"unit": case.don_vi, "points": found}
    grade = found.grade.value if found.grade is NOT_STATED else found.grade and found.grade.name
    return {
        "unit": case.don_vi,
        "points": _plain(found.points),
        "max_points": _plain(found.max_points),
        "index": _plain(found.index),
        "grade": grade,
        "ranked": found.ranked,
        "lines": {line.code: _plain(line.points) for line in found.walk()},
    }


def _scored(rules: Ruleset, unit: Submission) -> Card | str:
    """The card, or the name of the error."""
    try:
        return score(rules, unit)
    except CchcError as error:
        return type(error).__name__


def _plain(points: Points) -> Any:
    return dump(points, Points)
