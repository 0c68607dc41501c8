"""Honest files of the kinds that look like mistakes: nothing is wrong with them, though some of their models are bad.

`python tests/honest_draws.py` prints what the rules say of 2,000 of them, by kind, and 50 warnings drawn at random, to
be checked by hand.
"""

import sys
import warnings
from collections import Counter

import numpy as np
from mistakes import sigmoid, softmax, table, wide
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

import xentcli

DRAWS, SHOWN = 2000, 50


def rows_of(rng, least=40, most=5000):
    return int(np.exp(rng.uniform(np.log(least), np.log(most))))


def drawn(rng, chances):
    """Return a label for each row of probabilities, drawn from them."""
    below = chances.cumsum(axis=1) < rng.random((len(chances), 1))
    return np.minimum(below.sum(axis=1), chances.shape[1] - 1)


def calibrated(rng, rows, classes=None):
    """Return labels and probabilities of a model that is as sure as it is right, whatever its skill."""
    classes = int(rng.integers(2, 9)) if classes is None else classes
    logits = rng.normal(size=(rows, classes)) * rng.uniform(0.2, 4.0) + rng.normal(size=classes) * rng.uniform(0.0, 1.5)
    chances = softmax(logits)
    return drawn(rng, chances), chances


def of_samples(rng, model, rows, classes):
    """Return held-out labels and the probabilities of a model that was fitted to other rows of the same kind."""
    spread, size = rng.uniform(0.5, 3.0), int(rng.integers(2, 8))
    centres = rng.normal(size=(classes, size)) * spread
    shares = rng.dirichlet(np.full(classes, rng.choice([0.7, 3.0, 30.0])))
    truth = rng.choice(classes, size=400 + rows, p=shares)
    truth[:classes] = np.arange(classes)
    places = centres[truth] + rng.normal(size=(len(truth), size))
    model.fit(places[:400], truth[:400])
    return truth[400:], model.predict_proba(places[400:])


def few_rows(rng):
    return wide(*calibrated(rng, int(rng.integers(3, 60))))


def rare_events(rng):
    logits = rng.normal(size=rows_of(rng, 200)) * rng.uniform(0.3, 2.5) - rng.uniform(2.5, 5.0)
    chances = sigmoid(logits)
    return wide((rng.random(len(chances)) < chances).astype(int), chances)


def sticky_series(rng):
    """Return classes that stay for a while, and scores that lag behind or wander slowly."""
    rows, classes = rows_of(rng), int(rng.integers(2, 6))
    stays = rng.random(rows) < rng.uniform(0.5, 0.98)
    stays[0] = False
    truth = rng.integers(0, classes, rows)[np.maximum.accumulate(np.where(stays, 0, np.arange(rows)))]
    noise = rng.normal(size=(rows, classes))
    slow = rng.uniform(0.0, 0.95)
    for row in range(1, rows):
        noise[row] = slow * noise[row - 1] + np.sqrt(1.0 - slow * slow) * noise[row]
    noise[np.arange(rows), truth] += rng.uniform(0.3, 4.0)
    return wide(truth, softmax(noise * rng.uniform(0.4, 1.5)))


def trees(rng):
    seed = int(rng.integers(1 << 31))
    leaf = int(rng.choice([1, 5, 20]))
    model = (
        DecisionTreeClassifier(min_samples_leaf=leaf, random_state=seed)
        if rng.random() < 0.4
        else RandomForestClassifier(int(rng.choice([5, 10, 30])), min_samples_leaf=leaf, random_state=seed)
    )
    return wide(*of_samples(rng, model, rows_of(rng, most=2000), int(rng.integers(2, 7))))


def neighbours(rng):
    return wide(*of_samples(rng, KNeighborsClassifier(3), rows_of(rng, 20, 2000), int(rng.integers(2, 6))))


def coarse_scores(rng):
    truth, chances = calibrated(rng, rows_of(rng))
    return wide(truth, np.round(chances, int(rng.integers(1, 4))))


def half_precision(rng):
    truth, chances = calibrated(rng, rows_of(rng))
    return wide(truth, chances.astype(np.float16).astype(np.float32))


def filtered_queue(rng):
    """Return the rows that a binary model sends to people: those with a score of one half and more."""
    chances = sigmoid(rng.normal(size=rows_of(rng, 200)) * rng.uniform(0.5, 3.0) + rng.normal())
    truth = (rng.random(len(chances)) < chances).astype(int)
    kept = chances >= 0.5
    if kept.sum() < 20 or len(set(truth[kept])) < 2:
        return filtered_queue(rng)
    return wide(truth[kept], chances[kept])


def balanced_weights(rng):
    """Return a model that was trained with classes weighted alike, on rows whose classes are not."""
    classes = int(rng.integers(2, 5))
    truth, chances = of_samples(rng, LogisticRegression(class_weight="balanced"), rows_of(rng), classes)
    return wide(truth, chances)


def of_text_labels(rng):
    truth, chances = calibrated(rng, rows_of(rng))
    names = rng.permutation([f"{letter}{letter}" for letter in "abcdefgh"])[: chances.shape[1]]
    return table(names[truth], chances, [f"p_{name}" for name in names])


KINDS = {
    "few rows": few_rows,
    "rare events": rare_events,
    "sticky series": sticky_series,
    "trees": trees,
    "3 nearest neighbours": neighbours,
    "coarse scores": coarse_scores,
    "float16": half_precision,
    "queue filtered at .5": filtered_queue,
    "balanced weights": balanced_weights,
    "text labels": of_text_labels,
}


def said_of(draws):
    """Yield the kind, the number of the draw and the report of so many honest files, kinds in turn."""
    for seed in range(draws):
        name = list(KINDS)[seed % len(KINDS)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = KINDS[name](np.random.default_rng([seed, 20]))
        yield name, seed, frame, xentcli.score(frame)


def main():
    said = {name: Counter() for name in KINDS}
    warned = []
    for name, seed, frame, report in said_of(DRAWS):
        for one in report.findings:
            said[name][f"{one.level} {one.code}"] += 1
            if one.level != "note":
                warned.append(f"{name} {seed}, {len(frame)} rows: {one.level} {one.code} {one.message}")
    for name, counts in said.items():
        told = {code: times for code, times in sorted(counts.items()) if not code.startswith("note")}
        sys.stdout.write(f"{name:24}{told or 'no warning, no error'}\n")
    chosen = np.random.default_rng(0).permutation(len(warned))[:SHOWN]
    sys.stdout.write(f"\n{len(warned)} warnings and errors, {len(chosen)} of them:\n")
    sys.stdout.writelines(f"{warned[at]}\n" for at in sorted(chosen))


if __name__ == "__main__":
    main()
