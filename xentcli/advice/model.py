"""Advice: the recommended loss, output layer, target and metric, as frozen facts.

Floor 4. Filled by `recommend` from the catalogue of losses; views only print it.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Another loss and target encoding that gives the same value."""

    loss: str
    target_encoding: str
    because: str


@dataclass(frozen=True, slots=True)
class Avoid:
    """Something that looks right and is not."""

    what: str
    because: str


@dataclass(frozen=True, slots=True)
class FrameworkAdvice:
    """The exact names in one framework, and code that runs."""

    loss: str
    activation: str
    metrics: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Priors:
    """What can be had without a model; losses in nats.

    Attributes:
        uniform_loss: loss of the uniform prediction, ln K (multi-label: ln 2 a label).
        prior_loss: loss of predicting the label shares for every row.
        majority_class: the most frequent class (multi-label: None).
        majority_accuracy: accuracy of always predicting it (multi-label: the most frequent label set).
    """

    uniform_loss: float | None
    prior_loss: float | None
    majority_class: str | None
    majority_accuracy: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to train with on these labels; the fields are those of the `xent.inspect/1` document."""

    loss: str
    activation: str
    units: int
    target_encoding: str
    target_shape: str
    equivalent: tuple[Equivalent, ...]
    accuracy: str
    avoid: tuple[Avoid, ...]
    expected_initial_loss: float
    class_weights: dict[str, float] | None
    bias_init: tuple[float, ...] | None
    frameworks: dict[str, FrameworkAdvice]
    formula: str = ""
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the advice as it stands in the JSON document."""
        from dataclasses import asdict  # noqa: PLC0415  only for documents

        document = asdict(self)
        document["equivalent"] = list(document["equivalent"])
        document["avoid"] = list(document["avoid"])
        document["bias_init"] = None if self.bias_init is None else list(self.bias_init)
        return document
