"""A sealed result: one canonical JSON text that says what was scored, by which rules, from which figures.

Each part has a digest, and the list of digests has one. Anyone can check it offline: that not one byte was altered (and
in which part), and, with the ruleset at hand, that scoring the figures again gives the same result. A seal proves that
its parts belong together; it does not say who made it: whoever alters a part can seal the altered text anew.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
>>> text = seal(rules, cchc.Submission("Xã A", figures), library="0.1.0")
>>> check_seal(text), [fault.path[0] for fault in check_seal(text.replace('"da_xong":19', '"da_xong":20'))]
((), ['so_lieu'])
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from attrs import evolve, frozen

from cchc_index.auditing.verify import Audit, verify
from cchc_index.canonical import canonical_json, digest, digest_of
from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Text
from cchc_index.facts import Claim, Evidence, Period, Submission
from cchc_index.plain import NotPlain, dump, load
from cchc_index.points import Mark
from cchc_index.scoring.score import score_part
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.version import VERSION

SEAL_FORMAT = "cchc-index/seal/1"
PARTS = ("thu_vien", "bo_tieu_chi", "so_lieu", "ket_qua", "doi_chieu")
"""Library, ruleset, figures, result, audit."""
DIGESTS, SEAL, FORMAT = "ma_bam", "niem_phong", "dinh_dang"
_KEYS = sorted((*PARTS, DIGESTS, SEAL, FORMAT))
"""In the order of the canonical form."""


def _mark(data: Any) -> str:
    """The digest of the canonical form of plain data."""
    return digest_of(canonical_json(data))


# -- making ------------------------------------------------------------------------------------------------------------


def seal(rules: Ruleset, unit: Submission, audit: Audit | None = None, *, library: str = VERSION) -> str:
    """The sealed result of a unit: its card (none where it cannot be scored whole) and an audit, or that of its claims.

    The version of this library and the digest of the ruleset stand in parts of their own, and not once more in the
    card. Raises CchcError for a figure that cannot be written down exactly.
    """
    held = audit or verify(rules, unit)
    parts = {
        "thu_vien": {"ten": "cchc-index", "phien_ban": library},
        "bo_tieu_chi": {"ma": rules.id, "phien_ban": rules.version, "ma_bam": digest(rules)},
        "so_lieu": plain_submission(unit),
        "ket_qua": _result(rules, unit),
        "doi_chieu": dump(held, Audit),
    }
    digests = {part: _mark(parts[part]) for part in PARTS}
    return canonical_json({FORMAT: SEAL_FORMAT, **parts, DIGESTS: digests, SEAL: _mark(digests)}) + "\n"


def _result(rules: Ruleset, unit: Submission) -> Any:
    try:
        return dump(evolve(score_part(rules, unit), library=NOT_STATED), Card)
    except CchcError:
        return None


_EXACT, _DAY = "$so", "$ngay"


def plain_submission(unit: Submission) -> dict[str, Any]:
    """A submission as plain data, without the places in its file; a key tells exact numbers and days from text."""
    return {
        "don_vi": unit.unit,
        "bo_tieu_chi": unit.ruleset,
        "phien_ban": unit.version,
        "ky": [unit.period.start.isoformat(), unit.period.end.isoformat()] if unit.period else None,
        "dau_thap_phan": unit.mark,
        "so_lieu": {name: _plain(value, name) for name, value in unit.figures.items()},
        "khong_danh_gia": dict(unit.exemptions),
        "tai_lieu": {code: dump(papers, tuple[Evidence, ...]) for code, papers in unit.evidence.items()},
        "tu_cham": [dump(claim, Claim) for claim in unit.claims],
    }


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction | Decimal):
        return {_EXACT: str(Fraction(value))}
    if isinstance(value, datetime.date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _plain(item, name) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item, name) for item in value]
    kind = type(value).__name__
    message = Text(f"«{kind}» không niêm phong được", f"«{kind}» cannot be sealed")
    raise CchcError([Fault(message, ("so_lieu", name))])


def submission_from(data: Any) -> Submission:
    """The submission that plain data says. Raises NotPlain, KeyError, TypeError, AttributeError or ValueError."""
    period = [datetime.date.fromisoformat(day) for day in data["ky"]] if data["ky"] else []
    return Submission(
        data["don_vi"],
        {name: _figure(value) for name, value in data["so_lieu"].items()},
        data["bo_tieu_chi"],
        data["phien_ban"],
        Period(*period) if period else None,
        data["khong_danh_gia"],
        {code: load(papers, tuple[Evidence, ...]) for code, papers in data["tai_lieu"].items()},
        load(data["tu_cham"], tuple[Claim, ...]),
        cast("Mark | None", data["dau_thap_phan"]),
    )


def _figure(value: Any) -> Any:
    if isinstance(value, list):
        return [_figure(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_EXACT}:
        return Fraction(value[_EXACT])
    if set(value) == {_DAY}:
        return datetime.date.fromisoformat(value[_DAY])
    return {key: _figure(item) for key, item in value.items()}


# -- checking ----------------------------------------------------------------------------------------------------------


@frozen
class Sealed:
    """What a sealed text says it holds: unit, ruleset and its digest, library."""

    unit: str
    ruleset: str
    digest: str
    library: str


def sealed(text: str) -> Sealed:
    """What a sealed text is about. Raises CchcError when it is no sealed result."""
    data = _parsed(text)
    try:
        named = data["bo_tieu_chi"]
        return Sealed(
            str(data["so_lieu"]["don_vi"]),
            f"{named['ma']}/{named['phien_ban']}",
            str(named["ma_bam"]),
            str(data["thu_vien"]["phien_ban"]),
        )
    except (KeyError, TypeError):
        message = Text("không phải tệp niêm phong của thư viện này", "not a sealed result of this library")
        raise CchcError([Fault(message)]) from None


def check_seal(text: str, rules: Ruleset | None = None) -> tuple[Fault, ...]:
    """What is wrong with a sealed text, each fault with the part it is in; nothing when it is whole.

    With `rules`, the figures are scored again and the result compared line by line; another digest is a fault.
    """
    try:
        data = _parsed(text)
    except CchcError as error:
        return error.faults
    faults = [*_altered(data), *_not_canonical(text, data)]
    return tuple(faults) if faults or rules is None else tuple(_not_reproduced(data, rules))


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
        canonical_json(data).encode()
    except json.JSONDecodeError as error:
        message = Text(
            f"không còn là JSON từ ký tự thứ {error.pos + 1}", f"no longer JSON from character {error.pos + 1}"
        )
        raise CchcError([Fault(message, (_part_at(text, error.pos),))]) from None
    except (ValueError, RecursionError):
        raise CchcError([Fault(Text("không phải JSON", "not JSON"))]) from None
    if not isinstance(data, dict) or data.get(FORMAT) != SEAL_FORMAT:
        message = Text(f"không ghi «{SEAL_FORMAT}»", f"does not say «{SEAL_FORMAT}»")
        raise CchcError([Fault(message, (FORMAT,))])
    return data


def _part_at(text: str, position: int) -> str:
    """The part that a position stands in: the last of the keys, in their order, that begins before it."""
    found, start = _KEYS[0], 0
    for key in _KEYS:
        place = text.find(f'"{key}":', start)
        if 0 <= place <= position:
            found, start = key, place + 1
    return found


def _altered(data: Mapping[str, Any]) -> list[Fault]:
    """The parts that do not have the digest they are listed with, and the lists that are not whole."""
    wanted = {FORMAT, *PARTS, DIGESTS, SEAL}
    stray = [Fault(Text("thừa phần này", "a part too many"), (key,)) for key in data if key not in wanted]
    lacking = [Fault(Text("mất phần này", "this part is gone"), (key,)) for key in sorted(wanted - set(data))]
    if stray or lacking:
        return [*lacking, *stray]
    digests = data[DIGESTS]
    if not isinstance(digests, dict) or _mark(digests) != data[SEAL]:
        return [_of_list(data, digests)]
    return [
        Fault(Text("đã bị sửa: mã băm không khớp", "altered: its digest does not match"), (part,))
        for part in PARTS
        if _mark(data[part]) != digests.get(part)
    ]


def _of_list(data: Mapping[str, Any], digests: Any) -> Fault:
    """The seal does not fit the list of digests: whichever of the two no longer fits the parts was altered."""
    true = {part: _mark(data[part]) for part in PARTS}
    if digests == true:
        return Fault(Text("mã niêm phong đã bị sửa", "the seal itself was altered"), (SEAL,))
    known = digests if isinstance(digests, dict) else {}
    other = [part for part in PARTS if known.get(part) != true[part]]
    return Fault(
        Text("danh sách mã băm đã bị sửa", "the list of digests was altered"), (DIGESTS, *(other[:1] or ["?"]))
    )


def _not_canonical(text: str, data: Mapping[str, Any]) -> list[Fault]:
    """Bytes that the parts do not account for: white space, another order, a key given twice."""
    canonical = canonical_json(data) + "\n"
    if text == canonical:
        return []
    place = next((n for n, (a, b) in enumerate(zip(text, canonical, strict=False)) if a != b), len(canonical))
    message = Text(f"không ở dạng chuẩn từ ký tự thứ {place + 1}", f"not in canonical form from character {place + 1}")
    return [Fault(message, (_part_at(text, place),))]


def _not_reproduced(data: Mapping[str, Any], rules: Ruleset) -> list[Fault]:
    """What scoring the figures again gives otherwise."""
    if sealed(canonical_json(data)).digest != digest(rules):
        message = Text(
            f"bộ tiêu chí {rules.full_id} đang có khác bộ đã niêm phong",
            f"the ruleset {rules.full_id} at hand is not the one that was sealed",
        )
        return [Fault(message, ("bo_tieu_chi",))]
    try:
        result = _result(rules, submission_from(data["so_lieu"]))
    except (NotPlain, KeyError, TypeError, AttributeError, ValueError) as error:
        message = Text(f"số liệu không đọc lại được: {error}", f"the figures cannot be read again: {error}")
        return [Fault(message, ("so_lieu",))]
    path = _first_difference(json.loads(canonical_json(result)), data["ket_qua"])
    if path is None:
        return []
    message = Text("chấm lại ra kết quả khác", "scoring again gives another result")
    return [Fault(message, ("ket_qua", *path))]


def _first_difference(one: Any, other: Any) -> tuple[str | int, ...] | None:
    """The path to the first place where two plain values differ; None where they are equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        steps: Sequence[Any] = sorted({*one, *other})
        pairs = [(step, one.get(step), other.get(step)) for step in steps]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(step, *both) for step, both in enumerate(zip(one, other, strict=True))]
    else:
        return None if one == other else ()
    for step, left, right in pairs:
        below = _first_difference(left, right)
        if below is not None:
            return (step, *below)
    return None
