"""Progress inside the year: how each criterion stands, where its points are, and what a report prints of the whole."""

import datetime
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cchc_index as cchc
from cchc_index.criteria import Counts, Criterion, Exemption, Observation, Policy, Ruleset, Task, Tier
from cchc_index.facts import Period, Reported, Standing, Statement, Submission
from cchc_index.measures import Chosen, DayOfYear, Interval, figure, ratio
from cchc_index.reviewing.observed import observed
from cchc_index.reviewing.progress import Item, due_day, progress
from cchc_index.reviewing.sentences import grouped, kinds_of, number_of, say_observed, say_progress
from cchc_index.rules import Piece, Piecewise
from cchc_index.sources import NOT_STATED
from cchc_index.testing.pool.measures import CITATION
from cchc_index.testing.pool.rulesets import with_criteria
from cchc_index.testing.strategies import scored

YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
JUNE = datetime.date(2025, 6, 30)
EACH = Piecewise(figure("a"), (Piece(Interval(), Fraction(0), Fraction(1)),))
WHOLE = Fraction(10)


def leaf(code: str = "1", **more: Any) -> Criterion:
    return evolve(Criterion(code, f"tiêu chí {code}", WHOLE, CITATION, rule=EACH), **more)


def task(day: datetime.date | None, owner: str = "Phòng A") -> Task:
    return Task("làm", (owner,), day)


def one(criterion: Criterion, on: datetime.date = JUNE, **unit: Any) -> Item:
    sheet = evolve(Submission("Xã A", {}, period=YEAR), **unit)
    return progress(with_criteria(criterion), sheet, on=on).items[0]


@given(scored(), st.dates(datetime.date(2024, 12, 1), datetime.date(2026, 2, 1)))
def test_points_are_secured_open_or_lost(pair: tuple[Ruleset, Submission], on: datetime.date) -> None:
    try:
        found = progress(*pair, on=on)
    except (cchc.BadRuleset, cchc.BadSubmission):
        return
    for item in found.items:
        parts = (item.secured, item.still_open, item.lost)
        if NOT_STATED not in parts and item.max_points is not NOT_STATED and item.standing is not Standing.EXEMPT:
            assert sum(parts) == item.max_points  # type: ignore[arg-type]
        assert item.standing in (Standing.DONE, Standing.FAILED) or item.lost == 0
        assert item.standing not in (Standing.DONE, Standing.FAILED) or item.still_open == 0
    counts = Counter(item.standing for item in found.items)
    assert dict(found.whole.counts) == counts
    assert found.whole.size == len(found.items) - counts[Standing.EXEMPT]
    for groups in (found.by_area, found.by_deadline):
        assert sum((Counter(dict(tally.counts)) for tally in groups.values()), Counter()) == counts


@pytest.mark.parametrize(
    ("figures", "day", "on", "standing"),
    [
        ({"a": 10}, None, JUNE, Standing.DONE),
        ({"a": 4}, None, JUNE, Standing.ONGOING),
        ({"a": 4}, JUNE, JUNE, Standing.ONGOING),
        ({"a": 4}, JUNE, JUNE + datetime.timedelta(1), Standing.DONE),
        ({"a": 0}, JUNE, JUNE + datetime.timedelta(1), Standing.FAILED),
        ({"a": 0}, None, datetime.date(2026, 1, 1), Standing.FAILED),
        ({}, JUNE, JUNE, Standing.NOT_DUE),
        ({}, JUNE, JUNE + datetime.timedelta(1), Standing.UNKNOWN),
        ({}, None, JUNE, Standing.UNKNOWN),
    ],
)
def test_figures_and_deadlines_tell(
    figures: dict[str, int], day: datetime.date | None, on: datetime.date, standing: Standing
) -> None:
    assert one(leaf(tasks=(task(day),)), on, figures=figures).standing is standing


def test_the_points_of_each_standing() -> None:
    late = JUNE + datetime.timedelta(1)
    with_task = leaf(tasks=(task(JUNE),))

    def parts(item: Item) -> tuple[object, ...]:
        return item.secured, item.still_open, item.lost

    assert parts(one(with_task, figures={"a": 4})) == (4, 6, 0)
    assert parts(one(with_task, late, figures={"a": 4})) == (4, 0, 6)
    assert parts(one(with_task)) == (0, 10, 0)
    assert parts(one(leaf(), statements={"1": Statement(Standing.FAILED)})) == (0, 0, 10)
    assert parts(one(leaf(), statements={"1": Statement(Standing.DONE)})) == (NOT_STATED, 0, NOT_STATED)
    assert parts(one(leaf(), statements={"1": Statement(Standing.DONE, Fraction(7))})) == (7, 0, 3)
    unknown = leaf(max_points=NOT_STATED)
    assert parts(one(unknown, figures={"a": 4})) == (4, NOT_STATED, 0)
    assert parts(one(unknown, datetime.date(2026, 1, 1), figures={"a": 4})) == (4, 0, NOT_STATED)


def test_a_statement_counts_until_the_figures_give_everything() -> None:
    for standing in (Standing.FAILED, Standing.ONGOING, Standing.NOT_DUE):
        stated = {"1": Statement(standing)}
        assert one(leaf(), figures={"a": 4}, statements=stated).standing is standing
        item = one(leaf(), figures={"a": 10}, statements=stated)
        assert item.standing is Standing.DONE
        assert [remark.en for remark in item.remarks] == ["the figures say otherwise"]


def test_what_does_not_go_together_is_said() -> None:
    late = datetime.date(2026, 1, 1)
    assert "đã quá hạn" in str(one(leaf(), late, statements={"1": Statement(Standing.ONGOING)}).remarks[0])
    nothing = one(leaf(), figures={"a": 0}, statements={"1": Statement(Standing.DONE)})
    assert "0 điểm" in str(nothing.remarks[0])
    other = one(leaf(), figures={"a": 4}, statements={"1": Statement(Standing.ONGOING, Fraction("5.5"), "chờ ký")})
    assert [remark.vi for remark in other.remarks] == ["chờ ký", "đơn vị nêu 5,5 điểm, số liệu cho 4"]
    assert [remark.en for remark in other.remarks] == ["chờ ký", "stated 5.5 points, the figures give 4"]
    assert (other.code, other.name, other.points) == ("1", "tiêu chí 1", Fraction(4))
    assert one(leaf()).points is None


def test_what_is_not_assessed_is_not_counted() -> None:
    exempt = leaf(exemptions=(Exemption(Policy.REMOVED),))
    sheet = Submission("Xã A", {}, exemptions={"1": "x"}, statements={"1": Statement(Standing.DONE)})
    found = progress(with_criteria(exempt), sheet, on=JUNE)
    assert (found.items[0].standing, found.whole.size) == (Standing.EXEMPT, 0)


def test_figures_declared_beside_a_silent_rule_show_that_work_has_begun() -> None:
    silent = leaf(rule=NOT_STATED, facts=(with_criteria().facts[0],))
    item = one(silent, figures={"a": 3})
    assert (item.standing, item.points) == (Standing.ONGOING, NOT_STATED)
    shared = with_criteria(leaf("1"), leaf("2"))
    found = progress(shared, Submission("Xã A", {"a": 3}), on=JUNE)
    assert [item.standing for item in found.items] == [Standing.UNKNOWN] * 2


def test_groups_by_owner_and_deadline_and_the_tasks_themselves() -> None:
    rules = with_criteria(
        leaf("1", tasks=(task(JUNE), task(DayOfYear(15, 7), "Phòng B"))),  # type: ignore[arg-type]
        leaf("2", tasks=(task(JUNE),)),
        leaf("3", tasks=(task(None),)),
        leaf("4"),
    )
    found = progress(rules, Submission("Xã A", {}, period=YEAR), on=JUNE)
    assert {owner: tally.size for owner, tally in found.by_owner.items()} == {"Phòng A": 3, "Phòng B": 1, "": 1}
    assert [day and day.month for day in found.by_deadline] == [6, 7, 12]
    assert [(duty.code, duty.days_left) for duty in found.duties] == [("1", 0), ("2", 0), ("1", 15), ("3", None)]
    without = progress(rules, Submission("Xã A", {}), on=JUNE)
    assert list(without.by_deadline) == [JUNE, None]


def test_a_day_of_the_year_that_the_year_lacks() -> None:
    assert due_day(DayOfYear(29, 2), None) is None
    with pytest.raises(cchc.BadSubmission, match="năm 2025 không có ngày 29/02"):
        due_day(DayOfYear(29, 2), YEAR)


# -- what a report prints ----------------------------------------------------------------------------------------------

COUNTED = evolve(with_criteria(leaf("1"), leaf("2")), counts=Counts(criteria=5), max_points=Fraction(20))
PRINTED = Reported(
    JUNE,
    "TB",
    "…",
    ((Standing.DONE, 2), (Standing.NOT_DUE, 1), (Standing.FAILED, 1), (Standing.ONGOING, 1)),
    Fraction("7.25"),
)


def reported(printed: Reported, rules: Ruleset = COUNTED, **unit: Any) -> Any:
    return progress(rules, evolve(Submission("Xã A", {}, reported=printed), **unit), on=JUNE)


def test_a_report_counts_for_the_whole_and_the_sentence_says_it() -> None:
    found = reported(PRINTED)
    assert (found.whole.secured, found.whole.still_open, found.remarks) == (Fraction("7.25"), NOT_STATED, ())
    assert found.whole.lost is NOT_STATED
    tail = "02 tiêu chí chưa tới thời gian thực hiện"
    assert str(say_progress(found)) == (
        "đã thực hiện 2/5 tiêu chí (đạt 7,25/20 điểm), 3/5 tiêu chí chưa thực hiện (trong đó có 01 tiêu chí chưa tới"
        " thời gian thực hiện, 01 tiêu chí không đạt và 01 tiêu chí đang trong quá trình thực hiện)"
    )
    assert tail not in str(say_progress(found))
    assert say_progress(found).en == (
        "2 of 5 criteria done (reaching 7.25/20 points), 3 of 5 not done (1 not yet due, 1 failed and 1 in progress)"
    )
    assert "7.25/20" in str(say_progress(reported(PRINTED, mark=".")))
    assert "7,25/20" in say_progress(reported(PRINTED, mark=",")).en


def test_a_report_that_does_not_add_up_is_named() -> None:
    off = evolve(PRINTED, counts=((Standing.DONE, 1),), points=Fraction("21.5"))
    stated = {"1": Statement(Standing.DONE), "2": Statement(Standing.DONE)}
    assert reported(PRINTED, statements=stated).remarks == ()
    remarks = reported(off, statements=stated).remarks
    assert [remark.vi for remark in remarks] == [
        "báo cáo đếm 1 tiêu chí, bộ có 5",
        "nêu tên 2 tiêu chí «dat», báo cáo đếm 1",
        "báo cáo in 21,5 điểm, tối đa 20",
    ]
    assert [remark.en for remark in remarks] == [
        "the report counts 1, the set has 5",
        "2 criteria are named «dat», the report counts 1",
        "21.5 points printed, of 20",
    ]
    unstated = evolve(COUNTED, counts=None, max_points=NOT_STATED)
    unstated = evolve(unstated, criteria=tuple(evolve(c, max_points=NOT_STATED) for c in unstated.criteria))
    found = reported(off, unstated)
    assert found.remarks == ()
    assert "(đạt 21,5 điểm)" in str(say_progress(found))


def test_an_estimate_without_counts() -> None:
    bare = Reported(JUNE, "TB", "…", (), Fraction(61), is_estimate=True)
    assert str(say_progress(reported(bare))) == "đã thực hiện ước đạt 61/20 điểm"
    assert say_progress(reported(bare)).en == "so far an estimated 61/20 points"
    silent = reported(evolve(bare, points=None))
    assert silent.whole.secured == 0


def test_printed_shares_are_held_against_exact_ones() -> None:
    watched = leaf(observations=(Observation("tỷ lệ", ratio("c", "b")),))
    rules = with_criteria(watched)
    names = ("86,5%", "86,6%", "hai", "50%", "0,25")
    found = [
        reported(evolve(PRINTED, counts=(), points=None, measures=(("tỷ lệ", text),)), rules, figures=figures)
        for text, figures in zip(names, [{"c": 10840, "b": 12530}] * 3 + [{"c": 1, "b": 2}] * 2, strict=True)
    ]
    told = [str(one.remarks[0]).partition(": ")[2] for one in found]
    assert told == [
        "≈86,51%, báo cáo in 86,5%: khớp khi làm tròn",
        "≈86,51%, báo cáo in 86,6%: KHÔNG KHỚP",
        "1084/1253, báo cáo in hai: KHÔNG KHỚP",
        "đúng như báo cáo in, 50%",
        "0,5, báo cáo in 0,25: KHÔNG KHỚP",
    ]
    assert [one.remarks[0].en.partition(": ")[2] for one in found] == [
        "≈86.51%, 86,5% printed: agrees when rounded",
        "≈86.51%, 86,6% printed: DIFFERS",
        "1084/1253, hai printed: DIFFERS",
        "as printed, 50%",
        "0.5, 0,25 printed: DIFFERS",
    ]
    lost = reported(evolve(PRINTED, counts=(), measures=(("tỷ lệ", "1%"), ("lạ", "1%"))), rules)
    assert [str(remark).partition(": ")[2] for remark in lost.remarks] == ["báo cáo in 1%, không tính được"] * 2
    assert [remark.en for remark in lost.remarks] == ["tỷ lệ: 1% printed, not computed", "lạ: 1% printed, not computed"]
    plain = progress(rules, Submission("Xã A", {"c": 1, "b": 2}, mark=","), on=JUNE)
    assert [(seen.code, seen.name) for seen in plain.observed] == [("1", "tỷ lệ")]
    assert plain.mark == ","


def test_observations_are_counts_shares_and_tiers() -> None:
    tiers = (Tier("có", Chosen("u", ("co",))), Tier("cũng có", Chosen("v", ("co",))))
    watched = leaf(
        observations=(
            Observation("số", figure("a")),
            Observation("tỷ lệ", ratio("c", "b")),
            Observation("mức", tiers=tiers),
        )
    )
    rules = with_criteria(watched)

    def said(**figures: Any) -> list[str]:
        return [str(say_observed(seen)) for seen in observed(rules, Submission("Xã A", figures))]

    assert said(a=1234, c=1, b=3, u=True, v=False) == ["số: 1.234", "tỷ lệ: 1/3 = ≈33,33%", "mức: có"]
    assert said(a=0, c=0, b=0, u=True, v=True) == ["số: 0", "tỷ lệ: không tính được", "mức: không tính được"]
    assert said() == ["số: không tính được", "tỷ lệ: không tính được", "mức: không tính được"]
    share = observed(rules, Submission("Xã A", {"c": 1000, "b": 4000}))[1]
    assert say_observed(share, ".").vi == "tỷ lệ: 1,000/4,000 = 25%"


def test_a_sheet_that_is_done_has_nothing_left_to_list() -> None:
    found = progress(with_criteria(leaf()), Submission("Xã A", {"a": 10}), on=JUNE)
    assert str(say_progress(found)) == "đã thực hiện 1/1 tiêu chí (đạt 10/10 điểm)"
    stated = Submission("Xã A", {}, statements={"1": Statement(Standing.DONE)})
    assert str(say_progress(progress(with_criteria(leaf()), stated, on=JUNE))) == "đã thực hiện 1/1 tiêu chí"


def test_numbers_in_sentences() -> None:
    assert number_of(Fraction(1, 3), "vi") == "≈0,33"
    assert number_of(NOT_STATED, "en") == "not stated"
    assert grouped(Fraction("1234.5"), ".") == "1234.5"
    assert grouped(Fraction("1234.5"), ",") == "1234,5"
    assert kinds_of(["Xã A", "lạ"]) == "đơn vị"
    assert kinds_of([]) == "đơn vị"
