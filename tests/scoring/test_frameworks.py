"""What frameworks would report equals what they returned: every recorded call that the table has an entry for.

Float32 results within 1e-6, float64 within 1e-12 (where weights are float32 inside: 1e-6). Not in the table, so not
compared: losses by function (a list of rows) and sums, the TensorFlow softmax after the clip (sparse losses of Keras
2 and tf_keras), Keras 3 losses under `dtype='float64'`, metric objects with weights, scikit-learn 1.2 - 1.4, its
one-hot form and its `>=` decisions, KL divergences, soft labels, ignored labels, and rows that are refused.
"""

import importlib.util
import json
import lzma
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.api import scoring as api
from xentcli.scoring.frameworks import view
from xentcli.tally import multilabel, tally
from xentcli.tally.frameworks.sums import FrameworkSums


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HERE = Path(__file__).parent
golden = load("golden_cases", HERE.parent / "golden_cases.py")
records = load("framework_records", HERE / "framework_records.py")

LEFT_OUT = {"nan", "ignore_index", "negative_weight"}


@cache
def documents():
    with lzma.open(golden.PATH) as file:
        return {one["id"]: one for one in json.load(file)["cases"]}


def chosen():
    return [
        case for case in golden.cases()
        if case.hard and case.task != "kl" and not case.tags & LEFT_OUT
        and not any(tag.startswith("out_of_range") for tag in case.tags)
    ]  # fmt: skip


def class_weights(case):
    found = documents()[case.id]["inputs"].get("class_weight")
    if isinstance(found, dict):
        found = [found[name] for name in sorted(found, key=int)]
    return None if found is None else [float(one) for one in found]


def reported(case, monkeypatch):
    """Return the table of a case, with its class weights, smoothing and focal exponent."""
    options = documents()[case.id]["options"]
    softer = (options.get("label_smoothing") or 0.0, options.get("focal_gamma") or 0.0)
    held = []
    real = api.view_score
    monkeypatch.setattr(
        api, "view_score", lambda tally, *rest, **more: held.append(tally) or real(tally, *rest, **more)
    )
    for module in (tally, multilabel):
        monkeypatch.setattr(module, "FrameworkSums", lambda size, *_: FrameworkSums(size, *softer))
    score = golden.scored(case)
    weights = class_weights(case)
    if weights is None:
        return score.frameworks
    return view.single(held[-1], score.loss.value, score.accuracy.value, class_weights=weights)


def pairs(case, table):
    """Yield (record, what, their value, our value, tolerance)."""
    weighted = case.weights is not None or class_weights(case) is not None
    for record in case.results:
        wanted = records.wanted(case.task, record, case.threshold)
        if wanted is None or isinstance(record.get("value", []), list):
            continue
        if weighted and record["fn"].startswith("losses.") and record["fn"].endswith("_mean"):
            continue
        entry = records.entry_of(table, record, wanted[0])
        if entry is None:
            continue
        kind, value = wanted[1], record["value"]
        close = records.tolerance(record, weighted=weighted)
        if isinstance(value, dict):
            yield record, "loss", records.number(value["loss"]), entry.loss, close
            if kind is None:
                yield record, "accuracy", records.number(value["accuracy"]), entry.accuracy, close
        elif kind == records.ERROR:
            yield record, kind, 1.0 - records.number(value), entry.accuracy, close
        else:
            yield record, kind, records.number(value), getattr(entry, kind), close


@pytest.mark.parametrize("case", chosen(), ids=lambda case: case.id)
def test_every_entry_is_what_the_framework_returned(case, monkeypatch):
    for record, what, theirs, ours, close in pairs(case, reported(case, monkeypatch)):
        said = f"{record['framework']} {record['version']} {record['call']}: {what}"
        assert ours == (None if theirs is None else pytest.approx(theirs, rel=close, abs=close)), said


def test_no_record_is_left_out_in_silence(monkeypatch):
    compared, frameworks = Counter(), Counter()
    for case in chosen():
        with monkeypatch.context() as patch:
            for record, what, *_ in pairs(case, reported(case, patch)):
                compared[case.task, what] += 1
                frameworks[record["framework"]] += 1
    assert len(chosen()) == 144
    assert dict(compared) == {
        ("binary", "accuracy"): 621,
        ("binary", "error"): 108,
        ("binary", "loss"): 787,
        ("multiclass", "accuracy"): 1134,
        ("multiclass", "error"): 136,
        ("multiclass", "loss"): 1385,
        ("multilabel", "accuracy"): 267,
        ("multilabel", "error"): 22,
        ("multilabel", "loss"): 266,
    }
    assert set(frameworks) == {
        "keras", "tf.keras", "tf_keras", "torch", "torchmetrics", "scikit-learn", "optax", "xgboost", "lightgbm",
        "catboost",
    }  # fmt: skip


@pytest.mark.parametrize("case", chosen(), ids=lambda case: case.id)
def test_every_disagreement_has_a_reason_and_every_agreement_has_none(case, monkeypatch):
    for one in reported(case, monkeypatch):
        differs = one.loss_agrees is False or one.accuracy_agrees is False
        assert bool(one.because) == differs, one
        softer = case.tags & {"class_weight", "label_smoothing", "focal"}
        assert softer or "other rounding" not in (one.because or ""), one


def trap():
    return xentcli.score(HERE.parent.parent / "sample_data" / "preds_keras_trap.parquet").score


def entry(score, framework, version, start):
    found = [
        one for one in score.frameworks
        if (one.framework, one.version) == (framework, version) and (one.call or one.accuracy_call).startswith(start)
    ]  # fmt: skip
    assert len(found) == 1
    return found[0]


def test_the_keras_trap_stands_beside_the_truth():
    score = trap()
    old = entry(score, "keras", "2.3", "compile(loss='binary")
    new = entry(score, "keras", "3", "compile(loss='binary")
    assert (round(old.accuracy, 6), old.accuracy_agrees) == (0.990889, False)
    assert (round(score.accuracy.value, 6), new.accuracy, new.accuracy_agrees) == (
        0.951111, score.accuracy.value, True,
    )  # fmt: skip
    assert old.because == (
        "mean of 10 binary losses a row, most of them of easy zeros; counts 10 zeros and ones a row, not rows: all"
        " zeros earn 0.9"
    )


def probabilities(seed, rows, classes, dtype):
    random = np.random.default_rng(seed)
    scores = random.dirichlet(np.full(classes, 0.3), rows).astype(dtype)
    scores[random.random(rows) < 0.1] = np.eye(classes)[0]
    scores[random.random(rows) < 0.1] *= dtype(0.7)
    return random.integers(0, classes, rows), scores


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000), rows=st.integers(1, 60), classes=st.integers(2, 12),
    dtype=st.sampled_from([np.float32, np.float64]), data=st.data(),
)  # fmt: skip
def test_parts_in_any_order_give_the_same_bits(seed, rows, classes, dtype, data):
    labels, scores = probabilities(seed, rows, classes, dtype)
    weights = np.random.default_rng(seed).integers(0, 5, rows) / 3
    weights[0] = 1.0
    frame = pd.DataFrame({"y": labels, "p": list(scores), "w": weights})
    cuts = sorted(data.draw(st.lists(st.integers(0, rows), max_size=4)))
    pieces = [frame.iloc[start:stop] for start, stop in zip([0, *cuts], [*cuts, rows], strict=True)]
    order = data.draw(st.permutations(range(len(pieces))))
    again = pd.concat([pieces[at] for at in order], ignore_index=True)
    names = ",".join(str(at) for at in range(classes))
    whole, parts = (
        xentcli.score(one, label="y", scores="p", weight="w", classes=names, task=None).score.frameworks
        for one in (frame, again)
    )
    assert whole == parts


@pytest.mark.parametrize("classes", [3, 250])
def test_blocks_of_one_row_give_the_same_bits(classes, monkeypatch):
    labels, scores = probabilities(1, 40, classes, np.float32)
    whole = xentcli.score((labels, scores)).score.frameworks
    monkeypatch.setattr("xentcli.tally.blocks.BLOCK_BYTES", 1)
    assert xentcli.score((labels, scores)).score.frameworks == whole


def test_element_wise_loss_of_wide_rows_is_that_of_every_element():
    labels, scores = probabilities(2, 30, 333, np.float32)
    clipped = np.clip(scores.astype(np.float64), 1e-7, 1 - 2.0**-23)
    hot = np.eye(333)[labels]
    mean = -(hot * np.log(clipped) + (1 - hot) * np.log(1 - clipped)).mean()
    found = entry(xentcli.score((labels, scores)).score, "keras", "3", "compile(loss='binary")
    assert found.loss == pytest.approx(mean, abs=1e-6)


def scored(scores, labels, **options):
    return xentcli.score((np.array(labels), np.array(scores)), **options).score


def test_a_tie_at_the_top_is_wrong_to_lightgbm_alone():
    score = scored([[0.4, 0.4, 0.2], [0.1, 0.8, 0.1]], [0, 1])
    assert score.accuracy.value == 1.0
    found = entry(score, "lightgbm", "4", "metric='multi_logloss'")
    assert (found.accuracy, found.because) == (0.5, "counts 1 row tied at the top as wrong")
    wrong = [
        one.framework for one in score.frameworks if one.accuracy_agrees is False and "binary" not in str(one.call)
    ]
    assert wrong == ["lightgbm"]


def test_a_row_that_nobody_divides_is_divided_by_keras_and_log_softmax():
    score = scored([[0.2502, 0.2502, 0.5001], [0.1, 0.8, 0.1]], [0, 1])
    keras = entry(score, "keras", "3", "CategoricalCrossentropy()")
    assert keras.loss - score.loss.value == pytest.approx(np.log(1.0005) / 2, rel=1e-6)
    assert keras.because == "divides 1 row by a sum that is nearly 1"
    assert entry(score, "torch", "2", "NLLLoss").loss == score.loss.value


def test_a_row_that_the_headline_divides_is_left_as_it_is_by_scikit_learn():
    score = scored([[0.5, 0.5, 1.0], [0.1, 0.8, 0.1]], [0, 1])
    found = entry(score, "scikit-learn", "1.5 - 1.9", "log_loss")
    assert found.loss == pytest.approx((np.log(2) - np.log(0.8)) / 2, rel=1e-12)
    assert found.because == "leaves 1 row undivided that does not sum to 1"


def test_a_threshold_is_kept_by_those_who_take_one():
    score = scored([0.45, 0.7, 0.2, 0.48], [1, 1, 0, 1], threshold=0.4)
    assert score.accuracy.value == 1.0
    at_half = {one.framework for one in score.frameworks if one.accuracy == 0.5}
    assert at_half == {"keras", "tf.keras", "tf_keras", "lightgbm"}
    assert entry(score, "xgboost", "3", "eval_metric='logloss'").accuracy_call == "1 - error@0.4"


def test_weights_are_divided_by_rows_by_their_number_or_by_their_sum():
    frame = pd.DataFrame({"y": [0, 1, 1], "p": [[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]], "w": [1.0, 0.0, 3.0]})
    score = xentcli.score(frame, label="y", scores="p", weight="w", classes="0,1").score
    assert score.loss.value == pytest.approx(np.log(2))
    found = entry(score, "keras", "3", "CategoricalCrossentropy()")
    assert found.loss == pytest.approx(4 * np.log(2) / 3)
    assert "divides by 3 rows, not by the weights' sum, 4" in found.because
    oldest = entry(score, "keras", "1.2 - 2.2.5", "compile(loss='categorical")
    assert oldest.loss == pytest.approx(2 * np.log(2))
    torch = entry(score, "torch", "2", "NLLLoss")
    assert torch.loss == pytest.approx((2 * np.log(2) - np.log(0.8)) / 3)


def test_scikit_learn_counts_only_the_labels_that_a_row_has():
    score = scored([[0.9, 0.4], [0.2, 0.8]], [[1, 0], [1, 1]], task="multilabel")
    found = entry(score, "scikit-learn", "1.5 - 1.9", "log_loss")
    assert found.loss == pytest.approx(-(np.log(0.9) + np.log(0.2) + np.log(0.8)) / 2)
    assert found.loss_agrees is False
