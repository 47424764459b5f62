"""A new ruleset folder, commented, ready to be filled in; and what is still to be filled in there."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files.folders import CASES_FILE, RULES_FILE

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
BLANK = "ĐIỀN"
_LAYER, _SOURCE = "lop.yaml", "nguon/VB.md"
_FULL_ID = re.compile(r"(?P<id>[a-z0-9-]+(?:/[a-z0-9-]+)+)/(?P<version>[^/\s\"\\]+)")


def start(full_id: str, root: Path, *, level: str, layer: tuple[str, str] | None = None) -> tuple[Path, ...]:
    """Write the folder `<root>/<id>/<version>` of a new ruleset and give its files.

    `layer` is the key (`ke_thua` or `sua_doi`) and the set below, for a ruleset in layers. Raises BadRuleset when the
    id has no version, or the folder is there already: nothing is ever overwritten.
    """
    full = id_and_version(full_id)
    folder = root / full_id
    if folder.exists():
        raise BadRuleset(
            [Fault(Text(f"đã có «{folder}», không ghi đè", f"«{folder}» is there; nothing is overwritten"))]
        )
    key, below = layer or ("", "")
    words = {"ma": full[0], "phien_ban": full[1], "cap": level, "khoa": key, "duoi": below}
    names = {RULES_FILE: _LAYER, _SOURCE: _SOURCE} if layer else {n: n for n in (RULES_FILE, CASES_FILE, _SOURCE)}
    return tuple(_filled(folder / name, TEMPLATES / template, words) for name, template in names.items())


def id_and_version(full_id: str) -> tuple[str, str]:
    """The id and the version of a full id. Raises BadRuleset.

    >>> id_and_version("ha-noi/cap-xa/2026")
    ('ha-noi/cap-xa', '2026')
    """
    match = _FULL_ID.fullmatch(full_id)
    if match is None:
        raise BadRuleset([Fault(_no_id(full_id))])
    return match["id"], match["version"]


def _no_id(full_id: str) -> Text:
    return Text(
        f"«{full_id}»: cần mã và phiên bản, chữ thường không dấu, như ha-noi/cap-xa/2026",
        f"«{full_id}»: expected an id and a version in plain lower case, such as ha-noi/cap-xa/2026",
    )


def _filled(file: Path, template: Path, words: Mapping[str, str]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(Template(template.read_text("utf-8")).substitute(words), "utf-8", newline="\n")
    return file


def blanks(folder: Path) -> Iterator[tuple[str, str]]:
    """What is still to be filled in: the file and line of each blank, and what it asks for."""
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("nguon/*")]):
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
            asked = line.split("#")[0] if file.suffix == ".yaml" else line
            if BLANK in asked:
                yield f"{file.relative_to(folder).as_posix()}:{number}", asked.partition(BLANK)[2].strip(" :\"}],'")
