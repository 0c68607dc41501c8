"""Scores that are too sure or not sure enough, with the temperature that mends them; priors that have moved."""

import re
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from mistakes_confidence import (
    HEATS,
    calibrated,
    class_frame,
    codes,
    hot_frame,
    label_frame,
    moved_frame,
    several,
    sigmoid,
    softmax,
)

import xentcli
from xentcli.rules.metrics.temperature import surprises, temperature
from xentcli.tally.traps.sample import SampledRows
from xentcli.terms import Kind, Scale

FIT = re.compile(
    r"dividing the logits by (\S+) \((\S+) to (\S+)( or more)? at 95 %\) would bring the (plain )?loss"
    r" from (\S+) to (\S+) and the calibration error from (\S+) to ([\d.]+)"
)


def plan_of(*, several=False):
    """Return what a temperature asks of a plan."""
    return SimpleNamespace(
        kind=Kind.MULTILABEL if several else Kind.MULTICLASS, scale=Scale.PROBABILITIES, positive=None
    )


def finding(frame, code, **options):
    return {one.code: one for one in xentcli.score(frame, **options).findings}[code]


@pytest.mark.parametrize("kind", ["binary", "logits", "classes", "labels"])
@pytest.mark.parametrize(("heat", "code"), HEATS.items())
def test_a_wrong_temperature_is_named_with_the_right_one(kind, heat, code):
    frame, right = hot_frame(kind, np.random.default_rng(3), 5000, heat)
    fit = FIT.search(finding(frame, code).message)
    low, high = float(fit[2]), float(fit[3])
    assert low < float(fit[1]) < high
    assert float(fit[1]) == pytest.approx(1.0 / heat, rel=0.12)
    report = xentcli.score(frame)
    assert float(fit[6]) == pytest.approx(report.score.loss.value, rel=1e-3)
    assert float(fit[7]) == pytest.approx(right, rel=0.02)
    assert float(fit[9]) < 0.5 * float(fit[8])


@pytest.mark.parametrize("kind", ["binary", "logits", "classes", "labels"])
def test_calibrated_scores_are_neither(kind):
    for draw in range(8):
        frame, _ = hot_frame(kind, np.random.default_rng([4, draw]), [50, 500, 5000][draw % 3], 1.0)
        assert not {"XE408", "XE414"} & set(codes(frame))


@pytest.mark.simulation
@pytest.mark.parametrize("kind", ["binary", "logits", "classes", "labels"])
@pytest.mark.parametrize("rows", [50, 500, 5000])
def test_calibrated_scores_are_neither_in_many_draws(kind, rows):
    wrong = [set(codes(hot_frame(kind, np.random.default_rng([5, rows, draw]), rows, 1.0)[0])) for draw in range(300)]
    assert not [found for found in wrong if {"XE408", "XE413", "XE414"} & found]


def test_a_temperature_that_gains_little_is_not_worth_a_word():
    frame, _ = hot_frame("classes", np.random.default_rng(6), 60_000, 1.05)
    assert not {"XE408", "XE414"} & set(codes(frame))


def test_a_temperature_of_a_fifth_is_a_warning():
    frame, _ = hot_frame("classes", np.random.default_rng(7), 5000, 0.2)
    assert codes(frame)["XE408"] == "warning"
    mild, _ = hot_frame("classes", np.random.default_rng(7), 5000, 0.5)
    assert codes(mild)["XE408"] == "note"


def test_the_interval_of_a_temperature_covers_the_true_one():
    rng, hits = np.random.default_rng(8), 0
    for _ in range(200):
        truth, logits = calibrated(rng, 400, 4)
        rows = SampledRows(np.arange(400, dtype=np.uint64), np.ascontiguousarray(softmax(2.0 * logits).T), truth)
        fit = temperature(rows, plan_of())
        hits += fit.low <= 2.0 <= fit.high
    assert hits >= 180


def test_more_rows_than_are_kept_are_sampled_and_it_says_so():
    frame, _ = hot_frame("classes", np.random.default_rng(9), 80_000, 0.5)
    said = finding(frame, "XE408").message
    fit = FIT.search(said)
    assert re.search(r", on a sample of [\d,]+ of 80,000 rows$", said)
    assert float(fit[1]) == pytest.approx(2.0, rel=0.05)


def test_a_sampled_temperature_is_the_same_for_any_order_and_cut(table):
    frame, _ = hot_frame("classes", np.random.default_rng(10), 70_000, 0.5)
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    shuffled = rows.take(np.random.default_rng(1).permutation(70_000))
    said = finding(rows, "XE408").message
    assert finding(shuffled, "XE408").message == said
    assert finding(table(rows, parts=7, rows=5000), "XE408", jobs=2).message == said


def test_surprises_of_rows_whose_labels_go_together_are_no_more_than_rows():
    held, logits = several(np.random.default_rng(11), 400, 1)
    same = np.ascontiguousarray(np.repeat(sigmoid(logits), 30, axis=1).T)
    rows = SampledRows(np.arange(400, dtype=np.uint64), same, np.repeat(held, 30, axis=1).T.astype(bool))
    assert abs(surprises(rows, plan_of(several=True)).standard_errors) < 4.0


def test_honest_labels_of_which_some_know_nothing_are_said_to_be_too_sure():
    held, logits = several(np.random.default_rng(12), 3000, 6)
    logits[:, 3] = 4.0 * np.random.default_rng(1).normal(size=3000)
    assert "XE408" in codes(label_frame(held, sigmoid(logits)))


@pytest.mark.parametrize("kind", ["binary", "classes", "labels"])
@pytest.mark.parametrize("rows", [500, 5000])
def test_a_prior_that_moved_is_named_with_the_shift_that_undoes_it(kind, rows):
    for draw in range(5):
        frame, shift, right = moved_frame(kind, np.random.default_rng([13, rows, draw]), rows)
        found = xentcli.score(frame).findings
        said = next(one for one in found if one.code == "XE413")
        assert said.level == "note"
        told = float(re.search(r"\(add (\S+) to its (log-odds|logit)\)", said.message)[1])
        assert told == pytest.approx(shift, abs=0.9 if rows == 500 else 0.3)
        before, after = re.search(r"loss from (\S+) to (\S+)", said.message).groups()
        assert float(before) == pytest.approx(xentcli.score(frame).score.loss.value, rel=1e-3)
        assert float(after) == pytest.approx(right, rel=0.05)
        assert not {"XE408", "XE414"} & {one.code for one in found}


def test_a_model_for_the_same_prior_is_no_such_case():
    frame, _, _ = moved_frame("binary", np.random.default_rng(14), 5000, shift=0.05)
    assert "XE413" not in codes(frame)


@pytest.mark.parametrize("heat", [0.2, 5.0])
@pytest.mark.parametrize("kind", ["binary", "classes"])
def test_a_wrong_temperature_is_no_prior_that_moved(kind, heat):
    assert "XE413" not in codes(hot_frame(kind, np.random.default_rng(15), 5000, heat)[0])


def test_mixed_up_columns_are_no_prior_that_moved():
    held, logits = several(np.random.default_rng(16), 3000, 5)
    assert "XE413" not in codes(label_frame(held, sigmoid(logits)[:, [1, 0, 2, 3, 4]]))
    truth, scores = calibrated(np.random.default_rng(17), 3000, 4)
    scores[:, 0] += 2.0
    assert "XE413" not in codes(class_frame(truth, softmax(scores)[:, [1, 0, 2, 3]]))


def test_masked_classes_do_not_disturb_the_fit():
    truth, logits = calibrated(np.random.default_rng(18), 4000, 5)
    masked = logits * 3.0
    masked[np.arange(4000), (truth + 2) % 5] = -np.inf
    scores = xentcli.score(class_frame(truth, masked, "logit"))
    assert {"XE408"} == {one.code for one in scores.findings if one.code in {"XE408", "XE413", "XE414"}}


def test_coarse_scores_of_many_rows_are_sampled_together_and_no_sample_is_believed_that_does_not_stand_for_all():
    rng = np.random.default_rng(19)
    chance = np.round(sigmoid(2.0 * rng.normal(size=150_000)), 1).clip(0.1, 0.9)
    truth = (rng.random(150_000) < chance).astype(int)
    frame = class_frame(truth, chance[:, None])
    assert not {"XE408", "XE413", "XE414"} & set(codes(frame.rename(columns={"p_0": "p_1"})))


def test_the_same_scores_in_every_row_are_another_matter():
    truth = (np.random.default_rng(20).random(2000) < 0.1).astype(int)
    assert "XE413" not in codes(class_frame(truth, np.full((2000, 1), 0.5)).rename(columns={"p_0": "p_1"}))


def test_a_class_that_all_scores_rule_out_is_not_shifted():
    sure, never = [-97.4, 0.0, -100.5], [-np.inf] * 3
    table = pa.table({"label": [0, 0, 2], "p_0": sure, "p_1": never, "p_2": [0.0, -200.0, 0.0]})
    with np.errstate(divide="raise", invalid="raise"):
        found = xentcli.score(table, scale="log-probabilities")
    assert "XE413" not in {one.code for one in found.findings}
