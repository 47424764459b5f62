"""The JSON Schemas that ship with the package are those the models say now."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cchc_index
from cchc_index.files.json_schema import ruleset_schema, submission_schema

FOLDER = Path(cchc_index.__file__).parent / "schemas"


@pytest.mark.parametrize(("name", "made"), [("bo-tieu-chi", ruleset_schema), ("ban-khai", submission_schema)])
def test_shipped_schema_is_the_generated_one(name: str, made: Callable[[], dict[str, Any]]) -> None:
    shipped = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert shipped == made(), f"run: cchc schema {name} -o {FOLDER.name}/{name}.schema.json"
