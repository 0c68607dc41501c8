"""Labels and scores whose rows do not belong together, near misses and honest ones, at any number of rows.

As a program it prints how often each mistake is named and how often a file without one is accused:

    python tests/mistakes_order.py [--draws N] [ROWS ...]
"""

import argparse
import sys
from collections import Counter

import numpy as np

import xentcli

CODES = ("XE304", "XE311")
SIZES = (50, 500, 5000)


def softmax(logits):
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def judged(rng, labels, classes, skill):
    """Return the calibrated probabilities of a model of some skill, shape (rows, classes)."""
    logits = rng.normal(size=(len(labels), classes))
    logits[np.arange(len(labels)), labels] += skill
    return softmax(skill * logits)


def sticky(rng, rows, classes, stay):
    """Return a series of labels of which each repeats the last one with the probability `stay`."""
    labels = rng.integers(0, classes, rows)
    kept = np.where(rng.random(rows) < stay, 0, np.arange(rows))
    return labels[np.maximum.accumulate(kept)]


def skilled(rng, rows, labels=None, classes=None):
    """Return labels and the scores of a model that is mostly right."""
    classes = classes or int(rng.choice([2, 3, 5, 10, 20]))
    labels = rng.integers(0, classes, rows) if labels is None else labels
    return labels, judged(rng, labels, classes, rng.choice([2.0, 3.0, 4.0]))


def somewhere(rng, rows):
    return int(rows * rng.uniform(0.1, 0.9))


def without(held, at, count=1):
    return np.delete(held, np.arange(at, at + count), axis=0)


def label_lost(rng, rows, count=1, labels=None, classes=None):
    labels, scores = skilled(rng, rows + count, labels, classes)
    return without(labels, somewhere(rng, rows), count), scores[:rows]


def scores_lost(rng, rows, count=1):
    labels, scores = skilled(rng, rows + count)
    return labels[:rows], without(scores, somewhere(rng, rows), count)


def scores_twice(rng, rows):
    labels, scores = skilled(rng, rows)
    at = somewhere(rng, rows)
    return labels, np.concatenate([scores[: at + 1], scores[at : rows - 1]])


def lost_twice(rng, rows):
    labels, scores = skilled(rng, rows + 2)
    return labels[:rows], without(without(scores, int(rows * 0.9)), int(rows * rng.uniform(0.1, 0.5)))


def sticky_label_lost(rng, rows):
    return label_lost(rng, rows, labels=sticky(rng, rows + 1, 5, 0.8), classes=5)


def by_text(rows, first):
    return np.array([str(number) for number in range(first, first + rows)]).argsort(kind="stable")


def reversed_scores(rng, rows):
    labels, scores = skilled(rng, rows)
    return labels, scores[::-1]


def scores_by_text(rng, rows):
    labels, scores = skilled(rng, rows)
    return labels, scores[by_text(rows, int(rng.integers(0, 2)))]


def labels_by_text(rng, rows):
    labels, scores = skilled(rng, rows)
    return labels[by_text(rows, int(rng.integers(0, 2)))], scores


def shifted_by_three(rng, rows):
    labels, scores = skilled(rng, rows + 3)
    return (labels[3:], scores[:rows]) if rng.random() < 0.5 else (labels[:rows], scores[3:])


def shuffled(rng, rows):
    labels, scores = skilled(rng, rows)
    return rng.permutation(labels), scores


def sorted_labels(rng, rows):
    labels, scores = skilled(rng, rows)
    return np.sort(labels), scores


SLIPS = {
    "a label lost": ("XE311", label_lost),
    "scores lost": ("XE311", scores_lost),
    "scores twice": ("XE311", scores_twice),
    "four labels lost": ("XE311", lambda rng, rows: label_lost(rng, rows, 4)),
    "scores lost at two rows": ("XE311", lost_twice),
    "a label of a sticky series lost": ("XE311", sticky_label_lost),
    "reversed": ("XE304", reversed_scores),
    "scores by text": ("XE304", scores_by_text),
    "labels by text": ("XE304", labels_by_text),
    "shifted by three": ("XE304", shifted_by_three),
    "shuffled": ("XE304", shuffled),
    "sorted labels": ("XE304", sorted_labels),
}
"""Mistakes by name: the code that names them, and a maker of (labels, scores) with some rows."""


def lost_at_the_end(rng, rows):
    labels, scores = skilled(rng, rows + 1)
    return labels[:rows], without(scores, rows - 3)


def declining(rng, rows):
    """Return what a model says that knows nothing any more from some row on."""
    labels, scores = skilled(rng, rows)
    at = somewhere(rng, rows)
    return labels, np.concatenate([scores[:at], judged(rng, labels[at:], scores.shape[1], 0.3)])


def improving(rng, rows):
    labels, scores = declining(rng, rows)
    return labels[::-1], scores[::-1]


def lagging(rng, rows):
    """Return what a model says that looks at the last rows, too."""
    classes = int(rng.choice([2, 3, 5]))
    labels = sticky(rng, rows, classes, rng.choice([0.5, 0.8, 0.95]))
    logits = np.log(judged(rng, labels, classes, rng.choice([1.0, 2.0])))
    weights = 0.5 ** np.arange(int(rng.integers(2, 6)))
    smooth = np.stack([np.convolve(one, weights / weights.sum())[:rows] for one in logits.T], axis=1)
    return labels, softmax(smooth)


def ignorant(rng, rows):
    """Return what a model says that learned nothing and knows it."""
    classes = int(rng.choice([2, 3, 10]))
    labels = rng.choice(classes, rows, p=rng.dirichlet(np.full(classes, 3.0)))
    return labels, judged(rng, labels, classes, 0.02)


def majority(rng, rows):
    """Return rare events, and scores that never lead to one."""
    labels = (rng.random(rows) < rng.choice([0.02, 0.05, 0.1])).astype(int)
    chance = 1.0 / (1.0 + np.exp(-(rng.normal(size=rows) + 2.0 * labels - 5.0)))
    return labels, np.stack([1.0 - chance, chance], axis=1)


NEAR_MISSES = {
    "lost at the end": lost_at_the_end,
    "declining": declining,
    "improving": improving,
    "lagging": lagging,
    "ignorant": ignorant,
    "rare events": majority,
}
"""Files that look alike and hold no such mistake, or none within reach."""


def any_skill(rng, labels, classes):
    return labels, judged(rng, labels, classes, rng.choice([0.3, 1.0, 2.0, 4.0]))


def drawn(rng, rows):
    classes = int(rng.choice([2, 3, 5, 10, 20]))
    shares = rng.dirichlet(np.full(classes, rng.choice([0.3, 1.0, 10.0])))
    return any_skill(rng, rng.choice(classes, rows, p=shares), classes)


def in_order_of_class(rng, rows):
    labels, scores = drawn(rng, rows)
    order = labels.argsort(kind="stable")
    return labels[order], scores[order]


def sticky_series(rng, rows):
    classes = int(rng.choice([2, 3, 5, 10]))
    return any_skill(rng, sticky(rng, rows, classes, rng.choice([0.5, 0.8, 0.95, 0.99])), classes)


def periodic(rng, rows):
    classes = int(rng.choice([2, 3, 7]))
    return any_skill(rng, np.arange(rows) % classes, classes)


def in_blocks(rng, rows):
    classes = int(rng.choice([2, 3, 5]))
    return any_skill(rng, (np.arange(rows) // 32) % classes, classes)


def drifting(rng, rows):
    """Return labels whose shares change at some row."""
    classes, at = int(rng.choice([2, 3, 5])), somewhere(rng, rows)
    shares = rng.dirichlet(np.ones(classes), 2)
    labels = np.concatenate([rng.choice(classes, at, p=shares[0]), rng.choice(classes, rows - at, p=shares[1])])
    return any_skill(rng, labels, classes)


def two_models(rng, rows):
    """Return two models under one another."""
    labels, scores = drawn(rng, rows)
    at = somewhere(rng, rows)
    later = judged(rng, labels[at:], scores.shape[1], rng.choice([0.3, 1.0, 4.0]))
    return labels, np.concatenate([scores[:at], later])


HONEST = {
    "drawn": drawn,
    "in order of class": in_order_of_class,
    "sticky": sticky_series,
    "periodic": periodic,
    "in blocks": in_blocks,
    "drifting": drifting,
    "two models": two_models,
} | NEAR_MISSES
"""Files without a mistake; the near misses are such, too."""


def spoken(labels, scores):
    """Return the findings about rows that do not belong together, by code."""
    report = xentcli.score((labels, scores), scale="probabilities", task=None)
    return {one.code: one for one in report.findings if one.code in CODES}


def usable(labels):
    """Whether there are two classes at least."""
    return len(np.unique(labels)) > 1


def recall(name, rows, draws):
    """Return the share of files with a mistake in which its code is told."""
    code, make = SLIPS[name]
    found = [code in spoken(*make(np.random.default_rng(seed), rows)) for seed in range(draws)]
    return sum(found) / draws


def accused(name, draws, sizes=(30, 5000)):
    """Return what is told of files without a mistake, by code, and how many files there were."""
    said, files = Counter(), 0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        rows = int(np.exp(rng.uniform(*np.log(sizes))))
        labels, scores = HONEST[name](rng, rows)
        if usable(labels):
            files += 1
            said.update(spoken(labels, scores))
    return said, files


def main():
    """Print recall by number of rows, and false alarms."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    chosen = parser.parse_args()
    out = sys.stdout.write
    out(f"{'mistake':34}code   " + "".join(f"n = {rows:<7,}" for rows in chosen.rows) + "\n")
    for name, (code, _) in SLIPS.items():
        out(f"{name:34}{code}  " + "".join(f"{recall(name, rows, chosen.draws):<11.2f}" for rows in chosen.rows) + "\n")
    total, files = Counter(), 0
    for name in HONEST:
        said, seen = accused(name, chosen.draws)
        total.update(said)
        files += seen
        out(f"{'honest: ' + name:34}{dict(said) or 'nothing said'} of {seen}\n")
    out(f"false alarms of {files:,} honest files: {dict(total) or 'none'}\n")


if __name__ == "__main__":
    main()
