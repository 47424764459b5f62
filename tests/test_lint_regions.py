"""What is decided of one figure alone is what the solver decides; what figures tell of a measure is true of them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cchc_index.checking.lint.domains import NO_YEAR, Domain
from cchc_index.checking.lint.regions import Flat, Region, is_met, point_in, where, where_ratio
from cchc_index.measures import Fact, FactType, Interval

KINDS = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.POINTS, FactType.DATE)
ends = st.none() | st.fractions(-3, 3, max_denominator=4)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(ends), draw(ends)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


def _domain(kind: FactType, *, may_be_negative: bool = False) -> Domain:
    facts = (Fact("a", "a", kind, may_be_negative=may_be_negative), Fact("phan", "phần", part_of="a"))
    return Domain({fact.name: fact for fact in facts}, NO_YEAR)


@given(st.sampled_from(KINDS), st.booleans(), st.sampled_from(["a", "phan"]), intervals())
def test_one_figure_alone_is_decided_as_the_solver_does(
    kind: FactType, may_be_negative: bool, name: str, interval: Interval
) -> None:
    domain, region = _domain(kind, may_be_negative=may_be_negative), Region({((name, 1),): interval})
    assert is_met(region, domain) == (point_in(region, domain) is not None)


def test_between_two_whole_numbers_lies_an_amount_and_no_count() -> None:
    region = Region({(("a", 1),): Interval(Fraction(0), Fraction(1))})
    assert [is_met(region, _domain(kind)) for kind in (FactType.COUNT, FactType.AMOUNT)] == [False, True]


def test_below_zero_lies_only_what_may_be_negative() -> None:
    region = Region({(("a", 1),): Interval(high=Fraction(0))})
    assert [is_met(region, _domain(FactType.COUNT, may_be_negative=may)) for may in (False, True)] == [False, True]


coefficients = st.integers(-3, 3) | st.fractions(-2, 2, max_denominator=3)
flats = st.builds(Flat, st.dictionaries(st.sampled_from("xyz"), coefficients.filter(bool)), coefficients)
figures = st.fixed_dictionaries(dict.fromkeys("xyz", st.fractions(-4, 4, max_denominator=3)))


def _value(total: Flat, given_: dict[str, Fraction]) -> Fraction:
    return total.constant + sum((c * given_[name] for name, c in total.terms.items()), Fraction(0))


def _holds(regions: list[Region], given_: dict[str, Fraction]) -> bool:
    return any(
        all(sum(c * given_[name] for name, c in terms) in interval for terms, interval in region.bounds.items())
        for region in regions
    )


@given(flats, intervals(), figures)
def test_where_a_sum_lies_in_an_interval(total: Flat, interval: Interval, given_: dict[str, Fraction]) -> None:
    assert _holds(where(total, interval), given_) == (_value(total, given_) in interval)


@given(flats, flats, intervals(), figures)
def test_where_a_ratio_lies_in_an_interval(
    top: Flat, bottom: Flat, interval: Interval, given_: dict[str, Fraction]
) -> None:
    below = _value(bottom, given_)
    expected = below > 0 and _value(top, given_) / below in interval
    assert _holds(where_ratio(top, bottom, interval), given_) == expected
