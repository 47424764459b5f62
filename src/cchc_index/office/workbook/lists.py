"""The hidden page of lists: what each state says, and the options of every list to choose from."""

from collections.abc import Iterator, Mapping

from attrs import define, field

from cchc_index.criteria import Ruleset
from cchc_index.errors import Lang, Text
from cchc_index.measures import Fact, FactType
from cchc_index.office.formulas import states
from cchc_index.office.formulas.expr import Expr
from cchc_index.office.formulas.inputs import LISTS, options_of
from cchc_index.office.workbook.model import Cell, Page

MISSING_SAID = Text("chưa điền", "not filled in")


@define
class Lists:
    """The page, where the options of each figure start, and the names by which cells choose from them."""

    page: Page
    messages: int
    lang: Lang = "vi"
    starts: dict[str, int] = field(factory=dict)
    names: dict[str, str] = field(factory=dict)
    said: dict[int, str] = field(factory=dict)

    @staticmethod
    def of(rules: Ruleset, lang: Lang = "vi") -> "Lists":
        """The lists of a ruleset, with room for what its holes say."""
        holes = sum(len(criterion.notes) for criterion in rules.walk())
        made = Lists(Page(LISTS, is_hidden=True), len(states.SAID) + holes, lang)
        for number, (state, said) in enumerate(states.SAID.items()):
            made.message(number, state, said.said(lang))
        row = made.messages + 1
        for fact in _choices(rules):
            row = made.options(fact, row)
        return made

    def message(self, row: int, state: int, text: str) -> None:
        self.page.put(row, 0, Cell(state))
        self.page.text(row, 1, text)
        self.said[state] = text

    def holes(self, holes: Mapping[str, int]) -> None:
        """What the holes say that the formulas look for."""
        for number, (text, state) in enumerate(holes.items(), start=len(states.SAID)):
            self.message(number, state, text)

    def options(self, fact: Fact, row: int) -> int:
        """The options of a figure from this row on; yes and no stand there once. Gives the next free row."""
        name = list_name(fact)
        if name not in self.names:
            options = options_of(fact)
            for number, (key, label) in enumerate(options):
                self.page.text(row + number, 0, key)
                self.page.text(row + number, 1, label)
            self.names[name] = f"{LISTS}!$B${row + 1}:$B${row + len(options)}"
            self.starts[name] = row
            row += len(options) + 1
        return row

    def lookup(self, state: Expr) -> str:
        """The formula of what a state says."""
        last = self.messages
        return f"INDEX({LISTS}!$B$1:$B${last},MATCH({state},{LISTS}!$A$1:$A${last},0))"

    def checked(self, state: Expr) -> tuple[str, str]:
        """What stands beside an input cell, and its formula."""
        blank = MISSING_SAID.said(self.lang)
        missing = f'IF({state}={states.MISSING},"{blank}",{self.lookup(state)})'
        value = blank if state.number == states.MISSING else self.said.get(state.number, "")
        return value, f'IF({state}=0,"",{missing})'


def list_name(fact: Fact) -> str:
    """The name of the list that a cell chooses from."""
    return "DS_co_khong" if fact.type is FactType.YES_NO else f"DS_{fact.name}"


def _choices(rules: Ruleset) -> Iterator[Fact]:
    for fact in rules.facts_by_name.values():
        yield from (one for one in (fact, *fact.fields) if one.type in (FactType.YES_NO, FactType.CHOICE))
