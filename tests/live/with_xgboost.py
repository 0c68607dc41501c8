"""XGBoost, run as an entry of the table says: a booster without trees, scores as base margins.

Its objective makes probabilities of the margins: none at all for "of probabilities", the sigmoid or softmax else.
"""

import re

import numpy as np
import xgboost
from live.calls import Returned, number


def returned(entry, file):
    """Return the loss and the accuracy of an entry."""
    name, given = re.fullmatch(r"eval_metric='(\w+)' of (.+)", entry.call).groups()
    error = re.fullmatch(r"1 - (\S+)", entry.accuracy_call)[1]
    told = {"eval_metric": [name, error], "verbosity": 0, "nthread": 1, "base_score": 0.5}
    scores = file.scores
    if name == "mlogloss":
        told |= {"objective": "multi:softprob", "num_class": file.classes}
    else:
        told["objective"] = "reg:squarederror" if given == "probabilities" else "binary:logistic"
    with np.errstate(divide="ignore"):
        scores = np.log(scores) if given.startswith("log(p)") else scores
    table = xgboost.DMatrix(np.zeros((len(scores), 1)), label=file.labels, weight=file.sample_weights)
    table.set_base_margin(scores)
    said = xgboost.train(told, table, num_boost_round=0).eval(table)
    values = dict(part.split(":") for part in said.removeprefix("[0]").split())
    return Returned(number(values[f"eval-{name}"]), 1.0 - number(values[f"eval-{error}"]))
