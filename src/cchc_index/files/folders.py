"""Where rulesets lie: those shipped inside the package, and private ones in folders that a caller or a user adds.

A private folder is laid out like the shipped one, `<id>/<version>/bo-tieu-chi.yaml`. An id that stands in two folders
is refused: a private set never takes the place of a shipped one silently.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from cchc_index.errors import Fault, Text, UnknownRuleset

RULES_FILE = "bo-tieu-chi.yaml"
CASES_FILE = "vi-du.yaml"
VARIABLE = "CCHC_RULESETS"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Where the shipped rulesets lie: inside the installed package, or beside `src` in a checkout."""
    packaged = _PACKAGE / "rulesets"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "rulesets"


def known_folders(added: Iterable[str | Path] = ()) -> Mapping[str, Path]:
    """The folder of every ruleset by its full id, sorted: shipped, named by `CCHC_RULESETS`, and added by the caller.

    Raises UnknownRuleset when a folder is not there or is itself a ruleset, or holds an id that another one holds too.
    """
    named = [Path(text) for text in os.environ.get(VARIABLE, "").split(os.pathsep) if text]
    found, faults = dict(_inside(shipped_folder())), list[Fault]()
    for root in dict.fromkeys(path.resolve() for path in [*named, *map(Path, added)]):
        faults += _no_root(root)
        for name, folder in _inside(root).items():
            if found.setdefault(name, folder) != folder:
                faults.append(_twice(name, found[name], folder))
    if faults:
        raise UnknownRuleset(faults)
    return dict(sorted(found.items()))


def holds_rules(folder: Path) -> bool:
    """Whether a ruleset lies in a folder; no name, however strange, is an error."""
    try:
        return (folder / RULES_FILE).is_file()
    except (OSError, ValueError):
        return False


def _inside(root: Path) -> dict[str, Path]:
    return dict(_shipped(root)) if root == shipped_folder() else _scanned(root)


def _scanned(root: Path) -> dict[str, Path]:
    return {file.parent.relative_to(root).as_posix(): file.parent for file in sorted(root.rglob(RULES_FILE))}


@cache
def _shipped(root: Path) -> dict[str, Path]:
    return _scanned(root)


def _no_root(root: Path) -> Iterator[Fault]:
    if not root.is_dir():
        message = Text(f"không có thư mục bộ tiêu chí «{root}»", f"there is no folder of rulesets «{root}»")
        yield Fault(message, hint=Text(f"xem {VARIABLE}", f"see {VARIABLE}"))
    elif holds_rules(root):
        vi, en = f"«{root}» là một bộ, không phải nơi chứa các bộ", f"«{root}» is one ruleset, not a folder of them"
        yield Fault(Text(vi, en), hint=Text("cần <mã>/<phiên bản>/ bên trong", "it must hold <id>/<version>/"))


def _twice(name: str, one: Path, other: Path) -> Fault:
    return Fault(
        Text(
            f"mã «{name}» có ở hai nơi: {one} và {other}; đổi mã hoặc phiên bản của bộ riêng",
            f"the id «{name}» stands in two places: {one} and {other}; rename the private set",
        )
    )
