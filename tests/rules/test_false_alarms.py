"""No false alarms: on honest predictions no rule speaks at level warning or error, but for what was declared before.

A data set's generator declares what it is: too small to tell, without a class, or such that the majority is hard to
beat in the very population that its rows are drawn from.
"""

import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xentcli

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
HONEST = [
    "preds_binary.csv", "preds_binary.parquet", "preds_digits.csv", "preds_digits.parquet", "preds_digits_list.parquet",
    "preds_digits_logits.parquet", "preds_keras_trap.parquet", "preds_multilabel.csv", "preds_multilabel_tags.parquet",
    "preds_soft.csv", "preds_outputs.csv", "preds_decisions.csv",
]  # fmt: skip

TASKS = ("single", "binary", "multiclass", "multilabel", "outputs", "soft", "decisions")
SETS = 50 * len(TASKS)
SMALL = 200
VOTERS = 10
"""Annotators of a row of soft labels."""
POPULATION = 20_000


@dataclass(frozen=True)
class Model:
    """What an honest model's predictions are drawn from: true logits, and the temperature that they are shown at.

    Of several outputs the others are models of their own.
    """

    kind: str
    rows: int
    classes: int
    strength: float
    temperature: float
    bias: np.ndarray
    scale: str
    weighted: bool = False
    others: tuple["Model", ...] = ()


def logits_of(one, rng, rows):
    return rng.normal(size=(rows, one.classes)) * one.strength + one.bias


def probabilities(one, logits):
    if one.kind in {"single", "multilabel"}:
        return 1.0 / (1.0 + np.exp(-logits))
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def labels_of(one, rng, p):
    if one.kind in {"single", "multilabel"}:
        return (rng.random(p.shape) < p).astype(int)
    return np.minimum((p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1), one.classes - 1)


def model(rng, kind):
    classes = {"single": 1, "binary": 2, "multilabel": int(rng.integers(2, 9)), "outputs": int(rng.integers(2, 6))}
    size = classes.get(kind, int(rng.integers(3, 21)))
    imbalanced = rng.random() < 0.5
    one = Model(
        kind=kind,
        rows=int(np.exp(rng.uniform(np.log(30), np.log(5000)))),
        classes=size,
        strength=rng.uniform(1.0, 4.0),
        temperature=1.0 if rng.random() < 0.4 else float(np.exp(rng.uniform(np.log(0.5), np.log(2.0)))),
        bias=rng.normal(size=size) * (1.5 if imbalanced else 0.2),
        scale="logits" if rng.random() < 0.3 else "probabilities",
        weighted=rng.random() < 0.2,
    )
    if kind != "outputs":
        return one
    other = replace(one, bias=rng.normal(size=size) * 0.2, strength=rng.uniform(1.0, 4.0), weighted=False)
    return replace(one, others=(other,))


def entropy(shares):
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def declared(one, rng):
    """Return the codes that such a data set may show, from its population and its size alone."""
    codes = set().union(*(declared(other, rng) for other in one.others))
    rows = one.rows / 2 if one.weighted else one.rows  # (sum w)^2 / sum(w^2) of exponential weights
    if rows < SMALL:
        codes |= {"XE304", "XE404", "XE405"}
    if one.kind == "multilabel":
        return codes
    logits = logits_of(one, rng, POPULATION)
    p, shown = probabilities(one, logits), probabilities(one, logits / one.temperature)
    if one.kind == "single":
        p, shown = np.hstack([1 - p, p]), np.hstack([1 - shown, shown])
    shares, right = p.mean(axis=0), np.take_along_axis(p, shown.argmax(axis=1)[:, None], axis=1).mean()
    cost = -(p * np.log(shown)).sum(axis=1)
    doubt = 3.0 / np.sqrt(rows)
    if right - shares.max() < doubt * 0.5 + np.sqrt(np.log(one.classes + 1) / rows):
        codes.add("XE404")
    if cost.mean() + doubt * cost.std() > entropy(shares):
        codes |= {"XE304", "XE405"}
    return codes


def table(one, rng):
    """Return a table of labels and predictions, with a column of weights where rows have such."""
    held = predictions(one, rng)
    if one.others:
        parts = [held, *(predictions(other, rng) for other in one.others)]
        held = pd.concat([of_output(part, name) for name, part in zip("xyz", parts, strict=False)], axis=1)
    return held.assign(weight=rng.exponential(size=one.rows)) if one.weighted else held


def of_output(part, name):
    """Return the columns of an output, named as such: x, x_0, x_1."""
    return part.rename(columns=lambda column: name if column == "label" else f"{name}_{column.rpartition('_')[2]}")


def predictions(one, rng):
    logits = logits_of(one, rng, one.rows)
    p = probabilities(one, logits)
    labels, shown = labels_of(one, rng, p), logits / one.temperature
    prefix = "logit_"
    if one.scale == "probabilities":
        shown, prefix = probabilities(one, shown), "p_"
    if one.kind == "single":
        return pd.DataFrame({"label": labels[:, 0], f"{prefix}1": shown[:, 0]})
    if one.kind == "decisions":
        return pd.DataFrame({"label": labels, "predicted": shown.argmax(axis=1)})
    held = pd.DataFrame(shown, columns=[f"{prefix}{at}" for at in range(one.classes)])
    if one.kind == "multilabel":
        return pd.DataFrame(labels, columns=[f"is_{at}" for at in range(one.classes)]).join(held)
    if one.kind == "soft":
        shares = rng.multinomial(VOTERS, p / p.sum(axis=1, keepdims=True)) / VOTERS
        return pd.DataFrame(shares, columns=[f"share_{at}" for at in range(one.classes)]).join(held)
    return held.assign(label=labels)


def alarms(report):
    return [one for one in report.findings if one.level != "note"]


@pytest.mark.parametrize("name", HONEST)
def test_no_rule_warns_of_the_honest_models_of_the_sample_data(name):
    assert alarms(xentcli.score(SAMPLES / name)) == []


def test_no_rule_warns_of_honest_models_but_of_what_was_declared(capsys):
    false, spoken, notes, excused, kinds = {}, Counter(), Counter(), 0, set()
    for seed in range(SETS):
        rng = np.random.default_rng(seed)
        one = model(rng, TASKS[seed % len(TASKS)])
        allowed = declared(one, rng)
        report = xentcli.score(table(one, rng), weight="weight" if one.weighted else None)
        kinds.add((one.kind, report.score.task.kind.value))
        excused += bool(allowed)
        notes.update(found.code for found in report.findings if found.level == "note")
        for found in alarms(report):
            spoken[found.code] += 1
            if found.code not in allowed:
                false.setdefault(seed, []).append(f"{one.kind}, {one.rows} rows: {found.code} {found.message}")
    rate = (
        f"false alarms: {len(false)} of {SETS} data sets ({len(false) / SETS:.1%}); {excused} were declared hard,"
        f" alarms there: {dict(sorted(spoken.items()))}; notes: {dict(sorted(notes.items()))}"
    )
    with capsys.disabled():
        print(f"\n{rate}", file=sys.stderr)  # noqa: T201  the rate is worth seeing; workers pass on stderr only
    read = {"single": "binary", "binary": "binary", "multilabel": "multilabel", "outputs": "multioutput"}
    assert kinds == {(kind, read.get(kind, "multiclass")) for kind in TASKS}
    assert not false, f"{rate}\n" + "\n".join(f"set {seed}: {'; '.join(said)}" for seed, said in false.items())
