"""A ruleset in layers: a file that extends a frame (`ke_thua`) or amends an earlier version (`sua_doi`), read whole.

A layer is put on the set below it, node by node, before anything is understood (`layering`): the whole goes through the
same checks as any other file, and each value keeps the file and line it came from.
"""

import posixpath
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from attrs import evolve

from cchc_index.errors import Fault, Text, did_you_mean, short
from cchc_index.files import schema
from cchc_index.files.folders import RULES_FILE, holds_rules
from cchc_index.files.layering import CHANGES, Layer, Whole
from cchc_index.files.nodes import Entries, entries, labelled, place_of
from cchc_index.files.source import read_node
from cchc_index.files.strict import Node, Unreadable
from cchc_index.files.validation import validated

BELOW = ("ke_thua", "sua_doi")
MAX_LAYERS = 8

Chain = tuple[tuple[Path, str], ...]
"""The files that stand on one another, each with the place where it names what is below it."""


def read_whole(file: Path, known: Mapping[str, Path], label: str, here: str = "", above: Chain = ()) -> Whole:
    """A ruleset file, its layers put on one another. Raises Unreadable.

    `label` names the file in faults, `here` its folder as seen from the first file, `known` the folders of sets by id.
    """
    node = _read(file, label)
    top = entries(node)
    key = next((key for key in BELOW if key in top), "")
    _check_keys(top, key)
    if not key:
        if above:
            validated(schema.RulesetFile, node, label)
        return Whole(node)
    validated(schema.LayerFile, node, label)
    name = str(top[key].value)
    chain = (*above, (file.resolve(), place_of(top[key])))
    below = _file_below(top[key], file.parent, known)
    _check_chain(below, chain, top[key])
    seen = posixpath.normpath(posixpath.join(here, name)) if name.startswith(".") else name
    base = read_whole(below, known, f"{seen}/{RULES_FILE}", seen, chain)
    return Layer(label, name, entries(base.node), top).put_on(base)


def _read(file: Path, label: str) -> Node:
    try:
        return labelled(read_node(file), label)
    except Unreadable as problem:
        faults = [evolve(fault, place=label + fault.place.removeprefix(file.name)) for fault in problem.faults]
        raise Unreadable(faults) from None


_IN_A_LAYER = Text("trong lớp, dòng mới viết ở «them», dòng thay viết ở «thay»", "in a layer, use «them» or «thay»")
_NO_LAYER = Text("chỉ có trong tệp có «ke_thua» hay «sua_doi»", "needs «ke_thua» or «sua_doi»")


def _check_keys(top: Entries, below: str) -> None:
    """Keys of a whole table in a layer, and the other way round, would only be called unknown."""
    keys, why = (("tieu_chi",), _IN_A_LAYER) if below else (("them", *CHANGES), _NO_LAYER)
    found = [(f"«{key}»: ", top[key]) for key in keys if key in top]
    if found:
        raise Unreadable([_fault(node, told + why.vi, told + why.en) for told, node in found])


def folders_below(name: str, folder: Path, known: Mapping[str, Path]) -> list[Path]:
    """Where the set below lies: by path from `folder`; by id in the same root, `<root>/<id>/<version>`, or known."""
    if name.startswith("."):
        return [folder / name] if holds_rules(folder / name) else []
    if PurePosixPath(name).is_absolute() or ".." in name.split("/"):
        return []
    beside = (root / name for root in (folder.resolve(), *folder.resolve().parents))
    found = [next((one for one in beside if holds_rules(one)), None), known.get(name)]
    return list(dict.fromkeys(one.resolve() for one in found if one))


def _file_below(named: Node, folder: Path, known: Mapping[str, Path]) -> Path:
    name = str(named.value)
    found = folders_below(name, folder, known)
    if not found:
        vi, en = f"không có bộ «{short(name)}»", f"there is no set «{short(name)}»"
        raise Unreadable([_fault(named, vi, en, did_you_mean(name, known))])
    if len(found) > 1:
        vi, en = f"bộ «{name}» có ở hai nơi: ", f"the set «{name}» stands in two places: "
        places = " · ".join(str(one) for one in found)
        raise Unreadable([_fault(named, vi + places, en + places)])
    return found[0] / RULES_FILE


def _check_chain(below: Path, chain: Chain, named: Node) -> None:
    if below.resolve() in dict(chain):
        places = " → ".join(place for _, place in chain)
        vi, en = f"các bộ nối nhau thành vòng: {places}", f"the sets form a circle: {places}"
        raise Unreadable([_fault(named, vi, en)])
    if len(chain) > MAX_LAYERS:
        raise Unreadable([_fault(named, f"quá {MAX_LAYERS} lớp chồng nhau", f"more than {MAX_LAYERS} layers")])


def _fault(node: Node, vi: str, en: str, hint: Text | None = None) -> Fault:
    return Fault(Text(vi, en), place=place_of(node), hint=hint)
