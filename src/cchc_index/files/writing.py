"""Write a ruleset as the file that says it: the way back from reading, for drafts, layers made whole, and round trips.

>>> from cchc_index.files.catalogue import load
>>> print(dump(load("dong-nai/cap-xa/2022")).splitlines()[0])
bo_tieu_chi: dong-nai/cap-xa
"""

import datetime
from collections.abc import Iterable
from typing import Any

import yaml

from cchc_index.criteria import (
    AdjustmentKind,
    Counts,
    Criterion,
    Dropped,
    Exemption,
    Grade,
    GradeScale,
    Observation,
    Ranking,
    Ruleset,
    SourceNote,
    Task,
)
from cchc_index.files.numbers import write_number
from cchc_index.files.raising import (
    Place,
    Unwritable,
    Written,
    at_zero,
    based,
    condition,
    day,
    figures,
    interval,
    measured,
    raised,
    rounded,
)
from cchc_index.files.schema import PERSON, SILENCE
from cchc_index.measures import Ratio
from cchc_index.rules import Awarded
from cchc_index.scoring.say import Unit
from cchc_index.sources import NOT_STATED, Citation, Document, DocumentKind, NoteKind, Quote


class _Plain(yaml.SafeDumper):
    """Every scalar is text to our reader, so none needs quotes to stay text."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Plain.yaml_implicit_resolvers = {}


def dump(rules: Ruleset) -> str:
    """The text of bo-tieu-chi.yaml for a ruleset, layers made whole. Reading it again gives an equal ruleset.

    Raises Unwritable for values of the algebra that no file says.
    """
    return as_yaml(written(rules))


def written(rules: Ruleset) -> Written:
    """The keys and values of bo-tieu-chi.yaml for a ruleset, every number and day as text. Raises Unwritable."""
    return {key: value for key, value in _heading(rules).items() if value not in (None, [], {})}


def as_yaml(keys: Written) -> str:
    """The text of a file for what it says, in the order given; nothing but text in it."""
    return yaml.dump(keys, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


def _heading(rules: Ruleset) -> Written:
    top = Place(rules.facts_by_name, Citation("", ""))
    kinds = {kind: [a.criterion for a in rules.adjustments if a.kind is kind] for kind in AdjustmentKind}
    return {
        "bo_tieu_chi": rules.id,
        "phien_ban": rules.version,
        "ten": rules.title,
        "pham_vi": rules.scope.value,
        "cap": [level.value for level in rules.application.levels],
        "cong_cu": rules.application.instrument.value,
        "ap_dung": _application(rules, top),
        "van_ban": {document.id: _document(document) for document in rules.documents},
        "diem_toi_da": stated(rules.max_points),
        "so_luong": rules.counts and _counts(rules.counts, top),
        "chi_so": SILENCE if rules.index_basis is NOT_STATED else based(rules.index_basis, top),
        "lam_tron": SILENCE if rules.rounding is None else rounded(rules.rounding, top),
        "xep_loai": [_scale(scale, top) for scale in rules.scales] or SILENCE,
        "xep_hang": SILENCE if rules.ranking is None else _ranking(rules.ranking, top),
        **_notes(rules.notes, top),
        "so_lieu": figures(rules.facts, top),
        "tieu_chi": _rows(rules.criteria, top),
        "thuong": _rows(kinds[AdjustmentKind.BONUS], top),
        "phat": _rows(kinds[AdjustmentKind.PENALTY], top),
        "bai_bo": [_dropped(gone, top) for gone in rules.dropped],
    }


def stated(value: Any) -> str:
    """A number or a day, or that it is not stated."""
    if value is NOT_STATED:
        return SILENCE
    return value.isoformat() if isinstance(value, datetime.date) else write_number(value)


def _application(rules: Ruleset, top: Place) -> Written:
    where = rules.application
    place = {} if where.place is NOT_STATED else {"noi": where.place}
    replaced = {"thay_the": list(where.replaces)} if where.replaces else {}
    dates = {"tu_ngay": stated(where.since), "den_ngay": stated(where.until)}
    return dates | place | replaced | based(where.basis, top)


def _document(document: Document) -> Written:
    kind = {} if document.kind is DocumentKind.VERBATIM else {"loai": document.kind.value}
    return {
        "so_hieu": document.number,
        "ngay": stated(document.date),
        "co_quan": document.issuer,
        "trich_yeu": document.subject,
        "ban_luu": document.stored,
        "dia_chi": document.address,
    } | kind


def _counts(counts: Counts, place: Place) -> Written:
    told = {"linh_vuc": counts.areas, "tieu_chi": counts.criteria, "thanh_phan": counts.sub_criteria}
    return {key: str(count) for key, count in told.items() if count is not None} | based(counts.basis, place)


def _rows(criteria: Iterable[Criterion], outer: Place) -> list[Written]:
    return [_row(criterion, outer) for criterion in criteria]


def _row(criterion: Criterion, outer: Place) -> Written:
    place = Place(outer.facts, criterion.citation)
    rule: Any = criterion.rule
    said = rule.basis if isinstance(rule, Awarded) else criterion.sentence
    row: Written = {
        "ma": criterion.code,
        "ten": criterion.name,
        "diem_toi_da": stated(criterion.max_points),
        "nguon": None if criterion.citation == outer.citation else str(criterion.citation),
        "nguyen_van": said.text if isinstance(said, Quote) else None,
        "da_doi_chieu": (said.attested or None) if isinstance(said, Quote) else None,
        "thay_cho": criterion.supersedes and str(criterion.supersedes),
        "so_luong": criterion.counts and _counts(criterion.counts, place),
        "so_lieu": figures(criterion.facts, place),
        "kiem_chung": list(criterion.evidence),
        "khong_danh_gia": [_exemption(exemption, place) for exemption in criterion.exemptions],
        "lam_tron": criterion.rounding and rounded(criterion.rounding, place),
        "chieu": criterion.direction and criterion.direction.value,
        "tinh_duoc": [_observation(seen, place) for seen in criterion.observations],
        "phan_cong": [_task(task, place) for task in criterion.tasks],
        **_notes(criterion.notes, place),
    }
    if criterion.children:
        row["gom"] = _rows(criterion.children, place)
    else:
        scored: Written = _silent(criterion) if rule is NOT_STATED else raised(rule, place)
        if criterion.rounding and "lam_tron" in scored:
            raise Unwritable(criterion)
        row |= scored
    return {key: value for key, value in row.items() if value not in (None, [], {})}


def _silent(criterion: Criterion) -> Written:
    """A rule that is not stated, or words that wait for a person."""
    unread = [note for note in criterion.notes if note.kind is NoteKind.UNREAD]
    if not unread:
        return {"cham": SILENCE}
    why = {"vi_sao": unread[0].origin} if unread[0].origin else {}
    return {"cham": PERSON, "cau": [note.text for note in unread]} | why


def _exemption(exemption: Exemption, place: Place) -> Written:
    when = {"khi": condition(exemption.when, place)} if exemption.when else {}
    return {"xu_ly": exemption.policy.value} | when | based(exemption.basis, place)


def _observation(seen: Observation, place: Place) -> Written:
    look: Written = {"muc": [{"ten": tier.name, "khi": condition(tier.when, place)} for tier in seen.tiers]}
    if seen.measure:
        zero = {"mau_so_bang_0": at_zero(seen.measure)} if isinstance(seen.measure, Ratio) else {}
        look = measured(seen.measure) | zero
    return {"ten": seen.name} | look | based(seen.basis, place)


def _task(task: Task, place: Place) -> Written:
    owners = {"phu_trach": list(task.owners)} if task.owners else {}
    due = {"han": day(task.due)} if task.due else {}
    return {"ten": task.name} | owners | due | based(task.basis, place)


def _dropped(gone: Dropped, top: Place) -> Written:
    return {"ma": gone.code, "ten": gone.name, "thay_cho": str(gone.citation)} | based(gone.basis, top)


_NOTE_KEYS = {kind.value: kind for kind in NoteKind if kind is not NoteKind.UNREAD}


def _notes(notes: Iterable[SourceNote], place: Place) -> Written:
    known = list(notes)
    return {key: [_note(note, place) for note in known if note.kind is kind] for key, kind in _NOTE_KEYS.items()}


def _note(note: SourceNote, place: Place) -> str | Written:
    when = {"khi": condition(note.when, place)} if note.when else {}
    told = ({"nguon_goc": note.origin} if note.origin else {}) | when
    return {"noi_dung": note.text} | told if told else note.text


def _scale(scale: GradeScale, top: Place) -> Written:
    unit = Unit.PERCENT if scale.on.value == "chi_so" else Unit.PLAIN
    when = {"khi": condition(scale.when, top)} if scale.when else {}
    return {"theo": scale.on.value} | when | {"bac": [_grade(grade, unit, top) for grade in scale.grades]}


def _grade(grade: Grade, unit: Unit, top: Place) -> Written:
    each = {} if grade.each_from is None else {"moi_tieu_chi_tu": write_number(grade.each_from * 100) + "%"}
    when = {"khi": condition(grade.when, top)} if grade.when else {}
    return {"ten": grade.name} | interval(grade.interval, unit) | each | when | based(grade.basis, top)


def _ranking(ranking: Ranking, top: Place) -> Written:
    when = {"khong_xep_hang": condition(ranking.unranked_when, top)} if ranking.unranked_when else {}
    return {"theo": ranking.on.value} | when | based(ranking.basis, top)
