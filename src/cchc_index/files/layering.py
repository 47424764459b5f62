"""One layer put on the set below it: rows added, replaced, changed and dropped, and what stands around them.

Every item of a layer names a row of the set below, so the order of items changes nothing; rows added at one place stand
in the order of the file. What a layer brings cites its own document; a row that takes another's place says which
(`thay_cho`), and dropped rows are listed (`bai_bo`).
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from cchc_index.errors import Fault, Text, did_you_mean
from cchc_index.files.nodes import Entries, entries, listed, place_of, text, too_much
from cchc_index.files.rows import TOP, Row, in_place_of, stored_below, walk, with_own_words
from cchc_index.files.strict import Node, Unreadable

CHANGES = ("bo", "thay", "sua")
MAX_HINTS = 10
_OWN = ("bo_tieu_chi", "phien_ban", "ten", "pham_vi", "ap_dung")
_OVER = ("cap", "cong_cu", "diem_toi_da", "chi_so", "lam_tron", "xep_loai", "xep_hang", "so_luong", "khong_danh_gia")
_LONGER = ("thuong", "phat", "bai_bo", "mau_thuan", "khoang_trong", "cach_hieu", "ghi_chu")
_SECTIONS = ("tieu_chi", "thuong", "phat")


@frozen
class Whole:
    """A file with its layers put on one another.

    For each criterion whose sum a layer touched, and each figure that went with a row, the place of the layer's words.
    """

    node: Node
    touched: Mapping[str, str] = field(factory=dict)
    lost: Mapping[str, str] = field(factory=dict)


@frozen
class Layer:
    """A layer (`top`) and the entries of the set below it (`whole`), which it changes; what is wrong is collected."""

    file: str
    below: str
    whole: Entries
    top: Entries
    rows: dict[str, Row] = field(factory=dict)
    changes: dict[str, tuple[str, Node]] = field(factory=dict)
    added: dict[tuple[str | None, str], list[Node]] = field(factory=dict)
    touched: dict[str, str] = field(factory=dict)
    lost: dict[str, str] = field(factory=dict)
    faults: list[Fault] = field(factory=list)

    def put_on(self, base: Whole) -> Whole:
        """The whole. Raises Unreadable with every conflict."""
        self.prepare()
        self.stop_if_wrong()
        self.check_kind()
        self.collect()
        self.build()
        self.around()
        self.check_names()
        self.stop_if_wrong()
        return Whole(Node(self.whole, 1, self.file), {**base.touched, **self.touched}, {**base.lost, **self.lost})

    def stop_if_wrong(self) -> None:
        if self.faults:
            raise Unreadable(sorted(self.faults, key=lambda fault: int(fault.place.rpartition(":")[2])))

    def check_kind(self) -> None:
        """A lower tier adds to a frame; only an amendment changes what is there, and takes the place of what it amends.

        The earlier version is named by the id it says, however the layer names it.
        """
        if "ke_thua" in self.top:
            there = place_of(self.top["ke_thua"])
            for key in ("sua_doi", *CHANGES):
                if key in self.top:
                    vi, en = f"«{key}» không đi cùng «ke_thua»", f"«{key}» does not go with «ke_thua»"
                    self.fault(self.top[key], f"{vi} ({there})", f"{en} ({there})")
        else:
            named, earlier = self.top["sua_doi"], f"{text(self.whole, 'bo_tieu_chi')}/{text(self.whole, 'phien_ban')}"
            entries(self.top["ap_dung"]).setdefault("thay_the", evolve(named, value=[evolve(named, value=earlier)]))

    def prepare(self) -> None:
        """The rows below say their own citation, and the documents where their stored text lies, seen from here."""
        rows = list(self.all_rows())
        self.check_doubles("ma", [(code, row.node) for code, row in rows])
        for code, row in rows:
            self.rows[code] = row
            above = self.rows.get(row.parent or "")
            if above and "nguon" in entries(above.node):
                entries(row.node).setdefault("nguon", entries(above.node)["nguon"])
            if "nguon" not in entries(row.node):
                self.fault(row.node, "thiếu «nguon» của dòng này", "«nguon» of this row is missing")
        for document in entries(self.whole["van_ban"]).values():
            stored = entries(document)["ban_luu"]
            entries(document)["ban_luu"] = evolve(stored, value=stored_below(self.below, str(stored.value)))

    def all_rows(self) -> Iterator[tuple[str, Row]]:
        for section in _SECTIONS:
            yield from walk(listed(self.whole.get(section)), TOP if section == "tieu_chi" else None)

    def collect(self) -> None:
        """What is to be done to which row, and whether that can be."""
        for kind in CHANGES:
            for item in listed(self.top.get(kind)):
                self.collect_change(kind, item)
        for code, (_, item) in self.changes.items():
            self.check_standing(self.rows[code].parent, item)
        for item in listed(self.top.get("them")):
            self.collect_added(item)

    def collect_change(self, kind: str, item: Node) -> None:
        code = text(item, "ma")
        if code in self.changes:
            there = place_of(self.changes[code][1])
            self.fault(item, f"«{code}» đã đổi ở {there}", f"«{code}» is already changed at {there}")
        elif self.knows(item, "ma"):
            self.changes[code] = (kind, item)
            self.check_cited(item)
            if kind == "bo" and not {"nguyen_van", "cach_hieu"} & entries(item).keys():
                self.fault(item, "thiếu câu bỏ dòng này («nguyen_van»)", "the words that drop this row are missing")
            if kind == "sua" and self.rows[code].has_rule:
                there = place_of(self.rows[code].node)
                vi, en = f"dòng ở {there} có cách chấm", f"the row at {there} has a rule"
                self.fault(item, vi, en, Text("thay cả dòng bằng «thay»", "replace the row by «thay»"))

    def collect_added(self, item: Node) -> None:
        into, after = text(item, "vao"), text(item, "sau")
        rows = listed(entries(item)["tieu_chi"])
        for row in rows:
            self.check_cited(row)
        if into and not self.knows(item, "vao"):
            return
        if into and self.rows[into].has_rule:
            there = place_of(self.rows[into].node)
            vi, en = f"«{into}» ở {there} có cách chấm riêng", f"«{into}» at {there} has a rule of its own"
            self.fault(entries(item)["vao"], vi, en)
        self.check_standing(into, item)
        if after:
            self.check_beside(into, after, entries(item)["sau"])
        self.touch(item, into, *(code for code, _ in walk(rows, into)))
        self.added.setdefault((into, after), []).extend(rows)

    def check_beside(self, into: str, after: str, named: Node) -> None:
        if after not in self.rows or self.rows[after].parent != into:
            beside = [code for code, row in self.rows.items() if row.parent == into]
            there = place_of(self.rows[into].node if into else self.whole["tieu_chi"])
            vi, en = f"không có «{after}» ở chỗ thêm ({there})", f"there is no «{after}» where rows are added ({there})"
            self.fault(named, vi, en, self.hint(after, beside))

    def check_standing(self, code: str | None, item: Node) -> None:
        """What is dropped or replaced is so with everything inside it."""
        while code:
            kind, other = self.changes.get(code, ("", item))
            if kind in ("bo", "thay"):
                there = place_of(other)
                vi, en = f"«{code}» đã bỏ hay thay ở {there}", f"«{code}» is dropped or replaced at {there}"
                self.fault(item, vi, en)
            code = self.rows[code].parent

    def build(self) -> None:
        """The rows as they stand with the layer on them."""
        for section in _SECTIONS:
            if section in self.whole:
                rows = self.whole[section]
                self.whole[section] = evolve(
                    rows, value=list(self.rebuilt(listed(rows), TOP if section == "tieu_chi" else None))
                )
        if not listed(self.whole["tieu_chi"]):
            self.fault(
                self.top.get("sua_doi", self.top["ap_dung"]),
                "bảng không còn tiêu chí nào",
                "no criterion is left in the table",
            )

    def rebuilt(self, rows: Iterable[Node], parent: str | None) -> Iterator[Node]:
        for node in rows:
            code = text(node, "ma")
            kind, item = self.changes.get(code, ("", node))
            if kind == "bo":
                self.drop(node, item, parent)
            elif kind == "thay":
                yield self.replaced(node, item, parent)
            else:
                yield self.kept(node, self.changed(node, item, parent) if kind else entries(node))
            yield from self.added.get((parent, code), ())
        yield from self.added.get((parent, ""), ())

    def drop(self, node: Node, item: Node, parent: str | None) -> None:
        self.touch(item, parent)
        self.lose(node, item)
        gone = {"ten": entries(node)["ten"]} | in_place_of(node)
        self.lengthen("bai_bo", [evolve(item, value=entries(item) | gone)])

    def replaced(self, node: Node, item: Node, parent: str | None) -> Node:
        self.touch(item, parent, *(code for code, _ in walk([item], parent)))
        self.lose(node, item)
        return evolve(item, value=in_place_of(node) | entries(item))

    def changed(self, node: Node, item: Node, parent: str | None) -> Entries:
        self.touch(item, parent, text(node, "ma"))
        return with_own_words(entries(node)) | in_place_of(node) | entries(item)

    def kept(self, node: Node, row: Entries) -> Node:
        """A row with what is inside it; one that only had a name and a maximum may get rows inside."""
        code = text(node, "ma")
        rows = list(self.rebuilt(listed(row.get("gom")), code))
        if rows:
            row = {key: value for key, value in row.items() if key != "cham"}
            row["gom"] = Node(rows, row.get("gom", node).line, node.file)
        elif "gom" in row:
            there = place_of(node)
            message = Text(f"«{code}» ({there}) không còn mục con nào", f"nothing is left under «{code}» ({there})")
            self.faults.append(Fault(message, place=self.touched[code]))
        return evolve(node, value=row)

    def around(self) -> None:
        """What stands around the table: the layer's own, over what is below, or after it."""
        for key in ("van_ban", "so_lieu"):
            own, other = entries(self.top.get(key)), entries(self.whole.get(key))
            self.check_doubles(key, [*own.items(), *other.items()])
            if own:
                self.whole[key] = evolve(self.top[key], value=own | other)
        self.whole.update({key: self.top[key] for key in (*_OWN, *_OVER) if key in self.top})
        for key in _LONGER:
            self.lengthen(key, listed(self.top.get(key)))
        for key in ("thuong", "phat"):
            for row in listed(self.top.get(key)):
                self.check_cited(row)
        if "diem_toi_da" in self.top:
            self.touch(self.top["diem_toi_da"], TOP)

    def check_names(self) -> None:
        """Each code and each figure stands once, and the whole is within the limits of a file."""
        rows = list(self.all_rows())
        self.check_doubles("ma", [(code, row.node) for code, row in rows])
        beside = [pair for _, row in rows for pair in entries(entries(row.node).get("so_lieu")).items()]
        figures = [*entries(self.whole.get("so_lieu")).items(), *beside]
        self.check_doubles("so_lieu", figures)
        for name, _ in figures:
            self.lost.pop(name, None)
        much = too_much(Node(self.whole, 1))
        if much:
            self.faults.append(Fault(much, place=f"{self.file}:1"))

    def check_doubles(self, key: str, named: Iterable[tuple[str, Node]]) -> None:
        """One name twice is told at the layer's own line."""
        seen: dict[str, Node] = {}
        for name, node in named:
            before = seen.setdefault(name, node)
            if before is not node:
                one, other = (node, before) if node.file == self.file else (before, node)
                what, there = _NAMES[key], place_of(other)
                self.fault(one, f"{what.vi} «{name}» đã có ở {there}", f"{what.en} «{name}» is already at {there}")

    def check_cited(self, row: Node) -> None:
        """What a layer adds, replaces, changes or drops cites a document of its own."""
        if "nguon" not in entries(row):
            self.fault(row, "thiếu «nguon»: văn bản của lớp này", "«nguon» is missing: the document of this layer")
            return
        key, below = text(row, "nguon").partition(",")[0].strip(), entries(self.whole["van_ban"])
        if key in below and key not in entries(self.top["van_ban"]):
            there = place_of(below[key])
            vi, en = (
                f"«{key}» là văn bản của bộ bên dưới ({there})",
                f"«{key}» is a document of the set below ({there})",
            )
            self.fault(entries(row)["nguon"], vi, en, Text("dẫn văn bản của lớp này", "cite that of this layer"))

    def knows(self, item: Node, key: str) -> bool:
        """Whether the set below has the row that an item names."""
        code = text(item, key)
        if code not in self.rows:
            there = place_of(self.whole["tieu_chi"])
            vi, en = f"không có tiêu chí «{code}» trong {self.below}", f"there is no criterion «{code}» in {self.below}"
            self.fault(entries(item)[key], f"{vi} ({there})", f"{en} ({there})", self.hint(code, self.rows))
        return code in self.rows

    def hint(self, word: str, known: Iterable[str]) -> Text | None:
        return did_you_mean(word, known) if len(self.faults) < MAX_HINTS else None

    def lengthen(self, key: str, more: list[Node]) -> None:
        if more:
            self.whole[key] = evolve(more[0], value=[*listed(self.whole.get(key)), *more])

    def touch(self, item: Node, *codes: str | None) -> None:
        for code in codes:
            if code is not None:
                self.touched.setdefault(code, place_of(item))

    def lose(self, node: Node, item: Node) -> None:
        for _, row in walk([node], None):
            self.lost.update(dict.fromkeys(entries(entries(row.node).get("so_lieu")), place_of(item)))

    def fault(self, node: Node, vi: str, en: str, hint: Text | None = None) -> None:
        self.faults.append(Fault(Text(vi, en), place=place_of(node), hint=hint))


_NAMES = {
    "van_ban": Text("văn bản", "document"),
    "so_lieu": Text("số liệu", "figure"),
    "ma": Text("mã", "code"),
}
