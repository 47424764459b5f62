"""What comparing one side of a rule (its bound, its points) with a sentence came to."""

from enum import Enum

from attrs import frozen

from cchc_index.errors import Text


class Outcome(Enum):
    """How a sentence and a rule stand to each other on one point."""

    SAME = "nhu_nhau"
    DIFFERENT = "khac_nhau"
    UNCLEAR = "khong_ro"
    SILENT = "khong_noi"
    """The sentence says nothing about it."""


@frozen
class Aspect:
    """One point of comparison. `witness` is the smallest value on which the two part.

    Where it is not clear what the sentence says, `said` tells why. A `weak` sameness (a plain statement beside a yes/no
    figure) is not enough for a rule to agree with its sentence.
    """

    name: Text
    outcome: Outcome
    said: Text | None = None
    ruled: Text | None = None
    witness: Text | None = None
    weak: bool = False

    def told(self) -> Text:
        """A difference, or what is not clear, as a sentence."""
        nothing = Text("", "")
        said, at = self.said or nothing, self.witness or nothing
        if self.ruled is None:
            return Text(f"{self.name.vi}: {said.vi}", f"{self.name.en}: {said.en}")
        return Text(
            f"{self.name.vi}: câu nói «{said.vi}», quy tắc «{self.ruled.vi}»{at.vi and ', khác nhau ở ' + at.vi}",
            f"{self.name.en}: the sentence says «{said.en}», the rule «{self.ruled.en}»"
            f"{at.en and ', they part at ' + at.en}",
        )


BOUND = Text("cận", "bound")
CONDITION = Text("điều kiện", "condition")
POINTS = Text("điểm", "points")
CAP = Text("mức tối đa", "cap")
AT_ZERO = Text("mẫu số bằng 0", "zero denominator")
POLICY = Text("xử lý khi không đánh giá", "policy when not assessed")
ROUNDING = Text("làm tròn", "rounding")


def same(name: Text, *, weak: bool = False) -> Aspect:
    return Aspect(name, Outcome.SAME, weak=weak)


def silent(name: Text) -> Aspect:
    return Aspect(name, Outcome.SILENT)


def unclear(name: Text, vi: str, en: str) -> Aspect:
    return Aspect(name, Outcome.UNCLEAR, Text(vi, en))


def different(name: Text, said: Text, ruled: Text, witness: Text | None = None) -> Aspect:
    return Aspect(name, Outcome.DIFFERENT, said, ruled, witness)
