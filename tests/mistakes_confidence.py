"""Makers of files with slips in several labels, priors and temperatures, with near misses and honest ones.

    python tests/mistakes_confidence.py [DRAWS]

prints how often each slip is named, by number of rows.
"""

import sys

import numpy as np
import pandas as pd

import xentcli

SIZES = (50, 500, 5000)


def sigmoid(logits):
    return 1.0 / (1.0 + np.exp(-logits))


def softmax(logits):
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def several(rng, rows, labels=8, *, skill=2.0, linked=0.5, sticky=0.0):
    """Return labels and calibrated logits of a task with several labels: some rare, linked with one another.

    Args:
        rng: draws.
        rows: how many.
        labels: how many.
        skill: how far the logits spread; 0 for a model that knows base rates only.
        linked: how much of that all labels share.
        sticky: how much a row is like the one before.
    """
    base = rng.uniform(-3.0, 0.5, labels)
    shared = rng.normal(size=(rows, 1))
    own = rng.normal(size=(rows, labels))
    for at in range(1, rows) if sticky else ():
        shared[at] = sticky * shared[at - 1] + np.sqrt(1.0 - sticky**2) * shared[at]
        own[at] = sticky * own[at - 1] + np.sqrt(1.0 - sticky**2) * own[at]
    logits = base + skill * (np.sqrt(linked) * shared + np.sqrt(1.0 - linked) * own)
    held = (rng.random((rows, labels)) < sigmoid(logits)).astype(int)
    return held, logits


def permuted(rng, scores):
    order = rng.permutation(scores.shape[1])
    while (order == np.arange(len(order))).all():
        order = rng.permutation(scores.shape[1])
    return scores[:, order]


def swapped(rng, scores):
    first, second = rng.choice(scores.shape[1], 2, replace=False)
    order = np.arange(scores.shape[1])
    order[[first, second]] = second, first
    return scores[:, order]


def turned(rng, logits):
    logits = logits.copy()
    logits[:, rng.integers(0, logits.shape[1])] *= -1.0
    return logits


def label_slip(name, rng, rows):
    """Return labels and logits with one of the slips `LABEL_SLIPS`."""
    held, logits = several(rng, rows, rng.choice([4, 8, 20]), skill=rng.uniform(1.5, 3.0), linked=rng.uniform(0.0, 0.6))
    if name == "permuted":
        return held, permuted(rng, logits)
    if name == "swapped":
        return held, swapped(rng, logits)
    if name == "turned":
        return held, turned(rng, logits)
    return held, np.roll(logits, rng.choice([1, -1]), axis=0)


LABEL_SLIPS = {"permuted": "XE312", "swapped": "XE312", "turned": "XE313", "shifted": "XE304"}
"""The slips, and the finding that names each."""


def honest_labels(rng, rows):
    """Return labels and logits of an honest model, good or bad, sure or unsure, of any number of labels."""
    labels = rng.choice([2, 3, 5, 8, 20, 40])
    held, logits = several(
        rng, rows, labels, skill=rng.choice([0.0, 0.3, 1.0, 2.0, 4.0]), linked=rng.uniform(0.0, 0.95),
        sticky=rng.choice([0.0, 0.0, 0.5, 0.95]) if rows <= 500 else 0.0,
    )  # fmt: skip
    kind = rng.integers(0, 6)
    if kind == 0:  # some columns know nothing
        dead = rng.random(labels) < 0.4
        logits[:, dead] = rng.normal(size=(rows, dead.sum()))
    elif kind == 1:  # a parent is held by whoever holds its child, and its column is poor
        held[:, 0] |= held[:, 1]
        logits[:, 0] = 0.7 * logits[:, 1] + rng.normal(size=rows)
    elif kind == 2:  # one label a row
        first = logits.argmax(axis=1)
        held = np.eye(labels, dtype=int)[first]
        logits = logits + rng.normal(size=logits.shape) * 3.0
    elif kind == 3:  # another temperature for every column, and noise
        logits = logits * rng.uniform(0.2, 4.0, labels) + rng.normal(size=labels) * 2.0 + rng.normal(size=logits.shape)
    elif kind == 4:  # columns that say nearly the same
        logits[:, 1] = logits[:, 0] + 0.1 * rng.normal(size=rows)
    return held, logits


HEATS = {0.2: "XE408", 0.5: "XE408", 2.5: "XE414", 5.0: "XE414"}
"""What calibrated logits are divided by, and the finding that names it; 1 / heat mends it."""


def calibrated(rng, rows, classes):
    """Return labels that were drawn from the softmax of logits, and these."""
    logits = 2.0 * rng.normal(size=(rows, classes))
    drawn = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return drawn, logits


def hot_frame(kind, rng, rows, heat):
    """Return a file whose logits were divided by `heat`, and the loss without that.

    Args:
        kind: binary, logits, classes, or labels.
        rng: draws.
        rows: how many.
        heat: the divisor.
    """
    if kind == "labels":
        held, logits = several(rng, rows, 8, linked=0.3)
        right = np.logaddexp(0.0, np.where(held, -logits, logits)).mean()
        return label_frame(held, sigmoid(logits / heat)), right
    if kind == "binary":
        logits = 2.0 * rng.normal(size=rows)
        truth = (rng.random(rows) < sigmoid(logits)).astype(int)
        right = np.logaddexp(0.0, np.where(truth, -logits, logits)).mean()
        return pd.DataFrame({"label": truth, "p_1": sigmoid(logits / heat)}), right
    truth, logits = calibrated(rng, rows, 6)
    right = -np.log(softmax(logits)[np.arange(rows), truth]).mean()
    scores = logits / heat if kind == "logits" else softmax(logits / heat)
    return class_frame(truth, scores, "logit" if kind == "logits" else "p"), right


def class_frame(truth, scores, begin="p"):
    return pd.DataFrame({"label": truth} | {f"{begin}_{at}": scores[:, at] for at in range(scores.shape[1])})


def moved_frame(kind, rng, rows, shift=-3.0):
    """Return a file of a model whose prior has moved, what is to be added to one log-odds, and the loss with it.

    Args:
        kind: binary, classes (where the logit of the first of three is off), or labels (the first of four).
        rng: draws.
        rows: how many.
        shift: what undoes it.
    """
    if kind == "classes":
        truth, logits = calibrated(rng, rows, 3)
        off = np.array([shift, 0.0, 0.0])
        right = -np.log(softmax(logits)[np.arange(rows), truth]).mean()
        return class_frame(truth, softmax(logits - off)), shift * 2.0 / 3.0, right
    logits = 2.0 * rng.normal(size=(rows, 4 if kind == "labels" else 1)) - 2.0
    held = (rng.random(logits.shape) < sigmoid(logits)).astype(int)
    right = np.logaddexp(0.0, np.where(held, -logits, logits)).mean()
    scores = sigmoid(logits - shift * (np.arange(logits.shape[1]) == 0))
    if kind == "labels":
        return label_frame(held, scores), shift, right
    return pd.DataFrame({"label": held[:, 0], "p_1": scores[:, 0]}), shift, right


def with_chances(found):
    """Return labels and probabilities of labels and logits."""
    held, logits = found
    return held, sigmoid(logits)


def label_frame(held, scores):
    names = [f"n{at}" for at in range(held.shape[1])]
    columns = {f"label_{name}": held[:, at] for at, name in enumerate(names)}
    return pd.DataFrame(columns | {f"p_{name}": scores[:, at] for at, name in enumerate(names)})


def codes(frame, **options):
    return {one.code: one.level.value for one in xentcli.score(frame, **options).findings}


def recall(make, names, draws):
    """Print for each slip how often its finding is made, by rows."""
    for name, code in names.items():
        found = []
        for rows in SIZES:
            hits = [code in codes(make(name, np.random.default_rng([rows, draw]), rows)) for draw in range(draws)]
            found.append(f"{np.mean(hits):.2f} at {rows:,}")
        sys.stdout.write(f"{code} {name}: {', '.join(found)}\n")


if __name__ == "__main__":
    DRAWS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    recall(lambda name, rng, rows: label_frame(*with_chances(label_slip(name, rng, rows))), LABEL_SLIPS, DRAWS)
    KINDS = ("binary", "logits", "classes", "labels")
    recall(
        lambda name, rng, rows: hot_frame(KINDS[rng.integers(0, 4)], rng, rows, float(name))[0],
        {str(heat): code for heat, code in HEATS.items()},
        DRAWS,
    )
    recall(
        lambda name, rng, rows: moved_frame(name, rng, rows)[0],
        dict.fromkeys(("binary", "classes", "labels"), "XE413"),
        DRAWS,
    )
