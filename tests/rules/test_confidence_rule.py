"""XE309: the confidence of the predicted class is told where it passes for P(positive); honest scores are not."""

import sys

import numpy as np
import pandas as pd
import pytest
from mistakes import sigmoid

import xentcli

HONEST, SLIPS = 400, 150


def found(truth, scores, **options):
    frame = pd.DataFrame({"label": truth, "score": scores})
    weight = options.pop("weights", None)
    if weight is not None:
        frame, options = frame.assign(w=weight), {"weight": "w"}
    return {one.code: one for one in xentcli.score(frame, **options).findings}


def drawn(rng, rows, strength, bias):
    """Return labels that are drawn from the probabilities of a calibrated model, and these."""
    chances = sigmoid(rng.normal(size=rows) * strength + bias)
    return (rng.random(rows) < chances).astype(int), chances


def honest(seed):
    """Return labels and scores that are what they seem: all rows, a queue for review, or a common class."""
    rng = np.random.default_rng(seed)
    rows, strength = int(np.exp(rng.uniform(np.log(60), np.log(20_000)))), rng.uniform(0.3, 4.0)
    kind = ("all", "queue", "common")[seed % 3]
    truth, chances = drawn(rng, 2 * rows, strength, rng.uniform(2.5, 5.0) if kind == "common" else rng.normal())
    if kind == "queue":
        kept = chances >= rng.choice([0.5, 0.5, 0.6, 0.8])
        truth, chances = truth[kept], chances[kept]
    if rng.random() < 0.3:
        chances = np.round(chances, int(rng.integers(2, 5)))
    kept = chances.astype(np.float32) if rng.random() < 0.3 else chances
    return kind, truth, kept, rng.exponential(size=len(truth)) if rng.random() < 0.25 else None


def test_honest_scores_of_the_upper_half_are_no_confidence(capsys):
    false, upper = [], 0
    for seed in range(HONEST):
        kind, truth, scores, weights = honest(seed)
        if len(truth) < 30 or len(set(truth)) < 2:
            continue
        upper += float(scores.min()) >= 0.5
        if "XE309" in found(truth, scores, weights=weights):
            false.append((seed, kind))
    with capsys.disabled():
        print(f"\nXE309, false alarms: {len(false)} of {HONEST} ({upper} above one half)", file=sys.stderr)  # noqa: T201
    assert false == []
    assert upper > 100


def test_the_confidence_of_a_model_is_told_and_its_classes_are_not_to_be_swapped():
    levels = []
    for seed in range(SLIPS):
        rng = np.random.default_rng(seed)
        truth, chances = drawn(rng, int(rng.integers(400, 5000)), rng.uniform(1.5, 4.0), rng.normal() * 0.7)
        seen = found(truth, np.maximum(chances, 1.0 - chances))
        levels += [seen["XE309"].level] if "XE309" in seen else []
        assert "XE303" not in seen
    assert len(levels) >= 0.98 * SLIPS
    assert levels.count("error") >= 0.8 * SLIPS  # the others have so many positives that the score ranks a little


def confident(rows=2000, seed=5, bias=0.0):
    rng = np.random.default_rng(seed)
    truth, chances = drawn(rng, rows, 2.5, bias)
    return truth, np.maximum(chances, 1.0 - chances)


def test_the_finding_says_what_it_has_seen():
    truth, scores = confident()
    one = found(truth, scores)["XE309"]
    errors = (scores.mean() - truth.mean()) / np.sqrt((scores * (1.0 - scores)).sum()) * len(truth)
    assert (one.level, one.count) == ("error", 2000)
    assert "looks like the confidence of the predicted class, not P(positive)" in one.message
    assert f"score above {np.sort(scores[truth == 0])[((truth == 0).sum() - 1) // 2]:.2f}" in one.message
    assert (
        f"mean score {scores.mean():.4f} exceeds the share of '1', {truth.mean():.4f}, by {errors:.1f}" in one.message
    )


def test_rare_positives_are_told_where_a_flipped_class_would_have_been():
    truth, scores = confident(bias=-2.5)
    report = xentcli.score((truth, scores))
    assert report.score.metrics["roc_auc"] < 0.3
    codes = {one.code for one in report.findings}
    assert "XE309" in codes
    assert "XE303" not in codes


def test_weights_count_as_many_rows_as_they_are_worth():
    truth, scores = confident()
    even, odd = np.full(2000, 3.0), np.where(np.arange(2000) < 10, 1e6, 1e-6)
    assert found(truth, scores)["XE309"].message == found(truth, scores, weights=even)["XE309"].message
    assert "XE309" not in found(truth, scores, weights=odd)


@pytest.mark.parametrize("change", ["one below", "logits", "columns", "one label", "of one class", "far from one half"])
def test_other_scores_are_silent(change):
    truth, scores = confident()
    if change == "one below":
        scores[7] = 0.49
    if change == "one label":
        truth = np.ones_like(truth)
    if change == "of one class":  # a wrong offset: it ranks the rows
        scores = sigmoid(4.0 * truth + np.random.default_rng(0).normal(size=2000) + 4.0)
    if change == "far from one half":  # too high for all rows
        scores = 0.8 + 0.2 * scores
    if change == "columns":
        report = xentcli.score((truth, np.column_stack((1.0 - scores, scores))))
    else:
        report = xentcli.score((truth, scores), scale="logits" if change == "logits" else None)
    assert "XE309" not in {one.code for one in report.findings}


def test_a_score_that_ranks_its_rows_a_little_is_a_warning():
    report = xentcli.score(confident(rows=3000, bias=1.2))
    assert 0.6 < report.score.metrics["roc_auc"] < 0.8
    assert {one.code: one.level for one in report.findings}["XE309"] == "warning"


def test_many_distinct_scores_are_told_from_their_bins(monkeypatch):
    truth, scores = confident(rows=6000)
    exact = found(truth, scores)["XE309"].message
    monkeypatch.setattr("xentcli.tally.ranking.EXACT_LIMIT", 1000)
    monkeypatch.setattr("xentcli.tally.ranking.BIN_LIMIT", 900)
    binned = found(truth, scores)["XE309"].message
    assert binned.partition("half of the rows")[0].startswith(exact.partition("no score is below")[0])
