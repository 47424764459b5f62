"""Exact numbers: what people write is what is read, what is printed reads back, half goes up."""

import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_index.errors import Lang
from cchc_index.points import (
    Mark,
    NumberError,
    exact,
    is_above,
    is_tie,
    over_integers,
    parse_number,
    quotient,
    round_half_up,
    show,
    show_percent,
    show_rounded,
    total,
)
from cchc_index.testing.numbers import finite_decimals, steps, wide_fractions

MARKS: dict[Lang, Mark] = {"vi": ",", "en": "."}
LANGS = st.sampled_from(sorted(MARKS))


def half_up_in_integers(value: Fraction, step: Fraction) -> Fraction:
    """Half up away from zero, in integers only: count the half steps that fit, and drop the odd one."""
    halves = abs(value.numerator) * 2 * step.denominator // (value.denominator * step.numerator)
    size = (halves + 1) // 2 * step
    return -size if value < 0 else size


# -- integers ---------------------------------------------------------------------------------------------------------

whole_or_not = st.integers(-(10**6), 10**6) | wide_fractions()


@given(whole_or_not, whole_or_not.filter(lambda number: number > 0))
def test_a_quotient_over_integers_is_the_same_one(top: int | Fraction, bottom: int | Fraction) -> None:
    n, d = over_integers(top, bottom)
    assert (type(n), type(d)) == (int, int)
    assert d > 0
    assert Fraction(n, d) == Fraction(top) / bottom


# -- rounding ---------------------------------------------------------------------------------------------------------


@given(wide_fractions(), steps())
@example(Fraction("0.125"), Fraction("0.01"))
@example(Fraction("-0.125"), Fraction("0.01"))
@example(Fraction("7.245"), Fraction("0.01"))
def test_half_up_is_its_integer_definition(value: Fraction, step: Fraction) -> None:
    rounded = round_half_up(value, step)
    assert rounded == half_up_in_integers(value, step)
    assert (rounded / step).denominator == 1
    assert abs(rounded - value) <= step / 2


@given(st.integers(-(10**9), 10**9), steps())
def test_a_tie_goes_away_from_zero(count: int, step: Fraction) -> None:
    tie = (count + Fraction(1, 2)) * step
    assert is_tie(tie, step)
    assert round_half_up(tie, step) == (count + 1 if count >= 0 else count) * step
    assert not is_tie(tie + step / 4, step)


@given(wide_fractions(), wide_fractions(), steps())
def test_rounding_keeps_order_is_odd_and_settles(a: Fraction, b: Fraction, step: Fraction) -> None:
    low, high = sorted((a, b))
    assert round_half_up(low, step) <= round_half_up(high, step)
    assert round_half_up(-a, step) == -round_half_up(a, step)
    assert round_half_up(round_half_up(a, step), step) == round_half_up(a, step)
    assert is_tie(a, step) == (abs(round_half_up(a, step) - a) * 2 == step)


@given(st.integers(-(10**6), 10**6))
def test_whole_numbers_round_like_fractions(value: int) -> None:
    assert round_half_up(value, Fraction(5)) == half_up_in_integers(Fraction(value), Fraction(5))


# -- reading ----------------------------------------------------------------------------------------------------------


@given(finite_decimals(), LANGS)
@example(Fraction(15051, 1000), "vi")
@example(Fraction(-1, 10**12), "en")
def test_what_is_shown_reads_back(value: Fraction, lang: Lang) -> None:
    assert parse_number(show(value, lang), mark=MARKS[lang]) == value
    assert parse_number(show_percent(value, lang), mark=MARKS[lang]) == value


@given(finite_decimals(), LANGS)
def test_without_a_mark_a_number_reads_back_or_is_refused_as_ambiguous(value: Fraction, lang: Lang) -> None:
    shown = show(value, lang)
    decimals = shown.replace(".", ",").partition(",")[2]
    if len(decimals) == 3 and 1 <= abs(value) < 1000:
        with pytest.raises(NumberError, match="hai cách đọc"):
            parse_number(shown)
    else:
        assert parse_number(shown) == value


@given(st.integers(0, 10**12), st.integers(0, 999), st.sampled_from(",."), st.sampled_from(("", "-", "+")))
def test_grouped_thousands_are_read_by_the_stated_mark(whole: int, decimals: int, mark: Mark, sign: str) -> None:
    group = "." if mark == "," else ","
    text = f"{sign}{whole:,}".replace(",", group) + f"{mark}{decimals:03}"
    value = whole + Fraction(decimals, 1000)
    assert parse_number(text, mark=mark) == (-value if sign == "-" else value)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(",."), st.sampled_from(("", "%")))
def test_one_separator_and_three_digits_read_two_ways(whole: int, rest: int, separator: str, percent: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(f"{whole}{separator}{rest:03}{percent}")
    assert f"{whole}{rest:03} hoặc {whole},{rest:03}" in caught.value.text.vi
    assert f"{whole}{rest:03} or {whole}.{rest:03}" in caught.value.text.en


def test_the_ambiguity_is_settled_by_the_mark() -> None:
    assert parse_number("15.051", mark=",") == 15051
    assert parse_number("15.051", mark=".") == Fraction("15.051")
    assert parse_number("15,051", mark=",") == Fraction("15.051")
    assert parse_number("15,051", mark=".") == 15051
    with pytest.raises(NumberError, match=r"^«15\.051» có hai cách đọc: 15051 hoặc 15,051$"):
        parse_number("15.051")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,5", "1/2"),
        ("0.5", "1/2"),
        ("86,5%", "173/200"),
        ("86.5 %", "173/200"),
        (" 12 ", "12"),
        ("-3", "-3"),
        ("+3", "3"),
        ("007", "7"),
        ("0,500", "1/2"),
        ("0.125", "1/8"),
        ("1234,567", "1234567/1000"),
        ("12,34", "1234/100"),
        ("1,2345", "12345/10000"),
        ("100%", "1"),
    ],
)
def test_numbers_as_people_write_them(text: str, expected: str) -> None:
    assert parse_number(text) == Fraction(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "%",
            ",5",
            "5,",
            "1e3",
            "1_0",
            "0x10",
            "NaN",
            "Infinity",
            "inf",
            "-inf",
            "½",
            "١٢",
            "１２",
            "1/2",
        ),
        *("1.234.567", "1 000", "--1", "+-1", "5%%", "1,2,3", "1,2.3", "12a", "a12", "1\n2", "\u2212" + "5", "0,5đ"),
    ],
)
def test_what_is_not_a_number_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.text.vi == f"«{text.strip()}» không phải là số; viết như 12 hoặc 0,5 hoặc 86,5%"
    assert caught.value.text.en == f"«{text.strip()}» is not a number; write 12 or 0.5 or 86.5%"
    assert str(caught.value) == caught.value.text.vi


@pytest.mark.parametrize("text", ["1.5", "1,234.5", "1.23.456", "12.34,5", "1.234.56", "1234.567,0", "", "x"])
def test_with_a_mark_what_breaks_its_convention_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_number(text, mark=",")


@pytest.mark.parametrize("text", ["0.500", "00.500", "000.500", "-0.125", "012.345"])
def test_a_group_of_thousands_never_starts_with_zero(text: str) -> None:
    """Under the mark «,», "0.500" is half a point written with the other mark, never 500."""
    with pytest.raises(NumberError):
        parse_number(text, mark=",")


def test_a_very_long_text_is_refused_and_shown_cut() -> None:
    with pytest.raises(NumberError) as caught:
        parse_number("1" * 10_000)
    assert caught.value.text.vi.startswith("«" + "1" * 60 + "…»")


def test_sixty_characters_are_read_and_one_more_is_not() -> None:
    assert parse_number("1" * 60) == int("1" * 60)
    with pytest.raises(NumberError):
        parse_number("1" * 61)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    marks: tuple[Mark | None, ...] = (None, ",", ".")
    for mark in marks:
        try:
            value = parse_number(text, mark=mark)
        except NumberError:
            continue
        assert isinstance(value, Fraction)
        assert set(text.strip()) <= set("+-0123456789,.% \t\n\r\x0b\x0c")


# -- from programs ----------------------------------------------------------------------------------------------------


@given(wide_fractions())
def test_exact_values_stay_as_they_are(value: Fraction) -> None:
    assert exact(value) == value
    assert exact(value.numerator) == value.numerator


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_are_taken_exactly(value: Decimal) -> None:
    assert exact(value) == Fraction(value)


@given(st.floats())
def test_binary_floats_are_refused_with_what_to_write(value: float) -> None:
    with pytest.raises(NumberError) as caught:
        exact(value)
    assert caught.value.text.vi == (
        f'{value!r} là số thực nhị phân, không chính xác; viết "{value!r}" hoặc Decimal("{value!r}")'
    )
    assert caught.value.text.en == f'{value!r} is a binary float, not exact; write "{value!r}" or Decimal("{value!r}")'


@pytest.mark.parametrize("value", [True, None, [], Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 1j, b"1", "x"])
def test_what_is_no_exact_number_is_refused(value: object) -> None:
    with pytest.raises(NumberError) as caught:
        exact(value)
    assert caught.value.text.vi.startswith(f"«{value}» không phải là số")


def test_text_from_programs_is_read_as_text() -> None:
    assert exact("0,25") == Fraction(1, 4)


# -- printing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Fraction(19, 20), "0,95", "0.95"),
        (Fraction(-9, 4), "-2,25", "-2.25"),
        (Fraction(2, 3), "2/3", "2/3"),
        (0, "0", "0"),
        (-7, "-7", "-7"),
        (Fraction(-1, 1000), "-0,001", "-0.001"),
        (Fraction(1234567, 1), "1234567", "1234567"),
        (Fraction(1, 2**12), "0,000244140625", "0.000244140625"),
        (Fraction(1, 2**13), "1/8192", "1/8192"),
    ],
)
def test_numbers_are_shown_in_full(value: Fraction, vi: str, en: str) -> None:
    assert (show(value), show(value, "en")) == (vi, en)


def test_percents() -> None:
    assert show_percent(Fraction(2, 3)) == "≈66,67%"
    assert show_percent(Fraction(-1, 3), "en") == "≈-33.33%"
    assert show_percent(1) == "100%"


@given(wide_fractions(), st.integers(0, 6), LANGS)
def test_rounded_printing_is_the_rounded_value(value: Fraction, places: int, lang: Lang) -> None:
    shown = show_rounded(value, places, lang)
    rounded = half_up_in_integers(value, Fraction(1, 10**places))
    assert parse_number(shown.replace("-", "") if rounded == 0 else shown, mark=MARKS[lang]) == rounded
    assert shown.startswith("-") == (rounded < 0)
    assert len(shown.partition("," if lang == "vi" else ".")[2]) == places


def test_rounded_printing_of_the_known_tie() -> None:
    assert (show_rounded(Fraction("7.125"), 2), show_rounded(Fraction("-7.125"), 2, "en")) == ("7,13", "-7.13")
    assert show_rounded(Fraction(5, 2), 0) == "3"


def test_numbers_of_any_length_can_be_shown() -> None:
    """Python refuses to print integers beyond its limit; a figure that long must not end in a bare ValueError."""
    assert len(show(10 ** (sys.get_int_max_str_digits() + 1))) > 1


def test_numbers_beyond_four_thousand_bits_are_shown_by_their_size() -> None:
    longest = 2**4000 - 1
    assert show(longest) == str(longest)
    assert show(Fraction(1, longest)) == f"1/{longest}"
    assert show(longest + 1) == "≈2^4000"
    assert show(Fraction(1, longest + 1)) == "≈2^-4000"
    assert show(Fraction(3**3000, 2**4000)) == "≈2^754"


# -- sums -------------------------------------------------------------------------------------------------------------


@given(st.lists(wide_fractions(), max_size=8))
def test_a_total_is_the_exact_sum(values: list[Fraction]) -> None:
    expected = Fraction(0)
    for value in values:
        expected += value
    assert total(values) == expected


@given(st.lists(st.integers(-9, 9).map(Fraction)), wide_fractions())
def test_a_total_of_whole_numbers_and_one_fraction_is_exact(values: list[Fraction], last: Fraction) -> None:
    assert total([*values, last]) == sum(values) + last


@given(wide_fractions(), wide_fractions())
def test_above_is_strictly_above(one: Fraction, other: Fraction) -> None:
    assert is_above(one, other) is (one > other)
    assert not is_above(one, one)


@given(st.integers(), st.integers(1))
def test_a_quotient_is_the_fraction(top: int, bottom: int) -> None:
    assert quotient(top, bottom) == Fraction(top, bottom)
