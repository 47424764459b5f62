"""One command that runs the same units of one plain set through this library and through other engines, and counts
the wrong results of each: an index that differs in its second decimal of a percent, or another grade.

    python benchmarks/peers.py                     20,000 units by columns, 1,000 through engines of one unit at a time
    python benchmarks/peers.py --rows 1000000 --each 2000

The peers are an extra (`pip install 'cchc-index[peers]'`); one that is not installed or fails says so with its error.
Each way runs in a process of its own: seconds to load and make it ready, units a second, and how much memory grew.
Every way gets the same whole numbers, yes and no, and words, read from no file; wrong results are counted against the
exact engine for the units that it is asked to score, against columns for the others.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from batch_data import PERIOD, plain_set, units_for
from held import held

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Interval, Ratio
from cchc_index.points import round_half_up
from cchc_index.rules import Piecewise, Sum, Table

Rows = list[dict[str, Any]]
Results = list[tuple[int, str]]
"""The index in hundredths of a percent, and the grade."""
PACKAGES = {
    "zen-engine": "zen-engine",
    "OpenFisca": "openfisca-core",
    "CEL (Rust)": "common-expression-language",
    "CEL (Python)": "cel-python",
    "json-logic": "json-logic-qubit",
    "rule-engine": "rule-engine",
    "Polars, floats": "polars",
    "NumPy, floats": "numpy",
}


# -- the set in the words of an expression language --------------------------------------------------------------------


def expressions(rules: Ruleset, write: Any) -> list[str]:
    """The points of every leaf as an expression; `write` knows the signs of one language."""
    leaves = [criterion for criterion in rules.walk() if not criterion.children]
    return [leaf(criterion, write) for criterion in leaves]


def leaf(criterion: Criterion, write: Any) -> str:
    match criterion.rule:
        case Piecewise(Ratio(top, bottom), pieces):
            share = write.ratio(top.terms[0][0], bottom.terms[0][0])
            cases = [(write.within(share, one.interval), write.line(one, share)) for one in pieces]
            return str(write.choose(cases))
        case Table(fact, options):
            return str(write.choose([(write.is_word(fact, one.name), write.number(one.points)) for one in options]))
        case Sum(terms, base) if isinstance(terms[0].rule, Table):
            return str(write.add([write.number(base), *(write.truth(term.rule) for term in terms)]))
        case Sum(terms, base):
            piece = terms[0].rule
            assert isinstance(piece, Piecewise)
            (name, _), *_ = piece.measure.terms  # type: ignore[union-attr]
            return str(write.deducted(name, base, -piece.pieces[0].slope))
    raise NotImplementedError(criterion.rule)


class Written:
    """Python, CEL, rule-engine and zen write these alike but for a few signs, which the subclasses give."""

    ternary = "({test} ? {then} : {other})"
    yes = "{name}"
    both = "&&"

    def number(self, value: Fraction) -> str:
        return repr(float(value))

    def ratio(self, top: str, bottom: str) -> str:
        return f"({top} / {bottom})"

    def within(self, value: str, interval: Interval) -> str:
        tests = []
        if interval.low is not None:
            tests.append(f"{value} {'>=' if interval.low_closed else '>'} {self.number(interval.low)}")
        if interval.high is not None:
            tests.append(f"{value} {'<=' if interval.high_closed else '<'} {self.number(interval.high)}")
        return f" {self.both} ".join(tests)

    def line(self, piece: Any, share: str) -> str:
        base = self.number(piece.base)
        return f"({base} + {self.number(piece.slope)} * {share})" if piece.slope else base

    def choose(self, cases: list[tuple[str, str]]) -> str:
        found = self.number(Fraction(0))
        for test, then in reversed(cases):
            found = self.ternary.format(test=test, then=then, other=found)
        return found

    def is_word(self, name: str, word: str) -> str:
        return f'{name} == "{word}"'

    def truth(self, table: Any) -> str:
        worth = next(one.points for one in table.options if one.name == "co")
        return self.choose([(self.yes.format(name=table.fact), self.number(worth))])

    def add(self, parts: list[str]) -> str:
        return "(" + " + ".join(parts) + ")"

    def deducted(self, name: str, base: Fraction, each: Fraction) -> str:
        left = f"({self.number(base)} - {self.number(each)} * {name})"
        return self.choose([(f"{left} > {self.number(Fraction(0))}", left)])


class PythonWritten(Written):
    ternary = "({then} if {test} else {other})"
    both = "and"


class ZenWritten(Written):
    both = "and"


class RuleEngineWritten(Written):
    both = "and"


class JsonLogic:
    """The same as nested lists."""

    def number(self, value: Fraction) -> Any:
        return float(value)

    def ratio(self, top: str, bottom: str) -> Any:
        return {"/": [{"var": top}, {"var": bottom}]}

    def within(self, value: Any, interval: Interval) -> Any:
        tests = []
        if interval.low is not None:
            tests.append({">=" if interval.low_closed else ">": [value, float(interval.low)]})
        if interval.high is not None:
            tests.append({"<=" if interval.high_closed else "<": [value, float(interval.high)]})
        return {"and": tests}

    def line(self, piece: Any, share: Any) -> Any:
        return {"+": [float(piece.base), {"*": [float(piece.slope), share]}]}

    def choose(self, cases: list[tuple[Any, Any]]) -> "Shown":
        parts: list[Any] = []
        for test, then in cases:
            parts += [test, then]
        return Shown({"if": [*parts, 0.0]})

    def is_word(self, name: str, word: str) -> Any:
        return {"==": [{"var": name}, word]}

    def truth(self, table: Any) -> Any:
        worth = next(one.points for one in table.options if one.name == "co")
        return {"if": [{"var": table.fact}, float(worth), 0.0]}

    def add(self, parts: list[Any]) -> "Shown":
        return Shown({"+": parts})

    def deducted(self, name: str, base: Fraction, each: Fraction) -> "Shown":
        return Shown({"max": [0.0, {"-": [float(base), {"*": [float(each), {"var": name}]}]}]})


class Shown(dict[str, Any]):
    """Written as JSON by `str`."""

    def __str__(self) -> str:
        return json.dumps(self)


# -- the ways ----------------------------------------------------------------------------------------------------------


def read_off(rules: Ruleset, points: float) -> tuple[int, str]:
    """The printed index and the grade of a total in floats, as they are usually worked out."""
    index = points / float(rules.max_points)  # type: ignore[arg-type]
    grade = next(
        one.name
        for one in rules.scales[0].grades
        if (one.interval.low is None or index >= float(one.interval.low))
        and (one.interval.high is None or index < float(one.interval.high))
    )
    return int(index * 10_000 + 0.5), grade


def exact_engine(rules: Ruleset) -> Callable[[Rows], Results]:
    import cchc_index as cchc

    def run(rows: Rows) -> Results:
        cards = [cchc.score(rules, Submission("", row)) for row in rows]
        return [(int(round_half_up(card.index * 10_000, Fraction(1))), card.grade.name) for card in cards]  # type: ignore[operator,union-attr]

    return run


def compiled_totals(rules: Ruleset) -> Callable[[Rows], Results]:
    import cchc_index as cchc

    scorer = cchc.compile_rules(rules)

    def run(rows: Rows) -> Results:
        indexes = [scorer.totals(scorer.prepare(Submission("", row))).index for row in rows]
        grades = rules.scales[0].grades
        return [
            (int(round_half_up(index * 10_000, Fraction(1))), next(one.name for one in grades if index in one.interval))  # type: ignore[operator]
            for index in indexes
        ]

    return run


def plain_python(rules: Ruleset) -> Callable[[Rows], Results]:
    source = "lambda row: " + " + ".join(expressions(rules, _Subscripted()))
    total = eval(source)
    return lambda rows: [read_off(rules, total(row)) for row in rows]


class _Subscripted(PythonWritten):
    yes = "row['{name}']"

    def ratio(self, top: str, bottom: str) -> str:
        return f"(row['{top}'] / row['{bottom}'])"

    def is_word(self, name: str, word: str) -> str:
        return f"row['{name}'] == '{word}'"

    def deducted(self, name: str, base: Fraction, each: Fraction) -> str:
        return super().deducted(f"row['{name}']", base, each)


def zen(rules: Ruleset) -> Callable[[Rows], Results]:
    import zen as engine

    compiled = engine.compile_expression(" + ".join(expressions(rules, ZenWritten())))
    return lambda rows: [read_off(rules, float(compiled.evaluate(row))) for row in rows]


def cel_rust(rules: Ruleset) -> Callable[[Rows], Results]:
    import cel

    program = cel.compile(" + ".join(expressions(rules, Written())))
    return lambda rows: [read_off(rules, program.execute(_floats(row))) for row in rows]


def cel_python(rules: Ruleset) -> Callable[[Rows], Results]:
    import celpy

    environment = celpy.Environment()
    program = environment.program(environment.compile(" + ".join(expressions(rules, Written()))))
    convert = celpy.json_to_cel
    return lambda rows: [read_off(rules, float(program.evaluate(convert(_floats(row))))) for row in rows]


def json_logic(rules: Ruleset) -> Callable[[Rows], Results]:
    from json_logic import jsonLogic

    total = {"+": [json.loads(one) for one in expressions(rules, JsonLogic())]}
    return lambda rows: [read_off(rules, jsonLogic(total, row)) for row in rows]


def rule_engine(rules: Ruleset) -> Callable[[Rows], Results]:
    import rule_engine as engine

    leaves = [engine.Rule(one) for one in expressions(rules, RuleEngineWritten())]
    return lambda rows: [read_off(rules, float(sum(one.evaluate(row) for one in leaves))) for row in rows]


def openfisca(rules: Ruleset) -> Callable[[Rows], Results]:
    """Every figure an input variable, the total one formula over arrays, as tax models are written."""
    import numpy as np
    from batch_floats import Floats
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    unit = entities.Entity("unit", "units", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([unit])
    words = {fact.name: [name for name, _ in fact.options] for fact in rules.facts_by_name.values() if fact.options}

    def formula(units: Any, period: Any) -> Any:
        backend = Floats(rules, rules.facts_by_name, lambda name: units(name, period), np.where, np.floor, always=True)
        points, whole, _ = backend.total()
        return points / whole

    def variable(name: str, kind: type, **more: Any) -> Any:
        given = {"value_type": kind, "entity": unit, "definition_period": periods.DateUnit.YEAR, "label": name}
        return type(name, (variables.Variable,), given | more)

    for fact in rules.facts_by_name.values():
        system.add_variable(variable(fact.name, bool if fact.type.name == "YES_NO" else int if fact.options else float))
    system.add_variable(variable("index", float, formula=formula))

    def run(rows: Rows) -> Results:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, len(rows))
        for name in rules.facts_by_name:
            values = [words[name].index(row[name]) if name in words else row[name] for row in rows]
            simulation.set_input(name, "2025", np.array(values))
        found = simulation.calculate("index", "2025")
        return [read_off(rules, float(one) * float(rules.max_points)) for one in found]  # type: ignore[arg-type]

    return run


def _floats(row: dict[str, Any]) -> dict[str, Any]:
    return {name: float(value) if type(value) is int else value for name, value in row.items()}


ENGINES: dict[str, Callable[[Ruleset], Callable[[Rows], Results]]] = {
    "ours, exact engine": exact_engine,
    "ours, compiled totals": compiled_totals,
    "Python floats": plain_python,
    "zen-engine": zen,
    "OpenFisca": openfisca,
    "CEL (Rust)": cel_rust,
    "CEL (Python)": cel_python,
    "json-logic": json_logic,
    "rule-engine": rule_engine,
}
COLUMNS = ("ours, columns", "NumPy, floats", "Polars, floats")


# -- measuring ---------------------------------------------------------------------------------------------------------


def by_columns(rules: Ruleset, way: str, frame: Any) -> tuple[Callable[[], Any], Callable[[Any], Results]]:
    """How whole columns are scored, and how the results are read off them, which is not timed."""
    import numpy as np
    import polars as pl
    from batch_floats import float_columns, numpy_floats, polars_floats

    from cchc_index.batch.frames import compile_frame

    names = [one.name for one in rules.scales[0].grades]
    if way == "ours, columns":
        scorer = compile_frame(rules)
        scorer.score(frame.head(64))

        def ours(scores: Any) -> Results:
            grades = [scores.grades[one] for one in scores.arrays["grade"].tolist()]
            return list(zip(scores.arrays["index"].tolist(), grades, strict=True))

        return lambda: scorer.score(frame), ours
    columns = float_columns(rules, frame, PERIOD)
    numbers = pl.DataFrame(columns)

    def run() -> Any:
        return polars_floats(rules, numbers) if way.startswith("Polars") else numpy_floats(rules, columns)

    def floats(found: Any) -> Results:
        grades = [names[one] for one in np.asarray(found["grade"]).astype(int).tolist()]
        return list(zip(np.asarray(found["index"]).astype(int).tolist(), grades, strict=True))

    return run, floats


def measure(way: str, rows: int) -> dict[str, Any]:
    """Load, make ready, run twice, keep the better: in this process, which does nothing else."""
    rules, frame = plain_set(), units_for(plain_set(), rows)
    given = [] if way in COLUMNS else frame.drop("don_vi").to_dicts()
    before, start = held(), time.perf_counter()
    if way in COLUMNS:
        run, read = by_columns(rules, way, frame)
    else:
        score = ENGINES[way](rules)
        run, read = lambda: score(given), list
    ready = time.perf_counter() - start
    times: list[float] = []
    found: Any = None
    for _ in range(2):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return {"load": ready, "seconds": min(times), "memory": held() - before, "found": read(found)}


def in_a_process(way: str, rows: int, limit: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--way", way, "--rows", str(rows)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"longer than {limit} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no word"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def wrong(found: Results, truth: Results) -> tuple[int, int]:
    pairs = list(zip(found, truth, strict=True))
    return sum(one[0] != other[0] for one, other in pairs), sum(one[1] != other[1] for one, other in pairs)


def name_of(way: str) -> str:
    try:
        return f"{way} {version(PACKAGES[way])}" if way in PACKAGES else way
    except PackageNotFoundError:
        return f"{way} (not installed)"


def main() -> None:
    """Measure every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=1_000)
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--way")
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measure(given.way, given.rows)))
        return
    print(
        f"Python {platform.python_version()}, {platform.machine()}; {given.rows:,} and {given.each:,} units, 60 leaves"
    )
    print(f"{'':34}{'units':>10}{'units/s':>12}{'times ours':>12}{'load s':>8}{'MiB':>7}  wrong index, grade")
    table = [(way, given.rows) for way in COLUMNS] + [(way, given.each) for way in ENGINES]
    exact: dict[int, Results] = {}
    base = 0.0
    truths = {given.rows: in_a_process("ours, columns", given.rows, given.limit)}
    truths[given.each] = in_a_process("ours, exact engine", given.each, given.limit)
    exact = {rows: [tuple(one) for one in found["found"]] for rows, found in truths.items()}  # type: ignore[misc]
    for way, rows in table:
        found = in_a_process(way, rows, given.limit)
        if "error" in found:
            print(f"{name_of(way):34}{found['error']}")
            continue
        rate = rows / found["seconds"]
        base = base or rate
        index, grade = wrong([tuple(one) for one in found["found"]], exact[rows])  # type: ignore[misc]
        line = f"{name_of(way):34}{rows:10,}{rate:12,.0f}{rate / base:12.4f}{found['load']:8.2f}{found['memory']:7.0f}"
        print(f"{line}  {index:,}, {grade:,}", flush=True)


if __name__ == "__main__":
    main()
