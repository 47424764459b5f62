"""What units hand in: YAML, JSON, CSV; figures stay as written, claims stay apart, errors know their line."""

import datetime
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import cchc_index as cchc
from cchc_index.files import csv_table

HERE = Path(__file__).parents[1]
RULES = "dong-nai/cap-xa/2022"
FULL = {"da_xong": "19", "de_ra": "20", "bang_dien_tu": "có", "mang_xa_hoi": "có", "truyen_thong": "có"}
HEADINGS = ",".join(["don_vi", *FULL])
ROW = "19,20,có,có,có"

SURVEY = """
bo_tieu_chi: thu/x
phien_ban: "1"
ten: Thử
pham_vi: mau
cap: xã
ap_dung: {tu_ngay: khong_quy_dinh, den_ngay: khong_quy_dinh}
van_ban: {V: {so_hieu: a, ngay: khong_quy_dinh, co_quan: a, trich_yeu: a, ban_luu: v.md, dia_chi: a}}
diem_toi_da: khong_quy_dinh
chi_so: khong_quy_dinh
lam_tron: khong_quy_dinh
xep_loai: khong_quy_dinh
xep_hang: khong_quy_dinh
so_lieu:
  phieu: {ten: phiếu, loai: khao_sat, lua_chon: {A: tốt, B: vừa}}
  dt: {ten: diện tích, loai: so_luong}
  hs: {ten: hồ sơ, loai: ban_ghi, truong: {n: {ten: số ngày, loai: so_luong}, m: {ten: mã, loai: ma}}}
tieu_chi:
- {ma: "1", ten: khảo sát, diem_toi_da: 2, nguon: V, cham: khao_sat, phieu: phieu, he_so: {A: 100%, B: 50%}, diem: 2, mau_so_bang_0: khong_quy_dinh}
- {ma: "2", ten: diện tích, diem_toi_da: 2, nguon: V, cham: bac_thang, do: dt, bac: [{tu: 40, diem: 1}, {duoi: 40, diem: 0}]}
- {ma: "3", ten: hồ sơ, diem_toi_da: 2, nguon: V, khong_danh_gia: {xu_ly: khong_tinh}, cham: trung_binh, ban_ghi: hs, moi_ban_ghi: {cham: bac_thang, do: n, bac: [{den: 1, diem: 2}, {tren: 1, diem: 0}]}}
"""  # noqa: E501


def _write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _units(folder: Path, text: str | bytes) -> tuple[cchc.Submission, ...]:
    return cchc.read_submissions(_write(folder, "a.csv", text))


def _bad(folder: Path, name: str, text: str | bytes) -> str:
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.read_submissions(_write(folder, name, text))
    return str(caught.value)


@pytest.fixture
def survey(tmp_path: Path) -> cchc.Ruleset:
    return cchc.load(_write(tmp_path, "bo.yaml", SURVEY))


# ---- one unit: YAML and JSON -----------------------------------------------------------------------------------------

YAML = """
don_vi: Xã A
bo_tieu_chi: dong-nai/cap-xa
phien_ban: "2022"
ky: {tu_ngay: 01/01/2022, den_ngay: 2022-12-31}
dau_thap_phan: ","
so_lieu:
  da_xong: 19
  de_ra: 20
  bang_dien_tu: có
  mang_xa_hoi: yes
  truyen_thong: no
tai_lieu:
  "4.1":
  - {so: 12/BC-UBND, ngay: 2022-12-01, muc: "2", trang: "4"}
  - {so: 13/BC-UBND}
khong_danh_gia:
  "4": {ly_do: chưa đủ}
  "4.2": thiếu
tu_cham: {"4.1": "0,95", "4": 1}
ghi_chu: gì đó
"""


def test_everything_a_yaml_file_may_hold(tmp_path: Path) -> None:
    unit = cchc.read_submission(_write(tmp_path, "a.yaml", YAML))
    assert unit == cchc.Submission(
        unit="Xã A",
        figures={"da_xong": "19", "de_ra": "20", "bang_dien_tu": "có", "mang_xa_hoi": "yes", "truyen_thong": "no"},
        ruleset="dong-nai/cap-xa",
        version="2022",
        period=cchc.Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31)),
        exemptions={"4": "chưa đủ", "4.2": "thiếu"},
        evidence={
            "4.1": (
                cchc.Evidence("12/BC-UBND", datetime.date(2022, 12, 1), "2", "4"),
                cchc.Evidence("13/BC-UBND"),
            )
        },
        claims=(cchc.Claim("4.1", Fraction("0.95")), cchc.Claim("4", Fraction(1))),
        mark=",",
    )
    assert unit.places["so_lieu", "da_xong"] == "a.yaml:8"
    assert unit.places["tai_lieu", "4.1", 1] == "a.yaml:16"


@pytest.mark.parametrize(("mark", "points"), [(",", Fraction(1234)), (".", Fraction("1.234"))])
def test_claims_are_read_by_the_decimal_mark_of_the_file(tmp_path: Path, mark: str, points: Fraction) -> None:
    text = f"don_vi: A\ndau_thap_phan: '{mark}'\nso_lieu: {{a: 1}}\ntu_cham: {{'1': 1.234}}\n"
    unit = cchc.read_submission(_write(tmp_path, "a.yaml", text))
    assert unit.claims == (cchc.Claim("1", points),)


def test_json_figures_are_exact(tmp_path: Path) -> None:
    data = {"don_vi": "Xã A", "so_lieu": {"a": 19, "b": 0.1, "c": True, "d": None, "e": [{"x": 1.10}]}}
    unit = cchc.read_submission(_write(tmp_path, "a.json", json.dumps(data)))
    assert unit.figures == {"a": Decimal(19), "b": Decimal("0.1"), "c": "có", "e": [{"x": Decimal("1.1")}]}
    assert unit.mark is None
    assert unit.period is None


def test_json_and_yaml_give_the_same_card(tmp_path: Path) -> None:
    rules = cchc.load(RULES)
    data = {"don_vi": "Xã A", "so_lieu": {**FULL, "da_xong": 19, "de_ra": 20, "truyen_thong": True}}
    one = cchc.read_submission(_write(tmp_path, "a.json", json.dumps(data)))
    other = cchc.read_submission(_write(tmp_path, "a.yaml", json.dumps({**data, "so_lieu": FULL})))
    assert cchc.score(rules, one) == cchc.score(rules, other)


@pytest.mark.parametrize("suffix", ["yaml", "yml", "json", "JSON"])
def test_read_submissions_of_one_unit(tmp_path: Path, suffix: str) -> None:
    path = _write(tmp_path, f"a.{suffix}", json.dumps({"don_vi": "Xã A", "so_lieu": FULL}))
    (unit,) = cchc.read_submissions(path)
    assert unit == cchc.read_submission(str(path)) == cchc.Submission("Xã A", FULL)


def test_empty_figure_is_a_figure_not_given(tmp_path: Path) -> None:
    unit = cchc.read_submission(_write(tmp_path, "a.yaml", "don_vi: A\nso_lieu: {da_xong: '', de_ra: 5}"))
    assert unit.figures == {"de_ra": "5"}
    with pytest.raises(cchc.MissingFacts) as caught:
        cchc.score(cchc.load(RULES), unit)
    assert set(caught.value.missing) == {"da_xong", "bang_dien_tu", "mang_xa_hoi", "truyen_thong"}
    assert caught.value.missing["da_xong"] == ("4.1",)


def test_null_claim_in_json_says_what_is_wrong(tmp_path: Path) -> None:
    """Codes are often whole numbers; that has nothing to do with decimal commas."""
    said = _bad(tmp_path, "a.json", '{"don_vi": "A", "so_lieu": {"a": 1}, "tu_cham": {"1": null}}')
    assert "bị cắt đôi" not in said


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("so_lieu: {a: 1}", "a.yaml:1", "thiếu khóa «don_vi»"),
        ("don_vi: A", "a.yaml:1", "thiếu khóa «so_lieu»"),
        ("don_vi: A\nso_lieu: {a: 1}\ndon_vy: B", "a.yaml:3", "khóa lạ «don_vy»"),
        ("don_vi: A\nso_lieu:\n- a", "a.yaml:2", "cần các khóa con"),
        ("don_vi: A\nso_lieu: {a: 1}\nky: {tu_ngay: 2022-01-01}", "a.yaml:3", "thiếu khóa «den_ngay»"),
        ("don_vi: A\nso_lieu: {a: 1}\nky: {tu_ngay: 2022-02-30, den_ngay: 2022-12-31}", "a.yaml:3", "không phải ngày"),
        (
            "don_vi: A\nso_lieu: {a: 1}\nky:\n  tu_ngay: 2022-12-31\n  den_ngay: 2022-01-01",
            "a.yaml:5",
            "kết thúc trước",
        ),
        ("don_vi: A\nso_lieu: {a: 1}\ntu_cham:\n  '1': cao", "a.yaml:4", "không phải là số"),
        ("don_vi: A\nso_lieu: {a: 1}\ntu_cham:\n  '1': 1.234", "a.yaml:4", "hai cách đọc"),
        ("don_vi: A\nso_lieu: {a: 1}\ntu_cham:\n  '1': [1]", "a.yaml:4", "cần một số điểm"),
        ("don_vi: A\nso_lieu: {a: 1}\ndau_thap_phan: ';'", "a.yaml:3", "không phải một trong"),
        ("don_vi: A\nso_lieu:\n  hs: {tep: ../x.csv}", "a.yaml:3", "cùng thư mục"),
        ("don_vi: A\nso_lieu:\n  hs: {tep: /etc/passwd}", "a.yaml:3", "cùng thư mục"),
        ("don_vi: A\nso_lieu:\n  hs: {tep: 'C:\\x.csv'}", "a.yaml:3", "cùng thư mục"),
        ("don_vi: A\nso_lieu:\n  hs: {tep: thieu.csv}", "a.yaml:3", "không có tệp này"),
        ("don_vi: A\nso_lieu: {a: 1}\ntai_lieu: {'1': [{ngay: 2022-01-01}]}", "a.yaml:3", "thiếu khóa «so»"),
        ("- a", "a.yaml:1", "cần các khóa dạng"),
    ],
)
def test_wrong_file_says_where(tmp_path: Path, text: str, place: str, words: str) -> None:
    said = _bad(tmp_path, "a.yaml", text)
    assert place in said
    assert words in said


def test_all_faults_at_once(tmp_path: Path) -> None:
    said = _bad(tmp_path, "a.yaml", "don_vi: A\nso_lieu: {a: 1}\nx: 1\ny: 2\nky: 3\n")
    assert [line.split(":")[1] for line in said.splitlines()[1:]] == ["3", "4", "5"]


# ---- records in a CSV file beside ------------------------------------------------------------------------------------


def test_records_beside(tmp_path: Path, survey: cchc.Ruleset) -> None:
    (tmp_path / "sub").mkdir()
    _write(tmp_path / "sub", "hs.csv", "m;n\nx;0,5\n;2\n;;\n".replace(";;", ";"))
    path = _write(
        tmp_path, "a.yaml", "don_vi: A\nso_lieu: {phieu: {A: 1}, dt: 1, hs: {tep: sub\\hs.csv}, }\ndau_thap_phan: ','"
    )
    unit = cchc.read_submission(path)
    assert unit.figures["hs"] == ({"m": "x", "n": "0,5"}, {"n": "2"})
    assert unit.places["so_lieu", "hs", 1] == "hs.csv:3"
    with pytest.raises(cchc.MissingFacts, match=r"phieu\.B"):
        cchc.score(survey, unit)


@pytest.mark.parametrize(
    ("rows", "error", "place"),
    [
        ("m,n\nx,1\ny,abc\n", cchc.BadSubmission, "hs.csv:3"),
        ("m,n\nx,1\n,\ny,-1\n", cchc.BadSubmission, "hs.csv:4"),
        ("m,nn\nx,1\n", cchc.BadSubmission, "hs.csv:2"),
        ("m,n\nx,1\ny,\n", cchc.MissingFacts, "hs.csv:3"),
        ("m,n\nx,1,2\n", cchc.BadSubmission, "hs.csv:2"),
        ("m,m\nx,1\n", cchc.BadSubmission, "hs.csv:1"),
        ('m,n\nx,"1\n', cchc.BadSubmission, "hs.csv:"),
    ],
)
def test_fault_in_a_record_is_at_its_row(
    tmp_path: Path, survey: cchc.Ruleset, rows: str, error: type[cchc.CchcError], place: str
) -> None:
    _write(tmp_path, "hs.csv", rows)
    path = _write(tmp_path, "a.yaml", "don_vi: A\nso_lieu: {phieu: {A: 1, B: 1}, dt: 1, hs: {tep: hs.csv}}")
    with pytest.raises(error) as caught:
        cchc.score(survey, cchc.read_submission(path))
    assert place in str(caught.value)


def test_the_500_dossiers_are_read_with_their_rows() -> None:
    unit = cchc.read_submission(HERE / "examples" / "mot-cua-xa" / "ban-khai.yaml")
    assert len(unit.figures["ho_so"]) == 500
    assert unit.figures["ho_so"][0]["ma_ho_so"] == "HS-0001"
    assert unit.places["so_lieu", "ho_so", 499] == "ho-so.csv:501"


# ---- errors that score raises stand at their line --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.yaml", "don_vi: A\nso_lieu:\n  da_xong: 1\n  de_raa: 5", "a.yaml:4"),
        ("a.yaml", "don_vi: A\nso_lieu:\n  da_xong: 6\n  de_ra: 5", "a.yaml:3"),
        ("a.yaml", "don_vi: A\nso_lieu:\n  da_xong: 1,5\n  de_ra: 5", "a.yaml:3"),
        ("a.yaml", "don_vi: A\nso_lieu: {de_ra: 5}\nkhong_danh_gia:\n  '4.1': x", "a.yaml:4"),
        ("a.yaml", "don_vi: A\nso_lieu: {de_ra: 5}\ntu_cham:\n  '4.9': 1", "a.yaml:4"),
        ("a.yaml", "don_vi: A\nso_lieu: {de_ra: 5}\ntai_lieu:\n  '4.9': [{so: x}]", "a.yaml:4"),
        ("a.yaml", "don_vi: A\nso_lieu: {de_ra: 5}\nphien_ban: '2021'", "a.yaml:3"),
        ("a.yaml", "don_vi: A\nbo_tieu_chi: dong-nai/cap-x\nso_lieu: {de_ra: 5}", "a.yaml:2"),
        ("a.json", '{"don_vi": "A",\n"so_lieu": {"da_xong":\n -1}}', "a.json:2"),
        ("a.csv", "don_vi,da_xong,de_ra\nA,1,5\nB,6,5\n", "a.csv:3"),
    ],
)
def test_error_of_scoring_stands_at_its_line(tmp_path: Path, name: str, text: str, place: str) -> None:
    units = cchc.read_submissions(_write(tmp_path, name, text))
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.score(cchc.load(RULES), units[-1])
    assert place in str(caught.value)


# ---- many units: CSV -------------------------------------------------------------------------------------------------


def test_many_units(tmp_path: Path) -> None:
    one, other = _units(tmp_path, f"{HEADINGS}\nXã A,{ROW}\n,,,,,\nXã B,5,5,có,không,\n")
    assert one == cchc.Submission("Xã A", FULL)
    assert other.figures == {"da_xong": "5", "de_ra": "5", "bang_dien_tu": "có", "mang_xa_hoi": "không"}
    assert (one.places[()], other.places[()]) == ("a.csv:2", "a.csv:4")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_as_spreadsheets_write_them(tmp_path: Path, delimiter: str, mark: str, end: str) -> None:
    text = mark + f"{HEADINGS}\nXã A,{ROW}\n".replace(",", delimiter).replace("\n", end)
    assert _units(tmp_path, text) == (cchc.Submission("Xã A", FULL),)


def test_semicolons_and_decimal_commas(tmp_path: Path, survey: cchc.Ruleset) -> None:
    text = "don_vi;dau_thap_phan;phieu.A;phieu.B;dt;tu_cham:1\nA;,;3;1;1.048,5;1,75\nB;.;1;3;1,048.5;1.25\n"
    units = _units(tmp_path, text)
    assert [unit.mark for unit in units] == [",", "."]
    assert units[0].figures == {"phieu": {"A": "3", "B": "1"}, "dt": "1.048,5"}
    assert [unit.claims for unit in units] == [
        (cchc.Claim("1", Fraction(7, 4)),),
        (cchc.Claim("1", Fraction(5, 4)),),
    ]
    rows = [{"n": "1"}]
    for unit, points in zip(units, (Fraction(7, 4), Fraction(5, 4)), strict=True):
        card = cchc.score(survey, cchc.Submission("A", {**unit.figures, "hs": rows}, mark=unit.mark))
        assert [line.points for line in card.lines] == [points, 1, 2]


def test_all_columns_of_a_table(tmp_path: Path) -> None:
    text = (
        "don_vi,tu_ngay,den_ngay,bo_tieu_chi,phien_ban,a,tu_cham:4.1,khong_danh_gia:4.2\n"
        'A,2022-01-01,31/12/2022,x/y,1,"1,5",0.5,không có\n'
        "B,,,,,2,,\n"
    )
    one, other = _units(tmp_path, text)
    assert one == cchc.Submission(
        "A",
        {"a": "1,5"},
        ruleset="x/y",
        version="1",
        period=cchc.Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31)),
        exemptions={"4.2": "không có"},
        claims=(cchc.Claim("4.1", Fraction(1, 2)),),
    )
    assert other == cchc.Submission("B", {"a": "2"})


def test_claims_of_a_criterion_and_of_its_part(tmp_path: Path) -> None:
    """The point in `4.1` is that of a code, not the option of a survey."""
    (unit,) = _units(
        tmp_path, "don_vi,da_xong,tu_cham:4,tu_cham:4.1,khong_danh_gia:4,khong_danh_gia:4.2\nA,1,2,1,x,y\n"
    )
    assert unit.claims == (cchc.Claim("4", Fraction(2)), cchc.Claim("4.1", Fraction(1)))
    assert unit.exemptions == {"4": "x", "4.2": "y"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "a.csv:1", "thiếu dòng tiêu đề"),
        ("don_vi,a\n", "a.csv:1", "không có dòng đơn vị nào"),
        ("ten,a\nA,1\n", "a.csv:1", "thiếu cột «don_vi»"),
        ("don_vi,a,a\nA,1,2\n", "a.csv:1", "cột «a» lặp lại"),
        ("don_vi,a,\nA,1,2\n", "a.csv:1", "cột thứ 3 không có tên"),
        ("don_vi,a\nA,1,5\n", "a.csv:2", "3 ô, tiêu đề có 2 cột (số có dấu phẩy cần ngoặc kép?)"),
        ("don_vi,a\nA\n", "a.csv:2", "1 ô, tiêu đề có 2 cột"),
        ("don_vi,a\n,1\n", "a.csv:2", "thiếu tên đơn vị"),
        ("don_vi,a\nA,1\nB,2\nA,3\n", "a.csv:4", "«A» có hai dòng"),
        ("don_vi,tucham:4.1\nA,1\n", "a.csv:1", "cột lạ «tucham:4.1» (ý bạn là «tu_cham»?)"),
        ("don_vi,phieu,phieu.A\nA,1,1\n", "a.csv:1", "vừa đứng riêng vừa chia"),
        ("don_vi,tu_cham:1\nA,cao\n", "a.csv:2", "không phải là số"),
        ("don_vi,dau_thap_phan\nA,x\n", "a.csv:2", "cần «,» hoặc «.»"),
        ("don_vi,tu_ngay,den_ngay\nA,2022-02-30,2022-12-31\n", "a.csv:2", "không phải ngày có thật"),
        ("don_vi,tu_ngay,den_ngay\nA,2022-01-01,\n", "a.csv:2", "den_ngay: kỳ đánh giá thiếu một đầu"),
        ("don_vi,tu_ngay,den_ngay\nA,,2022-01-01\n", "a.csv:2", "tu_ngay: kỳ đánh giá thiếu một đầu"),
        ("don_vi,tu_ngay,den_ngay\nA,2022-12-31,2022-01-01\n", "a.csv:2", "kết thúc trước khi bắt đầu"),
        ('don_vi,a\nA,"1\n', "a.csv:2", "dấu ngoặc kép"),
        ('don_vi,a\nA,"1"2\n', "a.csv:2", "dấu ngoặc kép đặt sai chỗ"),
        (f"don_vi,a\nA,{'x' * 140_000}\n", "a.csv:2", "một ô dài quá giới hạn"),
        ("don_vi," + ",".join(f"c{n}" for n in range(1000)) + "\n", "a.csv:1", "nhiều hơn 1000"),
        ("don_vi,a\nA,\u200b\n", "a.csv:2", "ký tự ẩn"),
        (b"don_vi,a\nX\xe3 A,1\n", "a.csv:2", "không ở dạng UTF-8"),
    ],
)
def test_wrong_table_says_where(tmp_path: Path, text: str | bytes, place: str, words: str) -> None:
    said = _bad(tmp_path, "a.csv", text)
    assert place in said
    assert words in said


def test_every_wrong_row_is_named(tmp_path: Path) -> None:
    said = _bad(tmp_path, "a.csv", "don_vi,tu_cham:1\nA,x\nB,1\nC,y\n,1\n")
    assert [line.split(":")[1] for line in said.splitlines()[1:]] == ["2", "4", "5"]


def test_table_has_a_limit_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_ROWS", 3)
    rows = "".join(f"Xã {n},1\n" for n in range(3))
    assert len(_units(tmp_path, "don_vi,a\n" + rows)) == 3
    assert "a.csv:5: tệp có quá 3 dòng" in _bad(tmp_path, "a.csv", "don_vi,a\n" + rows + "Xã 3,1\nXã 4\n")


# ---- claims ----------------------------------------------------------------------------------------------------------


def _claiming(figures: dict[str, Any], claims: tuple[cchc.Claim, ...]) -> cchc.Submission:
    return cchc.Submission("Xã A", figures, claims=claims)


@pytest.mark.parametrize("points", ["0", "0.95", "2", "-5", "1000"])
def test_claims_never_change_the_score(points: str) -> None:
    rules = cchc.load(RULES)
    claims = tuple(cchc.Claim(code, Fraction(points)) for code in ("4", "4.1", "4.2"))
    assert cchc.score(rules, _claiming(FULL, claims)) == cchc.score(rules, _claiming(FULL, ()))


def test_sample_units_score_the_same_without_their_claims() -> None:
    rules = cchc.load("mau/cap-xa/1")
    units = [cchc.read_submission(path) for path in sorted((HERE / "examples" / "mau-cap-xa").glob("*.yaml"))]
    claiming = [unit for unit in units if unit.claims]
    assert claiming
    for unit in claiming:
        bare = cchc.Submission(unit.unit, unit.figures, period=unit.period, mark=unit.mark, exemptions=unit.exemptions)
        one, other = cchc.score(rules, unit), cchc.score(rules, bare)
        assert one.points == other.points
        assert [line.points for line in one.walk()] == [line.points for line in other.walk()]
