"""What is wrong with a value of the configuration file is told with the line that set it."""

import json

import numpy as np
import pytest
from two_models import predictions, saved

import xentcli
from xentcli.errors import UnreadableError

CHECK = '[checks.a]\nmetric = "accuracy"\nmin = 0.1\n'


@pytest.fixture
def failing(xent, tmp_path, monkeypatch):
    """Judge by a configuration that cannot be kept to; return the lines of the error."""
    (tmp_path / ".git").mkdir()
    saved(predictions(1), tmp_path / "main.csv")
    monkeypatch.chdir(tmp_path)

    def run(text, *arguments):
        (tmp_path / "xent.toml").write_text(text)
        ran = xent("check", *arguments, isolated=False)
        assert (ran.status, ran.out) == (2, "")
        return ran.err.splitlines()

    return run


@pytest.mark.parametrize("key", ["predictions", "labels", "baseline"])
def test_a_file_that_is_missing_tells_who_named_it(failing, key):
    named = "" if key == "predictions" else 'predictions = "main.csv"\n'
    text = f'[checks.a]\nmetric = "loss"\nmax-regression = 1\n[models.a]\n{named}{key} = "mian.csv"\n'
    assert failing(text) == [
        "error: mian.csv: no such file",
        f"  named by {key} in xent.toml, line {5 + bool(named)} (model 'a')",
        "help: did you mean 'main.csv'?",
    ]


@pytest.mark.parametrize("key", ["id", "label", "weight", "scores"])
def test_a_column_that_there_is_not_tells_who_named_it(failing, key):
    found = failing(f'predictions = "main.csv"\n\n{key} = "nope"\n{CHECK}')
    assert found[0] == "error: main.csv: there is no column 'nope'"
    assert found[2] == f"  named by {key} in xent.toml, line 3"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('scale = "logit"', "scale 'logit' is none of probabilities, log-probabilities, logits"),
        ('task = "binray"', "task 'binray' is none of binary, multiclass, multilabel, multioutput"),
        ('ignore = ["XE999"]', "ignore 'XE999' is no finding"),
        ("threshold = 7", "threshold 7.0 is not a probability: it must lie in [0, 1]"),
        ("confidence_level = 7", "confidence-level 7.0 is not between 0 and 1"),
        ("class-weights = { cat = -1 }", "class-weights: '-1.0' for 'cat' is no weight, a number from 0 up"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_key_and_not_by_a_flag(failing, line, told):
    assert failing(f'predictions = "main.csv"\n{line}\n{CHECK}')[0] == f"error: xent.toml, line 2: {told}"


def test_an_error_of_a_key_says_in_which_file_it_was_met(failing):
    found = failing(f'predictions = "main.csv"\nscores = ["p_cat", "p_cat"]\n{CHECK}')
    assert found == [
        "error: xent.toml, line 2: scores names the column 'p_cat' twice",
        "  in main.csv",
        "help: name it once",
    ]


def test_the_document_of_an_error_names_the_line(xent, failing, tmp_path):
    failing(f'predictions = "main.csv"\nscale = "logit"\n{CHECK}')
    xent("check", "-o", "e.json", isolated=False)
    error = json.loads((tmp_path / "e.json").read_text())["error"]
    assert (error["kind"], error["path"], error["line"]) == ("ConfigError", "xent.toml", 2)


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--id", "nope"), "error: main.csv: there is no column 'nope'"),
        (
            ("--scale", "logit", "--id", "id"),
            "error: --scale 'logit' is none of probabilities, log-probabilities, logits",
        ),
        (("nix.csv",), "error: nix.csv: no such file"),
        (("--baseline", "nix.csv"), "error: nix.csv: no such file"),
    ],
)
def test_a_flag_is_not_blamed_on_the_file(failing, flags, told):
    text = 'predictions = "main.csv"\nbaseline = "main.csv"\nid = "nope"\nscale = "probabilities"\n'
    found = failing(f'{text}[checks.a]\nmetric = "loss"\nmax-regression = 1\n', *flags)
    assert found[0] == told
    assert "xent.toml" not in "".join(found)


def test_a_model_without_predictions_is_told_with_the_line_of_its_table(failing):
    found = failing(f'{CHECK}\n[models.a]\npredictions = "main.csv"\n[models.b]\nid = "id"\n')
    assert found[0] == "error: xent.toml, line 7: model 'b' has no predictions"


def test_a_call_has_no_file_to_blame(refused, tmp_path):
    error = refused(
        xentcli.check, np.ones((2, 2)), labels=str(tmp_path / "nope.npy"), scores=["f0"], min={"accuracy": 0.1}
    )
    assert isinstance(error, UnreadableError)
    assert error.details == ()
