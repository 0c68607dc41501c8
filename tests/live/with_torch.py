"""PyTorch and torchmetrics, run as an entry of the table says."""

import torch
import torchmetrics
import torchmetrics.classification
from live.calls import Returned, number, run
from torch import nn


def _names(file):
    scores = torch.from_numpy(file.scores)
    labels = torch.from_numpy(file.labels)
    names = {
        "p": scores, "logits": scores, "log_p": scores, "y": labels,
        "log": torch.log, "log_softmax": lambda logits: torch.log_softmax(logits, 1),
        **{name: getattr(nn, name) for name in ("BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "NLLLoss")},
    }  # fmt: skip
    if file.shape in {"single", "labels"}:
        names["y"] = labels.to(scores.dtype)
    if file.sample_weights is not None:
        weights = torch.from_numpy(file.sample_weights).to(scores.dtype)
        names["w"] = weights[:, None] if file.several else weights
    if file.class_weights is not None:
        names["class_weights"] = torch.from_numpy(file.class_weights).to(scores.dtype)
    return names


def _torchmetrics(entry, file):
    names = {name: getattr(torchmetrics, name) for name in ("Accuracy", "ExactMatch")}
    names["MulticlassAccuracy"] = torchmetrics.classification.MulticlassAccuracy
    metric = run(entry.accuracy_call, names)
    return Returned(None, number(metric(torch.from_numpy(file.scores), torch.from_numpy(file.labels))))


def returned(entry, file):
    """Return the loss and the accuracy of an entry."""
    if entry.framework == "torchmetrics":
        return _torchmetrics(entry, file)
    names = _names(file)
    right = None if entry.accuracy_call is None else number(run(entry.accuracy_call, names))
    return Returned(number(run(entry.call, names)), right)
