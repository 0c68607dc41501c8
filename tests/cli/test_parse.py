"""Parsing: a command line becomes values by the table, and what is none is answered in the tool's own form."""

import shlex

import pytest

from xentcli.cli.parse import parsed
from xentcli.errors import UsageError
from xentcli.options.commands import COMMANDS


def test_every_argument_and_option_has_a_value_or_none():
    for command in COMMANDS.values():
        words = ["x" for one in command.arguments if one.required]
        words += [word for one in command.options.values() if one.required for word in (one.flag, "y")]
        values = parsed(command, words)
        assert set(values) == {*(one.name for one in command.arguments), *command.options}
        given = {name for name, value in values.items() if value is not None}
        required = {one.name for one in (*command.arguments, *command.options.values()) if one.required}
        assert given == required


def test_values_have_the_types_of_their_options():
    words = shlex.split(
        "a b --label=x --label y --threshold .25 --worst 3 --no-header --normalize -fjson --all --memory 4"
    )
    values = parsed(COMMANDS["score"], words)
    assert {name: value for name, value in values.items() if value is not None} == {
        "files": ["a", "b"], "label": ["x", "y"], "threshold": 0.25, "worst": 3, "header": False, "normalize": True,
        "output_format": "json", "full": True, "memory": "4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("--color blu", "--color 'blu' is none of auto, always, never", None),
        ("--color nver", "--color 'nver' is none of auto, always, never", "did you mean 'never'?"),
        ("--jobs many", "--jobs 'many' is not a whole number from 1", None),
        ("--row first", "--row 'first' is not a whole number", None),
        ("--no-haeder", "there is no option --no-haeder", "did you mean --no-header?"),
        ("--label", "option '--label' requires an argument", "see xent score --help"),
        ("--exit-zero=1", "option '--exit-zero' does not take a value", "see xent score --help"),
    ],
)
def test_what_cannot_be_parsed_is_told_with_the_way_out(words, message, hint):
    with pytest.raises(UsageError) as caught:
        parsed(COMMANDS["score"], ["x.csv", *words.split()])
    assert (caught.value.message, caught.value.help) == (message, hint)


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("scroe", "there is no command 'scroe'", "did you mean score?"),
        ("frobnicate", "there is no command 'frobnicate'", "see xent --help"),
        ("--hlep", "there is no option --hlep", "did you mean --help?"),
        ("--debug", "there is no option --debug", "see xent --help"),
    ],
)
def test_what_begins_with_no_command_is_told(xent, word, message, hint):
    ran = xent(word)
    assert (ran.status, ran.out) == (2, "")
    assert f"error: {message}\nhelp: {hint}\n" in ran.err
