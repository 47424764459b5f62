"""Raw ballots of a survey, counted: each answer is counted once or refused with its reason, never silently dropped.

A ballot's id serves to find ballots handed in twice and is kept nowhere; nor are words that are no option.

>>> facts = [Fact("hai_long", "mức hài lòng", FactType.SURVEY, options=(("A", "Hài lòng"), ("B", "Không hài lòng")))]
>>> answers = [Answer("Xã A", "hai_long", "A", ballot=str(n % 2), line=n) for n in (2, 3, 4)]
>>> poll = count(facts, answers)
>>> poll.tallies[0].counts, [(one.kind.value, one.place, one.other) for one in poll.refused]
((('A', 2), ('B', 0)), [('trung', ':4', ':2')])
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from attrs import field, frozen

from cchc_index.errors import Fault, Text, did_you_mean
from cchc_index.measures import Fact, FactType


class Wrong(Enum):
    """Why an answer is not counted. The value is the word in JSON."""

    BLANK = "trong"
    DUPLICATE = "trung"
    CONFLICT = "trai_nhau"
    """One ballot answers one question in two ways: nobody can tell which was meant, so neither is counted."""
    NO_SUCH_OPTION = "khong_co_phuong_an"
    NO_SUCH_QUESTION = "khong_co_cau_hoi"
    NO_UNIT = "thieu_don_vi"
    NO_BALLOT = "thieu_ma_phieu"
    BROKEN = "dong_hong"


SAID = {
    Wrong.BLANK: Text("để trống", "blank"),
    Wrong.DUPLICATE: Text("trùng một phiếu đã có", "handed in twice"),
    Wrong.CONFLICT: Text("một phiếu trả lời một câu hai cách", "two answers to one question"),
    Wrong.NO_SUCH_OPTION: Text("không có phương án này", "no such option"),
    Wrong.NO_SUCH_QUESTION: Text("không có câu hỏi này", "no such question"),
    Wrong.NO_UNIT: Text("thiếu tên đơn vị", "the unit is missing"),
    Wrong.NO_BALLOT: Text("thiếu mã phiếu", "the ballot has no id"),
    Wrong.BROKEN: Text("số ô không khớp tiêu đề", "cells do not fit the headings"),
}


class Answer(NamedTuple):
    """One answer of one ballot, as written: about which unit, to which figure (and question in it), which option.

    `ballot` is None where ballots carry no ids at all; an empty one is an id that was forgotten.
    """

    unit: str
    figure: str
    option: str
    question: str = ""
    group: str = ""
    ballot: str | None = None
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


@frozen
class Refused:
    """An answer that is not counted, and its file and line; `other` is the place of the one that it repeats.

    `unit` and `figure` are named where they are known. What was written is not kept: it may name a person.
    """

    kind: Wrong
    place: str
    unit: str = ""
    figure: str = ""
    question: str = ""
    other: str = ""
    hint: str = ""
    """The option or figure that was likely meant."""

    @property
    def fault(self) -> Fault:
        """The same as a message with its place."""
        where = tuple(part for part in (self.unit, self.figure, self.question) if part)
        said = SAID[self.kind]
        if self.other:
            said = Text(f"{said.vi}: xem {self.other}", f"{said.en}: see {self.other}")
        meant = Text(f"ý bạn là «{self.hint}»?", f"did you mean «{self.hint}»?") if self.hint else None
        return Fault(said, where, self.place, meant)


@frozen
class Tally:
    """How often each option was chosen, in the order of the figure: for one unit, figure, question and group."""

    unit: str
    figure: str
    question: str
    group: str
    counts: tuple[tuple[str, int], ...]

    @property
    def valid(self) -> int:
        """How many answers were counted."""
        return sum(number for _, number in self.counts)


@frozen
class Poll:
    """What ballots come to. `read` answers were looked at: those counted and those refused, and no other.

    Where some answers carry no id (`has_ids`), ballots handed in twice cannot all be found. `ignored` names the columns
    that were not looked at.
    """

    tallies: tuple[Tally, ...]
    refused: tuple[Refused, ...] = ()
    has_ids: bool = True
    ignored: tuple[str, ...] = ()

    @property
    def valid(self) -> int:
        return sum(tally.valid for tally in self.tallies)

    @property
    def read(self) -> int:
        return self.valid + len(self.refused)


def count(facts: Iterable[Fact], answers: Iterable[Answer | Refused]) -> Poll:
    """Count answers to the survey figures among `facts`. Answers that were refused before are passed on.

    The order of the answers changes neither a count nor what is refused, only which of two equal ones is the first.
    """
    surveys = {fact.name: fact for fact in facts if fact.type is FactType.SURVEY}
    box = _Box(surveys)
    for number, answer in enumerate(answers):
        box.take(number, answer)
    box.settle()
    refused = tuple(one for _, one in sorted(box.refused, key=lambda pair: pair[0]))
    return Poll(tuple(box.tallies()), refused, not box.loose)


class _Chosen(NamedTuple):
    """A valid answer, its number in the order of the files, and the option it chose."""

    number: int
    answer: Answer
    option: str


@frozen
class _Box:
    """The answers taken so far: those of ballots with an id by what they answer, the rest counted at once."""

    surveys: Mapping[str, Fact]
    known: dict[tuple[str, str], tuple[str | None, str | None]] = field(factory=dict)
    kept: dict[tuple[str, str, str], dict[str, _Chosen]] = field(factory=dict)
    again: dict[tuple[str, str, str, str], list[_Chosen]] = field(factory=dict)
    refused: list[tuple[int, Refused]] = field(factory=list)
    loose: Counter[tuple[str, str, str, str, str]] = field(factory=Counter)

    def take(self, number: int, answer: Answer | Refused) -> None:
        if isinstance(answer, Refused):
            self.refused.append((number, answer))
            return
        words = (answer.figure, answer.option)
        figure, option = self.known.get(words) or self.known.setdefault(words, self._named(*words))
        if figure is None or option is None or not answer.unit or answer.ballot == "":
            self._refuse(number, answer, _wrong(answer, figure, option), figure)
        elif answer.ballot is None:
            self.loose[answer.unit, figure, answer.question, answer.group, option] += 1
        else:
            ballots = self.kept.setdefault((answer.unit, figure, answer.question), {})
            chosen = _Chosen(number, answer, option)
            if ballots.setdefault(answer.ballot, chosen) is not chosen:
                self.again.setdefault((answer.unit, figure, answer.question, answer.ballot), []).append(chosen)

    def settle(self) -> None:
        """Refuse what is answered again: the repetitions of one answer, or every answer where they differ."""
        for (unit, figure, question, ballot), others in self.again.items():
            ballots = self.kept[unit, figure, question]
            first = ballots[ballot]
            same = all(_says(one) == _says(first) for one in others)
            for one in others:
                self._refuse(one.number, one.answer, Wrong.DUPLICATE if same else Wrong.CONFLICT, figure, first)
            if not same:
                self._refuse(first.number, first.answer, Wrong.CONFLICT, figure, others[0])
                del ballots[ballot]

    def _refuse(
        self, number: int, answer: Answer, kind: Wrong, figure: str | None, other: _Chosen | None = None
    ) -> None:
        known, hint = figure or "", self._meant(answer, kind, figure or "")
        place, other_place = answer.place, other.answer.place if other else ""
        refused = Refused(kind, place, answer.unit, known, answer.question, other_place, hint)
        self.refused.append((number, refused))

    def _meant(self, answer: Answer, kind: Wrong, figure: str) -> str:
        if kind is Wrong.NO_SUCH_OPTION:
            return _closest(answer.option, tuple(name for pair in self.surveys[figure].options for name in pair))
        return _closest(answer.figure, tuple(self.surveys)) if kind is Wrong.NO_SUCH_QUESTION else ""

    def _named(self, word: str, option: str) -> tuple[str | None, str | None]:
        """The figure and the option that words mean, by name or label; None where there is none."""
        figures = {even(name): fact for fact in self.surveys.values() for name in (fact.label, fact.name)}
        fact = figures.get(even(word))
        if fact is None:
            return None, None
        options = {even(label): name for name, label in fact.options} | {even(name): name for name, _ in fact.options}
        return fact.name, options.get(even(option))

    def tallies(self) -> Iterator[Tally]:
        counted = self.loose.copy()
        for asked, ballots in self.kept.items():
            counted.update((*asked, one.answer.group, one.option) for one in ballots.values())
        order = {name: number for number, name in enumerate(self.surveys)}
        cells = sorted({cell[:4] for cell in counted}, key=lambda cell: (cell[0], order[cell[1]], cell[2:]))
        for cell in cells:
            options = self.surveys[cell[1]].options
            yield Tally(*cell, counts=tuple((name, counted[(*cell, name)]) for name, _ in options))


def _wrong(answer: Answer, figure: str | None, option: str | None) -> Wrong:
    """The first thing that is wrong with an answer."""
    if not answer.unit:
        return Wrong.NO_UNIT
    if figure is None:
        return Wrong.NO_SUCH_QUESTION
    if not answer.option:
        return Wrong.BLANK
    return Wrong.NO_SUCH_OPTION if option is None else Wrong.NO_BALLOT


def _says(chosen: _Chosen) -> tuple[str, str]:
    return chosen.option, chosen.answer.group


def even(word: str) -> str:
    """A word with its spaces, case and accents evened out, as people type an option or a heading.

    >>> even("  Hài   LÒNG ")
    'hài lòng'
    """
    return " ".join(normalize("NFC", word).casefold().split())


@lru_cache(maxsize=4096)
def _closest(word: str, known: tuple[str, ...]) -> str:
    meant = did_you_mean(word, known)
    return meant.vi.partition("«")[2].partition("»")[0] if meant else ""


def together(tallies: Iterable[Tally], *, question: bool = False, group: bool = False) -> tuple[Tally, ...]:
    """Tallies added up over questions and groups, except by those that are asked for.

    >>> one, other = (Tally("Xã A", "p", "", group, (("A", 1), ("B", 2))) for group in ("dân", "doanh nghiệp"))
    >>> together([one, other])
    (Tally(unit='Xã A', figure='p', question='', group='', counts=(('A', 2), ('B', 4))),)
    """
    sums: dict[tuple[str, str, str, str], Counter[str]] = {}
    for tally in tallies:
        key = (tally.unit, tally.figure, tally.question if question else "", tally.group if group else "")
        sums.setdefault(key, Counter()).update(dict(tally.counts))
    return tuple(Tally(*key, counts=tuple(counts.items())) for key, counts in sums.items())
