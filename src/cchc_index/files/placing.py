"""The file and the line of each finding: from the criterion and the part that it names to the words in the file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from cchc_index.checking.structure import Finding
from cchc_index.errors import Path as Keys
from cchc_index.files import schema
from cchc_index.files.folders import RULES_FILE, known_folders
from cchc_index.files.layers import read_whole
from cchc_index.files.lowering.figures import all_rows
from cchc_index.files.strict import Node
from cchc_index.files.validation import validated

LISTS = ("muc", "theo", "tru")
"""The keys under which the cases of a switch and the terms of a sum stand."""
ITEMS = ("muc", "bac")
"""The steps of a locus that lead to one of several, with its number or name."""
PAIRED = (*ITEMS, "ban_ghi")
"""The steps of a locus that are followed by a number or a name."""


def placed(findings: Iterable[Finding], path: Path) -> list[Finding]:
    """Findings of a ruleset that was read from `path`, each with the nearest place in the file."""
    file = path / RULES_FILE if path.is_dir() else path
    node = read_whole(file, known_folders(), file.name).node
    rows = {row.ma: keys for keys, row in all_rows(validated(schema.RulesetFile, node, file.name))}
    places = dict(node.places(file.name))
    return [
        evolve(found, place=places[keys_of(node, rows.get(found.criterion, ()), found.locus)]) for found in findings
    ]


def keys_of(root: Node, keys: Keys, locus: Keys) -> Keys:
    """The path of the part of a criterion that a locus names, as far as the file has it.

    What the core has and the file says in one breath (a cap, a condition of its own) has no step in the file.
    """
    node = _at(root, keys)
    steps = iter(locus)
    for step in steps:
        following = tuple(_steps(node, step, steps))
        node, keys = _at(node, following), keys + following
    return keys


def _at(node: Node, keys: Keys) -> Node:
    for key in keys:
        value: Any = node.value
        node = value[key]
    return node


def _steps(node: Node, step: str | int, rest: Iterator[str | int]) -> Iterator[str | int]:
    """The steps in the file for the next step of a locus; none where the file has none."""
    entries: Any = node.value if isinstance(node.value, dict) else {}
    number = next(rest) if step in PAIRED else None
    if step not in ITEMS or number is None:
        yield from (step,) if step in entries else ()
        return
    key = step if step == "bac" else next((key for key in LISTS if key in entries), "")
    items: Any = entries[key].value if key in entries else []
    if number in (items if isinstance(items, dict) else range(len(items))):
        yield from (key, number)
        yield from ("quy_tac",) if "quy_tac" in items[number].plain() else ()
