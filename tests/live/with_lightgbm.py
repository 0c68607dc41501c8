"""LightGBM, run as an entry of the table says: a booster without trees, scores as initial scores.

Its objective makes probabilities of the scores: none at all for "of probabilities", the sigmoid or softmax else.
"""

import re

import lightgbm
import numpy as np
from live.calls import Returned, number

OBJECTIVES = {"binary_logloss": "binary", "multi_logloss": "multiclass"}


def returned(entry, file):
    """Return the loss and the accuracy of an entry."""
    name, given = re.fullmatch(r"metric='(\w+)' of (.+)", entry.call).groups()
    error = re.fullmatch(r"1 - (\w+)", entry.accuracy_call)[1]
    told = {"metric": [name, error], "verbosity": -1, "num_threads": 1, "boost_from_average": False}
    told["objective"] = "none" if given == "probabilities" else OBJECTIVES[name]
    told |= {"num_class": file.classes} if name == "multi_logloss" else {}
    scores = file.scores.astype(np.float64)
    table = lightgbm.Dataset(
        np.arange(float(len(scores)))[:, None], label=file.labels, weight=file.sample_weights, init_score=scores
    )
    values = {metric: value for _, metric, value, _ in lightgbm.Booster(told, table).eval_train()}
    return Returned(number(values[name]), 1.0 - number(values[error]))
