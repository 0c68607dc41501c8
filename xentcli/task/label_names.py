"""Label names: how much a column's name says that it holds the labels.

Floor 3. Pure functions of names; `labels` weighs them against shape and position.
"""

import re

from xentcli.task.names import pieces

SURE = (
    "label", "labels", "target", "targets", "y_true", "true_label", "ground_truth", "class", "classes", "category",
    "categories", "y", "truth", "true_class", "gold", "gold_label", "annotation", "annotations", "tags", "tag",
    "class_label", "target_class", "y_train", "y_test", "answer", "outcome", "outcomes", "response", "actual",
    "expected", "dependent", "ground_truths", "classification", "multilabel", "multi_label", "label_text",
)  # fmt: skip
"""What a target is called by itself, the surest first."""

OUTCOMES = frozenset({
    "survived", "churn", "churned", "fraud", "is_fraud", "spam", "is_spam", "attrition", "exited", "defaulted",
    "readmitted", "purchased", "subscribed", "converted", "diagnosis", "sentiment",
})  # fmt: skip
"""Names that are an answer and never a feature: they come before a column called class."""

USUAL = (
    "survived", "diagnosis", "species", "sentiment", "genre", "genres", "topic", "topics", "variety", "churn",
    "churned", "default", "defaulted", "fraud", "is_fraud", "spam", "is_spam", "toxic", "toxicity", "approved",
    "accepted", "admitted", "admit", "deny", "denied", "result", "verdict", "decision", "emotion", "intent", "digit",
    "letter", "attrition", "exited", "purchased", "subscribed", "clicked", "click", "converted", "conversion",
    "disease", "anomaly", "attack", "prediction_target", "quality", "rating", "stars", "grade", "stage", "severity",
    "risk", "credit_risk", "income_class", "status", "loan_status", "vote", "winner", "won", "win", "cultivar",
    "breed", "party", "position", "pos_tag", "language", "lang", "keywords", "subjects", "hashtags", "flower",
    "animal", "condition", "type", "kind", "polarity", "stance", "hate", "hate_speech", "offensive", "relevance",
    "relevant", "is_duplicate", "duplicate", "entailment", "gold_standard",
    "readmitted", "stroke", "heart_disease", "death_event", "died", "death", "passed", "pass_fail", "failure",
    "machine_failure", "fault", "faulty", "defect", "defective", "signal", "activity", "cluster", "segment",
    "credibility", "fake", "is_fake", "sarcasm", "is_sarcastic", "ham_spam", "poisonous", "edible", "wine_class",
    "cover_type", "covertype", "crop", "weather", "left", "deposit", "mpaa", "cancer", "tumor", "pathology",
    "sponsor_classifications", "released", "volunteer", "occupancy", "income", "cut",
    "purchase", "direction", "medal",
)  # fmt: skip
"""What targets of well-known kinds of data are called."""

_WORDS = frozenset({
    "label", "labels", "target", "targets", "class", "classes", "category", "categories", "tags", "tag", "genre",
    "genres", "outcome", "diagnosis", "species", "truth", "classification", "classifications", "sentiment", "topic",
    "verdict", "survived", "survival",
})  # fmt: skip
_HINTS = frozenset({
    "type", "status", "vote", "result", "response", "decision", "grade", "quality", "rating", "variety", "democracy",
    "approved", "accepted", "denied", "fraud", "churn", "default", "disease", "risk", "stage", "winner", "mode",
})  # fmt: skip
_FLAGS = frozenset({"is", "has", "was", "will"})
_SUFFIXES = re.compile(r"[_ -]?(id|ids|name|names|idx|index|code|num|no|str|text)$")

NEVER = frozenset({
    "id", "ids", "fold", "folds", "split", "subset", "index", "filename", "filenames", "file", "path", "filepath",
    "url", "uri", "link", "image", "img", "uuid", "guid", "key", "name", "names", "title", "timestamp", "date",
    "datetime", "time", "weight", "weights", "row", "rownames", "unnamed", "email", "phone", "address", "text",
    "sentence", "comment", "description", "zip", "zipcode", "postcode", "hash", "seed", "partition",
    "train", "test", "training", "validation",
})  # fmt: skip
"""Words of names that are never labels by themselves: ids, file names, free text, folds and splits."""

_OBJECTS = frozenset({
    "image", "img", "file", "text", "sentence", "comment", "title", "train", "test", "training", "validation", "row",
})  # fmt: skip
"""Of these, what may well have a label: `image_label`, `test_class`."""


def normal(name: str) -> str:
    """Return a name in small letters with `_` between its words."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1_\2", name.strip())
    return re.sub(r"[\s.\-]+", "_", apart).casefold().strip("_")


def weight(name: str) -> float:
    """Return how much a name speaks for labels: above 4 by itself, 0 not at all, below 0 against them."""
    plain = normal(name)
    if plain in OUTCOMES:
        return 6.1
    if plain in SURE:
        return 6.0 - 0.02 * SURE.index(plain)
    bare = _SUFFIXES.sub("", plain)
    if bare != plain and bare in SURE[:15]:
        return 5.0 - 0.02 * SURE.index(bare)
    if plain in USUAL:
        return 4.5 - 0.002 * USUAL.index(plain)
    words = pieces(name)
    if bare != plain and (bare in USUAL[:12]):
        return 4.0
    if words & NEVER and not (words & _WORDS and words & NEVER <= _OBJECTS):
        return -3.0
    if words & _WORDS:
        return 3.5
    if words & _HINTS:
        return 2.5
    return 1.0 if words & _FLAGS else 0.0


def is_never(name: str) -> bool:
    """Whether a name says that the column is an id, a file name, a fold, free text, but no label."""
    return weight(name) < 0
