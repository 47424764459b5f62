"""Each rule of a ruleset beside the sentence it quotes: agrees, differs, several readings, or not readable.

>>> from fractions import Fraction
>>> from cchc_index.measures import Fact, Interval, ratio
>>> from cchc_index.rules import Piece, Piecewise
>>> facts = {"xong": Fact("xong", "đã xong", part_of="ca"), "ca": Fact("ca", "cả thảy")}
>>> band = Piece(Interval(low=Fraction(85, 100), low_closed=True), Fraction(1))
>>> rule = Piecewise(ratio("xong", "ca"), (band,))
>>> print(compare(rule, "Hoàn thành từ 95% trở lên: 1 điểm", facts).message)
cận: câu nói «từ 95% trở lên», quy tắc «từ 85% trở lên», khác nhau ở 85%
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from attrs import frozen

from cchc_index.checking.clauses.aspects import Aspect, Outcome
from cchc_index.checking.clauses.points import Setting
from cchc_index.checking.clauses.read import evened, read, states_no_number
from cchc_index.checking.clauses.sites import Compare, Site, rule_site, sites_of
from cchc_index.checking.clauses.values import Read, Sense, Unread
from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import Text
from cchc_index.measures import Fact
from cchc_index.rules import Rule
from cchc_index.scoring.say import joined
from cchc_index.sources import NOT_STATED


class Verdict(Enum):
    """What comparing a rule with its sentence came to. The value is the word in reports."""

    AGREES = "khop"
    DIFFERS = "khac"
    SEVERAL = "nhieu_cach_doc"
    UNREADABLE = "khong_doc_duoc"
    NO_POINTS = "khong_neu_diem"
    """People award the points, the sentence states no number, and the rule has none of its own to compare."""
    ATTESTED = "da_doi_chieu"
    """The machine cannot tell; a person compared the two and says why."""


@frozen
class SenseCheck:
    """One reading of a sentence beside the rule: what it came to, point by point."""

    sense: Sense
    verdict: Verdict
    aspects: tuple[Aspect, ...]

    def told(self) -> Text:
        """What this reading says against the rule, or what of it stays unread."""
        wanted = {Verdict.DIFFERS: (Outcome.DIFFERENT,), Verdict.UNREADABLE: (Outcome.UNCLEAR,)}
        shown = [aspect.told() for aspect in self.aspects if aspect.outcome in wanted.get(self.verdict, ())]
        unread = [Text(f"không đọc được «{words}»", f"unread: «{words}»") for words in self.sense.unread]
        told = shown or (unread if self.verdict is Verdict.UNREADABLE else [])
        return joined(told, "; ") if told else _PLAIN[self.verdict]


_PLAIN = {
    Verdict.AGREES: Text("khớp", "agrees"),
    Verdict.UNREADABLE: Text("câu không nêu cận hay điểm", "the sentence states neither bound nor points"),
    Verdict.NO_POINTS: Text(
        "câu không nêu số nào, quy tắc không đặt số nào ngoài điểm tối đa",
        "the sentence states no number, the rule has none beyond the maximum",
    ),
}


@frozen
class Check:
    """A rule beside its sentence: where, the sentence, the verdict, each reading, and the finding as a sentence.

    `attested` is what a person wrote who compared the two. It settles what the machine leaves open; where the machine
    finds a difference, the verdict stays DIFFERS.
    """

    criterion: str
    part: Text
    quote: str
    verdict: Verdict
    readings: tuple[SenseCheck, ...]
    message: Text
    attested: str = ""


def check_clauses(rules: Ruleset) -> tuple[Check, ...]:
    """Every place of a ruleset that quotes its decision, compared with what it quotes, in the order of the table.

    Needs lark (the extra `check`); raises ModuleNotFoundError without it.
    """
    return tuple(check_site(site) for site in sites_of(rules))


def compare(
    rule: Rule, quote: str, facts: Mapping[str, Fact], *, most: Points = NOT_STATED, takes_off: bool = False
) -> Check:
    """One rule beside one sentence about the whole of it.

    `most` is the criterion's maximum; `takes_off` says that the rule's points are a penalty, written as positive.
    """
    return check_site(rule_site(rule, quote, Setting(facts, most, -1 if takes_off else 1)))


def check_site(site: Site) -> Check:
    """One place that quotes, compared with its sentence."""
    found = read(_without(site.quote.text, site.name), grade=site.name is not None)
    readings = tuple(_best(sense, site.compare) for sense in found.senses)
    machine = _overall(readings)
    if machine is Verdict.UNREADABLE and not site.has_numbers and states_no_number(site.quote.text):
        machine = Verdict.NO_POINTS
    verdict = Verdict.ATTESTED if site.quote.attested and machine in _OPEN else machine
    message = _with_attester(_message(machine, readings, found), site.quote.attested)
    return Check(site.criterion, site.part, site.quote.text, verdict, readings, message, site.quote.attested)


_OPEN = (Verdict.UNREADABLE, Verdict.SEVERAL, Verdict.NO_POINTS)


def _with_attester(message: Text, attested: str) -> Text:
    if not attested:
        return message
    return Text(f"{message.vi}; người đối chiếu: {attested}", f"{message.en}; attested: {attested}")


def _without(text: str, name: str | None) -> str:
    """A sentence without the name of a grade, which may hold numbers of its own."""
    even = evened(text)
    place = even.lower().find(evened(name).lower()) if name else -1
    return even if place < 0 or name is None else even[:place] + even[place + len(evened(name)) :]


_ORDER = (Verdict.AGREES, Verdict.UNREADABLE, Verdict.DIFFERS)


def _best(sense: Sense, compare_clause: Compare) -> SenseCheck:
    """A reading beside the rule: where a text has several clauses, one of them has to fit."""
    found = [_checked(sense, compare_clause(clause)) for clause in sense.clauses] or [_checked(sense, ())]
    return min(found, key=lambda check: _ORDER.index(check.verdict))


def _checked(sense: Sense, aspects: tuple[Aspect, ...]) -> SenseCheck:
    outcomes = {aspect.outcome for aspect in aspects}
    strong = any(aspect.outcome is Outcome.SAME and not aspect.weak for aspect in aspects)
    if Outcome.DIFFERENT in outcomes and (not sense.unread or _only_condition_unread(sense)):
        return SenseCheck(sense, Verdict.DIFFERS, aspects)
    clear = strong and not sense.unread and not outcomes & {Outcome.UNCLEAR, Outcome.DIFFERENT}
    return SenseCheck(sense, Verdict.AGREES if clear else Verdict.UNREADABLE, aspects)


def _only_condition_unread(sense: Sense) -> bool:
    """Whether what is unread is one clause's condition: its points were read all the same."""
    conditions = [clause.condition.words for clause in sense.clauses if isinstance(clause.condition, Unread)]
    return len(sense.clauses) == 1 and list(sense.unread) == conditions


def _overall(readings: tuple[SenseCheck, ...]) -> Verdict:
    verdicts = {reading.verdict for reading in readings}
    if len(verdicts) == 1:
        return verdicts.pop()
    return Verdict.SEVERAL if verdicts else Verdict.UNREADABLE


def _message(verdict: Verdict, readings: tuple[SenseCheck, ...], found: Read) -> Text:
    if verdict is Verdict.NO_POINTS:
        return _PLAIN[verdict]
    if not readings:
        return found.trouble or _PLAIN[Verdict.UNREADABLE]
    if verdict is not Verdict.SEVERAL:
        return readings[0].told()
    return joined(_numbered(readings), "; ")


def _numbered(readings: tuple[SenseCheck, ...]) -> Iterator[Text]:
    for number, told in enumerate(dict.fromkeys(reading.told() for reading in readings), 1):
        yield Text(f"cách đọc {number}: {told.vi}", f"reading {number}: {told.en}")
