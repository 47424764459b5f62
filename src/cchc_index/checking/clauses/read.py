"""Sentence to readings: every way to read one sentence of a decision.

>>> [sense.clauses[0].points.base for sense in read("Từ 70% đến dưới 80%: 0,5 điểm").senses]
[Fraction(1, 2)]
>>> len(read("Hoàn thành 90% -100% kế hoạch").senses)
2
>>> print(read("Xử lý ngắn hơnso với quy định: 1 điểm").senses[0].unread)
('Xử lý ngắn hơnso với quy định',)
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from unicodedata import normalize

from attrs import evolve

from cchc_index.checking.clauses.grammar import GRADE, LOOSE, SENTENCE
from cchc_index.checking.clauses.terminals import SYLLABLE
from cchc_index.checking.clauses.values import Clause, Read, Sense, Unread
from cchc_index.errors import Text, short

LONGEST = 1500
"""Characters; a longer text is not one sentence."""

MOST_TREES = 256
MOST_LINKS = 5
"""«và», «hoặc», «nhưng» between statements: five of them can be bracketed in 132 ways."""

_TOO_MANY = Text("quá nhiều cách đọc", "too many readings")
_HALF_WAY = Text("câu dừng giữa chừng", "the sentence stops half way")
_WELL_FORMED = re.compile(SYLLABLE, re.IGNORECASE)
_SAME = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "％": "%", "–": "-", "—": "-", "−": "-", "‑": "-"})


def evened(text: str) -> str:
    """Text as the grammar reads it: NFC, plain spaces, dashes and percent signs; every place stays where it is.

    >>> evened("90％ –\\u00a0100%")
    '90% - 100%'
    """
    return normalize("NFC", text).translate(_SAME)


def read(sentence: str, *, grade: bool = False) -> Read:
    """Every way to read a sentence; with `grade`, one that bounds a total (`từ 12 đến dưới 15 điểm xếp loại tốt`).

    A text that is no sentence of the grammar is read in parts (at `;`, at a full stop), and what no part of the grammar
    fits is kept in `unread`. Needs lark (the extra `check`); raises ModuleNotFoundError without it.
    """
    return _read(evened(sentence).strip(), GRADE if grade else SENTENCE)


def states_no_number(sentence: str) -> bool:
    """Whether no word of a sentence is a number, in digits or in letters; «Chỉ tiêu 2:», «khoản 1» name a place.

    >>> states_no_number("Chỉ tiêu 2: Công khai thông tin"), states_no_number("thẩm định 61,5")
    (True, False)
    """
    from cchc_index.checking.clauses.parsing import tokens_of

    kept = [token for token in tokens_of(evened(sentence)) if token.type != "WORD"]
    return not any(token.type in ("NUMERAL", "WHOLE") or any(map(str.isdigit, token)) for token in kept)


def run_together(sentence: str) -> tuple[tuple[str, str], ...]:
    """Words of no language that a lost space explains in one way only, each with the two words that it holds.

    >>> run_together("Xử lý ngắn hơnso với quy định")
    (('hơn', 'so'),)
    """
    from cchc_index.checking.clauses.parsing import tokens_of

    strays = (str(token) for token in tokens_of(evened(sentence)) if token.type == "STRAY")
    ways = ([(word[:at], word[at:]) for at in range(1, len(word))] for word in strays)
    found = ([way for way in both if all(_WELL_FORMED.fullmatch(half) for half in way)] for both in ways)
    return tuple(several[0] for several in found if len(several) == 1)


@lru_cache(maxsize=4096)
def _read(text: str, start: str) -> Read:
    if len(text) > LONGEST:
        return Read(text, (), Text("câu quá dài", "the sentence is too long"))
    whole = _clauses(text, start)
    if isinstance(whole, Text):
        if start == GRADE:
            return Read(text, (), whole)
        cut = isinstance(_clauses(text, LOOSE), Text)
        return _in_parts(text, tuple(_parts(text)) if cut else (text,), whole)
    return Read(text, tuple(Sense((clause,)) for clause in whole))


def _in_parts(text: str, parts: tuple[str, ...], trouble: Text) -> Read:
    """The readings of the parts put together; a part that cannot be read is kept, and said."""
    choices = [_part(part) for part in parts]
    if len(parts) == 1 and not choices[0][0].clauses:
        return Read(text, (), trouble)
    combined = [_together(chosen) for chosen in islice(product(*choices), MOST_TREES)]
    senses = tuple(dict.fromkeys(combined))
    return Read(text, senses, trouble if senses[0].unread else None)


def _part(text: str) -> tuple[Sense, ...]:
    """One part read: whole, or only its points (`Điểm 2 khi …`), or not at all."""
    found = _clauses(text, SENTENCE)
    if not isinstance(found, Text):
        return tuple(Sense((clause,)) for clause in found)
    loose = _clauses(text, LOOSE)
    if isinstance(loose, Text):
        return (Sense((), (text,)),)
    return tuple(Sense((clause,), _unread_words(clause)) for clause in loose)


def _unread_words(clause: Clause) -> tuple[str, ...]:
    return (clause.condition.words,) if isinstance(clause.condition, Unread) else ()


def _together(senses: tuple[Sense, ...]) -> Sense:
    clauses = tuple(clause for sense in senses for clause in sense.clauses)
    return _with_remarks(Sense(clauses, tuple(words for sense in senses for words in sense.unread)))


def _with_remarks(sense: Sense) -> Sense:
    """A remark on a zero denominator that stands beside one clause with points belongs to it."""
    remarks = [clause for clause in sense.clauses if clause.at_zero is not None and clause.points is None]
    others = [clause for clause in sense.clauses if clause not in remarks]
    if len(remarks) == 1 and len(others) == 1 and others[0].at_zero is None:
        return evolve(sense, clauses=(evolve(others[0], at_zero=remarks[0].at_zero),))
    return sense


def parts_of_text(text: str) -> tuple[str, ...]:
    """The sentences of a text as they stand in it: cut at `;` and at full stops, outside brackets.

    >>> parts_of_text("Từ 80%: 1 điểm; dưới 80%: 0 điểm.")
    ('Từ 80%: 1 điểm', 'dưới 80%: 0 điểm')
    """
    return tuple(part for part in _parts(text) if part)


def _parts(text: str) -> Iterator[str]:
    """The text cut at `;` and at full stops that stand before a space, outside brackets."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth <= 0 and letter in ";.\n" and (letter != "." or text[place + 1 : place + 2].isspace()):
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip().removesuffix(".")


def _clauses(text: str, start: str) -> tuple[Clause, ...] | Text:
    """The clauses that the trees of a text say, each once; or where reading stopped."""
    from cchc_index.checking.clauses.build import Builder
    from cchc_index.checking.clauses.parsing import tokens_of, trees_of

    tokens = tokens_of(text)
    if sum(token.type in ("AND", "OR", "BUT") for token in tokens) > MOST_LINKS:
        return _TOO_MANY
    trees = trees_of(tokens, start, MOST_TREES + 1)
    if isinstance(trees, int):
        return _stopped(text[tokens[trees].start_pos :]) if trees < len(tokens) else _HALF_WAY
    if len(trees) > MOST_TREES:
        return _TOO_MANY
    return tuple(dict.fromkeys(Builder(text).transform(one) for one in trees))


def _stopped(rest: str) -> Text:
    return Text(f"không đọc được từ «{short(rest)}»", f"cannot be read from «{short(rest)}»")
