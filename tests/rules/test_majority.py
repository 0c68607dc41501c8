"""XE404: a majority that surely wins is a warning, one that may win a note; very few rows say it in XE410."""

import sys

import numpy as np
import pandas as pd
import pytest
from mistakes import sigmoid

import xentcli

SIZES = (50, 500, 5000)


def scored(truth, chances):
    return xentcli.score(pd.DataFrame({"label": truth, "p_1": chances}))


def drawn(rng, rows, strength=1.0, bias=0.0):
    """Return labels that are drawn from the probabilities of a calibrated model, and these."""
    chances = sigmoid(rng.normal(size=rows) * strength + bias)
    return (rng.random(rows) < chances).astype(int), chances


def level(report):
    return next((one.level for one in report.findings if one.code == "XE404"), None)


def honest(seed):
    """Return labels and scores of a calibrated model of few rows or of rare events."""
    rng = np.random.default_rng(seed)
    return drawn(rng, int(rng.choice([12, 20, 30, 50, 100, 200, 1000])), rng.uniform(0.3, 2.5), rng.uniform(-4, 0))


def wins(report):
    """Whether the majority surely wins, or the loss is no lower than that of the label shares."""
    accuracy, loss = report.score.accuracy, report.score.loss
    return accuracy.interval[1] < accuracy.majority_accuracy or loss.value >= loss.prior_loss


def warned_of_honest(draws):
    warned = []
    for seed in range(draws):
        truth, chances = honest(seed)
        report = scored(truth, chances)
        if level(report) == "warning":
            assert wins(report), seed
            assert len(truth) >= 30, seed
            warned.append(seed)
    return warned


def test_few_honest_models_of_small_samples_or_rare_events_are_warned():
    assert len(warned_of_honest(60)) <= 6


@pytest.mark.simulation
def test_few_of_many_honest_models_are_warned(capsys):
    warned = warned_of_honest(1000)
    with capsys.disabled():
        print(f"\nXE404: {len(warned)} of 1000 honest draws warned", file=sys.stderr)  # noqa: T201
    assert len(warned) < 80


@pytest.mark.parametrize("rows", SIZES)
def test_shuffled_labels_are_warned(rows):
    levels = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        truth, chances = drawn(rng, rows, 2.0, -1.0)
        report = scored(rng.permutation(truth), chances)
        levels.append(level(report))
        told = next((one.message for one in report.findings if one.code == "XE404"), "")
        assert ("nor is the loss" in told) == (levels[-1] == "warning")
    assert levels.count("warning") >= (4 if rows == 50 else 6)


@pytest.mark.parametrize("rows", SIZES)
def test_a_model_of_rare_events_that_ranks_well_is_no_warning(rows):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        truth, chances = drawn(rng, rows, 1.5, -3.5)
        truth[0] = 1
        assert level(scored(truth, np.minimum(chances, 0.499) + 0.3 * (np.arange(rows) == 0))) != "warning"


def test_a_row_less_than_the_majority_is_a_note_while_the_loss_is_lower_than_that_of_the_shares():
    truth = np.array([0] * 36 + [1] * 24)
    chances = np.where(truth == 1, 0.45, 0.25)
    chances[0] = 0.51
    report = scored(truth, chances)
    assert report.score.accuracy.value < report.score.accuracy.majority_accuracy
    assert report.score.loss.value < report.score.loss.prior_loss
    assert level(report) == "note"


def test_decisions_without_scores_are_warned_only_if_the_interval_lies_below_the_majority():
    truth = np.array([0] * 80 + [1] * 20)
    near, far = truth.copy(), truth.copy()
    near[:5], near[80:98] = 1, 0
    far[:40] = 1
    for predicted, expected in ((near, "note"), (far, "warning")):
        assert level(xentcli.score(pd.DataFrame({"label": truth, "predicted": predicted}))) == expected


@pytest.mark.parametrize(("wrong", "said"), [(2, "from which it cannot be told"), (16, "which is more")])
def test_of_fewer_than_thirty_rows_the_note_on_small_samples_says_what_the_majority_earns(wrong, said):
    truth = np.array([0] * 16 + [1] * 4)
    chances = np.where(np.arange(20) < wrong, 0.8, 0.2)
    found = {one.code: one for one in scored(truth, chances).findings}
    assert "XE404" not in found
    assert f"answering '0' every time earns 0.8000 on them, {said}" in found["XE410"].message


def test_a_small_sample_that_surely_beats_the_majority_is_not_held_against_it():
    truth = np.arange(24) % 2
    found = {one.code: one for one in scored(truth, np.where(truth == 1, 0.9, 0.1)).findings}
    assert "every time earns" not in found["XE410"].message
