"""Worked cases beside a ruleset (vi-du.yaml): figures, the points they must give, and where the case comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from attrs import frozen
from pydantic import Field

from cchc_index.checking.alone import alone
from cchc_index.criteria import Ruleset
from cchc_index.errors import (
    BadRuleset,
    BadSubmission,
    CchcError,
    Fault,
    MissingFacts,
    Text,
    UndefinedByDecision,
)
from cchc_index.facts import Period, Submission
from cchc_index.files.numbers import parse_exact
from cchc_index.files.schema import Count, Keyed, PointsOrSilence, ShareOrSilence, Words
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable
from cchc_index.files.submission_schema import PeriodRow, SubmissionFile
from cchc_index.files.submissions import submission_of
from cchc_index.files.validation import validated
from cchc_index.points import NumberError, show
from cchc_index.scoring.say import say_observed
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import AverageTrace, Card, Observed
from cchc_index.sources import NOT_STATED, NotStated

ErrorName = Literal["khong_quy_dinh", "thieu_so_lieu", "sai_ban_khai"]
_ERRORS: dict[type[CchcError], ErrorName] = {
    UndefinedByDecision: "khong_quy_dinh",
    MissingFacts: "thieu_so_lieu",
    BadSubmission: "sai_ban_khai",
}


class Expected(Keyed):
    """What a case must give: points, or an error whose message holds these words."""

    diem: PointsOrSilence | None = None
    ghi_chu: list[Words] = Field(default_factory=list, description="Chữ phải có trong ghi chú nguồn của kết quả")
    loi: ErrorName | None = None
    chua: list[Words] = Field(default_factory=list, description="Chữ phải có trong thông báo lỗi")


class CriterionCase(Expected):
    tinh_duoc: dict[Words, Words] = Field(default_factory=dict, description="Đại lượng hay mức tính được, theo tên")
    so_lieu: dict[str, Any]


class CriterionCases(Keyed):
    """Cases of one criterion alone; only its own figures are needed."""

    ma: Words
    nguon_goc: Words
    ky: PeriodRow | None = None
    truong_hop: Annotated[list[CriterionCase], Field(min_length=1)]


class WholeCase(SubmissionFile):
    """A whole unit: points by code, total, index, grade, and how many records came out with which points."""

    nguon_goc: Words
    diem: dict[str, PointsOrSilence] = Field(default_factory=dict)
    tinh_duoc: dict[str, dict[Words, Words]] = Field(default_factory=dict)
    tong: PointsOrSilence | None = None
    chi_so: ShareOrSilence | None = None
    xep_loai: str | None = None
    dem: dict[str, dict[Words, Count]] = Field(default_factory=dict)
    loi: ErrorName | None = None
    chua: list[Words] = Field(default_factory=list)


class CasesFile(Keyed):
    bo_tieu_chi: Words
    phien_ban: Words
    tieu_chi: list[CriterionCases] = Field(default_factory=list)
    ban_khai: list[WholeCase] = Field(default_factory=list)


@frozen
class Outcome:
    """One case that was run: its name, and what differed from what it says (nothing when it holds)."""

    name: str
    differences: tuple[Text, ...]


@frozen
class WorkedCase:
    """One case of a file: its name, which is its place and its criterion or unit, and how it is run."""

    name: str
    judge: Callable[[], Iterable[Text]]

    def run(self) -> Outcome:
        return Outcome(self.name, tuple(self.judge()))


def run_cases(rules: Ruleset, file: Path) -> tuple[Outcome, ...]:
    """Run every worked case of a file. Raises BadRuleset when the file cannot be read."""
    return tuple(case.run() for case in worked_cases(rules, file))


def worked_cases(rules: Ruleset, file: Path) -> tuple[WorkedCase, ...]:
    """Every worked case of a file, not run yet. Raises BadRuleset when the file cannot be read."""
    return read_cases(file).of(rules)


@frozen
class ReadCases:
    """A file of worked cases that was read once, to be held against rulesets."""

    model: CasesFile
    places: Mapping[Any, str]
    folder: Path

    def of(self, rules: Ruleset, only: str = "") -> tuple[WorkedCase, ...]:
        """The cases for a ruleset; of one criterion and of whole units where `only` names one. Raises BadRuleset."""
        if (self.model.bo_tieu_chi, self.model.phien_ban) != (rules.id, rules.version):
            made_for = f"{self.model.bo_tieu_chi}/{self.model.phien_ban}"
            message = Text(
                f"ví dụ lập cho bộ tiêu chí khác: «{made_for}», còn đây là «{rules.full_id}»",
                f"the cases were made for another ruleset: «{made_for}», while this is «{rules.full_id}»",
            )
            raise BadRuleset([Fault(message, place=self.places[("bo_tieu_chi",)])])
        return (*self._criterion_cases(rules, only), *self._whole_cases(rules))

    def _criterion_cases(self, rules: Ruleset, only: str) -> Iterator[WorkedCase]:
        for group_number, group in enumerate(self.model.tieu_chi):
            if only not in ("", group.ma):
                continue
            if group.ma not in rules.by_code:
                message = Text(f"không có tiêu chí «{group.ma}»", f"there is no criterion «{group.ma}»")
                yield WorkedCase(self.places["tieu_chi", group_number], partial(tuple, (message,)))
                continue
            single = alone(rules, group.ma)
            for number, case in enumerate(group.truong_hop):
                place = self.places["tieu_chi", group_number, "truong_hop", number]
                period = Period(group.ky.tu_ngay, group.ky.den_ngay) if group.ky else None
                unit = Submission(f"{group.ma} ({number + 1})", case.so_lieu, period=period)
                yield WorkedCase(f"{place} [{group.ma}]", partial(_judge_criterion, single, unit, group.ma, case))

    def _whole_cases(self, rules: Ruleset) -> Iterator[WorkedCase]:
        for number, case in enumerate(self.model.ban_khai):
            name = f"{self.places['ban_khai', number]} [{case.don_vi}]"
            yield WorkedCase(name, partial(_judge_whole, rules, case, self.folder))


def read_cases(file: Path) -> ReadCases:
    """Read a file of worked cases. Raises BadRuleset."""
    try:
        node = read_node(file)
        return ReadCases(validated(CasesFile, node, file.name), dict(node.places(file.name)), file.parent)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None


def _judge_criterion(rules: Ruleset, unit: Submission, code: str, case: CriterionCase) -> Iterator[Text]:
    card, error = _scored(rules, unit)
    yield from _judge_error(error, case.loi, case.chua)
    if card:
        yield from _judge_points(code, card, case.diem)
        yield from _judge_observed(code, card, case.tinh_duoc)
        noted = " ".join(note.text for line in card.walk() for note in line.notes)
        yield from (_lacks(words, "ghi chú", "the notes") for words in case.ghi_chu if words not in noted)


def _judge_whole(rules: Ruleset, case: WholeCase, folder: Path) -> Iterator[Text]:
    try:
        unit = submission_of(case, {}, folder)
    except Unreadable as problem:
        yield from (fault.text for fault in problem.faults)
        return
    card, error = _scored(rules, unit)
    yield from _judge_error(error, case.loi, case.chua)
    yield from _judge_card(card, case) if card else ()


def _judge_card(card: Card, case: WholeCase) -> Iterator[Text]:
    for code, points in case.diem.items():
        yield from _judge_points(code, card, points)
    yield from _judge("tổng", "total", case.tong, card.points)
    yield from _judge("chỉ số", "index", case.chi_so, card.index)
    grade = card.grade.value if card.grade is NOT_STATED else card.grade and card.grade.name
    if case.xep_loai is not None and case.xep_loai != grade:
        yield Text(f"xếp loại {grade}, ví dụ ghi {case.xep_loai}", f"grade {grade}, the case says {case.xep_loai}")
    for code, counts in case.dem.items():
        yield from _judge_tallies(code, card, counts)
    for code, expected in case.tinh_duoc.items():
        yield from _judge_observed(code, card, expected)


def _judge_observed(code: str, card: Card, expected: dict[str, str]) -> Iterator[Text]:
    """What was computed, by its name: a number, the name of a tier, `khong_quy_dinh` or `thieu_so_lieu`."""
    found = {one.name: one for one in card[code].observed} if code in card.by_code else {}
    for name, wanted in expected.items():
        if name not in found:
            yield Text(f"{code} không tính «{name}»", f"{code} does not compute «{name}»")
        elif not _is_seen(found[name], wanted):
            told = say_observed(found[name], card[code])
            yield Text(f"{code}: {told.vi}, ví dụ ghi {wanted}", f"{code}: {told.en}, the case says {wanted}")


def _is_seen(observed: Observed, wanted: str) -> bool:
    if observed.seen:
        with suppress(NumberError):
            return parse_exact(wanted) == observed.seen.value
        return False
    word = "thieu_so_lieu" if observed.absent else "khong_quy_dinh"
    return wanted == (observed.tier or word)


def _judge_tallies(code: str, card: Card, counts: dict[str, int]) -> Iterator[Text]:
    if code not in card.by_code:
        yield Text(f"không có tiêu chí «{code}»", f"there is no criterion «{code}»")
        return
    trace = card[code].trace
    tallies = trace.tallies if isinstance(trace, AverageTrace) else ()
    found: dict[str, int] = {}
    for tally in tallies:
        found[show(tally.points)] = found.get(show(tally.points), 0) + tally.count
    if found != counts:
        yield Text(f"{code}: đếm được {found}, ví dụ ghi {counts}", f"{code}: counted {found}, the case says {counts}")


def _scored(rules: Ruleset, unit: Submission) -> tuple[Card | None, CchcError | None]:
    try:
        return score(rules, unit), None
    except CchcError as error:
        return None, error


def _judge_error(error: CchcError | None, name: ErrorName | None, words: list[str]) -> Iterator[Text]:
    found = _ERRORS.get(type(error)) if error else None
    if found != name or (error and not found):
        told = Text(error.report("vi"), error.report("en")) if error else Text("không có lỗi", "none")
        yield Text(
            f"lỗi: {told.vi}; ví dụ ghi {name or 'không có lỗi'}", f"error: {told.en}; the case says {name or 'none'}"
        )
    elif error:
        yield from (_lacks(word, "lỗi", "the error") for word in words if word not in str(error))


def _judge_points(code: str, card: Card, expected: Fraction | str | None) -> Iterator[Text]:
    if code not in card.by_code:
        yield Text(f"không có tiêu chí «{code}»", f"there is no criterion «{code}»")
    else:
        yield from _judge(code, code, expected, card[code].points)


def _judge(vi: str, en: str, expected: Fraction | str | None, found: Fraction | NotStated) -> Iterator[Text]:
    plain = found.value if found is NOT_STATED else found
    if expected is not None and expected != plain:
        one, other = (show(x) if isinstance(x, Fraction) else str(x) for x in (plain, expected))
        yield Text(f"{vi}: tính được {one}, ví dụ ghi {other}", f"{en}: computed {one}, the case says {other}")


def _lacks(words: str, vi: str, en: str) -> Text:
    return Text(f"{vi} thiếu chữ «{words}»", f"{en} lacks «{words}»")
