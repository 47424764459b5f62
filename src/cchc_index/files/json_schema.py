"""JSON Schema of the files, generated from the models, so that an editor completes and checks a file as it is typed."""

from typing import Any

from pydantic import TypeAdapter

from cchc_index.files.schema import SHAPES, LayerFile, RulesetFile
from cchc_index.files.submission_schema import SubmissionFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def submission_schema() -> dict[str, Any]:
    """The JSON Schema of a submission (bản khai)."""
    return {"$schema": _DIALECT} | SubmissionFile.model_json_schema()


def ruleset_schema() -> dict[str, Any]:
    """The JSON Schema of bo-tieu-chi.yaml. In the file the keys of a rule stand beside those of its criterion."""
    schema = TypeAdapter(RulesetFile | LayerFile).json_schema()
    whole, layer = schema.pop("anyOf")
    row = schema["$defs"].pop("Row")
    row["properties"].pop("quy_tac")
    group = row | {"required": [*row["required"], "gom"], "title": "gom"}
    leaves = [_beside(row, schema["$defs"][shape.__name__]) for shape in SHAPES]
    schema["$defs"]["Row"] = {"description": row["description"], "oneOf": [group, *leaves]}
    layered = {"anyOf": [{"required": ["ke_thua"]}, {"required": ["sua_doi"]}]}
    return {"$schema": _DIALECT, "if": layered, "then": layer, "else": whole} | schema


def _beside(row: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """One criterion with a rule of one shape."""
    properties = {key: value for key, value in row["properties"].items() if key != "gom"}
    return row | {
        "title": shape["properties"]["cham"]["const"],
        "description": shape["description"],
        "properties": properties | shape["properties"],
        "required": [*row["required"], *shape["required"]],
    }
