"""The pytest plugin: `pytest --cchc-rulesets DIR` makes each ruleset folder under DIR a file of tests.

Each check of `checks.CHECKS` is one test, each worked case is one. Without the option the plugin does nothing, and
loads nothing of the library but this module.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cchc_index.checking.structure import Finding
    from cchc_index.errors import Lang
    from cchc_index.testing.checks import Known

RULES_FILE = "bo-tieu-chi.yaml"
OPTION, EXAMPLES = "cchc_rulesets", "cchc_examples"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cchc", "cchc-index: kiểm thử bộ tiêu chí / tests of rulesets")
    group.addoption(
        "--cchc-rulesets",
        dest=OPTION,
        metavar="DIR",
        help="kiểm thử mọi bộ tiêu chí trong thư mục này / test every ruleset folder under DIR",
    )
    group.addoption(
        "--cchc-examples",
        dest=EXAMPLES,
        type=int,
        default=50,
        metavar="N",
        help="số bản khai thử cho mỗi tính chất (50) / how many submissions each property is tried with",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the folder to what is collected. Raises UsageError when no ruleset lies there."""
    folder = _folder(config)
    if folder is None:
        return
    if not any(folder.rglob(RULES_FILE)):
        vi, en = f"không có {RULES_FILE} nào trong «{folder}»", f"there is no {RULES_FILE} under «{folder}»"
        raise pytest.UsageError(f"--cchc-rulesets: {vi} / {en}")
    asked = [Path(config.invocation_params.dir, argument.split("::")[0]).resolve() for argument in config.args]
    if not any(folder.is_relative_to(place) for place in asked):
        config.args.append(str(folder))


def _folder(config: pytest.Config) -> Path | None:
    asked = config.getoption(OPTION)
    return Path(config.invocation_params.dir, asked).resolve() if asked else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "RulesetFile | None":
    folder = _folder(parent.config)
    if folder is None or file_path.name != RULES_FILE or not file_path.resolve().is_relative_to(folder):
        return None
    return RulesetFile.from_parent(parent, path=file_path)


class RulesetFile(pytest.File):
    """A ruleset folder: its checks and its worked cases. One that cannot be read is one failing test."""

    def collect(self) -> Iterator["RulesetItem"]:
        from cchc_index.errors import CchcError
        from cchc_index.files.cases import worked_cases
        from cchc_index.files.folders import CASES_FILE
        from cchc_index.testing.checks import CHECKS, known

        try:
            given = known(self.path.parent, self.config.getoption(EXAMPLES))
        except CchcError as error:
            yield RulesetItem.from_parent(self, name="doc", given=None, work=error)
            return
        yield RulesetItem.from_parent(self, name="doc", given=given, work=None)
        for name, check in CHECKS.items():
            yield RulesetItem.from_parent(self, name=name, given=given, work=check)
        cases = self.path.with_name(CASES_FILE)
        try:
            for case in worked_cases(given.rules, cases) if cases.exists() else ():
                yield RulesetItem.from_parent(self, name=case.name, given=given, work=case)
        except CchcError as error:
            yield RulesetItem.from_parent(self, name=CASES_FILE, given=given, work=error)


class Unsound(Exception):
    """What a test of a ruleset found, told in both languages."""


class RulesetItem(pytest.Item):
    """One check of a ruleset, one worked case, or the error that reading it gave."""

    def __init__(self, *, given: "Known | None", work: Any, **more: Any) -> None:
        super().__init__(**more)
        self.given = given
        self.work = work

    def runtest(self) -> None:
        told = "\n".join(self._told())
        if told:
            raise Unsound(told)

    def _told(self) -> Iterator[str]:
        from cchc_index.errors import CchcError
        from cchc_index.files.cases import WorkedCase

        if isinstance(self.work, CchcError):
            yield self.work.report("vi")
            yield self.work.report("en")
        elif isinstance(self.work, WorkedCase):
            for difference in self.work.run().differences:
                yield f"{self.name}: {difference.vi}"
                yield f"  en: {difference.en}"
        elif self.work is not None:
            yield from _findings(self.work(self.given))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unsound):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        folder = self.path.parent
        root = _folder(self.config)
        return self.path, None, f"{folder.relative_to(root).as_posix() if root else folder}: {self.name}"


def _findings(found: "Iterable[Finding]") -> Iterator[str]:
    from cchc_index.testing.checks import MOST_TOLD

    findings = list(found)
    for finding in findings[:MOST_TOLD]:
        yield "\n".join(_lines(finding, "vi"))
        yield "\n".join(f"  {'en: ' if n == 0 else ''}{line}" for n, line in enumerate(_lines(finding, "en")))
    left = len(findings) - MOST_TOLD
    if left > 0:
        yield f"và còn {left} nữa / and {left} more"


def _lines(finding: "Finding", lang: "Lang") -> Iterator[str]:
    """One finding: file and line, criterion, sentence, code; the figures that show it; the likely mend."""
    from cchc_index.checking.structure import said_figures
    from cchc_index.errors import Text

    where = [part for part in (finding.place, finding.criterion) if part]
    yield ": ".join([*where, finding.message.said(lang)]) + f" [{finding.code}]"
    witness = finding.witness
    if witness is not None:
        yield "    " + Text("số liệu", "figures").said(lang) + ": " + said_figures(witness.figures, lang)
    if finding.mend:
        yield "    " + Text("nên", "mend").said(lang) + ": " + finding.mend.said(lang)
