"""Find rulesets: by id, by the decision's printed number, by path, or by place, level and date."""

import datetime
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar

from cchc_index.criteria import Instrument, Level, Ruleset
from cchc_index.errors import Fault, Text, UnknownRuleset, did_you_mean
from cchc_index.files.folders import RULES_FILE, known_folders, shipped_folder
from cchc_index.files.levels import tenures
from cchc_index.files.reading import read_ruleset
from cchc_index.finding import Asked, in_force

Folders = Iterable[str | Path]
E = TypeVar("E", bound=Enum)


def rulesets(*, folders: Folders = ()) -> tuple[str, ...]:
    """The ids of the rulesets at hand, sorted; each ends in its version.

    Shipped ones, those of the folders named in `CCHC_RULESETS`, and those of `folders`. Raises UnknownRuleset.

    >>> "vpcp/mot-cua/tt-01-2018" in rulesets()
    True
    """
    return tuple(known_folders(folders))


def load(name: str | Path, *, folders: Folders = ()) -> Ruleset:
    """A ruleset by id ("dong-nai/cap-xa/2022"), by the printed number of its decision ("01/2018/TT-VPCP"), or by path.

    A known id goes before a path of the same name. Raises UnknownRuleset, BadRuleset.

    >>> load("01/2018/TT-VPCP").id
    'vpcp/mot-cua'
    """
    known = known_folders(folders)
    return _read(folder_of(name, known=known), known)


def find(
    *,
    place: str,
    level: str | Level,
    on: datetime.date,
    instrument: str | Instrument = Instrument.CCHC,
    folders: Folders = (),
) -> Ruleset:
    """The ruleset in force for a place and a level on a day. There is no implicit latest: the day decides.

    `place` is written from small to large ("Xuân Lộc, Đồng Nai"); a set for the whole country holds everywhere, and one
    for a larger place holds inside it. Raises UnknownRuleset when none is in force (it names those that are near, and
    those whose dates their decision does not state), or when two are; BadRuleset.

    >>> import datetime
    >>> find(place="Xuân Lộc, Đồng Nai", level="xã", on=datetime.date(2020, 6, 1), instrument="mot_cua").version
    'tt-01-2018'
    """
    known = known_folders(folders)
    sets = (_read(folder, known) for folder in known.values())
    return in_force(sets, Asked(place, _word(level, Level), on, _word(instrument, Instrument)), tenures())


def _word(word: str | E, kind: type[E]) -> E:
    """A word of the files as the value it names. Raises UnknownRuleset."""
    try:
        return kind(word)
    except ValueError:
        words = [str(one.value) for one in kind]
        listed = ", ".join(f"«{one}»" for one in words)
        message = Text(f"«{word}» không phải một trong: {listed}", f"«{word}» is not one of: {listed}")
        raise UnknownRuleset([Fault(message, hint=did_you_mean(str(word), words))]) from None


def _read(folder: Path, known: Mapping[str, Path]) -> Ruleset:
    return _shipped(folder) if folder.is_relative_to(shipped_folder()) else read_ruleset(folder, known)


@cache
def _shipped(folder: Path) -> Ruleset:
    return read_ruleset(folder, known_folders())


def folder_of(name: str | Path, *, known: Mapping[str, Path] | None = None) -> Path:
    """The folder (or file) of a ruleset. Raises UnknownRuleset."""
    known = known_folders() if known is None else known
    if isinstance(name, str) and name in known:
        return known[name]
    if _exists(Path(name)):
        return Path(name)
    numbered = [identifier for identifier, folder in known.items() if _first_number(folder) == str(name)]
    if len(numbered) == 1:
        return known[numbered[0]]
    raise UnknownRuleset([_unknown(str(name), tuple(known), numbered)])


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
def _first_number(folder: Path) -> str | None:
    """The printed number of the first document of a set, read without reading the whole set."""
    text = (folder / RULES_FILE).read_text(encoding="utf-8")
    match = _NUMBER_LINE.search(text)
    return match[1] if match else None
