"""Counted ballots as submission files that `score` reads: one unit as YAML, many as CSV, with other figures if any."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cchc_index.criteria import Ruleset
from cchc_index.errors import BadSubmission, Fault, Text
from cchc_index.facts import Submission
from cchc_index.files.csv_table import read_table
from cchc_index.files.source import read_node
from cchc_index.files.submissions import read_submissions
from cchc_index.files.writing import as_yaml
from cchc_index.measures import Fact
from cchc_index.reviewing.ballots import Poll
from cchc_index.reviewing.surveys import submissions, survey_figures

_UNIT = "don_vi"


def submission_text(rules: Ruleset, poll: Poll, target: Path, base: Path | None = None) -> str:
    """The text of a submission file with the counts: CSV for many units, YAML for one, by the ending of `target`.

    `base` is a submission file of the same kind, whose other figures are kept. Raises BadSubmission.
    """
    others = {one.unit: one for one in read_submissions(base)} if base else None
    units = submissions(rules, poll, others)
    if _is_csv(target):
        _same_kind(target, base)
        counted = {tally.figure for tally in poll.tallies}
        return _as_csv(units, [fact for fact in survey_figures(rules) if fact.name in counted], base)
    _same_kind(target, base)
    if len(units) != 1:
        message = Text(
            f"{len(units)} đơn vị không vào được một tệp YAML", f"{len(units)} units do not fit one YAML file"
        )
        raise BadSubmission([Fault(message, place=str(target), hint=_TO_CSV)])
    plain = read_node(base).plain() if base else _head(units[0])
    return as_yaml(plain | {"so_lieu": _as_text(units[0].figures)})


_TO_CSV = Text("ghi vào tệp .csv", "write to a .csv file")


def _is_csv(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


def _same_kind(target: Path, base: Path | None) -> None:
    if base and _is_csv(base) != _is_csv(target):
        message = Text("hai tệp bản khai cần cùng loại", "the two submission files must be of one kind")
        raise BadSubmission([Fault(message, place=str(target), hint=Text(base.name, base.name))])


def _head(unit: Submission) -> dict[str, Any]:
    return {_UNIT: unit.unit, "bo_tieu_chi": unit.ruleset, "phien_ban": unit.version}


def _as_text(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {k: str(n) for k, n in f.items()} if isinstance(f, dict) else f for name, f in figures.items()}


def _as_csv(units: Sequence[Submission], facts: Iterable[Fact], base: Path | None) -> str:
    """Rows of the base in its order, or one for each unit, with a column for each option of each figure counted."""
    given = {unit.unit: unit for unit in units}
    rows = [dict(row.cells) for row in read_table(base)] if base else [_head(unit) for unit in units]
    counted = [(fact.name, option) for fact in facts for option, _ in fact.options]
    kept = [key for key in (rows[0] if rows else ()) if key.partition(".")[0] not in dict(counted)]
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*kept, *(f"{name}.{option}" for name, option in counted)])
    for row in rows:
        figures = given[row[_UNIT]].figures
        table.writerow([*(row[key] for key in kept), *(figures.get(name, {}).get(o, "") for name, o in counted)])
    return out.getvalue()
