"""The review year as reports: progress, ranking, movement, history of the phases, priorities.

One module longer than most: each report is a few functions that share nothing but the words at the top.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from cchc_index.bounding.results import Bounds
from cchc_index.criteria import Basing, Criterion, Grade, Ruleset
from cchc_index.errors import Lang, Text, many
from cchc_index.facts import Phase, Standing
from cchc_index.measures import figure
from cchc_index.reporting import charts
from cchc_index.reporting.page import (
    NOTHING,
    SILENT,
    Amount,
    Column,
    Open,
    Page,
    Para,
    Part,
    Role,
    Row,
    Section,
    Table,
    Tone,
    columns_of,
    index_cell,
    items,
    points_cell,
    span,
)
from cchc_index.reporting.tables import (
    NOT_GRADED,
    YES,
    grade_cells,
    grade_columns,
    organ_of,
    said_index,
    said_points,
    said_reasons,
    sheet,
    title_block,
    title_of,
)
from cchc_index.reviewing.grades import Grading
from cchc_index.reviewing.levers import Step
from cchc_index.reviewing.movement import Moved, Movement
from cchc_index.reviewing.partial import Partial
from cchc_index.reviewing.phases import PHASES, Entry, History
from cchc_index.reviewing.priorities import Opportunity, Plan
from cchc_index.reviewing.progress import Item, Progress
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


def _day(day: datetime.date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


# -- a sheet that is not complete --------------------------------------------------------------------------------------


def unfinished(rules: Ruleset, found: Partial, still: Bounds, lang: Lang, *, quotes: bool = False) -> Page:
    """The sheet of a unit whose figures are not all there: points where they are known, ranges where they are not."""
    waiting = {one.code for one in rules.walk() if any(_is_open(inner, found) for inner in one.walk())}
    known = [line for line in still.lines if line.code in waiting and line.values != (None, None)]
    ranges = {line.code: Open(*line.values, _lacking(found, line.code)) for line in known}
    return sheet(found.card, lang, quotes=quotes, still_open=ranges | {"": Open(*still.total.values)})


def _is_open(criterion: Criterion, found: Partial) -> bool:
    """Whether its points wait for figures; one for which the decision states no rule never gets any."""
    has_points = bool(criterion.children) or criterion.rule is not NOT_STATED
    return has_points and criterion.code in {*found.lacking, *found.undefined}


def _lacking(found: Partial, code: str) -> Text | None:
    if code in found.undefined:
        return found.undefined[code]
    names = ", ".join(found.lacking.get(code, ()))
    return Text(f"chưa khai: {names}", f"not given: {names}") if names else None


# -- progress ----------------------------------------------------------------------------------------------------------


def progress_report(rules: Ruleset, found: Progress, lang: Lang) -> Page:
    """The sentence of the notice, the criteria, the same by area, owner and deadline, the tasks, what was computed."""
    on = Text(f"{found.unit}, đến ngày {_day(found.on)}", f"{found.unit}, on {_day(found.on)}").said(lang)
    sentence = Para(f"{on}: {say_progress(found).said(lang)}")
    drawn = charts.tallies(_areas(rules, found), lang)
    name = Text("Tiến độ", "Progress").said(lang)
    first = Section(name, (*title_of(rules, lang), sentence, _standings(found, lang), *drawn))
    notes = Section(Text("Ghi chú", "Notes").said(lang), tuple(_progress_notes(found, lang)))
    rest = [*_groups(rules, found, lang), *_duties(found, lang), *([notes] if notes.parts else [])]
    return Page(f"{name}: {on}", (first, *rest), lang, organ_of(rules, found.unit))


def _standings(found: Progress, lang: Lang) -> Table:
    columns = columns_of(
        "Mã|Tiêu chí|Tình trạng|Hạn|Điểm|Còn|Mất|Phụ trách",
        "Code|Criterion|Standing|Due|Points|Open|Lost|Owner",
        "ctccnnnt",
        lang,
    )
    return Table(columns, tuple(_standing(item, lang) for item in found.items))


def _standing(item: Item, lang: Lang) -> Row:
    told = (item.code, item.name, STANDINGS[item.standing].said(lang), _day(item.due))
    numbers = [points_cell(points, lang) for points in (item.points, item.still_open, item.lost)]
    return Row((*told, *numbers, "; ".join(item.owners)))


def _progress_notes(found: Progress, lang: Lang) -> Iterator[Para]:
    """What was computed, what the report printed, and where figures, deadlines and statements do not go together."""
    for one in found.observed:
        basis = "" if one.basis is NOT_STATED else f" [{say_basis(one.basis).said(lang)}]"
        yield Para(say_observed(one, found.mark).said(lang) + basis, Role.ITEM)
    lines = [remark.said(lang) for remark in found.remarks]
    lines += [f"{item.code}: {remark.said(lang)}" for item in found.items for remark in item.remarks]
    yield from items(lines)
    if found.reported:
        yield Para(f"«{found.reported.quote}» [{found.reported.source}]", Role.ITEM)


def _areas(rules: Ruleset, found: Progress) -> list[tuple[str, Tally]]:
    """Each area by its code and name."""
    return [(f"{code} {rules[code].name}", tally) for code, tally in found.by_area.items()]


def _groups(rules: Ruleset, found: Progress, lang: Lang) -> Iterator[Section]:
    nobody = Text("(chưa giao)", "(nobody)").said(lang)
    yield _tallies(Text("Theo lĩnh vực", "By area").said(lang), _areas(rules, found), lang)
    owners = [(owner or nobody, tally) for owner, tally in found.by_owner.items()]
    yield _tallies(Text("Theo phụ trách", "By owner").said(lang), owners, lang)
    days = [(_day(due) or NOTHING, tally) for due, tally in found.by_deadline.items()]
    yield _tallies(Text("Theo hạn", "By deadline").said(lang), days, lang)


_COUNTED = (Standing.DONE, Standing.FAILED, Standing.ONGOING, Standing.NOT_DUE)


def _tallies(name: str, groups: Iterable[tuple[str, Tally]], lang: Lang) -> Section:
    columns = columns_of(
        f"{name}|Số|Đạt|Không đạt|Đang làm|Chưa hạn|Điểm|Còn|Mất",
        f"{name}|All|Done|Failed|Ongoing|Not due|Points|Open|Lost",
        "t" + "n" * 8,
        lang,
    )
    rows = []
    for key, tally in groups:
        counts = [tally.size, *(tally.count(one) for one in _COUNTED)]
        points = [points_cell(one, lang) for one in (tally.secured, tally.still_open, tally.lost)]
        rows.append(Row((key, *(Amount(Fraction(count)) for count in counts), *points)))
    return Section(name, (Table(columns, tuple(rows)),))


def _duties(found: Progress, lang: Lang) -> Iterator[Section]:
    dated = [duty for duty in found.duties if duty.due]
    if not dated:
        return
    rows = []
    for duty in dated:
        days = duty.days_left or 0
        left = (
            Text(f"{days} ngày", many(days, "day"))
            if days >= 0
            else Text(f"quá {-days} ngày", f"{many(-days, 'day')} over")
        )
        rows.append(Row((_day(duty.due), left.said(lang), duty.name, "; ".join(duty.owners))))
    columns = columns_of("Hạn|Còn|Việc|Phụ trách", "Due|Left|Task|Owner", "cctt", lang)
    yield Section(Text("Việc có hạn", "Tasks with a deadline").said(lang), (Table(columns, tuple(rows)),))


# -- ranking -----------------------------------------------------------------------------------------------------------


def ranking(rules: Ruleset, ranks: Iterable[Rank], lang: Lang, *, by: str = "", grading: Grading = NOT_GRADED) -> Page:
    """Each group in order, then what is shared, hidden by print, or still open, and what lowered a grade.

    `grading` gives the grades where they are not those of the cards, and their reasons.
    """
    known = list(ranks)
    on_index = rules.ranking is not None and rules.ranking.on is Basing.INDEX
    rows: list[Row] = []
    for group in dict.fromkeys(one.group for one in known):
        rows += [Row((group,), Tone.AREA)] if group else []
        rows += [_placed(one, grading, lang, on_index=on_index, by=by) for one in known if one.group == group]
    graded = grade_columns(grading, lang)
    columns = (*columns_of("Hạng|Đơn vị|Điểm|Chỉ số", "Rank|Unit|Points|Index", "ctnn", lang), *graded)
    noted = [note.said(lang) for one in known for note in rank_notes(one)]
    lowered = said_reasons(grading, [one.card.unit for one in known], lang)
    notes = items(list(dict.fromkeys([*noted, *lowered])))
    drawn = () if by else charts.ranges(known, lang, on_index=on_index)
    name = Text("Xếp hạng", "Ranking").said(lang)
    parts = (*title_of(rules, lang), *_by_line(rules, by, lang), Table(columns, tuple(rows)), *notes, *drawn)
    return Page(f"{name}: {rules.title}", (Section(name, parts),), lang)


def _by_line(rules: Ruleset, by: str, lang: Lang) -> list[Part]:
    """Which area or criterion the ranking goes by, where it is not the whole."""
    if not by:
        return []
    told = f"{by} {rules[by].name}"
    return [Para(Text(f"Xếp theo: {told}", f"Ranked by: {told}").said(lang), Role.LEAD)]


def _placed(one: Rank, grading: Grading, lang: Lang, *, on_index: bool, by: str) -> Row:
    judged = one.card[by] if by else one.card
    points, index = points_cell(judged.points, lang), index_cell(judged.index, lang)
    is_open = one.possible is not None and one.value is None
    if is_open:
        low, high = (_end(end, lang, on_index=on_index) for end in (one.low, one.high))
        told = span(low, high, lang)
        points, index = (NOTHING, told) if on_index else (told, NOTHING)
    return Row((place_of(one), one.card.unit, points, index, *grade_cells(one.card, grading, lang, is_open=is_open)))


def _end(value: Fraction | None, lang: Lang, *, on_index: bool) -> str | None:
    if value is None:
        return None
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
        named = one.grade_in_print
        said = Text(named.name, named.name) if isinstance(named, Grade) else SILENT
        yield Text(
            f"{unit}: theo số in ra thì là «{said.vi}»", f"{unit}: by the printed number it would be «{said.en}»"
        )
    if one.place is None and one.possible is not None and one.value is None:
        low, high = one.possible
        still = Text(f"còn có thể xếp từ {low} đến {high}", f"places {low} to {high} are still possible")
        sure = Text(f"đằng nào cũng xếp thứ {low}", f"its place is {low} in any case")
        told = sure if low == high else still
        yield Text(
            f"{unit}: bản khai chưa đủ, không tính là 0; {told.vi}",
            f"{unit}: the sheet is not complete and is not taken for 0; {told.en}",
        )


# -- movement ----------------------------------------------------------------------------------------------------------


def movement_report(found: Movement, lang: Lang) -> Page:
    """The sentence of the notice, then every unit: places, values, and what the unit and the rules did."""
    before, after = found.before, found.after
    unit, *changes = columns_of(
        "Đơn vị|Bậc|Thay đổi|Do đơn vị|Do bộ tiêu chí", "Unit|Places|Change|By the unit|By the rules", "tcnnn", lang
    )
    columns = (unit, Column(before, "number"), Column(after, "number"), *changes)
    table = Table(columns, tuple(_moved(row, found, lang) for row in found.rows))
    lines = [Text(f"chỉ có ở một năm: {name}", f"in one year only: {name}").said(lang) for name in found.lone]
    lines += [f"{row.unit}: {row.why_not.said(lang)}" for row in found.rows if row.why_not]
    name = Text("Tăng giảm", "Movement").said(lang)
    told = Text(f"Từ {before} đến {after}", f"From {before} to {after}").said(lang)
    parts: tuple[Part, ...] = (
        *_years(found, lang),
        Para(say_movement(found).said(lang)),
        table,
        *items(lines),
        *charts.movements(found, lang),
    )
    return Page(f"{name}: {told}", (Section(name, parts),), lang)


def _years(found: Movement, lang: Lang) -> list[Part]:
    """The title block of the later year, and the two rulesets where the years are not scored under one."""
    if not found.rows:
        return []
    old, new = found.rows[0].before, found.rows[0].after
    names = [f"{card.ruleset}/{card.version}" for card in (old, new)]
    lead = "" if names[0] == names[1] else " → ".join(names)
    return title_block(new.title, lang, lead, is_sample=old.is_sample or new.is_sample)


def _moved(row: Moved, found: Movement, lang: Lang) -> Row:
    cell = index_cell if found.on_index else points_cell
    values = [card.index if found.on_index else card.points for card in (row.before, row.after)]
    places = NOTHING if row.places is None else "=" if not row.places else f"{row.places:+d}"
    parts = [cell(value, lang) for value in (*values, row.change, row.by_unit, row.by_rules)]
    return Row((row.unit, *parts[:2], places, *parts[2:]))


# -- phases ------------------------------------------------------------------------------------------------------------


def history_report(rules: Ruleset, found: History, lang: Lang, *, unit: str = "") -> Page:
    """The points of every line in each phase, beside what the unit claimed and who changed them."""
    claimed = Text("Tự chấm (đơn vị ghi)", "Claimed").said(lang)
    computed = Text("Tính từ số liệu", "From the figures").said(lang)
    heads = [computed if phase is Phase.CLAIMED else PHASES[phase].said(lang) for phase in found.phases]
    names = "|".join([claimed, *heads])
    kinds = "".join("w" if len(name) > 12 else "n" for name in (claimed, *heads))
    columns = columns_of(
        f"Mã|Tiêu chí|Tối đa|{names}|Thay đổi", f"Code|Criterion|Max|{names}|Changes", f"ctn{kinds}t", lang
    )
    table = Table(columns, tuple(_entry(entry, lang) for entry in found.entries))
    name = Text("Điểm qua các bước", "Points through the phases").said(lang)
    section = Section(name, (*title_of(rules, lang, unit), table))
    return Page(f"{name}: {unit or rules.title}", (section,), lang, organ_of(rules, unit))


def _entry(entry: Entry, lang: Lang) -> Row:
    name = entry.name or Text("Tổng", "Total").said(lang)
    numbers = [points_cell(points, lang) for points in (entry.max_points, entry.claimed, *entry.points)]
    told = "\n".join(remark.said(lang) for remark in entry.remarks)
    return Row((entry.code, name, *numbers, told), Tone.PLAIN if entry.code else Tone.TOTAL)


# -- priorities --------------------------------------------------------------------------------------------------------


def priorities_report(
    rules: Ruleset, found: Sequence[Opportunity], lang: Lang, *, unit: str = "", wanted: Plan | None = None
) -> Page:
    """The criteria with points left, most first, each with the smallest change that gains some; then the plan."""
    columns = columns_of(
        "Mã|Tiêu chí|Điểm|Còn|Việc nhỏ nhất có thêm điểm|Hạn|Phụ trách",
        "Code|Criterion|Points|Open|Smallest change that gains|Due|Owner",
        "ctnntct",
        lang,
    )
    table = Table(columns, tuple(_opportunity(one, lang) for one in found))
    name = Text("Điểm còn ở đâu", "Where the points are").said(lang)
    parts: list[Part] = [*title_of(rules, lang, unit), table, *(_plan(wanted, lang) if wanted else ())]
    section = Section(name, tuple(parts))
    return Page(f"{name}: {unit or rules.title}", (section,), lang, organ_of(rules, unit))


def _opportunity(one: Opportunity, lang: Lang) -> Row:
    first = say_step(one.steps[0], lang) if one.steps else ""
    if one.lacking:
        names = ", ".join(one.lacking)
        first = Text(f"khai số liệu: {names}", f"declare: {names}").said(lang)
    numbers = points_cell(one.points, lang), points_cell(one.still_open, lang)
    return Row((one.code, one.name, *numbers, first, _day(one.due), "; ".join(one.owners)))


def say_step(step: Step, lang: Lang) -> str:
    """One step in words: what is brought to what, and what it gains."""
    parts = []
    for change in step.changes:
        if isinstance(change.new, str):
            labels = {word: text.said(lang) for word, text in YES.items()} | dict(change.fact.options)
            parts.append(f"{change.fact.label}: {labels[change.new]}")
            continue
        unit = unit_of(figure(change.fact.name), {change.fact.name: change.fact})
        old, new = (say_value(value, unit, lang) for value in (change.old, change.new) if not isinstance(value, str))
        parts.append(f"{change.fact.label}: {old} → {new}")
    gains = Text("thêm", "gains").said(lang)
    return "; ".join(parts) + f" ({gains} {said_points(step.gain, lang)})"


def _plan(found: Plan, lang: Lang) -> Iterator[Para]:
    """The least set of changes that reaches the target, or that nothing does."""
    target, before = said_points(found.target, lang), said_points(found.before, lang)
    after, most = said_points(found.after, lang), said_points(found.most, lang)
    if not found.is_possible:
        text = Text(
            f"Không thể đạt {target} điểm: đang có {before}, làm hết mọi việc cũng chỉ được {most}.",
            f"{target} points cannot be reached: {before} now, {most} when everything is done.",
        )
        yield Para(text.said(lang))
        return
    number = len(found.steps)
    head = Text(
        f"Để đạt {target} điểm (đang có {before}) cần ít nhất {number} tiêu chí thay đổi, được {after}:",
        f"To reach {target} points (now {before}), at least {number} criteria have to change, giving {after}:",
    )
    yield Para(head.said(lang))
    yield from items([f"{code}: {say_step(step, lang)}" for code, step in found.steps])
