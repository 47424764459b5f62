"""Read a ruleset folder: bo-tieu-chi.yaml to the core, stored source texts, worked cases."""

from pathlib import Path

from cchc_index.criteria import Ruleset
from cchc_index.errors import BadRuleset
from cchc_index.files import schema
from cchc_index.files.lowering import lower
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable, read_text
from cchc_index.files.validation import validated

RULES_FILE = "bo-tieu-chi.yaml"
CASES_FILE = "vi-du.yaml"


def read_ruleset(path: Path) -> Ruleset:
    """The ruleset of a folder, or of one file. Raises BadRuleset with every fault, each at its line."""
    file = path / RULES_FILE if path.is_dir() else path
    try:
        node = read_node(file)
        model = validated(schema.RulesetFile, node, file.name)
    except Unreadable as problem:
        raise BadRuleset(problem.faults) from None
    ruleset, faults = lower(model)
    if ruleset is None:
        places = dict(node.places(file.name))
        raise BadRuleset(fault.located(places) for fault in faults)
    return ruleset


def stored_texts(rules: Ruleset, folder: Path) -> dict[str, str]:
    """The stored text of each document of a ruleset, by document id. Raises BadRuleset for one that cannot be read."""
    texts, faults = {}, []
    for document in rules.documents:
        try:
            texts[document.id] = read_text(folder / document.stored)
        except Unreadable as problem:
            faults += [fault.under("van_ban", document.id, "ban_luu") for fault in problem.faults]
    if faults:
        raise BadRuleset(faults)
    return texts
