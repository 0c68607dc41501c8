"""Files that real mistakes made, one for each finding on scores, and a near miss of each."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

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


SURE_CHANCES = sigmoid(2.0 * np.random.default_rng(9).normal(size=2000))
SURE_TRUTH = (np.random.default_rng(10).random(2000) < SURE_CHANCES).astype(int)
SURE_SCORES = np.maximum(SURE_CHANCES, 1.0 - SURE_CHANCES)


MIXED = np.random.default_rng(6).permutation(LOGITS)

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
    "XE304": ((TRUTH, np.roll(CHANCES, 1, axis=0)), (TRUTH, softmax(0.02 * MIXED))),
    "XE307": ((TRUTH[TRUTH < 9] + 1, CHANCES[TRUTH < 9]), (TRUTH[TRUTH < 9], CHANCES[TRUTH < 9])),
    "XE309": ((SURE_TRUTH, SURE_SCORES), (SURE_TRUTH[SURE_CHANCES >= 0.5], SURE_CHANCES[SURE_CHANCES >= 0.5])),
    "XE311": ((TRUTH[:-1], np.delete(CHANCES, 1200, axis=0)), (TRUTH[:-1], np.delete(CHANCES, 1996, axis=0))),
    "XE312": ((HELD, sigmoid(SEVERAL)[:, [1, 0, 2, 3, 4, 5]]), (HELD, sigmoid(SEVERAL))),
    "XE313": ((HELD, sigmoid(SEVERAL * [1, 1, -1, 1, 1, 1])), (HELD, sigmoid(SEVERAL * [1, 1, 0.1, 1, 1, 1]))),
}  # fmt: skip


def wide(labels, scores):
    """Return a table with a column per score, and per label where a row may have several."""
    if labels.ndim == 2:
        held = pd.DataFrame(labels, columns=[f"is_{at}" for at in range(labels.shape[1])])
        return held.join(pd.DataFrame(scores, columns=[f"p_{at}" for at in range(scores.shape[1])]))
    if scores.ndim == 1:
        return table(labels, scores[:, None], ["p_1"])
    return table(labels, scores, [f"p_{at}" for at in range(scores.shape[1])])


@dataclass(frozen=True)
class Mistake:
    """A table that a mistake made, a near miss, and the options that both are scored with."""

    slip: pd.DataFrame
    near_miss: pd.DataFrame
    options: dict[str, Any] = field(default_factory=dict)


def changed(frame, rows, column, value):
    """Return a table with another value in some rows of a column."""
    held = frame.copy()
    held.loc[rows, column] = value
    return held


GOOD = wide(TRUTH, CHANCES)
LOGIT_NAMES = [f"logit_{at}" for at in range(10)]
LOGS = np.log(CHANCES)
SURE = sigmoid(3.0 * MARGIN - 4.0)
SKIP = {"skip_bad_rows": True}
IDENTIFIED = GOOD.drop(columns="label").assign(id=np.arange(2000))
POOLED = pd.concat([IDENTIFIED.assign(label=TRUTH, model=name) for name in ("lr", "rf")], ignore_index=True)

OTHERS = {
    "XE201": Mistake(wide(TRUTH, LOGITS), table(TRUTH, LOGITS, LOGIT_NAMES)),
    "XE202": Mistake(wide(TRUTH, LOGS), table(TRUTH, LOGS, [f"log_prob_{at}" for at in range(10)])),
    "XE207": Mistake(wide(BOTH, SURE.astype(np.float16)), wide(BOTH, SURE)),
    "XE208": Mistake(changed(GOOD, [3, 9, 451], "p_4", np.nan), changed(GOOD, [3, 9], "label", np.nan), SKIP),
    "XE209": Mistake(wide(TRUTH, np.round(CHANCES, 1)), wide(TRUTH, np.round(CHANCES, 7))),
    "XE214": Mistake(table(TRUTH, CHANCES, LOGIT_NAMES), table(TRUTH, LOGITS, LOGIT_NAMES)),
    "XE305": Mistake(changed(GOOD, [5, 77], "label", 12), changed(GOOD, [5, 77], "label", np.nan), SKIP),
    "XE306": Mistake(GOOD[GOOD.label != 3], GOOD),
    "XE310": Mistake(POOLED, POOLED.drop_duplicates("id")),
    "XE314": Mistake(pd.concat([GOOD, GOOD.iloc[:600]], ignore_index=True), pd.concat([GOOD, GOOD.iloc[:2]])),
    "XE308": Mistake(
        IDENTIFIED[IDENTIFIED.id != 41], IDENTIFIED, {"labels": pd.DataFrame({"id": np.arange(2000), "label": TRUTH})}
    ),
}  # fmt: skip

MISTAKES = {code: Mistake(wide(*slip), wide(*near)) for code, (slip, near) in SLIPS.items()} | OTHERS
