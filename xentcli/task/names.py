"""Names of columns: which words mark labels, scores and ids, and what class a score column is named after.

Floor 3. Pure functions of names; no data are read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CLASS_WORDS = frozenset({
    "class", "classes", "label", "labels", "category", "categories", "species", "genre", "genres", "type", "kind",
    "target", "outcome", "diagnosis", "digit", "rating", "ratings", "grade", "stars", "quality", "level", "stage",
    "status", "sentiment", "topic", "group", "cluster", "variety",
})  # fmt: skip
"""Words of a column's name that speak for classes."""

NUMBER_WORDS = frozenset({
    "price", "prices", "amount", "count", "counts", "number", "num", "days", "hours", "minutes", "seconds", "age",
    "height", "weight", "salary", "income", "wage", "wages", "cost", "costs", "temperature", "temp", "year", "years",
    "score", "scores", "points", "length", "width", "size", "duration", "latitude", "longitude", "lat", "lon",
    "sales", "population", "distance", "mileage", "percent", "pct", "total", "quantity", "qty",
})  # fmt: skip
"""Words that speak for a quantity."""

NULL_WORDS = frozenset({
    "na", "n/a", "#n/a", "#n/a n/a", "#na", "<na>", "nan", "-nan", "null", "none", "1.#ind", "-1.#ind", "1.#qnan",
    "-1.#qnan", "nil",
})  # fmt: skip
"""What pandas and its like read as a missing cell, in small letters; `nil` for the others."""

CODE_WORDS = frozenset({
    "zip", "zipcode", "zipcodes", "postal", "postcode", "phone", "telephone", "fips", "ssn", "isbn", "barcode", "sku",
    "id", "ids", "uid", "uuid", "key",
})  # fmt: skip
"""Words that speak for a code that names its row, written in digits or not."""

LABEL_NAMES = (
    "label", "labels", "target", "targets", "y_true", "y", "true", "truth", "ground_truth", "gt",
    "true_label", "true_class", "y_test", "class", "category", "actual", "answer", "tags", "tag",
    "expected", "outcome", "species", "diagnosis",
)  # fmt: skip
"""What a label column beside scores is called, the surest first."""

LIST_SCORE_NAMES = (
    "probs", "probabilities", "proba", "prob", "y_prob", "y_proba", "scores", "score", "logits",
    "logit", "y_pred", "y_score", "y_hat", "predictions", "prediction", "pred", "preds", "p",
    "log_probs", "logprobs", "log_probabilities", "softmax", "output", "outputs", "confidence",
)  # fmt: skip
"""What a single column of scores, plain numbers or lists, is called."""

SCORE_PREFIXES = (
    "y_pred_", "y_prob_", "y_proba_", "y_score_", "y_hat_", "probability_", "probabilities_",
    "log_prob_", "logprob_", "log_p_", "proba_", "probs_", "prob_", "score_", "scores_", "pred_",
    "preds_", "prediction_", "predictions_", "predicted_", "logits_", "logit_", "softmax_", "output_",
    "class_prob_", "pred_prob_", "pred_proba_", "predicted_prob_", "y_pred_prob_", "p_",
)  # fmt: skip
"""Prefixes of a group of score columns; a dot, a blank or nothing may stand for the underscore."""

SCORE_SUFFIXES = (
    "_probability", "_log_prob", "_logprob", "_proba", "_probs", "_prob", "_score", "_scores", "_pred",
    "_logit", "_logits", "_p",
)  # fmt: skip

LABEL_PREFIXES = (
    "y_true_", "y_test_", "true_", "label_", "labels_", "target_", "targets_", "truth_", "gt_",
    "actual_", "is_", "has_", "onehot_", "tag_", "class_", "y_", "target_prob_", "true_prob_", "label_prob_",
    "soft_", "soft_label_", "soft_target_", "share_", "shares_", "votes_", "vote_", "q_", "",
)  # fmt: skip
"""Prefixes of 0/1 label columns, or target probabilities, that stand beside the score columns of the same labels."""

LABEL_SUFFIXES = (
    "_true", "_label", "_target", "_truth", "_actual", "_y", "_share", "_votes", "_soft", "_target_prob", "_true_prob",
)  # fmt: skip
"""Likewise, suffixes."""

ID_NAMES = ("id", "ids", "uid", "uuid", "index", "row_id", "sample_id", "example_id", "key", "image_id")

PREDICTED_NAMES = (
    "pred", "prediction", "predicted", "y_pred", "predicted_label", "predicted_class", "pred_label",
    "pred_class", "y_hat", "predicted_labels", "predicted_classes", "pred_labels", "prediction_label", "label_pred",
    "predictions", "preds", "predicted_category", "predicted_y", "y_predicted", "yhat", "guess",
)  # fmt: skip
"""What a column of predicted labels is called."""


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """Columns that together hold the scores: one per class, named after it.

    Attributes:
        columns: the columns in file order.
        names: the part of each name that is not common, so the class names.
        affix: what was taken off, such as `p_` or `_prob`; empty for bare class names.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    affix: str


def pieces(name: str) -> frozenset[str]:
    """Return the words of a column's name, in small letters: `{'true', 'label'}` of `trueLabel_2`."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return frozenset(re.split(r"[\W\d_]+", apart)) - {""}


def _variants(affix: str) -> tuple[str, ...]:
    bare = affix.strip("_")
    if affix.startswith("_"):
        return (affix, f".{bare}", f" {bare}", f"-{bare}")
    return (affix, f"{bare}.", f"{bare} ", f"{bare}-", f"{bare}:")


def _with_digits(prefix: str, columns: list[str]) -> tuple[str, ...]:
    """Return the columns such as `prob0, prob1`: the bare prefix and a number."""
    bare = prefix.rstrip("_")
    found = tuple(name for name in columns if name.casefold().startswith(bare) and name[len(bare) :].isdigit())
    return found if [int(name[len(bare) :]) for name in found] == list(range(len(found))) else ()


def score_groups(columns: list[str]) -> list[ScoreGroup]:
    """Return the groups of columns that share a known score prefix or suffix, longest affix first."""
    groups: list[ScoreGroup] = []
    taken: set[str] = set()
    for prefix in sorted(SCORE_PREFIXES, key=len, reverse=True):
        for variant in _variants(prefix):
            free = [name for name in columns if name not in taken]
            found = tuple(n for n in free if n.casefold().startswith(variant) and len(n) > len(variant))
            if found:
                taken.update(found)
                groups.append(ScoreGroup(found, tuple(n[len(variant) :] for n in found), variant))
        digits = _with_digits(prefix, [name for name in columns if name not in taken])
        if len(digits) > 1:
            taken.update(digits)
            bare = prefix.rstrip("_")
            groups.append(ScoreGroup(digits, tuple(n[len(bare) :] for n in digits), bare))
    for suffix in sorted(SCORE_SUFFIXES, key=len, reverse=True):
        for variant in _variants(suffix):
            free = [name for name in columns if name not in taken]
            found = tuple(n for n in free if n.casefold().endswith(variant) and len(n) > len(variant))
            if found:
                taken.update(found)
                groups.append(ScoreGroup(found, tuple(n[: -len(variant)] for n in found), variant))
    return groups


def kin(scores: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return which other columns are named like some score columns: by the same affix."""
    own, found = set(scores), score_groups([*scores, *others])
    return tuple(name for group in found if own & set(group.columns) for name in group.columns if name not in own)


def named_like(names: tuple[str, ...], columns: list[str]) -> list[str]:
    """Return the columns whose name is one of `names` in any letter case, in the order of `names`."""
    by_folded: dict[str, str] = {}
    for column in columns:
        by_folded.setdefault(column.casefold().strip().replace(" ", "_").replace("-", "_"), column)
    return [by_folded[name] for name in names if name in by_folded]


def speaks_of(name: str) -> str | None:
    """Return the scale that a score column's name (or prefix) speaks of, as `Scale` writes it."""
    folded = name.casefold()
    if "logit" in folded:
        return "logits"
    if "log_p" in folded or "logp" in folded or "log-p" in folded:
        return "log-probabilities"
    if "prob" in folded or "softmax" in folded or folded.strip("_.- ") == "p":
        return "probabilities"
    return None


def listed(columns: tuple[str, ...]) -> str:
    """Return the first dozen of some names as a sentence shows them."""
    return ", ".join(columns[:12]) + (f", ... ({len(columns)} in all)" if len(columns) > 12 else "")


RUN_WORDS = frozenset({
    "model", "models", "algorithm", "algo", "classifier", "estimator", "learner", "arm", "fold", "cv", "split",
    "threshold", "seed", "run", "trial", "repeat", "replicate", "checkpoint", "ckpt", "epoch", "experiment", "variant",
    "method",
})  # fmt: skip
"""Words in the name of a column that tells models, or runs of one, apart."""


def model_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that may tell models apart, by their names."""
    return tuple(name for name in names if pieces(name) & RUN_WORDS)
