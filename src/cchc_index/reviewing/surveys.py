"""What counted ballots come to under a ruleset: shares, mean weights (the satisfaction index), points.

The weights, the options not counted and the points are the ruleset's own: its rules and what it has computed are run on
the counts, and nothing is added to them. Shares are of all valid answers; a mean weight is of the counted options.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.criteria import Points, Ruleset
from cchc_index.errors import BadSubmission, Fault, Text, did_you_mean
from cchc_index.facts import Submission
from cchc_index.figures import Figures
from cchc_index.measures import Fact, FactType, Ratio, Sample, names_of_measure
from cchc_index.reviewing.ballots import Poll, Tally, together
from cchc_index.rules import Average, Piecewise, Rule, Sum, bases_of, own_names, parts_of
from cchc_index.scoring.conditions import Undefined, look_at, sum_of
from cchc_index.scoring.evaluate import Run, run_of
from cchc_index.sources import NOT_STATED, Basis

SURVEY_FORMAT = "cchc-index/survey/1"


@frozen
class Mean:
    """A measure of the ruleset on these ballots alone, with the criterion that looks at it.

    `value` is not stated where no answer was counted and the source says nothing about that. `counted` is how many
    answers it is the mean of; `points` is what the rule gives, before the criterion's own rounding, where it has one.
    """

    code: str
    name: str
    value: Points
    counted: int
    points: Points = NOT_STATED
    basis: Basis = NOT_STATED


@frozen
class Result:
    """One figure of one unit: whole, or one question, one group of it. `shares` follow the options of `tally`.

    `sample` is the least number of answers that the decision asks of the whole figure, where it says so.
    """

    tally: Tally
    means: tuple[Mean, ...] = ()
    sample: Sample | None = None

    @property
    def is_too_small(self) -> bool:
        """Whether there are fewer valid answers than the decision asks for."""
        return self.sample is not None and self.tally.valid < self.sample.least

    @property
    def shares(self) -> tuple[tuple[str, Points], ...]:
        """The share of each option among the valid answers."""
        valid = self.tally.valid
        return tuple((name, Fraction(number, valid) if valid else NOT_STATED) for name, number in self.tally.counts)


@frozen
class Survey:
    """Every result: for each unit and figure the whole, then by question, by group, by both where there are any."""

    ruleset: str
    poll: Poll
    results: tuple[Result, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every answer was counted and no sample is too small."""
        return not self.poll.refused and not any(result.is_too_small for result in self.results)


def survey(rules: Ruleset, poll: Poll) -> Survey:
    """The results of counted ballots under a ruleset.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("yen-bai/dtxhh/khung")
    >>> counts = (("A", 3), ("B", 1), ("C", 0), ("D", 0), ("E", 5))
    >>> found = survey(rules, Poll((Tally("Huyện Bịa", "phieu_1", "1", "", counts),)))
    >>> [(mean.name, mean.value, mean.counted) for mean in found.results[0].means]
    [('hệ số trung bình', Fraction(9, 10), 4)]
    """
    looks = {fact.name: tuple(_looks(rules, fact.name)) for fact in survey_figures(rules)}
    results = tuple(_result(tally, rules.fact(tally.figure), looks[tally.figure]) for tally in _views(poll.tallies))
    return Survey(rules.full_id, poll, results)


def survey_figures(rules: Ruleset) -> Iterator[Fact]:
    """The figures of a ruleset that are counts of ballots, in the order of the table."""
    return (fact for fact in rules.facts_by_name.values() if fact.type is FactType.SURVEY)


def _views(tallies: tuple[Tally, ...]) -> Iterator[Tally]:
    """Each unit's figure whole, and split where it holds more than one question or group."""
    split: dict[tuple[str, str], list[Tally]] = {}
    for tally in tallies:
        split.setdefault((tally.unit, tally.figure), []).append(tally)
    for parts in split.values():
        views = (together(parts), together(parts, question=True), together(parts, group=True), parts)
        yield from dict.fromkeys(tally for view in views for tally in view)


@frozen
class _Look:
    """A ratio over the options of one figure: that of a rule, run for its points, or that of something computed."""

    code: str
    name: str
    measure: Ratio
    run: Run | None
    basis: Basis


def _looks(rules: Ruleset, figure: str) -> Iterator[_Look]:
    for criterion in rules.walk():
        if criterion.rule is not NOT_STATED:
            for name, rule in _rules_on(criterion.rule, criterion.name, figure):
                ratios = dict(_ratios(rule))
                if len(ratios) == 1:
                    (measure, basis), *_ = ratios.items()
                    yield _Look(criterion.code, name, measure, run_of(rule), basis)
        for one in criterion.observations:
            if isinstance(one.measure, Ratio) and _options_of(names_of_measure(one.measure), figure):
                yield _Look(criterion.code, one.name, one.measure, None, one.basis)


def _rules_on(rule: Rule, name: str, figure: str) -> Iterator[tuple[str, Rule]]:
    """The widest rules inside a rule that look at this figure alone, named as the lines of a sum are."""
    if isinstance(rule, Average):
        return
    if _options_of(_names(rule), figure):
        yield name, rule
    elif isinstance(rule, Sum):
        for term in rule.terms:
            yield from _rules_on(term.rule, term.label or name, figure)
    else:
        for part in parts_of(rule):
            yield from _rules_on(part, name, figure)


def _names(rule: Rule) -> Iterator[str]:
    yield from own_names(rule)
    for part in parts_of(rule):
        yield from _names(part)


def _options_of(names: Iterable[str], figure: str) -> bool:
    """Whether there are names, and each is an option of the figure."""
    found = list(names)
    return bool(found) and all(name.startswith(f"{figure}.") for name in found)


def _ratios(rule: Rule) -> Iterator[tuple[Ratio, Basis]]:
    if isinstance(rule, Piecewise) and isinstance(rule.measure, Ratio):
        yield rule.measure, next(bases_of(rule), NOT_STATED)
    for part in parts_of(rule):
        yield from _ratios(part)


def _result(tally: Tally, fact: Fact, looks: Iterable[_Look]) -> Result:
    figures = Figures({f"{tally.figure}.{option}": number for option, number in tally.counts})
    is_part = tally.question or tally.group
    return Result(tally, tuple(_mean(look, figures) for look in looks), None if is_part else fact.sample)


def _mean(look: _Look, figures: Figures) -> Mean:
    pair = look_at(look.measure)(figures)
    value = NOT_STATED if pair is None else Fraction(*pair)
    counted = int(sum_of(look.measure.bottom)(figures))
    return Mean(look.code, look.name, value, counted, _points(look.run, figures), look.basis)


def _points(run: Run | None, figures: Figures) -> Points:
    try:
        return NOT_STATED if run is None else run(figures).points
    except Undefined:
        return NOT_STATED


def submissions(rules: Ruleset, poll: Poll, others: Mapping[str, Submission] | None = None) -> tuple[Submission, ...]:
    """The counts as figures of submissions, one for each unit by name; what else `others` say is kept.

    A figure without one valid answer is left out: it is missing, not zero. Raises BadSubmission for a unit of the
    ballots that `others` do not have, and for a figure that is given there already.

    >>> poll = Poll((Tally("Xã A", "p", "", "", (("A", 2), ("B", 0))),))
    >>> import cchc_index as cchc
    >>> [one.figures for one in submissions(cchc.load("yen-bai/dtxhh/khung"), poll)]
    [{'p': {'A': 2, 'B': 0}}]
    """
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for tally in together(poll.tallies):
        counts.setdefault(tally.unit, {})[tally.figure] = dict(tally.counts)
    if others is None:
        others = {unit: Submission(unit, {}, rules.id, rules.version) for unit in counts}
    faults = [*_strangers(counts, others), *_given_twice(counts, others)]
    if faults:
        raise BadSubmission(faults)
    return tuple(evolve(one, figures={**one.figures, **counts.get(name, {})}) for name, one in sorted(others.items()))


def _strangers(counts: Iterable[str], others: Mapping[str, Submission]) -> Iterator[Fault]:
    for unit in counts:
        if unit not in others:
            message = Text(f"bản khai không có đơn vị «{unit}»", f"no submission for the unit «{unit}»")
            yield Fault(message, hint=did_you_mean(unit, others))


def _given_twice(counts: Mapping[str, Iterable[str]], others: Mapping[str, Submission]) -> Iterator[Fault]:
    for unit, figures in counts.items():
        for figure in figures:
            if unit in others and figure in others[unit].figures:
                message = Text("bản khai đã có số phiếu này", "the submission gives these counts already")
                yield Fault(message, (unit, "so_lieu", figure))
