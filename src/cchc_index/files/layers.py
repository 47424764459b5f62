"""A ruleset in layers: a file that extends a frame (`ke_thua`) or amends an earlier version (`sua_doi`), made whole.

The layer is put on the file below it, node by node, before anything is understood: the whole goes through the same
checks as any other file, and each value keeps the file and line it came from. Rows that a layer adds or replaces cite
its own document; a row that takes another's place says which (`thay_cho`), and dropped rows are listed (`bai_bo`).
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from cchc_index.errors import Fault, Text, did_you_mean
from cchc_index.files import schema
from cchc_index.files.folders import RULES_FILE
from cchc_index.files.source import read_node
from cchc_index.files.strict import Node, Unreadable
from cchc_index.files.validation import validated

BELOW = ("ke_thua", "sua_doi")
_OWN = ("bo_tieu_chi", "phien_ban", "ten", "pham_vi", "ap_dung")
_OVER = ("cap", "cong_cu", "diem_toi_da", "chi_so", "lam_tron", "xep_loai", "xep_hang", "so_luong", "khong_danh_gia")
_LONGER = ("thuong", "phat", "bai_bo", "mau_thuan", "khoang_trong", "cach_hieu", "ghi_chu")
_SECTIONS = ("tieu_chi", "thuong", "phat")
MAX_LAYERS = 8

Entries = dict[str, Node]


@frozen
class Whole:
    """A file with its layers put on one another, and for each criterion they touched the place of the layer's words."""

    node: Node
    touched: Mapping[str, str] = field(factory=dict)


@frozen
class Spot:
    """A row of the file below: the list it stands in, its number there, and the code of the row above it."""

    rows: list[Node]
    number: int
    parent: str

    @property
    def row(self) -> Entries:
        return entries(self.rows[self.number])


def read_whole(file: Path, known: Mapping[str, Path], above: tuple[Path, ...] = ()) -> Whole:
    """A ruleset file, its layers put on one another. Raises Unreadable."""
    node = read_node(file)
    key = next((key for key in BELOW if key in entries(node)), None)
    if key is None:
        return Whole(node)
    validated(schema.LayerFile, node, file.name)
    named = entries(node)[key]
    if file.resolve() in above or len(above) >= MAX_LAYERS:
        raise Unreadable([_fault(named, file.name, "các bộ kế thừa nhau thành vòng", "the layers form a circle")])
    name = str(named.value)
    base = read_whole(_file_below(name, named, file, known), known, (*above, file.resolve()))
    label = f"{name}/{RULES_FILE}"
    return _Layer(file.name, name, entries(_labelled(base.node, label)), dict(base.touched)).put_on(node)


def _file_below(name: str, named: Node, file: Path, known: Mapping[str, Path]) -> Path:
    folder = file.parent / name if name.startswith(".") else _in_own_root(file, name) or known.get(name)
    if folder is None or not (folder / RULES_FILE).exists():
        hint = did_you_mean(name, known)
        raise Unreadable([_fault(named, file.name, f"không có bộ «{name}»", f"there is no set «{name}»", hint)])
    return folder / RULES_FILE


def _in_own_root(file: Path, name: str) -> Path | None:
    """A set beside this one, both laid out as `<root>/<id>/<version>`."""
    roots = (root / name for root in file.resolve().parents)
    return next((folder for folder in roots if (folder / RULES_FILE).exists()), None)


@frozen
class _Layer:
    """One layer being put on the file below it; what is wrong is collected."""

    file: str
    below: str
    whole: Entries
    touched: dict[str, str]
    faults: list[Fault] = field(factory=list)

    def put_on(self, layer: Node) -> Whole:
        top = entries(layer)
        self.check_kind(top)
        self.prepare()
        self.whole.update({key: top[key] for key in (*_OWN, *_OVER) if key in top})
        self.merge_tables(top)
        for key in _LONGER:
            self.lengthen(key, listed(top.get(key)))
        for key, change in (("bo", self.drop), ("thay", self.replace), ("sua", self.change), ("them", self.add)):
            for item in listed(top.get(key)):
                change(item)
        if self.faults:
            raise Unreadable(self.faults)
        return Whole(Node(self.whole, layer.line), self.touched)

    def check_kind(self, top: Entries) -> None:
        """A lower tier adds to a frame; only an amendment changes what is there."""
        if all(key in top for key in BELOW):
            self.fault(top["sua_doi"], "chỉ dùng một trong «ke_thua», «sua_doi»", "use one of «ke_thua», «sua_doi»")
        for key in ("thay", "sua", "bo"):
            if key in top and "ke_thua" in top:
                self.fault(top[key], f"«{key}» chỉ dùng với «sua_doi»", f"«{key}» goes with «sua_doi» only")
        if "sua_doi" in top:
            earlier, line = f"{text(self.whole, 'bo_tieu_chi')}/{text(self.whole, 'phien_ban')}", top["sua_doi"].line
            entries(top["ap_dung"]).setdefault("thay_the", Node([Node(earlier, line)], line))

    def prepare(self) -> None:
        """The rows below say their own citation, and the documents where their stored text lies, seen from here."""
        for section in _SECTIONS:
            _cite(listed(self.whole.get(section)), None)
        for document in entries(self.whole["van_ban"]).values():
            stored = entries(document)["ban_luu"]
            entries(document)["ban_luu"] = evolve(stored, value=stored_below(self.below, str(stored.value)))

    def merge_tables(self, top: Entries) -> None:
        """Documents and figures: those of the layer first, each name once."""
        for key in ("van_ban", "so_lieu"):
            own, other = entries(top.get(key)), entries(self.whole.get(key))
            for name in own.keys() & other.keys():
                there = other[name]
                self.fault(own[name], f"«{name}» đã có ở {self.at(there)}", f"«{name}» is already at {self.at(there)}")
            if own or other:
                self.whole[key] = Node(own | other, top[key].line if key in top else self.whole[key].line)

    def lengthen(self, key: str, more: list[Node]) -> None:
        if more:
            self.whole[key] = Node([*listed(self.whole.get(key)), *more], more[0].line)

    def drop(self, item: Node) -> None:
        spot = self.spot(item)
        if spot:
            self.touch(item, spot.parent)
            gone = {"ten": spot.row["ten"], "thay_cho": spot.row["nguon"]}
            self.lengthen("bai_bo", [Node(entries(item) | gone, item.line)])
            del spot.rows[spot.number]

    def replace(self, item: Node) -> None:
        spot = self.spot(item)
        if spot and self.cites(item):
            self.touch(item, spot.parent, text(item, "ma"))
            spot.rows[spot.number] = Node({"thay_cho": spot.row["nguon"]} | entries(item), item.line)

    def change(self, item: Node) -> None:
        spot = self.spot(item)
        if spot is None or not self.cites(item):
            return
        if "gom" not in spot.row and text(spot.row, "cham") != schema.SILENCE:
            self.fault(item, "dòng này có cách chấm: thay cả dòng bằng «thay»", "this row has a rule: use «thay»")
            return
        self.touch(item, spot.parent, text(item, "ma"))
        row = spot.row | {"thay_cho": spot.row["nguon"]} | entries(item)
        spot.rows[spot.number] = Node(row, spot.rows[spot.number].line, spot.rows[spot.number].file)

    def add(self, item: Node) -> None:
        into, rows = text(item, "vao"), self.rows_for(item)
        if rows is None:
            return
        for row in listed(entries(item)["tieu_chi"]):
            self.cites(row)
        self.touch(item, into)
        after = text(item, "sau")
        places = [number for number, row in enumerate(rows) if text(row, "ma") == after]
        if after and not places:
            codes = [text(row, "ma") for row in rows]
            vi = f"không có «{after}» ở chỗ này của {self.below}"
            self.fault(
                entries(item)["sau"], vi, f"there is no «{after}» here in {self.below}", did_you_mean(after, codes)
            )
        start = places[0] + 1 if places else len(rows)
        rows[start:start] = listed(entries(item)["tieu_chi"])

    def rows_for(self, item: Node) -> list[Node] | None:
        """The list to add to: that of the row named by `vao`, which is then made of others, or the table itself."""
        if "vao" not in entries(item):
            return listed(self.whole["tieu_chi"])
        spot = self.spot(item, "vao")
        if spot is None:
            return None
        if text(spot.row, "cham") == schema.SILENCE:
            del spot.row["cham"]
            spot.row["gom"] = Node([], item.line)
        if "gom" not in spot.row:
            there = self.at(spot.rows[spot.number])
            self.fault(
                item, f"tiêu chí ở {there} có cách chấm riêng", f"the criterion at {there} has a rule of its own"
            )
            return None
        return listed(spot.row["gom"])

    def spot(self, item: Node, key: str = "ma") -> Spot | None:
        """The row of the file below that an item names."""
        code = text(item, key)
        known: dict[str, Spot] = {}
        for section in _SECTIONS:
            known.update(_spots(listed(self.whole.get(section)), ""))
        if code not in known:
            vi, en = f"không có tiêu chí «{code}» trong {self.below}", f"there is no criterion «{code}» in {self.below}"
            there = self.at(self.whole["tieu_chi"])
            self.fault(entries(item)[key], f"{vi} ({there})", f"{en} ({there})", did_you_mean(code, known))
        return known.get(code)

    def cites(self, row: Node) -> bool:
        if "nguon" not in entries(row):
            self.fault(row, "thiếu «nguon»: văn bản của lớp này", "«nguon» is missing: the document of this layer")
        return "nguon" in entries(row)

    def touch(self, item: Node, *codes: str) -> None:
        self.touched.update(dict.fromkeys(codes, self.at(item)))

    def at(self, node: Node) -> str:
        return f"{node.file or self.file}:{node.line}"

    def fault(self, node: Node, vi: str, en: str, hint: Text | None = None) -> None:
        self.faults.append(_fault(node, self.file, vi, en, hint))


def _fault(node: Node, file: str, vi: str, en: str, hint: Text | None = None) -> Fault:
    return Fault(Text(vi, en), place=f"{node.file or file}:{node.line}", hint=hint)


def stored_below(below: str, stored: str) -> str:
    """Where the stored text of a set below lies: by path from here, or `<id>/<version>:<path>` where it goes by id.

    >>> stored_below("../2025", "nguon/QD.md"), stored_below("mau/cap-xa/1", "nguon/MAU.md")
    ('../2025/nguon/QD.md', 'mau/cap-xa/1:nguon/MAU.md')
    """
    if ":" in stored:
        return stored
    return posixpath.normpath(f"{below}/{stored}") if below.startswith(".") else f"{below}:{stored}"


def _cite(rows: Iterable[Node], above: Node | None) -> None:
    for node in rows:
        row = entries(node)
        cited = row.get("nguon", above)
        if cited:
            row["nguon"] = cited
        _cite(listed(row.get("gom")), cited)


def _spots(rows: list[Node], parent: str) -> Iterator[tuple[str, Spot]]:
    for number, node in enumerate(rows):
        code = text(node, "ma")
        yield code, Spot(rows, number, parent)
        yield from _spots(listed(entries(node).get("gom")), code)


def _labelled(node: Node, file: str) -> Node:
    """A copy of the node with the file of its values written on those that do not have it."""
    if isinstance(node.value, list):
        return Node([_labelled(item, file) for item in node.value], node.line, node.file or file)
    if isinstance(node.value, dict):
        inner = {key: _labelled(item, file) for key, item in node.value.items()}
        return Node(inner, node.line, node.file or file)
    return evolve(node, file=node.file or file)


def entries(node: Node | None) -> Entries:
    return node.value if node and isinstance(node.value, dict) else {}


def listed(node: Node | None) -> list[Node]:
    """The items of a list; a single value counts as a list of one."""
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def text(node: Node | Entries, key: str) -> str:
    """The words under a key; none where it is not there."""
    inside = node if isinstance(node, dict) else entries(node)
    return str(inside[key].value) if key in inside else ""
