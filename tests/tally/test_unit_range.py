"""Scores barely outside [0, 1] are rounding: they count as 0 or 1, and as many are reported."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.errors import BadRowsError
from xentcli.tally import blocks
from xentcli.views import plain
from xentcli.views.score_page import score_page


def softmax(seed=0, rows=60, classes=3, dtype=np.float32):
    """Return labels and probabilities, many of them nearly 1."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.2), rows)
    return p.argmax(axis=1), p.astype(dtype)


def spoiled(p, seed=0, by=4e-7):
    """Return probabilities with a third of the rows' largest scores above 1, and how many scores lie outside."""
    rng = np.random.default_rng(seed)
    out = p.copy()
    rows = np.flatnonzero(rng.random(len(p)) < 1 / 3)
    out[rows] = 0.0
    out[rows, p[rows].argmax(axis=1)] = 1.0 + by
    out[rows, p[rows].argmin(axis=1)] = -by
    return out, 2 * len(rows)


def forms(labels, scores):
    """Return the same scores as columns, as a list column and as arrays."""
    columns = {f"p_{at}": scores[:, at] for at in range(scores.shape[1])}
    kind = pa.list_(pa.from_numpy_dtype(scores.dtype))
    return {
        "columns": pd.DataFrame({"label": labels, **columns}),
        "list": pa.table({"label": labels, "scores": pa.array(list(scores), kind)}),
        "arrays": (labels, scores),
    }


@pytest.mark.parametrize("form", ["columns", "list", "arrays"])
@pytest.mark.parametrize(("dtype", "classes"), [(np.float32, 3), (np.float64, 3), (np.float32, 250)])
@pytest.mark.parametrize("normalize", [False, True])
def test_scores_barely_outside_the_unit_are_clamped_and_counted(form, dtype, classes, normalize):
    labels, p = softmax(classes=classes, dtype=dtype)
    scores, outside = spoiled(p)
    clean = np.clip(scores, 0.0, 1.0)
    found = xentcli.score(forms(labels, scores)[form], normalize=normalize).score
    wanted = xentcli.score(forms(labels, clean)[form], normalize=normalize).score
    assert found.task.scale == "probabilities"
    assert found.loss.clamped == outside
    assert wanted.loss.clamped == 0
    assert found.loss.value == wanted.loss.value
    assert found.accuracy == wanted.accuracy
    assert found.metrics == wanted.metrics


def test_of_a_single_column_each_score_counts_once():
    scores = np.array([1.0000005, -0.0000005, 0.7, 0.2] * 10)
    labels = np.array([1, 0, 1, 0] * 10)
    found = xentcli.score((labels, scores)).score
    assert found.loss.clamped == 20
    assert found.loss.value == xentcli.score((labels, np.clip(scores, 0.0, 1.0))).score.loss.value


def test_scores_per_label_are_clamped():
    rng = np.random.default_rng(0)
    hot, p = rng.integers(0, 2, (60, 4)), rng.random((60, 4))
    scores = np.where(p > 0.9, 1.0 + 9e-7, np.where(p < 0.1, -9e-7, p))
    found = xentcli.score((hot, scores)).score
    assert found.loss.clamped == np.count_nonzero((p > 0.9) | (p < 0.1))
    assert found.loss.value == xentcli.score((hot, np.clip(scores, 0.0, 1.0))).score.loss.value


def test_scores_further_outside_are_bad_rows():
    labels, p = softmax(rows=400)
    p[5, 0] = 1.0 + 3e-6
    with pytest.raises(BadRowsError, match="row 6"):
        xentcli.score(forms(labels, p)["columns"])


def test_rows_without_a_label_add_nothing_to_the_clamped():
    data = pd.DataFrame({"label": [1, 0, None] * 20, "p": [1.0000005, 0.2, 1.0000005] * 20})
    found = xentcli.score(data).score
    assert (found.loss.clamped, found.rows.missing_label) == (20, 20)


def test_logits_are_not_clamped():
    labels = np.array([0, 1] * 20)
    scores = np.array([[-5e-7, -3.0], [-4.0, 2.0]] * 20)
    assert xentcli.score((labels, scores)).score.loss.clamped == 0


def test_the_page_says_how_many_were_clamped():
    report = xentcli.score((np.array([1, 0] * 20), np.array([1.0000005, 0.2] * 20)))
    assert "20 scores outside [0, 1] by at most 1e-6 count as 0 or 1" in plain.render(score_page(report))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.sampled_from([16, 999, 1 << 22]), st.integers(1, 3))
def test_cuts_and_threads_change_neither_count_nor_loss(tmp_path_factory, seed, group, block, jobs):
    labels, p = softmax(seed)
    table = pa.Table.from_pandas(forms(labels, spoiled(p, seed)[0])["columns"], preserve_index=False)
    path = tmp_path_factory.mktemp("cuts") / "p.parquet"
    pq.write_table(table, path, row_group_size=group)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", block)
        cut = xentcli.score(path, jobs=jobs).score
    assert cut == xentcli.score(table).score
