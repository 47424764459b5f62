"""What text may stand in an XML file, as Word and Excel files are."""

import datetime
import re

FONT = "Times New Roman"
BODY_SIZE, TABLE_SIZE = 13, 12
CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""No clock: a file built twice from the same result has the same bytes, so every file tells this date."""
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    r"""The text with one kind of line end, and a mark in place of each character that XML 1.0 (2.2) cannot hold.

    >>> printable("a\x00b\r\nc\ud800")
    'a�b\nc�'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", lines)
