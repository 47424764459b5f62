"""From the shapes of the files to the algebra: the one crossing between pydantic models and the core.

Each shape lowers by one function. What is wrong is collected as faults with the path inside the file, so that one
report names them all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from cchc_index import criteria as core
from cchc_index import rules, sources
from cchc_index.errors import Fault, Path, Text, did_you_mean
from cchc_index.facts import read_date
from cchc_index.files import schema
from cchc_index.files.numbers import plain
from cchc_index.measures import (
    NO,
    YES,
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Interval,
    Linear,
    Measure,
    Ratio,
    Within,
    change,
)
from cchc_index.points import NumberError, parse_number
from cchc_index.rules import ZERO, Case, Choose, Option, Piece, Piecewise, Rule, Sum, Switch, Table, Term
from cchc_index.scoring.say import Unit, unit_of
from cchc_index.sources import NOT_STATED, Basis, Citation, NoteKind, Quote

SURVEY_NUMERIC = (FactType.CHOICE, FactType.YES_NO, FactType.RECORDS, FactType.SURVEY, FactType.LABEL)


class _Slip(Exception):
    """One thing that cannot be lowered, with its path."""

    def __init__(self, path: Path, vi: str, en: str, hint: Text | None = None) -> None:
        super().__init__(vi)
        self.fault = Fault(Text(vi, en), path, hint=hint)


@frozen
class _Scope:
    """What is known at a place in the file: its path, its citation, the figures, and where faults go."""

    path: Path
    citation: Citation
    sentence: Basis
    facts: Mapping[str, Fact]
    documents: Mapping[str, schema.Document]
    faults: list[Fault]
    common: tuple[core.Exemption, ...] = ()

    def at(self, *path: str | int) -> "_Scope":
        return evolve(self, path=self.path + path)

    def slip(self, vi: str, en: str, *path: str | int, hint: Text | None = None) -> _Slip:
        return _Slip(self.path + path, vi, en, hint)

    def fact(self, name: str, *path: str | int) -> Fact:
        """The declared figure behind a name; `phieu.A` is an option of a survey."""
        base, _, option = name.partition(".")
        fact = self.facts.get(base)
        if fact is None or (option and option not in dict(fact.options)):
            known = [*self.facts, *(f"{f.name}.{o}" for f in self.facts.values() for o, _ in f.options)]
            raise self.slip(
                f"chưa khai báo số liệu «{name}»", f"figure «{name}» is not declared", *path, hint=did_you_mean(name, known)
            )
        return Fact(name, fact.label) if option else fact

    def typed(self, name: str, kinds: tuple[FactType, ...], *path: str | int) -> Fact:
        fact = self.fact(name, *path)
        if fact.type not in kinds:
            wanted = ", ".join(kind.value for kind in kinds)
            raise self.slip(
                f"«{name}» thuộc loại «{fact.type.value}», cần loại {wanted}",
                f"«{name}» is of type «{fact.type.value}», expected {wanted}",
                *path,
            )
        return fact


def lower(file: schema.RulesetFile) -> tuple[core.Ruleset | None, list[Fault]]:
    """The ruleset a file says, and every fault found on the way; no ruleset when there is one."""
    faults: list[Fault] = []
    facts = dict(_all_facts(file, faults))
    scope = _Scope((), Citation("", ""), NOT_STATED, facts, file.van_ban, faults)
    ruleset = _guarded(scope, lambda: _ruleset(file, scope))
    _check_codes(ruleset, scope)
    return (None if faults else ruleset), faults


def _guarded(scope: _Scope, step: Callable[[], Any]) -> Any:
    """The result of a step, or None with its slip collected, so that the next step is tried all the same."""
    try:
        return step()
    except _Slip as slip:
        scope.faults.append(slip.fault)
        return None


def _check_codes(ruleset: core.Ruleset | None, scope: _Scope) -> None:
    seen: set[str] = set()
    for criterion in ruleset.walk() if ruleset else ():
        if criterion.code in seen:
            scope.faults.append(
                Fault(Text(f"mã «{criterion.code}» dùng hai lần", f"code «{criterion.code}» is used twice"), ("tieu_chi",))
            )
        seen.add(criterion.code)


def _ruleset(file: schema.RulesetFile, bare: _Scope) -> core.Ruleset:
    scope = evolve(bare, common=tuple(_exemptions(file, "khong_danh_gia", bare)))
    top = scope.at
    return core.Ruleset(
        id=file.bo_tieu_chi,
        version=file.phien_ban,
        title=file.ten,
        scope=file.pham_vi,
        level=file.cap,
        applies_from=_silent(file.ap_dung.tu_ngay),
        applies_to=_silent(file.ap_dung.den_ngay),
        documents=tuple(_document(key, document) for key, document in file.van_ban.items()),
        criteria=_rows(file.tieu_chi, top("tieu_chi")),
        max_points=_silent(file.diem_toi_da),
        facts=tuple(_fact(name, figure) for name, figure in file.so_lieu.items()),
        index_basis=NOT_STATED if file.chi_so == schema.SILENCE else _based(file.chi_so, top("chi_so")),
        rounding=None if file.lam_tron == schema.SILENCE else _rounding(file.lam_tron, top("lam_tron")),
        adjustments=(
            *_adjustments(core.AdjustmentKind.BONUS, file.thuong, top("thuong")),
            *_adjustments(core.AdjustmentKind.PENALTY, file.phat, top("phat")),
        ),
        scales=() if file.xep_loai == schema.SILENCE else _scales(file.xep_loai, top("xep_loai")),
        ranking=None if file.xep_hang == schema.SILENCE else _ranking(file.xep_hang, top("xep_hang")),
        notes=_notes(file, scope),
    )


def _silent(value: Any) -> Any:
    return NOT_STATED if value == schema.SILENCE else value


def _document(key: str, document: schema.Document) -> sources.Document:
    return sources.Document(
        id=key,
        number=document.so_hieu,
        date=_silent(document.ngay),
        issuer=document.co_quan,
        subject=document.trich_yeu,
        stored=document.ban_luu,
        address=document.dia_chi,
        kind=document.loai,
    )


# ---- figures -------------------------------------------------------------------------------------------------------


def _all_facts(file: schema.RulesetFile, faults: list[Fault]) -> Iterator[tuple[str, Fact]]:
    """Every figure of the file by name; one name twice is a fault, since figures are shared by name."""
    seen: dict[str, Fact] = {}
    for path, figures in _figure_tables(file):
        for name, model in figures.items():
            if name in seen:
                message = Text(f"số liệu «{name}» khai báo hai lần", f"figure «{name}» is declared twice")
                faults.append(Fault(message, (*path, name)))
            seen.setdefault(name, _fact(name, model))
            faults.extend(_fact_faults(seen[name], (*path, name)))
    for path, figures in _figure_tables(file):
        faults.extend(_unknown_wholes(figures, seen, path))
    yield from seen.items()


def _figure_tables(file: schema.RulesetFile) -> Iterator[tuple[Path, schema.Figures]]:
    yield ("so_lieu",), file.so_lieu
    for section in ("tieu_chi", "thuong", "phat"):
        for number, row in enumerate(getattr(file, section)):
            yield from _row_figures(row, (section, number))


def _row_figures(row: schema.Row, path: Path) -> Iterator[tuple[Path, schema.Figures]]:
    yield (*path, "so_lieu"), row.so_lieu
    for number, child in enumerate(row.gom or ()):
        yield from _row_figures(child, (*path, "gom", number))


def _fact(name: str, model: schema.Figure) -> Fact:
    return Fact(
        name=name,
        label=model.ten,
        type=model.loai,
        unit=model.don_vi,
        options=tuple(model.lua_chon.items()),
        part_of=model.trong,
        may_be_negative=model.co_the_am == YES,
        fields=tuple(_fact(inner, column) for inner, column in model.truong.items()),
        given=model.co_dinh,
    )


def _fact_faults(fact: Fact, path: Path) -> Iterator[Fault]:
    needs = {FactType.CHOICE: ("lua_chon", fact.options), FactType.SURVEY: ("lua_chon", fact.options)}
    needs[FactType.RECORDS] = ("truong", fact.fields)
    key, given = needs.get(fact.type, ("", ()))
    if key and not given:
        yield Fault(Text(f"loại «{fact.type.value}» cần khóa «{key}»", f"type «{fact.type.value}» needs «{key}»"), path)
    for unfit, value in (("lua_chon", fact.options), ("truong", fact.fields)):
        if value and unfit != key:
            message = Text(f"loại «{fact.type.value}» không có «{unfit}»", f"type «{fact.type.value}» has no «{unfit}»")
            yield Fault(message, (*path, unfit))
    if fact.given and fact.type is not FactType.DATE:
        yield Fault(Text("«co_dinh» chỉ dùng cho loại ngay", "«co_dinh» is for type ngay only"), (*path, "co_dinh"))
    for inner in fact.fields:
        yield from _fact_faults(inner, (*path, "truong", inner.name))


def _unknown_wholes(figures: schema.Figures, known: Mapping[str, Fact], path: Path) -> Iterator[Fault]:
    for name, model in figures.items():
        if model.trong and model.trong not in known:
            message = Text(f"chưa khai báo số liệu «{model.trong}»", f"figure «{model.trong}» is not declared")
            yield Fault(message, (*path, name, "trong"), hint=did_you_mean(model.trong, known))
        yield from _unknown_wholes(model.truong, {n: known[name] for n in model.truong}, (*path, name, "truong"))


# ---- sources -------------------------------------------------------------------------------------------------------


def _citation(text: str, scope: _Scope) -> Citation:
    key, _, place = text.partition(",")
    if key.strip() not in scope.documents:
        raise scope.slip(
            f"«{key.strip()}» không có trong van_ban",
            f"«{key.strip()}» is not among van_ban",
            "nguon",
            hint=did_you_mean(key.strip(), scope.documents),
        )
    return Citation(key.strip(), place.strip())


def _based(model: schema.Based, scope: _Scope) -> Basis:
    """What a part of a rule stands on: its own sentence or reading, else the sentence of the whole rule."""
    citation = _citation(model.nguon, scope) if model.nguon else scope.citation
    if model.cach_hieu and model.nguyen_van:
        raise scope.slip("chỉ dùng một trong «nguyen_van», «cach_hieu»", "use one of «nguyen_van», «cach_hieu»")
    if model.cach_hieu:
        return sources.Reading(model.cach_hieu.noi_dung, model.cach_hieu.nguon_goc)
    return Quote(model.nguyen_van, citation) if model.nguyen_van else scope.sentence


def _rounding(model: schema.Rounding, scope: _Scope) -> rules.Rounding:
    if model.den <= 0:
        raise scope.slip("bước làm tròn phải lớn hơn 0", "the rounding step must be above 0", "den")
    return rules.Rounding(model.den, model.cach, _based(model, scope))


_NOTE_KEYS = {
    "mau_thuan": NoteKind.CONTRADICTION,
    "khoang_trong": NoteKind.HOLE,
    "cach_hieu": NoteKind.READING,
    "ghi_chu": NoteKind.REMARK,
}


def _notes(model: schema.Row | schema.RulesetFile, scope: _Scope) -> tuple[core.SourceNote, ...]:
    return tuple(
        core.SourceNote(
            kind, note.noi_dung, note.nguon_goc, _condition(note.khi, scope.at(key, number, "khi")) if note.khi else None
        )
        for key, kind in _NOTE_KEYS.items()
        for number, note in enumerate(getattr(model, key))
    )


# ---- criteria ------------------------------------------------------------------------------------------------------


def _rows(models: Iterable[schema.Row], scope: _Scope) -> tuple[core.Criterion, ...]:
    lowered = [_guarded(scope, lambda m=m, n=n: _row(m, scope.at(n))) for n, m in enumerate(models)]
    return tuple(row for row in lowered if row is not None)


def _row(model: schema.Row, outer: _Scope) -> core.Criterion:
    citation = _citation(model.nguon, outer) if model.nguon else outer.citation
    if not citation.document:
        raise outer.slip("thiếu «nguon»: văn bản và vị trí của dòng này", "«nguon» is missing: the document and the place")
    sentence: Basis = Quote(model.nguyen_van, citation) if model.nguyen_van else NOT_STATED
    scope = evolve(outer, citation=citation, sentence=sentence)
    if (model.gom is None) == (model.quy_tac is None):
        raise scope.slip("cần đúng một trong «gom», «cham»", "exactly one of «gom», «cham» is needed")
    exempt = [*_exemptions(model, "khong_danh_gia", scope), *_exemptions(model, "khong_phat_sinh", scope)]
    return core.Criterion(
        code=model.ma,
        name=model.ten,
        max_points=_silent(model.diem_toi_da),
        citation=citation,
        children=_rows(model.gom or (), scope.at("gom")),
        rule=NOT_STATED if model.quy_tac is None else lower_rule(model.quy_tac, scope),
        facts=tuple(_fact(name, figure) for name, figure in model.so_lieu.items()),
        exemptions=(*exempt, *(() if model.gom else scope.common)),
        rounding=_rounding(model.lam_tron, scope.at("lam_tron")) if model.lam_tron else None,
        evidence=tuple(model.kiem_chung),
        notes=_notes(model, scope),
    )


def _exemptions(model: schema.Row | schema.RulesetFile, key: str, scope: _Scope) -> Iterator[core.Exemption]:
    for number, exemption in enumerate(getattr(model, key)):
        inner = scope.at(key, number)
        if key == "khong_phat_sinh" and exemption.khi is None:
            raise inner.slip("«khong_phat_sinh» cần «khi»", "«khong_phat_sinh» needs «khi»")
        when = _condition(exemption.khi, inner.at("khi")) if exemption.khi else None
        yield core.Exemption(exemption.xu_ly, when, _based(exemption, inner))


def _adjustments(
    kind: core.AdjustmentKind, models: Iterable[schema.Row], scope: _Scope
) -> Iterator[core.Adjustment]:
    return (core.Adjustment(kind, criterion) for criterion in _rows(models, scope))


def _scales(models: Iterable[schema.Scale], scope: _Scope) -> tuple[core.GradeScale, ...]:
    return tuple(_scale(model, scope.at(number)) for number, model in enumerate(models))


def _scale(model: schema.Scale, scope: _Scope) -> core.GradeScale:
    unit = Unit.PERCENT if model.theo is core.Basing.INDEX else Unit.PLAIN
    grades = []
    for number, row in enumerate(model.bac):
        inner = scope.at("bac", number)
        grades.append(core.Grade(row.ten, _interval(row, unit, inner), _based(row, inner)))
    _check_apart([grade.interval for grade in grades], scope.at("bac"))
    when = _condition(model.khi, scope.at("khi")) if model.khi else None
    return core.GradeScale(tuple(grades), model.theo, when)


def _ranking(model: schema.RankingRow, scope: _Scope) -> core.Ranking:
    unranked = model.khong_xep_hang
    when = _condition(unranked, scope.at("khong_xep_hang")) if unranked else None
    return core.Ranking(model.theo, when, _based(model, scope))


# ---- measures and conditions ---------------------------------------------------------------------------------------


def _linear(linear: Linear, scope: _Scope) -> Linear:
    for name, _ in linear.terms:
        fact = scope.fact(name)
        if fact.type in SURVEY_NUMERIC:
            raise scope.slip(
                f"«{name}» thuộc loại «{fact.type.value}», không cộng trừ được",
                f"«{name}» is of type «{fact.type.value}» and cannot be added up",
            )
    if not linear.terms:
        raise scope.slip("biểu thức không có số liệu nào", "the expression names no figure")
    return linear


def _measure(model: schema.Measured, at_zero: Any, scope: _Scope) -> Measure:
    given = [key for key in ("do", "ti_so", "thay_doi") if getattr(model, key) is not None]
    if len(given) != 1:
        raise scope.slip("cần đúng một trong «do», «ti_so», «thay_doi»", "exactly one of «do», «ti_so», «thay_doi»")
    if model.do is not None:
        return _linear(model.do, scope.at("do"))
    if model.ti_so is not None:
        top, bottom = (_linear(part, scope.at("ti_so", n)) for n, part in enumerate(model.ti_so))
        return Ratio(top, bottom, at_zero)
    now, before = model.thay_doi or ("", "")
    scope.fact(now, "thay_doi", 0)
    scope.fact(before, "thay_doi", 1)
    return evolve(change(now, before), at_zero=at_zero)


def _interval(model: schema.Bounds, unit: Unit, scope: _Scope) -> Interval:
    ends = {key: getattr(model, key) for key in ("tu", "tren", "den", "duoi", "bang")}
    given = {key: _end(text, unit, scope.at(key)) for key, text in ends.items() if text is not None}
    for one, other in (("tu", "tren"), ("den", "duoi")):
        if one in given and other in given:
            raise scope.slip(f"chỉ dùng một trong «{one}», «{other}»", f"use one of «{one}», «{other}»")
    if "bang" in given:
        if len(given) > 1:
            raise scope.slip("«bang» không đi với cận khác", "«bang» stands alone")
        return Interval(given["bang"], given["bang"], low_closed=True, high_closed=True)
    low, high = given.get("tu", given.get("tren")), given.get("den", given.get("duoi"))
    interval = Interval(low, high, "tu" in given, "den" in given)
    if low is not None and high is not None and (low > high or (low == high and not interval.meets(interval))):
        raise scope.slip(f"khoảng rỗng: cận dưới {low} không nhỏ hơn cận trên {high}", f"empty range: {low} to {high}")
    return interval


def _end(text: str, unit: Unit, scope: _Scope) -> Fraction:
    if unit is Unit.DATE:
        day = read_date(text)
        if day is None:
            raise scope.slip(f"«{text}» không phải ngày có thật", f"«{text}» is no real date")
        return Fraction(day.toordinal())
    try:
        number = parse_number(text)
    except NumberError as error:
        raise scope.slip(error.text.vi, error.text.en) from None
    if ("%" in text) != (unit is Unit.PERCENT):
        wanted = f"{text}%" if unit is Unit.PERCENT else text.replace("%", "").strip()
        raise scope.slip(
            f"«{text}»: đại lượng này {'tính bằng %' if unit is Unit.PERCENT else 'không tính bằng %'}",
            f"«{text}»: this measure is {'' if unit is Unit.PERCENT else 'not '}in percent",
            hint=Text(f"ý bạn là «{wanted}»?", f"did you mean «{wanted}»?"),
        )
    return number


def _condition(model: schema.Condition, scope: _Scope) -> Condition:
    kinds = [key for key in ("tat_ca", "mot_trong", "so_lieu", "co", "khong") if getattr(model, key) is not None]
    measured = any(getattr(model, key) is not None for key in ("do", "ti_so", "thay_doi"))
    if len(kinds) + measured != 1:
        raise scope.slip(
            "điều kiện cần đúng một trong «tat_ca», «mot_trong», «do», «ti_so», «thay_doi», «so_lieu», «co», «khong»",
            "a condition needs exactly one of «tat_ca», «mot_trong», «do», «ti_so», «thay_doi», «so_lieu», «co», «khong»",
        )
    if model.tat_ca is not None:
        return AllOf(_conditions(model.tat_ca, scope.at("tat_ca")))
    if model.mot_trong is not None:
        return AnyOf(_conditions(model.mot_trong, scope.at("mot_trong")))
    if model.so_lieu is not None:
        return _chosen(model, scope)
    if model.co is not None:
        return Chosen(scope.typed(model.co, (FactType.YES_NO,), "co").name, (YES,))
    if model.khong is not None:
        return Chosen(scope.typed(model.khong, (FactType.YES_NO,), "khong").name, (NO,))
    measure = _measure(model, _silent(model.mau_so_bang_0), scope)
    interval = _interval(model, unit_of(measure, scope.facts), scope)
    if interval == Interval():
        raise scope.slip("điều kiện thiếu cận: tu, tren, den, duoi hoặc bang", "the condition has no bound")
    return Within(measure, interval)


def _conditions(models: Iterable[schema.Condition], scope: _Scope) -> tuple[Condition, ...]:
    return tuple(_condition(model, scope.at(number)) for number, model in enumerate(models))


def _chosen(model: schema.Condition, scope: _Scope) -> Condition:
    fact = scope.typed(model.so_lieu or "", (FactType.CHOICE,), "so_lieu")
    if not model.la:
        raise scope.slip("«so_lieu» trong điều kiện cần «la»", "«so_lieu» in a condition needs «la»")
    for option in model.la:
        _known_option(option, fact, scope.at("la"))
    return Chosen(fact.name, tuple(model.la))


def _known_option(option: str, fact: Fact, scope: _Scope) -> None:
    names = dict(fact.options)
    if option not in names:
        raise scope.slip(
            f"«{fact.name}» không có lựa chọn «{option}»",
            f"«{fact.name}» has no option «{option}»",
            hint=did_you_mean(option, names),
        )


# ---- shapes to rules -----------------------------------------------------------------------------------------------


def lower_rule(model: Any, scope: _Scope) -> Any:
    """The rule (or NOT_STATED) that a shape of the files says."""
    match model:
        case schema.Bands():
            return _bands(model, scope)
        case schema.Levels():
            return _levels(model, scope)
        case schema.Checklist():
            return Sum(_terms(model.muc, scope.at("muc")), ZERO, model.toi_thieu, model.toi_da)
        case schema.Deductions():
            return _deductions(model, scope)
        case schema.Options():
            return _options(model, scope)
        case schema.SurveyRule():
            return _survey(model, scope)
        case schema.Mean():
            return _mean(model, scope)
        case schema.AwardedRule():
            return _awarded(model, scope)
        case schema.Tiers():
            return _tiers(model, scope)
    return NOT_STATED


def _nested(model: Any, basis: Basis, scope: _Scope) -> Rule:
    rule = lower_rule(model, evolve(scope, sentence=basis))
    if rule is NOT_STATED:
        raise scope.slip("«khong_quy_dinh» chỉ dùng cho cả tiêu chí", "«khong_quy_dinh» is for a whole criterion only")
    assert isinstance(rule, Rule)
    return rule


def _bands(model: schema.Bands, scope: _Scope) -> Rule:
    zero = model.mau_so_bang_0
    if model.do is None and zero is None:
        raise scope.slip(
            "thiếu «mau_so_bang_0»: nói rõ khi mẫu số bằng 0, hoặc khong_quy_dinh",
            "«mau_so_bang_0» is missing: say what a zero denominator means, or khong_quy_dinh",
        )
    measure = _measure(model, NOT_STATED if isinstance(zero, schema.ZeroPoints | None) else _silent(zero), scope)
    pieces = []
    for number, band in enumerate(model.bac):
        pieces.append(_piece(band, measure, scope.at("bac", number)))
    _check_apart([piece.interval for piece in pieces], scope.at("bac"))
    return _with_zero_points(Piecewise(measure, tuple(pieces)), zero, scope)


def _with_zero_points(rule: Piecewise, zero: Any, scope: _Scope) -> Rule:
    """A rule whose zero denominator is given points of its own."""
    if not isinstance(zero, schema.ZeroPoints) or not isinstance(rule.measure, Ratio):
        return rule
    bottom = rule.measure.bottom
    nothing = Within(bottom, Interval(ZERO, ZERO, low_closed=True, high_closed=True))
    basis = _based(zero, scope.at("mau_so_bang_0"))
    something = Within(bottom, Interval(low=ZERO))
    return Switch((Case(nothing, rules.constant(zero.diem), basis), Case(something, rule)), Choose.FIRST)


def _piece(band: schema.Band, measure: Measure, scope: _Scope) -> Piece:
    interval = _interval(band, unit_of(measure, scope.facts), scope)
    if (band.diem is None) == (band.noi_suy is None):
        raise scope.slip("bậc cần đúng một trong «diem», «noi_suy»", "a band needs one of «diem», «noi_suy»")
    if band.diem is not None:
        base, slope = _affine(band.diem, measure, scope.at("diem"))
    else:
        base, slope = _interpolated(band.noi_suy or [], interval, scope)
    return Piece(interval, base, slope, _based(band, scope))


def _affine(linear: Linear, measure: Measure, scope: _Scope) -> tuple[Fraction, Fraction]:
    name = "ti_so" if isinstance(measure, Ratio) else "do"
    terms = dict(linear.terms)
    slope = terms.pop(name, 0)
    if terms:
        other = next(iter(terms))
        raise scope.slip(
            f"điểm chỉ tính theo «{name}», gặp «{other}»", f"points may use «{name}» only, found «{other}»"
        )
    return Fraction(linear.constant), Fraction(slope)


def _interpolated(ends: list[Fraction], interval: Interval, scope: _Scope) -> tuple[Fraction, Fraction]:
    if interval.low is None or interval.high is None or interval.low == interval.high:
        raise scope.slip("«noi_suy» cần cận dưới và cận trên", "«noi_suy» needs a lower and an upper bound")
    slope = (ends[1] - ends[0]) / (interval.high - interval.low)
    return ends[0] - slope * interval.low, slope


def _check_apart(intervals: list[Interval], scope: _Scope) -> None:
    for number, later in enumerate(intervals):
        for earlier in range(number):
            if later.meets(intervals[earlier]):
                raise scope.slip(
                    f"trùng với bậc thứ {earlier + 1}: có giá trị thuộc cả hai bậc",
                    f"overlaps band {earlier + 1}: a value is in both",
                    number,
                )


def _levels(model: schema.Levels, scope: _Scope) -> Switch:
    cases = []
    for number, level in enumerate(model.muc):
        inner = scope.at("muc", number)
        when = _condition(level.khi, inner.at("khi"))
        cases.append(Case(when, rules.constant(level.diem), _based(level, inner)))
    return Switch(tuple(cases), model.chon)


def _terms(items: Iterable[schema.Item], scope: _Scope, sign: int = 1) -> tuple[Term, ...]:
    return tuple(_term(item, scope.at(number), sign) for number, item in enumerate(items))


def _term(item: schema.Item, scope: _Scope, sign: int) -> Term:
    kinds = [key for key in ("co", "khi", "moi", "muc", "quy_tac") if getattr(item, key) is not None]
    if len(kinds) != 1:
        raise scope.slip(
            "mục cần đúng một trong «co», «khi», «moi», «muc», «quy_tac»",
            "an item needs exactly one of «co», «khi», «moi», «muc», «quy_tac»",
        )
    basis = _based(item, scope)
    if item.quy_tac is not None:
        if sign < 0:
            raise scope.slip("«quy_tac» không dùng trong «tru»", "«quy_tac» cannot stand in «tru»", "quy_tac")
        return Term(_nested(item.quy_tac, basis, scope.at("quy_tac")), item.ten, basis)
    if item.muc is not None:
        return Term(_capped(Sum(_terms(item.muc, scope.at("muc"), sign)), item, sign), item.ten, basis)
    if item.diem is None:
        raise scope.slip("mục thiếu «diem»", "the item has no «diem»")
    return Term(_item_rule(item, sign * item.diem, basis, scope, sign), item.ten, basis)


def _item_rule(item: schema.Item, points: Fraction, basis: Basis, scope: _Scope, sign: int) -> Rule:
    if item.co is not None:
        fact = scope.typed(item.co, (FactType.YES_NO,), "co")
        return Table(fact.name, (Option(YES, points, basis), Option(NO, ZERO, basis)))
    if item.khi is not None:
        return _if_held(_condition(item.khi, scope.at("khi")), points, basis)
    assert item.moi is not None
    each = Piecewise(_linear(item.moi, scope.at("moi")), (Piece(Interval(), ZERO, points, basis),))
    return each if item.toi_da is None else _capped(Sum((Term(each),)), item, sign)


def _if_held(when: Condition, points: Fraction, basis: Basis) -> Rule:
    """Points under a condition, none otherwise."""
    held = Case(when, rules.constant(points), basis)
    otherwise = Case(AllOf(()), rules.constant(ZERO), basis)
    return Switch((held, otherwise), Choose.FIRST)


def _capped(rule: Sum, item: schema.Item, sign: int) -> Sum:
    if item.toi_da is None:
        return rule
    return evolve(rule, cap=item.toi_da) if sign > 0 else evolve(rule, floor=-item.toi_da)


def _deductions(model: schema.Deductions, scope: _Scope) -> Sum:
    floor = None if model.san == schema.SILENCE else model.san
    assert not isinstance(floor, str)
    return Sum(_terms(model.tru, scope.at("tru"), sign=-1), model.diem_goc, floor)


def _options(model: schema.Options, scope: _Scope) -> Table:
    fact = scope.typed(model.chon, (FactType.CHOICE,), "chon")
    options = []
    for name, option in model.muc.items():
        _known_option(name, fact, scope.at("muc", name))
        options.append(Option(name, option.diem, _based(option, scope.at("muc", name))))
    return Table(fact.name, tuple(options))


def _survey(model: schema.SurveyRule, scope: _Scope) -> Rule:
    fact = scope.typed(model.phieu, (FactType.SURVEY,), "phieu")
    for option in model.he_so:
        _known_option(option, fact, scope.at("he_so", option))
    for option, _ in fact.options:
        if option not in model.he_so:
            raise scope.slip(f"thiếu hệ số của «{option}»", f"no weight for «{option}»", "he_so")
    counted = {f"{fact.name}.{o}": w for o, w in model.he_so.items() if not isinstance(w, str)}
    top = Linear(tuple((name, plain(weight)) for name, weight in counted.items()))
    bottom = Linear(tuple((name, 1) for name in counted))
    zero = model.mau_so_bang_0
    measure = Ratio(top, bottom, NOT_STATED if isinstance(zero, schema.ZeroPoints) else _silent(zero))
    piece = Piece(Interval(), ZERO, model.diem, scope.sentence)
    return _with_zero_points(Piecewise(measure, (piece,)), zero, scope)


def _mean(model: schema.Mean, scope: _Scope) -> rules.Average:
    fact = scope.typed(model.ban_ghi, (FactType.RECORDS,), "ban_ghi")
    fields: dict[str, Fact] = {inner.name: inner for inner in fact.fields}
    inside = evolve(scope.at("moi_ban_ghi"), facts={**scope.facts, **fields})
    rounding = _rounding(model.lam_tron, scope.at("lam_tron")) if model.lam_tron else None
    return rules.Average(fact.name, _nested(model.moi_ban_ghi, scope.sentence, inside), rounding)


def _awarded(model: schema.AwardedRule, scope: _Scope) -> rules.Awarded:
    fact = scope.typed(model.diem, (FactType.POINTS,), "diem")
    high, step = _silent(model.den), _silent(model.buoc)
    if step is not NOT_STATED and step <= 0:
        raise scope.slip("bước điểm phải lớn hơn 0", "the step must be above 0", "buoc")
    low = ZERO if model.tu is None else model.tu
    return rules.Awarded(fact.name, low, None if high is NOT_STATED else high, step)


def _tiers(model: schema.Tiers, scope: _Scope) -> Switch:
    cases = []
    for number, tier in enumerate(model.theo):
        inner = scope.at("theo", number)
        basis = _based(tier, inner)
        when = _condition(tier.khi, inner.at("khi"))
        cases.append(Case(when, _nested(tier.quy_tac, basis, inner.at("quy_tac")), basis))
    return Switch(tuple(cases), model.chon)


