"""Each part imports only what stands above it, and the core knows no file, no clock, no locale, no float."""

import ast
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "cchc_index"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE
LAYERS = (
    *(
        "version",
        "errors",
        "points",
        "sources",
        "measures",
        "rules",
        "criteria",
        "finding",
        "facts",
        "figures",
        "plain",
        "canonical",
        "solving",
        "scoring",
        "checking",
        "bounding",
        "reviewing",
    ),
    *("comparing", "auditing", "files", "batch", "office", "drafting", "reporting", "testing", "cli"),
)
CORE = LAYERS[: LAYERS.index("files")]
IMPURE = {
    "pydantic",
    "yaml",
    "pathlib",
    "os",
    "io",
    "sys",
    "time",
    "locale",
    "random",
    "secrets",
    "uuid",
    "glob",
    "shutil",
}
IMPURE |= {"tempfile", "subprocess", "socket", "threading", "asyncio", "logging", "typer", "rich", "numpy", "math.fsum"}
CALLS = {"open", "float", "input", "print", "exit", "breakpoint"}
CLOCKS = {"now", "utcnow", "today", "time", "fromtimestamp"}
FRONT = {"__init__", "__main__"}
"""The package's own front, which gathers the names of every layer."""


def layer_of(module: str) -> str:
    """`cchc_index.scoring.say` is in the layer `scoring`."""
    steps = module.split(".")
    return steps[1] if len(steps) > 1 else "__init__"


def imports_of(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Every module imported anywhere in a source, relative ones made whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module.split(".")[: -node.level] or [PACKAGE]) if node.level else ""
            name = ".".join(part for part in (base, node.module) if part)
            names = [f"{PACKAGE}.{alias.name}" for alias in node.names] if name == PACKAGE else [name]
            yield from ((node.lineno, one if layer_of(one) in LAYERS else name) for one in names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "__import__"):
            yield from ((node.lineno, ast.unparse(argument).strip("'\"")) for argument in node.args[:1])


def broken_layers(source: str, module: str) -> list[str]:
    """What a module imports from below its own layer."""
    own = layer_of(module)
    if own in FRONT:
        return []
    if own not in LAYERS:
        return [f"{module}: in no layer"]
    found = []
    for line, name in imports_of(ast.parse(source), module):
        if name.split(".")[0] != PACKAGE:
            continue
        if name == PACKAGE and own not in CORE:
            continue
        other = layer_of(name)
        if other not in LAYERS or LAYERS.index(other) > LAYERS.index(own):
            found.append(f"{module}:{line}: imports {name}")
    return found


def impure(source: str, module: str) -> list[str]:
    """What a module of the core may not touch: files, clocks, locales, floats, chance."""
    tree = ast.parse(source)
    found = [
        f"{module}:{line}: imports {name}" for line, name in imports_of(tree, module) if name.split(".")[0] in IMPURE
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found.append(f"{module}:{node.lineno}: calls {node.func.id}")
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                found.append(f"{module}:{node.lineno}: looks at a clock")
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and not is_cutoff(tree, node):
            found.append(f"{module}:{node.lineno}: a binary float {node.value}")
    return found


def is_cutoff(tree: ast.AST, constant: ast.Constant) -> bool:
    """The `cutoff` of difflib's guesses is the one float of the core; no points come of it."""
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return any(keyword.value is constant and keyword.arg == "cutoff" for keyword in keywords)


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        steps = path.relative_to(SOURCE.parent).with_suffix("").parts
        found.append((".".join(steps[:-1] if steps[-1] == "__init__" else steps), path))
    return found


MODULES = modules()
CORE_MODULES = [(name, path) for name, path in MODULES if layer_of(name) in CORE]


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_no_module_imports_downward(module: str, path: Path) -> None:
    assert broken_layers(path.read_text("utf-8"), module) == []


@pytest.mark.parametrize(("module", "path"), CORE_MODULES, ids=[name for name, _ in CORE_MODULES])
def test_the_core_is_pure(module: str, path: Path) -> None:
    assert impure(path.read_text("utf-8"), module) == []


def test_there_is_something_to_look_at() -> None:
    assert {"errors", "points", "rules", "scoring", "files"} <= {layer_of(name) for name, _ in MODULES}
    assert len(CORE_MODULES) > 15


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("points", "from cchc_index.rules import Rule"),
        ("points", "import cchc_index.scoring.say"),
        ("points", "def late():\n    from cchc_index.files.catalogue import load"),
        ("scoring.say", "from ..files import schema"),
        ("scoring.say", "from cchc_index import files"),
        ("scoring.say", "from importlib import import_module\nimport_module('cchc_index.cli')"),
        ("scoring", "from cchc_index import checking"),
        (
            "figures",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from cchc_index.scoring.trace import Card",
        ),
        ("stray", "x = 1"),
        ("scoring.say", "from cchc_index import score"),
        ("scoring.say", "import cchc_index"),
        ("files.reading", "from cchc_index.reporting import html"),
    ],
)
def test_the_check_reports_a_downward_import(module: str, source: str) -> None:
    assert len(broken_layers(source, f"{PACKAGE}.{module}")) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rules", "from cchc_index.points import Exact"),
        ("scoring.say", "from cchc_index.scoring.trace import Line\nfrom .trace import Card\nimport cchc_index.errors"),
        ("cli", "from cchc_index.files.catalogue import load\nimport cchc_index\nfrom cchc_index import __version__"),
    ],
)
def test_the_check_lets_an_upward_import_pass(module: str, source: str) -> None:
    assert broken_layers(source, f"{PACKAGE}.{module}") == []


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path",
        "from pathlib import Path",
        "import yaml",
        "from pydantic import BaseModel",
        "import random",
        "from random import Random",
        "def f():\n    import sys",
        "open('a')",
        "x = float('1')",
        "import datetime\ndatetime.date.today()",
        "import datetime\ndatetime.datetime.now()",
        "x = 0.5",
        "print(1)",
    ],
)
def test_the_check_reports_what_is_impure(source: str) -> None:
    assert len(impure(source, "x")) == 1


def test_the_check_lets_what_is_pure_pass() -> None:
    assert impure("import datetime, json\nfrom fractions import Fraction\nx = datetime.date(2024, 1, 1)", "x") == []
    assert impure("get_close_matches(a, b, cutoff=0.6)", "x") == []


def test_every_module_of_the_core_has_its_tests_named_for_mutation_testing() -> None:
    root = Path(__file__).parents[1]
    tool = runpy.run_path(str(root / "benchmarks" / "mutation.py"))
    core = (path.relative_to(SOURCE) for _, path in CORE_MODULES)
    assert tool["modules"]() == sorted(path.with_suffix("").as_posix() for path in core)
    named = {name for names in tool["TESTS"].values() for name in names}
    assert sorted(name for name in named if not (root / "tests" / f"test_{name}.py").exists()) == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys, cchc_index\n"
        "heavy = {'pydantic', 'yaml', 'typer', 'rich', 'numpy', 'polars', 'openpyxl', 'jinja2', 'random'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "cchc_index.load('dong-nai/cap-xa/2022')\n"
        "print('pydantic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "True"]


def test_a_name_the_package_does_not_have_is_an_attribute_error() -> None:
    import cchc_index

    with pytest.raises(AttributeError, match="cchc_index"):
        _ = cchc_index.nothing_like_this


ARCHITECTURE = (Path(__file__).parents[1] / "docs" / "kien-truc.md").read_text("utf-8")
SIX = {"Piecewise", "Table", "Sum", "Switch", "Average", "Awarded"}


def test_the_table_of_layers_stands_in_their_order() -> None:
    table = ARCHITECTURE.partition("| Tầng |")[2].partition("\n\n")[0]
    places = [min(table.find(f"`{layer}{end}") % len(table) for end in (".py", "/")) for layer in LAYERS[1:]]
    assert places == sorted(set(places))
    pure = table[: table.index("| đọc chặt |")]
    assert [layer for layer in LAYERS if f"`{layer}/" in pure or f"`{layer}.py" in pure] == list(CORE[1:])


def test_the_table_of_interpreters_names_every_one() -> None:
    """An interpreter is a module that matches on the six rules, the last of them perhaps by the plain `_`."""
    table = ARCHITECTURE.partition("## Các bộ diễn dịch đang có")[2].partition("\n## ")[0]
    found = [
        name for name in (file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*.py")) if is_interpreter(name)
    ]
    assert len(found) > 15
    assert not [name for name in found if f"`{name}`" not in table]


def is_interpreter(name: str) -> bool:
    matches = [node for node in ast.walk(ast.parse((SOURCE / name).read_text("utf-8"))) if isinstance(node, ast.Match)]
    return any(len(SIX & named_in(one)) >= len(SIX) - 1 for one in matches)


def named_in(match: ast.Match) -> set[str]:
    return {ast.unparse(node.cls) for node in ast.walk(match) if isinstance(node, ast.MatchClass)}
