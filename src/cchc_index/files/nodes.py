"""Looking into nodes, and putting the name of their file on them."""

from collections.abc import Mapping

from cchc_index.errors import Text
from cchc_index.files.strict import MAX_DEPTH, MAX_NODES, Node

Entries = dict[str, Node]


def entries(node: Node | None) -> Entries:
    """The keys of a mapping; none where it is something else."""
    return node.value if node and isinstance(node.value, dict) else {}


def listed(node: Node | None) -> list[Node]:
    """The items of a list; a single value counts as a list of one."""
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def text(node: Node | Mapping[str, Node], key: str) -> str:
    """The words under a key; none where it is not there."""
    inside = entries(node) if isinstance(node, Node) else node
    return str(inside[key].value) if key in inside else ""


def place_of(node: Node) -> str:
    """The file and line of a node that carries its file.

    >>> place_of(Node("x", 3, "a.yaml"))
    'a.yaml:3'
    """
    return f"{node.file}:{node.line}"


def labelled(node: Node, file: str) -> Node:
    """A copy of the node with the name of its file on every value."""
    if isinstance(node.value, list):
        return Node([labelled(item, file) for item in node.value], node.line, file)
    if isinstance(node.value, dict):
        return Node({key: labelled(item, file) for key, item in node.value.items()}, node.line, file)
    return Node(node.value, node.line, file)


def too_much(node: Node) -> Text | None:
    """What is wrong with the size of a node put together from several files; each of them is within the limits."""
    level, count, depth = [node], 0, 0
    while level and count <= MAX_NODES and depth <= MAX_DEPTH:
        count, depth = count + len(level), depth + 1
        level = [item for one in level for item in (*entries(one).values(), *_items(one))]
    if depth > MAX_DEPTH:
        return Text(f"các lớp cộng lại lồng nhau quá {MAX_DEPTH} tầng", f"together, deeper than {MAX_DEPTH} levels")
    if count > MAX_NODES:
        return Text(f"các lớp cộng lại quá {MAX_NODES} giá trị", f"together, the layers have over {MAX_NODES} values")
    return None


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else []
