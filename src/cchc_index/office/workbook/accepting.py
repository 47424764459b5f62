"""What each cell to fill in accepts, and what a spreadsheet tells who types something else."""

from collections.abc import Mapping
from typing import Any

from cchc_index.errors import Lang, Text
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import range_of
from cchc_index.office.workbook.lists import list_name

_POINTS: Mapping[str, Any] = {"validate": "decimal", "criteria": "between", "minimum": -9_999, "maximum": 9_999}
CLAIMED, APPRAISED = Text("Điểm tự chấm", "Points claimed"), Text("Điểm thẩm định", "Points awarded")
_ROUND = Text("Lần thẩm định", "Round of appraisal")


def points(title: Text, lang: Lang) -> dict[str, Any]:
    """What a cell of points accepts."""
    wanted = Text("Cần một số điểm, như 1,5.", "Points are needed, such as 1.5.")
    return {**_POINTS, "error_title": title.said(lang), "error_message": wanted.said(lang)}


def round_of_appraisal(lang: Lang) -> dict[str, Any]:
    """What the cell of the round accepts."""
    told = {"error_title": _ROUND.said(lang), "error_message": Text("Ghi 1 hoặc 2.", "Type 1 or 2.").said(lang)}
    return {"validate": "list", "source": ["1", "2"], **told}


def accepted(
    fact: Fact, cell: str, cells: Mapping[str, str], facts: Mapping[str, Fact], lang: Lang = "vi"
) -> dict[str, Any]:
    """What the cell of a figure accepts; `cells` are those of the figures beside it, by name.

    A part is never above its whole, nor a whole below one of its parts.
    """
    wrong = Text("Số liệu chưa đúng", "The figure is not right")
    told = {"error_title": wrong.said(lang), "input_title": fact.label[:32]}
    if fact.type in (FactType.YES_NO, FactType.CHOICE):
        choose = Text("Chọn từ danh sách.", "Choose from the list.").said(lang)
        words = {"input_message": choose, "error_message": choose}
        return {**told, **words, "validate": "list", "source": f"={list_name(fact)}"}
    limits, wanted = range_of(fact), _wanted(fact).said(lang)
    is_whole = limits.places == 0
    kind = "date" if fact.type is FactType.DATE else "integer" if is_whole else "decimal"
    told |= {"input_message": wanted, "error_message": wanted}
    parts = [cells[one.name] for one in facts.values() if one.part_of == fact.name and one.name in cells]
    if parts:
        tests = [f"ISNUMBER({cell})", f"{cell}>={limits.low}", f"{cell}<={limits.high}"]
        tests += [f"{cell}=INT({cell})"] if is_whole else []
        return {**told, "validate": "custom", "value": f"=AND({','.join(tests)},{cell}>=MAX({','.join(parts)}))"}
    whole = cells.get(fact.part_of or "")
    most = f"={whole}" if whole else limits.high
    return {**told, "validate": kind, "criteria": "between", "minimum": limits.low, "maximum": most}


def _wanted(fact: Fact) -> Text:
    limits = range_of(fact)
    also = Text(f", không lớn hơn «{fact.part_of}»", f", not above «{fact.part_of}»") if fact.part_of else Text("", "")
    match fact.type:
        case FactType.DATE:
            return Text("Một ngày, như 30/11/2025.", "A day, such as 30/11/2025.")
        case FactType.PERCENT:
            return Text("Một tỷ lệ, như 86,5%.", "A share, such as 86.5%.")
        case FactType.POINTS | FactType.AMOUNT:
            return Text(
                f"Một số có tối đa {limits.places} chữ số thập phân{also.vi}.",
                f"A number of at most {limits.places} decimals{also.en}.",
            )
    least = Text("", "") if limits.low else Text(" không âm", ", not negative")
    return Text(f"Một số nguyên{least.vi}{also.vi}.", f"A whole number{least.en}{also.en}.")
