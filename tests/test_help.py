"""`cchc --help` follows the path of the work, and every command shows how it is used."""

import re

import pytest
import typer
from typer.testing import CliRunner

from cchc_index.cli.app import PANELS, app, name_of

COMMANDS = [name_of(command) for command in app.registered_commands]
RUNNER = CliRunner()


def helped(*words: str) -> str:
    result = RUNNER.invoke(app, [*words, "--help"], prog_name="cchc", env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0
    return result.output


def test_the_commands_stand_in_their_panels_and_their_order() -> None:
    told = helped()
    listed = [name for names in PANELS.values() for name in names]
    assert listed == COMMANDS
    order = [told.index(f" {panel} ") for panel in PANELS]
    assert order == sorted(order)
    for panel, names in PANELS.items():
        inside = told.partition(f" {panel} ")[2].partition("╰")[0]
        assert re.findall(r"^│ ([a-z-]+) ", inside, re.MULTILINE) == list(names)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_shows_an_example_of_it(name: str) -> None:
    told = helped(name)
    assert f"Ví dụ: cchc {name} " in told or f"Ví dụ: cchc {name}\n" in told
    command = next(one for one in app.registered_commands if name_of(one) == name)
    assert " / " in (command.help or command.callback.__doc__ or "")


def test_every_option_of_a_command_is_told() -> None:
    for command in typer.main.get_group(app).commands.values():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", ""), f"{command.name}: {parameter.name}"


@pytest.mark.parametrize(("typed", "completed"), [("sc", {"score", "schema"}), ("su", {"survey"})])
def test_the_shell_completes_commands(typed: str, completed: set[str]) -> None:
    env = {"_CCHC_COMPLETE": "complete_bash", "COMP_WORDS": f"cchc {typed}", "COMP_CWORD": "1"}
    assert set(RUNNER.invoke(app, [], prog_name="cchc", env=env).output.split()) == completed


def test_the_lines_for_the_shell_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    told = RUNNER.invoke(app, ["--show-completion", "bash"], prog_name="cchc")
    assert told.exit_code == 0
    assert "complete -o default -F _cchc_completion cchc" in told.output
