"""The help: every command, argument and option from the table, at any width, without what parses."""

import os
import subprocess
import sys

import pytest

from xentcli.cli import help, output  # noqa: A004  what `--help` prints
from xentcli.options.commands import COMMANDS

WIDE = 100


@pytest.fixture
def terminal(monkeypatch):
    """Make stdout a terminal of some width."""

    def of(columns):
        monkeypatch.setattr(output, "is_terminal", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")

    return of


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_lists_its_arguments_and_options_under_headings(xent, name):
    command = COMMANDS[name]
    ran = xent(name, "--help", isolated=False)
    assert (ran.status, ran.err) == (0, "")
    words = set(ran.out.replace(",", " ").split())
    assert {flag for one in command.options.values() for flag in one.all_flags} <= words
    assert {one.metavar for one in command.arguments} <= words
    assert all(f"\n{heading}:\n" in ran.out for heading, _ in command.headings())
    said = " ".join(ran.out.split())
    assert all(one.help in said for one in (*command.options.values(), *command.arguments))
    assert ran.out == xent(name, "-h", isolated=False).out


def test_the_help_of_the_tool_lists_the_commands_with_whole_sentences(xent):
    said = " ".join(xent("--help").out.split())
    assert all(f"{one.name} {one.help}" in said for one in COMMANDS.values())


@pytest.mark.parametrize("columns", [80, 300])
def test_no_line_is_wider_than_a_terminal_nor_than_is_read_with_ease(terminal, columns):
    terminal(columns)
    shown = [help.overview(), *map(help.of_command, COMMANDS.values())]
    lines = [line for text in shown for line in text.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()]
    assert max(map(len, lines)) <= min(columns, WIDE)


def test_headings_are_bold_on_a_terminal_with_colours_alone(terminal, monkeypatch):
    assert "\x1b" not in help.overview()
    terminal(80)
    assert "\x1b[1mCommands:\x1b[0m" in help.overview()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in help.overview()


def test_a_help_that_is_the_value_of_an_option_or_stands_behind_dashes_is_none(xent, sample):
    path = sample / "preds_binary.csv"
    assert "there is no column '--help'" in xent("score", path, "--label", "--help").err
    assert xent("score", "--isolated", "--", "--help", isolated=False).err == "error: --help: no such file\n"
    assert xent("score", path, "--label", "a", "--help").out.startswith("Usage: xent score")


@pytest.mark.parametrize("arguments", [["--help"], ["score", "x.csv", "-h"], ["--version"]])
def test_nothing_that_parses_or_computes_is_imported_for_it(arguments):
    code = (
        "import sys\nfrom xentcli.cli import main\nstatus = main.main(sys.argv[1:])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    # What measures coverage imports some of these itself.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-c", code, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=plain)
    assert not set(ran.stderr.splitlines()) & {"typer", "numpy", "pyarrow", "rich", "json", "tomllib"}
