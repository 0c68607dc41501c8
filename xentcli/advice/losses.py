"""The catalogue of losses: one frozen record each, the single source of names, formulas and reasons.

Floor 4. All losses are in nats. Notation: y the target, p the predicted probability, c the true class.
"""

from dataclasses import dataclass

from xentcli.advice.model import Avoid, Equivalent


@dataclass(frozen=True, slots=True)
class LossRecord:
    """A loss and all that goes with it.

    Attributes:
        name: in the field's words, snake case.
        formula: of one row, plain text.
        activation: of the last layer.
        target_encoding: the encoding it takes.
        target_shape: shape of the targets for N rows.
        accuracy: the accuracy that goes with it.
        equivalent: other ways to the same value.
        avoid: what looks right and is not.
        why: one sentence.
    """

    name: str
    formula: str
    activation: str
    target_encoding: str
    target_shape: str
    accuracy: str
    equivalent: tuple[Equivalent, ...]
    avoid: tuple[Avoid, ...]
    why: str


_ELEMENT_WISE = Avoid(
    "binary accuracy on one-hot rows",
    "it counts every element, so all zeros already earn 1 - 1/K; Keras up to 2.3 showed it for 'accuracy' with "
    "binary cross-entropy",
)
_TWICE = Avoid(
    "softmax before torch's CrossEntropyLoss",
    "it applies log-softmax itself; twice flattens the probabilities and slows learning",
)

BINARY = LossRecord(
    "binary_cross_entropy",
    "-(y log p + (1 - y) log(1 - p))",
    "sigmoid",
    "class-indices",
    "(N,)",
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
    (
        Avoid("softmax over one unit", "it is always 1, so nothing is learned"),
        Avoid(
            "labels -1/1 or 1/2 as they stand",
            "the formula needs 0 and 1; with others the loss can turn negative",
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
    "top-1 (argmax)",
    (
        Equivalent(
            "categorical_cross_entropy",
            "one-hot",
            "same value; the target takes K numbers a row instead of 1",
        ),
    ),
    (
        _ELEMENT_WISE,
        Avoid(
            "sigmoid units with binary cross-entropy",
            "the classes exclude each other; K separate trials do not know that, and their scores do not sum to 1",
        ),
        _TWICE,
    ),
    "Each row is exactly one class: only the probability of the true class counts.",
)

SOFT = LossRecord(
    "categorical_cross_entropy",
    "-sum_k y[k] log p[k]",
    "softmax",
    "class-probabilities",
    "(N, K)",
    "top-1 (argmax) against the most probable class; better the loss itself",
    (
        Equivalent(
            "kl_divergence",
            "class-probabilities",
            "smaller by the entropy of the targets, which no model changes",
        ),
    ),
    (
        Avoid("rounding the targets to one class", "what the annotators disagree on is information"),
        Avoid("expecting a loss of 0", "the floor is the entropy of the targets themselves"),
    ),
    "Each target is a distribution over classes; cross-entropy takes it as it is.",
)

MULTI_LABEL = LossRecord(
    "binary_cross_entropy_per_label",
    "-sum_k (y[k] log p[k] + (1 - y[k]) log(1 - p[k]))",
    "sigmoid",
    "multi-hot",
    "(N, K)",
    "subset (all labels right), and accuracy and F1 per label",
    (
        Equivalent(
            "mean over labels instead of the sum",
            "multi-hot",
            "the same but for the factor 1/K; say which one you report",
        ),
    ),
    (
        Avoid(
            "softmax over the labels",
            "their probabilities would have to sum to 1, but any number of labels may hold",
        ),
        Avoid(
            "argmax accuracy",
            "it looks at one label a row; Keras since 2.2 picks it for 'accuracy' on several outputs",
        ),
        Avoid("accuracy over all elements", "with rare labels, predicting none already looks excellent"),
    ),
    "One Bernoulli trial per label: any number of labels may hold in a row.",
)

MULTI_OUTPUT = LossRecord(
    "sum_of_sparse_categorical_cross_entropies",
    "sum over outputs o of -log p_o[c_o]",
    "softmax, one per output",
    "class-indices, one column per output",
    "(N, outputs)",
    "top-1 per output, and the share of rows with all outputs right",
    (),
    (Avoid("one softmax over all classes of all outputs", "each question has its own answer"),),
    "Several questions, each with its own classes: one softmax each, losses summed.",
)
