"""Makers of files whose scores stand on another scale than they are read on, or whose rows repeat, and of honest ones.

    python tests/mistakes_values.py [DRAWS]

prints how often each slip is named, and how often an honest file is accused, by number of rows.
"""

import sys

import numpy as np
import pandas as pd
from mistakes_confidence import class_frame, label_frame, sigmoid, softmax

import xentcli
from xentcli.errors import AmbiguousError

SIZES = (50, 500, 5000)


def one_column(truth, scores, name="score"):
    return pd.DataFrame({"label": truth, name: scores})


def several_columns(held, scores, begin="score"):
    return label_frame(held, scores).rename(columns=lambda name: name.replace("p_", f"{begin}_"))


def drawn(rng, chances):
    """Return which labels hold, each with its own probability."""
    return (rng.random(chances.shape) < chances).astype(int)


def chosen(rng, logits):
    """Return classes that were drawn from the softmax of logits."""
    return (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)


def small_logits(kind, rng, rows):
    """Return a file of calibrated logits that lie in [0, 1], which no name calls logits."""
    logits = rng.beta(0.7, 0.7, size=(rows, {"binary": 1, "labels": 5, "classes": int(rng.integers(3, 8))}[kind]))
    if kind == "classes":
        return class_frame(chosen(rng, logits), logits, "score")
    held = drawn(rng, sigmoid(logits))
    return one_column(held[:, 0], logits[:, 0]) if kind == "binary" else several_columns(held, logits)


def probabilities_as_logits(kind, rng, rows, heat=1.0, times=1.0):
    """Return a file of probabilities (times a factor) whose names call them logits.

    Args:
        kind: binary, labels or classes.
        rng: draws.
        rows: how many.
        heat: what the model's logits were divided by.
        times: what the probabilities are multiplied by.
    """
    logits = 2.0 * rng.normal(size=(rows, {"binary": 1, "labels": 5, "classes": 4}[kind]))
    if kind == "classes":
        return class_frame(chosen(rng, logits), times * softmax(logits / heat), "logit")
    held, scores = drawn(rng, sigmoid(logits)), times * sigmoid(logits / heat)
    return one_column(held[:, 0], scores[:, 0], "logit") if kind == "binary" else several_columns(held, scores, "logit")


def honest_scale(rng, rows):
    """Return a file whose scores are what they are read as: calibrated or not, sharp or weak, coarse or constant.

    Probabilities are too sure, unsure, or made for other shares, not both: just so much of each makes logits of them.
    """
    kind, heat = rng.integers(0, 9), rng.choice([0.2, 0.5, 1.0, 1.0, 2.0, 5.0])
    shift, skill = rng.choice([0.0, 0.0, -3.0, 1.0, 3.0]), rng.choice([0.0, 0.3, 1.0, 2.0, 4.0])
    shift = shift if heat == 1.0 else 0.0
    logits = skill * rng.normal(size=(rows, int(rng.integers(3, 10)))) + rng.choice([0.0, -2.0, 0.5])
    if kind == 0:  # several classes, each with a sigmoid of its own
        return class_frame(chosen(rng, logits), sigmoid(logits / heat + shift), "score")
    if kind == 1:
        return class_frame(chosen(rng, logits), softmax(logits / heat), "score")
    if kind == 2:
        return several_columns(drawn(rng, sigmoid(logits)), sigmoid(logits / heat + shift))
    if kind == 3:  # logits, of which none may be negative
        kept = np.maximum(logits, 0.0) if rng.random() < 0.5 else np.clip(0.3 * logits, 0.0, 1.0)
        return class_frame(chosen(rng, kept), kept / heat, "logit")
    one = logits[:, 0]
    truth = drawn(rng, sigmoid(one))
    if kind == 4:  # nearest neighbours, votes of trees, two decimals
        parts = rng.choice([3.0, 10.0, 100.0])
        return one_column(truth, np.rint(sigmoid(one / heat + shift) * parts) / parts)
    if kind == 5:  # a decision function squeezed into [0, 1], or ranks: not of a model so weak that they are its logits
        one = rng.choice([1.5, 4.0]) * rng.normal(size=rows)
        truth = drawn(rng, sigmoid(one))
        squeezed = (one - one.min()) / max(np.ptp(one), 1e-9) if rng.random() < 0.5 else one.argsort().argsort() / rows
        return one_column(truth, squeezed)
    if kind == 6:  # knows nothing
        return one_column(truth, rng.uniform(0.0, 1.0, rows) if rng.random() < 0.7 else np.full(rows, 0.3))
    if kind == 7:  # calibrated logits of which none is negative
        kept = rng.uniform(0.0, rng.choice([1.0, 3.0]), rows)
        return one_column(drawn(rng, sigmoid(kept)), kept / heat, "logit")
    return one_column(truth, sigmoid(one / heat + shift))


def scale_slip(name, rng, rows):
    """Return a file with one of the slips `SCALE_SLIPS`."""
    what, kind = name.split()
    if what == "small-logits":
        return small_logits(kind, rng, rows)
    return probabilities_as_logits(
        kind, rng, rows, rng.choice([0.5, 1.0, 1.5]), {"percents": 100.0, "probabilities": 1.0}[what]
    )


SCALE_SLIPS = [
    f"{what} {kind}" for what in ("small-logits", "probabilities") for kind in ("binary", "labels", "classes")
]


def model(rng, rows):
    """Return classes and the probabilities of a calibrated model, good or bad."""
    logits = rng.choice([0.5, 1.0, 2.0, 4.0]) * rng.normal(size=(rows, int(rng.choice([2, 2, 3, 5, 10]))))
    return chosen(rng, logits), softmax(logits)


def repeat_slip(name, rng, rows):
    """Return a file with one of the slips `REPEATS`; those named coarse have three decimals."""
    what, _, coarse = name.partition(" ")
    truth, scores = model(rng, rows)
    if coarse:
        scores = np.round(scores, 3)
    if what in {"doubled", "mixed", "thrice"}:
        times = 3 if what == "thrice" else 2
        at = np.concatenate([np.arange(rows // times)] * times)
        at = rng.permutation(at) if what == "mixed" else at
    else:
        first = int(rows * (1.0 - float(what.removesuffix("%")) / 100.0))
        at = np.concatenate([np.arange(first), rng.choice(first, rows - first, replace=False)])
    return class_frame(truth[at], scores[at])


REPEATS = ("doubled", "doubled coarse", "mixed", "thrice", "5%", "10%", "10% coarse", "20%", "40%")
"""The whole file twice, the same in another order, thrice; a share of rows that are copies of others."""


def honest_repeats(rng, rows):
    """Return a file whose rows repeat by chance, if they do: coarse, constant, of trees or few neighbours, or sure."""
    kind, (truth, scores) = rng.integers(0, 8), model(rng, rows)
    heat = rng.choice([0.3, 1.0, 1.0, 1.0, 3.0])
    scores = softmax(np.log(scores) / heat)
    classes = scores.shape[1]
    if kind == 0:
        return class_frame(truth, np.round(scores, int(rng.integers(1, 6))))
    if kind == 1:  # leaves of a tree, as large as each other or not
        leaves = int(rng.choice([8, 50, 300, 2000, rows, 5 * rows]))
        logits = rng.choice([1.0, 2.0, 4.0]) * rng.normal(size=(leaves, classes))
        logits = logits[rng.choice(leaves, rows, p=rng.dirichlet(np.full(leaves, rng.choice([0.1, 1.0, 10.0]))))]
        sure = rng.random() < 0.3  # never wrong
        return class_frame(logits.argmax(axis=1) if sure else chosen(rng, logits), softmax(logits / heat))
    if kind == 2:  # nearest neighbours
        votes = int(rng.choice([3, 5, 10]))
        return class_frame(truth, np.stack([rng.multinomial(votes, one / one.sum()) for one in scores]) / votes)
    if kind == 3:
        return class_frame(truth, np.repeat(scores[:1], rows, axis=0))
    if kind == 4:
        return class_frame(truth, scores.astype(np.float16).astype(float))
    if kind == 5:  # a few yes and no inputs
        inputs = rng.random((rows, int(rng.integers(3, 14)))) < rng.uniform(0.1, 0.5)
        logits = inputs @ rng.normal(size=(inputs.shape[1], classes)) * rng.choice([0.5, 1.0, 2.0])
        return class_frame(chosen(rng, logits), softmax(logits / heat))
    if kind == 6:  # decisions
        return class_frame(truth, np.eye(classes)[scores.argmax(axis=1)])
    return class_frame(truth, scores)


def codes(frame):
    return {one.code: one.level.value for one in xentcli.score(frame, scale="probabilities").findings}


def scale_codes(frame):
    """Return what is found in a file, whose names say whether it holds logits where its numbers do not."""
    try:
        found = xentcli.score(frame).findings
    except AmbiguousError:
        found = xentcli.score(frame, scale="logits").findings
    return {one.code: one.level.value for one in found}


def rates(name, code, make, draws, codes=scale_codes):
    """Print how often a code is found in draws of a maker, by rows."""
    found = []
    for rows in SIZES:
        hits = [code in codes(make(np.random.default_rng([rows, draw]), rows)) for draw in range(draws)]
        found.append(f"{np.mean(hits):.3f} at {rows:,}")
    sys.stdout.write(f"{code} {name}: {', '.join(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    DRAWS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    for slip in SCALE_SLIPS:
        rates(slip, "XE214", lambda rng, rows, slip=slip: scale_slip(slip, rng, rows), DRAWS)
    rates("honest", "XE214", honest_scale, DRAWS)
    for slip in REPEATS:
        rates(slip, "XE314", lambda rng, rows, slip=slip: repeat_slip(slip, rng, rows), DRAWS, codes)
    rates("honest", "XE314", honest_repeats, DRAWS, codes)
