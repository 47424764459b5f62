"""The tree of criteria in an annex: which row is a criterion, what stands under what, which codes they get."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, field, frozen

from cchc_index.auditing.sheet import folded, number_of
from cchc_index.drafting.annex import Line, unbulleted

_ROMAN = re.compile(r"[IVX]{1,6}")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3})+")
_BONUS, _PENALTY = re.compile(r"^diem (thuong|cong)\b"), re.compile(r"^diem (phat|tru)\b")
HEADED, BOLD, NAMED_BOLD, NAMED, ROMAN, DIGIT, DOTTED, LETTER, BARE = -20, -10, 0, 1, 10, 20, 30, 500, 900


@frozen
class Sentence:
    """One sentence of a row: its words, its place, and the points in the column beside it."""

    text: str
    place: str
    points: Fraction | None = None


@frozen
class Placed:
    """A criterion of an annex with what stands under it.

    `kind` is the key of the files under which it is written; `is_numbered` tells whether its code is the annex's own.
    """

    code: str
    line: Line
    sentences: tuple[Sentence, ...] = ()
    children: tuple["Placed", ...] = ()
    kind: str = "tieu_chi"
    is_numbered: bool = True

    def walk(self) -> Iterator["Placed"]:
        yield self
        for child in self.children:
            yield from child.walk()


@frozen
class _Open:
    """A row while those under it are gathered."""

    rank: int
    ordinal: str
    line: Line
    sentences: list[Sentence]
    inside: list["_Open"]
    more: list[Line] = field(factory=list)

    def whole(self) -> Line:
        """The row with what stands beside the sentences under it."""
        rows = (self.line, *self.more)
        return evolve(
            self.line,
            evidence=tuple(cell for row in rows for cell in row.evidence),
            agency=tuple(cell for row in rows for cell in row.agency),
            notes=tuple(cell for row in rows for cell in row.notes),
        )


def placed(lines: Iterable[Line]) -> tuple[Placed, ...]:
    """The criteria of an annex: areas first, bonus and penalty marked as such."""
    roots: list[_Open] = []
    above: list[_Open] = []
    listed = list(lines)
    numbered = any(line.code for line in listed)
    for line in listed:
        if above and _is_sentence(line, numbered=numbered):
            above[-1].sentences.extend(_said(line))
            above[-1].more.append(line)
            continue
        rank = _under_prefix(line, above) or _rank(line)
        while above and (above[-1].rank >= rank or _elsewhere(above[-1], line)):
            above.pop()
        siblings = above[-1].inside if above else roots
        opened = _Open(rank, _ordinal(line, len(siblings) + 1), line, _own(line), [])
        siblings.append(opened)
        above.append(opened)
    return _closed(roots)


def _own(line: Line) -> list[Sentence]:
    return [Sentence(unbulleted(cell.text), cell.place) for cell in line.how]


def _is_sentence(line: Line, *, numbered: bool) -> bool:
    """Whether a row without a number says how the row above it is scored.

    Where no row has a number, those with points are criteria, unless a dash stands before them.
    """
    if line.code or line.is_heading or line.bold:
        return False
    return numbered or line.points is None or unbulleted(line.name) != line.name


def _said(line: Line) -> Iterator[Sentence]:
    name = unbulleted(line.name)
    if name:
        yield Sentence(name, line.place, line.points)
    yield from _own(line)


def _rank(line: Line) -> int:
    """How deep a row stands by its number; by bold and merged cells where it has none."""
    bare = line.code.strip().strip("().:-–").strip()
    if _ROMAN.fullmatch(bare):
        return ROMAN
    if _DOTTED.fullmatch(bare):
        return DOTTED + 10 * bare.count(".")
    if bare.isdecimal():
        return DIGIT
    if bare:
        return LETTER if len(bare) == 1 and bare.islower() else NAMED_BOLD if line.bold else NAMED
    return HEADED if line.is_heading else BOLD if line.bold else BARE


def _under_prefix(line: Line, above: list[_Open]) -> int:
    """The rank of a row whose code goes on from one above it: N2.1 under N2, 4-TT under 4; 0 for any other."""
    odd = line.code and not (line.code.replace(".", "").isdecimal() or len(line.code.strip("().: ")) == 1)
    starts = (one for one in reversed(above) if _goes_on(one.line.code, line.code))
    found = next(starts, None) if odd and not _ROMAN.fullmatch(line.code.strip("().: ")) else None
    return found.rank + 1 if found else 0


def _elsewhere(one: _Open, line: Line) -> bool:
    """Whether a row stands under another number than the row above it: 7.3 right after 3, in an extract."""
    code, longer = number_of(one.line.code), number_of(line.code)
    if one.inside or not _DOTTED.fullmatch(longer) or not code.replace(".", "").isdecimal():
        return False
    first, own = (int(number.partition(".")[0]) for number in (longer, code))
    return first > own


def _goes_on(code: str, longer: str) -> bool:
    return bool(code) and longer.startswith(code) and not longer.removeprefix(code)[:1].isalpha() and longer != code


def _ordinal(line: Line, place: int) -> str:
    """The last step of a row's number, as a number."""
    number = number_of(line.code)
    if not number:
        return str(place)
    last = number.rpartition(".")[2]
    letters = "abcdđeghiklmnopqrstuvxy"
    return str(letters.index(last) + 1) if len(last) == 1 and last in letters else last


def _closed(roots: list[_Open]) -> tuple[Placed, ...]:
    printed = [number_of(one.line.code) for one in _all(roots)]
    unique = len(set(printed)) == len(printed) and all(printed)
    tops = tuple(_place(one, "", unique=unique, kind=_kind(one.line)) for one in roots)
    return tuple(_apart(tops, set()))


def _apart(rows: Iterable[Placed], seen: set[str]) -> Iterator[Placed]:
    """Rows of which no two have the same code: a later one gets a mark behind it."""
    for row in rows:
        code, number = row.code, 1
        while code in seen:
            number += 1
            code = f"{row.code}-{number}"
        seen.add(code)
        yield evolve(
            row, code=code, is_numbered=row.is_numbered and number == 1, children=tuple(_apart(row.children, seen))
        )


def _all(opened: Iterable[_Open]) -> Iterator[_Open]:
    for one in opened:
        yield one
        yield from _all(one.inside)


def _place(one: _Open, path: str, *, unique: bool, kind: str) -> Placed:
    counted = f"{path}.{one.ordinal}" if path else one.ordinal
    code = number_of(one.line.code) if unique else counted
    children = tuple(_place(child, counted, unique=unique, kind=kind) for child in one.inside)
    return Placed(code, one.whole(), tuple(one.sentences), children, kind, bool(one.line.code))


def _kind(line: Line) -> str:
    """Whether a row of the top is bonus or penalty, as its own words say."""
    words = folded(line.name)
    return "thuong" if _BONUS.search(words) else "phat" if _PENALTY.search(words) else "tieu_chi"
