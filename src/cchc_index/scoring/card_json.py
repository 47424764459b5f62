"""A card as JSON text, and back: exact, self-contained, with the sentences other programs want to show."""

import json
from typing import Any

from cchc_index.errors import BadCard, Fault, Text
from cchc_index.plain import NotPlain, dump, load
from cchc_index.points import show
from cchc_index.scoring.say import say_basis, why
from cchc_index.scoring.trace import CARD_FORMAT, Card, Line
from cchc_index.sources import NOT_STATED

DERIVED = "tinh_ra"


def to_json(card: Card, *, indent: int | None = None) -> str:
    """The card as JSON, numbers as exact text ("19/20"); `from_json` gives an equal card back.

    Each line also holds `tinh_ra`: what follows from the rest (index, status, sentences in both languages, quote), for
    programs that only show it.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> card = cchc.score(rules, cchc.Submission("Xã A", figures))
    >>> cchc.from_json(cchc.to_json(card)) == card
    True
    """
    data = {"format": CARD_FORMAT} | dump(card, Card)
    for key, lines in (("lines", card.lines), ("adjustments", card.adjustments)):
        for line, plain in zip(lines, data.get(key, ()), strict=True):
            _derive(line, plain)
    return json.dumps(data, ensure_ascii=False, indent=indent)


def _derive(line: Line, plain: dict[str, Any]) -> None:
    reason, bases = why(line), [say_basis(basis).vi for basis in line.bases]
    plain[DERIVED] = {
        "index": "khong_quy_dinh" if line.index is NOT_STATED else show(line.index, "en"),
        "status": line.status.value,
        "why": reason.vi,
        "why_en": reason.en,
        "bases": bases,
    }
    for child, inner in zip(line.children, plain.get("children", ()), strict=True):
        _derive(child, inner)


def line_data(line: Line) -> dict[str, Any]:
    """One line of a card as it stands in `to_json`."""
    plain: dict[str, Any] = dump(line, Line)
    _derive(line, plain)
    return plain


def from_json(text: str) -> Card:
    """The card that a JSON text says. Raises BadCard."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != CARD_FORMAT:
            raise NotPlain(f"expected format {CARD_FORMAT}", ("format",))
        for key in ("lines", "adjustments"):
            _drop_derived(data.get(key, ()))
        card = load(data, Card)
    except NotPlain as error:
        raise BadCard([_fault(error.message, error.path)]) from None
    except (ValueError, RecursionError) as error:
        raise BadCard([_fault(str(error), ())]) from None
    assert isinstance(card, Card)
    return card


def _drop_derived(lines: Any) -> None:
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict):
            line.pop(DERIVED, None)
            _drop_derived(line.get("children", ()))


def _fault(message: str, path: tuple[str | int, ...]) -> Fault:
    return Fault(Text(f"không đọc được phiếu kết quả: {message}", f"not a card: {message}"), path)
