"""Rows of a table as nodes: walked with what they stand in, and kept true to their source when a layer moves them."""

import posixpath
from collections.abc import Iterable, Iterator

from attrs import frozen

from cchc_index.files.nodes import Entries, entries, listed, text
from cchc_index.files.schema import SILENCE
from cchc_index.files.strict import Node

TOP = ""
_WORDS = ("nguyen_van", "da_doi_chieu")
_PARTS = ("khong_danh_gia", "khong_phat_sinh", "lam_tron", "tinh_duoc", "phan_cong", "so_luong")


@frozen
class Row:
    """A row, and the code of the one above it: `TOP` for the table itself, None for bonus and penalty."""

    node: Node
    parent: str | None

    @property
    def has_rule(self) -> bool:
        return "gom" not in entries(self.node) and text(self.node, "cham") != SILENCE


def walk(rows: Iterable[Node], parent: str | None) -> Iterator[tuple[str, Row]]:
    """Every row by its code, each before those inside it."""
    for node in rows:
        yield text(node, "ma"), Row(node, parent)
        yield from walk(listed(entries(node).get("gom")), text(node, "ma"))


def in_place_of(node: Node) -> Entries:
    """The key that says which place a row takes: that which the row before it cited."""
    row = entries(node)
    return {"thay_cho": row["nguon"]} if "nguon" in row else {}


def with_own_words(row: Entries) -> Entries:
    """A row whose parts say their own words and place, so that these stay true when the row cites another document."""
    cited = {"nguon": row["nguon"]} if "nguon" in row else {}
    said = cited | {key: row[key] for key in _WORDS if key in row}
    samples = [entries(figure).get("mau_toi_thieu") for figure in entries(row.get("so_lieu")).values()]
    for part in (*(part for key in _PARTS for part in listed(row.get(key))), *filter(None, samples)):
        inside = entries(part)
        silent = not {"nguyen_van", "cach_hieu"} & inside.keys()
        inside.update(cited | inside | (said if silent and "nguyen_van" in said else {}))
    return {key: value for key, value in row.items() if key not in _WORDS}


def stored_below(below: str, stored: str) -> str:
    """Where the stored text of a set below lies: by path from here, or `<id>/<version>:<path>` where it goes by id.

    >>> stored_below("../2025", "nguon/QD.md"), stored_below("mau/cap-xa/1", "nguon/MAU.md")
    ('../2025/nguon/QD.md', 'mau/cap-xa/1:nguon/MAU.md')
    """
    if ":" in stored:
        return stored
    return posixpath.normpath(f"{below}/{stored}") if below.startswith(".") else f"{below}:{stored}"
