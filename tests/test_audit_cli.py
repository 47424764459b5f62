"""`cchc verify`, `cchc recompute` and `cchc verify-seal`: what they print, their exit codes, bad input."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cchc_index import plain
from cchc_index.auditing.findings import FindingKind
from cchc_index.auditing.verify import Audit
from cchc_index.cli import main
from cchc_index.reporting.audits import KINDS

EXAMPLES = Path(__file__).parents[1] / "examples"
DONG_NAI = "dong-nai/cap-xa/2022"
UNIT = """\
don_vi: Xã B
bo_tieu_chi: dong-nai/cap-xa
phien_ban: "2022"
so_lieu: {da_xong: 4, de_ra: 5, bang_dien_tu: không, mang_xa_hoi: có, truyen_thong: có}
tai_lieu:
  "4.1": [{so: 12/BC-UBND, ngay: 2022-12-15}]
  "4.2": [{so: 13/BC-UBND, ngay: 2022-12-15}]
tu_cham: {"4.1": 0, "4.2": 0.75}
"""
SHEET = """\
STT;Tiêu chí;Điểm tối đa;Điểm tự chấm;Điểm thẩm định;Ghi chú
4;Thực hiện tuyên truyền;2;1,55;;
4.1;Mức độ thực hiện kế hoạch tuyên truyền;1;0,8;0;4/5 mục tiêu
4.2;Mức độ đa dạng trong tuyên truyền CCHC;1;0,75;0,75;
;Cộng phần A;2;1,55;;
;Tổng cộng;2;1,55;;
"""


class Outcome:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run the whole command in a folder of its own; an exception other than an exit fails the test."""
    for name in ("PYTHONIOENCODING", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xa.yaml").write_text(UNIT, "utf-8")
    (tmp_path / "phieu.csv").write_text(SHEET, "utf-8")

    def running(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cchc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Outcome(int(ended.value.code or 0), out, err)

    return running


def test_a_clean_unit_exits_with_0(run: Any) -> None:
    done = run("verify", DONG_NAI, "xa.yaml")
    assert (done.code, done.err) == (0, "")
    assert "Không có gì phải giải trình." in done.out


GOLDEN = """\
Bộ chỉ số cải cách hành chính cấp xã (trích tiêu chí 4)
Đơn vị: Xã B · dong-nai/cap-xa/2022

Mã    Tiêu chí                                 Tối đa   Tự chấm   Tính được   Thẩm định   Lệch
──────────────────────────────────────────────────────────────────────────────────────────────
4.1   Mức độ thực hiện kế hoạch tuyên truyền        1       0,8           0           0   +0,8
      Tổng điểm                                     2      1,55        0,75           –   +0,8

1 điều phải giải trình, 0 lưu ý.

Điểm tự chấm không theo số liệu (1). Cần giải trình: nêu số liệu và tài liệu dẫn đến số điểm đã tự chấm.
- 4.1 Mức độ thực hiện kế hoạch tuyên truyền: ghi 0,8, số liệu cho 0: 4/5 = 80%: dưới 90% → 0 điểm; lệch +0,8. «Hoàn
thành dưới 90%» (HD244, bảng, dòng 4.1) (phieu.csv:3)

Dòng không dùng đến:
- phieu.csv:5: Cộng phần A
"""


def test_a_sheet_with_a_false_claim(run: Any) -> None:
    done = run("verify", DONG_NAI, "xa.yaml", "--sheet", "phieu.csv")
    assert (done.code, done.out, done.err) == (1, GOLDEN, "")


def test_the_same_in_english_with_every_row(run: Any) -> None:
    done = run("verify", DONG_NAI, "xa.yaml", "--sheet", "phieu.csv", "--lang", "en", "--all")
    assert done.code == 1
    assert "Points claimed do not follow from the figures (1). To be explained: " in done.out
    assert "\n4.2    Mức độ đa dạng" in done.out
    assert "0.8, the figures give 0" in done.out
    assert "giải trình" not in done.out


def test_the_audit_as_json_is_the_value(run: Any) -> None:
    done = run("verify", DONG_NAI, "xa.yaml", "--sheet", "phieu.csv", "--json")
    data = json.loads(done.out)
    assert data.pop("format") == "cchc-index/audit/1"
    held = plain.load(data, Audit)
    assert [(one.kind, one.criterion) for one in held.findings] == [(FindingKind.NOT_REPRODUCIBLE, "4.1")]


def test_several_units_are_audited_one_after_the_other(run: Any) -> None:
    files = [str(path) for path in sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))[:3]]
    done = run("verify", "mau/cap-xa/1", *files, "--json")
    assert [one["unit"] for one in json.loads(done.out)] == ["Xã Mẫu 01", "Xã Mẫu 02", "Xã Mẫu 03"]
    done = run("verify", "mau/cap-xa/1", *files)
    assert done.code == 1
    assert done.out.count("Đơn vị: ") == 3


def test_an_incomplete_unit_is_audited_all_the_same(run: Any, tmp_path: Path) -> None:
    (tmp_path / "thieu.yaml").write_text(UNIT.replace("da_xong: 4, ", ""), "utf-8")
    done = run("verify", DONG_NAI, "thieu.yaml", "--sheet", "phieu.csv", "--all")
    assert done.code == 1
    assert "Chưa tính được điểm (1)" in done.out
    assert "0,8           –" in done.out
    assert "0,75        0,75" in done.out


def test_a_late_paper_is_found_by_the_deadline(run: Any) -> None:
    done = run("verify", DONG_NAI, "xa.yaml", "--deadline", "01/12/2022")
    assert done.code == 1
    assert "Tài liệu sau hạn (2)" in done.out


def test_a_sealed_result_is_checked_and_an_altered_one_named(run: Any, tmp_path: Path) -> None:
    assert run("verify", DONG_NAI, "xa.yaml", "--seal", "xa.seal.json").code == 0
    done = run("verify-seal", "xa.seal.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Nguyên vẹn: Xã B, dong-nai/cap-xa/2022 (sha256:")
    assert "Whole: Xã B" in run("verify-seal", "xa.seal.json", "--lang", "en", "--rules", DONG_NAI).out
    file = tmp_path / "xa.seal.json"
    file.write_text(file.read_text("utf-8").replace('"da_xong":"4"', '"da_xong":"5"'), "utf-8")
    done = run("verify-seal", "xa.seal.json")
    assert (done.code, done.out) == (1, "")
    assert done.err == "xa.seal.json: so_lieu: đã bị sửa: mã băm không khớp\n"


def test_a_seal_is_checked_as_data(run: Any, tmp_path: Path) -> None:
    run("verify", DONG_NAI, "xa.yaml", "--seal", "xa.seal.json")
    found = json.loads(run("verify-seal", "xa.seal.json", "--json").out)
    assert (found["whole"], found["unit"], found["ruleset"], found["faults"]) == (True, "Xã B", DONG_NAI, [])
    assert found["digest"].startswith("sha256:")
    file = tmp_path / "xa.seal.json"
    file.write_text(file.read_text("utf-8").replace('"da_xong":"4"', '"da_xong":"5"'), "utf-8")
    done = run("verify-seal", "xa.seal.json", "--json")
    assert (done.code, done.err) == (1, "")
    (fault,) = json.loads(done.out)["faults"]
    assert fault["vi"] == "so_lieu: đã bị sửa: mã băm không khớp"
    assert json.loads(done.out).keys() == {"file", "whole", "faults"}


def test_a_seal_against_another_ruleset_is_a_finding(run: Any) -> None:
    run("verify", DONG_NAI, "xa.yaml", "--seal", "xa.seal.json")
    done = run("verify-seal", "xa.seal.json", "--rules", "mau/cap-xa/1")
    assert done.code == 1
    assert "bo_tieu_chi" in done.err


TABLE = str(EXAMPLES / "bang-cong-bo" / "parindex-2023-ministries.csv")


def test_the_printed_table_of_the_ministries(run: Any) -> None:
    done = run("recompute", TABLE, "--mean", "84.38")
    assert (done.code, done.err) == (0, "")
    lines = done.out.split("\n")
    assert lines[2].startswith("Bộ Tư pháp  ")
    assert lines[2].endswith("  89,95      89,96      -0,01      0,015   trong giới hạn làm tròn")
    assert lines[-4].startswith("Trung bình")
    assert lines[-2] == "8 đúng, 9 trong giới hạn làm tròn, 0 SAI."
    assert "79,80" in done.out


def test_one_altered_total_exits_with_1(run: Any, tmp_path: Path) -> None:
    (tmp_path / "sua.csv").write_text(Path(TABLE).read_text("utf-8").replace("27.66,89.18", "27.66,89.20"), "utf-8")
    done = run("recompute", "sua.csv", "--lang", "en")
    assert done.code == 1
    assert "7 exact, 9 within print rounding, 1 WRONG." in done.out
    data = json.loads(run("recompute", "sua.csv", "--json").out)
    assert data[2] == {
        "name": "Bộ Tài chính",
        "printed": "89.20",
        "expected": "89.18",
        "difference": "0.02",
        "bound": "0.015",
        "verdict": "sai",
        "place": "sua.csv:5",
    }


def test_columns_may_be_named(run: Any) -> None:
    table = str(EXAMPLES / "bang-cong-bo" / "parindex-province-splits.csv")
    done = run("recompute", table, "--sum", "total = appraised + impact")
    assert done.code == 0
    assert "1 đúng, 1 trong giới hạn làm tròn, 0 SAI." in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "khong-co", "xa.yaml"), "Không tìm thấy bộ tiêu chí"),
        (("verify", DONG_NAI, "khong-co.yaml"), "không có tệp này"),
        (("verify", DONG_NAI, "xa.yaml", "--sheet", "khong-co.csv"), "không có tệp này"),
        (("verify", DONG_NAI, "xa.yaml", "xa.yaml", "--sheet", "phieu.csv"), "của một đơn vị"),
        (("verify", DONG_NAI, "xa.yaml", "--unit", "Xã C"), "không có đơn vị «Xã C»"),
        (("verify", DONG_NAI, "xa.yaml", "--deadline", "31/02/2022"), "không phải ngày có thật"),
        (("recompute", "khong-co.csv"), "không có tệp này"),
        (("recompute", "phieu.csv"), "không thấy cột tổng điểm"),
        (("recompute", "phieu.csv"), "Bảng điểm không hợp lệ:\n- phieu.csv: "),
        (("recompute", TABLE, "--mean", "cao"), "«cao» không phải là số"),
        (("verify", DONG_NAI, "xa.yaml", "--sheet", "xa.yaml"), "Bảng điểm không hợp lệ:\n"),
        (("verify", DONG_NAI, "xa.yaml", "--deadline", "31/02/2022"), "Lỗi:\n- «31/02/2022»"),
        (("verify-seal", "khong-co.json"), "không có tệp này"),
    ],
)
def test_bad_input_exits_with_2_and_one_message(run: Any, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_round_that_changes_an_unknown_figure_is_refused(run: Any, tmp_path: Path) -> None:
    change = "tham_dinh: [{lan: 1, thay_doi: [{so_lieu: da_song, gia_tri: 5, ly_do: đếm lại}]}]\n"
    (tmp_path / "sai.yaml").write_text(UNIT.replace("Xã B", "Xã C") + change, "utf-8")
    done = run("verify", DONG_NAI, "sai.yaml")
    assert (done.code, done.out) == (2, "")
    assert "tham_dinh[1].thay_doi[1]: bộ tiêu chí không có số liệu «da_song» (ý bạn là «da_xong»?)" in done.err
    done = run("verify", DONG_NAI, "sai.yaml", "xa.yaml")
    assert done.code == 2
    assert "Đơn vị: Xã B" in done.out
    done = run("verify", DONG_NAI, "sai.yaml", "--seal", "sai.seal.json")
    assert (done.code, (tmp_path / "sai.seal.json").exists()) == (2, False)


def test_a_folder_without_submissions_is_told(run: Any, tmp_path: Path) -> None:
    (tmp_path / "rong").mkdir()
    done = run("verify", DONG_NAI, "rong", "--sheet", "phieu.csv")
    assert (done.code, done.out) == (2, "")
    assert "rong: không có tệp .csv" in done.err


def test_what_is_no_seal_is_a_finding(run: Any) -> None:
    done = run("verify-seal", "phieu.csv")
    assert done.code == 1
    assert "JSON" in done.err


def test_every_kind_of_finding_has_a_heading_in_both_languages() -> None:
    assert list(KINDS) == list(FindingKind)
    assert all(text.vi != text.en for text in KINDS.values())
