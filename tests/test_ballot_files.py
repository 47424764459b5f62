"""Ballots read from CSV as spreadsheets write them, the command that counts them, and what it writes."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import cchc_index as cchc
from cchc_index.cli.app import app
from cchc_index.files import ballots
from cchc_index.files.ballots import read_ballots
from cchc_index.files.counted import submission_text
from cchc_index.reviewing.ballots import Poll, Wrong

ROOT = Path(__file__).parents[1]
SET = ROOT / "tests" / "data" / "khao-sat"
RULES = cchc.load(SET)
YEN_BAI = "yen-bai/dtxhh/khung"
EXAMPLE = ROOT / "examples" / "khao-sat-mau"


def written(folder: Path, text: str, name: str = "p.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def polled(folder: Path, text: str, **more: Any) -> Poll:
    return read_ballots(RULES, [written(folder, text)], **more)


def counts(poll: Poll) -> dict[tuple[str, ...], dict[str, int]]:
    return {(t.unit, t.figure, t.question, t.group): {o: n for o, n in t.counts if n} for t in poll.tallies}


LONG = "don_vi,phieu,nhom,cau,lua_chon\nXã A,1,dân,dan,A\nXã A,1,dân,y,2\nXã A,2,,dan,B\n"
WIDE = "don_vi,phieu,nhom,dan,y\nXã A,1,dân,A,2\nXã A,2,,B,\n"
TOLD = {("Xã A", "dan", "", ""): {"B": 1}, ("Xã A", "dan", "", "dân"): {"A": 1}, ("Xã A", "y", "", "dân"): {"2": 1}}


def test_long_and_wide_tables_say_the_same(tmp_path: Path) -> None:
    assert counts(polled(tmp_path, LONG)) == TOLD
    wide = polled(tmp_path, WIDE)
    assert counts(wide) == TOLD
    assert [(one.kind, one.place, one.figure) for one in wide.refused] == [(Wrong.BLANK, "p.csv:3", "y")]


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: normalize("NFD", text),
        lambda text: text.replace(",", " ,  ").replace("Xã A", "Xã   A"),
        lambda text: text.replace("\n", "\n,,,,\n"),
        lambda text: text.replace("don_vi,phieu,nhom,cau,lua_chon", "Tên đơn vị,MÃ PHIẾU,Đối tượng,Câu hỏi:,Phương án"),
    ],
)
def test_a_table_is_read_in_any_dress(tmp_path: Path, dress: Any) -> None:
    poll = polled(tmp_path, dress(LONG))
    assert counts(poll) == TOLD
    assert not poll.refused


def test_questions_inside_one_figure(tmp_path: Path) -> None:
    long = polled(tmp_path, "don_vi,phieu,mau,cau,lua_chon\nXã A,1,y,1,2\nXã A,1,y,2,1\n")
    wide = polled(tmp_path, "don_vi,phieu,y:1,Ý kiến : 2\nXã A,1,2,1\n")
    assert counts(long) == counts(wide) == {("Xã A", "y", "1", ""): {"2": 1}, ("Xã A", "y", "2", ""): {"1": 1}}


def test_columns_that_are_not_declared_are_named_and_not_read(tmp_path: Path) -> None:
    text = "don_vi,ho_ten,phieu,dan,Số điện thoại,mau,cau\nXã A,Nguyễn Văn Bịa,1,A,0900,x,y\n"
    poll = polled(tmp_path, text)
    assert poll.ignored == ("ho_ten", "Số điện thoại", "mau", "cau")
    assert "Bịa" not in repr(poll)
    assert "0900" not in repr(poll)


def test_a_figure_called_as_the_column_of_ids_stands_in_a_long_table(tmp_path: Path) -> None:
    from attrs import evolve

    fact = evolve(RULES.fact("dan"), name="phieu")
    rules = evolve(RULES, criteria=(evolve(RULES["1"], facts=(fact,)),))
    file = written(tmp_path, "don_vi,phieu,cau,lua_chon\nXã A,1,phieu,A\n")
    assert counts(read_ballots(rules, [file])) == {("Xã A", "phieu", "", ""): {"A": 1}}


def test_a_file_about_one_unit_needs_no_column_of_units(tmp_path: Path) -> None:
    text = "phieu,dan\n1,A\n"
    assert counts(polled(tmp_path, text, unit="Xã B")) == {("Xã B", "dan", "", ""): {"A": 1}}
    with pytest.raises(cchc.BadSubmission, match=r"p\.csv:1: thiếu cột «don_vi»"):
        polled(tmp_path, text)


def test_ballots_that_do_not_fit_are_told_by_their_line(tmp_path: Path) -> None:
    poll = polled(tmp_path, WIDE + "Xã A,3,,,\nXã A,4,dân\n,5,,A,1\nXã A,1,dân,A,2\n")
    told = [(one.kind, one.place) for one in poll.refused]
    assert told == [
        (Wrong.BLANK, "p.csv:3"),
        (Wrong.BLANK, "p.csv:4"),
        (Wrong.BROKEN, "p.csv:5"),
        *[(Wrong.NO_UNIT, "p.csv:6")] * 2,
        *[(Wrong.DUPLICATE, "p.csv:7")] * 2,
    ]


def test_several_files_are_one_poll(tmp_path: Path) -> None:
    files = [written(tmp_path, LONG, "a.csv"), written(tmp_path, LONG.replace(",2,,dan,B", ",2,,dan,A"), "b.csv")]
    poll = read_ballots(RULES, files)
    assert [(one.kind.value, one.place, one.other) for one in poll.refused] == [
        ("trai_nhau", "a.csv:4", "b.csv:4"),
        ("trung", "b.csv:2", "a.csv:2"),
        ("trung", "b.csv:3", "a.csv:3"),
        ("trai_nhau", "b.csv:4", "a.csv:4"),
    ]


def test_ids_that_one_file_lacks_leave_the_other_checked(tmp_path: Path) -> None:
    files = [written(tmp_path, LONG, "a.csv"), written(tmp_path, "don_vi,dan\nXã A,A\nXã A,A\n", "b.csv")]
    poll = read_ballots(RULES, [files[0], files[0], files[1]])
    assert (len(poll.refused), poll.has_ids, poll.valid) == (3, False, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "thiếu cột «don_vi»"),
        ("phieu,nhom\n1,x\n", "cần cột «cau» và «lua_chon», hoặc mỗi câu một cột: dan, y, z"),
        ("don_vi,cau\nXã A,dan\n", "cần cột «cau» và «lua_chon»"),
        ("don_vi,Đơn vị,dan\nXã A,Xã A,A\n", "hai cột «don_vi»"),
        ("don_vi,dan,Người dân\nXã A,A,A\n", "hai cột cùng một câu hỏi"),
        ('don_vi,dan\n"Xã A,A\n', "p.csv:2: dấu ngoặc kép đặt sai chỗ"),
        ('don_vi,"dan\n', "p.csv:1: dấu ngoặc kép đặt sai chỗ"),
        ("don_vi,cau,lua_chon,lua_chon\nXã A,dan,A,B\n", "hai cột «lua_chon»"),
    ],
)
def test_a_table_that_is_no_ballots_is_one_error(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(cchc.BadSubmission) as caught:
        polled(tmp_path, text)
    assert words in str(caught.value)


def test_every_unreadable_file_is_told(tmp_path: Path) -> None:
    old = written(tmp_path, "Đơn vị", "cu.csv", "utf-16")
    with pytest.raises(cchc.BadSubmission) as caught:
        read_ballots(RULES, [old, tmp_path / "khong-co.csv"])
    assert "cu.csv:1: tệp không ở dạng UTF-8" in str(caught.value)
    assert "khong-co.csv: không có tệp này" in str(caught.value)


def test_a_ruleset_without_surveys_takes_no_ballots(tmp_path: Path) -> None:
    with pytest.raises(cchc.BadSubmission, match="bộ tiêu chí không có số liệu khảo sát nào"):
        read_ballots(cchc.load("dong-nai/cap-xa/2022"), [written(tmp_path, LONG)])


def test_a_column_of_names_is_no_column_of_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballots, "MAX_NAMES", 2)
    three = "don_vi,phieu,nhom,dan\n" + "".join(f"Xã A,{n},người {n},A\n" for n in range(3))
    with pytest.raises(cchc.BadSubmission, match=r"cột «nhom» có hơn 2 giá trị khác nhau.*tên người"):
        polled(tmp_path, three)
    polled(tmp_path, three.replace("người 2", "người 1"))


CELLS = st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=5), max_size=6)


@given(CELLS)
def test_whatever_stands_in_a_table_is_counted_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["don_vi", "phieu", "dan", "y"], *cells])
    file = tmp_path_factory.mktemp("phieu") / "p.csv"
    file.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
    try:
        poll = read_ballots(RULES, [file])
    except cchc.BadSubmission:
        return
    assert poll.valid + len(poll.refused) == poll.read


def test_the_rows_read_are_told_as_they_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballots, "_STEP", 2)
    seen: list[int] = []
    polled(tmp_path, LONG, seen=seen.append)
    assert seen == [2]


# -- the command -------------------------------------------------------------------------------------------------------


def run(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False, env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return result


def fails(*words: str | Path) -> str:
    with pytest.raises(cchc.CchcError) as caught:
        CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    return str(caught.value)


def test_the_example_is_counted_scored_and_put_beside_another(tmp_path: Path) -> None:
    out = tmp_path / "ban-khai.csv"
    words = ("survey", YEN_BAI, EXAMPLE / "phieu.csv", "--submission", out, "--base", EXAMPLE / "don-vi.csv")
    told = " ".join(run(*words).stdout.split())
    assert "Đã đọc 72 câu trả lời: tính 72, không tính 0." in told
    assert "Mẫu tối thiểu: không quy định." in told
    assert "Cột không đọc vào kết quả: «ho_ten»." in told
    assert "Người 001" not in told
    cards = {card["unit"]: card for card in json.loads(run("score", YEN_BAI, out, "--json").stdout)}
    assert set(cards) == {"Huyện Mẫu (bịa)", "Sở Mẫu (bịa)"}
    cchc_2022 = ("huyen-2022/cchc/2022", ROOT / "examples" / "thong-bao-004" / "cchc.yaml")
    side = json.loads(run("beside", *cchc_2022, YEN_BAI, out, "--json").stdout)
    assert [one["unit"] for one in side["units"]] == ["Huyện Mẫu (bịa)", "Huyện trong bài", "Sở Mẫu (bịa)"]
    first, second = side["units"][0]["results"]
    assert first is None
    assert second["computed"]["MAU_PHIEU_03"] == {"hệ số trung bình": "18/25"}
    said = run("beside", *cchc_2022, YEN_BAI, out).stdout
    assert "Huyện Mẫu (bịa) (2): MAU_PHIEU_03: hệ số trung bình: 72%" in said


def test_the_example_agrees_with_a_count_by_another_hand() -> None:
    """(5 × 100 + 3 × 60 + 2 × 20)/10 = 72%, two E not counted."""
    with (EXAMPLE / "phieu.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["mau"] == "phieu_3"]
    chosen = sorted(row["lua_chon"] for row in rows)
    assert chosen == [*"AAAAA", *"BBB", *"CC", *"EE"]
    data = json.loads(run("survey", YEN_BAI, EXAMPLE / "phieu.csv", "--json").stdout)
    whole = next(r for r in data["results"] if r["figure"] == "phieu_3" and not (r["question"] or r["group"]))
    assert whole["counts"] == {"A": 5, "B": 3, "C": 2, "D": 0, "E": 2}
    assert (whole["means"][0]["value"], whole["means"][0]["counted"], whole["valid"]) == ("18/25", 10, 12)
    assert whole["shares"]["B"] == "1/4"
    assert whole["least_sample"] == "khong_quy_dinh"


def test_refused_answers_are_all_in_the_report_and_end_with_1() -> None:
    file = EXAMPLE / "phieu-loi.csv"
    data = json.loads(run("survey", YEN_BAI, file, "--json", code=1).stdout)
    assert data["read"] == data["valid"] + len(data["refused"]) == 14
    assert {one["kind"] for one in data["refused"]} == {wrong.value for wrong in Wrong}
    told = run("survey", YEN_BAI, file, code=1).stdout
    assert "- phieu-loi.csv:8: Huyện Mẫu (bịa).phieu_1.1: trùng một phiếu đã có: xem phieu-loi.csv:2" in told
    english = run("survey", YEN_BAI, file, "--lang", "en", code=1).stdout
    assert "14 answers read: 5 counted, 9 not counted." in english


def test_a_long_list_of_refused_answers_is_cut_in_print_only(tmp_path: Path) -> None:
    file = written(tmp_path, "don_vi,phieu,dan\n" + "".join(f"Xã A,{n},X\n" for n in range(25)))
    assert "- và còn 5 câu nữa; --json kể đủ" in run("survey", SET, file, code=1).stdout
    assert len(json.loads(run("survey", SET, file, "--json", code=1).stdout)["refused"]) == 25


def test_a_sample_that_is_too_small_ends_with_1(tmp_path: Path) -> None:
    small = run("survey", SET, written(tmp_path, "don_vi,dan\nXã A,A\nXã A,B\n"), code=1).stdout
    assert "Mẫu tối thiểu: 3 phiếu: «ít nhất 3 phiếu hợp lệ» (VB, dòng 1)" in small
    assert "KHÔNG ĐỦ MẪU: Xã A: 2 phiếu." in small
    assert "không tìm được phiếu trùng" in small
    assert "KHÔNG PHẢI VĂN BẢN PHÁP LUẬT" in small
    enough = run("survey", SET, written(tmp_path, "don_vi,dan\nXã A,A\nXã A,B\nXã A,D\n")).stdout
    assert "KHÔNG ĐỦ MẪU" not in enough


def test_text_that_looks_like_a_formula_or_markup_stays_text(tmp_path: Path) -> None:
    file = written(tmp_path, "don_vi,nhom,dan\n=1+1,[red]x,A\n=1+1,@y,A\n=1+1,-z,A\n")
    told = run("survey", SET, file).stdout
    for word in ("=1+1", "[red]x", "@y", "-z"):
        assert word in told


def test_one_unit_becomes_a_yaml_submission_that_scores(tmp_path: Path) -> None:
    text = "phieu,dan,y,z\n" + "".join(f"{n},A,1,{1 + n % 2}\n" for n in range(4))
    file, out = written(tmp_path, text), tmp_path / "xa.yaml"
    run("survey", SET, file, "--unit", "Xã «A»", "--submission", out)
    unit = cchc.read_submission(out)
    assert (unit.unit, unit.ruleset, unit.version) == ("Xã «A»", "thu/khao-sat", "1")
    assert cchc.score(RULES, unit).points == 4 + 2 + 2
    assert submission_text(RULES, read_ballots(RULES, [file], unit="Xã «A»"), out) == out.read_text("utf-8")


def test_counts_go_into_a_submission_that_is_there(tmp_path: Path) -> None:
    base = written(tmp_path, 'don_vi: Xã A\ntu_cham: {"1": 4}\nso_lieu: {dan: {A: 1}}\nghi_chu: giữ lại\n', "nen.yaml")
    poll = read_ballots(RULES, [written(tmp_path, "don_vi,y,z\nXã A,1,1\n")])
    out = written(tmp_path, submission_text(RULES, poll, Path("moi.yaml"), base), "moi.yaml")
    unit = cchc.read_submission(out)
    assert {name: dict(figure) for name, figure in unit.figures.items()} == {
        "dan": {"A": "1"},
        "y": {"1": "1", "2": "0"},
        "z": {"1": "1", "2": "0"},
    }
    assert unit.claims
    assert "giữ lại" in out.read_text("utf-8")


def test_many_units_become_a_csv(tmp_path: Path) -> None:
    poll = read_ballots(RULES, [written(tmp_path, "don_vi,y\nXã B,1\nXã A,2\n")])
    assert submission_text(RULES, poll, Path("a.csv")) == (
        "don_vi,bo_tieu_chi,phien_ban,y.1,y.2\nXã A,thu/khao-sat,1,0,1\nXã B,thu/khao-sat,1,1,0\n"
    )
    base = written(tmp_path, "don_vi;nhom;dan.A;y.1;y.2\nXã B;x;3;;\nXã C;x;;;\nXã A;x;;;\n", "nen.csv")
    assert submission_text(RULES, poll, Path("a.csv"), base) == (
        "don_vi,nhom,dan.A,y.1,y.2\nXã B,x,3,1,0\nXã C,x,,,\nXã A,x,,0,1\n"
    )


def test_what_no_submission_can_hold_is_one_error_and_nothing_is_written(tmp_path: Path) -> None:
    file, out = written(tmp_path, "don_vi,y\nXã B,1\nXã A,2\n"), tmp_path / "a.yaml"
    assert "2 đơn vị không vào được một tệp YAML (ghi vào tệp .csv)" in fails("survey", SET, file, "--submission", out)
    base = written(tmp_path, "don_vi;y.1\nXã B;1\n", "nen.csv")
    words = ("survey", SET, file, "--submission", out, "--base", base)
    assert "bản khai không có đơn vị «Xã A»" in fails(*words)
    base.write_text("don_vi,y.1\nXã B,\nXã A,\n", "utf-8")
    assert "hai tệp bản khai cần cùng loại" in fails(*words)
    assert not out.exists()


def test_counting_the_same_files_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        run("survey", YEN_BAI, EXAMPLE / "phieu.csv", "--json", "-o", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


# -- the least sample in a ruleset -------------------------------------------------------------------------------------


def test_a_least_sample_is_for_surveys_only(tmp_path: Path) -> None:
    text = (SET / "bo-tieu-chi.yaml").read_text("utf-8")
    file = written(
        tmp_path, text.replace("loai: khao_sat\n      lua_chon: {A:", "loai: lua_chon\n      lua_chon: {A:"), "b.yaml"
    )
    with pytest.raises(cchc.BadRuleset, match="loại «lua_chon» không có «mau_toi_thieu»"):
        cchc.load(file)


def test_a_least_sample_needs_its_words_and_at_the_top_its_document(tmp_path: Path) -> None:
    text = (SET / "bo-tieu-chi.yaml").read_text("utf-8")
    silent = text.replace(", nguyen_van: ít nhất 3 phiếu hợp lệ", "")
    with pytest.raises(cchc.BadRuleset, match=r"bo-tieu-chi\.yaml:25: .*mau_toi_thieu: thiếu «nguyen_van»"):
        cchc.load(written(tmp_path, silent, "bo-tieu-chi.yaml"))
    asked = "mau_toi_thieu: {{so_phieu: 3, {}nguyen_van: ít nhất 3 phiếu hợp lệ}}"
    top = "so_lieu: {{x: {{ten: X, loai: khao_sat, lua_chon: [A], {}}}}}\ntieu_chi:\n"
    unplaced = text.replace("tieu_chi:\n", top.format(asked.format("")), 1)
    with pytest.raises(cchc.BadRuleset, match="nguon"):
        cchc.load(written(tmp_path, unplaced, "bo-tieu-chi.yaml"))
    placed = text.replace("tieu_chi:\n", top.format(asked.format('nguon: "VB, dòng 1", ')), 1)
    rules = cchc.load(written(tmp_path, placed, "bo-tieu-chi.yaml"))
    sample = rules.fact("x").sample
    assert sample is not None
    assert str(getattr(sample.basis, "citation", "")) == "VB, dòng 1"
    assert cchc.load(written(tmp_path, cchc.dump(rules), "b.yaml")) == rules


def test_a_least_sample_keeps_its_document_when_its_row_is_amended(tmp_path: Path) -> None:
    below, above = tmp_path / "thu/khao-sat/1", tmp_path / "thu/khao-sat/2"
    shutil.copytree(SET, below)
    text = (SET / "bo-tieu-chi.yaml").read_text("utf-8")
    rule = text[text.index("  cham: khao_sat\n") : text.index('- ma: "2"')]
    written(below, text.replace(rule, "  cham: khong_quy_dinh\n"), "bo-tieu-chi.yaml")
    above.mkdir(parents=True)
    amending = """\
bo_tieu_chi: thu/khao-sat
phien_ban: "2"
sua_doi: ../1
ten: Bộ MẪU sửa (bịa)
pham_vi: mau
ap_dung: {tu_ngay: 2026-01-01, den_ngay: khong_quy_dinh}
van_ban:
  VB2:
    {so_hieu: X, ngay: khong_quy_dinh, co_quan: X, trich_yeu: Bịa, ban_luu: nguon/VB2.md, dia_chi: bịa, loai: mau}
sua:
- {ma: "1", ten: Hài lòng (sửa), nguon: "VB2, dòng 1"}
"""
    rules = cchc.load(written(above, amending, "bo-tieu-chi.yaml"))
    assert str(rules["1"].citation) == "VB2, dòng 1"
    sample = rules.fact("dan").sample
    assert sample is not None
    assert str(getattr(sample.basis, "citation", "")) == "VB, dòng 1"


def test_a_least_sample_is_written_again_as_it_was_read(tmp_path: Path) -> None:
    assert cchc.load(written(tmp_path, cchc.dump(RULES), "b.yaml")) == RULES
    sample = RULES.fact("dan").sample
    assert sample is not None
    assert sample.least == 3


def test_the_words_of_a_least_sample_are_looked_for_in_the_stored_text() -> None:
    from cchc_index.checking.structure import check_structure

    told = [finding.message.vi for finding in check_structure(RULES, {"VB": "chữ khác"})]
    assert any("ít nhất 3 phiếu hợp lệ" in message for message in told)


def test_a_changed_least_sample_is_a_difference_that_moves_no_points(tmp_path: Path) -> None:
    text = (SET / "bo-tieu-chi.yaml").read_text("utf-8").replace("so_phieu: 3", "so_phieu: 5")
    found = cchc.diff(RULES, cchc.load(written(tmp_path, text, "b.yaml")))
    assert found.is_same_score
    assert ["ít nhất 5 phiếu" in str(change.new) for change in found.changes] == [True]
