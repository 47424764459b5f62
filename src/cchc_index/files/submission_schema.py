"""The shape of a submission file (bản khai)."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from cchc_index.errors import Text
from cchc_index.files.schema import Count, Day, Keyed, Words
from cchc_index.points import NumberError


def _reason(value: object) -> object:
    return {"ly_do": value} if isinstance(value, str) else value


def _as_written(value: object) -> str | int | Decimal:
    if not isinstance(value, str | int | Decimal):
        raise NumberError(Text("cần một số điểm", "expected points"))
    return value


def _standing(value: object) -> object:
    return {"la": value} if isinstance(value, str) else value


Given = Annotated[Any, PlainValidator(_as_written, json_schema_input_type=str | float)]
"""Points as written: the decimal mark of the file decides how they are read."""
Answer = Literal["có", "không", "co", "khong"]
Stated = Literal["dat", "khong_dat", "dang_thuc_hien", "chua_den_han"]


class PeriodRow(Keyed):
    tu_ngay: Day
    den_ngay: Day


class Reason(Keyed):
    ly_do: Words


class EvidenceRow(Keyed):
    """Tài liệu kiểm chứng: number, date, section, page."""

    so: Words
    ngay: Day | None = None
    muc: str = ""
    trang: str = ""


class StatementRow(Keyed):
    """Tình trạng: where a criterion stands, as the unit says."""

    la: Stated
    diem: Given | None = None
    ghi_chu: str = ""


class ReportedRow(Keyed):
    """Tiến độ: what a report prints of the whole sheet, with its words."""

    ngay: Day
    nguon: Words
    nguyen_van: Words
    dem: dict[Stated, Count] = Field(default_factory=dict)
    diem: Given | None = None
    uoc_tinh: Answer = "không"
    tinh_duoc: dict[Words, Words] = Field(default_factory=dict)


class ChangeRow(Keyed):
    """One change of an appraisal: of a figure, of an exemption, or points awarded."""

    so_lieu: Words | None = None
    gia_tri: Any = None
    khong_danh_gia: Words | None = None
    chap_nhan: Answer | None = None
    tieu_chi: Words | None = None
    diem: Given | None = None
    ly_do: Words
    tai_lieu: list[EvidenceRow] = Field(default_factory=list)


class PublicationRow(Keyed):
    """Công bố: what was still changed when the result was published."""

    ngay: Day | None = None
    nguoi: str = ""
    thay_doi: list[ChangeRow] = Field(default_factory=list)
    giu_nguyen: list[Words] = Field(default_factory=list)


class AppraisalRow(PublicationRow):
    """Thẩm định: one round."""

    lan: Literal["1", "2"]


class ExplanationRow(Keyed):
    """Giải trình: what the unit answers."""

    tieu_chi: Words
    noi_dung: Words
    tai_lieu: list[EvidenceRow] = Field(default_factory=list)
    ngay: Day | None = None


class SubmissionFile(Keyed):
    """The whole file of one unit."""

    don_vi: Words
    bo_tieu_chi: Words | None = None
    phien_ban: Words | None = None
    ky: PeriodRow | None = None
    dau_thap_phan: Literal[",", "."] | None = Field(None, description="Dấu thập phân dùng trong tệp này")
    so_lieu: dict[str, Any]
    khong_danh_gia: dict[str, Annotated[Reason, BeforeValidator(_reason, json_schema_input_type=str | Reason)]] = Field(
        default_factory=dict
    )
    tai_lieu: dict[str, list[EvidenceRow]] = Field(default_factory=dict)
    tu_cham: dict[str, Given] = Field(default_factory=dict)
    nhom: str = Field("", description="Nhóm đơn vị, khi xếp hạng riêng từng nhóm")
    tinh_trang: dict[
        str, Annotated[StatementRow, BeforeValidator(_standing, json_schema_input_type=str | StatementRow)]
    ] = Field(default_factory=dict)
    tien_do: ReportedRow | None = None
    tham_dinh: list[AppraisalRow] = Field(default_factory=list)
    giai_trinh: list[ExplanationRow] = Field(default_factory=list)
    cong_bo: PublicationRow | None = None
    ghi_chu: str = ""
