"""Ballots counted: every answer once or refused, in any order; and counted ballots score as counts given by hand."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.measures import AllOf, Interval, Linear, ratio
from cchc_index.reviewing.ballots import SAID, Answer, Poll, Refused, Tally, Wrong, count, even, together
from cchc_index.reviewing.surveys import submissions, survey, survey_figures
from cchc_index.rules import Average, Case, Choose, Piece, Piecewise, Sum, Switch, Term, constant
from cchc_index.sources import NOT_STATED

RULES = cchc.load(Path(__file__).parent / "data" / "khao-sat")
FACTS = tuple(survey_figures(RULES))
UNITS, GROUPS = ("Xã A", "Xã B"), ("", "dân", "doanh nghiệp")


def answer(option: str = "A", ballot: str | None = "1", line: int = 2, **more: str) -> Answer:
    return Answer(**{"unit": "Xã A", "figure": "dan", "option": option} | more, ballot=ballot, file="p.csv", line=line)


WORDS = st.sampled_from([*"ABCDX12", "", "Hài lòng", " hài  LÒNG ", "=1+1"])
ANSWERS = st.lists(
    st.builds(
        Answer,
        unit=st.sampled_from([*UNITS, ""]),
        figure=st.sampled_from(["dan", "Người dân", "y", "z", "la"]),
        option=WORDS,
        question=st.sampled_from(["", "1", "2"]),
        group=st.sampled_from(GROUPS),
        ballot=st.sampled_from([None, "", "1", "2", "3", "4"]),
    ),
    max_size=30,
).map(lambda answers: [one._replace(file="p.csv", line=line) for line, one in enumerate(answers, 2)])


def kinds(poll: Poll) -> Counter[Wrong]:
    return Counter(one.kind for one in poll.refused)


@given(ANSWERS)
def test_every_answer_is_counted_once_or_refused_once(answers: list[Answer]) -> None:
    poll = count(FACTS, answers)
    assert poll.read == len(answers) == poll.valid + len(poll.refused)
    places = [one.place for one in poll.refused]
    assert len(set(places)) == len(places)
    assert places == sorted(places, key=lambda place: int(place.partition(":")[2]))
    assert set(places) <= {one.place for one in answers}


@given(ANSWERS.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(answers))))
def test_the_order_of_the_answers_changes_neither_counts_nor_reasons(pair: tuple[list[Answer], list[Answer]]) -> None:
    one, other = (count(FACTS, answers) for answers in pair)
    assert one.tallies == other.tallies
    assert kinds(one) == kinds(other)


@given(ANSWERS, st.integers(0, 99))
def test_a_ballot_handed_in_again_changes_the_report_only(answers: list[Answer], number: int) -> None:
    told = [one for one in answers if one.ballot]
    if told:
        before = count(FACTS, answers)
        after = count(FACTS, [*answers, told[number % len(told)]._replace(line=1000)])
        assert after.tallies == before.tallies
        assert len(after.refused) == len(before.refused) + 1


@given(ANSWERS)
def test_groups_and_questions_add_up_to_the_whole(answers: list[Answer]) -> None:
    tallies = count(FACTS, answers).tallies
    whole = together(tallies)
    for part in (together(tallies, group=True), together(tallies, question=True), tallies):
        assert together(part) == whole
    assert sum(tally.valid for tally in whole) == sum(tally.valid for tally in tallies)
    assert together(tallies, question=True, group=True) == tallies
    assert {tally.group for tally in together(tallies, group=True)} == {tally.group for tally in tallies}
    assert {tally.question for tally in together(tallies, question=True)} == {tally.question for tally in tallies}
    assert {tally.question for tally in together(tallies, group=True)} <= {""}


@given(ANSWERS)
def test_counted_ballots_score_as_the_counts_given_by_hand(answers: list[Answer]) -> None:
    poll = count(FACTS, answers)
    by_hand: dict[str, dict[str, dict[str, int]]] = {}
    for tally in poll.tallies:
        for option, number in tally.counts:
            figure = by_hand.setdefault(tally.unit, {}).setdefault(tally.figure, {})
            figure[option] = figure.get(option, 0) + number
    for unit in submissions(RULES, poll):
        given_there = cchc.Submission(unit.unit, by_hand[unit.unit], RULES.id, RULES.version)
        assert unit.figures == given_there.figures
        outcomes: list[object] = []
        for one in (unit, given_there):
            try:
                outcomes.append(cchc.score(RULES, one))
            except (cchc.MissingFacts, cchc.UndefinedByDecision) as error:
                outcomes.append(str(error))
        assert outcomes[0] == outcomes[1]


@given(ANSWERS)
def test_results_are_those_of_the_score(answers: list[Answer]) -> None:
    poll = count(FACTS, answers)
    whole = {
        (result.tally.unit, result.tally.figure): result
        for result in survey(RULES, poll).results
        if not (result.tally.question or result.tally.group)
    }
    for unit in submissions(RULES, poll):
        if not {"dan", "y", "z"} <= unit.figures.keys() or not whole[unit.unit, "dan"].means[0].counted:
            continue
        card = cchc.score(RULES, unit)
        dan, y, z = (whole[unit.unit, name].means[0].points for name in ("dan", "y", "z"))
        assert NOT_STATED not in (dan, y, z)
        assert (card["1"].points, card["2"].points) == (dan, Fraction(str(y)) + Fraction(str(z)))
    for result in whole.values():
        assert sum(share for _, share in result.shares if share is not NOT_STATED) == 1
        assert result.tally.valid


def test_options_and_figures_go_by_name_or_label_in_any_dress() -> None:
    words = ("A", "a", " Hài   lòng", "hài lòng", "Hài lòng")
    poll = count(FACTS, [answer(word, str(number), figure="NGƯỜI  dân") for number, word in enumerate(words)])
    assert poll.tallies == (Tally("Xã A", "dan", "", "", (("A", 5), ("B", 0), ("C", 0), ("D", 0))),)
    assert not poll.refused


def test_a_name_comes_before_a_label_that_is_spelled_like_it() -> None:
    fact = evolve(FACTS[0], options=(("A", "B"), ("B", "A")))
    poll = count([fact], [answer("A")])
    assert dict(poll.tallies[0].counts) == {"A": 1, "B": 0}


def test_figures_that_are_no_survey_take_no_answers() -> None:
    assert count([cchc.load("dong-nai/cap-xa/2022").fact("da_xong")], [answer()]).refused[0].kind is (
        Wrong.NO_SUCH_QUESTION
    )


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ([answer("")], [(Wrong.BLANK, "p.csv:2", "", "")]),
        ([answer("E")], [(Wrong.NO_SUCH_OPTION, "p.csv:2", "", "")]),
        ([answer("Hai lòng")], [(Wrong.NO_SUCH_OPTION, "p.csv:2", "", "Hài lòng")]),
        ([answer(figure="dann")], [(Wrong.NO_SUCH_QUESTION, "p.csv:2", "", "dan")]),
        ([answer(unit="", figure="dann")], [(Wrong.NO_UNIT, "p.csv:2", "", "")]),
        ([answer(ballot="")], [(Wrong.NO_BALLOT, "p.csv:2", "", "")]),
        ([answer(), answer(line=9)], [(Wrong.DUPLICATE, "p.csv:9", "p.csv:2", "")]),
        (
            [answer(), answer("B", line=9)],
            [(Wrong.CONFLICT, "p.csv:2", "p.csv:9", ""), (Wrong.CONFLICT, "p.csv:9", "p.csv:2", "")],
        ),
        (
            [answer(), answer(line=5), answer(line=9, group="dân")],
            [
                (Wrong.CONFLICT, f"p.csv:{line}", other, "")
                for line, other in ((2, "p.csv:5"), (5, "p.csv:2"), (9, "p.csv:2"))
            ],
        ),
        ([answer(), answer("", line=9)], [(Wrong.BLANK, "p.csv:9", "", "")]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(answers: list[Answer], wrong: list[tuple[Wrong, str, str, str]]) -> None:
    refused = count(FACTS, answers).refused
    assert [(one.kind, one.place, one.other, one.hint) for one in refused] == wrong


def test_the_same_ballot_answers_many_questions_units_and_figures() -> None:
    several = [answer(), answer(unit="Xã B"), answer(question="2"), answer("1", figure="y")]
    assert not count(FACTS, several).refused


def test_ballots_without_ids_are_counted_and_said_to_be_unchecked() -> None:
    poll = count(FACTS, [answer(ballot=None), answer(ballot=None, line=3)])
    assert (poll.valid, poll.has_ids) == (2, False)
    assert count(FACTS, [answer()]).has_ids


def test_what_was_written_is_kept_nowhere() -> None:
    secret = "Nguyễn Văn Bịa"
    poll = count(FACTS, [answer(secret), answer(figure=secret), answer(ballot=secret), answer("B", ballot=secret)])
    assert len(poll.refused) == 4
    assert secret not in repr(poll)
    assert secret not in "".join(one.fault.said() for one in poll.refused)


def test_every_reason_is_told_in_both_languages() -> None:
    assert set(SAID) == set(Wrong)
    fault = Refused(Wrong.DUPLICATE, "p.csv:9", "Xã A", "dan", "1", other="p.csv:2", hint="A").fault
    assert fault.said() == "p.csv:9: Xã A.dan.1: trùng một phiếu đã có: xem p.csv:2 (ý bạn là «A»?)"
    assert fault.said("en") == "p.csv:9: Xã A.dan.1: handed in twice: see p.csv:2 (did you mean «A»?)"


@given(st.text())
def test_evening_out_twice_is_evening_out_once(word: str) -> None:
    assert even(even(word)) == even(word)


# -- what counts come to -----------------------------------------------------------------------------------------------


def tally(figure: str, *numbers: int, unit: str = "Xã A") -> Tally:
    names = [name for name, _ in RULES.fact(figure).options]
    return Tally(unit, figure, "", "", tuple(zip(names, numbers, strict=True)))


def test_a_mean_leaves_out_the_options_that_are_not_counted() -> None:
    (result,) = survey(RULES, Poll((tally("dan", 6, 2, 2, 5),))).results
    (mean,) = result.means
    assert (mean.code, mean.name, mean.value, mean.counted) == ("1", "Hài lòng", Fraction(7, 10), 10)
    assert mean.points == Fraction(14, 5)
    assert mean.basis != NOT_STATED
    assert dict(result.shares)["D"] == Fraction(1, 3)


def test_only_answers_that_are_not_counted_leave_the_mean_unsaid() -> None:
    (mean,) = survey(RULES, Poll((tally("dan", 0, 0, 0, 5),))).results[0].means
    assert (mean.value, mean.points, mean.counted) == (NOT_STATED, NOT_STATED, 0)


def test_each_line_of_a_sum_is_told_by_itself() -> None:
    results = survey(RULES, Poll((tally("y", 1, 1), tally("z", 1, 3)))).results
    assert [f"{r.means[0].name} {r.means[0].value} {r.means[0].points}" for r in results] == [
        "Ý kiến 1/2 1",
        "Đánh giá 1/4 1",
    ]


def test_what_a_zero_denominator_gives_is_the_source_s_word() -> None:
    results = survey(RULES, Poll((tally("y", 0, 0), tally("z", 0, 0)))).results
    assert [f"{r.means[0].value} {r.means[0].points}" for r in results] == ["khong_quy_dinh 1", "0 0"]
    assert results[0].shares == (("1", NOT_STATED), ("2", NOT_STATED))


@pytest.mark.parametrize(("numbers", "short"), [((1, 1, 0, 0), True), ((1, 1, 0, 1), False), ((2, 1, 1, 0), False)])
def test_the_least_sample_is_held_on_both_sides(numbers: tuple[int, ...], short: bool) -> None:
    found = survey(RULES, Poll((tally("dan", *numbers),)))
    assert found.results[0].is_too_small is short
    assert found.is_clean is not short


def test_the_least_sample_is_of_the_whole_and_may_be_unstated() -> None:
    parts = tuple(evolve(tally("dan", 2, 0, 0, 0), group=group) for group in ("dân", "khác"))
    found = survey(RULES, Poll((*parts, tally("y", 1, 0))))
    assert [bool(result.sample) for result in found.results] == [True, False, False, False]
    assert found.is_clean


def test_refused_answers_are_no_clean_survey() -> None:
    assert not survey(RULES, Poll((), (Refused(Wrong.BLANK, "p.csv:2"),))).is_clean


def test_records_and_mixed_rules_have_no_mean_of_one_survey() -> None:
    counted = Piecewise(Linear((("y.1", 1),)), (Piece(Interval(), Fraction(0), Fraction(1)),))
    share = Piecewise(ratio("y.1", "z.1"), (Piece(Interval(), Fraction(0), Fraction(1)),))
    own = Piecewise(ratio("y.1", "y.2"), (Piece(Interval(), Fraction(0), Fraction(1)),))
    cases = (Case(AllOf(()), share), Case(AllOf(()), own))
    other = Piecewise(ratio("y.2", "y.1"), (Piece(Interval(), Fraction(0), Fraction(1)),))
    two = (Case(AllOf(()), own), Case(AllOf(()), other))
    for rule, means in (
        (Average("hs", own), 0),
        (share, 0),
        (counted, 0),
        (Switch(cases, Choose.FIRST), 1),
        (Switch(two, Choose.FIRST), 0),
        (Sum((Term(constant(Fraction(1))), Term(own))), 1),
    ):
        criterion = evolve(RULES["2"], rule=rule, observations=())
        rules = evolve(RULES, criteria=(RULES["1"], criterion))
        assert len(survey(rules, Poll((tally("y", 1, 1),))).results[0].means) == means


# -- submissions -------------------------------------------------------------------------------------------------------


def test_counts_go_on_top_of_other_figures() -> None:
    poll = Poll((tally("y", 1, 0),))
    others = {"Xã A": cchc.Submission("Xã A", {"x": 1}), "Xã B": cchc.Submission("Xã B", {})}
    found = submissions(RULES, poll, others)
    assert [(one.unit, one.figures) for one in found] == [("Xã A", {"x": 1, "y": {"1": 1, "2": 0}}), ("Xã B", {})]


def test_an_unknown_unit_and_counts_given_twice_are_told_together() -> None:
    poll = Poll((tally("y", 1, 0), tally("y", 1, 0, unit="Xã B.")))
    others = {"Xã A": cchc.Submission("Xã A", {"y": {}}), "Xã B": cchc.Submission("Xã B", {})}
    with pytest.raises(cchc.BadSubmission) as caught:
        submissions(RULES, poll, others)
    assert "bản khai không có đơn vị «Xã B.» (ý bạn là «Xã B»?)" in str(caught.value)
    assert "Xã A.so_lieu.y: bản khai đã có số phiếu này" in str(caught.value)
