"""Files for the live frameworks: seeded tables of every task, scale, dtype and objective that have a framework table.

A file is hard on purpose: scores tie at the top and at the threshold, rows are slightly off 1, some more than
slightly, and some scores are exactly 0 or 1.
"""

from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from scipy import special

import xentcli

ROWS = 240
CLASSES = {"single": 2, "pair": 2, "three": 3, "ten": 10, "labels": 4}
"""Binary with one column and with two, multi-class, multi-label."""

FLAVOURS = {
    "probabilities": ("open", "certain", "hits"),
    "logits": ("open", "unit", "large", "masked"),
    "log-probabilities": ("open",),
}
"""Scores: open: 0 and 1 do not occur; certain: they do, right and wrong; hits: only right; unit: all in [0, 1];
large: logits of size 1e4; masked: some classes have a logit of minus infinity.
"""

OBJECTIVES = {
    "plain": {},
    "threshold": {"threshold": 0.7},
    "smoothing": {"label_smoothing": 0.1},
    "focal": {"focal_gamma": 2.0},
    "classes": {"class_weights": True},
    "both": {"label_smoothing": 0.2, "focal_gamma": 0.5},
    "normalize": {"normalize": True},
    "at-least-one": {"at_least_one": True, "threshold": 0.7},
}
PREFIXES = {"probabilities": "prob_", "logits": "logit_", "log-probabilities": "log_prob_"}


@dataclass(frozen=True)
class File:
    """Labels, scores and weights, and the options that they are scored with.

    Attributes:
        shape: a key of CLASSES.
        scale: of the scores.
        labels: shape (n,), integers; of a multi-label file (n, labels), 0 and 1.
        scores: shape (n,) for "single", else (n, classes), float32 or float64.
        weights: shape (n,), float64, or None.
        class_weights: shape (classes,), float64, or None.
        options: of `xentcli.score`.
    """

    shape: str
    scale: str
    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None
    class_weights: np.ndarray | None
    options: dict = field(default_factory=dict)

    @property
    def classes(self):
        """The number of classes or labels."""
        return CLASSES[self.shape]

    @property
    def several(self):
        """Whether a row has any number of labels."""
        return self.shape == "labels"

    @property
    def sample_weights(self):
        """Row weights times the class weights of the rows' labels, shape (n,); None without both."""
        if self.class_weights is None:
            return self.weights
        by_class = self.class_weights[self.labels]
        return by_class if self.weights is None else by_class * self.weights

    @property
    def one_hot(self):
        """The labels as rows of 0 and 1, shape (n, classes)."""
        return self.labels if self.several else np.eye(self.classes, dtype=int)[self.labels]

    def frame(self):
        """Return the table that is scored."""
        prefix = PREFIXES[self.scale]
        if self.shape == "single":
            table = {"label": self.labels, f"{prefix}1": self.scores}
        else:
            table = {f"{prefix}{at}": column for at, column in enumerate(self.scores.T)}
            if self.several:
                table |= {f"y_{at}": column for at, column in enumerate(self.labels.T)}
            else:
                table["label"] = self.labels
        if self.weights is not None:
            table["w"] = self.weights
        return pd.DataFrame(table)

    def score(self, folder):
        """Write the table and return its Score."""
        path = folder / "predictions.parquet"
        self.frame().to_parquet(path)
        told = dict(self.options)
        if self.several:
            told |= {"label": [f"y_{at}" for at in range(self.classes)], "task": "multilabel"}
        if self.class_weights is not None:
            told["class_weights"] = {str(at): weight for at, weight in enumerate(self.class_weights.tolist())}
        weight = None if self.weights is None else "w"
        prefix = PREFIXES[self.scale] + ("1" if self.shape == "single" else "")
        return xentcli.score(path, scores=prefix, scale=self.scale, weight=weight, **told).score


def made(shape, scale, flavour, dtype, objective="plain", weights=None):
    """Return a file; `weights` is None, "eighths" (exact in float32) or "any"."""
    random = np.random.default_rng([list(CLASSES).index(shape), len(flavour), len(objective), np.dtype(dtype).itemsize])
    classes = CLASSES[shape]
    size = (ROWS, classes) if shape == "labels" else ROWS
    labels = random.integers(0, 2 if shape == "labels" else classes, size)
    binary = shape in {"single", "labels"}
    columns = 1 if shape == "single" else classes
    logits = random.normal(size=(ROWS, columns)) * 3.0
    if scale == "probabilities":
        scores = _probabilities(random, logits, labels, flavour, binary=binary)
    else:
        scores = _logits(random, logits, flavour)
        if flavour == "masked":
            scores[(random.random(scores.shape) < 0.05) & (np.arange(classes) != labels[:, None])] = -np.inf
    if scale == "log-probabilities":
        scores = special.log_softmax(scores, axis=1)
    held = {None: None, "eighths": random.integers(0, 17, ROWS) / 8, "any": random.random(ROWS) * 3}[weights]
    options = dict(OBJECTIVES[objective])
    by_class = np.array([0.5, 2.0, 1.25, 0.0, 3.0] * 2)[:classes] if options.pop("class_weights", None) else None
    scores = scores[:, 0] if shape == "single" else scores
    return File(shape, scale, labels, scores.astype(dtype), held, by_class, options)


def _logits(random, logits, flavour):
    if flavour == "unit":
        return random.random(logits.shape)
    logits = logits * 1e4 if flavour == "large" else logits
    logits[::11] = np.round(logits[::11])
    logits[::13] = 0.5
    logits[6::23] = 1e-9
    logits[8::23] = special.logit(0.7) + 1e-9
    return logits


def _probabilities(random, logits, labels, flavour, *, binary):
    if binary:
        chances = special.expit(logits)
        chances[::7] = np.round(chances[::7], 1).clip(0.1, 0.9)
        chances[::17] = 0.5
        chances[::19] = 0.7
        chances[5::23] = 0.5 + 1e-12
        chances[7::23] = 0.7 + 1e-12
        chances[3::29] = 1e-12
        truth = (labels if labels.ndim == 2 else labels[:, None]) == 1
        return _certain(random, chances, truth, flavour)
    chances = special.softmax(logits, axis=1)
    top = chances.argmax(axis=1)
    chances[::7, 0] = chances[::7, 1] = chances[::7, :2].max(axis=1)
    chances /= chances.sum(axis=1, keepdims=True)
    chances[1::9] *= 1.0004
    chances[2::31] *= 1.05
    chances = chances.clip(0.0, 1.0)
    sure = random.permutation(ROWS)[:12]
    if flavour == "certain":
        chances[sure] = np.eye(chances.shape[1])[top[sure]]
    elif flavour == "hits":
        chances[sure] = np.eye(chances.shape[1])[labels[sure]]
    return chances


def _certain(random, chances, truth, flavour):
    where = random.random(chances.shape) < 0.05
    if flavour == "certain":
        chances[where] = random.integers(0, 2, chances.shape)[where]
    elif flavour == "hits":
        chances[where] = truth[where]
    return chances


def _makes_sense(shape, scale, flavour, objective):
    """Whether the tool knows this task on this scale, and the option means anything to it."""
    binary = shape in {"single", "labels"}
    if binary and (scale == "log-probabilities" or flavour == "masked"):
        return False
    if flavour == "masked" and objective in {"smoothing", "both"}:  # a share of an infinite loss
        return False
    return {
        "threshold": shape in {"single", "pair", "labels"},
        "classes": shape != "labels",
        "normalize": scale == "probabilities" and not binary,
        "at-least-one": shape == "labels",
    }.get(objective, True)


def all_files():
    """Return the arguments of `made` for all files, by name."""
    found = {}
    kinds = [(np.float32, None), (np.float64, "eighths"), (np.float32, "eighths"), (np.float64, None)]
    for shape, scale, objective in product(CLASSES, FLAVOURS, OBJECTIVES):
        plain = objective == "plain"
        for flavour, (dtype, weights) in product(FLAVOURS[scale], kinds if plain else kinds[:2]):
            if _makes_sense(shape, scale, flavour, objective):
                parts = (shape, scale, flavour, objective, np.dtype(dtype).name, weights or "unweighted")
                found["-".join(parts)] = (shape, scale, flavour, dtype, objective, weights)
    for shape, scale in product(CLASSES, ("probabilities", "logits")):
        found[f"{shape}-{scale}-open-plain-float64-any"] = (shape, scale, "open", np.float64, "plain", "any")
    return found
