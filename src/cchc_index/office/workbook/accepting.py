"""What each cell to fill in accepts, and what a spreadsheet tells who types something else."""

from collections.abc import Mapping
from typing import Any

from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas.inputs import range_of
from cchc_index.office.workbook.lists import list_name

CLAIMS: Mapping[str, Any] = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -9_999,
    "maximum": 9_999,
    "error_title": "Điểm tự chấm",
    "error_message": "Cần một số điểm, như 1,5.",
}

APPRAISED: Mapping[str, Any] = {**CLAIMS, "error_title": "Điểm thẩm định"}
ROUND: Mapping[str, Any] = {
    "validate": "list",
    "source": ["1", "2"],
    "error_title": "Lần thẩm định",
    "error_message": "Ghi 1 hoặc 2.",
}


def accepted(fact: Fact, cell: str, cells: Mapping[str, str], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """What the cell of a figure accepts; `cells` are those of the figures beside it, by name.

    A part is never above its whole, nor a whole below one of its parts.
    """
    told = {"error_title": "Số liệu chưa đúng", "input_title": fact.label[:32]}
    if fact.type in (FactType.YES_NO, FactType.CHOICE):
        words = {"input_message": "Chọn từ danh sách.", "error_message": "Chọn một mục của danh sách."}
        return {**told, **words, "validate": "list", "source": f"={list_name(fact)}"}
    limits, wanted = range_of(fact), _wanted(fact)
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


def _wanted(fact: Fact) -> str:
    limits, also = range_of(fact), f", không lớn hơn «{fact.part_of}»" if fact.part_of else ""
    match fact.type:
        case FactType.DATE:
            return "Một ngày, như 30/11/2025."
        case FactType.PERCENT:
            return "Một tỷ lệ, như 86,5%."
        case FactType.POINTS | FactType.AMOUNT:
            return f"Một số có tối đa {limits.places} chữ số thập phân{also}."
    return f"Một số nguyên{'' if limits.low else ' không âm'}{also}."
