"""What asks for help in words, and the examples that help gives: each runs on the files of `sample_data`."""

import shlex
import shutil
from pathlib import Path

import pytest

import xentcli
from xentcli.options.commands import COMMANDS

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
EXAMPLES = [(name, words) for name, one in COMMANDS.items() for words, _ in one.examples]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_and_a_command_is_the_help_of_that_command(xent, name):
    assert xent("help", name, isolated=False).out == xent(name, "--help", isolated=False).out


def test_help_alone_is_that_of_the_tool(xent):
    assert xent("help", isolated=False).out == xent("--help", isolated=False).out


def test_help_on_what_is_no_command_says_which_may_be_meant(xent):
    run = xent("help", "scor", isolated=False)
    assert (run.status, run.out) == (2, "")
    assert "did you mean score?" in run.err


def test_the_version_has_a_short_flag(xent):
    assert xent("-V", isolated=False).out == f"xent {xentcli.__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(xent, name):
    said = xent(name, "--help", isolated=False).out
    assert COMMANDS[name].examples
    assert all(f"  xent {name} {words}".rstrip() in said for words, _ in COMMANDS[name].examples)


@pytest.mark.parametrize(("name", "words"), EXAMPLES)
def test_every_example_runs(xent, tmp_path, monkeypatch, name, words):
    shutil.copytree(SAMPLE, tmp_path / "data")
    monkeypatch.chdir(tmp_path / "data")
    run = xent(name, *shlex.split(words), isolated=False)
    assert run.status in ({0, 1} if name in {"check", "compare"} else {0})
    assert not run.err.startswith("error")
    assert run.out or "-o" in words
