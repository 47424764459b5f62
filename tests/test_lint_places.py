"""`cchc lint` and the places of findings: each at the words of the file that it is about."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Finding, Severity
from cchc_index.cli.app import app
from cchc_index.criteria import Direction
from cchc_index.errors import BadRuleset, Text
from cchc_index.files import writing
from cchc_index.files.placing import placed

HEAD = """\
bo_tieu_chi: thu/xa
phien_ban: "1"
ten: Bộ thử (bịa)
pham_vi: mau
cap: xã
ap_dung: {tu_ngay: 2025-01-01, den_ngay: 2025-12-31}
van_ban:
  VB: {so_hieu: B, ngay: khong_quy_dinh, co_quan: K, trich_yeu: B, ban_luu: nguon/VB.md, dia_chi: bịa, loai: mau}
diem_toi_da: khong_quy_dinh
chi_so: khong_quy_dinh
lam_tron: khong_quy_dinh
xep_loai: khong_quy_dinh
xep_hang: khong_quy_dinh
tieu_chi:
"""
TEXT = "Hay: 1 điểm. Dở: 0 điểm."


def folder_of(tmp_path: Path, criteria: str, head: str = HEAD) -> Path:
    (tmp_path / "nguon").mkdir(exist_ok=True)
    (tmp_path / "nguon" / "VB.md").write_text(TEXT, "utf-8")
    (tmp_path / "bo-tieu-chi.yaml").write_text(head + criteria, "utf-8")
    return tmp_path


def words_at(folder: Path, finding: Finding) -> str:
    file, _, line = finding.place.partition(":")
    return (folder / file).read_text("utf-8").split("\n")[int(line) - 1].strip(" -")


GAP = "bac: [{tren: 3, diem: 1, nguyen_van: Hay}, {duoi: 3, diem: 0, nguyen_van: Dở}]"
NEVER = """\
{0}cham: bac_thang
{0}do: a
{0}bac:
{0}- {{tu: 3, diem: 1, nguyen_van: "Hay: 1 điểm"}}
{0}- {{tu: 0, duoi: 3, diem: 0, nguyen_van: "Dở: 0 điểm"}}
{0}- {{duoi: 0, diem: 0, nguyen_van: "Dở"}}
"""
MEAN = (
    "- ma: '1'\n  ten: Một\n  diem_toi_da: 1\n  nguon: VB\n  so_lieu: {r: {ten: r, loai: ban_ghi, truong: {a: a}}}\n"
    "  cham: trung_binh\n  ban_ghi: r\n  moi_ban_ghi:\n"
)
START = "- ma: '1'\n  ten: Một\n  diem_toi_da: 1\n  nguon: VB\n  so_lieu: {a: số a, u: {ten: có u, loai: co_khong}}\n"


@pytest.mark.parametrize(
    ("criteria", "code", "words"),
    [
        (START + "  cham: bac_thang\n  do: a\n  " + GAP, "khoang-ho", "ma: '1'"),
        (START + NEVER.format("  "), "khong-bao-gio-dung", '{duoi: 0, diem: 0, nguyen_van: "Dở"}'),
        (
            START
            + "  cham: theo\n  theo:\n  - khi: {co: u}\n    quy_tac:\n"
            + NEVER.format("      ")
            + "  - khi: {khong: u}\n    diem: 0\n    nguyen_van: Dở\n",
            "khong-bao-gio-dung",
            '{duoi: 0, diem: 0, nguyen_van: "Dở"}',
        ),
        (
            START
            + "  cham: cong_don\n  muc:\n  - {co: u, diem: 0, nguyen_van: Dở}\n  - quy_tac:\n"
            + NEVER.format("      ")
            + "    nguyen_van: Hay\n",
            "khong-bao-gio-dung",
            '{duoi: 0, diem: 0, nguyen_van: "Dở"}',
        ),
        (
            START + "  cham: cong_don\n  muc:\n  - {co: u, diem: 0, nguyen_van: Dở}\n"
            "  - {khi: {do: a, duoi: 0}, diem: 1, nguyen_van: Hay}\n",
            "khong-bao-gio-dung",
            "{khi: {do: a, duoi: 0}, diem: 1, nguyen_van: Hay}",
        ),
        (
            START
            + "  cham: tru_dan\n  diem_goc: 1\n  san: khong_quy_dinh\n  tru:\n  - {moi: a, diem: 1, nguyen_van: Hay}\n",
            "khong-noi-san",
            "ma: '1'",
        ),
        (
            START + "  cham: tru_dan\n  diem_goc: 2\n  san: 0\n  tru:\n  - {moi: a, diem: 1, nguyen_van: Hay}\n",
            "vuot-toi-da",
            "diem_toi_da: 1",
        ),
        (
            START.replace("u: {ten: có u, loai: co_khong}", "k: {ten: k, loai: lua_chon, lua_chon: [x, y]}")
            + "  khong_danh_gia: [{xu_ly: khong_tinh, khi: {so_lieu: k, la: y}, nguyen_van: Hay}]\n"
            + "  cham: chon_mot\n  chon: k\n"
            + "  muc: {x: {diem: 1, nguyen_van: Hay}, y: {diem: 0, nguyen_van: Dở}}\n",
            "khong-bao-gio-dung",
            "muc: {x: {diem: 1, nguyen_van: Hay}, y: {diem: 0, nguyen_van: Dở}}",
        ),
        (
            MEAN + NEVER.format("    "),
            "khong-bao-gio-dung",
            '{duoi: 0, diem: 0, nguyen_van: "Dở"}',
        ),
        (
            MEAN + NEVER.format("    "),
            "khong-ban-ghi",
            "ban_ghi: r",
        ),
    ],
)
def test_a_finding_stands_at_the_words_it_is_about(tmp_path: Path, criteria: str, code: str, words: str) -> None:
    folder = folder_of(tmp_path, criteria)
    found = [finding for finding in placed(lint(cchc.load(folder)), folder) if finding.code == code]
    assert [words_at(folder, finding) for finding in found] == [words]


def test_a_finding_about_the_whole_stands_at_the_top(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, START + "  cham: bac_thang\n  do: a\n  bac: [{diem: 1, nguyen_van: Hay}]\n")
    whole = Finding("x", Severity.NOTE, "", Text("x", "x"))
    assert [finding.place for finding in placed([whole], folder / "bo-tieu-chi.yaml")] == ["bo-tieu-chi.yaml:1"]


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_prints_figures_and_mends_and_leaves_with_1(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, START + "  cham: bac_thang\n  do: a\n  " + GAP)
    ended = CliRunner().invoke(app, ["lint", str(folder)])
    assert ended.exit_code == 1
    assert "LỖI 1 (bo-tieu-chi.yaml:15): có số liệu không thuộc bậc, mức nào: bằng 3 [khoang-ho]" in " ".join(
        ended.output.split()
    )
    assert "    số liệu: a = 3\n" in ended.output
    assert "    nên: sửa cận cho liền nhau" in ended.output
    english = CliRunner().invoke(app, ["lint", str(folder), "--lang", "en"])
    assert "    figures: a = 3\n" in english.output
    assert "1 error." in english.output


def test_the_command_gives_plain_data(tmp_path: Path) -> None:
    criteria = START + "  chieu: cang_it_cang_tot\n  cham: bac_thang\n  do: a\n  " + GAP
    graded = HEAD.replace(
        "xep_loai: khong_quy_dinh",
        "xep_loai: [{theo: diem, bac: [{ten: Đạt, tu: 1, nguon: VB, nguyen_van: Hay}]}]",
    )
    ended = CliRunner().invoke(app, ["lint", str(folder_of(tmp_path, criteria, graded)), "--json"])
    found = {row["code"]: row for row in json.loads(ended.stdout)}
    assert found["khoang-ho"]["witness"] == {"figures": {"a": "3"}}
    assert found["khong-don-dieu"]["witness"] == {"figures": {"a": "0"}, "against": {"a": "4"}}
    assert found["xep-loai-ho"]["witness"] == {"points": "0"}
    assert found["so-lieu-thua"]["place"] == "bo-tieu-chi.yaml:19"
    assert "witness" not in found["so-lieu-thua"]


def test_the_command_leaves_with_0_and_2(tmp_path: Path) -> None:
    clean = CliRunner().invoke(app, ["lint", "dong-nai/cap-xa/2022"])
    assert (clean.exit_code, "Không có lỗi." in clean.output) == (0, True)
    with pytest.raises(BadRuleset):
        CliRunner().invoke(app, ["lint", str(folder_of(tmp_path, "- ma: 1\n"))], catch_exceptions=False)


def test_check_stops_on_what_lint_proves(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, START + "  cham: bac_thang\n  do: a\n  " + GAP)
    ended = CliRunner().invoke(app, ["check", str(folder)])
    assert ended.exit_code == 1
    assert "[khoang-ho]" in ended.output
    assert "[so-lieu-thua]" not in ended.output, "notes of lint are for lint"


# -- the key chieu -----------------------------------------------------------------------------------------------------


def test_a_direction_is_read_and_written(tmp_path: Path) -> None:
    criteria = START + "  chieu: cang_nhieu_cang_tot\n  cham: bac_thang\n  do: a\n  " + GAP
    rules = cchc.load(folder_of(tmp_path, criteria))
    assert rules["1"].direction is Direction.MORE
    (tmp_path / "bo-tieu-chi.yaml").write_text(writing.dump(rules), "utf-8")
    assert cchc.load(tmp_path) == rules


def test_a_direction_goes_with_a_rule(tmp_path: Path) -> None:
    inner = "".join(f"  {line}\n" for line in (START + "  cham: khong_quy_dinh").split("\n"))
    area = "- ma: '0'\n  ten: Lĩnh vực\n  diem_toi_da: 1\n  chieu: cang_it_cang_tot\n  gom:\n" + inner
    with pytest.raises(BadRuleset, match="«chieu» đi với «cham»"):
        cchc.load(folder_of(tmp_path, area.replace("diem_toi_da: 1\n  chieu", "diem_toi_da: 1\n  nguon: VB\n  chieu")))
