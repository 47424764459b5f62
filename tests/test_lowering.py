"""Each shape of the files lowers to exactly the values of the algebra it stands for."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from textwrap import indent

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.criteria import (
    Adjustment,
    AdjustmentKind,
    Application,
    Basing,
    Criterion,
    Exemption,
    Grade,
    GradeScale,
    Level,
    Policy,
    Ranking,
    Scope,
    SourceNote,
)
from cchc_index.measures import (
    AllOf,
    AnyOf,
    Chosen,
    DayOfYear,
    Fact,
    FactType,
    Interval,
    Linear,
    Ratio,
    Within,
)
from cchc_index.points import RoundingRule
from cchc_index.rules import (
    Average,
    Awarded,
    Case,
    Choose,
    Option,
    Piece,
    Piecewise,
    Rounding,
    Rule,
    Sum,
    Switch,
    Table,
    Term,
)
from cchc_index.sources import NOT_STATED, Citation, Document, DocumentKind, NoteKind, Quote, Reading

HEAD = """
bo_tieu_chi: thu/cap-xa
phien_ban: "1"
ten: Bộ thử
pham_vi: mau
cap: xã
ap_dung: {tu_ngay: 2025-01-01, den_ngay: khong_quy_dinh}
van_ban:
  V: {so_hieu: 1/QĐ, ngay: 2024-12-31, co_quan: Không có, trich_yeu: Thử, ban_luu: v.md, dia_chi: bịa, loai: mau}
diem_toi_da: khong_quy_dinh
"""
SILENT = dict.fromkeys(("chi_so", "lam_tron", "xep_loai", "xep_hang"), "khong_quy_dinh")
FIGURES = """
  a: số a
  b: số b
  c: {ten: số c, loai: so_luong}
  tl: {ten: tỷ lệ, loai: phan_tram}
  ngay1: {ten: ngày một, loai: ngay}
  han: {ten: hạn, loai: ngay, co_dinh: 30/11}
  co1: {ten: có một, loai: co_khong}
  co2: {ten: có hai, loai: co_khong}
  loai: {ten: loại, loai: lua_chon, lua_chon: {x: Loại X, y: Loại Y, z: Loại Z}}
  phieu: {ten: phiếu, loai: khao_sat, lua_chon: {A: tốt, B: vừa, E: không ý kiến}}
  hs: {ten: hồ sơ, loai: ban_ghi, truong: {so_ngay: {ten: số ngày, loai: so_luong}, ma: {ten: mã, loai: ma}}}
  diem_hd: {ten: điểm hội đồng, loai: diem}
"""
CITATION = Citation("V", "dòng 1")
A, B = Linear((("a", 1),)), Linear((("b", 1),))
ZERO, HALF, ONE, TWO = Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2)

Load = Callable[..., cchc.Ruleset]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """A ruleset of one criterion, from the keys of its rule; other keys of the file may be given."""

    def made(rule: str, *, after: str = "", **top: str) -> cchc.Ruleset:
        row = f'- ma: "1"\n  ten: Tiêu chí\n  diem_toi_da: 2\n  nguon: V, dòng 1\n{indent(rule.strip(), "  ")}\n'
        keys = "".join(f"{key}: {value}\n" for key, value in {**SILENT, **top}.items())
        file = tmp_path / "bo.yaml"
        file.write_text(f"{HEAD}{keys}so_lieu:{FIGURES}tieu_chi:\n{row}{after}", encoding="utf-8")
        return cchc.load(file)

    return made


def _rule(rules: cchc.Ruleset) -> Rule:
    rule = rules["1"].rule
    assert rule is not NOT_STATED
    return rule


def _q(text: str, place: str = "dòng 1") -> Quote:
    return Quote(text, Citation("V", place))


def _from(low: Fraction | int | None, high: Fraction | int | None = None, ends: str = "[)") -> Interval:
    """`_from(1, 2)` is [1, 2); an end that is None is absent and open."""
    return Interval(
        None if low is None else Fraction(low),
        None if high is None else Fraction(high),
        low is not None and ends[0] == "[",
        high is not None and ends[1] == "]",
    )


def _at(value: int) -> Interval:
    return _from(value, value, "[]")


def _within(measure: Linear | Ratio, interval: Interval) -> Within:
    return Within(measure, interval)


def _points(points: Fraction | int | str) -> Sum:
    return Sum(base=Fraction(points))


def _yes(name: str, points: Fraction, basis: Quote | Reading | None = None) -> Table:
    held = NOT_STATED if basis is None else basis
    return Table(name, (Option("co", points, held), Option("khong", ZERO, held)))


# ---- bac_thang -------------------------------------------------------------------------------------------------------


def test_bands_of_a_ratio(load: Load) -> None:
    rules = load("""
cham: bac_thang
ti_so: [a, b]
mau_so_bang_0: khong_quy_dinh
bac:
- {tu: 90%, diem: 2, nguyen_van: cao}
- {tren: 50%, duoi: 90%, diem: "0,5", nguyen_van: vừa}
- {den: 50%, diem: 0, nguyen_van: thấp}
""")
    ninety, fifty = Fraction(9, 10), HALF
    assert _rule(rules) == Piecewise(
        Ratio(A, B, NOT_STATED),
        (
            Piece(_from(ninety), TWO, ZERO, _q("cao")),
            Piece(_from(fifty, ninety, "()"), HALF, ZERO, _q("vừa")),
            Piece(_from(None, fifty, "(]"), ZERO, ZERO, _q("thấp")),
        ),
    )


@pytest.mark.parametrize(
    ("written", "base", "slope"),
    [
        ("ti_so x 2", 0, 2),
        ("2 x ti_so", 0, 2),
        ("ti_so", 0, 1),
        ("ti_so × 1,5", 0, Fraction(3, 2)),
        ("1 - 0,25 x ti_so", 1, Fraction(-1, 4)),
        ("-20 x ti_so", 0, -20),
        ("0.5 + ti_so * 3 - 0.25", Fraction(1, 4), 3),
        ("0,75", Fraction(3, 4), 0),
    ],
)
def test_affine_points(load: Load, written: str, base: Fraction, slope: Fraction) -> None:
    rules = load(f'cham: bac_thang\nti_so: [a, b]\nmau_so_bang_0: khong_quy_dinh\nbac:\n- diem: "{written}"')
    assert _rule(rules) == Piecewise(Ratio(A, B), (Piece(Interval(), Fraction(base), Fraction(slope)),))


def test_interpolated_points(load: Load) -> None:
    rules = load("""
cham: bac_thang
ti_so: [a, b]
mau_so_bang_0: khong_quy_dinh
bac:
- {tu: 50%, den: 90%, noi_suy: [0, 1]}
- {tren: 90%, den: 100%, noi_suy: [2, 0.5]}
""")
    rising, falling = _rule(rules).pieces  # type: ignore[union-attr]
    assert rising == Piece(_from(HALF, Fraction(9, 10), "[]"), Fraction(-5, 4), Fraction(5, 2))
    assert falling == Piece(_from(Fraction(9, 10), ONE, "(]"), Fraction(31, 2), Fraction(-15))
    for piece, ends in ((rising, (0, 1)), (falling, (TWO, HALF))):
        low, high = piece.interval.low, piece.interval.high
        assert low is not None
        assert high is not None
        assert (piece.base + piece.slope * low, piece.base + piece.slope * high) == ends


@pytest.mark.parametrize(
    ("written", "measure"),
    [
        ("do: a", A),
        ("do: a + b", Linear((("a", 1), ("b", 1)))),
        ("do: a - 2 x b + 3", Linear((("a", 1), ("b", -2)), 3)),
        ("do: 0,5 x c", Linear((("c", HALF),))),
        ("do: ngay1 - han", Linear((("ngay1", 1), ("han", -1)))),
        ("do: ngay1 - 30/11/2025", Linear((("ngay1", 1),), -datetime.date(2025, 11, 30).toordinal())),
        ("do: phieu.A + phieu.B", Linear((("phieu.A", 1), ("phieu.B", 1)))),
        ("do: a - a + b", Linear((("a", 0), ("b", 1)))),
    ],
)
def test_measures_that_are_sums(load: Load, written: str, measure: Linear) -> None:
    rules = load(f"cham: bac_thang\n{written}\nbac:\n- diem: 1")
    assert _rule(rules) == Piecewise(measure, (Piece(Interval(), ONE),))


def test_ratio_of_sums_and_change(load: Load) -> None:
    ratio = load("cham: bac_thang\nti_so: [a, a + b]\nmau_so_bang_0: khong_quy_dinh\nbac: [{diem: ti_so}]")
    assert _rule(ratio).measure == Ratio(A, Linear((("a", 1), ("b", 1))))  # type: ignore[union-attr]
    change = load("cham: bac_thang\nthay_doi: [a, b]\nmau_so_bang_0: 5%\nbac: [{den: -10%, diem: 1}]")
    assert _rule(change) == Piecewise(
        Ratio(Linear((("a", 1), ("b", -1))), B, Fraction(1, 20)),
        (Piece(Interval(high=Fraction(-1, 10), high_closed=True), ONE),),
    )


def test_bounds_are_in_the_unit_of_the_measure(load: Load) -> None:
    percent = load("cham: bac_thang\ndo: tl\nbac: [{tu: 12.5%, diem: 1}]")
    assert _rule(percent).pieces[0].interval == _from(Fraction(1, 8))  # type: ignore[union-attr]
    days = load("cham: bac_thang\ndo: ngay1\nbac: [{den: 30/11/2025, diem: 1}]")
    day = datetime.date(2025, 11, 30).toordinal()
    assert _rule(days).pieces[0].interval == _from(None, day, "(]")  # type: ignore[union-attr]
    exactly = load('cham: bac_thang\ndo: c\nbac: [{bang: "1,5", diem: 1}]')
    assert _rule(exactly).pieces[0].interval == _from(Fraction(3, 2), Fraction(3, 2), "[]")  # type: ignore[union-attr]


@pytest.mark.parametrize(("written", "at_zero"), [("khong_quy_dinh", NOT_STATED), ("100%", ONE), ("0%", ZERO)])
def test_zero_denominator_is_a_share_or_silence(load: Load, written: str, at_zero: Fraction) -> None:
    rules = load(f"cham: bac_thang\nti_so: [a, b]\nmau_so_bang_0: {written}\nbac: [{{diem: ti_so}}]")
    assert _rule(rules) == Piecewise(Ratio(A, B, at_zero), (Piece(Interval(), ZERO, ONE),))


@pytest.mark.parametrize("keys", ["ti_so: [a, b]", "thay_doi: [a, b]"])
def test_zero_denominator_with_points_of_its_own(load: Load, keys: str) -> None:
    rules = load(f"""
cham: bac_thang
{keys}
mau_so_bang_0: {{diem: 1.5, nguyen_van: không có}}
bac: [{{diem: ti_so, nguyen_van: theo tỷ lệ}}]
""")
    top = A if keys.startswith("ti_so") else Linear((("a", 1), ("b", -1)))
    inner = Piecewise(Ratio(top, B, NOT_STATED), (Piece(Interval(), ZERO, ONE, _q("theo tỷ lệ")),))
    assert _rule(rules) == Switch(
        (
            Case(_within(B, _at(0)), _points("1.5"), _q("không có")),
            Case(_within(B, Interval(low=ZERO)), inner, NOT_STATED),
        ),
        Choose.FIRST,
    )


# ---- muc -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "choose"),
    [
        ("", Choose.ONLY),
        ("chon: chi_mot_muc", Choose.ONLY),
        ("chon: lay_muc_dau_tien", Choose.FIRST),
        ("chon: lay_muc_cao_nhat", Choose.BEST),
    ],
)
def test_levels(load: Load, written: str, choose: Choose) -> None:
    rules = load(f"""
cham: muc
{written}
muc:
- {{diem: 2, khi: {{co: co1}}, nguyen_van: có}}
- {{diem: -0.5, khi: {{khong: co1}}}}
""")
    assert _rule(rules) == Switch(
        (Case(Chosen("co1", ("co",)), _points(2), _q("có")), Case(Chosen("co1", ("khong",)), _points("-0.5"))), choose
    )


def test_conditions(load: Load) -> None:
    rules = load("""
cham: muc
muc:
- diem: 1
  khi:
    tat_ca:
    - mot_trong: [{do: a, bang: 0}, {ti_so: [a, b], tu: 90%, duoi: 100%}]
    - {ti_so: [a, b], duoi: 50%, mau_so_bang_0: 100%}
    - {thay_doi: [a, b], tren: 0%}
    - {so_lieu: loai, la: x}
    - {so_lieu: loai, la: [y, z]}
    - {do: ngay1, den: 30/11/2025}
    - {do: tl, tu: 15%}
""")
    case = _rule(rules).cases[0]  # type: ignore[union-attr]
    assert case.when == AllOf(
        (
            AnyOf((_within(A, _at(0)), _within(Ratio(A, B), _from(Fraction(9, 10), 1)))),
            _within(Ratio(A, B, ONE), _from(None, HALF)),
            _within(Ratio(Linear((("a", 1), ("b", -1))), B), _from(0, None, "()")),
            Chosen("loai", ("x",)),
            Chosen("loai", ("y", "z")),
            _within(Linear((("ngay1", 1),)), _from(None, datetime.date(2025, 11, 30).toordinal(), "(]")),
            _within(Linear((("tl", 1),)), _from(Fraction(3, 20))),
        )
    )


# ---- cong_don, tru_dan -----------------------------------------------------------------------------------------------


def test_checklist(load: Load) -> None:
    rules = load("""
cham: cong_don
toi_da: 2
toi_thieu: -1
muc:
- {ten: Một, co: co1, diem: 0.25, nguyen_van: một}
- {ten: Hai, khi: {do: a, tu: 40}, diem: 0.5, nguyen_van: hai}
- {ten: Ba, moi: a, diem: 0.1, nguyen_van: ba}
- {ten: Bốn, moi: 2 x a - b, diem: 0.1, toi_da: 1.5, nguyen_van: bốn}
- ten: Năm
  toi_da: 1
  nguyen_van: năm
  muc:
  - {co: co1, diem: 1}
  - ten: Sáu
    muc: [{co: co2, diem: 1, nguyen_van: bảy}]
- ten: Tám
  nguyen_van: tám
  quy_tac: {cham: bac_thang, do: a, bac: [{diem: 1}]}
""")
    each = Linear((("a", 2), ("b", -1)))
    tenth = Fraction(1, 10)
    assert _rule(rules) == Sum(
        (
            Term(_yes("co1", Fraction(1, 4), _q("một")), "Một", _q("một")),
            Term(
                Switch(
                    (
                        Case(_within(A, _from(40)), _points("1/2"), _q("hai")),
                        Case(AllOf(()), _points(0), _q("hai")),
                    ),
                    Choose.FIRST,
                ),
                "Hai",
                _q("hai"),
            ),
            Term(Piecewise(A, (Piece(Interval(), ZERO, tenth, _q("ba")),)), "Ba", _q("ba")),
            Term(
                Sum(
                    (Term(Piecewise(each, (Piece(Interval(), ZERO, tenth, _q("bốn")),))),),
                    cap=Fraction(3, 2),
                ),
                "Bốn",
                _q("bốn"),
            ),
            Term(
                Sum(
                    (
                        Term(_yes("co1", ONE), ""),
                        Term(Sum((Term(_yes("co2", ONE, _q("bảy")), "", _q("bảy")),)), "Sáu"),
                    ),
                    cap=ONE,
                ),
                "Năm",
                _q("năm"),
            ),
            Term(Piecewise(A, (Piece(Interval(), ONE, ZERO, _q("tám")),)), "Tám", _q("tám")),
        ),
        ZERO,
        Fraction(-1),
        TWO,
    )


def test_checklist_without_bounds(load: Load) -> None:
    rules = load("cham: cong_don\nmuc: [{co: co1, diem: 1}]")
    assert _rule(rules) == Sum((Term(_yes("co1", ONE)),), ZERO, None, None)


@pytest.mark.parametrize(("written", "floor"), [("0", ZERO), ("-0.5", -HALF), ("khong_quy_dinh", None)])
def test_deductions(load: Load, written: str, floor: Fraction | None) -> None:
    rules = load(f"""
cham: tru_dan
diem_goc: 2
san: {written}
tru:
- {{ten: Mỗi, moi: a, diem: 0.25, toi_da: 1, nguyen_van: mỗi}}
- {{ten: Không trần, moi: a, diem: 0.5}}
- {{ten: Có, co: co1, diem: 0.5}}
- {{ten: Khi, khi: {{do: b, tren: 3}}, diem: 1}}
- {{ten: Nhóm, toi_da: 0.5, muc: [{{co: co2, diem: 0.25}}]}}
""")
    assert _rule(rules) == Sum(
        (
            Term(
                Sum(
                    (Term(Piecewise(A, (Piece(Interval(), ZERO, Fraction(-1, 4), _q("mỗi")),))),),
                    floor=Fraction(-1),
                ),
                "Mỗi",
                _q("mỗi"),
            ),
            Term(Piecewise(A, (Piece(Interval(), ZERO, -HALF),)), "Không trần"),
            Term(_yes("co1", -HALF), "Có"),
            Term(
                Switch(
                    (
                        Case(_within(B, _from(3, None, "()")), _points(-1)),
                        Case(AllOf(()), _points(0)),
                    ),
                    Choose.FIRST,
                ),
                "Khi",
            ),
            Term(Sum((Term(_yes("co2", Fraction(-1, 4))),), floor=-HALF), "Nhóm"),
        ),
        TWO,
        floor,
        None,
    )


# ---- chon_mot, khao_sat, trung_binh, cham_truc_tiep, theo, khong_quy_dinh --------------------------------------------


def test_options(load: Load) -> None:
    rules = load("""
cham: chon_mot
chon: loai
muc:
  y: {diem: 0.5, nguyen_van: y là nửa}
  x: {diem: 2}
""")
    assert _rule(rules) == Table("loai", (Option("y", HALF, _q("y là nửa")), Option("x", TWO)))


def test_survey(load: Load) -> None:
    rules = load("""
nguyen_van: công thức
cham: khao_sat
phieu: phieu
he_so: {A: 100%, B: "62,5%", E: khong_tinh}
diem: 4
mau_so_bang_0: khong_quy_dinh
""")
    assert _rule(rules) == Piecewise(
        Ratio(
            Linear((("phieu.A", 1), ("phieu.B", Fraction(5, 8)))),
            Linear((("phieu.A", 1), ("phieu.B", 1))),
            NOT_STATED,
        ),
        (Piece(Interval(), ZERO, Fraction(4), _q("công thức")),),
    )


def test_survey_without_ballots(load: Load) -> None:
    keys = "cham: khao_sat\nphieu: phieu\nhe_so: {A: 100%, B: 50%, E: 0%}\ndiem: 4\n"
    share = _rule(load(keys + "mau_so_bang_0: 75%"))
    ballots = Linear((("phieu.A", 1), ("phieu.B", 1), ("phieu.E", 1)))
    weighted = Linear((("phieu.A", 1), ("phieu.B", HALF), ("phieu.E", 0)))
    assert share == Piecewise(Ratio(weighted, ballots, Fraction(3, 4)), (Piece(Interval(), ZERO, Fraction(4)),))
    own = _rule(load(keys + "mau_so_bang_0: {diem: 1, nguyen_van: không có phiếu}"))
    inner = Piecewise(Ratio(weighted, ballots), (Piece(Interval(), ZERO, Fraction(4)),))
    assert own == Switch(
        (
            Case(_within(ballots, _at(0)), _points(1), _q("không có phiếu")),
            Case(_within(ballots, Interval(low=ZERO)), inner),
        ),
        Choose.FIRST,
    )


def test_mean(load: Load) -> None:
    rules = load("""
nguyen_van: cả quy tắc
lam_tron: {den: 0.1, nguyen_van: một chữ số}
cham: trung_binh
ban_ghi: hs
moi_ban_ghi: {cham: bac_thang, do: so_ngay - a, bac: [{den: 0, diem: 2, nguyen_van: sớm}, {tren: 0, diem: 0}]}
""")
    measure = Linear((("so_ngay", 1), ("a", -1)))
    assert _rule(rules) == Average(
        "hs",
        Piecewise(
            measure,
            (
                Piece(_from(None, 0, "(]"), TWO, ZERO, _q("sớm")),
                Piece(_from(0, None, "()"), ZERO, ZERO, _q("cả quy tắc")),
            ),
        ),
        None,
    )
    assert rules["1"].rounding == Rounding(Fraction(1, 10), RoundingRule.HALF_UP, _q("một chữ số"))


def test_mean_inside_another_rule_has_its_own_rounding(load: Load) -> None:
    rules = load("""
cham: cong_don
muc:
- quy_tac:
    cham: trung_binh
    ban_ghi: hs
    lam_tron: {den: 0.5, cach: nua_len}
    moi_ban_ghi: {cham: bac_thang, do: so_ngay, bac: [{diem: 1}]}
""")
    record = Piecewise(Linear((("so_ngay", 1),)), (Piece(Interval(), ONE),))
    assert _rule(rules) == Sum((Term(Average("hs", record, Rounding(HALF))),))
    assert rules["1"].rounding is None


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("den: 1\nbuoc: 0,5", Awarded("diem_hd", ZERO, ONE, HALF)),
        ("tu: -1\nden: 1\nbuoc: khong_quy_dinh", Awarded("diem_hd", Fraction(-1), ONE, NOT_STATED)),
        ("den: khong_quy_dinh\nbuoc: khong_quy_dinh", Awarded("diem_hd", ZERO, None, NOT_STATED)),
    ],
)
def test_awarded(load: Load, written: str, rule: Awarded) -> None:
    assert _rule(load(f"cham: cham_truc_tiep\ndiem: diem_hd\n{written}")) == rule


def test_tiers(load: Load) -> None:
    rules = load("""
cham: theo
chon: lay_muc_dau_tien
theo:
- khi: {do: a + b, tu: 500}
  nguyen_van: "từ 500:"
  quy_tac: {cham: bac_thang, do: a, bac: [{tu: 1, diem: 1, nguyen_van: một}, {duoi: 1, diem: 0}]}
- khi: {do: a + b, duoi: 500}
  quy_tac: {cham: chon_mot, chon: loai, muc: {x: {diem: 1}}}
""")
    both = Linear((("a", 1), ("b", 1)))
    pieces = (Piece(_from(1), ONE, ZERO, _q("một")), Piece(_from(None, 1), ZERO, ZERO, _q("từ 500:")))
    assert _rule(rules) == Switch(
        (
            Case(_within(both, _from(500)), Piecewise(A, pieces), _q("từ 500:")),
            Case(_within(both, _from(None, 500)), Table("loai", (Option("x", ONE),))),
        ),
        Choose.FIRST,
    )


def test_tiers_choose_one_unless_said(load: Load) -> None:
    rules = load("cham: theo\ntheo: [{khi: {co: co1}, quy_tac: {cham: bac_thang, do: a, bac: [{diem: 1}]}}]")
    assert _rule(rules).choose is Choose.ONLY  # type: ignore[union-attr]


def test_a_rule_that_is_not_stated(load: Load) -> None:
    assert load("cham: khong_quy_dinh")["1"].rule is NOT_STATED


# ---- bases -----------------------------------------------------------------------------------------------------------


def test_what_a_part_stands_on(load: Load) -> None:
    """Its own sentence, at its own place; a recorded reading; else the sentence of the whole rule."""
    rules = load("""
nguyen_van: cả quy tắc
cham: bac_thang
do: a
bac:
- {tu: 3, diem: 2, nguyen_van: riêng}
- {tu: 2, duoi: 3, diem: 1, nguyen_van: nơi khác, nguon: "V, dòng 9"}
- {tu: 1, duoi: 2, diem: 1, cach_hieu: {noi_dung: hiểu thế, nguon_goc: ai đó}}
- {duoi: 1, diem: 0}
""")
    bases = [piece.basis for piece in _rule(rules).pieces]  # type: ignore[union-attr]
    assert bases == [_q("riêng"), _q("nơi khác", "dòng 9"), Reading("hiểu thế", "ai đó"), _q("cả quy tắc")]


def test_who_compared_a_sentence_with_its_rule(load: Load) -> None:
    """An attestation goes with the sentence it stands beside: that of a part, or that of the whole row."""
    rules = load("""
nguyen_van: cả quy tắc
da_doi_chieu: "khó; đọc; ai đó"
lam_tron: {den: 0.1, nguyen_van: một chữ số, da_doi_chieu: "lý do; ai"}
cham: bac_thang
do: a
bac:
- {tu: 3, diem: 2, nguyen_van: riêng}
- {tu: 2, duoi: 3, diem: 1, nguyen_van: riêng, da_doi_chieu: "lý do; ai"}
- {duoi: 2, diem: 0}
""")
    bases = [piece.basis for piece in _rule(rules).pieces]  # type: ignore[union-attr]
    whole, own = evolve(_q("cả quy tắc"), attested="khó; đọc; ai đó"), evolve(_q("riêng"), attested="lý do; ai")
    assert bases == [_q("riêng"), own, whole]
    assert rules["1"].sentence == whole
    assert rules["1"].rounding == Rounding(Fraction(1, 10), basis=evolve(_q("một chữ số"), attested="lý do; ai"))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('da_doi_chieu: "lý do; ai"\ncham: khong_quy_dinh', "«da_doi_chieu» đứng cạnh «nguyen_van»"),
        (
            'cham: bac_thang\ndo: a\nbac: [{diem: 1, da_doi_chieu: "lý do; ai"}]',
            "«da_doi_chieu» đứng cạnh «nguyen_van»",
        ),
        (
            'cham: bac_thang\ndo: a\nbac: [{diem: 1, cach_hieu: {noi_dung: h, nguon_goc: n}, da_doi_chieu: "a; b"}]',
            "«da_doi_chieu» đứng cạnh «nguyen_van»",
        ),
        ("nguyen_van: câu\nda_doi_chieu: lý do\ncham: khong_quy_dinh", "ghi lý do và ai đối chiếu"),
        ('nguyen_van: câu\nda_doi_chieu: "lý do; "\ncham: khong_quy_dinh', "ghi lý do và ai đối chiếu"),
        ('nguyen_van: câu\nda_doi_chieu: "; ai"\ncham: khong_quy_dinh', "ghi lý do và ai đối chiếu"),
    ],
)
def test_an_attestation_needs_a_sentence_a_reason_and_a_person(load: Load, keys: str, said: str) -> None:
    with pytest.raises(cchc.BadRuleset) as refused:
        load(keys)
    [fault] = refused.value.faults
    assert said in fault.message.vi
    assert fault.path[-1] == "da_doi_chieu"


# ---- exemptions, rounding, notes, evidence ---------------------------------------------------------------------------


@pytest.mark.parametrize("policy", list(Policy))
def test_exemptions(load: Load, policy: Policy) -> None:
    rules = load(f"""
khong_danh_gia: {{xu_ly: {policy.value}, nguyen_van: được bỏ}}
khong_phat_sinh:
- {{xu_ly: {policy.value}, khi: {{do: a, bang: 0}}}}
- {{xu_ly: {policy.value}, khi: {{khong: co1}}, cach_hieu: {{noi_dung: h, nguon_goc: n}}}}
cham: khong_quy_dinh
""")
    assert rules["1"].exemptions == (
        Exemption(policy, None, _q("được bỏ")),
        Exemption(policy, _within(A, _at(0)), NOT_STATED),
        Exemption(policy, Chosen("co1", ("khong",)), Reading("h", "n")),
    )


def test_exemption_for_all_reaches_the_leaves_only(load: Load) -> None:
    rules = load(
        'gom:\n- {ma: "1.1", ten: Lá, diem_toi_da: 2, nguon: "V, 1.1", cham: khong_quy_dinh}',
        khong_danh_gia="{xu_ly: khong_tinh, nguon: V, nguyen_van: chung}",
    )
    common = Exemption(Policy.UNCOUNTED, None, Quote("chung", Citation("V", "")))
    assert rules["1"].exemptions == ()
    assert rules["1.1"].exemptions == (common,)


def test_notes(load: Load) -> None:
    rules = load(
        """
mau_thuan: một chữ
khoang_trong:
- hai
- {noi_dung: ba, nguon_goc: nguồn, khi: {co: co1}}
cach_hieu: {noi_dung: bốn, nguon_goc: ai}
ghi_chu: [năm, sáu]
kiem_chung: [Báo cáo, Quyết định]
cham: khong_quy_dinh
""",
        ghi_chu="cả bộ",
    )
    assert rules["1"].notes == (
        SourceNote(NoteKind.CONTRADICTION, "một chữ"),
        SourceNote(NoteKind.HOLE, "hai"),
        SourceNote(NoteKind.HOLE, "ba", "nguồn", Chosen("co1", ("co",))),
        SourceNote(NoteKind.READING, "bốn", "ai"),
        SourceNote(NoteKind.REMARK, "năm"),
        SourceNote(NoteKind.REMARK, "sáu"),
    )
    assert rules.notes == (SourceNote(NoteKind.REMARK, "cả bộ"),)
    assert rules["1"].evidence == ("Báo cáo", "Quyết định")


# ---- the whole file --------------------------------------------------------------------------------------------------


def test_head_of_the_file(load: Load) -> None:
    rules = load("cham: khong_quy_dinh")
    assert (rules.id, rules.version, rules.title) == ("thu/cap-xa", "1", "Bộ thử")
    assert rules.scope is Scope.SAMPLE
    assert rules.application == Application((Level.COMMUNE,), datetime.date(2025, 1, 1))
    assert rules.documents == (
        Document(
            "V",
            "1/QĐ",
            datetime.date(2024, 12, 31),
            "Không có",
            "Thử",
            "v.md",
            "bịa",
            DocumentKind.SAMPLE,
        ),
    )
    assert rules.max_points is NOT_STATED
    assert (rules.index_basis, rules.rounding, rules.scales, rules.ranking) == (NOT_STATED, None, (), None)


def test_figures(load: Load) -> None:
    rules = load("so_lieu:\n  rieng: {ten: riêng, trong: a, don_vi: hồ sơ, co_the_am: co}\ncham: khong_quy_dinh")
    options = (("A", "tốt"), ("B", "vừa"), ("E", "không ý kiến"))
    columns = (Fact("so_ngay", "số ngày", FactType.AMOUNT), Fact("ma", "mã", FactType.LABEL))
    known = rules.facts_by_name
    assert known["a"] == Fact("a", "số a", FactType.COUNT)
    assert known["han"] == Fact("han", "hạn", FactType.DATE, given=DayOfYear(30, 11))
    assert known["phieu"] == Fact("phieu", "phiếu", FactType.SURVEY, options=options)
    assert known["hs"] == Fact("hs", "hồ sơ", FactType.RECORDS, fields=columns)
    assert rules["1"].facts == (Fact("rieng", "riêng", unit="hồ sơ", part_of="a", may_be_negative=True),)


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("30/11", DayOfYear(30, 11)),
        ("29/2", DayOfYear(29, 2)),
        ("2025-11-30", datetime.date(2025, 11, 30)),
        ("30/11/2025", datetime.date(2025, 11, 30)),
    ],
)
def test_fixed_days(load: Load, written: str, given: object) -> None:
    rules = load(f"so_lieu: {{x: {{ten: x, loai: ngay, co_dinh: {written}}}}}\ncham: khong_quy_dinh")
    assert rules["1"].facts == (Fact("x", "x", FactType.DATE, given=given),)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["[x, y]", "{x: x, y: y}"])
def test_options_may_be_a_plain_list(load: Load, written: str) -> None:
    rules = load(f"so_lieu: {{v: {{ten: v, loai: lua_chon, lua_chon: {written}}}}}\ncham: khong_quy_dinh")
    assert rules["1"].facts[0].options == (("x", "x"), ("y", "y"))


def test_what_stands_around_the_tree(load: Load) -> None:
    rules = load(
        "cham: khong_quy_dinh",
        chi_so="{nguon: V, nguyen_van: chỉ số}",
        lam_tron="{den: 0.01, nguon: V, nguyen_van: hai chữ số}",
        xep_loai="""
- theo: chi_so
  khi: {so_lieu: loai, la: x}
  bac: [{ten: A, tu: 90%, nguon: V, nguyen_van: loại A}, {ten: B, tu: 80%, duoi: 90%}]
- theo: diem
  bac: [{ten: đạt, tu: 50}, {ten: không đạt, duoi: 50}]""",
        xep_hang="{theo: chi_so, khong_xep_hang: {co: co1}, nguon: V, nguyen_van: xếp hạng}",
    )
    head = Citation("V", "")
    assert rules.index_basis == Quote("chỉ số", head)
    assert rules.rounding == Rounding(Fraction(1, 100), RoundingRule.HALF_UP, Quote("hai chữ số", head))
    ninety, eighty = Fraction(9, 10), Fraction(4, 5)
    assert rules.scales == (
        GradeScale(
            (Grade("A", _from(ninety), Quote("loại A", head)), Grade("B", _from(eighty, ninety))),
            Basing.INDEX,
            Chosen("loai", ("x",)),
        ),
        GradeScale((Grade("đạt", _from(50)), Grade("không đạt", _from(None, 50))), Basing.POINTS, None),
    )
    assert rules.ranking == Ranking(Basing.INDEX, Chosen("co1", ("co",)), Quote("xếp hạng", head))


def test_bonus_and_penalty_stand_outside_the_tree(load: Load) -> None:
    after = """
thuong:
- {ma: T, ten: Thưởng, diem_toi_da: 2, nguon: "V, B.1", cham: cong_don, muc: [{moi: a, diem: 0.5}]}
phat:
- {ma: P, ten: Phạt, diem_toi_da: khong_quy_dinh, nguon: "V, B.2", cham: khong_quy_dinh}
"""
    rules = load("cham: khong_quy_dinh", after=after)
    each = Sum((Term(Piecewise(A, (Piece(Interval(), ZERO, HALF),))),))
    assert rules.adjustments == (
        Adjustment(AdjustmentKind.BONUS, Criterion("T", "Thưởng", TWO, Citation("V", "B.1"), rule=each)),
        Adjustment(AdjustmentKind.PENALTY, Criterion("P", "Phạt", NOT_STATED, Citation("V", "B.2"))),
    )
    assert [criterion.code for criterion in rules.criteria] == ["1"]


def test_lines_without_a_place_take_that_of_the_line_above(load: Load) -> None:
    leaf = '  - {ma: "1.1.1", ten: Lá, diem_toi_da: 1, cham: khong_quy_dinh}'
    rules = load(f'gom:\n- ma: "1.1"\n  ten: Nhóm\n  diem_toi_da: 1\n  gom:\n{leaf}')
    assert [criterion.citation for criterion in rules.walk()] == [CITATION] * 3
    assert [criterion.code for criterion in rules["1"].children] == ["1.1"]
    assert rules["1"].rule is NOT_STATED


# ---- what has a shape and no meaning ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("cham: bac_thang\ndo: ngay1\nbac: [{tu: 31/11/2025, diem: 1}]", "«31/11/2025» không phải ngày có thật"),
        ("cham: bac_thang\ndo: 3 + 2\nbac: [{diem: 1}]", "biểu thức không có số liệu nào"),
        ("cham: cong_don\nmuc: [{quy_tac: {cham: khong_quy_dinh}}]", "chỉ dùng cho cả tiêu chí"),
        (
            "cham: tru_dan\ndiem_goc: 2\nsan: 0\ntru: [{quy_tac: {cham: bac_thang, do: a, bac: [{diem: 1}]}}]",
            "«quy_tac» không dùng trong «tru»",
        ),
    ],
)
def test_rule_without_meaning_is_refused(load: Load, rule: str, said: str) -> None:
    with pytest.raises(cchc.BadRuleset) as caught:
        load(rule)
    assert said in str(caught.value)
    assert "bo.yaml:" in str(caught.value)


# ---- keys that would be read and then forgotten ----------------------------------------------------------------------

FORGOTTEN = [
    ("cham: cong_don\nmuc: [{co: co1, diem: 1, toi_da: 0.5}]", "toi_da"),
    ("cham: cong_don\nmuc: [{khi: {co: co1}, diem: 1, toi_da: 0.5}]", "toi_da"),
    ("cham: cong_don\nmuc: [{diem: 9, muc: [{co: co1, diem: 1}]}]", "diem"),
    ("cham: cong_don\nmuc: [{diem: 9, quy_tac: {cham: bac_thang, do: a, bac: [{diem: 1}]}}]", "diem"),
    ("cham: cong_don\nmuc: [{toi_da: 1, quy_tac: {cham: bac_thang, do: a, bac: [{diem: do}]}}]", "toi_da"),
    ("cham: muc\nmuc: [{diem: 1, khi: {co: co1, tu: 5}}]", "tu"),
    ("cham: muc\nmuc: [{diem: 1, khi: {co: co1, la: x}}]", "la"),
    ("cham: muc\nmuc: [{diem: 1, khi: {so_lieu: loai, la: x, duoi: 5}}]", "duoi"),
    ("cham: muc\nmuc: [{diem: 1, khi: {tat_ca: [{co: co1}], bang: 0}}]", "bang"),
    ("cham: muc\nmuc: [{diem: 1, khi: {do: a, tu: 1, la: x}}]", "la"),
    ("cham: muc\nmuc: [{diem: 1, khi: {do: a, tu: 1, mau_so_bang_0: 100%}}]", "mau_so_bang_0"),
    ("cham: bac_thang\ndo: a\nmau_so_bang_0: 100%\nbac: [{diem: 1}]", "mau_so_bang_0"),
    ("cham: bac_thang\ndo: a\nmau_so_bang_0: {diem: 1}\nbac: [{diem: 1}]", "mau_so_bang_0"),
]


@pytest.mark.parametrize(("rule", "key"), FORGOTTEN, ids=[rule.splitlines()[-1] for rule, _ in FORGOTTEN])
def test_key_without_meaning_is_refused(load: Load, rule: str, key: str) -> None:
    """A cap or a bound that is written and does nothing is worse than a misspelt key."""
    with pytest.raises(cchc.BadRuleset) as caught:
        load(rule)
    assert key in str(caught.value)
