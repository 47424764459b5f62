"""Find rulesets: by id, by the decision's printed number, by path, or by place, level and date."""

import datetime
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

from cchc_index.criteria import Instrument, Level, Ruleset
from cchc_index.errors import BadRuleset, Fault, Text, UnknownRuleset, did_you_mean
from cchc_index.files.folders import RULES_FILE, holds_rules, known_folders, shipped_folder
from cchc_index.files.levels import tenures
from cchc_index.files.reading import read_ruleset
from cchc_index.files.strict import Unreadable, read_text
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
    folder = folder_of(name, known=known)
    identifier = next((one for one, place in known.items() if place == folder), None)
    return read_ruleset(folder, known) if identifier is None else _known(identifier, known)


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
    day = on.date() if isinstance(on, datetime.datetime) else on
    asked = Asked(place, _word(level, Level), day, _word(instrument, Instrument))
    return in_force([_known(identifier, known) for identifier in known], asked, tenures())


def _word(word: str | E, kind: type[E]) -> E:
    """A word of the files as the value it names. Raises UnknownRuleset."""
    try:
        return kind(normalize("NFC", word).strip().lower() if isinstance(word, str) else word)
    except ValueError:
        words = [str(one.value) for one in kind]
        listed = ", ".join(f"«{one}»" for one in words)
        message = Text(f"«{word}» không phải một trong: {listed}", f"«{word}» is not one of: {listed}")
        raise UnknownRuleset([Fault(message, hint=did_you_mean(str(word), words))]) from None


def _known(identifier: str, known: Mapping[str, Path]) -> Ruleset:
    """The ruleset that goes by an id. Raises BadRuleset, also for one whose file says another id."""
    folder = known[identifier]
    if folder.is_relative_to(shipped_folder()):
        return _shipped(identifier, folder)
    label = f"{identifier}/{RULES_FILE}"
    rules = read_ruleset(folder, known, label)
    if rules.full_id != identifier:
        vi = f"thư mục «{identifier}» chứa bộ «{rules.full_id}»; thư mục phải là <mã>/<phiên bản>"
        en = f"the folder «{identifier}» holds the set «{rules.full_id}»; it must be <id>/<version>"
        raise BadRuleset([Fault(Text(vi, en), place=f"{label}:1")])
    return rules


@cache
def _shipped(identifier: str, folder: Path) -> Ruleset:
    return read_ruleset(folder, known_folders(), f"{identifier}/{RULES_FILE}")


def folder_of(name: str | Path, *, known: Mapping[str, Path] | None = None) -> Path:
    """The folder (or file) of a ruleset. Raises UnknownRuleset, BadRuleset."""
    known = known_folders() if known is None else known
    identifier = str(name).replace("\\", "/").rstrip("/")
    if isinstance(name, str) and identifier in known:
        return known[identifier]
    if _exists(Path(name)):
        return _with_rules(Path(name))
    numbered = [identifier for identifier, folder in known.items() if _first_number(folder) == str(name)]
    if len(numbered) == 1:
        return known[numbered[0]]
    raise UnknownRuleset([_unknown(str(name), tuple(known), numbered)])


def _with_rules(path: Path) -> Path:
    """The path, where it is a file or a folder that holds a ruleset. Raises BadRuleset, naming the sets below it."""
    if path.is_file() or holds_rules(path):
        return path
    below = [file.parent.as_posix() for file in sorted(path.glob(f"*/{RULES_FILE}")) + sorted(path.glob(_DEEPER))]
    message = Text(f"không có tệp này trong thư mục «{path}»", f"no such file in the folder «{path}»")
    listed = ", ".join(f"«{one}»" for one in below[:3])
    hint = Text(f"ý bạn là {listed}?", f"did you mean {listed}?") if below else None
    raise BadRuleset([Fault(message, place=RULES_FILE, hint=hint)])


_DEEPER = f"*/*/{RULES_FILE}"


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
    try:
        match = _NUMBER_LINE.search(read_text(folder / RULES_FILE))
    except Unreadable:
        return None
    return match[1] if match else None
