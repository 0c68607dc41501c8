"""The table of options: each is declared once and well, and the public functions take them as it says."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import xentcli
from xentcli.config.table import MODEL_KEYS
from xentcli.errors import UsageError
from xentcli.options import table
from xentcli.options.__main__ import options_page
from xentcli.options.commands import COMMANDS, HEADINGS
from xentcli.options.option import OptionBounds, options_of
from xentcli.options.signature import takes

ROOT = Path(__file__).parent.parent.parent
PUBLIC = {
    xentcli.inspect: table.InspectOptions, xentcli.score: table.ScoreOptions, xentcli.encode: table.EncodeOptions,
    xentcli.check: table.PredictionOptions, xentcli.compare: table.CompareOptions,
}  # fmt: skip
BOUNDED = {
    name: one for command in COMMANDS.values() for name, one in command.options.items() if one.bounds is not None
}
PREDICTIONS = (np.array([0, 1, 1, 0]), np.array([0.2, 0.7, 0.6, 0.4]))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_each_option_of_a_command_is_helped_by_a_sentence_and_has_flags_of_its_own(command):
    flags = [flag for one in command.options.values() for flag in one.all_flags]
    assert len(flags) == len(set(flags)) == len(set(flags) - {"-h", "--help"})
    for one in command.options.values():
        assert one.help.endswith((".", "...", "]."))
        assert bool(one.metavar) is not one.is_switch
        assert f"--{one.key}" in one.all_flags
    assert set(command.groups) <= set(HEADINGS)
    assert set(command.public_options) <= set(command.options)


def test_the_record_of_the_objective_holds_its_options_and_no_others():
    assert table.Objective._fields == tuple(options_of(table.ObjectiveOptions))
    assert table.objective_of({"threshold": 0.7}) == table.USUAL_OBJECTIVE._replace(threshold=0.7)
    assert (table.USUAL_OBJECTIVE.threshold, table.USUAL_OBJECTIVE.normalize) == (0.5, False)


def test_a_key_of_the_configuration_means_the_same_to_every_command():
    for command in COMMANDS.values():
        for one in command.options.values():
            key = one.key in MODEL_KEYS and (one.name, command.name) != ("id", "inspect")  # it tells items apart there
            assert one.configured is key


@pytest.mark.parametrize(("function", "group"), PUBLIC.items(), ids=lambda one: one.__name__)
def test_a_public_function_shows_its_options_as_parameters_with_their_defaults(function, group):
    shown = inspect.signature(function).parameters
    for name, one in options_of(group).items():
        assert (shown[name].kind, shown[name].default) == (inspect.Parameter.KEYWORD_ONLY, one.default)
        assert shown[name].annotation == one.annotation
        assert f" {name}: {one.about or one.help}\n".lower() in function.__doc__.lower()
    assert not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in shown.values())
    assert "options:" not in function.__doc__
    assert max(map(len, function.__doc__.splitlines())) <= 120


def test_the_options_are_documented_in_a_docstring_of_any_indent():
    def reads(data, **options):
        """Read.

        Args:
            data: what to read.
            options: see the table.

        Raises:
            XentError: never.
        """

    for text in (reads.__doc__, inspect.cleandoc(reads.__doc__)):
        reads.__doc__ = text
        shown = inspect.cleandoc(takes(table.ThreadOptions)(reads).__doc__)
        assert shown == (
            "Read.\n\nArgs:\n    data: what to read.\n    jobs: number of threads; None for the machine's cores.\n\n"
            "Raises:\n    XentError: never."
        )
    reads.__doc__ = None
    assert takes(table.ThreadOptions)(reads).__doc__ is None


def test_an_argument_that_does_not_exist_is_refused_with_the_closest_one():
    with pytest.raises(TypeError, match=r"score\(\) got .* 'treshold'; did you mean 'threshold'"):
        xentcli.score(PREDICTIONS, treshold=0.5)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'qqq'$"):
        xentcli.inspect(PREDICTIONS[0], qqq=1)


@pytest.mark.parametrize(
    ("function", "name", "instead"), [("check", "by", "a limit names its groups"), ("compare", "row", "xentcli.score")]
)
def test_an_option_of_another_function_is_refused_with_where_it_is(function, name, instead):
    with pytest.raises(UsageError, match=f"{function} takes no {name}") as caught:
        getattr(xentcli, function)(PREDICTIONS, **{"b": PREDICTIONS} if function == "compare" else {}, **{name: 1})
    assert instead in caught.value.help


def outside(bounds):
    """Return numbers that lie just outside, and not-a-number."""
    found = [float("nan"), bounds.low if bounds.above else bounds.low - 1]
    return found if bounds.high is None else [*found, bounds.high if bounds.below else bounds.high + 1]


@pytest.mark.parametrize("option", BOUNDED.values(), ids=BOUNDED)
def test_a_number_outside_the_bounds_of_its_option_is_refused_by_the_library_and_the_command_line(option, xent, sample):
    for value in outside(option.bounds):
        with pytest.raises(UsageError, match=f"^{option.flag} .*") as caught:
            xentcli.score(PREDICTIONS, **{option.name: value})
        assert caught.value.message == f"{option.flag} {value} {option.bounds.says}"
        ran = xent("score", sample / "preds_binary.csv", f"{option.flag}={value}")
        assert (ran.status, option.bounds.says in ran.err) == (2, True)


@pytest.mark.parametrize(("value", "name"), [("0.5", "threshold"), (1.5, "worst"), ([1], "focal_gamma")])
def test_what_is_no_number_of_the_kind_is_refused_as_one_outside(value, name):
    with pytest.raises(UsageError, match=BOUNDED[name].flag):
        xentcli.score(PREDICTIONS, **{name: value})


def test_the_ends_of_bounds_are_in_or_out_as_they_say():
    half = OptionBounds(0.0, 1.0, "", below=True)
    assert [half.hold(value) for value in (0.0, 0.5, 1.0, -0.1)] == [True, True, False, False]
    assert OptionBounds(1, None, "").hold(10**9)
    assert not OptionBounds(0.0, 1.0, "", above=True).hold(0.0)


def test_the_page_of_options_is_current():
    assert (ROOT / "docs" / "options.md").read_text(encoding="utf-8") == options_page()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_page_of_options_holds_every_flag(command):
    page = options_page()
    assert all(f"`{flag}`" in page for one in command.options.values() for flag in one.all_flags)
