"""What a sentence speaks of: its words without the numbers in them, and what they are called as figures.

>>> subject("Hoàn thành từ 80% kế hoạch trở lên")
Subject(before='Hoàn thành', after='kế hoạch')
"""

import re
from collections.abc import Iterable
from itertools import combinations

from attrs import frozen

from cchc_index.auditing.sheet import folded
from cchc_index.checking.clauses.intervals import words_in
from cchc_index.checking.clauses.terminals import NUMERALS
from cchc_index.drafting.figures import begun_small, without_share
from cchc_index.measures import FactType

_NUMBER = rf"(?:\d+(?:[.,]\d+)*\s*%?|(?<!\w)(?:{'|'.join(NUMERALS)})(?!\w))"
_BOUND = (
    r"(?:(?:có|đạt)\s+)?"
    r"(?:từ|đến|dưới|trên|quá|sau|hơn|lớn hơn|nhỏ hơn|ít hơn|vượt|vượt quá|đúng|bằng|tối thiểu|ít nhất|không dưới|"
    r"tối đa|nhiều nhất|không quá|không vượt quá|trong vòng|chỉ|<|>|≤|≥|<=|>=)\s*"
)
_NUMBERS = re.compile(
    rf"(?:{_BOUND}|(?<=\s)|^)*{_NUMBER}(?:\s*(?:-|–|đến dưới|đến|và|nhưng)\s*(?:{_BOUND})*{_NUMBER})*", re.IGNORECASE
)
_UPWARD = re.compile(r"\s*\b(?:trở lên|trở xuống|trở đi)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"^(?:trong năm\s+)?(?:không có|chưa có|không được|chưa được|không phải|không|chưa|có)\s+", re.IGNORECASE
)
_INSIDE = re.compile(r"\s+(?:không|chưa)(?:\s+có)?\s+(?=\w)", re.IGNORECASE)
_FORMULA = re.compile(r"(?:tỷ|tỉ)\s+lệ\s*(?:%|phần trăm)?\s+([^()/]+?)\s+[x×*]\s*[\d(đ]", re.IGNORECASE)
_QUOTIENT = re.compile(
    r"(?:công thức|tính theo|=)\s*:?\s*\(?([^()/=]+?)\s*/\s*([^()/]+?)\)?\s*[x×*]\s*\d", re.IGNORECASE
)
_MONEY = re.compile(r"\b(von|kinh phi|ngan sach|du toan|giai ngan|dien tich|tiet kiem|gia tri|thoi gian|gio)\b")
_UNITS = ("m²", "m2", "ha", "km", "triệu đồng", "tỷ đồng", "đồng", "giờ", "phút")


@frozen
class Subject:
    """The words before the numbers of a sentence (what is done) and those after them (to what)."""

    before: str
    after: str

    @property
    def words(self) -> str:
        return f"{self.before} {self.after}".strip()


def subject(words: str) -> Subject:
    """The words around the numbers of a statement."""
    bare = _UPWARD.sub("", words).strip(" ,;:.")
    match = _NUMBERS.search(bare)
    if match is None:
        return Subject(bare, "")
    before, after = bare[: match.start()].strip(" ,"), _NUMBERS.sub(" ", bare[match.end() :])
    return Subject(before, " ".join(after.split()).strip(" ,"))


def two_things(statements: Iterable[str]) -> tuple[str, str] | None:
    """Two things that the numbers of statements are of, or two that are done to them; None where all are the same.

    >>> two_things(["Từ 20% thủ tục trực tuyến", "dưới 30% hồ sơ", "từ 40%"])
    ('thủ tục trực tuyến', 'hồ sơ')
    >>> two_things(["Từ 80% phản ánh được xử lý", "Dưới 80% phản ánh"])
    """
    around = [subject(words) for words in statements]
    return _apart([one.after for one in around]) or _apart([one.before for one in around])


def _apart(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two names of which neither has all words of the other."""
    words = {name: set(words_in(name)) for name in names}
    apart = (pair for pair in combinations(words, 2) if not words[pair[0]] <= words[pair[1]])
    return next((pair for pair in apart if not words[pair[1]] <= words[pair[0]]), None)


def stated(words: str) -> str:
    """What a statement says there is, without «có», «không», «chưa» in it.

    >>> stated("Không có vấn đề phải xử lý"), stated("có báo cáo"), stated("Xã không được giao vốn")
    ('vấn đề phải xử lý', 'báo cáo', 'xã được giao vốn')
    """
    bare = words.strip(" ,;:.")
    begun = _DENIAL.sub("", bare, count=1)
    return begun_small((begun if begun != bare else _INSIDE.sub(" ", bare, count=1)).strip()) or begun_small(bare)


def counted(words: str) -> str:
    """Words as the label of a number: «số …», said once.

    >>> counted("Số có mặt"), counted("văn bản phải ban hành")
    ('số có mặt', 'số văn bản phải ban hành')
    """
    bare = begun_small(words.strip(" ,;:."))
    return bare if bare.startswith(("số ", "tổng số ", "diện tích", "tỷ lệ", "tỉ lệ", "thời gian")) else f"số {bare}"


def kind_of(words: str) -> FactType:
    """Whether a number counts things or measures an amount."""
    return FactType.AMOUNT if _MONEY.search(folded(words)) else FactType.COUNT


def unit_in(after: str) -> str:
    """The unit of an amount, where the words after the number are one."""
    return after if after in _UNITS else ""


def share_labels(sentences: list[str], atoms: list[str], name: str, whole_hint: str) -> tuple[str, str]:
    """What the part and the whole of a share are called: by the formula, else by the words around the numbers."""
    quotients = [match for text in sentences if (match := _QUOTIENT.search(text))]
    if quotients:
        return counted(quotients[0][1]), counted(quotients[0][2])
    around = next((found for words in atoms if (found := subject(words)).after), Subject("", ""))
    verb = next((found.before for words in atoms if (found := subject(words)).before), "")
    thing = re.sub(r"^(?:tổng )?số ", "", around.after)
    formulas = [match[1] for text in sentences if (match := _FORMULA.search(text))]
    about = begun_small(without_share(name))
    whole = whole_hint or (f"tổng số {thing}" if thing else f"tổng số để tính tỷ lệ: {about}")
    if formulas and len(formulas[0].split()) > 1 and folded(formulas[0]) != folded(verb):
        part = counted(formulas[0])
    elif thing and folded(about).startswith(folded(thing)):
        part = counted(about)
    elif thing:
        part = (
            f"{counted(thing)} {begun_small(verb)}" if verb and folded(verb) != "dat" else f"{counted(thing)}: {about}"
        )
    else:
        part = f"số đạt: {about}"
    return (part, whole if whole != part else f"tổng {whole}")


def number_label(words: str, name: str) -> str:
    """What a number is called that a sentence bounds."""
    found = subject(words)
    if unit_in(found.after) and found.before:
        return begun_small(found.before)
    thing = found.after or begun_small(found.before)
    if folded(name).startswith(folded(counted(thing))):
        return begun_small(name)
    verb = f" {begun_small(found.before)}" if found.before and found.after and folded(found.before) != "co" else ""
    return f"{counted(thing)}{verb}" if verb or len(thing.split()) > 2 else f"{counted(thing)}: {begun_small(name)}"
