"""A ruleset as the report its decision prints, with everything that stands around it; and the list of rulesets."""

import datetime
from collections.abc import Iterable, Iterator

from cchc_index.criteria import Counts, Criterion, Day, Instrument, Observation, Ruleset, Scope, Task
from cchc_index.errors import Lang, Text
from cchc_index.measures import DayOfYear
from cchc_index.reporting.page import (
    NOTHING,
    SILENT,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    Tone,
    columns_of,
    items,
    points_cell,
)
from cchc_index.reporting.tables import NOTES, SCOPES, title_block
from cchc_index.scoring.say import rows_of, say_basis, say_condition, say_measure, say_policy
from cchc_index.sources import NOT_STATED, Basis, NotStated, Quote

INSTRUMENTS = {
    Instrument.CCHC: Text("Chỉ số cải cách hành chính", "Administrative reform index"),
    Instrument.ONE_STOP: Text(
        "Đánh giá việc giải quyết thủ tục hành chính (bộ liền kề)", "Handling of procedures (adjacent instrument)"
    ),
    Instrument.SATISFACTION: Text("Chỉ số hài lòng (bộ liền kề)", "Satisfaction index (adjacent instrument)"),
    Instrument.SERVICE: Text(
        "Chỉ số phục vụ người dân, doanh nghiệp (bộ liền kề)", "Public-service index (adjacent instrument)"
    ),
    Instrument.LEGAL_ACCESS: Text(
        "Chuẩn tiếp cận pháp luật (bộ liền kề)", "Legal-access standard (adjacent instrument)"
    ),
}


def catalogue(rulesets: Iterable[Ruleset], lang: Lang) -> Page:
    """The rulesets one by one: id, title, scope, level, how many criteria."""
    columns = columns_of("Mã và tên|Phạm vi|Cấp|Dòng|Tối đa", "Id and title|Scope|Level|Lines|Max", "tcwnn", lang)
    rows = []
    for rules in rulesets:
        most = NOTHING if rules.max_points is NOT_STATED else points_cell(rules.max_points, lang)
        scope = SCOPES[rules.scope].said(lang).partition(",")[0]
        lines = str(sum(1 for _ in rules.walk()))
        rows.append(Row((f"{rules.full_id}\n{rules.title}", scope, levels_of(rules), lines, most)))
    sample = SCOPES[Scope.SAMPLE].said(lang).replace(",", ":", 1)
    note = Para(sample + Text("; –: không quy định", "; –: not stated").said(lang))
    name = Text("Các bộ tiêu chí", "Rulesets").said(lang)
    return Page(name, (Section(name, (Table(columns, tuple(rows)), note)),), lang)


def levels_of(rules: Ruleset) -> str:
    """The kinds of unit a set is for, as they are listed."""
    return ", ".join(level.value for level in rules.application.levels)


def annex(rules: Ruleset, lang: Lang) -> Page:
    """A ruleset as the table its decision prints, with the documents and notes around it."""
    columns = columns_of(
        "Mã|Tiêu chí|Tối đa|Cách chấm|Kiểm chứng", "Code|Criterion|Max|How to score|Evidence", "ctntt", lang
    )
    table = Table(columns, tuple(_row(criterion, rules, lang) for criterion in rules.walk()))
    around = (*_dropped(rules, lang), *_grades(rules, lang), *_source_notes(rules, lang))
    first = Section(Text("Bộ tiêu chí", "Criteria").said(lang), (*about(rules, lang), table, *around))
    return Page(rules.title, (first, *_figures(rules, lang)), lang)


def _row(criterion: Criterion, rules: Ruleset, lang: Lang) -> Row:
    how = "\n".join(_how(criterion, rules, lang))
    points = points_cell(criterion.max_points, lang)
    tone = Tone.PLAIN if not criterion.children else Tone.AREA if criterion in rules.criteria else Tone.STRONG
    return Row((criterion.code, criterion.name, points, how, "\n".join(criterion.evidence)), tone)


def _figures(rules: Ruleset, lang: Lang) -> Iterator[Section]:
    """The names to use in a submission."""
    declared = [fact for fact in rules.facts_by_name.values() if fact.given is None]
    if not declared:
        return
    rows = []
    for fact in declared:
        for row in (fact, *fact.fields):
            name = row.name if row is fact else f"{fact.name}[].{row.name}"
            options = ": " + ", ".join(option for option, _ in row.options) if row.options else ""
            rows.append(Row((name, row.label, row.type.value + options)))
    heading = Para(Text("Số liệu để khai (so_lieu):", "Figures to declare (so_lieu):").said(lang), Role.HEADING)
    table = Table(columns_of("Tên|Nghĩa|Loại", "Name|Meaning|Type", "ctt", lang), tuple(rows))
    yield Section(Text("Số liệu", "Figures").said(lang), (heading, table))


def _how(criterion: Criterion, rules: Ruleset, lang: Lang) -> Iterator[str]:
    """How a line is scored: the sentence of the decision where there is one, our own words otherwise."""
    facts = rules.facts_by_name
    if criterion.rule is NOT_STATED:
        silent = "" if criterion.children else SILENT.said(lang)
        quoted = _quoted(criterion.sentence, criterion, lang)
        yield from [" — ".join(part for part in (silent, quoted) if part)] if silent or quoted else []
    else:
        for words, basis in rows_of(criterion.rule, facts):
            yield _with_words(words.said(lang), basis, criterion, lang)
    for observation in criterion.observations:
        yield _with_words(_looked_at(observation, rules).said(lang), observation.basis, criterion, lang)
    for exemption in criterion.exemptions:
        when = f" ({say_condition(exemption.when, facts).said(lang)})" if exemption.when else ""
        yield _with_words(f"{say_policy(exemption.policy).said(lang)}{when}", exemption.basis, criterion, lang)
    yield from (_task(task, criterion, lang) for task in criterion.tasks)
    if criterion.counts:
        yield _counted(criterion.counts, lang)
    if criterion.supersedes:
        now, before = criterion.citation, criterion.supersedes
        yield Text(f"[{now}] thay cho [{before}]", f"[{now}] replaces [{before}]").said(lang)
    else:
        yield f"[{criterion.citation}]"


def _with_words(told: str, basis: Basis, criterion: Criterion, lang: Lang) -> str:
    quoted = _quoted(basis, criterion, lang)
    return told + (f" — {quoted}" if quoted else "")


def _looked_at(observation: Observation, rules: Ruleset) -> Text:
    facts, name = rules.facts_by_name, observation.name
    if observation.measure is None:
        tiers = [(tier.name, say_condition(tier.when, facts)) for tier in observation.tiers]
        vi = "; ".join(f"{name} ({when.vi})" for name, when in tiers)
        listed = Text(vi, "; ".join(f"{name} ({when.en})" for name, when in tiers))
    else:
        listed = say_measure(observation.measure, facts)
    return Text(f"tính được {name}: {listed.vi}", f"can be computed, {name}: {listed.en}")


def _task(task: Task, criterion: Criterion, lang: Lang) -> str:
    parts = [Text(f"phân công: {task.name}", f"assigned: {task.name}").said(lang)]
    parts += task.owners
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
    return f"{told} {listed} ({_told(counts.basis, lang)})"


def _quoted(basis: Basis, criterion: Criterion, lang: Lang) -> str:
    """The sentence behind a row; its place too, where that is not the place of the whole line."""
    if isinstance(basis, Quote) and basis.citation == criterion.citation:
        return f"«{basis.text}»{_attested(basis, lang)}"
    return _told(basis, lang)


def _told(basis: Basis, lang: Lang) -> str:
    """The words behind something with their place, and who compared them with the rule where a machine cannot."""
    return say_basis(basis).said(lang) + (_attested(basis, lang) if isinstance(basis, Quote) else "")


def _attested(quote: Quote, lang: Lang) -> str:
    if not quote.attested:
        return ""
    return Text(f" [đã đối chiếu: {quote.attested}]", f" [compared: {quote.attested}]").said(lang)


def about(rules: Ruleset, lang: Lang) -> Iterator[Part]:
    """What stands above the table: title, scope, for whom, where and when it applies, the documents."""
    instrument = INSTRUMENTS[rules.application.instrument].said(lang)
    lines = [" · ".join([instrument, SCOPES[rules.scope].said(lang), levels_of(rules), *_applies(rules, lang)])]
    lines += [_counted(rules.counts, lang)] if rules.counts else []
    lines += _ordered(rules, lang)
    yield from title_block(f"{rules.title} ({rules.full_id})", lang, *lines, is_sample=rules.is_sample)
    for document in rules.documents:
        said = f"{document.id}: {document.number}, {day(document.date, lang)}, {document.issuer}: {document.subject}"
        yield Para(f"{said} <{document.address}>", Role.ITEM)


def heading(rules: Ruleset, lang: Lang) -> Page:
    """What stands above the table, alone."""
    return Page(rules.title, (Section(rules.title, tuple(about(rules, lang))),), lang)


def _ordered(rules: Ruleset, lang: Lang) -> Iterator[str]:
    """What the decision says of the whole: its index, its rounding, its order of units."""
    bases = {
        Text("Chỉ số", "Index"): rules.index_basis,
        Text("Làm tròn", "Rounding"): rules.rounding.basis if rules.rounding else NOT_STATED,
        Text("Xếp hạng", "Ranking"): rules.ranking.basis if rules.ranking else NOT_STATED,
    }
    for words, basis in bases.items():
        if basis is not NOT_STATED:
            yield f"{words.said(lang)}: {_told(basis, lang)}"


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
        yield _told(where.basis, lang)
    if where.replaces:
        yield Text("thay thế {}", "replaces {}").said(lang).format(", ".join(where.replaces))


def day(one: Day, lang: Lang) -> str:
    """A day as it is printed, or that it is not stated."""
    return SILENT.said(lang) if isinstance(one, NotStated) else f"{one:%d/%m/%Y}"


def _dropped(rules: Ruleset, lang: Lang) -> Iterator[Para]:
    for gone in rules.dropped:
        what = f"{gone.code} {gone.name} [{gone.citation}]"
        told = Text(f"Bỏ {what}", f"Dropped {what}")
        yield Para(f"{told.said(lang)}: {_told(gone.basis, lang)}")


def _grades(rules: Ruleset, lang: Lang) -> Iterator[Para]:
    for scale in rules.scales:
        when = f" ({say_condition(scale.when, rules.facts_by_name).said(lang)})" if scale.when else ""
        yield Para(Text("Xếp loại", "Grades").said(lang) + f"{when}:", Role.HEADING)
        yield from items([f"{grade.name}: {_told(grade.basis, lang)}" for grade in scale.grades])


def _source_notes(rules: Ruleset, lang: Lang) -> Iterator[Para]:
    noted = [("", note) for note in rules.notes]
    noted += [(criterion.code, note) for criterion in rules.walk() for note in criterion.notes]
    if noted:
        yield Para(Text("Ghi chú về nguồn:", "Notes on the source:").said(lang), Role.HEADING)
    for code, note in noted:
        where, origin = f" ({code})" if code else "", f" [{note.origin}]" if note.origin else ""
        yield Para(f"{NOTES[note.kind].said(lang)}{where}: {note.text}{origin}", Role.ITEM)
