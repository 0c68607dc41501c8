"""Soft targets: labels that are probabilities are found, scored against formulas and frameworks, and never guessed."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.tally import blocks, losses

SPEC = importlib.util.spec_from_file_location("golden_cases", Path(__file__).parent / "golden_cases.py")
golden = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(golden)

NAMES = ("cat", "dog", "eel")
EPS = 2.0**-52


def softened(seed, count=40, classes=3):
    rng = np.random.default_rng(seed)
    q, p = rng.dirichlet([0.7] * classes, count), rng.dirichlet([1.0] * classes, count)
    return q, p


def frame(q, p, target="target_{}", score="p_{}"):
    columns = {target.format(name): q[:, at] for at, name in enumerate(NAMES)}
    return pd.DataFrame(columns | {score.format(name): p[:, at] for at, name in enumerate(NAMES)})


def entropy(q):
    return -np.sum(np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0), axis=-1)


@pytest.mark.parametrize(
    "target",
    ["target_{}", "y_true_{}", "share_{}", "target_prob_{}", "q_{}", "{}", "{}_target", "{}_share", "votes_{}"],
)
def test_target_columns_are_paired_with_scores_by_name(target):
    q, p = softened(1)
    score = xentcli.score(frame(q, p, target)).score
    assert (score.task.kind, score.task.encoding) == ("multiclass", "class-probabilities")
    assert score.task.classes == NAMES
    assert score.loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-14)


def test_the_columns_pair_by_name_in_any_order(tmp_path):
    q, p = softened(2)
    expected = xentcli.score(frame(q, p)).score.loss.value
    turned = frame(q, p)[["target_eel", "target_cat", "target_dog", "p_dog", "p_eel", "p_cat"]]
    assert xentcli.score(turned).score.loss.value == pytest.approx(expected, rel=1e-14)
    labels = [f"target_{name}" for name in ("dog", "cat", "eel")]
    assert xentcli.score(turned, label=labels, scores="p_").score.loss.value == pytest.approx(expected, rel=1e-14)
    turned[[name for name in turned if name.startswith("p_")]].to_parquet(tmp_path / "p.parquet")
    turned[labels].to_csv(tmp_path / "q.csv", index=False)
    joined = xentcli.score(tmp_path / "p.parquet", labels=tmp_path / "q.csv").score
    assert joined.loss.value == pytest.approx(expected, rel=1e-14)
    assert joined.task.encoding == "class-probabilities"


def test_columns_of_the_same_names_in_two_files_are_targets_and_scores(tmp_path):
    q, p = softened(21)
    pd.DataFrame(q, columns=NAMES).to_csv(tmp_path / "q.csv", index=False)
    pd.DataFrame(p[:, ::-1], columns=NAMES[::-1]).to_csv(tmp_path / "p.csv", index=False)
    score = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "q.csv").score
    assert score.loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-12)
    bare = frame(q, p, score="{}")
    labels = [f"target_{name}" for name in NAMES]
    assert xentcli.score(bare, label=labels).score.loss.value == pytest.approx(score.loss.value, rel=1e-12)


def test_every_format_gives_the_same_bits(tmp_path):
    q, p = softened(3)
    expected = xentcli.score(frame(q, p)).score.loss
    frame(q, p).to_parquet(tmp_path / "w.parquet")
    pq.write_table(pa.table({"y_true": q.tolist(), "y_pred": p.tolist()}), tmp_path / "l.parquet")
    frame(q, p).to_csv(tmp_path / "w.csv", index=False)
    rows = [{"targets": one.tolist(), "probs": two.tolist()} for one, two in zip(q, p, strict=True)]
    (tmp_path / "l.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    np.savez(tmp_path / "a.npz", y_true=q, y_pred=p)
    np.save(tmp_path / "p.npy", p)
    np.save(tmp_path / "q.npy", q)
    for name in ("w.parquet", "l.parquet", "w.csv", "l.jsonl", "a.npz"):
        assert xentcli.score(tmp_path / name).score.loss == expected, name
    assert xentcli.score(tmp_path / "p.npy", labels=tmp_path / "q.npy").score.loss == expected
    assert xentcli.score((q, p)).score.loss == expected


def test_target_columns_beside_a_list_name_its_classes():
    q, p = softened(22)
    table = pa.table({"probs": p.tolist()} | {f"target_{name}": q[:, at] for at, name in enumerate(NAMES)})
    score = xentcli.score(table).score
    assert score.task.classes == NAMES
    assert score.loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-12)


def test_options_name_the_columns():
    q, p = softened(4)
    table = pa.table({"a": q.tolist(), "b": p.tolist(), "c": [0.5] * len(q)})
    score = xentcli.score(table, label="a", scores="b", classes=NAMES, task="multiclass").score
    assert score.task.classes == NAMES
    assert score.loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-14)


def test_the_entropy_of_the_targets_is_the_floor_and_kl_divergence_the_rest():
    q, p = softened(5)
    loss = xentcli.score((q, p)).score.loss
    assert loss.name == "categorical_cross_entropy"
    assert loss.target_entropy == pytest.approx(entropy(q).mean(), rel=1e-13)
    assert loss.kl_divergence == pytest.approx((q * np.log(q / p)).sum(1).mean(), rel=1e-12)
    assert loss.prior_loss == pytest.approx(entropy(q.mean(0)), rel=1e-13)
    perfect = xentcli.score((q, q)).score.loss
    assert perfect.kl_divergence == pytest.approx(0.0, abs=1e-14)


def test_class_weights_weigh_the_floor_of_the_loss_as_they_weigh_the_loss():
    q, p = softened(5)
    weights = np.array([1.0, 5.0, 0.5])[q.argmax(1)]
    named = dict(zip("012", (1.0, 5.0, 0.5), strict=True))
    loss = xentcli.score((q, p), class_weights=named).score.loss
    assert loss.value == pytest.approx(np.average(-(q * np.log(p)).sum(1), weights=weights), rel=1e-12)
    assert loss.target_entropy == pytest.approx(np.average(entropy(q), weights=weights), rel=1e-12)
    assert xentcli.score((q, q), class_weights=named).score.loss.kl_divergence == pytest.approx(0.0, abs=1e-14)


def test_the_prior_of_a_focal_loss_is_the_focal_loss_of_the_mean_target():
    q, p = softened(5)
    loss = xentcli.score((q, p), focal_gamma=2.0).score.loss
    mean = q.mean(0)
    assert loss.prior_loss == pytest.approx((mean * (1 - mean) ** 2 * -np.log(mean)).sum(), rel=1e-12)
    assert loss.target_entropy is None
    assert loss.kl_divergence is None


def test_accuracy_ranks_and_brier_compare_with_the_most_probable_class():
    q, p = softened(6)
    score = xentcli.score((q, p)).score
    assert score.accuracy.value == (q.argmax(1) == p.argmax(1)).mean()
    assert score.metrics["brier"] == pytest.approx(((p - q) ** 2).sum(1).mean(), rel=1e-13)
    assert sum(one.support for one in score.per_class) == len(q)
    assert sum(one.count for one in score.calibration) == len(q)
    tied = xentcli.score((np.array([[0.5, 0.5, 0.0], [0.2, 0.4, 0.4]]), np.array([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])))
    assert [one.support for one in tied.score.per_class] == [1, 1, 0]


def test_targets_that_are_all_zero_or_one_are_hard_labels():
    p = softened(7, 4)[1]
    hot = np.eye(3)[[0, 1, 2, 1]]
    assert xentcli.score((hot, p)).score.task.encoding == "one-hot"
    assert xentcli.score((hot, p)).score.loss.target_entropy == 0.0


def test_logits_and_log_probabilities_agree_with_probabilities():
    q, p = softened(8, 60)
    expected = xentcli.score((q, p)).score.loss.value
    shifted = np.log(p) + np.random.default_rng(1).normal(size=(60, 1)) * 5
    logits = xentcli.score((q, shifted), scale="logits").score
    assert logits.loss.value == pytest.approx(expected, rel=1e-13)
    assert logits.loss.eps is None
    logs = xentcli.score((q, np.log(p))).score
    assert logs.task.scale == "log-probabilities"
    assert logs.loss.value == pytest.approx(expected, rel=1e-13)
    assert logs.metrics["brier"] == pytest.approx(((p - q) ** 2).sum(1).mean(), rel=1e-12)


def test_a_masked_class_costs_nothing_where_no_target_calls_for_it():
    q = np.array([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]])
    z = np.array([[1.0, 2.0, -np.inf], [1e4, 0.0, 1e4]])
    loss = xentcli.score((q, z), scale="logits").score.loss
    first = np.logaddexp(1.0, 2.0) - 1.5
    assert loss.value == pytest.approx((first + 0.25 * 1e4 + np.log(2)) / 2, rel=1e-13)
    q[0] = [0.4, 0.4, 0.2]
    report = xentcli.score((q, z), scale="logits", skip_bad_rows=True)
    assert report.score.rows.bad == 1


def test_zeros_and_ones_are_clipped_and_counted_where_targets_call_for_them():
    q = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
    p = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1e-20, 0.5, 0.5]])
    loss = xentcli.score((q, p)).score.loss
    expected = [-0.5 * np.log(EPS), 0.0, -0.2 * np.log(EPS) + 0.8 * np.log(2)]
    assert loss.value == pytest.approx(np.mean(expected), rel=1e-13)
    assert loss.clipped == 2
    assert loss.unclipped is None
    finite = xentcli.score((q[1:], p[1:])).score.loss
    assert finite.unclipped == pytest.approx((-0.2 * np.log(1e-20) + 0.8 * np.log(2)) / 2, rel=1e-13)


def test_scores_that_do_not_sum_to_one_are_divided():
    q, p = softened(9)
    loss = xentcli.score((q, p * 0.5)).score.loss
    assert loss.renormalised == len(q)
    assert loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-13)


def test_one_share_with_one_score_is_binary_soft():
    rng = np.random.default_rng(10)
    q, p = rng.random(50), rng.random(50)
    expected = -(q * np.log(p) + (1 - q) * np.log(1 - p)).mean()
    score = xentcli.score((q, p)).score
    assert (score.task.kind, score.task.encoding) == ("binary", "class-probabilities")
    assert (score.task.classes, score.task.positive) == (("0", "1"), "1")
    assert score.loss.value == pytest.approx(expected, rel=1e-14)
    assert score.metrics["brier"] == pytest.approx(((p - q) ** 2).mean(), rel=1e-13)
    named = xentcli.score(pd.DataFrame({"target_spam": q, "p_spam": p})).score
    assert (named.task.positive, named.task.classes) == ("spam", ("not spam", "spam"))
    assert named.loss.value == score.loss.value
    two = xentcli.score(pd.DataFrame({"target_a": 1 - q, "target_b": q, "p_a": 1 - p, "p_b": p})).score
    assert two.loss.value == pytest.approx(expected, rel=1e-14)
    share_of_two = xentcli.score(pd.DataFrame({"target": q, "p_a": 1 - p, "p_b": p})).score
    assert share_of_two.loss.value == pytest.approx(expected, rel=1e-14)
    assert "share of class b" in " ".join(share_of_two.task.reasons)


def test_the_logit_of_one_share_goes_through_log_sigmoid():
    rng = np.random.default_rng(11)
    q, z = rng.random(50), rng.normal(size=50) * 20
    score = xentcli.score(pd.DataFrame({"target": q, "logit": z})).score
    expected = (q * np.logaddexp(0, -z) + (1 - q) * np.logaddexp(0, z)).mean()
    assert score.loss.value == pytest.approx(expected, rel=1e-13)


def test_shares_of_text_files_are_told_from_their_first_rows(tmp_path):
    rng = np.random.default_rng(12)
    q, p = rng.random(30), rng.random(30)
    pd.DataFrame({"y": q, "p": p}).to_csv(tmp_path / "s.csv", index=False)
    score = xentcli.score(tmp_path / "s.csv").score
    assert score.loss.value == pytest.approx(-(q * np.log(p) + (1 - q) * np.log(1 - p)).mean(), rel=1e-13)


def test_votes_are_divided_by_their_total_and_said_so():
    rng = np.random.default_rng(13)
    votes, p = rng.multinomial(7, [0.2, 0.3, 0.5], 40), softened(13)[1]
    score = xentcli.score(frame(votes, p, "votes_{}")).score
    assert score.loss.value == pytest.approx(-(votes / 7 * np.log(p)).sum(1).mean(), rel=1e-13)
    assert any("7 votes, which are divided by their total" in reason for reason in score.task.reasons)


def test_rows_that_do_not_sum_to_one_are_shares_per_label():
    rng = np.random.default_rng(14)
    q, p = rng.random((40, 3)), rng.random((40, 3))
    score = xentcli.score(frame(q, p)).score
    element = -(q * np.log(p) + (1 - q) * np.log(1 - p))
    assert (score.task.kind, score.task.encoding) == ("multilabel", "label-probabilities")
    assert score.loss.value == pytest.approx(element.mean(), rel=1e-13)
    assert score.loss.sum_over_labels == pytest.approx(element.sum(1).mean(), rel=1e-13)
    assert score.loss.target_entropy == pytest.approx((entropy(q) + entropy(1 - q)).mean() / 3, rel=1e-12)
    mean = q.mean(0)
    assert score.loss.prior_loss == pytest.approx((entropy(mean) + entropy(1 - mean)) / 3, rel=1e-12)
    assert [one.support for one in score.per_label] == (q > 0.5).sum(0).tolist()
    assert any("share above 0.5" in reason for reason in score.task.reasons)
    logits = np.log(p) - np.log(1 - p)
    assert xentcli.score((q, logits)).score.loss.value == pytest.approx(element.mean(), rel=1e-12)


def test_clipped_shares_per_label_are_counted_by_element():
    q = np.array([[0.5, 0.2, 1.0], [0.1, 0.9, 0.4]])
    p = np.array([[1.0, 0.2, 1.0], [0.1, 1e-20, 0.4]])
    loss = xentcli.score((q, p)).score.loss
    assert loss.clipped == 2
    assert loss.unclipped is None
    assert loss.value == pytest.approx(
        np.mean([-0.5 * np.log(EPS), entropy(np.array([0.2, 0.8])), 0.0, entropy(np.array([0.1, 0.9])),
                 -0.9 * np.log(EPS), entropy(np.array([0.4, 0.6]))]), rel=1e-13,
    )  # fmt: skip


def test_the_kind_that_is_asked_for_decides():
    q, p = softened(15)
    labels = xentcli.score((q, p), task="multilabel").score
    assert labels.loss.value == pytest.approx(-(q * np.log(p) + (1 - q) * np.log(1 - p)).mean(), rel=1e-13)
    half = xentcli.score((q / 2, p), task="multiclass").score
    assert half.loss.value == pytest.approx(-(q * np.log(p)).sum(1).mean(), rel=1e-13)
    assert any("each is divided by its sum" in reason for reason in half.task.reasons)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([-0.1, 0.6, 0.5], "holds -0.1, not a target probability"),
        ([0.0, 0.0, 0.0], "holds targets that are no probabilities of the classes: 0.0, 0.0, 0.0"),
        ([np.nan, 0.5, 0.5], "holds nan, not a target probability"),
        ([0.6, 1.4, 0.0], "holds targets that are no probabilities of the classes: 0.6, 1.4, 0.0"),
    ],
)
def test_targets_that_are_no_probabilities_are_bad_rows(refused, bad, words):
    q, p = softened(16, 200)
    q[7] = bad
    columns = {f"target_{name}": pa.array(q[:, at]) for at, name in enumerate(NAMES)}
    table = pa.table(columns | {f"p_{name}": pa.array(p[:, at]) for at, name in enumerate(NAMES)})
    error = refused(xentcli.score, table)
    assert error.place.row == 8
    assert words in error.message
    report = xentcli.score(table, skip_bad_rows=True)
    assert (report.score.rows.bad, report.score.rows.scored) == (1, 199)
    assert "1 targets that are no probabilities" in report.findings[0].message
    assert report.findings[0].rows == (8,)


def test_a_share_of_one_class_outside_the_unit_is_a_bad_row(refused):
    q, p = np.random.default_rng(23).random((2, 200))
    q[4] = -0.5
    error = refused(xentcli.score, (q, p))
    assert (error.place.row, error.place.column) == (5, "y_true")
    assert xentcli.score((q, p), skip_bad_rows=True).score.rows.bad == 1


def test_an_empty_target_is_a_missing_label():
    q, p = softened(17)
    data = frame(q, p)
    data.loc[3, "target_dog"] = None
    rows = xentcli.score(data).score.rows
    assert (rows.read, rows.missing_label, rows.scored) == (40, 1, 39)
    lists = pa.table({"y_true": [None, *q[1:].tolist()], "y_pred": p.tolist()})
    assert xentcli.score(lists).score.rows.missing_label == 1


def test_weights_weigh_the_loss_and_its_floor():
    q, p = softened(18)
    w = np.random.default_rng(0).random(40)
    data = frame(q, p).assign(w=w)
    loss = xentcli.score(data, weight="w").score.loss
    rows = -(q * np.log(p)).sum(1)
    assert loss.value == pytest.approx((w * rows).sum() / w.sum(), rel=1e-13)
    assert loss.target_entropy == pytest.approx((w * entropy(q)).sum() / w.sum(), rel=1e-13)
    assert loss.prior_loss == pytest.approx(entropy((w[:, None] * q).sum(0) / w.sum()), rel=1e-12)


def test_a_price_beside_scores_is_no_soft_target(refused):
    rng = np.random.default_rng(19)
    p = rng.random(20)
    prices = pd.DataFrame({"price": rng.random(20) * 100, "p_cat": p, "p_dog": 1 - p})
    refused(xentcli.score, prices)
    cheap = pd.DataFrame({"price": rng.random(20), "p": p})
    refused(xentcli.score, cheap)
    beside = pd.DataFrame({"label": ["cat", "dog"] * 10, "price": rng.random(20), "p_cat": p, "p_dog": 1 - p})
    assert xentcli.score(beside).score.task.encoding == "class-names"


def test_numbers_that_are_neither_bits_nor_shares_are_refused(refused):
    p = softened(20)[1]
    measured = np.random.default_rng(20).normal(50, 20, (40, 3))
    assert "no target probabilities" in refused(xentcli.score, frame(measured, p)).message
    q = softened(20)[0]
    assert "takes two columns" in refused(xentcli.score, frame(q, p), task="binary").message


def test_fractions_that_are_class_names_stay_class_names():
    data = pd.DataFrame(
        {"label": [0.5, 1.5, 2.5], "p_0.5": [0.8, 0.1, 0.1], "p_1.5": [0.1, 0.8, 0.1], "p_2.5": [0.1, 0.1, 0.8]}
    )
    assert xentcli.score(data).score.accuracy.value == 1.0
    halves = pd.DataFrame(
        {"label": [0.25, 0.5, 0.75], "p_0.25": [0.8, 0.1, 0.1], "p_0.5": [0.1, 0.8, 0.1], "p_0.75": [0.1, 0.1, 0.8]}
    )
    assert xentcli.score(halves).score.accuracy.value == 1.0


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), st.sampled_from([2, 3, 11, 230]), st.integers(1, 50), st.integers(1, 7), st.integers(1, 9),
    st.sampled_from(["list", "wide"]), st.booleans(), st.booleans(), st.sampled_from([1, 64, 1 << 20]),
    st.sampled_from(["probabilities", "logits"]),
)  # fmt: skip
def test_any_cut_of_soft_targets_gives_the_same_bits(
    table, seed, classes, count, parts, batch, layout, weighted, labels, block_bytes, scale
):
    rng = np.random.default_rng(seed)
    q = rng.random((count, classes)) if labels else rng.dirichlet([0.5] * classes, count)
    p = rng.random((count, classes)).astype(np.float32)
    columns = {"w": pa.array(rng.random(count))}
    if layout == "list":
        columns |= {"y_true": pa.array(q.tolist()), "y_pred": pa.array(p.tolist(), type=pa.list_(pa.float32()))}
    else:
        columns |= {f"target_{at}": pa.array(q[:, at]) for at in range(classes)}
        columns |= {f"p_{at}": pa.array(p[:, at]) for at in range(classes)}
    options = {"weight": "w" if weighted else None, "scale": scale}
    options["task"] = "multilabel" if labels else "binary" if classes == 2 else "multiclass"
    whole = xentcli.score(table(columns), **options).to_dict()
    kept = blocks.BLOCK_BYTES
    try:
        blocks.BLOCK_BYTES = block_bytes
        cut = xentcli.score(table(columns, parts=parts, rows=batch), jobs=2, **options).to_dict()
    finally:
        blocks.BLOCK_BYTES = kept
    assert cut == whole


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([2, 5, 300]))
def test_soft_losses_of_hard_targets_are_the_hard_losses(seed, classes):
    rng = np.random.default_rng(seed)
    y, z = rng.integers(0, classes, 9), rng.normal(size=(9, classes)) * 3
    hot = np.eye(classes)[y]
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    assert losses.soft_cross_entropy(p.T, hot.T) == pytest.approx(-np.log(p[np.arange(9), y]), rel=1e-12)
    top, arg = z.max(1), z.argmax(1)
    others = losses.log_sum_exp_of_others(z.T, top, arg)
    hard = losses.softmax_cross_entropy_with_integer_labels(z[np.arange(9), y], top, others)
    assert losses.softmax_cross_entropy(z.T, hot.T, top, others) == pytest.approx(hard, rel=1e-12)
    bits = hot.astype(bool)
    assert losses.soft_sigmoid_binary_cross_entropy(z, hot) == pytest.approx(
        losses.sigmoid_binary_cross_entropy(z, bits), rel=1e-12
    )
    assert not losses.entropy_of_targets(hot.T).any()
    assert not losses.bernoulli_entropies(hot).any()


SOFT = [
    case for case in golden.cases()
    if not case.hard and not {"class_weight", "unnormalised", "unnormalised_labels"} & case.tags
]  # fmt: skip


def scored(case):
    single = case.y_pred.ndim == 1
    data = {"y_true": list(case.y_true), "y_pred": list(case.y_pred)}
    kinds = {"y_pred": case.dtype, "y_true": np.float64} if single else {}
    return xentcli.score(
        pd.DataFrame(data).astype(kinds),
        scale="logits" if case.prediction == "logit" else "probabilities",
        task="multiclass" if case.task == "kl" else case.task,
    ).score.loss


@pytest.mark.parametrize("case", SOFT, ids=lambda case: case.id)
def test_soft_losses_are_what_the_frameworks_return(case):
    loss = scored(case)
    tolerance = 1e-12 if case.dtype == "float64" else 1e-6
    if case.task == "kl":
        [value] = case.values("torchmetrics", None, "kl_divergence")
        if "kl_zero_both" in case.id and case.dtype == "float64":
            tolerance = 1e-7  # torchmetrics clips zeros at the epsilon of float32 there
        assert loss.kl_divergence == pytest.approx(value, rel=tolerance, abs=tolerance)
        return
    if "exact_zero" in case.tags:  # torch clips the logarithm at -100 there; the headline the probability at 2^-52
        q, p = case.y_true, case.y_pred.astype(np.float64)
        costs = -np.log(np.clip([p, 1 - p], EPS, 1 - EPS))
        assert loss.value == pytest.approx((q * costs[0] + (1 - q) * costs[1]).mean(), rel=1e-13)
        return
    name = {"binary": "BCEWithLogitsLoss", "multilabel": "BCELoss", "multiclass": "CrossEntropyLoss_of_log"}[case.task]
    [value] = case.values("torch", None, name)
    assert loss.value == pytest.approx(value, rel=tolerance, abs=tolerance)


def test_no_soft_case_is_left_out_in_silence():
    assert len(SOFT) == 14
    assert sum(not case.hard for case in golden.cases()) == 22
