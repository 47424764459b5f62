"""The six rules of the core over the pool."""

from fractions import Fraction
from random import Random

from cchc_index.criteria import (
    Points,
)
from cchc_index.measures import (
    AllOf,
    Chosen,
    Condition,
)
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
    constant,
    parts_of,
)
from cchc_index.sources import NOT_STATED, Basis, Quote, Reading
from cchc_index.testing.numbers import POINTS, STEPS, chance
from cchc_index.testing.pool.measures import (
    CITATION,
    RECORD_CHOICES,
    RECORD_NUMBERS,
    UNIT_CHOICES,
    UNIT_NUMBERS,
    make_bands,
    make_condition,
    make_measure,
)

BASES: tuple[Basis, ...] = (
    NOT_STATED,
    Quote("Từ 90%: 1 điểm", CITATION),
    Quote("Dưới 90%: 0 điểm", CITATION, "đọc bằng mắt; người lập"),
    Reading("đọc", "người lập"),
)
SLOPES = (Fraction(0), Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(2, 3))


def make_piecewise(r: Random, *, record: bool = False) -> Piecewise:
    measure = make_measure(r, RECORD_NUMBERS if record else UNIT_NUMBERS)
    pieces = [Piece(interval, r.choice(POINTS), r.choice(SLOPES), r.choice(BASES)) for interval in make_bands(r)]
    return Piecewise(measure, tuple(pieces))


def make_table(r: Random, *, record: bool = False) -> Table:
    choices = RECORD_CHOICES if record else UNIT_CHOICES
    fact = r.choice(sorted(choices))
    names = r.sample(choices[fact], len(choices[fact]) - chance(r, 10))
    return Table(fact, tuple(Option(name, r.choice(POINTS), r.choice(BASES)) for name in names))


def make_awarded(r: Random) -> Awarded:
    by: Points = Fraction(1, 4) if chance(r, 3) else NOT_STATED
    return Awarded(
        "g", r.choice((Fraction(0), Fraction(0), None)), r.choice((Fraction(2), Fraction(3), None)), by, r.choice(BASES)
    )


def make_sum(r: Random, *, record: bool, depth: int) -> Sum:
    rules = [make_rule(r, record=record, depth=depth) for _ in range(r.randrange(4))]
    terms = [Term(rule, r.choice(("", "mục")), r.choice(BASES)) for rule in rules]
    floor = r.choice((None, None, Fraction(0), Fraction(-1, 2)))
    return Sum(tuple(terms), r.choice((Fraction(0), *POINTS)), floor, r.choice((None, None, Fraction(1), Fraction(2))))


def make_switch(r: Random, *, record: bool, depth: int) -> Switch:
    """First, only or best; most often with a case that holds whatever the figures."""
    choose, plain = r.choice(list(Choose)), chance(r, 2)

    def case(when: Condition) -> Case:
        rule = constant(r.choice(POINTS)) if plain else make_rule(r, record=record, depth=depth)
        return Case(when, rule, r.choice(BASES))

    if choose is Choose.ONLY and not chance(r, 4):
        fact, names = ("z", RECORD_CHOICES["z"]) if record else ("u", UNIT_CHOICES["u"])
        return Switch(tuple(case(Chosen(fact, (name,))) for name in names), choose)
    whens = [make_condition(r, record=record) for _ in range(r.randint(1, 3))]
    if choose is not Choose.ONLY and not chance(r, 4):
        whens.append(AllOf(()))
    return Switch(tuple(case(when) for when in whens), choose)


def make_rule(r: Random, *, record: bool = False, depth: int = 2) -> Rule:
    """Any rule; inside records, one that looks at one record."""
    kind = r.randrange(10 if depth else 5)
    if kind < 3:
        return make_piecewise(r, record=record)
    if kind == 3 or (record and kind == 4):
        return make_table(r, record=record)
    if kind == 4:
        return make_awarded(r)
    if kind < 7:
        return make_sum(r, record=record, depth=depth - 1)
    if kind < 9 or record:
        return make_switch(r, record=record, depth=depth - 1)
    return make_average(r, depth=depth - 1)


def make_average(r: Random, *, depth: int) -> Average:
    rounding = Rounding(r.choice(STEPS)) if chance(r, 2) else None
    return Average("r", make_rule(r, record=True, depth=depth), rounding)


def rules_in(rule: Rule) -> list[Rule]:
    """A rule and every rule inside it."""
    return [rule, *(inner for part in parts_of(rule) for inner in rules_in(part))]
