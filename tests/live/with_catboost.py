"""CatBoost, run as an entry of the table says."""

import numpy as np
from catboost.utils import eval_metric
from live.calls import Returned, number, run
from scipy import special


def returned(entry, file):
    """Return the loss and the accuracy of an entry; scores are float64, as CatBoost keeps them."""
    scores = file.scores.astype(np.float64)
    names = {
        "p": scores, "raw": scores, "log": np.log, "logit": special.logit,
        "y": file.labels, "w": file.sample_weights, "eval_metric": eval_metric,
    }  # fmt: skip
    with np.errstate(divide="ignore"):
        loss, accuracy = (run(call, names) for call in (entry.call, entry.accuracy_call))
    return Returned(number(loss[0]), number(accuracy[0]))
