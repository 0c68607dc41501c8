"""The golden cases as frozen records with numpy inputs."""

import json
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import xentcli

PATH = Path(__file__).parent / "golden" / "public.json.xz"


@dataclass(frozen=True)
class Case:
    """One case; see tests/golden/README.md."""

    id: str
    task: str
    prediction: str
    hard: bool
    dtype: str
    tags: frozenset
    threshold: float
    smoothing: float
    y_true: np.ndarray
    y_pred: np.ndarray
    weights: np.ndarray | None
    results: tuple

    def values(self, framework, versions, function):
        """Return the numbers that some versions of a framework returned from a function."""
        return [
            one["value"]
            for one in self.results
            if one["framework"] == framework
            and (versions is None or one["version"] in versions)
            and one["fn"] == function
            and isinstance(one.get("value"), int | float)
        ]


def _array(values, dtype):
    return None if values is None else np.array(values, dtype=object).astype(str).astype(np.float64).astype(dtype)


@cache
def cases():
    """Return all cases."""
    with lzma.open(PATH) as file:
        document = json.load(file)
    return tuple(
        Case(
            one["id"],
            one["task"],
            one["pred_kind"],
            one["label_kind"] == "int",
            one["dtype"],
            frozenset(one["tags"]),
            one["options"].get("threshold") or 0.5,
            one["options"].get("label_smoothing") or 0.0,
            _array(one["inputs"]["y_true"], np.float64),
            _array(one["inputs"]["y_pred"], one["dtype"]),
            _array(one["inputs"].get("sample_weight"), np.float64),
            tuple(one["results"]),
        )
        for one in document["cases"]
    )


def scored(case):
    """Return the Score of a case with hard labels."""
    frame = {"y_true": list(case.y_true.astype(int)), "y_pred": list(case.y_pred)}
    if case.weights is not None:
        frame["w"] = case.weights
    single = case.y_pred.ndim == 1
    return xentcli.score(
        pd.DataFrame(frame).astype({"y_pred": case.dtype} if single else {}),
        weight="w" if case.weights is not None else None,
        task="multilabel" if case.task == "multilabel" else None,
        scale="logits" if case.prediction == "logit" else "probabilities",
        classes="0,1" if single else None,
        threshold=case.threshold,
    ).score
