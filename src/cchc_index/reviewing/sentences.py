"""The sentences that notices print: of progress, shares, grades and movement."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from cchc_index.errors import Lang, Text, many
from cchc_index.facts import Standing
from cchc_index.points import Mark, show, show_percent, show_rounded
from cchc_index.reviewing.movement import Movement, grade_counts
from cchc_index.reviewing.observed import Observed
from cchc_index.reviewing.progress import Progress
from cchc_index.sources import NOT_STATED

_LEFT = {
    Standing.NOT_DUE: Text("tiêu chí chưa tới thời gian thực hiện", "not yet due"),
    Standing.FAILED: Text("tiêu chí không đạt", "failed"),
    Standing.ONGOING: Text("tiêu chí đang trong quá trình thực hiện", "in progress"),
    Standing.UNKNOWN: Text("tiêu chí chưa rõ", "not known"),
}


def say_progress(found: Progress) -> Text:
    """The progress of the whole sheet in the sentence that notices print, with the decimal mark of the unit's file.

    >>> import datetime, cchc_index as cchc
    >>> from cchc_index.reviewing.progress import progress
    >>> unit = cchc.Submission("Xã A", {"da_xong": 20, "de_ra": 20})
    >>> print(say_progress(progress(cchc.load("dong-nai/cap-xa/2022"), unit, on=datetime.date(2022, 6, 30))))
    đã thực hiện 1/2 tiêu chí (đạt 1/2 điểm), 1/2 tiêu chí chưa thực hiện (trong đó có 01 tiêu chí chưa rõ)
    """
    if found.reported and not found.reported.counts:
        return Text("đã thực hiện " + _points(found, "vi"), "so far " + _points(found, "en"))
    whole = found.whole
    done, size = whole.count(Standing.DONE), whole.size
    left = [(standing, whole.count(standing)) for standing in _LEFT if whole.count(standing)]
    vi, en = f"đã thực hiện {done}/{size} tiêu chí", f"{done} of {size} criteria done"
    if whole.secured is not NOT_STATED:
        vi, en = f"{vi} ({_points(found, 'vi')})", f"{en} ({_points(found, 'en')})"
    if left:
        parts_vi = _listed([f"{number:02} {_LEFT[standing].vi}" for standing, number in left], " và ")
        parts_en = _listed([f"{number} {_LEFT[standing].en}" for standing, number in left], " and ")
        vi += f", {size - done}/{size} tiêu chí chưa thực hiện (trong đó có {parts_vi})"
        en += f", {size - done} of {size} not done ({parts_en})"
    return Text(vi, en)


def _points(found: Progress, lang: Lang) -> str:
    whole = found.whole
    by_mark: Lang = "en" if found.mark == "." or (found.mark is None and lang == "en") else "vi"
    got = number_of(whole.secured, by_mark)
    most = "" if whole.max_points is NOT_STATED else "/" + number_of(whole.max_points, by_mark)
    estimate = found.reported is not None and found.reported.is_estimate
    words = Text("ước đạt" if estimate else "đạt", "an estimated" if estimate else "reaching").said(lang)
    return f"{words} {got}{most} {Text('điểm', 'points').said(lang)}"


def number_of(points: Fraction | object, lang: Lang) -> str:
    """Points in full up to two decimals, then rounded half up; what is not stated says so."""
    if not isinstance(points, Fraction):
        return Text("không quy định", "not stated").said(lang)
    return show(points, lang) if 100 % points.denominator == 0 else "≈" + show_rounded(points, 2, lang)


def _listed(parts: Sequence[str], last: str) -> str:
    return last.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def say_observed(one: Observed, mark: Mark | None = None) -> Text:
    """One thing that was computed and carries no points: a count, a share with its parts, or a tier.

    >>> print(say_observed(Observed("N", "tỷ lệ đúng hạn", Fraction(10840), Fraction(12530))))
    tỷ lệ đúng hạn: 10.840/12.530 = ≈86,51%
    """
    if one.tier is not None:
        return Text(f"{one.name}: {one.tier}", f"{one.name}: {one.tier}")
    if one.top is None or one.bottom is None or one.value is None:
        return Text(f"{one.name}: không tính được", f"{one.name}: cannot be computed")
    if one.bottom == 1:
        return Text(f"{one.name}: {grouped(one.top, ',')}", f"{one.name}: {grouped(one.top, '.')}")
    vi = f"{grouped(one.top, mark or ',')}/{grouped(one.bottom, mark or ',')} = {show_percent(one.value)}"
    en = f"{grouped(one.top, '.')}/{grouped(one.bottom, '.')} = {show_percent(one.value, 'en')}"
    return Text(f"{one.name}: {vi}", f"{one.name}: {en}")


def grouped(value: Fraction, mark: Mark) -> str:
    """A number with its thousands grouped by the mark that is not the decimal one; in full where it is no whole number.

    >>> grouped(Fraction(15051), ","), grouped(Fraction(15051), ".")
    ('15.051', '15,051')
    """
    if value.denominator != 1:
        return show(value, "en" if mark == "." else "vi")
    return f"{int(value):,}" if mark == "." else f"{int(value):,}".replace(",", ".")


_KINDS = ("xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh", "sở", "phòng", "bộ")


def kinds_of(units: Iterable[str]) -> str:
    """The kinds of unit among these names, as a sentence lists them; "đơn vị" where a name says none.

    >>> kinds_of(["Xã A", "Thị trấn B", "Xã C"]), kinds_of(["A"])
    ('xã, thị trấn', 'đơn vị')
    """
    names = [unit.casefold() for unit in units]
    found = [next((kind for kind in _KINDS if name.startswith(kind + " ")), "") for name in names]
    known = [kind for kind in _KINDS if kind in found]
    return ", ".join(known) if known and "" not in found else "đơn vị"


def say_movement(found: Movement) -> Text:
    """How many units have which grade, and how many fell and rose by how much, in the sentence that notices print."""
    grades = grade_counts([row.after for row in found.rows])
    vi = [f"{number} đơn vị đạt {name.lower()}" for name, number in grades]
    en = [f"{many(number, 'unit')} graded {name}" for name, number in grades]
    moved_vi, moved_en = [], []
    for rows, word, word_en in ((found.fell, "giảm", "fell"), (found.rose, "tăng", "rose")):
        if rows:
            places = sorted(abs(row.places or 0) for row in rows)
            span = f"từ {places[0]} đến {places[-1]} bậc" if places[0] < places[-1] else f"{places[0]} bậc"
            span_en = f"{places[0]} to {places[-1]} places" if places[0] < places[-1] else many(places[0], "place")
            moved_vi.append(f"{len(rows)} {kinds_of(row.unit for row in rows)} {word} {span}")
            moved_en.append(f"{len(rows)} {word_en} by {span_en}")
    parts_vi = [", ".join(vi), f"{', '.join(moved_vi)} so với {found.before}" if moved_vi else ""]
    parts_en = [", ".join(en), f"{', '.join(moved_en)} compared with {found.before}" if moved_en else ""]
    parts_vi += [f"{len(found.stayed)} đơn vị giữ nguyên bậc"] if found.stayed else []
    parts_en += [f"{len(found.stayed)} unchanged"] if found.stayed else []
    return Text("; có ".join(part for part in parts_vi if part), "; ".join(part for part in parts_en if part))
