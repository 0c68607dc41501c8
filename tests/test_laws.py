"""Laws of the loss that small tables show: the clip, the division by row sums, ties, the prior."""

import numpy as np
import pytest

import xentcli


def test_rows_that_do_not_sum_to_one_are_divided_and_counted():
    p = np.array([[0.2, 0.2, 0.4], [0.5, 0.25, 0.25], [0.0, 0.0, 0.0]])
    score = xentcli.score((np.array([2, 0, 1]), p)).score
    assert score.loss.renormalised == 1
    assert score.loss.clipped == 1
    assert score.loss.unclipped is None
    assert score.loss.value == pytest.approx((-np.log(0.5) * 2 + 52 * np.log(2)) / 3, rel=1e-14)


def test_normalising_divides_every_row():
    p = np.array([[0.5005, 0.5], [0.25, 0.75]])
    y = np.array([0, 1])
    plain, divided = xentcli.score((y, p)).score, xentcli.score((y, p), normalize=True).score
    assert plain.loss.value == pytest.approx(-(np.log(0.5005) + np.log(0.75)) / 2, rel=1e-14)
    assert divided.loss.value == pytest.approx(-(np.log(0.5005 / 1.0005) + np.log(0.75)) / 2, rel=1e-14)


def test_the_loss_without_the_clip_is_told_where_it_is_finite():
    p = np.array([[1e-20, 1.0], [0.5, 0.5]])
    loss = xentcli.score((np.array([0, 1]), p)).score.loss
    assert loss.clipped == 1
    assert loss.unclipped == pytest.approx((-np.log(1e-20) - np.log(0.5)) / 2, rel=1e-14)


def test_ties_are_counted_and_the_lowest_class_wins():
    p = np.array([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [1 / 3, 1 / 3, 1 / 3]])
    score = xentcli.score((np.array([0, 2, 0]), p)).score
    assert score.accuracy.ties == 3
    assert score.accuracy.correct == 2


def test_a_single_row_has_a_loss_without_an_interval():
    score = xentcli.score((np.array([1]), np.array([[0.25, 0.75]]))).score
    assert score.loss.value == pytest.approx(-np.log(0.75), rel=1e-15)
    assert score.loss.standard_error is None
    assert score.loss.interval is None
    assert score.loss.skill is None


def test_the_prior_loss_is_the_entropy_of_the_label_shares():
    y = np.array([0, 0, 0, 1])
    loss = xentcli.score((y, np.full((4, 2), 0.5))).score.loss
    assert loss.prior_loss == pytest.approx(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25)), rel=1e-15)
    assert loss.skill == pytest.approx(1 - np.log(2) / loss.prior_loss)
    assert loss.perplexity == pytest.approx(2.0)
    assert loss.bits == pytest.approx(1.0)
    assert xentcli.score((y, np.array([[1e4, 0.0]] * 4)), scale="logits").score.loss.perplexity is None
