"""Ranks: compared exactly, equal units share a place, no order of input matters."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, GradeScale, Policy, Ranking, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.rules import Piece, Piecewise, Rounding
from cchc_index.scoring.rank import Order, Unfinished, grade_by_print, printed
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED, Reading
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria

EXAMPLES = Path(__file__).parents[1] / "examples"
UNRANKED = Chosen("u", ("co",))
MEASURED = Piecewise(figure("m"), (Piece(Interval(), Fraction(0), Fraction(1, 7)),))
RULES = with_criteria(
    Criterion("1", "một", Fraction(50), CITATION, rule=MEASURED, exemptions=(Exemption(Policy.REMOVED),)),
    Criterion("2", "hai", Fraction(50), CITATION, rule=MEASURED),
    max_points=Fraction(100),
    index_basis=Reading("điểm / điểm tối đa", "người lập"),
    ranking=Ranking(Basing.POINTS, UNRANKED),
)


def card(name: str, got: int | Fraction, *, unranked: bool = False, rules: Ruleset = RULES) -> Card:
    return cchc.score(rules, Submission(name, {"m": got, "u": unranked}))


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=8), st.randoms(use_true_random=True))
def test_places_are_one_more_than_the_units_that_are_better(units: list[tuple[int, bool]], random: Random) -> None:
    cards = [card(f"Xã {n}", got, unranked=out) for n, (got, out) in enumerate(units)]
    ranks = cchc.rank(RULES, cards)
    assert sorted(rank.card.unit for rank in ranks) == sorted(one.unit for one in cards)
    for rank in ranks:
        better = [one for one in cards if one.ranked and one.points > rank.card.points]  # type: ignore[operator]
        assert rank.place == (len(better) + 1 if rank.card.ranked else None)
    placed = [rank.place for rank in ranks if rank.place is not None]
    assert placed == sorted(placed)
    assert [rank.place is None for rank in ranks] == sorted(rank.place is None for rank in ranks)
    assert cchc.rank(RULES, random.sample(cards, len(cards))) == ranks


def test_equal_units_share_a_place_and_the_next_one_is_skipped() -> None:
    cards = [card("C", 1), card("A", 2), card("B", 2), card("D", 3, unranked=True)]
    assert [(rank.place, rank.card.unit) for rank in cchc.rank(RULES, cards)] == [
        (1, "A"),
        (1, "B"),
        (3, "C"),
        (None, "D"),
    ]


def test_the_smallest_difference_counts() -> None:
    tiny = Fraction(1, 10**30)
    cards = [card("A", Fraction(1, 3)), card("B", Fraction(1, 3) + tiny)]
    assert [rank.card.unit for rank in cchc.rank(RULES, cards)] == ["B", "A"]


def test_ranks_by_points_and_by_index_differ_when_something_is_not_assessed() -> None:
    by_index = evolve(RULES, ranking=Ranking(Basing.INDEX))
    whole = cchc.score(by_index, Submission("A", {"m": 7}))
    part = cchc.score(by_index, Submission("B", {"m": 7}, exemptions={"1": "lý do"}))
    half = cchc.score(by_index, Submission("C", {"m": 9}, exemptions={"1": "lý do"}))
    assert [(rank.place, rank.card.unit) for rank in cchc.rank(by_index, [whole, part, half])] == [
        (1, "C"),
        (2, "A"),
        (2, "B"),
    ]
    assert [rank.card.unit for rank in cchc.rank(RULES, [whole, part, half])] == ["A", "C", "B"]


def test_a_decision_that_states_no_ranking_ranks_nobody() -> None:
    with pytest.raises(cchc.UndefinedByDecision) as caught:
        cchc.rank(evolve(RULES, ranking=None), [card("A", 1)])
    assert str(caught.value).endswith("thu/cap-xa/1: văn bản không quy định xếp hạng")
    assert caught.value.report("en").endswith("thu/cap-xa/1: the decision states no ranking")


def test_a_card_without_a_number_cannot_be_ranked() -> None:
    unsaid = with_criteria(Criterion("1", "một", Fraction(1), CITATION), ranking=Ranking(Basing.POINTS))
    cards = [cchc.score(unsaid, Submission(name, {})) for name in ("B", "A")]
    assert cards[0].points is NOT_STATED
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.rank(unsaid, cards)
    assert str(caught.value) == (
        "Bản khai không hợp lệ:\n- A: không có điểm để xếp hạng\n- B: không có điểm để xếp hạng"
    )
    assert "A: has no points to rank by" in caught.value.report("en")
    assert cchc.rank(unsaid, []) == ()


# -- what print hides, what is open, who goes first --------------------------------------------------------------------

POINTS_ONLY = evolve(RULES, ranking=Ranking(Basing.POINTS))


def opened(name: str, low: int | None, high: int | None) -> Unfinished:
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    return Unfinished(card(name, 0, rules=POINTS_ONLY), *ends)


ranges = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: tuple(sorted(pair)))


@given(st.lists(st.integers(0, 6), max_size=4), st.lists(ranges, max_size=3), st.data())
def test_the_places_still_possible_hold_every_completion(
    known: list[int], unknown: list[tuple[int, int]], data: st.DataObject
) -> None:
    exact = {f"Xã {n}": Fraction(got) for n, got in enumerate(known)}
    cards = [card(name, Fraction(7, 2) * got, rules=POINTS_ONLY) for name, got in exact.items()]
    waiting = [opened(f"Mở {n}", *ends) for n, ends in enumerate(unknown)]
    ranks = cchc.rank(POINTS_ONLY, cards, unfinished=waiting)
    ends = {f"Mở {n}": pair for n, pair in enumerate(unknown)}
    drawn = {name: Fraction(data.draw(st.integers(*pair))) for name, pair in ends.items()}
    every = exact | drawn
    for one in ranks:
        place = 1 + sum(other > every[one.card.unit] for other in every.values())
        assert one.possible is not None
        assert one.possible[0] <= place <= one.possible[1]
        assert one.place in (None, place)
        assert (one.value is None) is (one.card.unit in drawn)
    if not unknown:
        assert all(one.possible == (one.place, one.place) for one in ranks)


def test_the_places_still_possible_are_reached() -> None:
    cards = [card(name, 7 * got / Fraction(2), rules=POINTS_ONLY) for name, got in (("A", 5), ("B", 3), ("C", 1))]
    ranks = cchc.rank(POINTS_ONLY, cards, unfinished=[opened("M", 2, 4), opened("N", None, None)])
    found = {one.card.unit: (one.place, one.possible) for one in ranks}
    assert found == {
        "A": (None, (1, 2)),
        "B": (None, (2, 4)),
        "C": (None, (4, 5)),
        "N": (None, (1, 5)),
        "M": (None, (2, 4)),
    }
    assert [(one.low, one.high) for one in ranks[-2:]] == [(None, None), (2, 4)]


def test_nothing_open_below_keeps_a_place() -> None:
    ranks = cchc.rank(POINTS_ONLY, [card("A", 7, rules=POINTS_ONLY)], unfinished=[opened("M", 0, 2)])
    assert [(one.card.unit, one.place, one.possible) for one in ranks] == [("A", 1, (1, 1)), ("M", None, (1, 2))]
    by_code = cchc.rank(
        POINTS_ONLY, [card("A", 7, rules=POINTS_ONLY)], order=Order(ties=("1",)), unfinished=[opened("M", 0, 2)]
    )
    assert [one.possible for one in by_code] == [(1, 2), (1, 2)]


def two(name: str, one: int, other: int) -> Card:
    rules = evolve(
        POINTS_ONLY,
        criteria=tuple(
            evolve(c, rule=Piecewise(figure(f), (Piece(Interval(), Fraction(0), Fraction(1)),)), exemptions=())
            for c, f in zip(RULES.criteria, ("a", "b"), strict=True)
        ),
    )
    return cchc.score(rules, Submission(name, {"a": one, "b": other}))


def test_a_rule_for_ties_decides_and_silence_shares() -> None:
    cards = [two("A", 1, 3), two("B", 2, 2), two("C", 2, 2)]
    shared = cchc.rank(POINTS_ONLY, cards)
    assert [(one.place, one.tied) for one in shared] == [(1, ("B", "C")), (1, ("A", "C")), (1, ("A", "B"))]
    broken = cchc.rank(POINTS_ONLY, cards, order=Order(ties=("1",)))
    assert [(one.place, one.card.unit, one.tied) for one in broken] == [
        (1, "B", ("C",)),
        (1, "C", ("B",)),
        (3, "A", ()),
    ]


def test_units_are_ranked_by_one_criterion_and_in_groups() -> None:
    cards = [two("A", 1, 9), two("B", 2, 2), two("C", 3, 0)]
    by_one = cchc.rank(POINTS_ONLY, cards, order=Order(by="1"))
    assert [(one.place, one.card.unit, one.value) for one in by_one] == [(1, "C", 3), (2, "B", 2), (3, "A", 1)]  # type: ignore[comparison-overlap]
    apart = cchc.rank(POINTS_ONLY, cards, groups={"A": "núi", "B": "biển", "C": "núi"})
    assert [(one.group, one.place, one.card.unit) for one in apart] == [
        ("biển", 1, "B"),
        ("núi", 1, "A"),
        ("núi", 2, "C"),
    ]
    by_index = evolve(RULES, ranking=Ranking(Basing.INDEX))
    scored = [cchc.score(by_index, Submission("A", {"m": 7}))]
    assert cchc.rank(by_index, scored, order=Order(by="2"))[0].value == Fraction(1, 50)


@pytest.mark.parametrize("order", [Order(by="9"), Order(ties=("1", "9"))])
def test_an_unknown_criterion_cannot_be_ranked_by(order: Order) -> None:
    with pytest.raises(cchc.BadSubmission, match="không có tiêu chí «9» để xếp hạng"):
        cchc.rank(POINTS_ONLY, [card("A", 1)], order=order)


def test_a_misspelled_criterion_is_told_with_the_likely_one() -> None:
    rules = evolve(POINTS_ONLY, criteria=(evolve(RULES.criteria[0], code="hoan-thanh"),))
    with pytest.raises(cchc.BadSubmission) as caught:
        cchc.rank(rules, [], order=Order(by="hoan-thah"))
    assert "- không có tiêu chí «hoan-thah» để xếp hạng (ý bạn là «hoan-thanh»?)" in str(caught.value)
    assert "- there is no criterion «hoan-thah» to rank by (did you mean «hoan-thanh»?)" in caught.value.report("en")


def test_open_units_come_by_the_most_they_can_reach_those_without_an_end_first() -> None:
    waiting = [opened("A", 0, 0), opened("B", 0, 1), opened("C", 0, 6), opened("D", 0, None), opened("E", 0, 4)]
    assert [one.card.unit for one in cchc.rank(POINTS_ONLY, [], unfinished=waiting)] == ["D", "C", "E", "B", "A"]


@pytest.mark.parametrize(
    ("order", "high", "possible"),
    [(Order(), 2, (1, 1)), (Order(ties=("1",)), 2, (1, 2)), (Order(ties=("1",)), 1, (1, 1)), (Order(), 3, (1, 2))],
)
def test_reaching_as_much_is_above_only_where_ties_are_decided(
    order: Order, high: int, possible: tuple[int, int]
) -> None:
    waiting = [opened("M", 2, 4), opened("N", 0, high)]
    found = {one.card.unit: one.possible for one in cchc.rank(POINTS_ONLY, [], order=order, unfinished=waiting)}
    assert found["M"] == possible


def test_open_and_unranked_units_stand_in_their_own_group() -> None:
    cards = [card("A", 7), card("B", 7, unranked=True)]
    groups = {"A": "núi", "B": "biển", "M": "núi", "N": "biển"}
    ranks = cchc.rank(RULES, cards, groups=groups, unfinished=[opened("M", 0, 2), opened("N", 0, 2)])
    assert [(one.group, one.card.unit, one.possible) for one in ranks] == [
        ("biển", "N", (1, 1)),
        ("biển", "B", None),
        ("núi", "A", (1, 1)),
        ("núi", "M", (1, 2)),
    ]


def test_points_are_printed_to_two_decimals_and_an_index_to_two_of_a_percent() -> None:
    value = Fraction("0.123456")
    assert printed(POINTS_ONLY, value) == Fraction("0.12")
    assert printed(evolve(POINTS_ONLY, ranking=None), value) == Fraction("0.12")
    assert printed(evolve(POINTS_ONLY, ranking=Ranking(Basing.INDEX)), value) == Fraction("0.1235")


@pytest.mark.parametrize(
    ("basing", "value", "flagged"),
    [
        (Basing.POINTS, "8.995", True),
        (Basing.POINTS, "8.99", False),
        (Basing.POINTS, "8.9949", False),
        (Basing.INDEX, "8.995", True),
        (Basing.INDEX, "8.9949", False),
    ],
)
def test_print_changes_a_grade_only_within_half_a_hundredth(basing: Basing, value: str, flagged: bool) -> None:
    grades = (Grade("Tốt", Interval(low=Fraction(9), low_closed=True)), Grade("Khá", Interval(high=Fraction(9))))
    scale = GradeScale(tuple(evolve(g, interval=over(g.interval, basing)) for g in grades), basing)
    rules = evolve(POINTS_ONLY, scales=(scale,))
    graded = card("A", Fraction(7, 2) * Fraction(value), rules=rules)
    assert (grade_by_print(rules, graded) is not None) is flagged


def test_a_criterion_without_points_breaks_no_tie() -> None:
    silent = with_criteria(
        Criterion("1", "một", Fraction(1), CITATION),
        Criterion("2", "hai", Fraction(9), CITATION, rule=MEASURED),
        ranking=Ranking(Basing.POINTS),
    )
    with pytest.raises(cchc.BadSubmission, match="A: không có điểm để xếp hạng"):
        cchc.rank(silent, [cchc.score(silent, Submission("A", {"m": 1}))], order=Order(by="2", ties=("1",)))


def test_the_ninth_place_units_equal_in_print_are_ordered_exactly_and_flagged() -> None:
    cards = [card(f"Xã {n}", Fraction(7, 2) * (20 - n), rules=POINTS_ONLY) for n in range(8)]
    edge = Fraction(7, 2) * Fraction("9.001")
    cards += [card("Xã 8", edge, rules=POINTS_ONLY), card("Xã 9", edge + Fraction(1, 10**6), rules=POINTS_ONLY)]
    ninth, tenth = cchc.rank(POINTS_ONLY, cards)[8:]
    assert [(one.place, one.card.unit) for one in (ninth, tenth)] == [(9, "Xã 9"), (10, "Xã 8")]
    assert (ninth.same_in_print, tenth.same_in_print) == (("Xã 8",), ("Xã 9",))
    assert all(not one.same_in_print for one in cchc.rank(POINTS_ONLY, cards)[:8])


def test_units_made_equal_by_the_rounding_of_the_decision_are_flagged() -> None:
    rounded = evolve(POINTS_ONLY, rounding=Rounding(Fraction(1)))
    cards = [card(name, Fraction(7, 2) * got, rules=rounded) for name, got in (("A", 3), ("B", Fraction("3.2")))]
    cards.append(card("C", Fraction(7, 2) * 3, rules=rounded))
    found = cchc.rank(rounded, cards)
    assert [(one.place, one.settled_by_rounding) for one in found] == [(1, ("B",)), (1, ("A", "C")), (1, ("B",))]
    assert all(not one.settled_by_rounding for one in cchc.rank(rounded, cards, order=Order(by="1")))


def test_a_grade_that_print_would_change_is_flagged() -> None:
    grades = (Grade("Tốt", Interval(low=Fraction(9), low_closed=True)), Grade("Khá", Interval(high=Fraction(9))))
    for basing, value in ((Basing.POINTS, Fraction("8.9951")), (Basing.INDEX, Fraction("0.0899951") * 100)):
        scale = GradeScale(tuple(evolve(g, interval=over(g.interval, basing)) for g in grades), basing)
        rules = evolve(POINTS_ONLY, scales=(scale,))
        low = cchc.rank(rules, [card("A", Fraction(7, 2) * value, rules=rules)])[0]
        assert isinstance(low.card.grade, Grade)
        assert low.card.grade.name == "Khá"
        assert isinstance(low.grade_in_print, Grade)
        assert low.grade_in_print.name == "Tốt"
        plain = cchc.rank(rules, [card("A", Fraction(7, 2) * 8, rules=rules)])[0]
        assert plain.grade_in_print is None
    alone = evolve(POINTS_ONLY, scales=(GradeScale((grades[1],)),))
    assert (
        cchc.rank(alone, [card("A", Fraction(7, 2) * Fraction("8.9951"), rules=alone)])[0].grade_in_print is NOT_STATED
    )


def over(interval: Interval, basing: Basing) -> Interval:
    by = 100 if basing is Basing.INDEX else 1
    return evolve(
        interval,
        low=None if interval.low is None else interval.low / by,
        high=None if interval.high is None else interval.high / by,
    )


def test_a_grade_on_what_is_not_stated_is_not_flagged() -> None:
    scale = GradeScale((Grade("Khá", Interval()),), Basing.INDEX)
    rules = evolve(POINTS_ONLY, scales=(scale,))
    graded = evolve(card("A", 7, rules=rules), index=NOT_STATED)
    assert grade_by_print(rules, graded) is None


PRINTED = (
    "Bộ Tư pháp",
    "Ngân hàng Nhà nước Việt Nam",
    "Bộ Tài chính",
    "Bộ Nội vụ",
    "Bộ Tài nguyên và Môi trường",
    "Bộ Nông nghiệp và Phát triển Nông thôn",
    "Bộ Xây dựng",
    "Bộ Giao thông vận tải",
    "Bộ Thông tin và Truyền thông",
    "Bộ Lao động - Thương binh và Xã hội",
    "Bộ Văn hóa, Thể thao và Du lịch",
    "Bộ Giáo dục và Đào tạo",
    "Bộ Khoa học và Công nghệ",
    "Bộ Kế hoạch và Đầu tư",
    "Bộ Y Tế",
    "Bộ Ngoại giao",
    "Bộ Công Thương",
)


def test_the_seventeen_ministries_in_printed_order() -> None:
    rules = cchc.load("bo-noi-vu/cap-bo/2022")
    units = cchc.read_submissions(EXAMPLES / "bo-2023" / "cac-bo.csv")
    ranks = cchc.rank(rules, [cchc.score(rules, unit) for unit in units])
    assert tuple(rank.card.unit for rank in ranks) == PRINTED
    assert [rank.place for rank in ranks] == list(range(1, 18))
    grades = [rank.card.grade for rank in ranks]
    assert [grade.name for grade in grades if isinstance(grade, Grade)] == ["Nhóm B"] * 14 + ["Nhóm C"] * 3
    assert [rank.card.points for rank in ranks[:2]] == [Fraction("89.96"), Fraction("89.88")]
    assert all(rank.card.index == rank.card.points / 100 for rank in ranks if isinstance(rank.card.points, Fraction))


def test_a_new_commune_is_scored_and_not_ranked() -> None:
    rules = cchc.load("mau/cap-xa/1")
    cards = [cchc.score(rules, cchc.read_submission(file)) for file in sorted((EXAMPLES / "mau-cap-xa").glob("*.yaml"))]
    ranks = cchc.rank(rules, cards)
    assert [rank.card.unit for rank in ranks if rank.place is None] == ["Xã Mẫu 19"]
    assert len(ranks) == 20
