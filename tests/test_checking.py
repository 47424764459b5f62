"""Checking a ruleset against itself, its stored sources and its worked cases: each finding, and the words for it."""

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import cchc_index as cchc
from cchc_index.checking.alone import alone
from cchc_index.checking.structure import Finding, Given, Severity, check_structure, fold, said_figures, stated_bases
from cchc_index.criteria import Criterion, Grade, GradeScale, Policy, Scope, SourceNote
from cchc_index.criteria import Exemption as Exempt
from cchc_index.files.cases import Outcome, run_cases
from cchc_index.files.folders import shipped_folder
from cchc_index.files.reading import stored_texts
from cchc_index.measures import AllOf, Fact, Interval, Linear
from cchc_index.rules import Average, Awarded, Case, Piece, Piecewise, Rounding, Rule, Sum, Switch, Table, Term
from cchc_index.rules import Option as Choice
from cchc_index.sources import NOT_STATED, Citation, DocumentKind, NoteKind, Quote, Reading

DONG_NAI = "dong-nai/cap-xa/2022"
PLACE = Citation("V", "dòng 1")
SAID = Quote("Có thật", PLACE)
LOST = Quote("Bịa ra", PLACE)
TEXTS = {"V": "Câu: Có\n  thật, ở đây."}
ONE = Fraction(1)


def _piece(basis: Any) -> Piecewise:
    return Piecewise(Linear((("a", 1),)), (Piece(Interval(), ONE, basis=basis),))


def _criterion(code: str = "1", rule: Any = NOT_STATED, points: Any = ONE, **more: Any) -> Criterion:
    return Criterion(code, "Tiêu chí", points, PLACE, rule=rule, **more)


def _rules(*criteria: Criterion, scope: Scope = Scope.WHOLE, points: Any = NOT_STATED, **more: Any) -> cchc.Ruleset:
    return evolve(
        cchc.load(DONG_NAI),
        criteria=criteria,
        max_points=points,
        scope=scope,
        documents=(),
        facts=(),
        notes=(),
        **more,
    )


def _check(rules: cchc.Ruleset, texts: Mapping[str, str] = TEXTS) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity.value, f.criterion) for f in check_structure(rules, texts)]


# ---- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "whole", "parts", "severity"),
    [
        (Scope.WHOLE, 2, (1, 1), None),
        (Scope.WHOLE, 3, (1, 1), "loi"),
        (Scope.WHOLE, 1, (1, 1), "loi"),
        (Scope.SAMPLE, 3, (1, 1), "loi"),
        (Scope.EXCERPT, 3, (1, 1), "luu_y"),
        (Scope.EXCERPT, 1, (1, 1), "loi"),
        (Scope.FRAME, 3, (1, 1), "luu_y"),
        (Scope.FRAME, 1, (1, 1), "loi"),
        (Scope.FRAME, 2, (1, 1), None),
        (Scope.WHOLE, NOT_STATED, (1, 1), None),
        (Scope.WHOLE, 2, (1, NOT_STATED), None),
    ],
)
def test_sums(scope: Scope, whole: Any, parts: tuple[Any, ...], severity: str | None) -> None:
    """The same of the whole set and of a criterion made of others."""
    made = [part if part is NOT_STATED else Fraction(part) for part in parts]
    stated = whole if whole is NOT_STATED else Fraction(whole)
    leaves = tuple(_criterion(f"1.{n}", points=part) for n, part in enumerate(made))
    expected = [("tong-khong-khop", severity)] if severity else []
    top = _check(_rules(*leaves, scope=scope, points=stated))
    assert top == [(*found, "") for found in expected]
    inner = _check(_rules(_criterion("1", points=stated, children=leaves), scope=scope))
    assert inner == [(*found, "1") for found in expected]


def test_sum_finding_says_both_numbers() -> None:
    (found,) = check_structure(_rules(_criterion(points=Fraction("1.25")), points=Fraction(2)), TEXTS)
    assert found.message.vi == "các mục con cộng lại 1,25 điểm, điểm tối đa ghi 2"
    assert found.message.en == "the parts add up to 1.25 points, the maximum says 2"


# ---- quotes: wherever a sentence may stand ---------------------------------------------------------------------------

HOLDERS: dict[str, Callable[[Any], Rule]] = {
    "piece": _piece,
    "option": lambda basis: Table("a", (Choice("x", ONE, basis),)),
    "term": lambda basis: Sum((Term(Sum(base=ONE), "", basis),)),
    "inside a term": lambda basis: Sum((Term(_piece(basis)),)),
    "case": lambda basis: Switch((Case(AllOf(()), Sum(base=ONE), basis),)),
    "inside a case": lambda basis: Switch((Case(AllOf(()), _piece(basis)),)),
    "record": lambda basis: Average("a", _piece(basis)),
    "rounding of a mean": lambda basis: Average("a", _piece(SAID), Rounding(ONE, basis=basis)),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_quote_that_is_not_in_the_stored_text(holder: str) -> None:
    assert _check(_rules(_criterion(rule=HOLDERS[holder](SAID)))) == []
    assert _check(_rules(_criterion(rule=HOLDERS[holder](Reading("h", "n"))))) == []
    (found,) = check_structure(_rules(_criterion(rule=HOLDERS[holder](LOST))), TEXTS)
    assert (found.code, found.severity, found.criterion) == ("khong-thay-nguyen-van", Severity.ERROR, "1")
    assert found.message.vi == "không tìm thấy «Bịa ra» trong bản lưu của V"


@pytest.mark.parametrize(
    ("more", "criterion"),
    [
        ({"scales": (GradeScale((Grade("A", Interval(), LOST),)),)}, ""),
        ({"rounding": Rounding(ONE, basis=LOST)}, ""),
        ({"index_basis": LOST}, ""),
    ],
)
def test_quote_around_the_tree(more: dict[str, Any], criterion: str) -> None:
    assert _check(_rules(_criterion(), **more)) == [("khong-thay-nguyen-van", "loi", criterion)]


@pytest.mark.parametrize(
    "more",
    [{"exemptions": (Exempt(Policy.REMOVED, None, LOST),)}, {"rounding": Rounding(ONE, basis=LOST)}],
)
def test_quote_beside_a_rule(more: dict[str, Any]) -> None:
    assert _check(_rules(_criterion(**more))) == [("khong-thay-nguyen-van", "loi", "1")]


def test_quote_of_a_ranking_bonus_and_penalty() -> None:
    """A real set with the stored text of one document taken away: nothing it quotes is found."""
    rules = cchc.load("mau/cap-xa/1")
    lost = {found.criterion for found in check_structure(rules, {"MAU": ""})}
    quoting = {criterion.code for criterion in rules.walk() if stated_bases(criterion)}
    assert {"T", "P", ""} <= lost
    assert lost >= {code for code in quoting if code != "5.3.3"}


def test_quote_of_another_document() -> None:
    elsewhere = Quote("Có thật", Citation("W", ""))
    assert _check(_rules(_criterion(rule=_piece(elsewhere)))) == [("khong-thay-nguyen-van", "loi", "1")]
    assert _check(_rules(_criterion(rule=_piece(elsewhere))), {**TEXTS, "W": "Có thật"}) == []


def test_rule_without_a_sentence() -> None:
    (found,) = check_structure(_rules(_criterion(rule=_piece(NOT_STATED))), TEXTS)
    assert (found.code, found.severity) == ("thieu-nguyen-van", Severity.ERROR)


@pytest.mark.parametrize("basis", [NOT_STATED, SAID])
def test_exemption_needs_a_sentence(basis: Any) -> None:
    found = _check(_rules(_criterion(exemptions=(Exempt(Policy.FULL, None, basis),))))
    assert found == ([("thieu-nguyen-van", "loi", "1")] if basis is NOT_STATED else [])


def test_awarded_points_need_no_sentence() -> None:
    assert _check(_rules(_criterion(rule=Awarded("a")))) == []


def test_part_without_a_sentence_stands_on_that_of_the_others() -> None:
    parts = Sum((Term(_piece(SAID)), Term(_piece(NOT_STATED))))
    assert _check(_rules(_criterion(rule=parts))) == []
    assert stated_bases(_criterion(rule=parts)) == [SAID]


def test_rule_that_is_not_stated_needs_nothing() -> None:
    assert stated_bases(_criterion()) == []
    assert _check(_rules(_criterion())) == []


def test_reported_documents_are_noted() -> None:
    rules = cchc.load("bo-noi-vu/cap-bo/2022")
    reported = [document.id for document in rules.documents if document.kind is DocumentKind.REPORTED]
    found = check_structure(rules, stored_texts(rules, shipped_folder() / "bo-noi-vu" / "cap-bo" / "2022"))
    assert [(f.code, f.severity) for f in found] == [("chi-co-ghi-chep", Severity.NOTE)] * len(reported)
    assert len(reported) == 2


@pytest.mark.parametrize("text", ["Có thật", "  Có\tthật \n", "Co\u0301 tha\u0323\u0302t"])
def test_fold_evens_out_blanks_and_accents(text: str) -> None:
    assert fold(text) == "Có thật"
    assert _check(_rules(_criterion(rule=_piece(Quote(text, PLACE))))) == []


def test_fold_keeps_everything_else() -> None:
    assert _check(_rules(_criterion(rule=_piece(Quote("có thật", PLACE))))) == [("khong-thay-nguyen-van", "loi", "1")]


def test_finding_is_a_value() -> None:
    one, other = check_structure(_rules(_criterion(rule=_piece(LOST))), TEXTS) * 2
    assert one == other
    assert isinstance(one, Finding)


# ---- worked cases ----------------------------------------------------------------------------------------------------

HEAD = 'bo_tieu_chi: dong-nai/cap-xa\nphien_ban: "2022"\n'
WHOLE = "so_lieu: {da_xong: 19, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: có}"


def _run(folder: Path, text: str, name: str = DONG_NAI) -> tuple[Outcome, ...]:
    file = folder / "vi-du.yaml"
    file.write_text(text, encoding="utf-8")
    return run_cases(cchc.load(name), file)


def _alone(folder: Path, case: str, code: str = "4.1") -> Outcome:
    (outcome,) = _run(folder, f'{HEAD}tieu_chi:\n- ma: "{code}"\n  nguon_goc: x\n  truong_hop:\n  - {case}\n')
    return outcome


def _unit(folder: Path, keys: str, figures: str = WHOLE) -> Outcome:
    (outcome,) = _run(folder, f"{HEAD}ban_khai:\n- don_vi: Xã A\n  nguon_goc: x\n  {figures}\n  {keys}\n")
    return outcome


def _said(outcome: Outcome) -> list[str]:
    assert all(difference.en for difference in outcome.differences)
    return [difference.vi for difference in outcome.differences]


@pytest.mark.parametrize(
    "case",
    [
        "{so_lieu: {da_xong: 19, de_ra: 20}, diem: 0.95}",
        '{so_lieu: {da_xong: 19, de_ra: 20}, diem: "0,95", ghi_chu: []}',
        "{so_lieu: {da_xong: 4, de_ra: 5}, ghi_chu: [trái bậc]}",
        "{so_lieu: {da_xong: 0, de_ra: 0}, loi: khong_quy_dinh, chua: [mẫu số bằng 0]}",
        "{so_lieu: {de_ra: 0}, loi: thieu_so_lieu, chua: [da_xong]}",
        "{so_lieu: {da_xong: x, de_ra: 0}, loi: sai_ban_khai}",
        "{so_lieu: {da_xong: 1, de_ra: 2}}",
    ],
)
def test_case_that_holds(tmp_path: Path, case: str) -> None:
    outcome = _alone(tmp_path, case)
    assert outcome.name == "vi-du.yaml:7 [4.1]"
    assert outcome.differences == ()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("{so_lieu: {da_xong: 19, de_ra: 20}, diem: 0.96}", "4.1: tính được 0,95, ví dụ ghi 0,96"),
        ("{so_lieu: {da_xong: 19, de_ra: 20}, diem: khong_quy_dinh}", "tính được 0,95, ví dụ ghi khong_quy_dinh"),
        ("{so_lieu: {da_xong: 19, de_ra: 20}, ghi_chu: [trái bậc]}", "ghi chú thiếu chữ «trái bậc»"),
        ("{so_lieu: {da_xong: 0, de_ra: 0}, diem: 0}", "lỗi: Văn bản không quy định"),
        ("{so_lieu: {da_xong: 0, de_ra: 0}, loi: thieu_so_lieu}", "ví dụ ghi thieu_so_lieu"),
        ("{so_lieu: {da_xong: 1, de_ra: 2}, loi: thieu_so_lieu}", "lỗi: không có lỗi; ví dụ ghi thieu_so_lieu"),
        ("{so_lieu: {da_xong: 0, de_ra: 0}, loi: khong_quy_dinh, chua: [gì đó]}", "lỗi thiếu chữ «gì đó»"),
    ],
)
def test_case_that_differs(tmp_path: Path, case: str, said: str) -> None:
    (difference,) = _said(_alone(tmp_path, case))
    assert said in difference


def test_case_of_a_criterion_that_is_not_there(tmp_path: Path) -> None:
    outcome = _alone(tmp_path, "{so_lieu: {}, diem: 0}", code="9.9")
    assert outcome.name == "vi-du.yaml:4"
    assert _said(outcome) == ["không có tiêu chí «9.9»"]


def test_case_of_a_group_scores_what_is_under_it(tmp_path: Path) -> None:
    figures = "{da_xong: 19, de_ra: 20, bang_dien_tu: có, mang_xa_hoi: có, truyen_thong: có}"
    assert _said(_alone(tmp_path, f"{{so_lieu: {figures}, diem: 1.95, ghi_chu: [(1đ)]}}", code="4")) == []


@pytest.mark.parametrize(
    "keys",
    [
        'diem: {"4": 1.95, "4.1": 0.95}\n  tong: 1.95\n  chi_so: khong_quy_dinh',
        "tong: 1,95",
        "ky: {tu_ngay: 2022-01-01, den_ngay: 2022-12-31}",
    ],
)
def test_unit_that_holds(tmp_path: Path, keys: str) -> None:
    outcome = _unit(tmp_path, keys)
    assert outcome.name == "vi-du.yaml:4 [Xã A]"
    assert outcome.differences == ()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('diem: {"4.1": 1}', ["4.1: tính được 0,95, ví dụ ghi 1"]),
        ('diem: {"9": 1}', ["không có tiêu chí «9»"]),
        ("tong: 2", ["tổng: tính được 1,95, ví dụ ghi 2"]),
        ("chi_so: 97.5%", ["chỉ số: tính được khong_quy_dinh, ví dụ ghi 0,975"]),
        ("xep_loai: Tốt", ["xếp loại None, ví dụ ghi Tốt"]),
        ('dem: {"4.1": {"2": 1}}', ["4.1: đếm được {}, ví dụ ghi {'2': 1}"]),
        (
            "tong: 1\n  chi_so: 1%",
            ["tổng: tính được 1,95, ví dụ ghi 1", "chỉ số: tính được khong_quy_dinh, ví dụ ghi 0,01"],
        ),
    ],
)
def test_unit_that_differs(tmp_path: Path, keys: str, said: list[str]) -> None:
    assert _said(_unit(tmp_path, keys)) == said


def test_count_of_a_criterion_that_is_not_there(tmp_path: Path) -> None:
    assert _said(_unit(tmp_path, 'dem: {"9": {"2": 1}}')) == ["không có tiêu chí «9»"]


def test_unit_with_an_error(tmp_path: Path) -> None:
    assert _unit(tmp_path, "loi: thieu_so_lieu\n  chua: [de_ra]", "so_lieu: {da_xong: 1}").differences == ()
    assert "thieu_so_lieu" in _said(_unit(tmp_path, "loi: thieu_so_lieu"))[0]


def test_unit_whose_records_are_missing(tmp_path: Path) -> None:
    (said,) = _said(_unit(tmp_path, "", "so_lieu: {da_xong: {tep: khong.csv}}"))
    assert "không có tệp này" in said


def test_grade_of_a_unit(tmp_path: Path) -> None:
    head = 'bo_tieu_chi: bo-noi-vu/cap-bo\nphien_ban: "2022"\nban_khai:\n'
    figures = "{{diem_tham_dinh: {}, diem_dieu_tra: 0, co_quan_dac_thu: không}}"
    unit = f"- don_vi: A\n  nguon_goc: x\n  so_lieu: {figures}\n  {{}}\n"
    holding = head + unit.format(90, "xep_loai: Nhóm A\n  chi_so: 90%") + unit.format(1, "xep_loai: khong_quy_dinh")
    assert [outcome.differences for outcome in _run(tmp_path, holding, "bo-noi-vu/cap-bo/2022")] == [(), ()]
    (outcome,) = _run(tmp_path, head + unit.format(90, "xep_loai: Nhóm B"), "bo-noi-vu/cap-bo/2022")
    assert _said(outcome) == ["xếp loại Nhóm A, ví dụ ghi Nhóm B"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'bo_tieu_chi: dong-nai/cap-xa\nphien_ban: "2023"\n',
            "vi-du.yaml:1: ví dụ lập cho bộ tiêu chí khác: «dong-nai/cap-xa/2023»",
        ),
        ('bo_tieu_chi: x/y\nphien_ban: "2022"\n', "bộ tiêu chí khác"),
        (HEAD + "tieu_chy: []\n", "vi-du.yaml:3"),
        (HEAD + "tieu_chi:\n- ma: '4.1'\n  nguon_goc: x\n  truong_hop: []\n", "danh sách thiếu phần tử"),
        (HEAD + "tieu_chi:\n- ma: '4.1'\n  truong_hop: [{so_lieu: {}}]\n", "thiếu khóa «nguon_goc»"),
        (HEAD + "ban_khai:\n- don_vi: A\n  so_lieu: {}\n", "thiếu khóa «nguon_goc»"),
        (HEAD + "a: [", "sai cú pháp YAML"),
        (HEAD + "ban_khai:\n- don_vi: A\n  nguon_goc: x\n  so_lieu: {}\n  dem: {'4.1': {'2': hai}}\n", "vi-du.yaml:7"),
        (HEAD + "ban_khai:\n- don_vi: A\n  nguon_goc: x\n  so_lieu: {}\n  dem: {'4.1': {'2': [1]}}\n", "vi-du.yaml:7"),
        (HEAD + "ban_khai:\n- don_vi: A\n  nguon_goc: x\n  so_lieu: {}\n  dem: {'4.1': {'2': {}}}\n", "vi-du.yaml:7"),
    ],
)
def test_cases_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(cchc.BadRuleset) as caught:
        _run(tmp_path, text)
    assert words in str(caught.value)


def test_missing_file_of_cases(tmp_path: Path) -> None:
    with pytest.raises(cchc.BadRuleset):
        run_cases(cchc.load(DONG_NAI), tmp_path / "vi-du.yaml")


def test_figures_of_a_finding_as_a_reader_sees_them() -> None:
    figures = [Given(("nop",), datetime.date(2025, 3, 1)), Given(("ho_so",), ()), Given(("p",), Fraction(1, 2))]
    assert said_figures(figures, "vi") == "nop = 01/03/2025, ho_so = [], p = 0,5"
    assert said_figures(figures, "en") == "nop = 01/03/2025, ho_so = [], p = 0.5"


def test_a_criterion_alone_is_a_ruleset_of_its_own_maximum() -> None:
    """Its figures are those of the ruleset, declared once; what stands around the whole is left out."""
    fact = Fact("a", "số a")
    remark = SourceNote(NoteKind.REMARK, "ghi")
    first = evolve(_criterion("1", _piece(SAID), Fraction(3)), facts=(fact,))
    whole = evolve(_rules(first, _criterion("2"), points=Fraction(4)), notes=(remark,))
    found = alone(whole, "1")
    assert found.criteria == (evolve(first, facts=()),)
    assert (found.facts, found.max_points, found.notes) == ((fact,), Fraction(3), ())
    with pytest.raises(KeyError):
        alone(whole, "3")
