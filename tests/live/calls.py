"""From an entry of the frameworks' table to what its framework returns: the entry's own text is what is run.

Every framework has a module of its own here, imported when it is asked for, so that the others can be missing.
"""

import importlib
import math
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

MODULES = {
    "keras": "live.with_keras",
    "torch": "live.with_torch",
    "torchmetrics": "live.with_torch",
    "scikit-learn": "live.with_sklearn",
    "optax": "live.with_optax",
    "xgboost": "live.with_xgboost",
    "lightgbm": "live.with_lightgbm",
    "catboost": "live.with_catboost",
}

NOT_RUN = {
    "keras 1.2 - 2.2.5": "needs TensorFlow 1 and a Python of its time",
    "keras 2.3": "needs TensorFlow 1 and a Python of its time",
    "tf.keras 1.15 - 2.1": "needs TensorFlow 1 or 2.1 and a Python of its time",
    "tf.keras 2.2 - 2.15": "needs TensorFlow 2.2 - 2.15 and a Python of its time",
    "tf_keras 2.16 - 2.21": "needs TensorFlow, which the extra leaves out",
    "scikit-learn 0.19 - 1.0": "needs a Python of its time",
}
"""Entries whose framework is not in the extra; their recorded values are tested in `test_frameworks`."""


class Returned(NamedTuple):
    """What a framework returned for an entry's calls; None where it has none."""

    loss: float | None
    accuracy: float | None


def numbers(text):
    """Return a version as numbers, to compare: "1.2" is (1, 2)."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def named(entry):
    """Return framework and era of an entry, as `NOT_RUN` has them."""
    return f"{entry.framework} {entry.version}"


def installed(framework, era):
    """Whether the version that is installed belongs to the era of an entry, such as "3" or "1.5 - 1.9"."""
    found = numbers(version(framework))
    first, *rest = (numbers(end) for end in era.split(" - "))
    last = rest[0] if rest else first
    return found[: len(first)] >= first and found[: len(last)] <= last


def run(text, names):
    """Evaluate the text of a call with the names that it uses."""
    return eval(text, {"__builtins__": {}}, dict(names))  # noqa: S307  the texts are our own


def number(value):
    """Return a value as the table has it: None for what is infinite or no number."""
    found = float(np.asarray(value))
    return found if math.isfinite(found) else None


def returned(entry, file):
    """Return what the framework of an entry returns for a file."""
    return importlib.import_module(MODULES[entry.framework]).returned(entry, file)


def tolerances(entry, file):
    """Return how close loss and accuracy must come: 1e-6 where float32 is involved, 1e-12 in float64.

    Keras, XGBoost and torchmetrics compute in float32 whatever comes in, and `.float()` in torch makes the accuracy
    float32. LightGBM and CatBoost store weights as float32, which matters for weights that float32 does not hold.
    """
    if file.scores.dtype == np.float32 or entry.framework in {"keras", "xgboost", "torchmetrics"}:
        return 1e-6, 1e-6
    weights = file.sample_weights
    rounded = weights is not None and not np.array_equal(weights, weights.astype(np.float32))
    loss = 1e-6 if rounded and entry.framework in {"lightgbm", "catboost"} else 1e-12
    return loss, 1e-6 if entry.framework == "torch" else loss
