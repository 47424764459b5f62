"""The parser of sentences, and the trees without ambiguity that an ambiguous one holds.

How a sentence is parsed hangs on the kinds of its words alone. So the trees of a row of kinds are made once, over
tokens placed at 0, 1, 2…, and filled with the words of each sentence that has this row.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedEOF, UnexpectedInput
from lark.lexer import Lexer
from lark.tree import Meta

from cchc_index.checking.clauses.grammar import GRADE, GRAMMAR, LOOSE, SENTENCE

_FREE = ("WORD", "SET_WORD", "REFERENCE", "COMMA")


class _Runs:
    """Free words that follow each other as one token, so that the parser has little to do."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        held: list[Token] = []
        for token in stream:
            if token.type in _FREE and (held or token.type != "COMMA"):
                held.append(token)
            else:
                yield from _merged(held)
                held = []
                yield token
        yield from _merged(held)


def _merged(tokens: list[Token]) -> Iterator[Token]:
    """One token for a run of free words; a comma at its end stays a comma."""
    commas = []
    while tokens and tokens[-1].type == "COMMA":
        commas.append(tokens.pop())
    if tokens:
        first, last = tokens[0], tokens[-1]
        words = " ".join(tokens)
        yield Token(
            "WORD", words, first.start_pos, first.line, first.column, last.end_line, last.end_column, last.end_pos
        )
    yield from reversed(commas)


class _Given(Lexer):
    """Tokens that are there already."""

    def __init__(self, _: Any) -> None: ...

    def lex(self, given: Any) -> Iterator[Token]:  # type: ignore[override]
        return iter(given)


_STARTS = [SENTENCE, GRADE, LOOSE]


@cache
def _lexer() -> Lark:
    return Lark(GRAMMAR, start=_STARTS, parser=None, lexer="basic", postlex=_Runs())


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR,
        start=_STARTS,
        parser="earley",
        lexer=_Given,
        ambiguity="explicit",
        propagate_positions=True,
        maybe_placeholders=False,
    )


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text, each with its kind; free words that follow each other are one."""
    return tuple(_lexer().lex(text))


def trees_of(tokens: Sequence[Token], start: str, most: int) -> list[Any] | int:
    """The trees of a sentence, no more than `most`; or the number of the token at which parsing stopped."""
    found = _shapes(tuple(token.type for token in tokens), start, most)
    return found if isinstance(found, int) else [_filled(tree, tokens) for tree in found]


@lru_cache(maxsize=4096)
def _shapes(kinds: tuple[str, ...], start: str, most: int) -> tuple[Any, ...] | int:
    placed = [Token(kind, "", at, 1, at, 1, at + 1, at + 1) for at, kind in enumerate(kinds)]
    try:
        tree = _parser().parse(placed, start=start)
    except UnexpectedEOF:
        return len(kinds)
    except UnexpectedInput as error:
        return int(error.pos_in_stream or 0)
    return tuple(islice(unfolded(tree), most))


def _filled(tree: Any, tokens: Sequence[Token]) -> Any:
    """A tree with the words of a sentence and their places."""
    if not isinstance(tree, Tree):
        return tokens[tree.start_pos]
    meta: Any = Meta()  # type: ignore[no-untyped-call]
    if not tree.meta.empty:
        meta.empty = False
        meta.start_pos, meta.end_pos = tokens[tree.meta.start_pos].start_pos, tokens[tree.meta.end_pos - 1].end_pos
    return Tree(tree.data, [_filled(child, tokens) for child in tree.children], meta)


def unfolded(tree: Any) -> Iterator[Any]:
    """Every tree without ambiguity that an ambiguous tree holds."""
    if not isinstance(tree, Tree):
        yield tree
    elif tree.data == "_ambig":
        for child in tree.children:
            yield from unfolded(child)
    else:
        for children in product(*(list(unfolded(child)) for child in tree.children)):
            yield Tree(tree.data, list(children), _spanned(tree.meta, children))


def _spanned(meta: Any, children: Iterable[Any]) -> Any:
    """The place of a tree: its own, widened by that of a child whose reading is chosen only now."""
    metas = [child.meta for child in children if isinstance(child, Tree)]
    starts = [one.start_pos for one in (meta, *metas) if not one.empty]
    ends = [one.end_pos for one in (meta, *metas) if not one.empty]
    spanned = Meta()  # type: ignore[no-untyped-call]
    if starts:
        spanned.empty, spanned.start_pos, spanned.end_pos = False, min(starts), max(ends)
    return spanned
