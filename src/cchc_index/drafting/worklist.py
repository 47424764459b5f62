"""What is left to a person after a draft: what to decide, the most points first; what changed; what was left out."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from cchc_index.checking.structure import Finding
from cchc_index.drafting.composing import RowDraft
from cchc_index.drafting.keeping import Comment
from cchc_index.drafting.merging import Change
from cchc_index.drafting.reading import Status
from cchc_index.errors import Lang, Text, place_said
from cchc_index.office.tables import Cell, PassedOver
from cchc_index.points import show
from cchc_index.rules import ZERO

WORDS = {
    Status.READ: Text("đọc được", "read"),
    Status.SEVERAL: Text("nhiều cách đọc", "several readings"),
    Status.UNREAD: Text("cần người đọc", "a person must read"),
    Status.SILENT: Text("không nêu cách tính", "no way to score is stated"),
}
_ORDER = (Status.UNREAD, Status.SEVERAL, Status.SILENT, Status.READ)


@frozen
class Item:
    """One thing to decide: at which row, how many points hang on it, what became of it, what to look at."""

    row: RowDraft
    told: tuple[Text, ...]

    @property
    def points(self) -> Fraction:
        return self.row.points or ZERO


@frozen
class Report:
    """What a draft came to.

    `rows` are those of the annex; points count over the rows that have no parts. `settled` are the codes whose rule a
    person has written since; `comments` are those of the file as it was, which is kept in `kept_in`; `lacking` tells
    the documents whose stored text is not there.
    """

    id: str
    rows: tuple[RowDraft, ...]
    left_out: tuple[Cell | PassedOver, ...]
    blanks: tuple[Text, ...]
    sums: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()
    settled: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    kept_in: str = ""
    lacking: tuple[Text, ...] = ()

    @property
    def leaves(self) -> tuple[RowDraft, ...]:
        return tuple(row for row in self.rows if row.status is not None)

    def count(self, status: Status) -> int:
        return sum(1 for row in self.leaves if self.status_of(row) is status)

    def status_of(self, row: RowDraft) -> Status | None:
        return Status.READ if row.code in self.settled and row.status else row.status

    @property
    def points_read(self) -> Fraction:
        return sum((row.points or ZERO for row in self.leaves if self.status_of(row) is Status.READ), ZERO)

    @property
    def points_in_all(self) -> Fraction:
        return sum((row.points or ZERO for row in self.leaves), ZERO)

    @property
    def conflicts(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_conflict)

    @property
    def is_done(self) -> bool:
        """Whether nothing of the annex waits for a person: all read, sums right, no conflict."""
        waiting = any(self.status_of(row) is not Status.READ for row in self.leaves)
        return not (waiting or self.sums or self.conflicts)

    def items(self) -> list[Item]:
        """What to decide, the most points first; of the same points, what is not read first."""
        found = [Item(row, self._told(row)) for row in self.rows]
        kept = [item for item in found if item.told]
        return sorted(kept, key=lambda item: (-item.points, _rank(self.status_of(item.row))))

    def _told(self, row: RowDraft) -> tuple[Text, ...]:
        if row.code in self.settled:
            return ()
        status = self.status_of(row)
        said = (WORDS[status],) if status not in (None, Status.READ) and status else ()
        return (*said, *row.doubts)


def _rank(status: Status | None) -> int:
    return len(_ORDER) if status is None else _ORDER.index(status)


def summary(report: Report, lang: Lang = "vi") -> list[str]:
    """The report in a few lines."""
    numbers = (len(report.rows), len(report.leaves), report.count(Status.READ))
    points = (show(report.points_read, lang), show(report.points_in_all, lang))
    waiting = tuple(report.count(status) for status in _ORDER[:3])
    vi = [
        f"{numbers[0]} dòng, {numbers[1]} dòng chấm điểm",
        f"thành quy tắc {numbers[2]} dòng, {points[0]}/{points[1]} điểm",
        f"cần người đọc {waiting[0]}, nhiều cách đọc {waiting[1]}, không nêu cách tính {waiting[2]}",
        f"tổng không khớp {len(report.sums)}; ô để ngoài {len(report.left_out)}",
    ]
    en = [
        f"{numbers[0]} rows, {numbers[1]} of them scored",
        f"{numbers[2]} became rules, {points[0]} of {points[1]} points",
        f"a person must read {waiting[0]}, several readings {waiting[1]}, no way to score {waiting[2]}",
        f"sums that do not add up {len(report.sums)}; cells left out {len(report.left_out)}",
    ]
    if report.changes:
        vi.append(f"phụ lục đổi {len(report.changes)} chỗ, trong đó {len(report.conflicts)} chỗ đã có người sửa")
        en.append(f"the annex changed {len(report.changes)} things, {len(report.conflicts)} of them edited here too")
    if report.comments:
        vi.append(f"{len(report.comments)} chú giải sau dấu # không ở tệp mới; tệp trước giữ ở {report.kept_in}")
        en.append(
            f"{len(report.comments)} comments are not in the new file; the one before is kept in {report.kept_in}"
        )
    vi += [text.vi for text in report.lacking]
    en += [text.en for text in report.lacking]
    return en if lang == "en" else vi


def page(report: Report) -> str:
    """The worklist as a page of Markdown."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    yield f"# Việc cần làm: {report.id}"
    yield ""
    yield from (f"- {line}" for line in summary(report))
    yield from _section("Điền cho cả bộ", [f"- [ ] {blank.vi}" for blank in report.blanks])
    yield from _section("Quyết định từng dòng, nhiều điểm trước", _decisions(report))
    yield from _section(
        "Tổng trong phụ lục không khớp", [f"- {sum_.criterion or 'cả bộ'}: {sum_.message.vi}" for sum_ in report.sums]
    )
    yield from _section("Phụ lục đổi so với lần trước", [_changed(change) for change in report.changes])
    comments = [f"- dòng {one.line}, {one.code or 'cả bộ'}: {one.words}" for one in report.comments]
    yield from _section(f"Chú giải của tệp trước, giữ ở {report.kept_in}", comments)
    left = [f"- {_flat(cell.text)} ({cell.place})" for cell in report.left_out]
    yield from _section("Ô của tệp để ngoài bộ tiêu chí", left)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _decisions(report: Report) -> list[str]:
    """Rows that are no rule yet one by one; what rules have been taken to mean together, by the points behind it."""
    items = report.items()
    waiting = [item for item in items if report.status_of(item.row) is not Status.READ]
    return [_decision(item) for item in waiting] + _assumed([item for item in items if item not in waiting])


def _decision(item: Item) -> str:
    told = "; ".join(_flat(text.vi) for text in item.told)
    return f"- [ ] {show(item.points)} điểm · {item.row.code} {item.row.name}: {told}"


def _assumed(items: Sequence[Item]) -> list[str]:
    """What the rules of several rows lean on, each said once with those rows."""
    behind: dict[str, list[Item]] = {}
    for item in items:
        for text in item.told:
            behind.setdefault(_flat(text.vi), []).append(item)
    ordered = sorted(behind.items(), key=lambda pair: -sum((one.points for one in pair[1]), ZERO))
    return [f"- [ ] {_points(rows)} điểm · {text}: {', '.join(one.row.code for one in rows)}" for text, rows in ordered]


def _points(items: Sequence[Item]) -> str:
    return show(sum((one.points for one in items), ZERO))


def _changed(change: Change) -> str:
    mark = "**xung đột** · " if change.is_conflict else ""
    return f"- {mark}{change.code or 'cả bộ'}: {_flat(change.message.vi)}"


def _flat(text: str) -> str:
    return " / ".join(text.split("\n"))


def data(report: Report, lang: Lang = "vi") -> dict[str, Any]:
    """The report as plain data, its sentences and places in one language."""
    return {
        "id": report.id,
        "rows": len(report.rows),
        "scored": len(report.leaves),
        "status": {status.value: report.count(status) for status in _ORDER},
        "points_read": show(report.points_read, "en"),
        "points_total": show(report.points_in_all, "en"),
        "todo": [_todo(item, report, lang) for item in report.items()],
        "sums": [{"criterion": one.criterion, "message": one.message.said(lang)} for one in report.sums],
        "changes": [
            {"criterion": one.code, "message": one.message.said(lang), "conflict": one.is_conflict}
            for one in report.changes
        ],
        "comments": [{"line": one.line, "criterion": one.code, "text": one.words} for one in report.comments],
        "kept_in": report.kept_in,
        "lacking": [text.said(lang) for text in report.lacking],
        "left_out": [_left(one, lang) for one in report.left_out],
        "blanks": [blank.said(lang) for blank in report.blanks],
    }


def _left(one: Cell | PassedOver, lang: Lang) -> dict[str, str]:
    text = one.what.said(lang) if isinstance(one, PassedOver) else one.text
    return {"text": text, "place": place_said(one.place, lang)}


def _todo(item: Item, report: Report, lang: Lang) -> dict[str, Any]:
    status = report.status_of(item.row)
    return {
        "criterion": item.row.code,
        "name": item.row.name,
        "points": show(item.points, "en"),
        "status": status.value if status else "",
        "place": place_said(item.row.place, lang),
        "what": [text.said(lang) for text in item.told],
    }
