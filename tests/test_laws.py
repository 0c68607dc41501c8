"""Laws: no result depends on how the rows are cut, ordered or shared out; all agree with scikit-learn."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics

import xentcli
from xentcli.tally import blocks


def rows(seed, classes, count, scale="probabilities", dtype=np.float64):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, classes)) * rng.choice([0.1, 1.0, 30.0])
    truth = rng.integers(0, classes, count)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return truth, (p if scale == "probabilities" else logits).astype(dtype)


def as_columns(truth, scores, layout):
    weights = pa.array(np.random.default_rng(1).random(len(truth)))
    if layout == "list":
        return pa.table({"label": truth, "scores": pa.array(scores.tolist()), "w": weights})
    if layout == "wide":
        return pa.table({"label": truth} | {f"s_{at}": scores[:, at] for at in range(scores.shape[1])} | {"w": weights})
    hot = (scores > np.median(scores)).astype(np.int8)
    columns = {f"y_{at}": hot[:, at] for at in range(scores.shape[1])}
    return pa.table(columns | {f"p_{at}": scores[:, at] for at in range(scores.shape[1])} | {"w": weights})


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), st.sampled_from([2, 3, 11, 230]), st.integers(1, 60), st.integers(1, 7),
    st.integers(1, 9), st.sampled_from(["list", "wide", "multi-label"]), st.booleans(),
    st.sampled_from([1, 64, 1 << 20]), st.integers(1, 3),
)  # fmt: skip
def test_any_cut_and_any_number_of_threads_give_the_same_bits(
    table, seed, classes, count, parts, batch, layout, weighted, block_bytes, jobs
):
    truth, scores = rows(seed, classes, count, dtype=np.float32)
    columns = as_columns(truth, scores, layout)
    options = {"weight": "w" if weighted else None, "scale": "probabilities"}
    named = {"label": "label", "scores": "s" if layout == "wide" else "scores"}
    options |= {"task": "multilabel"} if layout == "multi-label" else named
    whole = xentcli.score(table(columns), **options).to_dict()
    kept = blocks.BLOCK_BYTES
    try:
        blocks.BLOCK_BYTES = block_bytes
        cut = xentcli.score(table(columns, parts=parts, rows=batch), jobs=jobs, **options).to_dict()
    finally:
        blocks.BLOCK_BYTES = kept
    assert cut == whole


@pytest.mark.parametrize("classes", [2, 3, 12, 201, 300])
@pytest.mark.parametrize("scale", ["probabilities", "logits"])
def test_it_agrees_with_scikit_learn(classes, scale):
    truth, scores = rows(classes, classes, 500, scale)
    score = xentcli.score((truth, scores), scale=scale).score
    p = scores
    if scale == "logits":
        p = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
        true = scores[np.arange(500), truth]
        assert score.loss.value == pytest.approx((np.logaddexp.reduce(scores, axis=1) - true).mean(), rel=1e-12)
    else:
        expected = metrics.log_loss(truth, p, labels=range(classes))
        assert score.loss.value == pytest.approx(expected, rel=1e-12)
    guess = p.argmax(axis=1)
    assert score.accuracy.value == pytest.approx(metrics.accuracy_score(truth, guess), abs=1e-15)
    found = score.metrics
    assert found["balanced_accuracy"] == pytest.approx(
        metrics.recall_score(truth, guess, average="macro", labels=np.unique(truth))
    )
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(truth, guess, average="macro", zero_division=0))
    assert found["f1_weighted"] == pytest.approx(metrics.f1_score(truth, guess, average="weighted", zero_division=0))
    assert found["mcc"] == pytest.approx(metrics.matthews_corrcoef(truth, guess), abs=1e-12)
    assert found["cohen_kappa"] == pytest.approx(metrics.cohen_kappa_score(truth, guess), abs=1e-12)
    matrix = metrics.confusion_matrix(truth, guess, labels=range(classes))
    if classes <= 200:
        assert np.array_equal(score.confusion.counts, matrix)
    else:
        cells = [[i, j, int(matrix[i, j])] for i, j in zip(*np.nonzero(matrix), strict=True)]
        assert [list(cell) for cell in score.confusion.cells] == cells
        assert score.confusion.counts is None


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
