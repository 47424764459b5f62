"""Write a submission as the file that says it: the way back from a filled workbook.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> unit = cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20}, claims=(cchc.Claim("4.1", Fraction(19, 20)),))
>>> print(submission_text(rules, unit), end="")
don_vi: Xã A
bo_tieu_chi: dong-nai/cap-xa
phien_ban: '2022'
dau_thap_phan: ','
so_lieu:
  da_xong: 19
  de_ra: 20
tu_cham:
  '4.1': 0,95
"""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import yaml

from cchc_index.criteria import Ruleset
from cchc_index.facts import Appraisal, Change, Evidence, NewExemption, NewFigure, NewPoints, Phase, Submission
from cchc_index.files.reviews import ROUNDS
from cchc_index.measures import NO, YES, Fact, FactType
from cchc_index.points import show


def submission_text(rules: Ruleset, unit: Submission, remarks: Sequence[tuple[str, str]] = ()) -> str:
    """The YAML of a submission whose figures are typed; `remarks` go under `ghi_chu`, each after what it stands by."""
    data = submission_data(rules, unit, remarks)
    return yaml.dump(data, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=120)


def submission_data(rules: Ruleset, unit: Submission, remarks: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """The same as plain values, without what is empty."""
    written = {
        "don_vi": unit.unit,
        "nhom": unit.group,
        "bo_tieu_chi": rules.id,
        "phien_ban": rules.version,
        "ky": unit.period and {"tu_ngay": unit.period.start.isoformat(), "den_ngay": unit.period.end.isoformat()},
        "dau_thap_phan": ",",
        "so_lieu": {name: _written(rules.facts_by_name[name], value) for name, value in unit.figures.items()},
        "khong_danh_gia": dict(unit.exemptions),
        "tai_lieu": {code: [_document(one) for one in documents] for code, documents in unit.evidence.items()},
        "tu_cham": {claim.code: _number(claim.points) for claim in unit.claims},
        "tham_dinh": [_round(rules, one) for one in unit.appraisals if one.phase is not Phase.PUBLISHED],
        "cong_bo": next((_round(rules, one) for one in unit.appraisals if one.phase is Phase.PUBLISHED), None),
        "ghi_chu": "\n".join(f"{where}: {text}" for where, text in remarks),
    }
    return {key: value for key, value in written.items() if value or key == "so_lieu"}


def _written(fact: Fact, value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Mapping):
        return {option: _number(count) for option, count in value.items()}
    if isinstance(value, list | tuple):
        fields = {one.name: one for one in fact.fields}
        return [{name: _written(fields[name], cell) for name, cell in record.items()} for record in value]
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Fraction) and fact.type is FactType.PERCENT:
        return show(value * 100) + "%"
    return value if isinstance(value, str) else _number(value)


def _round(rules: Ruleset, one: Appraisal) -> dict[str, Any]:
    """A round of appraisal, or what was still changed when the result was published."""
    known = {
        "lan": next((word for word, phase in ROUNDS.items() if phase is one.phase), None),
        "ngay": one.on and one.on.isoformat(),
        "nguoi": one.by,
        "thay_doi": [_change(rules, change) for change in one.changes],
        "giu_nguyen": list(one.kept),
    }
    return {key: value for key, value in known.items() if value}


def _change(rules: Ruleset, change: Change) -> dict[str, Any]:
    match change:
        case NewFigure(name, value):
            fact = rules.facts_by_name.get(name)
            told = {"so_lieu": name, "gia_tri": _written(fact, value) if fact else value}
        case NewExemption(code, granted):
            told = {"khong_danh_gia": code, "chap_nhan": YES if granted else NO}
        case NewPoints(code, points):
            told = {"tieu_chi": code, "diem": _number(points)}
    papers = {"tai_lieu": [_document(one) for one in change.evidence]} if change.evidence else {}
    return told | {"ly_do": change.reason} | papers


def _number(value: int | Fraction) -> int | str:
    return int(value) if Fraction(value).denominator == 1 else show(value)


def _document(one: Evidence) -> dict[str, str]:
    known = {"so": one.number, "ngay": one.date and one.date.isoformat(), "muc": one.section, "trang": one.page}
    return {key: value for key, value in known.items() if value}
