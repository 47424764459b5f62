"""From the shapes of the files to the algebra: the one crossing between pydantic models and the core.

What is wrong is collected as faults with the path inside the file, so that one report names them all.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from attrs import evolve

from cchc_index import criteria as core
from cchc_index import sources
from cchc_index.errors import Fault, Text
from cchc_index.files import schema
from cchc_index.files.lowering import around
from cchc_index.files.lowering.conditions import check_apart, condition_of, interval_of
from cchc_index.files.lowering.figures import all_facts, all_rows, lower_fact
from cchc_index.files.lowering.scope import Scope, basis_of, citation_of, each, guarded, quote_of, rounding_of, silent
from cchc_index.files.lowering.shapes import lower_rule
from cchc_index.measures import Fact, Sample
from cchc_index.scoring.say import Unit
from cchc_index.sources import NOT_STATED, Citation, NoteKind


def lower(file: schema.RulesetFile) -> tuple[core.Ruleset | None, list[Fault]]:
    """The ruleset a file says, and every fault found on the way; no ruleset when there is one."""
    faults: list[Fault] = []
    facts = dict(all_facts(file, faults))
    scope = Scope((), Citation("", ""), NOT_STATED, facts, file.van_ban, faults)
    ruleset = guarded(scope, partial(_ruleset, file, scope))
    _check_codes(file, scope)
    return (None if faults else ruleset), faults


def _check_codes(file: schema.RulesetFile, scope: Scope) -> None:
    seen: set[str] = set()
    for path, row in all_rows(file):
        if row.ma in seen:
            message = Text(f"mã «{row.ma}» dùng hai lần", f"code «{row.ma}» is used twice")
            scope.faults.append(Fault(message, (*path, "ma")))
        seen.add(row.ma)


def _ruleset(file: schema.RulesetFile, bare: Scope) -> core.Ruleset:
    scope = evolve(bare, common=tuple(_exemptions(file, "khong_danh_gia", bare)))
    top = scope.at
    return core.Ruleset(
        id=file.bo_tieu_chi,
        version=file.phien_ban,
        title=file.ten,
        scope=file.pham_vi,
        application=around.application(file, top("ap_dung")),
        documents=tuple(_document(key, document) for key, document in file.van_ban.items()),
        criteria=_rows(file.tieu_chi, top("tieu_chi")),
        max_points=silent(file.diem_toi_da),
        facts=_facts(file, scope),
        index_basis=NOT_STATED if file.chi_so == schema.SILENCE else basis_of(file.chi_so, top("chi_so")),
        rounding=None if file.lam_tron == schema.SILENCE else rounding_of(file.lam_tron, top("lam_tron")),
        adjustments=(
            *_adjustments(core.AdjustmentKind.BONUS, file.thuong, top("thuong")),
            *_adjustments(core.AdjustmentKind.PENALTY, file.phat, top("phat")),
        ),
        scales=() if file.xep_loai == schema.SILENCE else _scales(file.xep_loai, top("xep_loai")),
        ranking=None if file.xep_hang == schema.SILENCE else _ranking(file.xep_hang, top("xep_hang")),
        notes=notes_of(file, scope),
        counts=around.counts(file.so_luong, top("so_luong")),
        dropped=tuple(around.dropped(row, top("bai_bo", number)) for number, row in enumerate(file.bai_bo)),
    )


def _document(key: str, document: schema.Document) -> sources.Document:
    return sources.Document(
        id=key,
        number=document.so_hieu,
        date=silent(document.ngay),
        issuer=document.co_quan,
        subject=document.trich_yeu,
        stored=document.ban_luu,
        address=document.dia_chi,
        kind=document.loai,
    )


_NOTE_KEYS = {
    "mau_thuan": NoteKind.CONTRADICTION,
    "khoang_trong": NoteKind.HOLE,
    "cach_hieu": NoteKind.READING,
    "ghi_chu": NoteKind.REMARK,
}


def notes_of(model: schema.Row | schema.RulesetFile, scope: Scope) -> tuple[core.SourceNote, ...]:
    return tuple(
        core.SourceNote(
            kind,
            note.noi_dung,
            note.nguon_goc,
            condition_of(note.khi, scope.at(key, number, "khi")) if note.khi else None,
        )
        for key, kind in _NOTE_KEYS.items()
        for number, note in enumerate(getattr(model, key))
    )


def _unread(model: schema.Row) -> tuple[core.SourceNote, ...]:
    """The sentences that wait for a person; the rule of their row is not stated."""
    rule = model.quy_tac
    words = rule.cau if isinstance(rule, schema.NeedsPerson) else ()
    why = rule.vi_sao if isinstance(rule, schema.NeedsPerson) else ""
    return tuple(core.SourceNote(NoteKind.UNREAD, sentence, why) for sentence in words)


def _rows(models: Iterable[schema.Row], scope: Scope) -> tuple[core.Criterion, ...]:
    lowered = [guarded(scope, partial(_row, model, scope.at(number))) for number, model in enumerate(models)]
    return tuple(row for row in lowered if row is not None)


def _row(model: schema.Row, outer: Scope) -> core.Criterion:
    citation = citation_of(model.nguon, outer) if model.nguon else outer.citation
    if not citation.document:
        raise outer.slip(
            "thiếu «nguon»: văn bản và vị trí của dòng này", "«nguon» is missing: the document and the place"
        )
    sentence = quote_of(model, citation, outer) or NOT_STATED
    scope = evolve(outer, citation=citation, sentence=sentence)
    if (model.gom is None) == (model.quy_tac is None):
        raise scope.slip("cần đúng một trong «gom», «cham»", "exactly one of «gom», «cham» is needed")
    exempt = [*_exemptions(model, "khong_danh_gia", scope), *_exemptions(model, "khong_phat_sinh", scope)]
    return core.Criterion(
        code=model.ma,
        name=model.ten,
        max_points=silent(model.diem_toi_da),
        citation=citation,
        children=_rows(model.gom or (), scope.at("gom")),
        rule=NOT_STATED if model.quy_tac is None else lower_rule(model.quy_tac, scope),
        facts=_facts(model, scope),
        exemptions=(*exempt, *(() if model.gom else scope.common)),
        rounding=rounding_of(model.lam_tron, scope.at("lam_tron")) if model.lam_tron else None,
        evidence=tuple(model.kiem_chung),
        notes=(*notes_of(model, scope), *_unread(model)),
        observations=tuple(
            each(scope, (partial(around.observation, seen, at) for seen, at in _numbered(model, "tinh_duoc", scope)))
        ),
        tasks=tuple(each(scope, (partial(around.task, t, at) for t, at in _numbered(model, "phan_cong", scope)))),
        counts=around.counts(model.so_luong, scope.at("so_luong")),
        supersedes=citation_of(model.thay_cho, scope, "thay_cho") if model.thay_cho else None,
        sentence=sentence,
        direction=_direction(model, scope),
    )


def _facts(model: schema.Row | schema.RulesetFile, scope: Scope) -> tuple[Fact, ...]:
    """The figures declared at a place, with the words that stand beside them."""
    return tuple(_fact(name, figure, scope.at("so_lieu", name)) for name, figure in model.so_lieu.items())


def _fact(name: str, model: schema.Figure, scope: Scope) -> Fact:
    fact, asked, inner = lower_fact(name, model), model.mau_toi_thieu, scope.at("mau_toi_thieu")
    if asked is None:
        return fact
    if not (asked.nguyen_van or asked.cach_hieu):
        raise inner.slip("thiếu «nguyen_van»: câu đòi số phiếu này", "«nguyen_van» is missing: the words for it")
    if not (asked.nguon or asked.cach_hieu or scope.citation.document):
        raise inner.slip("thiếu «nguon»: văn bản và vị trí của câu", "«nguon» is missing: the document and the place")
    return evolve(fact, sample=Sample(asked.so_phieu, basis_of(asked, inner)))


def _direction(model: schema.Row, scope: Scope) -> core.Direction | None:
    if model.chieu and model.gom:
        raise scope.slip("«chieu» đi với «cham», không đi với «gom»", "«chieu» goes with «cham», not «gom»", "chieu")
    return model.chieu


def _numbered(model: schema.Row, key: str, scope: Scope) -> Iterator[tuple[Any, Scope]]:
    return ((item, scope.at(key, number)) for number, item in enumerate(getattr(model, key)))


def _exemptions(model: schema.Row | schema.RulesetFile, key: str, scope: Scope) -> Iterator[core.Exemption]:
    for number, exemption in enumerate(getattr(model, key)):
        inner = scope.at(key, number)
        if key == "khong_phat_sinh" and exemption.khi is None:
            raise inner.slip("«khong_phat_sinh» cần «khi»", "«khong_phat_sinh» needs «khi»")
        when = condition_of(exemption.khi, inner.at("khi")) if exemption.khi else None
        yield core.Exemption(exemption.xu_ly, when, basis_of(exemption, inner))


def _adjustments(kind: core.AdjustmentKind, models: Iterable[schema.Row], scope: Scope) -> Iterator[core.Adjustment]:
    return (core.Adjustment(kind, criterion) for criterion in _rows(models, scope))


def _scales(models: Iterable[schema.Scale], scope: Scope) -> tuple[core.GradeScale, ...]:
    return tuple(_scale(model, scope.at(number)) for number, model in enumerate(models))


def _scale(model: schema.Scale, scope: Scope) -> core.GradeScale:
    unit = Unit.PERCENT if model.theo is core.Basing.INDEX else Unit.PLAIN
    grades = []
    for number, row in enumerate(model.bac):
        inner = scope.at("bac", number)
        when = condition_of(row.khi, inner.at("khi")) if row.khi else None
        grades.append(
            core.Grade(row.ten, interval_of(row, unit, inner), basis_of(row, inner), row.moi_tieu_chi_tu, when)
        )
    check_apart([grade.interval for grade in grades], scope.at("bac"))
    when = condition_of(model.khi, scope.at("khi")) if model.khi else None
    return core.GradeScale(tuple(grades), model.theo, when)


def _ranking(model: schema.RankingRow, scope: Scope) -> core.Ranking:
    unranked = model.khong_xep_hang
    when = condition_of(unranked, scope.at("khong_xep_hang")) if unranked else None
    return core.Ranking(model.theo, when, basis_of(model, scope))
