"""The shape of a ruleset file, as pydantic models: one class for each mapping in the file, one field for each key.

The models only mirror the file: every scalar is text until it is typed here. What the words mean is in `lowering`.
A JSON Schema for editors is generated from these models. One long module on purpose: it reads from top to bottom like
the file it mirrors.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from cchc_index.criteria import Basing, Direction, Instrument, Policy, Scope
from cchc_index.criteria import Level as UnitLevel
from cchc_index.errors import Text
from cchc_index.figures import read_date
from cchc_index.files.numbers import parse_exact, parse_expression
from cchc_index.measures import DayOfYear, FactType, Linear
from cchc_index.points import NumberError, RoundingRule
from cchc_index.rules import Choose
from cchc_index.sources import DocumentKind

T = TypeVar("T")
Silence = Literal["khong_quy_dinh"]
SILENCE: Silence = "khong_quy_dinh"
PERSON = "can_nguoi_doc"


def _from_text(read: Callable[[str], T]) -> Callable[[object], T]:
    def reader(value: object) -> T:
        if isinstance(value, Decimal):
            value = f"{value:f}"
        if not isinstance(value, str):
            raise NumberError(Text("cần một giá trị, không phải danh sách hay khóa con", "expected a single value"))
        return read(value)

    return reader


def _points(text: str) -> Fraction:
    return parse_exact(_without_percent(text))


def _without_percent(text: str) -> str:
    if "%" in text:
        raise NumberError(Text(f"«{text}»: điểm không viết bằng %", f"«{text}»: points are not a percent"))
    return text


def _points_expression(text: str) -> Linear:
    return parse_expression(_without_percent(text))


def _maximum(text: str) -> Fraction | Silence:
    points = _points_or_silence(text)
    if points != SILENCE and points < 0:
        raise NumberError(Text(f"«{text}»: điểm tối đa không âm", f"«{text}»: a maximum is not below 0"))
    return points


def _points_or_silence(text: str) -> Fraction | Silence:
    return SILENCE if text == SILENCE else _points(text)


def _share(text: str) -> Fraction:
    if "%" not in text:
        raise NumberError(Text(f"«{text}»: viết bằng %, như 60%", f"«{text}»: write a percent, such as 60%"))
    return parse_exact(text)


def _share_or_silence(text: str) -> Fraction | Silence:
    if text != SILENCE and "%" not in text:
        raise NumberError(
            Text(f"«{text}»: viết bằng %, như 60%, hoặc {SILENCE}", f"«{text}»: write a percent like 60%, or {SILENCE}")
        )
    return SILENCE if text == SILENCE else _share(text)


def _zero_share(text: str) -> Fraction | Silence:
    if text != SILENCE and "%" not in text:
        raise NumberError(
            Text(
                f"«{text}»: viết bằng %, như 0%, hoặc {{diem: 1}}, hoặc {SILENCE}",
                f"«{text}»: write a percent like 0%, or {{diem: 1}}, or {SILENCE}",
            )
        )
    return _share_or_silence(text)


def _code(text: str) -> str:
    if any(mark in text for mark in '"“”«»'):
        raise NumberError(
            Text(
                f'«{text}»: mã không có dấu ngoặc; ngoặc kép của YAML là dấu thẳng (")',
                f'«{text}»: a code has no quotation marks; those of YAML are straight (")',
            )
        )
    return text


def _version(text: str) -> str:
    if text.startswith(".") or "/" in text or "\\" in text:
        raise NumberError(
            Text(
                f"«{text}»: phiên bản là tên một thư mục, không có / và không bắt đầu bằng dấu chấm",
                f"«{text}»: a version names one folder, without / and not starting with a dot",
            )
        )
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NumberError(Text(f"«{text}»: cần số đếm, như 42", f"«{text}»: expected a count, such as 42"))
    return int(text)


def _weight(text: str) -> Fraction | Literal["khong_tinh"]:
    return "khong_tinh" if text == "khong_tinh" else _share(text)


def _day(text: str) -> datetime.date:
    day = read_date(text)
    if day is None:
        raise NumberError(
            Text(
                f"«{text}» không phải ngày có thật; viết như 2023-11-30", f"«{text}» is no real date; write 2023-11-30"
            )
        )
    return day


def _day_or_silence(text: str) -> datetime.date | Silence:
    return SILENCE if text == SILENCE else _day(text)


def _day_or_yearly(text: str) -> datetime.date | DayOfYear:
    if text.count("/") != 1:
        return _day(text)
    day = read_date(f"{text}/2000")
    if day is None:
        raise NumberError(Text(f"«{text}» không phải ngày có thật", f"«{text}» is no real day of the year"))
    return DayOfYear(day.day, day.month)


def _attested(text: str) -> str:
    reason, _, who = text.rpartition(";")
    if not reason.strip() or not who.strip():
        raise NumberError(
            Text(f"«{text}»: ghi lý do và ai đối chiếu, «lý do; ai»", f"«{text}»: write «the reason; by whom»")
        )
    return text


_NUMBER = WithJsonSchema({"type": ["number", "string"]})
_TEXT = WithJsonSchema({"type": "string"})

Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1)]
Code = Annotated[Words, AfterValidator(_code)]
Version = Annotated[Words, AfterValidator(_version)]
Attested = Annotated[str, PlainValidator(_from_text(_attested)), _TEXT]
Points = Annotated[Fraction, PlainValidator(_from_text(_points)), _NUMBER]
Maximum = Annotated[Fraction | Silence, PlainValidator(_from_text(_maximum)), _NUMBER]
PointsOrSilence = Annotated[Fraction | Silence, PlainValidator(_from_text(_points_or_silence)), _NUMBER]
Share = Annotated[Fraction, PlainValidator(_from_text(_share)), _TEXT]
Count = Annotated[int, PlainValidator(_from_text(_count)), _NUMBER]
ZeroShare = Annotated[Fraction | Silence, PlainValidator(_from_text(_zero_share)), _TEXT]
ShareOrSilence = Annotated[Fraction | Silence, PlainValidator(_from_text(_share_or_silence)), _TEXT]
Weight = Annotated[Fraction | Literal["khong_tinh"], PlainValidator(_from_text(_weight)), _TEXT]
PointsExpression = Annotated[Linear, PlainValidator(_from_text(_points_expression)), _NUMBER]
Expression = Annotated[Linear, PlainValidator(_from_text(parse_expression)), _NUMBER]
Day = Annotated[datetime.date, PlainValidator(_from_text(_day)), _TEXT]
DayOrSilence = Annotated[datetime.date | Silence, PlainValidator(_from_text(_day_or_silence)), _TEXT]
DayOrYearly = Annotated[datetime.date | DayOfYear, PlainValidator(_from_text(_day_or_yearly)), _TEXT]


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _noted(value: object) -> object:
    return [{"noi_dung": item} if isinstance(item, str) else item for item in _as_list(value)]


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(value: object) -> object:
    return {"ten": value} if isinstance(value, str) else value


def _options(value: object) -> object:
    """A plain list of options names each by itself."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return value
    repeated = sorted({item for item in value if value.count(item) > 1})
    if repeated:
        raise NumberError(Text(f"lựa chọn «{repeated[0]}» lặp lại", f"option «{repeated[0]}» is repeated"))
    return {item: item for item in value}


def _said_or_not(value: object) -> str:
    return "khong_quy_dinh" if isinstance(value, str) else "quy_dinh"


class Keyed(BaseModel):
    """A mapping in the file: no key that is not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Reading(Keyed):
    """Cách hiểu: what people decided where the source does not settle it, and who decided."""

    noi_dung: Words
    nguon_goc: Words


class Based(Keyed):
    """What a rule stands on: the source's words (`nguyen_van`, at `nguon`), or a recorded reading.

    `da_doi_chieu` stands beside words that a person, and not the machine, compared with the rule.
    """

    nguyen_van: Words | None = Field(None, description="Câu nguyên văn của văn bản, có trong bản lưu")
    nguon: Words | None = Field(None, description="Văn bản và vị trí: «TT01, Điều 13 khoản 1»")
    da_doi_chieu: Attested | None = Field(None, description="Vì sao máy không so được câu với quy tắc; ai đã so")
    cach_hieu: Reading | None = None


class Bounds(Keyed):
    """An interval: `tu` ≥, `tren` >, `den` ≤, `duoi` <, `bang` =."""

    tu: Words | None = None
    tren: Words | None = None
    den: Words | None = None
    duoi: Words | None = None
    bang: Words | None = None


class Measured(Keyed):
    """What is looked at: one of `do`, `ti_so`, `thay_doi`."""

    do: Expression | None = Field(None, description="Một số liệu hoặc một tổng: a - b")
    ti_so: Annotated[list[Expression], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[tử số, mẫu số]"
    )
    thay_doi: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[năm nay, năm trước]: mức thay đổi so với năm trước"
    )


class Condition(Measured, Bounds):
    """A condition: all of, any of, or one test."""

    mau_so_bang_0: ShareOrSilence = SILENCE
    tat_ca: "Annotated[list[Condition], Field(min_length=1)] | None" = None
    mot_trong: "Annotated[list[Condition], Field(min_length=1)] | None" = None
    so_lieu: Name | None = None
    la: Annotated[list[Words], BeforeValidator(_listed, json_schema_input_type=Words | list[Words])] | None = None
    co: Name | None = Field(None, description="Số liệu có/không này là «có»")
    khong: Name | None = Field(None, description="Số liệu có/không này là «không»")


class Note(Keyed):
    """A source note; `khi` limits it to the results for which it matters."""

    noi_dung: Words
    nguon_goc: str = ""
    khi: Condition | None = None


Notes = Annotated[list[Note], BeforeValidator(_noted, json_schema_input_type=str | Note | list[str | Note])]


class SampleRow(Based):
    """Mẫu tối thiểu: the least number of valid ballots of a survey."""

    so_phieu: Count


class Figure(Keyed):
    """A figure that units declare."""

    ten: Words
    loai: FactType = FactType.COUNT
    don_vi: str = ""
    trong: Name | None = Field(None, description="Số liệu này là một phần của số liệu kia")
    lua_chon: Annotated[
        dict[Words, Words], BeforeValidator(_options, json_schema_input_type=list[str] | dict[str, str])
    ] = Field(default_factory=dict)
    co_the_am: Literal["co", "khong"] = "khong"
    truong: "dict[Name, FigureOrName]" = Field(default_factory=dict, description="Các cột của một bản ghi")
    co_dinh: DayOrYearly | None = Field(None, description="Ngày do văn bản ấn định: 2023-11-30, hoặc 30/11 hằng năm")
    mau_toi_thieu: SampleRow | None = Field(None, description="Số phiếu hợp lệ ít nhất của một khảo sát")


FigureOrName = Annotated[Figure, BeforeValidator(_named, json_schema_input_type=str | Figure)]
Figures = dict[Name, FigureOrName]


class Rounding(Based):
    """A rounding that the decision orders."""

    den: Points = Field(description="Bước làm tròn: 0,1 là một chữ số thập phân")
    cach: RoundingRule = RoundingRule.HALF_UP


class Band(Bounds, Based):
    """Bậc: an interval and its points: a number, `ti_so x 2`, `1 - 0,25 x do`, or `noi_suy` between the ends."""

    diem: PointsExpression | None = None
    noi_suy: Annotated[list[Points], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[điểm ở đầu dưới, điểm ở đầu trên], nội suy tuyến tính"
    )


class ZeroPoints(Based):
    """Points for a zero denominator."""

    diem: Points


def _zero(value: object) -> str:
    return "points" if isinstance(value, dict | ZeroPoints) else "share"


ZeroPolicy = Annotated[Annotated[ZeroShare, Tag("share")] | Annotated[ZeroPoints, Tag("points")], Discriminator(_zero)]


class Bands(Measured):
    """Bậc thang: points read off a measure by intervals."""

    cham: Literal["bac_thang"]
    mau_so_bang_0: ZeroPolicy | None = None
    bac: Annotated[list[Band], Field(min_length=1)]


class Level(Based):
    """Mức: points under conditions."""

    diem: Points
    khi: Condition


class Levels(Keyed):
    """Mức: levels, each with its conditions; the first, the only or the best one counts."""

    cham: Literal["muc"]
    chon: Choose = Choose.ONLY
    muc: Annotated[list[Level], Field(min_length=1)]


class Item(Based):
    """A line of a checklist: a yes/no figure, a condition, so much for each, a nested list, or any rule."""

    ten: str = ""
    diem: Points | None = None
    co: Name | None = None
    khi: Condition | None = None
    moi: Expression | None = Field(None, description="Mỗi … được «diem» điểm")
    toi_da: Points | None = None
    muc: "Annotated[list[Item], Field(min_length=1)] | None" = None
    quy_tac: "AnyRule | None" = None


class Checklist(Keyed):
    """Cộng dồn: a checklist; points add up, with a cap and a floor where stated."""

    cham: Literal["cong_don"]
    diem_goc: Points | None = Field(None, description="Điểm có sẵn trước khi cộng; không ghi là 0")
    muc: Annotated[list[Item], Field(min_length=1)]
    toi_da: Points | None = None
    toi_thieu: Points | None = None


class Deductions(Keyed):
    """Trừ dần: start from `diem_goc`, deduct, stop at `san` (which may be negative, or not stated)."""

    cham: Literal["tru_dan"]
    diem_goc: Points
    tru: Annotated[list[Item], Field(min_length=1)]
    san: PointsOrSilence


class ChosenOption(Based):
    diem: Points


class Options(Keyed):
    """Chọn một: the points of the option of a choice figure."""

    cham: Literal["chon_mot"]
    chon: Name
    muc: Annotated[dict[Words, ChosenOption], Field(min_length=1)]


class SurveyRule(Keyed):
    """Khảo sát: the mean weight of the counted ballots, times `diem`."""

    cham: Literal["khao_sat"]
    phieu: Name
    he_so: Annotated[dict[Words, Weight], Field(min_length=1)]
    diem: Points
    mau_so_bang_0: ZeroPolicy


class Mean(Keyed):
    """Trung bình: the mean over records of a rule for one record."""

    cham: Literal["trung_binh"]
    ban_ghi: Name
    moi_ban_ghi: "AnyRule"
    lam_tron: Rounding | None = None


class AwardedRule(Keyed):
    """Chấm trực tiếp: points that people give, within bounds and in steps."""

    cham: Literal["cham_truc_tiep"]
    diem: Name
    tu: PointsOrSilence | None = None
    den: PointsOrSilence
    buoc: PointsOrSilence


class Tier(Based):
    """One tier: its rule, or the points that any unit in it gets."""

    khi: Condition
    diem: Points | None = None
    quy_tac: "AnyRule | None" = None


class Tiers(Keyed):
    """Theo: another rule for each tier of volume, kind of unit or other figure."""

    cham: Literal["theo"]
    chon: Choose = Choose.ONLY
    theo: Annotated[list[Tier], Field(min_length=1)]


class Unsaid(Keyed):
    """The decision does not say how to score this."""

    cham: Silence


class SideReading(Keyed):
    """One of several ways to read the sentences of a row, beside the others; it does not count."""

    noi_dung: Words
    so_lieu: Figures = Field(default_factory=dict)
    quy_tac: "AnyRule"


class NeedsPerson(Keyed):
    """Cần người đọc: sentences kept word for word that no machine could make a rule of; nothing is scored by them."""

    cham: Literal["can_nguoi_doc"]
    cau: Annotated[list[Words], Field(min_length=1)]
    vi_sao: str = Field("", description="Vì sao máy không viết thành quy tắc")
    cach_doc: list[SideReading] = Field(default_factory=list, description="Các cách đọc, để người chọn")


def _shape(value: object) -> str:
    return str(value.get("cham", "") if isinstance(value, dict) else getattr(value, "cham", ""))


AnyRule = Annotated[
    Annotated[Bands, Tag("bac_thang")]
    | Annotated[Levels, Tag("muc")]
    | Annotated[Checklist, Tag("cong_don")]
    | Annotated[Deductions, Tag("tru_dan")]
    | Annotated[Options, Tag("chon_mot")]
    | Annotated[SurveyRule, Tag("khao_sat")]
    | Annotated[Mean, Tag("trung_binh")]
    | Annotated[AwardedRule, Tag("cham_truc_tiep")]
    | Annotated[Tiers, Tag("theo")]
    | Annotated[NeedsPerson, Tag("can_nguoi_doc")]
    | Annotated[Unsaid, Tag("khong_quy_dinh")],
    Discriminator(_shape),
]
SHAPES = (Bands, Levels, Checklist, Deductions, Options, SurveyRule, Mean, AwardedRule, Tiers, NeedsPerson, Unsaid)


class Exemption(Based):
    """When this is not assessed, and what that does to the maximum."""

    xu_ly: Policy
    khi: Condition | None = None


class TierRow(Keyed):
    """A named class of units."""

    ten: Words
    khi: Condition


class Observed(Measured, Based):
    """What can be computed though no points are stated: a measure, a survey's mean weight, or the tier."""

    ten: Words
    mau_so_bang_0: ShareOrSilence = SILENCE
    phieu: Name | None = None
    he_so: dict[Words, Weight] | None = None
    muc: Annotated[list[TierRow], Field(min_length=1)] | None = None


class Assigned(Based):
    """Phân công: work, who does it, until when."""

    ten: Words
    phu_trach: Annotated[list[Words], BeforeValidator(_listed, json_schema_input_type=Words | list[Words])] = Field(
        default_factory=list
    )
    han: DayOrYearly | None = None


class Counted(Based):
    """How many the decision says there are."""

    linh_vuc: Count | None = None
    tieu_chi: Count | None = None
    thanh_phan: Count | None = None


Exemptions = Annotated[list[Exemption], BeforeValidator(_listed, json_schema_input_type=Exemption | list[Exemption])]


def _rule_apart(value: object) -> object:
    """The keys of the rule gathered under `quy_tac`: in the file they stand beside those of the criterion."""
    if not isinstance(value, dict):
        return value
    of_row = Row.model_fields.keys() - {"quy_tac"}
    row = {key: item for key, item in value.items() if key in of_row}
    rule = {key: item for key, item in value.items() if key not in of_row}
    return row | {"quy_tac": rule} if "cham" in rule or "gom" not in row else row | rule


class Row(Keyed):
    """An area, a criterion or a sub-criterion: either `gom` (made of others) or a rule (`cham` and its keys)."""

    ma: Code
    ten: Words
    diem_toi_da: Maximum
    nguon: Words | None = None
    nguyen_van: Words | None = Field(None, description="Câu nguyên văn của cả quy tắc")
    da_doi_chieu: Attested | None = Field(None, description="Vì sao máy không so được câu ấy với quy tắc; ai đã so")
    so_lieu: Figures = Field(default_factory=dict)
    khong_danh_gia: Exemptions = Field(default_factory=list)
    khong_phat_sinh: Exemptions = Field(default_factory=list)
    lam_tron: Rounding | None = None
    chieu: Direction | None = Field(None, description="Chiều của bậc thang, để kiểm chứng điểm không đi ngược")
    kiem_chung: list[Words] = Field(default_factory=list)
    tinh_duoc: list[Observed] = Field(default_factory=list, description="Tính được dù văn bản không nói điểm")
    phan_cong: list[Assigned] = Field(default_factory=list)
    so_luong: Counted | None = None
    thay_cho: Words | None = Field(None, description="Chỗ trong văn bản trước mà dòng này thay thế")
    mau_thuan: Notes = Field(default_factory=list)
    khoang_trong: Notes = Field(default_factory=list)
    cach_hieu: Notes = Field(default_factory=list)
    ghi_chu: Notes = Field(default_factory=list)
    gom: "Annotated[list[Criterion], Field(min_length=1)] | None" = None
    quy_tac: AnyRule | None = None


Criterion = Annotated[Row, BeforeValidator(_rule_apart)]


class Document(Keyed):
    """A cited document and its stored text."""

    so_hieu: Words
    ngay: DayOrSilence
    co_quan: Words
    trich_yeu: Words
    ban_luu: Words
    dia_chi: Words
    loai: DocumentKind = DocumentKind.VERBATIM


class Validity(Based):
    tu_ngay: DayOrSilence
    den_ngay: DayOrSilence
    noi: Words = Field(SILENCE, description="«cả nước», hoặc từ nhỏ đến lớn: «Xuân Lộc, Đồng Nai»")
    thay_the: list[Words] = Field(default_factory=list, description="Mã các phiên bản mà bộ này thay thế")


class GradeRow(Bounds, Based):
    ten: Words
    moi_tieu_chi_tu: Share | None = Field(None, description="Mỗi tiêu chí đạt ít nhất bấy nhiêu % điểm tối đa")
    khi: Condition | None = None


class Scale(Keyed):
    """Xếp loại: named ranges of points or index."""

    theo: Basing
    khi: Condition | None = None
    bac: Annotated[list[GradeRow], Field(min_length=1)]


class DroppedRow(Based):
    """A criterion of an earlier version that this one does without."""

    ma: Words
    ten: Words
    thay_cho: Words


class RankingRow(Based):
    theo: Basing
    khong_xep_hang: Condition | None = None


_Said = Annotated[T, Tag("quy_dinh")]
_Unsaid = Annotated[Silence, Tag("khong_quy_dinh")]


Levels_ = Annotated[
    list[UnitLevel],
    Field(min_length=1),
    BeforeValidator(_listed, json_schema_input_type=UnitLevel | list[UnitLevel]),
]
IndexBasis = Annotated[_Said[Based] | _Unsaid, Discriminator(_said_or_not)]
TotalRounding = Annotated[_Said[Rounding] | _Unsaid, Discriminator(_said_or_not)]
Scales = Annotated[_Said[list[Scale]] | _Unsaid, Discriminator(_said_or_not)]
RankingRule = Annotated[_Said[RankingRow] | _Unsaid, Discriminator(_said_or_not)]


class Heading(Keyed):
    """What a whole ruleset and a layer on another one both say."""

    bo_tieu_chi: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)+$")]
    phien_ban: Version
    ten: Words
    pham_vi: Scope
    ap_dung: Validity
    van_ban: Annotated[dict[Words, Document], Field(min_length=1)]
    so_luong: Counted | None = None
    so_lieu: Figures = Field(default_factory=dict)
    khong_danh_gia: Exemptions = Field(default_factory=list, description="Áp dụng cho mọi tiêu chí có cách chấm")
    thuong: list[Criterion] = Field(default_factory=list)
    phat: list[Criterion] = Field(default_factory=list)
    bai_bo: list[DroppedRow] = Field(default_factory=list, description="Tiêu chí của phiên bản trước đã bỏ")
    mau_thuan: Notes = Field(default_factory=list)
    khoang_trong: Notes = Field(default_factory=list)
    cach_hieu: Notes = Field(default_factory=list)
    ghi_chu: Notes = Field(default_factory=list)


class RulesetFile(Heading):
    """The whole file bo-tieu-chi.yaml."""

    cap: Levels_
    cong_cu: Instrument = Instrument.CCHC
    diem_toi_da: Maximum
    chi_so: IndexBasis
    lam_tron: TotalRounding
    tieu_chi: Annotated[list[Criterion], Field(min_length=1)]
    xep_loai: Scales
    xep_hang: RankingRule


class AddedRows(Keyed):
    """Rows that a layer adds: under a criterion (`vao`) or at the top, after one (`sau`) or last."""

    vao: Words | None = None
    sau: Words | None = None
    tieu_chi: Annotated[list[Criterion], Field(min_length=1)]


class ChangedRow(Keyed):
    """A row whose heading a layer changes; what stands under it stays."""

    ma: Words
    nguon: Words | None = None
    ten: Words | None = None
    diem_toi_da: Maximum | None = None
    so_luong: Counted | None = None


class RemovedRow(Based):
    """A row that a layer drops."""

    ma: Words


class LayerFile(Heading):
    """A file bo-tieu-chi.yaml that extends a frame (`ke_thua`) or amends an earlier version (`sua_doi`)."""

    ke_thua: Words | None = Field(None, description="Khung mà bộ này bổ sung: mã, hoặc đường dẫn như ../khung")
    sua_doi: Words | None = Field(None, description="Phiên bản mà bộ này sửa đổi: mã, hoặc đường dẫn như ../2025")
    cap: Levels_ | None = None
    cong_cu: Instrument | None = None
    diem_toi_da: Maximum | None = None
    chi_so: IndexBasis | None = None
    lam_tron: TotalRounding | None = None
    xep_loai: Scales | None = None
    xep_hang: RankingRule | None = None
    them: list[AddedRows] = Field(default_factory=list)
    thay: list[Criterion] = Field(default_factory=list)
    sua: list[ChangedRow] = Field(default_factory=list)
    bo: list[RemovedRow] = Field(default_factory=list)
