"""The parser of sentences, and the trees without ambiguity that an ambiguous one holds."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from typing import Any

from lark import Lark, Token, Tree
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


@cache
def parser() -> Lark:
    """The parser of sentences, built when first used."""
    return Lark(
        GRAMMAR,
        start=[SENTENCE, GRADE, LOOSE],
        parser="earley",
        lexer="basic",
        ambiguity="explicit",
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=_Runs(),
    )


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
