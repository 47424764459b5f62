"""What units ask to be left out, as figures: columns hold those, and a plan looks at them.

An exemption that a unit asks for holds as one under a condition would, after those that follow from the figures. So a
flag of its own for each code says the same as the list of codes that a submission carries.
"""

from collections.abc import Iterable

from attrs import evolve

from cchc_index.criteria import Criterion, Ruleset
from cchc_index.facts import Submission
from cchc_index.measures import YES, Chosen, Fact, FactType
from cchc_index.scoring.plans import by_condition, on_request


def may_be_asked(rules: Ruleset) -> list[str]:
    """The codes that a unit may ask to be left out, in the order of the table."""
    return [criterion.code for criterion in rules.walk() if on_request(criterion)]


def flag_of(code: str) -> str:
    """The figure that says whether a code is asked to be left out. No figure of a ruleset is called so."""
    return f"_xin {code.replace('.', '·')}"


def with_requests(rules: Ruleset, codes: Iterable[str]) -> Ruleset:
    """The same rules with these requests as figures; codes that may not be asked for stay as they are.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("mau/cap-xa/1")
    >>> made = with_requests(rules, ["8.1", "1.1"])
    >>> made.facts[-1].name, made.by_code["8.1"].exemptions[0].when
    ('_xin 8·1', Chosen(fact='_xin 8·1', options=('co',)))
    """
    moved = [code for code in may_be_asked(rules) if code in set(codes)]
    facts = tuple(Fact(flag_of(code), code, FactType.YES_NO) for code in moved)
    return evolve(
        rules,
        facts=rules.facts + facts,
        criteria=tuple(_moved(one, moved) for one in rules.criteria),
        adjustments=tuple(evolve(one, criterion=_moved(one.criterion, moved)) for one in rules.adjustments),
    )


def _moved(criterion: Criterion, codes: list[str]) -> Criterion:
    children, asked = tuple(_moved(child, codes) for child in criterion.children), on_request(criterion)
    if asked is None or criterion.code not in codes:
        return evolve(criterion, children=children)
    last = evolve(asked, when=Chosen(flag_of(criterion.code), (YES,)))
    return evolve(criterion, children=children, exemptions=(*by_condition(criterion), last))


def as_figures(rules: Ruleset, units: Iterable[Submission]) -> tuple[Ruleset, list[Submission]]:
    """The rules and the units with what any of them may ask for, and does, as figures."""
    known = list(units)
    asked = {code for unit in known for code in unit.exemptions}.intersection(may_be_asked(rules))
    return with_requests(rules, asked), [_with_flags(unit, asked) for unit in known]


def _with_flags(unit: Submission, codes: Iterable[str]) -> Submission:
    flags = {flag_of(code): code in unit.exemptions for code in codes}
    left = {code: reason for code, reason in unit.exemptions.items() if code not in set(codes)}
    return evolve(unit, figures={**unit.figures, **flags}, exemptions=left)
