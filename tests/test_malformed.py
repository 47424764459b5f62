"""One malformed file per mistake: the right error, at the right line, in words that help, in under a second.

The files lie in `malformed/rulesets` and `malformed/submissions`; `malformed/*.yaml` say what each message must hold.
Files that cannot be stored as text, or are too large to store, are made here.
"""

from collections.abc import Callable
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import pytest
import yaml

import cchc_index as cchc
from cchc_index.files.reading import stored_texts

HERE = Path(__file__).parent / "malformed"
BASE = HERE / "base.yaml"
RECORDS = HERE / "records-ruleset.yaml"
SHIPPED = "dong-nai/cap-xa/2022"
SECONDS = 1.0

RAW = (
    *("Traceback", "value_error", "type_error", "Input should", "pydantic", "_node", "Decimal"),
    *("while parsing", "while scanning", "expected <", "expected ',' or", "could not find", "did not find"),
    *("found character", "found unexpected", "not allowed", "unexpected end", "field larger", "field limit"),
)
"""Words of the parsers underneath, in English or about Python: none may reach a Vietnamese reader."""

ERRORS: dict[str, type[cchc.CchcError]] = {
    "BadRuleset": cchc.BadRuleset,
    "BadSubmission": cchc.BadSubmission,
    "MissingFacts": cchc.MissingFacts,
}


class Case(NamedTuple):
    """What the message about one malformed file must hold."""

    file: str
    place: str
    words: list[str]
    error: type[cchc.CchcError]
    ruleset: str


def _cases(kind: str, error: str) -> list[Case]:
    table: dict[str, dict[str, Any]] = yaml.safe_load((HERE / f"{kind}.yaml").read_text("utf-8"))
    return [
        Case(
            file,
            f"{row.get('tep', file)}:{row['dong']}:",
            row["chua"],
            ERRORS[row.get("loi", error)],
            str(RECORDS) if row.get("bo") == "ban-ghi" else SHIPPED,
        )
        for file, row in table.items()
    ]


RULESETS = _cases("rulesets", "BadRuleset")
SUBMISSIONS = _cases("submissions", "BadSubmission")

SEVERAL = {
    "khoa-sai-chinh-ta.yaml": "a misspelt key that is needed is also a missing key",
    "khoa-cham-sai.yaml": "a misspelt key that is needed is also a missing key",
    "khoa-co-dau.yaml": "a misspelt key that is needed is also a missing key",
    "trong-vong.yaml": "each of two figures that are part of each other",
    "thieu-lua-chon.yaml": "a rule that uses the options left out is wrong too",
    "phieu-thieu-lua-chon.yaml": "a rule that uses the options left out is wrong too",
    "thieu-truong.yaml": "a rule that uses the columns left out is wrong too",
    "khong-tieu-de.csv": "a row of figures taken for the headings repeats its cells",
    "thieu-hai-so-lieu.yaml": "two figures are missing, and each is named",
    "tep-ban-ghi-cot-la.yaml": "a misspelt column is unknown in each row",
    "cot-la.csv": "a misspelt column is unknown in each row",
}
"""Files in which one mistake may rightly give more than one fault, and why."""


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Imports and the shipped ruleset are paid for once, so that the time of each test is that of its file."""
    cchc.load(BASE)
    cchc.load(SHIPPED)
    cchc.read_submissions(HERE / "base-submission.yaml")


def _score_all(path: Path, ruleset: str) -> None:
    rules = cchc.load(ruleset)
    for unit in cchc.read_submissions(path):
        cchc.score(rules, unit)


def _error_of(act: Callable[[], object], expected: type[cchc.CchcError]) -> cchc.CchcError:
    """The error raised by `act`, of exactly this class, in time."""
    start = process_time()
    with pytest.raises(expected) as caught:
        act()
    assert process_time() - start < SECONDS
    assert type(caught.value) is expected
    return caught.value


def _check_words(error: cchc.CchcError, place: str, words: list[str]) -> None:
    report = error.report("vi")
    assert [word for word in words if word not in report] == [], report
    assert [word for word in RAW if word in report] == [], report
    assert place in report
    english = error.report("en")
    assert english.startswith(error.title.en)
    assert all(fault.said("en") for fault in error.faults)
    assert place in english


def _ruleset_error(case: Case) -> cchc.CchcError:
    return _error_of(lambda: cchc.load(HERE / "rulesets" / case.file), case.error)


def _submission_error(case: Case) -> cchc.CchcError:
    return _error_of(lambda: _score_all(HERE / "submissions" / case.file, case.ruleset), case.error)


def _named(case: Case) -> str:
    return case.file


# ---- the correct files: without them the broken ones prove nothing ---------------------------------------------------


def test_base_ruleset_scores() -> None:
    unit = cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20, "mang_xa_hoi": True})
    assert cchc.score(cchc.load(BASE), unit).points == Fraction(6, 5)


def test_records_ruleset_scores() -> None:
    unit = cchc.read_submission(HERE / "records-submission.yaml")
    card = cchc.score(cchc.load(RECORDS), unit)
    assert [line.points for line in card.lines] == [1, Fraction(17, 10), 2, 2, Fraction(3, 4), 1]
    assert card.points == Fraction("8.45")


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_base_submission_scores(suffix: str) -> None:
    (unit,) = cchc.read_submissions(HERE / f"base-submission.{suffix}")
    assert cchc.score(cchc.load(SHIPPED), unit).points == Fraction("1.45")


def test_base_table_scores() -> None:
    units = cchc.read_submissions(HERE / "base-submission.csv")
    rules = cchc.load(SHIPPED)
    assert [cchc.score(rules, unit).points for unit in units] == [Fraction("1.45"), Fraction("1.25"), 0]


def test_base_submission_scores_with_a_record_file(tmp_path: Path) -> None:
    text = (HERE / "submissions" / "tep-ban-ghi-lech-o.yaml").read_text("utf-8")
    (tmp_path / "u.yaml").write_text(text.replace("ban-ghi/lech-o.csv", "h.csv"), "utf-8")
    (tmp_path / "h.csv").write_text("so_ho_so;hen;tra;giay_to;giay_loi\nH1;30/11/2022;29/11/2022;5;0\n", "utf-8")
    unit = cchc.read_submission(tmp_path / "u.yaml")
    assert cchc.score(cchc.load(RECORDS), unit)["1"].points == 2


# ---- the tables and the folders agree --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "cases"), [("rulesets", RULESETS), ("submissions", SUBMISSIONS)])
def test_every_file_is_in_its_table(kind: str, cases: list[Case]) -> None:
    stored = {path.name for path in (HERE / kind).iterdir() if path.is_file()}
    assert {case.file for case in cases} == stored


NOT_AN_EDIT = ("tep-trong.yaml", "chi-co-chu-thich.yaml", "danh-sach-o-ngoai.yaml", "mot-chu-o-ngoai.yaml")
"""Files too broken to be a correct one with one edit."""


@pytest.mark.parametrize("case", [case for case in RULESETS if case.file not in NOT_AN_EDIT], ids=_named)
def test_each_ruleset_is_one_edit_from_a_correct_one(case: Case) -> None:
    broken = (HERE / "rulesets" / case.file).read_text("utf-8").split("\n")
    correct = [path.read_text("utf-8").split("\n") for path in (BASE, RECORDS)]
    edits = [SequenceMatcher(None, lines, broken, autojunk=False).get_opcodes() for lines in correct]
    assert min(sum(tag != "equal" for tag, *_ in codes) for codes in edits) == 1


# ---- one mistake, one message ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", RULESETS, ids=_named)
def test_ruleset_message(case: Case) -> None:
    _check_words(_ruleset_error(case), case.place, case.words)


@pytest.mark.parametrize("case", SUBMISSIONS, ids=_named)
def test_submission_message(case: Case) -> None:
    _check_words(_submission_error(case), case.place, case.words)


@pytest.mark.parametrize("case", [case for case in RULESETS if case.file not in SEVERAL], ids=_named)
def test_ruleset_has_one_fault(case: Case) -> None:
    assert len(_ruleset_error(case).faults) == 1


@pytest.mark.parametrize("case", [case for case in SUBMISSIONS if case.file not in SEVERAL], ids=_named)
def test_submission_has_one_fault(case: Case) -> None:
    assert len(_submission_error(case).faults) == 1


def test_missing_figures_are_all_named() -> None:
    with pytest.raises(cchc.MissingFacts) as caught:
        _score_all(HERE / "submissions" / "thieu-hai-so-lieu.yaml", SHIPPED)
    assert caught.value.missing == {"de_ra": ("4.1",), "bang_dien_tu": ("4.2",)}


# ---- several mistakes, one report ------------------------------------------------------------------------------------


def _edited(source: Path, target: Path, *edits: tuple[str, str]) -> Path:
    text = source.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    target.write_text(text, "utf-8")
    return target


def test_three_mistakes_of_form_in_a_ruleset(tmp_path: Path) -> None:
    edits = ("pham_vi: mau", "pham_vi: mẫu"), ("cap: xã\n", ""), ("loai: co_khong", "loai: co_hong")
    path = _edited(BASE, tmp_path / "ba.yaml", *edits)
    error = _error_of(lambda: cchc.load(path), cchc.BadRuleset)
    assert [fault.place for fault in error.faults] == ["ba.yaml:1", "ba.yaml:4", "ba.yaml:36"]


def test_three_mistakes_of_meaning_in_a_ruleset(tmp_path: Path) -> None:
    edits = ("trong: de_ra", "trong: de_raa"), ("duoi: 90%", "duoi: 90"), ("co: mang_xa_hoi", "co: mang_xahoi")
    path = _edited(BASE, tmp_path / "ba.yaml", *edits)
    error = _error_of(lambda: cchc.load(path), cchc.BadRuleset)
    assert [fault.place for fault in error.faults] == ["ba.yaml:24", "ba.yaml:31", "ba.yaml:40"]


def test_two_broken_bands_of_one_rule(tmp_path: Path) -> None:
    path = _edited(BASE, tmp_path / "hai.yaml", ("duoi: 90%", "duoi: 90"), ("{duoi: 50%", "{duoi: 50"))
    error = _error_of(lambda: cchc.load(path), cchc.BadRuleset)
    assert [fault.place for fault in error.faults] == ["hai.yaml:31", "hai.yaml:32"]


def test_three_figures_wrong_in_a_submission(tmp_path: Path) -> None:
    edits = ("da_xong: 19", "da_xong: mười"), ("bang_dien_tu: có", "bang_dientu: có"), ("de_ra: 20", "de_ra: -1")
    path = _edited(HERE / "base-submission.yaml", tmp_path / "ba.yaml", *edits)
    error = _error_of(lambda: _score_all(path, SHIPPED), cchc.BadSubmission)
    assert [fault.place for fault in error.faults] == ["ba.yaml:6", "ba.yaml:7", "ba.yaml:8"]


def test_three_mistakes_of_form_in_a_submission(tmp_path: Path) -> None:
    edits = ("don_vi: Xã A", "don_vi:"), ("tu_ngay: 2022-01-01", "tu_ngay: 30/02/2022"), ("tu_cham:", "tu_chamm:")
    path = _edited(HERE / "base-submission.yaml", tmp_path / "ba.yaml", *edits)
    error = _error_of(lambda: _score_all(path, SHIPPED), cchc.BadSubmission)
    assert [fault.place for fault in error.faults] == ["ba.yaml:1", "ba.yaml:4", "ba.yaml:13"]


def test_three_rows_wrong_in_a_table(tmp_path: Path) -> None:
    edits = (
        ('Xã A,2022-01-01,2022-12-31,"."', 'Xã A,30/02/2022,2022-12-31,"."'),
        ('Xã B,2022-01-01,2022-12-31,"."', 'Xã B,2022-01-01,2022-12-31,";"'),
        ("không,không,không,0", "không,không,không,một"),
    )
    path = _edited(HERE / "base-submission.csv", tmp_path / "ba.csv", *edits)
    error = _error_of(lambda: _score_all(path, SHIPPED), cchc.BadSubmission)
    assert [fault.place for fault in error.faults] == ["ba.csv:2", "ba.csv:3", "ba.csv:4"]


# ---- files that are made: other encodings, and sizes that must not hurt ----------------------------------------------

Made = tuple[str, Callable[[], bytes], str, list[str]]


def _wide(count: int) -> bytes:
    """A table of so many columns: a check of each heading against each other would take minutes."""
    return ("don_vi," + ",".join(f"c{number}" for number in range(count)) + "\nXã A" + ",1" * count + "\n").encode()


def _many_unknown(count: int) -> bytes:
    figures = "".join(f"  de_ra_{number}: 1\n" for number in range(count))
    return ("don_vi: Xã A\nso_lieu:\n" + figures).encode()


MADE_RULESETS: list[Made] = [
    ("utf-16.yaml", lambda: BASE.read_text("utf-8").encode("utf-16"), ":1:", ["không ở dạng UTF-8", "mã hóa UTF-8"]),
    ("latin-1.yaml", lambda: b"phien_ban: '1'\nten: X\xe3 A\n", ":2:", ["không ở dạng UTF-8", "mã hóa UTF-8"]),
    ("nul.yaml", lambda: b"phien_ban: '1'\nten: X\0\n", ":2:", ["ký tự ẩn U+0000"]),
    ("dao-chieu.yaml", "phien_ban: '1'\nten: X\u202e\n".encode, ":2:", ["ký tự ẩn U+202E"]),
    ("sau-ngang.yaml", lambda: b"bo: 1\na: " + b"[" * 100_000, ":2:", ["lồng nhau quá 40 tầng"]),
    ("sau-doc.yaml", lambda: b"bo: 1\na:\n" + b"- " * 100_000, ":3:", ["lồng nhau quá 40 tầng"]),
    ("sau-khoa.yaml", lambda: b"bo: 1\na: " + b"{a: " * 100_000, ":2:", ["lồng nhau quá 40 tầng"]),
    ("nhieu.yaml", lambda: b"bo: 1\na: [" + b"a," * 400_000 + b"a]\n", ":2:", ["quá 20000 giá trị"]),
    ("dai.yaml", lambda: b"bo: 1\nten: " + b"a" * 1_000_000 + b"\n", ":2:", ["dài quá 20000 ký tự"]),
    ("khoa-dai.yaml", lambda: BASE.read_bytes() + b"a" * 900 + b": 1\n", ":41:", ["khóa lạ"]),
]

MADE_SUBMISSIONS: list[Made] = [
    ("utf-16.csv", lambda: "don_vi,de_ra\nXã A,1\n".encode("utf-16"), ":1:", ["không ở dạng UTF-8"]),
    ("latin-1.csv", lambda: b"don_vi,de_ra\nX\xe3 A,1\n", ":2:", ["không ở dạng UTF-8", "mã hóa UTF-8"]),
    ("bang.csv", lambda: b"PK\x03\x04\x14\x00", ": ", ["đây là tệp Excel hay Word (.xlsx", "«CSV UTF-8»"]),
    ("bang-cu.csv", lambda: b"\xd0\xcf\x11\xe0\xa1", ": ", ["Excel hay Word kiểu cũ (.xls"]),
    ("ban-in.yaml", lambda: b"%PDF-1.7\n", ": ", ["đây là tệp PDF"]),
    ("nul.csv", lambda: b"don_vi,de_ra\nX\0,1\n", ":2:", ["ký tự ẩn U+0000"]),
    ("sau.json", lambda: b'{"don_vi": "A",\n"so_lieu": ' + b"[" * 100_000, ":2:", ["lồng nhau quá 40 tầng"]),
    ("sau-khoa.json", lambda: b'{"don_vi": "A",\n"so_lieu": ' + b'{"a":' * 100_000, ":2:", ["lồng nhau quá 40 tầng"]),
    ("sau.yaml", lambda: b"don_vi: A\nso_lieu: " + b"[" * 100_000, ":2:", ["lồng nhau quá 40 tầng"]),
    ("nhieu.json", lambda: b"[\n" + b"1," * 400_000 + b"1]", ":2:", ["quá 20000 giá trị"]),
    ("so-dai.yaml", lambda: b"don_vi: A\nso_lieu:\n  de_ra: " + b"9" * 10_000, ":3:", ["không phải là số"]),
    (
        "so-dai.json",
        lambda: b'{"don_vi": "A",\n"so_lieu": {"de_ra": -' + b"9" * 10_000 + b"}}",
        ":2:",
        ["số dài quá 60 chữ số"],
    ),
    ("so-dai.csv", lambda: b"don_vi,de_ra\nA," + b"9" * 10_000 + b"\n", ":2:", ["không phải là số"]),
    ("o-dai.csv", lambda: b"don_vi,de_ra\nA," + b"a" * 200_000 + b"\n", ":2:", ["ô", "dài quá"]),
    ("nhieu-dong.csv", lambda: b"don_vi\n" + b"a\n" * 600_000, ":100002:", ["quá 100000 dòng"]),
    ("nhieu-cot.csv", lambda: _wide(30_000), ":", []),
    ("nhieu-so-lieu-la.yaml", lambda: _many_unknown(5_000), ":3:", ["de_ra_0", "không có số liệu này"]),
]


def _made(case: Made, folder: Path) -> Path:
    path = folder / case[0]
    path.write_bytes(case[1]())
    return path


@pytest.mark.parametrize("case", MADE_RULESETS, ids=lambda case: case[0])
def test_made_ruleset_message(case: Made, tmp_path: Path) -> None:
    path = _made(case, tmp_path)
    error = _error_of(lambda: cchc.load(path), cchc.BadRuleset)
    _check_words(error, path.name + case[2], case[3])
    assert len(error.faults) == 1


@pytest.mark.parametrize("case", MADE_SUBMISSIONS, ids=lambda case: case[0])
def test_made_submission_message(case: Made, tmp_path: Path) -> None:
    path = _made(case, tmp_path)
    error = _error_of(lambda: _score_all(path, SHIPPED), cchc.BadSubmission)
    _check_words(error, path.name + case[2], case[3])


def test_a_long_key_is_cut_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(BASE.read_bytes() + b"a" * 900 + b": 1\n")
    assert len(_error_of(lambda: cchc.load(path), cchc.BadRuleset).report()) < 500


def _huge(path: Path) -> Path:
    """A file of 100 MB that takes no room on the disk."""
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    return path


def test_huge_ruleset(tmp_path: Path) -> None:
    path = _huge(tmp_path / "to.yaml")
    error = _error_of(lambda: cchc.load(path), cchc.BadRuleset)
    _check_words(error, "to.yaml:", ["tệp lớn hơn 2048 KiB"])


@pytest.mark.parametrize("suffix", ["yaml", "json", "csv"])
def test_huge_submission(suffix: str, tmp_path: Path) -> None:
    path = _huge(tmp_path / f"to.{suffix}")
    error = _error_of(lambda: _score_all(path, SHIPPED), cchc.BadSubmission)
    _check_words(error, f"to.{suffix}:", ["tệp lớn hơn"])


def test_a_yearly_day_that_the_period_lacks(tmp_path: Path) -> None:
    fixed = "thang_nop: số báo cáo đã nộp\n    han: {ten: hạn, loai: ngay, co_dinh: 29/02}"
    rules = _edited(RECORDS, tmp_path / "r.yaml", ("thang_nop: số báo cáo đã nộp", fixed))
    period = "don_vi: Xã A\nky: {tu_ngay: 2022-01-01, den_ngay: 2022-12-31}"
    path = _edited(HERE / "records-submission.yaml", tmp_path / "u.yaml", ("don_vi: Xã A", period))
    error = _error_of(lambda: _score_all(path, str(rules)), cchc.BadSubmission)
    _check_words(error, "u.yaml:2:", ["29/02", "2022"])


# ---- no file at all --------------------------------------------------------------------------------------------------


def test_no_such_ruleset(tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.load(tmp_path / "khong-co.yaml"), cchc.UnknownRuleset)
    assert "khong-co.yaml" in error.report()


def test_stored_text_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "2022"
    folder.mkdir()
    _edited(BASE, folder / "bo-tieu-chi.yaml", ("ban_luu: HD244.md", "ban_luu: nguon/HD.md"))
    rules = cchc.load(folder)
    error = _error_of(lambda: stored_texts(rules, folder), cchc.BadRuleset)
    _check_words(error, "bo-tieu-chi.yaml:8:", ["van_ban.HD244.ban_luu", "«nguon/HD.md»", "không có tệp này"])


def test_folder_without_a_ruleset(tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.load(tmp_path), cchc.BadRuleset)
    _check_words(error, "bo-tieu-chi.yaml:", ["không có tệp này"])


@pytest.mark.parametrize("name", ["khong-co.yaml", "khong-co.json", "khong-co.csv"])
def test_no_such_submission(name: str, tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.read_submissions(tmp_path / name), cchc.BadSubmission)
    _check_words(error, f"{name}:", ["không có tệp này"])


def test_folder_given_as_a_submission(tmp_path: Path) -> None:
    error = _error_of(lambda: cchc.read_submissions(tmp_path), cchc.BadSubmission)
    _check_words(error, f"{tmp_path.name}:", ["đây là thư mục"])


# ---- what looks like a slip and is none ------------------------------------------------------------------------------


def test_a_version_like_a_number_stays_text(tmp_path: Path) -> None:
    path = _edited(BASE, tmp_path / "r.yaml", ('phien_ban: "1"', "phien_ban: 1.10"))
    assert cchc.load(path).version == "1.10"


@pytest.mark.parametrize("word", ["no", "yes", "on", "null", "~", "1.10", "0123", "1e3", "2022-08-08", ".nan", "12:30"])
def test_words_that_yaml_would_change_stay_text(word: str, tmp_path: Path) -> None:
    path = _edited(HERE / "base-submission.yaml", tmp_path / "u.yaml", ("don_vi: Xã A", f"don_vi: {word}"))
    assert cchc.read_submission(path).unit == word


def test_an_option_named_no_stays_text(tmp_path: Path) -> None:
    path = _edited(RECORDS, tmp_path / "r.yaml", ("lua_chon: [kha, trung_binh]", "lua_chon: [kha, trung_binh, no, on]"))
    (fact,) = [fact for fact in cchc.load(path)["4"].facts if fact.name == "hang"]
    assert [name for name, _ in fact.options] == ["kha", "trung_binh", "no", "on"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "u.yaml"
    text = (HERE / "base-submission.yaml").read_text("utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert cchc.score(cchc.load(SHIPPED), cchc.read_submission(path)).points == Fraction("1.45")
