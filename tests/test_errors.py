"""Errors: where, what was found, what was expected, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.errors import Fault, Path, Text, did_you_mean, nearest_place, place_said, short, spot

THIN = Text("thiếu", "missing")
STEPS = st.lists(st.text(min_size=1, max_size=3) | st.integers(0, 9), max_size=4).map(tuple)


def test_a_text_is_said_in_either_language() -> None:
    assert (THIN.said("vi"), THIN.said("en"), str(THIN)) == ("thiếu", "missing", "thiếu")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("so_lieu", "a"), "so_lieu.a"),
        (("ho_so", 0, "x"), "ho_so[1].x"),
        ((2,), "[3]"),
        (("a" * 70,), "a" * 60 + "…"),
    ],
)
def test_paths_as_people_count(path: Path, expected: str) -> None:
    assert spot(path) == expected


def test_a_fault_says_where_what_and_a_hint() -> None:
    fault = Fault(THIN, ("a",), "xa.yaml:3", Text("ý khác", "another"))
    assert (fault.said(), fault.said("en")) == ("xa.yaml:3: a: thiếu (ý khác)", "xa.yaml:3: a: missing (another)")
    assert Fault(THIN).said() == "thiếu"
    assert fault.under("so_lieu", 0).path == ("so_lieu", 0, "a")


@given(STEPS, STEPS)
def test_a_place_is_that_of_the_nearest_enclosing_path(path: Path, other: Path) -> None:
    places = {(): "f:1", other: "f:9"}
    inside = path[: len(other)] == other
    assert nearest_place(places, path) == ("f:9" if inside else "f:1")
    assert nearest_place({}, path) == ""
    located = Fault(THIN, path).located(places)
    assert located.place == nearest_place(places, path)
    assert located.located({(): "khác:1"}) == located


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("a.docx, bảng 1, dòng 3, ô 2", "a.docx, table 1, row 3, cell 2"),
        ("a.xlsx, Trang 'Tự chấm', ô F12", "a.xlsx, sheet 'Tự chấm', cell F12"),
        ("a.xlsx, trang 'x, dòng 3', dòng 4", "a.xlsx, sheet 'x, dòng 3', row 4"),
        ("a.pdf, trang 2, bảng 1", "a.pdf, page 2, table 1"),
        ("a.csv, dòng 2, cột 3", "a.csv, row 2, column 3"),
        ("a.md, đoạn 2", "a.md, paragraph 2"),
        ("xã a.yaml:3", "xã a.yaml:3"),
        ("", ""),
    ],
)
def test_a_place_is_named_in_either_language(place: str, said: str) -> None:
    assert (place_said(place, "vi"), place_said(place, "en")) == (place, said)
    assert Fault(Text("sai", "wrong"), place=place).said("en").startswith(said)


def test_short_cuts_what_is_long() -> None:
    assert short("a" * 60) == "a" * 60
    assert short("a" * 61) == "a" * 60 + "…"


def test_did_you_mean() -> None:
    hint = did_you_mean("diem_toida", ["ten", "diem_toi_da"])
    assert hint == Text("ý bạn là «diem_toi_da»?", "did you mean «diem_toi_da»?")
    assert did_you_mean("xyz", ["ten", "diem_toi_da"]) is None
    assert did_you_mean("ten", []) is None


def test_the_guess_looks_past_capitals_accents_and_spaces() -> None:
    assert did_you_mean("Đ Ư", ["d_u"]) == Text("ý bạn là «d_u»?", "did you mean «d_u»?")


@given(st.permutations(["aab", "aac", "aad"]))
def test_the_guess_does_not_depend_on_the_order_of_what_is_known(known: list[str]) -> None:
    assert did_you_mean("aae", known) == did_you_mean("aae", sorted(known))


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_a_report_shows_a_hundred_faults_and_counts_the_rest(count: int) -> None:
    error = cchc.BadRuleset(Fault(THIN, (str(number),)) for number in range(count))
    assert len(error.faults) == count
    lines = str(error).split("\n")
    assert lines[0] == "Bộ tiêu chí không hợp lệ:"
    assert len(lines) == min(count, 100) + 1 + (count > 100)
    if count > 100:
        assert lines[-1] == f"- và còn {count - 100} lỗi nữa"
        assert error.report("en").split("\n")[-1] == f"- and {count - 100} more"


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        (cchc.CchcError, "Lỗi", "Error"),
        (cchc.BadRuleset, "Bộ tiêu chí không hợp lệ", "The ruleset is not valid"),
        (cchc.BadSubmission, "Bản khai không hợp lệ", "The submission is not valid"),
        (cchc.UnknownRuleset, "Không tìm thấy bộ tiêu chí", "No such ruleset"),
        (cchc.UndefinedByDecision, "Văn bản không quy định", "The decision does not say"),
    ],
)
def test_each_error_has_its_title(kind: type[cchc.CchcError], vi: str, en: str) -> None:
    error = kind([Fault(THIN)])
    assert (str(error), error.report("en")) == (f"{vi}:\n- thiếu", f"{en}:\n- missing")
    assert isinstance(error, ValueError)
    assert issubclass(kind, cchc.CchcError)


def test_missing_facts_hold_what_is_missing() -> None:
    missing: dict[str, tuple[str, ...]] = {"a": ("1", "2")}
    error = cchc.MissingFacts([Fault(THIN)], missing)
    assert error.missing == missing
    missing["b"] = ("3",)
    assert error.missing == {"a": ("1", "2")}
    assert error.report("en") == "Figures are missing:\n- missing"
