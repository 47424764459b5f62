"""The whole way from an annex to the files of a ruleset's folder; whoever calls writes them.

>>> from cchc_index.files.catalogue import load
>>> from cchc_index.files.writing import written
>>> rules = ruleset_of(written(load("dong-nai/cap-xa/2022")), "bo-tieu-chi.yaml")
>>> rules == load("dong-nai/cap-xa/2022")
True
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from cchc_index.checking.clauses.agree import Verdict, check_clauses
from cchc_index.checking.structure import Severity, sum_findings
from cchc_index.criteria import Ruleset
from cchc_index.drafting.annex import Annex, annex_of
from cchc_index.drafting.composing import DOCUMENT, Draft, Heading, RowDraft, compose, with_heading
from cchc_index.drafting.keeping import Comment, comments_in, lacking_texts, stored_texts
from cchc_index.drafting.merging import Change, merged
from cchc_index.drafting.printed import printed_of
from cchc_index.drafting.reading import Status
from cchc_index.drafting.worklist import Report, page
from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files import schema
from cchc_index.files.folders import CASES_FILE, RULES_FILE
from cchc_index.files.lowering import lower
from cchc_index.files.raising import Written
from cchc_index.files.reading import read_ruleset
from cchc_index.files.source import read_node
from cchc_index.files.strict import Node, Unreadable, read_text
from cchc_index.files.validation import validated
from cchc_index.files.writing import as_yaml
from cchc_index.office.annex_parts import KINDS
from cchc_index.office.reading import read_papers
from cchc_index.office.tables import Table

BASE_FILE = "ban-thao/lan-truoc.yaml"
BEFORE_FILE = "ban-thao/ban-truoc-{}.yaml"
WORKLIST_FILE = "viec-can-lam.md"
PDF_LINES = Text(
    "PDF: chỗ hết đoạn trong ô là suy ra từ dòng in; đối chiếu lại các câu với bản in",
    "PDF: where paragraphs end is inferred from the lines of print; compare the sentences with the paper",
)


@frozen
class Drafted:
    """The files of a folder by their path in it, the ruleset that they say, and what is left to do."""

    files: Mapping[str, str]
    rules: Ruleset
    report: Report


def draft(
    annex_file: str | Path,
    folder: str | Path,
    heading: Heading | None = None,
    *,
    stored: Iterable[Path] = (),
    seen: Callable[[int], object] | None = None,
) -> Drafted:
    """The ruleset that an annex says, as the files of `folder`; a draft that lies there is brought up to date.

    `heading` says id, version and level; an annex that this library printed says them itself. `seen` is told of each
    scored row as its sentences are read. `stored` are the texts of documents that the annex only names. Nothing is
    written.
    Raises BadAnnex for a file that is no annex, BadRuleset for a folder that is no draft or no longer readable.
    Needs the extras `office` and `check`.
    """
    annex = annex_of(read_papers(annex_file))
    printed = printed_of(annex.tables)
    if heading is None and printed is None:
        message = Text("phụ lục không nói mã của bộ tiêu chí; cần --id", "the annex names no id; --id is needed")
        raise BadRuleset([Fault(message, place=annex.file)])
    made = compose(annex, heading or Heading("", "", ""), printed, seen)
    made = with_heading(made, heading) if heading and printed else made
    made = made if printed else _verified(made)
    if annex.file.lower().endswith(".pdf"):
        made = evolve(made, blanks=(PDF_LINES, *made.blanks))
    return _onto(made, annex, Path(folder), tuple(stored), is_printed=printed is not None)


def ruleset_of(keys: Written, file: str) -> Ruleset:
    """The ruleset that keys say. Raises BadRuleset."""
    try:
        model = validated(schema.RulesetFile, _node(keys), file)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None
    rules, found = lower(model)
    if rules is None:
        raise BadRuleset(found)
    return rules


def _node(value: Any) -> Node:
    """A value as the reader of files gives it, on no line of its own."""
    if isinstance(value, dict):
        return Node({key: _node(inner) for key, inner in value.items()}, 1)
    return Node([_node(inner) for inner in value] if isinstance(value, list) else value, 1)


# -- what was drafted, compared with its own sentences -----------------------------------------------------------------


def _verified(made: Draft) -> Draft:
    """A draft in which no rule differs from its sentence: one that did is for a person."""
    rules = ruleset_of(made.keys, RULES_FILE)
    checks = check_clauses(rules)
    differing = {check.criterion: check.message for check in checks if check.verdict is Verdict.DIFFERS}
    unsure = {check.criterion: check.message for check in checks if check.verdict in _UNSURE}
    rows = tuple(_told(row, differing.get(row.code), unsure.get(row.code)) for row in made.rows)
    sentences = {row.code: row.sentences for row in rows}
    keys = {key: _demoted(value, differing, sentences) if key in KINDS else value for key, value in made.keys.items()}
    return evolve(made, keys=keys, rows=rows)


_UNSURE = (Verdict.SEVERAL, Verdict.UNREADABLE)


def _told(row: RowDraft, differs: Text | None, unsure: Text | None) -> RowDraft:
    if differs:
        return evolve(row, status=Status.UNREAD, doubts=(differs, *row.doubts))
    if unsure and row.status is Status.READ:
        told = Text(f"máy không tự so lại được: {unsure.vi}", f"could not be compared again: {unsure.en}")
        return evolve(row, doubts=(*row.doubts, told))
    return row


def _demoted(rows: list[Written], why: Mapping[str, Text], sentences: Mapping[str, tuple[str, ...]]) -> list[Written]:
    kept = ("ma", "ten", "diem_toi_da", "nguon", "kiem_chung", "phan_cong", "ghi_chu")
    out = []
    for row in rows:
        if "gom" in row:
            out.append(row | {"gom": _demoted(row["gom"], why, sentences)})
        elif row["ma"] in why:
            own = {key: value for key, value in row.items() if key in kept}
            told = {"cham": schema.PERSON, "cau": list(sentences[row["ma"]]), "vi_sao": why[row["ma"]].vi}
            out.append(own | told)
        else:
            out.append(row)
    return out


# -- onto what lies there ----------------------------------------------------------------------------------------------


def _onto(made: Draft, annex: Annex, folder: Path, stored: tuple[Path, ...], *, is_printed: bool) -> Drafted:
    base, mine = _earlier(folder)
    keys, changes = merged(base, mine, made.keys) if mine is not None else (made.keys, ())
    rules = ruleset_of(keys, RULES_FILE)
    settled = frozenset(_settled(base, keys)) if mine is not None else frozenset()
    sums = tuple(finding for finding in sum_findings(rules) if finding.severity is Severity.ERROR)
    base_text = as_yaml(made.keys)
    files = {BASE_FILE: base_text, **stored_texts(rules, stored)}
    comments: tuple[Comment, ...] = ()
    if mine is None or keys != mine:
        files[RULES_FILE] = base_text if mine is None else as_yaml(keys)
        comments = () if mine is None else comments_in(read_text(folder / RULES_FILE))
    before = _unused(folder) if comments else ""
    files |= {before: read_text(folder / RULES_FILE)} if before else {}
    files[f"nguon/{'PHU-LUC' if is_printed else DOCUMENT}.md"] = stored_text(annex)
    if not (folder / CASES_FILE).exists():
        files[CASES_FILE] = _cases(rules)
    report = Report(
        rules.full_id,
        made.rows,
        made.left_out,
        made.blanks,
        sums,
        tuple(changes),
        settled,
        comments,
        before,
        tuple(lacking_texts(rules, folder, files)),
    )
    files[WORKLIST_FILE] = page(report)
    return Drafted(dict(sorted(files.items())), rules, report)


def _unused(folder: Path) -> str:
    """A name for the file as the person left it, which overwrites none of those kept earlier."""
    names = (BEFORE_FILE.format(number) for number in count(1))
    return next(name for name in names if not (folder / name).exists())


def _earlier(folder: Path) -> tuple[Written, Written | None]:
    """What the annex gave last time, and what a person made of it; nothing where no draft lies in the folder."""
    if not (folder / RULES_FILE).exists():
        if folder.exists() and any(folder.iterdir()):
            raise _refused(folder, "thư mục có sẵn tệp khác", "the folder holds other files")
        return {}, None
    if not (folder / BASE_FILE).exists():
        raise _refused(folder, f"bộ ở đây không phải bản thảo (không có {BASE_FILE})", "the set there is no draft")
    read_ruleset(folder)
    try:
        return read_node(folder / BASE_FILE).plain(), read_node(folder / RULES_FILE).plain()
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None


def _refused(folder: Path, vi: str, en: str) -> BadRuleset:
    return BadRuleset([Fault(Text(f"{vi}, không ghi đè", f"{en}; nothing is overwritten"), place=str(folder))])


def _settled(base: Written, keys: Written) -> Iterable[str]:
    """The rows whose rule a person has written since the draft."""
    before = dict(_leaves(base))
    for code, rule in _leaves(keys):
        if code in before and before[code] != rule and rule.get("cham") != schema.PERSON:
            yield code


_HEADING = ("ma", "ten", "nguon", "diem_toi_da")


def _leaves(keys: Written) -> Iterable[tuple[str, Written]]:
    waiting = [row for kind in KINDS for row in keys.get(kind, [])]
    while waiting:
        row = waiting.pop()
        waiting += row.get("gom", [])
        if "cham" in row:
            yield (
                row["ma"],
                {key: value for key, value in row.items() if key not in _HEADING},
            )


def _cases(rules: Ruleset) -> str:
    head = "# Ví dụ tính tay, viết trước khi chạy: hai phía của mọi ngưỡng và chính ngưỡng; mỗi nhóm nói lấy từ đâu.\n"
    return head + as_yaml({"bo_tieu_chi": rules.id, "phien_ban": rules.version})


def stored_text(annex: Annex) -> str:
    """The words of an annex, every cell of it in order, as the stored text of the document."""
    lines = [f"# {annex.file}: bản chữ của phụ lục, máy chép từng ô", ""]
    lines += [cell.text for cell in annex.around]
    for table in annex.tables:
        lines += _table_text(table)
    return "\n".join(lines) + "\n"


def _table_text(table: Table) -> list[str]:
    lines = ["", f"## {table.name}"]
    for row in table.rows:
        if any(row.words):
            hidden = " (dòng ẩn)" if row.hidden else ""
            lines += ["", f"### {row.place.removeprefix(table.name).strip(', ')}{hidden}", ""]
            lines += [line for cell in row.cells for line in (*cell.lines, *cell.notes)]
    return lines


def folder_of(into: Path, heading: Heading | None, annex_file: Path) -> Path:
    """Where the files of a draft go: `<into>/<id>/<version>`; a printed annex says its own id."""
    if heading is not None:
        return into / heading.id / heading.version
    printed = printed_of(annex_of(read_papers(annex_file)).tables)
    whole: Mapping[str, Any] = printed.whole if printed else {}
    return into.joinpath(str(whole.get("bo_tieu_chi", "")), str(whole.get("phien_ban", "")))


__all__ = ["BASE_FILE", "WORKLIST_FILE", "Change", "Drafted", "draft", "folder_of", "ruleset_of", "stored_text"]
