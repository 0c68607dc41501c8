"""Whether a row is divided by its sum hangs on its digits: not on their type, their order or their number."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli


def divided(table, scores="p_"):
    return xentcli.score(table, scores=scores).score.loss.renormalised


def digits(rng, total, classes):
    """Return whole thousandths up to 1000, one for each class, that sum to a total."""
    cuts = np.sort(rng.integers(3, total - 2, classes - 1))
    return np.diff(np.concatenate([[0], cuts, [total]]))


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([(997, 10), (998, 10), (999, 0), (1000, 0), (1001, 0), (1002, 10), (1003, 10)]),
    st.sampled_from([2, 3, 5, 10, 201]),
    st.data(),
)
def test_a_sum_of_rounded_digits_lies_on_one_side(tmp_path_factory, seed, of, classes, data):
    total, wanted = of
    rng = np.random.default_rng(seed)
    cells = np.array([digits(rng, total, classes) for _ in range(10)])
    labels = np.arange(10) % classes
    order = data.draw(st.permutations(range(classes))) if classes < 11 else rng.permutation(classes).tolist()
    scores = cells / 1000.0
    columns = {f"p_{at}": scores[:, at] for at in order}
    wide = pd.DataFrame({"label": labels, **columns})
    if classes == 2:
        wide = wide.assign(label=labels.astype(str)).rename(columns={"p_0": "p_a", "p_1": "p_b"})
        wide["label"] = wide["label"].map({"0": "a", "1": "b"})
    narrow = wide.astype({name: np.float32 for name in wide.columns if name != "label"})
    path = tmp_path_factory.mktemp("text") / "p.csv"
    wide.to_csv(path, index=False)
    lists = pa.table({"label": labels, "scores": list(scores.astype(np.float32))})
    assert [*(divided(one) for one in (wide, narrow, path)), divided(lists, "scores")] == [wanted] * 4


@pytest.mark.parametrize(("total", "off"), [(999, False), (1001, False), (998, True), (1002, True)])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_targets_are_divided_by_the_same_rule(total, off, order, dtype):
    cells = np.array([digits(np.random.default_rng(at), total, 3) for at in range(20)]) / 1000.0
    q = cells[:, order]
    scores = np.full((20, 3), 1.0 / 3.0)
    found = xentcli.score((q.astype(dtype), scores), task="multiclass").score
    wanted = cells / cells.sum(axis=1, keepdims=True) if off else cells
    assert found.loss.value == pytest.approx(float((wanted * np.log(3.0)).sum(axis=1).mean()), rel=1e-7)
