"""`diff(old, new)`: what changed from one version to another, in words, and what it does to points."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from attrs import evolve, fields, frozen

from cchc_index.canonical import digest
from cchc_index.comparing.bare import skeleton_of
from cchc_index.comparing.changes import Change, Kind, changed, items_changed
from cchc_index.comparing.effects import Effect, Verdict, effect_of, is_plainly_same
from cchc_index.comparing.entries import rule_changes
from cchc_index.comparing.grades import GradeWitness, grade_witnesses
from cchc_index.comparing.matching import Matched, Spot, matched, siblings
from cchc_index.comparing.wording import Facts, said, said_grade, same
from cchc_index.criteria import Application, Criterion, Grade, Ruleset
from cchc_index.errors import Text
from cchc_index.scoring.say import joined
from cchc_index.version import VERSION


@frozen
class Reference:
    """One version that was compared."""

    ruleset: str
    version: str
    digest: str


@frozen
class Diff:
    """Everything that differs between two versions, but for their id and version, which only name them.

    `effects` says of each changed criterion what that does to its own points. `is_same_score` is true where it is
    proved that every unit that gives all its figures gets the same points, index, grade and rank under both.
    """

    old: Reference
    new: Reference
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    grades: tuple[GradeWitness, ...]
    is_same_score: bool
    library: str = VERSION

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.changes


def diff(old: Ruleset, new: Ruleset) -> Diff:
    """What changed from `old` to `new`.

    Criteria are matched by code and name, then by name (moved), then by code (renamed). For each one that changed there
    is a smallest witness, the proof that its points are the same for all figures, or the plain word that neither was
    found. Pure; raises nothing.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> cchc.diff(rules, rules).is_same
    True
    """
    found = matched(old, new)
    facts = old.facts_by_name, new.facts_by_name
    changes, effects = list(_whole_changes(old, new, facts)), []
    changes += [Change(Kind.DROPPED, spot.code, said(spot.side.criterion, {}), None) for spot in found.dropped]
    changes += [Change(Kind.ADDED, spot.code, None, said(spot.side.criterion, {})) for spot in found.added]
    changes += _order_changes(found)
    reads_alike = facts[0] == facts[1]
    for one, other in found.pairs:
        own = [*_place_changes(one, other, found), *_criterion_changes(one.side.criterion, other.side.criterion, facts)]
        changes += own
        if own or not (reads_alike or is_plainly_same(one.side, other.side)):
            effects.append(effect_of(one.side, other.side))
    is_kept = all(effect.verdict is Verdict.SAME for effect in effects)
    is_same_score = is_kept and skeleton_of(old) == skeleton_of(new)
    shifts = tuple(grade_witnesses(old, new))
    return Diff(reference(old), reference(new), tuple(changes), tuple(effects), shifts, is_same_score)


def reference(rules: Ruleset) -> Reference:
    """The id, version and digest of a ruleset."""
    return Reference(rules.id, rules.version, digest(rules))


_KEYS: dict[str, tuple[Kind, Any]] = {
    "facts": (Kind.FIGURES, attrgetter("name")),
    "exemptions": (Kind.EXEMPTION, attrgetter("when")),
    "evidence": (Kind.EVIDENCE, str),
    "notes": (Kind.NOTES, attrgetter("kind", "text")),
    "observations": (Kind.OBSERVATIONS, attrgetter("name")),
    "tasks": (Kind.TASKS, attrgetter("name")),
    "documents": (Kind.DOCUMENTS, attrgetter("id")),
    "dropped": (Kind.REMOVED_BEFORE, attrgetter("code")),
}
"""The fields that are lists: the kind of their changes, and what tells their items apart."""

_FIELDS = {
    "name": Kind.RENAMED,
    "max_points": Kind.MAXIMUM,
    "citation": Kind.CITATION,
    "sentence": Kind.QUOTE,
    "direction": Kind.MEASURE,
    "supersedes": Kind.CITATION,
    "rounding": Kind.ROUNDING,
    "counts": Kind.COUNTS,
    "title": Kind.TITLE,
    "scope": Kind.SCOPE,
    "index_basis": Kind.INDEX,
    "ranking": Kind.RANKING,
}
"""The fields that are one value."""

_TOLD_ELSEWHERE = {"id", "version", "code", "children", "rule", "criteria", "adjustments", "scales", "application"}


def _field_changes(code: str, old: Any, new: Any, facts: tuple[Facts, Facts]) -> Iterator[Change]:
    """The changes of the plain fields of a criterion or a ruleset, in the order of its fields."""
    for name in (field.name for field in fields(type(old)) if field.name not in _TOLD_ELSEWHERE):
        one, other = getattr(old, name), getattr(new, name)
        if name in _KEYS:
            kind, key = _KEYS[name]
            say = tuple(lambda item, known=known: said(item, known) for known in facts)
            yield from items_changed(kind, code, (one, other), key, (say[0], say[1])) if one != other else ()
        else:
            yield from changed(_FIELDS[name], code, one, other, facts)


def _criterion_changes(old: Criterion, new: Criterion, facts: tuple[Facts, Facts]) -> Iterator[Change]:
    yield from _field_changes(new.code, old, new, facts)
    yield from rule_changes(new.code, (old.rule, new.rule), facts)


def _whole_changes(old: Ruleset, new: Ruleset, facts: tuple[Facts, Facts]) -> Iterator[Change]:
    yield from _field_changes("", old, new, facts)
    for field in fields(Application):
        one, other = (getattr(rules.application, field.name) for rules in (old, new))
        for change in changed(Kind.APPLICATION, "", one, other, facts):
            yield evolve(change, old=_named(field.name, change.old), new=_named(field.name, change.new))
    yield from _grade_changes(old, new, facts)


_NAMES = {
    "levels": Text("cấp", "levels"),
    "since": Text("từ ngày", "since"),
    "until": Text("đến ngày", "until"),
    "place": Text("nơi", "place"),
    "instrument": Text("công cụ", "instrument"),
    "replaces": Text("thay thế", "replaces"),
    "basis": Text("căn cứ", "basis"),
}
"""What the fields of an application are called."""


def _named(field: str, told: Text | None) -> Text:
    return joined((_NAMES[field], told or same("")), ": ")


Graded = tuple[tuple[Any, ...], Grade]


def _grade_changes(old: Ruleset, new: Ruleset, facts: tuple[Facts, Facts]) -> Iterator[Change]:
    """Grades dropped, changed and added, by scale and name; or the scales as a whole, where no grade tells."""
    lists = _graded(old), _graded(new)
    say = tuple(lambda item, known=known: _say_graded(item, known) for known in facts)
    found = list(items_changed(Kind.GRADES, "", lists, lambda item: item[0], (say[0], say[1])))
    yield from found or changed(Kind.GRADES, "", old.scales, new.scales, facts)


def _graded(rules: Ruleset) -> tuple[Graded, ...]:
    return tuple(((scale.on, scale.when, grade.name), grade) for scale in rules.scales for grade in scale.grades)


def _say_graded(item: Graded, facts: Facts) -> Text:
    (on, when, _), grade = item
    told = said_grade(grade, on, facts)
    return joined((said(when, facts), told), ": ") if when else told


def _place_changes(old: Spot, new: Spot, found: Matched) -> Iterator[Change]:
    """Whether a criterion stands elsewhere: another code, below another one, in the tree or outside it."""
    is_there = old.code == new.code and found.new_codes.get(old.parent) == new.parent
    if not is_there or old.side.kind != new.side.kind:
        yield Change(Kind.MOVED, new.code, _place(old), _place(new))


def _place(spot: Spot) -> Text:
    kind = spot.side.kind.value if spot.side.kind else ""
    return same(" / ".join(part for part in (kind, spot.parent, spot.code) if part))


def _order_changes(found: Matched) -> Iterator[Change]:
    """Where the criteria that stayed below the same one are in another order."""
    codes = found.new_codes
    stayed = [(one, other) for one, other in found.pairs if codes.get(one.parent) == other.parent]
    ones = siblings(sorted((one for one, _ in stayed), key=attrgetter("number")))
    others = siblings([other for _, other in stayed])
    for parent, below in ones.items():
        old, new = [codes[code] for code in below], others[codes[parent]]
        if old != new:
            yield Change(Kind.ORDER, codes[parent], same(", ".join(below)), same(", ".join(new)))
