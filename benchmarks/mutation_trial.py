"""The pytest plugin of `mutation.py`: tests are collected once, and each mutant is tried in a fork of that process.

`CCHC_MUTANTS` names a JSON file with the names of the mutants; what became of each is written there in their place.

First every test runs with no change, to see which functions it calls and what it costs; then once more in the way of a
trial. A test that fails there ends the run: it could not tell a mutant from the original. For a mutant the tests that
call its function are run, the cheapest first, until one fails. Time is processor time, so a busy machine makes no
mutant look slow, and nothing that a test leaves in memory, as a filled cache, hides a mutant from the next one.
"""

import json
import os
import resource
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import ceil
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from mutmut.configuration import config
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name as function_of

SECONDS, TIMES = 5, 10
"""A test may take so many seconds, and so many times what it takes on the original, beyond its cost there."""

failed: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        failed.append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    config()
    file = Path(os.environ["CCHC_MUTANTS"])
    seen = _in_fork(lambda: _watched(session.items))
    if failing := [name for name, one in seen.items() if not one]:
        pytest.exit(f"fails on the unchanged copy: {failing}", 1)
    items = sorted(session.items, key=lambda item: seen[item.nodeid]["seconds"])
    if (control := _in_fork(lambda: _tried("", items, seen))) != "survived":
        pytest.exit(f"the unchanged copy is taken for a mutant: {control}", 1)
    told = {}
    for name in json.loads(file.read_text("utf-8")):
        near = [item for item in items if function_of(name) in seen[item.nodeid]["functions"]]
        told[name] = _in_fork(partial(_tried, name, near, seen)) if near else "no tests"
    file.write_text(json.dumps(told), "utf-8")
    return True


def _watched(items: Sequence[pytest.Item]) -> dict[str, Any]:
    """What each test costs on the original, and which of the functions that have mutants it calls; None if it fails."""
    set_mutant_under_test("stats")
    seen: dict[str, Any] = {}
    called = state()._stats  # noqa: SLF001 - mutmut has no other name for it
    for item, after in _paired(items):
        called.clear()
        started = process_time()
        passes = not _fails(item, after)
        cost = {"seconds": process_time() - started, "functions": sorted(called)}
        seen[item.nodeid] = cost if passes else None
    return seen


def _tried(name: str, items: Sequence[pytest.Item], seen: dict[str, Any]) -> str:
    set_mutant_under_test(name)
    for item, after in _paired(items):
        limit = ceil(process_time() + SECONDS + TIMES * seen[item.nodeid]["seconds"])
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        if _fails(item, after):
            return "noticed"
    return "survived"


def _paired(items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _fails(item: pytest.Item, after: pytest.Item | None) -> bool:
    failed.clear()
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
    return bool(failed)


def _in_fork(work: Callable[[], Any]) -> Any:
    """What the work gives in a copy of this process; "time" where it took too much, "crash" where the copy died."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            answer = json.dumps(work())
            with os.fdopen(write, "w", encoding="utf-8") as told:
                told.write(answer)
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        answer = told.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not answer and code > 0:
        pytest.exit("a trial broke off", 1)
    return json.loads(answer) if answer else "time" if code == -signal.SIGXCPU else "crash"
