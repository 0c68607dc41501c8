"""Limits on regression with groups: no group fails by chance more often than the whole does."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli import Limit, Margin

GROUPS, ROWS, SEEDS = 40, 4_000, 40


def model(rng, logits, noise):
    """Return the scores of a model that sees noisy logits."""
    seen = logits + noise * rng.normal(size=len(logits))
    return 1.0 / (1.0 + np.exp(-seen))


def pair(seed, rows=ROWS, groups=GROUPS, worse=0.0):
    """Return two models on the same rows in groups; the second is as good as the first, or worse in group 0."""
    rng = np.random.default_rng(seed)
    logits = 2.0 * rng.normal(size=rows)
    label = (rng.random(rows) < 1.0 / (1.0 + np.exp(-logits))).astype(int)
    group = rng.integers(0, groups, rows)
    a, b = model(rng, logits, 1.0), model(rng, logits, np.where(group == 0, 1.0 + worse, 1.0))
    frame = {"id": np.arange(rows), "label": label, "g": [f"g{at}" for at in group]}
    return pd.DataFrame(frame | {"p_1": a}), pd.DataFrame(frame | {"p_1": b})


def limits(metric="loss", **how):
    return [Limit("no-regression", metric, max_regression=Margin(0.0), by="g", **how)]


@pytest.mark.parametrize("metric", ["loss", "accuracy"])
def test_equal_models_fail_in_some_group_no_more_often_than_stated(metric):
    failed = 0
    for seed in range(SEEDS):
        a, b = pair(seed)
        failed += not xentcli.check(b, baseline=a, limits=limits(metric)).passed
    # The stated level is 2.5 %: of 40 runs five or more would be a 1 in 300 chance even at twice that.
    assert failed < 5


def test_a_group_that_is_much_worse_fails_among_many():
    a, b = pair(1, worse=4.0)
    checks = xentcli.check(b, baseline=a, limits=limits()).models[0].checks
    assert [one.group.value for one in checks if one.outcome == "failed"] == ["g0"]
    seen = next(one.baseline for one in checks if one.outcome == "failed")
    assert seen.p_value <= seen.adjusted < 0.025


def test_a_group_that_fails_alone_but_not_among_many_says_so():
    for seed in range(200):
        a, b = pair(seed)
        checks = xentcli.check(b, baseline=a, limits=limits()).models[0].checks
        alone = [one for one in checks if one.baseline.interval[0] > 0.0]
        if alone:
            assert {one.outcome for one in alone} == {"inconclusive"}
            assert "among 40 groups that happens by chance (Holm's correction)" in alone[0].message
            return
    pytest.fail("no group stood out by chance")


def test_few_rows_are_no_ground_for_a_verdict_unless_the_predictions_are_identical():
    a, b = pair(3, rows=60, groups=6, worse=9.0)
    for one in xentcli.check(b, baseline=a, limits=limits()).models[0].checks:
        assert one.outcome == "inconclusive"
    assert xentcli.check(a, baseline=a, limits=limits(inconclusive="fail")).passed


def test_a_whole_interval_cannot_clear_a_limit_where_there_is_none():
    a, _ = pair(4, rows=30, groups=25)
    checks = xentcli.check(a, limits=[Limit("b", "loss", max=9.0, by="g", bound="interval")]).models[0].checks
    single = [one for one in checks if one.rows == 1]
    assert single
    assert all(one.outcome == "failed" and "there is no interval of 1 row" in one.message for one in single)
