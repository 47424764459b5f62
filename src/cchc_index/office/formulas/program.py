"""A ruleset as one program of formulas over input cells: compiled twice, the second time with the longest digits."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from cchc_index.criteria import Criterion, Policy, Ruleset
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import MOST, ZERO, Expr, TooLarge, added, largest, num, some, when
from cchc_index.office.formulas.inputs import Figure, Place, fixed_figure, read
from cchc_index.office.formulas.lines import PRINTED, TAKEN, Line, Lines, Whole, number_of, unit_of
from cchc_index.office.formulas.looks import View
from cchc_index.office.formulas.rules import Rows, Speaker
from cchc_index.office.formulas.scratch import WORKINGS, Formula, Scratch, reference
from cchc_index.office.formulas.values import Divider, Value
from cchc_index.scoring.generate import common_denominator
from cchc_index.sources import NOT_STATED

CHECKS = "KIEMTRA"
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
class Shown:
    """What the row of a criterion shows: points and applicable maximum in ten-thousandths, each with its state."""

    criterion: Criterion
    state: Expr
    points: Expr
    max_state: Expr
    maximum: Expr
    is_left_out: Expr


@frozen
class Program:
    """The compiled formulas: helper cells, states of the figures, the whole, and the holes by their state."""

    whole: Whole
    shown: tuple[Shown, ...]
    maximum: Expr
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
        shown = [one for line in (*whole.lines, *whole.adjustments) for one in self._shown(line, ZERO)]
        maximum = self._printed(Value(whole.maximum))[1]
        formulas = [*self.scratch.cells, *(cell for scratch in self.row_scratches for cell in scratch.cells)]
        return Program(
            whole,
            tuple(shown),
            maximum,
            self.divider,
            figures,
            records,
            row_states,
            flags,
            bad,
            dict(lines.holes),
            tuple(formulas),
        )

    def _printed(self, value: Value) -> tuple[Expr, Expr]:
        """A state, and points in ten-thousandths."""
        try:
            return ZERO, self.divider.rounded(value, PRINTED)
        except TooLarge:
            return num(states.BEYOND), ZERO

    def _shown(self, line: Line, above: Expr) -> Iterator[Shown]:
        """A criterion and those in it; below one that is not assessed they show what its policy gives them."""
        cell, criterion = self.scratch.cell, line.criterion
        printed_state, points = self._printed(line.value)
        max_state, maximum = self._printed(Value(line.maximum))
        whole = criterion.max_points
        silent = whole is NOT_STATED
        declared = self._printed(Value(ZERO if whole is NOT_STATED else num(int(whole * self.divider.common))))[1]
        is_own, is_full = above.equals(0), above.equals(number_of(Policy.FULL))
        is_taken = some(*(above.equals(number_of(policy)) for policy in TAKEN))
        whole_state = num(states.SILENT) if silent else ZERO
        yield Shown(
            criterion,
            cell(when(is_own, largest(line.state, printed_state), when(is_full, whole_state, 0)), criterion.code),
            cell(when(is_own, points, when(is_full, declared, 0))),
            cell(when(is_own, largest(line.max_state, max_state), when(is_taken, 0, whole_state))),
            cell(when(is_own, maximum, when(is_taken, 0, declared))),
            cell(when(above > 0, 1, when(line.exempt > 0, 1, 0))),
        )
        below = cell(when(is_own, line.exempt, above))
        for child in line.children:
            yield from self._shown(child, below)

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
