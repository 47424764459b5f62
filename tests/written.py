"""Sentences written down in text files, for a person to read: a block for each case, headed by «# » and its name."""

from pathlib import Path


def blocks_of(file: str) -> dict[str, str]:
    """The lines below each heading of a file of this folder."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    heads = (block.partition("\n") for block in text.split("\n\n# ")[1:])
    return {name: below.strip("\n") for name, _, below in heads}
