"""Random predictions of every task, to be drawn by Hypothesis: the tables that references are tried on.

Hypothesis draws the shape of a sample and what is odd about it; numpy fills it from a seed, so that an example of
300 rows and 12 classes costs no more to draw than a small one. Every row can be scored: no cell is bad.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

SCALES = ("probabilities", "log-probabilities", "logits")
WEIGHTINGS = (None, "any", "whole", "equal", "some zero")
STYLES = {
    "probabilities": ("smooth", "tied", "certain", "extreme", "off one", "near one", "zero"),
    "log-probabilities": ("smooth", "tied", "masked", "off one"),
    "logits": ("smooth", "tied", "masked", "large", "shifted"),
}


@dataclass(frozen=True)
class Sample:
    """Labels and scores of one task.

    Attributes:
        kind: `single` (a binary task with one score a row), `binary` (with two), `multiclass` or `multilabel`.
        scale: of the scores.
        labels: class indices, shape (n,); 0/1, shape (n, labels), for multi-label tasks.
        scores: float64, shape (n, classes); (n,) if single.
        weights: shape (n,), with a positive sum; None without.
        options: further options of `score`.
    """

    kind: str
    scale: str
    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None = None
    options: dict = field(default_factory=dict)

    @property
    def classes(self):
        """How many classes (labels) there are."""
        return 2 if self.scores.ndim == 1 else self.scores.shape[1]

    def table(self, layout="wide"):
        """Return the sample as a table: `wide` columns, or a `list` column of scores (and of 0/1 labels)."""
        columns = {}
        if self.labels.ndim == 1:
            columns["label"] = self.labels
        elif layout == "list":
            columns["label"] = pa.array(self.labels.tolist(), pa.list_(pa.int64()))
        else:
            columns |= {f"y_{at}": column for at, column in enumerate(self.labels.T)}
        if self.scores.ndim == 1:
            columns["score"] = self.scores
        elif layout == "list":
            kind = pa.list_(pa.from_numpy_dtype(self.scores.dtype))
            columns["scores"] = pa.array(self.scores.tolist(), kind)
        else:
            columns |= {f"p_{at}": column for at, column in enumerate(self.scores.T)}
        if self.weights is not None:
            columns["w"] = self.weights
        return pa.table(columns)

    def arguments(self):
        """Return the options with which `score` reads the table as it is meant, whatever its values are."""
        said = {"scale": self.scale, "weight": None if self.weights is None else "w"}
        if self.kind == "multilabel":
            said["task"] = "multilabel"
        if self.kind == "single":
            said["classes"] = "0,1"
        return said | self.options

    def weighed(self):
        """Return the rows with a weight above 0, which alone enter means."""
        if self.weights is None:
            return self
        kept = self.weights > 0
        return replace(self, labels=self.labels[kept], scores=self.scores[kept], weights=self.weights[kept])


def softmax(logits):
    """Return the probabilities of logits, shape (n, classes)."""
    terms = np.exp(logits - logits.max(axis=1, keepdims=True))
    return terms / terms.sum(axis=1, keepdims=True)


def _labels(rng, rows, classes):
    """Return class indices; some classes may be absent."""
    present = rng.choice(classes, size=rng.integers(1, classes + 1), replace=False)
    return rng.choice(present, size=rows)


def _leaning(rng, labels, classes):
    """Return logits that know something of the labels; some class may never be predicted."""
    logits = rng.normal(size=(len(labels), classes)) * rng.choice([0.1, 1.0, 10.0])
    logits[np.arange(len(labels)), labels] += rng.choice([0.0, 1.0, 3.0])
    logits[:, rng.integers(classes)] -= rng.choice([0.0, 100.0])
    return logits


def _whole(rng, labels, classes):
    """Return small whole numbers, most of them tied; the true class's is at least 1."""
    grid = rng.integers(0, 4, size=(len(labels), classes)).astype(float)
    grid[np.arange(len(labels)), labels] += 1.0
    return grid


def _probabilities(rng, style, labels, classes):
    rows = len(labels)
    smooth = softmax(_leaning(rng, labels, classes))
    match style:
        case "tied":
            grid = _whole(rng, labels, classes)
            return grid / grid.sum(axis=1, keepdims=True)
        case "certain":
            return np.eye(classes)[np.where(rng.random(rows) < 0.7, labels, rng.integers(0, classes, rows))]
        case "extreme":
            tiny = rng.choice([1e-300, 1e-20, 2.0**-52, 2.0**-53, 1e-15], size=(rows, classes))
            top = rng.integers(0, classes, rows)
            tiny[np.arange(rows), top] = rng.choice([1.0, 1.0 - 2.0**-53, 1.0 - 2.0**-52, 1.0 - 1e-15], size=rows)
            return tiny
        case "off one":
            return smooth * rng.choice([0.25, 0.5, 0.9, 0.998], size=(rows, 1))
        case "near one":
            return smooth * rng.choice([0.9995, 1.0 - 1e-6, 1.0 - 1e-12], size=(rows, 1))
        case "zero":
            return np.zeros((rows, classes))
    return smooth


def _masked(rng, logits, labels):
    """Return the logits with classes masked out by minus infinity, never the true one."""
    mask = rng.random(logits.shape) < 0.3
    mask[np.arange(len(labels)), labels] = False
    return np.where(mask, -np.inf, logits)


def _logits(rng, style, labels, classes):
    smooth = _leaning(rng, labels, classes)
    match style:
        case "tied":
            return _whole(rng, labels, classes) - 2.0
        case "masked":
            return _masked(rng, smooth, labels)
        case "large":
            return smooth * 1e4
        case "shifted":
            return smooth + rng.choice([-1e3, 50.0, 1e3], size=(len(labels), 1))
    return smooth


def _log_probabilities(rng, style, labels, classes):
    inner = _logits(rng, style if style in {"tied", "masked"} else "smooth", labels, classes)
    top = inner.max(axis=1, keepdims=True)
    logs = (inner - top) - np.log(np.exp(inner - top).sum(axis=1, keepdims=True))
    return np.minimum(logs, 0.0) + (np.log(0.5) if style == "off one" else 0.0)


_MAKERS = {"probabilities": _probabilities, "log-probabilities": _log_probabilities, "logits": _logits}


def _scores(rng, scale, styles, labels, classes):
    """Return scores, shape (n, classes), each row in one of the styles."""
    each = np.stack([_MAKERS[scale](rng, style, labels, classes) for style in styles])
    return each[rng.integers(0, len(styles), len(labels)), np.arange(len(labels))]


def sorted_alike(scores):
    """Return whether every row of scores, shape (n, classes), is sorted the same way, as a ranking is."""
    finite = scores[np.isfinite(scores).all(axis=1)]
    before, after = finite[:, :-1], finite[:, 1:]
    return scores.shape[1] > 2 and bool((before <= after).all() or (before >= after).all())


def _unsorted_order(scores):
    """Return an order of the columns of scores, shape (n, K), in which not all rows are sorted, if there is one."""
    columns = np.arange(scores.shape[1])
    orders = (np.roll(columns, by) for by in columns)
    return next((order for order in orders if not sorted_alike(scores[:, order])), columns)


def _of_positive(scores, labels, scale):
    """Return one score a row from those of two classes; log-probabilities never rule out what happened."""
    if scale == "logits":
        with np.errstate(invalid="ignore"):
            return np.nan_to_num(scores[:, 1] - scores[:, 0], posinf=30.0, neginf=-30.0)
    if scale == "log-probabilities":
        return np.where(labels == 0, np.clip(scores[:, 1], -700.0, -1e-9), np.maximum(scores[:, 1], -700.0))
    return scores[:, 1]


def weights_of(rng, weighting, rows):
    """Return row weights of a kind, None for None."""
    match weighting:
        case "any":
            return rng.uniform(0.2, 3.0, rows)
        case "whole":
            return rng.integers(1, 5, rows).astype(float)
        case "equal":
            return np.full(rows, 0.1)
        case "some zero":
            weights = rng.uniform(0.2, 3.0, rows) * (rng.random(rows) < 0.6)
            weights[rng.integers(rows)] = 0.7
            return weights
    return None


def make(seed, kind, rows, classes, scale, styles, weighting, **options):
    """Return the sample that these numbers name."""
    rng = np.random.default_rng(seed)
    if kind == "multilabel":
        labels = (rng.random((rows, classes)) < rng.choice([0.0, 0.1, 0.5, 1.0], size=classes)).astype(np.int64)
        single = [
            _of_positive(_scores(rng, scale, styles, column, 2), column, scale) for column in labels.T
        ]  # fmt: skip
        scores = np.stack(single, axis=1)
        order = _unsorted_order(scores)
        return Sample(kind, scale, labels[:, order], scores[:, order], weights_of(rng, weighting, rows), options)
    classes = classes if kind == "multiclass" else 2
    labels = _labels(rng, rows, classes)
    scores = _scores(rng, scale, styles, labels, classes)
    if kind == "single":
        scores = _of_positive(scores, labels, scale)
    else:
        order = _unsorted_order(scores)
        scores, labels = scores[:, order], np.argsort(order)[labels]
    return Sample(kind, scale, labels, scores, weights_of(rng, weighting, rows), options)


@st.composite
def samples(draw, kind, *, rows=(1, 300), classes=(2, 12), scales=SCALES, weightings=WEIGHTINGS):
    """Draw a sample of a kind: see `Sample`."""
    scale = draw(st.sampled_from(scales))
    least = max(classes[0], {"multiclass": 3}.get(kind, 1))
    options = {}
    if kind != "multiclass" and draw(st.booleans()):
        options["threshold"] = draw(st.sampled_from([0.25, 0.3, 0.75]))
    if kind in {"binary", "multiclass"} and scale == "probabilities" and draw(st.booleans()):
        options["normalize"] = True
    return make(
        draw(st.integers(0, 2**32 - 1)),
        kind,
        draw(st.integers(*rows)),
        draw(st.integers(least, classes[1])),
        scale,
        draw(st.lists(st.sampled_from(STYLES[scale]), min_size=1, max_size=3, unique=True)),
        draw(st.sampled_from(weightings)),
        **options,
    )
