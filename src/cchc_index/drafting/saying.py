"""What stands around the sentences of a row while a rule is made of them, and what is told beside the rule."""

import re
from collections.abc import Iterable
from fractions import Fraction

from attrs import field, frozen

from cchc_index.checking.clauses.values import Affine, Clause, atoms_of
from cchc_index.criteria import Points
from cchc_index.drafting.figures import Figures
from cchc_index.drafting.intervals import bounds_in
from cchc_index.errors import Text
from cchc_index.files.numbers import write_number
from cchc_index.files.schema import SILENCE
from cchc_index.rules import ZERO
from cchc_index.sources import NOT_STATED

BARE = Text(
    "số sau dấu hai chấm không ghi «điểm», hiểu là điểm", "a number after a colon without «điểm» is taken for points"
)
FROM_MOST = Text("trừ từ điểm tối đa là suy ra, câu không nói", "that points are taken from the maximum is inferred")
NO_FLOOR = Text("câu không nói trừ tới đâu thì thôi («san»)", "no sentence says where taking off ends («san»)")
ONE_OF = Text(
    "xem như đúng một trong các câu; câu không nói khi nhiều câu cùng đúng",
    "taken as exactly one of the sentences; none says what holds where several are true",
)
NO_ZERO = Text("câu không nói mẫu số bằng 0 thì sao", "no sentence says what a zero denominator means")
WHOLE_IS_ZERO = Text("hiểu là mẫu số của tỷ lệ bằng 0", "read as a zero denominator")


class NotBuilt(Exception):
    """Clauses that fit no shape, or more than one. `text` says why; `clash` tells that they contradict each other."""

    def __init__(self, vi: str, en: str, *, clash: bool = False) -> None:
        super().__init__(vi)
        self.text = Text(vi, en)
        self.clash = clash


@frozen
class Said:
    """One sentence in one of its readings."""

    quote: str
    clause: Clause

    @property
    def words(self) -> str:
        return " ".join(atom.words for atom in atoms_of(self.clause.condition))


@frozen
class Room:
    """What stands around the sentences of a row: name, maximum, whether its points are taken off, its figures."""

    name: str
    most: Points
    figures: Figures
    sign: int = 1
    doubts: list[Text] = field(factory=list)

    def doubt(self, text: Text) -> None:
        if text not in self.doubts:
            self.doubts.append(text)


def has_number(saids: Iterable[Said]) -> bool:
    return any(bounds_in(said.clause.condition) or slope_of(said) for said in saids)


def slope_of(said: Said) -> Fraction:
    return said.clause.points.slope if isinstance(said.clause.points, Affine) else ZERO


def maximum(room: Room) -> Fraction:
    if room.most is NOT_STATED:
        raise NotBuilt("không rõ điểm tối đa của dòng", "the maximum of the row is not stated")
    return room.most


def fixed_points(said: Said, room: Room) -> str:
    points = said.clause.points
    if not isinstance(points, Affine) or points.slope or points.base is None:
        raise NotBuilt(f"«{said.quote}» không nêu một số điểm", f"«{said.quote}» states no number of points")
    times = maximum(room) if points.of_max else Fraction(1)
    return write_number(points.base * times * room.sign)


def label_of(said: Said) -> str:
    return re.split(r"\s*[:(]?\s*\d+(?:[.,]\d+)?\s*(?:điểm|đ)\b", said.quote)[0].strip(" :;,.(")


def silent_zero(room: Room) -> str:
    room.doubt(NO_ZERO)
    return SILENCE
