"""References: what a Score must say of a `strategies.Sample`, by scikit-learn or straight from the definitions.

Nothing here imports the package. Rows of weight 0 count as rows and enter no mean, as if they were not there;
whatever is undefined is None.
"""

import warnings
from fractions import Fraction
from math import sqrt

import numpy as np
from scipy import special, stats
from sklearn import metrics

EPS = 2.0**-52
BINS = 15


def quietly(function, *arguments, **options):
    """Call a function of scikit-learn without its warnings on absent classes and sums."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def _row_sums(scores):
    total = np.zeros(len(scores))
    for column in scores.T:
        total += column
    return total


def renormalised(sample):
    """Return which rows are divided by their sum because it is off 1."""
    if sample.scale == "logits" or sample.kind in {"single", "multilabel"}:
        return np.zeros(len(sample.labels), dtype=bool)
    total = _row_sums(sample.scores if sample.scale == "probabilities" else np.exp(sample.scores))
    return (np.abs(total - 1.0) > 1e-3) & (total > 0.0)


def chances(sample):
    """Return the probabilities that are judged: shape (n, classes), of a multi-label task (n, labels)."""
    scores = sample.scores
    if sample.kind == "multilabel":
        return {"probabilities": np.asarray, "log-probabilities": np.exp, "logits": special.expit}[sample.scale](scores)
    if sample.kind == "single":
        if sample.scale == "logits":
            return np.stack([special.expit(-scores), special.expit(scores)], axis=1)
        p = scores if sample.scale == "probabilities" else np.exp(scores)
        return np.stack([1.0 - p, p], axis=1)
    if sample.scale == "logits":
        terms = np.exp(scores - scores.max(axis=1, keepdims=True))
        return terms / terms.sum(axis=1, keepdims=True)
    p = scores if sample.scale == "probabilities" else np.exp(scores)
    total = _row_sums(p)
    divided = renormalised(sample)
    if sample.options.get("normalize"):
        divided = total > 0.0
    return p / np.where(divided, total, 1.0)[:, None]


def _softplus(z):
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def row_losses(sample):
    """Return the loss of each row, shape (n,); of each element, shape (n, labels), for multi-label tasks."""
    if sample.kind in {"single", "multilabel"}:
        held = sample.labels == 1
        if sample.scale == "logits":
            return _softplus(np.where(held, -sample.scores, sample.scores))
        if sample.scale == "log-probabilities":
            with np.errstate(divide="ignore"):
                return -np.where(held, sample.scores, np.log(-np.expm1(sample.scores)))
        return -np.log(np.clip(np.where(held, sample.scores, 1.0 - sample.scores), EPS, 1.0 - EPS))
    rows = np.arange(len(sample.labels))
    if sample.scale == "probabilities":
        return -np.log(np.clip(chances(sample)[rows, sample.labels], EPS, 1.0 - EPS))
    from_top = sample.scores - sample.scores.max(axis=1, keepdims=True)
    by_softmax = np.log(np.exp(from_top).sum(axis=1)) - from_top[rows, sample.labels]
    if sample.scale == "logits":
        return by_softmax
    return np.where(renormalised(sample), by_softmax, -sample.scores[rows, sample.labels])


def true_chances(sample):
    """Return the probability given to what happened, before any clip: shape as `row_losses`."""
    p = chances(sample)
    if sample.kind == "multilabel":
        return np.where(sample.labels == 1, p, 1.0 - p)
    return p[np.arange(len(p)), sample.labels]


def predictions(sample):
    """Return the predicted classes, shape (n,), or 0/1, shape (n, labels); a tie goes to the lower class."""
    threshold = sample.options.get("threshold", 0.5)
    limit = {"probabilities": threshold, "log-probabilities": np.log(threshold)}.get(sample.scale)
    if limit is None:
        limit = np.log(threshold / (1.0 - threshold))
    if sample.kind in {"single", "multilabel"}:
        return (sample.scores > limit).astype(np.int64)
    if sample.kind == "multiclass" or threshold == 0.5:
        return sample.scores.argmax(axis=1)
    return (chances(sample)[:, 1] > threshold).astype(np.int64)


def moments(values, weights):
    """Return the mean of values and its standard error, None for fewer than two."""
    if weights is None:
        return float(values.mean()), float(values.std(ddof=1) / sqrt(len(values))) if len(values) > 1 else None
    mean = float((weights * values).sum() / weights.sum())
    if len(values) < 2:
        return mean, None
    return mean, float(np.sqrt((weights**2 * (values - mean) ** 2).sum()) / weights.sum())


def wilson(correct, rows, level):
    """Return Wilson's interval as the roots of (share - p)^2 = z^2 p (1 - p) / n."""
    square = stats.norm.ppf(0.5 + level / 2) ** 2 / rows
    share = correct / rows
    middle, last = 2 * share + square, share * share
    root = sqrt(max(middle * middle - 4 * (1 + square) * last, 0.0))
    return (middle - root) / (2 * (1 + square)), (middle + root) / (2 * (1 + square))


def normal(value, error, level):
    """Return the normal interval, None without a standard error."""
    if error is None:
        return None
    half = stats.norm.ppf(0.5 + level / 2) * error
    return value - half, value + half


def _entropy(shares):
    return float(stats.entropy(shares)) if len(shares) > 1 else 0.0


def prior_loss(sample):
    """Return the loss of predicting the label shares for every row, which for each label of several is its own."""
    weights = np.ones(len(sample.labels)) if sample.weights is None else sample.weights
    if sample.kind == "multilabel":
        shares = weights @ sample.labels / weights.sum()
        shares = np.where(sample.labels.all(axis=0), 1.0, shares)
        return float(np.mean([_entropy([share, 1.0 - share]) for share in shares]))
    return _entropy(np.bincount(sample.labels, weights=weights, minlength=sample.classes))


def loss(sample):
    """Return the fields of the headline loss."""
    used = sample.weighed()
    each = row_losses(used)
    rows = each if each.ndim == 1 else each.mean(axis=1)
    value, error = moments(rows, used.weights)
    if len(sample.labels) >= 2 and error is None:
        error = 0.0
    prior = prior_loss(used)
    found = {
        "value": value,
        "standard_error": error,
        "interval": normal(value, error, 0.95),
        "bits": value / np.log(2.0),
        "perplexity": float(np.exp(value)) if value < np.log(np.finfo(float).max) else None,
        "prior_loss": prior,
        "skill": 1.0 - value / prior if prior > 0 else None,
        "kl_divergence": value,
        "eps": EPS if sample.scale == "probabilities" else None,
        "renormalised": int(renormalised(sample).sum()),
        "clipped": 0,
        "unclipped": value,
        "sum_over_labels": value * sample.classes if sample.kind == "multilabel" else None,
    }
    if sample.scale == "probabilities":
        p = true_chances(used)
        found["clipped"] = int((true_chances(sample) < EPS).sum())
        with np.errstate(divide="ignore"):
            plain = -np.log(p)
        plain = plain if plain.ndim == 1 else plain.mean(axis=1)
        found["unclipped"] = None if (p == 0.0).any() else moments(plain, used.weights)[0]
    return found


def blur(sample, error):
    """Return how far a standard error may be off that comes from sums of squares, each rounded to float64.

    The rounding of the squares enters the variance, so it weighs the more the less the losses differ.
    """
    if not error:
        return 1e-12
    used = sample.weighed()
    each = row_losses(used)
    rows = each if each.ndim == 1 else each.mean(axis=1)
    weights = np.ones(len(rows)) if used.weights is None else used.weights
    return max(1e-12, 2.0**-48 * float((weights**2 * rows**2).sum() / weights.sum() ** 2) / error)


def log_loss(sample):
    """Return scikit-learn's log loss of probabilities; its mean over the labels of a multi-label task."""
    p = chances(sample)
    if sample.kind == "multilabel":
        pairs = zip(sample.labels.T, p.T, strict=True)
        each = [quietly(metrics.log_loss, y, s, labels=[0, 1], sample_weight=sample.weights) for y, s in pairs]
        return float(np.mean(each))
    labels = range(sample.classes)
    return quietly(metrics.log_loss, sample.labels, p, labels=labels, sample_weight=sample.weights)


def accuracy(sample):
    """Return value, interval and number of right rows."""
    used = sample.weighed()
    hits = predictions(sample) == sample.labels
    hits = hits if hits.ndim == 1 else hits.all(axis=1)
    truth, guess = used.labels, predictions(used)
    value = quietly(metrics.accuracy_score, truth, guess, sample_weight=used.weights)
    if sample.weights is None:
        return value, wilson(int(hits.sum()), len(hits), 0.95), int(hits.sum())
    error = moments((hits if hits.ndim == 1 else hits.all(axis=1)).astype(float), sample.weights)[1]
    return value, normal(value, error, 0.95), int(hits.sum())


def _exact_cells(sample):
    """Return the weight of every (true, predicted) pair that occurs, as fractions."""
    cells = {}
    weights = np.ones(len(sample.labels)) if sample.weights is None else sample.weights
    for true, guess, weight in zip(sample.labels, predictions(sample), weights, strict=True):
        cells[int(true), int(guess)] = cells.get((int(true), int(guess)), 0) + Fraction(float(weight))
    return cells


def agreement(sample):
    """Return Matthews' correlation and Cohen's kappa, from exact sums and, less exactly, from scikit-learn.

    Correlation is undefined where labels or predictions never vary, kappa where neither does and both agree.
    """
    cells = _exact_cells(sample)
    total = sum(cells.values())
    support, predicted = ({at: Fraction(0) for at in range(sample.classes)} for _ in range(2))
    for (true, guess), weight in cells.items():
        support[true] += weight / total
        predicted[guess] += weight / total
    right = sum(weight for (true, guess), weight in cells.items() if true == guess) / total
    chance = sum(support[at] * predicted[at] for at in support)
    spread = (1 - sum(s * s for s in support.values())) * (1 - sum(p * p for p in predicted.values()))
    correlation = float(right - chance) / sqrt(spread) if spread else None
    kappa = float((right - chance) / (1 - chance)) if chance != 1 else None
    options = {"sample_weight": sample.weights}
    truth, guess = sample.labels, predictions(sample)
    if correlation is not None:
        assert abs(correlation - quietly(metrics.matthews_corrcoef, truth, guess, **options)) < 1e-9
    if kappa is not None:
        assert abs(kappa - quietly(metrics.cohen_kappa_score, truth, guess, **options)) < 1e-9
    return correlation, kappa


def rates(sample):
    """Return the metrics that decisions give, by their names in the document."""
    used = sample.weighed()
    truth, guess, options = used.labels, predictions(used), {"sample_weight": used.weights}
    f1 = {
        f"f1_{average}": quietly(metrics.f1_score, truth, guess, average=average, zero_division=0, **options)
        for average in ("macro", "micro", "weighted")
    }
    if sample.kind == "multilabel":
        if not truth.any():
            f1["f1_weighted"] = None
        if not (truth.any() or guess.any()):
            f1 = dict.fromkeys(f1)
        hamming = metrics.hamming_loss(truth, guess, **options)
        return f1 | {"hamming_accuracy": 1.0 - hamming}
    correlation, kappa = agreement(used)
    found = f1 | {"mcc": correlation, "cohen_kappa": kappa}
    found["balanced_accuracy"] = quietly(metrics.balanced_accuracy_score, truth, guess, **options)
    if sample.kind != "multiclass":
        recall = {at: each["recall"] for at, each in enumerate(per_class(sample))}
        found |= {"sensitivity": recall[1], "specificity": recall[0]}
    return found


def _defined(values):
    return [None if np.isnan(value) else float(value) for value in values]


def per_class(sample):
    """Return support, predictions and rates of each class or label."""
    used = sample.weighed()
    truth, guess = used.labels, predictions(used)
    labels = None if sample.kind == "multilabel" else range(sample.classes)
    found = quietly(
        metrics.precision_recall_fscore_support,
        truth, guess, labels=labels, zero_division=np.nan, sample_weight=used.weights,
    )  # fmt: skip
    precision, recall, f1 = (_defined(values) for values in found[:3])
    losses, weights = row_losses(used), np.ones(len(truth)) if used.weights is None else used.weights
    rows = []
    for at in range(sample.classes):
        if sample.kind == "multilabel":
            held, guessed = sample.labels[:, at], predictions(sample)[:, at]
            own = {
                "loss": float((weights * losses[:, at]).sum() / weights.sum()),
                "accuracy": metrics.accuracy_score(truth[:, at], guess[:, at], sample_weight=used.weights),
            }
        else:
            held, guessed = sample.labels == at, predictions(sample) == at
            of = truth == at
            own = {"loss": float((weights * losses)[of].sum() / weights[of].sum()) if of.any() else None}
        own |= {"support": int(held.sum()), "predicted": int(guessed.sum())}
        rows.append(own | {"precision": precision[at], "recall": recall[at], "f1": f1[at]})
    return rows


def confusion(sample, *, weighted=False):
    """Return scikit-learn's confusion matrix, of rows or of weights."""
    weights = sample.weights if weighted else None
    labels = range(sample.classes)
    return quietly(
        metrics.confusion_matrix, sample.labels, predictions(sample), labels=labels, sample_weight=weights
    ).tolist()  # fmt: skip


def brier(sample):
    """Return the Brier score: (p - y)^2 of the positive class, summed over the classes of more than two."""
    p, used = chances(sample.weighed()), sample.weighed()
    if sample.kind != "multiclass":
        return moments((p[:, 1] - used.labels) ** 2, used.weights)[0]
    hot = np.eye(sample.classes)[used.labels]
    return moments(((p - hot) ** 2).sum(axis=1), used.weights)[0]


def reliability(sample):
    """Return (rows, mean score, share that came true) of each bin (low, high], and the expected calibration error.

    None if a score is within rounding of an edge to which arithmetic, not the file, has brought it.
    """
    p = chances(sample)
    if sample.kind == "multiclass":
        score, right = p.max(axis=1), predictions(sample) == sample.labels
    else:
        score, right = p[:, 1], sample.labels == 1
    edges = np.arange(BINS + 1) / BINS
    close = np.abs(score[:, None] - edges[1:-1]).min(axis=1) < 1e-12
    as_it_stands = ~renormalised(sample) if sample.scale == "probabilities" else np.zeros(len(score), dtype=bool)
    if sample.options.get("normalize"):
        as_it_stands &= _row_sums(sample.scores) == 1.0
    if (close & ~as_it_stands).any():
        return None
    weights = np.ones(len(score)) if sample.weights is None else sample.weights
    at = np.clip(np.searchsorted(edges, score, side="left") - 1, 0, BINS - 1)
    bins, error = [], 0.0
    for one in range(BINS):
        inside = at == one
        held = weights[inside]
        if not held.sum():
            bins.append((int(inside.sum()), None, None))
            continue
        mean, share = (held * score[inside]).sum() / held.sum(), (held * right[inside]).sum() / held.sum()
        bins.append((int(inside.sum()), float(mean), float(share)))
        error += held.sum() * abs(share - mean)
    return bins, float(error / weights.sum())


def top_k(sample, k):
    """Return scikit-learn's top-k accuracy, None where k is all classes.

    It ranks the last of equal scores first; in reversed columns that is the first, as arg-max has it.
    """
    if k >= sample.classes:
        return None
    used = sample.weighed()
    labels = range(sample.classes)
    reversed_labels = sample.classes - 1 - used.labels
    finite = np.nan_to_num(used.scores[:, ::-1], neginf=-1e300)
    return float(
        quietly(metrics.top_k_accuracy_score, reversed_labels, finite, k=k, labels=labels, sample_weight=used.weights)
    )
