"""Real results for pictures and pages: every kind of file, computed once."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import xentcli
from xentcli.record import replace

SAMPLE = Path(__file__).parent.parent / "sample_data"


def binary():
    """Return a score of two classes, with slices and worst rows."""
    return xentcli.score(SAMPLE / "preds_binary.csv", worst=5)


def digits():
    """Return a score of ten classes that holds a trap, by a column."""
    return xentcli.score(SAMPLE / "preds_main.parquet", by=["ink"], worst=10)


def many_classes(count=1000, rows=4000):
    """Return a score of very many classes."""
    random = np.random.default_rng(3)
    labels = np.concatenate((np.arange(count), random.integers(0, count, rows - count)))
    scores = random.normal(size=(rows, count))
    scores[np.arange(rows), labels] += 3.0
    scores = np.exp(scores)
    return xentcli.score((labels, scores / scores.sum(axis=1, keepdims=True)))


def compared():
    """Return a comparison."""
    return xentcli.compare(SAMPLE / "preds_main.parquet", SAMPLE / "preds_next.parquet", by=["ink"], worst=5)


def judged():
    """Return a verdict with checks that passed and failed, against a baseline."""
    return xentcli.check(
        SAMPLE / "preds_main.parquet", baseline=SAMPLE / "preds_next.parquet", id="id",
        min={"accuracy": 0.96, "recall[3]": 0.8}, max={"loss": 0.45}, max_regression={"loss": 0.01},
    )  # fmt: skip


def models():
    """Return a verdict on two models."""
    report = judged()
    return replace(report, models=(*report.models, replace(report.models[0], name="second")))


def inspected():
    """Return an inspection of labels of three uneven classes."""
    return xentcli.inspect(pd.DataFrame({"label": ["cat"] * 60 + ["dog"] * 30 + ["eel"] * 10}))


SCORES = {
    "binary": binary,
    "digits": digits,
    "many classes": many_classes,
    "labels": lambda: xentcli.score(SAMPLE / "preds_multilabel.csv"),
    "outputs": lambda: xentcli.score(SAMPLE / "preds_outputs.csv"),
    "decisions": lambda: xentcli.score(SAMPLE / "preds_decisions.csv"),
    "soft": lambda: xentcli.score(SAMPLE / "preds_soft.csv"),
}
"""How the score of each kind of file is made."""


@cache
def made(name):
    """Return a result by its name: of SCORES, or `compared`, `judged`, `inspected`."""
    return (SCORES | {"compared": compared, "judged": judged, "models": models, "inspected": inspected})[name]()
