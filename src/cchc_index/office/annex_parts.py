"""A ruleset as the tables that are printed: the decision's annex first, then what a printed annex does not show.

The first table is the annex as decisions print it. The tables after it hold, in the words of the files, what else a
ruleset says: its documents, its figures, how each row is scored where the sentence alone does not settle it, its notes.
A person can read and change all of them; nothing is hidden in the file, and the drafter reads back what stands there.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import yaml
from attrs import frozen

from cchc_index.criteria import Ruleset
from cchc_index.files.raising import Written
from cchc_index.files.schema import SILENCE
from cchc_index.files.writing import written
from cchc_index.office.tables import cleaned

ANNEX = ("STT", "Tiêu chí, tiêu chí thành phần", "Điểm tối đa", "Cách tính điểm", "Tài liệu kiểm chứng", "Nguồn")
WHOLE = ("Mục chung", "Nội dung")
FIGURES = ("Dòng", "Tên số liệu", "Nghĩa", "Loại", "Đơn vị", "Là một phần của", "Thêm")
SCORING = ("Dòng", "Mục", "Nội dung")
SENTENCE = "cau"
PARENT = "thuoc"
KINDS = ("tieu_chi", "thuong", "phat")
_SHOWN = ("ma", "ten", "diem_toi_da", "kiem_chung", "nguon", "so_lieu", "gom")
_FIGURE_KEYS = ("ten", "loai", "don_vi", "trong")
_QUOTED = ("{", "[", '"', "'", "&", "*", "!", "|", ">", "%", "@", "`", "~")


@frozen
class Printed:
    """One row of the annex: its cells, how deep it stands, whether others stand under it."""

    code: str
    name: str
    points: Fraction | None
    how: tuple[str, ...]
    evidence: tuple[str, ...]
    source: str
    depth: int
    has_children: bool


@frozen
class Parts:
    """Everything that is printed of a ruleset: the rows of the annex, and the tables after it."""

    title: str
    rows: tuple[Printed, ...]
    whole: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, ...], ...]
    scoring: tuple[tuple[str, str, str], ...]


def parts_of(rules: Ruleset) -> Parts:
    """The tables of a ruleset. Raises Unwritable for values of the algebra that no file says."""
    keys = written(rules)
    listed = [(row, depth, parent) for kind in KINDS for row, depth, parent in _walk(keys.get(kind, []), kind, 0)]
    whole = [(key, value) for key, value in keys.items() if key not in (*KINDS, "so_lieu")]
    declared = [*(("", keys.get("so_lieu", {})),), *((row["ma"], row.get("so_lieu", {})) for row, _, _ in listed)]
    return Parts(
        rules.title,
        tuple(_printed(row, depth) for row, depth, _ in listed),
        tuple(line for key, value in whole for line in _lines(key, value)),
        tuple(_figure(code, name, figure) for code, figures in declared for name, figure in figures.items()),
        tuple((row["ma"], key, text) for row, _, parent in listed for key, text in _rest(row, parent)),
    )


def _walk(rows: list[Written], parent: str, depth: int) -> Iterator[tuple[Written, int, str]]:
    for row in rows:
        yield row, depth, parent
        yield from _walk(row.get("gom", []), row["ma"], depth + 1)


def _printed(row: Written, depth: int) -> Printed:
    points = row["diem_toi_da"]
    return Printed(
        row["ma"],
        row["ten"],
        None if points == SILENCE else Fraction(points),
        sentences_in(row),
        tuple(row.get("kiem_chung", ())),
        row.get("nguon", ""),
        depth,
        "gom" in row,
    )


def sentences_in(row: Written) -> tuple[str, ...]:
    """The sentences that a row quotes, each once: those of its rule first, then what stands beside the rule."""
    beside = ("khong_danh_gia", "lam_tron", "tinh_duoc", "phan_cong", "so_luong")
    rule = {key: value for key, value in row.items() if key not in (*beside, *_SHOWN)}
    rest = {key: value for key, value in row.items() if key in beside}
    found = (*_sentences(rule), *_sentences(rest))
    return tuple(dict.fromkeys(one for one in found if cleaned(one) == one and "\n" not in one))


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("nguyen_van"), str):
            yield value["nguyen_van"]
        if isinstance(value.get("cau"), list):
            yield from value["cau"]
        for inner in value.values():
            yield from _sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner)


def _figure(code: str, name: str, figure: Written) -> tuple[str, ...]:
    more = {key: value for key, value in figure.items() if key not in _FIGURE_KEYS}
    known = tuple(text_of_value(figure[key]) if key in figure else "" for key in _FIGURE_KEYS)
    return (code, name, *known, text_of_value(more) if more else "")


def _rest(row: Written, parent: str) -> Iterator[tuple[str, str]]:
    """What the annex does not show of a row, key by key; a sentence that it shows goes by its number there."""
    if parent != expected_parent(row["ma"]):
        yield PARENT, parent
    sentences = sentences_in(row)
    kept = {key: value for key, value in row.items() if key not in _SHOWN}
    if cleaned(row["ten"]) != row["ten"] or "\n" in row["ten"]:
        kept["ten"] = row["ten"]
    if any(cleaned(paper) != paper or "\n" in paper for paper in row.get("kiem_chung", ())):
        kept["kiem_chung"] = row["kiem_chung"]
    if row["diem_toi_da"] != SILENCE and _is_endless(Fraction(row["diem_toi_da"])):
        kept["diem_toi_da"] = row["diem_toi_da"]
    for key, value in numbered(kept, sentences).items():
        yield from _lines(key, value)


def _is_endless(points: Fraction) -> bool:
    return 10**12 % points.denominator != 0


def expected_parent(code: str) -> str:
    """What a row stands under by its number: 1.2 under 1; a whole number at the top."""
    before, dot, last = code.rpartition(".")
    if not dot:
        return "tieu_chi" if code.isdecimal() else ""
    return before if last.isdecimal() else ""


def numbered(value: Any, sentences: tuple[str, ...]) -> Any:
    """Keys with each sentence that the annex shows replaced by its number."""
    if isinstance(value, list):
        return [numbered(inner, sentences) for inner in value]
    if not isinstance(value, dict):
        return value
    said = value.get("nguyen_van")
    shown = {SENTENCE: str(sentences.index(said) + 1)} if said in sentences else {}
    kept = {key: numbered(inner, sentences) for key, inner in value.items() if not (shown and key == "nguyen_van")}
    return kept | shown


def _lines(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """A key and its value; each item of a list of mappings, and each document, on a line of its own."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for number, item in enumerate(value, 1):
            yield f"{key} {number}", text_of_value(item)
    elif key == "van_ban":
        for name, document in value.items():
            yield f"{key} {name}", text_of_value(document)
    else:
        yield key, text_of_value(value)


class _Flow(yaml.SafeDumper):
    """Values on one line; every scalar is text to our reader."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Flow.yaml_implicit_resolvers = {}


def text_of_value(value: Any) -> str:
    """A value as a cell holds it: words as they stand, anything else in the notation of the files on one line."""
    plain = isinstance(value, str) and cleaned(value) == value and "\n" not in value and not value.startswith(_QUOTED)
    if plain:
        return str(value)
    style = '"' if isinstance(value, str) else None
    text = yaml.dump(
        value,
        Dumper=_Flow,
        allow_unicode=True,
        sort_keys=False,
        width=10**9,
        default_flow_style=True,
        default_style=style,
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()
