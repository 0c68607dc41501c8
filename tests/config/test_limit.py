"""A limit that makes no sense cannot be made, from a call as from a file; words and numbers become its types."""

import re

import numpy as np
import pytest

import xentcli
from xentcli.config.limit import Bound, FailLevel, Inconclusive, Limit, LimitError, Margin
from xentcli.config.models import KEYS
from xentcli.errors import UsageError
from xentcli.record import fields
from xentcli.testing import assert_scores


@pytest.mark.parametrize(
    ("values", "message", "help_"),
    [
        ({}, "limit 'x' sets no limit", "give it one of min, max, max_regression"),
        ({"min": 0.9, "max": 0.1}, "limit 'x', max 0.1 is below min 0.9", "no value can pass"),
        ({"min": "0.9"}, "limit 'x', min must be a number", None),
        ({"min": True}, "limit 'x', min must be a number", None),
        ({"max": float("nan")}, "limit 'x', max must be a number", None),
        ({"max": 10**400}, "limit 'x', max must be a number", None),
        ({"max_regression": -1}, "limit 'x', max_regression must be a number from 0, or a share of the baseline", None),
        ({"max_regression": "0.1"}, "limit 'x', max_regression must be a number from 0", None),
        ({"min": 0, "bound": "interva"}, "bound must be one of point, interval", "did you mean 'interval'?"),
        ({"min": 0, "level": "wran"}, "level must be one of fail, warn", "did you mean 'warn'?"),
        ({"min": 0, "level": None}, "level must be one of fail, warn", None),
        ({"max_regression": 0, "inconclusive": 1}, "inconclusive must be one of warn, fail, pass", None),
        ({"max_regression": 0, "bound": "interval"}, "limit 'x', bound means nothing without min or max", None),
        ({"min": 0, "inconclusive": "fail"}, "inconclusive means nothing without max_regression", None),
        ({"min": 0, "min_count": 3}, "limit 'x', min_count means nothing without by", None),
        ({"min": 0, "overrides": {"eel": 1}}, "overrides means nothing without by", None),
        ({"min": 0, "by": "g", "min_count": 1.5}, "min_count must be a whole number of rows, from 0", None),
        ({"min": 0, "by": "g", "min_count": -1}, "min_count must be a whole number of rows, from 0", None),
        ({"min": 0, "by": ["g"]}, "limit 'x', by must be a text", None),
        ({"min": 0, "by": " "}, "limit 'x', by must not be empty", None),
        ({"min": 0, "metric": ""}, "limit 'x', metric must not be empty", None),
        ({"min": 0, "metric": None}, "limit 'x', metric must be a text", None),
        (
            {"min": 0, "by": "g", "overrides": 3},
            "overrides must be a mapping of limits by group",
            "such as {'eel': 0.55}",
        ),
        ({"min": 0, "by": "g", "overrides": {"eel": "1"}}, "limit 'x', overrides['eel'] must be a number", None),
        (
            {"min": 0, "max": 1, "by": "g", "overrides": {"eel": 1}},
            "overrides could be of min or max",
            "give each limit",
        ),
        (
            {"max_regression": 0.1, "by": "g", "overrides": {"eel": "2%"}},
            "overrides['eel'] must be a number as max_regression is",
            None,
        ),
        ({"name": "", "min": 0}, "limit '' must have a name", None),
    ],
)
def test_a_limit_without_sense_cannot_be_made(refused, values, message, help_):
    error = refused(lambda: Limit(**({"name": "x", "metric": "accuracy"} | values)))
    assert isinstance(error, LimitError)
    assert message in error.message
    assert (error.help or "").startswith(help_ or "")


def test_words_and_numbers_become_the_types_of_a_limit():
    found = Limit(
        "x", "loss", min=np.float32(0.5), max=1, bound="interval", level="warn", by="g", min_count=np.int64(3)
    )
    assert (found.min, found.max, found.bound, found.level) == (0.5, 1.0, Bound.INTERVAL, FailLevel.WARN)
    assert [type(one) for one in (found.min, found.max, found.min_count)] == [float, float, int]
    assert Limit("x", "loss", max_regression=0.01, inconclusive="pass").max_regression == Margin(0.01)
    assert Limit("x", "loss", max_regression=0, inconclusive="pass").inconclusive is Inconclusive.PASS
    shares = Limit("x", "loss", max_regression="2%", by="g", overrides={"eel": "5%", "cat": 0.01})
    assert (shares.max_regression, shares.overrides) == (Margin(0.02, relative=True), {"eel": 0.05, "cat": 0.01})


def test_the_keys_of_a_file_are_the_values_of_a_limit():
    assert {key.replace("-", "_") for key in KEYS} | {"name", "place", "places"} == set(fields(Limit))


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), "2%", None, True])
def test_a_margin_is_a_number_from_0(value):
    with pytest.raises(UsageError, match="a margin must be a number from 0"):
        Margin(value)


@pytest.mark.parametrize("call", [xentcli.check, assert_scores])
@pytest.mark.parametrize(
    ("options", "help_"),
    [
        ({"by": "g"}, 'limits=[xentcli.Limit("groups", metric="accuracy", by="COLUMN", min=0.8)]'),
        ({"worst": 3}, "xentcli.score and xentcli.compare list such rows"),
        ({"row": 1}, "xentcli.score shows the loss of a row"),
    ],
)
def test_options_of_score_that_judge_nothing_are_refused_with_what_to_use_instead(refused, call, options, help_):
    error = refused(call, ([0, 1], [0.1, 0.9]), min={"accuracy": 0.5}, **options)
    assert error.message == f"check takes no {next(iter(options))}"
    assert help_ in error.help


@pytest.mark.parametrize("limits", [["accuracy"], {"accuracy": 0.9}, 3, [Margin(0.1)]])
def test_what_is_no_limit_is_refused_with_an_example(limits):
    with pytest.raises(UsageError, match=re.escape("such as limits=[xentcli.Limit(")):
        xentcli.check(([0, 1], [0.1, 0.9]), limits=limits)
