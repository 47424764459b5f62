"""A rule taken apart into the entries of its table, so that two rules can be compared line by line."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from cchc_index.comparing.changes import Change, Kind
from cchc_index.comparing.wording import Facts, said, same
from cchc_index.errors import Text
from cchc_index.points import in_points
from cchc_index.rules import Average, Awarded, Option, Piece, Piecewise, Rule, Sum, Switch, Table
from cchc_index.scoring.say import joined, rows_of, say_basis, say_interval, say_points, unit_of
from cchc_index.sources import NOT_STATED, Basis, NotStated

MaybeRule = Rule | NotStated


@frozen
class Entry:
    """One line of a rule: where it stands (measure, conditions, labels), its bound, what it gives, its sentence."""

    where: tuple[Hashable, ...]
    bound: Hashable
    gives: Hashable
    basis: Basis
    say: Callable[[], Text]
    """The line in words without its sentence: said only for the lines that changed."""

    @property
    def told(self) -> Text:
        return self.say()

    @property
    def words(self) -> Text:
        """The line in words, with its sentence."""
        return self.told if self.basis is NOT_STATED else joined((self.told, say_basis(self.basis)), " ")


def entries_of(rule: MaybeRule, facts: Facts, where: tuple[Hashable, ...] = ()) -> Iterator[Entry]:
    """The lines of a rule, those of the rules inside it too."""
    match rule:
        case Piecewise(measure, pieces):
            told = partial(_piece_told, (*where, measure), facts)
            for piece in pieces:
                gives = piece.base, piece.slope
                yield Entry((*where, measure), piece.interval, gives, piece.basis, partial(told, piece))
        case Table(fact, options):
            told = partial(_option_told, (*where, fact), facts)
            for option in options:
                yield Entry((*where, fact), option.name, option.points, option.basis, partial(told, option))
        case Sum():
            yield from _sum_entries(rule, facts, where)
        case Switch(cases, choose):
            yield Entry(where, "choose", choose, NOT_STATED, partial(_told, where, facts, choose))
            for case in cases:
                yield from _inner_entries(case.rule, case.basis, facts, (*where, case.when))
        case Average(records, inner, rounding):
            there = (*where, records)
            yield Entry(there, "rounding", rounding, NOT_STATED, partial(_told, there, facts, rounding))
            yield from entries_of(inner, facts, there)
        case Awarded(fact, low, high, step, basis):
            there, gives_all = (*where, fact), (low, high, step)
            yield Entry(there, "awarded", gives_all, basis, partial(_told, there, facts, gives_all))


def _sum_entries(rule: Sum, facts: Facts, where: tuple[Hashable, ...]) -> Iterator[Entry]:
    if rule.base or not rule.terms:
        yield Entry(where, "base", rule.base, NOT_STATED, partial(_told, where, facts, in_points(rule.base)))
    for number, term in enumerate(rule.terms):
        yield from _inner_entries(term.rule, term.basis, facts, (*where, term.label or str(number + 1)))
    for limit, vi, en in ((rule.floor, "không thấp hơn", "at least"), (rule.cap, "không quá", "at most")):
        if limit is not None:
            told = partial(_told, where, facts, in_points(limit), Text(vi, en))
            yield Entry(where, en, limit, NOT_STATED, told)


def _inner_entries(rule: Rule, basis: Basis, facts: Facts, where: tuple[Hashable, ...]) -> Iterator[Entry]:
    if basis is not NOT_STATED:
        yield Entry(where, "basis", None, basis, partial(_head, where, facts))
    yield from entries_of(rule, facts, where)


def _piece_told(where: tuple[Hashable, ...], facts: Facts, piece: Piece) -> Text:
    measure: Any = where[-1]
    bound = say_interval(piece.interval, unit_of(measure, facts))
    return _told(where, facts, say_points(piece.base, piece.slope, measure), bound)


def _option_told(where: tuple[Hashable, ...], facts: Facts, option: Option) -> Text:
    fact: Any = where[-1]
    labels = dict(facts[fact].options) if fact in facts else {}
    return _told(where, facts, in_points(option.points), same(labels.get(option.name, option.name)))


def _told(where: Sequence[Hashable], facts: Facts, gives: Any, *bound: Text) -> Text:
    return joined([*([_head(where, facts, *bound)] if where or bound else []), said(gives, facts)], " → ")


def _head(where: Sequence[Hashable], facts: Facts, *bound: Text) -> Text:
    return joined([*(_context(item, facts) for item in where), *bound], ", ")


def _context(item: Any, facts: Facts) -> Text:
    return same(facts[item].label) if isinstance(item, str) and item in facts else said(item, facts)


def rule_changes(code: str, rules: tuple[MaybeRule, MaybeRule], facts: tuple[Facts, Facts]) -> Iterator[Change]:
    """What changed from one rule to the other: levels dropped and added, their bounds, points and sentences."""
    if rules[0] == rules[1]:
        return
    is_shaped = type(rules[0]) is type(rules[1])
    found = [] if is_shaped else [Change(Kind.SHAPE, code, *(_shape(rule) for rule in rules))]
    old, new = (list(entries_of(rule, known)) for rule, known in zip(rules, facts, strict=True))
    for kind, key in _PAIRINGS:
        pairs, old, new = _paired(old, new, key)
        found += [
            _line_change(code, kind(one, other), one, other) for one, other in pairs if _line(one) != _line(other)
        ]
    found += [Change(Kind.BAND, code, entry.words, None) for entry in old]
    found += [Change(Kind.BAND, code, None, entry.words) for entry in new]
    yield from found or [Change(Kind.SHAPE, code, *(_rows(r, known) for r, known in zip(rules, facts, strict=True)))]


def _line_change(code: str, kind: Kind, one: Entry, other: Entry) -> Change:
    """The change of one line; its sentence is told only where it is another one."""
    is_told = one.basis != other.basis
    return Change(kind, code, *((entry.words if is_told else entry.told) for entry in (one, other)))


def _line(entry: Entry) -> tuple[Hashable, ...]:
    return entry.where, entry.bound, entry.gives, entry.basis


def _changed_there(one: Entry, other: Entry) -> Kind:
    return Kind.QUOTE if one.gives == other.gives else Kind.POINTS


def _changed_bounds(one: Entry, other: Entry) -> Kind:
    return Kind.MEASURE if one.bound == other.bound else Kind.BOUNDS


_PAIRINGS: tuple[tuple[Callable[[Entry, Entry], Kind], Callable[[Entry], Hashable]], ...] = (
    (_changed_there, _line),
    (_changed_there, lambda entry: (entry.where, entry.bound)),
    (_changed_bounds, lambda entry: (entry.where, entry.gives, entry.basis)),
    (_changed_bounds, lambda entry: (entry.gives, entry.basis)),
    (_changed_bounds, lambda entry: (entry.where, entry.gives)),
)
"""How the lines of two rules are put side by side: first by all they say, at last by where they stand and give."""

Pairs = list[tuple[Entry, Entry]]


def _paired(
    old: list[Entry], new: list[Entry], key: Callable[[Entry], Hashable]
) -> tuple[Pairs, list[Entry], list[Entry]]:
    """The lines with the same key, in order, and those left over on both sides."""
    groups: dict[Hashable, list[Entry]] = {}
    for entry in new:
        groups.setdefault(key(entry), []).append(entry)
    pairs: Pairs = []
    rest = []
    for entry in old:
        group = groups.get(key(entry))
        if group:
            pairs.append((entry, group.pop(0)))
        else:
            rest.append(entry)
    left = {id(entry) for group in groups.values() for entry in group}
    return pairs, rest, [entry for entry in new if id(entry) in left]


_SHAPES = {
    Piecewise: Text("bậc thang", "by intervals"),
    Table: Text("chọn một", "by option"),
    Sum: Text("cộng dồn", "a sum"),
    Switch: Text("theo mức", "by level"),
    Average: Text("trung bình", "a mean over records"),
    Awarded: Text("chấm trực tiếp", "awarded"),
    NotStated: Text("không quy định", "not stated"),
}


def _shape(rule: MaybeRule) -> Text:
    return _SHAPES[type(rule)]


def _rows(rule: MaybeRule, facts: Facts) -> Text:
    return said(rule, facts) if rule is NOT_STATED else joined((text for text, _ in rows_of(rule, facts)), " | ")
