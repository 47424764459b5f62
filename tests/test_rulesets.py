"""The shipped rulesets: each quotes its stored sources word for word, and each of its worked cases holds."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, get_args
from unicodedata import is_normalized

import pytest
import yaml
from attrs import fields, has

import cchc_index as cchc
from cchc_index.checking.structure import Finding, Severity, check_structure, fold
from cchc_index.cli.terminal import rendered
from cchc_index.criteria import Criterion, GradeScale, Scope
from cchc_index.errors import Lang
from cchc_index.files.cases import Outcome, run_cases
from cchc_index.files.folders import CASES_FILE, RULES_FILE, shipped_folder
from cchc_index.files.reading import stored_texts
from cchc_index.files.schema import SHAPES, NeedsPerson, Unsaid
from cchc_index.reporting import annex as annexes
from cchc_index.reporting import tables
from cchc_index.rules import Average, Awarded, Piecewise, Rule, Sum, Switch, Table, parts_of
from cchc_index.scoring.trace import AverageTrace, Card
from cchc_index.sources import NOT_STATED, DocumentKind, NoteKind, Quote

HERE = Path(__file__).parents[1]
EXAMPLES = HERE / "examples"
ROOT = shipped_folder()
IDS = cchc.rulesets()
SAMPLES = [name for name in IDS if name.startswith("mau/")]
FILES = sorted(path for path in ROOT.rglob("*") if path.is_file())
TT01, DONG_NAI, MINISTRIES, SAMPLE = (
    "vpcp/mot-cua/tt-01-2018",
    "dong-nai/cap-xa/2022",
    "bo-noi-vu/cap-bo/2022",
    "mau/cap-xa/1",
)


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _yaml(path: Path) -> Any:
    """A shipped file as PyYAML reads it, apart from the reader of the library."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _leaves(rules: cchc.Ruleset) -> list[Criterion]:
    return [criterion for criterion in rules.walk() if not criterion.children]


# ---- every shipped ruleset -------------------------------------------------------------------------------------------


def test_every_set_the_sources_describe_is_shipped() -> None:
    described = {
        *(
            TT01,
            DONG_NAI,
            MINISTRIES,
            SAMPLE,
            "bo-noi-vu/cap-bo/2020",
            "bo-noi-vu/cap-tinh/2020",
            "bo-noi-vu/cap-tinh/2022",
        ),
        *("dak-nong/cap-huyen/2023", "ha-nam/so-nganh/2023", "ha-noi/cap-phong/khung", "ha-noi/cap-xa/khung"),
        *("huyen-2022/cchc/2022", "huyen-2022/hai-long/2022", "qd-3507/cap-huyen/2023", "quang-dien/phong/2024"),
        *("thai-nguyen/cap-xa/2020", "tiep-can-phap-luat/cap-xa/2021", "vpcp/phuc-vu/766-2022", "yen-bai/dtxhh/khung"),
    }
    assert set(IDS) == described


@pytest.mark.parametrize("name", IDS)
def test_ruleset_loads_under_its_own_folder(name: str) -> None:
    rules = cchc.load(name)
    assert f"{rules.id}/{rules.version}" == name


@pytest.mark.parametrize("name", IDS)
def test_structure_has_no_error(name: str) -> None:
    rules = cchc.load(name)
    found = check_structure(rules, stored_texts(rules, ROOT / name))
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


def _quotes(value: Any) -> Iterator[Quote]:
    """Every quote anywhere inside a value, found without knowing the algebra."""
    if isinstance(value, Quote):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _quotes(item)
    elif has(type(value)):
        for field in fields(type(value)):
            yield from _quotes(getattr(value, field.name))


@pytest.mark.parametrize("name", IDS)
def test_every_quote_stands_in_the_stored_text(name: str) -> None:
    rules = cchc.load(name)
    texts = {key: fold(text) for key, text in stored_texts(rules, ROOT / name).items()}
    quotes = set(_quotes(rules))
    assert quotes
    assert [quote for quote in quotes if fold(quote.text) not in texts[quote.citation.document]] == []


@pytest.mark.parametrize("name", IDS)
def test_every_quote_of_the_file_reaches_the_ruleset(name: str) -> None:
    """No `nguyen_van` of the file is lost on the way: what is lost is never checked, and never shown."""
    reached = {fold(quote.text) for quote in _quotes(cchc.load(name))}
    assert sorted(_written_quotes(name) - reached) == []
    assert sorted(reached - _written_quotes(name)) == []


def _written_quotes(name: str) -> set[str]:
    data = _yaml(ROOT / name / RULES_FILE)
    return {fold(words) for words in _values(data, "nguyen_van")}


@pytest.mark.parametrize("name", IDS)
def test_every_quote_of_the_file_stands_in_a_stored_text(name: str) -> None:
    texts = [fold(path.read_text("utf-8")) for path in (ROOT / name / "nguon").iterdir()]
    assert [words for words in _written_quotes(name) if not any(words in text for text in texts)] == []


def _values(data: Any, key: str) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _values(item, key)
    elif isinstance(data, dict):
        for name, item in data.items():
            if name == key:
                yield item
            else:
                yield from _values(item, key)


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_stored_file_is_composed_unicode(path: Path) -> None:
    assert is_normalized("NFC", path.read_text("utf-8"))


@pytest.mark.parametrize("name", IDS)
def test_every_document_is_stored(name: str) -> None:
    rules = cchc.load(name)
    stored = {document.stored for document in rules.documents}
    beside = {path.relative_to(ROOT / name).as_posix() for path in (ROOT / name / "nguon").iterdir()}
    assert stored == beside


@pytest.mark.parametrize("name", IDS)
def test_every_line_cites_a_declared_document(name: str) -> None:
    rules = cchc.load(name)
    declared = {document.id for document in rules.documents}
    assert {criterion.citation.document for criterion in rules.walk()} <= declared
    assert [leaf.code for leaf in _leaves(rules) if not leaf.citation.place] == []


def _rows(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row
        yield from _rows(row.get("gom", []))


@pytest.mark.parametrize("name", [name for name in IDS if name not in SAMPLES])
def test_every_line_of_a_real_decision_says_its_own_place(name: str) -> None:
    data = _yaml(ROOT / name / RULES_FILE)
    rows = [row for key in ("tieu_chi", "thuong", "phat") for row in _rows(data.get(key, []))]
    assert [row["ma"] for row in rows if not row.get("nguon")] == []


@pytest.mark.parametrize("name", [name for name in IDS if name not in SAMPLES])
def test_real_decisions_are_not_samples(name: str) -> None:
    rules = cchc.load(name)
    assert not rules.is_sample
    assert all(document.kind is not DocumentKind.SAMPLE for document in rules.documents)
    assert "không phải văn bản pháp luật" not in rules.title.casefold()


# ---- worked cases ----------------------------------------------------------------------------------------------------


@cache
def _outcomes(name: str) -> tuple[Outcome, ...]:
    return run_cases(cchc.load(name), ROOT / name / CASES_FILE)


CASES = [
    pytest.param(name, number, id=f"{name}/{outcome.name}")
    for name in IDS
    for number, outcome in enumerate(_outcomes(name))
]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_worked_case(name: str, number: int) -> None:
    assert [str(difference) for difference in _outcomes(name)[number].differences] == []


@pytest.mark.parametrize("name", IDS)
def test_every_case_of_the_file_is_run(name: str) -> None:
    data = _yaml(ROOT / name / CASES_FILE)
    alone = sum(len(group["truong_hop"]) for group in data.get("tieu_chi", []))
    assert len(_outcomes(name)) == alone + len(data.get("ban_khai", [])) > 0


@pytest.mark.parametrize("name", IDS)
def test_every_case_says_where_it_comes_from(name: str) -> None:
    data = _yaml(ROOT / name / CASES_FILE)
    groups = [*data.get("tieu_chi", []), *data.get("ban_khai", [])]
    assert all(group["nguon_goc"].strip() for group in groups)


@pytest.mark.parametrize("name", [TT01, DONG_NAI, SAMPLE])
def test_every_leaf_has_a_case(name: str) -> None:
    data = _yaml(ROOT / name / CASES_FILE)
    alone = {group["ma"] for group in data["tieu_chi"]}
    whole = {str(code) for case in data["ban_khai"] for code in case.get("diem", {})}
    assert {leaf.code for leaf in _leaves(cchc.load(name))} <= alone | whole


# ---- teaching samples say so everywhere ------------------------------------------------------------------------------


@cache
def _sample_cards() -> tuple[Card, ...]:
    rules = cchc.load(SAMPLE)
    files = sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))
    return tuple(cchc.score(rules, cchc.read_submission(file)) for file in files)


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_named_a_sample(name: str) -> None:
    rules = cchc.load(name)
    assert "MẪU" in rules.title
    assert rules.is_sample
    assert rules.scope is Scope.SAMPLE
    assert {document.kind for document in rules.documents} == {DocumentKind.SAMPLE}


@pytest.mark.parametrize(("lang", "words"), [("vi", "KHÔNG PHẢI VĂN BẢN PHÁP LUẬT"), ("en", "NOT LAW")])
def test_every_print_of_a_sample_says_so(lang: Lang, words: str) -> None:
    rules, card = cchc.load(SAMPLE), _sample_cards()[0]
    prints = [
        tables.sheet(card, lang),
        annexes.annex(rules, lang),
        tables.ranking(cchc.rank(rules, _sample_cards()), lang),
    ]
    for printed in prints:
        assert words in rendered(printed, 120)
    assert {"vi": "không phải văn bản pháp luật", "en": "not law"}[lang] in rendered(
        annexes.catalogue([rules], lang), 200
    )


def test_json_of_a_sample_says_so() -> None:
    plain = json.loads(cchc.to_json(_sample_cards()[0]))
    assert plain["scope"] == "mau"
    assert "MẪU" in plain["title"]
    assert plain["documents"][0]["kind"] == "mau"


def test_print_of_a_real_decision_does_not_say_sample() -> None:
    card = cchc.score(cchc.load(DONG_NAI), _dong_nai(5, 5))
    assert "MẪU" not in rendered(tables.sheet(card, "vi"), 120)
    assert json.loads(cchc.to_json(card))["scope"] == "trich"
    assert not card.is_sample


# ---- Thông tư 01/2018/TT-VPCP ----------------------------------------------------------------------------------------

QUARTER = EXAMPLES / "mot-cua-xa"


@cache
def _quarter() -> Card:
    return cchc.score(cchc.load(TT01), cchc.read_submission(QUARTER / "ban-khai.yaml"))


def _with(**figures: Any) -> cchc.Submission:
    """The example unit with some figures changed."""
    unit = cchc.read_submission(QUARTER / "ban-khai.yaml")
    return cchc.Submission("Thử", {**unit.figures, **figures}, mark=",")


def test_circular_has_nine_indicators_of_two_points() -> None:
    rules = cchc.load(TT01)
    assert [criterion.code for criterion in rules.criteria] == list("123456789")
    assert {criterion.max_points for criterion in rules.criteria} == {2}
    assert rules.scope is Scope.WHOLE
    assert rules.max_points is NOT_STATED


def _marks(scale: GradeScale) -> list[tuple[str, Fraction | None, Fraction | None]]:
    return [(grade.name, grade.interval.low, grade.interval.high) for grade in scale.grades]


def test_circular_has_both_grade_scales() -> None:
    organisation, person = cchc.load(TT01).scales
    assert _marks(organisation) == [
        ("xuất sắc", 15, None),
        ("tốt", 12, 15),
        ("khá", 9, 12),
        ("trung bình", 6, 9),
        ("yếu", None, 6),
    ]
    assert _marks(person) == [
        ("hoàn thành 100% nhiệm vụ", 5, None),
        ("hoàn thành từ 70% đến dưới 100% nhiệm vụ", Fraction(7, 2), 5),
        ("hoàn thành dưới 70% nhiệm vụ", None, Fraction(7, 2)),
    ]
    for scale in (organisation, person):
        closed = [(grade.interval.low_closed, grade.interval.high_closed) for grade in scale.grades]
        assert closed == [(True, False)] * (len(closed) - 1) + [(False, False)]


LATE = {
    "thoi_gian_giai_quyet": 6,
    "thoi_gian_quy_dinh": 5,
    "thoi_gian_don_vi": 1,
    "thoi_han_don_vi": 2,
    "so_lan_lien_he": 0,
    "do_loi_nguoi_nop": "không",
    "so_co_quan": 0,
    "gom_mot_cua": "không",
    "so_co_quan_thuc_dia": 0,
    "phan_anh_thai_do": 0,
    "phan_anh_sai": 0,
}


@pytest.mark.parametrize(
    ("code", "figures", "hole"),
    [
        ("7", {"ho_so": [LATE]}, "trả kết quả muộn mà không có phản ánh"),
        (
            "9",
            {"tthc_truc_tuyen": 10, "tthc_du_yeu_cau": 100, "ho_so_truc_tuyen": 200, "tong_ho_so": 500},
            "từ 30% trở lên mà thủ tục trực tuyến dưới 20%",
        ),
    ],
)
def test_hole_of_the_circular_stays_a_hole(code: str, figures: dict[str, Any], hole: str) -> None:
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        cchc.score(cchc.load(TT01), _with(**figures))
    (fault,) = caught.value.faults
    assert fault.path[0] == code
    assert hole in str(caught.value)
    assert f"Điều 13 khoản {code}" in str(caught.value)


def test_all_complaints_in_time_take_the_higher_level_and_say_so() -> None:
    card = cchc.score(cchc.load(TT01), _with(phan_anh=20, phan_anh_dung_han=20))
    assert card["8"].points == 2
    notes = [note for note in card["8"].notes if note.kind is NoteKind.READING]
    assert ["lấy mức cao hơn" in note.text for note in notes] == [True]
    assert not [note for note in _quarter()["8"].notes if note.kind is NoteKind.READING]


def test_dossier_tables_are_the_same_bytes() -> None:
    shipped = ROOT / TT01 / "vi-du" / "ho-so-500.csv"
    assert (QUARTER / "ho-so.csv").read_bytes() == shipped.read_bytes()


def _level(spent: str, allowed: str) -> int:
    one, other = (Decimal(text.replace(",", ".")) for text in (spent, allowed))
    return 2 if one < other else 1 if one == other else 0


def _dossier_points(row: dict[str, str]) -> dict[str, int]:
    """Điều 13 khoản 1, 2, 3, 4, 7 for one dossier, written again from the text of the circular."""
    offices, on_site = int(row["so_co_quan"]), int(row["so_co_quan_thuc_dia"])
    contacts = int(row["so_lan_lien_he"])
    complaints = int(row["phan_anh_thai_do"]) - int(row["phan_anh_sai"])
    overall = _level(row["thoi_gian_giai_quyet"], row["thoi_gian_quy_dinh"])
    assert not (contacts > 1 and row["do_loi_nguoi_nop"] == "có")
    assert not (offices == 1 and row["gom_mot_cua"] == "không")
    return {
        "1": overall,
        "2": _level(row["thoi_gian_don_vi"], row["thoi_han_don_vi"]),
        "3": max(0, 2 - contacts),
        "4": 2 if not offices else 1 if offices - on_site == 1 else 0,
        "7": 0 if complaints else overall,
    }


def test_tallies_of_500_dossiers_are_those_of_a_plain_count() -> None:
    with (QUARTER / "ho-so.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [_dossier_points(row) for row in csv.DictReader(stream, delimiter=";")]
    assert len(rows) == 500
    for code in "12347":
        counted = Counter(row[code] for row in rows)
        trace = _quarter()[code].trace
        assert isinstance(trace, AverageTrace)
        found: Counter[Fraction] = Counter()
        for tally in trace.tallies:
            found[tally.points] += tally.count
        assert found == counted
        mean = Decimal(sum(row[code] for row in rows)) / 500
        assert _quarter()[code].points == Fraction(mean.quantize(Decimal("0.1"), "ROUND_HALF_UP"))


def test_quarter_of_the_example_office() -> None:
    card = _quarter()
    assert card.points == Fraction("14.6")
    assert isinstance(card.grade, type(cchc.load(TT01).scales[0].grades[0]))
    assert card.grade.name == "tốt"
    assert card.max_points == 18


def test_person_is_assessed_on_five_indicators() -> None:
    card = cchc.score(cchc.load(TT01), _with(doi_tuong="ca_nhan"))
    assert [line.code for line in card.lines if line.exempted is None] == list("12347")
    assert card.max_points == 10
    assert card.points == Fraction("8.6")


# ---- Đồng Nai --------------------------------------------------------------------------------------------------------


def _dong_nai(done: int, planned: int) -> cchc.Submission:
    yes = {"bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    return cchc.Submission("Xã A", {"da_xong": done, "de_ra": planned, **yes})


@pytest.mark.parametrize(
    ("done", "planned", "points"),
    [(20, 20, Fraction(1)), (19, 20, Fraction(19, 20)), (18, 20, Fraction(9, 10)), (17, 20, Fraction(0))],
)
def test_dong_nai_plan(done: int, planned: int, points: Fraction) -> None:
    assert cchc.score(cchc.load(DONG_NAI), _dong_nai(done, planned))["4.1"].points == points


def test_dong_nai_contradicts_its_own_example_and_says_so() -> None:
    line = cchc.score(cchc.load(DONG_NAI), _dong_nai(4, 5))["4.1"]
    assert line.points == 0
    (note,) = line.notes
    assert note.kind is NoteKind.CONTRADICTION
    assert "4/5*1= 0,8 điểm" in note.text
    assert cchc.score(cchc.load(DONG_NAI), _dong_nai(19, 20))["4.1"].notes == ()


# ---- the ministries' table of 2023 -----------------------------------------------------------------------------------


def _printed_ministries() -> list[tuple[int, str, Fraction]]:
    text = (ROOT / MINISTRIES / "nguon" / "BXH2023.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| [\d.]+ \| [\d.]+ \| [\d.]+ \| ([\d.]+) \|$", text, re.MULTILINE)
    return [(int(place), name, Fraction(index)) for place, name, index in rows]


@cache
def _ministries() -> tuple[cchc.Rank, ...]:
    rules = cchc.load(MINISTRIES)
    units = cchc.read_submissions(EXAMPLES / "bo-2023" / "cac-bo.csv")
    return cchc.rank(rules, [cchc.score(rules, unit) for unit in units])


def test_seventeen_ministries_in_the_printed_order() -> None:
    printed = _printed_ministries()
    assert len(printed) == 17
    assert [(rank.place, rank.card.unit) for rank in _ministries()] == [(place, name) for place, name, _ in printed]


def test_ministries_differ_from_print_by_a_hundredth_at_most() -> None:
    off = 0
    for rank, (_, _, index) in zip(_ministries(), _printed_ministries(), strict=True):
        assert rank.card.index is not NOT_STATED
        difference = abs(rank.card.index * 100 - index)
        assert difference in (0, Fraction("0.01"))
        off += difference != 0
    assert off == 9


def test_groups_of_the_ministries() -> None:
    names = Counter(tables.grade_name(rank.card, "vi") for rank in _ministries())
    assert names == {"Nhóm B": 14, "Nhóm C": 3}


# ---- the teaching sample ---------------------------------------------------------------------------------------------


def _rules_in(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in parts_of(rule):
        yield from _rules_in(part)


def test_sample_uses_every_rule_of_the_algebra() -> None:
    rules = [c.rule for c in cchc.load(SAMPLE).walk() if c.rule is not NOT_STATED]
    used = {type(inner) for rule in rules for inner in _rules_in(rule)}
    assert used == {Piecewise, Table, Sum, Switch, Average, Awarded}


def test_sample_uses_every_shape_of_the_files() -> None:
    shapes = {
        get_args(shape.model_fields["cham"].annotation)[0] for shape in SHAPES if shape not in (Unsaid, NeedsPerson)
    }
    written = set(_values(_yaml(ROOT / SAMPLE / RULES_FILE), "cham"))
    assert written == shapes
    assert len(shapes) == 9


def test_size_of_the_sample() -> None:
    rules = cchc.load(SAMPLE)
    in_tree = [leaf for area in rules.criteria for leaf in area.walk() if not leaf.children]
    assert len(rules.criteria) == 8
    assert 58 <= len(in_tree) <= 62
    assert rules.max_points == 100
    assert sum(leaf.max_points for leaf in in_tree if leaf.max_points is not NOT_STATED) == 100


def test_twenty_sample_units_score_and_rank() -> None:
    rules, cards = cchc.load(SAMPLE), _sample_cards()
    assert len(cards) == 20
    ranks = cchc.rank(rules, cards)
    assert {rank.card.unit for rank in ranks} == {card.unit for card in cards}
    indexes = [rank.card.index for rank in ranks if rank.place]
    assert indexes == sorted(indexes, key=Fraction, reverse=True)  # type: ignore[arg-type]
    assert [rank.place for rank in ranks].count(None) == 1
    assert {tables.grade_name(card, "vi") for card in cards} == {"Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu"}


def test_finding_is_a_plain_value() -> None:
    """What `check` finds on a set with a broken quote, in the words people read."""
    rules = cchc.load(DONG_NAI)
    found = check_structure(rules, {"HD244": ""})
    assert all(isinstance(finding, Finding) for finding in found)
    assert {finding.code for finding in found} == {"khong-thay-nguyen-van"}
    assert {finding.criterion for finding in found} == {"4.1", "4.2"}
