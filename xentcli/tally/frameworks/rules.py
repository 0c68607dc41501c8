"""Rules: the names of everything that frameworks count differently from the headline numbers.

Floor 4. A loss rule stands for the difference between a framework's loss of a row and the headline loss; an
accuracy rule for the difference between two counts of right rows.
"""

from enum import StrEnum

import numpy as np

EPSILON_32 = float(np.float32(1e-7))
"""`keras.config.epsilon()` as a float32."""

TOP_32 = float(np.float32(1.0) - np.float32(1e-7))
"""The upper bound of a float32 clip to [1e-7, 1 - 1e-7]: 1 - 2^-23."""


class Difference(StrEnum):
    """What is added up.

    Attributes:
        KERAS: Keras 1 - 3: clipped to [1e-7, 1 - 1e-7] in float32; categorical rows are first divided by their sum.
        KERAS_GRAPH: Keras 2.3, tf.keras 1.15 - 2.x in graphs: clipped, then log(p + 1e-7), log(1.0000001 - p).
        KERAS_EAGER: tf_keras: clipped, then log(p + 1e-7), log(1 - p + 1e-7).
        ONE_HOT: `KERAS` of binary cross-entropy on one-hot rows, mean over the classes.
        ONE_HOT_ADDED: what 1e-7 added to the true class's p changes in `ONE_HOT`.
        ONE_HOT_GRAPH: what `KERAS_GRAPH` of the other classes changes in it.
        ONE_HOT_EAGER: what `KERAS_EAGER` of the other classes changes in it.
        ONE_HOT_LOGITS: one-hot labels times log-softmax: no number where a logit is minus infinity.
        SKLEARN: scikit-learn 1.5 and later: clipped to the machine epsilon of the dtype.
        SKLEARN_OLD: scikit-learn up to 1.0: clipped to 1e-15, then divided by the row's sum.
        SKLEARN_SORTED: `SKLEARN` of columns in another order than the sorted labels', a loss itself.
        SKLEARN_SORTED_OLD: what `SKLEARN_OLD` of them adds to it.
        SKLEARN_POSITIVES: what `log_loss` makes of multi-hot labels: the positive labels only.
        SKLEARN_POSITIVES_OLD: the same up to 1.0, each row divided by its sum.
        UNCLIPPED: -log p as it comes: torch NLLLoss.
        NORMALISED: -log of p divided by the row's sum, unclipped: log-softmax of log p.
        TORCH: torch BCELoss: each log at least -100.
        XGBOOST: float32, p at least 1e-16.
        LIGHTGBM: p at most 1e-15 costs 34.54.
        LOGIT: Optax, CatBoost: from logit(p), unclipped; no number for 0 and 1.
        PLAIN: the plain cross-entropy itself, where the headline loss is smoothed or focal.
        SMOOTHED_KERAS: Keras 3 with label smoothing, a loss itself.
        SMOOTHED_EAGER: tf_keras' binary cross-entropy with label smoothing, a loss itself.
        SMOOTHED: torch and Optax, log-softmax with label smoothing, a loss itself.
        BY_CLASS: -log p of each class, over all rows: what torch multiplies by class weights under smoothing.
        FOCAL_KERAS: Keras 3 focal losses.
        FOCAL_EAGER: tf_keras' binary focal loss.
        FOCAL: Optax' sigmoid focal loss.
        NO_WEIGHT: rows whose weight is 0.
        WHOLE_WEIGHT: row weights rounded down.
        RIGHT_ARGMAX: rows right by arg-max, whatever the threshold.
        RIGHT_NARROW: rows (elements) right once scores are rounded to float32, at the threshold.
        RIGHT_NARROW_HALF: the same at 0.5.
        RIGHT_HALF: rows right at 0.5.
        RIGHT_RAW_HALF: logits compared with 0.5.
        RIGHT_RAW: logits compared with the threshold.
        RIGHT_ZERO: logits compared with 0.
        RIGHT_SIGMOID: the sigmoid of logits, rounded to the file's dtype, at the threshold.
        RIGHT_SIGMOID_32: the same in float32.
        RIGHT_SIGMOID_64: the same in float64, at 0.5.
        TIED_RIGHT: right rows whose top score another class shares.
        RIGHT_ABOVE: multi-label elements right at the threshold, in the dtype of the file, no row given its best label.
        SUBSET_ABOVE: multi-label rows whose labels are all right at the threshold, none given its best label.
        SUBSET_HALF: the same at 0.5.
    """

    KERAS = "keras"
    KERAS_GRAPH = "keras_graph"
    KERAS_EAGER = "keras_eager"
    ONE_HOT = "one_hot"
    ONE_HOT_ADDED = "one_hot_added"
    ONE_HOT_GRAPH = "one_hot_graph"
    ONE_HOT_EAGER = "one_hot_eager"
    ONE_HOT_LOGITS = "one_hot_logits"
    SKLEARN = "sklearn"
    SKLEARN_OLD = "sklearn_old"
    SKLEARN_SORTED = "sklearn_sorted"
    SKLEARN_SORTED_OLD = "sklearn_sorted_old"
    SKLEARN_POSITIVES = "sklearn_positives"
    SKLEARN_POSITIVES_OLD = "sklearn_positives_old"
    UNCLIPPED = "unclipped"
    NORMALISED = "normalised"
    TORCH = "torch"
    XGBOOST = "xgboost"
    LIGHTGBM = "lightgbm"
    LOGIT = "logit"
    PLAIN = "plain"
    SMOOTHED_KERAS = "smoothed_keras"
    SMOOTHED_EAGER = "smoothed_eager"
    SMOOTHED = "smoothed"
    BY_CLASS = "by_class"
    FOCAL_KERAS = "focal_keras"
    FOCAL_EAGER = "focal_eager"
    FOCAL = "focal"
    NO_WEIGHT = "no_weight"
    WHOLE_WEIGHT = "whole_weight"
    RIGHT_ARGMAX = "right_argmax"
    RIGHT_NARROW = "right_narrow"
    RIGHT_NARROW_HALF = "right_narrow_half"
    RIGHT_HALF = "right_half"
    RIGHT_RAW_HALF = "right_raw_half"
    RIGHT_RAW = "right_raw"
    RIGHT_ZERO = "right_zero"
    RIGHT_SIGMOID = "right_sigmoid"
    RIGHT_SIGMOID_64 = "right_sigmoid_64"
    RIGHT_SIGMOID_32 = "right_sigmoid_32"
    TIED_RIGHT = "tied_right"
    RIGHT_ABOVE = "right_above"
    SUBSET_ABOVE = "subset_above"
    SUBSET_HALF = "subset_half"


class Fact(StrEnum):
    """What is counted for the reasons that stand beside the numbers.

    Attributes:
        UNDER_KERAS: rows (elements) whose true class has a probability below 1e-7, Keras' clip.
        UNDER_NARROW: below 2^-23, scikit-learn's for float32.
        UNDER_OLD: below 1e-15, that of scikit-learn up to 1.0 and of LightGBM.
        UNDER_HEADLINE: below 2^-52, the headline's own.
        ZERO: rows (elements) where it is 0.
        RAISED: rows whose scores sum to more once each of them is at least 1e-15.
        OFF_ONE: rows whose scores do not sum to 1, so that the headline loss divides them by their sum.
        NEARLY_ONE: rows whose sum is off 1 by more than 1e-6, which it takes as they are.
        ALL_ZERO: rows of zeros only.
        EXACT: right rows (elements) with a score of exactly 0 or 1.
        OUTSIDE: scores outside [0, 1].
        TIED: rows whose top score is shared by the true class.
        WRONG_ELEMENTS: elements of one-hot (multi-hot) rows that are wrong at 0.5.
        WRONG_ARGMAX: multi-label rows whose first label is not the arg-max of the scores.
    """

    UNDER_KERAS = "under_keras"
    UNDER_NARROW = "under_narrow"
    UNDER_OLD = "under_old"
    UNDER_HEADLINE = "under_headline"
    ZERO = "zero"
    RAISED = "raised"
    OFF_ONE = "off_one"
    NEARLY_ONE = "nearly_one"
    ALL_ZERO = "all_zero"
    EXACT = "exact"
    OUTSIDE = "outside"
    TIED = "tied"
    WRONG_ELEMENTS = "wrong_elements"
    WRONG_ARGMAX = "wrong_argmax"


FLOORS = {
    Fact.UNDER_KERAS: 1e-7,
    Fact.UNDER_NARROW: 2.0**-23,
    Fact.UNDER_OLD: 1e-15,
    Fact.UNDER_HEADLINE: 2.0**-52,
}
"""The probabilities that these facts count below."""
