"""Make the sample data: small, real, and the same every time.

Trains small models on scikit-learn's bundled data sets and writes their predictions on held-out rows, beside
label files in every usual encoding. Run it from anywhere:

    python sample_data/make.py [FOLDER]

It needs scikit-learn (the extra `test`); nothing is downloaded.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

SEED = 20170206
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DIGIT_LABELS = ("even", "prime", "loop", "large")
EVEN, PRIME, LOOP = {0, 2, 4, 6, 8}, {2, 3, 5, 7}, {0, 6, 8, 9}
LARGE = 5


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows; floats keep every digit that a float32 has."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([str(np.float32(cell)) if isinstance(cell, float) else cell for cell in row] for row in rows)


def write_parquet(path: Path, columns: dict[str, pa.Array]) -> None:
    """Write columns as one row group."""
    pq.write_table(pa.table(columns), path, compression="zstd")


def fixed_lists(matrix: Floats) -> pa.Array:
    """Return a matrix as float32 lists of one length."""
    flat = pa.array(matrix.astype(np.float32).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1])


def softmax(logits: Floats) -> Floats:
    """Return the softmax of each row, shape (n, k)."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def train_with_element_wise_loss(x: Floats, y: Integers, steps: int) -> Floats:
    """Train a linear softmax model with binary cross-entropy on one-hot targets, as many did by mistake.

    Args:
        x: features, shape (n, f).
        y: class indices, shape (n,).
        steps: number of full gradient steps.

    Returns:
        Weights, shape (f + 1, k); the last row is the bias.
    """
    inputs = np.hstack([x, np.ones((len(x), 1))])
    hot = np.eye(y.max() + 1)[y]
    weights = np.random.default_rng(SEED).normal(0.0, 0.01, (inputs.shape[1], hot.shape[1]))
    for _ in range(steps):
        p = np.clip(softmax(inputs @ weights), 1e-7, 1 - 1e-7)
        # d/dp of the element-wise loss, then through the softmax.
        slope = (p - hot) / (p * (1 - p))
        gradient = p * (slope - (slope * p).sum(axis=1, keepdims=True))
        weights -= 2.0 * inputs.T @ gradient / len(x)
    return weights


def label_files(folder: Path) -> None:
    """Write the same kinds of labels in every usual encoding."""
    iris, wine, digits = load_iris(), load_wine(), load_digits()
    names = [iris.target_names[label] for label in iris.target]
    header = ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"]
    write_csv(
        folder / "labels_names.csv", header, ([*row, name] for row, name in zip(iris.data.tolist(), names, strict=True))
    )
    write_csv(folder / "labels_indices.csv", ["id", "label"], enumerate(digits.target.tolist()))
    hot = np.eye(3, dtype=int)[wine.target]
    write_csv(folder / "labels_one_hot.csv", [f"cultivar_{at}" for at in range(3)], hot.tolist())
    bits = digit_facts(digits.target)
    write_csv(folder / "labels_multi_hot.csv", DIGIT_LABELS, bits.tolist())
    tags = [[name for name, bit in zip(DIGIT_LABELS, row, strict=True) if bit] for row in bits.tolist()]
    write_csv(folder / "labels_tags.csv", ["id", "tags"], ((at, "|".join(row)) for at, row in enumerate(tags)))
    write_parquet(folder / "labels_tags.parquet", {"tags": pa.array(tags, type=pa.list_(pa.string()))})
    write_csv(
        folder / "labels_soft.csv", [f"share_{name}" for name in iris.target_names], votes(iris.data, iris.target)
    )
    missing = [name if at % 17 else "" for at, name in enumerate(names)]
    write_csv(folder / "labels_missing.csv", ["id", "species"], enumerate(missing))


def digit_facts(digits: Integers) -> Integers:
    """Return what is true of each digit, shape (n, 4): even, prime, with a loop, five or more."""
    rows = [[d in EVEN, d in PRIME, d in LOOP, d >= LARGE] for d in digits.tolist()]
    return np.array(rows, dtype=np.int64)


def votes(x: Floats, y: Integers) -> list[list[float]]:
    """Return the share of ten shallow trees, each grown on its own sample, that name each class."""
    rng = np.random.default_rng(SEED)
    counts = np.zeros((len(x), 3))
    for seed in range(10):
        rows = rng.choice(len(x), 40, replace=False)
        tree = DecisionTreeClassifier(max_depth=2, random_state=seed).fit(x[rows], y[rows])
        counts[np.arange(len(x)), tree.predict(x)] += 1
    return (counts / 10).tolist()


def binary_files(folder: Path) -> None:
    """Write predictions of a logistic regression on breast cancer."""
    data = load_breast_cancer()
    x, rest_x, y, rest_y = train_test_split(
        data.data, data.target, test_size=300, random_state=SEED, stratify=data.target
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05)).fit(x[:, :4], y)
    p = model.predict_proba(rest_x[:, :4])
    names = [data.target_names[label] for label in rest_y]
    rows = ((at, name, float(value)) for at, (name, value) in enumerate(zip(names, p[:, 0], strict=True)))
    write_csv(folder / "preds_binary.csv", ["id", "label", "p_malignant"], rows)
    columns = {"id": pa.array(range(len(names))), "label": pa.array(names)}
    columns |= {f"p_{name}": pa.array(p[:, at]) for at, name in enumerate(data.target_names)}
    write_parquet(folder / "preds_binary.parquet", columns)


def digit_files(folder: Path) -> None:
    """Write predictions on digits, in every usual layout."""
    data = load_digits()
    x, rest_x, y, rest_y = train_test_split(
        data.data / 16, data.target, test_size=450, random_state=SEED, stratify=data.target
    )
    model = LogisticRegression(C=0.1, max_iter=500).fit(x, y)
    logits = model.decision_function(rest_x)
    p = softmax(logits)
    label = pa.array(rest_y)
    wide = {"label": label} | {f"p_{at}": pa.array(p[:, at].astype(np.float32)) for at in range(10)}
    write_parquet(folder / "preds_digits.parquet", wide)
    rows = ([int(truth), *(float(value) for value in row)] for truth, row in zip(rest_y, p, strict=True))
    write_csv(folder / "preds_digits.csv", ["label", *(f"p_{at}" for at in range(10))], rows)
    write_parquet(folder / "preds_digits_list.parquet", {"label": label, "probs": fixed_lists(p)})
    write_parquet(folder / "preds_digits_logits.parquet", {"label": label, "logits": fixed_lists(logits)})
    np.save(folder / "digits_y_true.npy", rest_y)
    np.save(folder / "digits_y_pred.npy", p.astype(np.float32))
    weights = train_with_element_wise_loss(x, y, steps=150)
    trap = softmax(np.hstack([rest_x, np.ones((len(rest_x), 1))]) @ weights)
    write_parquet(folder / "preds_keras_trap.parquet", {"label": label, "probs": fixed_lists(trap)})


def rival_files(folder: Path) -> None:
    """Write predictions of two models on the same digits, whose rows stand in different orders."""
    data = load_digits()
    x, rest_x, y, rest_y = train_test_split(
        data.data / 16, data.target, test_size=450, random_state=SEED, stratify=data.target
    )
    ink = np.where(rest_x.mean(axis=1) > np.median(rest_x.mean(axis=1)), "much", "little")
    order = np.random.default_rng(SEED).permutation(len(rest_y))
    for name, strength, rows in (("main", 0.1, np.arange(len(rest_y))), ("next", 0.2, order)):
        p = LogisticRegression(C=strength, max_iter=500).fit(x, y).predict_proba(rest_x)
        columns = {"id": pa.array(rows), "label": pa.array(rest_y[rows]), "ink": pa.array(ink[rows].tolist())}
        columns |= {f"p_{at}": pa.array(p[rows, at].astype(np.float32)) for at in range(10)}
        write_parquet(folder / f"preds_{name}.parquet", columns)


def multi_label_files(folder: Path) -> None:
    """Write predictions of what is true of a digit, one trial per label."""
    data = load_digits()
    facts = digit_facts(data.target)
    x, rest_x, y, rest_y = train_test_split(data.data / 16, facts, test_size=450, random_state=SEED)
    model = OneVsRestClassifier(LogisticRegression(C=0.05, max_iter=500)).fit(x, y)
    p = model.predict_proba(rest_x)
    header = [*DIGIT_LABELS, *(f"p_{name}" for name in DIGIT_LABELS)]
    rows = ([*truth, *row] for truth, row in zip(rest_y.tolist(), p.tolist(), strict=True))
    write_csv(folder / "preds_multilabel.csv", header, rows)
    tags = [[name for name, bit in zip(DIGIT_LABELS, row, strict=True) if bit] for row in rest_y.tolist()]
    scores = {f"p_{name}": pa.array(p[:, at].astype(np.float32)) for at, name in enumerate(DIGIT_LABELS)}
    write_parquet(
        folder / "preds_multilabel_tags.parquet", {"tags": pa.array(tags, type=pa.list_(pa.string()))} | scores
    )


def soft_files(folder: Path) -> None:
    """Write predictions for irises whose targets are the shares of ten trees that vote for each species."""
    data = load_iris()
    shares = np.array(votes(data.data, data.target))
    x, rest_x, y, _, _, rest_shares = train_test_split(
        data.data[:, :2], data.target, shares, test_size=60, random_state=SEED, stratify=data.target
    )
    p = LogisticRegression(C=1.0, max_iter=500).fit(x, y).predict_proba(rest_x)
    header = [f"{word}_{name}" for word in ("share", "p") for name in data.target_names]
    rows = ([*truth, *row] for truth, row in zip(rest_shares.tolist(), p.tolist(), strict=True))
    write_csv(folder / "preds_soft.csv", header, rows)


def output_files(folder: Path) -> None:
    """Write predictions of two facts about a digit, parity and size, each a task of its own with its own scores."""
    data = load_digits()
    parity = np.array(["even" if d in EVEN else "odd" for d in data.target.tolist()])
    size = np.array(["low" if d < 4 else "middle" if d < 7 else "high" for d in data.target.tolist()])
    x, rest_x, y, rest_y = train_test_split(
        data.data / 16, np.stack([parity, size], axis=1), test_size=150, random_state=SEED
    )
    columns: list[tuple[str, list[object]]] = []
    for at, name in enumerate(("parity", "size")):
        model = LogisticRegression(C=0.02, max_iter=500).fit(x, y[:, at])
        p = model.predict_proba(rest_x)
        columns.append((name, rest_y[:, at].tolist()))
        columns += [(f"{name}_{one}", p[:, index].tolist()) for index, one in enumerate(model.classes_)]
    write_csv(
        folder / "preds_outputs.csv", [name for name, _ in columns],
        zip(*(cells for _, cells in columns), strict=True),
    )  # fmt: skip


def decision_files(folder: Path) -> None:
    """Write the species that a shallow tree names, without how sure it is."""
    data = load_iris()
    x, rest_x, y, rest_y = train_test_split(
        data.data[:, :2], data.target, test_size=90, random_state=SEED, stratify=data.target
    )
    guess = DecisionTreeClassifier(max_depth=3, random_state=SEED).fit(x, y).predict(rest_x)
    rows = ((data.target_names[truth], data.target_names[one]) for truth, one in zip(rest_y, guess, strict=True))
    write_csv(folder / "preds_decisions.csv", ["species", "predicted"], rows)


def broken_files(folder: Path) -> None:
    """Write the mistakes that the errors are about."""
    folder.mkdir(exist_ok=True)
    (folder / "ragged.csv").write_text(
        "label,p_cat,p_dog\ncat,0.9,0.1\ndog,0.2,0.8,0.1\ncat,0.7,0.3\n", encoding="utf-8"
    )
    (folder / "not_a_number.csv").write_text(
        "label,p_cat,p_dog\ncat,0.9,0.1\ndog,n/a,0.8\ncat,0.7,0.3\n", encoding="utf-8"
    )
    (folder / "unseen_label.csv").write_text(
        "label,p_cat,p_dog\ncat,0.9,0.1\neel,0.2,0.8\ndog,0.3,0.7\n", encoding="utf-8"
    )


def make(folder: Path) -> None:
    """Write all files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    label_files(folder)
    binary_files(folder)
    digit_files(folder)
    rival_files(folder)
    multi_label_files(folder)
    soft_files(folder)
    output_files(folder)
    decision_files(folder)
    broken_files(folder / "broken")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
