"""The catalogue of losses: one frozen record each, the single source of names, formulas and reasons.

Floor 4. All losses are in nats. Notation: y the target, p the predicted probability, c the true class.
"""

from xentcli.advice.model import Equivalent
from xentcli.record import Record


class LossRecord(Record):
    """A loss and all that goes with it.

    Attributes:
        name: in the field's words, snake case.
        formula: of one row, plain text.
        activation: of the last layer.
        target_encoding: the encoding it takes.
        target_shape: shape of the targets for N rows.
        target_dtype: their type.
        accuracy: the accuracy that goes with it.
        equivalent: other ways to the same value.
        why: one sentence.
    """

    name: str
    formula: str
    activation: str
    target_encoding: str
    target_shape: str
    target_dtype: str
    accuracy: str
    equivalent: tuple[Equivalent, ...]
    why: str


BINARY = LossRecord(
    "binary_cross_entropy",
    "-(y log p + (1 - y) log(1 - p))",
    "sigmoid",
    "class-indices",
    "(N,)",
    "float32 in neural frameworks, int64 in others",
    "threshold (p > 0.5)",
    (
        Equivalent(
            "sparse_categorical_cross_entropy",
            "class-indices",
            "two softmax units are one sigmoid unit: categorical cross-entropy with m = 2 is the Bernoulli one",
        ),
        Equivalent(
            "categorical_cross_entropy",
            "one-hot",
            "the same again; the target takes 2 numbers a row instead of 1",
        ),
    ),
    "One Bernoulli trial a row: the model names the probability of the positive class.",
)

CATEGORICAL = LossRecord(
    "sparse_categorical_cross_entropy",
    "-log p[c]",
    "softmax",
    "class-indices",
    "(N,)",
    "int64",
    "top-1 (argmax)",
    (
        Equivalent(
            "categorical_cross_entropy",
            "one-hot",
            "same value; the target takes {K} numbers a row instead of 1",
        ),
    ),
    "Each row is exactly one class: only the probability of the true class counts.",
)

SOFT = LossRecord(
    "categorical_cross_entropy",
    "-sum_k y[k] log p[k]",
    "softmax",
    "class-probabilities",
    "(N, K)",
    "float32",
    "top-1 (argmax) against the most probable class; better the loss itself",
    (
        Equivalent(
            "kl_divergence",
            "class-probabilities",
            "smaller by the entropy of the targets, which no model changes",
        ),
    ),
    "Each target is a distribution over classes; cross-entropy takes it as it is.",
)

MULTI_LABEL = LossRecord(
    "binary_cross_entropy_per_label",
    "-sum_k (y[k] log p[k] + (1 - y[k]) log(1 - p[k]))",
    "sigmoid",
    "multi-hot",
    "(N, K)",
    "float32 in neural frameworks, int64 in others",
    "subset (all labels right), and accuracy and F1 per label",
    (
        Equivalent(
            "mean over labels instead of the sum",
            "multi-hot",
            "the same but for the factor 1/K; say which one you report",
        ),
    ),
    "One Bernoulli trial per label: any number of labels may hold in a row.",
)

MULTI_OUTPUT = LossRecord(
    "sum_of_sparse_categorical_cross_entropies",
    "sum over outputs o of -log p_o[c_o]",
    "softmax, one per output",
    "class-indices, one column per output",
    "(N, M)",
    "int64",
    "top-1 per output, and the share of rows with all outputs right",
    (),
    "Several questions, each with its own classes: one softmax each, losses summed.",
)

SOFT_LABELS = LossRecord(
    "binary_cross_entropy_per_label",
    "-sum_k (y[k] log p[k] + (1 - y[k]) log(1 - p[k]))",
    "sigmoid",
    "label-probabilities",
    "(N, K)",
    "float32",
    "none: compare with the targets by the loss; after a threshold on both, subset and per label",
    (
        Equivalent(
            "kl_divergence_per_label",
            "label-probabilities",
            "smaller by the entropy of the targets, which no model changes",
        ),
    ),
    "Each cell is a probability of its own; binary cross-entropy takes it as it is.",
)
