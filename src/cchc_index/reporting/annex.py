"""A ruleset as the table its decision prints, with everything that stands around it; and the list of rulesets."""

import datetime
from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text as Styled

from cchc_index.criteria import Counts, Criterion, Day, Observation, Ruleset, Task
from cchc_index.errors import Lang, Text
from cchc_index.measures import DayOfYear
from cchc_index.reporting.tables import NOTES, SAMPLE, SCOPES, SILENT, said_points, table_of
from cchc_index.scoring.say import rows_of, say_basis, say_condition, say_measure, say_policy
from cchc_index.sources import NOT_STATED, Basis, NotStated, Quote


def catalogue(rulesets: Iterable[Ruleset], lang: Lang) -> RenderableType:
    """The rulesets one by one: id, title, scope, level, how many criteria."""
    words = Text("Mã|Tên|Phạm vi|Cấp|Dòng|Tối đa", "Id|Title|Scope|Level|Lines|Max").said(lang).split("|")
    table = table_of(*zip(words, ("code", "text", "text", "narrow", "number", "number"), strict=True))
    for rules in rulesets:
        cells = (rules.full_id, rules.title, SCOPES[rules.scope].said(lang), levels_of(rules))
        lines = str(sum(1 for _ in rules.walk()))
        table.add_row(*(escape(cell) for cell in cells), lines, said_points(rules.max_points, lang))
    return table


def levels_of(rules: Ruleset) -> str:
    """The kinds of unit a set is for, as they are listed."""
    return ", ".join(level.value for level in rules.application.levels)


def annex(rules: Ruleset, lang: Lang) -> RenderableType:
    """A ruleset as the table its decision prints, with the documents and notes around it."""
    words = Text("Mã|Tiêu chí|Tối đa|Cách chấm|Kiểm chứng", "Code|Criterion|Max|How to score|Evidence")
    table = table_of(*zip(words.said(lang).split("|"), ("code", "text", "number", "text", "text"), strict=True))
    for criterion in rules.walk():
        how = "\n".join(_how(criterion, rules, lang))
        points = said_points(criterion.max_points, lang)
        cells = (criterion.code, criterion.name, points, how, "\n".join(criterion.evidence))
        table.add_row(*(escape(cell) for cell in cells), style="bold" if criterion.children else "")
    around = (*_dropped(rules, lang), *_grades(rules, lang), *_source_notes(rules, lang), *_figures(rules, lang))
    return Group(*about(rules, lang), table, *around)


def _figures(rules: Ruleset, lang: Lang) -> Iterator[RenderableType]:
    """The names to use in a submission."""
    yield Styled("\n" + Text("Số liệu để khai (so_lieu):", "Figures to declare (so_lieu):").said(lang))
    words = Text("Tên|Nghĩa|Loại", "Name|Meaning|Type").said(lang).split("|")
    table = table_of(*zip(words, ("code", "text", "text"), strict=True))
    for fact in rules.facts_by_name.values():
        if fact.given is None:
            for row in (fact, *fact.fields):
                name = row.name if row is fact else f"{fact.name}[].{row.name}"
                options = ": " + ", ".join(option for option, _ in row.options) if row.options else ""
                table.add_row(name, escape(row.label), row.type.value + escape(options))
    yield table


def _how(criterion: Criterion, rules: Ruleset, lang: Lang) -> Iterator[str]:
    """How a line is scored: the sentence of the decision where there is one, our own words otherwise."""
    facts = rules.facts_by_name
    if criterion.rule is NOT_STATED:
        if not criterion.children:
            yield SILENT.said(lang)
    else:
        for words, basis in rows_of(criterion.rule, facts):
            yield _with_words(words.said(lang), basis, criterion, lang)
    for observation in criterion.observations:
        yield _with_words(_looked_at(observation, rules).said(lang), observation.basis, criterion, lang)
    for exemption in criterion.exemptions:
        when = f" ({say_condition(exemption.when, facts).said(lang)})" if exemption.when else ""
        yield f"{say_policy(exemption.policy).said(lang)}{when}"
    yield from (_task(task, criterion, lang) for task in criterion.tasks)
    if criterion.counts:
        yield _counted(criterion.counts, lang)
    if criterion.supersedes:
        now, before = criterion.citation, criterion.supersedes
        yield Text(f"[{now}] thay cho [{before}]", f"[{now}] replaces [{before}]").said(lang)
    elif len({row.citation.document for row in rules.walk()}) > 1:
        yield f"[{criterion.citation}]"


def _with_words(told: str, basis: Basis, criterion: Criterion, lang: Lang) -> str:
    quoted = _quoted(basis, criterion, lang)
    return told + (f" — {quoted}" if quoted else "")


def _looked_at(observation: Observation, rules: Ruleset) -> Text:
    facts, name = rules.facts_by_name, observation.name
    if isinstance(observation.look, tuple):
        tiers = [(tier.name, say_condition(tier.when, facts)) for tier in observation.look]
        vi = "; ".join(f"{name} ({when.vi})" for name, when in tiers)
        listed = Text(vi, "; ".join(f"{name} ({when.en})" for name, when in tiers))
    else:
        listed = say_measure(observation.look, facts)
    return Text(f"tính được {name}: {listed.vi}", f"can be computed, {name}: {listed.en}")


def _task(task: Task, criterion: Criterion, lang: Lang) -> str:
    parts = [Text(f"phân công: {task.name}", f"assigned: {task.name}").said(lang)]
    parts += [", ".join(task.owners)] if task.owners else []
    parts += [Text(f"hạn {_due(task.due)}", f"due {_due(task.due)}").said(lang)] if task.due else []
    return _with_words("; ".join(parts), task.basis, criterion, lang)


def _due(due: datetime.date | DayOfYear) -> str:
    return f"{due.day:02d}/{due.month:02d}" + (f"/{due.year}" if isinstance(due, datetime.date) else "")


def _counted(counts: Counts, lang: Lang) -> str:
    words = {
        "areas": Text("lĩnh vực", "areas"),
        "criteria": Text("tiêu chí", "criteria"),
        "sub_criteria": Text("tiêu chí thành phần", "sub-criteria"),
    }
    stated = ((getattr(counts, name), word) for name, word in words.items())
    listed = ", ".join(f"{count} {word.said(lang)}" for count, word in stated if count is not None)
    told = Text("văn bản nói có", "the decision says there are").said(lang)
    return f"{told} {listed} ({say_basis(counts.basis).said(lang)})"


def _quoted(basis: Basis, criterion: Criterion, lang: Lang) -> str:
    """The sentence behind a row; its place too, where that is not the place of the whole line."""
    if isinstance(basis, Quote) and basis.citation == criterion.citation:
        return f"«{basis.text}»"
    return say_basis(basis).said(lang)


def about(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    """What stands above the table: title, scope, for whom, where and when it applies, the documents."""
    yield Styled(f"{rules.title} ({rules.full_id})", style="bold")
    if rules.is_sample:
        yield Styled(SAMPLE.said(lang), style="bold red")
    yield Styled(" · ".join([SCOPES[rules.scope].said(lang), levels_of(rules), *_applies(rules, lang)]))
    if rules.counts:
        yield Styled(_counted(rules.counts, lang))
    for document in rules.documents:
        said = f"{document.id}: {document.number}, {day(document.date, lang)}, {document.issuer}: {document.subject}"
        yield Styled(f"- {said} <{document.address}>")


def _applies(rules: Ruleset, lang: Lang) -> Iterator[str]:
    where = rules.application
    yield (
        Text("nơi áp dụng: {}", "place: {}")
        .said(lang)
        .format(SILENT.said(lang) if where.place is NOT_STATED else where.place)
    )
    dates = [day(one, lang) for one in (where.since, where.until)]
    yield Text("Áp dụng từ {} đến {}", "Applies from {} to {}").said(lang).format(*dates)
    if where.basis is not NOT_STATED:
        yield say_basis(where.basis).said(lang)
    if where.replaces:
        yield Text("thay thế {}", "replaces {}").said(lang).format(", ".join(where.replaces))


def day(one: Day, lang: Lang) -> str:
    """A day as it is printed, or that it is not stated."""
    return SILENT.said(lang) if isinstance(one, NotStated) else f"{one:%d/%m/%Y}"


def _dropped(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    for gone in rules.dropped:
        what = f"{gone.code} {gone.name} [{gone.citation}]"
        told = Text(f"Bỏ {what}", f"Dropped {what}")
        yield Styled(f"{told.said(lang)}: {say_basis(gone.basis).said(lang)}")


def _grades(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    for scale in rules.scales:
        when = f" ({say_condition(scale.when, rules.facts_by_name).said(lang)})" if scale.when else ""
        yield Styled("\n" + Text("Xếp loại", "Grades").said(lang) + f"{when}:")
        for grade in scale.grades:
            yield Styled(f"- {grade.name}: {say_basis(grade.basis).said(lang)}")


def _source_notes(rules: Ruleset, lang: Lang) -> Iterator[Styled]:
    noted = [("", note) for note in rules.notes]
    noted += [(criterion.code, note) for criterion in rules.walk() for note in criterion.notes]
    if noted:
        yield Styled("\n" + Text("Ghi chú về nguồn:", "Notes on the source:").said(lang))
    for code, note in noted:
        yield Styled(f"- {NOTES[note.kind].said(lang)}{f' ({code})' if code else ''}: {note.text}")
