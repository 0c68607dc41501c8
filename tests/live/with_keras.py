"""Keras 3 on torch, run as an entry of the table says.

Scores are fed to a model that returns what it gets, which is compiled with the entry's loss and metric and evaluated
in one batch; class weights are sample weights, which is what `fit` makes of them.
"""

import os
import re
from functools import cache

os.environ.setdefault("KERAS_BACKEND", "torch")  # before the import that reads it

import keras
from live.calls import Returned, number, run


@cache
def _model(columns):
    return keras.Sequential([keras.Input((columns,)), keras.layers.Activation("linear")])


def _compiled(entry, columns):
    """Return the compiled model and the name of the metric that the entry says `accuracy` becomes."""
    model = _model(columns)
    names = vars(keras.losses) | {"BinaryAccuracy": keras.metrics.BinaryAccuracy, "compile": model.compile}
    metrics, _, becomes = entry.accuracy_call.partition(" -> ")
    if entry.call.startswith("compile("):
        run(entry.call, names)
        assert metrics in entry.call
    else:
        run(f"compile(loss={entry.call}, {metrics})", names)
    return model, becomes or re.search(r"\[(\w+)\(", metrics)[1]


def _labels(file, *, sparse):
    if file.shape == "single":
        return file.labels[:, None]
    return file.labels if sparse else file.one_hot


def returned(entry, file):
    """Return the loss and the accuracy of an entry."""
    scores = file.scores[:, None] if file.scores.ndim == 1 else file.scores
    model, metric = _compiled(entry, scores.shape[1])
    labels = _labels(file, sparse="Sparse" in entry.call)
    loss, accuracy = model.evaluate(
        scores, labels, sample_weight=file.sample_weights, batch_size=len(labels), verbose=0
    )
    used = [type(one).__name__.lower() for held in model.metrics for one in getattr(held, "metrics", ())]
    assert used == [metric.replace("_", "").lower()], (used, metric)
    return Returned(number(loss), number(accuracy))
