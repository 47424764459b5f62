"""Sound rulesets with one defect put in, each with the code that lint must then give for the spoiled leaf.

Longer than most modules: a list of two dozen defects, each a few lines that share nothing with the others.
"""

import datetime
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import NamedTuple

from attrs import evolve

from cchc_index.criteria import (
    Criterion,
    Exemption,
    Policy,
    Ruleset,
    SourceNote,
    Task,
)
from cchc_index.measures import (
    AllOf,
    Chosen,
    Fact,
    Interval,
    Linear,
    Ratio,
    Within,
    figure,
)
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Piece,
    Piecewise,
    Rule,
    Sum,
    Switch,
    Table,
    constant,
)
from cchc_index.sources import NOT_STATED, NoteKind
from cchc_index.testing.sound import (
    MAKERS,
    ONE,
    READ,
    ZERO,
    Leaf,
    awarded,
    checklist,
    criterion_of,
    deductions,
    levels,
    make_sound,
    mean,
    on_change,
    on_choice,
    on_count,
    on_percent,
    on_ratio,
    survey,
    tiers,
    whole_of,
)


def with_leaf(rules: Ruleset, code: str, leaf: Criterion) -> Ruleset:
    """The ruleset with one leaf in the place of another, the maxima above it made to fit."""
    areas = []
    for area in rules.criteria:
        children = tuple(leaf if child.code == code else child for child in area.children)
        areas.append(evolve(area, children=children, max_points=whole_of(children)))
    return evolve(rules, criteria=tuple(areas), max_points=whole_of(areas))


class Defect(NamedTuple):
    """A way to spoil a leaf: the leaves it fits, what it makes of one, and what lint must then say of it."""

    name: str
    makers: tuple[Callable[[Random, str], Leaf], ...]
    spoil: Callable[[Random, Criterion], Criterion]
    code: str


def _piecewise(leaf: Criterion) -> Piecewise:
    """The ladder of a leaf: its rule, that of its records, or what is left when a zero denominator is said."""
    rule = leaf.rule
    while not isinstance(rule, Piecewise):
        rule = rule.rule if isinstance(rule, Average) else rule.cases[-1].rule  # type: ignore[union-attr]
    return rule


def _with_piecewise(leaf: Criterion, ladder_: Piecewise) -> Criterion:
    def put(rule: Rule) -> Rule:
        match rule:
            case Average():
                return evolve(rule, rule=put(rule.rule))
            case Switch(cases):
                return evolve(rule, cases=(*cases[:-1], evolve(cases[-1], rule=put(cases[-1].rule))))
        return ladder_

    return evolve(leaf, rule=put(leaf.rule))  # type: ignore[arg-type]


def _pieces(leaf: Criterion, *pieces: Piece) -> Criterion:
    return _with_piecewise(leaf, evolve(_piecewise(leaf), pieces=pieces))


def open_both_ends(r: Random, leaf: Criterion) -> Criterion:
    """Under 90% and above 90%: exactly 90% is left out."""
    pieces = list(_piecewise(leaf).pieces)
    n = r.randrange(len(pieces) - 1)
    pieces[n] = evolve(pieces[n], interval=evolve(pieces[n].interval, high_closed=False))
    pieces[n + 1] = evolve(pieces[n + 1], interval=evolve(pieces[n + 1].interval, low_closed=False))
    return _pieces(leaf, *pieces)


def drop_band(r: Random, leaf: Criterion) -> Criterion:
    pieces = list(_piecewise(leaf).pieces)
    del pieces[r.randrange(len(pieces))]
    return _pieces(leaf, *pieces)


def close_both_ends(r: Random, leaf: Criterion) -> Criterion:
    """Up to 90% and from 90%: exactly 90% is in both."""
    pieces = list(_piecewise(leaf).pieces)
    n = r.randrange(len(pieces) - 1)
    pieces[n] = evolve(pieces[n], interval=evolve(pieces[n].interval, high_closed=True))
    pieces[n + 1] = evolve(pieces[n + 1], interval=evolve(pieces[n + 1].interval, low_closed=True))
    return _pieces(leaf, *pieces)


def below_nothing(_: Random, leaf: Criterion) -> Criterion:
    """A band for less than none."""
    pieces = list(_piecewise(leaf).pieces)
    first = pieces[0]
    low = Piece(Interval(high=ZERO), first.base, basis=READ)
    pieces[0] = evolve(first, interval=evolve(first.interval, low=ZERO, low_closed=True))
    return _pieces(leaf, low, *pieces)


def above_all(_: Random, leaf: Criterion) -> Criterion:
    """A band for more than the whole."""
    pieces = list(_piecewise(leaf).pieces)
    last = pieces[-1]
    high = Piece(Interval(low=ONE), last.base + last.slope, basis=READ)
    pieces[-1] = evolve(last, interval=evolve(last.interval, high=ONE, high_closed=True))
    return _pieces(leaf, *pieces, high)


def raise_points(_: Random, leaf: Criterion) -> Criterion:
    """One more point in the best band."""
    pieces = list(_piecewise(leaf).pieces)
    best = max(range(len(pieces)), key=lambda n: pieces[n].base + max(pieces[n].slope, ZERO))
    pieces[best] = evolve(pieces[best], base=pieces[best].base + 1)
    return _pieces(leaf, *pieces)


def raise_maximum(r: Random, leaf: Criterion) -> Criterion:
    assert isinstance(leaf.max_points, Fraction)
    return evolve(leaf, max_points=leaf.max_points + Fraction(r.randint(1, 4), 4))


def lower_maximum(_: Random, leaf: Criterion) -> Criterion:
    assert isinstance(leaf.max_points, Fraction)
    return evolve(leaf, max_points=leaf.max_points - Fraction(1, 4))


def swap_points(r: Random, leaf: Criterion) -> Criterion:
    """The points of two neighbours exchanged."""
    pieces = list(_piecewise(leaf).pieces)
    n = r.randrange(len(pieces) - 1)
    one, other = pieces[n], pieces[n + 1]
    pieces[n] = evolve(one, base=other.base, slope=other.slope)
    pieces[n + 1] = evolve(other, base=one.base, slope=one.slope)
    return _pieces(leaf, *pieces)


def forget_zero(_: Random, leaf: Criterion) -> Criterion:
    """Nothing said of a zero denominator any more."""
    ladder_ = _piecewise(leaf)
    assert isinstance(ladder_.measure, Ratio)
    silent = evolve(ladder_, measure=evolve(ladder_.measure, at_zero=NOT_STATED))
    return evolve(leaf, rule=silent, exemptions=())


def sink(_: Random, leaf: Criterion) -> Criterion:
    """The lowest band of a percent falls below zero."""
    first, *rest = _piecewise(leaf).pieces
    return _pieces(leaf, evolve(first, base=Fraction(-1, 4), slope=Fraction(1, 100)), *rest)


def drop_option(r: Random, leaf: Criterion) -> Criterion:
    assert isinstance(leaf.rule, Table)
    options = list(leaf.rule.options)
    del options[r.randrange(len(options))]
    return evolve(leaf, rule=evolve(leaf.rule, options=tuple(options)))


def drop_case(r: Random, leaf: Criterion) -> Criterion:
    """A level left out: of those that count alone, any; else the one that nothing else covers."""
    assert isinstance(leaf.rule, Switch)
    cases = list(leaf.rule.cases)
    del cases[r.randrange(len(cases)) if leaf.rule.choose is Choose.ONLY else -1]
    return evolve(leaf, rule=evolve(leaf.rule, cases=tuple(cases)))


def widen_case(_: Random, leaf: Criterion) -> Criterion:
    """The first level asked for without its measure: it then holds where the second one does."""
    assert isinstance(leaf.rule, Switch)
    first, second, *rest = leaf.rule.cases
    assert isinstance(first.when, AllOf)
    return evolve(leaf, rule=evolve(leaf.rule, cases=(evolve(first, when=first.when.parts[0]), second, *rest)))


def forbid_case(_: Random, leaf: Criterion) -> Criterion:
    """A level that asks for yes and no at once."""
    assert isinstance(leaf.rule, Switch)
    first, name = leaf.rule.cases[0], leaf.facts[0].name
    never = AllOf((first.when, Chosen(name, ("co",)), Chosen(name, ("khong",))))
    rule = evolve(leaf.rule, cases=(Case(never, constant(ZERO), READ), *leaf.rule.cases))
    return evolve(leaf, rule=rule)


def drop_reading(_: Random, leaf: Criterion) -> Criterion:
    return evolve(leaf, notes=())


def drop_floor(_: Random, leaf: Criterion) -> Criterion:
    assert isinstance(leaf.rule, Sum)
    return evolve(leaf, rule=evolve(leaf.rule, floor=None))


def wrong_step(_: Random, leaf: Criterion) -> Criterion:
    """Steps that do not come to the maximum."""
    assert isinstance(leaf.rule, Awarded)
    assert isinstance(leaf.max_points, Fraction)
    return evolve(leaf, rule=evolve(leaf.rule, step=leaf.max_points * Fraction(2, 3)))


def mix_units(_: Random, leaf: Criterion) -> Criterion:
    """A percent compared with a count."""
    ladder_, name = _piecewise(leaf), f"pha_{leaf.facts[0].name}"
    assert isinstance(ladder_.measure, Linear)
    mixed = Linear((*ladder_.measure.terms, (name, -1)))
    spoiled = _with_piecewise(leaf, evolve(ladder_, measure=mixed))
    return evolve(spoiled, facts=(*leaf.facts, Fact(name, "số lạc loại")))


def unused_figure(_: Random, leaf: Criterion) -> Criterion:
    return evolve(leaf, facts=(*leaf.facts, Fact(f"thua_{leaf.facts[0].name}", "số thừa")))


def same_label(_: Random, leaf: Criterion) -> Criterion:
    """Two figures that share a label; the second is used in an exemption."""
    twin = evolve(leaf.facts[0], name=f"sinh_doi_{leaf.facts[0].name}", part_of=None, given=None)
    when = Chosen(twin.name, (twin.options[0][0],)) if twin.options else Chosen(twin.name, ("co",))
    return evolve(leaf, facts=(*leaf.facts, twin), exemptions=(Exemption(Policy.UNCOUNTED, when, READ),))


def old_deadline(_: Random, leaf: Criterion) -> Criterion:
    """Last year's date left in place."""
    return evolve(leaf, tasks=(Task("Gửi báo cáo năm", due=datetime.date(2024, 11, 30)),))


def false_hole(_: Random, leaf: Criterion) -> Criterion:
    """A hole recorded where the bands have points."""
    ladder_ = _piecewise(leaf)
    inside = next(p.interval for p in ladder_.pieces)
    when = Within(ladder_.measure, inside)
    return evolve(leaf, notes=(SourceNote(NoteKind.HOLE, "không nói", "người lập", when),))


def clash(_: Random, leaf: Criterion) -> Criterion:
    """The same exemption twice, treated differently."""
    name = leaf.facts[0].name
    when = Chosen(name, ("k1",))
    both = tuple(Exemption(policy, when, READ) for policy in (Policy.REMOVED, Policy.FULL))
    return evolve(leaf, exemptions=both)


def never_exempt(_: Random, leaf: Criterion) -> Criterion:
    when = Within(figure(leaf.facts[0].name), Interval(high=ZERO))
    return evolve(leaf, exemptions=(Exemption(Policy.REMOVED, when, READ),))


def unread(_: Random, leaf: Criterion) -> Criterion:
    return evolve(leaf, notes=(SourceNote(NoteKind.CONTRADICTION, "hai chỗ trái nhau"),))


LADDERS = (on_count, on_ratio, on_percent, on_change)
DEFECTS = (
    Defect("open both ends", (on_count, on_ratio, on_change), open_both_ends, "khoang-ho"),
    Defect("drop a band", (*LADDERS, mean), drop_band, "khoang-ho"),
    Defect("close both ends", (*LADDERS, mean), close_both_ends, "chong-muc"),
    Defect("a band below none", (on_ratio, on_percent), below_nothing, "khong-bao-gio-dung"),
    Defect("a band above the whole", (on_ratio,), above_all, "khong-bao-gio-dung"),
    Defect("points above the maximum", (*LADDERS, mean), raise_points, "vuot-toi-da"),
    Defect("maximum lowered", (*MAKERS,), lower_maximum, "vuot-toi-da"),
    Defect("maximum raised", (*MAKERS,), raise_maximum, "khong-dat-toi-da"),
    Defect("points swapped", (on_count, on_change, mean), swap_points, "khong-don-dieu"),
    Defect("zero forgotten", (on_ratio, on_change, survey), forget_zero, "mau-so-bang-0"),
    Defect("below zero", (on_percent,), sink, "duoi-san"),
    Defect("an option left out", (on_choice,), drop_option, "khoang-ho"),
    Defect("a level left out", (levels,), drop_case, "khoang-ho"),
    Defect("a level never used", (levels,), forbid_case, "khong-bao-gio-dung"),
    Defect("no floor", (deductions,), drop_floor, "khong-noi-san"),
    Defect("a step that misses", (awarded,), wrong_step, "khong-dat-toi-da"),
    Defect("units mixed", (on_percent,), mix_units, "lan-don-vi"),
    Defect("a figure not used", (*MAKERS,), unused_figure, "so-lieu-thua"),
    Defect("two figures, one label", (on_choice, checklist), same_label, "hai-nghia"),
    Defect("last year's date", (*MAKERS,), old_deadline, "han-ngoai-ky"),
    Defect("a hole that is none", (on_count, on_percent, on_change), false_hole, "khoang-trong-khong-that"),
    Defect("exemptions that clash", (on_choice, tiers), clash, "mien-tru-chong-nhau"),
    Defect("an exemption that never applies", (deductions,), never_exempt, "mien-tru-khong-toi"),
    Defect("a contradiction nobody read", (on_count, on_choice), unread, "chua-co-cach-hieu"),
)


def make_spoiled(r: Random, defect: Defect) -> tuple[Ruleset, str]:
    """A sound ruleset with one defect in one of its leaves, and the code of that leaf."""
    rules = make_sound(r)
    code = r.choice([leaf.code for area in rules.criteria for leaf in area.children])
    leaf = criterion_of(r.choice(defect.makers)(r, code.replace(".", "_")), code)
    return with_leaf(rules, code, defect.spoil(r, leaf)), code


ALWAYS = frozenset({"khong-ban-ghi", "buoc-nhay"})
"""Notes that sound rulesets have too: no record at all says nothing, and bands are steps."""
