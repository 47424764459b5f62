"""Conditions on the grades of several units, as a file: a quota on one grade, and the grades of the heads of units."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cchc_index.criteria import Ruleset
from cchc_index.errors import CchcError, Fault, Text, did_you_mean
from cchc_index.errors import Path as Keys
from cchc_index.files.schema import SILENCE, Count, Keyed, Share, Words
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable
from cchc_index.files.validation import validated
from cchc_index.reviewing.grades import Conditions, Quota, best_first
from cchc_index.sources import NOT_STATED, Citation, Quote


class _Quoted(Keyed):
    nguon: Words
    nguyen_van: Words

    @property
    def quote(self) -> Quote:
        document, _, place = self.nguon.partition(", ")
        return Quote(self.nguyen_van, Citation(document, place))


class QuotaRow(_Quoted):
    """Giới hạn: at most a share of the units with the grades in `cua` may have the grade `hang`."""

    hang: Words
    khong_qua: Share
    cua: Annotated[list[Words], Field(min_length=1)]
    vuot_thi: Words
    nhom_duoi: Count = 0


class HeadsRow(_Quoted):
    """Người đứng đầu: the grade that the head of each unit would have."""

    xep_loai: dict[Words, Words]


class ConditionsFile(Keyed):
    """The whole file."""

    gioi_han: QuotaRow | None = None
    nguoi_dung_dau: HeadsRow | None = None


def read_conditions(path: str | Path, rules: Ruleset, units: Collection[str] | None = None) -> Conditions:
    """The conditions of a YAML or JSON file, held against the grades of the ruleset and the names of the units.

    Without `units` their names are not looked at. Raises CchcError with every fault, each with its file and line.
    """
    file = Path(path)
    try:
        node = read_node(file)
        model = validated(ConditionsFile, node, file.name)
    except Unreadable as problem:
        raise CchcError(problem.faults) from None
    places, grades = dict(node.places(file.name)), best_first(rules)
    faults = [
        Fault(
            Text(f"không có {what.vi} «{name}»", f"there is no {what.en} «{name}»"),
            path,
            hint=did_you_mean(name, known),
        )
        for name, path, what, known in _named(model, grades, units)
        if name not in known
    ]
    if faults:
        raise CchcError(fault.located(places) for fault in faults)
    heads = model.nguoi_dung_dau
    quota = _quota(model.gioi_han) if model.gioi_han else None
    return Conditions(quota, heads.xep_loai, heads.quote) if heads else Conditions(quota)


_GRADE, _UNIT = Text("hạng", "grade"), Text("đơn vị", "unit")


def _named(
    model: ConditionsFile, grades: Collection[str], units: Collection[str] | None
) -> Iterator[tuple[str, Keys, Text, Iterable[str]]]:
    """Every name in the file, where it stands, of what it is, and which there are."""
    row, heads = model.gioi_han, model.nguoi_dung_dau
    if row:
        yield row.hang, ("gioi_han", "hang"), _GRADE, grades
        for number, name in enumerate(row.cua):
            yield name, ("gioi_han", "cua", number), _GRADE, grades
        yield row.vuot_thi, ("gioi_han", "vuot_thi"), _GRADE, (*grades, SILENCE)
    for unit, grade in heads.xep_loai.items() if heads else ():
        path = ("nguoi_dung_dau", "xep_loai", unit)
        yield grade, path, _GRADE, grades
        if units is not None:
            yield unit, path, _UNIT, units


def _quota(row: QuotaRow) -> Quota:
    over = NOT_STATED if row.vuot_thi == SILENCE else row.vuot_thi
    return Quota(row.hang, row.khong_qua, tuple(row.cua), over, row.nhom_duoi, row.quote)
