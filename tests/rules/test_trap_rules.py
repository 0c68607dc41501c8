"""Rules on traps: each speaks on the mistake it is for, is silent on its near miss, and on honest models."""

import numpy as np
import pandas as pd
import pytest
from mistakes import (
    BOTH,
    CHANCES,
    HELD,
    LOGITS,
    MARGIN,
    NAMES,
    SEVERAL,
    SLIPS,
    TRUTH,
    TWELVE,
    TWELVE_LOGITS,
    sigmoid,
    skilled,
    softmax,
    table,
    wide,
    with_rows_off,
)
from sklearn.ensemble import RandomForestClassifier

import xentcli
from xentcli.errors import BadRowsError
from xentcli.rules.scored_table import SCORE_RULES

OF_SCORES = {rule.code for rule in SCORE_RULES}
"""Of models that learned nothing XE304 says so, too, where they are sure of it."""

CODES = OF_SCORES | {"XE304"}


def with_rows_of_zeros(scores, rows):
    emptied = scores.copy()
    emptied[rows] = 0.0
    return TRUTH, emptied


def spoken(data, **options):
    return {one.code: one for one in xentcli.score(data, **options).findings if one.code in CODES}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_rule_speaks_on_its_slip_and_is_silent_on_a_near_miss(code):
    slip, near_miss = SLIPS[code]
    assert code in spoken(slip)
    assert code not in spoken(near_miss)


@pytest.mark.parametrize("code", sorted(CODES - {"XE203"}))
def test_one_mistake_is_told_once(code):
    assert set(spoken(SLIPS[code][0])) == {code}


def honest(seed):
    """Return what some honest model would have saved, and the options it is scored with."""
    rng = np.random.default_rng(seed)
    rows, classes = int(np.exp(rng.uniform(np.log(30), np.log(5000)))), int(rng.integers(2, 21))
    skill, heat = rng.choice([0.0, 0.3, 1.0, 2.0, 4.0]), rng.choice([0.5, 1.0, 1.0, 2.0, 20.0])
    kind = [np.float32, np.float64][seed % 2]
    form = ["probabilities", "logits", "rounded", "votes"][seed // 6 % 4]
    if seed % 3 == 0:
        truth = rng.choice(classes, rows, p=rng.dirichlet(np.full(classes, rng.choice([0.3, 1.0, 10.0]))))
        logits = rng.normal(size=(rows, classes)) + rng.normal(0, rng.choice([0.0, 0.5, 2.0]), classes)
        logits[np.arange(rows), truth] += skill
        if seed % 9 == 0:
            order = truth.argsort(kind="stable")
            truth, logits = truth[order], logits[order]
        scores = softmax(logits / heat)
        scores = scores / scores.sum(axis=1, keepdims=True)
        votes = np.array([rng.multinomial(50, row) / 50 for row in scores]) if form == "votes" else scores
    elif seed % 3 == 1:
        truth = (rng.random(rows) < rng.choice([0.1, 0.5, 0.9])).astype(int)
        truth[:2] = 0, 1
        logits = rng.normal(size=rows) + (2 * truth - 1) * skill / 2 + rng.normal(0, rng.choice([0.0, 0.5, 2.0]))
        scores = sigmoid(logits / heat)
        votes = rng.binomial(50, scores) / 50
    else:
        truth = (rng.random((rows, classes)) < rng.choice([0.1, 0.3, 0.5])).astype(int)
        truth[0], truth[1] = 1, 0
        logits = rng.normal(size=truth.shape) + (2 * truth - 1) * skill / 2
        scores = sigmoid(logits / heat)
        votes = rng.binomial(50, scores) / 50
    saved = {"probabilities": scores, "logits": logits / heat, "rounded": np.round(scores, 4), "votes": votes}[form]
    options = {"scale": "logits" if form == "logits" else "probabilities"}
    return (truth, saved.astype(kind)), options | ({"task": "multilabel"} if seed % 3 == 2 else {})


@pytest.mark.parametrize("seeds", [range(start, start + 25) for start in range(0, 200, 25)], ids=str)
def test_no_rule_warns_of_honest_models(seeds):
    for seed in seeds:
        data, options = honest(seed)
        said = spoken(data, **options).values()
        assert [one for one in said if one.level != "note" and one.code in OF_SCORES] == [], seed


def test_rounding_explains_sums():
    rng = np.random.default_rng(2)
    for scores in (CHANCES.astype(np.float32), np.round(CHANCES, 2), np.round(CHANCES, 3)):
        assert not {"XE203", "XE204"} & set(spoken((TRUTH, scores)))
    bits = (softmax(rng.normal(size=(2000, 10))).astype(np.float32).view(np.uint32) + 0x8000) & 0xFFFF0000
    assert "XE203" not in spoken((TRUTH, bits.view(np.float32)))


def test_rows_off_one_are_counted_and_named():
    found = spoken(with_rows_off(0.8))["XE203"]
    assert (found.level, found.count, found.rows[:2]) == ("warning", 30, (41, 42))
    assert "from 0.8 to 1" in found.message


def test_rows_of_zeros_are_scored_at_the_clip_and_said_to_be_no_distribution():
    report = xentcli.score(with_rows_of_zeros(CHANCES, [4, 7]))
    assert (report.score.rows.scored, report.score.loss.clipped) == (2000, 2)
    for options in ({}, {"normalize": True}):
        found = spoken(with_rows_of_zeros(CHANCES, [4, 7]), **options)["XE203"]
        assert found.message == (
            "2 of 2,000 rows hold probabilities that are all 0: no distribution, and no sum to divide by; whatever the"
            " label, it counts as given 2^-52, the least that the clip leaves"
        )
        assert (found.count, found.rows) == (2, (5, 8))
    assert "; but 2 of them, all 0, cannot be: " in spoken(with_rows_of_zeros(CHANCES * 0.9, [4, 7]))["XE203"].message
    assert "XE203" not in spoken((HELD, np.zeros(HELD.shape)), task="multilabel")


def test_accepted_sums_are_no_finding():
    assert not spoken(with_rows_off(0.8), normalize=True)
    assert not spoken((TRUTH, sigmoid(LOGITS)), normalize=True)


def test_independent_sigmoids_are_told_with_the_spread_of_their_sums():
    found = spoken((TRUTH, sigmoid(LOGITS)))["XE204"]
    sums = sigmoid(LOGITS).sum(axis=1)
    assert f"mean {sums.mean():.3g}, standard deviation {sums.std():.2g}" in found.message
    assert found.count == 2000


@pytest.mark.parametrize(("code", "classes"), [("XE203", 2), ("XE204", 4)])
def test_logits_that_lie_in_the_unit_by_chance_are_thought_of(code, classes):
    logits = np.random.default_rng(0).random((500, classes))
    data = (logits.argmax(axis=1), logits)
    found = spoken(data)[code]
    assert "if they are logits that happen to lie in [0, 1]: --scale logits" in found.help
    assert not spoken(data, scale="logits")


def test_rows_that_a_softmax_over_labels_cannot_get_right_are_counted():
    found, several = spoken((HELD, softmax(SEVERAL)))["XE205"], np.count_nonzero(HELD.sum(axis=1) > 1)
    assert f"rows with several labels ({several}) are never wholly right" in found.message


@pytest.mark.parametrize(
    ("twice", "once", "truth"),
    [
        (softmax(CHANCES), CHANCES, TRUTH),
        (np.round(softmax(CHANCES), 4), CHANCES, TRUTH),
        (softmax(CHANCES).astype(np.float32), CHANCES, TRUTH),
        (sigmoid(sigmoid(MARGIN)), sigmoid(MARGIN), BOTH),
        (softmax(np.column_stack((sigmoid(-MARGIN), sigmoid(MARGIN)))), sigmoid(MARGIN), BOTH),
        (sigmoid(sigmoid(SEVERAL)), sigmoid(SEVERAL), HELD),
    ],
    ids=["softmax", "four-decimals", "float32", "sigmoid", "two-columns", "labels"],
)
def test_a_double_activation_promises_what_the_file_would_have_scored(twice, once, truth):
    found = spoken((truth, twice))["XE206"]
    whole = xentcli.score((truth, once)).score
    now, then = found.message.split("loss ")[1].split(",")[0].split(" -> ")
    assert float(now) == pytest.approx(xentcli.score((truth, twice)).score.loss.value, rel=5e-4)
    assert float(then) == pytest.approx(whole.loss.value, abs=2e-3)
    if twice.ndim == 1:
        assert f"-> {whole.accuracy.value:.4f}" in found.message


def test_under_weights_the_numbers_of_another_reading_are_said_to_be_without_them():
    heavy = np.where(np.arange(2000) % 3, 1.0, 9.0)
    for code in ("XE206", "XE301", "XE304"):
        found = spoken(wide(*SLIPS[code][0]).assign(w=heavy), weight="w")[code]
        assert (
            "loss (plain, without weights)" if code == "XE206" else " (rows, without their weights)"
        ) in found.message
        assert (", accuracy" in found.message) is False


@pytest.mark.parametrize(
    ("truth", "once", "again"),
    [(TRUTH, CHANCES, softmax), (BOTH, sigmoid(MARGIN), sigmoid), (HELD, sigmoid(SEVERAL), sigmoid)],
    ids=["softmax", "sigmoid", "labels"],
)
def test_the_code_that_a_double_activation_names_mends_the_scores(truth, once, again):
    code = spoken((truth, again(once)))["XE206"].help.partition("a row each: ")[2]
    names = {"np": np, "s": again(once)}
    exec(code, names)  # noqa: S102  a person would paste it
    assert names["p"] == pytest.approx(once, abs=1e-9)


def test_an_honest_weak_model_that_could_be_sharpened_is_no_double_activation():
    truth, logits = skilled(2, rows=5000, skill=2.0)
    shy = softmax(logits * 0.1)
    assert shy.max() < np.e / (np.e + 1)
    assert "XE206" not in spoken((truth, shy))


def test_a_model_of_scikit_learn_that_saw_one_class_has_one_column_of_ones():
    sure = RandomForestClassifier(5).fit(LOGITS[:50], np.ones(50)).predict_proba(LOGITS)
    assert sure.shape == (2000, 1)
    found = spoken((BOTH, sure))["XE210"]
    assert f"accuracy {BOTH.mean():.4f} is the share of the positive class" in found.message


def test_hard_scores_cost_the_clip_a_miss():
    misses = np.count_nonzero(CHANCES.argmax(axis=1) != TRUTH)
    assert f"only counts the {misses} misses" in spoken(SLIPS["XE211"][0])["XE211"].message
    assert "XE211" in spoken((HELD, (SEVERAL > 0).astype(float)))


def test_coarse_scores_are_a_note_that_says_what_rounding_did():
    rounded = np.round(softmax(3.0 * LOGITS), 1)
    never = np.count_nonzero(rounded[np.arange(2000), TRUTH] == 0.0)
    found = spoken((TRUTH, rounded))["XE212"]
    assert never > 5
    assert found.level == "note"
    assert f"{never} of 2,000 rows give what happened 0 and cost 36.04 each" in found.message
    assert f", {never * 52 * np.log(2) / 2000:.3g} of the loss" in found.message
    for data, options in ((SLIPS["XE212"][0], {}), ((TRUTH, rounded), {"label_smoothing": 0.1})):
        assert "which moves the loss of such a row by 0.1" in spoken(data, **options)["XE212"].message


def test_constant_scores_are_told_of_logits_and_labels_too():
    assert "XE213" in spoken((TRUTH, np.repeat(5.0 * LOGITS[:1], 2000, axis=0)))
    assert "XE213" in spoken((HELD, np.full(HELD.shape, 0.3)))
    assert "XE213" not in spoken((TRUTH[:5], np.repeat(CHANCES[:1], 5, axis=0)))


def mended(found):
    return found.help.partition("--classes ")[2].partition(";")[0].partition(" (")[0]


@pytest.mark.parametrize("code", ["XE301", "XE302", "XE307"])
def test_the_flag_that_a_column_rule_names_gives_the_accuracy_it_promises(code):
    found = spoken(SLIPS[code][0])[code]
    again = xentcli.score(SLIPS[code][0], classes=mended(found))
    assert f"-> {again.score.accuracy.value:.4f}" in found.message
    assert code not in {one.code for one in again.findings}


def test_columns_that_carry_class_names_are_to_be_renamed():
    moved = CHANCES[:, [1, 0, *range(2, 10)]]
    found = spoken(table(NAMES[TRUTH], moved, [f"prob_{name}" for name in NAMES]))["XE301"]
    assert "prob_ant holds bee, prob_bee holds ant" in found.help
    assert found.count == 2
    flag = mended(spoken(table(NAMES[TRUTH], moved, [f"s_{at}" for at in range(10)]), scores="s_")["XE301"])
    assert flag.startswith("bee,ant,cat")


def test_names_sorted_as_texts_beside_columns_in_the_order_of_numbers_are_told():
    frame = table([f"c{at}" for at in TWELVE], softmax(TWELVE_LOGITS), [f"s_{at}" for at in range(12)])
    found = spoken(frame, scores="s_")["XE302"]
    assert mended(found) == ",".join(f"c{at}" for at in range(12))


def test_text_order_is_told_beyond_two_hundred_classes():
    truth, logits = skilled(210, rows=3000, skill=6.0)
    order = [int(name) for name in sorted(str(at) for at in range(210))]
    assert "XE302" in spoken((truth, softmax(logits)[:, order]))


def test_a_class_that_is_answered_too_often_is_no_other_order():
    truth, logits = skilled(4, skill=1.0)
    truth[truth == 3] = 0
    logits[:, 3] += 3.0
    assert "XE301" not in spoken((truth, softmax(logits)))


def test_a_model_that_always_says_one_class_is_no_other_order():
    truth = np.random.default_rng(0).choice(3, 2000, p=[0.1, 0.2, 0.7])
    scores = softmax(np.random.default_rng(1).normal(size=(2000, 3)) * 0.1 + [2.0, 0.0, 0.0])
    assert "XE301" not in spoken((truth, scores))


@pytest.mark.parametrize("scores", [sigmoid(-MARGIN), -MARGIN], ids=["probability", "logit"])
def test_a_flipped_positive_promises_the_loss_that_its_flag_gives(scores):
    found = spoken((BOTH, scores))["XE303"]
    assert found.help.startswith("--positive 0,")
    again = xentcli.score((BOTH, scores), positive="0").score
    now = xentcli.score((BOTH, scores)).score
    for old, new, form in (
        (now.metrics["roc_auc"], again.metrics["roc_auc"], ".4f"),
        (now.loss.value, again.loss.value, ".4g"),
        (now.accuracy.value, again.accuracy.value, ".4f"),
    ):
        assert f" {old:{form}} -> {new:{form}}" in found.message


def test_a_flipped_positive_promises_no_accuracy_where_a_score_stands_on_the_threshold():
    scores = sigmoid(-MARGIN)
    assert ", accuracy" not in spoken((BOTH, scores), threshold=0.4)["XE303"].message
    scores[7] = 0.5
    assert ", accuracy" not in spoken((BOTH, scores))["XE303"].message


@pytest.mark.parametrize("options", [{"label_smoothing": 0.1}, {"focal_gamma": 2.0}, {"class_weights": "balanced"}])
def test_a_flipped_positive_promises_no_loss_that_it_does_not_know(options):
    found = spoken((BOTH, sigmoid(-MARGIN)), **options)["XE303"]
    assert "area under the curve" in found.message
    assert ", loss" not in found.message


def test_a_flipped_positive_promises_the_loss_by_weight():
    data = wide(BOTH, sigmoid(-MARGIN)).assign(w=np.where(np.arange(2000) % 3, 1.0, 9.0))
    nameless = data.rename(columns={"p_1": "score"})[["label", "score", "w"]]
    again = xentcli.score(nameless, weight="w", positive="0").score
    assert f"-> {again.loss.value:.4g}, accuracy" in spoken(data, weight="w")["XE303"].message
    assert f"-> {again.accuracy.value:.4f}" in spoken(data, weight="w")["XE303"].message


def test_a_background_column_before_the_others_is_off_by_one():
    kept = TRUTH < 9
    found = spoken((TRUTH[kept], CHANCES[kept][:, [9, *range(9)]]))["XE307"]
    assert "the score column after its own" in found.message
    assert mended(found) == "background,0,1,2,3,4,5,6,7,8"


def test_labels_from_one_are_refused_with_the_flag_and_told_where_bad_rows_are_skipped():
    with pytest.raises(BadRowsError) as refused:
        xentcli.score((TRUTH + 1, CHANCES))
    assert "(XE307)" in refused.value.help
    assert "--classes 1,2,3,4,5,6,7,8,9,10" in refused.value.help
    found = spoken((TRUTH + 1, CHANCES), skip_bad_rows=True)["XE307"]
    assert "labels count from 1 to 10, the score columns from 0" in found.message
    assert mended(found) == "1,2,3,4,5,6,7,8,9,10"


@pytest.mark.parametrize(("by", "word"), [(1, "before"), (-1, "after")])
def test_rows_shifted_by_one_are_told_with_the_accuracy_of_the_right_pairs(by, word):
    found = spoken((TRUTH, np.roll(CHANCES, by, axis=0)))["XE304"]
    paired = slice(0, -1) if by > 0 else slice(1, None)
    right = np.count_nonzero(CHANCES.argmax(axis=1)[paired] == TRUTH[paired])
    assert f"with those of the row {word}" in found.message
    assert f"-> {right / 1999:.4f}" in found.message


def test_a_forecast_that_repeats_the_last_label_is_not_misaligned():
    truth = np.repeat(np.random.default_rng(4).integers(0, 3, 400), 5)
    guess = np.eye(3)[np.roll(truth, 1)] * 0.8 + 0.2 / 3
    assert "XE304" not in spoken((truth, guess))


def test_each_output_is_looked_at():
    truth, logits = skilled(3, seed=8)
    chances = sigmoid(logits)
    frame = pd.DataFrame({"color_true": truth, "size_true": BOTH})
    for at in range(3):
        frame[f"color_prob_{at}"] = chances[:, at]
    for at in range(2):
        frame[f"size_prob_{at}"] = sigmoid(MARGIN if at else -MARGIN)
    found = [one for one in xentcli.score(frame).findings if one.code in CODES]
    assert [one.code for one in found] == ["XE204"]
    assert found[0].message.startswith("output color: the scores of 2,000 of 2,000 rows do not sum to 1")
    assert found[0].rows == tuple(range(1, 11))
