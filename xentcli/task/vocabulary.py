"""Vocabulary: the words by which columns are called, and those that say yes and no, each listed once.

Floor 3. Names support a reading and never decide against a fact; see `reading`. Here are first the words by which
prediction files are read, then whole names and affixes, then the words that speak for a target among the columns of
a label file. A name is compared in small letters, with `_` between its words.

Yes and no: the words and numbers that say them, the one list of this package. Compared in small letters and without
blanks at the ends.
"""

SCORE_WORDS = frozenset({
    "p", "pr", "prob", "probs", "proba", "probas", "probability", "probabilities", "score", "scores", "logit",
    "logits", "logprob", "logprobs", "logp", "odds", "llr", "formula", "phat", "softmax", "sigmoid", "likelihood",
    "likelihoods", "confidence", "confidences", "conf", "margin", "decision", "activation", "activations", "posterior",
})  # fmt: skip
"""Words that say that a column holds scores."""

PROBABILITY_WORDS = frozenset({
    "p", "pr", "prob", "probs", "proba", "probas", "probability", "probabilities", "score", "scores", "logit", "logits",
    "softmax", "sigmoid", "posterior",
})  # fmt: skip
"""Of these, what scores are called and nothing else is."""

LOGIT_WORDS = frozenset(
    {"logit", "logits", "logprob", "logprobs", "logp", "odds", "llr", "formula", "margin", "decision"}
)
"""Of these, scores that need not sum to 1 over the classes."""

PREDICTED_WORDS = frozenset({
    "pred", "preds", "predict", "predicted", "predicts", "prediction", "predictions", "yhat", "hat", "guess",
    "guesses", "guessed", "scored", "forecast", "estimated", "decided", "output", "outputs", "inferred",
})  # fmt: skip
"""Words that say that a column comes from a model: predicted labels, or scores where it holds fractions."""

LABEL_WORDS = frozenset({
    "label", "labels", "labelled", "labeled", "target", "targets", "true", "truth", "ground", "gt", "gold", "golden",
    "actual", "actuals", "observed", "obs", "expected", "y", "test", "annotation", "annotated", "reference",
})  # fmt: skip
"""Words that say that a column holds the truth."""

FILLER_WORDS = frozenset({
    "class", "classes", "category", "label", "labels", "y", "of", "for", "the", "is", "idx", "index", "id", "ids",
    "name", "names", "code", "value", "num", "text", "str", "int", "model", "top",
})  # fmt: skip
"""Words that a role's name may hold besides and that name no class."""

DERIVED_WORDS = frozenset({
    "raw", "calibrated", "uncalibrated", "lower", "upper", "low", "high", "min", "max", "mean", "avg", "average",
    "median", "std", "sd", "se", "var", "variance", "ci", "lo", "hi", "bound", "error", "err", "margin", "entropy",
    "gap", "diff", "delta", "rank", "before", "after", "smoothed", "scaled", "adjusted", "old", "new", "total", "sum",
})  # fmt: skip
"""Words of columns that were computed from scores: never classes, unless the labels hold them."""

MODEL_WORDS = frozenset({
    "lr", "rf", "xgb", "lgb", "lgbm", "gbm", "gb", "svm", "svc", "knn", "nn", "mlp", "cnn", "rnn", "lstm", "bert",
    "roberta", "gpt", "dt", "nb", "ada", "catboost", "cat_boost", "xgboost", "lightgbm", "logreg", "logistic", "forest",
    "tree", "ensemble", "blend", "stack", "stacked", "baseline", "model", "a", "b", "m",
})  # fmt: skip
"""Names of models and of their kinds."""

NEVER_SCORES = frozenset({
    "std", "stdev", "sd", "se", "sem", "var", "variance", "stderr", "ci", "bound", "entropy", "gap", "diff", "delta",
    "rank", "error", "err", "percentile", "quantile", "decile", "lower", "upper", "correct", "incorrect",
})  # fmt: skip
"""Words of numbers about scores: how far they spread, how they rank, whether they were right."""

VERDICTS = frozenset({
    "correct", "is_correct", "iscorrect", "correctly_classified", "incorrect", "is_incorrect", "hit", "is_hit", "error",
    "is_error", "match", "matches", "is_match", "misclassified", "is_misclassified", "wrong", "is_wrong",
})  # fmt: skip
"""Names of columns that say whether a prediction was right: they come from the labels and are none."""

GENERIC_WORDS = MODEL_WORDS | frozenset({
    "oof", "cv", "val", "valid", "validation", "train", "training", "holdout", "final", "risk", "ml", "ai", "dl",
    "fold", "keras", "torch", "sklearn", "tf", "clf", "classifier", "cal", "platt", "isotonic", "raw", "avg",
    "calibrated", "mean", "ema", "tta", "v", "run", "seed", "function", "positive", "pos", "event", "classification",
    "binary", "result", "column", "col", "new", "old", "test", "this", "my", "our", "x",
})  # fmt: skip
"""Words of a score's name that say which model or run it is of, and nothing about a class."""

NEGATIONS = frozenset({"no", "not", "non", "without"})
"""Words that turn what follows into the other class: `prob_not_churn`."""

OTHER_SIDE = frozenset({
    "legit", "legitimate", "normal", "benign", "healthy", "ham", "genuine", "human", "real", "authentic", "stay",
    "stayed", "staying", "retained", "retain", "retention", "survival", "survive", "survived", "good", "safe", "clean",
    "rejected", "rejection", "denied", "loss", "alive", "live", "ok", "pass", "negative", "neg",
})  # fmt: skip
"""Words that mostly mean label 0 of a target such as fraud, disease or churn, and may as well be the target itself."""

ROLE_WORDS = DERIVED_WORDS | LABEL_WORDS | PREDICTED_WORDS | SCORE_WORDS | frozenset({
    "class", "category", "value", "values", "id", "ids", "ms", "sec", "secs", "seconds", "time", "timestamp", "date",
    "latency", "duration", "threshold", "cutoff", "weight", "weights", "fold", "split", "type", "text", "name", "names",
    "idx", "index", "version", "method", "source", "count", "counts",
})  # fmt: skip
"""Words that are roles and never classes, unless the labels hold them."""

FEATURE_WORDS = frozenset({
    "feature", "features", "feat", "feats", "embedding", "embeddings", "emb", "vector", "vectors", "pixel", "pixels",
    "hidden", "latent", "token", "tokens", "input", "inputs", "encoding", "encodings", "bow", "tfidf", "coords", "bbox",
    "boxes", "shap", "attention", "attentions", "gradient", "gradients", "weights",
})  # fmt: skip
"""Words of what a model reads, not of what it says."""

ANOMALY_WORDS = frozenset({"anomaly", "anomalies", "anomalous", "outlier", "outliers", "novelty", "iforest"})
"""Words of detectors that say -1 for an anomaly and 1 for the rest, as scikit-learn's do."""

LABEL_NAMES = (
    "label", "labels", "target", "targets", "y_true", "ytrue", "y", "true", "truth", "ground_truth", "groundtruth",
    "gt", "true_label", "true_labels", "true_class", "y_test", "y_train", "y_val", "y_valid", "gold", "gold_label",
    "gold_standard", "golden", "actual", "actuals", "actual_label", "actual_class", "obs", "observed", "expected",
    "expected_label", "class_label", "target_class", "label_text", "label_name", "label_id", "label_idx", "labelid",
    "gt_label", "true_y", "reference", "annotation", "annotations", "dependent", "multilabel", "multi_label",
    "target_label", "target_name", "cats", "soft_label", "soft_labels", "soft_target", "soft_targets",
)  # fmt: skip
"""What a label column is called that can be nothing else, the surest first."""

OBSERVATIONS = frozenset({"obs"})
"""Of these, what beside scores is the observed label, and in a table of statistics the number of the observation."""

OUTCOMES = (
    "survived", "churn", "churned", "fraud", "is_fraud", "spam", "is_spam", "attrition", "exited", "defaulted",
    "readmitted", "purchased", "subscribed", "converted", "diagnosis", "sentiment",
)  # fmt: skip
"""Names that are an answer and never a feature: they come before a column called class."""

ANSWER_NAMES = (
    "class", "classes", "category", "categories", "answer", "answers", "tags", "tag", "outcome", "outcomes", "species",
    "classification", *OUTCOMES,
)  # fmt: skip
"""What a label column is usually called, though a feature may be."""

TARGET_NAMES = LABEL_NAMES + ANSWER_NAMES
"""Both, the surest first."""

SHARE_NAMES = (
    "soft_label", "soft_labels", "soft_target", "soft_targets", "target_prob", "target_probs", "target_probability",
    "target_probabilities", "true_prob", "true_probs", "label_prob", "label_probs", "y_true_prob", "y_true_probs",
    "share", "shares", "votes", "q",
)  # fmt: skip
"""What a column of target probabilities is called; beside a label it is a score."""

ITEM_WORDS = frozenset({
    "task", "item", "question", "document", "doc", "tweet", "post", "photo", "picture", "video", "clip", "movie", "hit",
    "unit", "article", "review", "comment", "utterance", "patient", "study", "case",
})  # fmt: skip
"""Words of what is labelled, in the name of a column that tells items apart."""

ID_WORDS = frozenset({
    "id", "ids", "uid", "uuid", "guid", "index", "idx", "key", "row", "rowid", "rowname", "rownames", "filename",
    "file", "path", "url", "image", "img", "sample", "example", "record", "no", "number",
})  # fmt: skip
"""Words of names that tell rows apart."""

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

PREDICTED_NAMES = (
    "pred", "prediction", "predicted", "y_pred", "predicted_label", "predicted_class", "pred_label",
    "pred_class", "y_hat", "predicted_labels", "predicted_classes", "pred_labels", "prediction_label", "label_pred",
    "predictions", "preds", "predicted_category", "predicted_y", "y_predicted", "yhat", "guess",
)  # fmt: skip
"""What a column of predicted labels is called."""

RUN_WORDS = frozenset({
    "model", "models", "algorithm", "algo", "classifier", "estimator", "learner", "arm", "fold", "cv", "split",
    "threshold", "seed", "run", "trial", "repeat", "replicate", "checkpoint", "ckpt", "epoch", "experiment", "variant",
    "method",
})  # fmt: skip
"""Words in the name of a column that tells models, or runs of one, apart."""

CODED_NAMES = (
    "label", "labels", "target", "targets", "y_true", "true_label", "ground_truth", "class", "classes", "category",
    "categories", "y", "truth", "true_class", "gold",
)  # fmt: skip
"""What a target is called before words such as `id` and `name`, the surest first: `class_name`, `label_idx`."""

USUAL_TARGETS = (
    "response", "genre", "genres", "topic", "topics", "variety", "default", "defaulted", "toxic", "toxicity",
    "approved", "accept", "accepted", "admitted", "admit", "deny", "denied", "result", "verdict", "decision", "emotion",
    "intent",
    "digit", "letter", "clicked", "click", "conversion",
    "disease", "anomaly", "attack", "prediction_target", "quality", "rating", "stars", "grade", "stage", "severity",
    "risk", "credit_risk", "income_class", "status", "loan_status", "vote", "winner", "won", "win", "cultivar",
    "breed", "party", "position", "pos_tag", "language", "lang", "keywords", "subjects", "hashtags", "flower",
    "animal", "condition", "type", "kind", "polarity", "stance", "hate", "hate_speech", "offensive", "relevance",
    "relevant", "is_duplicate", "duplicate", "entailment",
    "stroke", "heart_disease", "death_event", "died", "death", "passed", "pass_fail", "failure",
    "machine_failure", "fault", "faulty", "defect", "defective", "signal", "activity", "cluster", "segment",
    "credibility", "fake", "is_fake", "sarcasm", "is_sarcastic", "ham_spam", "poisonous", "edible", "wine_class",
    "cover_type", "covertype", "crop", "weather", "left", "deposit", "mpaa", "cancer", "tumor", "pathology",
    "sponsor_classifications", "released", "volunteer", "occupancy", "income", "cut",
    "purchase", "direction", "medal",
)  # fmt: skip
"""What targets of well-known kinds of data are called."""

NEVER_LABELS = frozenset({
    "id", "ids", "fold", "folds", "split", "subset", "index", "filename", "filenames", "file", "path", "filepath",
    "url", "uri", "link", "image", "img", "uuid", "guid", "key", "name", "names", "title", "timestamp", "date",
    "datetime", "time", "weight", "weights", "row", "rownames", "unnamed", "email", "phone", "address", "text",
    "sentence", "comment", "description", "zip", "zipcode", "postcode", "hash", "seed", "partition",
    "train", "test", "training", "validation",
})  # fmt: skip
"""Words of names that are never labels by themselves: ids, file names, free text, folds and splits."""

LABELLED_WORDS = frozenset({
    "image", "img", "file", "text", "sentence", "comment", "title", "train", "test", "training", "validation", "row",
})  # fmt: skip
"""Of words that are never labels, what may well have a label: `image_label`, `test_class`."""

TARGET_WORDS = frozenset({
    "label", "labels", "target", "targets", "class", "classes", "category", "categories", "tags", "tag", "genre",
    "genres", "outcome", "diagnosis", "species", "truth", "classification", "classifications", "sentiment", "topic",
    "verdict", "survived", "survival",
})  # fmt: skip
"""Words in the name of a target."""

TARGET_HINTS = frozenset({
    "type", "status", "vote", "result", "response", "decision", "grade", "quality", "rating", "variety", "democracy",
    "approved", "accepted", "denied", "fraud", "churn", "default", "disease", "risk", "stage", "winner", "mode",
})  # fmt: skip
"""Words that are often in the name of a target."""

FLAG_WORDS = frozenset({"is", "has", "was", "will"})
"""Words in the name of a statement that is true or false."""


BOOLEANS = ("false", "true")
"""How a boolean cell is written as text, no before yes."""

PLAIN_PAIRS = (BOOLEANS, ("no", "yes"))
"""What stands for 0 and 1 in a cell of a 0/1 column."""

BOOLEAN_NAMES = {"false": ("false", "0", "no"), "true": ("true", "1", "yes")}
"""The names of classes that a boolean cell stands for, the likeliest first."""

YES_NO_PAIRS = (
    *PLAIN_PAIRS, ("0", "1"), ("-1", "+1"), ("n", "y"), ("f", "t"), ("negative", "positive"), ("neg", "pos"),
)  # fmt: skip
"""What a column that says no and yes holds."""

NEGATIVE_WORDS = tuple(no for no, _ in YES_NO_PAIRS)
POSITIVE_WORDS = tuple(yes for _, yes in YES_NO_PAIRS)

KNOWN_PAIRS = (
    *YES_NO_PAIRS, ("absent", "present"), ("control", "case"), ("reject", "accept"),
    ("nein", "ja"), ("non", "oui"), ("nee", "ja"), ("não", "sim"), ("nao", "sim"), ("no", "sí"), ("no", "si"),
)  # fmt: skip
"""Names of two classes that tell which one is the positive one; what follows `YES_NO_PAIRS` says no yes in a cell."""

ZERO_WORDS = frozenset(no for no, _ in PLAIN_PAIRS)
ONE_WORDS = frozenset(yes for _, yes in PLAIN_PAIRS)

ZERO_ONE_WORDS = frozenset({"0", "1", "0.0", "1.0", "0.", "1."}) | ZERO_WORDS | ONE_WORDS
"""What a 0/1 cell holds, in numbers or words."""

NOT_SELECTED = frozenset({"", "not selected", "no", "none", "0", "false", "unchecked", "f", "n"})
"""What a cell of a survey holds where its option was not chosen."""


def in_small(text: str) -> str:
    """Return a text as the words of this module are written."""
    return text.casefold().strip()
