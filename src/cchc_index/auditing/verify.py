"""`verify(rules, unit)`: three independent numbers for each criterion, and everything that does not fit.

Claimed by the unit (tự chấm), computed from its figures, awarded in an appraisal round (thẩm định). What cannot be
computed is said so and never read as zero; everything else is still held together.
"""

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import evolve, field, frozen

from cchc_index.auditing.amounts import Totals, maximum_findings, show_points
from cchc_index.auditing.consistency import Relation, figure_findings, relation_findings, text_findings
from cchc_index.auditing.findings import AuditFinding, Column, FindingKind, finding_at
from cchc_index.auditing.papers import (
    evidence_findings,
    exemption_findings,
    extra,
    unknown_code_findings,
    version_findings,
)
from cchc_index.auditing.recomputing import Recomputed, recomputed, usable
from cchc_index.auditing.sheet import Matched, Sheet, SheetRow, match, sheet_of_claims
from cchc_index.checking.structure import Severity
from cchc_index.criteria import AdjustmentKind, Criterion, Points, Ruleset, Scope
from cchc_index.errors import CchcError, Fault, MissingFacts, Text
from cchc_index.facts import Period, Submission
from cchc_index.rules import Awarded
from cchc_index.sources import NOT_STATED, NotStated

AUDIT_FORMAT = "cchc-index/audit/1"
Known = Fraction | Literal[NotStated.NOT_STATED] | None
"""Points, NOT_STATED where the decision says nothing, None where they are not there or cannot be computed."""


@frozen
class AuditRow:
    """One criterion with its three numbers. `depth` is 0 for an area."""

    code: str
    name: str
    depth: int
    max_points: Points
    claimed: Known = None
    computed: Known = None
    awarded: Known = None


@frozen
class Audit:
    """One unit's sheet held against its figures. `total` has an empty code; findings stand gravest first."""

    unit: str
    ruleset: str
    version: str
    title: str
    scope: Scope
    period: Period | None
    rows: tuple[AuditRow, ...]
    total: AuditRow
    findings: tuple[AuditFinding, ...]
    passed_over: tuple[str, ...] = ()
    format: str = AUDIT_FORMAT

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be explained; what is only worth a note does not count."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)


@frozen
class Beside:
    """What else an audit looks at.

    `relations` are figures that must agree; `texts` are sentences by code whose numbers are checked, beside the notes
    of the sheet; `known` are the rulesets among which a later version is looked for; `deadline` is the day after which
    evidence is late where a criterion has no day of its own.
    """

    relations: tuple[Relation, ...] = ()
    texts: Mapping[str, str] = field(factory=dict)
    known: tuple[Ruleset, ...] = ()
    deadline: datetime.date | None = None


def verify(
    rules: Ruleset,
    unit: Submission,
    *,
    sheet: Sheet | None = None,
    appraisal: Mapping[str, Fraction] | None = None,
    beside: Beside | None = None,
) -> Audit:
    """Hold what a unit claims against what its figures give, under one ruleset.

    `sheet` is the sheet it handed in; without it, the claims beside the figures. `appraisal` are the points awarded, by
    code, in place of the sheet's own column. Raises nothing on account of the unit: each thing wrong is a finding.

    >>> import cchc_index as cchc
    >>> figures = {"da_xong": 4, "de_ra": 5, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> unit = cchc.Submission("Xã B", figures, claims=(cchc.Claim("4.1", Fraction("0.8")),))
    >>> audit = cchc.verify(cchc.load("dong-nai/cap-xa/2022"), unit)
    >>> [(found.kind.value, found.criterion, found.difference) for found in audit.findings]
    [('khong_khop_so_lieu', '4.1', Fraction(4, 5)), ('thieu_tai_lieu', '4.1', None)]
    """
    held = _Held(rules, unit, sheet or sheet_of_claims(unit), appraisal, beside or Beside())
    found = sorted(held.findings(), key=lambda finding: finding.severity is Severity.NOTE)
    return Audit(
        unit.unit,
        rules.id,
        rules.version,
        rules.title,
        rules.scope,
        unit.period,
        tuple(held.audit_rows()),
        held.audit_total(),
        tuple(found),
        held.sheet.passed_over,
    )


@frozen(slots=False)
class _Held:
    """A ruleset, a unit and its sheet, taken together."""

    rules: Ruleset
    unit: Submission
    sheet: Sheet
    appraisal: Mapping[str, Fraction] | None
    beside: Beside

    @cached_property
    def usable(self) -> tuple[Submission, list[Fault]]:
        return usable(self.rules, self.unit)

    @cached_property
    def found(self) -> Recomputed:
        return recomputed(self.rules, self.usable[0])

    @cached_property
    def matched(self) -> Matched:
        return match(self.rules, self.sheet)

    @cached_property
    def claimed(self) -> dict[str, Fraction]:
        return self._signed({c: row.claimed for c, row in self.matched.rows.items() if row.claimed is not None})

    @cached_property
    def awarded(self) -> dict[str, Fraction]:
        printed = {c: row.appraised for c, row in self.matched.rows.items() if row.appraised is not None}
        return self._signed(printed if self.appraisal is None else self.appraisal)

    @cached_property
    def places(self) -> dict[str, str]:
        return {code: row.place for code, row in self.matched.rows.items()}

    def _signed(self, points: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Penalties without the minus sign that sheets may print before them, where the rules give none."""
        penalties = {one.criterion.code for one in self.rules.adjustments if one.kind is AdjustmentKind.PENALTY}
        lines = self.found.lines
        negative = {code for code, line in lines.items() if line.points is not NOT_STATED and line.points < 0}
        return {code: abs(value) if code in penalties - negative else value for code, value in points.items()}

    def findings(self) -> Iterator[AuditFinding]:
        rules, unit, rows, (bare, faults) = self.rules, self.unit, self.matched.rows, self.usable
        yield from version_findings(rules, unit, self.beside.known)
        yield from self._of_rows()
        yield from maximum_findings(rules, self.found, self._maxima(), self.places | {"": self._total_place()})
        yield from self._column(Column.CLAIMED).findings()
        yield from self._column(Column.AWARDED).findings()
        figures = list(figure_findings(rules, unit, faults))
        figures += relation_findings(rules, unit, bare, self.beside.relations)
        yield from figures
        yield from text_findings(rules, self._texts(), self.places)
        touched = {code for finding in figures for code in (finding.criterion, *finding.also)}
        yield from (one for one in self._not_computable() if one.criterion not in touched)
        yield from exemption_findings(rules, unit, rows, self.found.lines)
        yield from unknown_code_findings(rules, unit)
        yield from evidence_findings(rules, unit, self._claiming(), self.beside.deadline)

    def _column(self, column: Column) -> Totals:
        total = self.sheet.total
        claimed = column is Column.CLAIMED
        value = None if total is None else total.claimed if claimed else total.appraised
        given = self.claimed if claimed else self.awarded
        awarded_at = {code: row.appraised_place for code, row in self.matched.rows.items() if row.appraised_place}
        places = self.places if claimed else self.places | awarded_at
        return Totals(self.rules, self.found, given, places, column, value, self._total_place())

    def _total_place(self) -> str:
        return self.sheet.total.place if self.sheet.total else ""

    def _maxima(self) -> dict[str, Fraction]:
        printed = {code: row.max_points for code, row in self.matched.rows.items()}
        if self.sheet.total:
            printed[""] = self.sheet.total.max_points
        return {code: value for code, value in printed.items() if value is not None}

    def _texts(self) -> dict[str, str]:
        notes = {code: row.note for code, row in self.matched.rows.items() if row.note}
        return notes | {
            code: f"{notes[code]}\n{text}" if code in notes else text for code, text in self.beside.texts.items()
        }

    def _claiming(self) -> list[str]:
        """The criteria for which points are claimed; where nothing is claimed at all, those that have some."""
        if self.claimed:
            return [code for code, points in self.claimed.items() if points]
        return [code for code, line in self.found.lines.items() if line.points and not line.exempted]

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _of_rows(self) -> Iterator[AuditFinding]:
        for row in self.matched.extra:
            yield extra(self.rules, row.code, row.name, row.place)
        for code in self.awarded:
            if code not in self.rules.by_code:
                yield extra(self.rules, code, "", "")
        for code, row in self.matched.repeated:
            yield self._finding(FindingKind.CRITERION_REPEATED, code, self._said_repeated(code, row), row.place)
        if self.sheet.is_whole:
            yield from self._absent()

    def _said_repeated(self, code: str, row: SheetRow) -> Text:
        first = self.matched.rows[code]
        pair = [Text("–", "–") if one.claimed is None else show_points(one.claimed) for one in (first, row)]
        where = f" ({first.place}; {row.place})" if first.place else ""
        return Text(
            f"tiêu chí có hai dòng: {pair[0].vi} và {pair[1].vi} điểm{where}",
            f"the criterion has two rows: {pair[0].en} and {pair[1].en} points{where}",
        )

    def _absent(self) -> Iterator[AuditFinding]:
        """Criteria that have no row, or no points in it."""
        outside = {one.criterion.code for one in self.rules.adjustments}
        has_heads = any(self.rules[code].children for code in self.matched.rows)
        for criterion in self.rules.walk():
            row, line = self.matched.rows.get(criterion.code), self.found.lines.get(criterion.code)
            left_out = line is not None and (
                line.exempted is not None or (criterion.code in outside and not line.points)
            )
            if left_out or (criterion.children and (row or not has_heads)):
                continue
            if row is None:
                message = Text(f"không có dòng «{criterion.name}»", f"no row «{criterion.name}»")
                severity = Severity.NOTE if criterion.children else Severity.ERROR
                yield evolve(self._finding(FindingKind.CRITERION_MISSING, criterion.code, message), severity=severity)
            elif row.claimed is None and not row.not_assessed and not isinstance(criterion.rule, Awarded | NotStated):
                message = Text("ô điểm tự chấm để trống", "no points are claimed in this row")
                blank = self._finding(FindingKind.CLAIM_BLANK, criterion.code, message, row.place)
                yield evolve(blank, severity=Severity.NOTE)

    def _not_computable(self) -> Iterator[AuditFinding]:
        failed = self.found.failed
        for error in dict.fromkeys(failed.values()):
            code, *also = (one for one, why in failed.items() if why is error)
            lacking = isinstance(error, MissingFacts)
            told = _told(error)
            message = Text(f"chưa tính được từ số liệu: {told.vi}", f"cannot be computed: {told.en}")
            finding = self._finding(FindingKind.NOT_COMPUTABLE, code, message, self.places.get(code, ""))
            finding = evolve(finding, given=self.claimed.get(code), also=tuple(also))
            yield finding if lacking else evolve(finding, severity=Severity.NOTE)

    def _finding(self, kind: FindingKind, code: str, message: Text, place: str = "") -> AuditFinding:
        return finding_at(kind, self.rules[code], message, place)

    # -- the three numbers ---------------------------------------------------------------------------------------------

    def audit_rows(self) -> Iterator[AuditRow]:
        for root in (*self.rules.criteria, *(one.criterion for one in self.rules.adjustments)):
            yield from self._audit_rows(root, 0)

    def _audit_rows(self, criterion: Criterion, depth: int) -> Iterator[AuditRow]:
        code, line = criterion.code, self.found.lines.get(criterion.code)
        yield AuditRow(
            code,
            criterion.name,
            depth,
            line.max_points if line else criterion.max_points,
            self.claimed.get(code),
            line.points if line else None,
            self.awarded.get(code),
        )
        for child in criterion.children:
            yield from self._audit_rows(child, depth + 1)

    def audit_total(self) -> AuditRow:
        card, total = self.found.card, self.sheet.total
        return AuditRow(
            "",
            "",
            0,
            card.max_points if card else self.rules.max_points,
            total.claimed if total else None,
            card.points if card else None,
            total.appraised if total else None,
        )


def _told(error: CchcError) -> Text:
    """What an error says, without its places, which are those of a part of the ruleset."""
    faults = [evolve(fault, place="") for fault in error.faults]
    return Text("; ".join(fault.said("vi") for fault in faults), "; ".join(fault.said("en") for fault in faults))
