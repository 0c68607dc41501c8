"""scikit-learn, run as an entry of the table says."""

import warnings

import numpy as np
from live.calls import Returned, number, run
from scipy import special
from sklearn import metrics


def returned(entry, file):
    """Return the loss and the accuracy of an entry; rows that do not sum to 1 are warned of, which is no news."""
    names = {
        "log_loss": metrics.log_loss, "accuracy_score": metrics.accuracy_score,
        "expit": special.expit, "softmax": lambda logits: special.softmax(logits, axis=1), "exp": np.exp,
        "p": file.scores, "logits": file.scores, "log_p": file.scores,
        "y": file.labels, "classes": range(file.classes), "w": file.sample_weights,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Returned(number(run(entry.call, names)), number(run(entry.accuracy_call, names)))
