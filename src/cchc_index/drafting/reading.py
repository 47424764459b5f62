"""The sentences of a row through the clause reader: a rule, several readings side by side, or words for a person.

>>> from cchc_index.drafting.rows import Sentence
>>> told = (Sentence("Từ 80% trở lên: 2 điểm", ""), Sentence("Dưới 80%: 0 điểm", ""))
>>> drafted = read_row(told, "Số hóa", Fraction(2))
>>> drafted.status.value, [row["diem"] for row in drafted.keys["bac"]]
('doc_duoc', ['2', '0'])
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from fractions import Fraction
from itertools import islice, product
from typing import Any

from attrs import evolve, field, frozen

from cchc_index.checking.clauses.read import parts_of_text, read, run_together, states_no_number
from cchc_index.checking.clauses.values import Affine, Clause, Read
from cchc_index.criteria import Points
from cchc_index.drafting.figures import Figures
from cchc_index.drafting.proposing import build
from cchc_index.drafting.rows import Sentence
from cchc_index.drafting.saying import NotBuilt, Room, Said
from cchc_index.errors import Text, short
from cchc_index.files.raising import Place, Written, figures
from cchc_index.files.schema import PERSON, SILENCE
from cchc_index.measures import Fact
from cchc_index.points import show
from cchc_index.scoring.say import joined
from cchc_index.sources import NOT_STATED, Citation

NOWHERE = Place({}, Citation("", ""))
"""Proposed figures stand on no document of their own."""
MOST_READINGS = 64
MOST_SHOWN = 6
_EXAMPLE = re.compile(r"(?:^|[.;]\s+|\n\s*)(?P<example>\(?(?:ví dụ|vd)\s*[:,].*)", re.IGNORECASE | re.DOTALL)
EXAMPLE = Text(
    "ví dụ của văn bản giữ ở ghi chú; tính thử xem có khớp quy tắc",
    "an example of the paper is kept as a remark; count it by the rule",
)


class Status(Enum):
    """What became of a row's sentences. The value is the word in reports."""

    READ = "doc_duoc"
    SEVERAL = "nhieu_cach_doc"
    UNREAD = "can_nguoi_doc"
    SILENT = "khong_neu_cach_tinh"


@frozen
class Drafted:
    """The keys of a row's rule in the file, its figures, and what a person has to look at."""

    status: Status
    keys: Written
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Text, ...] = ()
    why: Text = field(default=Text("", ""))


def read_row(
    sentences: Sequence[Sentence], name: str, most: Points = NOT_STATED, *, taken: Iterable[str] = (), sign: int = 1
) -> Drafted:
    """What the sentences of one row come to.

    `taken` are the names of figures in use elsewhere; `sign` is -1 where the points of the row are a penalty.
    Needs lark (the extra `check`).
    """
    rules, examples = without_examples(sentences)
    told = [one for sentence in rules for one in split(sentence)]
    if not sentences:
        return Drafted(Status.SILENT, {"cham": SILENCE})
    if not told:
        return _for_person(sentences, Text("chỉ có ví dụ, không có câu nêu cách chấm", "examples, and no rule"))
    readings = [_readings(sentence) for sentence in told]
    lost = [(sentence, found) for sentence, (found, clauses) in zip(told, readings, strict=True) if not clauses]
    if lost:
        return _for_person(sentences, _unreadable(lost))
    chosen = list(islice(product(*(clauses for _, clauses in readings)), MOST_READINGS + 1))
    if len(chosen) > MOST_READINGS:
        return _for_person(sentences, Text("quá nhiều cách đọc", "too many readings"))
    drafted = _settled(
        sentences, [_built(told, clauses, Room(name, most, Figures(set(taken)), sign)) for clauses in chosen]
    )
    return _with_examples(drafted, examples) if examples and drafted.status is Status.READ else drafted


def without_examples(sentences: Iterable[Sentence]) -> tuple[list[Sentence], list[str]]:
    """The sentences of a row up to where each goes on with an example, and the examples word for word.

    >>> told, examples = without_examples([Sentence("Từ 90%: 1 điểm. Ví dụ: 9/10 là 90%.", "")])
    >>> told[0].text, examples
    ('Từ 90%: 1 điểm', ['Ví dụ: 9/10 là 90%.'])
    """
    kept, examples = [], []
    for sentence in sentences:
        begins = _EXAMPLE.search(sentence.text)
        before = sentence.text[: begins.start()].strip(" .;") if begins else sentence.text
        kept += [evolve(sentence, text=before)] if before else []
        examples += [sentence.text[begins.start("example") :]] if begins else []
    return kept, examples


def _with_examples(drafted: Drafted, examples: Sequence[str]) -> Drafted:
    """A rule with the examples of its row as remarks; nobody has counted them yet."""
    return evolve(drafted, keys=drafted.keys | {"ghi_chu": list(examples)}, doubts=(*drafted.doubts, EXAMPLE))


def split(sentence: Sentence) -> Iterator[Sentence]:
    """A paragraph of several sentences cut where each states something of its own; else as it stands."""
    parts = parts_of_text(sentence.text)
    whole = read(sentence.text)
    single = whole.senses and all(len(sense.clauses) == 1 and not sense.unread for sense in whole.senses)
    if len(parts) < 2 or single:
        yield sentence
    else:
        yield from (evolve(sentence, text=part) for part in parts)


def _readings(sentence: Sentence) -> tuple[Read, list[Clause]]:
    """The clauses that a sentence can be, each once, points of the column beside it put in."""
    found = read(sentence.text)
    clauses = [sense.clauses[0] for sense in found.senses if len(sense.clauses) == 1 and not sense.unread]
    if len(clauses) < len(found.senses):
        return found, []
    return found, list(dict.fromkeys(_with_column(clause, sentence.points) for clause in clauses))


def _with_column(clause: Clause, points: Fraction | None) -> Clause:
    """A clause that states no points takes those of its column."""
    if points is None or clause.points is not None or clause.policy or clause.step:
        return clause
    return evolve(clause, points=Affine(points))


def _against_column(told: Sequence[Sentence], clauses: Sequence[Clause], room: Room) -> None:
    """A sentence and the column beside it that state different points are told."""
    for sentence, clause in zip(told, clauses, strict=True):
        said = clause.points.base if isinstance(clause.points, Affine) and not clause.points.slope else None
        if sentence.points is not None and said is not None and said != sentence.points:
            words, beside = short(sentence.text), sentence.points
            room.doubt(
                Text(f"«{words}»: cột điểm ghi {show(beside)}", f"«{words}»: the column says {show(beside, 'en')}")
            )


def _built(told: Sequence[Sentence], clauses: Sequence[Clause], room: Room) -> Drafted | NotBuilt:
    saids = [Said(sentence.text, clause) for sentence, clause in zip(told, clauses, strict=True)]
    try:
        keys = build(saids, room)
    except NotBuilt as problem:
        return problem
    _against_column(told, clauses, room)
    return Drafted(Status.READ, keys, tuple(room.figures.known.values()), tuple(room.doubts))


def _settled(told: Sequence[Sentence], tried: Sequence[Drafted | NotBuilt]) -> Drafted:
    """One rule where all readings come to it, or the others contradict themselves; else they stand side by side."""
    good: list[Drafted] = []
    for one in tried:
        if isinstance(one, Drafted) and all(one.keys != other.keys for other in good):
            good.append(one)
    refused = [one for one in tried if isinstance(one, NotBuilt)]
    if not good:
        return _for_person(told, refused[0].text)
    if len(good) > 1 or not all(problem.clash for problem in refused):
        return _side_by_side(told, good, len(tried))
    [only] = good
    if refused:
        why = refused[0].text
        doubt = Text(f"câu có cách đọc khác, bị loại vì {why.vi}", f"another reading was left out: {why.en}")
        return evolve(only, doubts=(*only.doubts, doubt))
    return only


def _side_by_side(told: Sequence[Sentence], good: Sequence[Drafted], count: int) -> Drafted:
    """Readings one beside the other, for a person to choose; none of them counts."""
    shown = [
        {"noi_dung": f"cách đọc {number}", "so_lieu": figures(one.facts, NOWHERE), "quy_tac": _rule_of(one.keys)}
        for number, one in enumerate(good[:MOST_SHOWN], 1)
    ]
    number = len(good) if len(good) > 1 else count
    why = Text(f"câu có {number} cách đọc", f"the sentences have {number} readings")
    keys = {"cham": PERSON, "cau": [sentence.text for sentence in told], "vi_sao": _why(told, why), "cach_doc": shown}
    return Drafted(Status.SEVERAL, keys, why=why)


def _rule_of(keys: Written) -> Written:
    beside = ("lam_tron", "khong_danh_gia", "nguyen_van")
    return {key: value for key, value in keys.items() if key not in beside}


def _for_person(told: Sequence[Sentence], why: Text) -> Drafted:
    keys: dict[str, Any] = {"cham": PERSON, "cau": [sentence.text for sentence in told], "vi_sao": _why(told, why)}
    return Drafted(Status.UNREAD, keys, why=why)


def _why(told: Sequence[Sentence], why: Text) -> str:
    """Why no rule was made, and the points that stand in a column beside a sentence."""
    beside = [f"«{short(one.text)}» {show(one.points)} điểm" for one in told if one.points is not None]
    return "; cột điểm: ".join([why.vi, ", ".join(beside)]) if beside else why.vi


def _unreadable(lost: Sequence[tuple[Sentence, Read]]) -> Text:
    sentence, found = lost[0]
    trouble = found.trouble or Text("câu nêu nhiều điều", "it states several things")
    if sentence.points is None and states_no_number(sentence.text):
        trouble = Text("câu không nêu điểm", "it states no points")
    parts = [Text(f"«{sentence.text}»: {trouble.vi}", f"«{sentence.text}»: {trouble.en}")]
    parts += [_slip(*halves) for told, _ in lost for halves in run_together(told.text)]
    return joined(dict.fromkeys(parts), "; ")


def _slip(one: str, other: str) -> Text:
    """What was likely meant where two words are printed as one; the words of the decision stay as they are."""
    return Text(
        f"chữ in dính «{one}{other}», có lẽ là «{one} {other}»",
        f"«{one}{other}» is printed as one word, likely «{one} {other}»",
    )
