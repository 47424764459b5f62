"""What an audit finds, as values: the kind, the criterion, what was claimed, what follows, and what is to be explained.

>>> FindingKind.ABOVE_MAXIMUM.value
'vuot_diem_toi_da'
"""

from enum import Enum
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.checking.structure import Severity
from cchc_index.criteria import Criterion
from cchc_index.errors import Text
from cchc_index.sources import NOT_STATED, Basis


class FindingKind(Enum):
    """The kinds of finding. The value is the word in the results."""

    NOT_REPRODUCIBLE = "khong_khop_so_lieu"
    """The points claimed do not follow from the figures."""
    ABOVE_MAXIMUM = "vuot_diem_toi_da"
    TOTAL_NOT_SUM = "tong_khong_khop"
    MAXIMUM_ALTERED = "sai_diem_toi_da"
    CRITERION_MISSING = "thieu_tieu_chi"
    CRITERION_EXTRA = "thua_tieu_chi"
    CRITERION_REPEATED = "trung_tieu_chi"
    CLAIM_BLANK = "chua_tu_cham"
    EVIDENCE_MISSING = "thieu_tai_lieu"
    EVIDENCE_LATE = "tai_lieu_qua_han"
    EVIDENCE_OUTSIDE_PERIOD = "tai_lieu_ngoai_ky"
    EXEMPTION_NOT_ALLOWED = "khong_duoc_bo_danh_gia"
    FIGURES_INCONSISTENT = "so_lieu_mau_thuan"
    FIGURE_UNUSABLE = "so_lieu_khong_dung_duoc"
    NOT_COMPUTABLE = "chua_tinh_duoc"
    """Figures are missing, or the decision gives no points for them: nothing can be said of the claim."""
    AWARDED_DIFFERS = "tham_dinh_khong_khop"
    """The points awarded by people do not follow from the figures."""
    RULESET_OTHER = "bo_tieu_chi_khac"
    RULESET_NOT_IN_FORCE = "bo_tieu_chi_khong_hieu_luc"


class Column(Enum):
    """Which of the points of a sheet a finding is about."""

    CLAIMED = "tu_cham"
    AWARDED = "tham_dinh"


@frozen
class AuditFinding:
    """One thing that does not fit.

    `criterion` is a code, empty for the whole sheet; `also` are other criteria it touches. `given` is what stands in
    the sheet, `follows` what follows from figures or rules, `difference` the one less the other, in points (or in the
    unit of the figure); each is None where there is none. `basis` is the sentence of the decision, `source` its place,
    `explain` what the unit is to explain (giải trình), `place` the file and row.
    """

    kind: FindingKind
    severity: Severity
    criterion: str
    message: Text
    explain: Text
    column: Column = Column.CLAIMED
    given: Fraction | None = None
    follows: Fraction | None = None
    difference: Fraction | None = None
    basis: Basis = NOT_STATED
    source: str = ""
    also: tuple[str, ...] = ()
    place: str = ""


_ASKED = {
    FindingKind.NOT_REPRODUCIBLE: (
        "nêu số liệu và tài liệu dẫn đến số điểm đã tự chấm",
        "give the figures and documents that lead to the points claimed",
    ),
    FindingKind.ABOVE_MAXIMUM: ("sửa lại điểm trong giới hạn điểm tối đa", "bring the points within the maximum"),
    FindingKind.TOTAL_NOT_SUM: ("cộng lại, nêu dòng nào đã sửa", "add up again, and say which row was changed"),
    FindingKind.MAXIMUM_ALTERED: (
        "nêu căn cứ thay đổi điểm tối đa, hoặc in lại theo quyết định",
        "give the grounds for another maximum, or print the one of the decision",
    ),
    FindingKind.CRITERION_MISSING: ("bổ sung dòng của tiêu chí này", "add the row of this criterion"),
    FindingKind.CRITERION_EXTRA: (
        "nêu căn cứ của dòng này, hoặc bỏ đi",
        "give the grounds for this row, or take it out",
    ),
    FindingKind.CRITERION_REPEATED: ("giữ một dòng, nêu dòng nào đúng", "keep one row, and say which is right"),
    FindingKind.CLAIM_BLANK: ("ghi điểm tự chấm, kể cả 0", "write the points claimed, even 0"),
    FindingKind.EVIDENCE_MISSING: ("nộp tài liệu kiểm chứng", "hand in the evidence"),
    FindingKind.EVIDENCE_LATE: (
        "nêu lý do chậm, hoặc nộp tài liệu đúng hạn",
        "say why it is late, or hand in one dated in time",
    ),
    FindingKind.EVIDENCE_OUTSIDE_PERIOD: (
        "nêu vì sao dùng tài liệu ngoài kỳ đánh giá",
        "say why a document from outside the period counts",
    ),
    FindingKind.EXEMPTION_NOT_ALLOWED: (
        "nêu quy định cho phép bỏ đánh giá, hoặc khai số liệu",
        "name the rule that allows it, or give the figures",
    ),
    FindingKind.FIGURES_INCONSISTENT: ("nêu số nào đúng, kèm tài liệu", "say which number is right, with documents"),
    FindingKind.FIGURE_UNUSABLE: ("khai lại số liệu này", "give this figure again"),
    FindingKind.NOT_COMPUTABLE: ("khai đủ số liệu của tiêu chí", "give all figures of the criterion"),
    FindingKind.AWARDED_DIFFERS: (
        "người thẩm định nêu lý do cho điểm khác số liệu",
        "the appraisers say why they award other points than the figures give",
    ),
    FindingKind.RULESET_OTHER: (
        "xác nhận chấm theo bộ tiêu chí và phiên bản nào",
        "confirm by which ruleset and version it was scored",
    ),
    FindingKind.RULESET_NOT_IN_FORCE: (
        "nêu căn cứ áp dụng phiên bản này cho kỳ đánh giá",
        "give the grounds for using this version for the period",
    ),
}


def finding_at(kind: FindingKind, criterion: Criterion | None, message: Text, place: str = "") -> AuditFinding:
    """A finding at a criterion (None: the whole sheet), with what its kind asks to be explained and the row's words."""
    asked = Text(*_ASKED[kind])
    if criterion is None:
        return AuditFinding(kind, Severity.ERROR, "", message, asked, place=place)
    basis, source = criterion.sentence, str(criterion.citation)
    return AuditFinding(kind, Severity.ERROR, criterion.code, message, asked, basis=basis, source=source, place=place)


def weighed(finding: AuditFinding, given: Fraction, follows: Fraction) -> AuditFinding:
    """The same finding with its two numbers."""
    return evolve(finding, given=given, follows=follows, difference=given - follows)
