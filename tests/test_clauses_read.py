"""Sentences of decisions, read: a table of real ones, and what no writing of them may change."""

from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_index.checking.clauses.read import LONGEST, evened, read, run_together, states_no_number
from cchc_index.checking.clauses.values import Affine, Atom, Bound, Clause, Either, Every, Read, Sense, Unread
from cchc_index.measures import Interval
from cchc_index.points import show

TABLE = Path(__file__).with_name("test_clauses.txt")

# -- a reading on one line ---------------------------------------------------------------------------------------------


def brief(sense: Sense) -> str:
    """Conditions, then what they give: `¬` denies, `&` and `/` join, `?` is not said, `<…>` was not read.

    Points in brackets are those that the sentence has in brackets; `b` marks a number without «điểm».
    """
    told = [shown(clause) for clause in sense.clauses] + [f"<{words}>" for words in sense.unread]
    return " | ".join(told)


def shown(clause: Clause) -> str:
    told = [statement_shown(clause.condition)] if clause.condition else []
    told += [points_shown(clause.points)] if clause.points else []
    told += [f"zero={plain(clause.at_zero)}"] if clause.at_zero is not None else []
    told += [clause.policy.value] if clause.policy else []
    told += [f"step={plain(clause.step)}"] if clause.step is not None else []
    return " → ".join(told)


def statement_shown(statement: Any) -> str:
    match statement:
        case Every(parts):
            return "(" + " & ".join(statement_shown(part) for part in parts) + ")"
        case Either(parts):
            return "(" + " / ".join(statement_shown(part) for part in parts) + ")"
        case Unread(words):
            return f"?{words}?"
        case Atom(words, negated, bound):
            return ("¬" if negated else "") + (bound_shown(bound) if bound else words)
    raise AssertionError(statement)


def bound_shown(bound: Bound) -> str:
    """`[70;80)%`; `±` where no unit is named, an arrow for a rise or a fall, `@` before the day it counts from."""
    interval, times = bound.interval, 100 if bound.percent else 1
    low = "" if interval.low is None else plain(interval.low * times)
    high = "" if interval.high is None else plain(interval.high * times)
    unit = {True: "%", False: "", None: "±"}[bound.percent]
    day = f" @{bound.day.day}/{bound.day.month}" if bound.day else ""
    arrow = {1: "↑", 0: "", -1: "↓"}[bound.direction]
    return f"{arrow}{'[' if interval.low_closed else '('}{low};{high}{']' if interval.high_closed else ')'}{unit}{day}"


def points_shown(points: Any) -> str:
    if not isinstance(points, Affine):
        values = (getattr(points, field.name) for field in fields(type(points)))
        return f"{type(points).__name__}({', '.join(plain(value) for value in values)})"
    base = "?" if points.base is None else plain(points.base)
    slope = f"{'+' if points.slope > 0 else ''}{plain(points.slope)}x" if points.slope else ""
    cap = f" ≤{plain(points.cap)}" if points.cap is not None else ""
    marks = ("%" if points.percent else "") + ("·max" if points.of_max else "") + ("↓" if points.direction < 0 else "")
    told = f"{base}{slope}{marks}{cap}"
    return f"({told})" if points.bracketed else told + "b" * points.bare


def plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + " ".join(plain(item) for item in value) + "]"
    return str(value)


# -- the table ---------------------------------------------------------------------------------------------------------


def rows() -> list[tuple[str, str, list[str]]]:
    """Origin, sentence, readings."""
    found: list[tuple[str, str, list[str]]] = []
    for line in TABLE.read_text("utf-8").split("\n"):
        if line.startswith("    "):
            found[-1][2].append(line.strip())
        elif line and not line.startswith("#"):
            origin, _, sentence = line.partition(": ")
            found.append((origin, sentence, []))
    return found


ROWS = rows()


@pytest.mark.parametrize(("origin", "sentence", "readings"), ROWS, ids=[f"{o} {s[:50]}" for o, s, _ in ROWS])
def test_a_real_sentence_is_read_as_it_must_be(origin: str, sentence: str, readings: list[str]) -> None:
    assert [brief(sense) for sense in read(sentence).senses] == readings


def test_the_table_is_long_and_knows_every_outcome() -> None:
    assert len(ROWS) > 90
    assert {len(readings) for _, _, readings in ROWS} >= {0, 1, 2, 4}
    assert any("<" in reading for _, _, readings in ROWS for reading in readings)


@pytest.mark.parametrize(
    ("sentence", "silent"),
    [
        ("Công khai, minh bạch", True),
        ("Chỉ tiêu 2: Công khai thông tin", True),
        ("Thực hiện theo khoản 1 Điều 4, một cửa", True),
        ("Chỉ tiêu 90%", False),
        ("thẩm định 61,5", False),
        ("được điểm tối đa", False),
        ("mười hồ sơ", False),
        ("trước ngày 30 tháng 11", False),
        ("DVC trực tuyến,7.7,12", False),
        ("2 điểm", False),
    ],
)
def test_whether_a_sentence_states_a_number(sentence: str, silent: bool) -> None:
    assert states_no_number(sentence) is silent
    assert states_no_number(normalize("NFD", sentence)) is silent


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("xử lý ngắn hơnso với thời hạn", (("hơn", "so"),)),
        ("hơn một lầnliên hệ, chất lượngcung cấp", (("lần", "liên"), ("lượng", "cung"))),
        ("Từ 90% hồ sơ: 1 điểm", ()),
        ("xxyyzz «đượcqwz» €", ()),
        ("hoàanh", ()),
    ],
)
def test_two_words_printed_as_one_are_named_where_one_cut_makes_words(
    sentence: str, found: tuple[tuple[str, str], ...]
) -> None:
    assert run_together(sentence) == run_together(normalize("NFD", sentence)) == found


def meaning(found: Read) -> list[str]:
    return [brief(sense).casefold() for sense in found.senses]


def fully_read(found: Read) -> bool:
    return bool(found.senses) and not any(sense.unread for sense in found.senses)


FULL = [sentence for _, sentence, _ in ROWS if fully_read(read(sentence))]
SHORT = [sentence for sentence in FULL if len(sentence) < 45][::2]


@pytest.mark.parametrize("sentence", FULL)
def test_how_a_sentence_is_typed_changes_nothing(sentence: str) -> None:
    wanted = meaning(read(sentence))
    assert meaning(read(normalize("NFD", sentence))) == wanted
    assert meaning(read(sentence.replace(" ", "\u00a0"))) == [evened(text) for text in wanted]
    assert meaning(read(sentence.replace("-", "–").replace("%", "％"))) == wanted
    assert meaning(read(sentence.replace("điểm", "ĐIỂM"))) == wanted
    assert meaning(read("  " + sentence + "  ")) == wanted


@pytest.mark.parametrize("sentence", SHORT)
def test_two_words_run_together_are_not_misread(sentence: str) -> None:
    """A space lost in print: the same reading, or a part unread, or none; never another one said to be whole."""
    wanted = meaning(read(sentence))
    for place in (place for place, letter in enumerate(sentence) if letter == " "):
        typo = sentence[:place] + sentence[place + 1 :]
        found = read(typo)
        glued = [text.replace(" ", "") for text in meaning(found)]
        assert not fully_read(found) or glued == [text.replace(" ", "") for text in wanted], typo


# -- numbers, written every way ----------------------------------------------------------------------------------------

SHARES = st.integers(0, 200).map(lambda n: Fraction(n, 2))
POINTS = st.integers(0, 40).map(lambda n: Fraction(n, 20))
MARKS = st.sampled_from((",", "."))
POINT_WORDS = st.sampled_from((" điểm", "điểm", "đ", " đ", "d", " ĐIỂM"))
BOUNDS = {
    "từ {a}% đến dưới {b}%": lambda a, b: Interval(a, b, low_closed=True),
    "Từ {a}% kế hoạch đến dưới {b}%": lambda a, b: Interval(a, b, low_closed=True),
    "từ {a}% đến {b}%": lambda a, b: Interval(a, b, low_closed=True, high_closed=True),
    "trên {a} % đến {b}%": lambda a, b: Interval(a, b, high_closed=True),
    "trên {a}%": lambda a, b: Interval(a),
    "> {a}%": lambda a, b: Interval(a),
    "DƯỚI {b}%": lambda a, b: Interval(high=b),
    "<{b}%": lambda a, b: Interval(high=b),
    "không quá {b}%": lambda a, b: Interval(high=b, high_closed=True),
    "<= {b}%": lambda a, b: Interval(high=b, high_closed=True),
    "tối thiểu {a}%": lambda a, b: Interval(a, low_closed=True),
    "từ {a}% số thôn trở lên": lambda a, b: Interval(a, low_closed=True),
    ">={a}%": lambda a, b: Interval(a, low_closed=True),
    "≥ {a}%": lambda a, b: Interval(a, low_closed=True),
    "đúng {a}%": lambda a, b: Interval(a, a, low_closed=True, high_closed=True),
}


@given(
    st.sampled_from(sorted(BOUNDS)), SHARES, SHARES, POINTS, MARKS, POINT_WORDS, st.sampled_from((": ", " thì được "))
)
def test_bounds_and_points_are_read_exactly(
    shape: str, a: Fraction, b: Fraction, points: Fraction, mark: str, word: str, joint: str
) -> None:
    low, high, given_points = (show(number).replace(",", mark) for number in (a, b, points))
    sentence = "Hoàn thành " + shape.format(a=low, b=high) + joint + given_points + word
    [sense] = read(sentence).senses
    [clause] = sense.clauses
    assert isinstance(clause.condition, Atom)
    assert clause.condition.bound == Bound(BOUNDS[shape](a / 100, b / 100), percent=True)
    assert clause.points == Affine(points)
    assert not sense.unread


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_number_grouped_or_decimal_has_both_readings(whole: int, rest: int) -> None:
    if not whole:
        return
    senses = read(f"Từ {whole}.{rest:03} hồ sơ").senses
    lows = [sense.clauses[0].condition.bound.interval.low for sense in senses]  # type: ignore[union-attr]
    assert lows == [Fraction(whole * 1000 + rest), Fraction(whole * 1000 + rest, 1000)]


# -- anything ----------------------------------------------------------------------------------------------------------

PIECES = (
    *("Từ", "70%", "đến", "dưới", "80%", ":", "0,5 điểm", "trở lên", "không", "có", "kế hoạch", "và", "hoặc", "nhưng"),
    *("không quá", "1 điểm", "mỗi", "trừ", "thì", "được", "(", ")", ";", ",", ".", "-", "x", "2", "đúng hạn", "chậm"),
    *(
        "tỷ lệ",
        "điểm tối đa",
        "/",
        "100%",
        "tăng",
        "giảm",
        "Điểm 2 khi",
        "làm tròn đến",
        "một",
        "15.051",
        "«",
        "ngắnhơn",
    ),
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_read_or_said_to_be_unread(text: str) -> None:
    found = read(text)
    assert found.senses or found.trouble
    assert len(set(found.senses)) == len(found.senses)
    for sense in found.senses:
        assert sense.clauses or sense.unread
        assert all(words in found.text for words in sense.unread)


def test_too_long_and_too_many_readings_are_said() -> None:
    long = read("kế hoạch " * LONGEST)
    assert not long.senses
    assert long.trouble
    assert long.trouble.vi == "câu quá dài"
    for linked in (["có kế hoạch và có sổ"] * 4, ["90% - 100% thôn và 90% - 100% xã"] * 3):
        many = read(" hoặc ".join(linked) + ": 1 điểm")
        assert many.trouble
        assert many.trouble.vi == "quá nhiều cách đọc"


def test_where_reading_stopped_is_said() -> None:
    assert str(read("Từ 90%: 1 điểm, trừ trường hợp khác").trouble) == "không đọc được từ «trừ trường hợp khác»"
    assert str(read("Mỗi báo cáo").trouble) == "câu dừng giữa chừng"
    assert read("Từ 90%: 1 điểm").trouble is None


def test_a_grade_reads_points_as_its_unit() -> None:
    [sense] = read("từ 12 đến dưới 15 điểm xếp loại tốt", grade=True).senses
    assert brief(sense) == "[12;15)"
    assert read("từ 12 đến dưới 15 điểm xếp loại tốt").senses == ()
    assert read("xếp loại tốt", grade=True).senses == ()
