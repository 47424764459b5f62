"""What can be scored of a sheet that is not complete; between which points the rest still lies is told by `bounding`.

A criterion whose figures are missing, or for which the decision gives no points, has no points: never 0.
"""

from collections.abc import Mapping

from attrs import evolve, frozen

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.errors import MissingFacts, Text, UndefinedByDecision
from cchc_index.facts import Submission
from cchc_index.scoring.score import score, score_part
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED


@frozen
class Partial:
    """The card of what can be scored, and for each other criterion why it cannot.

    `lacking` names the missing figures by code, `undefined` what the decision leaves open. A line without points and
    without an entry in either is one for which the decision states no rule.
    """

    card: Card
    lacking: Mapping[str, tuple[str, ...]]
    undefined: Mapping[str, Text]

    @property
    def is_complete(self) -> bool:
        return not self.lacking and not self.undefined


def partial(rules: Ruleset, unit: Submission) -> Partial:
    """Score what can be scored. Raises BadSubmission and BadRuleset as `score` does.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> found = partial(rules, cchc.Submission("Xã A", {"da_xong": 19, "de_ra": 20}))
    >>> found.card["4.1"].points, found.lacking
    (Fraction(19, 20), {'4.2': ('bang_dien_tu', 'mang_xa_hoi', 'truyen_thong')})
    """
    lacking: dict[str, list[str]] = {}
    undefined: dict[str, Text] = {}
    while True:
        silent = {*lacking, *undefined}
        try:
            card = score_part(_without(rules, silent), unit) if silent else score(rules, unit)
        except MissingFacts as error:
            for figure, codes in error.missing.items():
                for code in codes:
                    lacking.setdefault(code, []).append(figure)
        except UndefinedByDecision as error:
            undefined.update({str(fault.path[0]): fault.message for fault in error.faults})
        else:
            return Partial(card, {code: tuple(sorted(names)) for code, names in lacking.items()}, undefined)


def _without(rules: Ruleset, silent: set[str]) -> Ruleset:
    """The ruleset in which nothing that stands against these codes is asked any more."""
    ranking = rules.ranking
    return evolve(
        rules,
        criteria=tuple(_silenced(criterion, silent) for criterion in rules.criteria),
        adjustments=tuple(evolve(a, criterion=_silenced(a.criterion, silent)) for a in rules.adjustments),
        notes=tuple(note for note in rules.notes if note.when is None or "" not in silent),
        scales=() if "xep_loai" in silent else rules.scales,
        ranking=evolve(ranking, unranked_when=None) if ranking and "xep_hang" in silent else ranking,
    )


def _silenced(criterion: Criterion, silent: set[str]) -> Criterion:
    children = tuple(_silenced(child, silent) for child in criterion.children)
    if criterion.code not in silent:
        return evolve(criterion, children=children)
    return evolve(
        criterion,
        children=children,
        rule=NOT_STATED,
        exemptions=tuple(one for one in criterion.exemptions if one.when is None),
        notes=tuple(note for note in criterion.notes if note.when is None),
    )
