"""A file of conditions on grades: what it says, and one broken file for each mistake; what `rank` and `report` show."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.files.grading import read_conditions
from cchc_index.reviewing.grades import Conditions, Quota
from cchc_index.sources import NOT_STATED, Citation, Quote

FOLDER = Path(__file__).parents[1] / "examples" / "thong-bao-002"
RULES, UNITS, FILE = FOLDER / "bo-mau", FOLDER / "2020.csv", FOLDER / "dieu-kien.yaml"
QUOTA = FILE.read_text("utf-8").partition("nguoi_dung_dau")[0]


def lines(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return " ".join(result.stdout.split())


def data(*words: str) -> Any:
    return {one.get("unit") or one["don_vi"]: one for one in json.loads(lines(*words, "--json"))}


def test_a_file_says_a_quota_and_the_grades_of_heads() -> None:
    found = read_conditions(FILE, cchc.load(RULES))
    words = "Số đơn vị Tốt không quá 50% số đơn vị Khá; dưới 05 đơn vị thì tối đa 01"
    assert found.quota == Quota(
        "Tốt", Fraction(1, 2), ("Khá",), "Khá", 5, Quote(words, Citation("Giới hạn MẪU (bịa)", "mục 1"))
    )
    assert found.heads == {"Xã Mẫu 09": "Tốt", "Xã Mẫu 01": "Tốt"}
    assert found.heads_basis == Quote(
        "Mức của người đứng đầu không cao hơn mức của đơn vị", Citation("Giới hạn MẪU (bịa)", "mục 2")
    )


def test_what_those_over_the_quota_get_may_be_left_unsaid(tmp_path: Path) -> None:
    file = tmp_path / "dieu-kien.yaml"
    file.write_text(QUOTA.replace("vuot_thi: Khá", "vuot_thi: khong_quy_dinh"), "utf-8")
    found = read_conditions(file, cchc.load(RULES))
    assert (found.quota is not None and found.quota.to, found.heads) == (NOT_STATED, {})
    file.write_text("{}", "utf-8")
    assert read_conditions(file, cchc.load(RULES)) == Conditions()


BROKEN = (
    ("hang: Tốt", "hang: Tôt", "dieu-kien.yaml:3: gioi_han.hang: không có hạng «Tôt» (ý bạn là «Tốt»?)"),
    ("cua: [Khá]", "cua: [Khá, Kém]", "gioi_han.cua[2]: không có hạng «Kém»"),
    ("cua: [Khá]", "cua: []", "gioi_han.cua: danh sách thiếu phần tử"),
    ("vuot_thi: Khá", "vuot_thi: Khà", "gioi_han.vuot_thi: không có hạng «Khà»"),
    ("khong_qua: 50%", "khong_qua: 0.5", "gioi_han.khong_qua: «0.5»: viết bằng %, như 60%"),
    ("nhom_duoi: 5", "nhom_duoi: ít", "gioi_han.nhom_duoi: «ít»: cần số đếm"),
    ("nguon: Giới hạn MẪU (bịa), mục 1", "ghi_chu: x", "gioi_han: thiếu khóa «nguon»"),
    ("Xã Mẫu 01: Tốt", "Xã Mẫu 01: Giỏi", "nguoi_dung_dau.xep_loai.Xã Mẫu 01: không có hạng «Giỏi»"),
    ("Xã Mẫu 01: Tốt", "Xã Mẫu 99: Tốt", "không có đơn vị «Xã Mẫu 99»"),
    ("gioi_han:", "gioi_hạn:", "khóa lạ «gioi_hạn» (ý bạn là «gioi_han»?)"),
)


@pytest.mark.parametrize(("right", "wrong", "told"), BROKEN)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    file = tmp_path / "dieu-kien.yaml"
    text = FILE.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(cchc.CchcError) as caught:
        read_conditions(file, cchc.load(RULES), {"Xã Mẫu 01", "Xã Mẫu 09"})
    assert told in str(caught.value)
    assert caught.value.report("en") != str(caught.value)


def test_a_ranking_keeps_the_quota_and_shows_the_heads() -> None:
    words = ("rank", str(RULES), str(UNITS), "--conditions", str(FILE))
    told = lines(*words)
    assert "Xếp loại Người đứng đầu" in told
    assert "- «Tốt» không quá 50% số đơn vị «Khá»; nhóm dưới 5 đơn vị: tối đa 1 [«Số đơn vị Tốt không quá 50%" in told
    assert told.count("ngoài giới hạn 4 đơn vị «Tốt»") == 3
    found = data(*words)
    assert [one["grade"] for one in found.values()].count("Tốt") == 4
    assert [one["grade_by_total"] for one in found.values()].count("Tốt") == 7
    heads = {unit: one["head"]["grade"] for unit, one in found.items() if "head" in one}
    assert heads == {"Xã Mẫu 09": "Tốt", "Xã Mẫu 01": found["Xã Mẫu 01"]["grade"]}
    assert found["Xã Mẫu 01"]["head"]["lowered"][0]["en"].startswith("not above the unit's grade")
    assert "Xã Mẫu 01, người đứng đầu: không cao hơn mức của đơn vị" in told
    english = lines(*words, "--lang", "en")
    assert "Xã Mẫu 01, head: not above the unit's grade" in english
    assert "«Tốt»: at most 50% of the units «Khá»; a group under 5: at most 1" in english


@pytest.mark.parametrize("ranked", [True, False])
def test_a_report_on_many_shows_them_too(tmp_path: Path, *, ranked: bool) -> None:
    rules = tmp_path / "bo"
    (rules / "nguon").mkdir(parents=True)
    (rules / "nguon" / "MAU.md").write_text((RULES / "nguon" / "MAU.md").read_text("utf-8"), "utf-8")
    text = (RULES / "bo-tieu-chi.yaml").read_text("utf-8")
    bare = "xep_hang: khong_quy_dinh\ntieu_chi:\n" + text.partition("\ntieu_chi:\n")[2]
    text = text if ranked else text.partition("xep_hang:")[0] + bare
    (rules / "bo-tieu-chi.yaml").write_text(text, "utf-8")
    words = ("report", str(rules), str(UNITS), "--conditions", str(FILE))
    told, found = lines(*words), data(*words)
    assert told.count("ngoài giới hạn 4 đơn vị «Tốt»") == 3
    assert "Xếp loại Người đứng đầu" in told
    graded = [one if ranked else one["graded"] for one in found.values()]
    assert [one["grade"] for one in graded].count("Tốt") == 4


def test_a_head_of_an_unknown_unit_is_told_once_every_sheet_could_be_read(tmp_path: Path) -> None:
    file = tmp_path / "dieu-kien.yaml"
    file.write_text(FILE.read_text("utf-8").replace("Xã Mẫu 01: Tốt", "Xã Mẫu 1: Tốt"), "utf-8")
    words = ["rank", str(RULES), str(UNITS), "--conditions", str(file)]
    with pytest.raises(cchc.CchcError, match="không có đơn vị «Xã Mẫu 1»"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    lost = str(tmp_path / "khong-co.yaml")
    assert "ngoài giới hạn" in lines(*words, lost, code=2)
