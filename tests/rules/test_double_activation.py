"""XE206: a second activation is told whatever the scores were rounded to and however sure the model is."""

import sys

import numpy as np
import pandas as pd
import pytest
from mistakes import sigmoid, skilled, softmax, wide

import xentcli

SIZES = (50, 500, 5000)


def codes(truth, scores):
    return {one.code: one for one in xentcli.score(wide(truth, scores)).findings}


def rounded(scores, how):
    return scores if how is None else scores.astype(how) if isinstance(how, type) else np.round(scores, how)


def bfloat16(scores):
    bits = scores.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


@pytest.mark.parametrize("rows", SIZES)
@pytest.mark.parametrize(
    ("classes", "how"),
    [(2, 3), (10, 3), (12, 4), (20, 4), (50, 4), (50, 5), (100, 5), (200, 6), (50, np.float16), (100, np.float16)],
)
def test_a_second_softmax_is_told_from_rounded_scores(classes, how, rows):
    truth, logits = skilled(classes, rows=rows, skill=6.0)
    assert "XE206" in codes(truth, rounded(softmax(softmax(logits)), how))
    assert "XE206" not in codes(truth, rounded(softmax(logits), how))


def test_a_second_activation_is_told_from_bfloat16():
    truth, logits = skilled(10)
    assert "XE206" in codes(truth, bfloat16(softmax(softmax(logits))))
    assert "XE206" not in codes(truth, bfloat16(softmax(logits)))


@pytest.mark.parametrize("rows", SIZES)
@pytest.mark.parametrize(("classes", "scale"), [(2, 3.0), (3, 10.0), (10, 3.0), (10, 10.0)])
def test_a_second_softmax_of_a_model_that_is_too_sure_is_told_though_it_lowers_the_loss(classes, scale, rows):
    truth, logits = skilled(classes, rows=rows, skill=1.0)
    found = codes(truth, softmax(softmax(scale * logits)))["XE206"]
    assert "(higher, for the model is too sure where it is wrong)" in found.message


def test_a_second_sigmoid_of_a_model_that_is_too_sure_is_told():
    truth, logits = skilled(2, rows=500, skill=0.5)
    assert "XE206" in codes(truth, sigmoid(sigmoid(4.0 * (logits[:, 1] - logits[:, 0]))))


@pytest.mark.parametrize("place", [0.2690, 0.2700, 0.2750])
def test_leaves_of_a_tree_that_stand_at_the_wall_are_no_double_activation(place):
    rng = np.random.default_rng(4)
    leaves = np.array([place, 0.45, 0.6, 1.0 - place - 1e-9])
    chances = leaves[rng.choice(4, 2000, p=[0.6, 0.1, 0.1, 0.2])]
    truth = (rng.random(2000) < chances).astype(int)
    assert "XE206" not in codes(truth, np.column_stack((1.0 - chances, chances)))


def test_a_queue_of_scores_above_one_half_is_no_double_sigmoid():
    for seed, scale in enumerate((0.005, 0.02, 0.1, 0.3)):
        rng = np.random.default_rng(seed)
        chances = sigmoid(np.abs(rng.normal(size=3000)) * scale)
        assert "XE206" not in codes((rng.random(3000) < chances).astype(int), chances)


def honest(seed):
    """Return labels and scores that lie where a second activation would put them, and are what they seem."""
    rng = np.random.default_rng(seed)
    rows, classes = int(rng.choice([30, 50, 200, 500, 2000])), int(rng.choice([2, 3, 5, 10, 12, 50, 100]))
    logits = rng.normal(size=(rows, classes))
    kind = ("weak", "shy", "smooth", "leaves")[seed % 4]
    if kind == "leaves":
        logits = logits[rng.integers(0, min(rows, 12), rows)]
    scale = rng.uniform(0.5, 4.0) if kind == "smooth" else rng.choice([0.02, 0.05, 0.1, 0.2, 0.3])
    scores = softmax(logits * scale)
    chances = softmax(logits * scale * rng.choice([2, 3, 5, 10])) if kind == "shy" else scores
    if kind == "smooth":
        left = rng.uniform(0.2, 0.8)
        scores = (1.0 - left) * scores + left / classes
    truth = np.minimum((chances.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1), classes - 1)
    return truth, rounded(scores, (None, 3, 4, 5, np.float16)[rng.integers(5)])


def false_alarms(draws):
    return [seed for seed in range(draws) if "XE206" in codes(*honest(seed))]


def test_honest_scores_within_the_range_are_no_double_activation():
    assert false_alarms(60) == []


@pytest.mark.simulation
def test_many_honest_scores_within_the_range_are_no_double_activation(capsys):
    found = false_alarms(1000)
    with capsys.disabled():
        print(f"\nXE206: {len(found)} of 1000 honest draws", file=sys.stderr)  # noqa: T201
    assert found == []


def test_the_finding_is_the_same_for_any_cut(tmp_path):
    truth, logits = skilled(12, rows=900)
    frame = wide(truth, np.round(softmax(softmax(logits)), 4))
    whole = {one.code: one.message for one in xentcli.score(frame).findings}
    for cut in (1, 20, 450):
        folder = tmp_path / str(cut)
        folder.mkdir()
        for at, part in enumerate((frame[:cut], frame[cut:])):
            part.to_csv(folder / f"{at}.csv", index=False)
        found = {one.code: one.message for one in xentcli.score(str(folder / "*.csv")).findings}
        assert found["XE206"] == whole["XE206"]


def test_pandas_frames_of_float16_are_read_as_they_are():
    truth, logits = skilled(50, rows=300, skill=6.0)
    scores = pd.DataFrame(softmax(softmax(logits)).astype(np.float16)).add_prefix("p_")
    assert "XE206" in {one.code for one in xentcli.score(scores.assign(label=truth)).findings}
