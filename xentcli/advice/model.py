"""Advice: the recommended loss, output layer, target and metric, as frozen facts.

Floor 4. Filled by `recommend` from the catalogue of losses; views only print it.
"""

from xentcli.record import Record


class Equivalent(Record):
    """Another loss and target encoding that gives the same value."""

    loss: str
    target_encoding: str
    because: str


class Avoid(Record):
    """Something that looks right and is not."""

    what: str
    because: str


class Hint(Record):
    """Something that the numbers of this file call for."""

    what: str
    because: str


class FrameworkAdvice(Record):
    """The exact names in one framework, and code that runs."""

    loss: str
    activation: str
    metrics: str
    snippet: str


class Priors(Record):
    """What can be had without a model; losses in nats.

    Attributes:
        uniform_loss: loss of the uniform prediction, ln K (multi-label: ln 2 a label; several outputs: their sum).
        prior_loss: loss of predicting the label shares for every row (multi-label: mean over labels; several
            outputs: their sum).
        majority_class: the most frequent class (multi-label: None).
        majority_accuracy: accuracy of always predicting it (multi-label: the most frequent label set).
    """

    uniform_loss: float | None
    prior_loss: float | None
    majority_class: str | None
    majority_accuracy: float | None


class Advice(Record):
    """What to train with on these labels; the fields are those of the `xent.inspect/1` document.

    Attributes:
        loss: in the field's words, snake case.
        activation: of the last layer.
        units: of the last layer; several outputs: of all heads together.
        target_encoding: the encoding that the loss takes.
        target_shape: shape of the targets for N rows.
        target_dtype: their type.
        equivalent: other ways to the same value.
        accuracy: the accuracy that goes with it.
        avoid: what looks right and is not, for these labels.
        expected_initial_loss: of an untrained model, in nats (multi-label: a label).
        class_weights: balanced weight by class; multi-label: positive weight by label.
        pos_weight: rows without over rows with, by positive class or label; None for several classes.
        bias_init: output bias that predicts the label shares.
        hints: what the numbers of this file call for; often none.
        frameworks: exact names and code by framework.
        formula: of one row, plain text.
        why: one sentence.
    """

    loss: str
    activation: str
    units: int
    target_encoding: str
    target_shape: str
    target_dtype: str
    equivalent: tuple[Equivalent, ...]
    accuracy: str
    avoid: tuple[Avoid, ...]
    expected_initial_loss: float
    class_weights: dict[str, float] | None
    pos_weight: dict[str, float] | None
    bias_init: tuple[float, ...] | None
    hints: tuple[Hint, ...]
    frameworks: dict[str, FrameworkAdvice]
    formula: str = ""
    why: str = ""
