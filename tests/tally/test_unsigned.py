"""Scores that leave [0, 1] and are never negative: refused by name, divided if asked for, logits if so called."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.errors import AmbiguousError, BadRowsError
from xentcli.tally import blocks

NAMES = ("ash", "fir", "oak")
ROWS = 48


def shares(seed=0, classes=3, rows=ROWS):
    """Return labels and probabilities of some rows."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), rows)
    return rng.integers(0, classes, rows), p


def frame(labels, scores, names=NAMES, prefix=""):
    """Return a table with a column per class."""
    columns = {f"{prefix}{name}": scores[:, at] for at, name in enumerate(names)}
    return pd.DataFrame({"label": [names[one] for one in labels], **columns})


def votes(seed=0):
    """Return labels and whole-number votes with another total in every row."""
    rng = np.random.default_rng(seed)
    labels, p = shares(seed)
    return labels, np.array([rng.multinomial(rng.integers(20, 50), row) for row in p]).astype(float)


def cross_entropy(labels, p):
    return float(-np.log(p[np.arange(len(labels)), labels]).mean())


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (100.0, "rows sum to 100: per cents?"),
        (3.0, "rows sum to 3: the sum of 3 models?"),
        (2.5, "rows sum to 2.5: parts of a whole?"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "p_", "logit_"])
def test_one_row_total_is_named_whatever_the_columns_are_called(factor, words, prefix):
    labels, p = shares()
    p = 0.4 * p + 0.6 * np.eye(3)[labels]  # every row leaves [0, 1]: a row that does not may as well be of logits
    with pytest.raises(AmbiguousError, match="--normalize") as caught:
        xentcli.score(frame(labels, factor * p, prefix=prefix))
    assert words in caught.value.message
    assert f"divide the scores by {factor:g}" in (caught.value.help or "")


@pytest.mark.parametrize(("decimals", "dtype"), [(1, np.float64), (0, np.float64), (2, np.float32)])
def test_rounded_per_cents_sum_to_100(decimals, dtype):
    labels, p = shares(classes=5)
    scores = np.round(100.0 * p, decimals).astype(dtype)
    with pytest.raises(AmbiguousError, match=r"rows sum to 100: per cents\?"):
        xentcli.score(frame(labels, scores, "abcde"))


def test_votes_with_one_total_are_called_votes():
    labels, p = shares()
    rng = np.random.default_rng(1)
    with pytest.raises(AmbiguousError, match=r"rows sum to 40: votes\?"):
        xentcli.score(frame(labels, np.array([rng.multinomial(40, row) for row in p])))


@pytest.mark.parametrize("prefix", ["", "p_", "logit_"])
def test_whole_numbers_with_other_totals_in_each_row_look_like_votes(prefix):
    labels, counts = votes()
    with pytest.raises(AmbiguousError, match=r"whole numbers, none is negative, and rows sum to .*: counts or votes"):
        xentcli.score(frame(labels, counts, prefix=prefix))


def test_scores_with_other_totals_in_each_row_are_refused_with_both_ways_out():
    labels, p = shares()
    scores = p * np.linspace(2.0, 9.0, ROWS)[:, None]
    with pytest.raises(AmbiguousError, match="parts of a whole, or logits") as caught:
        xentcli.score(frame(labels, scores))
    assert "--normalize" in (caught.value.help or "")
    assert "--scale logits" in (caught.value.help or "")
    named = xentcli.score(frame(labels, scores, prefix="logit_"))
    assert named.score.task.scale == "logits"


@pytest.mark.parametrize("form", ["columns", "list", "arrays"])
@pytest.mark.parametrize("options", [{}, {"scale": "probabilities"}])
def test_normalize_divides_each_row_by_its_total(form, options):
    labels, counts = votes()
    data = {
        "columns": frame(labels, counts),
        "list": pa.table({"label": labels, "scores": list(counts)}),
        "arrays": (labels, counts),
    }[form]
    if not options:
        with pytest.raises(AmbiguousError):
            xentcli.score(data)
    found = xentcli.score(data, normalize=True, **options).score
    p = counts / counts.sum(axis=1, keepdims=True)
    clipped = np.clip(p, 2.0**-52, 1.0 - 2.0**-52)
    assert found.task.scale == "probabilities"
    assert found.loss.value == pytest.approx(cross_entropy(labels, clipped), rel=1e-12)
    assert found.accuracy.value == np.mean(p.argmax(axis=1) == labels)
    assert found.loss.renormalised == ROWS
    assert found.metrics["brier"] == pytest.approx(np.square(p - np.eye(3)[labels]).sum(axis=1).mean(), rel=1e-12)


def test_the_reason_says_what_was_divided_by():
    labels, p = shares()
    found = xentcli.score(frame(labels, 100.0 * p), normalize=True).score
    assert "scores: probabilities (each row is divided by its total, 100: --normalize)" in found.task.reasons
    assert found.loss.value == pytest.approx(cross_entropy(labels, p), rel=1e-9)


def test_many_classes_are_divided_as_few_are():
    labels, p = shares(classes=250)
    found = xentcli.score((labels, 1000.0 * p), normalize=True).score
    assert found.loss.value == pytest.approx(cross_entropy(labels, p), rel=1e-12)


def test_one_row_shows_the_scores_of_the_file_and_their_total():
    labels, p = shares()
    found = xentcli.score(frame(labels, 3.0 * p), normalize=True, row=5).row
    assert found.divisor == pytest.approx(3.0)
    assert [one.score for one in found.steps] == (3.0 * p[4]).tolist()
    assert found.loss == pytest.approx(-np.log(p[4, labels[4]]))


def test_a_threshold_is_one_of_the_divided_scores():
    scores = np.array([[3.0, 7.0], [29.0, 71.0], [5.0, 3.0], [9.0, 1.0]])
    found = xentcli.score(frame([1, 1, 0, 0], scores, "ab"), normalize=True, threshold=0.7, positive="b").score
    assert found.accuracy.value == 0.75
    assert found.accuracy.ties == 1


def test_given_logits_are_logits():
    labels, p = shares()
    found = xentcli.score(frame(labels, 3.0 * p), scale="logits").score
    z = 3.0 * p
    assert found.loss.value == pytest.approx(cross_entropy(labels, np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)))


def test_logits_need_no_option():
    labels, p = shares()
    found = xentcli.score(frame(labels, 4.0 * np.log(p) + 5.0)).score
    assert found.task.scale == "logits"


def test_negative_rows_among_votes_are_told_and_are_bad_once_divided():
    labels, p = shares(rows=400)
    scores = 100.0 * p
    scores[7, 0] = -1.0
    with pytest.raises(AmbiguousError) as caught:
        xentcli.score(frame(labels, scores))
    assert "1 row holds a negative score" in caught.value.details[0]
    with pytest.raises(BadRowsError, match="row 8"):
        xentcli.score(frame(labels, scores), normalize=True)


def test_rows_above_1_among_probabilities_are_no_parts_of_a_whole():
    labels, p = shares(rows=40)
    p[:8] *= 3.0
    with pytest.raises(AmbiguousError, match="the other rows sum to 1") as caught:
        xentcli.score(frame(labels, p), normalize=True)
    assert "--scale probabilities" in (caught.value.help or "")


@pytest.mark.parametrize("name", ["score", "prob"])
def test_a_single_column_above_1_is_refused_with_both_readings(name):
    data = pd.DataFrame({"label": [1, 0] * 20, name: [97.3, 12.0] * 20})
    with pytest.raises(AmbiguousError, match=r"up to 97\.3: per cents, or logits") as caught:
        xentcli.score(data)
    assert "--scale logits" in (caught.value.help or "")
    assert "divide per cents by 100" in (caught.value.help or "")
    assert xentcli.score(data, scale="logits").score.task.scale == "logits"


def test_a_single_column_that_is_called_logits_is_logits():
    data = pd.DataFrame({"label": [1, 0] * 20, "logit": [3.0, 0.5] * 20})
    assert xentcli.score(data).score.task.scale == "logits"


def test_scores_per_label_above_1_are_refused_with_both_readings():
    rng = np.random.default_rng(3)
    hot, scores = rng.integers(0, 2, (40, 4)), rng.uniform(0.0, 100.0, (40, 4))
    for normalize in (False, True):
        with pytest.raises(AmbiguousError, match="per cents, or logits of which none is negative"):
            xentcli.score((hot, scores), normalize=normalize)
    assert xentcli.score((hot, scores - 50.0)).score.task.scale == "logits"


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2.0, 3.0, 7.5, 100.0]), st.permutations(range(4)), st.data())
def test_order_cuts_and_threads_change_no_total(tmp_path_factory, seed, factor, order, data):
    labels, p = shares(seed, classes=4, rows=60)
    rows = np.random.default_rng(seed).permutation(60)
    scores, names = factor * p.astype(data.draw(st.sampled_from([np.float32, np.float64]))), "abcd"
    whole = frame(labels, scores, names)
    mixed = whole.iloc[rows][["label", *(names[at] for at in order)]]
    path = tmp_path_factory.mktemp("cuts") / "p.parquet"
    pq.write_table(
        pa.Table.from_pandas(mixed, preserve_index=False), path, row_group_size=data.draw(st.integers(1, 60))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", data.draw(st.sampled_from([64, 999, 1 << 22])))
        jobs = data.draw(st.integers(1, 3))
        said = []
        for one in (whole, path):
            with pytest.raises(AmbiguousError) as caught:
                xentcli.score(one, jobs=jobs)
            said.append((caught.value.message, caught.value.help))
        assert said[0] == said[1]
        first, second = (xentcli.score(one, normalize=True, jobs=jobs).score for one in (whole, path))
    assert first.loss.value == pytest.approx(second.loss.value, rel=1e-12)
    assert first.accuracy.correct == second.accuracy.correct
