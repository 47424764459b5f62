"""Findings about figures: declared and not used, used and not declared, with two meanings, or added across units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from cchc_index.checking.lint.domains import COLUMN
from cchc_index.checking.structure import Finding, Severity, fold
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import Text
from cchc_index.measures import Condition, Fact, FactType, Linear, Measure, Ratio, Within, names_of_condition, tests_of
from cchc_index.rules import Average, Piecewise, Rule, Switch, own_names, parts_of
from cchc_index.sources import NOT_STATED

Facts = Mapping[str, Fact]


def undeclared(rules: Ruleset) -> Iterator[Finding]:
    """Figures that are used and declared nowhere. A file that has one is refused when it is read."""
    for criterion in rules.walk():
        for name in dict.fromkeys(_names_of_criterion(criterion, rules.facts_by_name)):
            if not _is_known(name, rules.facts_by_name):
                said = Text(f"dùng số liệu «{name}» mà không khai báo", f"uses the figure «{name}», declared nowhere")
                yield Finding("chua-khai-bao", Severity.ERROR, criterion.code, said, mend=_declare(name))


def _declare(name: str) -> Text:
    return Text(f"khai «{name}» ở «so_lieu»", f"declare «{name}» under «so_lieu»")


def _is_known(name: str, facts: Facts) -> bool:
    if COLUMN in name:
        return True
    base, _, option = name.partition(".")
    return base in facts and (not option or option in dict(facts[base].options))


def name_findings(rules: Ruleset) -> Iterator[Finding]:
    """Figures that are not used, and figures with two meanings."""
    declared = [("", fact) for fact in rules.facts] + [(c.code, fact) for c in rules.walk() for fact in c.facts]
    yield from _unused(rules, declared)
    yield from _twice(declared)
    yield from _shadowed(rules)


def _unused(rules: Ruleset, declared: Iterable[tuple[str, Fact]]) -> Iterator[Finding]:
    used = set(_all_names(rules))
    for code, fact in declared:
        named = {fact.name, *(f"{fact.name}.{option}" for option, _ in fact.options)}
        columns = [f"{fact.name}{COLUMN}{c.name}" for c in fact.fields if c.type is not FactType.LABEL]
        if not named & used and fact.type is not FactType.LABEL:
            yield _not_used(code, fact.name)
        else:
            yield from (_not_used(code, column) for column in columns if column not in used)


def _not_used(code: str, name: str) -> Finding:
    said = Text(f"số liệu «{name}» khai báo mà không dùng", f"the figure «{name}» is declared and not used")
    mend = Text("bỏ nó, hoặc tìm quy tắc còn thiếu", "drop it, or look for the rule that is missing")
    return Finding("so-lieu-thua", Severity.NOTE, code, said, ("so_lieu", name.partition(COLUMN)[0]), mend=mend)


def _all_names(rules: Ruleset) -> Iterator[str]:
    for criterion in rules.walk():
        yield from _names_of_criterion(criterion, rules.facts_by_name)
    for condition in _conditions_around(rules):
        yield from names_of_condition(condition)
    for fact in rules.facts_by_name.values():
        if fact.part_of:
            yield fact.part_of
        yield from (f"{fact.name}{COLUMN}{column.part_of}" for column in fact.fields if column.part_of)


def _conditions_around(rules: Ruleset) -> Iterator[Condition]:
    maybe = [note.when for note in rules.notes]
    maybe += [scale.when for scale in rules.scales]
    maybe += [grade.when for scale in rules.scales for grade in scale.grades]
    maybe += [rules.ranking.unranked_when] if rules.ranking else []
    return (condition for condition in maybe if condition)


def _names_of_criterion(criterion: Criterion, facts: Facts) -> Iterator[str]:
    if criterion.rule is not NOT_STATED:
        yield from _names_of_rule(criterion.rule, facts)
    maybe = [e.when for e in criterion.exemptions] + [note.when for note in criterion.notes]
    for condition in maybe:
        if condition:
            yield from names_of_condition(condition)
    for seen in criterion.observations:
        yield from seen.names


def _names_of_rule(rule: Rule, facts: Facts) -> Iterator[str]:
    """The figures of a rule; those of records with the name of the records before them."""
    yield from own_names(rule)
    inner = [name for part in parts_of(rule) for name in _names_of_rule(part, facts)]
    columns: set[str] = set()
    if isinstance(rule, Average) and rule.records in facts:
        columns = {column.name for column in facts[rule.records].fields}
    yield from (f"{rule.records}{COLUMN}{n}" if isinstance(rule, Average) and n in columns else n for n in inner)


def _twice(declared: Iterable[tuple[str, Fact]]) -> Iterator[Finding]:
    """One name declared as two different figures; one label on two figures."""
    names: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
    labels: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
    for code, fact in declared:
        names[fact.name].append((code, fact))
        labels[fold(fact.label).casefold()].append((code, fact))
    for same in names.values():
        for code, fact in same[1:]:
            if fact != same[0][1]:
                said = Text(
                    f"«{fact.name}» khai báo hai lần, khác nhau", f"«{fact.name}» is declared twice, differently"
                )
                yield _two_meanings(Severity.ERROR, code, fact, said)
    for same in labels.values():
        for code, fact in same[1:]:
            if fact.name != same[0][1].name:
                first = same[0][1].name
                said = Text(
                    f"«{first}» và «{fact.name}» cùng tên gọi «{fact.label}»",
                    f"«{first}» and «{fact.name}» share the label «{fact.label}»",
                )
                yield _two_meanings(Severity.NOTE, code, fact, said)


def _shadowed(rules: Ruleset) -> Iterator[Finding]:
    """A column of records with the name of a figure of the unit: a record that lacks it would take the unit's."""
    for fact in rules.facts_by_name.values():
        for column in fact.fields:
            if column.name in rules.facts_by_name:
                said = Text(
                    f"cột «{column.name}» của «{fact.name}» trùng tên một số liệu của đơn vị",
                    f"the column «{column.name}» of «{fact.name}» has the name of a figure of the unit",
                )
                yield _two_meanings(Severity.ERROR, "", fact, said)


def _two_meanings(severity: Severity, code: str, fact: Fact, said: Text) -> Finding:
    mend = Text(
        "đặt tên khác nhau cho hai số liệu khác nhau, hoặc dùng chung một", "name two figures apart, or use one"
    )
    return Finding("hai-nghia", severity, code, said, ("so_lieu", fact.name), mend=mend)


def unit_findings(criterion: Criterion, facts: Facts) -> Iterator[Finding]:
    """Sums across units, such as a count and a percent, two dates added, or a part added to its whole."""
    seen: set[Linear] = set()
    for linear, known in _sums_of_criterion(criterion, facts):
        if linear not in seen:
            seen.add(linear)
            yield from _mixed(criterion.code, linear, known)
            yield from _doubled(criterion.code, linear, known)


def _sums_of_criterion(criterion: Criterion, facts: Facts) -> Iterator[tuple[Linear, Facts]]:
    measures = [] if criterion.rule is NOT_STATED else list(_measures_of_rule(criterion.rule, facts))
    conditions = [e.when for e in criterion.exemptions] + [note.when for note in criterion.notes]
    measures += [(measure, facts) for when in conditions if when for measure in _measures_of(when)]
    for measure, known in measures:
        sums = (measure.top, measure.bottom) if isinstance(measure, Ratio) else (measure,)
        yield from ((linear, known) for linear in sums)


def _measures_of_rule(rule: Rule, facts: Facts) -> Iterator[tuple[Measure, Facts]]:
    match rule:
        case Piecewise(measure):
            yield measure, facts
        case Switch(cases):
            yield from ((measure, facts) for case in cases for measure in _measures_of(case.when))
        case Average(records):
            facts = {**facts, **{column.name: column for column in facts[records].fields}}
    for part in parts_of(rule):
        yield from _measures_of_rule(part, facts)


def _measures_of(condition: Condition) -> Iterator[Measure]:
    return (test.measure for test in tests_of(condition) if isinstance(test, Within))


SCALARS = {
    FactType.PERCENT: Text("tỷ lệ phần trăm", "a percent"),
    FactType.POINTS: Text("điểm", "points"),
}


DAYS = {"ngày"}
"""The units that may be added to days."""


def _mixed(code: str, linear: Linear, facts: Facts) -> Iterator[Finding]:
    known = [(facts[name.partition(".")[0]], coefficient) for name, coefficient in linear.terms]
    days = sum(coefficient for fact, coefficient in known if fact.type is FactType.DATE)
    dimensions = {_dimension(fact) for fact, _ in known if fact.type is not FactType.DATE}
    dated = any(fact.type is FactType.DATE for fact, _ in known)
    names = ", ".join(name for name, _ in linear.terms)
    if dated and (days not in (0, 1) or dimensions & set(SCALARS) or _units(known) - DAYS):
        said = Text(f"cộng trừ ngày không thành nghĩa: {names}", f"days added up without meaning: {names}")
        yield _mix(code, said)
    elif len(dimensions & set(SCALARS)) and len(dimensions) > 1:
        said = Text(
            f"cộng tỷ lệ hay điểm với số khác loại: {names}", f"a percent or points added to another kind: {names}"
        )
        yield _mix(code, said)
    elif len(_units(known)) > 1:
        said = Text(f"cộng các đơn vị khác nhau: {names}", f"different units are added up: {names}")
        yield _mix(code, said)


def _dimension(fact: Fact) -> FactType:
    return fact.type if fact.type in SCALARS else FactType.AMOUNT


def _units(known: Iterable[tuple[Fact, object]]) -> set[str]:
    return {fact.unit for fact, _ in known if fact.unit and fact.type is not FactType.DATE}


def _mix(code: str, said: Text) -> Finding:
    mend = Text("so sánh bằng «ti_so», hoặc sửa loại, «don_vi» của số liệu", "compare by «ti_so», or mend type or unit")
    return Finding("lan-don-vi", Severity.ERROR, code, said, mend=mend)


def _doubled(code: str, linear: Linear, facts: Facts) -> Iterator[Finding]:
    for (one, a), (other, b) in combinations(linear.terms, 2):
        parts = {(facts[n.partition(".")[0]].part_of, w) for n, w in ((one, other), (other, one)) if n in facts}
        if a * b > 0 and any(part == whole for part, whole in parts):
            said = Text(f"cộng cả phần lẫn tổng: {one}, {other}", f"a part is added to its whole: {one}, {other}")
            mend = Text("bỏ một trong hai, hoặc sửa «trong»", "drop one of them, or mend «trong»")
            yield Finding("dem-hai-lan", Severity.NOTE, code, said, mend=mend)
