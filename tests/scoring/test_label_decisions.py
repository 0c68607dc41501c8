"""Scores per label that are all 0 or 1 are decisions: they have an accuracy and no loss."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import UsageError
from xentcli.views import plain
from xentcli.views.score_page import score_page


@pytest.fixture
def decided():
    """Return the labels and decisions of 60 rows."""
    rng = np.random.default_rng(0)
    hot = (rng.random((60, 3)) < 0.4).astype(int)
    return hot, np.where(rng.random((60, 3)) < 0.2, 1 - hot, hot)


def columns(hot, guess):
    return pd.DataFrame(
        {f"{name}_{at}": part[:, at] for name, part in (("true", hot), ("prob", guess)) for at in range(3)}
    )


@pytest.mark.parametrize("kind", [int, float, bool, np.float32])
def test_they_have_no_loss(decided, kind):
    hot, guess = decided
    for data in ((hot, guess.astype(kind)), columns(hot, guess.astype(kind))):
        report = xentcli.score(data, by=(), worst=3)
        found = report.score
        assert found.loss is None
        assert found.task.scale is None
        assert found.accuracy.value == np.mean((hot == guess).all(axis=1))
        assert found.metrics["hamming_accuracy"] == pytest.approx(np.mean(hot == guess))
        assert [one.loss for one in found.per_label] == [None] * 3
        assert found.frameworks == ()
        assert found.worst == ()
        assert "XE211" in {one.code for one in report.findings}
        assert "loss" in plain.render(score_page(report))
        assert any("decisions without a loss" in reason for reason in found.task.reasons)


def test_all_right_they_have_no_loss_either(decided):
    hot, _ = decided
    assert xentcli.score((hot, hot)).score.loss is None


def test_one_score_between_makes_probabilities_of_them(decided):
    hot, guess = decided
    scores = guess.astype(float)
    scores[40, 1] = 0.5
    assert xentcli.score((hot, scores)).score.loss is not None


def test_given_probabilities_have_a_loss(decided):
    hot, guess = decided
    found = xentcli.score((hot, guess), scale="probabilities").score
    wrong = np.count_nonzero(hot != guess)
    assert found.loss.value == pytest.approx(52 * np.log(2.0) * wrong / hot.size, rel=1e-9)


def test_a_row_of_them_cannot_be_shown_step_by_step(decided):
    with pytest.raises(UsageError, match="decisions have none"):
        xentcli.score(decided, row=1)


def test_the_slices_have_an_accuracy_and_no_loss(decided):
    hot, guess = decided
    data = columns(hot, guess).assign(country=["de", "fr"] * 30)
    for one in xentcli.score(data, by="country").score.slices:
        assert one.loss.value is None
        assert one.accuracy.value is not None
