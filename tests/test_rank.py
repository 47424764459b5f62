"""Ranks: compared exactly, equal units share a place, no order of input matters."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Basing, Criterion, Exemption, Grade, Policy, Ranking, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import Chosen, Interval, figure
from cchc_index.rules import Piece, Piecewise
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED, Reading
from strategies import CITATION, with_criteria

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
    assert "the decision states no ranking" in caught.value.report("en")


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
