"""One score column that is named after a class holds that class's score, whichever class is called positive."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import xentcli

RNG = np.random.default_rng(3)
P = RNG.random(80)
FRAUD = RNG.random(80) < P
LABELS = np.where(FRAUD, "fraud", "legit")
LOSS = metrics.log_loss(FRAUD, P)


@pytest.mark.parametrize("positive", [None, "fraud", "legit"])
@pytest.mark.parametrize(("column", "scores"), [("prob_fraud", P), ("logit_fraud", np.log(P / (1 - P)))])
def test_the_positive_class_does_not_change_what_a_named_score_is_of(positive, column, scores):
    score = xentcli.score(pd.DataFrame({"label": LABELS, column: scores}), positive=positive).score
    assert score.task.positive == (positive or "fraud")
    assert score.loss.value == pytest.approx(LOSS, rel=1e-12)
    assert score.accuracy.value == np.mean((P > 0.5) == FRAUD)
    assert score.metrics["roc_auc"] == pytest.approx(metrics.roc_auc_score(FRAUD, P), rel=1e-12)


def test_the_sides_are_those_of_the_positive_class():
    frame = pd.DataFrame({"label": LABELS, "prob_fraud": P})
    fraud, legit = (xentcli.score(frame, positive=one).score.metrics for one in ("fraud", "legit"))
    assert (fraud["sensitivity"], fraud["specificity"]) == (legit["specificity"], legit["sensitivity"])
    assert fraud["brier"] == pytest.approx(legit["brier"], rel=1e-12)


def test_a_score_without_a_class_in_its_name_is_that_of_the_positive_one():
    frame = pd.DataFrame({"label": LABELS, "score": P})
    assert xentcli.score(frame, positive="fraud").score.loss.value == pytest.approx(LOSS, rel=1e-12)
    turned = xentcli.score(frame, positive="legit").score.loss.value
    assert turned == pytest.approx(metrics.log_loss(~FRAUD, P), rel=1e-12)


def test_the_score_of_no_is_that_of_label_0():
    frame = pd.DataFrame({"label": FRAUD.astype(int), "prob_no": 1 - P})
    assert xentcli.score(frame).score.loss.value == pytest.approx(LOSS, rel=1e-12)
