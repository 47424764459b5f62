"""What stands around the rules of a file: where and when it applies, counts, work assigned, what can be looked at."""

import datetime

from cchc_index import criteria as core
from cchc_index.files import schema
from cchc_index.files.lowering.conditions import condition_of, measure_of
from cchc_index.files.lowering.scope import Scope, basis_of, citation_of, silent
from cchc_index.files.lowering.shapes import mean_weight
from cchc_index.measures import Measure


def application(file: schema.RulesetFile, scope: Scope) -> core.Application:
    model = file.ap_dung
    start, end = model.tu_ngay, model.den_ngay
    if isinstance(start, datetime.date) and isinstance(end, datetime.date) and end < start:
        raise scope.slip("hết hiệu lực trước khi có hiệu lực", "it ends before it starts", "den_ngay")
    return core.Application(
        levels=tuple(dict.fromkeys(file.cap)),
        since=silent(start),
        until=silent(end),
        place=silent(model.noi),
        instrument=file.cong_cu,
        replaces=tuple(model.thay_the),
        basis=basis_of(model, scope),
    )


def counts(model: schema.Counted | None, scope: Scope) -> core.Counts | None:
    if model is None:
        return None
    return core.Counts(model.linh_vuc, model.tieu_chi, model.thanh_phan, basis_of(model, scope))


def dropped(model: schema.DroppedRow, scope: Scope) -> core.Dropped:
    return core.Dropped(model.ma, model.ten, citation_of(model.thay_cho, scope, "thay_cho"), basis_of(model, scope))


def task(model: schema.Assigned, scope: Scope) -> core.Task:
    return core.Task(model.ten, tuple(model.phu_trach), model.han, basis_of(model, scope))


def observation(model: schema.Observed, scope: Scope) -> core.Observation:
    """What can be computed, as the core looks at it."""
    kinds = [key for key in ("muc", "phieu") if getattr(model, key) is not None]
    measured = any(getattr(model, key) is not None for key in ("do", "ti_so", "thay_doi"))
    if len(kinds) + measured != 1 or (model.phieu is None) != (model.he_so is None):
        raise scope.slip(
            "cần đúng một trong «do», «ti_so», «thay_doi», «phieu» (với «he_so»), «muc»",
            "exactly one of «do», «ti_so», «thay_doi», «phieu» (with «he_so»), «muc» is needed",
        )
    if model.muc is not None:
        tiers = tuple(_tier(row, scope.at("muc", number)) for number, row in enumerate(model.muc))
        return core.Observation(model.ten, tiers=tiers, basis=basis_of(model, scope))
    return core.Observation(model.ten, _measure(model, scope), basis=basis_of(model, scope))


def _tier(row: schema.TierRow, scope: Scope) -> core.Tier:
    return core.Tier(row.ten, condition_of(row.khi, scope.at("khi")))


def _measure(model: schema.Observed, scope: Scope) -> Measure:
    at_zero = silent(model.mau_so_bang_0)
    if model.phieu is not None:
        return mean_weight(model.phieu, model.he_so or {}, at_zero, scope)
    return measure_of(model, at_zero, scope)
