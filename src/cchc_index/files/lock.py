"""rulesets.lock: the digests of the published versions, one line each. A version that stands there never changes.

A version is published once its line is in the lock. Each line holds the full id and three digests: of the rules in
their canonical form (see `canonical`), of the stored source texts, and of the golden scores (see `golden`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import fields, frozen

from cchc_index.canonical import SCHEME, digest, digest_of_sources
from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files.folders import RULES_FILE, known_folders
from cchc_index.files.golden import golden_digest
from cchc_index.files.reading import read_ruleset, stored_texts
from cchc_index.files.strict import Unreadable, read_text

LOCK_FILE = "rulesets.lock"
HEADER = """\
# cchc-index/lock/1
# Mỗi dòng là một phiên bản đã công bố: mã, rồi dấu của quy tắc, của bản lưu nguồn, của điểm các ví dụ.
# Each line is a published version: its id, then the digests of rules, stored sources, scores of the worked cases.
# Không sửa tay; chạy / written by: cchc lock
"""


@frozen
class Locked:
    """The digests of one version."""

    rules: str
    sources: str
    golden: str


@frozen
class LockState:
    """How the versions of a folder stand to its lock: those that hold, the new ones, and what is wrong with others."""

    locked: Mapping[str, Locked]
    added: Mapping[str, Locked]
    faults: tuple[Fault, ...]

    @property
    def text(self) -> str:
        """The lock with the new versions in it."""
        return written({**self.locked, **self.added})


_PARTS = {
    "rules": Text("quy tắc", "the rules"),
    "sources": Text("bản lưu nguồn", "the stored sources"),
    "golden": Text("điểm của ví dụ", "the scores of the worked cases"),
}


def lock_state(root: Path) -> LockState:
    """Hold every version under a folder against the lock there. Raises BadRuleset for what cannot be read."""
    locked, current = read_lock(root / LOCK_FILE), dict(current_digests(root))
    faults = [fault for name, was in locked.items() for fault in _faults(name, was, current.get(name))]
    return LockState(locked, {name: now for name, now in current.items() if name not in locked}, tuple(faults))


def _faults(name: str, was: Locked, now: Locked | None) -> Iterator[Fault]:
    if now is None:
        yield Fault(Text("phiên bản đã công bố không còn", "a published version is gone"), (name,))
        return
    parts = [_PARTS[field.name] for field in fields(Locked) if getattr(was, field.name) != getattr(now, field.name)]
    if parts:
        vi, en = ", ".join(part.vi for part in parts), ", ".join(part.en for part in parts)
        hint = Text("sửa là thêm một phiên bản mới", "a correction is a new version")
        yield Fault(Text(f"đã công bố mà đổi: {vi}", f"published, and changed: {en}"), (name,), hint=hint)


def current_digests(root: Path) -> Iterator[tuple[str, Locked]]:
    """The digests of every version under a folder as it stands, sorted by id. Raises BadRuleset."""
    own = {file.parent.relative_to(root).as_posix(): file.parent for file in sorted(root.rglob(RULES_FILE))}
    known = {**known_folders(), **own}
    for name, folder in sorted(own.items()):
        rules = read_ruleset(folder, known)
        yield name, Locked(digest(rules), digest_of_sources(stored_texts(rules, folder)), golden_digest(rules, folder))


def read_lock(file: Path) -> dict[str, Locked]:
    """The lines of a lock by id; none where there is no such file. Raises BadRuleset."""
    if not file.exists():
        return {}
    try:
        lines = read_text(file).splitlines()
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None
    found: dict[str, Locked] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, *digests = line.split()
            if len(digests) != len(_PARTS) or not all(one.startswith(SCHEME) for one in digests) or name in found:
                message = Text(
                    "không phải một dòng khóa, hoặc mã lặp", "not a line of a lock, or an id that comes twice"
                )
                raise BadRuleset([Fault(message, place=f"{file.name}:{number}")])
            found[name] = Locked(*digests)
    return found


def written(locked: Mapping[str, Locked]) -> str:
    """The text of a lock: one line for each version, sorted by id."""
    lines = (f"{name} {one.rules} {one.sources} {one.golden}\n" for name, one in sorted(locked.items()))
    return HEADER + "".join(lines)
