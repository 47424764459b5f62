"""Read a ruleset folder: bo-tieu-chi.yaml to the core, and the stored source texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cchc_index.checking.structure import Severity, sum_findings
from cchc_index.criteria import Ruleset
from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files import schema
from cchc_index.files.folders import RULES_FILE, known_folders
from cchc_index.files.layers import Whole, read_whole
from cchc_index.files.lowering import lower
from cchc_index.files.lowering.figures import all_rows
from cchc_index.files.strict import Unreadable, read_text
from cchc_index.files.validation import validated


def read_ruleset(path: Path, known: Mapping[str, Path] | None = None) -> Ruleset:
    """The ruleset of a folder, or of one file; one in layers is made whole, from the folders that are `known`.

    Raises BadRuleset with every fault, each at its line.
    """
    file = path / RULES_FILE if path.is_dir() else path
    try:
        whole = read_whole(file, known_folders() if known is None else known)
        model = validated(schema.RulesetFile, whole.node, file.name)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None
    ruleset, faults = lower(model)
    places = dict(whole.node.places(file.name))
    if ruleset is None:
        raise BadRuleset(fault.located(places) for fault in faults)
    rows = {row.ma: places[path] for path, row in all_rows(model)}
    broken = list(_broken_sums(ruleset, whole, rows))
    if broken:
        raise BadRuleset(broken)
    return ruleset


def _broken_sums(rules: Ruleset, whole: Whole, rows: Mapping[str, str]) -> Iterator[Fault]:
    """Sums that a layer broke, with both places: that of the row, and that of the words that broke it."""
    for finding in sum_findings(rules) if whole.touched else ():
        code = finding.criterion
        if finding.severity is Severity.ERROR and code in whole.touched:
            where = f" ({rows[code]})" if code else ""
            message = Text(finding.message.vi + where, finding.message.en + where)
            yield Fault(message, (code,) if code else (), whole.touched[code])


def stored_texts(rules: Ruleset, folder: Path) -> dict[str, str]:
    """The stored text of each document of a ruleset, by document id. Raises BadRuleset for one that cannot be read."""
    texts, faults, known = {}, [], known_folders()
    for document in rules.documents:
        below, _, stored = document.stored.rpartition(":")
        try:
            texts[document.id] = read_text((known.get(below, folder) if below else folder) / stored)
        except Unreadable as problem:
            faults += [fault.under("van_ban", document.id, "ban_luu") for fault in problem.faults]
    if faults:
        raise BadRuleset(faults)
    return texts
