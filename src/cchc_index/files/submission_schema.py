"""The shape of a submission file (bản khai)."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from cchc_index.errors import Text
from cchc_index.files.schema import Day, Keyed, Words
from cchc_index.points import NumberError


def _reason(value: object) -> object:
    return {"ly_do": value} if isinstance(value, str) else value


def _as_written(value: object) -> str | int | Decimal:
    if not isinstance(value, str | int | Decimal):
        raise NumberError(Text("cần một số điểm", "expected points"))
    return value


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
    tu_cham: dict[str, Annotated[Any, PlainValidator(_as_written, json_schema_input_type=str | float)]] = Field(
        default_factory=dict
    )
    ghi_chu: str = ""
