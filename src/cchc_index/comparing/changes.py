"""One change between two versions, as a value with its sentence; and how fields and lists are compared."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, TypeVar

from attrs import frozen

from cchc_index.comparing.wording import Facts, said
from cchc_index.errors import Text

T = TypeVar("T")


class Kind(Enum):
    """What changed. The value is the word in JSON."""

    ADDED = "them_tieu_chi"
    DROPPED = "bo_tieu_chi"
    MOVED = "chuyen_cho"
    RENAMED = "doi_ten"
    ORDER = "thu_tu"
    MAXIMUM = "diem_toi_da"
    SHAPE = "cach_cham"
    BAND = "muc"
    BOUNDS = "nguong"
    POINTS = "diem"
    MEASURE = "dai_luong"
    QUOTE = "nguyen_van"
    CITATION = "nguon"
    FIGURES = "so_lieu"
    EXEMPTION = "khong_danh_gia"
    ROUNDING = "lam_tron"
    EVIDENCE = "kiem_chung"
    NOTES = "ghi_chu"
    OBSERVATIONS = "tinh_duoc"
    TASKS = "phan_cong"
    COUNTS = "so_luong"
    TITLE = "ten_bo"
    SCOPE = "pham_vi"
    APPLICATION = "ap_dung"
    DOCUMENTS = "van_ban"
    INDEX = "chi_so"
    GRADES = "xep_loai"
    RANKING = "xep_hang"
    REMOVED_BEFORE = "bai_bo"


LABELS = {
    Kind.ADDED: Text("tiêu chí", "the criterion"),
    Kind.DROPPED: Text("tiêu chí", "the criterion"),
    Kind.MOVED: Text("chỗ trong bảng", "its place in the table"),
    Kind.RENAMED: Text("tên", "the name"),
    Kind.ORDER: Text("thứ tự", "the order"),
    Kind.MAXIMUM: Text("điểm tối đa", "the maximum"),
    Kind.SHAPE: Text("cách chấm", "the way of scoring"),
    Kind.BAND: Text("mức", "the level"),
    Kind.BOUNDS: Text("ngưỡng", "the bounds"),
    Kind.POINTS: Text("điểm của mức", "the points of a level"),
    Kind.MEASURE: Text("đại lượng", "what is looked at"),
    Kind.QUOTE: Text("câu nguyên văn", "the quoted sentence"),
    Kind.CITATION: Text("nguồn", "the citation"),
    Kind.FIGURES: Text("số liệu", "the figure"),
    Kind.EXEMPTION: Text("quy định không đánh giá", "the exemption"),
    Kind.ROUNDING: Text("làm tròn", "the rounding"),
    Kind.EVIDENCE: Text("tài liệu kiểm chứng", "the evidence"),
    Kind.NOTES: Text("ghi chú nguồn", "the source note"),
    Kind.OBSERVATIONS: Text("điều tính được", "what can be computed"),
    Kind.TASKS: Text("phân công", "the task"),
    Kind.COUNTS: Text("số lượng văn bản nêu", "the counts stated"),
    Kind.TITLE: Text("tên bộ", "the title"),
    Kind.SCOPE: Text("phạm vi", "the scope"),
    Kind.APPLICATION: Text("áp dụng", "the application"),
    Kind.DOCUMENTS: Text("văn bản", "the document"),
    Kind.INDEX: Text("chỉ số", "the index"),
    Kind.GRADES: Text("xếp loại", "the grade"),
    Kind.RANKING: Text("xếp hạng", "the ranking"),
    Kind.REMOVED_BEFORE: Text("mục bãi bỏ", "the row dropped before"),
}


@frozen
class Change:
    """One change: its kind, the criterion (in the new version; empty for the whole set), what was and what is now.

    `old` is None for what was added, `new` for what was dropped.
    """

    kind: Kind
    code: str
    old: Text | None
    new: Text | None

    @property
    def sentence(self) -> Text:
        """The change in words.

        >>> print(Change(Kind.MAXIMUM, "4.1", Text("1", "1"), Text("2", "2")).sentence)
        4.1: điểm tối đa: từ «1» thành «2»
        """
        label, vi, en = LABELS[self.kind], self.code or "cả bộ", self.code or "the whole set"
        if self.old is None and self.new is not None:
            return Text(f"{vi}: thêm {label.vi} «{self.new.vi}»", f"{en}: {label.en} «{self.new.en}» was added")
        if self.new is None and self.old is not None:
            return Text(f"{vi}: bỏ {label.vi} «{self.old.vi}»", f"{en}: {label.en} «{self.old.en}» was dropped")
        assert self.old is not None
        assert self.new is not None
        return Text(
            f"{vi}: {label.vi}: từ «{self.old.vi}» thành «{self.new.vi}»",
            f"{en}: {label.en}: from «{self.old.en}» to «{self.new.en}»",
        )


def changed(kind: Kind, code: str, old: Any, new: Any, facts: tuple[Facts, Facts]) -> Iterator[Change]:
    """The change of one field, if it changed."""
    if old != new:
        yield Change(kind, code, said(old, facts[0]), said(new, facts[1]))


def items_changed(
    kind: Kind,
    code: str,
    lists: tuple[Sequence[T], Sequence[T]],
    key: Callable[[T], Hashable],
    say: tuple[Callable[[T], Text], Callable[[T], Text]],
) -> Iterator[Change]:
    """What was dropped from a list, changed in it, added to it; or that only its order is another."""
    old, new = (_keyed(items, key) for items in lists)
    found = [Change(kind, code, say[0](item), None) for name, item in old.items() if name not in new]
    both = [(old[name], new[name]) for name in old if name in new]
    found += [Change(kind, code, say[0](one), say[1](other)) for one, other in both if one != other]
    found += [Change(kind, code, None, say[1](item)) for name, item in new.items() if name not in old]
    yield from found
    if not found and tuple(lists[0]) != tuple(lists[1]):
        yield Change(kind, code, *(_listed(map(speak, items)) for speak, items in zip(say, lists, strict=True)))


def _keyed(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[tuple[Hashable, int], T]:
    """The items by their key; a key that comes again is told apart by how often."""
    seen: dict[Hashable, int] = {}
    found = {}
    for item in items:
        name = key(item)
        seen[name] = seen.get(name, 0) + 1
        found[name, seen[name]] = item
    return found


def _listed(texts: Iterable[Text]) -> Text:
    known = list(texts)
    return Text("; ".join(text.vi for text in known), "; ".join(text.en for text in known))
