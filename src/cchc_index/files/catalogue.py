"""Find rulesets: those shipped inside the package, by id or by the decision's printed number; others by path."""

import re
from functools import cache
from pathlib import Path

from cchc_index.criteria import Ruleset
from cchc_index.errors import Fault, Text, UnknownRuleset, did_you_mean
from cchc_index.files.reading import RULES_FILE, read_ruleset

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Where the shipped rulesets lie: inside the installed package, or beside `src` in a checkout."""
    packaged = _PACKAGE / "rulesets"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "rulesets"


def rulesets() -> tuple[str, ...]:
    """The ids of the shipped rulesets, sorted; each ends in its version.

    >>> "vpcp/mot-cua/tt-01-2018" in rulesets()
    True
    """
    root = shipped_folder()
    return tuple(sorted(file.parent.relative_to(root).as_posix() for file in root.rglob(RULES_FILE)))


def load(name: str | Path) -> Ruleset:
    """A ruleset by id ("dong-nai/cap-xa/2022"), by the printed number of its decision ("01/2018/TT-VPCP"), or by path.

    A shipped id goes before a path of the same name. Raises UnknownRuleset, BadRuleset.

    >>> load("01/2018/TT-VPCP").id
    'vpcp/mot-cua'
    """
    folder = folder_of(name)
    return _shipped(folder) if folder.is_relative_to(shipped_folder()) else read_ruleset(folder)


@cache
def _shipped(folder: Path) -> Ruleset:
    return read_ruleset(folder)


def folder_of(name: str | Path) -> Path:
    """The folder (or file) of a ruleset. Raises UnknownRuleset."""
    known = rulesets()
    if isinstance(name, str) and name in known:
        return shipped_folder() / name
    if _exists(Path(name)):
        return Path(name)
    numbered = [identifier for identifier in known if _first_number(identifier) == str(name)]
    if len(numbered) == 1:
        return shipped_folder() / numbered[0]
    raise UnknownRuleset([_unknown(str(name), known, numbered)])


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _unknown(name: str, known: tuple[str, ...], numbered: list[str]) -> Fault:
    if numbered:
        several = ", ".join(numbered)
        return Fault(Text(f"«{name}» là số hiệu của nhiều bộ: {several}", f"«{name}» numbers several sets: {several}"))
    message = Text(
        f"«{name}» không phải mã, số hiệu hay đường dẫn; xem «cchc list»",
        f"«{name}» is no id, number or path; see `cchc list`",
    )
    versions = [identifier for identifier in known if identifier.startswith(name.rstrip("/") + "/")]
    if versions:
        listed = ", ".join(versions)
        return Fault(message, hint=Text(f"nêu cả phiên bản: {listed}", f"give the version too: {listed}"))
    return Fault(message, hint=did_you_mean(name, known))


_NUMBER_LINE = re.compile(r"^\s+so_hieu:\s*[\"']?([^\"'\n]+?)[\"']?\s*$", re.MULTILINE)


@cache
def _first_number(identifier: str) -> str | None:
    """The printed number of the first document of a shipped set, read without reading the whole set."""
    text = (shipped_folder() / identifier / RULES_FILE).read_text(encoding="utf-8")
    match = _NUMBER_LINE.search(text)
    return match[1] if match else None
