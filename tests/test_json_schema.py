"""The JSON Schemas are valid, take every shipped file, and refuse what the reader refuses as an unknown key."""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

import cchc_index as cchc
from cchc_index.files.folders import CASES_FILE, RULES_FILE, shipped_folder
from cchc_index.files.json_schema import ruleset_schema, submission_schema
from cchc_index.files.schema import SHAPES
from cchc_index.files.source import read_node
from cchc_index.files.strict import Unreadable

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
MALFORMED = HERE / "malformed"


@cache
def _schema(kind: str) -> dict[str, Any]:
    return ruleset_schema() if kind == "rulesets" else submission_schema()


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(kind))


def _plain(path: Path) -> Any:
    return read_node(path).plain()


@pytest.mark.parametrize("kind", ["rulesets", "submissions"])
def test_schema_is_valid(kind: str) -> None:
    schema = _schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


def test_one_branch_for_each_shape() -> None:
    branches = ruleset_schema()["$defs"]["Row"]["oneOf"]
    words = {get_args(shape.model_fields["cham"].annotation)[0] for shape in SHAPES}
    assert {branch["title"] for branch in branches} == {"gom", *words}
    assert all(branch["additionalProperties"] is False for branch in branches)


@pytest.mark.parametrize("name", cchc.rulesets())
def test_shipped_ruleset_is_valid(name: str) -> None:
    _validator("rulesets").validate(_plain(shipped_folder() / name / RULES_FILE))


@pytest.mark.parametrize(
    "path", [MALFORMED / "base.yaml", MALFORMED / "records-ruleset.yaml"], ids=lambda path: path.name
)
def test_small_ruleset_is_valid(path: Path) -> None:
    _validator("rulesets").validate(_plain(path))


NO_UNITS = (RULES_FILE, CASES_FILE, "dieu-kien.yaml")
UNITS = sorted(path for path in EXAMPLES.rglob("*.yaml") if path.name not in NO_UNITS)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_example_unit_is_valid(path: Path) -> None:
    _validator("submissions").validate(_plain(path))


def test_plain_json_submission_is_valid() -> None:
    """As an editor sees the file: numbers are numbers."""
    _validator("submissions").validate(json.loads((MALFORMED / "base-submission.json").read_text("utf-8")))


def _rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = list(data["tieu_chi"])
    for row in rows:
        rows += row.get("gom", [])
    return rows


@pytest.mark.parametrize("key", ["ten", "diem_toi_da", "so_lieu", "cham", "nguon", "bac", "ti_so", "mau_so_bang_0"])
def test_misspelt_key_of_a_line_is_refused(key: str) -> None:
    data = _plain(MALFORMED / "base.yaml")
    row = next(row for row in _rows(data) if key in row)
    row[key + "x"] = row.pop(key)
    assert not _validator("rulesets").is_valid(data)


@pytest.mark.parametrize("key", ["ten", "lam_tron", "van_ban", "tieu_chi", "xep_loai"])
def test_misspelt_key_of_the_file_is_refused(key: str) -> None:
    data = _plain(MALFORMED / "base.yaml")
    data[key + "x"] = data.pop(key)
    assert not _validator("rulesets").is_valid(data)


def test_misspelt_key_of_a_submission_is_refused() -> None:
    data = _plain(MALFORMED / "base-submission.yaml")
    data["tucham"] = data.pop("tu_cham")
    assert not _validator("submissions").is_valid(data)


def _mistakes(kind: str, *words: str) -> list[str]:
    """The malformed files whose message holds one of these words, and that can be read as nodes at all."""
    table: dict[str, dict[str, Any]] = yaml.safe_load((MALFORMED / f"{kind}.yaml").read_text("utf-8"))
    found = []
    for file, row in table.items():
        if any(word in said for said in row["chua"] for word in words) and not file.endswith(".csv"):
            try:
                read_node(MALFORMED / kind / file)
            except Unreadable:
                continue
            found.append(file)
    return found


UNKNOWN = [(kind, file) for kind in ("rulesets", "submissions") for file in _mistakes(kind, "khóa lạ")]
LACKING = [(kind, file) for kind in ("rulesets", "submissions") for file in _mistakes(kind, "thiếu khóa")]
CLOSED = [(kind, file) for kind in ("rulesets", "submissions") for file in _mistakes(kind, "không phải một trong")]


def test_there_are_mistakes_to_try() -> None:
    assert len(UNKNOWN) >= 6
    assert len(LACKING) >= 3
    assert len(CLOSED) >= 4


@pytest.mark.parametrize(("kind", "file"), UNKNOWN)
def test_unknown_key_is_refused_by_the_schema_too(kind: str, file: str) -> None:
    assert not _validator(kind).is_valid(_plain(MALFORMED / kind / file))


@pytest.mark.parametrize(("kind", "file"), LACKING)
def test_missing_key_is_refused_by_the_schema_too(kind: str, file: str) -> None:
    assert not _validator(kind).is_valid(_plain(MALFORMED / kind / file))


@pytest.mark.parametrize(("kind", "file"), CLOSED)
def test_word_outside_a_closed_list_is_refused_by_the_schema_too(kind: str, file: str) -> None:
    assert not _validator(kind).is_valid(_plain(MALFORMED / kind / file))


@pytest.mark.parametrize("path", sorted((MALFORMED / "rulesets").glob("*.yaml")), ids=lambda path: path.name)
def test_what_the_schema_refuses_the_reader_refuses(path: Path) -> None:
    """The schema never asks for more than the reader: what loads is valid."""
    try:
        data = _plain(path)
    except Unreadable:
        return
    try:
        cchc.load(path)
    except cchc.BadRuleset:
        return
    assert _validator("rulesets").is_valid(data)


def test_rule_gathered_under_its_own_key_is_one_language_for_both(tmp_path: Path) -> None:
    """`quy_tac:` beside `ma:` is not how a file writes a rule: the reader and the schema say the same of it."""
    data = _plain(MALFORMED / "base.yaml")
    leaf = data["tieu_chi"][0]["gom"][1]
    leaf["quy_tac"] = {"cham": leaf.pop("cham"), "muc": leaf.pop("muc")}
    file = tmp_path / "a.yaml"
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    assert not _validator("rulesets").is_valid(data)
    with pytest.raises(cchc.BadRuleset):
        cchc.load(file)


def test_ruleset_in_json_with_numbers_is_one_language_for_both(tmp_path: Path) -> None:
    """The schema lets points be numbers; a `.json` ruleset with numbers is read as the YAML one."""
    data = _plain(MALFORMED / "base.yaml")
    data["tieu_chi"][0]["diem_toi_da"] = 2
    _validator("rulesets").validate(data)
    file = tmp_path / "a.json"
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    assert cchc.load(file) == cchc.load(MALFORMED / "base.yaml")
