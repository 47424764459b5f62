"""A survey counted from ballots, as tables: counts, shares, means and points; and every answer that is not counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import Lang, Text, many
from cchc_index.measures import Fact, Sample
from cchc_index.plain import dump
from cchc_index.points import show_percent
from cchc_index.reporting.page import (
    NOTHING,
    Column,
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
)
from cchc_index.reporting.tables import said_points, title_block
from cchc_index.reviewing.ballots import SAID, Poll, Refused
from cchc_index.reviewing.surveys import SURVEY_FORMAT, Mean, Result, Survey
from cchc_index.scoring.say import say_basis
from cchc_index.sources import NOT_STATED

SHOWN = 20
"""How many refused answers are printed; JSON holds all."""

_IDS = Text(
    "Mã phiếu chỉ dùng để tìm phiếu trùng, không có trong kết quả.",
    "Ballot ids serve to find duplicates only; they are not in the results.",
)


def survey_report(rules: Ruleset, found: Survey, lang: Lang) -> Page:
    """The whole report: what was read, the results, what the ruleset asks of the sample, what was not counted."""
    read = _read(found.poll).said(lang)
    parts: list[Part] = title_block(rules.title, lang, read, is_sample=rules.is_sample)
    for figure in dict.fromkeys(result.tally.figure for result in found.results):
        results = [result for result in found.results if result.tally.figure == figure]
        parts += [Para(f"{figure}: {rules.fact(figure).label}", Role.HEADING), _table(results, lang)]
        parts += [Para(line.said(lang)) for line in (*_bases(results), *_samples(rules.fact(figure), results))]
    name = Text("Khảo sát", "Survey").said(lang)
    notes = Section(Text("Ghi chú", "Notes").said(lang), (*_notes(found.poll, lang), *_refused(found.poll, lang)))
    return Page(f"{name}: {rules.title}", (Section(name, tuple(parts)), notes), lang)


def _read(poll: Poll) -> Text:
    return Text(
        f"Đã đọc {poll.read} câu trả lời: tính {poll.valid}, không tính {len(poll.refused)}.",
        f"{poll.read} answers read: {poll.valid} counted, {len(poll.refused)} not counted.",
    )


def _table(results: Sequence[Result], lang: Lang) -> Table:
    """A row for each unit, each question and each group; a column for each option, each mean, the points of the rules.

    Questions split by group are in JSON only.
    """
    *texts, valid, points = columns_of("Đơn vị|Câu|Nhóm|Hợp lệ|Điểm", "Unit|Item|Group|Valid|Points", "tttnn", lang)
    options = [Column(name, "number") for name, _ in results[0].tally.counts]
    many = len(results[0].means) > 1
    means = [Column(f"{mean.name} ({mean.code})" if many else mean.name, "narrow") for mean in results[0].means]
    shown = [result for result in results if not (result.tally.question and result.tally.group)]
    rows = tuple(_row(result, lang) for result in shown)
    return Table((*texts, *options, valid, *means, points), rows)


def _row(result: Result, lang: Lang) -> Row:
    tally, whole = result.tally, Text("tất cả", "all").said(lang)
    pairs = zip(tally.counts, result.shares, strict=True)
    shares = [f"{n} ({_share(share, lang)})" for (_, n), (_, share) in pairs]
    told = [f"{_share(mean.value, lang)} ({mean.counted})" for mean in result.means]
    cells = (tally.unit, tally.question or whole, tally.group or whole, *shares, str(tally.valid), *told)
    return Row((*cells, _points(result, lang)), Tone.PLAIN if tally.question or tally.group else Tone.STRONG)


def _share(value: Points, lang: Lang) -> str:
    return NOTHING if value is NOT_STATED else show_percent(value, lang)


def _points(result: Result, lang: Lang) -> str:
    given = [said_points(mean.points, lang) for mean in result.means if mean.points is not NOT_STATED]
    return "; ".join(given) or NOTHING


def _bases(results: Sequence[Result]) -> Iterator[Text]:
    """What each mean stands on; that none is stated."""
    if not results[0].means:
        yield Text("Hệ số, điểm: không quy định.", "Weights, points: not stated.")
    for mean in results[0].means:
        basis = say_basis(mean.basis)
        yield Text(f"{mean.name} (số câu được tính): {basis.vi}", f"{mean.name} (answers counted): {basis.en}")


def _samples(fact: Fact, results: Sequence[Result]) -> Iterator[Text]:
    """What the ruleset asks of the sample of a figure, and the units that fall short of it."""
    sample = fact.sample
    if sample is None:
        yield Text("Mẫu tối thiểu: không quy định.", "Least sample: not stated.")
        return
    basis = say_basis(sample.basis)
    yield Text(
        f"Mẫu tối thiểu: {sample.least} phiếu: {basis.vi}", f"Least sample: {many(sample.least, 'ballot')}: {basis.en}"
    )
    for result in results:
        if result.is_too_small:
            unit, valid = result.tally.unit, result.tally.valid
            yield Text(f"KHÔNG ĐỦ MẪU: {unit}: {valid} phiếu.", f"SAMPLE TOO SMALL: {unit}: {many(valid, 'ballot')}.")


def _notes(poll: Poll, lang: Lang) -> list[Para]:
    lines = [_IDS] if poll.has_ids else [_UNCHECKED]
    if poll.ignored:
        names = ", ".join(f"«{name}»" for name in poll.ignored)
        lines.append(Text(f"Cột không đọc vào kết quả: {names}.", f"Columns not read into results: {names}."))
    return [Para(line.said(lang)) for line in lines]


_UNCHECKED = Text(
    "Có phiếu không mang mã (cột phieu): không tìm được phiếu trùng trong số đó.",
    "Some ballots carry no id (column phieu): duplicates among them cannot be found.",
)


def _refused(poll: Poll, lang: Lang) -> list[Para]:
    if not poll.refused:
        return []
    counts = Counter(one.kind for one in poll.refused)
    kinds = [kind for kind in SAID if kind in counts]
    summary = "; ".join(f"{SAID[kind].said(lang)}: {counts[kind]}" for kind in kinds)
    lines = [one.fault.said(lang) for one in poll.refused[:SHOWN]]
    left = len(poll.refused) - SHOWN
    if left > 0:
        more = Text(f"và còn {left} câu nữa; --json kể đủ", f"and {left} more; --json lists all")
        lines.append(more.said(lang))
    heading = Text("Không tính", "Not counted").said(lang)
    return [Para(f"{heading} ({summary}):", Role.HEADING), *items(lines)]


def survey_data(found: Survey) -> dict[str, Any]:
    """The whole survey as JSON data: exact numbers as text, and every answer that is not counted."""
    poll = found.poll
    return {
        "format": SURVEY_FORMAT,
        "ruleset": found.ruleset,
        "read": poll.read,
        "valid": poll.valid,
        "has_ids": poll.has_ids,
        "ignored_columns": list(poll.ignored),
        "results": [_result_data(result) for result in found.results],
        "refused": [dump(one, Refused) for one in poll.refused],
    }


def _result_data(result: Result) -> dict[str, Any]:
    tally = result.tally
    return {
        "unit": tally.unit,
        "figure": tally.figure,
        "question": tally.question or None,
        "group": tally.group or None,
        "counts": dict(tally.counts),
        "valid": tally.valid,
        "shares": {name: str(share) for name, share in result.shares},
        "means": [dump(mean, Mean) | {"points": str(mean.points)} for mean in result.means],
        "least_sample": dump(result.sample, Sample) if result.sample else str(NOT_STATED),
        "is_too_small": result.is_too_small,
    }
