"""The wheel: the same bytes each time, everything the library reads inside it, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

HERE = Path(__file__).parents[1]


def _built(folder: Path) -> Path:
    """A wheel built into a folder, with nothing said about the time."""
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(HERE)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment, cwd=folder, timeout=300)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("mot"))


def _names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_two_builds_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = _built(tmp_path)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_wheel_holds_every_ruleset_with_its_sources(wheel: Path) -> None:
    rulesets = HERE / "rulesets"
    stored = {f"cchc_index/rulesets/{p.relative_to(rulesets).as_posix()}" for p in rulesets.rglob("*") if p.is_file()}
    inside = {name for name in _names(wheel) if name.startswith("cchc_index/rulesets/")}
    assert inside == stored
    assert any("/nguon/" in name for name in inside)
    with ZipFile(wheel) as archive:
        for name in inside:
            assert archive.read(name) == (rulesets / name.removeprefix("cchc_index/rulesets/")).read_bytes()


def test_wheel_holds_every_module_and_is_typed(wheel: Path) -> None:
    source = HERE / "src"
    read = [*source.rglob("*.py"), *source.rglob("templates/*")]
    modules = {p.relative_to(source).as_posix() for p in read if p.is_file()}
    names = _names(wheel)
    assert modules <= names
    assert "cchc_index/py.typed" in names


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    roots = {name.partition("/")[0] for name in _names(wheel)}
    assert roots == {"cchc_index", wheel.name.partition("-py3")[0] + ".dist-info"}
    unwanted = ("tests/", "test_", "conftest", "__pycache__", ".pyc", "benchmark", "example", ".git")
    assert [name for name in _names(wheel) if any(word in name for word in unwanted)] == []


def test_wheel_works_where_nothing_else_is(wheel: Path, tmp_path: Path) -> None:
    """Unpacked far from the checkout, the package finds its rulesets inside itself."""
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import cchc_index as cchc; from cchc_index.files.folders import shipped_folder\n"
        "print(cchc.__file__); print(shipped_folder()); print(*cchc.rulesets())\n"
        "print(*[cchc.load(name).version for name in cchc.rulesets()])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site"), "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
        timeout=60,
    )
    assert done.stderr == b""
    home, folder, ids, versions = done.stdout.decode().splitlines()
    package = tmp_path / "site" / "cchc_index"
    assert (Path(home), Path(folder)) == (package / "__init__.py", package / "rulesets")
    shipped = sorted(
        p.parent.relative_to(HERE / "rulesets").as_posix() for p in (HERE / "rulesets").rglob("bo-tieu-chi.yaml")
    )
    assert ids.split() == shipped
    assert versions.split() == [name.rpartition("/")[2] for name in shipped]


def test_wheel_asks_for_little(wheel: Path) -> None:
    """Three libraries; the command line and the tests are extras."""
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
    required = [line.partition(": ")[2] for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    plain = sorted(line.split(">")[0].lower() for line in required if "extra ==" not in line)
    assert plain == ["attrs", "pydantic", "pyyaml"]
    assert "cchc = cchc_index.cli:main" in _entry_points(wheel)
    assert "[pytest11]\ncchc = cchc_index.testing.plugin" in _entry_points(wheel)


def _entry_points(wheel: Path) -> str:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")]
        return archive.read(name).decode()
