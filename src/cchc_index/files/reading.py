"""Read a ruleset folder: bo-tieu-chi.yaml to the core, and the stored source texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from posixpath import normpath

from attrs import evolve

from cchc_index.checking.structure import Severity, sum_findings
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadRuleset, Fault, Text, short
from cchc_index.errors import Path as Keys
from cchc_index.files import schema
from cchc_index.files.folders import RULES_FILE, holds_rules, known_folders
from cchc_index.files.layering import Whole
from cchc_index.files.layers import folders_below, read_whole
from cchc_index.files.lowering import lower
from cchc_index.files.lowering.figures import all_rows
from cchc_index.files.strict import Unreadable, read_text
from cchc_index.files.validation import validated
from cchc_index.sources import Document


def read_ruleset(path: Path, known: Mapping[str, Path] | None = None, label: str = "") -> Ruleset:
    """The ruleset of a folder, or of one file; one in layers is made whole, from the folders that are `known`.

    Raises BadRuleset with every fault, each at its line; `label` is what the file is called there, by default its name.
    """
    file = path / RULES_FILE if path.is_dir() else path
    label = label or file.name
    try:
        whole = read_whole(file, known_folders() if known is None else known, label)
        model = validated(schema.RulesetFile, whole.node, label)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None
    ruleset, faults = lower(model)
    places = dict(whole.node.places(label))
    if ruleset is None:
        raise BadRuleset(_with_loss(fault.located(places), whole) for fault in faults)
    rows = {"": places["diem_toi_da",], **{row.ma: places[*path, "diem_toi_da"] for path, row in all_rows(model)}}
    broken = list(_broken_sums(ruleset, whole, rows))
    if broken:
        raise BadRuleset(broken)
    return ruleset


def _with_loss(fault: Fault, whole: Whole) -> Fault:
    """A fault about a figure that went with a row says where that row was dropped or replaced too."""
    for name, place in whole.lost.items():
        if f"«{name}»" in fault.message.vi or f"«{name}." in fault.message.vi:
            told = Text(
                f"«{name}» mất theo dòng bỏ hay thay ở {place}", f"«{name}» went with the row changed at {place}"
            )
            return evolve(fault, hint=told)
    return fault


def _broken_sums(rules: Ruleset, whole: Whole, rows: Mapping[str, str]) -> Iterator[Fault]:
    """Sums that a layer broke, with both places: that of the maximum, and that of the words that broke it."""
    for finding in sum_findings(rules) if whole.touched else ():
        code = finding.criterion
        if finding.severity is Severity.ERROR and code in whole.touched:
            where = f" ({rows[code]})"
            message = Text(finding.message.vi + where, finding.message.en + where)
            yield Fault(message, (code,) if code else (), whole.touched[code])


def stored_texts(rules: Ruleset, folder: Path, known: Mapping[str, Path] | None = None) -> dict[str, str]:
    """The stored text of each document of a ruleset, by document id. Raises BadRuleset for one that cannot be read.

    That of a set below which goes by id, `<id>/<version>:<path>`, lies in the same root or among the `known` folders.
    """
    texts, faults = {}, []
    known = known_folders() if known is None else known
    for document in rules.documents:
        try:
            texts[document.id] = read_text(_stored_at(document.stored, folder, known))
        except Unreadable as problem:
            faults += [_told_of(document, fault) for fault in problem.faults]
    if faults:
        raise BadRuleset(fault.located(_places_in(folder, known)) for fault in faults)
    return texts


def _told_of(document: Document, fault: Fault) -> Fault:
    """A fault of a stored text: at its line there, else at the line of the ruleset that names the file."""
    if ":" in fault.place:
        return fault.under("van_ban", document.id, "ban_luu")
    named = f"«{short(document.stored)}»: " if fault.place else ""
    message = Text(named + fault.message.vi, named + fault.message.en)
    return Fault(message, ("van_ban", document.id, "ban_luu"), hint=fault.hint)


def _places_in(folder: Path, known: Mapping[str, Path]) -> dict[Keys, str]:
    """The places in the ruleset of a folder; none where it is not there to be read whole."""
    try:
        return dict(read_whole(folder / RULES_FILE, known, RULES_FILE).node.places(RULES_FILE))
    except Unreadable:
        return {}


def _stored_at(stored: str, folder: Path, known: Mapping[str, Path]) -> Path:
    below, _, path = stored.rpartition(":")
    found = folders_below(below, folder, known) if below else [folder]
    if not found:
        raise Unreadable([Fault(Text(f"không có bộ «{below}»", f"there is no set «{below}»"))])
    file, plain = found[0] / path, PurePosixPath(normpath(path))
    leads_out = plain.is_absolute() or ".." in plain.parts
    if leads_out and not any(holds_rules(one) for one in file.resolve().parents):
        raise Unreadable([_OUTSIDE])
    return file


_OUTSIDE = Fault(
    Text("bản lưu phải nằm trong thư mục của bộ tiêu chí", "a stored text lies inside the folder of its ruleset"),
    place=RULES_FILE,
    hint=Text("chép tệp vào «nguon/»", "copy the file into «nguon/»"),
)
