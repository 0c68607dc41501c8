"""Predictions of two models on the same rows, and what each row costs by scikit-learn."""

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import strategies
from sklearn.metrics import log_loss

CLASSES = ("cat", "dog", "eel")


def predictions(seed, rows=120, classes=CLASSES, *, ids=None, skill=1.0):
    """Return the columns of a file: the labels hang on the number of rows alone, the scores on the seed."""
    true = np.random.default_rng(rows).integers(0, len(classes), rows)
    logits = np.random.default_rng(seed).normal(size=(rows, len(classes)))
    logits[np.arange(rows), true] += skill
    scores = strategies.softmax(logits)
    columns = {"id": np.arange(rows) if ids is None else ids, "label": [classes[at] for at in true]}
    return columns | {f"p_{name}": scores[:, at] for at, name in enumerate(classes)}


def worse(columns, share):
    """Return the predictions with some of every row's probability spread over all classes."""
    names = [name for name in columns if name.startswith("p_")]
    return columns | {name: (1 - share) * np.asarray(columns[name]) + share / len(names) for name in names}


def taken(columns, order):
    """Return the columns with their rows in another order."""
    return {name: np.asarray(values, dtype=object)[order].tolist() for name, values in columns.items()}


def without(columns, *names):
    """Return the columns but for some."""
    return {name: values for name, values in columns.items() if name not in names}


def decisions(columns, classes=CLASSES):
    """Return the ids, the labels and what the model decides for."""
    return {"id": columns["id"], "label": columns["label"], "pred": decided(columns, classes)}


def scores_of(columns, classes=CLASSES):
    """Return the scores, shape (n, classes)."""
    return np.stack([columns[f"p_{name}"] for name in classes], axis=1)


def row_losses(columns, classes=CLASSES):
    """Return the loss of each row as scikit-learn has it, shape (n,)."""
    pairs = zip(columns["label"], scores_of(columns, classes), strict=True)
    return np.array([log_loss([label], [row], labels=list(classes)) for label, row in pairs])


def row_briers(columns, classes=CLASSES):
    """Return the Brier score of each row, shape (n,)."""
    hot = np.array([[label == name for name in classes] for label in columns["label"]])
    return ((scores_of(columns, classes) - hot) ** 2).sum(axis=1)


def decided(columns, classes=CLASSES):
    """Return the decision of each row."""
    return [classes[at] for at in scores_of(columns, classes).argmax(axis=1)]


def right(columns, classes=CLASSES):
    """Return which rows are right, shape (n,)."""
    return np.array(decided(columns, classes)) == np.array(columns["label"])


def saved(columns, path):
    """Write columns to a file of the format that its suffix tells, and return its path as text."""
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        pc.write_csv(table, path)
    return str(path)
