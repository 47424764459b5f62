"""The kit for others' rulesets: submissions that fit any ruleset, figures near its thresholds, the pytest plugin."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.checking.lint import lint
from cchc_index.checking.structure import Finding, Severity
from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import BadRuleset, UndefinedByDecision
from cchc_index.figures import read_figures
from cchc_index.files.catalogue import folder_of
from cchc_index.files.raising import Place, raised
from cchc_index.files.starting import start
from cchc_index.measures import Linear, ratio
from cchc_index.rules import Average, Awarded, Piecewise, Rule, Sum, Switch, Table, Term
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED
from cchc_index.testing import checks, strategies
from cchc_index.testing.checks import CHECKS, Known, given_by, known
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_rule
from cchc_index.testing.reference.rules import value_of
from cchc_index.testing.sound import SHAPES
from cchc_index.testing.thresholds import Side, Threshold, near, near_unit, sides_of, thresholds_of
from cchc_index.testing.units import awards_of, make_figures, make_unit

SEEDS = st.integers(0, 2**64).map(Random)
ANY = strategies.rulesets() | strategies.sound_rulesets()


# ---- submissions for any ruleset -------------------------------------------------------------------------------------


@given(ANY, SEEDS)
def test_a_made_unit_is_valid(rules: Ruleset, r: Random) -> None:
    """Every figure is read, none is missing; points above a maximum are the fault of the ruleset."""
    unit = make_unit(r, rules)
    read_figures(rules.facts_by_name, unit)
    try:
        card = cchc.score(rules, unit)
    except (UndefinedByDecision, BadRuleset) as error:
        assert error.faults  # noqa: PT017 - either is a word about the ruleset, not about the unit
    else:
        assert {line.code for line in card.walk()} == set(rules.by_code)


def test_awarded_points_keep_to_every_rule_that_looks_at_them() -> None:
    """Quarters up to three here, halves up to two there: halves up to two."""
    one = Awarded("g", Fraction(0), Fraction(3), Fraction(1, 4))
    other = Awarded("g", Fraction(0), Fraction(2), Fraction(1, 2))
    rules = with_rule(Sum((Term(one), Term(other))))
    assert awards_of(rules) == {"g": [Fraction(n, 2) for n in range(5)]}
    never = with_rule(Sum((Term(one), Term(Awarded("g", Fraction(4), Fraction(5), Fraction(1))))))
    assert awards_of(never)["g"][-1] == 5


@given(ANY, SEEDS)
def test_a_made_unit_is_the_same_from_the_same_seed(rules: Ruleset, r: Random) -> None:
    seed = r.randrange(1000)
    assert make_figures(Random(seed), rules) == make_figures(Random(seed), rules)


@pytest.mark.parametrize("name", cchc.rulesets())
def test_made_units_are_scored_by_shipped_sets(name: str) -> None:
    rules = cchc.load(name)
    for seed in range(5):
        try:
            cchc.score(rules, make_unit(Random(seed), rules))
        except UndefinedByDecision:
            continue


# ---- near thresholds -------------------------------------------------------------------------------------------------


def value_at(rules: Ruleset, threshold: Threshold, unit: cchc.Submission) -> Fraction | None:
    """What the measure of a threshold comes to, by the reference; in the first record where it looks at records."""
    given_ = given_by(rules, unit)
    if threshold.records:
        given_ |= given_[threshold.records][0]
    return value_of(threshold.measure, given_)


def stands(value: Fraction, end: Fraction, side: Side) -> bool:
    return {Side.ON: value == end, Side.UNDER: value < end, Side.OVER: value > end}[side]


@given(ANY, SEEDS)
@settings(max_examples=40)
def test_figures_near_a_threshold_stand_on_the_side_they_say(rules: Ruleset, r: Random) -> None:
    for threshold, side in list(sides_of(rules))[:12]:
        found = near(rules, threshold, side)
        if found is not None:
            unit = near_unit(r, rules, found)
            value = value_at(rules, threshold, unit)
            assert value is not None
            assert stands(value, threshold.end, side)


def test_every_side_that_figures_come_to_is_found() -> None:
    """Nine of ten, just less, just more; and of a share of a whole nothing over one."""
    rules = cchc.load("dong-nai/cap-xa/2022")
    found = {(one.end, side): near(rules, one, side) for one, side in sides_of(rules)}
    assert found == {
        (Fraction(1), Side.ON): {"de_ra": 1, "da_xong": 1},
        (Fraction(1), Side.UNDER): {"de_ra": 100, "da_xong": 99},
        (Fraction(1), Side.OVER): None,
        (Fraction(9, 10), Side.ON): {"de_ra": 10, "da_xong": 9},
        (Fraction(9, 10), Side.UNDER): found[Fraction(9, 10), Side.UNDER],
        (Fraction(9, 10), Side.OVER): found[Fraction(9, 10), Side.OVER],
    }
    for side, low, high in (
        (Side.UNDER, Fraction(89, 100), Fraction(9, 10)),
        (Side.OVER, Fraction(9, 10), Fraction(91, 100)),
    ):
        figures = found[Fraction(9, 10), side]
        assert figures
        assert low <= Fraction(figures["da_xong"], figures["de_ra"]) <= high


def test_thresholds_are_those_of_bands_conditions_and_records() -> None:
    rules = cchc.load("vpcp/mot-cua/tt-01-2018")
    seen = list(thresholds_of(rules))
    assert len(seen) == len(set(seen)) > 10
    assert {one.records for one in seen} == {"", "ho_so"}
    assert any(isinstance(one.measure, Linear) for one in seen)
    assert ratio("ho_so_truc_tuyen", "tong_ho_so") in {one.measure for one in seen}


def test_a_ruleset_without_thresholds_has_none_near() -> None:
    rules = with_rule(Awarded("g", Fraction(0), Fraction(2)))
    assert list(thresholds_of(rules)) == []
    assert strategies.near_thresholds(rules).is_empty
    assert not strategies.submissions(rules).is_empty


@given(st.data())
@settings(max_examples=30)
def test_what_the_strategy_draws_near_thresholds_is_valid(data: st.DataObject) -> None:
    rules = cchc.load("dong-nai/cap-xa/2022")
    unit = data.draw(strategies.submissions(rules))
    assert set(read_figures(rules.facts_by_name, unit)) == set(rules.facts_by_name)
    near_ = data.draw(strategies.near_thresholds(rules))
    assert near_.figures["da_xong"] <= near_.figures["de_ra"]


# ---- strategies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cham", sorted(SHAPES))
@given(data=st.data())
@settings(max_examples=15)
def test_a_criterion_of_a_shape_is_sound_and_written_in_that_shape(cham: str, data: st.DataObject) -> None:
    criterion: Criterion = data.draw(strategies.criteria_of_shape(cham))
    rules = evolve(with_rule(Awarded("g")), criteria=(criterion,), facts=())
    assert [found for found in lint(rules) if found.severity is Severity.ERROR] == []
    assert criterion.rule is not NOT_STATED
    facts = {fact.name: fact for fact in criterion.facts}
    written = raised(criterion.rule, Place(facts, CITATION))["cham"]
    alike = {"khao_sat": {"bac_thang", "khao_sat"}, "muc": {"muc", "theo"}, "bac_thang": {"bac_thang", "theo", "muc"}}
    assert written in alike.get(cham, {cham})


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [
        (strategies.piecewises, Piecewise),
        (strategies.tables, Table),
        (strategies.sums, Sum),
        (strategies.switches, Switch),
        (strategies.averages, Average),
        (strategies.awards, Awarded),
    ],
)
@given(data=st.data())
@settings(max_examples=10)
def test_each_of_the_six_has_its_strategy(
    strategy: Callable[[], st.SearchStrategy[Rule]], kind: type, data: st.DataObject
) -> None:
    assert isinstance(data.draw(strategy()), kind)


def test_the_kit_gives_each_of_its_names() -> None:
    import cchc_index.testing as kit

    assert all(callable(getattr(kit, name)) for name in kit.__all__)
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = kit.nothing_like_this


# ---- the checks ------------------------------------------------------------------------------------------------------

RULES = """\
bo_tieu_chi: thu/cap-xa
phien_ban: "2026"
ten: Bộ mẫu (bịa)
pham_vi: mau
cap: xã
ap_dung: {tu_ngay: 2026-01-01, den_ngay: 2026-12-31}
van_ban:
  VB: {so_hieu: BỊA, ngay: khong_quy_dinh, co_quan: X, trich_yeu: Y, ban_luu: nguon/VB.md, dia_chi: bịa, loai: mau}
diem_toi_da: 1
chi_so: khong_quy_dinh
lam_tron: khong_quy_dinh
xep_loai: khong_quy_dinh
xep_hang: khong_quy_dinh
tieu_chi:
- ma: "1"
  ten: Hoàn thành
  diem_toi_da: 1
  nguon: VB, dòng 1
  so_lieu: {xong: {ten: số xong, trong: viec}, viec: số việc}
  cham: bac_thang
  ti_so: [xong, viec]
  mau_so_bang_0: {diem: 1, nguyen_van: "Không có nhiệm vụ: 1 điểm", da_doi_chieu: "số việc bằng 0; người thử"}
  bac:
  - {tu: 80%, diem: 1, nguyen_van: "Từ 80% trở lên: 1 điểm"}
  - {duoi: 80%, diem: 0, nguyen_van: "Dưới 80%: 0 điểm"}
"""
SOURCE = "Từ 80% trở lên: 1 điểm. Dưới 80%: 0 điểm. Không có nhiệm vụ: 1 điểm"
CASES = """\
bo_tieu_chi: thu/cap-xa
phien_ban: "2026"
tieu_chi:
- ma: "1"
  nguon_goc: tính tay
  truong_hop:
  - {so_lieu: {xong: 8, viec: 10}, diem: 1}
  - {so_lieu: {xong: 7, viec: 10}, diem: 0}
"""


def folder_with(root: Path, rules: str = RULES, source: str = SOURCE, cases: str = CASES) -> Path:
    folder = root / "thu/cap-xa/2026"
    (folder / "nguon").mkdir(parents=True)
    (folder / "bo-tieu-chi.yaml").write_text(rules, "utf-8")
    (folder / "nguon/VB.md").write_text(source, "utf-8")
    (folder / "vi-du.yaml").write_text(cases, "utf-8")
    return folder


def found_in(given_: Known) -> dict[str, list[Finding]]:
    return {name: found for name, check in CHECKS.items() if (found := list(check(given_)))}


def test_a_sound_folder_passes_every_check(tmp_path: Path) -> None:
    assert found_in(known(folder_with(tmp_path))) == {}


@pytest.mark.parametrize("name", cchc.rulesets())
def test_every_shipped_set_passes_every_check(name: str) -> None:
    """Also near each threshold, against the reference, in any order."""
    assert found_in(Known(folder_of(name), cchc.load(name), 10)) == {}


@pytest.mark.parametrize(
    ("old", "new", "check", "place", "words"),
    [
        ("duoi: 80%", "duoi: 70%", "lint", "bo-tieu-chi.yaml:15", "không thuộc bậc"),
        ("tu: 80%", "tu: 85%", "cau", "bo-tieu-chi.yaml:15", "câu nói «từ 80% trở lên», quy tắc «từ 85% trở lên»"),
        (
            "Dưới 80%: 0 điểm",
            "Dưới 80%: 0 điểm ạ",
            "nguyen-van",
            "bo-tieu-chi.yaml:15",
            "không tìm thấy «Dưới 80%:",
        ),
        ("Hoàn thành", '"ĐIỀN: tên"', "cho-dien", "bo-tieu-chi.yaml:16", "còn chỗ phải điền: tên"),
        ('diem: 1, nguyen_van: "Từ', 'diem: 2, nguyen_van: "Từ', "cham", "", "BadRuleset"),
        ('diem: 1, nguyen_van: "Từ', 'diem: 2, nguyen_van: "Từ', "nguong", "bo-tieu-chi.yaml:15", "BadRuleset"),
    ],
)
def test_each_mistake_is_told_by_its_check(
    tmp_path: Path, old: str, new: str, check: str, place: str, words: str
) -> None:
    assert old in RULES
    found = found_in(known(folder_with(tmp_path, RULES.replace(old, new))))[check]
    assert any(words in one.message.vi and one.place.startswith(place) for one in found), found


def broken(monkeypatch: pytest.MonkeyPatch, name: str, found: object) -> None:
    monkeypatch.setattr(checks, name, found)


def test_a_broken_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two points of one on every card: the reference, the parts, the limits and the compiled totals all say so."""
    real = cchc.score

    def more(rules: Ruleset, unit: cchc.Submission) -> Card:
        card = real(rules, unit)
        lines = tuple(evolve(line, points=Fraction(2)) for line in card.lines)
        return evolve(card, points=Fraction(2), lines=lines)

    monkeypatch.setattr(checks, "score", more)
    found = found_in(known(folder_with(tmp_path), 5))
    assert {"can", "khoang", "tham-chieu", "bien-dich"} == set(found)
    assert found["can"][0].message.vi.startswith("điểm vượt cận")
    assert found["can"][0].witness
    assert found["can"][0].place.startswith("bo-tieu-chi.yaml:15")


def test_a_crash_is_told_with_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(rules: Ruleset, unit: cchc.Submission) -> Card:
        if unit.figures["viec"] == 0:
            raise ZeroDivisionError("boom")
        return cchc.score(rules, unit)

    given_ = known(folder_with(tmp_path), 200)
    assert any(unit.figures["viec"] == 0 for unit in given_.units)
    monkeypatch.setattr(checks, "score", crash)
    found = list(checks.unit_findings(given_))
    assert found
    assert "ZeroDivisionError: boom" in found[0].message.vi
    assert ("viec",) in [one.path for one in found[0].witness.figures]  # type: ignore[union-attr]


def test_what_depends_on_the_order_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def last(rules: Ruleset, unit: cchc.Submission) -> Card:
        return evolve(cchc.score(rules, unit), points=Fraction(unit.figures[next(iter(unit.figures))]))

    monkeypatch.setattr(checks, "score", last)
    assert [one.code for one in checks.order_findings(known(folder_with(tmp_path), 20))][:1] == ["theo-thu-tu"]


def test_a_ruleset_that_is_written_differently_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = known(folder_with(tmp_path))
    assert list(checks.written_findings(given_)) == []
    monkeypatch.setattr(checks, "dump", lambda rules: cchc.dump(evolve(rules, title="khác")))
    assert [one.code for one in checks.written_findings(given_)] == ["viet-lai-khac"]


def test_points_that_are_not_the_sum_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = Known(folder_of("dong-nai/cap-xa/2022"), cchc.load("dong-nai/cap-xa/2022"), 5)
    assert list(checks.sum_findings(given_)) == []
    real = cchc.score

    def off(rules: Ruleset, unit: cchc.Submission) -> Card:
        card = real(rules, unit)
        lines = tuple(evolve(line, points=Fraction(77)) if line.children else line for line in card.lines)
        return evolve(card, lines=lines)

    monkeypatch.setattr(checks, "score", off)
    other = evolve(given_)
    assert {one.code for one in checks.sum_findings(other)} == {"khong-bang-tong"}


# ---- the plugin ------------------------------------------------------------------------------------------------------

PLUGIN = ("-p", "no:cchc", "-p", "cchc_index.testing.plugin", "-p", "no:cacheprovider", "-q")


def run(folder: Path, *words: str) -> tuple[int, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", *PLUGIN, *words],
        cwd=folder,
        env=environment | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_a_sound_folder_passes_and_counts_its_cases(tmp_path: Path) -> None:
    folder_with(tmp_path / "bo")
    code, told = run(tmp_path, "--cchc-rulesets", "bo", "--cchc-examples", "5")
    assert (code, f"{1 + len(CHECKS) + 2} passed" in told) == (0, True), told


def test_mistakes_fail_in_both_languages_with_file_line_and_figures(tmp_path: Path) -> None:
    folder_with(
        tmp_path / "bo",
        RULES.replace("duoi: 80%", "duoi: 70%"),
        cases=CASES.replace("7, viec: 10}, diem: 0", "7, viec: 10}, diem: 1"),
    )
    folder_with(tmp_path / "hong", RULES.replace("cham: bac_thang", "chamm: bac_thang"))
    shutil.move(tmp_path / "hong/thu/cap-xa/2026", tmp_path / "bo/thu/cap-xa/2027")
    start("thu/cap-xa/2028", tmp_path / "bo", level="xã")
    code, told = run(tmp_path, "--cchc-rulesets", "bo", "--cchc-examples", "3")
    assert code == 1
    for words in (
        "thu/cap-xa/2026: lint",
        "bo-tieu-chi.yaml:15: 1: có số liệu không thuộc bậc, mức nào",
        "en: bo-tieu-chi.yaml:15: 1: ",
        "số liệu: viec = ",
        "vi-du.yaml:8 [1]: lỗi: Văn bản không quy định",
        "en: error: The decision does not say:",
        "thu/cap-xa/2027: doc",
        "bo-tieu-chi.yaml:20",
        "The ruleset is not valid",
        "thu/cap-xa/2028: cho-dien",
        "và còn 6 nữa / and 6 more",
    ):
        assert words in told, told


def test_cases_that_cannot_be_read_are_one_failure(tmp_path: Path) -> None:
    folder_with(tmp_path / "bo", cases=CASES.replace("truong_hop", "truong_hopp"))
    code, told = run(tmp_path, "--cchc-rulesets", "bo", "-k", "vi-du")
    assert (code, "1 failed" in told, "truong_hop" in told) == (1, True, True), told


def test_without_the_option_nothing_is_collected(tmp_path: Path) -> None:
    folder_with(tmp_path / "bo")
    (tmp_path / "test_x.py").write_text("def test_x(): pass\n", "utf-8")
    code, told = run(tmp_path)
    assert (code, "1 passed" in told) == (0, True), told


def test_own_tests_run_beside_the_rulesets_each_once(tmp_path: Path) -> None:
    folder_with(tmp_path / "bo")
    (tmp_path / "test_x.py").write_text("def test_x(): pass\n", "utf-8")
    code, told = run(tmp_path, "--cchc-rulesets", "bo", "--cchc-examples", "1", "test_x.py", "-n", "2")
    assert (code, f"{1 + 1 + len(CHECKS) + 2} passed" in told) == (0, True), told


@pytest.mark.parametrize("asked", ["khong-co", "rong"])
def test_a_folder_without_rulesets_is_refused(tmp_path: Path, asked: str) -> None:
    (tmp_path / "rong").mkdir()
    code, told = run(tmp_path, "--cchc-rulesets", asked)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "không có bo-tieu-chi.yaml nào" in told
    assert "Traceback" not in told


def test_the_plugin_alone_loads_nothing_of_the_library() -> None:
    script = (
        "import sys, cchc_index.testing.plugin\n"
        "print(sorted(n for n in sys.modules if n.startswith('cchc_index')), 'hypothesis' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    expected = ["cchc_index", "cchc_index.testing", "cchc_index.testing.plugin", "cchc_index.version"]
    assert done.stdout.strip() == f"{expected} False"
