"""Read one file, YAML or JSON, as nodes."""

from pathlib import Path

from cchc_index.files.strict import Node, Unreadable, read_text
from cchc_index.files.strict_json import parse_json
from cchc_index.files.strict_yaml import parse_yaml


def read_node(path: Path) -> Node:
    """Read a `.json` file as JSON and any other as YAML.

    Raises Unreadable.
    """
    text = read_text(path)
    node, faults = (parse_json if path.suffix.lower() == ".json" else parse_yaml)(text, path.name)
    if faults or node is None:
        raise Unreadable(faults)
    return node
