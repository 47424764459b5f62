"""A ruleset as one program of formulas over input cells: compiled twice, the second time with the longest digits."""

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from cchc_index.criteria import Ruleset
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import MOST, ZERO, Expr, added, largest, when
from cchc_index.office.formulas.inputs import Figure, Place, fixed_figure, read
from cchc_index.office.formulas.lines import Lines, Whole, unit_of
from cchc_index.office.formulas.looks import View
from cchc_index.office.formulas.rules import Rows, Speaker
from cchc_index.office.formulas.scratch import WORKINGS, Formula, Scratch, reference
from cchc_index.office.formulas.values import Divider
from cchc_index.scoring.generate import common_denominator

CHECKS = "KIEM_TRA"
MOST_BASE = 10**6


@frozen
class ListPlaces:
    """Where the records of one list stand: for each row its cells by field, and the column of helper cells."""

    page: str
    rows: tuple[Mapping[str, Place], ...]
    column: int


@frozen
class Places:
    """Where everything stands that a unit fills in."""

    figures: Mapping[str, Place]
    lists: Mapping[str, ListPlaces]
    asked: Mapping[str, Place]
    period_end: Place
    claims: Mapping[str, Place]


@frozen
class Flag:
    """A cell that may be wrong, and the expression that is 1 when it is."""

    place: Place
    is_bad: Expr


@frozen
class Program:
    """The compiled formulas: helper cells, states of the figures, the whole, and the holes by their state."""

    whole: Whole
    divider: Divider
    figures: Mapping[str, Figure]
    records: Mapping[str, Rows]
    row_states: Mapping[str, tuple[Expr, ...]]
    flags: tuple[Flag, ...]
    bad: Expr
    holes: Mapping[str, int]
    formulas: tuple[Formula, ...]


def compiled(rules: Ruleset, places: Places) -> Program:
    """The formulas of a ruleset for input cells that stand in these places."""
    first = _Compiler(rules, places, 10).program()
    base = 10
    while base < MOST_BASE and base * 10 * first.divider.widest <= MOST:
        base *= 10
    return first if base == 10 else _Compiler(rules, places, base).program()


class _Compiler:
    def __init__(self, rules: Ruleset, places: Places, base: int) -> None:
        self.rules, self.places = rules, places
        self.scratch = Scratch(WORKINGS)
        self.divider = Divider(common_denominator(rules), unit_of(rules), self.scratch, base)
        self.row_scratches: list[Scratch] = []

    def program(self) -> Program:
        facts = dict(self.rules.facts_by_name)
        figures = self._figures(list(facts.values()))
        records, row_states = self._records(figures)
        flags = tuple(self._flags(figures, row_states))
        bad = self._bad(flags)
        speaker = Speaker(View(facts, figures, self.scratch), self.divider, records)
        lines = Lines(speaker, self.rules, self._asked())
        whole = lines.whole(bad)
        formulas = [*self.scratch.cells, *(cell for scratch in self.row_scratches for cell in scratch.cells)]
        return Program(
            whole, self.divider, figures, records, row_states, flags, bad, dict(lines.holes), tuple(formulas)
        )

    def _figures(self, facts: Sequence[Fact]) -> dict[str, Figure]:
        spread = [one for fact in facts for one in options_as_counts(fact)]
        found = read(spread, self.places.figures, self.scratch)
        fixed = [fact for fact in facts if fact.given is not None]
        return found | {fact.name: fixed_figure(fact, self.places.period_end, self.scratch) for fact in fixed}

    def _records(self, figures: Mapping[str, Figure]) -> tuple[dict[str, Rows], dict[str, tuple[Expr, ...]]]:
        records: dict[str, Rows] = {}
        states_of: dict[str, tuple[Expr, ...]] = {}
        for name, places in self.places.lists.items():
            fields, views, used, worst = self.rules.facts_by_name[name].fields, list[View](), list[Expr](), list[Expr]()
            facts = {**self.rules.facts_by_name, **{fact.name: fact for fact in fields}}
            for row in places.rows:
                first = next(iter(row.values()))
                scratch = Scratch(places.page, first.row, places.column, places.column, one_row=True)
                self.row_scratches.append(scratch)
                own = read(fields, row, scratch)
                views.append(View(facts, {**figures, **own}, scratch))
                filled = "*".join(f"ISBLANK({place.address})" for place in row.values())
                is_used = Expr(f"1-{filled}", int(any(place.given is not None for place in row.values())), 0, 1)
                used.append(scratch.cell(is_used))
                state = largest(ZERO, *(figure.state for figure in own.values()))
                worst.append(scratch.cell(when(used[-1].equals(1), state, 0)))
            records[name], states_of[name] = Rows(tuple(views), tuple(used)), tuple(worst)
        return records, states_of

    def _flags(self, figures: Mapping[str, Figure], row_states: Mapping[str, tuple[Expr, ...]]) -> list[Flag]:
        flags = [Flag(place, _is_wrong(figures[name].state)) for name, place in self.places.figures.items()]
        for name, worst in row_states.items():
            rows = self.places.lists[name].rows
            flags += [Flag(next(iter(row.values())), _is_wrong(one)) for row, one in zip(rows, worst, strict=True)]
        for place in (self.places.period_end, *self.places.claims.values()):
            cell = place.address
            flags.append(Flag(place, Expr(f'IF(ISBLANK({cell}),0,IF(ISNUMBER({cell}),0,IF({cell}="",0,1)))', 0, 0, 1)))
        return flags

    def _bad(self, flags: Sequence[Flag]) -> Expr:
        first, last = reference(CHECKS, 0, 0), reference(CHECKS, len(flags) - 1, 0).rpartition("!")[2]
        total = added([flag.is_bad for flag in flags])
        return self.scratch.cell(Expr(f"SUM({first}:{last})", total.number, 0, len(flags)), "số ô cần sửa")

    def _asked(self) -> dict[str, Expr]:
        return {
            code: self.scratch.cell(
                Expr(f"IF(LEN(TRIM({place.address}))>0,1,0)", int(place.given is not None), 0, 1), code
            )
            for code, place in self.places.asked.items()
        }


def _is_wrong(state: Expr) -> Expr:
    return when(state > states.MISSING, 1, 0)


def options_as_counts(fact: Fact) -> tuple[Fact, ...]:
    """The figures that stand in cells of their own: one count for each option of a survey."""
    if fact.type is not FactType.SURVEY:
        return (fact,)
    counts = ((f"{fact.name}.{option}", f"{fact.label}: {label}") for option, label in fact.options)
    return tuple(evolve(fact, name=name, label=label, type=FactType.COUNT, options=()) for name, label in counts)
