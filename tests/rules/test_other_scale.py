"""Scores that fit the labels better on another scale than the one they are read on, near misses and honest ones."""

import re

import numpy as np
import pandas as pd
import pytest
from mistakes_confidence import class_frame, sigmoid, softmax
from mistakes_values import (
    SIZES,
    chosen,
    drawn,
    honest_scale,
    one_column,
    probabilities_as_logits,
    scale_codes,
    small_logits,
)

import xentcli
from xentcli.rules.scores.other_scale import logistic_loss

LOSSES = re.compile(r": as (.+) their loss would be (\S+) instead of (\S+), lower by (\S+) standard errors")


def finding(frame, **options):
    return next((one for one in xentcli.score(frame, **options).findings if one.code == "XE214"), None)


def seen(frame, **options):
    """Return the level, the other scale, and the losses on it and as read."""
    found = finding(frame, **options)
    said = LOSSES.search(found.message)
    return found.level, said[1], float(said[2]), float(said[3])


@pytest.mark.parametrize("kind", ["binary", "labels", "classes"])
def test_logits_in_the_unit_range_are_named_with_the_loss_that_they_have(kind):
    frame = small_logits(kind, np.random.default_rng(1), 5000)
    level, scale, other, now = seen(frame)
    assert (level, scale) == ("warning", "logits")
    assert now == pytest.approx(xentcli.score(frame).score.loss.value, rel=1e-3)
    assert other == pytest.approx(xentcli.score(frame, scale="logits").score.loss.value, rel=1e-3)


@pytest.mark.parametrize("kind", ["binary", "labels", "classes"])
@pytest.mark.parametrize("heat", [0.5, 1.0, 1.5])
def test_probabilities_that_are_called_logits_are_named(kind, heat):
    frame = probabilities_as_logits(kind, np.random.default_rng(2), 5000, heat)
    level, scale, other, now = seen(frame)
    assert (level, scale) == (
        "warning",
        "probabilities" + (", each row divided by its sum," if kind == "classes" else ""),
    )
    assert now == pytest.approx(xentcli.score(frame).score.loss.value, rel=1e-3)
    assert other == pytest.approx(xentcli.score(frame, scale="probabilities").score.loss.value, rel=1e-3)


@pytest.mark.parametrize("kind", ["binary", "labels", "classes"])
@pytest.mark.parametrize("rows", [500, 5000])
def test_per_cents_that_are_called_logits_are_named(kind, rows):
    frame = probabilities_as_logits(kind, np.random.default_rng(3), rows, times=100.0)
    level, scale, other, _ = seen(frame, scale="logits")
    scores = [column for column in frame if str(column).startswith("logit")]
    right = xentcli.score(frame.assign(**{name: frame[name] / 100.0 for name in scores}), scale="probabilities")
    assert (level, scale.split(",")[0]) == ("warning", "probabilities" if kind == "classes" else "per cents")
    assert other == pytest.approx(right.score.loss.value, rel=1e-3)


@pytest.mark.parametrize("kind", ["binary", "labels", "classes"])
def test_a_name_or_an_option_that_says_probabilities_is_believed(kind):
    frame = small_logits(kind, np.random.default_rng(1), 5000)
    assert finding(frame, scale="probabilities") is None
    assert finding(frame.rename(columns=lambda name: name.replace("score", "prob"))) is None


def test_fifty_rows_are_too_few_for_logits_in_the_unit_range():
    assert finding(small_logits("binary", np.random.default_rng(4), 50)) is None


@pytest.mark.parametrize("heat", [0.2, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("shift", [-3.0, 0.0, 3.0])
def test_a_wrong_temperature_or_prior_is_no_other_scale(heat, shift):
    rng = np.random.default_rng(5)
    logits = 2.0 * rng.normal(size=5000)
    assert finding(one_column(drawn(rng, sigmoid(logits)), sigmoid(logits / heat + shift))) is None
    many = 2.0 * rng.normal(size=(5000, 4))
    assert finding(class_frame(chosen(rng, many), softmax(many / heat), "score")) is None
    assert finding(class_frame(chosen(rng, many), sigmoid(many / heat + shift), "score")) is None


@pytest.mark.parametrize("times", [1.0, 3.0])
def test_logits_of_which_none_is_negative_stay_logits(times):
    rng = np.random.default_rng(6)
    logits = times * rng.uniform(size=(5000, 3))
    assert finding(class_frame(chosen(rng, logits), logits, "logit")) is None
    held = drawn(rng, sigmoid(logits[:, 0]))
    assert finding(pd.DataFrame({"label": held, "logit": logits[:, 0]})) is None


def test_more_rows_than_are_kept_are_sampled_and_it_says_so():
    found = finding(small_logits("binary", np.random.default_rng(7), 80_000))
    assert re.search(r", on a sample of [\d,]+ of 80,000 rows$", found.message)


def accused(rows, draws, seed):
    """Return the draws of honest files that are said to be on another scale."""
    files = (honest_scale(np.random.default_rng([seed, rows, draw]), rows) for draw in range(draws))
    return [draw for draw, one in enumerate(files) if "XE214" in scale_codes(one)]


@pytest.mark.parametrize("rows", SIZES)
def test_honest_files_are_on_their_scale(rows):
    assert not accused(rows, 12, 8)


@pytest.mark.simulation
@pytest.mark.parametrize("rows", SIZES)
def test_honest_files_are_on_their_scale_in_many_draws(rows):
    assert not accused(rows, 300, 7)


def test_the_logistic_loss_is_that_of_the_best_line():
    rng = np.random.default_rng(9)
    z = rng.normal(size=4000)
    held = rng.random(4000) < sigmoid(2.0 * z - 1.0)
    grid = [
        np.logaddexp(0.0, np.where(held, -1.0, 1.0) * (a * z + b)).mean()
        for a in np.linspace(1.5, 2.5, 41) for b in np.linspace(-1.5, -0.5, 41)
    ]  # fmt: skip
    assert logistic_loss(z, held) == pytest.approx(min(grid), abs=1e-4)
    assert logistic_loss(z, held) <= min(grid)
    assert logistic_loss(z, z > 0.0) < 0.01
