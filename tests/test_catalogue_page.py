"""The catalogue page: generated, complete, and the one in the documentation is the one of today."""

from pathlib import Path

import pytest

import cchc_index as cchc
from cchc_index.reporting.catalogue_page import page
from cchc_index.sources import NoteKind

SHOWN = Path(__file__).parents[1] / "docs" / "danh-muc.md"


def _row(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_the_page_in_the_documentation_is_the_generated_one() -> None:
    made = page(cchc.load(name) for name in cchc.rulesets())
    assert SHOWN.read_text("utf-8") == made, "run: cchc list --markdown -o docs/danh-muc.md"


@pytest.mark.parametrize("name", cchc.rulesets())
def test_every_set_stands_there_with_its_documents_and_what_its_source_leaves(name: str) -> None:
    rules = cchc.load(name)
    text = page([rules])
    row = _row(text, name)
    assert int(row[5]) == sum(map(int, row[6:9])) == sum(1 for criterion in rules.walk() if not criterion.children)
    assert all(document.number in text and document.address in text for document in rules.documents)
    notes = [*rules.notes, *(note for criterion in rules.walk() for note in criterion.notes)]
    told = [note.text for note in notes if note.kind in (NoteKind.CONTRADICTION, NoteKind.HOLE)]
    assert all(words in text for words in told)
    assert int(row[9]) + int(row[10]) == len(told)


def test_how_lines_stand_on_their_source() -> None:
    text = page(cchc.load(name) for name in cchc.rulesets())
    assert _row(text, "vpcp/mot-cua/tt-01-2018")[5:9] == ["9", "9", "0", "0"]
    assert _row(text, "bo-noi-vu/cap-bo/2022")[5:9] == ["2", "0", "2", "0"]
