"""What a submission file says of the review year: statements, a printed report, appraisals, explanations."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from cchc_index.errors import Fault, Text
from cchc_index.errors import Path as Keys
from cchc_index.facts import (
    Appraisal,
    Change,
    Evidence,
    Explanation,
    NewExemption,
    NewFigure,
    NewPoints,
    Phase,
    Reported,
    Standing,
    Statement,
)
from cchc_index.files.submission_schema import (
    AppraisalRow,
    ChangeRow,
    EvidenceRow,
    PublicationRow,
    ReportedRow,
    SubmissionFile,
)
from cchc_index.points import Mark, NumberError, exact, parse_number

_YES = ("có", "co")
ROUNDS = {"1": Phase.FIRST, "2": Phase.SECOND}
"""How a file and a workbook write the rounds of appraisal."""


@frozen
class Review:
    """The part of a submission that belongs to the review year."""

    statements: Mapping[str, Statement]
    reported: Reported | None
    appraisals: tuple[Appraisal, ...]
    explanations: tuple[Explanation, ...]


def review_of(model: SubmissionFile, faults: list[Fault]) -> Review:
    """The review that a file says; what is wrong with it is added to `faults`."""
    mark = model.dau_thap_phan
    rounds: list[tuple[AppraisalRow | PublicationRow, Keys]] = [
        (row, ("tham_dinh", number)) for number, row in enumerate(model.tham_dinh)
    ]
    rounds += [(model.cong_bo, ("cong_bo",))] if model.cong_bo else []
    statements = {
        code: Statement(
            Standing(row.la), read_points(row.diem, mark, ("tinh_trang", code, "diem"), faults), row.ghi_chu
        )
        for code, row in model.tinh_trang.items()
    }
    return Review(
        statements,
        _reported(model.tien_do, mark, faults) if model.tien_do else None,
        tuple(_appraisal(row, mark, path, faults) for row, path in rounds),
        tuple(Explanation(row.tieu_chi, row.noi_dung, evidence_of(row.tai_lieu), row.ngay) for row in model.giai_trinh),
    )


def read_points(value: Any, mark: Mark | None, path: Keys, faults: list[Fault]) -> Fraction | None:
    """Points as written; None for none, and for what is no number, which is added to `faults`."""
    try:
        if isinstance(value, str):
            return parse_number(value, mark=mark)
        return None if value is None else exact(value)
    except NumberError as error:
        faults.append(Fault(error.text, path))
        return None


def evidence_of(rows: Iterable[EvidenceRow]) -> tuple[Evidence, ...]:
    """The documents of a list."""
    return tuple(Evidence(row.so, row.ngay, row.muc, row.trang) for row in rows)


def _reported(row: ReportedRow, mark: Mark | None, faults: list[Fault]) -> Reported:
    points = read_points(row.diem, mark, ("tien_do", "diem"), faults)
    counts = tuple((Standing(word), count) for word, count in row.dem.items())
    measures = tuple(row.tinh_duoc.items())
    return Reported(row.ngay, row.nguon, row.nguyen_van, counts, points, row.uoc_tinh in _YES, measures)


def _appraisal(row: AppraisalRow | PublicationRow, mark: Mark | None, path: Keys, faults: list[Fault]) -> Appraisal:
    phase = ROUNDS[row.lan] if isinstance(row, AppraisalRow) else Phase.PUBLISHED
    found = [_change(one, mark, (*path, "thay_doi", n), faults) for n, one in enumerate(row.thay_doi)]
    return Appraisal(phase, tuple(one for one in found if one), tuple(row.giu_nguyen), row.nguoi, row.ngay)


_KINDS = (("so_lieu", "gia_tri"), ("khong_danh_gia", "chap_nhan"), ("tieu_chi", "diem"))


def _change(row: ChangeRow, mark: Mark | None, path: Keys, faults: list[Fault]) -> Change | None:
    given = {key for keys in _KINDS for key in keys if getattr(row, key) is not None}
    if given not in [set(kind) for kind in _KINDS]:
        message = Text(
            "cần đúng một trong: so_lieu và gia_tri; khong_danh_gia và chap_nhan; tieu_chi và diem",
            "expected one of: so_lieu and gia_tri; khong_danh_gia and chap_nhan; tieu_chi and diem",
        )
        faults.append(Fault(message, path))
        return None
    evidence = evidence_of(row.tai_lieu)
    if row.so_lieu is not None:
        return NewFigure(row.so_lieu, row.gia_tri, row.ly_do, evidence)
    if row.khong_danh_gia is not None:
        return NewExemption(row.khong_danh_gia, row.chap_nhan in _YES, row.ly_do, evidence)
    points = read_points(row.diem, mark, (*path, "diem"), faults)
    return None if points is None or row.tieu_chi is None else NewPoints(row.tieu_chi, points, row.ly_do, evidence)
