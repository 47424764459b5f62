"""The documentation is run: every command, program and file shown in README.md and docs/ does what the page says.

A block with a name after its language (`yaml xa-a.yaml`) is a file: it is written beside a copy of the examples, and
the blocks after it may use it. Blocks of one page share that folder, and its Python blocks share one namespace.

- `console`: lines that start with `$ cchc` (or `$ NAME=value cchc`) or `$ pytest` are run, and must print what stands
  below them; a line `…` is any lines, and the time that pytest took is always shown as one second.
- `python`: run; what it prints must be the `text` block that follows.
- `yaml`, by its first line: `# bo-tieu-chi: …` a whole ruleset; `# tieu-chi` a list of criteria; `# vi-du` worked cases
  for the criteria just above, `# vi-du ban_khai` those of whole units; `# ban-khai theo ID` (or `for`) a submission
  that must score. A file with `ke_thua` or `sua_doi` is a layer; the commands of its page read it.
- `json`: must be JSON.
"""

import ast
import difflib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from enum import Enum
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args
from unicodedata import category, normalize

import attrs
import pytest
from pydantic import BaseModel

import cchc_index as cchc
from cchc_index.checking.structure import check_structure
from cchc_index.criteria import Basing, Direction, Instrument, Level, Policy, Scope
from cchc_index.facts import Phase, Standing
from cchc_index.files import cases, schema, submission_schema
from cchc_index.files.cases import run_cases
from cchc_index.files.strict_yaml import parse_yaml
from cchc_index.files.validation import validated
from cchc_index.measures import FactType
from cchc_index.points import RoundingRule
from cchc_index.rules import Choose
from cchc_index.scoring.trace import Status
from cchc_index.sources import DocumentKind, NoteKind

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
GLOSSARY = DOCS / "tu-dien.md"
RULE_WRITERS = DOCS / "viet-bo-tieu-chi.md"
ERRORS = DOCS / "cong-chuc.md"
ARCHITECTURE = DOCS / "kien-truc.md"

PROGRAMS = {
    "cchc": ["cchc_index"],
    "pytest": ["pytest", *("-p", "no:cchc", "-p", "cchc_index.testing.plugin", "-p", "no:cacheprovider")],
}
"""The programs that pages show, as modules to run; the plugin is named here, since it need not be installed."""

TEMPLATE = """\
bo_tieu_chi: tai-lieu/vi-du
phien_ban: "1"
ten: Ví dụ trong tài liệu (bịa)
pham_vi: mau
cap: xã
ap_dung: {tu_ngay: khong_quy_dinh, den_ngay: khong_quy_dinh}
van_ban:
  VB:
    so_hieu: Văn bản bịa
    ngay: khong_quy_dinh
    co_quan: Không có
    trich_yeu: Bịa để minh họa
    ban_luu: nguon/VB.md
    dia_chi: bịa
    loai: mau
diem_toi_da: khong_quy_dinh
chi_so: khong_quy_dinh
lam_tron: khong_quy_dinh
xep_loai: khong_quy_dinh
xep_hang: khong_quy_dinh
tieu_chi:
"""
"""A ruleset for the criteria shown alone."""

CASES = 'bo_tieu_chi: tai-lieu/vi-du\nphien_ban: "1"\n'
HEADS = {"# vi-du": CASES + "tieu_chi:\n", "# vi-du ban_khai": CASES + "ban_khai:\n"}
"""A file for the worked cases shown alone: of one criterion, and of whole units."""

_FENCE = re.compile(r"^```([\w{}-]*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SUBMISSION = re.compile(r"# ban-khai (?:theo|for) ([\w./-]+)")
_SECONDS = re.compile(r"in \d+\.\d\ds\b")
_SETTING = re.compile(r"[A-Z_]+=")
_LAYER = re.compile(r"^(?:ke_thua|sua_doi):", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|work|mnt|opt|var|private|Users)/|[A-Z]:\\\\")


class Block(NamedTuple):
    """One fenced block: its language, the file it is (if one), its text, and the line its text begins on."""

    language: str
    file: str
    text: str
    line: int


def blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for match in _FENCE.finditer(text):
        yield Block(match[1], match[2] or "", match[3], text[: match.start(3)].count("\n") + 1)


class Command(NamedTuple):
    """One line after `$`, and the lines shown below it."""

    words: str
    shown: list[str]


def commands_of(text: str) -> Iterator[Command]:
    """The commands of a console block. Of `… && cchc …` the last part counts."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, *shown = part.split("\n")
        yield Command(line.rpartition("&& ")[2].strip(), trimmed(shown))


def trimmed(lines: list[str]) -> list[str]:
    """The lines without white space at their ends, and without empty lines at the end of all."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").split("\n")


def agrees(shown: list[str], real: list[str]) -> bool:
    pattern = "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in real)) is not None


class Runner:
    """Runs the blocks of one page in order, in one folder."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.namespace: dict[str, Any] = {"__name__": page.stem}
        self.printed = ""
        self.code = 0
        self.criteria: Path | None = None

    def run(self, block: Block) -> None:
        if block.file:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        if block.language == "console":
            self.console(block)
        elif block.language == "python" and ">>>" not in block.text:
            self.python(block)
        elif block.language == "text":
            self.compare(trimmed(block.text.split("\n")), trimmed(self.printed.split("\n")), block)
            self.printed = ""
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            self.yaml(block)

    def python(self, block: Block) -> None:
        assert not self.printed, f"what the block before line {block.line} prints is not shown"
        tree = ast.parse("\n" * (block.line - 1) + block.text, str(self.page))
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(tree, str(self.page), "exec"), self.namespace)
        self.printed = out.getvalue()

    def console(self, block: Block) -> None:
        for command in commands_of(block.text):
            real = self.real(command)
            if real is not None:
                self.compare(command.shown, real, block)

    def real(self, command: Command) -> list[str] | None:
        """What a command really prints; None for one that is not ours to run."""
        if command.words == "echo $?":
            return [str(self.code)]
        words = shlex.split(command.words)
        given = dict(word.split("=", 1) for word in takewhile(_SETTING.match, words))
        words = words[len(given) :]
        program = PROGRAMS.get(words[0] if words else "")
        if program is None:
            return None
        hidden = ("PYTHONIOENCODING", "FORCE_COLOR", "CCHC_RULESETS")
        env = {key: value for key, value in os.environ.items() if key not in hidden} | {"COLUMNS": "120"} | given
        done = subprocess.run(
            [sys.executable, "-u", "-m", *program, *words[1:]],
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.code = done.returncode
        return trimmed(_SECONDS.sub("in 1.00s", done.stdout).split("\n"))

    def compare(self, shown: list[str], real: list[str], block: Block) -> None:
        if not agrees(shown, real):
            difference = "\n".join(difflib.unified_diff(shown, real, "shown", "real", lineterm="", n=1))
            pytest.fail(f"{self.page.name}:{block.line} shows what is not so:\n{difference}", pytrace=False)

    def yaml(self, block: Block) -> None:
        first = block.text.split("\n", 1)[0]
        submission = _SUBMISSION.match(first)
        if first.startswith("# bo-tieu-chi:"):
            check_loads(self.stored(block.text, block))
        elif first.strip() == "# tieu-chi":
            self.criteria = self.stored(TEMPLATE + block.text, block)
            check_loads(self.criteria)
        elif first.strip() in HEADS:
            assert self.criteria, f"line {block.line}: no criteria above these cases"
            outcomes = run_cases(cchc.load(self.criteria), self.stored(HEADS[first.strip()] + block.text, block))
            differences = [difference.vi for outcome in outcomes for difference in outcome.differences]
            assert not differences, f"{self.page.name}:{block.line}"
        elif submission:
            cchc.score(cchc.load(submission[1]), cchc.read_submission(self.stored(block.text, block)))
        else:
            _, faults = parse_yaml(block.text, f"{self.page.name}:{block.line}")
            assert not faults

    def stored(self, text: str, block: Block) -> Path:
        file = self.folder / f"dong-{block.line}.yaml"
        file.write_text(text, "utf-8")
        return file


def check_loads(file: Path) -> None:
    """The ruleset of a file loads, its sums hold, and every rule stands on words. The words themselves are invented."""
    rules = cchc.load(file)
    shown = ("khong-thay-nguyen-van", "can-nguoi-doc")  # a row that waits for a person is shown as what it is
    found = [finding for finding in check_structure(rules, {}) if finding.code not in shown]
    assert not found


def name_of(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_shows_is_so(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("examples", "rulesets"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    runner = Runner(page, tmp_path)
    for block in blocks_of(page):
        runner.run(block)
    assert not runner.printed, f"{page.name}: what the last Python block prints is not shown"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_nfc_and_names_no_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text == normalize("NFC", text)
    assert not [character for character in text if category(character) == "Cf"]
    assert not _MACHINE_PATH.findall(text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_internal_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))) if not leads(page, link)]
    assert not broken


def leads(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not anchor or anchor in anchors_of(target))


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_an_english_summary(page: Path) -> None:
    assert "English" in "\n".join(page.read_text("utf-8").split("\n")[:12])


# -- the glossary ------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One row of the glossary: the section it stands in, the words of the file, the names in Python."""

    section: str
    words: list[str]
    names: list[str]


def glossary() -> Iterator[Row]:
    section = ""
    for line in GLOSSARY.read_text("utf-8").split("\n"):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        cells = line.split("|")[1:-1]
        if cells and "`" in cells[1]:
            yield Row(section, re.findall(r"`([^`]+)`", cells[1]), re.findall(r"`([^`]+)`", cells[2]))


def keys_of(module: ModuleType) -> set[str]:
    """Every key of the mappings that a module of file shapes declares."""
    return {key for model in models_of(module) for key in set(model.model_fields) - inherited(model, module)}


def models_of(module: ModuleType) -> list[type[BaseModel]]:
    models = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, BaseModel)]
    return [model for model in models if model.__module__ == module.__name__]


def inherited(model: type[BaseModel], module: ModuleType) -> set[str]:
    """The keys that a model takes over from another module."""
    bases = [base for base in model.__mro__[1:] if issubclass(base, BaseModel) and base.__module__ != module.__name__]
    return {key for base in bases for key in base.model_fields}


@pytest.mark.parametrize(
    ("section", "module"),
    [
        ("Khóa của bộ tiêu chí", schema),
        ("Khóa của bản khai", submission_schema),
        ("Khóa của ví dụ", cases),
    ],
)
def test_the_glossary_lists_exactly_the_keys(section: str, module: ModuleType) -> None:
    listed = [word for row in glossary() if row.section == section for word in row.words]
    assert sorted(set(listed)) == sorted(listed), "a key is listed twice"
    assert sorted(listed) == sorted(keys_of(module))


WORDS: tuple[type[Enum], ...] = (
    *(Policy, Choose, FactType, Scope, NoteKind, Basing, Status, RoundingRule),
    *(DocumentKind, Level, Instrument, Direction, Standing, Phase),
)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_the_glossary_lists_exactly_the_words(words: type[Enum]) -> None:
    rows = [row for row in glossary() if row.section.endswith(f"({words.__name__})")]
    listed = {name: word for row in rows for name, word in zip(row.names, row.words, strict=True)}
    assert listed == {f"{words.__name__}.{member.name}": member.value for member in words}


def test_the_glossary_lists_every_shape() -> None:
    rows = [row for row in glossary() if row.section.startswith("Giá trị của cham")]
    assert {word for row in rows for word in row.words} == shapes()


def shapes() -> set[str]:
    return {value for shape in schema.SHAPES for value in get_args(shape.model_fields["cham"].annotation)}


CORE = (
    *("criteria", "errors", "facts", "finding", "measures", "points", "rules", "sources"),
    *("files.cases", "files.layering", "files.schema", "scoring.trace", "scoring.rank", "scoring.compiled"),
)
MODULES = [import_module("cchc_index." + name) for name in CORE]


def test_the_glossary_names_what_exists_in_python() -> None:
    unknown = [name for row in glossary() for name in row.names if not exists(name)]
    assert not unknown


def test_the_glossary_says_every_public_name() -> None:
    said = [name for row in glossary() if row.section == "Thuật ngữ" for name in row.names]
    assert sorted(said) == sorted(cchc.__all__)


def exists(name: str) -> bool:
    head, _, member = name.partition(".")
    found = next((getattr(module, head) for module in (cchc, *MODULES) if hasattr(module, head)), None)
    if found is None or not member:
        return found is not None
    declared = attrs.fields_dict(found) if attrs.has(found) else {}
    return member in declared or hasattr(found, member)


# -- pages that must be whole ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [schema, submission_schema, cases], ids=lambda module: module.__name__)
def test_every_key_stands_in_an_example_that_is_run(module: ModuleType) -> None:
    shown = {key for page in PAGES for example in examples_of(page) for key in keys_in(example)}
    wanted = {(home_of(model, key), key) for model in models_of(module) for key in model.model_fields}
    assert sorted(f"{home.__name__}.{key}" for home, key in wanted - shown) == []


def test_the_page_for_rule_writers_shows_every_shape() -> None:
    examples = [example for example in examples_of(RULE_WRITERS) if isinstance(example, schema.RulesetFile)]
    shown = {value.cham for example in examples for value in models_in(example) if isinstance(value, schema.SHAPES)}
    assert shown == shapes()


def examples_of(page: Path) -> Iterator[BaseModel]:
    """The rulesets, worked cases and submissions of a page, as the models of their files, where its blocks use them."""
    blocks = list(blocks_of(page))
    used = "\n".join(block.text for block in blocks if block.language in {"console", "python"})
    for block in blocks:
        shape = shape_of(block)
        if shape and (not block.file or Path(block.file).parts[0] in used):
            model, head = shape
            node, _ = parse_yaml(head + block.text, block.file)
            assert node
            yield validated(model, node, f"{page.name}:{block.line}")


def shape_of(block: Block) -> tuple[type[BaseModel], str] | None:
    """What kind of file a block is, and what the runner puts above it."""
    first = block.text.split("\n", 1)[0].strip()
    if block.language != "yaml":
        return None
    if first == "# tieu-chi" or first.startswith("# bo-tieu-chi:"):
        return schema.RulesetFile, TEMPLATE if first == "# tieu-chi" else ""
    if block.file.endswith("bo-tieu-chi.yaml") and _LAYER.search(block.text):
        return schema.LayerFile, ""
    if first in HEADS or block.file.endswith("vi-du.yaml"):
        return cases.CasesFile, HEADS.get(first, "")
    if _SUBMISSION.match(first) or block.text.startswith("don_vi:"):
        return submission_schema.SubmissionFile, ""
    return None


def models_in(value: object) -> Iterator[BaseModel]:
    """A mapping of a file, and every mapping inside it."""
    if isinstance(value, BaseModel):
        yield value
        for key in value.model_fields_set:
            yield from models_in(getattr(value, key))
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from models_in(item)


def keys_in(example: BaseModel) -> set[tuple[type[BaseModel], str]]:
    """Every key that is written in an example, with the mapping that declares it."""
    return {(home_of(type(model), key), key) for model in models_in(example) for key in model.model_fields_set}


def home_of(model: type[BaseModel], key: str) -> type[BaseModel]:
    """The mapping that declares a key which others take over."""
    return [base for base in model.__mro__ if issubclass(base, BaseModel) and key in base.model_fields][-1]


def test_the_explained_messages_are_those_of_the_code() -> None:
    """Each message in the table of messages is made of words that the code holds; `…` stands for what varies."""
    source = "".join(file.read_text("utf-8") for file in sorted((ROOT / "src").rglob("*.py")))
    for escaped, plain in (('\\"', '"'), ("{{", "{"), ("}}", "}")):
        source = source.replace(escaped, plain)
    table = ERRORS.read_text("utf-8").partition("## Thông báo lỗi")[2].partition("\n## ")[0]
    messages = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(messages) > 20
    fragments = [(message, part) for message in messages for part in message.split("…")]
    assert not [(message, part) for message, part in fragments if part.strip("«» ") and part.strip("«» ") not in source]


def test_the_architecture_names_modules_that_exist() -> None:
    named = re.findall(r"`((?:\w+/)*(?:\w+\.py|\w+/))`", ARCHITECTURE.read_text("utf-8"))
    assert len(named) > 20
    assert not [name for name in named if not (ROOT / "src" / "cchc_index" / name).exists()]
