"""Rules on finished numbers: each speaks on the mistake that it is for, with its numbers, and not on a near miss."""

import re
from itertools import permutations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import xentcli
from xentcli.rules.metrics.baselines import learning_cost
from xentcli.rules.metrics.calibration import log_chance
from xentcli.rules.pages import rule_page
from xentcli.rules.registry import RULES

PAGES = [one for one in RULES if one.code[:3] == "XE4" or one.code in {"XE202", "XE207", "XE209", "XE306"}]


def softmax(logits):
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1.0 / (1.0 + np.exp(-logits))


def drawn(p, seed=5):
    """Return a class for each row, drawn with the probabilities."""
    return (p.cumsum(axis=1) > np.random.default_rng(seed).random((len(p), 1))).argmax(axis=1)


def logits(rows=1000, classes=4, strength=2.0, seed=1):
    return np.random.default_rng(seed).normal(size=(rows, classes)) * strength


def frame(labels, scores, prefix="p_"):
    held = pd.DataFrame(scores, columns=[f"{prefix}{at}" for at in range(scores.shape[1])])
    held.insert(0, "label", labels)
    return held


def one_score(labels, scores):
    return pd.DataFrame({"label": labels, "p_1": scores})


def several(hot, scores):
    columns = {f"is_{at}": hot[:, at].astype(int) for at in range(hot.shape[1])}
    return pd.DataFrame(columns | {f"p_{at}": scores[:, at] for at in range(hot.shape[1])})


def spoken(data, **options):
    return {one.code: one for one in xentcli.score(data, **options).findings}


def message(data, code, **options):
    return spoken(data, **options)[code].message


def honest(**how):
    p = softmax(logits(**how))
    return drawn(p), p


# The pages


@pytest.mark.parametrize("rule", PAGES, ids=[one.code for one in PAGES])
def test_a_page_mends_the_mistake_in_each_framework_or_says_that_it_cannot_be_made(rule):
    mend = rule_page(rule.code).markdown.partition("**Mend it.**")[2].partition("```python")[0]
    assert [name for name in ("Keras", "PyTorch", "scikit-learn") if name not in mend] == []
    assert ">>> " in rule_page(rule.code).markdown


# Scores on the wrong scale, and at the ends of it


def test_log_probabilities_under_a_name_of_probabilities_are_a_warning():
    labels, p = honest()
    found = spoken(frame(labels, np.log(p), "prob_"))["XE202"]
    assert (found.level, found.count) == ("warning", 1000)
    assert "the scores of 1,000 rows are log-probabilities, though the columns are named like probabilities" in (
        found.message
    )
    assert "they were read as such, so the loss is minus the score of the true class" in found.message


def test_log_probabilities_under_a_name_of_logits_are_a_note():
    labels, p = honest()
    found = spoken(frame(labels, np.log(p), "logit_"))["XE202"]
    assert found.level == "note"
    assert "they went through a softmax, which leaves log-probabilities as they are" in found.message


def test_log_probabilities_without_a_name_are_a_note_and_by_their_name_nothing():
    labels, p = honest()
    assert spoken(frame(labels, np.log(p), "score_"))["XE202"].level == "note"
    assert "XE202" not in spoken(frame(labels, np.log(p), "log_prob_"))
    assert "XE202" not in spoken(frame(labels, np.log(p), "score_"), scale="log-probabilities")
    assert "XE202" not in spoken(frame(labels, np.log(p) + 1.0, "logit_"))


def test_a_sigmoid_in_float16_that_rules_out_what_happened_is_told_with_its_dtype():
    scores = np.random.default_rng(2).normal(size=2000) * 7
    labels = (np.random.default_rng(3).random(2000) < sigmoid(scores / 3)).astype(int)
    narrow = sigmoid(scores).astype(np.float16)
    wrong = np.flatnonzero((narrow == 1) & (labels == 0)) + 1
    table = pa.table({"label": labels, "p_1": pa.array(narrow)})
    found = spoken(table)["XE207"]
    assert len(wrong) > 3
    assert (found.level, found.count, found.rows) == ("warning", len(wrong), tuple(wrong[:10]))
    assert f"the true class was given the probability 0 in {len(wrong)} of 2,000 rows" in found.message
    assert "float16 may explain it: a sigmoid is exactly 1 from logit 8.4 on" in found.message
    assert "XE207" not in spoken(pa.table({"label": labels, "p_1": sigmoid(scores)}))


def test_a_softmax_in_float32_does_not_give_zeros():
    p = np.array([[0.0, 1.0, 0.0], [0.3, 0.3, 0.4]] * 20, dtype=np.float32)
    found = message(pa.table({"label": [0, 1] * 20} | {f"p_{at}": p[:, at] for at in range(3)}), "XE207")
    assert "the true class was given the probability 0 in 20 of 40 rows" in found
    assert "float32 does not explain it: a softmax gives 0 only 104 logits below the top" in found


def test_votes_of_exactly_one_for_what_happened_are_a_note():
    votes = np.array([[1.0, 0.0], [0.75, 0.25], [0.0, 1.0]] * 20)
    found = spoken(frame([0, 0, 1] * 20, votes))["XE207"]
    assert (found.level, found.count) == ("note", 40)
    assert "the true class was given the probability 1 in 40 of 60 rows" in found.message


def test_rows_of_several_labels_are_counted_once_however_many_scores_are_0():
    hot, p = np.array([[1, 1], [1, 0], [0, 1]] * 10), np.array([[0.0, 0.0], [0.9, 0.2], [0.1, 0.0]] * 10)
    found = spoken(several(hot, p))["XE207"]
    assert (found.level, found.count, found.rows[:4]) == ("warning", 20, (1, 3, 4, 6))


def surely_wrong(share):
    """Return honest rows of which the first ten give what happened that probability."""
    labels, p = honest()
    wrong, true = frame(labels, p), np.eye(4)[labels[:10]]
    wrong.loc[:9, [f"p_{at}" for at in range(4)]] = np.where(true == 1, share, (1.0 - share) / 3)
    return wrong


def test_a_loss_that_hangs_on_the_clip_is_told_with_both_clips():
    wrong = surely_wrong(0.0)
    wrong.loc[0, [f"p_{at}" for at in range(4)]] = surely_wrong(1e-9).loc[0, [f"p_{at}" for at in range(4)]]
    report = xentcli.score(wrong)
    speak = {one.code: one for one in report.findings}
    found = speak["XE406"]
    kept = [one.loss for one in report.score.frameworks if one.call == "CategoricalCrossentropy()"]
    assert (found.level, found.count, found.rows) == ("warning", 10, tuple(range(1, 11)))
    assert "in 10 of 1,000 rows (9 of them exactly 0), and" in found.message
    assert "XE207" not in speak
    assert f"{report.score.loss.value:.4g} at 2^-52, {kept[0]:.4g} at Keras' 1e-7" in found.message
    assert "infinite without a clip" in found.message
    gained = 9 * (52 * np.log(2) + np.log(1e-7)) + np.log(1e-7) - np.log(1e-9)
    assert report.score.loss.value - kept[0] == pytest.approx(gained / 1000, abs=1e-6)


def test_rows_of_exactly_0_are_spoken_of_once_with_what_each_clip_makes_of_them():
    for wrong in (surely_wrong(0.0), surely_wrong(0.0).astype({f"p_{at}": np.float32 for at in range(4)})):
        report = xentcli.score(wrong)
        speak = {one.code: one for one in report.findings}
        assert "XE406" not in speak
        kept = next(one.loss for one in report.score.frameworks if one.call == "CategoricalCrossentropy()")
        assert (
            f"makes that 36.04 each, and the mean loss {report.score.loss.value:.4g}, Keras' clip at 1e-7 {kept:.4g} ("
            in speak["XE207"].message
        )


def test_what_a_clipped_row_costs_is_not_said_where_smoothing_or_weights_come_on_top():
    for options in ({"label_smoothing": 0.1}, {"class_weights": {"0": 2.0, "1": 1.0, "2": 1.0, "3": 1.0}}):
        found = spoken(surely_wrong(0.0), **options)["XE207"]
        assert "36.04" not in found.message
        assert "the clip at 2^-52 makes the mean loss" in found.message


def test_one_row_in_many_does_not_decide():
    labels, p = honest(rows=8000)
    near = frame(labels, p)
    near.loc[0, [f"p_{at}" for at in range(4)]] = np.where(np.arange(4) == labels[0], 2e-8, (1 - 2e-8) / 3)
    assert "XE406" not in spoken(near)


def test_sigmoid_scores_of_exclusive_classes_have_two_losses():
    scores = logits()
    labels, p = drawn(softmax(scores)), sigmoid(scores)
    true = p[np.arange(1000), labels]
    undivided, divided = -np.log(true).mean(), -np.log(true / p.sum(axis=1)).mean()
    speak = spoken(frame(labels, p))
    off, found = np.flatnonzero(np.abs(p.sum(axis=1) - 1) > 1e-3) + 1, speak["XE407"]
    assert (found.level, found.count, found.rows) == ("note", len(off), tuple(off[:10]))
    assert f"the loss is {divided:.4g} with each row divided by its sum, and {undivided:.4g} with the scores as" in (
        found.message
    )
    assert speak["XE204"].level == "error"
    assert "XE407" not in spoken(frame(labels, p), normalize=True)
    assert "XE407" not in spoken(frame(labels, softmax(scores)))


def test_rows_below_keras_clip_are_named_even_where_none_is_0():
    labels, p = honest()
    faint = frame(labels, p)
    faint.loc[[3, 8], [f"p_{at}" for at in range(4)]] = np.where(np.eye(4)[labels[[3, 8]]] == 1, 1e-13, (1 - 1e-13) / 3)
    found = spoken(faint)
    assert (found["XE406"].count, found["XE406"].rows) == (2, (4, 9))
    assert "the true class was given less than 1e-7 in 2 of 1,000 rows" in found["XE406"].message
    assert "XE207" not in found


def test_no_clip_is_said_to_change_a_number_into_the_same():
    rng = np.random.default_rng(5)
    for zeros, faint in ((10, 0), (0, 10), (10, 10), (13, 0)):
        labels, p = honest(rows=200)
        rows = np.concatenate([np.zeros(zeros), np.full(faint, 1e-13)])
        p[: len(rows)] = np.where(np.eye(4)[labels[: len(rows)]] == 1, rows[:, None], (1.0 - rows[:, None]) / 3)
        for off in (1.0, rng.uniform(0.8, 1.0)):
            for one in xentcli.score(frame(labels, p * off)).score.frameworks:
                for was, now in re.findall(
                    r"cost (?:up to )?([0-9.]+) instead of (?:up to )?([0-9.]+)", one.because or ""
                ):
                    assert was != now


# Decisions that hang by a hair


@pytest.mark.parametrize("classes", [3, 12])
def test_where_all_classes_tie_in_all_rows_every_order_gives_the_share_of_its_first_class(classes):
    even = spoken(frame(np.arange(60 * classes) % classes, np.full((60 * classes, classes), 1 / classes)))["XE209"]
    assert f"every order of the columns gives accuracy {1 / classes:.4f}" in even.message
    assert even.level == "note"
    labels = np.concatenate([np.arange(classes), np.zeros(3 * classes, dtype=int)])
    uneven = spoken(frame(labels, np.full((4 * classes, classes), 1 / classes)))["XE209"]
    least, most = 1 / (4 * classes), (3 * classes + 1) / (4 * classes)
    assert f"accuracy is {least:.4f} in the worst order of the columns, {most:.4f} in the best" in uneven.message


def test_a_model_that_always_answers_alike_is_right_by_the_order_of_columns():
    labels = np.array([0, 0, 0, 1, 2] * 40)
    p = softmax(np.eye(3)[labels])
    p[:100] = 1 / 3
    found = spoken(frame(labels, p))["XE209"]
    assert (found.level, found.count, found.rows) == ("warning", 100, tuple(range(1, 11)))
    assert "in 100 of 200 rows several classes share the top score" in found.message
    assert "accuracy is 0.6000 in the worst order of the columns, 0.8000 in the best and 0.8000 in this one" in (
        found.message
    )


def test_the_worst_and_the_best_order_are_orders_that_can_be_tried():
    random = np.random.default_rng(8)
    p = softmax(np.round(random.normal(size=(300, 4)) * 1.5))
    data = frame(drawn(p), p)
    orders = [data[["label", *(f"p_{at}" for at in order)]] for order in permutations(range(4))]
    values = [xentcli.score(one).score.accuracy.value for one in orders]
    assert f"accuracy is {min(values):.4f} in the worst order of the columns, {max(values):.4f} in the best" in (
        message(data, "XE209")
    )


def test_where_every_order_earns_the_same_none_is_said_to_earn_more():
    p = np.full((3, 3), 1 / 3)
    assert "every order of the columns gives accuracy 0.3333" in message(frame([0, 1, 2], p), "XE209")


def test_with_many_classes_the_reach_of_orders_is_a_bound_and_said_to_be_one():
    p = np.full((11, 12), 1 / 11)
    p[:, 11] = 0.0
    found = message(frame(np.arange(11), p), "XE209")
    assert "in any order of the columns accuracy lies between 0.0000 and 1.0000, and is 0.0909 in this one" in found


def test_few_ties_are_a_note_and_no_ties_nothing():
    labels, p = honest()
    tied = p.copy()
    tied[4, :2] = tied[4].max()
    found = spoken(frame(labels, tied / tied.sum(axis=1, keepdims=True)))["XE209"]
    assert (found.level, found.count, found.rows) == ("note", 1, (5,))
    assert "XE209" not in spoken(frame(labels, p))


def test_scores_of_a_network_that_died_stand_on_the_threshold():
    labels = np.array([1, 1, 1, 0] * 100)
    scores = np.where(np.arange(400) < 200, 0.5, np.where(labels == 1, 0.9, 0.2))
    found = spoken(one_score(labels, scores))["XE411"]
    assert (found.level, found.count, found.rows) == ("warning", 200, tuple(range(1, 11)))
    assert "in 200 of 400 rows a probability is exactly 0.5, the threshold" in found.message
    assert "with >= accuracy is 0.8750 instead of 0.6250" in found.message


def test_as_many_of_both_sides_on_the_threshold_move_nothing():
    labels = np.array([1, 0] * 100)
    scores = np.where(np.arange(200) < 40, 0.5, np.where(labels == 1, 0.9, 0.2))
    found = spoken(one_score(labels, scores))["XE411"]
    assert found.level == "note"
    assert "with >= accuracy is 0.9000, too" in found.message
    assert "XE411" not in spoken(one_score(labels, scores), threshold=0.51)


def test_labels_on_the_threshold_are_counted_both_ways():
    hot = np.array([[1, 0], [1, 1], [0, 1], [0, 0]] * 50)
    scores = np.where(hot == 1, 0.9, 0.2)
    scores[:60, 0] = 0.5
    found = spoken(several(hot, scores))["XE411"]
    above = ((scores > 0.5) == hot).all(axis=1).mean()
    from_it = ((scores >= 0.5) == hot).all(axis=1).mean()
    assert (found.count, found.rows) == (60, tuple(range(1, 11)))
    assert (from_it, above) == (0.85, 0.85)
    assert "with >= subset accuracy is 0.8500, too" in found.message
    hot[:60, 0] = 1
    from_it, above = (((decided == hot).all(axis=1)).mean() for decided in (scores >= 0.5, scores > 0.5))
    found = spoken(several(hot, scores))["XE411"]
    assert f"with >= subset accuracy is {from_it:.4f} instead of {above:.4f}" in found.message


def test_what_a_tie_moves_is_weighed_where_rows_are():
    labels = np.array([1, 1, 1, 0] * 100)
    scores = np.where(np.arange(400) < 200, 0.5, np.where(labels == 1, 0.9, 0.2))
    weights = np.where(labels == 1, 1.0, 7.0)
    data = one_score(labels, scores).assign(w=weights)
    above, from_it = (np.average(decided == labels, weights=weights) for decided in (scores > 0.5, scores >= 0.5))
    assert f"with >= accuracy is {from_it:.4f} instead of {above:.4f}" in message(data, "XE411", weight="w")
    three = np.array([0, 0, 0, 1, 2] * 40)
    p = softmax(np.eye(3)[three])
    p[:100] = 1 / 3
    heavy = np.where(three == 1, 5.0, 1.0)
    low, high = ((np.where(np.arange(200) < 100, end, 1.0) * heavy).sum() / heavy.sum() for end in (0.0, 1.0))
    found = message(frame(three, p).assign(w=heavy), "XE209", weight="w")
    assert f"in any order of the columns accuracy lies between {low:.4f} and {high:.4f}" in found


def test_what_a_best_label_would_mend_is_weighed_where_rows_are():
    hot = np.array([[1, 0, 0], [0, 0, 0], [0, 1, 1], [0, 0, 1]] * 20)
    scores = np.where(hot == 1, 0.4, 0.1)
    scores[2::4] *= 2
    data = several(hot, scores).assign(w=np.array([4.0, 1.0, 1.0, 4.0] * 20))
    now, then = xentcli.score(data, weight="w"), xentcli.score(data, weight="w", at_least_one=True)
    found = {one.code: one for one in now.findings}["XE412"].message
    assert f"{then.score.accuracy.value:.4f} instead of {now.score.accuracy.value:.4f}" in found
    assert "40 would become right and 20 wrong" in found


def test_one_row_in_many_that_a_best_label_would_mend_is_passed_over():
    hot = np.array([[1, 0], [0, 1]] * 200)
    scores = np.where(hot == 1, 0.8, 0.1)
    scores[0] = [0.4, 0.1]
    assert "XE412" not in spoken(several(hot, scores), task="multilabel")


def test_labels_of_which_none_is_above_the_threshold_miss_their_best():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 5, 300)
    hot = np.eye(5, dtype=int)[labels]
    hot[0, :2] = 1
    p = softmax(hot * 1.0 + rng.normal(size=hot.shape) * 0.2)
    bare, best = ~(p > 0.5).any(axis=1), p.argmax(axis=1) == labels
    right = int((bare & best & (hot.sum(axis=1) == 1)).sum())
    report = xentcli.score(several(hot, p))
    found = {one.code: one for one in report.findings}["XE412"]
    assert (found.level, found.count) == ("note", int(bare.sum()))
    assert f"with its best label each, {right} would become right and 0 wrong" in found.message
    better = xentcli.score(several(hot, p), at_least_one=True)
    assert f"subset accuracy {better.score.accuracy.value:.4f} instead of {report.score.accuracy.value:.4f}" in (
        found.message
    )
    assert "XE412" not in {one.code for one in better.findings}


def test_rows_that_have_no_label_are_rightly_given_none():
    hot = np.array([[0, 0, 0]] * 80 + [[1, 0, 1]] * 20)
    assert "XE412" not in spoken(several(hot, np.where(hot == 1, 0.8, 0.2)))


# Numbers that go by the name of accuracy


def test_accuracy_by_element_is_told_where_it_flatters():
    labels, p = honest(classes=10, strength=3.0)
    elements = ((p > 0.5) == np.eye(10)[labels]).mean()
    right = (p.argmax(axis=1) == labels).mean()
    found = message(frame(labels, p), "XE401")
    assert f"accuracy would read {elements:.4f} instead of {right:.4f}" in found
    assert "9 of the 10 elements of a row are zeros, and saying only zeros earns 0.9000" in found
    certain = softmax(8.0 * np.eye(10)[labels])
    assert "XE401" not in spoken(frame(labels, certain))


def test_what_counting_by_element_adds_to_a_good_model_is_passed_over():
    labels = np.arange(4000) % 4
    guess = np.where(np.arange(4000) < 200, (labels + 1) % 4, labels)
    report = xentcli.score(frame(labels, softmax(8.0 * np.eye(4)[guess])))
    assert report.score.accuracy.value == 0.95
    assert "XE401" not in {one.code for one in report.findings}
    guess = np.where(np.arange(4000) < 400, (labels + 1) % 4, labels)
    assert "would read 0.9500 instead of 0.9000" in message(frame(labels, softmax(8.0 * np.eye(4)[guess])), "XE401")


def test_an_accuracy_by_element_is_said_to_know_no_row_weights():
    labels, p = honest(classes=10, strength=3.0)
    data = frame(labels, p).assign(w=np.where(labels == 0, 2.0, 1.0))
    assert "(it counts rows without their weights)" in message(data, "XE401", weight="w")


def test_the_arg_max_of_several_labels_is_told_where_it_misleads():
    rng = np.random.default_rng(6)
    p = rng.uniform(size=(600, 4)) ** 0.5
    hot = rng.random((600, 4)) < p
    arg = (p.argmax(axis=1) == hot.argmax(axis=1)).mean()
    subset, hamming = ((p > 0.5) == hot).all(axis=1).mean(), ((p > 0.5) == hot).mean()
    found = message(several(hot, p), "XE402")
    assert f"it would read {arg:.4f}, while all labels are right in {subset:.4f} of the rows" in found
    assert f"and {hamming:.4f} of all single labels" in found
    alone = np.eye(4, dtype=int)[rng.integers(0, 4, 300)]
    assert "XE402" not in spoken(several(alone, np.where(alone == 1, 0.9, 0.1)), task="multilabel")


def test_the_mean_recall_of_unequal_classes_is_not_the_accuracy():
    labels = np.array([0] * 900 + [1] * 50 + [2] * 50)
    guess = np.where(labels == 1, 0, labels)
    found = message(frame(labels, softmax(4.0 * np.eye(3)[guess])), "XE403")
    assert "the mean recall of the classes is 0.6667, the share of right rows 0.9500" in found
    assert "the recall of '1' is 0.0000 (50 rows)" in found
    assert "XE403" not in spoken(frame(*honest()))


def test_classes_without_rows_that_pull_the_mean_recall_down_are_counted():
    labels, p = honest(classes=5)
    kept = labels < 3
    assert "2 classes that have no row but are predicted count as 0 in it" in message(
        frame(labels[kept], p[kept]), "XE403"
    )


def test_classes_that_never_occur_are_named():
    labels, p = honest(classes=5)
    kept = labels < 3
    report = xentcli.score(frame(labels[kept], p[kept]))
    found = {one.code: one for one in report.findings}["XE306"]
    assert (found.level, found.count, found.columns) == ("note", 2, ("3", "4"))
    assert "2 of 5 classes without a row ('3', '4')" in found.message
    assert "2 of them predicted all the same, which macro F1 counts as 0" in found.message
    assert "XE306" not in spoken(frame(labels, p))


# What a number is worth


def test_labels_out_of_step_make_a_model_that_the_majority_beats():
    rng = np.random.default_rng(7)
    labels = (rng.random(600) < 0.3).astype(int)
    scores = np.where(labels == 1, 0.8, 0.2)
    found = spoken(one_score(rng.permutation(labels), scores))
    assert found["XE404"].level == "warning"
    assert "does not beat" in found["XE404"].message
    assert f"{1 - labels.mean():.4f}, what answering '0' every time earns" in found["XE404"].message
    assert found["XE405"].level == "warning"
    assert not {"XE404", "XE405"} & set(spoken(one_score(labels, scores)))


def test_an_honest_model_of_rare_events_is_a_note():
    rng = np.random.default_rng(8)
    p = sigmoid(rng.normal(size=6000) * 1.5 - 5)
    labels = (rng.random(6000) < p).astype(int)
    found = spoken(one_score(labels, np.minimum(p, 0.5 - 1e-9)))
    assert found["XE404"].level == "note"
    assert "is just" in found["XE404"].message
    assert "the scores know more than the decisions at this threshold show" in found["XE404"].message
    assert "XE405" not in found


def test_a_loss_worse_than_the_shares_is_told_with_both():
    labels, p = honest()
    turned = xentcli.score(frame(labels, p[:, ::-1]))
    found = {one.code: one for one in turned.findings}["XE405"]
    assert f"loss {turned.score.loss.value:.4g} [" in found.message
    assert f"is worse than {turned.score.loss.prior_loss:.4g}, what the label shares alone would cost" in found.message


def test_shares_that_were_fitted_to_few_rows_are_no_fair_rival():
    rng = np.random.default_rng(9)
    for _ in range(20):
        assert "XE405" not in spoken(frame(rng.integers(0, 20, 30), np.full((30, 20), 0.05) + rng.uniform(0, 1e-4)))


def test_many_classes_in_few_rows_do_not_silence_a_loss_that_is_worse_than_the_shares():
    raw = logits(rows=150, classes=500, strength=1.0)
    labels, p = drawn(softmax(raw)), softmax(raw)
    assert spoken(frame(labels, p[:, ::-1]))["XE405"].level == "warning"
    assert "XE405" not in spoken(frame(labels, p))
    for seed in range(10):
        guess = np.random.default_rng(seed)
        assert "XE405" not in spoken(frame(guess.integers(0, 500, 150), guess.dirichlet(np.full(500, 1e4), 150)))


def test_learning_the_shares_costs_what_predicting_each_row_by_those_before_it_does():
    rows = np.array([0, 2, 2, 0, 2, 1, 2, 2])
    seen = [(rows[:at] == rows[at]).sum() for at in range(8)]
    learned = -sum(np.log((own + 0.5) / (at + 1.5)) for at, own in enumerate(seen))
    counts = np.bincount(rows)
    assert learning_cost(counts.tolist()) == pytest.approx(learned + (counts * np.log(counts / 8)).sum(), rel=1e-12)


def test_the_majority_is_the_class_that_weighs_most():
    labels = np.array([0] * 60 + [1] * 40)
    data = one_score(np.random.default_rng(1).permutation(labels), np.full(100, 0.3)).assign(w=1.0)
    data["w"] = np.where(data["label"] == 1, 5.0, 1.0)
    assert "what answering '1' every time earns" in message(data, "XE404", weight="w")


def test_few_rows_are_told_with_how_many_would_do():
    labels, p = honest(rows=60)
    report = xentcli.score(frame(labels, p))
    low, high = report.score.accuracy.interval
    found = {one.code: one for one in report.findings}["XE410"]
    assert (
        f"from 60 rows accuracy {report.score.accuracy.value:.4f} is known only as [{low:.4f}, {high:.4f}]"
        in found.message
    )
    assert f"about {int(np.ceil(60 * ((high - low) / 0.1) ** 2))} rows narrow that to 0.1" in found.message
    assert "XE410" not in spoken(frame(*honest()))


def test_class_weights_have_two_denominators():
    labels, p = honest()
    report = xentcli.score(frame(labels, p), class_weights={"0": 3.0})
    total = 1000 + 2 * int((labels == 0).sum())
    found = {one.code: one for one in report.findings}["XE409"]
    ours = report.score.loss.value
    assert f"the weights of 1,000 rows sum to {total:,}" in found.message
    assert f"class weights give loss {ours:.4g} divided by that sum" in found.message
    assert f"and {ours * total / 1000:.4g} divided by the number of rows" in found.message
    assert "XE409" not in spoken(frame(labels, p), class_weights="balanced")


def test_row_weights_have_two_denominators_unless_their_mean_is_1():
    labels, p = honest()
    heavy = frame(labels, p).assign(w=2.0)
    assert "the weights of 1,000 rows sum to 2,000: the row weights give" in message(heavy, "XE409", weight="w")
    assert "XE409" not in spoken(heavy.assign(w=[0.5, 1.5] * 500), weight="w")


# Calibration


def test_an_overfitted_network_is_surer_than_right():
    raw = logits(rows=3000)
    labels = drawn(softmax(raw))
    sharp = softmax(2.0 * raw)
    found = spoken(frame(labels, sharp))["XE408"]
    wrong, promised = int((sharp.argmax(axis=1) != labels).sum()), (1 - sharp.max(axis=1)).sum()
    assert (found.level, found.count) == ("note", wrong)
    assert f"{wrong:,} of 3,000 rows turn out against them where they promise {promised:,.1f}" in found.message
    heat = float(found.message.partition("dividing the logits by ")[2].split()[0])
    assert heat == pytest.approx(2.0, abs=0.1)
    before, _, after = found.message.partition("the loss from ")[2].partition(" to ")
    assert before == f"{xentcli.score(frame(labels, sharp)).score.loss.value:.4g}"
    cost = -np.log(softmax(2.0 * raw / heat)[np.arange(3000), labels]).mean()
    assert float(after.split()[0]) == pytest.approx(cost, rel=1e-3)
    assert "then p = softmax(log(p) / T)" in found.help
    assert "XE408" not in spoken(frame(labels, softmax(raw)))


def test_underconfidence_is_another_matter():
    raw = logits(rows=3000)
    assert "XE408" not in spoken(frame(drawn(softmax(raw)), softmax(raw / 2)))


def test_a_binary_model_that_is_far_too_sure_is_a_warning():
    raw = np.random.default_rng(10).normal(size=3000)
    labels = (np.random.default_rng(11).random(3000) < sigmoid(raw)).astype(int)
    found = spoken(one_score(labels, sigmoid(8 * raw)))["XE408"]
    assert found.level == "warning"
    heat = float(found.message.partition("dividing the logits by ")[2].split()[0])
    assert heat == pytest.approx(8.0, abs=1.0)


def test_no_temperature_mends_scores_that_point_the_wrong_way():
    labels, p = honest()
    assert "no temperature mends that: they point the wrong way" in message(frame(labels, p[:, ::-1]), "XE408")


def test_weighted_rows_are_tested_for_calibration_without_their_weights():
    raw = logits(rows=3000)
    labels = drawn(softmax(raw))
    found = spoken(frame(labels, softmax(2.0 * raw)).assign(w=1.0), weight="w")["XE408"]
    assert "of 3,000 rows, without their weights, turn out against them" in found.message
    assert "would bring the plain loss from" in found.message
    assert "XE408" not in spoken(frame(labels, softmax(raw)).assign(w=1.0), weight="w")


def test_one_class_alone_has_no_majority_to_beat():
    assert "XE404" not in spoken(frame([0] * 50, np.array([[0.9, 0.1]] * 50)))


def test_the_bound_on_surprises_is_that_of_chernoff():
    seen = type("Bin", (), {"rows": 100, "promised": 0.1, "surprises": 30})
    exact = -100 * (0.3 * np.log(0.3 / 0.1) + 0.7 * np.log(0.7 / 0.9))
    assert log_chance([seen]) == pytest.approx(exact, rel=1e-9)
    assert log_chance([type("Bin", (), {"rows": 100, "promised": 0.3, "surprises": 30})]) == 0.0


# Several outputs, selection


def test_of_several_outputs_each_speaks_for_itself():
    first, p = honest(rows=400)
    data = pd.DataFrame({"color": first} | {f"color_{at}": p[:, at] for at in range(4)})
    data["shape"] = np.where(np.arange(400) % 2 == 0, "round", "flat")
    data["shape_round"] = np.where(np.arange(400) < 100, 0.5, np.where(data["shape"] == "round", 0.8, 0.2))
    data["shape_flat"] = 1 - data["shape_round"]
    found = spoken(data)
    assert found["XE411"].message.startswith("output shape: in 100 of 400 rows a probability is exactly 0.5")
