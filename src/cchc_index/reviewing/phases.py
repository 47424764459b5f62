"""The phases of a review: tự chấm → thẩm định lần 1 → giải trình → thẩm định lần 2 → công bố.

Nothing overwrites. What a unit handed in stays as it is; an appraisal says what it changes and why, and the state of
any phase is computed from the first sheet and the changes up to it.

Longer than most modules: every kind of change of an appraisal is read and applied here, beside the others.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from cchc_index.criteria import Criterion, Points, Ruleset
from cchc_index.errors import BadSubmission, Fault, Path, Text, did_you_mean
from cchc_index.facts import Appraisal, Change, NewExemption, NewFigure, NewPoints, Phase, Submission
from cchc_index.measures import Fact, FactType, names_of_condition
from cchc_index.points import show
from cchc_index.reviewing.partial import Partial, partial
from cchc_index.rules import ZERO, Awarded
from cchc_index.scoring.bounds import fewest_of
from cchc_index.scoring.score import score
from cchc_index.scoring.trace import Card, Line
from cchc_index.sources import NOT_STATED, NoteKind, Reading

PHASES = {
    Phase.CLAIMED: Text("tự chấm", "self-assessment"),
    Phase.FIRST: Text("thẩm định lần 1", "first appraisal"),
    Phase.EXPLAINED: Text("giải trình", "explanation"),
    Phase.SECOND: Text("thẩm định lần 2", "second appraisal"),
    Phase.PUBLISHED: Text("công bố", "publication"),
}


@frozen
class State:
    """A sheet as it stood at the end of one phase.

    `rules` are those of the decision, in which awarded points stand in the place of the rules they replace; `unit` has
    the figures and exemptions of the phase. `origins` gives for each criterion that is scored the phase its points are
    of: an earlier one where this phase said nothing of it.
    """

    phase: Phase
    rules: Ruleset
    unit: Submission
    origins: Mapping[str, Phase]

    def card(self) -> Card:
        """The card of this phase: every total on it is of this phase. Raises what `score` raises."""
        return _checked(self, score(self.rules, self.unit))

    def partial(self) -> Partial:
        """The card of what can be scored in this phase. Raises BadSubmission and BadRuleset."""
        found = partial(self.rules, self.unit)
        _checked(self, found.card)
        return found

    @property
    def fell_back(self) -> Mapping[str, Phase]:
        """The criteria of which this phase said nothing, with the earlier phase whose points they have."""
        return {code: phase for code, phase in self.origins.items() if phase is not self.phase}


def state(rules: Ruleset, unit: Submission, phase: Phase) -> State:
    """The sheet of `unit` as it stood at the end of `phase`.

    Raises BadSubmission for changes that cannot be made: unknown codes and figures, points awarded to a line that adds
    up others, one thing changed twice in one round, an exemption refused that nobody asked for.

    >>> import cchc_index as cchc
    >>> from fractions import Fraction
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> figures = {"da_xong": 19, "de_ra": 20, "bang_dien_tu": True, "mang_xa_hoi": True, "truyen_thong": True}
    >>> fewer = Appraisal(Phase.FIRST, (NewFigure("da_xong", 18, "một mục tiêu chưa có sản phẩm"),))
    >>> unit = cchc.Submission("Xã A", figures, appraisals=(fewer,))
    >>> [state(rules, unit, phase).card()["4.1"].points for phase in (Phase.CLAIMED, Phase.FIRST)]
    [Fraction(19, 20), Fraction(9, 10)]
    >>> dict(state(rules, unit, Phase.FIRST).fell_back)
    {'4.2': <Phase.CLAIMED: 'tu_cham'>}
    """
    check_rounds(rules, unit)
    origins = dict.fromkeys((c.code for c in rules.walk() if not c.children), Phase.CLAIMED)
    for appraisal in _up_to(unit.appraisals, phase):
        for number, change in enumerate(appraisal.changes):
            rules, unit = _changed(rules, unit, appraisal, number)
            origins |= dict.fromkeys(_touched(rules, change), appraisal.phase)
        for code in appraisal.kept:
            origins |= dict.fromkeys(_leaves(rules[code]), appraisal.phase)
    return State(phase, rules, unit, origins)


def check_rounds(rules: Ruleset, unit: Submission) -> None:
    """Whether the changes of every round can be made. Raises BadSubmission with each that cannot, as `state` does."""
    faults = [fault.located(unit.places) for fault in _faults(rules, unit)]
    if faults:
        raise BadSubmission(faults)


def _up_to(appraisals: Iterable[Appraisal], phase: Phase) -> list[Appraisal]:
    early = [appraisal for appraisal in appraisals if appraisal.phase.number <= phase.number]
    return sorted(early, key=lambda appraisal: appraisal.phase.number)


def _changed(rules: Ruleset, unit: Submission, appraisal: Appraisal, number: int) -> tuple[Ruleset, Submission]:
    change = appraisal.changes[number]
    place = unit.places.get((*_path(unit, appraisal), "thay_doi", number), "")
    match change:
        case NewFigure(name, value):
            figures = {**unit.figures, name: value}
            return rules, evolve(unit, figures=figures, places=_placed(unit, ("so_lieu", name), place))
        case NewExemption(code, granted, reason):
            kept = {key: why for key, why in unit.exemptions.items() if key != code}
            asked = kept | ({code: reason} if granted else {})
            return rules, evolve(unit, exemptions=asked, places=_placed(unit, ("khong_danh_gia", code), place))
    fact = Fact(f"tham_dinh:{list(rules.by_code).index(change.code)}", said_round(appraisal).vi, FactType.POINTS)
    places = _placed(unit, ("so_lieu", fact.name), place)
    awarded = _awarded(rules, rules[change.code], fact, Reading(change.reason, said_round(appraisal).vi))
    unit = evolve(unit, figures={**unit.figures, fact.name: change.points}, places=places)
    return _with(rules, change.code, awarded), unit


def _placed(unit: Submission, path: Path, place: str) -> Mapping[Path, str]:
    """Where each part stood, with the line of a change for what it changed."""
    return {**unit.places, path: place} if place else unit.places


def _awarded(rules: Ruleset, criterion: Criterion, fact: Fact, basis: Reading) -> Criterion:
    """The criterion with awarded points in the place of its rule: bounded as the rule was, its notes kept that hold."""
    rule = criterion.rule
    if isinstance(rule, Awarded):
        awarded = evolve(rule, fact=fact.name, basis=basis)
    else:
        fewest = ZERO if rule is NOT_STATED else fewest_of(rule, rules.facts_by_name)
        high = None if criterion.max_points is NOT_STATED else criterion.max_points
        awarded = Awarded(fact.name, None if fewest is None else min(fewest, ZERO), high, basis=basis)
    notes = tuple(note for note in criterion.notes if note.when is None and note.kind is not NoteKind.HOLE)
    facts = (*(one for one in criterion.facts if one.name != fact.name), fact)
    return evolve(criterion, rule=awarded, facts=facts, notes=notes, rounding=None)


def _with(rules: Ruleset, code: str, criterion: Criterion) -> Ruleset:
    def put(old: Criterion) -> Criterion:
        return criterion if old.code == code else evolve(old, children=tuple(put(child) for child in old.children))

    adjustments = tuple(evolve(one, criterion=put(one.criterion)) for one in rules.adjustments)
    return evolve(rules, criteria=tuple(put(one) for one in rules.criteria), adjustments=adjustments)


def said_round(appraisal: Appraisal) -> Text:
    """Which round, by whom and when.

    >>> print(said_round(Appraisal(Phase.FIRST, by="Sở Nội vụ")))
    thẩm định lần 1, Sở Nội vụ
    """
    named = PHASES[appraisal.phase]
    told = [appraisal.by] if appraisal.by else []
    told += [f"{appraisal.on:%d/%m/%Y}"] if appraisal.on else []
    return Text(", ".join([named.vi, *told]), ", ".join([named.en, *told]))


def _touched(rules: Ruleset, change: Change) -> list[str]:
    """The criteria that are scored whose points a change has a say in."""
    if not isinstance(change, NewFigure):
        return _leaves(rules[change.code])
    return [c.code for c in rules.walk() if not c.children and change.name in _looked_at(rules, c)]


def _looked_at(rules: Ruleset, criterion: Criterion) -> set[str]:
    """The declared figures that a rule, and the exemptions beside it, look at."""
    names = [fact.name for fact in rules.inputs[criterion.code]]
    names += [name for e in criterion.exemptions if e.when for name in names_of_condition(e.when)]
    return {name.partition(".")[0] for name in names}


def _leaves(criterion: Criterion) -> list[str]:
    return [one.code for one in criterion.walk() if not one.children]


def _checked(found: State, card: Card) -> Card:
    """Raises BadSubmission for points awarded where nothing is assessed."""
    awarded = [c.code for c in found.rules.walk() if any(fact.name.startswith("tham_dinh:") for fact in c.facts)]
    faults = [
        Fault(Text("có điểm thẩm định mà không được đánh giá", "has awarded points and is not assessed"), (code,))
        for code in awarded
        if card[code].exempted
    ]
    if faults:
        raise BadSubmission(faults)
    return card


# -- what cannot be ----------------------------------------------------------------------------------------------------


def _path(unit: Submission, appraisal: Appraisal) -> Path:
    """Where an appraisal stands in the file: the rounds are a list, the publication is a key of its own."""
    if appraisal.phase is Phase.PUBLISHED:
        return ("cong_bo",)
    rounds = [one for one in unit.appraisals if one.phase is not Phase.PUBLISHED]
    return ("tham_dinh", rounds.index(appraisal))


def _faults(rules: Ruleset, unit: Submission) -> Iterator[Fault]:
    rounds: list[Phase] = []
    for appraisal in unit.appraisals:
        if appraisal.phase in rounds or appraisal.phase in (Phase.CLAIMED, Phase.EXPLAINED):
            message = Text("mỗi lần thẩm định ghi một lần", "each round of appraisal stands once")
            yield Fault(message, _path(unit, appraisal))
        rounds.append(appraisal.phase)
        yield from _round_faults(rules, unit, appraisal)
    for number, explanation in enumerate(unit.explanations):
        yield from _unknown(rules, explanation.code, ("giai_trinh", number, "tieu_chi"))
    for code in unit.statements:
        yield from _unknown(rules, code, ("tinh_trang", code))


def _round_faults(rules: Ruleset, unit: Submission, appraisal: Appraisal) -> Iterator[Fault]:
    seen: set[tuple[type[Change], str]] = set()
    for number, change in enumerate(appraisal.changes):
        path = (*_path(unit, appraisal), "thay_doi", number)
        what = change.name if isinstance(change, NewFigure) else change.code
        if (type(change), what) in seen:
            yield Fault(Text(f"«{what}» được sửa hai lần trong một lần thẩm định", f"«{what}» is changed twice"), path)
        seen.add((type(change), what))
        yield from _change_faults(rules, unit, change, path)
    for number, code in enumerate(appraisal.kept):
        yield from _unknown(rules, code, (*_path(unit, appraisal), "giu_nguyen", number))


def _change_faults(rules: Ruleset, unit: Submission, change: Change, path: Path) -> Iterator[Fault]:
    if isinstance(change, NewFigure):
        if change.name not in rules.facts_by_name:
            hint = did_you_mean(change.name, rules.facts_by_name)
            message = Text(
                f"bộ tiêu chí không có số liệu «{change.name}»", f"the ruleset has no figure «{change.name}»"
            )
            yield Fault(message, path, hint=hint)
        return
    yield from _unknown(rules, change.code, path)
    if change.code not in rules.by_code:
        return
    if isinstance(change, NewPoints) and rules[change.code].children:
        message = Text(
            f"«{change.code}» cộng từ các phần; ghi điểm thẩm định ở từng phần",
            f"«{change.code}» adds up its parts; award the parts",
        )
        yield Fault(message, path)
    if isinstance(change, NewExemption) and not change.granted and not _asked(unit, change.code):
        message = Text(f"đơn vị không xin bỏ đánh giá «{change.code}»", f"nobody asked to leave out «{change.code}»")
        yield Fault(message, path)


def _asked(unit: Submission, code: str) -> bool:
    granted = [c.code for a in unit.appraisals for c in a.changes if isinstance(c, NewExemption) and c.granted]
    return code in unit.exemptions or code in granted


def _unknown(rules: Ruleset, code: str, path: Path) -> Iterator[Fault]:
    if code not in rules.by_code:
        message = Text(f"không có tiêu chí «{code}»", f"there is no criterion «{code}»")
        yield Fault(message, path, hint=did_you_mean(code, rules.by_code))


# -- the history -------------------------------------------------------------------------------------------------------


@frozen
class Entry:
    """One line of the history: the points claimed, those of each phase in `History.phases`, and what changed them.

    A phase of which figures are missing, or for which the decision gives no points, has None.
    """

    code: str
    name: str
    max_points: Points
    claimed: Points | None
    points: tuple[Points | None, ...]
    remarks: tuple[Text, ...] = ()


@frozen
class History:
    """How the points of every line moved through the phases. The last entry, with an empty code, is the total."""

    phases: tuple[Phase, ...]
    entries: tuple[Entry, ...]


def history(rules: Ruleset, unit: Submission) -> History:
    """The points of every line in each phase that said something, beside the points that the unit claimed itself.

    Raises BadSubmission.
    """
    said = {appraisal.phase for appraisal in unit.appraisals}
    phases = (Phase.CLAIMED, *(phase for phase in Phase if phase in said))
    found = [state(rules, unit, phase).partial() for phase in phases]
    claims = {claim.code: claim.points for claim in unit.claims}
    lines = [
        Entry(
            c.code,
            c.name,
            found[-1].card[c.code].max_points,
            claims.get(c.code),
            tuple(_known(one.card[c.code], one) for one in found),
            tuple(_remarks(rules, unit, c.code)),
        )
        for c in rules.walk()
    ]
    last = found[-1].card
    totals = tuple(None if _is_open(rules, one) else one.card.points for one in found)
    whole = Entry("", "", last.max_points, None, totals)
    return History(phases, (*lines, whole))


def _known(line: Line, found: Partial) -> Points | None:
    lost = {*found.lacking, *found.undefined}
    return None if line.points is NOT_STATED and any(one.code in lost for one in line.walk()) else line.points


def _is_open(rules: Ruleset, found: Partial) -> bool:
    return any(code in rules.by_code for code in (*found.lacking, *found.undefined))


def _remarks(rules: Ruleset, unit: Submission, code: str) -> Iterator[Text]:
    """What each round changed of a criterion, and what the unit answered, in the order of the phases."""
    told: list[tuple[int, Text]] = []
    for appraisal in unit.appraisals:
        for change in appraisal.changes:
            if code in _touched(rules, change):
                said = said_change(change)
                named = PHASES[appraisal.phase]
                told.append((appraisal.phase.number, Text(f"{named.vi}: {said.vi}", f"{named.en}: {said.en}")))
    for explanation in unit.explanations:
        if explanation.code == code:
            named = PHASES[Phase.EXPLAINED]
            words = Text(f"{named.vi}: {explanation.text}", f"{named.en}: {explanation.text}")
            told.append((Phase.EXPLAINED.number, words))
    yield from (text for _, text in sorted(told, key=lambda pair: pair[0]))


def said_change(change: Change) -> Text:
    """One change in words, with its reason.

    >>> print(said_change(NewFigure("dung_han", 1080, "12 hồ sơ trả quá hạn")))
    «dung_han» thành 1080: 12 hồ sơ trả quá hạn
    """
    match change:
        case NewFigure(name, value, reason):
            return Text(f"«{name}» thành {value}: {reason}", f"«{name}» becomes {value}: {reason}")
        case NewExemption(_, True, reason):
            return Text(f"cho không đánh giá: {reason}", f"left out: {reason}")
        case NewExemption(_, _, reason):
            return Text(f"không cho bỏ đánh giá: {reason}", f"not left out: {reason}")
    awarded = change.points
    return Text(f"chấm {show(awarded)} điểm: {change.reason}", f"awarded {show(awarded, 'en')}: {change.reason}")
