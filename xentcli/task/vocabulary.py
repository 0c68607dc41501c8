"""Vocabulary: the words by which columns of label and prediction files are called, each list once.

Floor 3. Names support a reading and never decide against a fact; see `reading`.
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
    "target_label", "target_name", "soft_label", "soft_labels", "soft_target", "soft_targets",
)  # fmt: skip
"""What a label column is called that can be nothing else, the surest first."""

ANSWER_NAMES = (
    "class", "classes", "category", "categories", "answer", "answers", "tags", "tag", "outcome", "outcomes", "species",
    "diagnosis", "classification", "survived", "churn", "churned", "fraud", "is_fraud", "spam", "is_spam",
    "attrition", "exited", "defaulted", "readmitted", "purchased", "subscribed", "converted", "sentiment",
)  # fmt: skip
"""What a label column is usually called, though a feature may be."""

SHARE_NAMES = (
    "soft_label", "soft_labels", "soft_target", "soft_targets", "target_prob", "target_probs", "target_probability",
    "target_probabilities", "true_prob", "true_probs", "label_prob", "label_probs", "y_true_prob", "y_true_probs",
    "share", "shares", "votes", "q",
)  # fmt: skip
"""What a column of target probabilities is called; beside a label it is a score."""

ID_WORDS = frozenset({
    "id", "ids", "uid", "uuid", "guid", "index", "idx", "key", "row", "rowid", "rowname", "rownames", "filename",
    "file", "path", "url", "image", "img", "sample", "example", "record", "no", "number",
})  # fmt: skip
"""Words of names that tell rows apart."""
