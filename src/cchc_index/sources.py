"""Where each rule comes from: documents, places in them, word-for-word quotes, and what they leave unsaid."""

import datetime
from enum import Enum
from typing import Final, Literal

from attrs import frozen


class NotStated(Enum):
    """What the source does not say. It is a value of its own, never filled in."""

    NOT_STATED = "khong_quy_dinh"

    def __repr__(self) -> str:
        return "NOT_STATED"

    def __str__(self) -> str:
        return self.value


NOT_STATED: Final = NotStated.NOT_STATED


class DocumentKind(Enum):
    """What the stored text of a document is."""

    VERBATIM = "nguyen_van"
    """Its own words."""
    REPORTED = "ghi_chep"
    """What somebody noted or printed about it; its own text is not at hand."""
    SAMPLE = "mau"
    """Written for teaching; not law."""


class NoteKind(Enum):
    """What is wrong with, or was decided about, the words of a source."""

    CONTRADICTION = "mau_thuan"
    HOLE = "khoang_trong"
    READING = "cach_hieu"
    REMARK = "ghi_chu"
    UNREAD = "can_nguoi_doc"
    """Words that say how to score and that nobody has made a rule of yet."""


@frozen
class Document:
    """One cited document. `stored` is the file with its stored text; `address` says where that text was found."""

    id: str
    number: str
    date: datetime.date | NotStated
    issuer: str
    subject: str
    stored: str
    address: str
    kind: DocumentKind = DocumentKind.VERBATIM


@frozen
class Citation:
    """A place in a document: `Citation("TT01", "Điều 13 khoản 1")`."""

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document}, {self.place}" if self.place else self.document


@frozen(cache_hash=True)
class Quote:
    """The source's own words, at a place; a test finds them in the stored text.

    `attested` says why a machine cannot compare the words with their rule, and which person did.
    """

    text: str
    citation: Citation
    attested: str = ""


@frozen(cache_hash=True)
class Reading:
    """What people decided where the source does not settle it, and who decided it. Printed with every result."""

    text: str
    origin: str


Basis = Quote | Reading | Literal[NotStated.NOT_STATED]
"""What a rule stands on."""
