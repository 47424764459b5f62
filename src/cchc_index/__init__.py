"""Vietnamese administrative-reform scoring tables (CCHC, PAR Index), made executable.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> rules["4.1"].max_points
Fraction(1, 1)
"""

from typing import TYPE_CHECKING, Any

from cchc_index.version import VERSION

if TYPE_CHECKING:
    from cchc_index.auditing.consistency import Relation
    from cchc_index.auditing.findings import AuditFinding, FindingKind
    from cchc_index.auditing.printed import recompute_row
    from cchc_index.auditing.seal import check_seal, seal
    from cchc_index.auditing.sheet import Sheet, SheetRow
    from cchc_index.auditing.verify import Audit, Beside, verify
    from cchc_index.batch.drawing import Printed, Sampled, Shifted
    from cchc_index.batch.frames import FrameScores, compile_frame, explain_row, score_frame
    from cchc_index.batch.simulation import Simulation, UnitSimulation, simulate
    from cchc_index.batch.spark import score_spark
    from cchc_index.batch.sql import table_sql, to_sql
    from cchc_index.bounding.bounds import bounds
    from cchc_index.bounding.results import Bound, Bounds, Extreme
    from cchc_index.canonical import digest
    from cchc_index.checking.lint import lint
    from cchc_index.comparing.diff import Diff, diff
    from cchc_index.comparing.impact import Impact, impact
    from cchc_index.criteria import Criterion, Ruleset
    from cchc_index.errors import (
        BadAnnex,
        BadCard,
        BadRuleset,
        BadSheet,
        BadSubmission,
        CchcError,
        MissingFacts,
        UndefinedByDecision,
        UnknownRuleset,
    )
    from cchc_index.facts import Claim, Evidence, Period, Submission
    from cchc_index.files.ballots import read_ballots
    from cchc_index.files.catalogue import find, load, rulesets
    from cchc_index.files.printed_tables import read_printed
    from cchc_index.files.sheets import read_sheet
    from cchc_index.files.submissions import read_submission, read_submissions
    from cchc_index.files.writing import dump
    from cchc_index.office.workbook.returned import Returned, read_returned
    from cchc_index.office.workbook.writing import scoring_workbook
    from cchc_index.reporting.as_excel import excel_file
    from cchc_index.reporting.as_html import html_file
    from cchc_index.reporting.as_word import word_file
    from cchc_index.reporting.notebook import show_tables
    from cchc_index.reporting.page import Page
    from cchc_index.reporting.results import page_of
    from cchc_index.reviewing.ballots import Poll
    from cchc_index.reviewing.surveys import Survey, survey
    from cchc_index.scoring.card_json import from_json, to_json
    from cchc_index.scoring.compiled import compile_rules
    from cchc_index.scoring.rank import Rank, rank
    from cchc_index.scoring.score import score
    from cchc_index.scoring.trace import Card, Line, Status
    from cchc_index.sources import NOT_STATED

__version__ = VERSION

_HOMES = {
    "auditing.consistency": ("Relation",),
    "auditing.findings": ("AuditFinding", "FindingKind"),
    "auditing.printed": ("recompute_row",),
    "auditing.seal": ("check_seal", "seal"),
    "auditing.sheet": ("Sheet", "SheetRow"),
    "auditing.verify": ("Audit", "Beside", "verify"),
    "batch.drawing": ("Printed", "Sampled", "Shifted"),
    "batch.frames": ("FrameScores", "compile_frame", "explain_row", "score_frame"),
    "batch.simulation": ("Simulation", "UnitSimulation", "simulate"),
    "batch.spark": ("score_spark",),
    "batch.sql": ("table_sql", "to_sql"),
    "bounding.bounds": ("bounds",),
    "bounding.results": ("Bound", "Bounds", "Extreme"),
    "canonical": ("digest",),
    "checking.lint": ("lint",),
    "comparing.diff": ("Diff", "diff"),
    "comparing.impact": ("Impact", "impact"),
    "criteria": ("Criterion", "Ruleset"),
    "errors": (
        "BadAnnex",
        "BadCard",
        "BadRuleset",
        "BadSheet",
        "BadSubmission",
        "CchcError",
        "MissingFacts",
        "UndefinedByDecision",
        "UnknownRuleset",
    ),
    "facts": ("Claim", "Evidence", "Period", "Submission"),
    "files.ballots": ("read_ballots",),
    "files.catalogue": ("find", "load", "rulesets"),
    "files.printed_tables": ("read_printed",),
    "files.sheets": ("read_sheet",),
    "files.submissions": ("read_submission", "read_submissions"),
    "files.writing": ("dump",),
    "office.workbook.returned": ("Returned", "read_returned"),
    "office.workbook.writing": ("scoring_workbook",),
    "reporting.as_excel": ("excel_file",),
    "reporting.as_html": ("html_file",),
    "reporting.as_word": ("word_file",),
    "reporting.notebook": ("show_tables",),
    "reporting.page": ("Page",),
    "reporting.results": ("page_of",),
    "reviewing.ballots": ("Poll",),
    "reviewing.surveys": ("Survey", "survey"),
    "scoring.card_json": ("from_json", "to_json"),
    "scoring.compiled": ("compile_rules",),
    "scoring.rank": ("Rank", "rank"),
    "scoring.score": ("score",),
    "scoring.trace": ("Card", "Line", "Status"),
    "sources": ("NOT_STATED",),
}


def __getattr__(name: str) -> Any:
    """Each name is imported when first used: who only shows cards never imports the engine or the file readers."""
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"cchc_index.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "NOT_STATED",
    "Audit",
    "AuditFinding",
    "BadAnnex",
    "BadCard",
    "BadRuleset",
    "BadSheet",
    "BadSubmission",
    "Beside",
    "Bound",
    "Bounds",
    "Card",
    "CchcError",
    "Claim",
    "Criterion",
    "Diff",
    "Evidence",
    "Extreme",
    "FindingKind",
    "FrameScores",
    "Impact",
    "Line",
    "MissingFacts",
    "Page",
    "Period",
    "Poll",
    "Printed",
    "Rank",
    "Relation",
    "Returned",
    "Ruleset",
    "Sampled",
    "Sheet",
    "SheetRow",
    "Shifted",
    "Simulation",
    "Status",
    "Submission",
    "Survey",
    "UndefinedByDecision",
    "UnitSimulation",
    "UnknownRuleset",
    "bounds",
    "check_seal",
    "compile_frame",
    "compile_rules",
    "diff",
    "digest",
    "dump",
    "excel_file",
    "explain_row",
    "find",
    "from_json",
    "html_file",
    "impact",
    "lint",
    "load",
    "page_of",
    "rank",
    "read_ballots",
    "read_printed",
    "read_returned",
    "read_sheet",
    "read_submission",
    "read_submissions",
    "recompute_row",
    "rulesets",
    "score",
    "score_frame",
    "score_spark",
    "scoring_workbook",
    "seal",
    "show_tables",
    "simulate",
    "survey",
    "table_sql",
    "to_json",
    "to_sql",
    "verify",
    "word_file",
]
