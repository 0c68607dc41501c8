"""Rules on traps: each speaks on the mistake it is for, is silent on its near miss, and on honest models."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import BadRowsError
from xentcli.rules.traps.every import TRAP_RULES

CODES = {rule.code for rule in TRAP_RULES}
NAMES = np.array(["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay"])


def softmax(logits):
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1.0 / (1.0 + np.exp(-logits))


def skilled(classes, rows=2000, seed=3, skill=4.0):
    """Return labels and the logits of a model that is mostly right."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, rows)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), truth] += skill
    return truth, logits


def hot(rows=800, labels=6, seed=5):
    rng = np.random.default_rng(seed)
    held = (rng.random((rows, labels)) < 0.3).astype(int)
    return held, rng.normal(size=held.shape) + (2 * held - 1) * 2.0


def table(labels, scores, names):
    frame = pd.DataFrame(scores, columns=list(names))
    frame.insert(0, "label", labels)
    return frame


def with_rows_of_zeros(scores, rows):
    emptied = scores.copy()
    emptied[rows] = 0.0
    return TRUTH, emptied


def spoken(data, **options):
    return {one.code: one for one in xentcli.score(data, **options).findings if one.code in CODES}


TRUTH, LOGITS = skilled(10)
CHANCES = softmax(LOGITS)
BOTH, TWO_LOGITS = skilled(2)
MARGIN = TWO_LOGITS[:, 1] - TWO_LOGITS[:, 0]
HELD, SEVERAL = hot()
TWELVE, TWELVE_LOGITS = skilled(12)
TEXT_ORDER = [int(name) for name in sorted(str(at) for at in range(12))]


def with_rows_off(share):
    scores = CHANCES.copy()
    scores[40:70] *= share
    return TRUTH, scores


def hard(scores):
    return (scores == scores.max(axis=1, keepdims=True)).astype(float)


def weak(classes, rows=3000, seed=1):
    """Return an honest model whose scores all lie where a second softmax would put them."""
    rng = np.random.default_rng(seed)
    scores = softmax(0.05 * rng.normal(size=(rows, classes)))
    return np.array([rng.choice(classes, p=row) for row in scores]), scores


SLIPS = {
    "XE203": (with_rows_off(0.8), (TRUTH, CHANCES.astype(np.float16))),
    "XE204": ((TRUTH, sigmoid(LOGITS)), (TRUTH, CHANCES * 0.9)),
    "XE205": ((HELD, softmax(SEVERAL)), (HELD, sigmoid(SEVERAL))),
    "XE206": ((TRUTH, softmax(CHANCES)), weak(10)),
    "XE210": ((BOTH, np.ones(2000)), (BOTH, np.where(np.arange(2000) == 7, 0.999, 1.0))),
    "XE211": ((TRUTH, hard(CHANCES)), (TRUTH, 0.98 * hard(CHANCES) + 0.002)),
    "XE212": ((TRUTH, np.round(CHANCES, 2)), (TRUTH, np.round(CHANCES, 5))),
    "XE213": ((TRUTH, np.repeat(CHANCES[:1], 2000, axis=0)), (TRUTH, np.repeat(CHANCES[:2], 1000, axis=0))),
    "XE301": ((TRUTH, CHANCES[:, [3, 0, 1, 2, 5, 4, 7, 6, 9, 8]]), (TRUTH, CHANCES)),
    "XE302": ((TWELVE, softmax(TWELVE_LOGITS)[:, TEXT_ORDER]), (TWELVE, softmax(TWELVE_LOGITS))),
    "XE303": ((BOTH, sigmoid(-MARGIN)), (BOTH, sigmoid(MARGIN + 9.0))),
    "XE304": ((TRUTH, np.roll(CHANCES, 1, axis=0)), (TRUTH, np.roll(CHANCES, 2, axis=0))),
    "XE307": ((TRUTH[TRUTH < 9] + 1, CHANCES[TRUTH < 9]), (TRUTH[TRUTH < 9], CHANCES[TRUTH < 9])),
}  # fmt: skip


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
        assert [one for one in spoken(data, **options).values() if one.level != "note"] == [], seed


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


def test_rows_that_a_softmax_over_labels_cannot_get_right_are_counted():
    found = spoken((HELD, softmax(SEVERAL)))["XE205"]
    assert f"{np.count_nonzero(HELD.sum(axis=1) > 1)} rows cannot be right" in found.message


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
    assert float(now) == pytest.approx(xentcli.score((truth, twice)).score.loss.value, abs=1e-4)
    assert float(then) == pytest.approx(whole.loss.value, abs=2e-3)
    if twice.ndim == 1:
        assert f"-> {whole.accuracy.value:.4f}" in found.message


def test_an_honest_weak_model_that_could_be_sharpened_is_no_double_activation():
    truth, logits = skilled(2, rows=5000, skill=2.0)
    shy = softmax(logits * 0.1)
    assert shy.max() < np.e / (np.e + 1)
    assert "XE206" not in spoken((truth, shy))


def test_hard_scores_cost_the_clip_a_miss():
    misses = np.count_nonzero(CHANCES.argmax(axis=1) != TRUTH)
    assert f"a count of misses ({misses})" in spoken(SLIPS["XE211"][0])["XE211"].message
    assert "XE211" in spoken((HELD, (SEVERAL > 0).astype(float)))


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
    assert f"-> {again.loss.value:.4f}" in found.message
    assert f"swapped {again.metrics['roc_auc']:.4f}" in found.message


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
    assert found[0].message.startswith("output color: 2,000 of 2,000 rows")


CUT = ["XE203", "XE204", "XE206", "XE211", "XE212", "XE213", "XE301", "XE304"]


@pytest.mark.parametrize("code", CUT)
@pytest.mark.parametrize(("group", "jobs"), [(1, 1), (7, 2), (333, 3)])
def test_cuts_and_threads_change_no_finding(tmp_path, code, group, jobs):
    truth, scores = (part[:600] for part in SLIPS[code][0])
    wide = table(truth, scores, [f"p_{at}" for at in range(10)])
    whole, cut = tmp_path / "whole.parquet", tmp_path / "cut.parquet"
    pq.write_table(pa.Table.from_pandas(wide), whole, row_group_size=600)
    pq.write_table(pa.Table.from_pandas(wide), cut, row_group_size=group)
    found = xentcli.score(whole, jobs=1).findings
    assert code in {one.code for one in found}
    assert xentcli.score(cut, jobs=jobs).findings == found


def test_order_of_parts_changes_no_finding_that_order_does_not_matter_to(tmp_path):
    data = table(*with_rows_off(0.8), [f"p_{at}" for at in range(10)])
    counts = []
    for name, frame in (("a", data), ("b", data.iloc[::-1])):
        frame.to_parquet(tmp_path / f"{name}.parquet", row_group_size=100)
        counts.append([(one.code, one.message) for one in xentcli.score(tmp_path / f"{name}.parquet").findings])
    assert counts[0] == counts[1]
