"""Errors: one root, few children; each fault says where, what was found, what was expected.

A fault is a value, so that one report can carry every fault of a file at once.

>>> fault = Fault(Text("thiếu điểm", "points missing"), path=("so_lieu", "a"), place="xa.yaml:3")
>>> print(BadSubmission([fault]))
Bản khai không hợp lệ:
- xa.yaml:3: so_lieu.a: thiếu điểm
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import ClassVar, Literal
from unicodedata import combining, normalize

from attrs import frozen

Lang = Literal["vi", "en"]
Path = tuple[str | int, ...]
MAX_SHOWN = 60
MAX_FAULTS = 100


@frozen
class Text:
    """One sentence in Vietnamese and in English.

    >>> Text("điểm", "points").said("en")
    'points'
    """

    vi: str
    en: str

    def said(self, lang: Lang) -> str:
        return self.en if lang == "en" else self.vi

    def __str__(self) -> str:
        return self.vi


@frozen
class Fault:
    """One mistake: its message, the path to it inside the file, and the file and line when known."""

    message: Text
    path: Path = ()
    place: str = ""
    hint: Text | None = None

    def said(self, lang: Lang = "vi") -> str:
        where = spot(self.path)
        told = self.message.said(lang) + (f" ({self.hint.said(lang)})" if self.hint else "")
        return ": ".join(part for part in (place_said(self.place, lang), where, told) if part)

    @property
    def text(self) -> Text:
        """The whole of it in both languages: where it is, what is wrong, the likely slip."""
        return Text(self.said("vi"), self.said("en"))

    def under(self, *path: str | int) -> "Fault":
        """The same fault, seen from one level further out."""
        return Fault(self.message, path + self.path, self.place, self.hint)

    def located(self, places: Mapping[Path, str]) -> "Fault":
        """The same fault with the file and line of the nearest enclosing path that has one."""
        if self.place:
            return self
        return Fault(self.message, self.path, nearest_place(places, self.path), self.hint)


_PLACES = {"bảng": "table", "dòng": "row", "đoạn": "paragraph", "ô": "cell", "cột": "column", "trang": "page"}
_IN_PLACE = re.compile(rf"'[^']*'|, ({'|'.join(_PLACES)}) ", re.IGNORECASE)


def place_said(place: str, lang: Lang) -> str:
    """A place inside a file as people of that language name it; the names of files and sheets stay.

    >>> place_said("phu-luc.docx, bảng 1, dòng 3, ô 2", "en"), place_said("xa.xlsx, trang 'Tự chấm', ô F12", "en")
    ('phu-luc.docx, table 1, row 3, cell 2', "xa.xlsx, sheet 'Tự chấm', cell F12")
    """
    return place if lang == "vi" else _IN_PLACE.sub(lambda found: _step_said(place, found), place)


def _step_said(place: str, found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    is_sheet = place[found.end() : found.end() + 1] == "'"
    return f", {'sheet' if is_sheet else _PLACES[found[1].lower()]} "


def short(text: str) -> str:
    """A word cut to what fits in a message.

    >>> short("a" * 100) == "a" * 60 + "…"
    True
    """
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def many(number: int | str, word: str) -> str:
    """A number of things in English.

    >>> many(1, "point"), many("0.5", "point"), many(2, "unit")
    ('1 point', '0.5 points', '2 units')
    """
    return f"{number} {word}" if str(number) == "1" else f"{number} {word}s"


def spot(path: Path) -> str:
    """A path as people count: the first of a list is [1]."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{short(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def nearest_place(places: Mapping[Path, str], path: Path) -> str:
    """The place of the longest prefix of `path` that has one.

    >>> nearest_place({(): "a.yaml:1", ("so_lieu",): "a.yaml:4"}, ("so_lieu", "x"))
    'a.yaml:4'
    """
    prefixes = (path[:length] for length in range(len(path), -1, -1))
    return next((places[prefix] for prefix in prefixes if prefix in places), "")


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """The likely slip behind an unknown word; one written with accents and spaces is meant without.

    >>> print(did_you_mean("diem_toida", ["diem_toi_da", "ten"]))
    ý bạn là «diem_toi_da»?
    >>> print(did_you_mean("Đã xong", ["da_xong", "de_ra"]))
    ý bạn là «da_xong»?
    """
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6) or get_close_matches(_bare(word), names, n=1, cutoff=0.6)
    return Text(f"ý bạn là «{close[0]}»?", f"did you mean «{close[0]}»?") if close else None


def _bare(word: str) -> str:
    """A word as names in files are written: lower case, without accents, `_` for spaces."""
    letters = normalize("NFD", word.casefold().replace("đ", "d"))
    return "_".join("".join(letter for letter in letters if not combining(letter)).split())


class CchcError(ValueError):
    """The root of every error this library raises on purpose.

    `faults` holds every fault found, in the order of the file; `report(lang)` prints them.

    >>> error = CchcError([Fault(Text("thiếu điểm", "points missing"), path=("so_lieu", "a"))])
    >>> print(error.report("en"))
    Error:
    - so_lieu.a: points missing
    """

    title: ClassVar[Text] = Text("Lỗi", "Error")

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def report(self, lang: Lang = "vi") -> str:
        lines = [self.title.said(lang) + ":", *("- " + fault.said(lang) for fault in self.faults[:MAX_FAULTS])]
        if len(self.faults) > MAX_FAULTS:
            left = len(self.faults) - MAX_FAULTS
            lines.append("- " + Text(f"và còn {left} lỗi nữa", f"and {left} more").said(lang))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.report()


class BadRuleset(CchcError):
    """A ruleset file that cannot be read as a ruleset."""

    title = Text("Bộ tiêu chí không hợp lệ", "The ruleset is not valid")


class BadSubmission(CchcError):
    """A submission whose figures, exemptions or evidence cannot be used as they stand."""

    title = Text("Bản khai không hợp lệ", "The submission is not valid")


class BadSheet(BadSubmission):
    """A table of points that cannot be read: a claimed or appraised sheet, or a printed table of results."""

    title = Text("Bảng điểm không hợp lệ", "The table of points is not valid")


class BadAnnex(CchcError):
    """A decision's annex that cannot be read as a table of criteria."""

    title = Text("Phụ lục không đọc được", "The annex cannot be read")


class UnknownRuleset(CchcError):
    """No ruleset has this id, number or path."""

    title = Text("Không tìm thấy bộ tiêu chí", "No such ruleset")


class BadCard(CchcError):
    """JSON that is not a card of this library."""

    title = Text("Phiếu kết quả không hợp lệ", "The card is not valid")


class UndefinedByDecision(CchcError):
    """A value for which the decision gives no points, and no reading is recorded."""

    title = Text("Văn bản không quy định", "The decision does not say")


class MissingFacts(CchcError):
    """Figures that are needed and were not given: never read as zero.

    `missing` maps each figure to the codes of the criteria that need it.

    >>> import cchc_index as cchc
    >>> figures = {"da_xong": 19, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": False}
    >>> try:
    ...     _ = cchc.score(cchc.load("dong-nai/cap-xa/2022"), cchc.Submission("Xã A", figures))
    ... except cchc.MissingFacts as error:
    ...     print(error.missing)
    {'de_ra': ('4.1',)}
    """

    title = Text("Thiếu số liệu", "Figures are missing")

    def __init__(self, faults: Iterable[Fault], missing: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(faults)
        self.missing = dict(missing)
