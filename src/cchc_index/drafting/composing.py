"""An annex as the keys of bo-tieu-chi.yaml: every row placed, every sentence read, every cell accounted for."""

import datetime
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from cchc_index.auditing.sheet import folded
from cchc_index.drafting.annex import Annex, Line
from cchc_index.drafting.figures import Figures
from cchc_index.drafting.printed import Printed, with_sentences
from cchc_index.drafting.proposing import exemption_of
from cchc_index.drafting.reading import NOWHERE, Drafted, Status, read_row
from cchc_index.drafting.rows import Placed, placed
from cchc_index.drafting.saying import Room
from cchc_index.errors import Text
from cchc_index.files.numbers import write_number
from cchc_index.files.raising import Written, figures
from cchc_index.files.schema import SILENCE
from cchc_index.files.starting import BLANK
from cchc_index.office.annex_parts import KINDS
from cchc_index.office.tables import Cell, PassedOver
from cchc_index.sources import NOT_STATED

DOCUMENT = "QD"
_NUMBER = re.compile(
    r"(?:Quyết định|Công văn|Hướng dẫn|Kế hoạch|Thông tư|Nghị quyết)\s+số\s*:?\s*(?P<number>\d[\w]*(?:/[\wĐ-]+)+)"
    r"(?:,?\s+ngày\s+(?P<day>\d{1,2})(?:/|\s+tháng\s+)(?P<month>\d{1,2})(?:/|\s+năm\s+)(?P<year>\d{4}))?"
    r"(?:\s+của\s+(?P<issuer>[^(),;:\n]+?)(?=\s+(?:về|quy định|ban hành|phê duyệt|hướng dẫn)\b|[(),;:\n]|\s*$))?",
)
_TITLE = re.compile(r"\b(bo tieu chi|bo chi so|chi so|tieu chi danh gia|bang tieu chi|khung)\b")
NO_NUMBER = Text("mã do máy đặt, phụ lục không ghi hay ghi trùng", "the annex gives no number of its own")
NO_POINTS = Text("dòng không ghi điểm tối đa", "the row states no maximum")
BESIDE = Text("câu ở dòng có các mục con, giữ làm ghi chú", "a sentence of a row with parts, kept as a remark")


@frozen
class RowDraft:
    """What became of one row: its code, place and points, and what a person has to decide there."""

    code: str
    name: str
    place: str
    points: Fraction | None
    status: Status | None
    doubts: tuple[Text, ...] = ()
    sentences: tuple[str, ...] = ()


@frozen
class Draft:
    """A drafted ruleset: its keys, its rows in order, the cells that stand nowhere in it."""

    keys: Written
    rows: tuple[RowDraft, ...]
    left_out: tuple[Cell | PassedOver, ...]
    blanks: tuple[Text, ...] = ()


@frozen
class Heading:
    """What the caller says of the whole set."""

    id: str
    version: str
    level: str
    scope: str = "day_du"


@frozen
class _Composer:
    annex: Annex
    printed: Printed | None
    seen: Callable[[int], object] | None = None
    rows: list[RowDraft] = field(factory=list)
    taken: set[str] = field(factory=set)

    def row(self, one: Placed) -> Written:
        line = one.line
        own: Written = {"ma": one.code, "ten": line.name or one.code, "diem_toi_da": _points(line)}
        own["nguon"] = f"{DOCUMENT}, {_place(line.place, self.annex.file)}"
        papers = [cell.text for cell in line.evidence]
        agency = [cell.text for cell in line.agency]
        remarks = [cell.text for cell in line.notes]
        beside: Written = {"kiem_chung": papers, "phan_cong": self._agency(agency), "ghi_chu": remarks}
        return own | (self._parent(one, beside) if one.children else self._leaf(one, beside))

    def _agency(self, names: list[str]) -> list[Written]:
        heading = self.annex.agency_heading or "Cơ quan thẩm định"
        return [{"ten": heading, "phu_trach": names}] if names else []

    def _leaf(self, one: Placed, beside: Written) -> Written:
        line = one.line
        sign = -1 if one.kind == "phat" else 1
        most = NOT_STATED if line.points is None else line.points
        drafted = read_row(one.sentences, line.name, most, taken=self.taken, sign=sign)
        self.taken.update(fact.name for fact in drafted.facts)
        self._tell(one, drafted)
        if self.seen:
            self.seen(1)
        keys = {key: value for key, value in drafted.keys.items() if key not in ("khong_danh_gia", "ghi_chu")}
        exempt = drafted.keys.get("khong_danh_gia", [])
        beside = beside | {"ghi_chu": [*beside["ghi_chu"], *drafted.keys.get("ghi_chu", [])]}
        return _filled({"so_lieu": figures(drafted.facts, NOWHERE), "khong_danh_gia": exempt} | beside) | keys

    def _parent(self, one: Placed, beside: Written) -> Written:
        """A row with parts says no rule; a sentence of it leaves it out under a condition, or is a remark."""
        room = Room(one.line.name, NOT_STATED, Figures(self.taken))
        exempt, kept = [], []
        for sentence in one.sentences:
            found = exemption_of(sentence.text, room)
            exempt += [found] if found else []
            kept += [] if found else [sentence.text]
        self.taken.update(room.figures.known)
        doubts = (BESIDE,) if kept else ()
        self.rows.append(_draft(one, None, (*doubts, *_of_heading(one))))
        remarks = [*beside["ghi_chu"], *kept]
        facts = {"so_lieu": figures(room.figures.known.values(), NOWHERE), "khong_danh_gia": exempt}
        return _filled(facts | beside | {"ghi_chu": remarks}) | {"gom": [self.row(child) for child in one.children]}

    def _tell(self, one: Placed, drafted: Drafted) -> None:
        why = (drafted.why,) if drafted.why.vi else ()
        self.rows.append(_draft(one, drafted.status, (*why, *drafted.doubts, *_of_heading(one))))


def _draft(one: Placed, status: Status | None, doubts: tuple[Text, ...]) -> RowDraft:
    words = tuple(sentence.text for sentence in one.sentences)
    return RowDraft(one.code, one.line.name, one.line.place, one.line.points, status, doubts, words)


def _of_heading(one: Placed) -> tuple[Text, ...]:
    """What a row's own cells leave open: its number, its points."""
    lacking = ((NO_NUMBER, one.is_numbered), (NO_POINTS, one.line.points is not None))
    return tuple(text for text, there in lacking if not there)


def _points(line: Line) -> str:
    return SILENCE if line.points is None else write_number(line.points)


def _place(place: str, file: str) -> str:
    return place.removeprefix(f"{file}, ").removeprefix(f"{file}:")


def _filled(keys: Written) -> Written:
    return {key: value for key, value in keys.items() if value not in (None, [], {}, "")}


def compose(
    annex: Annex, heading: Heading, printed: Printed | None = None, seen: Callable[[int], object] | None = None
) -> Draft:
    """The keys of the ruleset that an annex says. With `printed`, what the tables after the annex say counts.

    `seen` is told of each scored row as its sentences are read.
    """
    if printed is not None:
        return _as_printed(annex, printed)
    composer = _Composer(annex, printed, seen)
    kinds: dict[str, list[Written]] = {kind: [] for kind in KINDS}
    for one in placed(annex.lines):
        kinds[one.kind].append(composer.row(one))
    if not kinds["tieu_chi"]:
        kinds = {"tieu_chi": [row for rows in kinds.values() for row in rows]}
    whole, blanks = _whole(annex, heading)
    keys = whole | {kind: rows for kind, rows in kinds.items() if rows}
    return Draft(keys, tuple(composer.rows), (*annex.left_out, *_others(annex)), blanks)


def _others(annex: Annex) -> Iterator[Cell]:
    """Tables that hold no criteria, and the paragraphs around them, cell by cell."""
    yield from (cell for table in annex.others for row in table.rows for cell in row.cells if cell.text)
    yield from (cell for cell in annex.around if cell is not _title(annex))


def _whole(annex: Annex, heading: Heading) -> tuple[Written, tuple[Text, ...]]:
    document, blanks = _document(annex)
    found = _title(annex)
    title = found.text if found else ""
    total = SILENCE if annex.total is None else write_number(annex.total)
    keys: Written = {
        "bo_tieu_chi": heading.id,
        "phien_ban": heading.version,
        "ten": title or f"{BLANK}: tên bộ tiêu chí như văn bản in",
        "pham_vi": heading.scope,
        "cap": [heading.level],
        "ap_dung": {"tu_ngay": SILENCE, "den_ngay": SILENCE},
        "van_ban": {DOCUMENT: document},
        "diem_toi_da": total,
        "chi_so": SILENCE,
        "lam_tron": SILENCE,
        "xep_loai": SILENCE,
        "xep_hang": SILENCE,
    }
    return keys, blanks


def _title(annex: Annex) -> Cell | None:
    """The line above the table that names the set."""
    return next((cell for cell in annex.around if _TITLE.search(folded(cell.text))), None)


def _document(annex: Annex) -> tuple[Written, tuple[Text, ...]]:
    """The decision behind the annex, as the lines above the table name it; what they do not name is to be filled in."""
    match = next((found for cell in annex.around if (found := _NUMBER.search(cell.text))), None)
    number = match["number"] if match else f"{BLANK}: số hiệu, như 12/QĐ-UBND"
    issuer = match["issuer"].strip(" .,;") if match and match["issuer"] else f"{BLANK}: cơ quan ban hành"
    day = _day(match) if match else SILENCE
    blanks = (
        *_hidden(annex),
        Text("trích yếu và địa chỉ lấy văn bản (van_ban)", "the subject and the address of the document"),
        Text("ngày áp dụng, nơi áp dụng (ap_dung)", "when and where the set applies"),
        Text(
            "chỉ số, làm tròn, xếp loại, xếp hạng: phụ lục không nói, xem quyết định",
            "index, rounding, grades, ranking: look at the decision itself",
        ),
    )
    document = {
        "so_hieu": number,
        "ngay": day,
        "co_quan": issuer,
        "trich_yeu": f"{BLANK}: trích yếu",
        "ban_luu": f"nguon/{DOCUMENT}.md",
        "dia_chi": f"{BLANK}: địa chỉ nơi lấy văn bản, ngày lấy",
    }
    return document, blanks


def _hidden(annex: Annex) -> Iterator[Text]:
    """Rows that the file hides are read all the same; that they were hidden is said."""
    places = [line.place for line in annex.lines if line.row.hidden]
    if places:
        shown = ", ".join(_place(place, annex.file) for place in places[:5]) + (", …" if len(places) > 5 else "")
        yield Text(f"{len(places)} dòng ẩn vẫn được đọc: {shown}", f"{len(places)} hidden rows were read too: {shown}")


def _day(match: re.Match[str]) -> str:
    if not match["year"]:
        return SILENCE
    try:
        return datetime.date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return SILENCE


# -- an annex that this library printed --------------------------------------------------------------------------------


def _as_printed(annex: Annex, printed: Printed) -> Draft:
    """The ruleset of a printed annex: rows and sentences from the annex, the rest from the tables after it."""
    rows: list[RowDraft] = []
    top: dict[str, list[Written]] = {kind: [] for kind in KINDS}
    known: dict[str, Written] = {}
    for line in annex.lines:
        keys = _printed_row(line, printed)
        known[line.code] = keys
        parent = printed.parents.get(line.code) or _above(line.code)
        siblings = top[parent] if parent in top else known.get(parent, keys).setdefault("gom", [])
        if keys is not known.get(parent):
            siblings.append(keys)
        status = None if "cham" not in keys else _status(keys)
        rows.append(RowDraft(line.code, line.name, line.place, line.points, status))
    for keys in known.values():
        if "gom" in keys:
            keys["gom"] = keys.pop("gom")
    facts = printed.figures.get("", {})
    whole = _filled(printed.whole | {"so_lieu": facts})
    keys = whole | {kind: inside for kind, inside in top.items() if inside}
    return Draft(keys, tuple(rows), annex.left_out)


def _status(keys: Written) -> Status:
    if keys["cham"] == "can_nguoi_doc":
        return Status.UNREAD
    return Status.SILENT if keys["cham"] == SILENCE else Status.READ


def _above(code: str) -> str:
    before, dot, _ = code.rpartition(".")
    return before if dot else "tieu_chi"


def _printed_row(line: Line, printed: Printed) -> Written:
    sentences = tuple(cell.text for cell in line.how)
    said: Any = with_sentences(printed.rows.get(line.code, {}), sentences, printed.places.get(line.code, line.place))
    shown: Written = {
        "ma": line.code,
        "ten": line.name,
        "diem_toi_da": _points(line),
        "nguon": line.source,
        "so_lieu": printed.figures.get(line.code, {}),
        "kiem_chung": [cell.text for cell in line.evidence],
    }
    kept: Written = said
    return _filled(shown) | kept


def with_heading(draft: Draft, heading: Heading) -> Draft:
    """A draft under the id and version that the caller gives."""
    return evolve(draft, keys=draft.keys | {"bo_tieu_chi": heading.id, "phien_ban": heading.version})
