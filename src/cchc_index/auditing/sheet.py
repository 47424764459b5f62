"""A sheet as it was handed in (phiếu tự chấm): its rows as they stand, and which criterion each row is.

>>> import cchc_index as cchc
>>> rules = cchc.load("dong-nai/cap-xa/2022")
>>> sheet = Sheet((SheetRow("4.1", claimed=Fraction(1)), SheetRow("4.9", "Tiêu chí lạ", claimed=Fraction(2))))
>>> found = match(rules, sheet)
>>> sorted(found.rows), [row.code for row in found.extra]
(['4.1'], ['4.9'])
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from unicodedata import category, normalize

from attrs import field, frozen

from cchc_index.criteria import Ruleset
from cchc_index.facts import Submission


@frozen
class SheetRow:
    """One row of a sheet. Points are exact, and None where the cell is empty; `place` is its file, sheet and row.

    `appraised_place` is the cell of the points awarded, where that is known apart. `not_assessed` holds the unit's
    words where it says that the criterion does not apply.
    """

    code: str
    name: str = ""
    max_points: Fraction | None = None
    claimed: Fraction | None = None
    appraised: Fraction | None = None
    note: str = ""
    not_assessed: str = ""
    place: str = ""
    appraised_place: str = ""

    @property
    def has_points(self) -> bool:
        """Whether any of its cells of points is filled in; a row without is a heading."""
        return any(points is not None for points in (self.max_points, self.claimed, self.appraised))


@frozen
class Sheet:
    """The rows of a sheet in their order, and its row of totals.

    A sheet that is not `is_whole` (the claims beside some figures) need not list every criterion. `passed_over` names
    the rows that could be given no meaning, so that nothing is dropped in silence.
    """

    rows: tuple[SheetRow, ...]
    total: SheetRow | None = None
    is_whole: bool = True
    passed_over: tuple[str, ...] = ()


@frozen
class Matched:
    """The row of each criterion by its code, rows that repeat a criterion, and rows that are none."""

    rows: Mapping[str, SheetRow] = field(factory=dict)
    repeated: tuple[tuple[str, SheetRow], ...] = ()
    extra: tuple[SheetRow, ...] = ()


def sheet_of_claims(unit: Submission) -> Sheet:
    """The points that a unit claims beside its figures (`tu_cham`), as a sheet of those rows only."""
    claims = (
        SheetRow(claim.code, claimed=claim.points, place=unit.places.get(("tu_cham", claim.code), ""))
        for claim in unit.claims
    )
    return Sheet(tuple(claims), is_whole=False)


def match(rules: Ruleset, sheet: Sheet) -> Matched:
    """Which criterion each row is.

    By its code and name together; by its name where the numbering leads elsewhere; by the numbering I, 1, a of the rows
    above it. A row with points that is none of the criteria is extra, the second row of a criterion is repeated.
    """
    names = _codes_by_name(rules)
    rows: dict[str, SheetRow] = {}
    repeated, extra = [], []
    for row, path in zip(sheet.rows, _paths(sheet.rows), strict=True):
        code = _code_of(rules, row, path, names.get(folded(row.name), ()))
        if code is None or _is_heading(rules, row, code):
            extra += [row] if row.has_points else []
        elif code in rows:
            repeated.append((code, row))
        else:
            rows[code] = row
    return Matched(rows, tuple(repeated), tuple(extra))


def _is_heading(rules: Ruleset, row: SheetRow, code: str) -> bool:
    """Whether a row without points only happens to stand where a criterion would: A, above the areas I, II, III."""
    is_named = code in (row.code, number_of(row.code)) or folded(rules[code].name) == folded(row.name)
    return not (row.has_points or row.not_assessed or is_named)


@lru_cache(maxsize=64)
def _codes_by_name(rules: Ruleset) -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = {}
    for criterion in rules.walk():
        names.setdefault(folded(criterion.name), []).append(criterion.code)
    return names


def _code_of(rules: Ruleset, row: SheetRow, path: str, named: Iterable[str]) -> str | None:
    """The criterion of a row: what numbering and name agree on, else the numbering, else the only one of that name."""
    known = list(named)
    written = number_of(row.code)
    numbered = [code for code in dict.fromkeys((row.code, written, path)) if code in rules.by_code]
    agreed = [code for code in numbered if code in known]
    if agreed:
        return agreed[0]
    if len(known) == 1 and _is_relative(row.code):
        return known[0]
    by_path = [path] if _is_relative(row.code) and path in rules.by_code else numbered
    return next(iter(by_path), known[0] if len(known) == 1 else None)


_ROMAN = re.compile(r"[IVX]{1,6}")
_MARKS = {"I": 1, "V": 5, "X": 10}


def number_of(code: str) -> str:
    """A row's number without the marks around it, Roman numerals as digits, letters as they stand.

    >>> number_of("IV."), number_of("1.2)"), number_of("a)")
    ('4', '1.2', 'a')
    """
    bare = _bare(code)
    return str(_roman(bare)) if _ROMAN.fullmatch(bare) else bare


def _bare(code: str) -> str:
    return code.strip().strip("().:-–").strip()


def _roman(text: str) -> int:
    values = [_MARKS[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def _level(code: str) -> int | None:
    """How deep a row stands in the numbering I, 1, a; None where its number says nothing about that."""
    bare = _bare(code)
    if _ROMAN.fullmatch(bare) or (len(bare) == 1 and bare.isupper()):
        return 0
    if bare.isdecimal():
        return 1
    return 2 if len(bare) == 1 and bare.isalpha() else None


def _is_relative(code: str) -> bool:
    """Whether a number counts from the row above it: 1 or a, not 1.2."""
    return _level(code) in (1, 2)


def _paths(rows: Iterable[SheetRow]) -> Iterator[str]:
    """The dotted code that the numbering I, 1, a makes for each row; empty where it makes none.

    A, B, C number the areas only where no Roman numerals do.
    """
    listed = list(rows)
    has_roman = any(_ROMAN.fullmatch(_bare(row.code)) for row in listed)
    above: list[tuple[int, str]] = []
    for row in listed:
        level, number = _level(row.code), number_of(row.code)
        if has_roman and level == 0 and not _ROMAN.fullmatch(_bare(row.code)):
            above = []
            yield ""
            continue
        if level is None:
            above = [(1, number)] if number else above
            yield ""
        else:
            above = [*(step for step in above if step[0] < level), (level, _ordinal(number))]
            yield ".".join(step for _, step in above)


def _ordinal(number: str) -> str:
    """A letter as its place among a, b, c…; đ comes after d as in Vietnamese lists."""
    letters = "abcdđeghiklmnopqrstuvxy"
    return str(letters.index(number.lower()) + 1) if len(number) == 1 and number.lower() in letters else number


def folded(text: str) -> str:
    """Text without accents, case and marks, for comparing headings and names as people type them.

    >>> folded("  Điểm TỐI ĐA: ")
    'diem toi da'
    """
    plain = normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(letter if letter.isalnum() else " " for letter in plain if category(letter) != "Mn")
    return " ".join(letters.split())
