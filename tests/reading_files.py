"""Small prediction files of every layout, with the truth known: what the laws of the reading of columns are tried on.

A file is a pure function of a layout and a seed, so that Hypothesis draws two values and numpy fills the rest. No score
ties with another and none is clipped, so that a number depends on nothing but what the columns are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

WORDS = (
    ("cat", "dog", "owl", "eel", "fox"), ("ham", "spam"), ("benign", "malignant"), ("no", "yes"),
    ("setosa", "versicolor", "virginica"), ("red", "amber", "green", "blue"), ("north", "south", "east", "west"),
)  # fmt: skip
SURE_LABELS = ("label", "y_true", "gold", "obs", "target", "ground_truth")
ODD_LABELS = ("animal", "is_fraud", "churn", "what_it_was", "outcome", "status")
AFFIXES = (
    "p_{}", "prob_{}", "proba_{}", "score_{}", "logit_{}", "pred_{}", "y_pred_{}", ".pred_{}", "{}_prob", "{}_proba",
    "{}_score", "P({})", "{}",
)  # fmt: skip
SINGLES = (
    "score",
    "prob",
    "proba",
    "y_score",
    "y_prob",
    "p",
    "probability",
    "prediction",
    "logit",
    "decision_function",
)
LISTS = ("probs", "probabilities", "y_proba", "scores", "logits", "predictions")
DECIDED = ("pred", "y_pred", "predicted", "prediction", "predicted_label", "pred_class")
CONFIDENT = ("confidence", "score", "prediction_score", "prob", "conf")
PAIRS = (("neg", "pos"), ("no", "yes"), ("False", "True"), ("control", "case"))


@dataclass(frozen=True)
class File:
    """Predictions and labels with what they mean.

    Attributes:
        columns: of the predictions, in file order.
        roles: what each column that is used is: its role, and its class where it has one.
        truth: class indices, shape (n,); of layouts without one label a row, None.
        classes: the labels as they are written, in the order of the indices; empty likewise.
        loss: the mean loss, None where there is none.
        accuracy: the share of right rows, None where it is not known beforehand.
        positive: the positive class in small letters, None where there is none.
        sure: whether names or values leave no doubt, so that it must be read without options.
        labels: the columns of a second file, None where there is none.
        copies: columns that say again what the label says, each with the class that a text in it stands for.
    """

    columns: Mapping[str, Any]
    roles: Mapping[str, tuple[str, str | None]]
    truth: np.ndarray | None
    classes: tuple[Any, ...]
    loss: float | None
    accuracy: float | None
    positive: str | None = None
    sure: bool = True
    labels: Mapping[str, Any] | None = None
    copies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def holds_lists(self):
        """Whether a cell is a list, which CSV cannot hold."""
        return any(isinstance(cells[0], list) for cells in self.columns.values())

    @property
    def indexed(self):
        """Whether integer labels stand for classes of other names, so that the order of the columns counts."""
        names = [own for role, own in self.roles.values() if role == "score"]
        return (
            len(names) > 2
            and bool(self.classes)
            and all(isinstance(one, int) for one in self.classes)
            and any(own is not None and not own.lstrip("-").isdigit() for own in names)
        )

    @property
    def unused(self):
        """The columns of the predictions that no reading has a use for."""
        return [name for name in self.columns if name not in self.roles]

    @property
    def rows(self):
        """How many rows there are."""
        return len(next(iter(self.columns.values())))


class Draw:
    """Random values from one seed; the truth may come from another one, and nothing else changes with it."""

    def __init__(self, seed: int, other_truth: int | None = None) -> None:
        """Begin with the number of rows."""
        self.rng = np.random.default_rng(seed)
        self.rows = int(self.rng.integers(40, 121))
        self.other = None if other_truth is None else np.random.default_rng(other_truth)

    def one(self, choices):
        """Return one of some choices."""
        return choices[int(self.rng.integers(len(choices)))]

    def indices(self, size, rng=None):
        """Return a class index a row; every class occurs."""
        rng = rng or self.rng
        drawn = np.concatenate([np.arange(size), np.arange(size), rng.integers(0, size, self.rows - 2 * size)])
        return rng.permutation(drawn)

    def logits(self, truth, size):
        """Return the logits of a model that is often right, and the truth: the other one where it is asked for."""
        logits = self.rng.normal(0, 1.2, (self.rows, size))
        logits[np.arange(self.rows), truth] += self.one((0.3, 1.0, 1.8))
        return logits, truth if self.other is None else self.indices(size, self.other)

    def bits(self, size, rng=None):
        """Return 0 and 1 a row and label; each label is there and is not, and some row has several."""
        rng = rng or self.rng
        held = (rng.random((self.rows, size)) < 0.4).astype(int)
        held[:size] = np.eye(size, dtype=int)
        held[size] = 1
        return held[rng.permutation(self.rows)]

    def several(self, size):
        """Return 0/1 truth and the logits of each label."""
        held = self.bits(size)
        logits = self.rng.normal(0, 1.2, held.shape) + (2 * held - 1) * self.one((0.3, 1.0))
        return logits, held if self.other is None else self.bits(size, self.other)


def softmax(logits):
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1.0 / (1.0 + np.exp(-logits))


def of_rows(probabilities, truth):
    """Return the mean loss and the accuracy of class probabilities."""
    at = np.arange(len(truth))
    return -np.log(probabilities[at, truth]).mean(), (probabilities.argmax(axis=1) == truth).mean()


def of_labels(chances, held):
    """Return the mean loss over rows and labels, and the share of rows whose labels are all right."""
    loss = -np.where(held == 1, np.log(chances), np.log1p(-chances)).mean()
    return loss, ((chances > 0.5) == (held == 1)).all(axis=1).mean()


def positive_of(classes):
    """Return the positive class of two, in small letters."""
    texts = [str(one).casefold() for one in classes]
    if all(not isinstance(one, str) for one in classes):
        return texts[int(classes[1] > classes[0])]
    return "yes" if set(texts) == {"no", "yes"} else max(texts)


def kinds_of_labels(draw, size=None):
    """Return classes as they are written: words, integers, booleans, or -1 and 1."""
    kind = draw.one(("words", "words", "integers", "booleans", "signs") if size is None else ("words", "integers"))
    if kind == "booleans":
        return (False, True)
    if kind == "signs":
        return (-1, 1)
    size = size or int(draw.rng.integers(2, 6))
    if kind == "integers":
        start = draw.one((0, 0, 1))
        return tuple(range(start, start + size))
    pool = draw.one([one for one in WORDS if len(one) >= size])
    return tuple(sorted(pool[:size]) if draw.one((True, False)) else pool[:size])


def label_name(draw):
    return draw.one(SURE_LABELS + ODD_LABELS)


def written(classes, indices):
    return [classes[at] for at in indices]


def plain(columns, cells):
    """Return label cells and columns under their names, shuffled neither way."""
    return dict(zip(columns, (list(one) for one in cells), strict=True))


def per_class(draw):
    """One label column and a score column per class."""
    classes = kinds_of_labels(draw)
    affix, name = draw.one(AFFIXES), label_name(draw)
    sure = name in SURE_LABELS or isinstance(classes[0], str)  # a feature may hold the same numbers
    return columns_per_class(draw, classes, classes, affix, name, sure=sure)


def two_classes(draw):
    """Two classes of words or numbers and a score column for each."""
    classes = draw.one((*[one for one in WORDS if len(one) == 2], (0, 1), (1, 2)))
    return columns_per_class(draw, classes, classes, draw.one(AFFIXES), draw.one(SURE_LABELS))


def columns_per_class(draw, classes, names, affix, name, *, sure=True):
    size = len(classes)
    logits, truth = draw.logits(draw.indices(size), size)
    raw = affix.startswith("logit") or (affix == "score_{}" and draw.one((True, False)))
    scores = logits if raw else softmax(logits)
    loss, accuracy = of_rows(softmax(logits), truth)
    named = [affix.format(one) for one in names]
    roles = {name: ("label", None)} | {one: ("score", str(own)) for one, own in zip(named, names, strict=True)}
    columns = {name: written(classes, truth)} | plain(named, scores.T)
    return File(columns, roles, truth, classes, loss, accuracy, positive_of(names) if size == 2 else None, sure)


def by_meaning(draw):
    """Labels 0 and 1 beside two columns that are named no and yes in other words."""
    pair = draw.one(PAIRS)
    made = columns_per_class(draw, (0, 1), pair, draw.one(("prob_{}", "p_{}", "{}_prob")), draw.one(SURE_LABELS))
    return replace(made, positive=pair[1].casefold())


def by_sorted_names(draw):
    """Integer labels beside columns named after the classes in sorted order."""
    names = tuple(sorted(draw.one([one for one in WORDS if len(one) > 2])))
    affix = draw.one(("p_{}", "prob_{}", "logit_{}", "{}_prob"))
    return columns_per_class(draw, tuple(range(len(names))), names, affix, draw.one(SURE_LABELS))


def list_column(draw):
    """One label column and one column of lists."""
    size = int(draw.rng.integers(2, 6))
    classes = kinds_of_labels(draw, size)
    if isinstance(classes[0], str):
        classes = tuple(sorted(classes))
    elif classes[0] == 1:
        classes = tuple(range(size))
    name, scored = label_name(draw), draw.one(LISTS)
    logits, truth = draw.logits(draw.indices(size), size)
    loss, accuracy = of_rows(softmax(logits), truth)
    columns = {name: written(classes, truth), scored: (logits if scored == "logits" else softmax(logits)).tolist()}
    roles = {name: ("label", None), scored: ("score", None)}
    positive = positive_of(classes) if size == 2 else None
    return File(columns, roles, truth, classes, loss, accuracy, positive, sure=name in SURE_LABELS)


def single(draw):
    """Two classes and one score, which is that of the positive one."""
    classes = draw.one(((0, 1), (False, True), (-1, 1), *[one for one in WORDS if len(one) == 2]))
    name, scored = label_name(draw), draw.one((*SINGLES, "prob_{}", "{}_score"))
    named = draw.one((0, 1)) if "{}" in scored and classes[0] != -1 else None
    positive = [str(one).casefold() for one in classes].index(positive_of(classes)) if named is None else named
    own = str(classes[positive]).casefold()
    told = own if "{}" in scored else None
    scored = scored.format("pos" if classes[0] == -1 else classes[positive])
    logits, truth = draw.logits(draw.indices(2), 2)
    loss, accuracy = of_rows(softmax(logits), truth)
    margin = logits[:, positive] - logits[:, 1 - positive]
    raw = scored in {"logit", "decision_function"}
    columns = {name: written(classes, truth), scored: (margin if raw else sigmoid(margin)).tolist()}
    roles = {name: ("label", None), scored: ("score", told)}
    return File(columns, roles, truth, classes, loss, accuracy, own, sure=name in SURE_LABELS)


def one_hot(draw):
    """A 0/1 label column per class beside a score column per class."""
    return block(draw, soft=False)


def soft(draw):
    """A column of shares per class beside a score column per class."""
    return block(draw, soft=True)


def block(draw, *, soft):
    names = draw.one([one for one in WORDS if len(one) > 2])
    size, prefix = len(names), draw.one(("y_", "true_", "label_", "target_"))
    affix = draw.one(("p_{}", "prob_{}", "pred_{}", "{}_prob"))
    logits, truth = draw.logits(draw.indices(size), size)
    targets = np.eye(size, dtype=int)[truth]
    if soft:
        rng = draw.other or draw.rng
        targets = softmax(rng.normal(0, 1, (draw.rows, size)) + 2 * targets)
    scores = softmax(logits)
    loss = -(targets * np.log(scores)).sum(axis=1).mean()
    accuracy = (scores.argmax(axis=1) == targets.argmax(axis=1)).mean()
    labels, scored = [f"{prefix}{one}" for one in names], [affix.format(one) for one in names]
    roles = {one: ("label", own) for one, own in zip(labels, names, strict=True)}
    roles |= {one: ("score", own) for one, own in zip(scored, names, strict=True)}
    columns = plain(labels, targets.T) | plain(scored, scores.T)
    return File(columns, roles, None, (), loss, None if soft else accuracy)


def multi_label(draw):
    """A 0/1 label column and a score column per label."""
    names = draw.one([one for one in WORDS if len(one) > 2])
    prefix = draw.one(("y_", "true_", "label_", "target_", ""))
    affix = draw.one(("p_{}", "prob_{}", "pred_{}", "{}_prob"))
    logits, held = draw.several(len(names))
    loss, accuracy = of_labels(sigmoid(logits), held)
    labels, scored = [f"{prefix}{one}" for one in names], [affix.format(one) for one in names]
    roles = {one: ("label", own) for one, own in zip(labels, names, strict=True)}
    roles |= {one: ("score", own) for one, own in zip(scored, names, strict=True)}
    return File(plain(labels, held.T) | plain(scored, sigmoid(logits).T), roles, None, (), loss, accuracy)


def two_lists(draw):
    """A list of 0 and 1 and a list of scores a row."""
    logits, held = draw.several(int(draw.rng.integers(3, 6)))
    loss, accuracy = of_labels(sigmoid(logits), held)
    name, scored = draw.one(SURE_LABELS), draw.one(("probs", "y_proba", "scores"))
    columns = {name: held.tolist(), scored: sigmoid(logits).tolist()}
    return File(columns, {name: ("label", None), scored: ("score", None)}, None, (), loss, accuracy)


def tags(draw):
    """Several tags a cell beside a score column per tag."""
    names = draw.one([one for one in WORDS if len(one) > 2])
    logits, held = draw.several(len(names))
    loss, accuracy = of_labels(sigmoid(logits), held)
    name, separator = draw.one(("label", "labels", "tags", "target")), draw.one(("|", ";", ", ", "list"))
    cells = [[tag for tag, bit in zip(names, row, strict=True) if bit] for row in held]
    affix = draw.one(("p_{}", "prob_{}", "{}_prob"))
    scored = [affix.format(one) for one in names]
    columns = {name: cells if separator == "list" else [separator.join(one) for one in cells]}
    roles = {name: ("label", None)} | {one: ("score", own) for one, own in zip(scored, names, strict=True)}
    return File(columns | plain(scored, sigmoid(logits).T), roles, None, (), loss, accuracy)


def decisions(draw):
    """A label and a predicted label."""
    classes = kinds_of_labels(draw)
    size, name, decided = len(classes), draw.one(SURE_LABELS), draw.one(DECIDED)
    logits, truth = draw.logits(draw.indices(size), size)
    top = logits.argmax(axis=1)
    top[:size] = np.arange(size)
    columns = {name: written(classes, truth), decided: written(classes, top)}
    roles = {name: ("label", None), decided: ("predicted", None)}
    positive = positive_of(classes) if size == 2 else None
    return File(columns, roles, truth, classes, None, (top == truth).mean(), positive)


def confidence(draw):
    """A label, a predicted label, and the score of what is predicted."""
    classes = kinds_of_labels(draw)
    size, name = len(classes), draw.one(SURE_LABELS)
    decided, scored = draw.one(("predicted_label", "prediction_label", "pred", "y_pred")), draw.one(CONFIDENT)
    logits, truth = draw.logits(draw.indices(size), size)
    chances = softmax(logits)
    loss, accuracy = of_rows(chances, truth)
    top = chances.argmax(axis=1)
    columns = {name: written(classes, truth), decided: written(classes, top), scored: list(chances.max(axis=1))}
    roles = {name: ("label", None), decided: ("predicted", None), scored: ("confidence", None)}
    positive = positive_of(classes) if size == 2 else None
    return File(columns, roles, truth, classes, loss if size == 2 else None, accuracy, positive)


def outputs(draw):
    """Two label columns, each with score columns of its own."""
    pattern, labels = (
        draw.one(("{}_{}", "p_{}_{}", "{}_prob_{}", "{}.{}")),
        {"color": WORDS[5], "shape": ("round", "square")},
    )
    columns, roles, losses, right = {}, {}, [], np.ones(draw.rows, dtype=bool)
    for name, classes in labels.items():
        logits, truth = draw.logits(draw.indices(len(classes)), len(classes))
        chances = softmax(logits)
        losses.append(of_rows(chances, truth)[0])
        right &= chances.argmax(axis=1) == truth
        scored = [pattern.format(name, one) for one in classes]
        columns |= {name: written(classes, truth)} | plain(scored, chances.T)
        roles |= {name: ("label", None)} | {one: ("score", own) for one, own in zip(scored, classes, strict=True)}
    return File(columns, roles, None, (), sum(losses), right.mean())


def joined(draw):
    """Labels in a second file, joined by a shared id, in another order of rows."""
    made = draw.one((per_class, single, decisions, by_sorted_names))(draw)
    name = next(one for one, (role, _) in made.roles.items() if role == "label")
    ids = [f"s{at:04d}" for at in draw.rng.permutation(5000)[: made.rows]]
    order = draw.rng.permutation(made.rows)
    key = draw.one(("id", "sample_id", "image", "eeg_id"))
    labels = {key: [ids[at] for at in order], name: [made.columns[name][at] for at in order]}
    columns = {key: ids} | {one: cells for one, cells in made.columns.items() if one != name}
    return replace(made, columns=columns, labels=labels, roles=made.roles | {key: ("id", None)})


LAYOUTS: dict[str, Callable[[Draw], File]] = {
    one.__name__: one
    for one in (
        per_class, two_classes, by_meaning, by_sorted_names, list_column, single, one_hot, soft, multi_label, two_lists,
        tags, decisions, confidence, outputs, joined,
    )
}  # fmt: skip


FEATURES: dict[str, Callable[[np.random.Generator, int], list[Any]]] = {
    "age": lambda rng, rows: rng.integers(18, 90, rows).tolist(),
    "x0": lambda rng, rows: rng.normal(size=rows).tolist(),
    "x1": lambda rng, rows: rng.normal(size=rows).tolist(),
    "V1": lambda rng, rows: rng.normal(3, 2, rows).tolist(),
    "income": lambda rng, rows: rng.lognormal(10, 1, rows).tolist(),
    "humidity": lambda rng, rows: rng.random(rows).tolist(),
    "rooms": lambda rng, rows: rng.integers(0, 4, rows).tolist(),
    "visits": lambda rng, rows: rng.poisson(3, rows).tolist(),
    "smoker": lambda rng, rows: rng.integers(0, 2, rows).tolist(),
    "member": lambda rng, rows: (rng.random(rows) < 0.5).tolist(),
    "city": lambda rng, rows: rng.choice(["Rome", "Oslo", "Lima", "Bonn"], rows).tolist(),
    "note": lambda rng, rows: [f"seen at {at} by day" for at in rng.permutation(rows)],
    "day": lambda rng, rows: [f"2024-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in rng.integers(0, 336, rows)],
    "when": lambda rng, rows: list(pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 900, rows), "h")),
    "patient": lambda rng, rows: rng.permutation(90_000)[:rows].tolist(),
    "photo": lambda rng, rows: [f"img_{at:05d}.png" for at in rng.permutation(rows)],
}
"""Columns that no reading has a use for: numbers, integers, yes and no, text, dates, and what tells rows apart."""


def made(layout, seed, *, other_truth=None):
    """Return the file of a layout and a seed, with the truth of another seed where one is given."""
    draw = Draw(seed, other_truth)
    return with_features(LAYOUTS[layout](draw), seed + 1, most=3)


def with_features(file, seed, most=4):
    """Return a file with a few more columns that say nothing of the classes, each at a random place."""
    rng = np.random.default_rng(seed)
    names = [name for name in FEATURES if name not in file.columns]
    for name in rng.permutation(names)[: rng.integers(1, most + 1)]:
        file = inserted(file, {str(name): FEATURES[name](rng, file.rows)}, rng)
    return file


CONSTANTS = {"version": 1, "bias": 1.0, "fold": 0, "split": "test", "seen": True, "threshold": 0.5, "model": "a7"}
"""Columns that hold one value alone."""


def with_constant(file, seed):
    """Return a file with a column that holds the same value in every row, at a random place."""
    rng = np.random.default_rng(seed)
    name = sorted(CONSTANTS)[rng.integers(len(CONSTANTS))]
    return file if name in file.columns else inserted(file, {name: [CONSTANTS[name]] * file.rows}, rng)


def inserted(file, more, rng):
    """Return a file with columns side by side at a random place."""
    items, at = list(file.columns.items()), int(rng.integers(len(file.columns) + 1))
    return replace(file, columns=dict([*items[:at], *more.items(), *items[at:]]))


def with_copy(file, seed):
    """Return a file with the label said again: one-hot in 0/1 or booleans, or as the index of its class."""
    if file.truth is None or file.labels is not None:
        return file
    rng = np.random.default_rng(seed)
    label = next(name for name, (role, _) in file.roles.items() if role == "label")
    way = ("is_{}", "{label}_{}", "species_{}", "label_index", "index")[rng.integers(5)]
    if way == "index":
        name = ("label_idx", "target_idx", f"{label}_id")[rng.integers(3)]
        more = {name: file.truth.tolist()}
        copies = {name: {str(at): one for at, one in enumerate(file.classes)}}
    else:
        held = np.eye(len(file.classes), dtype=bool)[file.truth]
        cells = held if rng.integers(2) else held.astype(int)
        named = range(len(file.classes)) if way == "label_index" else file.classes
        names = [way.replace("label_index", "label_{}").format(one, label=label) for one in named]
        more = {name: cells[:, at].tolist() for at, name in enumerate(names)}
        copies = {name: _meanings(file.classes, at) for at, name in enumerate(names)}
    if set(more) & set(file.columns):
        return file
    return replace(inserted(file, more, rng), copies=copies)


def _meanings(classes, at):
    """Return what the cells of a 0/1 copy stand for: one class, and of two classes the other one."""
    own = dict.fromkeys(("1", "true"), classes[at])
    return own | dict.fromkeys(("0", "false"), classes[1 - at]) if len(classes) == 2 else own


def reordered(file, names):
    """Return a file with its columns in the order of some names."""
    return replace(file, columns={name: file.columns[name] for name in names})


def permuted(file, seed):
    """Return a file with its columns in another order."""
    names = list(file.columns)
    return reordered(file, [names[at] for at in np.random.default_rng(seed).permutation(len(names))])


def shuffled(file, seed):
    """Return a file with its rows in another order; those of a second file in another one again."""
    rng = np.random.default_rng(seed)

    def mixed(columns):
        order = rng.permutation(file.rows)
        return {name: [cells[at] for at in order] for name, cells in columns.items()}

    return replace(
        file, columns=mixed(file.columns), labels=None if file.labels is None else mixed(file.labels),
        truth=None,
    )  # fmt: skip


def renamed(file, seed):
    """Return a file in which a column that no reading uses has another name of the kind."""
    rng = np.random.default_rng(seed)
    free = [name for name in file.unused if name not in file.copies]
    if not free:
        return file
    old = free[rng.integers(len(free))]
    new = [name for name in ("height", "x7", "V12", "feature_3", "zone", "f4", "pixel5") if name not in file.columns]
    chosen = new[rng.integers(len(new))]
    return replace(file, columns={chosen if name == old else name: cells for name, cells in file.columns.items()})


def halves(columns, form, folder, name, seed):
    """Return the path of a folder of two files that hold the first rows of some columns, and the others."""
    rows = len(next(iter(columns.values())))
    cut = int(np.random.default_rng(seed).integers(1, rows))
    path = folder / name
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    for part, some in (("a", slice(0, cut)), ("b", slice(cut, rows))):
        source({key: cells[some] for key, cells in columns.items()}, form, path, part)
    return path


def source(columns, form, folder, name):
    """Return columns as something to score: a frame, or the path of a file."""
    frame = pd.DataFrame(dict(columns))
    if form == "frame":
        return frame
    path = folder / f"{name}.{form}"
    if form == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return path
