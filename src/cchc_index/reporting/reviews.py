"""The review year as tables: progress, ranking, movement, history of the phases, priorities."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text as Styled

from cchc_index.criteria import Basing, Grade, Points, Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.facts import Phase, Standing
from cchc_index.measures import figure
from cchc_index.reporting.tables import SAMPLE, SILENT, grade_name, said_index, said_points, table_of
from cchc_index.reviewing.levers import Step
from cchc_index.reviewing.movement import Moved, Movement
from cchc_index.reviewing.phases import PHASES, History
from cchc_index.reviewing.priorities import Opportunity, Plan
from cchc_index.reviewing.progress import Progress
from cchc_index.reviewing.reports import Tally
from cchc_index.reviewing.sentences import say_movement, say_observed, say_progress
from cchc_index.scoring.rank import Rank
from cchc_index.scoring.say import say_basis, say_value, unit_of
from cchc_index.sources import NOT_STATED

STANDINGS = {
    Standing.DONE: Text("đạt", "done"),
    Standing.FAILED: Text("không đạt", "failed"),
    Standing.ONGOING: Text("đang thực hiện", "in progress"),
    Standing.NOT_DUE: Text("chưa đến hạn", "not yet due"),
    Standing.EXEMPT: Text("không đánh giá", "not assessed"),
    Standing.UNKNOWN: Text("chưa rõ", "not known"),
}


def _columns(vi: str, en: str, kinds: str, lang: Lang) -> list[tuple[str, str]]:
    """Names split at |, with a letter for the kind of each: t text, n number, c code."""
    words = {"t": "text", "n": "number", "c": "code"}
    return list(zip(Text(vi, en).said(lang).split("|"), (words[kind] for kind in kinds), strict=True))


def _title(rules: Ruleset, lang: Lang) -> Styled:
    title = Styled(f"{rules.title}\n", style="bold")
    return title.append(f"{SAMPLE.said(lang)}\n", style="bold red") if rules.is_sample else title


def _day(day: datetime.date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


def _points(points: Points | None, lang: Lang) -> str:
    return "–" if points is None else said_points(points, lang)


# -- progress ----------------------------------------------------------------------------------------------------------


def progress_report(rules: Ruleset, found: Progress, lang: Lang) -> RenderableType:
    """The sentence of the notice, the criteria, the same by area, owner and deadline, the tasks, what was computed."""
    table = table_of(
        *_columns(
            "Mã|Tiêu chí|Tình trạng|Hạn|Điểm|Còn|Mất|Phụ trách",
            "Code|Criterion|Standing|Due|Points|Open|Lost|Owner",
            "ctccnnnt",
            lang,
        )
    )
    for item in found.items:
        cells = (item.code, item.name, STANDINGS[item.standing].said(lang), _day(item.due))
        numbers = (_points(item.points, lang), said_points(item.still_open, lang), said_points(item.lost, lang))
        table.add_row(*(escape(cell) for cell in (*cells, *numbers, "; ".join(item.owners))))
    on = Text(f"{found.unit}, đến ngày {_day(found.on)}", f"{found.unit}, on {_day(found.on)}").said(lang)
    sentence = say_progress(found).said(lang)
    parts: list[RenderableType] = [_title(rules, lang), Styled(f"{on}: {sentence}\n"), table]
    parts += _groups(found, lang)
    parts += _duties(found, lang)
    lines = [
        f"{say_observed(one, found.mark).said(lang)} [{say_basis(one.basis).said(lang)}]"
        if one.basis is not NOT_STATED
        else say_observed(one, found.mark).said(lang)
        for one in found.observed
    ]
    lines += [remark.said(lang) for remark in found.remarks]
    lines += [f"{item.code}: {remark.said(lang)}" for item in found.items for remark in item.remarks]
    if found.reported:
        lines.append(f"«{found.reported.quote}» [{found.reported.source}]")
    return Group(*parts, *(Styled(f"- {line}") for line in lines))


def _groups(found: Progress, lang: Lang) -> Iterator[RenderableType]:
    nobody = Text("(chưa giao)", "(nobody)").said(lang)
    yield _tallies(Text("Theo lĩnh vực", "By area").said(lang), dict(found.by_area), lang)
    owners = {owner or nobody: tally for owner, tally in found.by_owner.items()}
    yield _tallies(Text("Theo phụ trách", "By owner").said(lang), owners, lang)
    days = {_day(due) or "–": tally for due, tally in found.by_deadline.items()}
    yield _tallies(Text("Theo hạn", "By deadline").said(lang), days, lang)


def _tallies(name: str, groups: Mapping[str, Tally], lang: Lang) -> RenderableType:
    columns = _columns(
        "Số|Đạt|Không đạt|Đang làm|Chưa hạn|Điểm|Còn|Mất",
        "All|Done|Failed|Ongoing|Not due|Points|Open|Lost",
        "n" * 8,
        lang,
    )
    table = table_of((name, "text"), *columns)
    for key, tally in groups.items():
        counts = [tally.count(one) for one in (Standing.DONE, Standing.FAILED, Standing.ONGOING, Standing.NOT_DUE)]
        numbers = [said_points(points, lang) for points in (tally.secured, tally.still_open, tally.lost)]
        table.add_row(escape(key), str(tally.size), *map(str, counts), *numbers)
    return Group(Styled(""), table)


def _duties(found: Progress, lang: Lang) -> Iterator[RenderableType]:
    dated = [duty for duty in found.duties if duty.due]
    if not dated:
        return
    table = table_of(*_columns("Hạn|Còn|Việc|Phụ trách", "Due|Left|Task|Owner", "cctt", lang))
    for duty in dated:
        days = duty.days_left or 0
        left = Text(f"{days} ngày", f"{days} days") if days >= 0 else Text(f"quá {-days} ngày", f"{-days} days over")
        table.add_row(_day(duty.due), left.said(lang), escape(duty.name), escape("; ".join(duty.owners)))
    yield Group(Styled(""), table)


# -- ranking -----------------------------------------------------------------------------------------------------------


def ranking(rules: Ruleset, ranks: Iterable[Rank], lang: Lang, *, by: str = "") -> RenderableType:
    """Each group in order, then what is shared, hidden by print, or still open."""
    known = list(ranks)
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    parts: list[RenderableType] = [_title(rules, lang)]
    for group in dict.fromkeys(one.group for one in known):
        if group:
            parts.append(Styled(group, style="bold"))
        table = table_of(*_columns("Hạng|Đơn vị|Điểm|Chỉ số|Xếp loại", "Rank|Unit|Points|Index|Grade", "ctnnc", lang))
        for one in known:
            if one.group == group:
                table.add_row(*(escape(cell) for cell in _cells(one, lang, on_index=on_index, by=by)))
        parts.append(table)
    notes = [note.said(lang) for one in known for note in rank_notes(one)]
    return Group(*parts, *(Styled(f"- {note}") for note in dict.fromkeys(notes)))


def _cells(one: Rank, lang: Lang, *, on_index: bool, by: str) -> tuple[str, ...]:
    judged = one.card[by] if by else one.card
    points, index = said_points(judged.points, lang), said_index(judged.index, lang)
    is_open = one.possible is not None and one.value is None
    if is_open:
        span = " – ".join(_end(end, lang, on_index=on_index) for end in (one.low, one.high))
        points, index = ("–", span) if on_index else (span, "–")
    return place_of(one), one.card.unit, points, index, "" if is_open else grade_name(one.card, lang)


def _end(value: Fraction | None, lang: Lang, *, on_index: bool) -> str:
    if value is None:
        return "?"
    return said_index(value, lang) if on_index else said_points(value, lang)


def place_of(one: Rank) -> str:
    """The place, the places still possible, or a dash for a unit that is not ranked."""
    if one.place is not None:
        return str(one.place)
    if one.possible is None:
        return "–"
    return "–".join(str(place) for place in dict.fromkeys(one.possible))


def rank_notes(one: Rank) -> Iterator[Text]:
    """What has to be said of a place."""
    unit, listed = one.card.unit, ", ".join
    if one.tied:
        yield Text(
            f"{', '.join(sorted((unit, *one.tied)))}: bằng nhau, đồng hạng {place_of(one)};"
            " văn bản không quy định đơn vị nào đứng trước",
            f"{', '.join(sorted((unit, *one.tied)))}: equal, sharing place {place_of(one)};"
            " the decision does not say who goes first",
        )
    if one.settled_by_rounding:
        names = listed(one.settled_by_rounding)
        yield Text(f"{unit} bằng {names} chỉ vì làm tròn", f"{unit} equals {names} only by rounding")
    if one.same_in_print:
        names = listed(sorted((unit, *one.same_in_print)))
        yield Text(
            f"{names}: bằng nhau khi in, khác nhau khi tính chính xác; xếp theo số chính xác",
            f"{names}: the same in print, different exactly; ordered exactly",
        )
    if one.grade_in_print is not None:
        said = one.grade_in_print.name if isinstance(one.grade_in_print, Grade) else SILENT.vi
        yield Text(f"{unit}: theo số in ra thì là «{said}»", f"{unit}: by the printed number it would be «{said}»")
    if one.place is None and one.possible is not None and one.value is None:
        low, high = one.possible
        yield Text(
            f"{unit}: bản khai chưa đủ, không tính là 0; còn có thể xếp từ {low} đến {high}",
            f"{unit}: the sheet is not complete and is not taken for 0; places {low} to {high} are still possible",
        )


# -- movement ----------------------------------------------------------------------------------------------------------


def movement_report(found: Movement, lang: Lang) -> RenderableType:
    """The sentence of the notice, then every unit: places, values, and what the unit and the rules did."""
    before, after = found.before, found.after
    table = table_of(
        *_columns(
            f"Đơn vị|{before}|{after}|Bậc|Thay đổi|Do đơn vị|Do bộ tiêu chí",
            f"Unit|{before}|{after}|Places|Change|By the unit|By the rules",
            "tnncnnn",
            lang,
        )
    )
    for row in found.rows:
        table.add_row(*(escape(cell) for cell in _moved_cells(row, found, lang)))
    lines = [Text(f"chỉ có ở một năm: {name}", f"in one year only: {name}") for name in found.lone]
    lines += [Text(f"{row.unit}: {row.why_not}", f"{row.unit}: {row.why_not}") for row in found.rows if row.why_not]
    return Group(
        Styled(say_movement(found).said(lang) + "\n"), table, *(Styled(f"- {one.said(lang)}") for one in lines)
    )


def _moved_cells(row: Moved, found: Movement, lang: Lang) -> tuple[str, ...]:
    def said(value: Points | None) -> str:
        if value is None:
            return "–"
        return said_index(value, lang) if found.on_index else said_points(value, lang)

    values = [card.index if found.on_index else card.points for card in (row.before, row.after)]
    places = "–" if row.places is None else "=" if not row.places else f"{row.places:+d}"
    return row.unit, said(values[0]), said(values[1]), places, said(row.change), said(row.by_unit), said(row.by_rules)


# -- phases ------------------------------------------------------------------------------------------------------------


def history_report(rules: Ruleset, found: History, lang: Lang) -> RenderableType:
    """The points of every line in each phase, beside those the unit claimed, and what changed them."""
    claimed = Text("Tự chấm (đơn vị ghi)", "Claimed").said(lang)
    computed = Text("Tính từ số liệu", "From the figures").said(lang)
    heads = [computed if phase is Phase.CLAIMED else PHASES[phase].said(lang) for phase in found.phases]
    last = (Text("Thay đổi", "Changes").said(lang), "text")
    columns = [(name, "number") for name in (Text("Tối đa", "Max").said(lang), claimed, *heads)]
    first = _columns("Mã|Tiêu chí", "Code|Criterion", "ct", lang)
    table = table_of(*first, *((name, "narrow" if len(name) > 12 else kind) for name, kind in columns), last)
    for entry in found.entries:
        name = entry.name or Text("Tổng", "Total").said(lang)
        numbers = [said_points(entry.max_points, lang), _points(entry.claimed, lang)]
        numbers += [_points(points, lang) for points in entry.points]
        told = "\n".join(remark.said(lang) for remark in entry.remarks)
        table.add_row(*(escape(cell) for cell in (entry.code, name, *numbers, told)))
    return Group(_title(rules, lang), table)


# -- priorities --------------------------------------------------------------------------------------------------------


def priorities_report(rules: Ruleset, found: Sequence[Opportunity], lang: Lang) -> RenderableType:
    """The criteria with points left, most first, each with the smallest change that gains some."""
    table = table_of(
        *_columns(
            "Mã|Tiêu chí|Điểm|Còn|Việc nhỏ nhất có thêm điểm|Hạn|Phụ trách",
            "Code|Criterion|Points|Open|Smallest change that gains|Due|Owner",
            "ctnntct",
            lang,
        )
    )
    for one in found:
        first = say_step(one.steps[0], lang) if one.steps else ""
        if one.lacking:
            names = ", ".join(one.lacking)
            first = Text(f"khai số liệu: {names}", f"declare: {names}").said(lang)
        cells = (one.code, one.name, _points(one.points, lang), said_points(one.still_open, lang), first)
        table.add_row(*(escape(cell) for cell in (*cells, _day(one.due), "; ".join(one.owners))))
    return Group(_title(rules, lang), table)


def say_step(step: Step, lang: Lang) -> str:
    """One step in words: what is brought to what, and what it gains."""
    parts = []
    for change in step.changes:
        if isinstance(change.new, str):
            labels = {word: text.said(lang) for word, text in _YES.items()} | dict(change.fact.options)
            parts.append(f"{change.fact.label}: {labels[change.new]}")
            continue
        unit = unit_of(figure(change.fact.name), {change.fact.name: change.fact})
        old, new = (say_value(value, unit, lang) for value in (change.old, change.new) if not isinstance(value, str))
        parts.append(f"{change.fact.label}: {old} → {new}")
    gains = Text("thêm", "gains").said(lang)
    return "; ".join(parts) + f" ({gains} {said_points(step.gain, lang)})"


_YES = {"co": Text("có", "yes"), "khong": Text("không", "no")}


def plan_report(found: Plan, lang: Lang) -> RenderableType:
    """The least set of changes that reaches the target, or that nothing does."""
    target, before = said_points(found.target, lang), said_points(found.before, lang)
    after, most = said_points(found.after, lang), said_points(found.most, lang)
    if not found.is_possible:
        text = Text(
            f"Không thể đạt {target} điểm: đang có {before}, làm hết mọi việc cũng chỉ được {most}.",
            f"{target} points cannot be reached: {before} now, {most} when everything is done.",
        )
        return Styled(text.said(lang))
    number = len(found.steps)
    head = Text(
        f"Để đạt {target} điểm (đang có {before}) cần ít nhất {number} tiêu chí thay đổi, được {after}:",
        f"To reach {target} points (now {before}), at least {number} criteria have to change, giving {after}:",
    ).said(lang)
    return Group(Styled(head), *(Styled(f"- {code}: {say_step(step, lang)}") for code, step in found.steps))
