"""`to_sql(rules, dialect)`: the plan of a ruleset as one SQL statement, in whole numbers from the figures to the rank.

Every unit of the table comes out. `tinh_trang` says how: scored (`da_cham`), a figure missing (`thieu_so_lieu`), a
value that no unit may hand in (`sai_ban_khai`), a row that only the exact engine answers (`cham_rieng`: the decision
may say nothing of it), a figure or a denominator too large for the integers of the database (`qua_lon`). `ly_do` names
the figures. A row that is not scored has no points, no grade and no rank: they are NULL, never 0.

Places are exact. Two different values over denominators up to B differ by at least 1/B², so their whole parts and
enough digits of long division, in base 2ˢ, put them in order as the values themselves would.

Longer than most modules: one statement, built clause by clause in the order in which it is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from attrs import define, field, frozen
from sqlglot import exp

from cchc_index.batch.expressions import Expression, Int, Number, Share, Test, constant_of, every, uses_of
from cchc_index.batch.lowering import COUNT, DAY_ZERO, ODD, SUM, Check, RecordPlan
from cchc_index.batch.outcome import BASIS_POINTS, CENTS, Keep, codes_kept
from cchc_index.batch.plan import Held, Plan, plan_of
from cchc_index.batch.ranges import Range, Ranges, size
from cchc_index.batch.requests import flag_of, may_be_asked, with_requests
from cchc_index.batch.sql_columns import (
    ABSENT,
    COUNTS,
    LARGE,
    MISSING,
    REQUESTS,
    WRONG,
    Percents,
    SqlColumn,
    Tables,
    asking,
    between,
    named,
    reading,
    table_called,
    within,
)
from cchc_index.batch.sql_terms import (
    DIALECTS,
    Ratio,
    Sql,
    Term,
    Terms,
    TooWide,
    added,
    binary,
    bracketed,
    column,
    fractions_in,
    greatest_factor,
    number,
    when,
)
from cchc_index.criteria import Basing, Grade, Ruleset
from cchc_index.errors import CchcError, Fault, Text, did_you_mean
from cchc_index.facts import Period, Submission
from cchc_index.figures import read_figures
from cchc_index.sources import NOT_STATED

STATUS, REASON = "tinh_trang", "ly_do"
SCORED = "da_cham"
STEP = 9
"""Places are told by long division; this many binary digits at least are to be had in one step."""


def to_sql(  # noqa: PLR0913
    rules: Ruleset,
    dialect: str = "duckdb",
    *,
    table: str = "cac_don_vi",
    unit: str = "don_vi",
    keep: Keep = "areas",
    digits: int = 4,
    percents: Percents = "share",
    period: Period | None = None,
) -> str:
    """One statement that scores every row of `table`; `dialect` is `duckdb` or `postgres`.

    `unit` names the column of unit names, which must differ from row to row where the ruleset reads lists of records;
    those stand in tables `{table}_{records}`. What a unit asks to be left out stands in `khong_danh_gia`, codes with
    semicolons between them, where the decision lets it ask at all. Amounts, percents and points may have `digits`
    decimals; `percents` says whether fifty percent is written as a `share` (0.5) or a `percent` (50). `period` fixes
    the days that the ruleset counts within a year. `keep` says whose points come out: those of the areas, or of `all`
    criteria.

    Numerators (`diem_tu`, `chi_so_tu`, `tu:4.1`) and denominators (`diem_mau`, …) are in lowest terms; `diem_100` and
    `chi_so_100` are hundredths of a point and of a percent, half up, a tie away from zero. Raises CchcError for a
    dialect that is not known, a period that is needed, and rules that need more digits than the database has.

    >>> import cchc_index as cchc, duckdb
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> with duckdb.connect() as base:
    ...     _ = base.execute(table_sql(rules))
    ...     _ = base.execute('INSERT INTO cac_don_vi VALUES (\\'Xã mẫu\\', 19, 20, true, true, true)')
    ...     base.execute(to_sql(rules)).fetchall()[0][:6]
    ('Xã mẫu', 'da_cham', '', 39, 20, 195)
    """
    tables = _tables(rules, dialect, table, unit, digits, percents)
    plan = plan_of(tables.rules, tables.scales())
    given = _given(rules, plan, period)
    cap = 2**62
    while cap:
        try:
            return _Statement(tables, plan, keep, given, cap).made().sql(dialect=dialect, pretty=True)
        except TooWide:
            cap >>= 2
    message = Text("quy tắc cần số nguyên dài hơn cơ sở dữ liệu có", "the rules need longer integers than there are")
    raise CchcError([Fault(message, (f"{rules.id}/{rules.version}",))])


def table_sql(  # noqa: PLR0913
    rules: Ruleset,
    dialect: str = "duckdb",
    *,
    table: str = "cac_don_vi",
    unit: str = "don_vi",
    digits: int = 4,
    percents: Percents = "share",
) -> str:
    """The statements that make the tables which `to_sql` reads, with the columns in the order of the ruleset."""
    tables = _tables(rules, dialect, table, unit, digits, percents)
    plan = plan_of(tables.rules, tables.scales())
    made = [_create(tables, table, tables.columns(plan), [REQUESTS] if tables.codes else [])]
    lists = dict.fromkeys(one.records for one in plan.records)
    made += [_create(tables, tables.records_table(records), tables.fields(records)) for records in lists]
    return ";\n".join(one.sql(dialect=dialect, pretty=True) for one in made)


def _create(tables: Tables, name: str, columns: Sequence[SqlColumn], texts: Sequence[str] = ()) -> exp.Create:
    kinds = [(tables.unit, exp.DataType.build("TEXT"))]
    kinds += [(one.name, one.type_of(tables.dialect, tables.digits)) for one in columns]
    kinds += [(text, exp.DataType.build("TEXT")) for text in texts]
    defined = [exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=kind) for column, kind in kinds]
    return exp.Create(this=exp.Schema(this=table_called(name), expressions=defined), kind="TABLE")


def _tables(rules: Ruleset, dialect: str, *given: Any) -> Tables:
    if dialect not in DIALECTS:
        message = Text(f"không biết loại cơ sở dữ liệu «{dialect}»", f"unknown dialect «{dialect}»")
        wanted = Text(f"dùng {' hoặc '.join(DIALECTS)}", f"use {' or '.join(DIALECTS)}")
        raise CchcError([Fault(message, hint=did_you_mean(dialect, DIALECTS) or wanted)])
    faults = [
        Fault(Text("bảng hay cột này chưa có tên", "this table or column has no name"), (key,))
        for key, name in zip(("table", "unit"), given, strict=False)
        if not name
    ]
    if faults:
        raise CchcError(faults)
    codes = may_be_asked(rules)
    return Tables(with_requests(rules, codes), DIALECTS[dialect], tuple(codes), *given)


def _given(rules: Ruleset, plan: Plan, period: Period | None) -> dict[str, int]:
    """The figures that the ruleset or the period fixes, as the plan counts days."""
    fixed = {fact.name: fact for fact in rules.facts_by_name.values() if fact.given is not None}
    found = read_figures(fixed, Submission("", {}, period=period))
    faults = [
        Fault(Text("cần kỳ đánh giá (period) để biết ngày này", "needs the period to know this day"), (name,))
        for name in fixed
        if name in plan.needed and name not in found
    ]
    if faults:
        raise CchcError(faults)
    return {name: value - DAY_ZERO for name, value in found.items()}


@define
class _Chain:
    """Steps of a statement, each a named SELECT that reads the one before it."""

    materialized: bool
    parts: list[tuple[str, exp.Select]] = field(factory=list)

    def add(self, name: str, made: exp.Select) -> str:
        self.parts.append((name, made))
        return name

    def layers(self, source: str, terms: Terms) -> str:
        """The columns that terms were worked out to, in as many steps as they need."""
        for level in range(max(terms.steps, default=-1) + 1):
            made = [exp.alias_(sql, name) for name, sql in terms.steps.get(level, ())]
            source = self.add(f"buoc{terms.prefix}{level}", exp.select("*", *made).from_(source))
        return source

    def finished(self, last: exp.Select) -> exp.Select:
        for name, made in self.parts:
            last = last.with_(name, as_=made, materialized=self.materialized or None, copy=False)
        return last


@frozen
class _Statement:
    """One statement, with figures no further from zero than `cap`."""

    tables: Tables
    plan: Plan
    keep: Keep
    given: Mapping[str, int]
    cap: int

    def made(self) -> exp.Select:
        chain = _Chain(self.tables.dialect.materialized)
        tables, columns = self.tables, self.tables.columns(self.plan)
        flags = [flag_of(code) for code in tables.codes]
        given = chain.add("xin", asking(tables.table)) if flags else tables.table
        chain.add("doc", reading(given, tables.unit, columns, tables.codes))
        inside = within("doc", [tables.unit, *flags], columns, self.limits(columns))
        fixed = [exp.alias_(exp.cast(number(value), "BIGINT"), name, quoted=True) for name, value in self.given.items()]
        source = chain.add("so_lieu", inside.select(*fixed))
        for place, records in enumerate(self.lists):
            source = self.with_records(chain, source, records, place)
        return self.outcome(chain, source, columns)

    @property
    def lists(self) -> list[str]:
        """The lists of records that are looked at."""
        return list(dict.fromkeys(one.records for one in self.plan.records))

    @property
    def sometimes(self) -> list[str]:
        """The figures that not every row needs, and the lists of records: each row is asked what it lacks of them."""
        return [one.key for one in self.tables.columns(self.plan) if one.is_optional] + self.lists

    def limits(self, columns: Iterable[SqlColumn]) -> dict[str, int]:
        return {one.key: min(one.limit, self.cap) for one in columns}

    def ranges(self, columns: Iterable[SqlColumn]) -> dict[str, Range]:
        found = {key: (-limit, limit) for key, limit in self.limits(columns).items()}
        return found | {name: (value, value) for name, value in self.given.items()}

    def terms(self, wanted: Iterable[Expression], columns: Mapping[str, Range], prefix: str) -> Terms:
        kept, ranges, dialect = list(wanted), Ranges(columns), self.tables.dialect
        factor = max(greatest_factor(kept), self.factor(ranges) if prefix == "_" else 1)
        bottoms = [ranges.of(node.bottom)[1] for node in every(kept) if isinstance(node, Share)]
        left = dialect.bits - 1 - factor.bit_length()
        room, digits = (
            dialect.room and min(dialect.room, left),
            min(left, dialect.bits - 1 - max(bottoms, default=1).bit_length()),
        )
        if min(left, digits) < 16:
            raise TooWide
        return Terms(dialect, ranges, uses_of(kept), room, digits, prefix)

    # -- lists of records ---------------------------------------------------------------------------------------

    def with_records(self, chain: _Chain, source: str, records: str, place: int) -> str:
        """The units with what their records come to."""
        unit, fields = self.tables.unit, self.tables.fields(records)
        plans = [one for one in self.plan.records if one.records == records]
        chain.add(f"doc_{place}", reading(self.tables.records_table(records), unit, fields))
        inside = chain.add(f"ban_ghi_{place}", within(f"doc_{place}", [unit], fields, self.limits(fields)))
        columns = self.tables.columns(self.plan)
        wanted = [part for one in plans for part in (one.points, one.odd)]
        terms = self.terms(wanted, self.ranges([*columns, *fields]), f"_r{place}_")
        found = [(one, terms.whole(one.points), terms.test(one.odd)) for one in plans]
        last = chain.layers(self.beside_units(chain, source, inside, columns, place), terms)
        summed = chain.add(f"tong_{place}", self.summed(last, records, found))
        left = exp.column(unit, table=source, quoted=True)
        right = exp.column(f"{records}/", table=summed, quoted=True)
        absent = exp.alias_(exp.Is(this=right.copy(), expression=exp.Null()), records + ABSENT, quoted=True)
        counted = [(f"{records}/{COUNT}", number(0)), *((one.name + SUM, number(0)) for one in plans)]
        counted += [(one.name + ODD, exp.Boolean(this=False)) for one in plans]
        kept = [
            exp.alias_(
                exp.Coalesce(this=exp.column(name, table=summed, quoted=True), expressions=[zero]), name, quoted=True
            )
            for name, zero in counted
        ]
        joined = exp.select(f"{source}.*", absent, *kept).from_(source)
        on = exp.EQ(this=left, expression=right)
        return chain.add(f"so_lieu_{place}", joined.join(exp.to_table(summed), on=on, join_type="left"))

    def beside_units(self, chain: _Chain, source: str, inside: str, columns: Sequence[SqlColumn], place: int) -> str:
        """Each record with the figures of its unit."""
        unit = self.tables.unit
        others = [exp.column(name, table=source, quoted=True) for name in (*(c.key for c in columns), *self.given)]
        joined = exp.select(f"{inside}.*", *others).from_(inside)
        on = exp.EQ(
            this=exp.column(unit, table=inside, quoted=True), expression=exp.column(unit, table=source, quoted=True)
        )
        return chain.add(f"cung_{place}", joined.join(exp.to_table(source), on=on))

    def summed(self, source: str, records: str, found: Sequence[tuple[RecordPlan, Term, Term]]) -> exp.Select:
        unit = column(self.tables.unit)
        faulty = added([exp.Length(this=column(name)) for name in (MISSING, WRONG, LARGE)])
        is_faulty = binary(exp.GT, faulty, number(0))
        made: list[Sql] = [
            exp.alias_(unit, f"{records}/", quoted=True),
            exp.alias_(exp.Count(this=exp.Star()), f"{records}/{COUNT}", quoted=True),
        ]
        for plan, points, odd in found:
            bad = exp.Or(this=is_faulty.copy(), expression=bracketed(odd.sql))
            any_bad = exp.LogicalOr(this=exp.Coalesce(this=bad, expressions=[exp.Boolean(this=True)]))
            total = exp.Coalesce(this=exp.Sum(this=points.sql), expressions=[number(0)])
            limit = min(COUNTS, self.cap)
            beyond = exp.Not(this=exp.paren(between(total, limit)))
            kept = when(between(total.copy(), limit), exp.cast(total.copy(), "BIGINT"))
            made.append(exp.alias_(kept, plan.name + SUM, quoted=True))
            made.append(exp.alias_(exp.Or(this=any_bad, expression=exp.paren(beyond)), plan.name + ODD, quoted=True))
        return exp.select(*made).from_(source).group_by(column(self.tables.unit))

    # -- what comes out -----------------------------------------------------------------------------------------

    def wanted(self) -> list[Expression]:
        plan = self.plan
        checks = [check.test for check in self.checks()]
        looks = [plan.looks[name] for name in self.sometimes]
        found: list[Expression] = [plan.odd, plan.grade, plan.ranked, *checks, *looks]
        for held in (plan.points, plan.whole, *(plan.line(code).points for code in codes_kept(plan.rules, self.keep))):
            found += [held.value, held.value, held.stated]
        return found

    def checks(self) -> list[Any]:
        known = {*self.plan.needed, *self.given}
        return [check for check in self.plan.checks if set(check.names) <= known]

    def factor(self, ranges: Ranges) -> int:
        """How much more than its common denominator a fraction that comes out or is ranked by may become."""
        plan = self.plan
        held = [plan.points, *(plan.line(code).points for code in codes_kept(plan.rules, self.keep))]
        most = max(fractions_in(one.value) for one in held) + 1
        over = max(size(ranges.of(plan.whole.value.whole)), plan.common)
        return max(2 * most * BASIS_POINTS, over << STEP)

    def outcome(self, chain: _Chain, source: str, columns: Sequence[SqlColumn]) -> exp.Select:
        ranges = self.ranges(columns)
        ranges |= {f"{records}/{COUNT}": (0, COUNTS) for records in self.lists}
        limit = min(COUNTS, self.cap)
        ranges |= {one.name + SUM: (-limit, limit) for one in self.plan.records}
        terms = self.terms(self.wanted(), ranges, "_")
        out = _Outcome(self, terms)
        values = list(out.values())
        out.rank()
        status, reason = out.status()
        last, unit = chain.layers(source, terms), column(self.tables.unit)
        scored = [exp.alias_(sql, name, quoted=True) for name, sql in values]
        keys = [exp.alias_(sql, name) for name, sql in out.ranking]
        made = exp.select(unit, exp.alias_(status, STATUS), exp.alias_(reason, REASON), *scored, *keys)
        seen = chain.add("ket_qua", made.from_(last))
        return chain.finished(self.last(seen, [name for name, _ in values], [name for name, _ in out.ranking]))

    def last(self, source: str, names: Sequence[str], ranking: Sequence[str]) -> exp.Select:
        """Values of scored rows, and their places."""
        is_scored = exp.EQ(this=column(STATUS), expression=exp.Literal.string(SCORED))
        shown = [exp.alias_(when(is_scored.copy(), column(name)), name, quoted=True) for name in names]
        given: list[Sql] = [column(self.tables.unit), column(STATUS), column(REASON), *shown]
        if ranking:
            is_ranked = exp.And(this=is_scored, expression=column(ranking[0]))
            flag = when(is_ranked, number(1), number(0))
            order = exp.Order(expressions=[exp.Ordered(this=column(key), desc=True) for key in ranking[1:]])
            place = exp.Window(this=exp.Anonymous(this="RANK"), partition_by=[flag], order=order)
            given.append(exp.alias_(when(is_ranked.copy(), place), "xep_hang"))
        return exp.select(*given).from_(source)


@define
class _Outcome:
    """The values that come out for a row, and what it is ranked by."""

    made: _Statement
    terms: Terms
    ranking: list[tuple[str, Sql]] = field(factory=list)

    def status(self) -> tuple[Sql, Sql]:
        """The word for how a row came out, and the figures that are why."""
        terms, odd = self.terms, self.terms.test(self.made.plan.odd)
        refused = named((", ".join(check.names), self.refuses(check)) for check in self.made.checks())
        missing = exp.DPipe(
            this=column(MISSING), expression=bracketed(named((name, self.lacks(name)) for name in self.made.sometimes))
        )
        said = (
            (column(WRONG), "sai_ban_khai"),
            (refused, "sai_ban_khai"),
            (missing, "thieu_so_lieu"),
            (column(LARGE), "qua_lon"),
        )
        word, reason, blank = exp.Case(), exp.Case(), exp.Literal.string("")
        for text, name in said:
            is_said = binary(exp.NEQ, text.copy(), blank.copy())
            word = word.when(is_said, exp.Literal.string(name), copy=False)
            reason = reason.when(is_said.copy(), exp.Trim(this=text.copy()), copy=False)
        word = word.when(odd.sql.copy(), exp.Literal.string("cham_rieng"), copy=False)
        for doubt in dict.fromkeys(terms.doubts):
            is_null = exp.Is(this=doubt.copy(), expression=exp.Null())
            word = word.when(is_null, exp.Literal.string("qua_lon"), copy=False)
        return word.else_(exp.Literal.string(SCORED), copy=False), reason.else_(blank, copy=False)

    def refuses(self, check: Check) -> Sql:
        """Where figures that are there are none that a unit may hand in."""
        found = self.terms.test(check.test).sql.copy()
        for name in check.names:
            if name in self.made.sometimes:
                is_there = exp.Not(this=column(name + ABSENT))
                found = exp.And(this=is_there, expression=bracketed(found))
        return found

    def lacks(self, name: str) -> Sql:
        """Where a figure is not there and is looked at."""
        looked = self.terms.copied(self.terms.test(self.made.plan.looks[name]))
        return exp.And(this=column(name + ABSENT), expression=bracketed(looked))

    # -- values -------------------------------------------------------------------------------------------------

    def values(self) -> Iterator[tuple[str, Sql]]:
        """The values by the names of their columns."""
        plan, make = self.made.plan, self.made.plan.make
        yield from self.points("diem_tu", "diem_mau", "diem_100", plan.points)
        yield from self.points("toi_da_tu", "toi_da_mau", "", plan.whole)
        if plan.rules.index_basis is not NOT_STATED:
            whole = make.positive(plan.whole.value.whole)
            yield from self.fraction(
                ("chi_so_tu", "chi_so_mau", "chi_so_100"), plan.points.value, whole, BASIS_POINTS, self.has_index()
            )
        if plan.rules.scales:
            yield "xep_loai", self.grade()
        for code in codes_kept(plan.rules, self.made.keep):
            yield from self.points(f"tu:{code}", f"mau:{code}", f"diem_100:{code}", plan.line(code).points)

    def has_index(self) -> Test:
        plan, make = self.made.plan, self.made.plan.make
        if plan.rules.index_basis is NOT_STATED:
            return make.never
        above = make.compare(plan.whole.value.whole, ">", make.constant(0))
        return make.all(plan.points.stated, plan.whole.stated, above)

    def points(self, top: str, bottom: str, printed: str, held: Held) -> Iterator[tuple[str, Sql]]:
        common = self.made.plan.make.constant(self.made.plan.common)
        return self.fraction((top, bottom, printed), held.value, common, CENTS, held.stated)

    def fraction(
        self, names: tuple[str, str, str], exact: Number, over: Int, times: int, stated: Test
    ) -> Iterator[tuple[str, Sql]]:
        """Numerator and denominator in lowest terms, and the printed number."""
        terms, test = self.terms, self.terms.test(stated)
        ratio = self.ratio(exact)
        top, bottom = self.one_fraction(ratio, terms.whole(over))
        sized = Term(exp.Abs(this=terms.copied(top)), top.is_wide, top.level)
        common = terms.common(terms.kept(sized), bottom)
        for name, part in zip(names, (top, bottom), strict=False):
            yield name, when(terms.copied(test), terms.divided(part, common).sql)
        if names[2]:
            yield names[2], when(terms.copied(test), terms.nearest(ratio, times, over).sql)

    def one_fraction(self, ratio: Ratio, over: Term) -> tuple[Term, Term]:
        """The number over another as numerator and denominator."""
        terms = self.terms
        if not ratio.count:
            return terms.kept(ratio.whole), over
        lifted = terms.both_wide(self.small(ratio), ratio.bottom)
        top = Term(added([lifted.sql, terms.wide(ratio.top)]), is_wide=True, level=max(lifted.level, ratio.top.level))
        return terms.kept(top), terms.kept(terms.both_wide(over, ratio.bottom))

    def small(self, ratio: Ratio) -> Term:
        """The whole number before a fraction, where both together are not too large."""
        terms = self.terms
        limit = 2 ** (terms.dialect.bits - 1 - (terms.room or 0))
        if terms.room is None or ratio.size + ratio.count <= limit:
            return ratio.whole
        fits = between(terms.copied(ratio.whole), limit - ratio.count)
        found = terms.kept(Term(when(fits, terms.copied(ratio.whole)), ratio.whole.is_wide, ratio.whole.level))
        terms.doubts.append(found.sql)
        return found

    def ratio(self, exact: Number) -> Ratio:
        """An exact number; a row for which its denominator would be too large is not scored."""
        found = self.terms.ratio(exact)
        if found.may_fail:
            self.terms.doubts.append(found.bottom.sql)
        return found

    def grade(self) -> Sql:
        found = exp.Case(this=self.terms.whole(self.made.plan.grade).sql.copy())
        for place, grade in enumerate(self.made.plan.grades):
            if isinstance(grade, Grade):
                found = found.when(number(place), exp.Literal.string(grade.name), copy=False)
        return found if found.args.get("ifs") else exp.Null()

    # -- places -------------------------------------------------------------------------------------------------

    def rank(self) -> None:
        """Whether a row is ranked, then what it is ranked by: its whole part and the digits after it."""
        plan, terms = self.made.plan, self.terms
        if plan.rules.ranking is None:
            return
        on_index = plan.rules.ranking.on is Basing.INDEX
        has_value = self.has_index() if on_index else plan.points.stated
        is_ranked = plan.make.all(plan.ranked, has_value)
        self.ranking.append(("_xep", terms.test(is_ranked).sql.copy()))
        whole = plan.whole.value.whole
        over = plan.make.positive(whole) if on_index and constant_of(whole) is None else plan.make.constant(1)
        for place, key in enumerate(self.keys(plan.points.value, over)):
            self.ranking.append((f"_khoa{place}", key))

    def keys(self, exact: Number, over: Int) -> Iterator[Sql]:
        terms, ratio = self.terms, self.ratio(exact)
        if constant_of(over) == 1 and not ratio.count:
            yield terms.copied(ratio.whole)
            return
        most_over = terms.ranges.of(over)[1]
        bits = (ratio.most * most_over).bit_length()
        step = min(terms.dialect.bits - bits - 1, 2 * bits + 1)
        cut, rest = self.cut(ratio, over)
        yield terms.copied(cut)
        bottom = terms.kept(terms.both_wide(terms.whole(over), ratio.bottom))
        for _ in range(ceil((2 * bits + 1) / step)):
            cut, rest = terms.split(terms.times_wide(rest, 2**step), bottom)
            yield terms.copied(cut)

    def cut(self, ratio: Ratio, over: Int) -> tuple[Term, Term]:
        """A number over another, rounded down, and the numerator of the rest, whose denominator is `over × bottom`."""
        terms = self.terms
        cut, rest = ratio.whole, Term(number(0))
        if ratio.count:
            carried, rest = terms.split(ratio.top, ratio.bottom)
            level = max(cut.level, carried.level)
            cut = terms.kept(Term(added([terms.wide(cut), terms.copied(carried)]), is_wide=True, level=level))
        if constant_of(over) == 1:
            return cut, rest
        cut, left = terms.floored(terms.kept(cut), terms.whole(over), wide=True, may_be_negative=True)
        whole = terms.both_wide(left, ratio.bottom)
        total = added([whole.sql, terms.wide(rest)])
        return cut, terms.kept(Term(total, is_wide=True, level=max(whole.level, rest.level)))
