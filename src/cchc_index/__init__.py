"""Vietnamese administrative-reform scoring tables (CCHC, PAR Index), made executable.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> rules["4.1"].max_points
Fraction(1, 1)
"""

from typing import TYPE_CHECKING, Any

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import (
    BadCard,
    BadRuleset,
    BadSubmission,
    CchcError,
    MissingFacts,
    UndefinedByDecision,
    UnknownRuleset,
)
from cchc_index.facts import Claim, Evidence, Period, Submission
from cchc_index.scoring.rank import Rank, rank
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card, Line, Status
from cchc_index.sources import NOT_STATED

if TYPE_CHECKING:
    from cchc_index.files.catalogue import load, rulesets
    from cchc_index.files.submissions import read_submission, read_submissions
    from cchc_index.scoring.card_json import from_json, to_json
    from cchc_index.scoring.compiled import compile_rules

__version__ = "0.1.0"

_ON_DEMAND = {
    "load": "cchc_index.files.catalogue",
    "rulesets": "cchc_index.files.catalogue",
    "compile_rules": "cchc_index.scoring.compiled",
    "from_json": "cchc_index.scoring.card_json",
    "to_json": "cchc_index.scoring.card_json",
    "read_submission": "cchc_index.files.submissions",
    "read_submissions": "cchc_index.files.submissions",
}


def __getattr__(name: str) -> Any:
    """What reads files is imported when first used, so that the core alone stays light."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ON_DEMAND[name]), name)


__all__ = [
    "NOT_STATED",
    "BadCard",
    "BadRuleset",
    "BadSubmission",
    "Card",
    "CchcError",
    "Claim",
    "Criterion",
    "Evidence",
    "Line",
    "MissingFacts",
    "Period",
    "Rank",
    "Ruleset",
    "Status",
    "Submission",
    "UndefinedByDecision",
    "UnknownRuleset",
    "compile_rules",
    "from_json",
    "load",
    "rank",
    "read_submission",
    "read_submissions",
    "rulesets",
    "score",
    "to_json",
]
