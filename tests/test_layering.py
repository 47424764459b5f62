"""Sets in layers: a layered set equals the hand-written whole; every conflict is told with both its places; no layer,
however strange, ends in anything but a ruleset or one report.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

import cchc_index as cchc
from cchc_index import plain
from cchc_index.checking.structure import check_structure
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import Fault
from cchc_index.files import schema
from cchc_index.files.cases import run_cases
from cchc_index.files.folders import CASES_FILE, RULES_FILE
from cchc_index.files.json_schema import ruleset_schema
from cchc_index.files.layers import MAX_LAYERS
from cchc_index.files.reading import stored_texts
from cchc_index.files.source import read_node
from cchc_index.files.strict_yaml import parse_yaml
from cchc_index.files.validation import validated
from cchc_index.sources import Citation, Quote
from test_docs import blocks_of

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples" / "ke-thua-sua-doi"
MALFORMED = HERE / "malformed"
LAYERS = MALFORMED / "layers"
CORRECT = ("sua-dung.yaml", "ke-thua-dung.yaml")
SECONDS = 1.0

WORKED = ("xa-huyen-mau/2024", "so-nganh/2025", "so-nganh/2026")
"""A frame that a district extends, an amendment, and an amendment of that amendment."""
SETS = sorted(file.parent.relative_to(EXAMPLES).as_posix() for file in EXAMPLES.rglob(RULES_FILE))


def _whole(name: str) -> Ruleset:
    return cchc.load(HERE / "layering" / f"{name.replace('/', '-')}.yaml")


def _layered(name: str) -> Ruleset:
    return cchc.load(EXAMPLES / "mau" / name)


# ---- the worked examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WORKED)
def test_a_layered_set_equals_the_hand_written_whole(name: str) -> None:
    assert _layered(name) == _whole(name)


@pytest.mark.parametrize("name", WORKED)
def test_what_is_dumped_loads_to_the_same(name: str) -> None:
    dumped = plain.dump(_layered(name), Ruleset)
    assert plain.load(dumped, Ruleset) == _layered(name)
    assert dumped == plain.dump(_whole(name), Ruleset)


@pytest.mark.parametrize("name", SETS)
def test_an_example_is_clean_and_says_it_is_a_sample(name: str) -> None:
    folder = EXAMPLES / name
    rules = cchc.load(folder)
    assert rules.full_id == name
    assert check_structure(rules, stored_texts(rules, folder)) == ()
    outcomes = run_cases(rules, folder / CASES_FILE)
    assert outcomes
    assert [outcome for outcome in outcomes if outcome.differences] == []
    assert rules.is_sample
    assert "MẪU" in rules.title
    assert all("không phải văn bản pháp luật" in text for text in stored_texts(rules, folder).values())


@pytest.mark.parametrize("name", SETS)
def test_every_word_around_the_rules_is_in_its_document_too(name: str) -> None:
    """What a set says of its dates and of what it dropped is quoted, and quotes are found."""
    rules = cchc.load(EXAMPLES / name)
    texts = stored_texts(rules, EXAMPLES / name)
    bases = [rules.application.basis, *(gone.basis for gone in rules.dropped)]
    quotes = [basis for basis in bases if isinstance(basis, Quote)]
    assert len(quotes) == len(bases)
    assert [quote for quote in quotes if quote.text not in texts[quote.citation.document]] == []


@pytest.mark.parametrize(
    "path", [*(EXAMPLES / name / RULES_FILE for name in SETS), *(LAYERS / name for name in CORRECT)]
)
def test_an_editor_takes_layers_by_the_schema(path: Path) -> None:
    Draft202012Validator(ruleset_schema()).validate(read_node(path).plain())


def test_both_documents_are_cited_on_each_line_that_changed() -> None:
    rules = _layered("so-nganh/2026")
    lines = {row.code: (row.citation.document, row.supersedes) for row in rules.walk()}
    assert lines["1.1"] == ("QD26", Citation("QD25", "mục 1"))
    assert lines["2"] == ("QD25", Citation("QD24", "dòng 2"))
    assert lines["P"] == ("QD26", Citation("QD24", "đoạn cuối"))
    assert lines["3.1"] == ("QD26", None)
    assert lines["2.1"] == ("QD24", None)
    gone = {row.code: (row.citation.document, row.basis) for row in rules.dropped}
    assert gone["2.2"] == ("QD24", Quote("Bỏ tiêu chí 2.2 (Niêm yết tại trụ sở)", Citation("QD25", "mục 2")))
    assert gone["T"] == ("QD24", Quote("Bỏ điểm thưởng", Citation("QD26", "mục 3")))


def test_an_amendment_replaces_what_it_amends_and_a_frame_goes_on() -> None:
    assert _layered("so-nganh/2025").application.replaces == ("mau/so-nganh/2024",)
    assert _layered("so-nganh/2026").application.replaces == ("mau/so-nganh/2025",)
    assert cchc.load(LAYERS / "ke-thua-dung.yaml").application.replaces == ()


# ---- one mistake, one message, both places ---------------------------------------------------------------------------


def _table() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = yaml.safe_load((MALFORMED / "layers.yaml").read_text("utf-8"))
    return table


CASES = _table()
SEVERAL = {"trong-dong-bo.yaml": "four items are inside the row that is dropped"}
RAW = ("Traceback", "value_error", "type_error", "Input should", "pydantic", "KeyError", "_node")


def _error_of(act: Callable[[], object]) -> cchc.BadRuleset:
    """The report on a broken set, in time."""
    start = process_time()
    with pytest.raises(cchc.BadRuleset) as caught:
        act()
    assert process_time() - start < SECONDS
    assert [word for word in RAW if word in caught.value.report()] == []
    assert caught.value.report("en").startswith("The ruleset is not valid:")
    return caught.value


@pytest.mark.parametrize("name", CORRECT)
def test_the_correct_layers_load(name: str) -> None:
    assert cchc.load(LAYERS / name).by_code


def test_every_file_is_in_the_table() -> None:
    assert {path.name for path in LAYERS.iterdir()} == {*CASES, *CORRECT}


@pytest.mark.parametrize("name", CASES)
def test_each_layer_is_one_edit_from_a_correct_one(name: str) -> None:
    broken = (LAYERS / name).read_text("utf-8").split("\n")
    correct = [(LAYERS / one).read_text("utf-8").split("\n") for one in CORRECT]
    edits = [SequenceMatcher(None, lines, broken, autojunk=False).get_opcodes() for lines in correct]
    apart = 2 if name == "mat-so-lieu-khi-thay.yaml" else 1
    assert min(sum(tag != "equal" for tag, *_ in codes) for codes in edits) == apart


@pytest.mark.parametrize("name", CASES)
def test_a_conflict_is_told_with_both_places(name: str) -> None:
    error = _error_of(lambda: cchc.load(LAYERS / name))
    case = CASES[name]
    assert f"- {case.get('tep', name)}:{case['dong']}:" in error.report()
    assert [word for word in case["chua"] if word not in error.report()] == []
    places = [part.strip("(),") for word in case["chua"] for part in word.split() if ".yaml:" in part]
    assert [place for place in places if place.rstrip(":") not in error.report("en")] == []
    assert len(error.faults) == 1 or name in SEVERAL


# ---- layers made here ------------------------------------------------------------------------------------------------

BASE = (MALFORMED / "below" / "bo" / RULES_FILE).read_text("utf-8")
HEAD = """\
bo_tieu_chi: thu/lop
phien_ban: "{version}"
ten: Lớp thử
pham_vi: mau
sua_doi: ../{below}
ap_dung: {{tu_ngay: 2025-01-01, den_ngay: khong_quy_dinh}}
van_ban:
  {document}: {{so_hieu: L, ngay: 2025-01-01, co_quan: Không có, trich_yeu: Bịa, ban_luu: L.md, dia_chi: L, loai: mau}}
"""


def _stand(root: Path, name: str, text: str) -> Path:
    folder = root / name
    folder.mkdir(exist_ok=True)
    (folder / RULES_FILE).write_text(text, "utf-8")
    return folder


def _layer(
    root: Path, body: str, *, below: str = "1", name: str = "2", document: str = "MOI", base: str = BASE
) -> Path:
    """A layer in a folder beside a base that is there already, or is put there."""
    if not (root / below).exists():
        _stand(root, below, base)
    return _stand(root, name, HEAD.format(version=name, below=below, document=document) + body)


def _row(code: str, points: str = "0", more: str = "cham: khong_quy_dinh", document: str = "MOI") -> str:
    return f"{{ma: '{code}', ten: Dòng {code}, diem_toi_da: '{points}', nguon: {document}, {more}}}"


def _gone(code: str, document: str = "MOI") -> str:
    return f"{{ma: '{code}', nguon: {document}, nguyen_van: bỏ {code}}}"


def _tree(rules: Ruleset) -> list[Any]:
    def told(row: Criterion) -> Any:
        return [row.code, [told(child) for child in row.children]] if row.children else row.code

    return [told(row) for row in rules.criteria]


def test_rows_are_added_after_one_or_last_in_the_order_of_the_file(tmp_path: Path) -> None:
    body = f"""\
them:
- {{vao: "1", sau: "1.1", tieu_chi: [{_row("a")}, {_row("b")}]}}
- {{vao: "1", sau: "1.1", tieu_chi: [{_row("c")}]}}
- {{vao: "1", tieu_chi: [{_row("d")}]}}
- {{sau: "1", tieu_chi: [{_row("e")}]}}
- {{tieu_chi: [{_row("f")}]}}
"""
    inside = ["1.1", "a", "b", "c", "1.2", "1.3", "d"]
    assert _tree(cchc.load(_layer(tmp_path, body))) == [["1", inside], "e", "2", "f"]


def test_a_row_may_take_the_place_of_a_dropped_one_under_another_code(tmp_path: Path) -> None:
    added = f'them: [{{vao: "1", sau: "1.3", tieu_chi: [{_row("1.3a", "1")}]}}]'
    rules = cchc.load(_layer(tmp_path, f"bo: [{_gone('1.3')}]\n{added}\n"))
    assert _tree(rules) == [["1", ["1.1", "1.2", "1.3a"]], "2"]
    assert [gone.code for gone in rules.dropped] == ["1.3"]


def test_all_that_was_inside_may_be_dropped_when_something_comes(tmp_path: Path) -> None:
    dropped = ", ".join(map(_gone, ("1.1", "1.2", "1.3")))
    rules = cchc.load(_layer(tmp_path, f"bo: [{dropped}]\nthem: [{{vao: '1', tieu_chi: [{_row('1.9', '5')}]}}]\n"))
    assert _tree(rules) == [["1", ["1.9"]], "2"]


def test_nothing_left_inside_is_told_with_both_places(tmp_path: Path) -> None:
    dropped = "".join(f"- {_gone(code)}\n" for code in ("1.1", "1.2", "1.3"))
    report = _error_of(lambda: cchc.load(_layer(tmp_path, f"bo:\n{dropped}"))).report()
    assert "- bo-tieu-chi.yaml:10: «1» (../1/bo-tieu-chi.yaml:16) không còn mục con nào" in report


def test_nothing_left_at_all_is_told(tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.load(_layer(tmp_path, f"bo: [{_gone('1')}, {_gone('2')}]\n")))
    assert "- bo-tieu-chi.yaml:5: bảng không còn tiêu chí nào" in error.report()


def test_a_dropped_group_is_dropped_with_what_is_inside(tmp_path: Path) -> None:
    rules = cchc.load(_layer(tmp_path, f"bo: [{_gone('1')}]\ndiem_toi_da: 3\n"))
    assert _tree(rules) == ["2"]
    assert [(gone.code, str(gone.citation)) for gone in rules.dropped] == [("1", "CU, dòng 1")]


def test_bonus_can_be_dropped_to_the_last(tmp_path: Path) -> None:
    bonus = "thuong:\n- {ma: T, ten: Thưởng, diem_toi_da: 1, nguon: CU, cham: khong_quy_dinh}\n"
    rules = cchc.load(_layer(tmp_path, f"bo: [{_gone('T')}]\n", base=BASE + bonus))
    assert rules.adjustments == ()


@pytest.mark.parametrize("section", ["thuong", "phat"])
def test_a_bonus_or_penalty_of_the_layer_cites_the_layer(tmp_path: Path, section: str) -> None:
    error = _error_of(lambda: cchc.load(_layer(tmp_path, f"{section}:\n- {_row('T', document='CU')}\n")))
    assert "bo-tieu-chi.yaml:10: «CU» là văn bản của bộ bên dưới (../1/bo-tieu-chi.yaml:9)" in error.report()


def test_a_figure_lost_by_a_drop_is_told_with_both_places(tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.load(_layer(tmp_path, f"bo: [{_gone('1.1')}]\ndiem_toi_da: 6\n")))
    (fault,) = error.faults
    assert fault.place == "../1/bo-tieu-chi.yaml:33"
    assert fault.hint is not None
    assert "«de_ra» mất theo dòng bỏ hay thay ở bo-tieu-chi.yaml:9" in fault.hint.vi
    assert "bo-tieu-chi.yaml:9" in fault.hint.en


def test_a_figure_that_another_row_declares_again_is_not_lost(tmp_path: Path) -> None:
    body = f"bo: [{_gone('1.1')}]\nthem: [{{vao: '1', tieu_chi: [{_row('1.4', '2')}]}}]\nso_lieu: {{de_ra: đề ra}}\n"
    assert "de_ra" in cchc.load(_layer(tmp_path, body)).facts_by_name


def test_a_figure_declared_anew_is_not_called_lost(tmp_path: Path) -> None:
    """What is wrong with it then is its type, told at the rule that uses it."""
    more = "so_lieu: {de_ra: {ten: có đề ra, loai: co_khong}}, cham: khong_quy_dinh"
    (fault,) = _error_of(lambda: cchc.load(_layer(tmp_path, f"thay: [{_row('1.1', '2', more)}]\n"))).faults
    assert fault.place == "../1/bo-tieu-chi.yaml:33"
    assert "«de_ra»" in fault.message.vi
    assert fault.hint is None


def test_an_added_group_that_does_not_sum_is_told(tmp_path: Path) -> None:
    group = _row("3", more=f"gom: [{_row('3.1', '1')}]")
    (fault,) = _error_of(lambda: cchc.load(_layer(tmp_path, f"them: [{{tieu_chi: [{group}]}}]\n"))).faults
    assert fault.path == ("3",)
    assert (fault.place, "điểm tối đa ghi 0 (bo-tieu-chi.yaml:9)" in fault.message.vi) == ("bo-tieu-chi.yaml:9", True)


def test_a_maximum_alone_that_no_longer_holds_is_told(tmp_path: Path) -> None:
    (fault,) = _error_of(lambda: cchc.load(_layer(tmp_path, "diem_toi_da: 9\n"))).faults
    assert fault.place == "bo-tieu-chi.yaml:9"
    assert "các mục con cộng lại 8 điểm, điểm tối đa ghi 9 (bo-tieu-chi.yaml:9)" in fault.message.vi


def test_a_frame_that_falls_short_is_no_error(tmp_path: Path) -> None:
    """Where only part of the table is known its parts may be less than the whole, also with a layer on it."""
    folder = _layer(tmp_path, "diem_toi_da: 9\n")
    file = folder / RULES_FILE
    file.write_text(file.read_text("utf-8").replace("pham_vi: mau", "pham_vi: khung"), "utf-8")
    assert cchc.load(folder).max_points == 9


def test_every_conflict_stands_in_one_report(tmp_path: Path) -> None:
    body = f"""\
bo:
- {_gone("9.1")}
- {{ma: "1.3"}}
thay:
- {_row("9.2")}
them:
- {{vao: "1.2", tieu_chi: [{_row("1.1")}]}}
- {{vao: "1", sau: x, tieu_chi: [{_row("1.8")}]}}
sua:
- {{ma: "2", ten: Khác, nguon: CU}}
so_lieu:
  bao_cao: một
"""
    error = _error_of(lambda: cchc.load(_layer(tmp_path, body)))
    assert [int(fault.place.rpartition(":")[2]) for fault in error.faults] == [10, 11, 11, 13, 15, 15, 16, 18]
    assert len({fault.message.vi for fault in error.faults}) == 8


def test_notes_and_what_stands_around_come_from_both(tmp_path: Path) -> None:
    body = """\
cap: [xã, phòng]
ghi_chu: của lớp
lam_tron: {den: 0.1, nguon: MOI, nguyen_van: làm tròn}
"""
    rules = cchc.load(_layer(tmp_path, body, base=BASE + "ghi_chu: của bộ dưới\n"))
    assert [note.text for note in rules.notes] == ["của bộ dưới", "của lớp"]
    assert [level.value for level in rules.application.levels] == ["xã", "phòng"]
    assert rules.rounding is not None
    assert rules.max_points == 8


def test_a_changed_heading_leaves_words_with_the_document_that_said_them(tmp_path: Path) -> None:
    """The parts of a row keep their own quote and place when the row cites the amendment."""
    parts = """\
- ma: "3"
  ten: Việc
  diem_toi_da: 0
  nguon: CU, dòng 3
  nguyen_van: câu của cả dòng
  da_doi_chieu: "lý do; ai"
  cham: khong_quy_dinh
  so_lieu: {so_viec: số việc}
  so_luong: {thanh_phan: 2, nguyen_van: hai phần}
  tinh_duoc:
  - {ten: số việc, do: so_viec}
  phan_cong:
  - {ten: nộp, phu_trach: Phòng A, han: 30/11, nguyen_van: nộp trước 30/11}
  - {ten: họp, nguon: "CU, chỗ khác"}
"""
    body = "sua: [{ma: '3', ten: Việc khác, nguon: 'MOI, điểm 1'}]\n"
    row = cchc.load(_layer(tmp_path, body, base=BASE + parts))["3"]
    assert (row.name, str(row.citation), str(row.supersedes)) == ("Việc khác", "MOI, điểm 1", "CU, dòng 3")
    there = Citation("CU", "dòng 3")
    assert [task.basis for task in row.tasks] == [
        Quote("nộp trước 30/11", there),
        Quote("câu của cả dòng", there, "lý do; ai"),
    ]
    assert [seen.basis for seen in row.observations] == [Quote("câu của cả dòng", there, "lý do; ai")]
    assert row.counts is not None
    assert row.counts.basis == Quote("hai phần", there)


def test_rows_inside_keep_the_place_of_what_they_stood_in(tmp_path: Path) -> None:
    """A row without its own place cites that of the row above it, also when that one is amended."""
    rules = cchc.load(_layer(tmp_path, "sua: [{ma: '1', ten: Khác, nguon: 'MOI, điểm 1'}]\n"))
    assert str(rules["1.2"].citation) == "CU, dòng 1"
    assert str(rules["1"].citation) == "MOI, điểm 1"


# ---- from where a set below is read ----------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root of its own with the examples in it, which nothing names."""
    shutil.copytree(EXAMPLES, tmp_path / "goc")
    return tmp_path / "goc"


def test_a_set_below_is_found_in_its_own_root_by_id(root: Path) -> None:
    assert cchc.load(root / "mau" / "xa-huyen-mau" / "2024") == _layered("xa-huyen-mau/2024")


def test_stored_texts_below_are_those_of_the_set_below(root: Path) -> None:
    """By relative path and by id, though the layer's own folder holds a file of the same name."""
    for name in ("xa-huyen-mau/2024", "so-nganh/2025", "so-nganh/2026"):
        folder = root / "mau" / name
        for wrong in ("KHUNG.md", "QD24.md"):
            (folder / "nguon" / wrong).write_text("bản khác", "utf-8")
        texts = stored_texts(cchc.load(folder), folder)
        assert "bản khác" not in texts.values()
        assert texts == stored_texts(_layered(name), EXAMPLES / "mau" / name)


def test_a_stored_text_whose_set_is_gone_is_named(root: Path) -> None:
    folder = root / "mau" / "xa-huyen-mau" / "2024"
    rules = cchc.load(folder)
    shutil.rmtree(root / "mau" / "khung-xa")
    report = _error_of(lambda: stored_texts(rules, folder)).report()
    assert "van_ban.KHUNG.ban_luu: không có bộ «mau/khung-xa/1»" in report
    assert "«mau/khung-xa/1»" in _error_of(lambda: cchc.load(folder)).report()


def test_an_id_beside_the_layer_and_in_a_known_folder_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_RULESETS", str(EXAMPLES))
    report = _error_of(lambda: cchc.load(root / "mau" / "xa-huyen-mau" / "2024")).report()
    assert "bộ «mau/khung-xa/1» có ở hai nơi" in report
    assert str(root / "mau" / "khung-xa" / "1") in report
    assert str(EXAMPLES / "mau" / "khung-xa" / "1") in report


def test_faults_of_a_base_of_a_base_name_its_file_as_seen_from_the_first(root: Path) -> None:
    file = root / "mau" / "so-nganh" / "2024" / RULES_FILE
    text = file.read_text("utf-8")
    file.write_text(text.replace("ti_so x 3", "ti_so x ba"), "utf-8")
    for name, label in (("2025", "../2024"), ("2026", "mau/so-nganh/2024")):
        (fault,) = _error_of(lambda name=name: cchc.load(root / "mau" / "so-nganh" / name)).faults  # type: ignore[misc]
        assert fault.place.startswith(f"{label}/{RULES_FILE}:")
    file.write_bytes(b"\xff" + text.encode())
    (fault,) = _error_of(lambda: cchc.load(root / "mau" / "so-nganh" / "2025")).faults
    assert fault.place == f"../2024/{RULES_FILE}:1"


def test_a_sum_that_a_lower_layer_broke_is_told_at_that_layer(root: Path) -> None:
    file = root / "mau" / "so-nganh" / "2025" / RULES_FILE
    file.write_text(file.read_text("utf-8").replace('ma: "2", diem_toi_da: 5', 'ma: "2", diem_toi_da: 6'), "utf-8")
    report = _error_of(lambda: cchc.load(root / "mau" / "so-nganh" / "2026")).report()
    assert f"mau/so-nganh/2025/{RULES_FILE}:" in report
    assert "2: các mục con cộng lại 5 điểm, điểm tối đa ghi 6" in report


def test_a_stored_text_two_sets_below_is_found_by_its_id(root: Path) -> None:
    """The set amended by path stands itself on one named by id."""
    district = root / "mau" / "xa-huyen-mau"
    folder = _layer(district, "", below="2024", name="2025")
    (folder / "L.md").write_text("bản lưu", "utf-8")
    texts = stored_texts(cchc.load(folder), folder)
    assert list(texts) == ["MOI", "QDHM", "KHUNG"]
    assert "Khung chỉ số cải cách hành chính cấp xã" in texts["KHUNG"]
    stored = [document.stored for document in cchc.load(folder).documents]
    assert stored == ["L.md", "../2024/nguon/QDHM.md", "mau/khung-xa/1:nguon/KHUNG.md"]


def test_a_json_layer_is_read(tmp_path: Path) -> None:
    folder = _layer(tmp_path, f"bo: [{_gone('2')}]\ndiem_toi_da: 5\n")
    data = yaml.load((folder / RULES_FILE).read_text("utf-8"), yaml.BaseLoader)
    file = folder / "lop.json"
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    assert cchc.load(file) == cchc.load(folder)


# ---- hostile ---------------------------------------------------------------------------------------------------------


def test_a_layer_on_itself_is_a_circle(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    folder = _layer(tmp_path, "", below="1", name="1")
    assert "thành vòng: bo-tieu-chi.yaml:5" in _error_of(lambda: cchc.load(folder)).report()


def test_a_circle_through_a_link_is_a_circle(tmp_path: Path) -> None:
    (tmp_path / "ban").mkdir()
    folder = _layer(tmp_path, "", below="ban", name="1")
    (tmp_path / "ban").rmdir()
    (tmp_path / "ban").symlink_to(folder, target_is_directory=True)
    assert "thành vòng" in _error_of(lambda: cchc.load(folder)).report()


def _tower(root: Path, layers: int) -> Path:
    for number in range(1, layers + 1):
        added = f"them: [{{tieu_chi: [{_row(f'x{number}', document=f'L{number}')}]}}]\n"
        _layer(root, added, below=str(number), name=str(number + 1), document=f"L{number}")
    return root / str(layers + 1)


def test_as_many_layers_as_allowed(tmp_path: Path) -> None:
    start = process_time()
    rules = cchc.load(_tower(tmp_path, MAX_LAYERS))
    assert process_time() - start < SECONDS
    assert [row.code for row in rules.criteria] == ["1", "2", *(f"x{n}" for n in range(1, MAX_LAYERS + 1))]
    assert len(rules.documents) == MAX_LAYERS + 1


def test_one_layer_too_many(tmp_path: Path) -> None:
    folder = _tower(tmp_path, MAX_LAYERS + 1)
    (fault,) = _error_of(lambda: cchc.load(folder)).faults
    assert fault.place == f"../2/{RULES_FILE}:5"
    assert "quá 8 lớp" in fault.message.vi


def _nested(depth: int, document: str, last: str = "cham: khong_quy_dinh") -> str:
    """Rows inside one another: `n1` holds `n2`, and so on."""
    text = _row(f"{document}{depth}", more=last, document=document)
    for number in range(depth - 1, 0, -1):
        text = _row(f"{document}{number}", more=f"gom: [{text}]", document=document)
    return text


def test_one_code_inside_itself_is_a_fault_of_the_base(tmp_path: Path) -> None:
    inner = f"gom: [{_row('3', document='CU')}]"
    base = BASE + f"- {_row('3', more=inner, document='CU')}\n"
    folder = _layer(tmp_path, f"bo: [{_gone('3')}]\nthem: [{{vao: '3', tieu_chi: [{_row('4')}]}}]\n", base=base)
    (fault,) = _error_of(lambda: cchc.load(folder)).faults
    assert fault.place == "../1/bo-tieu-chi.yaml:36"
    assert "mã «3» đã có ở ../1/bo-tieu-chi.yaml:36" in fault.message.vi


def test_layers_that_together_nest_too_deep(tmp_path: Path) -> None:
    base = BASE + f"- {_nested(15, 'CU')}\n"
    body = f"them: [{{vao: CU15, tieu_chi: [{_nested(15, 'MOI')}]}}]\n"
    (fault,) = _error_of(lambda: cchc.load(_layer(tmp_path, body, base=base))).faults
    assert "các lớp cộng lại lồng nhau quá 40 tầng" in fault.message.vi
    assert fault.place == f"{RULES_FILE}:1"


def test_layers_that_together_are_too_large(tmp_path: Path) -> None:
    rows = "".join(f"- {_row(f'c{n}', document='CU')}\n" for n in range(1750))
    more = "".join(f"  - {_row(f'm{n}')}\n" for n in range(1750))
    folder = _layer(tmp_path, f"them:\n- tieu_chi:\n{more}", base=BASE + rows)
    with pytest.raises(cchc.BadRuleset, match="các lớp cộng lại quá 20000 giá trị"):
        cchc.load(folder)


def test_thousands_of_unknown_codes_are_told_in_time(tmp_path: Path) -> None:
    rows = "".join(f"- {_row(f'c{n}', document='CU')}\n" for n in range(1400))
    folder = _layer(tmp_path, "bo:\n" + "".join(f"- {{ma: d{n}}}\n" for n in range(4000)), base=BASE + rows)
    cchc.load(folder.parent / "1")
    start = process_time()
    with pytest.raises(cchc.BadRuleset) as caught:
        cchc.load(folder)
    assert process_time() - start < 4 * SECONDS
    assert len(caught.value.faults) == 4000
    assert "và còn 3900 lỗi nữa" in caught.value.report()


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../" * 200 + "x",
        "a/../../b",
        "x" * 5000,
        "./" + "y" * 5000,
        "mau/cap-xa",
        "..",
        ".",
        "mau\\cap-xa\\1",
        "https://example.org/x",
        "khong_quy_dinh",
    ],
)
def test_a_strange_name_below_is_one_fault(tmp_path: Path, name: str) -> None:
    text = HEAD.format(version="2", below="1", document="MOI").replace("sua_doi: ../1", f"sua_doi: '{name}'")
    (fault,) = _error_of(lambda: cchc.load(_stand(tmp_path, "2", text))).faults
    assert fault.place == f"{RULES_FILE}:5"


def test_a_set_below_is_named_by_its_id_or_by_a_relative_path(tmp_path: Path) -> None:
    """A place of this machine, or a way out of the root, is refused though a ruleset lies there."""
    _stand(tmp_path, "1", BASE)
    for name in (str(tmp_path / "1"), "1/../1"):
        text = HEAD.format(version="2", below="1", document="MOI").replace("sua_doi: ../1", f"sua_doi: {name}")
        folder = _stand(tmp_path, "2", text)
        (fault,) = _error_of(lambda folder=folder: cchc.load(folder)).faults  # type: ignore[misc]
        assert fault.message.vi.startswith("không có bộ «")
    assert cchc.load(_stand(tmp_path, "2", text.replace("1/../1", "./../1"))).by_code


# ---- properties ------------------------------------------------------------------------------------------------------

SAMPLE = (EXAMPLES / "mau" / "so-nganh" / "2024" / RULES_FILE).read_text("utf-8")
FIGURES = st.fixed_dictionaries(
    {
        "bao_cao_sai": st.integers(0, 5),
        "bao_cao_dung_han": st.integers(0, 6),
        "da_xong": st.integers(0, 10),
        "de_ra": st.integers(10, 12),
        "dung_han": st.integers(0, 7),
        "da_giai_quyet": st.integers(7, 9),
        "niem_yet": st.booleans(),
        "sang_kien": st.integers(0, 4),
    }
)


def _plain_rows(text: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return data


def _quoted(rows: Any) -> str:
    return yaml.safe_dump(rows, allow_unicode=True, default_flow_style=True, width=10**6, default_style='"')


def _leaves(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield from _leaves(row["gom"]) if "gom" in row else [row]


def _by_itself(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"nguon": "MOI, như cũ"}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the layers of the properties stand, on the sample."""
    folder = tmp_path_factory.mktemp("goc")
    _stand(folder, "1", SAMPLE)
    return folder


ROWS = _plain_rows(SAMPLE)
REPLACEABLE = [*_leaves(ROWS["tieu_chi"]), *ROWS["thuong"], *ROWS["phat"]]


@given(st.sets(st.sampled_from(range(len(REPLACEABLE))), min_size=1), FIGURES)
def test_rows_replaced_by_themselves_score_the_same(ground: Path, chosen: set[int], figures: dict[str, Any]) -> None:
    rows = [_by_itself(REPLACEABLE[number]) for number in sorted(chosen)]
    rules, before = cchc.load(_layer(ground, f"thay: {_quoted(rows)}\n")), cchc.load(ground / "1")
    unit = cchc.Submission("Sở Mẫu", figures)
    card, old = cchc.score(rules, unit), cchc.score(before, unit)
    assert (card.points, card.index, card.grade) == (old.points, old.index, old.grade)
    assert [(line.code, line.points) for line in card.lines] == [(line.code, line.points) for line in old.lines]
    for number in chosen:
        row = rules[REPLACEABLE[number]["ma"]]
        assert (row.citation, row.supersedes) == (Citation("MOI", "như cũ"), before[row.code].citation)


@given(st.sampled_from(["", "1", "2"]), st.integers(1, 3))
def test_added_then_dropped_is_the_table_before(ground: Path, into: str, count: int) -> None:
    where = f"vao: '{into}', " if into else ""
    rows = ", ".join(_row(f"m{number}") for number in range(count))
    _layer(ground, f"them: [{{{where}tieu_chi: [{rows}]}}]\n", name="them")
    gone = ", ".join(_gone(f"m{number}", "BO") for number in range(count))
    rules = cchc.load(_layer(ground, f"bo: [{gone}]\n", below="them", name="bo", document="BO"))
    before = cchc.load(ground / "1")
    assert (rules.criteria, rules.adjustments, rules.scales) == (before.criteria, before.adjustments, before.scales)
    assert rules.facts == before.facts
    assert [gone.code for gone in rules.dropped] == [f"m{number}" for number in range(count)]


ITEMS = {
    "bo": [_gone("2.2"), _gone("T")],
    "thay": [_row("1.1", "2"), _row("P", "1"), _row("3", "2")],
    "sua": ["{ma: '1', ten: Khác, nguon: MOI}", "{ma: '2', diem_toi_da: 3, nguon: MOI}"],
    "them": [f"{{vao: '1', tieu_chi: [{_row('x')}]}}", f"{{vao: '2', sau: '2.1', tieu_chi: [{_row('y')}]}}"],
}
TOTAL = "diem_toi_da: 9\n"


@given(st.permutations(list(ITEMS)), st.fixed_dictionaries({key: st.permutations(ITEMS[key]) for key in ITEMS}))
def test_the_order_of_items_changes_nothing(ground: Path, keys: list[str], by_key: dict[str, list[str]]) -> None:
    body = "".join(f"{key}: [{', '.join(by_key[key])}]\n" for key in keys)
    plainly = "".join(f"{key}: [{', '.join(items)}]\n" for key, items in ITEMS.items())
    one = cchc.load(_layer(ground, TOTAL + body, name="mot"))
    other = cchc.load(_layer(ground, TOTAL + plainly, name="hai"))
    assert (one.criteria, one.adjustments, one.facts) == (other.criteria, other.adjustments, other.facts)
    assert sorted(gone.code for gone in one.dropped) == sorted(gone.code for gone in other.dropped)


CODES = ("1", "1.1", "1.2", "2", "2.1", "2.2", "3", "T", "P", "x", "y", "9")
NUMBERS = st.sampled_from(("0", "1", "2", "khong_quy_dinh"))
ANY_ROW = st.builds(_row, st.sampled_from(CODES), NUMBERS)
ANY_ADDED = st.builds(
    lambda into, after, rows: (
        "{" + (f"vao: '{into}', " if into else "") + (f"sau: '{after}', " if after else "") + f"tieu_chi: {rows}}}"
    ),
    st.sampled_from(("", *CODES)),
    st.sampled_from(("", *CODES)),
    st.lists(ANY_ROW, min_size=1, max_size=2).map(lambda rows: f"[{', '.join(rows)}]"),
)
ANY_CHANGE = st.builds(
    lambda code, points: f"{{ma: '{code}', diem_toi_da: '{points}', nguon: MOI}}", st.sampled_from(CODES), NUMBERS
)
ANY_LAYER = st.fixed_dictionaries(
    {},
    optional={
        "bo": st.lists(st.sampled_from(CODES).map(_gone), max_size=3),
        "thay": st.lists(ANY_ROW, max_size=3),
        "sua": st.lists(ANY_CHANGE, max_size=3),
        "them": st.lists(ANY_ADDED, max_size=3),
        "thuong": st.lists(ANY_ROW, max_size=1),
        "diem_toi_da": NUMBERS,
    },
)


def _body(layer: dict[str, Any]) -> str:
    return "".join(
        f"{key}: {value}\n" if isinstance(value, str) else f"{key}: [{', '.join(value)}]\n"
        for key, value in layer.items()
    )


@given(ANY_LAYER)
def test_any_layer_is_a_ruleset_or_a_report_whose_places_exist(ground: Path, layer: dict[str, Any]) -> None:
    folder = _layer(ground, _body(layer), name="bat-ky")
    loaded = _loaded(folder)
    if isinstance(loaded, Ruleset):
        assert sorted(loaded.by_code) == sorted(row.code for row in loaded.walk())
        assert plain.load(plain.dump(loaded, Ruleset), Ruleset) == loaded
    else:
        assert loaded
        for fault in loaded:
            file, _, line = fault.place.rpartition(":")
            assert 1 <= int(line) <= (folder / file).read_text("utf-8").count("\n") + 1


def _loaded(folder: Path) -> Ruleset | tuple[Fault, ...]:
    try:
        return cchc.load(folder)
    except cchc.BadRuleset as error:
        return error.faults


SILENT = "khong_quy_dinh"
GOOD_LAYER = st.fixed_dictionaries(
    {
        "rows": st.dictionaries(
            st.sampled_from(("1.1", "1.2", "2.1", "2.2", "T", "P")), st.sampled_from(("bo", "thay"))
        ),
        "heads": st.sets(st.sampled_from(("1", "2", "3"))),
    }
)


@given(GOOD_LAYER)
def test_each_line_knows_its_document(ground: Path, layer: dict[str, Any]) -> None:
    """Rows of the layer cite it, with the place they took; all others cite what they cited before."""
    dropped = [code for code, what in layer["rows"].items() if what == "bo"]
    replaced = [code for code, what in layer["rows"].items() if what == "thay"]
    body = {
        "bo": map(_gone, dropped),
        "thay": (_row(code, SILENT) for code in replaced),
        "sua": (f"{{ma: '{code}', ten: Khác, nguon: MOI}}" for code in sorted(layer["heads"])),
        "them": [f"{{vao: '{into}', tieu_chi: [{_row(f'm{into}', SILENT)}]}}" for into in ("1", "2")],
    }
    rules = cchc.load(_layer(ground, _body({key: list(items) for key, items in body.items()}), name="dung"))
    before = cchc.load(ground / "1")
    old = {row.code: row.citation for row in before.walk()}
    new = {row.code: (row.citation, row.supersedes) for row in rules.walk()}
    moi, changed = Citation("MOI", ""), {*replaced, *layer["heads"]}
    assert new == {
        **{
            code: (moi, place) if code in changed else (place, None)
            for code, place in old.items()
            if code not in dropped
        },
        "m1": (moi, None),
        "m2": (moi, None),
    }
    assert {gone.code: gone.citation for gone in rules.dropped} == {code: old[code] for code in dropped}


# ---- the page that explains all this ---------------------------------------------------------------------------------

PAGE = HERE.parent / "docs" / "ke-thua-sua-doi.md"


def test_the_page_shows_every_key_of_a_layer() -> None:
    """Each key that is about layers, place, day or what stands around a table stands in a file that is loaded."""
    shown: set[tuple[str, str]] = set()
    for block in blocks_of(PAGE):
        if block.language == "yaml" and "bo_tieu_chi" in block.text and not block.file.endswith(CASES_FILE):
            model = schema.LayerFile if set(_plain_rows(block.text)) & {"ke_thua", "sua_doi"} else schema.RulesetFile
            node, _ = parse_yaml(block.text, block.file)
            assert node
            shown |= set(_keys(validated(model, node, block.file)))
    around = (schema.Observed, schema.TierRow, schema.Assigned, schema.Counted, schema.Validity, schema.DroppedRow)
    own = set(schema.LayerFile.model_fields) - set(schema.Heading.model_fields)
    wanted = {(model.__name__, key) for model in around for key in model.model_fields if key not in _BASED}
    wanted |= {("LayerFile", key) for key in own}
    wanted |= {("AddedRows", key) for key in schema.AddedRows.model_fields}
    wanted |= {("ChangedRow", key) for key in schema.ChangedRow.model_fields}
    wanted |= {("RemovedRow", "ma"), ("GradeRow", "moi_tieu_chi_tu"), ("GradeRow", "khi"), ("Row", "thay_cho")}
    wanted |= {("Row", key) for key in ("so_luong", "tinh_duoc", "phan_cong")} | {("RulesetFile", "cong_cu")}
    wanted |= {("RulesetFile", key) for key in ("so_luong", "bai_bo", "cap")}
    assert wanted - shown == set()


_BASED = set(schema.Based.model_fields)


def _keys(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for key in value.model_fields_set:
            yield type(value).__name__, key
            yield from _keys(getattr(value, key))
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _keys(item)


def test_the_page_shows_every_message_of_a_conflict_as_it_is() -> None:
    """The messages in its table are made of words that the code holds."""
    folder = HERE.parent / "src" / "cchc_index"
    source = "".join(file.read_text("utf-8") for file in sorted(folder.rglob("*.py")))
    table = PAGE.read_text("utf-8").partition("| Thông báo |")[2].partition("\n\n")[0]
    told = [line.split("|")[1] for line in table.split("\n")[2:]]
    parts = [part.strip(" «»();") for line in told for part in line.replace(";", "…").split("…")]
    assert len(told) == 10
    assert [part for part in parts if part not in source] == []
